/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erasing, and removing the protection: what is asked, done, verified and said. */
#define G_LOG_DOMAIN "test-erase"

#include "config.h"

#include "flash-erase-bar.h"
#include "flash-erase-dialog.h"
#include "flash-memory-bench.h"
#include "flash-memory-run.h"
#include "flash-memory-window.h"
#include "flash-unprotect-dialog.h"

#define KIB 1024
#define MODEL "stm32f405"
#define F405_SIZE (1024 * KIB)

/* --- sectors -------------------------------------------------------------------------------- */

static void
test_sectors (void)
{
  static const FlashMemoryRun runs[] = { { 0x08000000, 0x4000, 2, 5 },
                                         { 0x08008000, 0x4000, 2, 7 },
                                         { 0x08020000, 0x20000, 1, 7 } };
  g_autoptr (FlashMemoryMap) map =
      flash_memory_map_new_for_runs ("Flash", runs, G_N_ELEMENTS (runs));
  g_autoptr (FlashEraseSectors) sectors = flash_erase_sectors_new (map);
  g_autoptr (GtkStringObject) first = g_list_model_get_item (G_LIST_MODEL (sectors), 0);
  g_autoptr (GtkStringObject) last = g_list_model_get_item (G_LIST_MODEL (sectors), 4);
  guint64 size, length;
  guint32 address = 7;
  guint next = 0;

  g_assert_true (flash_erase_sectors_get_map (sectors) == map);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (sectors)), ==, 5);
  g_assert_cmpuint (g_list_model_get_item_type (G_LIST_MODEL (sectors)), ==,
                    GTK_TYPE_STRING_OBJECT);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (sectors), 5));
  g_assert_cmpstr (gtk_string_object_get_string (first), ==,
                   "0: 0x08000000, 16 KiB (the boot loader keeps it)");
  g_assert_cmpstr (gtk_string_object_get_string (last), ==, "4: 0x08020000, 128 KiB");
  g_assert_cmpuint (flash_erase_sectors_count (sectors, &size), ==, 0);
  g_assert_false (flash_erase_sectors_find_range (sectors, 0, &address, &length, &next));
  g_assert_cmpuint (address, ==, 7);
  flash_erase_sectors_choose (sectors, 0, TRUE);
  g_assert_false (flash_erase_sectors_is_chosen (sectors, 0));
  flash_erase_sectors_choose_all (sectors, TRUE);
  g_assert_cmpuint (flash_erase_sectors_count (sectors, &size), ==, 3);
  g_assert_cmphex (size, ==, 0x28000);
  /* There is a hole between the second run and the third. */
  g_assert_true (flash_erase_sectors_find_range (sectors, 0, &address, &length, &next));
  g_assert_cmphex (address, ==, 0x08008000);
  g_assert_cmphex (length, ==, 0x8000);
  g_assert_cmpuint (next, ==, 4);
  g_assert_true (flash_erase_sectors_find_range (sectors, next, &address, &length, &next));
  g_assert_cmphex (address, ==, 0x08020000);
  g_assert_cmphex (length, ==, 0x20000);
  g_assert_false (flash_erase_sectors_find_range (sectors, next, &address, &length, &next));
  flash_erase_sectors_choose (sectors, 3, FALSE);
  g_assert_cmpuint (flash_erase_sectors_count (sectors, &size), ==, 2);
  flash_erase_sectors_choose_all (sectors, FALSE);
  g_assert_cmpuint (flash_erase_sectors_count (sectors, &size), ==, 0);
}

/* --- erasing -------------------------------------------------------------------------------- */

/* All of the flash holds something. */
static GBytes *
store_full (FlashAppFixture *fixture)
{
  GBytes *bytes = flash_test_make_bytes (F405_SIZE, 5);

  flash_firmware_bench_store (fixture, MODEL, F405_SIZE, 0, bytes);
  return bytes;
}

static GtkWidget *
open_erase (FlashAppFixture *fixture, const char *keys)
{
  flash_firmware_bench_choose (fixture, MODEL, keys);
  return flash_memory_bench_open (fixture, "win.erase", FLASH_TYPE_ERASE_DIALOG);
}

