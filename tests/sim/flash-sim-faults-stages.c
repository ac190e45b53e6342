/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults that belong to one stage. */
#include "config.h"

#include "flash-sim-faults.h"

#include <string.h>

static const guint8 byte[1] = { 1 };

static void
send_part (Bench *bench, guint id)
{
  bench_download (bench, id, byte, 1, 4096);
}

/* --- Around the first stage ----------------------------------------------------------------- */

static void
test_fsbl_refused (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_ROM "fsbl-refused@rom");

  fault_send_fsbl (bench);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_FIRMWARE, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_boot (bench);
}

static void
test_fsbl_ignored (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_ROM "fsbl-ignored@rom");

  fault_send_fsbl (bench);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
  bench_assert_phase (bench, 0x01);
}

static void
test_fsbl_crash (void)
{
  static const char *const ids[] = { FAULT_ROM "fsbl-crash@rom",
                                     "virtual:stm32mp135,fault=fsbl-crash@rom" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = bench_new (ids[i]);
    g_autoptr (FlashBoard) first = g_object_ref (bench->board);
    g_autoptr (FlashBoard) board = NULL;
    guint8 bytes[6];
    gsize length;

    fault_start_fsbl (bench);
    if (i == 1) {
      bench_assert_status (bench, 0, 2);
      fault_detach (bench);
    }
    g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_TIMED_OUT);
    board = flash_provider_peek_port (FLASH_PROVIDER (bench->provider), bench->port);
    g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_SILENT);
    g_assert_cmpint (flash_board_get_generation (board), ==, flash_board_get_generation (first));
    g_assert_null (flash_board_get_descriptors (board));
    g_assert_false (bench_reopen (bench, 600000));
    /* off and on helps */
    g_assert_true (flash_board_power_cycle (board, NULL));
    g_assert_true (bench_reopen (bench, 1000));
    bench_assert_phase (bench, 0x01);
  }
}

static void
test_fsbl_reenum (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_ROM "fsbl-reenum@rom");
  guint8 bytes[6];
  gsize length;

  fault_start_fsbl (bench);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_GONE);
  g_assert_true (bench_reopen (bench, 1000));
  bench_assert_phase (bench, 0x03);
}

static void
test_fsbl_keep (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp135,fault=fsbl-keep@rom");

  fault_start_fsbl (bench);
  bench_assert_status (bench, 0, 2);
  fault_detach (bench);
  bench_assert_status (bench, 0, 2);
  bench_assert_phase (bench, 0x03);
}

static void
test_spl_instead (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_ROM "spl-instead@rom");
  FlashDescriptors *descriptors;
  guint8 data[16];
  gsize length;

  fault_start_fsbl (bench);
  g_assert_true (bench_reopen (bench, 1000));
  descriptors = flash_board_get_descriptors (bench->board);
  g_assert_cmpstr (descriptors->product, ==, "USB download gadget");
  g_assert_null (descriptors->serial);
  g_assert_cmphex (descriptors->bcd_device, ==, 0x7e8a);
  g_assert_cmpint (bench_find_alternate (bench, 0xf1), ==, -1);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, data, 16, &length), ==,
                   BENCH_STALL);
}

static void
test_pipe_once (void)
{
  static const char *const ids[] = { FAULT_ROM "pipe-once@rom",
                                     "virtual:stm32mp135,fault=pipe-once@rom" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = bench_new (ids[i]);
    guint8 bytes[6];
    gsize length;

    fault_start_fsbl (bench);
    g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_STALL);
    bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
    bench_assert_phase (bench, i == 0 ? 0x03 : 0x00);
  }
}

/* --- Around TF-A ---------------------------------------------------------------------------- */

static Bench *
new_in_tfa (const char *kind)
{
  g_autofree char *id = g_strdup_printf (FAULT_ROM "%s@tfa", kind);
  Bench *bench = bench_new (id);

  fault_start_fsbl (bench);
  bench_assert_status (bench, 0, 2);
  return bench;
}

static void
test_bad_fip (void)
{
  g_autoptr (Bench) bench = new_in_tfa ("bad-fip");
  g_autoptr (GByteArray) fip = bench_make_fip (2000);

  bench_select (bench, 0x03);
  bench_send_blocks (bench, fip->data, fip->len, 1024);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_STALL);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_error (bench, "FIP Header check failed for phase 3");
}

static void
test_fip_overflow (void)
{
  g_autoptr (Bench) bench = new_in_tfa ("fip-overflow");
  g_autoptr (GByteArray) fip = bench_make_fip (65536);

  bench_select (bench, 0x03);
  bench_send_blocks (bench, fip->data, fip->len, 1024);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, byte, 1), ==, BENCH_STALL);
}

static void
test_no_uboot (void)
{
  g_autoptr (Bench) bench = new_in_tfa ("no-uboot");
  g_autoptr (GByteArray) fip = bench_make_fip (2000);

  bench_download (bench, 0x03, fip->data, fip->len, 1024);
  fault_detach (bench);
  g_assert_false (bench_reopen (bench, 600000));
}

/* --- U-Boot --------------------------------------------------------------------------------- */

static void
test_stale_layout (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "stale-layout@uboot");

  bench_assert_error (bench, "Layout: invalid checksum : 0x1b2c3 expected 0x1b2c4");
}

