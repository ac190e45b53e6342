/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-loader"

#include "config.h"

#include "flash-loader.h"

#include "flash-layout-lint.h"
#include "flash-layout-store.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

GQuark
flash_load_error_quark (void)
{
  return g_quark_from_static_string ("flash-load-error-quark");
}

FlashLoaded *
flash_loaded_ref (FlashLoaded *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_loaded_unref (FlashLoaded *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->path);
  g_clear_object (&self->layout);
  g_clear_pointer (&self->diags, flash_diag_list_unref);
  g_clear_pointer (&self->storages, g_ptr_array_unref);
  g_clear_pointer (&self->image_sizes, g_array_unref);
  g_clear_pointer (&self->sizes, g_hash_table_unref);
  g_clear_object (&self->plan);
  g_free (self);
}

guint
flash_loaded_get_n_errors (const FlashLoaded *self)
{
  return flash_diag_list_count (self->diags, FLASH_SEVERITY_ERROR);
}

gboolean
flash_loaded_is_same_layout (const FlashLoaded *self, const FlashLoaded *other)
{
  g_autoptr (GBytes) text = flash_layout_dup_device_text (self->layout);
  g_autoptr (GBytes) other_text = flash_layout_dup_device_text (other->layout);
  guint n_rows = flash_layout_get_n_rows (self->layout);

  if (!g_bytes_equal (text, other_text) || n_rows != flash_layout_get_n_rows (other->layout))
    return FALSE;
  for (guint i = 0; i < n_rows; i++)
    if (g_strcmp0 (flash_layout_row_get_path (flash_layout_get_row (self->layout, i)),
                   flash_layout_row_get_path (flash_layout_get_row (other->layout, i))) != 0)
      return FALSE;
  return TRUE;
}

static gboolean
is_same_diag (const FlashDiag *a, const FlashDiag *b)
{
  g_autofree char *message_a = NULL;
  g_autofree char *message_b = NULL;

  if (flash_diag_get_line (a) != flash_diag_get_line (b) ||
      flash_diag_get_column (a) != flash_diag_get_column (b) ||
      flash_diag_get_severity (a) != flash_diag_get_severity (b) ||
      !g_str_equal (flash_diag_get_code (a), flash_diag_get_code (b)))
    return FALSE;
  message_a = flash_diag_dup_message (a, NULL);
  message_b = flash_diag_dup_message (b, NULL);
  return g_str_equal (message_a, message_b);
}

gboolean
flash_loaded_is_same_result (const FlashLoaded *self, const FlashLoaded *other)
{
  guint n_diags = flash_diag_list_get_length (self->diags);
  guint n_rows = self->image_sizes->len;

  if (self->device_id != other->device_id || self->sizes != other->sizes ||
      g_strcmp0 (self->path, other->path) != 0 || n_rows != other->image_sizes->len ||
      n_diags != flash_diag_list_get_length (other->diags))
    return FALSE;
  if (n_rows > 0 &&
      memcmp (self->image_sizes->data, other->image_sizes->data, n_rows * sizeof (guint64)) != 0)
    return FALSE;
  for (guint i = 0; i < n_diags; i++)
    if (!is_same_diag (flash_diag_list_get (self->diags, i), flash_diag_list_get (other->diags, i)))
      return FALSE;
  return TRUE;
}

gboolean
flash_loaded_has_whole_storage (const FlashLoaded *self)
{
  for (guint i = 0; i < flash_layout_get_n_rows (self->layout); i++) {
    FlashLayoutRow *row = flash_layout_get_row (self->layout, i);

    if (flash_layout_row_get_layout_type (row) == FLASH_LAYOUT_TYPE_RAW_IMAGE &&
        (flash_layout_row_is_download (row) || flash_layout_row_is_erased (row)))
      return TRUE;
  }
  return FALSE;
}

void
flash_loaded_text_free (FlashLoadedText *self)
{
  g_free (self->path);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_free (self->stamp);
  g_clear_object (&self->document);
  g_free (self);
}

/* --- in the thread ------------------------------------------------------------------------ */

/* The same as was asked for, with references of its own. */
static FlashLoadRequest *
request_copy (const FlashLoadRequest *request)
{
  FlashLoadRequest *self = g_memdup2 (request, sizeof (*request));

  self->text = g_bytes_ref (request->text);
  self->path = g_strdup (request->path);
  self->stamp = g_strdup (request->stamp);
  if (request->sizes != NULL)
    g_hash_table_ref (request->sizes);
  if (request->files != NULL)
    flash_layout_files_ref (request->files);
  return self;
}

