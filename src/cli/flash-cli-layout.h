/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads and checks a layout for the commands that take one. Thread: main. */
#pragma once

#include "flash-layout-lint.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * FlashCliLayout:
 * @layout: (nullable): %NULL if it could not be read at all
 * @diags: everything there is to say about it
 * @sizes: (element-type utf8 guint64): sizes of storages that the user has given
 */
typedef struct {
  FlashLayout *layout;
  FlashDiagList *diags;
  GHashTable *sizes;
} FlashCliLayout;

void flash_cli_layout_clear (FlashCliLayout *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashCliLayout, flash_cli_layout_clear)

/**
 * flash_cli_layout_load:
 * @path: (type filename): the layout
 * @sizes: (transfer full) (element-type utf8 guint64): known sizes of storages
 * @device_id: the board's chip, 0 if not known
 * @allow_outside: files may lie outside the layout's folder
 * @out_layout: (out caller-allocates): always filled; that it cannot be read is a diagnostic
 */
void flash_cli_layout_load (const char *path, GHashTable *sizes, guint device_id,
                            gboolean allow_outside, FlashCliLayout *out_layout);

/* Returns: whether it can be flashed: there is a layout, without errors. */
gboolean flash_cli_layout_is_good (const FlashCliLayout *self);

/* Adds the members "partitions" and "storages" of the JSON contract. */
void flash_cli_layout_add_json (JsonBuilder *builder, const FlashCliLayout *self);

G_END_DECLS
