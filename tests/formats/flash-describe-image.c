/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-describe-image.h"

#include "flash-sample-images.h"

#define MAX_SHOWN 24

static void
add_segment (GString *text, const FlashImageTarget *target, const FlashImageSegment *segment)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (segment->bytes, &length);

  if (target->alternate != 0)
    g_string_append_printf (text, "%u:", target->alternate);
  g_string_append_printf (text, "%08x%c", segment->address, length > MAX_SHOWN ? '+' : '=');
  if (length > MAX_SHOWN)
    g_string_append_printf (text, "%" G_GSIZE_FORMAT, length);
  for (gsize i = 0; i < length && length <= MAX_SHOWN; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  g_string_append_c (text, ' ');
}

char *
flash_describe_image (const FlashImage *image)
{
  GString *text = g_string_new (NULL);

  for (guint t = 0; t < image->targets->len; t++) {
    const FlashImageTarget *target = g_ptr_array_index (image->targets, t);

    for (guint i = 0; i < target->segments->len; i++)
      add_segment (text, target, g_ptr_array_index (target->segments, i));
  }
  if (image->has_entry)
    g_string_append_printf (text, "entry=%08x ", image->entry);
  for (guint i = 0; i < flash_diag_list_get_length (image->diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (image->diags, i);

    g_string_append_printf (text, "%s %s", flash_severity_get_name (flash_diag_get_severity (diag)),
                            flash_diag_get_code (diag));
    if (flash_diag_get_line (diag) > 0)
      g_string_append_printf (text, "@%u", flash_diag_get_line (diag));
    g_string_append_c (text, ' ');
  }
  if (text->len > 0)
    g_string_truncate (text, text->len - 1);
  return g_string_free (text, FALSE);
}

FlashImage *
flash_describe_load (const void *bytes, gsize length, const FlashImageOptions *options)
{
  g_autoptr (FlashSource) source = flash_sample_source_new_static (bytes, length);
  g_autoptr (GError) error = NULL;
  FlashImage *image = flash_image_load (source, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (image);
  return image;
}

void
flash_describe_assert (const void *bytes, gsize length, const FlashImageOptions *options,
                       const char *expected)
{
  g_autoptr (FlashImage) image = flash_describe_load (bytes, length, options);
  g_autofree char *found = flash_describe_image (image);

  g_assert_cmpstr (found, ==, expected);
  /* Every message is a sentence that can be shown. */
  for (guint i = 0; i < flash_diag_list_get_length (image->diags); i++) {
    g_autofree char *message = flash_diag_dup_message (flash_diag_list_get (image->diags, i), NULL);

    g_assert_true (g_utf8_validate (message, -1, NULL));
    g_assert_null (strchr (message, '{'));
  }
}
