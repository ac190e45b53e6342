/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of every page in every state, for people to look at:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots
 *
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested. */
#define G_LOG_DOMAIN "test-shots"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-layout-table.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define MIB (1024 * 1024)
/* So much that a job lasts as long as its pictures need. */
#define BIG_BYTES (G_GUINT64_CONSTANT (768) * MIB)

#define LAYOUT_NAME "FlashLayout_sdcard_stm32mp157c-dk2.tsv"

static void
shoot_window (FlashAppFixture *fixture, const char *name)
{
  flash_app_shoot (GTK_WIDGET (fixture->window), name);
}

/* Files as large as real ones, that take no room. */
static void
enlarge (const char *dir, const char *name, guint64 size)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  g_autoptr (GBytes) start = flash_test_make_ext4 (size, 4096);

  flash_test_write_file (dir, name, start);
  g_assert_cmpint (truncate (path, (off_t) size), ==, 0);
}

/* Names as on somebody's computer. */
static void
set_up (FlashAppFixture *fixture, gconstpointer data)
{
  g_autofree char *made = NULL;
  g_autofree char *layout = NULL;

  flash_app_fixture_set_up (fixture, data);
  enlarge (fixture->layout_dir, "bootfs.ext4", 64 * MIB);
  enlarge (fixture->layout_dir, "rootfs.ext4", BIG_BYTES);
  enlarge (fixture->layout_dir, "data.ext4", 128 * MIB);
  made = g_steal_pointer (&fixture->layout_dir);
  layout = g_build_filename (made, "layout.tsv", NULL);
  g_free (fixture->layout_path);
  fixture->layout_dir = g_build_filename (g_get_home_dir (), "stm32mp157c-dk2", NULL);
  fixture->layout_path = g_build_filename (fixture->layout_dir, LAYOUT_NAME, NULL);
  g_assert_cmpint (g_rename (made, fixture->layout_dir), ==, 0);
  g_clear_pointer (&layout, g_free);
  layout = g_build_filename (fixture->layout_dir, "layout.tsv", NULL);
  g_assert_cmpint (g_rename (layout, fixture->layout_path), ==, 0);
}

/* The first of the boards that are always there. */
static void
choose_first_board (FlashAppFixture *fixture)
{
  GtkListBox *list = GTK_LIST_BOX (flash_app_get (fixture, "list"));

  gtk_list_box_select_row (list, gtk_list_box_get_row_at_index (list, 0));
  flash_ui_wait_until (!flash_app_has (fixture, "spinner"));
}

static const char good_layout[] = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                                  "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                                  "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                                  "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\ttf-a-sdcard.stm32\n"
                                  "P\t0x08\tfip-a\tFIP\tmmc0\t0x00044400\tfip.bin\n"
                                  "P\t0x10\tbootfs\tSystem\tmmc0\t0x00444400\tbootfs.ext4\n"
                                  "P\t0x11\trootfs\tFileSystem\tmmc0\t0x04444400\trootfs.ext4\n";

static void
write_bad_layout (FlashAppFixture *fixture)
{
  flash_test_write_text (fixture->layout_dir, LAYOUT_NAME,
                         "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                         "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                         "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                         "P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\ttf-a-sdcard.stm32\n"
                         "P\t0x05\tfsbl2\tBinary\tmmc0\t0x00044400\ttf-a-sd-card.stm32\n"
                         "P\t0x08\tfip-a\tFIP\tmmc0\t0x00084400\tfip.bin\n"
                         "PED\t0x0A\tu-boot-env\tENV\tmmc0\t0x00484400\tnone\n"
                         "P\t0x10\tbootfs\tSystem\tmmc0\t0x00504400\tbootfs.ext4\n"
                         "P\t0x10\trootfs\tFileSystem\tmmc0\t0x00984400\trootfs.ext4\n");
}

static void
activate (FlashAppFixture *fixture, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), action, NULL);
}

static void
wait_for_result (FlashAppFixture *fixture)
{
  flash_ui_wait_until (flash_app_is_page (fixture, "result"));
  /* What the board does next belongs to the picture. */
  flash_ui_run_for (400);
}

static void
shoot_question (const char *name, const char *response)
{
  GtkWidget *dialog;

  flash_ui_wait_until (flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (ADW_TYPE_MESSAGE_DIALOG);
  flash_app_shoot (dialog, name);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (dialog), response);
  gtk_window_close (GTK_WINDOW (dialog));
}

