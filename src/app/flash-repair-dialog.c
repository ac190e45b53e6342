/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-repair-dialog"

#include "config.h"

#include "flash-repair-dialog.h"

#include "flash-button-names.h"
#include "flash-dialogs.h"
#include "flash-recovery.h"
#include "flash-repair-make.h"

#include <glib/gi18n.h>

struct _FlashRepairDialog {
  AdwWindow parent_instance;

  GBytes *text; /* (owned) (nullable) */
  char *path; /* (owned) (nullable) (type filename) */
  GtkNativeDialog *chooser; /* (owned) (nullable) */
  GCancellable *saving; /* (owned) (nullable): while it is made */

  AdwComboRow *case_row;
  GtkEditable *contact_row;
  AdwActionRow *file_row;
  GtkWidget *form;
  GtkTextView *message_view;
  GtkWidget *save_button;
  GtkSpinner *spinner;
  GtkEditable *title_row;
  GtkLabel *working_label;
  GtkRevealer *working_revealer;
};

G_DEFINE_FINAL_TYPE (FlashRepairDialog, flash_repair_dialog, ADW_TYPE_WINDOW)

enum { SIGNAL_SAVED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* --- the form ------------------------------------------------------------------------------- */

static const FlashRecoveryCase *
get_case (FlashRepairDialog *self)
{
  guint n_cases;
  const FlashRecoveryCase *cases = flash_recovery_case_list (&n_cases);

  return &cases[MIN (adw_combo_row_get_selected (self->case_row), n_cases - 1)];
}

/* Returns: whether what is open can be flashed in that case */
static gboolean
fits (FlashRepairDialog *self)
{
  gboolean is_mp = g_str_equal (get_case (self)->family, "stm32mp");

  return self->path == NULL && self->text == NULL ? TRUE : is_mp == (self->text != NULL);
}

static void
update (FlashRepairDialog *self)
{
  g_autofree char *title = g_strstrip (g_strdup (gtk_editable_get_text (self->title_row)));
  g_autofree char *name = self->path != NULL ? g_filename_display_basename (self->path)
                                             : g_strdup (C_ ("file", "None"));

  adw_action_row_set_subtitle (self->file_row,
                               fits (self) ? name
                                           : _ ("What is open is for another kind of board, so it "
                                                "is left out."));
  gtk_widget_set_sensitive (self->save_button, *title != '\0' && self->saving == NULL);
}

static void
fill_cases (FlashRepairDialog *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  guint n_cases;
  const FlashRecoveryCase *cases = flash_recovery_case_list (&n_cases);

  for (guint i = 0; i < n_cases; i++)
    gtk_string_list_append (titles, _ (cases[i].title));
  adw_combo_row_set_model (self->case_row, G_LIST_MODEL (titles));
}

/* The first case for what is open. */
static void
propose_case (FlashRepairDialog *self)
{
  guint n_cases;
  const FlashRecoveryCase *cases = flash_recovery_case_list (&n_cases);
  const char *wanted = self->text != NULL ? "stm32mp-blank" : "loader-without-flash";

  if (self->text == NULL && self->path == NULL)
    return;
  for (guint i = 0; i < n_cases; i++)
    if (g_str_equal (cases[i].id, wanted))
      adw_combo_row_set_selected (self->case_row, i);
}

/* --- saving --------------------------------------------------------------------------------- */

typedef struct {
  const char *case_id;
  char *title;
  char *message;
  char *contact;
  GBytes *text;
  char *path;
  char *target;
} Saving;

static void
saving_free (Saving *self)
{
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self->title);
  g_free (self->message);
  g_free (self->contact);
  g_free (self->path);
  g_free (self->target);
  g_free (self);
}

