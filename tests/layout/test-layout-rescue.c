/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was not saved outlives the program. Another program is this one, forked. */
#define G_LOG_DOMAIN "test-layout-rescue"

#include "config.h"

#include "flash-layout-store.h"
#include "flash-layout.h"
#include "flash-test-images.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  char *dir;
  char *folder; /* below it, where rescues lie */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->dir = flash_test_make_dir ();
  self->folder = g_build_filename (self->dir, "state", "rescue", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  flash_test_remove_dir (self->dir);
  g_free (self->dir);
  g_free (self->folder);
}

static char *
write_text (Fixture *self, const char *file, const char *path, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  char *written = flash_layout_rescue_write (self->folder, file, path,
                                             path != NULL ? "stamp" : NULL, bytes, &error);

  g_assert_no_error (error);
  g_assert_nonnull (written);
  return written;
}

static void
assert_text (const FlashLayoutRescue *rescue, const char *text)
{
  g_assert_cmpmem (g_bytes_get_data (rescue->text, NULL), g_bytes_get_size (rescue->text), text,
                   strlen (text));
}

static guint
count (const char *folder)
{
  g_autoptr (GPtrArray) rescues = flash_layout_rescue_list (folder);

  return rescues->len;
}

static guint
get_mode (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

static void
test_round_trip (Fixture *self, gconstpointer data)
{
  static const char path[] = "/home/u/a b\n%41\xff.tsv";
  g_autofree char *first = NULL;
  g_autofree char *again = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GPtrArray) rescues = NULL;
  gint64 before = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_cmpuint (count (self->folder), ==, 0);
  first = write_text (self, NULL, path, "one\n\ntwo");
  again = write_text (self, first, path, "three");
  g_assert_cmpstr (first, ==, again);
  second = write_text (self, NULL, NULL, "");
  g_assert_cmpuint (get_mode (self->folder), ==, 0700);
  g_assert_cmpuint (get_mode (first), ==, 0600);

  rescues = flash_layout_rescue_list (self->folder);
  g_assert_cmpuint (rescues->len, ==, 2);
  for (guint i = 0; i < 2; i++) {
    const FlashLayoutRescue *rescue = g_ptr_array_index (rescues, i);
    gboolean is_first = g_str_equal (rescue->file, first);

    g_assert_cmpstr (rescue->file, ==, is_first ? first : second);
    g_assert_cmpstr (rescue->path, ==, is_first ? path : NULL);
    g_assert_cmpstr (rescue->stamp, ==, is_first ? "stamp" : NULL);
    g_assert_cmpint (rescue->time, >=, before);
    assert_text (rescue, is_first ? "three" : "");
  }
  flash_layout_rescue_remove (first);
  flash_layout_rescue_remove (first);
  g_assert_cmpuint (count (self->folder), ==, 1);
  flash_layout_rescue_remove (second);
  g_assert_cmpuint (count (self->folder), ==, 0);
}

/* Writes a rescue in another process, which then ends without tidying up, or waits to be ended. */
static pid_t
start_other (Fixture *self, int ready_fd)
{
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid == 0) {
    g_autofree char *file = write_text (self, NULL, "/a.tsv", "unsaved");

    if (write (ready_fd, "x", 1) != 1)
      _exit (1);
    pause ();
    _exit (0);
  }
  return pid;
}

/* As long as the other program runs its rescue is its own; when it has crashed, it is anybody's. */
static void
test_other_program (Fixture *self, gconstpointer data)
{
  int fds[2];
  char byte;
  int status;
  pid_t pid;
  g_autoptr (GPtrArray) rescues = NULL;
  g_autofree char *kept = NULL;
  const FlashLayoutRescue *rescue;

  g_assert_cmpint (pipe (fds), ==, 0);
  pid = start_other (self, fds[1]);
  close (fds[1]);
  g_assert_cmpint (read (fds[0], &byte, 1), ==, 1);
  close (fds[0]);
  g_assert_cmpuint (count (self->folder), ==, 0);
  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);

  rescues = flash_layout_rescue_list (self->folder);
  g_assert_cmpuint (rescues->len, ==, 1);
  rescue = g_ptr_array_index (rescues, 0);
  g_assert_cmpstr (rescue->path, ==, "/a.tsv");
  assert_text (rescue, "unsaved");
  /* taken over */
  kept = write_text (self, rescue->file, rescue->path, "more");
  g_assert_cmpuint (count (self->folder), ==, 1);
  flash_layout_rescue_remove (kept);
}

