/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partition table as U-Boot writes it and reads it back (stm32mp-usb.md section 3.8).
 *
 * Thread: that of the device, under its lock. */
#pragma once

#include "flash-sim-layout.h"
#include "flash-sim-media.h"

G_BEGIN_DECLS

/**
 * FlashSimGptEntry:
 * @start: first byte of the partition
 * @size: in bytes
 */
typedef struct {
  guint64 start;
  guint64 size;
} FlashSimGptEntry;

#define FLASH_SIM_GPT_ENTRIES 128

/**
 * flash_sim_gpt_write:
 * @medium: an SD card or an eMMC
 * @device: its number, which decides about fixed UUIDs
 * @parts: (element-type FlashSimPart): the partitions in the order of their offsets
 *
 * Protective MBR, primary table and backup table.
 *
 * Returns: whether it was written; %FALSE too if a partition does not fit between the tables
 */
gboolean flash_sim_gpt_write (FlashSimMedia *media, FlashSimMediumId medium, guint device,
                              const GPtrArray *parts);

/**
 * flash_sim_gpt_read:
 * @out_entries: (out caller-allocates): %FLASH_SIM_GPT_ENTRIES entries; unused ones have size 0
 *
 * Returns: whether the medium holds a primary table with right checksums
 */
gboolean
flash_sim_gpt_read (FlashSimMedia *media, FlashSimMediumId medium, FlashSimGptEntry *out_entries);

/* Returns: (transfer none): the type GUID of that type, as text (section 3.8). */
const char *flash_sim_gpt_get_type_guid (FlashSimPartType type);

G_END_DECLS
