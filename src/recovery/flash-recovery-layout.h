/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a layout while a board is revived: only its boot stages, or everything erased
 * before. The text that was given is not changed. Thread: any one. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * flash_recovery_layout_make_minimal:
 * @text: a layout
 *
 * Returns: (transfer full) (nullable): a layout that has only its boot stages, the rows of `none`,
 *   so that nothing is written; %NULL if there are none, or the text cannot be edited
 */
GBytes *flash_recovery_layout_make_minimal (GBytes *text);

/**
 * flash_recovery_layout_make_wiping:
 * @text: a layout
 * @out_n_changed: (out): how many rows got a D
 *
 * Every row that is created on a storage is erased before (stm32mp-usb.md section 3.3): `P` becomes
 * `PD`, `PE` becomes `PED`. Rows of `none` and of `ram…`, and rows with `-`, stay.
 *
 * Returns: (transfer full) (nullable): the changed layout; %NULL if there is nothing to erase, or
 *   the text cannot be edited
 */
GBytes *flash_recovery_layout_make_wiping (GBytes *text, guint *out_n_changed);

G_END_DECLS
