/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual board with a FlashDfuse at its cable, and a clock that only counts. */
#pragma once

#include "flash-dfuse.h"
#include "flash-sim-device.h"

G_BEGIN_DECLS

typedef struct {
  FlashClock *clock;
  FlashSimDevice *device;
  FlashTransport *transport;
  FlashDescriptors *descriptors;
  GCancellable *cancellable;
  FlashDfuse *dfuse;
  GError *error;
} SimBench;

/* Makes the board and opens it. */
void sim_bench_init (SimBench *bench, const char *id);
/* Waits until the board is on the bus again and opens it anew. */
void sim_bench_reconnect (SimBench *bench);
/* The board has not been treated against the rules. */
void sim_bench_assert_no_violations (SimBench *bench);
/* Closes all of it, whatever has happened to it. */
void sim_bench_free (SimBench *bench);
/* The same; and all was well. */
void sim_bench_clear (SimBench *bench);

/* Bytes that look like nothing in particular. */
void sim_bench_fill (guint8 *bytes, gsize length, guint32 seed);

G_END_DECLS
