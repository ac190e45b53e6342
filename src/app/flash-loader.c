/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-loader"

#include "config.h"

#include "flash-loader.h"

#include "flash-layout-lint.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/* A folder with more entries than this is not the folder of a layout. */
#define MAX_FOLDER_ENTRIES 10000

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

/* --- in the thread ------------------------------------------------------------------------ */

typedef struct {
  char *path; /* (owned) (type filename) */
  guint device_id;
  gboolean wants_plan;
} Request;

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free (self->path);
  g_free (self);
}

static gboolean
is_layout_name (const char *name)
{
  gsize length = strlen (name);

  return length > strlen (".tsv") &&
         g_ascii_strcasecmp (name + length - strlen (".tsv"), ".tsv") == 0;
}

static char *
find_in_folder (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autofree char *found = NULL;
  const char *name;

  if (dir == NULL)
    return NULL;
  for (guint n = 0; n < MAX_FOLDER_ENTRIES && (name = g_dir_read_name (dir)) != NULL; n++) {
    if (!is_layout_name (name))
      continue;
    if (found != NULL) {
      g_set_error (error, FLASH_LOAD_ERROR, FLASH_LOAD_ERROR_SEVERAL_LAYOUTS,
                   "%s holds more than one layout", folder);
      return NULL;
    }
    found = g_build_filename (folder, name, NULL);
  }
  if (found == NULL)
    g_set_error (error, FLASH_LOAD_ERROR, FLASH_LOAD_ERROR_NO_LAYOUT, "%s holds no layout", folder);
  return g_steal_pointer (&found);
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const char *path = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    found = find_in_folder (path, &error);
  else if (is_layout_name (path))
    found = g_strdup (path);
  else
    g_set_error (&error, FLASH_LOAD_ERROR, FLASH_LOAD_ERROR_OTHER_KIND, "%s is no layout", path);

  if (found != NULL)
    g_task_return_pointer (task, g_steal_pointer (&found), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
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

static FlashLoaded *
load (const Request *request, GCancellable *cancellable, GError **error)
{
  const FlashLayoutLintOptions options = { .device_id = request->device_id };
  g_autoptr (FlashLoaded) self = g_new0 (FlashLoaded, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->device_id = request->device_id;
  self->diags = flash_diag_list_new ();
  self->path = g_file_test (request->path, G_FILE_TEST_IS_DIR)
                   ? find_in_folder (request->path, error)
                   : g_strdup (request->path);
  if (self->path == NULL)
    return NULL;
  self->layout = flash_layout_load (self->path, self->diags, error);
  if (self->layout == NULL)
    return NULL;
  if (!flash_layout_lint (self->layout, &options, self->diags, cancellable, error))
    return NULL;
  self->storages = flash_layout_dup_storages (self->layout, NULL);
  measure_images (self);
  if (request->wants_plan && flash_loaded_get_n_errors (self) == 0) {
    self->plan = flash_plan_new_for_layout (self->layout, error);
    if (self->plan == NULL)
      return NULL;
  }
  return g_steal_pointer (&self);
}

static void
load_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLoaded) loaded = load (data, cancellable, &error);

  if (loaded != NULL)
    g_task_return_pointer (task, g_steal_pointer (&loaded), (GDestroyNotify) flash_loaded_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* --- in the main thread ------------------------------------------------------------------- */

void
flash_loader_load (const char *path, guint device_id, gboolean wants_plan,
                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  /* No source object: the thread could be the last to hold it. */
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Request *request;

  g_return_if_fail (path != NULL);

  request = g_new0 (Request, 1);
  request->path = g_strdup (path);
  request->device_id = device_id;
  request->wants_plan = wants_plan;
  g_task_set_source_tag (task, flash_loader_load);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, load_in_thread);
}

FlashLoaded *
flash_loader_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_loader_load), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
flash_loader_find (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                   gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_return_if_fail (path != NULL);

  g_task_set_source_tag (task, flash_loader_find);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, find_in_thread);
}

char *
flash_loader_find_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_loader_find), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
