/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the window: what the engine says in codes and templates, as sentences in the
 * user's language. Thread: main. */
#pragma once

#include "flash-advice.h"
#include "flash-board-facts.h"
#include "flash-layout-row.h"
#include "flash-result.h"
#include "flash-usb-neighbour.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* A #FlashTranslate. Returns: (transfer none): @text in the user's language. */
const char *flash_words_translate (const char *text);

/**
 * flash_words_stage:
 * @stage: (nullable): `rom`, `tf-a`, `u-boot`, `bootloader`, `runtime`
 *
 * Returns: (transfer none) (nullable): the stage's proper name; %NULL if it is not known
 */
const char *flash_words_stage (const char *stage);

/**
 * flash_words_stage_sentence:
 * @stage: (nullable): `rom`, `tf-a`, `u-boot`
 *
 * Returns: (transfer none): what the board does, such as “Ready in ROM”
 */
const char *flash_words_stage_sentence (const char *stage);

/**
 * flash_words_board_state:
 * @kind: what can be done with a board
 * @stage: (nullable): in which stage it is
 *
 * Returns: (transfer none): what the board does
 */
const char *flash_words_board_state (FlashBoardKind kind, const char *stage);

/* Returns: (transfer none) (nullable): how fast the link is; %NULL if it is not known. */
const char *flash_words_speed (FlashSpeed speed);

/* Returns: (transfer none) (nullable): why a board cannot be opened, in two or three words; %NULL
 * if it can. */
const char *flash_words_access (FlashAccess access);

/* Returns: (transfer full) (nullable): which right is missing, or who holds the board; %NULL if
 * nothing is known but flash_words_access (). */
char *flash_words_dup_access_detail (FlashBoard *board);

/* Returns: (transfer full): where a board is: port, speed, hubs. */
char *flash_words_dup_place (FlashBoard *board);

/* Returns: (transfer full) (nullable): the hubs on the way to a board, one in a line; %NULL if
 * there is none. */
char *flash_words_dup_hubs (FlashBoard *board);

/* Returns: (transfer none): what a device is that names itself no better. */
const char *flash_words_neighbour_name (FlashUsbNeighbourKind kind);

/* Returns: (transfer none): why a device cannot be flashed as it is, and what to do. */
const char *flash_words_neighbour (FlashUsbNeighbourKind kind);

/* Returns: (transfer none): the symbolic icon for a device that is no board. */
const char *flash_words_neighbour_icon (FlashUsbNeighbourKind kind);

/* Returns: (transfer none): one word for a severity. */
const char *flash_words_severity (FlashSeverity severity);

/* Returns: (transfer none): the symbolic icon for a severity. */
const char *flash_words_severity_icon (FlashSeverity severity);

/**
 * flash_words_storage:
 * @row: a row on that storage
 *
 * Returns: (transfer none): what a storage usually is
 */
const char *flash_words_storage (FlashLayoutRow *row);

/**
 * flash_words_dup_option:
 *
 * Returns: (transfer full): what the Opt column of @row means
 */
char *flash_words_dup_option (FlashLayoutRow *row);

/* Returns: (transfer none): what the board is left in, and what to do next. */
const char *flash_words_next_step (FlashBoardState state, gboolean is_virtual);

/**
 * flash_words_dup_duration:
 * @duration_ms: in milliseconds
 *
 * Returns: (transfer full): `less than a second`, `12 seconds`, `2 minutes 5 seconds`
 */
char *flash_words_dup_duration (guint64 duration_ms);

/* Returns: (transfer full): an estimate of @seconds, as people say it: `less than a minute`, `3
 * minutes`. */
char *flash_words_dup_about (guint seconds);

/**
 * flash_words_dup_load_error:
 * @error: why a layout could not be opened
 * @name: its file name
 *
 * Returns: (transfer full): cause and remedy
 */
char *flash_words_dup_load_error (const GError *error, const char *name);

/* Returns: (transfer full): @text, one of the engine's own in English, as it stands alone: with a
 * capital letter. */
char *flash_words_dup_capitalised (const char *text);

/**
 * flash_words_dup_folder:
 * @path: (type filename): an absolute path
 *
 * Returns: (transfer full): the folder that it is in, with `~` for the home folder; in words what
 *   came through the portal of a sandbox
 */
char *flash_words_dup_folder (const char *path);

G_END_DECLS
