/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: main for the public functions; the work is done in a thread of GTask, whose task has no
 * source object and owns all that the thread uses. Progress crosses over as a snapshot under a
 * lock, with at most one wake-up pending. */
#define G_LOG_DOMAIN "flash-drive-write"

#include "config.h"

#include "flash-drive-write.h"

#include "flash-drive-copy.h"
#include "flash-drive-judge.h"
#include "flash-drive-private.h"
#include "flash-drive-udisks.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

typedef struct {
  gatomicrefcount ref_count;
  FlashDrive *drive; /* (owned) */
  FlashDriveContent *content; /* (owned) (nullable): %NULL when ejecting */
  FlashDriveReport report; /* the thread's until the result is delivered, then main's */
  GMainContext *context; /* (owned) */
  FlashDriveProgressFunc on_progress;
  gpointer progress_data;

  GMutex lock; /* for the rest */
  FlashDriveProgress progress;
  gboolean is_pending;
} Request;

static Request *
request_new (FlashDrive *drive)
{
  Request *self = g_new0 (Request, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->drive = g_object_ref (drive);
  self->context = g_main_context_ref_thread_default ();
  self->report.first_difference = G_MAXUINT64;
  return self;
}

static void
request_unref (gpointer data)
{
  Request *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_object_unref (self->drive);
  g_clear_pointer (&self->content, flash_drive_content_unref);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* What one side did before is seen by the other one after. GTask sees to that by itself, but by
 * means that thread sanitizers do not know. */
static void
hand_over (Request *self)
{
  g_mutex_lock (&self->lock);
  g_mutex_unlock (&self->lock);
}

/* --- progress ----------------------------------------------------------------------------- */

static gboolean
on_progress_pending (gpointer data)
{
  Request *self = data;
  FlashDriveProgress progress;

  g_mutex_lock (&self->lock);
  progress = self->progress;
  self->is_pending = FALSE;
  g_mutex_unlock (&self->lock);
  self->on_progress (&progress, self->progress_data);
  return G_SOURCE_REMOVE;
}

/* Thread: of the task. The source comes before the result of the task, which has the default
 * priority: so nobody is told of progress after the end. */
static void
post_progress (const FlashDriveProgress *progress, gpointer data)
{
  Request *self = data;
  gboolean was_pending;
  g_autoptr (GSource) source = NULL;

  if (self->on_progress == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->progress = *progress;
  was_pending = self->is_pending;
  self->is_pending = TRUE;
  g_mutex_unlock (&self->lock);
  if (was_pending)
    return;

  g_atomic_ref_count_inc (&self->ref_count);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, on_progress_pending, self, request_unref);
  g_source_attach (source, self->context);
}

/* --- in the thread ------------------------------------------------------------------------ */

/* Returns: (transfer none) (nullable): the facts of the drive among @all, if the medium that was
 * chosen is still in it. */
static const FlashDriveFacts *
find_again (Request *self, GPtrArray *all, GError **error)
{
  const char *device = flash_drive_get_device (self->drive);
  const FlashDriveFacts *facts = flash_drive_facts_find (all, flash_drive_get_id (self->drive));

  if (facts == NULL) {
    g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_GONE, "%s is not there any more",
                 device);
    return NULL;
  }
  if (!flash_drive_facts_is_same_medium (facts, flash_drive_get_facts (self->drive))) {
    g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_GONE,
                 "the medium in %s is not the one that was chosen", device);
    return NULL;
  }
  return facts;
}

static gboolean
check_verdict (const FlashDriveFacts *facts, gboolean is_allowed, GError **error)
{
  if (!is_allowed)
    g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_NOT_ALLOWED,
                 "%s must not be touched: %s", facts->device,
                 flash_drive_verdict_to_text (flash_drive_judge (facts)));
  return is_allowed;
}

static gboolean
may_overwrite (const FlashDriveFacts *facts, GError **error)
{
  return check_verdict (facts, flash_drive_judge (facts) == FLASH_DRIVE_VERDICT_OFFERED, error);
}

/* An image may have brought a volume group or an encrypted volume along. Neither stands in the way
 * of taking the card out; both are judged after everything that would. */
static gboolean
may_release (const FlashDriveFacts *facts, GError **error)
{
  FlashDriveVerdict verdict = flash_drive_judge (facts);

  return check_verdict (facts,
                        verdict == FLASH_DRIVE_VERDICT_OFFERED ||
                            verdict == FLASH_DRIVE_VERDICT_RAID ||
                            verdict == FLASH_DRIVE_VERDICT_CRYPTO,
                        error);
}

