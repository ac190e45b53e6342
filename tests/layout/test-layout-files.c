/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is remembered of files: read once, and again when they change. */
#define G_LOG_DOMAIN "test-layout-files"

#include "config.h"

#include "flash-layout-files-private.h"
#include "flash-layout-test.h"
#include "flash-test-images.h"

#include <glib/gstdio.h>

/* A file that nobody has touched for a while. */
static char *
dup_old_path (void)
{
  return g_test_build_filename (G_TEST_DIST, "data", "layout", "emmc.tsv", NULL);
}

static FlashLayoutFile *
look (FlashLayoutFiles *files, const char *path)
{
  g_autoptr (GError) error = NULL;
  FlashLayoutFile *file = flash_layout_files_look (files, path, NULL, &error);

  g_assert_no_error (error);
  return file;
}

/* Files count as settled some seconds after they were written. */
static FlashLayoutFile *
look_until_known (FlashLayoutFiles *files, const char *path)
{
  for (;;) {
    guint n_read = flash_layout_files_get_n_read (files);
    g_autoptr (FlashLayoutFile) file = look (files, path);

    if (flash_layout_files_get_n_read (files) == n_read)
      return g_steal_pointer (&file);
    g_thread_yield ();
  }
}

static void
test_once (void)
{
  g_autofree char *path = dup_old_path ();
  g_autoptr (FlashLayoutFiles) files = flash_layout_files_new ();
  g_autoptr (FlashLayoutFiles) again = flash_layout_files_ref (files);
  g_autoptr (FlashLayoutFile) first = look (files, path);
  g_autoptr (FlashLayoutFile) second = look (again, path);
  g_autoptr (FlashLayoutFile) unknown = look (NULL, path);

  g_assert_true (first == second);
  g_assert_true (unknown != first);
  g_assert_cmpuint (unknown->size, ==, first->size);
  g_assert_cmpuint (flash_layout_files_get_n_read (files), ==, 1);
}

/* It stays whole for those who have it when the memory of it goes. */
static void
test_outlives (void)
{
  g_autofree char *path = dup_old_path ();
  FlashLayoutFiles *files = flash_layout_files_new ();
  g_autoptr (FlashLayoutFile) file = look (files, path);

  flash_layout_files_unref (files);
  g_assert_cmpuint (file->size, >, 0);
  g_assert_cmpuint (flash_diag_list_get_length (file->findings), ==, 0);
}

static void
test_changes (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "a.bin", NULL);
  g_autofree char *other = g_build_filename (dir, "b.bin", NULL);
  g_autoptr (FlashLayoutFiles) files = flash_layout_files_new ();
  g_autoptr (FlashLayoutFile) first = NULL;
  g_autoptr (FlashLayoutFile) larger = NULL;
  g_autoptr (FlashLayoutFile) replaced = NULL;
  g_autoptr (FlashLayoutFile) gone = NULL;
  guint n_read;

  flash_test_write_text (dir, "a.bin", "1234");
  flash_test_write_text (dir, "b.bin", "UBI#");
  first = look_until_known (files, path);
  n_read = flash_layout_files_get_n_read (files);

  flash_test_write_text (dir, "a.bin", "12345");
  larger = look (files, path);
  g_assert_cmpuint (larger->size, ==, 5);
  g_assert_cmpuint (flash_layout_files_get_n_read (files), ==, n_read + 1);

  /* another file of the same name and size as the first */
  g_assert_cmpint (g_rename (other, path), ==, 0);
  replaced = look (files, path);
  g_assert_true (replaced != first);
  g_assert_cmpint (replaced->content.kind, ==, FLASH_CONTENT_UBI);

  g_assert_cmpint (g_unlink (path), ==, 0);
  gone = look (files, path);
  g_assert_error (gone->error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  flash_test_remove_dir (dir);
}