/* As if a layout hovered over the window. */
static void
shoot_drop (FlashAppFixture *fixture)
{
  static const char *const ids[] = { "drop_box", "drop_icon", "drop_label" };
  GtkWidget *parts[G_N_ELEMENTS (ids)];

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    parts[i] = GTK_WIDGET (
        gtk_widget_get_template_child (GTK_WIDGET (fixture->window), FLASH_TYPE_WINDOW, ids[i]));
  gtk_image_set_from_icon_name (GTK_IMAGE (parts[1]), "document-open-symbolic");
  gtk_label_set_label (GTK_LABEL (parts[2]), LAYOUT_NAME);
  gtk_widget_set_visible (parts[0], TRUE);
  shoot_window (fixture, "drop");
}

static void
test_welcome (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *menu_button =
      flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_MENU_BUTTON, NULL);
  GtkWidget *popover, *overlay;

  shoot_window (fixture, "welcome");
  gtk_menu_button_popup (GTK_MENU_BUTTON (menu_button));
  popover = GTK_WIDGET (gtk_menu_button_get_popover (GTK_MENU_BUTTON (menu_button)));
  flash_ui_wait_until (gtk_widget_get_mapped (popover));
  flash_app_shoot (popover, "menu");
  gtk_popover_popdown (GTK_POPOVER (popover));

  flash_app_activate (fixture, "win.show-help-overlay");
  overlay = GTK_WIDGET (
      gtk_application_window_get_help_overlay (GTK_APPLICATION_WINDOW (fixture->window)));
  flash_ui_wait_until (gtk_widget_get_mapped (overlay));
  flash_app_shoot (overlay, "shortcuts");
  gtk_window_close (GTK_WINDOW (overlay));

  shoot_drop (fixture);
}

static void
test_welcome_narrow (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_resize (fixture, 360, 640);
  shoot_window (fixture, "welcome-narrow");
  activate (fixture, "win.toggle-pane");
  shoot_window (fixture, "boards-narrow");
}

/* The first picture that people see of the program. */
static void
test_layout (FlashAppFixture *fixture, gconstpointer unused)
{
  const FlashAppUsbBoard board = { .port = "1-4",
                                   .product = FLASH_APP_USB_MP157,
                                   .speed = FLASH_SPEED_HIGH };

  flash_app_open (fixture, fixture->layout_path);
  shoot_window (fixture, "layout-no-board");
  flash_app_usb_put (flash_app_test.usb, &board);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  flash_app_choose_port (fixture, board.port);
  gtk_widget_grab_focus (flash_app_get (fixture, "flash_button"));
  shoot_window (fixture, "layout");
  gtk_widget_grab_focus (flash_app_get (fixture, "bar"));
  if (flash_ui_has_input ()) {
    flash_ui_press_keys ("End");
    shoot_window (fixture, "layout-selection");
  }
  flash_app_resize (fixture, 360, 640);
  shoot_window (fixture, "layout-narrow");
}

static void
test_problems (FlashAppFixture *fixture, gconstpointer unused)
{
  write_bad_layout (fixture);
  choose_first_board (fixture);
  flash_app_open (fixture, fixture->layout_path);
  shoot_window (fixture, "problems");
  activate (fixture, "win.show-problems");
  shoot_window (fixture, "problems-list");
  flash_app_resize (fixture, 360, 640);
  shoot_window (fixture, "problems-narrow");
}

static void
test_erase (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_test_write_text (fixture->layout_dir, LAYOUT_NAME,
                         "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a-usb.stm32\n"
                         "-\t0x03\tfip-boot\tFIP\tnone\t0x0\tfip.bin\n"
                         "P\t0x10\tdisk\tRawImage\tmmc0\t0x0\trootfs.ext4\n");
  choose_first_board (fixture);
  flash_app_open (fixture, fixture->layout_path);
  shoot_window (fixture, "layout-raw");
  activate (fixture, "win.flash");
  shoot_question ("erase-dialog", "keep");
}

static void
test_job (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *log;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=600");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "The board has left"));
  flash_ui_run_for (1100);
  shoot_window (fixture, "job-waiting");
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Sending bootfs"));
  flash_ui_run_for (4000);
  shoot_window (fixture, "job-sending");
  activate (fixture, "win.show-log");
  log = flash_ui_find_toplevel (g_type_from_name ("FlashLogWindow"));
  flash_app_shoot (log, "log");
  gtk_window_destroy (GTK_WINDOW (log));
  flash_app_resize (fixture, 360, 640);
  shoot_window (fixture, "job-narrow");
  flash_app_resize (fixture, 1000, 700);
  activate (fixture, "win.stop");
  shoot_question ("stop-dialog", "act");
  wait_for_result (fixture);
  shoot_window (fixture, "result-stopped");
}

