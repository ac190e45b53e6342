/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a chip, and the words about firmware files. */
#define G_LOG_DOMAIN "test-firmware-words"

#include "config.h"

#include "flash-chip-part.h"
#include "flash-firmware-form.h"
#include "flash-firmware-words.h"
#include "flash-words.h"

#define START 0x08000000u
#define KIB 1024u

#define F405 "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"
#define LOADER "@Internal Flash   /0x08000000/03*016Ka,01*016Kg,01*064Kg,07*128Kg"
#define PAGES "@Internal Flash  /0x08000000/256*02Kg"

/* --- what is shown -------------------------------------------------------------------------- */

typedef struct {
  guint32 address;
  gsize size;
} Segment;

static FlashMemoryMap *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  FlashMemoryMap *map = flash_memory_map_parse (text, &error);

  g_assert_no_error (error);
  return map;
}

/* One segment, at the place that the options give. */
static FlashImage *
make_image (const Segment *segment)
{
  g_autofree guint8 *bytes = g_malloc0 (segment->size);
  g_autoptr (GBytes) contents = g_bytes_new (bytes, segment->size);

  return flash_image_new_for_bytes (segment->address, contents);
}

static FlashFirmwarePlan *
make_plan (const char *text, const Segment *segment)
{
  g_auto (FlashChipGuess) guess = { .chips = g_ptr_array_new () };
  g_autoptr (FlashImage) image = make_image (segment);

  guess.flash = parse (text);
  return flash_firmware_plan_new (image, &guess, NULL, NULL);
}

/* Fate, first sector, number of sectors, covered bytes. */
static char *
dup_parts (const char *text, const Segment *segment)
{
  static const char fates[] = { 'k', 'w', 's', 'l' };
  g_autoptr (FlashMemoryMap) map = parse (text);
  g_autoptr (FlashFirmwarePlan) plan = segment != NULL ? make_plan (text, segment) : NULL;
  g_autoptr (GArray) parts = flash_chip_parts_new (map, plan);
  GString *line = g_string_new (NULL);
  guint64 size = 0;

  for (guint i = 0; i < parts->len; i++) {
    const FlashChipPart *part = &g_array_index (parts, FlashChipPart, i);

    g_string_append_printf (line, "%s%c%u", i > 0 ? " " : "", fates[part->fate], part->first);
    if (part->n_sectors > 1)
      g_string_append_printf (line, "x%u", part->n_sectors);
    if (part->n_covered > 0)
      g_string_append_printf (line, "=%" G_GUINT64_FORMAT, part->n_covered);
    size += part->size;
  }
  g_assert_cmpuint (size, ==, flash_memory_map_get_size (map));
  return g_string_free (line, FALSE);
}

