/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-file"

#include "config.h"

#include "flash-firmware-file.h"

#include "flash-unpack.h"
#include "flash-vectors.h"

#include <string.h>

/* Enough for the first lines of any layout. */
#define HEAD_SIZE 4096

/* --- what a file is ------------------------------------------------------------------------- */

static gboolean
has_layout_name (const char *path)
{
  gsize length = strlen (path);

  return length > strlen (".tsv") &&
         g_ascii_strcasecmp (path + length - strlen (".tsv"), ".tsv") == 0;
}

/* @out_has_columns: (out): whether a tab is in it */
static gboolean
is_text (const guint8 *bytes, gsize length, gboolean *out_has_columns)
{
  const char *end;

  *out_has_columns = memchr (bytes, '\t', length) != NULL;
  for (gsize i = 0; i < length; i++)
    if (bytes[i] < ' ' && strchr ("\t\n\r\f", bytes[i]) == NULL)
      return FALSE;
  /* A letter may be cut in two at the end of what was read. */
  return g_utf8_validate ((const char *) bytes, (gssize) length, &end) ||
         bytes + length - (const guint8 *) end < 4;
}

static FlashFileKind
judge_unknown (const guint8 *head, gsize length)
{
  gboolean has_columns;

  if (!is_text (head, length, &has_columns))
    return FLASH_FILE_FIRMWARE;
  return has_columns ? FLASH_FILE_LAYOUT : FLASH_FILE_OTHER;
}

gboolean
flash_file_kind_find (const char *path, FlashFileKind *out_kind, GError **error)
{
  g_autoptr (FlashSource) source = NULL;
  guint8 head[HEAD_SIZE];
  gsize length;
  FlashFormat format;

  g_return_val_if_fail (path != NULL && out_kind != NULL, FALSE);

  source = flash_source_new_for_file (path, error);
  if (source == NULL)
    return FALSE;
  length = (gsize) MIN (flash_source_get_size (source), sizeof (head));
  if (!flash_source_read (source, 0, head, length, error) ||
      !flash_format_sniff (source, &format, error))
    return FALSE;
  switch (format) {
  case FLASH_FORMAT_RAW:
    *out_kind = has_layout_name (path) ? FLASH_FILE_LAYOUT : judge_unknown (head, length);
    break;
  case FLASH_FORMAT_IHEX:
  case FLASH_FORMAT_SREC:
  case FLASH_FORMAT_ELF:
  case FLASH_FORMAT_DFUSE:
  case FLASH_FORMAT_DFU:
  case FLASH_FORMAT_UF2:
    *out_kind = FLASH_FILE_FIRMWARE;
    break;
  case FLASH_FORMAT_STM32:
  case FLASH_FORMAT_FIP:
  case FLASH_FORMAT_GPT:
    *out_kind = FLASH_FILE_MP_IMAGE;
    break;
  }
  return TRUE;
}

gboolean
flash_file_is_packed (const char *path)
{
  g_autoptr (FlashSource) source = NULL;
  FlashContent content;

  g_return_val_if_fail (path != NULL, FALSE);

  source = flash_source_new_for_file (path, NULL);
  return source != NULL && flash_content_sniff (source, &content, NULL) &&
         flash_unpack_knows (content.kind);
}

/* --- the file ------------------------------------------------------------------------------- */

FlashFirmwareFile *
flash_firmware_file_ref (FlashFirmwareFile *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_firmware_file_unref (FlashFirmwareFile *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->path);
  g_free (self->digest);
  g_clear_pointer (&self->image, flash_image_unref);
  g_free (self);
}

gboolean
flash_firmware_file_is_same (const FlashFirmwareFile *self, const FlashFirmwareFile *other)
{
  return self->size == other->size && g_str_equal (self->digest, other->digest) &&
         self->options.has_address == other->options.has_address &&
         self->options.address == other->options.address &&
         self->options.insists == other->options.insists;
}

/* For bytes without an address: where their own vectors point. */
static void
guess_address (FlashFirmwareFile *self)
{
  const FlashImageTarget *target = flash_image_find_target (self->image, 0);
  const FlashImageSegment *first;
  FlashVectors vectors;

  if (target == NULL || target->segments->len == 0)
    return;
  first = g_ptr_array_index (target->segments, 0);
  self->has_guess =
      flash_vectors_read (target, first->address, &vectors) &&
      flash_vectors_guess_base (&vectors, g_bytes_get_size (first->bytes), &self->guess);
}

static FlashFirmwareFile *
read_file (const char *path, const FlashImageOptions *options, GCancellable *cancellable,
           GError **error)
{
  g_autoptr (FlashFirmwareFile) self = g_new0 (FlashFirmwareFile, 1);
  g_autoptr (FlashSource) source = NULL;
  guint64 summed;

  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_strdup (path);
  self->options = *options;
  source = flash_source_new_for_file (path, error);
  if (source == NULL)
    return NULL;
  self->size = flash_source_get_size (source);
  /* What is larger is refused anyway, and is not worth waiting for. */
  summed = self->size <= FLASH_IMAGE_MAX_FILE ? self->size : 0;
  /* First the sum, then the contents: if somebody writes in between, the next look finds another
   * sum than this one. */
  self->digest = flash_source_checksum (source, 0, summed, cancellable, error);
  if (self->digest == NULL)
    return NULL;
  self->image = flash_image_load (source, options, cancellable, error);
  if (self->image == NULL)
    return NULL;
  guess_address (self);
  return g_steal_pointer (&self);
}

/* --- in a thread ---------------------------------------------------------------------------- */

typedef struct {
  char *path; /* (owned) (type filename) */
  FlashImageOptions options;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free (self->path);
  g_free (self);
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  GError *error = NULL;
  FlashFirmwareFile *file = read_file (request->path, &request->options, cancellable, &error);

  if (file != NULL)
    g_task_return_pointer (task, file, (GDestroyNotify) flash_firmware_file_unref);
  else
    g_task_return_error (task, error);
}

void
flash_firmware_file_read (const char *path, const FlashImageOptions *options,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  /* No source object: the thread could be the last to hold it. */
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Request *request;

  g_return_if_fail (path != NULL && options != NULL);

  request = g_new0 (Request, 1);
  request->path = g_strdup (path);
  request->options = *options;
  g_task_set_source_tag (task, flash_firmware_file_read);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, read_in_thread);
}

FlashFirmwareFile *
flash_firmware_file_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_firmware_file_read), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
