/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-editor-rescue"

#include "config.h"

#include "flash-editor-private.h"

/* So long after an edit it is on the disk, in milliseconds: short enough that nothing of worth is
 * lost, long enough that typing is not followed by a file for each letter. */
#define RESCUE_DELAY 800

char *
flash_editor_dup_rescue_folder (void)
{
  return g_build_filename (g_get_user_state_dir (), "flashwright", "rescue", NULL);
}

void
_flash_editor_hold (void)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_application_hold (application);
}

void
_flash_editor_release (void)
{
  GApplication *application = g_application_get_default ();

  if (application != NULL)
    g_application_release (application);
}

/* What a thread does: writes @text, or takes @file away if there is none. */
typedef struct {
  char *folder; /* (owned) (type filename) */
  char *file; /* (owned) (nullable) (type filename) */
  char *path; /* (owned) (nullable) (type filename) */
  char *stamp; /* (owned) (nullable) */
  GBytes *text; /* (owned) (nullable) */
  guint text_number;
} Chore;

static void
chore_free (gpointer data)
{
  Chore *self = data;

  g_free (self->folder);
  g_free (self->file);
  g_free (self->path);
  g_free (self->stamp);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self);
}

static void
do_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Chore *chore = data;
  GError *error = NULL;
  char *file = NULL;

  if (chore->text == NULL) {
    flash_layout_rescue_remove (chore->file);
    g_task_return_pointer (task, NULL, NULL);
    return;
  }
  file = flash_layout_rescue_write (chore->folder, chore->file, chore->path, chore->stamp,
                                    chore->text, &error);
  if (file != NULL)
    g_task_return_pointer (task, file, g_free);
  else
    g_task_return_error (task, error);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashEditor) self = data;
  const Chore *chore = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  char *file = g_task_propagate_pointer (G_TASK (result), &error);

  _flash_editor_release ();
  self->is_rescuing = FALSE;
  if (error == NULL) {
    g_free (self->rescue_file);
    self->rescue_file = file;
    self->has_rescue_error = FALSE;
  } else if (!self->has_rescue_error) {
    self->has_rescue_error = TRUE;
    g_signal_emit_by_name (self, "rescue-failed", error->message);
  }
  self->rescued_text = chore->text_number;
  _flash_editor_update_rescue (self);
}

static void
start_chore (FlashEditor *self, GBytes *text)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, on_done, g_object_ref (self));
  Chore *chore = g_new0 (Chore, 1);

  chore->folder = flash_editor_dup_rescue_folder ();
  chore->file = g_strdup (self->rescue_file);
  chore->path = g_strdup (self->path);
  chore->stamp = g_strdup (self->stamp);
  chore->text = text != NULL ? g_bytes_ref (text) : NULL;
  chore->text_number = text != NULL ? self->text_number : 0;
  self->is_rescuing = TRUE;
  _flash_editor_hold ();
  g_task_set_task_data (task, chore, chore_free);
  g_task_run_in_thread (task, do_in_thread);
}

static gboolean
on_rescue_due (gpointer data)
{
  FlashEditor *self = data;
  g_autoptr (GBytes) text = flash_layout_document_dup_text (self->document);

  self->rescue_source = 0;
  start_chore (self, text);
  return G_SOURCE_REMOVE;
}

void
_flash_editor_update_rescue (FlashEditor *self)
{
  gboolean is_wanted = !self->is_discarded && flash_editor_is_modified (self);

  if (!is_wanted)
    g_clear_handle_id (&self->rescue_source, g_source_remove);
  if (self->is_rescuing || self->rescue_source != 0)
    return;
  if (is_wanted && self->rescued_text != self->text_number)
    self->rescue_source = g_timeout_add (RESCUE_DELAY, on_rescue_due, self);
  else if (!is_wanted && self->rescue_file != NULL)
    start_chore (self, NULL);
}

void
flash_editor_discard (FlashEditor *self)
{
  g_return_if_fail (FLASH_IS_EDITOR (self));

  self->is_discarded = TRUE;
  _flash_editor_update_rescue (self);
}

void
_flash_editor_clear_rescue (FlashEditor *self)
{
  g_clear_handle_id (&self->rescue_source, g_source_remove);
  g_clear_pointer (&self->rescue_file, g_free);
}
