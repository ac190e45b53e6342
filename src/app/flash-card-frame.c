/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-frame"

#include "config.h"

#include "flash-card-frame.h"

#include "flash-button-names.h"
#include "flash-card-words.h"
#include "flash-words.h"

#include <glib/gi18n.h>

#define PAGE_BUSY "busy"
#define PAGE_CHOICES "choices"
#define PAGE_PROGRESS "progress"
#define PAGE_OUTCOME "outcome"

typedef struct {
  FlashEditor *editor; /* (owned) (nullable): until it begins */
  GCancellable *looking; /* (owned) (nullable): while the layout is looked at */
  FlashCardSurvey *survey; /* (owned) (nullable) */
  gboolean is_filling; /* nobody has chosen a storage, it is being shown */

  GtkLabel *cause_label;
  AdwBin *choices_bin;
  GtkButton *close_button;
  GtkLabel *code_label;
  GtkListBox *fact_list;
  GtkWidget *fault_box;
  GtkLabel *fault_label;
  GtkLabel *heading_label;
  GtkWidget *left_out_group;
  GtkListBox *left_out_list;
  GtkImage *outcome_icon;
  GtkProgressBar *progress_bar;
  GtkLabel *progress_body;
  GtkLabel *progress_label;
  GtkLabel *progress_title;
  GtkStack *stack;
  GtkWidget *storage_group;
  AdwComboRow *storage_row;
  GtkButton *verb_button;
} FlashCardFramePrivate;

enum { PROP_CHOICES = 1 };

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (FlashCardFrame, flash_card_frame, ADW_TYPE_WINDOW)

static FlashCardFramePrivate *
get (FlashCardFrame *self)
{
  return flash_card_frame_get_instance_private (self);
}

static void
show_page (FlashCardFrame *self, const char *page, const char *close_label)
{
  FlashCardFramePrivate *priv = get (self);

  gtk_stack_set_visible_child_name (priv->stack, page);
  gtk_button_set_label (priv->close_button, close_label);
  gtk_widget_set_sensitive (GTK_WIDGET (priv->close_button), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (priv->verb_button), g_str_equal (page, PAGE_CHOICES));
}

static void
remove_all (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

static AdwActionRow *
make_row (const char *title, const char *text)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  return ADW_ACTION_ROW (row);
}

/* --- looking at the layout ------------------------------------------------------------------ */