static void
test_hint (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=no-uboot@tfa");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "question_label"));
  shoot_window (fixture, "job-hint");
  flash_app_resize (fixture, 360, 640);
  shoot_window (fixture, "job-hint-narrow");
}

/* A job that takes no longer than it must. */
static void
use_small_files (FlashAppFixture *fixture)
{
  g_autoptr (GBytes) rootfs = flash_test_make_ext4 (MIB, 300 * 1024);

  flash_test_write_file (fixture->layout_dir, "bootfs.ext4", rootfs);
  flash_test_write_file (fixture->layout_dir, "rootfs.ext4", rootfs);
  flash_test_write_file (fixture->layout_dir, "data.ext4", rootfs);
}

static void
test_success (FlashAppFixture *fixture, gconstpointer unused)
{
  use_small_files (fixture);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  activate (fixture, "win.verify-afterwards");
  flash_app_start (fixture);
  wait_for_result (fixture);
  activate (fixture, "win.verify-afterwards");
  shoot_window (fixture, "result-success");
  flash_app_resize (fixture, 360, 640);
  shoot_window (fixture, "result-narrow");
  flash_app_resize (fixture, 1000, 700);
  activate (fixture, "win.flash-again");
  shoot_window (fixture, "prepare");
  wait_for_result (fixture);
  shoot_window (fixture, "result-written");
}

static void
test_failure (FlashAppFixture *fixture, gconstpointer unused)
{
  use_small_files (fixture);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "mmc0=64M");
  flash_app_start (fixture);
  wait_for_result (fixture);
  shoot_window (fixture, "result-failure");
}

/* --- the layout as it is edited ----------------------------------------------------------- */

static void
rename_partition (FlashAppFixture *fixture, const char *name, const char *new_name)
{
  g_assert_true (flash_layout_document_set_cell (
      flash_editor_get_document (flash_window_get_editor (fixture->window)),
      flash_app_find_entry (fixture, name), FLASH_LAYOUT_COLUMN_NAME, new_name));
}

/* A cell is being edited. */
static void
begin_cell (FlashAppFixture *fixture, const char *name)
{
  FlashLayoutTable *table = FLASH_LAYOUT_TABLE (flash_app_get (fixture, "table"));

  flash_layout_table_focus_cell (
      table, flash_layout_entry_get_number (flash_app_find_entry (fixture, name)),
      FLASH_LAYOUT_COLUMN_NAME);
  flash_ui_settle (GTK_WIDGET (fixture->window), 50);
  if (flash_ui_has_input ())
    flash_ui_press_keys ("F2");
}

/* Something unsaved, and another program has written the file. */
static void
make_conflict (FlashAppFixture *fixture)
{
  flash_test_write_text (fixture->layout_dir, LAYOUT_NAME, "#other\n");
  flash_editor_look_at_disk (flash_window_get_editor (fixture->window));
  flash_ui_wait_until (flash_app_has (fixture, "disk_bar"));
}

static void
leave_rescue (FlashAppFixture *fixture)
{
  g_autofree char *folder = flash_editor_dup_rescue_folder ();
  g_autofree char *file = NULL;
  g_autoptr (GBytes) text = g_bytes_new_static (good_layout, strlen (good_layout));
  g_autoptr (GError) error = NULL;

  file = flash_layout_rescue_write (folder, NULL, fixture->layout_path, NULL, text, &error);
  g_assert_no_error (error);
}

/* Takes away what would be offered to the next test. */
static void
clean_up (FlashAppFixture *fixture)
{
  FlashEditor *editor = flash_window_get_editor (fixture->window);
  g_autofree char *folder = flash_editor_dup_rescue_folder ();

  if (editor != NULL)
    flash_editor_discard (editor);
  flash_ui_run_for (50);
  flash_test_remove_dir (folder);
}

