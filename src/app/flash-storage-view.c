/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-view"

#include "config.h"

#include "flash-storage-view.h"

#include "flash-button-names.h"
#include "flash-storage-part.h"
#include "flash-storage-size.h"
#include "flash-text.h"
#include "flash-wrap-layout.h"

#include <glib/gi18n.h>

/* More of them would push the table out of sight; all are in the list of problems. */
#define MAX_NOTES 3
#define ZOOM_STEP 2.0

struct _FlashStorageView {
  AdwBin parent_instance;

  FlashStorageBar *bar;
  GtkLabel *kind_label;
  GtkLabel *name_label;
  GtkWidget *note_box;
  GtkBox *note_list;
  GtkScrollbar *scrollbar;
  GtkMenuButton *size_button;
  GtkLabel *size_label;
  FlashStorageSize *size_popover;
  GtkWidget *zoom_in_button;
  GtkWidget *zoom_out_button;
};

G_DEFINE_FINAL_TYPE (FlashStorageView, flash_storage_view, ADW_TYPE_BIN)

enum { SIGNAL_SIZE_ENTERED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
on_zoomed (FlashStorageView *self)
{
  gboolean is_zoomed = flash_storage_bar_get_zoom (self->bar) > 1;

  gtk_widget_set_visible (GTK_WIDGET (self->scrollbar), is_zoomed);
  gtk_widget_set_sensitive (self->zoom_out_button, is_zoomed);
}

static void
on_zoom_in_clicked (FlashStorageView *self)
{
  flash_storage_bar_zoom_by (self->bar, ZOOM_STEP);
}

static void
on_zoom_out_clicked (FlashStorageView *self)
{
  flash_storage_bar_zoom_by (self->bar, 1 / ZOOM_STEP);
}

/* What is chosen or moved takes the place of the kind: nothing jumps under the pointer. */
static void
on_status (FlashStorageView *self)
{
  FlashLayoutMap *map = flash_storage_bar_get_map (self->bar);
  const char *status = flash_storage_bar_get_status (self->bar);

  if (status != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->kind_label), "flash-dim");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->kind_label), "flash-dim");
  if (status != NULL || map != NULL)
    gtk_label_set_label (self->kind_label,
                         status != NULL ? status : flash_storage_map_get_kind (map));
}

static void
on_size_entered (FlashStorageSize *popover, guint64 size, FlashStorageView *self)
{
  g_signal_emit (self, signals[SIGNAL_SIZE_ENTERED], 0, size);
}

static void
flash_storage_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_STORAGE_VIEW);

  G_OBJECT_CLASS (flash_storage_view_parent_class)->dispose (object);
}

static void
flash_storage_view_class_init (FlashStorageViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_storage_view_dispose;
  signals[SIGNAL_SIZE_ENTERED] =
      g_signal_new ("size-entered", FLASH_TYPE_STORAGE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_UINT64);

  g_type_ensure (FLASH_TYPE_STORAGE_BAR);
  g_type_ensure (FLASH_TYPE_STORAGE_SIZE);
  g_type_ensure (FLASH_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-storage-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, bar);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, kind_label);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, note_box);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, note_list);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, scrollbar);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, size_button);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, size_label);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, size_popover);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, zoom_in_button);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, zoom_out_button);
  gtk_widget_class_bind_template_callback (widget_class, on_zoomed);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom_in_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_zoom_out_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_status);
  gtk_widget_class_bind_template_callback (widget_class, on_size_entered);
}

static void
flash_storage_view_init (FlashStorageView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
  gtk_scrollbar_set_adjustment (self->scrollbar, flash_storage_bar_get_adjustment (self->bar));
}

/* Never more than is known, and by whom. */
static void
show_size (FlashStorageView *self, const FlashLayoutMap *map, gboolean is_entered)
{
  g_autofree char *size = map->size > 0 ? flash_text_size (map->size) : NULL;
  g_autofree char *text = NULL, *spoken = NULL;

  if (size == NULL)
    text = g_strdup (_ ("Size unknown"));
  else if (is_entered)
    /* TRANSLATORS: a size that the user has typed */
    text = g_strdup_printf (_ ("%s, entered"), size);
  else
    text = g_strdup (size);
  gtk_label_set_label (self->size_label, text);
  /* TRANSLATORS: a storage, and its size */
  spoken = g_strdup_printf (_ ("%1$s: %2$s. Enter the size."), map->name, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->size_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
}

static GtkWidget *
create_note (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  return label;
}

/* @notes: (nullable): lines. Each has a label of its own, which is used again. */
static void
show_notes (FlashStorageView *self, const char *notes)
{
  g_auto (GStrv) lines = g_strsplit (notes != NULL ? notes : "", "\n", -1);
  GtkWidget *label = gtk_widget_get_first_child (GTK_WIDGET (self->note_list));

  for (guint i = 0; lines[i] != NULL; i++) {
    if (label == NULL) {
      label = create_note ();
      gtk_box_append (self->note_list, label);
    }
    gtk_label_set_label (GTK_LABEL (label), lines[i]);
    gtk_widget_set_visible (label, TRUE);
    label = gtk_widget_get_next_sibling (label);
  }
  for (; label != NULL; label = gtk_widget_get_next_sibling (label))
    gtk_widget_set_visible (label, FALSE);
  gtk_widget_set_visible (self->note_box, notes != NULL);
}

void
flash_storage_view_set_map (FlashStorageView *self, FlashLayoutMap *map, GHashTable *severities,
                            gboolean is_entered)
{
  g_autofree char *notes = NULL;

  g_return_if_fail (FLASH_IS_STORAGE_VIEW (self));
  g_return_if_fail (map != NULL);

  gtk_label_set_label (self->name_label, map->name);
  show_size (self, map, is_entered);
  flash_storage_size_set_map (self->size_popover, map);
  flash_storage_bar_set_map (self->bar, map, severities);
  notes = flash_storage_map_dup_overlaps (map, MAX_NOTES);
  show_notes (self, notes);
  on_status (self);
}

FlashStorageBar *
flash_storage_view_get_bar (FlashStorageView *self)
{
  g_return_val_if_fail (FLASH_IS_STORAGE_VIEW (self), NULL);

  return self->bar;
}
