/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flash-usbredir SOCKET ID: a virtual board behind QEMU's `usb-redir`, that is, behind an emulated
 * xHCI controller. Unlike USB/IP, this protocol tells the device about bus resets.
 *
 * QEMU connects to the Unix socket SOCKET; ID is `virtual:MODEL[,key=value…]`. The board leaves
 * and returns on one connection. What happens is printed, one line each, N counting enumerations:
 *
 *   listening            connect N STAGE       configure N
 *   reset N              stage N STAGE         disconnect N
 *
 * `reset N after-leaving` is a reset that reached a board which had let go of the bus already.
 * Between `connect` and `configure` resets belong to the enumeration; any other was asked for by a
 * program. SIGTERM ends it. */
#define G_LOG_DOMAIN "flash-usbredir"

#include "config.h"

#include "flash-usbredir-wire.h"

#include "flash-bytes.h"
#include "flash-dfu-defs.h"
#include "flash-sim-device.h"

#include <glib-unix.h>
#include <glib/gstdio.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* stm32mp-usb.md section 1.4.4: U-Boot looks for a reset for a while after a DETACH before it lets
 * go of the bus, so a host can still reset the port. It is less than what the board allows. */
#define LINGER_US 40000

typedef struct {
  guint32 kind;
  guint64 id;
  FlashSimPacket packet;
  guint8 head[WIRE_CONTROL_LENGTH];
  guint8 *data; /* (owned) (nullable) */
  gint64 ready_us; /* FLASH_SIM_NEVER: only a cancel ends it */
} Transfer;

typedef struct {
  FlashClock *clock; /* (owned) */
  FlashSimDevice *device; /* (owned) */
  GMainLoop *loop; /* (owned) */
  GSource *timer; /* (owned) */
  int listener;
  Wire wire;
  GPtrArray *transfers; /* (owned) (element-type Transfer) */
  guint64 generation; /* that QEMU knows of, 0 for none */
  FlashSimStage stage;
  gint64 leave_us; /* when QEMU is told that the board left, FLASH_SIM_NEVER while it is there */
} Server;

static void G_GNUC_PRINTF (1, 2) say (const char *format, ...)
{
  va_list args;

  va_start (args, format);
  vprintf (format, args);
  va_end (args);
  putchar ('\n');
  fflush (stdout);
}

static void
transfer_free (gpointer data)
{
  Transfer *self = data;

  g_free (self->data);
  g_free (self);
}

/* --- Answers to QEMU ------------------------------------------------------------------------ */

static void
announce (Server *self, const FlashSimState *state)
{
  static const guint8 dfu[] = { FLASH_DFU_CLASS, FLASH_DFU_SUBCLASS, FLASH_DFU_PROTOCOL_DFU };
  const FlashDescriptors *descriptors = state->descriptors;

  /* a board that is silent just now says nothing of itself; the guest reads it anyway */
  wire_send_connect (&self->wire, flash_sim_device_get_speed (self->device) == FLASH_SPEED_FULL,
                     descriptors != NULL ? descriptors->vid : 0,
                     descriptors != NULL ? descriptors->pid : 0,
                     descriptors != NULL ? descriptors->bcd_device : 0, dfu);
  self->generation = state->generation;
  self->stage = state->stage;
  self->leave_us = FLASH_SIM_NEVER;
  say ("connect %" G_GUINT64_FORMAT " %s", state->generation,
       flash_sim_stage_get_name (state->stage));
}

