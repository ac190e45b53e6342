/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-card-test.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FRONT 0x4400
#define BACK (33 * 512)

static GBytes *
load (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  char *contents;
  gsize length;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  return g_bytes_new_take (contents, length);
}

static void
assert_bytes (GByteArray *card, guint64 offset, GBytes *bytes, gsize from, gsize length)
{
  g_assert_cmpmem (card->data + offset, length,
                   (const guint8 *) g_bytes_get_data (bytes, NULL) + from, length);
}

static void
assert_zeros (GByteArray *card, guint64 start, guint64 end)
{
  for (guint64 i = start; i < end; i++)
    g_assert_cmpuint (card->data[i], ==, 0);
}

/* --- What is on it ------------------------------------------------------------------------- */

static const char plain[] = ROW ("-", "0x01", "fsbl", "Binary", "none", "0x0", "a.bin")
    ROW ("P", "0x11", "rootfs", "FileSystem", "mmc0", "0x100000", "a.bin")
        ROW ("P", "0x10", "bootfs", "System", "mmc0", "0x20000", "odd.bin")
            ROW ("PED", "0x12", "env", "ENV", "mmc0", "0x40000", "none")
                ROW ("P", "0x20", "nor", "Binary", "nor0", "0x0", "a.bin")
                    ROW ("P", "0x21", "fsbl1", "Binary", "mmc0", "boot1", "a.bin")
                        ROW ("P", "0x22", "other", "FileSystem", "mmc1", "0x80000", "a.bin")
                            ROW ("P", "0x23", "kernel", "System", "ram0", "0xC2000000", "a.bin");

static void
test_contents (void)
{
  g_autofree char *dir = flash_card_test_make_dir ();
  /* A row in a boot partition makes an eMMC of it, which would keep other offsets free. */
  g_autofree char *rows = g_strdup (plain);
  g_autoptr (FlashCardImage) image = NULL;
  g_autoptr (GByteArray) card = NULL;
  g_autoptr (GByteArray) in_pieces = NULL;
  g_autoptr (GBytes) a = load (dir, "a.bin");
  g_autoptr (GBytes) odd = load (dir, "odd.bin");
  char *boot_row = strstr (rows, "P\t0x21");

  memmove (boot_row, strchr (boot_row, '\n') + 1, strlen (strchr (boot_row, '\n')));
  image = flash_card_test_image (dir, rows, 4 * MIB);
  card = flash_card_test_read (image, 4 * MIB);
  in_pieces = flash_card_test_read (image, 777);
  g_assert_cmpstr (flash_card_image_get_ip (image), ==, "mmc0");
  g_assert_cmpuint (flash_card_image_get_size (image), ==, 4 * MIB);
  g_assert_cmpuint (flash_layout_get_n_rows (flash_card_image_get_layout (image)), ==, 7);
  g_assert_cmpmem (card->data + 512, 8, "EFI PART", 8);
  g_assert_cmpmem (card->data + 4 * MIB - 512, 8, "EFI PART", 8);
  assert_bytes (card, 0x20000, odd, 0, 1000);
  assert_zeros (card, 0x20000 + 1000, 0x100000);
  assert_bytes (card, 0x100000, a, 0, 100 * KIB);
  assert_zeros (card, 0x100000 + 100 * KIB, 4 * MIB - BACK);
  g_assert_cmpmem (card->data, card->len, in_pieces->data, in_pieces->len);
  g_assert_true (flash_card_image_check_sources (image, NULL));
  flash_test_remove_dir (dir);
}

typedef struct {
  guint64 start;
  guint64 size;
} Place;

static void
assert_ranges (FlashCardImage *image, const Place *places, guint n_places)
{
  g_assert_cmpuint (flash_card_image_get_n_ranges (image), ==, n_places);
  for (guint i = 0; i < n_places; i++) {
    g_assert_cmphex (flash_card_image_get_range (image, i)->start, ==, places[i].start);
    g_assert_cmphex (flash_card_image_get_range (image, i)->size, ==, places[i].size);
  }
}

