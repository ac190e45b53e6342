/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What U-Boot asks for, and how a session ends (stm32mp-usb.md sections 1.4, 1.6, 1.7, 5, 8.6). */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-bytes.h"

#include <string.h>

#define TWO_PARTS                                                                                  \
  "P\t0x10\ta\tBinary\tmmc0\t0x100000\n"                                                           \
  "P\t0x11\tb\tBinary\tmmc0\t0x4100000\n"                                                          \
  "PE\t0x12\tc\tBinary\tmmc0\t0x8100000\n"

static Bench *
new_uboot (const char *layout)
{
  Bench *bench = bench_new ("virtual:stm32mp157,stage=uboot,mmc0=144M");

  bench_start_layout (bench, layout);
  return bench;
}

/* --- Phases --------------------------------------------------------------------------------- */

static void
test_get_phase (void)
{
  static const guint8 waiting[] = { 0, 0, 0, 0, 0xc2, 0, 0, 0, 0, 0 };
  static const guint8 taken[] = { 0, 0, 0, 0, 0xc2, 0, 0, 0, 0, 1 };
  static const guint8 wanted[] = { 0x10, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 };
  static const guint8 moved[] = { 0x11, 0xff, 0xff, 0xff, 0xff, 0x00, 0x12, 0, 0 };
  static const guint8 finished[] = { 0xfe, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0 };
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");
  guint8 bytes[FLASH_TRANSPORT_MAX_DATA];
  gsize length = bench_get_phase (bench, bytes);

  g_assert_cmpmem (bytes, length, waiting, sizeof waiting);
  bench_send_layout (bench, TWO_PARTS);
  length = bench_get_phase (bench, bytes);
  g_assert_cmpmem (bytes, length, taken, sizeof taken);
  bench_start_layout (bench, TWO_PARTS);
  length = bench_get_phase (bench, bytes);
  g_assert_cmpmem (bytes, length, wanted, sizeof wanted);
  /* asking for exactly what there is leaves upload-idle; the next request brings nothing */
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 9, &length), ==, 0);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_UPLOAD_IDLE);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 1, bytes, 4096, &length), ==, 0);
  g_assert_cmpint (length, ==, 0);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_IDLE);

  bench_set_phase (bench, 0x11, 0x1200);
  length = bench_get_phase (bench, bytes);
  g_assert_cmpmem (bytes, length, moved, sizeof moved);
  bench_set_phase (bench, 0x11, 0);
  bench_download (bench, 0x11, (const guint8 *) "b", 1, 4096);
  length = bench_get_phase (bench, bytes);
  g_assert_cmpmem (bytes, length, finished, sizeof finished);
}

/* Section 1.7: to any line, at any time, and the offset stays for the next partition too. */
static void
test_set_phase (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
  g_autoptr (GByteArray) a = NULL;
  g_autoptr (GByteArray) b = NULL;
  g_autoptr (GByteArray) c = NULL;

  bench_set_phase (bench, 0x10, 0x1000);
  bench_download (bench, 0x10, (const guint8 *) "first", 5, 4096);
  bench_assert_phase (bench, 0x11);
  bench_download (bench, 0x11, (const guint8 *) "second", 6, 4096);
  bench_assert_phase (bench, 0xfe);
  bench_set_phase (bench, 0x12, 0x200);
  bench_download (bench, 0x12, (const guint8 *) "third", 5, 4096);
  bench_assert_phase (bench, 0xfe);
  bench_set_phase (bench, 0xfe, 0);

  a = bench_upload (bench, 0x10);
  b = bench_upload (bench, 0x11);
  c = bench_upload (bench, 0x12);
  g_assert_cmpint (a->data[0], ==, 0);
  assert_bytes (a, 0x1000, "first", 5);
  assert_bytes (b, 0x1000, "second", 6);
  assert_bytes (c, 0x200, "third", 5);
}

/* The lower part of an offset is cut on mmc. */
static void
test_set_phase_unaligned (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);
  g_autoptr (GByteArray) a = NULL;

  bench_set_phase (bench, 0x10, 0x10ff);
  bench_download (bench, 0x10, (const guint8 *) "x", 1, 4096);
  a = bench_upload (bench, 0x10);
  g_assert_cmpint (a->data[0x1000], ==, 'x');
}

