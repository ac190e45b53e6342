/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The TF-A stage, stm32mp-usb.md sections 1.3 and 9.4, new and old flow. */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-bytes.h"

#include <string.h>

static Bench *
new_tfa (const char *id)
{
  Bench *bench = bench_new (id);
  gboolean is_mp15 = strstr (id, "mp157") != NULL;
  guint32 version = is_mp15 ? 0x00010000 : strstr (id, "mp135") ? 0x00020000 : 0x00020200;
  g_autoptr (GByteArray) fsbl = bench_make_stm32 (version, 2000, 1);

  bench_download (bench, 0x01, fsbl->data, fsbl->len, 1024);
  if (is_mp15)
    return bench;
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_true (bench_reopen (bench, 1000));
  return bench;
}

/* 3 at the first GETSTATUS, 5 at the second; inside it is 5 after the first. */
static void
test_blocks (void)
{
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157");
  guint8 data[1024] = { 0 };

  bench_select (bench, 0x03);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 9, data, 1024), ==, BENCH_OK);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 9, data, 1024), ==, BENCH_STALL);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_DNLOAD_SYNC);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 4, data, 10), ==, BENCH_OK);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 5, NULL, 0), ==, BENCH_STALL);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_DNLOAD_SYNC);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_DNLOAD_IDLE);
  /* no upload in the middle of a download, not even of the phase */
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_DNLOAD_IDLE);
}

static void
test_phase (void)
{
  static const guint8 first[] = { 3, 0, 0, 0, 0xc7, 0, 0, 0, 0 };
  static const guint8 moved[] = { 3, 0, 4, 0, 0xc7, 0, 0, 0, 0 };
  static const guint8 done[] = { 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1 };
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157");
  g_autoptr (Bench) other = new_tfa ("virtual:stm32mp157");
  g_autoptr (GByteArray) fip = bench_make_fip (1024);
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize length = bench_get_phase (bench, bytes);

  g_assert_cmpmem (bytes, length, first, sizeof first);
  /* with exactly as much room as there is to say, it stays in upload-idle */
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 9, &length), ==, BENCH_OK);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_UPLOAD_IDLE);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 1, bytes, 512, &length), ==,
                   BENCH_OK);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_IDLE);

  bench_download (bench, 0x03, fip->data, fip->len, 1024);
  length = bench_get_phase (bench, bytes);
  g_assert_cmpmem (bytes, length, done, sizeof done);

  /* the address is the write pointer */
  bench_select (other, 0x03);
  bench_send_blocks (other, fip->data, fip->len, 1024);
  g_assert_cmpint (bench_out (other, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  length = bench_get_phase (other, bytes);
  g_assert_cmpmem (bytes, length, moved, sizeof moved);
}

static void
test_bad_fip (void)
{
  static const struct {
    guint offset;
    guint8 value;
  } changes[] = { { 0, 0x02 }, { 4, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157");
    g_autoptr (GByteArray) fip = bench_make_fip (2000);

    flash_put_le32 (fip->data + 4, 1);
    fip->data[changes[i].offset] = changes[i].value;
    bench_select (bench, 0x03);
    bench_send_blocks (bench, fip->data, fip->len, 1024);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_STALL);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
    bench_assert_error (bench, "FIP Header check failed for phase 3");
    bench_assert_console (bench, "FIP Header check failed for phase 3");
    /* booting it all the same kills the board */
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
    g_assert_false (bench_reopen (bench, 60000));
  }
}

/* A download that the phase does not ask for, and an upload of anything but `virtual`. */
static void
test_fatal (void)
{
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp257");
  g_autoptr (Bench) other = new_tfa ("virtual:stm32mp257");
  guint8 data[1024] = { 0 };
  gsize length;

  bench_select (bench, 0x03);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, data, 1024), ==, BENCH_STALL);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_IDLE);
  bench_assert_error (bench, "phase ID :2, alternate 1, address e000000");

  bench_select (other, 0x02);
  g_assert_cmpint (bench_in (other, FLASH_DFU_REQUEST_UPLOAD, 0, data, 1024, &length), ==,
                   BENCH_STALL);
  bench_assert_status (other, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (other, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_error (other, "phase ID :2, alternate 0 for phase 241");
  bench_select (other, 0xf1);
  g_assert_cmpint (bench_out (other, FLASH_DFU_REQUEST_DNLOAD, 0, data, 5), ==, BENCH_STALL);
}

/* Clearing what is no error makes one; ABORT makes idle, or nothing. */
static void
test_clear_and_abort (void)
{
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157");

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_UNKNOWN, FLASH_DFU_STATE_ERROR);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
  bench_assert_phase (bench, 0x03);
}