/* The zeros behind the end of a file and what is erased are ranges, but nothing to be read. */
static void
test_extents_and_ranges (void)
{
  static const char rows[] = ROW ("P", "0x10", "bootfs", "System", "mmc0", "0x20000", "odd.bin")
      ROW ("PED", "0x12", "env", "ENV", "mmc0", "0x40000", "none")
          ROW ("PE", "0x13", "empty", "ENV", "mmc0", "0x42000", "none")
              ROW ("P", "0x11", "rootfs", "FileSystem", "mmc0", "0x100000", "a.bin");
  static const Place ranges[] = { { 0, FRONT },
                                  { 0x20000, 1024 },
                                  { 0x40000, 0x2000 },
                                  { 0x100000, 100 * KIB },
                                  { 2 * MIB - BACK, BACK } };
  static const Place extents[] = {
    { 0, FRONT }, { 0x20000, 1000 }, { 0x100000, 100 * KIB }, { 2 * MIB - BACK, BACK }
  };
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashCardImage) image = flash_card_test_image (dir, rows, 2 * MIB);

  assert_ranges (image, ranges, G_N_ELEMENTS (ranges));
  g_assert_cmpuint (flash_card_image_get_n_extents (image), ==, G_N_ELEMENTS (extents));
  for (guint i = 0; i < G_N_ELEMENTS (extents); i++) {
    const FlashExtent *extent = flash_card_image_get_extent (image, i);

    g_assert_cmphex (extent->target_offset, ==, extents[i].start);
    g_assert_cmphex (extent->length, ==, extents[i].size);
    g_assert_cmpuint (extent->source_offset, ==, 0);
    g_assert_nonnull (extent->source);
  }
  flash_test_remove_dir (dir);
}

/* stm32mp-usb.md section 3.7: a RawImage lies at the start whatever its offset, and on top of what
 * has a lower Id. */
static void
test_order_of_writing (void)
{
  static const char *const layouts[] = {
    ROW ("P", "0x30", "all", "RawImage", "mmc0", "0x0", "a.bin")
        ROW ("P", "0x10", "part", "Binary", "mmc0", "0x10000", "b.bin"),
    ROW ("P", "0x05", "all", "RawImage", "mmc0", "0x0", "a.bin")
        ROW ("P", "0x10", "part", "Binary", "mmc0", "0x10000", "b.bin"),
  };
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (GBytes) a = load (dir, "a.bin");
  g_autoptr (GBytes) b = load (dir, "b.bin");

  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++) {
    g_autoptr (FlashCardImage) image = flash_card_test_image (dir, layouts[i], 0);
    g_autoptr (GByteArray) card = flash_card_test_read (image, 4096);
    const gsize end = 100 * KIB;

    g_assert_cmpuint (card->len, ==, MIB);
    assert_bytes (card, 0, a, 0, 0x10000);
    assert_bytes (card, 0x10000, i == 0 ? a : b, i == 0 ? 0x10000 : 0, end - 0x10000);
    assert_bytes (card, end, b, end - 0x10000, 0x20000 - end);
    assert_zeros (card, 0x20000, MIB - BACK);
    g_assert_cmpmem (card->data + MIB - 512, 8, "EFI PART", 8);
  }
  flash_test_remove_dir (dir);
}

static void
test_raw_alone (void)
{
  static const char rows[] = ROW ("P", "0x10", "all", "RawImage", "mmc0", "0x80000", "odd.bin");
  static const Place ranges[] = { { 0, 1024 } };
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashCardImage) image = flash_card_test_image (dir, rows, 0);

  g_assert_cmpuint (flash_card_image_get_size (image), ==, MIB);
  assert_ranges (image, ranges, G_N_ELEMENTS (ranges));
  flash_test_remove_dir (dir);
}

