/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether texts can be read: colours are taken from the picture of a window, as a person gets it,
 * with all that makes them fainter. Thread: main.
 *
 * Numbers: Web Content Accessibility Guidelines 2.1, 1.4.3: 4.5, and 3 for large texts (24 pixels,
 * or 18.66 in bold); what cannot be used now is exempt. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What small texts need. */
#define FLASH_APP_CONTRAST_TEXT 4.5
/* What large texts need, and signs that say something. */
#define FLASH_APP_CONTRAST_LARGE 3.0

/**
 * flash_app_contrast_get_ratio:
 *
 * Returns: the contrast of two opaque colours, 1 to 21
 */
double flash_app_contrast_get_ratio (const GdkRGBA *one, const GdkRGBA *other);

/**
 * flash_app_contrast_measure:
 * @texture: a picture, drawn larger than it is seen, so that lines have pixels of their own
 * @area: what of it to look at, in its pixels
 *
 * The colour that covers the most is taken for the ground, the one that differs most from it for
 * the text.
 *
 * Returns: the contrast of the two; 1 if there is only one colour
 */
double flash_app_contrast_measure (GdkTexture *texture, const graphene_rect_t *area);

/**
 * flash_app_contrast_find:
 * @root: a window or popover that stands still
 *
 * Returns: (transfer full) (element-type utf8): a line for each text that is too faint, and each
 *   that cannot be told from its ground: how faint, the text in quotes, and where it is
 */
GPtrArray *flash_app_contrast_find (GtkWidget *root);

/**
 * flash_app_contrast:
 * @root: the same
 * @name: what to call it
 *
 * Fails the running test for each finding, and says what it is.
 */
void flash_app_contrast (GtkWidget *root, const char *name);

/* Says which texts were the faintest of all that were looked at, good enough or not. */
void flash_app_contrast_say_worst (void);

G_END_DECLS
