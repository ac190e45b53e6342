/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a storage map says: of its parts, of what overlaps, and of its size, which it asks for. */
#define G_LOG_DOMAIN "test-storage-words"

#include "config.h"

#include "flash-map-bench.h"
#include "flash-storage-part.h"
#include "flash-storage-size.h"

#define MIB G_GUINT64_CONSTANT (1048576)
#define GIB (1024 * MIB)
#define WIDTH 900

/* Areas: 0 table, 1 fsbl1, 2 fip, 3 bootfs, 4 rootfs, and the end of the table. */
#define SIMPLE                                                                                     \
  "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"                                                     \
  "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tfsbl\n"                                               \
  "P\t0x08\tfip\tFIP\tmmc0\t0x00044400\tfip\n"                                                     \
  "P\t0x10\tbootfs\tSystem\tmmc0\t0x04044400\tboot\n"                                              \
  "P\t0x11\trootfs\tFileSystem\tmmc0\t0x20044400\troot\n"
static const guint64 simple_images[] = { 0x30000, 0x100000, 32 * MIB, 300 * MIB };

static void
set_up (FlashMapBench *bench, gconstpointer unused)
{
  flash_map_bench_set_up (bench, WIDTH);
  if (flash_ui_has_input ())
    return;
  g_test_skip ("no keys and no pointer here");
}

static void
tear_down (FlashMapBench *bench, gconstpointer unused)
{
  flash_map_bench_tear_down (bench);
}

static void
show_simple (FlashMapBench *bench)
{
  flash_map_bench_show (bench, SIMPLE, 2 * GIB, simple_images, 0);
}

static GtkWidget *
get (FlashMapBench *bench, const char *id)
{
  return GTK_WIDGET (
      gtk_widget_get_template_child (GTK_WIDGET (bench->view), FLASH_TYPE_STORAGE_VIEW, id));
}

static const char *
get_text (FlashMapBench *bench, const char *id)
{
  return gtk_label_get_label (GTK_LABEL (get (bench, id)));
}

/* The lines below the map. */
static char *
dup_notes (FlashMapBench *bench)
{
  GString *out = g_string_new (NULL);

  for (GtkWidget *label = gtk_widget_get_first_child (get (bench, "note_list")); label != NULL;
       label = gtk_widget_get_next_sibling (label)) {
    if (gtk_widget_get_visible (label))
      g_string_append (out, gtk_label_get_label (GTK_LABEL (label)));
  }
  return g_string_free (out, FALSE);
}

/* --- what is said --------------------------------------------------------------------------- */

static char *
dup_all (FlashMapBench *bench)
{
  FlashLayoutMap *map = flash_storage_bar_get_map (bench->bar);
  g_autoptr (GArray) parts = g_array_new (FALSE, TRUE, sizeof (FlashStoragePart));

  for (guint i = 0; i < map->areas->len; i++) {
    FlashStoragePart part = { g_array_index (map->areas, FlashLayoutArea, i), FALSE,
                              FLASH_SEVERITY_INFO, flash_storage_bar_is_enlarged (bench->bar, i) };

    g_array_append_val (parts, part);
  }
  return flash_storage_map_dup_text (map, parts);
}

