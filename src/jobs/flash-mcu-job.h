/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing to do with one microcontroller, and what came of it: programming, reading, erasing,
 * option bytes, protection, leaving. Thread: any one for a result; what a job refers to does not
 * change. */
#pragma once

#include "flash-clock.h"
#include "flash-firmware-plan.h"
#include "flash-firmware-work.h"
#include "flash-mismatch.h"
#include "flash-provider.h"

G_BEGIN_DECLS

/**
 * FlashMcuVerb:
 * @FLASH_MCU_PROGRAM: compare, erase, write, verify, start
 * @FLASH_MCU_COMPARE: read and compare with the image; nothing is changed
 * @FLASH_MCU_READ: read a range
 * @FLASH_MCU_ERASE: erase the sectors of a range, or everything; verified by reading back
 * @FLASH_MCU_WRITE_OPTIONS: write the option bytes, follow the reset, read them back
 * @FLASH_MCU_UNPROTECT: remove the read protection, which erases everything on the chip
 * @FLASH_MCU_LEAVE: start the program
 * @FLASH_MCU_DETACH: bring a program with a run-time DFU interface into its boot loader
 */
typedef enum {
  FLASH_MCU_PROGRAM,
  FLASH_MCU_COMPARE,
  FLASH_MCU_READ,
  FLASH_MCU_ERASE,
  FLASH_MCU_WRITE_OPTIONS,
  FLASH_MCU_UNPROTECT,
  FLASH_MCU_LEAVE,
  FLASH_MCU_DETACH,
} FlashMcuVerb;

/* Returns: (transfer none): `program`, `compare`, `read`, `erase`, `write-options`, `unprotect`,
 * `leave` or `detach`. */
const char *flash_mcu_verb_get_name (FlashMcuVerb verb);

/**
 * FlashMcuChanged:
 * Whether sectors that hold the right bytes already are left as they are.
 *
 * @FLASH_MCU_CHANGED_AUTO: yes, where the board can be read
 * @FLASH_MCU_CHANGED_ONLY: yes; an error where it cannot
 * @FLASH_MCU_CHANGED_ALL: no, all of them are erased and written
 */
typedef enum {
  FLASH_MCU_CHANGED_AUTO,
  FLASH_MCU_CHANGED_ONLY,
  FLASH_MCU_CHANGED_ALL,
} FlashMcuChanged;

/**
 * FlashMcuShared:
 * What to do about sectors that the image covers only partly, and that hold more than erased bytes
 * beside it.
 *
 * @FLASH_MCU_SHARED_ASK: end with %FLASH_JOB_ERROR_SECTOR_SHARED before anything is erased
 * @FLASH_MCU_SHARED_KEEP: read, merge, write back
 * @FLASH_MCU_SHARED_ERASE: they are lost
 */
typedef enum {
  FLASH_MCU_SHARED_ASK,
  FLASH_MCU_SHARED_KEEP,
  FLASH_MCU_SHARED_ERASE,
} FlashMcuShared;

/**
 * FlashMcuSaved:
 * What to do about bytes that an interrupted update has saved, where the chip holds others now: it
 * was written by somebody else since, or it is another board on the same port.
 *
 * @FLASH_MCU_SAVED_ASK: end with %FLASH_JOB_ERROR_JOURNAL_OF_OTHER_CONTENT before anything is
 * erased
 * @FLASH_MCU_SAVED_FORGET: what the chip holds counts; what was saved is forgotten
 * @FLASH_MCU_SAVED_RESTORE: what was saved is written back, over what the chip holds
 */
typedef enum {
  FLASH_MCU_SAVED_ASK,
  FLASH_MCU_SAVED_FORGET,
  FLASH_MCU_SAVED_RESTORE,
} FlashMcuSaved;

/**
 * FlashMcuJob:
 * @verb: what to do
 * @provider: where the board comes from
 * @board: the board: in its boot loader, or with a run-time DFU interface, which is detached first
 * @clock: real, or virtual in tests
 * @image: (nullable): PROGRAM, COMPARE: the firmware
 * @firmware_options: PROGRAM, COMPARE
 * @changed: PROGRAM
 * @shared: PROGRAM; ERASE: whether bytes beside the range are lost: there is no KEEP, it is as ASK
 * @saved: PROGRAM; has no effect with %FLASH_MCU_SHARED_ERASE: neighbours are lost then anyway
 * @verifies: PROGRAM: whether to read back; %FALSE only if the user insists
 * @starts: PROGRAM: whether to leave the boot loader afterwards
 * @journal_folder: (nullable) (type filename): PROGRAM: what is saved there outlives a power cut;
 * %NULL keeps nothing. ERASE, UNPROTECT: what has been erased on purpose is forgotten there; else
 * the next PROGRAM would bring back what an interrupted one has saved of it
 * @was_other_port_tried: whether the user says that it is the same on another port, or behind a USB
 *   2.0 hub: evidence when the board refuses to be read
 * @block_size: 0, or a smaller block than the board's own, in bytes, for a doubtful link
 * @alternate: READ: the alternate setting; -1: the one that holds @address
 * @address: READ, ERASE, LEAVE: first address; LEAVE: of the vector table
 * @length: READ, ERASE: bytes; 0: to the end of the memory at @address
 * @is_everything: ERASE: the whole flash, by mass erase where the board can
 * @option_bytes: (nullable): WRITE_OPTIONS: the whole area as it shall be
 * @option_before: (nullable): WRITE_OPTIONS: as it was when the user decided; the job ends with
 *   %FLASH_JOB_ERROR_OPTIONS_CHANGED if it is another one now
 */
