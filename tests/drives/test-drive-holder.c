/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is in the way of unmounting, on a computer that the test brings. */
#define G_LOG_DOMAIN "test-drive-holder"

#include "config.h"

#include "flash-drive-holder.h"
#include "flash-test-images.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define MOUNT "/media/me/card"

static void
add_process (const char *root, const char *pid, const char *name, const char *cwd, const char *file)
{
  g_autofree char *process = g_build_filename (root, "proc", pid, NULL);
  g_autofree char *fd_folder = g_build_filename (process, "fd", NULL);
  g_autofree char *comm = g_build_filename (process, "comm", NULL);
  g_autofree char *cwd_link = g_build_filename (process, "cwd", NULL);
  g_autofree char *fd_link = g_build_filename (fd_folder, "3", NULL);

  g_assert_cmpint (g_mkdir_with_parents (fd_folder, 0755), ==, 0);
  if (name != NULL)
    g_assert_true (g_file_set_contents (comm, name, -1, NULL));
  g_assert_cmpint (symlink (cwd, cwd_link), ==, 0);
  g_assert_cmpint (symlink (file, fd_link), ==, 0);
}

static void
test_holders (void)
{
  g_autofree char *root = flash_test_make_dir ();
  g_autofree char *none = NULL;
  g_autofree char *found = NULL;
  g_autofree char *other = NULL;
  g_autofree char *nameless = NULL;
  g_autofree char *everything = NULL;
  g_auto (GStrv) names = NULL;

  none = flash_drive_holder_list (root, MOUNT);
  g_assert_null (none);
  add_process (root, "10", "bash\n", MOUNT "2", "/dev/null");
  add_process (root, "11", "init\n", "/", "/media/me");
  add_process (root, "self", "self\n", MOUNT, MOUNT);
  none = flash_drive_holder_list (root, MOUNT);
  g_assert_null (none);

  add_process (root, "12", "nautilus\n", "/", MOUNT "/folder/file");
  found = flash_drive_holder_list (root, MOUNT);
  g_assert_cmpstr (found, ==, "nautilus (12)");
  other = flash_drive_holder_list (root, "/media/me/card2");
  g_assert_cmpstr (other, ==, "bash (10)");

  add_process (root, "13", NULL, "/srv/x", "/dev/null");
  nameless = flash_drive_holder_list (root, "/srv");
  g_assert_cmpstr (nameless, ==, "13");

  for (guint i = 20; i < 30; i++) {
    g_autofree char *pid = g_strdup_printf ("%u", i);

    add_process (root, pid, "sh\n", MOUNT, "/dev/null");
  }
  everything = flash_drive_holder_list (root, MOUNT);
  names = g_strsplit (everything, ", ", -1);
  g_assert_cmpuint (g_strv_length (names), ==, 5);
  flash_test_remove_dir (root);
}

/* This computer: this very program stands in a folder. */
static void
test_real (void)
{
  g_autofree char *folder = g_get_current_dir ();
  g_autofree char *missing = flash_drive_holder_list (NULL, "/nonexistent/place");
  g_autofree char *holders = flash_drive_holder_list (NULL, folder);

  g_assert_null (missing);
  g_assert_nonnull (holders);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drive-holder/holders", test_holders);
  g_test_add_func ("/drive-holder/real", test_real);
  return g_test_run ();
}
