/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-board-pane"

#include "config.h"

#include "flash-board-pane.h"

#include "flash-board-row.h"
#include "flash-neighbour-row.h"

#include <glib/gi18n.h>

struct _FlashBoardPane {
  AdwBin parent_instance;

  FlashBoardList *boards; /* (owned) (nullable) */
  GListModel *neighbours; /* (owned) (nullable) (element-type FlashUsbNeighbour) */
  GSettings *settings; /* (owned) (nullable) */
  GtkFilterListModel *shown; /* (owned) (nullable) (element-type FlashBoardEntry) */
  GtkCustomFilter *filter; /* (transfer none) (nullable): of shown */
  guint fill_id;

  GtkWidget *empty_box;
  GtkLabel *empty_detail_label;
  GtkLabel *empty_label;
  GtkLabel *empty_title;
  GtkListBox *list;
  GtkWidget *neighbour_box;
  GtkListBox *neighbour_list;
  GtkWidget *try_button;
};

G_DEFINE_FINAL_TYPE (FlashBoardPane, flash_board_pane, ADW_TYPE_BIN)

enum { SIGNAL_ACTIVATED, SIGNAL_SELECTED, N_SIGNALS };

static guint signals[N_SIGNALS];

static gboolean
is_virtual (FlashBoardEntry *entry)
{
  return flash_board_is_virtual (flash_board_entry_get_board (entry));
}

static gboolean
is_shown (gpointer item, gpointer data)
{
  FlashBoardPane *self = data;

  return !is_virtual (item) || g_settings_get_boolean (self->settings, "show-virtual-boards");
}

static void
update_hint (FlashBoardPane *self)
{
  gboolean has_real = FALSE;
  gboolean has_virtual = g_settings_get_boolean (self->settings, "show-virtual-boards");

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->boards)); i++) {
    g_autoptr (FlashBoardEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->boards), i);

    has_real |= !is_virtual (entry);
  }
  gtk_widget_set_visible (self->empty_box, !has_real);
  gtk_widget_set_visible (self->try_button, !has_virtual);
}

static void
say_why_empty (FlashBoardPane *self)
{
  const char *usb_error = flash_board_list_get_usb_error (self->boards);
  g_autofree char *detail = NULL;

  if (usb_error == NULL) {
    gtk_label_set_label (self->empty_title, _ ("No board on USB"));
    gtk_label_set_label (self->empty_label,
                         _ ("Set the boot switches to serial boot, or hold BOOT0 of a "
                            "microcontroller, connect the board’s USB device port with a data "
                            "cable, and switch it on."));
    return;
  }
  detail = g_strdup_printf (_ ("In detail: %s"), usb_error);
  gtk_label_set_label (self->empty_title, _ ("USB cannot be used"));
  gtk_label_set_label (self->empty_label,
                       _ ("The system gives no access to USB, as in some containers and "
                          "sandboxes. Start Flashwright outside of them. Virtual boards work here "
                          "too."));
  gtk_label_set_label (self->empty_detail_label, detail);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_detail_label), TRUE);
}

static void
on_boards_changed (FlashBoardPane *self)
{
  update_hint (self);
}

static void
on_settings_changed (FlashBoardPane *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_hint (self);
}

static GtkWidget *
create_row (gpointer item, gpointer unused)
{
  return flash_board_row_new (item);
}

static GtkWidget *
create_neighbour_row (gpointer item, gpointer unused)
{
  return flash_neighbour_row_new (item);
}

static void
update_neighbours (FlashBoardPane *self)
{
  gtk_widget_set_visible (self->neighbour_box, g_list_model_get_n_items (self->neighbours) > 0);
}

static void
show_neighbours (FlashBoardPane *self, GListModel *neighbours)
{
  if (neighbours == NULL)
    return;
  self->neighbours = g_object_ref (neighbours);
  gtk_list_box_bind_model (self->neighbour_list, neighbours, create_neighbour_row, NULL, NULL);
  g_signal_connect_swapped (neighbours, "items-changed", G_CALLBACK (update_neighbours), self);
  update_neighbours (self);
}

/* With the boards the pane has many times the text of everything else in the window. So the window
 * is drawn before they are listed: then it is there, and takes keys, that much earlier. */
static gboolean
on_drawn (gpointer data)
{
  FlashBoardPane *self = data;

  self->fill_id = 0;
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (self->shown), create_row, NULL, NULL);
  g_signal_connect_swapped (self->boards, "items-changed", G_CALLBACK (on_boards_changed), self);
  show_neighbours (self, flash_board_list_get_neighbours (self->boards));
  update_hint (self);
  return G_SOURCE_REMOVE;
}

