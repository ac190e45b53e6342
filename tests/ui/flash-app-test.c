/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-app-test"

#include "config.h"

#include "flash-app-test.h"

#include "flash-source.h"

#include <libintl.h>
#include <locale.h>

FlashAppTest flash_app_test;

static void
add_usb (FlashBoardList *boards)
{
  flash_board_list_add_provider (boards, FLASH_PROVIDER (flash_app_test.usb));
  flash_board_list_set_neighbours (boards, flash_app_usb_get_neighbours (flash_app_test.usb));
}

void
flash_app_test_init (int *argc, char ***argv)
{
  const char *locale_dir = g_getenv ("FLASH_TEST_LOCALE_DIR");
  g_autoptr (GError) error = NULL;

  gtk_test_init (argc, argv, NULL);
  if (locale_dir != NULL) {
    /* gtk_test_init () has put it aside. */
    setlocale (LC_ALL, "");
    bindtextdomain (GETTEXT_PACKAGE, locale_dir);
    bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
    textdomain (GETTEXT_PACKAGE);
  }
  /* GtkApplication looks for a session manager once, at its start. */
  flash_app_test.notifications = flash_mock_bus_new_notifications ();
  flash_app_test.session_manager = flash_mock_bus_new_session_manager ();
  flash_app_test.usb = flash_app_usb_new ();
  flash_app_test.application = flash_application_new (
      flash_app_test.add_real_boards != NULL ? flash_app_test.add_real_boards : add_usb);
  /* What is said must not depend on the computer on which the tests run. */
  flash_app_test.root = flash_test_make_dir ();
  flash_application_set_root (flash_app_test.application, flash_app_test.root);
  g_application_register (G_APPLICATION (flash_app_test.application), NULL, &error);
  g_assert_no_error (error);
}

void
flash_app_test_shut_down (void)
{
  g_application_quit (G_APPLICATION (flash_app_test.application));
  g_clear_object (&flash_app_test.application);
  g_clear_object (&flash_app_test.usb);
  flash_test_remove_dir (flash_app_test.root);
  g_clear_pointer (&flash_app_test.root, g_free);
  flash_mock_bus_free (flash_app_test.notifications);
  flash_mock_bus_free (flash_app_test.session_manager);
}

/* The boards are listed once the window was drawn; a narrow window hides them. */
static gboolean
has_boards (GtkWidget *window)
{
  GtkWidget *flap = flash_ui_find_named (window, "flap");

  return (flap != NULL && !adw_flap_get_reveal_flap (ADW_FLAP (flap))) ||
         flash_ui_find_named (window, "empty_box") != NULL ||
         flash_ui_find_named (window, "stage_label") != NULL;
}

void
flash_app_fixture_set_up (FlashAppFixture *self, gconstpointer unused)
{
  self->layout_dir = flash_test_make_layout_dir ();
  self->layout_path = g_build_filename (self->layout_dir, "layout.tsv", NULL);
  self->storage_dir = flash_test_make_dir ();
  self->window = flash_window_new (flash_app_test.application);
  gtk_window_present (GTK_WINDOW (self->window));
  flash_ui_wait_until (gtk_widget_get_mapped (GTK_WIDGET (self->window)));
  flash_ui_wait_until (has_boards (GTK_WIDGET (self->window)));
  if (flash_ui_has_input ())
    flash_ui_focus (GTK_WIDGET (self->window));
}

void
flash_app_fixture_tear_down (FlashAppFixture *self, gconstpointer unused)
{
  gpointer alive = self->window;

  if (self->window != NULL) {
    g_object_add_weak_pointer (G_OBJECT (self->window), &alive);
    gtk_window_destroy (GTK_WINDOW (self->window));
    flash_ui_wait_until (alive == NULL);
  }
  flash_app_usb_take_all (flash_app_test.usb);
  flash_test_remove_dir (self->layout_dir);
  flash_test_remove_dir (self->storage_dir);
  g_free (self->layout_dir);
  g_free (self->layout_path);
  g_free (self->storage_dir);
}

void
flash_app_open (FlashAppFixture *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  flash_window_open (self->window, file);
  flash_ui_wait_until (flash_app_is_page (self, "layout") && !flash_app_has (self, "spinner"));
  flash_app_wait_for_check (self);
  flash_ui_settle (GTK_WIDGET (self->window), 30);
}

