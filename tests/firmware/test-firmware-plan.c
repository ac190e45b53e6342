/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bytes.h"
#include "flash-firmware-test.h"
#include "flash-image-builder.h"

#include <string.h>

#define F405 "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"
#define LOADER "@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg"
#define HOLE "@Internal Flash /0x08000000/4*2Kg/0x08100000/4*2Kg"
#define KIB 1024u

/* --- what goes where ---------------------------------------------------------------------- */

typedef struct {
  const char *name;
  const char *map;
  const char *parts;
  const char *options; /* `dfuse`, `leave-out`, `rebase` */
  const char *segments; /* address+size, in hexadecimal */
  const char *others; /* left out: address+size=reason; and sectors: index:covered, the boot
                       * loader's own in brackets, the head's with a star */
  const char *diags; /* but for those of test-firmware-hints */
} Case;

static const Case cases[] = {
  { "one-sector", F405, "8000000+4000", "", "8000000+4000", " | 0:16384*", "" },
  { "first-byte", F405, "8000000+1", "", "8000000+1", " | 0:1*", "" },
  { "last-byte", F405, "80fffff+1", "", "80fffff+1", " | 11:1*", "" },
  { "all", F405, "8000000+100000", "", "8000000+100000",
    " | 0:16384* 1:16384 2:16384 3:16384 4:65536 5:131072 6:131072 7:131072 8:131072 9:131072 "
    "10:131072 11:131072",
    "" },
  { "two-in-one-sector", F405, "8004000+10 8004100+10", "", "8004000+10 8004100+10", " | 1:32*",
    "" },
  { "across-sectors", F405, "8003ff0+20", "", "8003ff0+20", " | 0:16* 1:16", "" },
  { "gap-of-sectors", F405, "8020000+4 8000000+4", "", "8000000+4 8020000+4", " | 0:4* 5:4", "" },
  { "ram", F405, "8000000+40 20000100+40 10000000+4", "", "8000000+40",
    "10000000+4=ram 20000100+40=ram | 0:64*", "warning:segment-in-ram" },
  { "ram-only", F405, "20000000+40", "", "", "20000000+40=ram | ",
    "warning:segment-in-ram error:nothing-to-write" },
  { "outside", F405, "8000000+40 90000000+40", "", "8000000+40", "90000000+40=outside | 0:64*",
    "error:outside-flash" },
  { "outside-left-out", F405, "8000000+40 90000000+40", "leave-out", "8000000+40",
    "90000000+40=outside | 0:64*", "warning:outside-flash" },
  { "beyond-the-end", F405, "80ffff0+20", "", "80ffff0+10", "8100000+10=outside | 11:16*",
    "error:outside-flash warning:wrong-chip" },
  { "before-the-start", F405, "7fffff0+20", "", "8000000+10", "7fffff0+10=outside | 0:16*",
    "error:outside-flash" },
  { "end-of-addresses", F405, "fffffff0+10", "leave-out", "", "fffffff0+10=outside | ",
    "warning:outside-flash error:nothing-to-write" },
  { "hole", HOLE, "8001f00+200 80fff00+200", "", "8001f00+100 8100000+100",
    "8002000+100=outside 80fff00+100=outside | 3:256* 4:256", "error:outside-flash" },
  { "option-bytes", F405, "8000000+40 1fffc000+10", "", "8000000+40",
    "1fffc000+10=option-bytes | 0:64*", "error:option-bytes-in-file" },
  { "otp-left-out", F405, "8000000+40 1fff7800+210", "leave-out", "8000000+40",
    "1fff7800+210=option-bytes | 0:64*", "warning:option-bytes-in-file" },
  { "around-option-bytes", F405, "8000000+40 1fffbff0+30", "leave-out", "8000000+40",
    "1fffbff0+10=outside 1fffc000+10=option-bytes 1fffc010+10=outside | 0:64*",
    "warning:option-bytes-in-file warning:outside-flash" },
  { "own-sectors", LOADER, "800bff0+20", "", "800c000+10", "800bff0+10=read-only | [2:16] 3:16*",
    "warning:loader-sectors" },
  { "own-sectors-left-out", LOADER, "800bff0+20", "leave-out", "800c000+10",
    "800bff0+10=read-only | 3:16*", "warning:loader-sectors" },
  { "own-sectors-only", LOADER, "8000000+20", "", "", "8000000+20=read-only | ",
    "warning:loader-sectors error:nothing-to-write" },
  { "alternate-of-dfuse", F405, "8000000+40 1:1fffc000+10 3:8000000+8", "dfuse", "8000000+40",
    "8000000+8=other-target 1fffc000+10=option-bytes | 0:64*",
    "error:option-bytes-in-file info:other-targets" },
  { "alternates-left-out", F405, "8000000+40 2:1fff7800+10", "dfuse leave-out", "8000000+40",
    "1fff7800+10=option-bytes | 0:64*", "warning:option-bytes-in-file" },
  { "other-alternates-only", F405, "4:8000000+40", "dfuse", "", "8000000+40=other-target | ",
    "info:other-targets error:nothing-to-write" },
  { "alias", F405, "0+40", "", "", "0+40=outside | ",
    "error:outside-flash error:nothing-to-write" },
  { "alias-rebased", F405, "0+40 8004000+4", "rebase", "8000000+40 8004000+4", " | 0:64* 1:4",
    "warning:address-rebased" },
  { "nothing-to-rebase", F405, "8000000+40", "rebase", "8000000+40", " | 0:64*", "" },
  { "alias-in-the-way", F405, "0+40 8000000+40", "rebase", "8000000+40", "0+40=outside | 0:64*",
    "error:outside-flash" },
  { "flash-at-zero", "@Flash /0x00000100/64*1Kg", "100+40", "rebase", "100+40", " | 0:64*", "" },
  { "granules", "@Flash /0x08000000/4*2Bg", "8000000+8", "", "8000000+8", " | 0:2* 1:2 2:2 3:2",
    "error:map-doubtful" },
  { "huge-sector", "@Flash /0x08000000/01*512Mg", "8000000+8", "", "8000000+8", " | 0:8*",
    "error:map-doubtful" },
};

