/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Firmware page: opening files of every kind, the map, the problems and their buttons, the
 * address of raw bytes, and files that change. */
#define G_LOG_DOMAIN "test-firmware-page"

#include "config.h"

#include "flash-chip-map.h"
#include "flash-firmware-bench.h"

#include <glib/gstdio.h>

#define START FLASH_FIRMWARE_BENCH_START
#define KIB 1024

static gboolean
says (FlashAppFixture *fixture, const char *text)
{
  return flash_firmware_bench_says (fixture, text);
}

static const char *
get_text (FlashAppFixture *fixture, const char *id)
{
  return flash_app_get_text (fixture, id);
}

static void
open_path (FlashAppFixture *fixture, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  flash_window_open (fixture->window, file);
}

static void
write_bytes (FlashAppFixture *fixture, const char *name, GBytes *bytes, char **out_path)
{
  flash_test_write_file (fixture->layout_dir, name, bytes);
  g_free (*out_path);
  *out_path = g_build_filename (fixture->layout_dir, name, NULL);
}

static void
press (FlashAppFixture *fixture, const char *keys)
{
  flash_ui_press_keys (keys);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
}

/* --- what is opened ------------------------------------------------------------------------- */

static void
test_boards (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 20 * KIB, 1);
  GtkWidget *button;

  flash_firmware_bench_open (fixture, path);
  g_assert_cmpstr (get_text (fixture, "format_label"), ==, "Intel HEX");
  g_assert_cmpstr (get_text (fixture, "contents_label"), ==, "20 KiB, 0x08000000 – 0x08004fff");
  g_assert_true (g_str_has_prefix (get_text (fixture, "digest_label"), "SHA-256 "));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "app.hex");
  g_assert_false (flash_app_has (fixture, "chip_map"));
  g_assert_true (g_str_has_prefix (get_text (fixture, "board_label"), "Choose a microcontroller"));
  g_assert_cmpstr (get_text (fixture, "note_label"), ==, "No board is chosen.");
  g_assert_false (flash_app_has (fixture, "save_button"));

  flash_app_choose_board (fixture, NULL);
  g_assert_cmpstr (get_text (fixture, "note_label"), ==,
                   "This is an STM32MP board: it takes a layout, not a firmware file.");
  button = flash_app_get (fixture, "flash_button");
  g_assert_false (gtk_widget_is_sensitive (button));

  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  g_assert_false (flash_app_has (fixture, "board_box"));
  g_assert_true (flash_app_has (fixture, "chip_map"));
  g_assert_cmpstr (get_text (fixture, "plan_label"), ==,
                   "Erased and written: 2 of 12 sectors. Sector 1 is not filled: if there is "
                   "something else in the other 12 KiB, you are asked before it is erased.");
  g_assert_true (flash_app_has (fixture, "interrupted_box"));
  g_assert_false (flash_app_has (fixture, "note_box"));
  g_assert_true (gtk_widget_is_sensitive (button));
}

/* A file is what is in it. */
static void
test_kinds (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *hex = flash_firmware_bench_write_program (fixture, "app.txt", 4 * KIB, 1);
  g_autofree char *prose = g_build_filename (fixture->layout_dir, "notes.txt", NULL);
  g_autofree char *layout = g_build_filename (fixture->layout_dir, "layout.txt", NULL);
  g_autofree char *text = flash_app_dup_file (fixture, "layout.tsv");
  g_autofree char *gone = g_build_filename (fixture->layout_dir, "gone.hex", NULL);

  flash_firmware_bench_open (fixture, hex);
  flash_test_write_text (fixture->layout_dir, "layout.txt", text);
  flash_app_open (fixture, layout);
  g_assert_nonnull (flash_window_get_editor (fixture->window));

  flash_firmware_bench_open (fixture, hex);
  g_assert_null (flash_window_get_editor (fixture->window));
  flash_test_write_text (fixture->layout_dir, "notes.txt", "Only words.\nNothing to flash.\n");
  open_path (fixture, prose);
  flash_ui_wait_until (says (fixture, "“notes.txt” is neither a layout nor firmware. Open a .tsv, "
                                      ".dfu, .hex, .s19, .elf, .uf2 or .bin file."));
  open_path (fixture, gone);
  flash_ui_wait_until (
      says (fixture, "“gone.hex” does not exist. It may have been moved or renamed."));
  g_assert_true (flash_app_is_page (fixture, "firmware"));
}

