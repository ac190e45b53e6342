/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-editor-disk"

#include "config.h"

#include "flash-editor-private.h"

/* A build writes many files; they are looked at together. In milliseconds. */
#define MONITOR_DELAY 400

const char *
flash_editor_get_path (FlashEditor *self)
{
  g_return_val_if_fail (FLASH_IS_EDITOR (self), NULL);

  return self->path;
}

gboolean
flash_editor_is_modified (FlashEditor *self)
{
  g_autoptr (GBytes) text = NULL;

  g_return_val_if_fail (FLASH_IS_EDITOR (self), FALSE);

  if (self->compared_text == self->text_number)
    return self->is_modified;
  text = flash_layout_document_dup_text (self->document);
  self->is_modified = self->disk == FLASH_EDITOR_DISK_GONE || self->stored == NULL ||
                      !g_bytes_equal (self->stored, text);
  self->compared_text = self->text_number;
  return self->is_modified;
}

/* --- what others do ------------------------------------------------------------------------- */

/* What lies at the path now is @text, and known to the user. */
static void
set_stored (FlashEditor *self, GBytes *text, const char *stamp)
{
  g_autoptr (GBytes) current = flash_layout_document_dup_text (self->document);
  g_autofree char *new_stamp = g_strdup (stamp);

  if (text != NULL)
    g_bytes_ref (text);
  g_clear_pointer (&self->stored, g_bytes_unref);
  self->stored = text;
  g_free (self->stamp);
  self->stamp = g_steal_pointer (&new_stamp);
  self->compared_text = 0;
  self->disk_number++;
  g_clear_pointer (&self->other, g_bytes_unref);
  g_clear_pointer (&self->other_stamp, g_free);
  self->disk = FLASH_EDITOR_DISK_SAME;
  /* A rescue says what it is based on. */
  self->rescued_text = 0;
  if (text != NULL && g_bytes_equal (text, current))
    flash_layout_document_mark_saved (self->document);
  _flash_editor_update_rescue (self);
}

static void
set_changed (FlashEditor *self, FlashEditorDisk disk, FlashLoadedText *other)
{
  if (self->disk == disk && (other == NULL || g_strcmp0 (self->other_stamp, other->stamp) == 0))
    return;
  self->disk = disk;
  self->compared_text = 0;
  g_clear_pointer (&self->other, g_bytes_unref);
  g_clear_pointer (&self->other_stamp, g_free);
  if (other != NULL) {
    self->other = g_bytes_ref (other->text);
    self->other_stamp = g_strdup (other->stamp);
  }
  _flash_editor_update_rescue (self);
  g_signal_emit_by_name (self, "disk-changed");
}

/* The file is again, or still, what it was. */
static void
set_same (FlashEditor *self, FlashLoadedText *found)
{
  gboolean had_changed = self->disk != FLASH_EDITOR_DISK_SAME;

  if (!had_changed && self->stored != NULL)
    return;
  set_stored (self, found->text, found->stamp);
  if (had_changed)
    g_signal_emit_by_name (self, "disk-changed");
  g_signal_emit_by_name (self, "saved");
}

static gboolean
is_current_text (FlashEditor *self, GBytes *text)
{
  g_autoptr (GBytes) current = flash_layout_document_dup_text (self->document);

  return g_bytes_equal (text, current);
}

static void
take_look (FlashEditor *self, FlashLoadedText *found, const GError *error)
{
  if (found != NULL && g_strcmp0 (found->stamp, self->stamp) == 0)
    set_same (self, found);
  else if (found != NULL && is_current_text (self, found->text)) {
    /* The other has written what is shown. */
    set_stored (self, found->text, found->stamp);
    g_signal_emit_by_name (self, "disk-changed");
    g_signal_emit_by_name (self, "saved");
  } else if (found != NULL)
    set_changed (self, FLASH_EDITOR_DISK_CHANGED, found);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) && self->stamp != NULL)
    set_changed (self, FLASH_EDITOR_DISK_GONE, NULL);
}

typedef struct {
  FlashEditor *editor; /* (owned) */
  guint disk_number; /* when it began */
} Look;

static void
on_looked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Look *look = data;
  g_autoptr (FlashEditor) self = look->editor;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoadedText) found = flash_loader_read_finish (result, &error);
  gboolean is_outdated = look->disk_number != self->disk_number || self->is_saving;

  self->is_looking = FALSE;
  if (!is_outdated)
    take_look (self, found, error);
  if (is_outdated || self->looks_again)
    flash_editor_look_at_disk (self);
}

void
flash_editor_look_at_disk (FlashEditor *self)
{
  Look *look;

  g_return_if_fail (FLASH_IS_EDITOR (self));

  self->looks_again = self->is_looking || self->is_saving;
  if (self->looks_again || self->path == NULL)
    return;
  look = g_new0 (Look, 1);
  look->editor = g_object_ref (self);
  look->disk_number = self->disk_number;
  self->is_looking = TRUE;
  flash_loader_read (self->path, FALSE, NULL, on_looked, look);
}

FlashEditorDisk
flash_editor_get_disk (FlashEditor *self)
{
  g_return_val_if_fail (FLASH_IS_EDITOR (self), FLASH_EDITOR_DISK_SAME);

  return self->disk;
}

