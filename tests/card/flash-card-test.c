/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-test"

#include "config.h"

#include "flash-card-test.h"

char *
flash_card_test_make_dir (void)
{
  static const struct {
    const char *name;
    gsize size;
  } files[] = { { "a.bin", 100 * 1024 }, { "b.bin", 64 * 1024 }, { "odd.bin", 1000 } };
  char *dir = flash_test_make_dir ();

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GBytes) bytes = flash_test_make_bytes (files[i].size, i + 1);

    flash_test_write_file (dir, files[i].name, bytes);
  }
  return dir;
}

FlashLayout *
flash_card_test_load (const char *dir, const char *rows)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GBytes) bytes = g_bytes_new (rows, strlen (rows));
  FlashLayout *layout = flash_layout_new_from_bytes (bytes, dir, diags);

  return layout;
}

FlashCardImage *
flash_card_test_image (const char *dir, const char *rows, guint64 size)
{
  g_autoptr (FlashLayout) layout = flash_card_test_load (dir, rows);
  const FlashCardOptions options = { .size = size };
  g_autoptr (GError) error = NULL;
  FlashCardImage *image = flash_card_image_new (layout, &options, &error);

  g_assert_no_error (error);
  return image;
}

GByteArray *
flash_card_test_read (FlashCardImage *image, gsize piece)
{
  guint64 size = flash_card_image_get_size (image);
  GByteArray *bytes = g_byte_array_sized_new ((guint) size);

  g_byte_array_set_size (bytes, (guint) size);
  memset (bytes->data, 0x5a, size);
  for (guint64 at = 0; at < size; at += piece) {
    g_autoptr (GError) error = NULL;

    flash_card_image_read (image, at, bytes->data + at, MIN (piece, size - at), &error);
    g_assert_no_error (error);
  }
  return bytes;
}
