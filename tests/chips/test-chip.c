/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-chip-data-private.h"
#include "flash-chip-match-private.h"
#include "flash-option-bytes.h"
#include "flash-range.h"

#include <string.h>

/* stm32-dfuse.md section 4.1, read once more: what data/chips.ini must say. */
static const struct {
  const char *id;
  guint device_id;
  guint32 flash_kib;
  guint granule;
  gboolean has_ecc;
  guint8 erased;
  guint32 ram_from;
  guint32 system_start;
  guint32 option_start;
  guint option_size;
  gint rdp_offset;
  gboolean has_empty_check;
} chips[] = {
  { "f04x", 0x445, 32, 2, 0, 0xff, 0x20001800, 0x1fffc400, 0x1ffff800, 16, 0, TRUE },
  { "f07x", 0x448, 128, 2, 0, 0xff, 0x20001800, 0x1fffc800, 0x1ffff800, 16, 0, FALSE },
  { "f105", 0x418, 256, 2, 0, 0xff, 0x20001000, 0x1fffb000, 0x1ffff800, 16, 0, FALSE },
  { "f2", 0x411, 1024, 4, 0, 0xff, 0x20002000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f37x", 0x432, 256, 2, 0, 0xff, 0x20001400, 0x1fffd800, 0x1ffff800, 16, 0, FALSE },
  { "f303c", 0x422, 256, 2, 0, 0xff, 0x20001400, 0x1fffd800, 0x1ffff800, 16, 0, FALSE },
  { "f301", 0x439, 64, 2, 0, 0xff, 0x20001800, 0x1fffd800, 0x1ffff800, 16, 0, FALSE },
  { "f303e", 0x446, 512, 2, 0, 0xff, 0x20001800, 0x1fffd800, 0x1ffff800, 16, 0, FALSE },
  { "f405", 0x413, 1024, 4, 0, 0xff, 0x20003000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f42x", 0x419, 2048, 4, 0, 0xff, 0x20003000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f401c", 0x423, 256, 4, 0, 0xff, 0x20003000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f401e", 0x433, 512, 4, 0, 0xff, 0x20003000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f411", 0x431, 512, 4, 0, 0xff, 0x20003000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f412", 0x441, 1024, 4, 0, 0xff, 0x20003000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f413", 0x463, 1536, 4, 0, 0xff, 0x20003000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f446", 0x421, 512, 4, 0, 0xff, 0x20003000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f469", 0x434, 2048, 4, 0, 0xff, 0x20003000, 0x1fff0000, 0x1fffc000, 16, 1, FALSE },
  { "f72x", 0x452, 512, 16, 0, 0xff, 0x20004000, 0x1ff00000, 0x1fff0000, 48, 1, FALSE },
  { "f74x", 0x449, 1024, 16, 0, 0xff, 0x20004000, 0x1ff00000, 0x1fff0000, 0, 1, FALSE },
  { "f76x", 0x451, 2048, 16, 0, 0xff, 0x20004000, 0x1ff00000, 0x1fff0000, 0, 1, FALSE },
  { "g0b1", 0x467, 512, 8, 1, 0xff, 0x20004000, 0x1fff0000, 0x1fff7800, 128, 0, TRUE },
  { "g431", 0x468, 128, 8, 1, 0xff, 0x20004000, 0x1fff0000, 0x1fff7800, 48, 0, FALSE },
  { "g47x", 0x469, 512, 8, 1, 0xff, 0x20004000, 0x1fff0000, 0x1fff7800, 48, 0, FALSE },
  { "g491", 0x479, 512, 8, 1, 0xff, 0x20004000, 0x1fff0000, 0x1fff7800, 48, 0, FALSE },
  { "l07x", 0x447, 192, 4, 0, 0x00, 0x20002000, 0x1ff00000, 0x1ff80000, 32, 0, FALSE },
  { "l1-cat3", 0x427, 256, 4, 0, 0x00, 0x20001000, 0x1ff00000, 0x1ff80000, 0, 0, FALSE },
  { "l1-cat4", 0x436, 384, 4, 0, 0x00, 0x20001000, 0x1ff00000, 0x1ff80000, 0, 0, FALSE },
  { "l1-cat5", 0x437, 512, 4, 0, 0x00, 0x20001000, 0x1ff00000, 0x1ff80000, 0, 0, FALSE },
  { "l41x", 0x464, 128, 8, 1, 0xff, 0x20003100, 0x1fff0000, 0x1fff7800, 40, 0, TRUE },
  { "l43x", 0x435, 256, 8, 1, 0xff, 0x20003100, 0x1fff0000, 0x1fff7800, 40, 0, TRUE },
  { "l45x", 0x462, 512, 8, 1, 0xff, 0x20003100, 0x1fff0000, 0x1fff7800, 40, 0, TRUE },
  { "l47x", 0x415, 1024, 8, 1, 0xff, 0x20003100, 0x1fff0000, 0x1fff7800, 40, 0, FALSE },
  { "l49x", 0x461, 1024, 8, 1, 0xff, 0x20003100, 0x1fff0000, 0x1fff7800, 40, 0, TRUE },
  { "l4r", 0x470, 2048, 8, 1, 0xff, 0x20003200, 0x1fff0000, 0, 0, 0, TRUE },
  { "l4p5", 0x471, 1024, 8, 1, 0xff, 0x20004000, 0x1fff0000, 0, 0, 0, FALSE },
  { "l5", 0x472, 512, 8, 1, 0xff, 0x20004000, 0x0bf90000, 0x40022040, 0, -1, FALSE },
  { "wb55", 0x495, 1024, 8, 1, 0xff, 0x20005000, 0x1fff0000, 0x1fff8000, 128, 0, TRUE },
  { "h74x", 0x450, 2048, 32, 1, 0xff, 0x20004100, 0x1ff00000, 0x5200201c, 128, 1, FALSE },
  { "h72x", 0x483, 1024, 32, 1, 0xff, 0x20004100, 0x1ff00000, 0x5200201c, 88, 1, FALSE },
  { "h7a3", 0x480, 2048, 32, 1, 0xff, 0x20004100, 0x1ff0a000, 0x5200201c, 297, 1, FALSE },
  { "h56x", 0x484, 2048, 16, 1, 0xff, 0, 0x0bf97000, 0, 0, -1, FALSE },
  { "h523", 0x478, 512, 16, 1, 0xff, 0, 0x0bf97000, 0, 0, -1, FALSE },
  { "h503", 0x474, 128, 16, 1, 0xff, 0, 0x0bf87000, 0, 0, -1, FALSE },
  { "h7rs", 0x485, 64, 16, 1, 0xff, 0, 0, 0, 0, -1, FALSE },
  { "u535", 0x455, 512, 16, 1, 0xff, 0, 0x0bf90000, 0x40022040, 64, 0, FALSE },
  { "u575", 0x482, 2048, 16, 1, 0xff, 0, 0x0bf90000, 0x40022040, 64, 0, FALSE },
  { "u59x", 0x481, 4096, 16, 1, 0xff, 0, 0x0bf90000, 0x40022040, 64, 0, FALSE },
  { "u5fx", 0x476, 4096, 16, 1, 0xff, 0, 0x0bf90000, 0x40022040, 64, 0, FALSE },
  { "u375", 0x454, 1024, 8, 1, 0xff, 0, 0, 0, 0, -1, FALSE },
  { "u3b5", 0x42a, 2048, 8, 1, 0xff, 0, 0, 0, 0, -1, FALSE },
  { "u0", 0x489, 256, 8, 1, 0xff, 0, 0x1fff0000, 0x40022020, 136, 0, TRUE },
  { "c071", 0x493, 128, 8, 1, 0xff, 0, 0x1fff0000, 0, 0, -1, TRUE },
  { "c5", 0, 1024, 16, 1, 0xff, 0, 0, 0, 0, -1, FALSE },
  { "wba6", 0x4b0, 2048, 16, 1, 0xff, 0, 0, 0, 0, -1, FALSE },
};

static void
test_rows (void)
{
  g_assert_cmpuint (flash_chip_list ()->len, ==, G_N_ELEMENTS (chips));
  for (guint i = 0; i < G_N_ELEMENTS (chips); i++) {
    const FlashChip *chip = flash_chip_find (chips[i].id);

    g_test_message ("%s", chips[i].id);
    g_assert_nonnull (chip);
    g_assert_true (chip == g_ptr_array_index (flash_chip_list (), i));
    g_assert_cmphex (chip->device_id, ==, chips[i].device_id);
    g_assert_cmpuint (chip->flash_max, ==, chips[i].flash_kib * 1024);
    g_assert_cmpuint (chip->granule, ==, chips[i].granule);
    g_assert_cmpint (chip->has_ecc, ==, chips[i].has_ecc);
    g_assert_cmphex (chip->erased, ==, chips[i].erased);
    g_assert_cmphex (chip->ram_from, ==, chips[i].ram_from);
    g_assert_cmphex (chip->system_start, ==, chips[i].system_start);
    g_assert_cmphex (chip->option_start, ==, chips[i].option_start);
    g_assert_cmpuint (chip->option_size, ==, chips[i].option_size);
    g_assert_cmpint (chip->rdp_offset, ==, chips[i].rdp_offset);
    g_assert_cmpint (chip->has_empty_check, ==, chips[i].has_empty_check);
  }
  g_assert_null (flash_chip_find ("f103"));
}

static void
check_rams (const FlashChip *chip)
{
  gboolean is_free_known = chip->ram_from == 0 || chip->rams->len == 0;

  for (guint i = 0; i < chip->rams->len; i++) {
    const FlashChipRange *ram = &g_array_index (chip->rams, FlashChipRange, i);
    FlashRange range = { ram->start, ram->size };

    g_assert_cmpuint (ram->size, >, 0);
    g_assert_cmpuint (ram->name[0], !=, '\0');
    g_assert_cmpuint (flash_range_end (range), <=, (guint64) G_MAXUINT32 + 1);
    /* The ROM of the F04x uses all there is. */
    is_free_known = is_free_known || flash_range_contains (range, chip->ram_from - 1);
    for (guint k = 0; k < i; k++) {
      const FlashChipRange *other = &g_array_index (chip->rams, FlashChipRange, k);

      g_assert_false (flash_range_overlaps (range, (FlashRange){ other->start, other->size }));
    }
    /* Neither flash nor ROM. */
    g_assert_false (flash_range_overlaps (range, (FlashRange){ 0x08000000, chip->flash_max }));
    g_assert_false (chip->system_start != 0 && flash_range_contains (range, chip->system_start));
  }
  g_assert_true (is_free_known);
}

static void
check_maps (const FlashChipRow *row)
{
  const FlashChip *chip = &row->chip;

  for (guint i = 0; i < row->geometries->len; i++) {
    const FlashMemoryMap *map = g_ptr_array_index (row->geometries, i);

    g_assert_cmphex (flash_memory_map_get_start (map), ==, 0x08000000);
    g_assert_cmpuint (flash_memory_map_get_size (map), <=, chip->flash_max);
  }
  for (guint i = 0; i < chip->maps->len; i++) {
    const char *text = g_ptr_array_index (chip->maps, i);
    g_autoptr (FlashMemoryMap) map = flash_memory_map_parse (text, NULL);

    g_assert_nonnull (map);
    g_assert_cmphex (flash_memory_map_get_start (map), ==, 0x08000000);
    g_assert_cmpuint (flash_memory_map_get_size (map), <=, chip->flash_max);
    /* Section 4.2: all but the one that is known to be wrong. */
    g_assert_true (flash_chip_match_has_sectors (chip, map) ||
                   (g_str_equal (chip->id, "h7a3") && strstr (text, "256*02Kg") != NULL));
  }
}

/* Section 4.8: where the family keeps its option bytes. */
static void
check_option_address (const FlashChip *chip)
{
  static const struct {
    const char *families;
    guint32 start;
  } known[] = {
    { "F0 F1 F3", 0x1ffff800 }, { "F2 F4", 0x1fffc000 },    { "F7", 0x1fff0000 },
    { "L0 L1", 0x1ff80000 },    { "L4 G0 G4", 0x1fff7800 }, { "WB", 0x1fff8000 },
    { "H7", 0x5200201c },       { "U5 L5", 0x40022040 },    { "U0", 0x40022020 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known) && chip->option_start != 0; i++) {
    g_auto (GStrv) families = g_strsplit (known[i].families, " ", -1);

    if (g_strv_contains ((const char *const *) families, chip->family))
      g_assert_cmphex (chip->option_start, ==, known[i].start);
  }
}

static void
check_option_layout (const FlashChip *chip)
{
  const FlashOptionLayout *layout;
  const FlashOptionField *rdp = NULL;
  GPtrArray *fields;

  if (chip->option_layout == NULL)
    return;
  layout = flash_option_layout_find (chip->option_layout);
  g_assert_nonnull (layout);
  g_assert_cmpuint (flash_option_layout_get_size (layout), ==, chip->option_size);
  fields = flash_option_layout_get_fields (layout);
  for (guint i = 0; i < fields->len && rdp == NULL; i++) {
    const FlashOptionField *field = g_ptr_array_index (fields, i);

    if (g_str_has_prefix (field->name, "RDP"))
      rdp = field;
  }
  g_assert_nonnull (rdp);
  g_assert_cmpint ((gint) (rdp->offset + rdp->shift / 8), ==, chip->rdp_offset);
}

/* Section 4.6: only a row with chips of two cores has another start, in the other bank. */
static void
check_boot_starts (const FlashChip *chip)
{
  g_assert_cmpuint (chip->boot_starts->len, ==, g_str_equal (chip->id, "h74x") ? 1 : 0);
  for (guint i = 0; i < chip->boot_starts->len; i++)
    g_assert_cmphex (g_array_index (chip->boot_starts, guint32, i), ==, 0x08100000);
}

static void
test_cross_checks (void)
{
  GPtrArray *table = flash_chip_list ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < table->len; i++) {
    const FlashChip *chip = g_ptr_array_index (table, i);

    g_test_message ("%s", chip->id);
    g_assert_true (flash_chip_find (chip->id) == chip);
    if (chip->device_id != 0)
      g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (chip->device_id)));
    g_assert_cmpuint (chip->name[0], !=, '\0');
    g_assert_true (g_str_has_prefix (chip->name, "STM32"));
    g_assert_nonnull (chip->interrupted);
    /* What has ECC erases to ones, and takes whole granules. */
    g_assert_true (!chip->has_ecc || (chip->granule >= 8 && chip->erased == 0xff));
    /* Section 2.2 */
    if (g_str_equal (chip->family, "L0") || g_str_equal (chip->family, "L1"))
      g_assert_false (chip->has_mass_erase);
    check_rams (chip);
    check_boot_starts (chip);
    check_maps ((const FlashChipRow *) chip);
    check_option_address (chip);
    check_option_layout (chip);
  }
}

