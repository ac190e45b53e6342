/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-view"

#include "config.h"

#include "flash-report-view.h"

#include "flash-advice.h"
#include "flash-help-window.h"
#include "flash-report-findings.h"
#include "flash-report-item.h"
#include "flash-report-words.h"
#include "flash-side-view.h"

#include <glib/gi18n.h>

/* The ids of pages at the side: the time line, or what a name is one of. */
#define PAGE_TIME_LINE "time-line"
#define SECTION_PREFIX "section:"
#define TEXT_PREFIX "text:"

struct _FlashReportView {
  AdwBin parent_instance;

  FlashReport *report; /* (owned) (nullable) */
  char *page; /* (owned) (nullable): the chosen one */
  GListStore *moments; /* (owned) (element-type FlashReportItem) */
  GtkCustomFilter *filter; /* (owned) */
  GtkFilterListModel *shown; /* (owned) (element-type FlashReportItem) */

  FlashReportFindings *findings;
  GtkListView *moment_list;
  GtkLabel *no_moments_label;
  FlashSideView *side_view;
  GtkDropDown *source_choice;
  GtkStack *stack;
  GtkTextView *text_view;
};

G_DEFINE_FINAL_TYPE (FlashReportView, flash_report_view, ADW_TYPE_BIN)

enum { SIGNAL_MOVED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- the time line -------------------------------------------------------------------------- */

static gboolean
is_shown (gpointer item, gpointer data)
{
  FlashReportView *self = data;
  const FlashReportMoment *moment = flash_report_item_get_moment (item);
  guint chosen = gtk_drop_down_get_selected (self->source_choice);

  /* The first choice is all of them. */
  return chosen == 0 || chosen == GTK_INVALID_LIST_POSITION ||
         g_strcmp0 (flash_report_words_list_sources ()[chosen - 1], moment->source) == 0;
}

static void
on_code_clicked (GtkButton *button)
{
  const FlashAdvice *advice = flash_advice_find (gtk_button_get_label (button));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (button));

  if (advice != NULL)
    flash_help_window_show (GTK_WINDOW (root), advice->help);
}

static GtkWidget *
create_caption (float xalign)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", xalign, NULL);

  gtk_widget_add_css_class (label, "caption");
  gtk_widget_add_css_class (label, "flash-dim");
  return label;
}

/* A head with time, source and code, and the text below: so it fits into a narrow window too. */
static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *code =
      g_object_new (GTK_TYPE_BUTTON, "has-frame", FALSE, "tooltip-text", _ ("Help about it"), NULL);

  gtk_widget_add_css_class (code, "flash-small");
  g_signal_connect (code, "clicked", G_CALLBACK (on_code_clicked), NULL);
  gtk_box_append (GTK_BOX (head), create_caption (0));
  gtk_box_append (GTK_BOX (head), g_object_new (GTK_TYPE_IMAGE, "accessible-role",
                                                GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
  gtk_box_append (GTK_BOX (head), create_caption (0));
  gtk_box_append (GTK_BOX (head), code);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE,
                                               "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL));
  gtk_widget_add_css_class (box, "flash-moment");
  gtk_list_item_set_child (item, box);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  const FlashReportMoment *moment = flash_report_item_get_moment (gtk_list_item_get_item (item));
  GtkWidget *head = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *time = gtk_widget_get_first_child (head);
  GtkWidget *icon = gtk_widget_get_next_sibling (time);
  GtkWidget *source = gtk_widget_get_next_sibling (icon);
  GtkWidget *code = gtk_widget_get_next_sibling (source);
  g_autofree char *shown_time = flash_report_words_dup_time (moment->time_ms);
  gboolean is_known = moment->code != NULL && flash_advice_find (moment->code) != NULL;

  gtk_label_set_label (GTK_LABEL (time), shown_time);
  gtk_image_set_from_icon_name (GTK_IMAGE (icon), flash_report_words_icon (moment->source));
  gtk_label_set_label (GTK_LABEL (source), flash_report_words_source (moment->source));
  gtk_button_set_label (GTK_BUTTON (code), is_known ? moment->code : "");
  gtk_widget_set_visible (code, is_known);
  gtk_label_set_label (GTK_LABEL (gtk_widget_get_next_sibling (head)), moment->text);
}

static void
update_moments (FlashReportView *self)
{
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (self->shown));

  gtk_widget_set_visible (GTK_WIDGET (self->no_moments_label), n_shown == 0);
}

