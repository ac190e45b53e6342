/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a chip holds is not what was written: in which way, and why (stm32-dfuse.md sections 2.8,
 * 5.4 and 7.1). Pure functions from evidence to a named cause; thread: any. */
#pragma once

#include "flash-chip.h"
#include "flash-option-bytes.h"

G_BEGIN_DECLS

/**
 * FlashMismatchKind:
 * @FLASH_MISMATCH_NONE: all is as it should be
 * @FLASH_MISMATCH_UNTOUCHED: everything that should have changed is as it was before
 * @FLASH_MISMATCH_BLANK: it was erased, and nothing was written
 * @FLASH_MISMATCH_TAIL: right up to an address, and wrong or blank from there on
 * @FLASH_MISMATCH_GAP: one contiguous stretch, as long as a block at least, is blank; what follows
 *   is right
 * @FLASH_MISMATCH_SHIFTED: the right bytes at another place, by a constant distance
 * @FLASH_MISMATCH_SCATTERED: single wrong places, and what none of the others explains
 * @FLASH_MISMATCH_UNSTABLE: reading twice gives two answers
 * @FLASH_MISMATCH_RAM: all wrong bytes lie in RAM
 */
typedef enum {
  FLASH_MISMATCH_NONE,
  FLASH_MISMATCH_UNTOUCHED,
  FLASH_MISMATCH_BLANK,
  FLASH_MISMATCH_TAIL,
  FLASH_MISMATCH_GAP,
  FLASH_MISMATCH_SHIFTED,
  FLASH_MISMATCH_SCATTERED,
  FLASH_MISMATCH_UNSTABLE,
  FLASH_MISMATCH_RAM,
} FlashMismatchKind;

/* Returns: (transfer none): `none`, `untouched`, `blank`, `tail`, `gap`, `shifted`, `scattered`,
 * `unstable` or `ram`. */
const char *flash_mismatch_kind_get_name (FlashMismatchKind kind);

/**
 * FlashMismatchPiece:
 * A part of the chip that was written and read back.
 *
 * @address: first address
 * @expected: what should be there
 * @found: what is there, as long as @expected
 * @again: (nullable): the same, read once more
 * @before: (nullable): what was there before
 */
typedef struct {
  guint32 address;
  GBytes *expected;
  GBytes *found;
  GBytes *again;
  GBytes *before;
} FlashMismatchPiece;

/* As many wrong ranges are kept. */
#define FLASH_MISMATCH_MAX_RANGES 16

/**
 * FlashMismatchRange:
 * @address: first wrong address
 * @size: in bytes
 * @expected: the first byte as it should be
 * @found: the first byte as it is
 */
typedef struct {
  guint32 address;
  guint32 size;
  guint8 expected;
  guint8 found;
} FlashMismatchRange;

/**
 * FlashMismatch:
 * @kind: in which way
 * @n_wrong: how many bytes are wrong
 * @n_compared: of how many
 * @first: the first wrong address
 * @last: the last one
 * @shift: of %FLASH_MISMATCH_SHIFTED: where a byte is found, minus where it should be
 * @ranges: the first wrong ranges; differences less than 16 bytes apart are one
 * @n_ranges: how many of @ranges are filled
 */
typedef struct {
  FlashMismatchKind kind;
  guint64 n_wrong;
  guint64 n_compared;
  guint32 first;
  guint32 last;
  gint64 shift;
  FlashMismatchRange ranges[FLASH_MISMATCH_MAX_RANGES];
  guint n_ranges;
} FlashMismatch;

/**
 * flash_mismatch_classify:
 * @pieces: (array length=n_pieces): rising, of the same chip
 * @erased: what erased flash reads as
 * @out_mismatch: (out caller-allocates): filled
 */
void flash_mismatch_classify (const FlashMismatchPiece *pieces, guint n_pieces, guint8 erased,
                              FlashMismatch *out_mismatch);

/**
 * FlashReading:
 * How reading went, for the diagnosis.
 *
 * @FLASH_READING_NOT_TRIED: nobody asked
 * @FLASH_READING_GOOD: bytes came
 * @FLASH_READING_REFUSED_ONCE: refused with errVENDOR at first, then bytes came
 * @FLASH_READING_REFUSED: refused with errVENDOR, several times from a clean start
 * @FLASH_READING_STALLED: the loader stalls and is in a state of its own (ST's middleware without
 *   a read function)
 * @FLASH_READING_IMPOSSIBLE: the loader does not offer it
 */
