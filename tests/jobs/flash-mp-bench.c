/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-mp-bench.h"

#include "flash-test-images.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Puts the board where somebody who sits beside it would have it. */
static void
help (FlashMpBench *self, FlashJobQuestion question)
{
  g_autoptr (FlashSimDevice) device =
      flash_sim_provider_dup_device (self->provider, flash_board_get_port (self->board));

  if (question == FLASH_JOB_QUESTION_GONE)
    flash_sim_device_plug (device);
  else if (question == FLASH_JOB_QUESTION_PATIENCE)
    flash_sim_device_power_cycle (device);
}

static void
swap_card (FlashMpBench *self)
{
  g_autofree char *path = g_build_filename (self->storage, "mmc0.img", NULL);
  g_autofree char *empty = g_malloc0 (1 << 20);
  int fd = open (path, O_WRONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (pwrite (fd, empty, 1 << 20, 0), ==, 1 << 20);
  g_close (fd, NULL);
}

/* Returns: (transfer full): the port on which the board is now. */
static char *
find_port (FlashMpBench *self)
{
  GListModel *boards = G_LIST_MODEL (self->provider);

  flash_provider_rescan (FLASH_PROVIDER (self->provider));
  for (guint i = 0; i < g_list_model_get_n_items (boards); i++) {
    g_autoptr (FlashBoard) board = g_list_model_get_item (boards, i);

    if (g_str_equal (flash_board_get_id (board), flash_board_get_id (self->board)))
      return g_strdup (flash_board_get_port (board));
  }
  return g_strdup ("nowhere");
}

static void
answer (FlashMpBench *self)
{
  FlashJobQuestion question = flash_job_gate_get_question (self->gate);

  if (self->helps)
    help (self, question);
  if (self->swaps_card)
    swap_card (self);
  if (self->move_to != NULL) {
    g_autofree char *port =
        g_str_equal (self->move_to, "found") ? find_port (self) : g_strdup (self->move_to);

    flash_job_gate_move (self->gate, port);
  }
  flash_job_gate_answer (self->gate, question,
                         self->n_go_on > 0 ? FLASH_JOB_ANSWER_GO_ON : FLASH_JOB_ANSWER_GIVE_UP);
  if (self->n_go_on > 0)
    self->n_go_on--;
}

static void
on_event (FlashEvent *event, gpointer data)
{
  FlashMpBench *self = data;

  g_ptr_array_add (self->events, flash_event_ref (event));
  if (event->kind == FLASH_EVENT_PARTITION)
    self->begun_at[event->step] = flash_mp_bench_get_n_requests (self);
  if (event->kind == FLASH_EVENT_WRITTEN)
    self->written_at[event->step] = flash_mp_bench_get_n_requests (self);
  if (event->kind != FLASH_EVENT_PAUSED)
    return;
  g_assert_cmpstr (event->code, ==,
                   flash_job_question_get_name (flash_job_gate_get_question (self->gate)));
  if (!self->is_deaf)
    answer (self);
}

static void
on_progress (const FlashSnapshot *snapshot, gpointer data)
{
  FlashMpBench *self = data;

  g_assert_cmpfloat (snapshot->fraction, >=, self->last_fraction);
  g_assert_cmpfloat (snapshot->fraction, <=, 1.0);
  g_assert_cmpuint (snapshot->bytes_done, <=, snapshot->bytes_total);
  self->last_fraction = snapshot->fraction;
  self->n_paused += snapshot->activity == FLASH_ACTIVITY_PAUSED;
  if (++self->n_progress == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

FlashMpBench *
flash_mp_bench_new (const char *layout_dir, const char *model, const char *keys)
{
  FlashMpBench *self = g_new0 (FlashMpBench, 1);
  g_autofree char *path = g_build_filename (layout_dir, "layout.tsv", NULL);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;

  self->layout_dir = g_strdup (layout_dir);
  self->storage = flash_test_make_dir ();
  self->clock = flash_clock_new_virtual ();
  self->provider = flash_sim_provider_new (self->clock);
  id = g_strdup_printf ("virtual:%s,storage=%s%s%s", model, self->storage, keys != NULL ? "," : "",
                        keys != NULL ? keys : "");
  self->board = flash_provider_find (FLASH_PROVIDER (self->provider), id, &error);
  g_assert_no_error (error);
  self->layout = flash_layout_load (path, diags, &error);
  g_assert_no_error (error);
  self->plan = flash_plan_new_for_layout (self->layout, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (flash_plan_get_n_steps (self->plan), <=, FLASH_MP_BENCH_MAX_STEPS);
  self->cancellable = g_cancellable_new ();
  self->events = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_event_unref);
  return self;
}

void
flash_mp_bench_free (FlashMpBench *self)
{
  g_clear_error (&self->error);
  g_clear_pointer (&self->gate, flash_job_gate_unref);
  flash_result_clear (&self->result);
  g_ptr_array_unref (self->events);
  g_object_unref (self->cancellable);
  g_object_unref (self->plan);
  g_object_unref (self->layout);
  g_object_unref (self->board);
  g_assert_finalize_object (self->provider);
  g_assert_finalize_object (self->clock);
  flash_test_remove_dir (self->storage);
  g_free (self->storage);
  g_free (self->layout_dir);
  g_free (self);
}

void
flash_mp_bench_open_gate (FlashMpBench *self, guint n_go_on, gboolean helps)
{
  self->gate = flash_job_gate_new ();
  self->n_go_on = n_go_on;
  self->helps = helps;
}

gboolean
flash_mp_bench_run (FlashMpBench *self, gboolean verify)
{
  const FlashMpJob job = { .plan = self->plan,
                           .provider = FLASH_PROVIDER (self->provider),
                           .board = self->board,
                           .clock = self->clock,
                           .verify = verify,
                           .patience_ms = self->patience_ms,
                           .restarts = self->restarts,
                           .gate = self->gate };
  const FlashSink sink = { on_event, on_progress, self };
  gboolean ok;

  g_clear_error (&self->error);
  flash_result_clear (&self->result);
  g_ptr_array_set_size (self->events, 0);
  self->n_progress = 0;
  self->n_paused = 0;
  self->last_fraction = 0;
  ok = flash_mp_run (&job, self->cancellable, &sink, &self->result, &self->error);
  g_assert_true (ok == (self->error == NULL));
  /* Exactly one end, and it comes last. */
  g_assert_cmpuint (flash_mp_bench_count (self, FLASH_EVENT_FINISHED), ==, 1);
  g_assert_cmpint (
      ((const FlashEvent *) g_ptr_array_index (self->events, self->events->len - 1))->kind, ==,
      FLASH_EVENT_FINISHED);
  g_assert_cmpuint (flash_mp_bench_count (self, FLASH_EVENT_FAILED), ==, ok ? 0 : 1);
  /* No question outlives its job. */
  g_assert_true (self->gate == NULL ||
                 flash_job_gate_get_question (self->gate) == FLASH_JOB_QUESTION_NONE);
  return ok;
}

/* The files of a virtual board's storages are named after them; boot partitions have their own. */
static char *
get_storage_path (FlashMpBench *self, FlashLayoutRow *row)
{
  const char *suffix = "";
  g_autofree char *name = NULL;

  if (flash_layout_row_get_offset_kind (row) == FLASH_LAYOUT_OFFSET_BOOT1)
    suffix = "boot1";
  else if (flash_layout_row_get_offset_kind (row) == FLASH_LAYOUT_OFFSET_BOOT2)
    suffix = "boot2";
  name = g_strdup_printf ("%s%s.img", flash_layout_row_get_ip_name (row), suffix);
  return g_build_filename (self->storage, name, NULL);
}

gboolean
flash_mp_bench_is_stored (FlashMpBench *self, guint index)
{
  const FlashPlanStep *step = flash_plan_get_step (self->plan, index);
  gboolean is_raw = flash_layout_row_get_layout_type (step->row) == FLASH_LAYOUT_TYPE_RAW_IMAGE;
  guint64 offset = is_raw ? 0 : flash_layout_row_get_offset (step->row);
  g_autofree char *path = get_storage_path (self, step->row);
  g_autofree guint8 *stored = g_malloc (65536);
  g_autofree guint8 *wanted = g_malloc (65536);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean is_same = fd >= 0;

  for (guint64 at = 0; is_same && at < step->size; at += 65536) {
    gsize length = (gsize) MIN (step->size - at, 65536);

    g_assert_true (flash_source_read (step->source, at, wanted, length, NULL));
    is_same = pread (fd, stored, length, (off_t) (offset + at)) == (ssize_t) length &&
              memcmp (stored, wanted, length) == 0;
  }
  if (fd >= 0)
    g_close (fd, NULL);
  return is_same;
}

void
flash_mp_bench_assert_all_stored (FlashMpBench *self)
{
  for (guint i = 0; i < flash_plan_get_n_steps (self->plan); i++) {
    const FlashPlanStep *step = flash_plan_get_step (self->plan, i);

    if (step->kind != FLASH_PLAN_PARTITION)
      continue;
    g_test_message ("step %u: %s", i, step->name);
    g_assert_true (flash_result_is_written (&self->result, i));
    g_assert_true (flash_mp_bench_is_stored (self, i));
  }
}

guint
flash_mp_bench_count (FlashMpBench *self, FlashEventKind kind)
{
  guint n = 0;

  for (guint i = 0; i < self->events->len; i++)
    n += ((const FlashEvent *) g_ptr_array_index (self->events, i))->kind == kind;
  return n;
}

const FlashEvent *
flash_mp_bench_find (FlashMpBench *self, FlashEventKind kind)
{
  for (guint i = 0; i < self->events->len; i++) {
    const FlashEvent *event = g_ptr_array_index (self->events, i);

    if (event->kind == kind)
      return event;
  }
  return NULL;
}

char *
flash_mp_bench_dup_story (FlashMpBench *self)
{
  GString *story = g_string_new (NULL);

  for (guint i = 0; i < self->events->len; i++) {
    const FlashEvent *event = g_ptr_array_index (self->events, i);
    const char *detail = event->code != NULL ? event->code : event->stage;

    if (event->kind == FLASH_EVENT_STAGE || event->kind == FLASH_EVENT_PARTITION ||
        event->kind == FLASH_EVENT_WRITTEN || event->kind == FLASH_EVENT_VERIFIED ||
        event->kind == FLASH_EVENT_DROPPED || g_strcmp0 (event->code, "still-waiting") == 0)
      continue;
    g_string_append_printf (story, "%s%s%s%s", story->len > 0 ? " " : "",
                            flash_event_kind_get_name (event->kind), detail != NULL ? ":" : "",
                            detail != NULL ? detail : "");
  }
  return g_string_free (story, FALSE);
}

guint64
flash_mp_bench_get_n_requests (FlashMpBench *self)
{
  return flash_sim_provider_get_n_requests (self->provider, flash_board_get_port (self->board));
}

static FlashTestStm32
get_header (const char *model)
{
  if (g_str_equal (model, "stm32mp135"))
    return FLASH_TEST_STM32_V2_0;
  if (g_str_equal (model, "stm32mp257"))
    return FLASH_TEST_STM32_V2_2;
  return FLASH_TEST_STM32_V1_0;
}

static void
write_and_free (const char *dir, const char *name, GBytes *bytes)
{
  flash_test_write_file (dir, name, bytes);
  g_bytes_unref (bytes);
}

char *
flash_mp_bench_make_small_layout (const char *model)
{
  char *dir = flash_test_make_dir ();
  gboolean has_ddr = g_str_equal (model, "stm32mp257");

  write_and_free (dir, "fsbl.stm32", flash_test_make_stm32 (get_header (model), 2000));
  write_and_free (dir, "fip.bin", flash_test_make_fip (FLASH_TEST_FIP_USUAL, 500));
  write_and_free (dir, "ddr.bin", flash_test_make_fip (FLASH_TEST_FIP_DDR_FW, 500));
  write_and_free (dir, "first.bin", flash_test_make_bytes (9000, 1));
  write_and_free (dir, "second.bin", flash_test_make_bytes (4096, 2));
  g_autofree char *text =
      g_strdup_printf ("#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                       "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                       "%s"
                       "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
                       "P\t0x10\tfirst\tBinary\tmmc0\t0x4400\tfirst.bin\n"
                       "P\t0x11\tsecond\tBinary\tmmc0\t0x8400\tsecond.bin\n",
                       has_ddr ? "-\t0x02\tddr\tFIP\tnone\t0x0\tddr.bin\n" : "");
  flash_test_write_text (dir, "layout.tsv", text);
  return dir;
}
