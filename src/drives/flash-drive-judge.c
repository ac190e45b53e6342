/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any. */
#define G_LOG_DOMAIN "flash-drive-judge"

#include "config.h"

#include "flash-drive-judge.h"

#include <string.h>

/* Where UDisks mounts for people (/media or /run/media, by how it was built), and where people
 * mount by hand (hier(7)). A list of what is allowed: of the places where systems live, every
 * distribution has others, and a live system may stand on the very stick it was started from. */
static const char *const media_folders[] = { "/media/", "/run/media/", "/mnt/" };

gboolean
flash_drive_is_media_path (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  if (strstr (path, "/../") != NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (media_folders); i++)
    if (g_str_has_prefix (path, media_folders[i]))
      return TRUE;
  return g_str_equal (path, "/mnt");
}

static gboolean
has_no_disk (const FlashDriveFacts *facts)
{
  return facts->block_path == NULL || facts->device[0] == '\0';
}

static gboolean
is_loop (const FlashDriveFacts *facts)
{
  return facts->is_loop;
}

static gboolean
is_optical (const FlashDriveFacts *facts)
{
  return facts->is_optical || g_str_has_prefix (facts->media, "optical");
}

static gboolean
is_ignored (const FlashDriveFacts *facts)
{
  return facts->is_ignored;
}

/* UDisks says so of every disk that it does not know to be removable, and an administrator's rule
 * may say it of any. A card in a slot that is made for cards is none all the same. */
static gboolean
is_system (const FlashDriveFacts *facts)
{
  gboolean is_outside = g_str_equal (facts->bus, "usb") || g_str_equal (facts->bus, "sdio");

  return facts->is_system && !(facts->is_media_removable && is_outside);
}

static gboolean
is_fixed (const FlashDriveFacts *facts)
{
  return !facts->is_removable && !facts->is_media_removable && !facts->is_ejectable;
}

/* Trays of servers can be pulled too (SATA and SAS hot plug); only the medium counts there. */
static gboolean
is_on_other_bus (const FlashDriveFacts *facts)
{
  return !g_str_equal (facts->bus, "usb") && !g_str_equal (facts->bus, "sdio") &&
         !facts->is_media_removable;
}

/* UDisks gives `flash_mmc` to what answers as MMC and not as SD. Cards of that kind have not been
 * made for many years; chips that are soldered in are all of that kind. */
static gboolean
is_soldered (const FlashDriveFacts *facts)
{
  return g_str_equal (facts->media, "flash_mmc") && !g_str_equal (facts->bus, "usb");
}

static gboolean
has_several_disks (const FlashDriveFacts *facts)
{
  return facts->n_disks > 1;
}

/* The kernel says of sticks and readers that they turn, too; bridges seldom tell the rate of the
 * disk behind them. A medium that comes out, and what udev knows to be a stick, is no hard disk. */
static gboolean
is_turning (const FlashDriveFacts *facts)
{
  if (facts->rotation_rate >= 0)
    return facts->rotation_rate > 0;
  return !facts->is_media_removable && !g_str_equal (facts->media, "thumb");
}

static gboolean
has_no_medium (const FlashDriveFacts *facts)
{
  return !facts->is_media_available || facts->size_bytes == 0;
}

static gboolean
is_too_large (const FlashDriveFacts *facts)
{
  return facts->size_bytes > FLASH_DRIVE_MAX_SIZE;
}

static gboolean
has_system_mount (const FlashDriveFacts *facts)
{
  if (facts->is_kept_mounted)
    return TRUE;
  for (guint i = 0; i < facts->configured->len; i++)
    if (!flash_drive_is_media_path (g_ptr_array_index (facts->configured, i)))
      return TRUE;
  for (guint i = 0; i < facts->volumes->len; i++) {
    const FlashDriveVolume *volume = g_ptr_array_index (facts->volumes, i);

    for (char **path = volume->mount_points; *path != NULL; path++)
      if (!flash_drive_is_media_path (*path))
        return TRUE;
  }
  return FALSE;
}

static gboolean
has_swap (const FlashDriveFacts *facts)
{
  return facts->has_swap;
}

static gboolean
has_raid (const FlashDriveFacts *facts)
{
  return facts->has_raid;
}

static gboolean
has_crypto (const FlashDriveFacts *facts)
{
  return facts->has_open_crypto || facts->in_crypttab;
}

/* In the order of the enumeration. */
static const struct {
  gboolean (*is_true) (const FlashDriveFacts *facts);
  const char *text;
} rules[] = {
  [FLASH_DRIVE_VERDICT_OFFERED] = { NULL, "it may be overwritten" },
  [FLASH_DRIVE_VERDICT_NO_DISK] = { has_no_disk, "there is no disk in it" },
  [FLASH_DRIVE_VERDICT_LOOP] = { is_loop, "it is a file and no drive" },
  [FLASH_DRIVE_VERDICT_OPTICAL] = { is_optical, "it is an optical drive" },
  [FLASH_DRIVE_VERDICT_IGNORED] = { is_ignored, "this computer is set up to hide it" },
  [FLASH_DRIVE_VERDICT_SYSTEM] = { is_system, "it is a part of this computer" },
  [FLASH_DRIVE_VERDICT_FIXED] = { is_fixed, "it cannot be taken out" },
  [FLASH_DRIVE_VERDICT_BUS] = { is_on_other_bus, "it is neither on USB nor in a card slot" },
  [FLASH_DRIVE_VERDICT_SOLDERED] = { is_soldered, "it is an eMMC chip of this computer" },
  [FLASH_DRIVE_VERDICT_SEVERAL_DISKS] = { has_several_disks, "it consists of several disks" },
  [FLASH_DRIVE_VERDICT_TURNING] = { is_turning, "it is a hard disk" },
  [FLASH_DRIVE_VERDICT_NO_MEDIUM] = { has_no_medium, "there is no medium in it" },
  [FLASH_DRIVE_VERDICT_TOO_LARGE] = { is_too_large, "it is larger than 2 TiB" },
  [FLASH_DRIVE_VERDICT_SYSTEM_MOUNT] = { has_system_mount, "the system has mounted it" },
  [FLASH_DRIVE_VERDICT_SWAP] = { has_swap, "the system swaps to it" },
  [FLASH_DRIVE_VERDICT_RAID] = { has_raid, "it belongs to a RAID or a volume group" },
  [FLASH_DRIVE_VERDICT_CRYPTO] = { has_crypto, "an encrypted volume on it is in use" },
};

FlashDriveVerdict
flash_drive_judge (const FlashDriveFacts *facts)
{
  g_return_val_if_fail (facts != NULL, FLASH_DRIVE_VERDICT_NO_DISK);

  for (guint i = FLASH_DRIVE_VERDICT_OFFERED + 1; i < G_N_ELEMENTS (rules); i++)
    if (rules[i].is_true (facts))
      return (FlashDriveVerdict) i;
  return FLASH_DRIVE_VERDICT_OFFERED;
}

const char *
flash_drive_verdict_to_text (FlashDriveVerdict verdict)
{
  g_return_val_if_fail ((guint) verdict < G_N_ELEMENTS (rules), "");

  return rules[verdict].text;
}
