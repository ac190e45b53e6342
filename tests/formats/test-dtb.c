/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-dtb.h"

#include "flash-bytes.h"
#include "flash-format.h"
#include "flash-sample-images.h"

#define COMPATIBLE "st,stm32mp157d-dk1\0st,stm32mp157"

/* In the trees made for these tests. */
#define STRUCTURE_AT 56
#define ROOT_NAME_AT (STRUCTURE_AT + 8)
#define FIRST_PROPERTY_AT (STRUCTURE_AT + 12)

static void
test_root (void)
{
  g_autoptr (FlashSource) source = flash_sample_source_new (
      flash_sample_dtb_new ("Some board\tA", COMPATIBLE, sizeof COMPATIBLE));
  g_autofree char *model = NULL;
  g_auto (GStrv) compatible = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      flash_dtb_read_root (source, 0, flash_source_get_size (source), &model, &compatible, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (model, ==, "Some board\uFFFDA");
  g_assert_cmpuint (g_strv_length (compatible), ==, 2);
  g_assert_cmpstr (compatible[0], ==, "st,stm32mp157d-dk1");
  g_assert_cmpstr (compatible[1], ==, "st,stm32mp157");
}

/* The node below the root has a model too, which is not the board's. */
static void
test_nothing_in_root (void)
{
  g_autoptr (FlashSource) source = flash_sample_source_new (flash_sample_dtb_new (NULL, NULL, 0));
  char *model = (char *) 1;
  GStrv compatible = (GStrv) 1;

  g_assert_true (
      flash_dtb_read_root (source, 0, flash_source_get_size (source), &model, &compatible, NULL));
  g_assert_null (model);
  g_assert_null (compatible);
}

/* Values without an end, and longer than anybody needs. */
static void
test_long_values (void)
{
  g_autofree char *text = g_strnfill (3000, 'x');
  g_autoptr (GByteArray) many = g_byte_array_new ();
  g_autoptr (FlashSource) source = NULL;
  g_autofree char *model = NULL;
  g_auto (GStrv) compatible = NULL;

  for (guint i = 0; i < 100; i++)
    g_byte_array_append (many, (const guint8 *) "ab", 3);
  source =
      flash_sample_source_new (flash_sample_dtb_new (text, (char *) many->data, many->len - 1));
  g_assert_true (
      flash_dtb_read_root (source, 0, flash_source_get_size (source), &model, &compatible, NULL));
  g_assert_cmpint (g_utf8_strlen (model, -1), ==, 129);
  g_assert_true (g_str_has_suffix (model, "x…"));
  g_assert_cmpuint (g_strv_length (compatible), ==, 16);
  g_assert_cmpstr (compatible[15], ==, "ab");
}

typedef struct {
  gsize at;
  guint32 word; /* put there, big-endian */
  gsize length; /* the tree is cut to it, 0: left as it is */
  FlashFormatError code;
  const char *message;
} Broken;

static const Broken broken[] = {
  { 0, 0xd00dfeee, 0, FLASH_FORMAT_ERROR_UNKNOWN_FORMAT, "there is no device tree" },
  { 0, 0xd00dfeed, 39, FLASH_FORMAT_ERROR_TRUNCATED, "a device tree has at least 40 bytes" },
  { 4, 0xffffffff, 0, FLASH_FORMAT_ERROR_TRUNCATED,
    "the device tree says that it has 4294967295 bytes, there are *" },
  { 20, 15, 0, FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION, "the device tree has version 15" },
  { 24, 18, 0, FLASH_FORMAT_ERROR_UNSUPPORTED_VERSION, "the device tree has version 17" },
  { 8, 0xfffffffc, 0, FLASH_FORMAT_ERROR_TRUNCATED,
    "the device tree ends at byte *, byte 4294967292 is needed" },
  { STRUCTURE_AT + 4, 2, 0, FLASH_FORMAT_ERROR_BAD_RECORD, "the device tree starts with token 2" },
  { FIRST_PROPERTY_AT, 5, 0, FLASH_FORMAT_ERROR_BAD_RECORD,
    "the device tree has an unknown token 5" },
  { FIRST_PROPERTY_AT + 4, 0xffffffff, 0, FLASH_FORMAT_ERROR_TRUNCATED,
    "the device tree ends at byte *, byte 4294967* is needed" },
};

static void
test_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    GByteArray *tree = flash_sample_dtb_new ("board", COMPATIBLE, sizeof COMPATIBLE);
    g_autoptr (FlashSource) source = NULL;
    g_autoptr (GError) error = NULL;
    char *model = NULL;
    GStrv compatible = NULL;

    flash_put_be32 (tree->data + broken[i].at, broken[i].word);
    if (broken[i].length > 0)
      g_byte_array_set_size (tree, (guint) broken[i].length);
    source = flash_sample_source_new (tree);
    g_assert_false (flash_dtb_read_root (source, 0, flash_source_get_size (source), &model,
                                         &compatible, &error));
    g_assert_error (error, FLASH_FORMAT_ERROR, (int) broken[i].code);
    g_test_message ("%s", error->message);
    g_assert_true (g_pattern_match_simple (broken[i].message, error->message));
    g_assert_null (model);
    g_assert_null (compatible);
  }
}

