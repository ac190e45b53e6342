/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory window on virtual boards: ranges, reading, saving, comparing, searching. */
#define G_LOG_DOMAIN "test-memory"

#include "config.h"

#include "flash-hex-view.h"
#include "flash-memory-bench.h"
#include "flash-memory-compare.h"
#include "flash-memory-file.h"
#include "flash-memory-range.h"
#include "flash-memory-window.h"
#include "flash-unprotect-dialog.h"

#include <string.h>

#define KIB 1024
#define START FLASH_FIRMWARE_BENCH_START
#define F405_SIZE (1024 * KIB)

/* --- ranges --------------------------------------------------------------------------------- */

static void
test_range (void)
{
  static const struct {
    const char *start;
    const char *size;
    guint32 address;
    guint64 length; /* 0 for a fault */
    const char *fault;
  } cases[] = {
    { "0x08000000", "", 0x08000000, 0x10000, NULL },
    { "8000000", "0x400", 0x08000000, 0x400, NULL },
    { "0x0800ffff", "1", 0x0800ffff, 1, NULL },
    { "0x08008000", "32K", 0x08008000, 0x8000, NULL },
    { "0x08020000", "", 0x08020000, 0x4000, NULL },
    { "0x08010000", "", 0, 0, "from 0x08000000 to 0x08023fff" },
    { "0x07ffffff", "1", 0, 0, "Nothing can be read at 0x07ffffff" },
    { "0x08024000", "1", 0, 0, "Nothing can be read at 0x08024000" },
    { "0x08000000", "0x10001", 0, 0, "only 64 KiB follow" },
    { "0x0800ffff", "2", 0, 0, "only 1 B follow" },
    { "0x08000000", "0", 0, 0, "no number of bytes" },
    { "0x08000000", "many", 0, 0, "no number of bytes" },
    { "nowhere", "1", 0, 0, "no address" },
    { "0x100000000", "1", 0, 0, "no address" },
    { "", "", 0, 0, "no address" },
  };
  static const FlashMemoryRun runs[] = { { 0x08000000, 0x4000, 4, 7 },
                                         { 0x08010000, 0x4000, 4, 6 },
                                         { 0x08020000, 0x4000, 1, 7 } };
  g_autoptr (FlashMemoryMap) map =
      flash_memory_map_new_for_runs ("Flash", runs, G_N_ELEMENTS (runs));
  FlashMemoryChoice choice = { .name = (char *) "Flash", .map = map };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint32 address = 7;
    guint64 length = 7;
    g_autofree char *fault =
        flash_memory_range_parse (&choice, cases[i].start, cases[i].size, &address, &length);

    g_test_message ("%s %s: %s", cases[i].start, cases[i].size, fault != NULL ? fault : "good");
    if (cases[i].fault != NULL) {
      g_assert_nonnull (fault);
      g_assert_nonnull (strstr (fault, cases[i].fault));
      g_assert_cmpuint (address, ==, 7);
      g_assert_cmpuint (length, ==, 7);
    } else {
      g_assert_null (fault);
      g_assert_cmphex (address, ==, cases[i].address);
      g_assert_cmphex (length, ==, cases[i].length);
    }
  }
}

static void
test_range_large (void)
{
  static const FlashMemoryRun run = { 0x90000000, 0x10000, 0x2000, 7 };
  g_autoptr (FlashMemoryMap) map = flash_memory_map_new_for_runs ("External", &run, 1);
  FlashMemoryChoice choice = { .name = (char *) "External", .map = map };
  guint32 address;
  guint64 length;
  g_autofree char *fault = flash_memory_range_parse (&choice, "0x90000000", "", &address, &length);

  g_assert_nonnull (fault);
  g_assert_nonnull (strstr (fault, "at most 256 MiB"));
  g_assert_null (flash_memory_range_parse (&choice, "0x90000000", "256M", &address, &length));
  g_assert_cmphex (length, ==, 0x10000000);
}

/* --- comparing ------------------------------------------------------------------------------ */

