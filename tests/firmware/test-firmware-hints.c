/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bytes.h"
#include "flash-firmware-test.h"
#include "flash-image-builder.h"

#define F405 "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"
#define CUT " info:no-empty-check"

static FlashFirmwarePlan *
make_plan (const FlashImage *image, FlashTestChip *chip, guint16 vid, guint16 pid)
{
  g_autoptr (FlashDescriptors) descriptors = g_new0 (FlashDescriptors, 1);

  g_atomic_ref_count_init (&descriptors->ref_count);
  descriptors->vid = vid;
  descriptors->pid = pid;
  descriptors->alternates = g_ptr_array_new ();
  return flash_firmware_plan_new (image, &chip->guess, descriptors, NULL);
}

static void
assert_diags (const FlashFirmwarePlan *plan, const char *expected)
{
  g_autofree char *diags = flash_test_list_diags (plan->diags);

  g_assert_cmpstr (diags, ==, expected);
}

static void
assert_message (const FlashFirmwarePlan *plan, const char *code, const char *expected)
{
  const FlashDiag *diag = flash_diag_list_find (plan->diags, code);
  g_autofree char *message = NULL;

  g_assert_nonnull (diag);
  message = flash_diag_dup_message (diag, NULL);
  g_assert_cmpstr (message, ==, expected);
}

/* --- suffix ------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  guint16 vendor;
  guint16 product;
  gboolean is_other;
} SuffixCase;

static const SuffixCase suffixes[] = {
  { "same", 0x0483, 0xdf11, FALSE },
  { "any", 0xffff, 0xffff, FALSE },
  { "zero-product", 0x0483, 0x0000, FALSE },
  { "zeros", 0x0000, 0x0000, FALSE },
  { "any-vendor", 0xffff, 0xdf11, FALSE },
  { "any-vendor-other-product", 0xffff, 0xdf12, TRUE },
  { "other-product", 0x0483, 0xdf12, TRUE },
  { "other-vendor", 0x1209, 0xdf11, TRUE },
  { "other-vendor-any-product", 0x1209, 0xffff, TRUE },
};

static void
test_suffix (gconstpointer data)
{
  const SuffixCase *test = data;
  const FlashDfuSuffix suffix = { test->vendor, test->product, 0xffff, 0x011a, TRUE };
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 512, 0x20020000, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autoptr (FlashFirmwarePlan) blind = NULL;

  image->has_suffix = TRUE;
  image->suffix = suffix;
  flash_test_chip_init (&chip, F405);
  plan = make_plan (image, &chip, 0x0483, 0xdf11);
  assert_diags (plan, test->is_other ? "warning:suffix-other-device" CUT : "info:no-empty-check");
  g_assert_true (flash_firmware_plan_is_usable (plan));
  blind = flash_firmware_plan_new (image, &chip.guess, NULL, NULL);
  assert_diags (blind, "info:no-empty-check");
}

static void
test_suffix_message (void)
{
  const FlashDfuSuffix suffix = { 0x1209, 0xdb42, 0xffff, 0x0100, TRUE };
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 512, 0x20020000, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  image->has_suffix = TRUE;
  image->suffix = suffix;
  flash_test_chip_init (&chip, F405);
  plan = make_plan (image, &chip, 0x0483, 0xdf11);
  assert_message (plan, "suffix-other-device",
                  "The file says that it is for devices 1209:db42; this board is 0483:df11. Look "
                  "whether it is the right file.");
}

/* --- UF2 ---------------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  guint32 families[2];
  const char *chip_family; /* nullable */
  gboolean has_chip;
  const char *diags; /* but for the last one */
} FamilyCase;

#define OTHER "warning:wrong-chip"
#define MIXED "error:families-mixed"

