/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of boards on USB: who is in it, where, and that it follows. */
#define G_LOG_DOMAIN "test-usb-provider"

#include "config.h"

#include "flash-usb-bench.h"

#include <string.h>

#define ROM "virtual:stm32mp157"
#define N_CYCLES 20

/* Counts what the list tells, and holds it to it. */
typedef struct {
  guint n_items;
  guint n_added;
  guint n_removed;
  guint n_changed;
} Watch;

static void
on_items_changed (GListModel *list, guint position, guint n_removed, guint n_added, Watch *watch)
{
  g_assert_cmpuint (position + n_removed, <=, watch->n_items);
  watch->n_items += n_added - n_removed;
  g_assert_cmpuint (watch->n_items, ==, g_list_model_get_n_items (list));
  if (n_removed == 0)
    watch->n_added += n_added;
  else if (n_added == 0)
    watch->n_removed += n_removed;
  else
    watch->n_changed++;
}

static gulong
start_watch (Watch *watch)
{
  GListModel *list = G_LIST_MODEL (usb_bench_get_provider ());

  *watch = (Watch){ .n_items = g_list_model_get_n_items (list) };
  return g_signal_connect (list, "items-changed", G_CALLBACK (on_items_changed), watch);
}

static void
stop_watch (gulong id)
{
  g_signal_handler_disconnect (usb_bench_get_provider (), id);
}

static FlashBoard *
find (const char *id, GError **error)
{
  return flash_provider_find (FLASH_PROVIDER (usb_bench_get_provider ()), id, error);
}

static void
assert_not_found (const char *id, int code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (find (id, &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, code);
  g_assert_nonnull (strstr (error->message, part));
}

/* --- What is listed ------------------------------------------------------------------------- */

static void
test_empty (void)
{
  flash_usb_mock_add_hub (usb_bench_get_mock (), "1-4");
  usb_bench_rescan ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (usb_bench_get_provider ())), ==, 0);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (usb_bench_get_provider ())) ==
                 FLASH_TYPE_BOARD);
  flash_usb_mock_remove (usb_bench_get_mock (), "1-4");
}

static void
test_one (void)
{
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM ",speed=full");
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);

  g_assert_cmpstr (flash_board_get_id (board), ==, "usb:1-1");
  g_assert_cmpstr (flash_board_get_port (board), ==, "1-1");
  g_assert_cmpint (flash_board_get_speed (board), ==, FLASH_SPEED_FULL);
  g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_OK);
  g_assert_false (flash_board_is_virtual (board));
  g_assert_false (flash_board_can_power_cycle (board));
  g_assert_nonnull (descriptors);
  g_assert_cmphex (descriptors->vid, ==, 0x0483);
  g_assert_cmphex (descriptors->pid, ==, 0xdf11);
  g_assert_nonnull (strstr (descriptors->product, "@Device ID /0x500"));
  g_assert_cmpuint (descriptors->alternates->len, ==, 6);
  g_assert_cmpuint (descriptors->transfer_size, ==, 1024);
  g_clear_object (&board);
  usb_bench_clear ();
}

/* Any vendor's DFU device is a board. */
static void
test_other_vendor (void)
{
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", "virtual:dfu");

  g_assert_cmphex (flash_board_get_descriptors (board)->vid, ==, 0xcafe);
  g_clear_object (&board);
  usb_bench_clear ();
}

static void
test_order (void)
{
  static const char *const come[] = { "1-10", "1-2", "1-1", "1-3" };
  static const char *const show[] = { "1-1", "1-2", "1-3", "1-10" };
  GListModel *list = G_LIST_MODEL (usb_bench_get_provider ());

  for (guint i = 0; i < G_N_ELEMENTS (come); i++) {
    g_autoptr (FlashBoard) board = usb_bench_add_board (come[i], "virtual:dfu");
  }
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, G_N_ELEMENTS (show));
  for (guint i = 0; i < G_N_ELEMENTS (show); i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (list, i);

    g_assert_cmpstr (flash_board_get_port (board), ==, show[i]);
  }
  g_assert_null (g_list_model_get_item (list, G_N_ELEMENTS (show)));
  usb_bench_clear ();
}

static void
test_hubs (void)
{
  g_autoptr (FlashBoard) near = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashBoard) far = NULL;
  GPtrArray *hubs = flash_board_get_hubs (near);

  g_assert_true (hubs == NULL || hubs->len == 0);
  flash_usb_mock_add_hub (usb_bench_get_mock (), "1-2");
  flash_usb_mock_add_hub (usb_bench_get_mock (), "1-2.4");
  far = usb_bench_add_board ("1-2.4.3", ROM);
  g_assert_cmpstr (flash_board_get_id (far), ==, "usb:1-2.4.3");
  hubs = flash_board_get_hubs (far);
  g_assert_cmpuint (hubs->len, ==, 2);
  g_assert_cmpstr (((FlashHub *) hubs->pdata[0])->port, ==, "1-2");
  g_assert_cmpstr (((FlashHub *) hubs->pdata[1])->port, ==, "1-2.4");
  /* Its name comes from udev's database, which the mock has not: see test-usb-record.c. */
  g_assert_cmphex (((FlashHub *) hubs->pdata[1])->vid, ==, 0x05e3);
  g_assert_cmphex (((FlashHub *) hubs->pdata[1])->pid, ==, 0x0610);
  g_assert_cmpint (((FlashHub *) hubs->pdata[1])->speed, ==, FLASH_SPEED_HIGH);

  g_clear_object (&near);
  g_clear_object (&far);
  usb_bench_clear ();
  flash_usb_mock_remove (usb_bench_get_mock (), "1-2.4");
  flash_usb_mock_remove (usb_bench_get_mock (), "1-2");
}

