/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-job-log"

#include "config.h"

#include "flash-job-log.h"

/* What a board says is not trusted, and a log is text. */
#define MAX_DEVICE_CHARS 600

#include "flash-mcu-job.h"
#include "flash-text.h"

static void
append_step (GString *line, const FlashEvent *event, FlashPlan *plan)
{
  const FlashPlanStep *step;

  if (plan == NULL && event->step >= 0)
    g_string_append_printf (line, " %s, %" G_GUINT64_FORMAT " bytes",
                            flash_mcu_step_get_name ((FlashMcuStep) event->step), event->bytes);
  if (plan == NULL || event->step < 0 || (guint) event->step >= flash_plan_get_n_steps (plan))
    return;
  step = flash_plan_get_step (plan, (guint) event->step);
  g_string_append_printf (line, " 0x%02x %s, %" G_GUINT64_FORMAT " bytes", step->id, step->name,
                          event->bytes);
}

static void
append_seconds (GString *line, const FlashEvent *event)
{
  g_string_append_printf (line, " after %u.%03u s", event->duration_ms / 1000,
                          event->duration_ms % 1000);
}

static void
append_text (GString *line, const char *before, const char *text)
{
  g_autofree char *safe = NULL;

  if (text == NULL)
    return;
  safe = flash_text_sanitize (text, strlen (text), MAX_DEVICE_CHARS);
  g_string_append_printf (line, "%s%s", before, safe);
}

char *
flash_job_log_format (const FlashEvent *event, FlashPlan *plan, gint64 time_us)
{
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, "%9.3f  %s", (double) time_us / G_USEC_PER_SEC,
                          flash_event_kind_get_name (event->kind));
  switch (event->kind) {
  case FLASH_EVENT_STAGE:
    g_string_append_printf (line, " %s", event->stage);
    append_text (line, ": ", event->message);
    break;
  case FLASH_EVENT_PARTITION:
  case FLASH_EVENT_STEP:
  case FLASH_EVENT_DROPPED:
    append_step (line, event, plan);
    break;
  case FLASH_EVENT_WRITTEN:
  case FLASH_EVENT_VERIFIED:
    append_step (line, event, plan);
    append_seconds (line, event);
    break;
  case FLASH_EVENT_RETURNED:
  case FLASH_EVENT_FINISHED:
    append_seconds (line, event);
    break;
  case FLASH_EVENT_PAUSED:
    g_string_append_printf (line, " [%s]", event->code);
    append_seconds (line, event);
    break;
  case FLASH_EVENT_LOST:
    append_text (line, ", waiting for ", event->message);
    break;
  case FLASH_EVENT_WARNING:
  case FLASH_EVENT_FAILED:
    g_string_append_printf (line, " [%s]", event->code != NULL ? event->code : "unknown");
    append_text (line, " ", event->message);
    append_text (line, "\n           the board says: ", event->device_text);
    break;
  case FLASH_EVENT_STARTED:
  case FLASH_EVENT_RESUMED:
    break;
  }
  g_string_append_c (line, '\n');
  return g_string_free (line, FALSE);
}