/* stm32-dfuse.md section 6.7. */
static const FamilyCase families[] = {
  { "none", { 0, 0 }, "F4", TRUE, "" },
  { "same", { 0x57755a57, 0 }, "F4", TRUE, "" },
  { "part-of-family", { 0x8fb060fe, 0 }, "F4", TRUE, "" },
  { "other", { 0x53b80f00, 0 }, "F4", TRUE, OTHER },
  { "other-letter", { 0x1e1f432d, 0 }, "L4", TRUE, OTHER },
  { "one-of-two", { 0x53b80f00, 0x57755a57 }, "F4", TRUE, MIXED },
  { "other-of-two", { 0x57755a57, 0x53b80f00 }, "F4", TRUE, MIXED },
  { "none-of-two", { 0x53b80f00, 0x6db66082 }, "F4", TRUE, MIXED },
  { "two-names-of-one", { 0x57755a57, 0x6d0922fa }, "F4", TRUE, "" },
  { "two-names-of-another", { 0x57755a57, 0x6d0922fa }, "F7", TRUE, MIXED },
  { "one-of-two-not-known", { 0x57755a57, 0x12345678 }, "F4", TRUE, MIXED },
  { "one-of-two-of-other-maker", { 0x9af03e33, 0x57755a57 }, "F4", TRUE, MIXED },
  { "not-known", { 0x12345678, 0 }, "F4", TRUE, "" },
  { "other-maker", { 0x9af03e33, 0 }, "F4", TRUE, "" },
  { "chip-not-known", { 0x53b80f00, 0 }, "F4", FALSE, "" },
  { "chip-not-known-two-names", { 0x6d0922fa, 0x57755a57 }, "F4", FALSE, "" },
  { "chip-not-known-two-families", { 0x53b80f00, 0x57755a57 }, "F4", FALSE, MIXED },
  { "family-not-known", { 0x53b80f00, 0 }, NULL, TRUE, "" },
};

static void
test_family (gconstpointer data)
{
  const FamilyCase *test = data;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 512, 0x20020000, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autofree char *expected = NULL;

  for (guint i = 0; i < 2; i++)
    if (test->families[i] != 0)
      g_array_append_val (image->families, test->families[i]);
  flash_test_chip_init (&chip, F405);
  chip.chip.family = test->chip_family;
  if (!test->has_chip)
    g_ptr_array_set_size (chip.guess.chips, 0);
  plan = make_plan (image, &chip, 0x0483, 0xdf11);
  expected = g_strconcat (test->diags, test->diags[0] != '\0' ? CUT : "info:no-empty-check", NULL);
  assert_diags (plan, expected);
  g_assert_cmpint (flash_firmware_plan_is_usable (plan), ==, !g_str_equal (test->diags, MIXED));
  if (g_str_equal (test->name, "one-of-two-not-known"))
    assert_message (plan, "families-mixed",
                    "The file holds programs for several families of chips (STM32F4, 0x12345678); "
                    "all of them would be written, one into another.");
  if (g_str_equal (test->name, "other"))
    assert_message (plan, "wrong-chip",
                    "The file says that it is for STM32F7; this board seems to have "
                    "STM32F4test. Look whether it is the right file.");
}

/* --- stack and end of flash --------------------------------------------------------------- */

typedef struct {
  const char *name;
  guint32 stack;
  gboolean has_chip;
  gboolean has_ram;
  gboolean is_other;
} StackCase;

static const StackCase stacks[] = {
  { "middle", 0x20010000, TRUE, TRUE, FALSE },    { "end", 0x20020000, TRUE, TRUE, FALSE },
  { "behind-end", 0x20020004, TRUE, TRUE, TRUE }, { "far", 0x20080000, TRUE, TRUE, TRUE },
  { "other-ram", 0x10010000, TRUE, TRUE, TRUE },  { "no-chip", 0x20080000, FALSE, TRUE, FALSE },
  { "no-ram", 0x20080000, TRUE, FALSE, FALSE },
};

static void
test_stack (gconstpointer data)
{
  const StackCase *test = data;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 512, test->stack, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  flash_test_chip_init (&chip, F405);
  if (!test->has_chip)
    g_ptr_array_set_size (chip.guess.chips, 0);
  if (!test->has_ram)
    g_array_set_size (chip.chip.rams, 0);
  plan = make_plan (image, &chip, 0x0483, 0xdf11);
  assert_diags (plan, test->is_other ? "warning:wrong-chip" CUT : "info:no-empty-check");
  if (g_str_equal (test->name, "far"))
    assert_message (plan, "wrong-chip",
                    "The program wants its stack to begin at 0x20080000, and the RAM of this chip "
                    "ends at 0x20020000: it is for a chip with more or other RAM.");
  if (g_str_equal (test->name, "other-ram"))
    assert_message (plan, "wrong-chip",
                    "The program wants its stack to begin at 0x10010000, where this chip has no "
                    "RAM: it is for another chip.");
}

