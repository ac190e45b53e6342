/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-writer"

#include "config.h"

#include "flash-card-writer.h"

#include "flash-bmap.h"
#include "flash-card-files.h"
#include "flash-card-pack.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* What is read, summed up and written at once, in bytes; a multiple of the blocks of the map. */
#define PIECE_SIZE (1024 * 1024)
#define BLOCK FLASH_BMAP_BLOCK_SIZE

typedef struct {
  FlashCardImage *image; /* (unowned) */
  const FlashCardWriteOptions *options; /* (unowned) */
  FlashCardFile *file; /* (owned) */
  FlashCardPack *pack; /* (owned) (nullable) */
  GArray *runs; /* (owned) (element-type FlashBmapRange) */
  GChecksum *checksum; /* (owned): of the whole image */
  guint8 *piece; /* (owned) */
} Job;

static void
job_clear (Job *self)
{
  /* The pack writes to the file as long as it is there. */
  g_clear_pointer (&self->pack, flash_card_pack_free);
  g_clear_pointer (&self->file, flash_card_file_free);
  g_clear_pointer (&self->runs, g_array_unref);
  g_clear_pointer (&self->checksum, g_checksum_free);
  g_clear_pointer (&self->piece, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

void
flash_card_written_clear (FlashCardWritten *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->bmap_path, g_free);
  g_clear_pointer (&self->checksum_path, g_free);
  g_clear_pointer (&self->image_sha256, g_free);
  g_clear_pointer (&self->file_sha256, g_free);
}

/* --- The image ----------------------------------------------------------------------------- */

/* Whole blocks of the map; two ranges may lie in one of them. */
static GArray *
list_runs (FlashCardImage *image)
{
  GArray *runs = g_array_new (FALSE, TRUE, sizeof (FlashBmapRange));

  for (guint i = 0; i < flash_card_image_get_n_ranges (image); i++) {
    const FlashRange *range = flash_card_image_get_range (image, i);
    const FlashBmapRange run = { .first = range->start / BLOCK,
                                 .last = (flash_range_end (*range) - 1) / BLOCK };
    FlashBmapRange *before =
        runs->len > 0 ? &g_array_index (runs, FlashBmapRange, runs->len - 1) : NULL;

    if (before != NULL && run.first <= before->last + 1)
      before->last = MAX (before->last, run.last);
    else
      g_array_append_val (runs, run);
  }
  return runs;
}

static gboolean
is_zero (const guint8 *bytes, gsize length)
{
  return bytes[0] == 0 && memcmp (bytes, bytes + 1, length - 1) == 0;
}

/* Leaves holes where there is nothing but zeros. */
static gboolean
write_sparse (FlashCardFile *file, guint64 offset, const guint8 *bytes, gsize length,
              GError **error)
{
  gsize at = 0;

  while (at < length) {
    gsize start = at;

    while (at < length && !is_zero (bytes + at, MIN (BLOCK, length - at)))
      at += MIN (BLOCK, length - at);
    if (at > start &&
        !flash_card_file_write (file, offset + start, bytes + start, at - start, error))
      return FALSE;
    if (at < length)
      at += MIN (BLOCK, length - at);
  }
  return TRUE;
}

static gboolean
write_piece (Job *self, guint64 offset, gsize length, GError **error)
{
  g_checksum_update (self->checksum, self->piece, (gssize) length);
  if (self->pack != NULL)
    return flash_card_pack_write (self->pack, self->piece, length, error);
  return write_sparse (self->file, offset, self->piece, length, error);
}

/* @run: (nullable): gets the checksum of these bytes; %NULL for a gap between runs */
static gboolean
write_part (Job *self, guint64 start, guint64 end, FlashBmapRange *run, GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint64 size = flash_card_image_get_size (self->image);

  for (guint64 at = start; at < end;) {
    gsize length = (gsize) MIN (end - at, PIECE_SIZE - at % PIECE_SIZE);

    if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
        !flash_card_image_read (self->image, at, self->piece, length, error) ||
        !write_piece (self, at, length, error))
      return FALSE;
    if (run != NULL)
      g_checksum_update (checksum, self->piece, (gssize) length);
    at += length;
    if (self->options->progress != NULL)
      self->options->progress (at, size, self->options->data);
  }
  if (run != NULL)
    g_strlcpy (run->checksum, g_checksum_get_string (checksum), sizeof run->checksum);
  return TRUE;
}

