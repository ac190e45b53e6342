/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Firmware from the window onto virtual microcontrollers: the real buttons and keys, the board's
 * memory afterwards, and what is said when it goes wrong. */
#define G_LOG_DOMAIN "test-firmware"

#include "config.h"

#include "flash-firmware-bench.h"
#include "flash-log-window.h"
#include "flash-unprotect-dialog.h"

#include <string.h>

#define START FLASH_FIRMWARE_BENCH_START
#define KIB 1024
#define FLASH_F405 (1024 * KIB)

/* What is said where the option bytes could be read. */
#define CERTAIN                                                                                    \
  "The chip’s option bytes say that read protection is on: level 1, which can be taken back."

static const char *
get_text (FlashAppFixture *fixture, const char *id)
{
  return flash_app_get_text (fixture, id);
}

static const char *
get_fact (FlashAppFixture *fixture, const char *id)
{
  return flash_app_get_fact (fixture, id);
}

static const char *
get_button (FlashAppFixture *fixture, const char *id)
{
  return gtk_button_get_label (GTK_BUTTON (flash_app_get (fixture, id)));
}

/* --- it works ------------------------------------------------------------------------------- */

static void
test_flash (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * KIB, 1);
  g_autoptr (GBytes) bytes = flash_firmware_bench_make (START, 32 * KIB, 1);
  FlashBoardEntry *entry;

  flash_firmware_bench_open (fixture, path);
  entry = flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  flash_firmware_bench_flash (fixture);
  g_assert_cmpstr (get_text (fixture, "heading_label"), ==, "Written and verified");
  g_assert_cmpstr (get_fact (fixture, "written_row"), ==, "32 KiB; 2 of 2 sectors changed");
  g_assert_cmpstr (get_fact (fixture, "verified_row"), ==, "Yes, 32 KiB read back and compared");
  g_assert_cmpstr (get_fact (fixture, "started_row"), ==, "Yes, it has left its boot loader");
  g_assert_true (g_str_has_prefix (get_fact (fixture, "next_row"), "The program runs."));
  g_assert_false (flash_app_has (fixture, "difference_row"));
  g_assert_false (flash_app_has (fixture, "code_label"));
  g_assert_null (flash_board_entry_get_job (entry));
  flash_firmware_bench_assert_stored (fixture, "stm32f405", 0, bytes);

  /* Where the keyboard is, a screen reader reads on. */
  g_assert_true (gtk_widget_has_focus (flash_app_get (fixture, "back_button")));
  g_assert_cmpstr (get_button (fixture, "back_button"), ==, "_Back to firmware");
  flash_app_press (fixture, "back_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "firmware"));
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->window)), ==, "app.hex");
}

/* A board that runs its program is switched off and on; and then there is nothing to do. */
static void
test_again (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * KIB, 1);
  FlashBoardEntry *entry;

  flash_firmware_bench_open (fixture, path);
  entry = flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  flash_firmware_bench_flash (fixture);
  flash_ui_wait_until (flash_board_entry_can_restart (entry));
  flash_app_press (fixture, "again_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "result") &&
                       g_str_equal (get_text (fixture, "heading_label"), "Already up to date"));
  g_assert_cmpstr (get_fact (fixture, "written_row"), ==,
                   "Nothing had to be: everything was there already");
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "step_list"), GTK_TYPE_LABEL, "Not needed"));
}

/* Without a pointer, from the open file to the result and back. */
static void
test_keyboard (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * KIB, 1);

  if (!flash_ui_has_input ()) {
    g_test_skip ("no keyboard to press keys on");
    return;
  }
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  flash_firmware_bench_open (fixture, path);
  g_assert_true (gtk_widget_has_focus (flash_app_get (fixture, "chip_map")));
  /* Through everything, and round again. */
  for (guint i = 0; i < 40; i++)
    flash_ui_press_keys ("Tab");
  flash_ui_press_keys ("Control_L+Return");
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (get_text (fixture, "heading_label"), ==, "Written and verified");
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (flash_app_is_page (fixture, "firmware"));
}

