/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: main. */
#define G_LOG_DOMAIN "flash-whole-text"

#include "config.h"

#include "flash-whole-text.h"

/* --- under the pointer -------------------------------------------------------------------- */

static gboolean
on_query_tooltip (GtkWidget *window, int at_x, int at_y, gboolean is_keyboard, GtkTooltip *tooltip)
{
  GtkWidget *widget =
      is_keyboard ? NULL : gtk_widget_pick (window, at_x, at_y, GTK_PICK_INSENSITIVE);

  if (widget == NULL || !GTK_IS_LABEL (widget) ||
      !pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))))
    return FALSE;
  gtk_tooltip_set_text (tooltip, gtk_label_get_text (GTK_LABEL (widget)));
  return TRUE;
}

static void
on_windows_changed (GListModel *windows, guint position, guint n_removed, guint n_added)
{
  for (guint i = position; i < position + n_added; i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

    /* The model tells of all windows anew. */
    if (gtk_widget_get_has_tooltip (window))
      continue;
    gtk_widget_set_has_tooltip (window, TRUE);
    g_signal_connect (window, "query-tooltip", G_CALLBACK (on_query_tooltip), NULL);
  }
}

void
flash_whole_text_watch (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  if (g_signal_handler_find (windows, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                             (gpointer) on_windows_changed, NULL) != 0)
    return;
  g_signal_connect (windows, "items-changed", G_CALLBACK (on_windows_changed), NULL);
  on_windows_changed (windows, 0, 0, g_list_model_get_n_items (windows));
}

/* --- in several lines --------------------------------------------------------------------- */

void
flash_whole_text_wrap (GtkWidget *root)
{
  g_return_if_fail (GTK_IS_WIDGET (root));

  if (GTK_IS_LABEL (root) && gtk_widget_has_css_class (root, "heading")) {
    gtk_label_set_ellipsize (GTK_LABEL (root), PANGO_ELLIPSIZE_NONE);
    gtk_label_set_wrap (GTK_LABEL (root), TRUE);
    gtk_label_set_wrap_mode (GTK_LABEL (root), PANGO_WRAP_WORD_CHAR);
  }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    flash_whole_text_wrap (child);
}
