/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits of cells, byte for byte, and what the list tells of edits. */
#define G_LOG_DOMAIN "test-layout-document"

#include "config.h"

#include "flash-layout-document-test.h"

typedef struct {
  const char *before;
  guint position;
  FlashLayoutColumn column;
  const char *cell;
  const char *after; /* %NULL: nothing happens */
} CellCase;

static const CellCase cell_cases[] = {
  { A "\n" B, 1, FLASH_LAYOUT_COLUMN_NAME, "rootfs", A "\n" R ("0x11", "rootfs", "0x20000") },
  { A "\r\n", 0, FLASH_LAYOUT_COLUMN_BINARY, "dir/ä b.bin",
    "P\t0x10\ta\tFIP\tmmc0\t0x10000\tdir/ä b.bin\r\n" },
  { "\xef\xbb\xbf" A "\n", 0, FLASH_LAYOUT_COLUMN_OPTION, "PE",
    "\xef\xbb\xbfPE\t0x10\ta\tFIP\tmmc0\t0x10000\tx\n" },
  { A, 0, FLASH_LAYOUT_COLUMN_NAME, "a", NULL },
  { A, 0, FLASH_LAYOUT_COLUMN_NAME, "", NULL },
  { A, 0, FLASH_LAYOUT_COLUMN_NAME, "a\tb", NULL },
  { A, 0, FLASH_LAYOUT_COLUMN_NAME, "a\rb", NULL },
  { A, 0, FLASH_LAYOUT_COLUMN_NAME, "a\nb", NULL },
  { A, 0, FLASH_LAYOUT_COLUMN_NAME, "\xff", NULL },
  { A, 0, FLASH_LAYOUT_COLUMN_OPTION, "#P", NULL },
  { A, 0, FLASH_LAYOUT_COLUMN_BINARY, "#", "P\t0x10\ta\tFIP\tmmc0\t0x10000\t#" },
  /* what stands behind the seventh cell, and TABs and carriage returns in odd places */
  { "P\t0x10\ta\tFIP\tmmc0\t0x1\tx\ty\t\tz\t\n", 0, FLASH_LAYOUT_COLUMN_BINARY, "w",
    "P\t0x10\ta\tFIP\tmmc0\t0x1\tw\ty\t\tz\t\n" },
  { "\tP\t0x1\r0\ta\tFIP\tmmc0\t0x1\tx\n", 0, FLASH_LAYOUT_COLUMN_ID, "0x20",
    "\tP\t0x20\ta\tFIP\tmmc0\t0x1\tx\n" },
  { "P\t\r\t0x10\ta\n", 0, FLASH_LAYOUT_COLUMN_ID, "0x20", "P\t\r\t0x20\ta\n" },
  /* missing cells */
  { "P\t0x10\n", 0, FLASH_LAYOUT_COLUMN_IP, "mmc0", "P\t0x10\tnone\tnone\tmmc0\n" },
  { "P\t0x10\t\t\n", 0, FLASH_LAYOUT_COLUMN_NAME, "n", "P\t0x10\t\tn\n" },
  /* several TABs: the next column stays where it is, as long as there is room */
  { "P\t0x10\ta\t\tFIP\tmmc0\t0x1\tx\n", 0, FLASH_LAYOUT_COLUMN_NAME, "bootfs-a",
    "P\t0x10\tbootfs-a\tFIP\tmmc0\t0x1\tx\n" },
  { "P\t0x10\tbootfs-a\tFIP\tmmc0\t0x1\tx\nP\t0x11\tb\t\tFIP\tmmc0\t0x2\tx\n", 0,
    FLASH_LAYOUT_COLUMN_NAME, "a",
    "P\t0x10\ta\t\tFIP\tmmc0\t0x1\tx\nP\t0x11\tb\t\tFIP\tmmc0\t0x2\tx\n" },
  { "P\t0x10\ta\t\tFIP\tmmc0\t0x1\tx\n", 0, FLASH_LAYOUT_COLUMN_NAME, "a-name-of-16-byt",
    "P\t0x10\ta-name-of-16-byt\tFIP\tmmc0\t0x1\tx\n" },
  { "P\t0x10\täöüäöü\t\tFIP\tmmc0\t0x1\tx\n", 0, FLASH_LAYOUT_COLUMN_NAME, "aouaouaou",
    "P\t0x10\taouaouaou\tFIP\tmmc0\t0x1\tx\n" },
  { "P\t0x10\tbootfs-a\tFIP\tmmc0\t0x1\tx\n", 0, FLASH_LAYOUT_COLUMN_NAME, "a",
    "P\t0x10\ta\tFIP\tmmc0\t0x1\tx\n" },
  /* other separators become TABs */
  { "P 0x10 a FIP mmc0 0x1 x\n", 0, FLASH_LAYOUT_COLUMN_NAME, "b",
    "P\t0x10\tb\tFIP\tmmc0\t0x1\tx\n" },
  { "P;0x10;\"\";FIP;mmc0;0x1\n", 0, FLASH_LAYOUT_COLUMN_BINARY, "x y",
    "P\t0x10\tnone\tFIP\tmmc0\t0x1\tx y\n" },
  /* what is switched off stays so, and stays an entry whatever is written into it */
  { "#" A "\n", 0, FLASH_LAYOUT_COLUMN_ID, "0x20", "#" R ("0x20", "a", "0x10000") "\n" },
  { "\t#" A "\n", 0, FLASH_LAYOUT_COLUMN_TYPE, "bad", "\t#P\t0x10\ta\tbad\tmmc0\t0x10000\tx\n" },
};

