/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The side pane: boards on USB, their neighbours, and virtual boards. */
#define G_LOG_DOMAIN "test-boards"

#include "config.h"

#include "flash-app-test.h"
#include "flash-words.h"

static FlashBoardList *
get_boards (void)
{
  return flash_application_get_boards (flash_app_test.application);
}

static GtkListBoxRow *
get_row (FlashAppFixture *fixture, int index)
{
  return gtk_list_box_get_row_at_index (GTK_LIST_BOX (flash_app_get (fixture, "list")), index);
}

static GtkWidget *
find_in (GtkListBoxRow *row, const char *text)
{
  return flash_ui_find_widget (GTK_WIDGET (row), GTK_TYPE_LABEL, text);
}

static FlashBoard *
put (const FlashAppUsbBoard *traits)
{
  return flash_app_usb_put (flash_app_test.usb, traits);
}

static const FlashAppUsbBoard good_board = {
  .port = "1-4", .product = FLASH_APP_USB_MP157, .serial = "0042", .speed = FLASH_SPEED_HIGH
};

/* --- nothing to be flashed on USB --------------------------------------------------------- */

static void
test_no_board (FlashAppFixture *fixture, gconstpointer unused)
{
  g_assert_cmpstr (flash_app_get_text (fixture, "empty_title"), ==, "No board on USB");
  g_assert_nonnull (flash_ui_find_widget (GTK_WIDGET (fixture->window), ADW_TYPE_STATUS_PAGE,
                                          "Plug in a board or drop a file"));
  g_assert_false (flash_app_has (fixture, "neighbour_box"));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (get_boards ())), ==, 6);
  g_assert_nonnull (find_in (get_row (fixture, 0), "STM32MP15"));
  g_assert_nonnull (find_in (get_row (fixture, 0), "Ready in ROM"));
  g_assert_nonnull (find_in (get_row (fixture, 0), "Port virtual-1, high speed"));
  g_assert_nonnull (find_in (get_row (fixture, 0), "virtual"));
}

static void
test_rescan (FlashAppFixture *fixture, gconstpointer unused)
{
  guint n_before = flash_app_usb_count_rescans (flash_app_test.usb);

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no keyboard to press F5 on");
    return;
  }
  flash_ui_press_keys ("F5");
  flash_ui_wait_until (flash_app_usb_count_rescans (flash_app_test.usb) == n_before + 1);
}

static void
test_hide_virtual (FlashAppFixture *fixture, gconstpointer unused)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-virtual-boards", NULL);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_null (get_row (fixture, 0));
  put (&good_board);
  g_assert_true (flash_app_row_says (fixture, "1-4", "STM32MP15"));
  flash_app_usb_take (flash_app_test.usb, "1-4");
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  flash_app_press (fixture, "try_button");
  flash_ui_wait_until (get_row (fixture, 2) != NULL);
  g_assert_true (gtk_list_box_row_is_selected (get_row (fixture, 0)));
  g_assert_false (flash_app_has (fixture, "try_button"));
}

/* A window on a computer that lets no program at its USB. */
static void
test_unusable (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window;
  GtkWidget *label;

  flash_board_list_set_usb_error (get_boards (), "USB cannot be used: not allowed");
  window = GTK_WIDGET (flash_window_new (flash_app_test.application));
  flash_board_list_set_usb_error (get_boards (), NULL);
  gtk_window_present (GTK_WINDOW (window));
  flash_ui_wait_until (gtk_widget_get_mapped (window));
  flash_ui_wait_until (flash_ui_find_widget (window, GTK_TYPE_LABEL, "USB cannot be used") != NULL);
  label = flash_ui_find_named (window, "empty_detail_label");
  g_assert_nonnull (label);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==,
                   "In detail: USB cannot be used: not allowed");
  g_assert_nonnull (flash_ui_find_widget (window, ADW_TYPE_STATUS_PAGE, "Drop a file"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static gboolean
neighbour_says (FlashAppFixture *fixture, int index, const char *text)
{
  GtkListBox *list = GTK_LIST_BOX (flash_app_get (fixture, "neighbour_list"));
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, index);

  return row != NULL && find_in (row, text) != NULL;
}

/* They are named, come and go, and cannot be chosen. */
static void
test_neighbours (FlashAppFixture *fixture, gconstpointer unused)
{
  char st_link[] = "1-3", product[] = "STM32 STLink", disk[] = "1-5";
  const FlashUsbRecord records[] = {
    { .port = st_link, .vid = 0x0483, .pid = 0x374b, .product = product },
    { .port = disk, .vid = 0x0483, .pid = 0x5720, .has_mass_storage = TRUE },
  };
  GtkListBoxRow *row;

  for (int kind = FLASH_USB_NEIGHBOUR_ST_LINK; kind <= FLASH_USB_NEIGHBOUR_OTHER; kind++)
    g_assert_true (
        gtk_icon_theme_has_icon (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                 flash_words_neighbour_icon (kind)));
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    flash_app_usb_add_neighbour (flash_app_test.usb, &records[i]);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_true (flash_app_has (fixture, "empty_box"));
  g_assert_true (neighbour_says (fixture, 0, "STM32 STLink"));
  g_assert_true (neighbour_says (fixture, 0, "Port 1-3"));
  g_assert_true (
      neighbour_says (fixture, 0, "A debug probe. Connect the board’s own USB device port too."));
  g_assert_true (neighbour_says (fixture, 1, "USB disk"));
  row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (flash_app_get (fixture, "neighbour_list")), 0);
  g_assert_false (gtk_list_box_row_get_selectable (row));
  g_assert_false (gtk_list_box_row_get_activatable (row));
  if (flash_ui_has_input ())
    flash_ui_click (GTK_WIDGET (row));
  g_assert_null (gtk_list_box_get_selected_row (GTK_LIST_BOX (flash_app_get (fixture, "list"))));

  flash_app_usb_take_all (flash_app_test.usb);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_false (flash_app_has (fixture, "neighbour_box"));
}

