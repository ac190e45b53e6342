/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panel of problems by itself, with an editor whose text changes under it. */
#define G_LOG_DOMAIN "test-problem-panel"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-latency-probe.h"
#include "flash-problem-items.h"
#include "flash-problem-panel.h"
#include "flash-problem-row.h"

#define HEADER "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
#define STAGES                                                                                     \
  "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\tfsbl.stm32\n"                                            \
  "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
#define FINE "PE\t0x10\tdata\tFileSystem\tram0\t0xC4000000\tnone\n"

/* Two safe ones, one to be asked about, one without a fix. */
#define SOME                                                                                       \
  "pe\t0x10\tdata\tfilesystem\tmmc0\t0x4400\tnone\n"                                               \
  "PE\t0x11\tmy data\tBinary\tmmc0\t0x84400\tnone\n"                                               \
  "PE\t0x12\tbad\tWhat\tmmc0\t0x104400\tnone\n"

typedef struct {
  GtkWidget *window;
  GtkWidget *scroller;
  FlashProblemPanel *panel;
  FlashEditor *editor; /* (owned) */
  guint line;
  guint column;
  int width; /* of the window, 0 for the usual one */
} Fixture;

static void
on_activated (FlashProblemPanel *panel, guint line, guint column, Fixture *self)
{
  self->line = line;
  self->column = column;
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->window = gtk_window_new ();
  self->panel = FLASH_PROBLEM_PANEL (flash_problem_panel_new ());
  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_add_css_class (GTK_WIDGET (self->panel), "flash-padded");
  gtk_widget_set_valign (GTK_WIDGET (self->panel), GTK_ALIGN_START);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->panel));
  gtk_window_set_child (GTK_WINDOW (self->window), self->scroller);
  gtk_window_set_default_size (GTK_WINDOW (self->window), self->width > 0 ? self->width : 760, 700);
  g_signal_connect (self->panel, "activated", G_CALLBACK (on_activated), self);
  gtk_window_present (GTK_WINDOW (self->window));
  flash_ui_wait_until (gtk_widget_get_mapped (self->window));
  if (flash_ui_has_input ())
    flash_ui_focus (self->window);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_clear_object (&self->editor);
}

static GtkWidget *
get (Fixture *self, const char *name)
{
  GtkWidget *widget = flash_ui_find_named (GTK_WIDGET (self->panel), name);

  g_assert_nonnull (widget);
  return widget;
}

static gboolean
has (Fixture *self, const char *name)
{
  return flash_ui_find_named (GTK_WIDGET (self->panel), name) != NULL;
}

static gboolean
has_label (Fixture *self, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (self->panel), GTK_TYPE_LABEL, text) != NULL;
}

static FlashProblemRow *
get_row (Fixture *self, guint i)
{
  GtkListBox *list = GTK_LIST_BOX (get (self, "problem_list"));

  return FLASH_PROBLEM_ROW (gtk_list_box_get_row_at_index (list, (gint) i));
}

static guint
count_rows (Fixture *self)
{
  guint n = 0;

  while (has (self, "problem_list") && get_row (self, n) != NULL)
    n++;
  return n;
}

static guint
count_expected (Fixture *self)
{
  guint n_all = flash_diag_list_get_length (flash_editor_get_loaded (self->editor)->diags);

  return gtk_drop_down_get_selected (GTK_DROP_DOWN (get (self, "filter_drop_down"))) == 0
             ? MIN (n_all, 25)
             : 0;
}

static void
wait_for_check (Fixture *self)
{
  flash_ui_wait_until (flash_editor_is_checked (self->editor));
  flash_ui_wait_until (has (self, "filter_box") && count_rows (self) >= count_expected (self));
  flash_ui_settle (self->window, 20);
}

static void
edit_text (Fixture *self, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  g_clear_object (&self->editor);
  self->editor = flash_editor_new (bytes, NULL, NULL);
  flash_problem_panel_set_editor (self->panel, self->editor);
  wait_for_check (self);
}

static FlashProblemRow *
find_code (Fixture *self, const char *code)
{
  for (guint i = 0; i < count_rows (self); i++) {
    FlashProblemRow *row = get_row (self, i);

    if (flash_ui_find_widget (GTK_WIDGET (row), GTK_TYPE_LABEL, code) != NULL)
      return row;
  }
  return NULL;
}

static void
press_fix (Fixture *self, FlashProblemRow *row)
{
  g_signal_emit_by_name (flash_problem_row_get_fix_button (row), "clicked");
}

