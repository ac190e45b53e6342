/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards of ST with an STM32MP, and how their boot switches stand. Built-in data; thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FLASH_SWITCH_MAX 4

/**
 * FlashSwitchStorage:
 * Where a board starts from.
 */
typedef enum {
  FLASH_SWITCH_SERIAL,
  FLASH_SWITCH_SD,
  FLASH_SWITCH_EMMC,
  FLASH_SWITCH_NOR,
  FLASH_SWITCH_NAND,
} FlashSwitchStorage;

/**
 * FlashSwitchBoard:
 * @id: stable id, e.g. `dk2`
 * @name: what is printed on it; translated if it is no name
 * @chip: `STM32MP15` and the like, %NULL if it may be any
 * @n_switches: how many boot switches it has
 * @bits: which boot pin each switch is, from the left
 * @is_sure: whether number and places of its switches are documented; if not, the manual is named
 */
typedef struct {
  const char *id;
  const char *name;
  const char *chip;
  guint n_switches;
  guint bits[FLASH_SWITCH_MAX];
  gboolean is_sure;
} FlashSwitchBoard;

/* Returns: (transfer none) (array length=out_n): all of them; the last one is any other board. */
const FlashSwitchBoard *flash_switch_board_list (guint *out_n);
/* Returns: (transfer none) (nullable): the board of that id. */
const FlashSwitchBoard *flash_switch_board_find (const char *id);
/* Returns: the index of the board that is proposed for that chip; @chip: (nullable) */
guint flash_switch_board_guess (const char *chip);

/**
 * flash_switch_board_get_pins:
 * @out_pins: (out): the boot pins, BOOT0 in bit 0; untouched on failure
 *
 * Returns: whether it is documented how the boot pins stand for @storage on that board
 */
gboolean flash_switch_board_get_pins (const FlashSwitchBoard *self, FlashSwitchStorage storage,
                                      guint *out_pins);

/* Returns: where the board of a layout starts from; @layout: (nullable): its text */
FlashSwitchStorage flash_switch_storage_guess (GBytes *layout);

G_END_DECLS
