/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-cell-entry"

#include "config.h"

#include "flash-cell-entry.h"

#include <glib/gi18n.h>

struct _FlashCellEntry {
  GtkWidget parent_instance;

  FlashCellColumn column;
  GArray *choices; /* (owned) (element-type FlashCellChoice) */
  GtkText *text;
  GtkWidget *choice_popover; /* (nullable) */
  GtkListBox *choice_list; /* (nullable) */
  GtkWidget *reason_popover; /* (nullable) */
  GtkLabel *reason_label; /* (nullable) */
  char *typed; /* (owned) (nullable) */
  gboolean has_ended;
  guint leave_id;
};

G_DEFINE_FINAL_TYPE (FlashCellEntry, flash_cell_entry, GTK_TYPE_WIDGET)

enum { SIGNAL_ENDED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
end (FlashCellEntry *self, FlashCellEnd how)
{
  if (self->has_ended)
    return;
  self->has_ended = TRUE;
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, (int) how);
}

/* As typing does, so that Ctrl+Z takes it back. */
static void
replace_text (FlashCellEntry *self, const char *text)
{
  GtkEditable *editable = GTK_EDITABLE (self->text);
  int end_position = 0;

  gtk_editable_delete_text (editable, 0, -1);
  gtk_editable_insert_text (editable, text, -1, &end_position);
  gtk_editable_set_position (editable, end_position);
}

/* --- choosing ----------------------------------------------------------------------------- */

static void
choose (FlashCellEntry *self, guint index)
{
  const FlashCellChoice *choice = &g_array_index (self->choices, FlashCellChoice, index);

  replace_text (self, choice->value);
  gtk_editable_select_region (GTK_EDITABLE (self->text), 0, -1);
}

static void
step_choice (FlashCellEntry *self, int step)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->choice_list);
  int n = (int) self->choices->len;
  int index = row != NULL ? gtk_list_box_row_get_index (row) + step : (step > 0 ? 0 : n - 1);

  index = CLAMP (index, 0, n - 1);
  gtk_list_box_select_row (self->choice_list,
                           gtk_list_box_get_row_at_index (self->choice_list, index));
  choose (self, (guint) index);
}

static void
on_choice_activated (GtkListBox *list, GtkListBoxRow *row, FlashCellEntry *self)
{
  choose (self, (guint) gtk_list_box_row_get_index (row));
  end (self, FLASH_CELL_END_STAY);
}

static GtkWidget *
make_choice (const FlashCellChoice *choice)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *value = gtk_label_new (choice->value);
  GtkWidget *words = gtk_label_new (choice->words);
  g_autofree char *name = g_strdup_printf ("%s, %s", choice->value, choice->words);

  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_widget_add_css_class (words, "flash-dim");
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (GTK_BOX (box), words);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return row;
}

/* The text keeps the keyboard, so that anything else can be written as well. */
static void
add_choices (FlashCellEntry *self)
{
  const char *text = flash_cell_entry_get_text (self);

  self->choice_list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->choice_list), "flash-choices");
  for (guint i = 0; i < self->choices->len; i++) {
    const FlashCellChoice *choice = &g_array_index (self->choices, FlashCellChoice, i);

    gtk_list_box_append (self->choice_list, make_choice (choice));
    if (g_str_equal (choice->value, text))
      gtk_list_box_select_row (self->choice_list,
                               gtk_list_box_get_row_at_index (self->choice_list, (int) i));
  }
  g_signal_connect (self->choice_list, "row-activated", G_CALLBACK (on_choice_activated), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choice_list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  flash_cell_words_title (self->column), -1);
  self->choice_popover = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->choice_popover), FALSE);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->choice_popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->choice_popover), GTK_POS_BOTTOM);
  gtk_widget_set_can_focus (self->choice_popover, FALSE);
  gtk_widget_add_css_class (self->choice_popover, "flash-choice-popover");
  gtk_popover_set_child (GTK_POPOVER (self->choice_popover), GTK_WIDGET (self->choice_list));
  gtk_widget_set_parent (self->choice_popover, GTK_WIDGET (self));
}

