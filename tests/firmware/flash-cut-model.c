/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-cut-model.h"

#include "flash-bytes.h"
#include "flash-image-builder.h"

#include <string.h>

guint
flash_cut_model_roll (FlashCutModel *self, guint below)
{
  return (guint) g_rand_int_range (self->rand, 0, (gint32) below);
}

static void
make_chip (FlashCutModel *self)
{
  const guint granules[] = { 2, 4, 8, 16, 32 };
  const FlashMemoryFlags all =
      FLASH_MEMORY_READABLE | FLASH_MEMORY_ERASABLE | FLASH_MEMORY_WRITABLE;
  FlashMemoryRun runs[4];
  guint n_runs = 1 + flash_cut_model_roll (self, 4);
  guint32 at = FLASH_CUT_BASE;

  for (guint i = 0; i < n_runs; i++) {
    if (flash_cut_model_roll (self, 5) == 0)
      at += 32 * flash_cut_model_roll (self, 10);
    runs[i].address = at;
    runs[i].sector_size = 32 * (1 + flash_cut_model_roll (self, 12));
    runs[i].n_sectors = 1 + flash_cut_model_roll (self, 4);
    runs[i].flags =
        i == 0 && n_runs > 1 && flash_cut_model_roll (self, 5) == 0 ? FLASH_MEMORY_READABLE : all;
    for (guint j = 0; j < runs[i].sector_size * runs[i].n_sectors; j++)
      self->marks[at - FLASH_CUT_BASE + j] =
          runs[i].flags == all ? FLASH_CUT_IN_MAP : FLASH_CUT_IN_MAP | FLASH_CUT_OWN;
    for (guint j = 0; j < runs[i].n_sectors && runs[i].flags == all; j++)
      self->sectors[self->n_sectors++] = at - FLASH_CUT_BASE + j * runs[i].sector_size;
    at += runs[i].sector_size * runs[i].n_sectors;
  }
  g_assert_cmpuint (at - FLASH_CUT_BASE, <, FLASH_CUT_SPACE);
  flash_test_chip_init_for_map (&self->chip, flash_memory_map_new_for_runs ("test", runs, n_runs));
  self->chip.chip.granule = granules[flash_cut_model_roll (self, G_N_ELEMENTS (granules))];
  self->chip.chip.has_ecc = flash_cut_model_roll (self, 2) == 0;
  self->chip.chip.erased = flash_cut_model_roll (self, 4) == 0 ? 0x00 : 0xff;
  for (self->n_boots = 0; self->n_boots < 2 && flash_cut_model_roll (self, 2) == 0;
       self->n_boots++) {
    self->boots[self->n_boots] = self->sectors[flash_cut_model_roll (self, self->n_sectors)];
    flash_test_chip_add_boot_start (&self->chip, FLASH_CUT_BASE + self->boots[self->n_boots]);
  }
}

/* Bytes with runs of erased ones, such as real programs have. */
static void
fill (FlashCutModel *self, guint8 *bytes, guint size)
{
  for (guint at = 0, end; at < size; at = end) {
    guint kind = flash_cut_model_roll (self, 3);

    end = at + 1 + flash_cut_model_roll (self, 200);
    end = MIN (end, size);
    for (guint i = at; i < end; i++)
      bytes[i] = kind == 0 ? self->chip.chip.erased : (guint8) flash_cut_model_roll (self, 256);
  }
}

static void
put_vectors (FlashCutModel *self, guint8 *bytes)
{
  flash_put_le32 (bytes, 0x20000000 + 4 * (1 + flash_cut_model_roll (self, 0x8000)));
  flash_put_le32 (bytes + 4, FLASH_CUT_BASE + 1 + 2 * flash_cut_model_roll (self, 512));
}

static void
make_old (FlashCutModel *self)
{
  fill (self, self->old, FLASH_CUT_SPACE);
  if (flash_cut_model_roll (self, 4) > 0)
    put_vectors (self, self->old + self->sectors[0]);
  for (guint i = 0; i < self->n_sectors; i++)
    if (flash_cut_model_roll (self, 3) == 0)
      put_vectors (self, self->old + self->sectors[i]);
  for (guint i = 0; i < self->n_boots; i++)
    if (flash_cut_model_roll (self, 4) > 0)
      put_vectors (self, self->old + self->boots[i]);
  for (guint i = 0; i < FLASH_CUT_SPACE; i++)
    if (self->marks[i] == 0)
      self->old[i] = self->chip.chip.erased;
}

static guint
roll_place (FlashCutModel *self)
{
  switch (flash_cut_model_roll (self, 4)) {
  case 0:
    return self->sectors[0];
  case 1:
    return self->sectors[flash_cut_model_roll (self, self->n_sectors)];
  case 2:
    return self->n_boots > 0 ? self->boots[flash_cut_model_roll (self, self->n_boots)]
                             : flash_cut_model_roll (self, FLASH_CUT_SPACE / 2);
  default:
    return flash_cut_model_roll (self, FLASH_CUT_SPACE / 2);
  }
}

