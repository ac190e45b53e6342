/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-evidence"

#include "config.h"

#include "flash-mcu-private.h"

#include "flash-option-guess.h"

/* stm32-dfuse.md section 5.2, step 4 */
#define PROBE_LENGTH 64
/* No chip has more option bytes (section 2.5.3). */
#define MAX_OPTIONS 4096
#define N_OPTION_TRIES 3
#define OPTION_PAUSE_MS 50

/* Places to look at: a word that a power cut left half programmed stalls the ROM (section 5.4) and
 * says nothing about the others. */
static guint
list_probe_places (const FlashMemoryMap *map, guint32 *out_places)
{
  guint n_sectors = flash_memory_map_get_n_sectors (map), n_places = 0;
  const guint indices[] = { 0, n_sectors / 2, n_sectors - 1 };

  for (guint i = 0; i < G_N_ELEMENTS (indices); i++) {
    FlashMemorySector sector;

    flash_memory_map_get_sector (map, indices[i], &sector);
    if ((sector.flags & FLASH_MEMORY_READABLE) != 0 && sector.size >= PROBE_LENGTH &&
        (n_places == 0 || out_places[n_places - 1] != sector.address))
      out_places[n_places++] = sector.address;
  }
  return n_places;
}

gboolean
flash_mcu_can_read (FlashMcuRun *self)
{
  return self->flash_reading == FLASH_READING_GOOD ||
         self->flash_reading == FLASH_READING_REFUSED_ONCE;
}

gboolean
flash_mcu_probe (FlashMcuRun *self, GError **error)
{
  const FlashChipGuess *guess = &self->result->guess;
  guint8 bytes[PROBE_LENGTH];
  guint32 places[3];
  guint n_places = list_probe_places (guess->flash, places);

  if (!flash_dfuse_select (flash_mcu_get_dfuse (self), guess->flash_alternate, error))
    return FALSE;
  self->flash_reading = n_places > 0 ? FLASH_READING_NOT_TRIED : FLASH_READING_IMPOSSIBLE;
  for (guint i = 0; i < n_places && !flash_mcu_can_read (self); i++) {
    g_autoptr (GError) local_error = NULL;

    if (flash_mcu_read (self, FLASH_ACTIVITY_CONNECTING, places[i], bytes, sizeof bytes,
                        &local_error))
      return TRUE;
    if (self->flash_reading == FLASH_READING_REFUSED)
      return flash_mcu_diagnose (self, error);
    if (!g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNREADABLE) &&
        !g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_TARGET)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    g_debug ("probe: %s", local_error->message);
  }
  return TRUE;
}

/* --- Option bytes --------------------------------------------------------------------------- */

static GBytes *
read_options (FlashMcuRun *self, GError **error)
{
  const FlashChipGuess *guess = &self->result->guess;
  const FlashMemoryRun *run = &g_array_index (guess->options->runs, FlashMemoryRun, 0);
  guint64 size = (guint64) run->sector_size * run->n_sectors;
  g_autofree guint8 *bytes = NULL;

  if (size > MAX_OPTIONS) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                 "%" G_GUINT64_FORMAT " option bytes", size);
    return NULL;
  }
  if (!flash_dfuse_select (flash_mcu_get_dfuse (self), guess->option_alternate, error))
    return NULL;
  bytes = g_malloc ((gsize) size);
  if (!flash_dfuse_read (flash_mcu_get_dfuse (self), run->address, bytes, (gsize) size, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), (gsize) size);
}

void
flash_mcu_fetch_options (FlashMcuRun *self)
{
  const FlashChipGuess *guess = &self->result->guess;
  g_autoptr (GError) error = NULL;

  if (guess->options == NULL || self->option_reading != FLASH_READING_NOT_TRIED)
    return;
  /* A refusal is believed after several tries, here too (section 2.8). */
  for (guint i = 0; i < N_OPTION_TRIES && self->options == NULL; i++) {
    g_clear_error (&error);
    self->options = read_options (self, &error);
    if (self->options == NULL &&
        (!g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED) ||
         !flash_clock_wait_ms (self->job->clock, OPTION_PAUSE_MS, self->cancellable, NULL)))
      break;
  }
  if (self->options != NULL) {
    self->option_reading = FLASH_READING_GOOD;
  } else {
    self->option_reading = g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED)
                               ? FLASH_READING_REFUSED
                               : FLASH_READING_STALLED;
    g_debug ("option bytes: %s", error->message);
  }
  if (guess->flash != NULL)
    flash_dfuse_select (flash_mcu_get_dfuse (self), guess->flash_alternate, NULL);
}

const FlashOptionLayout *
flash_mcu_find_option_layout (FlashMcuRun *self, GBytes *options)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (options, &length);

  return flash_chip_guess_find_option_layout (&self->result->guess, bytes, length, NULL);
}

/* --- Diagnosis ------------------------------------------------------------------------------ */

static gboolean
has_own_sectors (const FlashMemoryMap *map)
{
  for (guint i = 0; i < map->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (map->runs, FlashMemoryRun, i);

    if ((run->flags & (FLASH_MEMORY_ERASABLE | FLASH_MEMORY_WRITABLE)) == 0)
      return TRUE;
  }
  return FALSE;
}

