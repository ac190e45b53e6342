/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are written whole or not at all. */
#define G_LOG_DOMAIN "test-layout-store"

#include "config.h"

#include "flash-layout-atomic.h"
#include "flash-layout-document.h"
#include "flash-layout-store.h"
#include "flash-layout.h"
#include "flash-test-images.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *dir;
  char *path; /* a.tsv in it */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->dir = flash_test_make_dir ();
  self->path = g_build_filename (self->dir, "a.tsv", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  flash_test_remove_dir (self->dir);
  g_free (self->dir);
  g_free (self->path);
}

static GBytes *
make (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static gboolean
write_text (const char *path, const char *text, const char *stamp, char **out_stamp, GError **error)
{
  g_autoptr (GBytes) bytes = make (text);

  return flash_layout_store_write (path, bytes, stamp, out_stamp, error);
}

static void
assert_file (const char *path, const char *text)
{
  g_autofree char *got = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &got, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (got, ==, text);
}

static void
assert_n_files (const char *dir, guint n)
{
  g_autoptr (GDir) files = g_dir_open (dir, 0, NULL);
  guint n_found = 0;

  g_assert_nonnull (files);
  while (g_dir_read_name (files) != NULL)
    n_found++;
  g_assert_cmpuint (n_found, ==, n);
}

static guint
get_mode (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

static void
test_write (Fixture *self, gconstpointer data)
{
  g_autofree char *stamp = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GError) error = NULL;
  mode_t mask = umask (0027);

  /* a new file has the usual permissions */
  g_assert_true (write_text (self->path, "one\n", NULL, &stamp, &error));
  umask (mask);
  g_assert_no_error (error);
  g_assert_cmpuint (get_mode (self->path), ==, 0640);
  read = flash_layout_store_read (self->path, &second, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), "one\n", 4);
  g_assert_cmpstr (stamp, ==, second);
  g_assert_false (flash_layout_store_has_changed (self->path, stamp));

  /* an old one keeps its own */
  g_assert_cmpint (g_chmod (self->path, 0604), ==, 0);
  g_assert_true (write_text (self->path, "", stamp, &third, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (get_mode (self->path), ==, 0604);
  g_assert_cmpstr (stamp, !=, third);
  g_assert_true (flash_layout_store_has_changed (self->path, stamp));
  assert_file (self->path, "");
  assert_n_files (self->dir, 1);
}

static void
test_owner (Fixture *self, gconstpointer data)
{
  struct stat info;
  g_autofree char *stamp = NULL;
  g_autoptr (GError) error = NULL;

  if (geteuid () != 0) {
    g_test_skip ("only root can give files away");
    return;
  }
  flash_test_write_text (self->dir, "a.tsv", "one");
  g_assert_cmpint (chown (self->path, 1234, 2345), ==, 0);
  g_assert_true (write_text (self->path, "two", NULL, &stamp, &error));
  g_assert_cmpint (stat (self->path, &info), ==, 0);
  g_assert_cmpuint (info.st_uid, ==, 1234);
  g_assert_cmpuint (info.st_gid, ==, 2345);
}

static void
test_links (Fixture *self, gconstpointer data)
{
  g_autofree char *link = g_build_filename (self->dir, "link.tsv", NULL);
  g_autofree char *second = g_build_filename (self->dir, "second.tsv", NULL);
  g_autofree char *round = g_build_filename (self->dir, "round.tsv", NULL);
  g_autofree char *stamp = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink (self->path, link), ==, 0);
  g_assert_cmpint (symlink ("link.tsv", second), ==, 0);
  g_assert_cmpint (symlink ("round.tsv", round), ==, 0);
  /* through two links to a file that is not there yet, and once more when it is */
  for (guint i = 0; i < 2; i++) {
    g_assert_true (write_text (second, i == 0 ? "one" : "two", NULL, &stamp, &error));
    g_assert_no_error (error);
    g_clear_pointer (&stamp, g_free);
  }
  g_assert_true (g_file_test (second, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_false (g_file_test (self->path, G_FILE_TEST_IS_SYMLINK));
  assert_file (self->path, "two");

  g_assert_false (write_text (round, "one", NULL, &stamp, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
  g_assert_true (g_str_has_prefix (error->message, "round.tsv: "));
}

static void
test_changed (Fixture *self, gconstpointer data)
{
  g_autofree char *stamp = NULL;
  g_autofree char *other = NULL;
  g_autofree char *large = g_strnfill (300 * 1024, '#');
  g_autoptr (GError) error = NULL;

  g_assert_true (write_text (self->path, "one", NULL, &stamp, &error));
  flash_test_write_text (self->dir, "a.tsv", "somebody else's");
  g_assert_false (write_text (self->path, "two", stamp, &other, &error));
  g_assert_error (error, FLASH_LAYOUT_STORE_ERROR, FLASH_LAYOUT_STORE_ERROR_CHANGED);
  g_assert_true (g_str_has_prefix (error->message, "a.tsv: "));
  g_assert_null (other);
  assert_file (self->path, "somebody else's");
  g_clear_error (&error);

  flash_test_write_text (self->dir, "a.tsv", large);
  g_assert_false (write_text (self->path, "two", stamp, &other, &error));
  g_assert_error (error, FLASH_LAYOUT_STORE_ERROR, FLASH_LAYOUT_STORE_ERROR_CHANGED);
  g_clear_error (&error);

  g_assert_cmpint (g_unlink (self->path), ==, 0);
  g_assert_false (write_text (self->path, "two", stamp, &other, &error));
  g_assert_error (error, FLASH_LAYOUT_STORE_ERROR, FLASH_LAYOUT_STORE_ERROR_GONE);
  g_assert_true (flash_layout_store_has_changed (self->path, stamp));
  g_clear_error (&error);
  assert_n_files (self->dir, 0);

  /* something else in its place */
  g_assert_cmpint (g_mkdir (self->path, 0700), ==, 0);
  g_assert_false (write_text (self->path, "two", stamp, &other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_true (g_str_has_prefix (error->message, "a.tsv: "));
  g_clear_error (&error);
  g_assert_false (write_text (self->path, "two", NULL, &other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);

  /* what is overwritten on purpose */
  g_clear_error (&error);
  g_assert_cmpint (g_rmdir (self->path), ==, 0);
  g_assert_true (write_text (self->path, "two", NULL, &other, &error));
  assert_file (self->path, "two");
}

typedef struct {
  Fixture *fixture;
  const char *expected; /* what lies ready */
  guint mode; /* its permissions */
  gboolean is_refused;
  guint n_asked;
} Asked;

/* Looks at what lies beside the old file. */
static gboolean
on_asked (gpointer data, GError **error)
{
  Asked *self = data;
  g_autoptr (GDir) files = g_dir_open (self->fixture->dir, 0, NULL);
  const char *name;

  self->n_asked++;
  assert_file (self->fixture->path, "old");
  while ((name = g_dir_read_name (files)) != NULL) {
    g_autofree char *path = g_build_filename (self->fixture->dir, name, NULL);

    if (!g_str_has_prefix (name, ".flashwright-"))
      continue;
    assert_file (path, self->expected);
    g_assert_cmpuint (get_mode (path), ==, self->mode);
    self->mode = 0;
  }
  g_assert_cmpuint (self->mode, ==, 0);
  if (self->is_refused)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "refused");
  return !self->is_refused;
}

/* Writing takes its time; whether somebody else has changed the file is asked behind it, when only
 * the renaming is left. */
static void
test_asked_last (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) one = make ("one ");
  g_autoptr (GBytes) two = make ("two");
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();

  g_ptr_array_add (parts, one);
  g_ptr_array_add (parts, two);
  for (guint i = 0; i < 2; i++) {
    Asked asked = { self, "one two", 0604, i == 0, 0 };
    g_autoptr (GError) error = NULL;
    gboolean is_done;

    flash_test_write_text (self->dir, "a.tsv", "old");
    is_done = flash_layout_atomic_write (self->path, parts, 0604, on_asked, &asked, NULL, &error);
    g_assert_cmpuint (asked.n_asked, ==, 1);
    g_assert_true (is_done == (i == 1));
    g_assert_true ((error != NULL) == (i == 0));
    assert_file (self->path, i == 0 ? "old" : "one two");
    assert_n_files (self->dir, 1);
  }
}

static void
test_read (Fixture *self, gconstpointer data)
{
  g_autofree char *large = g_strnfill (FLASH_LAYOUT_MAX_SIZE + 1, '#');
  g_autofree char *stamp = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (flash_layout_store_read (self->path, &stamp, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_prefix (error->message, "a.tsv: "));
  g_clear_error (&error);
  flash_test_write_text (self->dir, "a.tsv", large);
  g_assert_null (flash_layout_store_read (self->path, &stamp, &error));
  g_assert_error (error, FLASH_LAYOUT_ERROR, FLASH_LAYOUT_ERROR_TOO_LARGE);
  g_assert_null (stamp);
}

/* RLIMIT_FSIZE stands in for a full disk: a write past it fails. */
static void
test_full_disk (Fixture *self, gconstpointer data)
{
  struct rlimit limit, small;
  g_autofree char *stamp = NULL;
  g_autofree char *file = NULL;
  g_autofree char *text = g_strnfill (5000, '#');
  g_autoptr (GBytes) bytes = make (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) rescue_error = NULL;

  flash_test_write_text (self->dir, "a.tsv", "old");
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = 4096;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (flash_layout_store_write (self->path, bytes, NULL, &stamp, &error));
  file = flash_layout_rescue_write (self->dir, NULL, NULL, NULL, bytes, &rescue_error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);

  g_assert_nonnull (error);
  g_assert_true (g_str_has_prefix (error->message, "a.tsv: cannot write the file: "));
  g_assert_nonnull (rescue_error);
  g_assert_null (file);
  assert_file (self->path, "old");
  assert_n_files (self->dir, 1);
}

/* Rights mean nothing to root. */
static gboolean
become_nobody (Fixture *self)
{
  return geteuid () != 0 || (chown (self->dir, 65534, 65534) == 0 && seteuid (65534) == 0);
}

static void
become_oneself (void)
{
  if (getuid () == 0)
    g_assert_cmpint (seteuid (0), ==, 0);
}

static void
test_rights (Fixture *self, gconstpointer data)
{
  g_autofree char *stamp = NULL;
  g_autofree char *folder = g_build_filename (self->dir, "none", "a.tsv", NULL);
  g_autofree char *below = g_build_filename (self->path, "b.tsv", NULL);
  g_autoptr (GError) folder_error = NULL;
  g_autoptr (GError) file_error = NULL;
  g_autoptr (GError) error = NULL;

  if (!become_nobody (self)) {
    g_test_skip ("cannot give up the rights of root");
    return;
  }
  flash_test_write_text (self->dir, "a.tsv", "old");

  /* the folder is closed, the file is not: it must not be written over in place */
  g_assert_cmpint (g_chmod (self->dir, 0500), ==, 0);
  g_assert_false (write_text (self->path, "two", NULL, &stamp, &folder_error));
  /* the file is closed, the folder is not: it must not be replaced behind the user's back */
  g_assert_cmpint (g_chmod (self->dir, 0700), ==, 0);
  g_assert_cmpint (g_chmod (self->path, 0400), ==, 0);
  g_assert_false (write_text (self->path, "two", NULL, &stamp, &file_error));
  become_oneself ();

  g_assert_error (folder_error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_true (
      g_str_has_prefix (folder_error->message, "a.tsv: no file can be made in the folder"));
  g_assert_error (file_error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_true (g_str_has_prefix (file_error->message, "a.tsv: the file must not be written"));
  assert_file (self->path, "old");
  assert_n_files (self->dir, 1);

  g_assert_false (write_text (folder, "two", NULL, &stamp, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (write_text (below, "two", NULL, &stamp, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_assert_true (g_str_has_prefix (error->message, "b.tsv: "));
}

static void
test_relative (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->dir, "flashlayout_x", NULL);
  g_autofree char *other = g_build_filename (self->dir, "other", NULL);
  g_autofree char *linked = g_build_filename (self->dir, "linked", NULL);
  const struct {
    const char *path; /* below the fixture's folder */
    const char *cell; /* (nullable) */
  } cases[] = {
    { "flashlayout_x/a.bin", "a.bin" },
    { "flashlayout_x/sub/./b/../ä c.bin", "sub/ä c.bin" },
    { "images/fip.bin", "images/fip.bin" },
    { "linked/deep.bin", "deep.bin" },
    { "flashlayout_x/none", "./none" },
    { "flashlayout_x/#a", "./#a" },
    { "hidden.bin", NULL }, /* the folder has one of its own */
    { "flashlayout_x/ blank", NULL },
    { "flashlayout_x/two\nlines", NULL },
    { "flashlayout_x/\xff", NULL },
    { "flashlayout_x", "flashlayout_x" },
    { "../elsewhere", NULL },
    { "", NULL },
  };

  flash_test_write_text (self->dir, "flashlayout_x/hidden.bin", "x");
  flash_test_write_text (self->dir, "flashlayout_x/deep.bin", "x");
  flash_test_write_text (self->dir, "hidden.bin", "x");
  g_assert_cmpint (symlink ("flashlayout_x", linked), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_build_filename (self->dir, cases[i].path, NULL);
    g_autofree char *cell = flash_layout_relative_path (
        folder, g_str_has_prefix (cases[i].path, "linked") ? folder : self->dir, path);

    g_assert_cmpstr (cell, ==, cases[i].cell);
  }
  for (guint i = 0; i < 2; i++) {
    g_autofree char *cell = flash_layout_relative_path ("/", "/", i == 0 ? "/a/b" : "/");

    g_assert_cmpstr (cell, ==, i == 0 ? "a/b" : NULL);
  }
  g_assert_null (flash_layout_relative_path (folder, folder, other));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/layout/store/write", Fixture, NULL, set_up, test_write, tear_down);
  g_test_add ("/layout/store/owner", Fixture, NULL, set_up, test_owner, tear_down);
  g_test_add ("/layout/store/links", Fixture, NULL, set_up, test_links, tear_down);
  g_test_add ("/layout/store/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/layout/store/asked-last", Fixture, NULL, set_up, test_asked_last, tear_down);
  g_test_add ("/layout/store/read", Fixture, NULL, set_up, test_read, tear_down);
  g_test_add ("/layout/store/full-disk", Fixture, NULL, set_up, test_full_disk, tear_down);
  g_test_add ("/layout/store/rights", Fixture, NULL, set_up, test_rights, tear_down);
  g_test_add ("/layout/store/relative", Fixture, NULL, set_up, test_relative, tear_down);
  return g_test_run ();
}
