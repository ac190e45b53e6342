/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-image"

#include "config.h"

#include "flash-card-image.h"

#include "flash-card-gpt.h"
#include "flash-card-slots.h"
#include "flash-card-spans.h"

#include <string.h>

#define DEFAULT_IP "mmc0"

struct _FlashCardImage {
  GObject parent_instance;

  FlashCardSlots *slots; /* (owned) */
  guint64 size;
  GArray *spans; /* (owned) (element-type FlashExtent) */
  GArray *extents; /* (owned) (element-type FlashExtent): those with a source */
  GArray *ranges; /* (owned) (element-type FlashRange) */
  GArray *left_out; /* (owned) (element-type FlashCardLeftOut) */
};

G_DEFINE_FINAL_TYPE (FlashCardImage, flash_card_image, G_TYPE_OBJECT)

static void
flash_card_image_finalize (GObject *object)
{
  FlashCardImage *self = FLASH_CARD_IMAGE (object);

  g_clear_pointer (&self->slots, flash_card_slots_free);
  g_clear_pointer (&self->spans, g_array_unref);
  g_clear_pointer (&self->extents, g_array_unref);
  g_clear_pointer (&self->ranges, g_array_unref);
  g_clear_pointer (&self->left_out, g_array_unref);

  G_OBJECT_CLASS (flash_card_image_parent_class)->finalize (object);
}

static void
flash_card_image_class_init (FlashCardImageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_card_image_finalize;
}

static void
flash_card_image_init (FlashCardImage *self)
{
  self->spans = flash_card_spans_new ();
  self->left_out = g_array_new (FALSE, FALSE, sizeof (FlashCardLeftOut));
}

/* --- What is on it ------------------------------------------------------------------------- */

static const FlashCardSlot *
get_slot (FlashCardImage *self, guint index)
{
  return &g_array_index (self->slots->slots, FlashCardSlot, index);
}

/* stm32mp-usb.md section 3.3: whole cards are erased before the table is written, partitions
 * afterwards. */
static void
paint_erased (FlashCardImage *self, gboolean is_raw)
{
  for (guint i = 0; i < self->slots->slots->len; i++) {
    const FlashCardSlot *slot = get_slot (self, i);
    const FlashRange range = { slot->start, slot->size };

    if (slot->is_raw == is_raw && flash_layout_row_is_erased (slot->row))
      flash_card_spans_paint_zeros (self->spans, range);
  }
}

static void
paint_bytes (FlashCardImage *self, guint64 offset, GBytes *bytes)
{
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "partition table");
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (FlashExtent));
  const FlashExtent piece = { offset, g_bytes_get_size (bytes), source, 0 };

  g_array_append_val (pieces, piece);
  flash_card_spans_paint (self->spans, pieces);
}

static gboolean
paint_table (FlashCardImage *self, GError **error)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (FlashCardGptPart));
  g_autoptr (GBytes) seed = NULL;
  g_autoptr (GBytes) front = NULL;
  g_autoptr (GBytes) back = NULL;

  if (!self->slots->has_table)
    return TRUE;
  for (guint i = 0; i < self->slots->slots->len; i++) {
    const FlashCardSlot *slot = get_slot (self, i);
    const FlashCardGptPart part = { slot->row, slot->start, slot->size };

    if (!slot->is_raw)
      g_array_append_val (parts, part);
  }
  if (parts->len > FLASH_CARD_GPT_MAX_PARTS) {
    g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_TABLE,
                 "%u partitions, a table has room for %d", parts->len, FLASH_CARD_GPT_MAX_PARTS);
    return FALSE;
  }
  seed = flash_layout_dup_device_text (self->slots->layout);
  if (!flash_card_gpt_make (parts, self->size, self->slots->device, seed, &front, &back, error))
    return FALSE;
  paint_bytes (self, 0, front);
  paint_bytes (self, self->size - FLASH_CARD_GPT_BACK, back);
  return TRUE;
}

/* The board writes whole blocks. What it puts behind the end of a file is what its buffer held
 * before (stm32mp-usb.md section 3.14, check 36); here it is zeros. */
