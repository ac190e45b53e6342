/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfu-wire"

#include "config.h"

#include "flash-dfu-wire.h"

#include "flash-descriptors.h"

#define REQUEST_OUT (FLASH_USB_TYPE_CLASS | FLASH_USB_RECIPIENT_INTERFACE)
#define REQUEST_IN (FLASH_USB_DIR_IN | FLASH_USB_TYPE_CLASS | FLASH_USB_RECIPIENT_INTERFACE)

/* What a device may mean; more is a wrong byte (stm32-dfuse.md section 2.3). */
#define MAX_POLL_MS 40000
/* For those whose time is nonsense: dfu-util's figure (section 3.1). */
#define IGNORED_POLL_MS 5
/* Devices that name no time are asked at once, and more slowly if that goes on. */
#define MIN_POLL_MS 1
#define MIN_LATE_POLL_MS 10
#define N_QUICK_POLLS 20
/* dfu-util's figure for a device that stalls while it is busy (section 3.1). */
#define MAX_STALLS 3
/* An answer that got lost is asked for once more; GETSTATUS may be repeated in any state. */
#define MAX_LOST 1

/* The way to dfuIDLE (section 2.10). */
#define IDLE_TOTAL_MS 60000
#define IDLE_BUSY_MS 40000
#define IDLE_MAX_CLEARS 5
#define IDLE_MAX_ABORTS 5
#define IDLE_MAX_REFUSALS 5
/* The same for somebody who does not wait for it. */
#define RECOVER_TOTAL_MS 3000
#define RECOVER_STATUS_MS 1000

void
flash_dfu_wire_init (FlashDfuWire *self, FlashTransport *transport, FlashClock *clock,
                     guint8 interface_number, GCancellable *cancellable)
{
  *self = (FlashDfuWire){
    .transport = g_object_ref (transport),
    .clock = g_object_ref (clock),
    .cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL,
    .interface_number = interface_number,
    /* Asked once: a large image has a million requests, and GLib formats before it drops. */
    .is_logging = !g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN),
  };
}

void
flash_dfu_wire_clear (FlashDfuWire *self)
{
  g_clear_object (&self->transport);
  g_clear_object (&self->clock);
  g_clear_object (&self->cancellable);
}

static gboolean
is_busy (const FlashDfuStatus *status)
{
  return status->code == FLASH_DFU_STATUS_OK &&
         (status->state == FLASH_DFU_STATE_DNBUSY || status->state == FLASH_DFU_STATE_DNLOAD_SYNC);
}

/* --- Requests ------------------------------------------------------------------------------- */

gboolean
flash_dfu_wire_send (FlashDfuWire *self, FlashDfuRequest request, guint16 value, const guint8 *data,
                     gsize length, guint timeout_ms, GError **error)
{
  return flash_transport_control_out (self->transport, REQUEST_OUT, (guint8) request, value,
                                      self->interface_number, data, length, timeout_ms, error);
}

gboolean
flash_dfu_wire_upload (FlashDfuWire *self, guint16 block, guint8 *out_data, gsize length,
                       gsize *out_length, guint timeout_ms, GError **error)
{
  return flash_transport_control_in (self->transport, REQUEST_IN, FLASH_DFU_REQUEST_UPLOAD, block,
                                     self->interface_number, out_data, length, out_length,
                                     timeout_ms, error);
}

gboolean
flash_dfu_wire_get_status (FlashDfuWire *self, guint timeout_ms, FlashDfuStatus *out_status,
                           GError **error)
{
  guint8 bytes[FLASH_DFU_STATUS_LENGTH];
  gsize length;

  if (!flash_transport_control_in (self->transport, REQUEST_IN, FLASH_DFU_REQUEST_GETSTATUS, 0,
                                   self->interface_number, bytes, sizeof bytes, &length, timeout_ms,
                                   error) ||
      !flash_dfu_status_parse (bytes, length, out_status, error))
    return FALSE;
  if (!self->is_recovering)
    self->last = *out_status;
  self->due_us = flash_clock_get_time_us (self->clock);
  if (is_busy (out_status))
    self->due_us += (gint64) flash_dfu_wire_get_poll_ms (self, out_status, 0) * 1000;
  if (self->is_logging)
    g_debug ("status %s, state %s, poll %u ms", flash_dfu_status_code_get_name (out_status->code),
             flash_dfu_state_get_name (out_status->state), out_status->poll_ms);
  return TRUE;
}

