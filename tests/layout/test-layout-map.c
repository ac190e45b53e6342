/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Areas and overlaps (stm32mp-usb.md sections 3.6 to 3.10). */
#define G_LOG_DOMAIN "test-layout-map"

#include "config.h"

#include "flash-map-test.h"

#define MIB FLASH_MAP_TEST_MIB
#define UNKNOWN G_MAXUINT64
#define MAX_SIZES 6

static char *
dup_maps (GPtrArray *maps)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < maps->len; i++) {
    g_autofree char *map = flash_map_test_dup_text (g_ptr_array_index (maps, i));

    g_string_append_printf (out, "%s\n", map);
  }
  return g_string_free (out, FALSE);
}

static const struct {
  const char *text;
  guint64 images[MAX_SIZES];
  gboolean has_sizes;
  const char *maps;
} cases[] = {
  { "", { 0 }, TRUE, "" },
  { ROW ("-", "0x01", "x", "Binary", "none", "0x0", "a"), { 100 }, TRUE, "" },
  /* an SD card: table, gap, partitions, table; a file of just the slot, of one byte */
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x44400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0x84400", "b"),
    { 0x40000, 1 },
    TRUE,
    "mmc0: TABLE@0+4400 FREE@4400+40000 a@44400+40000=40000 b@84400+3f77600=1 "
    "TABLE@3ffba00+4600\n" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("PE", "0x05", "b", "Binary", "mmc0", "0x44400", "none"),
    { UNKNOWN, UNKNOWN },
    FALSE,
    "mmc0: TABLE@0+4400 a@4400+40000=? b@44400+?\n" },
  /* what is not sent has no file there */
  { ROW ("PE", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("-", "0x05", "b", "Binary", "mmc0", "0x44400", "a")
            ROW ("P", "0x06", "c", "Binary", "mmc0", "0x84400", "none"),
    { 9, 9, 9 },
    FALSE,
    "mmc0: TABLE@0+4400 a@4400+40000 b@44400+40000 c@84400+?\n" },
  /* one byte too many, and into two lines */
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0x4600", "b")
            ROW ("P", "0x06", "c", "Binary", "mmc0", "0x4800", "c"),
    { 0x201, 0x200, 0 },
    FALSE,
    "mmc0: TABLE@0+4400 a@4400+200=201 b@4600+200=200 c@4800+? !a/b@4600+1\n" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0x4600", "b")
            ROW ("P", "0x06", "c", "Binary", "mmc0", "0x4800", "c"),
    { 0x401, 0, 0 },
    FALSE,
    "mmc0: TABLE@0+4400 a@4400+200=401 b@4600+200 c@4800+? !a/b@4600+200 !a/c@4800+1\n" },
  /* equal offsets: both want the slot; three of them */
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "17408", "b")
            ROW ("P", "0x06", "c", "Binary", "mmc0", "0x4800", "c"),
    { 5, 0x401, 7 },
    FALSE,
    "mmc0: TABLE@0+4400 a@4400+0=5 b@4400+400=401 c@4800+?=7 !a/b@4400+400 !b/c@4800+1\n" },
  { ROW ("P", "0x04", "a", "Binary", "nor0", "0x0", "a")
        ROW ("P", "0x05", "b", "Binary", "nor0", "0x0", "b")
            ROW ("P", "0x06", "c", "Binary", "nor0", "0x0", "c"),
    { 0, 0, 0 },
    TRUE,
    "nor0: a@0+0 b@0+0 c@0+200000 !a/b@0+200000 !b/c@0+200000\n" },
  /* the file of the last one fills it, and is a byte too large */
  { ROW ("P", "0x04", "a", "Binary", "nor0", "0x10000", "a"),
    { 0x1f0000 },
    TRUE,
    "nor0: FREE@0+10000 a@10000+1f0000=1f0000\n" },
  { ROW ("P", "0x04", "a", "Binary", "nor0", "0x10000", "a"),
    { 0x1f0001 },
    TRUE,
    "nor0: FREE@0+10000 a@10000+1f0000=1f0001 !a/@200000+1\n" },
  /* at the end, in the table there, behind it */
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x3ffba00", "a"),
    { 0 },
    TRUE,
    "mmc0: TABLE@0+4400 FREE@4400+3ff7600 a@3ffba00+0 TABLE@3ffba00+4600\n" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x3ffba00", "a"),
    { 3 },
    TRUE,
    "mmc0: TABLE@0+4400 FREE@4400+3ff7600 a@3ffba00+0=3 TABLE@3ffba00+4600 !a/@3ffba00+3\n" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x3ffbc00", "a"),
    { 0 },
    TRUE,
    "mmc0: TABLE@0+4400 FREE@4400+3ff7600 TABLE@3ffba00+200 a@3ffbc00+0 TABLE@3ffbc00+4400 "
    "!a/@3ffbc00+4400\n" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x3ff0000", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0x8000000", "b"),
    { 0, 0x10 },
    TRUE,
    "mmc0: TABLE@0+4400 FREE@4400+3febc00 a@3ff0000+4010000 b@8000000+0=10 "
    "!a/@3ffba00+4004600 !b/@8000000+10\n" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x8000000", "b"),
    { 0 },
    TRUE,
    "mmc0: TABLE@0+4400 FREE@4400+3ff7600 TABLE@3ffba00+4600 a@8000000+0 !a/@8000000+0\n" },
  /* in the table in front */
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4200", "a"),
    { 0 },
    FALSE,
    "mmc0: TABLE@0+4200 a@4200+? !a/@4200+200\n" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x0", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0x100", "a"),
    { 0 },
    FALSE,
    "mmc0: a@0+100 b@100+? !a/@0+100 !b/@100+4300\n" },
  /* smaller than its own table */
  { ROW ("P", "0x04", "a", "Binary", "mmc2", "0x0", "a"),
    { 0 },
    TRUE,
    "mmc2: a@0+0 TABLE@0+200\n" },
  /* eMMC: an erase group at each end, and boot partitions of their own */
  { ROW ("P", "0x06", "c", "Binary", "mmc1", "0x100000", "a")
        ROW ("P", "0x05", "two", "Binary", "mmc1", "boot2", "a")
            ROW ("P", "0x04", "one", "Binary", "mmc1", "boot1", "a"),
    { 0, 5, 0x400001 },
    TRUE,
    "mmc1: TABLE@0+80000 FREE@80000+80000 c@100000+3e80000 TABLE@3f80000+80000\n"
    "mmc1 boot1: one@0+400000=400001 !one/@400000+1\n"
    "mmc1 boot2: two@0+?=5\n" },
  { ROW ("P", "0x05", "x", "Binary", "mmc1", "boot1", "a")
        ROW ("P", "0x04", "y", "Binary", "mmc1", "boot1", "a"),
    { 0 },
    TRUE,
    "mmc1: FREE@0+4000000\nmmc1 boot1: x@0+0 y@0+400000 !x/y@0+400000\n" },
  /* flash memories keep nothing for themselves */
  { ROW ("P", "0x04", "a", "Binary", "nand0", "0x40000", "a")
        ROW ("P", "0x05", "b", "System", "nor0", "0x0", "a"),
    { 1, 2 },
    TRUE,
    "nand0: FREE@0+40000 a@40000+7fc0000=1\nnor0: b@0+200000=2\n" },
  { ROW ("P", "0x04", "a", "Binary", "spi-nand0", "0x0", "a"),
    { 3 },
    TRUE,
    "spi-nand0: a@0+?=3\n" },
  /* memory begins where the chip has it */
  { ROW ("P", "0x10", "k", "System", "ram0", "0xC2000000", "a")
        ROW ("P", "0x11", "d", "FileSystem", "ram0", "0xC3000000", "a"),
    { 1, 2 },
    TRUE,
    "ram0: FREE@c0000000+2000000 k@c2000000+1000000=1 d@c3000000+1000000=2\n" },
  { ROW ("P", "0x10", "k", "System", "ram0", "0x100", "a"),
    { 0 },
    FALSE,
    "ram0: k@100+? !k/@100+bfffff00\n" },
  /* a raw image alone, with an offset that counts for nothing, too large, with another */
  { ROW ("P", "0x10", "r", "RawImage", "mmc0", "0x0", "a"),
    { 0x100 },
    TRUE,
    "mmc0: RAW@0+4000000=100\n" },
  { ROW ("P", "0x10", "r", "RawImage", "mmc0", "0x1000", "a"),
    { 0x4000002 },
    TRUE,
    "mmc0: RAW@0+4000000=4000002 !r/@4000000+2\n" },
  { ROW ("P", "0x10", "r", "RawImage", "nor0", "0x0", "a")
        ROW ("P", "0x11", "s", "RawImage", "nor0", "0x0", "a"),
    { 0x100, 0x40 },
    FALSE,
    "nor0: RAW@0+?=100 RAW@0+?=40 !r/s@0+40\n" },
  /* a raw image over partitions, over the first byte only, and one that only erases */
  { ROW ("P", "0x10", "r", "RawImage", "mmc0", "0x0", "a")
        ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
            ROW ("P", "0x05", "b", "Binary", "mmc0", "0x44400", "b"),
    { 0x44401, 0, 0 },
    FALSE,
    "mmc0: RAW@0+?=44401 TABLE@0+4400 a@4400+40000 b@44400+? !r/@0+4400 !r/a@4400+40000 "
    "!r/b@44400+1\n" },
  { ROW ("P", "0x10", "r", "RawImage", "mmc0", "0x0", "a")
        ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a"),
    { UNKNOWN, 0 },
    FALSE,
    "mmc0: RAW@0+?=? TABLE@0+4400 a@4400+? !r/@0+4400 !r/a@4400+?\n" },
  { ROW ("PED", "0x10", "r", "RawImage", "mmc0", "0x0", "none")
        ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a"),
    { 0, 1 },
    FALSE,
    "mmc0: RAW@0+? TABLE@0+4400 a@4400+?=1\n" },
  /* a raw image ends the partition before its offset; what follows belongs to nobody */
  { ROW ("P", "0x04", "a", "Binary", "nor0", "0x0", "a")
        ROW ("PED", "0x10", "r", "RawImage", "nor0", "0x10000", "none")
            ROW ("P", "0x05", "b", "Binary", "nor0", "0x20000", "b"),
    { 0, 0, 0 },
    TRUE,
    "nor0: RAW@0+200000 a@0+10000 FREE@10000+10000 b@20000+1e0000\n" },
  { ROW ("P", "0x04", "a", "Binary", "nor0", "0x0", "a")
        ROW ("PED", "0x10", "r", "RawImage", "nor0", "0x10000", "none"),
    { 0x10001, 0 },
    FALSE,
    "nor0: RAW@0+? a@0+10000=10001 FREE@10000+? !a/r@10000+1\n" },
  /* hostile numbers */
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0xFFFFFFFFFFFFFFFF", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0xFFFFFFFFFFFFFE00", "b"),
    { 0xffff, 0xffffffff },
    TRUE,
    "mmc0: TABLE@0+4400 FREE@4400+3ff7600 TABLE@3ffba00+4600 b@fffffffffffffe00+1ff=ffffffff "
    "a@?+0=ffff !b/@fffffffffffffe00+1ff !a/@?+0\n" },
};

