/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-survey"

#include "config.h"

#include "flash-card-survey.h"

#include "flash-layout-lint.h"

#include <string.h>

/* --- making an image ------------------------------------------------------------------------ */

typedef struct {
  FlashLayout *layout; /* (owned) */
  char *ip; /* (owned) */
  guint64 size;
} Wish;

static Wish *
wish_new (FlashLayout *layout, const char *ip, guint64 size)
{
  Wish *self = g_new0 (Wish, 1);

  self->layout = g_object_ref (layout);
  self->ip = g_strdup (ip);
  self->size = size;
  return self;
}

static void
wish_free (Wish *self)
{
  g_object_unref (self->layout);
  g_free (self->ip);
  g_free (self);
}

/* Thread: any. */
static FlashCardImage *
wish_make (const Wish *self, GError **error)
{
  const FlashCardOptions options = { .ip = self->ip, .size = self->size };

  return flash_card_image_new (self->layout, &options, error);
}

static void
make_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  FlashCardImage *image = wish_make (data, &error);

  if (image != NULL)
    g_task_return_pointer (task, image, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
flash_card_make (FlashLayout *layout, const char *ip, guint64 size, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (layout != NULL && ip != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, flash_card_make);
  g_task_set_task_data (task, wish_new (layout, ip, size), (GDestroyNotify) wish_free);
  g_task_run_in_thread (task, make_in_thread);
}

FlashCardImage *
flash_card_make_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_card_make), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- what could be made --------------------------------------------------------------------- */

void
flash_card_survey_free (FlashCardSurvey *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->loaded, flash_loaded_unref);
  g_clear_pointer (&self->ips, g_ptr_array_unref);
  g_clear_object (&self->image);
  g_clear_error (&self->error);
  g_free (self->ip);
  g_free (self);
}

/* The SD card is what most layouts are about, wherever they name it. */
static const char *
choose_ip (GPtrArray *ips, const char *wanted)
{
  guint index;

  if (wanted != NULL && g_ptr_array_find_with_equal_func (ips, wanted, g_str_equal, &index))
    return g_ptr_array_index (ips, index);
  if (g_ptr_array_find_with_equal_func (ips, "mmc0", g_str_equal, &index))
    return g_ptr_array_index (ips, index);
  return ips->len > 0 ? g_ptr_array_index (ips, 0) : NULL;
}

static GPtrArray *
list_ips (const FlashLoaded *loaded)
{
  GPtrArray *ips = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < loaded->storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (loaded->storages, i);

    if (g_str_has_prefix (storage->ip, "mmc"))
      g_ptr_array_add (ips, g_strdup (storage->ip));
  }
  return ips;
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FlashCardSurvey *survey = g_task_get_task_data (task);
  g_autoptr (FlashCardSurvey) done = NULL;

  survey->image = flash_card_make_finish (result, &survey->error);
  if (g_task_return_error_if_cancelled (task))
    return;
  /* It goes to whoever asked for it. */
  done = g_memdup2 (survey, sizeof *survey);
  memset (survey, 0, sizeof *survey);
  g_task_return_pointer (task, g_steal_pointer (&done), (GDestroyNotify) flash_card_survey_free);
}

static void
on_flushed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FlashCardSurvey *survey = g_task_get_task_data (task);
  g_autofree char *wanted = g_steal_pointer (&survey->ip);
  GError *error = NULL;

  survey->loaded = flash_editor_flush_finish (FLASH_EDITOR (source), result, &error);
  if (survey->loaded == NULL) {
    g_task_return_error (task, error);
    return;
  }
  survey->ips = list_ips (survey->loaded);
  survey->ip = g_strdup (choose_ip (survey->ips, wanted));
  if (survey->ip == NULL || flash_loaded_get_n_errors (survey->loaded) > 0) {
    g_autoptr (FlashCardSurvey) done = g_memdup2 (survey, sizeof *survey);

    memset (survey, 0, sizeof *survey);
    g_task_return_pointer (task, g_steal_pointer (&done), (GDestroyNotify) flash_card_survey_free);
    return;
  }
  flash_card_make (survey->loaded->layout, survey->ip, 0, g_task_get_cancellable (task), on_made,
                   g_object_ref (task));
}

