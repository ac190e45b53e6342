/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-usbip-host.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Only a hang takes that long. */
#define GUARD_S 60

static void
put_be32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, 4);
}

static guint32
get_be32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, 4);
  return GUINT32_FROM_BE (value);
}

/* --- The board ------------------------------------------------------------------------------ */

static void
on_attached (FlashUsbipBoard *board, Port *self)
{
  g_string_append (self->events, " attached");
}

static void
on_detached (FlashUsbipBoard *board, guint end, Port *self)
{
  g_string_append_printf (self->events, " detached:%s", flash_usbip_end_get_name (end));
}

static void
on_stage_changed (FlashUsbipBoard *board, Port *self)
{
  g_string_append_printf (self->events, " stage:%s",
                          flash_sim_stage_get_name (flash_usbip_board_get_stage (board)));
}

static void
on_returned (FlashUsbipBoard *board, Port *self)
{
  g_string_append (self->events, " returned");
}

void
port_init (Port *self, const char *id, guint number)
{
  g_autoptr (GError) error = NULL;

  self->clock = flash_clock_new_real ();
  self->device = flash_sim_device_new (self->clock, id, &error);
  g_assert_no_error (error);
  self->board = flash_usbip_board_new (self->device, self->clock, number);
  self->events = g_string_new (NULL);
  g_signal_connect (self->board, "attached", G_CALLBACK (on_attached), self);
  g_signal_connect (self->board, "detached", G_CALLBACK (on_detached), self);
  g_signal_connect (self->board, "stage-changed", G_CALLBACK (on_stage_changed), self);
  g_signal_connect (self->board, "returned", G_CALLBACK (on_returned), self);
}

void
port_clear (Port *self)
{
  g_assert_finalize_object (self->board);
  g_assert_finalize_object (self->device);
  g_assert_finalize_object (self->clock);
  g_string_free (self->events, TRUE);
}

void
port_await (Port *self, const char *event)
{
  while (!g_str_has_suffix (self->events->str, event))
    host_iterate ();
}

/* --- The connection ------------------------------------------------------------------------- */

static gboolean
on_guard (gpointer data)
{
  gboolean *is_over = data;

  *is_over = TRUE;
  return G_SOURCE_CONTINUE;
}

void
host_iterate (void)
{
  gboolean is_over = FALSE;
  guint guard = g_timeout_add_seconds (GUARD_S, on_guard, &is_over);

  g_main_context_iteration (NULL, TRUE);
  g_source_remove (guard);
  g_assert_false (is_over);
}

/* Only there to wake the main context. */
static gboolean
on_readable (int fd, GIOCondition condition, gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
host_init (Host *self, int fd, guint32 devid)
{
  *self = (Host){ .fd = fd, .devid = devid };
  self->source = g_unix_fd_source_new (fd, G_IO_IN);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_readable), NULL, NULL);
}

void
host_clear (Host *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->fd);
}

void
host_init_attached (Host *self, Port *port)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_assert_cmpint (flash_usbip_board_attach (port->board, fds[0], NULL, 0), ==,
                   FLASH_USBIP_STATUS_OK);
  host_init (self, fds[1], flash_usbip_board_get_devid (port->board));
}

void
host_init_connected (Host *self, FlashUsbipServer *server)
{
  struct sockaddr_in address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;

  /* as usbip does it: head and data go out one by one */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  g_assert_true (g_socket_address_to_native (
      G_SOCKET_ADDRESS (flash_usbip_server_get_address (server)), &address, sizeof address, NULL));
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  host_init (self, fd, 0);
}

void
host_send (Host *self, const void *bytes, gsize length)
{
  while (length > 0) {
    ssize_t n = send (self->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n < 0 && errno == EAGAIN) {
      g_main_context_iteration (NULL, FALSE);
      continue;
    }
    g_assert_cmpint (n, >, 0);
    bytes = (const guint8 *) bytes + n;
    length -= (gsize) n;
  }
}

gsize
host_receive (Host *self, void *bytes, gsize length)
{
  gsize n_read = 0;

  if (g_source_get_context (self->source) == NULL)
    g_source_attach (self->source, NULL);
  while (n_read < length) {
    ssize_t n = recv (self->fd, (guint8 *) bytes + n_read, length - n_read, MSG_DONTWAIT);

    if (n > 0)
      n_read += (gsize) n;
    else if (n < 0 && errno == EAGAIN)
      host_iterate ();
    else
      return n_read;
  }
  return n_read;
}

void
host_assert_closed (Host *self)
{
  guint8 byte;

  g_assert_cmpuint (host_receive (self, &byte, 1), ==, 0);
}

void
host_assert_silent (Host *self)
{
  guint8 byte;

  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_cmpint (recv (self->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK), <, 0);
  g_assert_cmpint (errno, ==, EAGAIN);
}

/* --- Questions ------------------------------------------------------------------------------ */

guint
host_ask_devices (Host *self, guint8 *out_bytes, gsize size)
{
  static const guint8 question[] = { 1, 0x11, 0x80, 5, 0, 0, 0, 0 };
  static const guint8 head[] = { 1, 0x11, 0, 5, 0, 0, 0, 0 };
  guint8 answer[12];
  guint n_devices;

  host_send (self, question, sizeof question);
  g_assert_cmpuint (host_receive (self, answer, sizeof answer), ==, sizeof answer);
  g_assert_cmpmem (answer, 8, head, sizeof head);
  n_devices = get_be32 (answer + 8);
  g_assert_cmpuint (n_devices * 316, <=, size);
  g_assert_cmpuint (host_receive (self, out_bytes, n_devices * 316), ==, n_devices * 316);
  host_assert_closed (self);
  return n_devices;
}

