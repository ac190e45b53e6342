/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done to the rows of the table: its menu, its keys, dragging, files. */
#define G_LOG_DOMAIN "test-table-rows"

#include "config.h"

#include "flash-table-test.h"

#include <string.h>

#define NAME FLASH_LAYOUT_COLUMN_NAME
#define OPTION FLASH_LAYOUT_COLUMN_OPTION

static gboolean
needs_input (void)
{
  if (flash_ui_has_input ())
    return TRUE;
  g_test_skip ("there is no X server that takes keys and pointer");
  return FALSE;
}

static FlashLayoutDocument *
get_document (FlashTableFixture *fixture)
{
  return flash_editor_get_document (fixture->editor);
}

static const char *
get_name (FlashTableFixture *fixture, guint position)
{
  return flash_layout_entry_get_cell (flash_table_get_entry (fixture, position), NAME);
}

static guint
get_n_rows (FlashTableFixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (get_document (fixture)));
}

static void
run (FlashTableFixture *fixture, const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->table), action, NULL));
}

/* --- verbs -------------------------------------------------------------------------------- */

static void
test_toggle (FlashTableFixture *fixture, gconstpointer unused)
{
  GtkWidget *cell;

  if (!needs_input ())
    return;
  flash_table_focus (fixture, "fip-a", FLASH_CELL_NAME);
  flash_ui_press_keys ("space");
  flash_ui_wait_until (!flash_layout_entry_is_enabled (flash_table_find_entry (fixture, "fip-a")));
  cell = flash_table_get_cell (fixture, "fip-a", FLASH_CELL_ENABLED);
  gtk_test_accessible_assert_state (cell, GTK_ACCESSIBLE_STATE_CHECKED,
                                    GTK_ACCESSIBLE_TRISTATE_FALSE);
  gtk_test_accessible_assert_property (flash_table_get_cell (fixture, "fip-a", FLASH_CELL_NAME),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Name: fip-a, row fip-a, switched off");
  flash_ui_click (cell);
  flash_ui_wait_until (flash_layout_entry_is_enabled (flash_table_find_entry (fixture, "fip-a")));
  flash_table_assert_undone (fixture, 2, flash_table_layout);
}

static void
test_keys (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_table_focus (fixture, "bootfs", FLASH_CELL_TYPE);
  flash_ui_press_keys ("Alt_L+Up");
  flash_ui_wait_until (g_str_equal (get_name (fixture, 6), "bootfs"));
  flash_ui_wait_until (flash_table_is_focused (fixture, "bootfs", FLASH_CELL_TYPE));
  flash_ui_press_keys ("Alt_L+Down");
  flash_ui_wait_until (g_str_equal (get_name (fixture, 7), "bootfs"));
  flash_ui_wait_until (flash_table_is_focused (fixture, "bootfs", FLASH_CELL_TYPE));
  flash_ui_press_keys ("Control_L+Shift_L+D");
  flash_ui_wait_until (get_n_rows (fixture) == 11);
  flash_ui_press_keys ("Delete");
  flash_ui_wait_until (get_n_rows (fixture) == 10);
  flash_ui_wait_until (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_NAME));
  flash_table_assert_undone (fixture, 4, flash_table_layout);
}

static void
test_remove_last (FlashTableFixture *fixture, gconstpointer unused)
{
  flash_layout_table_focus_cell (fixture->table, 13, NAME);
  while (get_n_rows (fixture) > 0)
    run (fixture, "table.remove");
  flash_ui_settle (fixture->window, 30);
  g_assert_null (flash_layout_table_get_selected (fixture->table));
  g_assert_cmpuint (fixture->selected_line, ==, 0);
  flash_table_assert_undone (fixture, 10, flash_table_layout);
  flash_ui_wait_until (flash_ui_find_named (GTK_WIDGET (fixture->table), "grid_bin") != NULL);
}

