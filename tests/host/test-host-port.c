/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-port.h"
#include "flash-host-test.h"

#include "flash-test-images.h"

#include <glib/gstdio.h>

#define BUS "/sys/bus/usb/devices/"
/* What the kernel would say only once it has the lock of the device. */
#define LOCKED "read with a lock"

/* A controller for USB 2 and 3, three hubs in a row, and a board behind them; another board at a
 * socket of the computer. */
static void
set_up (FlashHostTest *test, gconstpointer data)
{
  flash_host_test_set_up (test, data);
  flash_host_test_add_controller (test, "0000:00:14.0", "xhci_hcd", 1, "480\n");
  flash_host_test_add_controller (test, "0000:00:14.0", "xhci_hcd", 2, "10000\n");
  flash_host_test_add_socket (test, "usb1", 2, "over_current_count", "0", "connect_type", "hotplug",
                              NULL);
  flash_host_test_add_socket (test, "usb1", 3, "over_current_count", "7", NULL);
  flash_host_test_add_socket (test, "usb2", 6, "connect_type", "hotplug", NULL);
  flash_host_test_make_link (test,
                             "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-0:1.0/usb1-port2/peer",
                             "../../../usb2/2-0:1.0/usb2-port6");
  flash_host_test_add_device (test, "1-2", "idVendor", "05e3", "idProduct", "0610", "speed", "480",
                              "product", LOCKED, "devnum", "2", NULL);
  flash_host_test_note (test, 2, "ID_MODEL=USB2.1_Hub\nE:ID_MODEL_ENC=USB2.1\\x20Hub");
  flash_host_test_add_device (test, "1-2.4", "idVendor", "0424", "idProduct", "2514", "speed",
                              "480", "devnum", "3", NULL);
  flash_host_test_note (test, 3,
                        "ID_MODEL=2514\nE:ID_MODEL_ENC=2514\nE:ID_MODEL_ID=2514\n"
                        "E:ID_MODEL_FROM_DATABASE=USB 2.0 Hub");
  flash_host_test_add_device (test, "1-2.4.1", "idVendor", "1a40", "idProduct", "0101", "speed",
                              "12", "product", LOCKED, "devnum", "4", NULL);
  flash_host_test_note (test, 4, "ID_MODEL_ENC=Old\\x1bHub");
  flash_host_test_add_socket (test, "1-2.4.1", 3, "over_current_count", "2", "connect_type",
                              "unknown", NULL);
  flash_host_test_add_device (test, "1-2.4.1.3", "idVendor", "0483", "idProduct", "df11", "speed",
                              "12", "product", LOCKED, "serial", LOCKED, "devnum", "5",
                              "power/control", "on", NULL);
  flash_host_test_note (
      test, 5,
      "ID_MODEL_ENC=DFU\\x20in\\x20HS\\x20Mode\\x20@Device\\x20ID\\x20\\x2f0x500\n"
      "E:ID_SERIAL_SHORT=003200423338511934383330");
  flash_host_test_add_device (test, "1-10", "idVendor", "0483", "idProduct", "374e", "speed", "480",
                              "product", LOCKED, "serial", LOCKED, "devnum", "6", "power/control",
                              "auto", NULL);
  flash_host_test_note (test, 6, "ID_MODEL_ENC=STLINK-V3\nE:ID_SERIAL_SHORT=0032");
  flash_host_test_make_link (test, "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-10/1-10:1.0/driver",
                             "../../../../../../bus/usb/drivers/cdc_acm");
}

static char *
describe_hops (const FlashHostPort *port)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < port->hops->len; i++) {
    const FlashHostHop *hop = g_ptr_array_index (port->hops, i);

    g_string_append_printf (text, "%s%s %04x:%04x %u %s;", hop->port, hop->is_root ? "!" : "",
                            hop->vid, hop->pid, hop->mbps, hop->name != NULL ? hop->name : "-");
  }
  return g_string_free (text, FALSE);
}