static void
on_source_chosen (FlashReportView *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_moments (self);
}

static void
fill_moments (FlashReportView *self)
{
  GPtrArray *moments = flash_report_get_moments (self->report);

  g_list_store_remove_all (self->moments);
  for (guint i = 0; i < moments->len; i++) {
    g_autoptr (FlashReportItem) item =
        flash_report_item_new (self->report, g_ptr_array_index (moments, i));

    g_list_store_append (self->moments, item);
  }
  update_moments (self);
}

static char *
dup_moments (FlashReportView *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->shown)); i++) {
    g_autoptr (FlashReportItem) item = g_list_model_get_item (G_LIST_MODEL (self->shown), i);
    g_autofree char *line = flash_report_words_dup_moment (flash_report_item_get_moment (item));

    g_string_append (text, line);
  }
  return g_string_free (text, FALSE);
}

/* --- pages ---------------------------------------------------------------------------------- */

static JsonNode *
get_section (FlashReportView *self, const char *page)
{
  return g_str_has_prefix (page, SECTION_PREFIX)
             ? flash_report_get_section (self->report, page + strlen (SECTION_PREFIX))
             : NULL;
}

static const char *
get_text (FlashReportView *self, const char *page)
{
  return g_str_has_prefix (page, TEXT_PREFIX)
             ? flash_report_get_text (self->report, page + strlen (TEXT_PREFIX))
             : NULL;
}

static gboolean
has_page (FlashReportView *self, const char *page)
{
  return g_str_equal (page, PAGE_TIME_LINE) || get_section (self, page) != NULL ||
         get_text (self, page) != NULL;
}

char *
flash_report_view_dup_text (FlashReportView *self)
{
  JsonNode *section;

  g_return_val_if_fail (FLASH_IS_REPORT_VIEW (self) && self->report != NULL, NULL);

  if (g_str_equal (self->page, PAGE_TIME_LINE))
    return dup_moments (self);
  section = get_section (self, self->page);
  return section != NULL ? flash_report_words_dup_facts (section)
                         : g_strdup (get_text (self, self->page));
}

static void
show_text (FlashReportView *self, const char *text)
{
  g_autofree char *shown = flash_report_words_dup_shown (text);

  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), shown, -1);
  gtk_stack_set_visible_child_name (self->stack, "text");
}

static void
show_page (FlashReportView *self, const char *page)
{
  g_autofree char *name = g_strdup (page);
  g_autofree char *text = NULL;

  g_free (self->page);
  self->page = g_steal_pointer (&name);
  if (g_str_equal (self->page, PAGE_TIME_LINE)) {
    gtk_stack_set_visible_child_name (self->stack, PAGE_TIME_LINE);
  } else if (g_str_equal (self->page, SECTION_PREFIX "findings")) {
    flash_report_findings_show (self->findings, get_section (self, self->page));
    gtk_stack_set_visible_child_name (self->stack, "findings");
  } else {
    text = flash_report_view_dup_text (self);
    show_text (self, text);
  }
}

static void
on_page_chosen (FlashReportView *self, const char *page)
{
  show_page (self, page);
}

static void
add_pages (FlashReportView *self, GStrv names, const char *prefix, gboolean are_sections)
{
  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *id = g_strconcat (prefix, names[i], NULL);

    flash_side_view_add (self->side_view, id,
                         are_sections ? flash_report_words_section (names[i]) : names[i],
                         are_sections ? "view-list-symbolic" : "text-x-generic-symbolic");
  }
}

