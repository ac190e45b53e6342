/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One host and one board, over a socket pair. */
#include "config.h"

#include "flash-usbip-host.h"

#include "flash-test-images.h"

#include <string.h>
#include <sys/socket.h>

#define GET_DESCRIPTOR 0x80, 6

static void
test_descriptors (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  guint8 bytes[65535];

  port_init (&port, "virtual:stm32mp157", 1);
  host_init_attached (&host, &port);
  g_assert_cmpint (host_in (&host, GET_DESCRIPTOR, 0x0100, bytes, 64), ==, 18);
  g_assert_cmphex (bytes[8] | bytes[9] << 8, ==, 0x0483);
  g_assert_cmpint (host_in (&host, GET_DESCRIPTOR, 0x0100, bytes, 8), ==, 8);
  g_assert_cmpint (host_in (&host, GET_DESCRIPTOR, 0x0200, bytes, 65535), ==, 72);
  g_assert_cmpint (host_in (&host, GET_DESCRIPTOR, 0x0100, bytes, 0), ==, 0);
  g_assert_cmpint (host_out (&host, 0x00, 9, 1, NULL, 0), ==, 0);
  /* refused by the board */
  g_assert_cmpint (host_in (&host, GET_DESCRIPTOR, 0x0600 + 0x100, bytes, 9), ==, HOST_EPIPE);
  g_assert_cmpint (host_get_state (&host), ==, 2);
  g_assert_cmpstr (port.events->str, ==, " attached");
}

/* What the head says and what the setup packet says must fit each other. */
static void
test_contradictions (void)
{
  static const struct {
    guint8 endpoint;
    gboolean is_in;
    guint32 length;
    guint8 request_type;
    guint8 request;
    guint16 value;
    guint16 setup_length;
    int expected;
  } cases[] = {
    { 1, TRUE, 64, 0x80, 6, 0x0100, 18, HOST_EPIPE }, /* no such endpoint */
    { 15, FALSE, 16, 0, 0, 0, 0, HOST_EPIPE },
    { 0, FALSE, 18, 0x80, 6, 0x0100, 18, HOST_EPIPE }, /* directions differ */
    { 0, TRUE, 8, 0x21, 1, 0, 8, HOST_EPIPE },
    { 0, FALSE, 7, 0x21, 1, 0, 8, HOST_EPIPE }, /* lengths differ */
    { 0, FALSE, 9, 0x21, 1, 0, 8, HOST_EPIPE },
    { 0, FALSE, 5, 0x21, 4, 0, 0, HOST_EPIPE },
    { 0, TRUE, 4, 0x80, 6, 0x0100, 18, 4 }, /* less room than asked for */
    { 0, TRUE, 64, 0x80, 6, 0x0100, 18, 18 },
    { 0, TRUE, 0, 0x21, 6, 0, 0, 0 }, /* without data every direction will do */
    { 0, FALSE, 0, 0xa1, 5, 0, 0, 0 },
  };
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  const guint8 data[64] = { 0 };

  port_init (&port, "virtual:stm32mp157", 1);
  host_init_attached (&host, &port);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 head[48], answer[64];
    HostAnswer got;

    host_put_submit (&host, head, cases[i].endpoint, cases[i].is_in, cases[i].length,
                     cases[i].request_type, cases[i].request, cases[i].value, 0,
                     cases[i].setup_length);
    host_send (&host, head, sizeof head);
    host_send (&host, data, cases[i].is_in ? 0 : cases[i].length);
    host_await (&host, &got, cases[i].is_in, answer, sizeof answer);
    g_test_message ("case %u: status %d, length %u", i, got.status, got.length);
    g_assert_cmpuint (got.seqnum, ==, host.seqnum);
    g_assert_cmpint (got.status != 0 ? got.status : (int) got.length, ==, cases[i].expected);
  }
}

/* A first stage by way of the ROM: the same enumeration runs TF-A then (stm32mp-usb.md section
 * 1.2), which is silent for a while. */
static void
test_download (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  g_autoptr (GBytes) fsbl = flash_test_make_stm32 (FLASH_TEST_STM32_V1_0, 20000);

  port_init (&port, "virtual:stm32mp157", 1);
  host_init_attached (&host, &port);
  host_download (&host, 1, g_bytes_get_data (fsbl, NULL), g_bytes_get_size (fsbl), 1024);
  g_assert_cmpstr (port.events->str, ==, " attached stage:tfa");
  g_assert_cmpint (flash_usbip_board_get_stage (port.board), ==, FLASH_SIM_STAGE_TFA);
}

