/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual microcontroller whose power goes away while it works: what its file holds then. */
#include "config.h"

#include "flash-sim-mcu-bench.h"

#include "flash-bytes.h"

#include <string.h>

typedef struct {
  char *folder;
  Bench *bench;
} Cut;

typedef void (*Prepare) (Bench *bench);

static guint64
count_requests (Bench *bench)
{
  return flash_sim_provider_get_n_requests (bench->provider, bench->port);
}

/* The power goes away at the second request behind what @prepare does. */
static Cut
cut_new (const char *model, const char *keys, Prepare prepare)
{
  Cut self = { .folder = bench_make_folder () };
  g_autofree char *trial_id = g_strdup_printf ("virtual:%s,%s", model, keys);
  g_autoptr (Bench) trial = bench_new (trial_id);
  g_autofree char *all_keys = NULL;
  g_autofree char *id = NULL;

  prepare (trial);
  all_keys =
      g_strdup_printf ("%s,fault=power-cut@%" G_GUINT64_FORMAT, keys, count_requests (trial) + 2);
  id = bench_make_id (model, self.folder, all_keys);
  self.bench = bench_new (id);
  prepare (self.bench);
  return self;
}

static void
prepare_application (Bench *bench)
{
  guint8 bytes[64];

  mcu_make_idle (bench);
  mcu_fill_application (bytes, sizeof bytes, MCU_FLASH);
  mcu_write (bench, MCU_FLASH, bytes, sizeof bytes);
}

static void
prepare_address (Bench *bench)
{
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_set_address (bench, MCU_FLASH), ==, MCU_DONE);
}

static void
prepare_options (Bench *bench)
{
  mcu_make_idle (bench);
  g_assert_cmphex (mcu_set_address (bench, 0x1fffc000), ==, MCU_DONE);
}

static void
cut_clear (Cut *self)
{
  bench_free (self->bench);
  bench_remove_folder (self->folder);
  g_free (self->folder);
}

static GByteArray *
read_flash (Cut *self, guint64 offset, gsize length)
{
  return bench_read_file (self->folder, "flash.bin", offset, length);
}

/* The order that starts the work; the answer never comes. */
static void
start_and_lose (Cut *self, guint16 block, const guint8 *bytes, gsize length)
{
  guint8 status[6];
  gsize n_got;

  g_assert_cmpint (bench_out (self->bench, FLASH_DFU_REQUEST_DNLOAD, block, bytes, length), ==,
                   BENCH_OK);
  g_assert_cmpint (bench_in (self->bench, FLASH_DFU_REQUEST_GETSTATUS, 0, status, 6, &n_got), ==,
                   BENCH_GONE);
  mcu_assert_state (self->bench, FLASH_SIM_CHIP_OFF);
  g_assert_false (bench_reopen (self->bench, 5000));
}

static void
come_back (Cut *self)
{
  g_autoptr (FlashSimDevice) device = mcu_dup_device (self->bench);

  flash_sim_device_power_cycle (device);
  g_assert_true (bench_reopen (self->bench, 400));
  mcu_make_idle (self->bench);
}

/* Half erased is every second word, beginning with the first: no vector table survives that. */
static void
test_erase (void)
{
  static const struct {
    const char *model;
    guint32 sector;
    guint8 erased;
  } cases[] = {
    { "stm32f405", 0x4000, 0xff },
    { "stm32g474", 0x800, 0xff },
    { "stm32h755", 0x20000, 0xff },
    { "stm32l072", 0x80, 0x00 },
  };
  static const guint8 erase[5] = { 0x41, 0x00, 0x00, 0x00, 0x08 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Cut cut = cut_new (cases[i].model, "rdp=0", prepare_application);
    g_autoptr (GByteArray) flash = NULL;
    guint8 bytes[64], wanted[64];

    g_test_message ("%s", cases[i].model);
    mcu_fill_application (bytes, sizeof bytes, MCU_FLASH);
    start_and_lose (&cut, 0, erase, sizeof erase);
    memcpy (wanted, bytes, sizeof wanted);
    for (guint at = 0; at < sizeof wanted; at += 8)
      memset (wanted + at, cases[i].erased, 4);
    flash = read_flash (&cut, 0, 64);
    g_assert_cmpmem (flash->data, flash->len, wanted, sizeof wanted);

    come_back (&cut);
    g_assert_cmphex (mcu_erase (cut.bench, MCU_FLASH), ==, MCU_DONE);
    mcu_assert_filled (cut.bench, MCU_FLASH, cases[i].erased, 64);
    cut_clear (&cut);
  }
}

