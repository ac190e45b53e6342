/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-transport"

#include "config.h"

#include "flash-sim-transport.h"

#include "flash-dfu-defs.h"

#define RESET_TIMEOUT_MS 1000
/* So that a board that is switched off while a request waits is noticed in time. */
#define SLICE_US 100000

struct _FlashSimTransport {
  FlashTransport parent_instance;

  FlashSimDevice *device; /* (owned) */
  FlashClock *clock; /* (owned) */
  guint64 generation;
};

G_DEFINE_FINAL_TYPE (FlashSimTransport, flash_sim_transport, FLASH_TYPE_TRANSPORT)

/* Nobody can cancel this wait, so it cannot fail. */
static void
wait_us (FlashSimTransport *self, gint64 duration_us)
{
  flash_clock_wait_us (self->clock, duration_us, NULL, NULL);
}

static gboolean
report (FlashSimOutcome outcome, GError **error)
{
  switch (outcome) {
  case FLASH_SIM_ACK:
    return TRUE;
  case FLASH_SIM_STALL:
    g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL,
                         "the board refused the request");
    return FALSE;
  case FLASH_SIM_BUSY:
  case FLASH_SIM_LOST:
    g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT,
                         "the board did not answer in time");
    return FALSE;
  case FLASH_SIM_GONE:
    g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE,
                         "the board left the bus");
    return FALSE;
  }
  g_return_val_if_reached (FALSE);
}

static FlashSimOutcome
carry (FlashSimTransport *self, const FlashSimPacket *packet, const guint8 *data, guint8 *answer,
       gsize *out_length, guint timeout_ms)
{
  gint64 deadline_us = 0;
  FlashSimOutcome outcome;
  gint64 ready_us;

  while ((outcome = flash_sim_device_control (self->device, self->generation, packet, data, answer,
                                              out_length, &ready_us)) == FLASH_SIM_BUSY) {
    gint64 now_us = flash_clock_get_time_us (self->clock);
    gint64 until_us;

    if (deadline_us == 0)
      deadline_us = now_us + (gint64) timeout_ms * 1000;
    if (now_us >= deadline_us)
      return FLASH_SIM_BUSY;
    until_us = MIN (ready_us, deadline_us);
    wait_us (self, CLAMP (until_us - now_us, 1, SLICE_US));
  }
  if (outcome == FLASH_SIM_LOST)
    wait_us (self, (gint64) timeout_ms * 1000);
  return outcome;
}

static gboolean
flash_sim_transport_control_out (FlashTransport *transport, guint8 request_type, guint8 request,
                                 guint16 value, guint16 index, const guint8 *data, gsize length,
                                 guint timeout_ms, GError **error)
{
  const FlashSimPacket packet = { request_type, request, value, index, (guint16) length };
  gsize n_answered;

  return report (
      carry (FLASH_SIM_TRANSPORT (transport), &packet, data, NULL, &n_answered, timeout_ms), error);
}

static gboolean
flash_sim_transport_control_in (FlashTransport *transport, guint8 request_type, guint8 request,
                                guint16 value, guint16 index, guint8 *out_data, gsize length,
                                gsize *out_length, guint timeout_ms, GError **error)
{
  const FlashSimPacket packet = { request_type, request, value, index, (guint16) length };

  return report (
      carry (FLASH_SIM_TRANSPORT (transport), &packet, NULL, out_data, out_length, timeout_ms),
      error);
}

static gboolean
flash_sim_transport_set_alternate (FlashTransport *transport, guint8 interface_number,
                                   guint8 alternate, guint timeout_ms, GError **error)
{
  return flash_sim_transport_control_out (
      transport, FLASH_USB_TYPE_STANDARD | FLASH_USB_RECIPIENT_INTERFACE, FLASH_USB_SET_INTERFACE,
      alternate, interface_number, NULL, 0, timeout_ms, error);
}

static gboolean
flash_sim_transport_reset (FlashTransport *transport, GError **error)
{
  flash_sim_device_bus_reset (FLASH_SIM_TRANSPORT (transport)->device);
  /* the host configures what it has reset; what has left does not answer, which is no error here */
  flash_sim_transport_control_out (transport, FLASH_USB_TYPE_STANDARD | FLASH_USB_RECIPIENT_DEVICE,
                                   FLASH_USB_SET_CONFIGURATION, 1, 0, NULL, 0, RESET_TIMEOUT_MS,
                                   NULL);
  return TRUE;
}

static void
flash_sim_transport_close (FlashTransport *transport)
{
  FlashSimTransport *self = FLASH_SIM_TRANSPORT (transport);

  if (self->device != NULL)
    flash_sim_device_release (self->device, self->generation);
}

static void
flash_sim_transport_finalize (GObject *object)
{
  FlashSimTransport *self = FLASH_SIM_TRANSPORT (object);

  g_clear_object (&self->device);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (flash_sim_transport_parent_class)->finalize (object);
}

static void
flash_sim_transport_class_init (FlashSimTransportClass *klass)
{
  FlashTransportClass *transport_class = FLASH_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_sim_transport_finalize;
  transport_class->control_out = flash_sim_transport_control_out;
  transport_class->control_in = flash_sim_transport_control_in;
  transport_class->set_alternate = flash_sim_transport_set_alternate;
  transport_class->close = flash_sim_transport_close;
  transport_class->reset = flash_sim_transport_reset;
}

static void
flash_sim_transport_init (FlashSimTransport *self)
{
}

FlashTransport *
flash_sim_transport_new (FlashSimDevice *device, FlashClock *clock, guint64 generation,
                         GError **error)
{
  FlashSimTransport *self;

  g_return_val_if_fail (FLASH_IS_SIM_DEVICE (device), NULL);
  g_return_val_if_fail (FLASH_IS_CLOCK (clock), NULL);

  switch (flash_sim_device_claim (device, generation)) {
  case FLASH_SIM_BUSY:
    g_set_error_literal (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_BUSY,
                         "the virtual board is open already");
    return NULL;
  case FLASH_SIM_GONE:
    report (FLASH_SIM_GONE, error);
    return NULL;
  case FLASH_SIM_ACK:
  case FLASH_SIM_STALL:
  case FLASH_SIM_LOST:
    break;
  }
  self = g_object_new (FLASH_TYPE_SIM_TRANSPORT, NULL);
  self->device = g_object_ref (device);
  self->clock = g_object_ref (clock);
  self->generation = generation;
  return FLASH_TRANSPORT (self);
}
