/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps of storages (stm32mp-usb.md section 3.6), and what the board says while it sets them up
 * (section 3.5). */
#define G_LOG_DOMAIN "test-layout-storage"

#include "config.h"

#include "flash-layout-map.h"
#include "flash-layout-storage.h"
#include "flash-layout-test.h"

#define MIB G_GUINT64_CONSTANT (1048576)

static char *
dup_map (GPtrArray *storages)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < storages->len; i++) {
    const FlashLayoutStorage *storage = g_ptr_array_index (storages, i);

    g_string_append_printf (out, "%s:", storage->ip);
    for (guint k = 0; k < storage->parts->len; k++) {
      const FlashLayoutPart *part = flash_layout_storage_get_part (storage, k);

      g_string_append_printf (out, " %s@%" G_GINT64_MODIFIER "x",
                              flash_layout_row_get_name (part->row), part->start);
      if (part->size == G_MAXUINT64)
        g_string_append (out, "+?");
      else
        g_string_append_printf (out, "+%" G_GINT64_MODIFIER "x", part->size);
    }
    g_string_append_c (out, '\n');
  }
  return g_string_free (out, FALSE);
}

static void
test_maps (void)
{
  static const struct {
    const char *text;
    const char *map; /* sizes not known */
    const char *sized_map; /* mmc0: 64 MiB, mmc1: 64 MiB, mmc1boot1: 4 MiB, nor0: 2 MiB */
  } cases[] = {
    { "", "", "" },
    { ROW ("-", "0x01", "x", "Binary", "none", "0x0", "a"), "", "" },
    /* in order of offset, each up to the next; SD cards keep 35 blocks at the end */
    { ROW ("P", "0x05", "b", "Binary", "mmc0", "0x44400", "a")
          ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a"),
      "mmc0: a@4400+40000 b@44400+?\n", "mmc0: a@4400+40000 b@44400+3fb7600\n" },
    /* boot2, boot1, then the others; an eMMC keeps an erase group at the end */
    { ROW ("P", "0x06", "c", "Binary", "mmc1", "0x80000", "a")
          ROW ("P", "0x04", "one", "Binary", "mmc1", "boot1", "a")
              ROW ("P", "0x05", "two", "Binary", "mmc1", "boot2", "a"),
      "mmc1: two@0+? one@0+? c@80000+?\n", "mmc1: two@0+? one@0+400000 c@80000+3f00000\n" },
    /* a RawImage takes part in the order with its offset, and covers everything */
    { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
          ROW ("P", "0x10", "raw", "RawImage", "mmc0", "0x8000", "a")
              ROW ("P", "0x11", "b", "Binary", "mmc0", "0x10000", "a"),
      "mmc0: a@4400+3c00 raw@0+? b@10000+?\n",
      "mmc0: a@4400+3c00 raw@0+4000000 b@10000+3feba00\n" },
    { ROW ("P", "0x04", "a", "Binary", "nor0", "0x0", "a")
          ROW ("P", "0x05", "b", "Binary", "nor0", "0x40000", "a")
              ROW ("P", "0x06", "c", "Binary", "mmc0", "0x4400", "a")
                  ROW ("P", "0x07", "d", "System", "ram0", "0xC2000000", "a"),
      "nor0: a@0+40000 b@40000+?\nmmc0: c@4400+?\nram0: d@c2000000+?\n",
      "nor0: a@0+40000 b@40000+1c0000\nmmc0: c@4400+3ff7600\nram0: d@c2000000+?\n" },
    /* behind the end there is no room; at one place neither */
    { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
          ROW ("P", "0x05", "b", "Binary", "mmc0", "0x10000000000", "a")
              ROW ("P", "0x06", "c", "Binary", "mmc0", "0x4400", "a"),
      "mmc0: a@4400+0 c@4400+ffffffbc00 b@10000000000+?\n",
      "mmc0: a@4400+0 c@4400+ffffffbc00 b@10000000000+0\n" },
    /* lines with faults are left out */
    { ROW ("P", "0x04", "a", "binary", "mmc0", "0x4400", "a"), "", "" },
  };
  g_autoptr (GHashTable) sizes = flash_layout_test_make_sizes (
      "mmc0", 64 * MIB, "mmc1", 64 * MIB, "mmc1boot1", 4 * MIB, "nor0", 2 * MIB, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = flash_layout_test_parse (cases[i].text, diags);
    g_autoptr (GPtrArray) storages = flash_layout_dup_storages (layout, NULL);
    g_autoptr (GPtrArray) sized = flash_layout_dup_storages (layout, sizes);
    g_autofree char *map = dup_map (storages);
    g_autofree char *sized_map = dup_map (sized);

    g_assert_cmpstr (map, ==, cases[i].map);
    g_assert_cmpstr (sized_map, ==, cases[i].sized_map);
  }
}

