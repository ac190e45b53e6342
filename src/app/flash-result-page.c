/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-result-page"

#include "config.h"

#include "flash-result-page.h"

#include "flash-advice-box.h"
#include "flash-handover-words.h"
#include "flash-mcu-words.h"
#include "flash-revive-words.h"
#include "flash-step-row.h"
#include "flash-text.h"
#include "flash-words.h"
#include "flash-wrap-layout.h"

#include <glib/gi18n.h>

/* A board's own words are not trusted. */
#define MAX_DEVICE_CHARS 600

struct _FlashResultPage {
  AdwBin parent_instance;

  FlashJobModel *model; /* (owned) (nullable) */

  FlashAdviceBox *advice_box;
  GtkButton *again_button;
  GtkButton *back_button;
  GtkLabel *code_label;
  GtkLabel *description_label;
  GtkWidget *device_box;
  GtkLabel *device_label;
  AdwActionRow *difference_row;
  GtkImage *icon;
  GtkWidget *port_button;
  AdwActionRow *next_row;
  GtkWidget *report_button;
  GtkActionable *revive_button;
  GtkScrolledWindow *scroller;
  AdwActionRow *started_row;
  GtkImage *started_icon;
  GtkListBox *step_list;
  GtkLabel *heading_label;
  AdwActionRow *verified_row;
  GtkImage *verified_icon;
  AdwActionRow *written_row;
  GtkImage *written_icon;
};

G_DEFINE_FINAL_TYPE (FlashResultPage, flash_result_page, ADW_TYPE_BIN)

typedef enum { FACT_YES, FACT_NO, FACT_OPEN } Fact;

static void
show_fact (AdwActionRow *row, GtkImage *icon, Fact fact, const char *text)
{
  static const struct {
    const char *icon_name;
    const char *css_class;
  } looks[] = {
    [FACT_YES] = { "emblem-ok-symbolic", "success" },
    [FACT_NO] = { "dialog-warning-symbolic", "warning" },
    [FACT_OPEN] = { "list-remove-symbolic", "flash-dim" },
  };

  adw_action_row_set_subtitle (row, text);
  gtk_image_set_from_icon_name (icon, looks[fact].icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (icon), (const char *[]){ looks[fact].css_class, NULL });
}

static void
show_written (FlashResultPage *self, FlashJob *job)
{
  FlashPlan *plan = flash_job_get_plan (job);
  const FlashResult *result = flash_job_get_result (job);
  guint n_written, n_total;
  GString *text = g_string_new (NULL);
  Fact fact;

  flash_job_model_count (self->model, &n_written, &n_total);
  if (n_total > 0)
    g_string_append_printf (text,
                            ngettext ("%1$u of %2$u partition", "%1$u of %2$u partitions", n_total),
                            n_written, n_total);
  else
    g_string_append (text, _ ("The layout has no partitions to write"));
  if (result->partial_step >= 0 && result->partial_bytes > 0) {
    const FlashPlanStep *step = flash_plan_get_step (plan, (guint) result->partial_step);
    g_autofree char *bytes = flash_text_size (result->partial_bytes);
    g_autofree char *size = flash_text_size (step->size);

    g_string_append_c (text, '\n');
    /* TRANSLATORS: a partition that was not finished: “rootfs: 1 MiB of 64 MiB were sent” */
    g_string_append_printf (text, _ ("%1$s: %2$s of %3$s were sent"), step->name, bytes, size);
  }
  fact = n_total == 0 ? FACT_OPEN : n_written == n_total ? FACT_YES : FACT_NO;
  show_fact (self->written_row, self->written_icon, fact, text->str);
  g_string_free (text, TRUE);
}

static void
show_verified (FlashResultPage *self, FlashJob *job)
{
  FlashPlan *plan = flash_job_get_plan (job);
  const FlashResult *result = flash_job_get_result (job);
  const GError *error = flash_job_get_error (job);

  if (flash_result_is_all_verified (result, plan))
    show_fact (self->verified_row, self->verified_icon, FACT_YES,
               _ ("Yes, read back and compared"));
  else if (!flash_job_is_verifying (job))
    show_fact (self->verified_row, self->verified_icon, FACT_OPEN, _ ("Not asked for"));
  else if (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH))
    show_fact (self->verified_row, self->verified_icon, FACT_NO,
               _ ("No, what was read back differs"));
  else
    show_fact (self->verified_row, self->verified_icon, FACT_NO, _ ("No, it did not come to that"));
}

