/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of this room share. */
#pragma once

#include "flash-layout-lint.h"

G_BEGIN_DECLS

/* A line of a layout. */
#define ROW(option, id, name, type, ip, offset, binary)                                            \
  option "\t" id "\t" name "\t" type "\t" ip "\t" offset "\t" binary "\n"
/* The same without Binary column. */
#define ROW6(option, id, name, type, ip, offset)                                                   \
  option "\t" id "\t" name "\t" type "\t" ip "\t" offset "\n"

/* Returns: (transfer full): one line per diagnostic: severity, line:column and code. */
char *flash_layout_test_dup_diags (FlashDiagList *diags);

/* Parses a text that holds no NUL. */
FlashLayout *flash_layout_test_parse (const char *text, FlashDiagList *diags);

/* Returns: (transfer full): a table of sizes, as the checks want it. */
GHashTable *flash_layout_test_make_sizes (const char *first_name, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