/* Erasing the whole card comes before the table. */
static void
test_erased (void)
{
  static const char rows[] = ROW ("PED", "0x30", "all", "RawImage", "mmc0", "0x0", "none")
      ROW ("PD", "0x10", "part", "Binary", "mmc0", "0x10000", "b.bin");
  static const Place ranges[] = { { 0, 2 * MIB } };
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashCardImage) image = flash_card_test_image (dir, rows, 2 * MIB);
  g_autoptr (GByteArray) card = flash_card_test_read (image, 65536);
  g_autoptr (GBytes) b = load (dir, "b.bin");

  assert_ranges (image, ranges, G_N_ELEMENTS (ranges));
  g_assert_cmpmem (card->data + 512, 8, "EFI PART", 8);
  assert_bytes (card, 0x10000, b, 0, 64 * KIB);
  flash_test_remove_dir (dir);
}

/* --- Holes --------------------------------------------------------------------------------- */

static void
make_sparse (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  FILE *file;

  flash_test_write_sparse (dir, name, 4 * MIB);
  file = g_fopen (path, "r+");
  g_assert_cmpint (fseek (file, (long) MIB, SEEK_SET), ==, 0);
  for (guint i = 0; i < 64 * KIB; i++)
    fputc (0x77, file);
  fclose (file);
}

static void
test_holes (void)
{
  static const char rows[] = ROW ("P", "0x10", "part", "Binary", "mmc0", "0x10000", "sparse.bin");
  static const Place ranges[] = { { 0, FRONT }, { 0x10000, 4 * MIB }, { 5 * MIB - BACK, BACK } };
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashCardImage) image = NULL;
  g_autoptr (GByteArray) card = NULL;
  const FlashExtent *extent;

  make_sparse (dir, "sparse.bin");
  image = flash_card_test_image (dir, rows, 0);
  card = flash_card_test_read (image, 300000);
  g_assert_cmpuint (flash_card_image_get_size (image), ==, 5 * MIB);
  assert_ranges (image, ranges, G_N_ELEMENTS (ranges));
  extent = flash_card_image_get_extent (image, 1);
  if (flash_card_image_get_n_extents (image) == 3 && extent->length == 4 * MIB) {
    g_test_skip ("this file system knows no holes");
  } else {
    g_assert_cmpuint (flash_card_image_get_n_extents (image), ==, 3);
    g_assert_cmpuint (extent->target_offset, ==, 0x10000 + MIB);
    g_assert_cmpuint (extent->source_offset, ==, MIB);
    g_assert_cmpuint (extent->length, ==, 64 * KIB);
  }
  assert_zeros (card, 0x10000, 0x10000 + MIB);
  for (guint i = 0; i < 64 * KIB; i++)
    g_assert_cmpuint (card->data[0x10000 + MIB + i], ==, 0x77);
  assert_zeros (card, 0x10000 + MIB + 64 * KIB, 5 * MIB - BACK);
  flash_test_remove_dir (dir);
}

/* --- Sizes --------------------------------------------------------------------------------- */

static const struct {
  const char *rows;
  const char *ip;
  guint64 size;
} smallest[] = {
  { ROW ("PE", "0x10", "a", "Binary", "mmc0", "0x4400", "none"), NULL, MIB },
  /* What U-Boot keeps free at the end: 35 blocks. */
  { ROW ("PE", "0x10", "a", "Binary", "mmc0", "0xFB800", "none"), NULL, MIB },
  { ROW ("PE", "0x10", "a", "Binary", "mmc0", "0xFBA00", "none"), NULL, 2 * MIB },
  { ROW ("P", "0x10", "a", "Binary", "mmc0", "0xFB800", "odd.bin"), NULL, 2 * MIB },
  { ROW ("P", "0x10", "a", "Binary", "mmc0", "0x200000", "a.bin"), "mmc0", 3 * MIB },
  /* An erase group at the end of an eMMC. */
  { ROW ("P", "0x10", "a", "Binary", "mmc1", "0x80000", "odd.bin"), "mmc1", 2 * MIB },
  /* A RawImage ends the partition before it with the offset that its row has. */
  { ROW ("PE", "0x10", "a", "Binary", "mmc0", "0x4400", "none")
        ROW ("P", "0x11", "b", "RawImage", "mmc0", "0x500000", "odd.bin"),
    NULL, 6 * MIB },
};

