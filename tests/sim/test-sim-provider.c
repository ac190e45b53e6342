/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of boards, ports, pipes, threads, and real time. */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-sim-device.h"
#include "flash-sim-model.h"

#include <string.h>

/* Three STM32MP, three microcontrollers. */
#define N_LISTED 6

static guint n_changes;

static void
on_items_changed (GListModel *model, guint position, guint n_removed, guint n_added, gpointer data)
{
  guint *last = data;

  n_changes++;
  last[0] = position;
  last[1] = n_removed;
  last[2] = n_added;
}

static void
test_defaults (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  const char *const *models = flash_sim_provider_list_models ();
  guint n = 0;

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (provider)) == FLASH_TYPE_BOARD);
  for (guint i = 0; models[i] != NULL; i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (G_LIST_MODEL (provider), n);
    g_autofree char *id = g_strconcat ("virtual:", models[i], NULL);
    g_autofree char *port = g_strdup_printf ("virtual-%u", n + 1);
    g_autoptr (FlashBoard) found = NULL;
    g_autoptr (FlashBoard) peeked = flash_provider_peek_port (FLASH_PROVIDER (provider), port);

    if (!flash_sim_model_find (models[i])->is_listed)
      continue;
    n++;
    found = flash_provider_find (FLASH_PROVIDER (provider), id, NULL);
    g_assert_cmpstr (flash_board_get_id (board), ==, id);
    g_assert_cmpstr (flash_board_get_port (board), ==, port);
    g_assert_cmpint (flash_board_get_generation (board), ==, 1);
    g_assert_cmpint (flash_board_get_speed (board), ==,
                     flash_sim_model_find (models[i])->mcu != NULL ? FLASH_SPEED_FULL
                                                                   : FLASH_SPEED_HIGH);
    g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_OK);
    g_assert_true (flash_board_is_virtual (board));
    g_assert_true (flash_board_can_power_cycle (board));
    g_assert_true (found == board && peeked == board);
  }
  g_assert_cmpint (n, ==, N_LISTED);
  g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (provider)), ==, n);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (provider), n));
  g_assert_null (flash_provider_peek_port (FLASH_PROVIDER (provider), "virtual-99"));
  g_assert_null (flash_sim_provider_dup_console (provider, "virtual-99"));
  g_assert_cmpint (flash_sim_provider_get_n_requests (provider, "virtual-99"), ==, 0);
  g_assert_cmpint (flash_sim_provider_get_device_time_us (provider, "virtual-99"), ==, 0);
}