static char *
dup_text (Fixture *self)
{
  g_autoptr (GBytes) bytes =
      flash_layout_document_dup_text (flash_editor_get_document (self->editor));

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_none (Fixture *self, gconstpointer unused)
{
  g_autoptr (FlashDiagList) nothing = flash_diag_list_new ();
  g_autofree char *fine = flash_problem_dup_summary (nothing);

  g_assert_cmpstr (fine, ==, "No problems found");
  edit_text (self, "");
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (get (self, "problem_label"))), ==, "1 error");
  edit_text (self, HEADER FINE);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (get (self, "problem_label"))), ==, "1 note");
  flash_problem_panel_set_editor (self->panel, NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (self->panel)));
}

static void
test_groups (Fixture *self, gconstpointer unused)
{
  edit_text (self, SOME);
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (get (self, "problem_label"))), ==,
                   "3 errors, 1 warning");
  g_assert_true (has_label (self, "Line 1 · data"));
  g_assert_true (has_label (self, "Line 2 · my data"));
  g_assert_true (has_label (self, "Line 3 · bad"));
  g_assert_nonnull (gtk_list_box_row_get_header (GTK_LIST_BOX_ROW (get_row (self, 0))));
  g_assert_null (gtk_list_box_row_get_header (GTK_LIST_BOX_ROW (get_row (self, 1))));
  g_assert_true (has_label (self, "Error · Type"));
  gtk_test_accessible_assert_role (get (self, "problem_label"), GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_test_accessible_assert_property (
      get_row (self, 0), GTK_ACCESSIBLE_PROPERTY_LABEL,
      "Error in line 1, column 1: The board tells upper from lower case and does not know “pe”.");

  g_signal_emit_by_name (get (self, "problem_list"), "row-activated",
                         find_code (self, "name-unsafe"));
  g_assert_cmpuint (self->line, ==, 2);
  g_assert_cmpuint (self->column, ==, FLASH_LAYOUT_COLUMN_NAME);
}

static void
test_whole_file (Fixture *self, gconstpointer unused)
{
  edit_text (self, "P\t0x10\tdata\tBinary\tmmc0\t0x4400\tnone\r\n");
  g_assert_true (has_label (self, "Whole file"));
  g_assert_cmpuint (flash_problem_row_get_line (get_row (self, 0)), ==, 0);
  g_assert_false (gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (get_row (self, 0))));
}

static void
test_filter (Fixture *self, gconstpointer unused)
{
  static const guint n_rows[] = { 4, 3, 1, 0 };
  GtkDropDown *filter;
  guint n_notes;

  edit_text (self, SOME);
  filter = GTK_DROP_DOWN (get (self, "filter_drop_down"));
  n_notes = count_rows (self) - 4;
  for (guint i = 0; i < G_N_ELEMENTS (n_rows); i++) {
    gtk_drop_down_set_selected (filter, i);
    flash_ui_wait_until (count_rows (self) == n_rows[i] + (i == 0 || i == 3 ? n_notes : 0));
  }
  gtk_drop_down_set_selected (filter, 1);
  /* It stays what it is while the text changes, and its numbers follow. */
  press_fix (self, find_code (self, "wrong-case"));
  wait_for_check (self);
  g_assert_cmpuint (gtk_drop_down_get_selected (filter), ==, 1);
  flash_ui_wait_until (count_rows (self) == 2);
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (filter), GTK_TYPE_LABEL, "Errors (2)"));
}

static void
test_search (Fixture *self, gconstpointer unused)
{
  GtkEditable *search;

  edit_text (self, SOME);
  search = GTK_EDITABLE (get (self, "search_entry"));
  gtk_editable_set_text (search, "MY DATA");
  flash_ui_wait_until (count_rows (self) == 1);
  gtk_editable_set_text (search, "bad-type");
  flash_ui_wait_until (find_code (self, "bad-type") != NULL);
  gtk_editable_set_text (search, "nobody says that");
  flash_ui_wait_until (has (self, "hidden_label"));
  g_signal_emit_by_name (search, "stop-search");
  flash_ui_wait_until (count_rows (self) >= 4);
  g_assert_false (has (self, "hidden_label"));
}

/* --- fixes ---------------------------------------------------------------------------------------
 */