static void
test_smallest (void)
{
  g_autofree char *dir = flash_card_test_make_dir ();

  for (guint i = 0; i < G_N_ELEMENTS (smallest); i++) {
    g_autoptr (FlashLayout) layout = flash_card_test_load (dir, smallest[i].rows);
    const FlashCardOptions options = { .ip = smallest[i].ip };
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashCardImage) image = flash_card_image_new (layout, &options, &error);
    guint64 size = 0;

    g_assert_no_error (error);
    g_assert_cmpuint (flash_card_image_get_size (image), ==, smallest[i].size);
    g_assert_true (flash_card_image_get_min_size (layout, smallest[i].ip, &size, &error));
    g_assert_cmpuint (size, ==, smallest[i].size);
  }
  flash_test_remove_dir (dir);
}

/* --- What cannot be ------------------------------------------------------------------------ */

typedef struct {
  const char *name;
  const char *rows;
  const char *ip;
  guint64 size;
  FlashCardError code;
  const char *message; /* a part of it */
} Refusal;

#define GOOD ROW ("P", "0x10", "a", "Binary", "mmc0", "0x4400", "a.bin")

static const Refusal refusals[] = {
  { "not-mmc", GOOD, "nor0", 0, FLASH_CARD_ERROR_NOT_MMC, "“nor0”" },
  { "no-number", GOOD, "mmc", 0, FLASH_CARD_ERROR_NOT_MMC, "“mmc”" },
  { "two-digits", GOOD, "mmc10", 0, FLASH_CARD_ERROR_NOT_MMC, "“mmc10”" },
  { "other-card", GOOD, "mmc1", 0, FLASH_CARD_ERROR_EMPTY, "“mmc1”" },
  { "only-erased", ROW ("PED", "0x10", "a", "RawImage", "mmc0", "0x0", "none"), NULL, 0,
    FLASH_CARD_ERROR_EMPTY, "“mmc0”" },
  { "only-boot", ROW ("P", "0x10", "a", "Binary", "mmc0", "boot1", "a.bin"), NULL, 0,
    FLASH_CARD_ERROR_EMPTY, "“mmc0”" },
  { "refused", GOOD "rubbish\n", NULL, 0, FLASH_CARD_ERROR_BAD_LAYOUT, "the board says: " },
  { "selected-stage", GOOD ROW ("P", "0x11", "b", "Binary", "none", "0x0", "a.bin"), NULL, 0,
    FLASH_CARD_ERROR_BAD_LAYOUT, "line 2" },
  { "partial", GOOD ROW ("-", "0x11", "b", "Binary", "mmc0", "0x80000", "none"), NULL, 0,
    FLASH_CARD_ERROR_PARTIAL_UPDATE, "line 2, b" },
  { "partial-boot", GOOD ROW ("-", "0x11", "b", "Binary", "mmc0", "boot1", "none"), NULL, 0,
    FLASH_CARD_ERROR_PARTIAL_UPDATE, "line 2, b" },
  { "odd-size", GOOD, NULL, MIB + 1, FLASH_CARD_ERROR_BAD_SIZE, "1048577 bytes" },
  { "huge-size", GOOD, NULL, (G_GUINT64_CONSTANT (1) << 41) + 512, FLASH_CARD_ERROR_BAD_SIZE,
    "bytes" },
  { "far-offset", ROW ("PE", "0x10", "a", "Binary", "mmc0", "0xFFFFFFFFFFFFFE00", "none"), NULL, 0,
    FLASH_CARD_ERROR_BAD_SIZE, "line 1, a" },
  { "too-small", GOOD, NULL, 100 * KIB, FLASH_CARD_ERROR_TOO_SMALL, "1 MiB are needed" },
  { "too-small-raw", ROW ("P", "0x10", "a", "RawImage", "mmc0", "0x0", "a.bin"), NULL, 512,
    FLASH_CARD_ERROR_TOO_SMALL, "1 MiB are needed" },
  { "too-large", GOOD ROW ("PE", "0x11", "b", "Binary", "mmc0", "0x8400", "none"), NULL, 0,
    FLASH_CARD_ERROR_TOO_LARGE, "line 1, a" },
  { "same-offset", GOOD ROW ("PE", "0x11", "b", "Binary", "mmc0", "0x4400", "none"), NULL, 0,
    FLASH_CARD_ERROR_BAD_LAYOUT, "same address" },
  { "too-low", ROW ("P", "0x10", "a", "Binary", "mmc0", "0x4200", "a.bin"), NULL, 0,
    FLASH_CARD_ERROR_BAD_LAYOUT, "min=0x4400" },
  { "not-aligned", ROW ("P", "0x10", "a", "Binary", "mmc0", "0x4401", "a.bin"), NULL, 0,
    FLASH_CARD_ERROR_BAD_LAYOUT, "not aligned" },
  { "missing-file", ROW ("P", "0x10", "a", "Binary", "mmc0", "0x4400", "none.bin"), NULL, 0,
    FLASH_CARD_ERROR_UNREADABLE, "none.bin" },
  { "no-file", ROW ("P", "0x10", "a", "Binary", "mmc0", "0x4400", "none"), NULL, 0,
    FLASH_CARD_ERROR_UNREADABLE, "line 1 names no file" },
  { "bad-name", ROW ("PE", "0x10", "a b", "Binary", "mmc0", "0x4400", "none"), NULL, 0,
    FLASH_CARD_ERROR_BAD_NAME, "“a b”" },
  { "no-text", ROW ("PE", "0x10", "a\xff", "Binary", "mmc0", "0x4400", "none"), NULL, 0,
    FLASH_CARD_ERROR_BAD_NAME, "line 1" },
};

