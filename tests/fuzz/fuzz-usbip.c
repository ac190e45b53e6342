/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hosts send. The first byte says to whom: to a server, which has to make out the question,
 * or to a board that was imported already. The rest is the stream; a length at its head cuts it in
 * two, so that messages arrive in pieces. */
#include "config.h"

#include "flash-bytes.h"
#include "flash-fuzz.h"
#include "flash-usbip-server.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_STREAM (1u << 18)
#define MAX_ROUNDS 64

typedef struct {
  FlashClock *clock;
  FlashSimDevice *device;
  FlashUsbipBoard *board;
  FlashUsbipServer *server;
} World;

/* One for all inputs: what one host did must not hurt the next. */
static World *
get_world (void)
{
  static World world;
  g_autoptr (GInetAddress) loopback = NULL;
  g_autoptr (GSocketAddress) address = NULL;

  if (world.board != NULL)
    return &world;
  loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  address = g_inet_socket_address_new (loopback, 0);
  world.clock = flash_clock_new_real ();
  world.device = flash_sim_device_new (world.clock, "virtual:stm32mp157", NULL);
  world.board = flash_usbip_board_new (world.device, world.clock, 1);
  world.server = flash_usbip_server_new (G_INET_SOCKET_ADDRESS (address), NULL);
  g_assert_nonnull (world.server);
  flash_usbip_server_add (world.server, world.board);
  return &world;
}

static int
connect_to (FlashUsbipServer *server)
{
  GSocketAddress *address = G_SOCKET_ADDRESS (flash_usbip_server_get_address (server));
  /* No thousands of ports that wait for late packets. */
  const struct linger linger = { .l_onoff = 1, .l_linger = 0 };
  struct sockaddr_in native;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_true (g_socket_address_to_native (address, &native, sizeof native, NULL));
  g_assert_cmpint (connect (fd, (struct sockaddr *) &native, sizeof native), ==, 0);
  setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  return fd;
}

static int
attach_to (FlashUsbipBoard *board)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  g_assert_cmpint (flash_usbip_board_attach (board, fds[0], NULL, 0), ==, FLASH_USBIP_STATUS_OK);
  return fds[1];
}

/* The number by which requests name the board is not for a fuzzer to guess: a placeholder stands
 * for it in the corpus. */
static guint8 *
dup_stream (FlashUsbipBoard *board, const guint8 *data, gsize size)
{
  static const guint8 placeholder[] = { 0, 1, 0, 2 };
  guint8 *stream = g_memdup2 (data, size);

  for (gsize at = 0; at + 4 <= size; at++)
    if (memcmp (stream + at, placeholder, 4) == 0)
      flash_put_be32 (stream + at, flash_usbip_board_get_devid (board));
  return stream;
}

/* Lets everybody do what they can, and throws the answers away. */
static void
settle (int fd)
{
  static guint8 waste[1 << 16];

  for (guint i = 0; i < MAX_ROUNDS; i++) {
    gboolean is_at_work = g_main_context_iteration (NULL, FALSE);
    gboolean has_answers = recv (fd, waste, sizeof waste, MSG_DONTWAIT) > 0;

    if (!is_at_work && !has_answers)
      return;
  }
}

static void
give (int fd, const guint8 *data, gsize size)
{
  for (guint i = 0; size > 0 && i < MAX_ROUNDS; i++) {
    ssize_t n = send (fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (n > 0) {
      data += n;
      size -= (gsize) n;
    }
    settle (fd);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  World *world = get_world ();
  g_autofree guint8 *stream = NULL;
  gsize cut;
  int fd;

  if (size < 3 || size > MAX_STREAM)
    return 0;
  /* A board as good as new, or an input would not always do the same. */
  flash_usbip_board_unplug (world->board);
  flash_usbip_board_plug (world->board);
  stream = dup_stream (world->board, data + 2, size - 2);
  cut = MIN (data[1], size - 2);
  fd = (data[0] & 1) != 0 ? attach_to (world->board) : connect_to (world->server);
  give (fd, stream, cut);
  give (fd, stream + cut, size - 2 - cut);
  close (fd);
  while (flash_usbip_board_is_attached (world->board) ||
         flash_usbip_server_get_n_asking (world->server) > 0)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}
