/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar of the six cells that the board reads (stm32mp-usb.md sections 3.2 and 3.4), as the
 * board's own parser has it, with its leniencies. For use inside this room. Thread: any. */
#pragma once

#include "flash-layout-row.h"

G_BEGIN_DECLS

/* Columns that the board reads; it ignores the others (stm32mp-usb.md section 3.1). */
#define FLASH_LAYOUT_BOARD_COLUMNS 6
#define FLASH_LAYOUT_COLUMNS 7

/* stm32mp-usb.md section 3.2 */
#define FLASH_LAYOUT_MAX_NAME 16
/* stm32mp-usb.md section 1.5: the last Id that a partition may have, and the first one that is
 * for the user by convention. */
#define FLASH_LAYOUT_MAX_ID 0xf0
#define FLASH_LAYOUT_FIRST_USER_ID 0x10

/**
 * FlashLayoutValues:
 * @copies: the N of `Binary(N)` as the board understands it, 1 for `Binary`, 0 for other types
 *
 * What the six cells of a line mean.
 */
typedef struct {
  gboolean is_selected;
  gboolean is_empty;
  gboolean is_erased;
  guint8 id;
  FlashLayoutType type;
  gint copies;
  FlashLayoutIp ip;
  guint ip_number;
  FlashLayoutOffset offset_kind;
  guint64 offset;
} FlashLayoutValues;

/**
 * flash_layout_values_parse:
 * @self: gets what the cell means; untouched if the board refuses it
 * @column: one of the first six
 * @cell: the cell's bytes, up to the first NUL
 * @line: the line, for the board's answer
 * @out_answer: (out) (optional) (transfer full): what the board answers if it refuses the cell,
 *   word for word, made safe to show
 *
 * Returns: whether the board takes the cell
 */
gboolean flash_layout_values_parse (FlashLayoutValues *self, FlashLayoutColumn column,
                                    const char *cell, guint line, char **out_answer);

/**
 * flash_layout_parse_number:
 * @text: digits as U-Boot reads them: `0x` means hexadecimal whatever @base says
 * @base: 10, or 0 to take a leading zero for octal
 * @out_value: (out): the number, wrapped at 2^64 as the board does it
 * @out_overflows: (out) (optional): whether it was wrapped
 *
 * Returns: (transfer none): the first character that does not belong to the number
 */
const char *flash_layout_parse_number (const char *text, guint base, guint64 *out_value,
                                       gboolean *out_overflows);

/* The longest answer that the board can hand out (stm32mp-usb.md section 1.6). */
#define FLASH_LAYOUT_MAX_ANSWER 254

/**
 * flash_layout_format_answer:
 * @format: as for printf ()
 *
 * Returns: (transfer full): the board's words, cut where the board cuts them and made safe
 */
char *flash_layout_format_answer (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
