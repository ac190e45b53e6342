/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window without a job: maps, table, problems, keys, sizes, names. */
#define G_LOG_DOMAIN "test-window"

#include "config.h"

#include "flash-app-test.h"
#include "flash-window-private.h"
#include "flash-layout-grid.h"
#include "flash-layout-table.h"
#include "flash-storage-bar.h"

static const char bad_layout[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                                 "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                                 "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                                 "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tmissing.stm32\n"
                                 "P\t0x10\trootfs\tFileSystem\tmmc0\t0x00084400\trootfs.ext4\n";

static GtkWidget *
find (FlashAppFixture *fixture, GType type, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (fixture->window), type, text);
}

static void
write_layout (FlashAppFixture *fixture, const char *text)
{
  flash_test_write_text (fixture->layout_dir, "layout.tsv", text);
}

static GtkWidget *
find_chooser (void)
{
  GtkWidget *dialog = flash_ui_find_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG);

  return dialog != NULL && gtk_widget_get_mapped (dialog) ? dialog : NULL;
}

static gboolean
has_folder (GtkWidget *dialog)
{
  g_autoptr (GFile) folder = gtk_file_chooser_get_current_folder (GTK_FILE_CHOOSER (dialog));

  return folder != NULL;
}

static FlashLayoutTable *
get_table (FlashAppFixture *fixture)
{
  return FLASH_LAYOUT_TABLE (flash_app_get (fixture, "table"));
}

static const char *
get_selected_name (FlashAppFixture *fixture)
{
  FlashLayoutEntry *entry = flash_layout_table_get_selected (get_table (fixture));

  return entry != NULL ? flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_NAME) : NULL;
}

/* Returns: where a partition is drawn. */
static graphene_rect_t
find_area (FlashStorageBar *bar, const char *name)
{
  FlashLayoutMap *map = flash_storage_bar_get_map (bar);
  graphene_rect_t rect;

  for (guint i = 0; i < map->areas->len; i++) {
    FlashLayoutRow *row = g_array_index (map->areas, FlashLayoutArea, i).row;

    if (row == NULL || !g_str_equal (flash_layout_row_get_name (row), name))
      continue;
    g_assert_true (flash_storage_bar_get_area_rect (bar, i, &rect));
    return rect;
  }
  g_assert_not_reached ();
}

/* --- maps, table, problems ---------------------------------------------------------------- */

static void
test_selection (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *bar;
  graphene_rect_t rect;

  flash_app_open (fixture, fixture->layout_path);
  bar = flash_app_get (fixture, "bar");
  gtk_test_accessible_assert_role (bar, GTK_ACCESSIBLE_ROLE_SLIDER);
  g_assert_cmpint (flash_storage_bar_get_selected (FLASH_STORAGE_BAR (bar)), ==, -1);
  g_assert_null (get_selected_name (fixture));
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Storage mmc0, 10 parts");
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "nothing chosen");

  /* From the table to the map … */
  flash_layout_table_select_line (
      get_table (fixture),
      flash_layout_entry_get_number (flash_app_find_entry (fixture, "rootfs")));
  g_assert_cmpint (flash_storage_bar_get_selected (FLASH_STORAGE_BAR (bar)), >=, 0);
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "rootfs: starts at 0x04984400, up to the end, which is not "
                                       "known. Its file has 300 KiB.");
  flash_layout_table_select_line (get_table (fixture), 0);
  gtk_test_accessible_assert_property (bar, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "nothing chosen");

  if (!flash_ui_has_input ())
    return;
  /* … and back, by pointer … */
  rect = find_area (FLASH_STORAGE_BAR (bar), "fip-a");
  flash_ui_point (bar, rect.origin.x + rect.size.width / 2, rect.origin.y + rect.size.height / 2);
  flash_ui_set_button (1, TRUE);
  flash_ui_set_button (1, FALSE);
  flash_ui_wait_until (g_strcmp0 (get_selected_name (fixture), "fip-a") == 0);
  /* … and by keys. */
  gtk_widget_grab_focus (bar);
  flash_ui_press_keys ("End");
  flash_ui_press_keys ("Left");
  flash_ui_wait_until (g_strcmp0 (get_selected_name (fixture), "bootfs") == 0);
  flash_ui_press_keys ("Right");
  flash_ui_wait_until (g_strcmp0 (get_selected_name (fixture), "rootfs") == 0);
}

