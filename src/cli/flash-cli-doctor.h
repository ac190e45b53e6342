/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a doctor says, as words and as JSON. Thread: main. */
#pragma once

#include "flash-cli-world.h"
#include "flash-doctor.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * flash_cli_doctor_new:
 * @provider: where the board comes from
 *
 * Returns: (transfer full): a doctor that looks at the computer of @world
 */
FlashDoctor *
flash_cli_doctor_new (FlashCliWorld *world, FlashProvider *provider, FlashBoard *board);

/* Waits until @doctor has looked. */
void flash_cli_doctor_look (FlashDoctor *doctor);

/* Prints what is known of a board that is away: cause, steps, code; or what it may be, and what
 * would decide. */
void flash_cli_doctor_print (FlashDoctor *doctor);

/* Prints what @findings say in the same way. */
void flash_cli_doctor_print_findings (const FlashFindings *findings);

/* Returns: whether the doctor knows better why a job has ended than the engine's @code says. */
gboolean flash_cli_doctor_knows_better (FlashDoctor *doctor, const char *code);

/* Prints why a job has ended, on the standard error: what the doctor knows beyond @code. */
void flash_cli_doctor_print_failure (FlashDoctor *doctor, const char *code);

/* Prints the JSON event `diagnosis`. Public interface: names and meanings stay. */
void flash_cli_doctor_json (FlashDoctor *doctor);

/* Adds a member "steps": the remedy of @advice, step by step. */
void flash_cli_doctor_add_steps (JsonBuilder *builder, const FlashAdvice *advice);

/**
 * flash_cli_doctor_dup_steps:
 * @advice: an advice
 *
 * Returns: (transfer full): its remedy in the user's language, a numbered line for each step, or
 *   the only one without number
 */
char *flash_cli_doctor_dup_steps (const FlashAdvice *advice);

G_END_DECLS