static void
test_fix (Fixture *self, gconstpointer unused)
{
  g_autofree char *text = NULL;
  FlashProblemRow *row;
  GtkWidget *button;

  edit_text (self, SOME);
  row = find_code (self, "bad-type");
  g_assert_false (gtk_widget_get_mapped (flash_problem_row_get_fix_button (row)));

  row = find_code (self, "name-unsafe");
  button = flash_problem_row_get_fix_button (row);
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (row), GTK_TYPE_LABEL,
                                          "This may change what is written to the board."));
  flash_ui_has_input () ? flash_ui_click (button) : press_fix (self, row);
  wait_for_check (self);
  text = dup_text (self);
  g_assert_nonnull (strstr (text, "\tmy_data\t"));
  g_assert_cmpuint (self->line, ==, 0); /* pressing the button is not choosing the row */
}

static void
test_fix_all (Fixture *self, gconstpointer unused)
{
  GtkWidget *button;
  g_autofree char *text = NULL;

  edit_text (self, SOME);
  button = get (self, "fix_all_button");
  g_assert_true (has_label (self, "Fix all safe (2)"));
  g_signal_emit_by_name (button, "clicked");
  wait_for_check (self);
  text = dup_text (self);
  g_assert_true (g_str_has_prefix (text, "PE\t0x10\tdata\tFileSystem\t"));
  g_assert_false (gtk_widget_get_mapped (button));
  g_assert_cmpint (flash_layout_document_get_undo (flash_editor_get_document (self->editor), NULL),
                   ==, FLASH_LAYOUT_EDIT_FIX_ALL);
}

static void
type_name (Fixture *self, guint line, const char *name)
{
  FlashLayoutDocument *document = flash_editor_get_document (self->editor);

  g_assert_true (flash_layout_document_set_cell (
      document, flash_layout_document_find_line (document, line), FLASH_LAYOUT_COLUMN_NAME, name));
}

/* Pressed while the check of the last key is still on its way. */
static void
test_fix_early (Fixture *self, gconstpointer unused)
{
  FlashLayoutDocument *document;
  g_autofree char *text = NULL;

  edit_text (self, SOME);
  document = flash_editor_get_document (self->editor);
  type_name (self, 3, "typed");
  g_assert_false (flash_editor_is_checked (self->editor));
  press_fix (self, find_code (self, "name-unsafe"));
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_SET_CELL);
  flash_ui_wait_until (flash_layout_document_get_undo (document, NULL) == FLASH_LAYOUT_EDIT_FIX);
  wait_for_check (self);
  text = dup_text (self);
  g_assert_nonnull (strstr (text, "\tmy_data\t"));

  type_name (self, 3, "typed-again");
  g_signal_emit_by_name (get (self, "fix_all_button"), "clicked");
  flash_ui_wait_until (flash_layout_document_get_undo (document, NULL) ==
                       FLASH_LAYOUT_EDIT_FIX_ALL);
}

/* --- while somebody types ------------------------------------------------------------------------
 */

static void
test_rows_stay (Fixture *self, gconstpointer unused)
{
  FlashLayoutDocument *document;
  FlashProblemRow *unsafe, *bad;

  edit_text (self, SOME);
  document = flash_editor_get_document (self->editor);
  unsafe = find_code (self, "name-unsafe");
  bad = find_code (self, "bad-type");
  gtk_widget_grab_focus (GTK_WIDGET (bad));

  flash_layout_document_insert_line (document, 1, "# another");
  wait_for_check (self);
  g_assert_true (find_code (self, "name-unsafe") == unsafe);
  g_assert_true (find_code (self, "bad-type") == bad);
  g_assert_cmpuint (flash_problem_row_get_line (bad), ==, 4);
  g_assert_true (has_label (self, "Line 4 · bad"));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->window)) == GTK_WIDGET (bad));
}

static void
test_keyboard (Fixture *self, gconstpointer unused)
{
  GtkWidget *focus;

  edit_text (self, SOME);
  flash_problem_panel_focus (self->panel);
  focus = gtk_root_get_focus (GTK_ROOT (self->window));
  g_assert_true (focus == GTK_WIDGET (get_row (self, 0)));
  if (!flash_ui_has_input ())
    return;
  flash_ui_press_keys ("Tab");
  focus = gtk_root_get_focus (GTK_ROOT (self->window));
  g_assert_true (focus == flash_problem_row_get_fix_button (get_row (self, 0)));
  flash_ui_press_keys ("space");
  wait_for_check (self);
  focus = gtk_root_get_focus (GTK_ROOT (self->window));
  g_assert_true (focus == flash_problem_row_get_fix_button (get_row (self, 0)));
  flash_ui_press_keys ("space");
  wait_for_check (self);
  g_assert_cmpuint (flash_problem_row_get_line (get_row (self, 0)), ==, 2);
  flash_problem_panel_focus (self->panel);
  flash_ui_press_keys ("Return");
  g_assert_cmpuint (self->line, ==, 2);
  flash_ui_press_keys ("Down");
  flash_ui_press_keys ("Return");
  g_assert_cmpuint (self->line, ==, 3);
}

