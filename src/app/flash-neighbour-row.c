/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-neighbour-row"

#include "config.h"

#include "flash-neighbour-row.h"

#include "flash-words.h"

#include <glib/gi18n.h>

struct _FlashNeighbourRow {
  GtkListBoxRow parent_instance;

  GtkImage *icon;
  GtkLabel *name_label;
  GtkLabel *place_label;
  GtkLabel *text_label;
};

G_DEFINE_FINAL_TYPE (FlashNeighbourRow, flash_neighbour_row, GTK_TYPE_LIST_BOX_ROW)

static void
flash_neighbour_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_NEIGHBOUR_ROW);

  G_OBJECT_CLASS (flash_neighbour_row_parent_class)->dispose (object);
}

static void
flash_neighbour_row_class_init (FlashNeighbourRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_neighbour_row_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-neighbour-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashNeighbourRow, icon);
  gtk_widget_class_bind_template_child (widget_class, FlashNeighbourRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlashNeighbourRow, place_label);
  gtk_widget_class_bind_template_child (widget_class, FlashNeighbourRow, text_label);
}

static void
flash_neighbour_row_init (FlashNeighbourRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flash_neighbour_row_new (FlashUsbNeighbour *neighbour)
{
  FlashNeighbourRow *self;
  FlashUsbNeighbourKind kind;
  const char *name;
  g_autofree char *place = NULL;
  g_autofree char *summary = NULL;

  g_return_val_if_fail (FLASH_IS_USB_NEIGHBOUR (neighbour), NULL);

  self = g_object_new (FLASH_TYPE_NEIGHBOUR_ROW, NULL);
  kind = flash_usb_neighbour_get_kind (neighbour);
  name = flash_usb_neighbour_get_name (neighbour);
  if (name == NULL)
    name = flash_words_neighbour_name (kind);
  place = g_strdup_printf (_ ("Port %s"), flash_usb_neighbour_get_port (neighbour));
  summary = g_strdup_printf ("%s. %s. %s", name, place, flash_words_neighbour (kind));
  gtk_image_set_from_icon_name (self->icon, flash_words_neighbour_icon (kind));
  gtk_label_set_label (self->name_label, name);
  gtk_label_set_label (self->place_label, place);
  gtk_label_set_label (self->text_label, flash_words_neighbour (kind));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, summary,
                                  -1);
  return GTK_WIDGET (self);
}
