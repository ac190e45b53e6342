/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board in U-Boot whose memories are files that a test can look into, over several lives. */
#pragma once

#include "flash-sim-bench.h"

G_BEGIN_DECLS

typedef struct {
  char *folder;
  Bench *bench;
} Board;

/* A new board on the same memories, through a layout into its second enumeration. */
void board_start (Board *self, const char *model, const char *keys, const char *layout);
void board_clear (Board *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Board, board_clear)

/* Noise that belongs to that Id. */
void board_download (Board *self, guint id, gsize length);
void board_assert_file (Board *self, guint id, const char *file, guint64 offset, gsize length);
/* What the board itself reads, all of it alike. */
void board_assert_reads (Board *self, guint id, gsize offset, gsize length, guint8 value);

G_END_DECLS
