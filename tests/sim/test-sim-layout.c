/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The board's own parser: every text of stm32mp-usb.md section 3.4, and what it takes. */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-sim-layout.h"

#include "flash-bytes.h"

#include <string.h>

#define GOOD "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\n"

static GArray *
parse (const char *text, gsize length, char *error_text)
{
  error_text[0] = '\0';
  return flash_sim_layout_parse ((const guint8 *) text, length, error_text);
}

static const struct {
  const char *text;
  const char *error;
} bad[] = {
  { "X\t0x10\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid option 'X' in X)" },
  { "p\t0x10\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid option 'p' in p)" },
  { " \n", "Layout line 1: invalid option ' ' in  )" },
  { "-P\t0x10\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid option '-' in -P)" },
  { "P P\t0x10\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid option ' ' in P P)" },
  { " #c\n", "Layout line 1: invalid option ' ' in  #c)" },
  { "\xef\xbb\xbf#c\n", "Layout line 1: invalid option '\xef' in \xef\xbb\xbf#c)" },
  { "E\t0x10\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: missing 'P' in option E" },
  { "DE\t0x10\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: missing 'P' in option DE" },
  { "P\t0xF1\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid phase value = 0xF1" },
  { "P\t241\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid phase value = 241" },
  { "P\t08\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid phase value = 08" },
  { "P\t0x10 \ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid phase value = 0x10 " },
  { "P\t-1\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid phase value = -1" },
  { "P\t+1\ta\tBinary\tmmc0\t0x0\n", "Layout line 1: invalid phase value = +1" },
  { "P\t0x10\tabcdefghijklmnopq\tBinary\tmmc0\t0x0\n",
    "Layout line 1: partition name too long [17]: abcdefghijklmnopq" },
  { "P\t0x10\ta\tbinary\tmmc0\t0x0\n", "Layout line 1: type parsing error : 'binary'" },
  { "P\t0x10\ta\tBinary \tmmc0\t0x0\n", "Layout line 1: type parsing error : 'Binary '" },
  { "P\t0x10\ta\tBinary(\tmmc0\t0x0\n", "Layout line 1: type parsing error : 'Binary('" },
  { "P\t0x10\ta\tBinary(2\tmmc0\t0x0\n", "Layout line 1: type parsing error : 'Binary(2'" },
  { "P\t0x10\ta\tBinary2\tmmc0\t0x0\n", "Layout line 1: type parsing error : 'Binary2'" },
  { "P\t0x10\ta\tPMIC\tmmc0\t0x0\n", "Layout line 1: type parsing error : 'PMIC'" },
  { "P\t0x10\ta\tBinary\tusb0\t0x0\n", "Layout line 1: ip parsing error: 'usb0'" },
  { "P\t0x10\ta\tBinary\tmmc\t0x0\n", "Layout line 1: ip parsing error: 'mmc'" },
  { "P\t0x10\ta\tBinary\tmmc10\t0x0\n", "Layout line 1: ip parsing error: 'mmc10'" },
  { "P\t0x10\ta\tBinary\tmmc0 \t0x0\n", "Layout line 1: ip parsing error: 'mmc0 '" },
  { "P\t0x10\ta\tBinary\tnone \t0x0\n", "Layout line 1: ip parsing error: 'none '" },
  { "P\t0x10\ta\tBinary\tmmc0\tboot3\n", "Layout line 1: invalid part 'boot3'" },
  { "P\t0x10\ta\tBinary\tmmc0\tboot\n", "Layout line 1: invalid part 'boot'" },
  { "P\t0x10\ta\tBinary\tmmc0\t4M\n", "Layout line 1: invalid offset '4M'" },
  { "P\t0x10\ta\tBinary\tmmc0\t0x0 f.bin\n", "Layout line 1: invalid offset '0x0 f.bin'" },
  { "P\t0x10\ta\tBinary\tmmc0\n", "Layout line 1: no enought column" },
  { "P\t0x10\ta\tBinary\tmmc0", "Layout line 1: no enought column" },
  { "P\n", "Layout line 1: no enought column" },
  { "P\t0x10\t\tBinary\tmmc0\t0x0\n", "Layout line 1: type parsing error : 'mmc0'" },
  { "#c\n\nP\t0x10\ta\tBinary\tmmc0\t0xg\n", "Layout line 3: invalid offset '0xg'" },
  { GOOD "P\t999\n", "Layout line 2: invalid phase value = 999" },
  { "#only a comment\n", "Layout: no partition found" },
  { "\n\n\t\n\r\n", "Layout: no partition found" },
  { "#c\rP\t0x10\ta\tBinary\tmmc0\t0x0\r", "Layout: no partition found" },
  { "", "Layout: invalid FlashLayout" },
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    char error_text[FLASH_SIM_ERROR_LENGTH];
    g_autoptr (GArray) parts = parse (bad[i].text, strlen (bad[i].text), error_text);

    bench_tell (bad[i].text);
    g_assert_null (parts);
    g_assert_cmpstr (error_text, ==, bad[i].error);
  }
}

