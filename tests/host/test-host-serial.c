/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-serial.h"
#include "flash-host-test.h"

#include <glib/gstdio.h>

/* Terminals of two ST-LINKs, of a converter and of a board that is one itself; and what else the
 * kernel lists. */
static void
test_list (FlashHostTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) serials = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  flash_host_test_add_controller (test, "0000:00:14.0", "xhci_hcd", 1, "480\n");
  flash_host_test_add_device (test, "1-2", "idVendor", "05e3", "idProduct", "0610", NULL);
  flash_host_test_add_device (test, "1-2.4", "idVendor", "0483", "idProduct", "374e", "devnum", "7",
                              "product", "read with a lock", "serial", "0001", NULL);
  flash_host_test_note (test, 7, "ID_MODEL=STLINK-V3\nE:ID_SERIAL_SHORT=0032");
  flash_host_test_add_device (test, "1-3", "idVendor", "0483", "idProduct", "374b", "devnum", "8",
                              NULL);
  flash_host_test_note (test, 8, "ID_MODEL_ENC=STM32\\x20STLink\\x1b");
  flash_host_test_add_device (test, "1-5", "idVendor", "0403", "idProduct", "6001", NULL);
  flash_host_test_add_device (test, "1-6", "idVendor", "0483", "idProduct", "5740", NULL);
  flash_host_test_add_terminal (test, "1-2.4", "ttyACM10");
  flash_host_test_add_terminal (test, "1-3", "ttyACM2");
  flash_host_test_add_terminal (test, "1-5", "ttyUSB0");
  flash_host_test_add_terminal (test, "1-6", "ttyACM0");
  flash_host_test_write_file (test, "/sys/class/tty/ttyS0/device/idVendor", "0483\n");
  flash_host_test_write_file (test, "/sys/class/tty/ttyACM/device/idVendor", "0483\n");
  flash_host_test_write_file (test, "/sys/class/tty/ttyACM1x/device/idVendor", "0483\n");
  flash_host_test_write_file (test, "/sys/class/tty/ttyACM7/device/idVendor", "0483\n");
  flash_host_test_make_link (test, "/sys/class/tty/ttyACM8/device",
                             "/sys/class/tty/ttyACM8/device");

  serials = flash_host_serial_list (test->root);
  for (guint i = 0; i < serials->len; i++) {
    const FlashHostSerial *serial = g_ptr_array_index (serials, i);

    g_string_append_printf (text, "%s %s %04x:%04x %s %s %d %d\n", serial->path, serial->port,
                            serial->vid, serial->pid, serial->name != NULL ? serial->name : "-",
                            serial->serial != NULL ? serial->serial : "-", serial->is_stlink,
                            serial->can_open);
  }
  g_assert_cmpstr (text->str, ==,
                   "/dev/ttyACM2 1-3 0483:374b STM32 STLink\xef\xbf\xbd - 1 1\n"
                   "/dev/ttyACM10 1-2.4 0483:374e STLINK-V3 0032 1 1\n"
                   "/dev/ttyACM0 1-6 0483:5740 - - 0 1\n"
                   "/dev/ttyUSB0 1-5 0403:6001 - - 0 1\n");
}

/* A converter's terminal lies a folder deeper; its node is not there. */
static void
test_deep (FlashHostTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) serials = NULL;
  const FlashHostSerial *serial;

  flash_host_test_add_controller (test, "0000:00:14.0", "xhci_hcd", 1, "480\n");
  flash_host_test_add_device (test, "1-5", "idVendor", "0403", "idProduct", "6001", NULL);
  flash_host_test_write_file (
      test, "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-5/1-5:1.0/ttyUSB3/port_number", "0\n");
  flash_host_test_make_link (test, "/sys/class/tty/ttyUSB3/device",
                             "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-5/1-5:1.0/ttyUSB3");
  serials = flash_host_serial_list (test->root);
  g_assert_cmpuint (serials->len, ==, 1);
  serial = g_ptr_array_index (serials, 0);
  g_assert_cmpstr (serial->port, ==, "1-5");
  g_assert_false (serial->can_open);
}

