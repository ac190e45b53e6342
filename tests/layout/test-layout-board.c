/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The board's way through a text, quirks included, and the text that is sent to it. */
#define G_LOG_DOMAIN "test-layout-board"

#include "config.h"

#include "flash-layout-board.h"
#include "flash-layout-test.h"

#define GOOD "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\ta.bin\n"
#define GOOD6 "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\n"

typedef struct {
  const char *text;
  const char *answer; /* %NULL: accepted */
  guint line;
  guint n_parts;
  const char *board_text; /* %NULL: as it is */
} Case;

static const Case cases[] = {
  { GOOD, NULL, 0, 1, GOOD6 },
  { GOOD6, NULL, 0, 1, NULL },
  { "#Opt\tId\n" GOOD, NULL, 0, 1, "#\n" GOOD6 },
  { "P\t\t0x04\t\t\tfsbl1\tBinary\tmmc0\t0x4400\t\ta.bin\n", NULL, 0, 1, GOOD6 },
  { "\tP\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\ta.bin\n", NULL, 0, 1, GOOD6 },
  { "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\ta\tb\tc\td\n", NULL, 0, 1, GOOD6 },
  { "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400", NULL, 0, 1, NULL },
  { "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\ta.bin", NULL, 0, 1,
    "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400" },
  /* a TAB as the very last byte does no harm */
  { "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\t", NULL, 0, 1, "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400" },
  { "#c\r\n\r\nP\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\ta.bin\r\n", NULL, 0, 1, "#\n\n" GOOD6 },
  { "\n\n\t\n" GOOD, NULL, 0, 1, "\n\n\n" GOOD6 },
  { "\t#c\n" GOOD "#end", NULL, 0, 1, "\t#\n" GOOD6 "#" },
  { GOOD "#c\n#d\n" GOOD, NULL, 0, 2, GOOD6 "#\n#\n" GOOD6 },
  /* a carriage return inside a line ends the cell, not the line */
  { "P\rX\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\ta.bin\n", NULL, 0, 1, GOOD6 },
  { "#Opt\rP\t0x04\r", "Layout: no partition found", 0, 0, NULL },

  { "", "Layout: invalid FlashLayout", 0, 0, NULL },
  { "\n", "Layout: no partition found", 0, 0, NULL },
  { "#Opt\n\n", "Layout: no partition found", 0, 0, NULL },
  { "#Opt\nP\t0x04\n", "Layout line 2: no enought column", 2, 0, NULL },
  { "P", "Layout line 1: no enought column", 1, 0, NULL },
  { GOOD " #c\n", "Layout line 2: invalid option ' ' in  #c)", 2, 0, NULL },
  { GOOD "\n \n", "Layout line 3: invalid option ' ' in  )", 3, 0, NULL },
  { "\xef\xbb\xbf#Opt\n" GOOD, "Layout line 1: invalid option '\uFFFD' in \uFFFD#Opt)", 1, 0,
    NULL },

  /* A line that ends in a TAB goes on: the next cell ends it, and the rest is a line of its own. */
  { "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\t\n" GOOD, "Layout line 2: invalid option '0' in 0x04)",
    2, 0, NULL },
  { "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\t\n#c\n" GOOD, NULL, 0, 2, GOOD6 GOOD6 },
  { "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\t\n#x\tP", "Layout: no enought memory for 1 part", 0, 0,
    NULL },
  /* nothing but the line feeds is counted, less those before a comment */
  { GOOD GOOD "#end", "Layout: no enought memory for 2 part", 0, 0, NULL },
  { "#Opt\n" GOOD "#end", NULL, 0, 1, "#\n" GOOD6 "#" },
  { GOOD "P\t0x05\tfsbl2\tBinary\tmmc0\t0x8800\t\n", NULL, 0, 1, NULL },
  { "P\t0x05\tfsbl2\tBinary\tmmc0\t0x8800\t\r\n", "Layout: no partition found", 0, 0, NULL },
};

