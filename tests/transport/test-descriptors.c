/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-descriptors.h"
#include "flash-dfu-defs.h"
#include "flash-test-transport.h"

/* The device descriptor of an STM32MP15 (stm32mp-usb.md section 1.1), strings 1, 2 and 3. */
static const guint8 device_bytes[] = {
  18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x83, 0x04, 0x11, 0xdf, 0x00, 0x02, 1, 2, 3, 1,
};

/* Builders of descriptors: a configuration whose length is set by seal (), interfaces with the
 * string 4 + alternate, functional descriptors. */
#define CONFIGURATION 9, 2, 0, 0, 1, 1, 0, 0xc0, 50
#define INTERFACE(number, alternate, class, subclass, protocol)                                    \
  9, 4, number, alternate, 0, class, subclass, protocol, (guint8) (4 + alternate)
#define DFU(alternate) INTERFACE (0, alternate, 0xfe, 1, 2)
#define FUNCTIONAL(attributes, size_low, size_high)                                                \
  9, 0x21, attributes, 0xff, 0x00, size_low, size_high, 0x10, 0x01

typedef struct {
  const char *name;
  guint8 bytes[80];
  gsize length;
  const char *alternates; /* numbers of the alternate settings */
  gboolean has_functional;
  guint8 attributes;
  guint16 transfer_size;
} Case;

#define BYTES(...) { __VA_ARGS__ }, sizeof ((const guint8[]){ __VA_ARGS__ })

static const Case cases[] = {
  { "nothing", BYTES (CONFIGURATION), "", FALSE, 0, 0 },
  { "one", BYTES (CONFIGURATION, DFU (0), FUNCTIONAL (0x0b, 0x00, 0x04)), "0", TRUE, 0x0b, 1024 },
  { "functional on the last",
    BYTES (CONFIGURATION, DFU (0), DFU (1), DFU (2), FUNCTIONAL (0x1b, 0x00, 0x10)), "0 1 2", TRUE,
    0x1b, 4096 },
  { "functional on each, the first counts",
    BYTES (CONFIGURATION, DFU (0), FUNCTIONAL (1, 1, 0), DFU (1), FUNCTIONAL (2, 2, 0)), "0 1",
    TRUE, 1, 1 },
  { "functional first", BYTES (CONFIGURATION, FUNCTIONAL (3, 3, 0), DFU (0)), "0", TRUE, 3, 3 },
  { "functional of DFU 1.0", BYTES (CONFIGURATION, DFU (0), 7, 0x21, 1, 0, 0, 0, 4), "0", TRUE, 1,
    1024 },
  { "functional too short", BYTES (CONFIGURATION, DFU (0), 6, 0x21, 1, 0, 0, 0), "0", FALSE, 0, 0 },
  { "no protocol", BYTES (CONFIGURATION, INTERFACE (0, 0, 0xfe, 1, 0)), "0", FALSE, 0, 0 },
  { "functional longer", BYTES (CONFIGURATION, DFU (0), 10, 0x21, 1, 0, 0, 0, 4, 0x1a, 1, 0xee),
    "0", TRUE, 1, 1024 },
  { "gap in the numbers", BYTES (CONFIGURATION, DFU (0), DFU (7), DFU (255)), "0 7 255", FALSE, 0,
    0 },
  { "the same number twice", BYTES (CONFIGURATION, DFU (1), DFU (1)), "1", FALSE, 0, 0 },
  { "run-time protocol", BYTES (CONFIGURATION, INTERFACE (0, 0, 0xfe, 1, 1), FUNCTIONAL (9, 0, 4)),
    "0", TRUE, 9, 1024 },
  { "DFU mode beats run-time",
    BYTES (CONFIGURATION, INTERFACE (0, 3, 0xfe, 1, 1), FUNCTIONAL (9, 0, 4), DFU (1)), "1", FALSE,
    0, 0 },
  { "run-time behind DFU mode",
    BYTES (CONFIGURATION, DFU (1), INTERFACE (0, 3, 0xfe, 1, 1), FUNCTIONAL (9, 0, 4)), "1", FALSE,
    0, 0 },
  { "functional of HID", BYTES (CONFIGURATION, INTERFACE (0, 0, 3, 0, 0), FUNCTIONAL (9, 0, 4)), "",
    FALSE, 0, 0 },
  { "HID before run-time",
    BYTES (CONFIGURATION, INTERFACE (0, 0, 3, 0, 0), FUNCTIONAL (9, 0, 4),
           INTERFACE (1, 0, 0xfe, 1, 1), FUNCTIONAL (13, 0, 8)),
    "0", TRUE, 13, 2048 },
  { "other class", BYTES (CONFIGURATION, INTERFACE (0, 0, 0xff, 1, 2)), "", FALSE, 0, 0 },
  { "other subclass", BYTES (CONFIGURATION, INTERFACE (0, 0, 0xfe, 2, 2)), "", FALSE, 0, 0 },
  { "among others",
    BYTES (CONFIGURATION, INTERFACE (0, 0, 0x08, 6, 0x50), 7, 5, 0x81, 2, 0, 2, 0,
           INTERFACE (1, 0, 0xfe, 1, 2), INTERFACE (1, 1, 0xfe, 1, 2)),
    "0 1", FALSE, 0, 0 },
  { "a second DFU interface",
    BYTES (CONFIGURATION, DFU (0), INTERFACE (1, 1, 0xfe, 1, 2), FUNCTIONAL (9, 0, 4)), "0", FALSE,
    0, 0 },
  { "short interface", BYTES (CONFIGURATION, 8, 4, 0, 0, 0, 0xfe, 1, 2), "", FALSE, 0, 0 },
  { "empty", { 0 }, 0, "", FALSE, 0, 0 },
};