/* Whether a sector with wrong bytes is write protected, as far as the option bytes say. */
static void
look_at_wrp (FlashMcuRun *self, const FlashOptionLayout *layout, FlashEvidence *evidence)
{
  const FlashMismatch *mismatch = &self->result->mismatch;
  const guint8 *bytes = g_bytes_get_data (self->options, NULL);

  for (guint i = 0; i < mismatch->n_ranges; i++) {
    FlashMemorySector sector;
    gboolean is_protected = FALSE;

    if (!flash_memory_map_find_sector (self->result->guess.flash, mismatch->ranges[i].address,
                                       &sector))
      continue;
    evidence->has_wrp |=
        flash_option_layout_is_write_protected (layout, bytes, sector.index, &is_protected);
    evidence->is_write_protected |= is_protected;
  }
}

static FlashEvidence
collect_evidence (FlashMcuRun *self)
{
  FlashEvidence evidence = { .loader = self->result->guess.loader,
                             .mismatch = self->result->mismatch.kind,
                             .flash_reading = self->flash_reading,
                             .was_blank = self->was_blank,
                             .has_own_sectors = has_own_sectors (self->result->guess.flash),
                             .was_other_port_tried = self->job->was_other_port_tried };
  const FlashOptionLayout *layout = NULL;

  flash_mcu_fetch_options (self);
  evidence.option_reading = self->option_reading;
  if (self->options != NULL)
    layout = flash_mcu_find_option_layout (self, self->options);
  if (layout != NULL) {
    evidence.rdp = flash_option_layout_get_rdp (layout, g_bytes_get_data (self->options, NULL));
    self->result->rdp = evidence.rdp;
    look_at_wrp (self, layout, &evidence);
  }
  return evidence;
}

/* A code of the diagnosis is the name of an error. */
static FlashJobError
find_error (const char *name)
{
  for (gint i = 0; i <= FLASH_JOB_ERROR_WRITTEN_ELSEWHERE; i++)
    if (g_str_equal (flash_job_error_get_name ((FlashJobError) i), name))
      return (FlashJobError) i;
  g_return_val_if_reached (FLASH_JOB_ERROR_VERIFY_MISMATCH);
}

gboolean
flash_mcu_diagnose (FlashMcuRun *self, GError **error)
{
  const FlashMismatch *mismatch = &self->result->mismatch;
  FlashEvidence evidence = collect_evidence (self);

  self->result->diagnosis = flash_diagnose (&evidence);
  self->result->has_diagnosis = TRUE;
  if (mismatch->kind == FLASH_MISMATCH_NONE)
    g_set_error_literal (error, FLASH_JOB_ERROR, (gint) find_error (self->result->diagnosis.code),
                         "the board refuses access to its flash, again and again");
  else
    g_set_error (error, FLASH_JOB_ERROR, (gint) find_error (self->result->diagnosis.code),
                 "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                 " bytes are not as they should be, from 0x%08x to 0x%08x (%s)",
                 mismatch->n_wrong, mismatch->n_compared, mismatch->first, mismatch->last,
                 flash_mismatch_kind_get_name (mismatch->kind));
  return FALSE;
}

gboolean
flash_mcu_fail_options (FlashMcuRun *self, GError **error)
{
  self->reading = &self->flash_reading;
  return flash_mcu_probe (self, error) && flash_mcu_diagnose (self, error);
}

gboolean
flash_mcu_fail_unreadable (FlashMcuRun *self, GError **error)
{
  FlashEvidence evidence = collect_evidence (self);
  FlashDiagnosis diagnosis = flash_diagnose (&evidence);
  FlashJobError code = FLASH_JOB_ERROR_CANNOT_READ;

  if (g_str_equal (diagnosis.code, "loader-without-flash")) {
    self->result->diagnosis = diagnosis;
    self->result->has_diagnosis = TRUE;
    code = FLASH_JOB_ERROR_LOADER_WITHOUT_FLASH;
  }
  g_set_error_literal (error, FLASH_JOB_ERROR, (gint) code,
                       "what the boot loader acknowledges cannot be read back");
  return FALSE;
}

gboolean
flash_mcu_fail_request (FlashMcuRun *self, FlashJobError code, guint32 address, GError *local_error,
                        GError **error)
{
  if (g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED)) {
    /* The flash could be read a moment ago, or nobody has asked; now the loader refuses. */
    self->flash_reading = FLASH_READING_REFUSED;
    g_clear_error (&local_error);
    return flash_mcu_diagnose (self, error);
  }
  if (g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_DEVICE) ||
      g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_TARGET)) {
    g_set_error (error, FLASH_JOB_ERROR, (gint) code, "at 0x%08x: %s", address,
                 local_error->message);
    g_error_free (local_error);
    return FALSE;
  }
  g_prefix_error (&local_error, "at 0x%08x: ", address);
  g_propagate_error (error, local_error);
  return FALSE;
}
