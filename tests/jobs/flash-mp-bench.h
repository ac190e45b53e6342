/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bench for the engine: a layout, a virtual board whose storages are files, a virtual clock,
 * and a record of all that the job told. */
#pragma once

#include "flash-mp-run.h"
#include "flash-sim-provider.h"

G_BEGIN_DECLS

#define FLASH_MP_BENCH_MAX_STEPS 16

/**
 * FlashMpBench:
 * @storage: folder with the board's memories
 * @events: (element-type FlashEvent): in order
 * @n_progress: how many snapshots there were; none of them went back
 * @result: of the last run
 * @error: (nullable): of the last run
 * @gate: (nullable): where the job asks; flash_mp_bench_open_gate () makes one
 * @n_go_on: how many more questions are answered with “go on”; those after it with “give up”
 * @helps: whether the board is plugged in, or switched off and on, when the job stands still
 * @swaps_card: whether the card is another one then, with nothing on it
 * @is_deaf: whether questions are left alone
 * @move_to: (nullable): the port on which the job is told that the board is, `found` for where it
 * is
 * @begun_at: for each step the number of the request after which it began to be sent, in the last
 * run
 * @written_at: for each step that of the request after which the board had confirmed it
 * @n_paused: how many snapshots showed that the job stands still
 * @restarts: see FlashMpJob
 * @patience_ms: see FlashMpJob
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
  FlashJobGate *gate;
  guint n_go_on;
  gboolean helps;
  gboolean swaps_card;
  gboolean is_deaf;
  const char *move_to;
  guint64 begun_at[FLASH_MP_BENCH_MAX_STEPS];
  guint64 written_at[FLASH_MP_BENCH_MAX_STEPS];
  guint n_paused;
  gboolean restarts;
  guint patience_ms;
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

/* From now on the job may ask; the first @n_go_on questions are answered with “go on”. */
void flash_mp_bench_open_gate (FlashMpBench *self, guint n_go_on, gboolean helps);

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
/* Returns: (transfer full): all that the job told, each event by its name, with its code or its
 * stage behind a colon, and a blank between them; repeated kinds of no interest are left out. */
char *flash_mp_bench_dup_story (FlashMpBench *self);
/* Returns: how many requests the board has answered. */
guint64 flash_mp_bench_get_n_requests (FlashMpBench *self);

/* Returns: (transfer full): a folder with a job as small as a whole one can be, for @model. */
char *flash_mp_bench_make_small_layout (const char *model);

G_END_DECLS
