/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-image.h"

#include "flash-describe-image.h"
#include "flash-image-builder.h"
#include "flash-sample-images.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
  guint64 address;
  const char *bytes;
} Piece;

/* Adds text at addresses, up to a piece without bytes. */
static FlashImage *
build (const Piece *pieces)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_ELF);

  for (const Piece *piece = pieces; piece->bytes != NULL; piece++)
    flash_image_builder_add (builder, piece->address, (const guint8 *) piece->bytes,
                             strlen (piece->bytes), 0);
  return flash_image_builder_end (builder);
}

static void
assert_described (const FlashImage *image, const char *expected)
{
  g_autofree char *found = flash_describe_image (image);

  g_assert_cmpstr (found, ==, expected);
}

/* --- loading ------------------------------------------------------------------------------ */

#define SUFFIX "\xff\xff\xff\xff\xff\xff\x00\x01UFD\x10\x00\x00\x00\x00"

typedef struct {
  const char *bytes;
  gsize length;
  FlashFormat format;
  gboolean has_address;
  const char *expected;
} LoadCase;

#define LOAD(text, format, has_address, expected)                                                  \
  {                                                                                                \
    text, sizeof text - 1, format, has_address, expected                                           \
  }
#define HEX_AT_0 ":0100000055AA\n:00000001FF\n"

static const LoadCase load_cases[] = {
  LOAD ("", FLASH_FORMAT_RAW, FALSE, "error file-empty"),
  LOAD ("abc", FLASH_FORMAT_RAW, FALSE, "00000000=616263"),
  LOAD ("\0", FLASH_FORMAT_RAW, FALSE, "00000000=00"),
  LOAD ("STM2", FLASH_FORMAT_STM32, TRUE, "error image-for-stm32mp"),
  LOAD ("\x01\x00\x64\xaa", FLASH_FORMAT_FIP, TRUE, "error image-for-stm32mp"),
  /* Linked to the alias of the flash, or only partly there */
  LOAD (HEX_AT_0, FLASH_FORMAT_IHEX, TRUE, "00000000=55 warning address-aliased"),
  LOAD (":02000004000FEB\n:01FFFF0055AC\n:00000001FF", FLASH_FORMAT_IHEX, TRUE,
        "000fffff=55 warning address-aliased"),
  LOAD (":020000040010EA\n:0100000055AA\n:00000001FF", FLASH_FORMAT_IHEX, TRUE, "00100000=55"),
  LOAD (":0100000055AA\n:020000040800F2\n:0100000055AA\n:00000001FF", FLASH_FORMAT_IHEX, TRUE,
        "00000000=55 08000000=55"),
  LOAD (":0100000055AA\n:020000041000EA\n:0100000055AA\n:00000001FF", FLASH_FORMAT_IHEX, TRUE,
        "00000000=55 10000000=55 warning address-aliased"),
  /* A suffix that does not belong there, however long it says that it is */
  LOAD (HEX_AT_0 SUFFIX, FLASH_FORMAT_IHEX, TRUE,
        "00000000=55 warning dfu-suffix warning address-aliased"),
  LOAD (HEX_AT_0 "zz\xff\xff\xff\xff\xff\xff\x00\x01UFD\x12\x00\x00\x00\x00", FLASH_FORMAT_IHEX,
        TRUE, "00000000=55 warning dfu-suffix warning address-aliased"),
  LOAD (HEX_AT_0 "\xff\xff\xff\xff\xff\xff\x00\x01UFD\xff\x00\x00\x00\x00", FLASH_FORMAT_IHEX, TRUE,
        "warning dfu-suffix error image-empty error ihex-no-end@1"),
  LOAD ("S3060800000055"
        "9C\nS70500000000FA\n" SUFFIX,
        FLASH_FORMAT_SREC, TRUE, "08000000=55 warning dfu-suffix"),
};

static void
test_load (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (load_cases); i++) {
    const LoadCase *it = &load_cases[i];
    g_autoptr (FlashImage) image = flash_describe_load (it->bytes, it->length, NULL);

    g_test_message ("case %u", i);
    flash_describe_assert (it->bytes, it->length, NULL, it->expected);
    g_assert_cmpint (image->format, ==, it->format);
    g_assert_cmpint (image->has_address, ==, it->has_address);
  }
}

