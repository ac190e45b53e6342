/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was opened lately, by the list that all programs of the desktop share. Thread: main. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How many files are offered. */
#define FLASH_RECENT_MAX 8

/* Puts the file or folder at @path on top of the list, unless the desktop keeps none. */
void flash_recent_add (const char *path);

/**
 * flash_recent_list:
 * @cancellable: (nullable): ends the search early
 * @callback: called in the main thread
 *
 * Looks which of the files that this program has opened still exist; what lies on a network is not
 * looked at, and taken to exist.
 */
void flash_recent_list (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data);

/* Returns: (transfer full) (nullable) (array zero-terminated=1): paths, the latest first, no more
 * than %FLASH_RECENT_MAX; %NULL with @error set if it was cancelled. */
char **flash_recent_list_finish (GAsyncResult *result, GError **error);

/* Returns: whether a file system of that type may be on a network. Any thread. */
gboolean flash_recent_is_remote (const char *type);

/* Lists nothing any more that was opened until now. What other programs have opened as well stays
 * in their lists. The files stay, too. */
void flash_recent_clear (void);

G_END_DECLS
