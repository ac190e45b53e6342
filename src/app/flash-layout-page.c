/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-layout-page"

#include "config.h"

#include "flash-layout-page.h"

#include "flash-layout-table.h"
#include "flash-problem-panel.h"
#include "flash-storage-maps.h"
#include "flash-text.h"
#include "flash-wrap-layout.h"

#include <glib/gi18n.h>

struct _FlashLayoutPage {
  AdwBin parent_instance;

  FlashEditor *editor; /* (owned) (nullable) */
  guint scroll_source; /* until what was chosen is in sight */
  char *target; /* (owned) (nullable): the board that would be flashed */

  GtkWidget *content;
  GtkButton *flash_button;
  FlashStorageMaps *maps;
  FlashNoteBar *note_bar;
  FlashProblemPanel *panel;
  GtkScrolledWindow *scroller;
  GtkLabel *summary_label;
  FlashLayoutTable *table;
  GtkLabel *target_label;
};

G_DEFINE_FINAL_TYPE (FlashLayoutPage, flash_layout_page, ADW_TYPE_BIN)

/* --- choosing a line ------------------------------------------------------------------------ */

static void
scroll_to (FlashLayoutPage *self, GtkWidget *widget, double y, double height)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  double x, top;

  if (gtk_widget_translate_coordinates (widget, self->content, 0, y, &x, &top))
    gtk_adjustment_clamp_page (adjustment, top, top + height);
}

static gboolean
on_scroll_due (gpointer data)
{
  FlashLayoutPage *self = data;
  FlashLayoutEntry *entry = flash_layout_table_get_selected (self->table);
  double y, height;

  self->scroll_source = 0;
  if (entry != NULL && flash_layout_table_get_row_place (
                           self->table, flash_layout_entry_get_number (entry), &y, &height))
    scroll_to (self, GTK_WIDGET (self->table), y, height);
  return G_SOURCE_REMOVE;
}

/* The table scrolls by itself first; where its row is then, the next frame knows. */
static void
show_selected (FlashLayoutPage *self)
{
  if (self->scroll_source == 0)
    self->scroll_source = g_idle_add_full (G_PRIORITY_LOW, on_scroll_due, self, NULL);
}

static void
on_table_selected (FlashLayoutTable *table, guint line, FlashLayoutPage *self)
{
  flash_storage_maps_select_line (self->maps, line);
}

static void
on_maps_selected (FlashStorageMaps *maps, guint line, FlashLayoutPage *self)
{
  flash_layout_table_select_line (self->table, line);
}

static void
on_problem_activated (FlashProblemPanel *panel, guint line, guint column, FlashLayoutPage *self)
{
  flash_layout_table_focus_cell (self->table, line, column);
  show_selected (self);
}

/* --- what will be sent ---------------------------------------------------------------------- */

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

/* Whether something happens to it: a partition with the option - stays as it is on the board. */
static gboolean
is_flashed (FlashLayoutRow *row)
{
  return flash_layout_row_is_download (row) || flash_layout_row_is_erased (row);
}

/**
 * count_partitions:
 * @out_n_flashed: (out): how many of them are written or erased
 *
 * Returns: how many partitions on storages the layout has
 */
