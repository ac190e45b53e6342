/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-window-job"

#include "config.h"

#include "flash-window-private.h"

#include "flash-dialogs.h"
#include "flash-mcu-words.h"
#include "flash-quit.h"
#include "flash-result-told.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* --- the end of a job --------------------------------------------------------------------- */

static void
close_question (FlashWindow *self)
{
  GtkWindow *question = self->question;

  if (question == NULL)
    return;
  g_clear_weak_pointer (&self->question);
  gtk_window_destroy (question);
}

void
_flash_window_set_question (FlashWindow *self, GtkWindow *question)
{
  close_question (self);
  g_set_weak_pointer (&self->question, question);
}

static void
uninhibit (FlashWindow *self)
{
  if (self->inhibit_cookie != 0)
    gtk_application_uninhibit (GTK_APPLICATION (self->application), self->inhibit_cookie);
  self->inhibit_cookie = 0;
}

static void
on_job_finished (FlashJobModel *model, FlashWindow *self)
{
  gboolean closes = self->closes_after_job;

  /* It holds for this job; whoever then stays after all has not asked for the next one. */
  self->closes_after_job = FALSE;
  uninhibit (self);
  close_question (self);
  _flash_window_need_page (self, FLASH_PAGE_RESULT);
  flash_result_page_set_model (self->result_page, model);
  flash_job_page_set_model (self->job_page, NULL);
  _flash_window_show_page (self, FLASH_PAGE_RESULT);
  /* A question above this window would outlive it. */
  flash_quit_job_ended (GTK_APPLICATION (self->application));
  if (closes) {
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  _flash_window_notify_finished (self);
  self->asks_when_shown = !gtk_widget_get_visible (GTK_WIDGET (self));
  if (self->asks_when_shown)
    return;
  flash_result_page_focus (self->result_page);
  flash_result_told_say (self->result_page);
  _flash_window_ask_shared (self);
}

/* --- from the button to the job ----------------------------------------------------------- */

static void
stop_preparing (FlashWindow *self)
{
  if (self->preparing_entry != NULL) {
    g_clear_signal_handler (&self->preparing_id, self->preparing_entry);
    flash_board_entry_release (self->preparing_entry, self);
  }
  g_clear_object (&self->preparing_entry);
  if (self->preparing != NULL)
    g_cancellable_cancel (self->preparing);
  g_clear_object (&self->preparing);
  g_clear_pointer (&self->preparing_loaded, flash_loaded_unref);
  self->once = (FlashMcuOnce){ .shared = FLASH_MCU_SHARED_ASK };
}

void
_flash_window_give_up_preparing (FlashWindow *self, const char *reason)
{
  stop_preparing (self);
  _flash_window_show_document (self);
  if (reason != NULL)
    _flash_window_toast (self, reason);
}

static void
start_layout_job (FlashWindow *self, FlashLoaded *loaded)
{
  FlashBoardEntry *entry = self->preparing_entry;
  GSettings *settings = flash_application_get_settings (self->application);
  g_autoptr (FlashJobGate) gate = flash_job_gate_new ();
  const FlashMpJob what = {
    .plan = loaded->plan,
    .provider = flash_board_entry_get_provider (entry),
    .board = flash_board_entry_get_board (entry),
    .clock = flash_application_get_clock (self->application),
    .verify = g_settings_get_boolean (settings, "verify-afterwards"),
    .patience_ms = g_settings_get_uint (settings, "patience") * 1000,
    .restarts = g_settings_get_boolean (settings, "restart-by-itself"),
    .gate = gate,
  };
  g_autoptr (FlashJob) job = flash_job_new (&what);

  _flash_window_start_job (self, job);
  flash_doctor_set_problems (self->doctor, loaded->diags);
}

void
_flash_window_start_job (FlashWindow *self, FlashJob *job)
{
  GtkApplication *application = GTK_APPLICATION (self->application);

  if (flash_board_entry_is_taken (self->preparing_entry, self)) {
    _flash_window_give_up_preparing (self, _ ("The board is busy."));
    return;
  }
  /* Its port may be needed again, while a log window still shows it. */
  if (self->job_model != NULL && flash_job_model_get_console (self->job_model) != NULL)
    flash_console_close (flash_job_model_get_console (self->job_model));
  g_clear_object (&self->job_model);
  self->closes_after_job = FALSE;
  self->job_model = flash_job_model_new (job, self->preparing_entry);
  g_signal_connect (self->job_model, "finished", G_CALLBACK (on_job_finished), self);
  g_signal_connect_swapped (self->job_model, "changed", G_CALLBACK (_flash_window_notify_question),
                            self);
  _flash_window_follow_job (self, job);
  _flash_window_withdraw_notification (self);
  self->asks_when_shown = FALSE;
  self->inhibit_cookie =
      gtk_application_inhibit (application, GTK_WINDOW (self),
                               GTK_APPLICATION_INHIBIT_LOGOUT | GTK_APPLICATION_INHIBIT_SUSPEND,
                               _ ("A board is being flashed"));
  _flash_window_need_page (self, FLASH_PAGE_JOB);
  flash_job_page_set_model (self->job_page, self->job_model);
  flash_job_model_start (self->job_model);
  /* Not before the job has the board: in between it would seem to be free. */
  stop_preparing (self);
  _flash_window_show_page (self, FLASH_PAGE_JOB);
  flash_job_page_focus (self->job_page);
}

static void ask_erase (FlashWindow *self);

/* What is sent is what was just checked, and what the user has seen: the text as it is in the
 * window, saved or not, and the files that it named there. They may have been built anew. */
static void
judge_plan (FlashWindow *self, FlashLoaded *loaded)
{
  const FlashLoaded *seen = self->preparing_loaded;

  if (flash_loaded_get_n_errors (loaded) > 0) {
    _flash_window_give_up_preparing (self,
                                     seen != NULL && flash_loaded_get_n_errors (seen) == 0
                                         ? _ ("The files have changed, and there are errors now.")
                                         : _ ("There are errors to be corrected first."));
  } else if (seen != NULL && !flash_loaded_is_same_layout (seen, loaded)) {
    _flash_window_give_up_preparing (
        self, _ ("The layout has changed. Look at it again before you flash it."));
  } else if (!flash_board_entry_is_present (self->preparing_entry)) {
    _flash_window_give_up_preparing (self, _ ("The board has left the bus."));
  } else if (flash_loaded_has_whole_storage (loaded) && !self->may_erase) {
    _flash_window_give_up_preparing (self, NULL);
    ask_erase (self);
  } else {
    start_layout_job (self, loaded);
  }
}

static void
on_flushed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoaded) loaded =
      flash_editor_flush_finish (FLASH_EDITOR (source), result, &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->preparing)
    return;
  if (g_error_matches (error, FLASH_LOAD_ERROR, FLASH_LOAD_ERROR_CHANGED)) {
    /* It is read again, and then it is said why. */
    self->was_changed = TRUE;
    _flash_window_give_up_preparing (self, NULL);
    return;
  }
  if (loaded == NULL) {
    g_autofree char *name = flash_editor_dup_title (self->editor);
    g_autofree char *text = flash_words_dup_load_error (error, name);

    _flash_window_give_up_preparing (self, text);
    return;
  }
  judge_plan (self, loaded);
}

