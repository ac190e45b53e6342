/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long it takes to read and check a layout: what somebody feels who types. Prints milliseconds;
 * run by hand. */
#define G_LOG_DOMAIN "bench-layout"

#include "config.h"

#include "flash-layout-fix.h"
#include "flash-layout-test.h"
#include "flash-test-images.h"

#include <stdio.h>

#define N_ROUNDS 5

typedef struct {
  const char *name;
  char *(*dup_text) (guint n_lines);
  guint n_lines;
} Sample;

static char *
dup_lines (const char *format, guint n_lines)
{
  GString *text = g_string_new (NULL);

  /* @ stands for the number of the line. */
  for (guint i = 0; i < n_lines; i++) {
    g_auto (GStrv) pieces = g_strsplit (format, "@", -1);
    g_autofree char *number = g_strdup_printf ("%x", i + 0x10);
    g_autofree char *line = g_strjoinv (number, pieces);

    g_string_append (text, line);
  }
  return g_string_free (text, FALSE);
}

/* What people have, but longer: on one storage, with a file each. */
static char *
dup_usual (guint n_lines)
{
  return dup_lines (ROW ("P", "0x@", "part-@", "FileSystem", "mmc0", "0x@00000", "data@.bin"),
                    n_lines);
}

static char *
dup_missing_files (guint n_lines)
{
  return dup_lines (ROW ("P", "0x@", "p", "Binary", "mmc0", "0x@000", "no/@"), n_lines);
}

static char *
dup_one_id (guint n_lines)
{
  return dup_lines (ROW ("P", "0x20", "p", "Binary", "mmc0", "0x4400", "none"), n_lines);
}

static char *
dup_stages (guint n_lines)
{
  return dup_lines (ROW ("-", "0x01", "p", "Binary", "none", "0x0", "none"), n_lines);
}

static char *
dup_blanks (guint n_lines)
{
  return dup_lines ("P 0x@ p Binary mmc0 0x@ none\n", n_lines);
}

static char *
dup_words (guint n_lines)
{
  return dup_lines ("a b c d e f g@\n", n_lines);
}

static char *
dup_tabs (guint n_lines)
{
  return dup_lines ("a\t\t\t\t\t@\t\n", n_lines);
}

static char *
dup_cases (guint n_lines)
{
  return dup_lines ("p\t0x@\tp\tbinary\tMMC0\t0x@\t\tx\n", n_lines);
}

static char *
dup_one_line (guint n_cells)
{
  return dup_lines ("a ;,|\t", n_cells);
}

static char *
dup_comments (guint n_lines)
{
  return dup_lines (" # ab\n", n_lines);
}

static char *
dup_storages (guint n_lines)
{
  return dup_lines (ROW ("P", "0x@", "p", "Binary", "ram@", "0x@", "none"), n_lines);
}

static const Sample samples[] = {
  { "200 lines with files", dup_usual, 200 },
  { "10000 lines of one Id", dup_one_id, 10000 },
  { "10000 boot stages", dup_stages, 10000 },
  { "10000 lines, blanks", dup_blanks, 10000 },
  { "10000 lines of words", dup_words, 10000 },
  { "10000 ends in TABs", dup_tabs, 10000 },
  { "10000 cells to mend", dup_cases, 10000 },
  { "10000 missing files", dup_missing_files, 10000 },
  { "10000 odd comments", dup_comments, 10000 },
  { "7000 lines in RAM", dup_storages, 7000 },
  { "one line, 40000 cells", dup_one_line, 40000 },
};

static double
measure (const char *folder, const char *text, FlashLayoutFiles *files, double *out_read_ms)
{
  FlashLayoutLintOptions options = { .files = files };
  g_autoptr (GBytes) bytes = g_bytes_new (text, MIN (strlen (text), (gsize) FLASH_LAYOUT_MAX_SIZE));
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = NULL;
  gint64 start = g_get_monotonic_time ();

  layout = flash_layout_new_from_bytes (bytes, folder, diags);
  *out_read_ms = (double) (g_get_monotonic_time () - start) / 1000;
  g_assert_true (flash_layout_lint (layout, &options, diags, NULL, NULL));
  return (double) (g_get_monotonic_time () - start) / 1000;
}

/* Files count as known only once they are some seconds old. */
static void
get_to_know (const char *folder, const char *text, FlashLayoutFiles *files)
{
  guint n_read;
  double ignored;

  do {
    n_read = flash_layout_files_get_n_read (files);
    measure (folder, text, files, &ignored);
  } while (flash_layout_files_get_n_read (files) > n_read);
}

/* Opening for editing, what the window does after each check, and “Fix all safe”. */
static void
measure_fixes (const char *text, double *out_open_ms, double *out_look_ms, double *out_fix_ms)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, MIN (strlen (text), (gsize) FLASH_LAYOUT_MAX_SIZE));
  gint64 start = g_get_monotonic_time ();
  g_autoptr (FlashLayoutDocument) document = flash_layout_document_new (bytes);
  double open_ms = (double) (g_get_monotonic_time () - start) / 1000;
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_new_from_bytes (bytes, NULL, diags);
  const FlashLayoutLintOptions options = { .ignores_files = TRUE };
  g_autoptr (GArray) kinds = NULL;

  *out_open_ms = open_ms;
  g_assert_true (flash_layout_lint (layout, &options, diags, NULL, NULL));
  start = g_get_monotonic_time ();
  kinds = flash_layout_fix_dup_kinds (document, diags);
  *out_look_ms = (double) (g_get_monotonic_time () - start) / 1000;
  start = g_get_monotonic_time ();
  flash_layout_fix_apply_safe (document, diags);
  *out_fix_ms = (double) (g_get_monotonic_time () - start) / 1000;
}

static void
run (const Sample *sample, const char *folder)
{
  g_autofree char *text = sample->dup_text (sample->n_lines);
  g_autoptr (FlashLayoutFiles) files = flash_layout_files_new ();
  double best = 0, best_read = 0, read_ms, open_ms, look_ms, fix_ms;
  double first = measure (folder, text, files, &read_ms);

  get_to_know (folder, text, files);
  for (guint i = 0; i < N_ROUNDS; i++) {
    double ms = measure (folder, text, files, &read_ms);

    if (i == 0 || ms < best) {
      best = ms;
      best_read = read_ms;
    }
  }
  measure_fixes (text, &open_ms, &look_ms, &fix_ms);
  printf ("%-22s first %7.2f ms, again %7.2f (reading %7.2f), opened %7.2f, fixes seen %7.2f, "
          "made %8.2f\n",
          sample->name, first, best, best_read, open_ms, look_ms, fix_ms);
}

int
main (void)
{
  g_autofree char *folder = flash_test_make_dir ();

  for (guint i = 0; i < 200; i++) {
    g_autofree char *name = g_strdup_printf ("data%x.bin", i + 0x10);
    g_autoptr (GBytes) bytes = i % 3 == 0   ? flash_test_make_ext4 (1 << 20, 1 << 16)
                               : i % 3 == 1 ? flash_test_make_stm32 (FLASH_TEST_STM32_V1_0, 200000)
                                            : flash_test_make_fip (FLASH_TEST_FIP_USUAL, 20000);

    flash_test_write_file (folder, name, bytes);
  }
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    run (&samples[i], folder);
  flash_test_remove_dir (folder);
  return 0;
}
