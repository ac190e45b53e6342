/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a job stands still until somebody decides: the board did not return in time, it came back
 * in its ROM, or its cable was pulled. The worker asks, and goes on watching the port meanwhile;
 * the main thread answers. A job without a gate fails instead of asking.
 *
 * Thread: any; it has a lock of its own. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * FlashJobQuestion:
 * @FLASH_JOB_QUESTION_NONE: the job goes on by itself
 * @FLASH_JOB_QUESTION_PATIENCE: the board did not return in time; wait on? If it returns meanwhile,
 *   the job goes on by itself
 * @FLASH_JOB_QUESTION_ROM: the board restarted into its ROM; begin again with the first stage?
 *   Partitions that it has confirmed are not sent again
 * @FLASH_JOB_QUESTION_GONE: the board left in the middle of a transfer; go on when it is there
 *   again? It is answered before or after that
 */
typedef enum {
  FLASH_JOB_QUESTION_NONE,
  FLASH_JOB_QUESTION_PATIENCE,
  FLASH_JOB_QUESTION_ROM,
  FLASH_JOB_QUESTION_GONE,
} FlashJobQuestion;

/* Returns: (transfer none): `none`, `patience`, `rom` or `gone`. */
const char *flash_job_question_get_name (FlashJobQuestion question);

/**
 * FlashJobAnswer:
 * @FLASH_JOB_ANSWER_NONE: not yet
 * @FLASH_JOB_ANSWER_GO_ON: yes
 * @FLASH_JOB_ANSWER_GIVE_UP: no: the job ends with the error that led to the question
 */
typedef enum {
  FLASH_JOB_ANSWER_NONE,
  FLASH_JOB_ANSWER_GO_ON,
  FLASH_JOB_ANSWER_GIVE_UP,
} FlashJobAnswer;

typedef struct _FlashJobGate FlashJobGate;

FlashJobGate *flash_job_gate_new (void);
FlashJobGate *flash_job_gate_ref (FlashJobGate *self);
void flash_job_gate_unref (FlashJobGate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashJobGate, flash_job_gate_unref)

/* Opens a question; the answer to the one before is forgotten. %FLASH_JOB_QUESTION_NONE takes it
 * back. Thread: worker. */
void flash_job_gate_ask (FlashJobGate *self, FlashJobQuestion question);
/* Returns: the question that is open. */
FlashJobQuestion flash_job_gate_get_question (FlashJobGate *self);
/* Answers @question, if that is the one which is open: an answer that comes too late is none to the
 * next question. Thread: main. */
void flash_job_gate_answer (FlashJobGate *self, FlashJobQuestion question, FlashJobAnswer answer);
/* Returns: the answer to the open question. Thread: worker. */
FlashJobAnswer flash_job_gate_get_answer (FlashJobGate *self);

/**
 * flash_job_gate_move:
 * @port: the port path on which the board stands now, because the user says so
 *
 * A job that waits for its board follows it there, at its next look; serial number and chip must be
 * the same still. Until that is proved, the port on which it was is looked at too. Once the board
 * is back, what was said before is forgotten. Thread: main.
 */
void flash_job_gate_move (FlashJobGate *self, const char *port);
/* Returns: (transfer full) (nullable): the port to go on with, each told once. Thread: worker. */
char *flash_job_gate_take_port (FlashJobGate *self);

G_END_DECLS
