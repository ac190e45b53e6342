/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-warnings-dialog"

#include "config.h"

#include "flash-warnings-dialog.h"

#include "flash-advice-box.h"

#include <glib/gi18n.h>

#define WIDTH 560
#define HEIGHT 480
#define MARGIN 18

static GtkWidget *
create_list (GPtrArray *warnings)
{
  GtkWidget *list = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  gtk_widget_set_margin_top (list, MARGIN);
  gtk_widget_set_margin_bottom (list, MARGIN);
  gtk_widget_set_margin_start (list, MARGIN);
  gtk_widget_set_margin_end (list, MARGIN);
  for (guint i = 0; i < warnings->len; i++) {
    GtkWidget *box = flash_advice_box_new ();

    flash_advice_box_set_advice (FLASH_ADVICE_BOX (box), g_ptr_array_index (warnings, i));
    gtk_box_append (GTK_BOX (list), box);
  }
  return list;
}

static gboolean
on_escape (GtkWidget *widget, GVariant *args, gpointer unused)
{
  gtk_window_close (GTK_WINDOW (widget));
  return TRUE;
}

GtkWidget *
flash_warnings_dialog_new (GtkWindow *parent, GPtrArray *warnings)
{
  GtkWidget *dialog = g_object_new (ADW_TYPE_WINDOW, "transient-for", parent, "destroy-with-parent",
                                    TRUE, "modal", TRUE, "title", _ ("Before you flash"),
                                    "default-width", WIDTH, "default-height", HEIGHT, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                        gtk_callback_action_new (on_escape, NULL, NULL)));
  gtk_widget_add_controller (dialog, keys);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), create_list (warnings));
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scroller);
  adw_window_set_content (ADW_WINDOW (dialog), box);
  return dialog;
}
