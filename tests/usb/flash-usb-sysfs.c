/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-sysfs"

#include "config.h"

#include "flash-usb-sysfs.h"

#include "flash-bytes.h"
#include "flash-dfu-defs.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define CONTROLLER "/sys/devices/pci0000:00/0000:00:14.0"
#define DEVICE_LENGTH 18
#define CONFIGURATION_LENGTH 9
#define INTERFACE_LENGTH 9
/* Linux, Documentation/admin-guide/devices.txt: USB devices, 128 for each bus */
#define USB_MAJOR 189u
#define NODES_PER_BUS 128u

guint
flash_usb_sysfs_get_bus (const char *port)
{
  const char *digits = g_str_has_prefix (port, "usb") ? port + 3 : port;

  return (guint) g_ascii_strtoull (digits, NULL, 10);
}

static gboolean
is_root_hub (const char *port)
{
  return g_str_has_prefix (port, "usb");
}

/* `1-2.3` stands below `1-2`, and that below `usb1`. */
char *
flash_usb_sysfs_dup_folder (const char *port)
{
  GString *folder = g_string_new (CONTROLLER);

  if (is_root_hub (port)) {
    g_string_append_printf (folder, "/%s", port);
    return g_string_free (folder, FALSE);
  }
  g_string_append_printf (folder, "/usb%u", flash_usb_sysfs_get_bus (port));
  for (const char *at = port; at != NULL; at++) {
    const char *dot = strchr (at, '.');

    g_string_append_printf (folder, "/%.*s", dot != NULL ? (int) (dot - port) : G_MAXINT, port);
    if (dot == NULL)
      break;
    at = dot;
  }
  return g_string_free (folder, FALSE);
}

char *
flash_usb_sysfs_dup_node (const char *port, guint number)
{
  return g_strdup_printf ("/dev/bus/usb/%03u/%03u", flash_usb_sysfs_get_bus (port), number);
}

static void G_GNUC_PRINTF (3, 4) put (const char *folder, const char *name, const char *format, ...)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
  g_assert_no_error (error);
}

