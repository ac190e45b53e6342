/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-mismatch"

#include "config.h"

#include "flash-mismatch.h"

#include "flash-ram.h"

#include <string.h>

/* Wrong places closer than this are one range. */
#define MIN_GAP 16u
/* What is looked for elsewhere: long enough to be at one place only, unless the image repeats
 * itself; so many places of it are tried. */
#define ANCHOR_LENGTH 16u
#define MAX_ANCHORS 64u
/* Fewer bytes found again elsewhere would prove nothing. */
#define MIN_SHIFTED 32u
/* Of what lies behind the first wrong byte, one in so many may be right by chance: old contents
 * have zeros where new ones have. */
#define TAIL_CHANCE 4u
/* stm32-dfuse.md section 1.2: no boot loader is known that takes smaller blocks, so less than that
 * is no block that was lost. */
#define MIN_BLOCK 64u

typedef struct {
  const FlashMismatchPiece *pieces;
  guint n_pieces;
  guint8 erased;
  gboolean is_unstable; /* outside of RAM */
  gboolean has_wrong_outside_ram;
  gboolean is_untouched; /* as far as it is known what was there before */
  gboolean is_as_before; /* every wrong byte is what was there before */
  gboolean is_blank;
  gboolean is_gap; /* all wrong bytes are in one stretch of erased ones */
  gboolean is_behind_gap; /* something else has followed */
  guint64 next_address; /* behind the last byte that was looked at */
  guint64 n_right_before; /* right bytes that are not erased, before the first wrong one */
  guint64 n_right_behind; /* and behind it */
} Survey;

const char *
flash_mismatch_kind_get_name (FlashMismatchKind kind)
{
  switch (kind) {
  case FLASH_MISMATCH_NONE:
    return "none";
  case FLASH_MISMATCH_UNTOUCHED:
    return "untouched";
  case FLASH_MISMATCH_BLANK:
    return "blank";
  case FLASH_MISMATCH_TAIL:
    return "tail";
  case FLASH_MISMATCH_GAP:
    return "gap";
  case FLASH_MISMATCH_SHIFTED:
    return "shifted";
  case FLASH_MISMATCH_SCATTERED:
    return "scattered";
  case FLASH_MISMATCH_UNSTABLE:
    return "unstable";
  case FLASH_MISMATCH_RAM:
    return "ram";
  }
  g_return_val_if_reached (NULL);
}

static const guint8 *
get_bytes (GBytes *bytes)
{
  return bytes != NULL ? g_bytes_get_data (bytes, NULL) : NULL;
}

/* --- looking at each byte ----------------------------------------------------------------- */

static void
add_wrong (FlashMismatch *mismatch, guint32 address, guint8 expected, guint8 found)
{
  FlashMismatchRange *last =
      mismatch->n_ranges > 0 ? &mismatch->ranges[mismatch->n_ranges - 1] : NULL;
  gboolean is_near = mismatch->n_wrong > 0 && address - mismatch->last < MIN_GAP;

  if (mismatch->n_wrong == 0)
    mismatch->first = address;
  /* Behind the last range that is kept, others may lie between it and this byte. */
  if (is_near && last != NULL && mismatch->last - last->address == last->size - 1)
    last->size = address - last->address + 1;
  else if (!is_near && mismatch->n_ranges < FLASH_MISMATCH_MAX_RANGES)
    mismatch->ranges[mismatch->n_ranges++] = (FlashMismatchRange){ address, 1, expected, found };
  mismatch->last = address;
  mismatch->n_wrong++;
}

/* @has_begun: whether a byte before it was wrong */
static void
survey_gap (Survey *self, guint32 address, gboolean has_begun, gboolean is_wrong,
            gboolean is_erased)
{
  if (has_begun && address != self->next_address)
    self->is_behind_gap = TRUE;
  if (is_wrong && (self->is_behind_gap || !is_erased))
    self->is_gap = FALSE;
  if (has_begun && !is_erased)
    self->is_behind_gap = TRUE;
  self->next_address = (guint64) address + 1;
}

