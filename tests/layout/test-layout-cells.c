/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The board's grammar of cells: stm32mp-usb.md sections 3.2 and 3.4. */
#define G_LOG_DOMAIN "test-layout-cells"

#include "config.h"

#include "flash-layout-cells.h"

typedef struct {
  FlashLayoutColumn column;
  const char *cell;
  const char *answer; /* %NULL: the board takes it */
} Case;

static const Case cases[] = {
  { FLASH_LAYOUT_COLUMN_OPTION, "-", NULL },
  { FLASH_LAYOUT_COLUMN_OPTION, "P", NULL },
  { FLASH_LAYOUT_COLUMN_OPTION, "PE", NULL },
  { FLASH_LAYOUT_COLUMN_OPTION, "PED", NULL },
  { FLASH_LAYOUT_COLUMN_OPTION, "DEP", NULL },
  { FLASH_LAYOUT_COLUMN_OPTION, "PPP", NULL },
  { FLASH_LAYOUT_COLUMN_OPTION, "p", "Layout line 7: invalid option 'p' in p)" },
  { FLASH_LAYOUT_COLUMN_OPTION, "P ", "Layout line 7: invalid option ' ' in P )" },
  { FLASH_LAYOUT_COLUMN_OPTION, " -", "Layout line 7: invalid option ' ' in  -)" },
  { FLASH_LAYOUT_COLUMN_OPTION, "--", "Layout line 7: invalid option '-' in --)" },
  { FLASH_LAYOUT_COLUMN_OPTION, "PX", "Layout line 7: invalid option 'X' in PX)" },
  { FLASH_LAYOUT_COLUMN_OPTION, "E", "Layout line 7: missing 'P' in option E" },
  { FLASH_LAYOUT_COLUMN_OPTION, "DE", "Layout line 7: missing 'P' in option DE" },
  { FLASH_LAYOUT_COLUMN_ID, "0x04", NULL },
  { FLASH_LAYOUT_COLUMN_ID, "0XF0", NULL },
  { FLASH_LAYOUT_COLUMN_ID, "0", NULL },
  { FLASH_LAYOUT_COLUMN_ID, "017", NULL },
  { FLASH_LAYOUT_COLUMN_ID, "240", NULL },
  { FLASH_LAYOUT_COLUMN_ID, "0x", NULL },
  { FLASH_LAYOUT_COLUMN_ID, "241", "Layout line 7: invalid phase value = 241" },
  { FLASH_LAYOUT_COLUMN_ID, "0xF1", "Layout line 7: invalid phase value = 0xF1" },
  { FLASH_LAYOUT_COLUMN_ID, "08", "Layout line 7: invalid phase value = 08" },
  { FLASH_LAYOUT_COLUMN_ID, "1A", "Layout line 7: invalid phase value = 1A" },
  { FLASH_LAYOUT_COLUMN_ID, "0x04 ", "Layout line 7: invalid phase value = 0x04 " },
  { FLASH_LAYOUT_COLUMN_ID, "-1", "Layout line 7: invalid phase value = -1" },
  { FLASH_LAYOUT_COLUMN_ID, "x", "Layout line 7: invalid phase value = x" },
  { FLASH_LAYOUT_COLUMN_NAME, "a", NULL },
  { FLASH_LAYOUT_COLUMN_NAME, "sixteen-bytes-ok", NULL },
  { FLASH_LAYOUT_COLUMN_NAME, "seventeen-bytes-x",
    "Layout line 7: partition name too long [17]: seventeen-bytes-x" },
  { FLASH_LAYOUT_COLUMN_TYPE, "Binary", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "Binary(2)", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "Binary()", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "Binary(x)", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "FIP", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "FWU_MDATA", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "ENV", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "System", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "ESP", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "FileSystem", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "RawImage", NULL },
  { FLASH_LAYOUT_COLUMN_TYPE, "binary", "Layout line 7: type parsing error : 'binary'" },
  { FLASH_LAYOUT_COLUMN_TYPE, "Binary(", "Layout line 7: type parsing error : 'Binary('" },
  { FLASH_LAYOUT_COLUMN_TYPE, "Binary2)", "Layout line 7: type parsing error : 'Binary2)'" },
  { FLASH_LAYOUT_COLUMN_TYPE, "Binary(2", "Layout line 7: type parsing error : 'Binary(2'" },
  { FLASH_LAYOUT_COLUMN_TYPE, "Binary ", "Layout line 7: type parsing error : 'Binary '" },
  { FLASH_LAYOUT_COLUMN_TYPE, "OTP", "Layout line 7: type parsing error : 'OTP'" },
  { FLASH_LAYOUT_COLUMN_IP, "none", NULL },
  { FLASH_LAYOUT_COLUMN_IP, "mmc0", NULL },
  { FLASH_LAYOUT_COLUMN_IP, "mmc9", NULL },
  { FLASH_LAYOUT_COLUMN_IP, "nor0", NULL },
  { FLASH_LAYOUT_COLUMN_IP, "nand0", NULL },
  { FLASH_LAYOUT_COLUMN_IP, "spi-nand0", NULL },
  { FLASH_LAYOUT_COLUMN_IP, "ram", NULL },
  { FLASH_LAYOUT_COLUMN_IP, "ramble", NULL },
  { FLASH_LAYOUT_COLUMN_IP, "mmc", "Layout line 7: ip parsing error: 'mmc'" },
  { FLASH_LAYOUT_COLUMN_IP, "mmc10", "Layout line 7: ip parsing error: 'mmc10'" },
  { FLASH_LAYOUT_COLUMN_IP, "mmcx", "Layout line 7: ip parsing error: 'mmcx'" },
  { FLASH_LAYOUT_COLUMN_IP, "mmc0 ", "Layout line 7: ip parsing error: 'mmc0 '" },
  { FLASH_LAYOUT_COLUMN_IP, "None", "Layout line 7: ip parsing error: 'None'" },
  { FLASH_LAYOUT_COLUMN_IP, "spi-nor0", "Layout line 7: ip parsing error: 'spi-nor0'" },
  { FLASH_LAYOUT_COLUMN_OFFSET, "0x4400", NULL },
  { FLASH_LAYOUT_COLUMN_OFFSET, "00017408", NULL },
  { FLASH_LAYOUT_COLUMN_OFFSET, "0x1000000000", NULL },
  { FLASH_LAYOUT_COLUMN_OFFSET, "boot1", NULL },
  { FLASH_LAYOUT_COLUMN_OFFSET, "boot2", NULL },
  { FLASH_LAYOUT_COLUMN_OFFSET, "boot0", "Layout line 7: invalid part 'boot0'" },
  { FLASH_LAYOUT_COLUMN_OFFSET, "boot12", "Layout line 7: invalid part 'boot12'" },
  { FLASH_LAYOUT_COLUMN_OFFSET, "Boot1", "Layout line 7: invalid offset 'Boot1'" },
  { FLASH_LAYOUT_COLUMN_OFFSET, "4400h", "Layout line 7: invalid offset '4400h'" },
  { FLASH_LAYOUT_COLUMN_OFFSET, "1M", "Layout line 7: invalid offset '1M'" },
  { FLASH_LAYOUT_COLUMN_OFFSET, "0x0 a.bin", "Layout line 7: invalid offset '0x0 a.bin'" },
  { FLASH_LAYOUT_COLUMN_OFFSET, "none", "Layout line 7: invalid offset 'none'" },
  { FLASH_LAYOUT_COLUMN_BINARY, "anything at all", NULL },
};

