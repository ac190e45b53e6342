/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was achieved while a board was revived, for the end of it; and the option bytes in a file of
 * the user's. Thread: main; saving writes a few bytes. */
#pragma once

#include "flash-revive-run.h"

G_BEGIN_DECLS

void flash_revive_fact_free (FlashReviveFact *self);

/* Returns: (transfer full) (element-type FlashReviveFact): a list without any. */
GPtrArray *flash_revive_facts_new (void);

/**
 * flash_revive_facts_add:
 * @facts: gets what @job achieved, if that is worth a line
 * @job: which is done
 *
 * Option bytes that were read are saved below the user's data, in `flashwright/saved`, and the fact
 * says where; a file of the same name is not overwritten.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR), in words for people
 */
gboolean flash_revive_facts_add (GPtrArray *facts, FlashJob *job, GError **error);

G_END_DECLS