void
flash_report_view_set_report (FlashReportView *self, FlashReport *report)
{
  g_auto (GStrv) section_names = NULL;
  g_auto (GStrv) text_names = NULL;
  g_autofree char *page = NULL;
  gboolean is_first;

  g_return_if_fail (FLASH_IS_REPORT_VIEW (self) && report != NULL);

  is_first = self->report == NULL;
  flash_report_ref (report);
  g_clear_pointer (&self->report, flash_report_unref);
  self->report = report;
  section_names = flash_report_list_sections (report);
  text_names = flash_report_list_texts (report);
  page = g_strdup (self->page != NULL && has_page (self, self->page) ? self->page : PAGE_TIME_LINE);
  flash_side_view_clear (self->side_view);
  flash_side_view_add (self->side_view, PAGE_TIME_LINE, _ ("Time line"),
                       "document-open-recent-symbolic");
  add_pages (self, section_names, SECTION_PREFIX, TRUE);
  add_pages (self, text_names, TEXT_PREFIX, FALSE);
  fill_moments (self);
  show_page (self, page);
  flash_side_view_choose (self->side_view, page);
  /* In a narrow window, what there is comes first. */
  if (is_first)
    flash_side_view_uncover (self->side_view);
}

gboolean
flash_report_view_is_covered (FlashReportView *self)
{
  g_return_val_if_fail (FLASH_IS_REPORT_VIEW (self), FALSE);

  return flash_side_view_is_covered (self->side_view);
}

void
flash_report_view_uncover (FlashReportView *self)
{
  g_return_if_fail (FLASH_IS_REPORT_VIEW (self));

  flash_side_view_uncover (self->side_view);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
on_moved (FlashReportView *self)
{
  g_signal_emit (self, signals[SIGNAL_MOVED], 0);
}

static void
flash_report_view_dispose (GObject *object)
{
  /* First: the template would let go of a child that the bin still has. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_REPORT_VIEW);

  G_OBJECT_CLASS (flash_report_view_parent_class)->dispose (object);
}

static void
flash_report_view_finalize (GObject *object)
{
  FlashReportView *self = FLASH_REPORT_VIEW (object);

  g_clear_pointer (&self->report, flash_report_unref);
  g_object_unref (self->shown);
  g_object_unref (self->filter);
  g_object_unref (self->moments);
  g_free (self->page);

  G_OBJECT_CLASS (flash_report_view_parent_class)->finalize (object);
}

static void
flash_report_view_class_init (FlashReportViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_report_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_report_view_finalize;

  /**
   * FlashReportView::moved:
   *
   * Whether the page covers the list may have changed.
   */
  signals[SIGNAL_MOVED] = g_signal_new ("moved", FLASH_TYPE_REPORT_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (FLASH_TYPE_REPORT_FINDINGS);
  g_type_ensure (FLASH_TYPE_SIDE_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-report-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashReportView, findings);
  gtk_widget_class_bind_template_child (widget_class, FlashReportView, moment_list);
  gtk_widget_class_bind_template_child (widget_class, FlashReportView, no_moments_label);
  gtk_widget_class_bind_template_child (widget_class, FlashReportView, side_view);
  gtk_widget_class_bind_template_child (widget_class, FlashReportView, source_choice);
  gtk_widget_class_bind_template_child (widget_class, FlashReportView, stack);
  gtk_widget_class_bind_template_child (widget_class, FlashReportView, text_view);
  gtk_widget_class_bind_template_callback (widget_class, on_bind);
  gtk_widget_class_bind_template_callback (widget_class, on_moved);
  gtk_widget_class_bind_template_callback (widget_class, on_page_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_setup);
  gtk_widget_class_bind_template_callback (widget_class, on_source_chosen);
}

static void
flash_report_view_init (FlashReportView *self)
{
  g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);
  g_autoptr (GtkSelectionModel) selection = NULL;
  const char *const *sources = flash_report_words_list_sources ();

  self->moments = g_list_store_new (FLASH_TYPE_REPORT_ITEM);
  self->filter = gtk_custom_filter_new (is_shown, self, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_direction (GTK_WIDGET (self->text_view), GTK_TEXT_DIR_LTR);
  self->shown = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->moments)),
                                           g_object_ref (GTK_FILTER (self->filter)));
  selection =
      GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->shown))));
  gtk_list_view_set_model (self->moment_list, selection);
  gtk_string_list_append (choices, _ ("Everything"));
  for (guint i = 0; sources[i] != NULL; i++)
    gtk_string_list_append (choices, flash_report_words_source (sources[i]));
  gtk_drop_down_set_model (self->source_choice, G_LIST_MODEL (choices));
}
