/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said beside the button that starts a job: why it cannot be pressed, or what to know
 * before it is. Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FlashNote:
 * @text: why the job cannot be started, or what to know before it is; one sentence
 * @detail: (nullable): what to do about it, and what else is known
 * @icon_name: for the sentence
 * @action_name: (nullable): an action that helps
 * @action_label: (nullable): its name on a button
 */
typedef struct {
  const char *text;
  const char *detail;
  const char *icon_name;
  const char *action_name;
  const char *action_label;
} FlashNote;

#define FLASH_TYPE_NOTE_BAR (flash_note_bar_get_type ())
G_DECLARE_FINAL_TYPE (FlashNoteBar, flash_note_bar, FLASH, NOTE_BAR, AdwBin)

/**
 * flash_note_bar_set_note:
 * @note: (nullable): read now, not kept; %NULL hides the bar
 */
void flash_note_bar_set_note (FlashNoteBar *self, const FlashNote *note);

G_END_DECLS
