/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an offset is written that was found by drawing. Pure function; thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * flash_storage_offset_format:
 * @old: the cell that it replaces
 *
 * Returns: (transfer full): the offset as the file writes its others: hexadecimal with eight
 *   upper case digits where @old says nothing else
 */
char *flash_storage_offset_format (const char *old, guint64 offset);

G_END_DECLS
