/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The translation into a language that does not exist, which make_pseudo.py makes: “Check” is
 * “[Çhéçk~~]” in it. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: whether the test runs in that language. */
gboolean flash_pseudo_is_on (void);

/**
 * flash_pseudo_dup_plain:
 * @text: a text as it is shown
 *
 * Returns: (transfer full): the English text of which it was made; other texts come back as they
 *   are, but for accents and brackets
 */
char *flash_pseudo_dup_plain (const char *text);

/**
 * flash_pseudo_dup_outside:
 * @text: a text as it is shown
 *
 * Returns: (transfer full): what of it stands outside of all brackets, and so was not translated
 */
char *flash_pseudo_dup_outside (const char *text);

G_END_DECLS