/* The same text is the same board; another text is another. */
static void
test_find (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  guint last[3] = { 0 };
  g_autoptr (FlashBoard) first = NULL;
  g_autoptr (FlashBoard) again = NULL;
  g_autoptr (FlashBoard) other = NULL;
  g_autoptr (GError) error = NULL;

  n_changes = 0;
  g_signal_connect (provider, "items-changed", G_CALLBACK (on_items_changed), last);
  first = flash_provider_find (FLASH_PROVIDER (provider), "virtual:stm32mp157,speed=full", NULL);
  again = flash_provider_find (FLASH_PROVIDER (provider), "virtual:stm32mp157,speed=full", NULL);
  other = flash_provider_find (FLASH_PROVIDER (provider), "virtual:stm32mp157,speed=high", NULL);
  g_assert_true (first == again);
  g_assert_cmpstr (flash_board_get_port (first), ==, "virtual-7");
  g_assert_cmpstr (flash_board_get_port (other), ==, "virtual-8");
  g_assert_cmpint (flash_board_get_speed (first), ==, FLASH_SPEED_FULL);
  g_assert_cmpint (n_changes, ==, 2);
  g_assert_cmpint (last[0], ==, N_LISTED + 1);
  g_assert_cmpint (last[1], ==, 0);
  g_assert_cmpint (last[2], ==, 1);

  g_assert_null (flash_provider_find (FLASH_PROVIDER (provider), "virtual:nothing", &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_BAD_ID);
  g_assert_cmpint (g_list_model_get_n_items (G_LIST_MODEL (provider)), ==, N_LISTED + 2);
}

/* The list follows when it is asked to. */
static void
test_rescan (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp135");
  GListModel *list = G_LIST_MODEL (bench->provider);
  g_autoptr (GByteArray) fsbl = bench_make_stm32 (0x00020000, 100, 1);
  g_autoptr (FlashBoard) now = NULL;
  g_autoptr (GError) error = NULL;
  guint last[3] = { 0 };

  n_changes = 0;
  g_signal_connect (list, "items-changed", G_CALLBACK (on_items_changed), last);
  flash_provider_rescan (FLASH_PROVIDER (list));
  g_assert_cmpint (n_changes, ==, 0);

  bench_download (bench, 0x01, fsbl->data, fsbl->len, 1024);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_cmpint (g_list_model_get_n_items (list), ==, N_LISTED);
  g_assert_null (flash_provider_find (FLASH_PROVIDER (list), "virtual:stm32mp135", &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NOT_FOUND);
  g_assert_cmpint (n_changes, ==, 1);
  g_assert_cmpint (last[0], ==, 1);
  g_assert_cmpint (last[1], ==, 1);
  g_assert_cmpint (last[2], ==, 0);
  g_assert_cmpint (g_list_model_get_n_items (list), ==, N_LISTED - 1);

  bench_wait (bench, 400);
  flash_provider_rescan (FLASH_PROVIDER (list));
  g_assert_cmpint (n_changes, ==, 2);
  g_assert_cmpint (last[2], ==, 1);
  now = g_list_model_get_item (list, 1);
  g_assert_cmpint (flash_board_get_generation (now), ==, 2);
  g_assert_true (g_str_has_prefix (flash_board_get_descriptors (now)->product, "DFU @Device"));
}

/* A stage that changes without an enumeration is another board in the list, too. */
static void
test_rescan_silent (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157");
  GListModel *list = G_LIST_MODEL (bench->provider);
  g_autoptr (GByteArray) fsbl = bench_make_stm32 (0x00010000, 100, 1);
  g_autoptr (FlashBoard) silent = NULL;
  g_autoptr (FlashBoard) awake = NULL;

  bench_select (bench, 0x01);
  bench_send_blocks (bench, fsbl->data, fsbl->len, 1024);
  bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_MANIFEST);
  flash_provider_rescan (FLASH_PROVIDER (list));
  silent = g_list_model_get_item (list, 0);
  g_assert_cmpint (flash_board_get_access (silent), ==, FLASH_ACCESS_SILENT);
  bench_wait (bench, 300);
  flash_provider_rescan (FLASH_PROVIDER (list));
  awake = g_list_model_get_item (list, 0);
  g_assert_cmpint (flash_board_get_access (awake), ==, FLASH_ACCESS_OK);
  g_assert_cmpint (flash_board_get_generation (awake), ==, flash_board_get_generation (silent));
}

static void
test_pipe (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157");
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashTransport) second = NULL;
  guint8 bytes[6];
  gsize length = 77;

  g_assert_null (flash_board_open (bench->board, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY);
  g_clear_error (&error);
  flash_transport_close (bench->transport);
  flash_transport_close (bench->transport);
  g_assert_false (
      flash_transport_control_in (bench->transport, 0xa1, 3, 0, 0, bytes, 6, &length, 100, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_NOT_OPEN);
  g_clear_error (&error);
  g_assert_cmpint (length, ==, 77);
  second = flash_board_open (bench->board, &error);
  g_assert_no_error (error);

  /* a board that was switched off meanwhile is another one */
  g_assert_true (flash_board_power_cycle (bench->board, NULL));
  g_assert_false (
      flash_transport_control_in (second, 0xa1, 3, 0, 0, bytes, 6, &length, 100, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE);
  g_clear_error (&error);
  g_assert_null (flash_board_open (bench->board, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE);
  bench_wait (bench, 400);
  g_clear_error (&error);
  g_assert_null (flash_board_open (bench->board, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE);
  g_assert_true (bench_reopen (bench, 0));
  g_assert_cmpint (flash_board_get_generation (bench->board), ==, 2);
  /* the old pipe does not take the new one away when it is closed */
  flash_transport_close (second);
  g_clear_error (&error);
  g_assert_null (flash_board_open (bench->board, &error));
  g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY);
}

/* Off and on: back in the ROM, RAM lost, storage kept. */
static void
test_power_cycle (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");
  g_autoptr (FlashBoard) board = NULL;
  g_autoptr (GByteArray) back = NULL;
  static const char layout[] = "P\t0x10\ta\tBinary\tmmc0\t0x100000\n"
                               "P\t0x11\tr\tBinary\tram0\t0xC8000000\n"
                               "PE\t0x12\te\tBinary\tram0\t0xC8001000\n";
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize length;

  bench_start_layout (bench, layout);
  bench_download (bench, 0x10, (const guint8 *) "kept", 4, 4096);
  bench_download (bench, 0x11, (const guint8 *) "lost", 4, 4096);
  board = g_object_ref (bench->board);
  g_assert_true (flash_board_power_cycle (board, NULL));
  g_assert_true (bench_reopen (bench, 1000));
  bench_boot (bench);
  bench_start_layout (bench, layout);
  back = bench_upload (bench, 0x11);
  g_assert_cmpmem (back->data, 4, "\0\0\0\0", 4);
  bench_select (bench, 0x10);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 4096, &length), ==, 0);
  g_assert_cmpmem (bytes, 4, "kept", 4);
}

/* Two providers, one after the other, on one folder: the eMMC is as it was. */
static void
test_persistence (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *id = bench_make_id ("stm32mp257", folder, "stage=uboot");
  Bench *first = bench_new (id);
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimProvider) rival = flash_sim_provider_new (clock);
  g_autoptr (GError) error = NULL;
  Bench *second;
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize length;

  bench_start_layout (first, "P\t0x10\ta\tBinary\tmmc1\t0x80000\n");
  bench_download (first, 0x10, (const guint8 *) "kept", 4, 4096);
  g_assert_null (flash_provider_find (FLASH_PROVIDER (rival), id, &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE);
  bench_free (first);

  second = bench_new (id);
  bench_start_layout (second, "-\t0x10\ta\tBinary\tmmc1\t0x80000\n");
  bench_assert_phase (second, 0xfe);
  bench_select (second, 0x10);
  g_assert_cmpint (bench_in (second, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 4096, &length), ==, 0);
  g_assert_cmpmem (bytes, 4, "kept", 4);
  bench_free (second);
  bench_remove_folder (folder);
}

/* stm32mp-usb.md section 1.4.4: a bus reset right after DETACH restarts an MP1, not an MP2. */
static void
test_bus_reset (void)
{
  static const struct {
    const char *id;
    guint wait_ms;
    gboolean restarts;
  } cases[] = {
    { "virtual:stm32mp157,stage=uboot", 40, TRUE },
    { "virtual:stm32mp157,stage=uboot", 60, FALSE },
    { "virtual:stm32mp257,stage=uboot", 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
    g_autoptr (FlashSimDevice) device = flash_sim_device_new (clock, cases[i].id, NULL);
    const FlashSimPacket detach = { 0x21, FLASH_DFU_REQUEST_DETACH, 0, 0, 0 };
    FlashSimState state;
    gint64 ready_us;
    gsize length;

    g_assert_cmpint (flash_sim_device_control (device, 1, &detach, NULL, NULL, &length, &ready_us),
                     ==, FLASH_SIM_ACK);
    flash_clock_wait_ms (clock, cases[i].wait_ms, NULL, NULL);
    flash_sim_device_bus_reset (device);
    flash_clock_wait_ms (clock, 2000, NULL, NULL);
    flash_sim_device_look (device, &state);
    g_assert_true (state.is_attached);
    g_assert_cmpint (state.stage, ==,
                     cases[i].restarts ? FLASH_SIM_STAGE_ROM : FLASH_SIM_STAGE_UBOOT2);
    flash_sim_state_clear (&state);
  }
}

/* A reset of the bus in the ROM: half a first stage is forgotten, and it wants a configuration. */
static void
test_bus_reset_in_rom (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimDevice) device = flash_sim_device_new (clock, "virtual:stm32mp157", NULL);
  const FlashSimPacket select = { 0x01, FLASH_USB_SET_INTERFACE, 1, 0, 0 };
  const FlashSimPacket dnload = { 0x21, FLASH_DFU_REQUEST_DNLOAD, 0, 0, 4 };
  const FlashSimPacket configure = { 0x00, FLASH_USB_SET_CONFIGURATION, 1, 0, 0 };
  const FlashSimPacket get_state = { 0xa1, FLASH_DFU_REQUEST_GETSTATE, 0, 0, 1 };
  guint8 bytes[4] = { 0 };
  gint64 ready_us;
  gsize length;

  flash_sim_device_control (device, 1, &select, NULL, NULL, &length, &ready_us);
  g_assert_cmpint (flash_sim_device_control (device, 1, &dnload, bytes, NULL, &length, &ready_us),
                   ==, FLASH_SIM_ACK);
  flash_sim_device_bus_reset (device);
  g_assert_cmpint (
      flash_sim_device_control (device, 1, &get_state, NULL, bytes, &length, &ready_us), ==,
      FLASH_SIM_ACK);
  g_assert_cmpint (bytes[0], ==, FLASH_DFU_STATE_IDLE);
  g_assert_cmpint (flash_sim_device_control (device, 1, &configure, NULL, NULL, &length, &ready_us),
                   ==, FLASH_SIM_ACK);
}

/* --- Real time and threads ------------------------------------------------------------------ */

static gpointer
peek_in_thread (gpointer data)
{
  Bench *bench = data;

  for (guint i = 0; i < 20000; i++) {
    g_autoptr (FlashBoard) board =
        flash_provider_peek_port (FLASH_PROVIDER (bench->provider), bench->port);

    if (board != NULL && flash_board_get_access (board) == FLASH_ACCESS_OK)
      g_assert_nonnull (flash_board_get_descriptors (board));
  }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp257");
  GThread *thread = g_thread_new ("peek", peek_in_thread, bench);

  bench_boot (bench);
  bench_start_layout (bench, "P\t0x10\ta\tBinary\tmmc1\t0x80000\n");
  bench_download (bench, 0x10, (const guint8 *) "x", 1, 4096);
  bench_assert_phase (bench, 0xfe);
  g_thread_join (thread);
}

/* By the real clock the times are really waited for, and sleeping late does not add up. */
static void
test_real_time (void)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  g_autoptr (FlashBoard) board =
      flash_provider_find (FLASH_PROVIDER (provider), "virtual:stm32mp157,latency=500", NULL);
  g_autoptr (FlashTransport) transport = flash_board_open (board, NULL);
  gint64 start_us = g_get_monotonic_time ();
  gint64 used_us, real_us;
  guint8 bytes[6];
  gsize length;

  for (guint i = 0; i < 400; i++)
    g_assert_true (
        flash_transport_control_in (transport, 0xa1, 3, 0, 0, bytes, 6, &length, 1000, NULL));
  real_us = g_get_monotonic_time () - start_us;
  used_us = flash_sim_provider_get_device_time_us (provider, flash_board_get_port (board));
  g_assert_cmpint (used_us, ==, 200000);
  g_assert_cmpint (real_us, >=, used_us - 10000);
  g_assert_cmpint (real_us, <, 10 * used_us);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/provider/defaults", test_defaults);
  g_test_add_func ("/sim/provider/find", test_find);
  g_test_add_func ("/sim/provider/rescan", test_rescan);
  g_test_add_func ("/sim/provider/rescan-silent", test_rescan_silent);
  g_test_add_func ("/sim/provider/pipe", test_pipe);
  g_test_add_func ("/sim/provider/power-cycle", test_power_cycle);
  g_test_add_func ("/sim/provider/persistence", test_persistence);
  g_test_add_func ("/sim/provider/bus-reset", test_bus_reset);
  g_test_add_func ("/sim/provider/bus-reset-in-rom", test_bus_reset_in_rom);
  g_test_add_func ("/sim/provider/threads", test_threads);
  g_test_add_func ("/sim/provider/real-time", test_real_time);
  return g_test_run ();
}
