/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of the files that a layout names, remembered from one check to the next, so that
 * checking while somebody types does not read them again. What a file is known by is its path, its
 * size, its times and its place on the disk; if one of them changes it is looked into again.
 *
 * Thread: any; has a lock of its own. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _FlashLayoutFiles FlashLayoutFiles;

FlashLayoutFiles *flash_layout_files_new (void);
FlashLayoutFiles *flash_layout_files_ref (FlashLayoutFiles *self);
void flash_layout_files_unref (FlashLayoutFiles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashLayoutFiles, flash_layout_files_unref)

/* Returns: how often a file was really read since it was made, for tests and for the curious. */
guint flash_layout_files_get_n_read (FlashLayoutFiles *self);

G_END_DECLS
