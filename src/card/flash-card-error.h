/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why there is no image of a card: stable codes, and for each the cause and the remedy, as
 * templates that the faces translate. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FlashCardError:
 * @FLASH_CARD_ERROR_NOT_MMC: the storage is no SD card and no eMMC
 * @FLASH_CARD_ERROR_EMPTY: the layout puts nothing on that storage
 * @FLASH_CARD_ERROR_BAD_LAYOUT: the board would refuse the layout
 * @FLASH_CARD_ERROR_PARTIAL_UPDATE: rows with `-` keep what is on the card already
 *   (stm32mp-usb.md section 3.3), which an image cannot know
 * @FLASH_CARD_ERROR_BAD_SIZE: no size that a card can have
 * @FLASH_CARD_ERROR_TOO_SMALL: what the layout holds does not fit into that size
 * @FLASH_CARD_ERROR_TOO_LARGE: a file is larger than its partition
 * @FLASH_CARD_ERROR_BAD_NAME: a name that no partition table can hold as it stands
 * @FLASH_CARD_ERROR_TABLE: the partition table could not be made
 * @FLASH_CARD_ERROR_UNREADABLE: a file of the layout cannot be read
 * @FLASH_CARD_ERROR_CHANGED: a file of the layout was written to meanwhile
 * @FLASH_CARD_ERROR_EXISTS: there is such a file already, and it is not to be replaced
 * @FLASH_CARD_ERROR_IS_INPUT: the file to be written is one that the image is made of
 * @FLASH_CARD_ERROR_NOT_A_FILE: there is something by that name that is no file
 * @FLASH_CARD_ERROR_NO_SPACE: the disk is full
 * @FLASH_CARD_ERROR_NOT_WRITABLE: the system does not let the file be made
 * @FLASH_CARD_ERROR_COMPRESSION: the compression failed
 * @FLASH_CARD_ERROR_OTHER_IMAGE: an uncompressed image is there already, whose block map has the
 *   name that the one of the compressed image would get
 */
typedef enum {
  FLASH_CARD_ERROR_NOT_MMC,
  FLASH_CARD_ERROR_EMPTY,
  FLASH_CARD_ERROR_BAD_LAYOUT,
  FLASH_CARD_ERROR_PARTIAL_UPDATE,
  FLASH_CARD_ERROR_BAD_SIZE,
  FLASH_CARD_ERROR_TOO_SMALL,
  FLASH_CARD_ERROR_TOO_LARGE,
  FLASH_CARD_ERROR_BAD_NAME,
  FLASH_CARD_ERROR_TABLE,
  FLASH_CARD_ERROR_UNREADABLE,
  FLASH_CARD_ERROR_CHANGED,
  FLASH_CARD_ERROR_EXISTS,
  FLASH_CARD_ERROR_IS_INPUT,
  FLASH_CARD_ERROR_NOT_A_FILE,
  FLASH_CARD_ERROR_NO_SPACE,
  FLASH_CARD_ERROR_NOT_WRITABLE,
  FLASH_CARD_ERROR_COMPRESSION,
  FLASH_CARD_ERROR_OTHER_IMAGE,
} FlashCardError;

#define FLASH_CARD_ERROR (flash_card_error_quark ())
GQuark flash_card_error_quark (void);

/* Returns: (transfer none): the stable code, `card-not-mmc` and the like. */
const char *flash_card_error_get_name (FlashCardError code);
/* Returns: (transfer none): a sentence in English, marked for translation: what is the matter. */
const char *flash_card_error_get_cause (FlashCardError code);
/* Returns: (transfer none): a sentence in English, marked for translation: what to do. */
const char *flash_card_error_get_remedy (FlashCardError code);

G_END_DECLS
