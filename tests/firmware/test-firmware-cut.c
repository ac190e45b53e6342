/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random images over random chips with random contents, carried out on a small model of a flash
 * that can lose its power after every erasure and every granule. The model knows nothing of how the
 * work was made; what should come out is computed here once more, byte by byte. */
#include "config.h"

#include "flash-cut-model.h"

#include <string.h>

#define N_CASES 3000u

static const FlashFirmwareSector *
get_sector (const FlashCutModel *self, guint index)
{
  return &g_array_index (self->plan->sectors, FlashFirmwareSector, index);
}

static guint
count_covered (const FlashCutModel *self, const FlashMemorySector *sector)
{
  guint n_covered = 0;

  for (guint i = 0; i < sector->size; i++)
    n_covered += (self->marks[sector->address - FLASH_CUT_BASE + i] & FLASH_CUT_COVERED) != 0;
  return n_covered;
}

static gboolean
is_right_already (const FlashCutModel *self, const FlashMemorySector *sector)
{
  for (guint i = sector->address - FLASH_CUT_BASE;
       i < sector->address - FLASH_CUT_BASE + sector->size; i++)
    if ((self->marks[i] & FLASH_CUT_COVERED) != 0 && self->old[i] != self->wanted[i])
      return FALSE;
  return TRUE;
}

static void
make_before (FlashCutModel *self)
{
  self->before = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  for (guint i = 0; i < self->plan->sectors->len; i++) {
    const FlashMemorySector *sector = &get_sector (self, i)->sector;
    gboolean is_known = flash_cut_model_roll (self, 40) > 0;

    g_assert_cmpuint (i, <, FLASH_CUT_MAX_SECTORS);

    g_ptr_array_add (
        self->before,
        is_known ? g_bytes_new (self->old + (sector->address - FLASH_CUT_BASE), sector->size)
                 : NULL);
    self->unfinished[i] = flash_cut_model_roll (self, 20) == 0;
  }
}

/* --- what should come of it --------------------------------------------------------------- */

/* Returns: whether it may be done at all */
static gboolean
expect (FlashCutModel *self, FlashFirmwareWorkError *out_error)
{
  gboolean is_any = FALSE;

  memcpy (self->new, self->old, FLASH_CUT_SPACE);
  for (guint i = 0; i < self->plan->sectors->len; i++) {
    const FlashFirmwareSector *touched = get_sector (self, i);
    gboolean is_known = self->before->pdata[i] != NULL;
    gboolean is_right = is_known && is_right_already (self, &touched->sector);
    gboolean is_left = is_right && self->changed_only && !self->unfinished[i];

    FLASH_CUT_CHECK (self, touched->n_covered == count_covered (self, &touched->sector));
    if (touched->is_own && !is_right) {
      *out_error = FLASH_FIRMWARE_WORK_ERROR_LOADER;
      return FALSE;
    }
    if (!touched->is_own && !is_known && touched->n_covered < touched->sector.size &&
        self->neighbours == FLASH_NEIGHBOURS_KEEP) {
      *out_error = FLASH_FIRMWARE_WORK_ERROR_SHARED;
      return FALSE;
    }
    is_any = is_any || (!touched->is_own && !is_left);
  }
  for (guint i = 0; i < self->plan->sectors->len && is_any; i++) {
    const FlashFirmwareSector *touched = get_sector (self, i);
    gboolean is_left = self->changed_only && self->before->pdata[i] != NULL &&
                       is_right_already (self, &touched->sector) && !touched->is_head &&
                       !self->unfinished[i];

    for (guint j = 0; j < touched->sector.size && !touched->is_own && !is_left; j++) {
      guint at = touched->sector.address - FLASH_CUT_BASE + j;

      if ((self->marks[at] & FLASH_CUT_COVERED) != 0)
        self->new[at] = self->wanted[at];
      else if (self->neighbours == FLASH_NEIGHBOURS_ERASE)
        self->new[at] = self->chip.chip.erased;
    }
  }
  return TRUE;
}

/* --- the flash ---------------------------------------------------------------------------- */

/* Returns: whether the flash is as in @all, but for sectors with other programs that begin before
 * the @first-th sector of the plan */
