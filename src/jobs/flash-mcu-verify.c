/* SPDX-License-Identifier: GPL-3.0-or-later */
/* thread: worker */
#define G_LOG_DOMAIN "flash-mcu-verify"

#include "config.h"

#include "flash-mcu-private.h"

static void
clear_piece (gpointer data)
{
  FlashMismatchPiece *piece = data;

  g_clear_pointer (&piece->expected, g_bytes_unref);
  g_clear_pointer (&piece->found, g_bytes_unref);
  g_clear_pointer (&piece->again, g_bytes_unref);
  g_clear_pointer (&piece->before, g_bytes_unref);
}

GArray *
flash_mcu_pieces_new (void)
{
  GArray *pieces = g_array_new (FALSE, TRUE, sizeof (FlashMismatchPiece));

  g_array_set_clear_func (pieces, clear_piece);
  return pieces;
}

void
flash_mcu_pieces_add (GArray *pieces, guint32 address, GBytes *expected, GBytes *before)
{
  FlashMismatchPiece piece = { .address = address, .expected = g_bytes_ref (expected) };

  if (before != NULL)
    piece.before = g_bytes_ref (before);
  g_array_append_val (pieces, piece);
}

static gboolean
read_piece (FlashMcuRun *self, FlashMismatchPiece *piece, gboolean *out_is_right, GError **error)
{
  gsize length = g_bytes_get_size (piece->expected);

  piece->found =
      flash_mcu_read_bytes (self, FLASH_ACTIVITY_VERIFYING, piece->address, length, error);
  if (piece->found == NULL)
    return FALSE;
  *out_is_right = g_bytes_equal (piece->found, piece->expected);
  if (*out_is_right)
    return TRUE;
  /* A second identical mismatch is real; a different one is trouble on the way (section 5.4). */
  g_debug ("mismatch in 0x%08x; once more", piece->address);
  if (!flash_dfuse_to_idle (flash_mcu_get_dfuse (self), error))
    return FALSE;
  piece->again =
      flash_mcu_read_bytes (self, FLASH_ACTIVITY_VERIFYING, piece->address, length, error);
  return piece->again != NULL;
}

gboolean
flash_mcu_pieces_read (FlashMcuRun *self, GArray *pieces, guint first, GError **error)
{
  gboolean is_all_right = TRUE;

  for (guint i = first; i < pieces->len; i++) {
    FlashMismatchPiece *piece = &g_array_index (pieces, FlashMismatchPiece, i);
    gboolean is_right = FALSE;

    if (!read_piece (self, piece, &is_right, error))
      return FALSE;
    is_all_right &= is_right;
  }
  self->result->mismatch = (FlashMismatch){ 0 };
  if (is_all_right)
    return TRUE;
  flash_mismatch_classify ((const FlashMismatchPiece *) (gpointer) pieces->data, pieces->len,
                           self->traits.erased, &self->result->mismatch);
  return TRUE;
}
