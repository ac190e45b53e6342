/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-guide"

#include "config.h"

#include "flash-revive-guide.h"

#include "flash-advice-box.h"
#include "flash-button-names.h"
#include "flash-options-dialog.h"
#include "flash-recovery-layout.h"
#include "flash-revive-chooser.h"
#include "flash-revive-job.h"
#include "flash-revive-progress.h"
#include "flash-revive-rows.h"
#include "flash-revive-words.h"
#include "flash-switch-drawing.h"

#include <glib/gi18n.h>

struct _FlashReviveGuide {
  AdwBin parent_instance;

  FlashReviveRun *run; /* (owned) (nullable) */
  gboolean is_reduced;
  gboolean is_repairing; /* the button was pressed: jobs follow each other */
  GtkWindow *question; /* (weak) (nullable) */
  GBytes *asked_text; /* (owned) (nullable): the layout that it asks about */

  GtkButton *act_button;
  FlashAdviceBox *advice_box;
  GtkLabel *caption_label;
  GtkLabel *case_label;
  GtkLabel *cause_label;
  FlashReviveChooser *chooser;
  GtkListBox *coming_list;
  GtkButton *confirm_button;
  FlashSwitchDrawing *drawing;
  GtkListBox *fact_list;
  GtkLabel *fault_label;
  GtkLabel *file_label;
  GtkWidget *obstacle_box;
  GtkLabel *obstacle_label;
  GtkListBox *passed_list;
  GtkImage *present_icon;
  GtkLabel *preview_label;
  GtkWidget *preview_expander;
  FlashReviveProgress *progress;
  GtkLabel *text_label;
  GtkLabel *title_label;
  GtkWidget *warning_box;
  GtkLabel *warning_label;
};

G_DEFINE_FINAL_TYPE (FlashReviveGuide, flash_revive_guide, ADW_TYPE_BIN)

enum { SIGNAL_CHOOSE_FILE, N_SIGNALS };

static guint signals[N_SIGNALS];

static const FlashRecoveryStep *
get_step (FlashReviveGuide *self)
{
  FlashRecovery *recovery = flash_revive_run_get_recovery (self->run);

  return flash_recovery_get_step (recovery, flash_recovery_get_position (recovery));
}

/* Returns: whether a job of the present step would be about another board */
static FlashReviveDoubt
get_doubt (FlashReviveGuide *self)
{
  return flash_recovery_act_is_job (get_step (self)->act)
             ? flash_revive_boards_get_doubt (flash_revive_run_get_boards (self->run))
             : FLASH_REVIVE_DOUBT_NONE;
}

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

/* --- the present step ----------------------------------------------------------------------- */

static void
update_icon (FlashReviveGuide *self, FlashRecoveryAct act)
{
  gboolean is_good = act == FLASH_RECOVERY_ACT_END_GOOD;

  gtk_widget_set_visible (GTK_WIDGET (self->present_icon), flash_recovery_act_is_end (act));
  gtk_image_set_from_icon_name (self->present_icon,
                                is_good ? "emblem-ok-symbolic" : "dialog-information-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->present_icon),
                              (const char *[]){ is_good ? "success" : "warning", NULL });
}

static void
update_drawing (FlashReviveGuide *self, const FlashRecoveryStep *step)
{
  flash_switch_drawing_show (
      self->drawing, step->drawing, flash_revive_chooser_get_kind (self->chooser),
      flash_switch_storage_guess (
          flash_revive_file_get_source (flash_revive_run_get_file (self->run))->text));
  show_text (self->caption_label, flash_switch_drawing_get_caption (self->drawing));
}

/* Before a layout is sent in another form than it is open, that form can be read. */
static void
update_preview (FlashReviveGuide *self, FlashRecoveryAct act)
{
  GBytes *layout = flash_revive_file_get_source (flash_revive_run_get_file (self->run))->text;
  g_autoptr (GBytes) wiping = NULL;
  g_autofree char *text = NULL;
  guint n_changed;

  if (act == FLASH_RECOVERY_ACT_FLASH_WIPING && layout != NULL)
    wiping = flash_recovery_layout_make_wiping (layout, &n_changed);
  gtk_widget_set_visible (self->preview_expander, wiping != NULL);
  if (wiping == NULL)
    return;
  text = g_utf8_make_valid (g_bytes_get_data (wiping, NULL), (gssize) g_bytes_get_size (wiping));
  gtk_label_set_label (self->preview_label, g_strchomp (text));
}

