/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-tree"

#include "config.h"

#include "flash-usb-tree.h"

#include "flash-test-images.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define DEVICE(vid, pid) 18, 1, 0x00, 0x02, 0, 0, 0, 64, vid, pid, 0x00, 0x02, 1, 2, 3, 1
#define WORD(value) (value) & 0xff, (value) >> 8
#define CONFIGURATION(length, number) 9, 2, length, 0, 1, number, 0, 0xc0, 50
#define INTERFACE(alternate, class, subclass, protocol)                                            \
  9, 4, 0, alternate, 0, class, subclass, protocol, 0
#define FUNCTIONAL 9, 0x21, 0x0b, 0xff, 0x00, 0x00, 0x04, 0x10, 0x01
#define BYTES(...) (const guint8[]){ __VA_ARGS__ }, sizeof ((const guint8[]){ __VA_ARGS__ })

static const struct {
  const guint8 *descriptors;
  gsize length;
  const char *product;
} devices[] = {
  /* Two configurations: the one in use is the second. */
  [FLASH_USB_TREE_ROM] = { BYTES (DEVICE (WORD (0x0483), WORD (0xdf11)), CONFIGURATION (18, 7),
                                  INTERFACE (0, 0xff, 0, 0), CONFIGURATION (36, 1),
                                  INTERFACE (0, 0xfe, 1, 2), INTERFACE (1, 0xfe, 1, 2), FUNCTIONAL),
                           "DFU in HS Mode @Device ID /0x500, @Revision ID /0x0000" },
  [FLASH_USB_TREE_ST_LINK] = { BYTES (DEVICE (WORD (0x0483), WORD (0x374b)), CONFIGURATION (18, 1),
                                      INTERFACE (0, 0xff, 0xff, 0xff)),
                               "STM32 STLink" },
  [FLASH_USB_TREE_DISK] = { BYTES (DEVICE (WORD (0x0483), WORD (0x5720)), CONFIGURATION (18, 1),
                                   INTERFACE (0, 8, 6, 0x50)),
                            "USB download gadget" },
  [FLASH_USB_TREE_RUNTIME] = { BYTES (DEVICE (WORD (0x1d50), WORD (0x6018)), CONFIGURATION (27, 1),
                                      INTERFACE (0, 0xfe, 1, 1), FUNCTIONAL),
                               "Black Magic Probe" },
  [FLASH_USB_TREE_FASTBOOT] = { BYTES (DEVICE (WORD (0x0483), WORD (0x0afb)), CONFIGURATION (18, 1),
                                       INTERFACE (0, 0xff, 0x42, 3)),
                                NULL },
  [FLASH_USB_TREE_SERIAL_PORT] = { BYTES (DEVICE (WORD (0x0483), WORD (0x5740)),
                                          CONFIGURATION (18, 1), INTERFACE (0, 2, 2, 1)),
                                   "Virtual COM Port" },
  [FLASH_USB_TREE_HUB] = { BYTES (DEVICE (WORD (0x05e3), WORD (0x0610)), CONFIGURATION (18, 1),
                                  INTERFACE (0, 9, 0, 1)),
                           "USB2.0 Hub" },
  [FLASH_USB_TREE_MOUSE] = { BYTES (DEVICE (WORD (0x046d), WORD (0xc077)), CONFIGURATION (18, 1),
                                    INTERFACE (0, 3, 1, 2)),
                             "Mouse" },
  /* A descriptor that is longer than what there is. */
  [FLASH_USB_TREE_BROKEN_ROM] = { BYTES (DEVICE (WORD (0x0483), WORD (0xdf11)),
                                         CONFIGURATION (36, 1), 99, 4, 0, 0),
                                  NULL },
};

static char *
dup_folder (const char *root, const char *port)
{
  return g_build_filename (root, "sys/bus/usb/devices", port, NULL);
}

static char *
dup_node (const char *root, guint device)
{
  g_autofree char *name = g_strdup_printf ("%03u", device);

  return g_build_filename (root, "dev/bus/usb/001", name, NULL);
}

void
flash_usb_tree_set (const char *root, const char *port, const char *attribute, const char *text)
{
  g_autofree char *folder = dup_folder (root, port);

  flash_test_write_text (folder, attribute, text);
}

static char *
dup_interface_folder (const char *root, const char *port)
{
  g_autofree char *name = g_strconcat (port, ":1.0", NULL);

  return dup_folder (root, name);
}

void
flash_usb_tree_set_up (const char *root, const char *port, gboolean is_set_up)
{
  g_autofree char *folder = dup_interface_folder (root, port);

  if (is_set_up)
    g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  else if (g_file_test (folder, G_FILE_TEST_EXISTS))
    flash_test_remove_dir (folder);
}

void
flash_usb_tree_plug (const char *root, const char *port, guint device, FlashUsbTreeKind kind)
{
  g_autofree char *folder = dup_folder (root, port);
  g_autofree char *node = dup_node (root, device);
  g_autofree char *nodes = g_path_get_dirname (node);
  g_autofree char *number = g_strdup_printf ("%u\n", device);
  g_autoptr (GBytes) descriptors =
      g_bytes_new_static (devices[kind].descriptors, devices[kind].length);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (nodes, 0755), ==, 0);
  g_assert_true (g_file_set_contents (node, "", 0, NULL));
  flash_test_write_file (folder, "descriptors", descriptors);
  flash_usb_tree_set (root, port, "bConfigurationValue", "1\n");
  flash_usb_tree_set (root, port, "speed", "480\n");
  if (devices[kind].product != NULL) {
    g_autofree char *product = g_strconcat (devices[kind].product, "\n", NULL);

    flash_usb_tree_set (root, port, "product", product);
    flash_usb_tree_set (root, port, "serial", "003A00283338511234383330\n");
  }
  flash_usb_tree_set_up (root, port, TRUE);
  flash_usb_tree_set (root, port, "busnum", "1\n");
  flash_usb_tree_set (root, port, "devnum", number);
}

void
flash_usb_tree_bind (const char *root, const char *port, const char *driver)
{
  g_autofree char *folder = dup_interface_folder (root, port);
  g_autofree char *link = g_build_filename (folder, "driver", NULL);
  g_autofree char *target = g_strconcat ("../../../bus/usb/drivers/", driver, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_unlink (link);
  if (driver != NULL)
    g_assert_cmpint (symlink (target, link), ==, 0);
}

void
flash_usb_tree_unplug (const char *root, const char *port, guint device)
{
  g_autofree char *folder = dup_folder (root, port);
  g_autofree char *node = dup_node (root, device);

  flash_usb_tree_set_up (root, port, FALSE);
  flash_test_remove_dir (folder);
  g_assert_cmpint (g_unlink (node), ==, 0);
}