void
flash_card_survey (FlashEditor *editor, const char *ip, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer data)
{
  FlashCardSurvey *survey;
  GTask *task;

  g_return_if_fail (FLASH_IS_EDITOR (editor));

  survey = g_new0 (FlashCardSurvey, 1);
  survey->ip = g_strdup (ip);
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, flash_card_survey);
  g_task_set_task_data (task, survey, (GDestroyNotify) flash_card_survey_free);
  flash_editor_flush (editor, cancellable, on_flushed, task);
}

FlashCardSurvey *
flash_card_survey_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_card_survey), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- writing a file ------------------------------------------------------------------------- */

struct _FlashCardMeter {
  gatomicrefcount ref_count;
  GMutex lock;
  guint64 done_bytes; /* under the lock */
  guint64 total_bytes; /* under the lock */
};

FlashCardMeter *
flash_card_meter_new (void)
{
  FlashCardMeter *self = g_new0 (FlashCardMeter, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  return self;
}

FlashCardMeter *
flash_card_meter_ref (FlashCardMeter *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_card_meter_unref (FlashCardMeter *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
flash_card_meter_get (FlashCardMeter *self, guint64 *out_done_bytes, guint64 *out_total_bytes)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  *out_done_bytes = self->done_bytes;
  *out_total_bytes = self->total_bytes;
}

static void
on_progress (guint64 done_bytes, guint64 total_bytes, gpointer data)
{
  FlashCardMeter *self = data;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  self->done_bytes = done_bytes;
  self->total_bytes = total_bytes;
}

typedef struct {
  Wish *wish; /* (owned) */
  char *path; /* (owned) (type filename) */
  char *layout_path; /* (owned) (nullable) (type filename) */
  FlashCardCompression compression;
  gboolean replace;
  gboolean is_alone;
  FlashCardMeter *meter; /* (owned) */
} Order;

static void
order_free (Order *self)
{
  wish_free (self->wish);
  flash_card_meter_unref (self->meter);
  g_free (self->path);
  g_free (self->layout_path);
  g_free (self);
}

void
flash_card_save_free (FlashCardWritten *written)
{
  flash_card_written_clear (written);
  g_free (written);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Order *self = data;
  const FlashCardWriteOptions options = {
    .compression = self->compression,
    .replace = self->replace,
    .is_alone = self->is_alone,
    .layout_path = self->layout_path,
    .progress = on_progress,
    .data = self->meter,
  };
  GError *error = NULL;
  g_autoptr (FlashCardImage) image = wish_make (self->wish, &error);
  FlashCardWritten *written = g_new0 (FlashCardWritten, 1);

  if (image != NULL &&
      flash_card_write (image, self->path, &options, written, cancellable, &error)) {
    g_task_return_pointer (task, written, (GDestroyNotify) flash_card_save_free);
    return;
  }
  g_free (written);
  g_task_return_error (task, error);
}

void
flash_card_save (const FlashCardSave *what, FlashCardMeter *meter, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Order *order;

  g_return_if_fail (what != NULL && what->layout != NULL && what->path != NULL);

  order = g_new0 (Order, 1);
  order->wish = wish_new (what->layout, what->ip, what->size);
  order->path = g_strdup (what->path);
  order->layout_path = g_strdup (what->layout_path);
  order->compression = what->compression;
  order->replace = what->replace;
  order->is_alone = what->is_alone;
  order->meter = flash_card_meter_ref (meter);
  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, flash_card_save);
  g_task_set_task_data (task, order, (GDestroyNotify) order_free);
  /* Files that were made when the stop came are there, and that is said. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, save_in_thread);
}

FlashCardWritten *
flash_card_save_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_card_save), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