static void
update_failure (FlashReviveGuide *self)
{
  FlashDoctor *doctor = flash_revive_run_get_doctor (self->run);
  gboolean has_failed = flash_revive_run_has_failed (self->run);

  flash_advice_box_set_findings (
      self->advice_box, has_failed && doctor != NULL ? flash_doctor_get_findings (doctor) : NULL);
  show_text (self->fault_label, flash_revive_run_get_fault (self->run));
}

static void
update_buttons (FlashReviveGuide *self, const FlashRecoveryStep *step)
{
  gboolean is_working = flash_revive_run_is_working (self->run);
  gboolean is_job = flash_recovery_act_is_job (step->act);
  gboolean wants_file = step->act == FLASH_RECOVERY_ACT_CHOOSE_FILE && !self->is_reduced;
  GtkWidget *act = GTK_WIDGET (self->act_button);
  gboolean is_destructive = flash_revive_words_is_destructive (step->act);
  gboolean is_unsure = get_doubt (self) == FLASH_REVIVE_DOUBT_UNSURE;

  gtk_widget_set_visible (act, !is_working && (is_job || wants_file));
  gtk_widget_set_sensitive (act, wants_file || flash_revive_run_can_act (self->run));
  gtk_button_set_label (self->act_button, self->is_reduced && is_job
                                              ? _ ("_Repair")
                                              : flash_revive_words_get_verb (step->act));
  gtk_widget_set_css_classes (
      act,
      (const char *[]){ "pill", is_destructive ? "destructive-action" : "suggested-action", NULL });
  gtk_widget_set_visible (GTK_WIDGET (self->confirm_button),
                          (step->is_skippable || is_unsure) && !is_working);
  gtk_button_set_label (self->confirm_button, is_unsure               ? _ ("It is the same board")
                                              : step->confirm != NULL ? _ (step->confirm)
                                                                      : _ ("I have done this"));
}

/* Returns: (transfer none) (nullable): translated: why it does not go on */
static const char *
get_obstacle (FlashReviveGuide *self)
{
  const char *obstacle;

  if (flash_revive_run_is_working (self->run))
    return NULL;
  switch (get_doubt (self)) {
  case FLASH_REVIVE_DOUBT_UNSURE:
    return _ ("A board is there again, and it has no serial number that tells it from others. Make "
              "sure that it is the same one.");
  case FLASH_REVIVE_DOUBT_OTHER:
    return _ ("This is another board than the one with which you began. Connect that one, or begin "
              "again for this one.");
  case FLASH_REVIVE_DOUBT_NONE:
    break;
  }
  obstacle = flash_recovery_get_obstacle (flash_revive_run_get_recovery (self->run));
  return obstacle != NULL ? _ (obstacle) : NULL;
}

static void
update (FlashReviveGuide *self)
{
  const FlashRecoveryStep *step = get_step (self);
  const char *obstacle = get_obstacle (self);
  g_autofree char *file_name = flash_revive_file_dup_name (flash_revive_run_get_file (self->run));
  /* TRANSLATORS: the name of a file */
  g_autofree char *file = file_name != NULL ? g_strdup_printf (_ ("Chosen: %s"), file_name) : NULL;

  gtk_label_set_label (self->title_label, _ (step->title));
  gtk_label_set_label (self->text_label, _ (step->text));
  show_text (self->file_label,
             flash_revive_job_is_flashing (step->act) || step->act == FLASH_RECOVERY_ACT_CHOOSE_FILE
                 ? file
                 : NULL);
  gtk_label_set_label (self->obstacle_label, obstacle != NULL ? obstacle : "");
  gtk_widget_set_visible (self->obstacle_box, obstacle != NULL);
  flash_revive_chooser_update (self->chooser, step->drawing);
  update_icon (self, step->act);
  update_drawing (self, step);
  update_preview (self, step->act);
  update_failure (self);
  update_buttons (self, step);
  flash_revive_rows_show_steps (self->passed_list, self->coming_list,
                                self->is_reduced ? NULL
                                                 : flash_revive_run_get_recovery (self->run));
  flash_revive_rows_show_facts (self->fact_list, flash_revive_run_get_facts (self->run));
}

