/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-options-dialog"

#include "config.h"

#include "flash-options-dialog.h"

#include "flash-mcu-words.h"
#include "flash-option-guess.h"
#include "flash-options-field.h"

#include <glib/gi18n.h>
#include <string.h>

#define BYTES_PER_LINE 8

struct _FlashOptionsDialog {
  FlashMemoryFrame parent_instance;

  GBytes *before; /* (owned) (nullable): as they were read */
  guint8 *after; /* (owned) (nullable): as they shall be */
  const FlashOptionLayout *layout; /* (nullable): static; %NULL if nothing is certain */
  GPtrArray *fields; /* (owned) (element-type FlashOptionsField): not owned, children of the list */

  GtkWidget *change_group;
  GtkListBox *change_list;
  GtkLabel *doubt_label;
  GtkWidget *field_group;
  GtkListBox *field_list;
  GtkLabel *raw_label;
};

G_DEFINE_FINAL_TYPE (FlashOptionsDialog, flash_options_dialog, FLASH_TYPE_MEMORY_FRAME)

static void
remove_all (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

static const FlashChipGuess *
get_guess (FlashOptionsDialog *self)
{
  return &flash_board_entry_get_facts (flash_memory_frame_get_entry (FLASH_MEMORY_FRAME (self)))
              ->guess;
}

/* --- what is changed ------------------------------------------------------------------------ */

static GtkWidget *
make_change_row (FlashOptionsDialog *self, const FlashOptionField *field)
{
  const guint8 *before = g_bytes_get_data (self->before, NULL);
  g_autofree char *old_text = flash_options_field_dup_value (
      self->layout, field, flash_option_layout_get (self->layout, field, before));
  g_autofree char *new_text = flash_options_field_dup_value (
      self->layout, field, flash_option_layout_get (self->layout, field, self->after));
  /* TRANSLATORS: a value before, and after */
  g_autofree char *text = g_strdup_printf (_ ("%1$s → %2$s"), old_text, new_text);
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), field->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  return row;
}

static const char *
get_fault_text (const GError *error)
{
  if (g_error_matches (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_IRREVERSIBLE))
    return _ ("This could never be undone, so it is not written here.");
  return _ ("This is no value of the field. Write it in hexadecimal digits, like 0x0f.");
}

static void
update (FlashOptionsDialog *self)
{
  FlashMemoryFrame *frame = FLASH_MEMORY_FRAME (self);
  const guint8 *before = g_bytes_get_data (self->before, NULL);
  gboolean has_fault = FALSE;
  guint n_changes = 0;

  memcpy (self->after, before, g_bytes_get_size (self->before));
  remove_all (self->change_list);
  for (guint i = 0; i < self->fields->len; i++) {
    FlashOptionsField *row = g_ptr_array_index (self->fields, i);
    const FlashOptionField *field = flash_options_field_get_field (row);
    g_autoptr (GError) error = NULL;
    guint32 value;
    gboolean is_good = TRUE;

    if (field->is_locked)
      continue;
    if (!flash_options_field_get_value (row, &value))
      is_good = FALSE;
    else if (value != flash_option_layout_get (self->layout, field, before))
      is_good = flash_option_layout_set (self->layout, field, value, self->after, &error);
    flash_options_field_set_fault (row, is_good ? NULL : get_fault_text (error));
    has_fault |= !is_good;
    if (flash_option_layout_get (self->layout, field, before) ==
        flash_option_layout_get (self->layout, field, self->after))
      continue;
    gtk_list_box_append (self->change_list, make_change_row (self, field));
    n_changes++;
  }
  gtk_widget_set_visible (self->change_group, n_changes > 0);
  /* TRANSLATORS: has to be typed before option bytes are written */
  flash_memory_frame_set_word (frame, n_changes > 0 ? N_ ("write") : NULL);
  flash_memory_frame_set_can_act (frame, n_changes > 0 && !has_fault);
}

/* --- what there is -------------------------------------------------------------------------- */

