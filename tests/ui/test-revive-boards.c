/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reviving where something comes in between: another board, a question, another layout; and what
 * erasing a storage does and does not reach. */
#define G_LOG_DOMAIN "test-revive-boards"

#include "config.h"

#include "flash-options-dialog.h"
#include "flash-revive-bench.h"
#include "flash-revive-words.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define KIB 1024
#define F405 "stm32f405"
#define ROOTFS_OFFSET 0x04984400
#define MARK "left by another system"

/* --- another board -------------------------------------------------------------------------- */

/* Starts the case of option bytes on a board, and saves them. Returns: (transfer none): the run */
static FlashReviveRun *
save_options (GtkWidget *window)
{
  FlashReviveRun *run;

  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "boot-options");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  flash_revive_bench_wait_for (run, "save");
  flash_ui_settle (window, 30);
  g_assert_true (gtk_widget_is_sensitive (flash_memory_bench_get (window, "board_row")));
  flash_revive_bench_press (window, "act_button");
  flash_revive_bench_wait_for (run, "options");
  flash_ui_settle (window, 30);
  return run;
}

/* What was done with one board does not go on with another in its place. */
static void
test_other (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashBoard) other =
      flash_provider_find (flash_application_get_virtual_provider (flash_app_test.application),
                           "virtual:stm32f405,serial=0123456789AB", NULL);
  FlashBoardEntry *entry =
      flash_firmware_bench_choose (fixture, F405, "serial=BA9876543210,timing=fast");
  g_autoptr (FlashBoard) board = g_object_ref (flash_board_entry_get_board (entry));
  GtkWidget *window = flash_revive_bench_open (fixture);
  FlashReviveRun *run = save_options (window);
  FlashReviveBoards *boards = flash_revive_run_get_boards (run);

  g_assert_true (flash_revive_boards_get_entry (boards) == entry);
  g_assert_false (gtk_widget_is_sensitive (flash_memory_bench_get (window, "board_row")));
  g_assert_true (gtk_widget_is_sensitive (flash_memory_bench_get (window, "act_button")));
  flash_board_entry_set_board (entry, other);
  flash_ui_settle (window, 30);
  g_assert_cmpint (flash_revive_boards_get_doubt (boards), ==, FLASH_REVIVE_DOUBT_OTHER);
  g_assert_true (g_str_has_prefix (flash_memory_bench_get_text (window, "obstacle_label"),
                                   "This is another board than the one with which you began."));
  g_assert_false (gtk_widget_is_sensitive (flash_memory_bench_get (window, "act_button")));
  g_assert_false (flash_revive_run_can_act (run));
  /* Nobody can say that it is the same. */
  flash_revive_boards_accept (boards);
  g_assert_cmpint (flash_revive_boards_get_doubt (boards), ==, FLASH_REVIVE_DOUBT_OTHER);
  flash_board_entry_set_board (entry, board);
  flash_ui_settle (window, 30);
  g_assert_true (flash_revive_boards_is_right (boards));
  g_assert_true (gtk_widget_is_sensitive (flash_memory_bench_get (window, "act_button")));
  flash_memory_bench_close (window);
}

/* An STM32MP in the place of a microcontroller is another board, whatever its serial number. */
static void
test_other_kind (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *other = flash_app_choose_board (fixture, NULL);
  FlashBoardEntry *entry = flash_firmware_bench_choose (fixture, F405, "timing=fast");
  g_autoptr (FlashBoard) board = g_object_ref (flash_board_entry_get_board (entry));
  GtkWidget *window = flash_revive_bench_open (fixture);
  FlashReviveRun *run = save_options (window);
  FlashReviveBoards *boards = flash_revive_run_get_boards (run);

  flash_board_entry_set_board (entry, flash_board_entry_get_board (other));
  g_assert_cmpint (flash_revive_boards_get_doubt (boards), ==, FLASH_REVIVE_DOUBT_OTHER);
  flash_board_entry_set_board (entry, board);
  g_assert_cmpint (flash_revive_boards_get_doubt (boards), ==, FLASH_REVIVE_DOUBT_NONE);
  flash_memory_bench_close (window);
}