static void
test_bad_set_phase (void)
{
  static const struct {
    const char *bytes;
    gsize length;
  } cases[] = { { "\x10\0\0\0", 4 }, { "\x77\0\0\0\0", 5 }, { "\x01\0\0\0\0", 5 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = new_uboot (TWO_PARTS);

    bench_select (bench, 0xf1);
    bench_send_blocks (bench, (const guint8 *) cases[i].bytes, cases[i].length, 4096);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 1, NULL, 0), ==, BENCH_OK);
    bench_assert_status (bench, 0, FLASH_DFU_STATE_MANIFEST);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
    g_assert_true (bench_reopen (bench, 3000));
    bench_assert_phase (bench, 0x01);
  }
}

/* 0xff is "start this address"; the board is gone. In an error it does nothing. */
static void
test_start_address (void)
{
  g_autoptr (Bench) bench = new_uboot (TWO_PARTS);

  bench_select (bench, 0xf1);
  bench_send_blocks (bench, (const guint8 *) "\xff\xc0\0\0\0", 5, 4096);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 1, NULL, 0), ==, BENCH_OK);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_MANIFEST);
  g_assert_false (bench_reopen (bench, 60000));
  bench_assert_console (bench, "## Starting application at 0xc0000000 ...");
}

static void
test_no_way_out_of_an_error (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");

  bench_send_layout (bench, "nonsense\n");
  bench_assert_error (bench, "Layout line 1: invalid option 'n' in nonsense)");
  bench_set_phase (bench, 0x00, 0);
  bench_assert_error (bench, "Layout line 1: invalid option 'n' in nonsense)");
  /* another layout is taken into memory, and that is all */
  bench_send_layout (bench, TWO_PARTS);
  bench_assert_error (bench, "Layout line 1: invalid option 'n' in nonsense)");
}

/* Lines are written in the order of their Ids, `none` and E and `-` lines are left out. */
static void
test_order (void)
{
  g_autoptr (Bench) bench = new_uboot ("-\t1\tx\tFIP\tnone\t0\n"
                                       "P\t0x20\td\tBinary\tmmc0\t0x4400\n"
                                       "PE\t0x10\tc\tBinary\tmmc0\t0x8400\n"
                                       "P\t0x05\tb\tBinary\tmmc0\t0xc400\n"
                                       "P\t0x11\ta\tBinary\tmmc0\t0x10400\n");
  static const guint8 order[] = { 0x05, 0x11, 0x20 };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    bench_assert_phase (bench, order[i]);
    bench_download (bench, order[i], (const guint8 *) "x", 1, 4096);
  }
  bench_assert_phase (bench, 0xfe);
  bench_assert_console (bench, "Phase=END");
}

/* --- Ends of a session (section 1.4.4) ------------------------------------------------------ */

typedef struct {
  const char *layout; /* NULL: none is sent */
  gboolean is_second;
  gboolean is_read;
  gboolean is_finished;
  gboolean returns;
} End;

static const End ends[] = {
  { "nonsense\n", FALSE, FALSE, FALSE, FALSE },
  { "nonsense\n", FALSE, TRUE, FALSE, FALSE },
  { TWO_PARTS, TRUE, FALSE, FALSE, FALSE },
  { TWO_PARTS, TRUE, TRUE, TRUE, FALSE },
  { "P\t4\ta\tFIP\tmmc7\t0\n", TRUE, FALSE, FALSE, FALSE },
  { "P\t4\ta\tFIP\tmmc7\t0\n", TRUE, TRUE, FALSE, TRUE },
};

static void
test_ends (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");
    guint8 bytes[FLASH_TRANSPORT_MAX_DATA];

    g_test_message ("%u", i);
    if (ends[i].is_second)
      bench_start_layout (bench, ends[i].layout);
    else
      bench_send_layout (bench, ends[i].layout);
    if (ends[i].is_finished) {
      bench_download (bench, 0x10, (const guint8 *) "x", 1, 4096);
      bench_download (bench, 0x11, (const guint8 *) "x", 1, 4096);
      bench_assert_phase (bench, 0xfe);
    }
    if (ends[i].is_read)
      bench_get_phase (bench, bytes);
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
    g_assert_cmpint (bench_reopen (bench, 60000), ==, ends[i].returns);
    if (ends[i].returns)
      bench_assert_phase (bench, 0x01);
  }
}

/* DETACH with no layout at all goes on with nothing. */
static void
test_no_layout (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp257,stage=uboot");

  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_true (bench_reopen (bench, 2000));
  bench_assert_phase (bench, 0xfe);
}

