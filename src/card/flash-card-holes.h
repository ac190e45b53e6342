/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a file has data and where it has holes. For use inside this room. Thread: any. */
#pragma once

#include "flash-source.h"

G_BEGIN_DECLS

/**
 * FlashCardStamp:
 *
 * What tells one file from another that takes its name. A source does not say which file it holds,
 * so the name is looked at before it is opened and afterwards.
 */
typedef struct {
  gboolean is_known;
  guint64 device;
  guint64 inode;
  gint64 changed_s;
  gint64 changed_ns;
} FlashCardStamp;

/* Returns: the stamp of what is at @path now. */
FlashCardStamp flash_card_stamp_take (const char *path);

/**
 * flash_card_holes_split:
 * @source: a file
 * @before: the stamp that was taken of its name before @source was made
 * @target_offset: where the file begins on the card
 *
 * Small holes are counted as data. So is everything if the file system does not tell, or if the
 * name may have been given to another file since @before.
 *
 * Returns: (transfer full) (element-type FlashExtent): all of the file, in pieces; holes have no
 *   source. The sources are not referenced.
 */
GArray *
flash_card_holes_split (FlashSource *source, const FlashCardStamp *before, guint64 target_offset);

G_END_DECLS