/* One accepted line each; only what is said differs from the defaults of the table. */
static const struct {
  const char *text;
  FlashSimPart part;
} good[] = {
  { GOOD,
    { 0x10, "rootfs", FLASH_SIM_PART_FILE_SYSTEM, 1, FLASH_SIM_TARGET_MMC, 0, 0, 0x4400, 1 } },
  { "PED\t16\ta\tENV\tnor3\t010\textra\tcells\n",
    { 16, "a", FLASH_SIM_PART_ENV, 1, FLASH_SIM_TARGET_NOR, 3, 0, 10, 1, 1, 1 } },
  { "DPPE\t010\ta b\tFIP\tnand0\t0XfF",
    { 8, "a b", FLASH_SIM_PART_FIP, 1, FLASH_SIM_TARGET_NAND, 0, 0, 0xff, 1, 1, 1 } },
  { "-\t0\tx\tBinary(3)\tspi-nand9\tboot1\r\n",
    { 0, "x", FLASH_SIM_PART_BINARY, 3, FLASH_SIM_TARGET_SPI_NAND, 9, 1, 0 } },
  { "\t\tP\t\t0xf0\t\t0123456789abcdef\t\tBinary(0)\tram77\t\tboot2\n",
    { 0xf0, "0123456789abcdef", FLASH_SIM_PART_BINARY, 0, FLASH_SIM_TARGET_RAM, 0, 2, 0, 1 } },
  { "-\t0x1\tf\tBinary(x)\tnone\t0x0\n",
    { 1, "f", FLASH_SIM_PART_BINARY, 0, FLASH_SIM_TARGET_NONE, 0, 0, 0 } },
  { "P\t0X1a\tf\tBinary()\tmmc1\t00017408\n",
    { 0x1a, "f", FLASH_SIM_PART_BINARY, 0, FLASH_SIM_TARGET_MMC, 1, 0, 17408, 1 } },
  { "P\t1\tf\tBinary(12z)\tmmc1\t18446744073709551615\n",
    { 1, "f", FLASH_SIM_PART_BINARY, 12, FLASH_SIM_TARGET_MMC, 1, 0, G_MAXUINT64, 1 } },
  { "P\t1\tf\tRawImage\tmmc1\t0xFFFFFFFFFFFFFFFF\n",
    { 1, "f", FLASH_SIM_PART_RAW_IMAGE, 1, FLASH_SIM_TARGET_MMC, 1, 0, G_MAXUINT64, 1 } },
  /* Numbers as lib/strto.c reads them: nothing behind 0x is 0, and what is too large wraps. */
  { "P\t0x100000000000000010\tf\tESP\tmmc1\t0x10000000000000000\n",
    { 0x10, "f", FLASH_SIM_PART_ESP, 1, FLASH_SIM_TARGET_MMC, 1, 0, 0, 1 } },
  { "P\t1\tf\tESP\tmmc1\t0x\n",
    { 1, "f", FLASH_SIM_PART_ESP, 1, FLASH_SIM_TARGET_MMC, 1, 0, 0, 1 } },
  { "P\t1\tf\tFWU_MDATA\tmmc1\t1\n",
    { 1, "f", FLASH_SIM_PART_FWU_MDATA, 1, FLASH_SIM_TARGET_MMC, 1, 0, 1, 1 } },
  { "P\t1\tf\tESP\tmmc1\t1\n",
    { 1, "f", FLASH_SIM_PART_ESP, 1, FLASH_SIM_TARGET_MMC, 1, 0, 1, 1 } },
  { "\t#c\n#c\nP\t1\t#f\tSystem\tmmc1\t1\n#c",
    { 1, "#f", FLASH_SIM_PART_SYSTEM, 1, FLASH_SIM_TARGET_MMC, 1, 0, 1, 1 } },
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    char error_text[FLASH_SIM_ERROR_LENGTH];
    g_autoptr (GArray) parts = parse (good[i].text, strlen (good[i].text), error_text);
    const FlashSimPart *expected = &good[i].part;
    const FlashSimPart *part;

    bench_tell (good[i].text);
    g_assert_cmpstr (error_text, ==, "");
    g_assert_nonnull (parts);
    g_assert_cmpint (parts->len, ==, 1);
    part = &g_array_index (parts, FlashSimPart, 0);
    g_assert_cmpint (part->id, ==, expected->id);
    g_assert_cmpstr (part->name, ==, expected->name);
    g_assert_cmpint (part->type, ==, expected->type);
    g_assert_cmpint (part->copies, ==, expected->copies);
    g_assert_cmpint (part->target, ==, expected->target);
    g_assert_cmpint (part->device, ==, expected->device);
    g_assert_cmpint (part->hw_partition, ==, expected->hw_partition);
    g_assert_cmpuint (part->offset, ==, expected->offset);
    g_assert_cmpint (part->is_selected, ==, expected->is_selected);
    g_assert_cmpint (part->is_empty, ==, expected->is_empty);
    g_assert_cmpint (part->is_deleted, ==, expected->is_deleted);
  }
}

