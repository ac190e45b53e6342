/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-io"

#include "config.h"

#include "flash-mcu-private.h"

/* stm32-dfuse.md section 2.8: a refusal is believed after three tries with pauses. */
#define N_READ_TRIES 3
#define READ_PAUSE_MS 50

FlashDfuse *
flash_mcu_get_dfuse (FlashMcuRun *self)
{
  return flash_mcu_link_get_dfuse (self->link);
}

gsize
flash_mcu_get_block_size (FlashMcuRun *self)
{
  gsize size = flash_dfuse_get_transfer_size (flash_mcu_get_dfuse (self));
  gsize granule = self->traits.granule;

  if (self->job->block_size > 0)
    size = MIN (size, self->job->block_size);
  return MAX (size - size % granule, granule);
}

gboolean
flash_mcu_is_blank (FlashMcuRun *self, const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != self->traits.erased)
      return FALSE;
  return TRUE;
}

/* --- Reading -------------------------------------------------------------------------------- */

static void
note_reading (FlashMcuRun *self, const GError *error, gboolean was_refused)
{
  FlashReading *reading = self->reading;
  FlashDescriptors *descriptors = flash_mcu_link_get_descriptors (self->link);

  if (error == NULL) {
    if (was_refused)
      *reading = FLASH_READING_REFUSED_ONCE;
    else if (*reading != FLASH_READING_REFUSED_ONCE)
      *reading = FLASH_READING_GOOD;
  } else if (g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED)) {
    *reading = FLASH_READING_REFUSED;
  } else if (g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNREADABLE) &&
             *reading != FLASH_READING_GOOD && *reading != FLASH_READING_REFUSED_ONCE) {
    *reading = descriptors->has_functional && (descriptors->attributes & FLASH_DFU_CAN_UPLOAD) == 0
                   ? FLASH_READING_IMPOSSIBLE
                   : FLASH_READING_STALLED;
  }
}

static gboolean
read_block (FlashMcuRun *self, guint32 address, guint8 *out, gsize length, GError **error)
{
  FlashDfuse *dfuse = flash_mcu_get_dfuse (self);
  gboolean was_refused = FALSE;

  for (guint i = 1;; i++) {
    g_autoptr (GError) local_error = NULL;

    if (flash_dfuse_read (dfuse, address, out, length, &local_error)) {
      note_reading (self, NULL, was_refused);
      return TRUE;
    }
    if (i == N_READ_TRIES ||
        !g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED)) {
      note_reading (self, local_error, was_refused);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
    g_debug ("once more: %s", local_error->message);
    was_refused = TRUE;
    if (!flash_clock_wait_ms (self->job->clock, READ_PAUSE_MS, self->cancellable, error) ||
        !flash_dfuse_to_idle (dfuse, error))
      return FALSE;
  }
}

gboolean
flash_mcu_read (FlashMcuRun *self, FlashActivity activity, guint32 address, guint8 *out,
                gsize length, GError **error)
{
  gsize block_size = flash_mcu_get_block_size (self);

  for (gsize at = 0; at < length;) {
    gsize n_bytes = MIN (length - at, block_size);

    if (!read_block (self, (guint32) (address + at), out + at, n_bytes, error))
      return FALSE;
    at += n_bytes;
    flash_mcu_news_advance (&self->news, activity, (guint32) (address + at - 1), n_bytes);
  }
  return TRUE;
}

GBytes *
flash_mcu_read_bytes (FlashMcuRun *self, FlashActivity activity, guint32 address, gsize length,
                      GError **error)
{
  g_autofree guint8 *bytes = g_try_malloc (length);

  if (bytes == NULL) {
    g_set_error (error, FLASH_JOB_ERROR, FLASH_JOB_ERROR_UNSUPPORTED,
                 "%" G_GSIZE_FORMAT " bytes are more than this computer can hold", length);
    return NULL;
  }
  if (!flash_mcu_read (self, activity, address, bytes, length, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

/* --- Writing -------------------------------------------------------------------------------- */

/* Whether the board still talks, so that it can be asked what has become of a block. */
static gboolean
can_ask (const GError *error)
{
  return g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL) ||
         g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_TIMED_OUT) ||
         g_error_matches (error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_IO) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_DEVICE) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNEXPECTED_STATE) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_SHORT_TRANSFER) ||
         g_error_matches (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_BAD_ANSWER);
}

/* After a block that failed: it may be there, or not at all; what is in between can only be
 * erased and written anew. Returns: whether it is there now. */
static gboolean
rescue_block (FlashMcuRun *self, guint32 address, const guint8 *bytes, gsize length,
              const GError *why)
{
  FlashDfuse *dfuse = flash_mcu_get_dfuse (self);
  g_autofree guint8 *found = g_malloc (length);
  g_autoptr (GError) error = NULL;

  if (!can_ask (why) || !flash_mcu_can_read (self))
    return FALSE;
  g_debug ("what has become of 0x%08x: %s", address, why->message);
  if (!flash_dfuse_to_idle (dfuse, &error) ||
      !flash_dfuse_read (dfuse, address, found, length, &error)) {
    g_debug ("it cannot be read: %s", error->message);
    return FALSE;
  }
  if (memcmp (found, bytes, length) == 0)
    return TRUE;
  return flash_mcu_is_blank (self, found, length) &&
         flash_dfuse_write (dfuse, address, bytes, length, NULL);
}

gboolean
flash_mcu_write (FlashMcuRun *self, guint32 address, GBytes *bytes, GError **error)
{
  gsize block_size = flash_mcu_get_block_size (self), length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  for (gsize at = 0; at < length;) {
    gsize n_bytes = MIN (length - at, block_size);
    guint32 block_address = (guint32) (address + at);
    g_autoptr (GError) local_error = NULL;

    if (!flash_dfuse_write (flash_mcu_get_dfuse (self), block_address, data + at, n_bytes,
                            &local_error) &&
        !rescue_block (self, block_address, data + at, n_bytes, local_error))
      return flash_mcu_fail_request (self, FLASH_JOB_ERROR_WRITE_FAILED, block_address,
                                     g_steal_pointer (&local_error), error);
    at += n_bytes;
    self->result->bytes_written += n_bytes;
    flash_mcu_news_advance (&self->news, FLASH_ACTIVITY_SENDING, (guint32) (address + at - 1),
                            n_bytes);
  }
  return TRUE;
}

gboolean
flash_mcu_erase_sector (FlashMcuRun *self, const FlashMemorySector *sector, GError **error)
{
  gboolean was_touched = self->is_touched;
  g_autoptr (GError) local_error = NULL;

  self->is_touched = TRUE;
  if (flash_dfuse_erase (flash_mcu_get_dfuse (self), sector->address, sector->size, &local_error)) {
    self->result->n_erased++;
    flash_mcu_news_advance (&self->news, FLASH_ACTIVITY_ERASING, sector->address, sector->size);
    return TRUE;
  }
  /* A loader that says no has done nothing. */
  if (g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_PROTECTED) ||
      g_error_matches (local_error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_TARGET))
    self->is_touched = was_touched;
  return flash_mcu_fail_request (self, FLASH_JOB_ERROR_ERASE_FAILED, sector->address,
                                 g_steal_pointer (&local_error), error);
}
