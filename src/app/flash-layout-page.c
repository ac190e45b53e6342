/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-page"

#include "config.h"

#include "flash-layout-page.h"

#include "flash-layout-lint.h"
#include "flash-layout-table.h"
#include "flash-problem-row.h"
#include "flash-storage-view.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* A file that is no layout at all can name any number of storages and have any number of faults:
 * what is shown of them stays within reason. */
#define MAX_STORAGES 12
#define PROBLEMS_AT_ONCE 25

struct _FlashLayoutPage {
  AdwBin parent_instance;

  GListModel *items; /* (owned) (nullable) (element-type FlashRowItem) */
  GPtrArray *problems; /* (owned) (element-type FlashDiag): the worst first */
  FlashDiagList *diags; /* (owned) (nullable): holds the problems */
  guint n_problems_shown;

  GtkWidget *content;
  GtkButton *flash_button;
  GtkBox *map_box;
  GtkButton *more_problems_button;
  GtkBox *note_box;
  GtkButton *note_button;
  GtkLabel *note_detail_label;
  GtkImage *note_icon;
  GtkLabel *note_label;
  GtkBox *problem_box;
  GtkLabel *problem_label;
  GtkListBox *problem_list;
  GtkScrolledWindow *scroller;
  GtkLabel *summary_label;
  FlashLayoutTable *table;
  GtkLabel *target_label;
};

G_DEFINE_FINAL_TYPE (FlashLayoutPage, flash_layout_page, ADW_TYPE_BIN)

/* --- choosing a row ----------------------------------------------------------------------- */

static void
scroll_to (FlashLayoutPage *self, GtkWidget *widget, double y, double height)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double x, top;

  if (gtk_widget_translate_coordinates (widget, self->content, 0, y, &x, &top))
    gtk_adjustment_clamp_page (adjustment, top, top + height);
}

static void
on_table_selected (FlashLayoutTable *table, FlashRowItem *item, FlashLayoutPage *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->map_box)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (FLASH_IS_STORAGE_VIEW (child))
      flash_storage_bar_select (flash_storage_view_get_bar (FLASH_STORAGE_VIEW (child)), item);
}

static void
choose_position (FlashLayoutPage *self, guint position)
{
  double y, height;

  flash_layout_table_select (self->table, position);
  flash_layout_table_get_row_place (self->table, position, &y, &height);
  scroll_to (self, GTK_WIDGET (self->table), y, height);
}

static void
on_bar_selected (FlashStorageBar *bar, FlashRowItem *item, FlashLayoutPage *self)
{
  flash_layout_table_select (self->table, flash_row_item_get_position (item));
}

static void
on_problem_activated (GtkListBox *list, GtkListBoxRow *row, FlashLayoutPage *self)
{
  guint line = flash_problem_row_get_line (FLASH_PROBLEM_ROW (row));
  guint position = flash_row_item_list_find_line (self->items, line);

  if (position != GTK_INVALID_LIST_POSITION)
    choose_position (self, position);
}

/* --- showing a layout --------------------------------------------------------------------- */

static void
show_maps (FlashLayoutPage *self, const FlashLoaded *loaded)
{
  g_autoptr (GHashTable) items = flash_row_item_list_index (self->items);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->map_box))) != NULL)
    gtk_box_remove (self->map_box, child);
  for (guint i = 0; i < MIN (loaded->storages->len, MAX_STORAGES); i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (loaded->storages, i);
    GtkWidget *view = flash_storage_view_new (storage, items);

    g_signal_connect_object (flash_storage_view_get_bar (FLASH_STORAGE_VIEW (view)), "selected",
                             G_CALLBACK (on_bar_selected), self, 0);
    gtk_box_append (self->map_box, view);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->map_box), loaded->storages->len > 0);
}

