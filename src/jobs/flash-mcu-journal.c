/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-journal"

#include "config.h"

#include "flash-mcu-journal.h"

/* Stands for the digest of an image where there is none. */
#define ERASED_DIGEST "erased"

gboolean
flash_mcu_journal_fail (GError *local_error, GError **error)
{
  gboolean is_busy = g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_BUSY);

  g_set_error_literal (error, FLASH_JOB_ERROR,
                       is_busy ? FLASH_JOB_ERROR_BUSY : FLASH_JOB_ERROR_JOURNAL_UNWRITABLE,
                       local_error->message);
  g_error_free (local_error);
  return FALSE;
}

FlashFirmwareJournal *
flash_mcu_journal_open (FlashMcuRun *run, const char *digest, GError **error)
{
  FlashDescriptors *descriptors = flash_mcu_link_get_descriptors (run->link);
  g_autofree char *board =
      g_strdup_printf ("%s %04x:%04x %s", flash_board_get_port (run->job->board), descriptors->vid,
                       descriptors->pid, descriptors->serial != NULL ? descriptors->serial : "");
  GError *local_error = NULL;
  FlashFirmwareJournal *self =
      flash_firmware_journal_open (run->job->journal_folder, board, digest, &local_error);

  if (self == NULL)
    flash_mcu_journal_fail (local_error, error);
  return self;
}

void
flash_mcu_journal_drop (FlashFirmwareJournal *self, guint32 address)
{
  g_autoptr (GError) error = NULL;

  if (!flash_firmware_journal_mark_done (self, address, &error))
    g_info ("sector 0x%08x stays in the journal: %s", address, error->message);
}

gboolean
flash_mcu_journal_finish_empty (FlashFirmwareJournal *self)
{
  g_autoptr (GArray) saved = flash_firmware_journal_list_saved (self);

  if (saved->len > 0)
    return FALSE;
  flash_firmware_journal_finish (self);
  return TRUE;
}

/* --- Settling ------------------------------------------------------------------------------- */

static gboolean
has_sector (const FlashFirmwarePlan *plan, guint32 address)
{
  for (guint i = 0; i < plan->sectors->len; i++)
    if (g_array_index (plan->sectors, FlashFirmwareSector, i).sector.address == address)
      return TRUE;
  return FALSE;
}

/* Whether the sector was never erased, after all, or is back. */
static gboolean
is_still_there (FlashFirmwareJournal *self, FlashMcuRun *run, guint32 address)
{
  g_autoptr (GBytes) saved = flash_firmware_journal_dup_saved (self, address);
  g_autoptr (GBytes) now = NULL;
  g_autoptr (GError) error = NULL;
  FlashMemorySector sector;

  if (!flash_mcu_can_read (run) || g_bytes_get_size (saved) > FLASH_MCU_MAX_BYTES ||
      !flash_memory_map_find_sector (run->result->guess.flash, address, &sector) ||
      sector.address != address || sector.size != g_bytes_get_size (saved))
    return FALSE;
  now = flash_mcu_read_bytes (run, FLASH_ACTIVITY_CONNECTING, address, sector.size, &error);
  if (now == NULL)
    g_debug ("sector 0x%08x: %s", address, error->message);
  return now != NULL && g_bytes_equal (now, saved);
}

void
flash_mcu_journal_settle (FlashFirmwareJournal *self, FlashMcuRun *run,
                          const FlashFirmwarePlan *plan)
{
  g_autoptr (GArray) saved = flash_firmware_journal_list_saved (self);
  g_autofree char *message = NULL;

  for (guint i = 0; i < saved->len; i++) {
    guint32 address = g_array_index (saved, guint32, i);

    if (has_sector (plan, address) || is_still_there (self, run, address))
      flash_mcu_journal_drop (self, address);
  }
  if (flash_mcu_journal_finish_empty (self))
    return;
  g_array_unref (saved);
  saved = flash_firmware_journal_list_saved (self);
  message = g_strdup_printf ("%u sectors of an interrupted update are not as they were, the first "
                             "at 0x%08x",
                             saved->len, g_array_index (saved, guint32, 0));
  flash_mcu_news_warning (&run->news, "neighbours-still-saved", message);
}

void
flash_mcu_journal_forget (FlashMcuRun *run, GArray *sectors)
{
  g_autoptr (FlashFirmwareJournal) self = NULL;
  g_autoptr (GArray) saved = NULL;
  g_autoptr (GError) error = NULL;

  if (run->job->journal_folder == NULL)
    return;
  self = flash_mcu_journal_open (run, ERASED_DIGEST, &error);
  if (self == NULL) {
    g_info ("what an interrupted job has saved is not forgotten: %s", error->message);
    return;
  }
  if (sectors == NULL) {
    flash_firmware_journal_finish (self);
    return;
  }
  saved = flash_firmware_journal_list_saved (self);
  for (guint i = 0; i < sectors->len; i++) {
    guint32 address = g_array_index (sectors, FlashMemorySector, i).address;

    for (guint k = 0; k < saved->len; k++)
      if (g_array_index (saved, guint32, k) == address)
        flash_mcu_journal_drop (self, address);
  }
  flash_mcu_journal_finish_empty (self);
}
