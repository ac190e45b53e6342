/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bytes.h"
#include "flash-firmware-test.h"
#include "flash-firmware-work.h"

#include <string.h>

/* Sectors of 256 bytes; the boot loader keeps the first two in the second one. */
#define FLAT "@Flash /0x08000000/16*256 g"
#define LOADER "@Flash /0x08000000/2*256 a,14*256 g"
#define SECTOR 256u
#define BLOCK 64u

/* What a sector holds before, as a letter. */
#define NOT_KNOWN '?'
#define BLANK '_'
#define OTHER 'o' /* bytes that are none of the image's */
#define RIGHT '=' /* the image's, and blank around them */
#define RIGHT_AND_OTHER '+' /* the image's, and others around them */
#define UNFINISHED 'u' /* as RIGHT, but an earlier try has not finished it */
#define UNFINISHED_AND_OTHER 'v' /* as RIGHT_AND_OTHER, likewise */

static const char others[] = { OTHER, RIGHT_AND_OTHER, UNFINISHED_AND_OTHER, '\0' };
static const char rights[] = { RIGHT, RIGHT_AND_OTHER, UNFINISHED, UNFINISHED_AND_OTHER, '\0' };

typedef struct {
  const char *name;
  const char *map;
  const char *parts;
  const char *before; /* a letter for each sector of the plan */
  const char *options; /* `keep` or `erase` neighbours, `changed` only */
  const char *work; /* todos: index+kept-lost, or in brackets if it is left as it is; indices in the
                     * order of erasing; extents: address+size; the heads, likewise */
} Case;

static const Case cases[] = {
  { "whole-sectors", FLAT, "8000000+200", "??", "keep",
    "0+0-0 1+0-0 | 0 1 | 8000008+38 8000040+1c0 | 8000000+8" },
  { "head-shorter-than-block", FLAT, "8000000+28", "_", "keep",
    "0+0-0 | 0 | 8000008+20 | 8000000+8" },
  { "padded", FLAT, "8000000+46", "_", "keep", "0+0-0 | 0 | 8000008+38 8000040+8 | 8000000+8" },
  { "neighbours-kept", FLAT, "8000000+64", "o", "keep",
    "0+156-0 | 0 | 8000008+38 8000040+c0 | 8000000+8" },
  { "neighbours-erased", FLAT, "8000000+64", "o", "erase",
    "0+0-156 | 0 | 8000008+38 8000040+24 | 8000000+8" },
  { "neighbours-not-known-erased", FLAT, "8000000+12c", "??", "erase",
    "0+0-0 1+0-212 | 0 1 | 8000008+38 8000040+ec | 8000000+8" },
  { "not-at-start", FLAT, "8000200+100 8000500+4", "??", "erase",
    "0+0-0 1+0-252 | 0 1 | 8000208+38 8000240+c0 8000500+4 | 8000200+8" },
  { "not-at-granule", FLAT, "8000202+64", "_", "keep",
    "0+0-0 | 0 | 800020c+34 8000240+28 | 8000200+c" },
  { "starts-from-neighbours", FLAT, "8000080+80", "o", "keep",
    "0+128-0 | 0 | 8000008+38 8000040+c0 | 8000000+8" },
  { "starts-from-nothing", FLAT, "8000080+80", "_", "keep",
    "0+0-0 | 0 | 8000088+38 80000c0+40 | 8000080+8" },
  { "starts-from-lost", FLAT, "8000080+80", "o", "erase",
    "0+0-128 | 0 | 8000088+38 80000c0+40 | 8000080+8" },
  { "gap-of-a-block", FLAT, "8000000+50 8000090+4", "_", "keep",
    "0+0-0 | 0 | 8000008+38 8000040+10 8000090+4 | 8000000+8" },
  { "gap-below-a-block", FLAT, "8000000+50 800008c+4", "_", "keep",
    "0+0-0 | 0 | 8000008+38 8000040+50 | 8000000+8" },
  { "gap-of-sectors", FLAT, "8000000+100 8000300+100", "??", "keep",
    "0+0-0 1+0-0 | 0 1 | 8000008+38 8000040+c0 8000300+100 | 8000000+8" },
  { "all-changed", FLAT, "8000000+300", "ooo", "keep changed",
    "0+0-0 1+0-0 2+0-0 | 0 1 2 | 8000008+38 8000040+2c0 | 8000000+8" },
  { "none-changed", FLAT, "8000000+300", "===", "keep changed", "[0] [1] [2] |  |  | -" },
  { "none-changed-but-all", FLAT, "8000000+200", "==", "keep",
    "0+0-0 1+0-0 | 0 1 | 8000008+38 8000040+1c0 | 8000000+8" },
  { "one-changed", FLAT, "8000000+300", "==o", "keep changed",
    "0+0-0 [1] 2+0-0 | 0 2 | 8000008+38 8000040+c0 8000200+100 | 8000000+8" },
  { "head-changed", FLAT, "8000000+300", "o==", "keep changed",
    "0+0-0 [1] [2] | 0 | 8000008+38 8000040+c0 | 8000000+8" },
  { "one-not-known", FLAT, "8000000+300", "=?=", "keep changed",
    "0+0-0 1+0-0 [2] | 0 1 | 8000008+38 8000040+1c0 | 8000000+8" },
  { "right-among-others", FLAT, "8000000+12c", "=+", "erase changed", "[0] [1] |  |  | -" },
  { "head-right-among-others", FLAT, "8000000+64 8000100+100", "+o", "keep changed",
    "0+156-0 1+0-0 | 0 1 | 8000008+38 8000040+1c0 | 8000000+8" },
  { "unfinished", FLAT, "8000000+300", "=u=", "keep changed",
    "0+0-0 1+0-0 [2] | 0 1 | 8000008+38 8000040+1c0 | 8000000+8" },
  { "unfinished-head", FLAT, "8000000+300", "u==", "keep changed",
    "0+0-0 [1] [2] | 0 | 8000008+38 8000040+c0 | 8000000+8" },
  { "unfinished-neighbours", FLAT, "8000000+164", "=v", "keep changed",
    "0+0-0 1+156-0 | 0 1 | 8000008+38 8000040+1c0 | 8000000+8" },
  { "unfinished-own", LOADER, "8000180+100", "u=", "keep changed", "[0] [1] |  |  | -" },
  { "own-equal", LOADER, "8000180+100", "=o", "keep",
    "[0] 1+128-0 | 1 | 8000208+38 8000240+c0 | 8000200+8" },
  { "own-equal-among-others", LOADER, "8000180+100", "+_", "keep",
    "[0] 1+0-0 | 1 | 8000208+38 8000240+40 | 8000200+8" },
};

