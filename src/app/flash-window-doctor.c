/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who looks after the chosen board: before a job for what would go wrong, and then for the job.
 * Thread: main; a plan is made in a thread, since it opens every file. */
#define G_LOG_DOMAIN "flash-window-doctor"

#include "config.h"

#include "flash-window-private.h"

#include "flash-vm-dialog.h"
#include "flash-warnings-dialog.h"

/* Returns: (transfer none) (nullable): the open layout, if it could be flashed as it is. */
static FlashLoaded *
find_loaded (FlashWindow *self)
{
  FlashLoaded *loaded;

  if (self->editor == NULL || !flash_editor_is_checked (self->editor))
    return NULL;
  loaded = flash_editor_get_loaded (self->editor);
  return loaded != NULL && flash_loaded_get_n_errors (loaded) == 0 ? loaded : NULL;
}

/* Returns: (transfer none) (nullable): the kind of virtual machine that this is; %NULL if it is
 * none or nobody has looked yet. */
static const char *
find_vm (FlashWindow *self)
{
  const char *vm = self->doctor != NULL ? flash_doctor_get_symptoms (self->doctor)->vm : NULL;

  return g_strcmp0 (vm, "none") != 0 ? vm : NULL;
}

/* Said once more: what a finding means for the page depends on everything else. */
static void
on_doctor_changed (FlashDoctor *doctor, FlashWindow *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-vm", find_vm (self) != NULL);
  if (!_flash_window_is_busy (self) && _flash_window_is_document (self))
    _flash_window_update (self);
  _flash_window_renew_notification (self);
}

static void
stop_planning (FlashWindow *self)
{
  if (self->planning != NULL)
    g_cancellable_cancel (self->planning);
  g_clear_object (&self->planning);
}

void
_flash_window_drop_doctor (FlashWindow *self)
{
  stop_planning (self);
  if (self->doctor != NULL)
    g_signal_handlers_disconnect_by_data (self->doctor, self);
  g_clear_object (&self->doctor);
  g_clear_object (&self->doctor_entry);
  g_clear_object (&self->doctor_board);
  g_clear_pointer (&self->doctor_loaded, flash_loaded_unref);
}

/* The plan tells what a slow link costs. */
static void
make_plan (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  FlashLoaded *loaded = task_data;
  GError *error = NULL;
  FlashPlan *plan = flash_plan_new_for_layout (loaded->layout, &error);

  if (plan != NULL)
    g_task_return_pointer (task, plan, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_planned (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashWindow) self = data;
  g_autoptr (FlashPlan) plan = g_task_propagate_pointer (G_TASK (result), NULL);

  if (g_task_get_cancellable (G_TASK (result)) != self->planning || self->doctor == NULL)
    return;
  flash_doctor_set_plan (self->doctor, plan);
  flash_doctor_look (self->doctor);
  /* What it costs is no finding. */
  on_doctor_changed (self->doctor, self);
}

/* A file that cannot be planned is a fault that the page tells; then there is nothing to cost. */
static void
start_planning (FlashWindow *self)
{
  g_autoptr (GTask) task = NULL;

  stop_planning (self);
  flash_doctor_set_problems (self->doctor,
                             self->doctor_loaded != NULL ? self->doctor_loaded->diags : NULL);
  if (self->doctor_loaded == NULL) {
    flash_doctor_set_plan (self->doctor, NULL);
    flash_doctor_look (self->doctor);
    return;
  }
  self->planning = g_cancellable_new ();
  task = g_task_new (NULL, self->planning, on_planned, g_object_ref (self));
  g_task_set_source_tag (task, start_planning);
  g_task_set_task_data (task, flash_loaded_ref (self->doctor_loaded),
                        (GDestroyNotify) flash_loaded_unref);
  g_task_run_in_thread (task, make_plan);
}

static void
call_doctor (FlashWindow *self, FlashBoardEntry *entry)
{
  _flash_window_drop_doctor (self);
  self->doctor_entry = g_object_ref (entry);
  self->doctor_board = g_object_ref (flash_board_entry_get_board (entry));
  self->doctor = flash_doctor_new (flash_application_get_root (self->application),
                                   flash_board_entry_get_provider (entry), self->doctor_board);
  /* The result page has been told then. */
  g_signal_connect_after (self->doctor, "changed", G_CALLBACK (on_doctor_changed), self);
}

/* A doctor that has followed a job speaks of that job. */
static gboolean
is_spent (FlashWindow *self)
{
  return self->job_model != NULL && flash_job_model_get_doctor (self->job_model) == self->doctor;
}

static void
choose_doctor (FlashWindow *self)
{
  FlashLoaded *loaded = find_loaded (self);
  gboolean is_new;

  if (_flash_window_is_busy (self) || _flash_window_is_page (self, FLASH_PAGE_RESULT))
    return;
  if (self->entry == NULL) {
    _flash_window_drop_doctor (self);
    return;
  }
  if (flash_board_entry_get_job (self->entry) != NULL ||
      flash_board_entry_is_restarting (self->entry))
    return;
  is_new = self->doctor == NULL || self->doctor_entry != self->entry || is_spent (self);
  if (is_new)
    call_doctor (self, self->entry);
  if (self->doctor_loaded != loaded) {
    g_clear_pointer (&self->doctor_loaded, flash_loaded_unref);
    self->doctor_loaded = loaded != NULL ? flash_loaded_ref (loaded) : NULL;
    g_set_object (&self->doctor_board, flash_board_entry_get_board (self->entry));
    flash_doctor_set_board (self->doctor, self->doctor_board);
    start_planning (self);
  } else if (g_set_object (&self->doctor_board, flash_board_entry_get_board (self->entry)) ||
             is_new) {
    flash_doctor_set_board (self->doctor, self->doctor_board);
    flash_doctor_look (self->doctor);
  }
}

void
_flash_window_update_doctor (FlashWindow *self)
{
  choose_doctor (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-vm", find_vm (self) != NULL);
}

/* --- verbs ---------------------------------------------------------------------------------- */

static void
on_show_vm_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (
      GTK_WINDOW (flash_vm_dialog_new (GTK_WINDOW (widget), find_vm (FLASH_WINDOW (widget)))));
}

static void
on_show_warnings_activated (GtkWidget *widget, const char *name, GVariant *parameter)
{
  FlashWindow *self = FLASH_WINDOW (widget);
  g_autoptr (GPtrArray) warnings = _flash_window_list_warnings (self);

  gtk_window_present (GTK_WINDOW (flash_warnings_dialog_new (GTK_WINDOW (self), warnings)));
}

void
_flash_window_install_doctor_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-vm", NULL, on_show_vm_activated);
  gtk_widget_class_install_action (widget_class, "win.show-warnings", NULL,
                                   on_show_warnings_activated);
}

/* --- jobs ----------------------------------------------------------------------------------- */

void
_flash_window_follow_job (FlashWindow *self, FlashJob *job)
{
  FlashBoardEntry *entry = flash_job_model_get_entry (self->job_model);

  stop_planning (self);
  if (self->doctor == NULL || self->doctor_entry != entry)
    call_doctor (self, entry);
  flash_doctor_set_board (self->doctor, flash_job_get_board (job));
  /* Whoever starts a job that writes a layout tells what is known of that. */
  flash_doctor_set_problems (self->doctor, NULL);
  flash_doctor_set_plan (self->doctor, flash_job_get_plan (job));
  flash_doctor_follow (self->doctor, job);
  flash_job_model_set_doctor (self->job_model, self->doctor);
}
