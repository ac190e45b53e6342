/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-image-write"

#include "config.h"

#include "flash-image-write.h"

#include "flash-bytes.h"
#include "flash-image-builder.h"
#include "flash-text.h"

#include <string.h>
#include <zlib.h>

/* Intel HEX, stm32-dfuse.md section 6.3 */
#define HEX_LINE_BYTES 16u
#define HEX_TYPE_DATA 0x00
#define HEX_TYPE_LINEAR 0x04
#define HEX_TYPE_ENTRY 0x05
#define HEX_PAGE 0x10000u

/* DfuSe, stm32-dfuse.md section 6.2 */
#define PREFIX_LENGTH 11u
#define TARGET_LENGTH 274u
#define TARGET_ALTERNATE_AT 6
#define TARGET_NAMED_AT 7
#define TARGET_NAME_AT 11
#define TARGET_NAME_LENGTH 255
#define TARGET_SIZE_AT 266
#define TARGET_ELEMENTS_AT 270
#define ELEMENT_LENGTH 8u
#define MAX_TARGETS 255

/* stm32-dfuse.md section 1.11 */
#define SUFFIX_LENGTH 16
#define BCD_DFU 0x0100
#define BCD_DFUSE 0x011a

/* --- one piece of memory ------------------------------------------------------------------ */

/* Returns: (transfer full) (nullable): an image whose only target holds what all of @image do */
static FlashImage *
merge_targets (const FlashImage *image, GError **error)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_RAW);
  g_autoptr (FlashImage) merged = NULL;

  for (guint t = 0; t < image->targets->len; t++) {
    const FlashImageTarget *target = g_ptr_array_index (image->targets, t);

    for (guint i = 0; i < target->segments->len; i++) {
      const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);
      gsize size;
      const guint8 *bytes = g_bytes_get_data (segment->bytes, &size);

      flash_image_builder_add (builder, segment->address, bytes, size, 0);
    }
  }
  merged = flash_image_builder_end (builder);
  if (flash_image_is_usable (merged))
    return g_steal_pointer (&merged);
  g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_OVERLAP,
                       "the targets of the image want different bytes at the same address");
  return NULL;
}

static GBytes *
write_bin (const FlashImageTarget *target, guint8 fill, GError **error)
{
  const FlashImageSegment *first = g_ptr_array_index (target->segments, 0);
  const FlashImageSegment *last = g_ptr_array_index (target->segments, target->segments->len - 1);
  guint64 span = (guint64) last->address + g_bytes_get_size (last->bytes) - first->address;
  guint8 *bytes;

  if (span > FLASH_IMAGE_MAX_FILE) {
    g_autofree char *size = flash_text_size (span);
    g_autofree char *bound = flash_text_size (FLASH_IMAGE_MAX_FILE);

    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TOO_LARGE,
                 "with its gaps the file would have %s, the bound is %s", size, bound);
    return NULL;
  }
  bytes = g_malloc (span);
  memset (bytes, fill, span);
  flash_image_target_read (target, first->address, bytes, span);
  return g_bytes_new_take (bytes, span);
}

/* --- Intel HEX ---------------------------------------------------------------------------- */

static void
add_hex_record (GString *text, guint8 type, guint16 offset, const guint8 *data, guint8 length)
{
  static const char hex[] = "0123456789ABCDEF";
  guint8 record[4 + HEX_LINE_BYTES + 1] = { length, (guint8) (offset >> 8), (guint8) offset, type };
  char line[1 + 2 * sizeof record + 1];
  guint n = 4u + length, at = 0;
  guint8 sum = 0;

  if (length > 0)
    memcpy (record + 4, data, length);
  for (guint i = 0; i < n; i++)
    sum = (guint8) (sum + record[i]);
  record[n++] = (guint8) -sum;

  line[at++] = ':';
  for (guint i = 0; i < n; i++) {
    line[at++] = hex[record[i] >> 4];
    line[at++] = hex[record[i] & 0xf];
  }
  line[at++] = '\n';
  g_string_append_len (text, line, at);
}

/* Lines end where a 64 KiB page does, so that no reader has to know what happens beyond it. */
static void
add_hex_segment (GString *text, const FlashImageSegment *segment, guint32 *page)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (segment->bytes, &length);

  for (gsize at = 0; at < length;) {
    guint32 address = segment->address + (guint32) at;
    guint32 to_line_end = HEX_LINE_BYTES - address % HEX_LINE_BYTES;
    guint8 n = (guint8) MIN (length - at, to_line_end);

    if (address / HEX_PAGE != *page) {
      guint8 base[2] = { (guint8) (address >> 24), (guint8) (address >> 16) };

      add_hex_record (text, HEX_TYPE_LINEAR, 0, base, sizeof base);
      *page = address / HEX_PAGE;
    }
    add_hex_record (text, HEX_TYPE_DATA, (guint16) address, bytes + at, n);
    at += n;
  }
}

