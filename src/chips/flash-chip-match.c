/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-chip-match"

#include "config.h"

#include "flash-chip-match-private.h"

#include "flash-range.h"

#include <string.h>

#define DOES_NOT_FIT (-1)
/* What a piece of evidence is worth: a text that this ROM prints outweighs sectors that many chips
 * have, and a product string outweighs both. */
#define SCORE_SECTORS_FIT 1
#define SCORE_SECTORS_EQUAL 2
#define SCORE_TEXT 4
#define SCORE_OTP 1
#define SCORE_PRODUCT 8
/* The option area is where the table says. Without that, a row fits only for want of a better. */
#define SCORE_OPTIONS 16

typedef struct {
  const FlashChipRow *row;
  gint score;
  guint index;
} Match;

FlashChipStyle
flash_chip_style_get_for_version (guint16 bcd_device)
{
  if (bcd_device >= 0x2000 && bcd_device <= 0x22ff)
    return FLASH_CHIP_STYLE_OLD;
  if (bcd_device >= 0x0200 && bcd_device <= 0x03ff)
    return FLASH_CHIP_STYLE_NEW;
  return FLASH_CHIP_STYLE_UNKNOWN;
}

/* Returns: whether the sectors of @run are sectors of @geometry. */
static gboolean
has_run (const FlashMemoryMap *geometry, const FlashMemoryRun *run)
{
  guint64 at = run->address, end = at + (guint64) run->sector_size * run->n_sectors;

  while (at < end) {
    FlashMemorySector sector;
    const FlashMemoryRun *own = NULL;

    if (!flash_memory_map_find_sector (geometry, (guint32) at, &sector) || sector.address != at ||
        sector.size != run->sector_size)
      return FALSE;
    for (guint i = 0; i < geometry->runs->len; i++) {
      own = &g_array_index (geometry->runs, FlashMemoryRun, i);
      if (own->address <= at && at - own->address < (guint64) own->sector_size * own->n_sectors)
        break;
    }
    at = own->address + (guint64) own->sector_size * own->n_sectors;
  }
  return TRUE;
}

static gboolean
has_sectors (const FlashMemoryMap *geometry, const FlashMemoryMap *flash)
{
  for (guint i = 0; i < flash->runs->len; i++)
    if (!has_run (geometry, &g_array_index (flash->runs, FlashMemoryRun, i)))
      return FALSE;
  return TRUE;
}

static gint
score_sectors (const FlashChipRow *row, const FlashMemoryMap *flash)
{
  gint best = DOES_NOT_FIT;

  for (guint i = 0; i < row->geometries->len; i++) {
    const FlashMemoryMap *geometry = g_ptr_array_index (row->geometries, i);

    if (!has_sectors (geometry, flash))
      continue;
    best = MAX (best, flash_memory_map_get_size (geometry) == flash_memory_map_get_size (flash)
                          ? SCORE_SECTORS_EQUAL
                          : SCORE_SECTORS_FIT);
  }
  return best;
}

gboolean
flash_chip_match_has_sectors (const FlashChip *chip, const FlashMemoryMap *flash)
{
  return score_sectors ((const FlashChipRow *) chip, flash) != DOES_NOT_FIT;
}

gboolean
flash_chip_match_has_map (const FlashChip *chip, const char *text)
{
  for (guint i = 0; i < chip->maps->len; i++)
    if (g_str_equal (g_ptr_array_index (chip->maps, i), text))
      return TRUE;
  return FALSE;
}

static gint
score_flash (const FlashChipRow *row, const FlashMemoryMap *flash)
{
  return flash_chip_match_has_map (&row->chip, flash->text) ? SCORE_TEXT
                                                            : score_sectors (row, flash);
}

/* Returns: (nullable): what the map has at @address. */
static const FlashMemoryRun *
find_run (const FlashMemoryMap *map, guint32 address)
{
  for (guint i = 0; i < map->runs->len; i++) {
    const FlashMemoryRun *run = &g_array_index (map->runs, FlashMemoryRun, i);

    if (run->address == address)
      return run;
  }
  return NULL;
}

static gboolean
is_area (const FlashMemoryMap *options, guint32 start, guint size)
{
  const FlashMemoryRun *run = start != 0 ? find_run (options, start) : NULL;

  return run != NULL && (size == 0 || (guint64) run->sector_size * run->n_sectors == size);
}

