/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field of the option bytes: name, what it does, and its value to be changed, or why it cannot.
 *
 * Signal `changed`: another value was chosen. Thread: main. */
#pragma once

#include "flash-option-bytes.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FLASH_TYPE_OPTIONS_FIELD (flash_options_field_get_type ())
G_DECLARE_FINAL_TYPE (FlashOptionsField, flash_options_field, FLASH, OPTIONS_FIELD, GtkListBoxRow)

/**
 * flash_options_field_new:
 * @layout: static
 * @field: static, of @layout
 * @value: as it was read
 */
FlashOptionsField *flash_options_field_new (const FlashOptionLayout *layout,
                                            const FlashOptionField *field, guint32 value);

/* Returns: (transfer none): the field. */
const FlashOptionField *flash_options_field_get_field (FlashOptionsField *self);

/**
 * flash_options_field_get_value:
 * @out_value: (out): untouched on failure
 *
 * Returns: whether what is typed is a number
 */
gboolean flash_options_field_get_value (FlashOptionsField *self, guint32 *out_value);

/* Says what is wrong with the value; @text: (nullable): %NULL for nothing. */
void flash_options_field_set_fault (FlashOptionsField *self, const char *text);

/**
 * flash_options_field_dup_value:
 *
 * Returns: (transfer full): a value of a field as people read it, with its meaning if it has one
 */
char *flash_options_field_dup_value (const FlashOptionLayout *layout, const FlashOptionField *field,
                                     guint32 value);

G_END_DECLS
