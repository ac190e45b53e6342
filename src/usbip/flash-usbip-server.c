/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usbip-server"

#include "config.h"

#include "flash-usbip-server.h"

#include <errno.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 16
/* After accept () has failed, for want of file descriptors perhaps. */
#define PAUSE_MS 100

struct _FlashUsbipServer {
  GObject parent_instance;

  GSocket *socket; /* (owned) */
  GInetSocketAddress *address; /* (owned) */
  GPtrArray *boards; /* (owned) (element-type FlashUsbipBoard) */
  GPtrArray *asking; /* (owned) (element-type Asker) */
  guint patience_ms;
  guint incoming_id; /* of the source that accepts */
  guint pause_id; /* of the source that lets it accept again */
};

G_DEFINE_FINAL_TYPE (FlashUsbipServer, flash_usbip_server, G_TYPE_OBJECT)

/* A host that has not said yet what it wants, or that was told what it wanted to know. */
typedef struct {
  FlashUsbipServer *server;
  int fd; /* (owned), -1 when it was handed over */
  guint readable_id;
  guint timeout_id;
  gboolean is_answered;
  gsize n_read;
  guint8 bytes[FLASH_USBIP_OP_LENGTH + FLASH_USBIP_IMPORT_LENGTH];
} Asker;

static void
asker_free (gpointer data)
{
  Asker *asker = data;

  g_clear_handle_id (&asker->readable_id, g_source_remove);
  g_clear_handle_id (&asker->timeout_id, g_source_remove);
  if (asker->fd >= 0)
    close (asker->fd);
  g_free (asker);
}

/* --- Answers -------------------------------------------------------------------------------- */

/* The host reads to the end; its own end is waited for, so that nothing it may still be sending
 * tears the answer away from it. A fresh socket takes such an answer whole. */
static gboolean
answer (Asker *asker, const guint8 *bytes, gsize length)
{
  if (send (asker->fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t) length)
    return FALSE;
  shutdown (asker->fd, SHUT_WR);
  asker->is_answered = TRUE;
  return TRUE;
}

static gboolean
answer_devlist (Asker *asker)
{
  GPtrArray *boards = asker->server->boards;
  g_autofree guint8 *bytes =
      g_malloc (FLASH_USBIP_OP_LENGTH + 4 +
                boards->len * (FLASH_USBIP_DEVICE_LENGTH + FLASH_USBIP_INTERFACE_LENGTH));
  guint8 *at = bytes + FLASH_USBIP_OP_LENGTH + 4;
  guint8 n_devices = 0;

  for (guint i = 0; i < boards->len; i++) {
    FlashUsbipBoard *board = g_ptr_array_index (boards, i);
    FlashUsbipDevice device;

    if (!flash_usbip_board_describe (board, &device) || flash_usbip_board_is_attached (board))
      continue;
    flash_usbip_put_device (at, &device);
    flash_usbip_put_interface (at + FLASH_USBIP_DEVICE_LENGTH);
    at += FLASH_USBIP_DEVICE_LENGTH + FLASH_USBIP_INTERFACE_LENGTH;
    n_devices++;
  }
  flash_usbip_put_op (bytes, FLASH_USBIP_OP_REP_DEVLIST, FLASH_USBIP_STATUS_OK);
  memset (bytes + FLASH_USBIP_OP_LENGTH, 0, 3);
  bytes[FLASH_USBIP_OP_LENGTH + 3] = n_devices;
  return answer (asker, bytes, (gsize) (at - bytes));
}

static FlashUsbipBoard *
find_board (FlashUsbipServer *self, const char *busid)
{
  for (guint i = 0; i < self->boards->len; i++) {
    FlashUsbipBoard *board = g_ptr_array_index (self->boards, i);

    if (g_str_equal (flash_usbip_board_get_busid (board), busid))
      return board;
  }
  return NULL;
}