/* --- very many ---------------------------------------------------------------------------------
 */

static char *
dup_many (guint n_lines)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_lines; i++)
    g_string_append_printf (text, "pe\t0x%x\tname %u\tWhat\tmmc0\t0x%x\tnone\n", i % 200 + 4, i,
                            0x4400 + i * 0x1000);
  return g_string_free (text, FALSE);
}

static void
test_many (Fixture *self, gconstpointer unused)
{
  g_autofree char *text = dup_many (900);
  g_autoptr (FlashLatencyProbe) probe = NULL;
  FlashProblemRow *first;

  edit_text (self, text);
  g_assert_cmpuint (count_rows (self), ==, 25);
  g_signal_emit_by_name (get (self, "more_problems_button"), "clicked");
  flash_ui_wait_until (count_rows (self) == 50);
  flash_ui_settle (self->window, 50);

  first = get_row (self, 1);
  probe = flash_latency_probe_start (self->window, FALSE);
  flash_layout_document_insert_line (flash_editor_get_document (self->editor), 1, "# another");
  wait_for_check (self);
  g_test_message ("longest stall: %.1f ms",
                  (double) flash_latency_probe_get_percentile (probe, FLASH_LATENCY_LOOP, 100) /
                      1000);
  g_assert_true (get_row (self, 1) == first);
  g_assert_cmpuint (count_rows (self), ==, 50);
}

static void
test_show_line (Fixture *self, gconstpointer unused)
{
  g_autofree char *text = dup_many (100);
  GtkAdjustment *adjustment;

  edit_text (self, text);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scroller));
  flash_problem_panel_show_line (self->panel, 60);
  flash_ui_wait_until (gtk_adjustment_get_value (adjustment) > 1000);
  flash_ui_wait_until (count_rows (self) > 100);
  flash_problem_panel_show_line (self->panel, 1);
  flash_ui_wait_until (gtk_adjustment_get_value (adjustment) < 300);
}

/* --- pictures ------------------------------------------------------------------------------------
 */

static void
test_shots (gconstpointer data)
{
  const FlashAppLook *look = data;
  g_autofree char *many = dup_many (100);
  const struct {
    const char *name;
    const char *text;
  } shots[] = {
    { "none", HEADER STAGES FINE },
    { "few", HEADER STAGES SOME "P;0x13;x;Binary;mmc0;0x204400;x.bin\r\n" },
    { "many", many },
  };

  flash_app_set_look (look);
  for (guint i = 0; i < G_N_ELEMENTS (shots); i++) {
    for (guint is_narrow = 0; is_narrow < 2; is_narrow++) {
      Fixture fixture = { .width = is_narrow ? 360 : 760 };
      g_autofree char *name = g_strdup_printf ("problem-panel-%s%s-%s", shots[i].name,
                                               is_narrow ? "-narrow" : "", look->name);

      set_up (&fixture, NULL);
      edit_text (&fixture, shots[i].text);
      flash_app_shoot (fixture.window, name);
      g_assert_cmpint (gtk_widget_get_width (fixture.window), <=, fixture.width);
      tear_down (&fixture, NULL);
    }
  }
  flash_app_reset_look ();
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  const FlashAppLook *looks;
  int status;

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  ADD ("/problem-panel/none", test_none);
  ADD ("/problem-panel/groups", test_groups);
  ADD ("/problem-panel/whole-file", test_whole_file);
  ADD ("/problem-panel/filter", test_filter);
  ADD ("/problem-panel/search", test_search);
  ADD ("/problem-panel/fix", test_fix);
  ADD ("/problem-panel/fix-all", test_fix_all);
  ADD ("/problem-panel/fix-early", test_fix_early);
  ADD ("/problem-panel/rows-stay", test_rows_stay);
  ADD ("/problem-panel/keyboard", test_keyboard);
  ADD ("/problem-panel/many", test_many);
  ADD ("/problem-panel/show-line", test_show_line);
  looks = flash_app_list_looks ();
  for (guint i = 0; looks[i].name != NULL; i++) {
    g_autofree char *path = g_strconcat ("/problem-panel/shots/", looks[i].name, NULL);

    g_test_add_data_func (path, &looks[i], test_shots);
  }
  status = g_test_run ();
  flash_app_shots_shut_down ();
  flash_app_test_shut_down ();
  return status;
}
