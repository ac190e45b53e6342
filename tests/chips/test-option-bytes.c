/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-option-private.h"

#include <string.h>

#define MAX_SIZE 256

/* An area of that layout with all fields zero, and complements that match. */
static void
fill (const FlashOptionLayout *layout, guint8 *bytes)
{
  memset (bytes, 0, layout->size);
  for (guint i = 0; layout->guard == FLASH_OPTION_COMPLEMENT && i < layout->covered; i++)
    if (i / layout->unit % 2 != 0)
      bytes[i] = 0xff;
}

static const FlashOptionLayout *
get_layout (const char *name)
{
  const FlashOptionLayout *layout = flash_option_layout_find (name);

  g_assert_nonnull (layout);
  g_assert_cmpuint (layout->size, <=, MAX_SIZE);
  return layout;
}

static void
assert_valid (const FlashOptionLayout *layout, const guint8 *bytes)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_option_layout_check (layout, bytes, layout->size, &error));
  g_assert_no_error (error);
}

static void
set (const FlashOptionLayout *layout, const char *name, guint32 value, guint8 *bytes)
{
  const FlashOptionField *field = flash_option_layout_find_field (layout, name);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (field);
  g_assert_true (flash_option_layout_set (layout, field, value, bytes, &error));
  g_assert_no_error (error);
  g_assert_cmphex (flash_option_layout_get (layout, field, bytes), ==, value);
}

static void
refuse (const FlashOptionLayout *layout, const FlashOptionField *field, guint32 value,
        const guint8 *bytes, FlashOptionError code)
{
  guint8 copy[MAX_SIZE];
  g_autoptr (GError) error = NULL;

  memcpy (copy, bytes, layout->size);
  g_assert_false (flash_option_layout_set (layout, field, value, copy, &error));
  g_assert_error (error, FLASH_OPTION_ERROR, (gint) code);
  g_assert_cmpmem (copy, layout->size, bytes, layout->size);
}

static guint32
max_value (const FlashOptionField *field)
{
  return field->width == 32 ? G_MAXUINT32 : (1u << field->width) - 1;
}

/* Every value that tells bits apart comes back, the complements follow, and nothing else moves. */
static void
round_trip (const FlashOptionLayout *layout, const FlashOptionField *field)
{
  GPtrArray *fields = flash_option_layout_get_fields (layout);
  const guint32 values[] = { max_value (field), 1, max_value (field) - 1, 0 };
  guint8 bytes[MAX_SIZE], before[MAX_SIZE];
  g_autoptr (GError) error = NULL;

  fill (layout, bytes);
  if (layout->wrp_condition != NULL && layout->wrp_value != 0)
    set (layout, layout->wrp_condition->name, layout->wrp_value, bytes);
  memcpy (before, bytes, sizeof before);
  if (field->is_locked) {
    refuse (layout, field, 0, bytes, FLASH_OPTION_ERROR_BAD_VALUE);
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_assert_true (flash_option_layout_set (layout, field, values[i], bytes, &error));
    g_assert_no_error (error);
    assert_valid (layout, bytes);
    for (guint k = 0; k < fields->len; k++) {
      const FlashOptionField *other = g_ptr_array_index (fields, k);

      g_assert_cmphex (flash_option_layout_get (layout, other, bytes), ==,
                       other == field ? values[i]
                                      : flash_option_layout_get (layout, other, before));
    }
    if (layout->guard == FLASH_OPTION_PAIR)
      g_assert_cmpint (bytes[field->offset + field->shift / 8], ==,
                       bytes[field->offset + 4 + field->shift / 8]);
  }
  if (field->width < 32)
    refuse (layout, field, max_value (field) + 1, bytes, FLASH_OPTION_ERROR_BAD_VALUE);
  if (field != layout->wrp_condition)
    g_assert_cmpmem (bytes, layout->size, before, layout->size);
}

