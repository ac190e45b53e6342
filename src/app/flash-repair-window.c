/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-repair-window"

#include "config.h"

#include "flash-repair-window.h"

#include "flash-bundle-place.h"
#include "flash-button-names.h"
#include "flash-dialogs.h"
#include "flash-report-dialog.h"
#include "flash-revive-guide.h"

#include <glib/gi18n.h>

struct _FlashRepairWindow {
  AdwWindow parent_instance;

  FlashRepair *repair; /* (owned) (nullable) */
  FlashBundlePlace *place; /* (owned) (nullable): where its files are */
  GCancellable *unpacking; /* (owned) (nullable): while they are written there */
  FlashReviveRun *run; /* (owned) (nullable) */
  GCancellable *reporting; /* (owned) (nullable): while checksums are made for a report */
  GtkWindow *question; /* (weak) (nullable) */
  gboolean closes;

  GtkLabel *contact_label;
  FlashReviveGuide *guide;
  GtkLabel *message_label;
  GtkLabel *open_fault_label;
  GtkLabel *repair_title;
  GtkWidget *report_button;
};

G_DEFINE_FINAL_TYPE (FlashRepairWindow, flash_repair_window, ADW_TYPE_WINDOW)

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

/* --- its files ------------------------------------------------------------------------------ */

typedef struct {
  FlashRepair *repair;
  char *path;
  FlashBundlePlace *place;
  char *main_path;
} Unpacking;

static void
unpacking_free (Unpacking *self)
{
  flash_repair_unref (self->repair);
  g_clear_pointer (&self->place, flash_bundle_place_free);
  g_free (self->path);
  g_free (self->main_path);
  g_free (self);
}

static void
unpack_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Unpacking *unpacking = data;
  GError *error = NULL;

  unpacking->place = flash_bundle_place_new (&error);
  if (unpacking->place != NULL)
    unpacking->main_path =
        flash_repair_unpack (unpacking->repair, unpacking->path,
                             flash_bundle_place_get_folder (unpacking->place), cancellable, &error);
  if (unpacking->main_path != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

char *
flash_repair_words_dup_fault (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    return g_strdup (_ ("There is not enough room on this computer to unpack the repair file. Make "
                        "room, and open it again."));
  if (error->domain != FLASH_REPAIR_ERROR)
    /* TRANSLATORS: what the system says */
    return g_strdup_printf (_ ("The repair file cannot be read: %s."), error->message);
  switch ((FlashRepairError) error->code) {
  case FLASH_REPAIR_ERROR_NOT_A_REPAIR:
    return g_strdup (_ ("This is no repair file. Ask whoever sent it for another one."));
  case FLASH_REPAIR_ERROR_REFUSED:
    return g_strdup (
        _ ("The repair file holds what a repair file must not hold, so it is not used. "
           "Ask whoever sent it for another one."));
  case FLASH_REPAIR_ERROR_DAMAGED:
  case FLASH_REPAIR_ERROR_CHANGED:
    return g_strdup (
        _ ("The repair file is damaged or not complete. Get it again from whoever sent "
           "it."));
  case FLASH_REPAIR_ERROR_TOO_NEW:
    return g_strdup (_ ("The repair file was made by a newer version of this program. Update the "
                        "program, and open it again."));
  }
  return g_strdup (error->message);
}

static void
on_unpacked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashRepairWindow) self = data;
  g_autoptr (GError) error = NULL;
  Unpacking *unpacking = g_task_get_task_data (G_TASK (result));
  gboolean is_done = g_task_propagate_boolean (G_TASK (result), &error);

  if (g_task_get_cancellable (G_TASK (result)) != self->unpacking)
    return;
  g_clear_object (&self->unpacking);
  if (!is_done) {
    g_autofree char *text = flash_repair_words_dup_fault (error);

    show_text (self->open_fault_label, text);
    return;
  }
  self->place = g_steal_pointer (&unpacking->place);
  flash_revive_file_open (flash_revive_run_get_file (self->run), unpacking->main_path,
                          flash_repair_is_layout (self->repair));
}

static void
unpack (FlashRepairWindow *self, const char *path)
{
  g_autoptr (GTask) task = NULL;
  Unpacking *unpacking;

  if (flash_repair_get_n_files (self->repair) == 0)
    return;
  unpacking = g_new0 (Unpacking, 1);
  unpacking->repair = flash_repair_ref (self->repair);
  unpacking->path = g_strdup (path);
  self->unpacking = g_cancellable_new ();
  task = g_task_new (NULL, self->unpacking, on_unpacked, g_object_ref (self));
  g_task_set_task_data (task, unpacking, (GDestroyNotify) unpacking_free);
  g_task_run_in_thread (task, unpack_in_thread);
}

/* --- report --------------------------------------------------------------------------------- */

/* A file that cannot be read is told in the report. */
static void
on_report_prepared (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashRepairWindow) self = data;
  gboolean is_done = flash_doctor_prepare_finish (FLASH_DOCTOR (source), result, NULL);
  FlashReport *report;

  g_clear_object (&self->reporting);
  if (!is_done)
    return;
  gtk_widget_set_sensitive (self->report_button, TRUE);
  report = flash_report_new ();
  flash_doctor_fill_report (FLASH_DOCTOR (source), report);
  flash_report_dialog_present (GTK_WINDOW (self), report);
}

