/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fault sweep over single operations: each of them with each fault at each of its requests.
 * They end, in time, and what they claim is so. */
#include "config.h"

#include "flash-mcu-bench.h"
#include "flash-test-images.h"

/* An erase that never ends is waited for as long as the slowest chip needs. */
#define PATIENCE_US (G_GINT64_CONSTANT (15) * 60 * G_USEC_PER_SEC)
#define OPTIONS_LENGTH 16
#define SIZE 3000

static const char *const kinds[] = {
  "stall",           "timeout",    "lost-answer",   "short",         "corrupt",
  "unplug",          "replug",     "power-cut",     "endless-busy",  "long-nak",
  "strings-unknown", "bad-string", "erase-ignored", "write-dropped", "read-vendor",
};

typedef struct {
  const char *what;
  const char *model;
  const char *keys;
  void (*prepare) (FlashMcuBench *bench);
  /* Returns: whether what the job claims is so. */
  gboolean (*is_so) (FlashMcuBench *bench);
} Operation;

/* --- Reading -------------------------------------------------------------------------------- */

static void
prepare_read (FlashMcuBench *bench)
{
  bench->job.verb = FLASH_MCU_READ;
  bench->job.address = FLASH_MCU_BENCH_FLASH + 100;
  bench->job.length = SIZE;
}

static gboolean
is_read (FlashMcuBench *bench)
{
  return bench->error != NULL || flash_mcu_bench_holds (bench, 100, bench->result.content);
}

/* --- Erasing -------------------------------------------------------------------------------- */

static void
prepare_erase (FlashMcuBench *bench)
{
  bench->job.verb = FLASH_MCU_ERASE;
  bench->job.address = FLASH_MCU_BENCH_FLASH;
  bench->job.length = 4096;
}

static gboolean
is_blank (FlashMcuBench *bench, gsize length)
{
  g_autoptr (GBytes) flash = flash_mcu_bench_read_file (bench, "flash.bin");
  const guint8 *bytes = g_bytes_get_data (flash, NULL);

  for (gsize i = 0; i < length; i++)
    if (bytes[i] != 0xff)
      return FALSE;
  return TRUE;
}

static gboolean
is_erased (FlashMcuBench *bench)
{
  return !bench->result.is_verified || is_blank (bench, 4096);
}

/* --- Option bytes --------------------------------------------------------------------------- */

static void
prepare_options (FlashMcuBench *bench)
{
  const FlashOptionLayout *layout = flash_option_layout_find ("f4");
  g_autoptr (GBytes) now = flash_mcu_bench_read_file (bench, "options.bin");
  guint8 *bytes = g_memdup2 (g_bytes_get_data (now, NULL), OPTIONS_LENGTH);

  g_assert_true (flash_option_layout_set (layout, flash_option_layout_find_field (layout, "nWRP"),
                                          0xff0, bytes, NULL));
  bench->job.verb = FLASH_MCU_WRITE_OPTIONS;
  bench->job.option_bytes = g_bytes_new_take (bytes, OPTIONS_LENGTH);
}

static gboolean
are_options_taken (FlashMcuBench *bench)
{
  g_autoptr (GBytes) now = flash_mcu_bench_read_file (bench, "options.bin");

  return !bench->result.is_verified ||
         memcmp (g_bytes_get_data (now, NULL), g_bytes_get_data (bench->job.option_bytes, NULL),
                 OPTIONS_LENGTH) == 0;
}

/* --- Unprotecting --------------------------------------------------------------------------- */

static void
prepare_unprotect (FlashMcuBench *bench)
{
  bench->job.verb = FLASH_MCU_UNPROTECT;
}

static gboolean
is_open (FlashMcuBench *bench)
{
  g_autoptr (GBytes) flash = flash_mcu_bench_read_file (bench, "flash.bin");

  return !bench->result.is_verified || is_blank (bench, g_bytes_get_size (flash));
}

/* --- Leaving -------------------------------------------------------------------------------- */

