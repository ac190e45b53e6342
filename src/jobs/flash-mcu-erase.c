/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-erase"

#include "config.h"

#include "flash-mcu-journal.h"

/* What a usual board does in a second (stm32-dfuse.md section 5.3), as weights. */
#define READ_BYTES_PER_S 400e3
#define ERASE_BYTES_PER_S 60e3
#define STEP_S 0.1

/**
 * Erase:
 * @sectors: (element-type FlashMemorySector): what is erased
 * @before: (element-type GBytes): what they hold, %NULL where that is not known
 * @size: bytes in all of them
 */
typedef struct {
  FlashMcuRun *run;
  GArray *sectors;
  GPtrArray *before;
  guint64 size;
} Erase;

static void
unref_bytes (gpointer bytes)
{
  if (bytes != NULL)
    g_bytes_unref (bytes);
}

static void
add_sector (Erase *self, const FlashMemorySector *sector)
{
  g_array_append_val (self->sectors, *sector);
  self->size += sector->size;
}

/* --- Which sectors -------------------------------------------------------------------------- */

static gboolean
fail_outside (guint32 address, const char *why, GError **error)
{
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_OUTSIDE_MEMORY, "0x%08x: %s", address, why);
  return FALSE;
}

/* All that may be erased; sectors of the boot loader itself stay. */
static gboolean
choose_everything (Erase *self, GError **error)
{
  const FlashMemoryMap *map = self->run->result->guess.flash;

  for (guint i = 0; i < flash_memory_map_get_n_sectors (map); i++) {
    FlashMemorySector sector;

    flash_memory_map_get_sector (map, i, &sector);
    if ((sector.flags & FLASH_MEMORY_ERASABLE) != 0)
      add_sector (self, &sector);
  }
  return self->sectors->len > 0 ||
         fail_outside (flash_memory_map_get_start (map), "nothing can be erased", error);
}

static gboolean
choose_range (Erase *self, GError **error)
{
  const FlashMemoryMap *map = self->run->result->guess.flash;
  guint64 at = self->run->job->address, length = self->run->job->length;
  guint64 end = length > 0 ? at + length : (guint64) G_MAXUINT32 + 1;
  FlashMemorySector sector;

  if (length > (guint64) G_MAXUINT32 + 1)
    return fail_outside ((guint32) at, "the range ends beyond 32 bits", error);
  while (at < end && at <= G_MAXUINT32 &&
         flash_memory_map_find_sector (map, (guint32) at, &sector)) {
    if ((sector.flags & FLASH_MEMORY_ERASABLE) == 0)
      return fail_outside (sector.address, "the boot loader does not allow it to be erased", error);
    add_sector (self, &sector);
    at = (guint64) sector.address + sector.size;
  }
  if (self->sectors->len == 0 || (length > 0 && at < end))
    return fail_outside ((guint32) at, "no sector of the flash is there", error);
  return TRUE;
}

static gboolean
choose (Erase *self, GError **error)
{
  FlashMcuRun *run = self->run;

  if (!(run->job->is_everything ? choose_everything (self, error) : choose_range (self, error)))
    return FALSE;
  if (self->size > FLASH_MCU_MAX_BYTES) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                 "%" G_GUINT64_FORMAT " bytes are too many to erase at once", self->size);
    return FALSE;
  }
  run->result->n_sectors = self->sectors->len;
  flash_mcu_news_expect (&run->news, FLASH_MCU_STEP_ERASE,
                         (double) self->size / ERASE_BYTES_PER_S + STEP_S, self->size);
  flash_mcu_news_expect (&run->news, FLASH_MCU_STEP_VERIFY,
                         (double) self->size / READ_BYTES_PER_S + STEP_S, self->size);
  return TRUE;
}

/* --- What they hold ------------------------------------------------------------------------- */

