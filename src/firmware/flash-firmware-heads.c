/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any. */
#define G_LOG_DOMAIN "flash-firmware-heads"

#include "config.h"

#include "flash-firmware-heads.h"

#include "flash-vectors.h"

static gint
compare_addresses (gconstpointer a, gconstpointer b)
{
  guint32 first = *(const guint32 *) a, second = *(const guint32 *) b;

  return first < second ? -1 : first > second;
}

/* Of all chips that fit: one program too many that is held back does no harm. */
GArray *
flash_firmware_heads_list_starts (guint32 start, const GPtrArray *chips)
{
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (guint32));
  GArray *starts = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_return_val_if_fail (chips != NULL, starts);

  for (guint i = 0; i < chips->len; i++) {
    const GArray *more = ((const FlashChip *) g_ptr_array_index (chips, i))->boot_starts;

    if (more != NULL)
      g_array_append_vals (others, more->data, more->len);
  }
  g_array_sort (others, compare_addresses);
  g_array_append_val (starts, start);
  for (guint i = 0; i < others->len; i++) {
    guint32 other = g_array_index (others, guint32, i);

    if (other != start && other != g_array_index (starts, guint32, starts->len - 1))
      g_array_append_val (starts, other);
  }
  return starts;
}

static gboolean
lies_in (guint32 address, const FlashMemorySector *sector)
{
  return address >= sector->address && address - sector->address < sector->size;
}

static gboolean
has_sound_vectors (const FlashImage *image, guint32 address)
{
  for (guint i = 0; i < image->targets->len; i++) {
    FlashVectors vectors;

    if (flash_vectors_read (g_ptr_array_index (image->targets, i), address, &vectors) &&
        flash_vectors_are_sound (&vectors))
      return TRUE;
  }
  return FALSE;
}

/* Returns: whether a program begins in @sector, other than the main one */
static gboolean
find_other_head (const FlashFirmwarePlan *self, const FlashImage *image,
                 const FlashMemorySector *sector, guint32 *out_head)
{
  for (guint i = 0; i < self->starts->len; i++) {
    guint32 start = g_array_index (self->starts, guint32, i);

    if (lies_in (start, sector)) {
      *out_head = start;
      return TRUE;
    }
  }
  *out_head = sector->address;
  return has_sound_vectors (image, sector->address);
}

/* Each core of a chip with two starts a program of its own (stm32-dfuse.md section 4.6, item 5),
 * and whatever the image makes begin like a program may be started too: by a boot loader in the
 * image, by option bytes, or by the other bank after they were swapped. Bytes that look like that
 * by chance only cost that their sector is written as well. */
void
flash_firmware_heads_find (FlashFirmwarePlan *self, const FlashImage *image)
{
  const FlashImageSegment *lowest;

  g_return_if_fail (self != NULL && image != NULL && self->segments->len > 0);

  /* No segment is below the first sector that may be written. */
  lowest = g_ptr_array_index (self->segments, 0);
  self->head = lowest->address;
  for (guint i = 0; i < self->sectors->len; i++) {
    FlashFirmwareSector *touched = &g_array_index (self->sectors, FlashFirmwareSector, i);

    if (touched->is_own)
      continue;
    if (flash_firmware_plan_holds_head (self, &touched->sector)) {
      touched->is_head = TRUE;
      touched->head = self->head;
    } else if (find_other_head (self, image, &touched->sector, &touched->head)) {
      touched->is_head = TRUE;
    }
  }
}