static void
paint_file (FlashCardImage *self, const FlashCardSlot *slot)
{
  g_autoptr (GArray) pieces = flash_card_holes_split (slot->source, &slot->stamp, slot->start);
  guint64 size = flash_source_get_size (slot->source);
  const FlashExtent padding = { slot->start + size,
                                (FLASH_CARD_BLOCK_SIZE - size % FLASH_CARD_BLOCK_SIZE) %
                                    FLASH_CARD_BLOCK_SIZE,
                                NULL, 0 };

  if (padding.length > 0)
    g_array_append_val (pieces, padding);
  flash_card_spans_paint (self->spans, pieces);
}

static gboolean
paint (FlashCardImage *self, GError **error)
{
  paint_erased (self, TRUE);
  if (!paint_table (self, error))
    return FALSE;
  paint_erased (self, FALSE);
  /* stm32mp-usb.md section 3.12: by rising Id, whatever the order of the rows. */
  for (guint id = 0; id <= G_MAXUINT8; id++) {
    const FlashCardSlot *slot = flash_card_slots_find (self->slots, id);

    if (slot != NULL)
      paint_file (self, slot);
  }
  return TRUE;
}

/* --- What is not on it --------------------------------------------------------------------- */

static gboolean
find_reason (FlashCardImage *self, FlashLayoutRow *row, FlashCardReason *out_reason)
{
  switch (flash_layout_row_get_ip (row)) {
  case FLASH_LAYOUT_IP_NONE:
    *out_reason = FLASH_CARD_REASON_BOOT_STAGE;
    return TRUE;
  case FLASH_LAYOUT_IP_RAM:
    *out_reason = FLASH_CARD_REASON_RAM;
    return TRUE;
  case FLASH_LAYOUT_IP_NOR:
  case FLASH_LAYOUT_IP_NAND:
  case FLASH_LAYOUT_IP_SPI_NAND:
    *out_reason = FLASH_CARD_REASON_FLASH_MEMORY;
    return TRUE;
  case FLASH_LAYOUT_IP_MMC:
    break;
  }
  if (flash_layout_row_get_offset_kind (row) != FLASH_LAYOUT_OFFSET_NUMBER) {
    *out_reason = FLASH_CARD_REASON_BOOT_PARTITION;
    return TRUE;
  }
  *out_reason = FLASH_CARD_REASON_OTHER_CARD;
  return flash_layout_row_get_ip_number (row) != self->slots->device;
}

static void
list_left_out (FlashCardImage *self)
{
  FlashLayout *layout = self->slots->layout;

  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    FlashCardLeftOut left_out = { .row = flash_layout_get_row (layout, i) };

    if (find_reason (self, left_out.row, &left_out.reason))
      g_array_append_val (self->left_out, left_out);
  }
}

/* --- Making it ----------------------------------------------------------------------------- */

FlashCardImage *
flash_card_image_new (FlashLayout *layout, const FlashCardOptions *options, GError **error)
{
  const FlashCardOptions defaults = { 0 };
  const FlashCardOptions *wanted = options != NULL ? options : &defaults;
  const char *ip = wanted->ip != NULL ? wanted->ip : DEFAULT_IP;
  g_autoptr (FlashCardImage) self = NULL;

  g_return_val_if_fail (FLASH_IS_LAYOUT (layout), NULL);

  self = g_object_new (FLASH_TYPE_CARD_IMAGE, NULL);
  self->slots = flash_card_slots_new (layout, ip, error);
  if (self->slots == NULL)
    return NULL;
  self->size = wanted->size;
  if (self->size == 0 && !flash_card_slots_get_min_size (self->slots, &self->size, error))
    return NULL;
  if (!flash_card_slots_fit (self->slots, self->size, error) || !paint (self, error))
    return NULL;
  self->extents = flash_card_spans_dup_extents (self->spans);
  self->ranges = flash_card_spans_dup_ranges (self->spans);
  list_left_out (self);
  return g_steal_pointer (&self);
}

