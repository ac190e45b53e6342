/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-chip-table"

#include "config.h"

#include "flash-chip-data-private.h"
#include "flash-chip-private.h"

#include <string.h>

#define FAMILY "family "

static const char *const known_keys[] = {
  "name",       "family",  "device_id",     "geometry",     "geometry-",    "map-",
  "doubt",      "granule", "ecc",           "erased",       "ram_from",     "rams",
  "system",     "option",  "option_second", "option_other", "option_shown", "option_layout",
  "rdp_offset", "otp",     "otp_other",     "empty_check",  "mass_erase",   "leave_starts",
  "style",      "product", "boot_entry",    "interrupted",  "boot_starts",  NULL,
};

static void
row_free (gpointer data)
{
  FlashChipRow *self = data;

  g_array_unref (self->chip.rams);
  g_array_unref (self->chip.boot_starts);
  g_ptr_array_unref (self->chip.maps);
  g_ptr_array_unref (self->geometries);
  g_free (self);
}

/* `0x1ffff800 16` */
static void
read_area (FlashChipData *data, const char *key, guint32 *out_start, guint *out_size)
{
  g_auto (GStrv) words = flash_chip_data_dup_list (data, key, " ");

  if (words == NULL)
    return;
  if (g_strv_length (words) != 2 || !flash_chip_data_parse_number (words[0], out_start) ||
      !flash_chip_data_parse_number (words[1], out_size))
    flash_chip_data_complain (data, key, "not a start and a length");
}

