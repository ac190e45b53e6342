/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for jobs with a microcontroller. */
#define G_LOG_DOMAIN "flash-cli-job-mcu"

#include "config.h"

#include "flash-cli-columns.h"
#include "flash-cli-facts.h"
#include "flash-cli-job.h"
#include "flash-cli-mcu-json.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* As many wrong places are printed; the JSON event has more. */
#define MAX_RANGES 4

static const char *
get_step_text (FlashMcuStep step)
{
  switch (step) {
  case FLASH_MCU_STEP_CONNECT:
    return _ ("Connecting");
  case FLASH_MCU_STEP_COMPARE:
    return _ ("Reading what the chip holds");
  case FLASH_MCU_STEP_ERASE:
    return _ ("Erasing");
  case FLASH_MCU_STEP_WRITE:
    return _ ("Writing");
  case FLASH_MCU_STEP_VERIFY:
    return _ ("Reading back and comparing");
  case FLASH_MCU_STEP_READ:
    return _ ("Reading");
  case FLASH_MCU_STEP_OPTIONS:
    return _ ("Option bytes");
  case FLASH_MCU_STEP_UNPROTECT:
    return _ ("Removing the read protection");
  case FLASH_MCU_STEP_START:
    return _ ("Starting the program");
  case FLASH_MCU_N_STEPS:
    break;
  }
  g_return_val_if_reached ("");
}

static void
print_bytes (const char *what, const FlashEvent *event)
{
  const char *const words[] = { _ ("written"), _ ("verified"), NULL };
  g_autofree char *word = flash_cli_pad (what, (int) flash_cli_get_widest (words));
  g_autofree char *size = flash_text_size (event->bytes);

  g_print ("  %s  %10s  %5.1f s\n", word, size, event->duration_ms / 1000.0);
}

static void
print_event (FlashJob *job, const FlashEvent *event)
{
  switch (event->kind) {
  case FLASH_EVENT_STAGE:
    g_print (g_str_equal (event->stage, "runtime") ? _ ("The board runs its program: %s")
                                                   : _ ("The board runs its boot loader: %s"),
             event->message);
    g_print ("\n");
    break;
  case FLASH_EVENT_STEP:
    if (event->step != FLASH_MCU_STEP_CONNECT)
      g_print ("%s…\n", get_step_text ((FlashMcuStep) event->step));
    break;
  case FLASH_EVENT_WRITTEN:
    print_bytes (_ ("written"), event);
    break;
  case FLASH_EVENT_VERIFIED:
    print_bytes (_ ("verified"), event);
    break;
  case FLASH_EVENT_STARTED:
    g_print ("%s\n", _ ("The board left its boot loader."));
    break;
  case FLASH_EVENT_PARTITION:
  case FLASH_EVENT_DROPPED:
  case FLASH_EVENT_WARNING:
  case FLASH_EVENT_LOST:
  case FLASH_EVENT_RETURNED:
  case FLASH_EVENT_PAUSED:
  case FLASH_EVENT_RESUMED:
  case FLASH_EVENT_FAILED:
  case FLASH_EVENT_FINISHED:
    break;
  }
}

static const char *
get_state_text (FlashMcuState state)
{
  switch (state) {
  case FLASH_MCU_STATE_UNTOUCHED:
    return _ ("Nothing was changed; the chip is as it was.");
  case FLASH_MCU_STATE_LOADER:
    return _ ("The chip waits in its boot loader.");
  case FLASH_MCU_STATE_STARTED:
    return _ ("The chip was given over to its program.");
  case FLASH_MCU_STATE_NEEDS_RESET:
    return _ ("The program starts after a reset: release BOOT0 and reset the board, or plug it in "
              "again.");
  case FLASH_MCU_STATE_HALF:
    return _ ("The chip holds no program that would start. Flash it again; if it is not on the bus "
              "any more, hold BOOT0 while it is plugged in.");
  case FLASH_MCU_STATE_BLANK:
    return _ ("The chip is erased.");
  case FLASH_MCU_STATE_UNKNOWN:
    return _ ("It is not known what the chip holds now. Plug it in again, with BOOT0 held, and "
              "repeat the job.");
  }
  g_return_val_if_reached ("");
}

