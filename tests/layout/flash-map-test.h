/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of maps share: a map in words. */
#pragma once

#include "flash-layout-map.h"
#include "flash-layout-test.h"

G_BEGIN_DECLS

#define FLASH_MAP_TEST_MIB G_GUINT64_CONSTANT (1048576)

/* Returns: (transfer full): such as `mmc0: TABLE@0+4400 a@4400+?=100 !a/b@4600+1`: each area with
 * start, size and size of its file, then each overlap; ? is unknown. */
char *flash_map_test_dup_text (const FlashLayoutMap *map);

/* Returns: (transfer full): the maps of a layout in these words. */
GPtrArray *flash_map_test_make (const char *text, GHashTable *sizes, guint device_id,
                                const guint64 *image_sizes);

/* Returns: (transfer full): 64 MiB of mmc0, mmc1 and ram0, 4 MiB of mmc1boot1, 2 MiB of nor0,
 * 128 MiB of nand0, and one block of mmc2. */
GHashTable *flash_map_test_make_sizes (void);

G_END_DECLS