static void
show_storages (FlashCardFrame *self)
{
  FlashCardFramePrivate *priv = get (self);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  for (guint i = 0; i < priv->survey->ips->len; i++) {
    const char *ip = g_ptr_array_index (priv->survey->ips, i);
    g_autofree char *name = flash_card_words_dup_storage (ip);

    gtk_string_list_append (names, name);
    if (g_str_equal (ip, priv->survey->ip))
      selected = i;
  }
  priv->is_filling = TRUE;
  adw_combo_row_set_model (priv->storage_row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (priv->storage_row, selected);
  priv->is_filling = FALSE;
  gtk_widget_set_visible (priv->storage_group, priv->survey->ips->len > 1);
}

static void
show_left_out (FlashCardFrame *self)
{
  FlashCardFramePrivate *priv = get (self);
  FlashCardImage *image = priv->survey->image;
  guint n_left_out = image != NULL ? flash_card_image_get_n_left_out (image) : 0;

  remove_all (priv->left_out_list);
  gtk_widget_set_visible (priv->left_out_group, n_left_out > 0);
  for (guint i = 0; i < n_left_out; i++) {
    const FlashCardLeftOut *left_out = flash_card_image_get_left_out (image, i);
    g_autofree char *remedy = flash_card_left_out_dup_remedy (left_out, flash_words_translate);
    /* TRANSLATORS: a partition's name and number: “fsbl1-boot (0x01)” */
    g_autofree char *title =
        g_strdup_printf (_ ("%1$s (0x%2$02x)"), flash_layout_row_get_name (left_out->row),
                         flash_layout_row_get_id (left_out->row));

    gtk_list_box_append (priv->left_out_list, GTK_WIDGET (make_row (title, remedy)));
  }
}

static void
show_fault (FlashCardFrame *self)
{
  FlashCardFramePrivate *priv = get (self);

  gtk_widget_set_visible (priv->fault_box, priv->survey->error != NULL);
  if (priv->survey->error != NULL) {
    FlashCardWords words = flash_card_words_find (priv->survey->error);
    /* TRANSLATORS: cause, remedy, and a code that is the same in every language */
    g_autofree char *text =
        g_strdup_printf (_ ("%1$s %2$s (%3$s)"), words.cause, words.remedy, words.code);

    gtk_label_set_label (priv->fault_label, text);
  }
}

static void
show_survey (FlashCardFrame *self)
{
  FlashCardFramePrivate *priv = get (self);
  const FlashCardSurvey *survey = priv->survey;

  if (flash_loaded_get_n_errors (survey->loaded) > 0) {
    flash_card_frame_show_outcome (
        self, FALSE, _ ("The layout has errors"),
        _ ("With them the board would refuse it, so there is no image. Correct them first: they "
           "are listed below the table."),
        "layout-has-errors");
    return;
  }
  if (survey->ip == NULL) {
    flash_card_frame_show_outcome (
        self, FALSE, _ ("Nothing for a card"),
        _ ("The layout writes neither to an SD card nor to an eMMC; other memories cannot be taken "
           "out of the board. Flash it over USB."),
        "card-empty");
    return;
  }
  if (survey->error != NULL && survey->ips->len == 1) {
    flash_card_frame_show_error (self, _ ("There can be no image"), survey->error);
    return;
  }
  show_storages (self);
  show_left_out (self);
  show_fault (self);
  flash_card_frame_show_choices (self);
  FLASH_CARD_FRAME_GET_CLASS (self)->surveyed (self);
}

static void
on_surveyed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashCardFrame) self = data;
  FlashCardFramePrivate *priv = get (self);
  g_autoptr (GError) error = NULL;
  FlashCardSurvey *survey = flash_card_survey_finish (result, &error);

  /* Closed, or another storage was chosen. */
  if (g_task_get_cancellable (G_TASK (result)) != priv->looking) {
    flash_card_survey_free (survey);
    return;
  }
  g_clear_object (&priv->looking);
  g_clear_pointer (&priv->survey, flash_card_survey_free);
  priv->survey = survey;
  if (survey != NULL)
    show_survey (self);
  else
    flash_card_frame_show_error (self, _ ("The layout could not be checked"), error);
}

static void
stop_looking (FlashCardFrame *self)
{
  FlashCardFramePrivate *priv = get (self);

  if (priv->looking != NULL)
    g_cancellable_cancel (priv->looking);
  g_clear_object (&priv->looking);
}

static void
look (FlashCardFrame *self, const char *ip)
{
  FlashCardFramePrivate *priv = get (self);

  stop_looking (self);
  priv->looking = g_cancellable_new ();
  flash_card_survey (priv->editor, ip, priv->looking, on_surveyed, g_object_ref (self));
}

static void
on_storage_selected (FlashCardFrame *self)
{
  FlashCardFramePrivate *priv = get (self);
  guint selected = adw_combo_row_get_selected (priv->storage_row);

  if (priv->is_filling || priv->survey == NULL || selected >= priv->survey->ips->len)
    return;
  flash_card_frame_set_can_act (self, FALSE);
  look (self, g_ptr_array_index (priv->survey->ips, selected));
}

void
flash_card_frame_start (FlashCardFrame *self, FlashEditor *editor)
{
  FlashCardFramePrivate *priv;

  g_return_if_fail (FLASH_IS_CARD_FRAME (self) && FLASH_IS_EDITOR (editor));

  priv = get (self);
  g_set_object (&priv->editor, editor);
  show_page (self, PAGE_BUSY, _ ("_Cancel"));
  look (self, NULL);
}

FlashCardSurvey *
flash_card_frame_get_survey (FlashCardFrame *self)
{
  g_return_val_if_fail (FLASH_IS_CARD_FRAME (self), NULL);

  return get (self)->survey;
}

