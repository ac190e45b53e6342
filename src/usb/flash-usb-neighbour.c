/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-neighbour"

#include "config.h"

#include "flash-usb-neighbour.h"

#include "flash-dfu-defs.h"
#include "flash-host-serial.h"

/* stm32mp-usb.md section 7.4 */
#define ST_FASTBOOT_PID 0x0afb

struct _FlashUsbNeighbour {
  GObject parent_instance;

  FlashUsbNeighbourKind kind;
  char *port; /* (owned) */
  char *name; /* (owned) (nullable) */
  guint16 vid;
  guint16 pid;
};

G_DEFINE_FINAL_TYPE (FlashUsbNeighbour, flash_usb_neighbour, G_TYPE_OBJECT)

const char *
flash_usb_neighbour_kind_get_name (FlashUsbNeighbourKind kind)
{
  switch (kind) {
  case FLASH_USB_NEIGHBOUR_ST_LINK:
    return "st-link";
  case FLASH_USB_NEIGHBOUR_RUNTIME_DFU:
    return "runtime-dfu";
  case FLASH_USB_NEIGHBOUR_MASS_STORAGE:
    return "mass-storage";
  case FLASH_USB_NEIGHBOUR_FASTBOOT:
    return "fastboot";
  case FLASH_USB_NEIGHBOUR_OTHER:
    return "other";
  }
  g_return_val_if_reached ("other");
}

static gboolean
classify (const FlashUsbRecord *record, FlashUsbNeighbourKind *out_kind)
{
  gboolean is_st = record->vid == FLASH_ST_VID;

  if (flash_host_serial_is_stlink (record->vid, record->pid))
    *out_kind = FLASH_USB_NEIGHBOUR_ST_LINK;
  else if (record->has_runtime_dfu)
    *out_kind = FLASH_USB_NEIGHBOUR_RUNTIME_DFU;
  else if (is_st && record->pid == ST_FASTBOOT_PID)
    *out_kind = FLASH_USB_NEIGHBOUR_FASTBOOT;
  else if (is_st && record->has_mass_storage)
    *out_kind = FLASH_USB_NEIGHBOUR_MASS_STORAGE;
  else if (is_st)
    *out_kind = FLASH_USB_NEIGHBOUR_OTHER;
  else
    return FALSE;
  return TRUE;
}

static void
flash_usb_neighbour_finalize (GObject *object)
{
  FlashUsbNeighbour *self = FLASH_USB_NEIGHBOUR (object);

  g_free (self->port);
  g_free (self->name);

  G_OBJECT_CLASS (flash_usb_neighbour_parent_class)->finalize (object);
}

static void
flash_usb_neighbour_class_init (FlashUsbNeighbourClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_usb_neighbour_finalize;
}

static void
flash_usb_neighbour_init (FlashUsbNeighbour *self)
{
}

FlashUsbNeighbour *
flash_usb_neighbour_new (const FlashUsbRecord *record)
{
  FlashUsbNeighbourKind kind;
  FlashUsbNeighbour *self;

  g_return_val_if_fail (record != NULL, NULL);

  if (!classify (record, &kind))
    return NULL;
  self = g_object_new (FLASH_TYPE_USB_NEIGHBOUR, NULL);
  self->kind = kind;
  self->port = g_strdup (record->port);
  self->name = g_strdup (record->product);
  self->vid = record->vid;
  self->pid = record->pid;
  return self;
}

FlashUsbNeighbourKind
flash_usb_neighbour_get_kind (FlashUsbNeighbour *self)
{
  g_return_val_if_fail (FLASH_IS_USB_NEIGHBOUR (self), FLASH_USB_NEIGHBOUR_OTHER);

  return self->kind;
}

const char *
flash_usb_neighbour_get_port (FlashUsbNeighbour *self)
{
  g_return_val_if_fail (FLASH_IS_USB_NEIGHBOUR (self), NULL);

  return self->port;
}

const char *
flash_usb_neighbour_get_name (FlashUsbNeighbour *self)
{
  g_return_val_if_fail (FLASH_IS_USB_NEIGHBOUR (self), NULL);

  return self->name;
}

guint16
flash_usb_neighbour_get_vid (FlashUsbNeighbour *self)
{
  g_return_val_if_fail (FLASH_IS_USB_NEIGHBOUR (self), 0);

  return self->vid;
}

guint16
flash_usb_neighbour_get_pid (FlashUsbNeighbour *self)
{
  g_return_val_if_fail (FLASH_IS_USB_NEIGHBOUR (self), 0);

  return self->pid;
}
