/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words about firmware files and what would be done with them. Pure functions; thread: main. */
#pragma once

#include "flash-firmware-model.h"

G_BEGIN_DECLS

/* Returns: (transfer full): “Intel HEX”, “ELF, packed by gzip”. */
char *flash_firmware_words_dup_format (const FlashImage *image);

/* Returns: (transfer full): how much is in the file, and where. */
char *flash_firmware_words_dup_contents (const FlashImage *image);

/* Returns: (transfer none): why a part of a file is not written. */
const char *flash_firmware_words_reason (FlashFirmwareReason reason);

/**
 * flash_firmware_words_dup_summary:
 * @shared: what is done about other data in shared sectors
 *
 * Returns: (transfer full): how much of the flash is changed, and what of it is kept; whole
 *   sentences
 */
char *flash_firmware_words_dup_summary (const FlashFirmwarePlan *plan, FlashMcuShared shared);

/* Returns: (transfer full): what happens with a range of the file: in which sectors it lies. */
char *flash_firmware_words_dup_place (const FlashFirmwarePlan *plan, guint32 address, guint64 size);

/* Returns: (transfer full): the chip of a board and its flash: “STM32F405, 1 MiB of flash”. */
char *flash_firmware_words_dup_chip (const FlashChipGuess *guess);

/**
 * flash_firmware_words_dup_interrupted:
 *
 * Returns: (transfer full) (nullable): what an interrupted update means on this chip; %NULL if
 *   nothing is known
 */
char *
flash_firmware_words_dup_interrupted (const FlashFirmwarePlan *plan, const FlashChipGuess *guess);

/**
 * FlashFirmwareRemedy:
 * What a button can do about a problem.
 *
 * @FLASH_FIRMWARE_REMEDY_NONE: nothing
 * @FLASH_FIRMWARE_REMEDY_LEAVE_OUT: leave out what does not belong into the flash
 * @FLASH_FIRMWARE_REMEDY_REBASE: move what is at the alias of the flash
 * @FLASH_FIRMWARE_REMEDY_ADDRESS: ask for the address
 * @FLASH_FIRMWARE_REMEDY_INSIST: take the file although it is damaged
 */
typedef enum {
  FLASH_FIRMWARE_REMEDY_NONE,
  FLASH_FIRMWARE_REMEDY_LEAVE_OUT,
  FLASH_FIRMWARE_REMEDY_REBASE,
  FLASH_FIRMWARE_REMEDY_ADDRESS,
  FLASH_FIRMWARE_REMEDY_INSIST,
} FlashFirmwareRemedy;

/**
 * flash_firmware_words_find_remedy:
 * @diag: a problem of a plan or an image
 * @wishes: what the user wants already
 * @can_insist: whether insisting would help the image
 *
 * Returns: what can be offered
 */
FlashFirmwareRemedy
flash_firmware_words_find_remedy (const FlashDiag *diag, const FlashFirmwareWishes *wishes,
                                  gboolean can_insist);

/* Returns: (transfer none): what the button says; empty for %FLASH_FIRMWARE_REMEDY_NONE. */
const char *flash_firmware_words_remedy (FlashFirmwareRemedy remedy);

/* Returns: (transfer none) (nullable): why a board of that kind takes no firmware, and what to do;
 * %NULL if it does. */
const char *flash_firmware_words_refusal (FlashBoardKind kind);

/* Returns: (transfer none) (nullable): what to know of a board of that kind before the plan is
 * known, refusals included; %NULL if the plan says it all. */
const char *flash_firmware_words_hint (FlashBoardKind kind);

G_END_DECLS
