/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-slots"

#include "config.h"

#include "flash-card-slots.h"

#include "flash-layout-lint.h"
#include "flash-text.h"

#define BLOCK FLASH_CARD_BLOCK_SIZE
/* stm32mp-usb.md section 3.6: where U-Boot allows the first partition of an SD card, in bytes, and
 * how many blocks it keeps free behind the last one. */
#define SD_FIRST (34 * BLOCK)
#define SD_RESERVE (35 * BLOCK)
/* The protective MBR counts blocks with 32 bits, and so does U-Boot's writing over DFU
 * (drivers/dfu/dfu_mmc.c, mmc_block_op ()). */
#define MAX_SIZE (G_GUINT64_CONSTANT (1) << 41)

void
flash_card_slots_free (FlashCardSlots *self)
{
  g_clear_object (&self->layout);
  g_clear_object (&self->plan);
  g_clear_pointer (&self->slots, g_array_unref);
  g_free (self->ip);
  g_free (self);
}

static FlashCardSlot *
get_slot (FlashCardSlots *self, guint index)
{
  return &g_array_index (self->slots, FlashCardSlot, index);
}

static gboolean
fail_row (FlashCardError code, FlashLayoutRow *row, const char *what, GError **error)
{
  g_set_error (error, FLASH_CARD_ERROR, code, "line %u, %s: %s", flash_layout_row_get_line (row),
               flash_layout_row_get_name (row), what);
  return FALSE;
}

static guint64
round_up (guint64 size, guint64 unit)
{
  return (size + unit - 1) / unit * unit;
}

static guint64
get_content_size (const FlashCardSlot *slot)
{
  return slot->source != NULL ? round_up (flash_source_get_size (slot->source), BLOCK) : 0;
}

/* --- Which rows ---------------------------------------------------------------------------- */

static const FlashLayoutStorage *
find_storage (GPtrArray *storages, const char *ip)
{
  for (guint i = 0; i < storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (storages, i);

    if (g_str_equal (storage->ip, ip))
      return storage;
  }
  return NULL;
}

static GHashTable *
make_sizes (const char *ip, guint64 size)
{
  GHashTable *sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (sizes, g_strdup (ip), g_memdup2 (&size, sizeof size));
  return sizes;
}

static gboolean
is_card (const char *ip)
{
  return g_str_has_prefix (ip, "mmc") && g_ascii_isdigit (ip[3]) && ip[4] == '\0';
}

static gboolean
is_boot_part (FlashLayoutRow *row)
{
  return flash_layout_row_get_offset_kind (row) != FLASH_LAYOUT_OFFSET_NUMBER;
}

/* One row that is not selected makes the whole storage a partial update (stm32mp-usb.md section
 * 3.3), also one in a boot partition. */
static gboolean
add_slots (FlashCardSlots *self, const FlashLayoutStorage *storage, GError **error)
{
  for (guint i = 0; i < storage->parts->len; i++) {
    const FlashLayoutPart *part = &g_array_index (storage->parts, FlashLayoutPart, i);
    FlashCardSlot slot = { .row = part->row, .start = part->start, .size = part->size };

    if (!flash_layout_row_is_selected (part->row))
      return fail_row (FLASH_CARD_ERROR_PARTIAL_UPDATE, part->row, "the option is “-”", error);
    if (is_boot_part (part->row))
      continue;
    slot.is_raw = flash_layout_row_get_layout_type (part->row) == FLASH_LAYOUT_TYPE_RAW_IMAGE;
    self->has_table |= !slot.is_raw;
    g_array_append_val (self->slots, slot);
  }
  return TRUE;
}

/* How much the board keeps free at the end depends on the kind of card; the room layout knows. */
static guint64
find_reserve (FlashCardSlots *self)
{
  const guint64 probe = G_GUINT64_CONSTANT (1) << 62;
  g_autoptr (GHashTable) sizes = make_sizes (self->ip, probe);
  g_autoptr (GPtrArray) storages = flash_layout_dup_storages (self->layout, sizes);
  const FlashLayoutStorage *storage = find_storage (storages, self->ip);
  const FlashLayoutPart *last =
      &g_array_index (storage->parts, FlashLayoutPart, storage->parts->len - 1);
  guint64 end = last->start + last->size;

  if (is_boot_part (last->row) || end < last->start || end > probe - SD_RESERVE ||
      flash_layout_row_get_layout_type (last->row) == FLASH_LAYOUT_TYPE_RAW_IMAGE)
    return SD_RESERVE;
  return probe - end;
}

/* --- Files --------------------------------------------------------------------------------- */

static void
stamp_files (FlashCardSlots *self)
{
  for (guint i = 0; i < self->slots->len; i++) {
    FlashCardSlot *slot = get_slot (self, i);
    const char *path = flash_layout_row_get_path (slot->row);

    if (flash_layout_row_is_download (slot->row) && path != NULL)
      slot->stamp = flash_card_stamp_take (path);
  }
}

static gboolean
open_files (FlashCardSlots *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  stamp_files (self);
  self->plan = flash_plan_new_for_layout (self->layout, &local_error);
  if (self->plan == NULL) {
    g_set_error_literal (error, FLASH_CARD_ERROR,
                         local_error->domain == FLASH_LAYOUT_ERROR ? FLASH_CARD_ERROR_BAD_LAYOUT
                                                                   : FLASH_CARD_ERROR_UNREADABLE,
                         local_error->message);
    return FALSE;
  }
  for (guint i = 0; i < flash_plan_get_n_steps (self->plan); i++) {
    const FlashPlanStep *step = flash_plan_get_step (self->plan, i);

    for (guint j = 0; step->kind == FLASH_PLAN_PARTITION && j < self->slots->len; j++)
      if (get_slot (self, j)->row == step->row)
        get_slot (self, j)->source = step->source;
  }
  return TRUE;
}

