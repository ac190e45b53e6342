/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-step-row"

#include "config.h"

#include "flash-step-row.h"

struct _FlashStepRow {
  GtkListBoxRow parent_instance;

  FlashStepItem *item; /* (owned) */
  const char *css_class; /* (nullable): static: what is set now */

  GtkImage *icon;
  GtkLabel *detail_label;
  GtkLabel *name_label;
  GtkLabel *state_label;
};

G_DEFINE_FINAL_TYPE (FlashStepRow, flash_step_row, GTK_TYPE_LIST_BOX_ROW)

static void
update (FlashStepRow *self)
{
  const char *css_class = flash_step_item_get_css_class (self->item);
  const char *name = flash_step_item_get_name (self->item);
  g_autofree char *text = flash_step_item_dup_text (self->item);
  g_autofree char *detail = flash_step_item_dup_detail (self->item);
  g_autofree char *summary = g_strdup_printf ("%s. %s", name, text);

  gtk_image_set_from_icon_name (self->icon, flash_step_item_get_icon_name (self->item));
  gtk_label_set_label (self->state_label, text);
  gtk_label_set_label (self->detail_label, detail);
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), *detail != '\0');
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, summary,
                                  -1);
  if (self->css_class == css_class)
    return;
  if (self->css_class != NULL) {
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), self->css_class);
    gtk_widget_remove_css_class (GTK_WIDGET (self->state_label), self->css_class);
  }
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), css_class);
  gtk_widget_add_css_class (GTK_WIDGET (self->state_label), css_class);
  self->css_class = css_class;
}

static void
flash_step_row_dispose (GObject *object)
{
  FlashStepRow *self = FLASH_STEP_ROW (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_STEP_ROW);

  G_OBJECT_CLASS (flash_step_row_parent_class)->dispose (object);
}

static void
flash_step_row_class_init (FlashStepRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_step_row_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-step-row.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashStepRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, FlashStepRow, icon);
  gtk_widget_class_bind_template_child (widget_class, FlashStepRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, FlashStepRow, state_label);
}

static void
flash_step_row_init (FlashStepRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flash_step_row_new (FlashStepItem *item)
{
  FlashStepRow *self;

  g_return_val_if_fail (FLASH_IS_STEP_ITEM (item), NULL);

  self = g_object_new (FLASH_TYPE_STEP_ROW, NULL);
  self->item = g_object_ref (item);
  gtk_label_set_label (self->name_label, flash_step_item_get_name (item));
  g_signal_connect_swapped (item, "changed", G_CALLBACK (update), self);
  update (self);
  return GTK_WIDGET (self);
}

FlashStepItem *
flash_step_row_get_item (FlashStepRow *self)
{
  g_return_val_if_fail (FLASH_IS_STEP_ROW (self), NULL);

  return self->item;
}

void
flash_step_row_update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer unused)
{
  g_autofree char *group = flash_step_item_dup_group (FLASH_STEP_ROW (row)->item);
  g_autofree char *group_before =
      before != NULL ? flash_step_item_dup_group (FLASH_STEP_ROW (before)->item) : NULL;
  GtkWidget *label;

  if (*group == '\0' || g_strcmp0 (group, group_before) == 0) {
    gtk_list_box_row_set_header (row, NULL);
    return;
  }
  label = gtk_label_new (group);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "flash-group");
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_list_box_row_set_header (row, label);
}
