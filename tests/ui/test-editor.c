/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The open layout without a window: its checks, its file, and what outlives a crash. */
#define G_LOG_DOMAIN "test-editor"

#include "config.h"

#include "flash-app-test.h"
#include "flash-editor.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

/* The first partition on a storage, in the layout of the harness. */
#define SOME_PARTITION 3

typedef struct {
  char *dir; /* (owned) (type filename): of the layout */
  char *path; /* (owned) (type filename) */
  FlashEditor *editor; /* (owned) */
} Fixture;

static FlashEditor *
open_editor (const char *path)
{
  g_autofree char *stamp = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = flash_layout_store_read (path, &stamp, &error);

  g_assert_no_error (error);
  return flash_editor_new (text, path, stamp);
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->dir = flash_test_make_layout_dir ();
  self->path = g_build_filename (self->dir, "layout.tsv", NULL);
  self->editor = open_editor (self->path);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  gpointer alive = self->editor;

  g_object_add_weak_pointer (G_OBJECT (self->editor), &alive);
  flash_editor_discard (self->editor);
  g_object_unref (self->editor);
  flash_ui_wait_until (alive == NULL);
  flash_test_remove_dir (self->dir);
  g_free (self->dir);
  g_free (self->path);
}

/* Renames a partition. */
static void
edit (FlashEditor *editor, const char *name)
{
  FlashLayoutDocument *document = flash_editor_get_document (editor);
  g_autoptr (FlashLayoutEntry) entry =
      g_list_model_get_item (G_LIST_MODEL (document), SOME_PARTITION);

  g_assert_true (flash_layout_document_set_cell (document, entry, FLASH_LAYOUT_COLUMN_NAME, name));
}

static gboolean
has_row (FlashLoaded *loaded, const char *name)
{
  for (guint i = 0; i < flash_layout_get_n_rows (loaded->layout); i++)
    if (g_strcmp0 (flash_layout_row_get_name (flash_layout_get_row (loaded->layout, i)), name) == 0)
      return TRUE;
  return FALSE;
}

static void
assert_stored (FlashEditor *editor, const char *path)
{
  g_autoptr (GBytes) text = flash_layout_document_dup_text (flash_editor_get_document (editor));
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (contents, length, g_bytes_get_data (text, NULL), g_bytes_get_size (text));
}

static void
on_counted (FlashEditor *editor, guint *out_count)
{
  (*out_count)++;
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **out_result = data;

  *out_result = g_object_ref (result);
}

static FlashLoaded *
flush (FlashEditor *editor, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  flash_editor_flush (editor, cancellable, on_result, &result);
  flash_ui_wait_until (result != NULL);
  return flash_editor_flush_finish (editor, result, error);
}

static gboolean
save (FlashEditor *editor, const char *path, gboolean overwrites, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  flash_editor_save (editor, path, overwrites, NULL, on_result, &result);
  flash_ui_wait_until (result != NULL);
  return flash_editor_save_finish (editor, result, error);
}

/* --- checks --------------------------------------------------------------------------------- */

static void
test_check (Fixture *self, gconstpointer unused)
{
  g_autofree char *title = flash_editor_dup_title (self->editor);
  FlashLoaded *loaded;

  g_assert_null (flash_editor_get_loaded (self->editor));
  g_assert_false (flash_editor_is_checked (self->editor));
  g_assert_false (flash_editor_is_modified (self->editor));
  g_assert_cmpstr (title, ==, "layout.tsv");
  g_assert_cmpstr (flash_editor_get_path (self->editor), ==, self->path);
  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  loaded = flash_editor_get_loaded (self->editor);
  g_assert_nonnull (loaded);
  g_assert_cmpuint (flash_loaded_get_n_errors (loaded), ==, 0);
  g_assert_cmpstr (loaded->path, ==, self->path);
  g_assert_null (loaded->plan);

  /* The same result is the same object: nobody draws it again. */
  flash_editor_check (self->editor);
  g_assert_false (flash_editor_is_checked (self->editor));
  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  g_assert_true (flash_editor_get_loaded (self->editor) == loaded);

  flash_editor_set_device_id (self->editor, 0x505);
  g_assert_false (flash_editor_is_checked (self->editor));
  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  g_assert_cmpuint (flash_editor_get_loaded (self->editor)->device_id, ==, 0x505);
}

