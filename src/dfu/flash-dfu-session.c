/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfu-session"

#include "config.h"

#include "flash-dfu-session.h"

#include "flash-dfu-plain.h"

struct _FlashDfuSession {
  GObject parent_instance;

  FlashDfuWire wire; /* (owned) */
  FlashDfuTimeouts timeouts;
  FlashDfuPlain *plain; /* (owned) (nullable): set for devices other than an STM32MP */
};

G_DEFINE_FINAL_TYPE (FlashDfuSession, flash_dfu_session, G_TYPE_OBJECT)

/* dfu-util's figure; no stage looks at it (stm32mp-usb.md section 2.5). */
#define DETACH_TIMEOUT_MS 1000
/* TF-A leaves the bus 100 µs after DETACH (stm32mp-usb.md section 1.3.5). */
#define SETTLE_MS 50
/* A device that is not ready and names no time to wait is asked again after this. */
#define MIN_POLL_MS 1
/* More than this a device cannot mean; a wrong byte in the status must not make us sleep. */
#define MAX_POLL_MS 10000
/* However late it is, a question needs this much time to be answered. */
#define MIN_TIMEOUT_MS 1000
/* How often the device is asked for what it should do at once. */
#define MAX_TRIES 3

static void
flash_dfu_session_finalize (GObject *object)
{
  FlashDfuSession *self = FLASH_DFU_SESSION (object);

  flash_dfu_wire_clear (&self->wire);
  g_clear_pointer (&self->plain, g_free);

  G_OBJECT_CLASS (flash_dfu_session_parent_class)->finalize (object);
}

static void
flash_dfu_session_class_init (FlashDfuSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_dfu_session_finalize;
}

static void
flash_dfu_session_init (FlashDfuSession *self)
{
  /* stm32mp-usb.md section 7.1, suggested defaults */
  self->timeouts = (FlashDfuTimeouts){
    .control_ms = 5000, .download_ms = 30000, .manifest_ms = 120000, .busy_ms = 60000
  };
}

FlashDfuSession *
flash_dfu_session_new (FlashTransport *transport, FlashClock *clock, guint8 interface_number,
                       GCancellable *cancellable)
{
  FlashDfuSession *self = g_object_new (FLASH_TYPE_DFU_SESSION, NULL);

  flash_dfu_wire_init (&self->wire, transport, clock, interface_number, cancellable);
  return self;
}

void
flash_dfu_session_set_timeouts (FlashDfuSession *self, const FlashDfuTimeouts *timeouts)
{
  g_return_if_fail (FLASH_IS_DFU_SESSION (self));

  self->timeouts = *timeouts;
}

void
flash_dfu_session_set_device (FlashDfuSession *self, FlashDescriptors *descriptors)
{
  FlashDfuQuirks quirks;

  g_return_if_fail (FLASH_IS_DFU_SESSION (self) && descriptors != NULL);

  flash_dfu_quirks_find (descriptors, &quirks);
  self->wire.flags = quirks.flags;
  g_clear_pointer (&self->plain, g_free);
  self->plain = g_new0 (FlashDfuPlain, 1);
  self->plain->is_tolerant = descriptors->has_functional &&
                             (descriptors->attributes & FLASH_DFU_MANIFESTATION_TOLERANT) != 0;
  self->plain->will_detach =
      descriptors->has_functional && (descriptors->attributes & FLASH_DFU_WILL_DETACH) != 0;
  self->plain->is_single = descriptors->alternates->len <= 1;
}

static gboolean
request_out (FlashDfuSession *self, FlashDfuRequest request, guint16 value, const guint8 *data,
             gsize length, guint timeout_ms, GError **error)
{
  return flash_dfu_wire_send (&self->wire, request, value, data, length, timeout_ms, error);
}

/* No stage refuses this request in any state (stm32mp-usb.md section 2.1): a stall is a hiccup of
 * the link, and asking again does no harm. */
