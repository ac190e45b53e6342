/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-bundle-opener"

#include "config.h"

#include "flash-bundle-opener.h"

#include "flash-loader.h"
#include "flash-repair.h"
#include "flash-report.h"

/* --- how far it is -------------------------------------------------------------------------- */

struct _FlashBundleWatch {
  gatomicrefcount ref_count;
  GMutex lock; /* of what follows */
  guint64 done;
  guint64 total;
};

FlashBundleWatch *
flash_bundle_watch_new (void)
{
  FlashBundleWatch *self = g_new0 (FlashBundleWatch, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  return self;
}

FlashBundleWatch *
flash_bundle_watch_ref (FlashBundleWatch *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_bundle_watch_unref (FlashBundleWatch *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_mutex_clear (&self->lock);
  g_free (self);
}

double
flash_bundle_watch_get_fraction (FlashBundleWatch *self)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = NULL;

  g_return_val_if_fail (self != NULL, -1);

  locker = g_mutex_locker_new (&self->lock);
  return self->total > 0 ? MIN ((double) self->done / (double) self->total, 1) : -1;
}

/* A #FlashBundleProgress. */
static void
on_progress (guint64 done, guint64 total, gpointer data)
{
  FlashBundleWatch *self = data;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  self->done = done;
  self->total = total;
}

/* --- what is open --------------------------------------------------------------------------- */

FlashBundleOpened *
flash_bundle_opened_ref (FlashBundleOpened *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
flash_bundle_opened_unref (FlashBundleOpened *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->bundle);
  g_free (self->path);
  g_clear_pointer (&self->place, flash_bundle_place_free);
  g_free (self);
}

const FlashBundleLayout *
flash_bundle_opened_get_layout (const FlashBundleOpened *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return flash_bundle_get_layout (self->bundle, self->index);
}

/* --- opening -------------------------------------------------------------------------------- */

typedef struct {
  char *path; /* (owned) (type filename) */
  FlashBundleWatch *watch; /* (owned) (nullable) */
  FlashBundle *bundle; /* (owned) (nullable): to unpack from */
  guint index;
  FlashBundleReason reason;
  gboolean is_chosen;
  gboolean is_firmware; /* what was found */
  gboolean is_report; /* the same */
  gboolean is_repair; /* the same */
} Request;

static Request *
request_new (const char *path, FlashBundleWatch *watch)
{
  Request *self = g_new0 (Request, 1);

  self->path = g_strdup (path);
  self->watch = watch != NULL ? flash_bundle_watch_ref (watch) : NULL;
  return self;
}

static void
request_free (gpointer data)
{
  Request *self = data;

  g_free (self->path);
  g_clear_pointer (&self->watch, flash_bundle_watch_unref);
  g_clear_object (&self->bundle);
  g_free (self);
}

/* What is no layout and no firmware is refused. */
static gboolean
find_kind (const char *path, FlashFileKind *out_kind, GError **error)
{
  FlashFileKind kind;

  if (!flash_file_kind_find (path, &kind, error))
    return FALSE;
  if (kind == FLASH_FILE_MP_IMAGE || kind == FLASH_FILE_OTHER) {
    g_set_error (error, FLASH_LOAD_ERROR,
                 kind == FLASH_FILE_MP_IMAGE ? FLASH_LOAD_ERROR_MP_IMAGE
                                             : FLASH_LOAD_ERROR_OTHER_KIND,
                 "%s is neither a layout nor firmware", path);
    return FALSE;
  }
  *out_kind = kind;
  return TRUE;
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *request = data;
  FlashBundle *bundle = NULL;
  FlashFileKind kind = FLASH_FILE_LAYOUT;
  GError *error = NULL;

  /* Before archives: a layout may be among its texts. */
  if (flash_report_is_report (request->path)) {
    request->is_report = TRUE;
  } else if (flash_repair_is_repair (request->path)) {
    request->is_repair = TRUE;
  } else if (flash_bundle_is_bundle (request->path)) {
    bundle = flash_bundle_open (request->path, on_progress, request->watch, cancellable, &error);
    /* A single file that is packed looks like an archive at first. */
    if (g_error_matches (error, FLASH_BUNDLE_ERROR, FLASH_BUNDLE_ERROR_UNKNOWN_KIND) &&
        flash_file_is_packed (request->path)) {
      g_clear_error (&error);
      request->is_firmware = TRUE;
    }
  } else if (find_kind (request->path, &kind, &error)) {
    /* Looked at by the main thread once the task is over. */
    request->is_firmware = kind == FLASH_FILE_FIRMWARE;
  } else if (error->domain != FLASH_LOAD_ERROR) {
    /* Whoever reads it says so. */
    g_clear_error (&error);
  }
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, bundle, bundle != NULL ? g_object_unref : NULL);
}

void
flash_bundle_opener_open (const char *path, FlashBundleWatch *watch, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_return_if_fail (path != NULL && watch != NULL);

  g_task_set_source_tag (task, flash_bundle_opener_open);
  g_task_set_task_data (task, request_new (path, watch), request_free);
  g_task_run_in_thread (task, open_in_thread);
}

gboolean
flash_bundle_opener_open_finish (GAsyncResult *result, FlashBundle **out_bundle, GError **error)
{
  GError *own_error = NULL;
  FlashBundle *bundle;

  g_return_val_if_fail (g_async_result_is_tagged (result, flash_bundle_opener_open), FALSE);

  bundle = g_task_propagate_pointer (G_TASK (result), &own_error);
  if (own_error != NULL) {
    g_propagate_error (error, own_error);
    return FALSE;
  }
  *out_bundle = bundle;
  return TRUE;
}

