/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the loaders of microcontrollers do to memories: erasing, programming and reading
 * (stm32-dfuse.md sections 2.4, 2.9 and 4.3). */
#include "config.h"

#include "flash-sim-mcu-bench.h"

#include "flash-bytes.h"

#include <glib/gstdio.h>
#include <string.h>

#define SERIES 4096

static const char *const chips[] = {
  "virtual:stm32f405", "virtual:stm32f105", "virtual:stm32h755",
  "virtual:stm32g474", "virtual:stm32u575", "virtual:stm32f427",
  "virtual:stm32g0b1", "virtual:stm32l476", "virtual:stm32u073",
};

/* One SET_ADDRESS, then blocks 2, 3 and 4; and back again the same way. */
static void
test_series (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (chips); i++) {
    g_autoptr (Bench) bench = mcu_new (chips[i]);
    guint16 unit = flash_board_get_descriptors (bench->board)->transfer_size;
    guint8 bytes[SERIES], got[SERIES];
    gsize length;

    g_test_message ("%s", chips[i]);
    bench_fill (bytes, sizeof bytes, i);
    for (guint32 at = 0; at < SERIES; at += 2048)
      g_assert_cmphex (mcu_erase (bench, MCU_FLASH + at), ==, MCU_DONE);
    g_assert_cmphex (mcu_set_address (bench, MCU_FLASH), ==, MCU_DONE);
    for (guint16 n = 0; n < SERIES / unit; n++)
      g_assert_cmphex (mcu_send (bench, (guint16) (n + 2), bytes + n * unit, unit), ==, MCU_DONE);
    mcu_make_idle (bench);
    for (guint16 n = 0; n < SERIES / unit; n++) {
      g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, (guint16) (n + 2), got + n * unit,
                                 unit, &length),
                       ==, BENCH_OK);
      g_assert_cmpint (length, ==, unit);
    }
    g_assert_cmpmem (got, SERIES, bytes, SERIES);
    mcu_assert_violations (bench, "");
  }
}

/* A sector goes as a whole, wherever the address in it is, and its neighbours stay. */
static const struct {
  const char *id;
  guint32 address; /* erased */
  guint32 first;
  guint32 end;
} sectors[] = {
  { "virtual:stm32f405", 0x08000000, 0x08000000, 0x08004000 },
  { "virtual:stm32f405", 0x0800ffff, 0x0800c000, 0x08010000 },
  { "virtual:stm32f405", 0x08018000, 0x08010000, 0x08020000 },
  { "virtual:stm32f405", 0x080a0001, 0x080a0000, 0x080c0000 },
  { "virtual:stm32f427", 0x08108000, 0x08108000, 0x0810c000 },
  { "virtual:stm32f105", 0x08000fff, 0x08000800, 0x08001000 },
  { "virtual:stm32h755", 0x08020004, 0x08020000, 0x08040000 },
  { "virtual:stm32g474", 0x08040810, 0x08040800, 0x08041000 },
  { "virtual:stm32l072", 0x080000c0, 0x08000080, 0x08000100 },
  { "virtual:stm32u575", 0x08002000, 0x08002000, 0x08004000 },
  { "virtual:cubemx-dfu,skeleton=no", 0x0800d000, 0x0800c000, 0x08010000 },
};

static void
test_sectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sectors); i++) {
    g_autoptr (Bench) bench = mcu_new (sectors[i].id);
    guint8 erased = strstr (sectors[i].id, "l072") != NULL ? 0x00 : 0xff;
    gboolean is_library = strstr (sectors[i].id, "cubemx") != NULL;
    guint8 bytes[32];

    g_test_message ("%s at 0x%08x", sectors[i].id, sectors[i].address);
    memset (bytes, 0x5a, sizeof bytes);
    if (sectors[i].first > MCU_FLASH && !is_library)
      mcu_write (bench, sectors[i].first - 32, bytes, 32);
    mcu_write (bench, sectors[i].first, bytes, 32);
    mcu_write (bench, sectors[i].end - 32, bytes, 32);
    mcu_write (bench, sectors[i].end, bytes, 32);
    g_assert_cmphex (mcu_erase (bench, sectors[i].address), ==, MCU_DONE);
    if (sectors[i].first > MCU_FLASH && !is_library)
      mcu_assert_holds (bench, sectors[i].first - 32, bytes, 32);
    mcu_assert_filled (bench, sectors[i].first, erased, 32);
    mcu_assert_filled (bench, sectors[i].end - 32, erased, 32);
    mcu_assert_holds (bench, sectors[i].end, bytes, 32);
  }
}