#define SUM_A "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"

/* What lies in the folder may be anything. */
static void
test_hostile (Fixture *self, gconstpointer data)
{
  static const char *const bad[] = {
    "",
    "flashwright-rescue 1\n",
    "flashwright-rescue 1\n\n",
    "flashwright-rescue 1\n\na",
    "flashwright-rescue 2\nsum " SUM_A "\n\na",
    "flashwright-rescue 1\nsum " SUM_A "\na",
    "flashwright-rescue 1\nsum " SUM_A "\n\nb",
    "flashwright-rescue 1\nsum " SUM_A "\nsum " SUM_A "\n\na",
    "flashwright-rescue 1\ntime 12x\nsum " SUM_A "\n\na",
    "flashwright-rescue 1\ntime -1\nsum " SUM_A "\n\na",
    "flashwright-rescue 1\npath a.tsv\nsum " SUM_A "\n\na",
    "flashwright-rescue 1\npath /%00\nsum " SUM_A "\n\na",
    "flashwright-rescue 1\npath /%zz\nsum " SUM_A "\n\na",
    "flashwright-rescue 1\npath /a\npath /b\nsum " SUM_A "\n\na",
    "flashwright-rescue 1\nother x\nsum " SUM_A "\n\na",
  };
  static const char good[] = "flashwright-rescue 1\nsum " SUM_A "\n\na";
  g_autofree char *link = g_build_filename (self->folder, "rescue-link", NULL);
  g_autofree char *target = g_build_filename (self->dir, "target", NULL);
  g_autofree char *fifo = g_build_filename (self->folder, "rescue-fifo", NULL);
  g_autofree char *sub = g_build_filename (self->folder, "rescue-folder", NULL);

  g_assert_cmpint (g_mkdir_with_parents (self->folder, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *name = g_strdup_printf ("rescue-%u", i);

    flash_test_write_text (self->folder, name, bad[i]);
  }
  flash_test_write_text (self->dir, "target", good);
  g_assert_cmpint (symlink (target, link), ==, 0);
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  g_assert_cmpint (g_mkdir (sub, 0700), ==, 0);
  flash_test_write_text (self->folder, "other", good);
  flash_test_write_sparse (self->folder, "rescue-large", G_GUINT64_CONSTANT (1) << 40);
  g_assert_cmpuint (count (self->folder), ==, 0);

  flash_test_write_text (self->folder, "rescue-good", good);
  g_assert_cmpuint (count (self->folder), ==, 1);
  for (guint i = 0; i < 200; i++) {
    g_autofree char *name = g_strdup_printf ("rescue-many-%u", i);

    flash_test_write_text (self->folder, name, good);
  }
  g_assert_cmpuint (count (self->folder), ==, 100);
}

static void
test_order (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) rescues = NULL;

  flash_test_write_text (self->folder, "rescue-b",
                         "flashwright-rescue 1\ntime 5\nsum " SUM_A "\n\na");
  flash_test_write_text (self->folder, "rescue-a",
                         "flashwright-rescue 1\ntime 7\nsum " SUM_A "\n\na");
  flash_test_write_text (self->folder, "rescue-c",
                         "flashwright-rescue 1\ntime 5\nsum " SUM_A "\n\na");
  rescues = flash_layout_rescue_list (self->folder);
  g_assert_cmpuint (rescues->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const FlashLayoutRescue *rescue = g_ptr_array_index (rescues, i);
    const char last[] = { rescue->file[strlen (rescue->file) - 1], '\0' };

    g_assert_cmpstr (last, ==, i == 0 ? "a" : i == 1 ? "b" : "c");
  }
}

#define DAY_S (24 * 60 * 60)

