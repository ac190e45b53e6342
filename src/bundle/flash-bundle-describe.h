/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a layout is for, by its rows and by the names that builds give. For use inside this room.
 * Pure functions. Thread: any. */
#pragma once

#include "flash-bundle-layout.h"

G_BEGIN_DECLS

/**
 * flash_bundle_describe_is_layout:
 * @layout: what the parser made of @text
 * @text: the contents of a file
 *
 * Tables of other kinds are named `.tsv` too.
 *
 * Returns: whether this is a FlashLayout, be it with faults
 */
gboolean flash_bundle_describe_is_layout (FlashLayout *layout, GBytes *text);

/**
 * flash_bundle_describe:
 * @name: its path inside of the bundle, valid UTF-8
 * @bundle_name: how the bundle itself is named, valid UTF-8
 *
 * Returns: (transfer full): all but the files, which the caller counts
 */
FlashBundleLayout *
flash_bundle_describe (FlashLayout *layout, const char *name, const char *bundle_name);

void flash_bundle_layout_free (FlashBundleLayout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashBundleLayout, flash_bundle_layout_free)

/* Returns: whether the board will ask for the file that @row names. */
gboolean flash_bundle_describe_needs_file (FlashLayoutRow *row);

G_END_DECLS
