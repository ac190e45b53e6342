/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of the families of chips whose ROM speaks DfuSe, read from the table
 * `data/chips.ini` (stm32-dfuse.md section 4), which is built in as a resource.
 *
 * Immutable; thread: any. */
#pragma once

#include "flash-descriptors.h"
#include "flash-memory-map.h"

G_BEGIN_DECLS

/**
 * FlashChipRange:
 * @start: first address
 * @size: in bytes
 * @name: static: `SRAM`, `CCM`, `DTCM`, `system memory`, …
 */
typedef struct {
  guint32 start;
  guint32 size;
  const char *name;
} FlashChipRange;

/**
 * FlashChip:
 * One row of the table. Numbers are 0, texts %NULL where the reference does not know.
 *
 * @id: stable name: `f405`, `h74x`, `g47x`
 * @name: for people: `STM32F405/407/415/417`
 * @family: `F1`, `F4`, `H7`, `G4`: the part number's letter and digit
 * @device_id: DBGMCU_IDCODE[11:0], 0 if not known
 * @flash_max: largest flash of the family in bytes
 * @granule: bytes per program operation (section 4.3)
 * @has_ecc: whether a granule may be programmed only once between two erasures
 * @erased: what erased flash reads as: 0xff, or 0x00 on L0 and L1
 * @ram_from: first RAM address that the ROM does not use
 * @rams: (element-type FlashChipRange): its RAMs
 * @system_start: start of the system memory (ROM)
 * @option_start: start of the option area
 * @option_size: its length in bytes, as the ROM shows it
 * @option_layout: (nullable): the layout for flash-option-bytes.h
 * @rdp_offset: offset of the RDP byte in the option area, -1 if not known
 * @has_empty_check: whether it starts its ROM by itself at power-on when the flash begins with an
 *   erased word (section 4.4)
 * @has_mass_erase: whether its ROM knows mass erase
 * @leave_starts: whether leaving starts the application (section 2.7); %FALSE where a reset is
 *   needed
 * @boot_entry: (nullable): English, marked for translation: how to enter the boot loader
 * @interrupted: (nullable): English, marked for translation: what an interrupted update means
 * @maps: (element-type utf8): texts of alternate 0 that its ROM is known to print
 * @boot_starts: (nullable) (element-type guint32): where else than at the start of the flash it
 *   starts programs, unless its option bytes say otherwise: that of a second core (section 4.6)
 */
typedef struct {
  const char *id;
  const char *name;
  const char *family;
  guint device_id;
  guint32 flash_max;
  guint granule;
  gboolean has_ecc;
  guint8 erased;
  guint32 ram_from;
  GArray *rams;
  guint32 system_start;
  guint32 option_start;
  guint option_size;
  const char *option_layout;
  gint rdp_offset;
  gboolean has_empty_check;
  gboolean has_mass_erase;
  gboolean leave_starts;
  const char *boot_entry;
  const char *interrupted;
  GPtrArray *maps;
  GArray *boot_starts;
} FlashChip;

/* Returns: (transfer none) (nullable): the row with that id. */
const FlashChip *flash_chip_find (const char *id);
/* Returns: (transfer none) (element-type FlashChip): all rows, in the order of the table. */
GPtrArray *flash_chip_list (void);

/**
 * FlashLoaderKind:
 * @FLASH_LOADER_NONE: no DfuSe: plain DFU, run-time, an STM32MP stage, or no DFU at all
 * @FLASH_LOADER_ROM: the ROM of an STM32
 * @FLASH_LOADER_CLONE: the ROM of a clone of one (GD32, AT32, APM32)
 * @FLASH_LOADER_CUSTOM: a boot loader in flash: ST's middleware (CubeMX), mboot and others
 */
typedef enum {
  FLASH_LOADER_NONE,
  FLASH_LOADER_ROM,
  FLASH_LOADER_CLONE,
  FLASH_LOADER_CUSTOM,
} FlashLoaderKind;

/**
 * FlashChipGuess:
 * What the descriptors of a DfuSe device allow to say (section 4.8).
 *
 * @loader: which kind of boot loader answers
 * @chips: (element-type FlashChip): the families that fit, best first; empty if none does
 * @is_sure: whether exactly one fits and its strings leave no doubt
 * @flash: (nullable): the map of alternate 0, or of the setting that is the flash
 * @flash_alternate: the setting of @flash
 * @options: (nullable): the map of the option bytes; of a chip with an area for each bank only the
 *   first one, which has the level of protection
 * @option_alternate: the setting of @options
 * @otp: (nullable): the map of the OTP area
 * @otp_alternate: the setting of @otp
 * @map_doubt: (nullable): static: why @flash may be wrong (section 4.2), e.g. `hole-possible`,
 *   `page-size-doubtful`, %NULL if nothing is known against it
 */
typedef struct {
  FlashLoaderKind loader;
  GPtrArray *chips;
  gboolean is_sure;
  FlashMemoryMap *flash;
  guint8 flash_alternate;
  FlashMemoryMap *options;
  guint8 option_alternate;
  FlashMemoryMap *otp;
  guint8 otp_alternate;
  const char *map_doubt;
} FlashChipGuess;

/**
 * flash_chip_guess_init:
 * @self: (out caller-allocates): filled
 * @descriptors: (nullable): what the device says
 *
 * Corrects what a quirk is known for (GD32VF103's page size, section 3.1).
 */
void flash_chip_guess_init (FlashChipGuess *self, FlashDescriptors *descriptors);
/* Makes @self a copy of @other. */
void flash_chip_guess_copy (FlashChipGuess *self, const FlashChipGuess *other);
void flash_chip_guess_clear (FlashChipGuess *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashChipGuess, flash_chip_guess_clear)

/* Returns: (transfer none) (nullable): the best guess, %NULL if there is none. */
const FlashChip *flash_chip_guess_get_best (const FlashChipGuess *self);

/* Returns: (transfer none) (nullable): static: `F4` if all chips that may be meant are of that
 * family. Where ROMs are known to print the very map that this one prints, only they may. */
const char *flash_chip_guess_get_family (const FlashChipGuess *self);
/* Returns: (transfer full) (nullable): for people: `STM32F405/407/415/417` if it is sure,
 * `STM32F4` if only the family is, %NULL if not even that. */
char *flash_chip_guess_dup_name (const FlashChipGuess *self);

/**
 * FlashChipTraits:
 * What a planner must respect, also where the chip is not sure: of all that fit the strictest.
 *
 * @granule: bytes per program operation, at least 2
 * @has_ecc: whether a granule may be programmed only once
 * @erased: what erased flash reads as
 * @has_empty_check: whether all that fit have it
 * @has_mass_erase: whether all that fit have it
 * @leave_starts: whether leaving starts the application on all that fit
 */
typedef struct {
  guint granule;
  gboolean has_ecc;
  guint8 erased;
  gboolean has_empty_check;
  gboolean has_mass_erase;
  gboolean leave_starts;
} FlashChipTraits;

/* What a planner must respect; of a boot loader in the flash, nothing that only ROMs promise. */
void flash_chip_guess_get_traits (const FlashChipGuess *self, FlashChipTraits *out_traits);

G_END_DECLS