static void
test_packed (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *plain = flash_firmware_bench_write_program (fixture, "app.hex", 4 * KIB, 1);
  g_autofree char *packed = g_strconcat (plain, ".gz", NULL);
  g_autofree char *text = flash_app_dup_file (fixture, "app.hex");
  g_autoptr (GFile) file = g_file_new_for_path (packed);
  g_autoptr (GFileOutputStream) stream = NULL;
  g_autoptr (GConverter) compressor =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, -1));
  g_autoptr (GOutputStream) converted = NULL;
  g_autoptr (GError) error = NULL;

  stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);
  g_assert_no_error (error);
  converted = g_converter_output_stream_new (G_OUTPUT_STREAM (stream), compressor);
  g_output_stream_write_all (converted, text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_close (converted, NULL, &error);
  g_assert_no_error (error);

  flash_firmware_bench_open (fixture, packed);
  g_assert_cmpstr (get_text (fixture, "format_label"), ==, "Intel HEX, packed by gzip");
  g_assert_cmpstr (get_text (fixture, "contents_label"), ==, "4 KiB, 0x08000000 – 0x08000fff");
}

/* What is not saved is not lost for it. */
static void
test_unsaved (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 4 * KIB, 1);

  flash_app_open (fixture, fixture->layout_path);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "system");
  open_path (fixture, path);
  flash_app_answer_to ("Save changes to “layout.tsv”?", "cancel");
  g_assert_true (flash_app_is_page (fixture, "layout"));
  g_assert_true (flash_app_is_modified (fixture));
  open_path (fixture, path);
  flash_app_answer_to ("Save changes to “layout.tsv”?", "discard");
  flash_ui_wait_until (flash_app_is_page (fixture, "firmware"));
  g_assert_null (flash_window_get_editor (fixture->window));
}

/* --- the map -------------------------------------------------------------------------------- */

static const char *
get_selected_title (FlashAppFixture *fixture)
{
  GtkListBoxRow *row =
      gtk_list_box_get_selected_row (GTK_LIST_BOX (flash_app_get (fixture, "sector_list")));

  return row != NULL ? adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)) : NULL;
}

static void
test_map_keys (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 20 * KIB, 1);

  if (!flash_ui_has_input ()) {
    g_test_skip ("no keyboard to press keys on");
    return;
  }
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  gtk_widget_grab_focus (flash_app_get (fixture, "chip_map"));
  press (fixture, "Right");
  g_assert_cmpstr (get_text (fixture, "part_label"), ==,
                   "Sector 0 · 16 KiB · 0x08000000 – 0x08003fff · Erased and written");
  g_assert_cmpstr (get_selected_title (fixture), ==, "Sector 0");
  press (fixture, "Right");
  g_assert_cmpstr (get_selected_title (fixture), ==, "Sector 1");
  press (fixture, "End");
  g_assert_cmpstr (get_text (fixture, "part_label"), ==,
                   "Sector 11 · 128 KiB · 0x080e0000 – 0x080fffff · Kept as it is");
  /* It is not in the list of those that change. */
  g_assert_null (get_selected_title (fixture));
  press (fixture, "Home");
  press (fixture, "Left");
  g_assert_cmpstr (get_selected_title (fixture), ==, "Sector 0");
}

static void
test_map_pointer (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 20 * KIB, 1);
  FlashChipMap *map;
  graphene_rect_t rect;
  GtkListBoxRow *row;

  if (!flash_ui_has_input ()) {
    g_test_skip ("no pointer to point with");
    return;
  }
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  map = FLASH_CHIP_MAP (flash_app_get (fixture, "chip_map"));
  g_assert_true (flash_chip_map_get_rect (map, 7, &rect));
  g_assert_false (flash_chip_map_get_rect (map, 12, &rect));
  g_assert_true (flash_chip_map_get_rect (map, 7, &rect));
  /* To scale, but none too small to be hit. */
  g_assert_cmpfloat (rect.size.width, >, 60);
  flash_ui_point (GTK_WIDGET (map), rect.origin.x + rect.size.width / 2, 20);
  flash_ui_set_button (1, TRUE);
  flash_ui_set_button (1, FALSE);
  flash_ui_wait_until (flash_chip_map_get_selected (map) == 7);
  g_assert_true (g_str_has_prefix (get_text (fixture, "part_label"), "Sector 7 · "));
  for (guint i = 0; flash_chip_map_get_rect (map, i, &rect); i++)
    g_assert_cmpfloat (rect.size.width, >=, 20);

  /* And the other way round. */
  row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (flash_app_get (fixture, "sector_list")), 1);
  g_signal_emit_by_name (row, "activate");
  flash_ui_wait_until (flash_chip_map_get_selected (map) == 1);
}

