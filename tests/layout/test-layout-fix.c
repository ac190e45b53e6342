/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each remedy: provoked, made, checked again, and undone. */
#define G_LOG_DOMAIN "test-layout-fix"

#include "config.h"

#include "flash-layout-fix-cases.h"
#include "flash-layout-fix-private.h"
#include "flash-layout-test-files.h"
#include "flash-test-images.h"

static char *folder;

static FlashDiagList *
check (FlashLayoutDocument *document)
{
  g_autoptr (GBytes) text = flash_layout_document_dup_text (document);
  FlashDiagList *diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (text, folder, diags);

  g_assert_true (flash_layout_lint (layout, NULL, diags, NULL, NULL));
  return diags;
}

static void
assert_text (FlashLayoutDocument *document, GBytes *expected)
{
  g_autoptr (GBytes) text = flash_layout_document_dup_text (document);

  if (g_bytes_equal (text, expected))
    return;
  g_test_message ("got:\n%.*s\nexpected:\n%.*s", (int) g_bytes_get_size (text),
                  (const char *) g_bytes_get_data (text, NULL), (int) g_bytes_get_size (expected),
                  (const char *) g_bytes_get_data (expected, NULL));
  g_assert_not_reached ();
}

/* Returns: whether the same is still said about the same cell. */
static gboolean
is_said (FlashDiagList *diags, const char *code, guint line, guint column)
{
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    const FlashDiag *diag = flash_diag_list_get (diags, i);

    if (g_str_equal (flash_diag_get_code (diag), code) && flash_diag_get_line (diag) == line &&
        flash_diag_get_column (diag) == column)
      return TRUE;
  }
  return FALSE;
}

static void
test_case (gconstpointer data)
{
  const FlashLayoutFixCase *test_case = data;
  gsize size = test_case->size > 0 ? test_case->size : strlen (test_case->before);
  g_autoptr (GBytes) before = g_bytes_new_static (test_case->before, size);
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (before);
  g_autoptr (FlashDiagList) diags = check (document);
  g_autoptr (FlashDiagList) left = NULL;
  g_autoptr (GBytes) after = NULL;
  const FlashDiag *diag = flash_diag_list_find (diags, test_case->code);

  g_assert_nonnull (diag);
  g_assert_cmpint (flash_layout_fix_get_kind (document, diag), ==, test_case->kind);
  if (test_case->after == NULL) {
    g_assert_false (flash_layout_fix_apply (document, diag));
    g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
    return;
  }
  g_assert_true (flash_layout_fix_apply (document, diag));
  after = g_bytes_new_static (test_case->after, strlen (test_case->after));
  assert_text (document, after);
  left = check (document);
  g_assert_false (
      is_said (left, test_case->code, flash_diag_get_line (diag), flash_diag_get_column (diag)));

  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_FIX);
  g_assert_true (flash_layout_document_undo (document));
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  assert_text (document, before);
}

/* A comment at the end gets a line end; how the document writes that is its own affair. */
static void
test_comment_at_end (void)
{
  static const char text[] = DATA "# end";
  g_autoptr (GBytes) before = g_bytes_new_static (text, strlen (text));
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (before);
  g_autoptr (FlashDiagList) diags = check (document);
  const FlashDiag *diag = flash_diag_list_find (diags, "comment-at-end");
  g_autoptr (FlashDiagList) left = NULL;

  g_assert_nonnull (diag);
  g_assert_cmpint (flash_layout_fix_get_kind (document, diag), ==, SAFE);
  g_assert_true (flash_layout_fix_apply (document, diag));
  left = check (document);
  g_assert_null (flash_diag_list_find (left, "comment-at-end"));
  g_assert_true (flash_layout_document_undo (document));
  assert_text (document, before);
}

static void
test_copies_on_mp2 (void)
{
  static const char text[] = ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl25.stm32")
      ROW ("P", "0x04", "fsbl1", "Binary(2)", "nand0", "0x0", "data.bin");
  g_autoptr (GBytes) before = g_bytes_new_static (text, strlen (text));
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (before);
  g_autoptr (FlashDiagList) diags = check (document);
  g_autoptr (FlashDiagList) left = NULL;
  const FlashDiag *diag = flash_diag_list_find (diags, "copies-on-mp2");
  const char *subject = NULL;

  g_assert_cmpint (flash_layout_fix_get_kind (document, diag), ==, ASK);
  g_assert_true (flash_layout_fix_apply (document, diag));
  flash_layout_document_get_undo (document, &subject);
  g_assert_cmpstr (subject, ==, "fsbl1");
  left = check (document);
  g_assert_null (flash_diag_list_find (left, "copies-on-mp2"));
}

