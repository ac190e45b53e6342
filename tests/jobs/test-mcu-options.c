/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option bytes and read protection: what is written is taken, what could not be undone is not
 * written, and what a chip erases is said. */
#include "config.h"

#include "flash-mcu-bench.h"
#include "flash-test-images.h"

#define OPTIONS_F4 0x1fffc000u

/* Returns: (transfer full): the option bytes of an F405 as they are. */
static GBytes *
read_options (FlashMcuBench *bench)
{
  flash_mcu_bench_set_verb (bench, FLASH_MCU_READ);
  bench->job.address = OPTIONS_F4;
  bench->job.length = 0;
  flash_mcu_bench_run_well (bench);
  return g_bytes_ref (bench->result.content);
}

/* Returns: (transfer full): @options with @value in that field, set by hand where the layout would
 * refuse. */
static GBytes *
change (GBytes *options, const char *name, guint32 value)
{
  const FlashOptionLayout *layout = flash_option_layout_find ("f4");
  const FlashOptionField *field = flash_option_layout_find_field (layout, name);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (options, &length);
  guint8 *changed = g_memdup2 (bytes, length);

  g_assert_nonnull (field);
  if (!field->is_locked)
    g_assert_true (flash_option_layout_set (layout, field, value, changed, NULL));
  else
    changed[field->offset] = (guint8) value;
  return g_bytes_new_take (changed, length);
}

static void
set_options (FlashMcuBench *bench, GBytes *before, GBytes *wanted)
{
  flash_mcu_bench_set_verb (bench, FLASH_MCU_WRITE_OPTIONS);
  g_clear_pointer (&bench->job.option_before, g_bytes_unref);
  g_clear_pointer (&bench->job.option_bytes, g_bytes_unref);
  bench->job.option_before = before != NULL ? g_bytes_ref (before) : NULL;
  bench->job.option_bytes = g_bytes_ref (wanted);
}

/* Written, followed through the reset, read back; and the board goes on from there. */
static void
test_write (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (5000, 1);
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) wanted = NULL;

  before = read_options (bench);
  wanted = change (before, "nRST_STOP", 0);
  g_assert_false (g_bytes_equal (before, wanted));
  set_options (bench, before, wanted);
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_written);
  g_assert_true (bench->result.is_verified);
  g_assert_true (g_bytes_equal (bench->result.option_bytes, wanted));
  g_assert_cmpint (bench->result.rdp, ==, FLASH_RDP_NONE);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_LOADER);
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_RETURNED), ==, 1);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_PROGRAM);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
}

static void
test_unchanged (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) before = read_options (bench);

  set_options (bench, before, before);
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_up_to_date);
  g_assert_true (bench->result.is_verified);
  g_assert_false (bench->result.is_written);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_LOST), ==, 0);
}

/* Nothing of this reaches the board. */
static void
test_refused (void)
{
  static const struct {
    const char *field;
    guint32 value;
    FlashJobError code;
  } cases[] = {
    { "RDP", 0xcc, FLASH_JOB_ERROR_UNSUPPORTED }, /* level 2 */
    { "RDP", 0x55, FLASH_JOB_ERROR_UNSUPPORTED }, /* level 1: locked */
  };
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) before = read_options (bench);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) wanted = change (before, cases[i].field, cases[i].value);
    g_autoptr (GBytes) now = NULL;

    set_options (bench, before, wanted);
    flash_mcu_bench_run_into (bench, cases[i].code);
    g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
    now = read_options (bench);
    g_assert_true (g_bytes_equal (now, before));
  }
}

/* An U5 shows its option bytes when it is protected; taking that back erases it, and is asked for
 * by another name. */
static void
test_protected (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32u575", "rdp=1");
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) wanted = NULL;
  guint8 *bytes;
  gsize length;

  flash_mcu_bench_set_verb (bench, FLASH_MCU_READ);
  bench->job.address = 0x40022040;
  flash_mcu_bench_run_well (bench);
  before = g_bytes_ref (bench->result.content);
  bytes = g_memdup2 (g_bytes_get_data (before, &length), g_bytes_get_size (before));
  bytes[0] = 0xaa;
  wanted = g_bytes_new_take (bytes, length);
  set_options (bench, before, wanted);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_UNSUPPORTED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
}

static void
test_changed_meanwhile (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) before = read_options (bench);
  g_autoptr (GBytes) shown = change (before, "nRST_STOP", 0);
  g_autoptr (GBytes) wanted = change (before, "nRST_STDBY", 0);

  set_options (bench, shown, wanted);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_OPTIONS_CHANGED);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
}