static void
check_board_text (GBytes *text, const FlashLayoutVerdict *verdict, GBytes *board_text)
{
  g_auto (FlashLayoutVerdict) second = { 0 };

  flash_layout_judge (board_text, &second, NULL);
  g_assert_cmpstr (second.answer, ==, verdict->answer);
  g_assert_cmpuint (second.line, ==, verdict->line);
  g_assert_cmpuint (second.n_parts, ==, verdict->n_parts);
  g_assert_cmpuint (g_bytes_get_size (board_text), <=, g_bytes_get_size (text));
}

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) text = g_bytes_new (cases[i].text, strlen (cases[i].text));
    g_auto (FlashLayoutVerdict) verdict = { 0 };
    g_autoptr (GBytes) board_text = NULL;

    flash_layout_judge (text, &verdict, &board_text);
    g_assert_cmpstr (verdict.answer, ==, cases[i].answer);
    g_assert_cmpuint (verdict.line, ==, cases[i].line);
    g_assert_cmpuint (verdict.n_parts, ==, cases[i].n_parts);
    check_board_text (text, &verdict, board_text);
    if (cases[i].board_text != NULL) {
      g_autofree char *got =
          g_strndup (g_bytes_get_data (board_text, NULL), g_bytes_get_size (board_text));

      g_assert_cmpstr (got, ==, cases[i].board_text);
    }
  }
}

/* stm32mp-usb.md section 3.1: what counts towards the 240 lines. */
static void
test_line_limit (void)
{
  static const struct {
    gboolean begins_with_comment;
    guint n_rows;
    guint n_blank;
    guint n_comments;
    gboolean ends_in_line_feed;
    guint n_counted;
  } limits[] = {
    { FALSE, 239, 0, 0, TRUE, 240 },   { FALSE, 240, 0, 0, TRUE, 241 },
    { FALSE, 240, 0, 0, FALSE, 240 },  { FALSE, 241, 0, 0, FALSE, 241 },
    { FALSE, 100, 139, 0, TRUE, 240 }, { FALSE, 100, 140, 0, TRUE, 241 },
    { FALSE, 239, 0, 90, TRUE, 240 },  { FALSE, 240, 0, 90, TRUE, 241 },
    { TRUE, 238, 0, 0, TRUE, 240 },    { TRUE, 239, 0, 0, TRUE, 241 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++) {
    GString *text = g_string_new (limits[i].begins_with_comment ? "#c\n" : NULL);
    g_autoptr (GBytes) bytes = NULL;
    g_auto (FlashLayoutVerdict) verdict = { 0 };
    g_autoptr (GBytes) board_text = NULL;
    g_autofree char *answer = NULL;

    for (guint k = 0; k < limits[i].n_rows; k++)
      g_string_append (text, GOOD);
    for (guint k = 0; k < limits[i].n_blank; k++)
      g_string_prepend_c (text, '\n');
    for (guint k = 0; k < limits[i].n_comments; k++)
      g_string_insert (text, (gssize) strlen (GOOD), "#c\n");
    if (!limits[i].ends_in_line_feed)
      g_string_truncate (text, text->len - 1);
    bytes = g_string_free_to_bytes (text);
    if (limits[i].n_counted > FLASH_LAYOUT_MAX_LINES)
      answer = g_strdup_printf ("Layout: too many partition (%u)", limits[i].n_counted);

    flash_layout_judge (bytes, &verdict, &board_text);
    g_assert_cmpstr (verdict.answer, ==, answer);
    check_board_text (bytes, &verdict, board_text);
  }
}

/* Whatever the bytes: the text for the board is judged like the file, and whoever is refused is
 * told why, in the board's words. */
static void
check_bytes (GBytes *bytes)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, "/nowhere", diags);
  g_auto (FlashLayoutVerdict) verdict = { 0 };
  g_autoptr (GBytes) board_text = NULL;
  guint line = 99;
  gboolean is_told = FALSE;

  flash_layout_judge (bytes, &verdict, &board_text);
  check_board_text (bytes, &verdict, board_text);
  g_assert_cmpstr (flash_layout_get_refusal (layout, &line), ==, verdict.answer);
  g_assert_cmpuint (line, ==, verdict.line);
  g_assert_cmpint (flash_layout_is_accepted (layout), ==, verdict.answer == NULL);

  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);
    g_autofree char *message = flash_diag_dup_message (diag, NULL);

    g_assert_true (g_utf8_validate (message, -1, NULL));
    g_assert_null (strstr (message, "{"));
    is_told |= g_strcmp0 (flash_diag_get_device_text (diag), verdict.answer) == 0;
  }
  if (verdict.answer != NULL)
    g_assert_true (is_told);
  else if (flash_diag_list_count (diags, FLASH_SEVERITY_ERROR) == 0)
    g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, verdict.n_parts);
  g_assert_cmpuint (flash_diag_list_get_length (diags), <=, FLASH_DIAG_LIST_MAX + 1);
}