static char *
dup_problem_title (const FlashDiagList *diags)
{
  guint n_errors = flash_diag_list_count (diags, FLASH_SEVERITY_ERROR);
  guint n_warnings = flash_diag_list_count (diags, FLASH_SEVERITY_WARNING);
  g_autofree char *errors =
      g_strdup_printf (ngettext ("%u error", "%u errors", n_errors), n_errors);
  g_autofree char *warnings =
      g_strdup_printf (ngettext ("%u warning", "%u warnings", n_warnings), n_warnings);

  if (n_errors > 0 && n_warnings > 0)
    /* TRANSLATORS: “2 errors, 1 warning” */
    return g_strdup_printf (_ ("%1$s, %2$s"), errors, warnings);
  if (n_errors > 0)
    return g_steal_pointer (&errors);
  if (n_warnings > 0)
    return g_steal_pointer (&warnings);
  return g_strdup (_ ("Notes"));
}

/* A row takes its time; a thousand of them would keep the user waiting. */
static void
show_more_problems (FlashLayoutPage *self)
{
  guint n_end = MIN (self->n_problems_shown + PROBLEMS_AT_ONCE, self->problems->len);
  guint n_more = self->problems->len - n_end;
  g_autofree char *more = g_strdup_printf (
      ngettext ("Show more, %u is left", "Show more, %u are left", n_more), n_more);

  for (; self->n_problems_shown < n_end; self->n_problems_shown++)
    gtk_list_box_append (self->problem_list, flash_problem_row_new (g_ptr_array_index (
                                                 self->problems, self->n_problems_shown)));
  gtk_button_set_label (self->more_problems_button, more);
  gtk_widget_set_visible (GTK_WIDGET (self->more_problems_button), n_more > 0);
}

static void
on_more_problems_clicked (GtkButton *button, FlashLayoutPage *self)
{
  show_more_problems (self);
}

static void
collect_problems (FlashLayoutPage *self, FlashDiagList *diags)
{
  static const FlashSeverity order[] = { FLASH_SEVERITY_ERROR, FLASH_SEVERITY_WARNING,
                                         FLASH_SEVERITY_INFO };

  g_ptr_array_set_size (self->problems, 0);
  g_clear_pointer (&self->diags, flash_diag_list_unref);
  self->diags = flash_diag_list_ref (diags);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (guint j = 0; j < flash_diag_list_get_length (diags); j++) {
      const FlashDiag *diag = flash_diag_list_get (diags, j);

      if (flash_diag_get_severity (diag) == order[i])
        g_ptr_array_add (self->problems, (gpointer) diag);
    }
}

static void
show_problems (FlashLayoutPage *self, FlashDiagList *diags)
{
  g_autofree char *title = dup_problem_title (diags);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->problem_list))) != NULL)
    gtk_list_box_remove (self->problem_list, child);
  collect_problems (self, diags);
  self->n_problems_shown = 0;
  show_more_problems (self);
  gtk_label_set_label (self->problem_label, title);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_box), self->problems->len > 0);
}

static void
show_summary (FlashLayoutPage *self, const FlashLoaded *loaded)
{
  guint64 sum_bytes = 0;
  guint n_images = 0;
  g_autofree char *size = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < flash_layout_get_n_rows (loaded->layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (loaded->layout, i);
    guint64 image_bytes = g_array_index (loaded->image_sizes, guint64, i);
    gboolean is_boot = flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE;

    if (image_bytes == FLASH_SIZE_UNKNOWN || !(is_boot || flash_layout_row_is_download (row)))
      continue;
    n_images++;
    sum_bytes += image_bytes;
  }
  size = flash_text_size (sum_bytes);
  text = g_strdup_printf (
      /* TRANSLATORS: how much will be sent: “14 images, 64 MiB” */
      ngettext ("%1$u image, %2$s", "%1$u images, %2$s", n_images), n_images, size);
  gtk_label_set_label (self->summary_label, text);
}

/* --- life --------------------------------------------------------------------------------- */

static void
flash_layout_page_dispose (GObject *object)
{
  FlashLayoutPage *self = FLASH_LAYOUT_PAGE (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_LAYOUT_PAGE);
  g_clear_object (&self->items);
  g_ptr_array_set_size (self->problems, 0);
  g_clear_pointer (&self->diags, flash_diag_list_unref);

  G_OBJECT_CLASS (flash_layout_page_parent_class)->dispose (object);
}