/* Section 4.3: what programming over something comes to. */
static void
test_reprogram (void)
{
  static const struct {
    const char *id;
    guint8 result; /* of 0xf0 and then 0x3c */
  } cases[] = {
    { "virtual:stm32f405", 0x30 },
    { "virtual:stm32f105", 0x30 },
    { "virtual:stm32l072", 0xfc },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = mcu_new (cases[i].id);
    guint8 bytes[64];

    memset (bytes, 0xf0, sizeof bytes);
    mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
    mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
    mcu_assert_violations (bench, "");
    memset (bytes, 0x3c, sizeof bytes);
    mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
    mcu_assert_filled (bench, MCU_FLASH, cases[i].result, sizeof bytes);
    mcu_assert_violations (bench, "reprogrammed");
  }
}

/* Section 0.3, fact 19: a granule that is programmed twice cannot be read, even if it was given the
 * same bytes, or none that change anything; its neighbours can, and erasing heals it. */
static void
test_ecc (void)
{
  static const struct {
    const char *id;
    guint granule;
  } cases[] = {
    { "virtual:stm32h755", 32 },
    { "virtual:stm32g474", 8 },
    { "virtual:stm32u575", 16 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = mcu_new (cases[i].id);
    guint granule = cases[i].granule;
    guint8 bytes[96], got[96];
    gsize length;

    g_test_message ("%s", cases[i].id);
    memset (bytes, 0xff, sizeof bytes);
    mcu_write (bench, MCU_FLASH, bytes, 3 * granule);
    mcu_assert_violations (bench, "");
    mcu_write (bench, MCU_FLASH + granule, bytes, granule);
    mcu_assert_violations (bench, "reprogrammed");
    mcu_assert_filled (bench, MCU_FLASH, 0xff, granule);
    g_assert_cmpint (mcu_read_block (bench, MCU_FLASH + granule, got, granule, &length), ==,
                     BENCH_STALL);
    bench_assert_status (bench, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_DFU_STATE_ERROR);
    mcu_make_idle (bench);
    g_assert_cmpint (mcu_read_block (bench, MCU_FLASH, got, 2 * granule, &length), ==, BENCH_STALL);
    mcu_make_idle (bench);
    mcu_assert_filled (bench, MCU_FLASH + 2 * granule, 0xff, granule);
    g_assert_cmphex (mcu_erase (bench, MCU_FLASH), ==, MCU_DONE);
    mcu_assert_filled (bench, MCU_FLASH, 0xff, 3 * granule);

    /* a part of a granule is a granule */
    memset (bytes, 0x11, sizeof bytes);
    mcu_write (bench, MCU_FLASH, bytes, 4);
    mcu_write (bench, MCU_FLASH + 4, bytes, 4);
    mcu_assert_violations (bench, "reprogrammed reprogrammed");
  }
}

/* Where addresses lead, and where not (sections 2.2 and 2.4). */
typedef enum {
  CAN_SET = 1,
  CAN_READ = 2,
  CAN_WRITE = 4,
  CAN_ERASE = 8,
} Can;

static const struct {
  const char *id;
  guint32 address;
  guint length;
  guint can;
} areas[] = {
  { "virtual:stm32f405", 0x08000000, 16, 15 },
  { "virtual:stm32f405", 0x080ffff0, 16, 15 },
  { "virtual:stm32f405", 0x08100000, 16, 0 },
  { "virtual:stm32f405", 0x07ffffff, 16, 0 },
  { "virtual:stm32f405", 0x20003000, 16, CAN_SET | CAN_READ | CAN_WRITE },
  { "virtual:stm32f405", 0x2001fff0, 16, CAN_SET | CAN_READ | CAN_WRITE },
  { "virtual:stm32f405", 0x20002ff0, 16, 0 },
  { "virtual:stm32f405", 0x20020000, 16, 0 },
  { "virtual:stm32f405", 0x1fff0000, 16, CAN_SET | CAN_READ },
  { "virtual:stm32f405", 0xffff0000, 4, CAN_SET | CAN_READ },
  { "virtual:stm32f405", 0xe0042000, 4, 0 },
  { "virtual:stm32f405", 0x1fff7800, 16, CAN_SET | CAN_READ | CAN_WRITE },
  { "virtual:stm32f405", 0x1fffc000, 16, CAN_SET | CAN_READ },
  { "virtual:stm32f405", 0x1fffc000, 8, CAN_SET },
  { "virtual:stm32f405", 0x1fffc004, 8, CAN_SET },
  { "virtual:stm32f427", 0x1ffec000, 16, CAN_SET | CAN_READ },
  { "virtual:stm32f105", 0x1fffb000, 16, CAN_SET | CAN_READ },
  { "virtual:stm32f105", 0x1ffff7f0, 16, CAN_SET | CAN_READ },
  { "virtual:stm32h755", 0x081fffe0, 32, 15 },
  { "virtual:stm32h755", 0x24005000, 32, CAN_SET | CAN_READ | CAN_WRITE },
  { "virtual:stm32h755", 0x5200201c, 128, CAN_SET | CAN_READ },
  { "virtual:stm32g474", 0x1ffff800, 48, CAN_SET | CAN_READ },
  { "virtual:stm32g474", 0x1fff7000, 8, CAN_SET | CAN_READ | CAN_WRITE },
  { "virtual:stm32l072", 0x08080000, 16, CAN_SET | CAN_READ | CAN_WRITE },
  { "virtual:stm32l072", 0x08081800, 16, 0 },
  { "virtual:stm32u575", 0x40022040, 64, CAN_SET | CAN_READ },
  { "virtual:stm32u073", 0x1fff6c00, 16, CAN_SET | CAN_READ },
};

static void
test_areas (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (areas); i++) {
    g_autoptr (Bench) bench = mcu_new (areas[i].id);
    guint can = areas[i].can;
    guint wrong = MCU_FAILED (FLASH_DFU_STATUS_ERR_TARGET);
    guint8 bytes[128], got[128];
    gsize length;

    g_test_message ("%s at 0x%08x", areas[i].id, areas[i].address);
    memset (bytes, 0x22, sizeof bytes);
    g_assert_cmphex (mcu_erase (bench, areas[i].address), ==, can & CAN_ERASE ? MCU_DONE : wrong);
    mcu_make_idle (bench);
    g_assert_cmphex (mcu_set_address (bench, areas[i].address), ==,
                     can & CAN_SET ? MCU_DONE : wrong);
    mcu_make_idle (bench);
    if (!(can & CAN_SET))
      continue;
    if (can & CAN_WRITE)
      mcu_write (bench, areas[i].address, bytes, areas[i].length);
    else if (!(can & CAN_READ) || areas[i].length < 16)
      g_assert_cmphex (mcu_write_block (bench, areas[i].address, bytes, areas[i].length), ==,
                       wrong);
    mcu_make_idle (bench);
    g_assert_cmpint (mcu_read_block (bench, areas[i].address, got, areas[i].length, &length), ==,
                     can & CAN_READ ? BENCH_OK : BENCH_STALL);
    if (!(can & CAN_READ))
      bench_assert_status (bench, FLASH_DFU_STATUS_ERR_TARGET, FLASH_DFU_STATE_ERROR);
    else if (can & CAN_WRITE)
      g_assert_cmpmem (got, length, bytes, areas[i].length);
  }
}