/* Answers the question that names the board. */
static void
answer_about (GtkWidget *dialog, const char *format, const char *response)
{
  g_auto (GStrv) parts = g_strsplit (format, "%s", 2);
  g_autofree char *board =
      flash_board_entry_dup_title (flash_memory_frame_get_entry (FLASH_MEMORY_FRAME (dialog)));
  g_autofree char *heading = g_strconcat (parts[0], board, parts[1], NULL);

  flash_app_answer_to (heading, response);
}

static void
assert_blank (GBytes *memory, gsize from, gsize end, gboolean is_blank)
{
  const guint8 *bytes = g_bytes_get_data (memory, NULL);
  gboolean is_found_blank = TRUE;

  for (gsize i = from; i < end; i++)
    is_found_blank &= bytes[i] == 0xff;
  g_assert_cmpint (is_found_blank, ==, is_blank);
}

static void
test_everything (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) before = store_full (fixture);
  g_autoptr (GBytes) kept = NULL;
  g_autoptr (GBytes) after = NULL;
  GtkWidget *dialog = open_erase (fixture, "timing=fast");

  flash_memory_bench_press (dialog, "verb_button");
  flash_app_answer ("keep");
  kept = flash_memory_bench_load (fixture, MODEL, "flash.bin");
  g_assert_true (g_bytes_equal (before, kept));
  flash_memory_bench_press (dialog, "verb_button");
  answer_about (dialog, "Erase everything on %s?", "act");
  flash_memory_bench_wait_for_outcome (dialog);
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==,
                   "Erased and verified blank");
  g_assert_true (flash_memory_bench_says (dialog, "12 sectors"));
  g_assert_true (flash_memory_bench_says (dialog, "Yes, 1 MiB read back and blank"));
  after = flash_memory_bench_load (fixture, MODEL, "flash.bin");
  assert_blank (after, 0, F405_SIZE, TRUE);
  flash_memory_bench_close (dialog);
}

static void
press_sector (GtkWidget *dialog, guint index)
{
  GtkWidget *bar = flash_memory_bench_get (dialog, "bar");

  flash_ui_settle (dialog, 30);
  flash_ui_point (bar,
                  flash_erase_bar_find (FLASH_ERASE_BAR (bar), index) * gtk_widget_get_width (bar),
                  gtk_widget_get_height (bar) / 2);
  flash_ui_set_button (1, TRUE);
  flash_ui_set_button (1, FALSE);
}

/* Sectors apart from each other: those go, and nothing beside them. */
static void
test_chosen (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) before = store_full (fixture);
  g_autoptr (GBytes) after = NULL;
  GtkWidget *dialog = open_erase (fixture, "timing=fast");
  GtkWidget *check;

  if (!flash_ui_has_input ()) {
    g_test_skip ("no keys and pointer here");
    flash_memory_bench_close (dialog);
    return;
  }
  flash_memory_bench_press (dialog, "some_check");
  flash_ui_wait_until (flash_memory_bench_says (dialog, "No sector is chosen."));
  g_assert_false (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "verb_button")));
  press_sector (dialog, 5);
  flash_ui_wait_until (flash_memory_bench_says (
      dialog, "1 of 12 sectors will be erased, 128 KiB: what is there is lost."));
  check = flash_ui_find_widget (dialog, GTK_TYPE_CHECK_BUTTON, "1: 0x08004000, 16 KiB");
  g_assert_nonnull (check);
  flash_ui_click (check);
  flash_ui_wait_until (flash_memory_bench_says (
      dialog, "2 of 12 sectors will be erased, 144 KiB: what is there is lost."));
  check = flash_ui_find_widget (dialog, GTK_TYPE_CHECK_BUTTON, "5: 0x08020000, 128 KiB");
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  flash_memory_bench_press (dialog, "verb_button");
  answer_about (dialog, "Erase these sectors of %s?", "act");
  flash_memory_bench_wait_for_outcome (dialog);
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==,
                   "Erased and verified blank");
  g_assert_true (flash_memory_bench_says (dialog, "2 sectors"));
  after = flash_memory_bench_load (fixture, MODEL, "flash.bin");
  assert_blank (after, 16 * KIB, 32 * KIB, TRUE);
  assert_blank (after, 128 * KIB, 256 * KIB, TRUE);
  g_assert_cmpmem (g_bytes_get_data (after, NULL), 16 * KIB, g_bytes_get_data (before, NULL),
                   16 * KIB);
  assert_blank (after, 32 * KIB, 33 * KIB, FALSE);
  assert_blank (after, 256 * KIB, 257 * KIB, FALSE);
  flash_memory_bench_close (dialog);
}