static void
test_compare (void)
{
  guint8 here[256] = { 0 }, there[256] = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) file = NULL;
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (FlashMemoryCompare) compare = NULL;
  const FlashMemoryDifference *first, *last;
  guint index = 77;

  there[0] = there[15] = 1; /* fourteen equal bytes between them: one difference */
  there[100] = 1;
  there[255] = 1;
  bytes = g_bytes_new (here, sizeof (here));
  file = g_bytes_new (there, sizeof (there));
  image = flash_image_new_for_bytes (START, file);
  compare = flash_memory_compare_new (bytes, START, image, 0);
  g_assert_cmpuint (compare->n_compared, ==, 256);
  g_assert_cmpuint (compare->n_different, ==, 4);
  g_assert_cmpuint (compare->n_outside, ==, 0);
  g_assert_cmpuint (compare->differences->len, ==, 3);
  first = &g_array_index (compare->differences, FlashMemoryDifference, 0);
  last = &g_array_index (compare->differences, FlashMemoryDifference, 2);
  g_assert_cmpuint (first->offset, ==, 0);
  g_assert_cmpuint (first->length, ==, 16);
  g_assert_cmpuint (last->offset, ==, 255);
  g_assert_cmpuint (last->length, ==, 1);
  g_assert_true (flash_memory_compare_is_different (compare, 0));
  g_assert_false (flash_memory_compare_is_different (compare, 1));
  g_assert_true (flash_memory_compare_is_different (compare, 255));
  g_assert_false (flash_memory_compare_is_different (compare, 100000));
  g_assert_true (flash_memory_compare_find (compare, 0, TRUE, &index));
  g_assert_cmpuint (index, ==, 1);
  g_assert_true (flash_memory_compare_find (compare, 100, TRUE, &index));
  g_assert_cmpuint (index, ==, 2);
  g_assert_true (flash_memory_compare_find (compare, 100, FALSE, &index));
  g_assert_cmpuint (index, ==, 0);
  index = 77;
  g_assert_false (flash_memory_compare_find (compare, 255, TRUE, &index));
  g_assert_false (flash_memory_compare_find (compare, 0, FALSE, &index));
  g_assert_cmpuint (index, ==, 77);
}

/* What only one of both has is no difference. */
static void
test_compare_outside (void)
{
  g_autoptr (GBytes) bytes = flash_test_make_bytes (256, 1);
  g_autoptr (GBytes) file = flash_test_make_bytes (256, 2);
  g_autoptr (FlashImage) overlapping = flash_image_new_for_bytes (START + 255, file);
  g_autoptr (FlashImage) apart = flash_image_new_for_bytes (START + 256, file);
  g_autoptr (FlashMemoryCompare) one = flash_memory_compare_new (bytes, START, overlapping, 3);
  g_autoptr (FlashMemoryCompare) none = flash_memory_compare_new (bytes, START, apart, 0);

  g_assert_cmpuint (one->n_compared, ==, 1);
  g_assert_cmpuint (one->n_outside, ==, 255);
  g_assert_cmpuint (none->n_compared, ==, 0);
  g_assert_cmpuint (none->n_outside, ==, 256);
  g_assert_cmpuint (none->n_different, ==, 0);
  g_assert_cmpuint (none->differences->len, ==, 0);
}

static void
test_format (void)
{
  g_assert_cmpint (flash_memory_file_get_format ("/a/b.HEX"), ==, FLASH_IMAGE_WRITE_HEX);
  g_assert_cmpint (flash_memory_file_get_format ("b.ihex"), ==, FLASH_IMAGE_WRITE_HEX);
  g_assert_cmpint (flash_memory_file_get_format ("b.dfu"), ==, FLASH_IMAGE_WRITE_DFU);
  g_assert_cmpint (flash_memory_file_get_format ("b.bin"), ==, FLASH_IMAGE_WRITE_BIN);
  g_assert_cmpint (flash_memory_file_get_format ("hex"), ==, FLASH_IMAGE_WRITE_BIN);
}

/* --- the window ----------------------------------------------------------------------------- */

static GBytes *
store_program (FlashAppFixture *fixture)
{
  GBytes *program = flash_firmware_bench_make (START, 60 * KIB, 1);

  flash_firmware_bench_store (fixture, "stm32f405", F405_SIZE, 0, program);
  return program;
}

