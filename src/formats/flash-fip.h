/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of contents of a firmware image package, TF-A's container for the second stage
 * (stm32mp-usb.md section 4.7).
 *
 * FlashFip is immutable and reference counted; thread: any. */
#pragma once

#include "flash-diag.h"
#include "flash-source.h"
#include "flash-uuid.h"

G_BEGIN_DECLS

/* What an entry is. The identifiers are those of stm32mp-usb.md section 4.7, and beyond it those
 * of TF-A, include/tools_share/firmware_image_package.h. */
typedef enum {
  FLASH_FIP_UNKNOWN,
  FLASH_FIP_BL2,
  FLASH_FIP_BL31,
  FLASH_FIP_BL32,
  FLASH_FIP_BL32_EXTRA1,
  FLASH_FIP_BL32_EXTRA2,
  FLASH_FIP_BL33,
  FLASH_FIP_HW_CONFIG,
  FLASH_FIP_FW_CONFIG,
  FLASH_FIP_SOC_FW_CONFIG,
  FLASH_FIP_TB_FW_CONFIG,
  FLASH_FIP_TOS_FW_CONFIG,
  FLASH_FIP_NT_FW_CONFIG,
  FLASH_FIP_DDR_FW,
  FLASH_FIP_STM32MP_CONFIG_CERT,
  FLASH_FIP_CERTIFICATE, /* any other key or content certificate */
} FlashFipKind;

/* Returns: (transfer none) (nullable): `bl33`, `hw-config`, `ddr-fw` and the like; %NULL for
 * %FLASH_FIP_UNKNOWN. */
const char *flash_fip_kind_get_name (FlashFipKind kind);

/* More entries than this are not read; TF-A knows about 40 kinds. */
#define FLASH_FIP_MAX_ENTRIES 128

/**
 * FlashFipEntry:
 * @kind: what it is
 * @uuid: the 16 bytes in the order in which the file holds them, in the canonical form 8-4-4-4-12
 *   and lower case
 * @offset: from the start of the file, in bytes; may lie beyond its end
 * @size: in bytes
 * @flags: as they stand
 */
typedef struct {
  FlashFipKind kind;
  char uuid[FLASH_UUID_LENGTH];
  guint64 offset;
  guint64 size;
  guint64 flags;
} FlashFipEntry;

/**
 * FlashFip:
 * @serial: serial number
 * @flags: as they stand
 * @total_size: size of the package in bytes as its terminator says; 0 if it has none
 * @entries: (element-type FlashFipEntry): in the order of the file
 * @model: (nullable): `model` of the hardware configuration, which names the board
 * @compatible: (nullable) (array zero-terminated=1): its `compatible`, most specific first
 */
typedef struct {
  gatomicrefcount ref_count;
  guint32 serial;
  guint64 flags;
  guint64 total_size;
  GArray *entries;
  char *model;
  GStrv compatible;
} FlashFip;

FlashFip *flash_fip_ref (FlashFip *self);
void flash_fip_unref (FlashFip *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashFip, flash_fip_unref)

/**
 * flash_fip_read:
 * @source: any bytes
 * @diags: faults of the package are added here: `fip-truncated`, `fip-serial-zero`,
 *   `fip-no-terminator`, `fip-too-many-entries`, `fip-entry-beyond-end`, `fip-entry-in-contents`,
 *   `fip-entries-overlap`, `fip-entry-twice`, `fip-entry-empty`, `fip-device-tree-broken`
 *
 * Returns: (transfer full) (nullable): what could be read, or %NULL with @error set:
 *   %FLASH_FORMAT_ERROR_UNKNOWN_FORMAT without the magic number, %FLASH_FORMAT_ERROR_TRUNCATED
 *   if not even the head is there, %G_IO_ERROR
 */
FlashFip *flash_fip_read (FlashSource *source, FlashDiagList *diags, GError **error);

/* Returns: (transfer none) (nullable): the first entry of that kind. */
const FlashFipEntry *flash_fip_find (const FlashFip *self, FlashFipKind kind);
/* Returns: whether there is an entry of that kind. */
gboolean flash_fip_has (const FlashFip *self, FlashFipKind kind);

G_END_DECLS
