/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What UDisks says of a drive and of all that lies on it, gathered out of its objects
 * (org.freedesktop.UDisks2 interfaces Drive, Block, Partition, PartitionTable, Filesystem,
 * Swapspace, Loop), as values that can be judged and compared.
 *
 * Facts do not change once they are gathered; thread: any. */
#pragma once

#include "flash-drive.h"

G_BEGIN_DECLS

/**
 * FlashDriveFacts:
 * @drive_path: object path of the drive
 * @block_path: object path of its whole disk; %NULL if there is none
 * @device: node of the whole disk; empty if there is none
 * @vendor: as UDisks has it, safe to show
 * @model: as UDisks has it, safe to show
 * @serial: as UDisks has it, safe to show
 * @media: kind of medium, such as `flash_sd` or `thumb`
 * @bus: `usb`, `sdio`, `ieee1394`, or empty for all others
 * @size_bytes: size of the whole disk, 0 without a medium
 * @device_number: `dev_t` of the whole disk
 * @media_time: when the medium was put in, microseconds since 1970
 * @rotation_rate: turns per minute; 0 does not turn, -1 turns at a rate that is not known. The
 *   kernel takes everything on USB for turning that does not say otherwise, so most sticks have -1
 * @n_disks: whole disks of this drive; several have hardware partitions (eMMC) or several paths
 * @is_removable: the drive can be unplugged
 * @is_media_removable: its medium can be taken out
 * @is_ejectable: `Eject` works
 * @can_power_off: `PowerOff` works
 * @is_media_available: there is a medium
 * @is_optical: CD and the like
 * @is_read_only: of the whole disk
 * @is_system: UDisks takes it for a part of this computer (`HintSystem`)
 * @is_ignored: the administrator hides it (`HintIgnore`)
 * @is_loop: a file that pretends to be a disk
 * @has_table: there is a partition table
 * @has_swap: swap on it is in use
 * @has_open_crypto: an encrypted volume on it is open
 * @has_raid: something on it belongs to a RAID, to LVM or the like
 * @in_crypttab: crypttab names something on it
 * @is_kept_mounted: fstab mounts something of it by itself, and lets only root unmount it
 * @configured: (element-type utf8): where fstab mounts something of it
 * @volumes: (element-type FlashDriveVolume): in the order on the disk
 * @volume_paths: (element-type utf8): their object paths, the same order
 */
typedef struct {
  char *drive_path;
  char *block_path;
  char *device;
  char *vendor;
  char *model;
  char *serial;
  char *media;
  char *bus;
  guint64 size_bytes;
  guint64 device_number;
  guint64 media_time;
  int rotation_rate;
  guint n_disks;
  gboolean is_removable;
  gboolean is_media_removable;
  gboolean is_ejectable;
  gboolean can_power_off;
  gboolean is_media_available;
  gboolean is_optical;
  gboolean is_read_only;
  gboolean is_system;
  gboolean is_ignored;
  gboolean is_loop;
  gboolean has_table;
  gboolean has_swap;
  gboolean has_open_crypto;
  gboolean has_raid;
  gboolean in_crypttab;
  gboolean is_kept_mounted;
  GPtrArray *configured;
  GPtrArray *volumes;
  GPtrArray *volume_paths;
} FlashDriveFacts;

void flash_drive_facts_free (FlashDriveFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashDriveFacts, flash_drive_facts_free)

/**
 * flash_drive_facts_gather:
 * @objects: (transfer none): what `GetManagedObjects` returns, of type `a{oa{sa{sv}}}`
 *
 * Whatever is missing or of another type than UDisks documents counts as not there, and what is not
 * there never speaks for a drive.
 *
 * Returns: (transfer full) (element-type FlashDriveFacts): all drives, offered or not, in the order
 *   of their object paths
 */
GPtrArray *flash_drive_facts_gather (GVariant *objects);

/* Returns: (transfer none) (nullable): the facts of the drive whose whole disk has that object
 * path. */
const FlashDriveFacts *flash_drive_facts_find (GPtrArray *all, const char *block_path);

/* Returns: whether nothing differs. */
gboolean flash_drive_facts_is_equal (const FlashDriveFacts *self, const FlashDriveFacts *other);

/**
 * flash_drive_facts_is_same_medium:
 *
 * Returns: whether the same medium is still in the same drive; what is on it, and where it is
 *   mounted, may have changed
 */
gboolean
flash_drive_facts_is_same_medium (const FlashDriveFacts *self, const FlashDriveFacts *other);

G_END_DECLS
