/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-descriptors.h"
#include "flash-dfu-defs.h"
#include "flash-test-transport.h"

#define TIMEOUT_MS 100

/* The device descriptor of an STM32MP15 (stm32mp-usb.md section 1.1), strings 1, 2 and 3. */
static const guint8 device_bytes[] = {
  18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x83, 0x04, 0x11, 0xdf, 0x00, 0x02, 1, 2, 3, 1,
};

/* Builders of descriptors: a configuration, interfaces with the string 4 + alternate, functional
 * descriptors. */
#define CONFIGURATION 9, 2, 0, 0, 1, 1, 0, 0xc0, 50
#define INTERFACE(number, alternate, class, subclass, protocol)                                    \
  9, 4, number, alternate, 0, class, subclass, protocol, (guint8) (4 + alternate)
#define DFU(alternate) INTERFACE (0, alternate, 0xfe, 1, 2)
#define FUNCTIONAL(attributes, size_low, size_high)                                                \
  9, 0x21, attributes, 0xff, 0x00, size_low, size_high, 0x10, 0x01

/* A board with two alternate settings, strings 4 and 5. */
static FlashTestTransport *
make_device (void)
{
  static const guint8 rest[] = { DFU (0), DFU (1), FUNCTIONAL (0x0b, 0x00, 0x04) };
  static const guint8 configuration[] = { CONFIGURATION };
  FlashTestTransport *device = flash_test_transport_new ();

  g_byte_array_append (device->device, device_bytes, sizeof device_bytes);
  g_byte_array_append (device->configuration, configuration, sizeof configuration);
  g_byte_array_append (device->configuration, rest, sizeof rest);
  device->configuration->data[2] = (guint8) device->configuration->len;
  flash_test_transport_set_string (device, 1, "STMicroelectronics");
  flash_test_transport_set_string (device, 2, "USB download gadget@Device ID /0x500");
  flash_test_transport_set_string (device, 3, "002C00243338511638383938");
  flash_test_transport_set_string (device, 4, "@Partition0 /0x00/1*256Ke");
  flash_test_transport_set_string (device, 5, "@virtual /0xF1/1*512Ba");
  return device;
}

/* The same with as many alternate settings as there can be, all of them with string 4. */
static FlashTestTransport *
make_large_device (void)
{
  FlashTestTransport *device = make_device ();

  g_byte_array_set_size (device->configuration, 9);
  for (guint i = 0; i <= G_MAXUINT8; i++) {
    const guint8 interface[] = { 9, 4, 0, (guint8) i, 0, 0xfe, 1, 2, 4 };

    g_byte_array_append (device->configuration, interface, sizeof interface);
  }
  device->configuration->data[2] = (guint8) device->configuration->len;
  device->configuration->data[3] = (guint8) (device->configuration->len >> 8);
  return device;
}

static const char *
get_name (const FlashDescriptors *descriptors, guint index)
{
  return ((FlashAlternate *) g_ptr_array_index (descriptors->alternates, index))->name;
}

static void
test_read (void)
{
  g_autoptr (FlashTestTransport) device = make_device ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashDescriptors) descriptors =
      flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (descriptors->manufacturer, ==, "STMicroelectronics");
  g_assert_cmpstr (descriptors->product, ==, "USB download gadget@Device ID /0x500");
  g_assert_cmpstr (descriptors->serial, ==, "002C00243338511638383938");
  g_assert_cmpuint (descriptors->alternates->len, ==, 2);
  g_assert_cmpstr (get_name (descriptors, 0), ==, "@Partition0 /0x00/1*256Ke");
  g_assert_cmpstr (get_name (descriptors, 1), ==, "@virtual /0xF1/1*512Ba");
  g_assert_true (descriptors->has_functional);
}

/* Some devices stall when they are asked for more than they have. */
static void
test_read_exact_length (void)
{
  g_autoptr (FlashTestTransport) device = make_device ();
  g_autoptr (FlashDescriptors) descriptors = NULL;

  device->n_configuration_stalls_above = device->configuration->len;
  descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
  g_assert_nonnull (descriptors);
  g_assert_cmpuint (descriptors->alternates->len, ==, 2);
}