/* --- Coming and going ----------------------------------------------------------------------- */

static void
test_comings (void)
{
  FlashUsbMock *mock = usb_bench_get_mock ();
  g_autoptr (FlashBoard) board = NULL;
  g_autoptr (FlashBoard) back = NULL;
  Watch watch;
  gulong id = start_watch (&watch);

  board = usb_bench_add_board ("1-1", ROM);
  g_assert_cmpuint (watch.n_added, ==, 1);
  flash_usb_mock_unplug (mock, "1-1");
  usb_bench_wait_gone ("1-1");
  g_assert_cmpuint (watch.n_removed, ==, 1);
  g_assert_null (flash_provider_peek_port (FLASH_PROVIDER (usb_bench_get_provider ()), "1-1"));
  flash_usb_mock_plug (mock, "1-1");
  back = usb_bench_wait_board ("1-1", flash_board_get_generation (board));
  g_assert_cmpuint (watch.n_added, ==, 2);
  g_assert_cmpuint (watch.n_removed, ==, 1);
  g_assert_true (back != board);
  stop_watch (id);

  g_clear_object (&board);
  g_clear_object (&back);
  usb_bench_clear ();
}

/* The new one is announced before the departure of the old one: the list must not lose it. */
static void
test_swapped_announcements (void)
{
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  Watch watch;
  gulong id = start_watch (&watch);

  flash_usb_mock_set_late (usb_bench_get_mock (), "1-1", TRUE);
  for (guint i = 0; i < N_CYCLES; i++) {
    FlashBoard *back;

    flash_usb_mock_unplug (usb_bench_get_mock (), "1-1");
    flash_usb_mock_plug (usb_bench_get_mock (), "1-1");
    back = usb_bench_wait_board ("1-1", flash_board_get_generation (board));
    g_object_unref (board);
    board = back;
    g_assert_cmpstr (flash_board_get_port (board), ==, "1-1");
    {
      g_autoptr (FlashTransport) transport = usb_bench_open (board, NULL);

      usb_bench_assert_works (transport);
    }
  }
  /* Everything that was announced has been heard. */
  usb_bench_rescan ();
  usb_bench_rescan ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (usb_bench_get_provider ())), ==, 1);
  stop_watch (id);

  g_clear_object (&board);
  usb_bench_clear ();
}

/* The board takes itself off the bus and comes back; nobody pulls a plug. */
static void
test_return_by_itself (void)
{
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashBoard) back = NULL;

  flash_sim_device_power_cycle (flash_usb_mock_get_board (usb_bench_get_mock (), "1-1"));
  back = usb_bench_wait_board ("1-1", flash_board_get_generation (board));
  g_assert_cmpstr (flash_board_get_id (back), ==, flash_board_get_id (board));
  g_clear_object (&board);
  g_clear_object (&back);
  usb_bench_clear ();
}

/* As fast as it goes, without looking: what counts is what is there in the end. */
static void
test_quick_cycles (void)
{
  FlashUsbMock *mock = usb_bench_get_mock ();
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", "virtual:dfu");
  guint64 generation = flash_board_get_generation (board);

  g_clear_object (&board);
  /* Boards are asked that have just left. */
  usb_bench_forgive_open ();
  for (guint i = 0; i < N_CYCLES; i++) {
    flash_usb_mock_unplug (mock, "1-1");
    flash_usb_mock_plug (mock, "1-1");
  }
  board = usb_bench_wait_board ("1-1", generation);
  g_clear_object (&board);
  for (guint i = 0; i < N_CYCLES; i++) {
    flash_usb_mock_unplug (mock, "1-1");
    flash_usb_mock_plug (mock, "1-1");
  }
  flash_usb_mock_unplug (mock, "1-1");
  usb_bench_wait_gone ("1-1");
  usb_bench_clear ();
}

/* Somebody may look while the kernel sets a device up: its number is there, and nothing else. */
static void
test_half_made (void)
{
  FlashProvider *provider = FLASH_PROVIDER (usb_bench_get_provider ());
  g_autoptr (FlashBoard) board = NULL;

  flash_usb_mock_begin (usb_bench_get_mock (), "1-1");
  board = flash_provider_peek_port (provider, "1-1");
  g_assert_null (board);
  usb_bench_rescan ();
  board = usb_bench_add_board ("1-1", ROM);
  g_assert_nonnull (flash_board_get_descriptors (board));
  g_clear_object (&board);
  board = flash_provider_peek_port (provider, "1-1");
  g_assert_nonnull (board);
  g_clear_object (&board);
  usb_bench_clear ();
}

