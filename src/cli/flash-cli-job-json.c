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

void
flash_cli_job_json_plan (FlashJob *job)
{
  g_autoptr (JsonBuilder) builder = begin ("plan");

  flash_cli_json_add_text (builder, "board", flash_board_get_id (flash_job_get_board (job)));
  flash_cli_job_get_face (job)->add_plan (builder, job);
  end (builder);
}

/* Written, verified and started are three facts, each with its own evidence. */
static void
add_facts (JsonBuilder *builder, FlashJob *job, FlashCliExit exit_code)
{
  flash_cli_json_add_text (builder, "result",
                           exit_code == FLASH_CLI_DONE      ? "done"
                           : exit_code == FLASH_CLI_STOPPED ? "stopped"
                                                            : "failed");
  flash_cli_json_add_number (builder, "exit_code", exit_code);
  flash_cli_job_get_face (job)->add_result (builder, job);
}

void
flash_cli_job_json_event (FlashJob *job, const FlashEvent *event, FlashCliExit exit_code)
{
  g_autoptr (JsonBuilder) builder = begin (flash_event_kind_get_name (event->kind));

  if (event->step >= 0)
    flash_cli_job_get_face (job)->add_step (builder, job, (guint) event->step);
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
  if (event->kind == FLASH_EVENT_FINISHED)
    add_facts (builder, job, exit_code);
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
    flash_cli_job_get_face (job)->add_step (builder, job, (guint) snapshot->step);
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