/* With an STM32 header in front nothing can be mended but that. */
static void
test_framed (void)
{
  static const char text[] = "p\t0x04\ta\tBinary\tmmc0\t0x4400\tdata.bin\n";
  g_autoptr (GBytes) bare = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) framed = flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, bare, 0, 0, 0);
  gsize size = g_bytes_get_size (framed);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (framed, NULL), size);
  g_autoptr (GBytes) broken = NULL;
  g_autoptr (FlashLayoutDocument) document = NULL;
  g_autoptr (FlashDiagList) diags = NULL;
  const FlashDiag *checksum, *spelling;

  copy[size - 1] = '\r';
  broken = g_bytes_new (copy, size);
  document = flash_layout_document_new (broken);
  diags = check (document);
  checksum = flash_diag_list_find (diags, "layout-checksum");
  spelling = flash_diag_list_find (diags, "wrong-case");
  g_assert_nonnull (checksum);
  g_assert_nonnull (spelling);
  g_assert_cmpint (flash_layout_fix_get_kind (document, spelling), ==, NONE);
  g_assert_cmpint (flash_layout_fix_get_kind (document, checksum), ==, ASK);
  g_assert_cmpuint (flash_layout_fix_count_safe (document, diags), ==, 0);
  g_assert_cmpuint (flash_layout_fix_apply_safe (document, diags), ==, 0);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  g_assert_true (flash_layout_fix_apply (document, checksum));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (document)), ==, 1);
}

/* Somebody has thought about every code. */
static void
test_all_codes (void)
{
  const char *const *codes = flash_layout_lint_list_codes ();

  for (guint i = 0; codes[i] != NULL; i++) {
    const FlashLayoutRemedy *remedy = flash_layout_fix_find_remedy (codes[i]);
    gboolean has_case = g_str_equal (codes[i], "comment-at-end") ||
                        g_str_equal (codes[i], "copies-on-mp2") ||
                        g_str_has_prefix (codes[i], "layout-");

    g_test_message ("%s", codes[i]);
    g_assert_nonnull (remedy);
    g_assert_cmpint (remedy->kind == NONE, ==, remedy->method == FLASH_LAYOUT_METHOD_NONE);
    g_assert_cmpint (remedy->mend != NULL, ==, remedy->method == FLASH_LAYOUT_METHOD_LINE);
    for (guint k = 0; flash_layout_fix_cases[k].code != NULL; k++)
      has_case |= g_str_equal (flash_layout_fix_cases[k].code, codes[i]);
    g_assert_true (remedy->kind == NONE || has_case);
  }
  g_assert_null (flash_layout_fix_find_remedy ("gpt-bad-crc"));
}

/* Many faults at once, and some that only come to light by mending others. */
static void
test_all_safe (void)
{
  static const char text[] = "Opt\tId\tName\tType\tIP\tOffset\tBinary\r\n"
                             "  # stages\r\n"
                             "P 1 fsbl-boot binary none 0x0 fsbl15.stm32\r\n"
                             "–;3;fip-boot;FIP;none;0x0;fip.bin\r\n"
                             "\t \r\n"
                             "p\t0x20\tone\tBinary\tmmc0\t17K\tdata.bin\t\r\n"
                             "P\t0x20\ttwo\tBinary\tmmc0\t0x44401\t\"data.bin\"\r\n"
                             "P\t0x20\tthree\tBinary\tmmc0\t0x84400\tdata.bin\t# the third\r\n";
  static const char expected[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\r\n"
                                 "# stages\r\n"
                                 "-\t1\tfsbl-boot\tBinary\tnone\t0x0\tfsbl15.stm32\r\n"
                                 "-\t3\tfip-boot\tFIP\tnone\t0x0\tfip.bin\r\n"
                                 "\r\n"
                                 "P\t0x20\tone\tBinary\tmmc0\t0x00004400\tdata.bin\r\n"
                                 "P\t0x21\ttwo\tBinary\tmmc0\t0x44401\t\"data.bin\"\r\n"
                                 "# the third\r\n"
                                 "P\t0x22\tthree\tBinary\tmmc0\t0x84400\tdata.bin\r\n";
  g_autoptr (GBytes) before = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) after = g_bytes_new_static (expected, strlen (expected));
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (before);
  g_autoptr (FlashDiagList) diags = check (document);
  guint n_first = flash_layout_fix_count_safe (document, diags);
  g_autoptr (GArray) kinds = flash_layout_fix_dup_kinds (document, diags);
  guint n_made = flash_layout_fix_apply_safe (document, diags);
  g_autoptr (FlashDiagList) left = NULL;

  g_assert_cmpuint (kinds->len, ==, flash_diag_list_get_length (diags));
  g_assert_cmpuint (n_first, >, 5);
  g_assert_cmpuint (n_made, >, n_first);
  assert_text (document, after);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_FIX_ALL);
  g_assert_true (flash_layout_document_undo (document));
  assert_text (document, before);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  g_assert_true (flash_layout_document_redo (document));
  assert_text (document, after);
  left = check (document);
  g_assert_cmpuint (flash_layout_fix_count_safe (document, left), ==, 0);
}

static void
on_edited (FlashLayoutDocument *document, guint *n_edited)
{
  (*n_edited)++;
}

