/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests after which the device leaves: leave, option bytes, read unprotect (stm32-dfuse.md
 * sections 2.7, 2.9 and 2.2). An error of the bus is how they are meant to end. */
#define G_LOG_DOMAIN "flash-dfuse-end"

#include "config.h"

#include "flash-dfuse.h"

#include "flash-dfuse-private.h"

#define COMMAND_READ_UNPROTECT 0x92
/* How long to look whether it leaves (section 2.7). */
#define LEAVE_MS 3000
#define LEAVE_STATUS_MS 1000
/* Option bytes are a sector of the slowest kind. */
#define OPTIONS_MS 15000
/* Section 2.3. */
#define UNPROTECT_MS 60000
/* Between two looks at a device that says nothing about time. */
#define LOOK_MS 100

/**
 * Departure:
 * @total_ms: how long to look
 * @status_ms: time-out of each GETSTATUS
 * @doing: for errors
 * @is_over_when_idle: whether an idle state says that nothing more will come
 */
typedef struct {
  guint total_ms;
  guint status_ms;
  const char *doing;
  gboolean is_over_when_idle;
} Departure;

/* What a failed request says. Returns: whether the outcome is known by it. */
static gboolean
judge_failure (const GError *error, gboolean *out_is_silent, FlashDfuseEnd *out_end)
{
  /* A stall is no silence, but it is no answer either: it may be the last breath. */
  *out_is_silent = TRUE;
  if (!g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE) &&
      !g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO))
    return FALSE;
  *out_end = FLASH_DFUSE_END_AWAY;
  return TRUE;
}

/* What an answer says. Returns: whether the outcome is known by it. */
static gboolean
judge_status (FlashDfuse *self, const FlashDfuStatus *status, const Departure *departure,
              FlashDfuseEnd *out_end, GError **error)
{
  *out_end = FLASH_DFUSE_END_STAYS;
  if (status->code != FLASH_DFU_STATUS_OK || status->state == FLASH_DFU_STATE_ERROR) {
    flash_dfu_wire_set_error (&self->wire, status, departure->doing, error);
    return TRUE;
  }
  if (status->state == FLASH_DFU_STATE_MANIFEST_WAIT_RESET) {
    /* DFU 1.1 waits for a reset of the bus here; ST's loaders do not get here. */
    if (flash_transport_reset (self->wire.transport, error))
      *out_end = FLASH_DFUSE_END_AWAY;
    return TRUE;
  }
  return departure->is_over_when_idle &&
         (status->state == FLASH_DFU_STATE_IDLE || status->state == FLASH_DFU_STATE_DNLOAD_IDLE);
}

static gboolean
is_over (gboolean is_silent, const FlashDfuStatus *status, const Departure *departure,
         FlashDfuseEnd *out_end, GError **error)
{
  *out_end = is_silent ? FLASH_DFUSE_END_SILENT : FLASH_DFUSE_END_STAYS;
  if (is_silent || !departure->is_over_when_idle)
    return TRUE;
  g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY,
               "the board has been in state %s for %u s", flash_dfu_state_get_name (status->state),
               departure->total_ms / 1000);
  return FALSE;
}

/* The first GETSTATUS starts it; the others watch. */
static gboolean
watch (FlashDfuse *self, const Departure *departure, FlashDfuseEnd *out_end, GError **error)
{
  gint64 end_us = flash_clock_get_time_us (self->wire.clock) + (gint64) departure->total_ms * 1000;
  FlashDfuStatus status = { 0 };

  for (guint n_asked = 0;; n_asked++) {
    g_autoptr (GError) local_error = NULL;
    gboolean is_silent = FALSE;
    guint poll_ms = LOOK_MS;
    gint64 left_us;

    if (flash_dfu_wire_get_status (&self->wire, departure->status_ms, &status, &local_error)) {
      if (judge_status (self, &status, departure, out_end, &local_error)) {
        if (local_error == NULL)
          return TRUE;
        g_propagate_error (error, g_steal_pointer (&local_error));
        return FALSE;
      }
      poll_ms = MAX (flash_dfu_wire_get_poll_ms (&self->wire, &status, n_asked),
                     n_asked > 0 ? LOOK_MS : 1);
    } else if (judge_failure (local_error, &is_silent, out_end)) {
      g_debug ("%s: %s", departure->doing, local_error->message);
      return TRUE;
    }
    left_us = end_us - flash_clock_get_time_us (self->wire.clock);
    if (left_us <= 0)
      return is_over (is_silent, &status, departure, out_end, error);
    if (!flash_dfu_wire_wait (&self->wire, (guint) MIN (poll_ms, left_us / 1000 + 1), error))
      return FALSE;
  }
}

