/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules by which flash-findings.c judges: tables, tried from the first row on. Each table ends
 * with a row without code. Private to the room; thread: any. */
#pragma once

#include "flash-findings.h"

G_BEGIN_DECLS

/* Whether something holds. */
typedef gboolean (*FlashFindingsTest) (const FlashSymptoms *symptoms);

/**
 * FlashFindingsRule:
 * @code: what it means
 * @certainty: how certain that is
 * @fits: what must hold
 * @asked: what must have been asked, if anything
 * @answer: and been answered
 */
typedef struct {
  const char *code;
  FlashCertainty certainty;
  FlashFindingsTest fits;
  FlashObservation asked;
  FlashTri answer;
} FlashFindingsRule;

/**
 * FlashFindingsOption:
 * A cause that is possible where none is certain.
 *
 * @code: the cause
 * @is_possible: whether it can be
 * @question: what would decide about it, if anything
 * @exclusion: the answer to it that rules the cause out; %FLASH_TRI_UNKNOWN if none does
 */
typedef struct {
  const char *code;
  FlashFindingsTest is_possible;
  FlashObservation question;
  FlashTri exclusion;
} FlashFindingsOption;

/**
 * FlashFindingsText:
 * Words of the board (stm32mp-usb.md sections 3.4 and 3.5).
 *
 * @code: what they mean
 * @text: what they hold
 * @also: (nullable): what else they hold
 */
typedef struct {
  const char *code;
  const char *text;
  const char *also;
} FlashFindingsText;

/**
 * FlashFindingsMark:
 * What a boot stage says on the serial console (flash-console-marks.h).
 *
 * @mark: stable name of the mark
 * @code: what it means
 */
typedef struct {
  const char *mark;
  const char *code;
} FlashFindingsMark;

extern const FlashFindingsMark flash_findings_marks[];

/* A board that may not be opened, or that somebody else holds; at any time. */
extern const FlashFindingsRule flash_findings_access[];
/* While a board is away or silent, and after a job that ended so. */
extern const FlashFindingsRule flash_findings_proofs[];
extern const FlashFindingsRule flash_findings_places[];
extern const FlashFindingsRule flash_findings_answers[];
extern const FlashFindingsRule flash_findings_likely[];
extern const FlashFindingsOption flash_findings_options[];
/* A board that was flashed and is in its ROM again. */
extern const FlashFindingsRule flash_findings_restarts[];
extern const FlashFindingsOption flash_findings_restart_options[];
/* After a job. */
extern const FlashFindingsRule flash_findings_ends[];
extern const FlashFindingsOption flash_findings_end_options[];
extern const FlashFindingsText flash_findings_texts[];
/* Before a job: what would surely fail. */
extern const FlashFindingsRule flash_findings_hurdles[];
/* At any time. */
extern const FlashFindingsRule flash_findings_notes[];

/* Returns: whether the job ended with one of @codes, which end with %NULL. */
gboolean flash_findings_ended_with (const FlashSymptoms *symptoms, const char *const *codes);
/* Returns: whether a job ended with the board gone or silent. */
gboolean flash_findings_ended_lost (const FlashSymptoms *symptoms);
/* Returns: whether a job ended so that the board's own words count, and there are some. */
gboolean flash_findings_has_words (const FlashSymptoms *symptoms);
/* Returns: whether a job ended with something that a boot stage may have explained. */
gboolean flash_findings_is_explained (const FlashSymptoms *symptoms);
/* Returns: whether the board writes a layout, and is in its ROM again. */
gboolean flash_findings_is_in_rom_again (const FlashSymptoms *symptoms);
/* Returns: whether nothing can be seen of the board. */
gboolean flash_findings_is_missing (const FlashSymptoms *symptoms);
/* Returns: whether this computer is a virtual machine. */
gboolean flash_findings_is_vm (const FlashSymptoms *symptoms);
/* Returns: whether the first boot stage was sent and did not answer yet. */
gboolean flash_findings_is_first_stage (const FlashSymptoms *symptoms);
/* Returns: whether the second boot stage was sent and did not answer yet. */
gboolean flash_findings_is_second_stage (const FlashSymptoms *symptoms);
/* Returns: whether the boot stage that is in question was made for another chip. */
gboolean flash_findings_is_for_other_chip (const FlashSymptoms *symptoms);
/* Returns: whether all bytes of the job were sent. */
gboolean flash_findings_has_all (const FlashSymptoms *symptoms);

G_END_DECLS
