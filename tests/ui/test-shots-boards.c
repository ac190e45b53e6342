/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of the boards on USB in every condition, for people to look at:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-boards */
#define G_LOG_DOMAIN "test-shots-boards"

#include "config.h"

#include "flash-app-shots.h"

static const FlashAppUsbBoard good = {
  .port = "1-4", .product = FLASH_APP_USB_MP157, .serial = "0042", .speed = FLASH_SPEED_HIGH
};
static const FlashAppUsbBoard forbidden = {
  .port = "1-6",
  .product = FLASH_APP_USB_MP157,
  .speed = FLASH_SPEED_HIGH,
  .access = FLASH_ACCESS_NO_PERMISSION,
  .access_detail =
      "no right to read and write /dev/bus/usb/001/005 (root:root, mode 0664) as user ada"
};
static const FlashAppUsbBoard busy = { .port = "1-7",
                                       .product = FLASH_APP_USB_MP157,
                                       .speed = FLASH_SPEED_HIGH,
                                       .access = FLASH_ACCESS_BUSY,
                                       .access_detail =
                                           "the device is held by dfu-util (process 4711)" };
static const FlashAppUsbBoard slow = { .port = "1-8",
                                       .product = FLASH_APP_USB_MP157,
                                       .speed = FLASH_SPEED_FULL };
static const FlashAppUsbBoard microcontroller = { .port = "1-9",
                                                  .product = "STM32  BOOTLOADER",
                                                  .speed = FLASH_SPEED_FULL };

static void
put (const FlashAppUsbBoard *traits)
{
  flash_app_usb_put (flash_app_test.usb, traits);
}

static void
put_behind_hub (const FlashAppUsbBoard *traits)
{
  g_autoptr (GPtrArray) hubs = g_ptr_array_new_with_free_func ((GDestroyNotify) flash_hub_free);
  FlashAppUsbBoard board = *traits;

  g_ptr_array_add (hubs, flash_app_usb_make_hub ("1-2", "USB2.0 Hub", FLASH_SPEED_HIGH));
  board.port = "1-2.3";
  board.hubs = hubs;
  put (&board);
}

static void
add_neighbours (void)
{
  char ports[][4] = { "1-3", "2-1", "2-2", "2-3", "2-4" };
  char st_link[] = "STM32 STLink", gadget[] = "USB download gadget", serial[] = "Virtual ComPort";
  const FlashUsbRecord records[] = {
    { .port = ports[0], .vid = 0x0483, .pid = 0x374b, .product = st_link },
    { .port = ports[1], .vid = 0x0483, .pid = 0x5720, .has_mass_storage = TRUE },
    { .port = ports[2], .vid = 0x0483, .pid = 0xdf11, .product = gadget, .has_runtime_dfu = TRUE },
    { .port = ports[3], .vid = 0x0483, .pid = 0x0afb },
    { .port = ports[4], .vid = 0x0483, .pid = 0x5740, .product = serial },
  };

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    flash_app_usb_add_neighbour (flash_app_test.usb, &records[i]);
}

static void
shoot_window (FlashAppFixture *fixture, const char *name)
{
  flash_app_shoot (GTK_WIDGET (fixture->window), name);
}

static void
shoot_popover (FlashAppFixture *fixture, const char *port, const char *name)
{
  GtkWidget *row = GTK_WIDGET (flash_app_find_row (fixture, port));
  GtkMenuButton *button = GTK_MENU_BUTTON (flash_ui_find_named (row, "warning_button"));
  GtkWidget *popover = GTK_WIDGET (gtk_menu_button_get_popover (button));

  gtk_menu_button_popup (button);
  flash_ui_wait_until (gtk_widget_get_mapped (popover));
  flash_app_shoot (popover, name);
  gtk_menu_button_popdown (button);
}

/* --- without a board ---------------------------------------------------------------------- */

static void
test_empty (FlashAppFixture *fixture, gconstpointer unused)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-virtual-boards", NULL);
  shoot_window (fixture, "usb-empty");
  add_neighbours ();
  shoot_window (fixture, "usb-neighbours-only");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-virtual-boards", NULL);
  shoot_window (fixture, "usb-neighbours-and-virtual");
}