static gint
score_options (const FlashChipRow *row, const FlashChipEvidence *evidence)
{
  const FlashMemoryMap *options = evidence->options;
  const FlashChip *chip = &row->chip;

  if (options == NULL) {
    if (!row->is_option_shown)
      return SCORE_OPTIONS;
    /* It may be there under a name that could not be read. */
    return evidence->has_all_names && chip->option_start != 0 ? DOES_NOT_FIT : 0;
  }
  if (!row->is_option_shown)
    return DOES_NOT_FIT;
  if (chip->option_start == 0)
    return 0;
  if (options->runs->len > 1 &&
      (row->option_second == 0 || find_run (options, row->option_second) == NULL))
    return DOES_NOT_FIT;
  if (is_area (options, chip->option_start, chip->option_size) ||
      is_area (options, row->option_other, row->option_other_size))
    return SCORE_OPTIONS;
  return DOES_NOT_FIT;
}

static gint
score_otp (const FlashChipRow *row, const FlashMemoryMap *otp)
{
  if (otp == NULL || row->otp_start == 0)
    return 0;
  if (find_run (otp, row->otp_start) != NULL ||
      (row->otp_other != 0 && find_run (otp, row->otp_other) != NULL))
    return SCORE_OTP;
  return DOES_NOT_FIT;
}

static gint
score_product (const FlashChipRow *row, const char *product)
{
  GPtrArray *table = flash_chip_list ();

  if (product == NULL)
    return 0;
  if (row->product != NULL)
    return strstr (product, row->product) != NULL ? SCORE_PRODUCT : DOES_NOT_FIT;
  for (guint i = 0; i < table->len; i++) {
    const FlashChipRow *other = g_ptr_array_index (table, i);

    if (other->product != NULL && strstr (product, other->product) != NULL)
      return DOES_NOT_FIT;
  }
  return 0;
}

static gboolean
has_style (const FlashChipRow *row, FlashChipStyle style)
{
  switch (style) {
  case FLASH_CHIP_STYLE_UNKNOWN:
    return TRUE;
  case FLASH_CHIP_STYLE_OLD:
    return row->is_old_style;
  case FLASH_CHIP_STYLE_NEW:
    return row->is_new_style;
  }
  g_return_val_if_reached (FALSE);
}

static gint
score_row (const FlashChipRow *row, const FlashChipEvidence *evidence)
{
  const gint scores[] = {
    score_flash (row, evidence->flash),
    score_options (row, evidence),
    score_otp (row, evidence->otp),
    score_product (row, evidence->product),
  };
  gint sum = 0;

  if (!has_style (row, evidence->style))
    return DOES_NOT_FIT;
  for (guint i = 0; i < G_N_ELEMENTS (scores); i++) {
    if (scores[i] == DOES_NOT_FIT)
      return DOES_NOT_FIT;
    sum += scores[i];
  }
  return sum;
}

/* The higher score first, then the order of the table. */
static gint
compare_matches (gconstpointer a, gconstpointer b)
{
  const Match *left = a, *right = b;

  if (left->score != right->score)
    return left->score > right->score ? -1 : 1;
  return left->index < right->index ? -1 : 1;
}

static GPtrArray *
to_chips (GArray *matches, gint least)
{
  GPtrArray *chips = g_ptr_array_new ();

  g_array_sort (matches, compare_matches);
  for (guint i = 0; i < matches->len; i++) {
    const Match *match = &g_array_index (matches, Match, i);

    if (match->score >= least)
      g_ptr_array_add (chips, (gpointer) &match->row->chip);
  }
  return chips;
}

GPtrArray *
flash_chip_match_rom (const FlashChipEvidence *evidence)
{
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (Match));
  GPtrArray *table = flash_chip_list ();
  gint best = 0;

  for (guint i = 0; i < table->len; i++) {
    const FlashChipRow *row = g_ptr_array_index (table, i);
    Match match = { row, score_row (row, evidence), i };

    if (match.score == DOES_NOT_FIT)
      continue;
    best = MAX (best, match.score);
    g_array_append_val (matches, match);
  }
  return to_chips (matches, best >= SCORE_OPTIONS ? SCORE_OPTIONS : 0);
}

GPtrArray *
flash_chip_match_sectors (const FlashMemoryMap *flash)
{
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (Match));
  GPtrArray *table = flash_chip_list ();

  for (guint i = 0; i < table->len; i++) {
    const FlashChipRow *row = g_ptr_array_index (table, i);
    Match match = { row, score_sectors (row, flash), i };

    if (match.score != DOES_NOT_FIT)
      g_array_append_val (matches, match);
  }
  return to_chips (matches, 0);
}
