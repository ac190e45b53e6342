/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads and checks a layout for the commands that take one: a file, or a folder or an archive in
 * which there is one. Thread: main. */
#pragma once

#include "flash-advice.h"
#include "flash-cli-bundle.h"
#include "flash-cli.h"
#include "flash-layout-lint.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * FlashCliLayout:
 * @wanted: (nullable) (unowned): set it before loading: the user's `--layout NAME`
 * @layout: (nullable): %NULL if it could not be read at all
 * @diags: everything there is to say about it
 * @sizes: (element-type utf8 guint64): sizes of storages that the user has given
 * @bundle: (nullable): the folder or archive that it comes from; %NULL for a plain file
 */
typedef struct {
  const char *wanted;
  FlashLayout *layout;
  FlashDiagList *diags;
  GHashTable *sizes;
  FlashCliBundle *bundle;
} FlashCliLayout;

/* Removes what was unpacked, too: the layout's files are gone after this. */
void flash_cli_layout_clear (FlashCliLayout *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashCliLayout, flash_cli_layout_clear)

/* The option with which the user chooses among the layouts of a folder or an archive; for the
 * entries of all commands that load one. @name: a char *, of which the caller is the owner. */
#define FLASH_CLI_LAYOUT_OPTION(name)                                                              \
  {                                                                                                \
    "layout", 0, 0, G_OPTION_ARG_STRING, name,                                                     \
        N_ ("Which layout of a folder or an archive, by the end of its name"), N_ ("NAME")         \
  }

/**
 * flash_cli_layout_load:
 * @path: (type filename): the layout, or a folder or an archive with one
 * @sizes: (transfer full) (element-type utf8 guint64): known sizes of storages
 * @device_id: the board's chip, 0 if not known
 * @allow_outside: files may lie outside the layout's folder
 * @out_layout: (out caller-allocates): always filled; that it cannot be read is a diagnostic
 */
void flash_cli_layout_load (const char *path, GHashTable *sizes, guint device_id,
                            gboolean allow_outside, FlashCliLayout *out_layout);

/* Returns: whether it can be flashed: there is a layout, without errors. */
gboolean flash_cli_layout_is_good (const FlashCliLayout *self);

/* Returns: %FLASH_CLI_DONE if it can be flashed, %FLASH_CLI_INPUT if not, %FLASH_CLI_FAILED if an
 * archive could not be unpacked on this computer, %FLASH_CLI_STOPPED if the user has pressed Ctrl-C
 * meanwhile. */
FlashCliExit flash_cli_layout_get_exit (const FlashCliLayout *self);

/* Returns: (transfer none): why it cannot be flashed, and what to do: correct its lines, or give
 * another folder or archive. */
const FlashAdvice *flash_cli_layout_get_advice (const FlashCliLayout *self);

/* Adds the members "partitions" and "storages" of the JSON contract. */
void flash_cli_layout_add_json (JsonBuilder *builder, const FlashCliLayout *self);

G_END_DECLS