static void
test_round_trips (void)
{
  GPtrArray *names = flash_option_layout_list_names ();

  g_assert_cmpuint (names->len, ==, 19);
  for (guint i = 0; i < names->len; i++) {
    const FlashOptionLayout *layout = get_layout (g_ptr_array_index (names, i));
    GPtrArray *fields = flash_option_layout_get_fields (layout);

    for (guint k = 0; k < fields->len; k++) {
      const FlashOptionField *field = g_ptr_array_index (fields, k);

      g_test_message ("%s %s", layout->name, field->name);
      g_assert_nonnull (field->description);
      g_assert_true (flash_option_layout_find_field (layout, field->name) == field);
      round_trip (layout, field);
    }
  }
  g_assert_null (flash_option_layout_find ("nothing"));
  g_assert_null (flash_option_layout_find_field (get_layout ("f1"), "nothing"));
}

/* What bricks a chip, in every layout that has it. */
static void
test_locked (void)
{
  static const char *const locked[] = {
    "RDP",       "RDPROT",      "nBOOT1",     "NSBOOTADD0",    "NSBOOTADD1", "SECBOOTADD0",
    "BOOT_LOCK", "BOOT_ADD0",   "BOOT_ADD1",  "BOOT_CM4_ADD0", "SECURITY",   "BCM4",
    "BCM7",      "PCROP1_STRT", "PCROP1_END", "PCROP_RDP",     "SPRMOD",     "WPRMOD",
    "TZEN",      "IO_HSLV",     "NRST_MODE",  "nSWBOOT0",      "nBOOT0",     "BOOT_SEL",
    "WWDG_SW",   NULL,
  };
  GPtrArray *names = flash_option_layout_list_names ();
  guint n_found = 0;

  for (guint i = 0; i < names->len; i++)
    for (guint k = 0; locked[k] != NULL; k++) {
      const FlashOptionField *field =
          flash_option_layout_find_field (get_layout (g_ptr_array_index (names, i)), locked[k]);

      g_assert_true (field == NULL || field->is_locked);
      n_found += field != NULL;
    }
  g_assert_cmpuint (n_found, >, names->len);
}

/* Whoever confirms the change of one of these must have read what it brings about. */
static void
test_consequences (void)
{
  static const char *const dangerous[] = {
    "DBANK",      "DUALBANK",     "DB1M",       "SWAP_BANK", "SWAP_BANK_OPT",
    "BFB2",       "BOR_LEV",      "WDG_SW",     "IWDG_SW",   "IWDG_STOP",
    "IWDG_STDBY", "nRST_STOP",    "nRST_STDBY", "nRST_SHDW", "nWRP",
    "WRP1A_STRT", "WRP1B_END",    "WRP_0_15",   "nWRP3",     "IWDG1_SW",
    "IWDG2_SW",   "FZ_IWDG_STOP", NULL,
  };
  GPtrArray *names = flash_option_layout_list_names ();
  const FlashOptionField *field;

  for (guint k = 0; dangerous[k] != NULL; k++) {
    guint n_found = 0;

    g_test_message ("%s", dangerous[k]);
    for (guint i = 0; i < names->len; i++) {
      field =
          flash_option_layout_find_field (get_layout (g_ptr_array_index (names, i)), dangerous[k]);
      g_assert_true (field == NULL || field->consequence != NULL);
      n_found += field != NULL;
    }
    g_assert_cmpuint (n_found, >, 0);
  }
  field = flash_option_layout_find_field (get_layout ("g4-dual"), "DBANK");
  g_assert_true (g_str_has_prefix (field->consequence, "The flash is laid out differently"));
  g_assert_null (flash_option_layout_find_field (get_layout ("f1"), "Data0")->consequence);
}

