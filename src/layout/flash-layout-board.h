/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the board itself goes through the text of a FlashLayout (stm32mp-usb.md sections 3.1 and
 * 3.4), quirks included: its verdict, and the same layout in a form without Binary column that it
 * judges the same way. For use inside this room. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* stm32mp-usb.md section 3.1: more lines than this, as the board counts them, are refused. */
#define FLASH_LAYOUT_MAX_LINES 240

/**
 * FlashLayoutVerdict:
 * @answer: (nullable): what the board answers if it refuses the layout; %NULL if it takes it
 * @line: the line of which it speaks, by its own count; 0 if of none
 * @n_parts: partitions read
 * @lost_line: the line that it drops without a word because it ends in a TAB at the end of the
 *   text; 0 if there is none
 */
typedef struct {
  char *answer;
  guint line;
  guint n_parts;
  guint lost_line;
} FlashLayoutVerdict;

void flash_layout_verdict_clear (FlashLayoutVerdict *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashLayoutVerdict, flash_layout_verdict_clear)

/**
 * flash_layout_judge:
 * @text: the layout without STM32 header
 * @out_verdict: (out caller-allocates): the verdict
 * @out_board_text: (out) (optional) (transfer full): the layout without Binary column
 */
void flash_layout_judge (GBytes *text, FlashLayoutVerdict *out_verdict, GBytes **out_board_text);

G_END_DECLS
