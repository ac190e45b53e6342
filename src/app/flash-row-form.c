/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-row-form"

#include "config.h"

#include "flash-row-form.h"

#include "flash-button-names.h"
#include "flash-cell-words.h"

#include <glib/gi18n.h>

#define MAX_MESSAGES 8

struct _FlashRowForm {
  AdwWindow parent_instance;

  FlashEditor *editor; /* (owned) */
  FlashLayoutEntry *entry; /* (owned) */
  FlashCellFacts *facts; /* (owned) */
  gboolean is_showing; /* what changes now is our own doing */
  GtkWidget *rows[FLASH_CELL_N_COLUMNS]; /* (nullable) */
  GtkPopover *popovers[FLASH_CELL_N_COLUMNS]; /* (nullable) */

  AdwPreferencesGroup *group;
  GtkWidget *option_row;
  GtkWidget *id_row;
  GtkWidget *name_row;
  GtkWidget *type_row;
  GtkWidget *ip_row;
  GtkWidget *offset_row;
  GtkWidget *file_row;
  GtkWidget *clear_button;
  GtkMenuButton *option_button;
  GtkMenuButton *type_button;
  GtkMenuButton *ip_button;
  GtkLabel *problem_label;
  GtkLabel *reason_label;
  GtkSwitch *enabled_switch;
  AdwActionRow *slot_row;
};

G_DEFINE_FINAL_TYPE (FlashRowForm, flash_row_form, ADW_TYPE_WINDOW)

enum { SIGNAL_CHOOSE_FILE, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- showing ------------------------------------------------------------------------------ */

static const char *
get_cell (FlashRowForm *self, FlashCellColumn column)
{
  const char *cell = flash_layout_entry_get_cell (self->entry, flash_cell_words_to_layout (column));

  return column == FLASH_CELL_FILE && !flash_cell_words_has_file (self->entry) ? "" : cell;
}

/* What is just being written stays. */
static void
show_cell (FlashRowForm *self, FlashCellColumn column)
{
  GtkEditable *editable = GTK_EDITABLE (self->rows[column]);
  const char *cell = get_cell (self, column);

  if (g_strcmp0 (g_object_get_data (G_OBJECT (editable), "shown"), cell) == 0)
    return;
  g_object_set_data_full (G_OBJECT (editable), "shown", g_strdup (cell), g_free);
  gtk_editable_set_text (editable, cell);
}

static void
show_facts (FlashRowForm *self)
{
  const FlashRowFacts *facts = flash_cell_facts_find (self->facts, self->entry);
  g_autofree char *slot = flash_cell_words_dup_text (FLASH_CELL_SLOT, self->entry, facts, NULL);
  g_autofree char *size = flash_cell_words_dup_text (FLASH_CELL_SIZE, self->entry, facts, NULL);
  g_autofree char *messages =
      flash_cell_facts_dup_messages (self->facts, self->entry, 0, MAX_MESSAGES);
  g_autofree char *sizes = NULL;

  if (*slot != '\0' && *size != '\0')
    /* TRANSLATORS: sizes of a partition and its file: “4 MiB, file of 1.2 MiB” */
    sizes = g_strdup_printf (_ ("%1$s, file of %2$s"), slot, size);
  else
    sizes = g_strconcat (slot, size, NULL);
  adw_action_row_set_subtitle (self->slot_row, *sizes != '\0' ? sizes : _ ("Not known"));
  gtk_label_set_label (self->problem_label, messages != NULL ? messages : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), messages != NULL);
}

static void
show_entry (FlashRowForm *self)
{
  g_autofree char *name = flash_cell_words_dup_row_name (self->entry);

  self->is_showing = TRUE;
  gtk_window_set_title (GTK_WINDOW (self), name);
  for (FlashCellColumn i = 0; i < FLASH_CELL_N_COLUMNS; i++)
    if (self->rows[i] != NULL)
      show_cell (self, i);
  gtk_switch_set_active (self->enabled_switch, flash_layout_entry_is_enabled (self->entry));
  gtk_widget_set_visible (self->clear_button, flash_cell_words_has_file (self->entry));
  show_facts (self);
  self->is_showing = FALSE;
}

