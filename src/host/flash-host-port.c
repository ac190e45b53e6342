/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-host-port"

#include "config.h"

#include "flash-host-port.h"

#include "flash-host-database.h"
#include "flash-host-file.h"
#include "flash-host-name.h"

#include <string.h>

#define DEVICES "/sys/bus/usb/devices"
/* As many addresses as eight busses have. */
#define MAX_DEVICES 1024u
/* USB 3.0 begins at 5 Gbit/s. */
#define SUPER_SPEED_MBPS 5000
#define MAX_MBPS 1000000
/* How often a device is read again that was replaced meanwhile. */
#define MAX_TRIES 3

static void
hop_free (FlashHostHop *self)
{
  g_free (self->port);
  g_free (self->name);
  g_free (self);
}

void
flash_host_port_free (FlashHostPort *self)
{
  g_free (self->port);
  g_free (self->product);
  g_free (self->serial);
  g_free (self->driver);
  g_free (self->connect_type);
  g_free (self->peer);
  g_free (self->controller);
  g_ptr_array_unref (self->hops);
  g_free (self);
}

/* --- attributes --------------------------------------------------------------------------- */

/* Only those are read for which the kernel does not wait for the lock of the device; see
 * flash-host-database.h for what its texts are taken from instead. */

static char *
dup_attribute_path (const char *device, const char *name)
{
  return g_build_filename (DEVICES, device, name, NULL);
}

static char *
read_text (const char *root, const char *device, const char *name)
{
  g_autofree char *path = dup_attribute_path (device, name);

  return flash_host_file_dup_line (root, path);
}

static guint
read_number (const char *root, const char *device, const char *name, guint base, guint max)
{
  g_autofree char *path = dup_attribute_path (device, name);
  guint number;

  return flash_host_file_read_number (root, path, base, max, &number) ? number : 0;
}

/* In Mbit/s, `1.5` for low speed (Linux, ABI/stable/sysfs-bus-usb); the fraction is left off. */
static guint
read_speed (const char *root, const char *device)
{
  g_autofree char *text = read_text (root, device, "speed");
  guint64 mbps;

  if (text == NULL)
    return 0;
  text[strcspn (text, ".")] = '\0';
  return g_ascii_string_to_unsigned (text, 10, 0, MAX_MBPS, &mbps, NULL) ? (guint) mbps : 0;
}

static guint
read_address (const char *root, const char *device)
{
  return read_number (root, device, "devnum", 10, G_MAXUINT);
}

/* --- the way to the port ------------------------------------------------------------------ */

static void
add_hop (GPtrArray *hops, const char *root, const char *hub)
{
  FlashHostHop *hop = g_new0 (FlashHostHop, 1);
  g_auto (FlashHostNote) note = { 0 };

  flash_host_note_init (&note, root, hub, read_address (root, hub));
  hop->port = g_strdup (hub);
  hop->name = flash_host_note_steal_name (&note);
  hop->vid = (guint16) read_number (root, hub, "idVendor", 16, G_MAXUINT16);
  hop->pid = (guint16) read_number (root, hub, "idProduct", 16, G_MAXUINT16);
  hop->mbps = read_speed (root, hub);
  hop->is_root = !flash_host_name_is_port (hub);
  g_ptr_array_insert (hops, 0, hop);
}

static void
read_hops (FlashHostPort *self, const char *root)
{
  g_autofree char *hub = flash_host_name_dup_hub (self->port);

  for (;;) {
    char *next;

    add_hop (self->hops, root, hub);
    if (!flash_host_name_is_port (hub))
      return;
    next = flash_host_name_dup_hub (hub);
    g_free (hub);
    hub = next;
  }
}

/* The root hub lies in the folder of its controller, which has a driver. */
static void
read_controller (FlashHostPort *self, const char *root)
{
  const FlashHostHop *hop = g_ptr_array_index (self->hops, 0);
  g_autofree char *path = g_build_filename (DEVICES, hop->port, NULL);
  g_autofree char *inside = flash_host_file_resolve (root, path);
  g_autofree char *folder = inside != NULL ? g_path_get_dirname (inside) : NULL;
  g_autofree char *link = folder != NULL ? g_build_filename (folder, "driver", NULL) : NULL;

  if (link != NULL)
    self->controller = flash_host_file_dup_link_name (root, link);
}

/* --- the port itself ---------------------------------------------------------------------- */

/* Ports are folders in the only interface of their hub (Linux 3.9): `1-2:1.0/1-2-port3`, and
 * `1-0:1.0/usb1-port2` for a root hub. */
static char *
dup_port_folder (const char *port)
{
  g_autofree char *hub = flash_host_name_dup_hub (port);
  g_autofree char *folder = flash_host_name_dup_folder (port);

  if (flash_host_name_is_port (hub))
    return g_strconcat (hub, ":1.0/", folder, NULL);
  return g_strconcat (hub + strlen ("usb"), "-0:1.0/", folder, NULL);
}

static void
read_socket (FlashHostPort *self, const char *root)
{
  g_autofree char *folder = dup_port_folder (self->port);
  g_autofree char *path = g_build_filename (DEVICES, folder, NULL);
  g_autofree char *link = g_build_filename (path, "peer", NULL);
  g_autofree char *peer = NULL;

  if (!flash_host_file_is_there (root, path))
    return;
  self->is_known = TRUE;
  self->over_current_count = read_number (root, folder, "over_current_count", 10, G_MAXUINT);
  self->connect_type = read_text (root, folder, "connect_type");
  peer = flash_host_file_dup_link_name (root, link);
  self->peer = flash_host_name_parse_folder (peer);
}