/* Everything at once, in pieces of all sizes: answers come in order. */
static void
test_many_requests (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  g_autoptr (GByteArray) stream = g_byte_array_new ();
  gsize at = 0;

  port_init (&port, "virtual:stm32mp157", 1);
  host_init_attached (&host, &port);
  for (guint i = 0; i < 300; i++) {
    guint8 head[48];

    host_put_submit (&host, head, 0, TRUE, 18, 0x80, 6, 0x0100, 0, 18);
    g_byte_array_append (stream, head, sizeof head);
  }
  for (guint piece = 1; at < stream->len; piece = piece % 97 + 1) {
    gsize length = MIN (piece, stream->len - at);

    host_send (&host, stream->data + at, length);
    g_main_context_iteration (NULL, FALSE);
    at += length;
  }
  for (guint i = 1; i <= 300; i++) {
    HostAnswer got;
    guint8 device[18];

    host_await (&host, &got, TRUE, device, sizeof device);
    g_assert_cmpuint (got.seqnum, ==, i);
    g_assert_cmpuint (got.length, ==, 18);
  }
}

/* A board that never answers again: requests wait until they are taken back, one by one. */
static void
test_unlink (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  guint8 status[6];
  HostAnswer got;
  guint32 lost, waiting, data, number;

  port_init (&port, "virtual:stm32mp157,fault=timeout@2", 1);
  host_init_attached (&host, &port);
  g_assert_cmpint (host_in (&host, 0xa1, 3, 0, status, 6), ==, 6);
  lost = host_submit (&host, 0xa1, 3, 0, NULL, 6);
  waiting = host_submit (&host, 0xa1, 3, 0, NULL, 6);
  data = host_submit (&host, 0x21, 1, 0, status, 6);
  host_assert_silent (&host);

  /* one that was answered long ago, one that never was, one in the middle */
  number = host_unlink (&host, 1);
  host_await (&host, &got, FALSE, NULL, 0);
  g_assert_cmpuint (got.command, ==, 4);
  g_assert_cmpuint (got.seqnum, ==, number);
  g_assert_cmpint (got.status, ==, 0);
  host_unlink (&host, 4711);
  host_await (&host, &got, FALSE, NULL, 0);
  g_assert_cmpint (got.status, ==, 0);
  host_unlink (&host, data);
  host_await (&host, &got, FALSE, NULL, 0);
  g_assert_cmpint (got.status, ==, HOST_ECONNRESET);
  host_assert_silent (&host);

  /* with the lost one out of the way, the next is carried out */
  number = host_unlink (&host, lost);
  host_await (&host, &got, FALSE, NULL, 0);
  g_assert_cmpuint (got.command, ==, 4);
  g_assert_cmpuint (got.seqnum, ==, number);
  g_assert_cmpint (got.status, ==, HOST_ECONNRESET);
  host_await (&host, &got, TRUE, status, sizeof status);
  g_assert_cmpuint (got.command, ==, 3);
  g_assert_cmpuint (got.seqnum, ==, waiting);
  host_assert_silent (&host);
}

/* A board at work takes its time; the answer comes late, and what waits behind it after it. */
static void
test_late_answer (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  guint8 answer[18];
  HostAnswer got;

  port_init (&port, "virtual:stm32mp157,latency=20000", 1);
  host_init_attached (&host, &port);
  for (guint i = 0; i < 10; i++)
    host_submit (&host, 0x80, 6, 0x0100, NULL, 18);
  for (guint i = 1; i <= 10; i++) {
    host_await (&host, &got, TRUE, answer, sizeof answer);
    g_assert_cmpuint (got.seqnum, ==, i);
    g_assert_cmpuint (got.length, ==, 18);
  }
  g_assert_cmpint (flash_sim_device_get_used_us (port.device), ==, 200000);
}

/* Pulled while a request waits: the connection ends, and the board can be had again. */
static void
test_unplug (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  g_auto (Host) next = { 0 };
  guint8 answer[18];

  port_init (&port, "virtual:stm32mp157,fault=timeout@1", 1);
  host_init_attached (&host, &port);
  host_submit (&host, 0x80, 6, 0x0100, NULL, 18);
  host_assert_silent (&host);
  flash_usbip_board_unplug (port.board);
  host_assert_closed (&host);
  g_assert_cmpstr (port.events->str, ==, " attached detached:board");
  g_assert_false (flash_usbip_board_is_attached (port.board));
  flash_usbip_board_unplug (port.board);
  flash_usbip_board_plug (port.board);
  g_assert_cmpstr (port.events->str, ==, " attached detached:board returned");
  host_init_attached (&next, &port);
  g_assert_cmpuint (next.devid, !=, host.devid);
  g_assert_cmpint (host_in (&next, 0x80, 6, 0x0100, answer, 18), ==, 18);
}

