/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-revive-rows"

#include "config.h"

#include "flash-revive-rows.h"

#include "flash-revive-run.h"

#include <glib/gi18n.h>

static void
remove_all (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

static void
hide_if_empty (GtkListBox *list)
{
  gtk_widget_set_visible (GTK_WIDGET (list),
                          gtk_widget_get_first_child (GTK_WIDGET (list)) != NULL);
}

static void
add_row (GtkListBox *list, const char *title, const char *subtitle, const char *icon_name)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (icon_name != NULL) {
    GtkWidget *icon = gtk_image_new_from_icon_name (icon_name);

    gtk_widget_add_css_class (icon, "success");
    gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Done"), -1);
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  }
  gtk_list_box_append (list, row);
}

void
flash_revive_rows_show_steps (GtkListBox *passed, GtkListBox *coming, FlashRecovery *recovery)
{
  guint position = recovery != NULL ? flash_recovery_get_position (recovery) : 0;
  guint n_steps = recovery != NULL ? flash_recovery_get_n_steps (recovery) : 0;

  remove_all (passed);
  remove_all (coming);
  for (guint i = 0; i < n_steps; i++) {
    const FlashRecoveryStep *step = flash_recovery_get_step (recovery, i);

    if (i < position)
      add_row (passed, _ (step->title), NULL, "object-select-symbolic");
    else if (i > position && !flash_recovery_act_is_end (step->act))
      add_row (coming, _ (step->title), NULL, NULL);
  }
  hide_if_empty (passed);
  hide_if_empty (coming);
}

void
flash_revive_rows_show_facts (GtkListBox *list, GPtrArray *facts)
{
  g_return_if_fail (GTK_IS_LIST_BOX (list) && facts != NULL);

  remove_all (list);
  for (guint i = 0; i < facts->len; i++) {
    const FlashReviveFact *fact = g_ptr_array_index (facts, i);

    add_row (list, fact->title, fact->text, NULL);
  }
  hide_if_empty (list);
}
