/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something that has happened and waits for an answer, at the top of a window: a sentence, what it
 * means, and up to two verbs. It stands in nobody's way. Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_NOTICE_BAR (flash_notice_bar_get_type ())
G_DECLARE_FINAL_TYPE (FlashNoticeBar, flash_notice_bar, FLASH, NOTICE_BAR, AdwBin)

/**
 * FlashNotice:
 * @title: what has happened; one sentence
 * @detail: (nullable): what it means
 * @first_action: the action of the first button
 * @first_label: its verb
 * @second_action: (nullable): the action of the second button
 * @second_label: (nullable): its verb
 */
typedef struct {
  const char *title;
  const char *detail;
  const char *first_action;
  const char *first_label;
  const char *second_action;
  const char *second_label;
} FlashNotice;

/**
 * flash_notice_bar_set_notice:
 * @notice: (nullable) (transfer none): what to say; %NULL hides the bar
 */
void flash_notice_bar_set_notice (FlashNoticeBar *self, const FlashNotice *notice);

G_END_DECLS
