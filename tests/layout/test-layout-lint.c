/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks beyond the parser. Each case is a layout beside one set of files; what is expected is
 * all that the checks say, so that none of them cries wolf in the others' cases. */
#define G_LOG_DOMAIN "test-layout-lint"

#include "config.h"

#include "flash-layout-lint-cases.h"
#include "flash-layout-test-files.h"
#include "flash-layout-test.h"
#include "flash-test-images.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static void
lint_text (const char *text, const FlashLayoutLintOptions *options, FlashDiagList *diags)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, folder, diags);
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_layout_lint (layout, options, diags, NULL, &error));
  g_assert_no_error (error);
}

/* Returns: whether the checks say what is expected. */
static gboolean
check_case (const FlashLayoutLintCase *lint_case, GHashTable *sizes)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  FlashLayoutLintOptions options = { .sizes = lint_case->has_sizes ? sizes : NULL,
                                     .device_id = lint_case->device_id };
  g_autofree char *got = NULL;

  lint_text (lint_case->text, &options, diags);
  for (guint i = 0; i < flash_diag_list_get_length (diags); i++) {
    g_autofree char *message = flash_diag_dup_message (flash_diag_list_get (diags, i), NULL);

    /* no value is missing, and it is a sentence */
    g_assert_null (strchr (message, '{'));
    g_assert_true (g_str_has_suffix (message, ".") || g_str_has_suffix (message, "?"));
  }
  got = flash_layout_test_dup_diags (diags);
  if (g_str_equal (got, lint_case->diags))
    return TRUE;
  g_test_message ("%s:\n%sgot:\n%s", lint_case->name, lint_case->text, got);
  return FALSE;
}

static void
test_cases (gconstpointer data)
{
  g_autoptr (GHashTable) sizes = flash_layout_test_make_sizes (
      "mmc0", G_GUINT64_CONSTANT (64) << 20, "mmc1", G_GUINT64_CONSTANT (64) << 20, "mmc1boot2",
      G_GUINT64_CONSTANT (1) << 20, NULL);
  gboolean is_right = TRUE;

  for (const FlashLayoutLintCase *lint_case = data; lint_case->text != NULL; lint_case++)
    is_right &= check_case (lint_case, sizes);
  g_assert_true (is_right);
}

static void
add_codes (GHashTable *seen, const char *diags)
{
  g_auto (GStrv) lines = g_strsplit (diags, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++) {
    const char *code = strrchr (lines[i], ' ');

    if (code != NULL)
      g_hash_table_add (seen, g_strdup (code + 1));
  }
}

/* Codes of this room that the cases of the parser provoke. */
static void
add_parser_codes (GHashTable *seen)
{
  for (const FlashLayoutLintCase *lint_case = flash_layout_parser_cases; lint_case->text != NULL;
       lint_case++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (GBytes) bytes = g_bytes_new (
        lint_case->text, lint_case->size > 0 ? lint_case->size : strlen (lint_case->text));
    g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, NULL, diags);
    g_autofree char *got = flash_layout_test_dup_diags (diags);

    g_assert_nonnull (layout);
    if (strstr (got, lint_case->diags) == NULL)
      g_assert_cmpstr (got, ==, lint_case->diags);
    add_codes (seen, got);
  }
}

static void
add_framed_codes (GHashTable *seen)
{
  static const char text[] = ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a");
  g_autoptr (GBytes) bare = g_bytes_new_static (text, strlen (text));
  g_autoptr (GBytes) framed = flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, bare, 0, 0, 0);
  gsize size = g_bytes_get_size (framed);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (framed, NULL), size);

  copy[size - 1] = 'x';
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GBytes) bytes = g_bytes_new (copy, size - i);
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, NULL, diags);
    g_autofree char *got = flash_layout_test_dup_diags (diags);

    g_assert_false (flash_layout_is_accepted (layout));
    add_codes (seen, got);
  }
}

