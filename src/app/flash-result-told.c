/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-result-told"

#include "config.h"

#include "flash-result-told.h"

#include "flash-announcer.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* The button that tells the facts: it is part of the page. */
#define TOLD_KEY "flash-result-told"

/* The facts are the action rows of the page. */
static void
append_facts (GtkWidget *widget, GString *text)
{
  if (!gtk_widget_get_visible (widget))
    return;
  if (ADW_IS_ACTION_ROW (widget)) {
    g_autofree char *fact = g_strdup_printf (
        /* TRANSLATORS: a fact of a result, for screen readers: “Verified: Not asked for” */
        _ ("%1$s: %2$s"), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)),
        adw_action_row_get_subtitle (ADW_ACTION_ROW (widget)));

    g_string_append_printf (text, "\n%s", fact);
    return;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    append_facts (child, text);
}

void
flash_result_told_say (FlashResultPage *page)
{
  GtkWidget *focus, *before;
  GString *text;

  g_return_if_fail (FLASH_IS_RESULT_PAGE (page));

  flash_announcer_say (GTK_WIDGET (page), flash_result_page_get_title (page));
  focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (page)));
  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (page)))
    return;
  /* Another button may still tell of the job before. */
  before = g_object_get_data (G_OBJECT (page), TOLD_KEY);
  if (before != NULL)
    gtk_accessible_reset_property (GTK_ACCESSIBLE (before), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  g_object_set_data (G_OBJECT (page), TOLD_KEY, focus);
  text = g_string_new (flash_result_page_get_title (page));
  append_facts (GTK_WIDGET (page), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
  g_string_free (text, TRUE);
}