static gboolean
is_whole (const FlashCutModel *self, const guint8 *all, guint first)
{
  guint8 seen[FLASH_CUT_SPACE];

  memcpy (seen, self->flash, FLASH_CUT_SPACE);
  for (guint i = 0; i < first; i++) {
    const FlashMemorySector *sector = &get_sector (self, i)->sector;

    if (self->places[i] != FLASH_CUT_NOWHERE)
      memcpy (seen + (sector->address - FLASH_CUT_BASE), all + (sector->address - FLASH_CUT_BASE),
              sector->size);
  }
  return memcmp (seen, all, FLASH_CUT_SPACE) == 0;
}

/* A chip that starts now must find all of the old, or all of the new: the main program everything,
 * another one whatever does not belong to a program before it. */
static void
check_cut (FlashCutModel *self)
{
  for (guint i = 0; i < self->plan->sectors->len; i++) {
    gboolean is_main =
        flash_cut_lies_in (self->plan->head - FLASH_CUT_BASE, &get_sector (self, i)->sector);

    if (self->places[i] == FLASH_CUT_NOWHERE ||
        !flash_cut_are_vectors (self->flash + self->places[i]))
      continue;
    FLASH_CUT_CHECK (self, is_whole (self, self->old, is_main ? 0 : i) ||
                               is_whole (self, self->new, is_main ? 0 : i));
  }
}

static gboolean
has_power (FlashCutModel *self)
{
  if (self->n_steps >= self->max_steps)
    return FALSE;
  self->n_steps++;
  return TRUE;
}

static void
erase (FlashCutModel *self, const FlashMemorySector *sector)
{
  if (!has_power (self))
    return;
  for (guint i = sector->address - FLASH_CUT_BASE;
       i < sector->address - FLASH_CUT_BASE + sector->size; i++) {
    FLASH_CUT_CHECK (self,
                     (self->marks[i] & (FLASH_CUT_IN_MAP | FLASH_CUT_OWN)) == FLASH_CUT_IN_MAP);
    self->flash[i] = self->chip.chip.erased;
    self->marks[i] &= (guint8) ~FLASH_CUT_PROGRAMMED;
  }
  check_cut (self);
}

static void
program (FlashCutModel *self, const FlashFirmwareExtent *extent)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (extent->bytes, &size);
  guint granule = self->chip.chip.granule;
  guint8 erased = self->chip.chip.erased;

  FLASH_CUT_CHECK (self, extent->address % granule == 0 && size % granule == 0 && size > 0);
  for (gsize i = 0; i < size; i++) {
    guint at = extent->address - FLASH_CUT_BASE + (guint) i;

    if (i % granule == 0 && !has_power (self))
      return;
    FLASH_CUT_CHECK (self, (self->marks[at] & (FLASH_CUT_IN_MAP | FLASH_CUT_OWN |
                                               FLASH_CUT_PROGRAMMED)) == FLASH_CUT_IN_MAP);
    self->marks[at] |= FLASH_CUT_PROGRAMMED;
    self->flash[at] = erased == 0xff ? self->flash[at] & bytes[i] : self->flash[at] | bytes[i];
    if ((i + 1) % granule == 0)
      check_cut (self);
  }
}

/* Nothing that is only erased, and long enough for a block, is sent; no end of an extent is. */
static void
check_extents (FlashCutModel *self, const FlashFirmwareWork *work)
{
  guint granule = self->chip.chip.granule;
  guint64 last_end = 0;

  for (guint i = 0; i < work->extents->len; i++) {
    const FlashFirmwareExtent *extent = g_ptr_array_index (work->extents, i);
    gsize size, run = 0;
    const guint8 *bytes = g_bytes_get_data (extent->bytes, &size);

    FLASH_CUT_CHECK (self, extent->address >= last_end);
    last_end = extent->address + size;
    for (gsize j = 0; j < size; j++) {
      run = bytes[j] == self->chip.chip.erased ? run + 1 : 0;
      FLASH_CUT_CHECK (self, run < self->block_size + 2 * granule);
      FLASH_CUT_CHECK (self, run < granule || (j + 1 != granule && j + 1 != size));
    }
  }
}

