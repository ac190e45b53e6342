/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people really write, said precisely. */
#define G_LOG_DOMAIN "test-layout-reader"

#include "config.h"

#include "flash-layout-test.h"

typedef struct {
  const char *text;
  const char *diags; /* as flash_layout_test_dup_diags () has them */
  const char *fix; /* of the first one */
  const char *answer; /* device text of the first one */
} Case;

static const Case cases[] = {
  { ROW ("P", "0x04", "fsbl1", "Binary", "mmc0", "0x4400", "a.bin"), "", NULL, NULL },

  /* single cells */
  { ROW ("p", "0x04", "a", "Binary", "mmc0", "0x0", "a"), "error 1:1 wrong-case\n", "Write “P”.",
    "Layout line 1: invalid option 'p' in p)" },
  { ROW ("X", "0x04", "a", "Binary", "mmc0", "0x0", "a"), "error 1:1 bad-option\n", NULL,
    "Layout line 1: invalid option 'X' in X)" },
  { ROW ("ED", "0x04", "a", "Binary", "mmc0", "0x0", "a"), "error 1:1 option-without-p\n",
    "Write PED.", "Layout line 1: missing 'P' in option ED" },
  { ROW ("–", "0x01", "a", "Binary", "none", "0x0", "a"), "error 1:1 typographic-dash\n",
    "Write “-”.", "Layout line 1: invalid option '\uFFFD' in –)" },
  { ROW ("−", "0x01", "a", "Binary", "none", "0x0", "a"), "error 1:1 typographic-dash\n",
    "Write “-”.", "Layout line 1: invalid option '\uFFFD' in −)" },
  { ROW ("P", "0xF1", "a", "Binary", "mmc0", "0x0", "a"), "error 1:2 bad-id\n", NULL,
    "Layout line 1: invalid phase value = 0xF1" },
  { ROW ("P", "1A", "a", "Binary", "mmc0", "0x0", "a"), "error 1:2 number-without-0x\n",
    "Write “0x1A”.", "Layout line 1: invalid phase value = 1A" },
  { ROW ("P", "08", "a", "Binary", "mmc0", "0x0", "a"), "error 1:2 bad-octal\n", "Write “0x08”.",
    "Layout line 1: invalid phase value = 08" },
  { ROW ("P", "0x04", "much-too-long-name", "Binary", "mmc0", "0x0", "a"),
    "error 1:3 name-too-long\n", "Take a shorter name.",
    "Layout line 1: partition name too long [18]: much-too-long-name" },
  { ROW ("P", "0x04", "a", "binary", "mmc0", "0x0", "a"), "error 1:4 wrong-case\n",
    "Write “Binary”.", "Layout line 1: type parsing error : 'binary'" },
  { ROW ("P", "0x04", "a", "BINARY(2)", "nand0", "0x0", "a"), "error 1:4 wrong-case\n",
    "Write “Binary(2)”.", "Layout line 1: type parsing error : 'BINARY(2)'" },
  { ROW ("P", "0x04", "a", "Filesystem", "mmc0", "0x0", "a"), "error 1:4 wrong-case\n",
    "Write “FileSystem”.", "Layout line 1: type parsing error : 'Filesystem'" },
  { ROW ("P", "0x04", "a", "PMIC", "mmc0", "0x0", "a"), "error 1:4 bad-type\n", NULL,
    "Layout line 1: type parsing error : 'PMIC'" },
  { ROW ("P", "0x04", "a", "Binary ", "mmc0", "0x0", "a"), "error 1:4 blank-around-cell\n",
    "Write “Binary”.", "Layout line 1: type parsing error : 'Binary '" },
  { ROW ("P", "0x04", "a", "Binary", "MMC0", "0x0", "a"), "error 1:5 wrong-case\n", "Write “mmc0”.",
    "Layout line 1: ip parsing error: 'MMC0'" },
  { ROW ("P", "0x04", "a", "Binary", "mmc10", "0x0", "a"), "error 1:5 bad-ip\n", NULL,
    "Layout line 1: ip parsing error: 'mmc10'" },
  { ROW ("P", "0x04", "a", "Binary", "mmc1", "boot3", "a"), "error 1:6 bad-boot-part\n",
    "Write boot1 or boot2.", "Layout line 1: invalid part 'boot3'" },
  { ROW ("P", "0x04", "a", "Binary", "mmc1", "BOOT1", "a"), "error 1:6 wrong-case\n",
    "Write “boot1”.", "Layout line 1: invalid offset 'BOOT1'" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "17K", "a"), "error 1:6 offset-unit\n",
    "Write “0x00004400”.", "Layout line 1: invalid offset '17K'" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "64 MiB", "a"), "error 1:6 offset-unit\n",
    "Write “0x04000000”.", "Layout line 1: invalid offset '64 MiB'" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "00A00000", "a"), "error 1:6 number-without-0x\n",
    "Write “0x00A00000”.", "Layout line 1: invalid offset '00A00000'" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "start", "a"), "error 1:6 bad-offset\n", NULL,
    "Layout line 1: invalid offset 'start'" },
  { ROW ("\"P\"", "\"0x04\"", "a", "Binary", "mmc0", "0x0", "a"),
    "error 1:1 quoted-cell\nerror 1:2 quoted-cell\n", "Write “P”.",
    "Layout line 1: invalid option '\"' in \"P\")" },
  { ROW ("\u00a0P", "0x04", "a", "Binary", "mmc0", "0x0", "a"), "error 1:1 blank-around-cell\n",
    "Write “P”.", "Layout line 1: invalid option '\uFFFD' in \u00a0P)" },
  /* all of them, not just the first */
  { ROW ("p", "F1x", "a", "fip", "mmc", "1G", "a"),
    "error 1:1 wrong-case\nerror 1:2 bad-id\nerror 1:4 wrong-case\nerror 1:5 bad-ip\n"
    "error 1:6 offset-unit\n",
    "Write “P”.", "Layout line 1: invalid option 'p' in p)" },

  /* separators */
  { "P 0x04 fsbl1 Binary mmc0 0x4400 a.bin\n", "error 1:0 spaces-for-tabs\n",
    "Put a TAB between the cells.",
    "Layout line 1: invalid option ' ' in P 0x04 fsbl1 Binary mmc0 0x4400 a.bin)" },
  { "p 0x04 fsbl1 Binary mmc0 0x4400 a.bin\n", "error 1:0 spaces-for-tabs\nerror 1:1 wrong-case\n",
    "Put a TAB between the cells.",
    "Layout line 1: invalid option 'p' in p 0x04 fsbl1 Binary mmc0 0x4400 a.bin)" },
  { "P,0x04,fsbl1,Binary,mmc0,0x4400,a.bin\n", "error 1:0 wrong-separator\n",
    "Put a TAB between the cells; from a spreadsheet, export “tab-separated values”.",
    "Layout line 1: invalid option ',' in P,0x04,fsbl1,Binary,mmc0,0x4400,a.bin)" },
  { "\"P\"; \"0x04\"; \"a\"; \"Binary\"; \"mmc0\"; \"0x0\"; \"a.bin\"\n",
    "error 1:0 wrong-separator\n",
    "Put a TAB between the cells; from a spreadsheet, export “tab-separated values”.",
    "Layout line 1: invalid option '\"' in \"P\"; \"0x04\"; \"a\"; \"Binary\"; \"mmc0\"; "
    "\"0x0\"; \"a.bin\")" },
  { "P\t0x04\ta\tBinary\tmmc0\t0x0 a.bin\n", "error 1:6 blank-for-tab\n",
    "Put a TAB in place of the blank.", "Layout line 1: invalid offset '0x0 a.bin'" },
  { "P 0x04\ta\tBinary\tmmc0\t0x0\ta.bin\n", "error 1:1 blank-for-tab\n",
    "Put a TAB in place of the blank.", "Layout line 1: invalid option ' ' in P 0x04)" },

  /* lines */
  { "P\t0x04\ta\tBinary\tmmc0\n", "error 1:6 too-few-columns\n",
    "Fill in the missing cells. Several TABs count as one, so a cell cannot be left empty.",
    "Layout line 1: no enought column" },
  { "P\t0x04\t\tBinary\tmmc0\t0x0\n",
    "error 1:4 bad-type\nerror 1:5 bad-ip\nerror 1:6 too-few-columns\n", NULL,
    "Layout line 1: type parsing error : 'mmc0'" },
  { "   \n" ROW ("P", "0x04", "a", "Binary", "mmc0", "0x0", "a"), "error 1:0 line-of-blanks\n",
    "Remove the blanks.", "Layout line 1: invalid option ' ' in    )" },
  { " \t \n" ROW ("P", "0x04", "a", "Binary", "mmc0", "0x0", "a"), "error 1:0 line-of-blanks\n",
    "Remove the blanks.", "Layout line 1: invalid option ' ' in  )" },
  { "  # c\n" ROW ("P", "0x04", "a", "Binary", "mmc0", "0x0", "a"), "error 1:1 indented-comment\n",
    "Remove the blanks before the #.", "Layout line 1: invalid option ' ' in   # c)" },
  { "Opt\tId\tName\tType\tIP\tOffset\tBinary\n" ROW ("P", "0x04", "a", "Binary", "mmc0", "0x0",
                                                     "a"),
    "error 1:1 header-without-hash\n", "Write “#Opt”.",
    "Layout line 1: invalid option 'O' in Opt)" },
  { ROW6 ("P", "0x04", "a", "Binary", "mmc0", "0x0"), "info 1:7 no-binary-column\n", NULL, NULL },
  { "P\t0x04\ta\tBinary\tmmc0\t0x0\ta\tb\n", "warning 1:8 extra-columns\n", NULL, NULL },
  /* It may be a name; only the checks look for files. */
  { "P\t0x04\ta\tBinary\tmmc0\t0x0\ta # the first\n", "", NULL, NULL },
  { "P\t0x04\ta\tBinary\tmmc0\t0x0\t#a\n", "", NULL, NULL },
  { "P\t0x04\ta\tBinary\tmmc0\t0x0\ta\t# the first\n", "warning 1:8 comment-behind-data\n",
    "Put the comment on a line of its own.", NULL },
  { "P\t0x04\ta\tBinary\tmmc0\t0x0\t  a.bin\n", "warning 1:7 blank-around-binary\n",
    "Remove the blanks.", NULL },
  { "P\t0x04\ta\tBinary\tmmc0\t0x0\t\n", "error 1:0 trailing-tab\ninfo 1:7 no-binary-column\n",
    "Remove the TAB at the end of the line, or write “none” behind it.",
    "Layout: no partition found" },
  { "P\t0x04\ta\tBinary\tmmc0\t0x0\ta\t\r\n" ROW ("P", "0x05", "b", "Binary", "mmc0", "0x200", "a"),
    "error 1:0 trailing-tab\ninfo 0:0 crlf\n",
    "Remove the TAB at the end of the line, or write “none” behind it.",
    "Layout line 2: invalid option '0' in 0x05)" },

  { "P\t0x04\ta\tBinary\tmmc0\t0x0\ta\t", "", NULL, NULL },
  { "P\t0x04\ta\tBinary\tmmc0\t0x0\ta\t\t", "error 1:0 trailing-tab\n",
    "Remove the TAB at the end of the line, or write “none” behind it.",
    "Layout: no partition found" },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x0", "a") "# end", "error 2:0 comment-at-end\n",
    "End the last line with a line feed.", "Layout: no enought memory for 1 part" },

  /* the whole file */
  { "", "error 0:0 no-partition\n", NULL, "Layout: invalid FlashLayout" },
  { "#Opt\n\n", "error 0:0 no-partition\n", NULL, "Layout: no partition found" },
  { "#c\r\nP\t0x04\ta\tBinary\tmmc0\t0x0\ta\r\n", "info 0:0 crlf\n", NULL, NULL },
  { "#c\rP\t0x04\ta\tBinary\tmmc0\t0x0\ta\r", "error 1:0 carriage-return-lines\n",
    "End every line with a line feed.", "Layout: no partition found" },
  { "P\t0x04\ta\tBinary\tmmc0\t0x0\ta\rb\n", "error 1:0 stray-carriage-return\n",
    "End every line with a line feed.", NULL },
  { "\xef\xbb\xbf#Opt\n" ROW ("P", "0x04", "a", "Binary", "mmc0", "0x0", "a"),
    "error 1:1 byte-order-mark\n", "Save the layout as UTF-8 without byte order mark.",
    "Layout line 1: invalid option '\uFFFD' in \uFFFD#Opt)" },
  { "\x02\x01\x7f"
    "ELF\x01\x02\x03",
    "error 0:0 not-text\n", "Choose the .tsv file that names the images.", NULL },
};

