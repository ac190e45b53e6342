/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-table-list"

#include "config.h"

#include "flash-table-list.h"

#include "flash-cell-words.h"
#include "flash-words.h"

#include <glib/gi18n.h>

/* As the table's: the page has more to show. */
#define MAX_HEIGHT 570

struct _FlashTableList {
  AdwBin parent_instance;

  FlashCellFacts *facts;
  GtkSingleSelection *model; /* (owned) (nullable) */
  GtkListView *view;
  GPtrArray *rows; /* (owned) (element-type GtkListItem): all there are widgets for */
};

G_DEFINE_FINAL_TYPE (FlashTableList, flash_table_list, ADW_TYPE_BIN)

enum { SIGNAL_MENU, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- a row -------------------------------------------------------------------------------- */

typedef struct {
  GtkImage *mark;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *size;
} Row;

static GtkLabel *
add_label (GtkWidget *box, const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (css_class != NULL) {
    gtk_widget_add_css_class (label, css_class);
    gtk_widget_add_css_class (label, "caption");
  }
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item, FlashTableList *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  Row *row = g_new0 (Row, 1);

  gtk_widget_add_css_class (box, "flash-table-row");
  row->mark = GTK_IMAGE (gtk_image_new ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (row->mark));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), words);
  row->title = add_label (words, NULL);
  gtk_widget_set_name (GTK_WIDGET (row->title), "name_label");
  row->subtitle = add_label (words, "flash-dim");
  gtk_label_set_ellipsize (row->subtitle, PANGO_ELLIPSIZE_NONE);
  gtk_label_set_wrap (row->subtitle, TRUE);
  row->size = add_label (box, "flash-dim");
  gtk_widget_add_css_class (GTK_WIDGET (row->size), "numeric");
  gtk_widget_add_css_class (arrow, "flash-dim");
  gtk_box_append (GTK_BOX (box), arrow);
  g_object_set_data_full (G_OBJECT (box), "row", row, g_free);
  gtk_list_item_set_child (list_item, box);
  g_ptr_array_add (self->rows, list_item);
}

static char *
dup_subtitle (FlashLayoutEntry *entry)
{
  const char *ip = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_IP);
  const char *offset = flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_OFFSET);

  if (g_str_equal (ip, "none"))
    return g_strdup (_ ("Boot stage"));
  /* TRANSLATORS: a storage and an offset on it: “mmc0 at 0x00104400” */
  return g_strdup_printf (_ ("%1$s at %2$s"), ip, offset);
}

static void
show_mark (Row *row, const FlashRowFacts *facts)
{
  static const char *const classes[] = { "accent", "warning", "error" };
  gboolean has_mark = facts != NULL && facts->has_severity;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (row->mark), classes[i]);
  if (has_mark)
    gtk_widget_add_css_class (GTK_WIDGET (row->mark), classes[facts->severity]);
  gtk_image_set_from_icon_name (row->mark,
                                has_mark ? flash_words_severity_icon (facts->severity) : NULL);
}

static char *
dup_label (FlashLayoutEntry *entry, const FlashRowFacts *facts, const char *subtitle)
{
  g_autofree char *name = flash_cell_words_dup_row_name (entry);
  g_autofree char *size = flash_cell_words_dup_text (FLASH_CELL_SLOT, entry, facts, NULL);
  g_autofree char *mark = flash_cell_words_dup_text (FLASH_CELL_MARK, entry, facts, NULL);
  GString *text = g_string_new (name);
  const char *const parts[] = { flash_layout_entry_is_enabled (entry) ? "" : _ ("switched off"),
                                subtitle, size, mark };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (*parts[i] != '\0')
      g_string_append_printf (text, ", %s", parts[i]);
  return g_string_free (text, FALSE);
}

