/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must not be lost: unsaved changes when the window closes, when another program writes the
 * file, when nothing can be written, and after a crash. */
#define G_LOG_DOMAIN "test-unsaved"

#include "config.h"

#include "flash-app-test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>

static FlashEditor *
get_editor (FlashAppFixture *fixture)
{
  return flash_window_get_editor (fixture->window);
}

static GtkWidget *
find (FlashAppFixture *fixture, GType type, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (fixture->window), type, text);
}

static void
tear_down (FlashAppFixture *fixture, gconstpointer unused)
{
  if (fixture->window != NULL && get_editor (fixture) != NULL)
    flash_editor_discard (get_editor (fixture));
  flash_ui_wait_until (flash_app_count_rescues () == 0);
  flash_app_fixture_tear_down (fixture, unused);
}

static const char *
get_title (FlashAppFixture *fixture)
{
  return adw_window_title_get_title (ADW_WINDOW_TITLE (flash_app_get (fixture, "title")));
}

/* --- leaving -------------------------------------------------------------------------------- */

static void
test_close (FlashAppFixture *fixture, gconstpointer unused)
{
  gpointer alive = fixture->window;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  flash_ui_wait_until (flash_app_count_rescues () == 1);
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_app_answer_to ("Save changes to “layout.tsv”?", "cancel");
  g_assert_true (flash_app_is_modified (fixture));

  g_object_add_weak_pointer (G_OBJECT (fixture->window), &alive);
  g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), "quit", NULL);
  flash_app_answer_to ("Save changes to “layout.tsv”?", "discard");
  flash_ui_wait_until (alive == NULL);
  fixture->window = NULL;
  g_assert_false (flash_app_file_has (fixture, "layout.tsv", "system"));
  flash_ui_wait_until (flash_app_count_rescues () == 0);
}

/* Who stays after all has not asked for the end of the next job. */
static void
test_close_job (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=500");
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  flash_app_wait_for_check (fixture);
  flash_app_start (fixture);
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_app_answer_to ("Close while the board is being flashed?", "stop");
  flash_app_answer_to ("Save changes to “layout.tsv”?", "cancel");
  g_assert_true (flash_app_is_page (fixture, "result"));
  flash_app_activate (fixture, "win.back");
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  flash_app_start (fixture);
  flash_app_activate (fixture, "win.stop");
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_null (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG));
}

/* Who stays after all is back at what is open, and nothing has begun behind the question. */
static void
test_close_preparing (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=1");
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  flash_app_wait_for_check (fixture);
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  g_signal_emit_by_name (flash_app_get (fixture, "flash_button"), "clicked");
  g_assert_true (flash_app_is_page (fixture, "prepare"));
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_app_answer_to ("Save changes to “layout.tsv”?", "cancel");
  g_assert_true (flash_app_is_page (fixture, "layout"));
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
}

static void
test_close_saving (FlashAppFixture *fixture, gconstpointer unused)
{
  gpointer alive = fixture->window;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  g_object_add_weak_pointer (G_OBJECT (fixture->window), &alive);
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_app_answer_to ("Save changes to “layout.tsv”?", "save");
  flash_ui_wait_until (alive == NULL);
  fixture->window = NULL;
  g_assert_true (flash_app_file_has (fixture, "layout.tsv", "system"));
}

/* Another layout asks only once it is certain that it can be shown. */
static void
test_open_other (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *original = flash_app_dup_file (fixture, "layout.tsv");
  g_autofree char *other_path = g_build_filename (fixture->layout_dir, "other.tsv", NULL);
  g_autoptr (GFile) other = g_file_new_for_path (other_path);

  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  flash_window_open (fixture->window, other);
  flash_ui_wait_until (find (fixture, GTK_TYPE_LABEL,
                             "“other.tsv” does not exist. It may have been moved or renamed.") !=
                       NULL);
  g_assert_null (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG));

  flash_test_write_text (fixture->layout_dir, "other.tsv", original);
  flash_window_open (fixture->window, other);
  flash_app_answer_to ("Save changes to “layout.tsv”?", "cancel");
  g_assert_cmpstr (get_title (fixture), ==, "• layout.tsv");
  flash_window_open (fixture->window, other);
  flash_app_answer_to ("Save changes to “layout.tsv”?", "save");
  flash_ui_wait_until (g_str_equal (get_title (fixture), "other.tsv"));
  g_assert_true (flash_app_file_has (fixture, "layout.tsv", "system"));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
}

