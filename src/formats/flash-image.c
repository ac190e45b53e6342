/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-image"

#include "config.h"

#include "flash-image.h"

#include "flash-bytes.h"
#include "flash-image-builder.h"

#include <string.h>

FlashImage *
flash_image_ref (FlashImage *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_image_unref (FlashImage *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_ptr_array_unref (self->targets);
  g_array_unref (self->families);
  flash_diag_list_unref (self->diags);
  g_free (self);
}

FlashImage *
flash_image_new_for_bytes (guint32 address, GBytes *bytes)
{
  g_autoptr (FlashImageBuilder) builder = NULL;
  const guint8 *data;
  gsize length;

  g_return_val_if_fail (bytes != NULL && g_bytes_get_size (bytes) > 0, NULL);

  builder = flash_image_builder_new (FLASH_FORMAT_RAW);
  data = g_bytes_get_data (bytes, &length);
  flash_image_builder_set_has_address (builder, TRUE);
  flash_image_builder_add (builder, address, data, length, 0);
  return flash_image_builder_end (builder);
}

gboolean
flash_image_is_usable (const FlashImage *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return flash_diag_list_count (self->diags, FLASH_SEVERITY_ERROR) == 0 && self->targets->len > 0;
}

guint64
flash_image_get_size (const FlashImage *self)
{
  guint64 size = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint t = 0; t < self->targets->len; t++) {
    const FlashImageTarget *target = g_ptr_array_index (self->targets, t);

    for (guint i = 0; i < target->segments->len; i++) {
      const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);

      size += g_bytes_get_size (segment->bytes);
    }
  }
  return size;
}

const FlashImageTarget *
flash_image_find_target (const FlashImage *self, guint8 alternate)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint t = 0; t < self->targets->len; t++) {
    const FlashImageTarget *target = g_ptr_array_index (self->targets, t);

    if (target->alternate == alternate)
      return target;
  }
  return NULL;
}

/* Returns: the first segment that ends behind @address, or their number */
static guint
find_segment (const FlashImageTarget *target, guint32 address)
{
  guint low = 0, high = target->segments->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    const FlashImageSegment *segment = g_ptr_array_index (target->segments, middle);

    if ((guint64) segment->address + g_bytes_get_size (segment->bytes) > address)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

gsize
flash_image_target_read (const FlashImageTarget *self, guint32 address, guint8 *out, gsize length)
{
  guint64 end = address + (guint64) length;
  gsize n_held = 0;

  g_return_val_if_fail (self != NULL && (out != NULL || length == 0), 0);

  for (guint i = find_segment (self, address); i < self->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (self->segments, i);
    gsize size;
    const guint8 *bytes = g_bytes_get_data (segment->bytes, &size);
    guint64 start = MAX (segment->address, address);
    gsize n;

    if (start >= end)
      break;
    n = (gsize) (MIN (segment->address + (guint64) size, end) - start);
    memcpy (out + (start - address), bytes + (start - segment->address), n);
    n_held += n;
  }
  return n_held;
}

char *
flash_image_dup_digest (const FlashImage *self)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_return_val_if_fail (self != NULL, NULL);

  for (guint t = 0; t < self->targets->len; t++) {
    const FlashImageTarget *target = g_ptr_array_index (self->targets, t);

    for (guint i = 0; i < target->segments->len; i++) {
      const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);
      gsize size;
      const guint8 *bytes = g_bytes_get_data (segment->bytes, &size);
      guint8 head[12];

      flash_put_le32 (head, segment->address);
      flash_put_le64 (head + 4, size);
      g_checksum_update (checksum, head, sizeof head);
      g_checksum_update (checksum, bytes, (gssize) size);
    }
  }
  return g_strdup (g_checksum_get_string (checksum));
}

/* --- moving ------------------------------------------------------------------------------- */

/* Returns: where @address is afterwards */
static guint64
move (guint32 address, guint32 from, guint32 to)
{
  return address >= from && address - from < FLASH_IMAGE_REGION_SIZE
             ? (guint64) to + (address - from)
             : address;
}

static void
add_moved (const FlashImage *self, guint32 from, guint32 to, FlashImageBuilder *builder)
{
  for (guint t = 0; t < self->targets->len; t++) {
    const FlashImageTarget *target = g_ptr_array_index (self->targets, t);

    flash_image_builder_begin_target (builder, target->alternate, target->name);
    for (guint i = 0; i < target->segments->len; i++) {
      const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);
      gsize size;
      const guint8 *bytes = g_bytes_get_data (segment->bytes, &size);

      flash_image_builder_add (builder, move (segment->address, from, to), bytes, size, 0);
    }
  }
}

/* Returns: whether nothing came in the way of the move */
static gboolean
check_move (const FlashImage *moved, GError **error)
{
  if (flash_diag_list_find (moved->diags, "address-overflow") != NULL) {
    g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD,
                         "moved there, the image would go beyond the end of the address space");
    return FALSE;
  }
  if (flash_diag_list_find (moved->diags, "segments-overlap") != NULL ||
      flash_diag_list_find (moved->diags, "segments-repeated") != NULL) {
    g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_OVERLAP,
                         "moved there, the image would overlap with another part of itself");
    return FALSE;
  }
  return TRUE;
}

FlashImage *
flash_image_rebase (const FlashImage *self, guint32 from, guint32 to, GError **error)
{
  g_autoptr (FlashImageBuilder) builder = NULL;
  g_autoptr (FlashImage) moved = NULL;
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();

  g_return_val_if_fail (self != NULL, NULL);

  builder = flash_image_builder_new (self->format);
  flash_image_builder_set_has_address (builder, TRUE);
  add_moved (self, from, to, builder);
  if (self->has_entry)
    flash_image_builder_set_entry (builder, (guint32) move (self->entry, from, to));
  if (self->has_suffix)
    flash_image_builder_set_suffix (builder, &self->suffix);
  for (guint i = 0; i < self->families->len; i++)
    flash_image_builder_add_family (builder, g_array_index (self->families, guint32, i));
  moved = flash_image_builder_end (builder);
  if (!check_move (moved, error))
    return NULL;

  for (guint i = 0; i < flash_diag_list_get_length (self->diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (self->diags, i);

    if (!g_str_equal (flash_diag_get_code (diag), "address-aliased"))
      flash_diag_list_add_at (diags, diag, flash_diag_get_line (diag),
                              flash_diag_get_column (diag));
  }
  flash_diag_list_unref (moved->diags);
  moved->diags = g_steal_pointer (&diags);
  moved->packing = self->packing;
  moved->can_insist = self->can_insist;
  return g_steal_pointer (&moved);
}