static void
prepare_leave (FlashMcuBench *bench)
{
  bench->job.verb = FLASH_MCU_LEAVE;
}

static gboolean
has_left (FlashMcuBench *bench)
{
  return !bench->result.is_started ||
         flash_sim_device_get_chip_state (bench->device) != FLASH_SIM_CHIP_ROM;
}

/* --- Plain DFU ------------------------------------------------------------------------------ */

static void
prepare_plain (FlashMcuBench *bench)
{
  bench->job.verb = FLASH_MCU_PROGRAM;
  flash_mcu_bench_set_image (bench, 0, flash_test_make_bytes (SIZE, 3));
}

static gboolean
is_stored (FlashMcuBench *bench)
{
  g_autoptr (GBytes) wanted = flash_test_make_bytes (SIZE, 3);

  return !bench->result.is_verified || flash_mcu_bench_holds (bench, 0, wanted);
}

static const Operation operations[] = {
  { "read", "stm32g474", NULL, prepare_read, is_read },
  { "erase", "stm32g474", NULL, prepare_erase, is_erased },
  { "options", "stm32f405", NULL, prepare_options, are_options_taken },
  { "unprotect", "stm32f105", "rdp=1", prepare_unprotect, is_open },
  { "leave", "stm32f405", NULL, prepare_leave, has_left },
  { "plain", "dfu", NULL, prepare_plain, is_stored },
  { "detach", "dfu-runtime", NULL, prepare_plain, is_stored },
};

static void
complain (FlashMcuBench *bench, const Operation *operation, const char *fault, const char *what)
{
  g_test_message ("%s with %s %s: %s", operation->what, fault, what,
                  bench->error != NULL ? bench->error->message : "");
  g_test_fail ();
}

/* Returns: whether the fault came before the job was over. */
static gboolean
run_with (const Operation *operation, const char *kind, guint64 request)
{
  g_autofree char *fault = g_strdup_printf ("%s@%" G_GUINT64_FORMAT, kind, request);
  g_autofree char *keys =
      g_strdup_printf ("%s%sfault=%s", operation->keys != NULL ? operation->keys : "",
                       operation->keys != NULL ? "," : "", fault);
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (operation->model, keys);
  gboolean is_late;

  operation->prepare (bench);
  flash_mcu_bench_run (bench);
  is_late = flash_mcu_bench_get_n_requests (bench) < request;
  if (flash_clock_get_time_us (bench->clock) > PATIENCE_US)
    complain (bench, operation, fault, "took too long");
  if (!operation->is_so (bench))
    complain (bench, operation, fault, "claims what is not so");
  if (bench->error == NULL && !bench->result.is_verified && bench->job.verb != FLASH_MCU_READ &&
      bench->job.verb != FLASH_MCU_LEAVE)
    complain (bench, operation, fault, "succeeded without having verified");
  return !is_late;
}

/* Faults of the loader of a microcontroller mean nothing to a plain device. And that a bit was read
 * wrongly nobody can see who does not know what it has to be. */
static gboolean
can_have (const Operation *operation, const char *kind)
{
  static const char *const of_loaders[] = { "erase-ignored", "write-dropped", "read-vendor",
                                            "power-cut", NULL };

  if (g_str_equal (operation->what, "read") && g_str_equal (kind, "corrupt"))
    return FALSE;
  return g_str_has_prefix (operation->model, "stm32") || !g_strv_contains (of_loaders, kind);
}

static void
test_operation (gconstpointer data)
{
  const Operation *operation = data;
  guint n_runs = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (!can_have (operation, kinds[i]))
      continue;
    for (guint64 request = 1; run_with (operation, kinds[i], request); request++)
      n_runs++;
  }
  g_test_message ("%u runs", n_runs);
  g_assert_cmpuint (n_runs, >, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++) {
    g_autofree char *path = g_strdup_printf ("/mcu-sweep-verbs/%s", operations[i].what);

    g_test_add_data_func (path, &operations[i], test_operation);
  }
  return g_test_run ();
}