/* One candidate that has the RAM is enough. */
static void
test_stack_of_another_candidate (void)
{
  const FlashChipRange large = { 0x20000000, 512 * 1024, "SRAM" };
  g_auto (FlashTestChip) chip;
  g_autoptr (GArray) rams = g_array_new (FALSE, FALSE, sizeof (FlashChipRange));
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 512, 0x20080000, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  FlashChip other;

  flash_test_chip_init (&chip, F405);
  other = chip.chip;
  g_array_append_val (rams, large);
  other.rams = rams;
  g_ptr_array_add (chip.guess.chips, &other);
  plan = make_plan (image, &chip, 0x0483, 0xdf11);
  assert_diags (plan, "info:no-empty-check");
}

/* That the user leaves parts out does not tell whose the bytes are. */
static void
test_mixed_families (void)
{
  const guint32 ids[] = { 0x57755a57, 0x53b80f00, 0x6db66082, 0x00ff6919, 0x4c71240a };
  const FlashFirmwareOptions options = { .leaves_out = TRUE };
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 512, 0x20020000, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  g_array_append_vals (image->families, ids, G_N_ELEMENTS (ids));
  flash_test_chip_init (&chip, F405);
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, &options);
  assert_diags (plan, MIXED CUT);
  assert_message (plan, "families-mixed",
                  "The file holds programs for several families of chips (STM32F4, STM32F7, "
                  "STM32H7, STM32L4, …); all of them would be written, one into another.");
  g_assert_false (flash_firmware_plan_is_usable (plan));
}

/* Which of several chips it is is not known, so nothing is said of one of them. */
static void
test_stack_of_no_candidate (void)
{
  for (guint n_chips = 2; n_chips <= 5; n_chips += 3) {
    g_auto (FlashTestChip) chip;
    g_autoptr (FlashImage) image =
        flash_test_make_program (0x08000000, 512, 0x20080000, 0x08000101);
    g_autoptr (FlashFirmwarePlan) plan = NULL;
    FlashChip other;

    flash_test_chip_init (&chip, F405);
    other = chip.chip;
    other.name = "STM32F4other";
    for (guint i = 1; i < n_chips; i++)
      g_ptr_array_add (chip.guess.chips, &other);
    plan = make_plan (image, &chip, 0x0483, 0xdf11);
    assert_diags (plan, "warning:wrong-chip" CUT);
    assert_message (
        plan, "wrong-chip",
        n_chips == 2 ? "The program wants its stack to begin at 0x20080000, where none of the "
                       "chips that this board may have (STM32F4test, STM32F4other) has RAM: it "
                       "is for another chip."
                     : "The program wants its stack to begin at 0x20080000, where none of the "
                       "chips that this board may have (STM32F4test, STM32F4other, STM32F4other, "
                       "STM32F4other, …) has RAM: it is for another chip.");
  }
}

static void
test_more_flash (void)
{
  const FlashFirmwareOptions options = { .leaves_out = TRUE };
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 2048, 0x20020000, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  flash_test_chip_init (&chip, "@Internal Flash /0x08000000/1*1Kg");
  plan = flash_firmware_plan_new (image, &chip.guess, NULL, &options);
  assert_diags (plan, "warning:outside-flash warning:wrong-chip" CUT);
  assert_message (plan, "wrong-chip",
                  "The flash of this chip ends at 0x08000400, and the file goes on to 0x08000800: "
                  "it is for a chip with more flash.");
}

/* --- vectors, map and power cuts ---------------------------------------------------------- */

static void
test_vectors (void)
{
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 512, 0x12345678, 0x08000100);
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  flash_test_chip_init (&chip, F405);
  plan = make_plan (image, &chip, 0x0483, 0xdf11);
  assert_diags (plan, "warning:stack-not-in-ram warning:reset-not-odd" CUT);
}

typedef struct {
  const char *name;
  const char *doubt;
  const char *beginning;
} DoubtCase;

static const DoubtCase doubts[] = {
  { "none", NULL, NULL },
  { "hole", "hole-possible", "Some chips with this boot loader have less flash" },
  { "pages", "page-size-doubtful", "The sectors of this chip may be larger" },
  { "upper-part", "upper-part-reserved", "The upper part of this chip's flash belongs to" },
  { "other", "something-else", "The boot loader may describe its flash wrongly" },
};

static void
test_doubt (gconstpointer data)
{
  const DoubtCase *test = data;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 512, 0x20020000, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;

  flash_test_chip_init (&chip, F405);
  chip.guess.map_doubt = test->doubt;
  plan = make_plan (image, &chip, 0x0483, 0xdf11);
  assert_diags (plan, test->doubt != NULL ? "warning:map-doubtful" CUT : "info:no-empty-check");
  if (test->doubt != NULL) {
    g_autofree char *message =
        flash_diag_dup_message (flash_diag_list_find (plan->diags, "map-doubtful"), NULL);

    g_assert_true (g_str_has_prefix (message, test->beginning));
  }
}