static char *
repeat (const char *line, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append (text, line);
  return g_string_free (text, FALSE);
}

/* LF count + 1, blank lines count, comment lines but the first do not. */
static void
test_number_of_lines (void)
{
  static const struct {
    const char *line;
    guint n;
    gboolean is_good;
  } cases[] = {
    { GOOD, 239, TRUE },
    { GOOD, 240, FALSE },
    { "\n", 240, FALSE },
    { "#c\n", 5000, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = repeat (cases[i].line, cases[i].n);
    char error_text[FLASH_SIM_ERROR_LENGTH];
    g_autoptr (GArray) parts = parse (text, strlen (text), error_text);

    g_assert_cmpint (parts != NULL, ==, cases[i].is_good);
    if (cases[i].line[0] == '#')
      g_assert_cmpstr (error_text, ==, "Layout: no partition found");
    else if (!cases[i].is_good)
      g_assert_cmpstr (error_text, ==, "Layout: too many partition (241)");
  }
}

/* A NUL ends the text, wherever it stands; a CR hides the rest of its cell. */
static void
test_nul (void)
{
  static const char text[] = GOOD "\0\n" GOOD GOOD;
  static const char cell[] = "P\0"
                             "0x10\ta\tBinary\tmmc0\t0\n";
  static const char cr[] = "P\r\t0x10\ta\rb\tBinary\tmmc0\t0\r\n";
  char error_text[FLASH_SIM_ERROR_LENGTH];
  g_autoptr (GArray) parts = parse (text, sizeof text - 1, error_text);
  g_autoptr (GArray) hidden = parse (cr, sizeof cr - 1, error_text);

  g_assert_nonnull (parts);
  g_assert_cmpuint (parts->len, ==, 1);
  g_assert_nonnull (hidden);
  g_assert_cmpstr (g_array_index (hidden, FlashSimPart, 0).name, ==, "a");
  g_assert_null (parse (cell, sizeof cell - 1, error_text));
  g_assert_cmpstr (error_text, ==, "Layout line 1: no enought column");
}

/* A comment in the last line, without LF, is taken off the count of lines and not seen coming. */
static void
test_comment_at_end (void)
{
  static const char text[] = GOOD "#c";
  char error_text[FLASH_SIM_ERROR_LENGTH];

  g_assert_null (parse (text, sizeof text - 1, error_text));
  g_assert_cmpstr (error_text, ==, "Layout: no enought memory for 1 part");
}

/* A TAB at the end leaves a line open; the next line's first cell closes it. */
static void
test_trailing_tab (void)
{
  static const char text[] = "P\t0x10\ta\tBinary\tmmc0\t0\t\n"
                             "P\t0x11\tb\tBinary\tmmc0\t512\n";
  char error_text[FLASH_SIM_ERROR_LENGTH];

  g_assert_null (parse (text, sizeof text - 1, error_text));
  g_assert_cmpstr (error_text, ==, "Layout line 2: invalid option '0' in 0x11)");
}

static GByteArray *
make_header (const char *text, guint32 wrong)
{
  GByteArray *bytes = g_byte_array_new ();
  guint8 header[256] = { 'S', 'T', 'M', '2' };
  guint32 sum = wrong;

  for (const char *p = text; *p != '\0'; p++)
    sum += (guint8) *p;
  flash_put_le32 (header + 68, sum);
  flash_put_le32 (header + 72, 0x00010000);
  flash_put_le32 (header + 76, (guint32) strlen (text));
  g_byte_array_append (bytes, header, sizeof header);
  g_byte_array_append (bytes, (const guint8 *) text, (guint) strlen (text));
  return bytes;
}

static void
test_header (void)
{
  char error_text[FLASH_SIM_ERROR_LENGTH];
  g_autoptr (GByteArray) right = make_header (GOOD, 0);
  g_autoptr (GByteArray) wrong = make_header ("a", 1);
  g_autoptr (GByteArray) empty = make_header ("", 0);
  g_autoptr (GArray) parts = flash_sim_layout_parse (right->data, right->len, error_text);

  g_assert_nonnull (parts);
  g_assert_null (flash_sim_layout_parse (wrong->data, wrong->len, error_text));
  g_assert_cmpstr (error_text, ==, "Layout: invalid checksum : 0x61 expected 0x62");
  g_assert_null (flash_sim_layout_parse (empty->data, empty->len, error_text));
  g_assert_cmpstr (error_text, ==, "Layout: invalid FlashLayout");

  /* The text may go on behind the length, and may be shorter than it. */
  g_byte_array_append (right, (const guint8 *) "rubbish", 7);
  g_array_unref (parts);
  parts = flash_sim_layout_parse (right->data, right->len, error_text);
  g_assert_nonnull (parts);
  flash_put_le32 (right->data + 76, 100000);
  g_assert_null (flash_sim_layout_parse (right->data, right->len, error_text));
  g_assert_true (g_str_has_prefix (error_text, "Layout: invalid checksum : 0x"));
}

/* What is no header of version 1.0 is text. */
static void
test_no_header (void)
{
  static const struct {
    guint offset;
    guint8 value;
  } changes[] = { { 74, 2 }, { 84, 1 }, { 95, 1 }, { 172, 1 }, { 254, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (GByteArray) bytes = make_header (GOOD, 0);
    char error_text[FLASH_SIM_ERROR_LENGTH];

    g_assert_true (flash_sim_layout_has_header (bytes->data, bytes->len));
    g_assert_false (flash_sim_layout_has_header (bytes->data, 255));
    bytes->data[changes[i].offset] = changes[i].value;
    g_assert_null (flash_sim_layout_parse (bytes->data, bytes->len, error_text));
    g_assert_cmpstr (error_text, ==, "Layout line 1: invalid option 'S' in STM2)");
  }
}

/* A cell may be longer than the error buffer. */
static void
test_long_text (void)
{
  g_autofree char *name = g_strnfill (1000, 'n');
  g_autofree char *text = g_strdup_printf ("P\t1\t%s\tFIP\tmmc0\t0\n", name);
  char error_text[FLASH_SIM_ERROR_LENGTH];

  g_assert_null (parse (text, strlen (text), error_text));
  g_assert_cmpint (strlen (error_text), ==, FLASH_SIM_ERROR_LENGTH - 1);
}

static void
test_find (void)
{
  static const char text[] = "-\t5\tfirst\tFIP\tnone\t0\nP\t5\tsecond\tFIP\tmmc0\t0\n";
  char error_text[FLASH_SIM_ERROR_LENGTH];
  g_autoptr (GArray) parts = parse (text, strlen (text), error_text);

  g_assert_cmpstr (flash_sim_layout_find (parts, 5)->name, ==, "first");
  g_assert_null (flash_sim_layout_find (parts, 6));
}

static void
test_noise (void)
{
  static const char alphabet[] = "PED-0x14\t\t\t\n\n\rbmcFIP()#\0 \xff";

  for (guint i = 0; i < 20000; i++) {
    char text[200];
    char error_text[FLASH_SIM_ERROR_LENGTH];
    gsize length = (gsize) g_test_rand_int_range (0, sizeof text);
    g_autoptr (GArray) parts = NULL;

    for (gsize j = 0; j < length; j++)
      text[j] = alphabet[g_test_rand_int_range (0, sizeof alphabet)];
    parts = parse (text, length, error_text);
    g_assert_true (parts != NULL || error_text[0] != '\0');
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/layout/bad", test_bad);
  g_test_add_func ("/sim/layout/good", test_good);
  g_test_add_func ("/sim/layout/number-of-lines", test_number_of_lines);
  g_test_add_func ("/sim/layout/nul", test_nul);
  g_test_add_func ("/sim/layout/comment-at-end", test_comment_at_end);
  g_test_add_func ("/sim/layout/trailing-tab", test_trailing_tab);
  g_test_add_func ("/sim/layout/header", test_header);
  g_test_add_func ("/sim/layout/no-header", test_no_header);
  g_test_add_func ("/sim/layout/long-text", test_long_text);
  g_test_add_func ("/sim/layout/find", test_find);
  g_test_add_func ("/sim/layout/noise", test_noise);
  return g_test_run ();
}
