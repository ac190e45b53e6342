/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialog for a new layout: what it proposes is what it gives, and the board takes it. */
#define G_LOG_DOMAIN "test-new-dialog"

#include "config.h"

#include "flash-new-dialog.h"

#include "flash-layout.h"
#include "flash-table-test.h"

typedef struct {
  guint n_calls;
  GBytes *text; /* (owned) (nullable) */
} Answer;

static void
on_done (GBytes *text, gpointer data)
{
  Answer *answer = data;

  answer->n_calls++;
  g_clear_pointer (&answer->text, g_bytes_unref);
  answer->text = text != NULL ? g_bytes_ref (text) : NULL;
}

static GtkWidget *
present (Answer *answer)
{
  GtkWidget *dialog;

  flash_new_dialog_present (NULL, on_done, answer);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_NEW_DIALOG);
  g_assert_nonnull (dialog);
  flash_ui_settle (dialog, 30);
  return dialog;
}

static void
press (GtkWidget *dialog, const char *id)
{
  gpointer alive = dialog;

  g_object_add_weak_pointer (G_OBJECT (dialog), &alive);
  g_signal_emit_by_name (flash_ui_find_named (dialog, id), "clicked");
  flash_ui_wait_until (alive == NULL);
}

static guint
count_parts (GtkWidget *dialog)
{
  GtkListBox *list = GTK_LIST_BOX (flash_ui_find_named (dialog, "part_list"));
  guint n_parts = 0;

  while (gtk_list_box_get_row_at_index (list, (int) n_parts) != NULL)
    n_parts++;
  return n_parts;
}

/* Every combination, as it is shown and as the board's own parser reads it. */
static void
test_combinations (void)
{
  Answer probe = { 0 };
  GtkWidget *first = present (&probe);
  guint n_chips = g_list_model_get_n_items (
      adw_combo_row_get_model (ADW_COMBO_ROW (flash_ui_find_named (first, "chip_row"))));
  guint n_storages = g_list_model_get_n_items (
      adw_combo_row_get_model (ADW_COMBO_ROW (flash_ui_find_named (first, "storage_row"))));

  g_assert_cmpuint (n_chips, >, 1);
  g_assert_cmpuint (n_storages, ==, 5);
  press (first, "cancel_button");
  for (guint i = 0; i < n_chips * n_storages * 2; i++) {
    Answer answer = { 0 };
    GtkWidget *dialog = present (&answer);
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = NULL;
    guint n_parts;

    adw_combo_row_set_selected (ADW_COMBO_ROW (flash_ui_find_named (dialog, "chip_row")),
                                i / 2 / n_storages);
    adw_combo_row_set_selected (ADW_COMBO_ROW (flash_ui_find_named (dialog, "storage_row")),
                                i / 2 % n_storages);
    gtk_switch_set_active (GTK_SWITCH (flash_ui_find_named (dialog, "ab_switch")), i % 2 == 1);
    n_parts = count_parts (dialog);
    press (dialog, "create_button");
    g_assert_cmpuint (answer.n_calls, ==, 1);
    g_assert_nonnull (answer.text);
    layout = flash_layout_new_from_bytes (answer.text, NULL, diags);
    g_assert_true (flash_layout_is_accepted (layout));
    g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, n_parts);
    g_bytes_unref (answer.text);
  }
}

/* Two copies need what says which of them starts. */
static void
test_metadata (void)
{
  Answer answer = { 0 };
  GtkWidget *dialog = present (&answer);
  GtkWidget *metadata = flash_ui_find_named (dialog, "metadata_switch");
  GtkSwitch *ab = GTK_SWITCH (flash_ui_find_named (dialog, "ab_switch"));
  guint n_with = count_parts (dialog);

  g_assert_true (gtk_switch_get_active (GTK_SWITCH (metadata)));
  gtk_switch_set_active (GTK_SWITCH (metadata), FALSE);
  g_assert_cmpuint (count_parts (dialog), ==, n_with - 2);
  gtk_switch_set_active (ab, TRUE);
  g_assert_true (gtk_switch_get_active (GTK_SWITCH (metadata)));
  g_assert_false (gtk_widget_is_sensitive (metadata));
  gtk_switch_set_active (ab, FALSE);
  g_assert_true (gtk_widget_is_sensitive (metadata));
  press (dialog, "cancel_button");
  g_assert_cmpuint (answer.n_calls, ==, 1);
  g_assert_null (answer.text);
}

static void
test_escape (void)
{
  Answer answer = { 0 };
  gpointer dialog;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server that takes keys and pointer");
    return;
  }
  dialog = present (&answer);
  g_object_add_weak_pointer (dialog, &dialog);
  flash_ui_focus (dialog);
  flash_ui_press_keys ("Escape");
  flash_ui_wait_until (dialog == NULL);
  g_assert_cmpuint (answer.n_calls, ==, 1);
  g_assert_null (answer.text);
}

int
main (int argc, char **argv)
{
  flash_table_test_init (&argc, &argv);
  g_test_add_func ("/new-dialog/combinations", test_combinations);
  g_test_add_func ("/new-dialog/metadata", test_metadata);
  g_test_add_func ("/new-dialog/escape", test_escape);
  return g_test_run ();
}