/* A storage that is smaller than what is kept free on it. */
static void
test_tiny_storage (void)
{
  g_autoptr (GHashTable) sizes =
      flash_layout_test_make_sizes ("mmc0", (guint64) 512, "mmc1", (guint64) 513, NULL);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout =
      flash_layout_test_parse (ROW ("P", "0x04", "a", "Binary", "mmc0", "0x0", "a")
                                   ROW ("P", "0x05", "b", "Binary", "mmc1", "0x0", "a"),
                               diags);
  g_autoptr (GPtrArray) storages = flash_layout_dup_storages (layout, sizes);
  g_autofree char *map = dup_map (storages);

  g_assert_cmpstr (map, ==, "mmc0: a@0+0\nmmc1: b@0+0\n");
}

static FlashLayoutPart
get_last (GPtrArray *storages)
{
  const FlashLayoutStorage *storage = g_ptr_array_index (storages, 0);

  return *flash_layout_storage_get_part (storage, storage->parts->len - 1);
}

/* Where the DRAM ends depends on where it begins, and that on the chip. */
static void
test_dram (void)
{
  static const char text[] = ROW ("P", "0x10", "a", "System", "ram0", "0xC4000000", "a");
  g_autoptr (GHashTable) sizes = flash_layout_test_make_sizes ("ram0", 512 * MIB, NULL);
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) layout = flash_layout_test_parse (text, diags);
  g_autoptr (GPtrArray) unknown = flash_layout_dup_storages (layout, sizes);
  g_autoptr (GPtrArray) mp1 = flash_layout_dup_storages_for (layout, sizes, 0x500);
  g_autoptr (GPtrArray) mp2 = flash_layout_dup_storages_for (layout, sizes, 0x505);
  g_autoptr (GPtrArray) maps = flash_layout_dup_maps (layout, sizes, 0x500, NULL);

  g_assert_cmpuint (get_last (mp1).size, ==, 448 * MIB);
  g_assert_cmpuint (get_last (mp2).size, ==, 0);
  g_assert_cmpuint (get_last (unknown).size, ==, 0);
  g_assert_cmpuint (maps->len, ==, 1);
}

/* The first answer of the board; mmc0 and mmc1 have 64 MiB where @has_sizes. */
static const struct {
  const char *text;
  gboolean has_sizes;
  guint device_id;
  const char *answer;
  guint line;
} answers[] = {
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a"), TRUE, 0, NULL, 0 },
  { ROW ("P", "0x01", "a", "Binary", "none", "0x0", "a"), FALSE, 0,
    "Layout: selected none phase = 0x1 for part a", 1 },
  { ROW ("P", "0x00", "a", "Binary", "mmc0", "0x4400", "a"), FALSE, 0,
    "Layout: invalid phase = 0x0 for part a", 1 },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x04", "b", "Binary", "mmc1", "0x80000", "a"),
    FALSE, 0, "Layout: duplicated phase 0x4 for part a and b", 1 },
  /* the same Id on a boot stage behind it is as bad; one before it is not noticed */
  { ROW ("P", "0x03", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("-", "0x03", "b", "Binary", "none", "0x0", "a"),
    FALSE, 0, "Layout: duplicated phase 0x3 for part a and b", 1 },
  { ROW ("-", "0x03", "b", "Binary", "none", "0x0", "a")
        ROW ("P", "0x03", "a", "Binary", "mmc0", "0x4400", "a"),
    FALSE, 0, NULL, 0 },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc1", "0x80000", "a")
            ROW ("P", "0x06", "c", "Binary", "mmc2", "0x80000", "a")
                ROW ("P", "0x07", "d", "Binary", "nor0", "0x0", "a")
                    ROW ("P", "0x08", "e", "Binary", "nand0", "0x0", "a")
                        ROW ("P", "0x09", "f", "Binary", "mmc0", "0x44400", "a")
                            ROW ("P", "0x0A", "g", "Binary", "ram0", "0xC0000000", "a"),
    FALSE, 0, "Layout: too many device", 7 },
  { ROW ("P", "0x04", "fsbl1", "Binary(2)", "mmc0", "0x4400", "a"), FALSE, 0,
    "fsbl1 (0x4): multiple binary 2 not supported", 1 },
  { ROW ("P", "0x10", "fsbl1", "Binary(2)", "nand0", "0x0", "a"), FALSE, 0,
    "fsbl1 (0x10): multiple binary 2 not supported", 1 },
  { ROW ("P", "0x04", "ssbl", "Binary(3)", "spi-nand0", "0x0", "a"), FALSE, 0,
    "ssbl (0x4): multiple binary 3 not supported", 1 },
  { ROW ("P", "0x04", "fsbl1", "Binary(2)", "spi-nand0", "0x0", "a"), FALSE, 0, NULL, 0 },
  { ROW ("P", "0x04", "a", "Binary", "nor0", "boot1", "a"), FALSE, 0,
    "a (0x4): hw partition not expected : -1", 1 },
  { ROW ("P", "0x04", "a", "Binary", "nand0", "boot2", "a"), FALSE, 0,
    "a (0x4): hw partition not expected : -2", 1 },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "mmc0", "17408", "a"),
    FALSE, 0, "a (0x4): same address : 0x4400 == b (0x5): 0x4400", 1 },
  /* only the one before is compared, and a RawImage compares itself with none */
  { ROW ("P", "0x10", "r", "RawImage", "mmc0", "0x4400", "a")
        ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a"),
    FALSE, 0, NULL, 0 },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x10", "r", "RawImage", "mmc0", "0x4400", "a"),
    FALSE, 0, "a (0x4): same address : 0x4400 == r (0x10): 0x4400", 1 },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x3FFBA00", "a"), TRUE, 0, NULL, 0 },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x3FFBC00", "a"), TRUE, 0,
    "a (0x4): invalid address 0x3ffbc00 (max=0x3ffba00)", 1 },
  { ROW ("P", "0x04", "a", "Binary", "mmc1", "0x4000000", "a"), TRUE, 0,
    "a (0x4): invalid address 0x4000000 (max=0x3f80000)", 1 },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4200", "a"), FALSE, 0,
    "a (0x4): invalid address 0x4200 (min=0x4400)", 1 },
  { ROW ("P", "0x04", "a", "Binary", "mmc1", "0x4400", "a"), FALSE, 0,
    "a (0x4): invalid address 0x4400 (min=0x80000)", 1 },
  { ROW ("P", "0x10", "k", "System", "ram0", "0x90000000", "a"), FALSE, 0x500,
    "k (0x10): invalid address 0x90000000 (min=0xc0000000)", 1 },
  { ROW ("P", "0x10", "k", "System", "ram0", "0x90000000", "a"), FALSE, 0x505, NULL, 0 },
  { ROW ("P", "0x10", "k", "System", "ram0", "0x70000000", "a"), FALSE, 0,
    "k (0x10): invalid address 0x70000000 (min=0x80000000)", 1 },
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4401", "a"), FALSE, 0,
    "a (0x4): not aligned address : 0x4401 on erase size 0x200", 1 },
  { ROW ("P", "0x04", "a", "Binary", "mmc1", "0x84400", "a"), FALSE, 0,
    "a (0x4): not aligned address : 0x84400 on erase size 0x80000", 1 },
  { ROW ("P", "0x04", "a", "Binary", "nor0", "0x8000", "a"), FALSE, 0,
    "a (0x4): not aligned address : 0x8000 on erase size 0x10000", 1 },
  { ROW ("P", "0x04", "a", "Binary", "nand0", "0x10000", "a"), FALSE, 0,
    "a (0x4): not aligned address : 0x10000 on erase size 0x20000", 1 },
  /* storage by storage, in the order in which they are named */
  { ROW ("P", "0x04", "a", "Binary", "mmc0", "0x4400", "a")
        ROW ("P", "0x05", "b", "Binary", "nor0", "0x1", "a")
            ROW ("P", "0x06", "c", "Binary", "mmc0", "0x4600", "a")
                ROW ("P", "0x07", "d", "Binary", "mmc0", "0x4601", "a"),
    FALSE, 0, "d (0x7): not aligned address : 0x4601 on erase size 0x200", 4 },
  /* what the parser refuses is never set up */
  { ROW ("p", "0x00", "a", "Binary", "mmc0", "0x4400", "a"), FALSE, 0, NULL, 0 },
};

