/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-handover-view"

#include "config.h"

#include "flash-handover-view.h"

#include "flash-advice-box.h"
#include "flash-button-names.h"
#include "flash-handover-words.h"
#include "flash-rows-layout.h"

#include <glib/gi18n.h>

/* Shorter waits are no news: every hand-over is one. */
#define SHOW_MS 1000
/* Two clocks that differ by less begin with the same. */
#define SAME_MS 3000

struct _FlashHandoverView {
  AdwBin parent_instance;

  FlashJobModel *model; /* (owned) (nullable) */
  FlashDoctor *doctor; /* (owned) (nullable) */
  FlashJobQuestion asked; /* what the buttons answer */
  FlashJobQuestion answered; /* the question to which the answer was to go on */
  char *port; /* (owned) (nullable): where the board stands, if that is elsewhere */

  FlashAdviceBox *advice_box;
  GtkWidget *button_box;
  GtkButton *console_button;
  GtkButton *give_up_button;
  GtkButton *image_button;
  GtkButton *go_on_button;
  GtkLabel *left_label;
  GtkButton *move_button;
  GtkSpinButton *patience_spin;
  GtkImage *port_icon;
  GtkLabel *port_label;
  GtkButton *begin_again_button;
  GtkSwitch *restart_switch;
  GtkLabel *since_label;
  GtkLabel *handover_label;
  GtkButton *vm_button;
  GtkButton *access_button;
  GtkLevelBar *wait_bar;
  GtkWidget *wait_box;
  GtkLabel *wait_label;
};

G_DEFINE_FINAL_TYPE (FlashHandoverView, flash_handover_view, ADW_TYPE_BIN)

/* A screen reader says a label again whenever it is set. */
static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

static gboolean
is_wanted (FlashJob *job)
{
  const FlashSnapshot *snapshot = flash_job_get_snapshot (job);
  gboolean is_away =
      snapshot->activity == FLASH_ACTIVITY_WAITING || snapshot->activity == FLASH_ACTIVITY_PAUSED;

  if (!flash_job_is_running (job) || flash_job_is_cancelled (job))
    return FALSE;
  return flash_job_get_question (job) != FLASH_JOB_QUESTION_NONE ||
         (is_away && snapshot->waited_ms >= SHOW_MS);
}

/* The board, whatever it does. */
static gboolean
is_back (const FlashSymptoms *symptoms)
{
  return symptoms->port == FLASH_PORT_AWAITED || symptoms->port == FLASH_PORT_ROM ||
         symptoms->port == FLASH_PORT_STAYED;
}

/* --- showing -------------------------------------------------------------------------------- */

/* Since when the port shows this, unless the wait tells the same. */
static void
show_port (FlashHandoverView *self, const FlashSymptoms *symptoms)
{
  FlashJob *job = flash_job_model_get_job (self->model);
  guint shown_ms = flash_doctor_get_shown_ms (self->doctor);
  guint waited_ms = flash_job_get_snapshot (job)->waited_ms;
  gboolean is_told = flash_job_get_question (job) != FLASH_JOB_QUESTION_GONE &&
                     MAX (shown_ms, waited_ms) - MIN (shown_ms, waited_ms) < SAME_MS;
  g_autofree char *port = flash_handover_words_dup_port (symptoms);
  g_autofree char *since = flash_handover_words_dup_since (shown_ms);

  set_text (self->port_label, port);
  set_text (self->since_label, is_told ? "" : since);
  gtk_image_set_from_icon_name (self->port_icon, flash_handover_words_port_icon (symptoms->port));
}

static void
show_wait (FlashHandoverView *self, FlashJob *job)
{
  const FlashSnapshot *snapshot = flash_job_get_snapshot (job);
  FlashJobQuestion question = flash_job_get_question (job);
  gboolean is_limited = question == FLASH_JOB_QUESTION_NONE && snapshot->patience_ms > 0;
  /* How long nobody has answered is no news. */
  gboolean is_counted =
      question == FLASH_JOB_QUESTION_NONE || question == FLASH_JOB_QUESTION_PATIENCE;
  g_autofree char *text =
      flash_handover_words_dup_wait (snapshot->waited_ms, is_limited ? snapshot->patience_ms : 0);

  set_text (self->wait_label, text);
  gtk_widget_set_visible (self->wait_box, is_counted);
  gtk_widget_set_visible (GTK_WIDGET (self->wait_bar), is_limited);
  if (!is_limited)
    return;
  gtk_level_bar_set_max_value (self->wait_bar, snapshot->patience_ms);
  gtk_level_bar_set_value (self->wait_bar, MIN (snapshot->waited_ms, snapshot->patience_ms));
}

