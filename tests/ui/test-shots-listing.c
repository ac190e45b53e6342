/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of README.md and of software centres, in the size, and with the corners and the
 * shadow, that they ask for; tests/make-pictures --readme puts them into data/screenshots:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-listing
 *
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested. */
#define G_LOG_DOMAIN "test-shots-listing"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-firmware-bench.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define MIB (1024 * 1024)
/* So much that a job lasts as long as its picture needs. */
#define BIG_BYTES (G_GUINT64_CONSTANT (768) * MIB)
#define FLASH_F405 MIB

/* With its shadow no larger than 1000 × 700 pixels; a frame of five is not drawn. */
#define WIDTH 950
#define HEIGHT 650
#define MARGIN 30
#define RADIUS 12

static const char layout[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                             "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                             "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                             "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\ttf-a-sdcard.stm32\n"
                             "P\t0x05\tfsbl2\tBinary\tmmc0\t0x00044400\ttf-a-sdcard.stm32\n"
                             "P\t0x06\tmetadata1\tFWU_MDATA\tmmc0\t0x00084400\tmetadata.bin\n"
                             "P\t0x07\tmetadata2\tFWU_MDATA\tmmc0\t0x000C4400\tmetadata.bin\n"
                             "P\t0x08\tfip-a\tFIP\tmmc0\t0x00104400\tfip.bin\n"
                             "PED\t0x09\tfip-b\tFIP\tmmc0\t0x00504400\tnone\n"
                             "PED\t0x0A\tu-boot-env\tENV\tmmc0\t0x00904400\tnone\n"
                             "P\t0x10\tbootfs\tSystem\tmmc0\t0x00984400\tbootfs.ext4\n"
                             "P\t0x11\trootfs\tFileSystem\tmmc0\t0x04984400\trootfs.ext4\n";

/* Files as large as real ones, that take no room. */
static void
enlarge (FlashAppFixture *fixture, const char *name, guint64 size)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, name, NULL);
  g_autoptr (GBytes) start = flash_test_make_ext4 (size, 4096);

  flash_test_write_file (fixture->layout_dir, name, start);
  g_assert_cmpint (truncate (path, (off_t) size), ==, 0);
}

/* Names as on somebody's computer.
 *
 * @folder: of the files */
static void
set_up (FlashAppFixture *fixture, gconstpointer folder)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (layout, sizeof layout - 1);
  g_autofree char *made = NULL;

  flash_app_fixture_set_up (fixture, NULL);
  made = g_steal_pointer (&fixture->layout_dir);
  fixture->layout_dir = g_build_filename (g_get_home_dir (), folder, NULL);
  g_assert_cmpint (g_rename (made, fixture->layout_dir), ==, 0);
  g_free (fixture->layout_path);
  fixture->layout_path = g_build_filename (fixture->layout_dir, "FlashLayout_sdcard.tsv", NULL);
  flash_test_write_file (fixture->layout_dir, "FlashLayout_sdcard.tsv", bytes);
  enlarge (fixture, "bootfs.ext4", 64 * MIB);
  enlarge (fixture, "rootfs.ext4", BIG_BYTES);
  flash_app_resize (fixture, WIDTH, HEIGHT);
}

/* The contents of the window, without the frame that it has where nothing draws shadows.
 *
 * Returns: (nullable): %NULL between two frames of something that moves */
static GskRenderNode *
draw_contents (GtkWidget *child)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (child);
  GtkSnapshot *snapshot = gtk_snapshot_new ();

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (child),
                          gtk_widget_get_height (child));
  return gtk_snapshot_free_to_node (snapshot);
}

static GskRenderNode *
draw (GtkWidget *window)
{
  GtkWidget *child = gtk_widget_get_first_child (window);
  float width = (float) gtk_widget_get_width (child);
  float height = (float) gtk_widget_get_height (child);
  g_autoptr (GskRenderNode) contents = NULL;
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  const GdkRGBA border = { 0, 0, 0, 0.15F };
  const GdkRGBA shade = { 0, 0, 0, 0.3F };
  GskRoundedRect outline;
  GdkRGBA background;

  flash_ui_wait_until ((contents = draw_contents (child)) != NULL);
  g_assert_true (gtk_style_context_lookup_color (gtk_widget_get_style_context (window),
                                                 "window_bg_color", &background));
  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (MARGIN, MARGIN, width, height),
                                   RADIUS);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &border, 0, 0, 1, 0);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &shade, 0, 4, 0, 20);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &background, &outline.bounds);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (MARGIN, MARGIN));
  gtk_snapshot_append_node (snapshot, contents);
  gtk_snapshot_pop (snapshot);
  return gtk_snapshot_free_to_node (snapshot);
}