static GBytes *
write_hex (const FlashImageTarget *target, const FlashImage *image, GError **error)
{
  GString *text;
  guint32 page = 0;

  if (!image->has_address) {
    g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD,
                         "the image does not say at which address it belongs");
    return NULL;
  }
  text = g_string_new (NULL);
  for (guint i = 0; i < target->segments->len; i++)
    add_hex_segment (text, g_ptr_array_index (target->segments, i), &page);
  if (image->has_entry) {
    guint8 entry[4];

    flash_put_be32 (entry, image->entry);
    add_hex_record (text, HEX_TYPE_ENTRY, 0, entry, sizeof entry);
  }
  g_string_append (text, ":00000001FF\n");
  return g_string_free_to_bytes (text);
}

/* --- DFU ---------------------------------------------------------------------------------- */

static void
add_suffix (GByteArray *file, const FlashImageWriteOptions *options, guint16 bcd_dfu)
{
  guint8 suffix[SUFFIX_LENGTH] = { 0 };
  guint32 crc;

  flash_put_le16 (suffix, options->device);
  flash_put_le16 (suffix + 2, options->product);
  flash_put_le16 (suffix + 4, options->vendor);
  flash_put_le16 (suffix + 6, bcd_dfu);
  memcpy (suffix + 8, "UFD", 3);
  suffix[11] = SUFFIX_LENGTH;
  g_byte_array_append (file, suffix, SUFFIX_LENGTH - 4);
  /* DFU's checksum is zlib's without the inversion at the end. */
  crc = ~(guint32) crc32_z (crc32_z (0, NULL, 0), file->data, file->len);
  flash_put_le32 (suffix + 12, crc);
  g_byte_array_append (file, suffix + 12, 4);
}

static void
add_target (GByteArray *file, const FlashImageTarget *target)
{
  guint8 head[TARGET_LENGTH] = "Target";
  guint start = file->len;

  head[TARGET_ALTERNATE_AT] = target->alternate;
  if (target->name != NULL) {
    flash_put_le32 (head + TARGET_NAMED_AT, 1);
    /* The field is filled with zeros; a name that fills it would have no end. */
    memcpy (head + TARGET_NAME_AT, target->name,
            MIN (strlen (target->name), TARGET_NAME_LENGTH - 1));
  }
  flash_put_le32 (head + TARGET_ELEMENTS_AT, target->segments->len);
  g_byte_array_append (file, head, sizeof head);
  for (guint i = 0; i < target->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);
    guint8 element[ELEMENT_LENGTH];
    gsize size;
    const guint8 *bytes = g_bytes_get_data (segment->bytes, &size);

    flash_put_le32 (element, segment->address);
    flash_put_le32 (element + 4, (guint32) size);
    g_byte_array_append (file, element, sizeof element);
    g_byte_array_append (file, bytes, (guint) size);
  }
  flash_put_le32 (file->data + start + TARGET_SIZE_AT, file->len - start - TARGET_LENGTH);
}

static GBytes *
write_dfuse (const FlashImage *image, const FlashImageWriteOptions *options, GError **error)
{
  guint8 prefix[PREFIX_LENGTH] = "DfuSe\x01";
  GByteArray *file;

  if (image->targets->len > MAX_TARGETS) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TOO_LARGE,
                 "the image has %u targets, a DfuSe file can have %d", image->targets->len,
                 MAX_TARGETS);
    return NULL;
  }
  file = g_byte_array_new ();
  prefix[PREFIX_LENGTH - 1] = (guint8) image->targets->len;
  g_byte_array_append (file, prefix, sizeof prefix);
  for (guint t = 0; t < image->targets->len; t++)
    add_target (file, g_ptr_array_index (image->targets, t));
  /* The size of the image is without the suffix, as UM0391 has it. */
  flash_put_le32 (file->data + 6, file->len);
  add_suffix (file, options, BCD_DFUSE);
  return g_byte_array_free_to_bytes (file);
}

/* Without addresses there is one target with one segment. */
static GBytes *
write_plain_dfu (const FlashImage *image, const FlashImageWriteOptions *options)
{
  const FlashImageTarget *target = g_ptr_array_index (image->targets, 0);
  const FlashImageSegment *segment = g_ptr_array_index (target->segments, 0);
  GByteArray *file = g_byte_array_new ();
  gsize size;
  const guint8 *bytes = g_bytes_get_data (segment->bytes, &size);

  g_byte_array_append (file, bytes, (guint) size);
  add_suffix (file, options, BCD_DFU);
  return g_byte_array_free_to_bytes (file);
}

GBytes *
flash_image_write (const FlashImage *image, FlashImageWriteFormat format,
                   const FlashImageWriteOptions *options, GError **error)
{
  static const FlashImageWriteOptions none = FLASH_IMAGE_WRITE_OPTIONS_INIT;
  g_autoptr (FlashImage) merged = NULL;

  g_return_val_if_fail (image != NULL, NULL);

  if (options == NULL)
    options = &none;
  if (!flash_image_is_usable (image)) {
    g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD,
                         "the image is empty, or has errors");
    return NULL;
  }
  if (format == FLASH_IMAGE_WRITE_DFU)
    return image->has_address ? write_dfuse (image, options, error)
                              : write_plain_dfu (image, options);
  merged = merge_targets (image, error);
  if (merged == NULL)
    return NULL;
  return format == FLASH_IMAGE_WRITE_BIN
             ? write_bin (g_ptr_array_index (merged->targets, 0), options->fill, error)
             : write_hex (g_ptr_array_index (merged->targets, 0), image, error);
}
