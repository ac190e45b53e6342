/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reviving boards, and the repair files that go with it, each in a window of its own. */
#define G_LOG_DOMAIN "flash-window-revive"

#include "config.h"

#include "flash-window-private.h"

#include "flash-repair-dialog.h"
#include "flash-repair-window.h"
#include "flash-revive-window.h"

#include <glib/gi18n.h>

/* --- the window ----------------------------------------------------------------------------- */

static void
hand_over_file (FlashWindow *self)
{
  FlashReviveWindow *window = FLASH_REVIVE_WINDOW (self->revive_window);
  g_autoptr (GBytes) text = NULL;

  if (self->editor != NULL) {
    text = flash_layout_document_dup_text (flash_editor_get_document (self->editor));
    flash_revive_window_set_file (window, text, flash_editor_get_path (self->editor), NULL);
  } else if (self->firmware != NULL) {
    flash_revive_window_set_file (
        window, NULL, NULL, (FlashFirmwareFile *) flash_firmware_model_get_file (self->firmware));
  }
}

/* The file is opened here, with all that is said of it. */
static void
on_choose_file (FlashWindow *self)
{
  gtk_window_present (GTK_WINDOW (self));
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open", NULL);
}

static void
present (FlashWindow *self)
{
  GtkWindow *window;

  if (self->revive_window != NULL) {
    gtk_window_present (self->revive_window);
    return;
  }
  window = flash_revive_window_present (GTK_WINDOW (self), self->application, self->entry);
  g_set_weak_pointer (&self->revive_window, window);
  g_signal_connect_object (window, "choose-file", G_CALLBACK (on_choose_file), self,
                           G_CONNECT_SWAPPED);
  hand_over_file (self);
}

static void
on_revive_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  present (FLASH_WINDOW (widget));
}

/* A job that runs there goes on. */
static void
on_revive_case_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);
  const char *case_id = g_variant_get_string (parameter, NULL);
  FlashReviveRun *run;

  present (self);
  run = flash_revive_window_get_run (FLASH_REVIVE_WINDOW (self->revive_window));
  if (flash_recovery_case_find (case_id) != NULL &&
      (run == NULL || !flash_revive_run_is_working (run)))
    flash_revive_window_show_case (FLASH_REVIVE_WINDOW (self->revive_window), case_id);
}

gboolean
_flash_window_may_leave_revive (FlashWindow *self)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *link = windows; link != NULL; link = link->next) {
    FlashReviveRun *run = NULL;

    if (FLASH_IS_REVIVE_WINDOW (link->data))
      run = flash_revive_window_get_run (link->data);
    else if (FLASH_IS_REPAIR_WINDOW (link->data))
      run = flash_repair_window_get_run (link->data);
    if (run == NULL || gtk_window_get_transient_for (link->data) != GTK_WINDOW (self) ||
        !flash_revive_run_is_working (run))
      continue;
    /* It asks. */
    gtk_window_present (link->data);
    gtk_window_close (link->data);
    return FALSE;
  }
  return TRUE;
}

/* --- repair files --------------------------------------------------------------------------- */

static void
on_repair_saved (FlashWindow *self, const char *name)
{
  /* TRANSLATORS: the name of a file */
  g_autofree char *text = g_strdup_printf (_ ("“%s” is saved."), name);

  _flash_window_toast (self, text);
}

static void
on_save_repair_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);
  g_autoptr (GBytes) text = NULL;
  const char *path = NULL;
  GtkWindow *dialog;

  if (self->editor != NULL) {
    text = flash_layout_document_dup_text (flash_editor_get_document (self->editor));
    path = flash_editor_get_path (self->editor);
  } else if (self->firmware != NULL) {
    path = flash_firmware_model_get_file (self->firmware)->path;
  }
  dialog = flash_repair_dialog_present (GTK_WINDOW (self), text, path);
  g_signal_connect_object (dialog, "saved", G_CALLBACK (on_repair_saved), self, G_CONNECT_SWAPPED);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  FlashRepair *repair = flash_repair_load (data, &error);

  if (repair != NULL)
    g_task_return_pointer (task, repair, (GDestroyNotify) flash_repair_unref);
  else
    g_task_return_error (task, error);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashRepair) repair = g_task_propagate_pointer (G_TASK (result), &error);
  const char *path = g_task_get_task_data (G_TASK (result));

  /* Closed meanwhile. */
  if (self->toasts == NULL)
    return;
  if (repair == NULL) {
    g_autofree char *text = flash_repair_words_dup_fault (error);

    _flash_window_toast (self, text);
    return;
  }
  flash_repair_window_present (GTK_WINDOW (self), self->application, repair, path, self->entry);
}

void
_flash_window_open_repair (FlashWindow *self, const char *path)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_loaded, g_object_ref (self));

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

/* -------------------------------------------------------------------------------------------- */

void
_flash_window_install_revive_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.revive", NULL, on_revive_activated);
  gtk_widget_class_install_action (widget_class, "win.revive-case", "s", on_revive_case_activated);
  gtk_widget_class_install_action (widget_class, "win.save-repair", NULL, on_save_repair_activated);
}

void
_flash_window_update_revive (FlashWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.revive", !_flash_window_is_busy (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.revive-case",
                                 !_flash_window_is_busy (self));
  if (self->revive_window != NULL)
    hand_over_file (self);
}
