/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-storage-view"

#include "config.h"

#include "flash-storage-view.h"

#include "flash-text.h"
#include "flash-words.h"

#include <glib/gi18n.h>

struct _FlashStorageView {
  AdwBin parent_instance;

  FlashStorageBar *bar;
  GtkLabel *kind_label;
  GtkLabel *name_label;
  GtkLabel *size_label;
};

G_DEFINE_FINAL_TYPE (FlashStorageView, flash_storage_view, ADW_TYPE_BIN)

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

  g_type_ensure (FLASH_TYPE_STORAGE_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-storage-view.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, bar);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, kind_label);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlashStorageView, size_label);
}

static void
flash_storage_view_init (FlashStorageView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Only an eMMC has boot areas. */
static const char *
get_kind (const FlashLayoutStorage *storage)
{
  FlashLayoutRow *row = NULL;

  for (guint i = 0; i < storage->parts->len; i++) {
    row = g_array_index (storage->parts, FlashLayoutPart, i).row;
    if (flash_layout_row_get_offset_kind (row) != FLASH_LAYOUT_OFFSET_NUMBER)
      return _ ("eMMC");
  }
  return row != NULL ? flash_words_storage (row) : "";
}

GtkWidget *
flash_storage_view_new (const FlashLayoutStorage *storage, GHashTable *items)
{
  FlashStorageView *self = g_object_new (FLASH_TYPE_STORAGE_VIEW, NULL);
  guint n_parts = storage->parts->len;
  g_autofree char *count =
      g_strdup_printf (ngettext ("%u partition", "%u partitions", n_parts), n_parts);

  gtk_label_set_label (self->name_label, storage->ip);
  gtk_label_set_label (self->kind_label, get_kind (storage));
  if (storage->size > 0) {
    g_autofree char *size = flash_text_size (storage->size);
    /* TRANSLATORS: “11 partitions, 8 GiB” */
    g_autofree char *both = g_strdup_printf (_ ("%1$s, %2$s"), count, size);

    gtk_label_set_label (self->size_label, both);
  } else {
    gtk_label_set_label (self->size_label, count);
  }
  flash_storage_bar_set_storage (self->bar, storage, items);
  return GTK_WIDGET (self);
}

FlashStorageBar *
flash_storage_view_get_bar (FlashStorageView *self)
{
  g_return_val_if_fail (FLASH_IS_STORAGE_VIEW (self), NULL);

  return self->bar;
}