/* Where the text runs from right to left, so do the parts, and so do the keys. */
static void
test_right_to_left (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  gtk_widget_set_direction (flash_app_get (fixture, "bar"), GTK_TEXT_DIR_RTL);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  gtk_widget_grab_focus (flash_app_get (fixture, "bar"));
  if (!flash_ui_has_input ())
    return;
  flash_ui_press_keys ("End");
  flash_ui_press_keys ("Right");
  flash_ui_wait_until (g_strcmp0 (get_selected_name (fixture), "bootfs") == 0);
  flash_ui_press_keys ("Left");
  flash_ui_wait_until (g_strcmp0 (get_selected_name (fixture), "rootfs") == 0);
}

static void
test_problems (FlashAppFixture *fixture, gconstpointer unused)
{
  write_layout (fixture, bad_layout);
  flash_app_choose_board (fixture, NULL);
  flash_app_open (fixture, fixture->layout_path);
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  g_assert_cmpstr (flash_app_get_text (fixture, "note_label"), ==,
                   "1 error must be corrected before this can be flashed.");
  g_assert_cmpstr (gtk_widget_get_tooltip_text (flash_app_get (fixture, "flash_button")), ==,
                   "1 error must be corrected before this can be flashed.");
  g_assert_nonnull (find (fixture, GTK_TYPE_LABEL, "Line 4 · fsbl1"));
  g_assert_nonnull (find (fixture, GTK_TYPE_LABEL, "The file missing.stm32 does not exist."));
  g_assert_nonnull (find (fixture, GTK_TYPE_LABEL, "file-missing"));

  if (!flash_ui_has_input ())
    return;
  flash_app_press (fixture, "note_button");
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  /* The first one is about the whole file. */
  flash_ui_press_keys ("Down");
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (g_strcmp0 (get_selected_name (fixture), "fsbl1") == 0);
}

/* The board's own words, before it says them. */
static void
test_device_text (FlashAppFixture *fixture, gconstpointer unused)
{
  write_layout (fixture, "P\t0x10\tdata\tFileSystem\tmmc0\t0x4400\trootfs.ext4\n"
                         "Q\t0x11\tdata2\tFileSystem\tmmc0\t0x84400\trootfs.ext4\n");
  flash_app_open (fixture, fixture->layout_path);
  g_assert_true (
      g_str_has_prefix (flash_app_get_text (fixture, "device_label"), "The board would say: “"));
}

/* A layout for one chip is not offered to another one. */
static void
test_wrong_chip (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkListBox *list = GTK_LIST_BOX (flash_app_get (fixture, "list"));

  flash_app_open (fixture, fixture->layout_path);
  gtk_list_box_select_row (list, gtk_list_box_get_row_at_index (list, 1));
  flash_ui_wait_until (!flash_app_has (fixture, "spinner") && flash_app_has (fixture, "note_box"));
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  g_assert_nonnull (strstr (flash_app_get_text (fixture, "note_label"), "must be corrected"));
  gtk_list_box_select_row (list, gtk_list_box_get_row_at_index (list, 0));
  flash_ui_wait_until (!flash_app_has (fixture, "spinner") && !flash_app_has (fixture, "note_box"));
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
}

/* F5 reads the files again. */
static void
test_reload (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_choose_board (fixture, NULL);
  flash_app_open (fixture, fixture->layout_path);
  g_assert_false (flash_app_has (fixture, "note_box"));
  write_layout (fixture, bad_layout);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.rescan", NULL);
  flash_ui_wait_until (flash_app_has (fixture, "note_box") && !flash_app_has (fixture, "spinner"));
  g_assert_cmpstr (flash_app_get_text (fixture, "note_label"), ==,
                   "1 error must be corrected before this can be flashed.");
}

static gboolean
has_tooltip (GtkWidget *widget, int x, int y)
{
  g_autoptr (GtkTooltip) tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  gboolean is_shown = FALSE;

  g_signal_emit_by_name (widget, "query-tooltip", x, y, FALSE, tooltip, &is_shown);
  return is_shown;
}

/* All cells have one set of words, that of the grid. */
static void
assert_cell_tooltip (FlashAppFixture *fixture, const char *row, FlashCellColumn column)
{
  GtkWidget *grid =
      flash_ui_find_widget (GTK_WIDGET (fixture->window), FLASH_TYPE_LAYOUT_GRID, NULL);
  GtkWidget *cell = GTK_WIDGET (flash_layout_grid_get_cell (
      FLASH_LAYOUT_GRID (grid), flash_app_find_entry (fixture, row), column));
  double x, y;

  g_assert_true (gtk_widget_translate_coordinates (cell, grid, 2, 2, &x, &y));
  g_assert_true (has_tooltip (grid, (int) x, (int) y));
}

