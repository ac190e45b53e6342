/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-test-images.h"
#include "flash-usb-error.h"
#include "flash-usb-neighbour.h"
#include "flash-usb-record.h"
#include "flash-usb-tree.h"

#include <libusb.h>

typedef struct {
  char *root; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->root = flash_test_make_dir ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  flash_test_remove_dir (fixture->root);
  g_free (fixture->root);
}

static void
test_ports (Fixture *fixture, gconstpointer data)
{
  static const char *const others[] = { "usb1", "1-1:1.0", "1-",  "-1",    "1",
                                        "1-1.", "1-1-1",   "1.1", "1-1..2" };
  static const char *const ports[] = { "1-10", "2-1", "1-2", "1-2.10", "1-2.3", "1-2.3.1" };
  g_auto (GStrv) none = flash_usb_record_list_ports (fixture->root);
  g_auto (GStrv) listed = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    flash_usb_tree_plug (fixture->root, others[i], 40 + i, FLASH_USB_TREE_ROM);
  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    flash_usb_tree_plug (fixture->root, ports[i], 10 + i, FLASH_USB_TREE_ROM);
  listed = flash_usb_record_list_ports (fixture->root);
  text = g_strjoinv (" ", listed);
  g_assert_cmpstr (text, ==, "1-2 1-2.3 1-2.3.1 1-2.10 1-10 2-1");
}

static void
test_address (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[] = { "1-2", "..", "1-1/../1-1", "", "usb1", "1-1:1.0" };
  FlashUsbAddress address = { 77, 78 };

  flash_usb_tree_plug (fixture->root, "1-1", 5, FLASH_USB_TREE_ROM);
  flash_usb_tree_plug (fixture->root, "usb1", 1, FLASH_USB_TREE_HUB);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (flash_usb_record_read_address (fixture->root, wrong[i], &address));
  g_assert_cmpuint (address.bus, ==, 77);
  g_assert_cmpuint (address.device, ==, 78);

  g_assert_true (flash_usb_record_read_address (fixture->root, "1-1", &address));
  g_assert_cmpuint (address.bus, ==, 1);
  g_assert_cmpuint (address.device, ==, 5);
  flash_usb_tree_set (fixture->root, "1-1", "devnum", "five\n");
  g_assert_false (flash_usb_record_read_address (fixture->root, "1-1", &address));
  g_assert_null (flash_usb_record_read (fixture->root, "1-1"));
}

static void
test_record (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashUsbRecord) record = NULL;

  flash_usb_tree_plug (fixture->root, "1-2.3", 9, FLASH_USB_TREE_ROM);
  record = flash_usb_record_read (fixture->root, "1-2.3");
  g_assert_nonnull (record);
  g_assert_cmpstr (record->port, ==, "1-2.3");
  g_assert_cmpuint (record->address.bus, ==, 1);
  g_assert_cmpuint (record->address.device, ==, 9);
  g_assert_cmpuint (record->speed, ==, FLASH_SPEED_HIGH);
  g_assert_cmphex (record->vid, ==, 0x0483);
  g_assert_cmphex (record->pid, ==, 0xdf11);
  g_assert_false (record->has_runtime_dfu);
  g_assert_false (record->has_mass_storage);

  g_assert_nonnull (record->descriptors);
  g_assert_cmpuint (record->descriptors->alternates->len, ==, 2);
  g_assert_true (record->descriptors->has_functional);
  g_assert_cmpuint (record->descriptors->transfer_size, ==, 1024);
  g_assert_cmpstr (record->descriptors->product, ==,
                   "DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000");
  g_assert_cmpstr (record->descriptors->serial, ==, "003A00283338511234383330");
  g_assert_null (record->descriptors->manufacturer);
}

static void
test_speeds (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *text;
    FlashSpeed speed;
  } cases[] = {
    { "1.5\n", FLASH_SPEED_LOW },     { "12\n", FLASH_SPEED_FULL },
    { "480\n", FLASH_SPEED_HIGH },    { "5000\n", FLASH_SPEED_SUPER },
    { "20000\n", FLASH_SPEED_SUPER }, { "unknown\n", FLASH_SPEED_UNKNOWN },
    { "", FLASH_SPEED_UNKNOWN },
  };

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashUsbRecord) record = NULL;

    flash_usb_tree_set (fixture->root, "1-1", "speed", cases[i].text);
    record = flash_usb_record_read (fixture->root, "1-1");
    g_assert_nonnull (record);
    g_assert_cmpuint (record->speed, ==, cases[i].speed);
  }
}