static void
load_plan (FlashWindow *self)
{
  guint device_id = flash_board_entry_get_facts (self->preparing_entry)->device_id;

  if (self->firmware != NULL) {
    _flash_window_check_firmware (self);
    return;
  }
  gtk_label_set_label (self->prepare_label, _ ("Checking the files…"));
  flash_editor_set_device_id (self->editor, device_id);
  flash_editor_flush (self->editor, self->preparing, on_flushed, g_object_ref (self));
}

static void
on_preparing_entry_changed (FlashBoardEntry *entry, FlashWindow *self)
{
  if (flash_board_entry_is_restarting (entry))
    return;
  g_clear_signal_handler (&self->preparing_id, entry);
  if (flash_board_entry_is_present (entry))
    load_plan (self);
  else
    _flash_window_give_up_preparing (
        self, _ ("The board did not come back after it was switched off and on."));
}

/* A board that has been flashed stays in U-Boot, and takes no other job there. */
static void
prepare (FlashWindow *self, FlashBoardEntry *entry)
{
  FlashLoaded *seen = self->editor != NULL ? flash_editor_get_loaded (self->editor) : NULL;

  if (!flash_board_entry_claim (entry, self)) {
    _flash_window_give_up_preparing (self, _ ("The board is busy."));
    return;
  }
  self->preparing = g_cancellable_new ();
  self->preparing_entry = g_object_ref (entry);
  /* What was typed a moment ago nobody has seen checked. */
  if (seen != NULL && flash_editor_is_checked (self->editor))
    self->preparing_loaded = flash_loaded_ref (seen);
  if (!flash_board_entry_is_used_up (entry) || !flash_board_entry_can_restart (entry)) {
    load_plan (self);
  } else {
    gtk_label_set_label (self->prepare_label, _ ("Switching the board off and on…"));
    self->preparing_id =
        g_signal_connect (entry, "changed", G_CALLBACK (on_preparing_entry_changed), self);
    flash_board_entry_restart (entry);
  }
  _flash_window_show_page (self, FLASH_PAGE_PREPARE);
}

/* --- verbs -------------------------------------------------------------------------------- */

gboolean
_flash_window_is_busy (FlashWindow *self)
{
  return self->preparing != NULL ||
         (self->job_model != NULL &&
          flash_job_is_running (flash_job_model_get_job (self->job_model)));
}

/* Returns: whether the question was about the board that is still the chosen one. */
static gboolean
is_agreed (FlashWindow *self)
{
  return !_flash_window_is_busy (self) && self->entry != NULL && self->entry == self->asked_entry;
}