static void
test_options (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * KIB, 1);

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  /* Nothing is shared. */
  g_assert_false (flash_app_has (fixture, "shared_row"));
  gtk_switch_set_active (GTK_SWITCH (flash_app_get (fixture, "verify_switch")), FALSE);
  gtk_switch_set_active (GTK_SWITCH (flash_app_get (fixture, "start_switch")), FALSE);
  gtk_switch_set_active (GTK_SWITCH (flash_app_get (fixture, "changed_switch")), FALSE);
  flash_firmware_bench_flash (fixture);
  g_assert_cmpstr (get_text (fixture, "heading_label"), ==, "Written");
  g_assert_cmpstr (get_fact (fixture, "verified_row"), ==, "Not asked for");
  g_assert_cmpstr (get_fact (fixture, "started_row"), ==, "Not asked for");
  g_assert_true (
      g_str_has_prefix (get_fact (fixture, "next_row"), "The chip waits in its boot loader."));
}

static void
test_log (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * KIB, 1);
  GtkWidget *window, *view;
  g_autofree char *text = NULL;

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  flash_firmware_bench_flash (fixture);
  flash_app_activate (fixture, "win.show-log");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_LOG_WINDOW) != NULL);
  window = flash_ui_find_toplevel (FLASH_TYPE_LOG_WINDOW);
  flash_ui_settle (window, 30);
  view = flash_ui_find_widget (window, GTK_TYPE_TEXT_VIEW, NULL);
  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "text", &text, NULL);
  g_assert_nonnull (strstr (text, "stage bootloader"));
  g_assert_nonnull (strstr (text, "step write, 32768 bytes"));
  g_assert_nonnull (strstr (text, "finished after"));
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A board that says nothing of its memory takes the file as it is. */
static void
test_plain (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) bytes = flash_test_make_bytes (16 * KIB, 1);
  g_autofree char *path = g_build_filename (fixture->layout_dir, "app.bin", NULL);

  flash_test_write_file (fixture->layout_dir, "app.bin", bytes);
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "dfu", NULL);
  g_assert_true (
      g_str_has_prefix (get_text (fixture, "board_label"), "This board takes a file as it is"));
  g_assert_false (flash_app_has (fixture, "chip_map"));
  flash_firmware_bench_flash (fixture);
  g_assert_true (g_str_has_prefix (get_text (fixture, "heading_label"), "Written"));
  g_assert_false (flash_app_has (fixture, "code_label"));
}

/* --- shared sectors ------------------------------------------------------------------------- */

/* A file that fills a quarter of the first sector, and something else in the rest of it. */
static char *
share (FlashAppFixture *fixture, GBytes *neighbour)
{
  char *path = flash_firmware_bench_write_program (fixture, "app.hex", 4 * KIB, 1);

  flash_firmware_bench_store (fixture, "stm32f405", FLASH_F405, 8 * KIB, neighbour);
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  flash_firmware_bench_flash (fixture);
  g_assert_cmpstr (get_text (fixture, "code_label"), ==, "sector-shared");
  g_assert_cmpstr (get_fact (fixture, "written_row"), ==, "Nothing");
  g_assert_true (g_str_has_prefix (get_fact (fixture, "next_row"), "Nothing was changed."));
  return path;
}

static gboolean
is_good (FlashAppFixture *fixture)
{
  return flash_app_is_page (fixture, "result") &&
         g_str_equal (get_text (fixture, "heading_label"), "Written and verified");
}