/* No more is held back than the granules with the vectors. */
static void
check_head (FlashCutModel *self, const FlashFirmwareExtent *head)
{
  guint granule = self->chip.chip.granule;
  guint64 main_head = self->plan->head;
  gboolean is_place = main_head - head->address < granule;

  for (guint i = 0; i < self->plan->sectors->len && !is_place; i++)
    is_place = self->places[i] != FLASH_CUT_NOWHERE &&
               (guint64) FLASH_CUT_BASE + self->places[i] - head->address < granule;
  FLASH_CUT_CHECK (self, is_place);
  FLASH_CUT_CHECK (self, g_bytes_get_size (head->bytes) < 8 + 2 * granule);
}

/* Of each head, and of nothing else, it is said that it comes later. */
static void
check_bodies (FlashCutModel *self, const FlashFirmwareWork *work)
{
  guint n_heads = 0;

  for (guint i = 0; i < work->todos->len; i++) {
    const FlashFirmwareTodo *todo = g_ptr_array_index (work->todos, i);
    g_autoptr (GBytes) body = flash_firmware_work_dup_body (work, i);
    gboolean has_head = flash_firmware_work_has_head (work, i);

    n_heads += has_head;
    FLASH_CUT_CHECK (self, (body == NULL) == (todo->target == NULL));
    FLASH_CUT_CHECK (self, !has_head || self->places[i] != FLASH_CUT_NOWHERE);
    FLASH_CUT_CHECK (self, body == NULL || g_bytes_equal (body, todo->target) == !has_head);
  }
  FLASH_CUT_CHECK (self, n_heads == work->heads->len);
}

/* When all but the heads is written, each sector is what it is said to be then. */
static void
check_body (FlashCutModel *self, const FlashFirmwareWork *work)
{
  for (guint i = 0; i < work->todos->len && self->n_steps < self->max_steps; i++) {
    g_autoptr (GBytes) body = flash_firmware_work_dup_body (work, i);

    FLASH_CUT_CHECK (
        self, body == NULL ||
                  memcmp (g_bytes_get_data (body, NULL),
                          self->flash + (get_sector (self, i)->sector.address - FLASH_CUT_BASE),
                          g_bytes_get_size (body)) == 0);
  }
}

/* From what the flash holds now. */
static void
carry_out (FlashCutModel *self, const FlashFirmwareWork *work)
{
  guint n_heads = 0;

  for (guint i = 0; i < work->heads->len; i++)
    check_head (self, g_ptr_array_index (work->heads, i));
  check_bodies (self, work);
  for (guint i = 0; i < FLASH_CUT_SPACE; i++)
    self->marks[i] |= FLASH_CUT_PROGRAMMED;
  check_cut (self);
  for (guint i = 0; i < work->erase_order->len; i++) {
    guint index = g_array_index (work->erase_order, guint, i);
    const FlashFirmwareTodo *todo = g_ptr_array_index (work->todos, index);

    FLASH_CUT_CHECK (self,
                     i > 0 || flash_cut_lies_in (self->plan->head - FLASH_CUT_BASE, &todo->sector));
    FLASH_CUT_CHECK (self, i < 2 || index > g_array_index (work->erase_order, guint, i - 1) ||
                               self->places[index] == FLASH_CUT_NOWHERE);
    FLASH_CUT_CHECK (self, self->places[index] == FLASH_CUT_NOWHERE || i == n_heads);
    n_heads += self->places[index] != FLASH_CUT_NOWHERE;
    FLASH_CUT_CHECK (self, todo->target != NULL);
    erase (self, &todo->sector);
  }
  for (guint i = 0; i < work->extents->len; i++)
    program (self, g_ptr_array_index (work->extents, i));
  check_body (self, work);
  for (guint i = 0; i < work->heads->len; i++)
    program (self, g_ptr_array_index (work->heads, i));
}

/* Cuts the power somewhere and begins again, with what a journal would have kept: the neighbours of
 * all sectors that may have been erased by then. */