/* --- what others do ------------------------------------------------------------------------- */

static void
test_changed (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *original = flash_app_dup_file (fixture, "layout.tsv");
  g_autofree char *longer = g_strconcat (original, "#theirs\n", NULL);

  flash_app_open (fixture, fixture->layout_path);
  flash_test_write_text (fixture->layout_dir, "layout.tsv", longer);
  flash_ui_wait_until (
      find (fixture, GTK_TYPE_LABEL,
            "“layout.tsv” was changed by another program, and has been read again.") != NULL);
  g_assert_false (flash_app_is_modified (fixture));
  g_assert_false (flash_app_has (fixture, "disk_bar"));

  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  flash_test_write_text (fixture->layout_dir, "layout.tsv", original);
  flash_ui_wait_until (flash_app_has (fixture, "disk_bar"));
  g_assert_nonnull (find (fixture, GTK_TYPE_LABEL, "“layout.tsv” was changed by another program."));
  flash_app_activate (fixture, "win.load-other");
  flash_ui_wait_until (flash_app_find_entry (fixture, "rootfs") != NULL);
  g_assert_false (flash_app_is_modified (fixture));
  g_assert_false (flash_app_has (fixture, "disk_bar"));
  flash_app_activate (fixture, "win.bring-back");
  flash_ui_wait_until (flash_app_find_entry (fixture, "system") != NULL);
  g_assert_true (flash_app_is_modified (fixture));
  g_assert_false (flash_app_has (fixture, "disk_bar"));

  flash_test_write_text (fixture->layout_dir, "layout.tsv", longer);
  flash_ui_wait_until (flash_app_has (fixture, "disk_bar"));
  flash_app_activate (fixture, "win.keep-mine");
  g_assert_false (flash_app_has (fixture, "disk_bar"));
  flash_app_activate (fixture, "win.save");
  flash_ui_wait_until (!flash_app_is_modified (fixture));
  g_assert_true (flash_app_file_has (fixture, "layout.tsv", "system"));
}

/* Noticed only when it is saved. */
static void
test_changed_at_save (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  flash_test_write_text (fixture->layout_dir, "layout.tsv", "#theirs\n");
  flash_app_activate (fixture, "win.save");
  flash_app_answer_to ("“layout.tsv” was changed by another program", "cancel");
  g_assert_true (flash_app_file_has (fixture, "layout.tsv", "#theirs"));
  flash_app_activate (fixture, "win.save");
  flash_app_answer_to ("“layout.tsv” was changed by another program", "again");
  flash_ui_wait_until (!flash_app_is_modified (fixture));
  g_assert_true (flash_app_file_has (fixture, "layout.tsv", "system"));
}

static void
test_gone (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  g_assert_cmpint (g_unlink (fixture->layout_path), ==, 0);
  flash_ui_wait_until (flash_app_has (fixture, "disk_bar"));
  g_assert_nonnull (find (fixture, GTK_TYPE_LABEL, "“layout.tsv” is no longer there."));
  g_assert_true (flash_app_is_modified (fixture));
  flash_app_activate (fixture, "win.save");
  flash_app_answer_to ("“layout.tsv” is no longer there", "again");
  flash_ui_wait_until (!flash_app_is_modified (fixture));
  g_assert_true (g_file_test (fixture->layout_path, G_FILE_TEST_EXISTS));
  flash_ui_wait_until (!flash_app_has (fixture, "disk_bar"));
}