static void
mutate (GString *text, GRand *random)
{
  static const char odd[] = "\t\n\r#\0 PE-x0(){}%";

  for (gint n = g_rand_int_range (random, 0, 4); n > 0 && text->len > 0; n--) {
    gsize at = (gsize) g_rand_int_range (random, 0, (gint32) text->len);
    char c = odd[g_rand_int_range (random, 0, sizeof odd - 1)];

    switch (g_rand_int_range (random, 0, 3)) {
    case 0:
      text->str[at] = c == '{' ? 'x' : c;
      break;
    case 1:
      g_string_erase (text, (gssize) at, 1);
      break;
    default:
      g_string_insert_c (text, (gssize) at, c == '{' ? '\t' : c);
      break;
    }
  }
}

static void
test_mutations (void)
{
  static const char *const pieces[] = {
    GOOD,
    GOOD6,
    "#c\n",
    "\n",
    "\t",
    "\t\n",
    "\t\r\n",
    "\r\n",
    "\r",
    " ",
    "P",
    "-\t0x01\t",
    "boot1",
    "0x",
    "PE\t010\tx\tBinary(2)\tnand0\t0x0\tnone\n",
    "ram",
    "\xc2\xa0",
    "\xef\xbb\xbf",
    "P 0x04 fsbl1 Binary mmc0 0x4400 a.bin\n",
    "P;0x04;fsbl1;Binary;mmc0;0x4400;a.bin\n",
    "p\t4\tname\tbinary\tMMC0\t1M\tb\n",
    "\"P\"\t\"4\"\tn\tFIP\tmmc0\t\"0x0\"\n",
    "–",
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (157);

  for (guint i = 0; i < 20000; i++) {
    GString *text = g_string_new (NULL);
    g_autoptr (GBytes) bytes = NULL;

    for (gint n = g_rand_int_range (random, 0, 12); n > 0; n--)
      g_string_append (text, pieces[g_rand_int_range (random, 0, G_N_ELEMENTS (pieces))]);
    mutate (text, random);
    bytes = g_string_free_to_bytes (text);
    check_bytes (bytes);
  }
}

static void
test_random_bytes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (135);

  for (guint i = 0; i < 3000; i++) {
    guint8 noise[300];
    gsize length = (gsize) g_rand_int_range (random, 0, sizeof noise);
    /* Noise of few kinds of bytes gets further than noise of all. */
    guint mask = (guint) g_rand_int_range (random, 0, 256);
    g_autoptr (GBytes) bytes = NULL;

    for (gsize k = 0; k < length; k++) {
      noise[k] = (guint8) (g_rand_int (random) & mask);
      if (noise[k] == '{')
        noise[k] = '\t';
    }
    bytes = g_bytes_new (noise, length);
    check_bytes (bytes);
  }
}

/* As much as is parsed at all, in the forms that cost most. */
static void
test_large (void)
{
  static const char *const fillers[] = {
    "\n", "x\n", "a\t", "\t", " ", "#", "P", "P,", "\r", "\x80"
  };

  for (guint i = 0; i < G_N_ELEMENTS (fillers); i++) {
    GString *text = g_string_new (NULL);
    g_autoptr (GBytes) bytes = NULL;

    while (text->len + strlen (fillers[i]) <= FLASH_LAYOUT_MAX_SIZE)
      g_string_append (text, fillers[i]);
    bytes = g_string_free_to_bytes (text);
    check_bytes (bytes);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/board/cases", test_cases);
  g_test_add_func ("/layout/board/line-limit", test_line_limit);
  g_test_add_func ("/layout/board/mutations", test_mutations);
  g_test_add_func ("/layout/board/random-bytes", test_random_bytes);
  g_test_add_func ("/layout/board/large", test_large);
  return g_test_run ();
}
