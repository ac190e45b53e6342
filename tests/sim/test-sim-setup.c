/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What U-Boot says between a good layout and its second enumeration: every text of
 * stm32mp-usb.md section 3.5, and the addresses and sizes of section 3.6. */
#include "config.h"

#include "flash-sim-bench.h"

#include <string.h>

#define L(opt, id, name, type, ip, offset) opt "\t" id "\t" name "\t" type "\t" ip "\t" offset "\n"

static const struct {
  const char *keys;
  const char *layout;
  const char *error;
} bad[] = {
  { NULL, L ("P", "1", "a", "FIP", "none", "0"), "Layout: selected none phase = 0x1 for part a" },
  { NULL, L ("P", "0", "a", "FIP", "mmc0", "0x4400"), "Layout: invalid phase = 0x0 for part a" },
  { NULL, L ("P", "4", "a", "FIP", "mmc0", "0x4400") L ("P", "4", "b", "FIP", "mmc0", "0x8000"),
    "Layout: duplicated phase 0x4 for part a and b" },
  { NULL, L ("P", "4", "a", "FIP", "mmc0", "0x4400") L ("-", "4", "b", "FIP", "none", "0"),
    "Layout: duplicated phase 0x4 for part a and b" },
  { NULL,
    L ("P", "4", "a", "FIP", "mmc0", "0x4400") L ("P", "5", "b", "FIP", "mmc1", "0x80000")
        L ("P", "6", "c", "FIP", "nor0", "0") L ("P", "7", "d", "FIP", "nand0", "0") L (
            "P", "8", "e", "FIP", "ram0", "0xC0000000") L ("P", "9", "f", "FIP", "spi-nand0", "0"),
    "Layout: too many device" },
  { "mmc0=none", L ("P", "4", "a", "FIP", "mmc0", "0x4400"), "mmc device 0 not found" },
  { NULL, L ("P", "4", "a", "FIP", "mmc2", "0x4400"), "mmc device 2 not found" },
  { "fault=init-error@uboot", L ("P", "4", "a", "FIP", "mmc0", "0x4400"),
    "mmc device 0 not probed" },
  { "nand0=none", L ("P", "4", "a", "FIP", "nand0", "0"), "MTD device nand0 not found" },
  { NULL, L ("P", "4", "a", "FIP", "spi-nand0", "0"), "MTD device spi-nand0 not found" },
  { NULL, L ("P", "4", "a", "FIP", "nor1", "0"), "MTD device nor1 not found" },
  { "fault=init-error@uboot", L ("P", "4", "a", "FIP", "ram0", "0xC0000000"),
    "dfu init failed: -19" },
  { "build=no-mmc", L ("P", "4", "a", "FIP", "mmc0", "0x4400"), "unknown device type = 1" },
  { "build=no-mtd", L ("P", "4", "a", "FIP", "nor0", "0"), "unknown device type = 2" },
  { "build=no-ram", L ("P", "4", "a", "FIP", "ram0", "0xC0000000"), "invalid target: 5" },
  { NULL, L ("P", "4", "fsbl", "Binary(2)", "mmc0", "0x4400"),
    "fsbl (0x4): multiple binary 2 not supported" },
  { NULL, L ("P", "4", "boot", "Binary(2)", "nand0", "0"),
    "boot (0x4): multiple binary 2 not supported" },
  { NULL, L ("P", "0x10", "fsbl1", "Binary(3)", "nand0", "0"),
    "fsbl1 (0x10): multiple binary 3 not supported" },
  { NULL, L ("P", "4", "fsbl1", "Binary(2)", "nor0", "0"),
    "fsbl1 (0x4): multiple binary 2 not supported" },
  { NULL, L ("P", "4", "a", "Binary", "nor0", "boot1"), "a (0x4): hw partition not expected : -1" },
  { NULL, L ("P", "4", "a", "Binary", "ram0", "boot2"), "a (0x4): hw partition not expected : -2" },
  { NULL, L ("P", "4", "a", "FIP", "mmc0", "0x8000") L ("P", "5", "b", "FIP", "mmc0", "32768"),
    "a (0x4): same address : 0x8000 == b (0x5): 0x8000" },
  { "mmc0=1M",
    L ("P", "4", "a", "FIP", "mmc0", "0x4400") L ("P", "5", "b", "FIP", "mmc0", "0x200000"),
    "b (0x5): invalid address 0x200000 (max=0xfba00)" },
  { "nor0=1M", L ("P", "4", "a", "FIP", "nor0", "0x110000"),
    "a (0x4): invalid address 0x110000 (max=0x100000)" },
  { NULL, L ("P", "4", "a", "FIP", "mmc0", "0x4200"),
    "a (0x4): invalid address 0x4200 (min=0x4400)" },
  { NULL, L ("P", "4", "a", "FIP", "mmc1", "0x40000"),
    "a (0x4): invalid address 0x40000 (min=0x80000)" },
  { NULL, L ("P", "4", "a", "FIP", "ram0", "0xB0000000"),
    "a (0x4): invalid address 0xb0000000 (min=0xc0000000)" },
  { NULL, L ("P", "4", "a", "FIP", "mmc0", "0x4401"),
    "a (0x4): not aligned address : 0x4401 on erase size 0x200" },
  { NULL, L ("P", "4", "a", "FIP", "mmc1", "0x90000"),
    "a (0x4): not aligned address : 0x90000 on erase size 0x80000" },
  { NULL, L ("P", "4", "a", "FIP", "nor0", "0x8000"),
    "a (0x4): not aligned address : 0x8000 on erase size 0x10000" },
  { NULL, L ("P", "4", "a", "FIP", "nand0", "0x20000"),
    "a (0x4): not aligned address : 0x20000 on erase size 0x40000" },
  { NULL, L ("-", "4", "a", "FIP", "mmc0", "0x4400"),
    "a (0x4):Couldn't find part 1 on device mmc 0" },
  { "mtd=0x80000:0x80000",
    L ("P", "4", "a", "FIP", "nor0", "0") L ("P", "5", "b", "FIP", "nor0", "0x80000")
        L ("P", "6", "c", "FIP", "nor0", "0x100000"),
    "c (0x6):Couldn't find part 3 on device mtd nor0" },
  { "mtd=0x80000:0x80000", L ("P", "4", "a", "FIP", "nor0", "0x10000"),
    "a (0x4): Bad address for partition 1 (a) = 0x10000 <> 0x0 expected" },
  { "mtd=0x80000:0x80000",
    L ("P", "4", "a", "FIP", "nor0", "0") L ("P", "5", "b", "FIP", "nor0", "0x90000"),
    "a (0x4): Bad size for partition 1 (a) at 0x0 = 0x90000 <> 0x80000 expected" },
  { "fault=erase-error@uboot", L ("PD", "4", "a", "FIP", "mmc0", "0x4400"),
    "a (0x4): MMC erase failed" },
  { "fault=erase-error@uboot", L ("PED", "4", "a", "RawImage", "nor0", "0x10000"),
    "a (0x4): MTD erase commands failed (mtd erase nor0 0x0 0x4000000)" },
  { "fault=erase-error@uboot,nor0=1M", L ("PED", "4", "a", "ENV", "nor0", "0x10000"),
    "a (0x4): MTD erase commands failed (mtd erase nor0 0x10000 0xf0000)" },
  { "build=no-erase", L ("PD", "4", "a", "FIP", "mmc0", "0x4400"), "a (0x4): erase invalid" },
  { "mmc0=1M", L ("P", "4", "a;b", "FIP", "mmc0", "0x4400"),
    "GPT partitionning fail: gpt write mmc 0 \"name=a;b,start=0x4400,size=0xf7600,"
    "type=19d5df83-11b0-457b-be2c-7559c13142a5;\"" },
  { "mmc0=1M,fault=gpt-error@uboot", L ("P", "4", "a", "FIP", "mmc0", "0x4400"),
    "GPT partitionning fail: gpt write mmc 0 \"name=a,start=0x4400,size=0xf7600,"
    "type=19d5df83-11b0-457b-be2c-7559c13142a5;\"" },
};

