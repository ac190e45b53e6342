/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits that add, remove and move lines, byte for byte, and texts that cannot be edited. */
#define G_LOG_DOMAIN "test-layout-lines"

#include "config.h"

#include "flash-layout-document-test.h"
#include "flash-test-images.h"

static void
test_insert (void)
{
  static const struct {
    const char *before;
    guint position;
    const char *after;
  } cases[] = {
    { "", 0, C "\n" },
    { "# c", 0, "# c\n" C },
    { "# c\n", 0, "# c\n" C "\n" },
    { A "\n" B "\n", 0, C "\n" A "\n" B "\n" },
    { A "\r\n#\r\n" B "\r\n", 1, A "\r\n#\r\n" C "\r\n" B "\r\n" },
    { A "\n# end\n", 1, A "\n" C "\n# end\n" },
    { A, 1, A "\n" C },
    { A "\r\n" B, 2, A "\r\n" B "\r\n" C },
    { A "\r" B "\r", 1, A "\r" C "\r" B "\r" },
    { A "\r", 1, A "\r" C "\r" },
    { "\xef\xbb\xbf" A "\n", 0, "\xef\xbb\xbf" C "\n" A "\n" },
    /* aligned as its neighbour */
    { "P\t0x10\tbootfs\t\tFIP\tmmc0\t0x10000\tx\n", 1,
      "P\t0x10\tbootfs\t\tFIP\tmmc0\t0x10000\tx\nP\t0x12\tc\t\tFIP\tmmc0\t0x30000\tx\n" },
    { "P 0x10 a FIP mmc0 0x10000 x\n", 1, "P 0x10 a FIP mmc0 0x10000 x\n" C "\n" },
  };
  static const char *const eight[] = { "1", "2", "3", "4", "5", "6", "7", "8", NULL };
  static const char *const empty[] = { "P", "", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (FlashLayoutDocument) other = flash_layout_document_test_open (A);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (cases[i].before);

    flash_layout_document_test_insert (document, cases[i].position);
    flash_layout_document_test_assert_edited (document, cases[i].before, cases[i].after);
  }
  g_assert_null (flash_layout_document_insert (other, 0, eight));
  g_assert_null (flash_layout_document_insert (other, 0, empty));
  g_assert_null (flash_layout_document_insert (other, 0, none));
}

static void
test_remove_and_move (void)
{
  static const char text[] = A "\n# one\n" B "\n\n" C;
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (text);
  g_autoptr (FlashLayoutEntry) first = g_object_ref (flash_layout_document_test_get (document, 0));

  g_assert_true (flash_layout_document_remove (document, first));
  g_assert_cmpuint (flash_layout_entry_get_number (first), ==, 0);
  g_assert_cmpstr (flash_layout_entry_get_cell (first, FLASH_LAYOUT_COLUMN_NAME), ==, "a");
  g_assert_cmpuint (flash_layout_document_find_entry (document, first), ==, G_MAXUINT);
  g_assert_false (flash_layout_document_remove (document, first));
  g_assert_false (flash_layout_document_set_cell (document, first, FLASH_LAYOUT_COLUMN_NAME, "z"));
  g_assert_false (flash_layout_document_set_enabled (document, first, FALSE));
  g_assert_false (flash_layout_document_set_binary (document, first, "z"));
  g_assert_false (flash_layout_document_move (document, first, 0));
  g_assert_null (flash_layout_document_duplicate (document, first));
  flash_layout_document_test_assert_edited (document, text, "# one\n" B "\n\n" C);
  /* the same object is back */
  g_assert_true (flash_layout_document_test_get (document, 0) == first);

  g_assert_true (flash_layout_document_move (document, first, 2));
  g_assert_true (flash_layout_document_test_get (document, 2) == first);
  flash_layout_document_test_assert_edited (document, text, B "\n# one\n" C "\n\n" A);
  g_assert_true (
      flash_layout_document_move (document, flash_layout_document_test_get (document, 2), 0));
  flash_layout_document_test_assert_edited (document, text, C "\n# one\n" A "\n\n" B);
  g_assert_true (
      flash_layout_document_move (document, flash_layout_document_test_get (document, 1), 0));
  flash_layout_document_test_assert_edited (document, text, B "\n# one\n" A "\n\n" C);
  g_assert_false (
      flash_layout_document_move (document, flash_layout_document_test_get (document, 1), 1));
  g_assert_true (
      flash_layout_document_remove (document, flash_layout_document_test_get (document, 2)));
  flash_layout_document_test_assert_edited (document, text, A "\n# one\n" B "\n\n");
}