/* Cut anywhere, the announced size made to fit: an error or less of the tree, never more. */
static void
test_cut (void)
{
  g_autoptr (GByteArray) whole = flash_sample_dtb_new ("board", COMPATIBLE, sizeof COMPATIBLE);

  for (guint length = 40; length < whole->len; length++) {
    g_autoptr (FlashSource) source = NULL;
    g_autofree char *model = NULL;
    g_auto (GStrv) compatible = NULL;

    flash_put_be32 (whole->data + 4, length);
    source = flash_sample_source_new_static (whole->data, length);
    if (flash_dtb_read_root (source, 0, length, &model, &compatible, NULL))
      g_assert_true (model == NULL || g_str_equal (model, "board"));
  }
}

/* A root node with a name that never ends, and a tree of nothing but fillers. */
static void
test_endless (void)
{
  static const guint32 words[] = { 4, 0x01010101 };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    GByteArray *tree = flash_sample_dtb_new ("board", NULL, 0);
    gsize old = tree->len;
    g_autoptr (FlashSource) source = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *model = NULL;
    g_auto (GStrv) compatible = NULL;

    g_byte_array_set_size (tree, (guint) old + 40000);
    for (gsize at = i == 0 ? STRUCTURE_AT : ROOT_NAME_AT; at + 4 <= tree->len; at += 4)
      flash_put_be32 (tree->data + at, words[i]);
    flash_put_be32 (tree->data + 4, tree->len);
    source = flash_sample_source_new (tree);
    g_assert_false (flash_dtb_read_root (source, 0, flash_source_get_size (source), &model,
                                         &compatible, &error));
    g_assert_error (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_BAD_RECORD);
  }
}

static GByteArray *
embed (gsize at, GByteArray *tree)
{
  GByteArray *file = g_byte_array_new ();

  for (gsize i = 0; i < at; i++)
    g_byte_array_append (file, (const guint8 *) "\xd0", 1);
  g_byte_array_append (file, tree->data, tree->len);
  g_byte_array_unref (tree);
  return file;
}

static const gsize places[] = { 0, 4, 65532, 65536, 131072 };

static void
test_find (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    GByteArray *file = embed (places[i], flash_sample_dtb_new ("board", NULL, 0));
    g_autoptr (FlashSource) source = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree char *model = NULL;
    g_auto (GStrv) compatible = NULL;

    /* A false start before it. */
    if (places[i] > 0)
      flash_put_be32 (file->data, 0xd00dfeedu);
    source = flash_sample_source_new (file);
    g_assert_true (flash_dtb_find_root (source, 0, flash_source_get_size (source), &model,
                                        &compatible, NULL, &error));
    g_assert_no_error (error);
    g_assert_cmpstr (model, ==, "board");
  }
}

static void
test_find_none (void)
{
  g_autoptr (FlashSource) source =
      flash_sample_source_new (embed (3, flash_sample_dtb_new ("unaligned", NULL, 0)));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  char *model = (char *) 1;
  GStrv compatible = (GStrv) 1;

  g_assert_true (flash_dtb_find_root (source, 0, flash_source_get_size (source), &model,
                                      &compatible, cancellable, &error));
  g_assert_null (model);
  g_assert_null (compatible);

  g_cancellable_cancel (cancellable);
  g_assert_false (flash_dtb_find_root (source, 0, flash_source_get_size (source), &model,
                                       &compatible, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dtb/root", test_root);
  g_test_add_func ("/dtb/nothing-in-root", test_nothing_in_root);
  g_test_add_func ("/dtb/long-values", test_long_values);
  g_test_add_func ("/dtb/broken", test_broken);
  g_test_add_func ("/dtb/cut", test_cut);
  g_test_add_func ("/dtb/endless", test_endless);
  g_test_add_func ("/dtb/find", test_find);
  g_test_add_func ("/dtb/find-none", test_find_none);
  return g_test_run ();
}
