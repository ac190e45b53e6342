/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes that wait: added at the end, taken from the start. It is big enough for what usually goes
 * over a connection, and grows for what is bigger.
 *
 * Thread: main. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint8 *bytes; /* (owned) */
  gsize size;
  gsize start;
  gsize end;
} FlashUsbipBuffer;

/* So many bytes go through without anything being allocated. */
#define FLASH_USBIP_BUFFER_LENGTH 65536

void flash_usbip_buffer_init (FlashUsbipBuffer *self);
void flash_usbip_buffer_clear (FlashUsbipBuffer *self);

/**
 * flash_usbip_buffer_reserve:
 * @length: in bytes
 *
 * Returns: (transfer none): room for @length bytes behind the last, until the next call; whoever
 *   fills it adds to @end
 */
guint8 *flash_usbip_buffer_reserve (FlashUsbipBuffer *self, gsize length);

/**
 * flash_usbip_buffer_drop:
 * @length: no more than there are
 *
 * Takes the first bytes away.
 */
void flash_usbip_buffer_drop (FlashUsbipBuffer *self, gsize length);

static inline gsize
flash_usbip_buffer_get_length (const FlashUsbipBuffer *self)
{
  return self->end - self->start;
}

G_END_DECLS
