/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-advice-box"

#include "config.h"

#include "flash-advice-box.h"

#include "flash-announcer.h"
#include "flash-button-names.h"
#include "flash-handover-words.h"
#include "flash-words.h"

#include <glib/gi18n.h>

struct _FlashAdviceBox {
  AdwBin parent_instance;

  FlashFindings findings; /* what is shown */
  gboolean is_plain;
  FlashObservation given_question; /* what was answered last */
  FlashTri given_answer;
  const char *help; /* (nullable): static: the page */

  GtkBox *candidates_box;
  GtkLabel *cause_label;
  GtkWidget *given_box;
  GtkLabel *given_label;
  GtkWidget *code_box;
  GtkLabel *advice_code_label;
  GtkButton *help_button;
  GtkImage *severity_icon;
  GtkLabel *lead_label;
  GtkBox *notes_box;
  GtkWidget *question_box;
  GtkLabel *question_label;
  GtkBox *steps_box;
};

G_DEFINE_FINAL_TYPE (FlashAdviceBox, flash_advice_box, ADW_TYPE_BIN)

enum { SIGNAL_ANSWERED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
clear (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}

static GtkWidget *
create_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  return label;
}

static GtkWidget *
create_mark (const char *text)
{
  GtkWidget *mark = gtk_label_new (text);

  gtk_widget_add_css_class (mark, "numeric");
  gtk_widget_add_css_class (mark, "flash-dim");
  gtk_label_set_width_chars (GTK_LABEL (mark), 2);
  gtk_label_set_xalign (GTK_LABEL (mark), 1);
  return mark;
}

/* @mark: what stands before the text */
static void
add_line (GtkBox *box, GtkWidget *mark, const char *text)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (line), mark);
  gtk_box_append (GTK_BOX (line), create_label (text));
  gtk_box_append (box, line);
}

/* One step needs no number. */
static void
show_steps (FlashAdviceBox *self, const FlashAdvice *advice)
{
  g_auto (GStrv) steps = advice != NULL ? flash_advice_dup_steps (_ (advice->remedy)) : NULL;
  guint n_steps = steps != NULL ? g_strv_length (steps) : 0;

  clear (self->steps_box);
  gtk_widget_set_visible (GTK_WIDGET (self->steps_box), n_steps > 0);
  if (n_steps == 1)
    gtk_box_append (self->steps_box, create_label (steps[0]));
  for (guint i = 0; n_steps > 1 && i < n_steps; i++) {
    /* TRANSLATORS: the number of a step */
    g_autofree char *number = g_strdup_printf (_ ("%u."), i + 1);

    add_line (self->steps_box, create_mark (number), steps[i]);
  }
}

static void
show_candidates (FlashAdviceBox *self)
{
  const FlashFindings *findings = &self->findings;
  gboolean is_open = findings->certainty == FLASH_CERTAINTY_OPEN;

  clear (self->candidates_box);
  gtk_widget_set_visible (GTK_WIDGET (self->candidates_box), is_open && findings->n_candidates > 0);
  for (guint i = 0; is_open && i < findings->n_candidates; i++)
    add_line (self->candidates_box, create_mark ("•"), _ (findings->candidates[i]->cause));
}

static void
show_question (FlashAdviceBox *self)
{
  FlashObservation question = self->findings.certainty == FLASH_CERTAINTY_OPEN
                                  ? self->findings.question
                                  : FLASH_OBSERVATION_NONE;

  gtk_widget_set_visible (self->question_box, question != FLASH_OBSERVATION_NONE);
  if (question != FLASH_OBSERVATION_NONE)
    gtk_label_set_label (self->question_label, _ (flash_observation_get_question (question)));
}

/* Whoever has mistaken the lamp must be able to say so. */
static void
show_given (FlashAdviceBox *self)
{
  gboolean is_asked = gtk_widget_get_visible (self->question_box) &&
                      self->findings.question == self->given_question;
  gboolean is_shown = self->given_question != FLASH_OBSERVATION_NONE && !is_asked;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->given_box, is_shown);
  if (!is_shown)
    return;
  /* TRANSLATORS: a question that was answered, and the answer: “Is its power lamp on? No” */
  text =
      g_strdup_printf (_ ("%1$s %2$s"), _ (flash_observation_get_question (self->given_question)),
                       self->given_answer == FLASH_TRI_YES ? _ ("Yes") : _ ("No"));
  gtk_label_set_label (self->given_label, text);
}

static void
show_notes (FlashAdviceBox *self)
{
  const FlashFindings *findings = &self->findings;

  clear (self->notes_box);
  gtk_widget_set_visible (GTK_WIDGET (self->notes_box), findings->n_notes > 0);
  for (guint i = 0; i < findings->n_notes; i++) {
    const FlashAdvice *note = findings->notes[i];
    GtkWidget *icon = gtk_image_new_from_icon_name (flash_words_severity_icon (note->severity));

    add_line (self->notes_box, icon, _ (note->cause));
  }
}

static void
show_code (FlashAdviceBox *self, const FlashAdvice *advice)
{
  gtk_label_set_label (self->advice_code_label, advice != NULL ? advice->code : "");
  gtk_widget_set_visible (GTK_WIDGET (self->advice_code_label), advice != NULL && !self->is_plain);
  gtk_widget_set_visible (GTK_WIDGET (self->help_button), advice != NULL && advice->help != NULL);
  if (advice != NULL && advice->help != NULL)
    self->help = advice->help;
  gtk_widget_set_visible (self->code_box, advice != NULL);
}

