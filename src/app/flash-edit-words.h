/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the steps of an edited layout are called. Thread: main. */
#pragma once

#include "flash-layout-document.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * flash_edit_words_dup_undo:
 * @edit: from flash_layout_document_get_undo ()
 * @subject: (nullable): the name of the partition
 *
 * Returns: (transfer full): `Undo: move rootfs`; `Undo` if there is nothing to
 */
char *flash_edit_words_dup_undo (FlashLayoutEdit edit, const char *subject);

/* The same for flash_layout_document_get_redo (). */
char *flash_edit_words_dup_redo (FlashLayoutEdit edit, const char *subject);

/**
 * flash_edit_words_dup_save_error:
 * @error: of flash_editor_save_finish ()
 *
 * Returns: (transfer full): cause and remedy, and that nothing is lost
 */
char *flash_edit_words_dup_save_error (const GError *error);

G_END_DECLS
