/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done to a row of the table, as actions. All of it can be undone. */
#define G_LOG_DOMAIN "flash-table-verbs"

#include "config.h"

#include "flash-layout-table-private.h"

#include "flash-layout-template.h"

#include <glib/gi18n.h>

/* --- adding ------------------------------------------------------------------------------- */

typedef struct {
  const char *kind; /* in actions */
  const char *label;
  gboolean is_boot;
} Kind;

static const Kind kinds[FLASH_LAYOUT_TEMPLATE_N_ROWS] = {
  [FLASH_LAYOUT_TEMPLATE_BOOT_FSBL] = { "boot-fsbl", N_ ("First stage for starting (0x01)"), TRUE },
  [FLASH_LAYOUT_TEMPLATE_BOOT_DDR] = { "boot-ddr", N_ ("DDR firmware for starting (0x02)"), TRUE },
  [FLASH_LAYOUT_TEMPLATE_BOOT_FIP] = { "boot-fip", N_ ("Second stage for starting (0x03)"), TRUE },
  [FLASH_LAYOUT_TEMPLATE_FSBL] = { "fsbl", N_ ("First stage (fsbl)"), FALSE },
  [FLASH_LAYOUT_TEMPLATE_METADATA] = { "metadata", N_ ("Update metadata"), FALSE },
  [FLASH_LAYOUT_TEMPLATE_FIP] = { "fip", N_ ("Second stage (fip)"), FALSE },
  [FLASH_LAYOUT_TEMPLATE_ENV] = { "env", N_ ("Settings of U-Boot"), FALSE },
  [FLASH_LAYOUT_TEMPLATE_BOOTFS] = { "bootfs", N_ ("Boot file system"), FALSE },
  [FLASH_LAYOUT_TEMPLATE_FILESYSTEM] = { "filesystem", N_ ("File system"), FALSE },
  [FLASH_LAYOUT_TEMPLATE_RAW_IMAGE] = { "raw-image", N_ ("Image of a whole storage"), FALSE },
};

static void
add_section (GMenu *menu, const char *action, gboolean is_boot)
{
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_autofree char *detailed = g_strdup_printf ("%s::%s", action, kinds[i].kind);

    if (kinds[i].is_boot == is_boot)
      g_menu_append (section, gettext (kinds[i].label), detailed);
  }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

GMenuModel *
_flash_layout_table_make_add_menu (const char *action)
{
  GMenu *menu = g_menu_new ();

  add_section (menu, action, FALSE);
  add_section (menu, action, TRUE);
  return G_MENU_MODEL (menu);
}

/* Returns: which line @kind names, %FLASH_LAYOUT_TEMPLATE_N_ROWS if none. */
static FlashLayoutTemplateRow
find_kind (const char *kind)
{
  FlashLayoutTemplateRow row = 0;

  while (row < FLASH_LAYOUT_TEMPLATE_N_ROWS && !g_str_equal (kinds[row].kind, kind))
    row++;
  return row;
}

static void
add_row (FlashLayoutTable *self, const char *kind, gboolean is_above)
{
  FlashLayoutEntry *chosen = _flash_layout_table_get_entry (self);
  guint position = g_list_model_get_n_items (G_LIST_MODEL (self->document));
  FlashLayoutTemplateRow row = find_kind (kind);
  g_autoptr (GBytes) text = flash_layout_document_dup_text (self->document);
  g_auto (GStrv) cells = NULL;
  const char *ip = NULL;
  FlashLayoutEntry *entry;

  if (row == FLASH_LAYOUT_TEMPLATE_N_ROWS)
    return;
  if (chosen != NULL) {
    position = flash_layout_document_find_entry (self->document, chosen) + (is_above ? 0 : 1);
    ip = flash_layout_entry_get_cell (chosen, FLASH_LAYOUT_COLUMN_IP);
    if (*ip == '\0' || g_str_equal (ip, "none"))
      ip = NULL;
  }
  cells = flash_layout_template_dup_row (row, text, ip, 0);
  entry = flash_layout_document_insert (self->document, position, (const char *const *) cells);
  if (entry != NULL)
    _flash_layout_table_show_entry (self, entry, FLASH_CELL_NAME, TRUE);
}

static void
on_add (GtkWidget *widget, const char *action, GVariant *kind)
{
  add_row (FLASH_LAYOUT_TABLE (widget), g_variant_get_string (kind, NULL), FALSE);
}

static void
on_add_above (GtkWidget *widget, const char *action, GVariant *kind)
{
  add_row (FLASH_LAYOUT_TABLE (widget), g_variant_get_string (kind, NULL), TRUE);
}

/* The button under the table adds behind the last row, whatever is chosen. */
static void
on_append (GtkWidget *widget, const char *action, GVariant *kind)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (widget);

  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  add_row (self, g_variant_get_string (kind, NULL), FALSE);
}

/* --- the others --------------------------------------------------------------------------- */

/* The keyboard stays in its column: on the next row, or the one before the last. */
static void
on_remove (GtkWidget *widget, const char *action, GVariant *unused)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (widget);
  FlashLayoutEntry *entry = _flash_layout_table_get_entry (self);
  FlashCellColumn column = flash_layout_grid_get_column (self->grid);
  guint position = flash_layout_document_find_entry (self->document, entry);
  g_autoptr (FlashLayoutEntry) next = NULL;
  guint n_left;

  if (!flash_layout_document_remove (self->document, entry))
    return;
  n_left = g_list_model_get_n_items (G_LIST_MODEL (self->document));
  if (n_left == 0) {
    gtk_widget_grab_focus (self->add_button);
    return;
  }
  next = g_list_model_get_item (G_LIST_MODEL (self->document), MIN (position, n_left - 1));
  _flash_layout_table_show_entry (self, next, column, FALSE);
}

