/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-memory-frame"

#include "config.h"

#include "flash-memory-frame.h"

#include "flash-button-names.h"
#include "flash-dialogs.h"
#include "flash-memory-run.h"

#include <glib/gi18n.h>

#define PAGE_CHOICES "choices"
#define PAGE_PROGRESS "progress"
#define PAGE_OUTCOME "outcome"

typedef struct {
  FlashMemoryBoard board; /* what it is about */
  GtkWindow *question; /* (weak) (nullable): while it is asked whether to stop */
  FlashJobModel *model; /* (owned) (nullable): the job that runs */
  GtkApplication *application; /* (owned) (nullable): that was told so; a window may lose its own */
  guint inhibit_cookie;
  gboolean can_act; /* but for the word */
  const char *word; /* (nullable): what has to be typed, in English */
  FlashMcuOffer offer;

  AdwBin *choices_bin;
  GtkButton *close_button;
  GtkLabel *code_label;
  GtkListBox *fact_list;
  GtkLabel *heading_label;
  GtkButton *offer_button;
  GtkImage *outcome_icon;
  GtkProgressBar *progress_bar;
  GtkLabel *progress_body;
  GtkLabel *progress_figures;
  GtkLabel *progress_status;
  GtkLabel *progress_title;
  GtkStack *stack;
  GtkLabel *text_label;
  GtkButton *verb_button;
  AdwEntryRow *word_row;
  GtkWidget *word_group;
} FlashMemoryFramePrivate;

enum { PROP_CHOICES = 1 };

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (FlashMemoryFrame, flash_memory_frame, ADW_TYPE_WINDOW)

static FlashMemoryFramePrivate *
get (FlashMemoryFrame *self)
{
  return flash_memory_frame_get_instance_private (self);
}

static void
close_question (FlashMemoryFrame *self)
{
  GtkWindow *question = get (self)->question;

  g_clear_weak_pointer (&get (self)->question);
  if (question != NULL)
    gtk_window_destroy (question);
}

/* --- choices -------------------------------------------------------------------------------- */

static void
show_page (FlashMemoryFrame *self, const char *page, const char *close_label)
{
  FlashMemoryFramePrivate *priv = get (self);

  /* Between two jobs it stays: it is about all of them. */
  if (!g_str_equal (page, PAGE_PROGRESS))
    close_question (self);
  gtk_stack_set_visible_child_name (priv->stack, page);
  gtk_button_set_label (priv->close_button, close_label);
  gtk_widget_set_sensitive (GTK_WIDGET (priv->close_button), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (priv->verb_button), g_str_equal (page, PAGE_CHOICES));
}

static gboolean
is_word_typed (FlashMemoryFrame *self)
{
  FlashMemoryFramePrivate *priv = get (self);
  g_autofree char *typed = NULL;

  if (priv->word == NULL)
    return TRUE;
  typed = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (priv->word_row))));
  return g_str_equal (typed, priv->word) || g_str_equal (typed, _ (priv->word));
}

static void
update_verb (FlashMemoryFrame *self)
{
  FlashMemoryFramePrivate *priv = get (self);

  gtk_widget_set_sensitive (GTK_WIDGET (priv->verb_button), priv->can_act && is_word_typed (self));
}

void
flash_memory_frame_set_verb (FlashMemoryFrame *self, const char *label, gboolean is_destructive)
{
  g_return_if_fail (FLASH_IS_MEMORY_FRAME (self));

  gtk_button_set_label (get (self)->verb_button, label);
  gtk_widget_add_css_class (GTK_WIDGET (get (self)->verb_button),
                            is_destructive ? "destructive-action" : "suggested-action");
}

void
flash_memory_frame_set_can_act (FlashMemoryFrame *self, gboolean can_act)
{
  g_return_if_fail (FLASH_IS_MEMORY_FRAME (self));

  get (self)->can_act = can_act;
  update_verb (self);
}

static char *
dup_word_title (const char *word)
{
  if (g_str_equal (_ (word), word))
    /* TRANSLATORS: a word or two that have to be typed */
    return g_strdup_printf (_ ("To go on, type “%s”"), word);
  /* TRANSLATORS: a word or two that have to be typed: in this language, and in English */
  return g_strdup_printf (_ ("To go on, type “%1$s” or “%2$s”"), _ (word), word);
}