/* Returns: whether to keep the asker. */
static gboolean
answer_import (Asker *asker)
{
  guint8 bytes[FLASH_USBIP_OP_LENGTH + FLASH_USBIP_DEVICE_LENGTH];
  char busid[FLASH_USBIP_BUSID_LENGTH];
  FlashUsbipStatus status = FLASH_USBIP_STATUS_NO_DEVICE;
  FlashUsbipDevice device;
  FlashUsbipBoard *board;

  g_strlcpy (busid, (const char *) asker->bytes + FLASH_USBIP_OP_LENGTH, sizeof busid);
  board = find_board (asker->server, busid);
  if (board != NULL && flash_usbip_board_describe (board, &device)) {
    flash_usbip_put_op (bytes, FLASH_USBIP_OP_REP_IMPORT, FLASH_USBIP_STATUS_OK);
    flash_usbip_put_device (bytes + FLASH_USBIP_OP_LENGTH, &device);
    status = flash_usbip_board_attach (board, asker->fd, bytes, sizeof bytes);
  }
  if (status == FLASH_USBIP_STATUS_OK) {
    asker->fd = -1;
    return FALSE;
  }
  flash_usbip_put_op (bytes, FLASH_USBIP_OP_REP_IMPORT, status);
  return answer (asker, bytes, FLASH_USBIP_OP_LENGTH);
}

/* --- Questions ------------------------------------------------------------------------------ */

/* Returns: whether to keep the asker. */
static gboolean
take_bytes (Asker *asker)
{
  guint16 version, code;

  if (asker->n_read < FLASH_USBIP_OP_LENGTH)
    return TRUE;
  flash_usbip_parse_op (asker->bytes, &version, &code);
  if (version != FLASH_USBIP_VERSION) {
    g_debug ("a host speaks version 0x%04x, not 0x%04x", version, FLASH_USBIP_VERSION);
    return FALSE;
  }
  if (code == FLASH_USBIP_OP_REQ_DEVLIST)
    return answer_devlist (asker);
  if (code != FLASH_USBIP_OP_REQ_IMPORT) {
    g_debug ("a host asks 0x%04x, which is no question", code);
    return FALSE;
  }
  return asker->n_read < sizeof asker->bytes || answer_import (asker);
}

static void
dismiss (Asker *asker)
{
  g_ptr_array_remove_fast (asker->server->asking, asker);
}