static void
test_wrong_size (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", NULL);
  g_autoptr (GBytes) wanted = flash_test_make_bytes (15, 1);

  set_options (bench, NULL, wanted);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_UNSUPPORTED);
}

/* Boards without option bytes, or without a way to them. */
static void
test_none (void)
{
  static const struct {
    const char *model;
    const char *keys;
    FlashJobError code;
  } cases[] = {
    { "cubemx-dfu", NULL, FLASH_JOB_ERROR_UNSUPPORTED },
    { "stm32f405", "rdp=1", FLASH_JOB_ERROR_READ_REFUSED },
  };
  g_autoptr (GBytes) wanted = flash_test_make_bytes (16, 1);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (cases[i].model, cases[i].keys);

    set_options (bench, NULL, wanted);
    flash_mcu_bench_run_into (bench, cases[i].code);
  }
}

/* Acknowledged, and still as they were. */
static void
test_not_taken (void)
{
  g_autoptr (FlashMcuBench) bench =
      flash_mcu_bench_new ("stm32f405", "fault=write-dropped@bootloader");
  g_autoptr (GBytes) before = read_options (bench);
  g_autoptr (GBytes) wanted = change (before, "nRST_STDBY", 0);

  set_options (bench, before, wanted);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_OPTIONS_NOT_TAKEN);
  g_assert_true (bench->result.is_written);
  g_assert_false (bench->result.is_verified);
  g_assert_true (g_bytes_equal (bench->result.option_bytes, before));
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_LOADER);
}

/* With the button released, the chip starts its program after the reset: what it took nobody saw.
 */
static void
test_never_came_back (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", "boot0=button");
  g_autoptr (GBytes) before = read_options (bench);
  g_autoptr (GBytes) wanted = change (before, "nRST_STDBY", 0);

  set_options (bench, before, wanted);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_RESET_INTO_PROGRAM);
  g_assert_true (bench->result.is_written);
  g_assert_false (bench->result.is_verified);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNKNOWN);
}

/* --- Write protection ----------------------------------------------------------------------- */

#define OPTIONS_F1 0x1ffff800u

/* From the diagnosis to the cure: the sectors are protected, the protection is taken off, and the
 * same job as before succeeds. */
static void
test_cure_write_protection (void)
{
  static const char *const fields[] = { "nWRP0", "nWRP1", "nWRP2", "nWRP3" };
  const FlashOptionLayout *layout = flash_option_layout_find ("f1");
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f105", "wrp=all");
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (5000, 1);
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) wanted = NULL;
  guint8 *bytes;
  gsize length;

  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_WRITE_PROTECTED);
  g_assert_cmpint (bench->result.diagnosis.next, ==, FLASH_NEXT_OPTION_BYTES);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_READ);
  bench->job.address = OPTIONS_F1;
  flash_mcu_bench_run_well (bench);
  before = g_bytes_ref (bench->result.content);
  bytes = g_memdup2 (g_bytes_get_data (before, &length), g_bytes_get_size (before));
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_true (flash_option_layout_set (
        layout, flash_option_layout_find_field (layout, fields[i]), 0xff, bytes, NULL));
  wanted = g_bytes_new_take (bytes, length);
  g_assert_false (g_bytes_equal (before, wanted));
  set_options (bench, before, wanted);
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_PROGRAM);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
}

/* --- Read protection ------------------------------------------------------------------------ */

static void
test_unprotect (gconstpointer model)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (model, "rdp=1");
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (5000, 1);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_UNPROTECT);
  flash_mcu_bench_run_well (bench);
  g_assert_true (bench->result.is_verified);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_BLANK);
  g_assert_true (bench->result.rdp == FLASH_RDP_NONE || bench->result.rdp == FLASH_RDP_UNKNOWN);
  g_assert_cmpuint (flash_mcu_bench_count (bench, FLASH_EVENT_RETURNED), ==, 1);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_PROGRAM);
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  flash_mcu_bench_run_well (bench);
  g_assert_true (flash_mcu_bench_holds (bench, 0, firmware));
}

/* What is not protected is not erased by asking for that. */
static void
test_not_protected (gconstpointer data)
{
  const char *model = data;
  guint32 offset = g_str_equal (model, "cubemx-dfu") ? 0xc000 : 0;
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (model, offset > 0 ? "skeleton=no" : NULL);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (5000, 1);

  flash_mcu_bench_put (bench, offset, firmware);
  flash_mcu_bench_set_verb (bench, FLASH_MCU_UNPROTECT);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_NOT_PROTECTED);
  g_assert_false (bench->result.is_written);
  g_assert_false (bench->result.has_diagnosis);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
  g_assert_true (flash_mcu_bench_holds (bench, offset, firmware));
}