static char *
dup_raw (FlashOptionsDialog *self, guint32 address)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self->before, &size);
  GString *text = g_string_new (NULL);

  for (gsize at = 0; at < size; at++) {
    if (at % BYTES_PER_LINE == 0)
      g_string_append_printf (text, "%s%08x ", at > 0 ? "\n" : "", (guint) (address + at));
    g_string_append_printf (text, " %02x", bytes[at]);
  }
  return g_string_free (text, FALSE);
}

/* Finds out what the bytes mean, and says what is in doubt about it. */
static void
find_layout (FlashOptionsDialog *self)
{
  const char *doubt = NULL;
  g_autofree char *text = NULL;

  self->layout =
      flash_chip_guess_find_option_layout (get_guess (self), g_bytes_get_data (self->before, NULL),
                                           g_bytes_get_size (self->before), &doubt);
  if (self->layout != NULL)
    text = g_strdup (doubt != NULL ? _ (doubt) : "");
  else
    text = g_strjoin (" ", doubt != NULL ? _ (doubt) : "",
                      _ ("So these bytes can be looked at, and are not changed here."), NULL);
  gtk_label_set_label (self->doubt_label, g_strchug (text));
  gtk_widget_set_visible (GTK_WIDGET (self->doubt_label), *text != '\0');
}

static void
add_fields (FlashOptionsDialog *self)
{
  GPtrArray *fields = flash_option_layout_get_fields (self->layout);
  const guint8 *bytes = g_bytes_get_data (self->before, NULL);

  for (guint i = 0; i < fields->len; i++) {
    const FlashOptionField *field = g_ptr_array_index (fields, i);
    FlashOptionsField *row = flash_options_field_new (
        self->layout, field, flash_option_layout_get (self->layout, field, bytes));

    g_signal_connect_swapped (row, "changed", G_CALLBACK (update), self);
    gtk_list_box_append (self->field_list, GTK_WIDGET (row));
    g_ptr_array_add (self->fields, row);
  }
}

static void
show_read (FlashOptionsDialog *self, const FlashMcuResult *result)
{
  g_autofree char *raw = NULL;

  g_clear_pointer (&self->before, g_bytes_unref);
  g_free (self->after);
  self->before = g_bytes_ref (result->content);
  self->after = g_memdup2 (g_bytes_get_data (self->before, NULL), g_bytes_get_size (self->before));
  g_ptr_array_set_size (self->fields, 0);
  remove_all (self->field_list);
  find_layout (self);
  raw = dup_raw (self, result->content_address);
  gtk_label_set_label (self->raw_label, raw);
  gtk_widget_set_visible (self->field_group, self->layout != NULL);
  if (self->layout != NULL)
    add_fields (self);
  update (self);
  flash_memory_frame_show_choices (FLASH_MEMORY_FRAME (self));
}

static void
read_bytes (FlashOptionsDialog *self)
{
  FlashMemoryFrame *frame = FLASH_MEMORY_FRAME (self);
  const FlashBoardFacts *facts = flash_board_entry_get_facts (flash_memory_frame_get_entry (frame));
  FlashMcuJob job = { .verb = FLASH_MCU_READ };

  if (!facts->has_guess || facts->guess.options == NULL) {
    flash_memory_frame_show_outcome (
        frame, FALSE, _ ("No option bytes"),
        _ ("The boot loader of this board does not show them. Start the ROM by BOOT0 instead, or "
           "use a debug probe."),
        "no-option-bytes");
    return;
  }
  job.alternate = facts->guess.option_alternate;
  job.address = flash_memory_map_get_start (facts->guess.options);
  flash_memory_frame_run (frame, &job, _ ("Reading the option bytes"), "", TRUE);
}

/* --- jobs ----------------------------------------------------------------------------------- */

static void
flash_options_dialog_act (FlashMemoryFrame *frame)
{
  FlashOptionsDialog *self = FLASH_OPTIONS_DIALOG (frame);
  g_autoptr (GBytes) after = g_bytes_new (self->after, g_bytes_get_size (self->before));
  const FlashMcuJob job = {
    .verb = FLASH_MCU_WRITE_OPTIONS,
    .option_bytes = after,
    .option_before = self->before,
  };

  flash_memory_frame_run (frame, &job, _ ("Writing the option bytes"),
                          _ ("The chip resets itself afterwards, and they are read back. Keep it "
                             "connected and powered; this cannot be stopped."),
                          FALSE);
}