/* --- verbs ---------------------------------------------------------------------------------- */

static void
act (FlashReviveGuide *self)
{
  FlashBoardEntry *entry = flash_revive_boards_get_entry (flash_revive_run_get_boards (self->run));

  if (!flash_revive_run_can_act (self->run))
    return;
  if (get_step (self)->act == FLASH_RECOVERY_ACT_OPTIONS)
    flash_options_dialog_present (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), entry);
  else
    flash_revive_run_act (self->run);
}

static void
on_accepted (FlashReviveGuide *self)
{
  if (self->run == NULL)
    return;
  self->is_repairing = self->is_reduced;
  act (self);
}

static void
ask (FlashReviveGuide *self)
{
  g_auto (FlashReviveQuestion) words = { 0 };
  FlashQuestion question = { .keep_label = _ ("_Cancel") };
  GBytes *text = flash_revive_file_get_source (flash_revive_run_get_file (self->run))->text;

  flash_revive_boards_hold (flash_revive_run_get_boards (self->run));
  g_clear_pointer (&self->asked_text, g_bytes_unref);
  if (text != NULL)
    self->asked_text = g_bytes_ref (text);
  flash_revive_question_init (&words, self->run);
  question.heading = words.heading;
  question.body = words.body;
  question.act_label = words.label;
  g_set_weak_pointer (&self->question,
                      flash_dialogs_ask (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                         &question, G_CALLBACK (on_accepted), self));
}

/* Returns: whether something is lost that is worth a question */
static gboolean
needs_question (FlashReviveGuide *self)
{
  FlashRecoveryAct wanted = get_step (self)->act;

  return flash_revive_words_is_destructive (wanted) ||
         (wanted == FLASH_RECOVERY_ACT_FLASH &&
          flash_revive_file_get_source (flash_revive_run_get_file (self->run))->has_whole_storage);
}

/* An answer must not be about another board, another layout or another step. */
static void
drop_stale_question (FlashReviveGuide *self)
{
  GBytes *text = flash_revive_file_get_source (flash_revive_run_get_file (self->run))->text;

  if (self->question == NULL ||
      (needs_question (self) && flash_revive_run_can_act (self->run) && text == self->asked_text))
    return;
  gtk_window_destroy (self->question);
  g_clear_weak_pointer (&self->question);
}

static void
on_act_clicked (FlashReviveGuide *self)
{
  FlashRecoveryAct wanted = get_step (self)->act;

  if (wanted == FLASH_RECOVERY_ACT_CHOOSE_FILE)
    g_signal_emit (self, signals[SIGNAL_CHOOSE_FILE], 0);
  else if (needs_question (self))
    ask (self);
  else
    on_accepted (self);
}

static void
on_confirm_clicked (FlashReviveGuide *self)
{
  if (get_doubt (self) == FLASH_REVIVE_DOUBT_UNSURE)
    flash_revive_boards_accept (flash_revive_run_get_boards (self->run));
  else
    flash_revive_run_confirm (self->run);
}

static void
on_stopped (FlashReviveGuide *self)
{
  self->is_repairing = FALSE;
}

/* With one button for all of it, the next job begins by itself; what loses something is asked about
 * each time. */
static void
go_on (FlashReviveGuide *self)
{
  FlashRecoveryAct next = get_step (self)->act;

  drop_stale_question (self);
  if (!self->is_repairing || flash_revive_run_is_working (self->run))
    return;
  if (!flash_recovery_act_is_job (next) || flash_revive_run_has_failed (self->run) ||
      flash_revive_run_get_fault (self->run) != NULL || next == FLASH_RECOVERY_ACT_OPTIONS)
    self->is_repairing = FALSE;
  else if (!flash_revive_run_can_act (self->run))
    return;
  else if (!needs_question (self))
    act (self);
  else if (self->question == NULL)
    ask (self);
}

