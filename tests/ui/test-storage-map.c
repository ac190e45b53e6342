/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A storage map with real keys and a real pointer: choosing, zooming, moving starts, and what it
 * says to those who do not see it. */
#define G_LOG_DOMAIN "test-storage-map"

#include "config.h"

#include "flash-map-bench.h"

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
set_up_rtl (FlashMapBench *bench, gconstpointer unused)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  set_up (bench, NULL);
}

static void
tear_down_rtl (FlashMapBench *bench, gconstpointer unused)
{
  tear_down (bench, NULL);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
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

/* --- choosing ------------------------------------------------------------------------------- */

static void
test_pointer (FlashMapBench *bench, gconstpointer unused)
{
  show_simple (bench);
  flash_map_bench_click (bench, 3);
  g_assert_cmpuint (bench->line, ==, 4);
  g_assert_cmpint (flash_storage_bar_get_selected (bench->bar), ==, 3);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (bench->bar)));
  /* what is no partition can be chosen, too */
  flash_map_bench_click (bench, 0);
  g_assert_cmpuint (bench->line, ==, 0);
  g_assert_cmpint (flash_storage_bar_get_selected (bench->bar), ==, 0);
  g_assert_cmpuint (bench->n_selected, ==, 2);
}

/* What others have chosen is shown, and not told back. */
static void
test_select (FlashMapBench *bench, gconstpointer unused)
{
  show_simple (bench);
  flash_storage_bar_select_line (bench->bar, 3);
  g_assert_cmpint (flash_storage_bar_get_selected (bench->bar), ==, 2);
  /* it stays with its line in another map, and goes with it */
  flash_map_bench_show (
      bench, "#\nP\t0x04\ta\tBinary\tmmc0\t0x4400\tf\nP\t5\tb\tFIP\tmmc0\t0x9000\tf\n", 0, NULL, 0);
  g_assert_cmpint (flash_storage_bar_get_selected (bench->bar), ==, 2);
  flash_storage_bar_select_line (bench->bar, 99);
  g_assert_cmpint (flash_storage_bar_get_selected (bench->bar), ==, -1);
  flash_storage_bar_select_line (bench->bar, 2);
  flash_map_bench_show (bench, "P\t0x04\ta\tBinary\tmmc0\t0x4400\tf\n", 0, NULL, 0);
  g_assert_cmpint (flash_storage_bar_get_selected (bench->bar), ==, -1);
  g_assert_cmpuint (bench->n_selected, ==, 0);
  flash_storage_bar_select_line (bench->bar, 1);
  flash_storage_bar_unselect (bench->bar);
  g_assert_cmpint (flash_storage_bar_get_selected (bench->bar), ==, -1);
}

static void
test_keys (FlashMapBench *bench, gconstpointer unused)
{
  static const struct {
    const char *key;
    int selected;
  } keys[] = {
    { "Right", 0 }, { "Right", 1 }, { "End", 5 },  { "Right", 5 },
    { "Left", 4 },  { "Home", 0 },  { "Left", 0 },
  };

  show_simple (bench);
  gtk_widget_grab_focus (GTK_WIDGET (bench->bar));
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    flash_map_bench_press (bench, keys[i].key);
    g_assert_cmpint (flash_storage_bar_get_selected (bench->bar), ==, keys[i].selected);
  }
}

static void
test_rtl (FlashMapBench *bench, gconstpointer unused)
{
  guint64 start;

  show_simple (bench);
  g_assert_cmpfloat (flash_map_bench_get_rect (bench, 0).origin.x, >,
                     flash_map_bench_get_rect (bench, 4).origin.x);
  gtk_widget_grab_focus (GTK_WIDGET (bench->bar));
  flash_map_bench_press (bench, "Home");
  flash_map_bench_press (bench, "Left");
  g_assert_cmpint (flash_storage_bar_get_selected (bench->bar), ==, 1);
  flash_map_bench_click (bench, 3);
  g_assert_cmpuint (bench->line, ==, 4);
  /* to the left is up */
  start = flash_map_bench_get_start (bench, 4);
  flash_map_bench_hold (bench, 4, -40);
  flash_map_bench_release (bench);
  g_assert_cmpuint (bench->n_moved, ==, 1);
  g_assert_cmpuint (bench->offset, >, start);
  flash_map_bench_press (bench, "Alt_L+Left");
  g_assert_cmpuint (bench->n_moved, ==, 2);
  g_assert_cmpuint (flash_map_bench_get_start (bench, 4), ==, bench->offset);
}

