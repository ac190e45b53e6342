/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-node.h"
#include "flash-test-images.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NODE "/dev/bus/usb/001/005"

typedef struct {
  char *root; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = flash_test_make_dir ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  flash_test_remove_dir (fixture->root);
  g_free (fixture->root);
}

/* A process that has some files open. */
static void
add_process (Fixture *fixture, const char *pid, const char *name, const char *const *targets)
{
  g_autofree char *fd_folder = g_build_filename (fixture->root, "proc", pid, "fd", NULL);
  g_autofree char *comm = g_build_filename (fixture->root, "proc", pid, "comm", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (fd_folder, 0755), ==, 0);
  if (name != NULL)
    g_file_set_contents (comm, name, -1, &error);
  g_assert_no_error (error);
  for (guint i = 0; targets[i] != NULL; i++) {
    g_autofree char *number = g_strdup_printf ("%u", i);
    g_autofree char *link = g_build_filename (fd_folder, number, NULL);

    g_assert_cmpint (symlink (targets[i], link), ==, 0);
  }
}

static char *
list_holders (const char *root, const char *node)
{
  g_autoptr (GPtrArray) holders = flash_host_node_find_holders (root, node);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < holders->len; i++) {
    const FlashHostHolder *holder = g_ptr_array_index (holders, i);

    g_string_append_printf (text, "%d %s;", holder->pid, holder->name);
  }
  return g_string_free (text, FALSE);
}

static void
test_holders (Fixture *fixture, gconstpointer data)
{
  g_autofree char *holders = NULL;

  add_process (fixture, "4711", "dfu-util\n", (const char *const[]){ "/dev/null", NODE, NULL });
  add_process (fixture, "312", "fwupd\n", (const char *const[]){ NODE, NODE, NULL });
  add_process (fixture, "20", "other\n",
               (const char *const[]){ "/dev/bus/usb/001/006", "/dev/bus/usb/001/00", NULL });
  add_process (fixture, "21", NULL, (const char *const[]){ NODE, NULL });
  add_process (fixture, "22", "evil\033[31m\n", (const char *const[]){ NODE, NULL });
  add_process (fixture, "self", "self\n", (const char *const[]){ NODE, NULL });

  holders = list_holders (fixture->root, NODE);
  g_assert_cmpstr (holders, ==, "21 ?;22 evil\xef\xbf\xbd[31m;312 fwupd;4711 dfu-util;");
}

static void
test_no_holders (Fixture *fixture, gconstpointer data)
{
  g_autofree char *none = list_holders (fixture->root, NODE);
  g_autofree char *nobody = NULL;

  g_assert_cmpstr (none, ==, "");
  add_process (fixture, "1", "init\n", (const char *const[]){ NULL });
  nobody = list_holders (fixture->root, NODE);
  g_assert_cmpstr (nobody, ==, "");
}

/* This computer: another process is found, this one is left out. */
static void
test_real_holders (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->root, "node", NULL);
  g_autofree char *alone = NULL;
  g_autofree char *shared = NULL;
  g_autofree char *expected = NULL;
  int ends[2];
  char byte;
  pid_t child;
  int fd = g_open (path, O_CREAT | O_RDWR, 0600);

  g_assert_cmpint (fd, >=, 0);
  alone = list_holders (NULL, path);
  g_assert_cmpstr (alone, ==, "");

  g_assert_cmpint (pipe (ends), ==, 0);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0) {
    /* Lives until the other end is closed. */
    close (ends[1]);
    _exit (read (ends[0], &byte, 1) == 0 ? 0 : 1);
  }
  close (ends[0]);
  shared = list_holders (NULL, path);
  expected = g_strdup_printf ("%d test-host-node;", child);
  g_assert_cmpstr (shared, ==, expected);
  close (ends[1]);
  close (fd);
}

static void
test_rights (Fixture *fixture, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (fixture->root, "dev/bus/usb/001", NULL);
  g_autofree char *path = g_build_filename (fixture->root, NODE, NULL);
  g_autofree char *missing = NULL;
  g_autofree char *rights = NULL;
  g_autofree char *strange = NULL;

  missing = flash_host_node_dup_rights (fixture->root, NODE);
  g_assert_cmpstr (missing, ==, g_strerror (ENOENT));

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  rights = flash_host_node_dup_rights (fixture->root, NODE);
  g_assert_true (g_str_has_prefix (rights, g_get_user_name ()));
  g_assert_true (g_str_has_suffix (rights, ", mode 0640"));

  if (geteuid () != 0) {
    g_test_message ("only root can give a file to an account that does not exist");
    return;
  }
  g_assert_cmpint (chown (path, 54321, 54322), ==, 0);
  strange = flash_host_node_dup_rights (fixture->root, NODE);
  g_assert_cmpstr (strange, ==, "54321:54322, mode 0640");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/host-node/holders", Fixture, NULL, set_up, test_holders, tear_down);
  g_test_add ("/host-node/no-holders", Fixture, NULL, set_up, test_no_holders, tear_down);
  g_test_add ("/host-node/real-holders", Fixture, NULL, set_up, test_real_holders, tear_down);
  g_test_add ("/host-node/rights", Fixture, NULL, set_up, test_rights, tear_down);

  return g_test_run ();
}