static void
test_tooltips (FlashAppFixture *fixture, gconstpointer unused)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1240, 800);
  flash_app_open (fixture, fixture->layout_path);
  g_assert_true (has_tooltip (flash_app_get (fixture, "bar"), 1, 1));
  flash_ui_wait_until (!flash_layout_table_is_narrow (get_table (fixture)));
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  assert_cell_tooltip (fixture, "u-boot-env", FLASH_CELL_OPTION);
  assert_cell_tooltip (fixture, "fip-a", FLASH_CELL_IP);
  assert_cell_tooltip (fixture, "fip-a", FLASH_CELL_FILE);
}

/* --- keys, sizes, names ------------------------------------------------------------------- */

static void
test_keys (FlashAppFixture *fixture, gconstpointer unused)
{
  AdwFlap *flap = ADW_FLAP (flash_app_get (fixture, "flap"));
  GtkWidget *overlay;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take input");
    return;
  }
  flash_app_open (fixture, fixture->layout_path);
  flash_ui_press_keys ("F9");
  flash_ui_wait_until (!adw_flap_get_reveal_flap (flap));
  flash_ui_press_keys ("F9");
  flash_ui_wait_until (adw_flap_get_reveal_flap (flap));

  write_layout (fixture, bad_layout);
  flash_ui_press_keys ("F5");
  flash_ui_wait_until (find (fixture, GTK_TYPE_LABEL, "file-missing") != NULL);

  flash_ui_press_keys ("Control_L+Shift_L+slash");
  flash_ui_wait_until (
      gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (fixture->window)) != NULL);
  overlay = GTK_WIDGET (
      gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (fixture->window)));
  flash_ui_wait_until (gtk_widget_get_mapped (overlay));
  gtk_window_close (GTK_WINDOW (overlay));
  flash_ui_wait_until (!gtk_widget_get_mapped (overlay));
  flash_ui_focus (GTK_WIDGET (fixture->window));

  if (flash_ui_is_slow ())
    return;
  flash_ui_press_keys ("Control_L+o");
  flash_ui_wait_until (find_chooser () != NULL);
  /* One that is still looking for its folder says so when the folder is gone, after the test. */
  flash_ui_wait_until (has_folder (find_chooser ()));
  gtk_dialog_response (GTK_DIALOG (find_chooser ()), GTK_RESPONSE_CANCEL);
  flash_ui_wait_until (find_chooser () == NULL);
  flash_ui_focus (GTK_WIDGET (fixture->window));
}

static void
test_close_key (FlashAppFixture *fixture, gconstpointer unused)
{
  gpointer alive = fixture->window;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take input");
    return;
  }
  g_object_add_weak_pointer (G_OBJECT (fixture->window), &alive);
  flash_ui_press_keys ("Control_L+w");
  flash_ui_wait_until (alive == NULL);
  fixture->window = NULL;
}

/* What the window is made of may need 360 pixels at most; the frame that is drawn where no
 * compositor draws one comes on top. */
static void
test_min_width (FlashAppFixture *fixture, gconstpointer unused)
{
  static const char *const pages[] = { "welcome", "layout", "prepare", "job", "result" };
  GtkStack *stack = GTK_STACK (flash_app_get (fixture, "stack"));
  int min_width;

  write_layout (fixture, bad_layout);
  flash_app_open (fixture, fixture->layout_path);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    _flash_window_need_page (fixture->window, pages[i]);
    gtk_stack_set_visible_child_name (stack, pages[i]);
    gtk_widget_measure (GTK_WIDGET (fixture->window), GTK_ORIENTATION_HORIZONTAL, -1, &min_width,
                        NULL, NULL, NULL);
    g_test_message ("%s: %d pixels", pages[i], min_width);
    g_assert_cmpint (min_width, <=, 370);
  }
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 640);
  flash_ui_wait_until (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= 370);
  g_assert_true (adw_flap_get_folded (ADW_FLAP (flash_app_get (fixture, "flap"))));

  /* With something to save there is a button more. */
  gtk_stack_set_visible_child_name (stack, "layout");
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "other");
  flash_ui_wait_until (flash_app_has (fixture, "save_button"));
  g_assert_false (flash_app_has (fixture, "open_button"));
  gtk_widget_measure (GTK_WIDGET (fixture->window), GTK_ORIENTATION_HORIZONTAL, -1, &min_width,
                      NULL, NULL, NULL);
  g_assert_cmpint (min_width, <=, 370);
  flash_app_activate (fixture, "win.undo");
  g_assert_true (flash_app_has (fixture, "open_button"));
}

