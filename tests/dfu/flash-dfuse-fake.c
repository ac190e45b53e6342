/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-dfuse-fake"

#include "config.h"

#include "flash-dfuse-fake.h"

#include "flash-bytes.h"
#include "flash-dfu-defs.h"

#include <string.h>

#define MAX_BLOCK 4096

struct _FlashDfuseFake {
  FlashTransport parent_instance;

  FlashDfuseFakeUnit unit;
  gsize transfer_size;
  guint8 *memory; /* (owned) */
  gsize memory_size;
  FlashDfuState state;
  guint32 pointer;
  /* What the last DNLOAD brought; done when GETSTATUS is asked. */
  guint16 block;
  guint8 data[MAX_BLOCK];
  gsize length;
  guint n_pointers;
  guint n_requests;
  GCancellable *cancellable; /* (owned) (nullable) */
  guint cancel_at;
};

G_DEFINE_FINAL_TYPE (FlashDfuseFake, flash_dfuse_fake, FLASH_TYPE_TRANSPORT)

static void
count (FlashDfuseFake *self)
{
  self->n_requests++;
  if (self->n_requests == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

/* Returns: the memory behind a block; it has to be there. */
static guint8 *
find (FlashDfuseFake *self, guint16 block, gsize length)
{
  gsize unit = self->unit == FLASH_DFUSE_FAKE_LENGTH ? length : self->transfer_size;
  gsize at = self->pointer - FLASH_DFUSE_FAKE_START + (gsize) (block - 2) * unit;

  g_assert_cmpuint (block, >=, 2);
  g_assert_cmpuint (at, <=, self->memory_size);
  g_assert_cmpuint (length, <=, self->memory_size - at);
  return self->memory + at;
}

static void
carry_out (FlashDfuseFake *self)
{
  if (self->block == 0) {
    g_assert_cmpuint (self->length, ==, 5);
    g_assert_cmphex (self->data[0], ==, 0x21);
    self->pointer = flash_get_le32 (self->data + 1);
    self->n_pointers++;
  } else {
    memcpy (find (self, self->block, self->length), self->data, self->length);
  }
}

static gboolean
control_out (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
             guint16 index, const guint8 *data, gsize length, guint timeout_ms, GError **error)
{
  FlashDfuseFake *self = FLASH_DFUSE_FAKE (transport);

  count (self);
  if (request == FLASH_DFU_REQUEST_ABORT) {
    g_assert_true (self->state == FLASH_DFU_STATE_DNLOAD_IDLE ||
                   self->state == FLASH_DFU_STATE_UPLOAD_IDLE);
    self->state = FLASH_DFU_STATE_IDLE;
    return TRUE;
  }
  g_assert_cmpuint (request, ==, FLASH_DFU_REQUEST_DNLOAD);
  g_assert_true (self->state == FLASH_DFU_STATE_IDLE || self->state == FLASH_DFU_STATE_DNLOAD_IDLE);
  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (length, <=, self->transfer_size);
  memcpy (self->data, data, length);
  self->length = length;
  self->block = value;
  self->state = FLASH_DFU_STATE_DNLOAD_SYNC;
  return TRUE;
}

static gboolean
control_in (FlashTransport *transport, guint8 request_type, guint8 request, guint16 value,
            guint16 index, guint8 *out_data, gsize length, gsize *out_length, guint timeout_ms,
            GError **error)
{
  FlashDfuseFake *self = FLASH_DFUSE_FAKE (transport);

  count (self);
  if (request == FLASH_DFU_REQUEST_UPLOAD) {
    g_assert_true (self->state == FLASH_DFU_STATE_IDLE ||
                   self->state == FLASH_DFU_STATE_UPLOAD_IDLE);
    g_assert_cmpuint (length, >=, 2);
    g_assert_cmpuint (length, <=, self->transfer_size);
    memcpy (out_data, find (self, value, length), length);
    *out_length = length;
    self->state = FLASH_DFU_STATE_UPLOAD_IDLE;
    return TRUE;
  }
  g_assert_cmpuint (request, ==, FLASH_DFU_REQUEST_GETSTATUS);
  if (self->state == FLASH_DFU_STATE_DNLOAD_SYNC) {
    carry_out (self);
    self->state = FLASH_DFU_STATE_DNBUSY;
  } else if (self->state == FLASH_DFU_STATE_DNBUSY) {
    self->state = FLASH_DFU_STATE_DNLOAD_IDLE;
  }
  memset (out_data, 0, length);
  out_data[4] = (guint8) self->state;
  *out_length = length;
  return TRUE;
}

static gboolean
set_alternate (FlashTransport *transport, guint8 interface_number, guint8 alternate,
               guint timeout_ms, GError **error)
{
  return TRUE;
}

static void
close_device (FlashTransport *transport)
{
}

static void
flash_dfuse_fake_finalize (GObject *object)
{
  FlashDfuseFake *self = FLASH_DFUSE_FAKE (object);

  g_free (self->memory);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (flash_dfuse_fake_parent_class)->finalize (object);
}

static void
flash_dfuse_fake_class_init (FlashDfuseFakeClass *klass)
{
  FlashTransportClass *transport_class = FLASH_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_dfuse_fake_finalize;
  transport_class->control_out = control_out;
  transport_class->control_in = control_in;
  transport_class->set_alternate = set_alternate;
  transport_class->close = close_device;
}

static void
flash_dfuse_fake_init (FlashDfuseFake *self)
{
  self->state = FLASH_DFU_STATE_IDLE;
}

FlashDfuseFake *
flash_dfuse_fake_new (FlashDfuseFakeUnit unit, gsize transfer_size, gsize memory_size)
{
  FlashDfuseFake *self = g_object_new (FLASH_TYPE_DFUSE_FAKE, NULL);

  g_assert_cmpuint (transfer_size, <=, MAX_BLOCK);
  self->unit = unit;
  self->transfer_size = transfer_size;
  self->memory = g_malloc0 (memory_size);
  self->memory_size = memory_size;
  return self;
}

guint8 *
flash_dfuse_fake_get_memory (FlashDfuseFake *self)
{
  return self->memory;
}

guint
flash_dfuse_fake_get_n_pointers (FlashDfuseFake *self)
{
  return self->n_pointers;
}

guint
flash_dfuse_fake_get_n_requests (FlashDfuseFake *self)
{
  return self->n_requests;
}

void
flash_dfuse_fake_cancel_at (FlashDfuseFake *self, GCancellable *cancellable, guint at)
{
  g_set_object (&self->cancellable, cancellable);
  self->cancel_at = self->n_requests + at;
}

guint
flash_dfuse_fake_get_state (FlashDfuseFake *self)
{
  return self->state;
}