static void
test_tables (void)
{
  g_autoptr (GHashTable) sizes = flash_map_test_make_sizes ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) maps = flash_map_test_make (
        cases[i].text, cases[i].has_sizes ? sizes : NULL, 0x500, cases[i].images);
    g_autofree char *text = dup_maps (maps);

    g_assert_cmpstr (text, ==, cases[i].maps);
  }
}

/* Sizes of files that nobody has looked at are not taken for none. */
static void
test_unknown_images (void)
{
  g_autoptr (GPtrArray) maps =
      flash_map_test_make (ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
                               ROW ("PE", "0x05", "b", "Binary", "mmc0", "0x4600", "none"),
                           NULL, 0, NULL);
  g_autofree char *text = dup_maps (maps);

  g_assert_cmpstr (text, ==, "mmc0: TABLE@0+4400 a@4400+200=? b@4600+?\n");
}

static void
test_facts (void)
{
  static const struct {
    const char *ip;
    const char *type;
    guint64 base, first, end, unit;
    gboolean is_unit_sure, has_table, can_drag;
  } facts[] = {
    { "mmc0", "Binary", 0, 0x4400, 64 * MIB - 35 * 512, 512, TRUE, TRUE, TRUE },
    { "mmc1", "Binary", 0, 0x80000, 64 * MIB - 0x80000, 0x80000, FALSE, TRUE, TRUE },
    { "mmc0", "RawImage", 0, 0x4400, 64 * MIB - 35 * 512, 512, TRUE, FALSE, FALSE },
    { "nor0", "Binary", 0, 0, 2 * MIB, 0x10000, FALSE, FALSE, TRUE },
    { "nand0", "Binary", 0, 0, 128 * MIB, 0x20000, FALSE, FALSE, TRUE },
    { "ram0", "Binary", 0x80000000, 0x80000000, 0x84000000, 1, TRUE, FALSE, TRUE },
  };
  g_autoptr (GHashTable) sizes = flash_map_test_make_sizes ();

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++) {
    g_autofree char *text =
        g_strdup_printf (ROW6 ("P", "0x04", "a", "%s", "%s", "0x0"), facts[i].type, facts[i].ip);
    g_autoptr (GPtrArray) maps = flash_map_test_make (text, sizes, 0x505, NULL);
    const FlashLayoutMap *map = g_ptr_array_index (maps, 0);

    g_assert_cmpstr (map->ip, ==, facts[i].ip);
    g_assert_cmpstr (map->size_name, ==, facts[i].ip);
    g_assert_cmpuint (map->base, ==, facts[i].base);
    g_assert_cmpuint (map->first, ==, facts[i].first);
    g_assert_cmpuint (map->end, ==, facts[i].end);
    g_assert_cmpuint (map->unit, ==, facts[i].unit);
    g_assert_cmpint (map->is_unit_sure, ==, facts[i].is_unit_sure);
    g_assert_cmpint (map->has_table, ==, facts[i].has_table);
    g_assert_cmpint (map->can_drag, ==, facts[i].can_drag);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/map/tables", test_tables);
  g_test_add_func ("/layout/map/unknown-images", test_unknown_images);
  g_test_add_func ("/layout/map/facts", test_facts);
  return g_test_run ();
}