static void
test_products (FlashHostTest *test, gconstpointer data)
{
  static const struct {
    const char *product;
    gboolean is_stlink;
  } rows[] = {
    { "3744", TRUE },  { "3748", TRUE },  { "374a", TRUE },  { "374b", TRUE },  { "374d", TRUE },
    { "374e", TRUE },  { "374f", TRUE },  { "3752", TRUE },  { "3753", TRUE },  { "3754", TRUE },
    { "3755", TRUE },  { "3757", TRUE },  { "3743", FALSE }, { "3747", FALSE }, { "3749", FALSE },
    { "3750", FALSE }, { "3758", FALSE }, { "df11", FALSE }, { "none", FALSE },
  };

  flash_host_test_add_controller (test, "0000:00:14.0", "xhci_hcd", 1, "480\n");
  flash_host_test_add_device (test, "1-3", "idVendor", "0483", NULL);
  flash_host_test_add_terminal (test, "1-3", "ttyACM0");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GPtrArray) serials = NULL;
    const FlashHostSerial *serial;

    flash_host_test_write_file (test, "/sys/bus/usb/devices/1-3/idProduct", rows[i].product);
    serials = flash_host_serial_list (test->root);
    g_assert_cmpuint (serials->len, ==, 1);
    serial = g_ptr_array_index (serials, 0);
    g_assert_cmpint (serial->is_stlink, ==, rows[i].is_stlink);
  }
  flash_host_test_write_file (test, "/sys/bus/usb/devices/1-3/idVendor", "0484");
  flash_host_test_write_file (test, "/sys/bus/usb/devices/1-3/idProduct", "374b");
  g_autoptr (GPtrArray) others = flash_host_serial_list (test->root);
  g_assert_false (((FlashHostSerial *) g_ptr_array_index (others, 0))->is_stlink);
}

static void
test_none (FlashHostTest *test, gconstpointer data)
{
  g_autoptr (GPtrArray) serials = flash_host_serial_list (test->root);

  g_assert_cmpuint (serials->len, ==, 0);
  g_assert_null (flash_host_serial_guess (serials, "1-2"));
}

/* @stlinks: ports of ST-LINKs, in the order of their paths
 * @board: (nullable): port of the board
 * @guess: (nullable): port of the ST-LINK that is its console */
typedef struct {
  const char *name;
  const char *stlinks;
  const char *board;
  const char *guess;
} Case;

static const Case cases[] = {
  { "the-only-one", "2-1", "1-2", NULL },
  { "none", "", "1-2", NULL },
  { "same-hub", "1-2.1 1-2.4 1-3.4", "1-3.1", "1-3.4" },
  { "two-at-the-same-hub", "1-2.1 1-2.4 1-3.4", "1-2.3", NULL },
  { "another-hub", "1-2.1 1-3.4", "1-4.1", NULL },
  { "the-only-one-elsewhere", "1-2.1", "1-4.1", NULL },
  { "hub-behind-the-hub", "1-2.1.1 1-3", "1-2.1", NULL },
  { "sockets-of-the-computer", "1-2 2-3", "1-4", NULL },
  { "only-one-at-the-computer", "1-2 2-3.1", "1-4", NULL },
  { "two-terminals-of-one", "1-2.1 1-2.1 1-3.4", "1-2.3", "1-2.1" },
  { "two-terminals-of-the-only-one", "1-2.3 1-2.3", "1-2.1", "1-2.3" },
  { "two-terminals-and-another", "1-2.1 1-2.2 1-2.2", "1-2.3", NULL },
  { "number-that-begins-alike", "1-20.1 1-2.1", "1-2.3", "1-2.1" },
  { "only-one-at-the-same-hub", "1-2.1", "1-2.4", "1-2.1" },
  { "only-one-at-the-root-hub", "1-2", "1-4", NULL },
  { "virtual-board", "1-2.1", "virtual:stm32mp157", NULL },
  { "no-board", "1-2.1", NULL, NULL },
};

static void
test_guess (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) ports = g_strsplit (cases[i].stlinks, " ", -1);
    g_autoptr (GPtrArray) serials =
        g_ptr_array_new_with_free_func ((GDestroyNotify) flash_host_serial_free);
    FlashHostSerial *other = g_new0 (FlashHostSerial, 1);
    const FlashHostSerial *guess;

    for (guint k = 0; ports[k] != NULL; k++) {
      FlashHostSerial *serial = g_new0 (FlashHostSerial, 1);

      serial->port = g_strdup (ports[k]);
      serial->is_stlink = TRUE;
      g_ptr_array_add (serials, serial);
    }
    /* A converter at the same hub is none. */
    other->port = g_strdup ("1-2.7");
    g_ptr_array_add (serials, other);
    guess = flash_host_serial_guess (serials, cases[i].board);
    g_test_message ("%s", cases[i].name);
    g_assert_cmpstr (guess != NULL ? guess->port : NULL, ==, cases[i].guess);
    /* Of two, the first. */
    if (guess != NULL && g_str_equal (guess->port, ports[0]))
      g_assert_true (guess == g_ptr_array_index (serials, 0));
  }
}

static void
add (const char *path, void (*test) (FlashHostTest *, gconstpointer))
{
  g_test_add (path, FlashHostTest, NULL, flash_host_test_set_up, test, flash_host_test_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/host-serial/list", test_list);
  add ("/host-serial/deep", test_deep);
  add ("/host-serial/products", test_products);
  add ("/host-serial/none", test_none);
  g_test_add_func ("/host-serial/guess", test_guess);

  return g_test_run ();
}