static void
request_free (gpointer data)
{
  FlashLoadRequest *self = data;

  g_bytes_unref (self->text);
  g_free ((char *) self->path);
  g_free ((char *) self->stamp);
  g_clear_pointer (&self->sizes, g_hash_table_unref);
  g_clear_pointer (&self->files, flash_layout_files_unref);
  g_free (self);
}

static void
measure_images (FlashLoaded *self)
{
  guint n_rows = flash_layout_get_n_rows (self->layout);

  self->image_sizes = g_array_sized_new (FALSE, FALSE, sizeof (guint64), n_rows);
  for (guint i = 0; i < n_rows; i++) {
    const char *path = flash_layout_row_get_path (flash_layout_get_row (self->layout, i));
    guint64 size = FLASH_SIZE_UNKNOWN;
    GStatBuf info;

    if (path != NULL && g_stat (path, &info) == 0 && S_ISREG (info.st_mode))
      size = (guint64) info.st_size;
    g_array_append_val (self->image_sizes, size);
  }
}

static FlashLoadedText *
read_text (const char *path, GError **error)
{
  g_autoptr (FlashLoadedText) self = g_new0 (FlashLoadedText, 1);

  self->path = g_strdup (path);
  self->text = flash_layout_store_read (self->path, &self->stamp, error);
  return self->text != NULL ? g_steal_pointer (&self) : NULL;
}

static void
read_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  FlashLoadedText *loaded = read_text (data, &error);

  if (loaded != NULL)
    g_task_return_pointer (task, loaded, (GDestroyNotify) flash_loaded_text_free);
  else
    g_task_return_error (task, error);
}

static void
read_document_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  FlashLoadedText *loaded = read_text (data, &error);

  if (loaded != NULL) {
    /* From here on it belongs to the main thread. */
    loaded->document = flash_layout_document_new (loaded->text);
    g_task_return_pointer (task, loaded, (GDestroyNotify) flash_loaded_text_free);
  } else {
    g_task_return_error (task, error);
  }
}

static FlashLoaded *
check (const FlashLoadRequest *request, GCancellable *cancellable, GError **error)
{
  const FlashLayoutLintOptions options = { .sizes = request->sizes,
                                           .files = request->files,
                                           .device_id = request->device_id };
  g_autoptr (FlashLoaded) self = g_new0 (FlashLoaded, 1);
  g_autofree char *folder = request->path != NULL ? g_path_get_dirname (request->path) : NULL;

  g_atomic_ref_count_init (&self->ref_count);
  self->path = g_strdup (request->path);
  self->device_id = request->device_id;
  self->sizes = request->sizes != NULL ? g_hash_table_ref (request->sizes) : NULL;
  self->diags = flash_diag_list_new ();
  if (request->stamp != NULL && flash_layout_store_has_changed (request->path, request->stamp)) {
    g_set_error (error, FLASH_LOAD_ERROR, FLASH_LOAD_ERROR_CHANGED, "%s was changed meanwhile",
                 request->path);
    return NULL;
  }
  self->layout = flash_layout_new_from_bytes (request->text, folder, self->diags);
  if (!flash_layout_lint (self->layout, &options, self->diags, cancellable, error))
    return NULL;
  self->storages = flash_layout_dup_storages (self->layout, request->sizes);
  measure_images (self);
  if (request->wants_plan && flash_loaded_get_n_errors (self) == 0) {
    self->plan = flash_plan_new_for_layout (self->layout, error);
    if (self->plan == NULL)
      return NULL;
  }
  return g_steal_pointer (&self);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoaded) loaded = check (data, cancellable, &error);

  if (loaded != NULL)
    g_task_return_pointer (task, g_steal_pointer (&loaded), (GDestroyNotify) flash_loaded_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* --- in the main thread ------------------------------------------------------------------- */

void
flash_loader_read (const char *path, gboolean wants_document, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer data)
{
  /* No source object: the thread could be the last to hold it. */
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_return_if_fail (path != NULL);

  g_task_set_source_tag (task, flash_loader_read);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, wants_document ? read_document_in_thread : read_in_thread);
}

FlashLoadedText *
flash_loader_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_loader_read), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
flash_loader_check (const FlashLoadRequest *request, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_return_if_fail (request != NULL && request->text != NULL);
  g_return_if_fail (request->stamp == NULL || request->path != NULL);

  g_task_set_source_tag (task, flash_loader_check);
  g_task_set_task_data (task, request_copy (request), request_free);
  g_task_run_in_thread (task, check_in_thread);
}

FlashLoaded *
flash_loader_check_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_loader_check), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
