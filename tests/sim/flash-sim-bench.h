/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A virtual board on a bench: hand-written requests against it, with a virtual clock. Nothing of
 * the client side of the program is used here. */
#pragma once

#include "flash-dfu-defs.h"
#include "flash-sim-provider.h"

G_BEGIN_DECLS

#define BENCH_TIMEOUT_MS 5000

typedef struct {
  FlashClock *clock;
  FlashSimProvider *provider;
  char *port;
  FlashBoard *board; /* (nullable) what was opened last */
  FlashTransport *transport; /* (nullable) */
} Bench;

/* A message of any bytes for the log, on one line. */
void bench_tell (const char *text);

/* The board of that id, opened. */
Bench *bench_new (const char *id);
void bench_free (Bench *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)

/* Takes what stands on the port now, after up to @wait_ms; returns whether there was a board. */
gboolean bench_reopen (Bench *self, guint wait_ms);
void bench_wait (Bench *self, guint wait_ms);
char *bench_dup_console (Bench *self);
void bench_assert_console (Bench *self, const char *text);

/* One request. Returns 0, or a FlashTransportError + 1. */
int bench_out (Bench *self, guint8 request, guint16 value, const guint8 *data, gsize length);
int bench_in (Bench *self, guint8 request, guint16 value, guint8 *out_data, gsize length,
              gsize *out_length);
#define BENCH_OK 0
#define BENCH_STALL (FLASH_TRANSPORT_ERROR_STALL + 1)
#define BENCH_GONE (FLASH_TRANSPORT_ERROR_GONE + 1)
#define BENCH_TIMED_OUT (FLASH_TRANSPORT_ERROR_TIMED_OUT + 1)

/* GETSTATUS; the request must succeed. */
void bench_get_status (Bench *self, guint8 *out_status, guint8 *out_state);
void bench_assert_status (Bench *self, guint8 status, guint8 state);
guint8 bench_get_state (Bench *self);

/* Selects the setting whose string has that Id. */
void bench_select (Bench *self, guint id);
int bench_find_alternate (Bench *self, guint id);

/* UPLOAD of `virtual`; returns the length. */
gsize bench_get_phase (Bench *self, guint8 *out_bytes);
void bench_assert_phase (Bench *self, guint phase);
/* Phase 0xff with that text. */
void bench_assert_error (Bench *self, const char *text);
char *bench_dup_error (Bench *self);

/* Blocks up to the ZLP, with GETSTATUS until 5 after each. */
void bench_send_blocks (Bench *self, const guint8 *bytes, gsize length, gsize block_size);
/* All of it: select, blocks, ZLP, GETSTATUS until 2. */
void bench_download (Bench *self, guint id, const guint8 *bytes, gsize length, gsize block_size);
/* SetPhase. */
void bench_set_phase (Bench *self, guint8 phase, guint32 offset);
/* The whole of one setting, read back. */
GByteArray *bench_upload (Bench *self, guint id);

/* Through ROM and TF-A to the first enumeration of U-Boot, for any model. */
void bench_boot (Bench *self);
/* The layout as text, behind a header, up to the DETACH and the second enumeration. */
void bench_send_layout (Bench *self, const char *text);
void bench_start_layout (Bench *self, const char *text);

/* Images with right headers and noise for a payload. */
GByteArray *bench_make_stm32 (guint32 version, gsize payload_length, guint8 seed);
GByteArray *bench_make_fip (gsize length);
GByteArray *bench_make_layout (const char *text);
void bench_fill (guint8 *bytes, gsize length, guint32 seed);

/* A folder for the storage key, and its removal. */
char *bench_make_folder (void);
void bench_remove_folder (const char *folder);
char *bench_make_id (const char *model, const char *folder, const char *keys);
/* Bytes of one of its files. */
GByteArray *bench_read_file (const char *folder, const char *name, guint64 offset, gsize length);

#define assert_bytes(array, offset, expected, length)                                              \
  g_assert_cmpmem ((array)->data + (offset), (length), (expected), (length))

G_END_DECLS