void
flash_memory_frame_set_word (FlashMemoryFrame *self, const char *word)
{
  FlashMemoryFramePrivate *priv;

  g_return_if_fail (FLASH_IS_MEMORY_FRAME (self));

  priv = get (self);
  if (g_strcmp0 (priv->word, word) == 0)
    return;
  priv->word = word;
  gtk_widget_set_visible (priv->word_group, word != NULL);
  gtk_editable_set_text (GTK_EDITABLE (priv->word_row), "");
  if (word != NULL) {
    g_autofree char *title = dup_word_title (word);

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (priv->word_row), title);
  }
  update_verb (self);
}

void
flash_memory_frame_show_choices (FlashMemoryFrame *self)
{
  g_return_if_fail (FLASH_IS_MEMORY_FRAME (self));

  gtk_editable_set_text (GTK_EDITABLE (get (self)->word_row), "");
  show_page (self, PAGE_CHOICES, _ ("_Cancel"));
  update_verb (self);
}

/* --- a job ---------------------------------------------------------------------------------- */

static void
on_changed (FlashMemoryFrame *self)
{
  FlashMemoryFramePrivate *priv = get (self);
  FlashJob *job = flash_job_model_get_job (priv->model);
  g_autofree char *status = flash_job_model_dup_status (priv->model);
  g_autofree char *figures = flash_job_model_dup_figures (priv->model);

  gtk_label_set_label (priv->progress_status, status);
  gtk_label_set_label (priv->progress_figures, figures);
  gtk_progress_bar_set_fraction (priv->progress_bar, flash_job_get_snapshot (job)->fraction);
}

static void
drop_job (FlashMemoryFrame *self)
{
  FlashMemoryFramePrivate *priv = get (self);

  if (priv->inhibit_cookie != 0)
    gtk_application_uninhibit (priv->application, priv->inhibit_cookie);
  priv->inhibit_cookie = 0;
  g_clear_object (&priv->application);
  if (priv->model != NULL)
    g_signal_handlers_disconnect_by_data (priv->model, self);
  g_clear_object (&priv->model);
}

static void
on_finished (FlashMemoryFrame *self)
{
  g_autoptr (FlashJob) job = g_object_ref (flash_job_model_get_job (get (self)->model));

  drop_job (self);
  FLASH_MEMORY_FRAME_GET_CLASS (self)->finished (self, job);
}

const char *
flash_memory_frame_run (FlashMemoryFrame *self, const FlashMcuJob *job, const char *title,
                        const char *body, gboolean can_stop)
{
  FlashMemoryFramePrivate *priv;
  const char *obstacle;

  g_return_val_if_fail (FLASH_IS_MEMORY_FRAME (self) && job != NULL, NULL);
  g_return_val_if_fail (title != NULL && body != NULL, NULL);
  g_return_val_if_fail (!flash_memory_frame_is_working (self), NULL);

  priv = get (self);
  obstacle = flash_memory_board_find_obstacle (&priv->board, GTK_WINDOW (self));
  if (obstacle != NULL) {
    flash_memory_frame_show_outcome (self, FALSE, _ ("Nothing was done"), obstacle, NULL);
    return obstacle;
  }
  show_page (self, PAGE_PROGRESS, _ ("_Stop"));
  gtk_widget_set_visible (GTK_WIDGET (priv->close_button), can_stop);
  gtk_label_set_label (priv->progress_title, title);
  gtk_label_set_label (priv->progress_body, body);
  gtk_widget_set_visible (GTK_WIDGET (priv->progress_body), *body != '\0');
  g_set_object (&priv->application, gtk_window_get_application (GTK_WINDOW (self)));
  if (job->verb != FLASH_MCU_READ)
    priv->inhibit_cookie = gtk_application_inhibit (
        priv->application, GTK_WINDOW (self),
        GTK_APPLICATION_INHIBIT_LOGOUT | GTK_APPLICATION_INHIBIT_SUSPEND, title);
  priv->model = flash_memory_run_start (GTK_WINDOW (self), priv->board.entry, job);
  g_signal_connect_swapped (priv->model, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect_swapped (priv->model, "finished", G_CALLBACK (on_finished), self);
  on_changed (self);
  return NULL;
}

gboolean
flash_memory_frame_is_working (FlashMemoryFrame *self)
{
  g_return_val_if_fail (FLASH_IS_MEMORY_FRAME (self), FALSE);

  return get (self)->model != NULL;
}

/* --- the end -------------------------------------------------------------------------------- */

void
flash_memory_frame_show_outcome (FlashMemoryFrame *self, gboolean is_good, const char *heading,
                                 const char *text, const char *code)
{
  FlashMemoryFramePrivate *priv;
  GtkWidget *child;

  g_return_if_fail (FLASH_IS_MEMORY_FRAME (self) && heading != NULL);

  priv = get (self);
  gtk_image_set_from_icon_name (priv->outcome_icon,
                                is_good ? "emblem-ok-symbolic" : "dialog-error-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (priv->outcome_icon),
                              (const char *[]){ is_good ? "success" : "error", NULL });
  gtk_label_set_label (priv->heading_label, heading);
  gtk_label_set_label (priv->text_label, text != NULL ? text : "");
  gtk_label_set_label (priv->code_label, code != NULL ? code : "");
  gtk_widget_set_visible (GTK_WIDGET (priv->text_label), text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (priv->code_label), code != NULL);
  gtk_widget_set_visible (GTK_WIDGET (priv->offer_button), FALSE);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (priv->fact_list))) != NULL)
    gtk_list_box_remove (priv->fact_list, child);
  gtk_widget_set_visible (GTK_WIDGET (priv->fact_list), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (priv->close_button), TRUE);
  show_page (self, PAGE_OUTCOME, _ ("_Close"));
  gtk_widget_grab_focus (GTK_WIDGET (priv->close_button));
}