/* Two banks of four sectors; a second core starts from the other one. */
#define BANKS "@Flash /0x08000000/4*256 g/0x08100000/4*256 g"
#define SECOND 0x08100000u

static const Case banks[] = {
  { "both", BANKS, "8000000+200 8100000+200", "????", "keep",
    "0+0-0 1+0-0 2+0-0 3+0-0 | 0 2 1 3 | 8000008+38 8000040+1c0 8100008+38 8100040+1c0 | "
    "8100000+8 8000000+8" },
  { "none-changed", BANKS, "8000000+200 8100000+200", "====", "keep changed",
    "[0] [1] [2] [3] |  |  | -" },
  { "first-changed", BANKS, "8000000+200 8100000+200", "=o==", "keep changed",
    "0+0-0 1+0-0 2+0-0 [3] | 0 2 1 | 8000008+38 8000040+1c0 8100008+38 8100040+c0 | 8100000+8 "
    "8000000+8" },
  { "second-changed", BANKS, "8000000+200 8100000+200", "===o", "keep changed",
    "0+0-0 [1] 2+0-0 3+0-0 | 0 2 3 | 8000008+38 8000040+c0 8100008+38 8100040+1c0 | 8100000+8 "
    "8000000+8" },
  { "second-only", BANKS, "8100000+200", "??", "keep",
    "0+0-0 1+0-0 | 0 1 | 8100008+38 8100040+1c0 | 8100000+8" },
  { "second-only-changed", BANKS, "8100000+200", "=o", "keep changed",
    "0+0-0 1+0-0 | 0 1 | 8100008+38 8100040+1c0 | 8100000+8" },
  { "second-starts-from-neighbours", BANKS, "8000000+100 8100080+80", "_o", "keep",
    "0+0-0 1+128-0 | 0 1 | 8000008+38 8000040+c0 8100008+38 8100040+c0 | 8100000+8 8000000+8" },
  { "second-without-vectors", BANKS, "8000000+100 8100080+80", "__", "keep",
    "0+0-0 1+0-0 | 0 1 | 8000008+38 8000040+c0 8100080+80 | 8000000+8" },
  { "only-neighbours-start", BANKS, "8100080+80", "o", "keep",
    "0+128-0 | 0 | 8100008+38 8100040+c0 | 8100000+8" },
  { "second-not-touched", BANKS, "8000000+100 8100100+100", "??", "keep",
    "0+0-0 1+0-0 | 0 1 | 8000008+38 8000040+c0 8100100+100 | 8000000+8" },
};