/* A block is programmed in rising order; the granule at the cut is lost on ECC flash. */
static void
test_program (void)
{
  static const struct {
    const char *model;
    guint length;
    guint n_written;
    guint granule; /* 0 without ECC */
    guint8 erased;
  } cases[] = {
    { "stm32f405", 64, 32, 0, 0xff }, { "stm32f405", 8, 4, 0, 0xff },
    { "stm32f405", 4, 0, 0, 0xff },   { "stm32f105", 6, 2, 0, 0xff },
    { "stm32l072", 16, 8, 0, 0x00 },  { "stm32g474", 64, 32, 8, 0xff },
    { "stm32g474", 8, 0, 8, 0xff },   { "stm32h755", 64, 32, 32, 0xff },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Cut cut = cut_new (cases[i].model, "rdp=0", prepare_address);
    g_autoptr (GByteArray) flash = NULL;
    guint8 bytes[64], wanted[64];
    gsize length;

    g_test_message ("%s, %u bytes", cases[i].model, cases[i].length);
    bench_fill (bytes, sizeof bytes, i);
    start_and_lose (&cut, 2, bytes, cases[i].length);
    memset (wanted, cases[i].erased, sizeof wanted);
    memcpy (wanted, bytes, cases[i].n_written);
    flash = read_flash (&cut, 0, 64);
    g_assert_cmpmem (flash->data, flash->len, wanted, sizeof wanted);

    come_back (&cut);
    if (cases[i].n_written > 0)
      mcu_assert_holds (cut.bench, MCU_FLASH, bytes, cases[i].n_written);
    if (cases[i].granule > 0) {
      g_assert_cmpint (mcu_read_block (cut.bench, MCU_FLASH + cases[i].n_written, bytes,
                                       cases[i].granule, &length),
                       ==, BENCH_STALL);
      mcu_make_idle (cut.bench);
    }
    cut_clear (&cut);
  }
}

/* Section 4.7 (b): the protection stays, and the same command completes it. */
static void
test_unprotect (void)
{
  Cut cut = cut_new ("stm32f405", "rdp=1", mcu_make_idle);
  static const guint8 unprotect[1] = { 0x92 };
  guint8 bytes[16], status[6];
  gsize length;

  start_and_lose (&cut, 0, unprotect, 1);
  come_back (&cut);
  g_assert_cmpint (mcu_read_block (cut.bench, MCU_FLASH, bytes, 16, &length), ==, BENCH_STALL);
  mcu_make_idle (cut.bench);
  g_assert_cmpint (bench_out (cut.bench, FLASH_DFU_REQUEST_DNLOAD, 0, unprotect, 1), ==, BENCH_OK);
  while (bench_in (cut.bench, FLASH_DFU_REQUEST_GETSTATUS, 0, status, 6, &length) != BENCH_GONE)
    continue;
  g_assert_true (bench_reopen (cut.bench, 1000));
  mcu_make_idle (cut.bench);
  mcu_assert_filled (cut.bench, MCU_FLASH, 0xff, 16);
  cut_clear (&cut);
}

/* Option bytes are the old ones until the new ones are complete. */
static void
test_options (void)
{
  Cut cut = cut_new ("stm32f405", "rdp=0", prepare_options);
  guint8 bytes[16] = { 0 };
  g_autoptr (GByteArray) options = NULL;

  start_and_lose (&cut, 2, bytes, 16);
  options = bench_read_file (cut.folder, "options.bin", 0, 4);
  g_assert_cmpmem (options->data, options->len, "\xef\xaa\xff\xff", 4);
  cut_clear (&cut);
}

