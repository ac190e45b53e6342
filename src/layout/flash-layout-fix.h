/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mends what the checks complain about. A fix is *safe* if it keeps what was meant and can surprise
 * nobody: separators, blanks, spelling, alignment upwards into free room, the next free Id. What
 * needs a decision has no fix here; its diagnostic says what to do.
 *
 * Thread: that of the document. */
#pragma once

#include "flash-layout-document.h"

G_BEGIN_DECLS

/**
 * FlashLayoutFixKind:
 * @FLASH_LAYOUT_FIX_NONE: there is no fix that a program may make
 * @FLASH_LAYOUT_FIX_SAFE: part of “Fix all safe”
 * @FLASH_LAYOUT_FIX_ASK: only by its own button: it changes what is written to the board
 */
typedef enum {
  FLASH_LAYOUT_FIX_NONE,
  FLASH_LAYOUT_FIX_SAFE,
  FLASH_LAYOUT_FIX_ASK,
} FlashLayoutFixKind;

/* Returns: whether @diag, of the last check of @document, can be mended. */
FlashLayoutFixKind flash_layout_fix_get_kind (FlashLayoutDocument *document, const FlashDiag *diag);

/**
 * flash_layout_fix_dup_kinds:
 * @diags: of the last check of @document; nothing was changed since
 *
 * The same for all of them, which is quicker than one by one.
 *
 * Returns: (transfer full) (element-type FlashLayoutFixKind): one for each, in their order
 */
GArray *flash_layout_fix_dup_kinds (FlashLayoutDocument *document, FlashDiagList *diags);

/**
 * flash_layout_fix_apply:
 * @diag: of the last check of @document; nothing was changed since
 *
 * One undo step, %FLASH_LAYOUT_EDIT_FIX.
 *
 * Returns: whether something was changed
 */
gboolean flash_layout_fix_apply (FlashLayoutDocument *document, const FlashDiag *diag);

/**
 * flash_layout_fix_apply_safe:
 * @diags: of the last check of @document; nothing was changed since
 *
 * All safe fixes, in an order in which they do not get in each other's way, as one undo step
 * (%FLASH_LAYOUT_EDIT_FIX_ALL). Fixes that come to light by others are made as well: the text is
 * checked again, without looking into files, until nothing safe is left or nothing changes. The
 * document tells of its changes once for each such round, not for each fix.
 *
 * Returns: how many were made
 */
guint flash_layout_fix_apply_safe (FlashLayoutDocument *document, FlashDiagList *diags);

/* Returns: how many safe fixes flash_layout_fix_apply_safe () would begin with. */
guint flash_layout_fix_count_safe (FlashLayoutDocument *document, FlashDiagList *diags);

G_END_DECLS
