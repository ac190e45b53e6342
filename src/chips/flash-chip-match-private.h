/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of the table fit what a device says. Pure; thread: any. */
#pragma once

#include "flash-chip-private.h"

G_BEGIN_DECLS

/**
 * FlashChipStyle:
 * The two generations of ROMs, by their bcdDevice (stm32-dfuse.md section 4.8).
 */
typedef enum {
  FLASH_CHIP_STYLE_UNKNOWN,
  FLASH_CHIP_STYLE_OLD,
  FLASH_CHIP_STYLE_NEW,
} FlashChipStyle;

/* Returns: the generation that a ROM with that version belongs to. */
FlashChipStyle flash_chip_style_get_for_version (guint16 bcd_device);

/**
 * FlashChipEvidence:
 * @style: generation, if it is to be looked at
 * @product: (nullable): product string
 * @flash: map of the flash
 * @options: (nullable): map of the option bytes
 * @otp: (nullable): map of the OTP area
 * @has_all_names: whether every alternate setting has a name that could be read
 */
typedef struct {
  FlashChipStyle style;
  const char *product;
  const FlashMemoryMap *flash;
  const FlashMemoryMap *options;
  const FlashMemoryMap *otp;
  gboolean has_all_names;
} FlashChipEvidence;

/* Returns: (transfer full) (element-type FlashChip): the ROMs that would say that, best first. */
GPtrArray *flash_chip_match_rom (const FlashChipEvidence *evidence);

/* Returns: (transfer full) (element-type FlashChip): the chips whose sectors lie like those of
 * @flash, whatever the letters allow: a boot loader in the flash may name a part of it. */
GPtrArray *flash_chip_match_sectors (const FlashMemoryMap *flash);

/* Returns: whether all sectors of @flash are sectors of @chip, in one of its arrangements. */
gboolean flash_chip_match_has_sectors (const FlashChip *chip, const FlashMemoryMap *flash);

/* Returns: whether the ROM of @chip is known to print @text for its flash. */
gboolean flash_chip_match_has_map (const FlashChip *chip, const char *text);

G_END_DECLS