/* Not a byte more is read than the question has: what follows an import is for the board. */
static gboolean
on_readable (int fd, GIOCondition condition, gpointer user_data)
{
  Asker *asker = user_data;
  guint8 waste[256];
  gboolean is_head = asker->n_read < FLASH_USBIP_OP_LENGTH;
  gsize n_wanted = (is_head ? FLASH_USBIP_OP_LENGTH : sizeof asker->bytes) - asker->n_read;
  ssize_t n;

  if (asker->is_answered)
    n = recv (fd, waste, sizeof waste, MSG_DONTWAIT);
  else
    n = recv (fd, asker->bytes + asker->n_read, n_wanted, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (n > 0 && !asker->is_answered)
    asker->n_read += (gsize) n;
  if (n <= 0 || (!asker->is_answered && !take_bytes (asker)))
    dismiss (asker);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_timeout (gpointer user_data)
{
  dismiss (user_data);
  return G_SOURCE_CONTINUE;
}

static void
add_asker (FlashUsbipServer *self, int fd)
{
  Asker *asker = g_new0 (Asker, 1);
  const int on = 1;

  /* An answer is a whole message; a host that is gone must not keep its board for ever. */
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt (fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  asker->server = self;
  asker->fd = fd;
  asker->readable_id = g_unix_fd_add (fd, G_IO_IN, on_readable, asker);
  asker->timeout_id = g_timeout_add (self->patience_ms, on_timeout, asker);
  g_ptr_array_add (self->asking, asker);
}

/* --- Listening ------------------------------------------------------------------------------ */

static gboolean on_incoming (int fd, GIOCondition condition, gpointer user_data);

static void
listen_on (FlashUsbipServer *self)
{
  self->incoming_id = g_unix_fd_add (g_socket_get_fd (self->socket), G_IO_IN, on_incoming, self);
}

static gboolean
on_pause_over (gpointer user_data)
{
  FlashUsbipServer *self = user_data;

  self->pause_id = 0;
  listen_on (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_incoming (int fd, GIOCondition condition, gpointer user_data)
{
  FlashUsbipServer *self = user_data;
  int host = accept4 (fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  if (host < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)) {
    self->incoming_id = 0;
    self->pause_id = g_timeout_add (PAUSE_MS, on_pause_over, self);
    return G_SOURCE_REMOVE;
  }
  if (host >= 0 && self->asking->len >= FLASH_USBIP_MAX_ASKING)
    close (host);
  else if (host >= 0)
    add_asker (self, host);
  return G_SOURCE_CONTINUE;
}

void
flash_usbip_server_add (FlashUsbipServer *self, FlashUsbipBoard *board)
{
  g_return_if_fail (FLASH_IS_USBIP_SERVER (self));
  g_return_if_fail (FLASH_IS_USBIP_BOARD (board));
  /* The list of devices counts in one byte of its four. */
  g_return_if_fail (self->boards->len < G_MAXUINT8);

  g_ptr_array_add (self->boards, g_object_ref (board));
}

void
flash_usbip_server_set_patience_ms (FlashUsbipServer *self, guint patience_ms)
{
  g_return_if_fail (FLASH_IS_USBIP_SERVER (self));

  self->patience_ms = patience_ms;
}

GInetSocketAddress *
flash_usbip_server_get_address (FlashUsbipServer *self)
{
  g_return_val_if_fail (FLASH_IS_USBIP_SERVER (self), NULL);

  return self->address;
}

guint
flash_usbip_server_get_n_asking (FlashUsbipServer *self)
{
  g_return_val_if_fail (FLASH_IS_USBIP_SERVER (self), 0);

  return self->asking->len;
}

static void
flash_usbip_server_dispose (GObject *object)
{
  FlashUsbipServer *self = FLASH_USBIP_SERVER (object);

  g_clear_handle_id (&self->incoming_id, g_source_remove);
  g_clear_handle_id (&self->pause_id, g_source_remove);
  g_clear_pointer (&self->asking, g_ptr_array_unref);
  g_clear_pointer (&self->boards, g_ptr_array_unref);
  g_clear_object (&self->address);
  g_clear_object (&self->socket);

  G_OBJECT_CLASS (flash_usbip_server_parent_class)->dispose (object);
}

static void
flash_usbip_server_class_init (FlashUsbipServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = flash_usbip_server_dispose;
}

static void
flash_usbip_server_init (FlashUsbipServer *self)
{
  self->boards = g_ptr_array_new_with_free_func (g_object_unref);
  self->asking = g_ptr_array_new_with_free_func (asker_free);
  self->patience_ms = FLASH_USBIP_PATIENCE_MS;
}

FlashUsbipServer *
flash_usbip_server_new (GInetSocketAddress *address, GError **error)
{
  g_autoptr (FlashUsbipServer) self = NULL;

  g_return_val_if_fail (G_IS_INET_SOCKET_ADDRESS (address), NULL);

  self = g_object_new (FLASH_TYPE_USBIP_SERVER, NULL);
  self->socket = g_socket_new (g_socket_address_get_family (G_SOCKET_ADDRESS (address)),
                               G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (self->socket == NULL)
    return NULL;
  g_socket_set_listen_backlog (self->socket, BACKLOG);
  if (!g_socket_bind (self->socket, G_SOCKET_ADDRESS (address), TRUE, error) ||
      !g_socket_listen (self->socket, error))
    return NULL;
  self->address = G_INET_SOCKET_ADDRESS (g_socket_get_local_address (self->socket, error));
  if (self->address == NULL)
    return NULL;
  listen_on (self);
  return g_steal_pointer (&self);
}
