/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-app-names"

#include "config.h"

#include "flash-app-names.h"

#include <adwaita.h>

/* Returns: whether it is there, and more than the name of an icon. What is compared comes back only
 * if it differs. */
static gboolean
has_text (GtkWidget *widget, GtkAccessibleProperty property)
{
  g_autofree char *text = NULL;

  if (!gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), property))
    return FALSE;
  text = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), property, "");
  return text != NULL && strstr (text, "-symbolic") == NULL;
}

static gboolean
has_own_name (GtkWidget *widget)
{
  return has_text (widget, GTK_ACCESSIBLE_PROPERTY_LABEL) ||
         gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget),
                                           GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

static gboolean
holds_name (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_own_name (child) || holds_name (child))
      return TRUE;
  return FALSE;
}

static gboolean
holds_label (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget))[0] != '\0';
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (holds_label (child))
      return TRUE;
  return FALSE;
}

/* Each button is told by what is in it, even where that is an icon, which has no name. Parts of the
 * toolkit cannot be named before GTK 4.12: the part of an entry or of a choice that
 * takes the keyboard is told by the whole, a line of a list by what it holds. */
static gboolean
has_name (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (GTK_IS_BUTTON (widget) && !GTK_IS_DROP_DOWN (parent))
    return has_text (widget, GTK_ACCESSIBLE_PROPERTY_LABEL) || holds_label (widget) ||
           (parent != NULL && has_text (parent, GTK_ACCESSIBLE_PROPERTY_LABEL));
  if ((GTK_IS_TEXT (widget) && GTK_IS_EDITABLE (parent)) || GTK_IS_DROP_DOWN (parent))
    return has_own_name (parent);
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkListItemWidget") ||
      g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkColumnListView") ||
      GTK_IS_LIST_BOX_ROW (widget) || GTK_IS_EXPANDER (widget))
    return has_own_name (widget) || holds_name (widget);
  return has_own_name (widget);
}

/* The toolkit's own window of keys, and parts of the toolkit that stand around something else which
 * takes the keyboard and has a name. */
static gboolean
is_frame (GtkWidget *widget)
{
  return GTK_IS_SHORTCUTS_WINDOW (gtk_widget_get_root (widget)) ||
         GTK_IS_SCROLLED_WINDOW (widget) || GTK_IS_LIST_BOX (widget) || GTK_IS_WINDOW (widget) ||
         GTK_IS_POPOVER (widget);
}

static void
complain (GPtrArray *findings, GtkWidget *widget, const char *what)
{
  g_autoptr (GString) out = g_string_new (what);

  for (guint i = 0; i < 5 && widget != NULL; i++, widget = gtk_widget_get_parent (widget)) {
    const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

    g_string_append_printf (out, "%s%s", i > 0 ? " < " : ": ",
                            id != NULL && *id != '\0' ? id : G_OBJECT_TYPE_NAME (widget));
  }
  g_ptr_array_add (findings, g_string_free (g_steal_pointer (&out), FALSE));
}

static void
walk (GPtrArray *findings, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_can_focus (widget))
    return;
  if (gtk_widget_get_focusable (widget) && gtk_widget_is_sensitive (widget) && !is_frame (widget) &&
      !has_name (widget))
    complain (findings, widget, "takes the keyboard without a name");
  if (GTK_IS_PROGRESS_BAR (widget) &&
      !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget),
                                         GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT) &&
      !gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget),
                                         GTK_ACCESSIBLE_PROPERTY_VALUE_NOW))
    complain (findings, widget, "does not tell how far it is");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_NATIVE (child))
      walk (findings, child);
}

GPtrArray *
flash_app_names_find (GtkWidget *root)
{
  GPtrArray *findings = g_ptr_array_new_with_free_func (g_free);

  walk (findings, root);
  return findings;
}

void
flash_app_names (GtkWidget *root, const char *name)
{
  g_autoptr (GPtrArray) findings = flash_app_names_find (root);

  for (guint i = 0; i < findings->len; i++) {
    g_test_message ("NAMES %s: %s", name, (const char *) g_ptr_array_index (findings, i));
    g_test_fail ();
  }
}
