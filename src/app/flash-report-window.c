/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-window"

#include "config.h"

#include "flash-report-window.h"

#include "flash-drop-zone.h"
#include "flash-report-view.h"

#include <glib/gi18n.h>

struct _FlashReportWindow {
  AdwWindow parent_instance;

  GtkWidget *back_button;
  AdwToastOverlay *toasts;
  FlashReportView *view;
};

G_DEFINE_FINAL_TYPE (FlashReportWindow, flash_report_window, ADW_TYPE_WINDOW)

static void
update_back (FlashReportWindow *self)
{
  gtk_widget_set_visible (self->back_button, flash_report_view_is_covered (self->view));
}

static void
on_back_clicked (FlashReportWindow *self)
{
  flash_report_view_uncover (self->view);
}

static void
on_copy_clicked (FlashReportWindow *self)
{
  g_autofree char *text = flash_report_view_dup_text (self->view);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Page copied")));
}

static void
flash_report_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_REPORT_WINDOW);

  G_OBJECT_CLASS (flash_report_window_parent_class)->dispose (object);
}

static void
flash_report_window_class_init (FlashReportWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_report_window_dispose;

  g_type_ensure (FLASH_TYPE_REPORT_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-report-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashReportWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, FlashReportWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, FlashReportWindow, view);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, update_back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_report_window_init (FlashReportWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_drop_zone_add_opener (ADW_WINDOW (self));
}

GtkWindow *
flash_report_window_present (GtkWindow *parent, FlashReport *report, const char *name)
{
  FlashReportWindow *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (report != NULL && name != NULL, NULL);

  self = g_object_new (FLASH_TYPE_REPORT_WINDOW, "transient-for", parent, "destroy-with-parent",
                       TRUE, "title", name, NULL);
  flash_report_view_set_report (self->view, report);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
