/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bench for the engine: a layout, a virtual board whose storages are files, a virtual clock,
 * and a record of all that the job told. */
#pragma once

#include "flash-mp-run.h"
#include "flash-sim-provider.h"

G_BEGIN_DECLS

/**
 * FlashMpBench:
 * @storage: folder with the board's memories
 * @events: (element-type FlashEvent): in order
 * @n_progress: how many snapshots there were; none of them went back
 * @result: of the last run
 * @error: (nullable): of the last run
 * @cancel_at: the number of the snapshot at which the job is cancelled, 0 for never
 */
typedef struct {
  char *layout_dir;
  char *storage;
  FlashClock *clock;
  FlashSimProvider *provider;
  FlashBoard *board;
  FlashLayout *layout;
  FlashPlan *plan;
  GCancellable *cancellable;
  GPtrArray *events;
  guint n_progress;
  double last_fraction;
  FlashResult result;
  GError *error;
  guint cancel_at;
} FlashMpBench;

/**
 * flash_mp_bench_new:
 * @layout_dir: a folder with `layout.tsv`; not removed
 * @model: `stm32mp157` and the like
 * @keys: (nullable): more keys for the virtual board, without `storage=`
 */
FlashMpBench *flash_mp_bench_new (const char *layout_dir, const char *model, const char *keys);
void flash_mp_bench_free (FlashMpBench *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashMpBench, flash_mp_bench_free)

/* Runs the job here and now. Returns: whether it says that it succeeded. */
gboolean flash_mp_bench_run (FlashMpBench *self, gboolean verify);

/* Returns: whether the storage holds that step's file. */
gboolean flash_mp_bench_is_stored (FlashMpBench *self, guint step);
/* Fails the test unless all partitions are claimed and stored. */
void flash_mp_bench_assert_all_stored (FlashMpBench *self);
/* Returns: how many events of that kind there were. */
guint flash_mp_bench_count (FlashMpBench *self, FlashEventKind kind);
/* Returns: (transfer none) (nullable): the first event of that kind. */
const FlashEvent *flash_mp_bench_find (FlashMpBench *self, FlashEventKind kind);
/* Returns: how many requests the board has answered. */
guint64 flash_mp_bench_get_n_requests (FlashMpBench *self);

/* Returns: (transfer full): a folder with a job as small as a whole one can be, for @model. */
char *flash_mp_bench_make_small_layout (const char *model);

G_END_DECLS