/* What a device says is neither trusted nor needed. */
static void
test_odd (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashUsbRecord) broken = NULL;
  g_autoptr (FlashUsbRecord) short_record = NULL;
  g_autoptr (FlashUsbRecord) unconfigured = NULL;
  g_autoptr (FlashUsbRecord) strange = NULL;

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_BROKEN_ROM);
  broken = flash_usb_record_read (fixture->root, "1-1");
  g_assert_nonnull (broken);
  g_assert_null (broken->descriptors);
  g_assert_cmphex (broken->pid, ==, 0xdf11);

  flash_usb_tree_set (fixture->root, "1-1", "descriptors", "short");
  short_record = flash_usb_record_read (fixture->root, "1-1");
  g_assert_nonnull (short_record);
  g_assert_cmphex (short_record->vid, ==, 0);

  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  flash_usb_tree_set (fixture->root, "1-1", "bConfigurationValue", "\n");
  unconfigured = flash_usb_record_read (fixture->root, "1-1");
  g_assert_nonnull (unconfigured);
  g_assert_nonnull (unconfigured->descriptors);
  g_assert_cmpuint (unconfigured->descriptors->alternates->len, ==, 2);

  flash_usb_tree_set (fixture->root, "1-1", "product", "one\ntwo\033[31m\xff");
  strange = flash_usb_record_read (fixture->root, "1-1");
  g_assert_nonnull (strange);
  g_assert_true (g_utf8_validate (strange->product, -1, NULL));
  g_assert_null (strchr (strange->product, '\n'));
  g_assert_null (strchr (strange->product, '\033'));
}

static void
test_driver (Fixture *fixture, gconstpointer data)
{
  g_autofree char *usbfs = NULL;
  g_autofree char *untouched = g_strdup ("untouched");
  char *driver = untouched;

  /* Nothing is set up before it has a configuration. */
  flash_usb_tree_plug (fixture->root, "1-1", 2, FLASH_USB_TREE_ROM);
  flash_usb_tree_set_up (fixture->root, "1-1", FALSE);
  g_assert_false (flash_usb_record_find_driver (fixture->root, "1-1", 0, &driver));
  g_assert_true (driver == untouched);
  flash_usb_tree_set_up (fixture->root, "1-1", TRUE);
  g_assert_true (flash_usb_record_find_driver (fixture->root, "1-1", 0, &driver));
  g_assert_null (driver);
  flash_usb_tree_bind (fixture->root, "1-1", "usbfs");
  g_assert_true (flash_usb_record_find_driver (fixture->root, "1-1", 0, &usbfs));
  g_assert_cmpstr (usbfs, ==, "usbfs");
  /* Neither another interface nor another port. */
  g_assert_false (flash_usb_record_find_driver (fixture->root, "1-1", 1, &driver));
  g_assert_false (flash_usb_record_find_driver (fixture->root, "1-11", 0, &driver));
}

static void
test_hubs (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) hubs = NULL;
  const FlashHub *hub;

  flash_usb_tree_plug (fixture->root, "1-2", 2, FLASH_USB_TREE_HUB);
  flash_usb_tree_plug (fixture->root, "1-2.4", 3, FLASH_USB_TREE_HUB);
  flash_usb_tree_set (fixture->root, "1-2.4", "speed", "12\n");
  /* The kernel's own text cannot be read while something is plugged in behind the hub. */
  flash_usb_tree_set (fixture->root, "1-2", "product", "read with a lock\n");
  flash_test_write_text (fixture->root, "run/udev/data/c189:1", "E:ID_MODEL_ENC=USB2.0\\x20Hub\n");
  flash_usb_tree_plug (fixture->root, "1-2.4.1", 4, FLASH_USB_TREE_ROM);
  none = flash_usb_record_read_hubs (fixture->root, "1-2");
  g_assert_cmpuint (none->len, ==, 0);
  hubs = flash_usb_record_read_hubs (fixture->root, "1-2.4.1");
  g_assert_cmpuint (hubs->len, ==, 2);
  hub = g_ptr_array_index (hubs, 0);
  g_assert_cmpstr (hub->port, ==, "1-2");
  g_assert_cmpstr (hub->name, ==, "USB2.0 Hub");
  g_assert_cmphex (hub->vid, ==, 0x05e3);
  g_assert_cmphex (hub->pid, ==, 0x0610);
  g_assert_cmpuint (hub->speed, ==, FLASH_SPEED_HIGH);
  hub = g_ptr_array_index (hubs, 1);
  g_assert_cmpstr (hub->port, ==, "1-2.4");
  g_assert_null (hub->name);
  g_assert_cmpuint (hub->speed, ==, FLASH_SPEED_FULL);
}

