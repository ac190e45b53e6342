/* SPDX-License-Identifier: GPL-3.0-or-later */
/* FlashDfuse on virtual boards, which were written from the other side of the documents. */
#include "config.h"

#include "flash-dfu-sim-bench.h"

#include <string.h>

#define FLASH_START 0x08000000

/* --- A whole job ---------------------------------------------------------------------------- */

/**
 * Model:
 * @id: of the virtual board
 * @sector: size of its first sector in bytes
 * @granule: how many bytes are programmed at once
 * @erased: what erased flash reads as
 */
typedef struct {
  const char *id;
  gsize sector;
  gsize granule;
  guint8 erased;
} Model;

static const Model models[] = {
  { "virtual:stm32f405", 16 * 1024, 4, 0xff },   { "virtual:stm32f105", 2 * 1024, 4, 0xff },
  { "virtual:stm32h755", 128 * 1024, 32, 0xff }, { "virtual:stm32g474", 2 * 1024, 8, 0xff },
  { "virtual:stm32l072", 128, 4, 0x00 },         { "virtual:stm32u575", 8 * 1024, 16, 0xff },
  { "virtual:stm32l476", 2 * 1024, 8, 0xff },    { "virtual:stm32f427", 16 * 1024, 4, 0xff },
};

static void
erase_sectors (SimBench *bench, const Model *model, guint n_sectors)
{
  for (guint i = 0; i < n_sectors; i++) {
    guint32 address = FLASH_START + i * (guint32) model->sector;

    g_assert_true (
        flash_dfuse_erase (bench->dfuse, address, (guint32) model->sector, &bench->error));
  }
}

/* Lengths around the transfer size, one after the other, each at a granule of its own. */
static void
test_write (gconstpointer data)
{
  const Model *model = data;
  SimBench bench;
  gsize unit, size, length, at = 0;
  g_autofree guint8 *bytes = NULL;
  g_autofree guint8 *read = NULL;
  gsize lengths[6];

  sim_bench_init (&bench, model->id);
  unit = flash_dfuse_get_transfer_size (bench.dfuse);
  lengths[0] = unit;
  lengths[1] = 3 * unit;
  lengths[2] = model->granule;
  lengths[3] = 2 * unit + model->granule;
  lengths[4] = unit - model->granule;
  lengths[5] = 2 * unit;
  size = 10 * unit + 2 * model->granule;
  length = (size / model->sector + 1) * model->sector;
  bytes = g_malloc (length);
  read = g_malloc (length);
  memset (bytes, model->erased, length);
  sim_bench_fill (bytes, size, 405);

  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  erase_sectors (&bench, model, (guint) (length / model->sector));
  for (guint i = 0; i < G_N_ELEMENTS (lengths) && at < size; i++) {
    gsize n = MIN (lengths[i], size - at);

    g_assert_true (
        flash_dfuse_write (bench.dfuse, FLASH_START + (guint32) at, bytes + at, n, &bench.error));
    at += n;
  }
  memset (bytes + at, model->erased, length - at);
  g_assert_true (flash_dfuse_read (bench.dfuse, FLASH_START, read, length, &bench.error));
  g_assert_cmpmem (read, length, bytes, length);
  /* And from within. */
  g_assert_true (flash_dfuse_read (bench.dfuse, FLASH_START + 4, read, unit + 4, &bench.error));
  g_assert_cmpmem (read, unit + 4, bytes + 4, unit + 4);
  sim_bench_clear (&bench);
}

