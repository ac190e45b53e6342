/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A FlashLayout: what goes where on the storages of an STM32MP board. A GListModel of
 * FlashLayoutRow, in the order of the file.
 *
 * The rules are the device's (stm32mp-usb.md section 3), not ours: flash_layout_is_accepted ()
 * says what the board's own parser would say. Immutable once made; thread: any. */
#pragma once

#include "flash-diag.h"
#include "flash-layout-row.h"

G_BEGIN_DECLS

/**
 * FlashLayoutError:
 * @FLASH_LAYOUT_ERROR_TOO_LARGE: nothing of that size is a layout
 * @FLASH_LAYOUT_ERROR_OTHER_FLOW: the layout is meant for another program on the board than
 *   U-Boot (stm32mp-usb.md section 5.7)
 */
typedef enum {
  FLASH_LAYOUT_ERROR_TOO_LARGE,
  FLASH_LAYOUT_ERROR_OTHER_FLOW,
} FlashLayoutError;

#define FLASH_LAYOUT_ERROR (flash_layout_error_quark ())
GQuark flash_layout_error_quark (void);

/* The window that the board announces for a layout (stm32mp-usb.md section 3.1): nothing larger
 * is even parsed. */
#define FLASH_LAYOUT_MAX_SIZE (256 * 1024)

#define FLASH_TYPE_LAYOUT (flash_layout_get_type ())
G_DECLARE_FINAL_TYPE (FlashLayout, flash_layout, FLASH, LAYOUT, GObject)

/**
 * flash_layout_new_from_bytes:
 * @text: any bytes
 * @folder: (nullable) (type filename): where relative paths in the Binary column start
 * @diags: what the parser has to say is added here, all of it
 *
 * Never fails: a text with faults gives a layout with the rows that could be read.
 */
FlashLayout *flash_layout_new_from_bytes (GBytes *text, const char *folder, FlashDiagList *diags);

/**
 * flash_layout_load:
 * @path: (type filename): a file
 *
 * Returns: (transfer full) (nullable): %NULL with @error set: %G_IO_ERROR if it could not be
 *   read, %FLASH_LAYOUT_ERROR_TOO_LARGE
 */
FlashLayout *flash_layout_load (const char *path, FlashDiagList *diags, GError **error);

/* Returns: whether the board's own parser takes the layout. */
gboolean flash_layout_is_accepted (FlashLayout *self);

/**
 * flash_layout_get_refusal:
 * @out_line: (out) (optional): the line of which the board speaks, by its own count; 0 if of none
 *
 * The board stops at its first fault and says no more than this; the diagnostics say the rest.
 *
 * Returns: (transfer none) (nullable): the answer of the board's own parser, word for word, empty
 *   if it cannot be foreseen; %NULL if it takes the layout
 */
const char *flash_layout_get_refusal (FlashLayout *self, guint *out_line);

/* Returns: (transfer none) (nullable) (type filename): absolute path of the folder. */
const char *flash_layout_get_folder (FlashLayout *self);

/**
 * flash_layout_get_base:
 *
 * What the paths in the Binary column must not leave. It is the folder of the layout, but for
 * layouts below a folder `flashlayout_…`: ST's builds put them there, with paths that start beside
 * that folder (meta-st-stm32mp, classes/flashlayout-stm32mp.bbclass). Files that are not in the
 * layout's folder are looked for here.
 *
 * Returns: (transfer none) (nullable) (type filename): an absolute path
 */
const char *flash_layout_get_base (FlashLayout *self);

guint flash_layout_get_n_rows (FlashLayout *self);
/* Returns: (transfer none): the row at @index, which must exist. */
FlashLayoutRow *flash_layout_get_row (FlashLayout *self, guint index);
/* Returns: (transfer none) (nullable): the first row with that Id, among those on a storage
 * (@ip_none FALSE) or among the boot stage rows (@ip_none TRUE). */
FlashLayoutRow *flash_layout_find_row (FlashLayout *self, guint8 id, gboolean ip_none);

/**
 * flash_layout_dup_device_text:
 *
 * The text to send to the board: first six columns, LF, as many lines as the file has, so that
 * the line numbers in the board's answers are those of the file.
 *
 * Returns: (transfer full): the bytes, without the STM32 header
 */
GBytes *flash_layout_dup_device_text (FlashLayout *self);

G_END_DECLS
