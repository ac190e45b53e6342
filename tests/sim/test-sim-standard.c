/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors of every stage of every model, and the requests of USB chapter 9. */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-bytes.h"

#include <string.h>

typedef struct {
  const char *id;
  const char *product;
  const char *serial;
  guint transfer_size;
  guint detach_timeout_ms;
  guint total_length;
  const char *names[8];
} Expected;

#define MP15_NAMES                                                                                 \
  {                                                                                                \
    "@Partition0 /0x00/1*256Ke", "@FSBL /0x01/1*1Me", "@Partition2 /0x02/1*1Me",                   \
        "@Partition3 /0x03/1*16Me", "@Partition4 /0x04/1*16Me", "@virtual /0xF1/1*512Ba"           \
  }
#define UBOOT_NAMES(otp) "@FlashLayout/0x00/1*256Ke", "@virtual/0xf1/1*512Be", otp

#define MP157_SERIAL "003A00283338511234383330"
#define MP135_SERIAL "002F00343331511833393330"
#define MP257_SERIAL "004100253033510336333139"

static const Expected roms[] = {
  { "virtual:stm32mp157", "DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000", MP157_SERIAL,
    1024, 255, 72, MP15_NAMES },
  { "virtual:stm32mp157,speed=full", "DFU in FS Mode @Device ID /0x500, @Revision ID /0x0000",
    MP157_SERIAL, 1024, 255, 72, MP15_NAMES },
  { "virtual:stm32mp135",
    "DFU in HS Mode @Device ID /0x501, @Revision ID /0x1003",
    MP135_SERIAL,
    1024,
    255,
    36,
    { "@FSBL /0x01/1*128Ke", "@virtual /0xF1/1*512Ba" } },
  { "virtual:stm32mp257",
    "DFU in HS Mode @Device ID /0x505, @Revision ID /0x2000",
    MP257_SERIAL,
    1024,
    255,
    36,
    { "@FSBL /0x01/1*256Ke", "@virtual /0xF1/1*512Ba" } },
};

static const Expected tfas[] = {
  { "virtual:stm32mp157",
    "DFU @Device ID /0x500, @Revision ID /0x2000, @Name /STM32MP157CAA Rev.B,", MP157_SERIAL, 1024,
    255, 72, MP15_NAMES },
  { "virtual:stm32mp157,flow=old", "DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000",
    MP157_SERIAL, 1024, 255, 72, MP15_NAMES },
  { "virtual:stm32mp135",
    "DFU @Device ID /0x501, @Revision ID /0x1003, @Name /STM32MP135FAF Rev.Y,",
    MP135_SERIAL,
    1024,
    255,
    36,
    { "@SSBL /0x03/1*16Me", "@virtual /0xF1/1*512Ba" } },
  { "virtual:stm32mp257",
    "DFU @Device ID /0x505, @Revision ID /0x0011, @Name /STM32MP257FAI Rev.Y,",
    MP257_SERIAL,
    1024,
    255,
    45,
    { "@DDR FIP /0x02/1*32Ke", "@FIP /0x03/1*16Me", "@virtual /0xF1/1*512Ba" } },
};

static const Expected uboots[] = {
  { "virtual:stm32mp157,stage=uboot",
    "USB download gadget@Device ID /0x500, @Revision ID /0x2000, @Name /STM32MP157CAA Rev.B,",
    MP157_SERIAL,
    4096,
    0,
    54,
    { UBOOT_NAMES ("@OTP/0xf2/1*776Be"), "@PMIC/0xf4/1*8Be" } },
  { "virtual:stm32mp157,stage=uboot,closed=yes",
    "USB download gadget@Device ID /0x500, @Revision ID /0x2000, @Name /STM32MP157CAA SEC/C Rev.B,",
    MP157_SERIAL,
    4096,
    0,
    45,
    { "@FlashLayout/0x00/1*256Ke", "@virtual/0xf1/1*512Be", "@PMIC/0xf4/1*8Be" } },
  { "virtual:stm32mp135,stage=uboot",
    "USB download gadget@Device ID /0x501, @Revision ID /0x1003, @Name /STM32MP135FAF Rev.Y,",
    MP135_SERIAL,
    4096,
    0,
    54,
    { UBOOT_NAMES ("@OTP/0xf2/1*776Be"), "@PMIC/0xf4/1*8Be" } },
  { "virtual:stm32mp257,stage=uboot",
    "USB download gadget@Device ID /0x505, @Revision ID /0x0011, @Name /STM32MP257FAI Rev.Y,",
    MP257_SERIAL,
    4096,
    0,
    45,
    { UBOOT_NAMES ("@OTP/0xf2/1*2952Be") } },
};

