/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An image as a file that other programs read. Thread: any. */
#pragma once

#include "flash-image.h"

G_BEGIN_DECLS

/**
 * FlashImageWriteFormat:
 * @FLASH_IMAGE_WRITE_BIN: bare bytes from the first address to the last, `.bin`
 * @FLASH_IMAGE_WRITE_HEX: Intel HEX, `.hex`
 * @FLASH_IMAGE_WRITE_DFU: `.dfu`: a DfuSe file if the image says where its bytes belong, otherwise
 *   the bytes with a DFU suffix
 */
typedef enum {
  FLASH_IMAGE_WRITE_BIN,
  FLASH_IMAGE_WRITE_HEX,
  FLASH_IMAGE_WRITE_DFU,
} FlashImageWriteFormat;

/**
 * FlashImageWriteOptions:
 * @vendor: idVendor of the suffix; 0xffff for any
 * @product: idProduct of the suffix; 0xffff for any
 * @device: bcdDevice of the suffix; 0xffff for any
 * @fill: what stands in the gaps of a `.bin`: what the flash erases to
 */
typedef struct {
  guint16 vendor;
  guint16 product;
  guint16 device;
  guint8 fill;
} FlashImageWriteOptions;

/* What is meant without options: for any device, gaps filled with 0xff. */
#define FLASH_IMAGE_WRITE_OPTIONS_INIT                                                             \
  {                                                                                                \
    0xffff, 0xffff, 0xffff, 0xff                                                                   \
  }

/**
 * flash_image_write:
 * @image: an image without errors
 * @options: (nullable): %NULL for none
 *
 * `.bin` and `.hex` know no targets: all of them are put together. Writing what was read, and
 * reading what was written, gives the same segments and targets; an entry point stays in `.hex`.
 *
 * Returns: (transfer full) (nullable): the file, or %NULL with @error set:
 *   %FLASH_FORMAT_ERROR_BAD_RECORD if there is nothing to write, or no address for a `.hex`,
 *   %FLASH_FORMAT_ERROR_OVERLAP if targets want the same place,
 *   %FLASH_FORMAT_ERROR_TOO_LARGE if a `.bin` with its gaps would have more than
 *   %FLASH_IMAGE_MAX_FILE bytes, or a `.dfu` more than 255 targets
 */
GBytes *flash_image_write (const FlashImage *image, FlashImageWriteFormat format,
                           const FlashImageWriteOptions *options, GError **error);

G_END_DECLS
