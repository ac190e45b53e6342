/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-log-window"

#include "config.h"

#include "flash-log-window.h"

#include "flash-console-pane.h"

#include <glib/gi18n.h>

struct _FlashLogWindow {
  AdwWindow parent_instance;

  FlashJobModel *model; /* (owned) */

  FlashConsolePane *console_pane;
  GtkTextView *text_view;
  AdwToastOverlay *toasts;
};

G_DEFINE_FINAL_TYPE (FlashLogWindow, flash_log_window, ADW_TYPE_WINDOW)

static void
on_copy_clicked (GtkButton *button, FlashLogWindow *self)
{
  GtkTextBuffer *log = gtk_text_view_get_buffer (self->text_view);
  g_autofree char *text = NULL;

  g_object_get (log, "text", &text, NULL);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_ ("Log copied")));
}

static void
flash_log_window_dispose (GObject *object)
{
  g_clear_object (&FLASH_LOG_WINDOW (object)->model);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_LOG_WINDOW);

  G_OBJECT_CLASS (flash_log_window_parent_class)->dispose (object);
}

static void
flash_log_window_class_init (FlashLogWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_log_window_dispose;

  g_type_ensure (FLASH_TYPE_CONSOLE_PANE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-log-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashLogWindow, console_pane);
  gtk_widget_class_bind_template_child (widget_class, FlashLogWindow, text_view);
  gtk_widget_class_bind_template_child (widget_class, FlashLogWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_log_window_init (FlashLogWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
flash_log_window_new (GtkWindow *parent, FlashApplication *application, FlashJobModel *model)
{
  FlashLogWindow *self = g_object_new (FLASH_TYPE_LOG_WINDOW, "transient-for", parent,
                                       "destroy-with-parent", TRUE, NULL);

  self->model = g_object_ref (model);
  gtk_text_view_set_buffer (self->text_view, flash_job_model_get_log (model));
  flash_console_pane_set_application (self->console_pane, application);
  flash_console_pane_set_model (self->console_pane, model);
  return GTK_WIDGET (self);
}

FlashJobModel *
flash_log_window_get_model (FlashLogWindow *self)
{
  g_return_val_if_fail (FLASH_IS_LOG_WINDOW (self), NULL);

  return self->model;
}