/* 16 MiB fit; one byte more is refused, and the phase stays. */
static void
test_overflow (void)
{
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157");
  g_autoptr (GByteArray) fip = bench_make_fip (16 * 1024 * 1024);

  bench_select (bench, 0x03);
  bench_send_blocks (bench, fip->data, fip->len, 1024);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, fip->data, 1), ==, BENCH_STALL);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_phase (bench, 0x03);
}

/* What is sent again after an ABORT lands behind what was sent before. */
static void
test_second_try (void)
{
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp135");
  g_autoptr (GByteArray) fip = bench_make_fip (4096);

  bench_select (bench, 0x03);
  bench_send_blocks (bench, fip->data, 2048, 1024);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_OK);
  bench_download (bench, 0x03, fip->data, fip->len, 1024);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_false (bench_reopen (bench, 60000));
}

static void
test_early_detach (void)
{
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157");

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_false (bench_reopen (bench, 60000));
}

/* The DDR firmware may hold 0x8800 bytes. */
static void
test_ddr_firmware (void)
{
  static const struct {
    gsize length;
    gboolean is_good;
  } cases[] = { { 96 + 0x8800, TRUE }, { 96 + 0x8801, FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp257");
    g_autoptr (GByteArray) fip = bench_make_fip (cases[i].length);

    bench_download (bench, 0x02, fip->data, fip->len, 1024);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
    g_assert_cmpint (bench_reopen (bench, 60000), ==, cases[i].is_good);
    if (cases[i].is_good)
      bench_assert_phase (bench, 0x03);
  }
}

/* --- The old flow (section 1.8 B) ----------------------------------------------------------- */

static const char layout[] = "-\t0x01\tfsbl\tBinary\tnone\t0x0\n"
                             "-\t0x03\tssbl\tBinary\tnone\t0x0\n"
                             "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\n";

static void
send_old (Bench *bench, guint id, const GByteArray *image)
{
  bench_select (bench, id);
  for (gsize at = 0; at < image->len; at += 1024) {
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, image->data + at,
                                MIN (1024, image->len - at)),
                     ==, BENCH_OK);
    bench_assert_status (bench, 0, FLASH_DFU_STATE_DNBUSY);
    bench_assert_status (bench, 0, FLASH_DFU_STATE_DNLOAD_IDLE);
  }
}

static void
finish_old (Bench *bench)
{
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_MANIFEST);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_IDLE);
}

static void
run_old (Bench *bench, const char *text)
{
  g_autoptr (GByteArray) tsv = bench_make_layout (text);
  g_autoptr (GByteArray) ssbl = bench_make_stm32 (0x00010000, 50000, 2);

  send_old (bench, 0x00, tsv);
  finish_old (bench);
  bench_assert_phase (bench, 0x03);
  send_old (bench, 0x03, ssbl);
  finish_old (bench);
  bench_assert_phase (bench, 0x00);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
}

static void
test_old_flow (void)
{
  static const guint8 first[] = { 0, 0x80, 0xe7, 0xfe, 0x2f, 0, 0, 0, 0 };
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157,flow=old");
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize length = bench_get_phase (bench, bytes);

  g_assert_cmpmem (bytes, length, first, sizeof first);
  run_old (bench, layout);
  g_assert_true (bench_reopen (bench, 5000));
  bench_assert_phase (bench, 0x04);
  g_assert_cmpint (bench_find_alternate (bench, 0x00), ==, -1);
  g_assert_cmpint (bench_find_alternate (bench, 0x04), ==, 0);
}

