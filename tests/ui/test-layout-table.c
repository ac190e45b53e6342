/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Editing the cells of the table of partitions: with the keyboard, with the pointer, and what
 * stays as it is meanwhile. */
#define G_LOG_DOMAIN "test-layout-table"

#include "config.h"

#include "flash-table-test.h"

#include "flash-cell-entry.h"

#include <string.h>

#define NAME FLASH_LAYOUT_COLUMN_NAME

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

/* Returns: (nullable): what is being written. */
static const char *
get_written (FlashTableFixture *fixture)
{
  GtkEditable *text = flash_table_get_text (fixture);

  return text != NULL ? gtk_editable_get_text (text) : NULL;
}

static FlashCellEntry *
get_cell_entry (FlashTableFixture *fixture)
{
  return FLASH_CELL_ENTRY (
      gtk_widget_get_ancestor (GTK_WIDGET (flash_table_get_text (fixture)), FLASH_TYPE_CELL_ENTRY));
}

/* --- beginning and ending ----------------------------------------------------------------- */

static void
test_begin_by_keys (FlashTableFixture *fixture, gconstpointer unused)
{
  static const char *const keys[] = { "F2", "Return" };

  if (!needs_input ())
    return;
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    flash_table_focus (fixture, "rootfs", FLASH_CELL_OFFSET);
    flash_ui_press_keys (keys[i]);
    flash_ui_wait_until (g_strcmp0 (get_written (fixture), "0x04984400") == 0);
    flash_ui_press_keys ("Escape");
    flash_ui_wait_until (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_OFFSET));
  }
  flash_table_assert_undone (fixture, 0, flash_table_layout);
}

static void
test_begin_by_typing (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_table_focus (fixture, "rootfs", FLASH_CELL_NAME);
  flash_ui_type ("r2");
  flash_ui_wait_until (g_strcmp0 (get_written (fixture), "r2") == 0);
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_table_is_focused (fixture, "r2", FLASH_CELL_NAME));
  flash_table_assert_undone (fixture, 1, flash_table_layout);
  g_assert_true (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_NAME));
}

static void
double_click (GtkWidget *widget)
{
  flash_ui_click (widget);
  flash_ui_click (widget);
}

static void
test_begin_by_double_click (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_ui_click (flash_table_get_cell (fixture, "fip-a", FLASH_CELL_NAME));
  flash_ui_wait_until (flash_table_is_focused (fixture, "fip-a", FLASH_CELL_NAME));
  g_assert_cmpuint (fixture->selected_line, ==, 9);
  double_click (flash_table_get_cell (fixture, "bootfs", FLASH_CELL_NAME));
  flash_ui_wait_until (g_strcmp0 (get_written (fixture), "bootfs") == 0);
  flash_ui_type ("b");
  /* To go elsewhere takes what was written. */
  flash_ui_click (flash_table_get_cell (fixture, "rootfs", FLASH_CELL_ID));
  flash_ui_wait_until (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_ID));
  flash_ui_wait_until (
      g_str_equal (flash_layout_entry_get_cell (flash_table_get_entry (fixture, 7), NAME), "b"));
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

static void
test_give_up (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_table_focus (fixture, "rootfs", FLASH_CELL_NAME);
  flash_ui_type ("other");
  flash_ui_press_keys ("Escape");
  flash_ui_wait_until (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_NAME));
  flash_table_assert_undone (fixture, 0, flash_table_layout);
}

/* A value that the board refuses is taken: the checks tell. */
static void
test_refused_by_board (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_table_focus (fixture, "rootfs", FLASH_CELL_OFFSET);
  flash_ui_type ("4K");
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_OFFSET));
  g_assert_cmpstr (flash_table_read (fixture, "rootfs", FLASH_LAYOUT_COLUMN_OFFSET), ==, "4K");
  flash_ui_wait_until (flash_editor_is_checked (fixture->editor));
  gtk_test_accessible_assert_property (flash_table_get_cell (fixture, "rootfs", FLASH_CELL_MARK),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Problems: Error, row rootfs");
}