static gsize
get_descriptor (Bench *bench, guint16 value, guint8 *out_bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  gsize n = 0;

  flash_transport_control_in (bench->transport, FLASH_USB_DIR_IN, FLASH_USB_GET_DESCRIPTOR, value,
                              0, out_bytes, length, &n, BENCH_TIMEOUT_MS, &error);
  g_assert_no_error (error);
  return n;
}

static void
check_descriptors (FlashDescriptors *descriptors, const Expected *expected)
{
  guint n = 0;

  g_assert_cmphex (descriptors->vid, ==, 0x0483);
  g_assert_cmphex (descriptors->pid, ==, 0xdf11);
  g_assert_cmphex (descriptors->bcd_device, ==, 0x0200);
  g_assert_cmpstr (descriptors->manufacturer, ==, "STMicroelectronics");
  g_assert_cmpstr (descriptors->product, ==, expected->product);
  /* the model's own for a plain id, otherwise another one of the same lot */
  g_assert_cmpint (strlen (descriptors->serial), ==, 24);
  g_assert_cmpmem (descriptors->serial, 16, expected->serial, 16);
  g_assert_cmpint (strcmp (descriptors->serial, expected->serial) == 0, ==,
                   strchr (expected->id, ',') == NULL);
  g_assert_cmphex (descriptors->attributes, ==, 0x0f);
  g_assert_cmphex (descriptors->bcd_dfu, ==, 0x0110);
  g_assert_cmpint (descriptors->transfer_size, ==, expected->transfer_size);
  g_assert_cmpint (descriptors->detach_timeout_ms, ==, expected->detach_timeout_ms);
  for (; expected->names[n] != NULL; n++)
    g_assert_cmpstr (((FlashAlternate *) g_ptr_array_index (descriptors->alternates, n))->name, ==,
                     expected->names[n]);
  g_assert_cmpint (descriptors->alternates->len, ==, n);
}

/* Read over the wire, and as the board says when it is listed: the same. */
static void
check_stage (Bench *bench, const Expected *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashDescriptors) descriptors =
      flash_descriptors_read (bench->transport, BENCH_TIMEOUT_MS, &error);
  g_autoptr (FlashBoard) board =
      flash_provider_peek_port (FLASH_PROVIDER (bench->provider), bench->port);
  guint8 device[64], configuration[256];

  g_assert_no_error (error);
  check_descriptors (descriptors, expected);
  check_descriptors (flash_board_get_descriptors (board), expected);

  g_assert_cmpint (get_descriptor (bench, 0x0100, device, sizeof device), ==, 18);
  g_assert_cmphex (flash_get_le16 (device + 2), ==, 0x0200);
  g_assert_cmpint (device[7], ==, 64);
  g_assert_cmpint (device[17], ==, 1);
  g_assert_cmpint (get_descriptor (bench, 0x0200, configuration, sizeof configuration), ==,
                   expected->total_length);
  g_assert_cmpint (flash_get_le16 (configuration + 2), ==, expected->total_length);
  g_assert_cmphex (configuration[7], ==, 0xc0);
  g_assert_cmpint (configuration[6], ==, 2);
  g_assert_cmpint (get_descriptor (bench, 0x0200, configuration, 9), ==, 9);
}

static void
test_rom (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (roms); i++) {
    g_autoptr (Bench) bench = bench_new (roms[i].id);

    check_stage (bench, &roms[i]);
  }
}

/* In TF-A the board is reached by way of the ROM. */
static void
go_to_tfa (Bench *bench)
{
  gboolean is_mp15 = strstr (flash_board_get_id (bench->board), "mp157") != NULL;
  guint32 version = is_mp15                                               ? 0x00010000
                    : strstr (flash_board_get_id (bench->board), "mp135") ? 0x00020000
                                                                          : 0x00020200;
  g_autoptr (GByteArray) fsbl = bench_make_stm32 (version, 2000, 1);

  bench_download (bench, 0x01, fsbl->data, fsbl->len, 1024);
  if (is_mp15)
    return;
  g_assert_cmpint (bench_out (bench, FLASH_DFU_REQUEST_DETACH, 0, NULL, 0), ==, BENCH_OK);
  g_assert_true (bench_reopen (bench, 1000));
}