/* Some parts are what the chip holds already, as in an update that changes little. */
static void
make_part (FlashCutModel *self)
{
  guint at = roll_place (self);
  guint wish = 1 + flash_cut_model_roll (self, flash_cut_model_roll (self, 2) == 0 ? 64 : 1500);
  guint size = MIN (wish, FLASH_CUT_SPACE - at);
  g_autofree guint8 *bytes = g_memdup2 (self->old + at, size);

  if (flash_cut_model_roll (self, 3) > 0)
    fill (self, bytes, size);
  for (guint i = 0; i < self->n_sectors; i++)
    if (self->sectors[i] >= at && self->sectors[i] + 8 <= at + size &&
        flash_cut_model_roll (self, 2) == 0)
      put_vectors (self, bytes + (self->sectors[i] - at));
  if (flash_cut_model_roll (self, 6) == 0)
    bytes[size - 1] ^= 1;
  memcpy (self->wanted + at, bytes, size);
  for (guint i = at; i < at + size; i++)
    self->marks[i] |= FLASH_CUT_COVERED;
}

static void
make_image (FlashCutModel *self)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_IHEX);
  guint n_parts = 1 + flash_cut_model_roll (self, 5);

  for (guint i = 0; i < n_parts; i++)
    make_part (self);
  for (guint at = 0, end; at < FLASH_CUT_SPACE; at = end) {
    end = at + 1;
    if ((self->marks[at] & FLASH_CUT_COVERED) == 0)
      continue;
    while (end < FLASH_CUT_SPACE && (self->marks[end] & FLASH_CUT_COVERED) != 0)
      end++;
    g_assert_true (
        flash_image_builder_add (builder, FLASH_CUT_BASE + at, self->wanted + at, end - at, 0));
  }
  flash_image_builder_set_has_address (builder, TRUE);
  self->image = flash_image_builder_end (builder);
}

gboolean
flash_cut_are_vectors (const guint8 *bytes)
{
  guint32 stack = flash_get_le32 (bytes), reset = flash_get_le32 (bytes + 4);

  return stack > 0x20000000 && stack <= 0x20020000 && (reset & 1) != 0 && reset >= FLASH_CUT_BASE &&
         reset < FLASH_CUT_BASE + FLASH_CUT_SPACE;
}

static gboolean
has_image_vectors (const FlashCutModel *self, guint at)
{
  for (guint i = at; i < at + 8; i++)
    if ((self->marks[i] & FLASH_CUT_COVERED) == 0)
      return FALSE;
  return flash_cut_are_vectors (self->wanted + at) &&
         (self->marks[flash_get_le32 (self->wanted + at + 4) - 1 - FLASH_CUT_BASE] &
          FLASH_CUT_COVERED) != 0;
}

gboolean
flash_cut_lies_in (guint at, const FlashMemorySector *sector)
{
  return at >= sector->address - FLASH_CUT_BASE &&
         at - (sector->address - FLASH_CUT_BASE) < sector->size;
}

/* Where a program begins in a sector: where the chip starts from, else where the image begins, else
 * where the image itself has vectors. */
static guint
find_place (const FlashCutModel *self, const FlashMemorySector *sector)
{
  guint start = self->sectors[0], head = self->plan->head - FLASH_CUT_BASE;

  if (flash_cut_lies_in (start, sector))
    return start;
  for (guint i = 0; i < self->n_boots; i++)
    if (flash_cut_lies_in (self->boots[i], sector))
      return self->boots[i];
  if (flash_cut_lies_in (head, sector))
    return head;
  return has_image_vectors (self, sector->address - FLASH_CUT_BASE)
             ? sector->address - FLASH_CUT_BASE
             : FLASH_CUT_NOWHERE;
}

void
flash_cut_model_find_places (FlashCutModel *self)
{
  for (guint i = 0; i < self->plan->sectors->len; i++) {
    const FlashFirmwareSector *touched =
        &g_array_index (self->plan->sectors, FlashFirmwareSector, i);

    self->places[i] = touched->is_own ? FLASH_CUT_NOWHERE : find_place (self, &touched->sector);
    FLASH_CUT_CHECK (self, touched->is_head || self->places[i] == FLASH_CUT_NOWHERE);
    /* Stacks that only other chips have room for do not occur here, but by chance. */
    if (touched->is_head && self->places[i] == FLASH_CUT_NOWHERE) {
      self->places[i] = touched->head - FLASH_CUT_BASE;
      self->n_by_chance++;
    }
  }
}

FlashCutModel *
flash_cut_model_new (guint seed)
{
  FlashCutModel *self = g_new0 (FlashCutModel, 1);

  self->seed = seed;
  self->rand = g_rand_new_with_seed (seed);
  make_chip (self);
  make_old (self);
  make_image (self);
  return self;
}

void
flash_cut_model_free (FlashCutModel *self)
{
  g_clear_pointer (&self->before, g_ptr_array_unref);
  g_clear_pointer (&self->plan, flash_firmware_plan_unref);
  g_clear_pointer (&self->image, flash_image_unref);
  flash_test_chip_clear (&self->chip);
  g_rand_free (self->rand);
  g_free (self);
}
