/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the dialogs about cards have in common: they look at the open layout, let the user choose,
 * work for a while, and say what came of it. Thread: main. */
#pragma once

#include "flash-card-survey.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_CARD_FRAME (flash_card_frame_get_type ())
G_DECLARE_DERIVABLE_TYPE (FlashCardFrame, flash_card_frame, FLASH, CARD_FRAME, AdwWindow)

/**
 * FlashCardFrameClass:
 * @surveyed: there is another image, or none any more
 * @act: the verb was pressed
 * @stop: it is to be stopped, or closed while it works
 * @abandon: the window goes, whatever it does
 */
struct _FlashCardFrameClass {
  AdwWindowClass parent_class;

  void (*surveyed) (FlashCardFrame *self);
  void (*act) (FlashCardFrame *self);
  void (*stop) (FlashCardFrame *self);
  void (*abandon) (FlashCardFrame *self);
};

/* Begins: looks at @editor, then shows the choices, or why there are none. */
void flash_card_frame_start (FlashCardFrame *self, FlashEditor *editor);

/* Returns: (transfer none) (nullable): the last look at it. */
FlashCardSurvey *flash_card_frame_get_survey (FlashCardFrame *self);
/* Returns: (transfer none) (nullable): the smallest image of the chosen storage; %NULL if there is
 * none, or not yet. */
FlashCardImage *flash_card_frame_get_image (FlashCardFrame *self);

/* Puts a verb into the header; @label is mnemonic. */
void flash_card_frame_set_verb (FlashCardFrame *self, const char *label, gboolean is_destructive);
/* Whether what is chosen can be done. */
void flash_card_frame_set_can_act (FlashCardFrame *self, gboolean can_act);

/* Shows the choices. */
void flash_card_frame_show_choices (FlashCardFrame *self);

/**
 * flash_card_frame_show_progress:
 * @title: what is done
 * @body: what to know about it
 * @text: (nullable): how far it is
 * @fraction: from 0 to 1; below 0 if it is not known
 *
 * From now on closing means to stop.
 */
void flash_card_frame_show_progress (FlashCardFrame *self, const char *title, const char *body,
                                     const char *text, double fraction);
/* Whether it can be stopped now. */
void flash_card_frame_set_can_stop (FlashCardFrame *self, gboolean can_stop);
/* Returns: whether it works, so that closing means to stop. */
gboolean flash_card_frame_is_working (FlashCardFrame *self);

/**
 * flash_card_frame_show_outcome:
 * @is_good: how it ended
 * @heading: in a few words
 * @cause: (nullable): and the remedy
 * @code: (nullable): stable
 *
 * Shows how it ended, without facts.
 */
void flash_card_frame_show_outcome (FlashCardFrame *self, gboolean is_good, const char *heading,
                                    const char *cause, const char *code);
/* The same for an error: cause, remedy, code, and the detail as a fact. */
void flash_card_frame_show_error (FlashCardFrame *self, const char *heading, const GError *error);

/**
 * flash_card_frame_add_fact:
 * @icon_name: (nullable): before it
 * @css_class: (nullable): of the icon
 * @text: not trusted to be free of markup
 *
 * Adds a fact to the outcome.
 *
 * Returns: (transfer none): the row, for suffixes
 */
AdwActionRow *
flash_card_frame_add_fact (FlashCardFrame *self, const char *icon_name, const char *css_class,
                           const char *title, const char *text);

G_END_DECLS
