/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bytes.h"
#include "flash-firmware-test.h"

#include <string.h>

#define F405 "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"
#define LOADER "@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg"
#define HOLE "@Internal Flash /0x08000000/4*2Kg/0x08100000/4*2Kg"

/* --- where programs begin ----------------------------------------------------------------- */

typedef struct {
  const char *name;
  const char *parts;
  guint32 starts[3]; /* of the chip, besides its start; 0 for none */
  guint32 program; /* where the image has sound vectors, or 0 */
  const char *sectors; /* index@head */
} HeadCase;

/* Sectors of 2 KiB: 0 to 3, and 4 to 7 from 0x08100000 on. */
static const HeadCase heads[] = {
  { "one", "8000000+2000", { 0 }, 0, "0@8000000" },
  { "lowest", "8000810+1800 8100000+100", { 0 }, 0, "1@8000810" },
  { "second-core", "8000000+1000 8100000+1000", { 0x08100000 }, 0, "0@8000000 4@8100000" },
  { "second-core-not-at-its-start",
    "8000000+1000 8100100+100",
    { 0x08100000 },
    0,
    "0@8000000 4@8100000" },
  { "second-core-not-touched", "8000000+1000 8100800+100", { 0x08100000 }, 0, "0@8000000" },
  { "second-core-only", "8100000+1000", { 0x08100000 }, 0, "4@8100000" },
  { "lowest-in-second", "8100100+1000", { 0x08100000 }, 0, "4@8100100" },
  { "several-starts",
    "8000000+1000 8100000+2000",
    { 0x08101000, 0x08100000, 0x08101000 },
    0,
    "0@8000000 4@8100000 6@8101000" },
  { "start-twice", "8000000+1000", { 0x08000000 }, 0, "0@8000000" },
  { "of-the-image", "8000000+2000", { 0 }, 0x08001000, "0@8000000 2@8001000" },
  { "of-the-image-at-start", "8000000+2000", { 0 }, 0x08000000, "0@8000000" },
  { "of-the-image-within-sector", "8000000+2000", { 0 }, 0x08001100, "0@8000000" },
};

static FlashImage *
make_image_with_program (const HeadCase *test)
{
  g_autoptr (FlashImage) image = flash_test_make_image (FLASH_FORMAT_IHEX, test->parts);
  const FlashImageTarget *target = flash_image_find_target (image, 0);
  const FlashImageSegment *segment = g_ptr_array_index (target->segments, 0);
  gsize size;
  const guint8 *data = g_bytes_get_data (segment->bytes, &size);
  g_autofree guint8 *bytes = NULL;
  g_autoptr (GBytes) changed = NULL;

  if (test->program == 0)
    return g_steal_pointer (&image);
  bytes = g_memdup2 (data, size);
  flash_put_le32 (bytes + (test->program - segment->address), 0x20020000);
  flash_put_le32 (bytes + (test->program - segment->address) + 4, test->program + 0x101);
  changed = g_bytes_new_take (g_steal_pointer (&bytes), size);
  return flash_image_new_for_bytes (segment->address, changed);
}

static void
test_heads (gconstpointer data)
{
  const HeadCase *test = data;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = make_image_with_program (test);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autoptr (GString) found = g_string_new (NULL);

  flash_test_chip_init (&chip, HOLE);
  for (guint i = 0; i < G_N_ELEMENTS (test->starts) && test->starts[i] != 0; i++)
    flash_test_chip_add_boot_start (&chip, test->starts[i]);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  for (guint i = 0; i < plan->sectors->len; i++) {
    const FlashFirmwareSector *touched = &g_array_index (plan->sectors, FlashFirmwareSector, i);

    if (touched->is_head)
      g_string_append_printf (found, "%s%u@%x", found->len > 0 ? " " : "", touched->sector.index,
                              touched->head);
    g_assert_cmpint (flash_firmware_plan_holds_head (plan, &touched->sector), ==, i == 0);
  }
  g_assert_cmpstr (found->str, ==, test->sectors);
  for (guint i = 1; i < plan->starts->len; i++)
    g_assert_cmphex (g_array_index (plan->starts, guint32, i), >,
                     g_array_index (plan->starts, guint32, i - 1));
}