/* One that cannot stand in a file is not, and the reason is said where it is written. */
static void
test_not_writable (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_table_focus (fixture, "rootfs", FLASH_CELL_NAME);
  flash_ui_press_keys ("F2");
  flash_ui_wait_until (flash_table_get_text (fixture) != NULL);
  g_assert_null (flash_cell_entry_get_reason (get_cell_entry (fixture)));
  flash_ui_press_keys ("BackSpace");
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_cell_entry_get_reason (get_cell_entry (fixture)) != NULL);
  g_assert_true (g_str_has_prefix (flash_cell_entry_get_reason (get_cell_entry (fixture)),
                                   "A cell cannot be empty"));
  /* It goes with the next letter, and the way out is free. */
  flash_ui_type ("data");
  flash_ui_wait_until (flash_cell_entry_get_reason (get_cell_entry (fixture)) == NULL);
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_table_is_focused (fixture, "data", FLASH_CELL_NAME));
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

static void
test_reasons (FlashTableFixture *fixture, gconstpointer unused)
{
  FlashLayoutEntry *entry = flash_table_find_entry (fixture, "rootfs");
  g_autofree char *tab = NULL;
  g_autofree char *comment = NULL;
  g_autofree char *size = NULL;
  g_autofree char *large = g_strnfill (5000, 'a');

  g_assert_false (
      flash_cell_words_set (get_document (fixture), entry, FLASH_CELL_NAME, "a\tb", &tab));
  g_assert_true (g_str_has_prefix (tab, "A cell cannot hold a tab"));
  g_assert_false (
      flash_cell_words_set (get_document (fixture), entry, FLASH_CELL_OPTION, "#P", &comment));
  g_assert_true (strstr (comment, "Switch the line off") != NULL);
  g_assert_false (
      flash_cell_words_set (get_document (fixture), entry, FLASH_CELL_FILE, large, &size));
  g_assert_true (g_str_has_prefix (size, "This is too long"));
  flash_table_assert_undone (fixture, 0, flash_table_layout);
}

/* --- going about -------------------------------------------------------------------------- */

static void
test_arrows (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_table_focus (fixture, "fsbl1", FLASH_CELL_NAME);
  flash_ui_press_keys ("Right");
  flash_ui_wait_until (flash_table_is_focused (fixture, "fsbl1", FLASH_CELL_TYPE));
  flash_ui_press_keys ("Down");
  flash_ui_wait_until (flash_table_is_focused (fixture, "fsbl2", FLASH_CELL_TYPE));
  g_assert_cmpuint (fixture->selected_line, ==, 7);
  flash_ui_press_keys ("Left");
  flash_ui_press_keys ("Up");
  flash_ui_wait_until (flash_table_is_focused (fixture, "fsbl1", FLASH_CELL_NAME));
  flash_ui_press_keys ("Home");
  flash_ui_wait_until (flash_table_is_focused (fixture, "fsbl1", FLASH_CELL_MARK));
  flash_ui_press_keys ("End");
  flash_ui_wait_until (flash_table_is_focused (fixture, "fsbl1", FLASH_CELL_SIZE));
  flash_ui_press_keys ("Control_L+End");
  flash_ui_wait_until (flash_table_is_focused (fixture, "userfs", FLASH_CELL_SIZE));
  flash_ui_press_keys ("Control_L+Home");
  flash_ui_wait_until (flash_table_is_focused (fixture, "fsbl-boot", FLASH_CELL_MARK));
  flash_ui_press_keys ("Page_Down");
  flash_ui_wait_until (flash_table_is_focused (fixture, "userfs", FLASH_CELL_MARK) ||
                       flash_table_is_focused (fixture, "rootfs", FLASH_CELL_MARK));
  flash_ui_press_keys ("Page_Up");
  flash_ui_wait_until (flash_table_is_focused (fixture, "fsbl-boot", FLASH_CELL_MARK));
}

