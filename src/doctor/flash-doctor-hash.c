/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files were meant: their checksums, made in a thread, since an image may be large. */
#define G_LOG_DOMAIN "flash-doctor-hash"

#include "config.h"

#include "flash-doctor-private.h"

/**
 * Work:
 * @lock: held by whoever has the work: the main thread, then that of the task
 * @plan: (owned) (nullable): whose files are read
 */
typedef struct {
  GMutex lock;
  FlashPlan *plan;
} Work;

static Work *
work_new (FlashPlan *plan)
{
  Work *work = g_new0 (Work, 1);

  g_mutex_init (&work->lock);
  g_mutex_lock (&work->lock);
  g_set_object (&work->plan, plan);
  g_mutex_unlock (&work->lock);
  return work;
}

static void
work_free (Work *work)
{
  g_clear_object (&work->plan);
  g_mutex_clear (&work->lock);
  g_free (work);
}

/* thread: of GTask */
static char *
dup_hash (const FlashPlanStep *step, GCancellable *cancellable)
{
  const char *path = flash_source_get_name (step->source);
  g_autoptr (GError) error = NULL;
  char *hash;

  if (step->row != NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    return g_strdup ("the file is gone");
  if (flash_source_has_changed (step->source))
    return g_strdup ("the file has changed");
  hash = flash_source_checksum (step->source, 0, flash_source_get_size (step->source), cancellable,
                                &error);
  return hash != NULL ? hash : g_strdup_printf ("cannot be read: %s", error->message);
}

/* thread: of GTask */
static void
on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Work *work = data;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&work->lock);
  FlashPlan *plan = work->plan;
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; plan != NULL && i < flash_plan_get_n_steps (plan); i++) {
    if (g_task_return_error_if_cancelled (task))
      return;
    g_ptr_array_add (hashes, dup_hash (flash_plan_get_step (plan, i), cancellable));
  }
  g_task_return_pointer (task, g_steal_pointer (&hashes), (GDestroyNotify) g_ptr_array_unref);
}

/* The task of the caller holds the doctor, and stays on the main thread. */
static void
on_hashed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FlashDoctor *self = g_task_get_source_object (task);
  const Work *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hashes = g_task_propagate_pointer (G_TASK (result), &error);

  if (hashes == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  /* Another plan may have been chosen meanwhile. */
  if (work->plan == self->plan) {
    g_clear_pointer (&self->hashes, g_ptr_array_unref);
    self->hashes = g_steal_pointer (&hashes);
  }
  g_task_return_boolean (task, TRUE);
}

void
flash_doctor_prepare_async (FlashDoctor *self, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (FLASH_IS_DOCTOR (self));

  task = g_task_new (NULL, cancellable, on_hashed, g_task_new (self, cancellable, callback, data));
  g_task_set_task_data (task, work_new (self->plan), (GDestroyNotify) work_free);
  g_task_run_in_thread (task, on_thread);
}

gboolean
flash_doctor_prepare_finish (FlashDoctor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (FLASH_IS_DOCTOR (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