FlashCardImage *
flash_card_frame_get_image (FlashCardFrame *self)
{
  FlashCardSurvey *survey = flash_card_frame_get_survey (self);

  return survey != NULL && get (self)->looking == NULL ? survey->image : NULL;
}

/* --- choices and progress ------------------------------------------------------------------- */

void
flash_card_frame_set_verb (FlashCardFrame *self, const char *label, gboolean is_destructive)
{
  g_return_if_fail (FLASH_IS_CARD_FRAME (self));

  gtk_button_set_label (get (self)->verb_button, label);
  gtk_widget_add_css_class (GTK_WIDGET (get (self)->verb_button),
                            is_destructive ? "destructive-action" : "suggested-action");
}

void
flash_card_frame_set_can_act (FlashCardFrame *self, gboolean can_act)
{
  g_return_if_fail (FLASH_IS_CARD_FRAME (self));

  gtk_widget_set_sensitive (GTK_WIDGET (get (self)->verb_button), can_act);
}

void
flash_card_frame_show_choices (FlashCardFrame *self)
{
  g_return_if_fail (FLASH_IS_CARD_FRAME (self));

  show_page (self, PAGE_CHOICES, _ ("_Cancel"));
}

void
flash_card_frame_show_progress (FlashCardFrame *self, const char *title, const char *body,
                                const char *text, double fraction)
{
  FlashCardFramePrivate *priv = get (self);

  g_return_if_fail (FLASH_IS_CARD_FRAME (self));
  if (!flash_card_frame_is_working (self))
    show_page (self, PAGE_PROGRESS, _ ("_Stop"));
  gtk_label_set_label (priv->progress_title, title);
  gtk_label_set_label (priv->progress_body, body);
  gtk_label_set_label (priv->progress_label, text != NULL ? text : "");
  if (fraction < 0)
    gtk_progress_bar_pulse (priv->progress_bar);
  else
    gtk_progress_bar_set_fraction (priv->progress_bar, fraction);
  /* Behind the toolkit, which forgets what it said when it begins to move to and fro. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (priv->progress_bar),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text ? text : title, -1);
}

void
flash_card_frame_set_can_stop (FlashCardFrame *self, gboolean can_stop)
{
  g_return_if_fail (FLASH_IS_CARD_FRAME (self));

  gtk_widget_set_sensitive (GTK_WIDGET (get (self)->close_button), can_stop);
}

gboolean
flash_card_frame_is_working (FlashCardFrame *self)
{
  g_return_val_if_fail (FLASH_IS_CARD_FRAME (self), FALSE);

  return g_strcmp0 (gtk_stack_get_visible_child_name (get (self)->stack), PAGE_PROGRESS) == 0;
}

/* --- the end -------------------------------------------------------------------------------- */

void
flash_card_frame_show_outcome (FlashCardFrame *self, gboolean is_good, const char *heading,
                               const char *cause, const char *code)
{
  FlashCardFramePrivate *priv;

  g_return_if_fail (FLASH_IS_CARD_FRAME (self) && heading != NULL);

  priv = get (self);
  gtk_image_set_from_icon_name (priv->outcome_icon,
                                is_good ? "emblem-ok-symbolic" : "dialog-error-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (priv->outcome_icon),
                              (const char *[]){ is_good ? "success" : "error", NULL });
  gtk_label_set_label (priv->heading_label, heading);
  gtk_label_set_label (priv->cause_label, cause != NULL ? cause : "");
  gtk_label_set_label (priv->code_label, code != NULL ? code : "");
  gtk_widget_set_visible (GTK_WIDGET (priv->cause_label), cause != NULL);
  gtk_widget_set_visible (GTK_WIDGET (priv->code_label), code != NULL);
  remove_all (priv->fact_list);
  gtk_widget_set_visible (GTK_WIDGET (priv->fact_list), FALSE);
  show_page (self, PAGE_OUTCOME, _ ("_Close"));
  gtk_widget_grab_focus (GTK_WIDGET (priv->close_button));
}

void
flash_card_frame_show_error (FlashCardFrame *self, const char *heading, const GError *error)
{
  FlashCardWords words;
  g_autofree char *text = NULL;

  g_return_if_fail (FLASH_IS_CARD_FRAME (self) && error != NULL);

  words = flash_card_words_find (error);
  /* TRANSLATORS: cause and remedy */
  text = g_strdup_printf (_ ("%1$s %2$s"), words.cause, words.remedy);
  flash_card_frame_show_outcome (self, FALSE, heading, text, words.code);
  flash_card_frame_add_fact (self, NULL, NULL, _ ("In detail"), error->message);
}

AdwActionRow *
flash_card_frame_add_fact (FlashCardFrame *self, const char *icon_name, const char *css_class,
                           const char *title, const char *text)
{
  FlashCardFramePrivate *priv;
  AdwActionRow *row;

  g_return_val_if_fail (FLASH_IS_CARD_FRAME (self), NULL);

  priv = get (self);
  row = make_row (title, text);
  if (icon_name != NULL) {
    GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role",
                                    GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

    if (css_class != NULL)
      gtk_widget_add_css_class (icon, css_class);
    adw_action_row_add_prefix (row, icon);
  }
  gtk_list_box_append (priv->fact_list, GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (priv->fact_list), TRUE);
  return row;
}

/* --- life ----------------------------------------------------------------------------------- */

static void
on_verb_clicked (FlashCardFrame *self)
{
  FLASH_CARD_FRAME_GET_CLASS (self)->act (self);
}

static gboolean
on_close_request (FlashCardFrame *self)
{
  if (!flash_card_frame_is_working (self))
    return FALSE;
  if (gtk_widget_get_sensitive (GTK_WIDGET (get (self)->close_button)))
    FLASH_CARD_FRAME_GET_CLASS (self)->stop (self);
  return TRUE;
}

/* Whoever waits for a thread keeps the window alive, so this is the last that is sure to come. */
static void
flash_card_frame_unrealize (GtkWidget *widget)
{
  FlashCardFrame *self = FLASH_CARD_FRAME (widget);

  stop_looking (self);
  FLASH_CARD_FRAME_GET_CLASS (self)->abandon (self);

  GTK_WIDGET_CLASS (flash_card_frame_parent_class)->unrealize (widget);
  /* It may live longer than its parent by a moment. */
  gtk_window_set_transient_for (GTK_WINDOW (self), NULL);
}

static void
flash_card_frame_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  adw_bin_set_child (get (FLASH_CARD_FRAME (object))->choices_bin, g_value_get_object (value));
}