static void
add_large_codes (GHashTable *seen)
{
  g_autoptr (GBytes) noise = flash_test_make_bytes (FLASH_LAYOUT_MAX_SIZE + 1, 3);
  g_autofree char *lines = g_strnfill (300, '\n');
  g_autoptr (GBytes) blank = g_bytes_new (lines, 300);
  GBytes *texts[] = { noise, blank };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (texts[i], NULL, diags);
    g_autofree char *got = flash_layout_test_dup_diags (diags);

    g_assert_false (flash_layout_is_accepted (layout));
    add_codes (seen, got);
  }
}

/* A code that no test provokes is one that nobody has seen work. */
static void
test_all_codes (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *const *codes = flash_layout_lint_list_codes ();
  GHashTableIter iter;
  gpointer code;
  gboolean has_failed = FALSE;

  for (const FlashLayoutLintCase *lint_case = flash_layout_lint_cases; lint_case->text != NULL;
       lint_case++)
    add_codes (seen, lint_case->diags);
  for (const FlashLayoutLintCase *lint_case = flash_layout_stage_cases; lint_case->text != NULL;
       lint_case++)
    add_codes (seen, lint_case->diags);
  for (const FlashLayoutLintCase *lint_case = flash_layout_memory_cases; lint_case->text != NULL;
       lint_case++)
    add_codes (seen, lint_case->diags);
  add_parser_codes (seen);
  add_framed_codes (seen);
  add_large_codes (seen);
  g_hash_table_add (seen, g_strdup ("too-many-table-lines")); /* test_table_command () */

  for (guint i = 0; codes[i] != NULL; i++) {
    if (!g_hash_table_contains (seen, codes[i])) {
      g_test_message ("nothing provokes %s", codes[i]);
      has_failed = TRUE;
    }
    if (i > 0)
      g_assert_cmpstr (codes[i - 1], <, codes[i]);
  }
  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, &code, NULL)) {
    /* those of formats come along with the files */
    if (!g_strv_contains (codes, code) && !g_str_has_prefix (code, "fip-") &&
        !g_str_has_prefix (code, "gpt-")) {
      g_test_message ("%s is not listed", (const char *) code);
      has_failed = TRUE;
    }
  }
  g_assert_false (has_failed);
}

/* The sane layout of the harness has nothing to be said about, but for two notes. */
static void
test_sane_layout (void)
{
  g_autofree char *dir = flash_test_make_layout_dir ();
  g_autofree char *path = g_build_filename (dir, "layout.tsv", NULL);
  g_autoptr (GHashTable) sizes = flash_layout_test_make_sizes (
      "mmc0", G_GUINT64_CONSTANT (96) << 20, "mmc1", G_GUINT64_CONSTANT (2) << 20, NULL);
  FlashLayoutLintOptions options = { .sizes = sizes, .device_id = 0x500 };
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_load (path, diags, NULL);
  g_autofree char *got = NULL;

  g_assert_true (flash_layout_lint (layout, &options, diags, NULL, NULL));
  got = flash_layout_test_dup_diags (diags);
  g_assert_cmpstr (got, ==, "info 5:2 boot-chain-first\ninfo 16:6 boot2-active\n");
  g_assert_null (flash_layout_dup_init_error (layout, sizes, 0x500, NULL));
  flash_test_remove_dir (dir);
}

/* stm32mp-usb.md section 3.8: about sixty lines fit. */
static void
test_table_command (void)
{
  for (guint n = 40; n <= 110; n += 70) {
    GString *text = g_string_new (NULL);
    g_autofree char *whole = NULL;
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();

    for (guint i = 0; i < n; i++)
      g_string_append_printf (text,
                              ROW ("PE", "0x%02x", "name-%u", "Binary", "mmc0", "0x%x", "none"),
                              i + 4, i, 0x4400 + i * 0x10000);
    whole = g_string_free (text, FALSE);
    lint_text (whole, NULL, diags);
    g_assert_cmpint (flash_diag_list_find (diags, "too-many-table-lines") != NULL, ==, n > 100);
    if (n > 100)
      g_assert_cmpuint (flash_diag_get_line (flash_diag_list_find (diags, "too-many-table-lines")),
                        ==, 99);
  }
}

