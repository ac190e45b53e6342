/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices as they describe themselves, and what there is to be made of them. */
#pragma once

#include "flash-chip.h"

/* In @bcd_dfu. */
#define FLASH_CHIP_CASE_SHORT_FUNCTIONAL 0
#define FLASH_CHIP_CASE_NO_FUNCTIONAL 0xffff

/**
 * FlashChipCase:
 * @name: for the log; %NULL ends the table
 * @bcd_dfu: version, or one of the two above: a descriptor of 7 bytes, or none
 * @alternates: (nullable): names of the alternate settings with a bar between; a question mark is
 *   one that cannot be read
 * @loader: what is to be guessed
 * @chips: (nullable): ids, best first; %NULL if it is all the same
 * @flash_alternate: -1 if there is no map
 * @option_alternate: the same
 * @otp_alternate: the same
 */
typedef struct {
  const char *name;
  guint16 vid;
  guint16 pid;
  guint16 bcd_device;
  const char *product;
  const char *serial;
  guint16 transfer_size;
  guint16 bcd_dfu;
  const char *alternates;
  FlashLoaderKind loader;
  const char *chips;
  gboolean is_sure;
  const char *doubt;
  gint flash_alternate;
  gint option_alternate;
  gint otp_alternate;
} FlashChipCase;

extern const FlashChipCase flash_chip_rom_cases[];
extern const FlashChipCase flash_chip_clone_cases[];
extern const FlashChipCase flash_chip_custom_cases[];
extern const FlashChipCase flash_chip_other_cases[];
