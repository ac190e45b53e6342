/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-memory-file"

#include "config.h"

#include "flash-memory-file.h"

typedef struct {
  char *path;
  GBytes *bytes;
  guint32 address;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free (self->path);
  g_bytes_unref (self->bytes);
  g_free (self);
}

FlashImageWriteFormat
flash_memory_file_get_format (const char *path)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL, FLASH_IMAGE_WRITE_BIN);

  name = g_ascii_strdown (path, -1);
  if (g_str_has_suffix (name, ".hex") || g_str_has_suffix (name, ".ihex"))
    return FLASH_IMAGE_WRITE_HEX;
  return g_str_has_suffix (name, ".dfu") ? FLASH_IMAGE_WRITE_DFU : FLASH_IMAGE_WRITE_BIN;
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  g_autoptr (FlashImage) image = flash_image_new_for_bytes (request->address, request->bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file =
      flash_image_write (image, flash_memory_file_get_format (request->path), NULL, &error);

  if (file != NULL &&
      g_file_set_contents_full (
          request->path, g_bytes_get_data (file, NULL), (gssize) g_bytes_get_size (file),
          G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0666, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
flash_memory_file_save (const char *path, GBytes *bytes, guint32 address,
                        GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  Request *request;

  g_return_if_fail (path != NULL && bytes != NULL);

  request = g_new0 (Request, 1);
  request->path = g_strdup (path);
  request->bytes = g_bytes_ref (bytes);
  request->address = address;
  g_task_set_source_tag (task, flash_memory_file_save);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, save_in_thread);
}

gboolean
flash_memory_file_save_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_memory_file_save), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