static void
test_mistakes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = flash_layout_test_parse (cases[i].text, diags);
    g_autofree char *got = flash_layout_test_dup_diags (diags);
    const FlashDiag *first;
    g_autofree char *fix = NULL;

    g_assert_cmpstr (got, ==, cases[i].diags);
    if (*got == '\0') {
      g_assert_true (flash_layout_is_accepted (layout));
      continue;
    }
    first = flash_diag_list_get (diags, 0);
    fix = flash_diag_dup_fix (first, NULL);
    g_assert_cmpstr (fix, ==, cases[i].fix);
    if (cases[i].answer != NULL || flash_diag_list_find (diags, "not-text") == NULL)
      g_assert_cmpstr (flash_diag_get_device_text (first), ==, cases[i].answer);
    if (cases[i].answer != NULL)
      g_assert_cmpstr (flash_layout_get_refusal (layout, NULL), ==, cases[i].answer);
  }
}

/* Rows are there for people even where the board refuses. */
static void
test_rows_behind_faults (void)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout =
      flash_layout_test_parse ("x\tfirst\n"
                               "P 0x05 spaced name mmc0 0x4400\n"
                               "P 0x04 fsbl1 binary mmc1 0x4400 a b.bin\n" ROW (
                                   "PD", "0x06", "c", "FIP", "nor0", "0x0", "none"),
                               diags);
  FlashLayoutRow *row;

  g_assert_false (flash_layout_is_accepted (layout));
  g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, 4);

  row = flash_layout_get_row (layout, 0);
  g_assert_false (flash_layout_row_is_valid (row));
  g_assert_cmpstr (flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_OPTION), ==, "x");
  g_assert_cmpstr (flash_layout_row_get_cell (row, FLASH_LAYOUT_COLUMN_BINARY), ==, "");

  row = flash_layout_get_row (layout, 2);
  g_assert_false (flash_layout_row_is_valid (row));
  g_assert_cmpuint (flash_layout_row_get_line (row), ==, 3);
  g_assert_cmpuint (flash_layout_row_get_id (row), ==, 4);
  g_assert_cmpstr (flash_layout_row_get_name (row), ==, "fsbl1");
  g_assert_cmpint (flash_layout_row_get_layout_type (row), ==, FLASH_LAYOUT_TYPE_BINARY);
  g_assert_cmpint (flash_layout_row_get_ip (row), ==, FLASH_LAYOUT_IP_MMC);
  g_assert_cmpuint (flash_layout_row_get_ip_number (row), ==, 1);
  g_assert_cmpuint (flash_layout_row_get_offset (row), ==, 0x4400);
  g_assert_cmpstr (flash_layout_row_get_binary (row), ==, "a b.bin");

  row = flash_layout_get_row (layout, 3);
  g_assert_true (flash_layout_row_is_valid (row));
  g_assert_true (flash_layout_row_is_erased (row) && flash_layout_row_is_download (row));
  g_assert_null (flash_layout_row_get_binary (row));
  g_assert_null (flash_layout_row_get_path (row));
}