static void
on_edited (FlashRowForm *self)
{
  if (flash_layout_entry_get_number (self->entry) == 0)
    gtk_window_destroy (GTK_WINDOW (self));
  else
    show_entry (self);
}

static void
on_checked (FlashRowForm *self)
{
  if (flash_cell_facts_update (self->facts, self->editor))
    show_facts (self);
}

/* --- editing ------------------------------------------------------------------------------ */

static FlashCellColumn
find_column (FlashRowForm *self, GtkWidget *row)
{
  FlashCellColumn column = 0;

  while (column < FLASH_CELL_N_COLUMNS && self->rows[column] != row)
    column++;
  return column;
}

static void
show_reason (FlashRowForm *self, GtkWidget *row, const char *reason)
{
  if (reason != NULL)
    gtk_widget_add_css_class (row, "error");
  else
    gtk_widget_remove_css_class (row, "error");
  gtk_label_set_label (self->reason_label, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_label), reason != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason != NULL ? reason : "", -1);
}

static void
on_apply (GtkWidget *row, FlashRowForm *self)
{
  FlashLayoutDocument *document = flash_editor_get_document (self->editor);
  g_autofree char *text = g_strdup (gtk_editable_get_text (GTK_EDITABLE (row)));
  g_autofree char *reason = NULL;
  FlashCellColumn column = find_column (self, row);

  if (column == FLASH_CELL_N_COLUMNS)
    return;
  flash_cell_words_set (document, self->entry, column, text, &reason);
  show_reason (self, row, reason);
  if (reason == NULL)
    g_object_set_data_full (G_OBJECT (row), "shown", g_strdup (text), g_free);
}

static void
on_text_changed (GtkWidget *row, FlashRowForm *self)
{
  if (!self->is_showing)
    show_reason (self, row, NULL);
}

static void
on_switched (GtkSwitch *enabled_switch, GParamSpec *pspec, FlashRowForm *self)
{
  if (!self->is_showing)
    flash_layout_document_set_enabled (flash_editor_get_document (self->editor), self->entry,
                                       gtk_switch_get_active (enabled_switch));
}

static void
on_choose_clicked (GtkButton *button, FlashRowForm *self)
{
  g_signal_emit (self, signals[SIGNAL_CHOOSE_FILE], 0, self->entry);
}

static void
on_clear_clicked (GtkButton *button, FlashRowForm *self)
{
  flash_layout_document_set_binary (flash_editor_get_document (self->editor), self->entry, NULL);
}

/* What was written and not confirmed counts; what cannot be written keeps the form open. */
static gboolean
on_close_request (FlashRowForm *self)
{
  for (FlashCellColumn i = 0; i < FLASH_CELL_N_COLUMNS; i++) {
    GtkWidget *row = self->rows[i];

    if (row == NULL || g_str_equal (gtk_editable_get_text (GTK_EDITABLE (row)), get_cell (self, i)))
      continue;
    on_apply (row, self);
    if (gtk_widget_get_visible (GTK_WIDGET (self->reason_label))) {
      gtk_widget_grab_focus (row);
      return TRUE;
    }
  }
  return FALSE;
}

/* --- choosing ----------------------------------------------------------------------------- */

static void
on_choice_activated (GtkListBox *list, GtkListBoxRow *list_row, FlashRowForm *self)
{
  FlashCellColumn column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (list), "column"));
  const char *value = g_object_get_data (G_OBJECT (list_row), "value");

  gtk_popover_popdown (self->popovers[column]);
  gtk_editable_set_text (GTK_EDITABLE (self->rows[column]), value);
  on_apply (self->rows[column], self);
}

