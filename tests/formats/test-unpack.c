/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-unpack.h"

#include "flash-describe-image.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define HEX ":020000040800F2\n:0100000055AA\n:00000001FF\n"
#define MAX_SIZE (1024 * 1024)

static const FlashContentKind kinds[] = { FLASH_CONTENT_GZIP, FLASH_CONTENT_XZ,
                                          FLASH_CONTENT_ZSTD };

/* What a packer would have made of these bytes. */
static GByteArray *
pack (FlashContentKind kind, const void *bytes, gsize length)
{
  struct archive *archive = archive_write_new ();
  struct archive_entry *entry = archive_entry_new ();
  gsize room = length + 65536, used = 0;
  g_autofree guint8 *out = g_malloc (room);
  GByteArray *packed = g_byte_array_new ();

  if (kind == FLASH_CONTENT_GZIP)
    g_assert_cmpint (archive_write_add_filter_gzip (archive), ==, ARCHIVE_OK);
  else if (kind == FLASH_CONTENT_XZ)
    g_assert_cmpint (archive_write_add_filter_xz (archive), ==, ARCHIVE_OK);
  else
    g_assert_cmpint (archive_write_add_filter_zstd (archive), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_set_format_raw (archive), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_set_bytes_in_last_block (archive, 1), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_open_memory (archive, out, room, &used), ==, ARCHIVE_OK);
  archive_entry_set_filetype (entry, AE_IFREG);
  g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_data (archive, bytes, length), ==, length);
  g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  g_byte_array_append (packed, out, (guint) used);
  archive_entry_free (entry);
  archive_write_free (archive);
  return packed;
}

static GBytes *
unpack (FlashContentKind kind, const guint8 *bytes, gsize length, gsize max_size, GError **error)
{
  g_autoptr (GBytes) packed = g_bytes_new (bytes, length);

  return flash_unpack (packed, kind, max_size, NULL, error);
}

/* Bytes that do not get much smaller, so that packed files have some length. */
static GByteArray *
make_noise (guint length)
{
  GByteArray *bytes = g_byte_array_new ();
  guint32 state = 1;

  for (guint i = 0; i < length; i++) {
    guint8 byte = (guint8) (state >> 16);

    state = state * 1103515245 + 12345;
    g_byte_array_append (bytes, &byte, 1);
  }
  return bytes;
}

static void
test_knows (void)
{
  for (guint kind = FLASH_CONTENT_UNKNOWN; kind <= FLASH_CONTENT_BOOT_SECTOR; kind++)
    g_assert_cmpint (flash_unpack_knows (kind), ==,
                     kind == FLASH_CONTENT_GZIP || kind == FLASH_CONTENT_XZ ||
                         kind == FLASH_CONTENT_ZSTD);
}

/* There and back, alone and several one behind the other. */
static void
test_round (void)
{
  static const guint lengths[] = { 0, 1, 4096, 700000 };

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
      g_autoptr (GByteArray) noise = make_noise (lengths[i]);
      g_autoptr (GByteArray) packed = pack (kinds[k], noise->data, noise->len);
      g_autoptr (GBytes) found = NULL;
      g_autoptr (GBytes) twice = NULL;
      g_autoptr (GError) error = NULL;
      guint length = packed->len;

      found = unpack (kinds[k], packed->data, packed->len, MAX_SIZE, &error);
      if (lengths[i] == 0 && kinds[k] != FLASH_CONTENT_GZIP) {
        g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD);
        continue;
      }
      g_assert_no_error (error);
      g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found), noise->data,
                       noise->len);
      g_byte_array_set_size (packed, 2 * length);
      memcpy (packed->data + length, packed->data, length);
      twice = unpack (kinds[k], packed->data, packed->len, 2 * MAX_SIZE, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (twice), ==, 2 * lengths[i]);
    }
  }
}

/* Not one byte may be missing. */
static void
test_cut (void)
{
  g_autoptr (GByteArray) noise = make_noise (40);

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    g_autoptr (GByteArray) packed = pack (kinds[k], noise->data, noise->len);
    FlashFormatError code = kinds[k] == FLASH_CONTENT_GZIP ? FLASH_FORMAT_ERROR_TRUNCATED
                                                           : FLASH_FORMAT_ERROR_BAD_RECORD;

    for (guint cut = 6; cut < packed->len; cut++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) found = unpack (kinds[k], packed->data, cut, MAX_SIZE, &error);

      g_assert_null (found);
      g_assert_error (error, FLASH_FORMAT_ERROR, code);
    }
  }
}

/* A bit that is turned in any byte is found, or else what comes out is right nevertheless: some
 * bits of the frames, as the time of gzip, mean nothing for the contents. zstd as it is packed here
 * has no checksum, and need only not get lost. */
static void
test_damage (void)
{
  g_autoptr (GByteArray) noise = make_noise (300);

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    g_autoptr (GByteArray) packed = pack (kinds[k], noise->data, noise->len);
    guint n_found = 0;

    for (guint at = 0; at < packed->len; at++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) found = NULL;

      packed->data[at] ^= (guint8) (1u << at % 8);
      found = unpack (kinds[k], packed->data, packed->len, MAX_SIZE, &error);
      packed->data[at] ^= (guint8) (1u << at % 8);
      if (found == NULL) {
        g_assert_cmpuint (error->domain, ==, FLASH_FORMAT_ERROR);
        n_found++;
      } else if (kinds[k] != FLASH_CONTENT_ZSTD) {
        g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found), noise->data,
                         noise->len);
      }
    }
    g_test_message ("%s: %u of %u", flash_content_kind_get_name (kinds[k]), n_found, packed->len);
    g_assert_cmpuint (n_found, >, kinds[k] == FLASH_CONTENT_ZSTD ? 0 : packed->len / 2);
  }
}