static char *
dup_alternates (const FlashDescriptors *descriptors)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < descriptors->alternates->len; i++)
    g_string_append_printf (
        text, "%s%u", i > 0 ? " " : "",
        ((FlashAlternate *) g_ptr_array_index (descriptors->alternates, i))->number);
  return g_strdup (text->str);
}

static void
test_parse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashDescriptors) descriptors = flash_descriptors_parse (
        device_bytes, sizeof device_bytes, cases[i].bytes, cases[i].length, &error);
    g_autofree char *alternates = NULL;

    g_test_message ("%s", cases[i].name);
    g_assert_no_error (error);
    alternates = dup_alternates (descriptors);
    g_assert_cmphex (descriptors->vid, ==, FLASH_ST_VID);
    g_assert_cmphex (descriptors->pid, ==, FLASH_ST_DFU_PID);
    g_assert_cmphex (descriptors->bcd_device, ==, 0x0200);
    g_assert_cmpstr (alternates, ==, cases[i].alternates);
    g_assert_cmpint (descriptors->has_functional, ==, cases[i].has_functional);
    g_assert_cmphex (descriptors->attributes, ==, cases[i].attributes);
    g_assert_cmpuint (descriptors->transfer_size, ==, cases[i].transfer_size);
    g_assert_null (descriptors->product);
  }
}

static void
test_parse_values (void)
{
  static const guint8 configuration[] = { CONFIGURATION, INTERFACE (3, 0, 0xfe, 1, 2),
                                          FUNCTIONAL (0x0b, 0x34, 0x12) };
  g_autoptr (FlashDescriptors) descriptors = flash_descriptors_parse (
      device_bytes, sizeof device_bytes, configuration, sizeof configuration, NULL);
  g_autoptr (FlashDescriptors) again = flash_descriptors_ref (descriptors);

  g_assert_cmpuint (again->interface_number, ==, 3);
  g_assert_cmpuint (again->detach_timeout_ms, ==, 255);
  g_assert_cmphex (again->transfer_size, ==, 0x1234);
  g_assert_cmphex (again->bcd_dfu, ==, 0x0110);
}

