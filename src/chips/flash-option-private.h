/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of a layout of option bytes, and its table. Immutable; thread: any. */
#pragma once

#include "flash-option-bytes.h"

G_BEGIN_DECLS

/* How the area guards itself, `complement` of data/option-bytes.ini. */
typedef enum {
  FLASH_OPTION_PLAIN,
  FLASH_OPTION_COMPLEMENT,
  FLASH_OPTION_PAIR,
} FlashOptionGuard;

/* How sectors are write protected, `wrp` of data/option-bytes.ini. */
typedef enum {
  FLASH_OPTION_WRP_UNKNOWN,
  FLASH_OPTION_WRP_LOW,
  FLASH_OPTION_WRP_HIGH,
  FLASH_OPTION_WRP_RANGES,
} FlashOptionWrp;

/**
 * FlashOptionWords:
 * @key: name of the field, or what the table says instead
 * @description: English, marked for translation
 * @meanings: (nullable): the same for the values from 0 on, ended by %NULL
 * @consequence: (nullable): the same for FlashOptionField.consequence
 */
typedef struct {
  const char *key;
  const char *description;
  const char *const *meanings;
  const char *consequence;
} FlashOptionWords;

/**
 * FlashOptionEntry:
 * @field: the first member, so that a field of a layout is an entry
 * @words: what to say about it
 * @is_unsure: whether it is locked only since it is not certain what its bits mean
 */
typedef struct {
  FlashOptionField field;
  const FlashOptionWords *words;
  gboolean is_unsure;
} FlashOptionEntry;

/**
 * FlashOptionLayout:
 * @unit: bytes in front of their complement: 1, 2 or 4; 4 for pairs
 * @covered: bytes of the area that @guard is about
 * @entries: (element-type FlashOptionEntry): by offset and bit
 * @rdp: the field with the protection level
 * @rdp_open: its value on an open chip
 * @has_forever: whether there is a level 2
 * @is_rdp_unsure: whether it is not certain what the value of @rdp means
 * @wrp_fields: (element-type FlashOptionField): lowest sector first, or first and last in turn
 * @wrp_step: sectors for each bit
 * @wrp_sectors: nothing is known from this sector on
 * @wrp_condition: (nullable): field that must have the value @wrp_value
 */
struct _FlashOptionLayout {
  const char *name;
  guint size;
  FlashOptionGuard guard;
  guint unit;
  guint covered;
  GPtrArray *entries;
  const FlashOptionField *rdp;
  guint32 rdp_open;
  gboolean has_forever;
  gboolean is_rdp_unsure;
  FlashOptionWrp wrp;
  GPtrArray *wrp_fields;
  guint wrp_step;
  guint wrp_sectors;
  gboolean has_wrp_rest;
  const FlashOptionField *wrp_condition;
  guint32 wrp_value;
};

/* Value of RDP that nothing takes back (stm32-dfuse.md section 4.7). */
#define FLASH_OPTION_RDP_FOREVER 0xcc

/**
 * flash_option_table_parse:
 * @file: as data/option-bytes.ini
 *
 * Returns: (transfer full) (element-type FlashOptionLayout) (nullable): %NULL with @error set
 *   (%G_KEY_FILE_ERROR), which names group and key
 */
GPtrArray *flash_option_table_parse (GKeyFile *file, GError **error);

/* Sorts FlashOptionEntry by offset and bit. */
void flash_option_table_sort (GPtrArray *entries);

/* Returns: whether the write protection fields mean in @bytes what they are called. */
gboolean
flash_option_layout_has_write_protection (const FlashOptionLayout *self, const guint8 *bytes);

/* Returns: (nullable): what there is to say about the fields of that key. */
const FlashOptionWords *flash_option_words_find (const char *key);
/* Returns: (nullable): English, marked for translation: what that value of RDP does. */
const char *flash_option_words_get_rdp (const FlashOptionLayout *layout, guint32 value);

G_END_DECLS
