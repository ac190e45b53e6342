/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-job-page"

#include "config.h"

#include "flash-job-page.h"

#include "flash-advice-box.h"
#include "flash-announcer.h"
#include "flash-console-pane.h"
#include "flash-handover-view.h"
#include "flash-mcu-words.h"
#include "flash-step-row.h"
#include "flash-words.h"

#include <glib/gi18n.h>

struct _FlashJobPage {
  AdwBin parent_instance;

  FlashJobModel *model; /* (owned) (nullable) */
  gint step; /* that was scrolled to */
  gint announced; /* the stage or step that was told last */

  FlashConsolePane *console_pane;
  GtkWidget *content;
  GtkLabel *figures_label;
  FlashHandoverView *handover_view;
  FlashAdviceBox *hint_box;
  GtkProgressBar *progress_bar;
  GtkScrolledWindow *scroller;
  GtkBox *stage_box;
  GtkLabel *status_label;
  GtkListBox *step_list;
  GtkButton *stop_button;
  GtkLabel *heading_label;
};

G_DEFINE_FINAL_TYPE (FlashJobPage, flash_job_page, ADW_TYPE_BIN)

/* In the order in which a board goes through them. */
static const char *const stages[] = { "rom", "tf-a", "u-boot" };

static int
find_stage (const char *stage)
{
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    if (g_strcmp0 (stages[i], stage) == 0)
      return (int) i;
  return -1;
}

static void
show_stage (GtkWidget *box, int index, int current)
{
  GtkWidget *icon = gtk_widget_get_first_child (box);
  GtkWidget *label = gtk_widget_get_last_child (box);
  const char *name = flash_words_stage (stages[index]);
  g_autofree char *text = NULL;

  if (index < current)
    /* TRANSLATORS: a boot stage that the board has left behind; for screen readers */
    text = g_strdup_printf (_ ("%s, done"), name);
  else if (index == current)
    /* TRANSLATORS: a boot stage that the board is in; for screen readers */
    text = g_strdup_printf (_ ("%s, running"), name);
  else
    /* TRANSLATORS: a boot stage that the board has not reached; for screen readers */
    text = g_strdup_printf (_ ("%s, to come"), name);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), index < current    ? "object-select-symbolic"
                                                  : index == current ? "media-record-symbolic"
                                                                     : "content-loading-symbolic");
  gtk_label_set_label (GTK_LABEL (label), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_css_classes (box, (const char *[]){ "flash-stage",
                                                     index < current    ? "success"
                                                     : index == current ? "accent"
                                                                        : "flash-dim",
                                                     NULL });
}

static void
show_stages (FlashJobPage *self)
{
  int current = find_stage (flash_job_model_get_stage (self->model));
  int index = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stage_box)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_BOX (child))
      show_stage (child, index++, current);
}

static void
show_hint (FlashJobPage *self)
{
  const char *code = flash_job_model_get_hint (self->model);

  flash_advice_box_set_advice (self->hint_box, code != NULL ? flash_advice_find (code) : NULL);
}

/* Once for each stage of the board, or each step on a microcontroller, which has no stages. */
static void
announce (FlashJobPage *self, FlashJob *job)
{
  gboolean has_stages = flash_job_get_plan (job) != NULL;
  gint current = has_stages ? find_stage (flash_job_model_get_stage (self->model))
                            : flash_job_get_snapshot (job)->step;
  g_autofree char *text = NULL;

  if (current <= self->announced)
    return;
  self->announced = current;
  if (has_stages)
    text = g_strdup_printf (_ ("%s, running"), flash_words_stage (stages[current]));
  else
    text = g_strdup (flash_mcu_words_step ((FlashMcuStep) current));
  flash_announcer_say (GTK_WIDGET (self), text);
}

/* Only when another step begins: whoever looks at something else in the meantime is left alone. */
static void
scroll_to_step (FlashJobPage *self, gint step)
{
  GtkListBoxRow *row;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double x, y;

  if (step < 0 || step == self->step || gtk_widget_get_visible (GTK_WIDGET (self->handover_view)))
    return;
  row = gtk_list_box_get_row_at_index (self->step_list, step);
  if (row == NULL ||
      !gtk_widget_translate_coordinates (GTK_WIDGET (row), self->content, 0, 0, &x, &y))
    return;
  self->step = step;
  gtk_adjustment_clamp_page (adjustment, y - gtk_widget_get_height (GTK_WIDGET (row)),
                             y + 2 * gtk_widget_get_height (GTK_WIDGET (row)));
}