/* Whatever the table of chips doubts has words of its own. */
static void
test_all_doubts (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "chips.ini", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) chips = NULL;
  guint n_doubts = 0;

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  chips = g_key_file_get_groups (file, NULL);
  for (guint i = 0; chips[i] != NULL; i++) {
    g_autofree char *doubt = g_key_file_get_string (file, chips[i], "doubt", NULL);
    guint n_found = 0;

    for (guint j = 0; doubt != NULL && j < G_N_ELEMENTS (doubts); j++)
      n_found += g_strcmp0 (doubts[j].doubt, doubt) == 0;
    g_assert_cmpuint (n_found, ==, doubt != NULL ? 1 : 0);
    n_doubts += n_found;
  }
  g_assert_cmpuint (n_doubts, >, 0);
}

typedef struct {
  const char *name;
  FlashLoaderKind loader;
  gboolean has_empty_check;
  gboolean is_sure;
  const char *interrupted;
  const char *beginning; /* nullable */
} CutCase;

static const CutCase cuts[] = {
  { "heals", FLASH_LOADER_ROM, TRUE, TRUE, NULL, NULL },
  { "does-not", FLASH_LOADER_ROM, FALSE, TRUE, NULL, "If this is interrupted, the chip does not" },
  { "own-words", FLASH_LOADER_ROM, FALSE, TRUE, "Hold BOOT0.", "Hold BOOT0." },
  { "not-sure", FLASH_LOADER_ROM, FALSE, FALSE, "Hold BOOT0.",
    "If this is interrupted, the chip does not" },
  { "clone", FLASH_LOADER_CLONE, FALSE, FALSE, NULL, "If this is interrupted, the chip does not" },
  { "custom", FLASH_LOADER_CUSTOM, FALSE, TRUE, "Hold BOOT0.",
    "If this is interrupted, the board's own boot loader" },
  { "custom-with-check", FLASH_LOADER_CUSTOM, TRUE, TRUE, NULL,
    "If this is interrupted, the board's own boot loader" },
};

static void
test_cut (gconstpointer data)
{
  const CutCase *test = data;
  g_auto (FlashTestChip) chip;
  g_autoptr (FlashImage) image = flash_test_make_program (0x08000000, 512, 0x20020000, 0x08000101);
  g_autoptr (FlashFirmwarePlan) plan = NULL;
  g_autofree char *message = NULL;

  flash_test_chip_init (&chip, F405);
  chip.guess.loader = test->loader;
  chip.guess.is_sure = test->is_sure;
  chip.chip.has_empty_check = test->has_empty_check;
  chip.chip.interrupted = test->interrupted;
  plan = make_plan (image, &chip, 0x0483, 0xdf11);
  assert_diags (plan, test->beginning != NULL ? "info:no-empty-check" : "");
  if (test->beginning == NULL)
    return;
  message = flash_diag_dup_message (flash_diag_list_get (plan->diags, 0), NULL);
  g_assert_true (g_str_has_prefix (message, test->beginning));
}

#define ADD_TABLE(table, function)                                                                 \
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {                                               \
    g_autofree char *path = g_strdup_printf ("/firmware/hints/" #table "/%s", (table)[i].name);    \
                                                                                                   \
    g_test_add_data_func (path, &(table)[i], function);                                            \
  }

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD_TABLE (suffixes, test_suffix)
  ADD_TABLE (families, test_family)
  ADD_TABLE (stacks, test_stack)
  ADD_TABLE (doubts, test_doubt)
  ADD_TABLE (cuts, test_cut)
  g_test_add_func ("/firmware/hints/suffix-message", test_suffix_message);
  g_test_add_func ("/firmware/hints/stack-of-another-candidate", test_stack_of_another_candidate);
  g_test_add_func ("/firmware/hints/stack-of-no-candidate", test_stack_of_no_candidate);
  g_test_add_func ("/firmware/hints/mixed-families", test_mixed_families);
  g_test_add_func ("/firmware/hints/more-flash", test_more_flash);
  g_test_add_func ("/firmware/hints/vectors", test_vectors);
  g_test_add_func ("/firmware/hints/all-doubts", test_all_doubts);
  return g_test_run ();
}