/* Returns: whether the content fits onto a card of that size. */
static gboolean
check_size (Request *self, guint64 size_bytes, GError **error)
{
  guint64 needed = flash_drive_content_get_size (self->content);

  if (needed <= size_bytes)
    return TRUE;
  g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_TOO_SMALL,
               "%s has %" G_GUINT64_FORMAT " bytes, %" G_GUINT64_FORMAT " are needed",
               flash_drive_get_device (self->drive), size_bytes, needed);
  return FALSE;
}

/* Returns: (transfer none) (nullable): the facts of the drive as they are now, out of @out_all;
 * %NULL with @error set if it may not be overwritten, or holds another medium than was chosen. */
static const FlashDriveFacts *
look (Request *self, GPtrArray **out_all, GCancellable *cancellable, GError **error)
{
  const FlashDriveFacts *facts = NULL;

  *out_all = flash_udisks_get_facts (flash_drive_get_connection (self->drive), cancellable, error);
  if (*out_all != NULL)
    facts = find_again (self, *out_all, error);
  if (facts == NULL || !may_overwrite (facts, error))
    return NULL;
  if (facts->is_read_only) {
    g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_READ_ONLY, "%s is write-protected",
                 facts->device);
    return NULL;
  }
  return check_size (self, facts->size_bytes, error) ? facts : NULL;
}

/* Atomic; see flash_drive_write_set_takes_files (). */
static int takes_files;

void
flash_drive_write_set_takes_files (gboolean is_true)
{
  g_atomic_int_set (&takes_files, is_true);
}

/* The name of a node may have gone to another device between the question and the answer; its
 * number in an open descriptor cannot. */
static gboolean
check_identity (int fd, const FlashDriveFacts *facts, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) == 0 &&
      ((S_ISREG (status.st_mode) && g_atomic_int_get (&takes_files)) ||
       (S_ISBLK (status.st_mode) && status.st_rdev == facts->device_number)))
    return TRUE;
  g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_GONE,
               "%s is another device than a moment ago", facts->device);
  return FALSE;
}

/* The descriptor for reading back is asked for at the beginning too: after minutes of writing, a
 * second dialog for a password would come when nobody sits there any more. */
static int
open_for_reading (GDBusConnection *connection, const FlashDriveFacts *facts,
                  GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;
  int fd = flash_udisks_open (connection, facts, "r", O_DIRECT, cancellable, &reason);

  if (fd >= 0)
    return fd;
  if (g_error_matches (reason, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_FAILED)) {
    g_info ("reading through the cache: %s", reason->message);
    return flash_udisks_open (connection, facts, "r", 0, cancellable, error);
  }
  g_propagate_error (error, g_steal_pointer (&reason));
  return -1;
}

static gboolean
copy_content (Request *self, int fd, int back_fd, GCancellable *cancellable, GError **error)
{
  FlashDriveCopy copy = { .content = self->content,
                          .cancellable = cancellable,
                          .on_progress = post_progress,
                          .progress_data = self,
                          .report = &self->report };

  return flash_drive_copy_get_size (fd, &copy.device_size, error) &&
         check_size (self, copy.device_size, error) && flash_drive_copy_write (&copy, fd, error) &&
         flash_drive_copy_verify (&copy, back_fd, error);
}

/* Before this, dialogs for a password may have stood open for as long as it takes to put another
 * card in. The disk is held by now: what is seen here stays true until it is closed, but for a card
 * that is pulled out, whose descriptors then fail. */
static gboolean
judge_again (Request *self, int fd, int back_fd, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  const FlashDriveFacts *facts = look (self, &all, cancellable, error);

  return facts != NULL && check_identity (fd, facts, error) &&
         check_identity (back_fd, facts, error);
}

/* O_EXCL without O_CREAT: the kernel refuses a block device of which anything is mounted or held,
 * and lets nobody mount it as long as it is open (open(2)). */
static gboolean
overwrite (Request *self, const FlashDriveFacts *facts, GCancellable *cancellable, GError **error)
{
  GDBusConnection *connection = flash_drive_get_connection (self->drive);
  gboolean is_written = FALSE;
  int back_fd;
  int fd;

  if (!flash_udisks_unmount (connection, facts, cancellable, error))
    return FALSE;
  fd = flash_udisks_open (connection, facts, "rw", O_EXCL, cancellable, error);
  if (fd < 0)
    return FALSE;
  back_fd = open_for_reading (connection, facts, cancellable, error);
  if (back_fd >= 0)
    is_written = judge_again (self, fd, back_fd, cancellable, error) &&
                 copy_content (self, fd, back_fd, cancellable, error);
  /* Before anybody looks at the new partitions: they cannot be read in while the disk is held. */
  if (back_fd >= 0)
    g_close (back_fd, NULL);
  g_close (fd, NULL);
  return is_written;
}

