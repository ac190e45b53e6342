/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-proposal"

#include "config.h"

#include "flash-layout-proposal.h"
#include "flash-layout-storage.h"

#define KIB G_GUINT64_CONSTANT (1024)
#define MIB (1024 * KIB)
/* stm32mp-usb.md section 3.6: what ST's build files use. The smallest usual block of a NAND is
 * half of this, but a layout for the larger one fits both. */
#define NAND_UNIT (2 * FLASH_LAYOUT_NAND_UNIT)

FlashLayoutPlace *
flash_layout_place_new (const FlashLayoutEntryCells *cells)
{
  g_autoptr (FlashLayoutPlace) self = g_new0 (FlashLayoutPlace, 1);

  if (cells->n_cells < FLASH_LAYOUT_BOARD_COLUMNS)
    return NULL;
  for (guint i = 0; i < FLASH_LAYOUT_BOARD_COLUMNS; i++) {
    if (!flash_layout_values_parse (&self->values, i + 1, cells->cells[i], 0, NULL))
      return NULL;
  }
  self->name = g_strdup (cells->cells[FLASH_LAYOUT_COLUMN_NAME - 1]);
  self->ip_name = g_strdup (cells->cells[FLASH_LAYOUT_COLUMN_IP - 1]);
  return g_steal_pointer (&self);
}

void
flash_layout_place_free (FlashLayoutPlace *self)
{
  g_free (self->name);
  g_free (self->ip_name);
  g_free (self);
}

static void
free_place (gpointer data)
{
  flash_layout_place_free (data);
}

GPtrArray *
flash_layout_places_new (const FlashLayoutText *text)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (free_place);

  for (guint i = 0; i < text->lines->len; i++) {
    const FlashLayoutTextLine *line = flash_layout_text_get_line (text, i);
    FlashLayoutPlace *place = line->cells != NULL ? flash_layout_place_new (line->cells) : NULL;

    if (place != NULL)
      g_ptr_array_add (places, place);
  }
  return places;
}

static guint8
find_free (const gboolean *is_taken, guint first, guint last)
{
  for (guint id = first; id <= last; id++) {
    if (!is_taken[id])
      return (guint8) id;
  }
  return 0;
}

guint8
flash_layout_places_find_id (GPtrArray *places, guint8 first)
{
  gboolean is_taken[FLASH_LAYOUT_MAX_ID + 1] = { FALSE };
  guint8 id = 0;

  for (guint i = 0; i < places->len; i++)
    is_taken[((const FlashLayoutPlace *) g_ptr_array_index (places, i))->values.id] = TRUE;
  if (first >= FLASH_LAYOUT_FIRST_BOOT_ID && first <= FLASH_LAYOUT_LAST_BOOT_ID) {
    id = find_free (is_taken, first, FLASH_LAYOUT_LAST_BOOT_ID);
    if (id == 0)
      id = find_free (is_taken, FLASH_LAYOUT_FIRST_BOOT_ID, FLASH_LAYOUT_LAST_BOOT_ID);
  }
  if (id == 0)
    id = find_free (is_taken, MAX (first, FLASH_LAYOUT_FIRST_USER_ID), FLASH_LAYOUT_MAX_ID);
  if (id == 0)
    id = find_free (is_taken, FLASH_LAYOUT_FIRST_USER_ID, FLASH_LAYOUT_MAX_ID);
  return id != 0 ? id : find_free (is_taken, FLASH_LAYOUT_FIRST_BOOT_ID, FLASH_LAYOUT_LAST_BOOT_ID);
}

gboolean
flash_layout_places_has_name (GPtrArray *places, const char *name)
{
  for (guint i = 0; i < places->len; i++) {
    const FlashLayoutPlace *place = g_ptr_array_index (places, i);

    if (place->values.ip != FLASH_LAYOUT_IP_NONE && g_str_equal (place->name, name))
      return TRUE;
  }
  return FALSE;
}

char *
flash_layout_places_dup_name (GPtrArray *places, const char *name)
{
  gsize length = strlen (name);
  guint64 number = 1;

  if (!flash_layout_places_has_name (places, name))
    return g_strdup (name);
  while (length > 0 && g_ascii_isdigit (name[length - 1]))
    length--;
  /* A name of digits alone counts on as well as any other. */
  g_ascii_string_to_unsigned (name + length, 10, 0, G_MAXUINT32, &number, NULL);
  /* At most one name for each line is taken. */
  for (guint i = 0; i <= places->len; i++) {
    g_autofree char *suffix = g_strdup_printf ("%" G_GUINT64_FORMAT, number + 1 + i);
    gsize room = FLASH_LAYOUT_MAX_NAME - strlen (suffix);
    g_autofree char *candidate = NULL;

    length = MIN (length, room);
    while (length > 0 && ((guint8) name[length] & 0xc0) == 0x80)
      length--;
    candidate = g_strdup_printf ("%.*s%s", (int) length, name, suffix);
    if (!flash_layout_places_has_name (places, candidate))
      return g_steal_pointer (&candidate);
  }
  return g_strdup (name);
}

static gboolean
parse_ip (const char *ip_name, FlashLayoutValues *out_values)
{
  return flash_layout_values_parse (out_values, FLASH_LAYOUT_COLUMN_IP, ip_name, 0, NULL);
}

static gboolean
is_partition (const FlashLayoutPlace *place, const char *ip_name)
{
  return g_str_equal (place->ip_name, ip_name) &&
         place->values.type != FLASH_LAYOUT_TYPE_RAW_IMAGE &&
         place->values.offset_kind == FLASH_LAYOUT_OFFSET_NUMBER;
}

