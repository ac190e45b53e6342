/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written and read back where, and in which order. Thread: any. */
#define G_LOG_DOMAIN "flash-drive-plan"

#include "config.h"

#include "flash-drive-copy.h"

/* Adds the part of [start, end) that lies in [low, high). */
static void
add_part (GArray *segments, guint64 start, guint64 end, guint64 low, guint64 high,
          gboolean is_blank)
{
  FlashDriveSegment segment = { .is_blank = is_blank };

  start = MAX (start, low);
  end = MIN (end, high);
  if (start >= end)
    return;
  segment.range = (FlashRange){ .start = start, .size = end - start };
  g_array_append_val (segments, segment);
}

static GArray *
make_segments (void)
{
  return g_array_new (FALSE, FALSE, sizeof (FlashDriveSegment));
}

/* Returns: where the last MiB begins, or the first one ends, whichever is later. */
static guint64
get_tail (guint64 device_size)
{
  return MAX (device_size - MIN (device_size, FLASH_DRIVE_END_SIZE),
              MIN (device_size, FLASH_DRIVE_END_SIZE));
}

GArray *
flash_drive_copy_plan_body (const FlashDriveContent *content, guint64 device_size)
{
  const GArray *ranges = flash_drive_content_get_ranges (content);
  GArray *segments = make_segments ();

  add_part (segments, 0, device_size, 0, FLASH_DRIVE_END_SIZE, TRUE);
  add_part (segments, 0, device_size, get_tail (device_size), G_MAXUINT64, TRUE);
  for (guint i = 0; i < ranges->len; i++) {
    FlashRange range = g_array_index (ranges, FlashRange, i);

    add_part (segments, range.start, flash_range_end (range), FLASH_DRIVE_END_SIZE, G_MAXUINT64,
              FALSE);
  }
  return segments;
}

GArray *
flash_drive_copy_plan_head (const FlashDriveContent *content)
{
  const GArray *ranges = flash_drive_content_get_ranges (content);
  GArray *segments = make_segments ();

  for (guint i = 0; i < ranges->len; i++) {
    FlashRange range = g_array_index (ranges, FlashRange, i);

    add_part (segments, range.start, flash_range_end (range), 0, FLASH_DRIVE_END_SIZE, FALSE);
  }
  return segments;
}

static void
add_gap (GArray *segments, guint64 start, guint64 end, guint64 device_size)
{
  add_part (segments, start, end, 0, FLASH_DRIVE_END_SIZE, TRUE);
  add_part (segments, start, end, get_tail (device_size), G_MAXUINT64, TRUE);
}

GArray *
flash_drive_copy_plan_verify (const FlashDriveContent *content, guint64 device_size)
{
  const GArray *ranges = flash_drive_content_get_ranges (content);
  GArray *segments = make_segments ();
  guint64 end = 0;

  for (guint i = 0; i < ranges->len; i++) {
    FlashRange range = g_array_index (ranges, FlashRange, i);

    add_gap (segments, end, range.start, device_size);
    end = flash_range_end (range);
    add_part (segments, range.start, end, 0, G_MAXUINT64, FALSE);
  }
  add_gap (segments, end, device_size, device_size);
  return segments;
}
