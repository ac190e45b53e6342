/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts an image together from pieces in any order; used by the readers of the formats, and by
 * nobody else. Thread: that of the reader. */
#pragma once

#include "flash-image.h"

G_BEGIN_DECLS

typedef struct _FlashImageBuilder FlashImageBuilder;

/**
 * FlashImageReader:
 * @bytes: (array length=length): the whole file, unpacked
 * @options: never %NULL
 * @builder: takes what is in it, and what is wrong with it
 *
 * One format: looks at any bytes, never fails, and stops at the first fault after which nothing
 * can be believed.
 */
typedef void (*FlashImageReader) (const guint8 *bytes, gsize length,
                                  const FlashImageOptions *options, FlashImageBuilder *builder);

/* Returns: (transfer full): a builder without contents; only bytes without a frame and plain DFU
 * files begin without an address. */
FlashImageBuilder *flash_image_builder_new (FlashFormat format);
void flash_image_builder_free (FlashImageBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashImageBuilder, flash_image_builder_free)

/* What is added from now on is for that alternate setting; @name is copied. A builder begins with
 * alternate 0 without a name. An alternate that comes again goes on where it was. */
void flash_image_builder_begin_target (FlashImageBuilder *self, guint8 alternate, const char *name);

/**
 * flash_image_builder_add:
 * @address: of the first byte
 * @bytes: (array length=length): copied; none is no fault
 * @line: of a text format, from 1; 0 otherwise
 *
 * Adds data. The same bytes at the same place twice are harmless (info `segments-repeated`, once);
 * different ones are the error `segments-overlap`, which names the place; what goes beyond 2^32
 * is `address-overflow`, more than %FLASH_IMAGE_MAX_SEGMENTS or %FLASH_IMAGE_MAX_FILE bytes
 * `image-too-large`. A run of rising addresses costs no more than a copy.
 *
 * Returns: whether to go on
 */
gboolean flash_image_builder_add (FlashImageBuilder *self, guint64 address, const guint8 *bytes,
                                  gsize length, guint line);

/* Sets the entry point; the last one counts. */
void flash_image_builder_set_entry (FlashImageBuilder *self, guint32 entry);
/* Sets the suffix of a DFU file; @suffix is copied. */
void flash_image_builder_set_suffix (FlashImageBuilder *self, const FlashDfuSuffix *suffix);
/* Appends a family of UF2; the reader sees to it that none comes twice. */
void flash_image_builder_add_family (FlashImageBuilder *self, guint32 family);
/* Whether the format, or the options, say where the bytes belong. */
void flash_image_builder_set_has_address (FlashImageBuilder *self, gboolean has_address);

/* Returns: (transfer none): where faults go. */
FlashDiagList *flash_image_builder_get_diags (FlashImageBuilder *self);

/**
 * flash_image_builder_add_doubt:
 * @options: as the reader got them
 * @code: static, stable code
 * @line: from 1, or 0
 * @template_text: a whole sentence, as in flash_diag_list_add (), without values
 *
 * A sign that the file is cut off or damaged: an error, or a warning if the user insists.
 */
void flash_image_builder_add_doubt (FlashImageBuilder *self, const FlashImageOptions *options,
                                    const char *code, guint line, const char *template_text);

/* Returns: (transfer full): the image; the builder is empty afterwards and may only be freed. */
FlashImage *flash_image_builder_end (FlashImageBuilder *self);

G_END_DECLS
