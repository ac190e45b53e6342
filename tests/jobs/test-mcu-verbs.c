/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single operations: compare, read, erase, leave, detach; and plain DFU devices. */
#include "config.h"

#include "flash-mcu-bench.h"
#include "flash-test-images.h"

#define FLASH_AT FLASH_MCU_BENCH_FLASH

/* --- Comparing ------------------------------------------------------------------------------ */

static void
test_compare (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (9000, 1);
  guint8 *bytes = g_memdup2 (g_bytes_get_data (firmware, NULL), 9000);

  flash_mcu_bench_put (bench, 0, firmware);
  flash_mcu_bench_set_verb (bench, FLASH_MCU_COMPARE);
  flash_mcu_bench_set_image (bench, FLASH_AT, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);
  g_assert_true (bench->result.is_up_to_date);
  g_assert_cmpuint (bench->result.bytes_verified, ==, 9000);

  bytes[4321] ^= 0x10;
  flash_mcu_bench_set_image (bench, FLASH_AT, g_bytes_new_take (bytes, 9000));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_VERIFY_MISMATCH);
  g_assert_cmpuint (bench->result.mismatch.n_wrong, ==, 1);
  g_assert_cmphex (bench->result.mismatch.first, ==, FLASH_AT + 4321);
  g_assert_cmphex (
      bench->result.mismatch.ranges[0].expected ^ bench->result.mismatch.ranges[0].found, ==, 0x10);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
}

static void
test_compare_unreadable (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("cubemx-dfu", NULL);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_COMPARE);
  flash_mcu_bench_set_image (bench, FLASH_AT + 0xc000, flash_test_make_bytes (100, 1));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_CANNOT_READ);
}

/* --- Reading -------------------------------------------------------------------------------- */

/**
 * ReadCase:
 * @code: with which error it ends, -1 for none
 * @size: how many bytes come
 */
typedef struct {
  const char *what;
  const char *model;
  const char *keys;
  gint alternate;
  guint32 address;
  guint64 length;
  gint code;
  gsize size;
} ReadCase;

static const ReadCase reads[] = {
  { "range", "stm32f405", NULL, -1, FLASH_AT + 100, 5000, -1, 5000 },
  { "to-the-end", "stm32f405", NULL, -1, FLASH_AT, 0, -1, 1 << 20 },
  { "last-byte", "stm32f405", NULL, -1, FLASH_AT + 0xfffff, 0, -1, 1 },
  { "beyond", "stm32f405", NULL, -1, FLASH_AT + 0xfffff, 2, FLASH_JOB_ERROR_OUTSIDE_MEMORY, 0 },
  { "nowhere", "stm32f405", NULL, -1, 0x60000000, 4, FLASH_JOB_ERROR_OUTSIDE_MEMORY, 0 },
  { "endless", "stm32f405", NULL, -1, FLASH_AT, G_MAXUINT64, FLASH_JOB_ERROR_OUTSIDE_MEMORY, 0 },
  { "options", "stm32f405", NULL, -1, 0x1fffc000, 0, -1, 16 },
  { "a-part-of-options", "stm32f405", NULL, 1, 0x1fffc004, 3, -1, 3 },
  { "otp", "stm32f405", NULL, 2, 0x1fff7800, 0, -1, 528 },
  { "wrong-alternate", "stm32f405", NULL, 2, FLASH_AT, 4, FLASH_JOB_ERROR_OUTSIDE_MEMORY, 0 },
  { "no-such-alternate", "stm32f405", NULL, 9, FLASH_AT, 4, FLASH_JOB_ERROR_OUTSIDE_MEMORY, 0 },
  { "small-pages", "stm32l072", NULL, -1, FLASH_AT + 5, 3000, -1, 3000 },
  { "two-banks", "stm32h755", NULL, -1, FLASH_AT + 0xffff0, 0x20, -1, 0x20 },
  { "refused-once", "stm32f405", "fault=read-vendor@bootloader", -1, FLASH_AT, 100, -1, 100 },
  { "protected", "stm32f405", "rdp=1", -1, FLASH_AT, 100, FLASH_JOB_ERROR_READ_REFUSED, 0 },
  { "protected-u5", "stm32u575", "rdp=1", -1, FLASH_AT, 100, FLASH_JOB_ERROR_READ_PROTECTED, 0 },
  { "options-protected-f4", "stm32f405", "rdp=1", -1, 0x1fffc000, 0, FLASH_JOB_ERROR_READ_REFUSED,
    0 },
  { "options-protected-f1", "stm32f105", "rdp=1", -1, 0x1ffff800, 0, FLASH_JOB_ERROR_READ_REFUSED,
    0 },
  { "skeleton", "cubemx-dfu", NULL, -1, FLASH_AT + 0xc000, 100, FLASH_JOB_ERROR_CANNOT_READ, 0 },
};

