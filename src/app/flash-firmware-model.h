/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open firmware file with what the user wants of it, and what that means for the chosen board:
 * the plan. It is made anew whenever one of them changes; the file is read again in a thread when
 * that is needed.
 *
 * What the user agrees to holds for what was seen then: for another file or another chip it is
 * asked anew.
 *
 * Signals: `changed`: something that is shown is not what it was; `replaced`: the file on the disk
 * had become another one, and was read again. Thread: main. */
#pragma once

#include "flash-board-facts.h"
#include "flash-firmware-file.h"
#include "flash-mcu-job.h"

G_BEGIN_DECLS

#define FLASH_TYPE_FIRMWARE_MODEL (flash_firmware_model_get_type ())
G_DECLARE_FINAL_TYPE (FlashFirmwareModel, flash_firmware_model, FLASH, FIRMWARE_MODEL, GObject)

/**
 * flash_firmware_model_new:
 * @file: (transfer none): what was read
 */
FlashFirmwareModel *flash_firmware_model_new (FlashFirmwareFile *file);

/* Returns: (transfer none): the file as it was read last. */
const FlashFirmwareFile *flash_firmware_model_get_file (FlashFirmwareModel *self);
/* Returns: (transfer none) (nullable): what would be done; %NULL without a board that takes
 * firmware, and as long as the file cannot be used. */
FlashFirmwarePlan *flash_firmware_model_get_plan (FlashFirmwareModel *self);
/* Returns: (transfer none) (nullable): what is known of the chosen board's chip. */
const FlashChipGuess *flash_firmware_model_get_guess (FlashFirmwareModel *self);
/* Returns: whether the file is being read again. */
gboolean flash_firmware_model_is_loading (FlashFirmwareModel *self);
/* Returns: (transfer none) (nullable): why the file could not be read again; the old contents are
 * shown then, and must not be flashed. */
const GError *flash_firmware_model_get_error (FlashFirmwareModel *self);
/* Returns: how many errors stand in the way, of the file and of the plan. */
guint flash_firmware_model_count_errors (FlashFirmwareModel *self);

/**
 * flash_firmware_model_set_board:
 * @facts: (nullable): of the chosen board
 * @descriptors: (nullable): of the chosen board
 *
 * If it is another chip or another map than that of the last board, what was agreed to leave out or
 * to move is forgotten. While there is no board that could be flashed, it is kept.
 */
void flash_firmware_model_set_board (FlashFirmwareModel *self, const FlashBoardFacts *facts,
                                     FlashDescriptors *descriptors);

/**
 * FlashFirmwareWishes:
 * @leaves_out: parts that do not belong into the flash are left out; forgotten with the file or
 * chip
 * @rebases: data at 0 are meant for the flash; forgotten with the file or chip
 * @changed: whether sectors that are right already are left alone
 * @shared: what to do about other data in shared sectors
 * @verifies: whether to read back
 * @starts: whether to start the program afterwards
 */
typedef struct {
  gboolean leaves_out;
  gboolean rebases;
  FlashMcuChanged changed;
  FlashMcuShared shared;
  gboolean verifies;
  gboolean starts;
} FlashFirmwareWishes;

/* Returns: (transfer none): what the user wants. */
const FlashFirmwareWishes *flash_firmware_model_get_wishes (FlashFirmwareModel *self);
/* Sets all of them; the plan is made anew if it would be another one. */
void flash_firmware_model_set_wishes (FlashFirmwareModel *self, const FlashFirmwareWishes *wishes);

/* Puts bytes that have no address at @address: reads the file again. */
void flash_firmware_model_set_address (FlashFirmwareModel *self, guint32 address);
/* Takes the file although it seems cut off or damaged: reads it again. */
void flash_firmware_model_insist (FlashFirmwareModel *self);

/* Looks in a thread whether the file is still what was read; `replaced` follows if not. */
void flash_firmware_model_look_at_disk (FlashFirmwareModel *self);

/**
 * flash_firmware_model_verify:
 * @cancellable: (nullable): ends it early
 * @callback: called in the main thread
 *
 * Makes sure that the file is still what was read, before a job begins.
 */
void flash_firmware_model_verify (FlashFirmwareModel *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer data);

/**
 * flash_firmware_model_verify_finish:
 * @out_is_same: (out): whether it is; if not it is shown as it is now, and `replaced` was emitted
 *
 * Returns: %FALSE with @error set (%G_IO_ERROR) if it cannot be read any more
 */
gboolean flash_firmware_model_verify_finish (FlashFirmwareModel *self, GAsyncResult *result,
                                             gboolean *out_is_same, GError **error);

G_END_DECLS