/* Only bytes without an address take one. */
static void
test_load_address (void)
{
  static const FlashImageOptions at_flash = { .has_address = TRUE, .address = 0x08000000 };
  static const FlashImageOptions at_end = { .has_address = TRUE, .address = 0xffffffff };
  static const FlashImageOptions at_zero = { .has_address = TRUE, .address = 0 };
  g_autoptr (FlashImage) image = flash_describe_load ("ab", 2, &at_flash);

  g_assert_true (image->has_address);
  flash_describe_assert ("ab", 2, &at_flash, "08000000=6162");
  flash_describe_assert ("a", 1, &at_end, "ffffffff=61");
  flash_describe_assert ("ab", 2, &at_end, "error address-overflow");
  flash_describe_assert ("ab", 2, &at_zero, "00000000=6162 warning address-aliased");
  flash_describe_assert (HEX_AT_0, strlen (HEX_AT_0), &at_flash,
                         "00000000=55 warning address-aliased");
}

/* What is downloaded in the place of firmware: text as far as can be seen, archives. */
static void
test_load_other (void)
{
  static const struct {
    guint length;
    guint other_at; /* of a byte that is no text */
    const char *expected;
  } texts[] = {
    { 63, 63, "00000000+63" },
    { 64, 64, "00000000+64 warning raw-is-text" },
    { 64, 63, "00000000+64" },
    { 5000, 4095, "00000000+5000" },
    { 5000, 4096, "00000000+5000 warning raw-is-text" },
  };
  static const struct {
    const char *mark;
    guint at;
    guint length;
  } archives[] = { { "PK\x03\x04", 0, 4 },
                   { "7z\xbc\xaf\x27\x1c", 0, 6 },
                   { "Rar!\x1a\x07", 0, 6 },
                   { "ustar", 257, 5 } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *text = g_strnfill (texts[i].length, '<');

    text[3] = '\n';
    text[texts[i].other_at] = '\0';
    flash_describe_assert (text, texts[i].length, NULL, texts[i].expected);
  }
  for (guint i = 0; i < G_N_ELEMENTS (archives); i++) {
    guint8 bytes[300] = { 0 };
    guint length = archives[i].at + archives[i].length;
    g_autoptr (FlashImage) cut = NULL;

    memcpy (bytes + archives[i].at, archives[i].mark, archives[i].length);
    flash_describe_assert (bytes, sizeof bytes, NULL, "error archive");
    flash_describe_assert (bytes, length, NULL, "error archive");
    cut = flash_describe_load (bytes, length - 1, NULL);
    g_assert_true (flash_image_is_usable (cut));
  }
}

/* Every format has its reader. */
static void
test_load_readers (void)
{
  static const struct {
    const char *bytes;
    gsize length;
    FlashFormat format;
  } files[] = {
    { "\x7f"
      "ELF",
      4, FLASH_FORMAT_ELF },
    { "DfuSe\x01", 6, FLASH_FORMAT_DFUSE },
    { "UF2\n\x57\x51\x5d\x9e", 8, FLASH_FORMAT_UF2 },
    { SUFFIX, 16, FLASH_FORMAT_DFU },
  };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (FlashImage) image = flash_describe_load (files[i].bytes, files[i].length, NULL);

    g_assert_cmpint (image->format, ==, files[i].format);
    g_assert_false (flash_image_is_usable (image));
    g_assert_cmpuint (flash_diag_list_count (image->diags, FLASH_SEVERITY_ERROR), >, 0);
  }
}

static void
test_load_disk (void)
{
  static const FlashSamplePartition partitions[] = { FLASH_SAMPLE_END };
  g_autoptr (GByteArray) disk = flash_sample_gpt_new (512, 100, partitions);

  flash_describe_assert (disk->data, disk->len, NULL, "error image-for-stm32mp");
}