void
flash_memory_frame_show_failure (FlashMemoryFrame *self, const char *heading, FlashJob *job,
                                 FlashMcuState state)
{
  g_auto (FlashMemoryFailure) failure = { 0 };
  FlashMemoryFramePrivate *priv;
  FlashMcuResult result;

  g_return_if_fail (FLASH_IS_MEMORY_FRAME (self) && FLASH_IS_JOB (job));

  priv = get (self);
  flash_memory_failure_init (&failure, job);
  flash_memory_frame_show_outcome (self, FALSE, heading, failure.text, failure.code);
  flash_memory_frame_add_fact (self, _ ("In detail"), failure.detail);
  /* Only looked at here: what it refers to stays the job's. */
  result = *flash_job_get_mcu_result (job);
  result.state = state;
  if (flash_job_get_mcu_job (job)->verb != FLASH_MCU_READ)
    flash_memory_frame_add_fact (
        self, _ ("What to do next"),
        flash_mcu_words_next (&result, flash_board_is_virtual (flash_job_get_board (job))));
  priv->offer = failure.offer;
  gtk_widget_set_visible (GTK_WIDGET (priv->offer_button), priv->offer.action != NULL);
  if (priv->offer.action != NULL)
    gtk_button_set_label (priv->offer_button, priv->offer.label);
}