static void
test_read (gconstpointer data)
{
  const ReadCase *of = data;
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (of->model, of->keys);
  gboolean is_flash = of->address >> 24 == FLASH_AT >> 24;

  flash_mcu_bench_set_verb (bench, FLASH_MCU_READ);
  bench->job.alternate = of->alternate;
  bench->job.address = of->address;
  bench->job.length = of->length;
  if (of->code >= 0) {
    flash_mcu_bench_run_into (bench, (FlashJobError) of->code);
    g_assert_null (bench->result.content);
    return;
  }
  flash_mcu_bench_run_well (bench);
  g_assert_cmpuint (g_bytes_get_size (bench->result.content), ==, of->size);
  g_assert_cmphex (bench->result.content_address, ==, of->address);
  if (is_flash)
    g_assert_true (flash_mcu_bench_holds (bench, of->address - FLASH_AT, bench->result.content));
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  flash_mcu_bench_assert_polite (bench);
}

/* What was read is what was written. */
static void
test_read_back (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32g474", NULL);
  g_autoptr (GBytes) bytes = flash_test_make_bytes (5000, 1);

  flash_mcu_bench_put (bench, 3008, bytes);
  flash_mcu_bench_set_verb (bench, FLASH_MCU_READ);
  bench->job.address = FLASH_AT + 3008;
  bench->job.length = 5000;
  flash_mcu_bench_run_well (bench);
  g_assert_true (g_bytes_equal (bench->result.content, bytes));
  g_assert_cmpint (flash_mcu_bench_find (bench, FLASH_EVENT_STAGE)->step, ==, -1);
}

/* --- Erasing -------------------------------------------------------------------------------- */

/**
 * EraseCase:
 * @n_erased: how many sectors are erased
 */
typedef struct {
  const char *what;
  const char *model;
  const char *keys;
  gboolean is_everything;
  guint32 offset;
  guint64 length;
  FlashMcuShared shared;
  gint code;
  guint n_erased;
  FlashMcuState state;
} EraseCase;

static const EraseCase erases[] = {
  { "one-sector", "stm32f405", NULL, FALSE, 0, 16384, FLASH_MCU_SHARED_ASK, -1, 1,
    FLASH_MCU_STATE_LOADER },
  { "three-sizes", "stm32f405", NULL, FALSE, 0x8000, 0x18000 + 1, FLASH_MCU_SHARED_ERASE, -1, 4,
    FLASH_MCU_STATE_LOADER },
  { "shared", "stm32f405", NULL, FALSE, 100, 200, FLASH_MCU_SHARED_ASK,
    FLASH_JOB_ERROR_SECTORS_ARE_WHOLE, 0, FLASH_MCU_STATE_UNTOUCHED },
  { "blank-neighbours", "stm32f405", NULL, FALSE, 0x20000, 5, FLASH_MCU_SHARED_ASK, -1, 1,
    FLASH_MCU_STATE_LOADER },
  { "to-the-end", "stm32f405", NULL, FALSE, 0xc0000, 0, FLASH_MCU_SHARED_ASK, -1, 2,
    FLASH_MCU_STATE_LOADER },
  { "beyond", "stm32f405", NULL, FALSE, 0xfffff, 2, FLASH_MCU_SHARED_ERASE,
    FLASH_JOB_ERROR_OUTSIDE_MEMORY, 0, FLASH_MCU_STATE_UNTOUCHED },
  { "endless", "stm32f405", NULL, FALSE, 0, G_MAXUINT64, FLASH_MCU_SHARED_ERASE,
    FLASH_JOB_ERROR_OUTSIDE_MEMORY, 0, FLASH_MCU_STATE_UNTOUCHED },
  { "everything", "stm32f405", NULL, TRUE, 0, 0, FLASH_MCU_SHARED_ASK, -1, 12,
    FLASH_MCU_STATE_BLANK },
  { "everything-g4", "stm32g474", NULL, TRUE, 0, 0, FLASH_MCU_SHARED_ASK, -1, 256,
    FLASH_MCU_STATE_BLANK },
  { "everything-without-mass-erase", "stm32l072", NULL, TRUE, 0, 0, FLASH_MCU_SHARED_ASK, -1, 1536,
    FLASH_MCU_STATE_BLANK },
  { "mass-erase-ignored", "stm32f405", "fault=erase-ignored@bootloader", TRUE, 0, 0,
    FLASH_MCU_SHARED_ASK, -1, 12, FLASH_MCU_STATE_BLANK },
  { "write-protected", "stm32f105", "wrp=all", FALSE, 0x1000, 0x1000, FLASH_MCU_SHARED_ASK, -1, 2,
    FLASH_MCU_STATE_LOADER },
  { "middleware", "cubemx-dfu", "skeleton=no", TRUE, 0, 0, FLASH_MCU_SHARED_ASK, -1, 9,
    FLASH_MCU_STATE_LOADER },
  { "loader-sector", "cubemx-dfu", "skeleton=no", FALSE, 0, 0x4000, FLASH_MCU_SHARED_ASK,
    FLASH_JOB_ERROR_OUTSIDE_MEMORY, 0, FLASH_MCU_STATE_UNTOUCHED },
  { "skeleton", "cubemx-dfu", NULL, FALSE, 0xc000, 0x4000, FLASH_MCU_SHARED_ASK,
    FLASH_JOB_ERROR_LOADER_WITHOUT_FLASH, 1, FLASH_MCU_STATE_HALF },
  { "protected", "stm32u575", "rdp=1", TRUE, 0, 0, FLASH_MCU_SHARED_ASK,
    FLASH_JOB_ERROR_READ_PROTECTED, 0, FLASH_MCU_STATE_UNTOUCHED },
};