static guint
count_partitions (const FlashLoaded *loaded, guint *out_n_flashed)
{
  guint n_partitions = 0;

  *out_n_flashed = 0;
  for (guint i = 0; i < flash_layout_get_n_rows (loaded->layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (loaded->layout, i);

    if (flash_layout_row_get_ip (row) == FLASH_LAYOUT_IP_NONE)
      continue;
    n_partitions++;
    if (is_flashed (row))
      (*out_n_flashed)++;
  }
  return n_partitions;
}

/* Says on the button when something is left out, so that nobody takes a part for the whole. */
static void
show_verb (FlashLayoutPage *self)
{
  FlashLoaded *loaded = self->editor != NULL ? flash_editor_get_loaded (self->editor) : NULL;
  guint n_flashed = 0;
  guint n_partitions = loaded != NULL ? count_partitions (loaded, &n_flashed) : 0;
  g_autofree char *part = NULL;
  g_autofree char *words = NULL;

  if (n_flashed == n_partitions) {
    gtk_button_set_label (self->flash_button, _ ("_Flash"));
    words = self->target != NULL ? g_strdup_printf (_ ("Flash %s"), self->target)
                                 : g_strdup (_ ("Flash"));
  } else {
    /* TRANSLATORS: how many partitions: “Flash 1 of 11” */
    part = g_strdup_printf (_ ("_Flash %1$u of %2$u"), n_flashed, n_partitions);
    gtk_button_set_label (self->flash_button, part);
    words = g_strdup_printf (
        ngettext ("Flash %1$u of %2$u partition", "Flash %1$u of %2$u partitions", n_partitions),
        n_flashed, n_partitions);
  }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->flash_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static void
on_checked (FlashEditor *editor, FlashLayoutPage *self)
{
  FlashLoaded *loaded = flash_editor_get_loaded (editor);

  if (loaded == NULL)
    return;
  show_summary (self, loaded);
  show_verb (self);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_layout_page_dispose (GObject *object)
{
  FlashLayoutPage *self = FLASH_LAYOUT_PAGE (object);

  g_clear_handle_id (&self->scroll_source, g_source_remove);
  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  g_clear_object (&self->editor);
  g_clear_pointer (&self->target, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_LAYOUT_PAGE);

  G_OBJECT_CLASS (flash_layout_page_parent_class)->dispose (object);
}

static void
flash_layout_page_class_init (FlashLayoutPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_layout_page_dispose;

  g_type_ensure (FLASH_TYPE_LAYOUT_TABLE);
  g_type_ensure (FLASH_TYPE_NOTE_BAR);
  g_type_ensure (FLASH_TYPE_PROBLEM_PANEL);
  g_type_ensure (FLASH_TYPE_STORAGE_MAPS);
  g_type_ensure (FLASH_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-layout-page.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, content);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, flash_button);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, maps);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, note_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, panel);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, summary_label);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, table);
  gtk_widget_class_bind_template_child (widget_class, FlashLayoutPage, target_label);
  gtk_widget_class_bind_template_callback (widget_class, on_maps_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_problem_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_table_selected);
}

static void
flash_layout_page_init (FlashLayoutPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* It is called by what it would flash, and not by its label as well. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->flash_button),
                                 GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

void
flash_layout_page_set_editor (FlashLayoutPage *self, FlashEditor *editor)
{
  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));
  g_return_if_fail (FLASH_IS_EDITOR (editor));

  if (editor == self->editor)
    return;
  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  g_set_object (&self->editor, editor);
  g_signal_connect (editor, "checked", G_CALLBACK (on_checked), self);
  flash_storage_maps_set_editor (self->maps, editor);
  flash_layout_table_set_editor (self->table, editor);
  flash_problem_panel_set_editor (self->panel, editor);
  on_checked (editor, self);
}

void
flash_layout_page_set_target (FlashLayoutPage *self, const char *name)
{
  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));

  gtk_label_set_label (self->target_label, name != NULL ? name : _ ("No board"));
  g_free (self->target);
  self->target = g_strdup (name);
  show_verb (self);
}

void
flash_layout_page_set_note (FlashLayoutPage *self, const FlashNote *note, gboolean blocks)
{
  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));
  g_return_if_fail (note != NULL || !blocks);

  flash_note_bar_set_note (self->note_bar, note);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->flash_button),
                               blocks ? note->text : _ ("Write the layout to the board"));
}

void
flash_layout_page_show_problems (FlashLayoutPage *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));

  scroll_to (self, GTK_WIDGET (self->panel), 0,
             gtk_widget_get_height (GTK_WIDGET (self->scroller)));
  flash_problem_panel_focus (self->panel);
}

void
flash_layout_page_keep_only (FlashLayoutPage *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));

  gtk_widget_activate_action (GTK_WIDGET (self->table), "table.only", NULL);
}

void
flash_layout_page_finish (FlashLayoutPage *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));

  flash_layout_table_finish (self->table);
}

void
flash_layout_page_focus (FlashLayoutPage *self)
{
  g_return_if_fail (FLASH_IS_LAYOUT_PAGE (self));

  gtk_widget_child_focus (self->content, GTK_DIR_TAB_FORWARD);
}