static void
survey_piece (Survey *self, const FlashMismatchPiece *piece, FlashMismatch *mismatch)
{
  gsize size;
  const guint8 *expected = g_bytes_get_data (piece->expected, &size);
  const guint8 *found = get_bytes (piece->found);
  const guint8 *again = get_bytes (piece->again);
  const guint8 *before = get_bytes (piece->before);

  mismatch->n_compared += size;
  for (gsize i = 0; i < size; i++) {
    guint32 address = piece->address + (guint32) i;
    gboolean is_wrong = found[i] != expected[i];

    survey_gap (self, address, mismatch->n_wrong > 0, is_wrong, found[i] == self->erased);
    if (again != NULL && again[i] != found[i] && !flash_ram_holds (address))
      self->is_unstable = TRUE;
    if (found[i] != self->erased)
      self->is_blank = FALSE;
    /* What should not have changed, and did, is no sign of being untouched either. */
    if (before != NULL ? found[i] != before[i] : is_wrong)
      self->is_untouched = FALSE;
    if (is_wrong) {
      self->is_as_before = self->is_as_before && before != NULL && found[i] == before[i];
      self->has_wrong_outside_ram = self->has_wrong_outside_ram || !flash_ram_holds (address);
      add_wrong (mismatch, address, expected[i], found[i]);
    } else if (expected[i] != self->erased) {
      self->n_right_behind += mismatch->n_wrong > 0;
      self->n_right_before += mismatch->n_wrong == 0;
    }
  }
}

/* --- the right bytes elsewhere ------------------------------------------------------------ */

static gboolean
is_in_piece (const FlashMismatchPiece *piece, gint64 address)
{
  return piece != NULL && address >= piece->address &&
         address - piece->address < (gint64) g_bytes_get_size (piece->found);
}

static const FlashMismatchPiece *
find_piece (const Survey *self, gint64 address)
{
  guint low = 0, high = self->n_pieces;

  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (self->pieces[middle].address <= address)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0 || !is_in_piece (&self->pieces[low - 1], address))
    return NULL;
  return &self->pieces[low - 1];
}

/* Returns: whether at least half of the wrong bytes are right there: what was overwritten by the
 * move, or fell off at the end, is nowhere. Erased bytes prove nothing. */
static gboolean
is_shifted_by (const Survey *self, gint64 shift)
{
  const FlashMismatchPiece *there = NULL;
  guint64 n_compared = 0, n_equal = 0;

  for (guint i = 0; i < self->n_pieces; i++) {
    const FlashMismatchPiece *piece = &self->pieces[i];
    gsize size;
    const guint8 *expected = g_bytes_get_data (piece->expected, &size);
    const guint8 *found = get_bytes (piece->found);

    for (gsize j = 0; j < size; j++) {
      gint64 address = (gint64) piece->address + (gint64) j + shift;

      if (expected[j] == found[j] || expected[j] == self->erased)
        continue;
      n_compared++;
      if (!is_in_piece (there, address))
        there = find_piece (self, address);
      if (there != NULL)
        n_equal += get_bytes (there->found)[address - there->address] == expected[j];
    }
  }
  return n_equal >= MIN_SHIFTED && n_equal >= n_compared / 2;
}

/* Returns: at how many places the anchor was found; @out_address is one of them */
static guint
find_anchor (const Survey *self, const guint8 *anchor, guint32 *out_address)
{
  guint n_places = 0;

  for (guint i = 0; i < self->n_pieces && n_places < 2; i++) {
    gsize size;
    const guint8 *found = g_bytes_get_data (self->pieces[i].found, &size);
    const guint8 *at = found;

    while (n_places < 2 &&
           (at = memmem (at, size - (gsize) (at - found), anchor, ANCHOR_LENGTH)) != NULL) {
      *out_address = self->pieces[i].address + (guint32) (at - found);
      n_places++;
      at++;
    }
  }
  return n_places;
}