static void
test_behind_hubs (FlashHostTest *test, gconstpointer data)
{
  g_autoptr (FlashHostPort) port = flash_host_port_read (test->root, "1-2.4.1.3");
  g_autofree char *hops = describe_hops (port);

  g_assert_cmpstr (port->port, ==, "1-2.4.1.3");
  g_assert_true (port->is_known);
  g_assert_true (port->has_device);
  g_assert_cmphex (port->vid, ==, 0x0483);
  g_assert_cmphex (port->pid, ==, 0xdf11);
  g_assert_cmpuint (port->mbps, ==, 12);
  g_assert_cmpstr (port->product, ==, "DFU in HS Mode @Device ID /0x500");
  g_assert_cmpstr (port->serial, ==, "003200423338511934383330");
  g_assert_null (port->driver);
  g_assert_cmpuint (port->over_current_count, ==, 2);
  g_assert_cmpstr (port->connect_type, ==, "unknown");
  g_assert_null (port->peer);
  g_assert_cmpstr (port->controller, ==, "xhci_hcd");
  g_assert_cmpint (port->is_usb3, ==, FLASH_TRI_YES);
  g_assert_cmpint (port->can_suspend, ==, FLASH_TRI_NO);
  g_assert_cmpstr (hops, ==,
                   "usb1! 0000:0000 480 xHCI Host Controller;1-2 05e3:0610 480 USB2.1 Hub;"
                   "1-2.4 0424:2514 480 USB 2.0 Hub;1-2.4.1 1a40:0101 12 Old\xef\xbf\xbdHub;");
}

static void
test_driver (FlashHostTest *test, gconstpointer data)
{
  g_autoptr (FlashHostPort) port = flash_host_port_read (test->root, "1-10");
  g_autoptr (FlashHostPort) held = NULL;

  g_assert_cmpstr (port->driver, ==, "cdc_acm");
  g_assert_cmpint (port->can_suspend, ==, FLASH_TRI_YES);
  /* A program that has the device open is not a driver of the kernel. */
  flash_host_test_make_link (test, BUS "1-2.4.1.3:1.0/driver", "../../drivers/usbfs");
  held = flash_host_port_read (test->root, "1-2.4.1.3");
  g_assert_true (held->has_device);
  g_assert_null (held->driver);
}

/* Nothing stands on it: the socket is known all the same. */
static void
test_empty_socket (FlashHostTest *test, gconstpointer data)
{
  g_autoptr (FlashHostPort) port = flash_host_port_read (test->root, "1-3");
  g_autofree char *hops = describe_hops (port);

  g_assert_true (port->is_known);
  g_assert_false (port->has_device);
  g_assert_cmpuint (port->over_current_count, ==, 7);
  g_assert_null (port->connect_type);
  g_assert_null (port->product);
  g_assert_cmpint (port->can_suspend, ==, FLASH_TRI_UNKNOWN);
  g_assert_cmpstr (hops, ==, "usb1! 0000:0000 480 xHCI Host Controller;");
}

static void
test_peer (FlashHostTest *test, gconstpointer data)
{
  g_autoptr (FlashHostPort) port = flash_host_port_read (test->root, "1-2");
  g_autoptr (FlashHostPort) fast = flash_host_port_read (test->root, "2-6");

  g_assert_cmpstr (port->peer, ==, "2-6");
  g_assert_cmpstr (port->connect_type, ==, "hotplug");
  g_assert_true (fast->is_known);
  g_assert_null (fast->peer);
  g_assert_cmpint (fast->is_usb3, ==, FLASH_TRI_YES);
}

