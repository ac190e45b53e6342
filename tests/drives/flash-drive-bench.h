/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stick on a mock of UDisks, content to write to it, and what came of it.
 *
 * Thread: main. */
#pragma once

#include "flash-drive-list.h"
#include "flash-drive-write.h"
#include "flash-mock-udisks.h"

G_BEGIN_DECLS

/* One and a half sectors of the largest kind are left over at the end. */
#define FLASH_BENCH_CARD_SIZE (6 * 1024 * 1024 + 6 * 1024)
#define FLASH_BENCH_CONTENT_SIZE (5 * 1024 * 1024 + 700)

typedef struct _FlashDriveBench FlashDriveBench;

/* Called in the thread that writes, before the content is read. */
typedef void (*FlashBenchReadHook) (FlashDriveBench *bench, guint64 offset, GError **error);
/* Called in the main thread when progress is told. */
typedef void (*FlashBenchProgressHook) (FlashDriveBench *bench, const FlashDriveProgress *progress);

struct _FlashDriveBench {
  FlashMockUdisks *mock;
  FlashDriveList *list;
  FlashDrive *drive; /* the stick `sdb` */
  GBytes *bytes; /* what the content is made of */
  GArray *ranges; /* (element-type FlashRange) */
  GCancellable *cancellable;
  FlashBenchReadHook on_read;
  FlashBenchProgressHook on_progress;
  guint n_first_reads; /* for hooks */

  gboolean is_done;
  gboolean is_ok;
  GError *error;
  FlashDriveReport report;
  GString *phases; /* one digit for each change of phase */
  guint64 last_done;
  guint64 last_total;
};

/* For g_test_add (): a service with one stick, of which the list knows. */
void flash_drive_bench_set_up (FlashDriveBench *self, gconstpointer data);
void flash_drive_bench_tear_down (FlashDriveBench *self, gconstpointer data);

/* Runs the main loop until the list is ready and has that many drives. */
void flash_drive_bench_wait_list (FlashDriveList *list, guint n_drives);

/* Writes the content, or ejects, and runs the main loop to the end. */
void flash_drive_bench_write (FlashDriveBench *self);
void flash_drive_bench_eject (FlashDriveBench *self);

/* Reads the file of the stick and holds it to what it should be after a success. */
void flash_drive_bench_assert_written (FlashDriveBench *self);

/* Holds the file of the stick to what it was at first. */
void flash_drive_bench_assert_untouched (FlashDriveBench *self);

/* Holds the result to an error of FLASH_DRIVE_ERROR and the state of the card. */
void flash_drive_bench_assert_failed (FlashDriveBench *self, FlashDriveError code,
                                      FlashDriveState state);

/* The same for a cancel. */
void flash_drive_bench_assert_cancelled (FlashDriveBench *self, FlashDriveState state);

G_END_DECLS
