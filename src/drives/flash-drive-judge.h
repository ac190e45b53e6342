/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a drive may be overwritten. Pure; thread: any.
 *
 * This is what stands between people and the loss of their computer: it decides what is listed,
 * and again right before the first byte is written. In doubt it refuses. */
#pragma once

#include "flash-drive-facts.h"

G_BEGIN_DECLS

/* The largest medium that is offered, 2 TiB: what an SDXC card can have at most (SD Specifications,
 * Part 1, Physical Layer, section 3.10, "SDXC"). No card or stick for a board is larger; what is
 * larger is most likely a disk with somebody's data. */
#define FLASH_DRIVE_MAX_SIZE (G_GUINT64_CONSTANT (2) << 40)

/**
 * FlashDriveVerdict:
 * @FLASH_DRIVE_VERDICT_OFFERED: it may be overwritten
 * @FLASH_DRIVE_VERDICT_NO_DISK: there is no whole disk, only a slot
 * @FLASH_DRIVE_VERDICT_LOOP: a file that pretends to be a disk
 * @FLASH_DRIVE_VERDICT_OPTICAL: CD and the like
 * @FLASH_DRIVE_VERDICT_IGNORED: the administrator hides it
 * @FLASH_DRIVE_VERDICT_SYSTEM: UDisks takes it for a part of this computer
 * @FLASH_DRIVE_VERDICT_FIXED: neither the drive nor its medium can be taken out
 * @FLASH_DRIVE_VERDICT_BUS: it can be taken out, but hangs on a bus where system disks hang too
 * @FLASH_DRIVE_VERDICT_SOLDERED: eMMC, which looks like a card to the kernel
 * @FLASH_DRIVE_VERDICT_SEVERAL_DISKS: eMMC with boot partitions, or one disk on several paths
 * @FLASH_DRIVE_VERDICT_TURNING: a hard disk
 * @FLASH_DRIVE_VERDICT_NO_MEDIUM: an empty slot
 * @FLASH_DRIVE_VERDICT_TOO_LARGE: larger than %FLASH_DRIVE_MAX_SIZE
 * @FLASH_DRIVE_VERDICT_SYSTEM_MOUNT: mounted where only parts of the system are, or so by fstab
 * @FLASH_DRIVE_VERDICT_SWAP: swap in use
 * @FLASH_DRIVE_VERDICT_RAID: belongs to a RAID, to LVM or the like
 * @FLASH_DRIVE_VERDICT_CRYPTO: an encrypted volume is open, or crypttab names it
 */
typedef enum {
  FLASH_DRIVE_VERDICT_OFFERED,
  FLASH_DRIVE_VERDICT_NO_DISK,
  FLASH_DRIVE_VERDICT_LOOP,
  FLASH_DRIVE_VERDICT_OPTICAL,
  FLASH_DRIVE_VERDICT_IGNORED,
  FLASH_DRIVE_VERDICT_SYSTEM,
  FLASH_DRIVE_VERDICT_FIXED,
  FLASH_DRIVE_VERDICT_BUS,
  FLASH_DRIVE_VERDICT_SOLDERED,
  FLASH_DRIVE_VERDICT_SEVERAL_DISKS,
  FLASH_DRIVE_VERDICT_TURNING,
  FLASH_DRIVE_VERDICT_NO_MEDIUM,
  FLASH_DRIVE_VERDICT_TOO_LARGE,
  FLASH_DRIVE_VERDICT_SYSTEM_MOUNT,
  FLASH_DRIVE_VERDICT_SWAP,
  FLASH_DRIVE_VERDICT_RAID,
  FLASH_DRIVE_VERDICT_CRYPTO,
} FlashDriveVerdict;

/* Returns: the first reason to refuse, in the order above, or that there is none. */
FlashDriveVerdict flash_drive_judge (const FlashDriveFacts *facts);

/* Returns: (transfer none): the reason, for logs and errors. */
const char *flash_drive_verdict_to_text (FlashDriveVerdict verdict);

/* Returns: whether a file system that is mounted at @path may be unmounted for the sake of
 * overwriting it: whether people's own media are mounted there, and parts of the system never. */
gboolean flash_drive_is_media_path (const char *path);

G_END_DECLS
