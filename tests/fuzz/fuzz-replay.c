/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives each file of a corpus to a fuzz target, whole and cut off at many places: what was once
 * found stays found, on every machine and without a fuzzer. */
#include "config.h"

#include "flash-fuzz.h"

/* A file is cut off at so many places at most. */
#define MAX_CUTS 64

/* The bytes get a place of their own, so that a sanitizer sees a read behind them. */
static void
replay (const char *contents, gsize length)
{
  g_autofree guint8 *copy = g_malloc (MAX (length, 1));

  if (length > 0)
    memcpy (copy, contents, length);
  g_assert_cmpint (LLVMFuzzerTestOneInput (copy, length), ==, 0);
}

static void
test_file (gconstpointer data)
{
  const char *path = data;
  g_autofree char *contents = NULL;
  gsize length, step;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, &length, &error);
  g_assert_no_error (error);
  replay (contents, length);
  step = length / MAX_CUTS + 1;
  for (gsize cut = 0; cut < length; cut += step)
    replay (contents, cut);
}

int
main (int argc, char **argv)
{
  g_autoptr (GDir) folder = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  g_test_init (&argc, &argv, NULL);
  if (argc != 2) {
    g_printerr ("name the folder of the corpus\n");
    return 2;
  }
  folder = g_dir_open (argv[1], 0, &error);
  if (folder == NULL) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *test_path = g_strdup_printf ("/replay/%s", name);

    g_test_add_data_func_full (test_path, g_build_filename (argv[1], name, NULL), test_file,
                               g_free);
  }
  return g_test_run ();
}
