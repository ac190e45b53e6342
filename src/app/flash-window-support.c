/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Access to boards, the help, and reports: saving one, and showing one that somebody has sent. */
#define G_LOG_DOMAIN "flash-window-support"

#include "config.h"

#include "flash-window-private.h"

#include "flash-access-dialog.h"
#include "flash-dialogs.h"
#include "flash-help-window.h"
#include "flash-report-dialog.h"
#include "flash-report-window.h"
#include "flash-report-words.h"

#include <glib/gi18n.h>

/* What takes so long is said. */
#define LATE_MS 700

/* A task keeps the window from being freed, but not from being closed. */
static gboolean
is_closed (FlashWindow *self)
{
  return !gtk_widget_get_realized (GTK_WIDGET (self));
}

/* --- access and help ------------------------------------------------------------------------ */

/* Returns: (transfer none) (nullable): the board that is spoken of: that of the job while it is
 * shown, another may be chosen meanwhile. */
static FlashBoardEntry *
find_meant_entry (FlashWindow *self)
{
  gboolean is_about_job =
      self->job_model != NULL && (_flash_window_is_page (self, FLASH_PAGE_JOB) ||
                                  _flash_window_is_page (self, FLASH_PAGE_RESULT));

  return is_about_job ? flash_job_model_get_entry (self->job_model) : self->entry;
}

/* A virtual board needs no rights; then it is about boards as such. */
static void
on_fix_access_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);
  FlashBoardEntry *entry = find_meant_entry (self);
  gboolean is_real = entry != NULL && !flash_board_is_virtual (flash_board_entry_get_board (entry));

  flash_access_dialog_present (GTK_WINDOW (self), flash_application_get_boards (self->application),
                               is_real ? entry : NULL,
                               flash_application_get_root (self->application));
}

void
_flash_window_show_help (FlashWindow *self, const char *page)
{
  flash_help_window_show (GTK_WINDOW (self), page);
}

static void
on_help_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  _flash_window_show_help (FLASH_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* GTK would make the list of keys together with each window, by its name among the resources: a
 * tenth of the time until the first one can be used. */
static void
on_show_help_overlay_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkApplicationWindow *window = GTK_APPLICATION_WINDOW (widget);
  g_autoptr (GtkBuilder) builder = NULL;

  if (gtk_application_window_get_help_overlay (window) == NULL) {
    builder = gtk_builder_new_from_resource (
        "/io/github/flashwright/Flashwright/shortcuts/help-overlay.ui");
    gtk_application_window_set_help_overlay (
        window, GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
  }
  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (window)));
}

/* --- saving a report ------------------------------------------------------------------------ */

static void
on_report_saved (FlashWindow *self, const char *name)
{
  /* TRANSLATORS: the name of a file */
  g_autofree char *text = g_strdup_printf (_ ("“%s” is saved."), name);

  if (!is_closed (self))
    _flash_window_toast (self, text);
}

static void
on_report_failed (FlashWindow *self, const char *text)
{
  if (!is_closed (self))
    _flash_window_toast (self, text);
}

/* @report: (transfer full) */
static void
present_report_dialog (FlashWindow *self, FlashReport *report)
{
  GtkWindow *dialog = flash_report_dialog_present (GTK_WINDOW (self), report);

  g_signal_connect_object (dialog, "saved", G_CALLBACK (on_report_saved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "failed", G_CALLBACK (on_report_failed), self,
                           G_CONNECT_SWAPPED);
}

static void
fill_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  FlashReport *report = flash_report_new ();

  flash_doctor_fill_host_report (data, report);
  g_task_return_pointer (task, report, (GDestroyNotify) flash_report_unref);
}

static void
on_report_filled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  FlashReport *report = g_task_propagate_pointer (G_TASK (result), NULL);

  if (is_closed (self)) {
    flash_report_unref (report);
    return;
  }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.save-report", TRUE);
  present_report_dialog (self, report);
}

