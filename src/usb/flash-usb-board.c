/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usb-board"

#include "config.h"

#include "flash-usb-board.h"

/* A device that is well answers within milliseconds; DFU devices at work may need some more. */
#define DESCRIPTOR_TIMEOUT_MS 1000

struct _FlashUsbBoard {
  FlashBoard parent_instance;

  FlashUsbBus *bus; /* (owned) */
  FlashUsbAddress address;
};

G_DEFINE_FINAL_TYPE (FlashUsbBoard, flash_usb_board, FLASH_TYPE_BOARD)

static FlashTransport *
flash_usb_board_open (FlashBoard *board, GError **error)
{
  FlashUsbBoard *self = FLASH_USB_BOARD (board);
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);
  guint8 interface_number = descriptors != NULL ? descriptors->interface_number : 0;

  return flash_usb_bus_open (self->bus, flash_board_get_port (board),
                             flash_board_get_generation (board), &self->address, &interface_number,
                             error);
}

static void
flash_usb_board_finalize (GObject *object)
{
  FlashUsbBoard *self = FLASH_USB_BOARD (object);

  g_clear_pointer (&self->bus, flash_usb_bus_unref);

  G_OBJECT_CLASS (flash_usb_board_parent_class)->finalize (object);
}

static void
flash_usb_board_class_init (FlashUsbBoardClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = flash_usb_board_finalize;
  FLASH_BOARD_CLASS (klass)->open = flash_usb_board_open;
}

static void
flash_usb_board_init (FlashUsbBoard *self)
{
}

FlashBoard *
flash_usb_board_new (FlashUsbBus *bus, const FlashUsbBoardTraits *traits)
{
  g_autofree char *id = NULL;
  FlashUsbBoard *self;

  g_return_val_if_fail (bus != NULL && traits != NULL, NULL);

  id = g_strconcat ("usb:", traits->record->port, NULL);
  self = g_object_new (FLASH_TYPE_USB_BOARD, "id", id, "port", traits->record->port, "generation",
                       traits->generation, "speed", (guint) traits->record->speed, "access",
                       (guint) traits->access, "access-detail", traits->access_detail,
                       "descriptors", traits->descriptors, "hubs", traits->hubs, NULL);
  self->bus = flash_usb_bus_ref (bus);
  self->address = traits->record->address;
  return FLASH_BOARD (self);
}

FlashDescriptors *
flash_usb_board_ask (FlashUsbBoard *self, gboolean *out_is_mute)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashTransport) transport = NULL;
  FlashDescriptors *descriptors = NULL;

  g_return_val_if_fail (FLASH_IS_USB_BOARD (self), NULL);

  *out_is_mute = FALSE;
  transport = flash_usb_bus_open (self->bus, flash_board_get_port (FLASH_BOARD (self)),
                                  flash_board_get_generation (FLASH_BOARD (self)), &self->address,
                                  NULL, &error);
  if (transport != NULL)
    descriptors = flash_descriptors_read (transport, DESCRIPTOR_TIMEOUT_MS, &error);
  if (descriptors != NULL)
    return descriptors;
  g_debug ("%s: %s", flash_board_get_port (FLASH_BOARD (self)), error->message);
  *out_is_mute = transport != NULL &&
                 g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT);
  return NULL;
}