static void
test_cells (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cell_cases); i++) {
    const CellCase *test = &cell_cases[i];
    g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (test->before);
    FlashLayoutEntry *entry = flash_layout_document_test_get (document, test->position);

    g_assert_true (flash_layout_document_set_cell (document, entry, test->column, test->cell) ==
                   (test->after != NULL));
    flash_layout_document_test_assert_text (document,
                                            test->after != NULL ? test->after : test->before);
    g_assert_true (flash_layout_document_test_get (document, test->position) == entry);
    if (test->after == NULL)
      continue;
    g_assert_cmpstr (flash_layout_entry_get_cell (entry, test->column), ==, test->cell);
    flash_layout_document_test_assert_edited (document, test->before, test->after);
    g_assert_true (flash_layout_document_test_get (document, test->position) == entry);
  }
}

/* A line stays an entry while it is written, though the reader would not call it one. */
static void
test_kept (void)
{
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (A "\n");
  FlashLayoutEntry *entry = flash_layout_document_test_get (document, 0);
  g_autofree char *longest = g_strnfill (4096, 'x');
  g_autofree char *longer = g_strnfill (4097, 'x');

  g_assert_true (
      flash_layout_document_set_cell (document, entry, FLASH_LAYOUT_COLUMN_OPTION, "Opt"));
  g_assert_true (flash_layout_document_test_get (document, 0) == entry);
  g_assert_cmpstr (flash_layout_entry_get_cell (entry, FLASH_LAYOUT_COLUMN_OPTION), ==, "Opt");
  g_assert_true (flash_layout_cell_is_writable (FLASH_LAYOUT_COLUMN_BINARY, longest));
  g_assert_false (flash_layout_cell_is_writable (FLASH_LAYOUT_COLUMN_BINARY, longer));
  g_assert_cmpuint (flash_layout_entry_get_n_cells (entry), ==, 7);
}

