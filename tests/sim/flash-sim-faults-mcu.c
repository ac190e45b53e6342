/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults of microcontrollers, and what the faults on the wire do to them. */
#include "config.h"

#include "flash-sim-faults.h"
#include "flash-sim-mcu-bench.h"

#include <string.h>

#define G474 "virtual:stm32g474,fault="

/* The next erase, and no other. */
static void
test_erase_ignored (void)
{
  static const char *const ids[] = { G474 "erase-ignored@1",
                                     "virtual:stm32f405,fault=erase-ignored@bootloader" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = mcu_new (ids[i]);
    guint8 bytes[64];

    bench_fill (bytes, sizeof bytes, 1);
    mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
    g_assert_cmphex (i == 0 ? mcu_erase (bench, MCU_FLASH) : mcu_command (bench, 0x41), ==,
                     MCU_DONE);
    mcu_make_idle (bench);
    mcu_assert_holds (bench, MCU_FLASH, bytes, sizeof bytes);
    g_assert_cmphex (mcu_erase (bench, MCU_FLASH), ==, MCU_DONE);
    mcu_assert_filled (bench, MCU_FLASH, 0xff, sizeof bytes);
  }
}

static void
test_write_dropped (void)
{
  g_autoptr (Bench) bench = mcu_new (G474 "write-dropped@1");
  guint8 bytes[64];

  bench_fill (bytes, sizeof bytes, 1);
  mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
  mcu_assert_filled (bench, MCU_FLASH, 0xff, sizeof bytes);
  mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
  mcu_assert_holds (bench, MCU_FLASH, bytes, sizeof bytes);
}

/* Section 2.8: the defect of fast hosts looks like protection, for the first reads. */
static void
test_read_vendor (void)
{
  g_autoptr (Bench) bench = mcu_new (G474 "read-vendor@1;read-vendor@1");
  guint8 bytes[64];
  gsize length;

  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint (mcu_read_block (bench, MCU_FLASH, bytes, 64, &length), ==,
                     i < 2 ? BENCH_STALL : BENCH_OK);
    if (i < 2)
      bench_assert_status (bench, FLASH_DFU_STATUS_ERR_VENDOR, FLASH_DFU_STATE_ERROR);
    mcu_make_idle (bench);
  }
}

static void
test_bad_string (void)
{
  static const char *const ids[] = { G474 "bad-string@1", FAULT_ROM "bad-string@1" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = bench_new (ids[i]);
    guint8 bytes[255];
    gsize length;

    for (guint n = 0; n < 2; n++) {
      g_assert_true (flash_transport_control_in (bench->transport, FLASH_USB_DIR_IN,
                                                 FLASH_USB_GET_DESCRIPTOR, 0x301, 0x409, bytes, 255,
                                                 &length, BENCH_TIMEOUT_MS, NULL));
      g_assert_cmpint (length, ==, 2 + 2 * strlen ("STMicroelectronics"));
      g_assert_cmpint (bytes[0], ==, n == 0 ? 255 : length);
    }
  }
}

/* What is left in the memories: test-sim-chip-power.c */
static void
test_power_cut (void)
{
  g_autoptr (Bench) bench = bench_new (G474 "power-cut@3");

  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_IDLE);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
  g_assert_false (bench_reopen (bench, 10000));
  mcu_assert_state (bench, FLASH_SIM_CHIP_OFF);
}

/* --- Faults on the wire --------------------------------------------------------------------- */

static void
test_stall (void)
{
  g_autoptr (Bench) bench = bench_new (G474 "stall@1;timeout@2");
  guint8 bytes[6];
  gsize length;

  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_STALL);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_TIMED_OUT);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
}