typedef enum {
  FLASH_READING_NOT_TRIED,
  FLASH_READING_GOOD,
  FLASH_READING_REFUSED_ONCE,
  FLASH_READING_REFUSED,
  FLASH_READING_STALLED,
  FLASH_READING_IMPOSSIBLE,
} FlashReading;

/**
 * FlashEvidence:
 * @loader: who answers
 * @mismatch: in which way it is wrong; %FLASH_MISMATCH_NONE if nothing could be compared
 * @flash_reading: how reading the flash went
 * @option_reading: how reading the option bytes went
 * @rdp: what they say of read protection
 * @has_wrp: whether they say how sectors are write protected
 * @is_write_protected: whether a sector that did not take its bytes is
 * @was_blank: whether erasing was seen to have an effect; %FALSE if that was not looked at
 * @has_own_sectors: whether the map has sectors that only the loader may write
 * @was_other_port_tried: whether the user says that it is the same on another port, or behind a USB
 *   2.0 hub
 */
typedef struct {
  FlashLoaderKind loader;
  FlashMismatchKind mismatch;
  FlashReading flash_reading;
  FlashReading option_reading;
  FlashRdpLevel rdp;
  gboolean has_wrp;
  gboolean is_write_protected;
  gboolean was_blank;
  gboolean has_own_sectors;
  gboolean was_other_port_tried;
} FlashEvidence;

/**
 * FlashNextStep:
 * What can be offered.
 *
 * @FLASH_NEXT_NONE: nothing that this program can do
 * @FLASH_NEXT_RETRY: the same again, from a fresh start of the board
 * @FLASH_NEXT_RETRY_SLOWER: the same again in smaller blocks
 * @FLASH_NEXT_OTHER_PORT: another port, or a USB 2.0 hub
 * @FLASH_NEXT_LEAVE_OUT: the same without the parts in RAM
 * @FLASH_NEXT_UNPROTECT: removing the read protection, which erases everything; only on evidence
 * @FLASH_NEXT_OPTION_BYTES: looking at the option bytes
 * @FLASH_NEXT_REPLACE_LOADER: starting the ROM by BOOT0 instead of this boot loader
 */
typedef enum {
  FLASH_NEXT_NONE,
  FLASH_NEXT_RETRY,
  FLASH_NEXT_RETRY_SLOWER,
  FLASH_NEXT_OTHER_PORT,
  FLASH_NEXT_LEAVE_OUT,
  FLASH_NEXT_UNPROTECT,
  FLASH_NEXT_OPTION_BYTES,
  FLASH_NEXT_REPLACE_LOADER,
} FlashNextStep;

/* Returns: (transfer none): `none`, `retry`, `retry-slower`, `other-port`, `leave-out`,
 * `unprotect`, `option-bytes` or `replace-loader`. */
const char *flash_next_step_get_name (FlashNextStep step);

/**
 * FlashDiagnosis:
 * @code: static: stable code of the advice: `read-protected` (option bytes say so),
 *   `read-refused` (cause not certain: protection or a port that is too fast), `write-protected`,
 *   `loader-without-flash`, `erased-not-written`, `tail-not-written`, `block-not-written`,
 *   `written-elsewhere`, `scattered-differences`, `readings-differ`, `ram-not-flash`,
 *   `verify-mismatch`, and `cannot-read` where nothing was compared for another reason
 * @is_certain: whether the evidence allows no other cause
 * @next: what to offer first
 */
typedef struct {
  const char *code;
  gboolean is_certain;
  FlashNextStep next;
} FlashDiagnosis;

/**
 * flash_diagnose:
 *
 * Never offers %FLASH_NEXT_UNPROTECT unless the option bytes say that read protection is on, or
 * flash *and* option bytes refuse to be read, several times, *and* on another port too: a port that
 * is too fast refuses both as well (stm32-dfuse.md section 0.3, fact 8). Before that it offers
 * %FLASH_NEXT_OTHER_PORT (section 2.8, step 3 before step 4).
 *
 * Never says `verify-mismatch` where nothing was compared.
 *
 * Returns: the cause and the next step
 */
FlashDiagnosis flash_diagnose (const FlashEvidence *evidence);

G_END_DECLS