static const char *
get_next_text (FlashNextStep next)
{
  switch (next) {
  case FLASH_NEXT_NONE:
    return NULL;
  case FLASH_NEXT_RETRY:
    return _ ("Next: plug the board in again and repeat the job.");
  case FLASH_NEXT_RETRY_SLOWER:
    return _ ("Next: repeat the job with smaller blocks, --block-size 256.");
  case FLASH_NEXT_OTHER_PORT:
    return _ ("Next: use another USB port, or a USB 2.0 hub between computer and board.");
  case FLASH_NEXT_LEAVE_OUT:
    return _ ("Next: repeat the job with --leave-out, without what does not belong into flash.");
  case FLASH_NEXT_UNPROTECT:
    return _ ("Next: “flashwright-cli unprotect” removes the protection. It erases everything.");
  case FLASH_NEXT_OPTION_BYTES:
    return _ ("Next: “flashwright-cli options” shows which sectors are protected.");
  case FLASH_NEXT_REPLACE_LOADER:
    return _ ("Next: start the chip's own boot loader instead, with BOOT0 held at reset.");
  }
  g_return_val_if_reached (NULL);
}

static void
add_mismatch (FlashCliFacts *facts, const FlashMismatch *mismatch)
{
  g_autofree char *wrong = g_strdup_printf ("%" G_GUINT64_FORMAT, mismatch->n_wrong);
  g_autofree char *compared = g_strdup_printf ("%" G_GUINT64_FORMAT, mismatch->n_compared);

  if (mismatch->kind == FLASH_MISMATCH_NONE)
    return;
  /* TRANSLATORS: numbers of bytes, two addresses, a word that stays English */
  flash_cli_facts_add (facts, _ ("Wrong:    %1$s of %2$s bytes, from 0x%3$08x to 0x%4$08x (%5$s)"),
                       wrong, compared, mismatch->first, mismatch->last,
                       flash_mismatch_kind_get_name (mismatch->kind));
  for (guint i = 0; i < MIN (mismatch->n_ranges, MAX_RANGES); i++) {
    const FlashMismatchRange *range = &mismatch->ranges[i];

    flash_cli_facts_add_below (facts, _ ("          0x%08x, %u bytes: 0x%02x instead of 0x%02x"),
                               range->address, range->size, range->found, range->expected);
  }
}

static void
add_facts_of_writing (FlashCliFacts *facts, const FlashMcuResult *result)
{
  g_autofree char *written = flash_text_size (result->bytes_written);

  if (result->is_up_to_date)
    flash_cli_facts_add (facts, "%s",
                         _ ("Written:  nothing; the chip holds this firmware already"));
  else if (result->n_sectors == 0)
    flash_cli_facts_add (facts, _ ("Written:  %s"), written);
  else if (result->n_unchanged > 0)
    flash_cli_facts_add (
        facts, _ ("Written:  %u of %u sectors; the others hold the right bytes already"),
        result->is_written ? result->n_sectors - result->n_unchanged : 0, result->n_sectors);
  else
    flash_cli_facts_add (facts, _ ("Written:  %u of %u sectors"),
                         result->is_written ? result->n_sectors : 0, result->n_sectors);
  if (result->bytes_kept > 0) {
    g_autofree char *size = flash_text_size (result->bytes_kept);

    flash_cli_facts_add (facts, _ ("Kept:     %s of other data in the same sectors"), size);
  }
}

