/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions on a terminal. Where there is nobody to answer, nothing is asked. Thread: main. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: whether somebody can be asked: input and error output are terminals. */
gboolean flash_cli_can_ask (void);

/**
 * flash_cli_ask_word:
 * @question: translated: what is lost, and what to type
 * @word: what has to be typed, exactly
 *
 * Returns: whether it was
 */
gboolean flash_cli_ask_word (const char *question, const char *word);

/**
 * flash_cli_ask_letter:
 * @question: translated, with the letters in it
 * @letters: the answers that are taken, in lower case; the first one is that of an empty line
 *
 * Returns: the letter, or the last of @letters if there is no answer
 */
char flash_cli_ask_letter (const char *question, const char *letters);

G_END_DECLS
