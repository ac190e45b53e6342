/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan, once it is known what the chip holds: which sectors are erased and written, in which
 * order, with which bytes (stm32-dfuse.md section 5.2).
 *
 * FlashFirmwareWork is immutable and reference counted; thread: any. */
#pragma once

#include "flash-firmware-plan.h"

G_BEGIN_DECLS

/**
 * FlashNeighbours:
 * What becomes of bytes in a sector of which the image covers only a part.
 *
 * @FLASH_NEIGHBOURS_KEEP: they are read before, and written back
 * @FLASH_NEIGHBOURS_ERASE: they are lost
 */
typedef enum {
  FLASH_NEIGHBOURS_KEEP,
  FLASH_NEIGHBOURS_ERASE,
} FlashNeighbours;

/**
 * FlashFirmwareTodo:
 * @sector: a sector of the plan
 * @target: (nullable): all of its bytes as they shall be; %NULL if it is left as it is
 * @n_kept: how many of them are neighbours, other than erased ones, that are written back
 * @n_lost: how many neighbours, other than erased ones, are lost; all of them count if it is not
 *   known what they are
 */
typedef struct {
  FlashMemorySector sector;
  GBytes *target;
  guint32 n_kept;
  guint32 n_lost;
} FlashFirmwareTodo;

/**
 * FlashFirmwareExtent:
 * @address: first address, a multiple of the granule
 * @bytes: padded to the granule with erased bytes
 */
typedef struct {
  guint32 address;
  GBytes *bytes;
} FlashFirmwareExtent;

/**
 * FlashFirmwareWork:
 * @plan: (owned): what it is about
 * @todos: (element-type FlashFirmwareTodo): one for each sector of the plan, rising
 * @erase_order: (element-type guint): indices of @todos: the sector of plan->head first, then those
 *   of the other heads, then the others; rising. Empty if the chip holds everything already
 * @extents: (element-type FlashFirmwareExtent): what is written after erasing, rising, without the
 *   heads; what would only be erased bytes is left out
 * @heads: (element-type FlashFirmwareExtent): what is written last, and in this order, when all of
 *   @extents is right: for each sector with a head the granules with the two words that start a
 *   program, falling; those of plan->head's sector come last of all. They are at the sector's head;
 *   or where the chip starts from, if that lies in the same sector and neighbours are written back
 *   there, since then it starts from those. Each ends with the vectors, so that a power cut after
 *   any of its granules leaves none that are whole. A sector with only erased bytes there has none
 * @n_unchanged: sectors that are left as they are
 */
typedef struct {
  gatomicrefcount ref_count;
  FlashFirmwarePlan *plan;
  GPtrArray *todos;
  GArray *erase_order;
  GPtrArray *extents;
  GPtrArray *heads;
  guint n_unchanged;
} FlashFirmwareWork;

FlashFirmwareWork *flash_firmware_work_ref (FlashFirmwareWork *self);
void flash_firmware_work_unref (FlashFirmwareWork *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashFirmwareWork, flash_firmware_work_unref)

/**
 * FlashFirmwareWorkError:
 * @FLASH_FIRMWARE_WORK_ERROR_SHARED: a sector is only partly covered, and it is not known what else
 *   it holds; the message names the first one
 * @FLASH_FIRMWARE_WORK_ERROR_LOADER: the image has other bytes for the boot loader's own sectors,
 * or it is not known what they hold; the message names the first one
 */
typedef enum {
  FLASH_FIRMWARE_WORK_ERROR_SHARED,
  FLASH_FIRMWARE_WORK_ERROR_LOADER,
} FlashFirmwareWorkError;

#define FLASH_FIRMWARE_WORK_ERROR (flash_firmware_work_error_quark ())
GQuark flash_firmware_work_error_quark (void);

/**
 * flash_firmware_work_new:
 * @plan: a usable plan
 * @before: (element-type GBytes): for each sector of the plan what it holds, %NULL where that is
 *   not known
 * @changed_only: whether sectors that hold the right bytes already are left as they are, with
 *   their neighbours. If any sector is written, those of all heads are too: else old vectors would
 *   start half an image
 * @neighbours: what becomes of them
 * @block_size: a block of the boot loader, in bytes: erased bytes within one are written if there
 *   are others behind them, since that costs less than another block
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_FIRMWARE_WORK_ERROR)
 */
FlashFirmwareWork *
flash_firmware_work_new (FlashFirmwarePlan *plan, GPtrArray *before, gboolean changed_only,
                         FlashNeighbours neighbours, gsize block_size, GError **error);

/**
 * flash_firmware_work_new_continued:
 * @before: (element-type GBytes): the same; for an unfinished sector the neighbours as they were
 *   before it was erased; its other bytes do not matter
 * @unfinished: (nullable) (array): for each sector of the plan whether an earlier try may have
 *   erased it and not finished it: then it is written, even if @before would pass for right. What
 *   it says of the boot loader's own sectors is ignored
 *
 * As flash_firmware_work_new (), for a job that takes up one that was cut off.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_FIRMWARE_WORK_ERROR)
 */
FlashFirmwareWork *
flash_firmware_work_new_continued (FlashFirmwarePlan *plan, GPtrArray *before,
                                   const gboolean *unfinished, gboolean changed_only,
                                   FlashNeighbours neighbours, gsize block_size, GError **error);

/* Returns: bytes that are written, the heads among them. */
guint64 flash_firmware_work_get_size (const FlashFirmwareWork *self);

/* Returns: whether a part of that sector is among the heads: it is not finished before that is
 * written. */
gboolean flash_firmware_work_has_head (const FlashFirmwareWork *self, guint index);

/* Returns: (transfer full) (nullable): that sector as it has to be while no head is written yet:
 * its target with erased bytes in place of its head; %NULL if it is left as it is */
GBytes *flash_firmware_work_dup_body (const FlashFirmwareWork *self, guint index);

G_END_DECLS
