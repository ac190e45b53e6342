/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A USB/IP host for tests: writes messages byte by byte as the kernel's documentation has them,
 * and shares no code with the server's side. While it waits, the main context runs, with the
 * server in it. */
#pragma once

#include "flash-usbip-board.h"
#include "flash-usbip-server.h"

G_BEGIN_DECLS

#define HOST_EPIPE (-32)
#define HOST_ECONNRESET (-104)

/* A board on real time, with a record of its signals. */
typedef struct {
  FlashClock *clock;
  FlashSimDevice *device;
  FlashUsbipBoard *board;
  GString *events; /* "attached detached:host returned stage:tfa …" */
} Port;

void port_init (Port *self, const char *id, guint number);
void port_clear (Port *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Port, port_clear)
/* Runs the main context until that event was the last; fails the test after a long time. */
void port_await (Port *self, const char *event);

typedef struct {
  int fd;
  guint32 devid;
  guint32 seqnum;
  GSource *source;
} Host;

typedef struct {
  guint32 command;
  guint32 seqnum;
  gint32 status;
  guint32 length;
} HostAnswer;

/* Takes a connected socket. */
void host_init (Host *self, int fd, guint32 devid);
void host_clear (Host *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Host, host_clear)
/* A host on the other end of a socket pair. */
void host_init_attached (Host *self, Port *port);
/* A connection to the server. */
void host_init_connected (Host *self, FlashUsbipServer *server);

/* Runs the main context once; fails the test when it takes too long. */
void host_iterate (void);
void host_send (Host *self, const void *bytes, gsize length);
/* Returns: how many of @length bytes came before the connection was closed. */
gsize host_receive (Host *self, void *bytes, gsize length);
/* Nothing more comes: the connection was closed. */
void host_assert_closed (Host *self);
/* Nothing comes although everybody had a chance. */
void host_assert_silent (Host *self);

/* OP_REQ_DEVLIST; returns the number of devices, and their bytes. */
guint host_ask_devices (Host *self, guint8 *out_bytes, gsize size);
/* OP_REQ_IMPORT; returns the status, and sets the number of the device if it is 0. */
guint32 host_import (Host *self, const char *busid);

/* The head of a CMD_SUBMIT; returns its number. */
guint32 host_put_submit (Host *self, guint8 *bytes, guint8 endpoint, gboolean is_in, guint32 length,
                         guint8 request_type, guint8 request, guint16 value, guint16 index,
                         guint16 setup_length);
/* Sends it, with its data; returns its number. */
guint32 host_submit (Host *self, guint8 request_type, guint8 request, guint16 value,
                     const guint8 *data, guint16 length);
/* Sends a CMD_UNLINK; returns its number. */
guint32 host_unlink (Host *self, guint32 seqnum);
/* Waits for an answer; data behind it go to @data. */
void host_await (Host *self, HostAnswer *out_answer, gboolean is_in, guint8 *data, gsize size);
/* A whole transfer; returns the length, or the negative number of an error. */
int host_out (Host *self, guint8 request_type, guint8 request, guint16 value, const guint8 *data,
              guint16 length);
int host_in (Host *self, guint8 request_type, guint8 request, guint16 value, guint8 *data,
             guint16 length);
/* DFU_GETSTATUS; returns bState. */
int host_get_state (Host *self);
/* The whole of a download to one setting, as dfu-util does it. */
void
host_download (Host *self, guint8 alternate, const guint8 *bytes, gsize length, guint block_size);

G_END_DECLS
