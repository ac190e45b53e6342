/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards that do not take what they are sent, or cannot be read: each is told by its evidence, with
 * the step that is right for it, and none of them as a success. */
#include "config.h"

#include "flash-mcu-bench.h"
#include "flash-test-images.h"

/**
 * Case:
 * @what: name of the case
 * @model: of the virtual board
 * @keys: (nullable): its keys
 * @code: with which error the job ends
 * @size: of the firmware
 * @next: what is offered, %FLASH_NEXT_NONE without a diagnosis
 * @is_certain: whether the evidence allows no other cause
 * @state: in which state the chip is left
 */
typedef struct {
  const char *what;
  const char *model;
  const char *keys;
  FlashJobError code;
  gsize size;
  FlashNextStep next;
  gboolean is_certain;
  FlashMcuState state;
} Case;

static const Case cases[] = {
  { "write-protected", "stm32f105", "wrp=all", FLASH_JOB_ERROR_WRITE_PROTECTED, 5000,
    FLASH_NEXT_OPTION_BYTES, TRUE, FLASH_MCU_STATE_UNTOUCHED },
  { "write-protected-f4", "stm32f405", "wrp=0-3", FLASH_JOB_ERROR_WRITE_PROTECTED, 5000,
    FLASH_NEXT_OPTION_BYTES, TRUE, FLASH_MCU_STATE_UNTOUCHED },
  { "skeleton", "cubemx-dfu", NULL, FLASH_JOB_ERROR_LOADER_WITHOUT_FLASH, 5000,
    FLASH_NEXT_REPLACE_LOADER, FALSE, FLASH_MCU_STATE_UNTOUCHED },
  { "skeleton-whole-sector", "cubemx-dfu", NULL, FLASH_JOB_ERROR_LOADER_WITHOUT_FLASH, 16384,
    FLASH_NEXT_REPLACE_LOADER, FALSE, FLASH_MCU_STATE_LOADER },
  { "protected-u5", "stm32u575", "rdp=1", FLASH_JOB_ERROR_READ_PROTECTED, 5000,
    FLASH_NEXT_UNPROTECT, TRUE, FLASH_MCU_STATE_UNTOUCHED },
  { "protected-f4", "stm32f405", "rdp=1", FLASH_JOB_ERROR_READ_REFUSED, 5000, FLASH_NEXT_OTHER_PORT,
    FALSE, FLASH_MCU_STATE_UNTOUCHED },
};

static void
test_diagnosis (gconstpointer data)
{
  const Case *of = data;
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (of->model, of->keys);
  guint32 address = FLASH_MCU_BENCH_FLASH;

  /* A boot loader in flash has the beginning of it for itself. */
  if (g_str_equal (of->model, "cubemx-dfu"))
    address += 0xc000;
  flash_mcu_bench_set_image (bench, address, flash_mcu_bench_make_firmware (of->size, 1));
  flash_mcu_bench_run_into (bench, of->code);
  g_assert_cmpint (bench->result.state, ==, of->state);
  g_assert_false (bench->result.is_verified);
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_VERIFIED), ==, 0);
  g_assert_true (bench->result.has_diagnosis);
  g_assert_cmpstr (bench->result.diagnosis.code, ==, flash_job_error_get_name (of->code));
  g_assert_cmpint (bench->result.diagnosis.next, ==, of->next);
  g_assert_true (bench->result.diagnosis.is_certain == of->is_certain);
  flash_mcu_bench_assert_polite (bench);
}

/* An erase that is ignored does no harm where all was blank. */
static void
test_ignored_erase (void)
{
  g_autoptr (FlashMcuBench) bench =
      flash_mcu_bench_new ("stm32f405", "fault=erase-ignored@bootloader");
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (5000, 1);

  flash_mcu_bench_put (bench, 0, old);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, flash_mcu_bench_make_firmware (5000, 2));
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);
}

/* Protected sectors that hold something: the first erase shows it, and nothing is lost. */
static void
test_protected_firmware (void)
{
  g_autoptr (GBytes) old = flash_mcu_bench_make_firmware (6000, 1);
  g_autoptr (FlashMcuBench) bench =
      flash_mcu_bench_new_holding ("stm32f105", "wrp=all", g_bytes_ref (old));

  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, flash_mcu_bench_make_firmware (6000, 2));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_WRITE_PROTECTED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_cmpuint (bench->result.n_erased, ==, 0);
  g_assert_cmpuint (bench->result.bytes_written, ==, 0);
  g_assert_true (flash_mcu_bench_holds (bench, 0, old));
}

/* Refused once is no protection (stm32-dfuse.md section 2.8). */
static void
test_refused_once (void)
{
  g_autoptr (FlashMcuBench) bench =
      flash_mcu_bench_new ("stm32f405", "fault=read-vendor@bootloader");
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (5000, 1);

  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
}

/* What a complete loader of the same kind does. */
static void
test_complete_loader (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("cubemx-dfu", "skeleton=no");
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware_at (0xc000, 20000, 1);

  bench->job.starts = TRUE;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH + 0xc000, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, 0xc000, firmware));
  g_assert_true (bench->result.is_verified);
  g_assert_true (bench->result.is_started);
}

/* Without reading: only what is sure to take nothing from others, and never a success that was not
 * seen. */
static void
test_skeleton_wishes (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("cubemx-dfu", NULL);

  bench->job.changed = FLASH_MCU_CHANGED_ONLY;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH + 0xc000,
                             flash_mcu_bench_make_firmware (16384, 1));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_CANNOT_READ);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);

  bench->job.changed = FLASH_MCU_CHANGED_AUTO;
  bench->job.verifies = FALSE;
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH + 0xc000,
                             flash_mcu_bench_make_firmware (5000, 1));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_SECTOR_SHARED);
  bench->job.shared = FLASH_MCU_SHARED_ERASE;
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_written);
  g_assert_false (bench->result.is_verified);
}

/* That another port gives the same is evidence: only then the protection is to be removed. */
static void
test_other_port (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", "rdp=1");

  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, flash_mcu_bench_make_firmware (5000, 1));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_READ_REFUSED);
  g_assert_cmpint (bench->result.diagnosis.next, ==, FLASH_NEXT_OTHER_PORT);
  bench->job.was_other_port_tried = TRUE;
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_READ_REFUSED);
  g_assert_cmpint (bench->result.diagnosis.next, ==, FLASH_NEXT_UNPROTECT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/mcu-diagnosis/%s", cases[i].what);

    g_test_add_data_func (path, &cases[i], test_diagnosis);
  }
  g_test_add_func ("/mcu-diagnosis/ignored-erase", test_ignored_erase);
  g_test_add_func ("/mcu-diagnosis/protected-firmware", test_protected_firmware);
  g_test_add_func ("/mcu-diagnosis/other-port", test_other_port);
  g_test_add_func ("/mcu-diagnosis/refused-once", test_refused_once);
  g_test_add_func ("/mcu-diagnosis/complete-loader", test_complete_loader);
  g_test_add_func ("/mcu-diagnosis/skeleton-wishes", test_skeleton_wishes);
  return g_test_run ();
}