/* --- where a board is --------------------------------------------------------------------- */

static void
test_hubs (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GPtrArray) hubs = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_hub_free);
  FlashAppUsbBoard board = good_board;
  GtkWidget *label;

  board.port = "1-2.3";
  board.hubs = hubs;
  g_ptr_array_add (hubs, flash_app_usb_make_hub ("1-2", "USB2.0 Hub", FLASH_SPEED_HIGH));
  put (&board);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_true (
      flash_app_row_says (fixture, "1-2.3", "Port 1-2.3, high speed, behind USB2.0 Hub"));
  g_ptr_array_add (hubs, flash_app_usb_make_hub ("1-2.3", NULL, FLASH_SPEED_UNKNOWN));
  board.port = "1-2.3.1";
  put (&board);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_true (
      flash_app_row_says (fixture, "1-2.3.1", "Port 1-2.3.1, high speed, behind 2 USB hubs"));
  label = flash_ui_find_named (GTK_WIDGET (flash_app_find_row (fixture, "1-2.3.1")), "place_label");
  g_assert_cmpstr (gtk_widget_get_tooltip_text (label), ==,
                   "Behind USB2.0 Hub on port 1-2, high speed\n"
                   "Behind a USB hub on port 1-2.3");
}

/* Boards of USB stand above the virtual ones. */
static void
test_order (FlashAppFixture *fixture, gconstpointer unused)
{
  put (&good_board);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_false (flash_app_has (fixture, "empty_box"));
  flash_ui_wait_until (flash_app_find_row (fixture, "1-4") != NULL);
  g_assert_true (GTK_LIST_BOX_ROW (flash_app_find_row (fixture, "1-4")) == get_row (fixture, 0));
}

/* --- identity ----------------------------------------------------------------------------- */

/* A board that comes back is another object on the same port, and the same row. */
static void
test_return (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashAppUsbBoard silent = { .port = "1-4", .speed = FLASH_SPEED_FULL };
  FlashBoardEntry *entry;
  FlashBoard *board;

  put (&silent);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  entry = flash_board_row_get_entry (flash_app_find_row (fixture, "1-4"));
  g_assert_cmpstr (flash_board_entry_get_name (entry), ==, "USB device");
  board = put (&good_board);
  g_assert_true (flash_board_row_get_entry (flash_app_find_row (fixture, "1-4")) == entry);
  g_assert_true (flash_board_entry_get_board (entry) == board);
  g_assert_true (flash_app_row_says (fixture, "1-4", "Port 1-4, high speed"));
  g_assert_false (flash_board_entry_can_restart (entry));
}

/* Cheap boards all have the same serial number: only the port tells them apart. */
static void
test_equal_serials (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashAppUsbBoard second = good_board;
  FlashBoardEntry *entry;
  FlashBoard *board, *replaced;

  second.port = "1-5";
  put (&good_board);
  board = put (&second);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  entry = flash_app_choose_port (fixture, "1-5");
  g_assert_true (entry != flash_board_row_get_entry (flash_app_find_row (fixture, "1-4")));
  replaced = put (&good_board);
  g_assert_true (flash_board_entry_get_board (entry) == board);
  g_assert_true (flash_board_entry_get_board (
                     flash_board_row_get_entry (flash_app_find_row (fixture, "1-4"))) == replaced);
  flash_app_usb_take (flash_app_test.usb, "1-4");
  g_assert_null (flash_app_find_row (fixture, "1-4"));
  g_assert_true (flash_board_row_get_entry (flash_app_find_row (fixture, "1-5")) == entry);
  g_assert_true (
      gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (flash_app_find_row (fixture, "1-5"))));
}

