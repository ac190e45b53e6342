/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-usbip-buffer"

#include "config.h"

#include "flash-usbip-buffer.h"

#include <string.h>

void
flash_usbip_buffer_init (FlashUsbipBuffer *self)
{
  *self = (FlashUsbipBuffer){
    .bytes = g_malloc (FLASH_USBIP_BUFFER_LENGTH),
    .size = FLASH_USBIP_BUFFER_LENGTH,
  };
}

void
flash_usbip_buffer_clear (FlashUsbipBuffer *self)
{
  g_clear_pointer (&self->bytes, g_free);
}

guint8 *
flash_usbip_buffer_reserve (FlashUsbipBuffer *self, gsize length)
{
  gsize used = flash_usbip_buffer_get_length (self);

  if (self->end + length > self->size && self->start > 0) {
    memmove (self->bytes, self->bytes + self->start, used);
    self->start = 0;
    self->end = used;
  }
  if (self->end + length > self->size) {
    self->size = self->end + length;
    self->bytes = g_realloc (self->bytes, self->size);
  }
  return self->bytes + self->end;
}

void
flash_usbip_buffer_drop (FlashUsbipBuffer *self, gsize length)
{
  self->start += length;
  if (self->start == self->end)
    self->start = self->end = 0;
}