/* At a request that has started nothing, nothing is half done. */
static void
test_idle (void)
{
  Cut cut = cut_new ("stm32g474", "rdp=0", prepare_application);
  guint8 bytes[64];

  mcu_fill_application (bytes, sizeof bytes, MCU_FLASH);
  g_assert_cmpint (bench_get_state (cut.bench), ==, FLASH_DFU_STATE_IDLE);
  g_assert_cmpint (bench_out (cut.bench, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0), ==, BENCH_GONE);
  mcu_assert_state (cut.bench, FLASH_SIM_CHIP_OFF);
  come_back (&cut);
  mcu_assert_holds (cut.bench, MCU_FLASH, bytes, 64);
  cut_clear (&cut);
}

/* Without a fault: whoever pulls the cable meanwhile gets what there was time for. */
static void
test_cable (void)
{
  char *folder = bench_make_folder ();
  g_autofree char *id = bench_make_id ("stm32f405", folder, "rdp=0");
  Cut cut = { .folder = folder, .bench = mcu_new (id) };
  static const guint8 erase[5] = { 0x41, 0x00, 0x00, 0x00, 0x08 };
  g_autoptr (FlashSimDevice) device = mcu_dup_device (cut.bench);
  g_autoptr (GByteArray) before = NULL;
  g_autoptr (GByteArray) after = NULL;
  guint8 bytes[16] = { 0 };

  mcu_write (cut.bench, MCU_FLASH, bytes, 16);
  g_assert_cmpint (bench_out (cut.bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
  mcu_get_status (cut.bench, NULL);
  bench_wait (cut.bench, 299);
  before = read_flash (&cut, 0, 16);
  g_assert_cmpmem (before->data, 16, bytes, 16);
  flash_sim_device_unplug (device);
  g_clear_pointer (&before, g_byte_array_unref);
  before = read_flash (&cut, 0, 16);
  g_assert_cmpmem (before->data, 16, "\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff\0\0\0\0", 16);

  flash_sim_device_plug (device);
  g_assert_true (bench_reopen (cut.bench, 0));
  mcu_make_idle (cut.bench);
  g_assert_cmpint (bench_out (cut.bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
  mcu_get_status (cut.bench, NULL);
  bench_wait (cut.bench, 300);
  flash_sim_device_power_cycle (device);
  after = read_flash (&cut, 0, 16);
  memset (bytes, 0xff, sizeof bytes);
  g_assert_cmpmem (after->data, 16, bytes, 16);
  g_clear_object (&device);
  cut_clear (&cut);
}

/* Switching the program off is no way to keep the power on. */
static void
test_program_end (void)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *id = bench_make_id ("stm32f405", folder, "rdp=0");
  static const guint8 erase[5] = { 0x41, 0x00, 0x00, 0x00, 0x08 };
  Bench *bench = mcu_new (id);
  g_autoptr (GByteArray) flash = NULL;
  guint8 bytes[16] = { 0 };

  mcu_write (bench, MCU_FLASH, bytes, 16);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, erase, 5), ==, BENCH_OK);
  mcu_get_status (bench, NULL);
  bench_free (bench);
  flash = bench_read_file (folder, "flash.bin", 0, 16);
  g_assert_cmpmem (flash->data, 16, "\xff\xff\xff\xff\0\0\0\0\xff\xff\xff\xff\0\0\0\0", 16);
  bench_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/chip-power/erase", test_erase);
  g_test_add_func ("/sim/chip-power/program", test_program);
  g_test_add_func ("/sim/chip-power/unprotect", test_unprotect);
  g_test_add_func ("/sim/chip-power/options", test_options);
  g_test_add_func ("/sim/chip-power/idle", test_idle);
  g_test_add_func ("/sim/chip-power/cable", test_cable);
  g_test_add_func ("/sim/chip-power/program-end", test_program_end);
  return g_test_run ();
}
