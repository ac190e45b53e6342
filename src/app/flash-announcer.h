/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told to those who listen instead of looking: a screen reader says it by itself, wherever
 * the keyboard is. For what matters and comes unasked: another stage, a diagnosis, the end; never
 * each percent.
 *
 * Toolkits from 4.14 on can do that. Before, a text of the role “alert” stands somewhere in the
 * window, has no size, and changes.
 *
 * Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_ANNOUNCER (flash_announcer_get_type ())
G_DECLARE_FINAL_TYPE (FlashAnnouncer, flash_announcer, FLASH, ANNOUNCER, GtkWidget)

/**
 * flash_announcer_say:
 * @from: a widget in a window that has an announcer; elsewhere nothing is said
 * @text: a sentence, translated and plain
 *
 * Says it. The same text twice in a row may be heard once.
 */
void flash_announcer_say (GtkWidget *from, const char *text);

/**
 * flash_announcer_get_text:
 *
 * Returns: (transfer none): what was said last in this window, empty before the first time
 */
const char *flash_announcer_get_text (FlashAnnouncer *self);

G_END_DECLS