static void
answer (Server *self, const Transfer *transfer, WireStatus status, const guint8 *data, gsize length)
{
  g_autoptr (GByteArray) body = NULL;
  gboolean is_in = (transfer->packet.request_type & FLASH_USB_DIR_IN) != 0;

  if (transfer->kind == CONTROL_PACKET) {
    gsize n_done = is_in ? length : status == STATUS_SUCCESS ? transfer->packet.length : 0;

    body = wire_make_body (WIRE_CONTROL_LENGTH);
    memcpy (body->data, transfer->head, WIRE_CONTROL_LENGTH);
    body->data[3] = (guint8) status;
    flash_put_le16 (body->data + 8, (guint16) n_done);
    if (is_in && length > 0)
      g_byte_array_append (body, data, (guint) length);
    wire_send (&self->wire, CONTROL_PACKET, transfer->id, body);
    return;
  }

  /* the number is what the board said, or what it was told */
  if (transfer->kind == SET_ALT_SETTING || transfer->kind == GET_ALT_SETTING) {
    body = wire_make_body (3);
    body->data[0] = (guint8) status;
    body->data[1] = (guint8) transfer->packet.index;
    body->data[2] = is_in && length > 0 ? data[0] : (guint8) transfer->packet.value;
    wire_send (&self->wire, ALT_SETTING_STATUS, transfer->id, body);
    return;
  }
  body = wire_make_body (2);
  body->data[0] = (guint8) status;
  body->data[1] = is_in && length > 0 ? data[0] : (guint8) transfer->packet.value;
  wire_send (&self->wire, CONFIGURATION_STATUS, transfer->id, body);
  if (transfer->kind == SET_CONFIGURATION && status == STATUS_SUCCESS)
    say ("configure %" G_GUINT64_FORMAT, self->generation);
}

/* --- The board ------------------------------------------------------------------------------ */

/* Returns: whether the transfer was answered. */
static gboolean
carry (Server *self, Transfer *transfer)
{
  gboolean is_in = (transfer->packet.request_type & FLASH_USB_DIR_IN) != 0;
  g_autofree guint8 *room = is_in ? g_malloc (transfer->packet.length + 1u) : NULL;
  gsize length = 0;

  if (transfer->ready_us > flash_clock_get_time_us (self->clock))
    return FALSE;
  switch (flash_sim_device_control (self->device, self->generation, &transfer->packet,
                                    is_in ? NULL : transfer->data, room, &length,
                                    &transfer->ready_us)) {
  case FLASH_SIM_ACK:
    answer (self, transfer, STATUS_SUCCESS, room, length);
    return TRUE;
  case FLASH_SIM_STALL:
    answer (self, transfer, STATUS_STALL, NULL, 0);
    return TRUE;
  case FLASH_SIM_BUSY:
    return FALSE;
  case FLASH_SIM_LOST:
    transfer->ready_us = FLASH_SIM_NEVER;
    return FALSE;
  case FLASH_SIM_GONE:
    answer (self, transfer, STATUS_IOERROR, NULL, 0);
    return TRUE;
  }
  g_return_val_if_reached (TRUE);
}

static void
withdraw (Server *self)
{
  for (guint i = 0; i < self->transfers->len; i++)
    answer (self, g_ptr_array_index (self->transfers, i), STATUS_CANCELLED, NULL, 0);
  g_ptr_array_set_size (self->transfers, 0);
  wire_send (&self->wire, DEVICE_DISCONNECT, 0, NULL);
  say ("disconnect %" G_GUINT64_FORMAT, self->generation);
  self->generation = 0;
  self->leave_us = FLASH_SIM_NEVER;
}

/* Tells QEMU what became of the board. */
static void
follow (Server *self)
{
  gint64 now_us = flash_clock_get_time_us (self->clock);
  FlashSimState state;

  flash_sim_device_look (self->device, &state);
  if (self->generation != 0 && (!state.is_attached || state.generation != self->generation)) {
    if (self->leave_us == FLASH_SIM_NEVER)
      self->leave_us = now_us + LINGER_US;
    if (now_us >= self->leave_us)
      withdraw (self);
  }
  if (self->generation == 0 && state.is_attached)
    announce (self, &state);
  if (self->generation == state.generation && state.is_attached && state.stage != self->stage) {
    self->stage = state.stage;
    say ("stage %" G_GUINT64_FORMAT " %s", state.generation,
         flash_sim_stage_get_name (state.stage));
  }
  flash_sim_state_clear (&state);
}