static void
show_started (FlashResultPage *self, FlashJob *job)
{
  const FlashResult *result = flash_job_get_result (job);

  if (result->started)
    show_fact (self->started_row, self->started_icon, FACT_YES, _ ("Yes"));
  else if (result->board_state == FLASH_BOARD_FINISHED)
    show_fact (self->started_row, self->started_icon, FACT_OPEN, _ ("Not yet, that is up to you"));
  else if (result->board_state == FLASH_BOARD_STARTED)
    show_fact (self->started_row, self->started_icon, FACT_NO, _ ("Not seen"));
  else
    show_fact (self->started_row, self->started_icon, FACT_OPEN, _ ("No"));
}

static void
set_look (FlashResultPage *self, const char *icon_name, const char *css_class)
{
  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char *[]){ css_class, NULL });
}

/* A heading has no full stop. */
static void
set_title (FlashResultPage *self, const char *text)
{
  g_autofree char *title = g_strndup (text, strlen (text) - (g_str_has_suffix (text, ".") ? 1 : 0));

  gtk_label_set_label (self->heading_label, title);
}

static void
show_success (FlashResultPage *self, FlashJob *job)
{
  FlashPlan *plan = flash_job_get_plan (job);
  const FlashResult *result = flash_job_get_result (job);
  g_autofree char *duration = flash_words_dup_duration (result->duration_ms);
  g_autofree char *name = flash_board_entry_dup_title (flash_job_model_get_entry (self->model));
  /* TRANSLATORS: a board, then how long it took: “STM32MP157 in 12 seconds” */
  g_autofree char *description = g_strdup_printf (_ ("%1$s in %2$s"), name, duration);

  set_look (self, "emblem-ok-symbolic", "success");
  if (flash_result_is_all_verified (result, plan))
    set_title (self, _ ("Written and verified"));
  else if (flash_result_is_all_written (result, plan) && flash_plan_has_partitions (plan) &&
           !flash_plan_ends_in_ram (plan))
    set_title (self, _ ("Written"));
  else
    set_title (self, result->started ? _ ("Sent and started") : _ ("Sent"));
  gtk_label_set_label (self->description_label, description);
  gtk_widget_set_visible (GTK_WIDGET (self->code_label), FALSE);
}

static void
show_failure (FlashResultPage *self)
{
  FlashJob *job = flash_job_model_get_job (self->model);
  const GError *error = flash_job_get_error (job);
  FlashFindings findings;
  const char *cause = flash_job_model_find_cause (self->model, &findings);
  const char *lead =
      findings.cause != NULL ? flash_handover_words_certainty (&findings) : error->message;
  gboolean is_stopped = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  set_look (self, is_stopped ? "process-stop-symbolic" : "dialog-error-symbolic",
            is_stopped ? "warning" : "error");
  set_title (self, cause != NULL ? cause : _ ("The job failed"));
  gtk_label_set_label (self->description_label, lead != NULL ? lead : "");
  gtk_widget_set_visible (GTK_WIDGET (self->description_label), lead != NULL);
  gtk_label_set_label (self->code_label, findings.cause != NULL
                                             ? findings.cause->code
                                             : flash_job_error_get_stable_code (error));
  gtk_widget_set_visible (GTK_WIDGET (self->code_label), TRUE);
  flash_advice_box_set_findings (self->advice_box, &findings);
}

static void
on_answered (FlashAdviceBox *box, guint observation, guint answer, FlashResultPage *self)
{
  flash_doctor_observe (flash_job_model_get_doctor (self->model), observation, answer);
}

static void
show_device_text (FlashResultPage *self)
{
  const char *text = flash_job_model_get_device_text (self->model);
  g_autofree char *safe =
      text != NULL ? flash_text_sanitize (text, strlen (text), MAX_DEVICE_CHARS) : NULL;

  gtk_widget_set_visible (self->device_box, safe != NULL);
  gtk_label_set_label (self->device_label, safe != NULL ? safe : "");
}

static GtkWidget *
create_row (gpointer item, gpointer unused)
{
  return flash_step_row_new (item);
}

static void
flash_result_page_dispose (GObject *object)
{
  FlashResultPage *self = FLASH_RESULT_PAGE (object);

  if (self->step_list != NULL)
    flash_result_page_set_model (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_RESULT_PAGE);

  G_OBJECT_CLASS (flash_result_page_parent_class)->dispose (object);
}

static void
flash_result_page_class_init (FlashResultPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_result_page_dispose;

  g_type_ensure (FLASH_TYPE_ADVICE_BOX);
  g_type_ensure (FLASH_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-result-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, advice_box);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, back_button);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, code_label);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, description_label);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, device_box);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, device_label);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, difference_row);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, icon);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, next_row);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, port_button);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, report_button);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, revive_button);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, started_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, started_row);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, step_list);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, heading_label);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, verified_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, verified_row);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, written_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashResultPage, written_row);
  gtk_widget_class_bind_template_callback (widget_class, on_answered);
}