/* A card that is pulled out while it is written fails with whatever the kernel was just doing. */
static void
explain_failure (Request *self, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  const FlashDriveFacts *facts;

  if (!g_error_matches (*error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_WRITE) &&
      !g_error_matches (*error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_READ))
    return;
  all = flash_udisks_get_facts (flash_drive_get_connection (self->drive), NULL, NULL);
  if (all == NULL)
    return;
  facts = flash_drive_facts_find (all, flash_drive_get_id (self->drive));
  if (facts != NULL &&
      flash_drive_facts_is_same_medium (facts, flash_drive_get_facts (self->drive)))
    return;
  (*error)->code = FLASH_DRIVE_ERROR_GONE;
  g_prefix_error (error, "%s was taken out: ", flash_drive_get_device (self->drive));
}

static gboolean
write_drive (Request *self, GCancellable *cancellable, GError **error)
{
  FlashDriveProgress preparing = { .phase = FLASH_DRIVE_PHASE_PREPARING };
  GDBusConnection *connection = flash_drive_get_connection (self->drive);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) rescan_error = NULL;
  const FlashDriveFacts *facts;
  gboolean is_written;

  post_progress (&preparing, self);
  facts = look (self, &all, cancellable, error);
  if (facts == NULL)
    return FALSE;

  is_written = overwrite (self, facts, cancellable, error);
  /* What is on the card is right without it: the kernel then learns of the partitions when the
   * card is put in again. */
  if (self->report.state != FLASH_DRIVE_STATE_UNTOUCHED &&
      !flash_udisks_rescan (connection, facts, &rescan_error))
    g_info ("%s", rescan_error->message);
  return is_written;
}

static void
write_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *self = data;
  GError *error = NULL;
  gboolean is_written;

  hand_over (self);
  is_written = write_drive (self, cancellable, &error);
  if (!is_written) {
    explain_failure (self, &error);
    g_info ("%s", error->message);
  }
  hand_over (self);
  if (is_written)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
eject_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Request *self = data;
  GDBusConnection *connection;
  g_autoptr (GPtrArray) all = NULL;
  const FlashDriveFacts *facts;
  GError *error = NULL;

  hand_over (self);
  connection = flash_drive_get_connection (self->drive);
  all = flash_udisks_get_facts (connection, cancellable, &error);
  facts = all != NULL ? find_again (self, all, &error) : NULL;
  if (facts != NULL && may_release (facts, &error) &&
      flash_udisks_unmount (connection, facts, cancellable, &error))
    flash_udisks_release (connection, facts, cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* --- public ------------------------------------------------------------------------------- */

/* A cancel that comes when everything is done is too late to change what is on the card, and must
 * not hide it. */
static GTask *
make_task (Request *request, GCancellable *cancellable, GAsyncReadyCallback callback,
           gpointer user_data, gpointer tag)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  hand_over (request);
  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, request, request_unref);
  return task;
}

void
flash_drive_write_async (FlashDrive *drive, FlashDriveContent *content, GCancellable *cancellable,
                         FlashDriveProgressFunc on_progress, gpointer progress_data,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (FLASH_IS_DRIVE (drive));
  g_return_if_fail (content != NULL);

  request = request_new (drive);
  request->content = flash_drive_content_ref (content);
  request->on_progress = on_progress;
  request->progress_data = progress_data;
  task = make_task (request, cancellable, callback, user_data, flash_drive_write_async);
  g_task_run_in_thread (task, write_in_thread);
}

gboolean
flash_drive_write_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_drive_write_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

const FlashDriveReport *
flash_drive_write_get_report (GAsyncResult *result)
{
  Request *request;

  g_return_val_if_fail (g_async_result_is_tagged (result, flash_drive_write_async), NULL);

  request = g_task_get_task_data (G_TASK (result));
  hand_over (request);
  return &request->report;
}

void
flash_drive_eject_async (FlashDrive *drive, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (FLASH_IS_DRIVE (drive));

  task = make_task (request_new (drive), cancellable, callback, user_data, flash_drive_eject_async);
  g_task_run_in_thread (task, eject_in_thread);
}

gboolean
flash_drive_eject_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, flash_drive_eject_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