static gboolean
write_image (Job *self, GCancellable *cancellable, GError **error)
{
  guint64 size = flash_card_image_get_size (self->image);
  guint64 at = 0;

  if (self->pack == NULL && !flash_card_file_resize (self->file, size, error))
    return FALSE;
  for (guint i = 0; i < self->runs->len; i++) {
    FlashBmapRange *run = &g_array_index (self->runs, FlashBmapRange, i);
    guint64 start = run->first * BLOCK;
    guint64 end = MIN (size, (run->last + 1) * BLOCK);

    if (!write_part (self, at, start, NULL, cancellable, error) ||
        !write_part (self, start, end, run, cancellable, error))
      return FALSE;
    at = end;
  }
  return write_part (self, at, size, NULL, cancellable, error) &&
         flash_card_image_check_sources (self->image, error);
}

/* --- What lies beside it ------------------------------------------------------------------- */

static FlashCardFile *
write_beside (const char *path, GBytes *bytes, GError **error)
{
  g_autoptr (FlashCardFile) file = flash_card_file_new (path, error);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (file == NULL || !flash_card_file_write (file, 0, data, length, error))
    return NULL;
  return g_steal_pointer (&file);
}

/* As sha256sum writes it, which marks names that would break its lines. */
static GBytes *
make_checksum_line (const char *path, const char *sha256)
{
  g_autofree char *name = g_path_get_basename (path);
  GString *escaped = g_string_new (name);
  char *line;

  g_string_replace (escaped, "\\", "\\\\", 0);
  g_string_replace (escaped, "\n", "\\n", 0);
  g_string_replace (escaped, "\r", "\\r", 0);
  line = g_strdup_printf ("%s%s  %s\n", g_str_equal (escaped->str, name) ? "" : "\\", sha256,
                          escaped->str);
  g_string_free (escaped, TRUE);
  return g_bytes_new_take (line, strlen (line));
}

/* Returns: (transfer full) (type filename): @path without the ending of the compression. */
static char *
dup_plain_path (const char *path, FlashCardCompression compression)
{
  const char *ending = flash_card_compression_get_ending (compression);
  char *plain = g_strdup (path);

  if (g_str_has_suffix (path, ending))
    plain[strlen (path) - strlen (ending)] = '\0';
  return plain;
}

/* bmaptool looks for the map of `card.img.gz` under the name `card.img.bmap`. */
static char *
dup_bmap_path (const char *path, FlashCardCompression compression)
{
  g_autofree char *plain = dup_plain_path (path, compression);

  return g_strconcat (plain, ".bmap", NULL);
}

/* The map of `card.img.gz` would be taken for that of a `card.img` beside it. */
static gboolean
check_sibling (const char *path, FlashCardCompression compression, GError **error)
{
  g_autofree char *plain = dup_plain_path (path, compression);
  GStatBuf info;

  if (g_str_equal (plain, path) || g_lstat (plain, &info) != 0 || S_ISDIR (info.st_mode))
    return TRUE;
  g_set_error (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_OTHER_IMAGE, "%s", plain);
  return FALSE;
}

static GPtrArray *
list_inputs (FlashCardImage *image, const FlashCardWriteOptions *options)
{
  FlashLayout *layout = flash_card_image_get_layout (image);
  GPtrArray *inputs = g_ptr_array_new_with_free_func (g_free);

  if (options->layout_path != NULL)
    g_ptr_array_add (inputs, g_strdup (options->layout_path));
  for (guint i = 0; i < flash_layout_get_n_rows (layout); i++) {
    const char *path = flash_layout_row_get_path (flash_layout_get_row (layout, i));

    if (path != NULL)
      g_ptr_array_add (inputs, g_strdup (path));
  }
  return inputs;
}

