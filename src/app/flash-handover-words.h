/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said while a board is away, and what can be done then: pure functions over what is known.
 * Thread: main. */
#pragma once

#include "flash-findings.h"
#include "flash-job-gate.h"

G_BEGIN_DECLS

/**
 * flash_handover_words_title:
 * @question: what the job wants to know
 * @expected: (nullable): which stage is awaited
 *
 * Returns: (transfer none): what goes on, a heading
 */
const char *flash_handover_words_title (FlashJobQuestion question, const char *expected);

/**
 * flash_handover_words_dup_port:
 * @symptoms: what is known
 *
 * Returns: (transfer full): what the port shows, a sentence
 */
char *flash_handover_words_dup_port (const FlashSymptoms *symptoms);

/* Returns: (transfer none): the symbolic icon for it. */
const char *flash_handover_words_port_icon (FlashPortShows shows);

/**
 * flash_handover_words_dup_since:
 * @shown_ms: how long the port has shown it
 *
 * Returns: (transfer full): since when
 */
char *flash_handover_words_dup_since (guint shown_ms);

/**
 * flash_handover_words_dup_wait:
 * @waited_ms: how long it has been waited
 * @patience_ms: how long at most; 0 for as long as it takes
 *
 * Returns: (transfer full): both
 */
char *flash_handover_words_dup_wait (guint waited_ms, guint patience_ms);

/* Returns: (transfer none) (nullable): how sure the cause is; %NULL if that is not to be said. */
const char *flash_handover_words_certainty (const FlashFindings *findings);

/**
 * flash_handover_words_dup_left:
 * @n_written: how many partitions are complete
 * @n_total: of how many
 * @half: (nullable): the partition that was being sent
 * @is_back: whether the board is there again
 *
 * Returns: (transfer full): what a board that was unplugged has, and what to do
 */
char *
flash_handover_words_dup_left (guint n_written, guint n_total, const char *half, gboolean is_back);

/**
 * FlashHandoverOffer:
 * What can be done about a board that is away, as bits.
 *
 * @FLASH_HANDOVER_GO_ON: wait on, or go on with a board that was plugged in again
 * @FLASH_HANDOVER_RESTART: begin again with the first stage
 * @FLASH_HANDOVER_MOVE: go on with the board on another port
 * @FLASH_HANDOVER_VM: show how the virtual machine is set
 * @FLASH_HANDOVER_ACCESS: get the right to open it
 * @FLASH_HANDOVER_IMAGE: take a card instead
 * @FLASH_HANDOVER_GIVE_UP: end the job
 * @FLASH_HANDOVER_CONSOLE: look at the serial console
 */
typedef enum {
  FLASH_HANDOVER_NOTHING = 0,
  FLASH_HANDOVER_GO_ON = 1 << 0,
  FLASH_HANDOVER_RESTART = 1 << 1,
  FLASH_HANDOVER_MOVE = 1 << 2,
  FLASH_HANDOVER_VM = 1 << 3,
  FLASH_HANDOVER_ACCESS = 1 << 4,
  FLASH_HANDOVER_IMAGE = 1 << 5,
  FLASH_HANDOVER_GIVE_UP = 1 << 6,
  FLASH_HANDOVER_CONSOLE = 1 << 7,
} FlashHandoverOffer;

/**
 * flash_handover_words_offers:
 * @question: what the job wants to know
 * @symptoms: what is known
 * @findings: what it means
 * @out_suggested: (out): the one that most people want, %FLASH_HANDOVER_NOTHING if there is none
 *
 * Returns: what can be done
 */
FlashHandoverOffer
flash_handover_words_offers (FlashJobQuestion question, const FlashSymptoms *symptoms,
                             const FlashFindings *findings, FlashHandoverOffer *out_suggested);

G_END_DECLS
