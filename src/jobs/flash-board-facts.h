/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a board is, told from its descriptors: the faces show it and do not know the protocol that
 * it is read from. Thread: any. */
#pragma once

#include "flash-board.h"
#include "flash-chip.h"

G_BEGIN_DECLS

/**
 * FlashBoardKind:
 * What can be done with a board.
 *
 * @FLASH_BOARD_KIND_UNKNOWN: nothing: it said nothing, or nothing that is known here
 * @FLASH_BOARD_KIND_STM32MP: a FlashLayout
 * @FLASH_BOARD_KIND_DFUSE: firmware with addresses: a microcontroller in its boot loader
 * @FLASH_BOARD_KIND_DFU: one file as it is: a plain DFU device
 * @FLASH_BOARD_KIND_RUNTIME: it runs its program, which can bring it into its boot loader
 */
typedef enum {
  FLASH_BOARD_KIND_UNKNOWN,
  FLASH_BOARD_KIND_STM32MP,
  FLASH_BOARD_KIND_DFUSE,
  FLASH_BOARD_KIND_DFU,
  FLASH_BOARD_KIND_RUNTIME,
} FlashBoardKind;

/* Returns: (transfer none): `unknown`, `stm32mp`, `dfuse`, `dfu` or `runtime`. */
const char *flash_board_kind_get_name (FlashBoardKind kind);

/**
 * FlashBoardFacts:
 * @kind: what can be done with it
 * @name: (nullable): what to call it: `STM32MP157CAA Rev.B`, `STM32F405/407/415/417`, or the chip
 * @chip: (nullable): static: `STM32MP15` and the like, `STM32F4` and the like if the family is
 *   known; %NULL otherwise
 * @device_id: the chip's id, e.g. 0x500; 0 if not known
 * @stage: (nullable): static: `rom`, `tf-a`, `u-boot`; `bootloader`, `runtime`
 * @serial: (nullable): serial number
 * @is_serial_shared: whether boards of this kind may all have that same one
 * @has_guess: whether @guess is filled: @kind is %FLASH_BOARD_KIND_DFUSE
 * @guess: memory maps and chip
 */
typedef struct {
  FlashBoardKind kind;
  char *name;
  const char *chip;
  guint device_id;
  const char *stage;
  char *serial;
  gboolean is_serial_shared;
  gboolean has_guess;
  FlashChipGuess guess;
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