static void
test_empty_layout (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");

  bench_send_layout (bench, "");
  bench_assert_error (bench, "Layout: invalid FlashLayout");
}

/* A layout without header is taken too (section 3.1). */
static void
test_bare_layout (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");

  bench_download (bench, 0x00, (const guint8 *) TWO_PARTS, strlen (TWO_PARTS), 4096);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_true (bench_reopen (bench, 2000));
  bench_assert_phase (bench, 0x10);
}

/* Section 8.6: a legacy script image in place of the layout. */
static void
test_script (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");
  guint8 image[64 + 16] = { 0 };
  g_autoptr (GByteArray) back = NULL;

  flash_put_be32 (image, 0x27051956);
  flash_put_be32 (image + 12, 16);
  image[30] = 6;
  bench_download (bench, 0x00, image, sizeof image, 4096);
  bench_assert_phase (bench, 0xfe);
  back = bench_upload (bench, 0x00);
  g_assert_cmpint (back->len, ==, 0x40000);
  assert_bytes (back, 0, image, sizeof image);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_false (bench_reopen (bench, 60000));
  bench_assert_console (bench, "## Executing script at c2000000");
}

/* --- OTP and PMIC --------------------------------------------------------------------------- */

static void
test_otp (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");
  g_autoptr (GByteArray) before = bench_upload (bench, 0xf2);
  g_autoptr (GByteArray) after = NULL;
  guint8 update[776] = { 2 };

  g_assert_cmpint (before->len, ==, 776);
  g_assert_cmpint (flash_get_le32 (before->data), ==, 2);
  flash_put_le32 (update + 8 + 8 * 59, 0x1234);
  flash_put_le32 (update + 12 + 8 * 59, 1u << 31 | 1u << 30);
  flash_put_le32 (update + 8 + 8 * 60, 0x5678);
  bench_download (bench, 0xf2, update, sizeof update, 4096);
  bench_assert_phase (bench, 0x00);
  after = bench_upload (bench, 0xf2);
  g_assert_cmphex (flash_get_le32 (after->data + 8 + 8 * 59), ==, 0x1234);
  g_assert_cmphex (flash_get_le32 (after->data + 12 + 8 * 59), ==, 1u << 30);
  g_assert_cmphex (flash_get_le32 (after->data + 8 + 8 * 60), ==, 0);
  /* locked for good */
  bench_download (bench, 0xf2, update, sizeof update, 4096);
  bench_assert_error (bench, "OTP write issue -13");
}

static void
test_bad_otp (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");

  bench_download (bench, 0xf2, (const guint8 *) "\x01\0\0\0\0\0\0\0", 8, 4096);
  bench_assert_error (bench, "OTP write issue -22");
}

static void
test_pmic (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");
  g_autoptr (GByteArray) bytes = NULL;

  bench_download (bench, 0xf4, (const guint8 *) "12345678", 8, 4096);
  bench_download (bench, 0xf4, (const guint8 *) "abc", 3, 4096);
  bytes = bench_upload (bench, 0xf4);
  g_assert_cmpmem (bytes->data, bytes->len, "abc\0\0\0\0\0", 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/phase/get-phase", test_get_phase);
  g_test_add_func ("/sim/phase/set-phase", test_set_phase);
  g_test_add_func ("/sim/phase/set-phase-unaligned", test_set_phase_unaligned);
  g_test_add_func ("/sim/phase/bad-set-phase", test_bad_set_phase);
  g_test_add_func ("/sim/phase/start-address", test_start_address);
  g_test_add_func ("/sim/phase/no-way-out-of-an-error", test_no_way_out_of_an_error);
  g_test_add_func ("/sim/phase/order", test_order);
  g_test_add_func ("/sim/phase/ends", test_ends);
  g_test_add_func ("/sim/phase/no-layout", test_no_layout);
  g_test_add_func ("/sim/phase/empty-layout", test_empty_layout);
  g_test_add_func ("/sim/phase/bare-layout", test_bare_layout);
  g_test_add_func ("/sim/phase/script", test_script);
  g_test_add_func ("/sim/phase/otp", test_otp);
  g_test_add_func ("/sim/phase/bad-otp", test_bad_otp);
  g_test_add_func ("/sim/phase/pmic", test_pmic);
  return g_test_run ();
}