static void
test_outside (void)
{
  static const struct {
    const char *binary;
    const char *code; /* %NULL: allowed */
  } cases[] = {
    { "data.bin", NULL },
    { "./sub/../data.bin", NULL },
    { "link-inside", NULL },
    { "../outside.bin", "file-outside-folder" },
    { "../../../../../../etc/passwd", "file-outside-folder" },
    { "/etc/passwd", "file-outside-folder" },
    { "link-outside", "file-outside-folder" },
    { "../missing.bin", "file-outside-folder" },
    { "sub/missing.bin", "file-missing" },
  };
  g_autofree char *dir = flash_test_make_dir ();
  g_autofree char *own = g_build_filename (dir, "own", NULL);
  g_autofree char *link_in = g_build_filename (own, "link-inside", NULL);
  g_autofree char *link_out = g_build_filename (own, "link-outside", NULL);

  flash_test_write_text (dir, "outside.bin", "x");
  flash_test_write_text (own, "data.bin", "x");
  flash_test_write_text (own, "sub/more.bin", "x");
  g_assert_cmpint (symlink ("data.bin", link_in), ==, 0);
  g_assert_cmpint (symlink ("../outside.bin", link_out), ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    for (guint allow = 0; allow < 2; allow++) {
      g_autofree char *text = g_strdup_printf (
          ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "%s"), cases[i].binary);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
      g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
      g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, own, diags);
      FlashLayoutLintOptions options = { .allow_outside = allow == 1 };
      gboolean is_outside;

      g_assert_true (flash_layout_lint (layout, &options, diags, NULL, NULL));
      is_outside = flash_diag_list_find (diags, "file-outside-folder") != NULL;
      g_assert_cmpint (is_outside, ==,
                       allow == 0 && g_strcmp0 (cases[i].code, "file-outside-folder") == 0);
      if (cases[i].code != NULL && allow == 0)
        g_assert_nonnull (flash_diag_list_find (diags, cases[i].code));
      else if (cases[i].code == NULL)
        g_assert_cmpuint (flash_diag_list_count (diags, FLASH_SEVERITY_ERROR), ==, 0);
    }
  }
  flash_test_remove_dir (dir);
}

static void
test_missing_fixes (void)
{
  static const struct {
    const char *binary;
    const char *fix;
  } cases[] = {
    { "None", "Write “none”." },
    { "fip/data.bin", "Write “data.bin”: the file lies beside the layout." },
    { "fip\\fip.bin", "Write “fip.bin”: the file lies beside the layout." },
    { "fip\\x.bin", "Write / in place of \\: “fip/x.bin”." },
    { "nowhere.bin",
      "Put the layout back where it came from, beside its images, or correct the path." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf (
        ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "%s"), cases[i].binary);
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autofree char *fix = NULL;

    lint_text (text, NULL, diags);
    fix = flash_diag_dup_fix (flash_diag_list_find (diags, "file-missing"), NULL);
    g_assert_cmpstr (fix, ==, cases[i].fix);
  }
}

/* Somebody else's file. The administrator may read everything, so the test gives that up. */
static void
test_no_rights (void)
{
  g_autofree char *path = g_build_filename (folder, "secret.bin", NULL);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  gboolean is_root = geteuid () == 0;

  flash_test_write_text (folder, "secret.bin", "x");
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  if (is_root && seteuid (65534) != 0) {
    g_test_skip ("the administrator cannot become somebody else here");
    return;
  }
  lint_text (ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "secret.bin"), NULL, diags);
  if (is_root)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_nonnull (flash_diag_list_find (diags, "file-unreadable"));
}

