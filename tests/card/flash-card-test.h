/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder with a layout and its files, for the tests of this room. Thread: any. */
#pragma once

#include "flash-card-image.h"
#include "flash-test-images.h"

G_BEGIN_DECLS

#define MIB (G_GUINT64_CONSTANT (1) << 20)
#define KIB (G_GUINT64_CONSTANT (1) << 10)

/* A line of a layout. */
#define ROW(option, id, name, type, ip, offset, binary)                                            \
  option "\t" id "\t" name "\t" type "\t" ip "\t" offset "\t" binary "\n"

/**
 * flash_card_test_make_dir:
 *
 * Files `a.bin` (100 KiB), `b.bin` (64 KiB) and `odd.bin` (1000 bytes) of bytes that differ.
 *
 * Returns: (transfer full) (type filename): the folder
 */
char *flash_card_test_make_dir (void);

/* Returns: (transfer full): a layout of these rows in that folder, without errors of its parser. */
FlashLayout *flash_card_test_load (const char *dir, const char *rows);

/* Returns: (transfer full): the whole image, read in pieces of @piece bytes. */
GByteArray *flash_card_test_read (FlashCardImage *image, gsize piece);

/* Returns: (transfer full): the image of these rows; @size 0 for the smallest. */
FlashCardImage *flash_card_test_image (const char *dir, const char *rows, guint64 size);

G_END_DECLS
