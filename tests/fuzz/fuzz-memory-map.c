/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-chip.h"
#include "flash-dfu-defs.h"
#include "flash-fuzz.h"

#include <string.h>

#define ADDRESS_END (G_GUINT64_CONSTANT (1) << 32)

/* What the header promises of every map. */
static void
check_map (const FlashMemoryMap *map)
{
  guint n_sectors = flash_memory_map_get_n_sectors (map);
  guint64 end = 0, size = 0;
  FlashMemorySector sector, found;

  g_assert_true (g_utf8_validate (map->name, -1, NULL));
  g_assert_true (g_utf8_validate (map->text, -1, NULL));
  g_assert_cmpuint (map->runs->len, >, 0);
  g_assert_cmpuint (map->runs->len, <=, FLASH_MEMORY_MAX_RUNS);
  g_assert_cmpuint (n_sectors, <=, FLASH_MEMORY_MAX_SECTORS);
  for (guint i = 0; i < map->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (map->runs, FlashMemoryRun, i);
    guint64 run_size = (guint64) run->sector_size * run->n_sectors;

    g_assert_cmpuint (run_size, >, 0);
    g_assert_cmpuint (run->address, >=, end);
    end = run->address + run_size;
    size += run_size;
    g_assert_true (flash_memory_map_covers (map, run->address, run_size, run->flags));
  }
  g_assert_cmpuint (end, <=, ADDRESS_END);
  g_assert_cmpuint (flash_memory_map_get_size (map), ==, size);
  flash_memory_map_get_sector (map, n_sectors - 1, &sector);
  g_assert_cmpuint ((guint64) sector.address + sector.size, ==, end);
  g_assert_true (flash_memory_map_find_sector (map, sector.address, &found));
  g_assert_cmpuint (found.index, ==, n_sectors - 1);
  g_assert_false (flash_memory_map_covers (map, sector.address, (guint64) sector.size + 1, 0));
}

static guint8
take (const guint8 **data, gsize *size)
{
  if (*size == 0)
    return 0;
  (*size)--;
  return *(*data)++;
}

/* A device whose ids are picked by the first bytes, and whose names are the lines behind them. */
static FlashDescriptors *
make_descriptors (const guint8 *data, gsize size)
{
  static const guint16 vids[] = { 0x0483, 0x28e9, 0x2e3c, 0x1d50 };
  static const guint16 versions[] = { 0x011a, 0x1a01, 0x0101, 0x0110, 0x0100, 0 };
  static const guint16 bcd_devices[] = { 0x2200, 0x0200, 0x2000, 0x0100 };
  guint16 vid = vids[take (&data, &size) % G_N_ELEMENTS (vids)];
  guint16 version = versions[take (&data, &size) % G_N_ELEMENTS (versions)];
  guint16 bcd = bcd_devices[take (&data, &size) % G_N_ELEMENTS (bcd_devices)];
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 8);
  guint n_names = g_strv_length (lines);
  const guint8 device[18] = { 18, 1,          0,        2,    0,    0,          0,
                              64, vid & 0xff, vid >> 8, 0x11, 0xdf, bcd & 0xff, (guint8) (bcd >> 8),
                              1,  2,          3,        1 };
  const guint8 functional[] = {
    9, 0x21, 0x0b, 0xff, 0, 0x00, 0x08, version & 0xff, (guint8) (version >> 8)
  };
  g_autoptr (GByteArray) configuration = g_byte_array_new ();
  FlashDescriptors *descriptors;

  for (guint i = 0; i < n_names; i++) {
    const guint8 interface[] = { 9, 4, 0, (guint8) i, 0, 0xfe, 1, 2, (guint8) (4 + i) };

    g_byte_array_append (configuration, interface, sizeof interface);
  }
  g_byte_array_append (configuration, functional, sizeof functional);
  descriptors = flash_descriptors_parse (device, sizeof device, configuration->data,
                                         configuration->len, NULL);
  for (guint i = 0; i < n_names; i++) {
    FlashAlternate *alternate = g_ptr_array_index (descriptors->alternates, i);

    alternate->name = g_strdup (lines[i]);
  }
  return descriptors;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashMemoryMap) map = flash_memory_map_parse (text, &error);
  g_autoptr (FlashDescriptors) descriptors = make_descriptors (data, size);
  g_auto (FlashChipGuess) guess = { 0 };
  FlashChipTraits traits;

  g_assert_true ((map == NULL) == (error != NULL));
  if (map != NULL)
    check_map (map);
  flash_chip_guess_init (&guess, descriptors);
  g_assert_true ((guess.loader == FLASH_LOADER_NONE) == (guess.flash == NULL));
  if (guess.flash != NULL)
    check_map (guess.flash);
  flash_chip_guess_get_traits (&guess, &traits);
  g_assert_cmpuint (traits.granule, >=, 2);
  return 0;
}
