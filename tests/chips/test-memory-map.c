/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-map-cases.h"
#include "flash-memory-map.h"

#include <string.h>

/* The letters of the flags, section 2.5.1. */
#define E (FLASH_MEMORY_READABLE | FLASH_MEMORY_WRITABLE)
#define A FLASH_MEMORY_READABLE
#define G (FLASH_MEMORY_READABLE | FLASH_MEMORY_ERASABLE | FLASH_MEMORY_WRITABLE)
#define KIB 1024
#define MIB (1024 * KIB)

/* Section 2.5.2 row by row, and what lies at the edges. */
static const FlashMapCase odd[] = {
  /* no name, blanks everywhere, small letters */
  { "@/0x08000000/1*1Kg", "", { { 0x08000000, KIB, 1, G } } },
  { "@ a b / 0X1000 /  1* 2k g , 2*1M e ",
    "a b",
    { { 0x1000, 2 * KIB, 1, G }, { 0x1800, MIB, 2, E } } },
  { "@x/0x1000/1*1m g", "x", { { 0x1000, MIB, 1, G } } },
  /* every letter */
  { "@x/0x1000/1*1a,1*1b,1*1c,1*1d,1*1e,1*1f,1*1g",
    "x",
    { { 0x1000, 1, 1, A },
      { 0x1001, 1, 1, FLASH_MEMORY_ERASABLE },
      { 0x1002, 1, 1, FLASH_MEMORY_READABLE | FLASH_MEMORY_ERASABLE },
      { 0x1003, 1, 1, FLASH_MEMORY_WRITABLE },
      { 0x1004, 1, 1, E },
      { 0x1005, 1, 1, FLASH_MEMORY_ERASABLE | FLASH_MEMORY_WRITABLE },
      { 0x1006, 1, 1, G } } },
  /* no letter: there, and nothing allowed */
  { "@x/0x1000/2*8K,1*8Kg", "x", { { 0x1000, 8 * KIB, 2, 0 }, { 0x5000, 8 * KIB, 1, G } } },
  /* nothing to count */
  { "@x/0x1000/0*8Kg,8*0Kg,1*8Kg", "x", { { 0x1000, 8 * KIB, 1, G } } },
  /* pages that are no powers of two, regions that fall */
  { "@x/0x80000/2*24Kg/0xF000/4*100Ba",
    "x",
    { { 0xf000, 100, 4, A }, { 0x80000, 24 * KIB, 2, G } } },
  /* what is not understood ends it */
  { "@x/0x1000/1*8Kg,1*8Kz,1*8Kg", "x", { { 0x1000, 8 * KIB, 1, G } } },
  { "@x/0x1000/1*8Kg,", "x", { { 0x1000, 8 * KIB, 1, G } } },
  { "@x/0x1000/1*8Kg,1", "x", { { 0x1000, 8 * KIB, 1, G } } },
  { "@x/0x1000/1*8Kg,1*", "x", { { 0x1000, 8 * KIB, 1, G } } },
  { "@x/0x1000/1*8Kg ram", "x", { { 0x1000, 8 * KIB, 1, G } } },
  { "@x/0x1000/1*8Kg\xef\xbf\xbd", "x", { { 0x1000, 8 * KIB, 1, G } } },
  { "@x/0x1000/1*8Kg/", "x", { { 0x1000, 8 * KIB, 1, G } } },
  { "@x/0x1000/1*8Kg/1000/1*8Kg", "x", { { 0x1000, 8 * KIB, 1, G } } },
  /* up to the last byte, and cut off there */
  { "@x/0xFFFFF000/1*4Kg", "x", { { 0xfffff000, 4 * KIB, 1, G } } },
  { "@x/0xFFFFF000/3*4Kg,1*4Kg", "x", { { 0xfffff000, 4 * KIB, 1, G } } },
  { "@x/0xFFFFE000/1*4Kg,99999999999999999999*4Kg",
    "x",
    { { 0xffffe000, 4 * KIB, 1, G }, { 0xfffff000, 4 * KIB, 1, G } } },
  { "@x/0x100/1*4g,1*4096Mg", "x", { { 0x100, 4, 1, G } } },
  { "@x/0x100/1*4g,2*99999999999999Mg,1*4g", "x", { { 0x100, 4, 1, G } } },
  { "@x/0x00000000/1*2048Mg,2048*1Mg",
    "x",
    { { 0, 0x80000000, 1, G }, { 0x80000000, MIB, 2048, G } } },
  { "@x/0x00000000/1048576*4Kg", "x", { { 0, 4 * KIB, 1048576, G } } },
};

typedef struct {
  const char *text;
  FlashMapError code;
  const char *message;
} Bad;

