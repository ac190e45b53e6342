/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-host-name.h"

static void
test_is_port (void)
{
  static const char *const ports[] = { "1-2", "1-2.3", "12-10.4.1.2.7" };
  static const char *const others[] = { "",     "usb1",    "1",    "1-",    "-1",     "1-2.",
                                        "1.2",  "1-2:",    "1--2", "1-2-3", "1-2..3", "../1-2",
                                        "1-2/", "1-2:1.0", "1-0",  "1-2.0", "0-1",    "1-02" };
  g_autofree char *digits = g_strnfill (63, '1');
  g_autofree char *too_long = g_strconcat ("1-", digits, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    g_assert_true (flash_host_name_is_port (ports[i]));
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (flash_host_name_is_port (others[i]));
  g_assert_false (flash_host_name_is_port (too_long));
  too_long[64] = '\0';
  g_assert_true (flash_host_name_is_port (too_long));
  g_assert_false (flash_host_name_is_port (NULL));
}

static void
test_compare (void)
{
  /* In order. */
  static const char *const ports[] = { "1-1", "1-2",  "1-2.1", "1-2.1.4", "1-2.10",
                                       "1-3", "1-10", "2-1",   "10-1" };

  for (guint i = 0; i < G_N_ELEMENTS (ports); i++)
    for (guint k = 0; k < G_N_ELEMENTS (ports); k++) {
      int order = flash_host_name_compare (ports[i], ports[k]);

      g_assert_cmpint (CLAMP (order, -1, 1), ==, (i > k) - (i < k));
    }
}

/* Port, hub, folder: back and forth. */
static void
test_folders (void)
{
  static const struct {
    const char *port;
    const char *hub;
    const char *folder;
  } rows[] = {
    { "1-2", "usb1", "usb1-port2" },
    { "1-2.3", "1-2", "1-2-port3" },
    { "12-10.4.1", "12-10.4", "12-10.4-port1" },
    { "3-15", "usb3", "usb3-port15" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *hub = flash_host_name_dup_hub (rows[i].port);
    g_autofree char *port = flash_host_name_parse_folder (rows[i].folder);

    g_assert_cmpstr (hub, ==, rows[i].hub);
    g_assert_cmpstr (port, ==, rows[i].port);
  }
}

static void
test_dup_folder (void)
{
  g_autofree char *root = flash_host_name_dup_folder ("1-2");
  g_autofree char *first = flash_host_name_dup_folder ("1-2.3");
  g_autofree char *second = flash_host_name_dup_folder ("1-2.3.14");

  g_assert_cmpstr (root, ==, "usb1-port2");
  g_assert_cmpstr (first, ==, "1-2-port3");
  g_assert_cmpstr (second, ==, "1-2.3-port14");
}

static void
test_no_folders (void)
{
  static const char *const folders[] = { "",
                                         "1-2",
                                         "-port1",
                                         "usb-port1",
                                         "usb1-port",
                                         "usb1-port0",
                                         "usb1-port256",
                                         "usb1-port1x",
                                         "usb0-port1",
                                         "usbx-port1",
                                         "1-port1",
                                         "1-2-port-1",
                                         "usb1-port1-port2",
                                         "sda-port1",
                                         "usb1-port\v1",
                                         "usb\v1-port1" };

  g_autofree char *digits = g_strnfill (80, '1');
  g_autofree char *too_long = g_strconcat ("usb1-port", digits, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    g_assert_null (flash_host_name_parse_folder (folders[i]));
  g_assert_null (flash_host_name_parse_folder (NULL));
  g_assert_null (flash_host_name_parse_folder (too_long));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/host-name/is-port", test_is_port);
  g_test_add_func ("/host-name/compare", test_compare);
  g_test_add_func ("/host-name/folders", test_folders);
  g_test_add_func ("/host-name/dup-folder", test_dup_folder);
  g_test_add_func ("/host-name/no-folders", test_no_folders);

  return g_test_run ();
}
