/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-access-bench"

#include "config.h"

#include "flash-access-bench.h"

#include "flash-access-dialog.h"
#include "flash-access-paths.h"
#include "flash-access-run.h"

#include <glib/gstdio.h>

static void
put_program (FlashAccessBench *self, const char *path, const char *script)
{
  g_autofree char *full = g_build_filename (self->root, path, NULL);

  flash_access_bench_put (self, path, script);
  g_assert_cmpint (g_chmod (full, 0755), ==, 0);
}

FlashAccessBench *
flash_access_bench_new (void)
{
  FlashAccessBench *self = g_new0 (FlashAccessBench, 1);
  g_autofree char *script = NULL;
  g_autofree char *sudo = NULL;
  g_autofree char *path = NULL;

  self->root = flash_test_make_dir ();
  self->path = g_strdup (g_getenv ("PATH"));
  put_program (self, FLASH_ACCESS_PROGRAM, "#!/bin/sh\n");
  flash_access_bench_put (self, "rule", flash_access_get_rule ());
  flash_access_bench_set_answer (self, 0, "");
  script = g_strdup_printf ("#!/bin/sh\n"
                            "cd '%s' || exit 1\n"
                            "echo $$ > pid\n"
                            "echo \"pkexec $*\" >> calls\n"
                            "while [ -e asking ]; do sleep 0.02; done\n"
                            "cat said >&2\n"
                            "code=$(cat code)\n"
                            "[ \"$code\" = 0 ] || exit \"$code\"\n"
                            "case \"$2\" in\n"
                            "install) mkdir -p etc/udev/rules.d && cp rule '%s' ;;\n"
                            "remove) rm -f '%s' ;;\n"
                            "esac\n",
                            self->root, FLASH_ACCESS_BENCH_RULE, FLASH_ACCESS_BENCH_RULE);
  put_program (self, "bin/pkexec", script);
  /* sudo install -D -m MODE SOURCE TARGET: the target below the root. */
  sudo = g_strdup_printf ("#!/bin/sh\n"
                          "echo \"sudo $*\" >> '%s/calls'\n"
                          "[ \"$1\" != install ] || exec install -D -m \"$4\" \"$5\" '%s'\"$6\"\n",
                          self->root, self->root);
  put_program (self, "bin/sudo", sudo);
  path = g_strconcat (self->root, "/bin:", self->path, NULL);
  g_setenv ("PATH", path, TRUE);
  flash_application_set_root (flash_app_test.application, self->root);
  return self;
}

void
flash_access_bench_free (FlashAccessBench *self)
{
  g_setenv ("PATH", self->path, TRUE);
  flash_application_set_root (flash_app_test.application, NULL);
  flash_test_remove_dir (self->root);
  g_free (self->root);
  g_free (self->path);
  g_free (self);
}

void
flash_access_bench_put (FlashAccessBench *self, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (self->root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);
  g_autoptr (GError) error = NULL;

  if (text == NULL) {
    g_assert_cmpint (g_unlink (full), ==, 0);
    return;
  }
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_file_set_contents (full, text, -1, &error);
  g_assert_no_error (error);
}

char *
flash_access_bench_dup_file (FlashAccessBench *self, const char *path)
{
  g_autofree char *full = g_build_filename (self->root, path, NULL);
  char *text = NULL;

  return g_file_get_contents (full, &text, NULL, NULL) ? text : NULL;
}

void
flash_access_bench_set_answer (FlashAccessBench *self, int exit_code, const char *said)
{
  g_autofree char *code = g_strdup_printf ("%d", exit_code);

  flash_access_bench_put (self, "code", code);
  flash_access_bench_put (self, "said", said);
}

void
flash_access_bench_set_asking (FlashAccessBench *self, gboolean is_asking)
{
  flash_access_bench_put (self, "asking", is_asking ? "" : NULL);
}

char *
flash_access_bench_dup_calls (FlashAccessBench *self)
{
  char *calls = flash_access_bench_dup_file (self, "calls");

  return calls != NULL ? calls : g_strdup ("");
}

GPid
flash_access_bench_get_pid (FlashAccessBench *self)
{
  g_autofree char *text = flash_access_bench_dup_file (self, "pid");

  g_assert_nonnull (text);
  return (GPid) g_ascii_strtoll (text, NULL, 10);
}

void
flash_access_bench_hide_programs (FlashAccessBench *self)
{
  g_autofree char *empty = g_build_filename (self->root, "empty", NULL);

  g_setenv ("PATH", empty, TRUE);
}

GtkWidget *
flash_access_bench_open (FlashAppFixture *fixture, const char *port)
{
  GtkWidget *row = GTK_WIDGET (flash_app_find_row (fixture, port));
  GtkWidget *button = flash_ui_find_named (row, "access_button");

  g_assert_nonnull (button);
  flash_ui_settle (row, 30);
  if (flash_ui_has_input ())
    flash_ui_click (button);
  else
    g_signal_emit_by_name (button, "clicked");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG) != NULL);
  return flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG);
}

gboolean
flash_access_bench_says (GtkWidget *dialog, const char *heading)
{
  return flash_memory_bench_has (dialog, "heading_label") &&
         flash_ui_equals (flash_memory_bench_get_text (dialog, "heading_label"), heading);
}
