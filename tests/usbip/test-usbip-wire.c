/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages, byte by byte. */
#include "config.h"

#include "flash-usbip-wire.h"

#include <string.h>

static void
test_speed (void)
{
  g_assert_cmpuint (flash_usbip_get_speed_number (FLASH_SPEED_UNKNOWN), ==, 0);
  g_assert_cmpuint (flash_usbip_get_speed_number (FLASH_SPEED_LOW), ==, 1);
  g_assert_cmpuint (flash_usbip_get_speed_number (FLASH_SPEED_FULL), ==, 2);
  g_assert_cmpuint (flash_usbip_get_speed_number (FLASH_SPEED_HIGH), ==, 3);
  g_assert_cmpuint (flash_usbip_get_speed_number (FLASH_SPEED_SUPER), ==, 5);
}

static void
test_op (void)
{
  static const guint8 expected[] = { 1, 0x11, 0, 3, 0, 0, 0, 4 };
  guint8 bytes[FLASH_USBIP_OP_LENGTH];
  guint16 version = 0, code = 0;

  flash_usbip_put_op (bytes, FLASH_USBIP_OP_REP_IMPORT, FLASH_USBIP_STATUS_NO_DEVICE);
  g_assert_cmpmem (bytes, sizeof bytes, expected, sizeof expected);
  flash_usbip_parse_op (bytes, &version, &code);
  g_assert_cmphex (version, ==, FLASH_USBIP_VERSION);
  g_assert_cmphex (code, ==, FLASH_USBIP_OP_REP_IMPORT);
}

static void
test_device (void)
{
  static const guint8 tail[] = { 0, 0,    0,    1,    0, 0, 0, 7, 0, 0, 0, 2,
                                 4, 0x83, 0xdf, 0x11, 2, 0, 0, 0, 0, 1, 1, 1 };
  static const guint8 interface[] = { 0xfe, 1, 2, 0 };
  FlashUsbipDevice device = { .path = "/sys/x",
                              .busid = "1-3",
                              .busnum = 1,
                              .devnum = 7,
                              .speed = FLASH_SPEED_FULL,
                              .vid = 0x0483,
                              .pid = 0xdf11,
                              .bcd_device = 0x0200,
                              .configuration = 1,
                              .n_configurations = 1,
                              .n_interfaces = 1 };
  guint8 bytes[FLASH_USBIP_DEVICE_LENGTH + 1];
  guint8 zeros[FLASH_USBIP_PATH_LENGTH] = { 0 };

  memset (bytes, 0xee, sizeof bytes);
  flash_usbip_put_device (bytes, &device);
  g_assert_cmpstr ((const char *) bytes, ==, "/sys/x");
  g_assert_cmpmem (bytes + 6, 250, zeros, 250);
  g_assert_cmpstr ((const char *) bytes + 256, ==, "1-3");
  g_assert_cmpmem (bytes + 259, 29, zeros, 29);
  g_assert_cmpmem (bytes + 288, 24, tail, sizeof tail);
  g_assert_cmphex (bytes[FLASH_USBIP_DEVICE_LENGTH], ==, 0xee);

  flash_usbip_put_interface (bytes);
  g_assert_cmpmem (bytes, 4, interface, sizeof interface);
}

static void
test_submit (void)
{
  guint8 bytes[FLASH_USBIP_URB_LENGTH] = { 0, 0, 0, 1, 0, 0, 1, 2, 0, 1, 0, 9, 0, 0, 0, 1 };
  static const guint8 setup[] = { 0x80, 6, 0x00, 0x03, 0x09, 0x04, 0xff, 0x00 };
  FlashUsbipRequest request;

  memcpy (bytes + 40, setup, sizeof setup);
  bytes[27] = 0xff;
  g_assert_null (flash_usbip_parse_request (bytes, &request));
  g_assert_cmpuint (request.command, ==, FLASH_USBIP_CMD_SUBMIT);
  g_assert_cmphex (request.seqnum, ==, 0x0102);
  g_assert_cmphex (request.devid, ==, 0x00010009);
  g_assert_true (request.is_in);
  g_assert_cmpuint (request.endpoint, ==, 0);
  g_assert_cmpuint (request.length, ==, 255);
  g_assert_cmphex (request.setup.request_type, ==, 0x80);
  g_assert_cmphex (request.setup.request, ==, 6);
  g_assert_cmphex (request.setup.value, ==, 0x0300);
  g_assert_cmphex (request.setup.index, ==, 0x0409);
  g_assert_cmphex (request.setup.length, ==, 255);

  /* newer kernels say so that there are no packets */
  memset (bytes + 32, 0xff, 4);
  g_assert_null (flash_usbip_parse_request (bytes, &request));
}

