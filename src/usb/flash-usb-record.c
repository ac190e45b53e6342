/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-record"

#include "config.h"

#include "flash-usb-record.h"

#include "flash-dfu-defs.h"
#include "flash-host-database.h"
#include "flash-host-name.h"
#include "flash-text.h"

#include <string.h>

#define DEVICES "/sys/bus/usb/devices"
/* USB 2.0, table 9-8; the attribute `descriptors` begins with it (Linux, ABI/stable/sysfs-bus-usb).
 */
#define DEVICE_LENGTH 18
#define CONFIGURATION_LENGTH 9
#define INTERFACE_LENGTH 9
#define MAX_TEXT 255
/* USB class codes: mass storage, and of a device that is a hub */
#define CLASS_MASS_STORAGE 0x08
#define CLASS_HUB 0x09

void
flash_usb_record_free (FlashUsbRecord *self)
{
  g_free (self->port);
  g_free (self->product);
  g_clear_pointer (&self->descriptors, flash_descriptors_unref);
  g_free (self);
}

static int
compare_ports (gconstpointer a, gconstpointer b)
{
  return flash_host_name_compare (*(const char *const *) a, *(const char *const *) b);
}

char **
flash_usb_record_list_ports (const char *root)
{
  g_autofree char *path = g_build_filename (root != NULL ? root : "/", DEVICES, NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  GPtrArray *ports = g_ptr_array_new ();
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    /* Whatever else is in the folder is a root hub or an interface. */
    if (flash_host_name_is_port (name))
      g_ptr_array_add (ports, g_strdup (name));
  g_ptr_array_sort (ports, compare_ports);
  g_ptr_array_add (ports, NULL);
  return (char **) g_ptr_array_free (ports, FALSE);
}

static char *
dup_attribute (const char *root, const char *port, const char *name, gsize *out_length)
{
  g_autofree char *path = g_build_filename (root != NULL ? root : "/", DEVICES, port, name, NULL);
  char *text;

  return g_file_get_contents (path, &text, out_length, NULL) ? text : NULL;
}

static gboolean
read_number (const char *root, const char *port, const char *name, guint *out_number)
{
  g_autofree char *text = dup_attribute (root, port, name, NULL);
  guint64 number;

  if (text == NULL ||
      !g_ascii_string_to_unsigned (g_strchomp (text), 10, 0, G_MAXUINT, &number, NULL))
    return FALSE;
  *out_number = (guint) number;
  return TRUE;
}

/* The kernel's texts end in a line feed, and hold what the device said. */
static char *
dup_text (const char *root, const char *port, const char *name)
{
  gsize length;
  g_autofree char *text = dup_attribute (root, port, name, &length);

  if (text == NULL)
    return NULL;
  if (length > 0 && text[length - 1] == '\n')
    length--;
  return flash_text_sanitize (text, length, MAX_TEXT);
}

gboolean
flash_usb_record_read_address (const char *root, const char *port, FlashUsbAddress *out_address)
{
  FlashUsbAddress address;

  /* What people type must not lead elsewhere. */
  if (!flash_host_name_is_port (port) || !read_number (root, port, "busnum", &address.bus) ||
      !read_number (root, port, "devnum", &address.device))
    return FALSE;
  *out_address = address;
  return TRUE;
}

/* In Mbit/s (Linux, ABI/stable/sysfs-bus-usb), as libusb reads it too. */
static FlashSpeed
read_speed (const char *root, const char *port)
{
  static const struct {
    const char *text;
    FlashSpeed speed;
  } speeds[] = {
    { "1.5", FLASH_SPEED_LOW },    { "12", FLASH_SPEED_FULL },     { "480", FLASH_SPEED_HIGH },
    { "5000", FLASH_SPEED_SUPER }, { "10000", FLASH_SPEED_SUPER }, { "20000", FLASH_SPEED_SUPER },
  };
  g_autofree char *text = dup_attribute (root, port, "speed", NULL);

  for (guint i = 0; text != NULL && i < G_N_ELEMENTS (speeds); i++)
    if (g_str_equal (g_strchomp (text), speeds[i].text))
      return speeds[i].speed;
  return FLASH_SPEED_UNKNOWN;
}

static gboolean
has_dfu_interface (const guint8 *bytes, gsize length)
{
  for (gsize at = 0; at + INTERFACE_LENGTH <= length && bytes[at] >= 2; at += bytes[at])
    if (bytes[at + 1] == FLASH_USB_DESCRIPTOR_INTERFACE && bytes[at + 5] == FLASH_DFU_CLASS &&
        bytes[at + 6] == FLASH_DFU_SUBCLASS)
      return TRUE;
  return FALSE;
}

/* Finds the configuration @number, which is in use; if it is 0, none is yet, and the one with DFU
 * will do best. Otherwise the first. */
static const guint8 *
find_configuration (const guint8 *bytes, gsize length, guint8 number, gsize *out_length)
{
  const guint8 *first = NULL;
  gsize first_length = 0;

  for (gsize at = DEVICE_LENGTH; at + CONFIGURATION_LENGTH <= length;) {
    gsize total = MIN ((gsize) (bytes[at + 2] | bytes[at + 3] << 8), length - at);
    gboolean is_wanted;

    if (bytes[at + 1] != FLASH_USB_DESCRIPTOR_CONFIGURATION || total < CONFIGURATION_LENGTH)
      break;
    is_wanted = number != 0 ? bytes[at + 5] == number : has_dfu_interface (bytes + at, total);
    if (first == NULL || is_wanted) {
      first = bytes + at;
      first_length = total;
    }
    if (is_wanted)
      break;
    at += total;
  }
  *out_length = first_length;
  return first;
}

static void
look_at_interfaces (FlashUsbRecord *self, const guint8 *bytes, gsize length)
{
  for (gsize at = 0; at + 2 <= length && bytes[at] >= 2; at += bytes[at]) {
    if (bytes[at + 1] != FLASH_USB_DESCRIPTOR_INTERFACE || at + INTERFACE_LENGTH > length)
      continue;
    if (bytes[at + 5] == CLASS_MASS_STORAGE)
      self->has_mass_storage = TRUE;
    if (bytes[at + 5] == FLASH_DFU_CLASS && bytes[at + 6] == FLASH_DFU_SUBCLASS &&
        bytes[at + 7] == FLASH_DFU_PROTOCOL_RUNTIME)
      self->has_runtime_dfu = TRUE;
  }
}

/* Whether somebody could take the device for a board. All others are left in peace: the kernel's
 * other files about them may have to wait for whatever is done with them, a disk in a reset too, or
 * a hub with something new behind it. */
static gboolean
is_of_interest (const guint8 *bytes, gsize length)
{
  return bytes[4] != CLASS_HUB &&
         ((bytes[8] | bytes[9] << 8) == FLASH_ST_VID ||
          has_dfu_interface (bytes + DEVICE_LENGTH, length - DEVICE_LENGTH));
}

/* Takes from the raw descriptors what it can; nothing of them is trusted. */
static void
parse_descriptors (FlashUsbRecord *self, const char *root, const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  const guint8 *configuration;
  gsize configuration_length;
  guint number = 0;

  if (length < DEVICE_LENGTH)
    return;
  self->vid = (guint16) (bytes[8] | bytes[9] << 8);
  self->pid = (guint16) (bytes[10] | bytes[11] << 8);
  if (!is_of_interest (bytes, length))
    return;
  self->product = dup_text (root, self->port, "product");
  read_number (root, self->port, "bConfigurationValue", &number);
  configuration = find_configuration (bytes, length, (guint8) number, &configuration_length);
  if (configuration == NULL)
    return;
  look_at_interfaces (self, configuration, configuration_length);
  self->descriptors =
      flash_descriptors_parse (bytes, DEVICE_LENGTH, configuration, configuration_length, &error);
  if (self->descriptors == NULL) {
    g_debug ("%s: %s", self->port, error->message);
    return;
  }
  self->descriptors->product = g_strdup (self->product);
  self->descriptors->manufacturer = dup_text (root, self->port, "manufacturer");
  self->descriptors->serial = dup_text (root, self->port, "serial");
}

FlashUsbRecord *
flash_usb_record_read (const char *root, const char *port)
{
  g_autoptr (FlashUsbRecord) self = g_new0 (FlashUsbRecord, 1);
  g_autofree char *text = NULL;
  FlashUsbAddress address;
  gsize length = 0;

  if (!flash_usb_record_read_address (root, port, &self->address))
    return NULL;
  /* The kernel shows them a moment after the address (Linux, drivers/usb/core/usb.c,
   * usb_bus_notify ()). */
  text = dup_attribute (root, port, "descriptors", &length);
  if (text == NULL)
    return NULL;
  self->port = g_strdup (port);
  self->speed = read_speed (root, port);
  parse_descriptors (self, root, (const guint8 *) text, length);

  /* All of it is of one device only if the same one stands there still. */
  if (!flash_usb_record_read_address (root, port, &address) ||
      address.device != self->address.device || address.bus != self->address.bus)
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
flash_usb_record_is_there (const char *root, const char *port)
{
  g_autofree char *path = g_build_filename (root != NULL ? root : "/", DEVICES, port, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

guint8
flash_usb_record_get_interface (const FlashUsbRecord *self)
{
  return self->descriptors != NULL ? self->descriptors->interface_number : 0;
}

/* By looking for `1-1:*.0`: the configuration that was in use when the device was met need not be
 * the one of now. */
gboolean
flash_usb_record_find_driver (const char *root, const char *port, guint8 interface_number,
                              char **out_driver)
{
  g_autofree char *path = g_build_filename (root != NULL ? root : "/", DEVICES, NULL);
  g_autofree char *begin = g_strconcat (port, ":", NULL);
  g_autofree char *end = g_strdup_printf (".%u", interface_number);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *link = NULL;
    g_autofree char *target = NULL;

    if (!g_str_has_prefix (name, begin) || !g_str_has_suffix (name, end))
      continue;
    link = g_build_filename (path, name, "driver", NULL);
    target = g_file_read_link (link, NULL);
    *out_driver = target != NULL ? g_path_get_basename (target) : NULL;
    return TRUE;
  }
  return FALSE;
}

/* The kernel's own text of a hub is out of reach while a device is enumerated behind it
 * (flash-host-database.h): which is when somebody looks. */
static FlashHub *
read_hub (const char *root, const char *port)
{
  g_auto (FlashHostNote) note = { 0 };
  g_autoptr (FlashUsbRecord) record = flash_usb_record_read (root, port);
  FlashHub *hub;

  if (record == NULL)
    return NULL;
  hub = g_new0 (FlashHub, 1);
  hub->port = g_strdup (port);
  hub->vid = record->vid;
  hub->pid = record->pid;
  hub->speed = record->speed;
  flash_host_note_init (&note, root, port, record->address.device);
  hub->name = flash_host_note_steal_name (&note);
  return hub;
}

GPtrArray *
flash_usb_record_read_hubs (const char *root, const char *port)
{
  GPtrArray *hubs = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_hub_free);

  for (const char *dot = strchr (port, '.'); dot != NULL; dot = strchr (dot + 1, '.')) {
    g_autofree char *path = g_strndup (port, (gsize) (dot - port));
    FlashHub *hub = read_hub (root, path);

    if (hub != NULL)
      g_ptr_array_add (hubs, hub);
  }
  return hubs;
}
