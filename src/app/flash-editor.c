/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-editor"

#include "config.h"

#include "flash-editor-private.h"

#include <glib/gi18n.h>

enum { EDITED, CHECKED, SAVED, DISK_CHANGED, RESCUE_FAILED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (FlashEditor, flash_editor, G_TYPE_OBJECT)

/* --- checks ------------------------------------------------------------------------------- */

static void start_check (FlashEditor *self);

static gboolean
on_check_due (gpointer data)
{
  FlashEditor *self = data;

  self->check_source = 0;
  start_check (self);
  return G_SOURCE_REMOVE;
}

/* Not at once: many edits may be one step. */
static void
schedule_check (FlashEditor *self)
{
  if (self->running_check == 0 && self->check_source == 0)
    self->check_source = g_idle_add_full (G_PRIORITY_DEFAULT, on_check_due, self, NULL);
}

void
_flash_editor_want_check (FlashEditor *self)
{
  self->wanted_check++;
  schedule_check (self);
}

/* What is told again and again without being different would only make the window draw itself. */
static void
take_result (FlashEditor *self, FlashLoaded *loaded)
{
  if (self->loaded != NULL && self->loaded_text == self->running_text &&
      flash_loaded_is_same_result (self->loaded, loaded))
    return;
  g_clear_pointer (&self->loaded, flash_loaded_unref);
  self->loaded = flash_loaded_ref (loaded);
  self->loaded_text = self->running_text;
}

static void
answer_flushes (FlashEditor *self, guint check, FlashLoaded *loaded, const GError *error)
{
  GTask *task;

  while ((task = g_queue_peek_head (&self->flushes)) != NULL &&
         GPOINTER_TO_UINT (g_task_get_task_data (task)) <= check) {
    g_queue_pop_head (&self->flushes);
    if (loaded != NULL)
      g_task_return_pointer (task, flash_loaded_ref (loaded), (GDestroyNotify) flash_loaded_unref);
    else
      g_task_return_error (task, g_error_copy (error));
    g_object_unref (task);
  }
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (FlashEditor) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoaded) loaded = flash_loader_check_finish (result, &error);
  guint check = self->running_check;

  self->running_check = 0;
  if (loaded != NULL) {
    self->done_check = check;
    take_result (self, loaded);
  } else if (self->wanted_check == check) {
    /* Only what a job needs can fail; what is shown needs it not. */
    g_info ("cannot check: %s", error->message);
    self->wanted_check++;
  }
  if (g_error_matches (error, FLASH_LOAD_ERROR, FLASH_LOAD_ERROR_CHANGED))
    flash_editor_look_at_disk (self);
  if (self->wanted_check != check)
    schedule_check (self);
  if (loaded != NULL)
    g_signal_emit (self, signals[CHECKED], 0);
  answer_flushes (self, check, loaded, error);
}

static void
start_check (FlashEditor *self)
{
  g_autoptr (GBytes) text = flash_layout_document_dup_text (self->document);
  FlashLoadRequest request = { .text = text,
                               .path = self->path,
                               .sizes = self->sizes,
                               .files = self->files,
                               .device_id = self->device_id,
                               .wants_plan = self->wants_plan };

  if (self->wants_plan && !flash_editor_is_modified (self))
    request.stamp = self->stamp;
  self->wants_plan = FALSE;
  self->running_check = self->wanted_check;
  self->running_text = self->text_number;
  flash_loader_check (&request, NULL, on_checked, g_object_ref (self));
}

void
flash_editor_check (FlashEditor *self)
{
  g_return_if_fail (FLASH_IS_EDITOR (self));

  _flash_editor_want_check (self);
}

void
flash_editor_flush (FlashEditor *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                    gpointer data)
{
  GTask *task;

  g_return_if_fail (FLASH_IS_EDITOR (self));

  task = g_task_new (self, cancellable, callback, data);
  self->wants_plan = TRUE;
  _flash_editor_want_check (self);
  g_task_set_source_tag (task, flash_editor_flush);
  g_task_set_task_data (task, GUINT_TO_POINTER (self->wanted_check), NULL);
  g_queue_push_tail (&self->flushes, task);
}

FlashLoaded *
flash_editor_flush_finish (FlashEditor *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- what it is ----------------------------------------------------------------------------- */

FlashLayoutDocument *
flash_editor_get_document (FlashEditor *self)
{
  g_return_val_if_fail (FLASH_IS_EDITOR (self), NULL);

  return self->document;
}

FlashLoaded *
flash_editor_get_loaded (FlashEditor *self)
{
  g_return_val_if_fail (FLASH_IS_EDITOR (self), NULL);

  return self->loaded;
}

gboolean
flash_editor_is_checked (FlashEditor *self)
{
  g_return_val_if_fail (FLASH_IS_EDITOR (self), FALSE);

  return self->done_check == self->wanted_check;
}

void
flash_editor_set_device_id (FlashEditor *self, guint device_id)
{
  g_return_if_fail (FLASH_IS_EDITOR (self));

  if (device_id == self->device_id)
    return;
  self->device_id = device_id;
  _flash_editor_want_check (self);
}

static GHashTable *
dup_sizes (GHashTable *sizes)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key, value;

  g_hash_table_iter_init (&iter, sizes);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, g_strdup (key), g_memdup2 (value, sizeof (guint64)));
  return copy;
}