static void
test_parts (void)
{
  static const struct {
    const char *map;
    Segment segment; /* no plan without a size */
    const char *parts;
  } cases[] = {
    { F405, { 0, 0 }, "k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11" },
    { LOADER, { 0, 0 }, "l0 l1 l2 k3 k4 k5 k6 k7 k8 k9 k10 k11" },
    /* Whole sectors; one byte less and one more. */
    { F405, { START, 32 * KIB }, "w0=16384 w1=16384 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11" },
    { F405, { START, 32 * KIB - 1 }, "w0=16384 s1=16383 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11" },
    { F405, { START, 32 * KIB + 1 }, "w0=16384 w1=16384 s2=1 k3 k4 k5 k6 k7 k8 k9 k10 k11" },
    { F405, { START + 0xfffff, 1 }, "k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 s11=1" },
    /* What the loader keeps is neither erased nor written. */
    { LOADER, { START + 32 * KIB, 32 * KIB }, "l0 l1 l2=16384 w3=16384 k4 k5 k6 k7 k8 k9 k10 k11" },
    /* Many small ones become one, but for those that are shared. */
    { PAGES, { 0, 0 }, "k0x256" },
    { PAGES, { START, 6 * KIB }, "w0x3=6144 k3x253" },
    { PAGES, { START + 1, 6 * KIB }, "s0=2047 w1x2=4096 s3=1 k4x252" },
    { PAGES, { START + 510 * KIB, 2 * KIB }, "k0x255 w255=2048" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *parts =
        dup_parts (cases[i].map, cases[i].segment.size > 0 ? &cases[i].segment : NULL);

    g_test_message ("case %u", i);
    g_assert_cmpstr (parts, ==, cases[i].parts);
  }
}

/* Two runs with a hole between them are never one part. */
static void
test_holes (void)
{
  g_autofree char *parts =
      dup_parts ("@Internal Flash  /0x08000000/64*02Kg/0x08040000/64*02Kg", NULL);

  g_assert_cmpstr (parts, ==, "k0x64 k64x64");
}

static void
test_find (void)
{
  const Segment segment = { START, 6 * KIB };
  g_autoptr (FlashFirmwarePlan) plan = make_plan (PAGES, &segment);
  g_autoptr (GArray) parts = flash_chip_parts_new (plan->map, plan);

  g_assert_cmpint (flash_chip_parts_find (parts, START), ==, 0);
  g_assert_cmpint (flash_chip_parts_find (parts, START + 6 * KIB - 1), ==, 0);
  g_assert_cmpint (flash_chip_parts_find (parts, START + 6 * KIB), ==, 1);
  g_assert_cmpint (flash_chip_parts_find (parts, START - 1), ==, -1);
  g_assert_cmpint (flash_chip_parts_find (parts, START + 512 * KIB), ==, -1);
  g_assert_cmpuint (flash_chip_parts_count (parts, FLASH_CHIP_WRITTEN), ==, 3);
  g_assert_cmpuint (flash_chip_parts_count (parts, FLASH_CHIP_KEPT), ==, 253);
  g_assert_cmpuint (flash_chip_parts_count (parts, FLASH_CHIP_LOADER), ==, 0);
}

static void
test_part_words (void)
{
  static const struct {
    FlashChipPart part;
    const char *text;
  } cases[] = {
    { { FLASH_CHIP_KEPT, 5, 7, 0x08020000, 896 * KIB, 0 },
      "Sectors 5–11|7 × 128 KiB|0x08020000 – 0x080fffff|Kept as it is" },
    { { FLASH_CHIP_WRITTEN, 0, 1, START, 16 * KIB, 16 * KIB },
      "Sector 0|16 KiB|0x08000000 – 0x08003fff|Erased and written" },
    { { FLASH_CHIP_SHARED, 4, 1, 0x08010000, 64 * KIB, 54 * KIB },
      "Sector 4|64 KiB|0x08010000 – 0x0801ffff|54 KiB of it are written, 10 KiB may hold other "
      "data" },
    { { FLASH_CHIP_LOADER, 0, 3, START, 48 * KIB, 0 },
      "Sectors 0–2|3 × 16 KiB|0x08000000 – 0x0800bfff|Kept by the boot loader" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = flash_chip_part_dup_text (&cases[i].part, "|");

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

/* --- the plan in words ---------------------------------------------------------------------- */

static void
test_summary (void)
{
  static const struct {
    const char *map;
    Segment segment;
    FlashMcuShared shared;
    const char *text;
  } cases[] = {
    { F405, { START, 32 * KIB }, FLASH_MCU_SHARED_ASK, "Erased and written: 2 of 12 sectors." },
    { F405,
      { START, 5 * KIB },
      FLASH_MCU_SHARED_ASK,
      "Erased and written: 1 of 12 sectors. Sector 0 is not filled: if there is something else "
      "in the other 11 KiB, you are asked before it is erased." },
    { F405,
      { START, 5 * KIB },
      FLASH_MCU_SHARED_KEEP,
      "Erased and written: 1 of 12 sectors. Sector 0 is not filled: what else is in the other "
      "11 KiB is kept." },
    { F405,
      { START + KIB, 16 * KIB },
      FLASH_MCU_SHARED_ERASE,
      "Erased and written: 2 of 12 sectors. 2 sectors are not filled: what else is in the other "
      "16 KiB is lost." },
    { F405,
      { START + KIB, 16 * KIB },
      FLASH_MCU_SHARED_ASK,
      "Erased and written: 2 of 12 sectors. 2 sectors are not filled: if there is something "
      "else in the other 16 KiB, you are asked before it is erased." },
    { LOADER,
      { START + 32 * KIB, 32 * KIB },
      FLASH_MCU_SHARED_KEEP,
      "Erased and written: 1 of 12 sectors." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashFirmwarePlan) plan = make_plan (cases[i].map, &cases[i].segment);
    g_autofree char *text = flash_firmware_words_dup_summary (plan, cases[i].shared);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_place (void)
{
  const Segment segment = { START, 32 * KIB };
  g_autoptr (FlashFirmwarePlan) plan = make_plan (F405, &segment);
  g_autofree char *one = flash_firmware_words_dup_place (plan, START, 16 * KIB);
  g_autofree char *two = flash_firmware_words_dup_place (plan, START, 16 * KIB + 1);
  g_autofree char *none = flash_firmware_words_dup_place (plan, 0x20000000, 1);

  g_assert_cmpstr (one, ==, "Written to sector 0");
  g_assert_cmpstr (two, ==, "Written to sectors 0–1");
  g_assert_cmpstr (none, ==, "Outside of the flash");
}

static void
test_reasons (void)
{
  for (int reason = FLASH_FIRMWARE_RAM; reason <= FLASH_FIRMWARE_OTHER_TARGET; reason++)
    g_assert_true (g_str_has_prefix (flash_firmware_words_reason ((FlashFirmwareReason) reason),
                                     "Not written: "));
  for (int kind = FLASH_BOARD_KIND_UNKNOWN; kind <= FLASH_BOARD_KIND_RUNTIME; kind++) {
    gboolean is_refused = flash_firmware_words_refusal ((FlashBoardKind) kind) != NULL;

    g_assert_cmpint (is_refused, ==,
                     kind == FLASH_BOARD_KIND_UNKNOWN || kind == FLASH_BOARD_KIND_STM32MP);
    g_assert_nonnull (flash_words_board_state ((FlashBoardKind) kind, NULL));
    /* Only what has a map needs no more words. */
    g_assert_cmpint (flash_firmware_words_hint ((FlashBoardKind) kind) == NULL, ==,
                     kind == FLASH_BOARD_KIND_DFUSE);
  }
}

static void
test_formats (void)
{
  const Segment segment = { START, 20 * KIB };
  g_autoptr (FlashImage) image = make_image (&segment);
  g_autofree char *contents = flash_firmware_words_dup_contents (image);

  g_assert_cmpstr (contents, ==, "20 KiB, 0x08000000 – 0x08004fff");
  for (int format = FLASH_FORMAT_RAW; format <= FLASH_FORMAT_GPT; format++) {
    const FlashImage packed = { .format = (FlashFormat) format, .packing = FLASH_CONTENT_XZ };
    g_autofree char *text = flash_firmware_words_dup_format (&packed);

    g_assert_true (g_str_has_suffix (text, ", packed by xz"));
  }
}

static const FlashChip *
find_chip (const char *name)
{
  GPtrArray *chips = flash_chip_list ();

  for (guint i = 0; i < chips->len; i++)
    if (g_str_has_prefix (((const FlashChip *) g_ptr_array_index (chips, i))->name, name))
      return g_ptr_array_index (chips, i);
  g_assert_not_reached ();
}

/* In the words of the list of boards, and perhaps more of them. */
static void
test_chips (void)
{
  static const struct {
    const char *chips[3];
    gboolean is_sure;
    const char *text;
  } cases[] = {
    { { NULL }, FALSE, "Unknown chip, 1 MiB of flash" },
    { { "STM32F405" }, TRUE, "STM32F405/407/415/417, 1 MiB of flash" },
    { { "STM32F405" }, FALSE, "STM32F4, probably STM32F405/407/415/417, 1 MiB of flash" },
    { { "STM32F405", "STM32L4" }, FALSE, "Probably STM32F405/407/415/417, 1 MiB of flash" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (FlashChipGuess) guess = { .loader = FLASH_LOADER_CUSTOM,
                                      .chips = g_ptr_array_new (),
                                      .is_sure = cases[i].is_sure };
    g_autofree char *name = NULL;
    g_autofree char *text = NULL;

    guess.flash = parse (F405);
    for (guint j = 0; cases[i].chips[j] != NULL; j++)
      g_ptr_array_add (guess.chips, (gpointer) find_chip (cases[i].chips[j]));
    g_test_message ("case %u", i);
    text = flash_firmware_words_dup_chip (&guess);
    g_assert_cmpstr (text, ==, cases[i].text);
    name = flash_chip_guess_dup_name (&guess);
    g_assert_true (name == NULL || g_str_has_prefix (text, name));
  }
}

static void
test_remedies (void)
{
  static const struct {
    const char *code;
    FlashSeverity severity;
    gboolean leaves_out;
    gboolean can_insist;
    FlashFirmwareRemedy remedy;
  } cases[] = {
    { "outside-flash", FLASH_SEVERITY_ERROR, FALSE, FALSE, FLASH_FIRMWARE_REMEDY_LEAVE_OUT },
    { "outside-flash", FLASH_SEVERITY_WARNING, TRUE, FALSE, FLASH_FIRMWARE_REMEDY_NONE },
    { "option-bytes-in-file", FLASH_SEVERITY_ERROR, FALSE, FALSE, FLASH_FIRMWARE_REMEDY_LEAVE_OUT },
    { "loader-sectors", FLASH_SEVERITY_WARNING, FALSE, FALSE, FLASH_FIRMWARE_REMEDY_LEAVE_OUT },
    { "segment-in-ram", FLASH_SEVERITY_WARNING, FALSE, FALSE, FLASH_FIRMWARE_REMEDY_NONE },
    { "address-aliased", FLASH_SEVERITY_WARNING, FALSE, FALSE, FLASH_FIRMWARE_REMEDY_REBASE },
    { "no-address", FLASH_SEVERITY_ERROR, FALSE, FALSE, FLASH_FIRMWARE_REMEDY_ADDRESS },
    { "ihex-no-end", FLASH_SEVERITY_ERROR, FALSE, TRUE, FLASH_FIRMWARE_REMEDY_INSIST },
    { "ihex-no-end", FLASH_SEVERITY_ERROR, FALSE, FALSE, FLASH_FIRMWARE_REMEDY_NONE },
    { "ihex-no-end", FLASH_SEVERITY_WARNING, FALSE, TRUE, FLASH_FIRMWARE_REMEDY_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    const FlashFirmwareWishes wishes = { .leaves_out = cases[i].leaves_out };
    const FlashDiag *diag =
        flash_diag_list_add (diags, cases[i].severity, cases[i].code, 0, 0, "Something.", NULL);
    FlashFirmwareRemedy remedy =
        flash_firmware_words_find_remedy (diag, &wishes, cases[i].can_insist);

    g_test_message ("%s", cases[i].code);
    g_assert_cmpint (remedy, ==, cases[i].remedy);
    g_assert_cmpint (*flash_firmware_words_remedy (remedy) == '\0', ==,
                     remedy == FLASH_FIRMWARE_REMEDY_NONE);
  }
}

static void
test_addresses (void)
{
  static const struct {
    const char *text;
    gboolean is_good;
    guint32 address;
  } cases[] = {
    { "0x08000000", TRUE, 0x08000000 },
    { " 8008000 ", TRUE, 0x08008000 },
    { "0XFFFFFFFF", TRUE, 0xffffffff },
    { "0", TRUE, 0 },
    { "0x100000000", FALSE, 0 },
    { "", FALSE, 0 },
    { "0x", FALSE, 0 },
    { "-1", FALSE, 0 },
    { "08000000h", FALSE, 0 },
    { "flash", FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint32 address = 1;

    g_test_message ("“%s”", cases[i].text);
    g_assert_cmpint (flash_firmware_form_parse_address (cases[i].text, &address), ==,
                     cases[i].is_good);
    g_assert_cmphex (address, ==, cases[i].is_good ? cases[i].address : 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip-part/parts", test_parts);
  g_test_add_func ("/chip-part/holes", test_holes);
  g_test_add_func ("/chip-part/find", test_find);
  g_test_add_func ("/chip-part/words", test_part_words);
  g_test_add_func ("/firmware-words/summary", test_summary);
  g_test_add_func ("/firmware-words/place", test_place);
  g_test_add_func ("/firmware-words/reasons", test_reasons);
  g_test_add_func ("/firmware-words/formats", test_formats);
  g_test_add_func ("/firmware-words/chips", test_chips);
  g_test_add_func ("/firmware-words/remedies", test_remedies);
  g_test_add_func ("/firmware-words/addresses", test_addresses);
  return g_test_run ();
}
