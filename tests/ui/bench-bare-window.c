/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least that a program with libadwaita can be: a window with a header bar and a page that says
 * what it is for. compare-start holds the real one beside it. */
#define G_LOG_DOMAIN "bench-bare-window"

#include "config.h"

#include "flash-start-time.h"

#include <adwaita.h>

static void
on_activate (GtkApplication *application)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  AdwStatusPage *page = ADW_STATUS_PAGE (adw_status_page_new ());

  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  adw_status_page_set_icon_name (page, "document-open-symbolic");
  adw_status_page_set_title (page, "A Window");
  adw_status_page_set_description (page, "Nothing can be done here.");
  gtk_widget_set_vexpand (GTK_WIDGET (page), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (page));
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), 1240, 820);
  flash_start_time_watch (GTK_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application =
      adw_application_new ("io.github.flashwright.BareWindow", G_APPLICATION_DEFAULT_FLAGS);

  g_signal_connect (application, "activate", G_CALLBACK (on_activate), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