/* What the kernel read is out of date: the board has moved on without leaving the bus. */
static void
test_live_strings (void)
{
  static const guint8 other[] = { 10, 3, 'T', 0, 'F', 0, '-', 0, 'A', 0 };
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashBoard) later = NULL;
  Watch watch;
  gulong id;

  usb_bench_rescan ();
  id = start_watch (&watch);
  flash_usb_gadget_set_string (flash_usb_mock_get_gadget (usb_bench_get_mock (), "1-1"), 2, other,
                               sizeof other);
  usb_bench_rescan ();
  later = usb_bench_find ("1-1");
  g_assert_cmpstr (flash_board_get_descriptors (later)->product, ==, "TF-A");
  g_assert_cmpuint (flash_board_get_generation (later), ==, flash_board_get_generation (board));
  g_assert_cmpuint (watch.n_changed, ==, 1);
  g_assert_cmpuint (watch.n_added + watch.n_removed, ==, 0);

  /* The same answers again are no news. */
  usb_bench_rescan ();
  g_assert_cmpuint (watch.n_changed, ==, 1);
  stop_watch (id);
  g_clear_object (&board);
  g_clear_object (&later);
  usb_bench_clear ();
}

/* --- Finding -------------------------------------------------------------------------------- */

static void
test_find (void)
{
  g_autoptr (FlashBoard) board = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashBoard) found = NULL;
  g_autoptr (GError) error = NULL;

  found = find ("usb:1-1", &error);
  g_assert_no_error (error);
  g_assert_true (found == board);
  assert_not_found ("usb:1-2", FLASH_PROVIDER_ERROR_NOT_FOUND, "1-2");
  assert_not_found ("usb:", FLASH_PROVIDER_ERROR_NOT_FOUND, "");
  assert_not_found ("usb:../1-1", FLASH_PROVIDER_ERROR_NOT_FOUND, "");
  assert_not_found ("virtual:stm32mp157", FLASH_PROVIDER_ERROR_NOT_FOUND, "virtual");
  g_clear_object (&board);
  g_clear_object (&found);
  usb_bench_clear ();
  assert_not_found ("usb:1-1", FLASH_PROVIDER_ERROR_NOT_FOUND, "1-1");
}

/* Many boards of one kind have the same serial number. */
static void
test_same_serial (void)
{
  g_autoptr (FlashBoard) one = usb_bench_add_board ("1-1", ROM);
  g_autoptr (FlashBoard) other = usb_bench_add_board ("1-2", ROM);
  g_autoptr (FlashBoard) found = NULL;
  g_autoptr (GError) error = NULL;
  const char *serial = flash_board_get_descriptors (one)->serial;
  g_autofree char *id = g_strconcat ("serial:", serial, NULL);

  g_assert_cmpstr (flash_board_get_descriptors (other)->serial, ==, serial);
  assert_not_found (id, FLASH_PROVIDER_ERROR_AMBIGUOUS, "usb:1-1");
  assert_not_found (id, FLASH_PROVIDER_ERROR_AMBIGUOUS, "usb:1-2");
  assert_not_found ("serial:other", FLASH_PROVIDER_ERROR_NOT_FOUND, "other");

  flash_usb_mock_unplug (usb_bench_get_mock (), "1-1");
  usb_bench_wait_gone ("1-1");
  found = find (id, &error);
  g_assert_no_error (error);
  g_assert_true (found == other);

  /* The other board that came back is the one on its port. */
  flash_usb_mock_plug (usb_bench_get_mock (), "1-1");
  g_clear_object (&found);
  found = usb_bench_wait_board ("1-1", flash_board_get_generation (one));
  g_assert_cmpstr (flash_board_get_port (found), ==, "1-1");
  g_clear_object (&found);
  found = usb_bench_find ("1-2");
  g_assert_true (found == other);
  g_clear_object (&one);
  g_clear_object (&other);
  g_clear_object (&found);
  usb_bench_clear ();
}

static void
add_tests (void)
{
  g_test_add_func ("/usb-provider/empty", test_empty);
  g_test_add_func ("/usb-provider/one", test_one);
  g_test_add_func ("/usb-provider/other-vendor", test_other_vendor);
  g_test_add_func ("/usb-provider/order", test_order);
  g_test_add_func ("/usb-provider/hubs", test_hubs);
  g_test_add_func ("/usb-provider/comings", test_comings);
  g_test_add_func ("/usb-provider/swapped-announcements", test_swapped_announcements);
  g_test_add_func ("/usb-provider/return-by-itself", test_return_by_itself);
  g_test_add_func ("/usb-provider/half-made", test_half_made);
  g_test_add_func ("/usb-provider/live-strings", test_live_strings);
  g_test_add_func ("/usb-provider/find", test_find);
  g_test_add_func ("/usb-provider/same-serial", test_same_serial);
  /* The last one, since it forgives. */
  g_test_add_func ("/usb-provider/quick-cycles", test_quick_cycles);
}

int
main (int argc, char **argv)
{
  return usb_bench_run (argc, argv, add_tests);
}
