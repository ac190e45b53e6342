/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-gunzip"

#include "config.h"

#include "flash-bundle-gunzip.h"

#include <string.h>

#define INPUT_SIZE (64 * 1024)
#define OUTPUT_SIZE (256 * 1024)

struct _FlashBundleGunzip {
  FlashSource *source; /* (owned) */
  GConverter *inflater; /* (owned) */
  guint64 offset; /* in the source, behind the input */
  gsize start; /* of the input that is not used yet */
  gsize end;
  gboolean is_done;
  guint8 input[INPUT_SIZE];
  guint8 output[OUTPUT_SIZE];
};

FlashBundleGunzip *
flash_bundle_gunzip_new (FlashSource *source)
{
  FlashBundleGunzip *self = g_new0 (FlashBundleGunzip, 1);

  self->source = g_object_ref (source);
  self->inflater = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  return self;
}

void
flash_bundle_gunzip_free (FlashBundleGunzip *self)
{
  g_object_unref (self->inflater);
  g_object_unref (self->source);
  g_free (self);
}

/* Moves what is left to the front and fills the rest. */
static gboolean
fill (FlashBundleGunzip *self, GError **error)
{
  gsize left = self->end - self->start;
  gsize n = (gsize) MIN (flash_source_get_size (self->source) - self->offset, INPUT_SIZE - left);

  memmove (self->input, self->input + self->start, left);
  self->start = 0;
  self->end = left;
  if (!flash_source_read (self->source, self->offset, self->input + left, n, error))
    return FALSE;
  self->offset += n;
  self->end += n;
  return TRUE;
}

/* Behind a member there can be another one (pigz, bgzip), or the padding of a tape, which gzip does
 * not mind either. */
static void
end_member (FlashBundleGunzip *self)
{
  if (self->end - self->start >= 2 && self->input[self->start] == 0x1f &&
      self->input[self->start + 1] == 0x8b)
    g_converter_reset (self->inflater);
  else
    self->is_done = TRUE;
}

gboolean
flash_bundle_gunzip_read (FlashBundleGunzip *self, const guint8 **out_bytes, gsize *out_length,
                          GError **error)
{
  gsize n_written = 0;

  while (n_written == 0 && !self->is_done) {
    gboolean is_last;
    gsize n_read = 0;
    GConverterResult result;

    if (!fill (self, error))
      return FALSE;
    is_last = self->offset == flash_source_get_size (self->source);
    result = g_converter_convert (self->inflater, self->input + self->start,
                                  self->end - self->start, self->output, OUTPUT_SIZE,
                                  is_last ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS,
                                  &n_read, &n_written, error);
    if (result == G_CONVERTER_ERROR)
      return FALSE;
    self->start += n_read;
    if (result != G_CONVERTER_FINISHED)
      continue;
    if (!fill (self, error))
      return FALSE;
    end_member (self);
  }
  *out_bytes = self->output;
  *out_length = n_written;
  return TRUE;
}

guint64
flash_bundle_gunzip_get_position (const FlashBundleGunzip *self)
{
  return self->offset - (self->end - self->start);
}