static void
test_tfa (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (tfas); i++) {
    g_autoptr (Bench) bench = bench_new (tfas[i].id);

    go_to_tfa (bench);
    check_stage (bench, &tfas[i]);
  }
}

static void
test_uboot (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (uboots); i++) {
    g_autoptr (Bench) bench = bench_new (uboots[i].id);

    check_stage (bench, &uboots[i]);
  }
}

/* stm32mp-usb.md section 1.3.1, byte by byte */
static void
test_tfa_bytes (void)
{
  static const guint8 head[] = { 9, 2, 36,   0, 1,    1,    2,    0xc0, 0x32, 9, 4,    0,
                                 0, 0, 0xfe, 1, 2,    6,    9,    4,    0,    1, 0,    0xfe,
                                 1, 2, 7,    9, 0x21, 0x0f, 0xff, 0,    0,    4, 0x10, 1 };
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp135");
  guint8 bytes[256];
  gsize length;

  go_to_tfa (bench);
  length = get_descriptor (bench, 0x0200, bytes, sizeof bytes);
  g_assert_cmpmem (bytes, length, head, sizeof head);
}

typedef struct {
  guint8 request_type;
  guint8 request;
  guint16 value;
  guint16 index;
  guint16 length;
  /* an answer's length, or -1 for a stall, in ROM, TF-A and U-Boot */
  int rom;
  int tfa;
  int uboot;
} Case;

static const Case cases[] = {
  { 0x80, 0x06, 0x0600, 0, 10, 10, 10, 10 }, /* device qualifier */
  { 0x80, 0x06, 0x0700, 0, 9, -1, -1, -1 }, /* other speed */
  { 0x80, 0x06, 0x0201, 0, 9, -1, -1, -1 }, /* second configuration */
  { 0x80, 0x06, 0x0f00, 0, 9, -1, -1, -1 },
  { 0x80, 0x06, 0x0300, 0, 255, 4, 4, 4 }, /* languages */
  { 0x80, 0x06, 0x0301, 0x409, 255, 38, 38, 38 }, /* manufacturer */
  { 0x80, 0x06, 0x0301, 0x409, 2, 2, 2, 2 },
  { 0x80, 0x06, 0x0304, 0x409, 255, 22, 22, 48 },
  { 0x80, 0x06, 0x0320, 0x409, 255, -1, -1, -1 },
  { 0x80, 0x06, 0x0100, 0, 0, 0, 0, 0 },
  { 0x80, 0x00, 0, 0, 2, 2, 2, 2 }, /* GET_STATUS of the device */
  { 0x81, 0x00, 0, 0, 2, 2, 2, 2 }, /* of the interface */
  { 0x82, 0x00, 0, 0, 2, -1, -1, -1 }, /* of an endpoint */
  { 0x80, 0x08, 0, 0, 1, 1, -1, 1 }, /* GET_CONFIGURATION */
  { 0x81, 0x0a, 0, 0, 1, 1, 1, 1 }, /* GET_INTERFACE */
  { 0x81, 0x0a, 0, 1, 1, -1, -1, -1 },
  { 0x00, 0x05, 7, 0, 0, 0, 0, 0 }, /* SET_ADDRESS */
  { 0x00, 0x09, 2, 0, 0, -1, -1, -1 }, /* SET_CONFIGURATION */
  { 0x00, 0x09, 1, 0, 0, 0, 0, 0 },
  { 0x00, 0x01, 1, 0, 0, -1, -1, -1 }, /* CLEAR_FEATURE */
  { 0x00, 0x03, 1, 0, 0, -1, -1, -1 }, /* SET_FEATURE */
  { 0x02, 0x01, 0, 0x80, 0, -1, -1, -1 },
  { 0x01, 0x0b, 1, 0, 0, 0, 0, 0 }, /* SET_INTERFACE */
  { 0x01, 0x0b, 99, 0, 0, -1, -1, -1 },
  { 0x01, 0x0b, 0, 1, 0, -1, -1, -1 },
  { 0x01, 0x0b, 0, 0, 0, 0, 0, 0 },
  { 0x81, 0x06, 0x0100, 0, 18, -1, -1, -1 }, /* descriptors are the device's */
  { 0x00, 0x06, 0x0100, 0, 0, -1, -1, -1 }, /* wrong direction */
  { 0x80, 0x05, 0, 0, 0, -1, -1, -1 },
  { 0xc0, 0x06, 0x0100, 0, 18, -1, -1, -1 }, /* vendor */
  { 0xa1, 0x03, 0, 1, 6, -1, -1, -1 }, /* GETSTATUS of another interface */
  { 0xa0, 0x03, 0, 0, 6, -1, -1, -1 }, /* of the device */
  { 0x21, 0x03, 0, 0, 0, -1, -1, -1 }, /* in the wrong direction */
  { 0xa1, 0x03, 0, 0, 0, -1, -1, -1 }, /* with no room */
  { 0xa1, 0x03, 0, 0, 3, 3, 3, 3 }, /* with little room */
  { 0xa1, 0x01, 0, 0, 8, -1, -1, -1 }, /* DNLOAD in the wrong direction */
  { 0xa1, 0x05, 0, 0, 0, 0, 0, 0 }, /* GETSTATE with no room */
  { 0xa1, 0x05, 0, 0, 4, 1, 1, 1 },
  { 0xa1, 0x09, 0, 0, 4, -1, -1, -1 }, /* no DFU request */
};

