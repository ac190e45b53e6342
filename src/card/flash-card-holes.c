/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-card-holes"

#include "config.h"

#include "flash-card-holes.h"

#include "flash-plan.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Smaller holes are not worth an extent; it also bounds how many a hostile file can have. */
#define MIN_HOLE (64 * 1024)

static FlashCardStamp
make_stamp (const struct stat *info)
{
  return (FlashCardStamp){ .is_known = TRUE,
                           .device = info->st_dev,
                           .inode = info->st_ino,
                           .changed_s = info->st_ctim.tv_sec,
                           .changed_ns = info->st_ctim.tv_nsec };
}

FlashCardStamp
flash_card_stamp_take (const char *path)
{
  FlashCardStamp unknown = { 0 };
  struct stat info;

  return stat (path, &info) == 0 ? make_stamp (&info) : unknown;
}

static gboolean
is_same (const FlashCardStamp *a, const FlashCardStamp *b)
{
  return a->is_known && b->is_known && a->device == b->device && a->inode == b->inode &&
         a->changed_s == b->changed_s && a->changed_ns == b->changed_ns;
}

static void
add_piece (GArray *pieces, guint64 target_offset, FlashSource *source, guint64 start, guint64 end)
{
  FlashExtent piece = { target_offset + start, end - start, source, source != NULL ? start : 0 };

  if (start < end)
    g_array_append_val (pieces, piece);
}

/* Returns: where the next hole begins that is worth it, and where it ends. */
static guint64
find_hole (int fd, guint64 offset, guint64 size, guint64 *out_end)
{
  guint64 at = offset;

  *out_end = size;
  while (at < size) {
    off_t hole = lseek (fd, (off_t) at, SEEK_HOLE);
    off_t data;

    if (hole < 0 || (guint64) hole >= size)
      return size;
    data = lseek (fd, hole, SEEK_DATA);
    if (data < 0 && errno != ENXIO)
      return size;
    /* No data behind it: the hole reaches up to the end. */
    at = data < 0 ? size : MIN ((guint64) data, size);
    if (at - (guint64) hole >= MIN_HOLE) {
      *out_end = at;
      return (guint64) hole;
    }
  }
  return size;
}

static void
split (GArray *pieces, FlashSource *source, int fd, guint64 target_offset)
{
  guint64 size = flash_source_get_size (source);
  guint64 at = 0;

  while (at < size) {
    guint64 end;
    guint64 hole = find_hole (fd, at, size, &end);

    add_piece (pieces, target_offset, source, at, hole);
    add_piece (pieces, target_offset, NULL, hole, end);
    at = end;
  }
}

GArray *
flash_card_holes_split (FlashSource *source, const FlashCardStamp *before, guint64 target_offset)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (FlashExtent));
  int fd = open (flash_source_get_name (source), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat info;
  FlashCardStamp now;

  if (fd >= 0 && fstat (fd, &info) == 0) {
    now = make_stamp (&info);
    /* The same before and after, so it was the same when the source was opened. */
    if (is_same (before, &now) && !flash_source_has_changed (source))
      split (pieces, source, fd, target_offset);
  }
  if (fd >= 0)
    g_close (fd, NULL);
  if (pieces->len == 0)
    add_piece (pieces, target_offset, source, 0, flash_source_get_size (source));
  return pieces;
}