static void
save (GdkTexture *texture, const char *name)
{
  const char *wanted = g_getenv ("FLASH_SHOTS_DIR");
  g_autofree char *dir = wanted != NULL ? g_strdup (wanted) : flash_test_make_dir ();
  g_autofree char *path = g_strdup_printf ("%s/%s.png", dir, name);

  g_assert_true (gdk_texture_save_to_png (texture, path));
  if (wanted == NULL)
    flash_test_remove_dir (dir);
}

static void
shoot (FlashAppFixture *fixture, const char *name)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkWidget *child = gtk_widget_get_first_child (window);
  graphene_rect_t whole =
      GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (child) + 2 * MARGIN,
                          (float) gtk_widget_get_height (child) + 2 * MARGIN);
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  flash_ui_settle (window, 60);
  node = draw (window);
  texture =
      gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (window)), node, &whole);
  g_assert_cmpint (gdk_texture_get_width (texture), <=, 1000);
  g_assert_cmpint (gdk_texture_get_height (texture), <=, 700);
  save (texture, name);
}

static void
test_layout (FlashAppFixture *fixture, gconstpointer unused)
{
  const FlashAppUsbBoard board = { .port = "1-4",
                                   .product = FLASH_APP_USB_MP157,
                                   .speed = FLASH_SPEED_HIGH };

  flash_app_open (fixture, fixture->layout_path);
  flash_app_usb_put (flash_app_test.usb, &board);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  flash_app_choose_port (fixture, board.port);
  flash_app_wait_for_check (fixture);
  /* The table needs the room. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-pane", NULL);
  gtk_widget_grab_focus (flash_app_get (fixture, "flash_button"));
  shoot (fixture, "listing-layout");
}

static void
test_job (FlashAppFixture *fixture, gconstpointer unused)
{
  enlarge (fixture, "bootfs.ext4", 2 * MIB);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=600");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Sending rootfs"));
  /* A rate is said when it has been steady for a while. */
  flash_ui_wait_until (strstr (flash_app_get_text (fixture, "figures_label"), "left") != NULL);
  shoot (fixture, "listing-job");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  flash_app_wait_for_question ();
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
}

static void
test_result (FlashAppFixture *fixture, gconstpointer unused)
{
  enlarge (fixture, "bootfs.ext4", MIB);
  enlarge (fixture, "rootfs.ext4", 4 * MIB);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_set_verify (TRUE);
  flash_app_start (fixture);
  flash_app_wait_for_result (fixture);
  flash_app_set_verify (FALSE);
  shoot (fixture, "listing-result");
}

/* A program and its settings, in a sector that they share with something else. */
static void
test_firmware (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) program =
      flash_firmware_bench_make (FLASH_FIRMWARE_BENCH_START, 118 * 1024, 1);
  g_autoptr (GBytes) settings = flash_test_make_bytes (3 * 1024, 2);
  g_autoptr (GBytes) neighbour = flash_test_make_bytes (1024, 9);
  const FlashFirmwarePiece pieces[] = {
    { FLASH_FIRMWARE_BENCH_START, program },
    { 0x08060000, settings },
    { 0, NULL },
  };
  g_autofree char *path = flash_firmware_bench_write_hex (fixture, "motor-control.hex", pieces);

  flash_firmware_bench_store (fixture, "stm32f405", FLASH_F405, 0x7f000, neighbour);
  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", NULL);
  shoot (fixture, "listing-firmware");
}

#define ADD(name, folder, function)                                                                \
  g_test_add (name, FlashAppFixture, folder, set_up, function, flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  /* Virtual boards stay in the list: first those with which fewest come. */
  ADD ("/shots-listing/layout", "stm32mp157c-dk2", test_layout);
  ADD ("/shots-listing/firmware", "motor-control", test_firmware);
  ADD ("/shots-listing/job", "stm32mp157c-dk2", test_job);
  ADD ("/shots-listing/result", "stm32mp157c-dk2", test_result);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
