/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfu-plain"

#include "config.h"

#include "flash-dfu-plain.h"

/* What dfu-util adds to the time that a device asks for at its end; the TAS1020b needs it
 * (stm32-dfuse.md section 1.7). */
#define MANIFEST_EXTRA_MS 1000
#define MAX_REFUSALS 3

static gboolean
is_departure (const GError *error)
{
  return g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE) ||
         g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO);
}

static gboolean
is_silence (const GError *error)
{
  return g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT);
}

gboolean
flash_dfu_plain_select (FlashDfuWire *wire, const FlashDfuPlain *plain, guint8 alternate,
                        GError **error)
{
  g_autoptr (GError) local_error = NULL;

  /* A device may refuse to choose where there is no choice (USB 2.0, section 9.4.10). */
  if (!flash_transport_set_alternate (wire->transport, wire->interface_number, alternate,
                                      FLASH_DFU_CONTROL_MS, &local_error) &&
      !(plain->is_single && flash_dfu_wire_is_refusal (local_error))) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return flash_dfu_wire_to_idle (wire, error);
}

gboolean
flash_dfu_plain_wait_ready (FlashDfuWire *wire, const FlashDfuTimeouts *timeouts, GError **error)
{
  const FlashDfuPatience patience = { timeouts->busy_ms, timeouts->download_ms };
  FlashDfuStatus status;

  if (!flash_dfu_wire_poll (wire, &patience, &status, error))
    return FALSE;
  if (status.code == FLASH_DFU_STATUS_OK && status.state == FLASH_DFU_STATE_DNLOAD_IDLE)
    return TRUE;
  flash_dfu_wire_set_error (wire, &status, "after data was sent", error);
  return FALSE;
}

/* dfuMANIFEST-WAIT-RESET, said or not. */
static gboolean
reset_at_end (FlashDfuWire *wire, FlashDfuEnd *out_end, GError **error)
{
  g_debug ("reset of the bus after the download");
  if (!flash_transport_reset (wire->transport, error))
    return FALSE;
  *out_end = FLASH_DFU_END_AWAY;
  return TRUE;
}

typedef enum {
  END_GO_ON,
  END_DONE,
  END_FAILED,
} EndStep;

static EndStep
judge_end (FlashDfuWire *wire, const FlashDfuStatus *status, FlashDfuEnd *out_end, GError **error)
{
  if (status->code == FLASH_DFU_STATUS_OK) {
    switch (status->state) {
    case FLASH_DFU_STATE_MANIFEST_SYNC:
    case FLASH_DFU_STATE_MANIFEST:
      return END_GO_ON;
    case FLASH_DFU_STATE_IDLE:
      *out_end = FLASH_DFU_END_IDLE;
      return END_DONE;
    case FLASH_DFU_STATE_MANIFEST_WAIT_RESET:
      return reset_at_end (wire, out_end, error) ? END_DONE : END_FAILED;
    case FLASH_DFU_STATE_APP_IDLE:
    case FLASH_DFU_STATE_APP_DETACH:
      /* The new firmware answers already. */
      *out_end = FLASH_DFU_END_AWAY;
      return END_DONE;
    case FLASH_DFU_STATE_DNLOAD_SYNC:
    case FLASH_DFU_STATE_DNBUSY:
    case FLASH_DFU_STATE_DNLOAD_IDLE:
    case FLASH_DFU_STATE_UPLOAD_IDLE:
    case FLASH_DFU_STATE_ERROR:
      break;
    }
  }
  flash_dfu_wire_set_error (wire, status, "after all data was sent", error);
  return END_FAILED;
}