static const Bad bad[] = {
  { NULL, FLASH_MAP_ERROR_NO_MAP, "the name is no memory map" },
  { "", FLASH_MAP_ERROR_NO_MAP, "the name is no memory map" },
  { "@", FLASH_MAP_ERROR_NO_MAP, "the name is no memory map" },
  /* section 2.5.3: plain DFU, and fwupd's raw target */
  { "RAM 0x32000000", FLASH_MAP_ERROR_NO_MAP, "the name is no memory map" },
  { "u-boot", FLASH_MAP_ERROR_NO_MAP, "the name is no memory map" },
  { "SIMtrace Application Partition", FLASH_MAP_ERROR_NO_MAP, "the name is no memory map" },
  { "x@Internal Flash/0x08000000/1*1Kg", FLASH_MAP_ERROR_NO_MAP, "the name is no memory map" },
  { "@Flash3", FLASH_MAP_ERROR_NO_MAP, "the name is no memory map" },
  /* section 2.6: the phases of STM32MP */
  { "@Partition0 /0x00/1*256Ke", FLASH_MAP_ERROR_NO_MAP,
    "0x00 is a phase of a boot stage, not an address" },
  { "@FSBL /0x01/1*1Me", FLASH_MAP_ERROR_NO_MAP,
    "0x01 is a phase of a boot stage, not an address" },
  { "@Partition3 /0x03/1*16Me", FLASH_MAP_ERROR_NO_MAP,
    "0x03 is a phase of a boot stage, not an address" },
  { "@virtual /0xF1/1*512Ba", FLASH_MAP_ERROR_NO_MAP,
    "0xf1 is a phase of a boot stage, not an address" },
  { "@FlashLayout/0x00/1*256Ke ram c0000000 1000000", FLASH_MAP_ERROR_NO_MAP,
    "0x00 is a phase of a boot stage, not an address" },
  { "@x/0x000000ff/1*1Kg", FLASH_MAP_ERROR_NO_MAP,
    "0xff is a phase of a boot stage, not an address" },
  { "@x/0x1000/1*1Kg/0x20/1*1Kg", FLASH_MAP_ERROR_NO_MAP,
    "0x20 is a phase of a boot stage, not an address" },
  /* the product name of an STM32MP */
  { "@Device ID /0x500, @Revision ID /0x2000", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no slash behind the address at character 18" },
  { "@x/", FLASH_MAP_ERROR_BAD_MAP, "the memory map has no hexadecimal address at character 4" },
  { "@x/0x", FLASH_MAP_ERROR_BAD_MAP, "the memory map has no hexadecimal address at character 4" },
  { "@x/08000000/1*1Kg", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no hexadecimal address at character 4" },
  { "@x/0x100000000/1*1Kg", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no 32-bit address at character 6" },
  { "@x/0xffffffffffffffffffffffff/1*1Kg", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no 32-bit address at character 6" },
  { "@x/0x08000000", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no slash behind the address at character 14" },
  { "@x/0x08000000/", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no number of sectors at character 15" },
  { "@x/0x08000000/-1*1Kg", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no number of sectors at character 15" },
  { "@x/0x08000000/12", FLASH_MAP_ERROR_BAD_MAP, "the memory map has no asterisk at character 17" },
  { "@x/0x08000000/12*Kg", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no sector size at character 18" },
  { "@x/0x08000000/1*1Kh", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no known unit or type at character 19" },
  { "@x/0x08000000/1*1Gg", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has no known unit or type at character 18" },
  { "@x/0x08000000/0*1Kg", FLASH_MAP_ERROR_BAD_MAP, "the memory map has no sectors" },
  { "@x/0xFFFFF000/1*8Kg", FLASH_MAP_ERROR_BAD_MAP, "the memory map has no sectors" },
  { "@x/0x00000000/1*4096Mg", FLASH_MAP_ERROR_BAD_MAP, "the memory map has no sectors" },
  { "@x/0x00000000/1048577*1g", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has 1048577 sectors, at most 1048576 are taken" },
  { "@x/0x00000000/4294967295*1g,1*1g", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map has 4294967296 sectors, at most 1048576 are taken" },
  { "@x/0x1000/2*1Kg/0x17FF/1*1g", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map names what lies at 0x000017ff twice" },
  { "@x/0x1000/1*1Kg/0x1000/1*1Kg", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map names what lies at 0x00001000 twice" },
  /* section 2.5.3, fwupd's tests: the second region swallows the first */
  { "@Flash2 /0xF000/4*100Ba/0xE000/3*8Kg/0x80000/2*24Kg", FLASH_MAP_ERROR_BAD_MAP,
    "the memory map names what lies at 0x0000f000 twice" },
};

static void
check_good (const FlashMapCase *good)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashMemoryMap) map = flash_memory_map_parse (good->text, &error);
  guint n_runs = 0, n_sectors = 0;
  guint64 size = 0;

  g_test_message ("%s", good->text);
  g_assert_no_error (error);
  g_assert_nonnull (map);
  g_assert_cmpstr (map->name, ==, good->name);
  while (n_runs < FLASH_MAP_CASE_MAX_RUNS && good->runs[n_runs].n_sectors > 0)
    n_runs++;
  g_assert_cmpuint (map->runs->len, ==, n_runs);
  for (guint i = 0; i < n_runs; i++) {
    const FlashMemoryRun *run = &g_array_index (map->runs, FlashMemoryRun, i);

    g_assert_cmphex (run->address, ==, good->runs[i].address);
    g_assert_cmpuint (run->sector_size, ==, good->runs[i].sector_size);
    g_assert_cmpuint (run->n_sectors, ==, good->runs[i].n_sectors);
    g_assert_cmphex (run->flags, ==, good->runs[i].flags);
    n_sectors += run->n_sectors;
    size += (guint64) run->n_sectors * run->sector_size;
  }
  g_assert_cmpuint (flash_memory_map_get_n_sectors (map), ==, n_sectors);
  g_assert_cmpuint (flash_memory_map_get_size (map), ==, size);
  g_assert_cmphex (flash_memory_map_get_start (map), ==, good->runs[0].address);
}

static void
test_wild (void)
{
  for (guint i = 0; i < flash_n_map_cases; i++) {
    g_autoptr (FlashMemoryMap) map = flash_memory_map_parse (flash_map_cases[i].text, NULL);

    check_good (&flash_map_cases[i]);
    g_assert_cmpstr (map->text, ==, flash_map_cases[i].text);
  }
}

static void
test_odd (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    check_good (&odd[i]);
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashMemoryMap) map = flash_memory_map_parse (bad[i].text, &error);

    g_test_message ("%s", bad[i].text);
    g_assert_null (map);
    g_assert_error (error, FLASH_MAP_ERROR, (gint) bad[i].code);
    g_assert_cmpstr (error->message, ==, bad[i].message);
  }
}

/* The longest text that is taken, full of the shortest segments there are, and one byte more. */
static void
test_long (void)
{
  g_autoptr (GString) text = g_string_new ("@/0x100/1*1");
  g_autoptr (FlashMemoryMap) map = NULL;
  g_autoptr (GError) error = NULL;

  while (text->len + 4 <= 1020)
    g_string_append (text, ",1*1");
  map = flash_memory_map_parse (text->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (map->runs->len, ==, 253);
  /* and the ellipsis */
  g_assert_cmpuint (g_utf8_strlen (map->text, -1), ==, 255 + 1);

  while (text->len <= 1020)
    g_string_append_c (text, ' ');
  g_assert_null (flash_memory_map_parse (text->str, &error));
  g_assert_error (error, FLASH_MAP_ERROR, FLASH_MAP_ERROR_BAD_MAP);
  g_assert_cmpstr (error->message, ==, "the memory map is longer than 1020 bytes");
}

/* What is shown holds no bytes that a terminal would obey. */
static void
test_safe_text (void)
{
  g_autoptr (FlashMemoryMap) map =
      flash_memory_map_parse ("@a\033[2J\xff /0x1000/1*1Kg\n\xc3", NULL);

  g_assert_nonnull (map);
  g_assert_true (g_utf8_validate (map->name, -1, NULL));
  g_assert_true (g_utf8_validate (map->text, -1, NULL));
  g_assert_null (strpbrk (map->name, "\033\n"));
  g_assert_null (strpbrk (map->text, "\033\n"));
}

static void
assert_sector (const FlashMemorySector *sector, guint32 address, guint32 size,
               FlashMemoryFlags flags, guint index)
{
  g_assert_cmphex (sector->address, ==, address);
  g_assert_cmpuint (sector->size, ==, size);
  g_assert_cmphex (sector->flags, ==, flags);
  g_assert_cmpuint (sector->index, ==, index);
}

static void
test_sectors (void)
{
  g_autoptr (FlashMemoryMap) map =
      flash_memory_map_parse ("@x/0x1000/2*1Kg,1*2Ka/0x4000/2*4g/0xFFFFFFF0/1*16e", NULL);
  FlashMemorySector sector = { .index = 77 };

  flash_memory_map_get_sector (map, 1, &sector);
  assert_sector (&sector, 0x1400, KIB, G, 1);
  flash_memory_map_get_sector (map, 2, &sector);
  assert_sector (&sector, 0x1800, 2 * KIB, A, 2);
  flash_memory_map_get_sector (map, 5, &sector);
  assert_sector (&sector, 0xfffffff0, 16, E, 5);

  g_assert_true (flash_memory_map_find_sector (map, 0x1000, &sector));
  assert_sector (&sector, 0x1000, KIB, G, 0);
  g_assert_true (flash_memory_map_find_sector (map, 0x13ff, &sector));
  assert_sector (&sector, 0x1000, KIB, G, 0);
  g_assert_true (flash_memory_map_find_sector (map, 0x1fff, &sector));
  assert_sector (&sector, 0x1800, 2 * KIB, A, 2);
  g_assert_true (flash_memory_map_find_sector (map, 0x4007, &sector));
  assert_sector (&sector, 0x4004, 4, G, 4);
  g_assert_true (flash_memory_map_find_sector (map, 0xffffffff, &sector));
  assert_sector (&sector, 0xfffffff0, 16, E, 5);

  sector.index = 77;
  g_assert_false (flash_memory_map_find_sector (map, 0xfff, &sector));
  g_assert_false (flash_memory_map_find_sector (map, 0x2000, &sector));
  g_assert_false (flash_memory_map_find_sector (map, 0x4008, &sector));
  g_assert_false (flash_memory_map_find_sector (map, 0xffffffef, &sector));
  g_assert_cmpuint (sector.index, ==, 77);
}

static const struct {
  guint32 address;
  guint64 size;
  FlashMemoryFlags flags;
  gboolean is_covered;
} ranges[] = {
  { 0x1000, 0x800, G, TRUE },
  { 0x1000, 0x1000, A, TRUE },
  { 0x1000, 0x801, G, FALSE },
  { 0x1000, 0x1001, A, FALSE },
  { 0x0fff, 1, A, FALSE },
  { 0x17ff, 1, G, TRUE },
  { 0x17ff, 2, FLASH_MEMORY_READABLE, TRUE },
  { 0x17ff, 2, FLASH_MEMORY_WRITABLE, FALSE },
  { 0x1fff, 1, 0, TRUE },
  { 0x2000, 1, 0, FALSE },
  { 0x2000, 0, 0, TRUE },
  { 0x4000, 8, G, TRUE },
  { 0x4000, 9, G, FALSE },
  { 0xfffffff0, 16, E, TRUE },
  { 0xfffffff0, 17, E, FALSE },
  { 0xfffffff0, 16, G, FALSE },
  { 0x1000, G_MAXUINT64, A, FALSE },
};

static void
test_covers (void)
{
  g_autoptr (FlashMemoryMap) map =
      flash_memory_map_parse ("@x/0x1000/2*1Kg,1*2Ka/0x4000/2*4g/0xFFFFFFF0/1*16e", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++) {
    g_test_message ("0x%08x, %" G_GUINT64_FORMAT, ranges[i].address, ranges[i].size);
    g_assert_cmpint (
        flash_memory_map_covers (map, ranges[i].address, ranges[i].size, ranges[i].flags), ==,
        ranges[i].is_covered);
  }
}

/* A map that is made says what it is in a text that is read as the same map. */
static void
test_made (void)
{
  const FlashMemoryRun runs[] = {
    { 0x08000000, 16 * KIB, 4, G },
    { 0x08010000, 64 * KIB, 1, A },
    { 0x08100000, 100, 3, 0 },
  };
  g_autoptr (FlashMemoryMap) map =
      flash_memory_map_new_for_runs ("Internal Flash", runs, G_N_ELEMENTS (runs));
  g_autoptr (FlashMemoryMap) other = NULL;
  g_autoptr (FlashMemoryMap) same = flash_memory_map_ref (map);

  g_assert_true (same == map);
  g_assert_cmpstr (map->name, ==, "Internal Flash");
  g_assert_cmpstr (map->text, ==,
                   "@Internal Flash/0x08000000/4*16384Bg,1*65536Ba/0x08100000/3*100B");
  other = flash_memory_map_parse (map->text, NULL);
  g_assert_nonnull (other);
  g_assert_cmpmem (other->runs->data, other->runs->len * sizeof runs[0], runs, sizeof runs);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory-map/wild", test_wild);
  g_test_add_func ("/memory-map/odd", test_odd);
  g_test_add_func ("/memory-map/bad", test_bad);
  g_test_add_func ("/memory-map/long", test_long);
  g_test_add_func ("/memory-map/safe-text", test_safe_text);
  g_test_add_func ("/memory-map/sectors", test_sectors);
  g_test_add_func ("/memory-map/covers", test_covers);
  g_test_add_func ("/memory-map/made", test_made);
  return g_test_run ();
}