/* A length that is announced, but never sent, and one that is larger than a transfer. */
static void
test_read_wrong_length (void)
{
  g_autoptr (FlashTestTransport) device = make_device ();
  g_autoptr (FlashDescriptors) descriptors = NULL;
  g_autoptr (FlashDescriptors) empty = NULL;

  device->configuration->data[2] = 0xff;
  device->configuration->data[3] = 0xff;
  descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
  g_assert_nonnull (descriptors);
  g_assert_cmpuint (descriptors->alternates->len, ==, 2);

  g_byte_array_set_size (device->configuration, 0);
  empty = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
  g_assert_nonnull (empty);
  g_assert_cmpuint (empty->alternates->len, ==, 0);
}

typedef struct {
  const char *bytes;
  gsize length;
  const char *text;
} String;

#define STRING(bytes, text)                                                                        \
  {                                                                                                \
    bytes, sizeof bytes - 1, text                                                                  \
  }

static const String strings[] = {
  STRING ("\x06\x03"
          "a\0b\0",
          "ab"),
  STRING ("\x02\x03", ""),
  STRING ("\x06\x02"
          "a\0b\0",
          NULL), /* not a string descriptor */
  STRING ("\x06", NULL), /* cut off */
  STRING ("", NULL), /* nothing at all */
  STRING ("\x04\x03"
          "a\0b\0",
          "a"), /* shorter than what was sent */
  STRING ("\xff\x03"
          "a\0b\0",
          "ab"), /* longer than what was sent */
  STRING ("\x05\x03"
          "a\0b",
          "a"), /* half a character */
  STRING ("\x00\x03"
          "a\0",
          ""), /* a length of nothing */
  STRING ("\x01\x03"
          "a\0",
          ""),
  STRING ("\x06\x03\x3d\xd8"
          "a\0",
          "\uFFFDa"), /* half a surrogate pair */
  STRING ("\x04\x03\xbe\xdc", "\uFFFD"), /* the other half */
  STRING ("\x04\x03\x3d\xd8", "\uFFFD"), /* and nothing behind it */
  STRING ("\x06\x03\x3d\xd8\xbe\xdc", "💾"),
  STRING ("\x06\x03\x1b\0[\0", "\uFFFD["), /* nothing that steers a terminal */
  STRING ("\x08\x03"
          "a\0\0\0b\0",
          "a"), /* ends at a zero */
};

/* A board with a broken name is still a board. */
static void
test_read_strings (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (strings); i++) {
    g_autoptr (FlashTestTransport) device = make_device ();
    g_autoptr (FlashDescriptors) descriptors = NULL;

    g_clear_pointer (&device->strings[2], g_bytes_unref);
    device->strings[2] = g_bytes_new_static (strings[i].bytes, strings[i].length);
    descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
    g_assert_nonnull (descriptors);
    g_test_message ("string %u", i);
    g_assert_cmpstr (descriptors->product, ==, strings[i].text);
    g_assert_cmpstr (descriptors->serial, ==, "002C00243338511638383938");
  }
}

/* The serial number of a GD32VF103 is no UTF-16; its other strings are. */
static void
test_read_8_bit_serial (void)
{
  g_autoptr (FlashTestTransport) device = make_device ();
  g_autoptr (FlashDescriptors) as_utf16 = NULL;
  g_autoptr (FlashDescriptors) as_bytes = NULL;

  g_clear_pointer (&device->strings[3], g_bytes_unref);
  device->strings[3] = g_bytes_new_static ("\x06\x03"
                                           "3CBJ",
                                           6);
  as_utf16 = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
  g_assert_cmpstr (as_utf16->serial, ==, "\u4333\u4a42");

  memcpy (device->device->data + 8, "\xe9\x28\x89\x01", 4);
  as_bytes = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
  g_assert_cmpstr (as_bytes->serial, ==, "3CBJ");
  g_assert_cmpstr (as_bytes->manufacturer, ==, "STMicroelectronics");
}

/* One by one, for those who know an index. */
static void
test_read_one_string (void)
{
  g_autoptr (FlashTestTransport) device = make_device ();
  g_autofree char *text = NULL;

  text = flash_descriptors_read_string (FLASH_TRANSPORT (device), 1, TIMEOUT_MS);
  g_assert_cmpstr (text, ==, "STMicroelectronics");
  device->behaviours[1] = FLASH_TEST_STALL;
  g_assert_null (flash_descriptors_read_string (FLASH_TRANSPORT (device), 1, TIMEOUT_MS));
  device->behaviours[1] = FLASH_TEST_GONE;
  g_assert_null (flash_descriptors_read_string (FLASH_TRANSPORT (device), 1, TIMEOUT_MS));
}