void
flash_editor_keep_mine (FlashEditor *self)
{
  g_autoptr (GBytes) other = NULL;
  g_autofree char *stamp = NULL;

  g_return_if_fail (FLASH_IS_EDITOR (self));

  if (self->disk == FLASH_EDITOR_DISK_SAME)
    return;
  other = g_steal_pointer (&self->other);
  stamp = g_steal_pointer (&self->other_stamp);
  set_stored (self, other, stamp);
  g_signal_emit_by_name (self, "disk-changed");
}

/* --- the monitor ---------------------------------------------------------------------------- */

static gboolean
on_monitor_due (gpointer data)
{
  FlashEditor *self = data;

  self->monitor_source = 0;
  flash_editor_look_at_disk (self);
  if (self->checks_files)
    flash_editor_check (self);
  self->checks_files = FALSE;
  return G_SOURCE_REMOVE;
}

static void
on_folder_changed (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                   FlashEditor *self)
{
  g_autofree char *path = g_file_get_path (file);

  if (g_strcmp0 (path, self->path) != 0)
    self->checks_files = TRUE;
  if (self->monitor_source == 0)
    self->monitor_source = g_timeout_add (MONITOR_DELAY, on_monitor_due, self);
}

static void
stop_monitor (FlashEditor *self)
{
  g_clear_handle_id (&self->monitor_source, g_source_remove);
  if (self->monitor == NULL)
    return;
  g_signal_handlers_disconnect_by_func (self->monitor, on_folder_changed, self);
  g_file_monitor_cancel (self->monitor);
  g_clear_object (&self->monitor);
}

void
_flash_editor_set_path (FlashEditor *self, const char *path)
{
  g_autofree char *folder = NULL;
  g_autoptr (GFile) file = NULL;

  if (g_strcmp0 (path, self->path) == 0)
    return;
  stop_monitor (self);
  g_free (self->path);
  self->path = g_strdup (path);
  folder = g_path_get_dirname (path);
  file = g_file_new_for_path (folder);
  /* Where nothing can be watched, the look before saving remains. */
  self->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor != NULL)
    g_signal_connect (self->monitor, "changed", G_CALLBACK (on_folder_changed), self);
}

void
_flash_editor_clear_disk (FlashEditor *self)
{
  stop_monitor (self);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->stamp, g_free);
  g_clear_pointer (&self->stored, g_bytes_unref);
  g_clear_pointer (&self->other, g_bytes_unref);
  g_clear_pointer (&self->other_stamp, g_free);
}

/* --- saving --------------------------------------------------------------------------------- */

typedef struct {
  char *path; /* (owned) (type filename) */
  GBytes *text; /* (owned) */
  char *stamp; /* (owned) (nullable): the old one, then the new one */
} Writing;

static void
writing_free (gpointer data)
{
  Writing *self = data;

  g_free (self->path);
  g_bytes_unref (self->text);
  g_free (self->stamp);
  g_free (self);
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Writing *writing = data;
  char *stamp = NULL;
  GError *error = NULL;

  if (flash_layout_store_write (writing->path, writing->text, writing->stamp, &stamp, &error))
    g_task_return_pointer (task, stamp, g_free);
  else
    g_task_return_error (task, error);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  FlashEditor *self = g_task_get_source_object (task);
  const Writing *writing = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *stamp = g_task_propagate_pointer (G_TASK (result), &error);

  _flash_editor_release ();
  self->is_saving = FALSE;
  if (stamp == NULL) {
    /* What stands in the way may be known by now. */
    flash_editor_look_at_disk (self);
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  set_stored (self, writing->text, stamp);
  if (g_strcmp0 (writing->path, self->path) != 0) {
    _flash_editor_set_path (self, writing->path);
    _flash_editor_want_check (self);
  }
  if (self->looks_again)
    flash_editor_look_at_disk (self);
  g_signal_emit_by_name (self, "saved");
  g_task_return_boolean (task, TRUE);
}

void
flash_editor_save (FlashEditor *self, const char *path, gboolean overwrites_changes,
                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) writer = NULL;
  Writing *writing;

  g_return_if_fail (FLASH_IS_EDITOR (self));
  g_return_if_fail (path != NULL || self->path != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, flash_editor_save);
  g_task_set_task_data (task, g_strdup (path != NULL ? path : self->path), g_free);
  /* What is written is written. */
  g_task_set_check_cancellable (task, FALSE);
  if (self->is_saving) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "is being saved already");
    return;
  }
  self->is_saving = TRUE;
  writing = g_new0 (Writing, 1);
  writing->path = g_strdup (path != NULL ? path : self->path);
  writing->text = flash_layout_document_dup_text (self->document);
  if (!overwrites_changes && g_strcmp0 (writing->path, self->path) == 0)
    writing->stamp = g_strdup (self->stamp);
  _flash_editor_hold ();
  writer = g_task_new (NULL, NULL, on_written, g_steal_pointer (&task));
  g_task_set_task_data (writer, writing, writing_free);
  g_task_run_in_thread (writer, write_in_thread);
}

gboolean
flash_editor_save_finish (FlashEditor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