/* --- keys --------------------------------------------------------------------------------- */

static gboolean
on_key_pressed (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
                FlashCellEntry *self)
{
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return FALSE;
  switch (key) {
  case GDK_KEY_Return:
  case GDK_KEY_KP_Enter:
  case GDK_KEY_ISO_Enter:
    end (self, FLASH_CELL_END_STAY);
    return TRUE;
  case GDK_KEY_Escape:
    end (self, FLASH_CELL_END_GIVE_UP);
    return TRUE;
  case GDK_KEY_Tab:
  case GDK_KEY_KP_Tab:
    end (self, FLASH_CELL_END_NEXT);
    return TRUE;
  case GDK_KEY_ISO_Left_Tab:
    end (self, FLASH_CELL_END_PREVIOUS);
    return TRUE;
  case GDK_KEY_Up:
  case GDK_KEY_Down:
    if (self->choice_list != NULL)
      step_choice (self, key == GDK_KEY_Down ? 1 : -1);
    return TRUE;
  default:
    return FALSE;
  }
}

/* Only another widget of the window counts: the window itself may lose the keyboard for a while. */
static gboolean
on_left (gpointer data)
{
  FlashCellEntry *self = data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  self->leave_id = 0;
  if (focus == NULL || !gtk_widget_is_ancestor (focus, GTK_WIDGET (self)))
    end (self, FLASH_CELL_END_LEFT);
  return G_SOURCE_REMOVE;
}

/* The toolkit is still on its way along the widgets that lose the keyboard; to take one of them
 * away now would be the end of it. */
static void
on_focus_left (GtkEventControllerFocus *controller, FlashCellEntry *self)
{
  if (!self->has_ended && self->leave_id == 0)
    self->leave_id = g_idle_add_full (G_PRIORITY_HIGH, on_left, self, NULL);
}

static void
on_text_changed (GtkEditable *editable, FlashCellEntry *self)
{
  if (self->reason_popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->reason_popover));
  gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
}

/* --- life --------------------------------------------------------------------------------- */

static void
flash_cell_entry_dispose (GObject *object)
{
  FlashCellEntry *self = FLASH_CELL_ENTRY (object);

  self->has_ended = TRUE;
  g_clear_handle_id (&self->leave_id, g_source_remove);
  g_clear_pointer (&self->choice_popover, gtk_widget_unparent);
  g_clear_pointer (&self->reason_popover, gtk_widget_unparent);
  self->choice_list = NULL;
  self->reason_label = NULL;
  if (self->text != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->text));
  self->text = NULL;

  G_OBJECT_CLASS (flash_cell_entry_parent_class)->dispose (object);
}

static void
flash_cell_entry_finalize (GObject *object)
{
  FlashCellEntry *self = FLASH_CELL_ENTRY (object);

  g_array_unref (self->choices);
  g_free (self->typed);

  G_OBJECT_CLASS (flash_cell_entry_parent_class)->finalize (object);
}

static void
flash_cell_entry_class_init (FlashCellEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_cell_entry_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_cell_entry_finalize;

  signals[SIGNAL_ENDED] = g_signal_new ("ended", FLASH_TYPE_CELL_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_css_name (widget_class, "cellentry");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
}

static void
flash_cell_entry_init (FlashCellEntry *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->text = g_object_new (GTK_TYPE_TEXT, "accessible-role", GTK_ACCESSIBLE_ROLE_TEXT_BOX, NULL);
  gtk_widget_set_name (GTK_WIDGET (self->text), "cell-text");
  gtk_widget_set_hexpand (GTK_WIDGET (self->text), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->text), GTK_WIDGET (self));
  /* The window may hold the text for a while after this is gone. */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (on_key_pressed), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->text), keys);
  g_signal_connect_object (focus, "leave", G_CALLBACK (on_focus_left), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->text), focus);
  g_signal_connect_object (self->text, "changed", G_CALLBACK (on_text_changed), self, 0);
}

