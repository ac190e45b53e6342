/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chips and images for the tests of this room, written as values and not taken from the table of
 * chips: what is tested is what the planner makes of them. Thread: any. */
#pragma once

#include "flash-firmware-plan.h"

G_BEGIN_DECLS

/* A chip with 128 KiB of SRAM at 0x20000000 and option bytes of 16 bytes at 0x1fffc000. */
typedef struct {
  FlashChip chip;
  FlashChipGuess guess;
} FlashTestChip;

/**
 * flash_test_chip_init:
 * @map: text of the alternate setting of the flash, which is 0
 *
 * A sure guess of one chip `STM32F4test` of family `F4`: ROM, granules of 4 bytes, erased as 0xff,
 * no empty check; option bytes on alternate 1, one-time memory on alternate 2.
 */
void flash_test_chip_init (FlashTestChip *self, const char *map);
/* The same for a map as a value; takes it over. */
void flash_test_chip_init_for_map (FlashTestChip *self, FlashMemoryMap *map);
/* Makes the chip start a program there too, as with a second core. */
void flash_test_chip_add_boot_start (FlashTestChip *self, guint32 address);
void flash_test_chip_clear (FlashTestChip *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashTestChip, flash_test_chip_clear)

/* The byte that an image of this test has at an address: never 0x00 or 0xff, and no vectors. */
guint8 flash_test_part_byte (guint32 address);

/**
 * flash_test_make_image:
 * @parts: `address+size` in hexadecimal, with blanks between them; `alternate:` may stand before
 *
 * Returns: (transfer full): an image of them
 */
FlashImage *flash_test_make_image (FlashFormat format, const char *parts);

/* Returns: (transfer full): an image of @size bytes at @address that begins with those vectors. */
FlashImage *flash_test_make_program (guint32 address, gsize size, guint32 stack, guint32 reset);

/* Returns: (transfer full): the codes of @diags as `error:code warning:code …`, in their order. */
char *flash_test_list_diags (const FlashDiagList *diags);

G_END_DECLS
