/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the SD card (or the user area of the eMMC) of a board would hold after a layout was flashed
 * onto an empty one, as a list of extents: the partition table as U-Boot makes it, then the files
 * in the order in which the board asks for them, later ones over earlier ones.
 *
 * Nothing is copied: the files stay open and are read when the image is. Immutable; thread: any,
 * reading blocks. */
#pragma once

#include "flash-card-error.h"
#include "flash-diag.h"
#include "flash-plan.h"
#include "flash-range.h"

G_BEGIN_DECLS

/* What a card counts in (stm32mp-usb.md section 3.6), in bytes. */
#define FLASH_CARD_BLOCK_SIZE 512
/* What a card's size is rounded up to if nobody says how large it is, in bytes. */
#define FLASH_CARD_ROUNDING (1024 * 1024)

/**
 * FlashCardReason:
 * @FLASH_CARD_REASON_BOOT_STAGE: started from RAM over USB, never on a card
 * @FLASH_CARD_REASON_OTHER_CARD: on another SD card or eMMC: an image of its own
 * @FLASH_CARD_REASON_BOOT_PARTITION: in boot1 or boot2 of an eMMC, which lie beside the user area
 * @FLASH_CARD_REASON_FLASH_MEMORY: on a NOR or NAND flash, which cannot be taken out
 * @FLASH_CARD_REASON_RAM: in the board's memory, gone with the power
 *
 * Why a row of the layout is not in the image.
 */
typedef enum {
  FLASH_CARD_REASON_BOOT_STAGE,
  FLASH_CARD_REASON_OTHER_CARD,
  FLASH_CARD_REASON_BOOT_PARTITION,
  FLASH_CARD_REASON_FLASH_MEMORY,
  FLASH_CARD_REASON_RAM,
} FlashCardReason;

/* Returns: (transfer none): the stable code, `boot-stage` and the like. */
const char *flash_card_reason_get_name (FlashCardReason reason);
/**
 * FlashCardLeftOut:
 * @row: (transfer none): the row
 * @reason: why it is not in the image
 */
typedef struct {
  FlashLayoutRow *row;
  FlashCardReason reason;
} FlashCardLeftOut;

/**
 * flash_card_left_out_dup_remedy:
 * @translate: (nullable): %NULL for English
 *
 * Returns: (transfer full): what to do about the row instead, a sentence or two
 */
char *flash_card_left_out_dup_remedy (const FlashCardLeftOut *self, FlashTranslate translate);

/**
 * FlashCardOptions:
 * @ip: (nullable): the storage, as the layout names it; %NULL for `mmc0`
 * @size: of the card in bytes, a multiple of %FLASH_CARD_BLOCK_SIZE; 0 for the smallest that holds
 *   everything, rounded up to a multiple of %FLASH_CARD_ROUNDING
 */
typedef struct {
  const char *ip;
  guint64 size;
} FlashCardOptions;

#define FLASH_TYPE_CARD_IMAGE (flash_card_image_get_type ())
G_DECLARE_FINAL_TYPE (FlashCardImage, flash_card_image, FLASH, CARD_IMAGE, GObject)

/**
 * flash_card_image_new:
 * @layout: one that was checked and has no errors
 * @options: (nullable): %NULL for the smallest image of `mmc0`
 *
 * Opens the files of the layout. The same layout with the same size gives the same image, byte
 * for byte: identifiers that the board makes up are derived from the text of the layout.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_CARD_ERROR)
 */
FlashCardImage *
flash_card_image_new (FlashLayout *layout, const FlashCardOptions *options, GError **error);

/**
 * flash_card_image_get_min_size:
 * @layout: one that was checked and has no errors
 * @ip: (nullable): the storage, as the layout names it; %NULL for `mmc0`
 * @out_size: (out): the smallest card that holds everything, in bytes, rounded up to a multiple of
 *   %FLASH_CARD_ROUNDING; untouched on failure
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_CARD_ERROR)
 */
gboolean flash_card_image_get_min_size (FlashLayout *layout, const char *ip, guint64 *out_size,
                                        GError **error);

/* Returns: (transfer none): the storage, as the layout names it. */
const char *flash_card_image_get_ip (FlashCardImage *self);
/* Returns: (transfer none): the layout that it was made from. */
FlashLayout *flash_card_image_get_layout (FlashCardImage *self);
/* Returns: the size of the card in bytes. */
guint64 flash_card_image_get_size (FlashCardImage *self);

/**
 * flash_card_image_get_n_extents:
 *
 * The extents are where bytes come from: ascending, not overlapping. What lies between them reads
 * as zeros, be it that nobody writes there, or that a file has a hole there.
 */
guint flash_card_image_get_n_extents (FlashCardImage *self);
/* Returns: (transfer none): the extent at @index, which must exist. */
const FlashExtent *flash_card_image_get_extent (FlashCardImage *self, guint index);

/**
 * flash_card_image_get_n_ranges:
 *
 * The ranges are what the board writes or erases: ascending, not overlapping, not touching. They
 * hold all extents, and the zeros that matter too: holes of files, ends of blocks, and what `D`
 * erases. Who writes the image to a card that is not empty must write all of these; the rest
 * stays as it is, as it would on the board. (mkfs.ext4 leaves inode tables that must be zero as
 * holes in a file.)
 */
guint flash_card_image_get_n_ranges (FlashCardImage *self);
/* Returns: (transfer none): the range at @index, which must exist, in bytes. */
const FlashRange *flash_card_image_get_range (FlashCardImage *self, guint index);

guint flash_card_image_get_n_left_out (FlashCardImage *self);
/* Returns: (transfer none): the row that is left out at @index, which must exist; in the order of
 * the layout. */
const FlashCardLeftOut *flash_card_image_get_left_out (FlashCardImage *self, guint index);

/**
 * flash_card_image_read:
 * @offset: where to start, in bytes
 * @buffer: (out caller-allocates) (array length=length): room for @length bytes
 * @length: how many bytes; all of them must lie in the image
 *
 * Returns: %TRUE, or %FALSE with @error set: %FLASH_CARD_ERROR_CHANGED if a file that was read was
 *   written to meanwhile, %FLASH_CARD_ERROR_UNREADABLE
 */
gboolean flash_card_image_read (FlashCardImage *self, guint64 offset, guint8 *buffer, gsize length,
                                GError **error);

/**
 * flash_card_image_check_sources:
 *
 * To be asked when all has been read: a file may change after its part was read.
 *
 * Returns: %TRUE, or %FALSE with @error set (%FLASH_CARD_ERROR_CHANGED) if any file was written to
 *   since the image was made
 */
gboolean flash_card_image_check_sources (FlashCardImage *self, GError **error);

G_END_DECLS
