/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words about cards and images of them. Thread: main. */
#pragma once

#include "flash-card-image.h"
#include "flash-drive-error.h"
#include "flash-drive-write.h"
#include "flash-drive.h"

G_BEGIN_DECLS

/**
 * FlashCardWords:
 * @code: stable
 * @cause: what is the matter, translated
 * @remedy: what to do, translated
 */
typedef struct {
  const char *code;
  const char *cause;
  const char *remedy;
} FlashCardWords;

/**
 * flash_card_words_find:
 * @error: %FLASH_CARD_ERROR, %FLASH_DRIVE_ERROR, or any other
 */
FlashCardWords flash_card_words_find (const GError *error);

/* Returns: (transfer full): what the drive calls itself, or what it is. */
char *flash_card_words_dup_drive_name (FlashDrive *drive);

/* Returns: (transfer full): size, kind and device node, in one line. */
char *flash_card_words_dup_drive_facts (FlashDrive *drive);

/* Returns: (transfer full): what is on it and will be lost, in one line. */
char *flash_card_words_dup_drive_content (FlashDrive *drive);

/**
 * flash_card_words_dup_refusal:
 * @min_size: what is needed, in bytes
 *
 * Returns: (transfer full) (nullable): why the drive cannot take the image; %NULL if it can
 */
char *flash_card_words_dup_refusal (FlashDrive *drive, guint64 min_size);

/* Returns: (transfer full): what a card holds after it was written, or after that failed. */
char *flash_card_words_dup_state (const FlashDriveReport *report);

/* Returns: (transfer none) (nullable): in which way it was read back, %NULL if it was not. */
const char *flash_card_words_read_back (FlashDriveReadBack way);

/* Returns: (transfer full): `mmc0` with what it usually is. */
char *flash_card_words_dup_storage (const char *ip);

G_END_DECLS