GtkWidget *
flash_cell_entry_new (FlashCellColumn column, FlashLayoutEntry *entry, const char *typed)
{
  FlashCellEntry *self = g_object_new (FLASH_TYPE_CELL_ENTRY, NULL);
  FlashLayoutColumn layout_column = flash_cell_words_to_layout (column);
  g_autofree char *row = flash_cell_words_dup_row_name (entry);
  /* TRANSLATORS: title of a column, name of the row; for screen readers */
  g_autofree char *label =
      g_strdup_printf (_ ("%1$s, row %2$s"), flash_cell_words_title (column), row);

  self->column = column;
  self->choices = flash_cell_words_list_choices (column, entry);
  self->typed = g_strdup (typed);
  gtk_editable_set_enable_undo (GTK_EDITABLE (self->text), FALSE);
  flash_cell_entry_set_text (self, flash_layout_entry_get_cell (entry, layout_column));
  gtk_editable_set_enable_undo (GTK_EDITABLE (self->text), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  if (self->choices->len > 0)
    add_choices (self);
  return GTK_WIDGET (self);
}

void
flash_cell_entry_begin (FlashCellEntry *self)
{
  g_return_if_fail (FLASH_IS_CELL_ENTRY (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->text));
  if (self->typed != NULL)
    replace_text (self, self->typed);
  if (self->choice_popover != NULL)
    gtk_popover_popup (GTK_POPOVER (self->choice_popover));
}

void
flash_cell_entry_finish (FlashCellEntry *self)
{
  g_return_if_fail (FLASH_IS_CELL_ENTRY (self));

  end (self, FLASH_CELL_END_LEFT);
}

const char *
flash_cell_entry_get_text (FlashCellEntry *self)
{
  g_return_val_if_fail (FLASH_IS_CELL_ENTRY (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->text));
}

void
flash_cell_entry_set_text (FlashCellEntry *self, const char *text)
{
  g_return_if_fail (FLASH_IS_CELL_ENTRY (self));

  gtk_editable_set_text (GTK_EDITABLE (self->text), text);
}

static void
add_reason (FlashCellEntry *self)
{
  self->reason_label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->reason_label, TRUE);
  gtk_label_set_max_width_chars (self->reason_label, 36);
  gtk_label_set_xalign (self->reason_label, 0);
  self->reason_popover = gtk_popover_new ();
  gtk_popover_set_autohide (GTK_POPOVER (self->reason_popover), FALSE);
  gtk_popover_set_position (GTK_POPOVER (self->reason_popover), GTK_POS_BOTTOM);
  gtk_widget_set_can_focus (self->reason_popover, FALSE);
  gtk_popover_set_child (GTK_POPOVER (self->reason_popover), GTK_WIDGET (self->reason_label));
  gtk_widget_set_parent (self->reason_popover, GTK_WIDGET (self));
}

void
flash_cell_entry_refuse (FlashCellEntry *self, const char *reason)
{
  g_return_if_fail (FLASH_IS_CELL_ENTRY (self));

  if (self->reason_popover == NULL)
    add_reason (self);
  self->has_ended = FALSE;
  if (self->choice_popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (self->choice_popover));
  gtk_label_set_label (self->reason_label, reason);
  gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_STATE_INVALID,
                               GTK_ACCESSIBLE_INVALID_TRUE, -1);
  gtk_popover_popup (GTK_POPOVER (self->reason_popover));
}

const char *
flash_cell_entry_get_reason (FlashCellEntry *self)
{
  g_return_val_if_fail (FLASH_IS_CELL_ENTRY (self), NULL);

  if (self->reason_popover == NULL || !gtk_widget_get_visible (self->reason_popover))
    return NULL;
  return gtk_label_get_label (self->reason_label);
}