static void
test_rdp_forever (void)
{
  GPtrArray *names = flash_option_layout_list_names ();

  for (guint i = 0; i < names->len; i++) {
    const FlashOptionLayout *layout = get_layout (g_ptr_array_index (names, i));
    guint8 bytes[MAX_SIZE];

    fill (layout, bytes);
    refuse (layout, layout->rdp, 0xcc, bytes, FLASH_OPTION_ERROR_IRREVERSIBLE);
    refuse (layout, layout->rdp, 0xaa, bytes, FLASH_OPTION_ERROR_BAD_VALUE);
    refuse (layout, layout->rdp, 0x100, bytes, FLASH_OPTION_ERROR_BAD_VALUE);
  }
}

static void
test_foreign_field (void)
{
  const FlashOptionLayout *layout = get_layout ("f1");
  guint8 bytes[MAX_SIZE];

  fill (layout, bytes);
  refuse (layout, flash_option_layout_find_field (get_layout ("f4"), "WDG_SW"), 1, bytes,
          FLASH_OPTION_ERROR_BAD_VALUE);
}

/* Areas as chips have them. */
static const guint8 f1_factory[16] = { 0xa5, 0x5a, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00,
                                       0xff, 0x00, 0xff, 0x00, 0xff, 0x00, 0xff, 0x00 };
static const guint8 f4_factory[16] = { 0xef, 0xaa, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                       0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
/* section 2.9 */
static const guint8 l4_example[40] = {
  0xaa, 0xf8, 0xff, 0xfb, 0x55, 0x07, 0x00, 0x04, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00,
  0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0xff, 0x00, 0x00, 0xff,
  0x00, 0xff, 0xff, 0x00, 0xff, 0x00, 0x00, 0xff, 0x00, 0xff, 0xff, 0x00,
};

static void
test_factory (void)
{
  const FlashOptionLayout *f1 = get_layout ("f1"), *f4 = get_layout ("f4"), *l4 = get_layout ("l4");
  const struct {
    const FlashOptionLayout *layout;
    const guint8 *bytes;
    const char *name;
    guint32 value;
    const char *meaning;
  } table[] = {
    { f1, f1_factory, "RDP", 0xa5, "Not protected" },
    { f1, f1_factory, "WDG_SW", 1, "Started by software" },
    { f1, f1_factory, "Data0", 0xff, NULL },
    { f4, f4_factory, "RDP", 0xaa, "Level 0: not protected" },
    { f4, f4_factory, "BOR_LEV", 3, "Off" },
    { f4, f4_factory, "nWRP", 0xfff, NULL },
    { l4, l4_example, "RDP", 0xaa, "Level 0: not protected" },
    { l4, l4_example, "BOR_LEV", 0, "About 1.7 V" },
    { l4, l4_example, "nSWBOOT0", 0, "The option bit nBOOT0: the pin is not used" },
    { l4, l4_example, "nBOOT0", 1, "As if BOOT0 were low" },
    { l4, l4_example, "WRP1A_STRT", 0x7f, NULL },
    { l4, l4_example, "WRP1A_END", 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    const FlashOptionField *field = flash_option_layout_find_field (table[i].layout, table[i].name);

    g_test_message ("%s", table[i].name);
    assert_valid (table[i].layout, table[i].bytes);
    g_assert_cmphex (flash_option_layout_get (table[i].layout, field, table[i].bytes), ==,
                     table[i].value);
    g_assert_cmpstr (flash_option_layout_get_meaning (table[i].layout, field, table[i].value), ==,
                     table[i].meaning);
  }
  /* a value without a word for it */
  g_assert_null (
      flash_option_layout_get_meaning (l4, flash_option_layout_find_field (l4, "BOR_LEV"), 5));
}

static void
test_complements (void)
{
  const FlashOptionLayout *f1 = get_layout ("f1"), *l4 = get_layout ("l4"), *l0 = get_layout ("l0");
  guint8 bytes[MAX_SIZE];

  memcpy (bytes, f1_factory, sizeof f1_factory);
  set (f1, "nWRP1", 0xfe, bytes);
  g_assert_cmphex (bytes[10], ==, 0xfe);
  g_assert_cmphex (bytes[11], ==, 0x01);

  memcpy (bytes, l4_example, sizeof l4_example);
  set (l4, "SRAM2_RST", 0, bytes);
  g_assert_cmpmem (bytes, 8, "\xaa\xf8\xff\xf9\x55\x07\x00\x06", 8);

  fill (l0, bytes);
  set (l0, "BOR_LEV", 0x8, bytes);
  g_assert_cmpmem (bytes + 4, 4, "\x08\x00\xf7\xff", 4);
  /* an erased byte has an erased complement */
  memset (bytes, 0xff, 16);
  assert_valid (f1, bytes);
}

static void
test_bad_areas (void)
{
  const FlashOptionLayout *f1 = get_layout ("f1"), *l0 = get_layout ("l0"),
                          *h7 = get_layout ("h74x");
  guint8 bytes[MAX_SIZE] = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (flash_option_layout_check (f1, f1_factory, 15, &error));
  g_assert_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_AREA);
  g_assert_cmpstr (error->message, ==, "the option area has 15 bytes, expected 16");
  g_clear_error (&error);

  memcpy (bytes, f1_factory, sizeof f1_factory);
  bytes[15] = 0x01;
  g_assert_false (flash_option_layout_check (f1, bytes, 16, &error));
  g_assert_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_AREA);
  g_assert_cmpstr (error->message, ==,
                   "option byte 14 is 0xff, and byte 15 is 0x01 instead of its complement");
  g_clear_error (&error);

  /* the last that is covered, and the first that is not */
  fill (l0, bytes);
  bytes[20] = 0x55;
  assert_valid (l0, bytes);
  bytes[19] = 0x00;
  g_assert_false (flash_option_layout_check (l0, bytes, 32, &error));
  g_assert_cmpstr (error->message, ==,
                   "option byte 17 is 0x00, and byte 19 is 0x00 instead of its complement");
  /* registers may differ from what is to be programmed */
  memset (bytes, 0, sizeof bytes);
  bytes[0] = 0x0c;
  assert_valid (h7, bytes);
}

