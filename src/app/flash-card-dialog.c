/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-dialog"

#include "config.h"

#include "flash-card-dialog.h"

#include "flash-button-names.h"
#include "flash-card-run.h"
#include "flash-card-words.h"
#include "flash-dialogs.h"
#include "flash-drive-chooser.h"
#include "flash-estimator.h"
#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

struct _FlashCardDialog {
  FlashCardFrame parent_instance;

  FlashDrive *drive; /* (owned) (nullable): what the user was asked about, as it was shown */

  GCancellable *writing; /* (owned) (nullable): while it is written */
  FlashDrivePhase phase; /* of that */
  FlashEstimator *estimator; /* (owned) (nullable): of that phase */
  gint64 start_us;
  GtkApplication *application; /* (owned) (nullable): that has been asked to stay */
  guint inhibit_cookie;
  GtkWindow *question; /* (weak) (nullable): that is asked now */
  AdwActionRow *eject_row; /* (unowned) (nullable): while a result is shown */
  GtkWidget *eject_button; /* (unowned) (nullable): in it */

  FlashDriveChooser *chooser;
};

G_DEFINE_FINAL_TYPE (FlashCardDialog, flash_card_dialog, FLASH_TYPE_CARD_FRAME)

/* --- which card ----------------------------------------------------------------------------- */

static void
on_drive_chosen (FlashCardDialog *self)
{
  FlashCardFrame *frame = FLASH_CARD_FRAME (self);

  flash_card_frame_set_can_act (frame, flash_card_frame_get_image (frame) != NULL &&
                                           flash_drive_chooser_get_drive (self->chooser) != NULL);
}

static void
flash_card_dialog_surveyed (FlashCardFrame *frame)
{
  FlashCardDialog *self = FLASH_CARD_DIALOG (frame);
  FlashCardImage *image = flash_card_frame_get_image (frame);

  gtk_widget_set_sensitive (GTK_WIDGET (self->chooser), image != NULL);
  flash_drive_chooser_set_min_size (self->chooser,
                                    image != NULL ? flash_card_image_get_size (image) : 0);
  on_drive_chosen (self);
}

/* --- while it is written -------------------------------------------------------------------- */

static void
close_question (FlashCardDialog *self)
{
  GtkWindow *question = self->question;

  g_clear_weak_pointer (&self->question);
  if (question != NULL)
    gtk_window_destroy (question);
}

static void
end_writing (FlashCardDialog *self)
{
  close_question (self);
  if (self->inhibit_cookie != 0)
    gtk_application_uninhibit (self->application, self->inhibit_cookie);
  self->inhibit_cookie = 0;
  g_clear_object (&self->application);
  g_clear_pointer (&self->estimator, flash_estimator_free);
  g_clear_object (&self->writing);
}

static const char *
get_phase_title (FlashDrivePhase phase)
{
  switch (phase) {
  case FLASH_DRIVE_PHASE_PREPARING:
    return _ ("Getting the card ready");
  case FLASH_DRIVE_PHASE_WRITING:
    return _ ("Writing to the card");
  case FLASH_DRIVE_PHASE_FLUSHING:
    return _ ("Waiting for the card");
  case FLASH_DRIVE_PHASE_VERIFYING:
    return _ ("Verifying");
  }
  g_return_val_if_reached (NULL);
}

static const char *
get_phase_body (FlashDrivePhase phase)
{
  switch (phase) {
  case FLASH_DRIVE_PHASE_PREPARING:
    return _ ("The system may ask for a password.");
  case FLASH_DRIVE_PHASE_WRITING:
    return _ ("Do not take the card out.");
  case FLASH_DRIVE_PHASE_FLUSHING:
    return _ ("It still stores what it was sent. This cannot be stopped; it may take a minute.");
  case FLASH_DRIVE_PHASE_VERIFYING:
    return _ ("Everything is read back and compared. Do not take the card out.");
  }
  g_return_val_if_reached (NULL);
}