guint32
host_import (Host *self, const char *busid)
{
  guint8 question[40] = { 1, 0x11, 0x80, 3 };
  guint8 answer[8], device[312];
  guint32 status;

  g_strlcpy ((char *) question + 8, busid, 32);
  host_send (self, question, sizeof question);
  g_assert_cmpuint (host_receive (self, answer, sizeof answer), ==, sizeof answer);
  g_assert_cmphex (get_be32 (answer), ==, 0x01110003);
  status = get_be32 (answer + 4);
  if (status != 0)
    return status;
  g_assert_cmpuint (host_receive (self, device, sizeof device), ==, sizeof device);
  g_assert_cmpstr ((const char *) device + 256, ==, busid);
  self->devid = get_be32 (device + 288) << 16 | get_be32 (device + 292);
  return 0;
}

/* --- Requests ------------------------------------------------------------------------------- */

guint32
host_put_submit (Host *self, guint8 *bytes, guint8 endpoint, gboolean is_in, guint32 length,
                 guint8 request_type, guint8 request, guint16 value, guint16 index,
                 guint16 setup_length)
{
  const guint8 setup[] = { request_type,          request,
                           (guint8) value,        (guint8) (value >> 8),
                           (guint8) index,        (guint8) (index >> 8),
                           (guint8) setup_length, (guint8) (setup_length >> 8) };

  memset (bytes, 0, 48);
  put_be32 (bytes, 1);
  put_be32 (bytes + 4, ++self->seqnum);
  put_be32 (bytes + 8, self->devid);
  put_be32 (bytes + 12, is_in ? 1 : 0);
  put_be32 (bytes + 16, endpoint);
  put_be32 (bytes + 24, length);
  memcpy (bytes + 40, setup, sizeof setup);
  return self->seqnum;
}

guint32
host_submit (Host *self, guint8 request_type, guint8 request, guint16 value, const guint8 *data,
             guint16 length)
{
  guint8 head[48];
  guint32 seqnum = host_put_submit (self, head, 0, (request_type & 0x80) != 0 && length > 0, length,
                                    request_type, request, value, 0, length);

  host_send (self, head, sizeof head);
  if (data != NULL)
    host_send (self, data, length);
  return seqnum;
}

guint32
host_unlink (Host *self, guint32 seqnum)
{
  guint8 head[48] = { 0 };

  put_be32 (head, 2);
  put_be32 (head + 4, ++self->seqnum);
  put_be32 (head + 8, self->devid);
  put_be32 (head + 20, seqnum);
  host_send (self, head, sizeof head);
  return self->seqnum;
}

void
host_await (Host *self, HostAnswer *out_answer, gboolean is_in, guint8 *data, gsize size)
{
  guint8 head[48];

  g_assert_cmpuint (host_receive (self, head, sizeof head), ==, sizeof head);
  *out_answer = (HostAnswer){ .command = get_be32 (head),
                              .seqnum = get_be32 (head + 4),
                              .status = (gint32) get_be32 (head + 20),
                              .length = get_be32 (head + 24) };
  if (!is_in || out_answer->status != 0 || out_answer->command != 3)
    return;
  g_assert_cmpuint (out_answer->length, <=, size);
  g_assert_cmpuint (host_receive (self, data, out_answer->length), ==, out_answer->length);
}

static int
transfer (Host *self, guint8 request_type, guint8 request, guint16 value, const guint8 *data,
          guint8 *answer, guint16 length)
{
  guint32 seqnum = host_submit (self, request_type, request, value, data, length);
  HostAnswer got;

  host_await (self, &got, answer != NULL, answer, length);
  g_assert_cmpuint (got.command, ==, 3);
  g_assert_cmpuint (got.seqnum, ==, seqnum);
  return got.status != 0 ? got.status : (int) got.length;
}

int
host_out (Host *self, guint8 request_type, guint8 request, guint16 value, const guint8 *data,
          guint16 length)
{
  return transfer (self, request_type, request, value, data, NULL, length);
}

int
host_in (Host *self, guint8 request_type, guint8 request, guint16 value, guint8 *data,
         guint16 length)
{
  return transfer (self, request_type, request, value, NULL, data, length);
}

int
host_get_state (Host *self)
{
  guint8 status[6];

  g_assert_cmpint (host_in (self, 0xa1, 3, 0, status, sizeof status), ==, 6);
  g_assert_cmpint (status[0], ==, 0);
  return status[4];
}

void
host_download (Host *self, guint8 alternate, const guint8 *bytes, gsize length, guint block_size)
{
  guint16 block = 0;

  g_assert_cmpint (host_out (self, 0x01, 0x0b, alternate, NULL, 0), ==, 0);
  g_assert_cmpint (host_get_state (self), ==, 2);
  for (gsize at = 0; at < length; at += block_size) {
    guint16 n = (guint16) MIN (block_size, length - at);

    g_assert_cmpint (host_out (self, 0x21, 1, block++, bytes + at, n), ==, n);
    while (host_get_state (self) != 5)
      continue;
  }
  g_assert_cmpint (host_out (self, 0x21, 1, block, NULL, 0), ==, 0);
  while (host_get_state (self) != 2)
    continue;
}