/* Does what can be done now, and sleeps until more can be. */
static void
run (Server *self)
{
  gint64 next_us = FLASH_SIM_NEVER;

  if (!self->wire.has_hello) {
    g_source_set_ready_time (self->timer, -1);
    return;
  }
  for (guint i = 0; i < self->transfers->len;)
    if (carry (self, g_ptr_array_index (self->transfers, i)))
      g_ptr_array_remove_index (self->transfers, i);
    else
      i++;
  follow (self);

  for (guint i = 0; i < self->transfers->len; i++)
    next_us = MIN (next_us, ((Transfer *) g_ptr_array_index (self->transfers, i))->ready_us);
  next_us = MIN (next_us, flash_sim_device_get_next_change_us (self->device));
  next_us = MIN (next_us, self->leave_us);
  if (next_us != FLASH_SIM_NEVER)
    next_us += g_get_monotonic_time () - flash_clock_get_time_us (self->clock);
  g_source_set_ready_time (self->timer, next_us == FLASH_SIM_NEVER ? -1 : next_us);
}

static void
reset (Server *self)
{
  gboolean has_left = self->leave_us != FLASH_SIM_NEVER;

  if (self->generation == 0)
    return;
  say ("reset %" G_GUINT64_FORMAT "%s", self->generation, has_left ? " after-leaving" : "");
  flash_sim_device_bus_reset (self->device);
  if (has_left)
    self->leave_us = 0;
}

/* --- Packets from QEMU ---------------------------------------------------------------------- */

static void
cancel (Server *self, guint64 id)
{
  for (guint i = 0; i < self->transfers->len; i++) {
    const Transfer *transfer = g_ptr_array_index (self->transfers, i);

    if (transfer->id == id) {
      answer (self, transfer, STATUS_CANCELLED, NULL, 0);
      g_ptr_array_remove_index (self->transfers, i);
      return;
    }
  }
}

static gboolean
parse_transfer (Transfer *transfer, const guint8 *body, gsize length)
{
  const guint8 out = FLASH_USB_TYPE_STANDARD;
  const guint8 in = FLASH_USB_DIR_IN | FLASH_USB_TYPE_STANDARD;

  switch (transfer->kind) {
  case SET_CONFIGURATION:
    transfer->packet =
        (FlashSimPacket){ out | FLASH_USB_RECIPIENT_DEVICE, FLASH_USB_SET_CONFIGURATION,
                          length > 0 ? body[0] : 0, 0, 0 };
    return length == 1;
  case GET_CONFIGURATION:
    transfer->packet =
        (FlashSimPacket){ in | FLASH_USB_RECIPIENT_DEVICE, FLASH_USB_GET_CONFIGURATION, 0, 0, 1 };
    return TRUE;
  case SET_ALT_SETTING:
    if (length != 2)
      return FALSE;
    transfer->packet = (FlashSimPacket){ out | FLASH_USB_RECIPIENT_INTERFACE,
                                         FLASH_USB_SET_INTERFACE, body[1], body[0], 0 };
    return TRUE;
  case GET_ALT_SETTING:
    if (length != 1)
      return FALSE;
    transfer->packet = (FlashSimPacket){ in | FLASH_USB_RECIPIENT_INTERFACE,
                                         FLASH_USB_GET_INTERFACE, 0, body[0], 1 };
    return TRUE;
  default:
    break;
  }

  if (length < WIRE_CONTROL_LENGTH)
    return FALSE;
  memcpy (transfer->head, body, WIRE_CONTROL_LENGTH);
  transfer->packet = (FlashSimPacket){ body[2], body[1], flash_get_le16 (body + 4),
                                       flash_get_le16 (body + 6), flash_get_le16 (body + 8) };
  if ((body[2] & FLASH_USB_DIR_IN) == 0) {
    transfer->data = g_memdup2 (body + WIRE_CONTROL_LENGTH, length - WIRE_CONTROL_LENGTH);
    return length - WIRE_CONTROL_LENGTH == transfer->packet.length;
  }
  return length == WIRE_CONTROL_LENGTH;
}