/* Tab writes on and on, over the ends of rows; nothing changes by it. */
static void
test_walk (FlashTableFixture *fixture, gconstpointer unused)
{
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (get_document (fixture)));
  GtkEditable *last = NULL;

  if (!needs_input ())
    return;
  flash_table_focus (fixture, "fsbl-boot", FLASH_CELL_OPTION);
  flash_ui_press_keys ("F2");
  for (guint i = 0; i < n_rows * 7; i++) {
    FlashLayoutEntry *entry = flash_table_get_entry (fixture, i / 7);
    const char *cell = flash_layout_entry_get_cell (entry, (FlashLayoutColumn) (i % 7 + 1));

    flash_ui_wait_until (flash_table_get_text (fixture) != NULL &&
                         flash_table_get_text (fixture) != last);
    last = flash_table_get_text (fixture);
    g_assert_cmpstr (gtk_editable_get_text (last), ==, cell);
    flash_ui_press_keys ("Tab");
  }
  flash_ui_wait_until (flash_table_is_focused (fixture, "userfs", FLASH_CELL_FILE));
  flash_ui_press_keys ("F2");
  flash_ui_wait_until (flash_table_get_text (fixture) != NULL);
  flash_ui_press_keys ("Shift_L+Tab");
  flash_ui_wait_until (g_strcmp0 (get_written (fixture), "0x14984400") == 0);
  flash_ui_press_keys ("Escape");
  flash_table_assert_undone (fixture, 0, flash_table_layout);
}

/* Without being edited the table is one stop on the way through the window. */
static void
test_tab_leaves (FlashTableFixture *fixture, gconstpointer unused)
{
  GtkWidget *focus;

  if (!needs_input ())
    return;
  flash_table_focus (fixture, "fip-a", FLASH_CELL_ID);
  flash_ui_press_keys ("Tab");
  focus = gtk_root_get_focus (GTK_ROOT (fixture->window));
  g_assert_nonnull (gtk_widget_get_ancestor (focus, GTK_TYPE_MENU_BUTTON));
  flash_ui_press_keys ("Shift_L+Tab");
  flash_ui_wait_until (flash_table_is_focused (fixture, "fip-a", FLASH_CELL_ID));
}

/* Nothing is chosen until the user, the map or a problem chooses. */
static void
test_choose_none (FlashTableFixture *fixture, gconstpointer unused)
{
  g_assert_null (flash_layout_table_get_selected (fixture->table));
  flash_layout_table_select_line (fixture->table, 0);
  g_assert_null (flash_layout_table_get_selected (fixture->table));
  flash_layout_table_select_line (fixture->table, 12);
  g_assert_cmpuint (fixture->selected_line, ==, 12);
  flash_layout_table_select_line (fixture->table, 0);
  flash_ui_settle (fixture->window, 30);
  g_assert_null (flash_layout_table_get_selected (fixture->table));
  g_assert_cmpuint (fixture->selected_line, ==, 0);
  /* Nor after the chosen line is gone. */
  flash_layout_table_select_line (fixture->table, 12);
  flash_layout_document_remove (get_document (fixture), flash_table_find_entry (fixture, "rootfs"));
  g_assert_cmpuint (fixture->selected_line, ==, 0);
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

/* --- choosing ----------------------------------------------------------------------------- */

static void
test_choose_by_keys (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_table_focus (fixture, "rootfs", FLASH_CELL_OPTION);
  flash_ui_press_keys ("F2");
  flash_ui_wait_until (g_strcmp0 (get_written (fixture), "P") == 0);
  flash_ui_press_keys ("Down");
  flash_ui_wait_until (g_strcmp0 (get_written (fixture), "PE") == 0);
  flash_ui_press_keys ("Down");
  flash_ui_press_keys ("Down");
  flash_ui_press_keys ("Up");
  flash_ui_wait_until (g_strcmp0 (get_written (fixture), "PD") == 0);
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_OPTION));
  gtk_test_accessible_assert_property (flash_table_get_cell (fixture, "rootfs", FLASH_CELL_OPTION),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "What to do: Erase, then write (PD), row rootfs");
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

