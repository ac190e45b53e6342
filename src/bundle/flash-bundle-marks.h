/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts the entries of a zip file's table of contents while its bytes go by. libarchive reads that
 * table to its end before it tells of the first entry, whatever number the record behind it
 * announces, and each entry costs memory. That number may be a lie, so it is of no use.
 *
 * For use inside this room. Thread: any, one at a time. */
#pragma once

#include "flash-bundle-limits.h"

G_BEGIN_DECLS

/**
 * FlashBundleMarks:
 * @last: the last four bytes that went by without a gap
 * @n_marks: how many entries have begun
 *
 * All zero at first.
 */
typedef struct {
  guint32 last;
  guint n_marks;
} FlashBundleMarks;

/**
 * flash_bundle_marks_add:
 * @bytes: (array length=length): what comes next
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_BUNDLE_ERROR_TOO_LARGE) if there are more
 *   entries than @limits allow, by far
 */
gboolean flash_bundle_marks_add (FlashBundleMarks *self, const guint8 *bytes, gsize length,
                                 const FlashBundleLimits *limits, GError **error);

/* What comes next is from another place of the file. */
void flash_bundle_marks_jump (FlashBundleMarks *self);

/* Says that there are more entries than @limits allow: %FLASH_BUNDLE_ERROR_TOO_LARGE. */
void flash_bundle_marks_set_error (const FlashBundleLimits *limits, GError **error);

G_END_DECLS
