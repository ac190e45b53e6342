/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Undo and redo, and what is true after any edits of any layout. A folder of more layouts can be
 * named by the environment variable FLASH_TEST_LAYOUTS. */
#define G_LOG_DOMAIN "test-layout-history"

#include "config.h"

#include "flash-layout-edit-script.h"

#define N_SEQUENCES 1000
#define N_EDITS 24

#define HEADER "#Opt\tId\tName\tType\tIP\tOffset\tBinary"
#define ROW1 "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\tusb.stm32"
#define ROW2 "P\t0x04\tfsbl1\tBinary\tmmc0\t0x4400\tsd.stm32"
#define ROW3 "PE\t0x10\trootfs\tFileSystem\tmmc0\t0x80000\tnone"

static const struct {
  const char *name;
  const char *text;
} samples[] = {
  { "tabs", HEADER "\n" ROW1 "\n" ROW2 "\n" ROW3 "\n" },
  { "no-last-end", HEADER "\n" ROW1 "\n" ROW2 },
  { "crlf", HEADER "\r\n" ROW1 "\r\n\r\n" ROW2 "\r\n" },
  { "crlf-mixed", ROW1 "\n" ROW2 "\r\n" ROW3 "\r\r\n" ROW1 "\r" },
  { "cr", HEADER "\r" ROW1 "\r\r" ROW2 "\r" },
  { "cr-at-end", ROW1 "\r" },
  { "stray-cr", ROW1 "\n-\t0x0\r3\tfip\tFIP\tnone\t0x0\t\r\n\r" ROW2 "\n" ROW3 "\r\r" },
  { "mark", "\xef\xbb\xbf" HEADER "\n" ROW1 "\n" ROW2 "\n" },
  { "comments", "# one\n\n" ROW1 "\n# two\n\t# three\n" ROW2 "\n#four\n\n\n#five" },
  { "off", "#" ROW1 "\n" ROW2 "\n\t#" ROW3 "\n# " ROW3 "\n##" ROW3 "\n" },
  { "several-tabs", "#Opt\tId\tName\t\tType\n-\t0x01\tfsbl-boot\tBinary\t\tnone\t0x0\t\tusb\n"
                    "P\t0x04\tfsbl1\t\tBinary\t\tmmc0\t0x4400\t\tsd\n" },
  { "blanks", "P 0x04 fsbl1 Binary mmc0 0x4400 sd.stm32\n" ROW3 "\n- 0x01 f Binary none 0x0 a\n" },
  { "separators",
    "P;0x04;fsbl1;Binary;mmc0;0x4400;a b\n\"P\",\"0x05\",\"\",Binary,mmc0,0x8800,x\n" },
  { "broken", "P\t0x04\nfoo\nP\t\n\t\nP\tz\tn\tt\ti\to\tb\tc\td\n" ROW1 "\t\n" },
  { "not-utf8", "P\t0x10\tr\xff\xfeo\tFileSystem\tmmc0\t0x80000\ta\xc3\n" ROW2 "\n" },
  { "header-without-hash", "Opt\tId\tName\n" ROW1 "\n \n # x\n" },
  { "empty", "" },
  { "end-only", "\n" },
  { "comment-only", "#" },
};

static GBytes *
make (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static void
run_sequence (GBytes *original, guint32 seed)
{
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (original);
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint n_edits = (guint) g_rand_int_range (rand, 1, N_EDITS);

  flash_layout_edit_script_check (document);
  for (guint i = 0; i < n_edits; i++) {
    guint8 bytes[FLASH_LAYOUT_EDIT_SCRIPT_STEP];

    for (guint k = 0; k < sizeof bytes; k++)
      bytes[k] = (guint8) g_rand_int_range (rand, 0, 256);
    flash_layout_edit_script_run (document, bytes);
    flash_layout_edit_script_check (document);
  }
  flash_layout_edit_script_check_history (document, original);
}

static void
test_random (void)
{
  for (guint32 i = 0; i < N_SEQUENCES; i++) {
    g_autoptr (GBytes) original = make (samples[i % G_N_ELEMENTS (samples)].text);

    run_sequence (original, i);
  }
}

static void
run_folder (const char *folder, guint n_sequences)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *text = NULL;
    g_autoptr (GBytes) original = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (path, &text, &length, NULL));
    original = g_bytes_new (text, length);
    for (guint32 i = 0; i < n_sequences; i++)
      run_sequence (original, i);
  }
}

static void
test_files (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "data", "layout", NULL);
  const char *more = g_getenv ("FLASH_TEST_LAYOUTS");

  run_folder (folder, 20);
  if (more != NULL)
    run_folder (more, 100);
}