static const char *
get_reason_name (FlashFirmwareReason reason)
{
  const char *names[] = { "ram", "option-bytes", "outside", "read-only", "other-target" };

  return names[reason];
}

static char *
list_segments (const GPtrArray *segments, gboolean has_moved)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < segments->len; i++) {
    const FlashImageSegment *segment = g_ptr_array_index (segments, i);
    gsize size;
    const guint8 *bytes = g_bytes_get_data (segment->bytes, &size);

    for (gsize j = 0; j < size && !has_moved; j++)
      g_assert_cmphex (bytes[j], ==, flash_test_part_byte (segment->address + (guint32) j));
    g_string_append_printf (text, "%s%x+%zx", i > 0 ? " " : "", segment->address, size);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
list_left_out (const GArray *left_out)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < left_out->len; i++) {
    const FlashFirmwareLeftOut *part = &g_array_index (left_out, FlashFirmwareLeftOut, i);

    g_string_append_printf (text, "%s%x+%" G_GINT64_MODIFIER "x=%s", i > 0 ? " " : "",
                            part->address, part->size, get_reason_name (part->reason));
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
list_sectors (const GArray *sectors)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < sectors->len; i++) {
    const FlashFirmwareSector *touched = &g_array_index (sectors, FlashFirmwareSector, i);

    g_string_append_printf (text, "%s%s%u:%u%s%s", i > 0 ? " " : "", touched->is_own ? "[" : "",
                            touched->sector.index, touched->n_covered, touched->is_own ? "]" : "",
                            touched->is_head ? "*" : "");
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Without what is said of vectors and of every chip: those have tests of their own. */
static char *
list_other_diags (const FlashDiagList *diags)
{
  const char *others[] = { "vectors-missing",  "vectors-blank",
                           "stack-not-in-ram", "reset-not-odd",
                           "reset-outside",    "linked-elsewhere",
                           "no-empty-check",   NULL };
  g_autoptr (FlashDiagList) kept = flash_diag_list_new ();

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);

    if (!g_strv_contains (others, flash_diag_get_code (diag)))
      flash_diag_list_add_at (kept, diag, 0, 0);
  }
  return flash_test_list_diags (kept);
}

