/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-prepare"

#include "config.h"

#include "flash-mcu-prepare.h"

#include "flash-firmware-saved.h"
#include "flash-mcu-journal.h"

static void
unref_bytes (gpointer bytes)
{
  if (bytes != NULL)
    g_bytes_unref (bytes);
}

void
flash_mcu_prepared_clear (FlashMcuPrepared *self)
{
  g_clear_pointer (&self->now, g_ptr_array_unref);
  g_clear_pointer (&self->before, g_ptr_array_unref);
  g_clear_pointer (&self->saved, g_ptr_array_unref);
  g_clear_pointer (&self->unfinished, g_free);
  g_clear_pointer (&self->work, flash_firmware_work_unref);
  g_clear_pointer (&self->journal, flash_firmware_journal_free);
}

/* --- What the chip holds -------------------------------------------------------------------- */

/* A sector with a word that a power cut left half programmed may be unreadable (stm32-dfuse.md
 * section 5.4): that is no failure, it has to be erased. */
static gboolean
read_sector (FlashMcuRun *run, const FlashMemorySector *sector, GBytes **out_bytes, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *out_bytes = NULL;
  if ((sector->flags & FLASH_MEMORY_READABLE) == 0)
    return TRUE;
  *out_bytes = flash_mcu_read_bytes (run, FLASH_ACTIVITY_READING, sector->address, sector->size,
                                     &local_error);
  if (*out_bytes != NULL)
    return TRUE;
  if (!g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNREADABLE)) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  g_debug ("sector 0x%08x: %s", sector->address, local_error->message);
  return flash_dfuse_to_idle (flash_mcu_get_dfuse (run), error);
}

