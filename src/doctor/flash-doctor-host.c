/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-doctor-host"

#include "config.h"

#include "flash-doctor-host.h"

#include "flash-host-node.h"

/* Larger than any number that the kernel writes there. */
#define MAX_NUMBER_BYTES 16

/* Reads busnum or devnum of the device on the port. Returns: 0 if there is none. */
static guint
read_number (const char *root, const char *port, const char *name)
{
  g_autofree char *path =
      g_build_filename (root != NULL ? root : "/", "sys/bus/usb/devices", port, name, NULL);
  g_autofree char *text = NULL;
  gsize length;
  guint64 number;

  if (!g_file_get_contents (path, &text, &length, NULL) || length > MAX_NUMBER_BYTES ||
      !g_ascii_string_to_unsigned (g_strstrip (text), 10, 1, 999, &number, NULL))
    return 0;
  return (guint) number;
}

/* The port path was found to be one that the kernel knows, before this is asked. */
static char *
dup_holder (const char *root, const char *port)
{
  guint bus = read_number (root, port, "busnum"), device = read_number (root, port, "devnum");
  g_autofree char *node = g_strdup_printf ("/dev/bus/usb/%03u/%03u", bus, device);
  g_autoptr (GPtrArray) holders = NULL;

  if (bus == 0 || device == 0)
    return NULL;
  holders = flash_host_node_find_holders (root, node);
  if (holders->len == 0)
    return NULL;
  return g_strdup (((const FlashHostHolder *) g_ptr_array_index (holders, 0))->name);
}

/* Every device with the board's serial number counts; those on other ports may be the board. */
static void
find_serial (FlashDoctorHost *self, const char *root, const char *port, const char *serial)
{
  g_auto (GStrv) ports = flash_host_port_find_serial (root, serial);

  self->n_same_serial = g_strv_length (ports);
  for (guint i = 0; ports[i] != NULL; i++)
    if (self->elsewhere == NULL && g_strcmp0 (ports[i], port) != 0)
      self->elsewhere = g_strdup (ports[i]);
}

void
flash_doctor_host_copy_machine (FlashHostMachine *self, const FlashHostMachine *other)
{
  *self = *other;
  self->vm = g_strdup (other->vm);
  self->product = g_strdup (other->product);
  self->container = g_strdup (other->container);
  self->kernel = g_strdup (other->kernel);
  self->system = g_strdup (other->system);
  self->architecture = g_strdup (other->architecture);
}

FlashDoctorHost *
flash_doctor_host_new_again (const char *root, const char *port, const char *serial,
                             const FlashHostMachine *machine)
{
  FlashDoctorHost *self = g_new0 (FlashDoctorHost, 1);

  if (machine != NULL)
    flash_doctor_host_copy_machine (&self->machine, machine);
  else
    flash_host_machine_init (&self->machine, root);
  self->rules = flash_host_rule_find (root, NULL, &self->gives_access);
  self->rivals = flash_host_rivals_find (root);
  self->serials = flash_host_serial_list (root);
  self->devices = flash_host_port_list (root);
  if (port == NULL) {
    self->log = g_ptr_array_new ();
    return self;
  }
  self->port = flash_host_port_read (root, port);
  if (self->port->has_device)
    self->holder = dup_holder (root, port);
  if (serial != NULL && serial[0] != '\0')
    find_serial (self, root, port, serial);
  self->can_read_log = flash_host_log_read (root, port, 0, &self->log);
  return self;
}

FlashDoctorHost *
flash_doctor_host_new (const char *root, const char *port, const char *serial)
{
  return flash_doctor_host_new_again (root, port, serial, NULL);
}

FlashDoctorHost *
flash_doctor_host_new_for_computer (const char *root)
{
  FlashDoctorHost *self = flash_doctor_host_new (root, NULL, NULL);

  g_clear_pointer (&self->log, g_ptr_array_unref);
  self->can_read_log = flash_host_log_read (root, NULL, 0, &self->log);
  return self;
}

void
flash_doctor_host_free (FlashDoctorHost *self)
{
  flash_host_machine_clear (&self->machine);
  g_clear_pointer (&self->port, flash_host_port_free);
  g_ptr_array_unref (self->rules);
  g_strfreev (self->rivals);
  g_ptr_array_unref (self->serials);
  g_ptr_array_unref (self->devices);
  g_free (self->elsewhere);
  g_free (self->holder);
  g_ptr_array_unref (self->log);
  g_free (self);
}
