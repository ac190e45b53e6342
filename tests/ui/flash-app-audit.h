/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks over a window as a person would: no text cut off, none upon another, and, in the language
 * of flash-pseudo.h, none that was not marked for translation. Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * flash_app_audit_find:
 * @root: a window that stands still
 *
 * Returns: (transfer full) (element-type utf8): a line for each text that is cut off, overlapped
 *   or untranslated: what is wrong, the text in quotes, and where it is
 */
GPtrArray *flash_app_audit_find (GtkWidget *root);

/**
 * flash_app_audit:
 * @root: a window that stands still
 * @name: what to call it
 *
 * Fails the running test for each finding, and says what it is.
 */
void flash_app_audit (GtkWidget *root, const char *name);

G_END_DECLS