typedef struct {
  FlashMcuVerb verb;
  FlashProvider *provider;
  FlashBoard *board;
  FlashClock *clock;
  FlashImage *image;
  FlashFirmwareOptions firmware_options;
  FlashMcuChanged changed;
  FlashMcuShared shared;
  FlashMcuSaved saved;
  gboolean verifies;
  gboolean starts;
  const char *journal_folder;
  gboolean was_other_port_tried;
  gsize block_size;
  gint alternate;
  guint32 address;
  guint64 length;
  gboolean is_everything;
  GBytes *option_bytes;
  GBytes *option_before;
} FlashMcuJob;

/* Makes @self a copy of @other with references of its own. */
void flash_mcu_job_copy (FlashMcuJob *self, const FlashMcuJob *other);
void flash_mcu_job_clear (FlashMcuJob *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashMcuJob, flash_mcu_job_clear)

/**
 * FlashMcuStep:
 * The steps of a job, in order; `step` of events and snapshots. Which of them a job has, says
 * flash_mcu_job_has_step ().
 */
typedef enum {
  FLASH_MCU_STEP_CONNECT,
  FLASH_MCU_STEP_COMPARE, /* reading what is there */
  FLASH_MCU_STEP_ERASE,
  FLASH_MCU_STEP_WRITE,
  FLASH_MCU_STEP_VERIFY,
  FLASH_MCU_STEP_READ,
  FLASH_MCU_STEP_OPTIONS,
  FLASH_MCU_STEP_UNPROTECT,
  FLASH_MCU_STEP_START,
  FLASH_MCU_N_STEPS,
} FlashMcuStep;

/* Returns: (transfer none): `connect`, `compare`, `erase`, `write`, `verify`, `read`, `options`,
 * `unprotect` or `start`. */
const char *flash_mcu_step_get_name (FlashMcuStep step);
/* Returns: whether a job with that verb and these wishes may have that step; whether it is needed
 * is seen on the way. */
gboolean flash_mcu_job_has_step (const FlashMcuJob *self, FlashMcuStep step);

/**
 * FlashMcuState:
 * In which state the chip is left.
 *
 * @FLASH_MCU_STATE_UNTOUCHED: nothing was changed; it is as it was
 * @FLASH_MCU_STATE_LOADER: all is done; it stays in its boot loader
 * @FLASH_MCU_STATE_STARTED: all is done; it left its boot loader
 * @FLASH_MCU_STATE_NEEDS_RESET: all is done; the program starts after a reset
 * @FLASH_MCU_STATE_HALF: some sectors are erased or old: it holds no program that would start
 *   before the job is repeated
 * @FLASH_MCU_STATE_BLANK: everything on it is erased
 * @FLASH_MCU_STATE_UNKNOWN: it went away in the middle of it
 */
typedef enum {
  FLASH_MCU_STATE_UNTOUCHED,
  FLASH_MCU_STATE_LOADER,
  FLASH_MCU_STATE_STARTED,
  FLASH_MCU_STATE_NEEDS_RESET,
  FLASH_MCU_STATE_HALF,
  FLASH_MCU_STATE_BLANK,
  FLASH_MCU_STATE_UNKNOWN,
} FlashMcuState;

/* Returns: (transfer none): `untouched`, `loader`, `started`, `needs-reset`, `half`, `blank` or
 * `unknown`. */
const char *flash_mcu_state_get_name (FlashMcuState state);

/**
 * FlashMcuResult:
 * Facts, each only on evidence from the device.
 *
 * @is_written: everything that was to be changed was acknowledged
 * @is_verified: everything was read back and is right; also when nothing had to be changed
 * @is_started: the board was seen to leave its boot loader after it was told to
 * @is_up_to_date: PROGRAM: the chip held everything already
 * @n_sectors: PROGRAM, ERASE: sectors that it was about
 * @n_erased: sectors erased
 * @n_unchanged: sectors left as they were
 * @bytes_written: bytes acknowledged
 * @bytes_verified: bytes read back and right
 * @bytes_kept: neighbours that were written back
 * @has_guess: whether @guess is filled: the board was opened
 * @guess: what the board said it is
 * @plan: (nullable): PROGRAM, COMPARE: the plan
 * @mismatch: PROGRAM, COMPARE, ERASE: what is not as it should be
 * @has_diagnosis: whether @diagnosis is filled
 * @diagnosis: why
 * @rdp: read protection, as far as it was seen
 * @content: (nullable): READ: what was read
 * @content_address: READ: where it begins
 * @option_bytes: (nullable): WRITE_OPTIONS: as they are afterwards
 * @state: in which state the chip is left
 * @duration_ms: how long the job took
 */
typedef struct {
  gboolean is_written;
  gboolean is_verified;
  gboolean is_started;
  gboolean is_up_to_date;
  guint n_sectors;
  guint n_erased;
  guint n_unchanged;
  guint64 bytes_written;
  guint64 bytes_verified;
  guint64 bytes_kept;
  gboolean has_guess;
  FlashChipGuess guess;
  FlashFirmwarePlan *plan;
  FlashMismatch mismatch;
  gboolean has_diagnosis;
  FlashDiagnosis diagnosis;
  FlashRdpLevel rdp;
  GBytes *content;
  guint32 content_address;
  GBytes *option_bytes;
  FlashMcuState state;
  guint64 duration_ms;
} FlashMcuResult;

void flash_mcu_result_clear (FlashMcuResult *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlashMcuResult, flash_mcu_result_clear)

G_END_DECLS
