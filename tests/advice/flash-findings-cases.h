/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Situations and what they mean, for the tests of the findings. */
#pragma once

#include "flash-findings.h"

G_BEGIN_DECLS

/* What a finding rests on: without any one of these, it must not be found. */
typedef enum {
  FLASH_PROOF_PORT = 1 << 0,
  FLASH_PROOF_ERROR = 1 << 1,
  FLASH_PROOF_TEXT = 1 << 2,
  FLASH_PROOF_VM = 1 << 3,
  FLASH_PROOF_EXPECTED = 1 << 4,
  FLASH_PROOF_ERRNO = 1 << 5,
  FLASH_PROOF_OVER_CURRENTS = 1 << 6,
  FLASH_PROOF_MARK = 1 << 7,
  FLASH_PROOF_SEEN = 1 << 8,
  FLASH_PROOF_FULL_SPEED = 1 << 9,
  FLASH_PROOF_WANTS_HIGH_SPEED = 1 << 10,
  FLASH_PROOF_FAMILY = 1 << 11,
  FLASH_PROOF_IMAGE_CHIP = 1 << 12,
  FLASH_PROOF_USB_BOOT = 1 << 13,
  FLASH_PROOF_FLOW = 1 << 14,
  FLASH_PROOF_STORAGE = 1 << 15,
  FLASH_PROOF_RULE = 1 << 16,
  FLASH_PROOF_FLATPAK = 1 << 17,
  FLASH_PROOF_HOLDER = 1 << 18,
  FLASH_PROOF_ELSEWHERE = 1 << 19,
  FLASH_PROOF_ERASING = 1 << 20,
  FLASH_PROOF_HUBS = 1 << 21,
  FLASH_PROOF_DISCONNECTS = 1 << 22,
  FLASH_PROOF_SPEAKS = 1 << 23,
  FLASH_PROOF_RIVAL = 1 << 24,
  FLASH_PROOF_BATTERY = 1 << 25,
  FLASH_PROOF_SUSPEND = 1 << 26,
  FLASH_PROOF_SERIAL = 1 << 27,
  FLASH_PROOF_IMAGE_ID = 1 << 28,
  FLASH_PROOF_BYTES = 1 << 29,
  FLASH_PROOF_STAGE = 1 << 30,
} FlashProof;

#define FLASH_N_PROOFS 31

/**
 * FlashFindingsCase:
 * @code: (nullable): the cause; a note in the table of notes
 * @certainty: of the cause
 * @proof: what it rests on
 * @candidates: (nullable): with blanks between them
 * @question: what is asked
 * @symptoms: the situation
 */
typedef struct {
  const char *code;
  FlashCertainty certainty;
  guint proof;
  const char *candidates;
  FlashObservation question;
  FlashSymptoms symptoms;
} FlashFindingsCase;

/* A case says again what is not unknown in it. */
#pragma GCC diagnostic ignored "-Woverride-init"

/* Numbers whose 0 would be a fact. */
#define FLASH_CASE_UNKNOWN                                                                         \
  .last_id = -1, .n_hubs = -1, .n_disconnects = -1, .battery_percent = -1, .image_chip_id = -1
#define FLASH_CASE_BEFORE .moment = FLASH_MOMENT_BEFORE, FLASH_CASE_UNKNOWN
#define FLASH_CASE_AWAY .moment = FLASH_MOMENT_AWAY, FLASH_CASE_UNKNOWN
#define FLASH_CASE_AFTER .moment = FLASH_MOMENT_AFTER, FLASH_CASE_UNKNOWN

/* Each ends with a case whose certainty is FLASH_CASE_END. */
extern const FlashFindingsCase flash_findings_cases_away[];
extern const FlashFindingsCase flash_findings_cases_after[];
extern const FlashFindingsCase flash_findings_cases_before[];
extern const FlashFindingsCase flash_findings_cases_notes[];

#define FLASH_CASE_END ((FlashCertainty) 99)

G_END_DECLS