static void
test_wide (void)
{
  static const char text[] = "#Opt\n" ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a");
  static const char *const encodings[] = { "UTF-16", "UTF-16LE", "UTF-16BE" };

  for (guint i = 0; i < G_N_ELEMENTS (encodings); i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = NULL;
    gsize length;
    char *wide = g_convert (text, -1, encodings[i], "UTF-8", NULL, &length, NULL);
    g_autoptr (GBytes) bytes = g_bytes_new_take (wide, length);
    g_autofree char *got = NULL;

    layout = flash_layout_new_from_bytes (bytes, NULL, diags);
    got = flash_layout_test_dup_diags (diags);
    g_assert_cmpstr (got, ==, "error 0:0 utf-16\n");
    g_assert_false (flash_layout_is_accepted (layout));
    g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, 1);
    g_assert_nonnull (flash_diag_get_device_text (flash_diag_list_get (diags, 0)));
  }
}

/* The board stops at a NUL, and so do we. */
static void
test_nul (void)
{
  static const char text[] =
      "#Opt\n" ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400",
                    "a") "#\0" ROW ("P", "0x05", "b", "Binary", "mmc0", "0x8800", "a");
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, sizeof text - 1);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, NULL, diags);
  g_autofree char *got = flash_layout_test_dup_diags (diags);

  g_assert_cmpstr (got, ==, "error 3:0 nul-byte\n");
  g_assert_true (flash_layout_is_accepted (layout));
  g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, 1);
}

