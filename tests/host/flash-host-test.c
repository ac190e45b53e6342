/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-test"

#include "config.h"

#include "flash-host-test.h"

#include "flash-test-images.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BUS "/sys/bus/usb/devices/"
#define DEVICES "/sys/devices/"

void
flash_host_test_set_up (FlashHostTest *self, gconstpointer data)
{
  self->root = flash_test_make_dir ();
}

void
flash_host_test_tear_down (FlashHostTest *self, gconstpointer data)
{
  flash_test_remove_dir (self->root);
  g_clear_pointer (&self->root, g_free);
}

void
flash_host_test_write_file (FlashHostTest *self, const char *path, const char *text)
{
  flash_test_write_text (self->root, path, text);
}

void
flash_host_test_make_link (FlashHostTest *self, const char *path, const char *target)
{
  g_autofree char *full = g_build_filename (self->root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (target, full), ==, 0);
}

/* Makes a folder below /sys/devices known on the bus, as sysfs does. */
static void
put_on_bus (FlashHostTest *self, const char *name, const char *folder)
{
  g_autofree char *path = g_strconcat (BUS, name, NULL);
  g_autofree char *target = g_strconcat ("../../..", folder + strlen ("/sys"), NULL);
  g_autofree char *full = g_build_filename (self->root, folder, NULL);

  g_assert_cmpint (g_mkdir_with_parents (full, 0700), ==, 0);
  flash_host_test_make_link (self, path, target);
}

/* Returns: (transfer full): the folder of what is on the bus as @name */
static char *
find_folder (FlashHostTest *self, const char *name)
{
  g_autofree char *path = g_strconcat (self->root, BUS, name, NULL);
  g_autofree char *target = g_file_read_link (path, NULL);

  g_assert_nonnull (target);
  return g_strconcat ("/sys", target + strlen ("../../.."), NULL);
}

static void
write_attributes (FlashHostTest *self, const char *folder, va_list pairs)
{
  const char *name;

  while ((name = va_arg (pairs, const char *)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *line = g_strconcat (va_arg (pairs, const char *), "\n", NULL);

    flash_host_test_write_file (self, path, line);
  }
}

void
flash_host_test_add_controller (FlashHostTest *self, const char *address, const char *driver,
                                guint bus, const char *speed)
{
  g_autofree char *controller = g_build_filename (DEVICES "pci0000:00", address, NULL);
  g_autofree char *hub = g_strdup_printf ("usb%u", bus);
  g_autofree char *folder = g_build_filename (controller, hub, NULL);
  g_autofree char *interface = g_strdup_printf ("%u-0:1.0", bus);
  g_autofree char *interface_folder = g_build_filename (folder, interface, NULL);
  g_autofree char *link = g_build_filename (controller, "driver", NULL);
  g_autofree char *full_link = g_build_filename (self->root, link, NULL);
  g_autofree char *target = g_strconcat ("../../../bus/pci/drivers/", driver, NULL);
  g_autofree char *speed_path = g_build_filename (folder, "speed", NULL);
  g_autofree char *address_path = g_build_filename (folder, "devnum", NULL);

  if (driver != NULL && !g_file_test (full_link, G_FILE_TEST_IS_SYMLINK))
    flash_host_test_make_link (self, link, target);
  put_on_bus (self, hub, folder);
  put_on_bus (self, interface, interface_folder);
  flash_host_test_write_file (self, speed_path, speed);
  flash_host_test_write_file (self, address_path, "1\n");
  if (bus == 1)
    flash_host_test_note (self, 1, "ID_MODEL_ENC=xHCI\\x20Host\\x20Controller");
}

void
flash_host_test_add_device (FlashHostTest *self, const char *port, ...)
{
  const char *dot = strrchr (port, '.');
  g_autofree char *hub = dot != NULL ? g_strndup (port, (gsize) (dot - port))
                                     : g_strdup_printf ("usb%.*s", (int) strcspn (port, "-"), port);
  g_autofree char *hub_folder = find_folder (self, hub);
  g_autofree char *folder = g_build_filename (hub_folder, port, NULL);
  g_autofree char *interface = g_strconcat (port, ":1.0", NULL);
  g_autofree char *interface_folder = g_build_filename (folder, interface, NULL);
  va_list pairs;

  put_on_bus (self, port, folder);
  put_on_bus (self, interface, interface_folder);
  va_start (pairs, port);
  write_attributes (self, folder, pairs);
  va_end (pairs);
}

void
flash_host_test_add_socket (FlashHostTest *self, const char *hub, guint number, ...)
{
  g_autofree char *interface = g_str_has_prefix (hub, "usb")
                                   ? g_strdup_printf ("%s-0:1.0", hub + strlen ("usb"))
                                   : g_strconcat (hub, ":1.0", NULL);
  g_autofree char *interface_folder = find_folder (self, interface);
  g_autofree char *folder = g_strdup_printf ("%s/%s-port%u", interface_folder, hub, number);
  g_autofree char *full = g_build_filename (self->root, folder, NULL);
  va_list pairs;

  g_assert_cmpint (g_mkdir_with_parents (full, 0700), ==, 0);
  va_start (pairs, number);
  write_attributes (self, folder, pairs);
  va_end (pairs);
}

void
flash_host_test_note (FlashHostTest *self, guint address, const char *text)
{
  g_autofree char *path = g_strdup_printf ("/run/udev/data/c189:%u", address - 1);
  g_autofree char *lines = g_strconcat ("I:1234567\nE:", text, "\nG:systemd\n", NULL);

  flash_host_test_write_file (self, path, lines);
}

void
flash_host_test_add_terminal (FlashHostTest *self, const char *port, const char *name)
{
  g_autofree char *interface = g_strconcat (port, ":1.0", NULL);
  g_autofree char *folder = find_folder (self, interface);
  g_autofree char *terminal = g_build_filename (folder, "tty", name, NULL);
  g_autofree char *device = g_build_filename (terminal, "device", NULL);
  g_autofree char *class = g_build_filename ("/sys/class/tty", name, NULL);
  g_autofree char *target = g_strconcat ("../..", terminal + strlen ("/sys"), NULL);
  g_autofree char *node = g_build_filename ("/dev", name, NULL);

  flash_host_test_make_link (self, device, "../..");
  flash_host_test_make_link (self, class, target);
  flash_host_test_write_file (self, node, "");
}
