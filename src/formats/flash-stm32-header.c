/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-stm32-header"

#include "config.h"

#include "flash-stm32-header.h"

#include "flash-bytes.h"
#include "flash-format.h"

/* stm32mp-usb.md sections 4.1 to 4.3. The header of v2.3 has room for a longer signature, so that
 * all fields behind it stand 32 bytes later. */
#define SIGNATURE_AT 4
#define CHECKSUM_AT 68
#define VERSION_AT 72
#define IMAGE_LENGTH_AT 76
#define ENTRY_AT 80
#define RESERVED_AT 84
#define LOAD_AT 88
#define RESERVED_2_AT 92
#define VERSION_NUMBER_AT 96
#define FLAGS_AT 100
#define V1_PADDING_AT 172
#define V1_BINARY_TYPE_AT 255
#define V2_POST_LENGTH_AT 104
#define V2_BINARY_TYPE_AT 108
#define V2_PADDING_AT 112
#define V2_EXTENSIONS_AT 128
#define V2_3_SHIFT 32
#define V2_3_PADDING_LENGTH 8
#define V2_3_NONSECURE_LENGTH_AT 152

#define VERSION_1_0 0x00010000
#define VERSION_2_0 0x00020000
#define VERSION_2_2 0x00020200
#define VERSION_2_3 0x00020300

#define V1_FLAG_NO_SIGNATURE 0x1u
#define V2_FLAG_AUTHENTICATION 0x1u
#define V2_FLAG_DECRYPTION 0x2u

/* Known headers have 384 and 416 bytes of extensions; this is far above and still small. */
#define MAX_POST_LENGTH 4096
#define EXTENSION_HEAD_LENGTH 8

/* One read of the payload. */
#define PIECE_SIZE (64 * 1024)

static const guint8 magic[] = { 'S', 'T', 'M', '2' };

static gboolean
is_zero (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

static void
parse_common (const guint8 *bytes, gsize shift, FlashStm32Header *header)
{
  guint32 version = flash_get_le32 (bytes + shift + VERSION_AT);

  header->version_major = (guint8) (version >> 16);
  header->version_minor = (guint8) (version >> 8);
  header->checksum = flash_get_le32 (bytes + shift + CHECKSUM_AT);
  header->image_length = flash_get_le32 (bytes + shift + IMAGE_LENGTH_AT);
  header->entry = flash_get_le32 (bytes + shift + ENTRY_AT);
  header->load = flash_get_le32 (bytes + shift + LOAD_AT);
  header->version_number = flash_get_le32 (bytes + shift + VERSION_NUMBER_AT);
  header->flags = flash_get_le32 (bytes + shift + FLAGS_AT);
  header->has_signature = !is_zero (bytes + SIGNATURE_AT, shift + CHECKSUM_AT - SIGNATURE_AT);
  header->is_clean =
      is_zero (bytes + shift + RESERVED_AT, 4) && is_zero (bytes + shift + RESERVED_2_AT, 4);
}

static void
parse_v1 (const guint8 *bytes, FlashStm32Header *header)
{
  parse_common (bytes, 0, header);
  header->header_length = FLASH_STM32_HEADER_V1_LENGTH;
  header->binary_type = bytes[V1_BINARY_TYPE_AT];
  header->is_signed = (header->flags & V1_FLAG_NO_SIGNATURE) == 0;
  header->is_clean =
      header->is_clean && is_zero (bytes + V1_PADDING_AT, V1_BINARY_TYPE_AT - V1_PADDING_AT);
}

/* Each extension has a type and a length that includes the two (stm32mp-usb.md section 4.2). */
static gboolean
is_chain_whole (const guint8 *bytes, gsize length)
{
  gsize at = 0;

  while (at < length) {
    guint32 extension_length;

    if (length - at < EXTENSION_HEAD_LENGTH)
      return FALSE;
    extension_length = flash_get_le32 (bytes + at + 4);
    if (extension_length < EXTENSION_HEAD_LENGTH || extension_length > length - at)
      return FALSE;
    at += extension_length;
  }
  return TRUE;
}

static gboolean
parse_v2 (FlashSource *source, const guint8 *head, gsize shift, FlashStm32Header *header,
          GError **error)
{
  guint32 post_length = flash_get_le32 (head + shift + V2_POST_LENGTH_AT);
  gsize start = shift + V2_EXTENSIONS_AT;
  g_autofree guint8 *bytes = NULL;

  if (post_length > MAX_POST_LENGTH) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD,
                 "the header says that its extensions are %u bytes long, at most %d are possible",
                 post_length, MAX_POST_LENGTH);
    return FALSE;
  }
  if (flash_source_get_size (source) < start + post_length) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED,
                 "the file has %" G_GUINT64_FORMAT " bytes, its header alone has %" G_GSIZE_FORMAT,
                 flash_source_get_size (source), start + post_length);
    return FALSE;
  }
  bytes = g_malloc (start + post_length);
  if (!flash_source_read (source, 0, bytes, start + post_length, error))
    return FALSE;

  parse_common (bytes, shift, header);
  header->header_length = (guint32) start + post_length;
  header->binary_type = flash_get_le32 (bytes + shift + V2_BINARY_TYPE_AT);
  header->is_signed = (header->flags & V2_FLAG_AUTHENTICATION) != 0;
  header->is_encrypted = (header->flags & V2_FLAG_DECRYPTION) != 0;
  header->is_clean =
      header->is_clean &&
      is_zero (bytes + shift + V2_PADDING_AT,
               shift == 0 ? V2_EXTENSIONS_AT - V2_PADDING_AT : V2_3_PADDING_LENGTH) &&
      is_chain_whole (bytes + start, post_length);
  if (shift != 0)
    header->nonsecure_length = flash_get_le32 (bytes + V2_3_NONSECURE_LENGTH_AT);
  return TRUE;
}