/* A read over the end is short, a write over the end is refused, and so is what lies behind. */
static void
test_ends (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32f405");
  guint8 bytes[2048] = { 0 };
  gsize length;

  g_assert_cmpint (mcu_read_block (bench, 0x080ffc00, bytes, 2048, &length), ==, BENCH_OK);
  g_assert_cmpint (length, ==, 1024);
  g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_IDLE);
  g_assert_cmphex (mcu_write_block (bench, 0x080ffc00, bytes, 2048), ==,
                   MCU_FAILED (FLASH_DFU_STATUS_ERR_TARGET));
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_set_address (bench, 0x080ff800), ==, MCU_DONE);
  g_assert_cmphex (mcu_send (bench, 3, bytes, 2048), ==, MCU_FAILED (FLASH_DFU_STATUS_ERR_TARGET));
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_set_address (bench, 0xffff0000), ==, MCU_DONE);
  mcu_make_idle (bench);
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0xffff, bytes, 2048, &length), ==,
                   BENCH_STALL);
  bench_assert_status (bench, FLASH_DFU_STATUS_ERR_TARGET, FLASH_DFU_STATE_ERROR);
}

/* Section 2.4: an old ROM takes two bytes or more, that of the F105 whole half words. */
static void
test_lengths (void)
{
  g_autoptr (Bench) f405 = mcu_new ("virtual:stm32f405");
  g_autoptr (Bench) f105 = mcu_new ("virtual:stm32f105");
  g_autoptr (Bench) g474 = mcu_new ("virtual:stm32g474");
  const guint8 bytes[3] = { 1, 2, 3 };

  g_assert_cmpint (bench_out (f405, FLASH_DFU_REQUEST_DNLOAD, 2, bytes, 1), ==, BENCH_STALL);
  g_assert_cmpint (bench_out (f105, FLASH_DFU_REQUEST_DNLOAD, 2, bytes, 3), ==, BENCH_STALL);
  mcu_write (g474, MCU_FLASH, bytes, 1);
  mcu_make_idle (f405);
  mcu_write (f405, MCU_FLASH, bytes, 3);
  mcu_assert_holds (f405, MCU_FLASH, bytes, 3);
}