static void
test_words (FlashMapBench *bench, gconstpointer unused)
{
  g_autofree char *text = NULL, *unknown = NULL, *emmc = NULL;

  show_simple (bench);
  text = dup_all (bench);
  g_assert_cmpstr (
      text, ==,
      "Kept for the partition table: starts at 0x00000000, 17 KiB. Drawn larger than to scale.\n"
      "fsbl1: starts at 0x00004400, 256 KiB. Its file has 192 KiB and fills 75 % of it. "
      "Drawn larger than to scale.\n"
      "fip: starts at 0x00044400, 64 MiB. Its file has 1 MiB and fills 2 % of it. "
      "Drawn larger than to scale.\n"
      "bootfs: starts at 0x04044400, 448 MiB. Its file has 32 MiB and fills 7 % of it.\n"
      "rootfs: starts at 0x20044400, 1.5 GiB. Its file has 300 MiB and fills 20 % of it.\n"
      "Kept for the partition table: starts at 0x7fffba00, 17.5 KiB. Drawn larger than to scale.");
  flash_map_bench_show (bench,
                        "PE\t0x04\ta\tBinary\tmmc0\t0x8400\tnone\n"
                        "PED\t0x05\tb\tENV\tmmc0\t0x100000\tnone\n"
                        "-\t0x06\tc\tFIP\tmmc0\t0x200000\tnone\n"
                        "P\t0x07\td\tESP\tmmc0\t0x300000\tnone\n"
                        "P\t0x08\te\tFileSystem\tmmc0\t0x400000\tfile\n",
                        0, NULL, 0);
  unknown = dup_all (bench);
  g_assert_nonnull (strstr (unknown, "Free: starts at 0x00004400, 16 KiB."));
  g_assert_nonnull (
      strstr (unknown, "a: starts at 0x00008400, 991 KiB. Nothing is written into it."));
  g_assert_nonnull (strstr (unknown, "1 MiB. It is erased, and nothing is written into it."));
  g_assert_nonnull (strstr (unknown, "1 MiB. It is kept as it is."));
  g_assert_nonnull (strstr (unknown, "1 MiB. It has no file."));
  g_assert_nonnull (strstr (unknown, "e: starts at 0x00400000, up to the end, which is not known. "
                                     "The size of its file is not known."));
  flash_map_bench_show (bench, "P\t0x04\ta\tBinary\tmmc1\t0x80000\tf\n", 64 * MIB, NULL, 0);
  emmc = dup_all (bench);
  g_assert_nonnull (strstr (emmc, "Kept for the partition table, an erase group: starts at"));
  g_assert_cmpstr (get_text (bench, "kind_label"), ==, "usually the eMMC");
}