static void
set_age (Fixture *self, const char *name, gint64 age_s)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  time_t time = (time_t) (g_get_real_time () / G_USEC_PER_SEC - age_s);
  struct timespec times[] = { { .tv_sec = time }, { .tv_sec = time } };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW), ==, 0);
}

/* The folder has its files in any order. */
static void
test_newest (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) rescues = NULL;

  for (guint i = 0; i < 300; i++) {
    g_autofree char *name = g_strdup_printf ("rescue-%u", i);
    g_autofree char *text =
        g_strdup_printf ("flashwright-rescue 1\ntime %u\nsum " SUM_A "\n\na", 1000000 - i);

    flash_test_write_text (self->folder, name, i % 3 == 0 ? "broken" : text);
    set_age (self, name, i * 10);
  }
  rescues = flash_layout_rescue_list (self->folder);
  g_assert_cmpuint (rescues->len, ==, 100);
  for (guint i = 0; i < rescues->len; i++) {
    const FlashLayoutRescue *rescue = g_ptr_array_index (rescues, i);

    /* two of three make sense */
    g_assert_cmpint (rescue->time, ==, 1000000 - (i / 2 * 3 + 1 + i % 2));
  }
}

static gboolean
is_there (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

static void
test_old (Fixture *self, gconstpointer data)
{
  static const struct {
    const char *name;
    guint age_s;
    gboolean is_left;
  } files[] = {
    { "rescue-young", 29 * DAY_S, TRUE },        { "rescue-old", 31 * DAY_S, FALSE },
    { ".flashwright-AbCdEf", 29 * DAY_S, TRUE }, { ".flashwright-GhIjKl", 31 * DAY_S, FALSE },
    { "rescue-locked", 31 * DAY_S, TRUE },       { "other", 31 * DAY_S, TRUE },
  };
  g_autofree char *kept = write_text (self, NULL, NULL, "mine");
  g_autofree char *kept_name = g_path_get_basename (kept);
  g_autofree char *link = g_build_filename (self->folder, "rescue-link", NULL);
  g_autofree char *locked = g_build_filename (self->folder, "rescue-locked", NULL);
  int fd;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    flash_test_write_text (self->folder, files[i].name, "flashwright-rescue 1\nsum " SUM_A "\n\na");
    set_age (self, files[i].name, files[i].age_s);
  }
  g_assert_cmpint (symlink ("other", link), ==, 0);
  set_age (self, "rescue-link", 31 * DAY_S);
  set_age (self, kept_name, 31 * DAY_S);
  fd = open (locked, O_RDONLY | O_CLOEXEC);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (flock (fd, LOCK_EX | LOCK_NB), ==, 0);

  g_assert_cmpuint (count (self->folder), ==, 2); /* the young one and our own */
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_test_message ("%s", files[i].name);
    g_assert_true (is_there (self, files[i].name) == files[i].is_left);
  }
  g_assert_true (is_there (self, "rescue-link"));
  g_assert_true (is_there (self, kept_name));
  /* nobody keeps them any longer */
  close (fd);
  flash_layout_rescue_remove (kept);
  g_assert_cmpuint (count (self->folder), ==, 1);
  g_assert_false (is_there (self, "rescue-locked"));
}

static void
test_no_folder (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a", 1);
  g_autofree char *below = g_build_filename (self->dir, "file", "rescue", NULL);
  g_autoptr (GError) error = NULL;

  flash_test_write_text (self->dir, "file", "x");
  g_assert_null (flash_layout_rescue_write (below, NULL, NULL, NULL, bytes, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_assert_cmpuint (count (below), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/layout/rescue/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/layout/rescue/other-program", Fixture, NULL, set_up, test_other_program, tear_down);
  g_test_add ("/layout/rescue/hostile", Fixture, NULL, set_up, test_hostile, tear_down);
  g_test_add ("/layout/rescue/order", Fixture, NULL, set_up, test_order, tear_down);
  g_test_add ("/layout/rescue/newest", Fixture, NULL, set_up, test_newest, tear_down);
  g_test_add ("/layout/rescue/old", Fixture, NULL, set_up, test_old, tear_down);
  g_test_add ("/layout/rescue/no-folder", Fixture, NULL, set_up, test_no_folder, tear_down);
  return g_test_run ();
}
