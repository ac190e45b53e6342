/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server over loopback: what hosts may ask, and how it survives those that ask nonsense. */
#include "config.h"

#include "flash-usbip-host.h"

#include "flash-test-images.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
  Port ports[2];
  FlashUsbipServer *server;
} World;

static void
world_clear (World *self)
{
  g_assert_finalize_object (self->server);
  port_clear (&self->ports[1]);
  port_clear (&self->ports[0]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (World, world_clear)

static FlashUsbipServer *
make_server (guint16 number, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, number);

  return flash_usbip_server_new (G_INET_SOCKET_ADDRESS (address), error);
}

static void
world_init (World *self, const char *first_id)
{
  g_autoptr (GError) error = NULL;

  port_init (&self->ports[0], first_id, 1);
  port_init (&self->ports[1], "virtual:stm32mp135,speed=full", 2);
  self->server = make_server (0, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    flash_usbip_server_add (self->server, self->ports[i].board);
}

static guint
list (World *self, guint8 *out_bytes, gsize size)
{
  g_auto (Host) host = { 0 };

  host_init_connected (&host, self->server);
  return host_ask_devices (&host, out_bytes, size);
}

static guint32
import (World *self, const char *busid)
{
  g_auto (Host) host = { 0 };

  host_init_connected (&host, self->server);
  return host_import (&host, busid);
}

static void
test_list (void)
{
  static const guint8 tail[] = { 0, 0, 0, 3, 4, 0x83, 0xdf, 0x11, 2, 0,
                                 0, 0, 0, 1, 1, 1,    0xfe, 1,    2, 0 };
  g_auto (World) world = { 0 };
  g_auto (Host) host = { 0 };
  guint8 bytes[2 * 316];

  world_init (&world, "virtual:stm32mp157");
  g_assert_cmpuint (list (&world, bytes, sizeof bytes), ==, 2);
  g_assert_true (g_str_has_suffix ((const char *) bytes, "/1-1"));
  g_assert_cmpstr ((const char *) bytes + 256, ==, "1-1");
  g_assert_cmpmem (bytes + 296, 20, tail, sizeof tail);
  g_assert_cmpstr ((const char *) bytes + 316 + 256, ==, "1-2");
  g_assert_cmpint (bytes[316 + 299], ==, 2);

  /* what is taken, or off the bus, is not on offer */
  host_init_connected (&host, world.server);
  g_assert_cmpuint (host_import (&host, "1-1"), ==, 0);
  g_assert_cmpuint (list (&world, bytes, sizeof bytes), ==, 1);
  flash_usbip_board_unplug (world.ports[1].board);
  g_assert_cmpuint (list (&world, bytes, sizeof bytes), ==, 0);
}

static void
test_import (void)
{
  g_auto (World) world = { 0 };
  g_auto (Host) host = { 0 };
  g_auto (Host) other = { 0 };
  guint8 device[18];

  world_init (&world, "virtual:stm32mp157");
  host_init_connected (&host, world.server);
  g_assert_cmpuint (host_import (&host, "1-1"), ==, 0);
  g_assert_cmpint (host_in (&host, 0x80, 6, 0x0100, device, 18), ==, 18);
  g_assert_cmpint (host_in (&host, 0x80, 6, 0x0700, device, 9), ==, HOST_EPIPE);
  g_assert_cmpuint (import (&world, "1-1"), ==, FLASH_USBIP_STATUS_BUSY);
  g_assert_cmpuint (import (&world, "1-9"), ==, FLASH_USBIP_STATUS_NO_DEVICE);
  g_assert_cmpuint (import (&world, ""), ==, FLASH_USBIP_STATUS_NO_DEVICE);
  flash_usbip_board_unplug (world.ports[1].board);
  g_assert_cmpuint (import (&world, "1-2"), ==, FLASH_USBIP_STATUS_NO_DEVICE);
  flash_usbip_board_plug (world.ports[1].board);

  /* two hosts, two boards */
  host_init_connected (&other, world.server);
  g_assert_cmpuint (host_import (&other, "1-2"), ==, 0);
  g_assert_cmpint (host_get_state (&other), ==, 2);
  g_assert_cmpint (host_get_state (&host), ==, 2);
  g_assert_cmpuint (host.devid, !=, other.devid);
}

/* A host sends its first requests without waiting for the answer to the import. */
static void
test_eager (void)
{
  g_auto (World) world = { 0 };
  g_auto (Host) host = { 0 };
  guint8 bytes[40 + 48] = { 1, 0x11, 0x80, 3, 0, 0, 0, 0, '1', '-', '1' };
  guint8 reply[8 + 312], device[18];
  FlashUsbipDevice described;
  HostAnswer got;

  world_init (&world, "virtual:stm32mp157");
  g_assert_true (flash_usbip_board_describe (world.ports[0].board, &described));
  host_init_connected (&host, world.server);
  host.devid = described.busnum << 16 | described.devnum;
  host_put_submit (&host, bytes + 40, 0, TRUE, 18, 0x80, 6, 0x0100, 0, 18);
  host_send (&host, bytes, sizeof bytes);
  g_assert_cmpuint (host_receive (&host, reply, sizeof reply), ==, sizeof reply);
  host_await (&host, &got, TRUE, device, sizeof device);
  g_assert_cmpuint (got.length, ==, 18);
}

/* A board that enumerates anew has to be imported again, and is another device then. */
static void
test_again (void)
{
  g_auto (World) world = { 0 };
  guint32 devid = 0;

  world_init (&world, "virtual:stm32mp157");
  for (guint i = 0; i < 3; i++) {
    g_auto (Host) host = { 0 };

    host_init_connected (&host, world.server);
    g_assert_cmpuint (host_import (&host, "1-1"), ==, 0);
    g_assert_cmpuint (host.devid, !=, devid);
    devid = host.devid;
    g_assert_cmpint (host_get_state (&host), ==, 2);
    flash_usbip_board_restart (world.ports[0].board);
    host_assert_closed (&host);
    port_await (&world.ports[0], "returned");
  }
}

/* The whole of a first stage, over TCP, and the same bytes for the second board at once. */
static void
test_download (void)
{
  g_auto (World) world = { 0 };
  g_auto (Host) host = { 0 };
  g_auto (Host) other = { 0 };
  g_autoptr (GBytes) fsbl = flash_test_make_stm32 (FLASH_TEST_STM32_V1_0, 100000);
  g_autoptr (GBytes) small = flash_test_make_stm32 (FLASH_TEST_STM32_V2_0, 30000);

  world_init (&world, "virtual:stm32mp157");
  host_init_connected (&host, world.server);
  host_init_connected (&other, world.server);
  g_assert_cmpuint (host_import (&host, "1-1"), ==, 0);
  g_assert_cmpuint (host_import (&other, "1-2"), ==, 0);
  host_download (&host, 1, g_bytes_get_data (fsbl, NULL), g_bytes_get_size (fsbl), 1024);
  host_download (&other, 0, g_bytes_get_data (small, NULL), g_bytes_get_size (small), 1024);
  g_assert_cmpstr (world.ports[0].events->str, ==, " attached stage:tfa");
  g_assert_cmpint (host_out (&other, 0x21, 0, 0, NULL, 0), ==, 0);
  host_assert_closed (&other);
  g_assert_cmpint (host_get_state (&host), ==, 2);
}

/* Each of these is shown the door; whoever asks next is served. */
static void
test_nonsense (void)
{
  static const struct {
    guint8 bytes[48];
    gsize length;
  } cases[] = {
    { { 1, 0x10, 0x80, 5, 0, 0, 0, 0 }, 8 }, /* an old version */
    { { 0, 0, 0, 1, 0, 0, 0, 1 }, 8 }, /* a request before the import */
    { { 1, 0x11, 0x80, 9, 0, 0, 0, 0 }, 8 }, /* no such question */
    { { 1, 0x11, 0, 3, 0, 0, 0, 0 }, 8 }, /* an answer */
    { { 'G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P' }, 10 },
  };
  g_auto (World) world = { 0 };
  guint8 bytes[2 * 316];

  world_init (&world, "virtual:stm32mp157");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Host) host = { 0 };

    host_init_connected (&host, world.server);
    host_send (&host, cases[i].bytes, cases[i].length);
    host_assert_closed (&host);
    g_assert_cmpuint (list (&world, bytes, sizeof bytes), ==, 2);
  }
}