/* --- zoom ----------------------------------------------------------------------------------- */

static void
test_zoom_keys (FlashMapBench *bench, gconstpointer unused)
{
  graphene_rect_t rect;

  show_simple (bench);
  flash_storage_bar_select_line (bench->bar, 3);
  gtk_widget_grab_focus (GTK_WIDGET (bench->bar));
  g_assert_false (gtk_widget_get_visible (get (bench, "scrollbar")));
  g_assert_false (gtk_widget_get_sensitive (get (bench, "zoom_out_button")));
  flash_map_bench_press (bench, "minus");
  g_assert_cmpfloat_with_epsilon (flash_storage_bar_get_zoom (bench->bar), 1, 0.001);
  for (guint i = 0; i < 12; i++)
    flash_map_bench_press (bench, "Shift_L+plus");
  g_assert_cmpfloat (flash_storage_bar_get_zoom (bench->bar), >, 100);
  g_assert_true (gtk_widget_get_visible (get (bench, "scrollbar")));
  /* what is chosen stays in sight, and is no longer larger than to scale */
  rect = flash_map_bench_get_rect (bench, 2);
  g_assert_cmpfloat (rect.origin.x + rect.size.width, >, 0);
  g_assert_cmpfloat (rect.origin.x, <, gtk_widget_get_width (GTK_WIDGET (bench->bar)));
  g_assert_false (flash_storage_bar_is_enlarged (bench->bar, 2));
  /* going on by keys, the view follows */
  flash_map_bench_press (bench, "End");
  rect = flash_map_bench_get_rect (bench, 5);
  g_assert_cmpfloat_with_epsilon (rect.origin.x + rect.size.width,
                                  gtk_widget_get_width (GTK_WIDGET (bench->bar)), 1);
  flash_map_bench_press (bench, "0");
  g_assert_cmpfloat_with_epsilon (flash_storage_bar_get_zoom (bench->bar), 1, 0.001);
  g_assert_false (gtk_widget_get_visible (get (bench, "scrollbar")));
}

static void
test_zoom_buttons (FlashMapBench *bench, gconstpointer unused)
{
  show_simple (bench);
  flash_ui_click (get (bench, "zoom_in_button"));
  flash_map_bench_sync (bench);
  flash_ui_click (get (bench, "zoom_in_button"));
  flash_map_bench_sync (bench);
  g_assert_cmpfloat_with_epsilon (flash_storage_bar_get_zoom (bench->bar), 4, 0.01);
  /* a map that comes now is zoomed as well */
  show_simple (bench);
  g_assert_cmpfloat_with_epsilon (flash_storage_bar_get_zoom (bench->bar), 4, 0.01);
  flash_ui_click (get (bench, "zoom_out_button"));
  flash_map_bench_sync (bench);
  flash_ui_click (get (bench, "zoom_out_button"));
  flash_map_bench_sync (bench);
  g_assert_cmpfloat_with_epsilon (flash_storage_bar_get_zoom (bench->bar), 1, 0.001);
}

/* Under the pointer everything stays where it is. */
static void
test_zoom_wheel (FlashMapBench *bench, gconstpointer unused)
{
  graphene_rect_t before, after;
  double x, share;

  show_simple (bench);
  before = flash_map_bench_get_rect (bench, 4);
  x = before.origin.x + before.size.width / 3;
  share = 1.0 / 3;
  flash_ui_point (GTK_WIDGET (bench->bar), x, 20);
  flash_ui_set_key ("Control_L", TRUE);
  flash_ui_set_button (4, TRUE);
  flash_ui_set_button (4, FALSE);
  flash_ui_wait_until (flash_storage_bar_get_zoom (bench->bar) > 1.4);
  flash_ui_set_key ("Control_L", FALSE);
  after = flash_map_bench_get_rect (bench, 4);
  g_assert_cmpfloat (after.size.width, >, before.size.width);
  g_assert_cmpfloat_with_epsilon (after.origin.x + after.size.width * share, x, 2);
  /* the wheel with Shift, and the hand, scroll sideways */
  flash_ui_set_key ("Shift_L", TRUE);
  flash_ui_set_button (5, TRUE);
  flash_ui_set_button (5, FALSE);
  flash_map_bench_sync (bench);
  flash_ui_set_key ("Shift_L", FALSE);
  g_assert_cmpfloat (flash_map_bench_get_rect (bench, 4).origin.x, <, after.origin.x);
  after = flash_map_bench_get_rect (bench, 4);
  flash_ui_set_button (1, TRUE);
  flash_map_bench_sync (bench);
  flash_ui_point (GTK_WIDGET (bench->bar), x + 30, 20);
  flash_ui_point (GTK_WIDGET (bench->bar), x + 40, 20);
  flash_map_bench_sync (bench);
  flash_map_bench_release (bench);
  g_assert_cmpfloat_with_epsilon (flash_map_bench_get_rect (bench, 4).origin.x, after.origin.x + 40,
                                  2);
  g_assert_cmpuint (bench->n_moved, ==, 0);
}