void
flash_editor_set_storage_size (FlashEditor *self, const char *ip, guint64 size)
{
  GHashTable *sizes;

  g_return_if_fail (FLASH_IS_EDITOR (self));
  g_return_if_fail (ip != NULL);

  if (size == flash_editor_get_storage_size (self, ip))
    return;
  sizes = dup_sizes (self->sizes);
  if (size > 0)
    g_hash_table_insert (sizes, g_strdup (ip), g_memdup2 (&size, sizeof (size)));
  else
    g_hash_table_remove (sizes, ip);
  g_hash_table_unref (self->sizes);
  self->sizes = sizes;
  _flash_editor_want_check (self);
}

guint64
flash_editor_get_storage_size (FlashEditor *self, const char *ip)
{
  const guint64 *size;

  g_return_val_if_fail (FLASH_IS_EDITOR (self), 0);
  g_return_val_if_fail (ip != NULL, 0);

  size = g_hash_table_lookup (self->sizes, ip);
  return size != NULL ? *size : 0;
}

char *
flash_editor_dup_title (FlashEditor *self)
{
  g_return_val_if_fail (FLASH_IS_EDITOR (self), NULL);

  return self->path != NULL ? g_filename_display_basename (self->path)
                            : g_strdup (_ ("Untitled layout"));
}

/* --- life ----------------------------------------------------------------------------------- */

static void
on_edited (FlashLayoutDocument *document, FlashEditor *self)
{
  self->text_number++;
  _flash_editor_want_check (self);
  _flash_editor_update_rescue (self);
  g_signal_emit (self, signals[EDITED], 0);
}

static void
flash_editor_dispose (GObject *object)
{
  FlashEditor *self = FLASH_EDITOR (object);

  g_clear_handle_id (&self->check_source, g_source_remove);
  if (self->document != NULL)
    g_signal_handlers_disconnect_by_func (self->document, on_edited, self);
  _flash_editor_clear_disk (self);
  _flash_editor_clear_rescue (self);

  G_OBJECT_CLASS (flash_editor_parent_class)->dispose (object);
}

static void
flash_editor_finalize (GObject *object)
{
  FlashEditor *self = FLASH_EDITOR (object);

  g_clear_object (&self->document);
  g_clear_pointer (&self->files, flash_layout_files_unref);
  g_clear_pointer (&self->sizes, g_hash_table_unref);
  g_clear_pointer (&self->loaded, flash_loaded_unref);

  G_OBJECT_CLASS (flash_editor_parent_class)->finalize (object);
}

static void
flash_editor_class_init (FlashEditorClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = flash_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = flash_editor_finalize;

  signals[EDITED] =
      g_signal_new ("edited", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CHECKED] =
      g_signal_new ("checked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SAVED] =
      g_signal_new ("saved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DISK_CHANGED] =
      g_signal_new ("disk-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RESCUE_FAILED] = g_signal_new ("rescue-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
flash_editor_init (FlashEditor *self)
{
  g_queue_init (&self->flushes);
  self->sizes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->text_number = 1;
}

/* @document: (transfer full): of @text */
static FlashEditor *
make (FlashLayoutDocument *document, GBytes *text, const char *path, const char *stamp,
      FlashLayoutFiles *files)
{
  FlashEditor *self = g_object_new (FLASH_TYPE_EDITOR, NULL);

  self->document = document;
  g_signal_connect (self->document, "edited", G_CALLBACK (on_edited), self);
  self->files = files != NULL ? flash_layout_files_ref (files) : flash_layout_files_new ();
  self->stamp = g_strdup (stamp);
  if (stamp != NULL)
    self->stored = g_bytes_ref (text);
  _flash_editor_set_path (self, path);
  self->wanted_check = 1;
  return self;
}

FlashEditor *
flash_editor_new (GBytes *text, const char *path, const char *stamp)
{
  FlashEditor *self;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (stamp == NULL || path != NULL, NULL);

  self = make (flash_layout_document_new (text), text, path, stamp, NULL);
  start_check (self);
  return self;
}

FlashEditor *
flash_editor_new_loaded (FlashLoadedText *loaded)
{
  FlashEditor *self;

  g_return_val_if_fail (loaded != NULL && loaded->document != NULL, NULL);

  self =
      make (g_steal_pointer (&loaded->document), loaded->text, loaded->path, loaded->stamp, NULL);
  start_check (self);
  return self;
}

FlashEditor *
flash_editor_new_restored (const FlashLayoutRescue *rescue)
{
  FlashEditor *self;

  g_return_val_if_fail (rescue != NULL, NULL);

  self = make (flash_layout_document_new (rescue->text), rescue->text, rescue->path, NULL, NULL);
  self->stamp = g_strdup (rescue->stamp);
  self->rescue_file = g_strdup (rescue->file);
  self->rescued_text = self->text_number;
  start_check (self);
  flash_editor_look_at_disk (self);
  return self;
}

FlashEditor *
flash_editor_new_of_other (FlashEditor *self)
{
  FlashEditor *other;

  g_return_val_if_fail (FLASH_IS_EDITOR (self), NULL);

  if (self->disk != FLASH_EDITOR_DISK_CHANGED)
    return NULL;
  other = make (flash_layout_document_new (self->other), self->other, self->path, self->other_stamp,
                self->files);
  other->device_id = self->device_id;
  g_hash_table_unref (other->sizes);
  other->sizes = g_hash_table_ref (self->sizes);
  start_check (other);
  return other;
}
