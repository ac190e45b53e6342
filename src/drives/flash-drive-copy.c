/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread: any but the main one. */
#define G_LOG_DOMAIN "flash-drive-copy"

#include "config.h"

#include "flash-drive-copy.h"

#include "flash-fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Cards erase in large units and are slow with parts of one, so pieces are large and begin at
 * multiples of their size; a cancel waits for one of them. */
#define PIECE_SIZE (4 * 1024 * 1024)
/* O_DIRECT wants places, lengths and buffers in logical sectors, of which 4096 bytes is the largest
 * that Linux has. */
#define SECTOR 4096

typedef struct {
  FlashDriveCopy *copy;
  int fd;
  guint8 *buffer; /* (owned): PIECE_SIZE + 2 * SECTOR */
  guint8 *expected; /* (owned) (nullable): PIECE_SIZE */
  FlashRange unsettled; /* handed to the kernel last */
  guint64 total; /* bytes to read back */
} Run;

static void
run_init (Run *self, FlashDriveCopy *copy, int fd)
{
  self->copy = copy;
  self->fd = fd;
  self->buffer = g_aligned_alloc (1, PIECE_SIZE + 2 * SECTOR, SECTOR);
}

static void
run_clear (Run *self)
{
  g_aligned_free (self->buffer);
  g_free (self->expected);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* Does the work at one piece of a segment. */
typedef gboolean (*PieceFunc) (Run *self, guint64 offset, gsize length, gboolean is_blank,
                               GError **error);

/* Cuts segments at multiples of the size of a piece. */
static gboolean
walk (Run *self, const GArray *segments, PieceFunc work, GError **error)
{
  for (guint i = 0; i < segments->len; i++) {
    const FlashDriveSegment *segment = &g_array_index (segments, FlashDriveSegment, i);
    guint64 end = flash_range_end (segment->range);
    guint64 offset = segment->range.start;

    while (offset < end) {
      guint64 length = MIN (PIECE_SIZE - offset % PIECE_SIZE, end - offset);

      if (g_cancellable_set_error_if_cancelled (self->copy->cancellable, error) ||
          !work (self, offset, (gsize) length, segment->is_blank, error))
        return FALSE;
      offset += length;
    }
  }
  return TRUE;
}

static void
tell (FlashDriveCopy *self, FlashDrivePhase phase, guint64 done, guint64 total)
{
  FlashDriveProgress progress = { .phase = phase, .bytes_done = done, .bytes_total = total };

  self->on_progress (&progress, self->progress_data);
}

static gboolean
fail (GError **error, int errsv, FlashDriveError fallback, const char *action, guint64 offset)
{
  g_set_error (error, FLASH_DRIVE_ERROR, flash_drive_error_from_errno (errsv, fallback),
               "cannot %s the card at byte %" G_GUINT64_FORMAT ": %s", action, offset,
               g_strerror (errsv));
  return FALSE;
}

gboolean
flash_drive_copy_get_size (int fd, guint64 *out_size, GError **error)
{
  off_t end = lseek (fd, 0, SEEK_END);

  if (end < 0) {
    g_set_error (error, FLASH_DRIVE_ERROR,
                 flash_drive_error_from_errno (errno, FLASH_DRIVE_ERROR_READ),
                 "cannot learn the size of the card: %s", g_strerror (errno));
    return FALSE;
  }
  *out_size = (guint64) end;
  return TRUE;
}

/* --- writing ------------------------------------------------------------------------------ */

/* The kernel would take all of an image into its memory, say that it is written, and then write for
 * minutes. So the piece before is waited for while this one is under way: progress is true, and a
 * cancel does not wait long. Devices that cannot do so are flushed at the end as any. */
static gboolean
settle (Run *self, FlashRange next, GError **error)
{
  FlashRange last = self->unsettled;
  int answer = 0;

  self->unsettled = next;
  if (next.size > 0)
    answer =
        sync_file_range (self->fd, (off_t) next.start, (off_t) next.size, SYNC_FILE_RANGE_WRITE);
  if (answer == 0 && last.size > 0)
    answer = sync_file_range (self->fd, (off_t) last.start, (off_t) last.size,
                              SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
                                  SYNC_FILE_RANGE_WAIT_AFTER);
  if (answer == 0 || errno == ESPIPE || errno == EINVAL || errno == ENOSYS)
    return TRUE;
  return fail (error, errno, FLASH_DRIVE_ERROR_WRITE, "write", last.start);
}

static gboolean
write_piece (Run *self, guint64 offset, gsize length, gboolean is_blank, GError **error)
{
  FlashDriveReport *report = self->copy->report;
  gsize done = 0;

  if (is_blank)
    memset (self->buffer, 0, length);
  else if (!flash_drive_content_read (self->copy->content, offset, self->buffer, length, error))
    return FALSE;
  /* From here on, nobody can say what is on the card. */
  report->state = FLASH_DRIVE_STATE_PARTIAL;
  if (!flash_fd_write (self->fd, offset, self->buffer, length, &done))
    return fail (error, errno, FLASH_DRIVE_ERROR_WRITE, "write", offset + done);
  if (!settle (self, (FlashRange){ .start = offset, .size = length }, error))
    return FALSE;
  if (!is_blank)
    report->bytes_written += length;
  tell (self->copy, FLASH_DRIVE_PHASE_WRITING, report->bytes_written,
        flash_drive_content_get_payload (self->copy->content));
  return TRUE;
}

static gboolean
flush (Run *self, GError **error)
{
  tell (self->copy, FLASH_DRIVE_PHASE_FLUSHING, 0, 0);
  self->unsettled = (FlashRange){ 0 };
  if (fsync (self->fd) == 0)
    return TRUE;
  g_set_error (error, FLASH_DRIVE_ERROR,
               flash_drive_error_from_errno (errno, FLASH_DRIVE_ERROR_WRITE),
               "the card did not take everything: %s", g_strerror (errno));
  return FALSE;
}

gboolean
flash_drive_copy_write (FlashDriveCopy *self, int fd, GError **error)
{
  g_autoptr (GArray) body = flash_drive_copy_plan_body (self->content, self->device_size);
  g_autoptr (GArray) head = flash_drive_copy_plan_head (self->content);
  g_auto (Run) run = { 0 };

  run_init (&run, self, fd);
  tell (self, FLASH_DRIVE_PHASE_WRITING, 0, flash_drive_content_get_payload (self->content));
  /* The partition table goes onto the card when all that it speaks of is there. */
  if (!walk (&run, body, write_piece, error) || !flush (&run, error) ||
      !walk (&run, head, write_piece, error) || !flush (&run, error))
    return FALSE;
  self->report->state = FLASH_DRIVE_STATE_WRITTEN;
  return TRUE;
}

/* --- reading back ------------------------------------------------------------------------- */

/* Reads from @start, a multiple of SECTOR, at least @needed bytes; the end of the card may come
 * before the end of the last sector of ours. */
static gboolean
read_back (Run *self, guint64 start, gsize needed, GError **error)
{
  gsize wanted = (needed + SECTOR - 1) / SECTOR * SECTOR;
  gsize done = 0;

  while (done < needed) {
    ssize_t n = pread (self->fd, self->buffer + done, wanted - done, (off_t) (start + done));

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return fail (error, n < 0 ? errno : ENODATA, FLASH_DRIVE_ERROR_READ, "read", start + done);
    done += (gsize) n;
  }
  return TRUE;
}

static gboolean
compare_piece (Run *self, const guint8 *found, guint64 offset, gsize length, GError **error)
{
  FlashDriveReport *report = self->copy->report;
  gsize at = 0;

  if (memcmp (found, self->expected, length) == 0)
    return TRUE;
  while (found[at] == self->expected[at])
    at++;
  report->first_difference = offset + at;
  report->state = FLASH_DRIVE_STATE_DIFFERENT;
  g_set_error (error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_VERIFY,
               "byte %" G_GUINT64_FORMAT " of the card is 0x%02x, but 0x%02x was written",
               offset + at, found[at], self->expected[at]);
  return FALSE;
}

/* The sum of all segments, of which FLASH_DRIVE_PHASE_VERIFYING is a part. */
static guint64
sum_up (const GArray *segments)
{
  guint64 sum = 0;

  for (guint i = 0; i < segments->len; i++)
    sum += g_array_index (segments, FlashDriveSegment, i).range.size;
  return sum;
}

static gboolean
verify_piece (Run *self, guint64 offset, gsize length, gboolean is_blank, GError **error)
{
  guint64 start = offset - offset % SECTOR;
  gsize before = (gsize) (offset - start);

  if (is_blank)
    memset (self->expected, 0, length);
  else if (!flash_drive_content_read (self->copy->content, offset, self->expected, length, error))
    return FALSE;
  if (!read_back (self, start, before + length, error) ||
      !compare_piece (self, self->buffer + before, offset, length, error))
    return FALSE;
  self->copy->report->bytes_verified += length;
  tell (self->copy, FLASH_DRIVE_PHASE_VERIFYING, self->copy->report->bytes_verified, self->total);
  return TRUE;
}

/* Chooses how to read. Some devices let themselves be opened with O_DIRECT and then refuse to be
 * read so; the first sector tells. */
static gboolean
choose_read_back (Run *self, GError **error)
{
  int flags = fcntl (self->fd, F_GETFL);

  if (flags >= 0 && (flags & O_DIRECT) != 0) {
    if (pread (self->fd, self->buffer, SECTOR, 0) >= 0 || errno != EINVAL) {
      self->copy->report->read_back = FLASH_DRIVE_READ_BACK_DIRECT;
      return TRUE;
    }
    if (fcntl (self->fd, F_SETFL, flags & ~O_DIRECT) != 0)
      return fail (error, errno, FLASH_DRIVE_ERROR_READ, "read", 0);
  }
  /* What was flushed can be forgotten. */
  if (posix_fadvise (self->fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
    g_info ("the kernel does not take the advice to forget what is on the card");
  self->copy->report->read_back = FLASH_DRIVE_READ_BACK_CACHE_DROPPED;
  return TRUE;
}

gboolean
flash_drive_copy_verify (FlashDriveCopy *self, int fd, GError **error)
{
  g_autoptr (GArray) segments = flash_drive_copy_plan_verify (self->content, self->device_size);
  g_auto (Run) run = { 0 };

  run_init (&run, self, fd);
  run.expected = g_malloc (PIECE_SIZE);
  run.total = sum_up (segments);
  tell (self, FLASH_DRIVE_PHASE_VERIFYING, 0, run.total);
  if (!choose_read_back (&run, error) || !walk (&run, segments, verify_piece, error))
    return FALSE;
  self->report->state = FLASH_DRIVE_STATE_VERIFIED;
  return TRUE;
}