static void
cut_and_continue (FlashCutModel *self, const FlashFirmwareWork *first)
{
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (FlashFirmwareWork) work = NULL;
  g_autoptr (GError) error = NULL;

  self->max_steps = flash_cut_model_roll (self, self->n_steps + 1);
  self->n_steps = 0;
  memcpy (self->flash, self->old, FLASH_CUT_SPACE);
  carry_out (self, first);
  for (guint i = 0; i < first->erase_order->len && i <= self->n_steps; i++)
    self->unfinished[g_array_index (first->erase_order, guint, i)] = TRUE;
  for (guint i = 0; i < self->plan->sectors->len; i++) {
    const FlashMemorySector *sector = &get_sector (self, i)->sector;
    guint at = sector->address - FLASH_CUT_BASE;
    g_autofree guint8 *bytes = g_memdup2 (self->flash + at, sector->size);

    for (guint j = 0; j < sector->size && self->unfinished[i]; j++)
      if ((self->marks[at + j] & FLASH_CUT_COVERED) == 0)
        bytes[j] = self->old[at + j];
    g_ptr_array_add (before, self->before->pdata[i] == NULL
                                 ? NULL
                                 : g_bytes_new_take (g_steal_pointer (&bytes), sector->size));
  }
  work =
      flash_firmware_work_new_continued (self->plan, before, self->unfinished, self->changed_only,
                                         self->neighbours, self->block_size, &error);
  g_assert_no_error (error);
  self->max_steps = G_MAXUINT;
  carry_out (self, work);
  FLASH_CUT_CHECK (self, memcmp (self->flash, self->new, FLASH_CUT_SPACE) == 0);
}

static void
run_case (FlashCutModel *self, guint *n_done, guint *n_refused)
{
  const FlashFirmwareOptions options = { .leaves_out = flash_cut_model_roll (self, 2) == 0 };
  g_autoptr (FlashFirmwareWork) work = NULL;
  g_autoptr (GError) error = NULL;
  FlashFirmwareWorkError expected_error;

  self->plan = flash_firmware_plan_new (self->image, &self->chip.guess, NULL, &options);
  if (!flash_firmware_plan_is_usable (self->plan))
    return;
  flash_cut_model_find_places (self);
  make_before (self);
  self->changed_only = flash_cut_model_roll (self, 2) == 0;
  self->neighbours =
      flash_cut_model_roll (self, 3) == 0 ? FLASH_NEIGHBOURS_ERASE : FLASH_NEIGHBOURS_KEEP;
  self->block_size = 1 + flash_cut_model_roll (self, 300);
  work = flash_firmware_work_new_continued (self->plan, self->before, self->unfinished,
                                            self->changed_only, self->neighbours, self->block_size,
                                            &error);
  self->block_size =
      MAX (self->block_size - self->block_size % self->chip.chip.granule, self->chip.chip.granule);
  if (!expect (self, &expected_error)) {
    FLASH_CUT_CHECK (self, work == NULL);
    g_assert_error (error, FLASH_FIRMWARE_WORK_ERROR, (gint) expected_error);
    *n_refused += 1;
    return;
  }
  g_assert_no_error (error);
  check_extents (self, work);
  self->max_steps = G_MAXUINT;
  memcpy (self->flash, self->old, FLASH_CUT_SPACE);
  carry_out (self, work);
  FLASH_CUT_CHECK (self, memcmp (self->flash, self->new, FLASH_CUT_SPACE) == 0);
  cut_and_continue (self, work);
  *n_done += 1;
}

static void
test_random (void)
{
  guint n_done = 0, n_refused = 0, n_by_chance = 0;

  for (guint seed = 1; seed <= N_CASES; seed++) {
    g_autoptr (FlashCutModel) self = flash_cut_model_new (seed);

    run_case (self, &n_done, &n_refused);
    n_by_chance += self->n_by_chance;
  }
  g_test_message ("%u carried out, %u refused", n_done, n_refused);
  g_assert_cmpuint (n_done, >=, 1000);
  g_assert_cmpuint (n_refused, >=, 20);
  g_assert_cmpuint (n_by_chance, <, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/cut/random", test_random);
  return g_test_run ();
}
