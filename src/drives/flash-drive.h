/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A memory card or stick of this computer that may be overwritten, as it was at one moment.
 *
 * Drives come out of a FlashDriveList, which makes a new object when anything about one changes.
 * Immutable; thread: any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashDriveKind:
 * @FLASH_DRIVE_KIND_SD_CARD: SD card, in a slot of the computer or in a reader that says so
 * @FLASH_DRIVE_KIND_CARD: another medium that can be taken out of its drive
 * @FLASH_DRIVE_KIND_STICK: USB stick, or a card in a reader that does not say what it has
 * @FLASH_DRIVE_KIND_DISK: a disk that can be unplugged: more likely than a stick to be somebody's
 *   backup, so tell it apart
 */
typedef enum {
  FLASH_DRIVE_KIND_SD_CARD,
  FLASH_DRIVE_KIND_CARD,
  FLASH_DRIVE_KIND_STICK,
  FLASH_DRIVE_KIND_DISK,
} FlashDriveKind;

/**
 * FlashDriveVolume:
 * @device: device node, such as `/dev/sdb1`
 * @label: label of the file system, else name of the partition; empty if there is neither
 * @format: what is in it as libblkid names it, such as `ext4`, `vfat` or `crypto_LUKS`; empty if
 *   nothing was recognised, which does not mean that there is nothing
 * @size_bytes: size
 * @mount_points: (array zero-terminated=1): where it is mounted; empty if it is not
 *
 * Something that is lost when the drive is overwritten. All text is safe to show.
 */
typedef struct {
  char *device;
  char *label;
  char *format;
  guint64 size_bytes;
  char **mount_points;
} FlashDriveVolume;

#define FLASH_TYPE_DRIVE (flash_drive_get_type ())
G_DECLARE_FINAL_TYPE (FlashDrive, flash_drive, FLASH, DRIVE, GObject)

/* Returns: (transfer none): the object path of the whole disk at UDisks; the same for as long as
 * the drive is plugged in. */
const char *flash_drive_get_id (FlashDrive *self);

/* Returns: (transfer none): maker and model as the drive gives them, safe to show; empty if it
 * gives none, as SD slots of some computers do. */
const char *flash_drive_get_name (FlashDrive *self);

/* Returns: (transfer none): the device node, such as `/dev/sdb`. */
const char *flash_drive_get_device (FlashDrive *self);

/* Returns: the size of the medium in bytes, never 0. */
guint64 flash_drive_get_size (FlashDrive *self);

FlashDriveKind flash_drive_get_kind (FlashDrive *self);

/* Returns: whether the write protection of the medium is on. Such drives are listed, so that
 * people learn why they cannot be written. */
gboolean flash_drive_is_read_only (FlashDrive *self);

/* Returns: whether a partition table or anything else was recognised on it. */
gboolean flash_drive_has_data (FlashDrive *self);

/* Returns: whether any volume of it is mounted. */
gboolean flash_drive_is_mounted (FlashDrive *self);

/* Returns: the number of volumes: partitions, or one if the whole disk holds a file system. */
guint flash_drive_get_n_volumes (FlashDrive *self);

/* Returns: (transfer none): a volume, in the order on the disk; @index must be below their number.
 */
const FlashDriveVolume *flash_drive_get_volume (FlashDrive *self, guint index);

/**
 * flash_drive_dup_contents:
 *
 * Returns: (transfer full) (array zero-terminated=1): one line for each volume, without words that
 *   would need a translation: `bootfs (ext4, 64 MiB)`, or `sdb3 (10 MiB)` where nothing is known
 */
char **flash_drive_dup_contents (FlashDrive *self);

/* Returns: whether both are the same drive in the same state. */
gboolean flash_drive_is_equal (FlashDrive *self, FlashDrive *other);

G_END_DECLS
