/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts of the kinds that are met in the field, as files. Their images are not there, which is
 * said and is not what these tests are about. */
#define G_LOG_DOMAIN "test-layout-samples"

#include "config.h"

#include "flash-layout-test.h"

typedef struct {
  const char *name;
  guint n_rows;
  const char *refusal; /* %NULL: accepted */
  const char *diags; /* without those about missing files */
} Sample;

static const Sample samples[] = {
  { "bare-metal-crlf.tsv", 1, NULL,
    "info 0:0 crlf\n"
    "info 0:0 stage-only\n" },
  { "blank-for-tab.tsv", 3, "Layout line 2: invalid offset '0x0 fip.bin'",
    "error 2:6 blank-for-tab\n" },
  { "emmc-old-types.tsv", 8, NULL,
    "info 4:2 boot-chain-first\n"
    "info 5:6 boot2-active\n"
    "warning 6:4 type-for-name\n" },
  { "emmc.tsv", 12, NULL,
    "info 4:2 boot-chain-first\n"
    "info 5:6 boot2-active\n" },
  { "external-loader.tsv", 4, NULL, "info 0:0 other-flow-prgfw\n" },
  { "forum.tsv", 3,
    "Layout line 3: invalid option '-' in - 0x01 fsbl-boot Binary none 0x0 ./usb.stm32)",
    "error 3:0 spaces-for-tabs\n"
    "error 5:0 spaces-for-tabs\n"
    "error 7:0 spaces-for-tabs\n" },
  { "indented.tsv", 3, "Layout line 1: invalid option ' ' in     #Opt)",
    "error 1:1 indented-comment\n"
    "error 2:1 blank-around-cell\n"
    "error 3:1 blank-around-cell\n"
    "error 4:1 blank-around-cell\n" },
  { "leading-zero.tsv", 1, NULL,
    "warning 0:0 no-boot-stages\n"
    "warning 1:6 offset-leading-zero\n"
    "warning 1:7 blank-around-binary\n" },
  { "many-tabs.tsv", 7, NULL, "warning 6:7 file-not-sent\n" },
  { "nand.tsv", 9, NULL, "info 4:2 boot-chain-first\n" },
  { "programmer.tsv", 1, NULL, "info 0:0 other-flow-prgfw\n" },
  { "ram.tsv", 3, NULL, "info 0:0 no-boot-stages\n" },
  { "raw-image.tsv", 3, NULL, "" },
};

static char *
drop_missing (const char *diags)
{
  g_auto (GStrv) lines = g_strsplit (diags, "\n", -1);
  GString *out = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++) {
    if (*lines[i] != '\0' && !g_str_has_suffix (lines[i], " file-missing"))
      g_string_append_printf (out, "%s\n", lines[i]);
  }
  return g_string_free (out, FALSE);
}

static void
test_sample (gconstpointer data)
{
  const Sample *sample = data;
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "layout", sample->name, NULL);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashLayout) layout = flash_layout_load (path, diags, &error);
  g_autofree char *all = NULL;
  g_autofree char *got = NULL;

  g_assert_no_error (error);
  g_assert_true (flash_layout_lint (layout, NULL, diags, NULL, NULL));
  g_assert_cmpstr (flash_layout_get_refusal (layout, NULL), ==, sample->refusal);
  g_assert_cmpuint (flash_layout_get_n_rows (layout), ==, sample->n_rows);
  all = flash_layout_test_dup_diags (diags);
  got = drop_missing (all);
  g_assert_cmpstr (got, ==, sample->diags);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++) {
    g_autofree char *path = g_strdup_printf ("/layout/samples/%s", samples[i].name);

    g_test_add_data_func (path, &samples[i], test_sample);
  }
  return g_test_run ();
}