/* A binary that is removed is an error at once, and none once it is back. */
static void
test_removed_binary (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *image = g_build_filename (fixture->layout_dir, "rootfs.ext4", NULL);
  g_autofree char *away = g_build_filename (fixture->layout_dir, "away", NULL);

  flash_app_choose_board (fixture, NULL);
  flash_app_open (fixture, fixture->layout_path);
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  g_assert_cmpint (g_rename (image, away), ==, 0);
  flash_ui_wait_until (!gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  g_assert_cmpstr (flash_app_get_text (fixture, "note_label"), ==,
                   "1 error must be corrected before this can be flashed.");
  g_assert_cmpint (g_rename (away, image), ==, 0);
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
}

static void
test_full_disk (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *before = flash_app_dup_file (fixture, "layout.tsv");
  g_autofree char *after = NULL;
  struct rlimit limit, small;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  /* It would be cut short as well. */
  flash_app_wait_for_recent (fixture->layout_path);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = limit;
  small.rlim_cur = 16;
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  flash_app_activate (fixture, "win.save");
  flash_app_wait_for_question ();
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  flash_app_answer_to ("“layout.tsv” could not be saved", "cancel");
  after = flash_app_dup_file (fixture, "layout.tsv");
  g_assert_cmpstr (before, ==, after);
  g_assert_true (flash_app_is_modified (fixture));
  flash_ui_wait_until (flash_app_count_rescues () == 1);
  flash_app_activate (fixture, "win.save");
  flash_ui_wait_until (!flash_app_is_modified (fixture));
}

/* --- after a crash -------------------------------------------------------------------------- */

static void
leave_rescue (FlashAppFixture *fixture)
{
  g_autofree char *folder = flash_editor_dup_rescue_folder ();
  g_autofree char *file = NULL;
  g_autofree char *stamp = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = flash_layout_store_read (fixture->layout_path, &stamp, &error);
  g_autoptr (GByteArray) unsaved = g_byte_array_new ();
  g_autoptr (GBytes) unsaved_text = NULL;

  g_assert_no_error (error);
  g_byte_array_append (unsaved, g_bytes_get_data (text, NULL), (guint) g_bytes_get_size (text));
  g_byte_array_append (unsaved, (const guint8 *) "#unsaved\n", strlen ("#unsaved\n"));
  unsaved_text = g_byte_array_free_to_bytes (g_steal_pointer (&unsaved));
  file =
      flash_layout_rescue_write (folder, NULL, fixture->layout_path, stamp, unsaved_text, &error);
  g_assert_no_error (error);
}

/* Returns: (transfer none): a part of the bar that offers. */
static GtkWidget *
in_bar (FlashAppFixture *fixture, const char *id)
{
  return flash_ui_find_named (flash_app_get (fixture, "rescue_bar"), id);
}

static void
test_restore (FlashAppFixture *fixture, gconstpointer unused)
{
  leave_rescue (fixture);
  flash_window_offer_rescues (fixture->window);
  flash_ui_wait_until (flash_app_has (fixture, "rescue_bar"));
  g_assert_true (g_str_has_prefix (gtk_label_get_text (GTK_LABEL (in_bar (fixture, "title_label"))),
                                   "Unsaved changes of “layout.tsv” from "));
  g_signal_emit_by_name (in_bar (fixture, "second_button"), "clicked");
  flash_ui_wait_until (flash_app_is_page (fixture, "layout"));
  g_assert_false (flash_app_has (fixture, "rescue_bar"));
  g_assert_cmpstr (get_title (fixture), ==, "• layout.tsv");
  flash_app_activate (fixture, "win.save");
  flash_ui_wait_until (!flash_app_is_modified (fixture));
  g_assert_true (flash_app_file_has (fixture, "layout.tsv", "#unsaved"));
  flash_ui_wait_until (flash_app_count_rescues () == 0);
}

static void
test_discard_rescue (FlashAppFixture *fixture, gconstpointer unused)
{
  leave_rescue (fixture);
  flash_window_offer_rescues (fixture->window);
  flash_ui_wait_until (flash_app_has (fixture, "rescue_bar"));
  g_signal_emit_by_name (in_bar (fixture, "first_button"), "clicked");
  flash_ui_wait_until (flash_app_count_rescues () == 0);
  g_assert_false (flash_app_has (fixture, "rescue_bar"));
  g_assert_true (flash_app_is_page (fixture, "welcome"));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/unsaved/close", test_close);
  ADD ("/unsaved/close-job", test_close_job);
  ADD ("/unsaved/close-preparing", test_close_preparing);
  ADD ("/unsaved/close-saving", test_close_saving);
  ADD ("/unsaved/open-other", test_open_other);
  ADD ("/unsaved/changed", test_changed);
  ADD ("/unsaved/changed-at-save", test_changed_at_save);
  ADD ("/unsaved/gone", test_gone);
  ADD ("/unsaved/removed-binary", test_removed_binary);
  ADD ("/unsaved/full-disk", test_full_disk);
  ADD ("/unsaved/restore", test_restore);
  ADD ("/unsaved/discard-rescue", test_discard_rescue);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