static void
flash_result_page_init (FlashResultPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->step_list, flash_step_row_update_header, NULL, NULL);
  flash_advice_box_set_plain (self->advice_box, TRUE);
}

/* One button stands out: what most people want next. */
static void
set_primary (FlashResultPage *self, GtkButton *primary)
{
  GtkButton *const buttons[] = { self->again_button, self->back_button };

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++) {
    if (buttons[i] == primary)
      gtk_widget_add_css_class (GTK_WIDGET (buttons[i]), "suggested-action");
    else
      gtk_widget_remove_css_class (GTK_WIDGET (buttons[i]), "suggested-action");
  }
}

/* @offer: what the button does; nothing special without an action */
static void
set_again (FlashResultPage *self, FlashMcuOffer offer)
{
  gtk_button_set_label (self->again_button,
                        offer.action != NULL ? offer.label : _ ("Flash _again"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->again_button),
                                  offer.action != NULL ? offer.action : "win.flash-again");
}

static void
show_next (FlashResultPage *self, FlashJob *job)
{
  const FlashResult *result = flash_job_get_result (job);
  gboolean is_virtual = flash_board_is_virtual (flash_job_get_board (job));

  adw_action_row_set_subtitle (self->next_row,
                               flash_words_next_step (result->board_state, is_virtual));
  gtk_widget_set_visible (GTK_WIDGET (self->difference_row), FALSE);
  gtk_widget_set_visible (self->port_button, FALSE);
  gtk_button_set_label (self->back_button, _ ("_Back to layout"));
  set_again (self, (FlashMcuOffer){ NULL, NULL });
  set_primary (self, flash_job_get_error (job) != NULL ? self->again_button : self->back_button);
}

static void
show_layout (FlashResultPage *self, FlashJob *job)
{
  if (flash_job_get_error (job) == NULL)
    show_success (self, job);
  show_written (self, job);
  show_verified (self, job);
  show_started (self, job);
  show_next (self, job);
}

/* --- microcontrollers ----------------------------------------------------------------------- */

static Fact
get_fact (FlashMcuFact fact)
{
  switch (fact) {
  case FLASH_MCU_FACT_YES:
    return FACT_YES;
  case FLASH_MCU_FACT_NO:
    return FACT_NO;
  case FLASH_MCU_FACT_OPEN:
    return FACT_OPEN;
  }
  g_return_val_if_reached (FACT_OPEN);
}

static void
show_mcu_success (FlashResultPage *self, FlashJob *job)
{
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  g_autofree char *duration = flash_words_dup_duration (result->duration_ms);
  g_autofree char *name = flash_board_entry_dup_title (flash_job_model_get_entry (self->model));
  g_autofree char *description = g_strdup_printf (_ ("%1$s in %2$s"), name, duration);

  set_look (self, "emblem-ok-symbolic", "success");
  set_title (self, flash_mcu_words_success (flash_job_get_mcu_job (job), result));
  gtk_label_set_label (self->description_label, description);
  gtk_widget_set_visible (GTK_WIDGET (self->code_label), FALSE);
}

static void
show_mcu_facts (FlashResultPage *self, FlashJob *job)
{
  const FlashMcuJob *what = flash_job_get_mcu_job (job);
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  FlashMcuFact fact;
  g_autofree char *written =
      flash_mcu_words_dup_written (result, flash_job_get_error (job) != NULL, &fact);
  g_autofree char *verified = NULL;
  g_autofree char *started = NULL;

  show_fact (self->written_row, self->written_icon, get_fact (fact), written);
  verified = flash_mcu_words_dup_verified (what, result, &fact);
  show_fact (self->verified_row, self->verified_icon, get_fact (fact), verified);
  started = flash_mcu_words_dup_started (what, result, &fact);
  show_fact (self->started_row, self->started_icon, get_fact (fact), started);
}

/* Where the chip differs; or else, in English, what the program knows besides the advice. */
static void
show_difference (FlashResultPage *self, FlashJob *job)
{
  const GError *error = flash_job_get_error (job);
  g_autofree char *difference = flash_mcu_words_dup_difference (flash_job_get_mcu_result (job));
  gboolean has_detail = error != NULL && error->domain == FLASH_JOB_ERROR;
  g_autofree char *detail = has_detail ? flash_words_dup_capitalised (error->message) : NULL;
  const char *text = difference != NULL ? difference : has_detail ? detail : "";

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->difference_row),
                                 difference != NULL ? _ ("Where it differs") : _ ("In detail"));
  adw_action_row_set_subtitle (self->difference_row, text);
  gtk_widget_set_visible (GTK_WIDGET (self->difference_row), *text != '\0');
}