/* A relative link, as many folders up as @from is deep below the root. */
static void
put_link (const char *root, const char *from, const char *to)
{
  g_autofree char *path = g_build_filename (root, from, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  GString *target = g_string_new (NULL);

  for (const char *at = strchr (from + 1, '/'); at != NULL; at = strchr (at + 1, '/'))
    g_string_append (target, "../");
  g_string_append (target, to + 1);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_unlink (path);
  g_assert_cmpint (symlink (target->str, path), ==, 0);
  g_string_free (target, TRUE);
}

/* The kernel keeps a string only if it is well formed (Linux, drivers/usb/core/message.c). */
static void
put_string (const char *folder, const char *name, FlashUsbGadget *gadget, guint64 generation,
            guint8 index)
{
  g_autoptr (GByteArray) bytes = NULL;
  g_autofree char *text = NULL;
  g_autofree gunichar2 *units = NULL;
  guint n_units;

  if (index == 0)
    return;
  bytes = flash_usb_gadget_get_descriptor (gadget, generation, FLASH_USB_DESCRIPTOR_STRING, index);
  if (bytes == NULL || bytes->len < 2 || bytes->data[1] != FLASH_USB_DESCRIPTOR_STRING ||
      bytes->data[0] > bytes->len)
    return;
  n_units = bytes->data[0] / 2 - 1;
  units = g_new0 (gunichar2, n_units + 1);
  for (guint i = 0; i < n_units; i++)
    units[i] = flash_get_le16 (bytes->data + 2 + 2 * i);
  text = g_utf16_to_utf8 (units, (glong) n_units, NULL, NULL, NULL);
  if (text != NULL)
    put (folder, name, "%s\n", text);
}

static const char *
get_speed_text (FlashUsbGadget *gadget)
{
  switch (flash_usb_gadget_get_speed (gadget)) {
  case FLASH_SPEED_LOW:
    return "1.5";
  case FLASH_SPEED_FULL:
    return "12";
  case FLASH_SPEED_SUPER:
    return "5000";
  case FLASH_SPEED_HIGH:
  case FLASH_SPEED_UNKNOWN:
    break;
  }
  return "480";
}

void
flash_usb_sysfs_write_event (const char *root, const char *port, guint number)
{
  g_autofree char *inner = flash_usb_sysfs_dup_folder (port);
  g_autofree char *folder = g_build_filename (root, inner, NULL);
  guint bus = flash_usb_sysfs_get_bus (port);

  put (folder, "uevent",
       "MAJOR=%u\nMINOR=%u\nDEVNAME=/dev/bus/usb/%03u/%03u\nDEVTYPE=usb_device\nDRIVER=usb\n"
       "BUSNUM=%03u\nDEVNUM=%03u\n",
       USB_MAJOR, (bus - 1) * NODES_PER_BUS + number - 1, bus, number, bus, number);
}

static char *
dup_interface_name (const char *port, guint8 interface_number)
{
  if (is_root_hub (port))
    return g_strdup_printf ("%u-0:1.%u", flash_usb_sysfs_get_bus (port), interface_number);
  return g_strdup_printf ("%s:1.%u", port, interface_number);
}

static void
put_interface (const char *root, const char *port, const guint8 *at)
{
  g_autofree char *name = dup_interface_name (port, at[2]);
  g_autofree char *device = flash_usb_sysfs_dup_folder (port);
  g_autofree char *inner = g_build_filename (device, name, NULL);
  g_autofree char *folder = g_build_filename (root, inner, NULL);
  g_autofree char *subsystem = g_build_filename (inner, "subsystem", NULL);
  g_autofree char *entry = g_build_filename ("/sys/bus/usb/devices", name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  put (folder, "bInterfaceNumber", "%02x\n", at[2]);
  put (folder, "bAlternateSetting", "%2d\n", at[3]);
  put (folder, "bNumEndpoints", "%02x\n", at[4]);
  put (folder, "bInterfaceClass", "%02x\n", at[5]);
  put (folder, "bInterfaceSubClass", "%02x\n", at[6]);
  put (folder, "bInterfaceProtocol", "%02x\n", at[7]);
  put (folder, "uevent", "DEVTYPE=usb_interface\nINTERFACE=%d/%d/%d\n", at[5], at[6], at[7]);
  put_link (root, subsystem, "/sys/bus/usb");
  put_link (root, entry, inner);
}

/* The first setting of each interface is the one that is in use. */
static void
put_interfaces (const char *root, const char *port, const GByteArray *bytes)
{
  for (guint at = CONFIGURATION_LENGTH; at + INTERFACE_LENGTH <= bytes->len;
       at += bytes->data[at]) {
    const guint8 *descriptor = bytes->data + at;

    if (descriptor[0] < 2)
      return;
    if (descriptor[1] == FLASH_USB_DESCRIPTOR_INTERFACE && descriptor[3] == 0)
      put_interface (root, port, descriptor);
  }
}

static void
put_descriptors (const char *folder, const GByteArray *device, const GByteArray *configuration)
{
  g_autofree char *path = g_build_filename (folder, "descriptors", NULL);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  g_byte_array_append (bytes, device->data, device->len);
  g_byte_array_append (bytes, configuration->data, configuration->len);
  g_file_set_contents_full (path, (const char *) bytes->data, (gssize) bytes->len,
                            G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
  g_assert_no_error (error);
}

static void
put_attributes (const char *folder, const char *port, guint number, const GByteArray *device,
                const GByteArray *configuration)
{
  const guint8 *at = device->data;
  guint bus = flash_usb_sysfs_get_bus (port);

  put (folder, "busnum", "%u\n", bus);
  put (folder, "devnum", "%u\n", number);
  put (folder, "devpath", "%s\n", is_root_hub (port) ? "0" : strchr (port, '-') + 1);
  put (folder, "dev", "%u:%u\n", USB_MAJOR, (bus - 1) * NODES_PER_BUS + number - 1);
  put (folder, "idVendor", "%04x\n", flash_get_le16 (at + 8));
  put (folder, "idProduct", "%04x\n", flash_get_le16 (at + 10));
  put (folder, "bcdDevice", "%04x\n", flash_get_le16 (at + 12));
  put (folder, "bDeviceClass", "%02x\n", at[4]);
  put (folder, "bDeviceSubClass", "%02x\n", at[5]);
  put (folder, "bDeviceProtocol", "%02x\n", at[6]);
  put (folder, "bMaxPacketSize0", "%d\n", at[7]);
  put (folder, "bNumConfigurations", "%d\n", at[17]);
  put (folder, "bNumInterfaces", "%2d\n", configuration->data[4]);
  put (folder, "bConfigurationValue", "%d\n", configuration->data[5]);
  put (folder, "bmAttributes", "%02x\n", configuration->data[7]);
  put (folder, "version", " 2.00\n");
  put (folder, "maxchild", "%d\n", at[4] == 9 ? 4 : 0);
}

void
flash_usb_sysfs_begin (const char *root, const char *port, guint number)
{
  g_autofree char *inner = flash_usb_sysfs_dup_folder (port);
  g_autofree char *folder = g_build_filename (root, inner, NULL);
  g_autofree char *entry = g_build_filename ("/sys/bus/usb/devices", port, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  put (folder, "busnum", "%u\n", flash_usb_sysfs_get_bus (port));
  put (folder, "devnum", "%u\n", number);
  put_link (root, entry, inner);
}

gboolean
flash_usb_sysfs_write (const char *root, const char *port, guint number, FlashUsbGadget *gadget,
                       guint64 generation)
{
  g_autoptr (GByteArray) device =
      flash_usb_gadget_get_descriptor (gadget, generation, FLASH_USB_DESCRIPTOR_DEVICE, 0);
  g_autoptr (GByteArray) configuration =
      flash_usb_gadget_get_descriptor (gadget, generation, FLASH_USB_DESCRIPTOR_CONFIGURATION, 0);
  g_autofree char *inner = flash_usb_sysfs_dup_folder (port);
  g_autofree char *folder = g_build_filename (root, inner, NULL);
  g_autofree char *subsystem = g_build_filename (inner, "subsystem", NULL);
  g_autofree char *entry = g_build_filename ("/sys/bus/usb/devices", port, NULL);

  if (device == NULL || device->len < DEVICE_LENGTH || configuration == NULL ||
      configuration->len < CONFIGURATION_LENGTH)
    return FALSE;
  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  put_attributes (folder, port, number, device, configuration);
  put_descriptors (folder, device, configuration);
  put (folder, "speed", "%s\n", get_speed_text (gadget));
  put_string (folder, "manufacturer", gadget, generation, device->data[14]);
  put_string (folder, "product", gadget, generation, device->data[15]);
  put_string (folder, "serial", gadget, generation, device->data[16]);
  flash_usb_sysfs_write_event (root, port, number);
  put_link (root, subsystem, "/sys/bus/usb");
  put_interfaces (root, port, configuration);
  put_link (root, entry, inner);
  return TRUE;
}

static char *
dup_driver_link (const char *port, guint8 interface_number)
{
  g_autofree char *folder = flash_usb_sysfs_dup_folder (port);
  g_autofree char *name = dup_interface_name (port, interface_number);

  return g_build_filename (folder, name, "driver", NULL);
}

void
flash_usb_sysfs_set_driver (const char *root, const char *port, guint8 interface_number,
                            const char *driver)
{
  g_autofree char *link = dup_driver_link (port, interface_number);
  g_autofree char *path = g_build_filename (root, link, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *target = g_build_filename ("/sys/bus/usb/drivers", driver, NULL);

  if (driver == NULL)
    g_unlink (path);
  else if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    put_link (root, link, target);
}

char *
flash_usb_sysfs_dup_driver (const char *root, const char *port, guint8 interface_number)
{
  g_autofree char *link = dup_driver_link (port, interface_number);
  g_autofree char *path = g_build_filename (root, link, NULL);
  g_autofree char *target = g_file_read_link (path, NULL);

  return target != NULL ? g_path_get_basename (target) : NULL;
}

/* Interfaces are listed beside their device: `1-1:1.0` beside `1-1`. */
void
flash_usb_sysfs_hide (const char *root, const char *port)
{
  g_autofree char *path = g_build_filename (root, "/sys/bus/usb/devices", NULL);
  g_autofree char *prefix = g_strconcat (port, ":", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_equal (name, port) || g_str_has_prefix (name, prefix)) {
      g_autofree char *link = g_build_filename (path, name, NULL);

      g_unlink (link);
    }
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *inner = g_build_filename (path, name, NULL);

    if (g_file_test (inner, G_FILE_TEST_IS_DIR) && !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
      remove_folder (inner);
    else
      g_unlink (inner);
  }
  g_rmdir (path);
}

void
flash_usb_sysfs_remove (const char *root, const char *port)
{
  g_autofree char *inner = flash_usb_sysfs_dup_folder (port);
  g_autofree char *path = g_build_filename (root, inner, NULL);

  flash_usb_sysfs_hide (root, port);
  remove_folder (path);
}
