/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a board is, told from its descriptors: the faces show it and do not know the protocol that
 * it is read from. Thread: any. */
#pragma once

#include "flash-board.h"

G_BEGIN_DECLS

/**
 * FlashBoardFacts:
 * @name: (nullable): what to call it: `STM32MP157CAA Rev.B`, or the chip
 * @chip: (nullable): static: `STM32MP15` and the like; %NULL if it is no STM32MP in serial boot
 * @device_id: the chip's id, e.g. 0x500; 0 if not known
 * @stage: (nullable): static: `rom`, `tf-a`, `u-boot`
 * @serial: (nullable): serial number
 */
typedef struct {
  char *name;
  const char *chip;
  guint device_id;
  const char *stage;
  char *serial;
} FlashBoardFacts;

void flash_board_facts_init (FlashBoardFacts *self, FlashBoard *board);
void flash_board_facts_clear (FlashBoardFacts *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashBoardFacts, flash_board_facts_clear)

/* Returns: (transfer none) (nullable): the advice for a board that cannot be opened, %NULL if it
 * can. */
const char *flash_board_facts_get_access_code (FlashAccess access);

/* Returns: (transfer none) (nullable): the advice for a link that is slower than the board needs
 * it, %NULL if it is as it should be. The boot loaders of microcontrollers know no faster one. */
const char *flash_board_facts_get_link_code (const FlashBoardFacts *self, FlashBoard *board);

G_END_DECLS
