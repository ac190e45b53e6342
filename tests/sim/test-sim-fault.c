/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every fault that is listed, one by one: what it does, and that it is over when it should be. */
#include "config.h"

#include "flash-sim-faults.h"

#include <string.h>

int
fault_try_status (Bench *bench, guint8 *out_bytes, gsize *out_length)
{
  return bench_in (bench, FLASH_DFU_REQUEST_GETSTATUS, 0, out_bytes, FLASH_DFU_STATUS_LENGTH,
                   out_length);
}

void
fault_detach (Bench *bench)
{
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
}

void
fault_send_fsbl (Bench *bench)
{
  gboolean is_mp15 = strstr (flash_board_get_id (bench->board), "mp157") != NULL;
  g_autoptr (GByteArray) fsbl = bench_make_stm32 (is_mp15 ? 0x00010000 : 0x00020000, 2000, 1);

  bench_select (bench, 0x01);
  bench_send_blocks (bench, fsbl->data, fsbl->len, 1024);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DNLOAD, 0, NULL, 0), ==, BENCH_OK);
}

void
fault_start_fsbl (Bench *bench)
{
  fault_send_fsbl (bench);
  bench_assert_status (bench, 0, FLASH_DFU_STATE_MANIFEST);
}

static gboolean
has_case (const FaultCase *cases, const char *kind)
{
  for (guint i = 0; cases[i].kind != NULL; i++)
    if (g_str_equal (cases[i].kind, kind))
      return TRUE;
  return FALSE;
}

static void
test_all_are_tested (void)
{
  const char *const *list = flash_sim_provider_list_faults ();

  for (guint i = 0; list[i] != NULL; i += 2) {
    g_test_message ("%s: %s", list[i], list[i + 1]);
    g_assert_true (has_case (fault_wire_cases, list[i]) || has_case (fault_stage_cases, list[i]) ||
                   has_case (fault_mcu_cases, list[i]));
    g_assert_cmpint (strlen (list[i + 1]), >, 10);
  }
}

/* Several at once, each at its own moment. */
static void
test_script (void)
{
  g_autoptr (Bench) bench = bench_new (FAULT_ROM "stall@2;stall@4;timeout@3");
  guint8 bytes[6];
  gsize length;

  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_STALL);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_TIMED_OUT);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_STALL);
  g_assert_cmpint (fault_try_status (bench, bytes, &length), ==, BENCH_OK);
}

static void
add_cases (const char *group, const FaultCase *cases)
{
  for (guint i = 0; cases[i].kind != NULL; i++) {
    g_autofree char *path = g_strdup_printf ("/sim/fault/%s/%s/%u", group, cases[i].kind, i);

    g_test_add_func (path, cases[i].test);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_cases ("wire", fault_wire_cases);
  add_cases ("stages", fault_stage_cases);
  add_cases ("mcu", fault_mcu_cases);
  g_test_add_func ("/sim/fault/all-are-tested", test_all_are_tested);
  g_test_add_func ("/sim/fault/script", test_script);
  return g_test_run ();
}
