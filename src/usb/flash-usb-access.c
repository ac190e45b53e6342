/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-access"

#include "config.h"

#include "flash-usb-access.h"

#include "flash-host-node.h"

#include <unistd.h>

static char *
dup_node (const FlashUsbAddress *address)
{
  return g_strdup_printf ("/dev/bus/usb/%03u/%03u", address->bus, address->device);
}

static gboolean
may_open (const char *root, const FlashUsbAddress *address)
{
  g_autofree char *node = dup_node (address);
  g_autofree char *path = g_build_filename (root != NULL ? root : "/", node, NULL);

  return access (path, R_OK | W_OK) == 0;
}

FlashAccess
flash_usb_access_look (const char *root, const char *port, const FlashUsbAddress *address,
                       guint8 interface_number)
{
  g_autofree char *driver = NULL;

  if (!may_open (root, address) ||
      !flash_usb_record_find_driver (root, port, interface_number, &driver))
    return FLASH_ACCESS_NO_PERMISSION;
  /* The driver that stands for programs; those of the kernel give way when they are asked. */
  return g_strcmp0 (driver, "usbfs") == 0 ? FLASH_ACCESS_BUSY : FLASH_ACCESS_OK;
}

/* Names the programs that have the device open, as far as they are seen: which of them has claimed
 * it, the kernel does not tell. */
static char *
describe_holders (const char *root, const char *node)
{
  g_autoptr (GPtrArray) holders = flash_host_node_find_holders (root, node);
  GString *text = g_string_new ("the device is in use by ");

  for (guint i = 0; i < holders->len; i++) {
    const FlashHostHolder *holder = g_ptr_array_index (holders, i);

    g_string_append_printf (text, "%s%s (process %d)", i > 0 ? ", " : "", holder->name,
                            holder->pid);
  }
  if (holders->len == 0)
    g_string_append (text, "a program that cannot be seen from here");
  return g_string_free (text, FALSE);
}

char *
flash_usb_access_dup_detail (const char *root, const char *port, const FlashUsbAddress *address,
                             guint8 interface_number, FlashAccess access_now)
{
  g_autofree char *node = dup_node (address);
  g_autofree char *rights = NULL;
  g_autofree char *driver = NULL;

  switch (access_now) {
  case FLASH_ACCESS_NO_PERMISSION:
    if (may_open (root, address) &&
        !flash_usb_record_find_driver (root, port, interface_number, &driver))
      return g_strdup ("this computer has not set the device up: a security service holds it back, "
                       "or the port gives too little power");
    rights = flash_host_node_dup_rights (root, node);
    return g_strdup_printf ("no right to read and write %s (%s) as user %s", node, rights,
                            g_get_user_name ());
  case FLASH_ACCESS_BUSY:
    return describe_holders (root, node);
  case FLASH_ACCESS_OK:
  case FLASH_ACCESS_SILENT:
    break;
  }
  return NULL;
}