/* Old ROMs read two bytes or more (section 2.4); whoever wants one gets it all the same. */
static void
test_read_odd (gconstpointer data)
{
  const Model *model = data;
  SimBench bench;
  gsize unit;
  guint8 bytes[32];
  g_autofree guint8 *read = NULL;

  sim_bench_init (&bench, model->id);
  unit = flash_dfuse_get_transfer_size (bench.dfuse);
  read = g_malloc (unit + 1);
  sim_bench_fill (bytes, sizeof bytes, 2049);
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  erase_sectors (&bench, model, (guint) (unit / model->sector + 1));
  g_assert_true (
      flash_dfuse_write (bench.dfuse, FLASH_START + (guint32) unit, bytes, 32, &bench.error));
  for (guint i = 0; i < sizeof bytes; i++) {
    guint32 address = FLASH_START + (guint32) unit + i;

    g_assert_true (flash_dfuse_read (bench.dfuse, address, read, 1, &bench.error));
    g_assert_cmphex (read[0], ==, bytes[i]);
  }
  /* One more than a block. */
  g_assert_true (flash_dfuse_read (bench.dfuse, FLASH_START, read, unit + 1, &bench.error));
  g_assert_cmphex (read[unit - 1], ==, model->erased);
  g_assert_cmphex (read[unit], ==, bytes[0]);
  sim_bench_clear (&bench);
}

/* --- Ends ----------------------------------------------------------------------------------- */

static void
test_leave (void)
{
  /* A stack in RAM, and an odd address in flash. */
  static const guint8 vectors[] = { 0x00, 0x00, 0x02, 0x20, 0xc1, 0x01, 0x00, 0x08 };
  const Model *f405 = &models[0];
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS;
  SimBench bench;

  sim_bench_init (&bench, f405->id);
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  erase_sectors (&bench, f405, 1);
  g_assert_true (
      flash_dfuse_write (bench.dfuse, FLASH_START, vectors, sizeof vectors, &bench.error));
  g_assert_true (flash_dfuse_leave (bench.dfuse, FLASH_START, &end, &bench.error));
  g_assert_cmpint (end, ==, FLASH_DFUSE_END_AWAY);
  g_assert_cmpint (flash_sim_device_get_chip_state (bench.device), ==, FLASH_SIM_CHIP_APPLICATION);
  sim_bench_clear (&bench);
}

static void
test_mass_erase (void)
{
  static const guint8 data[] = { 1, 2, 3, 4 };
  guint8 read[sizeof data];
  const Model *f405 = &models[0];
  SimBench bench;

  sim_bench_init (&bench, f405->id);
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  erase_sectors (&bench, f405, 1);
  g_assert_true (flash_dfuse_write (bench.dfuse, FLASH_START, data, sizeof data, &bench.error));
  g_assert_true (flash_dfuse_mass_erase (bench.dfuse, 1024 * 1024, &bench.error));
  g_assert_true (flash_dfuse_read (bench.dfuse, FLASH_START, read, sizeof read, &bench.error));
  g_assert_cmpmem (read, sizeof read, "\xff\xff\xff\xff", 4);
  sim_bench_clear (&bench);
}

static void
test_mass_erase_unknown (void)
{
  SimBench bench;

  sim_bench_init (&bench, "virtual:stm32l072");
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  g_assert_false (flash_dfuse_mass_erase (bench.dfuse, 192 * 1024, &bench.error));
  g_assert_error (bench.error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNSUPPORTED);
  g_clear_error (&bench.error);
  sim_bench_clear (&bench);
}

/* Read protected: named at once, and left by way of everything that was in it. */
static void
test_unprotect (void)
{
  guint8 read[16];
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS;
  SimBench bench;

  sim_bench_init (&bench, "virtual:stm32f405,rdp=1");
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  g_assert_false (flash_dfuse_read (bench.dfuse, FLASH_START, read, sizeof read, &bench.error));
  g_assert_error (bench.error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED);
  g_clear_error (&bench.error);
  g_assert_true (flash_dfuse_unprotect (bench.dfuse, &end, &bench.error));
  g_assert_cmpint (end, ==, FLASH_DFUSE_END_AWAY);
  sim_bench_assert_no_violations (&bench);
  sim_bench_reconnect (&bench);
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  g_assert_true (flash_dfuse_read (bench.dfuse, FLASH_START, read, sizeof read, &bench.error));
  sim_bench_clear (&bench);
}