/* Sends the last request and watches what comes of it. */
static gboolean
depart (FlashDfuse *self, guint16 block, const guint8 *bytes, gsize length,
        const Departure *departure, FlashDfuseEnd *out_end, GError **error)
{
  self->run_block = 0;
  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  if (!flash_dfu_wire_send (&self->wire, FLASH_DFU_REQUEST_DNLOAD, block, bytes, length,
                            FLASH_DFU_CONTROL_MS, error)) {
    flash_dfu_wire_explain (&self->wire, departure->doing, error);
    return FALSE;
  }
  return watch (self, departure, out_end, error);
}

/* Ends a public function. */
static gboolean
take_end (FlashDfuse *self, gboolean is_done, GError *local_error, GError **error)
{
  if (is_done)
    return TRUE;
  flash_dfuse_end (self, local_error);
  g_propagate_error (error, local_error);
  return FALSE;
}

gboolean
flash_dfuse_write_options (FlashDfuse *self, guint32 address, const guint8 *bytes, gsize length,
                           FlashDfuseEnd *out_end, GError **error)
{
  static const Departure departure = { OPTIONS_MS, OPTIONS_MS, "after option bytes were sent",
                                       TRUE };
  GError *local_error = NULL;
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS;
  gboolean is_done;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL && length > 0 && out_end != NULL, FALSE);

  /* All of it at once: after the first part the chip is somebody else. */
  if (length > self->quirks.transfer_size) {
    g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNSUPPORTED,
                 "%" G_GSIZE_FORMAT " option bytes do not fit into one block of %u", length,
                 self->quirks.transfer_size);
    return FALSE;
  }
  g_debug ("option bytes at 0x%08x", address);
  is_done = flash_dfuse_check (self, &local_error) &&
            flash_dfuse_set_address (self, address, &local_error) &&
            depart (self, FLASH_DFUSE_FIRST_BLOCK, bytes, length, &departure, &end, &local_error);
  if (is_done)
    *out_end = end;
  return take_end (self, is_done, local_error, error);
}

gboolean
flash_dfuse_unprotect (FlashDfuse *self, FlashDfuseEnd *out_end, GError **error)
{
  static const Departure departure = { UNPROTECT_MS, UNPROTECT_MS, "after read unprotect", TRUE };
  static const guint8 command = COMMAND_READ_UNPROTECT;
  GError *local_error = NULL;
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS;
  gboolean is_done;

  g_return_val_if_fail (self != NULL && out_end != NULL, FALSE);

  g_debug ("read unprotect");
  is_done = flash_dfuse_check (self, &local_error) &&
            flash_dfuse_begin_download (self, &local_error) &&
            depart (self, FLASH_DFUSE_COMMAND_BLOCK, &command, sizeof command, &departure, &end,
                    &local_error);
  if (is_done)
    *out_end = end;
  else
    flash_dfuse_name_unknown (self, "read unprotect", local_error);
  return take_end (self, is_done, local_error, error);
}

/* Some are gone before the request has ended. */
static gboolean
is_goodbye (FlashDfuse *self, const GError *error, FlashDfuseEnd *out_end)
{
  gboolean is_silent;

  if (judge_failure (error, &is_silent, out_end))
    return TRUE;
  *out_end = FLASH_DFUSE_END_SILENT;
  return g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT) ||
         (g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL) &&
          (self->quirks.flags & FLASH_DFU_QUIRK_LEAVE_SILENT) != 0);
}

gboolean
flash_dfuse_leave (FlashDfuse *self, guint32 address, FlashDfuseEnd *out_end, GError **error)
{
  static const Departure departure = { LEAVE_MS, LEAVE_STATUS_MS, "after it was told to leave",
                                       FALSE };
  GError *local_error = NULL;
  FlashDfuseEnd end = FLASH_DFUSE_END_STAYS;
  gboolean is_done;

  g_return_val_if_fail (self != NULL && out_end != NULL, FALSE);

  g_debug ("leave to 0x%08x", address);
  if (!flash_dfuse_check (self, &local_error) ||
      !flash_dfuse_set_address (self, address, &local_error))
    return take_end (self, FALSE, local_error, error);
  is_done = depart (self, FLASH_DFUSE_FIRST_BLOCK, NULL, 0, &departure, &end, &local_error);
  if (!is_done && is_goodbye (self, local_error, &end)) {
    g_debug ("after leave: %s", local_error->message);
    g_clear_error (&local_error);
    is_done = TRUE;
  }
  if (is_done)
    *out_end = end;
  return take_end (self, is_done, local_error, error);
}