static FlashRepair *
make (const Saving *saving, GError **error)
{
  const FlashRepairWords words = { saving->title, saving->message, saving->contact };
  g_autoptr (FlashRepair) repair = NULL;

  if (saving->text != NULL)
    return flash_repair_make_for_layout (saving->case_id, &words, saving->text, saving->path,
                                         error);
  repair = flash_repair_new (saving->case_id, &words);
  if (saving->path != NULL && flash_repair_add_file (repair, saving->path, error) == NULL)
    return NULL;
  return g_steal_pointer (&repair);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Saving *saving = data;
  GError *error = NULL;
  g_autoptr (FlashRepair) repair = make (saving, &error);

  if (repair != NULL && flash_repair_save (repair, saving->target, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
set_working (FlashRepairDialog *self, gboolean is_working, const char *text)
{
  gtk_widget_set_sensitive (self->form, !is_working);
  gtk_spinner_set_spinning (self->spinner, is_working);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_working);
  gtk_label_set_label (self->working_label, text);
  gtk_revealer_set_reveal_child (self->working_revealer, *text != '\0');
  update (self);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashRepairDialog) self = data;
  g_autoptr (GError) error = NULL;
  Saving *saving = g_task_get_task_data (G_TASK (result));
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);
  g_autofree char *name = g_filename_display_basename (saving->target);

  if (g_task_get_cancellable (G_TASK (result)) != self->saving)
    return;
  g_clear_object (&self->saving);
  if (is_done) {
    g_signal_emit (self, signals[SIGNAL_SAVED], 0, name);
    gtk_window_close (GTK_WINDOW (self));
  } else {
    /* TRANSLATORS: what the system says */
    g_autofree char *text = g_strdup_printf (
        _ ("The repair file was not saved: %s. Mend that, and save it again."), error->message);

    set_working (self, FALSE, text);
  }
}

static char *
dup_message (FlashRepairDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->message_view);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

void
flash_repair_dialog_save_to (FlashRepairDialog *self, GFile *file)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *target = NULL;
  Saving *saving;

  g_return_if_fail (FLASH_IS_REPAIR_DIALOG (self));

  target = file != NULL ? g_file_get_path (file) : NULL;
  if (target == NULL || self->saving != NULL)
    return;
  saving = g_new0 (Saving, 1);
  saving->case_id = get_case (self)->id;
  saving->title = g_strdup (gtk_editable_get_text (self->title_row));
  saving->message = dup_message (self);
  saving->contact = g_strdup (gtk_editable_get_text (self->contact_row));
  saving->text = self->text != NULL && fits (self) ? g_bytes_ref (self->text) : NULL;
  saving->path = fits (self) ? g_strdup (self->path) : NULL;
  saving->target = g_steal_pointer (&target);
  self->saving = g_cancellable_new ();
  task = g_task_new (NULL, self->saving, on_saved, g_object_ref (self));
  g_task_set_task_data (task, saving, (GDestroyNotify) saving_free);
  g_task_run_in_thread (task, save_in_thread);
  set_working (self, TRUE, _ ("Packing the files…"));
}

static void
on_place_chosen (GFile *file, gpointer data)
{
  FlashRepairDialog *self = data;

  g_clear_object (&self->chooser);
  flash_repair_dialog_save_to (self, file);
}

static void
on_save_clicked (FlashRepairDialog *self)
{
  g_autofree char *name = NULL;

  if (self->chooser != NULL)
    return;
  /* TRANSLATORS: the name of a file that is proposed, without its ending */
  name = g_strconcat (_ ("Repair"), ".zip", NULL);
  self->chooser = flash_dialogs_save_repair (GTK_WINDOW (self), name, on_place_chosen, self);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_repair_dialog_dispose (GObject *object)
{
  FlashRepairDialog *self = FLASH_REPAIR_DIALOG (object);

  if (self->saving != NULL)
    g_cancellable_cancel (self->saving);
  g_clear_object (&self->saving);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->text, g_bytes_unref);

  G_OBJECT_CLASS (flash_repair_dialog_parent_class)->dispose (object);
}

static void
flash_repair_dialog_finalize (GObject *object)
{
  g_free (FLASH_REPAIR_DIALOG (object)->path);

  G_OBJECT_CLASS (flash_repair_dialog_parent_class)->finalize (object);
}

static void
flash_repair_dialog_class_init (FlashRepairDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_repair_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_repair_dialog_finalize;
  signals[SIGNAL_SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-repair-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, case_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, contact_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, form);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, message_view);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, title_row);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, working_label);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairDialog, working_revealer);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked);
  gtk_widget_class_bind_template_callback (widget_class, update);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_repair_dialog_init (FlashRepairDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
  fill_cases (self);
}

GtkWindow *
flash_repair_dialog_present (GtkWindow *parent, GBytes *text, const char *path)
{
  FlashRepairDialog *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);

  self = g_object_new (FLASH_TYPE_REPAIR_DIALOG, "transient-for", parent, "application",
                       gtk_window_get_application (parent), NULL);
  self->text = text != NULL ? g_bytes_ref (text) : NULL;
  self->path = g_strdup (path);
  propose_case (self);
  update (self);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
