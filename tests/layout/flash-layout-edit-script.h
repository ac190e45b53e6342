/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits made up of bytes, for the tests with random numbers and for the fuzzer, and what must be
 * true of a document after each of them. */
#pragma once

#include "flash-layout-document.h"

G_BEGIN_DECLS

/* One edit takes so many bytes. */
#define FLASH_LAYOUT_EDIT_SCRIPT_STEP 4

/* Makes one edit, whatever the bytes are. */
void flash_layout_edit_script_run (FlashLayoutDocument *document, const guint8 *bytes);

/* Asserts that the entries are the rows that the reader finds in the document's text, and that
 * lines, numbers and places agree. */
void flash_layout_edit_script_check (FlashLayoutDocument *document);

/* Takes everything back and asserts that the text is @original, makes everything again and asserts
 * that it is what it was. */
void flash_layout_edit_script_check_history (FlashLayoutDocument *document, GBytes *original);

G_END_DECLS