/* The answer was for that job alone. */
static void
assert_still_asked (FlashAppFixture *fixture)
{
  flash_app_press (fixture, "back_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "firmware"));
  g_assert_cmpuint (
      gtk_drop_down_get_selected (GTK_DROP_DOWN (flash_app_get (fixture, "shared_choice"))), ==, 0);
}

static void
test_shared_kept (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (2 * KIB, 9);
  g_autoptr (GBytes) bytes = flash_firmware_bench_make (START, 4 * KIB, 1);
  g_autofree char *path = share (fixture, neighbour);

  flash_app_answer_to ("Keep the other data in shared sectors?", "keep");
  flash_ui_wait_until (is_good (fixture));
  g_assert_nonnull (strstr (get_fact (fixture, "written_row"), "of other data were kept"));
  flash_firmware_bench_assert_stored (fixture, "stm32f405", 0, bytes);
  flash_firmware_bench_assert_stored (fixture, "stm32f405", 8 * KIB, neighbour);
  assert_still_asked (fixture);
}

static void
test_shared_erased (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (2 * KIB, 9);
  g_autofree guint8 *blank = g_malloc (2 * KIB);
  g_autoptr (GBytes) erased = NULL;
  g_autofree char *path = share (fixture, neighbour);

  memset (blank, 0xff, 2 * KIB);
  erased = g_bytes_new (blank, 2 * KIB);
  flash_app_answer_to ("Keep the other data in shared sectors?", "erase");
  flash_ui_wait_until (is_good (fixture));
  flash_firmware_bench_assert_stored (fixture, "stm32f405", 8 * KIB, erased);
  assert_still_asked (fixture);
}

static void
test_shared_cancelled (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (2 * KIB, 9);
  g_autofree char *path = share (fixture, neighbour);

  flash_app_answer_to ("Keep the other data in shared sectors?", "cancel");
  g_assert_cmpstr (get_text (fixture, "code_label"), ==, "sector-shared");
  flash_firmware_bench_assert_stored (fixture, "stm32f405", 8 * KIB, neighbour);
}

/* --- it does not work ----------------------------------------------------------------------- */

typedef struct {
  const char *model;
  const char *keys;
  guint32 address;
  const char *code;
  const char *action; /* of the button that stands for “Flash again” */
} Failure;

static const Failure failures[] = {
  { "cubemx-dfu", "timing=fast,skeleton=yes", 0x0800c000, "loader-without-flash",
    "win.flash-again" },
  { "stm32f405", "timing=fast,wrp=all", START, "write-protected", "win.option-bytes" },
  { "stm32u575", "timing=fast,rdp=1", START, "read-protected", "win.unprotect" },
};

/* Each has its own name, and the step that helps. */
static void
test_failure (FlashAppFixture *fixture, gconstpointer data)
{
  const Failure *failure = data;
  g_autoptr (GBytes) bytes = flash_firmware_bench_make (failure->address, 32 * KIB, 1);
  const FlashFirmwarePiece pieces[] = { { failure->address, bytes }, { 0, NULL } };
  g_autofree char *path = flash_firmware_bench_write_hex (fixture, "app.hex", pieces);
  GtkWidget *again;

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, failure->model, failure->keys);
  flash_firmware_bench_flash (fixture);
  g_assert_cmpstr (get_text (fixture, "code_label"), ==, failure->code);
  /* How certain that is, is said once the port was looked at. */
  flash_ui_wait_until (flash_app_has (fixture, "description_label"));
  g_assert_true (g_str_has_prefix (get_fact (fixture, "started_row"), "No"));
  g_assert_true (flash_app_has (fixture, "difference_row"));
  g_assert_true (g_ascii_isupper (*get_fact (fixture, "difference_row")));
  g_assert_false (flash_app_has (fixture, "port_button"));
  if (g_str_equal (failure->code, "loader-without-flash"))
    g_assert_cmpstr (get_text (fixture, "heading_label"), ==,
                     "The boot loader probably writes nothing of what it acknowledges");
  again = flash_app_get (fixture, "again_button");
  g_assert_cmpstr (gtk_actionable_get_action_name (GTK_ACTIONABLE (again)), ==, failure->action);
  /* What erases the chip is not what is proposed first. */
  g_assert_cmpint (gtk_widget_has_css_class (again, "suggested-action"), ==,
                   !g_str_equal (failure->action, "win.unprotect"));
}

static gboolean
offers (FlashAppFixture *fixture, const char *action)
{
  return flash_app_is_page (fixture, "result") &&
         g_str_equal (gtk_actionable_get_action_name (
                          GTK_ACTIONABLE (flash_app_get (fixture, "again_button"))),
                      action);
}

/* What looks like a port that is too fast is a protection only when another port was tried; and
 * that is said of one job. */
static void
test_other_port (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * KIB, 1);
  GtkWidget *dialog;

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast,rdp=1");
  flash_firmware_bench_flash (fixture);
  g_assert_cmpstr (get_text (fixture, "code_label"), ==, "read-refused");
  g_assert_true (offers (fixture, "win.flash-again"));
  g_assert_true (flash_app_has (fixture, "port_button"));
  flash_app_press (fixture, "port_button");
  flash_app_answer_to ("Is it the same on another port?", "cancel");
  g_assert_true (offers (fixture, "win.flash-again"));
  flash_app_press (fixture, "port_button");
  flash_app_answer_to ("Is it the same on another port?", "tried");
  flash_ui_wait_until (offers (fixture, "win.unprotect"));
  g_assert_cmpstr (get_text (fixture, "code_label"), ==, "read-refused");
  g_assert_false (flash_app_has (fixture, "port_button"));
  g_assert_false (
      gtk_widget_has_css_class (flash_app_get (fixture, "again_button"), "suggested-action"));
  flash_app_press (fixture, "again_button");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_UNPROTECT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_UNPROTECT_DIALOG);
  /* The option bytes could not be read: nobody says that they say it. */
  g_assert_null (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, CERTAIN));
  gtk_window_destroy (GTK_WINDOW (dialog));

  flash_app_press (fixture, "back_button");
  flash_ui_wait_until (flash_app_is_page (fixture, "firmware"));
  flash_firmware_bench_flash (fixture);
  g_assert_true (offers (fixture, "win.flash-again"));
  g_assert_true (flash_app_has (fixture, "port_button"));
}