static void
test_rdp (void)
{
  static const struct {
    const char *layout;
    guint8 value;
    FlashRdpLevel level;
    const char *meaning;
  } table[] = {
    { "f1", 0xa5, FLASH_RDP_NONE, "Not protected" },
    { "f1", 0xaa, FLASH_RDP_READ, "Protected" },
    { "f1", 0xcc, FLASH_RDP_READ, "Protected" },
    { "f3", 0xa5, FLASH_RDP_READ, "Level 1: protected; taking that back erases the chip" },
    { "f3", 0xaa, FLASH_RDP_NONE, "Level 0: not protected" },
    { "f4", 0xaa, FLASH_RDP_NONE, "Level 0: not protected" },
    { "f4", 0xcc, FLASH_RDP_FOREVER, "Level 2: protected for ever" },
    { "f4", 0xff, FLASH_RDP_READ, "Level 1: protected; taking that back erases the chip" },
    { "l0", 0xcc, FLASH_RDP_FOREVER, "Level 2: protected for ever" },
    { "u5", 0xbb, FLASH_RDP_READ, "Level 1: protected; taking that back erases the chip" },
    { "h74x", 0xaa, FLASH_RDP_NONE, "Level 0: not protected" },
    { "h74x", 0xcc, FLASH_RDP_FOREVER, "Level 2: protected for ever" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    const FlashOptionLayout *layout = get_layout (table[i].layout);
    guint8 bytes[MAX_SIZE] = { 0 };

    bytes[layout->rdp->offset + layout->rdp->shift / 8] = table[i].value;
    g_assert_cmpint (flash_option_layout_get_rdp (layout, bytes), ==, table[i].level);
    g_assert_cmpstr (flash_option_layout_get_meaning (layout, layout->rdp, table[i].value), ==,
                     table[i].meaning);
  }
}

/* What is set, the others are zero. */
static const struct {
  const char *layout;
  const char *fields;
  guint sector;
  gint answer; /* -1: nothing is said */
} protections[] = {
  /* a bit is two pages, 0 protects, the last bit is the rest */
  { "f1", "nWRP0=0xfd", 1, FALSE },
  { "f1", "nWRP0=0xfd", 2, TRUE },
  { "f1", "nWRP0=0xfd", 3, TRUE },
  { "f1", "nWRP0=0xfd", 4, FALSE },
  { "f1", "nWRP1=0xfe", 16, TRUE },
  { "f1", "nWRP1=0xfe", 18, FALSE },
  { "f1", "nWRP3=0x7f", 61, FALSE },
  { "f1", "nWRP3=0x7f", 62, TRUE },
  { "f1", "nWRP3=0x7f", 127, TRUE },
  { "f3", "nWRP3=0x7f", 255, TRUE },
  { "f3", "nWRP3=0xff", 255, FALSE },
  { "f07x", "nWRP3=0x7f", 63, TRUE },
  { "f07x", "nWRP3=0x7f", 64, -1 },
  { "f04x", "nWRP0=0x7f", 27, FALSE },
  { "f04x", "nWRP0=0x7f", 28, TRUE },
  { "f04x", "nWRP0=0x7f", 31, TRUE },
  { "f04x", "nWRP0=0x7f", 32, -1 },
  /* a bit is a sector */
  { "f4", "nWRP=0xffe", 0, TRUE },
  { "f4", "nWRP=0xffe", 1, FALSE },
  { "f4", "nWRP=0x7ff", 11, TRUE },
  { "f4", "nWRP=0x7ff", 12, -1 },
  { "f4-sprmod", "nWRP=0xffe", 0, TRUE },
  { "f42x", "nWRP=0xffe", 12, -1 },
  { "f413", "nWRP=0x7ff", 11, TRUE },
  { "f413", "nWRP=0x7ff", 12, -1 },
  /* first and last page */
  { "l4", "WRP1A_STRT=1 WRP1A_END=2 WRP1B_STRT=1", 0, FALSE },
  { "l4", "WRP1A_STRT=1 WRP1A_END=2 WRP1B_STRT=1", 1, TRUE },
  { "l4", "WRP1A_STRT=1 WRP1A_END=2 WRP1B_STRT=1", 2, TRUE },
  { "l4", "WRP1A_STRT=1 WRP1A_END=2 WRP1B_STRT=1", 3, FALSE },
  { "l4", "WRP1A_STRT=1 WRP1B_STRT=9 WRP1B_END=9", 9, TRUE },
  { "l4", "WRP1A_STRT=127 WRP1B_STRT=127", 0, FALSE },
  { "l4", "WRP1A_END=127", 127, TRUE },
  { "l4", "WRP1A_END=127", 128, -1 },
  { "l45x", "WRP1A_STRT=255 WRP1B_STRT=255", 0, FALSE },
  { "l45x", "WRP1A_END=255", 255, TRUE },
  { "l45x", "WRP1A_END=255", 256, -1 },
  { "l4-dual", "WRP1A_END=255", 63, TRUE },
  { "l4-dual", "WRP1A_END=255", 64, -1 },
  { "l4-dual-nswboot0", "WRP1A_END=255", 64, -1 },
  { "g431", "WRP1A_END=5", 5, TRUE },
  { "g431", "WRP1A_END=5", 6, FALSE },
  { "g431", "WRP1A_END=5", 64, -1 },
  /* with one bank pages are larger than the map says */
  { "g4-dual", "DBANK=0", 0, -1 },
  { "g4-dual", "DBANK=1 WRP1A_END=5", 5, TRUE },
  { "g4-dual", "DBANK=1 WRP1A_END=5", 6, FALSE },
  { "g4-dual", "DBANK=1 WRP1A_END=127", 127, TRUE },
  { "g4-dual", "DBANK=1 WRP1A_END=127", 128, -1 },
  { "g4", "nRST_STOP=1", 0, -1 },
  /* a bit is 32 pages, 1 protects */
  { "l0", "WRP_0_15=0x0002", 31, FALSE },
  { "l0", "WRP_0_15=0x0002", 32, TRUE },
  { "l0", "WRP_0_15=0x0002", 63, TRUE },
  { "l0", "WRP_0_15=0x0002", 64, FALSE },
  { "l0", "WRP_16_31=0x0001", 512, TRUE },
  { "l0", "WRP_32_47=0x8000", 1535, TRUE },
  { "l0", "WRP_32_47=0x8000", 1536, -1 },
  { "h74x", "nWRP=0xfe", 0, TRUE },
  { "h74x", "nWRP=0xfe", 1, FALSE },
  { "h74x", "nWRP=0xfe", 8, -1 },
  { "h74x", "SWAP_BANK_OPT=1", 0, -1 },
  { "h72x", "nWRP=0x7f", 7, TRUE },
  { "u5", "SWAP_BANK=0", 0, -1 },
};

static void
set_fields (const FlashOptionLayout *layout, const char *fields, guint8 *bytes)
{
  g_auto (GStrv) parts = g_strsplit (fields, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++) {
    g_auto (GStrv) pair = g_strsplit (parts[i], "=", 2);

    set (layout, pair[0], (guint32) g_ascii_strtoull (pair[1], NULL, 0), bytes);
  }
}

static void
test_write_protection (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (protections); i++) {
    const FlashOptionLayout *layout = get_layout (protections[i].layout);
    guint8 bytes[MAX_SIZE];
    gboolean is_protected = 77;
    gboolean is_said;

    g_test_message ("%s %s, %u", protections[i].layout, protections[i].fields,
                    protections[i].sector);
    fill (layout, bytes);
    set_fields (layout, protections[i].fields, bytes);
    is_said = flash_option_layout_is_write_protected (layout, bytes, protections[i].sector,
                                                      &is_protected);
    g_assert_cmpint (is_said, ==, protections[i].answer != -1);
    g_assert_cmpint (is_protected, ==, is_said ? protections[i].answer : 77);
  }
}