/* Half of a question, and then nothing; or the end. */
static void
test_silence (void)
{
  static const guint8 head[40] = { 1, 0x11, 0x80, 3 };
  static const gsize lengths[] = { 0, 1, 7, 8, 39 };
  g_auto (World) world = { 0 };

  world_init (&world, "virtual:stm32mp157");
  flash_usbip_server_set_patience_ms (world.server, 20);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (lengths); i++) {
    g_auto (Host) host = { 0 };

    host_init_connected (&host, world.server);
    host_send (&host, head, lengths[i / 2]);
    if (i % 2 == 1)
      shutdown (host.fd, SHUT_WR);
    host_assert_closed (&host);
  }
  g_assert_cmpuint (import (&world, "1-1"), ==, 0);
}

/* So many who say nothing, and one more: that one is turned away, the others are waited for. */
static void
test_crowd (void)
{
  Host hosts[FLASH_USBIP_MAX_ASKING + 1];
  g_auto (World) world = { 0 };

  world_init (&world, "virtual:stm32mp157");
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    host_init_connected (&hosts[i], world.server);
  host_assert_closed (&hosts[FLASH_USBIP_MAX_ASKING]);
  g_assert_cmpuint (flash_usbip_server_get_n_asking (world.server), ==, FLASH_USBIP_MAX_ASKING);
  g_assert_cmpuint (host_import (&hosts[3], "1-1"), ==, 0);
  g_assert_cmpuint (flash_usbip_server_get_n_asking (world.server), ==, FLASH_USBIP_MAX_ASKING - 1);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    host_clear (&hosts[i]);
  while (flash_usbip_server_get_n_asking (world.server) > 0)
    host_iterate ();
  port_await (&world.ports[0], "detached:host");
}

