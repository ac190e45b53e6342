/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards that cannot be had, and why: rights, other programs, drivers, silence. */
#define G_LOG_DOMAIN "test-usb-access"

#include "config.h"

#include "flash-usb-bench.h"

#include "flash-usb-bus.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define ROM "virtual:stm32mp157"
#define N_REQUESTS 5

static void
assert_open_fails (FlashBoard *board, FlashTransportError code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (usb_bench_open (board, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, part));
}

/* --- Rights --------------------------------------------------------------------------------- */

static void
test_no_permission (void)
{
  FlashUsbMock *mock = usb_bench_get_mock ();
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  g_autofree char *node = flash_usb_mock_dup_node (mock, "1-1");
  g_autoptr (FlashTransport) transport = NULL;

  flash_usb_mock_set_mode (mock, "1-1", 0);
  usb_bench_wait_access ("1-1", FLASH_ACCESS_NO_PERMISSION);
  g_clear_object (&board);
  board = usb_bench_find ("1-1");
  g_assert_nonnull (strstr (flash_board_get_access_detail (board), node));
  g_assert_nonnull (strstr (flash_board_get_access_detail (board), "mode 0000"));
  /* It is known all the same: the kernel has read its strings. */
  g_assert_nonnull (strstr (flash_board_get_descriptors (board)->product, "@Device ID"));
  assert_open_fails (board, FLASH_TRANSPORT_ERROR_NO_PERMISSION, node);
  usb_bench_forgive_open ();

  /* Reading alone is not enough. */
  flash_usb_mock_set_mode (mock, "1-1", 0444);
  usb_bench_rescan ();
  g_clear_object (&board);
  board = usb_bench_find ("1-1");
  g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_NO_PERMISSION);

  /* The rule has been installed. */
  flash_usb_mock_set_mode (mock, "1-1", 0666);
  usb_bench_wait_access ("1-1", FLASH_ACCESS_OK);
  g_clear_object (&board);
  board = usb_bench_find ("1-1");
  g_assert_null (flash_board_get_access_detail (board));
  transport = usb_bench_open (board, NULL);
  usb_bench_assert_works (transport);
  g_clear_object (&transport);
  g_clear_object (&board);
  usb_bench_clear ();
}

/* --- Other programs ------------------------------------------------------------------------- */

/* What /proc would say of another process that has the node open. */
static void
put_holder (const char *node)
{
  const char *root = flash_usb_mock_get_root (usb_bench_get_mock ());
  g_autofree char *folder = g_build_filename (root, "proc", "4711", "fd", NULL);
  g_autofree char *link = g_build_filename (folder, "3", NULL);
  g_autofree char *name = g_build_filename (root, "proc", "4711", "comm", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_unlink (link);
  g_assert_cmpint (symlink (node, link), ==, 0);
  g_file_set_contents (name, "dfu-util\n", -1, &error);
  g_assert_no_error (error);
}

static void
test_busy (void)
{
  FlashUsbMock *mock = usb_bench_get_mock ();
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);

  flash_usb_mock_set_driver (mock, "1-1", 0, "usbfs");
  usb_bench_wait_access ("1-1", FLASH_ACCESS_BUSY);
  g_clear_object (&board);
  board = usb_bench_find ("1-1");
  assert_open_fails (board, FLASH_TRANSPORT_ERROR_BUSY, "in use by");

  flash_usb_mock_set_driver (mock, "1-1", 0, NULL);
  usb_bench_wait_access ("1-1", FLASH_ACCESS_OK);
  g_clear_object (&board);
  board = usb_bench_find ("1-1");
  g_assert_null (flash_board_get_access_detail (board));
  g_clear_object (&board);
  usb_bench_clear ();
}

/* Who it is, can be seen on a computer whose /proc is looked for elsewhere. */
static void
test_holder (void)
{
  FlashUsbMock *mock = usb_bench_get_mock ();
  g_autoptr (FlashBoard) listed = usb_bench_add_board ("1-1", ROM);
  g_autofree char *node = flash_usb_mock_dup_node (mock, "1-1");
  g_autoptr (FlashUsbBus) bus = flash_usb_bus_new (flash_usb_mock_get_root (mock));
  g_autoptr (FlashBoard) board = NULL;

  put_holder (node);
  flash_usb_mock_set_driver (mock, "1-1", 0, "usbfs");
  board = flash_usb_bus_look (bus, "1-1");
  g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_BUSY);
  g_assert_nonnull (strstr (flash_board_get_access_detail (board), "dfu-util (process 4711)"));
  assert_open_fails (board, FLASH_TRANSPORT_ERROR_BUSY, "dfu-util (process 4711)");
  g_clear_object (&board);
  flash_usb_bus_forget (bus);
  g_clear_object (&listed);
  usb_bench_clear ();
}