static void
test_kinds (FlashMapBench *bench, gconstpointer unused)
{
  static const struct {
    const char *text;
    guint index;
    const char *kind;
  } kinds[] = {
    { "P\t4\ta\tBinary\tmmc0\t0x4400\tf\n", 0, "usually the SD card" },
    { "P\t4\ta\tBinary\tmmc1\t0x80000\tf\n", 0, "usually the eMMC" },
    { "P\t4\ta\tBinary\tmmc1\tboot1\tf\n", 0, "eMMC" },
    { "P\t4\ta\tBinary\tmmc1\tboot1\tf\n", 1, "eMMC boot partition" },
    { "P\t4\ta\tBinary\tnor0\t0\tf\n", 0, "serial NOR flash" },
    { "P\t4\ta\tBinary\tnand0\t0\tf\n", 0, "parallel NAND flash" },
    { "P\t4\ta\tBinary\tspi-nand0\t0\tf\n", 0, "serial NAND flash" },
    { "P\t4\ta\tSystem\tram0\t0xC2000000\tf\n", 0, "memory" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    flash_map_bench_show (bench, kinds[i].text, 0, NULL, kinds[i].index);
    g_assert_cmpstr (get_text (bench, "kind_label"), ==, kinds[i].kind);
  }
}

/* Which two lines, which bytes; and it is hatched just there. */
static void
test_overlaps (FlashMapBench *bench, gconstpointer unused)
{
  static const guint64 images[] = { 3 * MIB, 0, 0 };
  graphene_rect_t first, second, hatched;
  g_autofree char *text = NULL, *notes = NULL;

  flash_map_bench_show (bench,
                        "P\t4\ta\tBinary\tnor0\t0x0\tf\n"
                        "P\t5\tb\tFIP\tnor0\t0x200000\tf\n"
                        "P\t6\tc\tFIP\tnor0\t0x400000\tf\n",
                        8 * MIB, images, 0);
  g_assert_true (gtk_widget_get_visible (get (bench, "note_box")));
  notes = dup_notes (bench);
  g_assert_cmpstr (notes, ==,
                   "The file of a (line 1) reaches 1 MiB into b (line 2), bytes 0x00200000 to "
                   "0x002fffff.");
  first = flash_map_bench_get_rect (bench, 0);
  second = flash_map_bench_get_rect (bench, 1);
  g_assert_true (flash_storage_bar_get_overlap_rect (bench->bar, 0, &hatched));
  g_assert_false (flash_storage_bar_get_overlap_rect (bench->bar, 1, &hatched));
  g_assert_cmpfloat (hatched.origin.x, >=, first.origin.x + first.size.width);
  g_assert_cmpfloat_with_epsilon (hatched.origin.x, second.origin.x, 0.01);
  g_assert_cmpfloat_with_epsilon (hatched.size.width, second.size.width / 2, 0.01);
  text = dup_all (bench);
  g_assert_nonnull (strstr (text, "fills 150 % of it. The file of a (line 1) reaches"));
  /* it goes with what caused it */
  flash_storage_bar_select_line (bench->bar, 2);
  gtk_widget_grab_focus (GTK_WIDGET (bench->bar));
  flash_map_bench_press (bench, "Alt_L+Page_Up");
  g_assert_cmpuint (flash_storage_bar_get_map (bench->bar)->overlaps->len, ==, 0);
}

static void
test_overlap_words (FlashMapBench *bench, gconstpointer unused)
{
  static const struct {
    const char *text;
    guint64 size;
    guint64 images[2];
    const char *words;
  } cases[] = {
    { "P\t4\ta\tFIP\tmmc0\t0x4200\tf\n",
      0,
      { 0 },
      "a (line 1) takes 512 B of the partition table, bytes 0x00004200 to 0x000043ff." },
    { "P\t4\ta\tFIP\tram0\t0x7fffff00\tf\n",
      0,
      { 0 },
      "a (line 1) begins before the first byte of ram0, bytes 0x7fffff00 to 0x7fffffff." },
    { "P\t4\ta\tFIP\tnor0\t0x200000\tf\n",
      MIB,
      { 0 },
      "a (line 1) begins behind the end of nor0, from byte 0x00200000 on." },
    { "P\t4\ta\tFIP\tnor0\t0x0\tf\n",
      MIB,
      { MIB + 3 },
      "a (line 1) reaches 3 B over the end of nor0, bytes 0x00100000 to 0x00100002." },
    { "P\t4\ta\tFIP\tnor0\t0x0\tf\nP\t5\tb\tFIP\tnor0\t0x0\tf\n",
      0,
      { 1, 1 },
      "a (line 1) and b (line 2) want the same place: everything, from byte 0x00000000 on." },
    { "P\t4\ta\tRawImage\tnor0\t0x0\tf\nP\t5\tb\tFIP\tnor0\t0x10000\tf\n",
      MIB,
      { 0x20000, 1 },
      "a (line 1) lies over b (line 2): 64 KiB, bytes 0x00010000 to 0x0001ffff. What is written "
      "last, stays." },
  };
  GString *many = g_string_new (NULL);
  g_autofree char *many_text = NULL, *many_notes = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *notes = NULL;

    flash_map_bench_show (bench, cases[i].text, cases[i].size, cases[i].images, 0);
    notes = dup_notes (bench);
    g_assert_cmpstr (notes, ==, cases[i].words);
  }
  for (guint i = 0; i < 8; i++)
    g_string_append (many, "P\t4\ta\tFIP\tnor0\t0x0\tf\n");
  many_text = g_string_free (many, FALSE);
  flash_map_bench_show (bench, many_text, 0, NULL, 0);
  many_notes = dup_notes (bench);
  g_assert_nonnull (strstr (many_notes, "And 4 other overlaps."));
}

