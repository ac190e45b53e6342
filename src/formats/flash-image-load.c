/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a file of any format to an image. Thread: any. */
#define G_LOG_DOMAIN "flash-image-load"

#include "config.h"

#include "flash-image.h"

#include "flash-dfu-file.h"
#include "flash-dfuse-file.h"
#include "flash-elf.h"
#include "flash-ihex.h"
#include "flash-image-builder.h"
#include "flash-raw.h"
#include "flash-srec.h"
#include "flash-text.h"
#include "flash-uf2.h"
#include "flash-unpack.h"

#include <string.h>

/* One read of the file, between two looks at the cancellable. */
#define PIECE_SIZE (4 * 1024 * 1024)

/* stm32-dfuse.md section 4.1: the flash of every STM32; below it is its alias. */
#define FLASH_START 0x08000000u
/* Nothing that is linked to the alias begins above this; the tightly coupled memories and the
 * flash of F7 on its other bus (0x00200000) do, or are told from it by what else is in the file. */
#define MAX_ALIAS_START 0x00100000u

static GBytes *
read_all (FlashSource *source, GCancellable *cancellable, GError **error)
{
  gsize size = (gsize) flash_source_get_size (source);
  g_autofree guint8 *bytes = g_malloc (size);

  for (gsize at = 0; at < size; at += PIECE_SIZE)
    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !flash_source_read (source, at, bytes + at, MIN (size - at, PIECE_SIZE), error))
      return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), size);
}

static FlashDiag *
say_error (FlashImageBuilder *builder, const char *code, const char *template_text)
{
  return flash_diag_list_add (flash_image_builder_get_diags (builder), FLASH_SEVERITY_ERROR, code,
                              0, 0, template_text, NULL);
}

/* An image of which nothing can be said but what is wrong. */
static FlashImage *
end_with_error (FlashFormat format, const char *code, const char *template_text, const char *fix)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (format);
  FlashDiag *diag = say_error (builder, code, template_text);

  if (fix != NULL)
    flash_diag_set_fix (diag, fix, NULL);
  return flash_image_builder_end (builder);
}

static FlashImage *
end_with_size_error (void)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_RAW);
  g_autofree char *bound = flash_text_size (FLASH_IMAGE_MAX_FILE);

  flash_diag_list_add (flash_image_builder_get_diags (builder), FLASH_SEVERITY_ERROR,
                       "file-too-large", 0, 0,
                       N_ ("The file is larger than any firmware of a microcontroller: the bound "
                           "is {0}."),
                       bound, NULL);
  return flash_image_builder_end (builder);
}

static FlashImage *
end_with_unpack_error (const GError *error)
{
  if (g_error_matches (error, FLASH_FORMAT_ERROR, FLASH_FORMAT_ERROR_TOO_LARGE))
    return end_with_error (
        FLASH_FORMAT_RAW, "packed-too-large",
        N_ ("The file is packed, and larger than any firmware of a microcontroller when it is "
            "unpacked."),
        NULL);
  return end_with_error (FLASH_FORMAT_RAW, "packed-damaged",
                         N_ ("The file is packed, and damaged or cut off: it cannot be unpacked."),
                         N_ ("Get it again, or pack it again."));
}

/* An image of an STM32MP: its addresses are those of the board's boot stages and storages. */
static void
read_for_stm32mp (const guint8 *bytes, gsize length, const FlashImageOptions *options,
                  FlashImageBuilder *builder)
{
  flash_diag_set_fix (
      say_error (builder, "image-for-stm32mp",
                 N_ ("This is an image of a boot stage or a disk for a board with an STM32MP, not "
                     "firmware of a microcontroller.")),
      N_ ("Open the layout (.tsv) that it belongs to."), NULL);
}

/* Whether it holds other files: what people download is often packed with its instructions. Nothing
 * that a chip could start begins so, its first word would be no place for a stack. */
