/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts, each a line "Label: value", whose values stand below each other in every language.
 * Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _FlashCliFacts FlashCliFacts;

/**
 * flash_cli_facts_new:
 * @example: a translated fact, which is not printed: labels get room for its label too
 *
 * Returns: (transfer full): no facts yet
 */
FlashCliFacts *flash_cli_facts_new (const char *example);

void flash_cli_facts_free (FlashCliFacts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCliFacts, flash_cli_facts_free)

/* Adds a fact: a label up to the first colon, and a value. How many blanks are between them does
 * not matter. */
void flash_cli_facts_add (FlashCliFacts *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Adds a line below the last value. Blanks in front of it do not matter. */
void flash_cli_facts_add_below (FlashCliFacts *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Prints them. */
void flash_cli_facts_print (const FlashCliFacts *self);

G_END_DECLS