typedef struct {
  const char *name;
  const char *map;
  const char *parts;
  const char *before;
  FlashNeighbours neighbours;
  FlashFirmwareWorkError code;
  const char *message;
} ErrorCase;

#define KEEP FLASH_NEIGHBOURS_KEEP
#define ERASE FLASH_NEIGHBOURS_ERASE
#define SHARED FLASH_FIRMWARE_WORK_ERROR_SHARED
#define OWN FLASH_FIRMWARE_WORK_ERROR_LOADER

static const ErrorCase errors[] = {
  { "neighbours-not-known", FLAT, "8000000+12c", "_?", KEEP, SHARED,
    "the image covers the sector at 0x08000100 only partly, and it is not known what else it "
    "holds" },
  { "own-differs", LOADER, "8000180+100", "o_", KEEP, OWN,
    "the image has other bytes for the boot loader's own sector at 0x08000100" },
  { "own-not-known", LOADER, "8000180+100", "?_", ERASE, OWN,
    "the image has bytes for the boot loader's own sector at 0x08000100, and it is not known what "
    "that holds" },
};

static const FlashFirmwareSector *
get_sector (const FlashFirmwarePlan *plan, guint index)
{
  return &g_array_index (plan->sectors, FlashFirmwareSector, index);
}

static GBytes *
make_held (const FlashImage *image, const FlashMemorySector *sector, char kind)
{
  guint8 bytes[SECTOR];

  g_assert_cmpuint (sector->size, ==, SECTOR);
  if (kind == NOT_KNOWN)
    return NULL;
  /* flash_test_part_byte () never gives zero. */
  memset (bytes, strchr (others, kind) != NULL ? 0x00 : 0xff, SECTOR);
  if (strchr (rights, kind) != NULL)
    flash_image_target_read (flash_image_find_target (image, 0), sector->address, bytes, SECTOR);
  return g_bytes_new (bytes, SECTOR);
}

static GPtrArray *
make_before (const FlashImage *image, const FlashFirmwarePlan *plan, const char *kinds)
{
  GPtrArray *before = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_assert_cmpuint (strlen (kinds), ==, plan->sectors->len);
  for (guint i = 0; i < plan->sectors->len; i++)
    g_ptr_array_add (before, make_held (image, &get_sector (plan, i)->sector, kinds[i]));
  return before;
}

/* Returns: (transfer full): for each sector whether it is unfinished */
static gboolean *
make_unfinished (const char *kinds)
{
  gboolean *unfinished = g_new0 (gboolean, strlen (kinds));

  for (guint i = 0; kinds[i] != '\0'; i++)
    unfinished[i] = kinds[i] == UNFINISHED || kinds[i] == UNFINISHED_AND_OTHER;
  return unfinished;
}

static char *
list_todos (const FlashFirmwareWork *work)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_unchanged = 0;

  for (guint i = 0; i < work->todos->len; i++) {
    const FlashFirmwareTodo *todo = g_ptr_array_index (work->todos, i);

    g_string_append (text, i > 0 ? " " : "");
    g_assert_cmphex (todo->sector.address, ==, get_sector (work->plan, i)->sector.address);
    if (todo->target == NULL) {
      g_string_append_printf (text, "[%u]", i);
      n_unchanged++;
      continue;
    }
    g_assert_cmpuint (g_bytes_get_size (todo->target), ==, SECTOR);
    g_string_append_printf (text, "%u+%u-%u", i, todo->n_kept, todo->n_lost);
  }
  g_assert_cmpuint (n_unchanged, ==, work->n_unchanged);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe (const FlashFirmwareExtent *extent)
{
  return g_strdup_printf ("%x+%zx", extent->address, g_bytes_get_size (extent->bytes));
}

