/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A job that ended badly while its board was there, or before it went away. */
#define G_LOG_DOMAIN "flash-findings-after"

#include "config.h"

#include "flash-findings-private.h"

#include <string.h>

/* stm32mp-usb.md section 1.5 */
#define ID_OF_LAYOUT 0x00

gboolean
flash_findings_ended_with (const FlashSymptoms *symptoms, const char *const *codes)
{
  return symptoms->moment == FLASH_MOMENT_AFTER && symptoms->error_code != NULL &&
         g_strv_contains (codes, symptoms->error_code);
}

gboolean
flash_findings_ended_lost (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "board-gone", "board-silent",    "fsbl-did-not-start",
                                       "link-error", "never-came-back", "no-answer",
                                       NULL };

  return flash_findings_ended_with (symptoms, codes);
}

gboolean
flash_findings_has_words (const FlashSymptoms *symptoms)
{
  static const char *const speaking[] = { "board-reported-error", "erase-failed", "fip-refused",
                                          "layout-refused",       "write-failed", NULL };

  return symptoms->device_text != NULL && flash_findings_ended_with (symptoms, speaking);
}

/* The console says why a stage went wrong; not why a file did. */
gboolean
flash_findings_is_explained (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "board-reported-error",
                                       "came-back-in-rom",
                                       "did-not-start",
                                       "fip-refused",
                                       "fsbl-refused",
                                       "layout-refused",
                                       "lost-at-partition-end",
                                       "phase-stuck",
                                       "unexpected-phase",
                                       "write-failed",
                                       NULL };

  return flash_findings_ended_with (symptoms, codes);
}

/* --- ends: what explains the engine's word better ----------------------------------------- */

/* From inside of its sandbox, the rules of the computer cannot be seen. */
static gboolean
is_closed_to_flatpak (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "no-permission", NULL };

  return flash_findings_ended_with (symptoms, codes) && symptoms->is_flatpak == FLASH_TRI_YES &&
         symptoms->has_rule != FLASH_TRI_YES;
}

static gboolean
is_closed_to_all (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "no-permission", NULL };

  return flash_findings_ended_with (symptoms, codes) && symptoms->has_rule == FLASH_TRI_NO;
}

/* The ROM refuses the first stage, that one the second. */
static gboolean
is_stage_of_other_chip (const FlashSymptoms *symptoms)
{
  static const char *const first[] = { "fsbl-refused", NULL };
  static const char *const second[] = { "fip-refused", NULL };
  static const char *const either[] = { "phase-stuck", NULL };

  if (symptoms->image_chip == NULL)
    return FALSE;
  if (flash_findings_ended_with (symptoms, first))
    return symptoms->image_chip_id == 0x01;
  if (flash_findings_ended_with (symptoms, second))
    return symptoms->image_chip_id == 0x03;
  return flash_findings_ended_with (symptoms, either) &&
         flash_findings_is_for_other_chip (symptoms);
}

static gboolean
is_other_flow (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "fip-refused", "no-image-for-phase", "phase-stuck",
                                       "unexpected-phase", NULL };

  return flash_findings_ended_with (symptoms, codes) &&
         symptoms->has_flow_mismatch == FLASH_TRI_YES;
}

static gboolean
is_beyond_storage (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "board-reported-error", "layout-refused", "write-failed",
                                       NULL };

  return flash_findings_ended_with (symptoms, codes) && symptoms->exceeds_storage == FLASH_TRI_YES;
}

static gboolean
is_read_refused (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "read-refused", NULL };

  return flash_findings_ended_with (symptoms, codes);
}

/* The checksum of a layout in the board's memory is wrong. */
static gboolean
is_checksum_wrong (const FlashSymptoms *symptoms)
{
  return flash_findings_has_words (symptoms) &&
         strstr (symptoms->device_text, "invalid checksum") != NULL;
}

/* Nothing was sent there by this job (stm32mp-usb.md section 7.3, row 31). */
static gboolean
is_older_layout (const FlashSymptoms *symptoms)
{
  return is_checksum_wrong (symptoms) && symptoms->last_id != ID_OF_LAYOUT;
}