/* The longest string that fits into a descriptor. */
static void
test_read_long_string (void)
{
  g_autoptr (FlashTestTransport) device = make_device ();
  g_autofree char *text = g_strnfill (126, 'x');
  g_autoptr (FlashDescriptors) descriptors = NULL;

  flash_test_transport_set_string (device, 5, text);
  descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
  g_assert_nonnull (descriptors);
  g_assert_cmpstr (get_name (descriptors, 1), ==, text);
}

static void
test_read_no_strings (void)
{
  g_autoptr (FlashTestTransport) device = make_device ();
  g_autoptr (FlashDescriptors) descriptors = NULL;
  guint n_requests;

  memset (device->device->data + 14, 0, 3);
  n_requests = device->n_requests;
  descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
  g_assert_nonnull (descriptors);
  g_assert_null (descriptors->manufacturer);
  g_assert_null (descriptors->product);
  g_assert_null (descriptors->serial);
  /* Index 0 means that there is none: device, configuration twice, two alternate settings. */
  g_assert_cmpuint (device->n_requests - n_requests, ==, 5);
}

/* Each string in turn cannot be had: its place is empty, unless the device is gone. */
static void
test_read_string_faults (void)
{
  static const FlashTestBehaviour behaviours[] = { FLASH_TEST_STALL, FLASH_TEST_TIME_OUT,
                                                   FLASH_TEST_GONE };

  for (guint index = 1; index <= 5; index++) {
    for (guint i = 0; i < G_N_ELEMENTS (behaviours); i++) {
      g_autoptr (FlashTestTransport) device = make_device ();
      g_autoptr (FlashDescriptors) descriptors = NULL;
      g_autoptr (GError) error = NULL;

      device->behaviours[index] = behaviours[i];
      descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, &error);
      if (behaviours[i] == FLASH_TEST_GONE) {
        g_assert_null (descriptors);
        g_assert_error (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_GONE);
        continue;
      }
      g_assert_no_error (error);
      g_assert_cmpint (descriptors->manufacturer == NULL, ==, index == 1);
      g_assert_cmpint (descriptors->product == NULL, ==, index == 2);
      g_assert_cmpint (descriptors->serial == NULL, ==, index == 3);
      g_assert_cmpint (get_name (descriptors, 0) == NULL, ==, index == 4);
      g_assert_cmpint (get_name (descriptors, 1) == NULL, ==, index == 5);
    }
  }
}

/* What is silent twice is not asked again, however many strings it says it has. */
static const struct {
  const char *silent; /* indexes of strings */
  guint n_requests; /* for strings */
  const char *names; /* y: has the name, n: has none; of the first, second and last setting */
} silences[] = {
  { "", 259, "yyy" }, { "2", 259, "yyy" }, { "4", 5, "nnn" },  { "24", 4, "nnn" },
  { "12", 2, "nnn" }, { "123", 2, "nnn" }, { "13", 3, "nnn" }, { "1234", 2, "nnn" },
};

static void
test_read_silent_strings (void)
{
  static const guint settings[] = { 0, 1, 255 };

  for (guint i = 0; i < G_N_ELEMENTS (silences); i++) {
    g_autoptr (FlashTestTransport) device = make_large_device ();
    g_autoptr (FlashDescriptors) descriptors = NULL;

    g_test_message ("silent: %s", silences[i].silent);
    for (const char *at = silences[i].silent; *at != '\0'; at++)
      device->behaviours[*at - '0'] = FLASH_TEST_TIME_OUT;
    descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
    g_assert_nonnull (descriptors);
    g_assert_cmpuint (descriptors->alternates->len, ==, 256);
    g_assert_cmpuint (device->n_requests, ==, 3 + silences[i].n_requests);
    for (guint k = 0; k < G_N_ELEMENTS (settings); k++)
      g_assert_cmpint (get_name (descriptors, settings[k]) != NULL, ==,
                       silences[i].names[k] == 'y');
  }
}

/* A refusal costs no time: what comes after it is asked for. */
static void
test_read_refused_strings (void)
{
  g_autoptr (FlashTestTransport) device = make_large_device ();
  g_autoptr (FlashDescriptors) descriptors = NULL;

  for (guint i = 1; i <= 3; i++)
    device->behaviours[i] = FLASH_TEST_STALL;
  descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
  g_assert_cmpuint (device->n_requests, ==, 3 + 259);
  g_assert_cmpstr (get_name (descriptors, 255), ==, "@Partition0 /0x00/1*256Ke");
}