static void
test_editing (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  choose_first_board (fixture);
  begin_cell (fixture, "bootfs");
  shoot_window (fixture, "editing-cell");
  if (flash_ui_has_input ())
    flash_ui_press_keys ("Escape");
  rename_partition (fixture, "bootfs", "kernel");
  flash_app_wait_for_check (fixture);
  shoot_window (fixture, "unsaved");
  activate (fixture, "win.flash-only");
  flash_app_wait_for_check (fixture);
  shoot_window (fixture, "only");
  gtk_window_close (GTK_WINDOW (fixture->window));
  shoot_question ("close-dialog", "cancel");
  make_conflict (fixture);
  shoot_window (fixture, "conflict");
  activate (fixture, "win.save");
  shoot_question ("conflict-dialog", "cancel");
  flash_app_resize (fixture, 360, 640);
  shoot_window (fixture, "conflict-narrow");
  clean_up (fixture);
}

static void
test_rescue (FlashAppFixture *fixture, gconstpointer unused)
{
  leave_rescue (fixture);
  flash_window_offer_rescues (fixture->window);
  flash_ui_wait_until (flash_app_has (fixture, "rescue_bar"));
  shoot_window (fixture, "rescue");
  flash_app_resize (fixture, 360, 640);
  shoot_window (fixture, "rescue-narrow");
  clean_up (fixture);
}

/* From right to left the boards are on the right, and what leads on points to the left. */
static void
check_mirrored (FlashAppFixture *fixture, gboolean is_rtl)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gtk_widget_get_display (window));
  g_autoptr (GtkIconPaintable) arrow =
      gtk_icon_theme_lookup_icon (theme, "go-next-symbolic", NULL, 16, 1,
                                  gtk_widget_get_direction (window), GTK_ICON_LOOKUP_PRELOAD);
  g_autoptr (GFile) file = gtk_icon_paintable_get_file (arrow);
  g_autofree char *name = file != NULL ? g_file_get_basename (file) : NULL;
  graphene_rect_t pane;

  g_assert_true (gtk_widget_compute_bounds (flash_app_get (fixture, "list"), window, &pane));
  g_assert_cmpint (gtk_widget_get_direction (window), ==,
                   is_rtl ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR);
  g_assert_true ((pane.origin.x > (float) gtk_widget_get_width (window) / 2) == is_rtl);
  g_assert_nonnull (name);
  g_test_message ("%s", name);
  g_assert_true ((strstr (name, "-rtl") != NULL) == is_rtl);
}

/* Another look of the same pages. */
static void
test_variant (FlashAppFixture *fixture, gconstpointer data)
{
  const FlashAppLook *look = data;

  check_mirrored (fixture, look != NULL && look->is_rtl);
  /* The others make the usual ones. */
  if (look == NULL)
    return;
  flash_app_shoot_look (fixture, look, "welcome");
  write_bad_layout (fixture);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_shoot_look (fixture, look, "problems");
  flash_test_write_text (fixture->layout_dir, LAYOUT_NAME, good_layout);
  use_small_files (fixture);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, NULL);
  flash_app_shoot_look (fixture, look, "layout");
  begin_cell (fixture, "bootfs");
  flash_app_shoot_look (fixture, look, "editing-cell");
  if (flash_ui_has_input ())
    flash_ui_press_keys ("Escape");
  rename_partition (fixture, "bootfs", "kernel");
  flash_app_wait_for_check (fixture);
  make_conflict (fixture);
  flash_app_shoot_look (fixture, look, "conflict");
  activate (fixture, "win.keep-mine");
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "The board has left"));
  flash_app_shoot_look (fixture, look, "job");
  wait_for_result (fixture);
  flash_app_shoot_look (fixture, look, "result");
  clean_up (fixture);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, set_up, function, flash_app_fixture_tear_down)

static void
add_usual (void)
{
  ADD ("/shots/welcome", test_welcome);
  ADD ("/shots/welcome-narrow", test_welcome_narrow);
  ADD ("/shots/layout", test_layout);
  ADD ("/shots/problems", test_problems);
  ADD ("/shots/erase", test_erase);
  ADD ("/shots/editing", test_editing);
  ADD ("/shots/rescue", test_rescue);
  ADD ("/shots/job", test_job);
  ADD ("/shots/hint", test_hint);
  ADD ("/shots/success", test_success);
  ADD ("/shots/failure", test_failure);
}

int
main (int argc, char **argv)
{
  static const FlashAppShotsTest looks[] = {
    { "pages", (GTestFixtureFunc) test_variant },
    { NULL, NULL },
  };

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  if (flash_app_has_usual_look ())
    add_usual ();
  flash_app_shots_add ("/shots", sizeof (FlashAppFixture), (GTestFixtureFunc) set_up,
                       (GTestFixtureFunc) flash_app_fixture_tear_down, looks);
  return flash_app_shots_run ();
}