static void
test_answers (void)
{
  g_autoptr (GHashTable) sizes =
      flash_layout_test_make_sizes ("mmc0", 64 * MIB, "mmc1", 64 * MIB, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = flash_layout_test_parse (answers[i].text, diags);
    g_autofree char *got = NULL;
    guint line = 0;

    got = flash_layout_dup_init_error (layout, answers[i].has_sizes ? sizes : NULL,
                                       answers[i].device_id, &line);
    g_assert_cmpstr (got, ==, answers[i].answer);
    g_assert_cmpuint (line, ==, answers[i].line);
  }
}

/* The checks say the same, with the board's words. */
static void
test_answers_in_checks (void)
{
  g_autoptr (GHashTable) sizes =
      flash_layout_test_make_sizes ("mmc0", 64 * MIB, "mmc1", 64 * MIB, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
    g_autoptr (FlashLayout) layout = flash_layout_test_parse (answers[i].text, diags);
    FlashLayoutLintOptions options = { .sizes = answers[i].has_sizes ? sizes : NULL,
                                       .device_id = answers[i].device_id };
    guint n_found = 0;

    /* a lone selected stage is the other flow, in which the board is not U-Boot */
    if (answers[i].answer == NULL || strstr (answers[i].answer, "selected none") != NULL)
      continue;
    g_assert_true (flash_layout_lint (layout, &options, diags, NULL, NULL));
    for (guint k = 0; k < flash_diag_list_get_length (diags); k++)
      n_found += g_strcmp0 (flash_diag_get_device_text (flash_diag_list_get (diags, k)),
                            answers[i].answer) == 0;
    g_assert_cmpuint (n_found, ==, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layout/storage/maps", test_maps);
  g_test_add_func ("/layout/storage/tiny", test_tiny_storage);
  g_test_add_func ("/layout/storage/dram", test_dram);
  g_test_add_func ("/layout/storage/answers-of-the-board", test_answers);
  g_test_add_func ("/layout/storage/answers-in-checks", test_answers_in_checks);
  return g_test_run ();
}
