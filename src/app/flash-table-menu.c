/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The menu of a row. */
#define G_LOG_DOMAIN "flash-table-menu"

#include "config.h"

#include "flash-layout-table-private.h"

#include <glib/gi18n.h>

static void
append_section (GMenu *menu, GMenu *section)
{
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_object_unref (section);
}

static GMenuModel *
make_menu (FlashLayoutEntry *entry)
{
  GMenu *menu = g_menu_new ();
  GMenu *file = g_menu_new ();
  GMenu *add = g_menu_new ();
  GMenu *place = g_menu_new ();
  GMenu *state = g_menu_new ();
  GMenu *end = g_menu_new ();
  g_autoptr (GMenuModel) above = _flash_layout_table_make_add_menu ("table.add-above");
  g_autoptr (GMenuModel) below = _flash_layout_table_make_add_menu ("table.add");

  g_menu_append (file, _ ("_Choose file…"), "table.choose-file");
  if (flash_cell_words_has_file (entry))
    g_menu_append (file, _ ("_Take file away"), "table.clear-file");
  append_section (menu, file);
  g_menu_append_submenu (add, _ ("Add a_bove"), above);
  g_menu_append_submenu (add, _ ("Add be_low"), below);
  g_menu_append (add, _ ("_Duplicate"), "table.duplicate");
  append_section (menu, add);
  g_menu_append (place, _ ("Move _up"), "table.move-up");
  g_menu_append (place, _ ("Move dow_n"), "table.move-down");
  append_section (menu, place);
  g_menu_append (state,
                 flash_layout_entry_is_enabled (entry) ? _ ("_Switch off") : _ ("_Switch on"),
                 "table.toggle");
  g_menu_append (state, _ ("_Only this partition"), "table.only");
  append_section (menu, state);
  g_menu_append (end, _ ("_Remove"), "table.remove");
  append_section (menu, end);
  return G_MENU_MODEL (menu);
}

/* The keyboard goes back to where the menu was asked for. */
static void
on_closed (FlashLayoutTable *self)
{
  FlashLayoutEntry *entry = _flash_layout_table_get_entry (self);

  if (entry != NULL && self->document != NULL)
    _flash_layout_table_show_entry (self, entry, flash_layout_grid_get_column (self->grid), FALSE);
}

void
_flash_layout_table_popup_menu (FlashLayoutTable *self, GtkWidget *widget, double x, double y)
{
  FlashLayoutEntry *entry = _flash_layout_table_get_entry (self);
  GdkRectangle place = { .width = 1, .height = 1 };
  g_autoptr (GMenuModel) model = NULL;
  double table_x, table_y;

  if (entry == NULL ||
      !gtk_widget_translate_coordinates (widget, GTK_WIDGET (self), x, y, &table_x, &table_y))
    return;
  flash_layout_grid_give_up (self->grid);
  model = make_menu (entry);
  if (self->menu == NULL) {
    self->menu = gtk_popover_menu_new_from_model (NULL);
    gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
    gtk_popover_set_position (GTK_POPOVER (self->menu), GTK_POS_BOTTOM);
    gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
    gtk_widget_set_name (self->menu, "row-menu");
    g_signal_connect_object (self->menu, "closed", G_CALLBACK (on_closed), self, G_CONNECT_SWAPPED);
    gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  }
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), model);
  place.x = (int) table_x;
  place.y = (int) table_y;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &place);
  gtk_popover_popup (GTK_POPOVER (self->menu));
}