/* What is worst decides on the symbol: an open cause is no error yet. */
static void
show_icon (FlashAdviceBox *self, const FlashAdvice *advice)
{
  gboolean is_open = self->findings.certainty == FLASH_CERTAINTY_OPEN;
  gboolean is_error = advice != NULL && advice->severity == FLASH_SEVERITY_ERROR && !is_open;

  gtk_image_set_from_icon_name (self->severity_icon,
                                is_open && self->findings.question != FLASH_OBSERVATION_NONE
                                    ? "dialog-question-symbolic"
                                : is_error ? "dialog-error-symbolic"
                                           : "dialog-warning-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->severity_icon),
                              (const char *[]){ is_error ? "error" : "warning", NULL });
}

static void
show (FlashAdviceBox *self)
{
  const FlashAdvice *advice = self->findings.cause;
  const char *lead = flash_handover_words_certainty (&self->findings);
  gboolean has_title = advice != NULL && !self->is_plain;

  gtk_widget_set_visible (GTK_WIDGET (self), advice != NULL || self->findings.n_candidates > 0 ||
                                                 self->findings.n_notes > 0);
  gtk_label_set_label (self->lead_label, lead != NULL ? lead : "");
  gtk_widget_set_visible (GTK_WIDGET (self->lead_label), lead != NULL && !self->is_plain);
  gtk_label_set_label (self->cause_label, advice != NULL ? _ (advice->cause) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->cause_label), has_title);
  gtk_widget_set_visible (GTK_WIDGET (self->severity_icon), has_title);
  show_icon (self, advice);
  show_steps (self, advice);
  show_candidates (self);
  show_question (self);
  show_given (self);
  show_notes (self);
  show_code (self, advice);
}

static void
answer (FlashAdviceBox *self, FlashTri tri)
{
  self->given_question = self->findings.question;
  self->given_answer = tri;
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, (guint) self->given_question, (guint) tri);
  show_given (self);
}

/* Then it is asked again, if it still matters. */
static void
on_change_clicked (FlashAdviceBox *self)
{
  FlashObservation question = self->given_question;

  self->given_question = FLASH_OBSERVATION_NONE;
  show_given (self);
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, (guint) question, (guint) FLASH_TRI_UNKNOWN);
}

/* The box may stand in a dialog, which belongs to a window with a help. */
static void
on_help_clicked (FlashAdviceBox *self)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));

  while (window != NULL &&
         !gtk_widget_activate_action (GTK_WIDGET (window), "win.help", "s", self->help))
    window = gtk_window_get_transient_for (window);
}

static void
on_yes_clicked (FlashAdviceBox *self)
{
  answer (self, FLASH_TRI_YES);
}

static void
on_no_clicked (FlashAdviceBox *self)
{
  answer (self, FLASH_TRI_NO);
}

static void
flash_advice_box_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_ADVICE_BOX);

  G_OBJECT_CLASS (flash_advice_box_parent_class)->dispose (object);
}

static void
flash_advice_box_class_init (FlashAdviceBoxClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_advice_box_dispose;

  /**
   * FlashAdviceBox::answered:
   * @observation: the question, a #FlashObservation
   * @answer: a #FlashTri, not known if an answer is taken back
   *
   * Somebody has answered the question.
   */
  signals[SIGNAL_ANSWERED] =
      g_signal_new ("answered", FLASH_TYPE_ADVICE_BOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-advice-box.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, advice_code_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, candidates_box);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, cause_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, given_box);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, given_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, code_box);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, help_button);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, lead_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, notes_box);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, question_box);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, question_label);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, severity_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashAdviceBox, steps_box);
  gtk_widget_class_bind_template_callback (widget_class, on_change_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_help_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_no_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_yes_clicked);
}

static void
flash_advice_box_init (FlashAdviceBox *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
}

GtkWidget *
flash_advice_box_new (void)
{
  return g_object_new (FLASH_TYPE_ADVICE_BOX, NULL);
}

void
flash_advice_box_set_findings (FlashAdviceBox *self, const FlashFindings *findings)
{
  static const FlashFindings nothing = { .certainty = FLASH_CERTAINTY_NOTHING };
  gboolean is_news;

  g_return_if_fail (FLASH_IS_ADVICE_BOX (self));

  /* It is about another job then. */
  if (findings == NULL) {
    self->given_question = FLASH_OBSERVATION_NONE;
    findings = &nothing;
  }
  if (flash_findings_equal (&self->findings, findings))
    return;
  is_news = findings->cause != NULL && findings->cause != self->findings.cause;
  self->findings = *findings;
  show (self);
  /* A plain box stands below a heading that says the same. */
  if (is_news && !self->is_plain)
    flash_announcer_say (GTK_WIDGET (self), _ (findings->cause->cause));
}

void
flash_advice_box_set_advice (FlashAdviceBox *self, const FlashAdvice *advice)
{
  const FlashFindings findings = { .certainty = FLASH_CERTAINTY_NOTHING, .cause = advice };

  flash_advice_box_set_findings (self, &findings);
}

void
flash_advice_box_set_plain (FlashAdviceBox *self, gboolean is_plain)
{
  g_return_if_fail (FLASH_IS_ADVICE_BOX (self));

  self->is_plain = is_plain;
  show (self);
}