/* --- problems ------------------------------------------------------------------------------- */

static void
press_button (FlashAppFixture *fixture, const char *label)
{
  GtkWidget *button = flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, label);

  g_test_message ("%s", label);
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
  flash_ui_wait_until (!flash_app_has (fixture, "spinner"));
}

static void
test_outside (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) program = flash_firmware_bench_make (START, 4 * KIB, 1);
  g_autoptr (GBytes) other = flash_test_make_bytes (KIB, 2);
  const FlashFirmwarePiece pieces[] = { { START, program }, { 0x90000000, other }, { 0, NULL } };
  g_autofree char *path = flash_firmware_bench_write_hex (fixture, "app.hex", pieces);

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  g_assert_true (says (fixture, "outside-flash"));
  g_assert_cmpstr (get_text (fixture, "note_label"), ==,
                   "1 error must be corrected before this can be flashed.");
  g_assert_true (says (fixture, "Not written: the boot loader names no memory there"));
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  flash_app_activate (fixture, "win.show-problems");
  press_button (fixture, "Leave these parts out");
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  g_assert_false (flash_app_has (fixture, "note_box"));
  g_assert_true (says (fixture, "Warning"));
}

static void
test_damaged (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 4 * KIB, 1);
  g_autofree char *text = flash_app_dup_file (fixture, "app.hex");

  /* Without its last record. */
  *strstr (text, ":00000001FF") = '\0';
  flash_test_write_text (fixture->layout_dir, "app.hex", text);
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  g_assert_true (says (fixture, "ihex-no-end"));
  g_assert_true (says (fixture, "Error · line 258"));
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  g_assert_false (flash_app_has (fixture, "sector_list"));
  press_button (fixture, "Use it anyway");
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  g_assert_true (says (fixture, "ihex-no-end"));
  g_assert_true (says (fixture, "Warning · line 258"));
}

static void
test_aliased (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) program = flash_firmware_bench_make (0, 4 * KIB, 1);
  const FlashFirmwarePiece pieces[] = { { 0, program }, { 0, NULL } };
  g_autofree char *path = flash_firmware_bench_write_hex (fixture, "app.hex", pieces);

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  g_assert_false (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  press_button (fixture, "Move it there");
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  g_assert_true (
      g_str_has_prefix (get_text (fixture, "plan_label"), "Erased and written: 1 of 12 sectors."));
}

/* --- raw bytes ------------------------------------------------------------------------------ */

static gboolean
is_address (FlashAppFixture *fixture, const char *text)
{
  return g_str_equal (gtk_editable_get_text (GTK_EDITABLE (flash_app_get (fixture, "address_row"))),
                      text);
}

static void
test_raw_guess (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) bytes = flash_firmware_bench_make (0x08008000, 16 * KIB, 1);
  g_autofree char *path = NULL;

  write_bytes (fixture, "app.bin", bytes, &path);
  flash_firmware_bench_open (fixture, path);
  g_assert_cmpstr (get_text (fixture, "contents_label"), ==, "16 KiB without an address");
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  g_assert_true (says (fixture, "no-address"));
  g_assert_cmpstr (
      adw_preferences_row_get_title (ADW_PREFERENCES_ROW (flash_app_get (fixture, "guess_row"))),
      ==, "Its vector table is made for 0x08008000");
  press_button (fixture, "Use it");
  flash_ui_wait_until (is_address (fixture, "0x08008000"));
  g_assert_false (flash_app_has (fixture, "guess_row"));
  g_assert_false (says (fixture, "no-address"));
  g_assert_cmpstr (get_text (fixture, "contents_label"), ==, "16 KiB, 0x08008000 – 0x0800bfff");
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
}