/* --- moving a start ------------------------------------------------------------------------- */

static void
test_drag (FlashMapBench *bench, gconstpointer unused)
{
  graphene_rect_t before, after;
  guint64 start;

  show_simple (bench);
  start = flash_map_bench_get_start (bench, 4);
  before = flash_map_bench_get_rect (bench, 3);
  flash_map_bench_hold (bench, 4, 60);
  /* while it is held, both neighbours follow, and it is said; nothing is told yet */
  after = flash_map_bench_get_rect (bench, 3);
  g_assert_cmpfloat_with_epsilon (after.origin.x, before.origin.x, 0.01);
  g_assert_cmpfloat_with_epsilon (after.size.width, before.size.width + 60, 4);
  g_assert_cmpuint (flash_map_bench_get_start (bench, 4), >, start);
  g_assert_nonnull (strstr (get_text (bench, "kind_label"), "rootfs from 0x"));
  g_assert_nonnull (strstr (get_text (bench, "kind_label"), "bootfs before it: "));
  g_assert_cmpuint (bench->n_moved, ==, 0);
  flash_map_bench_release (bench);
  g_assert_cmpuint (bench->n_moved, ==, 1);
  g_assert_cmpuint (bench->moved_line, ==, 5);
  g_assert_cmpuint (bench->offset, ==, flash_map_bench_get_start (bench, 4));
  g_assert_cmpuint (bench->offset % 512, ==, 0);
  /* as round as the hand is */
  g_assert_cmpuint ((bench->offset - start) % MIB, ==, 0);
}

/* As far as it goes: the file of the one before, and its own, keep their room. */
static void
test_drag_far (FlashMapBench *bench, gconstpointer unused)
{
  show_simple (bench);
  flash_map_bench_hold (bench, 4, -600);
  flash_map_bench_release (bench);
  g_assert_cmpuint (bench->offset, ==, 0x04044400 + 32 * MIB);
  flash_map_bench_hold (bench, 4, 800);
  flash_map_bench_release (bench);
  g_assert_cmpuint (bench->offset, ==, 2 * GIB - 35 * 512 - 300 * MIB);
  g_assert_cmpuint (bench->n_moved, ==, 2);
  g_assert_cmpuint (flash_storage_bar_get_map (bench->bar)->overlaps->len, ==, 0);
}

static void
test_escape (FlashMapBench *bench, gconstpointer unused)
{
  guint64 start;

  show_simple (bench);
  start = flash_map_bench_get_start (bench, 4);
  flash_map_bench_hold (bench, 4, 60);
  g_assert_cmpuint (flash_map_bench_get_start (bench, 4), !=, start);
  flash_map_bench_press (bench, "Escape");
  g_assert_cmpuint (flash_map_bench_get_start (bench, 4), ==, start);
  g_assert_cmpstr (get_text (bench, "kind_label"), ==, "rootfs from 0x20044400: 1.5 GiB");
  flash_ui_point (GTK_WIDGET (bench->bar), 700, 20);
  flash_map_bench_release (bench);
  g_assert_cmpuint (flash_map_bench_get_start (bench, 4), ==, start);
  g_assert_cmpuint (bench->n_moved, ==, 0);
  /* and the next one works */
  flash_map_bench_hold (bench, 4, 60);
  flash_map_bench_release (bench);
  g_assert_cmpuint (bench->n_moved, ==, 1);
}

