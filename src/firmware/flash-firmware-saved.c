/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any. */
#define G_LOG_DOMAIN "flash-firmware-saved"

#include "config.h"

#include "flash-firmware-saved.h"

#include "flash-vectors.h"

#include <string.h>

static const FlashFirmwareSector *
get_sector (const FlashFirmwarePlan *plan, guint index)
{
  return &g_array_index (plan->sectors, FlashFirmwareSector, index);
}

/* Returns: whether there are vectors at @address, which need not lead into that sector */
static gboolean
has_vectors (const FlashMemorySector *sector, GBytes *bytes, guint32 address)
{
  g_autoptr (FlashImage) image = flash_image_new_for_bytes (sector->address, bytes);
  FlashVectors vectors;

  return flash_vectors_read (flash_image_find_target (image, 0), address, &vectors) &&
         !vectors.is_blank && vectors.is_stack_in_ram && vectors.is_reset_odd;
}

/* Returns: whether a chip that holds @now has vectors where a try would have held them back: at its
 * start, if those are neighbours that it writes back, or at the image's head */
static gboolean
can_start (const FlashFirmwarePlan *plan, const FlashMemorySector *sector, GBytes *now,
           GBytes *saved)
{
  gboolean starts_from_neighbours = saved != NULL && has_vectors (sector, saved, plan->start);

  return has_vectors (sector, now, starts_from_neighbours ? plan->start : plan->head);
}

/* Marks what the image has for the sector. */
static void
mark_covered (const FlashFirmwarePlan *plan, const FlashMemorySector *sector, guint8 *is_covered)
{
  for (guint i = 0; i < plan->segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (plan->segments, i);
    guint64 segment_end = (guint64) segment->address + g_bytes_get_size (segment->bytes);
    guint64 start = MAX (segment->address, sector->address);
    guint64 end = MIN (segment_end, (guint64) sector->address + sector->size);

    if (start < end)
      memset (is_covered + (start - sector->address), 1, (gsize) (end - start));
  }
}

static gboolean
has_other_neighbours (const FlashFirmwarePlan *plan, const FlashMemorySector *sector, GBytes *now,
                      GBytes *saved)
{
  g_autofree guint8 *is_covered = g_malloc0 (sector->size);
  const guint8 *held = g_bytes_get_data (now, NULL);
  const guint8 *kept = g_bytes_get_data (saved, NULL);

  mark_covered (plan, sector, is_covered);
  for (gsize i = 0; i < sector->size; i++)
    if (!is_covered[i] && held[i] != kept[i])
      return TRUE;
  return FALSE;
}

static gboolean
are_of_plan (const FlashFirmwarePlan *plan, const GPtrArray *contents)
{
  if (contents == NULL || contents->len != plan->sectors->len)
    return FALSE;
  for (guint i = 0; i < contents->len; i++)
    if (contents->pdata[i] != NULL &&
        g_bytes_get_size (contents->pdata[i]) != get_sector (plan, i)->sector.size)
      return FALSE;
  return TRUE;
}

gint
flash_firmware_saved_find_stale (const FlashFirmwarePlan *plan, GPtrArray *now, GPtrArray *saved)
{
  gboolean is_startable = FALSE;

  g_return_val_if_fail (plan != NULL && are_of_plan (plan, now) && are_of_plan (plan, saved), -1);

  for (guint i = 0; i < now->len; i++)
    if (flash_firmware_plan_holds_head (plan, &get_sector (plan, i)->sector) &&
        now->pdata[i] != NULL)
      is_startable =
          can_start (plan, &get_sector (plan, i)->sector, now->pdata[i], saved->pdata[i]);
  for (guint i = 0; is_startable && i < now->len; i++)
    if (now->pdata[i] != NULL && saved->pdata[i] != NULL &&
        has_other_neighbours (plan, &get_sector (plan, i)->sector, now->pdata[i], saved->pdata[i]))
      return (gint) i;
  return -1;
}
