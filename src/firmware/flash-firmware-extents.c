/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any. */
#define G_LOG_DOMAIN "flash-firmware-extents"

#include "config.h"

#include "flash-firmware-extents.h"

#include "flash-vectors.h"

/**
 * Writer:
 * @main_head: (nullable): what is held back in the sector of plan->head; goes to the end of the
 * heads
 */
typedef struct {
  FlashFirmwareWork *work;
  gsize block_size;
  FlashFirmwareExtent *main_head;
} Writer;

static const FlashFirmwareSector *
get_sector (const FlashFirmwarePlan *plan, guint index)
{
  return &g_array_index (plan->sectors, FlashFirmwareSector, index);
}

static FlashFirmwareTodo *
get_todo (const FlashFirmwareWork *self, guint index)
{
  return g_ptr_array_index (self->todos, index);
}

static gboolean
is_erased (const guint8 *bytes, gsize length, guint8 erased)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] != erased)
      return FALSE;
  return TRUE;
}

static FlashFirmwareExtent *
extent_new (guint32 address, GBytes *bytes, gsize offset, gsize length)
{
  FlashFirmwareExtent *self = g_new (FlashFirmwareExtent, 1);

  self->address = address;
  self->bytes = g_bytes_new_from_bytes (bytes, offset, length);
  return self;
}

/* Adds what has to be written of @stretch, which begins at @address, from @start to @end; all are
 * multiples of the granule. Erased bytes are written only where leaving them out would cost
 * another block. */
static void
add_extents (const Writer *self, guint32 address, GBytes *stretch, gsize start, gsize end)
{
  const FlashChipTraits *traits = &self->work->plan->traits;
  const guint8 *bytes = g_bytes_get_data (stretch, NULL);
  gsize first = start, behind = start; /* what is not erased: from here to there */

  for (gsize at = start; at < end; at += traits->granule) {
    if (is_erased (bytes + at, traits->granule, traits->erased))
      continue;
    if (behind > first && at - behind >= self->block_size) {
      g_ptr_array_add (self->work->extents,
                       extent_new (address + (guint32) first, stretch, first, behind - first));
      first = at;
    } else if (behind == first) {
      first = at;
    }
    behind = at + traits->granule;
  }
  if (behind > first)
    g_ptr_array_add (self->work->extents,
                     extent_new (address + (guint32) first, stretch, first, behind - first));
}

/* Where the chip starts from, if it is in the same sector, decides even if the image has nothing
 * there: with the neighbours come back the vectors of what starts this image. */
static guint32
find_held_back (const Writer *self, guint index)
{
  const FlashFirmwarePlan *plan = self->work->plan;
  const FlashFirmwareTodo *todo = get_todo (self->work, index);
  const guint8 *bytes = g_bytes_get_data (todo->target, NULL);

  for (guint i = 0; i < plan->starts->len; i++) {
    guint32 start = g_array_index (plan->starts, guint32, i);
    guint64 offset = (guint64) start - todo->sector.address;

    if (start >= todo->sector.address && offset + FLASH_VECTORS_LENGTH <= todo->sector.size &&
        !is_erased (bytes + offset, FLASH_VECTORS_LENGTH, plan->traits.erased))
      return start;
  }
  return get_sector (plan, index)->head;
}

/* Only the granules with the vectors are held back, not the whole block (section 5.2 would): a
 * block is programmed in rising order, and cut off in the middle it would begin with sound vectors.
 *
 * Returns: (transfer full) (nullable): what is held back of a head's sector; @out_end is where it
 * would end if erased bytes at its end were written */
static FlashFirmwareExtent *
make_head (const Writer *self, guint index, gsize *out_start, gsize *out_end)
{
  const FlashChipTraits *traits = &self->work->plan->traits;
  const FlashFirmwareTodo *todo = get_todo (self->work, index);
  const guint8 *bytes = g_bytes_get_data (todo->target, NULL);
  gsize start = find_held_back (self, index) - todo->sector.address;
  gsize end = start + FLASH_VECTORS_LENGTH + traits->granule - 1;

  start -= start % traits->granule;
  end -= end % traits->granule;
  end = MIN (end, todo->sector.size);
  *out_start = start;
  *out_end = end;
  while (end > start && is_erased (bytes + end - traits->granule, traits->granule, traits->erased))
    end -= traits->granule;
  if (end == start)
    return NULL;
  return extent_new (todo->sector.address + (guint32) start, todo->target, start, end - start);
}

/* They are written in the reverse order of erasing: what looks like a program inside of another one
 * is erased behind its vectors and written before them. */
static void
keep_head (Writer *self, guint index, FlashFirmwareExtent *head)
{
  if (head == NULL)
    return;
  if (flash_firmware_plan_holds_head (self->work->plan, &get_todo (self->work, index)->sector))
    self->main_head = head;
  else
    g_ptr_array_insert (self->work->heads, 0, head);
}

/* Adds what has to be written of @stretch, which begins at @address, around the head of a sector in
 * it. The rest of its block is an extent of its own, so that the blocks behind it begin where they
 * would without a head.
 *
 * @from: up to where @stretch was dealt with already
 *
 * Returns: up to where it is now */
static gsize
add_head_extents (Writer *self, guint index, guint32 address, GBytes *stretch, gsize from)
{
  const FlashFirmwareTodo *todo = get_todo (self->work, index);
  gsize offset = todo->sector.address - address, start, end, block_end;

  keep_head (self, index, make_head (self, index, &start, &end));
  block_end = MIN (MAX (end, start + self->block_size), todo->sector.size);
  add_extents (self, address, stretch, from, offset + start);
  add_extents (self, address, stretch, offset + end, offset + block_end);
  return offset + block_end;
}

/* Sectors side by side are written in one go: those of an L0 are smaller than a block. */
static guint
find_stretch_end (const FlashFirmwareWork *self, guint first)
{
  guint end = first + 1;

  while (end < self->todos->len && get_todo (self, end)->target != NULL) {
    const FlashMemorySector *last = &get_todo (self, end - 1)->sector;

    if ((guint64) last->address + last->size != get_todo (self, end)->sector.address)
      break;
    end++;
  }
  return end;
}

static GBytes *
join_targets (const FlashFirmwareWork *self, guint first, guint end)
{
  GByteArray *bytes;

  if (end == first + 1)
    return g_bytes_ref (get_todo (self, first)->target);
  bytes = g_byte_array_new ();
  for (guint i = first; i < end; i++) {
    gsize size;
    const guint8 *part = g_bytes_get_data (get_todo (self, i)->target, &size);

    g_byte_array_append (bytes, part, (guint) size);
  }
  return g_byte_array_free_to_bytes (bytes);
}

void
flash_firmware_extents_make (FlashFirmwareWork *work, gsize block_size)
{
  Writer self = { .work = work, .block_size = block_size };

  g_return_if_fail (work != NULL && block_size > 0);

  for (guint first = 0, end; first < work->todos->len; first = end) {
    guint32 address = get_todo (work, first)->sector.address;
    g_autoptr (GBytes) stretch = NULL;
    gsize done = 0;

    end = first + 1;
    if (get_todo (work, first)->target == NULL)
      continue;
    end = find_stretch_end (work, first);
    stretch = join_targets (work, first, end);
    for (guint i = first; i < end; i++)
      if (get_sector (work->plan, i)->is_head)
        done = add_head_extents (&self, i, address, stretch, done);
    add_extents (&self, address, stretch, done, g_bytes_get_size (stretch));
  }
  if (self.main_head != NULL)
    g_ptr_array_add (work->heads, self.main_head);
}
