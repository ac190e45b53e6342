/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands against reading and writing a microcontroller (stm32-dfuse.md sections 2.8, 2.9 and
 * 4.7). */
#include "config.h"

#include "flash-sim-mcu-bench.h"

#include <string.h>

/* Section 0.3, fact 6: not a word. */
static void
test_write_protection (void)
{
  static const char *const ids[] = { "virtual:stm32f405,wrp=1-2", "virtual:stm32g474,wrp=1-2",
                                     "virtual:stm32l072,wrp=1-2" };
  static const guint32 sizes[] = { 0x4000, 0x800, 0x80 };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = mcu_new (ids[i]);
    guint8 erased = i == 2 ? 0x00 : 0xff;
    guint8 bytes[64];

    g_test_message ("%s", ids[i]);
    memset (bytes, 0x77, sizeof bytes);
    /* half of the block lies in what is protected */
    mcu_write (bench, MCU_FLASH + sizes[i] - 32, bytes, 64);
    mcu_assert_holds (bench, MCU_FLASH + sizes[i] - 32, bytes, 32);
    mcu_assert_filled (bench, MCU_FLASH + sizes[i], erased, 32);
    g_assert_cmphex (mcu_erase (bench, MCU_FLASH + sizes[i]), ==, MCU_DONE);
    mcu_write (bench, MCU_FLASH + 3 * sizes[i], bytes, 32);
    mcu_assert_holds (bench, MCU_FLASH + 3 * sizes[i], bytes, 32);
    mcu_assert_violations (bench, "");
  }
}

/* The option bytes say so, where their layout is certain. */
static void
test_protection_bits (void)
{
  static const struct {
    const char *id;
    guint32 options;
    guint8 wanted[16];
  } cases[] = {
    { "virtual:stm32f405,wrp=1-2",
      0x1fffc000,
      { 0xef, 0xaa, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf9, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xff } },
    { "virtual:stm32f105,wrp=all",
      0x1ffff800,
      { 0xa5, 0x5a, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
        0xff } },
    { "virtual:stm32f105,wrp=2-3",
      0x1ffff800,
      { 0xa5, 0x5a, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xfd, 0x02, 0xff, 0x00, 0xff, 0x00, 0xff,
        0x00 } },
    { "virtual:stm32f105,wrp=none",
      0x1ffff800,
      { 0xa5, 0x5a, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff,
        0x00 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = mcu_new (cases[i].id);

    g_test_message ("%s", cases[i].id);
    mcu_assert_holds (bench, cases[i].options, cases[i].wanted, 16);
  }
}

/* Sections 2.8 and 4.7: level 1 of most chips. */
static void
test_read_protection (void)
{
  static const char *const ids[] = { "virtual:stm32f405,rdp=1", "virtual:stm32f105,rdp=1",
                                     "virtual:stm32g474,rdp=1", "virtual:stm32h755,rdp=1" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autoptr (Bench) bench = mcu_new (ids[i]);
    guint wrong = MCU_FAILED (FLASH_DFU_STATUS_ERR_VENDOR);
    guint8 bytes[32] = { 0 };
    gsize length;

    g_test_message ("%s", ids[i]);
    g_assert_cmpint (mcu_read_block (bench, MCU_FLASH, bytes, 32, &length), ==, BENCH_STALL);
    bench_assert_status (bench, FLASH_DFU_STATUS_ERR_VENDOR, FLASH_DFU_STATE_ERROR);
    mcu_make_idle (bench);
    g_assert_cmphex (mcu_write_block (bench, MCU_FLASH, bytes, 32), ==, wrong);
    mcu_make_idle (bench);
    g_assert_cmphex (mcu_erase (bench, MCU_FLASH), ==, wrong);
    mcu_make_idle (bench);
    g_assert_cmphex (mcu_command (bench, 0x41), ==, wrong);
  }
}

/* Section 0.3, fact 7: the U5 says yes, drops it, and shows its option bytes. */
static void
test_dropped_writes (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32u575,rdp=1");
  guint8 bytes[64] = { 0 };
  gsize length;

  g_assert_cmphex (mcu_erase (bench, MCU_FLASH), ==, MCU_DONE);
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_write_block (bench, MCU_FLASH, bytes, 64), ==, MCU_DONE);
  g_assert_cmphex (mcu_command (bench, 0x41), ==, MCU_DONE);
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_write_block (bench, 0x40022040, bytes, 64), ==, MCU_DONE);
  g_assert_cmpint (mcu_read_block (bench, MCU_FLASH, bytes, 64, &length), ==, BENCH_STALL);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_VENDOR, FLASH_DFU_STATE_ERROR);
  mcu_make_idle (bench);
  g_assert_cmpint (mcu_read_block (bench, 0x40022040, bytes, 64, &length), ==, BENCH_OK);
  g_assert_cmpint (bytes[0], ==, 0x00);
  g_assert_cmpint (bytes[1], ==, 0xf8);
}

/* The loader's own sectors: type 'a' in the string (section 8.7, E5). */
static void
test_loader_sectors (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:cubemx-dfu,skeleton=no");
  guint wrong = MCU_FAILED (FLASH_DFU_STATUS_ERR_VENDOR);
  const guint8 bytes[16] = { 0 };

  g_assert_cmphex (mcu_erase (bench, MCU_FLASH + 0x8000), ==, wrong);
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_write_block (bench, MCU_FLASH, bytes, 16), ==, wrong);
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_write_block (bench, 0x20000000, bytes, 16), ==, wrong);
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_erase (bench, 0x20000000), ==, wrong);
  mcu_assert_violations (bench, "loader-sector loader-sector");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/dfuse-protection/write-protection", test_write_protection);
  g_test_add_func ("/sim/dfuse-protection/protection-bits", test_protection_bits);
  g_test_add_func ("/sim/dfuse-protection/read-protection", test_read_protection);
  g_test_add_func ("/sim/dfuse-protection/dropped-writes", test_dropped_writes);
  g_test_add_func ("/sim/dfuse-protection/loader-sectors", test_loader_sectors);
  return g_test_run ();
}