/* A boot loader's own sector is never written, so no program of it can be half there. */
static void
test_own_has_no_head (void)
{
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image =
      flash_test_make_program (0x08000000, 0x10000, 0x20020000, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  flash_test_chip_init (&chip, LOADER);
  flash_test_chip_add_boot_start (&chip, 0x08004000);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  g_assert_cmpuint (plan->sectors->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpint (g_array_index (plan->sectors, FlashFirmwareSector, i).is_head, ==, i == 3);
}

/* --- starting ----------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  guint32 program; /* 1 KiB of it */
  guint32 stack;
  guint32 reset;
  guint32 address; /* from where it shall start */
  gboolean can_start; /* if it is not known what the chip holds */
  gboolean can_start_over; /* if that is a program at its start that leads to 0x08000601 */
} StartCase;

static const StartCase starts[] = {
  { "sound", 0x08000000, 0x20020000, 0x08000101, 0x08000000, TRUE, TRUE },
  { "stack-nowhere", 0x08000000, 0x12345678, 0x08000101, 0x08000000, FALSE, FALSE },
  { "reset-even", 0x08000000, 0x20020000, 0x08000100, 0x08000000, FALSE, FALSE },
  { "reset-to-last", 0x08000000, 0x20020000, 0x080003ff, 0x08000000, TRUE, TRUE },
  { "reset-into-neighbours", 0x08000000, 0x20020000, 0x08000401, 0x08000000, FALSE, TRUE },
  { "reset-to-other-sector", 0x08000000, 0x20020000, 0x08000801, 0x08000000, FALSE, FALSE },
  { "blank", 0x08000000, 0xffffffff, 0xffffffff, 0x08000000, FALSE, FALSE },
  { "behind-a-loader", 0x08000400, 0x20020000, 0x08000501, 0x08000400, TRUE, TRUE },
  { "before-it", 0x08000400, 0x20020000, 0x08000501, 0x08000000, FALSE, TRUE },
  { "aligned-to-128", 0x08000080, 0x20020000, 0x08000181, 0x08000080, TRUE, TRUE },
  { "aligned-to-64", 0x08000040, 0x20020000, 0x08000181, 0x08000040, FALSE, FALSE },
  { "other-sector", 0x08000000, 0x20020000, 0x08000101, 0x08000800, FALSE, FALSE },
  { "end-of-addresses", 0x08000000, 0x20020000, 0x08000101, 0xffffff80, FALSE, FALSE },
};

static void
test_start (gconstpointer data)
{
  const StartCase *test = data;
  guint8 bytes[2048] = { 0 };
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image =
      flash_test_make_program (test->program, 1024, test->stack, test->reset);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) unknown = g_ptr_array_new ();

  flash_put_le32 (bytes, 0x20020000);
  flash_put_le32 (bytes + 4, 0x08000601);
  flash_test_chip_init (&chip, HOLE);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  g_ptr_array_add (held, g_bytes_new (bytes, sizeof bytes));
  g_ptr_array_set_size (unknown, 1);
  g_assert_cmpuint (plan->sectors->len, ==, 1);
  g_assert_cmpint (flash_firmware_plan_can_start_at (plan, NULL, test->address), ==,
                   test->can_start);
  g_assert_cmpint (flash_firmware_plan_can_start_at (plan, unknown, test->address), ==,
                   test->can_start);
  g_assert_cmpint (flash_firmware_plan_can_start_at (plan, held, test->address), ==,
                   test->can_start_over);
}

/* --- given addresses ---------------------------------------------------------------------- */

typedef struct {
  const char *name;
  FlashFormat format;
  guint granule;
  guint32 address;
  const char *fix; /* NULL if all is well */
} AddressCase;

#define MULTIPLE_OF(number) "Give an address that is a multiple of " number "."

static const AddressCase addresses[] = {
  { "start", FLASH_FORMAT_RAW, 32, 0x08000000, NULL },
  { "words", FLASH_FORMAT_RAW, 4, 0x08000004, NULL },
  { "within-word", FLASH_FORMAT_RAW, 4, 0x08000002, MULTIPLE_OF ("4") },
  { "half-words", FLASH_FORMAT_RAW, 2, 0x08000002, MULTIPLE_OF ("4") },
  { "odd", FLASH_FORMAT_RAW, 2, 0x08000001, MULTIPLE_OF ("4") },
  { "within-granule", FLASH_FORMAT_RAW, 32, 0x08000010, MULTIPLE_OF ("32") },
  { "granule", FLASH_FORMAT_RAW, 32, 0x08000020, NULL },
  { "with-suffix", FLASH_FORMAT_DFU, 8, 0x08000004, MULTIPLE_OF ("8") },
  { "own-address", FLASH_FORMAT_IHEX, 32, 0x08000010, NULL },
};

static void
test_address (gconstpointer data)
{
  const AddressCase *test = data;
  g_autofree char *part = g_strdup_printf ("%x+40", test->address);
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_image (test->format, part);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  const FlashDiag *diag;

  flash_test_chip_init (&chip, F405);
  chip.chip.granule = test->granule;
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  diag = flash_diag_list_find (plan->diags, "address-misaligned");
  g_assert_cmpint (diag == NULL, ==, test->fix == NULL);
  g_assert_cmpint (flash_firmware_plan_is_usable (plan), ==, test->fix == NULL);
  if (diag != NULL) {
    g_autofree char *fix = flash_diag_dup_fix (diag, NULL);
    g_autofree char *message = flash_diag_dup_message (diag, NULL);
    g_autofree char *named = g_strdup_printf ("0x%08x", test->address);

    g_assert_cmpint (flash_diag_get_severity (diag), ==, FLASH_SEVERITY_ERROR);
    g_assert_cmpstr (fix, ==, test->fix);
    g_assert_nonnull (strstr (message, named));
  }
}

#define ADD_TABLE(table, function)                                                                 \
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {                                               \
    g_autofree char *path = g_strdup_printf ("/firmware/heads/" #table "/%s", (table)[i].name);    \
                                                                                                   \
    g_test_add_data_func (path, &(table)[i], function);                                            \
  }

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD_TABLE (heads, test_heads)
  ADD_TABLE (starts, test_start)
  ADD_TABLE (addresses, test_address)
  g_test_add_func ("/firmware/heads/own-has-no-head", test_own_has_no_head);
  return g_test_run ();
}