gboolean
flash_card_image_get_min_size (FlashLayout *layout, const char *ip, guint64 *out_size,
                               GError **error)
{
  g_autoptr (FlashCardSlots) slots = NULL;

  g_return_val_if_fail (FLASH_IS_LAYOUT (layout), FALSE);

  slots = flash_card_slots_new (layout, ip != NULL ? ip : DEFAULT_IP, error);
  return slots != NULL && flash_card_slots_get_min_size (slots, out_size, error);
}

/* --- What it says -------------------------------------------------------------------------- */

const char *
flash_card_image_get_ip (FlashCardImage *self)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self), NULL);

  return self->slots->ip;
}

FlashLayout *
flash_card_image_get_layout (FlashCardImage *self)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self), NULL);

  return self->slots->layout;
}

guint64
flash_card_image_get_size (FlashCardImage *self)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self), 0);

  return self->size;
}

guint
flash_card_image_get_n_extents (FlashCardImage *self)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self), 0);

  return self->extents->len;
}

const FlashExtent *
flash_card_image_get_extent (FlashCardImage *self, guint index)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self) && index < self->extents->len, NULL);

  return &g_array_index (self->extents, FlashExtent, index);
}

guint
flash_card_image_get_n_ranges (FlashCardImage *self)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self), 0);

  return self->ranges->len;
}

const FlashRange *
flash_card_image_get_range (FlashCardImage *self, guint index)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self) && index < self->ranges->len, NULL);

  return &g_array_index (self->ranges, FlashRange, index);
}

guint
flash_card_image_get_n_left_out (FlashCardImage *self)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self), 0);

  return self->left_out->len;
}

const FlashCardLeftOut *
flash_card_image_get_left_out (FlashCardImage *self, guint index)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self) && index < self->left_out->len, NULL);

  return &g_array_index (self->left_out, FlashCardLeftOut, index);
}

/* --- Reading ------------------------------------------------------------------------------- */

static gboolean
check_source (FlashSource *source, GError **error)
{
  if (!flash_source_has_changed (source))
    return TRUE;
  g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_CHANGED, "%s",
               flash_source_get_name (source));
  return FALSE;
}

static gboolean
read_extent (const FlashExtent *extent, guint64 offset, guint8 *buffer, gsize length,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean is_read =
      flash_source_read (extent->source, extent->source_offset + (offset - extent->target_offset),
                         buffer, length, &local_error);

  /* A file that has become shorter is one that was written to. */
  if (!check_source (extent->source, error))
    return FALSE;
  if (is_read)
    return TRUE;
  g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_UNREADABLE, "%s: %s",
               flash_source_get_name (extent->source), local_error->message);
  return FALSE;
}

gboolean
flash_card_image_read (FlashCardImage *self, guint64 offset, guint8 *buffer, gsize length,
                       GError **error)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self), FALSE);
  g_return_val_if_fail (offset <= self->size && length <= self->size - offset, FALSE);

  for (guint i = flash_card_spans_find (self->extents, offset); length > 0; i++) {
    const FlashExtent *extent =
        i < self->extents->len ? &g_array_index (self->extents, FlashExtent, i) : NULL;
    guint64 start = extent != NULL ? extent->target_offset : self->size;
    gsize n_zeros = start > offset ? (gsize) MIN (start - offset, length) : 0;
    gsize n_bytes;

    memset (buffer, 0, n_zeros);
    buffer += n_zeros;
    offset += n_zeros;
    length -= n_zeros;
    if (length == 0)
      break;
    n_bytes = (gsize) MIN (start + extent->length - offset, length);
    if (!read_extent (extent, offset, buffer, n_bytes, error))
      return FALSE;
    buffer += n_bytes;
    offset += n_bytes;
    length -= n_bytes;
  }
  return TRUE;
}

gboolean
flash_card_image_check_sources (FlashCardImage *self, GError **error)
{
  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (self), FALSE);

  for (guint i = 0; i < self->slots->slots->len; i++) {
    const FlashCardSlot *slot = get_slot (self, i);

    if (slot->source != NULL && !check_source (slot->source, error))
      return FALSE;
  }
  return TRUE;
}
