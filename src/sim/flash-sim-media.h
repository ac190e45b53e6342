/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memories of a virtual board: sparse files, in a folder that stays or in anonymous files
 * that are gone with the board. Files are made when the board first touches the memory.
 *
 * What was never written is a hole in the file. On SD card and eMMC a hole reads as zeros; on flash
 * memories, where it reads as zeros in the file, the board itself sees 0xff, as of erased flash.
 * All-zero pieces that are written to an SD card or eMMC over a hole leave the hole.
 *
 * Thread: that of the device, under its lock. */
#pragma once

#include "flash-sim-config.h"

G_BEGIN_DECLS

typedef struct _FlashSimMedia FlashSimMedia;

/**
 * flash_sim_media_new:
 * @config: what the board is made of
 *
 * Makes the storage folder if its parent exists, and locks it.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_PROVIDER_ERROR_BAD_ID)
 */
FlashSimMedia *flash_sim_media_new (const FlashSimConfig *config, GError **error);

void flash_sim_media_free (FlashSimMedia *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashSimMedia, flash_sim_media_free)

/* Returns: the size in bytes, 0 if the board has no such memory. */
guint64 flash_sim_media_get_size (FlashSimMedia *self, FlashSimMediumId id);

/* Returns: the erase group or erase block in bytes (stm32mp-usb.md section 3.6). */
guint32 flash_sim_media_get_erase_size (FlashSimMediumId id);

/**
 * flash_sim_media_open:
 * @out_length: (out): how many bytes the file holds, 0 if it is new
 *
 * For memories that are kept byte by byte (FlashSimCells): no holes, nothing that is implied.
 *
 * Returns: the open file, which stays @self's; -1 if it could not be opened or made
 */
int flash_sim_media_open (FlashSimMedia *self, FlashSimMediumId id, guint64 *out_length);

/**
 * flash_sim_media_probe:
 *
 * Returns: whether the memory is there and its file could be opened or made
 */
gboolean flash_sim_media_probe (FlashSimMedia *self, FlashSimMediumId id);

/**
 * flash_sim_media_write:
 * @offset: first byte in the memory
 * @bytes: (array length=length): what to write
 *
 * Returns: whether all was written; a full disk is a write error of the board
 */
gboolean flash_sim_media_write (FlashSimMedia *self, FlashSimMediumId id, guint64 offset,
                                const guint8 *bytes, gsize length);

/**
 * flash_sim_media_read:
 * @out_bytes: (out caller-allocates) (array length=length): room for @length bytes
 *
 * Returns: whether all of it could be read
 */
gboolean flash_sim_media_read (FlashSimMedia *self, FlashSimMediumId id, guint64 offset,
                               guint8 *out_bytes, gsize length);

/* Returns: whether the range was erased, that is, made a hole. */
gboolean
flash_sim_media_erase (FlashSimMedia *self, FlashSimMediumId id, guint64 offset, guint64 length);

/* From now on (or no longer) everything that is written fails as on a full disk. */
void flash_sim_media_set_full (FlashSimMedia *self, gboolean is_full);

/* The DDR loses its contents. */
void flash_sim_media_forget_ram (FlashSimMedia *self);

/**
 * flash_sim_media_set_active_boot:
 * @boot_partition: 1 or 2
 *
 * Notes which boot partition the eMMC starts from, in `mmc1.partconf` of a storage folder.
 *
 * Returns: whether it could be noted
 */
gboolean flash_sim_media_set_active_boot (FlashSimMedia *self, guint boot_partition);

G_END_DECLS