static void
test_too_many_lines (void)
{
  GString *text = g_string_new (NULL);
  g_autofree char *whole = NULL;
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = NULL;
  g_autofree char *got = NULL;

  for (guint i = 0; i < 250; i++)
    g_string_append_printf (text, ROW ("P", "0x%02x", "n%u", "Binary", "mmc0", "0x%x", "a"),
                            i % 200 + 4, i, 0x4400 + i * 512);
  whole = g_string_free (text, FALSE);
  layout = flash_layout_test_parse (whole, diags);
  got = flash_layout_test_dup_diags (diags);
  g_assert_cmpstr (got, ==, "error 0:0 too-many-lines\n");
  g_assert_cmpstr (flash_layout_get_refusal (layout, NULL), ==, "Layout: too many partition (251)");
  g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, 250);
}

/* What comes when the list of diagnostics is full already, the board's words among it. */
static void
test_full_list (void)
{
  GString *text = g_string_new (NULL);
  g_autofree char *whole = NULL;
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = NULL;
  const char *refusal;
  guint n_said = 0;

  for (guint i = 0; i < FLASH_DIAG_LIST_MAX; i++)
    flash_diag_list_add (diags, FLASH_SEVERITY_INFO, "from-before", 0, 0, "Text.", NULL);
  for (guint i = 0; i < 20; i++)
    g_string_append (text, "P\t0x04\ta\rb\tBinary\tmmc0\t0x0\ta\t\n");
  whole = g_string_free (text, FALSE);
  layout = flash_layout_test_parse (whole, diags);
  refusal = flash_layout_get_refusal (layout, NULL);
  g_assert_nonnull (refusal);
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++)
    n_said += g_strcmp0 (flash_diag_get_device_text (flash_diag_list_get (diags, i)), refusal) == 0;
  g_assert_cmpuint (n_said, ==, 1);
  g_assert_cmpuint (flash_diag_list_get_length (diags), ==, FLASH_DIAG_LIST_MAX + 1);
}

