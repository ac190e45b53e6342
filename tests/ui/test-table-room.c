/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table where there is little room or very much to show: the list and the form of a narrow
 * window, and a hostile layout. */
#define G_LOG_DOMAIN "test-table-room"

#include "config.h"

#include "flash-table-test.h"

#include "flash-latency-probe.h"
#include "flash-row-form.h"

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

static GtkWidget *
get_menu (FlashTableFixture *fixture)
{
  return flash_ui_find_named (GTK_WIDGET (fixture->table), "row-menu");
}

/* --- a narrow window ---------------------------------------------------------------------- */

static GtkWidget *
wait_for_form (void)
{
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_ROW_FORM) != NULL);
  flash_ui_settle (flash_ui_find_toplevel (FLASH_TYPE_ROW_FORM), 30);
  return flash_ui_find_toplevel (FLASH_TYPE_ROW_FORM);
}

static void
test_narrow (FlashTableFixture *fixture, gconstpointer unused)
{
  double y, height;
  gpointer form;
  GtkWidget *row;

  g_assert_nonnull (
      flash_ui_find_widget (GTK_WIDGET (fixture->table), GTK_TYPE_LABEL, "mmc0 at 0x00104400"));
  flash_layout_table_focus_cell (fixture->table, 9, NAME);
  g_assert_true (flash_layout_table_get_row_place (fixture->table, 9, &y, &height));
  g_assert_cmpfloat (height, >, 30);
  run (fixture, "table.edit-row");
  form = wait_for_form ();
  g_object_add_weak_pointer (form, &form);
  g_assert_cmpstr (gtk_window_get_title (form), ==, "fip-a");
  row = flash_ui_find_named (form, "offset_row");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "0x00104400");
  gtk_editable_set_text (GTK_EDITABLE (row), "0x00108400");
  g_signal_emit_by_name (row, "apply");
  g_assert_cmpstr (flash_table_read (fixture, "fip-a", FLASH_LAYOUT_COLUMN_OFFSET), ==,
                   "0x00108400");
  /* What cannot be written is said, and holds the form open. */
  gtk_editable_set_text (GTK_EDITABLE (row), "");
  gtk_window_close (form);
  flash_ui_settle (form, 30);
  g_assert_nonnull (form);
  g_assert_true (g_str_has_prefix (
      gtk_label_get_label (GTK_LABEL (flash_ui_find_named (form, "reason_label"))),
      "A cell cannot be empty"));
  gtk_editable_set_text (GTK_EDITABLE (row), "0x00104600");
  gtk_switch_set_active (GTK_SWITCH (flash_ui_find_named (form, "enabled_switch")), FALSE);
  gtk_window_close (form);
  flash_ui_wait_until (form == NULL);
  g_assert_cmpstr (flash_table_read (fixture, "fip-a", FLASH_LAYOUT_COLUMN_OFFSET), ==,
                   "0x00104600");
  flash_table_assert_undone (fixture, 3, flash_table_layout);
}

static void
test_narrow_choice (FlashTableFixture *fixture, gconstpointer unused)
{
  gpointer form;
  GtkWidget *choice;

  flash_layout_table_focus_cell (fixture->table, 12, NAME);
  run (fixture, "table.edit-row");
  form = wait_for_form ();
  g_object_add_weak_pointer (form, &form);
  gtk_menu_button_popup (GTK_MENU_BUTTON (flash_ui_find_named (form, "option_button")));
  flash_ui_wait_until ((choice = flash_ui_find_widget (form, GTK_TYPE_LABEL, "PED")) != NULL);
  gtk_widget_activate (gtk_widget_get_ancestor (choice, GTK_TYPE_LIST_BOX_ROW));
  flash_ui_wait_until (g_str_equal (flash_table_read (fixture, "rootfs", OPTION), "PED"));
  /* The line goes: so does its form. */
  flash_layout_document_remove (get_document (fixture), flash_table_find_entry (fixture, "rootfs"));
  flash_ui_wait_until (form == NULL);
  flash_table_assert_undone (fixture, 2, flash_table_layout);
}

static void
test_narrow_keys (FlashTableFixture *fixture, gconstpointer unused)
{
  if (!needs_input ())
    return;
  flash_layout_table_focus_cell (fixture->table, 12, NAME);
  flash_ui_press_keys ("Alt_L+Up");
  flash_ui_wait_until (g_str_equal (get_name (fixture, 7), "rootfs"));
  flash_ui_press_keys ("space");
  flash_ui_wait_until (!flash_layout_entry_is_enabled (flash_table_find_entry (fixture, "rootfs")));
  flash_ui_press_keys ("Menu");
  flash_ui_wait_until (get_menu (fixture) != NULL);
  flash_ui_press_keys ("Escape");
  flash_ui_wait_until (get_menu (fixture) == NULL);
  flash_ui_press_keys ("Delete");
  flash_ui_wait_until (get_n_rows (fixture) == 9);
  flash_table_assert_undone (fixture, 3, flash_table_layout);
}

/* Wider and narrower again: the row stays chosen. */
static void
test_resize (FlashTableFixture *fixture, gconstpointer unused)
{
  flash_layout_table_focus_cell (fixture->table, 12, NAME);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 700);
  flash_ui_wait_until (flash_layout_table_is_narrow (fixture->table));
  g_assert_cmpuint (fixture->selected_line, ==, 12);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 980, 700);
  flash_ui_wait_until (!flash_layout_table_is_narrow (fixture->table));
  g_assert_cmpuint (fixture->selected_line, ==, 12);
  flash_ui_settle (fixture->window, 30);
}

/* --- a hostile layout --------------------------------------------------------------------- */

#define N_LINES 10000

static void
test_hostile (FlashTableFixture *fixture, gconstpointer unused)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (FlashLatencyProbe) probe = NULL;
  g_autofree char *report = NULL;
  double y, height;

  for (guint i = 0; i < N_LINES; i++)
    g_string_append_printf (text, "P\t1\tp\tFIP\tmmc0\t%u\tx\n", i);
  probe = flash_latency_probe_start (fixture->window, FALSE);
  flash_table_open (fixture, text->str, (gssize) text->len);
  flash_layout_table_focus_cell (fixture->table, N_LINES, NAME);
  flash_ui_wait_until (fixture->selected_line == N_LINES);
  flash_ui_settle (fixture->window, 30);
  g_assert_true (flash_layout_table_get_row_place (fixture->table, N_LINES, &y, &height));
  report = flash_latency_probe_dup_report (probe);
  g_test_message ("%s", report);
  /* The table is no higher for it. */
  g_assert_cmpint (gtk_widget_get_height (GTK_WIDGET (fixture->table)), <, 700);
}

#define ADD(name, set_up, function)                                                                \
  g_test_add ("/table-room/" name, FlashTableFixture, NULL, set_up, function,                      \
              flash_table_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_setenv ("GTK_A11Y", "test", TRUE);
  flash_table_test_init (&argc, &argv);
  ADD ("narrow", flash_table_fixture_set_up_narrow, test_narrow);
  ADD ("narrow-choice", flash_table_fixture_set_up_narrow, test_narrow_choice);
  ADD ("narrow-keys", flash_table_fixture_set_up_narrow, test_narrow_keys);
  ADD ("resize", flash_table_fixture_set_up, test_resize);
  ADD ("hostile", flash_table_fixture_set_up, test_hostile);
  return g_test_run ();
}
