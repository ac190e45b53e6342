/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of storage maps for people to look at, in every look that the desktop can give them:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-maps
 *
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested. */
#define G_LOG_DOMAIN "test-shots-maps"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-map-bench.h"

#define MIB G_GUINT64_CONSTANT (1048576)
#define GIB (1024 * MIB)
#define MAX_IMAGES 12

#define SD                                                                                         \
  "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tfsbl\n"                                               \
  "P\t0x05\tfsbl2\tBinary\tmmc0\t0x00044400\tfsbl\n"                                               \
  "P\t0x06\tmetadata1\tFWU_MDATA\tmmc0\t0x00084400\tmeta\n"                                        \
  "P\t0x07\tmetadata2\tFWU_MDATA\tmmc0\t0x000C4400\tmeta\n"                                        \
  "P\t0x08\tfip-a\tFIP\tmmc0\t0x00104400\tfip\n"                                                   \
  "PED\t0x09\tfip-b\tFIP\tmmc0\t0x00504400\tnone\n"                                                \
  "PED\t0x0A\tu-boot-env\tENV\tmmc0\t0x00904400\tnone\n"                                           \
  "P\t0x10\tbootfs\tSystem\tmmc0\t0x00984400\tboot\n"                                              \
  "P\t0x11\tvendorfs\tFileSystem\tmmc0\t0x04984400\tvendor\n"                                      \
  "P\t0x12\trootfs\tFileSystem\tmmc0\t0x05984400\troot\n"                                          \
  "P\t0x13\tuserfs\tFileSystem\tmmc0\t0xC5984400\tuser\n"
#define EMMC                                                                                       \
  "P\t0x04\tfsbl1\tBinary\tmmc1\tboot1\tfsbl\n"                                                    \
  "P\t0x05\tfsbl2\tBinary\tmmc1\tboot2\tfsbl\n"                                                    \
  "P\t0x06\tmetadata1\tFWU_MDATA\tmmc1\t0x00080000\tmeta\n"                                        \
  "-\t0x08\tfip-a\tFIP\tmmc1\t0x00180000\tfip\n"                                                   \
  "P\t0x10\tbootfs\tSystem\tmmc1\t0x02000000\tboot\n"                                              \
  "P\t0x11\trootfs\tFileSystem\tmmc1\t0x06000000\troot\n"
#define OVERLAP                                                                                    \
  "P\t0x04\tfsbl1\tBinary\tnor0\t0x00040000\tfsbl\n"                                               \
  "P\t0x08\tfip\tFIP\tnor0\t0x00080000\tfip\n"                                                     \
  "PE\t0x0A\tu-boot-env\tENV\tnor0\t0x00480000\tnone\n"                                            \
  "P\t0x10\tkernel\tSystem\tnor0\t0x00500000\tkernel\n"
#define RAW                                                                                        \
  "P\t0x04\tdisk\tRawImage\tmmc0\t0x0\tdisk\n"                                                     \
  "P\t0x10\tbootfs\tSystem\tmmc0\t0x00984400\tboot\n"                                              \
  "P\t0x11\trootfs\tFileSystem\tmmc0\t0x10984400\troot\n"

static const struct {
  const char *text;
  guint index;
  guint64 size;
  guint64 images[MAX_IMAGES];
  guint wrong_line;
  gboolean is_entered;
} shown[] = {
  { SD,
    0,
    0,
    { 0x38000, 0x38000, 512, 512, 0x130000, 0, 0, 60 * MIB, 9 * MIB, 700 * MIB, 128 * MIB },
    0,
    FALSE },
  { SD,
    0,
    16 * GIB,
    { 0x38000, 0x38000, 512, 512, 0x130000, 0, 0, 60 * MIB, 9 * MIB, 700 * MIB, 128 * MIB },
    8,
    TRUE },
  { EMMC, 0, 4 * GIB, { 0x38000, 0x38000, 512, 0, 60 * MIB, 2 * GIB }, 0, FALSE },
  { EMMC, 1, 4 * MIB, { 0x38000, 0x38000, 512, 0, 60 * MIB, 2 * GIB }, 0, TRUE },
  { OVERLAP, 0, 16 * MIB, { 0x38000, 5 * MIB, 0, 12 * MIB }, 2, FALSE },
  { RAW, 0, 2 * GIB, { GIB, 60 * MIB, 100 * MIB }, 0, FALSE },
};