static gboolean
find_shift (const Survey *self, FlashMismatch *mismatch)
{
  guint n_tried = 0;

  for (guint i = 0; i < self->n_pieces; i++) {
    const FlashMismatchPiece *piece = &self->pieces[i];
    gsize size;
    const guint8 *expected = g_bytes_get_data (piece->expected, &size);
    const guint8 *found = get_bytes (piece->found);

    for (gsize j = 0; j + ANCHOR_LENGTH <= size; j += ANCHOR_LENGTH) {
      guint32 address;
      gint64 shift;

      if (memcmp (expected + j, found + j, ANCHOR_LENGTH) == 0)
        continue;
      if (n_tried++ == MAX_ANCHORS)
        return FALSE;
      if (find_anchor (self, expected + j, &address) != 1)
        continue;
      shift = (gint64) address - ((gint64) piece->address + (gint64) j);
      if (shift == 0 || !is_shifted_by (self, shift))
        continue;
      mismatch->shift = shift;
      return TRUE;
    }
  }
  return FALSE;
}

/* --- the kind ----------------------------------------------------------------------------- */

/* Nothing right at all is no tail: it has no beginning. */
static gboolean
is_tail (const Survey *self, const FlashMismatch *mismatch)
{
  return self->n_right_before > 0 && self->n_right_behind <= mismatch->n_wrong / TAIL_CHANCE;
}

/* A block that was lost on its way, while those behind it arrived. */
static gboolean
is_gap (const Survey *self, const FlashMismatch *mismatch)
{
  return self->is_gap && self->n_right_behind > 0 &&
         mismatch->last - mismatch->first >= MIN_BLOCK - 1;
}

static FlashMismatchKind
judge (const Survey *self, FlashMismatch *mismatch)
{
  if (mismatch->n_wrong > 0 && !self->has_wrong_outside_ram)
    return FLASH_MISMATCH_RAM;
  if (self->is_unstable)
    return FLASH_MISMATCH_UNSTABLE;
  if (mismatch->n_wrong == 0)
    return FLASH_MISMATCH_NONE;
  if (self->is_untouched)
    return FLASH_MISMATCH_UNTOUCHED;
  if (self->is_blank)
    return FLASH_MISMATCH_BLANK;
  if (is_gap (self, mismatch))
    return FLASH_MISMATCH_GAP;
  /* The version before is often the same program some bytes further on: it has not moved. */
  if (!self->is_as_before && find_shift (self, mismatch))
    return FLASH_MISMATCH_SHIFTED;
  return is_tail (self, mismatch) ? FLASH_MISMATCH_TAIL : FLASH_MISMATCH_SCATTERED;
}

void
flash_mismatch_classify (const FlashMismatchPiece *pieces, guint n_pieces, guint8 erased,
                         FlashMismatch *out_mismatch)
{
  Survey survey = {
    pieces,           n_pieces,      erased, .is_untouched = TRUE, .is_as_before = TRUE,
    .is_blank = TRUE, .is_gap = TRUE
  };

  g_return_if_fail (pieces != NULL || n_pieces == 0);
  g_return_if_fail (out_mismatch != NULL);

  for (guint i = 0; i < n_pieces; i++) {
    gsize size = g_bytes_get_size (pieces[i].expected);

    g_return_if_fail (g_bytes_get_size (pieces[i].found) == size);
    g_return_if_fail (pieces[i].again == NULL || g_bytes_get_size (pieces[i].again) == size);
    g_return_if_fail (pieces[i].before == NULL || g_bytes_get_size (pieces[i].before) == size);
  }
  *out_mismatch = (FlashMismatch){ 0 };
  for (guint i = 0; i < n_pieces; i++)
    survey_piece (&survey, &pieces[i], out_mismatch);
  out_mismatch->kind = judge (&survey, out_mismatch);
}