static gboolean
read_now (FlashMcuPrepared *self, FlashMcuRun *run, GError **error)
{
  GArray *sectors = run->result->plan->sectors;

  self->now = g_ptr_array_new_with_free_func (unref_bytes);
  for (guint i = 0; i < sectors->len; i++) {
    const FlashFirmwareSector *sector = &g_array_index (sectors, FlashFirmwareSector, i);
    g_autoptr (GError) local_error = NULL;
    GBytes *bytes = NULL;

    if (flash_mcu_can_read (run) && !read_sector (run, &sector->sector, &bytes, &local_error)) {
      if (run->flash_reading == FLASH_READING_REFUSED)
        return flash_mcu_diagnose (run, error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    g_ptr_array_add (self->now, bytes);
  }
  return TRUE;
}

/* --- What an earlier try has saved ---------------------------------------------------------- */

static gboolean
open_journal (FlashMcuPrepared *self, FlashMcuRun *run, GError **error)
{
  g_autofree char *digest = NULL;

  if (run->job->journal_folder == NULL)
    return TRUE;
  digest = flash_image_dup_digest (run->job->image);
  self->journal = flash_mcu_journal_open (run, digest, error);
  return self->journal != NULL;
}

static void
look_up_saved (FlashMcuPrepared *self, FlashMcuRun *run)
{
  GArray *sectors = run->result->plan->sectors;

  self->saved = g_ptr_array_new_with_free_func (unref_bytes);
  for (guint i = 0; i < sectors->len; i++) {
    const FlashMemorySector *sector = &g_array_index (sectors, FlashFirmwareSector, i).sector;
    GBytes *saved = NULL;

    if (self->journal != NULL)
      saved = flash_firmware_journal_dup_saved (self->journal, sector->address);
    if (saved != NULL && g_bytes_get_size (saved) != sector->size)
      g_clear_pointer (&saved, g_bytes_unref);
    g_ptr_array_add (self->saved, saved);
  }
}

/* Marks what the image has for a sector. */
static void
mark_covered (const FlashFirmwarePlan *plan, const FlashMemorySector *sector, guint8 *is_covered)
{
  for (guint i = 0; i < plan->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (plan->segments, i);
    guint64 segment_end = (guint64) segment->address + g_bytes_get_size (segment->bytes);
    guint64 start = MAX (segment->address, sector->address);
    guint64 end = MIN (segment_end, (guint64) sector->address + sector->size);

    if (start < end)
      memset (is_covered + (start - sector->address), 1, (gsize) (end - start));
  }
}

/* Of the neighbours that were saved: */
typedef enum {
  SAVED_THERE, /* the chip has them */
  SAVED_LOST, /* the chip has them only in part, and nothing else */
  SAVED_FOREIGN, /* the chip has others: not from an erasure that was cut off */
} SavedState;

static SavedState
compare_saved (FlashMcuRun *run, const FlashMemorySector *sector, GBytes *now, GBytes *saved)
{
  g_autofree guint8 *is_covered = g_malloc0 (sector->size);
  const guint8 *kept = g_bytes_get_data (saved, NULL), *held;
  SavedState state = SAVED_THERE;

  if (now == NULL)
    return SAVED_LOST;
  held = g_bytes_get_data (now, NULL);
  mark_covered (run->result->plan, sector, is_covered);
  for (gsize i = 0; i < sector->size; i++) {
    if (is_covered[i] || held[i] == kept[i])
      continue;
    if (held[i] != run->traits.erased)
      return SAVED_FOREIGN;
    state = SAVED_LOST;
  }
  return state;
}

/* Finds the first sector in which what was saved and what is there contradict each other. Returns:
 * its index, -1 if there is none */
static gint
find_contradiction (FlashMcuPrepared *self, FlashMcuRun *run)
{
  const FlashFirmwarePlan *plan = run->result->plan;

  for (guint i = 0; i < self->now->len; i++) {
    GBytes *saved = g_ptr_array_index (self->saved, i);

    if (saved != NULL &&
        compare_saved (run, &g_array_index (plan->sectors, FlashFirmwareSector, i).sector,
                       g_ptr_array_index (self->now, i), saved) == SAVED_FOREIGN)
      return (gint) i;
  }
  /* Blank neighbours of a chip that would start are no leftovers either. */
  return flash_firmware_saved_find_stale (plan, self->now, self->saved);
}

/* Whether what was saved counts at all. */
static gboolean
decide_saved (FlashMcuPrepared *self, FlashMcuRun *run, gboolean *out_counts, GError **error)
{
  gint index;

  *out_counts = run->job->shared != FLASH_MCU_SHARED_ERASE;
  if (!*out_counts || run->job->saved == FLASH_MCU_SAVED_RESTORE)
    return TRUE;
  index = find_contradiction (self, run);
  if (index < 0)
    return TRUE;
  *out_counts = FALSE;
  if (run->job->saved == FLASH_MCU_SAVED_FORGET)
    return TRUE;
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_JOURNAL_OF_OTHER_CONTENT,
               "the sector at 0x%08x is neither as it was saved nor erased",
               g_array_index (run->result->plan->sectors, FlashFirmwareSector, (guint) index)
                   .sector.address);
  return FALSE;
}

/* A sector that cannot be read since an earlier try was cut off in it, and in which there was
 * nothing to be kept. Returns: (transfer full) (nullable): what counts as its content */
static GBytes *
make_given_up (FlashMcuPrepared *self, FlashMcuRun *run, const FlashMemorySector *sector)
{
  guint8 *bytes;

  if (self->journal == NULL || !flash_mcu_can_read (run) ||
      !flash_firmware_journal_is_given_up (self->journal, sector->address))
    return NULL;
  bytes = g_malloc (sector->size);
  memset (bytes, run->traits.erased, sector->size);
  return g_bytes_new_take (bytes, sector->size);
}

/* A sector that was erased and not finished counts with the neighbours that were saved, since they
 * may be nowhere else any more, and is written whatever it holds. */
static gboolean
merge (FlashMcuPrepared *self, FlashMcuRun *run, GError **error)
{
  GArray *sectors = run->result->plan->sectors;
  gboolean counts;

  self->before = g_ptr_array_new_with_free_func (unref_bytes);
  self->unfinished = g_new0 (gboolean, sectors->len);
  look_up_saved (self, run);
  if (!decide_saved (self, run, &counts, error))
    return FALSE;
  self->forgets_saved = !counts && run->job->saved == FLASH_MCU_SAVED_FORGET;
  for (guint i = 0; i < sectors->len; i++) {
    const FlashMemorySector *sector = &g_array_index (sectors, FlashFirmwareSector, i).sector;
    GBytes *now = g_ptr_array_index (self->now, i);
    GBytes *saved = counts ? g_ptr_array_index (self->saved, i) : NULL;
    g_autoptr (GBytes) blank = NULL;

    if (now == NULL && saved == NULL)
      blank = make_given_up (self, run, sector);
    self->unfinished[i] =
        blank != NULL || (saved != NULL && compare_saved (run, sector, now, saved) != SAVED_THERE);
    if (self->unfinished[i])
      now = saved != NULL ? saved : blank;
    self->restores_saved |= self->unfinished[i] && saved != NULL;
    g_ptr_array_add (self->before, now != NULL ? g_bytes_ref (now) : NULL);
  }
  return TRUE;
}

/* --- What there is to do -------------------------------------------------------------------- */

/* A job that is to verify and cannot read would end badly anyway: it ends before the question what
 * to do about neighbours that nobody can see. */
static gboolean
adopt_work_error (FlashMcuRun *run, GError *local_error, GError **error)
{
  gboolean is_shared =
      g_error_matches (local_error, FLASH_FIRMWARE_WORK_ERROR, FLASH_FIRMWARE_WORK_ERROR_SHARED);

  if (is_shared && run->job->verifies && !flash_mcu_can_read (run))
    flash_mcu_fail_unreadable (run, error);
  else
    g_set_error_literal (error, FLASH_JOB_ERROR,
                         is_shared ? FLASH_JOB_ERROR_SECTOR_SHARED
                                   : FLASH_JOB_ERROR_FIRMWARE_REFUSED,
                         local_error->message);
  g_error_free (local_error);
  return FALSE;
}

/* Nothing of others is taken or moved unless that was decided. */
static gboolean
check_shared (FlashMcuPrepared *self, FlashMcuRun *run, GError **error)
{
  if (run->job->shared != FLASH_MCU_SHARED_ASK)
    return TRUE;
  for (guint i = 0; i < self->work->todos->len; i++) {
    const FlashFirmwareTodo *todo = g_ptr_array_index (self->work->todos, i);

    if (todo->target == NULL || todo->n_kept == 0)
      continue;
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_SECTOR_SHARED,
                 "the sector at 0x%08x holds %u bytes that are not in the file",
                 todo->sector.address, todo->n_kept);
    return FALSE;
  }
  return TRUE;
}