/* Raw images have a row of their own, above what they cover. */
static void
test_raw (FlashMapBench *bench, gconstpointer unused)
{
  static const guint64 images[] = { 3 * MIB, MIB, MIB };
  graphene_rect_t raw, table;

  flash_map_bench_show (bench,
                        "P\t4\tdisk\tRawImage\tmmc0\t0x0\tf\n"
                        "P\t5\tb\tFIP\tmmc0\t0x4400\tf\n"
                        "P\t6\tc\tFIP\tmmc0\t0x804400\tf\n",
                        64 * MIB, images, 0);
  raw = flash_map_bench_get_rect (bench, 0);
  table = flash_map_bench_get_rect (bench, 1);
  g_assert_cmpfloat_with_epsilon (raw.size.width, gtk_widget_get_width (GTK_WIDGET (bench->bar)),
                                  0.01);
  g_assert_cmpfloat (raw.origin.y + raw.size.height, <=, table.origin.y);
  flash_map_bench_click (bench, 0);
  g_assert_cmpuint (bench->line, ==, 1);
  flash_map_bench_click (bench, 2);
  g_assert_cmpuint (bench->line, ==, 2);
  /* alone it has the whole height */
  flash_map_bench_show (bench, "P\t4\tdisk\tRawImage\tmmc0\t0x0\tf\n", 0, NULL, 0);
  g_assert_cmpint ((int) flash_map_bench_get_rect (bench, 0).size.height, ==,
                   gtk_widget_get_height (GTK_WIDGET (bench->bar)));
  flash_map_bench_click (bench, 0);
  g_assert_cmpuint (bench->line, ==, 1);
}

/* --- the size ------------------------------------------------------------------------------- */

static GtkWidget *
open_popover (FlashMapBench *bench)
{
  GtkWidget *popover = get (bench, "size_popover");

  /* The button moves with what it says. */
  flash_ui_settle (bench->window, 30);
  flash_ui_click (get (bench, "size_button"));
  flash_ui_wait_until (gtk_widget_get_mapped (popover));
  return popover;
}

static void
test_size (FlashMapBench *bench, gconstpointer unused)
{
  g_autoptr (GHashTable) sizes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (FlashLayoutMap) map = NULL;
  guint64 size = 8 * GIB;
  GtkWidget *popover, *entry;

  flash_map_bench_show (bench, SIMPLE, 0, simple_images, 0);
  g_assert_cmpstr (get_text (bench, "size_label"), ==, "Size unknown");
  popover = open_popover (bench);
  entry = flash_ui_find_named (popover, "entry");
  g_assert_null (flash_ui_find_named (popover, "unknown_button"));
  gtk_widget_grab_focus (entry);
  flash_ui_type ("much");
  flash_map_bench_press (bench, "Return");
  flash_ui_wait_until (flash_ui_find_named (popover, "error_label") != NULL);
  g_assert_cmpuint (bench->n_entered, ==, 0);
  gtk_editable_set_text (GTK_EDITABLE (entry), " 8 GiB ");
  g_assert_null (flash_ui_find_named (popover, "error_label"));
  flash_map_bench_press (bench, "Return");
  flash_ui_wait_until (bench->n_entered == 1);
  g_assert_cmpuint (bench->entered, ==, size);
  flash_ui_wait_until (!gtk_widget_get_mapped (popover));

  /* who said it is said */
  g_hash_table_insert (sizes, (gpointer) "mmc0", &size);
  map = flash_map_bench_make (SIMPLE, sizes, simple_images, 0);
  flash_storage_view_set_map (bench->view, map, NULL, TRUE);
  g_assert_cmpstr (get_text (bench, "size_label"), ==, "8 GiB, entered");
  flash_storage_view_set_map (bench->view, map, NULL, FALSE);
  g_assert_cmpstr (get_text (bench, "size_label"), ==, "8 GiB");
  popover = open_popover (bench);
  g_signal_emit_by_name (flash_ui_find_named (popover, "unknown_button"), "clicked");
  g_assert_cmpuint (bench->n_entered, ==, 2);
  g_assert_cmpuint (bench->entered, ==, 0);
}