/* A file that is too large is not even read; one that changes is not believed. */
static void
test_load_file (void)
{
  g_autofree char *path = NULL;
  g_autoptr (FlashSource) large = NULL;
  g_autoptr (FlashSource) changed = NULL;
  g_autoptr (FlashSource) shorter = NULL;
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (FlashImage) other = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("image-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (ftruncate (fd, (off_t) FLASH_IMAGE_MAX_FILE + 1), ==, 0);
  large = flash_source_new_for_file (path, &error);
  image = flash_image_load (large, NULL, NULL, &error);
  assert_described (image, "error file-too-large");

  g_assert_cmpint (ftruncate (fd, 2), ==, 0);
  changed = flash_source_new_for_file (path, &error);
  g_assert_cmpint (ftruncate (fd, 3), ==, 0);
  other = flash_image_load (changed, NULL, NULL, &error);
  assert_described (other, "00000000=0000 error file-changed");
  g_assert_false (other->can_insist);

  shorter = flash_source_new_for_file (path, &error);
  g_assert_cmpint (ftruncate (fd, 1), ==, 0);
  g_assert_null (flash_image_load (shorter, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_close (fd, NULL);
  g_unlink (path);
}

static void
test_load_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (FlashSource) source = flash_sample_source_new_static ("abc", 3);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (flash_image_load (source, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --- asking ------------------------------------------------------------------------------- */

static void
test_new_for_bytes (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);
  g_autoptr (FlashImage) image = flash_image_new_for_bytes (0xfffffffd, bytes);
  g_autoptr (FlashImage) same = flash_image_ref (image);

  assert_described (same, "fffffffd=616263");
  g_assert_true (image->has_address);
  g_assert_cmpint (image->format, ==, FLASH_FORMAT_RAW);
  g_assert_cmpuint (flash_image_get_size (image), ==, 3);
}

static void
test_read (void)
{
  static const Piece pieces[] = {
    { 0x10, "abcd" }, { 0x18, "ef" }, { 0x1b, "g" }, { 0xfffffffe, "yz" }, { 0 }
  };
  static const struct {
    guint32 address;
    gsize length;
    gsize n_held;
    const char *expected;
  } reads[] = {
    { 0, 8, 0, "........" },      { 0, 16, 0, "................" },
    { 0x0f, 2, 1, ".a" },         { 0x10, 0, 0, "" },
    { 0x10, 4, 4, "abcd" },       { 0x11, 2, 2, "bc" },
    { 0x13, 1, 1, "d" },          { 0x14, 4, 0, "...." },
    { 0x13, 6, 2, "d....e" },     { 0x10, 13, 7, "abcd....ef.g." },
    { 0x1c, 4, 0, "...." },       { 0xfffffffd, 3, 2, ".yz" },
    { 0xffffffff, 1, 1, "z" },    { 0xffffffff, 4, 1, "z..." },
    { 0xfffffff0, 4, 0, "...." },
  };
  g_autoptr (FlashImage) image = build (pieces);
  const FlashImageTarget *target = flash_image_find_target (image, 0);

  for (guint i = 0; i < G_N_ELEMENTS (reads); i++) {
    char out[17] = "................";

    out[reads[i].length] = '\0';
    g_assert_cmpuint (
        flash_image_target_read (target, reads[i].address, (guint8 *) out, reads[i].length), ==,
        reads[i].n_held);
    g_assert_cmpstr (out, ==, reads[i].expected);
  }
}

/* The same contents have the same digest, in whatever format and order; others have another. */
static void
test_digest (void)
{
  static const char hex[] = ":020000040800F2\n:0200000041427B\n:0100030058A4\n:00000001FF\n";
  static const char srec[] = "S306080000035896\nS3070800000041426D\nS70508000101F0\n";
  static const Piece same[] = {
    { 0x08000000, "A" }, { 0x08000003, "X" }, { 0x08000001, "B" }, { 0 }
  };
  static const Piece moved[] = {
    { 0x08000000, "A" }, { 0x08000004, "X" }, { 0x08000001, "B" }, { 0 }
  };
  static const Piece other[] = {
    { 0x08000000, "A" }, { 0x08000003, "Y" }, { 0x08000001, "B" }, { 0 }
  };
  FlashImage *images[] = {
    flash_describe_load (hex, strlen (hex), NULL),
    flash_describe_load (srec, strlen (srec), NULL),
    build (same),
    build (moved),
    build (other),
  };
  g_autofree char *first = flash_image_dup_digest (images[0]);

  /* SHA-256 over 08000000, 2, "AB", 08000003, 1, "X", numbers with 4 and 8 bytes, little end first
   */
  g_assert_cmpstr (first, ==, "350faf0aa82031f3128bccfc6277626436dc0b1e18393858ffad1f609b107a02");
  for (guint i = 0; i < G_N_ELEMENTS (images); i++) {
    g_autofree char *digest = flash_image_dup_digest (images[i]);

    g_assert_cmpint (strcmp (first, digest) == 0, ==, i < 3);
    flash_image_unref (images[i]);
  }
}

/* --- moving ------------------------------------------------------------------------------- */

typedef struct {
  Piece pieces[4];
  guint32 from;
  guint32 to;
  const char *expected; /* (nullable): described, or else the error: */
  FlashFormatError code;
} MoveCase;

static const MoveCase move_cases[] = {
  { { { 0, "a" } }, 0, 0x08000000, "08000000=61" },
  { { { 0x100, "a" } }, 0, 0x08000000, "08000100=61" },
  /* The region ends before the flash. */
  { { { 0x07ffffff, "a" } }, 0, 0x08000000, "0fffffff=61" },
  { { { 0, "a" }, { 0x08000000, "b" } }, 0, 0x10000000, "08000000=62 10000000=61" },
  { { { 0, "a" }, { 0x20000000, "r" } }, 0, 0x08000000, "08000000=61 20000000=72" },
  { { { 0x0fffffff, "a" } }, 0x10000000, 0x08000000, "0fffffff=61" },
  { { { 0x10000001, "a" } }, 0x10000000, 0, "00000001=61" },
  { { { 0, "a" }, { 0x08000001, "b" } }, 0, 0x08000000, "08000000=6162" },
  /* Something is there already, be it the same. */
  { { { 0, "a" }, { 0x08000000, "b" } }, 0, 0x08000000, NULL, FLASH_FORMAT_ERROR_OVERLAP },
  { { { 0, "a" }, { 0x08000000, "a" } }, 0, 0x08000000, NULL, FLASH_FORMAT_ERROR_OVERLAP },
  { { { 1, "ab" } }, 0, 0xfffffffe, NULL, FLASH_FORMAT_ERROR_BAD_RECORD },
  { { { 0, "ab" } }, 0, 0xfffffffe, "fffffffe=6162" },
};

static void
test_rebase (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (move_cases); i++) {
    const MoveCase *it = &move_cases[i];
    g_autoptr (FlashImage) image = build (it->pieces);
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashImage) moved = flash_image_rebase (image, it->from, it->to, &error);
    FlashFormatError code = it->code;

    g_test_message ("case %u", i);
    if (it->expected != NULL) {
      g_assert_no_error (error);
      assert_described (moved, it->expected);
    } else {
      g_assert_null (moved);
      g_assert_error (error, FLASH_FORMAT_ERROR, code);
    }
  }
}

/* What is known of the image moves along; what was wrong with its place does not. */
static void
test_rebase_facts (void)
{
  static const char hex[] = "; remark\n:0100000055AA\n:0400000500000101F5\n:00000001FF\n";
  g_autoptr (FlashImage) image = flash_describe_load (hex, strlen (hex), NULL);
  g_autoptr (FlashImage) raw = flash_describe_load ("ab", 2, NULL);
  g_autoptr (FlashImage) moved = flash_image_rebase (image, 0, 0x08000000, NULL);
  g_autoptr (FlashImage) moved_raw = flash_image_rebase (raw, 0, 0x08000000, NULL);

  assert_described (image, "00000000=55 entry=00000101 warning address-aliased "
                           "info ihex-comment@1");
  assert_described (moved, "08000000=55 entry=08000101 info ihex-comment@1");
  g_assert_cmpint (moved->format, ==, FLASH_FORMAT_IHEX);
  g_assert_false (raw->has_address);
  g_assert_true (moved_raw->has_address);
  assert_described (moved_raw, "08000000=6162");
}

static void
test_rebase_dfuse (void)
{
  static const FlashDfuSuffix suffix = { 0x0483, 0xdf11, 0x2200, 0x011a, TRUE };
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_DFUSE);
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (FlashImage) moved = NULL;

  flash_image_builder_begin_target (builder, 2, "two");
  flash_image_builder_add (builder, 0, (const guint8 *) "a", 1, 0);
  flash_image_builder_set_suffix (builder, &suffix);
  flash_image_builder_add_family (builder, 7);
  image = flash_image_builder_end (builder);
  moved = flash_image_rebase (image, 0, 0x08000000, NULL);
  assert_described (moved, "2:08000000=61");
  g_assert_cmpstr (flash_image_find_target (moved, 2)->name, ==, "two");
  g_assert_cmpmem (&moved->suffix, sizeof suffix, &suffix, sizeof suffix);
  g_assert_cmpuint (g_array_index (moved->families, guint32, 0), ==, 7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/load", test_load);
  g_test_add_func ("/image/load-address", test_load_address);
  g_test_add_func ("/image/load-other", test_load_other);
  g_test_add_func ("/image/load-readers", test_load_readers);
  g_test_add_func ("/image/load-disk", test_load_disk);
  g_test_add_func ("/image/load-file", test_load_file);
  g_test_add_func ("/image/load-cancelled", test_load_cancelled);
  g_test_add_func ("/image/new-for-bytes", test_new_for_bytes);
  g_test_add_func ("/image/read", test_read);
  g_test_add_func ("/image/digest", test_digest);
  g_test_add_func ("/image/rebase", test_rebase);
  g_test_add_func ("/image/rebase-facts", test_rebase_facts);
  g_test_add_func ("/image/rebase-dfuse", test_rebase_dfuse);
  return g_test_run ();
}