/* A serial number that all boards of a kind have says nothing: it is asked. */
static void
test_unsure (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry =
      flash_firmware_bench_choose (fixture, F405, "serial=FFFFFFFEFFFF,timing=fast");
  g_autoptr (FlashBoard) board = g_object_ref (flash_board_entry_get_board (entry));
  GtkWidget *window = flash_revive_bench_open (fixture);
  FlashReviveRun *run = save_options (window);
  FlashReviveBoards *boards = flash_revive_run_get_boards (run);

  g_assert_true (flash_board_entry_get_facts (entry)->is_serial_shared);
  g_assert_true (flash_revive_boards_is_right (boards));
  flash_board_entry_set_board (entry, NULL);
  flash_board_entry_set_board (entry, board);
  g_assert_cmpint (flash_revive_boards_get_doubt (boards), ==, FLASH_REVIVE_DOUBT_UNSURE);
  flash_ui_settle (window, 30);
  g_assert_true (g_str_has_prefix (flash_memory_bench_get_text (window, "obstacle_label"),
                                   "A board is there again, and it has no serial number"));
  g_assert_false (flash_revive_run_can_act (run));
  g_assert_cmpstr (gtk_button_get_label (flash_memory_bench_get (window, "confirm_button")), ==,
                   "It is the same board");
  flash_revive_bench_press (window, "confirm_button");
  g_assert_cmpint (flash_revive_boards_get_doubt (boards), ==, FLASH_REVIVE_DOUBT_NONE);
  g_assert_true (flash_revive_run_can_act (run));
  /* That was no answer to the step. */
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, "options");
  flash_memory_bench_close (window);
}

/* --- option bytes --------------------------------------------------------------------------- */

static void
test_options (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "flashwright", "saved", NULL);
  GtkWidget *window;
  GtkWidget *dialog;
  GtkWidget *list;
  GtkWidget *subtitle;
  FlashReviveRun *run;
  const FlashReviveFact *fact;

  flash_firmware_bench_choose (fixture, F405, "timing=fast");
  window = flash_revive_bench_open (fixture);
  run = save_options (window);
  /* Where they are is said at once. */
  fact = g_ptr_array_index (flash_revive_run_get_facts (run), 0);
  g_assert_true (g_str_has_prefix (fact->text, folder));
  g_assert_true (g_file_test (fact->text, G_FILE_TEST_IS_REGULAR));
  list = flash_memory_bench_get (window, "fact_list");
  subtitle = flash_ui_find_widget (list, GTK_TYPE_LABEL, fact->text);
  g_assert_nonnull (subtitle);
  g_assert_null (flash_ui_find_toplevel (FLASH_TYPE_OPTIONS_DIALOG));
  flash_revive_bench_press (window, "act_button");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_OPTIONS_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_OPTIONS_DIALOG);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "raw_label"));
  flash_memory_bench_close (dialog);
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, "options");
  flash_memory_bench_close (window);
}

/* --- questions of a job --------------------------------------------------------------------- */

/* Returns: (transfer none): a run that is about to erase and to flash */
static FlashReviveRun *
start_wiping (FlashAppFixture *fixture, const char *keys, GtkWidget **out_window)
{
  FlashReviveRun *run;

  flash_app_choose_board (fixture, keys);
  flash_app_open (fixture, fixture->layout_path);
  *out_window = flash_revive_bench_open (fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.revive-case", "s",
                              "stm32mp-leftovers");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (*out_window));
  g_assert_nonnull (run);
  flash_revive_bench_wait_for (run, "boot-partitions");
  flash_revive_bench_press (*out_window, "confirm_button");
  flash_revive_bench_wait_for (run, "wipe");
  flash_revive_bench_press (*out_window, "act_button");
  flash_app_answer ("act");
  return run;
}

static void
test_continue (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  FlashReviveRun *run = start_wiping (fixture, "fault=return-as-rom@tfa", &window);

  flash_ui_wait_until (flash_memory_bench_has (window, "go_on_button"));
  g_assert_true (g_str_has_prefix (flash_memory_bench_get_text (window, "question_label"),
                                   "The board has started again from the beginning."));
  g_assert_cmpstr (gtk_button_get_label (flash_memory_bench_get (window, "stop_button")), ==,
                   "_Give up");
  flash_revive_bench_press (window, "go_on_button");
  flash_revive_bench_wait_for (run, "switches-back");
  g_assert_false (flash_memory_bench_has (window, "question_label"));
  flash_memory_bench_close (window);
}

