/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How U-Boot moves data: one transaction for each setting, one buffer for all of them, and the
 * media behind them (stm32mp-usb.md sections 2.2 to 2.4 and 9.5). What it does badly is done just
 * as badly here. */
#define G_LOG_DOMAIN "flash-sim-uboot-io"

#include "config.h"

#include "flash-sim-uboot-private.h"

#include <string.h>

#define BLOCK 512u
/* stm32mp-usb.md section 1.4.2: what the layout's setting is told to hold. */
#define LAYOUT_WINDOW 0x40000u

void
flash_sim_uboot_drop (FlashSimEntity *entity)
{
  entity->is_open = FALSE;
  entity->next_block = 0;
  entity->n_buffered = 0;
  entity->n_left = 0;
}

static const FlashSimStorage *
get_storage (FlashSimDevice *self, const FlashSimPart *part)
{
  return &self->uboot.setup.storages[part->storage];
}

/* Where the line begins in its memory. */
static guint64
get_base (const FlashSimStorage *storage, const FlashSimPart *part)
{
  if (part->type == FLASH_SIM_PART_RAW_IMAGE || part->hw_partition != 0)
    return 0;
  return storage->target == FLASH_SIM_TARGET_RAM ? part->offset - storage->first : part->offset;
}

static FlashSimBufferType
get_buffer_type (FlashSimDevice *self, const FlashSimEntity *entity)
{
  const FlashSimPart *part = flash_sim_uboot_get_part (self, entity);

  if (entity->kind == FLASH_SIM_ENTITY_LAYOUT)
    return FLASH_SIM_BUFFER_RAM;
  if (part == NULL)
    return FLASH_SIM_BUFFER_VIRTUAL;
  if (flash_sim_storage_is_mtd (get_storage (self, part)))
    return FLASH_SIM_BUFFER_MTD;
  return part->target == FLASH_SIM_TARGET_RAM ? FLASH_SIM_BUFFER_RAM : FLASH_SIM_BUFFER_MMC;
}

/* One erase block for MTD devices, 8 MiB for all others; it keeps its length from one MTD device
 * to the next (section 2.4, trap 3). */
static FlashSimBuffer *
get_buffer (FlashSimDevice *self, const FlashSimEntity *entity)
{
  FlashSimBufferType type = get_buffer_type (self, entity);
  const FlashSimPart *part = flash_sim_uboot_get_part (self, entity);
  gsize length =
      type == FLASH_SIM_BUFFER_MTD ? get_storage (self, part)->unit : FLASH_SIM_BUFFER_LENGTH;

  return flash_sim_device_get_buffer (self, type, length);
}

static void
open_transaction (FlashSimDevice *self, FlashSimEntity *entity)
{
  flash_sim_uboot_drop (entity);
  entity->is_open = TRUE;
  entity->offset = flash_sim_uboot_is_current (self, entity) ? self->uboot.saved_offset : 0;
}

/* --- Writing -------------------------------------------------------------------------------- */

/* Rounded up to whole blocks, with whatever the buffer holds behind the data. */
static gboolean
write_mmc (FlashSimDevice *self, const FlashSimPart *part, guint64 offset,
           const FlashSimBuffer *buffer, gsize length)
{
  const FlashSimStorage *storage = get_storage (self, part);
  guint64 first = offset / BLOCK;
  guint64 n_blocks = (length + BLOCK - 1) / BLOCK;
  guint64 limit = part->size / BLOCK;

  if (first > limit || n_blocks > limit - first) {
    flash_sim_device_print (self, "Request would exceed designated area!");
    return FALSE;
  }
  return flash_sim_media_write (self->media, flash_sim_storage_get_medium (storage, part),
                                get_base (storage, part) + first * BLOCK, buffer->bytes,
                                (gsize) n_blocks * BLOCK);
}

/* What does not start at an erase block is left out without a word (section 2.3). */
static gboolean
write_mtd (FlashSimDevice *self, const FlashSimPart *part, guint64 offset,
           const FlashSimBuffer *buffer, gsize length)
{
  const FlashSimStorage *storage = get_storage (self, part);
  guint64 n_blocks = (length + storage->unit - 1) / storage->unit;
  guint64 limit = part->size / storage->unit;
  guint64 at = get_base (storage, part) + offset;

  if (offset % storage->unit != 0)
    return TRUE;
  if (offset / storage->unit > limit || n_blocks > limit - offset / storage->unit) {
    flash_sim_device_print (self, "Limit reached 0x%" G_GINT64_MODIFIER "x", part->size);
    return FALSE;
  }
  return flash_sim_media_erase (self->media, storage->medium, at, n_blocks * storage->unit) &&
         flash_sim_media_write (self->media, storage->medium, at, buffer->bytes, length);
}