static void
test_duplicate (void)
{
  static const struct {
    const char *before;
    const char *copy;
  } cases[] = {
    { A "\n", R ("0x11", "a2", "0x00410000") "\n" },
    { A "\n" B "\n", R ("0x12", "a2", "0x00018000") "\n" },
    { R ("0x04", "fsbl1", "boot1") "\n", R ("0x05", "fsbl2", "boot2") "\n" },
    { R ("0x05", "fsbl2", "boot2") "\n", R ("0x06", "fsbl3", "boot1") "\n" },
    { R ("0x0F", "sixteen-bytes-99", "0x4400") "\n",
      R ("0x04", "sixteen-bytes100", "0x00404400") "\n" },
    { "P\t0xF0\tdisk\tRawImage\tmmc0\t0x0\tx\n", "P\t0x10\tdisk2\tRawImage\tmmc0\t0x0\tx\n" },
    { "-\t0x01\tfsbl\tBinary\tnone\t0x0\tx\n", "-\t0x01\tfsbl\tBinary\tnone\t0x0\tx\n" },
    { "#" A "\n", "#" R ("0x11", "a2", "0x00410000") "\n" },
    { "foo\tbar\n", "foo\tbar\n" },
    { "P\t0x10\täääääääx\tFIP\tnor0\t0x0\tx\ty\n",
      "P\t0x11\täääääääx2\tFIP\tnor0\t0x00400000\tx\ty\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (cases[i].before);
    g_autofree char *tail =
        g_strdup (strstr (cases[i].before, "\n") + 1); /* what is behind the first line */
    g_autofree char *head = g_strndup (cases[i].before, strlen (cases[i].before) - strlen (tail));
    g_autofree char *after = g_strconcat (head, cases[i].copy, tail, NULL);
    FlashLayoutEntry *copy =
        flash_layout_document_duplicate (document, flash_layout_document_test_get (document, 0));

    g_assert_true (copy == flash_layout_document_test_get (document, 1));
    flash_layout_document_test_assert_edited (document, cases[i].before, after);
  }
}

static void
test_only (void)
{
  static const char text[] = "-\t0x01\tf\tBinary\tnone\t0x0\tx\n" A "\n" B "\nPED\t0x12\tc\tFIP\t"
                             "mmc0\t0x30000\tx\n#" C "\nP\t0x20\td\tFIP\tnor0\t0x0\tx\n";
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (text);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();

  g_assert_false (flash_layout_document_keep_only (document, wanted));
  g_ptr_array_add (wanted, flash_layout_document_test_get (document, 3));
  g_assert_true (flash_layout_document_keep_only (document, wanted));
  flash_layout_document_test_assert_edited (
      document, text,
      "-\t0x01\tf\tBinary\tnone\t0x0\tx\n-\t0x10\ta\tFIP\tmmc0\t0x10000\tx\n"
      "-\t0x11\tb\tFIP\tmmc0\t0x20000\tx\nPD\t0x12\tc\tFIP\tmmc0\t0x30000\tx\n#" C
      "\nP\t0x20\td\tFIP\tnor0\t0x0\tx\n");
  /* what is already as it should be */
  g_ptr_array_set_size (wanted, 0);
  g_ptr_array_add (wanted, flash_layout_document_test_get (document, 5));
  g_assert_false (flash_layout_document_keep_only (document, wanted));
}

static void
test_lines (void)
{
  static const char text[] = "# one\r\n" A "\r\n" B;
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (text);
  FlashLayoutEntry *entry = flash_layout_document_test_get (document, 0);
  g_autofree char *line = flash_layout_document_dup_line (document, 2);

  g_assert_cmpstr (line, ==, A);
  g_assert_true (flash_layout_document_replace_line (document, 2, C));
  g_assert_true (flash_layout_document_test_get (document, 0) == entry);
  g_assert_cmpstr (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_NAME), ==, "c");
  flash_layout_document_test_assert_edited (document, text, "# one\r\n" C "\r\n" B);
  g_assert_true (flash_layout_document_replace_line (document, 2, NULL));
  flash_layout_document_test_assert_edited (document, text, "# one\r\n" B);
  g_assert_true (flash_layout_document_replace_line (document, 2, "# two"));
  flash_layout_document_test_assert_edited (document, text, "# one\r\n# two\r\n" B);
  g_assert_true (flash_layout_document_insert_line (document, 1, "#Opt"));
  flash_layout_document_test_assert_edited (document, text, "#Opt\r\n# one\r\n" A "\r\n" B);
  g_assert_true (flash_layout_document_insert_line (document, 4, "# end"));
  flash_layout_document_test_assert_edited (document, text, "# one\r\n" A "\r\n" B "\r\n# end\r\n");
  g_assert_false (flash_layout_document_insert_line (document, 5, "#"));
  g_assert_false (flash_layout_document_insert_line (document, 0, "#"));
  g_assert_false (flash_layout_document_insert_line (document, 1, "a\nb"));
  g_assert_false (flash_layout_document_replace_line (document, 4, "#"));
  g_assert_false (flash_layout_document_replace_line (document, 1, "a\rb"));
  g_assert_false (flash_layout_document_replace_line (document, 1, "# one"));
}