FlashLayoutEntry *
flash_app_find_entry (FlashAppFixture *self, const char *name)
{
  FlashLayoutDocument *document =
      flash_editor_get_document (flash_window_get_editor (self->window));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (document)); i++) {
    g_autoptr (FlashLayoutEntry) entry = g_list_model_get_item (G_LIST_MODEL (document), i);

    if (g_str_equal (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_NAME), name))
      return flash_layout_document_find_line (document, flash_layout_entry_get_number (entry));
  }
  return NULL;
}

void
flash_app_wait_for_check (FlashAppFixture *self)
{
  FlashEditor *editor = flash_window_get_editor (self->window);

  flash_ui_wait_until (editor == NULL || flash_editor_is_checked (editor));
}

static gboolean
is_recent (const char *path)
{
  g_autofree char *list = g_build_filename (g_get_user_data_dir (), "recently-used.xbel", NULL);
  g_autofree char *uri = g_filename_to_uri (path, NULL, NULL);
  g_autofree char *contents = NULL;

  return g_file_get_contents (list, &contents, NULL, NULL) && strstr (contents, uri) != NULL;
}

void
flash_app_wait_for_recent (const char *path)
{
  flash_ui_wait_until (is_recent (path));
}

static FlashBoardRow *
find_row (GtkWidget *root, const char *port)
{
  if (FLASH_IS_BOARD_ROW (root) &&
      g_str_equal (port, flash_board_get_port (flash_board_entry_get_board (
                             flash_board_row_get_entry (FLASH_BOARD_ROW (root))))))
    return FLASH_BOARD_ROW (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    FlashBoardRow *found = find_row (child, port);

    if (found != NULL)
      return found;
  }
  return NULL;
}

FlashBoardRow *
flash_app_find_row (FlashAppFixture *self, const char *port)
{
  return find_row (GTK_WIDGET (self->window), port);
}

gboolean
flash_app_row_says (FlashAppFixture *self, const char *port, const char *text)
{
  FlashBoardRow *row = flash_app_find_row (self, port);

  return row != NULL && flash_ui_find_widget (GTK_WIDGET (row), GTK_TYPE_LABEL, text) != NULL;
}

FlashBoardEntry *
flash_app_choose_port (FlashAppFixture *self, const char *port)
{
  FlashBoardRow *row = flash_app_find_row (self, port);

  g_assert_nonnull (row);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-boards", NULL);
  gtk_list_box_select_row (GTK_LIST_BOX (gtk_widget_get_parent (GTK_WIDGET (row))),
                           GTK_LIST_BOX_ROW (row));
  flash_ui_wait_until (!flash_app_has (self, "spinner"));
  flash_app_wait_for_check (self);
  return flash_board_row_get_entry (row);
}

FlashBoardEntry *
flash_app_choose_board (FlashAppFixture *self, const char *keys)
{
  g_autofree char *id = g_strdup_printf ("virtual:stm32mp157,storage=%s%s%s", self->storage_dir,
                                         keys != NULL ? "," : "", keys != NULL ? keys : "");
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBoard) board = flash_provider_find (
      flash_application_get_virtual_provider (flash_app_test.application), id, &error);

  g_assert_no_error (error);
  flash_ui_wait_until (flash_app_find_row (self, flash_board_get_port (board)) != NULL);
  return flash_app_choose_port (self, flash_board_get_port (board));
}

GtkWidget *
flash_app_get (FlashAppFixture *self, const char *id)
{
  GtkWidget *widget = flash_ui_find_named (GTK_WIDGET (self->window), id);

  if (widget == NULL)
    g_test_message ("there is no “%s” on the screen", id);
  g_assert_nonnull (widget);
  return widget;
}

gboolean
flash_app_has (FlashAppFixture *self, const char *id)
{
  return flash_ui_find_named (GTK_WIDGET (self->window), id) != NULL;
}

const char *
flash_app_get_text (FlashAppFixture *self, const char *id)
{
  return gtk_label_get_text (GTK_LABEL (flash_app_get (self, id)));
}