static void
test_verbs (FlashTableFixture *fixture, gconstpointer unused)
{
  GtkWidget *table = GTK_WIDGET (fixture->table);

  flash_layout_table_select_line (fixture->table, 12);
  g_assert_true (flash_layout_table_get_selected (fixture->table) ==
                 flash_table_find_entry (fixture, "rootfs"));
  run (fixture, "table.only");
  g_assert_cmpstr (flash_table_read (fixture, "bootfs", OPTION), ==, "-");
  g_assert_cmpstr (flash_table_read (fixture, "rootfs", OPTION), ==, "P");
  run (fixture, "table.clear-file");
  g_assert_cmpstr (flash_table_read (fixture, "rootfs", OPTION), ==, "PE");
  g_assert_false (gtk_widget_activate_action (table, "table.clear-file", NULL) &&
                  flash_cell_words_has_file (flash_table_find_entry (fixture, "rootfs")));
  flash_table_assert_undone (fixture, 2, flash_table_layout);
  /* A boot stage is not on a storage that has others. */
  flash_layout_table_select_line (fixture->table, 2);
  run (fixture, "table.toggle");
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

static void
test_add (FlashTableFixture *fixture, gconstpointer unused)
{
  static const char *const kinds[] = { "boot-fsbl",  "boot-ddr", "boot-fip", "fsbl",
                                       "metadata",   "fip",      "env",      "bootfs",
                                       "filesystem", "raw-image" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    gtk_widget_activate_action (GTK_WIDGET (fixture->table), "table.append", "s", kinds[i]);
    g_assert_cmpuint (get_n_rows (fixture), ==, 11 + i);
    /* It is chosen, and its name is written at once. */
    flash_ui_wait_until (flash_table_get_text (fixture) != NULL);
    g_assert_true (flash_layout_table_get_selected (fixture->table) ==
                   flash_table_get_entry (fixture, 10 + i));
    g_assert_cmpstr (gtk_editable_get_text (flash_table_get_text (fixture)), ==,
                     get_name (fixture, 10 + i));
  }
  gtk_widget_activate_action (GTK_WIDGET (fixture->table), "table.append", "s", "nonsense");
  g_assert_cmpuint (get_n_rows (fixture), ==, 20);
  flash_table_assert_undone (fixture, 10, flash_table_layout);
}

static void
test_add_beside (FlashTableFixture *fixture, gconstpointer unused)
{
  flash_layout_table_select_line (fixture->table, 11);
  gtk_widget_activate_action (GTK_WIDGET (fixture->table), "table.add", "s", "filesystem");
  g_assert_cmpuint (get_n_rows (fixture), ==, 11);
  g_assert_cmpstr (get_name (fixture, 7), ==, "bootfs");
  g_assert_cmpstr (get_name (fixture, 9), ==, "rootfs");
  flash_layout_table_select_line (fixture->table, 6);
  gtk_widget_activate_action (GTK_WIDGET (fixture->table), "table.add-above", "s", "env");
  g_assert_cmpstr (get_name (fixture, 3), ==, "fsbl1");
  flash_table_assert_undone (fixture, 2, flash_table_layout);
}

static void
test_add_by_button (FlashTableFixture *fixture, gconstpointer unused)
{
  GtkWidget *button = flash_ui_find_named (GTK_WIDGET (fixture->table), "add_button");
  GtkWidget *item;

  if (!needs_input ())
    return;
  flash_ui_click (button);
  flash_ui_wait_until ((item = flash_ui_find_widget (button, GTK_TYPE_LABEL, "File system")) !=
                       NULL);
  flash_ui_settle (fixture->window, 60);
  flash_ui_click (item);
  flash_ui_wait_until (get_n_rows (fixture) == 11);
  flash_ui_wait_until (flash_table_get_text (fixture) != NULL);
  flash_ui_type ("data");
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_table_is_focused (fixture, "data", FLASH_CELL_NAME));
  flash_table_assert_undone (fixture, 2, flash_table_layout);
}

/* --- the menu ----------------------------------------------------------------------------- */

static GtkWidget *
get_menu (FlashTableFixture *fixture)
{
  return flash_ui_find_named (GTK_WIDGET (fixture->table), "row-menu");
}

