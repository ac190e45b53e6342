/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the table of chips holds beyond FlashChip: what the ROMs say of themselves, for guessing.
 * Immutable; thread: any. */
#pragma once

#include "flash-chip.h"

G_BEGIN_DECLS

/**
 * FlashChipRow:
 * @chip: the first member, so that a FlashChip of the table is a FlashChipRow
 * @geometries: (element-type FlashMemoryMap): arrangements of its sectors, the usual one first
 * @option_second: start of the second bank's option area, 0 if there is none
 * @option_other: where another version of the ROM shows the option area, or 0
 * @option_other_size: its length in bytes
 * @is_option_shown: whether there is an alternate setting for it
 * @otp_start: start of the OTP area, 0 if not known
 * @otp_other: what goes with @option_other
 * @is_old_style: whether there are ROMs with a bcdDevice of 2000 to 22ff
 * @is_new_style: whether there are ROMs with a bcdDevice of 0200 to 03ff
 * @product: (nullable): a part of the product string that no other ROM has
 * @doubt: (nullable): why the map that it prints may be wrong
 */
typedef struct {
  FlashChip chip;
  GPtrArray *geometries;
  guint32 option_second;
  guint32 option_other;
  guint option_other_size;
  gboolean is_option_shown;
  guint32 otp_start;
  guint32 otp_other;
  gboolean is_old_style;
  gboolean is_new_style;
  const char *product;
  const char *doubt;
} FlashChipRow;

/**
 * flash_chip_table_parse:
 * @file: as data/chips.ini
 *
 * Returns: (transfer full) (element-type FlashChipRow) (nullable): %NULL with @error set
 *   (%G_KEY_FILE_ERROR), which names group and key
 */
GPtrArray *flash_chip_table_parse (GKeyFile *file, GError **error);

/* Returns: (nullable): English, marked for translation. */
const char *flash_chip_words_find_boot_entry (const char *key);
const char *flash_chip_words_find_interrupted (const char *key);

G_END_DECLS