static gboolean
read_before (Erase *self, GError **error)
{
  FlashMcuRun *run = self->run;

  for (guint i = 0; i < self->sectors->len; i++) {
    const FlashMemorySector *sector = &g_array_index (self->sectors, FlashMemorySector, i);
    g_autoptr (GError) local_error = NULL;
    GBytes *bytes = NULL;

    if (flash_mcu_can_read (run) && (sector->flags & FLASH_MEMORY_READABLE) != 0)
      bytes = flash_mcu_read_bytes (run, FLASH_ACTIVITY_READING, sector->address, sector->size,
                                    &local_error);
    g_ptr_array_add (self->before, bytes);
    /* What cannot be read because it is half programmed has all the more to be erased. */
    if (local_error != NULL &&
        !g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNREADABLE)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  }
  return TRUE;
}

/* Bytes of the sector that the range does not name. Returns: whether they hold anything. */
static gboolean
has_neighbours (Erase *self, guint index)
{
  const FlashMcuJob *job = self->run->job;
  const FlashMemorySector *sector = &g_array_index (self->sectors, FlashMemorySector, index);
  GBytes *bytes = g_ptr_array_index (self->before, index);
  guint64 end = (guint64) job->address + job->length;
  gsize head = job->address > sector->address ? job->address - sector->address : 0;
  gsize tail = job->length > 0 && end < (guint64) sector->address + sector->size
                   ? (gsize) ((guint64) sector->address + sector->size - end)
                   : 0;
  const guint8 *held;

  if (head == 0 && tail == 0)
    return FALSE;
  if (bytes == NULL)
    return TRUE;
  held = g_bytes_get_data (bytes, NULL);
  return !flash_mcu_is_blank (self->run, held, head) ||
         !flash_mcu_is_blank (self->run, held + sector->size - tail, tail);
}

static gboolean
check_neighbours (Erase *self, GError **error)
{
  if (self->run->job->is_everything || self->run->job->shared == FLASH_MCU_SHARED_ERASE)
    return TRUE;
  for (guint i = 0; i < self->sectors->len; i++) {
    const FlashMemorySector *sector = &g_array_index (self->sectors, FlashMemorySector, i);

    if (!has_neighbours (self, i))
      continue;
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_SECTORS_ARE_WHOLE,
                 "the sector at 0x%08x holds bytes outside of the range", sector->address);
    return FALSE;
  }
  return TRUE;
}

/* --- Erasing -------------------------------------------------------------------------------- */

static gboolean
erase_sectors (Erase *self, GError **error)
{
  self->run->result->n_erased = 0;
  for (guint i = 0; i < self->sectors->len; i++)
    if (!flash_mcu_erase_sector (self->run, &g_array_index (self->sectors, FlashMemorySector, i),
                                 error))
      return FALSE;
  return TRUE;
}

/* Mass erase is for a ROM: with a boot loader in flash it may do nothing, or too much. */
static gboolean
can_mass_erase (Erase *self)
{
  const FlashChipGuess *guess = &self->run->result->guess;

  return self->run->job->is_everything && self->run->traits.has_mass_erase &&
         guess->loader == FLASH_LOADER_ROM &&
         self->sectors->len == flash_memory_map_get_n_sectors (guess->flash);
}

/* Returns: whether all was erased; if not, and there is no @error, sectors are to be tried. */
static gboolean
mass_erase (Erase *self, GError **error)
{
  FlashMcuRun *run = self->run;
  gboolean was_touched = run->is_touched;
  g_autoptr (GError) local_error = NULL;

  run->is_touched = TRUE;
  if (flash_dfuse_mass_erase (flash_mcu_get_dfuse (run), self->size, &local_error)) {
    run->result->n_erased = self->sectors->len;
    flash_mcu_news_advance (&run->news, FLASH_ACTIVITY_ERASING,
                            g_array_index (self->sectors, FlashMemorySector, 0).address,
                            self->size);
    return TRUE;
  }
  g_debug ("mass erase: %s", local_error->message);
  if (!g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNSUPPORTED))
    return flash_mcu_fail_request (run, FLASH_JOB_ERROR_ERASE_FAILED,
                                   g_array_index (self->sectors, FlashMemorySector, 0).address,
                                   g_steal_pointer (&local_error), error);
  run->is_touched = was_touched;
  return FALSE;
}