/* The work is done although nobody hears of it; on an H7 the answer is what takes long. */
static void
test_lost_answer (void)
{
  static const char *const models[] = { "stm32g474", "stm32h755" };
  static const guint8 erase[5] = { 0x41, 0x00, 0x00, 0x00, 0x08 };

  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autofree char *trial_id = g_strconcat ("virtual:", models[i], NULL);
    g_autoptr (Bench) trial = mcu_new (trial_id);
    g_autoptr (Bench) bench = NULL;
    g_autofree char *id = NULL;
    guint8 bytes[64];
    gsize length;

    bench_fill (bytes, sizeof bytes, 1);
    mcu_write (trial, MCU_FLASH, bytes, sizeof bytes);
    id = g_strdup_printf ("%s,fault=lost-answer@%" G_GUINT64_FORMAT, trial_id,
                          flash_sim_provider_get_n_requests (trial->provider, trial->port) + 2);
    bench = mcu_new (id);
    mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
    g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_TIMED_OUT);
    g_assert_cmphex (mcu_settle (bench), ==, MCU_DONE);
    mcu_assert_filled (bench, MCU_FLASH, 0xff, sizeof bytes);
  }
}

static void
test_endless_busy (void)
{
  g_autoptr (Bench) bench = bench_new (G474 "endless-busy@3");

  mcu_make_idle (bench);
  for (guint i = 0; i < 2; i++)
    bench_get_state (bench);
  for (guint i = 0; i < 10; i++) {
    bench_assert_status (bench, FLASH_DFU_STATUS_OK, FLASH_DFU_STATE_DNBUSY);
    bench_wait (bench, 5000);
  }
}

static void
test_corrupt (void)
{
  g_autoptr (Bench) bench = mcu_new (G474 "corrupt@9");
  guint8 bytes[64];
  guint n_wrong = 0;
  gsize length;

  for (guint i = 0; i < 4; i++) {
    if (mcu_read_block (bench, MCU_FLASH, bytes, 64, &length) == BENCH_OK)
      for (guint n = 0; n < 64; n++)
        n_wrong += bytes[n] != 0xff;
    mcu_make_idle (bench);
  }
  g_assert_cmpint (n_wrong, <=, 1);
}

/* The cable goes for good, or for a moment; BOOT0 decides what answers then. */
static void
test_cable (void)
{
  static const struct {
    const char *id;
    gboolean returns;
  } cases[] = {
    { G474 "unplug@2", FALSE },
    { G474 "replug@2", TRUE },
    { "virtual:stm32g474,boot0=button,fault=replug@2", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = bench_new (cases[i].id);

    bench_get_state (bench);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
    g_assert_cmpint (bench_reopen (bench, 2000), ==, cases[i].returns);
  }
}

/* Unprotecting ends with a hand-over from the loader to itself. */
static void
test_hand_over (void)
{
  static const struct {
    const char *keys;
    guint wait_ms;
    gboolean returns;
  } cases[] = {
    { "never-return@1", 20000, FALSE },
    { "handover-delay@1", 7000, FALSE },
    { "handover-delay@1", 20000, TRUE },
    { "wrong-serial@1", 1000, TRUE },
  };
  static const guint8 unprotect[1] = { 0x92 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *id = g_strconcat (G474, cases[i].keys, NULL);
    g_autoptr (Bench) bench = mcu_new (id);
    guint8 bytes[6];
    gsize length;

    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, unprotect, 1), ==, BENCH_OK);
    while (fault_try_status (bench, bytes, &length) != BENCH_GONE)
      continue;
    g_assert_cmpint (bench_reopen (bench, cases[i].wait_ms), ==, cases[i].returns);
    if (g_str_has_prefix (cases[i].keys, "wrong"))
      g_assert_cmpstr (flash_board_get_descriptors (bench->board)->serial, ==,
                       "00FF00FF3338511234383330");
  }
}

const FaultCase fault_mcu_cases[] = {
  { "erase-ignored", test_erase_ignored },
  { "write-dropped", test_write_dropped },
  { "read-vendor", test_read_vendor },
  { "bad-string", test_bad_string },
  { "power-cut", test_power_cut },
  { "stall", test_stall },
  { "lost-answer", test_lost_answer },
  { "endless-busy", test_endless_busy },
  { "corrupt", test_corrupt },
  { "replug", test_cable },
  { "never-return", test_hand_over },
  { NULL, NULL },
};