gboolean
flash_dfu_wire_wait (FlashDfuWire *self, guint duration_ms, GError **error)
{
  return flash_clock_wait_ms (self->clock, duration_ms,
                              self->is_recovering ? NULL : self->cancellable, error);
}

guint
flash_dfu_wire_get_poll_ms (FlashDfuWire *self, const FlashDfuStatus *status, guint n_answers)
{
  if ((self->flags & FLASH_DFU_QUIRK_IGNORE_POLL) != 0)
    return IGNORED_POLL_MS;
  return CLAMP (status->poll_ms, n_answers < N_QUICK_POLLS ? MIN_POLL_MS : MIN_LATE_POLL_MS,
                MAX_POLL_MS);
}

gboolean
flash_dfu_wire_is_refusal (const GError *error)
{
  return g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_SHORT_TRANSFER) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_BAD_ANSWER);
}

static gboolean
is_loss (const GError *error)
{
  return g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT) ||
         g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO);
}

/* --- Errors --------------------------------------------------------------------------------- */

void
flash_dfu_wire_set_error (FlashDfuWire *self, const FlashDfuStatus *status, const char *doing,
                          GError **error)
{
  g_autofree char *text = NULL;
  FlashDfuError code = FLASH_DFU_ERROR_DEVICE;

  if (status->code == FLASH_DFU_STATUS_OK) {
    g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNEXPECTED_STATE,
                 "the board is in state %s (%u) %s", flash_dfu_state_get_name (status->state),
                 status->raw_state, doing);
    return;
  }
  /* Section 2.8. */
  if (status->code == FLASH_DFU_STATUS_ERR_VENDOR)
    code = FLASH_DFU_ERROR_PROTECTED;
  else if (status->code == FLASH_DFU_STATUS_ERR_FIRMWARE)
    code = FLASH_DFU_ERROR_FIRMWARE;
  else if (status->code == FLASH_DFU_STATUS_ERR_TARGET ||
           status->code == FLASH_DFU_STATUS_ERR_ADDRESS)
    code = FLASH_DFU_ERROR_TARGET;
  if (status->string_index != 0)
    text =
        flash_descriptors_read_string (self->transport, status->string_index, FLASH_DFU_CONTROL_MS);
  g_set_error (error, FLASH_DFU_ERROR, (gint) code,
               "the board reports %s in state %s (%u) %s%s%s%s",
               flash_dfu_status_code_get_name (status->code),
               flash_dfu_state_get_name (status->state), status->raw_state, doing,
               text != NULL ? ": “" : "", text != NULL ? text : "", text != NULL ? "”" : "");
}

void
flash_dfu_wire_explain (FlashDfuWire *self, const char *doing, GError **error)
{
  FlashDfuStatus status;

  if (error == NULL ||
      !g_error_matches (*error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL) ||
      !flash_dfu_wire_get_status (self, FLASH_DFU_CONTROL_MS, &status, NULL) ||
      status.state != FLASH_DFU_STATE_ERROR)
    return;
  g_clear_error (error);
  flash_dfu_wire_set_error (self, &status, doing, error);
}

/* --- Until it is done ----------------------------------------------------------------------- */

/* The L4 refuses to say anything while it erases (section 2.3). */
static gboolean
may_ask_again (FlashDfuWire *self, const GError *error, guint *n_stalls, guint *n_lost)
{
  if (flash_dfu_wire_is_refusal (error))
    return ++*n_stalls <= MAX_STALLS || (self->flags & FLASH_DFU_QUIRK_STALLS_WHILE_BUSY) != 0;
  return is_loss (error) && ++*n_lost <= MAX_LOST;
}

/* Returns: whether the patience is at an end; otherwise *inout_poll_ms leads to that end at most,
 * so that the last question is asked when the time is up. */