/* A hand that presses a border moves nothing. */
static void
test_tremble (FlashMapBench *bench, gconstpointer unused)
{
  show_simple (bench);
  flash_map_bench_hold (bench, 4, 2);
  flash_map_bench_release (bench);
  g_assert_cmpuint (bench->n_moved, ==, 0);
  g_assert_cmpuint (bench->line, ==, 5);
}

/* A check that is done meanwhile does not take it out of the hand. */
static void
test_map_while_held (FlashMapBench *bench, gconstpointer unused)
{
  g_autoptr (FlashLayoutMap) map = flash_map_bench_make (SIMPLE, NULL, NULL, 0);
  guint64 start, held;

  show_simple (bench);
  start = flash_map_bench_get_start (bench, 4);
  flash_map_bench_hold (bench, 4, 60);
  held = flash_map_bench_get_start (bench, 4);
  flash_storage_bar_set_map (bench->bar, map, NULL);
  flash_storage_bar_set_map (bench->bar, map, NULL);
  g_assert_cmpuint (flash_map_bench_get_start (bench, 4), ==, held);
  flash_storage_bar_break_off (bench->bar);
  g_assert_true (flash_storage_bar_get_map (bench->bar) == map);
  g_assert_cmpuint (flash_map_bench_get_start (bench, 4), ==, start);
  flash_map_bench_release (bench);
  g_assert_cmpuint (bench->n_moved, ==, 0);
}

static void
test_nudge (FlashMapBench *bench, gconstpointer unused)
{
  const guint64 start = 0x20044400;
  const struct {
    const char *keys;
    guint64 offset;
  } nudges[] = {
    { "Alt_L+Right", start + 512 },       { "Shift_L+Right", start + 1024 },
    { "Alt_L+Left", start + 512 },        { "Alt_L+Page_Up", start + 512 + MIB },
    { "Shift_L+Page_Down", start + 512 }, { "Shift_L+Left", start },
  };

  show_simple (bench);
  gtk_widget_grab_focus (GTK_WIDGET (bench->bar));
  flash_map_bench_press (bench, "Alt_L+Right");
  g_assert_cmpuint (bench->n_moved, ==, 0);
  flash_storage_bar_select_line (bench->bar, 5);
  for (guint i = 0; i < G_N_ELEMENTS (nudges); i++) {
    flash_map_bench_press (bench, nudges[i].keys);
    g_assert_cmpuint (bench->n_moved, ==, i + 1);
    g_assert_cmpuint (bench->offset, ==, nudges[i].offset);
    g_assert_nonnull (strstr (get_text (bench, "kind_label"), "rootfs from"));
  }
  /* the table cannot be moved, nor the first one into it */
  flash_storage_bar_select_line (bench->bar, 2);
  flash_map_bench_press (bench, "Alt_L+Left");
  g_assert_cmpuint (bench->n_moved, ==, G_N_ELEMENTS (nudges));
  flash_map_bench_press (bench, "Home");
  flash_map_bench_press (bench, "Alt_L+Right");
  g_assert_cmpuint (bench->n_moved, ==, G_N_ELEMENTS (nudges));
  g_assert_cmpstr (get_text (bench, "kind_label"), ==, "Table from 0x00000000: 17 KiB");
  flash_storage_bar_unselect (bench->bar);
  g_assert_cmpstr (get_text (bench, "kind_label"), ==, "usually the SD card");
}

#define ADD(name, function)                                                                        \
  g_test_add ("/storage-map/" name, FlashMapBench, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("pointer", test_pointer);
  ADD ("select", test_select);
  ADD ("keys", test_keys);
  ADD ("zoom-keys", test_zoom_keys);
  ADD ("zoom-buttons", test_zoom_buttons);
  ADD ("zoom-wheel", test_zoom_wheel);
  ADD ("drag", test_drag);
  ADD ("drag-far", test_drag_far);
  ADD ("escape", test_escape);
  ADD ("tremble", test_tremble);
  ADD ("map-while-held", test_map_while_held);
  ADD ("nudge", test_nudge);
  g_test_add ("/storage-map/rtl", FlashMapBench, NULL, set_up_rtl, test_rtl, tear_down_rtl);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
