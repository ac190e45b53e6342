/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the tables of this room: a group of a key file, with others that hold what several
 * groups have in common. Immutable; thread: any. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashChipData:
 * @file: the table
 * @groups: (array zero-terminated=1): what is read, and where to look for what it does not have
 * @error: (owned) (nullable): the first thing that was wrong; nothing is read after it
 */
typedef struct {
  GKeyFile *file;
  const char *const *groups;
  GError *error;
} FlashChipData;

/* Returns: (transfer full) (nullable): a table that is built in, %NULL with @error set. */
GKeyFile *flash_chip_data_load (const char *name, GError **error);

/* Each returns @fallback, %NULL or %FALSE if the key is missing, and sets self->error if it cannot
 * be read. Texts are interned; an empty one is %NULL. */
const char *flash_chip_data_get_text (FlashChipData *self, const char *key);
guint32 flash_chip_data_get_number (FlashChipData *self, const char *key, guint32 fallback);
gboolean flash_chip_data_get_boolean (FlashChipData *self, const char *key, gboolean fallback);
/* Returns: (transfer full) (nullable): what stands between @separator, at least one. */
GStrv flash_chip_data_dup_list (FlashChipData *self, const char *key, const char *separator);
/* Returns: whether @text is a number up to 2^32 - 1; @out_number is untouched otherwise. */
gboolean flash_chip_data_parse_number (const char *text, guint32 *out_number);
/* Sets self->error, unless there is one: what is wrong with @key. */
void flash_chip_data_complain (FlashChipData *self, const char *key, const char *what);
/* Complains if a key of the group is not in @known, which ends in %NULL; "map-" allows map-1. */
void flash_chip_data_check_keys (FlashChipData *self, const char *const *known);

G_END_DECLS
