/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-fuzz-image.h"

#include "flash-dfuse-file.h"
#include "flash-elf.h"
#include "flash-ihex.h"
#include "flash-image-write.h"
#include "flash-srec.h"
#include "flash-uf2.h"

#include <string.h>

static void
check_target (const FlashImageTarget *target)
{
  guint64 end = 0;

  g_assert_cmpuint (target->segments->len, >, 0);
  for (guint i = 0; i < target->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (target->segments, i);
    gsize size;
    const guint8 *bytes = g_bytes_get_data (segment->bytes, &size);
    guint8 first = 0, last = 0;

    g_assert_cmpuint (size, >, 0);
    g_assert_true (i == 0 || segment->address > end);
    end = (guint64) segment->address + size;
    g_assert_cmpuint (end, <=, G_GUINT64_CONSTANT (1) << 32);
    g_assert_cmpuint (flash_image_target_read (target, segment->address, &first, 1), ==, 1);
    g_assert_cmpuint (flash_image_target_read (target, (guint32) (end - 1), &last, 1), ==, 1);
    g_assert_cmphex (first, ==, bytes[0]);
    g_assert_cmphex (last, ==, bytes[size - 1]);
  }
  g_assert_true (target->name == NULL || g_utf8_validate (target->name, -1, NULL));
}

static void
check_diags (const FlashDiagList *diags)
{
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);
    g_autofree char *message = flash_diag_dup_message (diag, NULL);
    g_autofree char *fix = flash_diag_dup_fix (diag, NULL);

    g_assert_true (g_utf8_validate (message, -1, NULL));
    g_assert_true (fix == NULL || g_utf8_validate (fix, -1, NULL));
  }
}

/* What was written and is read again is the same. Bytes without an address are not: what they begin
 * with may mean something in front of a DFU suffix. */
static void
check_written (const FlashImage *image)
{
  g_autofree char *digest = flash_image_dup_digest (image);

  for (guint format = FLASH_IMAGE_WRITE_HEX; format <= FLASH_IMAGE_WRITE_DFU; format++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) file = flash_image_write (image, format, NULL, &error);
    g_autoptr (FlashSource) source = NULL;
    g_autoptr (FlashImage) again = NULL;
    g_autofree char *digest_again = NULL;

    if (file == NULL) {
      g_assert_cmpuint (error->domain, ==, FLASH_FORMAT_ERROR);
      continue;
    }
    source = flash_source_new_for_bytes (file, "written");
    again = flash_image_load (source, NULL, NULL, NULL);
    g_assert_true (flash_image_is_usable (again));
    g_assert_cmpuint (flash_image_get_size (again), <=, flash_image_get_size (image));
    digest_again = flash_image_dup_digest (again);
    if (format == FLASH_IMAGE_WRITE_DFU || image->targets->len == 1)
      g_assert_cmpstr (digest, ==, digest_again);
  }
}

void
flash_fuzz_image_check (const FlashImage *image)
{
  g_autoptr (FlashImage) moved = NULL;
  guint n_segments = 0;
  gint alternate = -1;

  for (guint t = 0; t < image->targets->len; t++) {
    const FlashImageTarget *target = g_ptr_array_index (image->targets, t);

    g_assert_cmpint (target->alternate, >, alternate);
    alternate = target->alternate;
    check_target (target);
    n_segments += target->segments->len;
  }
  g_assert_cmpuint (n_segments, <=, FLASH_IMAGE_MAX_SEGMENTS);
  g_assert_cmpuint (flash_image_get_size (image), <=, FLASH_IMAGE_MAX_FILE);
  g_assert_true (n_segments > 0 || !flash_image_is_usable (image));
  g_assert_true (!image->can_insist || !flash_image_is_usable (image));
  check_diags (image->diags);
  if (flash_image_is_usable (image) && image->has_address)
    check_written (image);
  moved = flash_image_rebase (image, 0, 0x08000000, NULL);
  g_assert_true (moved == NULL || flash_image_get_size (moved) == flash_image_get_size (image));
}

static FlashImage *
read_once (const guint8 *bytes, gsize length, FlashFormat format, gboolean insists)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (format);
  FlashImageOptions options = { .insists = insists };

  if (format == FLASH_FORMAT_IHEX)
    flash_ihex_read (bytes, length, &options, builder);
  else if (format == FLASH_FORMAT_SREC)
    flash_srec_read (bytes, length, &options, builder);
  else if (format == FLASH_FORMAT_ELF)
    flash_elf_read (bytes, length, &options, builder);
  else if (format == FLASH_FORMAT_DFUSE)
    flash_dfuse_file_read (bytes, length, &options, builder);
  else
    flash_uf2_read (bytes, length, &options, builder);
  return flash_image_builder_end (builder);
}

void
flash_fuzz_image_read (const guint8 *bytes, gsize length, FlashFormat format)
{
  g_autoptr (FlashImage) image = read_once (bytes, length, format, FALSE);
  g_autoptr (FlashImage) insisted = read_once (bytes, length, format, TRUE);

  flash_fuzz_image_check (image);
  flash_fuzz_image_check (insisted);
  g_assert_cmpuint (flash_diag_list_count (insisted->diags, FLASH_SEVERITY_ERROR), <=,
                    flash_diag_list_count (image->diags, FLASH_SEVERITY_ERROR));
  g_assert_true (!image->can_insist || flash_image_is_usable (insisted));
}
