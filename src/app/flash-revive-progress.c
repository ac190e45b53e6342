/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-progress"

#include "config.h"

#include "flash-revive-progress.h"

#include "flash-button-names.h"

#include <glib/gi18n.h>

struct _FlashReviveProgress {
  AdwBin parent_instance;

  FlashReviveRun *run; /* (owned) (nullable) */
  FlashJobQuestion asked; /* what is shown, so that an answer is to that and to nothing else */
  FlashJobQuestion answered; /* what was said yes to, as long as it is open still */

  GtkButton *go_on_button;
  GtkProgressBar *progress_bar;
  GtkLabel *progress_figures;
  GtkLabel *progress_status;
  GtkWidget *question_box;
  GtkLabel *question_label;
  GtkButton *stop_button;
};

G_DEFINE_FINAL_TYPE (FlashReviveProgress, flash_revive_progress, ADW_TYPE_BIN)

enum { SIGNAL_STOPPED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* Returns: (transfer none) (nullable): the job that runs */
static FlashJob *
get_job (FlashReviveProgress *self)
{
  FlashJobModel *model = self->run != NULL ? flash_revive_run_get_model (self->run) : NULL;
  FlashJob *job = model != NULL ? flash_job_model_get_job (model) : NULL;

  return job != NULL && flash_job_is_running (job) ? job : NULL;
}

static const char *
get_words (FlashJobQuestion question, gboolean is_answered)
{
  if (is_answered)
    return _ ("It goes on by itself as soon as the board is back.");
  switch (question) {
  case FLASH_JOB_QUESTION_NONE:
    return "";
  case FLASH_JOB_QUESTION_PATIENCE:
    return _ ("The board has not come back in time. Look whether it has power, and whether its "
              "cable is in place. As soon as it is there, it goes on by itself.");
  case FLASH_JOB_QUESTION_ROM:
    return _ ("The board has started again from the beginning. Continue to send the boot stages "
              "once more. Partitions that are complete are not sent again.");
  case FLASH_JOB_QUESTION_GONE:
    return _ ("The board was unplugged. Plug it in again in the same way, and continue.");
  }
  g_return_val_if_reached ("");
}

static void
update_question (FlashReviveProgress *self, FlashJobQuestion question)
{
  gboolean is_answered;

  if (question != self->answered)
    self->answered = FLASH_JOB_QUESTION_NONE;
  self->asked = question;
  is_answered = self->answered != FLASH_JOB_QUESTION_NONE;
  gtk_widget_set_visible (self->question_box, question != FLASH_JOB_QUESTION_NONE);
  gtk_label_set_label (self->question_label, get_words (question, is_answered));
  gtk_widget_set_visible (GTK_WIDGET (self->go_on_button),
                          question != FLASH_JOB_QUESTION_NONE && !is_answered);
  gtk_button_set_label (self->stop_button,
                        question != FLASH_JOB_QUESTION_NONE ? _ ("_Give up") : _ ("_Stop"));
}

static void
update (FlashReviveProgress *self)
{
  FlashJob *job = get_job (self);
  FlashJobModel *model;
  g_autofree char *status = NULL;
  g_autofree char *figures = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), flash_revive_run_is_working (self->run));
  update_question (self, job != NULL ? flash_job_get_question (job) : FLASH_JOB_QUESTION_NONE);
  if (job == NULL) {
    gtk_label_set_label (self->progress_status, _ ("Checking the files…"));
    gtk_label_set_label (self->progress_figures, "");
    gtk_progress_bar_set_fraction (self->progress_bar, 0);
    return;
  }
  model = flash_revive_run_get_model (self->run);
  status = flash_job_model_dup_status (model);
  figures = flash_job_model_dup_figures (model);
  gtk_label_set_label (self->progress_status, status);
  gtk_label_set_label (self->progress_figures, figures);
  gtk_progress_bar_set_fraction (self->progress_bar, flash_job_get_snapshot (job)->fraction);
}

static void
on_go_on_clicked (FlashReviveProgress *self)
{
  FlashJob *job = get_job (self);

  if (job == NULL)
    return;
  self->answered = self->asked;
  flash_job_answer (job, self->answered, FLASH_JOB_ANSWER_GO_ON);
  update (self);
}

/* A question that is answered by no ends the job with what led to it; that says more than that it
 * was stopped. */
static void
on_stop_clicked (FlashReviveProgress *self)
{
  FlashJob *job = get_job (self);

  g_signal_emit (self, signals[SIGNAL_STOPPED], 0);
  if (job != NULL && self->asked != FLASH_JOB_QUESTION_NONE &&
      self->answered == FLASH_JOB_QUESTION_NONE)
    flash_job_answer (job, self->asked, FLASH_JOB_ANSWER_GIVE_UP);
  else
    flash_revive_run_stop (self->run);
}

void
flash_revive_progress_set_run (FlashReviveProgress *self, FlashReviveRun *run)
{
  g_return_if_fail (FLASH_IS_REVIVE_PROGRESS (self));
  g_return_if_fail (run == NULL || FLASH_IS_REVIVE_RUN (run));

  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_set_object (&self->run, run);
  self->answered = FLASH_JOB_QUESTION_NONE;
  if (run == NULL)
    return;
  g_signal_connect_object (run, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "progress", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
flash_revive_progress_dispose (GObject *object)
{
  flash_revive_progress_set_run (FLASH_REVIVE_PROGRESS (object), NULL);

  G_OBJECT_CLASS (flash_revive_progress_parent_class)->dispose (object);
}

static void
flash_revive_progress_class_init (FlashReviveProgressClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_revive_progress_dispose;
  signals[SIGNAL_STOPPED] = g_signal_new ("stopped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-revive-progress.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashReviveProgress, go_on_button);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveProgress, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveProgress, progress_figures);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveProgress, progress_status);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveProgress, question_box);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveProgress, question_label);
  gtk_widget_class_bind_template_child (widget_class, FlashReviveProgress, stop_button);
  gtk_widget_class_bind_template_callback (widget_class, on_go_on_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_clicked);
}

static void
flash_revive_progress_init (FlashReviveProgress *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
}