static void
flash_layout_page_finalize (GObject *object)
{
  g_ptr_array_unref (FLASH_LAYOUT_PAGE (object)->problems);

  G_OBJECT_CLASS (flash_layout_page_parent_class)->finalize (object);
}

static void
flash_layout_page_class_init (FlashLayoutPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_layout_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_layout_page_finalize;

  g_type_ensure (FLASH_TYPE_LAYOUT_TABLE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-layout-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, content);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, flash_button);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, map_box);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, more_problems_button);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, note_box);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, note_button);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, note_detail_label);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, note_icon);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, note_label);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, problem_box);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, problem_list);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, table);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, target_label);
  gtk_widget_class_bind_template_callback (widget_class, on_more_problems_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_problem_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_table_selected);
}

static void
flash_layout_page_init (FlashLayoutPage *self)
{
  self->problems = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
has_focus (FlashLayoutPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, self->content);
}

void
flash_layout_page_set_loaded (FlashLayoutPage *self, const FlashLoaded *loaded)
{
  gboolean had_focus;

  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));
  g_return_if_fail (loaded != NULL);

  /* Otherwise the focus would go from part to part as they are taken away, and the page would be
   * scrolled after it. */
  had_focus = has_focus (self);
  if (had_focus)
    gtk_root_set_focus (gtk_widget_get_root (GTK_WIDGET (self)), NULL);
  g_clear_object (&self->items);
  self->items = flash_row_item_list_new (loaded);
  show_maps (self, loaded);
  flash_layout_table_set_items (self->table, self->items);
  gtk_widget_set_visible (GTK_WIDGET (self->table), g_list_model_get_n_items (self->items) > 0);
  show_problems (self, loaded->diags);
  show_summary (self, loaded);
  if (had_focus)
    flash_layout_page_focus (self);
}

void
flash_layout_page_set_target (FlashLayoutPage *self, const char *name)
{
  g_autofree char *label = NULL;

  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));

  label = name != NULL ? g_strdup_printf (_ ("Flash %s"), name) : g_strdup (_ ("Flash"));
  gtk_label_set_label (self->target_label, name != NULL ? name : _ ("No board"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->flash_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
show_note (FlashLayoutPage *self, const FlashLayoutNote *note)
{
  const char *css_class = NULL;

  if (g_str_equal (note->icon_name, "dialog-error-symbolic"))
    css_class = "error";
  else if (g_str_equal (note->icon_name, "dialog-warning-symbolic"))
    css_class = "warning";
  gtk_label_set_label (self->note_label, note->text);
  gtk_label_set_label (self->note_detail_label, note->detail != NULL ? note->detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note_detail_label), note->detail != NULL);
  gtk_image_set_from_icon_name (self->note_icon, note->icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->note_icon), (const char *[]){ css_class, NULL });
  gtk_widget_set_visible (GTK_WIDGET (self->note_button), note->action_name != NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->note_button), note->action_name);
  gtk_button_set_label (self->note_button, note->action_label != NULL ? note->action_label : "");
}

void
flash_layout_page_set_note (FlashLayoutPage *self, const FlashLayoutNote *note, gboolean blocks)
{
  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));
  g_return_if_fail (note != NULL || !blocks);

  gtk_widget_set_visible (GTK_WIDGET (self->note_box), note != NULL);
  if (note != NULL)
    show_note (self, note);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->flash_button),
                               blocks ? note->text : _ ("Write the layout to the board"));
}

void
flash_layout_page_show_problems (FlashLayoutPage *self)
{
  GtkListBoxRow *first;

  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));

  scroll_to (self, GTK_WIDGET (self->problem_box), 0,
             gtk_widget_get_height (GTK_WIDGET (self->scroller)));
  first = gtk_list_box_get_row_at_index (self->problem_list, 0);
  if (first != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (first));
}

void
flash_layout_page_focus (FlashLayoutPage *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));

  gtk_widget_child_focus (self->content, GTK_DIR_TAB_FORWARD);
}
