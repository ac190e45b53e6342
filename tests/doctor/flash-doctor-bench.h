/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A doctor beside a real job on a virtual board, by a virtual clock: what it says, and when. */
#pragma once

#include "flash-doctor-private.h"

#include "flash-mcu-bench.h"
#include "flash-mp-bench.h"

G_BEGIN_DECLS

/**
 * FlashDoctorOutcome:
 * @ok: whether the job says that it succeeded
 * @is_right: whether the memories hold what was to be written
 * @error: static (nullable): the engine's word for its end
 * @was_away: whether a diagnosis was made while the board was away
 * @away: the last one of those
 * @told_ms: after how long away the first of them was told
 * @after: the diagnosis at the end
 * @too_late: whether the board was away for longer than %FLASH_DOCTOR_TELL_MS without a diagnosis
 */
typedef struct {
  gboolean ok;
  gboolean is_right;
  const char *error;
  gboolean was_away;
  FlashFindings away;
  guint told_ms;
  FlashFindings after;
  gboolean too_late;
} FlashDoctorOutcome;

/**
 * FlashDoctorScene:
 * @root: (nullable): where the computer's file system begins
 * @layout_dir: a folder with `layout.tsv`; of a layout
 * @model: `stm32mp157` and the like
 * @fault: (nullable): the value of `fault=`
 * @lost: (nullable): what else happens to the computer when the board is lost; @port is the board's
 */
typedef struct {
  const char *root;
  const char *layout_dir;
  const char *model;
  const char *fault;
  void (*lost) (const char *root, const char *port, const char *serial);
} FlashDoctorScene;

/* Flashes a layout and reads it back. */
void flash_doctor_bench_run_mp (const FlashDoctorScene *scene, FlashDoctorOutcome *out_outcome);
/* Flashes a firmware onto a microcontroller and reads it back. */
void flash_doctor_bench_run_mcu (const FlashDoctorScene *scene, FlashDoctorOutcome *out_outcome);

/* Returns: (transfer full): a folder with a layout that erases, for @model. */
char *flash_doctor_bench_make_layout (const char *model);

/* Returns: (transfer full): a computer that is no virtual machine and on which nothing is wrong. */
char *flash_doctor_bench_make_root (void);

/* Writes a file below @root, with its folders. */
void flash_doctor_bench_write (const char *root, const char *path, const char *text);

/* Returns: (transfer full): certainty, code, candidates, question, in a line. */
char *flash_doctor_bench_describe (const FlashFindings *findings);

G_END_DECLS