static void
show_mcu_next (FlashResultPage *self, FlashJob *job)
{
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  gboolean is_virtual = flash_board_is_virtual (flash_job_get_board (job));
  gboolean has_failed = flash_job_get_error (job) != NULL;
  FlashMcuOffer offer = { NULL, NULL };

  if (has_failed)
    offer = flash_mcu_words_offer (result);
  gtk_widget_set_visible (self->port_button,
                          has_failed &&
                              flash_mcu_words_asks_port (flash_job_get_mcu_job (job), result));
  show_difference (self, job);
  adw_action_row_set_subtitle (self->next_row, flash_mcu_words_next (result, is_virtual));
  gtk_button_set_label (self->back_button, _ ("_Back to firmware"));
  set_again (self, offer);
  /* What destroys does not ask to be pressed. */
  if (g_strcmp0 (offer.action, "win.unprotect") == 0)
    set_primary (self, NULL);
  else
    set_primary (self, has_failed ? self->again_button : self->back_button);
}

static void
show_mcu (FlashResultPage *self, FlashJob *job)
{
  if (flash_job_get_error (job) == NULL)
    show_mcu_success (self, job);
  show_mcu_facts (self, job);
  show_mcu_next (self, job);
}

/* Also when a question was answered, which leads to another cause: of a chip more is known than the
 * advice says. */
static void
show_job (FlashResultPage *self)
{
  FlashJob *job = flash_job_model_get_job (self->model);

  if (flash_job_get_error (job) != NULL)
    show_failure (self);
  if (flash_job_get_mcu_job (job) != NULL)
    show_mcu (self, job);
  else
    show_layout (self, job);
}

/* The case that fits the failure, where there is one. */
static void
show_revive (FlashResultPage *self, FlashJob *job)
{
  const GError *error = flash_job_get_error (job);
  gboolean is_mp = flash_job_get_mcu_job (job) == NULL;
  const char *code = error != NULL ? flash_job_error_get_stable_code (error) : "done";
  const char *case_id = flash_revive_words_find_case (code, is_mp);

  if (case_id != NULL)
    gtk_actionable_set_action_target (self->revive_button, "s", case_id);
  gtk_widget_set_visible (GTK_WIDGET (self->revive_button), case_id != NULL);
}

void
flash_result_page_set_model (FlashResultPage *self, FlashJobModel *model)
{
  FlashJob *job;
  const GError *error;

  g_return_if_fail (FLASH_IS_RESULT_PAGE (self));
  g_return_if_fail (model == NULL || FLASH_IS_JOB_MODEL (model));

  gtk_list_box_bind_model (self->step_list, NULL, NULL, NULL, NULL);
  if (self->model != NULL && flash_job_model_get_doctor (self->model) != NULL)
    g_signal_handlers_disconnect_by_data (flash_job_model_get_doctor (self->model), self);
  g_set_object (&self->model, model);
  if (model == NULL)
    return;
  job = flash_job_model_get_job (model);
  error = flash_job_get_error (job);
  flash_advice_box_set_findings (self->advice_box, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->description_label), TRUE);
  gtk_widget_set_visible (self->report_button, error != NULL);
  show_revive (self, job);
  if (flash_job_model_get_doctor (model) != NULL)
    g_signal_connect_swapped (flash_job_model_get_doctor (model), "changed", G_CALLBACK (show_job),
                              self);
  show_device_text (self);
  show_job (self);
  gtk_list_box_bind_model (self->step_list, flash_job_model_get_steps (model), create_row, NULL,
                           NULL);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

const char *
flash_result_page_get_title (FlashResultPage *self)
{
  g_return_val_if_fail (FLASH_IS_RESULT_PAGE (self), NULL);

  return gtk_label_get_label (self->heading_label);
}

void
flash_result_page_focus (FlashResultPage *self)
{
  g_return_if_fail (FLASH_IS_RESULT_PAGE (self) && self->model != NULL);

  /* What is offered may have to wait for the board. */
  if (flash_job_get_error (flash_job_model_get_job (self->model)) == NULL ||
      !gtk_widget_grab_focus (GTK_WIDGET (self->again_button)))
    gtk_widget_grab_focus (GTK_WIDGET (self->back_button));
}
