/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way into what is remembered of files; for use inside this room. Thread: any. */
#pragma once

#include "flash-layout-file.h"
#include "flash-layout-files.h"

G_BEGIN_DECLS

/**
 * flash_layout_files_look:
 * @self: (nullable): %NULL to look into the file in any case
 * @path: (type filename): any path
 * @cancellable: (nullable): looked at while payloads are summed up
 *
 * What flash_layout_file_inspect () says, without reading the file again if it is still the same.
 * Other threads may look at the same time; none waits for the reading of another.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set only if cancelled
 */
FlashLayoutFile *flash_layout_files_look (FlashLayoutFiles *self, const char *path,
                                          GCancellable *cancellable, GError **error);

G_END_DECLS
