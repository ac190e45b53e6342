/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diagnostics on a terminal. Thread: main. */
#pragma once

#include "flash-diag.h"

#include <stdio.h>

G_BEGIN_DECLS

/**
 * flash_cli_translate:
 * @text: an English template
 *
 * Returns: (transfer none): the same in the user's language; for flash_diag_dup_message ()
 */
const char *flash_cli_translate (const char *text);

/* Returns: (transfer full): @text for a terminal: what stands in it may come from a file or a
 * board, and nothing in it may steer the terminal. */
char *flash_cli_dup_safe (const char *text);

/* Returns: whether colours may be written to @stream: a terminal that knows them, and a user who
 * did not set NO_COLOR. */
gboolean flash_cli_has_colours (FILE *stream);

/**
 * flash_cli_diag_format:
 * @has_colours: whether to mark the severity with colours
 *
 * Returns: (transfer full): `line 7, column 6: error: … [code]`, and below it, indented, what to
 *   do and what the board would say; each line is ended
 */
char *flash_cli_diag_format (const FlashDiag *diag, gboolean has_colours);

/* Writes all of them to @stream, standard output or standard error. */
void flash_cli_diag_print (const FlashDiagList *diags, FILE *stream);

G_END_DECLS