static GtkWidget *
make_choice (const FlashCellChoice *choice)
{
  GtkWidget *list_row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  GtkWidget *words = gtk_label_new (choice->words);
  GtkWidget *value = gtk_label_new (choice->value);

  gtk_label_set_xalign (GTK_LABEL (value), 0);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_widget_add_css_class (words, "flash-dim");
  gtk_label_set_wrap (GTK_LABEL (words), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (words), 20);
  gtk_box_append (GTK_BOX (box), value);
  gtk_box_append (GTK_BOX (box), words);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (list_row), box);
  g_object_set_data_full (G_OBJECT (list_row), "value", g_strdup (choice->value), g_free);
  return list_row;
}

static void
add_choices (FlashRowForm *self, FlashCellColumn column, GtkMenuButton *button)
{
  g_autoptr (GArray) choices = flash_cell_words_list_choices (column, self->entry);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *popover = gtk_popover_new ();

  gtk_widget_add_css_class (list, "flash-choices");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  g_object_set_data (G_OBJECT (list), "column", GUINT_TO_POINTER (column));
  for (guint i = 0; i < choices->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (list),
                         make_choice (&g_array_index (choices, FlashCellChoice, i)));
  g_signal_connect (list, "row-activated", G_CALLBACK (on_choice_activated), self);
  gtk_popover_set_child (GTK_POPOVER (popover), list);
  gtk_menu_button_set_popover (button, popover);
  self->popovers[column] = GTK_POPOVER (popover);
}

/* --- life --------------------------------------------------------------------------------- */

static void
flash_row_form_dispose (GObject *object)
{
  FlashRowForm *self = FLASH_ROW_FORM (object);

  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  self->is_showing = TRUE;
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_ROW_FORM);
  g_clear_object (&self->editor);
  g_clear_object (&self->entry);
  g_clear_pointer (&self->facts, flash_cell_facts_free);

  G_OBJECT_CLASS (flash_row_form_parent_class)->dispose (object);
}

static void
flash_row_form_class_init (FlashRowFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_row_form_dispose;

  /**
   * FlashRowForm::choose-file:
   * @entry: the line that gets it
   */
  signals[SIGNAL_CHOOSE_FILE] =
      g_signal_new ("choose-file", FLASH_TYPE_ROW_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, FLASH_TYPE_LAYOUT_ENTRY);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-row-form.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, group);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, option_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, id_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, name_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, type_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, ip_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, offset_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, file_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, clear_button);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, option_button);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, type_button);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, ip_button);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, problem_label);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, reason_label);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, enabled_switch);
  gtk_widget_class_bind_template_child (widget_class, FlashRowForm, slot_row);
  gtk_widget_class_bind_template_callback (widget_class, on_apply);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_clear_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_close_request);
  gtk_widget_class_bind_template_callback (widget_class, on_switched);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_row_form_init (FlashRowForm *self)
{
  self->is_showing = TRUE;
  self->facts = flash_cell_facts_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
  self->rows[FLASH_CELL_OPTION] = self->option_row;
  self->rows[FLASH_CELL_ID] = self->id_row;
  self->rows[FLASH_CELL_NAME] = self->name_row;
  self->rows[FLASH_CELL_TYPE] = self->type_row;
  self->rows[FLASH_CELL_IP] = self->ip_row;
  self->rows[FLASH_CELL_OFFSET] = self->offset_row;
  self->rows[FLASH_CELL_FILE] = self->file_row;
}

GtkWidget *
flash_row_form_new (GtkWindow *parent, FlashEditor *editor, FlashLayoutEntry *entry)
{
  FlashRowForm *self = g_object_new (FLASH_TYPE_ROW_FORM, "transient-for", parent, NULL);

  self->editor = g_object_ref (editor);
  self->entry = g_object_ref (entry);
  g_signal_connect_swapped (editor, "edited", G_CALLBACK (on_edited), self);
  g_signal_connect_swapped (editor, "checked", G_CALLBACK (on_checked), self);
  flash_cell_facts_update (self->facts, editor);
  add_choices (self, FLASH_CELL_OPTION, self->option_button);
  add_choices (self, FLASH_CELL_TYPE, self->type_button);
  add_choices (self, FLASH_CELL_IP, self->ip_button);
  show_entry (self);
  return GTK_WIDGET (self);
}