static void
show_entry (FlashTableList *self, GtkListItem *list_item)
{
  GtkWidget *box = gtk_list_item_get_child (list_item);
  FlashLayoutEntry *entry = gtk_list_item_get_item (list_item);
  Row *row;
  const FlashRowFacts *facts;
  g_autofree char *name = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *size = NULL;
  g_autofree char *label = NULL;
  g_autoptr (PangoAttrList) strike = NULL;

  if (entry == NULL || box == NULL)
    return;
  row = g_object_get_data (G_OBJECT (box), "row");
  facts = flash_cell_facts_find (self->facts, entry);
  name = flash_cell_words_dup_row_name (entry);
  subtitle = dup_subtitle (entry);
  size = flash_cell_words_dup_text (FLASH_CELL_SLOT, entry, facts, NULL);
  label = dup_label (entry, facts, subtitle);
  if (!flash_layout_entry_is_enabled (entry)) {
    strike = pango_attr_list_new ();
    pango_attr_list_insert (strike, pango_attr_strikethrough_new (TRUE));
  }
  show_mark (row, facts);
  gtk_label_set_label (row->title, name);
  gtk_label_set_attributes (row->title, strike);
  gtk_label_set_label (row->subtitle, subtitle);
  gtk_label_set_label (row->size, size);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item, FlashTableList *self)
{
  show_entry (self, list_item);
}

static void
on_teardown (GtkSignalListItemFactory *factory, GtkListItem *list_item, FlashTableList *self)
{
  g_ptr_array_remove_fast (self->rows, list_item);
}

static void
on_activated (GtkListView *view, guint position, FlashTableList *self)
{
  gtk_single_selection_set_selected (self->model, position);
  gtk_widget_activate_action (GTK_WIDGET (self), "table.edit-row", NULL);
}

/* --- keys and pointer --------------------------------------------------------------------- */

static gboolean
run_verb (FlashTableList *self, guint key, GdkModifierType state)
{
  const char *action = NULL;

  if (state == GDK_ALT_MASK && key == GDK_KEY_Up)
    action = "table.move-up";
  else if (state == GDK_ALT_MASK && key == GDK_KEY_Down)
    action = "table.move-down";
  else if (state == (GDK_CONTROL_MASK | GDK_SHIFT_MASK) && gdk_keyval_to_lower (key) == GDK_KEY_d)
    action = "table.duplicate";
  else if (state == 0 && (key == GDK_KEY_Delete || key == GDK_KEY_KP_Delete))
    action = "table.remove";
  else if (state == 0 && key == GDK_KEY_space)
    action = "table.toggle";
  else if (state == 0 && key == GDK_KEY_F2)
    action = "table.edit-row";
  if (action == NULL)
    return FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self), action, NULL);
  return TRUE;
}

/* Returns: (transfer none) (nullable): the row at that place of the list. */
static GtkListItem *
find_row (FlashTableList *self, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  for (guint i = 0; picked != NULL && i < self->rows->len; i++) {
    GtkListItem *list_item = g_ptr_array_index (self->rows, i);
    GtkWidget *child = gtk_list_item_get_child (list_item);
    GtkWidget *frame = child != NULL ? gtk_widget_get_parent (child) : NULL;

    if (frame != NULL && (picked == frame || gtk_widget_is_ancestor (picked, frame)))
      return list_item;
  }
  return NULL;
}

static void
ask_menu (FlashTableList *self, GtkListItem *list_item, double x, double y)
{
  if (list_item == NULL)
    return;
  gtk_single_selection_set_selected (self->model, gtk_list_item_get_position (list_item));
  g_signal_emit (self, signals[SIGNAL_MENU], 0, x, y);
}

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                FlashTableList *self)
{
  GdkModifierType held =
      state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK);
  FlashLayoutEntry *entry =
      self->model != NULL ? gtk_single_selection_get_selected_item (self->model) : NULL;
  GtkWidget *row = entry != NULL ? flash_table_list_get_row (self, entry) : NULL;
  double x, y;

  if (run_verb (self, key, held))
    return TRUE;
  if (row == NULL ||
      !((held == 0 && key == GDK_KEY_Menu) || (held == GDK_SHIFT_MASK && key == GDK_KEY_F10)))
    return FALSE;
  gtk_widget_translate_coordinates (row, GTK_WIDGET (self), gtk_widget_get_width (row) / 2.0,
                                    gtk_widget_get_height (row), &x, &y);
  g_signal_emit (self, signals[SIGNAL_MENU], 0, x, y);
  return TRUE;
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, FlashTableList *self)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));

  if (event == NULL || !gdk_event_triggers_context_menu (event))
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  ask_menu (self, find_row (self, x, y), x, y);
}

