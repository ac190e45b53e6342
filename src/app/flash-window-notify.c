/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told through the desktop when nobody looks: how a job ended, or that it waits for an
 * answer. */
#define G_LOG_DOMAIN "flash-window-notify"

#include "config.h"

#include "flash-window-private.h"

#include <glib/gi18n.h>

/* Whoever turns away for less than that comes back by himself, in microseconds. */
#define LONG_JOB_US (10 * G_USEC_PER_SEC)

/* Each window has one of its own, so that jobs that run at the same time do not hide each other;
 * what an earlier run of the program has left is none of ours. */
static char *
dup_id (FlashWindow *self)
{
  return g_strdup_printf ("job-%s-%u", flash_application_get_run (self->application),
                          gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self)));
}

/* Whoever looks at a dialog looks at the window as well. */
static gboolean
is_looked_at (FlashWindow *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next) {
    GtkWindow *window = link->data;

    if (!gtk_widget_get_visible (link->data) || !gtk_window_is_active (window))
      continue;
    while (window != NULL && window != GTK_WINDOW (self))
      window = gtk_window_get_transient_for (window);
    if (window != NULL)
      return TRUE;
  }
  return FALSE;
}

gboolean
_flash_window_wants_notice (gboolean is_active, gboolean is_hidden, gint64 duration_us)
{
  if (is_hidden)
    return TRUE;
  return !is_active && duration_us >= LONG_JOB_US;
}

static gboolean
wants_notice (FlashWindow *self)
{
  return _flash_window_wants_notice (
      is_looked_at (self), !gtk_widget_get_visible (GTK_WIDGET (self)),
      g_get_monotonic_time () - flash_job_model_get_start_us (self->job_model));
}

/* The title must be understood on its own, long after the button was pressed. */
static void
notify (FlashWindow *self, const char *what)
{
  g_autofree char *board =
      flash_board_entry_dup_title (flash_job_model_get_entry (self->job_model));
  /* TRANSLATORS: a board, then how the job ended: “STM32MP157: Written and verified” */
  g_autofree char *title = g_strdup_printf (_ ("%1$s: %2$s"), board, what);
  g_autoptr (GNotification) notification = g_notification_new (title);
  g_autofree char *file = _flash_window_dup_title (self);
  g_autofree char *id = dup_id (self);

  g_notification_set_body (notification, file);
  g_notification_set_default_action_and_target (
      notification, "app.show", "(su)", flash_application_get_run (self->application),
      gtk_application_window_get_id (GTK_APPLICATION_WINDOW (self)));
  g_application_send_notification (G_APPLICATION (self->application), id, notification);
  if (what != self->notified) {
    g_free (self->notified);
    self->notified = g_strdup (what);
  }
}

void
_flash_window_notify_finished (FlashWindow *self)
{
  /* Whatever waited for an answer does so no more. */
  self->told_question = FLASH_JOB_QUESTION_NONE;
  if (wants_notice (self))
    notify (self, flash_result_page_get_title (self->result_page));
  else
    _flash_window_withdraw_notification (self);
}

/* A job that waits for an answer would wait for ever behind a window that nobody sees. */
void
_flash_window_notify_question (FlashWindow *self)
{
  FlashJobQuestion question = flash_job_get_question (flash_job_model_get_job (self->job_model));

  if (question == self->told_question)
    return;
  if (question == FLASH_JOB_QUESTION_NONE) {
    _flash_window_withdraw_notification (self);
  } else if (wants_notice (self)) {
    notify (self, _ ("Waiting for your answer"));
    self->told_question = question;
  }
}

void
_flash_window_renew_notification (FlashWindow *self)
{
  if (self->notified != NULL && !is_looked_at (self) &&
      _flash_window_is_page (self, FLASH_PAGE_RESULT) &&
      !g_str_equal (self->notified, flash_result_page_get_title (self->result_page)))
    notify (self, flash_result_page_get_title (self->result_page));
}

void
_flash_window_withdraw_notification (FlashWindow *self)
{
  g_autofree char *id = dup_id (self);

  self->told_question = FLASH_JOB_QUESTION_NONE;
  if (self->notified == NULL)
    return;
  g_application_withdraw_notification (G_APPLICATION (self->application), id);
  g_clear_pointer (&self->notified, g_free);
}
