/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The usb redirection protocol 0.7, as far as a device without endpoints needs it: packets over a
 * stream. Thread: any, one at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  HELLO = 0,
  DEVICE_CONNECT = 1,
  DEVICE_DISCONNECT = 2,
  RESET = 3,
  INTERFACE_INFO = 4,
  EP_INFO = 5,
  SET_CONFIGURATION = 6,
  GET_CONFIGURATION = 7,
  CONFIGURATION_STATUS = 8,
  SET_ALT_SETTING = 9,
  GET_ALT_SETTING = 10,
  ALT_SETTING_STATUS = 11,
  CANCEL_DATA_PACKET = 21,
  CONTROL_PACKET = 100,
} WireKind;

typedef enum {
  STATUS_SUCCESS = 0,
  STATUS_CANCELLED = 1,
  STATUS_IOERROR = 3,
  STATUS_STALL = 4,
} WireStatus;

#define WIRE_CONTROL_LENGTH 10

/**
 * Wire:
 * @fd: the connection, -1 without one
 * @has_hello: whether the other side has said what it can do
 * @has_wide_ids: whether ids have 64 bits
 * @input: (owned): what was read and not taken yet
 */
typedef struct {
  int fd;
  gboolean has_hello;
  gboolean has_wide_ids;
  GByteArray *input;
} Wire;

/* Takes over the connection, and says hello on it. */
void wire_open (Wire *self, int fd);
void wire_close (Wire *self);

/* Reads what is there. Returns: %FALSE if the other side is gone. */
gboolean wire_read (Wire *self);

/**
 * wire_take:
 * @out_body: (out) (transfer full): what is behind the head
 *
 * The next packet, if all of it is there. Hello is taken in here.
 *
 * Returns: 1 if there was a packet, 0 if not, -1 if the other side breaks the rules
 */
int wire_take (Wire *self, guint32 *out_kind, guint64 *out_id, GByteArray **out_body);

/* A body of zeros. */
GByteArray *wire_make_body (gsize length);
/* Sends a packet; @body may be %NULL. */
void wire_send (Wire *self, WireKind kind, guint64 id, const GByteArray *body);
/* A device with one interface of these three numbers and without endpoints is there. */
void wire_send_connect (Wire *self, gboolean is_full_speed, guint16 vid, guint16 pid,
                        guint16 bcd_device, const guint8 *interface_class);

G_END_DECLS