static void
test_choose_by_pointer (FlashTableFixture *fixture, gconstpointer unused)
{
  GtkWidget *choice;

  if (!needs_input ())
    return;
  flash_table_focus (fixture, "rootfs", FLASH_CELL_IP);
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_table_get_text (fixture) != NULL);
  flash_ui_settle (fixture->window, 60);
  choice = flash_ui_find_widget (GTK_WIDGET (get_cell_entry (fixture)), GTK_TYPE_LABEL, "mmc1");
  g_assert_nonnull (choice);
  flash_ui_settle (gtk_widget_get_ancestor (choice, GTK_TYPE_POPOVER), 60);
  /* As slowly as a hand does it: in between the program has time to take the list away. */
  flash_ui_point (choice, 3, 3);
  flash_ui_set_button (1, TRUE);
  flash_ui_settle (gtk_widget_get_ancestor (choice, GTK_TYPE_POPOVER), 60);
  flash_ui_set_button (1, FALSE);
  flash_ui_wait_until (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_IP));
  g_assert_cmpstr (flash_table_read (fixture, "rootfs", FLASH_LAYOUT_COLUMN_IP), ==, "mmc1");
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

/* The list proposes; anything can be written. */
static void
test_free_entry (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_table_focus (fixture, "fsbl1", FLASH_CELL_TYPE);
  flash_ui_type ("Binary(2)");
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_table_is_focused (fixture, "fsbl1", FLASH_CELL_TYPE));
  g_assert_cmpstr (flash_table_read (fixture, "fsbl1", FLASH_LAYOUT_COLUMN_TYPE), ==, "Binary(2)");
}

static void
test_choices (FlashTableFixture *fixture, gconstpointer unused)
{
  FlashLayoutEntry *boot = flash_table_find_entry (fixture, "fip-boot");
  FlashLayoutEntry *rootfs = flash_table_find_entry (fixture, "rootfs");
  g_autoptr (GArray) stages = flash_cell_words_list_choices (FLASH_CELL_OPTION, boot);
  g_autoptr (GArray) names = flash_cell_words_list_choices (FLASH_CELL_NAME, rootfs);
  g_autoptr (GArray) types = flash_cell_words_list_choices (FLASH_CELL_TYPE, rootfs);
  g_autoptr (GArray) nand_types = NULL;

  g_assert_cmpuint (stages->len, ==, 1);
  g_assert_cmpstr (g_array_index (stages, FlashCellChoice, 0).words, ==, "Boot stage");
  g_assert_cmpuint (names->len, ==, 0);
  g_assert_cmpuint (types->len, ==, 8);
  flash_layout_document_set_cell (get_document (fixture), rootfs, FLASH_LAYOUT_COLUMN_IP, "nand0");
  nand_types = flash_cell_words_list_choices (FLASH_CELL_TYPE, rootfs);
  g_assert_cmpuint (nand_types->len, ==, 9);
}

/* --- broken lines ------------------------------------------------------------------------- */

static void
write_cell (FlashTableFixture *fixture, const char *row, FlashCellColumn column, const char *text)
{
  flash_table_focus (fixture, row, column);
  flash_ui_type (text);
  flash_ui_wait_until (g_strcmp0 (get_written (fixture), text) == 0);
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_table_is_focused (fixture, row, column));
}

