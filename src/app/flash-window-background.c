/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closing the window while a board is flashed: the job is stopped, or goes on without a window. */
#define G_LOG_DOMAIN "flash-window-background"

#include "config.h"

#include "flash-window-private.h"

#include "flash-access-run.h"
#include "flash-background.h"
#include "flash-quit.h"
#include "flash-result-told.h"

#include <glib/gi18n.h>

gboolean
flash_window_is_flashing (FlashWindow *self)
{
  g_return_val_if_fail (FLASH_IS_WINDOW (self), FALSE);

  return self->job_model != NULL &&
         flash_job_is_running (flash_job_model_get_job (self->job_model));
}

gboolean
flash_window_has_unseen_result (FlashWindow *self)
{
  g_return_val_if_fail (FLASH_IS_WINDOW (self), FALSE);

  return self->asks_when_shown;
}

/* --- out of sight --------------------------------------------------------------------------- */

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  FlashBackgroundAnswer answer = FLASH_BACKGROUND_ALLOWED;

  /* Where nobody can be asked nobody ends it either. */
  if (!flash_background_request_finish (result, &answer, &error))
    g_info ("cannot ask to go on in background: %s", error->message);
  /* Closed meanwhile, or it is over. */
  if (answer == FLASH_BACKGROUND_ALLOWED || self->toasts == NULL ||
      !flash_window_is_flashing (self))
    return;
  gtk_window_present (GTK_WINDOW (self));
  /* Who has just declined by himself knows why. */
  if (answer == FLASH_BACKGROUND_DECLINED)
    _flash_window_toast (self, _ ("Leave the window open until the board is flashed."));
  else
    _flash_window_toast (self, _ ("Flashwright was not allowed to go on in the background. Leave "
                                  "the window open until the board is flashed."));
}

/* What belongs to the window and does nothing of its own goes with it. Questions go when they are
 * answered, as the one is that leads to here. */
static void
close_children (FlashWindow *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next)
    if (gtk_window_get_transient_for (link->data) == GTK_WINDOW (self) &&
        !ADW_IS_MESSAGE_DIALOG (link->data))
      gtk_window_close (link->data);
}

void
flash_window_go_on_hidden (FlashWindow *self)
{
  GDBusConnection *bus;

  g_return_if_fail (FLASH_IS_WINDOW (self));

  /* It is over: how it went is to be seen first. */
  if (!flash_window_is_flashing (self))
    return;
  /* Nor is what is being done beside it cut short without a question: that keeps the window. */
  if (!_flash_window_may_leave_card (self) || !_flash_window_may_leave_memory (self) ||
      !_flash_window_may_leave_revive (self))
    return;
  _flash_window_save_state (self);
  close_children (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  _flash_window_notify_question (self);
  bus = g_application_get_dbus_connection (G_APPLICATION (self->application));
  if (bus != NULL && flash_access_is_sandboxed (flash_application_get_root (self->application)))
    flash_background_request (bus, _ ("A board is being flashed"), NULL, on_answered,
                              g_object_ref (self));
}

/* Nothing was asked behind a window that was not there. */
void
_flash_window_come_back (FlashWindow *self)
{
  /* Where there is no window manager a hidden window never ceased to be the active one. */
  _flash_window_withdraw_notification (self);
  if (!self->asks_when_shown)
    return;
  self->asks_when_shown = FALSE;
  flash_result_page_focus (self->result_page);
  flash_result_told_say (self->result_page);
  _flash_window_ask_shared (self);
}

/* --- the question --------------------------------------------------------------------------- */

void
flash_window_stop_and_close (FlashWindow *self)
{
  g_return_if_fail (FLASH_IS_WINDOW (self));

  self->closes_after_job = flash_window_is_flashing (self);
  if (!self->closes_after_job) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  flash_job_cancel (flash_job_model_get_job (self->job_model));
  _flash_window_update (self);
}

static void
on_close_answered (FlashWindow *self, const char *answer)
{
  if (g_str_equal (answer, FLASH_QUIT_BACKGROUND))
    flash_window_go_on_hidden (self);
  else if (g_str_equal (answer, FLASH_QUIT_STOP))
    flash_window_stop_and_close (self);
}

gboolean
_flash_window_may_close (FlashWindow *self)
{
  /* Nothing must begin behind the questions that may follow, and whoever then stays goes on with
   * what is open. */
  if (self->preparing != NULL)
    _flash_window_give_up_preparing (self, NULL);
  /* What is put aside for a file that is still being read would be lost without a question. */
  if (self->aside != NULL && self->aside == self->editor)
    _flash_window_forget_next (self);
  if (!flash_window_is_flashing (self))
    return TRUE;
  if (flash_job_is_cancelled (flash_job_model_get_job (self->job_model))) {
    self->closes_after_job = TRUE;
    _flash_window_toast (self, _ ("The window closes as soon as the job has stopped."));
  } else {
    _flash_window_set_question (self, flash_quit_ask (GTK_WINDOW (self),
                                                      _ ("Close while the board is being flashed?"),
                                                      _flash_window_get_stop_text (self),
                                                      G_CALLBACK (on_close_answered), self));
  }
  return FALSE;
}
