/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-stm32-header.h"

#include "flash-bytes.h"
#include "flash-format.h"
#include "flash-sample-images.h"

static const guint8 payload[] = { 0xff, 0x01, 0x02, 0xff, 0x80 };
#define PAYLOAD_SUM (0xffu + 0x01 + 0x02 + 0xff + 0x80)

typedef struct {
  guint32 version;
  guint major;
  guint minor;
  guint32 header_length;
} Version;

static const Version versions[] = {
  { FLASH_SAMPLE_VERSION_1_0, 1, 0, 256 },
  { FLASH_SAMPLE_VERSION_2_0, 2, 0, 512 },
  { FLASH_SAMPLE_VERSION_2_2, 2, 2, 512 },
  { FLASH_SAMPLE_VERSION_2_3, 2, 3, 576 },
};

static void
test_versions (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++) {
    g_autoptr (FlashSource) source = flash_sample_source_new (
        flash_sample_stm32_new (versions[i].version, payload, sizeof payload));
    g_autoptr (GError) error = NULL;
    FlashStm32Header header;
    guint32 computed = 0;

    g_assert_true (flash_stm32_header_read (source, &header, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (header.version_major, ==, versions[i].major);
    g_assert_cmpuint (header.version_minor, ==, versions[i].minor);
    g_assert_cmpuint (header.header_length, ==, versions[i].header_length);
    g_assert_cmpuint (header.image_length, ==, sizeof payload);
    g_assert_cmpuint (header.checksum, ==, PAYLOAD_SUM);
    g_assert_cmphex (header.entry, ==, FLASH_SAMPLE_LOAD + 1);
    g_assert_cmphex (header.load, ==, FLASH_SAMPLE_LOAD);
    g_assert_cmphex (header.binary_type, ==, FLASH_STM32_BINARY_FSBL);
    g_assert_cmphex (header.flags, ==, versions[i].major == 1 ? 1 : 0x80000000u);
    g_assert_false (header.is_signed);
    g_assert_false (header.has_signature);
    g_assert_false (header.is_encrypted);
    g_assert_true (header.is_clean);
    g_assert_true (flash_stm32_header_has_load (&header));
    g_assert_true (flash_stm32_header_verify (source, &header, &computed, NULL, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (computed, ==, PAYLOAD_SUM);
  }
}

/* One byte of the header is changed, one field is expected to follow. */
typedef struct {
  guint32 version;
  gsize at;
  guint8 value;
  gboolean is_signed;
  gboolean has_signature;
  gboolean is_encrypted;
  gboolean is_clean;
} Change;

#define V1 FLASH_SAMPLE_VERSION_1_0
#define V2 FLASH_SAMPLE_VERSION_2_0
#define V2_3 FLASH_SAMPLE_VERSION_2_3

static const Change changes[] = {
  { V1, 100, 0, TRUE, FALSE, FALSE, TRUE }, /* option flags */
  { V1, 4, 1, FALSE, TRUE, FALSE, TRUE }, /* first byte of the signature */
  { V1, 67, 1, FALSE, TRUE, FALSE, TRUE }, /* last byte of the signature */
  { V1, 84, 1, FALSE, FALSE, FALSE, FALSE }, /* reserved */
  { V1, 95, 1, FALSE, FALSE, FALSE, FALSE }, /* reserved, last byte */
  { V1, 108, 1, FALSE, FALSE, FALSE, TRUE }, /* public key */
  { V1, 171, 1, FALSE, FALSE, FALSE, TRUE }, /* public key, last byte */
  { V1, 172, 1, FALSE, FALSE, FALSE, FALSE }, /* padding */
  { V1, 254, 1, FALSE, FALSE, FALSE, FALSE }, /* padding, last byte */
  { V2, 100, 1, TRUE, FALSE, FALSE, TRUE }, /* authentication */
  { V2, 100, 2, FALSE, FALSE, TRUE, TRUE }, /* decryption */
  { V2, 112, 1, FALSE, FALSE, FALSE, FALSE }, /* padding */
  { V2, 127, 1, FALSE, FALSE, FALSE, FALSE }, /* padding, last byte */
  { V2, 132, 7, FALSE, FALSE, FALSE, FALSE }, /* extension of 7 + 256 bytes: no room for a next */
  { V2, 133, 0, FALSE, FALSE, FALSE, FALSE }, /* extension of 128 bytes, then one of none */
  { V2, 133, 2, FALSE, FALSE, FALSE, FALSE }, /* extension beyond the header */
  { V2_3, 99, 1, FALSE, TRUE, FALSE, TRUE }, /* last byte of the longer signature */
  { V2_3, 132, 1, TRUE, FALSE, FALSE, TRUE }, /* authentication */
  { V2_3, 144, 1, FALSE, FALSE, FALSE, FALSE }, /* padding */
  { V2_3, 151, 1, FALSE, FALSE, FALSE, FALSE }, /* padding, last byte */
  { V2_3, 156, 1, FALSE, FALSE, FALSE, TRUE }, /* hash of the non-secure payload */
};

static void
test_fields (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    GByteArray *file = flash_sample_stm32_new (changes[i].version, payload, sizeof payload);
    g_autoptr (FlashSource) source = NULL;
    g_autoptr (GError) error = NULL;
    FlashStm32Header header;

    file->data[changes[i].at] = changes[i].value;
    source = flash_sample_source_new (file);
    g_test_message ("version %08x, byte %u", changes[i].version, (guint) changes[i].at);
    g_assert_true (flash_stm32_header_read (source, &header, &error));
    g_assert_no_error (error);
    g_assert_cmpint (header.is_signed, ==, changes[i].is_signed);
    g_assert_cmpint (header.has_signature, ==, changes[i].has_signature);
    g_assert_cmpint (header.is_encrypted, ==, changes[i].is_encrypted);
    g_assert_cmpint (header.is_clean, ==, changes[i].is_clean);
  }
}

/* A signature is any bytes, also such that look like the version of an older header. */
static void
test_signature_like_version (void)
{
  GByteArray *file = flash_sample_stm32_new (V2_3, payload, sizeof payload);
  g_autoptr (FlashSource) source = NULL;
  FlashStm32Header header;

  flash_put_le32 (file->data + 72, FLASH_SAMPLE_VERSION_1_0);
  flash_put_le32 (file->data + 152, 77);
  source = flash_sample_source_new (file);
  g_assert_true (flash_stm32_header_read (source, &header, NULL));
  g_assert_cmpuint (header.version_minor, ==, 3);
  g_assert_cmpuint (header.nonsecure_length, ==, 77);
  g_assert_true (header.has_signature);
}

typedef struct {
  guint32 version;
  gsize at;
  guint32 word; /* put there, little-endian */
  gsize length; /* the file is cut to it, 0: left as it is */
  FlashFormatError code;
  const char *message;
} Broken;

static const Broken broken[] = {
  { V1, 0, 0x334d5453, 0, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT,
    "the file does not start with the STM32 magic number" },
  { V1, 72, 0x00010000, 3, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT,
    "the file does not start with the STM32 magic number" },
  { V1, 72, 0x00010000, 4, FLASH_FORMAT_ERROR_TRUNCATED,
    "the file has 4 bytes, its header alone has at least 256" },
  { V1, 72, 0x00010000, 255, FLASH_FORMAT_ERROR_TRUNCATED,
    "the file has 255 bytes, its header alone has at least 256" },
  { V2, 72, 0x00020000, 511, FLASH_FORMAT_ERROR_TRUNCATED,
    "the file has 511 bytes, its header alone has 512" },
  { V2_3, 104, 0x00020300, 575, FLASH_FORMAT_ERROR_TRUNCATED,
    "the file has 575 bytes, its header alone has 576" },
  { V1, 72, 0x00010100, 0, FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
    "the header version is 0x00010100, known are 1.0, 2.0, 2.2 and 2.3" },
  { V1, 72, 0x00000000, 0, FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION,
    "the header version is 0x00000000, known are 1.0, 2.0, 2.2 and 2.3" },
  { V2, 104, 4097, 0, FLASH_FORMAT_ERROR_BAD_RECORD,
    "the header says that its extensions are 4097 bytes long, at most 4096 are possible" },
  { V2, 104, 0xffffffff, 0, FLASH_FORMAT_ERROR_BAD_RECORD,
    "the header says that its extensions are 4294967295 bytes long, at most 4096 are possible" },
};

static void
test_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    GByteArray *file = flash_sample_stm32_new (broken[i].version, payload, sizeof payload);
    g_autoptr (FlashSource) source = NULL;
    g_autoptr (GError) error = NULL;
    FlashStm32Header header = { .image_length = 4711 };

    flash_put_le32 (file->data + broken[i].at, broken[i].word);
    if (broken[i].length > 0)
      g_byte_array_set_size (file, (guint) broken[i].length);
    source = flash_sample_source_new (file);
    g_assert_false (flash_stm32_header_read (source, &header, &error));
    g_assert_error (error, FLASH_FORMAT_ERROR, (int) broken[i].code);
    g_assert_cmpstr (error->message, ==, broken[i].message);
    g_assert_cmpuint (header.image_length, ==, 4711);
  }
}