static void
update (FlashJobPage *self)
{
  FlashJob *job = flash_job_model_get_job (self->model);
  g_autofree char *name = flash_board_entry_dup_title (flash_job_model_get_entry (self->model));
  g_autofree char *title = g_strdup_printf (_ ("Flashing %s"), name);
  g_autofree char *status = flash_job_model_dup_status (self->model);
  g_autofree char *figures = flash_job_model_dup_figures (self->model);

  gtk_label_set_label (self->heading_label, title);
  gtk_progress_bar_set_fraction (self->progress_bar, flash_job_get_snapshot (job)->fraction);
  gtk_label_set_label (self->status_label, status);
  gtk_label_set_label (self->figures_label, figures);
  /* A microcontroller goes through no stages. */
  gtk_widget_set_visible (GTK_WIDGET (self->stage_box), flash_job_get_plan (job) != NULL);
  show_stages (self);
  show_hint (self);
  announce (self, job);
  if (flash_job_get_plan (job) != NULL)
    scroll_to_step (self, flash_job_get_snapshot (job)->step);
}

/* What the status says is said there in more words; and it is above whatever was looked at. */
static void
on_handover_shown (FlashJobPage *self)
{
  gboolean is_shown = gtk_widget_get_visible (GTK_WIDGET (self->handover_view));

  gtk_widget_set_visible (GTK_WIDGET (self->status_label), !is_shown);
  if (is_shown)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  self->step = -1;
}

static GtkWidget *
create_row (gpointer item, gpointer unused)
{
  return flash_step_row_new (item);
}

static void
flash_job_page_dispose (GObject *object)
{
  FlashJobPage *self = FLASH_JOB_PAGE (object);

  if (self->step_list != NULL)
    flash_job_page_set_model (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_JOB_PAGE);

  G_OBJECT_CLASS (flash_job_page_parent_class)->dispose (object);
}

static void
flash_job_page_class_init (FlashJobPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_job_page_dispose;

  g_type_ensure (FLASH_TYPE_ADVICE_BOX);
  g_type_ensure (FLASH_TYPE_CONSOLE_PANE);
  g_type_ensure (FLASH_TYPE_HANDOVER_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-job-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, console_pane);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, content);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, figures_label);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, handover_view);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, hint_box);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, stage_box);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, status_label);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, step_list);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, FlashJobPage, heading_label);
}

static void
flash_job_page_init (FlashJobPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->step_list, flash_step_row_update_header, NULL, NULL);
  g_signal_connect_swapped (self->handover_view, "notify::visible", G_CALLBACK (on_handover_shown),
                            self);
}

void
flash_job_page_set_model (FlashJobPage *self, FlashJobModel *model)
{
  g_return_if_fail (FLASH_IS_JOB_PAGE (self));
  g_return_if_fail (model == NULL || FLASH_IS_JOB_MODEL (model));

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  gtk_list_box_bind_model (self->step_list, NULL, NULL, NULL, NULL);
  flash_handover_view_set_model (self->handover_view, model);
  flash_console_pane_set_model (self->console_pane, model);
  g_set_object (&self->model, model);
  if (model == NULL)
    return;
  self->step = -1;
  self->announced = -1;
  gtk_list_box_bind_model (self->step_list, flash_job_model_get_steps (model), create_row, NULL,
                           NULL);
  g_signal_connect_swapped (model, "changed", G_CALLBACK (update), self);
  update (self);
}

void
flash_job_page_set_application (FlashJobPage *self, FlashApplication *application)
{
  g_return_if_fail (FLASH_IS_JOB_PAGE (self));

  flash_handover_view_bind_settings (self->handover_view,
                                     flash_application_get_settings (application));
  flash_console_pane_set_application (self->console_pane, application);
}

void
flash_job_page_focus (FlashJobPage *self)
{
  g_return_if_fail (FLASH_IS_JOB_PAGE (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->stop_button));
}