static void
test_typical_sizes (FlashMapBench *bench, gconstpointer unused)
{
  static const struct {
    const char *text;
    guint index;
    const char *label;
    guint64 size;
  } cases[] = {
    { "P\t4\ta\tBinary\tmmc0\t0x4400\tf\n", 0, "16 GB", G_GUINT64_CONSTANT (16000000000) },
    { "P\t4\ta\tBinary\tmmc1\tboot1\tf\n", 1, "4 MiB", 4 * MIB },
    { "P\t4\ta\tBinary\tnor0\t0\tf\n", 0, "64 MiB", 64 * MIB },
    { "P\t4\ta\tBinary\tspi-nand0\t0\tf\n", 0, "1 GiB", GIB },
    { "P\t4\ta\tSystem\tram0\t0xC2000000\tf\n", 0, "512 MiB", 512 * MIB },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FlashMapBench other;
    GtkWidget *button;

    flash_map_bench_set_up (&other, WIDTH);
    flash_map_bench_show (&other, cases[i].text, 0, NULL, cases[i].index);
    button = flash_ui_find_widget (open_popover (&other), GTK_TYPE_BUTTON, cases[i].label);
    g_assert_nonnull (button);
    g_signal_emit_by_name (button, "clicked");
    g_assert_cmpuint (other.entered, ==, cases[i].size);
    flash_map_bench_tear_down (&other);
  }
}

/* --- whatever comes --------------------------------------------------------------------------- */

/* A thousand lines are drawn as what can be told apart, and the last one can be reached. */
static void
test_hostile (FlashMapBench *bench, gconstpointer unused)
{
  GString *text = g_string_new (NULL);
  g_autofree char *owned = NULL;
  g_autoptr (FlashLayoutMap) map = NULL;
  g_autoptr (GtkSnapshot) snapshot = NULL;
  gint64 start_us;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "P\t%u\tp%u\tFIP\tmmc0\t0x%x\tf\n", i % 200 + 1, i,
                            0x4400 + (i / 2) * 0x200);
  owned = g_string_free (text, FALSE);
  flash_map_bench_show (bench, owned, 0, NULL, 0);
  start_us = g_get_monotonic_time ();
  map = flash_map_bench_make (owned, NULL, NULL, 0);
  g_test_message ("made in %.1f ms", (double) (g_get_monotonic_time () - start_us) / 1000);
  start_us = g_get_monotonic_time ();
  flash_storage_view_set_map (bench->view, map, NULL, FALSE);
  g_test_message ("placed in %.1f ms", (double) (g_get_monotonic_time () - start_us) / 1000);
  start_us = g_get_monotonic_time ();
  snapshot = gtk_snapshot_new ();
  GTK_WIDGET_GET_CLASS (bench->bar)->snapshot (GTK_WIDGET (bench->bar), snapshot);
  g_test_message ("drawn in %.1f ms", (double) (g_get_monotonic_time () - start_us) / 1000);
  gtk_widget_grab_focus (GTK_WIDGET (bench->bar));
  flash_map_bench_press (bench, "End");
  g_assert_cmpuint (bench->line, ==, 1000);
  for (guint i = 0; i < 16; i++)
    flash_map_bench_press (bench, "Shift_L+plus");
  flash_map_bench_press (bench, "Home");
  flash_ui_settle (bench->window, 30);
  g_assert_cmpfloat_with_epsilon (flash_map_bench_get_rect (bench, 0).origin.x, 0, 0.001);
}

/* Nothing wants more room than a phone has. */
static void
test_narrow (FlashMapBench *bench, gconstpointer unused)
{
  int minimum;

  show_simple (bench);
  gtk_widget_measure (GTK_WIDGET (bench->view), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  g_assert_cmpint (minimum, <=, 324);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/storage-words/" name, FlashMapBench, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("words", test_words);
  ADD ("kinds", test_kinds);
  ADD ("overlaps", test_overlaps);
  ADD ("overlap-words", test_overlap_words);
  ADD ("raw", test_raw);
  ADD ("size", test_size);
  ADD ("typical-sizes", test_typical_sizes);
  ADD ("hostile", test_hostile);
  ADD ("narrow", test_narrow);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
