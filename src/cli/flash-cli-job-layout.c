/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words for jobs with a layout. */
#define G_LOG_DOMAIN "flash-cli-job-layout"

#include "config.h"

#include "flash-cli-columns.h"
#include "flash-cli-diag.h"
#include "flash-cli-facts.h"
#include "flash-cli-job.h"
#include "flash-cli-json.h"
#include "flash-text.h"

#include <glib/gi18n.h>

/* Columns; a name that is longer moves the rest of its line. */
#define NAME_WIDTH 16

static const char *
get_stage_text (const char *stage)
{
  if (g_str_equal (stage, "rom"))
    return _ ("its ROM");
  if (g_str_equal (stage, "tf-a"))
    return _ ("TF-A, the first boot stage");
  return _ ("U-Boot");
}

static void
print_step (FlashJob *job, const char *what, const FlashEvent *event)
{
  const FlashPlanStep *step = flash_plan_get_step (flash_job_get_plan (job), (guint) event->step);
  const char *const words[] = { _ ("written"), _ ("dropped"), _ ("verified"), NULL };
  g_autofree char *word = flash_cli_pad (what, (int) flash_cli_get_widest (words));
  g_autofree char *safe = flash_cli_dup_safe (step->name);
  g_autofree char *name = flash_cli_pad (safe, NAME_WIDTH);
  g_autofree char *size = flash_text_size (event->bytes);

  g_print ("  %s  0x%02x  %s %10s  %5.1f s\n", word, step->id, name, size,
           event->duration_ms / 1000.0);
}

static void
print_event (FlashJob *job, const FlashEvent *event)
{
  switch (event->kind) {
  case FLASH_EVENT_STAGE:
    g_print (_ ("The board runs %s: %s"), get_stage_text (event->stage), event->message);
    g_print ("\n");
    break;
  case FLASH_EVENT_WRITTEN:
    print_step (job, _ ("written"), event);
    break;
  case FLASH_EVENT_DROPPED:
    /* TRANSLATORS: of an image that was written and has to be written again */
    print_step (job, _ ("dropped"), event);
    break;
  case FLASH_EVENT_VERIFIED:
    print_step (job, _ ("verified"), event);
    break;
  case FLASH_EVENT_STARTED:
    g_print ("%s\n", _ ("The board started what it was given."));
    break;
  case FLASH_EVENT_LOST:
  case FLASH_EVENT_RETURNED:
  case FLASH_EVENT_PAUSED:
  case FLASH_EVENT_RESUMED:
  case FLASH_EVENT_WARNING:
  case FLASH_EVENT_FAILED:
  case FLASH_EVENT_STEP:
  case FLASH_EVENT_PARTITION:
  case FLASH_EVENT_FINISHED:
    break;
  }
}

static const char *
get_state_text (FlashBoardState state)
{
  switch (state) {
  case FLASH_BOARD_UNTOUCHED:
    return _ ("Nothing was sent; the board is as it was.");
  case FLASH_BOARD_FINISHED:
    return _ ("The board waits in U-Boot. Set its boot switches to the storage and reset it.");
  case FLASH_BOARD_STARTED:
    return _ ("The board was given over to what it runs now.");
  case FLASH_BOARD_NEEDS_RESET:
    return _ ("The board needs a reset into serial boot before it can be flashed again.");
  case FLASH_BOARD_AWAY:
    return _ ("The board is not on the bus.");
  }
  g_return_val_if_reached ("");
}

/* Tells how much of what the job is for was written: partitions, or else the boot stages. */
static void
add_facts_of_writing (FlashCliFacts *facts, FlashJob *job)
{
  FlashPlan *plan = flash_job_get_plan (job);
  const FlashResult *result = flash_job_get_result (job);
  gboolean has_partitions = flash_plan_has_partitions (plan);
  FlashPlanKind kind = has_partitions ? FLASH_PLAN_PARTITION : FLASH_PLAN_BOOT;
  guint n_written = 0, n_total = 0;

  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    if (flash_plan_get_step (plan, i)->kind != kind)
      continue;
    n_written += flash_result_is_written (result, i);
    n_total++;
  }
  flash_cli_facts_add (facts,
                       has_partitions ? _ ("Written:  %u of %u partitions")
                                      : _ ("Written:  %u of %u boot stages"),
                       n_written, n_total);
}

/* The three facts, each on its own, and what to do now. */
static void
print_result (FlashJob *job)
{
  FlashPlan *plan = flash_job_get_plan (job);
  const FlashResult *result = flash_job_get_result (job);
  g_autoptr (FlashCliFacts) facts = flash_cli_facts_new (_ ("Verified: yes"));

  add_facts_of_writing (facts, job);
  flash_cli_facts_add (facts, "%s",
                       flash_result_is_all_verified (result, plan) ? _ ("Verified: yes")
                       : flash_job_is_verifying (job)              ? _ ("Verified: no")
                                                                   : _ ("Verified: not asked for"));
  flash_cli_facts_add (facts, "%s", result->started ? _ ("Started:  yes") : _ ("Started:  no"));
  if (result->partial_step >= 0) {
    const FlashPlanStep *step = flash_plan_get_step (plan, (guint) result->partial_step);
    g_autofree char *name = flash_cli_dup_safe (step->name);
    g_autofree char *bytes = flash_text_size (result->partial_bytes);
    g_autofree char *size = flash_text_size (step->size);

    flash_cli_facts_add (facts, _ ("Partly:   %s, %s of %s were sent"), name, bytes, size);
  }
  g_print ("\n");
  flash_cli_facts_print (facts);
  g_print ("%s\n", get_state_text (result->board_state));
}