static gboolean
has_begun_to_write (FlashAppFixture *fixture)
{
  return flash_app_is_page (fixture, "job") &&
         g_str_has_prefix (get_text (fixture, "status_label"), "Writing…");
}

static void
test_stop (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * KIB, 1);
  GtkWidget *dialog;

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast,latency=20000");
  flash_app_start (fixture);
  g_assert_false (flash_app_has (fixture, "stage_box"));
  flash_ui_wait_until (has_begun_to_write (fixture));
  flash_app_activate (fixture, "win.stop");
  dialog = flash_app_wait_for_question ();
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog)), "BOOT0"));
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (get_text (fixture, "code_label"), ==, "cancelled");
  g_assert_true (g_str_has_prefix (get_fact (fixture, "next_row"), "The chip is written in part"));
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "step_list"), GTK_TYPE_LABEL, "Stopped"));
}

/* A quick job is over before anybody could ask for it. */
static void
on_entry_changed (FlashBoardEntry *entry, FlashJob **job)
{
  if (flash_board_entry_get_job (entry) != NULL)
    g_set_object (job, flash_board_entry_get_job (entry));
}

static void
repeat (FlashAppFixture *fixture, FlashBoardEntry *entry, const char *action)
{
  flash_ui_wait_until (flash_board_entry_can_restart (entry));
  flash_app_activate (fixture, action);
  flash_ui_wait_until (flash_app_is_page (fixture, "prepare"));
  flash_app_wait_for_result (fixture);
  g_assert_cmpstr (get_text (fixture, "heading_label"), ==, "Already up to date");
}

/* In smaller blocks it is the same job, and the next one is as before. */
static void
test_slower (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * KIB, 1);
  g_autoptr (FlashJob) job = NULL;
  FlashBoardEntry *entry;
  guint block_size;
  gulong handler;

  flash_firmware_bench_open (fixture, path);
  entry = flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast");
  block_size = flash_board_get_descriptors (flash_board_entry_get_board (entry))->transfer_size;
  handler = g_signal_connect (entry, "changed", G_CALLBACK (on_entry_changed), &job);
  flash_firmware_bench_flash (fixture);
  g_assert_cmpuint (flash_job_get_mcu_job (job)->block_size, ==, 0);
  repeat (fixture, entry, "win.flash-slower");
  g_assert_cmpuint (flash_job_get_mcu_job (job)->block_size, ==, block_size / 4);
  /* It was not enough. */
  repeat (fixture, entry, "win.flash-slower");
  g_assert_cmpuint (flash_job_get_mcu_job (job)->block_size, ==, block_size / 16);
  repeat (fixture, entry, "win.flash-again");
  g_assert_cmpuint (flash_job_get_mcu_job (job)->block_size, ==, 0);
  g_assert_false (flash_job_get_mcu_job (job)->firmware_options.leaves_out);
  repeat (fixture, entry, "win.flash-without");
  g_assert_true (flash_job_get_mcu_job (job)->firmware_options.leaves_out);
  g_signal_handler_disconnect (entry, handler);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/firmware/flash", test_flash);
  ADD ("/firmware/again", test_again);
  ADD ("/firmware/keyboard", test_keyboard);
  ADD ("/firmware/options", test_options);
  ADD ("/firmware/log", test_log);
  ADD ("/firmware/plain", test_plain);
  ADD ("/firmware/shared/kept", test_shared_kept);
  ADD ("/firmware/shared/erased", test_shared_erased);
  ADD ("/firmware/shared/cancelled", test_shared_cancelled);
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++) {
    g_autofree char *name = g_strconcat ("/firmware/failures/", failures[i].code, NULL);

    g_test_add (name, FlashAppFixture, &failures[i], flash_app_fixture_set_up, test_failure,
                flash_app_fixture_tear_down);
  }
  ADD ("/firmware/other-port", test_other_port);
  ADD ("/firmware/stop", test_stop);
  ADD ("/firmware/slower", test_slower);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