/* And gives as many; for the list of commands it does not matter. */
static void
test_read_lengths (void)
{
  static const struct {
    const char *id;
    gsize length;
    int outcome;
  } cases[] = {
    { "virtual:stm32f405", 0, BENCH_STALL }, { "virtual:stm32f405", 1, BENCH_STALL },
    { "virtual:stm32f405", 2, BENCH_OK },    { "virtual:stm32f405", 3, BENCH_OK },
    { "virtual:stm32f427", 1, BENCH_STALL }, { "virtual:stm32f105", 1, BENCH_STALL },
    { "virtual:stm32f105", 2, BENCH_OK },    { "virtual:stm32l072", 1, BENCH_STALL },
    { "virtual:stm32l476", 1, BENCH_STALL }, { "virtual:stm32g474", 1, BENCH_OK },
    { "virtual:stm32h755", 1, BENCH_OK },    { "virtual:cubemx-dfu,skeleton=no", 1, BENCH_OK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Bench) bench = mcu_new (cases[i].id);
    guint8 bytes[4];
    gsize length = 0;

    g_test_message ("%s, %" G_GSIZE_FORMAT " bytes", cases[i].id, cases[i].length);
    g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 0, bytes, 1, &length), ==,
                     BENCH_OK);
    mcu_make_idle (bench);
    g_assert_cmpint (mcu_read_block (bench, MCU_FLASH, bytes, cases[i].length, &length), ==,
                     cases[i].outcome);
    if (cases[i].outcome == BENCH_OK) {
      g_assert_cmpuint (length, ==, cases[i].length);
      g_assert_cmpint (bench_get_state (bench), ==, FLASH_DFU_STATE_UPLOAD_IDLE);
    } else {
      bench_assert_status (bench, FLASH_DFU_STATUS_ERR_STALLEDPKT, FLASH_DFU_STATE_ERROR);
    }
  }
}

/* All of it, and how long it takes (sections 0.3, fact 2, and 2.2). */
static void
test_mass_erase (void)
{
  g_autoptr (Bench) f405 = mcu_new ("virtual:stm32f405");
  g_autoptr (Bench) l072 = mcu_new ("virtual:stm32l072");
  const guint8 bytes[16] = { 1, 2, 3 };
  gint64 start_us;

  mcu_write (f405, MCU_FLASH, bytes, 16);
  mcu_write (f405, MCU_FLASH + 0xffff0, bytes, 16);
  start_us = flash_clock_get_time_us (f405->clock);
  g_assert_cmphex (mcu_command (f405, 0x41), ==, MCU_DONE);
  g_assert_cmpint (flash_clock_get_time_us (f405->clock) - start_us, >=, 8000000);
  mcu_make_idle (f405);
  mcu_assert_filled (f405, MCU_FLASH, 0xff, 16);
  mcu_assert_filled (f405, MCU_FLASH + 0xffff0, 0xff, 16);
  g_assert_cmphex (mcu_command (l072, 0x41), ==, MCU_FAILED (FLASH_DFU_STATUS_ERR_TARGET));
}

/* Once is once. */
static void
test_otp (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32f405");
  guint8 bytes[16];

  memset (bytes, 0xf0, sizeof bytes);
  mcu_write (bench, 0x1fff7800, bytes, 16);
  memset (bytes, 0x0f, sizeof bytes);
  mcu_write (bench, 0x1fff7800, bytes, 16);
  mcu_assert_filled (bench, 0x1fff7800, 0x00, 16);
  g_assert_cmphex (mcu_command (bench, 0x41), ==, MCU_DONE);
  mcu_make_idle (bench);
  mcu_assert_filled (bench, 0x1fff7800, 0x00, 16);
  mcu_assert_violations (bench, "reprogrammed");
}