/* Returns: (transfer full): how far it is, how fast, and how long it will take */
static char *
dup_progress_text (FlashCardDialog *self, const FlashDriveProgress *progress)
{
  g_autofree char *done = flash_text_size (progress->bytes_done);
  g_autofree char *total = flash_text_size (progress->bytes_total);
  guint64 rate = flash_estimator_get_rate (self->estimator);
  /* TRANSLATORS: how much of how much is done: “12 MiB of 64 MiB” */
  GString *text = g_string_new (NULL);
  guint seconds;

  g_string_append_printf (text, _ ("%1$s of %2$s"), done, total);
  if (rate > 0) {
    g_autofree char *size = flash_text_size (rate);

    g_string_append (text, " · ");
    /* TRANSLATORS: bytes per second, such as “1.5 MiB/s” */
    g_string_append_printf (text, _ ("%s/s"), size);
  }
  if (flash_estimator_get_seconds_left (self->estimator, &seconds)) {
    g_autofree char *left = flash_text_duration (seconds);

    g_string_append (text, " · ");
    /* TRANSLATORS: a duration like 2:05 */
    g_string_append_printf (text, _ ("%s left"), left);
  }
  return g_string_free (text, FALSE);
}

static void
on_progress (const FlashDriveProgress *progress, gpointer data)
{
  FlashCardDialog *self = data;
  double fraction = progress->bytes_total > 0
                        ? (double) progress->bytes_done / (double) progress->bytes_total
                        : -1;
  g_autofree char *text = NULL;

  if (self->writing == NULL)
    return;
  if (progress->phase != self->phase) {
    self->phase = progress->phase;
    flash_estimator_free (self->estimator);
    self->estimator = flash_estimator_new ();
    if (self->phase == FLASH_DRIVE_PHASE_FLUSHING)
      close_question (self);
  }
  if (progress->bytes_total > 0) {
    flash_estimator_add (self->estimator, g_get_monotonic_time (), progress->bytes_done, fraction);
    text = dup_progress_text (self, progress);
  }
  flash_card_frame_show_progress (FLASH_CARD_FRAME (self), get_phase_title (self->phase),
                                  get_phase_body (self->phase), text, fraction);
  flash_card_frame_set_can_stop (FLASH_CARD_FRAME (self),
                                 self->phase != FLASH_DRIVE_PHASE_FLUSHING &&
                                     !g_cancellable_is_cancelled (self->writing));
}

static void
on_stop_accepted (FlashCardDialog *self)
{
  if (self->writing == NULL)
    return;
  g_cancellable_cancel (self->writing);
  flash_card_frame_set_can_stop (FLASH_CARD_FRAME (self), FALSE);
}

static void
flash_card_dialog_stop (FlashCardFrame *frame)
{
  FlashCardDialog *self = FLASH_CARD_DIALOG (frame);
  gboolean is_verifying = self->phase == FLASH_DRIVE_PHASE_VERIFYING;
  const FlashQuestion question = {
    .heading = is_verifying ? _ ("Stop verifying?") : _ ("Stop writing?"),
    .body = is_verifying ? _ ("The card is written, but nobody will know whether it kept "
                              "everything right.")
                         : _ ("What was on the card is lost already, and no board will start from "
                              "it until it is written again."),
    .keep_label = is_verifying ? _ ("_Keep verifying") : _ ("_Keep writing"),
    .act_label = _ ("_Stop"),
  };

  if (self->phase == FLASH_DRIVE_PHASE_PREPARING) {
    on_stop_accepted (self);
    return;
  }
  close_question (self);
  g_set_weak_pointer (&self->question, flash_dialogs_ask (GTK_WINDOW (self), &question,
                                                          G_CALLBACK (on_stop_accepted), self));
}

/* --- the end -------------------------------------------------------------------------------- */

static void
on_ejected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashCardDialog) self = data;
  g_autoptr (GError) error = NULL;
  gboolean is_ejected = flash_drive_eject_finish (result, &error);

  if (self->eject_row == NULL)
    return;
  if (is_ejected) {
    adw_action_row_set_subtitle (self->eject_row, _ ("You can take it out now."));
    gtk_widget_set_visible (self->eject_button, FALSE);
  } else {
    FlashCardWords words = flash_card_words_find (error);
    g_autofree char *text = g_strdup_printf (_ ("%1$s %2$s"), words.cause, words.remedy);

    adw_action_row_set_subtitle (self->eject_row, text);
    gtk_widget_set_sensitive (self->eject_button, TRUE);
  }
}

static void
on_eject_clicked (FlashCardDialog *self)
{
  g_autoptr (FlashDrive) drive =
      flash_drive_chooser_find (self->chooser, flash_drive_get_id (self->drive));

  if (drive == NULL) {
    adw_action_row_set_subtitle (self->eject_row, _ ("It is out already."));
    gtk_widget_set_visible (self->eject_button, FALSE);
    return;
  }
  gtk_widget_set_sensitive (self->eject_button, FALSE);
  flash_drive_eject_async (drive, NULL, on_ejected, g_object_ref (self));
}