static void
test_cells (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FlashLayoutValues values;
    g_autofree char *answer = NULL;
    gboolean is_taken =
        flash_layout_values_parse (&values, cases[i].column, cases[i].cell, 7, &answer);

    g_assert_cmpstr (answer, ==, cases[i].answer);
    g_assert_cmpint (is_taken, ==, cases[i].answer == NULL);
  }
}

static void
test_values (void)
{
  FlashLayoutValues values = { 0 };

  g_assert_true (flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_OPTION, "PD", 1, NULL));
  g_assert_true (values.is_selected && values.is_erased && !values.is_empty);
  g_assert_true (flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_ID, "010", 1, NULL));
  g_assert_cmpuint (values.id, ==, 8);
  g_assert_true (
      flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_TYPE, "Binary(2)x)", 1, NULL));
  g_assert_cmpint (values.copies, ==, 2);
  g_assert_true (
      flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_TYPE, "Binary(0x10)", 1, NULL));
  g_assert_cmpint (values.copies, ==, 16);
  g_assert_true (
      flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_TYPE, "Binary()", 1, NULL));
  g_assert_cmpint (values.copies, ==, 0);
  g_assert_true (flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_TYPE, "ESP", 1, NULL));
  g_assert_cmpint (values.type, ==, FLASH_LAYOUT_TYPE_ESP);
  g_assert_cmpint (values.copies, ==, 0);
  g_assert_true (flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_IP, "spi-nand3", 1, NULL));
  g_assert_cmpint (values.ip, ==, FLASH_LAYOUT_IP_SPI_NAND);
  g_assert_cmpuint (values.ip_number, ==, 3);
  g_assert_true (
      flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_OFFSET, "00017408", 1, NULL));
  g_assert_cmpuint (values.offset, ==, 0x4400);
  g_assert_true (flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_OFFSET, "boot2", 1, NULL));
  g_assert_cmpint (values.offset_kind, ==, FLASH_LAYOUT_OFFSET_BOOT2);

  /* a refused cell changes nothing */
  g_assert_false (flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_ID, "0xF1", 1, NULL));
  g_assert_cmpuint (values.id, ==, 8);
}

