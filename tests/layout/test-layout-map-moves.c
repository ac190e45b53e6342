/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Legal offsets, and what holds for whatever layout (stm32mp-usb.md section 3.6). */
#define G_LOG_DOMAIN "test-layout-map-moves"

#include "config.h"

#include "flash-map-test.h"

#define MIB FLASH_MAP_TEST_MIB
#define UNKNOWN G_MAXUINT64
#define MAX_SIZES 6

/* b is moved; a has a file of 0x301 bytes, b one of 0x1001. */
#define SNAP_TEXT                                                                                  \
  ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")                                          \
  ROW ("P", "0x05", "b", "Binary", "mmc0", "0x8400", "b")                                          \
  ROW ("P", "0x06", "c", "Binary", "mmc0", "0x10400", "c")
/* Off the unit, and the file of b is too large for anywhere. */
#define SNAP_ODD_TEXT                                                                              \
  ROW ("P", "0x04", "a", "Binary", "mmc1", "0x80000", "a")                                         \
  ROW ("P", "0x05", "b", "Binary", "mmc1", "0x123456", "b")                                        \
  ROW ("P", "0x06", "c", "Binary", "mmc1", "0x400000", "c")

static const struct {
  const char *text;
  guint64 images[MAX_SIZES];
  const char *name; /* of the partition */
  gboolean has_sizes;
  guint64 offset;
  guint64 snapped;
} snaps[] = {
  /* to the nearest multiple, the upper one in the middle */
  { SNAP_TEXT, { 0x301, 0x1001, 0 }, "b", FALSE, 0x8400, 0x8400 },
  { SNAP_TEXT, { 0x301, 0x1001, 0 }, "b", FALSE, 0x84ff, 0x8400 },
  { SNAP_TEXT, { 0x301, 0x1001, 0 }, "b", FALSE, 0x8500, 0x8600 },
  { SNAP_TEXT, { 0x301, 0x1001, 0 }, "b", FALSE, 0x8601, 0x8600 },
  /* not into the file before, nor so far that its own no longer fits */
  { SNAP_TEXT, { 0x301, 0x1001, 0 }, "b", FALSE, 0, 0x4800 },
  { SNAP_TEXT, { 0x301, 0x1001, 0 }, "b", FALSE, 0x4800, 0x4800 },
  { SNAP_TEXT, { 0x301, 0x1001, 0 }, "b", FALSE, 0x4901, 0x4a00 },
  { SNAP_TEXT, { 0x301, 0x1001, 0 }, "b", FALSE, UNKNOWN, 0xf200 },
  /* without files one unit is left to each */
  { SNAP_TEXT, { 0, 0, 0 }, "b", FALSE, 0, 0x4600 },
  { SNAP_TEXT, { 0, 0, 0 }, "b", FALSE, UNKNOWN, 0x10200 },
  { SNAP_TEXT, { UNKNOWN, UNKNOWN, UNKNOWN }, "b", FALSE, 0, 0x4600 },
  { SNAP_TEXT, { UNKNOWN, UNKNOWN, UNKNOWN }, "b", FALSE, UNKNOWN, 0x10200 },
  /* the first one, and the last one with and without an end */
  { SNAP_TEXT, { 0, 0, 0 }, "a", FALSE, 0, 0x4400 },
  { SNAP_TEXT, { 0, 0, 0 }, "a", FALSE, 0x9000, 0x8200 },
  { SNAP_TEXT, { 0, 0, 0x400 }, "c", TRUE, UNKNOWN, 64 * MIB - 37 * 512 },
  { SNAP_TEXT, { 0, 0, 0 }, "c", TRUE, UNKNOWN, 64 * MIB - 36 * 512 },
  { SNAP_TEXT, { 0, 0, 0 }, "c", FALSE, UNKNOWN, 0xfffffffffffffc00 },
  { SNAP_TEXT, { 0, 0, 0 }, "c", FALSE, 0xfffffffffffffb00, 0xfffffffffffffc00 },
  { SNAP_TEXT, { 0, 0, 0 }, "c", FALSE, 0xfffffffffffffaff, 0xfffffffffffffa00 },
  /* off the unit */
  { SNAP_ODD_TEXT, { 0, 0, 0 }, "b", FALSE, 0x123456, 0x100000 },
  { SNAP_ODD_TEXT, { 0, 0x1000000, 0 }, "b", FALSE, UNKNOWN, 0x380000 },
  { SNAP_ODD_TEXT, { 0x1000000, 0, 0 }, "b", FALSE, 0x200000, 0x123456 },
  /* where there is no room, everything stays */
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0x4500", "a")
            ROW ("P", "0x06", "c", "Binary", "mmc0", "0x4600", "a"),
    { 0 },
    "b",
    FALSE,
    0x9000,
    0x4500 },
  { ROW ("P", "0x04", "b", "Binary", "mmc2", "0x0", "a"), { 0 }, "b", TRUE, 0x9000, 0 },
  /* of two at one offset the second can go on, and the first cannot */
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0x4400", "b"),
    { 0x300, 0 },
    "b",
    FALSE,
    0,
    0x4800 },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0x4400", "b"),
    { 0x300, 0 },
    "a",
    FALSE,
    0x8000,
    0x4400 },
  /* a raw image's offset is a border, it itself stays */
  { ROW ("P", "0x04", "a", "Binary", "nor0", "0x0", "a")
        ROW ("PED", "0x10", "r", "RawImage", "nor0", "0x100000", "none"),
    { 0 },
    "a",
    TRUE,
    UNKNOWN,
    0xf0000 },
  { ROW ("P", "0x04", "a", "Binary", "nor0", "0x0", "a")
        ROW ("PED", "0x10", "r", "RawImage", "nor0", "0x100000", "none"),
    { 0 },
    "r",
    TRUE,
    UNKNOWN,
    0 },
  { ROW ("P", "0x10", "k", "System", "ram0", "0xC2000000", "a"),
    { 0 },
    "k",
    TRUE,
    0xC1234567,
    0xC1234567 },
  { ROW ("P", "0x04", "a", "Binary", "nand0", "0x40000", "a"), { 0 }, "a", TRUE, 0, 0 },
};