/* The checksums at the end are looked at. zstd only has one if it was asked for. */
static void
test_checksum (void)
{
  /* As the zstd program writes "checked": checksum behind the frame */
  guint8 zstd[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x39, 0x00, 0x00, 0x63,
                    0x68, 0x65, 0x63, 0x6b, 0x65, 0x64, 0x14, 0x3e, 0x30, 0x83 };
  g_autoptr (GBytes) found = unpack (FLASH_CONTENT_ZSTD, zstd, sizeof zstd, MAX_SIZE, NULL);
  g_autoptr (GByteArray) gzip = pack (FLASH_CONTENT_GZIP, HEX, strlen (HEX));
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) zstd_error = NULL;

  gzip->data[gzip->len - 8] ^= 1;
  g_assert_null (unpack (FLASH_CONTENT_GZIP, gzip->data, gzip->len, MAX_SIZE, &error));
  g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD);
  g_assert_nonnull (found);
  g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found), "checked", 7);
  zstd[sizeof zstd - 1] ^= 1;
  g_assert_null (unpack (FLASH_CONTENT_ZSTD, zstd, sizeof zstd, MAX_SIZE, &zstd_error));
  g_assert_error (zstd_error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD);
}

/* Zeros behind gzip are a tape's; what else is there does not belong to it. */
static void
test_behind (void)
{
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    g_autoptr (GByteArray) packed = pack (kinds[k], HEX, strlen (HEX));
    g_autoptr (GBytes) found = NULL;
    g_autoptr (GError) error = NULL;

    g_byte_array_append (packed, (const guint8 *) "rest", 4);
    g_assert_null (unpack (kinds[k], packed->data, packed->len, MAX_SIZE, &error));
    g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD);
    if (kinds[k] != FLASH_CONTENT_GZIP)
      continue;
    memset (packed->data + packed->len - 4, 0, 4);
    found = unpack (kinds[k], packed->data, packed->len, MAX_SIZE, NULL);
    g_assert_nonnull (found);
    g_assert_cmpuint (g_bytes_get_size (found), ==, strlen (HEX));
  }
}

/* A little file that gets very large is given up at the bound, and not a byte before. */
static void
test_bomb (void)
{
  g_autofree guint8 *zeros = g_malloc0 (4 * MAX_SIZE);

  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    g_autoptr (GByteArray) packed = pack (kinds[k], zeros, 4 * MAX_SIZE);
    g_autoptr (GBytes) found = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_cmpuint (packed->len, <, 64 * 1024);
    found = unpack (kinds[k], packed->data, packed->len, 4 * MAX_SIZE, &error);
    g_assert_no_error (error);
    g_assert_null (unpack (kinds[k], packed->data, packed->len, 4 * MAX_SIZE - 1, &error));
    g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TOO_LARGE);
  }
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    g_autoptr (GByteArray) packed = pack (kinds[k], HEX, strlen (HEX));
    g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (g_steal_pointer (&packed));
    g_autoptr (FlashSource) source = flash_source_new_for_bytes (bytes, "packed");
    g_autoptr (GError) error = NULL;
    g_autoptr (GError) load_error = NULL;

    g_assert_null (flash_unpack (bytes, kinds[k], MAX_SIZE, cancellable, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_null (flash_image_load (source, NULL, cancellable, &load_error));
    g_assert_error (load_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
}

/* What an image says of the way in which it was packed. */
static void
test_image (void)
{
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    g_autoptr (GByteArray) packed = pack (kinds[k], HEX, strlen (HEX));
    g_autoptr (GByteArray) again = pack (kinds[k], packed->data, packed->len);
    g_autoptr (GByteArray) empty = pack (kinds[k], "", 0);
    g_autoptr (FlashImage) image = flash_describe_load (packed->data, packed->len, NULL);

    g_assert_cmpint (image->packing, ==, kinds[k]);
    g_assert_cmpint (image->format, ==, FLASH_FORMAT_IHEX);
    flash_describe_assert (packed->data, packed->len, NULL, "08000000=55");
    flash_describe_assert (packed->data, packed->len - 1, NULL, "error packed-damaged");
    flash_describe_assert (again->data, again->len, NULL, "error packing-unknown");
    flash_describe_assert (empty->data, empty->len, NULL,
                           kinds[k] == FLASH_CONTENT_GZIP ? "error file-empty"
                                                          : "error packed-damaged");
  }
  flash_describe_assert ("BZh9....", 8, NULL, "error packing-unknown");
}

/* Larger than any chip when unpacked: 260 MiB of zeros in a few kilobytes. */
static void
test_large_image (void)
{
  g_autofree guint8 *zeros = g_malloc0 (10 * MAX_SIZE);
  g_autoptr (GByteArray) part = pack (FLASH_CONTENT_GZIP, zeros, 10 * MAX_SIZE);
  g_autoptr (GByteArray) packed = g_byte_array_new ();

  for (guint i = 0; i < 26; i++)
    g_byte_array_append (packed, part->data, part->len);
  flash_describe_assert (packed->data, packed->len, NULL, "error packed-too-large");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unpack/knows", test_knows);
  g_test_add_func ("/unpack/round", test_round);
  g_test_add_func ("/unpack/cut", test_cut);
  g_test_add_func ("/unpack/damage", test_damage);
  g_test_add_func ("/unpack/checksum", test_checksum);
  g_test_add_func ("/unpack/behind", test_behind);
  g_test_add_func ("/unpack/bomb", test_bomb);
  g_test_add_func ("/unpack/cancel", test_cancel);
  g_test_add_func ("/unpack/image", test_image);
  g_test_add_func ("/unpack/large-image", test_large_image);
  return g_test_run ();
}