/* What makes every line another takes as many rounds as one line takes, and so often it is told. */
static void
test_told_once (void)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GBytes) before = NULL;
  g_autoptr (FlashLayoutDocument) document = NULL;
  g_autoptr (FlashDiagList) diags = NULL;
  g_autoptr (FlashLayoutEntry) last = NULL;
  guint n_edited = 0;

  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text, "p\t0x%02x\tn%u\tbinary\tmmc0\t0x%x\tdata.bin\t# comment %u\n",
                            i + 0x20, i, 0x4400 + i * 0x1000, i);
  before = g_string_free_to_bytes (text);
  document = flash_layout_document_new (before);
  diags = check (document);
  g_signal_connect (document, "edited", G_CALLBACK (on_edited), &n_edited);
  g_assert_cmpuint (flash_layout_fix_apply_safe (document, diags), ==, 300);
  g_assert_cmpuint (n_edited, ==, 2); /* lines, then cells */
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (document)), ==, 100);
  last = g_list_model_get_item (G_LIST_MODEL (document), 99);
  g_assert_cmpuint (flash_layout_entry_get_number (last), ==, 200);
  g_assert_cmpuint (flash_layout_entry_get_n_cells (last), ==, 7);
  g_assert_cmpstr (flash_layout_entry_get_cell (last, FLASH_LAYOUT_COLUMN_OPTION), ==, "P");
  g_assert_true (flash_layout_document_find_line (document, 200) == last);
  g_assert_true (flash_layout_document_undo (document));
  g_assert_cmpuint (n_edited, ==, 3);
  assert_text (document, before);
}

/* The entries are those that somebody sees who opens the text now. */
static void
assert_up_to_date (FlashLayoutDocument *document)
{
  g_autoptr (GBytes) text = flash_layout_document_dup_text (document);
  g_autoptr (FlashLayoutDocument) fresh = flash_layout_document_new (text);
  guint n_entries = g_list_model_get_n_items (G_LIST_MODEL (document));

  g_assert_cmpuint (n_entries, ==, g_list_model_get_n_items (G_LIST_MODEL (fresh)));
  for (guint i = 0; i < n_entries; i++) {
    g_autoptr (FlashLayoutEntry) got = g_list_model_get_item (G_LIST_MODEL (document), i);
    g_autoptr (FlashLayoutEntry) expected = g_list_model_get_item (G_LIST_MODEL (fresh), i);

    g_assert_cmpuint (flash_layout_entry_get_number (got), ==,
                      flash_layout_entry_get_number (expected));
    for (guint k = 1; k <= 7; k++)
      g_assert_cmpstr (flash_layout_entry_get_cell (got, k), ==,
                       flash_layout_entry_get_cell (expected, k));
  }
}

/* Whatever the text, it comes to an end, and goes back in one step. */
static void
test_random (void)
{
  static const char odd[] = "\t\n\r# ,;\"P-E0x19mboFBR";
  g_autoptr (GRand) random = g_rand_new_with_seed (4);

  for (guint i = 0; i < 400; i++) {
    g_autofree char *text =
        g_strdup (STAGES DATA "PE\t0x21\tb\tSystem\tmmc0\t0x80000\tnone\n"
                              "PE\t0x22\tc\tFileSystem\tmmc0\t0x90000\tnone\n# end");
    g_autoptr (GBytes) before = NULL;
    g_autoptr (FlashLayoutDocument) document = NULL;
    g_autoptr (FlashDiagList) diags = NULL;

    for (gint n = g_rand_int_range (random, 1, 25); n > 0; n--)
      text[g_rand_int_range (random, 0, (gint32) strlen (text))] =
          odd[g_rand_int_range (random, 0, (gint32) strlen (odd))];
    before = g_bytes_new (text, strlen (text));
    document = flash_layout_document_new (before);
    diags = check (document);
    if (flash_layout_fix_apply_safe (document, diags) > 0) {
      assert_up_to_date (document);
      g_assert_true (flash_layout_document_undo (document));
      g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
    }
    assert_text (document, before);
  }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = flash_layout_test_make_files ();
  for (guint i = 0; flash_layout_fix_cases[i].code != NULL; i++) {
    const FlashLayoutFixCase *fix_case = &flash_layout_fix_cases[i];
    g_autofree char *path = g_strdup_printf ("/layout/fix/%s-%u", fix_case->code, i);

    g_test_add_data_func (path, fix_case, test_case);
  }
  g_test_add_func ("/layout/fix/comment-at-end", test_comment_at_end);
  g_test_add_func ("/layout/fix/copies-on-mp2", test_copies_on_mp2);
  g_test_add_func ("/layout/fix/framed", test_framed);
  g_test_add_func ("/layout/fix/all-codes", test_all_codes);
  g_test_add_func ("/layout/fix/all-safe", test_all_safe);
  g_test_add_func ("/layout/fix/told-once", test_told_once);
  g_test_add_func ("/layout/fix/random", test_random);
  result = g_test_run ();
  flash_test_remove_dir (folder);
  g_free (folder);
  return result;
}