static void
test_refusal (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashLayout) layout = flash_card_test_load (dir, refusal->rows);
  const FlashCardOptions options = { .ip = refusal->ip, .size = refusal->size };
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashCardImage) image = flash_card_image_new (layout, &options, &error);

  g_assert_null (image);
  g_assert_error (error, FLASH_CARD_ERROR, (int) refusal->code);
  if (strstr (error->message, refusal->message) == NULL)
    g_error ("“%s” does not say “%s”", error->message, refusal->message);
  flash_test_remove_dir (dir);
}

static void
test_too_many (void)
{
  g_autofree char *dir = flash_card_test_make_dir ();
  GString *rows = g_string_new (NULL);
  g_autoptr (FlashLayout) layout = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 129; i++)
    g_string_append_printf (rows, "PE\t0x%02x\tp%u\tBinary\tmmc0\t0x%x\tnone\n", i + 4, i,
                            0x4400 + 0x200 * i);
  layout = flash_card_test_load (dir, rows->str);
  g_assert_null (flash_card_image_new (layout, NULL, &error));
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_TABLE);
  g_assert_nonnull (strstr (error->message, "129 partitions"));
  g_string_free (rows, TRUE);
  flash_test_remove_dir (dir);
}

static void
test_words (void)
{
  for (guint i = 0; i <= FLASH_CARD_ERROR_OTHER_IMAGE; i++) {
    g_assert_true (g_str_has_prefix (flash_card_error_get_name (i), "card-"));
    g_assert_true (g_str_has_suffix (flash_card_error_get_cause (i), "."));
    g_assert_true (g_str_has_suffix (flash_card_error_get_remedy (i), "."));
    for (guint j = 0; j < i; j++)
      g_assert_cmpstr (flash_card_error_get_name (i), !=, flash_card_error_get_name (j));
  }
}

/* --- What is not on it --------------------------------------------------------------------- */

static const char *
shout (const char *template_text)
{
  return "WITH {0}";
}

