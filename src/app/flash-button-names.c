/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-button-names"

#include "config.h"

#include "flash-button-names.h"

#include <adwaita.h>

/* Returns: (transfer full): the label as it is seen: an underscore marks the letter behind it. */
static char *
dup_seen (const char *label)
{
  GString *out = g_string_new (NULL);

  for (const char *at = label; *at != '\0'; at++) {
    if (*at == '_' && at[1] != '\0')
      at++;
    g_string_append_c (out, *at);
  }
  return g_string_free (out, FALSE);
}

static void
on_label (GtkWidget *button)
{
  g_autofree char *label = NULL;
  g_autofree char *seen = NULL;

  if (GTK_IS_BUTTON (button)) {
    /* One that shows an icon has nothing but the property; and while it changes from one to the
     * other it cannot be asked for its label. */
    if (GTK_IS_LABEL (gtk_button_get_child (GTK_BUTTON (button))))
      gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
    return;
  }
  g_object_get (button, "label", &label, NULL);
  if (label == NULL || *label == '\0')
    return;
  /* The label of a check button is not tied to it. */
  seen = dup_seen (label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, seen, -1);
}

static void
mend (GtkWidget *button)
{
  gboolean has_mnemonic;

  g_object_get (button, "use-underline", &has_mnemonic, NULL);
  if (!has_mnemonic || g_signal_handler_find (button, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                                              (gpointer) on_label, NULL) != 0)
    return;
  g_signal_connect (button, "notify::label", G_CALLBACK (on_label), NULL);
  on_label (button);
}

static void
on_title (AdwPreferencesRow *row, GParamSpec *pspec, gpointer text)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (row), -1);
}

/* Inside of a row is the text that has the keyboard, and it has no role: a screen reader would be
 * told nothing. */
static void
mend_row (AdwPreferencesRow *row)
{
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (row));

  if (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (text)) == GTK_ACCESSIBLE_ROLE_TEXT_BOX)
    return;
  g_object_set (text, "accessible-role", GTK_ACCESSIBLE_ROLE_TEXT_BOX, NULL);
  g_signal_connect_object (row, "notify::title", G_CALLBACK (on_title), text, 0);
  on_title (row, NULL, text);
}

void
flash_button_names_mend (GtkWidget *root)
{
  g_return_if_fail (GTK_IS_WIDGET (root));

  if (ADW_IS_ENTRY_ROW (root))
    mend_row (ADW_PREFERENCES_ROW (root));
  if (GTK_IS_BUTTON (root) || GTK_IS_CHECK_BUTTON (root))
    mend (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    flash_button_names_mend (child);
}