static void
test_binary (void)
{
  static const struct {
    const char *option;
    const char *ip;
    const char *binary; /* (nullable) */
    const char *after;
  } cases[] = {
    { "PE", "mmc0", "f", "P" },     { "PED", "mmc0", "f", "PD" },  { "EPD", "nand0", "f", "PD" },
    { "P", "mmc0", NULL, "PE" },    { "PD", "mmc0", NULL, "PED" }, { "-", "mmc0", "f", "-" },
    { "-", "none", "f", "-" },      { "P", "none", NULL, "P" },    { "P", "mmc0", "f", "P" },
    { "PE", "mmc0", "none", "PE" }, { "bad", "mmc0", "f", "bad" }, { "PE", "bad", "f", "PE" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *before =
        g_strdup_printf ("%s\t0x10\ta\tFIP\t%s\t0x10000\tx\n", cases[i].option, cases[i].ip);
    g_autofree char *after =
        g_strdup_printf ("%s\t0x10\ta\tFIP\t%s\t0x10000\t%s\n", cases[i].after, cases[i].ip,
                         cases[i].binary != NULL ? cases[i].binary : "none");
    g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (before);

    g_assert_true (flash_layout_document_set_binary (
        document, flash_layout_document_test_get (document, 0), cases[i].binary));
    flash_layout_document_test_assert_edited (document, before, after);
    g_assert_cmpint (flash_layout_document_get_redo (document, NULL), ==,
                     FLASH_LAYOUT_EDIT_SET_BINARY);
    g_assert_false (flash_layout_document_set_binary (
        document, flash_layout_document_test_get (document, 0), "a\tb"));
  }
}

static void
test_enabled (void)
{
  static const char *const cases[][2] = {
    { A "\n", "#" A "\n" },
    { "\t" A "\n", "#\t" A "\n" },
    { A "\r\n" B, A "\r\n#" B "\r\n" }, /* a comment at the end must have one */
    { "foo\tbar\n", "#foo\tbar\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (cases[i][0]);
    FlashLayoutEntry *entry = flash_layout_document_test_get (
        document, g_list_model_get_n_items (G_LIST_MODEL (document)) - 1);

    g_assert_false (flash_layout_document_set_enabled (document, entry, TRUE));
    g_assert_true (flash_layout_document_set_enabled (document, entry, FALSE));
    g_assert_false (flash_layout_entry_is_enabled (entry));
    flash_layout_document_test_assert_edited (document, cases[i][0], cases[i][1]);
    g_assert_true (flash_layout_document_redo (document));
    g_assert_true (flash_layout_document_set_enabled (document, entry, TRUE));
    g_assert_true (flash_layout_entry_is_enabled (entry));
  }
}

/* Comments that are partitions without their #, and those that are not. */
static void
test_comments (void)
{
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_test_open (
      "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n#" A "\n##" A "\n# " A
      "\n#P\t0x10\ta\tFIP\tmmc0\n#P 0x10 a FIP mmc0 0x10000 x\n\t#\t" B "\n#\n" C "\n");

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (document)), ==, 3);
  g_assert_cmpuint (flash_layout_entry_get_number (flash_layout_document_test_get (document, 0)),
                    ==, 2);
  g_assert_cmpuint (flash_layout_entry_get_number (flash_layout_document_test_get (document, 1)),
                    ==, 7);
  g_assert_cmpuint (flash_layout_entry_get_number (flash_layout_document_test_get (document, 2)),
                    ==, 9);
  g_assert_false (flash_layout_entry_is_enabled (flash_layout_document_test_get (document, 1)));
  g_assert_null (flash_layout_document_find_line (document, 1));
  g_assert_null (flash_layout_document_find_line (document, 10));
  g_assert_cmpuint (flash_layout_document_get_n_lines (document), ==, 9);
}

/* A text that would become too large stays as it is. */
static void
test_size (void)
{
  GString *text = g_string_new (A "\n");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FlashLayoutDocument) document = NULL;

  while (text->len < FLASH_LAYOUT_MAX_SIZE - 4)
    g_string_append (text, "#\n");
  bytes = g_string_free_to_bytes (text);
  document = flash_layout_document_new (bytes);
  g_assert_null (
      flash_layout_document_duplicate (document, flash_layout_document_test_get (document, 0)));
  g_assert_false (flash_layout_document_set_cell (document,
                                                  flash_layout_document_test_get (document, 0),
                                                  FLASH_LAYOUT_COLUMN_BINARY, "something long"));
  g_assert_true (flash_layout_document_set_cell (
      document, flash_layout_document_test_get (document, 0), FLASH_LAYOUT_COLUMN_BINARY, "y"));
}

typedef struct {
  guint n_lists, n_edited, n_changed;
  guint position, n_removed, n_added;
} Counts;

static void
on_items_changed (GListModel *model, guint position, guint n_removed, guint n_added, Counts *counts)
{
  counts->n_lists++;
  counts->position = position;
  counts->n_removed = n_removed;
  counts->n_added = n_added;
}

static void
on_edited (FlashLayoutDocument *document, Counts *counts)
{
  counts->n_edited++;
  flash_layout_edit_script_check (document);
}

static void
on_changed (FlashLayoutEntry *entry, Counts *counts)
{
  counts->n_changed++;
}