static GtkWidget *
open_memory (FlashAppFixture *fixture, const char *keys)
{
  flash_firmware_bench_choose (fixture, "stm32f405", keys);
  return flash_memory_bench_open (fixture, "win.memory", FLASH_TYPE_MEMORY_WINDOW);
}

static void
wait_for_toast (GtkWidget *window, const char *text)
{
  flash_ui_wait_until (flash_memory_bench_says (window, text));
}

static void
save_to (FlashAppFixture *fixture, GtkWidget *window, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  flash_memory_window_save_to (FLASH_MEMORY_WINDOW (window), file);
  flash_ui_wait_until (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
compare_with (FlashAppFixture *fixture, GtkWidget *window, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  flash_memory_window_compare_with (FLASH_MEMORY_WINDOW (window), file);
}

/* What is shown is what the board holds, and so is what is saved, in every format. */
static void
test_read_and_save (FlashAppFixture *fixture, gconstpointer unused)
{
  static const char *const names[] = { "back.hex", "back.dfu", "back.bin" };
  g_autoptr (GBytes) program = store_program (fixture);
  GtkWidget *window = open_memory (fixture, "timing=fast");
  g_autofree char *saved = NULL;
  g_autofree char *path = g_build_filename (fixture->layout_dir, "back.bin", NULL);
  gsize length;

  g_assert_true (flash_memory_bench_says (window, "Nothing was read yet"));
  flash_memory_bench_type (window, "size_entry", "60K");
  flash_memory_bench_read (window);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    save_to (fixture, window, names[i]);
  wait_for_toast (window, "Saved");
  g_assert_true (g_file_get_contents (path, &saved, &length, NULL));
  g_assert_cmpmem (saved, length, g_bytes_get_data (program, NULL), g_bytes_get_size (program));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *wanted = g_strdup_printf ("“%s”: no difference in 60 KiB.", names[i]);

    compare_with (fixture, window, names[i]);
    flash_ui_wait_until (flash_memory_bench_says (window, wanted));
  }
  flash_memory_bench_press (window, "compare_close_button");
  flash_ui_wait_until (!flash_memory_bench_has (window, "compare_bar"));
  flash_memory_bench_close (window);
}

static void
test_save_fails (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/nowhere/at/all.bin");
  GtkWidget *window = open_memory (fixture, "timing=fast");

  flash_memory_window_save_to (FLASH_MEMORY_WINDOW (window), file);
  flash_memory_bench_type (window, "size_entry", "1K");
  flash_memory_bench_read (window);
  flash_memory_window_save_to (FLASH_MEMORY_WINDOW (window), NULL);
  flash_memory_window_save_to (FLASH_MEMORY_WINDOW (window), file);
  flash_ui_wait_until (flash_ui_find_named (window, "toasts") != NULL);
  flash_ui_settle (window, 60);
  g_assert_false (g_file_test ("/nowhere", G_FILE_TEST_EXISTS));
  flash_memory_bench_close (window);
}

static void
test_differences (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) program = store_program (fixture);
  g_autofree guint8 *changed =
      g_memdup2 (g_bytes_get_data (program, NULL), g_bytes_get_size (program));
  g_autoptr (GBytes) other = NULL;
  GtkWidget *window = open_memory (fixture, "timing=fast");
  FlashHexView *view;
  g_autofree char *position = NULL;

  changed[0x100] ^= 0xff;
  changed[0x2000] ^= 0xff;
  changed[0x2001] ^= 0xff;
  other = g_bytes_new (changed, g_bytes_get_size (program));
  flash_test_write_file (fixture->layout_dir, "other.bin", other);
  flash_memory_bench_type (window, "size_entry", "32K");
  flash_memory_bench_read (window);
  view = flash_memory_bench_get (window, "hex_view");
  compare_with (fixture, window, "other.bin");
  flash_ui_wait_until (flash_memory_bench_has (window, "compare_bar"));
  g_assert_cmpstr (flash_memory_bench_get_text (window, "compare_label"), ==,
                   "“other.bin”: 2 differences; 3 B of 32 KiB differ. "
                   "28 KiB of the file lie outside of what was read.");
  g_assert_cmpuint (flash_hex_view_get_cursor (view), ==, 0x100);
  position = g_strdup_printf ("0x08000100: chip 0x%02x, file 0x%02x", changed[0x100] ^ 0xff,
                              changed[0x100]);
  g_assert_cmpstr (flash_memory_bench_get_text (window, "position_label"), ==, position);
  gtk_widget_activate_action (window, "memory.next-difference", NULL);
  g_assert_cmpuint (flash_hex_view_get_cursor (view), ==, 0x2000);
  gtk_widget_activate_action (window, "memory.next-difference", NULL);
  wait_for_toast (window, "No difference follows.");
  g_assert_cmpuint (flash_hex_view_get_cursor (view), ==, 0x2000);
  if (flash_ui_has_input ()) {
    flash_ui_focus (window);
    flash_ui_press_keys ("Shift_L+F8");
    flash_ui_wait_until (flash_hex_view_get_cursor (view) == 0x100);
    flash_memory_bench_press (window, "difference_button");
    flash_ui_wait_until (flash_memory_bench_says (window, "0x08002000, 2 B"));
    g_signal_emit_by_name (flash_memory_bench_get (window, "difference_list"), "activate", 1);
    flash_ui_wait_until (flash_hex_view_get_cursor (view) == 0x2000);
  }
  flash_memory_bench_close (window);
}