static void
show (FlashStorageView *view, guint index)
{
  g_autoptr (GHashTable) sizes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) severities = g_hash_table_new (NULL, NULL);
  g_autoptr (FlashLayoutMap) map = NULL;
  static const char *const names[] = { "mmc0", "mmc1", "nor0", "mmc1boot1" };
  guint64 size = shown[index].size;

  for (guint i = 0; i < G_N_ELEMENTS (names) && size > 0; i++)
    g_hash_table_insert (sizes, (gpointer) names[i], &size);
  if (shown[index].wrong_line > 0)
    g_hash_table_insert (severities, GUINT_TO_POINTER (shown[index].wrong_line),
                         GINT_TO_POINTER (FLASH_SEVERITY_ERROR));
  map = flash_map_bench_make (shown[index].text, sizes, shown[index].images, shown[index].index);
  flash_storage_view_set_map (view, map, severities, shown[index].is_entered);
}

/* All maps under each other. */
static GtkWidget *
make_window (FlashStorageView **out_views, int width)
{
  GtkWidget *window = adw_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_set_margin_top (box, 18);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 18);
  gtk_widget_set_margin_end (box, 18);
  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    out_views[i] = g_object_new (FLASH_TYPE_STORAGE_VIEW, NULL);
    gtk_box_append (GTK_BOX (box), GTK_WIDGET (out_views[i]));
    show (out_views[i], i);
  }
  gtk_box_append (GTK_BOX (content), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (content), box);
  adw_window_set_content (ADW_WINDOW (window), content);
  gtk_window_set_default_size (GTK_WINDOW (window), width, 300);
  gtk_window_present (GTK_WINDOW (window));
  flash_ui_wait_until (gtk_widget_get_mapped (window));
  flash_ui_settle (window, 30);
  return window;
}

static void
close_window (GtkWidget *widget)
{
  gpointer window = widget;

  g_object_add_weak_pointer (window, &window);
  gtk_window_destroy (GTK_WINDOW (widget));
  flash_ui_wait_until (window == NULL);
}

static void
test_usual (void)
{
  FlashStorageView *views[G_N_ELEMENTS (shown)];
  GtkWidget *window = make_window (views, 960);
  FlashMapBench bench = { .window = window, .view = views[1] };
  GtkWidget *button = GTK_WIDGET (gtk_widget_get_template_child (
      GTK_WIDGET (views[1]), FLASH_TYPE_STORAGE_VIEW, "size_button"));
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (button)));

  bench.bar = flash_storage_view_get_bar (views[1]);
  flash_app_shoot (window, "maps");
  flash_storage_bar_select_line (bench.bar, 8);
  gtk_widget_grab_focus (GTK_WIDGET (bench.bar));
  flash_storage_bar_zoom_by (bench.bar, 40);
  flash_app_shoot (window, "maps-zoomed");
  flash_storage_bar_zoom_by (bench.bar, 0.001);
  if (flash_ui_has_input ()) {
    flash_ui_focus (window);
    flash_map_bench_hold (&bench, 11, -50);
    flash_app_shoot (window, "maps-held");
    flash_map_bench_press (&bench, "Escape");
    flash_map_bench_release (&bench);
    /* A tooltip that is about to be shown would look for its window in vain. */
    flash_ui_point (window, 20, 20);
  }
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  flash_ui_wait_until (gtk_widget_get_mapped (popover));
  flash_app_shoot (popover, "maps-size");
  gtk_popover_popdown (GTK_POPOVER (popover));
  flash_ui_wait_until (!gtk_widget_get_mapped (popover));
  close_window (window);
}

static void
test_narrow (void)
{
  FlashStorageView *views[G_N_ELEMENTS (shown)];
  GtkWidget *window = make_window (views, 360);

  flash_app_shoot (window, "maps-narrow");
  close_window (window);
}

static void
test_look (gconstpointer data)
{
  const FlashAppLook *look = data;
  FlashStorageView *views[G_N_ELEMENTS (shown)];
  g_autofree char *name = g_strdup_printf ("maps-%s", look->name);
  g_autofree char *narrow_name = g_strdup_printf ("maps-%s-narrow", look->name);
  GtkWidget *window;

  flash_app_set_look (look);
  window = make_window (views, 960);
  flash_storage_bar_select_line (flash_storage_view_get_bar (views[1]), 10);
  flash_app_shoot (window, name);
  close_window (window);
  window = make_window (views, 360);
  flash_app_shoot (window, narrow_name);
  close_window (window);
  flash_app_reset_look ();
}

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  if (flash_app_has_usual_look ()) {
    g_test_add_func ("/shots-maps/usual", test_usual);
    g_test_add_func ("/shots-maps/narrow", test_narrow);
  }
  for (const FlashAppLook *look = flash_app_list_looks (); look->name != NULL; look++) {
    g_autofree char *path = g_strconcat ("/shots-maps/", look->name, NULL);

    g_test_add_data_func (path, look, test_look);
  }
  status = g_test_run ();
  flash_app_test_shut_down ();
  flash_app_shots_shut_down ();
  return status;
}
