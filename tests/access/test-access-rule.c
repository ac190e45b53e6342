/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program that installs the rule, below a folder of the test's own and with an udevadm that
 * writes down how it was called. */
#define G_LOG_DOMAIN "test-access-rule"

#include "config.h"

#include "flash-access-rule.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *root; /* (owned) (type filename) */
  char *rule; /* (owned) (type filename) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  self->root = g_dir_make_tmp ("flash-access-XXXXXX", &error);
  g_assert_no_error (error);
  self->rule = g_build_filename (self->root, "etc/udev/rules.d/60-flashwright.rules", NULL);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  g_autofree char *words = g_strdup_printf ("rm -rf '%s'", self->root);

  g_assert_true (g_spawn_command_line_sync (words, NULL, NULL, NULL, NULL));
  g_free (self->root);
  g_free (self->rule);
}

/* A program that notes its arguments in ROOT/calls and its environment in ROOT/environment. */
static void
put_udevadm (Fixture *self, const char *folder, int exit_code)
{
  g_autofree char *place = g_build_filename (self->root, folder, NULL);
  g_autofree char *path = g_build_filename (place, "udevadm", NULL);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\n"
                                             "echo \"$@\" >> '%s/calls'\n"
                                             "env > '%s/environment'\n"
                                             "exit %d\n",
                                             self->root, self->root, exit_code);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (place, 0755), ==, 0);
  g_file_set_contents (path, script, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
}

static char *
dup_text (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->root, name, NULL);
  char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

static int
run_words (Fixture *self, int n_words, const char *const *words)
{
  return flash_access_run_verb (self->root, n_words, (char *const *) words);
}

static int
run_verb (Fixture *self, const char *verb)
{
  return run_words (self, 2, (const char *[]){ "flashwright-access", verb, NULL });
}

/* What is installed is the file of the source tree, to the byte. */
static void
test_install (Fixture *self, gconstpointer unused)
{
  g_autofree char *source =
      g_test_build_filename (G_TEST_DIST, "..", "data", "60-flashwright.rules", NULL);
  g_autofree char *expected = NULL;
  g_autofree char *text = NULL;
  g_autofree char *calls = NULL;
  g_autofree char *environment = NULL;
  g_autoptr (GError) error = NULL;
  struct stat facts;

  put_udevadm (self, "usr/bin", 0);
  g_setenv ("FLASH_ACCESS_SECRET", "of the caller", TRUE);
  g_assert_cmpint (run_verb (self, "install"), ==, FLASH_ACCESS_EXIT_DONE);
  g_unsetenv ("FLASH_ACCESS_SECRET");
  g_file_get_contents (source, &expected, NULL, &error);
  g_assert_no_error (error);
  text = dup_text (self, "etc/udev/rules.d/60-flashwright.rules");
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (g_lstat (self->rule, &facts), ==, 0);
  g_assert_true (S_ISREG (facts.st_mode));
  g_assert_cmpint (facts.st_mode & 07777, ==, 0644);
  calls = dup_text (self, "calls");
  g_assert_cmpstr (calls, ==,
                   "control --reload\n"
                   "trigger --action=change --subsystem-match=usb --attr-match=idVendor=0483\n");
  environment = dup_text (self, "environment");
  g_assert_nonnull (strstr (environment, "PATH=/usr/bin:/bin"));
  g_assert_null (strstr (environment, "SECRET"));
}

/* Over an older one; and a link is replaced, never followed. */
static void
test_replace (Fixture *self, gconstpointer unused)
{
  g_autofree char *victim = g_build_filename (self->root, "victim", NULL);
  g_autofree char *folder = g_path_get_dirname (self->rule);
  g_autofree char *text = NULL;

  put_udevadm (self, "bin", 0);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (victim, "untouched", -1, NULL));
  g_assert_cmpint (symlink (victim, self->rule), ==, 0);
  g_assert_cmpint (run_verb (self, "install"), ==, FLASH_ACCESS_EXIT_DONE);
  g_assert_false (g_file_test (self->rule, G_FILE_TEST_IS_SYMLINK));
  text = dup_text (self, "victim");
  g_assert_cmpstr (text, ==, "untouched");
}

static void
test_remove (Fixture *self, gconstpointer unused)
{
  put_udevadm (self, "usr/bin", 0);
  g_assert_cmpint (run_verb (self, "install"), ==, FLASH_ACCESS_EXIT_DONE);
  g_assert_true (g_file_test (self->rule, G_FILE_TEST_EXISTS));
  g_assert_cmpint (run_verb (self, "remove"), ==, FLASH_ACCESS_EXIT_DONE);
  g_assert_false (g_file_test (self->rule, G_FILE_TEST_EXISTS));
  /* There is nothing to remove any more, and that is well. */
  g_assert_cmpint (run_verb (self, "remove"), ==, FLASH_ACCESS_EXIT_DONE);
}

static void
test_usage (Fixture *self, gconstpointer unused)
{
  put_udevadm (self, "usr/bin", 0);
  g_assert_cmpint (run_verb (self, "purge"), ==, FLASH_ACCESS_EXIT_USAGE);
  g_assert_cmpint (run_verb (self, ""), ==, FLASH_ACCESS_EXIT_USAGE);
  g_assert_cmpint (run_words (self, 1, (const char *[]){ "flashwright-access", NULL }), ==,
                   FLASH_ACCESS_EXIT_USAGE);
  g_assert_cmpint (
      run_words (self, 3, (const char *[]){ "flashwright-access", "install", "/tmp", NULL }), ==,
      FLASH_ACCESS_EXIT_USAGE);
  g_assert_false (g_file_test (self->rule, G_FILE_TEST_EXISTS));
}

/* The rule is there all the same, and the exit code says that it is not all. */
static void
test_udev_fails (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (run_verb (self, "install"), ==, FLASH_ACCESS_EXIT_NOT_APPLIED);
  g_assert_true (g_file_test (self->rule, G_FILE_TEST_EXISTS));
  g_assert_false (flash_access_rule_apply (self->root, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  put_udevadm (self, "usr/bin", 3);
  g_assert_false (flash_access_rule_apply (self->root, &error));
  g_assert_error (error, G_SPAWN_EXIT_ERROR, 3);
  g_assert_cmpint (run_verb (self, "remove"), ==, FLASH_ACCESS_EXIT_NOT_APPLIED);
}

/* A file where a folder has to be, a folder where the file has to be. */
static void
test_no_room (Fixture *self, gconstpointer unused)
{
  g_autofree char *etc = g_build_filename (self->root, "etc", NULL);
  g_autoptr (GError) error = NULL;

  put_udevadm (self, "usr/bin", 0);
  g_assert_true (g_file_set_contents (etc, "", -1, NULL));
  g_assert_false (flash_access_rule_install (self->root, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  g_assert_cmpint (run_verb (self, "install"), ==, FLASH_ACCESS_EXIT_FAILED);
  g_assert_cmpint (run_verb (self, "remove"), ==, FLASH_ACCESS_EXIT_FAILED);
  g_assert_cmpint (g_unlink (etc), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (self->rule, 0755), ==, 0);
  g_clear_error (&error);
  g_assert_false (flash_access_rule_install (self->root, &error));
  g_assert_nonnull (error);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/access-rule/install", test_install);
  ADD ("/access-rule/replace", test_replace);
  ADD ("/access-rule/remove", test_remove);
  ADD ("/access-rule/usage", test_usage);
  ADD ("/access-rule/udev-fails", test_udev_fails);
  ADD ("/access-rule/no-room", test_no_room);
  return g_test_run ();
}