/* ST's middleware takes the request and does nothing (stm32-dfuse.md section 2.2): it never leaves
 * the bus, and that is what is said. */
static void
test_unprotect_ignored (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("cubemx-dfu", NULL);

  flash_mcu_bench_set_verb (bench, FLASH_MCU_UNPROTECT);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_UNSUPPORTED);
  g_assert_false (bench->result.is_written);
  g_assert_false (bench->result.is_verified);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNTOUCHED);
}

static void
test_unprotect_gone (void)
{
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", "rdp=1,boot0=button");

  flash_mcu_bench_set_verb (bench, FLASH_MCU_UNPROTECT);
  flash_mcu_bench_run_into (bench, FLASH_JOB_ERROR_RESET_INTO_PROGRAM);
  g_assert_true (bench->result.is_written);
  g_assert_false (bench->result.is_verified);
  g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_UNKNOWN);
  /* A long wait is told, too. */
  g_assert_nonnull (flash_mcu_bench_find (bench, FLASH_EVENT_WARNING));
  g_assert_cmpstr (flash_mcu_bench_find (bench, FLASH_EVENT_WARNING)->code, ==, "still-waiting");
}

static void
assert_blank (GBytes *content)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (content, &length);

  for (gsize i = 0; i < length; i++)
    g_assert_cmphex (bytes[i], ==, 0xff);
}

/* Half of a regression: still protected, and the same again completes it (section 4.7). */
static void
test_unprotect_cut (void)
{
  guint n_cut = 0, n_completed = 0;

  for (guint request = 1; request < 60; request++) {
    g_autofree char *keys = g_strdup_printf ("rdp=1,fault=power-cut@%u", request);
    g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new ("stm32f405", keys);

    flash_mcu_bench_set_verb (bench, FLASH_MCU_UNPROTECT);
    if (flash_mcu_bench_run (bench))
      continue;
    n_cut++;
    g_assert_false (bench->result.is_verified);
    flash_mcu_bench_power_cycle (bench);
    if (!flash_mcu_bench_run (bench)) {
      /* It had come to its end before the power went away. */
      g_assert_error (bench->error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NOT_PROTECTED);
      flash_mcu_bench_set_verb (bench, FLASH_MCU_READ);
      bench->job.address = FLASH_MCU_BENCH_FLASH;
      flash_mcu_bench_run_well (bench);
      assert_blank (bench->result.content);
      continue;
    }
    n_completed++;
    g_assert_cmpint (bench->result.state, ==, FLASH_MCU_STATE_BLANK);
  }
  g_assert_cmpuint (n_cut, >, 5);
  g_assert_cmpuint (n_completed, >, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mcu-options/write", test_write);
  g_test_add_func ("/mcu-options/unchanged", test_unchanged);
  g_test_add_func ("/mcu-options/refused", test_refused);
  g_test_add_func ("/mcu-options/protected", test_protected);
  g_test_add_func ("/mcu-options/changed-meanwhile", test_changed_meanwhile);
  g_test_add_func ("/mcu-options/wrong-size", test_wrong_size);
  g_test_add_func ("/mcu-options/none", test_none);
  g_test_add_func ("/mcu-options/not-taken", test_not_taken);
  g_test_add_func ("/mcu-options/never-came-back", test_never_came_back);
  g_test_add_func ("/mcu-options/cure-write-protection", test_cure_write_protection);
  g_test_add_data_func ("/mcu-options/unprotect/f405", "stm32f405", test_unprotect);
  g_test_add_data_func ("/mcu-options/unprotect/f105", "stm32f105", test_unprotect);
  g_test_add_data_func ("/mcu-options/unprotect/u575", "stm32u575", test_unprotect);
  g_test_add_data_func ("/mcu-options/unprotect/l072", "stm32l072", test_unprotect);
  g_test_add_data_func ("/mcu-options/unprotect/open-f405", "stm32f405", test_not_protected);
  g_test_add_data_func ("/mcu-options/unprotect/open-u575", "stm32u575", test_not_protected);
  g_test_add_data_func ("/mcu-options/unprotect/open-loader", "cubemx-dfu", test_not_protected);
  g_test_add_func ("/mcu-options/unprotect/ignored", test_unprotect_ignored);
  g_test_add_func ("/mcu-options/unprotect/gone", test_unprotect_gone);
  g_test_add_func ("/mcu-options/unprotect/cut", test_unprotect_cut);
  return g_test_run ();
}
