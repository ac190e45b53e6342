/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-drive-bench"

#include "config.h"

#include "flash-drive-bench.h"

#include "flash-test-images.h"

#include <string.h>

#define MIB (1024 * 1024)

void
flash_drive_bench_wait_list (FlashDriveList *list, guint n_drives)
{
  while (flash_drive_list_get_state (list) != FLASH_DRIVE_LIST_READY ||
         g_list_model_get_n_items (G_LIST_MODEL (list)) != n_drives)
    g_main_context_iteration (NULL, TRUE);
}

void
flash_drive_bench_set_up (FlashDriveBench *self, gconstpointer data)
{
  /* In the first MiB with a gap; across its end; across the end of a piece, at odd places; and up
   * to the end of the content, in what the last MiB of the card is. */
  static const FlashRange ranges[] = {
    { 0, 600 },
    { 0x20000, 0x10001 },
    { MIB - 100, 4096 + 300 },
    { 4 * MIB - 70001, 140003 },
    { FLASH_BENCH_CONTENT_SIZE - 1000, 1000 },
  };

  self->mock = flash_mock_udisks_new ();
  flash_mock_udisks_add_stick (self->mock, "sdb", FLASH_BENCH_CARD_SIZE);
  flash_mock_udisks_start (self->mock);
  self->list = flash_drive_list_new (flash_mock_udisks_get_client (self->mock));
  flash_drive_bench_wait_list (self->list, 1);
  self->drive = g_list_model_get_item (G_LIST_MODEL (self->list), 0);
  self->bytes = flash_test_make_bytes (FLASH_BENCH_CONTENT_SIZE, 4);
  self->ranges = g_array_new (FALSE, FALSE, sizeof (FlashRange));
  g_array_append_vals (self->ranges, ranges, G_N_ELEMENTS (ranges));
  self->cancellable = g_cancellable_new ();
  self->phases = g_string_new (NULL);
}

void
flash_drive_bench_tear_down (FlashDriveBench *self, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&self->list));
  /* The thread of the task may be about to let go of it. */
  g_clear_object (&self->drive);
  flash_mock_udisks_free (self->mock);
  g_bytes_unref (self->bytes);
  g_array_unref (self->ranges);
  g_object_unref (self->cancellable);
  g_string_free (self->phases, TRUE);
  g_clear_error (&self->error);
}

/* --- running ------------------------------------------------------------------------------ */

static gboolean
read_content (guint64 offset, guint8 *buffer, gsize length, gpointer data, GError **error)
{
  FlashDriveBench *self = data;
  g_autoptr (GError) reason = NULL;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self->bytes, &size);

  g_assert_cmpuint (length, >, 0);
  g_assert_cmpuint (length, <=, 4 * MIB);
  g_assert_cmpuint (offset + length, <=, size);
  if (self->on_read != NULL)
    self->on_read (self, offset, &reason);
  if (reason != NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  memcpy (buffer, bytes + offset, length);
  return TRUE;
}

static void
on_progress (const FlashDriveProgress *progress, gpointer data)
{
  FlashDriveBench *self = data;
  char digit = (char) ('0' + (int) progress->phase);

  g_assert_false (self->is_done);
  g_assert_cmpuint (progress->bytes_done, <=, progress->bytes_total);
  if (self->phases->len == 0 || self->phases->str[self->phases->len - 1] != digit)
    g_string_append_c (self->phases, digit);
  self->last_done = progress->bytes_done;
  self->last_total = progress->bytes_total;
  if (self->on_progress != NULL)
    self->on_progress (self, progress);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  FlashDriveBench *self = data;

  g_assert_null (source);
  self->is_ok = flash_drive_write_finish (result, &self->error);
  self->report = *flash_drive_write_get_report (result);
  self->is_done = TRUE;
}

void
flash_drive_bench_write (FlashDriveBench *self)
{
  g_autoptr (GError) error = NULL;
  FlashDriveContent *content = flash_drive_content_new (FLASH_BENCH_CONTENT_SIZE, self->ranges,
                                                        read_content, self, NULL, &error);

  g_assert_no_error (error);
  self->is_done = FALSE;
  flash_drive_write_async (self->drive, content, self->cancellable, on_progress, self, on_written,
                           self);
  /* The content belongs to the task by now. */
  flash_drive_content_unref (content);
  flash_mock_udisks_wait (&self->is_done);
  g_assert_true (self->is_ok == (self->error == NULL));
}

static void
on_ejected (GObject *source, GAsyncResult *result, gpointer data)
{
  FlashDriveBench *self = data;

  self->is_ok = flash_drive_eject_finish (result, &self->error);
  self->is_done = TRUE;
}

void
flash_drive_bench_eject (FlashDriveBench *self)
{
  self->is_done = FALSE;
  flash_drive_eject_async (self->drive, self->cancellable, on_ejected, self);
  flash_mock_udisks_wait (&self->is_done);
}

/* --- what came of it ---------------------------------------------------------------------- */

static char *
read_card (FlashDriveBench *self)
{
  g_autoptr (GError) error = NULL;
  char *found;
  gsize size;

  g_file_get_contents (flash_mock_udisks_get_file (self->mock, "sdb"), &found, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, FLASH_BENCH_CARD_SIZE);
  return found;
}

void
flash_drive_bench_assert_written (FlashDriveBench *self)
{
  g_autofree char *found = read_card (self);
  g_autofree char *expected = g_malloc (FLASH_BENCH_CARD_SIZE);
  const char *bytes = g_bytes_get_data (self->bytes, NULL);

  memset (expected, FLASH_MOCK_UDISKS_OLD_BYTE, FLASH_BENCH_CARD_SIZE);
  memset (expected, 0, MIB);
  memset (expected + FLASH_BENCH_CARD_SIZE - MIB, 0, MIB);
  for (guint i = 0; i < self->ranges->len; i++) {
    FlashRange range = g_array_index (self->ranges, FlashRange, i);

    memcpy (expected + range.start, bytes + range.start, range.size);
  }
  g_assert_cmpmem (found, FLASH_BENCH_CARD_SIZE, expected, FLASH_BENCH_CARD_SIZE);
}

void
flash_drive_bench_assert_untouched (FlashDriveBench *self)
{
  g_autofree char *found = read_card (self);

  for (gsize i = 0; i < FLASH_BENCH_CARD_SIZE; i++)
    if ((guint8) found[i] != FLASH_MOCK_UDISKS_OLD_BYTE)
      g_assert_cmphex ((guint8) found[i], ==, FLASH_MOCK_UDISKS_OLD_BYTE);
}

void
flash_drive_bench_assert_failed (FlashDriveBench *self, FlashDriveError code, FlashDriveState state)
{
  g_assert_error (self->error, FLASH_DRIVE_ERROR, (int) code);
  g_assert_false (self->is_ok);
  g_assert_cmpint (self->report.state, ==, state);
}

void
flash_drive_bench_assert_cancelled (FlashDriveBench *self, FlashDriveState state)
{
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (self->report.state, ==, state);
}
