/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-map-test"

#include "config.h"

#include "flash-map-test.h"

static void
append_number (GString *out, guint64 number)
{
  if (number == G_MAXUINT64)
    g_string_append_c (out, '?');
  else
    g_string_append_printf (out, "%" G_GINT64_MODIFIER "x", number);
}

/* Such as `fsbl1@4400+40000`. */
static void
append_place (GString *out, const char *name, guint64 start, guint64 size)
{
  g_string_append_printf (out, " %s@", name);
  append_number (out, start);
  g_string_append_c (out, '+');
  append_number (out, size);
}

static const char *
get_area_name (const FlashLayoutArea *area)
{
  switch (area->kind) {
  case FLASH_LAYOUT_AREA_PARTITION:
    return flash_layout_row_get_name (area->row);
  case FLASH_LAYOUT_AREA_FREE:
    return "FREE";
  case FLASH_LAYOUT_AREA_TABLE:
    return "TABLE";
  case FLASH_LAYOUT_AREA_RAW:
    return "RAW";
  }
  g_return_val_if_reached (NULL);
}

char *
flash_map_test_dup_text (const FlashLayoutMap *map)
{
  GString *out = g_string_new (map->name);

  g_string_append_c (out, ':');
  for (guint i = 0; i < map->areas->len; i++) {
    const FlashLayoutArea *area = &g_array_index (map->areas, FlashLayoutArea, i);

    append_place (out, get_area_name (area), area->start, area->size);
    if (area->image_size > 0) {
      g_string_append_c (out, '=');
      append_number (out, area->image_size);
    }
  }
  for (guint i = 0; i < map->overlaps->len; i++) {
    const FlashLayoutOverlap *overlap = &g_array_index (map->overlaps, FlashLayoutOverlap, i);
    const char *second = overlap->second != NULL ? flash_layout_row_get_name (overlap->second) : "";
    g_autofree char *names =
        g_strdup_printf ("!%s/%s", flash_layout_row_get_name (overlap->first), second);

    append_place (out, names, overlap->start, overlap->size);
  }
  return g_string_free (out, FALSE);
}

GPtrArray *
flash_map_test_make (const char *text, GHashTable *sizes, guint device_id,
                     const guint64 *image_sizes)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_test_parse (text, diags);

  return flash_layout_dup_maps (layout, sizes, device_id, image_sizes);
}

GHashTable *
flash_map_test_make_sizes (void)
{
  return flash_layout_test_make_sizes (
      "mmc0", 64 * FLASH_MAP_TEST_MIB, "mmc1", 64 * FLASH_MAP_TEST_MIB, "mmc1boot1",
      4 * FLASH_MAP_TEST_MIB, "nor0", 2 * FLASH_MAP_TEST_MIB, "nand0", 128 * FLASH_MAP_TEST_MIB,
      "ram0", 64 * FLASH_MAP_TEST_MIB, "mmc2", (guint64) 512, NULL);
}
