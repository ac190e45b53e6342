/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The memory cells of a virtual microcontroller: what erasing and programming do to them, in the
 * order in which they are allowed and in the order in which they are not, and what is left when
 * the power goes away meanwhile. Every change is written to the memory's file at once, erased
 * cells with their erased value, so that the file is the memory.
 *
 * Thread: that of the device, under its lock. */
#pragma once

#include "flash-sim-media.h"

G_BEGIN_DECLS

/**
 * FlashSimCellRule:
 * @FLASH_SIM_CELLS_FREE: RAM and EEPROM: what is written is what is there
 * @FLASH_SIM_CELLS_BITS: programming moves bits away from their erased value and never back
 * @FLASH_SIM_CELLS_ECC: a granule that is programmed a second time cannot be read any more
 *   (stm32-dfuse.md section 0.3, fact 19)
 */
typedef enum {
  FLASH_SIM_CELLS_FREE,
  FLASH_SIM_CELLS_BITS,
  FLASH_SIM_CELLS_ECC,
} FlashSimCellRule;

/**
 * FlashSimCellTraits:
 * @rule: what programming does
 * @erased: what erased cells read as
 * @granule: bytes that are programmed at once
 */
typedef struct {
  FlashSimCellRule rule;
  guint8 erased;
  guint8 granule;
} FlashSimCellTraits;

typedef struct _FlashSimCells FlashSimCells;

/**
 * flash_sim_cells_new:
 * @media: (nullable): where the file is; %NULL for memory that has none
 * @id: which memory of @media
 * @size: in bytes
 *
 * Takes over what the file holds; what it lacks is erased. Granules that are not erased count as
 * programmed.
 *
 * Returns: (transfer full) (nullable): %NULL with @error set (%FLASH_PROVIDER_ERROR_NO_STORAGE)
 */
FlashSimCells *flash_sim_cells_new (FlashSimMedia *media, FlashSimMediumId id, guint32 size,
                                    const FlashSimCellTraits *traits, GError **error);

void flash_sim_cells_free (FlashSimCells *self);

/* Returns: (transfer none): all of its bytes, as they are. */
const guint8 *flash_sim_cells_get_bytes (FlashSimCells *self);
guint32 flash_sim_cells_get_size (FlashSimCells *self);

/* Returns: whether the range, which must be inside, can be read. */
gboolean
flash_sim_cells_read (FlashSimCells *self, guint32 offset, guint8 *out_bytes, guint32 length);

/**
 * flash_sim_cells_find_programmed:
 *
 * Returns: the first place of the range that is not erased where @bytes wants something else; on
 *   ECC memory the first granule that was programmed already, whatever it holds; the end of the
 *   range if there is none
 */
guint32 flash_sim_cells_find_programmed (FlashSimCells *self, guint32 offset, const guint8 *bytes,
                                         guint32 length);

/**
 * flash_sim_cells_program:
 * @offset: first byte; the range must be inside
 *
 * Programs the range by the rule. Bytes of a granule that the range does not cover are programmed
 * with their erased value.
 *
 * Returns: whether the file took it
 */
gboolean
flash_sim_cells_program (FlashSimCells *self, guint32 offset, const guint8 *bytes, guint32 length);

/* Writes without any rule, as registers do. Returns whether the file took it. */
gboolean flash_sim_cells_overwrite (FlashSimCells *self, guint32 offset, const guint8 *bytes,
                                    guint32 length);

/* Returns: whether the file took it. */
gboolean flash_sim_cells_erase (FlashSimCells *self, guint32 offset, guint32 length);

/* The power went away while the range was erased: every second word is erased, beginning with the
 * first. Returns whether the file took it. */
gboolean flash_sim_cells_erase_half (FlashSimCells *self, guint32 offset, guint32 length);

/* The power went away while that granule was programmed: on ECC memory it cannot be read any more
 * (section 5.4). */
void flash_sim_cells_break_granule (FlashSimCells *self, guint32 offset);

G_END_DECLS