/* What it had, given back: the chip resets itself. */
static void
test_options (void)
{
  guint8 options[16];
  guint8 again[16];
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS;
  SimBench bench;

  sim_bench_init (&bench, "virtual:stm32f405");
  g_assert_true (flash_dfuse_select (bench.dfuse, 1, &bench.error));
  g_assert_true (flash_dfuse_read (bench.dfuse, 0x1fffc000, options, sizeof options, &bench.error));
  g_assert_true (flash_dfuse_write_options (bench.dfuse, 0x1fffc000, options, sizeof options, &end,
                                            &bench.error));
  g_assert_cmpint (end, ==, FLASH_DFUSE_END_AWAY);
  sim_bench_assert_no_violations (&bench);
  sim_bench_reconnect (&bench);
  g_assert_true (flash_dfuse_select (bench.dfuse, 1, &bench.error));
  g_assert_true (flash_dfuse_read (bench.dfuse, 0x1fffc000, again, sizeof again, &bench.error));
  g_assert_cmpmem (again, sizeof again, options, sizeof options);
  sim_bench_clear (&bench);
}

/* The second bank never says that it is done (section 0.3, fact 5). */
static void
test_busy_for_ever (void)
{
  guint8 read[32], erased[32];
  SimBench bench;

  memset (erased, 0xff, sizeof erased);
  sim_bench_init (&bench, "virtual:stm32h755");
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  for (guint i = 0; i < 2; i++)
    g_assert_true (
        flash_dfuse_erase (bench.dfuse, 0x08100000 + i * 0x20000, 0x20000, &bench.error));
  g_assert_true (flash_dfuse_read (bench.dfuse, 0x08100000, read, sizeof read, &bench.error));
  g_assert_cmpmem (read, sizeof read, erased, sizeof erased);
  sim_bench_clear (&bench);
}

/* ST's middleware without a body says yes to everything and cannot read (fact 20). */
static void
test_skeleton (void)
{
  static const guint8 data[] = { 1, 2, 3, 4 };
  guint8 read[sizeof data];
  SimBench bench;

  sim_bench_init (&bench, "virtual:cubemx-dfu");
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  g_assert_true (flash_dfuse_erase (bench.dfuse, 0x0800c000, 16 * 1024, &bench.error));
  g_assert_true (flash_dfuse_write (bench.dfuse, 0x0800c000, data, sizeof data, &bench.error));
  g_assert_false (flash_dfuse_read (bench.dfuse, 0x0800c000, read, sizeof read, &bench.error));
  g_assert_error (bench.error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNREADABLE);
  g_clear_error (&bench.error);
  g_assert_true (flash_dfuse_to_idle (bench.dfuse, &bench.error));
  sim_bench_clear (&bench);
}

/* The first read fails although nothing is protected: a host that is too fast (fact 8). It is said
 * at once, and whoever asks again gets it. */
static void
test_false_alarm (void)
{
  guint8 read[16];
  g_autofree char *id = NULL;
  guint64 n_requests;
  SimBench bench;

  sim_bench_init (&bench, "virtual:stm32f405");
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  n_requests = flash_sim_device_get_n_requests (bench.device);
  sim_bench_clear (&bench);

  id = g_strdup_printf ("virtual:stm32f405,fault=read-vendor@%" G_GUINT64_FORMAT, n_requests + 1);
  sim_bench_init (&bench, id);
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  g_assert_false (flash_dfuse_read (bench.dfuse, FLASH_START, read, sizeof read, &bench.error));
  g_assert_error (bench.error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED);
  g_clear_error (&bench.error);
  for (guint i = 0; i < 8; i++) {
    if (flash_dfuse_read (bench.dfuse, FLASH_START, read, sizeof read, &bench.error))
      break;
    g_assert_error (bench.error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED);
    g_clear_error (&bench.error);
  }
  g_assert_true (flash_dfuse_read (bench.dfuse, FLASH_START, read, sizeof read, &bench.error));
  sim_bench_clear (&bench);
}