static void
test_menu (FlashTableFixture *fixture, gconstpointer unused)
{
  static const char *const verbs[] = { "_Choose file…", "_Take file away", "Add a_bove",
                                       "Add be_low",    "_Duplicate",      "Move _up",
                                       "Move dow_n",    "_Switch off",     "_Only this partition",
                                       "_Remove" };
  static const char *const keys[] = { "Menu", "Shift_L+F10" };

  if (!needs_input ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    flash_table_focus (fixture, "rootfs", FLASH_CELL_NAME);
    flash_ui_press_keys (keys[i]);
    flash_ui_wait_until (get_menu (fixture) != NULL);
    flash_ui_settle (fixture->window, 60);
    for (guint j = 0; j < G_N_ELEMENTS (verbs); j++)
      g_assert_nonnull (flash_ui_find_widget (get_menu (fixture), GTK_TYPE_LABEL, verbs[j]));
    flash_ui_press_keys ("Escape");
    flash_ui_wait_until (get_menu (fixture) == NULL);
    flash_ui_wait_until (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_NAME));
  }
  flash_ui_press_keys ("Menu");
  flash_ui_wait_until (get_menu (fixture) != NULL);
  flash_ui_settle (fixture->window, 60);
  flash_ui_click (flash_ui_find_widget (get_menu (fixture), GTK_TYPE_LABEL, "_Switch off"));
  flash_ui_wait_until (!flash_layout_entry_is_enabled (flash_table_find_entry (fixture, "rootfs")));
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

/* --- dragging ----------------------------------------------------------------------------- */

static void
test_drag (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_ui_settle (fixture->window, 60);
  flash_ui_drag (flash_table_get_cell (fixture, "fsbl2", FLASH_CELL_NAME),
                 flash_table_get_cell (fixture, "bootfs", FLASH_CELL_NAME));
  flash_ui_wait_until (!g_str_equal (get_name (fixture, 3), "fsbl2"));
  g_assert_true (g_str_equal (get_name (fixture, 6), "fsbl2") ||
                 g_str_equal (get_name (fixture, 7), "fsbl2"));
  flash_ui_wait_until (flash_layout_table_get_selected (fixture->table) ==
                       flash_table_find_entry (fixture, "fsbl2"));
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

static GtkDropTarget *
find_target (GtkWidget *root)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (root);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

    if (GTK_IS_DROP_TARGET (controller))
      return GTK_DROP_TARGET (controller);
  }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    GtkDropTarget *target = find_target (child);

    if (target != NULL)
      return target;
  }
  return NULL;
}

/* Drops a file on the middle of a row. Returns: whether the table took it. */
static gboolean
drop_file (FlashTableFixture *fixture, const char *row, const char *dir, const char *name)
{
  g_autoptr (GFile) file = g_file_new_build_filename (dir, name, NULL);
  GSList files = { .data = file };
  GdkFileList *list = gdk_file_list_new_from_list (&files);
  GtkDropTarget *target = find_target (GTK_WIDGET (fixture->table));
  GtkWidget *cell = flash_table_get_cell (fixture, row, FLASH_CELL_NAME);
  GtkWidget *grid = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target));
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean is_taken = FALSE;
  double x, y;

  g_assert_true (gtk_widget_translate_coordinates (cell, grid, 4, 8, &x, &y));
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, list);
  g_signal_emit_by_name (target, "drop", &value, x, y, &is_taken);
  return is_taken;
}

static void
test_drop_file (FlashTableFixture *fixture, gconstpointer unused)
{
  flash_test_write_text (fixture->layout_dir, "other.ext4", "something");
  flash_test_write_text (fixture->layout_dir, "other.tsv", "something");
  g_assert_true (drop_file (fixture, "u-boot-env", fixture->layout_dir, "other.ext4"));
  g_assert_cmpstr (flash_table_read (fixture, "u-boot-env", FLASH_LAYOUT_COLUMN_BINARY), ==,
                   "other.ext4");
  g_assert_cmpstr (flash_table_read (fixture, "u-boot-env", OPTION), ==, "PD");
  flash_table_assert_undone (fixture, 1, flash_table_layout);
  /* A layout is the window's. */
  g_assert_false (drop_file (fixture, "u-boot-env", fixture->layout_dir, "other.tsv"));
  flash_table_assert_undone (fixture, 0, flash_table_layout);
}