static void
on_duplicate (GtkWidget *widget, const char *action, GVariant *unused)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (widget);
  FlashLayoutEntry *copy =
      flash_layout_document_duplicate (self->document, _flash_layout_table_get_entry (self));

  if (copy != NULL)
    _flash_layout_table_show_entry (self, copy, FLASH_CELL_NAME, FALSE);
}

static void
move (FlashLayoutTable *self, int step)
{
  FlashLayoutEntry *entry = _flash_layout_table_get_entry (self);
  guint position = flash_layout_document_find_entry (self->document, entry);
  guint n_entries = g_list_model_get_n_items (G_LIST_MODEL (self->document));

  if ((step < 0 && position == 0) || (step > 0 && position + 1 >= n_entries))
    return;
  position = step > 0 ? position + 1 : position - 1;
  if (flash_layout_document_move (self->document, entry, position))
    _flash_layout_table_show_entry (self, entry, flash_layout_grid_get_column (self->grid), FALSE);
}

static void
on_move_up (GtkWidget *widget, const char *action, GVariant *unused)
{
  move (FLASH_LAYOUT_TABLE (widget), -1);
}

static void
on_move_down (GtkWidget *widget, const char *action, GVariant *unused)
{
  move (FLASH_LAYOUT_TABLE (widget), 1);
}

static void
on_toggle (GtkWidget *widget, const char *action, GVariant *unused)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (widget);
  FlashLayoutEntry *entry = _flash_layout_table_get_entry (self);

  flash_layout_document_set_enabled (self->document, entry, !flash_layout_entry_is_enabled (entry));
}

static void
on_only (GtkWidget *widget, const char *action, GVariant *unused)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (widget);
  g_autoptr (GPtrArray) entries = g_ptr_array_new ();

  g_ptr_array_add (entries, _flash_layout_table_get_entry (self));
  flash_layout_document_keep_only (self->document, entries);
}

static void
on_choose_file (GtkWidget *widget, const char *action, GVariant *unused)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (widget);

  _flash_layout_table_choose_file (self, _flash_layout_table_get_entry (self));
}

static void
on_clear_file (GtkWidget *widget, const char *action, GVariant *unused)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (widget);

  flash_layout_grid_give_up (self->grid);
  flash_layout_document_set_binary (self->document, _flash_layout_table_get_entry (self), NULL);
}

static void
on_edit_row (GtkWidget *widget, const char *action, GVariant *unused)
{
  FlashLayoutTable *self = FLASH_LAYOUT_TABLE (widget);

  _flash_layout_table_show_entry (self, _flash_layout_table_get_entry (self),
                                  flash_layout_grid_get_column (self->grid), TRUE);
}

void
_flash_layout_table_install_verbs (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "table.add", "s", on_add);
  gtk_widget_class_install_action (widget_class, "table.add-above", "s", on_add_above);
  gtk_widget_class_install_action (widget_class, "table.append", "s", on_append);
  gtk_widget_class_install_action (widget_class, "table.remove", NULL, on_remove);
  gtk_widget_class_install_action (widget_class, "table.duplicate", NULL, on_duplicate);
  gtk_widget_class_install_action (widget_class, "table.move-up", NULL, on_move_up);
  gtk_widget_class_install_action (widget_class, "table.move-down", NULL, on_move_down);
  gtk_widget_class_install_action (widget_class, "table.toggle", NULL, on_toggle);
  gtk_widget_class_install_action (widget_class, "table.only", NULL, on_only);
  gtk_widget_class_install_action (widget_class, "table.choose-file", NULL, on_choose_file);
  gtk_widget_class_install_action (widget_class, "table.clear-file", NULL, on_clear_file);
  gtk_widget_class_install_action (widget_class, "table.edit-row", NULL, on_edit_row);
}

void
_flash_layout_table_update_verbs (FlashLayoutTable *self)
{
  static const char *const row_verbs[] = { "table.add-above",   "table.remove",
                                           "table.duplicate",   "table.toggle",
                                           "table.choose-file", "table.edit-row" };
  static const char *const document_verbs[] = { "table.add", "table.append" };
  GtkWidget *widget = GTK_WIDGET (self);
  FlashLayoutEntry *entry = _flash_layout_table_get_entry (self);
  gboolean can_edit = self->document != NULL && flash_layout_document_get_obstacle (
                                                    self->document) == FLASH_LAYOUT_OBSTACLE_NONE;
  guint n_entries = can_edit ? g_list_model_get_n_items (G_LIST_MODEL (self->document)) : 0;
  guint position = entry != NULL ? flash_layout_document_find_entry (self->document, entry) : 0;
  gboolean is_stored =
      entry != NULL && flash_layout_entry_is_enabled (entry) &&
      !g_str_equal (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_IP), "none");

  for (guint i = 0; i < G_N_ELEMENTS (row_verbs); i++)
    gtk_widget_action_set_enabled (widget, row_verbs[i], entry != NULL);
  for (guint i = 0; i < G_N_ELEMENTS (document_verbs); i++)
    gtk_widget_action_set_enabled (widget, document_verbs[i], can_edit);
  gtk_widget_action_set_enabled (widget, "table.only", is_stored);
  gtk_widget_action_set_enabled (widget, "table.clear-file",
                                 entry != NULL && flash_cell_words_has_file (entry));
  gtk_widget_action_set_enabled (widget, "table.move-up", entry != NULL && position > 0);
  gtk_widget_action_set_enabled (widget, "table.move-down",
                                 entry != NULL && position + 1 < n_entries);
}