static void
test_neighbours (Fixture *fixture, gconstpointer data)
{
  static const struct {
    FlashUsbTreeKind device;
    const char *kind;
    const char *name;
  } cases[] = {
    { FLASH_USB_TREE_ST_LINK, "st-link", "STM32 STLink" },
    { FLASH_USB_TREE_DISK, "mass-storage", "USB download gadget" },
    { FLASH_USB_TREE_RUNTIME, "runtime-dfu", "Black Magic Probe" },
    { FLASH_USB_TREE_FASTBOOT, "fastboot", NULL },
    { FLASH_USB_TREE_SERIAL_PORT, "other", "Virtual COM Port" },
    { FLASH_USB_TREE_HUB, NULL, NULL },
    { FLASH_USB_TREE_MOUSE, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashUsbRecord) record = NULL;
    g_autoptr (FlashUsbNeighbour) neighbour = NULL;

    flash_usb_tree_plug (fixture->root, "1-7", 3, cases[i].device);
    record = flash_usb_record_read (fixture->root, "1-7");
    g_assert_nonnull (record);
    neighbour = flash_usb_neighbour_new (record);
    flash_usb_tree_unplug (fixture->root, "1-7", 3);
    if (cases[i].kind == NULL) {
      g_assert_null (neighbour);
      continue;
    }
    g_assert_cmpstr (flash_usb_neighbour_kind_get_name (flash_usb_neighbour_get_kind (neighbour)),
                     ==, cases[i].kind);
    g_assert_cmpstr (flash_usb_neighbour_get_port (neighbour), ==, "1-7");
    g_assert_cmpstr (flash_usb_neighbour_get_name (neighbour), ==, cases[i].name);
    g_assert_cmphex (flash_usb_neighbour_get_vid (neighbour), ==, record->vid);
    g_assert_cmphex (flash_usb_neighbour_get_pid (neighbour), ==, record->pid);
  }
}

/* The kinds of failure that call for different advice stay apart. */
static void
test_errors (void)
{
  static const struct {
    int code;
    FlashTransportError meaning;
    const char *message;
  } cases[] = {
    { LIBUSB_ERROR_ACCESS, FLASH_TRANSPORT_ERROR_NO_PERMISSION,
      "this user may not open the device (LIBUSB_ERROR_ACCESS)" },
    { LIBUSB_ERROR_BUSY, FLASH_TRANSPORT_ERROR_BUSY,
      "another program or driver holds the device (LIBUSB_ERROR_BUSY)" },
    { LIBUSB_ERROR_NO_DEVICE, FLASH_TRANSPORT_ERROR_GONE,
      "the device left the bus (LIBUSB_ERROR_NO_DEVICE)" },
    { LIBUSB_ERROR_NOT_FOUND, FLASH_TRANSPORT_ERROR_IO,
      "the transfer failed (LIBUSB_ERROR_NOT_FOUND)" },
    { LIBUSB_ERROR_PIPE, FLASH_TRANSPORT_ERROR_STALL,
      "the device refused the request (LIBUSB_ERROR_PIPE)" },
    { LIBUSB_ERROR_TIMEOUT, FLASH_TRANSPORT_ERROR_TIMED_OUT,
      "the device did not answer in time (LIBUSB_ERROR_TIMEOUT)" },
    { LIBUSB_ERROR_IO, FLASH_TRANSPORT_ERROR_IO, "the transfer failed (LIBUSB_ERROR_IO)" },
    { LIBUSB_ERROR_OVERFLOW, FLASH_TRANSPORT_ERROR_IO,
      "the transfer failed (LIBUSB_ERROR_OVERFLOW)" },
    { LIBUSB_ERROR_OTHER, FLASH_TRANSPORT_ERROR_IO, "the transfer failed (LIBUSB_ERROR_OTHER)" },
    { -1000, FLASH_TRANSPORT_ERROR_IO, "the transfer failed (**UNKNOWN**)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    flash_usb_error_set (&error, cases[i].code);
    g_assert_error (error, FLASH_TRANSPORT_ERROR, (int) cases[i].meaning);
    g_assert_cmpstr (error->message, ==, cases[i].message);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/usb-record/ports", Fixture, NULL, set_up, test_ports, tear_down);
  g_test_add ("/usb-record/address", Fixture, NULL, set_up, test_address, tear_down);
  g_test_add ("/usb-record/record", Fixture, NULL, set_up, test_record, tear_down);
  g_test_add ("/usb-record/speeds", Fixture, NULL, set_up, test_speeds, tear_down);
  g_test_add ("/usb-record/odd", Fixture, NULL, set_up, test_odd, tear_down);
  g_test_add ("/usb-record/driver", Fixture, NULL, set_up, test_driver, tear_down);
  g_test_add ("/usb-record/hubs", Fixture, NULL, set_up, test_hubs, tear_down);
  g_test_add ("/usb-record/neighbours", Fixture, NULL, set_up, test_neighbours, tear_down);
  g_test_add_func ("/usb-error/codes", test_errors);

  return g_test_run ();
}
