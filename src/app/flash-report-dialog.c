/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-report-dialog"

#include "config.h"

#include "flash-report-dialog.h"

#include "flash-dialogs.h"
#include "flash-report-view.h"

#include <glib/gi18n.h>

struct _FlashReportDialog {
  AdwWindow parent_instance;

  FlashReport *report; /* (owned) (nullable): everything */
  FlashReport *shown; /* (owned) (nullable): what would be saved */
  GtkNativeDialog *chooser; /* (owned) (nullable): while it is shown */
  gboolean is_saving;
  GCancellable *making; /* (owned) (nullable): while @shown is not what was chosen */

  GtkWidget *back_button;
  GtkCheckButton *host_check;
  GtkLabel *kept_label;
  GtkWidget *save_button;
  GtkCheckButton *serial_check;
  AdwToastOverlay *toasts;
  GtkCheckButton *user_check;
  FlashReportView *view;
};

G_DEFINE_FINAL_TYPE (FlashReportDialog, flash_report_dialog, ADW_TYPE_WINDOW)

enum { SIGNAL_SAVED, SIGNAL_FAILED, N_SIGNALS };

static guint signals[N_SIGNALS];

static void
set_saving (FlashReportDialog *self, gboolean is_saving)
{
  self->is_saving = is_saving;
  gtk_widget_set_sensitive (self->save_button, !is_saving && self->making == NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->user_check), !is_saving);
  gtk_widget_set_sensitive (GTK_WIDGET (self->host_check), !is_saving);
  gtk_widget_set_sensitive (GTK_WIDGET (self->serial_check), !is_saving);
}

/* --- the preview ---------------------------------------------------------------------------- */

typedef struct {
  FlashReport *report; /* (owned): only read while the dialog lives */
  FlashReportPrivacy privacy;
} Choice;

static void
choice_free (gpointer data)
{
  Choice *self = data;

  flash_report_unref (self->report);
  g_free (self);
}

static void
make_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Choice *choice = data;

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, flash_report_make_private (choice->report, &choice->privacy),
                           (GDestroyNotify) flash_report_unref);
}

/* What is not left out everywhere is said, before anybody sends it. */
static void
show_kept (FlashReportDialog *self, const FlashReportPrivacy *privacy)
{
  g_auto (GStrv) names = flash_report_list_kept (self->report, privacy);
  g_autofree char *list = g_strjoinv (", ", names);
  /* TRANSLATORS: names */
  g_autofree char *text = g_strdup_printf (
      _ ("Common and very short words are left out only where it is clear that they are names. "
         "Look whether they remain: %s"),
      list);

  gtk_label_set_label (self->kept_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->kept_label), names[0] != NULL);
}

static void
stop_making (FlashReportDialog *self)
{
  if (self->making != NULL)
    g_cancellable_cancel (self->making);
  g_clear_object (&self->making);
}

static void
on_made (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashReportDialog) self = data;
  g_autoptr (FlashReport) made = g_task_propagate_pointer (G_TASK (result), NULL);

  /* The choice was changed meanwhile, or the dialog is closed. */
  if (made == NULL)
    return;
  g_clear_object (&self->making);
  g_clear_pointer (&self->shown, flash_report_unref);
  self->shown = g_steal_pointer (&made);
  flash_report_view_set_report (self->view, self->shown);
  set_saving (self, self->is_saving);
}

/* A long log takes a second; until then what was shown stays, and cannot be saved. */
static void
update_preview (FlashReportDialog *self)
{
  g_autoptr (GTask) task = NULL;
  Choice *choice;

  /* While the template is made. */
  if (self->report == NULL)
    return;
  stop_making (self);
  self->making = g_cancellable_new ();
  set_saving (self, self->is_saving);
  choice = g_new0 (Choice, 1);
  choice->report = flash_report_ref (self->report);
  choice->privacy.user = gtk_check_button_get_active (self->user_check);
  choice->privacy.host = gtk_check_button_get_active (self->host_check);
  choice->privacy.serials = gtk_check_button_get_active (self->serial_check);
  show_kept (self, &choice->privacy);
  /* No source object: the last reference to a widget must not go in a thread. */
  task = g_task_new (NULL, self->making, on_made, g_object_ref (self));
  g_task_set_source_tag (task, update_preview);
  g_task_set_task_data (task, choice, choice_free);
  g_task_run_in_thread (task, make_in_thread);
}

static void
update_back (FlashReportDialog *self)
{
  gtk_widget_set_visible (self->back_button, flash_report_view_is_covered (self->view));
}

static void
on_back_clicked (FlashReportDialog *self)
{
  flash_report_view_uncover (self->view);
}

/* --- saving --------------------------------------------------------------------------------- */

typedef struct {
  FlashReport *report; /* (owned): the dialog shows it and changes nothing while it is saved */
  char *path; /* (owned) (type filename) */
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  flash_report_unref (self->report);
  g_free (self->path);
  g_free (self);
}

