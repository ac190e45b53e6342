/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A repair file of what is open. Thread: any; reads files. */
#pragma once

#include "flash-repair.h"

G_BEGIN_DECLS

/**
 * flash_repair_make_for_layout:
 * @text: a layout
 * @path: (nullable) (type filename): its file; paths in it begin in its folder
 *
 * Every file that the layout names belongs to the repair, and the copy of the layout in it names
 * them without folders.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%G_IO_ERROR, %FLASH_REPAIR_ERROR)
 */
FlashRepair *flash_repair_make_for_layout (const char *case_id, const FlashRepairWords *words,
                                           GBytes *text, const char *path, GError **error);

G_END_DECLS