/* However much is typed while a check runs, only the latest text is checked after it. */
static void
test_coalesce (Fixture *self, gconstpointer unused)
{
  guint n_edited = 0;
  guint n_checked = 0;

  g_signal_connect (self->editor, "edited", G_CALLBACK (on_counted), &n_edited);
  g_signal_connect (self->editor, "checked", G_CALLBACK (on_counted), &n_checked);
  for (guint i = 0; i < 100; i++) {
    g_autofree char *name = g_strdup_printf ("name%u", i);

    edit (self->editor, name);
  }
  g_assert_cmpuint (n_edited, ==, 100);
  g_assert_true (flash_editor_is_modified (self->editor));
  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  g_assert_cmpuint (n_checked, ==, 2);
  g_assert_true (has_row (flash_editor_get_loaded (self->editor), "name99"));
}

static void
test_flush (Fixture *self, gconstpointer unused)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoaded) loaded = NULL;
  g_autoptr (FlashLoaded) faulty = NULL;

  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  edit (self->editor, "renamed");
  loaded = flush (self->editor, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (has_row (loaded, "renamed"));
  g_assert_nonnull (loaded->plan);

  /* With errors there is nothing to send. */
  g_assert_true (
      flash_layout_document_replace_line (flash_editor_get_document (self->editor), 2, "nonsense"));
  faulty = flush (self->editor, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flash_loaded_get_n_errors (faulty), >, 0);
  g_assert_null (faulty->plan);

  g_cancellable_cancel (cancellable);
  g_assert_null (flush (self->editor, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What the user has not seen is not sent. */
static void
test_flush_changed (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  flash_test_write_text (self->dir, "layout.tsv", "#nothing\n");
  g_assert_null (flush (self->editor, NULL, &error));
  g_assert_error (error, FLASH_LOAD_ERROR, FLASH_LOAD_ERROR_CHANGED);
  flash_ui_wait_until (flash_editor_get_disk (self->editor) == FLASH_EDITOR_DISK_CHANGED);
  /* What is shown is checked nevertheless. */
  flash_ui_wait_until (flash_editor_is_checked (self->editor));
}

static void
test_sizes (Fixture *self, gconstpointer unused)
{
  FlashLoaded *loaded;
  const guint64 *size;

  g_assert_cmpuint (flash_editor_get_storage_size (self->editor, "mmc0"), ==, 0);
  flash_editor_set_storage_size (self->editor, "mmc0", 8 * 1024 * 1024);
  g_assert_cmpuint (flash_editor_get_storage_size (self->editor, "mmc0"), ==, 8 * 1024 * 1024);
  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  loaded = flash_editor_get_loaded (self->editor);
  size = g_hash_table_lookup (loaded->sizes, "mmc0");
  g_assert_cmpuint (*size, ==, 8 * 1024 * 1024);
  g_assert_cmpuint (flash_loaded_get_n_errors (loaded), >, 0);
  flash_editor_set_storage_size (self->editor, "mmc0", 0);
  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  g_assert_cmpuint (flash_loaded_get_n_errors (flash_editor_get_loaded (self->editor)), ==, 0);
}

/* Files that come and go are noticed without anybody asking. */
static void
test_files (Fixture *self, gconstpointer unused)
{
  g_autofree char *image = g_build_filename (self->dir, "rootfs.ext4", NULL);
  g_autofree char *away = g_build_filename (self->dir, "away", NULL);

  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  g_assert_cmpint (g_rename (image, away), ==, 0);
  flash_ui_wait_until (
      flash_diag_list_find (flash_editor_get_loaded (self->editor)->diags, "file-missing") != NULL);
  g_assert_cmpint (g_rename (away, image), ==, 0);
  flash_ui_wait_until (
      flash_diag_list_find (flash_editor_get_loaded (self->editor)->diags, "file-missing") == NULL);
  g_assert_false (flash_editor_is_modified (self->editor));
}

/* --- saving --------------------------------------------------------------------------------- */

static void
test_save (Fixture *self, gconstpointer unused)
{
  g_autofree char *other_path = g_build_filename (self->dir, "other.tsv", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint n_saved = 0;

  g_signal_connect (self->editor, "saved", G_CALLBACK (on_counted), &n_saved);
  edit (self->editor, "first");
  g_assert_true (save (self->editor, NULL, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_saved, ==, 1);
  g_assert_false (flash_editor_is_modified (self->editor));
  assert_stored (self->editor, self->path);
  edit (self->editor, "second");
  g_assert_true (save (self->editor, NULL, FALSE, &error));
  assert_stored (self->editor, self->path);
  g_assert_true (flash_layout_document_undo (flash_editor_get_document (self->editor)));
  g_assert_true (flash_editor_is_modified (self->editor));

  g_assert_true (save (self->editor, other_path, FALSE, &error));
  g_assert_cmpstr (flash_editor_get_path (self->editor), ==, other_path);
  assert_stored (self->editor, other_path);
  g_assert_false (flash_editor_is_modified (self->editor));

  /* One at a time; what is typed meanwhile is not taken for saved. */
  edit (self->editor, "third");
  flash_editor_save (self->editor, NULL, FALSE, NULL, on_result, &result);
  edit (self->editor, "fourth");
  g_assert_false (save (self->editor, NULL, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  flash_ui_wait_until (result != NULL);
  g_assert_true (flash_editor_save_finish (self->editor, result, &error));
  g_assert_true (flash_editor_is_modified (self->editor));
  g_assert_true (flash_layout_document_undo (flash_editor_get_document (self->editor)));
  g_assert_false (flash_editor_is_modified (self->editor));
}

/* A layout that never was a file. */
static void
test_untitled (Fixture *self, gconstpointer unused)
{
  static const char layout[] = "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\ttf-a-sdcard.stm32\n";
  g_autoptr (GBytes) text = g_bytes_new_static (layout, strlen (layout));
  g_autoptr (FlashEditor) editor = flash_editor_new (text, NULL, NULL);
  g_autofree char *title = flash_editor_dup_title (editor);
  g_autofree char *path = g_build_filename (self->dir, "new.tsv", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (title, ==, "Untitled layout");
  g_assert_null (flash_editor_get_path (editor));
  g_assert_true (flash_editor_is_modified (editor));
  flash_ui_wait_until (flash_editor_is_checked (editor));
  g_assert_true (save (editor, path, FALSE, &error));
  g_assert_false (flash_editor_is_modified (editor));
  assert_stored (editor, path);
  flash_ui_wait_until (flash_editor_is_checked (editor));
  g_assert_cmpstr (flash_editor_get_loaded (editor)->path, ==, path);
}

/* Nothing is lost where nothing can be written. */
static void
test_full_disk (Fixture *self, gconstpointer unused)
{
  g_autofree char *nowhere = g_build_filename (self->dir, "nowhere", "layout.tsv", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit limit, small;

  g_assert_true (g_file_get_contents (self->path, &before, NULL, NULL));
  edit (self->editor, "renamed");
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = 16;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false (save (self->editor, NULL, FALSE, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (self->path, &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);
  g_assert_true (flash_editor_is_modified (self->editor));
  g_assert_false (save (self->editor, nowhere, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpstr (flash_editor_get_path (self->editor), ==, self->path);
  g_assert_true (save (self->editor, NULL, FALSE, &error));
  assert_stored (self->editor, self->path);
}

/* --- what others do ------------------------------------------------------------------------- */

static void
test_conflict (Fixture *self, gconstpointer unused)
{
  g_autoptr (FlashEditor) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;

  edit (self->editor, "mine");
  flash_test_write_text (self->dir, "layout.tsv", "#theirs\n");
  g_assert_false (save (self->editor, NULL, FALSE, &error));
  g_assert_error (error, FLASH_LAYOUT_STORE_ERROR, FLASH_LAYOUT_STORE_ERROR_CHANGED);
  g_clear_error (&error);
  g_assert_true (g_file_get_contents (self->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "#theirs\n");
  flash_ui_wait_until (flash_editor_get_disk (self->editor) == FLASH_EDITOR_DISK_CHANGED);

  other = flash_editor_new_of_other (self->editor);
  g_assert_false (flash_editor_is_modified (other));
  assert_stored (other, self->path);
  g_assert_true (flash_editor_is_modified (self->editor));

  flash_editor_keep_mine (self->editor);
  g_assert_cmpint (flash_editor_get_disk (self->editor), ==, FLASH_EDITOR_DISK_SAME);
  g_assert_null (flash_editor_new_of_other (self->editor));
  g_assert_true (flash_editor_is_modified (self->editor));
  g_assert_true (save (self->editor, NULL, FALSE, &error));
  assert_stored (self->editor, self->path);
}

static void
test_changed_back (Fixture *self, gconstpointer unused)
{
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (self->path, &contents, NULL, NULL));
  flash_test_write_text (self->dir, "layout.tsv", "#theirs\n");
  flash_ui_wait_until (flash_editor_get_disk (self->editor) == FLASH_EDITOR_DISK_CHANGED);
  flash_test_write_text (self->dir, "layout.tsv", contents);
  flash_ui_wait_until (flash_editor_get_disk (self->editor) == FLASH_EDITOR_DISK_SAME);
  g_assert_false (flash_editor_is_modified (self->editor));
}

static void
test_gone (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_unlink (self->path), ==, 0);
  flash_ui_wait_until (flash_editor_get_disk (self->editor) == FLASH_EDITOR_DISK_GONE);
  g_assert_true (flash_editor_is_modified (self->editor));
  g_assert_null (flash_editor_new_of_other (self->editor));
  g_assert_false (save (self->editor, NULL, FALSE, &error));
  g_assert_error (error, FLASH_LAYOUT_STORE_ERROR, FLASH_LAYOUT_STORE_ERROR_GONE);
  g_clear_error (&error);
  flash_editor_keep_mine (self->editor);
  g_assert_true (flash_editor_is_modified (self->editor));
  g_assert_true (save (self->editor, NULL, FALSE, &error));
  assert_stored (self->editor, self->path);
  g_assert_cmpint (flash_editor_get_disk (self->editor), ==, FLASH_EDITOR_DISK_SAME);
}

/* --- rescue --------------------------------------------------------------------------------- */

static void
test_rescue (Fixture *self, gconstpointer unused)
{
  FlashLayoutDocument *document = flash_editor_get_document (self->editor);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (flash_app_count_rescues (), ==, 0);
  edit (self->editor, "mine");
  flash_ui_wait_until (flash_app_count_rescues () == 1);
  g_assert_true (flash_layout_document_undo (document));
  flash_ui_wait_until (flash_app_count_rescues () == 0);
  g_assert_true (flash_layout_document_redo (document));
  flash_ui_wait_until (flash_app_count_rescues () == 1);
  g_assert_true (save (self->editor, NULL, FALSE, &error));
  flash_ui_wait_until (flash_app_count_rescues () == 0);
  edit (self->editor, "yours");
  flash_ui_wait_until (flash_app_count_rescues () == 1);
  flash_editor_discard (self->editor);
  flash_ui_wait_until (flash_app_count_rescues () == 0);
}

/* In a program of its own, which is killed. */
static void
test_crash (Fixture *self, gconstpointer unused)
{
  g_autofree char *folder = flash_editor_dup_rescue_folder ();
  g_autoptr (GPtrArray) rescues = NULL;
  g_autoptr (FlashEditor) restored = NULL;
  g_autofree char *contents = NULL;
  FlashLayoutRescue *rescue;

  if (g_test_subprocess ()) {
    edit (self->editor, "unsaved");
    flash_ui_wait_until (flash_app_count_rescues () == 1);
    raise (SIGKILL);
  }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  rescues = flash_layout_rescue_list (folder);
  g_assert_cmpuint (rescues->len, ==, 1);
  rescue = g_ptr_array_index (rescues, 0);
  g_assert_true (g_str_has_suffix (rescue->path, "layout.tsv"));

  restored = flash_editor_new_restored (rescue);
  g_assert_true (flash_editor_is_modified (restored));
  g_assert_cmpstr (flash_editor_get_path (restored), ==, rescue->path);
  flash_ui_wait_until (flash_editor_is_checked (restored));
  g_assert_true (has_row (flash_editor_get_loaded (restored), "unsaved"));
  /* Nobody has changed the file since. */
  flash_ui_run_for (50);
  g_assert_cmpint (flash_editor_get_disk (restored), ==, FLASH_EDITOR_DISK_SAME);
  g_assert_true (g_file_get_contents (rescue->path, &contents, NULL, NULL));
  g_assert_null (strstr (contents, "unsaved"));
  g_assert_true (save (restored, NULL, FALSE, NULL));
  assert_stored (restored, rescue->path);
  flash_ui_wait_until (flash_app_count_rescues () == 0);
  g_clear_pointer (&contents, g_free);
  contents = g_path_get_dirname (rescue->path);
  flash_test_remove_dir (contents);
}

#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  ADD ("/editor/check", test_check);
  ADD ("/editor/coalesce", test_coalesce);
  ADD ("/editor/flush", test_flush);
  ADD ("/editor/flush-changed", test_flush_changed);
  ADD ("/editor/sizes", test_sizes);
  ADD ("/editor/files", test_files);
  ADD ("/editor/save", test_save);
  ADD ("/editor/untitled", test_untitled);
  ADD ("/editor/full-disk", test_full_disk);
  ADD ("/editor/conflict", test_conflict);
  ADD ("/editor/changed-back", test_changed_back);
  ADD ("/editor/gone", test_gone);
  ADD ("/editor/rescue", test_rescue);
  ADD ("/editor/crash", test_crash);
  return g_test_run ();
}