/* One that answers in the last moment, each time: all in all it has eight times as long. */
static void
test_read_late_strings (void)
{
  g_autoptr (FlashTestTransport) device = make_large_device ();
  g_autoptr (FlashDescriptors) descriptors = NULL;

  device->behaviours[4] = FLASH_TEST_LATE;
  descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), 1, NULL);
  g_assert_nonnull (descriptors);
  g_assert_cmpuint (descriptors->alternates->len, ==, 256);
  g_assert_cmpuint (device->n_requests, <=, 3 + 3 + 8);
  g_assert_null (get_name (descriptors, 255));
}

/* No string and one that was not given are two things. */
static void
test_read_nameless (void)
{
  g_autoptr (FlashTestTransport) device = make_device ();
  g_autoptr (FlashDescriptors) descriptors = NULL;
  const FlashAlternate *first, *second;

  device->configuration->data[9 + 8] = 0;
  device->behaviours[5] = FLASH_TEST_STALL;
  descriptors = flash_descriptors_read (FLASH_TRANSPORT (device), TIMEOUT_MS, NULL);
  g_assert_nonnull (descriptors);
  first = g_ptr_array_index (descriptors->alternates, 0);
  second = g_ptr_array_index (descriptors->alternates, 1);
  g_assert_null (first->name);
  g_assert_true (first->is_nameless);
  g_assert_null (second->name);
  g_assert_false (second->is_nameless);
  g_assert_cmpuint (device->n_requests, ==, 3 + 4);
}

static void
test_read_faults (void)
{
  g_autoptr (FlashTestTransport) stalled = make_device ();
  g_autoptr (FlashTestTransport) half = make_device ();
  g_autoptr (FlashTestTransport) broken_device = make_device ();
  g_autoptr (FlashTestTransport) refusing = make_device ();
  g_autoptr (GError) stalled_error = NULL;
  g_autoptr (GError) half_error = NULL;
  g_autoptr (GError) broken_error = NULL;
  g_autoptr (GError) refusing_error = NULL;

  stalled->device_behaviour = FLASH_TEST_STALL;
  g_assert_null (flash_descriptors_read (FLASH_TRANSPORT (stalled), TIMEOUT_MS, &stalled_error));
  g_assert_error (stalled_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL);

  half->n_configuration_stalls_above = 9;
  g_assert_null (flash_descriptors_read (FLASH_TRANSPORT (half), TIMEOUT_MS, &half_error));
  g_assert_error (half_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL);

  refusing->n_configuration_stalls_above = 8;
  g_assert_null (flash_descriptors_read (FLASH_TRANSPORT (refusing), TIMEOUT_MS, &refusing_error));
  g_assert_error (refusing_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL);

  g_byte_array_set_size (broken_device->device, 17);
  g_assert_null (
      flash_descriptors_read (FLASH_TRANSPORT (broken_device), TIMEOUT_MS, &broken_error));
  g_assert_error (broken_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO);
  g_assert_cmpstr (broken_error->message, ==, "the device descriptor has 17 bytes, expected 18");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/descriptors-read/all", test_read);
  g_test_add_func ("/descriptors-read/exact-length", test_read_exact_length);
  g_test_add_func ("/descriptors-read/wrong-length", test_read_wrong_length);
  g_test_add_func ("/descriptors-read/strings", test_read_strings);
  g_test_add_func ("/descriptors-read/8-bit-serial", test_read_8_bit_serial);
  g_test_add_func ("/descriptors-read/one-string", test_read_one_string);
  g_test_add_func ("/descriptors-read/long-string", test_read_long_string);
  g_test_add_func ("/descriptors-read/no-strings", test_read_no_strings);
  g_test_add_func ("/descriptors-read/string-faults", test_read_string_faults);
  g_test_add_func ("/descriptors-read/silent-strings", test_read_silent_strings);
  g_test_add_func ("/descriptors-read/refused-strings", test_read_refused_strings);
  g_test_add_func ("/descriptors-read/late-strings", test_read_late_strings);
  g_test_add_func ("/descriptors-read/nameless", test_read_nameless);
  g_test_add_func ("/descriptors-read/faults", test_read_faults);
  return g_test_run ();
}