static void
on_erase_accepted (FlashWindow *self)
{
  if (!is_agreed (self) || self->editor == NULL)
    return;
  self->may_erase = TRUE;
  prepare (self, self->entry);
}

static void
on_flash_accepted (FlashWindow *self)
{
  if (is_agreed (self) && (self->editor != NULL || self->firmware != NULL))
    prepare (self, self->entry);
}

static void
ask_erase (FlashWindow *self)
{
  g_autofree char *board = flash_board_entry_dup_title (self->entry);
  g_autofree char *heading = g_strdup_printf (_ ("Erase and flash %s?"), board);
  const FlashQuestion question = {
    .heading = heading,
    .body = _ ("The layout writes or erases a storage as a whole. Everything that is on it now, "
               "partition table and all, will be lost."),
    .keep_label = _ ("_Cancel"),
    .act_label = _ ("_Erase and flash"),
  };

  g_set_object (&self->asked_entry, self->entry);
  _flash_window_set_question (
      self, flash_dialogs_ask (GTK_WINDOW (self), &question, G_CALLBACK (on_erase_accepted), self));
}

static void
ask_flash (FlashWindow *self)
{
  g_autofree char *board = flash_board_entry_dup_title (self->entry);
  g_autofree char *file = _flash_window_dup_title (self);
  g_autofree char *heading = g_strdup_printf (_ ("Flash %s?"), board);
  /* TRANSLATORS: the name of a layout or of firmware */
  g_autofree char *body =
      g_strdup_printf (_ ("“%s” is written. What is there now will be lost."), file);
  const FlashQuestion question = {
    .heading = heading,
    .body = body,
    .keep_label = _ ("_Cancel"),
    .act_label = _ ("_Flash"),
  };

  g_set_object (&self->asked_entry, self->entry);
  _flash_window_set_question (
      self, flash_dialogs_ask (GTK_WINDOW (self), &question, G_CALLBACK (on_flash_accepted), self));
}

/* Who has just answered a question about this very job is not asked again. */
static gboolean
is_to_be_asked (FlashWindow *self)
{
  g_autofree char *confirmation =
      g_settings_get_string (flash_application_get_settings (self->application), "confirmation");

  return g_str_equal (confirmation, "always") && self->once.shared == FLASH_MCU_SHARED_ASK &&
         self->once.block_size == 0 && !self->once.was_other_port_tried;
}

void
_flash_window_flash (FlashWindow *self)
{
  FlashLoaded *loaded = NULL;

  if (self->firmware == NULL) {
    _flash_window_end_editing (self);
    self->may_erase = FALSE;
    loaded = flash_editor_get_loaded (self->editor);
  }
  if (loaded != NULL && flash_loaded_has_whole_storage (loaded))
    ask_erase (self);
  else if (is_to_be_asked (self))
    ask_flash (self);
  else
    prepare (self, self->entry);
}

void
_flash_window_flash_again (FlashWindow *self)
{
  FlashBoardEntry *entry = flash_job_model_get_entry (self->job_model);

  /* What was not chosen is not flashed. */
  if (entry != self->entry ||
      (!flash_board_entry_is_present (entry) && !flash_board_entry_can_restart (entry))) {
    _flash_window_show_document (self);
    _flash_window_check_for_board (self);
    return;
  }
  _flash_window_flash (self);
}

static void
on_stop_accepted (FlashWindow *self)
{
  if (self->job_model != NULL)
    flash_job_cancel (flash_job_model_get_job (self->job_model));
  _flash_window_update (self);
}

const char *
_flash_window_get_stop_text (FlashWindow *self)
{
  if (self->firmware != NULL)
    return flash_mcu_words_stopping ();
  return _ ("What is written so far stays on the board. The board will need a reset into serial "
            "boot before it can be flashed again.");
}

void
_flash_window_ask_stop (FlashWindow *self)
{
  const FlashQuestion question = {
    .heading = _ ("Stop flashing?"),
    .body = _flash_window_get_stop_text (self),
    .keep_label = _ ("_Keep flashing"),
    .act_label = _ ("_Stop"),
  };

  if (self->preparing != NULL)
    _flash_window_give_up_preparing (self, NULL);
  else
    _flash_window_set_question (self, flash_dialogs_ask (GTK_WINDOW (self), &question,
                                                         G_CALLBACK (on_stop_accepted), self));
}

void
_flash_window_drop_job (FlashWindow *self)
{
  stop_preparing (self);
  g_clear_object (&self->asked_entry);
  close_question (self);
  uninhibit (self);
  _flash_window_withdraw_notification (self);
  if (self->job_model == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->job_model, self);
  /* A window that is destroyed without having been asked takes its job with it; the job itself
   * lives until its worker has ended. */
  flash_job_cancel (flash_job_model_get_job (self->job_model));
  g_clear_object (&self->job_model);
}