static void
test_left_out (void)
{
  static const struct {
    guint8 id;
    const char *reason;
    const char *remedy; /* a part of it */
  } wanted[] = {
    { 0x01, "boot-stage", "Nothing is to be done" },
    { 0x20, "flash-memory", "nor0" },
    { 0x21, "boot-partition", "mmc1" },
    { 0x22, "other-card", "with mmc1" },
    { 0x23, "ram", "memory of a running board" },
  };
  g_autofree char *dir = flash_card_test_make_dir ();
  GString *rows = g_string_new (plain);
  g_autoptr (FlashCardImage) image = NULL;
  g_autofree char *translated = NULL;

  g_string_replace (rows, "mmc0\tboot1", "mmc1\tboot1", 0);
  image = flash_card_test_image (dir, rows->str, 0);
  g_assert_cmpuint (flash_card_image_get_n_left_out (image), ==, G_N_ELEMENTS (wanted));
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    const FlashCardLeftOut *left_out = flash_card_image_get_left_out (image, i);
    g_autofree char *remedy = flash_card_left_out_dup_remedy (left_out, NULL);

    g_assert_cmphex (flash_layout_row_get_id (left_out->row), ==, wanted[i].id);
    g_assert_cmpstr (flash_card_reason_get_name (left_out->reason), ==, wanted[i].reason);
    g_assert_nonnull (strstr (remedy, wanted[i].remedy));
  }
  translated = flash_card_left_out_dup_remedy (flash_card_image_get_left_out (image, 1), shout);
  g_assert_cmpstr (translated, ==, "WITH nor0");
  g_string_free (rows, TRUE);
  flash_test_remove_dir (dir);
}

/* --- Files that change --------------------------------------------------------------------- */

static void
test_changed (void)
{
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashCardImage) image = flash_card_test_image (
      dir, GOOD ROW ("P", "0x11", "b", "Binary", "mmc0", "0x40000", "b.bin"), 0);
  g_autofree char *path = g_build_filename (dir, "a.bin", NULL);
  guint8 buffer[512];
  g_autoptr (GError) error = NULL;

  /* Shorter than it was, and later. */
  flash_test_write_text (dir, "new.bin", "short");
  g_assert_cmpint (truncate (path, 5), ==, 0);
  g_assert_false (flash_card_image_read (image, 0x4400 + 4096, buffer, sizeof buffer, &error));
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_CHANGED);
  g_assert_cmpstr (error->message, ==, path);
  g_clear_error (&error);
  g_assert_false (flash_card_image_check_sources (image, &error));
  g_assert_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_CHANGED);
  g_clear_error (&error);
  /* The others are as they were. */
  g_assert_true (flash_card_image_read (image, 0x40000, buffer, sizeof buffer, &error));
  g_assert_no_error (error);
  flash_test_remove_dir (dir);
}

/* A file that takes the place of another is not the one that was opened. */
static void
test_replaced (void)
{
  g_autofree char *dir = flash_card_test_make_dir ();
  g_autoptr (FlashCardImage) image = flash_card_test_image (dir, GOOD, 0);
  g_autofree char *path = g_build_filename (dir, "a.bin", NULL);
  g_autofree char *other = g_build_filename (dir, "b.bin", NULL);
  g_autoptr (GBytes) a = load (dir, "a.bin");
  g_autoptr (GByteArray) card = NULL;

  g_assert_cmpint (g_rename (other, path), ==, 0);
  card = flash_card_test_read (image, 4096);
  assert_bytes (card, 0x4400, a, 0, 100 * KIB);
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card-image/contents", test_contents);
  g_test_add_func ("/card-image/extents-and-ranges", test_extents_and_ranges);
  g_test_add_func ("/card-image/order-of-writing", test_order_of_writing);
  g_test_add_func ("/card-image/raw-alone", test_raw_alone);
  g_test_add_func ("/card-image/erased", test_erased);
  g_test_add_func ("/card-image/holes", test_holes);
  g_test_add_func ("/card-image/smallest", test_smallest);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_autofree char *path = g_strdup_printf ("/card-image/refusal/%s", refusals[i].name);

    g_test_add_data_func (path, &refusals[i], test_refusal);
  }
  g_test_add_func ("/card-image/too-many", test_too_many);
  g_test_add_func ("/card-image/words", test_words);
  g_test_add_func ("/card-image/left-out", test_left_out);
  g_test_add_func ("/card-image/changed", test_changed);
  g_test_add_func ("/card-image/replaced", test_replaced);
  return g_test_run ();
}