/* The facts, each on its own, and what to do now. */
static void
print_result (FlashJob *job)
{
  const FlashMcuJob *spec = flash_job_get_mcu_job (job);
  const FlashMcuResult *result = flash_job_get_mcu_result (job);
  g_autoptr (FlashCliFacts) facts = flash_cli_facts_new (_ ("Verified: yes"));
  const char *next = result->has_diagnosis ? get_next_text (result->diagnosis.next) : NULL;

  if (spec->verb == FLASH_MCU_READ)
    return;
  if (spec->verb == FLASH_MCU_PROGRAM)
    add_facts_of_writing (facts, result);
  if (spec->verb == FLASH_MCU_ERASE)
    flash_cli_facts_add (facts,
                         result->is_verified ? _ ("Erased:   %u of %u sectors")
                                             : _ ("Erased:   %u of %u sectors, says the board"),
                         result->n_erased, result->n_sectors);
  if (spec->verb == FLASH_MCU_PROGRAM || spec->verb == FLASH_MCU_ERASE)
    flash_cli_facts_add (facts, "%s",
                         result->is_verified ? _ ("Verified: yes")
                         : spec->verifies || spec->verb == FLASH_MCU_ERASE
                             ? _ ("Verified: no")
                             : _ ("Verified: not asked "
                                  "for"));
  if (spec->verb == FLASH_MCU_PROGRAM || spec->verb == FLASH_MCU_LEAVE)
    flash_cli_facts_add (facts, "%s",
                         result->is_started ? _ ("Started:  yes") : _ ("Started:  no"));
  add_mismatch (facts, &result->mismatch);
  g_print ("\n");
  flash_cli_facts_print (facts);
  g_print ("%s\n", get_state_text (result->state));
  if (next != NULL)
    g_print ("%s\n", next);
}

static char *
dup_progress (FlashJob *job)
{
  const FlashSnapshot *snapshot = flash_job_get_snapshot (job);

  if (snapshot->step < 0)
    return g_strdup ("");
  /* An address means something while bytes are on their way. */
  if (snapshot->address == 0 || snapshot->step == FLASH_MCU_STEP_CONNECT ||
      snapshot->step == FLASH_MCU_STEP_START)
    return g_strdup (get_step_text ((FlashMcuStep) snapshot->step));
  return g_strdup_printf ("%s 0x%08x", get_step_text ((FlashMcuStep) snapshot->step),
                          snapshot->address);
}

/* What was asked for cannot be done so; nothing was sent. */
static gboolean
is_input_error (FlashJobError code)
{
  static const FlashJobError codes[] = {
    FLASH_JOB_ERROR_FILE_CHANGED,      FLASH_JOB_ERROR_FILE_UNREADABLE,
    FLASH_JOB_ERROR_FIRMWARE_REFUSED,  FLASH_JOB_ERROR_JOURNAL_OF_OTHER_CONTENT,
    FLASH_JOB_ERROR_NOT_PROTECTED,     FLASH_JOB_ERROR_OPTIONS_CHANGED,
    FLASH_JOB_ERROR_OUTSIDE_MEMORY,    FLASH_JOB_ERROR_SECTOR_SHARED,
    FLASH_JOB_ERROR_SECTORS_ARE_WHOLE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i] == code)
      return TRUE;
  return FALSE;
}

static FlashCliExit
get_exit (FlashJob *job)
{
  const GError *error = flash_job_get_error (job);
  const FlashMcuResult *result = flash_job_get_mcu_result (job);

  if (result->mismatch.kind != FLASH_MISMATCH_NONE ||
      g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH))
    return FLASH_CLI_DIFFERENT;
  if (result->state != FLASH_MCU_STATE_UNTOUCHED || error->domain != FLASH_JOB_ERROR)
    return FLASH_CLI_FAILED;
  if (error->code == FLASH_JOB_ERROR_NO_PERMISSION || error->code == FLASH_JOB_ERROR_BUSY)
    return FLASH_CLI_NO_BOARD;
  return is_input_error ((FlashJobError) error->code) ? FLASH_CLI_INPUT : FLASH_CLI_FAILED;
}

const FlashCliJobFace flash_cli_job_mcu_face = {
  .print_event = print_event,
  .print_result = print_result,
  .dup_progress = dup_progress,
  .get_exit = get_exit,
  .add_plan = flash_cli_mcu_json_plan,
  .add_step = flash_cli_mcu_json_step,
  .add_result = flash_cli_mcu_json_result,
  .left_at_once =
      N_ ("Left at once, without a word from the board. Plug it in again with BOOT0 held "
          "before it is flashed again."),
};