static void
save_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  GError *error = NULL;

  if (flash_report_save (request->report, request->path, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashReportDialog) self = data;
  const Request *request = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_filename_display_basename (request->path);
  g_autofree char *text = NULL;
  g_autofree char *markup = NULL;
  g_autoptr (GError) error = NULL;
  gboolean is_saved = g_task_propagate_boolean (G_TASK (result), &error);

  if (is_saved) {
    g_signal_emit (self, signals[SIGNAL_SAVED], 0, name);
    gtk_window_close (GTK_WINDOW (self));
    return;
  }
  /* TRANSLATORS: the name of a file, and what the system said */
  text = g_strdup_printf (_ ("“%1$s” was not saved: %2$s"), name, error->message);
  /* Closed meanwhile. */
  if (!gtk_widget_get_realized (GTK_WIDGET (self))) {
    g_signal_emit (self, signals[SIGNAL_FAILED], 0, text);
    return;
  }
  set_saving (self, FALSE);
  markup = g_markup_escape_text (text, -1);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

void
flash_report_dialog_save_to (FlashReportDialog *self, GFile *file)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (FLASH_IS_REPORT_DIALOG (self));

  g_clear_object (&self->chooser);
  if (file == NULL || g_file_peek_path (file) == NULL || self->is_saving || self->making != NULL)
    return;
  set_saving (self, TRUE);
  request = g_new0 (Request, 1);
  request->report = flash_report_ref (self->shown);
  request->path = g_file_get_path (file);
  task = g_task_new (NULL, NULL, on_saved, g_object_ref (self));
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, save_in_thread);
}

static void
on_place_chosen (GFile *file, gpointer data)
{
  flash_report_dialog_save_to (data, file);
}

static void
on_save_clicked (FlashReportDialog *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "flashwright-report-%Y-%m-%d.zip");
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);
  g_autoptr (GFile) folder =
      g_file_new_for_path (documents != NULL ? documents : g_get_home_dir ());

  g_clear_object (&self->chooser);
  self->chooser =
      flash_dialogs_save_report (GTK_WINDOW (self), folder, name, on_place_chosen, self);
}

/* --- life ----------------------------------------------------------------------------------- */

static void
flash_report_dialog_dispose (GObject *object)
{
  FlashReportDialog *self = FLASH_REPORT_DIALOG (object);

  stop_making (self);
  if (self->chooser != NULL)
    gtk_native_dialog_destroy (self->chooser);
  g_clear_object (&self->chooser);
  gtk_widget_dispose_template (GTK_WIDGET (object), FLASH_TYPE_REPORT_DIALOG);

  G_OBJECT_CLASS (flash_report_dialog_parent_class)->dispose (object);
}

static void
flash_report_dialog_finalize (GObject *object)
{
  FlashReportDialog *self = FLASH_REPORT_DIALOG (object);

  g_clear_pointer (&self->shown, flash_report_unref);
  g_clear_pointer (&self->report, flash_report_unref);

  G_OBJECT_CLASS (flash_report_dialog_parent_class)->finalize (object);
}

static void
flash_report_dialog_class_init (FlashReportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_report_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_report_dialog_finalize;

  /**
   * FlashReportDialog::saved:
   * @name: of the file
   */
  signals[SIGNAL_SAVED] = g_signal_new ("saved", FLASH_TYPE_REPORT_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * FlashReportDialog::failed:
   * @text: translated: why nothing was saved
   *
   * The dialog itself says it while it is open.
   */
  signals[SIGNAL_FAILED] = g_signal_new ("failed", FLASH_TYPE_REPORT_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (FLASH_TYPE_REPORT_VIEW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-report-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashReportDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, FlashReportDialog, host_check);
  gtk_widget_class_bind_template_child (widget_class, FlashReportDialog, kept_label);
  gtk_widget_class_bind_template_child (widget_class, FlashReportDialog, save_button);
  gtk_widget_class_bind_template_child (widget_class, FlashReportDialog, serial_check);
  gtk_widget_class_bind_template_child (widget_class, FlashReportDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, FlashReportDialog, user_check);
  gtk_widget_class_bind_template_child (widget_class, FlashReportDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, on_back_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_save_clicked);
  gtk_widget_class_bind_template_callback (widget_class, update_back);
  gtk_widget_class_bind_template_callback (widget_class, update_preview);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_report_dialog_init (FlashReportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
flash_report_dialog_present (GtkWindow *parent, FlashReport *report)
{
  FlashReportDialog *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (report != NULL, NULL);

  self = g_object_new (FLASH_TYPE_REPORT_DIALOG, "transient-for", parent, "destroy-with-parent",
                       TRUE, NULL);
  self->report = report;
  update_preview (self);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