static void
test_layout_error (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "layout-error@uboot");

  bench_send_layout (bench, FAULT_LAYOUT);
  bench_assert_error (bench, "Layout: alloc failed");
}

static void
assert_setup_error (const char *kind, const char *prefix)
{
  g_autofree char *id = g_strdup_printf (FAULT_UBOOT "%s@uboot", kind);
  g_autoptr (Bench) bench = bench_new (id);
  g_autofree char *error = NULL;

  bench_start_layout (bench, FAULT_LAYOUT);
  error = bench_dup_error (bench);
  g_assert_true (g_str_has_prefix (error, prefix));
}

static void
test_init_error (void)
{
  assert_setup_error ("init-error", "mmc device 0 not probed");
}

static void
test_erase_error (void)
{
  assert_setup_error ("erase-error", "a (0x10): MMC erase failed");
}

static void
test_gpt_error (void)
{
  assert_setup_error ("gpt-error", "GPT partitionning fail: gpt write mmc 0 \"");
}

static Bench *
new_in_uboot2 (const char *kind)
{
  g_autofree char *id = g_strdup_printf (FAULT_UBOOT "%s@uboot2", kind);
  Bench *bench = bench_new (id);

  bench_start_layout (bench, FAULT_LAYOUT);
  return bench;
}

static void
assert_broken_off (const char *kind, const char *text)
{
  g_autoptr (Bench) bench = new_in_uboot2 (kind);

  bench_select (bench, 0x10);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, byte, 1), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_error (bench, text);
}

static void
test_write_error (void)
{
  assert_broken_off ("write-error", "DFU write error");
}

static void
test_buffer_overflow (void)
{
  assert_broken_off ("buffer-overflow", "Buffer overflow");
}

static void
assert_lost_in_flush (const char *kind)
{
  g_autoptr (Bench) bench = new_in_uboot2 (kind);

  bench_select (bench, 0x10);
  bench_send_blocks (bench, byte, 1, 4096);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 1, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, 0, 7);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
  g_assert_true (bench_reopen (bench, 2000));
  bench_assert_phase (bench, 0x01);
}

static void
test_flush_error (void)
{
  assert_lost_in_flush ("flush-error");
}

static void
test_full_storage (void)
{
  assert_lost_in_flush ("full-storage");
  assert_setup_error ("full-storage", "GPT partitionning fail: gpt write mmc 0 \"");
}

static void
test_end_action_error (void)
{
  static const struct {
    const char *layout;
    const char *error;
  } cases[] = {
    { "P\t0x10\ta\tBinary\tmmc0\t0x4400\n", "Unspecified" },
    { "P\t0x10\ta\tBinary\tmmc1\tboot2\n",
      "commands 'mmc bootbus 1 0 0 0; mmc partconf 1 1 2 0;' failed" },
    { "P\t0x04\tfsbl\tBinary(2)\tnand0\t0x0\n", "fsbl (0x4): copy of fsbl failed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = bench_new (FAULT_UBOOT "end-action-error@uboot2");

    bench_start_layout (bench, cases[i].layout);
    send_part (bench, i < 2 ? 0x10 : 0x04);
    bench_assert_error (bench, cases[i].error);
  }
}

static void
test_phase_stuck (void)
{
  g_autoptr (Bench) bench = new_in_uboot2 ("phase-stuck");

  for (guint i = 0; i < 3; i++) {
    bench_assert_phase (bench, 0x10);
    send_part (bench, 0x10);
  }
}

static void
test_otp_error (void)
{
  g_autoptr (Bench) reader = bench_new (FAULT_UBOOT "otp-error@uboot");
  g_autoptr (Bench) writer = bench_new (FAULT_UBOOT "otp-error@uboot");
  guint8 data[4096];
  gsize length;

  bench_select (reader, 0xf2);
  g_assert_cmpint (bench_in (reader, FLASH_DFU_REQUEST_UPLOAD, 0, data, 4096, &length), ==,
                   BENCH_STALL);
  bench_assert_error (reader, "OTP read issue -5");
  bench_download (writer, 0xf2, (const guint8 *) "\x02\0\0\0\0\0\0\0", 8, 4096);
  bench_assert_error (writer, "OTP write issue -5");
}

const FaultCase fault_stage_cases[] = {
  { "fsbl-refused", test_fsbl_refused },
  { "fsbl-ignored", test_fsbl_ignored },
  { "fsbl-crash", test_fsbl_crash },
  { "fsbl-reenum", test_fsbl_reenum },
  { "fsbl-keep", test_fsbl_keep },
  { "spl-instead", test_spl_instead },
  { "pipe-once", test_pipe_once },
  { "bad-fip", test_bad_fip },
  { "fip-overflow", test_fip_overflow },
  { "no-uboot", test_no_uboot },
  { "stale-layout", test_stale_layout },
  { "layout-error", test_layout_error },
  { "init-error", test_init_error },
  { "erase-error", test_erase_error },
  { "gpt-error", test_gpt_error },
  { "write-error", test_write_error },
  { "buffer-overflow", test_buffer_overflow },
  { "flush-error", test_flush_error },
  { "end-action-error", test_end_action_error },
  { "phase-stuck", test_phase_stuck },
  { "full-storage", test_full_storage },
  { "otp-error", test_otp_error },
  { NULL, NULL },
};