/* It leaves by a request, or by itself; it returns by itself. */
static void
test_leave (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  g_auto (Host) second = { 0 };
  guint8 answer[18];

  port_init (&port, "virtual:stm32mp157,fault=replug@2", 1);
  host_init_attached (&host, &port);
  g_assert_cmpint (host_in (&host, 0x80, 6, 0x0100, answer, 18), ==, 18);
  host_submit (&host, 0x80, 6, 0x0100, NULL, 18);
  host_submit (&host, 0x80, 6, 0x0100, NULL, 18);
  host_assert_closed (&host);
  g_assert_cmpstr (port.events->str, ==, " attached detached:board");
  port_await (&port, "returned");

  host_init_attached (&second, &port);
  g_assert_cmpint (host_in (&second, 0x80, 6, 0x0100, answer, 18), ==, 18);
  flash_usbip_board_restart (port.board);
  host_assert_closed (&second);
  port_await (&port, "returned");
  g_assert_cmpstr (port.events->str, ==,
                   " attached detached:board returned attached detached:board returned");
}

/* DETACH is answered before the board leaves (section 1.3.5 ends TF-A so). */
static void
test_detach (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  g_autoptr (GBytes) fsbl = flash_test_make_stm32 (FLASH_TEST_STM32_V2_0, 4000);

  port_init (&port, "virtual:stm32mp135", 1);
  host_init_attached (&host, &port);
  host_download (&host, 0, g_bytes_get_data (fsbl, NULL), g_bytes_get_size (fsbl), 1024);
  g_assert_cmpint (host_out (&host, 0x21, 0, 0, NULL, 0), ==, 0);
  host_assert_closed (&host);
  port_await (&port, "detached:board returned");
  g_assert_cmpint (flash_usbip_board_get_stage (port.board), ==, FLASH_SIM_STAGE_TFA);
}

static void
test_host_leaves (void)
{
  g_auto (Port) port = { 0 };

  port_init (&port, "virtual:stm32mp157,fault=timeout@1", 1);
  for (guint i = 0; i < 3; i++) {
    g_auto (Host) host = { 0 };

    if (i > 0)
      port_await (&port, "detached:host");
    host_init_attached (&host, &port);
    host_submit (&host, 0x80, 6, 0x0100, NULL, 18);
    if (i == 1)
      shutdown (host.fd, SHUT_WR);
  }
  port_await (&port, "detached:host");
  g_assert_false (flash_usbip_board_is_attached (port.board));
}

/* Messages that are none: the connection ends, the board stays and can be had again. */
static void
test_malformed (void)
{
  static const struct {
    guint offset;
    guint8 value;
  } cases[] = {
    { 3, 9 }, /* command */
    { 15, 7 }, /* direction */
    { 24, 0xff }, /* an endless length */
    { 33, 1 }, /* packets */
    { 11, 0x77 }, /* another device */
  };
  g_auto (Port) port = { 0 };

  port_init (&port, "virtual:stm32mp157", 1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Host) host = { 0 };
    guint8 head[48], device[18];

    host_init_attached (&host, &port);
    g_assert_cmpint (host_in (&host, 0x80, 6, 0x0100, device, 18), ==, 18);
    host_put_submit (&host, head, 0, TRUE, 18, 0x80, 6, 0x0100, 0, 18);
    head[cases[i].offset] = cases[i].value;
    host_send (&host, head, sizeof head);
    host_assert_closed (&host);
    g_assert_true (g_str_has_suffix (port.events->str, " attached detached:protocol"));
  }
}

/* Half of a head, or of the data, and not a word more. */
static void
test_half (void)
{
  g_auto (Port) port = { 0 };

  port_init (&port, "virtual:stm32mp157", 1);
  flash_usbip_board_set_patience_ms (port.board, 20);
  for (guint i = 0; i < 2; i++) {
    g_auto (Host) host = { 0 };
    guint8 bytes[48 + 4096] = { 0 };

    host_init_attached (&host, &port);
    host_put_submit (&host, bytes, 0, FALSE, 4096, 0x21, 1, 0, 0, 4096);
    host_send (&host, bytes, i == 0 ? 20 : 48 + 4000);
    host_assert_closed (&host);
    g_assert_true (g_str_has_suffix (port.events->str, " attached detached:protocol"));
  }
}