static void
test_erase (gconstpointer data)
{
  const EraseCase *of = data;
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (of->model, of->keys);
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (60000, 1);
  gboolean has_old = g_str_equal (of->model, "stm32f405") && of->keys == NULL;

  if (has_old)
    flash_mcu_bench_put (bench, 0, old);
  flash_mcu_bench_set_verb (bench, FLASH_MCU_ERASE);
  bench->job.is_everything = of->is_everything;
  bench->job.address = FLASH_AT + of->offset;
  bench->job.length = of->length;
  bench->job.shared = of->shared;
  if (of->code >= 0)
    flash_mcu_bench_run_into (bench, (FlashJobError) of->code);
  else
    flash_mcu_bench_run_well (bench);
  g_assert_cmpuint (bench->result.n_erased, ==, of->n_erased);
  g_assert_cmpint (bench->result.state, ==, of->state);
  g_assert_true (bench->result.is_verified == (of->code < 0));
  if (has_old && (of->code >= 0 || of->offset >= 0x20000))
    g_assert_true (flash_mcu_bench_holds (bench, 0, old));
  if (has_old && of->code < 0 && of->offset == 0)
    g_assert_false (flash_mcu_bench_holds (bench, 0, old));
  flash_mcu_bench_assert_polite (bench);
}

/* What erasing leaves, byte by byte. */
static void
test_erased_bytes (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32l072", NULL);
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (2000, 1);
  g_autoptr (GBytes) flash = NULL;
  const guint8 *bytes;

  flash_mcu_bench_put (bench, 0, old);
  flash_mcu_bench_set_verb (bench, FLASH_MCU_ERASE);
  bench->job.is_everything = TRUE;
  flash_mcu_bench_run_well (bench);
  flash = flash_mcu_bench_read_file (bench, "flash.bin");
  bytes = g_bytes_get_data (flash, NULL);
  for (gsize i = 0; i < g_bytes_get_size (flash); i++)
    g_assert_cmphex (bytes[i], ==, 0x00);
}

/* Write protected sectors stay, and that is said with the right reason. */
static void
test_erase_protected (void)
{
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (6000, 1);
  g_autoptr (FlashMcuBench) bench =
      flash_mcu_bench_new_holding ("stm32f105", "wrp=all", g_bytes_ref (old));

  flash_mcu_bench_set_verb (bench, FLASH_MCU_ERASE);
  bench->job.address = FLASH_AT;
  bench->job.length = 4096;
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_WRITE_PROTECTED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_true (bench->result.diagnosis.is_certain);
  g_assert_true (flash_mcu_bench_holds (bench, 0, old));
}

/* Only some of them are: what is left is not what it was. */
static void
test_erase_half_protected (void)
{
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (6000, 1);
  g_autoptr (FlashMcuBench) bench =
      flash_mcu_bench_new_holding ("stm32f105", "wrp=0-1", g_bytes_ref (old));

  flash_mcu_bench_set_verb (bench, FLASH_MCU_ERASE);
  bench->job.address = FLASH_AT;
  bench->job.length = 6144;
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_WRITE_PROTECTED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_HALF);
  g_assert_false (flash_mcu_bench_holds (bench, 0, old));
}

/* --- Leaving -------------------------------------------------------------------------------- */