/* Only the start is looked at (section 2.3). */
static gboolean
write_ram (FlashSimDevice *self, const FlashSimEntity *entity, const FlashSimBuffer *buffer,
           gsize length)
{
  const FlashSimPart *part = flash_sim_uboot_get_part (self, entity);
  guint64 base = part != NULL ? get_base (get_storage (self, part), part)
                              : flash_sim_uboot_get_layout_address (self) -
                                    self->config->model->mp.dram_address;

  if (entity->offset >= (part != NULL ? part->size : LAYOUT_WINDOW))
    return FALSE;
  return flash_sim_media_write (self->media, FLASH_SIM_MEDIUM_RAM, base + entity->offset,
                                buffer->bytes, length);
}

static gboolean
write_staging (FlashSimDevice *self, const FlashSimEntity *entity, const FlashSimBuffer *buffer,
               gsize length)
{
  FlashSimUboot *uboot = &self->uboot;

  if (entity->offset > 0)
    return FALSE;
  uboot->n_staged = MIN (length, sizeof uboot->staging);
  memcpy (uboot->staging, buffer->bytes, uboot->n_staged);
  return TRUE;
}

static gboolean
write_out (FlashSimDevice *self, FlashSimEntity *entity, const FlashSimBuffer *buffer)
{
  const FlashSimPart *part = flash_sim_uboot_get_part (self, entity);
  gsize length = MIN (entity->n_buffered, buffer->length);
  gboolean is_written = FALSE;

  switch (buffer->type) {
  case FLASH_SIM_BUFFER_MMC:
    is_written = write_mmc (self, part, entity->offset, buffer, length);
    break;
  case FLASH_SIM_BUFFER_MTD:
    is_written = write_mtd (self, part, entity->offset, buffer, length);
    break;
  case FLASH_SIM_BUFFER_RAM:
    is_written = write_ram (self, entity, buffer, length);
    break;
  case FLASH_SIM_BUFFER_VIRTUAL:
    is_written = write_staging (self, entity, buffer, length);
    break;
  case FLASH_SIM_BUFFER_LOADER:
  case FLASH_SIM_BUFFER_NONE:
    break;
  }
  entity->offset += length;
  entity->n_buffered = 0;
  return is_written;
}

static gboolean
drain (FlashSimDevice *self, FlashSimEntity *entity, const FlashSimBuffer *buffer)
{
  flash_sim_device_charge (self, buffer->type == FLASH_SIM_BUFFER_MTD ? FLASH_SIM_MTD_DRAIN_US
                                                                      : FLASH_SIM_DRAIN_US);
  return write_out (self, entity, buffer);
}

/* Section 1.10: the text is for the current partition only. */
static gboolean
break_off (FlashSimDevice *self, FlashSimEntity *entity, const char *text)
{
  flash_sim_uboot_drop (entity);
  if (flash_sim_uboot_is_current (self, entity))
    flash_sim_uboot_fail (self, "%s", text);
  else
    flash_sim_device_print (self, "%s", text);
  return FALSE;
}

gboolean
flash_sim_uboot_receive (FlashSimDevice *self, FlashSimEntity *entity, guint16 block,
                         const guint8 *data, gsize length)
{
  FlashSimBuffer *buffer = get_buffer (self, entity);

  if (!entity->is_open)
    open_transaction (self, entity);
  if (block != entity->next_block) {
    flash_sim_device_print (self, "Wrong sequence number! [%u] [%u]", entity->next_block, block);
    return break_off (self, entity, "Wrong sequence number");
  }
  entity->next_block++;

  if (entity->kind == FLASH_SIM_ENTITY_PART &&
      flash_sim_device_take_fault (self, FLASH_SIM_FAULT_WRITE_ERROR))
    return break_off (self, entity, "DFU write error");
  if (buffer != NULL && entity->n_buffered + length > buffer->length &&
      !drain (self, entity, buffer))
    return break_off (self, entity, "DFU write error");
  if (buffer == NULL || length > buffer->length ||
      flash_sim_device_take_fault (self, FLASH_SIM_FAULT_BUFFER_OVERFLOW))
    return break_off (self, entity, "Buffer overflow");
  memcpy (buffer->bytes + entity->n_buffered, data, length);
  entity->n_buffered += length;
  if (entity->n_buffered == buffer->length && !drain (self, entity, buffer))
    return break_off (self, entity, "DFU write error");
  return TRUE;
}

