/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window with the real provider of boards on USB, real libusb and libgusb, on a bus that
 * umockdev makes up. */
#define G_LOG_DOMAIN "test-window-usb"

#include "config.h"

#include "flash-app-test.h"
#include "flash-usb-mock.h"

/* Where rootfs lies on the SD card, by the layout of the fixture. */
#define ROOTFS_OFFSET 0x04984400

static FlashUsbMock *mock; /* (owned) */

/* Virtual boards, with what they store in the fixture's folder. */
static void
add_board (FlashAppFixture *fixture, const char *port, const char *keys)
{
  g_autofree char *id = g_strconcat ("virtual:stm32mp157", keys, NULL);

  flash_usb_mock_add_board (mock, port, id);
  flash_ui_wait_until (flash_app_row_says (fixture, port, "Ready in ROM"));
}

static void
remove_board (FlashAppFixture *fixture, const char *port)
{
  flash_usb_mock_remove (mock, port);
  flash_ui_wait_until (flash_app_find_row (fixture, port) == NULL);
}

/* The whole job: ROM, TF-A, U-Boot, in one row, while another board of the same kind stands beside
 * it. */
static void
test_flash (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *storage = g_strconcat (",storage=", fixture->storage_dir, NULL);
  FlashBoardEntry *entry, *other;
  guint64 generation;

  flash_app_open (fixture, fixture->layout_path);
  add_board (fixture, "1-1", storage);
  add_board (fixture, "1-2", NULL);
  other = flash_board_row_get_entry (flash_app_find_row (fixture, "1-2"));
  generation = flash_board_get_generation (flash_board_entry_get_board (other));
  entry = flash_app_choose_port (fixture, "1-1");
  g_assert_false (flash_app_has (fixture, "note_box"));
  g_assert_cmpstr (flash_app_get_text (fixture, "target_label"), ==, "STM32MP15, port 1-1");
  flash_app_set_verify (TRUE);
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_row_says (fixture, "1-1", "Being flashed"));
  flash_ui_wait_until (flash_app_row_says (fixture, "1-1", "Away, expected back"));
  flash_ui_wait_until (flash_app_row_says (fixture, "1-1", "Being flashed"));
  flash_app_wait_for_result (fixture);
  flash_app_set_verify (FALSE);

  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written and verified");
  g_assert_cmpstr (flash_app_get_fact (fixture, "written_row"), ==, "10 of 10 partitions");
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
  flash_ui_wait_until (flash_app_row_says (fixture, "1-1", "Runs U-Boot"));
  g_assert_true (flash_board_row_get_entry (flash_app_find_row (fixture, "1-1")) == entry);
  g_assert_true (flash_board_row_get_entry (flash_app_find_row (fixture, "1-2")) == other);
  g_assert_cmpuint (flash_board_get_generation (flash_board_entry_get_board (other)), ==,
                    generation);
  g_assert_null (flash_board_entry_get_job (other));
  remove_board (fixture, "1-1");
  remove_board (fixture, "1-2");
}

/* A plug that is pulled and put back. */
static void
test_plug (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_usb_mock_add_hub (mock, "1-3");
  add_board (fixture, "1-3.2", ",speed=full");
  g_assert_true (flash_app_row_says (fixture, "1-3.2", "Slow link"));
  g_assert_false (flash_app_has (fixture, "empty_box"));
  flash_usb_mock_unplug (mock, "1-3.2");
  flash_ui_wait_until (flash_app_find_row (fixture, "1-3.2") == NULL);
  g_assert_true (flash_app_has (fixture, "empty_box"));
  flash_usb_mock_plug (mock, "1-3.2");
  flash_ui_wait_until (flash_app_row_says (fixture, "1-3.2", "Ready in ROM"));
  remove_board (fixture, "1-3.2");
  flash_usb_mock_remove (mock, "1-3");
}

/* The rule is not installed, and then it is. */
static void
test_no_permission (FlashAppFixture *fixture, gconstpointer unused)
{
  const char *detail;

  flash_app_open (fixture, fixture->layout_path);
  add_board (fixture, "1-1", NULL);
  flash_app_choose_port (fixture, "1-1");
  flash_usb_mock_set_mode (mock, "1-1", 0);
  flash_ui_wait_until (flash_app_row_says (fixture, "1-1", "No permission"));
  g_assert_cmpstr (flash_app_get_text (fixture, "note_label"), ==, "You may not open the board.");
  detail = flash_app_get_text (fixture, "note_detail_label");
  g_assert_nonnull (strstr (detail, "In detail: no right to read and write /dev/bus/usb/001/"));
  g_assert_nonnull (strstr (detail, "mode 0000"));
  flash_usb_mock_set_mode (mock, "1-1", 0666);
  flash_ui_wait_until (flash_app_row_says (fixture, "1-1", "Ready in ROM"));
  g_assert_false (flash_app_has (fixture, "note_box"));
  remove_board (fixture, "1-1");
}

/* A debug probe: one interface of a class that only its vendor knows. */
static void
test_neighbour (FlashAppFixture *fixture, gconstpointer unused)
{
  static const guint8 interface[] = { 9, 4, 0, 0, 0, 0xff, 0xff, 0xff, 0 };

  flash_usb_mock_add (
      mock, "1-4",
      flash_usb_gadget_new_device (0x0483, 0x374b, interface, sizeof interface, "STM32 STLink"));
  flash_ui_wait_until (flash_app_has (fixture, "neighbour_list"));
  g_assert_nonnull (flash_ui_find_widget (flash_app_get (fixture, "neighbour_list"), GTK_TYPE_LABEL,
                                          "STM32 STLink"));
  g_assert_true (flash_app_has (fixture, "empty_box"));
  flash_usb_mock_remove (mock, "1-4");
  flash_ui_wait_until (!flash_app_has (fixture, "neighbour_list"));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

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
  ADD ("/window-usb/flash", test_flash);
  ADD ("/window-usb/plug", test_plug);
  ADD ("/window-usb/no-permission", test_no_permission);
  ADD ("/window-usb/neighbour", test_neighbour);
  status = g_test_run ();
  flash_app_test_shut_down ();
  flash_usb_mock_free (mock);
  return status;
}