static void
test_cancel (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FlashLayout) layout = NULL;
  g_autoptr (GError) error = NULL;
  static const char text[] = ROW ("P", "0x20", "data", "Binary", "mmc0", "0x4400", "data.bin");

  bytes = g_bytes_new_static (text, strlen (text));
  layout = flash_layout_new_from_bytes (bytes, folder, diags);
  g_cancellable_cancel (cancellable);
  g_assert_false (flash_layout_lint (layout, NULL, diags, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Layouts that are nearly right, over files that are nearly right: nothing crashes, and there are
 * always whole sentences. */
static void
test_mutations (void)
{
  static const char odd[] = "\t\n\r# P-E0x19mboFBR";
  g_autoptr (GRand) random = g_rand_new_with_seed (257);

  for (guint i = 0; i < 3000; i++) {
    const FlashLayoutLintCase *lint_case =
        i % 2 == 0 ? flash_layout_lint_cases : flash_layout_stage_cases;
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    FlashLayoutLintOptions options = { .device_id = i % 3 == 0 ? 0x500 : 0,
                                       .allow_outside = i % 5 == 0 };
    g_autofree char *text = NULL;

    for (gint n = g_rand_int_range (random, 0, 40); n > 0 && lint_case[1].text != NULL; n--)
      lint_case++;
    text = g_strdup (lint_case->text);
    for (gint n = g_rand_int_range (random, 1, 5); n > 0; n--)
      text[g_rand_int_range (random, 0, (gint32) strlen (text))] =
          odd[g_rand_int_range (random, 0, (gint32) strlen (odd))];
    lint_text (text, &options, diags);
    for (guint k = 0; k < flash_diag_list_get_length (diags); k++) {
      g_autofree char *message = flash_diag_dup_message (flash_diag_list_get (diags, k), NULL);

      g_assert_true (g_utf8_validate (message, -1, NULL));
      g_assert_null (strchr (message, '{'));
    }
  }
}

/* What the readers of firmware files find is said at the line that names the file. */
static void
test_findings_of_formats (void)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  const FlashDiag *diag;

  lint_text (ROW ("-", "0x01", "fsbl-boot", "Binary", "none", "0x0", "fsbl15.stm32")
                 ROW ("-", "0x03", "fip-boot", "FIP", "none", "0x0", "fip-cut.bin"),
             NULL, diags);
  diag = flash_diag_list_find (diags, "fip-entry-beyond-end");
  g_assert_nonnull (diag);
  g_assert_cmpuint (flash_diag_get_line (diag), ==, 2);
  g_assert_cmpuint (flash_diag_get_column (diag), ==, FLASH_LAYOUT_COLUMN_BINARY);
  g_assert_cmpint (flash_diag_get_severity (diag), ==, FLASH_SEVERITY_ERROR);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  folder = flash_layout_test_make_files ();
  g_test_add_data_func ("/layout/lint/cases/partitions", flash_layout_lint_cases, test_cases);
  g_test_add_data_func ("/layout/lint/cases/stages", flash_layout_stage_cases, test_cases);
  g_test_add_data_func ("/layout/lint/cases/memory", flash_layout_memory_cases, test_cases);
  g_test_add_func ("/layout/lint/all-codes", test_all_codes);
  g_test_add_func ("/layout/lint/sane-layout", test_sane_layout);
  g_test_add_func ("/layout/lint/table-command", test_table_command);
  g_test_add_func ("/layout/lint/outside", test_outside);
  g_test_add_func ("/layout/lint/missing-fixes", test_missing_fixes);
  g_test_add_func ("/layout/lint/no-rights", test_no_rights);
  g_test_add_func ("/layout/lint/cancel", test_cancel);
  g_test_add_func ("/layout/lint/mutations", test_mutations);
  g_test_add_func ("/layout/lint/findings-of-formats", test_findings_of_formats);
  result = g_test_run ();
  flash_test_remove_dir (folder);
  g_free (folder);
  return result;
}
