/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What boot stages print on the serial console when they fail, and how far they came. Pure; thread:
 * any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashConsoleMark:
 * @name: stable name, e.g. `ddr-failed`; `stage-tfa`, `stage-u-boot` and the like say how far it is
 * @is_failure: whether it says that something went wrong
 * @stage: (nullable): which program prints it: `tf-a`, `op-tee`, `u-boot`, `linux`
 * @is_weak: of a failure, that anything its program prints later shows that it was none; of what
 *   is no failure, that its program has begun or speaks, not that it got any further
 * @is_reset: whether a boot begins with it
 */
typedef struct {
  const char *name;
  gboolean is_failure;
  const char *stage;
  gboolean is_weak;
  gboolean is_reset;
} FlashConsoleMark;

/* Returns: (transfer none) (array length=out_n): all that are known. The failures: `wrong-boot-
 * interface`, `ddr-failed`, `pmic-failed`, `wrong-board`, `image-refused`, `panic`, `watchdog`,
 * `no-usb-gadget`, `storage-failed`, `storage-unknown`, `erase-unknown`,
 * `partition-table-refused`, `file-too-large`. */
const FlashConsoleMark *flash_console_mark_list (guint *out_n);

/* Returns: (transfer none) (nullable): what that line says, %NULL if nothing that is known. */
const FlashConsoleMark *flash_console_mark_find (const char *line);

G_END_DECLS
