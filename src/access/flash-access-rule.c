/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-access-rule"

#include "config.h"

#include "flash-access-rule.h"

#include <errno.h>
#include <glib/gstdio.h>

#define RULE_FOLDER "etc/udev/rules.d"
#define RULE_NAME "60-flashwright.rules"
#define RULE_RESOURCE "/io/github/flashwright/Flashwright/access/" RULE_NAME

static gboolean
fail (GError **error, int code, const char *what, const char *path)
{
  g_set_error (error, G_FILE_ERROR, (int) g_file_error_from_errno (code), "%s %s: %s", what, path,
               g_strerror (code));
  return FALSE;
}

static char *
dup_rule_path (const char *root)
{
  return g_build_filename (root, RULE_FOLDER, RULE_NAME, NULL);
}

gboolean
flash_access_rule_install (const char *root, GError **error)
{
  g_autofree char *folder = g_build_filename (root, RULE_FOLDER, NULL);
  g_autofree char *path = dup_rule_path (root);
  g_autoptr (GBytes) rule = NULL;

  g_return_val_if_fail (root != NULL, FALSE);

  rule = g_resources_lookup_data (RULE_RESOURCE, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (rule == NULL)
    return FALSE;
  if (g_mkdir_with_parents (folder, 0755) != 0)
    return fail (error, errno, "cannot make the folder", folder);
  if (!g_file_set_contents_full (
          path, g_bytes_get_data (rule, NULL), (gssize) g_bytes_get_size (rule),
          G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0644, error))
    return FALSE;
  /* Whatever the mask of new files was: udev reads as root, everybody else may too. */
  if (g_chmod (path, 0644) != 0)
    return fail (error, errno, "cannot set the rights of", path);
  return TRUE;
}

gboolean
flash_access_rule_remove (const char *root, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (root != NULL, FALSE);

  path = dup_rule_path (root);
  if (g_unlink (path) != 0 && errno != ENOENT)
    return fail (error, errno, "cannot remove", path);
  return TRUE;
}

/* Returns: (transfer full) (nullable) (type filename): the program of udev. */
static char *
find_udevadm (const char *root)
{
  static const char *const places[] = { "usr/bin/udevadm", "bin/udevadm" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *path = g_build_filename (root, places[i], NULL);

    if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
      return g_steal_pointer (&path);
  }
  return NULL;
}

static gboolean
run (const char *const *words, GError **error)
{
  static const char *const environment[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };
  int status = 0;

  if (!g_spawn_sync ("/", (char **) words, (char **) environment,
                     G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                     NULL, &status, error))
    return FALSE;
  return g_spawn_check_wait_status (status, error);
}

gboolean
flash_access_rule_apply (const char *root, GError **error)
{
  g_autofree char *udevadm = NULL;

  g_return_val_if_fail (root != NULL, FALSE);

  udevadm = find_udevadm (root);
  if (udevadm == NULL) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                 "there is no udevadm in /usr/bin or /bin on this computer");
    return FALSE;
  }
  return run ((const char *[]){ udevadm, "control", "--reload", NULL }, error) &&
         run ((const char *[]){ udevadm, "trigger", "--action=change", "--subsystem-match=usb",
                                "--attr-match=idVendor=0483", NULL },
              error);
}

static int
say_failure (const char *what, const GError *error)
{
  g_printerr ("%s: %s\n", what, error->message);
  return FLASH_ACCESS_EXIT_FAILED;
}

int
flash_access_run_verb (const char *root, int n_words, char *const *words)
{
  g_autoptr (GError) error = NULL;
  gboolean installs = n_words == 2 && g_str_equal (words[1], "install");
  gboolean removes = n_words == 2 && g_str_equal (words[1], "remove");

  g_return_val_if_fail (root != NULL, FLASH_ACCESS_EXIT_FAILED);

  if (!installs && !removes) {
    g_printerr ("usage: flashwright-access install|remove\n");
    return FLASH_ACCESS_EXIT_USAGE;
  }
  if (installs && !flash_access_rule_install (root, &error))
    return say_failure ("the rule was not installed", error);
  if (removes && !flash_access_rule_remove (root, &error))
    return say_failure ("the rule was not removed", error);
  if (!flash_access_rule_apply (root, &error)) {
    say_failure (installs ? "the rule is installed, but udev was not told"
                          : "the rule is removed, but udev was not told",
                 error);
    return FLASH_ACCESS_EXIT_NOT_APPLIED;
  }
  return FLASH_ACCESS_EXIT_DONE;
}