static void
show_written (FlashOptionsDialog *self, FlashJob *job)
{
  FlashMemoryFrame *frame = FLASH_MEMORY_FRAME (self);
  GPtrArray *fields = flash_option_layout_get_fields (self->layout);
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  const guint8 *before = g_bytes_get_data (self->before, NULL);
  const guint8 *now = g_bytes_get_data (result->option_bytes, NULL);

  flash_memory_frame_show_outcome (
      frame, TRUE, _ ("Option bytes written"),
      _ ("The chip has reset itself; they were read back and are as you wanted them."), NULL);
  for (guint i = 0; i < fields->len; i++) {
    const FlashOptionField *field = g_ptr_array_index (fields, i);
    guint32 old_value = flash_option_layout_get (self->layout, field, before);
    guint32 new_value = flash_option_layout_get (self->layout, field, now);
    g_autofree char *text = NULL;

    if (old_value == new_value)
      continue;
    text = flash_options_field_dup_value (self->layout, field, new_value);
    flash_memory_frame_add_fact (frame, field->name, text);
  }
}

/* Once the boot loader has taken them, nobody can say that they are as they were. */
static const char *
get_failure_heading (FlashJob *job)
{
  const FlashMcuResult *result = flash_job_get_mcu_result (job);

  if (flash_job_get_mcu_job (job)->verb == FLASH_MCU_READ)
    return _ ("The option bytes were not read");
  if (!result->is_written)
    return _ ("The option bytes were not changed");
  return result->option_bytes != NULL
             ? _ ("The option bytes were written, but are not as you wanted them")
             : _ ("The option bytes were written, but could not be read back");
}

static void
flash_options_dialog_finished (FlashMemoryFrame *frame, FlashJob *job)
{
  FlashOptionsDialog *self = FLASH_OPTIONS_DIALOG (frame);
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  gboolean is_reading = flash_job_get_mcu_job (job)->verb == FLASH_MCU_READ;

  if (flash_job_get_error (job) != NULL)
    flash_memory_frame_show_failure (frame, get_failure_heading (job), job, result->state);
  else if (is_reading)
    show_read (self, result);
  else
    show_written (self, job);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_options_dialog_finalize (GObject *object)
{
  FlashOptionsDialog *self = FLASH_OPTIONS_DIALOG (object);

  g_clear_pointer (&self->before, g_bytes_unref);
  g_free (self->after);
  g_ptr_array_unref (self->fields);

  G_OBJECT_CLASS (flash_options_dialog_parent_class)->finalize (object);
}

static void
flash_options_dialog_class_init (FlashOptionsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  FlashMemoryFrameClass *frame_class = FLASH_MEMORY_FRAME_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_options_dialog_finalize;
  frame_class->act = flash_options_dialog_act;
  frame_class->finished = flash_options_dialog_finished;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-options-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsDialog, change_group);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsDialog, change_list);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsDialog, doubt_label);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsDialog, field_group);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsDialog, field_list);
  gtk_widget_class_bind_template_child (widget_class, FlashOptionsDialog, raw_label);
}

static void
flash_options_dialog_init (FlashOptionsDialog *self)
{
  self->fields = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_memory_frame_set_verb (FLASH_MEMORY_FRAME (self), _ ("_Write"), TRUE);
}

GtkWindow *
flash_options_dialog_present (GtkWindow *parent, FlashBoardEntry *entry)
{
  FlashOptionsDialog *self;
  g_autofree char *board = NULL;
  g_autofree char *title = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (FLASH_IS_BOARD_ENTRY (entry), NULL);

  self = g_object_new (FLASH_TYPE_OPTIONS_DIALOG, "transient-for", parent, "application",
                       gtk_window_get_application (parent), NULL);
  flash_memory_frame_set_entry (FLASH_MEMORY_FRAME (self), entry);
  board = flash_board_entry_dup_title (entry);
  /* TRANSLATORS: a board */
  title = g_strdup_printf (_ ("Option bytes of %s"), board);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_window_present (GTK_WINDOW (self));
  read_bytes (self);
  return GTK_WINDOW (self);
}