static void
test_unknown (FlashHostTest *test, gconstpointer data)
{
  static const char *const ports[] = { "1-9",    "9-1", "1-2.4.1.3.1", "usb1", "1-0:1.0", "1-2:1.0",
                                       "../1-2", "",    "1-2/../1-10" };

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++) {
    g_autoptr (FlashHostPort) port = flash_host_port_read (test->root, ports[i]);

    g_assert_cmpstr (port->port, ==, ports[i]);
    g_assert_false (port->is_known);
    g_assert_false (port->has_device);
    g_assert_cmpuint (port->hops->len, ==, 0);
    g_assert_cmpint (port->is_usb3, ==, FLASH_TRI_UNKNOWN);
  }
}

/* @driver: (nullable): of the controller
 * @speed: of its root hub */
typedef struct {
  const char *name;
  const char *driver;
  const char *speed;
  FlashTri is_usb3;
} Case;

static const Case cases[] = {
  { "xhci", "xhci_hcd", "480\n", FLASH_TRI_YES },
  { "xhci-of-a-chip", "xhci-hcd", "480\n", FLASH_TRI_YES },
  { "fast-root-hub", "dwc3", "5000\n", FLASH_TRI_YES },
  { "ehci", "ehci-pci", "480\n", FLASH_TRI_NO },
  { "uhci", "uhci_hcd", "12\n", FLASH_TRI_NO },
  { "over-a-network", "vhci_hcd", "5000\n", FLASH_TRI_UNKNOWN },
  { "no-driver", NULL, "480\n", FLASH_TRI_UNKNOWN },
};

static void
test_controller (FlashHostTest *test, gconstpointer data)
{
  const Case *row = data;
  g_autoptr (FlashHostPort) port = NULL;

  flash_host_test_add_controller (test, "0000:00:1d.0", row->driver, 7, row->speed);
  flash_host_test_add_socket (test, "usb7", 1, NULL);
  port = flash_host_port_read (test->root, "7-1");
  g_assert_true (port->is_known);
  g_assert_cmpstr (port->controller, ==, row->driver);
  g_assert_cmpint (port->is_usb3, ==, row->is_usb3);
}