static void
on_changed (FlashReviveGuide *self)
{
  update (self);
  go_on (self);
}

/* --- what it is about ----------------------------------------------------------------------- */

static void
let_go (FlashReviveGuide *self)
{
  if (self->question != NULL)
    gtk_window_destroy (self->question);
  g_clear_weak_pointer (&self->question);
  g_clear_pointer (&self->asked_text, g_bytes_unref);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
}

void
flash_revive_guide_set_run (FlashReviveGuide *self, FlashReviveRun *run, GListModel *boards)
{
  const FlashRecoveryCase *the_case;

  g_return_if_fail (FLASH_IS_REVIVE_GUIDE (self));
  g_return_if_fail (run == NULL || FLASH_IS_REVIVE_RUN (run));

  let_go (self);
  self->is_repairing = FALSE;
  flash_revive_chooser_set_run (self->chooser, run, boards);
  flash_revive_progress_set_run (self->progress, NULL);
  if (run == NULL)
    return;
  self->run = g_object_ref (run);
  the_case = flash_recovery_get_case (flash_revive_run_get_recovery (run));
  show_text (self->case_label, self->is_reduced ? NULL : _ (the_case->title));
  show_text (self->cause_label, self->is_reduced ? NULL : _ (the_case->cause));
  gtk_label_set_label (self->warning_label, the_case->warning != NULL ? _ (the_case->warning) : "");
  gtk_widget_set_visible (self->warning_box, the_case->warning != NULL);
  g_signal_connect_object (run, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  flash_revive_progress_set_run (self->progress, run);
  update (self);
}

void
flash_revive_guide_set_reduced (FlashReviveGuide *self, gboolean is_reduced)
{
  g_return_if_fail (FLASH_IS_REVIVE_GUIDE (self));

  self->is_reduced = is_reduced;
  if (self->run != NULL)
    update (self);
}

/* Another kind of board has other switches. */
static void
on_kind_changed (FlashReviveGuide *self)
{
  if (self->run != NULL)
    update_drawing (self, get_step (self));
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_revive_guide_dispose (GObject *object)
{
  let_go (FLASH_REVIVE_GUIDE (object));

  G_OBJECT_CLASS (flash_revive_guide_parent_class)->dispose (object);
}

static void
flash_revive_guide_class_init (FlashReviveGuideClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  static const struct {
    const char *name;
    gssize offset;
  } children[] = {
#define CHILD(name) { #name, G_STRUCT_OFFSET (FlashReviveGuide, name) }
    CHILD (act_button),       CHILD (advice_box),    CHILD (caption_label),  CHILD (cause_label),
    CHILD (chooser),          CHILD (coming_list),   CHILD (confirm_button), CHILD (drawing),
    CHILD (fact_list),        CHILD (fault_label),   CHILD (file_label),     CHILD (obstacle_box),
    CHILD (obstacle_label),   CHILD (passed_list),   CHILD (present_icon),   CHILD (preview_label),
    CHILD (preview_expander), CHILD (progress),      CHILD (text_label),     CHILD (title_label),
    CHILD (warning_box),      CHILD (warning_label), CHILD (case_label),
  };

  G_OBJECT_CLASS (klass)->dispose = flash_revive_guide_dispose;
  g_type_ensure (FLASH_TYPE_ADVICE_BOX);
  g_type_ensure (FLASH_TYPE_REVIVE_CHOOSER);
  g_type_ensure (FLASH_TYPE_REVIVE_PROGRESS);
  g_type_ensure (FLASH_TYPE_SWITCH_DRAWING);
  signals[SIGNAL_CHOOSE_FILE] =
      g_signal_new ("choose-file", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-revive-guide.ui");
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    gtk_widget_class_bind_template_child_full (widget_class, children[i].name, FALSE,
                                               children[i].offset);
  gtk_widget_class_bind_template_callback (widget_class, on_act_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_stopped);
}

static void
flash_revive_guide_init (FlashReviveGuide *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
}

GtkWidget *
flash_revive_guide_new (void)
{
  return g_object_new (FLASH_TYPE_REVIVE_GUIDE, NULL);
}