static Bench *
new_uboot (const char *keys)
{
  g_autofree char *id = g_strdup_printf ("virtual:stm32mp157,stage=uboot%s%s",
                                         keys != NULL ? "," : "", keys != NULL ? keys : "");

  return bench_new (id);
}

/* The layout is taken; that it does not fit the board shows after the second enumeration. */
static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (Bench) bench = new_uboot (bad[i].keys);

    bench_tell (bad[i].layout);
    bench_start_layout (bench, bad[i].layout);
    g_assert_cmpint (bench_find_alternate (bench, 0x00), ==, 0);
    bench_assert_error (bench, bad[i].error);
    /* Having been read, the error makes DETACH a reset (section 1.4.4). */
    g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
    g_assert_true (bench_reopen (bench, 2000));
    bench_assert_phase (bench, 0x01);
  }
}

/* A list of alternates as U-Boot shows them. */
static const struct {
  const char *keys;
  const char *layout;
  guint phase;
  const char *names[10];
} good[] = {
  /* sizes: to the next line, the last to the reserved end; units by strict greater-than */
  { "mmc0=8G",
    L ("P", "4", "fsbl1", "Binary", "mmc0", "0x4400") L ("P", "5", "fsbl2", "Binary", "mmc0",
                                                         "0x44400")
        L ("PED", "6", "a", "ENV", "mmc0", "0x144400") L ("PE", "7", "b", "ENV", "mmc0", "0x144600")
            L ("P", "8", "c", "FIP", "mmc0", "0x40144600"),
    0x04,
    { "@fsbl1/0x04/1*256Ke", "@fsbl2/0x05/1*1024Ke", "@a/0x06/1*512Ba", "@b/0x07/1*1024Ma",
      "@c/0x08/1*6Ge" } },
  /* by rising Id; a `none` line first hides the later line; the name is cut at a blank */
  { "nor0=1M",
    L ("-", "0x12", "boot", "FIP", "none", "0") L ("P", "0x12", "hidden", "FIP", "nor0", "0")
        L ("P", "0x11", "a b", "FIP", "nor0", "0x40000")
            L ("PE", "0x10", "b", "FIP", "nor0", "0x80000"),
    0x11,
    { "@b/0x10/1*512Ka", "@a" } },
  /* 31 characters just fit; one more would be cut */
  { "mmc0=2G",
    L ("P", "0x10", "abcdefghijklmnop", "FIP", "mmc0", "0x4400")
        L ("P", "0x11", "b", "FIP", "mmc0", "0x3FF04400"),
    0x10,
    { "@abcdefghijklmnop/0x10/1*1023Me", "@b/0x11/1*1Ge" } },
  { "mmc0=2G",
    L ("P", "0x10", "abcdefghijklmnop", "FIP", "mmc0", "0x4400"),
    0x10,
    { "@abcdefghijklmnop/0x10/1*1Ge" } },
  /* eMMC: boot partitions, one erase group left free at the end */
  { "mmc1=64M,mmc1boot=2M",
    L ("P", "5", "f2", "Binary", "mmc1", "boot2") L ("P", "4", "f1", "Binary", "mmc1", "boot1")
        L ("P", "6", "a", "FIP", "mmc1", "0x80000"),
    0x04,
    { "@f1/0x04/1*2Me", "@f2/0x05/1*2Me", "@a/0x06/1*63Me" } },
  /* boot partitions of a card that has none */
  { NULL, L ("P", "4", "f1", "Binary", "mmc0", "boot1"), 0x04, { "@f1/0x04/1*0Be" } },
  /* RawImage: whole device, but its offset ends the line before it */
  { "nor0=1M",
    L ("P", "0x10", "a", "FIP", "nor0", "0") L ("P", "0x11", "raw", "RawImage", "nor0", "0x40000")
        L ("P", "0x12", "b", "FIP", "nor0", "0x80000"),
    0x10,
    { "@a/0x10/1*256Ke", "@raw/0x11/1*1024Ke", "@b/0x12/1*512Ke" } },
  { "mtd=0x40000:0xC0000,nor0=1M",
    L ("P", "0x10", "a", "FIP", "nor0", "0") L ("P", "0x12", "b", "FIP", "nor0", "0x40000"),
    0x10,
    { "@a/0x10/1*256Ke", "@b/0x12/1*768Ke" } },
  { NULL, L ("P", "0x10", "k", "System", "ram0", "0xC2000000"), 0x10, { "@k/0x10/1*992Me" } },
  { "spi-nand0=1M",
    L ("P", "4", "fsbl1", "Binary(2)", "spi-nand0", "0"),
    0x04,
    { "@fsbl1/0x04/1*1024Ke" } },
  /* nothing to write at all */
  { NULL, L ("-", "1", "boot", "FIP", "none", "0"), 0xfe, { NULL } },
  { NULL, L ("PE", "0x10", "a", "FIP", "mmc0", "0x4400"), 0xfe, { "@a/0x10/1*7Ga" } },
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (Bench) bench = new_uboot (good[i].keys);
    g_autoptr (FlashDescriptors) descriptors = NULL;
    guint n = 0;

    bench_tell (good[i].layout);
    bench_start_layout (bench, good[i].layout);
    bench_assert_phase (bench, good[i].phase);
    descriptors = flash_descriptors_read (bench->transport, BENCH_TIMEOUT_MS, NULL);
    for (; good[i].names[n] != NULL; n++)
      g_assert_cmpstr (((FlashAlternate *) g_ptr_array_index (descriptors->alternates, n))->name,
                       ==, good[i].names[n]);
    g_assert_cmpint (descriptors->alternates->len, ==, n + 3);
    g_assert_cmpstr (((FlashAlternate *) g_ptr_array_index (descriptors->alternates, n))->name, ==,
                     "@virtual/0xf1/1*512Be");
  }
}