static void
test_verify_wrong (void)
{
  GByteArray *file = flash_sample_stm32_new (V1, payload, sizeof payload);
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (GError) error = NULL;
  FlashStm32Header header;
  guint32 computed = 0;

  file->data[256] = 0xfe;
  source = flash_sample_source_new (file);
  g_assert_true (flash_stm32_header_read (source, &header, NULL));
  g_assert_false (flash_stm32_header_verify (source, &header, &computed, NULL, &error));
  g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_CHECKSUM);
  g_assert_cmpstr (error->message, ==,
                   "the checksum of the payload is 0x00000280, the header says 0x00000281");
  g_assert_cmpuint (computed, ==, PAYLOAD_SUM - 1);
  g_assert_false (flash_stm32_header_verify (source, &header, NULL, NULL, NULL));
}

static void
test_verify_truncated (void)
{
  GByteArray *file = flash_sample_stm32_new (V1, payload, sizeof payload);
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (GError) error = NULL;
  FlashStm32Header header;
  guint32 computed = 4711;

  g_byte_array_set_size (file, file->len - 1);
  source = flash_sample_source_new (file);
  g_assert_true (flash_stm32_header_read (source, &header, NULL));
  g_assert_false (flash_stm32_header_verify (source, &header, &computed, NULL, &error));
  g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TRUNCATED);
  g_assert_cmpstr (error->message, ==, "the file has 260 bytes, header and payload have 261");
  g_assert_cmpuint (computed, ==, 4711);
}