/* Which files were meant is told by their checksums; an image may be large. */
static void
on_report_clicked (FlashRepairWindow *self)
{
  if (self->reporting != NULL)
    return;
  gtk_widget_set_sensitive (self->report_button, FALSE);
  self->reporting = g_cancellable_new ();
  flash_doctor_prepare_async (flash_revive_run_get_doctor (self->run), self->reporting,
                              on_report_prepared, g_object_ref (self));
}

static gboolean
on_close_idle (gpointer window)
{
  gtk_window_close (window);
  return G_SOURCE_REMOVE;
}

/* Not within what the question, or the job, is about to say to others. */
static void
close_soon (FlashRepairWindow *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, on_close_idle, g_object_ref (self), g_object_unref);
}

static void
on_run_changed (FlashRepairWindow *self)
{
  gboolean is_working = flash_revive_run_is_working (self->run);

  gtk_widget_set_visible (self->report_button,
                          !is_working && flash_revive_run_get_doctor (self->run) != NULL);
  if (self->closes && !is_working)
    close_soon (self);
}

FlashReviveRun *
flash_repair_window_get_run (FlashRepairWindow *self)
{
  g_return_val_if_fail (FLASH_IS_REPAIR_WINDOW (self), NULL);

  return self->run;
}

/* --- life ----------------------------------------------------------------------------------- */

static void
on_stop_accepted (FlashRepairWindow *self)
{
  self->closes = TRUE;
  if (self->run != NULL && flash_revive_run_is_working (self->run))
    flash_revive_run_stop (self->run);
  else
    close_soon (self);
}

static gboolean
on_close_request (FlashRepairWindow *self)
{
  const FlashQuestion question = {
    .heading = _ ("Stop the repair and close?"),
    .body = _ ("The board is not repaired then. Open the repair file again to repeat it."),
    .keep_label = _ ("_Go on"),
    .act_label = _ ("_Stop and close"),
  };

  if (self->run == NULL || !flash_revive_run_is_working (self->run))
    return FALSE;
  if (self->question != NULL)
    gtk_window_present (self->question);
  else
    g_set_weak_pointer (&self->question, flash_dialogs_ask (GTK_WINDOW (self), &question,
                                                            G_CALLBACK (on_stop_accepted), self));
  return TRUE;
}

static void
flash_repair_window_dispose (GObject *object)
{
  FlashRepairWindow *self = FLASH_REPAIR_WINDOW (object);

  if (self->unpacking != NULL)
    g_cancellable_cancel (self->unpacking);
  g_clear_object (&self->unpacking);
  if (self->reporting != NULL)
    g_cancellable_cancel (self->reporting);
  g_clear_object (&self->reporting);
  g_clear_weak_pointer (&self->question);
  if (self->run != NULL) {
    g_signal_handlers_disconnect_by_data (self->run, self);
    flash_revive_guide_set_run (self->guide, NULL, NULL);
  }
  g_clear_object (&self->run);
  g_clear_pointer (&self->repair, flash_repair_unref);
  g_clear_pointer (&self->place, flash_bundle_place_free);

  G_OBJECT_CLASS (flash_repair_window_parent_class)->dispose (object);
}

static void
flash_repair_window_class_init (FlashRepairWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_repair_window_dispose;
  g_type_ensure (FLASH_TYPE_REVIVE_GUIDE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/flashwright/Flashwright/flash-repair-window.ui");
  gtk_widget_class_bind_template_child (widget_class, FlashRepairWindow, contact_label);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairWindow, guide);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairWindow, message_label);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairWindow, open_fault_label);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairWindow, repair_title);
  gtk_widget_class_bind_template_child (widget_class, FlashRepairWindow, report_button);
  gtk_widget_class_bind_template_callback (widget_class, on_close_request);
  gtk_widget_class_bind_template_callback (widget_class, on_report_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
flash_repair_window_init (FlashRepairWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  flash_button_names_mend (GTK_WIDGET (self));
  flash_revive_guide_set_reduced (self->guide, TRUE);
}

/* What support has written is plain text, whatever it looks like. */
static void
show_words (FlashRepairWindow *self)
{
  FlashRepairWords words = flash_repair_get_words (self->repair);
  /* TRANSLATORS: whom to ask for help */
  g_autofree char *contact =
      *words.contact != '\0' ? g_strdup_printf (_ ("Help: %s"), words.contact) : g_strdup ("");

  show_text (self->repair_title, words.title);
  show_text (self->message_label, words.message);
  show_text (self->contact_label, contact);
}

GtkWindow *
flash_repair_window_present (GtkWindow *parent, FlashApplication *application, FlashRepair *repair,
                             const char *path, FlashBoardEntry *entry)
{
  FlashRepairWindow *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent) && FLASH_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (repair != NULL && path != NULL, NULL);

  self = g_object_new (FLASH_TYPE_REPAIR_WINDOW, "transient-for", parent, "application",
                       application, NULL);
  self->repair = flash_repair_ref (repair);
  self->run = flash_revive_run_new (application, flash_repair_get_case (repair));
  flash_revive_boards_choose (flash_revive_run_get_boards (self->run), entry);
  g_signal_connect_object (self->run, "changed", G_CALLBACK (on_run_changed), self,
                           G_CONNECT_SWAPPED);
  flash_revive_guide_set_run (self->guide, self->run, NULL);
  show_words (self);
  unpack (self, path);
  gtk_window_present (GTK_WINDOW (self));
  return GTK_WINDOW (self);
}
