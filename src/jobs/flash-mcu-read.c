/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-read"

#include "config.h"

#include "flash-mcu-private.h"

/* As a weight. */
#define BYTES_PER_S 400e3

/* The map of an alternate setting, with what is known against its text. */
static FlashMemoryMap *
dup_map (FlashMcuRun *self, const FlashAlternate *alternate, GError **error)
{
  const FlashChipGuess *guess = &self->result->guess;

  if (guess->flash != NULL && alternate->number == guess->flash_alternate)
    return flash_memory_map_ref (guess->flash);
  return flash_memory_map_parse (alternate->name, error);
}

/* Finds the setting that is asked for, or the one that holds the address. */
static FlashMemoryMap *
find_map (FlashMcuRun *self, guint8 *out_alternate, GError **error)
{
  GPtrArray *alternates = flash_mcu_link_get_descriptors (self->link)->alternates;
  const FlashMcuJob *job = self->job;

  for (guint i = 0; i < alternates->len; i++) {
    const FlashAlternate *alternate = g_ptr_array_index (alternates, i);
    g_autoptr (FlashMemoryMap) map = NULL;
    FlashMemorySector sector;

    if (job->alternate >= 0 && job->alternate != alternate->number)
      continue;
    map = dup_map (self, alternate, NULL);
    if (map == NULL || !flash_memory_map_find_sector (map, job->address, &sector))
      continue;
    *out_alternate = alternate->number;
    return g_steal_pointer (&map);
  }
  g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_OUTSIDE_MEMORY,
               "no memory of the boot loader holds 0x%08x", job->address);
  return NULL;
}

/* To the end of the sectors that follow each other without a hole and can be read. */
static guint64
measure (const FlashMemoryMap *map, guint32 address)
{
  guint64 at = address;
  FlashMemorySector sector;

  while (at <= G_MAXUINT32 && flash_memory_map_find_sector (map, (guint32) at, &sector) &&
         (sector.flags & FLASH_MEMORY_READABLE) != 0)
    at = (guint64) sector.address + sector.size;
  return at - address;
}

/* Option bytes are read as a whole or not at all (stm32-dfuse.md section 2.4). */
static gboolean
read_whole_options (FlashMcuRun *self, guint64 length, GError **error)
{
  const FlashMemoryMap *map = self->result->guess.options;
  guint32 start = flash_memory_map_get_start (map);
  g_autoptr (GBytes) all = flash_mcu_read_bytes (self, FLASH_ACTIVITY_READING, start,
                                                 (gsize) measure (map, start), error);

  if (all == NULL)
    return FALSE;
  self->result->content = g_bytes_new_from_bytes (all, self->job->address - start, (gsize) length);
  return TRUE;
}

static gboolean
read_content (FlashMcuRun *self, guint8 alternate, guint64 length, GError **error)
{
  const FlashChipGuess *guess = &self->result->guess;

  if (guess->options != NULL && alternate == guess->option_alternate) {
    self->reading = &self->option_reading;
    return read_whole_options (self, length, error);
  }
  self->result->content = flash_mcu_read_bytes (self, FLASH_ACTIVITY_READING, self->job->address,
                                                (gsize) length, error);
  return self->result->content != NULL;
}

gboolean
flash_mcu_read_range (FlashMcuRun *self, GError **error)
{
  const FlashMcuJob *job = self->job;
  guint8 alternate = 0;
  g_autoptr (FlashMemoryMap) map = find_map (self, &alternate, error);
  g_autoptr (GError) local_error = NULL;
  guint64 length = job->length;

  if (map == NULL)
    return FALSE;
  if (length == 0)
    length = measure (map, job->address);
  if (length == 0 || !flash_memory_map_covers (map, job->address, length, FLASH_MEMORY_READABLE)) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_OUTSIDE_MEMORY,
                 "0x%08x and %" G_GUINT64_FORMAT " bytes are not all readable memory", job->address,
                 length);
    return FALSE;
  }
  flash_mcu_news_expect (&self->news, FLASH_MCU_STEP_READ, (double) length / BYTES_PER_S + 0.1,
                         length);
  flash_mcu_news_begin (&self->news, FLASH_MCU_STEP_READ);
  if (!flash_dfuse_select (flash_mcu_get_dfuse (self), alternate, error))
    return FALSE;
  self->result->content_address = job->address;
  if (read_content (self, alternate, length, &local_error))
    return TRUE;
  if (*self->reading == FLASH_READING_REFUSED && self->result->guess.flash != NULL)
    return self->reading == &self->option_reading ? flash_mcu_fail_options (self, error)
                                                  : flash_mcu_diagnose (self, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
