/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fresh computer without rights, to the end, with the real provider of boards on a bus that
 * umockdev makes up: seen, not openable, rule installed, ready, without a restart. */
#define G_LOG_DOMAIN "test-access-usb"

#include "config.h"

#include "flash-access-bench.h"
#include "flash-access-run.h"
#include "flash-usb-mock.h"

static FlashUsbMock *mock; /* (owned) */

static gboolean
has_rule (FlashAccessBench *bench)
{
  g_autofree char *rule = flash_access_bench_dup_file (bench, FLASH_ACCESS_BENCH_RULE);

  return g_strcmp0 (rule, flash_access_get_rule ()) == 0;
}

static void
test_fresh_computer (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  FlashBoardRow *row;
  FlashBoardEntry *entry;
  GtkWidget *dialog;

  flash_usb_mock_add_board (mock, "1-1", "virtual:stm32mp157");
  flash_usb_mock_set_mode (mock, "1-1", 0);
  flash_ui_wait_until (flash_app_row_says (fixture, "1-1", "No permission"));
  row = flash_app_find_row (fixture, "1-1");
  entry = flash_board_row_get_entry (row);
  g_assert_cmpstr (
      gtk_image_get_icon_name (GTK_IMAGE (flash_ui_find_named (GTK_WIDGET (row), "warning_image"))),
      ==, "dialog-password-symbolic");
  dialog = flash_access_bench_open (fixture, "1-1");
  flash_ui_wait_until (flash_access_bench_says (dialog, "This account may not open boards"));
  g_assert_nonnull (strstr (flash_memory_bench_get_text (dialog, "detail_label"),
                            "no right to read and write /dev/bus/usb/001/"));
  flash_memory_bench_press (dialog, "install_button");
  flash_ui_wait_until (has_rule (bench));
  /* As udev does for the rule. */
  flash_usb_mock_set_mode (mock, "1-1", 0666);
  flash_ui_wait_until (flash_access_bench_says (dialog, "Ready"));
  flash_memory_bench_close (dialog);
  flash_ui_wait_until (flash_app_row_says (fixture, "1-1", "Ready in ROM"));
  g_assert_true (flash_board_row_get_entry (flash_app_find_row (fixture, "1-1")) == entry);
  g_assert_null (flash_ui_find_named (GTK_WIDGET (row), "access_button"));
  flash_usb_mock_remove (mock, "1-1");
  flash_ui_wait_until (flash_app_find_row (fixture, "1-1") == NULL);
}

int
main (int argc, char **argv)
{
  int status;

  if (!flash_usb_mock_is_possible ()) {
    g_print ("1..0 # SKIP this must be started through umockdev-wrapper\n");
    return 0;
  }
  flash_usb_mock_drop_rights ();
  mock = flash_usb_mock_new ();
  flash_app_test.add_real_boards = flash_board_list_add_usb;
  flash_app_test_init (&argc, &argv);
  g_test_add ("/access-usb/fresh-computer", FlashAppFixture, NULL, flash_app_fixture_set_up,
              test_fresh_computer, flash_app_fixture_tear_down);
  status = g_test_run ();
  flash_app_test_shut_down ();
  flash_usb_mock_free (mock);
  return status;
}