/* A U5 at level 1 takes every block and keeps none (fact 7); only reading tells, and the option
 * bytes can be read. */
static void
test_dropped (void)
{
  static const guint8 data[16] = { 1, 2, 3 };
  guint8 read[64];
  SimBench bench;

  sim_bench_init (&bench, "virtual:stm32u575,rdp=1");
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  g_assert_true (flash_dfuse_write (bench.dfuse, FLASH_START, data, sizeof data, &bench.error));
  g_assert_false (flash_dfuse_read (bench.dfuse, FLASH_START, read, 16, &bench.error));
  g_assert_error (bench.error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED);
  g_clear_error (&bench.error);
  g_assert_true (flash_dfuse_select (bench.dfuse, 1, &bench.error));
  g_assert_true (flash_dfuse_read (bench.dfuse, 0x40022040, read, sizeof read, &bench.error));
  sim_bench_clear (&bench);
}

/* Nor does write protection say anything (fact 6). */
static void
test_write_protected (void)
{
  static const guint8 data[] = { 1, 2, 3, 4 };
  guint8 read[sizeof data];
  SimBench bench;

  sim_bench_init (&bench, "virtual:stm32f405,wrp=all");
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  g_assert_true (flash_dfuse_erase (bench.dfuse, FLASH_START, 16 * 1024, &bench.error));
  g_assert_true (flash_dfuse_write (bench.dfuse, FLASH_START, data, sizeof data, &bench.error));
  g_assert_true (flash_dfuse_read (bench.dfuse, FLASH_START, read, sizeof read, &bench.error));
  g_assert_cmpmem (read, sizeof read, "\xff\xff\xff\xff", 4);
  sim_bench_clear (&bench);
}

static void
test_commands (void)
{
  g_autoptr (GBytes) commands = NULL;
  SimBench bench;

  sim_bench_init (&bench, "virtual:stm32f405");
  g_assert_true (flash_dfuse_select (bench.dfuse, 0, &bench.error));
  commands = flash_dfuse_dup_commands (bench.dfuse);
  g_assert_nonnull (commands);
  g_assert_cmpmem (g_bytes_get_data (commands, NULL), g_bytes_get_size (commands),
                   "\x00\x21\x41\x92", 4);
  g_assert_true (flash_dfuse_erase (bench.dfuse, FLASH_START, 16 * 1024, &bench.error));
  sim_bench_clear (&bench);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (models); i++) {
    g_autofree char *path = g_strconcat ("/dfuse-sim/write/", models[i].id + 8, NULL);

    g_autofree char *odd_path = g_strconcat ("/dfuse-sim/read-odd/", models[i].id, NULL);

    g_test_add_data_func (path, &models[i], test_write);
    g_test_add_data_func (odd_path, &models[i], test_read_odd);
  }
  g_test_add_func ("/dfuse-sim/leave", test_leave);
  g_test_add_func ("/dfuse-sim/mass-erase", test_mass_erase);
  g_test_add_func ("/dfuse-sim/mass-erase-unknown", test_mass_erase_unknown);
  g_test_add_func ("/dfuse-sim/unprotect", test_unprotect);
  g_test_add_func ("/dfuse-sim/options", test_options);
  g_test_add_func ("/dfuse-sim/busy-for-ever", test_busy_for_ever);
  g_test_add_func ("/dfuse-sim/skeleton", test_skeleton);
  g_test_add_func ("/dfuse-sim/false-alarm", test_false_alarm);
  g_test_add_func ("/dfuse-sim/dropped", test_dropped);
  g_test_add_func ("/dfuse-sim/write-protected", test_write_protected);
  g_test_add_func ("/dfuse-sim/commands", test_commands);
  return g_test_run ();
}
