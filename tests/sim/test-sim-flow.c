/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flows of stm32mp-usb.md section 1.8, request by request. */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-bytes.h"

static const char sd_layout[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                                "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\n"
                                "-\t0x03\tfip-boot\tFIP\tnone\t0x0\n"
                                "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\n"
                                "P\t0x05\tfsbl2\tBinary\tmmc0\t0x00044400\n"
                                "PED\t0x0A\tu-boot-env\tENV\tmmc0\t0x00084400\n"
                                "P\t0x10\tbootfs\tSystem\tmmc0\t0x00100400\n"
                                "P\t0x11\trootfs\tFileSystem\tmmc0\t0x00500400\n";

static const struct {
  guint id;
  guint64 offset;
  gsize length;
} sd_parts[] = {
  { 0x04, 0x4400, 70000 },
  { 0x05, 0x44400, 4096 },
  { 0x10, 0x100400, 4 * 1024 * 1024 },
  { 0x11, 0x500400, 20 * 1024 * 1024 + 4 },
};

static void
flash_sd_parts (Bench *bench)
{
  for (guint i = 0; i < G_N_ELEMENTS (sd_parts); i++) {
    g_autofree guint8 *bytes = g_malloc (sd_parts[i].length);

    bench_fill (bytes, sd_parts[i].length, sd_parts[i].id);
    bench_assert_phase (bench, sd_parts[i].id);
    bench_download (bench, sd_parts[i].id, bytes, sd_parts[i].length, 4096);
  }
  bench_assert_phase (bench, 0xfe);
}

static void
check_sd_parts (const char *folder)
{
  for (guint i = 0; i < G_N_ELEMENTS (sd_parts); i++) {
    g_autofree guint8 *bytes = g_malloc (sd_parts[i].length);
    g_autoptr (GByteArray) got =
        bench_read_file (folder, "mmc0.img", sd_parts[i].offset, sd_parts[i].length);

    bench_fill (bytes, sd_parts[i].length, sd_parts[i].id);
    assert_bytes (got, 0, bytes, sd_parts[i].length);
  }
}

static void
test_whole_flow (gconstpointer model)
{
  g_autofree char *folder = bench_make_folder ();
  g_autofree char *id = bench_make_id (model, folder, NULL);
  g_autoptr (Bench) bench = bench_new (id);

  bench_boot (bench);
  bench_start_layout (bench, sd_layout);
  flash_sd_parts (bench);
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_false (bench_reopen (bench, 60000));
  check_sd_parts (folder);
  g_clear_pointer (&bench, bench_free);
  bench_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/sim/flow/mp157", "stm32mp157", test_whole_flow);
  g_test_add_data_func ("/sim/flow/mp135", "stm32mp135", test_whole_flow);
  g_test_add_data_func ("/sim/flow/mp257", "stm32mp257", test_whole_flow);
  return g_test_run ();
}