static void
add_card_fact (FlashCardDialog *self, gboolean can_eject)
{
  g_autofree char *name = flash_card_words_dup_drive_name (self->drive);
  g_autofree char *facts = flash_card_words_dup_drive_facts (self->drive);

  self->eject_row = flash_card_frame_add_fact (FLASH_CARD_FRAME (self), "media-flash-symbolic",
                                               NULL, name, facts);
  gtk_widget_set_name (GTK_WIDGET (self->eject_row), "eject_row");
  if (!can_eject)
    return;
  self->eject_button = gtk_button_new_with_mnemonic (_ ("_Eject"));
  flash_button_names_mend (self->eject_button);
  gtk_widget_set_name (self->eject_button, "eject_button");
  gtk_widget_set_valign (self->eject_button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->eject_button, "clicked", G_CALLBACK (on_eject_clicked), self);
  adw_action_row_add_suffix (self->eject_row, self->eject_button);
}

static void
show_verified (FlashCardDialog *self, const FlashDriveReport *report)
{
  FlashCardFrame *frame = FLASH_CARD_FRAME (self);
  g_autofree char *written = flash_text_size (report->bytes_written);
  g_autofree char *verified = flash_text_size (report->bytes_verified);
  g_autofree char *duration =
      flash_words_dup_duration ((guint64) (g_get_monotonic_time () - self->start_us) / 1000);
  /* TRANSLATORS: a size, and how long everything took: “62 MiB, in 12 seconds with verifying” */
  g_autofree char *written_text =
      g_strdup_printf (_ ("%1$s, in %2$s with verifying"), written, duration);
  /* TRANSLATORS: a size, and in which way it was read back */
  g_autofree char *verified_text = g_strdup_printf (_ ("%1$s compared, %2$s"), verified,
                                                    flash_card_words_read_back (report->read_back));

  flash_card_frame_show_outcome (frame, TRUE, _ ("Written and verified"), NULL, NULL);
  add_card_fact (self, TRUE);
  flash_card_frame_add_fact (frame, "emblem-ok-symbolic", "success", _ ("Written"), written_text);
  flash_card_frame_add_fact (frame, "emblem-ok-symbolic", "success", _ ("Verified"), verified_text);
  flash_card_frame_add_fact (frame, "dialog-information-symbolic", NULL, _ ("What to do next"),
                             _ ("Eject the card, put it into the board, set the boot switches to "
                                "SD card, and switch the board on."));
}

static const char *
get_failure_heading (FlashDriveState state)
{
  switch (state) {
  case FLASH_DRIVE_STATE_UNTOUCHED:
    return _ ("The card was not written");
  case FLASH_DRIVE_STATE_PARTIAL:
    return _ ("The card is not complete");
  case FLASH_DRIVE_STATE_WRITTEN:
    return _ ("Written, but not verified");
  case FLASH_DRIVE_STATE_DIFFERENT:
    return _ ("The card does not hold what was written");
  case FLASH_DRIVE_STATE_VERIFIED:
    break;
  }
  g_return_val_if_reached (NULL);
}

static void
show_failure (FlashCardDialog *self, const FlashDriveReport *report, const GError *error)
{
  FlashCardFrame *frame = FLASH_CARD_FRAME (self);
  g_autofree char *state = flash_card_words_dup_state (report);
  const char *heading = get_failure_heading (report->state);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    flash_card_frame_show_outcome (
        frame, FALSE, heading, _ ("It was stopped, or the password was not given."), "cancelled");
  else
    flash_card_frame_show_error (frame, heading, error);
  add_card_fact (self, FALSE);
  flash_card_frame_add_fact (frame, "dialog-information-symbolic", NULL,
                             _ ("What the card holds now"), state);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashCardDialog) self = data;
  g_autoptr (GError) error = NULL;
  FlashDriveReport report;
  gboolean is_written = flash_card_run_finish (result, &report, &error);

  /* Gone meanwhile. */
  if (self->writing == NULL)
    return;
  end_writing (self);
  if (is_written)
    show_verified (self, &report);
  else
    show_failure (self, &report, error);
}

