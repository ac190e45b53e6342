/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-cells"

#include "config.h"

#include "flash-sim-cells.h"

#include "flash-fd.h"
#include "flash-provider.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define WORD 4u

/* What a granule of ECC memory has been through. */
enum {
  IS_PROGRAMMED = 1,
  IS_BROKEN = 2,
};

struct _FlashSimCells {
  int fd; /* -1 without a file; owned by the media */
  FlashSimCellTraits traits;
  guint32 size;
  guint8 *bytes; /* (owned) */
  guint8 *marks; /* (owned) (nullable) one for each granule of ECC memory */
};

static gboolean
store (FlashSimCells *self, guint32 offset, guint32 length)
{
  if (self->fd < 0 || flash_fd_write (self->fd, offset, self->bytes + offset, length, NULL))
    return TRUE;
  g_info ("memory file: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
is_erased (FlashSimCells *self, guint32 offset, guint32 length)
{
  for (guint32 i = 0; i < length; i++)
    if (self->bytes[offset + i] != self->traits.erased)
      return FALSE;
  return TRUE;
}

static void
find_marks (FlashSimCells *self)
{
  guint32 granule = self->traits.granule;

  self->marks = g_malloc0 (self->size / granule);
  for (guint32 i = 0; i < self->size / granule; i++)
    if (!is_erased (self, i * granule, granule))
      self->marks[i] = IS_PROGRAMMED;
}

/* Returns: whether the file was opened and what it holds is in memory now. */
static gboolean
load (FlashSimCells *self, FlashSimMedia *media, FlashSimMediumId id, guint32 *out_length)
{
  guint64 file_length;
  guint32 at = 0;

  self->fd = flash_sim_media_open (media, id, &file_length);
  while (self->fd >= 0 && at < MIN (file_length, self->size)) {
    gssize n_read = pread (self->fd, self->bytes + at, self->size - at, (off_t) at);

    if (n_read < 0 && errno == EINTR)
      continue;
    if (n_read <= 0)
      return FALSE;
    at += (guint32) n_read;
  }
  *out_length = at;
  return self->fd >= 0;
}

FlashSimCells *
flash_sim_cells_new (FlashSimMedia *media, FlashSimMediumId id, guint32 size,
                     const FlashSimCellTraits *traits, GError **error)
{
  FlashSimCells *self = g_new0 (FlashSimCells, 1);
  guint32 n_loaded = 0;
  gboolean is_good = TRUE;

  self->fd = -1;
  self->size = size;
  self->traits = *traits;
  self->bytes = g_malloc0 (size);
  if (media != NULL)
    is_good = load (self, media, id, &n_loaded);
  if (traits->erased != 0)
    memset (self->bytes + n_loaded, traits->erased, size - n_loaded);
  if (!is_good || !store (self, n_loaded, size - n_loaded)) {
    g_set_error (error, FLASH_PROVIDER_ERROR, FLASH_PROVIDER_ERROR_NO_STORAGE,
                 "key storage: %s.bin cannot be used: %s", flash_sim_medium_get_name (id),
                 g_strerror (errno));
    flash_sim_cells_free (self);
    return NULL;
  }
  if (traits->rule == FLASH_SIM_CELLS_ECC)
    find_marks (self);
  return self;
}

void
flash_sim_cells_free (FlashSimCells *self)
{
  g_free (self->bytes);
  g_free (self->marks);
  g_free (self);
}

const guint8 *
flash_sim_cells_get_bytes (FlashSimCells *self)
{
  return self->bytes;
}

guint32
flash_sim_cells_get_size (FlashSimCells *self)
{
  return self->size;
}

gboolean
flash_sim_cells_read (FlashSimCells *self, guint32 offset, guint8 *out_bytes, guint32 length)
{
  guint32 granule = self->traits.granule;

  for (guint32 i = offset / granule; self->marks != NULL && i * granule < offset + length; i++)
    if ((self->marks[i] & IS_BROKEN) != 0)
      return FALSE;
  memcpy (out_bytes, self->bytes + offset, length);
  return TRUE;
}

guint32
flash_sim_cells_find_programmed (FlashSimCells *self, guint32 offset, const guint8 *bytes,
                                 guint32 length)
{
  guint32 granule = self->traits.granule;

  if (self->traits.rule == FLASH_SIM_CELLS_FREE)
    return offset + length;
  for (guint32 i = 0; i < length; i++) {
    if (self->marks != NULL
            ? self->marks[(offset + i) / granule] != 0
            : self->bytes[offset + i] != self->traits.erased && self->bytes[offset + i] != bytes[i])
      return offset + i;
  }
  return offset + length;
}

/* NOR cells only ever move away from their erased value: to zeros where that is 0xff, to ones on
 * the flash of L0 and L1, where it is 0x00. */
static guint8
mix (FlashSimCells *self, guint8 old, guint8 new)
{
  if (self->traits.rule == FLASH_SIM_CELLS_FREE)
    return new;
  return self->traits.erased == 0xff ? old & new : old | new;
}

gboolean
flash_sim_cells_program (FlashSimCells *self, guint32 offset, const guint8 *bytes, guint32 length)
{
  guint32 granule = self->traits.granule;

  for (guint32 i = 0; i < length; i++)
    self->bytes[offset + i] = mix (self, self->bytes[offset + i], bytes[i]);
  for (guint32 i = offset / granule; self->marks != NULL && i * granule < offset + length; i++)
    self->marks[i] |= self->marks[i] != 0 ? IS_BROKEN : IS_PROGRAMMED;
  return store (self, offset, length);
}

gboolean
flash_sim_cells_overwrite (FlashSimCells *self, guint32 offset, const guint8 *bytes, guint32 length)
{
  memcpy (self->bytes + offset, bytes, length);
  return store (self, offset, length);
}

gboolean
flash_sim_cells_erase (FlashSimCells *self, guint32 offset, guint32 length)
{
  guint32 granule = self->traits.granule;

  memset (self->bytes + offset, self->traits.erased, length);
  if (self->marks != NULL)
    memset (self->marks + offset / granule, 0, length / granule);
  return store (self, offset, length);
}

gboolean
flash_sim_cells_erase_half (FlashSimCells *self, guint32 offset, guint32 length)
{
  guint32 granule = self->traits.granule;

  for (guint32 at = 0; at < length; at += 2 * WORD)
    memset (self->bytes + offset + at, self->traits.erased, WORD);
  /* what is left of a word has no right check bits any more; neither has what looks erased */
  if (self->marks != NULL)
    for (guint32 at = 0; at < length; at += granule)
      self->marks[(offset + at) / granule] |= IS_PROGRAMMED;
  return store (self, offset, length);
}

void
flash_sim_cells_break_granule (FlashSimCells *self, guint32 offset)
{
  if (self->marks != NULL)
    self->marks[offset / self->traits.granule] = IS_PROGRAMMED | IS_BROKEN;
}
