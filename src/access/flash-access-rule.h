/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rule by which whoever sits at this computer may open boards: put where udev reads it, and
 * taken away again. It carries the text of the rule, and neither paths nor environment of a caller
 * matter. Thread: main; these functions wait for the programs that they run. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Exit codes of the program. */
#define FLASH_ACCESS_EXIT_DONE 0
#define FLASH_ACCESS_EXIT_FAILED 1
#define FLASH_ACCESS_EXIT_USAGE 2
/* The rule was changed, but udev could not be told. */
#define FLASH_ACCESS_EXIT_NOT_APPLIED 3

/**
 * flash_access_rule_install:
 * @root: (type filename): where the file system begins: `/`, but in tests
 *
 * Writes the rule aside and renames it, so that udev never reads half of it.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_FILE_ERROR)
 */
gboolean flash_access_rule_install (const char *root, GError **error);

/* Removes the rule again; it is no error if there is none.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_FILE_ERROR) */
gboolean flash_access_rule_remove (const char *root, GError **error);

/**
 * flash_access_rule_apply:
 * @root: (type filename): where the file system begins
 *
 * Has udev read its rules, and look at the boards again that are plugged in.
 *
 * Returns: %TRUE, or %FALSE with @error set (%G_SPAWN_ERROR, %G_SPAWN_EXIT_ERROR, %G_FILE_ERROR)
 */
gboolean flash_access_rule_apply (const char *root, GError **error);

/**
 * flash_access_run_verb:
 * @root: (type filename): where the file system begins
 * @n_words: how many @words there are
 * @words: (array length=n_words): what the program was called with, its own name first
 *
 * Does what the program is for, and says on its standard error why it did not.
 *
 * Returns: the exit code
 */
int flash_access_run_verb (const char *root, int n_words, char *const *words);

G_END_DECLS