static void
test_unlink (void)
{
  guint8 bytes[FLASH_USBIP_URB_LENGTH] = { 0, 0, 0, 2, 0, 0, 0, 9 };
  FlashUsbipRequest request;

  bytes[23] = 8;
  /* what a CMD_UNLINK does not use may be anything */
  memset (bytes + 24, 0xff, 24);
  g_assert_null (flash_usbip_parse_request (bytes, &request));
  g_assert_cmpuint (request.command, ==, FLASH_USBIP_CMD_UNLINK);
  g_assert_cmpuint (request.unlinked, ==, 8);
  g_assert_cmpuint (request.length, ==, 0);
}

/* One byte of a good CMD_SUBMIT is set to something else. */
static void
test_refused (void)
{
  static const struct {
    guint offset;
    guint8 value;
    const char *complaint;
  } cases[] = {
    { 3, 0, "a command that is neither CMD_SUBMIT nor CMD_UNLINK" },
    { 3, 3, "a command that is neither CMD_SUBMIT nor CMD_UNLINK" },
    { 0, 1, "a command that is neither CMD_SUBMIT nor CMD_UNLINK" },
    { 15, 2, "a direction that is neither in nor out" },
    { 24, 0x80, "a transfer that is longer than 1 MiB" },
    { 25, 0x20, "a transfer that is longer than 1 MiB" },
    { 35, 1, "a transfer in isochronous packets" },
    { 25, 0x10, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 bytes[FLASH_USBIP_URB_LENGTH] = { 0, 0, 0, 1 };
    FlashUsbipRequest request;

    bytes[cases[i].offset] = cases[i].value;
    g_assert_cmpstr (flash_usbip_parse_request (bytes, &request), ==, cases[i].complaint);
  }
}

static void
test_answers (void)
{
  static const guint8 submit[] = { 0, 0, 0, 3, 0, 0, 0, 5 };
  static const guint8 unlink[] = { 0, 0, 0, 4, 0, 0, 0, 6 };
  static const guint8 stalled[] = { 0xff, 0xff, 0xff, 0xe0, 0, 0, 0, 0 };
  static const guint8 reset[] = { 0xff, 0xff, 0xff, 0x98, 0, 0, 0, 0 };
  static const guint8 good[] = { 0, 0, 0, 0, 0, 0, 0x10, 0 };
  const guint8 zeros[48] = { 0 };
  guint8 bytes[FLASH_USBIP_URB_LENGTH];

  memset (bytes, 0xee, sizeof bytes);
  flash_usbip_put_submit_answer (bytes, 5, 0, 4096);
  g_assert_cmpmem (bytes, 8, submit, sizeof submit);
  g_assert_cmpmem (bytes + 8, 12, zeros, 12);
  g_assert_cmpmem (bytes + 20, 8, good, sizeof good);
  g_assert_cmpmem (bytes + 28, 20, zeros, 20);
  flash_usbip_put_submit_answer (bytes, 5, -FLASH_USBIP_EPIPE, 0);
  g_assert_cmpmem (bytes + 20, 8, stalled, sizeof stalled);
  flash_usbip_put_unlink_answer (bytes, 6, -FLASH_USBIP_ECONNRESET);
  g_assert_cmpmem (bytes, 8, unlink, sizeof unlink);
  g_assert_cmpmem (bytes + 20, 8, reset, sizeof reset);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/usbip/wire/speed", test_speed);
  g_test_add_func ("/usbip/wire/op", test_op);
  g_test_add_func ("/usbip/wire/device", test_device);
  g_test_add_func ("/usbip/wire/submit", test_submit);
  g_test_add_func ("/usbip/wire/unlink", test_unlink);
  g_test_add_func ("/usbip/wire/refused", test_refused);
  g_test_add_func ("/usbip/wire/answers", test_answers);
  return g_test_run ();
}