gboolean
flash_layout_places_has_boot_part (GPtrArray *places, const char *ip_name, FlashLayoutOffset kind)
{
  for (guint i = 0; i < places->len; i++) {
    const FlashLayoutPlace *place = g_ptr_array_index (places, i);

    if (g_str_equal (place->ip_name, ip_name) && place->values.offset_kind == kind)
      return TRUE;
  }
  return FALSE;
}

gboolean
flash_layout_places_is_emmc (GPtrArray *places, const char *ip_name)
{
  FlashLayoutValues values = { 0 };

  return parse_ip (ip_name, &values) && values.ip == FLASH_LAYOUT_IP_MMC &&
         (values.ip_number > 0 ||
          flash_layout_places_has_boot_part (places, ip_name, FLASH_LAYOUT_OFFSET_BOOT1) ||
          flash_layout_places_has_boot_part (places, ip_name, FLASH_LAYOUT_OFFSET_BOOT2));
}

guint64
flash_layout_places_get_unit (GPtrArray *places, const char *ip_name)
{
  FlashLayoutValues values = { 0 };

  if (!parse_ip (ip_name, &values))
    return 1;
  switch (values.ip) {
  case FLASH_LAYOUT_IP_MMC:
    return flash_layout_places_is_emmc (places, ip_name) ? FLASH_LAYOUT_EMMC_UNIT
                                                         : FLASH_LAYOUT_BLOCK_SIZE;
  case FLASH_LAYOUT_IP_NOR:
    return FLASH_LAYOUT_NOR_UNIT;
  case FLASH_LAYOUT_IP_NAND:
  case FLASH_LAYOUT_IP_SPI_NAND:
    return NAND_UNIT;
  case FLASH_LAYOUT_IP_NONE:
  case FLASH_LAYOUT_IP_RAM:
    return 1;
  }
  g_return_val_if_reached (1);
}

static guint64
find_first (GPtrArray *places, const char *ip_name)
{
  FlashLayoutValues values = { 0 };

  if (!parse_ip (ip_name, &values))
    return 0;
  if (values.ip == FLASH_LAYOUT_IP_MMC)
    return flash_layout_places_is_emmc (places, ip_name) ? FLASH_LAYOUT_EMMC_UNIT
                                                         : FLASH_LAYOUT_SD_FIRST;
  return values.ip == FLASH_LAYOUT_IP_RAM ? FLASH_LAYOUT_DRAM_START_MP1 : 0;
}

guint64
flash_layout_usual_size (FlashLayoutType type, FlashLayoutIp ip, guint64 unit)
{
  gboolean is_nand = ip == FLASH_LAYOUT_IP_NAND || ip == FLASH_LAYOUT_IP_SPI_NAND;
  guint64 size = 64 * MIB;

  switch (type) {
  case FLASH_LAYOUT_TYPE_BINARY:
  case FLASH_LAYOUT_TYPE_FWU_MDATA:
    /* room for a bad block on a NAND */
    size = is_nand ? 512 * KIB : 256 * KIB;
    break;
  case FLASH_LAYOUT_TYPE_FIP:
    size = 4 * MIB;
    break;
  case FLASH_LAYOUT_TYPE_ENV:
    size = 512 * KIB;
    break;
  case FLASH_LAYOUT_TYPE_FILESYSTEM:
    size = ip == FLASH_LAYOUT_IP_MMC ? 4096 * MIB : size;
    break;
  case FLASH_LAYOUT_TYPE_SYSTEM:
  case FLASH_LAYOUT_TYPE_ESP:
  case FLASH_LAYOUT_TYPE_RAW_IMAGE:
    break;
  }
  return (size + unit - 1) / unit * unit;
}

/* Returns: (nullable): the one that begins last. */
static const FlashLayoutPlace *
find_last (GPtrArray *places, const char *ip_name)
{
  const FlashLayoutPlace *last = NULL;

  for (guint i = 0; i < places->len; i++) {
    const FlashLayoutPlace *place = g_ptr_array_index (places, i);

    if (is_partition (place, ip_name) &&
        (last == NULL || place->values.offset >= last->values.offset))
      last = place;
  }
  return last;
}

guint64
flash_layout_places_find_end (GPtrArray *places, const char *ip_name, guint64 size)
{
  const FlashLayoutPlace *last = find_last (places, ip_name);
  guint64 unit = flash_layout_places_get_unit (places, ip_name);
  guint64 first = find_first (places, ip_name);
  guint64 end;

  if (last == NULL)
    return first;
  if (size == 0)
    size = flash_layout_usual_size (last->values.type, last->values.ip, unit);
  /* Behind the end of what can be counted there is no legal offset; the checks say so. */
  if (!g_uint64_checked_add (&end, last->values.offset, size) ||
      !g_uint64_checked_add (&end, end, unit - 1))
    return last->values.offset;
  return MAX (end / unit * unit, first);
}

guint64
flash_layout_places_find_half (GPtrArray *places, const FlashLayoutPlace *place)
{
  guint64 unit = flash_layout_places_get_unit (places, place->ip_name);
  guint64 start = place->values.offset, next = G_MAXUINT64, half;

  for (guint i = 0; i < places->len; i++) {
    const FlashLayoutPlace *other = g_ptr_array_index (places, i);

    if (is_partition (other, place->ip_name) && other->values.offset > start)
      next = MIN (next, other->values.offset);
  }
  half = (start + (next - start) / 2) / unit * unit;
  if (next == G_MAXUINT64 || half <= start)
    return flash_layout_places_find_end (places, place->ip_name, 0);
  return half;
}
