/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partition table as U-Boot makes it on a card (stm32mp-usb.md section 3.8), made by libfdisk.
 * For use inside this room. Thread: any; blocks. */
#pragma once

#include "flash-card-error.h"
#include "flash-layout.h"

G_BEGIN_DECLS

/* Protective MBR, header and 128 entries in front; entries and header at the end, in bytes. */
#define FLASH_CARD_GPT_FRONT (34 * 512)
#define FLASH_CARD_GPT_BACK (33 * 512)
#define FLASH_CARD_GPT_MAX_PARTS 128

/**
 * FlashCardGptPart:
 * @row: (transfer none): the row
 * @start: in bytes
 * @size: in bytes
 */
typedef struct {
  FlashLayoutRow *row;
  guint64 start;
  guint64 size;
} FlashCardGptPart;

/**
 * flash_card_gpt_make:
 * @parts: (element-type FlashCardGptPart): ascending, not overlapping
 * @size: of the card in bytes
 * @device: its number, on which fixed identifiers depend
 * @seed: what identifiers that U-Boot makes up are derived from
 * @out_front: (out) (transfer full): the first %FLASH_CARD_GPT_FRONT bytes of the card
 * @out_back: (out) (transfer full): its last %FLASH_CARD_GPT_BACK bytes
 *
 * Returns: %TRUE, or %FALSE with @error set: %FLASH_CARD_ERROR_BAD_NAME, %FLASH_CARD_ERROR_TABLE
 */
gboolean flash_card_gpt_make (const GArray *parts, guint64 size, guint device, GBytes *seed,
                              GBytes **out_front, GBytes **out_back, GError **error);

G_END_DECLS