/* Chooses these sectors, and says yes. Returns: whether there is a pointer to do it with */
static gboolean
erase_sectors (GtkWidget *dialog, const guint *indices, guint n_indices)
{
  if (!flash_ui_has_input ()) {
    g_test_skip ("no keys and pointer here");
    flash_memory_bench_close (dialog);
    return FALSE;
  }
  flash_memory_bench_press (dialog, "some_check");
  flash_ui_settle (dialog, 30);
  for (guint i = 0; i < n_indices; i++)
    press_sector (dialog, indices[i]);
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_memory_bench_get (dialog, "verb_button")));
  flash_memory_bench_press (dialog, "verb_button");
  flash_app_answer ("act");
  return TRUE;
}

static gboolean
is_working (GtkWidget *dialog)
{
  return flash_memory_frame_is_working (FLASH_MEMORY_FRAME (dialog));
}

/* Whatever would close a window while it erases asks first, and only once. */
static void
test_stop (FlashAppFixture *fixture, gconstpointer unused)
{
  static const guint sectors[] = { 5, 7, 9, 11 };
  g_autoptr (GBytes) before = store_full (fixture);
  GtkWidget *dialog = open_erase (fixture, NULL);
  GtkWidget *question;

  if (!erase_sectors (dialog, sectors, G_N_ELEMENTS (sectors)))
    return;
  flash_ui_wait_until (flash_memory_bench_has (dialog, "progress_bar"));
  gtk_window_close (GTK_WINDOW (fixture->window));
  question = flash_app_wait_for_question ();
  gtk_window_close (GTK_WINDOW (dialog));
  g_assert_true (flash_app_wait_for_question () == question);
  g_assert_true (is_working (dialog));
  flash_app_answer_to ("Erasing: stop in the middle?", "keep");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  g_assert_true (is_working (dialog));
  g_action_group_activate_action (G_ACTION_GROUP (flash_app_test.application), "quit", NULL);
  flash_app_answer_to ("Erasing: stop in the middle?", "keep");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window)));
  g_assert_true (is_working (dialog));
  gtk_window_close (GTK_WINDOW (dialog));
  flash_app_answer ("act");
  flash_memory_bench_wait_for_outcome (dialog);
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==,
                   "Erasing was stopped");
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "code_label"), ==, "cancelled");
  flash_memory_bench_close (dialog);
}

/* Returns: whether the outcome says that the chip is erased in part, and where */
static gboolean
says_half (GtkWidget *dialog)
{
  return flash_memory_bench_says (dialog, "1 sector at 0x08020000") &&
         flash_memory_bench_says (
             dialog, "The chip is written in part, and holds no program that would start: flash it "
                     "again. If it was unplugged, hold BOOT0 while it is switched on.") &&
         !flash_memory_bench_says (dialog,
                                   "Nothing was changed. The chip holds what it held before.");
}

/* The second range is refused: the first one is not denied. */
static void
test_half (FlashAppFixture *fixture, gconstpointer unused)
{
  static const guint sectors[] = { 5, 7 };
  g_autoptr (GBytes) before = store_full (fixture);
  g_autoptr (GBytes) after = NULL;
  GtkWidget *dialog = open_erase (fixture, "timing=fast,wrp=7-7");

  if (!erase_sectors (dialog, sectors, G_N_ELEMENTS (sectors)))
    return;
  flash_memory_bench_wait_for_outcome (dialog);
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==,
                   "Not everything was erased");
  g_assert_true (says_half (dialog));
  after = flash_memory_bench_load (fixture, MODEL, "flash.bin");
  assert_blank (after, 128 * KIB, 256 * KIB, TRUE);
  assert_blank (after, 384 * KIB, 512 * KIB, FALSE);
  flash_memory_bench_close (dialog);
}

