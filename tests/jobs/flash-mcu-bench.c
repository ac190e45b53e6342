/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-mcu-bench.h"

#include "flash-bytes.h"
#include "flash-test-images.h"

#include <glib/gstdio.h>

static void
on_event (FlashEvent *event, gpointer data)
{
  FlashMcuBench *self = data;

  g_ptr_array_add (self->events, flash_event_ref (event));
}

static void
on_progress (const FlashSnapshot *snapshot, gpointer data)
{
  FlashMcuBench *self = data;

  g_assert_cmpfloat (snapshot->fraction, >=, self->last_fraction);
  g_assert_cmpfloat (snapshot->fraction, <=, 1.0);
  g_assert_cmpuint (snapshot->bytes_done, <=, snapshot->bytes_total);
  self->last_fraction = snapshot->fraction;
  if (++self->n_progress == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

/* A sweep makes thousands of boards and syncs as many journals: in memory, where there is a place
 * for that. */
static char *
make_dir (void)
{
  g_autofree char *path = g_strdup ("/dev/shm/flash-mcu-bench-XXXXXX");

  return g_mkdtemp (path) != NULL ? g_steal_pointer (&path) : flash_test_make_dir ();
}

static FlashMcuBench *
bench_new (const char *model, const char *keys, char *storage)
{
  FlashMcuBench *self = g_new0 (FlashMcuBench, 1);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  self->storage = storage;
  self->journals = make_dir ();
  self->clock = flash_clock_new_virtual ();
  self->provider = flash_sim_provider_new (self->clock);
  id = g_strdup_printf ("virtual:%s,storage=%s%s%s", model, self->storage, keys != NULL ? "," : "",
                        keys != NULL ? keys : "");
  self->job.board = flash_provider_find (FLASH_PROVIDER (self->provider), id, &error);
  g_assert_no_error (error);
  self->device =
      flash_sim_provider_dup_device (self->provider, flash_board_get_port (self->job.board));
  self->job.provider = g_object_ref (FLASH_PROVIDER (self->provider));
  self->job.clock = g_object_ref (self->clock);
  self->job.journal_folder = g_strdup (self->journals);
  self->job.verifies = TRUE;
  self->job.alternate = -1;
  self->cancellable = g_cancellable_new ();
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_event_unref);
  return self;
}

FlashMcuBench *
flash_mcu_bench_new (const char *model, const char *keys)
{
  return bench_new (model, keys, make_dir ());
}

/* The file is made by a board that has nothing against being written, and kept. */
FlashMcuBench *
flash_mcu_bench_new_holding (const char *model, const char *keys, GBytes *bytes)
{
  FlashMcuBench *bench = flash_mcu_bench_new (model, NULL);
  char *storage = g_strdup (bench->storage);
  g_autoptr (GBytes) flash = NULL;

  flash_mcu_bench_put (bench, 0, bytes);
  g_bytes_unref (bytes);
  flash = flash_mcu_bench_read_file (bench, "flash.bin");
  flash_mcu_bench_free (bench);
  g_assert_cmpint (g_mkdir (storage, 0700), ==, 0);
  flash_test_write_file (storage, "flash.bin", flash);
  return bench_new (model, keys, storage);
}

FlashMcuBench *
flash_mcu_bench_swap (FlashMcuBench *self, const char *model, GBytes *bytes)
{
  FlashMcuBench *other = flash_mcu_bench_new_holding (model, NULL, g_bytes_ref (bytes));
  g_autoptr (GBytes) flash = flash_mcu_bench_read_file (other, "flash.bin");
  char *storage = g_strdup (self->storage);
  char *journals = self->journals;

  flash_mcu_bench_free (other);
  self->journals = make_dir ();
  flash_mcu_bench_free (self);
  g_assert_cmpint (g_mkdir (storage, 0700), ==, 0);
  flash_test_write_file (storage, "flash.bin", flash);
  self = bench_new (model, NULL, storage);
  flash_test_remove_dir (self->journals);
  g_free (self->journals);
  g_free ((char *) self->job.journal_folder);
  self->journals = journals;
  self->job.journal_folder = g_strdup (journals);
  return self;
}

void
flash_mcu_bench_free (FlashMcuBench *self)
{
  g_clear_error (&self->error);
  flash_mcu_result_clear (&self->result);
  flash_mcu_job_clear (&self->job);
  g_ptr_array_unref (self->events);
  g_object_unref (self->cancellable);
  g_object_unref (self->device);
  g_assert_finalize_object (self->provider);
  g_assert_finalize_object (self->clock);
  flash_test_remove_dir (self->storage);
  flash_test_remove_dir (self->journals);
  g_free (self->storage);
  g_free (self->journals);
  g_free (self);
}

gboolean
flash_mcu_bench_run (FlashMcuBench *self)
{
  const FlashSink sink = { on_event, on_progress, self };
  gboolean ok;

  g_clear_error (&self->error);
  flash_mcu_result_clear (&self->result);
  g_ptr_array_set_size (self->events, 0);
  self->n_progress = 0;
  self->last_fraction = 0;
  ok = flash_mcu_run (&self->job, self->cancellable, &sink, &self->result, &self->error);
  g_assert_true (ok == (self->error == NULL));
  g_assert_true (ok || self->error->domain == FLASH_JOB_ERROR ||
                 g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  /* Exactly one end, and it comes last. */
  g_assert_cmpuint (flash_mcu_bench_count (self, FLASH_EVENT_FINISHED), ==, 1);
  g_assert_cmpint (
      ((const FlashEvent *) g_ptr_array_index (self->events, self->events->len - 1))->kind, ==,
      FLASH_EVENT_FINISHED);
  g_assert_cmpuint (flash_mcu_bench_count (self, FLASH_EVENT_FAILED), ==, ok ? 0 : 1);
  g_assert_cmpuint (flash_mcu_bench_count (self, FLASH_EVENT_STARTED), ==,
                    self->result.is_started ? 1 : 0);
  return ok;
}

void
flash_mcu_bench_run_well (FlashMcuBench *self)
{
  flash_mcu_bench_run (self);
  g_assert_no_error (self->error);
}

void
flash_mcu_bench_run_into (FlashMcuBench *self, FlashJobError code)
{
  flash_mcu_bench_run (self);
  if (self->error != NULL)
    g_test_message ("%s", self->error->message);
  g_assert_error (self->error, FLASH_JOB_ERROR, (gint) code);
}

void
flash_mcu_bench_set_image (FlashMcuBench *self, guint32 address, GBytes *bytes)
{
  g_clear_pointer (&self->job.image, flash_image_unref);
  self->job.image = flash_image_new_for_bytes (address, bytes);
  g_bytes_unref (bytes);
}

void
flash_mcu_bench_set_verb (FlashMcuBench *self, FlashMcuVerb verb)
{
  g_clear_pointer (&self->job.image, flash_image_unref);
  self->job.verb = verb;
}

GBytes *
flash_mcu_bench_read_file (FlashMcuBench *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->storage, name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents = NULL;
  gsize length = 0;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (contents, length);
}

gboolean
flash_mcu_bench_holds (FlashMcuBench *self, guint32 offset, GBytes *bytes)
{
  g_autoptr (GBytes) flash = flash_mcu_bench_read_file (self, "flash.bin");
  g_autoptr (GBytes) part = NULL;

  g_assert_cmpuint (offset + g_bytes_get_size (bytes), <=, g_bytes_get_size (flash));
  part = g_bytes_new_from_bytes (flash, offset, g_bytes_get_size (bytes));
  return g_bytes_equal (part, bytes);
}

void
flash_mcu_bench_put (FlashMcuBench *self, guint32 offset, GBytes *bytes)
{
  FlashMcuJob saved = self->job;

  g_bytes_ref (bytes);
  self->job.image = NULL;
  self->job.verb = FLASH_MCU_PROGRAM;
  self->job.shared = FLASH_MCU_SHARED_KEEP;
  self->job.starts = FALSE;
  self->job.journal_folder = NULL;
  flash_mcu_bench_set_image (self, FLASH_MCU_BENCH_FLASH + offset, bytes);
  flash_mcu_bench_run_well (self);
  g_assert_true (flash_mcu_bench_holds (self, offset, bytes));
  flash_image_unref (self->job.image);
  self->job = saved;
}

guint
flash_mcu_bench_count (FlashMcuBench *self, FlashEventKind kind)
{
  guint n = 0;

  for (guint i = 0; i < self->events->len; i++)
    n += ((const FlashEvent *) g_ptr_array_index (self->events, i))->kind == kind;
  return n;
}

const FlashEvent *
flash_mcu_bench_find (FlashMcuBench *self, FlashEventKind kind)
{
  for (guint i = 0; i < self->events->len; i++) {
    const FlashEvent *event = g_ptr_array_index (self->events, i);

    if (event->kind == kind)
      return event;
  }
  return NULL;
}

guint64
flash_mcu_bench_get_n_requests (FlashMcuBench *self)
{
  return flash_sim_provider_get_n_requests (self->provider, flash_board_get_port (self->job.board));
}

void
flash_mcu_bench_assert_polite (FlashMcuBench *self)
{
  g_auto (GStrv) violations = flash_sim_device_get_violations (self->device);

  for (guint i = 0; violations[i] != NULL; i++)
    g_test_message ("%s", violations[i]);
  g_assert_cmpuint (g_strv_length (violations), ==, 0);
}

void
flash_mcu_bench_power_cycle (FlashMcuBench *self)
{
  flash_sim_device_power_cycle (self->device);
  flash_clock_wait_ms (self->clock, 2000, NULL, NULL);
}

guint
flash_mcu_bench_count_journals (FlashMcuBench *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (self->journals, 0, &error);
  guint n_files = 0;

  g_assert_no_error (error);
  while (g_dir_read_name (dir) != NULL)
    n_files++;
  return n_files;
}

GBytes *
flash_mcu_bench_make_firmware (gsize size, guint32 seed)
{
  return flash_mcu_bench_make_firmware_at (0, size, seed);
}

GBytes *
flash_mcu_bench_make_firmware_at (guint32 offset, gsize size, guint32 seed)
{
  g_autoptr (GBytes) body = flash_test_make_bytes (size, seed);
  guint8 *bytes = g_memdup2 (g_bytes_get_data (body, NULL), size);

  /* A stack that all the chips have, and a reset handler behind the vectors. */
  flash_put_le32 (bytes, 0x20002000);
  flash_put_le32 (bytes + 4, FLASH_MCU_BENCH_FLASH + offset + 0x201);
  return g_bytes_new_take (bytes, size);
}