/* What this program has open is not busy. */
static void
test_own_open (void)
{
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashTransport) transport = usb_bench_open (board, NULL);
  g_autoptr (FlashBoard) listed = NULL;

  for (guint i = 0; i < N_REQUESTS; i++) {
    usb_bench_rescan ();
    usb_bench_assert_works (transport);
  }
  listed = usb_bench_find ("1-1");
  g_assert_cmpint (flash_board_get_access (listed), ==, FLASH_ACCESS_OK);
  assert_open_fails (board, FLASH_TRANSPORT_ERROR_BUSY, "this program");
  g_clear_object (&transport);
  g_clear_object (&listed);
  g_clear_object (&board);
  usb_bench_clear ();
}

/* A driver of the kernel steps aside, and takes its place again. */
static void
test_kernel_driver (void)
{
  FlashUsbMock *mock = usb_bench_get_mock ();
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashTransport) transport = NULL;
  g_autofree char *before = NULL;
  g_autofree char *during = NULL;
  g_autofree char *after = NULL;

  flash_usb_mock_set_driver (mock, "1-1", 0, "usblp");
  before = flash_usb_mock_dup_driver (mock, "1-1", 0);
  g_assert_cmpstr (before, ==, "usblp");
  usb_bench_rescan ();
  transport = usb_bench_open (board, NULL);
  usb_bench_assert_works (transport);
  during = flash_usb_mock_dup_driver (mock, "1-1", 0);
  g_assert_cmpstr (during, ==, "usbfs");
  g_clear_object (&transport);
  after = flash_usb_mock_dup_driver (mock, "1-1", 0);
  g_assert_cmpstr (after, ==, "usblp");
  g_clear_object (&board);
  usb_bench_clear ();
}

/* --- Silence -------------------------------------------------------------------------------- */

static void
test_silent (void)
{
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  FlashUsbGadget *gadget = flash_usb_mock_get_gadget (usb_bench_get_mock (), "1-1");
  g_autoptr (FlashTransport) transport = NULL;

  usb_bench_rescan ();
  flash_usb_gadget_set_mute (gadget, TRUE);
  usb_bench_rescan ();
  usb_bench_wait_access ("1-1", FLASH_ACCESS_SILENT);
  flash_usb_gadget_set_mute (gadget, FALSE);
  usb_bench_rescan ();
  usb_bench_wait_access ("1-1", FLASH_ACCESS_OK);
  g_clear_object (&board);
  board = usb_bench_find ("1-1");
  transport = usb_bench_open (board, NULL);
  usb_bench_assert_works (transport);
  g_clear_object (&transport);
  g_clear_object (&board);
  usb_bench_clear ();
}

/* --- Leaving -------------------------------------------------------------------------------- */

/* A hub needs a moment to notice that a device left; until then transfers just fail. */
static void
test_slow_hub (void)
{
  FlashUsbMock *mock = usb_bench_get_mock ();
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashTransport) transport = usb_bench_open (board, NULL);

  usb_bench_assert_works (transport);
  flash_usb_mock_set_slow (mock, "1-1", 100);
  flash_usb_mock_unplug (mock, "1-1");
  usb_bench_assert_fails (transport, FLASH_TRANSPORT_ERROR_GONE);
  usb_bench_assert_fails (transport, FLASH_TRANSPORT_ERROR_GONE);
  g_clear_object (&transport);
  g_clear_object (&board);
  usb_bench_wait_gone ("1-1");
  usb_bench_clear ();
}

/* A line that is broken, and a device that never leaves. */
static void
test_broken_line (void)
{
  FlashUsbMock *mock = usb_bench_get_mock ();
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashTransport) transport = usb_bench_open (board, NULL);

  flash_usb_mock_set_slow (mock, "1-1", G_MAXINT);
  flash_usb_mock_unplug (mock, "1-1");
  usb_bench_assert_fails (transport, FLASH_TRANSPORT_ERROR_IO);
  g_clear_object (&transport);
  flash_usb_mock_set_slow (mock, "1-1", 0);
  usb_bench_wait_gone ("1-1");
  g_clear_object (&board);
  usb_bench_clear ();
}

static void
add_tests (void)
{
  g_test_add_func ("/usb-access/no-permission", test_no_permission);
  g_test_add_func ("/usb-access/busy", test_busy);
  g_test_add_func ("/usb-access/holder", test_holder);
  g_test_add_func ("/usb-access/own-open", test_own_open);
  g_test_add_func ("/usb-access/kernel-driver", test_kernel_driver);
  g_test_add_func ("/usb-access/silent", test_silent);
  g_test_add_func ("/usb-access/slow-hub", test_slow_hub);
  g_test_add_func ("/usb-access/broken-line", test_broken_line);
}

int
main (int argc, char **argv)
{
  return usb_bench_run (argc, argv, add_tests);
}