static FlashLayoutEntry *
get (FlashLayoutDocument *document, guint position)
{
  g_autoptr (FlashLayoutEntry) entry = g_list_model_get_item (G_LIST_MODEL (document), position);

  return entry;
}

static void
test_names (void)
{
  g_autoptr (GBytes) original = make (samples[0].text);
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (original);
  const char *subject = "untouched";

  g_assert_cmpint (flash_layout_document_get_undo (document, &subject), ==, FLASH_LAYOUT_EDIT_NONE);
  g_assert_null (subject);
  g_assert_false (flash_layout_document_undo (document));
  g_assert_false (flash_layout_document_redo (document));

  g_assert_true (flash_layout_document_set_cell (document, get (document, 1),
                                                 FLASH_LAYOUT_COLUMN_NAME, "first"));
  g_assert_cmpint (flash_layout_document_get_undo (document, &subject), ==,
                   FLASH_LAYOUT_EDIT_SET_CELL);
  g_assert_cmpstr (subject, ==, "fsbl1");
  g_assert_true (flash_layout_document_undo (document));
  g_assert_cmpint (flash_layout_document_get_redo (document, &subject), ==,
                   FLASH_LAYOUT_EDIT_SET_CELL);
  g_assert_cmpstr (subject, ==, "fsbl1");
  g_assert_true (flash_layout_document_redo (document));
  g_assert_true (flash_layout_document_undo (document));

  /* another edit makes an end of what could be made again */
  g_assert_true (flash_layout_document_set_enabled (document, get (document, 0), FALSE));
  g_assert_cmpint (flash_layout_document_get_redo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_DISABLE);
}

static void
drag (FlashLayoutDocument *document, const char *offset)
{
  flash_layout_document_set_cell (document, get (document, 1), FLASH_LAYOUT_COLUMN_OFFSET, offset);
}

static void
test_steps (void)
{
  g_autoptr (GBytes) original = make (samples[0].text);
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (original);
  const char *subject;

  /* many changes, one step; no undo while it is open */
  flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_RESIZE, "fsbl1");
  for (guint i = 0; i < 100; i++) {
    g_autofree char *offset = g_strdup_printf ("0x%x", 0x4400 + i * 0x200);

    drag (document, offset);
  }
  g_assert_false (flash_layout_document_undo (document));
  flash_layout_document_end (document);
  g_assert_cmpint (flash_layout_document_get_undo (document, &subject), ==,
                   FLASH_LAYOUT_EDIT_RESIZE);
  g_assert_cmpstr (subject, ==, "fsbl1");
  g_assert_true (flash_layout_document_undo (document));
  g_assert_false (flash_layout_document_is_modified (document));
  g_assert_true (flash_layout_document_redo (document));
  g_assert_cmpstr (flash_layout_entry_get_cell (get (document, 1), FLASH_LAYOUT_COLUMN_OFFSET), ==,
                   "0x10a00");
  g_assert_true (flash_layout_document_undo (document));

  /* to and fro is no step, and leaves what can be made again */
  flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_RESIZE, "fsbl1");
  drag (document, "0x5000");
  drag (document, "0x4400");
  flash_layout_document_end (document);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  g_assert_cmpint (flash_layout_document_get_redo (document, NULL), ==, FLASH_LAYOUT_EDIT_RESIZE);

  /* broken off */
  flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_RESIZE, "fsbl1");
  drag (document, "0x5000");
  flash_layout_document_abandon (document);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
  g_assert_cmpstr (flash_layout_entry_get_cell (get (document, 1), FLASH_LAYOUT_COLUMN_OFFSET), ==,
                   "0x4400");
  flash_layout_document_begin (document, FLASH_LAYOUT_EDIT_FIX, NULL);
  flash_layout_document_end (document);
  g_assert_cmpint (flash_layout_document_get_undo (document, NULL), ==, FLASH_LAYOUT_EDIT_NONE);
}

static void
test_modified (void)
{
  g_autoptr (GBytes) original = make (samples[0].text);
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (original);

  g_assert_false (flash_layout_document_is_modified (document));
  drag (document, "0x8800");
  g_assert_true (flash_layout_document_is_modified (document));
  flash_layout_document_mark_saved (document);
  g_assert_false (flash_layout_document_is_modified (document));
  g_assert_true (flash_layout_document_undo (document));
  g_assert_true (flash_layout_document_is_modified (document));
  /* the same bytes by another way */
  drag (document, "0x8800");
  g_assert_false (flash_layout_document_is_modified (document));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/history/random", test_random);
  g_test_add_func ("/layout/history/files", test_files);
  g_test_add_func ("/layout/history/names", test_names);
  g_test_add_func ("/layout/history/steps", test_steps);
  g_test_add_func ("/layout/history/modified", test_modified);
  return g_test_run ();
}