static void
test_give_up (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  FlashReviveRun *run = start_wiping (fixture, "fault=return-as-rom@tfa", &window);

  flash_ui_wait_until (flash_memory_bench_has (window, "question_label"));
  flash_revive_bench_press (window, "stop_button");
  flash_ui_wait_until (flash_revive_run_has_failed (run));
  flash_ui_wait_until (!flash_revive_run_is_working (run));
  /* With its reason, not as stopped; and it can be tried again. */
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, "wipe");
  flash_ui_settle (window, 30);
  g_assert_cmpstr (flash_memory_bench_get_text (window, "obstacle_label"), ==,
                   "The last try failed. Look at the reason, and try again.");
  flash_memory_bench_close (window);
}

/* The patience is that of the settings. */
static void
test_patience (FlashAppFixture *fixture, gconstpointer unused)
{
  GSettings *settings = flash_application_get_settings (flash_app_test.application);
  GtkWidget *window;
  FlashReviveRun *run;

  g_settings_set_uint (settings, "patience", 2);
  run = start_wiping (fixture, "fault=handover-delay@tfa", &window);
  flash_ui_wait_until (flash_memory_bench_has (window, "question_label"));
  g_settings_reset (settings, "patience");
  g_assert_true (g_str_has_prefix (flash_memory_bench_get_text (window, "question_label"),
                                   "The board has not come back in time."));
  flash_revive_bench_press (window, "go_on_button");
  /* Waiting goes on, and can be stopped. */
  flash_ui_wait_until (!flash_memory_bench_has (window, "go_on_button"));
  g_assert_true (flash_revive_run_is_working (run));
  flash_revive_bench_press (window, "stop_button");
  flash_ui_wait_until (!flash_revive_run_is_working (run));
  g_assert_true (flash_revive_run_has_failed (run));
  flash_memory_bench_close (window);
}

/* --- the result page ------------------------------------------------------------------------ */

/* A failure leads to the case that fits it. */
static void
test_result (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  FlashReviveRun *run;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=return-as-rom@tfa");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "give_up_button"));
  g_signal_emit_by_name (flash_app_get (fixture, "give_up_button"), "clicked");
  flash_app_wait_for_result (fixture);
  g_assert_true (flash_app_has (fixture, "revive_button"));
  g_signal_emit_by_name (flash_app_get (fixture, "revive_button"), "clicked");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REVIVE_WINDOW) != NULL);
  window = flash_ui_find_toplevel (FLASH_TYPE_REVIVE_WINDOW);
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  g_assert_nonnull (run);
  g_assert_cmpstr (flash_recovery_get_case (flash_revive_run_get_recovery (run))->id, ==,
                   "stm32mp-minimal");
  /* What is no case changes nothing. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.revive-case", "s", "nonsense");
  g_assert_true (flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window)) == run);
  flash_memory_bench_close (window);
}

static void
test_codes (void)
{
  g_assert_cmpstr (flash_revive_words_find_case ("never-came-back", TRUE), ==, "stm32mp-minimal");
  g_assert_null (flash_revive_words_find_case ("never-came-back", FALSE));
  g_assert_cmpstr (flash_revive_words_find_case ("read-protected", FALSE), ==, "protected");
  g_assert_cmpstr (flash_revive_words_find_case ("loader-without-flash", FALSE), ==,
                   "loader-without-flash");
  g_assert_null (flash_revive_words_find_case ("done", TRUE));
  g_assert_null (flash_revive_words_find_case ("cancelled", FALSE));
  g_assert_nonnull (flash_recovery_case_find ("stm32mp-minimal"));
}

/* --- erasing -------------------------------------------------------------------------------- */