static void
check_plan (const Case *test, const FlashFirmwarePlan *plan)
{
  gboolean has_moved = flash_diag_list_find (plan->diags, "address-rebased") != NULL;
  g_autofree char *segments = list_segments (plan->segments, has_moved);
  g_autofree char *left_out = list_left_out (plan->left_out);
  g_autofree char *sectors = list_sectors (plan->sectors);
  g_autofree char *others = g_strconcat (left_out, " | ", sectors, NULL);
  g_autofree char *diags = list_other_diags (plan->diags);
  gboolean has_error = flash_diag_list_count (plan->diags, FLASH_SEVERITY_ERROR) > 0;

  g_assert_cmpstr (segments, ==, test->segments);
  g_assert_cmpstr (others, ==, test->others);
  g_assert_cmpstr (diags, ==, test->diags);
  g_assert_cmpint (flash_firmware_plan_is_usable (plan), ==, !has_error);
  if (segments[0] != '\0')
    g_assert_cmphex (plan->head, ==, g_ascii_strtoull (test->segments, NULL, 16));
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  const FlashFirmwareOptions options = { strstr (test->options, "leave-out") != NULL,
                                         strstr (test->options, "rebase") != NULL };
  FlashFormat format =
      strstr (test->options, "dfuse") != NULL ? FLASH_FORMAT_DFUSE : FLASH_FORMAT_IHEX;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_image (format, test->parts);
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  flash_test_chip_init (&chip, test->map);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, &options);
  check_plan (test, plan);
}

static void
test_figures (void)
{
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) whole = flash_test_make_image (FLASH_FORMAT_IHEX, "8000000+4000");
  g_autoptr (FlashImage) partly =
      flash_test_make_image (FLASH_FORMAT_IHEX, "8000000+4000 8010000+64");
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autoptr (FlashFirmwarePlan) shared = NULL;
  g_autoptr (FlashFirmwarePlan) again = NULL;

  flash_test_chip_init (&chip, F405);
  plan = flash_firmware_plan_new (whole, &chip.guess, NULL, NULL);
  g_assert_cmpuint (plan->size, ==, 16 * KIB);
  g_assert_false (flash_firmware_plan_has_shared (plan));
  g_assert_cmpuint (flash_firmware_plan_get_sector_bytes (plan), ==, 16 * KIB);
  g_assert_cmpuint (plan->traits.granule, ==, 4);
  g_assert_cmphex (plan->start, ==, 0x08000000);

  shared = flash_firmware_plan_new (partly, &chip.guess, NULL, NULL);
  g_assert_cmpuint (shared->size, ==, 16 * KIB + 100);
  g_assert_true (flash_firmware_plan_has_shared (shared));
  g_assert_cmpuint (flash_firmware_plan_get_sector_bytes (shared), ==, 80 * KIB);
  again = flash_firmware_plan_ref (shared);
  g_assert_true (again == shared);
}

/* A boot loader's own sectors are never erased, so that nothing in them is shared. */
static void
test_own_is_not_shared (void)
{
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image =
      flash_test_make_image (FLASH_FORMAT_IHEX, "8000000+4 800c000+4000");
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  flash_test_chip_init (&chip, LOADER);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  g_assert_true (flash_firmware_plan_is_usable (plan));
  g_assert_false (flash_firmware_plan_has_shared (plan));
  g_assert_cmphex (plan->start, ==, 0x0800c000);
  g_assert_cmpuint (plan->own_segments->len, ==, 1);
}

static void
test_no_address (void)
{
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_RAW);
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autofree char *diags = NULL, *fix = NULL;
  const guint8 bytes[64] = { 1 };

  flash_image_builder_set_has_address (builder, FALSE);
  g_assert_true (flash_image_builder_add (builder, 0, bytes, sizeof bytes, 0));
  image = flash_image_builder_end (builder);
  flash_test_chip_init (&chip, LOADER);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  diags = flash_test_list_diags (plan->diags);
  g_assert_cmpstr (diags, ==, "error:no-address");
  fix = flash_diag_dup_fix (flash_diag_list_get (plan->diags, 0), NULL);
  g_assert_cmpstr (fix, ==, "Give the address; the flash of this board begins at 0x0800c000.");
  g_assert_false (flash_firmware_plan_is_usable (plan));
  g_assert_cmpuint (plan->segments->len, ==, 0);
}