/* --- Reading back --------------------------------------------------------------------------- */

/* Returns: whether reading worked; the result's mismatch says what is not blank. */
static gboolean
read_back (Erase *self, GError **error)
{
  FlashMcuRun *run = self->run;
  g_autoptr (GArray) pieces = flash_mcu_pieces_new ();

  for (guint i = 0; i < self->sectors->len; i++) {
    const FlashMemorySector *sector = &g_array_index (self->sectors, FlashMemorySector, i);
    GBytes *before = g_ptr_array_index (self->before, i);
    guint8 *erased = g_malloc (sector->size);
    g_autoptr (GBytes) expected = NULL;

    memset (erased, run->traits.erased, sector->size);
    expected = g_bytes_new_take (erased, sector->size);
    /* What was blank before says nothing about whether erasing works. */
    flash_mcu_pieces_add (pieces, sector->address, expected, before);
  }
  return flash_mcu_pieces_read (run, pieces, 0, error);
}

/* A boot loader in flash keeps its own sectors. */
static gboolean
is_whole_chip (const Erase *self)
{
  return self->run->job->is_everything &&
         self->sectors->len == flash_memory_map_get_n_sectors (self->run->result->guess.flash);
}

static gboolean
verify (Erase *self, gboolean was_mass, GError **error)
{
  FlashMcuRun *run = self->run;
  FlashMcuResult *result = run->result;

  result->is_written = TRUE;
  /* Acknowledged is not erased: until it was read back, nobody knows. */
  result->state = FLASH_MCU_STATE_HALF;
  flash_mcu_news_tell (&run->news, FLASH_EVENT_WRITTEN, FLASH_MCU_STEP_ERASE, self->size);
  flash_mcu_news_begin (&run->news, FLASH_MCU_STEP_VERIFY);
  if (!flash_mcu_can_read (run))
    return flash_mcu_fail_unreadable (run, error);
  if (!read_back (self, error))
    return FALSE;
  /* Some acknowledge mass erase and do nothing (section 2.2). */
  if (was_mass && result->mismatch.kind != FLASH_MISMATCH_NONE &&
      (!erase_sectors (self, error) || !read_back (self, error)))
    return FALSE;
  if (result->mismatch.kind != FLASH_MISMATCH_NONE) {
    result->state = result->mismatch.kind == FLASH_MISMATCH_UNTOUCHED ? FLASH_MCU_STATE_UNTOUCHED
                                                                      : FLASH_MCU_STATE_HALF;
    run->is_touched = result->state == FLASH_MCU_STATE_HALF;
    return flash_mcu_diagnose (run, error);
  }
  result->is_verified = TRUE;
  result->bytes_verified = self->size;
  result->state = is_whole_chip (self) ? FLASH_MCU_STATE_BLANK : FLASH_MCU_STATE_LOADER;
  flash_mcu_news_tell (&run->news, FLASH_EVENT_VERIFIED, FLASH_MCU_STEP_VERIFY, self->size);
  flash_mcu_journal_forget (run, self->sectors);
  return TRUE;
}

static gboolean
carry_out (Erase *self, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean is_mass;

  if (!choose (self, error) || !flash_mcu_probe (self->run, error))
    return FALSE;
  flash_mcu_news_begin (&self->run->news, FLASH_MCU_STEP_ERASE);
  if (!read_before (self, error) || !check_neighbours (self, error))
    return FALSE;
  is_mass = can_mass_erase (self) && mass_erase (self, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (!is_mass && !erase_sectors (self, error))
    return FALSE;
  return verify (self, is_mass, error);
}

gboolean
flash_mcu_erase (FlashMcuRun *run, GError **error)
{
  g_autoptr (GArray) sectors = g_array_new (FALSE, FALSE, sizeof (FlashMemorySector));
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (unref_bytes);
  Erase self = { .run = run, .sectors = sectors, .before = before };

  return carry_out (&self, error);
}