/* The sum over more than one piece, with a remainder. */
static void
test_verify_pieces (void)
{
  g_autofree guint8 *big = g_malloc (200 * 1000);
  g_autoptr (FlashSource) source = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  FlashStm32Header header;
  guint32 computed = 0;

  memset (big, 0xff, 200 * 1000);
  source = flash_sample_source_new (flash_sample_stm32_new (V2, big, 200 * 1000));
  g_assert_true (flash_stm32_header_read (source, &header, NULL));
  g_assert_true (flash_stm32_header_verify (source, &header, &computed, cancellable, NULL));
  g_assert_cmpuint (computed, ==, 200 * 1000 * 0xff);

  g_cancellable_cancel (cancellable);
  g_assert_false (flash_stm32_header_verify (source, &header, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The sum wraps at 2^32: 17 MiB of 0xff give more. */
static void
test_verify_wraps (void)
{
  const gsize length = 17 * 1024 * 1024;
  g_autofree guint8 *big = g_malloc (length);
  g_autoptr (FlashSource) source = NULL;
  FlashStm32Header header;
  guint32 computed = 0;

  memset (big, 0xff, length);
  source = flash_sample_source_new (flash_sample_stm32_new (V1, big, length));
  g_assert_true (flash_stm32_header_read (source, &header, NULL));
  g_assert_true (flash_stm32_header_verify (source, &header, &computed, NULL, NULL));
  g_assert_cmpuint (computed, ==, (guint32) ((guint64) length * 0xff));
  g_assert_cmpuint ((guint64) length * 0xff, >, G_MAXUINT32);
}

typedef struct {
  guint32 load;
  guint32 length;
  gboolean has_load;
} Load;

static const Load loads[] = {
  { 0, 5, FALSE },         { 0xffffffff, 0, FALSE }, { 0xffffffff, 5, FALSE },
  { 0xfffffffb, 5, TRUE }, { 0xfffffffc, 5, FALSE }, { 0x2ffc2500, 5, TRUE },
  { 1, 0xffffffff, TRUE }, { 2, 0xffffffff, FALSE },
};

static void
test_load (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (loads); i++) {
    FlashStm32Header header = { .load = loads[i].load, .image_length = loads[i].length };

    g_assert_cmpint (flash_stm32_header_has_load (&header), ==, loads[i].has_load);
  }
}

/* What U-Boot wants to see before a layout (stm32mp-usb.md section 3.1). */
static void
test_frame (void)
{
  static const char text[] = "P\t0x01\n";
  g_autoptr (GBytes) bare = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) framed = flash_stm32_header_frame_v1 (bare);
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (framed, "framed");
  const guint8 *data = g_bytes_get_data (framed, NULL);
  FlashStm32Header header;

  g_assert_cmpuint (g_bytes_get_size (framed), ==, 256 + strlen (text));
  g_assert_cmpmem (data + 256, strlen (text), text, strlen (text));
  g_assert_cmphex (flash_get_le32 (data + 72), ==, 0x00010000);
  g_assert_cmphex (flash_get_le32 (data + 100), ==, 1);
  g_assert_true (flash_stm32_header_read (source, &header, NULL));
  g_assert_true (header.is_clean);
  g_assert_false (header.is_signed);
  g_assert_cmphex (header.entry, ==, 0);
  g_assert_cmphex (header.load, ==, 0);
  g_assert_cmphex (header.binary_type, ==, FLASH_STM32_BINARY_UBOOT);
  g_assert_true (flash_stm32_header_verify (source, &header, NULL, NULL, NULL));
}

static void
test_frame_empty (void)
{
  g_autoptr (GBytes) bare = g_bytes_new_static (NULL, 0);
  g_autoptr (GBytes) framed = flash_stm32_header_frame_v1 (bare);

  g_assert_cmpuint (g_bytes_get_size (framed), ==, FLASH_STM32_HEADER_V1_LENGTH);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stm32-header/versions", test_versions);
  g_test_add_func ("/stm32-header/fields", test_fields);
  g_test_add_func ("/stm32-header/signature-like-version", test_signature_like_version);
  g_test_add_func ("/stm32-header/broken", test_broken);
  g_test_add_func ("/stm32-header/verify/wrong", test_verify_wrong);
  g_test_add_func ("/stm32-header/verify/truncated", test_verify_truncated);
  g_test_add_func ("/stm32-header/verify/pieces", test_verify_pieces);
  g_test_add_func ("/stm32-header/verify/wraps", test_verify_wraps);
  g_test_add_func ("/stm32-header/load", test_load);
  g_test_add_func ("/stm32-header/frame", test_frame);
  g_test_add_func ("/stm32-header/frame-empty", test_frame_empty);
  return g_test_run ();
}