/* `SRAM 0x20000000 128K;CCM 0x10000000 64K` */
static void
read_rams (FlashChipData *data, FlashChip *chip)
{
  g_auto (GStrv) entries = flash_chip_data_dup_list (data, "rams", ";");

  for (guint i = 0; entries != NULL && entries[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (entries[i], " ", -1);
    FlashChipRange range;

    if (g_strv_length (words) != 3 || !flash_chip_data_parse_number (words[1], &range.start) ||
        !flash_chip_data_parse_number (words[2], &range.size)) {
      flash_chip_data_complain (data, "rams", "not a name, a start and a length");
      return;
    }
    range.name = g_intern_string (words[0]);
    g_array_append_val (chip->rams, range);
  }
}

/* `0x08100000;0x08180000` */
static void
read_boot_starts (FlashChipData *data, FlashChip *chip)
{
  g_auto (GStrv) entries = flash_chip_data_dup_list (data, "boot_starts", ";");

  for (guint i = 0; entries != NULL && entries[i] != NULL; i++) {
    guint32 start;

    if (!flash_chip_data_parse_number (entries[i], &start)) {
      flash_chip_data_complain (data, "boot_starts", "not an address");
      return;
    }
    g_array_append_val (chip->boot_starts, start);
  }
}

static void
read_geometry (FlashChipData *data, const char *key, FlashChipRow *row)
{
  const char *text = flash_chip_data_get_text (data, key);
  FlashMemoryMap *map;

  if (text == NULL)
    return;
  map = flash_memory_map_parse (text, NULL);
  if (map != NULL)
    g_ptr_array_add (row->geometries, map);
  else
    flash_chip_data_complain (data, key, "not a memory map");
}

static void
read_maps (FlashChipData *data, FlashChipRow *row)
{
  const char *text = NULL;

  read_geometry (data, "geometry", row);
  read_geometry (data, "geometry-2", row);
  if (row->geometries->len == 0)
    flash_chip_data_complain (data, "geometry", "missing");
  else
    row->chip.flash_max =
        (guint32) flash_memory_map_get_size (g_ptr_array_index (row->geometries, 0));

  for (guint i = 1; i == 1 || text != NULL; i++) {
    g_autofree char *key = g_strdup_printf ("map-%u", i);

    text = flash_chip_data_get_text (data, key);
    if (text != NULL)
      g_ptr_array_add (row->chip.maps, (gpointer) text);
  }
}

static void
read_options (FlashChipData *data, FlashChipRow *row)
{
  FlashChip *chip = &row->chip;
  guint32 rdp_offset = flash_chip_data_get_number (data, "rdp_offset", G_MAXUINT32);

  read_area (data, "option", &chip->option_start, &chip->option_size);
  read_area (data, "option_other", &row->option_other, &row->option_other_size);
  row->option_second = flash_chip_data_get_number (data, "option_second", 0);
  row->is_option_shown = flash_chip_data_get_boolean (data, "option_shown", TRUE);
  chip->option_layout = flash_chip_data_get_text (data, "option_layout");
  chip->rdp_offset = rdp_offset == G_MAXUINT32 ? -1 : (gint) rdp_offset;
  row->otp_start = flash_chip_data_get_number (data, "otp", 0);
  row->otp_other = flash_chip_data_get_number (data, "otp_other", 0);
}

static void
read_style (FlashChipData *data, FlashChipRow *row)
{
  const char *style = flash_chip_data_get_text (data, "style");

  row->is_old_style = g_strcmp0 (style, "old") == 0 || g_strcmp0 (style, "both") == 0;
  row->is_new_style = g_strcmp0 (style, "new") == 0 || g_strcmp0 (style, "both") == 0;
  if (!row->is_old_style && !row->is_new_style)
    flash_chip_data_complain (data, "style", "neither old, new nor both");
}

/* A key that leads to a sentence. */
static const char *
read_words (FlashChipData *data, const char *key, const char *(*find) (const char *key))
{
  const char *name = flash_chip_data_get_text (data, key);
  const char *words = name != NULL ? find (name) : NULL;

  if (name != NULL && words == NULL)
    flash_chip_data_complain (data, key, "there is no such sentence");
  return words;
}

static void
read_row (FlashChipData *data, FlashChipRow *row)
{
  FlashChip *chip = &row->chip;

  chip->name = flash_chip_data_get_text (data, "name");
  if (chip->name == NULL)
    flash_chip_data_complain (data, "name", "missing");
  chip->device_id = flash_chip_data_get_number (data, "device_id", 0);
  chip->granule = flash_chip_data_get_number (data, "granule", 0);
  if (chip->granule < 2)
    flash_chip_data_complain (data, "granule", "missing");
  chip->has_ecc = flash_chip_data_get_boolean (data, "ecc", FALSE);
  chip->erased = (guint8) flash_chip_data_get_number (data, "erased", 0xff);
  chip->ram_from = flash_chip_data_get_number (data, "ram_from", 0);
  chip->system_start = flash_chip_data_get_number (data, "system", 0);
  chip->has_empty_check = flash_chip_data_get_boolean (data, "empty_check", FALSE);
  chip->has_mass_erase = flash_chip_data_get_boolean (data, "mass_erase", FALSE);
  chip->leave_starts = flash_chip_data_get_boolean (data, "leave_starts", FALSE);
  chip->boot_entry = read_words (data, "boot_entry", flash_chip_words_find_boot_entry);
  chip->interrupted = read_words (data, "interrupted", flash_chip_words_find_interrupted);
  row->product = flash_chip_data_get_text (data, "product");
  row->doubt = flash_chip_data_get_text (data, "doubt");
  read_rams (data, chip);
  read_boot_starts (data, chip);
  read_maps (data, row);
  read_options (data, row);
  read_style (data, row);
}

static gboolean
add_row (GPtrArray *table, GKeyFile *file, const char *group, GError **error)
{
  const char *groups[] = { group, NULL, NULL };
  FlashChipData data = { .file = file, .groups = groups };
  FlashChipRow *row = g_new0 (FlashChipRow, 1);
  g_autofree char *common = NULL;

  row->chip.id = g_intern_string (group);
  row->chip.rams = g_array_new (FALSE, FALSE, sizeof (FlashChipRange));
  row->chip.boot_starts = g_array_new (FALSE, FALSE, sizeof (guint32));
  row->chip.maps = g_ptr_array_new ();
  row->geometries = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_memory_map_unref);
  g_ptr_array_add (table, row);

  flash_chip_data_check_keys (&data, known_keys);
  row->chip.family = flash_chip_data_get_text (&data, "family");
  common = g_strconcat (FAMILY, row->chip.family != NULL ? row->chip.family : "", NULL);
  if (!g_key_file_has_group (file, common))
    flash_chip_data_complain (&data, "family", "there is no such family");
  groups[1] = common;
  read_row (&data, row);
  if (data.error == NULL)
    return TRUE;
  g_propagate_error (error, data.error);
  return FALSE;
}

GPtrArray *
flash_chip_table_parse (GKeyFile *file, GError **error)
{
  g_autoptr (GPtrArray) table = g_ptr_array_new_with_free_func (row_free);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint i = 0; groups[i] != NULL; i++) {
    const char *const family_groups[] = { groups[i], NULL };
    FlashChipData family = { .file = file, .groups = family_groups };

    if (!g_str_has_prefix (groups[i], FAMILY)) {
      if (!add_row (table, file, groups[i], error))
        return NULL;
      continue;
    }
    flash_chip_data_check_keys (&family, known_keys);
    if (family.error != NULL) {
      g_propagate_error (error, family.error);
      return NULL;
    }
  }
  return g_steal_pointer (&table);
}

static gpointer
load_table (gpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GKeyFile) file = flash_chip_data_load ("chips.ini", &error);
  GPtrArray *table = file != NULL ? flash_chip_table_parse (file, &error) : NULL;

  if (table != NULL)
    return table;
  g_warning ("chips.ini: %s", error->message);
  return g_ptr_array_new ();
}

GPtrArray *
flash_chip_list (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load_table, NULL);
}

const FlashChip *
flash_chip_find (const char *id)
{
  GPtrArray *table = flash_chip_list ();

  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < table->len; i++) {
    const FlashChip *chip = g_ptr_array_index (table, i);

    if (g_str_equal (chip->id, id))
      return chip;
  }
  return NULL;
}