static void
test_leave (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (3000, 1);

  flash_mcu_bench_put (bench, 0, firmware);
  flash_mcu_bench_set_verb (bench, FLASH_MCU_LEAVE);
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_started);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_STARTED);
  g_assert_cmpint (flash_sim_device_get_chip_state (bench->device), ==, FLASH_SIM_CHIP_APPLICATION);
}

/* A board that was not seen to start its program did not do what it was asked for. */
static void
test_leave_in_vain (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32h755", "rom=v90");
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (3000, 1);

  flash_mcu_bench_put (bench, 0, firmware);
  flash_mcu_bench_set_verb (bench, FLASH_MCU_LEAVE);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_DID_NOT_START);
  g_assert_false (bench->result.is_started);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_NEEDS_RESET);
}

/* Blank flash, data, and vectors where no core looks for them are nothing to start. */
static void
test_leave_nothing (void)
{
  static const guint32 offsets[] = { 0, 0x4000, 0x8000 + 64, 0x8000 + 100, 0xffff80 };
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) data = flash_test_make_bytes (3000, 1);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (3000, 1);

  flash_mcu_bench_put (bench, 0x4000, data);
  flash_mcu_bench_put (bench, 0x8000 + 64, firmware);
  flash_mcu_bench_set_verb (bench, FLASH_MCU_LEAVE);
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++) {
    bench->job.address = FLASH_AT + offsets[i];
    flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_DID_NOT_START);
    g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
    g_assert_cmpint (flash_sim_device_get_chip_state (bench->device), ==, FLASH_SIM_CHIP_ROM);
  }
}

static void
test_detach_in_loader (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_DETACH);
  flash_mcu_bench_run_well (bench);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
}

static void
test_detach (gconstpointer keys)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("dfu-runtime", keys);
  const FlashEvent *event;

  flash_mcu_bench_set_verb (bench, FLASH_MCU_DETACH);
  flash_mcu_bench_run_well (bench);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_LOADER);
  event = flash_mcu_bench_find (bench, FLASH_EVENT_STAGE);
  g_assert_cmpstr (event->stage, ==, "runtime");
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_STAGE), ==, 2);
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_LOST), ==, 1);
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_RETURNED), ==, 1);
}

/* It runs its program already. */
static void
test_leave_runtime (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("dfu-runtime", NULL);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_LEAVE);
  flash_mcu_bench_run_well (bench);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_LOST), ==, 0);
}

/* --- Who does not answer -------------------------------------------------------------------- */

static void
test_not_a_microcontroller (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32mp157", NULL);

  flash_mcu_bench_set_image (bench, FLASH_AT, flash_test_make_bytes (100, 1));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_NO_DFU);
}

static void
test_gone (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);

  flash_sim_device_unplug (bench->device);
  flash_mcu_bench_set_image (bench, FLASH_AT, flash_test_make_bytes (100, 1));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_BOARD_GONE);
  g_assert_false (bench->result.has_guess);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu-verbs/compare", test_compare);
  g_test_add_func ("/mcu-verbs/compare-unreadable", test_compare_unreadable);
  for (guint i = 0; i < G_N_ELEMENTS (reads); i++) {
    g_autofree char *path = g_strdup_printf ("/mcu-verbs/read/%s", reads[i].what);

    g_test_add_data_func (path, &reads[i], test_read);
  }
  g_test_add_func ("/mcu-verbs/read-back", test_read_back);
  for (guint i = 0; i < G_N_ELEMENTS (erases); i++) {
    g_autofree char *path = g_strdup_printf ("/mcu-verbs/erase/%s", erases[i].what);

    g_test_add_data_func (path, &erases[i], test_erase);
  }
  g_test_add_func ("/mcu-verbs/erased-bytes", test_erased_bytes);
  g_test_add_func ("/mcu-verbs/erase-protected", test_erase_protected);
  g_test_add_func ("/mcu-verbs/erase-half-protected", test_erase_half_protected);
  g_test_add_func ("/mcu-verbs/leave", test_leave);
  g_test_add_func ("/mcu-verbs/leave-in-vain", test_leave_in_vain);
  g_test_add_func ("/mcu-verbs/leave-nothing", test_leave_nothing);
  g_test_add_func ("/mcu-verbs/detach-in-loader", test_detach_in_loader);
  g_test_add_data_func ("/mcu-verbs/detach", NULL, test_detach);
  g_test_add_data_func ("/mcu-verbs/detach-by-reset", "detach=reset", test_detach);
  g_test_add_func ("/mcu-verbs/leave-runtime", test_leave_runtime);
  g_test_add_func ("/mcu-verbs/not-a-microcontroller", test_not_a_microcontroller);
  g_test_add_func ("/mcu-verbs/gone", test_gone);
  return g_test_run ();
}