/* How DFU versions come (stm32-dfuse.md section 1.2), and what kind of interface it is. */
static void
test_parse_kinds (void)
{
  static const struct {
    guint8 protocol;
    guint8 length;
    guint8 version[2];
    guint16 bcd_dfu;
  } kinds[] = {
    { 2, 9, { 0x1a, 0x01 }, 0x011a }, { 0, 9, { 0x1a, 0x01 }, 0x011a },
    { 2, 9, { 0x01, 0x1a }, 0x011a }, { 2, 9, { 0x10, 0x01 }, 0x0110 },
    { 1, 9, { 0x01, 0x01 }, 0x0101 }, { 2, 7, { 0, 0 }, 0x0100 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const guint8 configuration[] = {
      CONFIGURATION,
      INTERFACE (0, 0, 0xfe, 1, kinds[i].protocol),
      kinds[i].length,
      0x21,
      0x0b,
      0xff,
      0x00,
      0x00,
      0x08,
      kinds[i].version[0],
      kinds[i].version[1],
    };
    g_autoptr (GError) error = NULL;
    g_autoptr (FlashDescriptors) descriptors =
        flash_descriptors_parse (device_bytes, sizeof device_bytes, configuration,
                                 sizeof configuration - (kinds[i].length == 7 ? 2 : 0), &error);

    g_assert_no_error (error);
    g_assert_cmpuint (descriptors->protocol, ==, kinds[i].protocol);
    g_assert_cmphex (descriptors->bcd_dfu, ==, kinds[i].bcd_dfu);
    g_assert_cmpuint (descriptors->max_packet_size, ==, 64);
    g_assert_cmpuint (descriptors->transfer_size, ==, 2048);
  }
}

typedef struct {
  guint8 bytes[24];
  gsize length;
  const char *message;
} Broken;

static const Broken broken[] = {
  { BYTES (CONFIGURATION, 9), "the configuration descriptor is broken at byte 9" },
  { BYTES (CONFIGURATION, 0, 4), "the configuration descriptor is broken at byte 9" },
  { BYTES (CONFIGURATION, 1, 4), "the configuration descriptor is broken at byte 9" },
  { BYTES (CONFIGURATION, 9, 4, 0, 0, 0, 0xfe, 1, 2),
    "the configuration descriptor is broken at byte 9" },
  { BYTES (10, 2, 0, 0, 1, 1, 0, 0xc0, 50), "the configuration descriptor is broken at byte 0" },
};

static void
test_parse_broken (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (flash_descriptors_parse (device_bytes, sizeof device_bytes, broken[i].bytes,
                                            broken[i].length, &error));
    g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO);
    g_assert_cmpstr (error->message, ==, broken[i].message);
  }
}

static void
test_parse_broken_device (void)
{
  guint8 bytes[sizeof device_bytes];

  for (gsize length = 0; length <= sizeof bytes; length++) {
    g_autoptr (GError) error = NULL;

    memcpy (bytes, device_bytes, sizeof bytes);
    if (length == sizeof bytes)
      bytes[1] = FLASH_USB_DESCRIPTOR_CONFIGURATION;
    g_assert_null (flash_descriptors_parse (bytes, length, NULL, 0, &error));
    g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO);
  }
}

/* Any bytes: no crash, and alternate settings that are all different. */
static void
test_parse_random (void)
{
  for (guint i = 0; i < 20000; i++) {
    guint8 bytes[200];
    gsize length = (gsize) g_test_rand_int_range (0, sizeof bytes + 1);
    g_autoptr (FlashDescriptors) descriptors = NULL;
    gboolean is_seen[256] = { FALSE };

    for (gsize k = 0; k < length; k++)
      bytes[k] = (guint8) g_test_rand_int_range (0, 256);
    /* Lengths that lead somewhere, most of the time. */
    for (gsize k = 0; k + 9 <= length; k += 9) {
      bytes[k] = 9;
      bytes[k + 1] =
          g_test_rand_bit () ? FLASH_USB_DESCRIPTOR_INTERFACE : FLASH_DFU_DESCRIPTOR_FUNCTIONAL;
      if (g_test_rand_bit ())
        memcpy (bytes + k + 5, "\xfe\x01\x02", 3);
    }
    descriptors = flash_descriptors_parse (device_bytes, sizeof device_bytes, bytes, length, NULL);
    for (guint k = 0; descriptors != NULL && k < descriptors->alternates->len; k++) {
      guint8 number = ((FlashAlternate *) g_ptr_array_index (descriptors->alternates, k))->number;

      g_assert_false (is_seen[number]);
      is_seen[number] = TRUE;
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/descriptors/parse", test_parse);
  g_test_add_func ("/descriptors/parse-values", test_parse_values);
  g_test_add_func ("/descriptors/parse-kinds", test_parse_kinds);
  g_test_add_func ("/descriptors/parse-broken", test_parse_broken);
  g_test_add_func ("/descriptors/parse-broken-device", test_parse_broken_device);
  g_test_add_func ("/descriptors/parse-random", test_parse_random);
  return g_test_run ();
}