/* The same time and size, but written again: not trusted before it is old enough. */
static void
test_fresh (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *path = g_build_filename (dir, "a.bin", NULL);
  g_autoptr (FlashLayoutFiles) files = flash_layout_files_new ();

  for (guint i = 0; i < 3; i++) {
    g_autoptr (FlashLayoutFile) file = NULL;

    flash_test_write_text (dir, "a.bin", i % 2 == 0 ? "UBI#" : "none");
    file = look (files, path);
    g_assert_cmpint (file->content.kind == FLASH_CONTENT_UBI, ==, i % 2 == 0);
    g_assert_cmpuint (flash_layout_files_get_n_read (files), ==, i + 1);
  }
  flash_test_remove_dir (dir);
}

/* Why a file cannot be read may change without it. */
static void
test_errors (void)
{
  g_autofree char *dir = flash_test_make_dir ();
  g_autoptr (FlashLayoutFiles) files = flash_layout_files_new ();

  for (guint i = 0; i < 2; i++) {
    g_autoptr (FlashLayoutFile) file = look (files, "/dev/null");

    g_assert_error (file->error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  }
  g_assert_cmpuint (flash_layout_files_get_n_read (files), ==, 2);
  flash_test_remove_dir (dir);
}

static void
test_cancel (void)
{
  g_autofree char *path = dup_old_path ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (FlashLayoutFiles) files = flash_layout_files_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (flash_layout_files_look (files, path, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (flash_layout_files_get_n_read (files), ==, 0);
}

/* As the checks use it: each file once, however often its name is typed. */
static void
test_lint (void)
{
  g_autofree char *path = dup_old_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (FlashLayoutFiles) files = flash_layout_files_new ();
  FlashLayoutLintOptions options = { .files = files };
  static const char lines[] = ROW ("P", "0x20", "a", "Binary", "mmc0", "0x4400", "emmc.tsv")
      ROW ("P", "0x21", "b", "Binary", "mmc0", "0x84400", "./nand.tsv");

  for (guint i = 0; i < 3; i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = NULL;
    g_autoptr (GBytes) text = g_bytes_new_static (lines, strlen (lines));

    layout = flash_layout_new_from_bytes (text, folder, diags);
    g_assert_true (flash_layout_lint (layout, &options, diags, NULL, NULL));
    g_assert_cmpuint (flash_diag_list_count (diags, FLASH_SEVERITY_ERROR), ==, 0);
    g_assert_cmpuint (flash_layout_files_get_n_read (files), ==, 2);
  }
}

static gpointer
look_often (gpointer data)
{
  g_autofree char *path = dup_old_path ();
  guint n_right = 0;

  for (guint i = 0; i < 500; i++) {
    g_autoptr (FlashLayoutFile) file = look (data, path);

    n_right += file->size > 0;
  }
  return GUINT_TO_POINTER (n_right);
}

static void
look_in_thread (GTask *task, gpointer source, gpointer files, GCancellable *cancellable)
{
  g_task_return_pointer (task, look_often (files), NULL);
}

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  guint *n_done = data;

  g_assert_cmpuint (GPOINTER_TO_UINT (g_task_propagate_pointer (G_TASK (result), NULL)), ==, 500);
  (*n_done)++;
}

static void
test_threads (void)
{
  g_autoptr (FlashLayoutFiles) files = flash_layout_files_new ();
  guint n_done = 0;

  for (guint i = 0; i < 4; i++) {
    g_autoptr (GTask) task = g_task_new (NULL, NULL, on_looked, &n_done);

    g_task_set_task_data (task, files, NULL);
    g_task_run_in_thread (task, look_in_thread);
  }
  while (n_done < 4)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (flash_layout_files_get_n_read (files), <=, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/files/once", test_once);
  g_test_add_func ("/layout/files/outlives", test_outlives);
  g_test_add_func ("/layout/files/changes", test_changes);
  g_test_add_func ("/layout/files/fresh", test_fresh);
  g_test_add_func ("/layout/files/errors", test_errors);
  g_test_add_func ("/layout/files/cancel", test_cancel);
  g_test_add_func ("/layout/files/lint", test_lint);
  g_test_add_func ("/layout/files/threads", test_threads);
  return g_test_run ();
}
