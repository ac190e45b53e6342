/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of a folder or an archive is believed. For use inside this room. Thread: any. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of one kind of oddity, so many are named. */
#define FLASH_BUNDLE_MAX_NOTES 5

/**
 * FlashBundleLimits:
 * @max_entries: files and folders in it
 * @max_name: bytes of one name
 * @max_names: bytes of all names together: what is kept in memory
 * @max_depth: how deep a folder is searched
 * @max_layouts: layouts in it
 * @max_stream: bytes that an archive may hold once it is decompressed, and that may be unpacked
 * @free_stream: of which so many whatever the size of the archive
 * @max_ratio: how many times its own size an archive may be beyond that
 */
typedef struct {
  guint max_entries;
  gsize max_name;
  gsize max_names;
  guint max_depth;
  guint max_layouts;
  guint64 max_stream;
  guint64 free_stream;
  guint max_ratio;
} FlashBundleLimits;

/* Ours, not of a standard. A deploy folder has some thousand entries. Names are bounded as Linux
 * does (PATH_MAX). The image of a card can be mostly zeros, 32 GiB around 50 MiB: a ratio of 640;
 * zstd makes 32,000 times as many zeros out of nothing. */
#define FLASH_BUNDLE_LIMITS_USUAL                                                                  \
  {                                                                                                \
    .max_entries = 100000, .max_name = 4096, .max_names = 32 * 1024 * 1024, .max_depth = 8,        \
    .max_layouts = 256, .max_stream = G_GUINT64_CONSTANT (256) * 1024 * 1024 * 1024,               \
    .free_stream = 1024 * 1024 * 1024, .max_ratio = 2000                                           \
  }

G_END_DECLS
