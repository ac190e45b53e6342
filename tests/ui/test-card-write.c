/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card is written by what people press; and every way in which it does not come to that. */
#define G_LOG_DOMAIN "test-card-write"

#include "config.h"

#include "flash-card-bench.h"
#include "flash-card-frame.h"

#include <string.h>

#define ERROR(name) "org.freedesktop.UDisks2.Error." name
#define MIB (1024 * 1024)

/* Holds what lies on the stick to what the engine makes for exactly its size. */
static void
assert_on_card (FlashCardBench *bench)
{
  g_autoptr (FlashCardImage) image =
      flash_card_bench_make_image (bench, FLASH_CARD_BENCH_STICK_SIZE);
  g_autofree guint8 *expected = g_malloc (FLASH_CARD_BENCH_STICK_SIZE);
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (flash_mock_udisks_get_file (bench->mock, "sdb"), &found, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, FLASH_CARD_BENCH_STICK_SIZE);
  g_assert_true (flash_card_image_read (image, 0, expected, FLASH_CARD_BENCH_STICK_SIZE, &error));
  for (guint i = 0; i < flash_card_image_get_n_ranges (image); i++) {
    const FlashRange *range = flash_card_image_get_range (image, i);

    g_assert_cmpmem (found + range->start, range->size, expected + range->start, range->size);
  }
  /* The second table. */
  g_assert_cmpmem (found + size - 512, 8, "EFI PART", 8);
}

static gboolean
has_call (const char *method)
{
  g_autofree char *call = flash_mock_bus_take (flash_app_test.session_manager, method);

  return call != NULL;
}

static void
test_written (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, "/media/me/boot");
  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_write (bench);
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_true (flash_card_bench_says (bench, "Written and verified"));
  g_assert_nonnull (strstr (flash_card_bench_get_fact (bench, "Verified"), "compared, read "));
  g_assert_true (g_str_has_prefix (flash_mock_udisks_get_calls (bench->mock),
                                   "Unmount sdb1; OpenDevice sdb rw excl; "));
  assert_on_card (bench);
  g_assert_true (has_call ("Inhibit"));
  flash_ui_wait_until (has_call ("Uninhibit"));

  flash_card_bench_press (bench, "eject_button");
  flash_ui_wait_until (g_strcmp0 (flash_card_bench_get_fact (bench, "Generic Stick"),
                                  "You can take it out now.") == 0);
  g_assert_null (flash_card_bench_find (bench, "eject_button"));
}

/* The card is named, and what is lost. */
static void
test_question (FlashCardBench *bench, gconstpointer unused)
{
  AdwMessageDialog *question;

  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, NULL);
  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_wait_page (bench, "choices");
  flash_ui_wait_until (flash_card_bench_find_row (bench, "Generic Stick") != NULL);
  g_assert_false (gtk_widget_is_sensitive (flash_card_bench_find (bench, "verb_button")));
  adw_action_row_activate (flash_card_bench_find_row (bench, "Generic Stick"));
  flash_card_bench_press (bench, "verb_button");
  question = ADW_MESSAGE_DIALOG (flash_app_wait_for_question ());
  g_assert_cmpstr (adw_message_dialog_get_heading (question), ==,
                   "Erase and write “Generic Stick”?");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (question), "volume1 (ext4, 1 MiB)"));
  g_assert_nonnull (strstr (adw_message_dialog_get_body (question), "/dev/sdb"));
  g_assert_cmpint (adw_message_dialog_get_response_appearance (question, "act"), ==,
                   ADW_RESPONSE_DESTRUCTIVE);
  flash_app_answer ("keep");
  g_assert_true (flash_card_bench_is_page (bench, "choices"));
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "");
}

static void
test_empty (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_remove (bench->mock, "block_devices/sdb");
  flash_mock_udisks_remove (bench->mock, "drives/sdb");
  flash_card_bench_open (bench, "win.write-card");
  flash_ui_wait_until (flash_card_bench_says (bench, "Insert a card"));
  g_assert_false (gtk_widget_is_sensitive (flash_card_bench_find (bench, "verb_button")));
  flash_mock_udisks_add_stick (bench->mock, "sdb", FLASH_CARD_BENCH_STICK_SIZE);
  flash_ui_wait_until (flash_card_bench_find_row (bench, "Generic Stick") != NULL);
  g_assert_false (flash_card_bench_says (bench, "Insert a card"));
}

static void
test_no_service (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_stop (bench->mock);
  flash_card_bench_open (bench, "win.write-card");
  flash_ui_wait_until (flash_card_bench_says (bench, "Cards cannot be looked for"));
  g_assert_true (flash_card_bench_says (bench, "drive-no-service"));
  flash_mock_udisks_start (bench->mock);
  flash_ui_wait_until (flash_card_bench_find_row (bench, "Generic Stick") != NULL);
}

static void
expect_insensitive (FlashCardBench *bench, const char *reason)
{
  AdwActionRow *row;

  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_wait_page (bench, "choices");
  flash_ui_wait_until ((row = flash_card_bench_find_row (bench, "Generic Stick")) != NULL);
  g_assert_false (gtk_widget_is_sensitive (adw_action_row_get_activatable_widget (row)));
  g_assert_nonnull (strstr (adw_action_row_get_subtitle (row), reason));
}

static void
test_too_small (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_add_stick (bench->mock, "sdb", MIB);
  expect_insensitive (bench, "Too small: the layout needs 3 MiB");
}

static void
test_read_only (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_set (bench->mock, "block_devices/sdb", "Block", "ReadOnly", "true");
  expect_insensitive (bench, "Write-protected");
}