static void
check_case (Bench *bench, const Case *test, int expected)
{
  guint8 bytes[256];
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  if ((test->request_type & 0x80) != 0)
    flash_transport_control_in (bench->transport, test->request_type, test->request, test->value,
                                test->index, bytes, test->length, &length, BENCH_TIMEOUT_MS,
                                &error);
  else
    flash_transport_control_out (bench->transport, test->request_type, test->request, test->value,
                                 test->index, NULL, 0, BENCH_TIMEOUT_MS, &error);
  if (expected < 0) {
    g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL);
  } else {
    g_assert_no_error (error);
    g_assert_cmpint (length, ==, expected);
  }
}

static void
test_requests (void)
{
  g_autoptr (Bench) rom = bench_new ("virtual:stm32mp157");
  g_autoptr (Bench) tfa = bench_new ("virtual:stm32mp157");
  g_autoptr (Bench) uboot = bench_new ("virtual:stm32mp157,stage=uboot");

  go_to_tfa (tfa);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%02x %02x %04x", cases[i].request_type, cases[i].request, cases[i].value);
    check_case (rom, &cases[i], cases[i].rom);
    check_case (tfa, &cases[i], cases[i].tfa);
    check_case (uboot, &cases[i], cases[i].uboot);
  }
}

/* An interface request while not configured is refused. */
static void
test_unconfigured (void)
{
  static const Case unset = { 0x00, 0x09, 0 }, set = { 0x00, 0x09, 1 };
  static const Case select = { 0x01, 0x0b, 0 }, status = { 0xa1, 0x03, 0, 0, 6 };
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157");

  check_case (bench, &unset, 0);
  check_case (bench, &select, -1);
  check_case (bench, &status, -1);
  check_case (bench, &set, 0);
  check_case (bench, &select, 0);
  check_case (bench, &status, 6);
}

/* Names are bytes from a layout: one that is no UTF-8 is a string that cannot be read. */
static void
test_odd_names (void)
{
  g_autoptr (Bench) bench = bench_new ("virtual:stm32mp157,stage=uboot");
  g_autoptr (FlashDescriptors) descriptors = NULL;
  const FlashAlternate *alternate;

  bench_start_layout (bench, "P\t4\tcaf\xc3\xa9\tBinary\tmmc0\t0x4400\n"
                             "P\t5\tcaf\xe9\tBinary\tmmc0\t0x8400\n"
                             "P\t6\t\xf0\x9f\x92\xbe\tBinary\tmmc0\t0xc400\n");
  descriptors = flash_descriptors_read (bench->transport, BENCH_TIMEOUT_MS, NULL);
  alternate = g_ptr_array_index (descriptors->alternates, 0);
  g_assert_cmpstr (alternate->name, ==, "@café/0x04/1*16Ke");
  alternate = g_ptr_array_index (descriptors->alternates, 1);
  g_assert_null (alternate->name);
  alternate = g_ptr_array_index (descriptors->alternates, 2);
  g_assert_true (g_str_has_prefix (alternate->name, "@\xef\xbf\xbd/0x06/"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/standard/rom", test_rom);
  g_test_add_func ("/sim/standard/tfa", test_tfa);
  g_test_add_func ("/sim/standard/uboot", test_uboot);
  g_test_add_func ("/sim/standard/tfa-bytes", test_tfa_bytes);
  g_test_add_func ("/sim/standard/requests", test_requests);
  g_test_add_func ("/sim/standard/unconfigured", test_unconfigured);
  g_test_add_func ("/sim/standard/odd-names", test_odd_names);
  return g_test_run ();
}