/* --- All of it ----------------------------------------------------------------------------- */

static gboolean
check_targets (FlashCardImage *image, const FlashCardWriteOptions *options,
               const FlashCardWritten *written, GError **error)
{
  g_autoptr (GPtrArray) inputs = list_inputs (image, options);
  const char *const paths[] = { written->path, written->bmap_path, written->checksum_path };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    if (paths[i] != NULL && !flash_card_file_check (paths[i], inputs, options->replace, error))
      return FALSE;
  return options->is_alone || check_sibling (written->path, options->compression, error);
}

static gboolean
open_output (Job *self, const char *path, GError **error)
{
  self->file = flash_card_file_new (path, error);
  if (self->file == NULL)
    return FALSE;
  self->runs = list_runs (self->image);
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  self->piece = g_malloc (PIECE_SIZE);
  if (self->options->compression == FLASH_CARD_COMPRESSION_NONE)
    return TRUE;
  self->pack = flash_card_pack_new (self->options->compression, self->file, error);
  return self->pack != NULL;
}

static gboolean
sum_up (Job *self, FlashCardWritten *written, GError **error)
{
  written->image_sha256 = g_strdup (g_checksum_get_string (self->checksum));
  if (self->pack != NULL)
    return flash_card_pack_finish (self->pack, &written->file_size, &written->file_sha256, error);
  written->file_size = flash_card_image_get_size (self->image);
  written->file_sha256 = g_strdup (written->image_sha256);
  return TRUE;
}

static gboolean
publish (Job *self, FlashCardWritten *written, GError **error)
{
  g_autoptr (FlashBmap) bmap = flash_bmap_new (flash_card_image_get_size (self->image), self->runs);
  g_autoptr (GBytes) map = flash_bmap_write (bmap);
  g_autoptr (GBytes) line = make_checksum_line (written->path, written->file_sha256);
  g_autoptr (FlashCardFile) map_file = NULL;
  g_autoptr (FlashCardFile) line_file = NULL;

  for (guint i = 0; i < bmap->ranges->len; i++)
    written->mapped_size += flash_bmap_get_range_size (bmap, i);
  if (self->options->is_alone)
    return flash_card_files_publish (&self->file, 1, self->options->replace, error);
  map_file = write_beside (written->bmap_path, map, error);
  if (map_file == NULL)
    return FALSE;
  line_file = write_beside (written->checksum_path, line, error);
  if (line_file == NULL)
    return FALSE;

  FlashCardFile *const files[] = { self->file, map_file, line_file };
  return flash_card_files_publish (files, G_N_ELEMENTS (files), self->options->replace, error);
}

gboolean
flash_card_write (FlashCardImage *image, const char *path, const FlashCardWriteOptions *options,
                  FlashCardWritten *out_written, GCancellable *cancellable, GError **error)
{
  const FlashCardWriteOptions defaults = { 0 };
  const FlashCardWriteOptions *wanted = options != NULL ? options : &defaults;
  g_auto (FlashCardWritten) written = { 0 };
  g_auto (Job) job = { .image = image, .options = wanted };

  g_return_val_if_fail (FLASH_IS_CARD_IMAGE (image) && path != NULL && out_written != NULL, FALSE);

  written.path = g_strdup (path);
  if (!wanted->is_alone) {
    written.bmap_path = dup_bmap_path (path, wanted->compression);
    written.checksum_path = g_strconcat (path, ".sha256", NULL);
  }
  if (!check_targets (image, wanted, &written, error) || !open_output (&job, path, error) ||
      !write_image (&job, cancellable, error) || !sum_up (&job, &written, error) ||
      !publish (&job, &written, error))
    return FALSE;
  *out_written = written;
  memset (&written, 0, sizeof written);
  return TRUE;
}
