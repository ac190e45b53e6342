/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-access-run"

#include "config.h"

#include "flash-access-run.h"

#include "flash-access-paths.h"
#include "flash-text.h"

/* What pkexec ends with if it did not come to start the program. */
#define EXIT_DISMISSED 126
#define EXIT_NOT_AUTHORIZED 127

/* What the program itself ends with: src/access/flash-access-rule.h. */
#define EXIT_NOT_APPLIED 3

#define MAX_SAID_CHARS 400

GQuark
flash_access_error_quark (void)
{
  return g_quark_from_static_string ("flash-access-error-quark");
}

const char *
flash_access_get_rule (void)
{
  /* Part of the program; its data ends in a zero. */
  g_autoptr (GBytes) rule =
      g_resources_lookup_data ("/io/github/flashwright/Flashwright/60-flashwright.rules",
                               G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  return g_bytes_get_data (rule, NULL);
}

char *
flash_access_dup_command (void)
{
  return g_strdup_printf ("sudo install -D -m 0644 /dev/stdin "
                          "/etc/udev/rules.d/60-flashwright.rules <<'END_OF_RULE' &&\n"
                          "%s"
                          "END_OF_RULE\n"
                          "sudo udevadm control --reload &&\n"
                          "sudo udevadm trigger --action=change --subsystem-match=usb "
                          "--attr-match=idVendor=0483\n",
                          flash_access_get_rule ());
}

static char *
dup_path (const char *root, const char *path)
{
  return g_build_filename (root != NULL ? root : "/", path, NULL);
}

gboolean
flash_access_is_sandboxed (const char *root)
{
  g_autofree char *path = dup_path (root, ".flatpak-info");

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
flash_access_can_run (const char *root)
{
  g_autofree char *program = dup_path (root, FLASH_ACCESS_PROGRAM);
  g_autofree char *pkexec = g_find_program_in_path ("pkexec");

  return pkexec != NULL && !flash_access_is_sandboxed (root) &&
         g_file_test (program, G_FILE_TEST_IS_EXECUTABLE);
}

static void
return_failure (GTask *task, int code, const char *said)
{
  g_autofree char *safe =
      said != NULL ? flash_text_sanitize (said, strlen (said), MAX_SAID_CHARS) : g_strdup ("");

  g_strstrip (safe);
  if (code == EXIT_DISMISSED)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the question was dismissed");
  else if (code == EXIT_NOT_AUTHORIZED)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "%s",
                             safe[0] != '\0' ? safe : "not authorised");
  else if (code == EXIT_NOT_APPLIED)
    g_task_return_new_error (task, FLASH_ACCESS_ERROR, FLASH_ACCESS_ERROR_NOT_APPLIED, "%s",
                             safe[0] != '\0' ? safe : "udev was not told");
  else if (safe[0] != '\0')
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", safe);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "it ended with code %d", code);
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  GSubprocess *process = G_SUBPROCESS (source);
  g_autoptr (GTask) task = data;
  g_autofree char *said = NULL;
  GError *error = NULL;

  if (!g_subprocess_communicate_utf8_finish (process, result, NULL, &said, &error))
    g_task_return_error (task, error);
  else if (g_subprocess_get_successful (process))
    g_task_return_boolean (task, TRUE);
  else
    return_failure (
        task, g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1,
        said);
}

/* Once the program runs as root it cannot be ended from here; until then it only asks. */
static void
on_cancelled (GSubprocess *process)
{
  g_subprocess_send_signal (process, SIGTERM);
}

void
flash_access_run (const char *root, const char *verb, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  g_autofree char *program = dup_path (root, FLASH_ACCESS_PROGRAM);
  g_autoptr (GSubprocess) process = NULL;
  GError *error = NULL;

  g_return_if_fail (g_str_equal (verb, "install") || g_str_equal (verb, "remove"));

  g_task_set_source_tag (task, flash_access_run);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                              &error, "pkexec", program, verb, NULL);
  if (process == NULL) {
    g_task_return_error (task, error);
    return;
  }
  if (cancellable != NULL)
    g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (on_cancelled), process,
                             G_CONNECT_SWAPPED);
  g_subprocess_communicate_utf8_async (process, NULL, cancellable, on_ended,
                                       g_steal_pointer (&task));
}

gboolean
flash_access_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_access_run), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
