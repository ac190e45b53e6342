/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Option bytes, bit by bit where the layout is certain (stm32-dfuse.md sections 2.9, 4.1 and 4.7),
 * read from `data/option-bytes.ini`. What is not certain is shown as bytes and cannot be changed.
 *
 * Immutable; thread: any. */
#pragma once

#include "flash-diag.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashOptionError:
 * @FLASH_OPTION_ERROR_BAD_AREA: the bytes are not of that layout: wrong length, or complements
 *   that do not match
 * @FLASH_OPTION_ERROR_BAD_VALUE: no such field, or no such value
 * @FLASH_OPTION_ERROR_IRREVERSIBLE: it could never be undone: RDP level 2 and the like
 */
typedef enum {
  FLASH_OPTION_ERROR_BAD_AREA,
  FLASH_OPTION_ERROR_BAD_VALUE,
  FLASH_OPTION_ERROR_IRREVERSIBLE,
} FlashOptionError;

#define FLASH_OPTION_ERROR (flash_option_error_quark ())
GQuark flash_option_error_quark (void);

/**
 * FlashOptionField:
 * @name: as in the reference manual: `RDP`, `nBOOT1`, `BOR_LEV`, `nWRP`
 * @description: English, marked for translation: one line of what it does
 * @offset: of its byte in the area
 * @shift: of its lowest bit in the little-endian word that starts at @offset
 * @width: in bits, 1 to 32
 * @consequence: (nullable): English, marked for translation: what a change of it brings about that
 *   whoever confirms it must know, in whole sentences: content of the flash that lies elsewhere
 *   afterwards and the like
 * @is_locked: it is shown and never changed here: a wrong value bricks the chip, or it is not
 *   certain what the bits mean
 */
typedef struct {
  const char *name;
  const char *description;
  const char *consequence;
  guint offset;
  guint shift;
  guint width;
  gboolean is_locked;
} FlashOptionField;

/**
 * FlashRdpLevel:
 * @FLASH_RDP_UNKNOWN: it cannot be told
 * @FLASH_RDP_NONE: level 0
 * @FLASH_RDP_READ: level 1: reading is refused; taking it back erases the chip
 * @FLASH_RDP_FOREVER: level 2
 */
typedef enum {
  FLASH_RDP_UNKNOWN,
  FLASH_RDP_NONE,
  FLASH_RDP_READ,
  FLASH_RDP_FOREVER,
} FlashRdpLevel;

typedef struct _FlashOptionLayout FlashOptionLayout;

/* Returns: (transfer none) (nullable): the layout of that name, as in FlashChip.option_layout. */
const FlashOptionLayout *flash_option_layout_find (const char *name);
/* Returns: (transfer none) (element-type utf8): the names of all layouts. */
GPtrArray *flash_option_layout_list_names (void);
/* Returns: how many bytes the area has. */
guint flash_option_layout_get_size (const FlashOptionLayout *self);
/* Returns: (transfer none) (element-type FlashOptionField): by offset and bit. */
GPtrArray *flash_option_layout_get_fields (const FlashOptionLayout *self);
/* Returns: (transfer none) (nullable): the field of that name. */
const FlashOptionField *
flash_option_layout_find_field (const FlashOptionLayout *self, const char *name);

/**
 * flash_option_layout_check:
 * @bytes: (array length=length): the area as it was read
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_OPTION_ERROR_BAD_AREA)
 */
gboolean flash_option_layout_check (const FlashOptionLayout *self, const guint8 *bytes,
                                    gsize length, GError **error);

/* Returns: the value of @field in an area that was checked. */
guint32 flash_option_layout_get (const FlashOptionLayout *self, const FlashOptionField *field,
                                 const guint8 *bytes);

/**
 * flash_option_layout_set:
 * @bytes: (inout): a checked area; untouched on failure
 *
 * Changes a field, and the complements that belong to it.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_OPTION_ERROR)
 */
gboolean flash_option_layout_set (const FlashOptionLayout *self, const FlashOptionField *field,
                                  guint32 value, guint8 *bytes, GError **error);

/* Returns: (transfer none) (nullable): English, marked for translation: what @value of @field
 * means, %NULL if the number says it. */
const char *flash_option_layout_get_meaning (const FlashOptionLayout *self,
                                             const FlashOptionField *field, guint32 value);

/* Returns: the protection level that the area says. */
FlashRdpLevel flash_option_layout_get_rdp (const FlashOptionLayout *self, const guint8 *bytes);

/**
 * flash_option_layout_is_write_protected:
 * @sector: number of a sector of the flash, from 0
 * @out_is_protected: (out): untouched on failure
 *
 * Returns: whether the layout says how sectors are write protected
 */
gboolean flash_option_layout_is_write_protected (const FlashOptionLayout *self, const guint8 *bytes,
                                                 guint sector, gboolean *out_is_protected);

G_END_DECLS