gboolean
flash_stm32_header_read (FlashSource *source, FlashStm32Header *out_header, GError **error)
{
  guint8 head[FLASH_STM32_HEADER_V1_LENGTH] = { 0 };
  FlashStm32Header header = { 0 };
  guint64 size;
  guint32 version;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), FALSE);
  g_return_val_if_fail (out_header != NULL, FALSE);

  size = flash_source_get_size (source);
  if (!flash_source_read (source, 0, head, (gsize) MIN (size, sizeof head), error))
    return FALSE;
  if (memcmp (head, magic, sizeof magic) != 0) {
    g_set_error_literal (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT,
                         "the file does not start with the STM32 magic number");
    return FALSE;
  }
  if (size < sizeof head) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED,
                 "the file has %" G_GUINT64_FORMAT " bytes, its header alone has at least %d", size,
                 FLASH_STM32_HEADER_V1_LENGTH);
    return FALSE;
  }

  /* The later place first: where v2.3 has no version, v1.0 has one of two small numbers and v2.0
   * a length, while the earlier place is in the middle of a v2.3 signature. */
  version = flash_get_le32 (head + VERSION_AT);
  if (flash_get_le32 (head + VERSION_AT + V2_3_SHIFT) == VERSION_2_3) {
    if (!parse_v2 (source, head, V2_3_SHIFT, &header, error))
      return FALSE;
  } else if (version == VERSION_2_0 || version == VERSION_2_2) {
    if (!parse_v2 (source, head, 0, &header, error))
      return FALSE;
  } else if (version == VERSION_1_0) {
    parse_v1 (head, &header);
  } else {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
                 "the header version is 0x%08x, known are 1.0, 2.0, 2.2 and 2.3", version);
    return FALSE;
  }

  *out_header = header;
  return TRUE;
}

static gboolean
sum_bytes (FlashSource *source, guint64 offset, guint64 length, guint32 *out_sum,
           GCancellable *cancellable, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);
  guint32 sum = 0;

  while (length > 0) {
    gsize n = (gsize) MIN (length, PIECE_SIZE);

    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !flash_source_read (source, offset, piece, n, error))
      return FALSE;
    for (gsize i = 0; i < n; i++)
      sum += piece[i];
    offset += n;
    length -= n;
  }
  *out_sum = sum;
  return TRUE;
}

gboolean
flash_stm32_header_verify (FlashSource *source, const FlashStm32Header *header,
                           guint32 *out_computed, GCancellable *cancellable, GError **error)
{
  guint64 size, end;
  guint32 computed;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), FALSE);
  g_return_val_if_fail (header != NULL, FALSE);

  size = flash_source_get_size (source);
  end = (guint64) header->header_length + header->image_length;
  if (size < end) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED,
                 "the file has %" G_GUINT64_FORMAT
                 " bytes, header and payload have %" G_GUINT64_FORMAT,
                 size, end);
    return FALSE;
  }
  if (!sum_bytes (source, header->header_length, header->image_length, &computed, cancellable,
                  error))
    return FALSE;

  if (out_computed != NULL)
    *out_computed = computed;
  if (computed != header->checksum) {
    g_set_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_CHECKSUM,
                 "the checksum of the payload is 0x%08x, the header says 0x%08x", computed,
                 header->checksum);
    return FALSE;
  }
  return TRUE;
}

gboolean
flash_stm32_header_has_load (const FlashStm32Header *header)
{
  g_return_val_if_fail (header != NULL, FALSE);

  return header->load != 0 && header->load != G_MAXUINT32 &&
         (guint64) header->load + header->image_length <= (guint64) G_MAXUINT32 + 1;
}

GBytes *
flash_stm32_header_frame_v1 (GBytes *payload)
{
  gsize length;
  const guint8 *data;
  guint8 *framed;
  guint32 sum = 0;

  g_return_val_if_fail (payload != NULL, NULL);

  data = g_bytes_get_data (payload, &length);
  g_return_val_if_fail (length <= G_MAXUINT32 - FLASH_STM32_HEADER_V1_LENGTH, NULL);

  for (gsize i = 0; i < length; i++)
    sum += data[i];
  framed = g_malloc0 (FLASH_STM32_HEADER_V1_LENGTH + length);
  memcpy (framed, magic, sizeof magic);
  flash_put_le32 (framed + CHECKSUM_AT, sum);
  flash_put_le32 (framed + VERSION_AT, VERSION_1_0);
  flash_put_le32 (framed + IMAGE_LENGTH_AT, (guint32) length);
  flash_put_le32 (framed + FLAGS_AT, V1_FLAG_NO_SIGNATURE);
  framed[V1_BINARY_TYPE_AT] = FLASH_STM32_BINARY_UBOOT;
  if (length > 0)
    memcpy (framed + FLASH_STM32_HEADER_V1_LENGTH, data, length);
  return g_bytes_new_take (framed, FLASH_STM32_HEADER_V1_LENGTH + length);
}