static void
test_compare_fails (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = open_memory (fixture, "timing=fast");

  flash_test_write_text (fixture->layout_dir, "cut.hex", ":10000000000102\n");
  flash_memory_bench_type (window, "size_entry", "1K");
  flash_memory_bench_read (window);
  compare_with (fixture, window, "cut.hex");
  compare_with (fixture, window, "missing.bin");
  compare_with (fixture, window, "cut.hex");
  flash_ui_settle (window, 60);
  g_assert_false (flash_memory_bench_has (window, "compare_bar"));
  flash_memory_bench_close (window);
}

static void
test_find_and_go (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  FlashHexView *view;
  g_autoptr (GBytes) text = g_bytes_new_static ("Flashwright", 11);

  flash_firmware_bench_store (fixture, "stm32f405", F405_SIZE, 0x1234, text);
  window = open_memory (fixture, "timing=fast");
  flash_memory_bench_type (window, "size_entry", "8K");
  flash_memory_bench_read (window);
  view = flash_memory_bench_get (window, "hex_view");
  gtk_widget_activate_action (window, "memory.find", NULL);
  flash_memory_bench_type (window, "search_entry", "Flashwright");
  flash_ui_wait_until (flash_hex_view_get_cursor (view) == 0x1234);
  flash_memory_bench_type (window, "search_entry", "de ad be ef");
  flash_ui_wait_until (flash_memory_bench_says (window, "Not found in what was read"));
  flash_memory_bench_type (window, "search_entry", "ff");
  flash_ui_wait_until (flash_hex_view_get_cursor (view) == 0x123f);
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "next-match");
  g_assert_cmpuint (flash_hex_view_get_cursor (view), ==, 0x1240);
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "previous-match");
  g_assert_cmpuint (flash_hex_view_get_cursor (view), ==, 0x123f);
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "stop-search");
  gtk_widget_activate_action (window, "memory.go-to", NULL);
  flash_ui_wait_until (flash_memory_bench_has (window, "go_to_entry"));
  flash_memory_bench_type (window, "go_to_entry", "0x08002000");
  g_signal_emit_by_name (flash_memory_bench_get (window, "go_to_entry"), "activate");
  wait_for_toast (window, "This address was not read.");
  flash_memory_bench_type (window, "go_to_entry", "0x08001fff");
  g_signal_emit_by_name (flash_memory_bench_get (window, "go_to_entry"), "activate");
  flash_ui_wait_until (flash_hex_view_get_cursor (view) == 0x1fff);
  g_assert_cmpstr (flash_memory_bench_get_text (window, "position_label"), ==,
                   "0x08001fff: 0xff (255)");
  flash_memory_bench_close (window);
}