static gboolean
is_archive (const guint8 *bytes, gsize length)
{
  static const struct {
    gsize at;
    gsize length;
    const char *mark;
  } marks[] = {
    { 0, 4, "PK\x03\x04" }, /* zip: APPNOTE.TXT section 4.3.7 */
    { 0, 6, "7z\xbc\xaf\x27\x1c" },
    { 0, 6, "Rar!\x1a\x07" },
    { 257, 5, "ustar" }, /* tar: POSIX.1-1988 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (length >= marks[i].at + marks[i].length &&
        memcmp (bytes + marks[i].at, marks[i].mark, marks[i].length) == 0)
      return TRUE;
  return FALSE;
}

static FlashImageReader
get_reader (FlashFormat format)
{
  switch (format) {
  case FLASH_FORMAT_RAW:
    return flash_raw_read;
  case FLASH_FORMAT_IHEX:
    return flash_ihex_read;
  case FLASH_FORMAT_SREC:
    return flash_srec_read;
  case FLASH_FORMAT_ELF:
    return flash_elf_read;
  case FLASH_FORMAT_DFUSE:
    return flash_dfuse_file_read;
  case FLASH_FORMAT_DFU:
    return flash_dfu_file_read;
  case FLASH_FORMAT_UF2:
    return flash_uf2_read;
  case FLASH_FORMAT_STM32:
  case FLASH_FORMAT_FIP:
  case FLASH_FORMAT_GPT:
    return read_for_stm32mp;
  }
  g_return_val_if_reached (flash_raw_read);
}

/* Warns of files that were linked to the alias of the flash (stm32-dfuse.md section 6.3). */
static void
check_alias (FlashImage *image)
{
  gboolean has_flash = FALSE, has_alias = FALSE;

  for (guint t = 0; t < image->targets->len && image->has_address; t++) {
    const FlashImageTarget *target = g_ptr_array_index (image->targets, t);

    for (guint i = 0; i < target->segments->len; i++) {
      guint32 address = ((FlashImageSegment *) g_ptr_array_index (target->segments, i))->address;

      has_alias = has_alias || address < MAX_ALIAS_START;
      has_flash =
          has_flash || (address >= FLASH_START && address - FLASH_START < FLASH_IMAGE_REGION_SIZE);
    }
  }
  if (!has_alias || has_flash)
    return;
  flash_diag_set_fix (
      flash_diag_list_add (image->diags, FLASH_SEVERITY_WARNING, "address-aliased", 0, 0,
                           N_ ("The file was linked to address 0, where a running chip shows its "
                               "flash once more; it cannot be written there."),
                           NULL),
      N_ ("It belongs at 0x08000000: move it there."), NULL);
  flash_diag_list_sort (image->diags);
}

/* What has a mark of its own may have got a DFU suffix all the same, from a script that gives one
 * to every file. */
static gsize
cut_suffix (FlashFormat format, FlashSource *source, const guint8 *bytes, gsize length,
            FlashImageBuilder *builder)
{
  gboolean has_suffix = FALSE;
  gsize suffix_length;

  if ((format != FLASH_FORMAT_IHEX && format != FLASH_FORMAT_SREC && format != FLASH_FORMAT_ELF &&
       format != FLASH_FORMAT_UF2) ||
      !flash_format_has_dfu_suffix (source, &has_suffix, NULL) || !has_suffix)
    return length;
  suffix_length = bytes[length - FLASH_DFU_SUFFIX_LENGTH + 11];
  flash_diag_list_add (flash_image_builder_get_diags (builder), FLASH_SEVERITY_WARNING,
                       "dfu-suffix", 0, 0,
                       N_ ("The file ends in a DFU suffix, although it is no DFU file; what is in "
                           "front of it is read."),
                       NULL);
  return length - MIN (length, suffix_length);
}

static FlashImage *
read_unpacked (GBytes *contents, const FlashImageOptions *options, GError **error)
{
  g_autoptr (FlashSource) source = flash_source_new_for_bytes (contents, "contents");
  g_autoptr (FlashImageBuilder) builder = NULL;
  const guint8 *bytes;
  FlashImage *image;
  FlashContent content;
  FlashFormat format;
  gsize length;

  if (!flash_format_sniff (source, &format, error) ||
      !flash_content_sniff (source, &content, error))
    return NULL;
  if (format == FLASH_FORMAT_RAW && flash_content_kind_is_packed (content.kind))
    return end_with_error (format, "packing-unknown",
                           N_ ("The file is packed in a way that is not unpacked here."),
                           N_ ("Unpack it first."));
  bytes = g_bytes_get_data (contents, &length);
  if (format == FLASH_FORMAT_RAW && is_archive (bytes, length))
    return end_with_error (format, "archive", N_ ("The file is an archive that holds other files."),
                           N_ ("Unpack it, and open the firmware that is in it."));
  builder = flash_image_builder_new (format);
  length = cut_suffix (format, source, bytes, length, builder);
  get_reader (format) (bytes, length, options, builder);
  image = flash_image_builder_end (builder);
  check_alias (image);
  return image;
}

static FlashImage *
load_packed (GBytes *packed, FlashContentKind kind, const FlashImageOptions *options,
             GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GBytes) contents =
      flash_unpack (packed, kind, FLASH_IMAGE_MAX_FILE, cancellable, &local_error);
  FlashImage *image;

  if (contents != NULL && g_bytes_get_size (contents) == 0)
    image = end_with_error (FLASH_FORMAT_RAW, "file-empty",
                            N_ ("The file is packed, but there is nothing in it."), NULL);
  else if (contents != NULL)
    image = read_unpacked (contents, options, error);
  else if (local_error->domain == FLASH_FORMAT_ERROR)
    image = end_with_unpack_error (local_error);
  else {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return NULL;
  }
  if (image != NULL)
    image->packing = kind;
  return image;
}

FlashImage *
flash_image_load (FlashSource *source, const FlashImageOptions *options, GCancellable *cancellable,
                  GError **error)
{
  static const FlashImageOptions none = { FALSE };
  g_autoptr (GBytes) bytes = NULL;
  FlashImage *image;
  FlashContent content;

  g_return_val_if_fail (FLASH_IS_SOURCE (source), NULL);

  if (options == NULL)
    options = &none;
  if (flash_source_get_size (source) == 0)
    return end_with_error (FLASH_FORMAT_RAW, "file-empty", N_ ("The file is empty."), NULL);
  if (flash_source_get_size (source) > FLASH_IMAGE_MAX_FILE)
    return end_with_size_error ();
  bytes = read_all (source, cancellable, error);
  if (bytes == NULL || !flash_content_sniff (source, &content, error))
    return NULL;
  image = flash_unpack_knows (content.kind)
              ? load_packed (bytes, content.kind, options, cancellable, error)
              : read_unpacked (bytes, options, error);
  if (image != NULL && flash_source_has_changed (source)) {
    flash_diag_list_add (image->diags, FLASH_SEVERITY_ERROR, "file-changed", 0, 0,
                         N_ ("The file was changed while it was read."), NULL);
    image->can_insist = FALSE;
  }
  return image;
}
