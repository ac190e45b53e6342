/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The doctor of one board: it collects what is known – what the job tells, what the port shows,
 * what this computer, its kernel and the console say – and has it judged (flash-findings.h), again
 * whenever something of it changes and at least once a second while a board is away.
 *
 * This computer is looked at in a thread of its own, so that nothing here waits.
 *
 * Signal: `changed`. Thread: main. */
#pragma once

#include "flash-console.h"
#include "flash-findings.h"
#include "flash-job.h"
#include "flash-report.h"

G_BEGIN_DECLS

#define FLASH_TYPE_DOCTOR (flash_doctor_get_type ())
G_DECLARE_FINAL_TYPE (FlashDoctor, flash_doctor, FLASH, DOCTOR, GObject)

/* After so much silence there is a diagnosis (users-and-journeys.md section 3, number 4). */
#define FLASH_DOCTOR_TELL_MS 5000

/**
 * flash_doctor_new:
 * @root: (nullable) (type filename): where this computer's file system begins, for tests. With it,
 * a virtual board counts as a real one of that computer: `virtual-7` stands on its port 1-7
 * @provider: where the board comes from
 * @board: the board
 */
FlashDoctor *flash_doctor_new (const char *root, FlashProvider *provider, FlashBoard *board);

/* Looks at this computer and the port once, for what would go wrong: the findings are of
 * %FLASH_MOMENT_BEFORE. `changed` follows. */
void flash_doctor_look (FlashDoctor *self);
/* Returns: whether a look is under way; `changed` may follow. */
gboolean flash_doctor_is_looking (FlashDoctor *self);

/* Returns: whether a job has failed, and the port was not looked at since: nothing is said before
 * that, and `changed` follows. */
gboolean flash_doctor_awaits_look (FlashDoctor *self);

/* Another enumeration of the board, or another board, is meant from now on. */
void flash_doctor_set_board (FlashDoctor *self, FlashBoard *board);

/**
 * flash_doctor_set_plan:
 * @plan: (nullable): the layout that is to be flashed, for what it costs and what it wants
 */
void flash_doctor_set_plan (FlashDoctor *self, FlashPlan *plan);

/* Returns: whether there is a layout to be flashed. */
gboolean flash_doctor_has_plan (FlashDoctor *self);

/**
 * flash_doctor_set_problems:
 * @problems: (nullable): what was found about the layout and its files
 */
void flash_doctor_set_problems (FlashDoctor *self, FlashDiagList *problems);

/* Follows a job on the board, from before flash_job_start () to its end; the findings are of
 * %FLASH_MOMENT_AWAY while the board is away, and of %FLASH_MOMENT_AFTER when it has failed. */
void flash_doctor_follow (FlashDoctor *self, FlashJob *job);

/* @console: (nullable): the serial console of the board. Its lines go into the time line. */
void flash_doctor_set_console (FlashDoctor *self, FlashConsole *console);

/* Somebody at the board has answered the question of the findings. */
void flash_doctor_observe (FlashDoctor *self, FlashObservation observation, FlashTri answer);

/* Returns: (transfer none): what it means. While a board is away: nothing before
 * %FLASH_DOCTOR_TELL_MS, unless something is proved; after a failure: nothing before the port was
 * looked at, see flash_doctor_awaits_look (). */
const FlashFindings *flash_doctor_get_findings (FlashDoctor *self);
/* Returns: (transfer none): what is known. */
const FlashSymptoms *flash_doctor_get_symptoms (FlashDoctor *self);
/* Returns: how long the port has shown what it shows, in milliseconds. */
guint flash_doctor_get_shown_ms (FlashDoctor *self);

/**
 * flash_doctor_prepare_async:
 * @cancellable: (nullable): stops it
 * @callback: called when it is done
 * @data: for @callback
 *
 * Makes the checksums of the plan's files, in a thread. Without it, a report says that they were
 * not made.
 */
void flash_doctor_prepare_async (FlashDoctor *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer data);
/* Returns: %TRUE, or %FALSE with @error set (%G_IO_ERROR_CANCELLED); a file that cannot be read is
 * told in the report. */
gboolean flash_doctor_prepare_finish (FlashDoctor *self, GAsyncResult *result, GError **error);

/**
 * flash_doctor_fill_report:
 * @report: gets sections `board`, `host`, `usb`, `job`, `plan`, `findings`, `versions`, the
 * layout's text, the console's, the log's, the time line, and all serial numbers as secrets
 */
void flash_doctor_fill_report (FlashDoctor *self, FlashReport *report);

/**
 * flash_doctor_fill_host_report:
 * @root: (nullable) (type filename): where this computer's file system begins
 * @report: gets sections `host`, `usb` and `versions`: of this computer, where no board is to be
 *   seen. Blocks for as long as reading some hundred small files takes
 */
void flash_doctor_fill_host_report (const char *root, FlashReport *report);

G_END_DECLS