/* Most that do not answer have restarted, or wait for a reset (section 1.7). */
static EndStep
judge_no_answer (FlashDfuWire *wire, const FlashDfuPlain *plain, GError *failure, guint *n_refusals,
                 FlashDfuEnd *out_end, GError **error)
{
  gboolean is_silent = is_silence (failure);

  if (is_departure (failure)) {
    *out_end = FLASH_DFU_END_AWAY;
    return END_DONE;
  }
  if (!is_silent && !flash_dfu_wire_is_refusal (failure)) {
    g_propagate_error (error, g_error_copy (failure));
    return END_FAILED;
  }
  if (!is_silent && ++*n_refusals <= MAX_REFUSALS)
    return END_GO_ON;
  if (!plain->is_tolerant)
    return reset_at_end (wire, out_end, error) ? END_DONE : END_FAILED;
  *out_end = FLASH_DFU_END_SILENT;
  return END_DONE;
}

gboolean
flash_dfu_plain_follow_end (FlashDfuWire *wire, const FlashDfuPlain *plain,
                            const FlashDfuTimeouts *timeouts, FlashDfuEnd *out_end, GError **error)
{
  gint64 end_us = flash_clock_get_time_us (wire->clock) + (gint64) timeouts->manifest_ms * 1000;
  guint n_answers = 0, n_refusals = 0;

  for (;;) {
    g_autoptr (GError) local_error = NULL;
    guint wait_ms = FLASH_DFU_STALL_WAIT_MS;
    FlashDfuStatus status;
    EndStep step;

    if (flash_dfu_wire_get_status (wire, timeouts->download_ms, &status, &local_error)) {
      step = judge_end (wire, &status, out_end, error);
      wait_ms = flash_dfu_wire_get_poll_ms (wire, &status, n_answers++) + MANIFEST_EXTRA_MS;
    } else {
      step = judge_no_answer (wire, plain, local_error, &n_refusals, out_end, error);
    }
    if (step != END_GO_ON)
      return step == END_DONE;
    if (flash_clock_get_time_us (wire->clock) >= end_us) {
      g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY,
                   "the board has been storing for %u s", timeouts->manifest_ms / 1000);
      return FALSE;
    }
    if (!flash_dfu_wire_wait (wire, wait_ms, error))
      return FALSE;
  }
}

/* --- Run time ------------------------------------------------------------------------------- */

/* A run-time interface need not know GETSTATUS: then the application is idle. */
static gboolean
ask_runtime (FlashDfuWire *wire, gboolean *out_is_in_dfu, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  FlashDfuStatus status;

  *out_is_in_dfu = FALSE;
  if (flash_dfu_wire_get_status (wire, FLASH_DFU_CONTROL_MS, &status, &local_error)) {
    *out_is_in_dfu = status.state > FLASH_DFU_STATE_APP_DETACH;
    return TRUE;
  }
  if (flash_dfu_wire_is_refusal (local_error))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
flash_dfu_plain_leave_runtime (FlashDfuWire *wire, const FlashDfuPlain *plain,
                               guint16 detach_timeout_ms, gboolean *out_is_in_dfu, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean is_in_dfu;

  if (g_cancellable_set_error_if_cancelled (wire->cancellable, error))
    return FALSE;
  /* As dfu-util does; where there is nothing to choose it may be refused. */
  if (wire->interface_number > 0 &&
      !flash_transport_set_alternate (wire->transport, wire->interface_number, 0,
                                      FLASH_DFU_CONTROL_MS, &local_error)) {
    g_debug ("select: %s", local_error->message);
    g_clear_error (&local_error);
  }
  if (!ask_runtime (wire, &is_in_dfu, error))
    return FALSE;
  *out_is_in_dfu = is_in_dfu;
  if (is_in_dfu)
    return TRUE;
  if (!flash_dfu_wire_send (wire, FLASH_DFU_REQUEST_DETACH, detach_timeout_ms, NULL, 0,
                            FLASH_DFU_CONTROL_MS, &local_error)) {
    g_debug ("detach answered by: %s", local_error->message);
    if (is_departure (local_error))
      return TRUE;
    if (!is_silence (local_error) && !flash_dfu_wire_is_refusal (local_error)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  }
  return plain->will_detach || flash_transport_reset (wire->transport, error);
}