static void
test_broken_lines (FlashTableFixture *fixture, gconstpointer unused)
{
  static const char text[] = "P 0x10 bootfs System mmc0 0x00984400 bootfs.ext4\n"
                             "p\t0x11\trootfs\tfilesystem\tMMC0\t0x04984400\trootfs.ext4\n"
                             "P\t0x12\tshort\n";

  if (!needs_input ())
    return;
  flash_table_open (fixture, text, -1);
  gtk_test_accessible_assert_property (flash_table_get_cell (fixture, "rootfs", FLASH_CELL_OPTION),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "What to do: p, row rootfs");
  gtk_test_accessible_assert_property (flash_table_get_cell (fixture, "short", FLASH_CELL_OFFSET),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Offset: nothing, row short");
  write_cell (fixture, "rootfs", FLASH_CELL_OPTION, "P");
  write_cell (fixture, "rootfs", FLASH_CELL_TYPE, "FileSystem");
  write_cell (fixture, "rootfs", FLASH_CELL_IP, "mmc0");
  /* To mend a cell of a line with blanks gives it tabs. */
  write_cell (fixture, "bootfs", FLASH_CELL_OFFSET, "0x984600");
  {
    g_autofree char *first = flash_layout_document_dup_line (get_document (fixture), 1);
    g_autofree char *second = flash_layout_document_dup_line (get_document (fixture), 2);

    g_assert_cmpstr (first, ==, "P\t0x10\tbootfs\tSystem\tmmc0\t0x984600\tbootfs.ext4");
    g_assert_cmpstr (second, ==, "P\t0x11\trootfs\tFileSystem\tmmc0\t0x04984400\trootfs.ext4");
  }
  flash_table_assert_undone (fixture, 4, text);
}

/* --- what stays --------------------------------------------------------------------------- */

static void
on_checked (FlashEditor *editor, guint *n_checked)
{
  *n_checked += 1;
}

static void
test_stays_over_checks (FlashTableFixture *fixture, gconstpointer unused)
{
  guint n_checked = 0;

  if (!needs_input ())
    return;
  flash_table_focus (fixture, "rootfs", FLASH_CELL_NAME);
  flash_ui_type ("half");
  flash_ui_wait_until (g_strcmp0 (get_written (fixture), "half") == 0);
  g_signal_connect (fixture->editor, "checked", G_CALLBACK (on_checked), &n_checked);
  /* Somebody else edits another line meanwhile: a fix, or the map. */
  flash_layout_document_set_cell (get_document (fixture), flash_table_find_entry (fixture, "fip-a"),
                                  NAME, "fip-c");
  flash_ui_wait_until (n_checked > 0 && flash_editor_is_checked (fixture->editor));
  g_assert_cmpstr (get_written (fixture), ==, "half");
  g_assert_cmpuint (fixture->selected_line, ==, 12);
  flash_ui_press_keys ("Escape");
  flash_ui_wait_until (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_NAME));
  flash_editor_check (fixture->editor);
  n_checked = 0;
  flash_ui_wait_until (n_checked > 0);
  g_assert_true (flash_table_is_focused (fixture, "rootfs", FLASH_CELL_NAME));
}

/* The line that is edited goes away under the text. */
static void
test_removed_while_edited (FlashTableFixture *fixture, gconstpointer unused)
{
  flash_layout_table_focus_cell (fixture->table, 12, NAME);
  gtk_widget_activate_action (GTK_WIDGET (fixture->table), "table.edit-row", NULL);
  flash_ui_wait_until (flash_table_get_text (fixture) != NULL);
  flash_layout_document_remove (get_document (fixture), flash_table_find_entry (fixture, "rootfs"));
  flash_ui_settle (fixture->window, 30);
  g_assert_null (flash_table_get_text (fixture));
  flash_table_assert_undone (fixture, 1, flash_table_layout);
}

/* The window goes away under the text. */
static void
test_closed_while_edited (FlashTableFixture *fixture, gconstpointer unused)
{
  flash_layout_table_focus_cell (fixture->table, 12, FLASH_LAYOUT_COLUMN_TYPE);
  gtk_widget_activate_action (GTK_WIDGET (fixture->table), "table.edit-row", NULL);
  flash_ui_wait_until (flash_table_get_text (fixture) != NULL);
  flash_ui_settle (fixture->window, 30);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/layout-table/" name, FlashTableFixture, NULL, flash_table_fixture_set_up,          \
              function, flash_table_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  flash_table_test_init (&argc, &argv);
  ADD ("begin-by-keys", test_begin_by_keys);
  ADD ("begin-by-typing", test_begin_by_typing);
  ADD ("begin-by-double-click", test_begin_by_double_click);
  ADD ("give-up", test_give_up);
  ADD ("refused-by-board", test_refused_by_board);
  ADD ("not-writable", test_not_writable);
  ADD ("reasons", test_reasons);
  ADD ("arrows", test_arrows);
  ADD ("walk", test_walk);
  ADD ("tab-leaves", test_tab_leaves);
  ADD ("choose-none", test_choose_none);
  ADD ("choose-by-keys", test_choose_by_keys);
  ADD ("choose-by-pointer", test_choose_by_pointer);
  ADD ("free-entry", test_free_entry);
  ADD ("choices", test_choices);
  ADD ("broken-lines", test_broken_lines);
  ADD ("stays-over-checks", test_stays_over_checks);
  ADD ("removed-while-edited", test_removed_while_edited);
  ADD ("closed-while-edited", test_closed_while_edited);
  return g_test_run ();
}
