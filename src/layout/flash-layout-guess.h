/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people meant when they wrote what the board refuses. For use inside this room.
 * Thread: any. */
#pragma once

#include "flash-layout-cells.h"

G_BEGIN_DECLS

/**
 * FlashLayoutGuess:
 * @FLASH_LAYOUT_GUESS_NONE: no idea
 * @FLASH_LAYOUT_GUESS_BLANKS: blanks before or after
 * @FLASH_LAYOUT_GUESS_QUOTES: quotation marks around it
 * @FLASH_LAYOUT_GUESS_DASH: a typographic dash for a minus sign
 * @FLASH_LAYOUT_GUESS_CASE: upper and lower case confused
 * @FLASH_LAYOUT_GUESS_UNIT: a size with K, M or G
 * @FLASH_LAYOUT_GUESS_HEX: hexadecimal digits without `0x`
 * @FLASH_LAYOUT_GUESS_OCTAL: a decimal number that begins with zero
 */
typedef enum {
  FLASH_LAYOUT_GUESS_NONE,
  FLASH_LAYOUT_GUESS_BLANKS,
  FLASH_LAYOUT_GUESS_QUOTES,
  FLASH_LAYOUT_GUESS_DASH,
  FLASH_LAYOUT_GUESS_CASE,
  FLASH_LAYOUT_GUESS_UNIT,
  FLASH_LAYOUT_GUESS_HEX,
  FLASH_LAYOUT_GUESS_OCTAL,
} FlashLayoutGuess;

/**
 * flash_layout_guess_cell:
 * @cell: a cell that the board refuses
 * @values: gets what the cell means; untouched without a guess
 * @out_meant: (out) (transfer full): the cell as the board would take it; untouched without a
 *   guess
 */
FlashLayoutGuess flash_layout_guess_cell (FlashLayoutColumn column, const char *cell,
                                          FlashLayoutValues *values, char **out_meant);

/**
 * flash_layout_guess_split:
 * @line: a line
 * @separator: `' '` for any blanks, or the character that stands between the cells
 *
 * Returns: (transfer full): its cells, without empty ones and without quotation marks, at most
 *   seven; what would be more stays in the last one
 */
GStrv flash_layout_guess_split (const char *line, char separator);

/* Returns: (transfer none): the first character of @text that is not a blank (TABs are none). */
const char *flash_layout_skip_blanks (const char *text);

G_END_DECLS