static void
test_raw_typed (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) bytes = flash_test_make_bytes (16 * KIB, 1);
  g_autofree char *path = NULL;

  if (!flash_ui_has_input ()) {
    g_test_skip ("no keyboard to type on");
    return;
  }
  write_bytes (fixture, "data.bin", bytes, &path);
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  g_assert_cmpstr (
      adw_preferences_row_get_title (ADW_PREFERENCES_ROW (flash_app_get (fixture, "guess_row"))),
      ==, "The flash begins at 0x08000000");
  press_button (fixture, "Set address");
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  flash_ui_type ("80z");
  flash_ui_wait_until (flash_app_has (fixture, "error_label"));
  press (fixture, "Return");
  g_assert_true (says (fixture, "no-address"));
  press (fixture, "BackSpace");
  flash_ui_wait_until (!flash_app_has (fixture, "error_label"));
  flash_ui_type ("40000");
  press (fixture, "Return");
  flash_ui_wait_until (!says (fixture, "no-address"));
  g_assert_true (is_address (fixture, "0x08040000"));
  g_assert_true (g_str_has_prefix (get_text (fixture, "plan_label"),
                                   "Erased and written: 1 of 12 sectors. Sector 6 "));
}

/* --- the menu of a board -------------------------------------------------------------------- */

/* What is done there is done with that board. */
static void
test_menu (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry = flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  FlashBoardEntry *layout_board = flash_app_choose_board (fixture, NULL);
  FlashBoardRow *row =
      flash_app_find_row (fixture, flash_board_get_port (flash_board_entry_get_board (entry)));
  FlashBoardRow *other = flash_app_find_row (
      fixture, flash_board_get_port (flash_board_entry_get_board (layout_board)));
  GtkWidget *button = flash_ui_find_named (GTK_WIDGET (row), "menu_button");

  g_assert_true (gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (other)));
  g_assert_null (flash_ui_find_named (GTK_WIDGET (other), "menu_button"));
  g_assert_nonnull (button);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  flash_ui_wait_until (gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (row)));
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
}

/* --- files that change ---------------------------------------------------------------------- */

static void
test_changed (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 4 * KIB, 1);
  g_autofree char *again = NULL;

  flash_firmware_bench_open (fixture, path);
  g_assert_cmpstr (get_text (fixture, "contents_label"), ==, "4 KiB, 0x08000000 – 0x08000fff");
  again = flash_firmware_bench_write_program (fixture, "app.hex", 8 * KIB, 1);
  flash_ui_wait_until (
      g_str_equal (get_text (fixture, "contents_label"), "8 KiB, 0x08000000 – 0x08001fff"));
  g_assert_true (
      says (fixture, "“app.hex” was changed by another program, and has been read again."));
  g_assert_cmpint (g_unlink (path), ==, 0);
  flash_app_activate (fixture, "win.rescan");
  flash_ui_wait_until (
      flash_app_has (fixture, "note_box") &&
      g_str_equal (get_text (fixture, "note_label"), "The file cannot be read any more."));
  g_clear_pointer (&again, g_free);
  again = flash_firmware_bench_write_program (fixture, "app.hex", 8 * KIB, 1);
  flash_app_activate (fixture, "win.rescan");
  flash_ui_wait_until (g_str_equal (get_text (fixture, "note_label"), "No board is chosen."));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/firmware-page/boards", test_boards);
  ADD ("/firmware-page/kinds", test_kinds);
  ADD ("/firmware-page/packed", test_packed);
  ADD ("/firmware-page/unsaved", test_unsaved);
  ADD ("/firmware-page/map/keys", test_map_keys);
  ADD ("/firmware-page/map/pointer", test_map_pointer);
  ADD ("/firmware-page/problems/outside", test_outside);
  ADD ("/firmware-page/problems/damaged", test_damaged);
  ADD ("/firmware-page/problems/aliased", test_aliased);
  ADD ("/firmware-page/raw/guess", test_raw_guess);
  ADD ("/firmware-page/raw/typed", test_raw_typed);
  ADD ("/firmware-page/menu", test_menu);
  ADD ("/firmware-page/changed", test_changed);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