/* What a board has that was unplugged; a board that is away at a hand-over has lost nothing. */
static void
show_left (FlashHandoverView *self, FlashJobQuestion question, const FlashSymptoms *symptoms)
{
  gboolean is_gone = question == FLASH_JOB_QUESTION_GONE;
  gboolean waits = self->answered == question && !is_back (symptoms);
  guint n_written, n_total;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->left_label), is_gone);
  if (!is_gone)
    return;
  flash_job_model_count (self->model, &n_written, &n_total);
  text = waits ? g_strdup (_ ("It goes on by itself as soon as the board is back."))
               : flash_handover_words_dup_left (n_written, n_total,
                                                flash_job_model_get_half (self->model),
                                                is_back (symptoms));
  set_text (self->left_label, text);
}

static void
set_suggested (GtkButton *button, gboolean is_suggested)
{
  if (is_suggested)
    gtk_widget_add_css_class (GTK_WIDGET (button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (button), "suggested-action");
}

static void
show_offers (FlashHandoverView *self, FlashJobQuestion question, const FlashSymptoms *symptoms)
{
  FlashHandoverOffer suggested;
  FlashHandoverOffer offers = flash_handover_words_offers (
      question, symptoms, flash_doctor_get_findings (self->doctor), &suggested);
  const struct {
    FlashHandoverOffer offer;
    GtkButton *button;
  } items[] = {
    { FLASH_HANDOVER_GO_ON, self->go_on_button },
    { FLASH_HANDOVER_RESTART, self->begin_again_button },
    { FLASH_HANDOVER_MOVE, self->move_button },
    { FLASH_HANDOVER_VM, self->vm_button },
    { FLASH_HANDOVER_ACCESS, self->access_button },
    { FLASH_HANDOVER_IMAGE, self->image_button },
    { FLASH_HANDOVER_GIVE_UP, self->give_up_button },
    { FLASH_HANDOVER_CONSOLE, self->console_button },
  };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++) {
    gtk_widget_set_visible (GTK_WIDGET (items[i].button), (offers & items[i].offer) != 0);
    set_suggested (items[i].button, suggested == items[i].offer);
  }
  gtk_widget_set_visible (self->button_box, offers != FLASH_HANDOVER_NOTHING);
  gtk_widget_set_sensitive (GTK_WIDGET (self->go_on_button),
                            question == FLASH_JOB_QUESTION_NONE || self->answered != question);
}

static void
show_elsewhere (FlashHandoverView *self, const char *elsewhere)
{
  g_autofree char *label = NULL;

  if (g_strcmp0 (elsewhere, self->port) == 0)
    return;
  g_free (self->port);
  self->port = g_strdup (elsewhere);
  /* TRANSLATORS: the port of a board, such as 1-4 */
  label = g_strdup_printf (_ ("Continue on _port %s"), elsewhere != NULL ? elsewhere : "");
  gtk_button_set_label (self->move_button, label);
}

static void
update (FlashHandoverView *self)
{
  FlashJob *job = flash_job_model_get_job (self->model);
  const FlashSymptoms *symptoms;
  FlashJobQuestion question;

  gtk_widget_set_visible (GTK_WIDGET (self), self->doctor != NULL && is_wanted (job));
  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return;
  symptoms = flash_doctor_get_symptoms (self->doctor);
  question = flash_job_get_question (job);
  self->asked = question;
  if (question != self->answered)
    self->answered = FLASH_JOB_QUESTION_NONE;
  set_text (self->handover_label, flash_handover_words_title (question, symptoms->expected));
  show_port (self, symptoms);
  show_wait (self, job);
  show_left (self, question, symptoms);
  flash_advice_box_set_findings (self->advice_box, flash_doctor_get_findings (self->doctor));
  show_elsewhere (self, symptoms->elsewhere);
  show_offers (self, question, symptoms);
}