/* --- from the question to the card ---------------------------------------------------------- */

static void
on_erase_accepted (FlashCardDialog *self)
{
  FlashCardFrame *frame = FLASH_CARD_FRAME (self);
  FlashCardSurvey *survey = flash_card_frame_get_survey (frame);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (self->drive == NULL || self->writing != NULL || flash_card_frame_get_image (frame) == NULL)
    return;
  self->writing = g_cancellable_new ();
  self->phase = FLASH_DRIVE_PHASE_PREPARING;
  self->estimator = flash_estimator_new ();
  self->start_us = g_get_monotonic_time ();
  if (parent != NULL)
    self->application = g_object_ref (gtk_window_get_application (parent));
  if (self->application != NULL)
    self->inhibit_cookie = gtk_application_inhibit (
        self->application, parent, GTK_APPLICATION_INHIBIT_LOGOUT | GTK_APPLICATION_INHIBIT_SUSPEND,
        _ ("A card is being written"));
  flash_card_frame_show_progress (frame, get_phase_title (self->phase),
                                  get_phase_body (self->phase), NULL, 0);
  flash_card_run (survey->loaded->layout, survey->ip, self->drive, self->writing, on_progress,
                  on_written, g_object_ref (self));
}

static void
flash_card_dialog_act (FlashCardFrame *frame)
{
  FlashCardDialog *self = FLASH_CARD_DIALOG (frame);
  g_autofree char *name = NULL;
  g_autofree char *facts = NULL;
  g_autofree char *content = NULL;
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;
  FlashQuestion question;

  g_set_object (&self->drive, flash_drive_chooser_get_drive (self->chooser));
  if (self->drive == NULL)
    return;
  name = flash_card_words_dup_drive_name (self->drive);
  facts = flash_card_words_dup_drive_facts (self->drive);
  content = flash_card_words_dup_drive_content (self->drive);
  heading = g_strdup_printf (_ ("Erase and write “%s”?"), name);
  body = g_strdup_printf (
      "%s\n%s\n\n%s", facts, content,
      flash_drive_get_kind (self->drive) == FLASH_DRIVE_KIND_DISK
          ? _ ("This is a disk, not a card. All that is on it will be lost for good.")
          : _ ("All that is on it will be lost for good."));
  question = (FlashQuestion){
    .heading = heading,
    .body = body,
    .keep_label = _ ("_Cancel"),
    .act_label = _ ("_Erase and write"),
  };
  close_question (self);
  g_set_weak_pointer (&self->question, flash_dialogs_ask (GTK_WINDOW (self), &question,
                                                          G_CALLBACK (on_erase_accepted), self));
}

static void
flash_card_dialog_abandon (FlashCardFrame *frame)
{
  FlashCardDialog *self = FLASH_CARD_DIALOG (frame);

  if (self->writing != NULL)
    g_cancellable_cancel (self->writing);
  end_writing (self);
  self->eject_row = NULL;
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_card_dialog_dispose (GObject *object)
{
  flash_card_dialog_abandon (FLASH_CARD_FRAME (object));
  g_clear_object (&FLASH_CARD_DIALOG (object)->drive);

  G_OBJECT_CLASS (flash_card_dialog_parent_class)->dispose (object);
}

static void
flash_card_dialog_class_init (FlashCardDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FlashCardFrameClass *frame_class = FLASH_CARD_FRAME_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_card_dialog_dispose;
  frame_class->surveyed = flash_card_dialog_surveyed;
  frame_class->act = flash_card_dialog_act;
  frame_class->stop = flash_card_dialog_stop;
  frame_class->abandon = flash_card_dialog_abandon;

  g_type_ensure (FLASH_TYPE_DRIVE_CHOOSER);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-card-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashCardDialog, chooser);
  gtk_widget_class_bind_template_callback (widget_class, on_drive_chosen);
}

static void
flash_card_dialog_init (FlashCardDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_card_frame_set_verb (FLASH_CARD_FRAME (self), _ ("_Write…"), TRUE);
}

GtkWindow *
flash_card_dialog_present (GtkWindow *parent, FlashEditor *editor)
{
  FlashCardDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (FLASH_IS_EDITOR (editor), NULL);

  self = g_object_new (FLASH_TYPE_CARD_DIALOG, "transient-for", parent, NULL);
  flash_card_frame_start (FLASH_CARD_FRAME (self), editor);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