/* The size of the window is that of the last one. */
static void
test_state (FlashAppFixture *fixture, gconstpointer unused)
{
  GSettings *settings = flash_application_get_settings (flash_app_test.application);
  gpointer alive = fixture->window;
  int width, height;

  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 700, 500);
  flash_ui_wait_until (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= 700);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), &alive);
  gtk_window_close (GTK_WINDOW (fixture->window));
  flash_ui_wait_until (alive == NULL);
  fixture->window = flash_window_new (flash_app_test.application);
  gtk_window_get_default_size (GTK_WINDOW (fixture->window), &width, &height);
  g_assert_cmpint (width, ==, 700);
  g_assert_cmpint (height, ==, 500);
  g_settings_reset (settings, "window-width");
  g_settings_reset (settings, "window-height");
}

/* Every button has a name that a screen reader can say. */
static void
assert_named (GtkWidget *widget)
{
  g_autofree char *label = NULL;

  if (!gtk_widget_get_mapped (widget) || GTK_IS_WINDOW_CONTROLS (widget))
    return;
  if (GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget) ||
      GTK_IS_PROGRESS_BAR (widget) || GTK_IS_LIST_BOX (widget) || GTK_IS_COLUMN_VIEW (widget)) {
    GtkWidget *parent = gtk_widget_get_parent (widget);

    if (g_object_class_find_property (G_OBJECT_GET_CLASS (widget), "label") != NULL)
      g_object_get (widget, "label", &label, NULL);
    if ((label == NULL || *label == '\0') && !GTK_IS_MENU_BUTTON (parent) &&
        !GTK_IS_DROP_DOWN (parent) &&
        !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget),
                                           GTK_ACCESSIBLE_PROPERTY_LABEL) &&
        !gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget),
                                           GTK_ACCESSIBLE_RELATION_LABELLED_BY)) {
      g_test_message ("a nameless %s in a %s", G_OBJECT_TYPE_NAME (widget),
                      G_OBJECT_TYPE_NAME (parent));
      g_test_fail ();
    }
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assert_named (child);
}

/* Once: by the label that is seen. */
static void
assert_named_once (GtkWidget *button)
{
  g_assert_true (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (button),
                                                   GTK_ACCESSIBLE_RELATION_LABELLED_BY));
  g_assert_false (
      gtk_test_accessible_has_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL));
}

static void
test_mnemonics (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *flash_button;

  assert_named_once (find (fixture, GTK_TYPE_BUTTON, "_Open…"));
  flash_app_open (fixture, fixture->layout_path);
  flash_button = flash_app_get (fixture, "flash_button");
  gtk_test_accessible_assert_property (flash_button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Flash");
  g_assert_false (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (flash_button),
                                                    GTK_ACCESSIBLE_RELATION_LABELLED_BY));
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "other");
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  assert_named_once (flash_app_get (fixture, "save_button"));
  flash_editor_discard (flash_window_get_editor (fixture->window));
}

static void
test_names (FlashAppFixture *fixture, gconstpointer unused)
{
  static const char *const pages[] = { "welcome", "layout", "prepare", "job", "result" };
  GtkStack *stack = GTK_STACK (flash_app_get (fixture, "stack"));

  flash_app_open (fixture, fixture->layout_path);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    _flash_window_need_page (fixture->window, pages[i]);
    gtk_stack_set_visible_child_name (stack, pages[i]);
    flash_ui_settle (GTK_WIDGET (fixture->window), 30);
    assert_named (GTK_WIDGET (fixture->window));
  }
}

static void
test_about (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *about;

  g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), "about", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (ADW_TYPE_ABOUT_WINDOW) != NULL);
  about = flash_ui_find_toplevel (ADW_TYPE_ABOUT_WINDOW);
  g_assert_cmpstr (adw_about_window_get_version (ADW_ABOUT_WINDOW (about)), ==, PACKAGE_VERSION);
  gtk_window_destroy (GTK_WINDOW (about));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/window/selection", test_selection);
  ADD ("/window/right-to-left", test_right_to_left);
  ADD ("/window/problems", test_problems);
  ADD ("/window/device-text", test_device_text);
  ADD ("/window/wrong-chip", test_wrong_chip);
  ADD ("/window/reload", test_reload);
  ADD ("/window/tooltips", test_tooltips);
  ADD ("/window/keys", test_keys);
  ADD ("/window/close-key", test_close_key);
  ADD ("/window/min-width", test_min_width);
  ADD ("/window/state", test_state);
  ADD ("/window/names", test_names);
  ADD ("/window/mnemonics", test_mnemonics);
  ADD ("/window/about", test_about);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