/* Idle sources of this priority wait for what is to be drawn. */
static void
on_mapped (FlashBoardPane *self, GtkWidget *mapped)
{
  g_signal_handlers_disconnect_by_func (mapped, on_mapped, self);
  self->fill_id = g_idle_add (on_drawn, self);
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, FlashBoardPane *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

static void
on_row_selected (GtkListBox *list, GtkListBoxRow *row, FlashBoardPane *self)
{
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0);
}

static void
on_try_clicked (GtkButton *button, FlashBoardPane *self)
{
  GtkListBoxRow *row;

  g_settings_set_boolean (self->settings, "show-virtual-boards", TRUE);
  row = gtk_list_box_get_row_at_index (self->list, 0);
  if (row == NULL)
    return;
  gtk_list_box_select_row (self->list, row);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
flash_board_pane_dispose (GObject *object)
{
  FlashBoardPane *self = FLASH_BOARD_PANE (object);

  g_clear_handle_id (&self->fill_id, g_source_remove);
  if (self->boards != NULL)
    g_signal_handlers_disconnect_by_data (self->boards, self);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  if (self->neighbours != NULL)
    g_signal_handlers_disconnect_by_data (self->neighbours, self);
  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  if (self->neighbour_list != NULL)
    gtk_list_box_bind_model (self->neighbour_list, NULL, NULL, NULL, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_BOARD_PANE);
  g_clear_object (&self->shown);
  g_clear_object (&self->neighbours);
  g_clear_object (&self->boards);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (flash_board_pane_parent_class)->dispose (object);
}

static void
flash_board_pane_class_init (FlashBoardPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_board_pane_dispose;

  /**
   * FlashBoardPane::activated:
   *
   * The chosen board is the one that is wanted: it was clicked, or Return was pressed on it. Keys
   * that only wander through the list choose as they go.
   */
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", FLASH_TYPE_BOARD_PANE, G_SIGNAL_RUN_LAST,
                                            0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * FlashBoardPane::selected:
   *
   * Another board, or none, is chosen.
   */
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", FLASH_TYPE_BOARD_PANE, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-board-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashBoardPane, empty_box);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardPane, empty_detail_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardPane, empty_label);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardPane, empty_title);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardPane, list);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardPane, neighbour_box);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardPane, neighbour_list);
  gtk_widget_class_bind_template_child (widget_class, FlashBoardPane, try_button);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_row_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_try_clicked);
}

static void
flash_board_pane_init (FlashBoardPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
flash_board_pane_set_model (FlashBoardPane *self, FlashBoardList *boards, GSettings *settings)
{
  GtkRoot *root;

  g_return_if_fail (FLASH_IS_BOARD_PANE (self) && self->boards == NULL);
  g_return_if_fail (FLASH_IS_BOARD_LIST (boards));
  g_return_if_fail (G_IS_SETTINGS (settings));

  root = gtk_widget_get_root (GTK_WIDGET (self));
  self->boards = g_object_ref (boards);
  self->settings = g_object_ref (settings);
  self->filter = gtk_custom_filter_new (is_shown, self, NULL);
  self->shown =
      gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (boards)), GTK_FILTER (self->filter));
  g_signal_connect_swapped (settings, "changed::show-virtual-boards",
                            G_CALLBACK (on_settings_changed), self);
  say_why_empty (self);
  /* The pane itself may be folded away. */
  g_signal_connect_object (root != NULL ? GTK_WIDGET (root) : GTK_WIDGET (self), "map",
                           G_CALLBACK (on_mapped), self, G_CONNECT_SWAPPED);
}

FlashBoardEntry *
flash_board_pane_get_selected (FlashBoardPane *self)
{
  GtkListBoxRow *row;

  g_return_val_if_fail (FLASH_IS_BOARD_PANE (self), NULL);

  row = gtk_list_box_get_selected_row (self->list);
  return row != NULL ? flash_board_row_get_entry (FLASH_BOARD_ROW (row)) : NULL;
}

void
flash_board_pane_focus (FlashBoardPane *self)
{
  GtkListBoxRow *row;

  g_return_if_fail (FLASH_IS_BOARD_PANE (self));

  /* Not by way of the list, which would choose the row that it gives the keyboard to. */
  row = gtk_list_box_get_selected_row (self->list);
  if (row == NULL)
    row = gtk_list_box_get_row_at_index (self->list, 0);
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}