/* A megabyte of data for an endpoint that is not there: read, refused, and the next one works. */
static void
test_long_data (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  g_autofree guint8 *bytes = g_malloc0 (48 + (1 << 20));
  HostAnswer got;

  port_init (&port, "virtual:stm32mp157", 1);
  host_init_attached (&host, &port);
  host_put_submit (&host, bytes, 2, FALSE, 1 << 20, 0, 0, 0, 0, 0);
  host_send (&host, bytes, 48 + (1 << 20));
  host_await (&host, &got, FALSE, NULL, 0);
  g_assert_cmpint (got.status, ==, HOST_EPIPE);
  g_assert_cmpint (host_get_state (&host), ==, 2);
}

/* A host that heaps up requests behind one that is never answered. */
static void
test_too_many (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };

  port_init (&port, "virtual:stm32mp157,fault=timeout@1", 1);
  host_init_attached (&host, &port);
  for (guint i = 0; i < 1025; i++)
    host_submit (&host, 0x80, 6, 0x0100, NULL, 18);
  host_assert_closed (&host);
  g_assert_cmpstr (port.events->str, ==, " attached detached:protocol");
}

/* A host that does not read its answers is not served on and on; later it gets all of them. */
static void
test_slow_reader (void)
{
  enum { N_REQUESTS = 40000 };
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  guint n_sent = 0;
  guint8 head[48], configuration[72];

  port_init (&port, "virtual:stm32mp157", 1);
  host_init_attached (&host, &port);
  host_put_submit (&host, head, 0, TRUE, 72, 0x80, 6, 0x0200, 0, 72);
  /* until nobody moves any more: both directions are full */
  while (n_sent < N_REQUESTS) {
    if (send (host.fd, head, sizeof head, MSG_DONTWAIT) == sizeof head)
      n_sent++;
    else if (!g_main_context_iteration (NULL, FALSE))
      break;
  }
  g_assert_cmpuint (n_sent, >, 1000);
  g_assert_cmpuint (n_sent, <, N_REQUESTS);
  g_assert_cmpuint (flash_sim_device_get_n_requests (port.device), <, n_sent);
  for (guint i = 0; i < n_sent; i++) {
    HostAnswer got;

    host_await (&host, &got, TRUE, configuration, sizeof configuration);
    g_assert_cmpuint (got.length, ==, 72);
  }
}

/* A board that somebody has cannot be had; one that is off the bus cannot either. */
static void
test_refused (void)
{
  g_auto (Port) port = { 0 };
  g_auto (Host) host = { 0 };
  FlashUsbipDevice device;

  port_init (&port, "virtual:stm32mp157", 4);
  g_assert_true (flash_usbip_board_describe (port.board, &device));
  g_assert_cmpstr (device.busid, ==, "1-4");
  host_init_attached (&host, &port);
  g_assert_cmpint (flash_usbip_board_attach (port.board, -1, NULL, 0), ==, FLASH_USBIP_STATUS_BUSY);
  flash_usbip_board_unplug (port.board);
  g_assert_cmpint (flash_usbip_board_attach (port.board, -1, NULL, 0), ==,
                   FLASH_USBIP_STATUS_NO_DEVICE);
  g_assert_false (flash_usbip_board_describe (port.board, &device));
  g_assert_cmpint (flash_usbip_board_get_stage (port.board), ==, FLASH_SIM_STAGE_OFF);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/usbip/link/descriptors", test_descriptors);
  g_test_add_func ("/usbip/link/contradictions", test_contradictions);
  g_test_add_func ("/usbip/link/download", test_download);
  g_test_add_func ("/usbip/link/many-requests", test_many_requests);
  g_test_add_func ("/usbip/link/unlink", test_unlink);
  g_test_add_func ("/usbip/link/late-answer", test_late_answer);
  g_test_add_func ("/usbip/link/unplug", test_unplug);
  g_test_add_func ("/usbip/link/leave", test_leave);
  g_test_add_func ("/usbip/link/detach", test_detach);
  g_test_add_func ("/usbip/link/host-leaves", test_host_leaves);
  g_test_add_func ("/usbip/link/malformed", test_malformed);
  g_test_add_func ("/usbip/link/half", test_half);
  g_test_add_func ("/usbip/link/long-data", test_long_data);
  g_test_add_func ("/usbip/link/too-many", test_too_many);
  g_test_add_func ("/usbip/link/slow-reader", test_slow_reader);
  g_test_add_func ("/usbip/link/refused", test_refused);
  return g_test_run ();
}