static GtkWidget *
wait_for_question (void)
{
  flash_ui_wait_until (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  return flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG);
}

static void
answer (const char *response)
{
  gpointer dialog = wait_for_question ();

  g_object_add_weak_pointer (dialog, &dialog);
  adw_message_dialog_response (dialog, response);
  gtk_window_close (dialog);
  flash_ui_wait_until (dialog == NULL);
}

/* What lies elsewhere is copied to the layout, if the user wants it. */
static void
test_file_outside (FlashTableFixture *fixture, gconstpointer unused)
{
  g_autofree char *copy = g_build_filename (fixture->layout_dir, "far.ext4", NULL);
  g_autofree char *text = NULL;

  flash_test_write_text (fixture->outside_dir, "far.ext4", "from far away");
  g_assert_true (drop_file (fixture, "rootfs", fixture->outside_dir, "far.ext4"));
  answer ("keep");
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_true (drop_file (fixture, "rootfs", fixture->outside_dir, "far.ext4"));
  answer ("copy");
  flash_ui_wait_until (
      g_str_equal (flash_table_read (fixture, "rootfs", FLASH_LAYOUT_COLUMN_BINARY), "far.ext4"));
  g_assert_true (g_file_get_contents (copy, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "from far away");
  /* Nothing is overwritten. */
  flash_test_write_text (fixture->outside_dir, "far.ext4", "changed");
  g_assert_true (drop_file (fixture, "bootfs", fixture->outside_dir, "far.ext4"));
  answer ("copy");
  answer ("close");
  g_assert_cmpstr (flash_table_read (fixture, "bootfs", FLASH_LAYOUT_COLUMN_BINARY), ==,
                   "bootfs.ext4");
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

static void
test_choose_file (FlashTableFixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) file = NULL;
  GtkWidget *dialog;

  flash_test_write_text (fixture->layout_dir, "chosen.ext4", "something");
  file = g_file_new_build_filename (fixture->layout_dir, "chosen.ext4", NULL);
  flash_layout_table_select_line (fixture->table, 12);
  run (fixture, "table.choose-file");
  flash_ui_wait_until (flash_ui_find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG);
  flash_ui_wait_until (gtk_widget_get_mapped (dialog));
  for (gboolean is_set = FALSE; !is_set;) {
    g_autoptr (GFile) now = NULL;

    gtk_file_chooser_set_file (GTK_FILE_CHOOSER (dialog), file, NULL);
    flash_ui_run_for (50);
    now = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    is_set = now != NULL && g_file_equal (now, file);
  }
  gtk_dialog_response (GTK_DIALOG (dialog), GTK_RESPONSE_ACCEPT);
  flash_ui_wait_until (g_str_equal (
      flash_table_read (fixture, "rootfs", FLASH_LAYOUT_COLUMN_BINARY), "chosen.ext4"));
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

#define ADD(name, set_up, function)                                                                \
  g_test_add ("/table-rows/" name, FlashTableFixture, NULL, set_up, function,                      \
              flash_table_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  flash_table_test_init (&argc, &argv);
  ADD ("toggle", flash_table_fixture_set_up, test_toggle);
  ADD ("keys", flash_table_fixture_set_up, test_keys);
  ADD ("remove-last", flash_table_fixture_set_up, test_remove_last);
  ADD ("verbs", flash_table_fixture_set_up, test_verbs);
  ADD ("add", flash_table_fixture_set_up, test_add);
  ADD ("add-beside", flash_table_fixture_set_up, test_add_beside);
  ADD ("add-by-button", flash_table_fixture_set_up, test_add_by_button);
  ADD ("menu", flash_table_fixture_set_up, test_menu);
  ADD ("drag", flash_table_fixture_set_up, test_drag);
  ADD ("drop-file", flash_table_fixture_set_up, test_drop_file);
  ADD ("file-outside", flash_table_fixture_set_up, test_file_outside);
  ADD ("choose-file", flash_table_fixture_set_up, test_choose_file);
  return g_test_run ();
}