static void
test_memories (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = open_memory (fixture, "timing=fast");
  GtkDropDown *choice = flash_memory_bench_get (window, "memory_choice");
  GtkStringList *names = GTK_STRING_LIST (gtk_drop_down_get_model (choice));
  guint n_read = 0;

  g_assert_cmpstr (gtk_string_list_get_string (names, 0), ==, "Flash");
  for (guint i = 1; i < g_list_model_get_n_items (G_LIST_MODEL (names)); i++) {
    gtk_drop_down_set_selected (choice, i);
    g_test_message ("%s", gtk_string_list_get_string (names, i));
    flash_memory_bench_press (window, "read_button");
    flash_ui_wait_until (flash_memory_bench_has (window, "read_button") &&
                         gtk_widget_is_sensitive (flash_memory_bench_get (window, "read_button")));
    if (flash_memory_bench_has (window, "hex_view"))
      n_read++;
  }
  g_assert_cmpuint (n_read, >=, 2);
  flash_memory_bench_type (window, "start_entry", "0x08000000");
  flash_ui_wait_until (flash_memory_bench_has (window, "fault_label"));
  g_assert_false (gtk_widget_is_sensitive (flash_memory_bench_get (window, "read_button")));
  flash_memory_bench_close (window);
}

static void
test_stop (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = open_memory (fixture, "latency=3000");

  flash_memory_bench_press (window, "read_button");
  flash_ui_wait_until (flash_memory_bench_has (window, "stop_button"));
  flash_memory_bench_press (window, "stop_button");
  flash_ui_wait_until (flash_memory_bench_says (window, "Nothing was read yet"));
  wait_for_toast (window, "Reading was stopped.");
  flash_memory_bench_close (window);
}

/* One window for a board; and one that is closed while it reads lets the board go. */
static void
test_life (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = open_memory (fixture, "latency=3000");
  FlashBoardEntry *entry = flash_memory_window_get_entry (FLASH_MEMORY_WINDOW (window));

  g_assert_true (flash_memory_window_present (GTK_WINDOW (fixture->window), entry) ==
                 GTK_WINDOW (window));
  flash_memory_bench_press (window, "read_button");
  flash_ui_wait_until (flash_board_entry_get_job (entry) != NULL);
  flash_memory_bench_close (window);
  flash_ui_wait_until (flash_board_entry_get_job (entry) == NULL);
}

/* The chip says itself that it is protected: then the way out is offered. */
static void
test_protected (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window, *dialog;

  flash_firmware_bench_choose (fixture, "stm32u575", "rdp=1,timing=fast");
  window = flash_memory_bench_open (fixture, "win.memory", FLASH_TYPE_MEMORY_WINDOW);
  flash_memory_bench_press (window, "read_button");
  flash_ui_wait_until (flash_memory_bench_has (window, "code_label"));
  g_assert_cmpstr (flash_memory_bench_get_text (window, "code_label"), ==, "read-protected");
  flash_memory_bench_press (window, "offer_button");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_UNPROTECT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_UNPROTECT_DIALOG);
  flash_ui_settle (dialog, 30);
  g_assert_true (flash_memory_bench_has (dialog, "certain_label"));
  g_assert_false (flash_memory_bench_has (dialog, "tried_check"));
  flash_memory_bench_close (dialog);
  flash_memory_bench_close (window);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/memory/" name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,          \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  g_test_add_func ("/memory/range", test_range);
  g_test_add_func ("/memory/range-large", test_range_large);
  g_test_add_func ("/memory/compare", test_compare);
  g_test_add_func ("/memory/compare-outside", test_compare_outside);
  g_test_add_func ("/memory/format", test_format);
  ADD ("read-and-save", test_read_and_save);
  ADD ("save-fails", test_save_fails);
  ADD ("differences", test_differences);
  ADD ("compare-fails", test_compare_fails);
  ADD ("find-and-go", test_find_and_go);
  ADD ("memories", test_memories);
  ADD ("stop", test_stop);
  ADD ("life", test_life);
  ADD ("protected", test_protected);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