static gboolean
on_report_late (gpointer data)
{
  FlashWindow *self = data;

  self->reporting_source = 0;
  _flash_window_toast (self, _ ("The files are being read for the report…"));
  return G_SOURCE_REMOVE;
}

void
_flash_window_drop_report (FlashWindow *self)
{
  g_clear_handle_id (&self->reporting_source, g_source_remove);
  if (self->reporting != NULL)
    g_cancellable_cancel (self->reporting);
  g_clear_object (&self->reporting);
}

/* A file that cannot be read is told in the report. */
static void
on_report_prepared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  FlashReport *report;

  flash_doctor_prepare_finish (FLASH_DOCTOR (source), result, NULL);
  if (is_closed (self))
    return;
  _flash_window_drop_report (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.save-report", TRUE);
  report = flash_report_new ();
  flash_doctor_fill_report (FLASH_DOCTOR (source), report);
  present_report_dialog (self, report);
}

/* Which files were meant is told by their checksums; an image may be large. */
static void
prepare_report (FlashWindow *self, FlashDoctor *doctor)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.save-report", FALSE);
  self->reporting = g_cancellable_new ();
  self->reporting_source = g_timeout_add (LATE_MS, on_report_late, self);
  flash_doctor_prepare_async (doctor, self->reporting, on_report_prepared, g_object_ref (self));
}

/* Returns: (transfer none) (nullable): who knows most: of the last job there is something to tell,
 * also when its page is left. */
static FlashDoctor *
find_doctor (FlashWindow *self)
{
  FlashDoctor *doctor =
      self->job_model != NULL ? flash_job_model_get_doctor (self->job_model) : NULL;

  return doctor != NULL ? doctor : self->doctor;
}

/* Without a board there is still this computer. */
static void
on_save_report_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);
  GtkWindow *open = flash_dialogs_find (GTK_WINDOW (self), FLASH_TYPE_REPORT_DIALOG);
  FlashDoctor *doctor = find_doctor (self);
  g_autoptr (GTask) task = NULL;

  if (open != NULL) {
    gtk_window_present (open);
    return;
  }
  if (doctor != NULL) {
    prepare_report (self, doctor);
    return;
  }
  gtk_widget_action_set_enabled (widget, "win.save-report", FALSE);
  task = g_task_new (NULL, NULL, on_report_filled, g_object_ref (self));
  g_task_set_task_data (task, g_strdup (flash_application_get_root (self->application)), g_free);
  g_task_run_in_thread (task, fill_in_thread);
}

/* --- showing a report ----------------------------------------------------------------------- */

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  FlashReport *report = flash_report_load (data, &error);

  if (report != NULL)
    g_task_return_pointer (task, report, (GDestroyNotify) flash_report_unref);
  else
    g_task_return_error (task, error);
}

static void
refuse_report (FlashWindow *self, const char *name, const GError *error)
{
  /* TRANSLATORS: the name of a file */
  g_autofree char *heading = g_strdup_printf (_ ("“%s” cannot be opened"), name);
  g_autofree char *body = flash_report_words_dup_refusal (error);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, body);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
on_report_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autofree char *name = g_filename_display_basename (g_task_get_task_data (G_TASK (result)));
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashReport) report = g_task_propagate_pointer (G_TASK (result), &error);

  if (is_closed (self))
    return;
  if (report != NULL)
    flash_report_window_present (GTK_WINDOW (self), report, name);
  else
    refuse_report (self, name, error);
}

void
_flash_window_open_report (FlashWindow *self, const char *path)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_report_loaded, g_object_ref (self));

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

/* -------------------------------------------------------------------------------------------- */

void
_flash_window_install_support_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.fix-access", NULL, on_fix_access_activated);
  gtk_widget_class_install_action (widget_class, "win.help", "s", on_help_activated);
  gtk_widget_class_install_action (widget_class, "win.save-report", NULL, on_save_report_activated);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL,
                                   on_show_help_overlay_activated);
}