static char *
list_extents (const GPtrArray *extents)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < extents->len; i++) {
    g_autofree char *extent = describe (g_ptr_array_index (extents, i));

    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", extent);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
list_erase_order (const FlashFirmwareWork *work)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < work->erase_order->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "",
                            g_array_index (work->erase_order, guint, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What is sent are the targets' bytes. */
static void
check_bytes (const FlashFirmwareWork *work, const FlashFirmwareExtent *extent)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (extent->bytes, &size);

  for (gsize i = 0; i < size; i++) {
    guint32 address = extent->address + (guint32) i;

    for (guint j = 0; j < work->todos->len; j++) {
      const FlashFirmwareTodo *todo = g_ptr_array_index (work->todos, j);

      if (address - todo->sector.address < SECTOR) {
        const guint8 *target = g_bytes_get_data (todo->target, NULL);

        g_assert_cmphex (bytes[i], ==, target[address - todo->sector.address]);
      }
    }
  }
}

static char *
describe_work (const FlashFirmwareWork *work)
{
  g_autofree char *todos = list_todos (work);
  g_autofree char *erase_order = list_erase_order (work);
  g_autofree char *extents = list_extents (work->extents);
  g_autofree char *heads = list_extents (work->heads);

  return g_strdup_printf ("%s | %s | %s | %s", todos, erase_order, extents,
                          heads[0] != '\0' ? heads : "-");
}

static void
check_size (const FlashFirmwareWork *work)
{
  guint64 size = 0;

  for (guint i = 0; i < work->extents->len; i++) {
    const FlashFirmwareExtent *extent = g_ptr_array_index (work->extents, i);

    check_bytes (work, extent);
    size += g_bytes_get_size (extent->bytes);
  }
  for (guint i = 0; i < work->heads->len; i++) {
    const FlashFirmwareExtent *head = g_ptr_array_index (work->heads, i);

    check_bytes (work, head);
    size += g_bytes_get_size (head->bytes);
  }
  g_assert_cmpuint (flash_firmware_work_get_size (work), ==, size);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_image (FLASH_FORMAT_IHEX, test->parts);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autoptr (FlashFirmwareWork) work = NULL;
  g_autoptr (FlashFirmwareWork) again = NULL;
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree gboolean *unfinished = make_unfinished (test->before);
  g_autofree char *found = NULL;

  flash_test_chip_init (&chip, test->map);
  if (g_str_equal (test->map, BANKS))
    flash_test_chip_add_boot_start (&chip, SECOND);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  before = make_before (image, plan, test->before);
  work = flash_firmware_work_new_continued (
      plan, before, unfinished, strstr (test->options, "changed") != NULL,
      g_str_has_prefix (test->options, "keep") ? KEEP : ERASE, BLOCK, &error);
  g_assert_no_error (error);
  found = describe_work (work);
  g_assert_cmpstr (found, ==, test->work);
  check_size (work);
  again = flash_firmware_work_ref (work);
  g_assert_true (again->plan == plan);
}

static void
test_error (gconstpointer data)
{
  const ErrorCase *test = data;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_image (FLASH_FORMAT_IHEX, test->parts);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GError) error = NULL;

  flash_test_chip_init (&chip, test->map);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  before = make_before (image, plan, test->before);
  g_assert_null (flash_firmware_work_new (plan, before, FALSE, test->neighbours, BLOCK, &error));
  g_assert_error (error, FLASH_FIRMWARE_WORK_ERROR, (gint) test->code);
  g_assert_cmpstr (error->message, ==, test->message);
}

/* --- heads that the image makes ------------------------------------------------------------ */

/* A boot loader and a program behind it: although the chip starts only the first, both are held
 * back; with a reset vector that leads nowhere, the second is data. */
static void
test_image_heads (void)
{
  const guint32 resets[] = { 0x08000201, 0x08000901 };

  for (guint i = 0; i < G_N_ELEMENTS (resets); i++) {
    guint8 bytes[4 * SECTOR];
    g_auto (FlashTestChip) chip;
    g_autoptr (GBytes) contents = NULL;
    g_autoptr (FlashImage) image = NULL;
    g_autoptr (FlashFirmwarePlan) plan = NULL;
    g_autoptr (FlashFirmwareWork) work = NULL;
    g_autoptr (GPtrArray) before = g_ptr_array_new ();
    g_autoptr (GError) error = NULL;
    g_autofree char *found = NULL;

    for (guint j = 0; j < sizeof bytes; j++)
      bytes[j] = flash_test_part_byte (0x08000000 + j);
    flash_put_le32 (bytes + 2 * SECTOR, 0x20020000);
    flash_put_le32 (bytes + 2 * SECTOR + 4, resets[i]);
    contents = g_bytes_new (bytes, sizeof bytes);
    image = flash_image_new_for_bytes (0x08000000, contents);
    flash_test_chip_init (&chip, FLAT);
    plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
    g_ptr_array_set_size (before, 4);
    work = flash_firmware_work_new (plan, before, FALSE, KEEP, BLOCK, &error);
    g_assert_no_error (error);
    found = describe_work (work);
    g_assert_cmpstr (found, ==,
                     i == 0 ? "0+0-0 1+0-0 2+0-0 3+0-0 | 0 2 1 3 | 8000008+38 8000040+1c0 "
                              "8000208+38 8000240+1c0 | 8000200+8 8000000+8"
                            : "0+0-0 1+0-0 2+0-0 3+0-0 | 0 1 2 3 | 8000008+38 8000040+3c0 | "
                              "8000000+8");
    check_size (work);
  }
}

