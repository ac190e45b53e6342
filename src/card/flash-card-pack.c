/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-pack"

#include "config.h"

#include "flash-card-pack.h"

#include <archive.h>
#include <archive_entry.h>

/* What is written at once, in bytes. */
#define PIECE_SIZE (256 * 1024)

struct _FlashCardPack {
  struct archive *archive; /* (owned) */
  FlashCardFile *file; /* (unowned) */
  GChecksum *checksum; /* (owned) */
  guint64 size;
  gboolean is_abandoned;
  GError *error; /* (owned) (nullable): why the file could not be written */
};

static const struct {
  const char *name;
  const char *ending;
} compressions[] = {
  [FLASH_CARD_COMPRESSION_NONE] = { "none", "" },
  [FLASH_CARD_COMPRESSION_GZIP] = { "gzip", ".gz" },
  [FLASH_CARD_COMPRESSION_XZ] = { "xz", ".xz" },
  [FLASH_CARD_COMPRESSION_ZSTD] = { "zstd", ".zst" },
};

const char *
flash_card_compression_get_name (FlashCardCompression compression)
{
  g_return_val_if_fail ((guint) compression < G_N_ELEMENTS (compressions), NULL);

  return compressions[compression].name;
}

const char *
flash_card_compression_get_ending (FlashCardCompression compression)
{
  g_return_val_if_fail ((guint) compression < G_N_ELEMENTS (compressions), NULL);

  return compressions[compression].ending;
}

gboolean
flash_card_compression_find (const char *name, FlashCardCompression *out_compression)
{
  for (guint i = 0; i < G_N_ELEMENTS (compressions); i++)
    if (g_str_equal (name, compressions[i].name)) {
      *out_compression = (FlashCardCompression) i;
      return TRUE;
    }
  return FALSE;
}

FlashCardCompression
flash_card_compression_guess (const char *path)
{
  for (guint i = FLASH_CARD_COMPRESSION_GZIP; i < G_N_ELEMENTS (compressions); i++)
    if (g_str_has_suffix (path, compressions[i].ending))
      return (FlashCardCompression) i;
  return FLASH_CARD_COMPRESSION_NONE;
}

/* --- The stream ---------------------------------------------------------------------------- */

/* libarchive would leak a stream that it is told has failed, so it is not told: the error is looked
 * at behind it. */
static la_ssize_t
on_packed (struct archive *archive, void *data, const void *bytes, size_t length)
{
  FlashCardPack *self = data;

  if (self->is_abandoned || self->error != NULL ||
      !flash_card_file_write (self->file, self->size, bytes, length, &self->error))
    return (la_ssize_t) length;
  g_checksum_update (self->checksum, bytes, (gssize) length);
  self->size += length;
  return (la_ssize_t) length;
}

/* The reason lies with the file, if there is one. */
static gboolean
fail (FlashCardPack *self, GError **error)
{
  const char *text = archive_error_string (self->archive);

  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else
    g_set_error_literal (error, FLASH_CARD_ERROR, FLASH_CARD_ERROR_COMPRESSION,
                         text != NULL ? text : "no reason is given");
  return FALSE;
}

static int
add_filter (struct archive *archive, FlashCardCompression compression)
{
  switch (compression) {
  case FLASH_CARD_COMPRESSION_NONE:
    return archive_write_add_filter_none (archive);
  case FLASH_CARD_COMPRESSION_GZIP:
    return archive_write_add_filter_gzip (archive);
  case FLASH_CARD_COMPRESSION_XZ:
    return archive_write_add_filter_xz (archive);
  case FLASH_CARD_COMPRESSION_ZSTD:
    return archive_write_add_filter_zstd (archive);
  }
  g_return_val_if_reached (ARCHIVE_FATAL);
}

static gboolean
open_stream (FlashCardPack *self, FlashCardCompression compression)
{
  struct archive_entry *entry;
  int code;

  if (archive_write_set_format_raw (self->archive) != ARCHIVE_OK ||
      add_filter (self->archive, compression) != ARCHIVE_OK)
    return FALSE;
  /* The same image must give the same file, whatever the time is. */
  if (compression == FLASH_CARD_COMPRESSION_GZIP &&
      archive_write_set_filter_option (self->archive, "gzip", "timestamp", NULL) != ARCHIVE_OK)
    return FALSE;
  archive_write_set_bytes_per_block (self->archive, PIECE_SIZE);
  archive_write_set_bytes_in_last_block (self->archive, 1);
  if (archive_write_open (self->archive, self, NULL, on_packed, NULL) != ARCHIVE_OK)
    return FALSE;
  entry = archive_entry_new ();
  archive_entry_set_filetype (entry, AE_IFREG);
  code = archive_write_header (self->archive, entry);
  archive_entry_free (entry);
  return code == ARCHIVE_OK;
}

FlashCardPack *
flash_card_pack_new (FlashCardCompression compression, FlashCardFile *file, GError **error)
{
  g_autoptr (FlashCardPack) self = g_new0 (FlashCardPack, 1);

  self->archive = archive_write_new ();
  self->file = file;
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  if (!open_stream (self, compression)) {
    fail (self, error);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
flash_card_pack_free (FlashCardPack *self)
{
  /* A stream that is freed before its end is closed first; what comes then is for nobody. */
  self->is_abandoned = TRUE;
  archive_write_free (self->archive);
  g_checksum_free (self->checksum);
  g_clear_error (&self->error);
  g_free (self);
}

gboolean
flash_card_pack_write (FlashCardPack *self, const guint8 *bytes, gsize length, GError **error)
{
  while (length > 0) {
    la_ssize_t n = archive_write_data (self->archive, bytes, length);

    if (n <= 0 || self->error != NULL)
      return fail (self, error);
    bytes += n;
    length -= (gsize) n;
  }
  return TRUE;
}

gboolean
flash_card_pack_finish (FlashCardPack *self, guint64 *out_size, char **out_sha256, GError **error)
{
  if (archive_write_close (self->archive) != ARCHIVE_OK || self->error != NULL)
    return fail (self, error);
  *out_size = self->size;
  *out_sha256 = g_strdup (g_checksum_get_string (self->checksum));
  return TRUE;
}