/* The board's words stand at the first thing that was odd, wherever the list was then. */
static void
test_words_at_quirk (void)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout =
      flash_layout_test_parse ("P\t0x04\ta\tBinary\tmmc0\t0x0\ta\tb\n"
                               "P\t0x05\tb\tBinary\tmmc0\t0x200\ta\t\n"
                               "P\t0x06\tc\tBinary\tmmc0\t0x400\ta\tb\n",
                               diags);
  const char *refusal = flash_layout_get_refusal (layout, NULL);

  g_assert_nonnull (refusal);
  g_assert_cmpstr (flash_diag_get_device_text (flash_diag_list_find (diags, "trailing-tab")), ==,
                   refusal);
  g_assert_null (flash_diag_get_device_text (flash_diag_list_find (diags, "extra-columns")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/reader/mistakes", test_mistakes);
  g_test_add_func ("/layout/reader/rows-behind-faults", test_rows_behind_faults);
  g_test_add_func ("/layout/reader/utf-16", test_wide);
  g_test_add_func ("/layout/reader/nul", test_nul);
  g_test_add_func ("/layout/reader/too-many-lines", test_too_many_lines);
  g_test_add_func ("/layout/reader/full-list", test_full_list);
  g_test_add_func ("/layout/reader/words-at-quirk", test_words_at_quirk);
  return g_test_run ();
}