/* Sections 2.5.3 and 8.6: only the first of three settings is worth anything. */
static void
test_one_alternate (void)
{
  g_autoptr (Bench) bench = mcu_new ("virtual:stm32g0b1");
  guint8 bytes[16] = { 0 };
  gsize length;

  g_assert_true (flash_transport_set_alternate (bench->transport, 0, 2, BENCH_TIMEOUT_MS, NULL));
  g_assert_cmpint (bench_in (bench, FLASH_DFU_REQUEST_UPLOAD, 2, bytes, 16, &length), ==,
                   BENCH_STALL);
  mcu_make_idle (bench);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 2, bytes, 16), ==, BENCH_STALL);
  mcu_make_idle (bench);
  g_assert_true (flash_transport_set_alternate (bench->transport, 0, 0, BENCH_TIMEOUT_MS, NULL));
  mcu_write (bench, MCU_FLASH, bytes, 16);
}

/* The files are the memories: erased cells are in them too, and what they held is there again. */
static void
test_files (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *id = bench_make_id ("stm32l072", folder, "rdp=0");
  g_autofree char *path = g_build_filename (folder, "flash.bin", NULL);
  Bench *bench = mcu_new (id);
  g_autoptr (GByteArray) flash = NULL;
  g_autoptr (GByteArray) options = NULL;
  g_autoptr (GByteArray) data = NULL;
  guint8 bytes[64], wanted[192];
  GStatBuf info;

  memset (bytes, 0x5a, sizeof bytes);
  mcu_write (bench, MCU_FLASH + 64, bytes, 64);
  mcu_write (bench, 0x08080010, bytes, 16);
  memset (wanted, 0, sizeof wanted);
  memcpy (wanted + 64, bytes, 64);
  flash = bench_read_file (folder, "flash.bin", 0, 192);
  g_assert_cmpmem (flash->data, flash->len, wanted, 192);
  options = bench_read_file (folder, "options.bin", 0, 4);
  g_assert_cmpmem (options->data, options->len, "\xaa\x00\x55\xff", 4);
  data = bench_read_file (folder, "eeprom.bin", 16, 16);
  g_assert_cmpmem (data->data, data->len, bytes, 16);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 192 * 1024);
  bench_free (bench);

  bench = mcu_new (id);
  mcu_assert_holds (bench, MCU_FLASH, wanted, 192);
  mcu_assert_holds (bench, 0x08080010, bytes, 16);
  bench_free (bench);
  bench_remove_folder (folder);
}

static void
put_file (const char *folder, const char *name, const char *bytes, gssize length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
}

/* A short file is a memory whose rest was never written; a long one is of another chip. */
static void
test_odd_files (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *id = bench_make_id ("stm32g474", folder, "serial=X1");
  g_autofree char *large = g_malloc0 (512 * 1024 + 1);
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimDevice) device = NULL;
  g_autoptr (GByteArray) flash = NULL;
  g_autoptr (GError) error = NULL;

  put_file (folder, "flash.bin", "abcd", 4);
  device = flash_sim_device_new (clock, id, &error);
  g_assert_no_error (error);
  flash = bench_read_file (folder, "flash.bin", 0, 8);
  g_assert_cmpmem (flash->data, flash->len, "abcd\xff\xff\xff\xff", 8);
  g_clear_object (&device);

  put_file (folder, "flash.bin", large, 512 * 1024 + 1);
  g_assert_null (flash_sim_device_new (clock, id, &error));
  g_assert_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE);
  bench_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/dfuse-memory/series", test_series);
  g_test_add_func ("/sim/dfuse-memory/sectors", test_sectors);
  g_test_add_func ("/sim/dfuse-memory/reprogram", test_reprogram);
  g_test_add_func ("/sim/dfuse-memory/ecc", test_ecc);
  g_test_add_func ("/sim/dfuse-memory/areas", test_areas);
  g_test_add_func ("/sim/dfuse-memory/ends", test_ends);
  g_test_add_func ("/sim/dfuse-memory/lengths", test_lengths);
  g_test_add_func ("/sim/dfuse-memory/read-lengths", test_read_lengths);
  g_test_add_func ("/sim/dfuse-memory/mass-erase", test_mass_erase);
  g_test_add_func ("/sim/dfuse-memory/otp", test_otp);
  g_test_add_func ("/sim/dfuse-memory/one-alternate", test_one_alternate);
  g_test_add_func ("/sim/dfuse-memory/files", test_files);
  g_test_add_func ("/sim/dfuse-memory/odd-files", test_odd_files);
  return g_test_run ();
}