static FlashLayoutRow *
find_name (const FlashLayoutMap *map, const char *name)
{
  for (guint i = 0; i < map->areas->len; i++) {
    FlashLayoutRow *row = g_array_index (map->areas, FlashLayoutArea, i).row;

    if (row != NULL && g_str_equal (flash_layout_row_get_name (row), name))
      return row;
  }
  g_assert_not_reached ();
}

static void
test_snap (void)
{
  g_autoptr (GHashTable) sizes = flash_map_test_make_sizes ();

  for (guint i = 0; i < G_N_ELEMENTS (snaps); i++) {
    g_autoptr (GPtrArray) maps = flash_map_test_make (
        snaps[i].text, snaps[i].has_sizes ? sizes : NULL, 0x500, snaps[i].images);
    const FlashLayoutMap *map = g_ptr_array_index (maps, 0);
    guint64 snapped = flash_layout_map_snap (map, find_name (map, snaps[i].name), snaps[i].offset);

    g_test_message ("%u", i);
    g_assert_cmphex (snapped, ==, snaps[i].snapped);
  }
}

/* Nothing of a boot partition can be moved. */
static void
test_snap_boot (void)
{
  g_autoptr (GPtrArray) maps =
      flash_map_test_make (ROW ("P", "0x04", "a", "Binary", "mmc1", "boot1", "a"), NULL, 0, NULL);
  const FlashLayoutMap *map = g_ptr_array_index (maps, 1);
  FlashLayoutRow *row = find_name (map, "a");

  g_assert_false (map->can_drag);
  g_assert_cmpuint (flash_layout_map_snap (map, row, 0x800), ==, 0);
  g_assert_null (flash_layout_map_find_row (g_ptr_array_index (maps, 0), row));
  g_assert_null (flash_layout_map_find_row (map, NULL));
}

