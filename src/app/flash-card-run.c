/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-run"

#include "config.h"

#include "flash-card-run.h"

typedef struct {
  FlashDrive *drive; /* (owned) */
  FlashDriveProgressFunc on_progress;
  gpointer data; /* (unowned): lives until the result is delivered */
  FlashDriveReport report;
} Run;

static void
run_free (Run *self)
{
  g_object_unref (self->drive);
  g_free (self);
}

/* Thread: that of the writer. */
static gboolean
read_image (guint64 offset, guint8 *buffer, gsize length, gpointer data, GError **error)
{
  return flash_card_image_read (data, offset, buffer, length, error);
}

static FlashDriveContent *
make_content (FlashCardImage *image, GError **error)
{
  g_autoptr (GArray) ranges = g_array_new (FALSE, FALSE, sizeof (FlashRange));

  for (guint i = 0; i < flash_card_image_get_n_ranges (image); i++)
    g_array_append_vals (ranges, flash_card_image_get_range (image, i), 1);
  return flash_drive_content_new (flash_card_image_get_size (image), ranges, read_image,
                                  g_object_ref (image), g_object_unref, error);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Run *self = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_written = flash_drive_write_finish (result, &error);

  self->report = *flash_drive_write_get_report (result);
  if (is_written)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Run *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (FlashCardImage) image = flash_card_make_finish (result, &error);
  FlashDriveContent *content = image != NULL ? make_content (image, &error) : NULL;

  if (content == NULL) {
    g_task_return_error (task, error);
    return;
  }
  flash_drive_write_async (self->drive, content, g_task_get_cancellable (task), self->on_progress,
                           self->data, on_written, g_object_ref (task));
  flash_drive_content_unref (content);
}

void
flash_card_run (FlashLayout *layout, const char *ip, FlashDrive *drive, GCancellable *cancellable,
                FlashDriveProgressFunc on_progress, GAsyncReadyCallback callback, gpointer data)
{
  guint64 size;
  GTask *task;
  Run *self;

  g_return_if_fail (FLASH_IS_DRIVE (drive));

  self = g_new0 (Run, 1);
  self->drive = g_object_ref (drive);
  self->on_progress = on_progress;
  self->data = data;
  self->report.first_difference = G_MAXUINT64;
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, flash_card_run);
  g_task_set_task_data (task, self, (GDestroyNotify) run_free);
  /* What was done when the stop came is said. */
  g_task_set_check_cancellable (task, FALSE);
  size = flash_drive_get_size (drive);
  flash_card_make (layout, ip, size - size % FLASH_CARD_BLOCK_SIZE, cancellable, on_made, task);
}

gboolean
flash_card_run_finish (GAsyncResult *result, FlashDriveReport *out_report, GError **error)
{
  Run *self;

  g_return_val_if_fail (g_async_result_is_tagged (result, flash_card_run), FALSE);

  self = g_task_get_task_data (G_TASK (result));
  *out_report = self->report;
  return g_task_propagate_boolean (G_TASK (result), error);
}
