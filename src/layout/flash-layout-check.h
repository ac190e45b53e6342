/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all checks of a layout share. For use inside this room. Thread: any. */
#pragma once

#include "flash-layout-file.h"
#include "flash-layout-files.h"
#include "flash-layout-storage.h"

G_BEGIN_DECLS

/* stm32mp-usb.md sections 4.6 and 6 */
typedef struct {
  guint device_id;
  const char *name; /* for people */
  const char *compatible; /* how device trees of its boards begin its name */
  guint8 version_major; /* of the STM32 header that its ROM wants */
  guint8 version_minor;
  gboolean is_mp2;
  guint32 ram_start; /* on-chip RAM for the first stage */
  guint32 ram_size;
  guint32 max_payload; /* of the first stage, in bytes */
  guint32 ram_reserved; /* at the start of that RAM, for what the ROM leaves there */
  guint64 dram_start;
  guint64 dram_end; /* where its addresses end, 0 if the reference does not say */
  guint64 load_address; /* where U-Boot keeps the layout until it is read, from v2023.01 on */
  guint64 u_boot_start; /* where TF-A puts U-Boot, which then moves to the end of the DRAM */
} FlashLayoutChip;

/* Returns: (nullable): the chip with that device Id. */
const FlashLayoutChip *flash_layout_chip_find (guint device_id);
/* Returns: (nullable): the chip whose ROM wants such a header. */
const FlashLayoutChip *flash_layout_chip_find_by_header (const FlashStm32Header *header);

/**
 * FlashLayoutFlow:
 * @FLASH_LAYOUT_FLOW_NORMAL: boot stages, then U-Boot writes the storages
 * @FLASH_LAYOUT_FLOW_PROGRAMMER: meant for ST's programmer firmware in RAM and not for U-Boot
 *   (stm32mp-usb.md section 5.7)
 * @FLASH_LAYOUT_FLOW_STAGE_ONLY: one program is started from RAM, and that is all (section 1.8 F)
 * @FLASH_LAYOUT_FLOW_IN_U_BOOT: no boot stages; the board is in U-Boot already (section 1.8 E)
 */
typedef enum {
  FLASH_LAYOUT_FLOW_NORMAL,
  FLASH_LAYOUT_FLOW_PROGRAMMER,
  FLASH_LAYOUT_FLOW_STAGE_ONLY,
  FLASH_LAYOUT_FLOW_IN_U_BOOT,
} FlashLayoutFlow;

typedef struct {
  FlashLayout *layout; /* (unowned) */
  FlashDiagList *diags; /* (unowned) */
  GHashTable *sizes; /* (unowned) (nullable) */
  gboolean allow_outside;
  const FlashLayoutChip *chip; /* (nullable) */
  gboolean is_chip_given; /* by the caller, not by a file */
  FlashLayoutFlow flow;
  GPtrArray *rows; /* (owned) (element-type FlashLayoutRow): the valid ones */
  GPtrArray *storages; /* (owned) (element-type FlashLayoutStorage) */
  GHashTable *files; /* (owned) (element-type filename FlashLayoutFile) */
  FlashLayoutFiles *known_files; /* (unowned) (nullable): from earlier checks */
  char *real_base; /* (owned) (nullable) (type filename): the layout's base, without links */
} FlashLayoutCheck;

/* Returns: (transfer none) (nullable): the file of @row, if it was read and holds something. */
const FlashLayoutFile *flash_layout_check_get_file (FlashLayoutCheck *self, FlashLayoutRow *row);
/* Returns: whether the offset of @row has a zero in front, so that U-Boot before v2023.07 reads
 * another number than the versions after it. */
gboolean flash_layout_check_is_offset_unclear (FlashLayoutRow *row);
/* Returns: whether the file of @row is sent to the board. */
gboolean flash_layout_check_needs_file (FlashLayoutRow *row);

/* The checks, in the order in which they run. Each adds to the diagnostics. */
gboolean
flash_layout_check_files (FlashLayoutCheck *self, GCancellable *cancellable, GError **error);
void flash_layout_check_flow (FlashLayoutCheck *self);
void flash_layout_check_fsbl (FlashLayoutCheck *self);
void flash_layout_check_second_stage (FlashLayoutCheck *self);
void flash_layout_check_rows (FlashLayoutCheck *self);
void flash_layout_check_ids (FlashLayoutCheck *self);
void flash_layout_check_faults (FlashLayoutCheck *self);
void flash_layout_check_tables (FlashLayoutCheck *self);
void flash_layout_check_storages (FlashLayoutCheck *self);
void flash_layout_check_images (FlashLayoutCheck *self);
void flash_layout_check_memory (FlashLayoutCheck *self);

/* Whether the addresses in the STM32 header of a first stage, and its size, are those of the
 * on-chip RAM of the chip that it is made for. */
void flash_layout_check_first_stage_memory (FlashLayoutCheck *self, FlashLayoutRow *row,
                                            const FlashLayoutFile *file);
/* What is wrong with an image with STM32 header, wherever it goes. */
void flash_layout_check_stm32_payload (FlashLayoutCheck *self, FlashLayoutRow *row,
                                       const FlashLayoutFile *file);
/* What the readers of formats have found in the file of @row. */
void flash_layout_check_add_findings (FlashLayoutCheck *self, FlashLayoutRow *row,
                                      const FlashLayoutFile *file);

G_END_DECLS
