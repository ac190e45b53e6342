/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON events of a job. Public interface: names and meanings stay. */
#define G_LOG_DOMAIN "flash-cli-job-json"

#include "config.h"

#include "flash-cli-job.h"
#include "flash-cli-json.h"

static JsonBuilder *
begin (const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  flash_cli_json_add_text (builder, "event", event);
  return builder;
}

static void
end (JsonBuilder *builder)
{
  json_builder_end_object (builder);
  flash_cli_json_print (builder);
}

static void
add_step (JsonBuilder *builder, const FlashPlanStep *step)
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

void
flash_cli_job_json_plan (FlashJob *job)
{
  FlashPlan *plan = flash_job_get_plan (job);
  g_autoptr (JsonBuilder) builder = begin ("plan");

  flash_cli_json_add_text (builder, "board", flash_board_get_id (flash_job_get_board (job)));
  flash_cli_json_add_number (builder, "bytes", flash_plan_get_size (plan));
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < flash_plan_get_n_steps (plan); i++) {
    json_builder_begin_object (builder);
    add_step (builder, flash_plan_get_step (plan, i));
    add_extents (builder, flash_plan_get_step (plan, i));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  end (builder);
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
    add_step (builder, flash_plan_get_step (plan, i));
    flash_cli_json_add_flag (builder, "verified", flash_result_is_verified (result, i));
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  if (result->partial_step >= 0) {
    json_builder_set_member_name (builder, "partial");
    json_builder_begin_object (builder);
    add_step (builder, flash_plan_get_step (plan, (guint) result->partial_step));
    flash_cli_json_add_number (builder, "bytes", result->partial_bytes);
    json_builder_end_object (builder);
  }
}

/* Written, verified and started are three facts, each with its own evidence. */
static void
add_facts (JsonBuilder *builder, FlashJob *job)
{
  const FlashResult *result = flash_job_get_result (job);

  flash_cli_json_add_text (builder, "result",
                           flash_job_get_error (job) == NULL                   ? "done"
                           : flash_cli_job_get_exit (job) == FLASH_CLI_STOPPED ? "stopped"
                                                                               : "failed");
  flash_cli_json_add_flag (builder, "all_written",
                           flash_result_is_all_written (result, flash_job_get_plan (job)));
  flash_cli_json_add_flag (builder, "all_verified",
                           flash_result_is_all_verified (result, flash_job_get_plan (job)));
  flash_cli_json_add_flag (builder, "started", result->started);
  flash_cli_json_add_text (builder, "board_state",
                           flash_board_state_get_name (result->board_state));
  flash_cli_json_add_number (builder, "exit_code", flash_cli_job_get_exit (job));
}

void
flash_cli_job_json_event (FlashJob *job, const FlashEvent *event)
{
  g_autoptr (JsonBuilder) builder = begin (flash_event_kind_get_name (event->kind));

  if (event->step >= 0)
    add_step (builder, flash_plan_get_step (flash_job_get_plan (job), (guint) event->step));
  if (event->stage != NULL)
    flash_cli_json_add_text (builder, "stage", event->stage);
  if (event->code != NULL)
    flash_cli_json_add_text (builder, "code", event->code);
  if (event->message != NULL)
    flash_cli_json_add_text (builder, "message", event->message);
  if (event->device_text != NULL)
    flash_cli_json_add_text (builder, "device_text", event->device_text);
  if (event->code != NULL)
    flash_cli_json_add_advice (builder, event->code);
  flash_cli_json_add_number (builder, "duration_ms", event->duration_ms);
  if (event->kind == FLASH_EVENT_FINISHED) {
    add_facts (builder, job);
    add_written (builder, job);
  }
  end (builder);
}

void
flash_cli_job_json_progress (FlashJob *job)
{
  const FlashSnapshot *snapshot = flash_job_get_snapshot (job);
  g_autoptr (JsonBuilder) builder = begin ("progress");
  guint seconds_left;

  flash_cli_json_add_text (builder, "activity", flash_activity_get_name (snapshot->activity));
  json_builder_set_member_name (builder, "fraction");
  json_builder_add_double_value (builder, snapshot->fraction);
  flash_cli_json_add_number (builder, "bytes", snapshot->bytes_done);
  flash_cli_json_add_number (builder, "total", snapshot->bytes_total);
  if (snapshot->step >= 0)
    add_step (builder, flash_plan_get_step (flash_job_get_plan (job), (guint) snapshot->step));
  if (flash_job_get_rate (job) > 0)
    flash_cli_json_add_number (builder, "rate", flash_job_get_rate (job));
  if (flash_job_get_seconds_left (job, &seconds_left))
    flash_cli_json_add_number (builder, "seconds_left", seconds_left);
  if (snapshot->activity == FLASH_ACTIVITY_WAITING) {
    flash_cli_json_add_number (builder, "waited_ms", snapshot->waited_ms);
    flash_cli_json_add_number (builder, "patience_ms", snapshot->patience_ms);
  }
  end (builder);
}