/* USB over a network has no sockets: nothing follows from what its controller could do. */
static FlashTri
judge_usb3 (const FlashHostPort *self)
{
  if (self->controller != NULL && g_str_has_prefix (self->controller, "vhci"))
    return FLASH_TRI_UNKNOWN;
  if (self->peer != NULL ||
      (self->controller != NULL && g_str_has_prefix (self->controller, "xhci")))
    return FLASH_TRI_YES;
  for (guint i = 0; i < self->hops->len; i++) {
    const FlashHostHop *hop = g_ptr_array_index (self->hops, i);

    if (hop->mbps >= SUPER_SPEED_MBPS)
      return FLASH_TRI_YES;
  }
  return self->controller != NULL ? FLASH_TRI_NO : FLASH_TRI_UNKNOWN;
}

/* --- the device on it --------------------------------------------------------------------- */

/* @names: what is in the folder of all devices. Interfaces are called `1-2.3:1.0`. */
static char *
find_driver (const char *root, const char *port, const char *const *names)
{
  g_autofree char *begin = g_strconcat (port, ":", NULL);

  for (guint i = 0; names[i] != NULL; i++) {
    g_autofree char *path = NULL;
    g_autofree char *driver = NULL;

    if (!g_str_has_prefix (names[i], begin))
      continue;
    path = g_build_filename (DEVICES, names[i], "driver", NULL);
    driver = flash_host_file_dup_link_name (root, path);
    if (driver != NULL && !g_str_equal (driver, "usbfs"))
      return g_steal_pointer (&driver);
  }
  return NULL;
}

static void
read_device_once (FlashHostPort *self, const char *root, const char *const *names, guint address)
{
  g_auto (FlashHostNote) note = { 0 };
  g_autofree char *control = read_text (root, self->port, "power/control");
  guint vid;
  g_autofree char *path = dup_attribute_path (self->port, "idVendor");

  g_clear_pointer (&self->product, g_free);
  g_clear_pointer (&self->serial, g_free);
  g_clear_pointer (&self->driver, g_free);
  self->has_device = flash_host_file_read_number (root, path, 16, G_MAXUINT16, &vid);
  if (!self->has_device)
    return;
  self->is_known = TRUE;
  self->vid = (guint16) vid;
  self->pid = (guint16) read_number (root, self->port, "idProduct", 16, G_MAXUINT16);
  self->mbps = read_speed (root, self->port);
  flash_host_note_init (&note, root, self->port, address);
  self->product = g_steal_pointer (&note.name);
  self->serial = g_steal_pointer (&note.serial);
  self->driver = find_driver (root, self->port, names);
  if (control != NULL)
    self->can_suspend = flash_tri_from_boolean (g_str_equal (control, "auto"));
}

/* All of it is of one device only if the same one stands there still. */
static void
read_device (FlashHostPort *self, const char *root, const char *const *names)
{
  for (guint i = 0; i < MAX_TRIES; i++) {
    guint address = read_address (root, self->port);

    read_device_once (self, root, names, address);
    if (read_address (root, self->port) == address)
      return;
  }
}

static FlashHostPort *
read_port (const char *root, const char *port, const char *const *names)
{
  FlashHostPort *self = g_new0 (FlashHostPort, 1);

  self->port = g_strdup (port);
  self->hops = g_ptr_array_new_with_free_func ((GDestroyNotify) hop_free);
  if (!flash_host_name_is_port (port))
    return self;
  read_socket (self, root);
  read_device (self, root, names);
  if (!self->is_known)
    return self;
  read_hops (self, root);
  read_controller (self, root);
  self->is_usb3 = judge_usb3 (self);
  return self;
}

FlashHostPort *
flash_host_port_read (const char *root, const char *port)
{
  g_auto (GStrv) names = flash_host_file_list (root, DEVICES);

  return read_port (root, port, (const char *const *) names);
}

/* --- all of them -------------------------------------------------------------------------- */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return flash_host_name_compare (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: (transfer container): those of @names that are devices, by port */
static GPtrArray *
choose_devices (const char *const *names)
{
  GPtrArray *devices = g_ptr_array_new ();

  for (guint i = 0; names[i] != NULL && devices->len < MAX_DEVICES; i++)
    if (flash_host_name_is_port (names[i]))
      g_ptr_array_add (devices, (gpointer) names[i]);
  g_ptr_array_sort (devices, compare_names);
  return devices;
}

GStrv
flash_host_port_find_serial (const char *root, const char *serial)
{
  g_auto (GStrv) names = flash_host_file_list (root, DEVICES);
  g_autoptr (GPtrArray) devices = choose_devices ((const char *const *) names);
  g_autoptr (GStrvBuilder) ports = g_strv_builder_new ();

  for (guint i = 0; i < devices->len; i++) {
    const char *device = g_ptr_array_index (devices, i);
    g_auto (FlashHostNote) note = { 0 };

    flash_host_note_init (&note, root, device, read_address (root, device));
    if (flash_host_note_has_serial (&note, serial))
      g_strv_builder_add (ports, device);
  }
  return g_strv_builder_end (ports);
}

GPtrArray *
flash_host_port_list (const char *root)
{
  g_auto (GStrv) names = flash_host_file_list (root, DEVICES);
  g_autoptr (GPtrArray) devices = choose_devices ((const char *const *) names);
  GPtrArray *ports = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_host_port_free);

  for (guint i = 0; i < devices->len; i++) {
    FlashHostPort *port =
        read_port (root, g_ptr_array_index (devices, i), (const char *const *) names);

    if (port->has_device)
      g_ptr_array_add (ports, port);
    else
      flash_host_port_free (port);
  }
  return ports;
}