static gboolean
has_contents (FlashCardSlots *self)
{
  for (guint i = 0; i < self->slots->len; i++)
    if (get_slot (self, i)->source != NULL)
      return TRUE;
  return self->has_table;
}

FlashCardSlots *
flash_card_slots_new (FlashLayout *layout, const char *ip, GError **error)
{
  g_autoptr (FlashCardSlots) self = g_new0 (FlashCardSlots, 1);
  g_autoptr (GPtrArray) storages = flash_layout_dup_storages (layout, NULL);
  const FlashLayoutStorage *storage = find_storage (storages, ip);

  self->layout = g_object_ref (layout);
  self->ip = g_strdup (ip);
  self->slots = g_array_new (FALSE, TRUE, sizeof (FlashCardSlot));
  if (!is_card (ip)) {
    g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_NOT_MMC, "the storage is “%s”", ip);
    return NULL;
  }
  self->device = (guint) g_ascii_digit_value (ip[3]);
  if (!flash_layout_is_accepted (layout)) {
    g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_BAD_LAYOUT, "the board says: %s",
                 flash_layout_get_refusal (layout, NULL));
    return NULL;
  }
  if (storage != NULL && (!add_slots (self, storage, error) || !open_files (self, error)))
    return NULL;
  if (storage == NULL || !has_contents (self)) {
    g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_EMPTY, "the storage is “%s”", ip);
    return NULL;
  }
  self->reserve = find_reserve (self);
  return g_steal_pointer (&self);
}

const FlashCardSlot *
flash_card_slots_find (FlashCardSlots *self, guint id)
{
  for (guint i = 0; i < self->slots->len; i++) {
    const FlashCardSlot *slot = get_slot (self, i);

    if (slot->source != NULL && flash_layout_row_get_id (slot->row) == id)
      return slot;
  }
  return NULL;
}

/* --- Sizes --------------------------------------------------------------------------------- */

/* Every partition has at least one block, or it could not be in a table. */
static gboolean
measure_slot (FlashCardSlots *self, const FlashCardSlot *slot, guint64 *out_end, GError **error)
{
  guint64 length = slot->is_raw || slot->size == G_MAXUINT64 ? get_content_size (slot) : slot->size;
  guint64 end;

  if (!slot->is_raw)
    length = MAX (length, BLOCK);
  if (!g_uint64_checked_add (&end, slot->start, length) ||
      !g_uint64_checked_add (&end, end, slot->is_raw ? 0 : self->reserve) || end > MAX_SIZE)
    return fail_row (FLASH_CARD_ERROR_BAD_SIZE, slot->row, "no card is large enough for it", error);
  *out_end = end;
  return TRUE;
}

gboolean
flash_card_slots_get_min_size (FlashCardSlots *self, guint64 *out_size, GError **error)
{
  guint64 size = FLASH_CARD_ROUNDING;

  for (guint i = 0; i < self->slots->len; i++) {
    guint64 end;

    if (!measure_slot (self, get_slot (self, i), &end, error))
      return FALSE;
    size = MAX (size, end);
  }
  *out_size = round_up (size, FLASH_CARD_ROUNDING);
  return TRUE;
}

/* What the board would complain about when it sets up this storage, in its words. */
static gboolean
check_geometry (FlashCardSlots *self, GHashTable *sizes, GError **error)
{
  guint line = 0;
  g_autofree char *answer = flash_layout_dup_init_error (self->layout, sizes, 0, &line);

  for (guint i = 0; i < self->slots->len; i++) {
    const FlashCardSlot *slot = get_slot (self, i);

    if (answer != NULL && flash_layout_row_get_line (slot->row) == line)
      return fail_row (FLASH_CARD_ERROR_BAD_LAYOUT, slot->row, answer, error);
    if (!slot->is_raw && (slot->start < SD_FIRST || slot->start % BLOCK != 0 || slot->size == 0))
      return fail_row (FLASH_CARD_ERROR_BAD_LAYOUT, slot->row,
                       "no partition can begin or end there", error);
  }
  return TRUE;
}

static gboolean
fail_too_small (FlashCardSlots *self, guint64 size, GError **error)
{
  guint64 min_size;
  g_autofree char *asked = flash_text_size (size);
  g_autofree char *needed = NULL;

  if (!flash_card_slots_get_min_size (self, &min_size, error))
    return FALSE;
  needed = flash_text_size (min_size);
  g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_TOO_SMALL,
               "the card has %s, and %s are needed", asked, needed);
  return FALSE;
}

gboolean
flash_card_slots_fit (FlashCardSlots *self, guint64 size, GError **error)
{
  g_autoptr (GHashTable) sizes = make_sizes (self->ip, size);

  if (size == 0 || size % BLOCK != 0 || size > MAX_SIZE) {
    g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_BAD_SIZE,
                 "the size is %" G_GUINT64_FORMAT " bytes", size);
    return FALSE;
  }
  for (guint i = 0; i < self->slots->len; i++) {
    FlashCardSlot *slot = get_slot (self, i);
    guint64 end;

    if (!measure_slot (self, slot, &end, error))
      return FALSE;
    if (end > size)
      return fail_too_small (self, size, error);
    if (slot->size == G_MAXUINT64)
      slot->size = slot->is_raw ? size : size - self->reserve - slot->start;
  }
  if (!check_geometry (self, sizes, error))
    return FALSE;
  for (guint i = 0; i < self->slots->len; i++)
    if (get_content_size (get_slot (self, i)) > get_slot (self, i)->size)
      return fail_row (FLASH_CARD_ERROR_TOO_LARGE, get_slot (self, i)->row,
                       "the next partition begins before its file ends", error);
  return TRUE;
}