static char *
dup_progress (FlashJob *job)
{
  const FlashSnapshot *snapshot = flash_job_get_snapshot (job);

  if (snapshot->step < 0)
    return g_strdup ("");
  return flash_cli_dup_safe (
      flash_plan_get_step (flash_job_get_plan (job), (guint) snapshot->step)->name);
}

static FlashCliExit
get_exit (FlashJob *job)
{
  const GError *error = flash_job_get_error (job);
  const FlashResult *result = flash_job_get_result (job);

  if (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_VERIFY_MISMATCH))
    return FLASH_CLI_DIFFERENT;
  if (result->board_state == FLASH_BOARD_UNTOUCHED &&
      (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_NO_PERMISSION) ||
       g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_BUSY)))
    return FLASH_CLI_NO_BOARD;
  if (result->board_state == FLASH_BOARD_UNTOUCHED &&
      (g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FILE_CHANGED) ||
       g_error_matches (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_FILE_UNREADABLE)))
    return FLASH_CLI_INPUT;
  return FLASH_CLI_FAILED;
}

/* --- JSON ---------------------------------------------------------------------------------------
 */

static void
add_plan_step (JsonBuilder *builder, const FlashPlanStep *step)
{
  flash_cli_json_add_text (builder, "kind", flash_plan_kind_get_name (step->kind));
  flash_cli_json_add_number (builder, "id", step->id);
  flash_cli_json_add_text (builder, "name", step->name);
  if (step->row != NULL)
    flash_cli_json_add_text (builder, "ip", flash_layout_row_get_ip_name (step->row));
  flash_cli_json_add_number (builder, "size", step->size);
}

static void
add_extents (JsonBuilder *builder, const FlashPlanStep *step)
{
  json_builder_set_member_name (builder, "extents");
  json_builder_begin_array (builder);
  for (guint i = 0; i < step->extents->len; i++) {
    const FlashExtent *extent = &g_array_index (step->extents, FlashExtent, i);

    json_builder_begin_object (builder);
    flash_cli_json_add_number (builder, "offset", extent->target_offset);
    flash_cli_json_add_number (builder, "length", extent->length);
    flash_cli_json_add_text (builder, "source", flash_source_get_name (extent->source));
    flash_cli_json_add_number (builder, "source_offset", extent->source_offset);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_plan (JsonBuilder *builder, FlashJob *job)
{
  FlashPlan *plan = flash_job_get_plan (job);

  flash_cli_json_add_number (builder, "bytes", flash_plan_get_size (plan));
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    json_builder_begin_object (builder);
    add_plan_step (builder, flash_plan_get_step (plan, i));
    add_extents (builder, flash_plan_get_step (plan, i));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_step (JsonBuilder *builder, FlashJob *job, guint step)
{
  add_plan_step (builder, flash_plan_get_step (flash_job_get_plan (job), step));
}

static void
add_written (JsonBuilder *builder, FlashJob *job)
{
  const FlashResult *result = flash_job_get_result (job);
  FlashPlan *plan = flash_job_get_plan (job);

  json_builder_set_member_name (builder, "written");
  json_builder_begin_array (builder);
  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    if (!flash_result_is_written (result, i))
      continue;
    json_builder_begin_object (builder);
    add_plan_step (builder, flash_plan_get_step (plan, i));
    flash_cli_json_add_flag (builder, "verified", flash_result_is_verified (result, i));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  if (result->partial_step >= 0) {
    json_builder_set_member_name (builder, "partial");
    json_builder_begin_object (builder);
    add_plan_step (builder, flash_plan_get_step (plan, (guint) result->partial_step));
    flash_cli_json_add_number (builder, "bytes", result->partial_bytes);
    json_builder_end_object (builder);
  }
}

static void
add_result (JsonBuilder *builder, FlashJob *job)
{
  const FlashResult *result = flash_job_get_result (job);
  FlashPlan *plan = flash_job_get_plan (job);

  flash_cli_json_add_flag (builder, "all_written", flash_result_is_all_written (result, plan));
  flash_cli_json_add_flag (builder, "all_verified", flash_result_is_all_verified (result, plan));
  flash_cli_json_add_flag (builder, "started", result->started);
  flash_cli_json_add_text (builder, "board_state",
                           flash_board_state_get_name (result->board_state));
  add_written (builder, job);
}

const FlashCliJobFace flash_cli_job_layout_face = {
  .print_event = print_event,
  .print_result = print_result,
  .dup_progress = dup_progress,
  .get_exit = get_exit,
  .add_plan = add_plan,
  .add_step = add_step,
  .add_result = add_result,
  .left_at_once = N_ ("Left at once, without a word from the board. Reset it into serial boot "
                      "before it is flashed again."),
};