/* Carriage returns in the last line that is left must not become line ends. */
static void
test_single (void)
{
  static const char *const cases[][2] = {
    { "# one\n#a\rb", "#a\rb\n" },
    { "# one\n" A "\r\r", A "\n" },
    { "# one\n" A "\r", A "\r" },
    { "# one\r" A, A },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (cases[i][0]);

    g_assert_true (flash_layout_document_replace_line (document, 1, NULL));
    g_assert_cmpuint (flash_layout_document_get_n_lines (document), ==, 1);
    flash_layout_document_test_assert_edited (document, cases[i][0], cases[i][1]);
  }
}

static void
test_ends (void)
{
  static const char *const cases[][2] = {
    { A "\r\n" B "\r\r\n#\r\n", A "\n" B "\n#\n" },
    { A "\r" B, A "\n" B "\n" },
    { "#a\r" A "\n" B "\n", "#a\n" A "\n" B "\n" },
    { A, A "\n" },
    { "#", "#\n" },
  };
  g_autoptr (FlashLayoutDocument) clean = flash_layout_document_test_open (A "\n");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (cases[i][0]);

    g_assert_true (flash_layout_document_normalize_line_ends (document));
    /* the last line may lack its end as before */
    g_assert_true (flash_layout_document_normalize_line_ends (document) == FALSE);
    flash_layout_document_test_assert_edited (document, cases[i][0], cases[i][1]);
  }
  g_assert_false (flash_layout_document_normalize_line_ends (clean));
}

static void
test_obstacles (void)
{
  static const guint8 wide[] = { 0xff, 0xfe, '#', 0, '\n', 0, 0xe4, 0, '\t', 0 };
  static const guint8 binary[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  g_autofree char *large = g_strnfill (FLASH_LAYOUT_MAX_SIZE + 1, '#');
  g_autoptr (GBytes) payload = g_bytes_new_static (A "\n", strlen (A "\n"));
  g_autoptr (GBytes) framed =
      flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, payload, 0, 0, 0);
  const struct {
    FlashLayoutObstacle obstacle;
    gconstpointer bytes;
    gsize size;
    const char *plain; /* (nullable) */
  } cases[] = {
    { FLASH_LAYOUT_OBSTACLE_WIDE, wide, sizeof wide, "#\nä\t" },
    { FLASH_LAYOUT_OBSTACLE_FRAMED, g_bytes_get_data (framed, NULL), g_bytes_get_size (framed),
      A "\n" },
    { FLASH_LAYOUT_OBSTACLE_NUL, A "\0\n" B, sizeof A + sizeof B, A "\n" B },
    { FLASH_LAYOUT_OBSTACLE_NOT_TEXT, binary, sizeof binary, NULL },
    { FLASH_LAYOUT_OBSTACLE_NOT_TEXT, large, FLASH_LAYOUT_MAX_SIZE + 1, NULL },
    { FLASH_LAYOUT_OBSTACLE_NONE, "\xef\xbb\xbf" A, sizeof A + 2, A },
    { FLASH_LAYOUT_OBSTACLE_NONE, A, sizeof A - 1, NULL },
    { FLASH_LAYOUT_OBSTACLE_NONE, "", 0, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new (cases[i].bytes, cases[i].size);
    g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (bytes);

    g_assert_cmpint (flash_layout_document_get_obstacle (document), ==, cases[i].obstacle);
    if (cases[i].obstacle != FLASH_LAYOUT_OBSTACLE_NONE) {
      g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (document)), ==, 0);
      g_assert_cmpuint (flash_layout_document_get_n_lines (document), ==, 0);
      g_assert_false (flash_layout_document_insert_line (document, 1, "#"));
      g_assert_false (flash_layout_document_normalize_line_ends (document));
    }
    g_assert_true (flash_layout_document_make_plain (document) == (cases[i].plain != NULL));
    if (cases[i].plain != NULL) {
      g_assert_cmpint (flash_layout_document_get_obstacle (document), ==,
                       FLASH_LAYOUT_OBSTACLE_NONE);
      flash_layout_document_test_assert_text (document, cases[i].plain);
    }
    flash_layout_edit_script_check_history (document, bytes);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/lines/insert", test_insert);
  g_test_add_func ("/layout/lines/remove-and-move", test_remove_and_move);
  g_test_add_func ("/layout/lines/duplicate", test_duplicate);
  g_test_add_func ("/layout/lines/only", test_only);
  g_test_add_func ("/layout/lines/lines", test_lines);
  g_test_add_func ("/layout/lines/single", test_single);
  g_test_add_func ("/layout/lines/ends", test_ends);
  g_test_add_func ("/layout/lines/obstacles", test_obstacles);
  return g_test_run ();
}
