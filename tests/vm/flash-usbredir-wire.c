/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usbredir-wire"

#include "config.h"

#include "flash-usbredir-wire.h"

#include "flash-bytes.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* connect_device_version, ep_info_max_packet_size, 64bits_ids, 32bits_bulk_length: QEMU wants the
 * last three for an xHCI. */
#define CAPABILITIES (1u << 1 | 1u << 4 | 1u << 5 | 1u << 6)
#define CAPABILITY_WIDE_IDS (1u << 5)
#define HELLO_LENGTH 68
#define PACKET_MAX (1u << 20)
#define MAX_TABLE 32

static void
send_all (Wire *self, const guint8 *bytes, gsize length)
{
  while (length > 0) {
    gssize n_sent = send (self->fd, bytes, length, MSG_NOSIGNAL);

    if (n_sent < 0 && errno == EINTR)
      continue;
    if (n_sent <= 0)
      return; /* the reading side will see that the connection is gone */
    bytes += n_sent;
    length -= (gsize) n_sent;
  }
}

static gsize
get_head_length (Wire *self)
{
  return self->has_wide_ids ? 16 : 12;
}

void
wire_send (Wire *self, WireKind kind, guint64 id, const GByteArray *body)
{
  g_autoptr (GByteArray) packet = g_byte_array_new ();
  guint8 head[16];

  flash_put_le32 (head, kind);
  flash_put_le32 (head + 4, body != NULL ? body->len : 0);
  if (self->has_wide_ids)
    flash_put_le64 (head + 8, id);
  else
    flash_put_le32 (head + 8, (guint32) id);
  g_byte_array_append (packet, head, (guint) get_head_length (self));
  if (body != NULL)
    g_byte_array_append (packet, body->data, body->len);
  send_all (self, packet->data, packet->len);
}

GByteArray *
wire_make_body (gsize length)
{
  GByteArray *body = g_byte_array_new ();

  g_byte_array_set_size (body, (guint) length);
  memset (body->data, 0, length);
  return body;
}

void
wire_open (Wire *self, int fd)
{
  static const char name[] = "flash-usbredir";
  g_autoptr (GByteArray) body = wire_make_body (HELLO_LENGTH);

  self->fd = fd;
  self->input = g_byte_array_new ();
  memcpy (body->data, name, sizeof name);
  flash_put_le32 (body->data + 64, CAPABILITIES);
  wire_send (self, HELLO, 0, body);
}

void
wire_close (Wire *self)
{
  close (self->fd);
  g_byte_array_unref (self->input);
  *self = (Wire){ .fd = -1 };
}

gboolean
wire_read (Wire *self)
{
  guint8 bytes[65536];
  gssize n_read = read (self->fd, bytes, sizeof bytes);

  if (n_read > 0)
    g_byte_array_append (self->input, bytes, (guint) n_read);
  return n_read > 0 || (n_read < 0 && errno == EINTR);
}

static gboolean
take_hello (Wire *self, const GByteArray *body)
{
  if (body->len < HELLO_LENGTH)
    return FALSE;
  self->has_wide_ids = (flash_get_le32 (body->data + 64) & CAPABILITY_WIDE_IDS) != 0;
  self->has_hello = TRUE;
  return TRUE;
}

int
wire_take (Wire *self, guint32 *out_kind, guint64 *out_id, GByteArray **out_body)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  gsize head_length = get_head_length (self);
  const guint8 *head = self->input->data;
  guint32 length;

  if (self->input->len < head_length)
    return 0;
  length = flash_get_le32 (head + 4);
  if (length > PACKET_MAX)
    return -1;
  if (self->input->len - head_length < length)
    return 0;
  *out_kind = flash_get_le32 (head);
  *out_id = self->has_wide_ids ? flash_get_le64 (head + 8) : flash_get_le32 (head + 8);
  g_byte_array_append (body, head + head_length, length);
  g_byte_array_remove_range (self->input, 0, (guint) head_length + length);
  if (*out_kind == HELLO && !take_hello (self, body))
    return -1;
  *out_body = g_steal_pointer (&body);
  return 1;
}

void
wire_send_connect (Wire *self, gboolean is_full_speed, guint16 vid, guint16 pid, guint16 bcd_device,
                   const guint8 *interface_class)
{
  g_autoptr (GByteArray) interfaces = wire_make_body (4 + 4 * MAX_TABLE);
  g_autoptr (GByteArray) endpoints = wire_make_body (3 * MAX_TABLE + 2 * MAX_TABLE);
  g_autoptr (GByteArray) device = wire_make_body (10);

  flash_put_le32 (interfaces->data, 1);
  for (guint i = 0; i < 3; i++)
    interfaces->data[4 + (i + 1) * MAX_TABLE] = interface_class[i];
  /* endpoint 0 in both directions is of type control, the others are not there */
  memset (endpoints->data, 0xff, MAX_TABLE);
  for (guint i = 0; i < MAX_TABLE; i += MAX_TABLE / 2) {
    endpoints->data[i] = 0;
    flash_put_le16 (endpoints->data + 3 * MAX_TABLE + 2 * i, 64);
  }
  device->data[0] = is_full_speed ? 1 : 2;
  flash_put_le16 (device->data + 4, vid);
  flash_put_le16 (device->data + 6, pid);
  flash_put_le16 (device->data + 8, bcd_device);
  wire_send (self, INTERFACE_INFO, 0, interfaces);
  wire_send (self, EP_INFO, 0, endpoints);
  wire_send (self, DEVICE_CONNECT, 0, device);
}