static void
test_numbers (void)
{
  static const struct {
    const char *text;
    guint base;
    guint64 value;
    gsize length;
    gboolean overflows;
  } numbers[] = {
    { "0", 0, 0, 1, FALSE },
    { "0x1F", 0, 31, 4, FALSE },
    { "0x1F", 10, 31, 4, FALSE },
    { "017", 0, 15, 3, FALSE },
    { "017", 10, 17, 3, FALSE },
    { "019", 0, 1, 2, FALSE },
    { "12z", 10, 12, 2, FALSE },
    { "", 10, 0, 0, FALSE },
    { "0x", 10, 0, 2, FALSE },
    { "18446744073709551615", 10, G_MAXUINT64, 20, FALSE },
    { "18446744073709551616", 10, 0, 20, TRUE },
    { "0xFFFFFFFFFFFFFFFF", 0, G_MAXUINT64, 18, FALSE },
    { "0x10000000000000004", 0, 4, 19, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    guint64 value = 99;
    gboolean overflows = !numbers[i].overflows;
    const char *end =
        flash_layout_parse_number (numbers[i].text, numbers[i].base, &value, &overflows);

    g_assert_cmpuint (value, ==, numbers[i].value);
    g_assert_cmpuint ((gsize) (end - numbers[i].text), ==, numbers[i].length);
    g_assert_cmpint (overflows, ==, numbers[i].overflows);
  }
}

/* The board has room for 254 characters, and a terminal is not to be led astray. */
static void
test_answers (void)
{
  g_autofree char *long_cell = g_strnfill (5000, 'x');
  g_autofree char *answer = NULL;
  g_autofree char *odd = NULL;
  FlashLayoutValues values;

  g_assert_false (
      flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_TYPE, long_cell, 1, &answer));
  g_assert_cmpuint (strlen (answer), ==, FLASH_LAYOUT_MAX_ANSWER);
  g_assert_true (g_str_has_prefix (answer, "Layout line 1: type parsing error : 'xxx"));

  g_assert_false (
      flash_layout_values_parse (&values, FLASH_LAYOUT_COLUMN_TYPE, "\x1b[2J\xff", 1, &odd));
  g_assert_cmpstr (odd, ==, "Layout line 1: type parsing error : '\uFFFD[2J\uFFFD'");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/cells/answers-of-the-board", test_cells);
  g_test_add_func ("/layout/cells/values", test_values);
  g_test_add_func ("/layout/cells/numbers", test_numbers);
  g_test_add_func ("/layout/cells/long-and-odd", test_answers);
  return g_test_run ();
}
