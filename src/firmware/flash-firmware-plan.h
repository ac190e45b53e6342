/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A firmware image on a chip: what of it goes into which sectors, what of it does not belong there,
 * and what would go wrong. Known before anything is sent; what the chip holds already is not known
 * yet (flash-firmware-work.h).
 *
 * FlashFirmwarePlan is immutable and reference counted; thread: any. */
#pragma once

#include "flash-chip.h"
#include "flash-diag.h"
#include "flash-image.h"
#include "flash-range.h"

G_BEGIN_DECLS

/**
 * FlashFirmwareOptions:
 * @leaves_out: the user agrees that parts which are not for the flash are not written: outside of
 *   the map, option bytes, OTP, the boot loader's own sectors whatever they hold; what lies in RAM
 *   is left out anyway
 * @rebases: data at 0x00000000, where the flash is only mirrored, are meant for its real address
 */
typedef struct {
  gboolean leaves_out;
  gboolean rebases;
} FlashFirmwareOptions;

/**
 * FlashFirmwareReason:
 * Why a part of the image is not written.
 *
 * @FLASH_FIRMWARE_RAM: it belongs into RAM: a debugger would load it
 * @FLASH_FIRMWARE_OPTION_BYTES: it would change option bytes, or one-time memory
 * @FLASH_FIRMWARE_OUTSIDE: the boot loader names no memory there
 * @FLASH_FIRMWARE_READ_ONLY: the boot loader keeps those sectors for itself
 * @FLASH_FIRMWARE_OTHER_TARGET: a DfuSe file has it for another alternate setting
 */
typedef enum {
  FLASH_FIRMWARE_RAM,
  FLASH_FIRMWARE_OPTION_BYTES,
  FLASH_FIRMWARE_OUTSIDE,
  FLASH_FIRMWARE_READ_ONLY,
  FLASH_FIRMWARE_OTHER_TARGET,
} FlashFirmwareReason;

/**
 * FlashFirmwareLeftOut:
 * @address: first address
 * @size: in bytes
 * @reason: why
 */
typedef struct {
  guint32 address;
  guint64 size;
  FlashFirmwareReason reason;
} FlashFirmwareLeftOut;

/**
 * FlashFirmwareSector:
 * @sector: a sector that the image touches
 * @n_covered: how many of its bytes the image holds, at least 1
 * @is_own: whether only the boot loader itself may write it: it is never erased
 * @is_head: whether a program begins in it: the sector of plan->head, those from which the chip
 *   starts, and those for whose first address the image has sound vectors
 * @head: of such a sector: where the image's vectors are, or would be
 */
typedef struct {
  FlashMemorySector sector;
  guint32 n_covered;
  gboolean is_own;
  gboolean is_head;
  guint32 head;
} FlashFirmwareSector;

/**
 * FlashFirmwarePlan:
 * @map: the map of the flash
 * @traits: what the chip wants respected
 * @start: where the chip starts from
 * @starts: (element-type guint32): @start, and where else a core of the chip starts from; rising
 *   behind @start
 * @head: where the image's main vector table is: @start if it holds that, else its lowest address.
 *   The sector with it is erased first and its vectors are written last; those of the other heads
 *   (FlashFirmwareSector.is_head) are erased behind it, rising, and written before it, falling
 * @sectors: (element-type FlashFirmwareSector): those that the image touches, rising
 * @segments: (element-type FlashImageSegment): what is written, rising
 * @own_segments: (element-type FlashImageSegment): what the image has for the boot loader's own
 *   sectors, rising: it is not written, and must be there already; empty if the user leaves it out
 * @left_out: (element-type FlashFirmwareLeftOut): what is not, rising
 * @size: bytes in @segments
 * @diags: warnings and errors: `nothing-to-write`, `outside-flash`, `option-bytes-in-file`,
 *   `segment-in-ram`, `loader-sectors` (a warning: flash_firmware_work_new () decides),
 *   `no-address`, `address-misaligned` (bytes without an address of their own were given one that
 *   is within a granule), `address-rebased`, `wrong-chip` (a warning: from vectors, the end of the
 *   flash and the UF2 family), `families-mixed` (an error: a UF2 file for several families, of
 * which some do not fit; which bytes are whose is not known any more), `suffix-other-device` (a
 * warning: from the ids of a suffix), `other-targets` (info: a DfuSe file has parts for other
 * alternate settings), `no-empty-check` (info: what an interrupted update means on this chip),
 * `map-doubtful` (a warning; an error if the map cannot be worked with), and those of
 * flash_vectors_check (); with an error among them the image must not be written
 */
typedef struct {
  gatomicrefcount ref_count;
  FlashMemoryMap *map;
  FlashChipTraits traits;
  guint32 start;
  GArray *starts;
  guint32 head;
  GArray *sectors;
  GPtrArray *segments;
  GPtrArray *own_segments;
  GArray *left_out;
  guint64 size;
  FlashDiagList *diags;
} FlashFirmwarePlan;

FlashFirmwarePlan *flash_firmware_plan_ref (FlashFirmwarePlan *self);
void flash_firmware_plan_unref (FlashFirmwarePlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashFirmwarePlan, flash_firmware_plan_unref)

/**
 * flash_firmware_plan_new:
 * @image: a usable image; raw bytes need an address
 * @guess: what is known of the chip; its flash map must be known
 * @descriptors: (nullable): for the ids of a DFU suffix
 * @options: (nullable): %NULL for none
 *
 * Returns: (transfer full): the plan
 */
FlashFirmwarePlan *
flash_firmware_plan_new (const FlashImage *image, const FlashChipGuess *guess,
                         FlashDescriptors *descriptors, const FlashFirmwareOptions *options);

/* Returns: whether it may be carried out. */
gboolean flash_firmware_plan_is_usable (const FlashFirmwarePlan *self);
/* Returns: whether the image covers only a part of some sector that would be erased. */
gboolean flash_firmware_plan_has_shared (const FlashFirmwarePlan *self);
/* Returns: whether plan->head lies in @sector: its vectors are the last that are written. */
gboolean
flash_firmware_plan_holds_head (const FlashFirmwarePlan *self, const FlashMemorySector *sector);
/* Returns: bytes of all sectors in it. */
guint64 flash_firmware_plan_get_sector_bytes (const FlashFirmwarePlan *self);

/**
 * flash_firmware_plan_can_start_at:
 * @held: (nullable) (element-type GBytes): for each sector of the plan what the chip holds, %NULL
 *   where that is not known; counts where the image has nothing
 * @address: where a program is to be started
 *
 * Returns: whether the image, over what the chip holds, has a sound vector table there: aligned as
 * a core demands it, the stack in RAM, the reset vector odd and leading into those bytes. %FALSE if
 *   that is not known
 */
gboolean
flash_firmware_plan_can_start_at (const FlashFirmwarePlan *self, GPtrArray *held, guint32 address);

G_END_DECLS