void
flash_memory_frame_add_fact (FlashMemoryFrame *self, const char *title, const char *text)
{
  FlashMemoryFramePrivate *priv;
  GtkWidget *row;

  g_return_if_fail (FLASH_IS_MEMORY_FRAME (self) && title != NULL && text != NULL);

  priv = get (self);
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_append (priv->fact_list, row);
  gtk_widget_set_visible (GTK_WIDGET (priv->fact_list), TRUE);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
on_verb_clicked (FlashMemoryFrame *self)
{
  FLASH_MEMORY_FRAME_GET_CLASS (self)->act (self);
}

/* Return in the field of the word is as good as the button. */
static void
on_word_applied (FlashMemoryFrame *self)
{
  if (gtk_widget_get_sensitive (GTK_WIDGET (get (self)->verb_button)))
    on_verb_clicked (self);
}

static void
on_offer_clicked (FlashMemoryFrame *self)
{
  FlashMemoryFramePrivate *priv = get (self);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autoptr (FlashBoardEntry) entry = g_object_ref (priv->board.entry);
  FlashMcuOffer offer = priv->offer;

  gtk_window_close (GTK_WINDOW (self));
  flash_memory_run_take_offer (parent, entry, offer);
}

static void
stop (FlashMemoryFrame *self)
{
  FlashMemoryFramePrivate *priv = get (self);

  if (priv->model == NULL)
    return;
  flash_job_cancel (flash_job_model_get_job (priv->model));
  gtk_widget_set_sensitive (GTK_WIDGET (priv->close_button), FALSE);
}

static void
ask_stop (FlashMemoryFrame *self)
{
  FlashMemoryFramePrivate *priv = get (self);
  g_autofree char *heading =
      /* TRANSLATORS: what goes on: “Erasing” */
      g_strdup_printf (_ ("%s: stop in the middle?"), gtk_label_get_label (priv->progress_title));
  const FlashQuestion question = {
    .heading = heading,
    .body = flash_mcu_words_stopping (),
    .keep_label = _ ("_Go on"),
    .act_label = _ ("_Stop"),
  };

  if (priv->question != NULL)
    gtk_window_present (priv->question);
  else
    g_set_weak_pointer (&priv->question,
                        flash_dialogs_ask (GTK_WINDOW (self), &question, G_CALLBACK (stop), self));
}

/* What cannot be stopped has no button for it, and is not asked about: the window stays. */
static gboolean
on_close_request (FlashMemoryFrame *self)
{
  FlashMemoryFramePrivate *priv = get (self);

  if (priv->model == NULL)
    return FALSE;
  if (!gtk_widget_get_visible (GTK_WIDGET (priv->close_button)) ||
      !gtk_widget_get_sensitive (GTK_WIDGET (priv->close_button)))
    return TRUE;
  if (flash_job_get_mcu_job (flash_job_model_get_job (priv->model))->verb == FLASH_MCU_READ)
    stop (self);
  else
    ask_stop (self);
  return TRUE;
}

void
flash_memory_frame_set_entry (FlashMemoryFrame *self, FlashBoardEntry *entry)
{
  g_return_if_fail (FLASH_IS_MEMORY_FRAME (self) && FLASH_IS_BOARD_ENTRY (entry));

  flash_memory_board_set (&get (self)->board, entry);
}

FlashBoardEntry *
flash_memory_frame_get_entry (FlashMemoryFrame *self)
{
  g_return_val_if_fail (FLASH_IS_MEMORY_FRAME (self), NULL);

  return get (self)->board.entry;
}

/* A window that is destroyed without having been asked takes its job with it. */
static void
flash_memory_frame_unrealize (GtkWidget *widget)
{
  FlashMemoryFrame *self = FLASH_MEMORY_FRAME (widget);

  if (get (self)->model != NULL)
    flash_job_cancel (flash_job_model_get_job (get (self)->model));
  drop_job (self);

  GTK_WIDGET_CLASS (flash_memory_frame_parent_class)->unrealize (widget);
}

static void
flash_memory_frame_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  adw_bin_set_child (get (FLASH_MEMORY_FRAME (object))->choices_bin, g_value_get_object (value));
}

static void
flash_memory_frame_dispose (GObject *object)
{
  FlashMemoryFrame *self = FLASH_MEMORY_FRAME (object);

  drop_job (self);
  close_question (self);
  flash_memory_board_clear (&get (self)->board);
  /* No gtk_widget_dispose_template (): GTK 4.8 ends the program where a template is on top of
   * another. The children go with the window. */

  G_OBJECT_CLASS (flash_memory_frame_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, choices_bin);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, close_button);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, code_label);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, fact_list);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, heading_label);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, offer_button);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, outcome_icon);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, progress_bar);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, progress_body);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, progress_figures);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, progress_status);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, progress_title);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, stack);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, text_label);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, verb_button);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, word_group);
  gtk_widget_class_bind_template_child_private (widget_class, FlashMemoryFrame, word_row);
}

static void
flash_memory_frame_class_init (FlashMemoryFrameClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = flash_memory_frame_set_property;
  object_class->dispose = flash_memory_frame_dispose;
  widget_class->unrealize = flash_memory_frame_unrealize;
  g_object_class_install_property (object_class, PROP_CHOICES,
                                   g_param_spec_object ("choices", NULL, NULL, GTK_TYPE_WIDGET,
                                                        G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-memory-frame.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_close_request);
  gtk_widget_class_bind_template_callback (widget_class, on_offer_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_verb_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_word_applied);
  gtk_widget_class_bind_template_callback (widget_class, update_verb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_memory_frame_init (FlashMemoryFrame *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
}