static int
open_memory (FlashAppFixture *fixture, const char *memory)
{
  g_autofree char *path = g_build_filename (fixture->storage_dir, memory, NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

/* In a memory of @size bytes. */
static void
put_mark (FlashAppFixture *fixture, const char *memory, off_t size, off_t offset)
{
  int fd = open_memory (fixture, memory);

  g_assert_cmpint (ftruncate (fd, size), ==, 0);
  g_assert_cmpint (pwrite (fd, MARK, sizeof MARK, offset), ==, sizeof MARK);
  close (fd);
}

static gboolean
has_mark (FlashAppFixture *fixture, const char *memory, off_t offset)
{
  char found[sizeof MARK] = "";
  int fd = open_memory (fixture, memory);

  g_assert_cmpint (pread (fd, found, sizeof found, offset), ==, sizeof found);
  close (fd);
  return memcmp (found, MARK, sizeof MARK) == 0;
}

/* What is left behind what is written is gone, in boot partitions, too; what lies in front of the
 * first partition is not, which is what the words say. */
static void
test_reach (FlashAppFixture *fixture, gconstpointer unused)
{
  static const struct {
    const char *memory;
    off_t size;
    off_t offset;
    gboolean stays;
  } places[] = {
    { "mmc0.img", 8192ll * 1024 * KIB, ROOTFS_OFFSET + 8 * 1024 * KIB, FALSE },
    { "mmc0.img", 8192ll * 1024 * KIB, 0x00504400 + 4096, FALSE }, /* fip-b, which is only made */
    { "mmc1.img", 4096ll * 1024 * KIB, 0x00080000 + 1024 * KIB, FALSE },
    { "mmc1boot1.img", 4096 * KIB, 64 * KIB, FALSE },
    { "mmc1boot2.img", 4096 * KIB, 64 * KIB, FALSE },
    { "mmc1.img", 4096ll * 1024 * KIB, 0x40000,
      TRUE }, /* between the table and the first partition */
  };
  GtkWidget *window;
  FlashReviveRun *run;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    put_mark (fixture, places[i].memory, places[i].size, places[i].offset);
  flash_app_choose_board (fixture, NULL);
  flash_app_open (fixture, fixture->layout_path);
  window = flash_revive_bench_open (fixture);
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "stm32mp-leftovers");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  flash_revive_bench_wait_for (run, "boot-partitions");
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "wipe");
  flash_revive_bench_press (window, "act_button");
  flash_app_answer ("act");
  flash_revive_bench_wait_for (run, "switches-back");
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_test_message ("%s at %" G_GINT64_FORMAT, places[i].memory, (gint64) places[i].offset);
    g_assert_cmpint (has_mark (fixture, places[i].memory, places[i].offset), ==, places[i].stays);
  }
  flash_memory_bench_close (window);
}

/* The question is about the layout that was seen: another one takes it away. */
static void
test_stale (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  FlashReviveRun *run;
  gpointer question;

  flash_app_choose_board (fixture, NULL);
  flash_app_open (fixture, fixture->layout_path);
  window = flash_revive_bench_open (fixture);
  flash_revive_window_show_case (FLASH_REVIVE_WINDOW (window), "stm32mp-leftovers");
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (window));
  flash_revive_bench_wait_for (run, "boot-partitions");
  flash_revive_bench_press (window, "confirm_button");
  flash_revive_bench_wait_for (run, "wipe");
  flash_revive_bench_press (window, "act_button");
  question = flash_app_wait_for_question ();
  g_object_add_weak_pointer (question, &question);
  flash_app_set_cell (fixture, "rootfs", FLASH_LAYOUT_COLUMN_NAME, "other");
  flash_ui_wait_until (question == NULL);
  g_assert_false (flash_revive_run_is_working (run));
  g_assert_cmpstr (flash_revive_bench_get_step (run), ==, "wipe");
  flash_memory_bench_close (window);
  flash_app_activate (fixture, "win.undo");
}

#define ADD(name, function)                                                                        \
  g_test_add ("/revive-boards/" name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,   \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("other", test_other);
  ADD ("other-kind", test_other_kind);
  ADD ("unsure", test_unsure);
  ADD ("options", test_options);
  ADD ("continue", test_continue);
  ADD ("give-up", test_give_up);
  ADD ("patience", test_patience);
  ADD ("result", test_result);
  g_test_add_func ("/revive-boards/codes", test_codes);
  ADD ("reach", test_reach);
  ADD ("stale", test_stale);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