/* A moved map is what the text with the other offset would give; the layout may go. */
static void
test_moved (void)
{
  static const guint64 images[] = { 0x4101, 0x1001, 0 };
  static const char *const texts[] = {
    SNAP_TEXT,
    ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "0x8600", "b")
            ROW ("P", "0x06", "c", "Binary", "mmc0", "0x10400", "c"),
  };
  g_autoptr (GHashTable) sizes = flash_map_test_make_sizes ();
  g_autoptr (GPtrArray) maps = flash_map_test_make (texts[0], sizes, 0, images);
  g_autoptr (GPtrArray) wanted = flash_map_test_make (texts[1], sizes, 0, images);
  g_autoptr (FlashLayoutMap) map = flash_layout_map_ref (g_ptr_array_index (maps, 0));
  g_autoptr (FlashLayoutMap) moved = NULL;
  g_autofree char *text = NULL, *wanted_text = NULL;

  g_clear_pointer (&maps, g_ptr_array_unref);
  g_assert_cmpuint (map->overlaps->len, ==, 1);
  moved = flash_layout_map_dup_moved (map, find_name (map, "b"), 0x8600);
  g_clear_pointer (&map, flash_layout_map_unref);
  text = flash_map_test_dup_text (moved);
  wanted_text = flash_map_test_dup_text (g_ptr_array_index (wanted, 0));
  g_assert_cmpstr (text, ==, wanted_text);
}

/* --- whatever the layout -------------------------------------------------------------------- */

static const char *
pick (GRand *rand, const char *const *words)
{
  return words[g_rand_int_range (rand, 0, (gint) g_strv_length ((GStrv) words))];
}

static guint64
make_number (GRand *rand)
{
  switch (g_rand_int_range (rand, 0, 5)) {
  case 0:
    return g_rand_int (rand);
  case 1:
    return (guint64) g_rand_int (rand) << g_rand_int_range (rand, 0, 33);
  case 2:
    return G_MAXUINT64 - g_rand_int_range (rand, 0, 0x10000);
  default:
    return (guint64) g_rand_int_range (rand, 0, 12) * 0x20000 + 0x4400;
  }
}

static char *
make_text (GRand *rand, guint n_rows, guint64 *images)
{
  static const char *const options[] = { "P", "P", "PE", "PED", "-", NULL };
  static const char *const types[] = { "Binary", "System", "FileSystem", "RawImage", NULL };
  static const char *const ips[] = { "mmc0", "mmc0", "mmc1", "nor0", "nand0", "ram0", NULL };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_rows; i++) {
    guint64 offset = make_number (rand);
    const char *type = pick (rand, types);

    if (g_str_equal (type, "RawImage") && g_rand_boolean (rand))
      type = "FIP";
    g_string_append_printf (text, "%s\t0x%02x\tp%u\t%s\t%s\t", pick (rand, options), i % 0xf0 + 1,
                            i, type, pick (rand, ips));
    if (g_rand_int_range (rand, 0, 12) == 0)
      g_string_append (text, "boot1\tfile\n");
    else
      g_string_append_printf (text, "0x%" G_GINT64_MODIFIER "x\tfile\n", offset);
    images[i] = make_number (rand);
  }
  return g_string_free (text, FALSE);
}

/* Areas follow each other without holes as far as the storage goes, and none lies over another. */
static void
check_areas (const FlashLayoutMap *map)
{
  guint64 end = map->size > 0 ? map->base + map->size : UNKNOWN;
  guint64 at = map->base;
  gboolean has_areas = FALSE;

  for (guint i = 0; i < map->areas->len; i++) {
    const FlashLayoutArea *area = &g_array_index (map->areas, FlashLayoutArea, i);

    if (area->kind == FLASH_LAYOUT_AREA_RAW) {
      g_assert_false (has_areas);
      continue;
    }
    if (!has_areas && area->start < at)
      at = area->start;
    has_areas = TRUE;
    /* Behind the end is nothing that could be covered. */
    if (at >= end)
      g_assert_cmpuint (area->start, >=, at);
    else
      g_assert_cmpuint (area->start, ==, at);
    if (area->size == UNKNOWN)
      g_assert_cmpuint (i, ==, map->areas->len - 1);
    else
      g_assert_cmpuint (area->size, <=, G_MAXUINT64 - area->start);
    at = area->size == UNKNOWN ? UNKNOWN : area->start + area->size;
    g_assert_cmpint (area->row != NULL, ==, area->kind == FLASH_LAYOUT_AREA_PARTITION);
  }
  if (has_areas)
    g_assert_cmpuint (at, >=, end);
}