gboolean
flash_bundle_opener_is_firmware (GAsyncResult *result)
{
  const Request *request;

  g_return_val_if_fail (g_async_result_is_tagged (result, flash_bundle_opener_open), FALSE);

  request = g_task_get_task_data (G_TASK (result));
  return request->is_firmware;
}

gboolean
flash_bundle_opener_is_report (GAsyncResult *result)
{
  const Request *request;

  g_return_val_if_fail (g_async_result_is_tagged (result, flash_bundle_opener_open), FALSE);

  request = g_task_get_task_data (G_TASK (result));
  return request->is_report;
}

gboolean
flash_bundle_opener_is_repair (GAsyncResult *result)
{
  const Request *request;

  g_return_val_if_fail (g_async_result_is_tagged (result, flash_bundle_opener_open), FALSE);

  request = g_task_get_task_data (G_TASK (result));
  return request->is_repair;
}

/* --- unpacking ------------------------------------------------------------------------------ */

static char *
unpack (const Request *request, FlashBundlePlace *place, GCancellable *cancellable, GError **error)
{
  /* A folder needs no place: it is not used then. */
  const char *folder = place != NULL ? flash_bundle_place_get_folder (place) : "";
  g_autofree char *unpacked = NULL;

  return flash_bundle_unpack (request->bundle, request->index, folder, on_progress, request->watch,
                              &unpacked, cancellable, error);
}

static void
unpack_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  gboolean is_archive = flash_bundle_get_kind (request->bundle) == FLASH_BUNDLE_ARCHIVE;
  GError *error = NULL;
  g_autoptr (FlashBundlePlace) place = is_archive ? flash_bundle_place_new (&error) : NULL;
  char *path = error == NULL ? unpack (request, place, cancellable, &error) : NULL;
  FlashBundleOpened *opened;

  if (path == NULL) {
    /* Before anybody hears of it: nothing stays behind. */
    g_clear_pointer (&place, flash_bundle_place_free);
    g_task_return_error (task, error);
    return;
  }
  opened = g_new0 (FlashBundleOpened, 1);
  g_atomic_ref_count_init (&opened->ref_count);
  opened->bundle = g_object_ref (request->bundle);
  opened->index = request->index;
  opened->reason = request->reason;
  opened->is_chosen = request->is_chosen;
  opened->path = path;
  opened->place = g_steal_pointer (&place);
  g_task_return_pointer (task, opened, (GDestroyNotify) flash_bundle_opened_unref);
}

void
flash_bundle_opener_unpack (FlashBundle *bundle, guint index, FlashBundleReason reason,
                            gboolean is_chosen, FlashBundleWatch *watch, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Request *request;

  g_return_if_fail (FLASH_IS_BUNDLE (bundle) && watch != NULL);

  request = request_new (flash_bundle_get_path (bundle), watch);
  request->bundle = g_object_ref (bundle);
  request->index = index;
  request->reason = reason;
  request->is_chosen = is_chosen;
  g_task_set_source_tag (task, flash_bundle_opener_unpack);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, unpack_in_thread);
}

FlashBundleOpened *
flash_bundle_opener_unpack_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_bundle_opener_unpack), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- what would be opened ------------------------------------------------------------------- */

static gboolean
find (const char *path, FlashBundleFound *out_found, GCancellable *cancellable, GError **error)
{
  FlashFileKind kind;

  if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_autoptr (FlashBundle) bundle = flash_bundle_open (path, NULL, NULL, cancellable, error);

    *out_found = FLASH_BUNDLE_FOUND_FOLDER;
    return bundle != NULL;
  }
  if (flash_report_is_report (path)) {
    *out_found = FLASH_BUNDLE_FOUND_REPORT;
    return TRUE;
  }
  if (flash_repair_is_repair (path)) {
    *out_found = FLASH_BUNDLE_FOUND_REPAIR;
    return TRUE;
  }
  if (flash_bundle_is_bundle (path)) {
    *out_found = FLASH_BUNDLE_FOUND_ARCHIVE;
    return TRUE;
  }
  if (!find_kind (path, &kind, error))
    return FALSE;
  *out_found =
      kind == FLASH_FILE_FIRMWARE ? FLASH_BUNDLE_FOUND_FIRMWARE : FLASH_BUNDLE_FOUND_LAYOUT;
  return TRUE;
}

static void
find_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  FlashBundleFound found;
  GError *error = NULL;

  if (find (request->path, &found, cancellable, &error))
    g_task_return_int (task, (gssize) found);
  else
    g_task_return_error (task, error);
}

void
flash_bundle_opener_find (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);

  g_return_if_fail (path != NULL);

  g_task_set_source_tag (task, flash_bundle_opener_find);
  g_task_set_task_data (task, request_new (path, NULL), request_free);
  g_task_run_in_thread (task, find_in_thread);
}

gboolean
flash_bundle_opener_find_finish (GAsyncResult *result, FlashBundleFound *out_found, GError **error)
{
  gssize found;

  g_return_val_if_fail (g_async_result_is_tagged (result, flash_bundle_opener_find), FALSE);

  found = g_task_propagate_int (G_TASK (result), error);
  if (found < 0)
    return FALSE;
  *out_found = (FlashBundleFound) found;
  return TRUE;
}

const char *
flash_bundle_opener_get_path (GAsyncResult *result)
{
  const Request *request;

  g_return_val_if_fail (G_IS_TASK (result), NULL);

  request = g_task_get_task_data (G_TASK (result));
  return request->path;
}
