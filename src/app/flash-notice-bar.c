/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-notice-bar"

#include "config.h"

#include "flash-notice-bar.h"

#include "flash-wrap-layout.h"

struct _FlashNoticeBar {
  AdwBin parent_instance;

  GtkLabel *detail_label;
  GtkButton *first_button;
  GtkButton *second_button;
  GtkLabel *title_label;
};

G_DEFINE_FINAL_TYPE (FlashNoticeBar, flash_notice_bar, ADW_TYPE_BIN)

static void
flash_notice_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_NOTICE_BAR);

  G_OBJECT_CLASS (flash_notice_bar_parent_class)->dispose (object);
}

static void
flash_notice_bar_class_init (FlashNoticeBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_notice_bar_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  g_type_ensure (FLASH_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-notice-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashNoticeBar, detail_label);
  gtk_widget_class_bind_template_child (widget_class, FlashNoticeBar, first_button);
  gtk_widget_class_bind_template_child (widget_class, FlashNoticeBar, second_button);
  gtk_widget_class_bind_template_child (widget_class, FlashNoticeBar, title_label);
}

static void
flash_notice_bar_init (FlashNoticeBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_button (GtkButton *button, const char *action, const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (button), action != NULL);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_button_set_label (button, label != NULL ? label : "");
}

void
flash_notice_bar_set_notice (FlashNoticeBar *self, const FlashNotice *notice)
{
  g_return_if_fail (FLASH_IS_NOTICE_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self), notice != NULL);
  if (notice == NULL)
    return;
  gtk_label_set_label (self->title_label, notice->title);
  gtk_label_set_label (self->detail_label, notice->detail != NULL ? notice->detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), notice->detail != NULL);
  set_button (self->first_button, notice->first_action, notice->first_label);
  set_button (self->second_button, notice->second_action, notice->second_label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  notice->title, -1);
}