/* Section 3.9: `System` on an MTD device is an UBI image; the rest of its partition is erased. */
static gboolean
erase_rest (FlashSimDevice *self, const FlashSimEntity *entity)
{
  const FlashSimPart *part = flash_sim_uboot_get_part (self, entity);
  const FlashSimStorage *storage;
  guint64 start;

  if (part == NULL || part->type != FLASH_SIM_PART_SYSTEM)
    return TRUE;
  storage = get_storage (self, part);
  if (!flash_sim_storage_is_mtd (storage))
    return TRUE;
  start = (entity->offset + storage->unit - 1) / storage->unit * storage->unit;
  if (start >= part->size)
    return TRUE;
  flash_sim_device_charge (self, (gint64) ((part->size - start) / storage->unit) *
                                     FLASH_SIM_MTD_DRAIN_US);
  return flash_sim_media_erase (self->media, storage->medium, part->offset + start,
                                part->size - start);
}

gboolean
flash_sim_uboot_flush (FlashSimDevice *self, FlashSimEntity *entity, guint64 *out_end)
{
  FlashSimBuffer *buffer = get_buffer (self, entity);
  gboolean is_written = buffer != NULL;

  if (entity->kind == FLASH_SIM_ENTITY_PART) {
    flash_sim_device_charge (self, FLASH_SIM_FLUSH_US);
    if (flash_sim_device_take_fault (self, FLASH_SIM_FAULT_FLUSH_ERROR))
      is_written = FALSE;
  }
  if (is_written && entity->n_buffered > 0)
    is_written = write_out (self, entity, buffer);
  is_written = is_written && erase_rest (self, entity);
  *out_end = entity->offset;
  flash_sim_uboot_drop (entity);
  return is_written;
}

/* --- Reading -------------------------------------------------------------------------------- */

static gboolean
open_upload (FlashSimDevice *self, FlashSimEntity *entity)
{
  const FlashSimPart *part = flash_sim_uboot_get_part (self, entity);

  if (part == NULL && entity->kind != FLASH_SIM_ENTITY_LAYOUT &&
      !flash_sim_uboot_stage_answer (self, entity))
    return FALSE;
  open_transaction (self, entity);
  entity->n_left = LAYOUT_WINDOW;
  if (part != NULL)
    entity->n_left = part->size;
  else if (entity->kind != FLASH_SIM_ENTITY_LAYOUT)
    entity->n_left = self->uboot.n_staged;
  return TRUE;
}

static gboolean
read_part (FlashSimDevice *self, const FlashSimEntity *entity, const FlashSimPart *part,
           guint8 *out_data, gsize *length)
{
  const FlashSimStorage *storage = get_storage (self, part);

  /* Section 2.4, trap 5: MTD ends at the limit, mmc with an offset runs into it. */
  if (flash_sim_storage_is_mtd (storage))
    *length =
        entity->offset < part->size ? MIN (*length, (gsize) (part->size - entity->offset)) : 0;
  else if (entity->offset > part->size || *length > part->size - entity->offset)
    return FALSE;
  return flash_sim_media_read (self->media, flash_sim_storage_get_medium (storage, part),
                               get_base (storage, part) + entity->offset, out_data, *length);
}

static gboolean
read_in (FlashSimDevice *self, const FlashSimEntity *entity, guint8 *out_data, gsize *length)
{
  const FlashSimPart *part = flash_sim_uboot_get_part (self, entity);

  if (part != NULL)
    return read_part (self, entity, part, out_data, length);
  if (entity->kind == FLASH_SIM_ENTITY_LAYOUT)
    return flash_sim_media_read (self->media, FLASH_SIM_MEDIUM_RAM,
                                 flash_sim_uboot_get_layout_address (self) -
                                     self->config->model->mp.dram_address + entity->offset,
                                 out_data, *length);
  if (entity->offset > self->uboot.n_staged ||
      *length > self->uboot.n_staged - (gsize) entity->offset)
    return FALSE;
  memcpy (out_data, self->uboot.staging + entity->offset, *length);
  return TRUE;
}

gboolean
flash_sim_uboot_send (FlashSimDevice *self, FlashSimEntity *entity, guint16 block, guint8 *out_data,
                      gsize *out_length)
{
  gsize length;

  /* The buffer changes hands here too: what was in it for another setting is lost. */
  if (get_buffer (self, entity) == NULL || (!entity->is_open && !open_upload (self, entity)) ||
      block != entity->next_block)
    return FALSE;
  length = (gsize) MIN (entity->n_left, FLASH_SIM_UBOOT_TRANSFER);
  if (!read_in (self, entity, out_data, &length))
    return FALSE;
  entity->next_block++;
  entity->offset += length;
  entity->n_left -= length;
  *out_length = length;
  return TRUE;
}
