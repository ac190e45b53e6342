/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bytes.h"
#include "flash-firmware-saved.h"
#include "flash-firmware-test.h"

#include <string.h>

#define MAP "@Flash /0x08000000/16*256 g"
#define BASE 0x08000000u
#define SECTOR 256u

/* What a sector holds, or held, as a letter. */
#define NOTHING '-' /* not known, or nothing saved */
#define BLANK '_'
#define OLD 'o'
#define OTHER 'x'
#define OLD_WITH_VECTORS 'O' /* at the beginning of the sector */
#define OTHER_WITH_VECTORS 'X'
#define WRONG_STACK 's' /* as OTHER_WITH_VECTORS, but for its stack */
#define WRONG_RESET 'r' /* as OTHER_WITH_VECTORS, but for its reset vector */
#define IMAGE_AMONG_OLD '=' /* at the end of a try */

typedef struct {
  const char *name;
  const char *parts;
  const char *now; /* a letter for each sector of the plan */
  const char *saved;
  gint index;
} Case;

static const Case cases[] = {
  { "nothing-saved", "8000000+1c0", "Xx", "--", -1 },
  { "cut-before-erasing", "8000000+80", "O", "O", -1 },
  { "cut-after-erasing", "8000000+1c0", "_o", "Oo", -1 },
  { "cut-in-second", "8000000+1c0", "__", "Oo", -1 },
  { "came-to-its-end", "8000000+1c0", "O=", "Oo", -1 },
  { "not-readable", "8000000+1c0", "--", "Oo", -1 },
  { "second-not-readable", "8000000+1c0", "X-", "-o", -1 },
  { "written-since", "8000000+1c0", "Xx", "-o", 1 },
  { "written-since-head", "8000000+80 8000100+80", "Xx", "Oo", 0 },
  { "head-as-it-was", "8000000+80 8000100+80", "Ox", "Oo", 1 },
  { "image-covers-all", "8000000+200", "Xx", "Oo", -1 },
  { "no-stack", "8000000+1c0", "sx", "-o", -1 },
  { "no-reset", "8000000+1c0", "rx", "-o", -1 },
  /* The chip starts from neighbours; the image's own head is written with the rest then. */
  { "starts-from-neighbours", "8000080+80 8000100+80", "Xx", "Oo", 0 },
  { "neighbours-still-missing", "8000080+80 8000100+80", "_x", "Oo", -1 },
  { "start-elsewhere", "8000100+80 8000200+80", "Xx", "oo", 0 },
  { "start-elsewhere-missing", "8000100+80 8000200+80", "_x", "oo", -1 },
};

static void
put_vectors (guint8 *bytes, char kind)
{
  flash_put_le32 (bytes, kind == WRONG_STACK ? 0x12345678 : 0x20001000);
  flash_put_le32 (bytes + 4, kind == WRONG_RESET ? BASE + 0x800 : BASE + 0x801);
}

static GBytes *
make_sector (const FlashImage *image, const FlashMemorySector *sector, char kind)
{
  const char has_vectors[] = { OLD_WITH_VECTORS, OTHER_WITH_VECTORS, WRONG_STACK, WRONG_RESET,
                               '\0' };
  const char old[] = { OLD, OLD_WITH_VECTORS, IMAGE_AMONG_OLD, '\0' };
  guint8 bytes[SECTOR];

  if (kind == NOTHING)
    return NULL;
  memset (bytes, kind == BLANK ? 0xff : strchr (old, kind) != NULL ? 0x11 : 0x22, SECTOR);
  if (strchr (has_vectors, kind) != NULL)
    put_vectors (bytes, kind);
  if (kind == IMAGE_AMONG_OLD)
    flash_image_target_read (flash_image_find_target (image, 0), sector->address, bytes, SECTOR);
  return g_bytes_new (bytes, SECTOR);
}

static GPtrArray *
make_sectors (const FlashImage *image, const FlashFirmwarePlan *plan, const char *kinds)
{
  GPtrArray *sectors = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_assert_cmpuint (strlen (kinds), ==, plan->sectors->len);
  for (guint i = 0; i < plan->sectors->len; i++)
    g_ptr_array_add (
        sectors, make_sector (image, &g_array_index (plan->sectors, FlashFirmwareSector, i).sector,
                              kinds[i]));
  return sectors;
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_image (FLASH_FORMAT_IHEX, test->parts);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autoptr (GPtrArray) now = NULL;
  g_autoptr (GPtrArray) saved = NULL;

  flash_test_chip_init (&chip, MAP);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  now = make_sectors (image, plan, test->now);
  saved = make_sectors (image, plan, test->saved);
  g_assert_cmpint (flash_firmware_saved_find_stale (plan, now, saved), ==, test->index);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/firmware/saved/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  return g_test_run ();
}