/* What was shown when it was chosen is no longer what is there. */
static void
test_drive_changes (FlashCardBench *bench, gconstpointer unused)
{
  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_wait_page (bench, "choices");
  flash_ui_wait_until (flash_card_bench_find_row (bench, "Generic Stick") != NULL);
  adw_action_row_activate (flash_card_bench_find_row (bench, "Generic Stick"));
  g_assert_true (gtk_widget_is_sensitive (flash_card_bench_find (bench, "verb_button")));
  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, NULL);
  flash_ui_wait_until (!gtk_widget_is_sensitive (flash_card_bench_find (bench, "verb_button")));
}

/* --- cards that fail ------------------------------------------------------------------------ */

static void
expect_failure (FlashCardBench *bench, const char *heading, const char *code)
{
  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_write (bench);
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_true (flash_card_bench_says (bench, heading));
  g_assert_true (flash_card_bench_says (bench, code));
  g_assert_nonnull (flash_card_bench_find_row (bench, "What the card holds now"));
  g_assert_null (flash_card_bench_find (bench, "eject_button"));
}

static void
test_verify_error (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_make_file (bench->mock, "other", FLASH_CARD_BENCH_STICK_SIZE);
  flash_mock_udisks_swap_file (bench->mock, 2, flash_mock_udisks_get_file (bench->mock, "other"));
  expect_failure (bench, "The card does not hold what was written", "drive-verify-failed");
}

static void
test_read_error (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_make_file (bench->mock, "other", 0);
  flash_mock_udisks_swap_file (bench->mock, 2, flash_mock_udisks_get_file (bench->mock, "other"));
  expect_failure (bench, "Written, but not verified", "drive-read-failed");
}

static void
test_busy (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, "/media/me/boot");
  flash_mock_udisks_refuse (bench->mock, "Unmount", ERROR ("DeviceBusy"), "target is busy");
  expect_failure (bench, "The card was not written", "drive-busy");
  g_assert_cmpstr (flash_card_bench_get_fact (bench, "What the card holds now"), ==,
                   "As before: nothing was written to it.");
}

static void
test_not_permitted (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_refuse (bench->mock, "OpenDevice", ERROR ("NotAuthorized"), "Not authorized");
  expect_failure (bench, "The card was not written", "drive-no-permission");
}

static void
test_password_refused (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_refuse (bench->mock, "OpenDevice", ERROR ("NotAuthorizedDismissed"), "no");
  expect_failure (bench, "The card was not written", "cancelled");
}

static void
pull_out (FlashMockUdisks *mock, const char *method, const char *object, gpointer data)
{
  flash_mock_udisks_set_hook (mock, NULL, NULL);
  flash_mock_udisks_remove (mock, "block_devices/sdb");
  flash_mock_udisks_remove (mock, "drives/sdb");
}

static void
test_pulled_out (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_set_hook (bench->mock, pull_out, NULL);
  expect_failure (bench, "The card was not written", "drive-gone");
}

static void
test_other_program (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_refuse (bench->mock, "OpenDevice", ERROR ("Failed"), "something");
  expect_failure (bench, "The card was not written", "drive-failed");
}

/* --- stopping ------------------------------------------------------------------------------- */

/* While a password is asked for. */
static void
test_stopped (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_refuse (bench->mock, "OpenDevice", "", "");
  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_write (bench);
  flash_card_bench_wait_page (bench, "progress");
  flash_ui_wait_until (strstr (flash_mock_udisks_get_calls (bench->mock), "OpenDevice") != NULL);
  /* The window itself stays as long as something is written. */
  gtk_window_close (GTK_WINDOW (bench->app.window));
  flash_card_bench_wait_page (bench, "outcome");
  g_assert_true (gtk_widget_get_mapped (GTK_WIDGET (bench->app.window)));
  g_assert_true (flash_card_bench_says (bench, "The card was not written"));
  g_assert_true (flash_card_bench_says (bench, "cancelled"));
}

/* Gone without having been asked. */
static void
test_destroyed (FlashCardBench *bench, gconstpointer unused)
{
  flash_mock_udisks_refuse (bench->mock, "OpenDevice", "", "");
  flash_card_bench_open (bench, "win.write-card");
  flash_card_bench_write (bench);
  flash_ui_wait_until (strstr (flash_mock_udisks_get_calls (bench->mock), "OpenDevice") != NULL);
  g_clear_pointer ((GtkWindow **) &bench->dialog, gtk_window_destroy);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_CARD_FRAME) == NULL);
}

/* -------------------------------------------------------------------------------------------- */

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (FlashCardBench *bench, gconstpointer unused);
  } tests[] = {
    { "/card/write", test_written },
    { "/card/write/question", test_question },
    { "/card/write/empty", test_empty },
    { "/card/write/no-service", test_no_service },
    { "/card/write/too-small", test_too_small },
    { "/card/write/read-only", test_read_only },
    { "/card/write/drive-changes", test_drive_changes },
    { "/card/failure/verify", test_verify_error },
    { "/card/failure/read", test_read_error },
    { "/card/failure/busy", test_busy },
    { "/card/failure/not-permitted", test_not_permitted },
    { "/card/failure/password-refused", test_password_refused },
    { "/card/failure/pulled-out", test_pulled_out },
    { "/card/failure/other", test_other_program },
    { "/card/stopped", test_stopped },
    { "/card/destroyed", test_destroyed },
  };
  int status;

  flash_card_bench_init (&argc, &argv);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, FlashCardBench, NULL, flash_card_bench_set_up, tests[i].test,
                flash_card_bench_tear_down);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
