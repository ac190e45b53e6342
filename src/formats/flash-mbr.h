/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first sector of a disk, as far as it announces GUID partitions (UEFI specification,
 * section 5.2). Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLASH_MBR_LENGTH 512
#define FLASH_MBR_SIGNATURE_AT 510

/* Returns: whether the sector ends in 55 AA, as one with a partition table or boot code does.
 * @sector: %FLASH_MBR_LENGTH bytes */
static inline gboolean
flash_mbr_has_signature (const guint8 *sector)
{
  return sector[FLASH_MBR_SIGNATURE_AT] == 0x55 && sector[FLASH_MBR_SIGNATURE_AT + 1] == 0xaa;
}

/* Returns: whether one of the four entries is the protective one, type EE, which stands before
 * every GUID partition table. @sector: %FLASH_MBR_LENGTH bytes */
static inline gboolean
flash_mbr_is_protective (const guint8 *sector)
{
  const gsize first_type_at = 446 + 4, entry_length = 16;

  if (!flash_mbr_has_signature (sector))
    return FALSE;
  for (gsize at = first_type_at; at < FLASH_MBR_SIGNATURE_AT; at += entry_length)
    if (sector[at] == 0xee)
      return TRUE;
  return FALSE;
}

G_END_DECLS