static gboolean
get_status (FlashDfuSession *self, guint timeout_ms, FlashDfuStatus *out_status, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!flash_dfu_wire_get_status (&self->wire, timeout_ms, out_status, &local_error)) {
    if (!g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL)) {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    if (!flash_dfu_wire_get_status (&self->wire, timeout_ms, out_status, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
flash_dfu_session_get_status (FlashDfuSession *self, FlashDfuStatus *out_status, GError **error)
{
  g_return_val_if_fail (FLASH_IS_DFU_SESSION (self), FALSE);

  return get_status (self, self->timeouts.control_ms, out_status, error);
}

static gboolean
set_state_error (const FlashDfuStatus *status, const char *doing, GError **error)
{
  if (status->state == FLASH_DFU_STATE_ERROR || status->code != FLASH_DFU_STATUS_OK)
    flash_dfu_status_set_error (status, error);
  else
    g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNEXPECTED_STATE,
                 "the board is in state %s while %s", flash_dfu_state_get_name (status->state),
                 doing);
  return FALSE;
}

/* Asks for the status until the device is ready for the next block, or in a state that has nothing
 * to do with a download. */
static gboolean
wait_ready (FlashDfuSession *self, FlashDfuStatus *out_status, GError **error)
{
  gint64 deadline_us =
      flash_clock_get_time_us (self->wire.clock) + (gint64) self->timeouts.busy_ms * 1000;
  gboolean has_synced = FALSE;

  for (;;) {
    gboolean is_syncing;
    guint poll_ms;

    if (!get_status (self, self->timeouts.download_ms, out_status, error))
      return FALSE;
    if (out_status->code != FLASH_DFU_STATUS_OK || out_status->state == FLASH_DFU_STATE_ERROR)
      return set_state_error (out_status, "busy", error);
    is_syncing = out_status->state == FLASH_DFU_STATE_DNLOAD_SYNC;
    if (!is_syncing && out_status->state != FLASH_DFU_STATE_DNBUSY)
      return TRUE;
    if (flash_clock_get_time_us (self->wire.clock) >= deadline_us) {
      g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY,
                   "the board has been in state %s for %u s",
                   flash_dfu_state_get_name (out_status->state), self->timeouts.busy_ms / 1000);
      return FALSE;
    }
    /* dfuDNLOAD-SYNC is not busy: TF-A says it once and is ready (section 2.1). */
    poll_ms =
        is_syncing && !has_synced ? out_status->poll_ms : MAX (out_status->poll_ms, MIN_POLL_MS);
    has_synced |= is_syncing;
    if (!flash_clock_wait_ms (self->wire.clock, MIN (poll_ms, MAX_POLL_MS), self->wire.cancellable,
                              error))
      return FALSE;
  }
}

gboolean
flash_dfu_session_abort (FlashDfuSession *self, GError **error)
{
  g_return_val_if_fail (FLASH_IS_DFU_SESSION (self), FALSE);

  return request_out (self, FLASH_DFU_REQUEST_ABORT, 0, NULL, 0, self->timeouts.control_ms, error);
}

static gboolean
to_idle (FlashDfuSession *self, GError **error)
{
  FlashDfuStatus status;

  for (guint i = 0; i < MAX_TRIES; i++) {
    if (!flash_dfu_session_get_status (self, &status, error))
      return FALSE;
    if (status.state == FLASH_DFU_STATE_IDLE)
      return TRUE;
    if (status.state == FLASH_DFU_STATE_ERROR) {
      if (!request_out (self, FLASH_DFU_REQUEST_CLRSTATUS, 0, NULL, 0, self->timeouts.control_ms,
                        error))
        return FALSE;
    } else if (status.state == FLASH_DFU_STATE_DNLOAD_IDLE ||
               status.state == FLASH_DFU_STATE_UPLOAD_IDLE) {
      if (!flash_dfu_session_abort (self, error))
        return FALSE;
    }
  }
  return set_state_error (&status, "it should be idle", error);
}

gboolean
flash_dfu_session_select (FlashDfuSession *self, guint8 alternate, GError **error)
{
  g_return_val_if_fail (FLASH_IS_DFU_SESSION (self), FALSE);

  if (g_cancellable_set_error_if_cancelled (self->wire.cancellable, error))
    return FALSE;
  g_debug ("select alternate %u", alternate);
  if (self->plain != NULL)
    return flash_dfu_plain_select (&self->wire, self->plain, alternate, error);
  return flash_transport_set_alternate (self->wire.transport, self->wire.interface_number,
                                        alternate, self->timeouts.control_ms, error) &&
         to_idle (self, error);
}

gboolean
flash_dfu_session_recover (FlashDfuSession *self)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (FLASH_IS_DFU_SESSION (self), FALSE);

  if (self->plain != NULL)
    return flash_dfu_wire_recover (&self->wire);
  if (to_idle (self, &error))
    return TRUE;
  g_debug ("cannot bring the board back to idle: %s", error->message);
  return FALSE;
}

/* A stalled request says nothing; the status says why. */
static void
explain_stall (FlashDfuSession *self, GError **error)
{
  FlashDfuStatus status;

  if (error == NULL ||
      !g_error_matches (*error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL))
    return;
  if (get_status (self, self->timeouts.control_ms, &status, NULL) &&
      status.state == FLASH_DFU_STATE_ERROR) {
    g_clear_error (error);
    flash_dfu_status_set_error (&status, error);
  }
}

gboolean
flash_dfu_session_download (FlashDfuSession *self, guint64 block, const guint8 *data, gsize length,
                            GError **error)
{
  FlashDfuStatus status;

  g_return_val_if_fail (FLASH_IS_DFU_SESSION (self), FALSE);
  g_return_val_if_fail (data != NULL && length > 0, FALSE);

  if (!request_out (self, FLASH_DFU_REQUEST_DNLOAD, (guint16) (block & 0xffff), data, length,
                    self->timeouts.download_ms, error)) {
    explain_stall (self, error);
    return FALSE;
  }
  if (self->plain != NULL)
    return flash_dfu_plain_wait_ready (&self->wire, &self->timeouts, error);
  if (!wait_ready (self, &status, error))
    return FALSE;
  if (status.state != FLASH_DFU_STATE_DNLOAD_IDLE)
    return set_state_error (&status, "data is sent", error);
  return TRUE;
}