static void
flash_card_frame_dispose (GObject *object)
{
  FlashCardFrame *self = FLASH_CARD_FRAME (object);
  FlashCardFramePrivate *priv = get (self);

  stop_looking (self);
  g_clear_pointer (&priv->survey, flash_card_survey_free);
  g_clear_object (&priv->editor);
  /* No gtk_widget_dispose_template (): GTK 4.8 ends the program where a template is on top of
   * another. The children go with the window. */

  G_OBJECT_CLASS (flash_card_frame_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, cause_label);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, choices_bin);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, close_button);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, code_label);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, fact_list);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, fault_box);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, fault_label);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, heading_label);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, left_out_group);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, left_out_list);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, outcome_icon);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, progress_bar);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, progress_body);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, progress_label);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, progress_title);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, stack);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, storage_group);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, storage_row);
  gtk_widget_class_bind_template_child_private (widget_class, FlashCardFrame, verb_button);
}

static void
flash_card_frame_class_init (FlashCardFrameClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = flash_card_frame_set_property;
  object_class->dispose = flash_card_frame_dispose;
  widget_class->unrealize = flash_card_frame_unrealize;
  g_object_class_install_property (object_class, PROP_CHOICES,
                                   g_param_spec_object ("choices", NULL, NULL, GTK_TYPE_WIDGET,
                                                        G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-card-frame.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_close_request);
  gtk_widget_class_bind_template_callback (widget_class, on_storage_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_verb_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_card_frame_init (FlashCardFrame *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
}