/* Takes the board away as soon as the first job on it is over. */
static void
on_entry_changed (FlashBoardEntry *entry, gboolean *has_worked)
{
  if (flash_board_entry_get_job (entry) != NULL) {
    *has_worked = TRUE;
  } else if (*has_worked) {
    *has_worked = FALSE;
    flash_board_entry_set_board (entry, NULL);
  }
}

static void
test_away (FlashAppFixture *fixture, gconstpointer unused)
{
  static const guint sectors[] = { 5, 7 };
  g_autoptr (GBytes) before = store_full (fixture);
  GtkWidget *dialog = open_erase (fixture, "timing=fast");
  FlashBoardEntry *entry = flash_memory_frame_get_entry (FLASH_MEMORY_FRAME (dialog));
  gboolean has_worked = FALSE;
  gulong id = g_signal_connect (entry, "changed", G_CALLBACK (on_entry_changed), &has_worked);

  if (erase_sectors (dialog, sectors, G_N_ELEMENTS (sectors))) {
    flash_memory_bench_wait_for_outcome (dialog);
    g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==,
                     "Not everything was erased");
    g_assert_true (says_half (dialog));
    g_signal_handler_disconnect (entry, id);
    flash_ui_wait_until (flash_board_entry_is_present (entry));
    flash_memory_bench_close (dialog);
  } else {
    g_signal_handler_disconnect (entry, id);
  }
}

/* Nothing happens to a board that the user has never seen. */
static void
test_other_board (FlashAppFixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) before = store_full (fixture);
  g_autoptr (GBytes) after = NULL;
  GtkWidget *dialog = open_erase (fixture, "timing=fast");
  FlashBoardEntry *entry = flash_memory_frame_get_entry (FLASH_MEMORY_FRAME (dialog));
  g_autoptr (FlashBoard) board = g_object_ref (flash_board_entry_get_board (entry));
  g_autofree char *folder = g_build_filename (fixture->storage_dir, "other", NULL);
  g_autofree char *id = g_strdup_printf ("virtual:%s,storage=%s", (const char *) data, folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBoard) other =
      flash_provider_find (flash_board_entry_get_provider (entry), id, &error);

  g_assert_no_error (error);
  flash_board_entry_set_board (entry, other);
  flash_memory_bench_press (dialog, "verb_button");
  flash_app_answer ("act");
  flash_memory_bench_wait_for_outcome (dialog);
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==, "Nothing was done");
  g_assert_true (g_str_has_prefix (flash_memory_bench_get_text (dialog, "text_label"),
                                   "Another board stands on this port"));
  after = flash_memory_bench_load (fixture, MODEL, "flash.bin");
  g_assert_true (g_bytes_equal (before, after));
  flash_board_entry_set_board (entry, board);
  flash_memory_bench_close (dialog);
}

/* A plain port forgets its board when that is pulled out; the board is found again there. */
static void
test_replug (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashAppUsbBoard traits = {
    .port = "1-4", .product = FLASH_APP_USB_MP157, .serial = "0042", .speed = FLASH_SPEED_HIGH
  };
  FlashMemoryBoard board = { 0 };
  GtkWindow *window = GTK_WINDOW (fixture->window);
  g_autoptr (FlashBoardEntry) old = NULL;

  flash_app_usb_put (flash_app_test.usb, &traits);
  old = g_object_ref (flash_board_row_get_entry (flash_app_find_row (fixture, "1-4")));
  flash_memory_board_set (&board, old);
  flash_app_usb_take (flash_app_test.usb, "1-4");
  g_assert_true (
      g_str_has_prefix (flash_memory_board_find_obstacle (&board, window), "The board is not on"));
  g_assert_true (board.entry == old);
  flash_app_usb_put (flash_app_test.usb, &traits);
  g_assert_true (g_str_has_prefix (flash_memory_board_find_obstacle (&board, window),
                                   "The board is not in a boot loader"));
  g_assert_true (board.entry != old);
  g_assert_true (flash_memory_board_is_same (&board, board.entry));
  traits.serial = "0043";
  flash_app_usb_put (flash_app_test.usb, &traits);
  g_assert_false (flash_memory_board_is_same (&board, board.entry));
  flash_memory_board_clear (&board);
}

