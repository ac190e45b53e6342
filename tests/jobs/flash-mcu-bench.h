/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bench for jobs on microcontrollers: a virtual board whose memories are files, a virtual clock,
 * a folder for journals, and a record of all that a job told. */
#pragma once

#include "flash-mcu-run.h"
#include "flash-sim-provider.h"

G_BEGIN_DECLS

/**
 * FlashMcuBench:
 * @storage: folder with the board's memories
 * @journals: folder for journals
 * @job: what flash_mcu_bench_run () does; filled with what most tests want, to be changed at will
 * @events: (element-type FlashEvent): of the last run, in order
 * @n_progress: how many snapshots there were; none of them went back
 * @result: of the last run
 * @error: (nullable): of the last run
 * @cancel_at: the number of the snapshot at which the job is cancelled, 0 for never
 */
typedef struct {
  char *storage;
  char *journals;
  FlashClock *clock;
  FlashSimProvider *provider;
  FlashSimDevice *device;
  FlashMcuJob job;
  GCancellable *cancellable;
  GPtrArray *events;
  guint n_progress;
  double last_fraction;
  FlashMcuResult result;
  GError *error;
  guint cancel_at;
} FlashMcuBench;

/**
 * flash_mcu_bench_new:
 * @model: `stm32f405` and the like
 * @keys: (nullable): more keys for the virtual board, without `storage=`
 */
FlashMcuBench *flash_mcu_bench_new (const char *model, const char *keys);
/* The same with a flash that holds @bytes from the beginning; takes @bytes. */
FlashMcuBench *flash_mcu_bench_new_holding (const char *model, const char *keys, GBytes *bytes);
/* Puts another board with the same serial number in the place of @self, which is freed: same port,
 * same journals, and a flash that holds @bytes. */
FlashMcuBench *flash_mcu_bench_swap (FlashMcuBench *self, const char *model, GBytes *bytes);
void flash_mcu_bench_free (FlashMcuBench *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FlashMcuBench, flash_mcu_bench_free)

/* Runs the job here and now. Returns: whether it says that it succeeded. */
gboolean flash_mcu_bench_run (FlashMcuBench *self);
/* Fails the test unless the job succeeds. */
void flash_mcu_bench_run_well (FlashMcuBench *self);
/* Fails the test unless the job ends with that error. */
void flash_mcu_bench_run_into (FlashMcuBench *self, FlashJobError code);

/* Sets the job's image to @bytes at @address; takes @bytes. */
void flash_mcu_bench_set_image (FlashMcuBench *self, guint32 address, GBytes *bytes);
/* Sets the verb, with no image. */
void flash_mcu_bench_set_verb (FlashMcuBench *self, FlashMcuVerb verb);

/* Returns: (transfer full): a file of the storage. */
GBytes *flash_mcu_bench_read_file (FlashMcuBench *self, const char *name);
/* Puts @bytes into the flash, @offset bytes behind its start, by a job that keeps the rest. */
void flash_mcu_bench_put (FlashMcuBench *self, guint32 offset, GBytes *bytes);
/* Returns: whether the flash holds @bytes, @offset bytes behind its start. */
gboolean flash_mcu_bench_holds (FlashMcuBench *self, guint32 offset, GBytes *bytes);

/* Returns: how many events of that kind there were. */
guint flash_mcu_bench_count (FlashMcuBench *self, FlashEventKind kind);
/* Returns: (transfer none) (nullable): the first event of that kind. */
const FlashEvent *flash_mcu_bench_find (FlashMcuBench *self, FlashEventKind kind);
/* Returns: how many requests the board has answered. */
guint64 flash_mcu_bench_get_n_requests (FlashMcuBench *self);
/* Fails the test if the host has broken a rule of the boot loader. */
void flash_mcu_bench_assert_polite (FlashMcuBench *self);
/* Switches the board off and on, and waits until it has had time to start. */
void flash_mcu_bench_power_cycle (FlashMcuBench *self);

/* Returns: how many files there are in the folder for journals. */
guint flash_mcu_bench_count_journals (FlashMcuBench *self);

/* Start of the flash of all virtual boards. */
#define FLASH_MCU_BENCH_FLASH 0x08000000u

/* Returns: (transfer full): a firmware that a chip would start: vectors, then bytes that depend on
 * @seed. */
GBytes *flash_mcu_bench_make_firmware (gsize size, guint32 seed);
/* The same for another place than the start of the flash. */
GBytes *flash_mcu_bench_make_firmware_at (guint32 offset, gsize size, guint32 seed);

G_END_DECLS