/* Under SPRMOD the bits of nWRP protect from reading: no answer, no change. */
static void
test_sprmod (void)
{
  const FlashOptionLayout *layout = get_layout ("f4-sprmod");
  guint8 bytes[MAX_SIZE];
  gboolean is_protected;
  g_autoptr (GError) error = NULL;

  memcpy (bytes, f4_factory, sizeof f4_factory);
  bytes[9] |= 0x80;
  g_assert_false (flash_option_layout_is_write_protected (layout, bytes, 0, &is_protected));
  g_assert_false (flash_option_layout_set (layout, flash_option_layout_find_field (layout, "nWRP"),
                                           0xfff, bytes, &error));
  g_assert_error (error, FLASH_OPTION_ERROR, FLASH_OPTION_ERROR_BAD_VALUE);
  g_assert_cmpstr (error->message, ==, "nWRP has another meaning while SPRMOD is 1");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/option-bytes/round-trips", test_round_trips);
  g_test_add_func ("/option-bytes/locked", test_locked);
  g_test_add_func ("/option-bytes/consequences", test_consequences);
  g_test_add_func ("/option-bytes/rdp-forever", test_rdp_forever);
  g_test_add_func ("/option-bytes/foreign-field", test_foreign_field);
  g_test_add_func ("/option-bytes/factory", test_factory);
  g_test_add_func ("/option-bytes/complements", test_complements);
  g_test_add_func ("/option-bytes/bad-areas", test_bad_areas);
  g_test_add_func ("/option-bytes/rdp", test_rdp);
  g_test_add_func ("/option-bytes/write-protection", test_write_protection);
  g_test_add_func ("/option-bytes/sprmod", test_sprmod);
  return g_test_run ();
}