static void
on_long_pressed (GtkGestureLongPress *gesture, double x, double y, FlashTableList *self)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  ask_menu (self, find_row (self, x, y), x, y);
}

static void
add_input (FlashTableList *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *long_press = gtk_gesture_long_press_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (long_press), TRUE);
  g_signal_connect (long_press, "pressed", G_CALLBACK (on_long_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (long_press));
}

/* --- life --------------------------------------------------------------------------------- */

void
flash_table_list_set_model (FlashTableList *self, GtkSingleSelection *model)
{
  g_return_if_fail (FLASH_IS_TABLE_LIST (self));

  g_set_object (&self->model, model);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (model));
}

void
flash_table_list_refresh (FlashTableList *self)
{
  g_return_if_fail (FLASH_IS_TABLE_LIST (self));

  for (guint i = 0; i < self->rows->len; i++)
    show_entry (self, g_ptr_array_index (self->rows, i));
}

GtkWidget *
flash_table_list_get_row (FlashTableList *self, FlashLayoutEntry *entry)
{
  g_return_val_if_fail (FLASH_IS_TABLE_LIST (self), NULL);

  for (guint i = 0; i < self->rows->len; i++) {
    GtkListItem *list_item = g_ptr_array_index (self->rows, i);

    if (gtk_list_item_get_item (list_item) == entry)
      return gtk_widget_get_parent (gtk_list_item_get_child (list_item));
  }
  return NULL;
}

void
flash_table_list_show_row (FlashTableList *self, guint position)
{
  g_return_if_fail (FLASH_IS_TABLE_LIST (self));

  gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", position);
}

void
flash_table_list_focus_row (FlashTableList *self, guint position)
{
  FlashLayoutEntry *entry;
  GtkWidget *row;

  g_return_if_fail (FLASH_IS_TABLE_LIST (self));

  if (self->model == NULL || position >= g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    return;
  gtk_single_selection_set_selected (self->model, position);
  flash_table_list_show_row (self, position);
  entry = gtk_single_selection_get_selected_item (self->model);
  row = entry != NULL ? flash_table_list_get_row (self, entry) : NULL;
  if (row != NULL)
    gtk_widget_grab_focus (row);
}

static void
flash_table_list_dispose (GObject *object)
{
  FlashTableList *self = FLASH_TABLE_LIST (object);

  if (self->view != NULL)
    flash_table_list_set_model (self, NULL);
  self->view = NULL;
  adw_bin_set_child (ADW_BIN (self), NULL);

  G_OBJECT_CLASS (flash_table_list_parent_class)->dispose (object);
}

static void
flash_table_list_finalize (GObject *object)
{
  g_ptr_array_unref (FLASH_TABLE_LIST (object)->rows);

  G_OBJECT_CLASS (flash_table_list_parent_class)->finalize (object);
}

static void
flash_table_list_class_init (FlashTableListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flash_table_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_table_list_finalize;

  signals[SIGNAL_MENU] = g_signal_new ("menu", FLASH_TYPE_TABLE_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
}

static void
flash_table_list_init (FlashTableList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->rows = g_ptr_array_new ();
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_setup), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_bind), self, 0);
  g_signal_connect_object (factory, "teardown", G_CALLBACK (on_teardown), self, 0);
  self->view = GTK_LIST_VIEW (gtk_list_view_new (NULL, factory));
  gtk_list_view_set_show_separators (self->view, TRUE);
  gtk_list_view_set_single_click_activate (self->view, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Partitions of the layout"), -1);
  g_signal_connect (self->view, "activate", G_CALLBACK (on_activated), self);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MAX_HEIGHT);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  adw_bin_set_child (ADW_BIN (self), scroller);
  add_input (self);
}

GtkWidget *
flash_table_list_new (FlashCellFacts *facts)
{
  FlashTableList *self = g_object_new (FLASH_TYPE_TABLE_LIST, NULL);

  self->facts = facts;
  return GTK_WIDGET (self);
}