/* What is wrong with the layout shows in U-Boot's only enumeration. */
static void
test_old_flow_bad_layout (void)
{
  static const struct {
    const char *layout;
    const char *error;
  } cases[] = {
    { "P\t0x04\ta\tbinary\tmmc0\t0x4400\n", "Layout line 1: type parsing error : 'binary'" },
    { "P\t0x04\ta\tBinary\tmmc0\t0x4000\n", "a (0x4): invalid address 0x4000 (min=0x4400)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157,flow=old");

    run_old (bench, cases[i].layout);
    g_assert_true (bench_reopen (bench, 5000));
    g_assert_cmpint (bench_find_alternate (bench, 0x00), ==, 0);
    bench_assert_error (bench, cases[i].error);
  }
}

/* Class requests only on the setting of the phase, or on 5; UPLOAD only with block 0. */
static void
test_old_limits (void)
{
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157,flow=old");
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize length;

  bench_select (bench, 0x03);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, bytes, 6, &length), ==,
                   BENCH_STALL);
  bench_select (bench, 0xf1);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 1, bytes, 512, &length), ==,
                   BENCH_STALL);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 512, &length), ==,
                   BENCH_OK);
}

/* "Header check failed", then a hang. */
static void
test_old_bad_header (void)
{
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157,flow=old");
  g_autoptr (GByteArray) tsv = bench_make_layout (layout);
  guint8 bytes[FLASH_DFU_STATUS_LENGTH];
  g_autoptr (FlashBoard) board = NULL;
  gsize length;

  tsv->data[300] ^= 1;
  send_old (bench, 0x00, tsv);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_STALL);
  bench_assert_console (bench, "Header check failed");
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, bytes, 6, &length), ==,
                   BENCH_TIMED_OUT);
  board = flash_provider_peek_port (FLASH_PROVIDER (bench->provider), bench->port);
  g_assert_cmpint (flash_board_get_access (board), ==, FLASH_ACCESS_SILENT);
}

/* A DETACH that does not come within 10 s is a board that does not start. */
static void
test_old_watchdog (void)
{
  g_autoptr (Bench) bench = new_tfa ("virtual:stm32mp157,flow=old");
  g_autoptr (GByteArray) tsv = bench_make_layout (layout);
  g_autoptr (GByteArray) ssbl = bench_make_stm32 (0x00010000, 100, 2);

  send_old (bench, 0x00, tsv);
  finish_old (bench);
  send_old (bench, 0x03, ssbl);
  finish_old (bench);
  bench_wait (bench, 9900);
  bench_assert_phase (bench, 0x00);
  bench_wait (bench, 200);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_GONE);
  g_assert_false (bench_reopen (bench, 60000));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/tfa/blocks", test_blocks);
  g_test_add_func ("/sim/tfa/phase", test_phase);
  g_test_add_func ("/sim/tfa/bad-fip", test_bad_fip);
  g_test_add_func ("/sim/tfa/fatal", test_fatal);
  g_test_add_func ("/sim/tfa/clear-and-abort", test_clear_and_abort);
  g_test_add_func ("/sim/tfa/overflow", test_overflow);
  g_test_add_func ("/sim/tfa/second-try", test_second_try);
  g_test_add_func ("/sim/tfa/early-detach", test_early_detach);
  g_test_add_func ("/sim/tfa/ddr-firmware", test_ddr_firmware);
  g_test_add_func ("/sim/tfa/old-flow", test_old_flow);
  g_test_add_func ("/sim/tfa/old-flow-bad-layout", test_old_flow_bad_layout);
  g_test_add_func ("/sim/tfa/old-limits", test_old_limits);
  g_test_add_func ("/sim/tfa/old-bad-header", test_old_bad_header);
  g_test_add_func ("/sim/tfa/old-watchdog", test_old_watchdog);
  return g_test_run ();
}