gboolean
flash_dfu_session_finish (FlashDfuSession *self, guint64 block, FlashDfuEnd *out_end,
                          GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gint64 deadline_us =
      flash_clock_get_time_us (self->wire.clock) + (gint64) self->timeouts.manifest_ms * 1000;
  gboolean seen_manifest = FALSE;
  FlashDfuStatus status;

  g_return_val_if_fail (FLASH_IS_DFU_SESSION (self), FALSE);

  if (!request_out (self, FLASH_DFU_REQUEST_DNLOAD, (guint16) (block & 0xffff), NULL, 0,
                    self->timeouts.download_ms, error)) {
    explain_stall (self, error);
    return FALSE;
  }
  if (self->plain != NULL)
    return flash_dfu_plain_follow_end (&self->wire, self->plain, &self->timeouts, out_end, error);

  for (;;) {
    gint64 left_us = deadline_us - flash_clock_get_time_us (self->wire.clock);
    guint timeout_ms =
        seen_manifest ? (guint) MAX (left_us / 1000, MIN_TIMEOUT_MS) : self->timeouts.download_ms;

    if (!get_status (self, timeout_ms, &status, &local_error)) {
      if (!seen_manifest || local_error->domain != FLASH_TRANSPORT_ERROR) {
        g_propagate_error (error, g_steal_pointer (&local_error));
        return FALSE;
      }
      g_debug ("no answer in manifestation: %s", local_error->message);
      *out_end =
          g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT)
              ? FLASH_DFU_END_SILENT
              : FLASH_DFU_END_AWAY;
      return TRUE;
    }
    if (status.code == FLASH_DFU_STATUS_OK && status.state == FLASH_DFU_STATE_IDLE) {
      *out_end = FLASH_DFU_END_IDLE;
      return TRUE;
    }
    if (status.code != FLASH_DFU_STATUS_OK ||
        (status.state != FLASH_DFU_STATE_MANIFEST && status.state != FLASH_DFU_STATE_MANIFEST_SYNC))
      return set_state_error (&status, "the data is stored", error);
    /* An answer that came late is followed by one more question. */
    if (left_us <= 0 && seen_manifest) {
      g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_STUCK_BUSY,
                   "the board has been storing for %u s", self->timeouts.manifest_ms / 1000);
      return FALSE;
    }
    seen_manifest = TRUE;
    if (!flash_clock_wait_ms (self->wire.clock, CLAMP (status.poll_ms, MIN_POLL_MS, MAX_POLL_MS),
                              self->wire.cancellable, error))
      return FALSE;
  }
}

gboolean
flash_dfu_session_upload (FlashDfuSession *self, guint64 block, guint8 *out_data, gsize length,
                          gsize *out_length, GError **error)
{
  g_return_val_if_fail (FLASH_IS_DFU_SESSION (self), FALSE);

  if (!flash_dfu_wire_upload (&self->wire, (guint16) (block & 0xffff), out_data, length, out_length,
                              self->timeouts.download_ms, error)) {
    explain_stall (self, error);
    return FALSE;
  }
  return TRUE;
}

/* stm32mp-usb.md section 1.11: expect EIO, ENODEV and EPIPE on the request itself. */
static gboolean
send_detach (FlashDfuSession *self, gboolean *out_refused, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *out_refused = FALSE;
  if (request_out (self, FLASH_DFU_REQUEST_DETACH, DETACH_TIMEOUT_MS, NULL, 0,
                   self->timeouts.control_ms, &local_error))
    return TRUE;
  g_debug ("detach answered by: %s", local_error->message);
  *out_refused = g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL);
  if (*out_refused ||
      g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE) ||
      g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
flash_dfu_session_detach (FlashDfuSession *self, GError **error)
{
  gboolean is_refused;

  g_return_val_if_fail (FLASH_IS_DFU_SESSION (self), FALSE);

  for (guint i = 0; i < MAX_TRIES; i++) {
    g_debug ("detach");
    if (!send_detach (self, &is_refused, error))
      return FALSE;
    /* Some leave with a stall on their lips; whoever still answers did not take it. */
    if (!is_refused ||
        !flash_clock_wait_ms (self->wire.clock, SETTLE_MS, self->wire.cancellable, NULL) ||
        !flash_dfu_session_recover (self))
      return TRUE;
  }
  g_set_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL,
               "the board has refused to leave %d times", MAX_TRIES);
  return FALSE;
}

gboolean
flash_dfu_session_leave_runtime (FlashDfuSession *self, gboolean *out_is_in_dfu, GError **error)
{
  g_return_val_if_fail (FLASH_IS_DFU_SESSION (self) && self->plain != NULL, FALSE);
  g_return_val_if_fail (out_is_in_dfu != NULL, FALSE);

  return flash_dfu_plain_leave_runtime (&self->wire, self->plain, DETACH_TIMEOUT_MS, out_is_in_dfu,
                                        error);
}
