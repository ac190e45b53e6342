/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What U-Boot does between a good layout and its second enumeration: looks at the devices the
 * layout names, works out addresses and sizes, erases, and writes partition tables
 * (stm32mp-usb.md sections 1.4.3, 3.5 to 3.9 and 8.5), with its words for what it refuses.
 *
 * Thread: that of the device, under its lock. */
#pragma once

#include "flash-sim-layout.h"
#include "flash-sim-media.h"

G_BEGIN_DECLS

/**
 * FlashSimStorage:
 * One device that the layout names.
 *
 * @target: kind of device
 * @device: its number
 * @medium: where its bytes are
 * @first: first usable address
 * @last: the address behind the last usable byte
 * @unit: what addresses are multiples of
 * @is_full_update: whether the partition table is made anew
 * @parts: (owned) (element-type FlashSimPart): its lines, boot2 and boot1 first, then by offset
 */
typedef struct {
  FlashSimTarget target;
  guint8 device;
  FlashSimMediumId medium;
  guint64 first;
  guint64 last;
  guint32 unit;
  gboolean is_full_update;
  GPtrArray *parts;
} FlashSimStorage;

/**
 * FlashSimSetup:
 * @config: what the board is made of
 * @media: its memories
 * @faults: what is to go wrong
 * @console: what the board prints
 * @parts: (element-type FlashSimPart): the lines; storage, size and number are filled in
 * @storages: the devices
 * @n_storages: how many
 * @cost_us: how long erasing takes, in microseconds of the board's time
 * @error_text: the board's words when it fails
 */
typedef struct {
  const FlashSimConfig *config;
  FlashSimMedia *media;
  FlashSimFaultScript *faults;
  GString *console;
  GArray *parts;
  FlashSimStorage storages[FLASH_SIM_MAX_STORAGES];
  guint n_storages;
  gint64 cost_us;
  char error_text[FLASH_SIM_ERROR_LENGTH];
} FlashSimSetup;

/* Returns: whether all devices are ready; otherwise error_text says why not. */
gboolean flash_sim_setup_run (FlashSimSetup *self);

/* Frees what flash_sim_setup_run () made inside @self, which stays the caller's. */
void flash_sim_setup_clear (FlashSimSetup *self);

/* Erases what the lines with a D cover: RawImage lines, or all others. Part of the above. */
gboolean flash_sim_setup_erase_lines (FlashSimSetup *self, gboolean is_raw);

/**
 * flash_sim_setup_write_tables:
 * @out_are_complete: (out): whether every line got into its table
 *
 * Part of flash_sim_setup_run ().
 *
 * Returns: whether all tables were written; otherwise error_text says why not
 */
gboolean flash_sim_setup_write_tables (FlashSimSetup *self, gboolean *out_are_complete);

/* Returns: (transfer none): `mmc`, `nor`, `nand`, `spi-nand`, `ram` or `none`. */
const char *flash_sim_target_get_name (FlashSimTarget target);

/* Returns: the memory behind the line of that storage, a boot partition where it names one. */
FlashSimMediumId
flash_sim_storage_get_medium (const FlashSimStorage *storage, const FlashSimPart *part);

gboolean flash_sim_storage_is_mtd (const FlashSimStorage *storage);

G_END_DECLS