/* --- verbs ---------------------------------------------------------------------------------- */

static void
on_answered (FlashAdviceBox *box, guint observation, guint answer, FlashHandoverView *self)
{
  if (self->doctor != NULL)
    flash_doctor_observe (self->doctor, observation, answer);
}

static void
on_go_on_clicked (FlashHandoverView *self)
{
  FlashJob *job = flash_job_model_get_job (self->model);

  self->answered = self->asked;
  flash_job_answer (job, self->asked, FLASH_JOB_ANSWER_GO_ON);
  update (self);
}

static void
on_give_up_clicked (FlashHandoverView *self)
{
  flash_job_answer (flash_job_model_get_job (self->model), self->asked, FLASH_JOB_ANSWER_GIVE_UP);
}

/* The button names the port: pressing it is the agreement. */
static void
on_move_clicked (FlashHandoverView *self)
{
  if (self->port != NULL)
    flash_job_move (flash_job_model_get_job (self->model), self->port);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_handover_view_dispose (GObject *object)
{
  FlashHandoverView *self = FLASH_HANDOVER_VIEW (object);

  flash_handover_view_set_model (self, NULL);
  g_clear_pointer (&self->port, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_HANDOVER_VIEW);

  G_OBJECT_CLASS (flash_handover_view_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, access_button);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, advice_box);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, button_box);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, console_button);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, give_up_button);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, go_on_button);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, image_button);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, left_label);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, move_button);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, patience_spin);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, port_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, port_label);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, begin_again_button);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, restart_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, since_label);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, handover_label);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, vm_button);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, wait_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, wait_box);
  gtk_widget_class_bind_template_child (widget_class, FlashHandoverView, wait_label);
  gtk_widget_class_bind_template_callback (widget_class, on_answered);
  gtk_widget_class_bind_template_callback (widget_class, on_give_up_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_go_on_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_move_clicked);
}

static void
flash_handover_view_class_init (FlashHandoverViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_handover_view_dispose;

  g_type_ensure (FLASH_TYPE_ADVICE_BOX);
  g_type_ensure (FLASH_TYPE_ROWS_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-handover-view.ui");
  bind_children (widget_class);
}

/* A bar that fills up is no matter of good or bad. */
static void
flash_handover_view_init (FlashHandoverView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
  gtk_level_bar_remove_offset_value (self->wait_bar, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (self->wait_bar, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (self->wait_bar, GTK_LEVEL_BAR_OFFSET_FULL);
}

void
flash_handover_view_set_model (FlashHandoverView *self, FlashJobModel *model)
{
  FlashDoctor *doctor;

  g_return_if_fail (FLASH_IS_HANDOVER_VIEW (self));
  g_return_if_fail (model == NULL || FLASH_IS_JOB_MODEL (model));

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  if (self->doctor != NULL)
    g_signal_handlers_disconnect_by_data (self->doctor, self);
  g_set_object (&self->model, model);
  g_clear_object (&self->doctor);
  doctor = model != NULL ? flash_job_model_get_doctor (model) : NULL;
  self->doctor = doctor != NULL ? g_object_ref (doctor) : NULL;
  self->answered = FLASH_JOB_QUESTION_NONE;
  if (model == NULL)
    return;
  flash_advice_box_set_findings (self->advice_box, NULL);
  g_signal_connect_swapped (model, "changed", G_CALLBACK (update), self);
  if (self->doctor != NULL)
    g_signal_connect_swapped (self->doctor, "changed", G_CALLBACK (update), self);
  update (self);
}

void
flash_handover_view_bind_settings (FlashHandoverView *self, GSettings *settings)
{
  g_return_if_fail (FLASH_IS_HANDOVER_VIEW (self));

  g_settings_bind (settings, "patience", gtk_spin_button_get_adjustment (self->patience_spin),
                   "value", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "restart-by-itself", self->restart_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
}
