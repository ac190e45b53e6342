/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder or archive that a command was given instead of a layout: which layout is taken, why,
 * and where it is unpacked. Thread: main. */
#pragma once

#include "flash-bundle.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* From opening to freeing, Ctrl-C and its like do not end the program: they stop what runs, so that
 * what was unpacked is always removed. */
typedef struct _FlashCliBundle FlashCliBundle;

/**
 * flash_cli_bundle_open:
 * @path: (type filename): a folder or an archive
 * @wanted: (nullable): the user's `--layout NAME`
 * @device_id: the board's chip, 0 if not known
 * @diags: gets what is wrong with it, and what is noticed about it
 *
 * Unpacks an archive below the user's cache folder.
 *
 * Returns: (transfer full): never %NULL
 */
FlashCliBundle *
flash_cli_bundle_open (const char *path, const char *wanted, guint device_id, FlashDiagList *diags);

/* Removes what was unpacked. */
void flash_cli_bundle_free (FlashCliBundle *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCliBundle, flash_cli_bundle_free)

/* Returns: (transfer none) (nullable) (type filename): the layout to load; %NULL if there is none,
 * then the diagnostics or the user know why. */
const char *flash_cli_bundle_get_layout_path (const FlashCliBundle *self);

/* Returns: (transfer none): set by Ctrl-C and its like, whenever the main loop runs. Whatever comes
 * after opening must be stopped by it, too: a signal that came before it could listen itself is
 * told here alone. */
GCancellable *flash_cli_bundle_get_cancellable (const FlashCliBundle *self);

/* Returns: whether the user has pressed Ctrl-C or the like, up to now. Lets the main loop run. */
gboolean flash_cli_bundle_is_stopped (const FlashCliBundle *self);

/* Returns: whether there is no layout because it could not be unpacked on this computer: no room,
 * or no folder that may be written to. */
gboolean flash_cli_bundle_has_failed (const FlashCliBundle *self);

/**
 * FlashCliBundleWork:
 * @data: as given
 * @cancellable: set by Ctrl-C and its like
 *
 * Runs in a thread of its own.
 */
typedef void (*FlashCliBundleWork) (gpointer data, GCancellable *cancellable);

/* Does @work, and listens to signals meanwhile. Returns when it is done. */
void flash_cli_bundle_run (FlashCliBundle *self, FlashCliBundleWork work, gpointer data);

/* Tells people which layout was taken, why, and which others there are. */
void flash_cli_bundle_print (const FlashCliBundle *self);

/* Adds the members "layout", "layout_reason" and "other_layouts", if a layout was taken. */
void flash_cli_bundle_add_json (const FlashCliBundle *self, JsonBuilder *builder);

G_END_DECLS