/* --- blocks and granules ------------------------------------------------------------------ */

typedef struct {
  const char *name;
  guint granule;
  guint8 erased;
  gsize block_size;
  const char *extents;
  const char *head;
} BlockCase;

/* An image of 100 bytes at the start. */
static const BlockCase blocks[] = {
  { "usual", 4, 0xff, 64, "8000008+38 8000040+24", "8000000+8" },
  { "large", 4, 0xff, 2048, "8000008+5c", "8000000+8" },
  { "no-granules", 8, 0xff, 30, "8000008+10 8000018+50", "8000000+8" },
  { "below-granule", 32, 0xff, 1, "8000020+60", "8000000+20" },
  { "below-vectors", 2, 0xff, 2, "8000008+5c", "8000000+8" },
  { "flash-word", 32, 0xff, 1024, "8000020+60", "8000000+20" },
  { "erased-as-zero", 4, 0x00, 64, "8000008+38 8000040+24", "8000000+8" },
  { "padded", 16, 0x00, 64, "8000010+30 8000040+30", "8000000+10" },
};

static void
test_block (gconstpointer data)
{
  const BlockCase *test = data;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_image (FLASH_FORMAT_IHEX, "8000000+64");
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autoptr (FlashFirmwareWork) work = NULL;
  g_autoptr (GPtrArray) before = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *extents = NULL;
  g_autofree char *head = NULL;
  const FlashFirmwareTodo *todo;
  const guint8 *target;

  flash_test_chip_init (&chip, FLAT);
  chip.chip.granule = test->granule;
  chip.chip.erased = test->erased;
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  g_ptr_array_add (before, NULL);
  work = flash_firmware_work_new (plan, before, FALSE, FLASH_NEIGHBOURS_ERASE, test->block_size,
                                  &error);
  g_assert_no_error (error);
  extents = list_extents (work->extents);
  head = list_extents (work->heads);
  g_assert_cmpstr (extents, ==, test->extents);
  g_assert_cmpstr (head, ==, test->head);
  todo = g_ptr_array_index (work->todos, 0);
  target = g_bytes_get_data (todo->target, NULL);
  for (guint i = 0; i < SECTOR; i++)
    g_assert_cmphex (target[i], ==, i < 100 ? flash_test_part_byte (0x08000000 + i) : test->erased);
}

/* A file of erased bytes erases, and writes nothing. */
static void
test_blank_image (void)
{
  g_autofree guint8 *bytes = g_malloc (SECTOR);
  g_autoptr (GBytes) blank = NULL;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autoptr (FlashFirmwareWork) work = NULL;
  g_autoptr (GPtrArray) before = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  memset (bytes, 0xff, SECTOR);
  blank = g_bytes_new (bytes, SECTOR);
  image = flash_image_new_for_bytes (0x08000000, blank);
  flash_test_chip_init (&chip, FLAT);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  g_ptr_array_add (before, NULL);
  work = flash_firmware_work_new (plan, before, FALSE, FLASH_NEIGHBOURS_KEEP, BLOCK, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (work->erase_order->len, ==, 1);
  g_assert_cmpuint (work->extents->len, ==, 0);
  g_assert_cmpuint (work->heads->len, ==, 0);
  g_assert_false (flash_firmware_work_has_head (work, 0));
  g_assert_cmpuint (flash_firmware_work_get_size (work), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/firmware-work/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  for (guint i = 0; i < G_N_ELEMENTS (banks); i++) {
    g_autofree char *path = g_strconcat ("/firmware-work/banks/", banks[i].name, NULL);

    g_test_add_data_func (path, &banks[i], test_case);
  }
  g_test_add_func ("/firmware-work/image-heads", test_image_heads);
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++) {
    g_autofree char *path = g_strconcat ("/firmware-work/errors/", errors[i].name, NULL);

    g_test_add_data_func (path, &errors[i], test_error);
  }
  for (guint i = 0; i < G_N_ELEMENTS (blocks); i++) {
    g_autofree char *path = g_strconcat ("/firmware-work/blocks/", blocks[i].name, NULL);

    g_test_add_data_func (path, &blocks[i], test_block);
  }
  g_test_add_func ("/firmware-work/blank-image", test_blank_image);
  return g_test_run ();
}
