/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A random image over a random chip with random contents. Thread: any. */
#pragma once

#include "flash-firmware-test.h"
#include "flash-firmware-work.h"

G_BEGIN_DECLS

#define FLASH_CUT_BASE 0x08000000u
#define FLASH_CUT_SPACE 8192u
#define FLASH_CUT_MAX_SECTORS 64u

#define FLASH_CUT_NOWHERE G_MAXUINT

/* Bits of what is known of a byte. */
#define FLASH_CUT_IN_MAP 1
#define FLASH_CUT_OWN 2
#define FLASH_CUT_COVERED 4
#define FLASH_CUT_PROGRAMMED 8

typedef struct {
  guint seed;
  GRand *rand; /* (owned) */
  FlashTestChip chip;
  FlashImage *image; /* (owned) */
  FlashFirmwarePlan *plan; /* (owned) */
  GPtrArray *before; /* (owned) (element-type GBytes) */
  guint sectors[FLASH_CUT_MAX_SECTORS]; /* where those begin that may be written; it starts from the
                                           first */
  guint n_sectors;
  guint boots[2]; /* where the chip starts programs besides its start */
  guint n_boots;
  guint n_by_chance; /* places that only the plan has found */
  guint places[FLASH_CUT_MAX_SECTORS]; /* for each sector of the plan where a program begins, or
                                          FLASH_CUT_NOWHERE */
  guint8 marks[FLASH_CUT_SPACE];
  guint8 wanted[FLASH_CUT_SPACE]; /* what the image has */
  guint8 old[FLASH_CUT_SPACE];
  guint8 new[FLASH_CUT_SPACE];
  guint8 flash[FLASH_CUT_SPACE];
  gboolean changed_only;
  FlashNeighbours neighbours;
  gsize block_size;
  gboolean unfinished[FLASH_CUT_MAX_SECTORS]; /* for each sector of the plan */
  guint n_steps; /* erasures and granules so far */
  guint max_steps; /* the power fails after so many */
} FlashCutModel;

#define FLASH_CUT_CHECK(model, condition)                                                          \
  do {                                                                                             \
    if (!(condition))                                                                              \
      g_test_message ("seed %u", (model)->seed);                                                   \
    g_assert_true (condition);                                                                     \
  } while (0)

/* Returns: (transfer full): a chip, what it holds, and an image; the rest is not filled yet. */
FlashCutModel *flash_cut_model_new (guint seed);
void flash_cut_model_free (FlashCutModel *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashCutModel, flash_cut_model_free)

/* Returns: a random number below @below. */
guint flash_cut_model_roll (FlashCutModel *self, guint below);
/* Finds out where programs begin, and that the plan has found the same sectors. */
void flash_cut_model_find_places (FlashCutModel *self);

/* Returns: whether a chip would start with those. */
gboolean flash_cut_are_vectors (const guint8 *bytes);
/* Returns: whether an offset lies in that sector. */
gboolean flash_cut_lies_in (guint at, const FlashMemorySector *sector);

G_END_DECLS