static gboolean
is_too_late (FlashDfuWire *self, gint64 start_us, guint total_ms, guint *inout_poll_ms,
             GError **error)
{
  gint64 passed_ms = (flash_clock_get_time_us (self->clock) - start_us) / 1000;

  if (passed_ms < total_ms) {
    *inout_poll_ms = (guint) MIN (*inout_poll_ms, total_ms - passed_ms);
    return FALSE;
  }
  g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY,
               "the board has been in state %s for %" G_GINT64_FORMAT " s",
               flash_dfu_state_get_name (self->last.state), passed_ms / 1000);
  return TRUE;
}

gboolean
flash_dfu_wire_poll (FlashDfuWire *self, const FlashDfuPatience *patience,
                     FlashDfuStatus *out_status, GError **error)
{
  guint n_answers = 0, n_stalls = 0, n_lost = 0;
  gint64 start_us = -1; /* of its own first word: until then it may be at work without one */

  self->is_mute = FALSE;
  for (;;) {
    g_autoptr (GError) local_error = NULL;
    guint poll_ms = FLASH_DFU_STALL_WAIT_MS;

    if (flash_dfu_wire_get_status (self, patience->status_ms, out_status, &local_error)) {
      if (!is_busy (out_status))
        return TRUE;
      n_stalls = 0;
      poll_ms = flash_dfu_wire_get_poll_ms (self, out_status, n_answers++);
    } else if (!may_ask_again (self, local_error, &n_stalls, &n_lost)) {
      self->is_mute = n_lost > MAX_LOST;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    if (start_us < 0 && n_answers + n_stalls > 0)
      start_us = flash_clock_get_time_us (self->clock);
    if (start_us >= 0 && is_too_late (self, start_us, patience->total_ms, &poll_ms, error))
      return FALSE;
    if (!flash_dfu_wire_wait (self, poll_ms, error))
      return FALSE;
  }
}

/* --- Back to dfuIDLE ------------------------------------------------------------------------ */

typedef struct {
  gint64 end_us;
  gint64 busy_start_us; /* -1 as long as it was not busy */
  guint status_ms;
  guint n_refusals;
  guint n_clears;
  guint n_aborts;
  gboolean has_forced;
} Walk;

/* A refusal here is one of those that the next status tells of. */
static gboolean
send_lenient (FlashDfuWire *self, FlashDfuRequest request, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (flash_dfu_wire_send (self, request, 0, NULL, 0,
                           self->is_recovering ? RECOVER_STATUS_MS : FLASH_DFU_CONTROL_MS,
                           &local_error))
    return TRUE;
  if (g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL))
    return flash_dfu_wire_wait (self, FLASH_DFU_STALL_WAIT_MS, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/* Out of a state in which CLRSTATUS is not allowed: ST's loaders take it as a mistake, go into
 * dfuERROR, and come back from there (section 0.3, facts 4 and 5). */
static gboolean
force (FlashDfuWire *self, Walk *walk, GError **error)
{
  walk->has_forced = TRUE;
  g_debug ("CLRSTATUS by force");
  return send_lenient (self, FLASH_DFU_REQUEST_CLRSTATUS, error);
}

static gboolean
can_force (FlashDfuWire *self, const Walk *walk)
{
  return !walk->has_forced && (self->flags & FLASH_DFU_QUIRK_CLEAR_STALLS) == 0;
}

/* Returns: whether to go on; without an answer, *out_has_answer says so. */
static gboolean
ask (FlashDfuWire *self, Walk *walk, FlashDfuStatus *out_status, gboolean *out_has_answer,
     GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *out_has_answer = flash_dfu_wire_get_status (self, walk->status_ms, out_status, &local_error);
  if (*out_has_answer)
    return TRUE;
  if (flash_dfu_wire_is_refusal (local_error)) {
    if (++walk->n_refusals <= IDLE_MAX_REFUSALS)
      return flash_dfu_wire_wait (self, FLASH_DFU_STALL_WAIT_MS, error);
    if (can_force (self, walk))
      return force (self, walk, error);
  }
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
step_busy (FlashDfuWire *self, Walk *walk, const FlashDfuStatus *status, guint round,
           GError **error)
{
  gint64 now_us = flash_clock_get_time_us (self->clock);
  guint busy_ms =
      (self->flags & FLASH_DFU_QUIRK_BUSY_FOREVER) != 0 ? FLASH_DFU_FOREVER_MS : IDLE_BUSY_MS;
  gint64 end_us;

  if (walk->busy_start_us < 0)
    walk->busy_start_us = now_us;
  end_us = MIN (walk->busy_start_us + (gint64) busy_ms * 1000, walk->end_us);
  if (now_us < end_us)
    return flash_dfu_wire_wait (self,
                                (guint) MIN (flash_dfu_wire_get_poll_ms (self, status, round),
                                             (end_us - now_us) / 1000 + 1),
                                error);
  if (!self->is_recovering && can_force (self, walk))
    return force (self, walk, error);
  g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY,
               "the board has been in state %s for %" G_GINT64_FORMAT " s",
               flash_dfu_state_get_name (status->state),
               (now_us - walk->busy_start_us) / G_USEC_PER_SEC);
  return FALSE;
}

static gboolean
step (FlashDfuWire *self, Walk *walk, const FlashDfuStatus *status, guint round, GError **error)
{
  switch (status->state) {
  case FLASH_DFU_STATE_IDLE:
    return TRUE;
  case FLASH_DFU_STATE_ERROR:
    if (++walk->n_clears <= IDLE_MAX_CLEARS)
      return send_lenient (self, FLASH_DFU_REQUEST_CLRSTATUS, error);
    break;
  case FLASH_DFU_STATE_DNLOAD_SYNC:
  case FLASH_DFU_STATE_DNLOAD_IDLE:
  case FLASH_DFU_STATE_MANIFEST_SYNC:
  case FLASH_DFU_STATE_UPLOAD_IDLE:
    if (++walk->n_aborts <= IDLE_MAX_ABORTS)
      return send_lenient (self, FLASH_DFU_REQUEST_ABORT, error);
    break;
  case FLASH_DFU_STATE_DNBUSY:
  case FLASH_DFU_STATE_MANIFEST:
    return step_busy (self, walk, status, round, error);
  case FLASH_DFU_STATE_APP_IDLE:
  case FLASH_DFU_STATE_APP_DETACH:
  case FLASH_DFU_STATE_MANIFEST_WAIT_RESET:
    break;
  }
  flash_dfu_wire_set_error (self, status, "while it should be idle", error);
  return FALSE;
}

gboolean
flash_dfu_wire_to_idle (FlashDfuWire *self, GError **error)
{
  guint total_ms = self->is_recovering ? RECOVER_TOTAL_MS : IDLE_TOTAL_MS;
  Walk walk = {
    .end_us = flash_clock_get_time_us (self->clock) + (gint64) total_ms * 1000,
    .busy_start_us = -1,
    /* Whoever was here before may have left it in the middle of a long erase. */
    .status_ms = self->is_recovering ? RECOVER_STATUS_MS : FLASH_DFU_ERASE_STATUS_MS,
  };
  FlashDfuStatus status = { 0 };
  gint64 early_us = self->due_us - flash_clock_get_time_us (self->clock);

  /* It may have been left before the time that it had asked for. */
  if (early_us > 0 &&
      !flash_dfu_wire_wait (self, (guint) MIN (early_us / 1000 + 1, total_ms), error))
    return FALSE;
  /* Each way to go on has an end of its own. */
  for (guint round = 0;; round++) {
    gboolean has_answer;

    if (!ask (self, &walk, &status, &has_answer, error))
      return FALSE;
    if (has_answer && status.state == FLASH_DFU_STATE_IDLE)
      return TRUE;
    if (has_answer && !step (self, &walk, &status, round, error))
      return FALSE;
  }
}

gboolean
flash_dfu_wire_recover (FlashDfuWire *self)
{
  g_autoptr (GError) error = NULL;
  gboolean is_idle;

  self->is_recovering = TRUE;
  is_idle = flash_dfu_wire_to_idle (self, &error);
  self->is_recovering = FALSE;
  if (!is_idle)
    g_debug ("cannot bring the board back to idle: %s", error->message);
  return is_idle;
}