static void
assert_counts (Counts *counts, guint n_lists, guint n_edited, guint n_changed)
{
  g_assert_cmpuint (counts->n_lists, ==, n_lists);
  g_assert_cmpuint (counts->n_edited, ==, n_edited);
  g_assert_cmpuint (counts->n_changed, ==, n_changed);
  counts->n_lists = counts->n_edited = counts->n_changed = 0;
}

static void
assert_place (const Counts *counts, guint position, guint n_removed, guint n_added)
{
  g_assert_cmpuint (counts->position, ==, position);
  g_assert_cmpuint (counts->n_removed, ==, n_removed);
  g_assert_cmpuint (counts->n_added, ==, n_added);
}

/* Views keep focus and place: nothing is said of what has not changed. */
static void
test_signals (void)
{
  g_autoptr (FlashLayoutDocument) document =
      flash_layout_document_test_open (A "\n" B "\n# c\n" C "\n");
  Counts counts = { 0 };

  g_signal_connect (document, "items-changed", G_CALLBACK (on_items_changed), &counts);
  g_signal_connect (document, "edited", G_CALLBACK (on_edited), &counts);
  for (guint i = 0; i < 3; i++)
    g_signal_connect (flash_layout_document_test_get (document, i), "changed",
                      G_CALLBACK (on_changed), &counts);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (document)) == FLASH_TYPE_LAYOUT_ENTRY);

  flash_layout_document_set_cell (document, flash_layout_document_test_get (document, 1),
                                  FLASH_LAYOUT_COLUMN_NAME, "z");
  assert_counts (&counts, 0, 1, 1);
  flash_layout_document_set_enabled (document, flash_layout_document_test_get (document, 2), FALSE);
  assert_counts (&counts, 0, 1, 1);
  flash_layout_document_undo (document);
  assert_counts (&counts, 0, 1, 1);
  flash_layout_document_test_insert (document, 1);
  assert_place (&counts, 1, 0, 1);
  assert_counts (&counts, 1, 1, 2); /* two have other numbers */
  flash_layout_document_move (document, flash_layout_document_test_get (document, 0), 2);
  assert_place (&counts, 0, 3, 3);
  assert_counts (&counts, 1, 1, 2);
  flash_layout_document_undo (document);
  assert_counts (&counts, 1, 1, 2);
  flash_layout_document_remove (document, flash_layout_document_test_get (document, 1));
  assert_place (&counts, 1, 1, 0);
  assert_counts (&counts, 1, 1, 2);
  flash_layout_document_insert_line (document, 5, "# at the end");
  assert_counts (&counts, 0, 1, 0);
  /* nothing happens, nothing is said */
  flash_layout_document_set_cell (document, flash_layout_document_test_get (document, 1),
                                  FLASH_LAYOUT_COLUMN_NAME, "z");
  assert_counts (&counts, 0, 0, 0);
}

/* Not a bar on time, but a quadratic way would be felt. */
static void
test_many_lines (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FlashLayoutDocument) document = NULL;
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();

  for (guint i = 0; i < 10000; i++)
    g_string_append (text, "P\t1\ta\tFIP\tmmc0\t1\tx\n");
  bytes = g_string_free_to_bytes (text);
  document = flash_layout_document_new (bytes);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (document)), ==, 10000);
  for (guint i = 0; i < 50; i++)
    g_assert_true (flash_layout_document_set_cell (
        document, flash_layout_document_test_get (document, i * 100), FLASH_LAYOUT_COLUMN_NAME,
        "b"));
  g_assert_true (
      flash_layout_document_move (document, flash_layout_document_test_get (document, 0), 9999));
  g_ptr_array_add (wanted, flash_layout_document_test_get (document, 5000));
  g_assert_true (flash_layout_document_keep_only (document, wanted));
  flash_layout_edit_script_check_history (document, bytes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/document/cells", test_cells);
  g_test_add_func ("/layout/document/kept", test_kept);
  g_test_add_func ("/layout/document/binary", test_binary);
  g_test_add_func ("/layout/document/enabled", test_enabled);
  g_test_add_func ("/layout/document/comments", test_comments);
  g_test_add_func ("/layout/document/size", test_size);
  g_test_add_func ("/layout/document/signals", test_signals);
  g_test_add_func ("/layout/document/many-lines", test_many_lines);
  return g_test_run ();
}
