/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks: which number, which pointer, and when a new one (stm32-dfuse.md section 2.4). */
#define G_LOG_DOMAIN "flash-dfuse-data"

#include "config.h"

#include "flash-dfuse.h"

#include "flash-dfuse-private.h"

/* A number has 16 bits. */
#define LAST_BLOCK 0xffff
#define ADDRESS_END (G_GUINT64_CONSTANT (1) << 32)
/* An old ROM refuses to read less (section 2.4). */
#define MIN_READ_LENGTH 2
/* More than any loader lists. */
#define COMMANDS_LENGTH 64

static const FlashDfuPatience patience = { FLASH_DFUSE_SHORT_MS, FLASH_DFUSE_SHORT_MS };

typedef struct {
  guint32 address;
  guint8 *out; /* for reading */
  const guint8 *bytes; /* for writing */
  gsize length;
} Block;

/* Whether @block may follow without a new pointer: only full blocks, counted in a size that both
 * sides know, mean the same to every loader (section 2.4). */
static gboolean
continues (FlashDfuse *self, FlashDfuseMode mode, const Block *block)
{
  return self->mode == mode && self->run_block != 0 && self->run_block <= LAST_BLOCK &&
         self->run_address == block->address && block->length == self->quirks.transfer_size;
}

static void
note_block (FlashDfuse *self, FlashDfuseMode mode, const Block *block, guint number)
{
  self->mode = mode;
  self->run_block = 0;
  if (block->length != self->quirks.transfer_size || !self->is_unit_known)
    return;
  self->run_address = (guint64) block->address + block->length;
  self->run_block = number + 1;
}

/* A refused or empty UPLOAD, and what the device has to say about it. */
static gboolean
refuse_upload (FlashDfuse *self, const Block *block, gsize n_bytes, GError **error)
{
  FlashDfuStatus status;

  if (!flash_dfu_wire_get_status (&self->wire, FLASH_DFU_CONTROL_MS, &status, error))
    return FALSE;
  if (status.code == FLASH_DFU_STATUS_ERR_VENDOR || status.code == FLASH_DFU_STATUS_ERR_TARGET ||
      status.code == FLASH_DFU_STATUS_ERR_ADDRESS)
    flash_dfu_wire_set_error (&self->wire, &status, "after a read", error);
  else if (n_bytes > 0)
    g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_SHORT_TRANSFER,
                 "the board sent %" G_GSIZE_FORMAT " bytes from 0x%08x, expected %" G_GSIZE_FORMAT,
                 n_bytes, block->address, block->length);
  else
    g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNREADABLE,
                 "the board refuses to read at 0x%08x: %s in state %s (%u)", block->address,
                 flash_dfu_status_code_get_name (status.code),
                 flash_dfu_state_get_name (status.state), status.raw_state);
  return FALSE;
}

