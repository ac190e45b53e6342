/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any. */
#define G_LOG_DOMAIN "flash-drive-content"

#include "config.h"

#include "flash-drive-content.h"

#include "flash-drive-error.h"

struct _FlashDriveContent {
  gatomicrefcount ref_count;
  guint64 size_bytes;
  guint64 payload_bytes;
  GArray *ranges; /* (owned) (element-type FlashRange) */
  FlashDriveReadFunc read;
  gpointer user_data;
  GDestroyNotify destroy;
};

/* Returns: whether the ranges are as a reader of them may expect; sums them up. */
static gboolean
check_ranges (guint64 size_bytes, const GArray *ranges, guint64 *out_payload, GError **error)
{
  guint64 end = 0;
  guint64 payload = 0;

  for (guint i = 0; i < ranges->len; i++) {
    FlashRange range = g_array_index (ranges, FlashRange, i);

    if (range.size == 0 || range.start < end || range.start > size_bytes ||
        range.size > size_bytes - range.start) {
      g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_SOURCE,
                   "range %u of the image, %" G_GUINT64_FORMAT " bytes at %" G_GUINT64_FORMAT
                   ", is empty, out of order, or beyond its end at %" G_GUINT64_FORMAT,
                   i, range.size, range.start, size_bytes);
      return FALSE;
    }
    end = flash_range_end (range);
    payload += range.size;
  }
  *out_payload = payload;
  return TRUE;
}

FlashDriveContent *
flash_drive_content_new (guint64 size_bytes, GArray *ranges, FlashDriveReadFunc read,
                         gpointer user_data, GDestroyNotify destroy, GError **error)
{
  g_autoptr (FlashDriveContent) self = g_new0 (FlashDriveContent, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->user_data = user_data;
  self->destroy = destroy;
  self->read = read;
  self->size_bytes = size_bytes;
  self->ranges = g_array_new (FALSE, FALSE, sizeof (FlashRange));

  g_return_val_if_fail (size_bytes > 0 && ranges != NULL && read != NULL, NULL);

  if (!check_ranges (size_bytes, ranges, &self->payload_bytes, error))
    return NULL;
  g_array_append_vals (self->ranges, ranges->data, ranges->len);
  return g_steal_pointer (&self);
}

FlashDriveContent *
flash_drive_content_ref (FlashDriveContent *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_drive_content_unref (FlashDriveContent *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_array_unref (self->ranges);
  g_free (self);
}

guint64
flash_drive_content_get_size (const FlashDriveContent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->size_bytes;
}

const GArray *
flash_drive_content_get_ranges (const FlashDriveContent *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->ranges;
}

guint64
flash_drive_content_get_payload (const FlashDriveContent *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->payload_bytes;
}

gboolean
flash_drive_content_read (const FlashDriveContent *self, guint64 offset, guint8 *buffer,
                          gsize length, GError **error)
{
  g_autoptr (GError) reason = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->read (offset, buffer, length, self->user_data, &reason))
    return TRUE;
  g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_SOURCE,
               "cannot read the image at byte %" G_GUINT64_FORMAT ": %s", offset,
               reason != NULL ? reason->message : "no reason was given");
  return FALSE;
}
