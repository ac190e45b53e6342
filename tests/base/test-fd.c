/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-fd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static int
open_file (char **out_path)
{
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("flash-fd-XXXXXX", out_path, &error);

  g_assert_no_error (error);
  return fd;
}

static void
test_write (void)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  gsize written = 7, length;
  int fd = open_file (&path);

  g_assert_true (flash_fd_write (fd, 3, (const guint8 *) "abc", 3, &written));
  g_assert_cmpuint (written, ==, 3);
  g_assert_true (flash_fd_write (fd, 0, (const guint8 *) "xyz", 3, NULL));
  g_assert_true (flash_fd_write (fd, 9, NULL, 0, &written));
  g_assert_cmpuint (written, ==, 0);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_assert_cmpmem (text, length, "xyzabc", 6);
  g_assert_cmpint (lseek (fd, 0, SEEK_CUR), ==, 0);
  close (fd);
  g_unlink (path);
}

/* A limit lets the first bytes through and refuses the rest, as a full disk does. */
static void
test_partly (void)
{
  struct rlimit limit, old;
  g_autofree char *path = NULL;
  gsize written = 0;
  int fd = open_file (&path);

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = old;
  limit.rlim_cur = 4;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_false (flash_fd_write (fd, 0, (const guint8 *) "abcdef", 6, &written));
  g_assert_cmpint (errno, ==, EFBIG);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_cmpuint (written, ==, 4);
  close (fd);
  g_unlink (path);
}

static void
test_refused (void)
{
  gsize written = 7;
  int fd = g_open ("/dev/null", O_RDONLY, 0);

  g_assert_false (flash_fd_write (fd, 0, (const guint8 *) "a", 1, &written));
  g_assert_cmpint (errno, ==, EBADF);
  g_assert_cmpuint (written, ==, 0);
  close (fd);
}

/* What cannot be done is no fault of the file that was written. */
static void
test_sync_folder (void)
{
  flash_fd_sync_folder (g_get_tmp_dir ());
  errno = 0;
  flash_fd_sync_folder ("/does/not/exist");
  g_assert_cmpint (errno, ==, ENOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fd/write", test_write);
  g_test_add_func ("/fd/partly", test_partly);
  g_test_add_func ("/fd/refused", test_refused);
  g_test_add_func ("/fd/sync-folder", test_sync_folder);
  return g_test_run ();
}