static void
test_message (void)
{
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image =
      flash_test_make_image (FLASH_FORMAT_IHEX, "8000000+40 90000000+400 90001000+200");
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autofree char *message = NULL, *fix = NULL;
  const FlashDiag *diag;

  flash_test_chip_init (&chip, F405);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  diag = flash_diag_list_find (plan->diags, "outside-flash");
  message = flash_diag_dup_message (diag, NULL);
  fix = flash_diag_dup_fix (diag, NULL);
  g_assert_cmpstr (message, ==,
                   "1.5 KiB of the file, from 0x90000000 on, lie where this boot loader names no "
                   "memory.");
  g_assert_cmpstr (fix, ==, "Choose a file for this chip, or leave these parts out.");
}

/* --- the table of chips ------------------------------------------------------------------- */

static void
add_probe (FlashImageBuilder *builder, guint32 address)
{
  const guint8 bytes[] = { 1, 2, 3, 4 };

  g_assert_true (flash_image_builder_add (builder, address, bytes, sizeof bytes, 0));
}

/* A program at the start of the flash, with something in each RAM and among the option bytes. */
static FlashImage *
make_probe (const FlashChip *chip, guint32 start)
{
  g_autoptr (FlashImageBuilder) builder = flash_image_builder_new (FLASH_FORMAT_ELF);
  guint8 program[64] = { 1 };

  if (chip->rams->len > 0) {
    const FlashChipRange *ram = &g_array_index (chip->rams, FlashChipRange, 0);

    flash_put_le32 (program, ram->start + ram->size);
    flash_put_le32 (program + 4, start + 9);
  }
  flash_image_builder_set_has_address (builder, TRUE);
  g_assert_true (flash_image_builder_add (builder, start, program, sizeof program, 0));
  for (guint i = 0; i < chip->rams->len; i++)
    add_probe (builder, g_array_index (chip->rams, FlashChipRange, i).start);
  if (chip->option_size > 0)
    add_probe (builder, chip->option_start);
  return flash_image_builder_end (builder);
}

static void
check_chip (const FlashChip *chip, const char *text)
{
  FlashChipGuess guess = { .loader = FLASH_LOADER_ROM, .is_sure = TRUE };
  const FlashFirmwareOptions options = { .leaves_out = TRUE };
  g_autoptr (GPtrArray) chips = g_ptr_array_new ();
  g_autoptr (FlashMemoryMap) map = flash_memory_map_parse (text, NULL);
  g_autoptr (FlashImage) image = NULL;
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  g_test_message ("%s %s", chip->id, text);
  g_assert_nonnull (map);
  g_ptr_array_add (chips, (gpointer) chip);
  guess.chips = chips;
  guess.flash = map;
  image = make_probe (chip, flash_memory_map_get_start (map));
  plan = flash_firmware_plan_new (image, &guess, NULL, &options);
  g_assert_true (flash_firmware_plan_is_usable (plan));
  g_assert_cmpuint (plan->size, ==, 64);
  g_assert_null (flash_diag_list_find (plan->diags, "wrong-chip"));
  g_assert_null (flash_diag_list_find (plan->diags, "map-doubtful"));
  g_assert_null (flash_diag_list_find (plan->diags, "outside-flash"));
  g_assert_cmpint (flash_diag_list_find (plan->diags, "segment-in-ram") != NULL, ==,
                   chip->rams->len > 0);
  g_assert_cmpint (flash_diag_list_find (plan->diags, "option-bytes-in-file") != NULL, ==,
                   chip->option_size > 0);
  g_assert_cmpint (flash_diag_list_find (plan->diags, "no-empty-check") == NULL, ==,
                   chip->has_empty_check);
}

static void
test_all_chips (void)
{
  GPtrArray *chips = flash_chip_list ();
  guint n_maps = 0;

  for (guint i = 0; i < chips->len; i++) {
    const FlashChip *chip = g_ptr_array_index (chips, i);

    for (guint j = 0; j < chip->maps->len; j++, n_maps++)
      check_chip (chip, g_ptr_array_index (chip->maps, j));
  }
  g_assert_cmpuint (n_maps, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/firmware/plan/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/firmware/plan/figures", test_figures);
  g_test_add_func ("/firmware/plan/own-is-not-shared", test_own_is_not_shared);
  g_test_add_func ("/firmware/plan/no-address", test_no_address);
  g_test_add_func ("/firmware/plan/message", test_message);
  g_test_add_func ("/firmware/plan/all-chips", test_all_chips);
  return g_test_run ();
}
