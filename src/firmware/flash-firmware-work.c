/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-firmware-work"

#include "config.h"

#include "flash-firmware-work.h"

#include "flash-firmware-extents.h"
#include "flash-text.h"

#include <string.h>

GQuark
flash_firmware_work_error_quark (void)
{
  return g_quark_from_static_string ("flash-firmware-work-error-quark");
}

FlashFirmwareWork *
flash_firmware_work_ref (FlashFirmwareWork *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
todo_free (gpointer data)
{
  FlashFirmwareTodo *self = data;

  g_clear_pointer (&self->target, g_bytes_unref);
  g_free (self);
}

static void
extent_free (gpointer data)
{
  FlashFirmwareExtent *self = data;

  g_bytes_unref (self->bytes);
  g_free (self);
}

void
flash_firmware_work_unref (FlashFirmwareWork *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  flash_firmware_plan_unref (self->plan);
  g_ptr_array_unref (self->todos);
  g_array_unref (self->erase_order);
  g_ptr_array_unref (self->extents);
  g_ptr_array_unref (self->heads);
  g_free (self);
}

static FlashFirmwareWork *
work_new (FlashFirmwarePlan *plan)
{
  FlashFirmwareWork *self = g_new0 (FlashFirmwareWork, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->plan = flash_firmware_plan_ref (plan);
  self->todos = g_ptr_array_new_with_free_func (todo_free);
  self->erase_order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->extents = g_ptr_array_new_with_free_func (extent_free);
  self->heads = g_ptr_array_new_with_free_func (extent_free);
  return self;
}

/* --- what each sector shall hold ---------------------------------------------------------- */

typedef struct {
  FlashFirmwareWork *work;
  GPtrArray *before; /* (element-type GBytes) */
  const gboolean *unfinished; /* (nullable): for each sector */
  gboolean changed_only;
  FlashNeighbours neighbours;
  guint next_segment; /* the first one that does not end before the sector */
  guint next_own;
  gboolean is_any_written;
} Maker;

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

static GBytes *
get_before (const Maker *self, guint index)
{
  return index < self->before->len ? g_ptr_array_index (self->before, index) : NULL;
}

static gboolean
is_unfinished (const Maker *self, guint index)
{
  return self->unfinished != NULL && self->unfinished[index];
}

/* Lays what the segments have for the sector over @bytes and marks in @mask, if that is wanted,
 * what they cover. */
static void
overlay (const GPtrArray *segments, guint *next, const FlashMemorySector *sector, guint8 *bytes,
         guint8 *mask)
{
  guint64 sector_end = (guint64) sector->address + sector->size;

  for (guint i = *next; i < segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (segments, i);
    gsize size;
    const guint8 *from = g_bytes_get_data (segment->bytes, &size);
    guint64 start = MAX (segment->address, sector->address);
    guint64 end = MIN ((guint64) segment->address + size, sector_end);

    if (segment->address >= sector_end)
      return;
    if (start < end) {
      memcpy (bytes + (start - sector->address), from + (start - segment->address), end - start);
      memset (mask + (start - sector->address), 1, end - start);
    }
    if ((guint64) segment->address + size <= sector_end)
      *next = i + 1;
  }
}

static gboolean
set_shared_error (const FlashMemorySector *sector, GError **error)
{
  g_autofree char *address = flash_text_address (sector->address);

  g_set_error (error, FLASH_FIRMWARE_WORK_ERROR, FLASH_FIRMWARE_WORK_ERROR_SHARED,
               "the image covers the sector at %s only partly, and it is not known what else it "
               "holds",
               address);
  return FALSE;
}

/* stm32-dfuse.md section 5.4: what a boot loader keeps for itself is never erased; if the image
 * has the same bytes there, all is well. */
static gboolean
check_own (Maker *self, const FlashMemorySector *sector, GBytes *before, GError **error)
{
  g_autofree char *address = flash_text_address (sector->address);
  g_autofree guint8 *bytes = NULL;
  g_autofree guint8 *mask = g_malloc0 (sector->size);
  gsize size;
  const guint8 *held;

  if (before == NULL) {
    g_set_error (error, FLASH_FIRMWARE_WORK_ERROR, FLASH_FIRMWARE_WORK_ERROR_LOADER,
                 "the image has bytes for the boot loader's own sector at %s, and it is not known "
                 "what that holds",
                 address);
    return FALSE;
  }
  held = g_bytes_get_data (before, &size);
  bytes = g_memdup2 (held, size);
  overlay (self->work->plan->own_segments, &self->next_own, sector, bytes, mask);
  if (memcmp (bytes, held, size) == 0)
    return TRUE;
  g_set_error (error, FLASH_FIRMWARE_WORK_ERROR, FLASH_FIRMWARE_WORK_ERROR_LOADER,
               "the image has other bytes for the boot loader's own sector at %s", address);
  return FALSE;
}

static void
count_neighbours (const Maker *self, FlashFirmwareTodo *todo, const guint8 *held,
                  const guint8 *mask)
{
  guint8 erased = self->work->plan->traits.erased;
  guint32 n_neighbours = 0;

  for (gsize i = 0; i < todo->sector.size; i++)
    n_neighbours += !mask[i] && (held == NULL || held[i] != erased);
  if (self->neighbours == FLASH_NEIGHBOURS_KEEP)
    todo->n_kept = n_neighbours;
  else
    todo->n_lost = n_neighbours;
}

static gboolean
holds_already (const guint8 *held, const guint8 *bytes, const guint8 *mask, gsize size)
{
  for (gsize i = 0; held != NULL && i < size; i++)
    if (mask[i] && held[i] != bytes[i])
      return FALSE;
  return held != NULL;
}

static void
make_target (Maker *self, guint index, FlashFirmwareTodo *todo, gboolean *out_is_right)
{
  GBytes *before = get_before (self, index);
  const guint8 *held = before != NULL ? g_bytes_get_data (before, NULL) : NULL;
  guint32 size = todo->sector.size;
  g_autofree guint8 *bytes = NULL;
  g_autofree guint8 *mask = g_malloc0 (size);

  if (held != NULL && self->neighbours == FLASH_NEIGHBOURS_KEEP) {
    bytes = g_memdup2 (held, size);
  } else {
    bytes = g_malloc (size);
    memset (bytes, self->work->plan->traits.erased, size);
  }
  overlay (self->work->plan->segments, &self->next_segment, &todo->sector, bytes, mask);
  count_neighbours (self, todo, held, mask);
  *out_is_right = holds_already (held, bytes, mask, size);
  todo->target = g_bytes_new_take (g_steal_pointer (&bytes), size);
}

static void
leave_alone (FlashFirmwareWork *self, FlashFirmwareTodo *todo)
{
  g_clear_pointer (&todo->target, g_bytes_unref);
  todo->n_kept = 0;
  todo->n_lost = 0;
  self->n_unchanged++;
}

static gboolean
add_todo (Maker *self, guint index, GError **error)
{
  const FlashFirmwareSector *touched = get_sector (self->work->plan, index);
  FlashFirmwareTodo *todo = g_new0 (FlashFirmwareTodo, 1);
  GBytes *before = get_before (self, index);
  gboolean is_right;

  todo->sector = touched->sector;
  g_ptr_array_add (self->work->todos, todo);
  if (touched->is_own) {
    self->work->n_unchanged++;
    return check_own (self, &todo->sector, before, error);
  }
  if (before == NULL && touched->n_covered < touched->sector.size &&
      self->neighbours == FLASH_NEIGHBOURS_KEEP)
    return set_shared_error (&touched->sector, error);

  make_target (self, index, todo, &is_right);
  if (!self->changed_only || !is_right || is_unfinished (self, index))
    self->is_any_written = TRUE;
  else if (!touched->is_head)
    leave_alone (self->work, todo);
  return TRUE;
}

/* Adds those that are erased and have a head, or have none. */
static void
add_to_erase_order (FlashFirmwareWork *self, gboolean is_head)
{
  for (guint i = 0; i < self->todos->len; i++)
    if (get_todo (self, i)->target != NULL && get_sector (self->plan, i)->is_head == is_head &&
        !flash_firmware_plan_holds_head (self->plan, &get_todo (self, i)->sector))
      g_array_append_val (self->erase_order, i);
}

/* stm32-dfuse.md section 5.2: the vectors go first, and also if they would not change: else the
 * old ones would start half an image. That holds for each head, wherever the change is: where one
 * program ends and the next begins cannot be told from the bytes, and the programs of one file
 * belong together, so that one of them among others of another version is half an image too. */
static gboolean
make_todos (Maker *self, GError **error)
{
  FlashFirmwareWork *work = self->work;

  for (guint i = 0; i < work->plan->sectors->len; i++)
    if (!add_todo (self, i, error))
      return FALSE;
  for (guint i = 0; i < work->todos->len; i++) {
    if (!self->is_any_written && get_todo (work, i)->target != NULL)
      leave_alone (work, get_todo (work, i));
    else if (self->is_any_written &&
             flash_firmware_plan_holds_head (work->plan, &get_todo (work, i)->sector))
      g_array_append_val (work->erase_order, i);
  }
  add_to_erase_order (work, TRUE);
  add_to_erase_order (work, FALSE);
  return TRUE;
}

FlashFirmwareWork *
flash_firmware_work_new (FlashFirmwarePlan *plan, GPtrArray *before, gboolean changed_only,
                         FlashNeighbours neighbours, gsize block_size, GError **error)
{
  return flash_firmware_work_new_continued (plan, before, NULL, changed_only, neighbours,
                                            block_size, error);
}

FlashFirmwareWork *
flash_firmware_work_new_continued (FlashFirmwarePlan *plan, GPtrArray *before,
                                   const gboolean *unfinished, gboolean changed_only,
                                   FlashNeighbours neighbours, gsize block_size, GError **error)
{
  g_autoptr (FlashFirmwareWork) work = NULL;
  Maker maker = { .before = before,
                  .unfinished = unfinished,
                  .changed_only = changed_only,
                  .neighbours = neighbours };
  gsize granule;

  g_return_val_if_fail (plan != NULL && flash_firmware_plan_is_usable (plan), NULL);
  g_return_val_if_fail (before != NULL && before->len == plan->sectors->len, NULL);
  g_return_val_if_fail (block_size > 0, NULL);
  for (guint i = 0; i < before->len; i++)
    g_return_val_if_fail (before->pdata[i] == NULL || g_bytes_get_size (before->pdata[i]) ==
                                                          get_sector (plan, i)->sector.size,
                          NULL);

  /* A granule is never written in two goes (section 5.2). */
  granule = plan->traits.granule;
  block_size = MAX (block_size - block_size % granule, granule);
  maker.work = work = work_new (plan);
  if (!make_todos (&maker, error))
    return NULL;
  if (maker.is_any_written)
    flash_firmware_extents_make (work, block_size);
  return g_steal_pointer (&work);
}

guint64
flash_firmware_work_get_size (const FlashFirmwareWork *self)
{
  guint64 size = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->extents->len; i++) {
    const FlashFirmwareExtent *extent = g_ptr_array_index (self->extents, i);

    size += g_bytes_get_size (extent->bytes);
  }
  for (guint i = 0; i < self->heads->len; i++) {
    const FlashFirmwareExtent *head = g_ptr_array_index (self->heads, i);

    size += g_bytes_get_size (head->bytes);
  }
  return size;
}

/* Returns: (transfer none) (nullable): the one of the heads that lies in that sector */
static const FlashFirmwareExtent *
find_head (const FlashFirmwareWork *self, const FlashMemorySector *sector)
{
  for (guint i = 0; i < self->heads->len; i++) {
    const FlashFirmwareExtent *head = g_ptr_array_index (self->heads, i);

    if (head->address >= sector->address && head->address - sector->address < sector->size)
      return head;
  }
  return NULL;
}

gboolean
flash_firmware_work_has_head (const FlashFirmwareWork *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->todos->len, FALSE);

  return find_head (self, &get_todo (self, index)->sector) != NULL;
}

GBytes *
flash_firmware_work_dup_body (const FlashFirmwareWork *self, guint index)
{
  const FlashFirmwareTodo *todo;
  const FlashFirmwareExtent *head;
  g_autofree guint8 *bytes = NULL;

  g_return_val_if_fail (self != NULL && index < self->todos->len, NULL);

  todo = get_todo (self, index);
  head = find_head (self, &todo->sector);
  if (todo->target == NULL || head == NULL)
    return todo->target != NULL ? g_bytes_ref (todo->target) : NULL;
  bytes = g_memdup2 (g_bytes_get_data (todo->target, NULL), todo->sector.size);
  memset (bytes + (head->address - todo->sector.address), self->plan->traits.erased,
          g_bytes_get_size (head->bytes));
  return g_bytes_new_take (g_steal_pointer (&bytes), todo->sector.size);
}
