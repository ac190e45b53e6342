/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the document share. */
#pragma once

#include "flash-layout-edit-script.h"

G_BEGIN_DECLS

/* Lines without end. */
#define R(id, name, offset) "P\t" id "\t" name "\tFIP\tmmc0\t" offset "\tx"
#define A R ("0x10", "a", "0x10000")
#define B R ("0x11", "b", "0x20000")
#define C R ("0x12", "c", "0x30000")

/* Opens a text that holds no NUL. */
FlashLayoutDocument *flash_layout_document_test_open (const char *text);

/* Returns: (transfer none): the entry at @position, which must exist. */
FlashLayoutEntry *flash_layout_document_test_get (FlashLayoutDocument *document, guint position);

/* Adds the line C. */
void flash_layout_document_test_insert (FlashLayoutDocument *document, guint position);

/* Asserts that the text is this, and all that is always true of a document. */
void flash_layout_document_test_assert_text (FlashLayoutDocument *document, const char *text);
/* The same, and takes the last edit back. */
void flash_layout_document_test_assert_edited (FlashLayoutDocument *document, const char *before,
                                               const char *after);

G_END_DECLS