/* Section 3.8: the command has 8 KiB; what does not fit is left out, and then cannot be found. */
static void
test_long_table (void)
{
  static const guint counts[] = { 60, 100 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++) {
    g_autoptr (Bench) bench = new_uboot (NULL);
    g_autoptr (GString) layout = g_string_new (NULL);

    for (guint j = 0; j < counts[i]; j++)
      g_string_append_printf (layout, "P\t%u\tpartition%u\tFileSystem\tmmc0\t0x%x\n", j + 16, j,
                              0x100000 * (j + 1));
    bench_start_layout (bench, layout->str);
    if (counts[i] == 60)
      bench_assert_phase (bench, 16);
    else
      bench_assert_error (bench, "dfu init failed: -19");
  }
}

/* The time for erasing is on top of the time for the enumeration. */
static void
test_erase_takes_time (void)
{
  static const char *const layouts[] = {
    L ("P", "4", "a", "RawImage", "nand0", "0") L ("P", "5", "b", "FIP", "ram0", "0xC0000000"),
    L ("PD", "4", "a", "RawImage", "nand0", "0") L ("PD", "5", "b", "FIP", "ram0", "0xC0000000"),
  };
  gint64 times_us[G_N_ELEMENTS (layouts)];

  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++) {
    g_autoptr (Bench) bench = new_uboot (NULL);
    gint64 start_us = flash_clock_get_time_us (bench->clock);

    bench_start_layout (bench, layouts[i]);
    times_us[i] = flash_clock_get_time_us (bench->clock) - start_us;
  }
  g_assert_cmpint (times_us[0], >=, 500000);
  g_assert_cmpint (times_us[0], <, 700000);
  g_assert_cmpint (times_us[1] - times_us[0], >=, 2000000);
}

static void
test_console (void)
{
  g_autoptr (Bench) bench = new_uboot (NULL);

  bench_start_layout (bench, L ("PD", "4", "a", "FIP", "mmc0", "0x4400"));
  bench_assert_console (bench, "FlashLayout received, size = 279\n");
  bench_assert_console (bench, "partitions on mmc0: done\n");
  bench_assert_console (bench, "Erasing a on mmc 0: done\n");
  bench_assert_console (bench, "DFU alt info setting: done\n");
  bench_assert_console (bench, "Phase=0x4\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/setup/bad", test_bad);
  g_test_add_func ("/sim/setup/good", test_good);
  g_test_add_func ("/sim/setup/long-table", test_long_table);
  g_test_add_func ("/sim/setup/erase-takes-time", test_erase_takes_time);
  g_test_add_func ("/sim/setup/console", test_console);
  return g_test_run ();
}