gboolean
flash_app_says (FlashAppFixture *self, const char *id, const char *prefix)
{
  g_autofree char *text = NULL;

  if (!flash_app_has (self, id))
    return FALSE;
  text = flash_ui_dup_english (flash_app_get_text (self, id));
  return g_str_has_prefix (text, prefix);
}

void
flash_app_press (FlashAppFixture *self, const char *id)
{
  GtkWidget *widget = flash_app_get (self, id);

  g_assert_true (gtk_widget_is_sensitive (widget));
  if (flash_ui_has_input ()) {
    flash_ui_settle (GTK_WIDGET (self->window), 30);
    flash_ui_click (widget);
  } else {
    g_signal_emit_by_name (widget, "clicked");
  }
}

gboolean
flash_app_is_page (FlashAppFixture *self, const char *page)
{
  GtkStack *stack = GTK_STACK (flash_app_get (self, "stack"));

  return g_strcmp0 (gtk_stack_get_visible_child_name (stack), page) == 0;
}

void
flash_app_start (FlashAppFixture *self)
{
  flash_app_press (self, "flash_button");
  flash_ui_wait_until (flash_app_is_page (self, "job"));
}

const char *
flash_app_get_fact (FlashAppFixture *self, const char *id)
{
  return adw_action_row_get_subtitle (ADW_ACTION_ROW (flash_app_get (self, id)));
}

void
flash_app_wait_for_result (FlashAppFixture *self)
{
  flash_ui_wait_until (flash_app_is_page (self, "result"));
}

GtkWidget *
flash_app_wait_for_question (void)
{
  flash_ui_wait_until (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  return flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG);
}

void
flash_app_answer (const char *response)
{
  GtkWidget *dialog = g_object_ref (flash_app_wait_for_question ());
  gpointer alive = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &alive);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  /* Closing it would be an answer of its own. */
  gtk_window_destroy (GTK_WINDOW (dialog));
  g_object_unref (dialog);
  flash_ui_wait_until (alive == NULL);
}

void
flash_app_assert_stored (FlashAppFixture *self, const char *memory, guint64 offset,
                         const char *image)
{
  g_autofree char *memory_path = g_build_filename (self->storage_dir, memory, NULL);
  g_autofree char *image_path = g_build_filename (self->layout_dir, image, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashSource) stored = flash_source_new_for_file (memory_path, &error);
  g_autoptr (FlashSource) sent = flash_source_new_for_file (image_path, &error);
  g_autofree char *stored_sum = NULL;
  g_autofree char *sent_sum = NULL;

  g_assert_no_error (error);
  stored_sum = flash_source_checksum (stored, offset, flash_source_get_size (sent), NULL, &error);
  g_assert_no_error (error);
  sent_sum = flash_source_checksum (sent, 0, flash_source_get_size (sent), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (stored_sum, ==, sent_sum);
}

void
flash_app_set_verify (gboolean is_wanted)
{
  g_settings_set_boolean (flash_application_get_settings (flash_app_test.application),
                          "verify-afterwards", is_wanted);
}

void
flash_app_set_cell (FlashAppFixture *self, const char *name, FlashLayoutColumn column,
                    const char *text)
{
  g_assert_true (flash_layout_document_set_cell (
      flash_editor_get_document (flash_window_get_editor (self->window)),
      flash_app_find_entry (self, name), column, text));
}

void
flash_app_activate (FlashAppFixture *self, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->window), action, NULL));
}

gboolean
flash_app_is_modified (FlashAppFixture *self)
{
  return flash_editor_is_modified (flash_window_get_editor (self->window));
}

char *
flash_app_dup_file (FlashAppFixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->layout_dir, name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  return contents;
}

gboolean
flash_app_file_has (FlashAppFixture *self, const char *name, const char *text)
{
  g_autofree char *contents = flash_app_dup_file (self, name);

  return strstr (contents, text) != NULL;
}

void
flash_app_answer_to (const char *heading, const char *response)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (flash_app_wait_for_question ());

  g_test_message ("%s", adw_message_dialog_get_body (dialog));
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, heading);
  flash_app_answer (response);
}

guint
flash_app_count_rescues (void)
{
  g_autofree char *folder = flash_editor_dup_rescue_folder ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count;
}