static gboolean
try_read_block (FlashDfuse *self, gconstpointer data, GError **error)
{
  const Block *block = data;
  guint number = self->run_block;
  g_autoptr (GError) local_error = NULL;
  gsize length = 0;

  if (!continues (self, FLASH_DFUSE_MODE_READ, block)) {
    /* The pointer leaves it in dfuDNLOAD-IDLE, where reading is not allowed (fact 9). */
    if (!flash_dfuse_set_address (self, block->address, error) ||
        !flash_dfuse_go_idle (self, error))
      return FALSE;
    number = FLASH_DFUSE_FIRST_BLOCK;
  }
  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  if (!flash_dfu_wire_upload (&self->wire, (guint16) number, block->out, block->length, &length,
                              FLASH_DFUSE_SHORT_MS, &local_error)) {
    if (g_error_matches (local_error, FLASH_TRANSPORT_ERROR, FLASH_TRANSPORT_ERROR_STALL))
      return refuse_upload (self, block, 0, error);
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (length < block->length)
    return refuse_upload (self, block, length, error);
  note_block (self, FLASH_DFUSE_MODE_READ, block, number);
  return TRUE;
}

/* A single byte comes with a neighbour: at the end of a run the one that was just read, otherwise
 * the other one of its half word, which no memory ends in the middle of. */
static gboolean
read_byte (FlashDfuse *self, guint32 address, gboolean is_tail, guint8 *out, GError **error)
{
  guint8 bytes[MIN_READ_LENGTH];
  const Block block = { .address = is_tail ? address - 1 : address & ~1u,
                        .out = bytes,
                        .length = sizeof bytes };

  if (!flash_dfuse_attempt_twice (self, try_read_block, &block, error))
    return FALSE;
  *out = bytes[address - block.address];
  return TRUE;
}

static gboolean
read_block (FlashDfuse *self, const Block *block, gboolean is_first, GError **error)
{
  if (block->length < MIN_READ_LENGTH)
    return read_byte (self, block->address, !is_first, block->out, error);
  return flash_dfuse_attempt_twice (self, try_read_block, block, error);
}

static gboolean
write_block (FlashDfuse *self, const Block *block, GError **error)
{
  guint number = self->run_block;

  if (!continues (self, FLASH_DFUSE_MODE_WRITE, block)) {
    if (!flash_dfuse_set_address (self, block->address, error))
      return FALSE;
    number = FLASH_DFUSE_FIRST_BLOCK;
  }
  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  if (!flash_dfu_wire_send (&self->wire, FLASH_DFU_REQUEST_DNLOAD, (guint16) number, block->bytes,
                            block->length, FLASH_DFUSE_SHORT_MS, error)) {
    flash_dfu_wire_explain (&self->wire, "after data was sent", error);
    return FALSE;
  }
  if (!flash_dfuse_finish_download (self, &patience, "after data was sent", error))
    return FALSE;
  note_block (self, FLASH_DFUSE_MODE_WRITE, block, number);
  return TRUE;
}

static gboolean
check_range (guint32 address, gsize length, GError **error)
{
  if (length <= ADDRESS_END - address)
    return TRUE;
  g_set_error (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_TARGET,
               "0x%08x and %" G_GSIZE_FORMAT " bytes end beyond 32 bits", address, length);
  return FALSE;
}

gboolean
flash_dfuse_read (FlashDfuse *self, guint32 address, guint8 *out, gsize length, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean is_done = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (out != NULL || length == 0, FALSE);

  if (!check_range (address, length, error))
    return FALSE;
  if (!self->can_upload) {
    g_set_error_literal (error, FLASH_DFU_ERROR, FLASH_DFU_ERROR_UNREADABLE,
                         "the boot loader says that it cannot read");
    return FALSE;
  }
  for (gsize at = 0; is_done && at < length;) {
    Block block = { .address = (guint32) (address + at), .out = out + at };

    block.length = MIN (length - at, self->quirks.transfer_size);
    is_done =
        flash_dfuse_check (self, &local_error) && read_block (self, &block, at == 0, &local_error);
    at += block.length;
  }
  if (is_done)
    return TRUE;
  flash_dfuse_end (self, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
flash_dfuse_write (FlashDfuse *self, guint32 address, const guint8 *bytes, gsize length,
                   GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gboolean is_done = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (bytes != NULL || length == 0, FALSE);

  if (!check_range (address, length, error))
    return FALSE;
  for (gsize at = 0; is_done && at < length;) {
    Block block = { .address = (guint32) (address + at), .bytes = bytes + at };

    block.length = MIN (length - at, self->quirks.transfer_size);
    is_done = flash_dfuse_check (self, &local_error) && write_block (self, &block, &local_error);
    at += block.length;
  }
  if (is_done)
    return TRUE;
  flash_dfuse_end (self, local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

GBytes *
flash_dfuse_dup_commands (FlashDfuse *self)
{
  g_autoptr (GError) error = NULL;
  guint8 bytes[COMMANDS_LENGTH];
  gsize length = 0;

  g_return_val_if_fail (self != NULL, NULL);

  if (!self->can_upload)
    return NULL;
  if (!flash_dfuse_check (self, &error) || !flash_dfuse_go_idle (self, &error) ||
      !flash_dfu_wire_upload (&self->wire, FLASH_DFUSE_COMMAND_BLOCK, bytes, sizeof bytes, &length,
                              FLASH_DFUSE_SHORT_MS, &error)) {
    g_debug ("no list of commands: %s", error->message);
    flash_dfuse_end (self, error);
    return NULL;
  }
  /* A short answer ends in dfuIDLE with one, and in dfuUPLOAD-IDLE with another. */
  self->mode = FLASH_DFUSE_MODE_UNKNOWN;
  return length > 0 ? g_bytes_new (bytes, length) : NULL;
}