/* A host that is told what it asked, and does not go, or goes on talking. */
static void
test_lingering (void)
{
  static const guint8 question[] = { 1, 0x11, 0x80, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
  g_auto (World) world = { 0 };
  g_auto (Host) host = { 0 };
  guint8 bytes[12 + 2 * 316];

  world_init (&world, "virtual:stm32mp157");
  flash_usbip_server_set_patience_ms (world.server, 20);
  host_init_connected (&host, world.server);
  host_send (&host, question, sizeof question);
  g_assert_cmpuint (host_receive (&host, bytes, sizeof bytes), ==, sizeof bytes);
  host_assert_closed (&host);
  while (flash_usbip_server_get_n_asking (world.server) > 0)
    host_iterate ();
}

/* Malformed requests after an import: the board is free again. */
static void
test_garbage (void)
{
  g_auto (World) world = { 0 };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  world_init (&world, "virtual:stm32mp157");
  for (guint i = 0; i < 20; i++) {
    g_auto (Host) host = { 0 };
    guint8 bytes[480];

    host_init_connected (&host, world.server);
    g_assert_cmpuint (host_import (&host, "1-1"), ==, 0);
    for (guint at = 0; at < sizeof bytes; at++)
      bytes[at] = (guint8) g_rand_int_range (random, 2, 256);
    host_send (&host, bytes, sizeof bytes);
    host_assert_closed (&host);
    g_assert_true (g_str_has_suffix (world.ports[0].events->str, "detached:protocol"));
  }
}

/* There are no file descriptors left: it goes on when there are again. */
static void
test_exhausted (void)
{
  g_auto (World) world = { 0 };
  g_auto (Host) host = { 0 };
  g_autoptr (GArray) waste = g_array_new (FALSE, FALSE, sizeof (int));
  guint8 question[] = { 1, 0x11, 0x80, 5, 0, 0, 0, 0 };
  guint8 bytes[12 + 2 * 316];
  int fd;

  world_init (&world, "virtual:stm32mp157");
  host_init_connected (&host, world.server);
  host_send (&host, question, sizeof question);
  while ((fd = dup (host.fd)) >= 0)
    g_array_append_val (waste, fd);
  /* the attempt, and the pause after it */
  for (guint i = 0; i < 3; i++)
    host_iterate ();
  g_assert_cmpuint (flash_usbip_server_get_n_asking (world.server), ==, 0);
  for (guint i = 0; i < waste->len; i++)
    close (g_array_index (waste, int, i));
  g_assert_cmpuint (host_receive (&host, bytes, sizeof bytes), ==, sizeof bytes);
}

static void
test_address (void)
{
  g_auto (World) world = { 0 };
  g_autoptr (GError) error = NULL;
  GInetSocketAddress *address;

  world_init (&world, "virtual:stm32mp157");
  address = flash_usbip_server_get_address (world.server);
  g_assert_cmpuint (g_inet_socket_address_get_port (address), >, 0);
  g_assert_null (make_server (g_inet_socket_address_get_port (address), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/usbip/server/list", test_list);
  g_test_add_func ("/usbip/server/import", test_import);
  g_test_add_func ("/usbip/server/eager", test_eager);
  g_test_add_func ("/usbip/server/again", test_again);
  g_test_add_func ("/usbip/server/download", test_download);
  g_test_add_func ("/usbip/server/nonsense", test_nonsense);
  g_test_add_func ("/usbip/server/silence", test_silence);
  g_test_add_func ("/usbip/server/crowd", test_crowd);
  g_test_add_func ("/usbip/server/lingering", test_lingering);
  g_test_add_func ("/usbip/server/garbage", test_garbage);
  g_test_add_func ("/usbip/server/exhausted", test_exhausted);
  g_test_add_func ("/usbip/server/address", test_address);
  return g_test_run ();
}