const FlashFindingsRule flash_findings_ends[] = {
  { "flatpak-no-rule", FLASH_CERTAINTY_PROVED, is_closed_to_flatpak },
  { "no-udev-rule", FLASH_CERTAINTY_PROVED, is_closed_to_all },
  { "stale-layout", FLASH_CERTAINTY_LIKELY, is_older_layout },
  { "wrong-chip", FLASH_CERTAINTY_LIKELY, is_stage_of_other_chip },
  { "flow-mismatch", FLASH_CERTAINTY_LIKELY, is_other_flow },
  { "storage-too-small", FLASH_CERTAINTY_LIKELY, is_beyond_storage },
  { "rom-too-fast-host", FLASH_CERTAINTY_LIKELY, is_read_refused, FLASH_OBSERVATION_OTHER_COMPUTER,
    FLASH_TRI_NO },
  { "read-protected", FLASH_CERTAINTY_LIKELY, is_read_refused, FLASH_OBSERVATION_OTHER_COMPUTER,
    FLASH_TRI_YES },
  { NULL },
};

/* --- options: what may be behind the engine's word ---------------------------------------- */

static gboolean
may_be_too_fast (const FlashSymptoms *symptoms)
{
  return is_read_refused (symptoms) && symptoms->is_usb3_port != FLASH_TRI_NO;
}

static gboolean
has_ended_in_partition (const FlashSymptoms *symptoms)
{
  static const char *const codes[] = { "lost-at-partition-end", NULL };

  return flash_findings_ended_with (symptoms, codes);
}

const FlashFindingsOption flash_findings_end_options[] = {
  { "rom-too-fast-host", may_be_too_fast, FLASH_OBSERVATION_OTHER_COMPUTER, FLASH_TRI_YES },
  { "read-protected", is_read_refused, FLASH_OBSERVATION_OTHER_COMPUTER, FLASH_TRI_NO },
  { "bad-cable", is_checksum_wrong, FLASH_OBSERVATION_OTHER_CABLE, FLASH_TRI_YES },
  { "stale-layout", is_checksum_wrong, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { "file-larger-than-slot", has_ended_in_partition, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { "storage-worn", has_ended_in_partition, FLASH_OBSERVATION_NONE, FLASH_TRI_UNKNOWN },
  { NULL },
};

const FlashFindingsMark flash_findings_marks[] = {
  { "wrong-boot-interface", "console-wrong-boot-interface" },
  { "ddr-failed", "console-ddr-failed" },
  { "pmic-failed", "console-pmic-failed" },
  { "wrong-board", "console-wrong-board" },
  { "image-refused", "console-image-refused" },
  { "panic", "console-panic" },
  { "watchdog", "console-watchdog" },
  { "no-usb-gadget", "console-no-usb-gadget" },
  { "storage-failed", "console-storage-failed" },
  { "file-too-large", "file-larger-than-slot" },
  { "partition-table-refused", "partition-table-refused" },
  { "storage-unknown", "storage-not-in-firmware" },
  { "erase-unknown", "erase-not-in-firmware" },
  { NULL },
};

/* What the board answers, most telling first (stm32mp-usb.md sections 3.4 and 3.5). */
const FlashFindingsText flash_findings_texts[] = {
  { "mmc-erase-failed", "MMC erase failed" },
  { "mtd-erase-failed", "MTD erase commands failed" },
  { "erase-not-in-firmware", "erase invalid" },
  { "mmc-not-found", "mmc device", "not found" },
  { "mmc-not-found", "mmc device", "not probed" },
  { "storage-not-in-firmware", "MTD device", "not found" },
  { "storage-not-in-firmware", "unknown device type" },
  { "partition-missing", "Couldn't find part" },
  { "partition-missing", "Bad size for partition" },
  { "partition-missing", "Bad address for partition" },
  { "partition-table-refused", "GPT partitionning fail" },
  { "blocks-out-of-order", "Wrong sequence number" },
  { "bad-option", "invalid option" },
  { "option-without-p", "missing 'P'" },
  { "bad-id", "invalid phase value" },
  { "name-too-long", "partition name too long" },
  { "bad-type", "type parsing error" },
  { "bad-ip", "ip parsing error" },
  { "bad-boot-part", "invalid part '" },
  { "bad-offset", "invalid offset" },
  { "too-few-columns", "no enought column" },
  { "no-partition", "no partition found" },
  { "too-many-lines", "too many partition" },
  { "too-many-storages", "too many device" },
  { "selected-boot-stage", "selected none phase" },
  { "id-zero", "invalid phase = 0x0 " },
  { "duplicate-id", "duplicated phase" },
  { "copies-unsupported", "multiple binary" },
  { "boot-part-not-mmc", "hw partition not expected" },
  { "same-offset", "same address" },
  { "offset-beyond-end", "invalid address", "(max=" },
  { "offset-below-first", "invalid address", "(min=" },
  { "offset-misaligned", "not aligned address" },
  { NULL },
};
