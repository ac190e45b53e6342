/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at the port and at this computer, one look at a time. */
#define G_LOG_DOMAIN "flash-doctor-watch"

#include "config.h"

#include "flash-doctor-private.h"

static void
look_free (FlashDoctorLook *look)
{
  g_clear_object (&look->provider);
  g_clear_object (&look->board);
  g_clear_pointer (&look->host, flash_doctor_host_free);
  flash_host_machine_clear (&look->machine);
  g_free (look->root);
  g_free (look->port);
  g_free (look->host_port);
  g_free (look->serial);
  g_cond_clear (&look->done);
  g_mutex_clear (&look->lock);
  g_free (look);
}

static FlashDoctorLook *
look_new (FlashDoctor *self)
{
  FlashDoctorLook *look = g_new0 (FlashDoctorLook, 1);

  g_mutex_init (&look->lock);
  g_cond_init (&look->done);
  look->doctor = self;
  /* Handed over with the lock, as it is given back. */
  g_mutex_lock (&look->lock);
  look->root = g_strdup (self->root);
  look->port = g_strdup (flash_board_get_port (self->board));
  look->host_port = _flash_doctor_dup_host_port (self);
  look->serial = g_strdup (self->facts.serial);
  look->is_latest = self->awaits_look;
  look->provider = g_object_ref (self->provider);
  if (self->host != NULL) {
    flash_doctor_host_copy_machine (&look->machine, &self->host->machine);
    look->has_machine = TRUE;
  }
  g_mutex_unlock (&look->lock);
  return look;
}

/* thread: any */
static void
look_run (FlashDoctorLook *look)
{
  look->board = flash_provider_peek_port (look->provider, look->port);
  look->host = flash_doctor_host_new_again (look->root, look->host_port, look->serial,
                                            look->has_machine ? &look->machine : NULL);
}

/* thread: of GTask */
static void
on_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FlashDoctorLook *look = data;

  g_mutex_lock (&look->lock);
  look_run (look);
  look->is_done = TRUE;
  g_cond_signal (&look->done);
  g_mutex_unlock (&look->lock);
  g_task_return_boolean (task, TRUE);
}

static void
wait_for_end (FlashDoctorLook *look)
{
  g_mutex_lock (&look->lock);
  while (!look->is_done)
    g_cond_wait (&look->done, &look->lock);
  g_mutex_unlock (&look->lock);
}

/* What belongs to the main thread is given back here: the thread may be the last to let go of the
 * task. */
static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  FlashDoctorLook *look = g_task_get_task_data (G_TASK (result));
  g_autoptr (FlashDoctor) self = NULL;
  g_autoptr (FlashBoard) board = NULL;

  wait_for_end (look);
  board = g_steal_pointer (&look->board);
  g_clear_object (&look->provider);
  if (look->doctor == NULL)
    return;
  self = g_object_ref (look->doctor);
  g_clear_object (&self->look_task);
  self->awaits_look &= !look->is_latest;
  _flash_doctor_take_look (self, board, g_steal_pointer (&look->host));
  if (self->wants_another_look) {
    self->wants_another_look = FALSE;
    _flash_doctor_look (self);
  }
}

void
_flash_doctor_look (FlashDoctor *self)
{
  FlashDoctorLook *look;

  if (self->look_task != NULL) {
    self->wants_another_look = TRUE;
    return;
  }
  self->looked_us = flash_clock_get_time_us (self->clock);
  look = look_new (self);
  if (self->looks_at_once) {
    look_run (look);
    self->awaits_look = FALSE;
    _flash_doctor_take_look (self, look->board, g_steal_pointer (&look->host));
    look_free (look);
    return;
  }
  self->look_task = g_task_new (NULL, NULL, on_looked, NULL);
  g_task_set_task_data (self->look_task, look, (GDestroyNotify) look_free);
  g_task_run_in_thread (self->look_task, on_thread);
}

void
_flash_doctor_look_again (FlashDoctor *self)
{
  gint64 passed_us = flash_clock_get_time_us (self->clock) - self->looked_us;

  if (_flash_doctor_is_away (self) && self->look_task == NULL && passed_us >= FLASH_DOCTOR_LOOK_US)
    _flash_doctor_look (self);
}

/* The engine is silent while it waits in a single request. */
static gboolean
on_timer (gpointer data)
{
  FlashDoctor *self = data;

  _flash_doctor_check_silence (self);
  if (!_flash_doctor_is_away (self))
    return G_SOURCE_CONTINUE;
  _flash_doctor_look_again (self);
  _flash_doctor_judge (self);
  _flash_doctor_emit_changed (self);
  return G_SOURCE_CONTINUE;
}

void
_flash_doctor_watch (FlashDoctor *self, gboolean is_running)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (is_running && !self->looks_at_once)
    self->timer = g_timeout_add (FLASH_DOCTOR_LOOK_US / 1000, on_timer, self);
}

void
_flash_doctor_drop_look (FlashDoctor *self)
{
  FlashDoctorLook *look;

  if (self->look_task == NULL)
    return;
  /* It may take long, and this is the main thread. on_looked () is still called, and gives back
   * what belongs here. */
  look = g_task_get_task_data (self->look_task);
  look->doctor = NULL;
  g_clear_object (&self->look_task);
}
