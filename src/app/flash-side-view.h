/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of pages at the side, and the chosen page beside it; one over the other where there is no
 * room for both. The signal `chosen` says with its id that the user has chosen a page, `moved` that
 * list and page have moved over each other.
 *
 * Properties, of type GtkWidget, for templates: `top`, above the list, and `content`, beside it.
 * Thread: main. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define FLASH_TYPE_SIDE_VIEW (flash_side_view_get_type ())
G_DECLARE_FINAL_TYPE (FlashSideView, flash_side_view, FLASH, SIDE_VIEW, AdwBin)

/* Adds a page to the list; @icon_name: (nullable). */
void
flash_side_view_add (FlashSideView *self, const char *id, const char *title, const char *icon_name);
/* Empties the list. */
void flash_side_view_clear (FlashSideView *self);
/**
 * FlashSideFilter:
 * @id: of a page
 *
 * Returns: whether the page is listed
 */
typedef gboolean (*FlashSideFilter) (const char *id, gpointer data);

/* Lists only what @filter lets through; to be called again whenever that changes. */
void flash_side_view_set_filter (FlashSideView *self, FlashSideFilter filter, gpointer data);

/* Marks the page in the list, if it is there, without a signal, and brings it in front. */
void flash_side_view_choose (FlashSideView *self, const char *id);
/* Returns: (transfer none) (nullable): the id of the first page that is listed. */
const char *flash_side_view_get_first (FlashSideView *self);
/* Returns: whether the page covers the list. */
gboolean flash_side_view_is_covered (FlashSideView *self);
/* Shows the list, which the page covers. */
void flash_side_view_uncover (FlashSideView *self);

G_END_DECLS
