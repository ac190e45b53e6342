/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-bar"

#include "config.h"

#include "flash-bundle-bar.h"

#include "flash-wrap-layout.h"

#include <glib/gi18n.h>

struct _FlashBundleBar {
  AdwBin parent_instance;

  GtkButton *button;
  GtkWidget *close_button;
  GtkLabel *detail_label;
  GtkImage *icon;
  GtkProgressBar *progress_bar;
  GtkSpinner *spinner;
  GtkLabel *title_label;
};

G_DEFINE_FINAL_TYPE (FlashBundleBar, flash_bundle_bar, ADW_TYPE_BIN)

static void
flash_bundle_bar_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_BUNDLE_BAR);

  G_OBJECT_CLASS (flash_bundle_bar_parent_class)->dispose (object);
}

static void
flash_bundle_bar_class_init (FlashBundleBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_bundle_bar_dispose;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
  g_type_ensure (FLASH_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-bundle-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashBundleBar, button);
  gtk_widget_class_bind_template_child (widget_class, FlashBundleBar, close_button);
  gtk_widget_class_bind_template_child (widget_class, FlashBundleBar, detail_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBundleBar, icon);
  gtk_widget_class_bind_template_child (widget_class, FlashBundleBar, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, FlashBundleBar, spinner);
  gtk_widget_class_bind_template_child (widget_class, FlashBundleBar, title_label);
}

static void
flash_bundle_bar_init (FlashBundleBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
set_button (FlashBundleBar *self, FlashBundleState state)
{
  gboolean is_busy = state == FLASH_BUNDLE_STATE_BUSY;

  gtk_widget_set_visible (GTK_WIDGET (self->button), is_busy || state == FLASH_BUNDLE_STATE_OPENED);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->button),
                                  is_busy ? "win.cancel-opening" : "win.choose-other");
  gtk_button_set_label (self->button, is_busy ? _ ("_Cancel") : _ ("_Choose another…"));
  gtk_widget_set_visible (self->close_button, !is_busy);
}

static void
set_progress (FlashBundleBar *self, const FlashBundleNews *news)
{
  gboolean is_busy = news->state == FLASH_BUNDLE_STATE_BUSY;
  gboolean is_known = is_busy && news->fraction >= 0;

  gtk_spinner_set_spinning (self->spinner, is_busy && !is_known);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_busy && !is_known);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), !is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), is_known);
  if (is_known)
    gtk_progress_bar_set_fraction (self->progress_bar, news->fraction);
  gtk_image_set_from_icon_name (self->icon, news->state == FLASH_BUNDLE_STATE_FAILED
                                                ? "dialog-error-symbolic"
                                                : "folder-open-symbolic");
}

void
flash_bundle_bar_set_news (FlashBundleBar *self, const FlashBundleNews *news)
{
  GtkWidget *box;

  g_return_if_fail (FLASH_IS_BUNDLE_BAR (self));

  gtk_widget_set_visible (GTK_WIDGET (self), news != NULL);
  if (news == NULL) {
    /* A spinner that nobody sees keeps the program awake all the same. */
    gtk_spinner_stop (self->spinner);
    return;
  }
  box = adw_bin_get_child (ADW_BIN (self));
  if (news->state == FLASH_BUNDLE_STATE_FAILED)
    gtk_widget_add_css_class (box, "flash-failed");
  else
    gtk_widget_remove_css_class (box, "flash-failed");
  gtk_label_set_label (self->title_label, news->title);
  gtk_label_set_label (self->detail_label, news->detail != NULL ? news->detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), news->detail != NULL);
  set_button (self, news->state);
  set_progress (self, news);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, news->title,
                                  -1);
}
