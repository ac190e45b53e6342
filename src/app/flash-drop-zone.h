/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lets a file be dropped on a whole window, which says while it hovers what would happen, or why
 * nothing would. Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * FlashDropZone:
 * @dup_offer: (transfer full): says what would be done with the file of that name, or with
 *   @out_is_refused set why nothing would
 * @take: does it, after it was offered
 */
typedef struct {
  char *(*dup_offer) (GtkWindow *window, const char *name, gboolean *out_is_refused);
  void (*take) (GtkWindow *window, GFile *file);
} FlashDropZone;

/**
 * flash_drop_zone_add:
 * @window: whose content is there already
 * @zone: (transfer none): stays as it is
 */
void flash_drop_zone_add (AdwWindow *window, const FlashDropZone *zone);

/**
 * flash_drop_zone_add_opener:
 * @window: a window that belongs to one which opens files
 *
 * What is dropped is opened there.
 */
void flash_drop_zone_add_opener (AdwWindow *window);

/**
 * flash_drop_zone_dup_name:
 * @path: (type filename): what hovers
 *
 * Returns: (transfer full): its name, in one line that a narrow window can show, without anything
 * that would reorder the words around it
 */
char *flash_drop_zone_dup_name (const char *path);

G_END_DECLS