static void
check_overlaps (const FlashLayoutMap *map)
{
  g_assert_cmpuint (map->overlaps->len, <=, FLASH_LAYOUT_MAP_MAX_OVERLAPS);
  for (guint i = 0; i < map->overlaps->len; i++) {
    const FlashLayoutOverlap *overlap = &g_array_index (map->overlaps, FlashLayoutOverlap, i);

    g_assert_nonnull (overlap->first);
    g_assert_true (overlap->first != overlap->second);
    if (overlap->size != UNKNOWN)
      g_assert_cmpuint (overlap->size, <=, G_MAXUINT64 - overlap->start);
  }
}

/* A legal offset stays legal, and what is moved there lies in the same order. */
static void
check_snaps (GRand *rand, const FlashLayoutMap *map)
{
  for (guint i = 0; i < map->areas->len; i++) {
    const FlashLayoutArea *area = &g_array_index (map->areas, FlashLayoutArea, i);
    g_autoptr (FlashLayoutMap) moved = NULL;
    guint64 offset;

    if (area->row == NULL)
      continue;
    offset = flash_layout_map_snap (map, area->row, make_number (rand));
    g_assert_cmpuint (flash_layout_map_snap (map, area->row, offset), ==, offset);
    if (area->kind == FLASH_LAYOUT_AREA_RAW || offset == area->start)
      continue;
    g_assert_cmpuint (offset % map->unit, ==, 0);
    g_assert_cmpuint (offset, >=, map->first);
    moved = flash_layout_map_dup_moved (map, area->row, offset);
    check_areas (moved);
    g_assert_cmpuint (flash_layout_map_find_row (moved, area->row)->start, ==, offset);
  }
}

static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (GHashTable) sizes = flash_map_test_make_sizes ();

  for (guint i = 0; i < 2000; i++) {
    guint n_rows = (guint) g_rand_int_range (rand, 0, 24);
    guint64 images[24];
    g_autofree char *text = make_text (rand, n_rows, images);
    g_autoptr (GPtrArray) maps =
        flash_map_test_make (text, g_rand_boolean (rand) ? sizes : NULL, 0x500, images);

    for (guint k = 0; k < maps->len; k++) {
      check_areas (g_ptr_array_index (maps, k));
      check_overlaps (g_ptr_array_index (maps, k));
      check_snaps (rand, g_ptr_array_index (maps, k));
    }
  }
}

/* As many lines as fit, all of which want everything. */
static void
test_hostile (void)
{
  const guint n_rows = 8000;
  GString *text = g_string_new (NULL);
  g_autofree char *owned = NULL;
  g_autofree guint64 *images = g_new (guint64, n_rows);
  g_autoptr (GPtrArray) maps = NULL;

  for (guint i = 0; i < n_rows; i++) {
    g_string_append_printf (text, "P\t%u\tp\t%s\tmmc0\t%u\tf\n", i % 200 + 1,
                            i % 3 == 0 ? "RawImage" : "FIP", i / 4000);
    images[i] = G_MAXUINT64 - 1;
  }
  owned = g_string_free (text, FALSE);
  maps = flash_map_test_make (owned, NULL, 0, images);
  g_assert_cmpuint (maps->len, ==, 1);
  check_areas (g_ptr_array_index (maps, 0));
  check_overlaps (g_ptr_array_index (maps, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/map-moves/snap", test_snap);
  g_test_add_func ("/layout/map-moves/snap-boot", test_snap_boot);
  g_test_add_func ("/layout/map-moves/moved", test_moved);
  g_test_add_func ("/layout/map-moves/random", test_random);
  g_test_add_func ("/layout/map-moves/hostile", test_hostile);
  return g_test_run ();
}