static void
test_unusable (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardList *boards = flash_application_get_boards (flash_app_test.application);
  GtkWidget *window;

  flash_board_list_set_usb_error (boards, "USB cannot be used on this computer: failed to init "
                                          "libusb: Other error [-99]");
  window = GTK_WIDGET (flash_window_new (flash_app_test.application));
  flash_board_list_set_usb_error (boards, NULL);
  gtk_window_present (GTK_WINDOW (window));
  flash_ui_wait_until (gtk_widget_get_mapped (window));
  flash_app_shoot (window, "usb-unusable");
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- one board ---------------------------------------------------------------------------- */

typedef struct {
  const char *name;
  const FlashAppUsbBoard *board;
  gboolean is_behind_hub;
} Condition;

static void
test_conditions (FlashAppFixture *fixture, gconstpointer unused)
{
  static const Condition conditions[] = {
    { "usb-ok", &good, FALSE },   { "usb-no-permission", &forbidden, FALSE },
    { "usb-busy", &busy, FALSE }, { "usb-full-speed", &slow, FALSE },
    { "usb-hub", &slow, TRUE },   { "usb-microcontroller", &microcontroller, FALSE },
  };

  flash_app_open (fixture, fixture->layout_path);
  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++) {
    const char *port = conditions[i].is_behind_hub ? "1-2.3" : conditions[i].board->port;
    g_autofree char *popover_name = g_strconcat (conditions[i].name, "-advice", NULL);

    if (conditions[i].is_behind_hub)
      put_behind_hub (conditions[i].board);
    else
      put (conditions[i].board);
    flash_ui_settle (GTK_WIDGET (fixture->window), 30);
    flash_app_choose_port (fixture, port);
    shoot_window (fixture, conditions[i].name);
    if (flash_ui_find_named (GTK_WIDGET (flash_app_find_row (fixture, port)), "warning_button"))
      shoot_popover (fixture, port, popover_name);
    flash_app_usb_take (flash_app_test.usb, port);
  }
}

/* --- all at once, in every look ------------------------------------------------------------ */

static void
put_all (FlashAppFixture *fixture)
{
  put (&good);
  put_behind_hub (&good);
  put (&forbidden);
  put (&busy);
  put (&slow);
  put (&microcontroller);
  add_neighbours ();
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
}

static void
test_narrow (FlashAppFixture *fixture, gconstpointer unused)
{
  put_all (fixture);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_resize (fixture, 360, 640);
  flash_app_choose_port (fixture, forbidden.port);
  shoot_window (fixture, "usb-narrow-boards");
  shoot_popover (fixture, forbidden.port, "usb-narrow-advice");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-pane", NULL);
  shoot_window (fixture, "usb-narrow-layout");
}

/* The narrow window grows with the text. */
static void
test_look (FlashAppFixture *fixture, gconstpointer data)
{
  const FlashAppLook *look = data;

  put_all (fixture);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_port (fixture, forbidden.port);
  flash_app_shoot_look (fixture, look, "usb-all");
  /* What has twice the size needs twice the room, as far as the screen has it. */
  if (look->text_scale > 0)
    flash_app_resize (fixture, (int) (360 * look->text_scale), 960);
  else
    flash_app_resize (fixture, 360, 640);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-pane", NULL);
  flash_app_shoot_look (fixture, look, "usb-narrow");
}

static void
set_up_look (FlashAppFixture *fixture, gconstpointer data)
{
  flash_app_set_look (data);
  flash_app_fixture_set_up (fixture, NULL);
}

static void
tear_down_look (FlashAppFixture *fixture, gconstpointer data)
{
  flash_app_fixture_tear_down (fixture, NULL);
  flash_app_reset_look ();
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

static void
add_usual (void)
{
  ADD ("/shots-boards/empty", test_empty);
  ADD ("/shots-boards/unusable", test_unusable);
  ADD ("/shots-boards/conditions", test_conditions);
  ADD ("/shots-boards/narrow", test_narrow);
}

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  if (flash_app_has_usual_look ())
    add_usual ();
  for (const FlashAppLook *look = flash_app_list_looks (); look->name != NULL; look++) {
    g_autofree char *path = g_strconcat ("/shots-boards/", look->name, NULL);

    g_test_add (path, FlashAppFixture, look, set_up_look, test_look, tear_down_look);
  }
  status = g_test_run ();
  flash_app_test_shut_down ();
  flash_app_shots_shut_down ();
  return status;
}