/* Returns: whether the packet was what the protocol allows. */
static gboolean
take_packet (Server *self, guint32 kind, guint64 id, const guint8 *body, gsize length)
{
  Transfer *transfer;

  switch (kind) {
  case RESET:
    reset (self);
    return TRUE;
  case CANCEL_DATA_PACKET:
    cancel (self, id);
    return TRUE;
  case SET_CONFIGURATION:
  case GET_CONFIGURATION:
  case SET_ALT_SETTING:
  case GET_ALT_SETTING:
  case CONTROL_PACKET:
    transfer = g_new0 (Transfer, 1);
    transfer->kind = kind;
    transfer->id = id;
    g_ptr_array_add (self->transfers, transfer);
    return parse_transfer (transfer, body, length);
  default:
    return TRUE; /* filters and streams: nothing that this device has */
  }
}

static gboolean
take_input (Server *self)
{
  guint32 kind;
  guint64 id;
  GByteArray *taken;
  int n_taken;

  while ((n_taken = wire_take (&self->wire, &kind, &id, &taken)) > 0) {
    g_autoptr (GByteArray) body = taken;

    if (!take_packet (self, kind, id, body->data, body->len))
      return FALSE;
    run (self);
  }
  return n_taken == 0;
}

static void
close_wire (Server *self)
{
  wire_close (&self->wire);
  self->generation = 0;
  self->leave_us = FLASH_SIM_NEVER;
  g_ptr_array_set_size (self->transfers, 0);
  run (self);
}

static gboolean
on_readable (int fd, GIOCondition condition, gpointer data)
{
  Server *self = data;
  gboolean is_there = wire_read (&self->wire);

  if (is_there && take_input (self))
    return G_SOURCE_CONTINUE;
  say (is_there ? "hang-up protocol" : "hang-up");
  close_wire (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_connection (int fd, GIOCondition condition, gpointer data)
{
  Server *self = data;
  int link = accept4 (fd, NULL, NULL, SOCK_CLOEXEC);

  if (link < 0)
    return G_SOURCE_CONTINUE;
  if (self->wire.fd >= 0) {
    close (link); /* one port, one cable */
    return G_SOURCE_CONTINUE;
  }
  wire_open (&self->wire, link);
  g_unix_fd_add (link, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_time (gpointer data)
{
  run (data);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static gboolean
on_terminate (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

static int
listen_at (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (g_strlcpy (address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path ||
      listener < 0 || bind (listener, (struct sockaddr *) &address, sizeof address) != 0 ||
      listen (listener, 1) != 0) {
    g_printerr ("flash-usbredir: cannot listen at %s: %s\n", path, g_strerror (errno));
    return -1;
  }
  return listener;
}

int
main (int argc, char **argv)
{
  static GSourceFuncs timer_functions = { .dispatch = dispatch_timer };
  g_autoptr (GError) error = NULL;
  Server self = { .wire = { .fd = -1 }, .leave_us = FLASH_SIM_NEVER };

  if (argc != 3) {
    g_printerr ("usage: flash-usbredir SOCKET virtual:MODEL[,KEY=VALUE…]\n");
    return 2;
  }
  self.clock = flash_clock_new_real ();
  self.device = flash_sim_device_new (self.clock, argv[2], &error);
  if (self.device == NULL) {
    g_printerr ("flash-usbredir: %s\n", error->message);
    return 2;
  }
  self.listener = listen_at (argv[1]);
  if (self.listener < 0)
    return 1;
  self.loop = g_main_loop_new (NULL, FALSE);
  self.transfers = g_ptr_array_new_with_free_func (transfer_free);
  self.timer = g_source_new (&timer_functions, sizeof (GSource));
  g_source_set_callback (self.timer, on_time, &self, NULL);
  g_source_attach (self.timer, NULL);
  g_unix_fd_add (self.listener, G_IO_IN, on_connection, &self);
  g_unix_signal_add (SIGTERM, on_terminate, self.loop);
  g_unix_signal_add (SIGINT, on_terminate, self.loop);
  say ("listening");
  g_main_loop_run (self.loop);

  g_unlink (argv[1]);
  close (self.listener);
  if (self.wire.fd >= 0)
    close_wire (&self);
  g_source_destroy (self.timer);
  g_source_unref (self.timer);
  g_ptr_array_unref (self.transfers);
  g_main_loop_unref (self.loop);
  g_clear_object (&self.device);
  g_clear_object (&self.clock);
  return 0;
}