/* Section 2.7: the two that are known not to, and the one that is left by a reset. */
static void
test_leave (void)
{
  GPtrArray *table = flash_chip_list ();

  for (guint i = 0; i < table->len; i++) {
    const FlashChip *chip = g_ptr_array_index (table, i);

    g_assert_cmpint (chip->leave_starts, ==,
                     !g_str_equal (chip->id, "h74x") && !g_str_equal (chip->family, "H5") &&
                         !g_str_equal (chip->family, "WB"));
  }
}

#define FAMILY "[family F9]\ngranule=4\nstyle=old\n"
#define CHIP "[f9]\nname=STM32F9\nfamily=F9\ngeometry=@x/0x08000000/1*1Kg\n"

static const struct {
  const char *text;
  const char *message;
} broken[] = {
  { "[f9]\nname=STM32F9\nfamily=F9\n", "[f9] family: there is no such family" },
  { "[f9]\nname=STM32F9\n", "[f9] family: there is no such family" },
  { FAMILY "[f9]\nfamily=F9\n", "[f9] name: missing" },
  { FAMILY "[f9]\nfamily=F9\nname=x\n", "[f9] geometry: missing" },
  { FAMILY "[f9]\nfamily=F9\nname=x\ngeometry=x\n", "[f9] geometry: not a memory map" },
  { FAMILY CHIP "colour=red\n", "[f9] colour: no such key" },
  { FAMILY "colour=red\n" CHIP, "[family F9] colour: no such key" },
  { FAMILY CHIP "granule=1\n", "[f9] granule: missing" },
  { FAMILY CHIP "granule=four\n", "[f9] granule: not a number" },
  { FAMILY CHIP "system=0x100000000\n", "[f9] system: not a number" },
  { FAMILY CHIP "ecc=yes\n", "[f9] ecc: neither true nor false" },
  { FAMILY CHIP "style=\n", "[f9] style: neither old, new nor both" },
  { FAMILY CHIP "option=0x1000\n", "[f9] option: not a start and a length" },
  { FAMILY CHIP "option=0x1000 x\n", "[f9] option: not a start and a length" },
  { FAMILY CHIP "rams=SRAM 0x20000000\n", "[f9] rams: not a name, a start and a length" },
  { FAMILY CHIP "rams=SRAM 0 1K;\n", "[f9] rams: not a name, a start and a length" },
  { FAMILY CHIP "boot_starts=0x08100000;here\n", "[f9] boot_starts: not an address" },
  { FAMILY CHIP "boot_entry=magic\n", "[f9] boot_entry: there is no such sentence" },
  { FAMILY CHIP "interrupted=magic\n", "[f9] interrupted: there is no such sentence" },
};

static void
test_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GKeyFile) file = g_key_file_new ();
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", broken[i].text);
    g_assert_true (g_key_file_load_from_data (file, broken[i].text, strlen (broken[i].text),
                                              G_KEY_FILE_NONE, NULL));
    g_assert_null (flash_chip_table_parse (file, &error));
    g_assert_error (error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE);
    g_assert_cmpstr (error->message, ==, broken[i].message);
  }
}

static void
test_data (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) file = flash_chip_data_load ("chips.ini", &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  g_assert_null (flash_chip_data_load ("nothing.ini", &error));
  g_assert_error (error, G_RESOURCE_ERROR, G_RESOURCE_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/rows", test_rows);
  g_test_add_func ("/chip/cross-checks", test_cross_checks);
  g_test_add_func ("/chip/leave", test_leave);
  g_test_add_func ("/chip/broken", test_broken);
  g_test_add_func ("/chip/data", test_data);
  return g_test_run ();
}