static gboolean
make_work (FlashMcuPrepared *self, FlashMcuRun *run, GError **error)
{
  FlashNeighbours neighbours =
      run->job->shared == FLASH_MCU_SHARED_ERASE ? FLASH_NEIGHBOURS_ERASE : FLASH_NEIGHBOURS_KEEP;
  gboolean changed_only = run->job->changed != FLASH_MCU_CHANGED_ALL && flash_mcu_can_read (run);
  GError *local_error = NULL;

  self->work = flash_firmware_work_new_continued (run->result->plan, self->before, self->unfinished,
                                                  changed_only, neighbours,
                                                  flash_mcu_get_block_size (run), &local_error);
  if (self->work == NULL)
    return adopt_work_error (run, local_error, error);
  run->result->n_unchanged = self->work->n_unchanged;
  return check_shared (self, run, error);
}

/* Nothing else stands in the way of the job. */
static void
take_up (FlashMcuPrepared *self, FlashMcuRun *run)
{
  if (self->forgets_saved)
    for (guint i = 0; i < self->work->todos->len; i++)
      if (g_ptr_array_index (self->saved, i) != NULL) {
        const FlashFirmwareTodo *todo = g_ptr_array_index (self->work->todos, i);

        flash_mcu_journal_drop (self->journal, todo->sector.address);
      }
  if (self->restores_saved || (self->journal != NULL && self->work->erase_order->len > 0 &&
                               flash_firmware_journal_is_continued (self->journal)))
    flash_mcu_news_warning (&run->news, "update-continued",
                            "the journal of an update that was cut off was found");
}

gboolean
flash_mcu_prepare (FlashMcuPrepared *self, FlashMcuRun *run, GError **error)
{
  *self = (FlashMcuPrepared){ 0 };
  if (!flash_mcu_can_read (run) && run->job->changed == FLASH_MCU_CHANGED_ONLY) {
    g_set_error_literal (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_CANNOT_READ,
                         "which sectors have changed cannot be found out");
    return FALSE;
  }
  flash_mcu_news_begin (&run->news, FLASH_MCU_STEP_COMPARE);
  if (!open_journal (self, run, error) || !read_now (self, run, error))
    return FALSE;
  if (!merge (self, run, error) || !make_work (self, run, error))
    return FALSE;
  take_up (self, run);
  return TRUE;
}