static void
test_no_map (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_choose_board (fixture, NULL);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_false (gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.erase", NULL) &&
                  flash_ui_find_toplevel (FLASH_TYPE_ERASE_DIALOG) != NULL);
}

/* --- protection ----------------------------------------------------------------------------- */

/* An F4 only refuses; who says that it is the same elsewhere, and types it, gets an empty chip. */
static void
test_unprotect (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) before = store_full (fixture);
  g_autoptr (GBytes) after = NULL;
  g_autoptr (GBytes) options = NULL;
  GtkWidget *window, *dialog, *verb;

  flash_firmware_bench_choose (fixture, MODEL, "rdp=1,timing=fast");
  window = flash_memory_bench_open (fixture, "win.memory", FLASH_TYPE_MEMORY_WINDOW);
  flash_memory_bench_press (window, "read_button");
  flash_ui_wait_until (flash_memory_bench_has (window, "code_label"));
  g_assert_cmpstr (flash_memory_bench_get_text (window, "code_label"), ==, "read-refused");
  flash_memory_bench_press (window, "offer_button");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_UNPROTECT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_UNPROTECT_DIALOG);
  flash_ui_settle (dialog, 30);
  verb = flash_memory_bench_get (dialog, "verb_button");
  flash_memory_bench_type (dialog, "word_row", "erase everything");
  g_assert_false (gtk_widget_is_sensitive (verb));
  flash_memory_bench_press (dialog, "tried_check");
  flash_ui_wait_until (gtk_widget_is_sensitive (verb));
  flash_memory_bench_type (dialog, "word_row", "erase");
  g_assert_false (gtk_widget_is_sensitive (verb));
  flash_memory_bench_type (dialog, "word_row", "erase everything");
  flash_memory_bench_press (dialog, "verb_button");
  flash_memory_bench_wait_for_outcome (dialog);
  g_assert_cmpstr (flash_memory_bench_get_text (dialog, "heading_label"), ==, "Protection removed");
  g_assert_true (flash_memory_bench_says (dialog, "Yes, the flash was read back and is blank"));
  after = flash_memory_bench_load (fixture, MODEL, "flash.bin");
  assert_blank (after, 0, F405_SIZE, TRUE);
  options = flash_memory_bench_load (fixture, MODEL, "options.bin");
  g_assert_cmphex (((const guint8 *) g_bytes_get_data (options, NULL))[1], ==, 0xaa);
  flash_memory_bench_close (dialog);
  flash_memory_bench_type (window, "size_entry", "1K");
  flash_memory_bench_read (window);
  flash_memory_bench_close (window);
}

/* The result page offers it by an action, which is there for nothing else. */
static void
test_action (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry = flash_firmware_bench_choose (fixture, MODEL, "timing=fast");
  GtkWindow *dialog;

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.unprotect", NULL);
  g_assert_null (flash_ui_find_toplevel (FLASH_TYPE_UNPROTECT_DIALOG));
  dialog = flash_unprotect_dialog_present (GTK_WINDOW (fixture->window), entry, TRUE);
  flash_ui_settle (GTK_WIDGET (dialog), 30);
  g_assert_true (flash_memory_bench_says (GTK_WIDGET (dialog), "The whole flash, 1 MiB"));
  g_assert_false (flash_memory_bench_has (GTK_WIDGET (dialog), "defaults_row"));
  flash_memory_bench_close (GTK_WIDGET (dialog));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/erase/" name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,           \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  g_test_add_func ("/erase/sectors", test_sectors);
  ADD ("everything", test_everything);
  ADD ("chosen", test_chosen);
  ADD ("stop", test_stop);
  ADD ("half", test_half);
  ADD ("away", test_away);
  g_test_add ("/erase/other/serial", FlashAppFixture, MODEL ",serial=00112233",
              flash_app_fixture_set_up, test_other_board, flash_app_fixture_tear_down);
  g_test_add ("/erase/other/map", FlashAppFixture, "stm32f427", flash_app_fixture_set_up,
              test_other_board, flash_app_fixture_tear_down);
  ADD ("replug", test_replug);
  ADD ("no-map", test_no_map);
  ADD ("unprotect", test_unprotect);
  ADD ("action", test_action);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