static void
test_speeds (FlashHostTest *test, gconstpointer data)
{
  static const struct {
    const char *text;
    guint mbps;
  } rows[] = {
    { "1.5\n", 1 },     { "12\n", 12 }, { "480\n", 480 }, { "5000\n", 5000 },  { "20000\n", 20000 },
    { "unknown\n", 0 }, { "", 0 },      { "-12\n", 0 },   { "99999999\n", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (FlashHostPort) port = NULL;

    flash_host_test_write_file (test, BUS "1-10/speed", rows[i].text);
    port = flash_host_port_read (test->root, "1-10");
    g_assert_cmpuint (port->mbps, ==, rows[i].mbps);
  }
}

/* What the device or a file says of itself is not believed. */
static void
test_hostile (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *endless = g_strnfill (50000, 'A');
  g_autoptr (FlashHostPort) port = NULL;
  g_autoptr (FlashHostPort) gone = NULL;

  g_autofree char *note =
      g_strconcat ("ID_MODEL_ENC=", endless, "\nE:ID_SERIAL_SHORT=\033]0;x\\x07\xff\xfe", NULL);
  flash_host_test_note (test, 6, note);
  flash_host_test_write_file (test, BUS "1-10/idProduct", "374e0\n");
  port = flash_host_port_read (test->root, "1-10");
  g_assert_true (port->has_device);
  g_assert_cmphex (port->pid, ==, 0);
  g_assert_cmpint (g_utf8_strlen (port->product, -1), ==, 256);
  g_assert_cmpstr (port->serial, ==, "\xef\xbf\xbd]0;x\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  flash_host_test_write_file (test, BUS "1-10/idVendor", "\n");
  gone = flash_host_port_read (test->root, "1-10");
  g_assert_false (gone->has_device);
  g_assert_null (gone->product);
}

static void
assert_serial (FlashHostTest *test, const char *serial, const char *expected)
{
  g_auto (GStrv) ports = flash_host_port_find_serial (test->root, serial);
  g_autofree char *text = g_strjoinv (" ", ports);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_find_serial (FlashHostTest *test, gconstpointer data)
{
  assert_serial (test, "0032", "1-10");
  assert_serial (test, "0032 ", "1-10");
  assert_serial (test, "003200423338511934383330", "1-2.4.1.3");
  assert_serial (test, "003", "");
  assert_serial (test, "", "");
  assert_serial (test, NULL, "");
  assert_serial (test, LOCKED, "");
  flash_host_test_note (test, 2, "ID_SERIAL_SHORT=0032");
  assert_serial (test, "0032", "1-2 1-10");
}

/* udev has not come to it yet, or is out of reach: there are no texts, and nothing is waited for.
 */
static void
test_without_notes (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *notes = g_build_filename (test->root, "run/udev/data", NULL);
  g_autoptr (FlashHostPort) port = NULL;
  g_autofree char *hops = NULL;

  flash_test_remove_dir (notes);
  port = flash_host_port_read (test->root, "1-2.4.1.3");
  hops = describe_hops (port);
  g_assert_true (port->has_device);
  g_assert_cmphex (port->pid, ==, 0xdf11);
  g_assert_null (port->product);
  g_assert_null (port->serial);
  g_assert_cmpstr (hops, ==,
                   "usb1! 0000:0000 480 -;1-2 05e3:0610 480 -;1-2.4 0424:2514 480 -;"
                   "1-2.4.1 1a40:0101 12 -;");
  assert_serial (test, "0032", "");
}

static void
test_list (FlashHostTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) ports = flash_host_port_list (test->root);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < ports->len; i++) {
    const FlashHostPort *port = g_ptr_array_index (ports, i);

    g_string_append_printf (text, "%s %04x %u;", port->port, port->pid, port->hops->len);
  }
  g_assert_cmpstr (text->str, ==,
                   "1-2 0610 1;1-2.4 2514 2;1-2.4.1 0101 3;1-2.4.1.3 df11 4;1-10 374e 1;");
}

/* One that has just gone is left out. */
static void
test_list_while_one_goes (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *path = g_build_filename (test->root, BUS, "1-10/idVendor", NULL);
  g_autoptr (GPtrArray) ports = NULL;

  g_assert_cmpint (g_unlink (path), ==, 0);
  ports = flash_host_port_list (test->root);
  g_assert_cmpuint (ports->len, ==, 4);
}

static void
test_no_usb (FlashHostTest *test, gconstpointer data)
{
  g_autofree char *folder = flash_test_make_dir ();
  g_autoptr (GPtrArray) ports = flash_host_port_list (folder);
  g_auto (GStrv) serials = flash_host_port_find_serial (folder, "0032");
  g_autoptr (FlashHostPort) port = flash_host_port_read (folder, "1-2");

  g_assert_cmpuint (ports->len, ==, 0);
  g_assert_cmpuint (g_strv_length (serials), ==, 0);
  g_assert_false (port->is_known);
  flash_test_remove_dir (folder);
}

static void
add (const char *name, gconstpointer data, void (*test) (FlashHostTest *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/host-port/", name, NULL);

  g_test_add (path, FlashHostTest, data, set_up, test, flash_host_test_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("behind-hubs", NULL, test_behind_hubs);
  add ("driver", NULL, test_driver);
  add ("empty-socket", NULL, test_empty_socket);
  add ("peer", NULL, test_peer);
  add ("unknown", NULL, test_unknown);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *name = g_strconcat ("controller/", cases[i].name, NULL);

    add (name, &cases[i], test_controller);
  }
  add ("speeds", NULL, test_speeds);
  add ("hostile", NULL, test_hostile);
  add ("find-serial", NULL, test_find_serial);
  add ("without-notes", NULL, test_without_notes);
  add ("list", NULL, test_list);
  add ("list-while-one-goes", NULL, test_list_while_one_goes);
  add ("no-usb", NULL, test_no_usb);

  return g_test_run ();
}
