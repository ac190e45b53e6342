/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the help that nobody writes: one for each advice, and one for each page that says
 * which advices belong to it. They are made from the table of advices, so that they are translated
 * with it and never say anything else than a diagnosis does.
 *
 * An address is the name of a written page, `advice:CODE`, or `codes:PAGE`. Thread: main. */
#pragma once

#include "flash-advice.h"
#include "flash-help-text.h"

G_BEGIN_DECLS

#define FLASH_HELP_ADVICE_PREFIX "advice:"
#define FLASH_HELP_CODES_PREFIX "codes:"

/**
 * flash_help_address_load:
 * @address: of a page, written or made
 *
 * Returns: (transfer full) (nullable) (element-type FlashHelpBlock): what the page consists of, its
 *   title first; %NULL if there is no such page
 */
GPtrArray *flash_help_address_load (const char *address);

/**
 * flash_help_advice_matches:
 * @advice: an advice
 * @query: words, as somebody has typed them
 *
 * Returns: whether code, cause and remedy, in the language of the user, have all of the words
 */
gboolean flash_help_advice_matches (const FlashAdvice *advice, const char *query);

G_END_DECLS