/* Makes the list of all boards look at everything again. */
static void
stir (FlashAppFixture *fixture)
{
  g_autofree char *id = g_strdup_printf ("virtual:stm32mp135,storage=%s", fixture->storage_dir);
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBoard) board = flash_provider_find (
      flash_application_get_virtual_provider (flash_app_test.application), id, &error);

  g_assert_no_error (error);
}

/* A board that leaves during its job keeps its row, which follows it from enumeration to
 * enumeration, whatever the list of its provider still shows. */
static void
test_away (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry;
  FlashBoard *board;

  put (&good_board);
  flash_app_open (fixture, fixture->layout_path);
  entry = flash_app_choose_port (fixture, "1-4");
  flash_app_usb_set_held (flash_app_test.usb, TRUE);
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_row_says (fixture, "1-4", "Being flashed"));
  flash_app_usb_take (flash_app_test.usb, "1-4");
  flash_ui_wait_until (flash_app_row_says (fixture, "1-4", "Away, expected back"));
  g_assert_false (flash_app_has (fixture, "empty_box"));
  board = put (&good_board);
  flash_ui_wait_until (flash_board_entry_get_board (entry) == board);
  g_assert_true (flash_app_row_says (fixture, "1-4", "Being flashed"));

  flash_app_usb_set_late (flash_app_test.usb, TRUE);
  board = put (&good_board);
  flash_ui_wait_until (flash_board_entry_get_board (entry) == board);
  stir (fixture);
  g_assert_true (flash_board_entry_get_board (entry) == board);
  flash_app_usb_set_late (flash_app_test.usb, FALSE);
  g_assert_true (flash_board_row_get_entry (flash_app_find_row (fixture, "1-4")) == entry);

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  flash_app_answer ("act");
  flash_app_usb_set_held (flash_app_test.usb, FALSE);
  flash_app_wait_for_result (fixture);
  g_assert_null (flash_board_entry_get_job (entry));
  g_assert_true (flash_app_row_says (fixture, "1-4", "Ready in ROM"));
}

/* A list goes away whole, and what its provider tells afterwards does no harm. */
static void
test_list (void)
{
  g_autoptr (FlashAppUsb) usb = flash_app_usb_new ();
  FlashBoardList *list = flash_board_list_new ();
  FlashAppUsbBoard first = good_board;
  g_autoptr (FlashBoardEntry) entry = NULL;

  flash_board_list_add_provider (list, FLASH_PROVIDER (usb));
  flash_app_usb_put (usb, &good_board);
  first.port = "1-1";
  flash_app_usb_put (usb, &first);
  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (list)) == FLASH_TYPE_BOARD_ENTRY);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (list), 2));
  entry = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_finalize_object (list);
  flash_app_usb_take_all (usb);
  g_assert_true (flash_board_entry_is_present (entry));
}

/* --- virtual boards ----------------------------------------------------------------------- */

/* A virtual board that is not in its ROM can be switched off and on. */
static void
test_restart (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardEntry *entry = flash_app_choose_board (fixture, "stage=uboot");
  guint64 generation = flash_board_get_generation (flash_board_entry_get_board (entry));

  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_true (flash_board_entry_can_restart (entry));
  flash_app_press (fixture, "restart_button");
  flash_ui_wait_until (
      flash_board_entry_is_present (entry) && !flash_board_entry_is_restarting (entry) &&
      flash_board_get_generation (flash_board_entry_get_board (entry)) != generation);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/boards/no-board", test_no_board);
  ADD ("/boards/rescan", test_rescan);
  ADD ("/boards/hide-virtual", test_hide_virtual);
  ADD ("/boards/unusable", test_unusable);
  ADD ("/boards/neighbours", test_neighbours);
  ADD ("/boards/hubs", test_hubs);
  ADD ("/boards/order", test_order);
  ADD ("/boards/return", test_return);
  ADD ("/boards/equal-serials", test_equal_serials);
  ADD ("/boards/away", test_away);
  ADD ("/boards/restart", test_restart);
  g_test_add_func ("/boards/list", test_list);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
