/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards that cannot be flashed, or not as they should: what is said of them, and where. */
#define G_LOG_DOMAIN "test-conditions"

#include "config.h"

#include "flash-app-test.h"

static FlashBoard *
put (const FlashAppUsbBoard *traits)
{
  return flash_app_usb_put (flash_app_test.usb, traits);
}

static const FlashAppUsbBoard good_board = {
  .port = "1-4", .product = FLASH_APP_USB_MP157, .serial = "0042", .speed = FLASH_SPEED_HIGH
};

/* Returns: whether text is shown in a popover of that row. */
static gboolean
popover_says (FlashBoardRow *row, const char *id, const char *text)
{
  GtkWidget *label =
      GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (row), FLASH_TYPE_BOARD_ROW, id));

  return gtk_widget_get_mapped (label) &&
         g_str_equal (gtk_label_get_text (GTK_LABEL (label)), text);
}

typedef struct {
  FlashAppUsbBoard board;
  const char *state;
  const char *warning; /* (nullable) */
  const char *reason;
  const char *detail; /* (nullable) */
  gboolean is_blocked;
} Condition;

#define NODE "no right to read and write /dev/bus/usb/001/005 (root:root, mode 0664) as user ada"
#define RULE                                                                                       \
  "Open “Fix access” in this program: it shows the access rule, installs it and looks "        \
  "whether it works.\n"                                                                            \
  "Unplug the board and plug it in again if it stays closed.\n"                                    \
  "If the rule is there already, log in at this computer itself: remote sessions get no "          \
  "rights from it."
#define CLOSE                                                                                      \
  "Close other flashing tools, debuggers and virtual machines that may hold the device.\n"         \
  "If a service such as fwupd or ModemManager holds it, stop that service while you flash.\n"      \
  "Try again; the board need not be unplugged."
#define SLOW "The board is connected at full speed, about ten times slower than it could be."
#define SLOW_REMEDY                                                                                \
  "Use another cable or another port, without a hub.\n"                                            \
  "Look at the new link before you flash: some boot stages work at high speed only and do not "    \
  "come back on this one."

static const Condition conditions[] = {
  { { "1-4", FLASH_APP_USB_MP157, NULL, FLASH_SPEED_HIGH, FLASH_ACCESS_NO_PERMISSION, NODE, NULL },
    "Cannot be opened",
    "No permission",
    "You may not open the board.",
    RULE "\nIn detail: " NODE,
    TRUE },
  { { "1-4", FLASH_APP_USB_MP157, NULL, FLASH_SPEED_HIGH, FLASH_ACCESS_BUSY,
      "the device is held by dfu-util (process 815)", NULL },
    "Cannot be opened",
    "In use elsewhere",
    "Another program is using the board.",
    CLOSE "\nIn detail: the device is held by dfu-util (process 815)",
    TRUE },
  { { "1-4", NULL, NULL, FLASH_SPEED_HIGH, FLASH_ACCESS_SILENT, NULL, NULL },
    "Cannot be opened",
    "Does not answer",
    "The board is on the bus but does not answer.",
    "Reset the board itself; restarting the computer does not help.\n"
    "If it happens again, look at its serial console: a first boot stage has probably crashed.",
    TRUE },
  { { "1-4", FLASH_APP_USB_MP157, NULL, FLASH_SPEED_FULL, FLASH_ACCESS_OK, NULL, NULL },
    "Ready in ROM",
    "Slow link",
    SLOW,
    SLOW_REMEDY,
    FALSE },
  { { "1-4", "STM32  BOOTLOADER", NULL, FLASH_SPEED_FULL, FLASH_ACCESS_OK, NULL, NULL },
    "Boot loader",
    NULL,
    "This is a microcontroller: it takes a firmware file, not a layout.",
    NULL,
    TRUE },
};

/* The row says it in a word; what to do about it is a press away. */
static void
check_popover (FlashAppFixture *fixture, const Condition *condition)
{
  FlashBoardRow *row = flash_app_find_row (fixture, "1-4");
  GtkWidget *button = flash_ui_find_named (GTK_WIDGET (row), "warning_button");
  const char *newline = strstr (condition->detail, "\nIn detail: ");
  g_autofree char *remedy =
      newline != NULL ? g_strndup (condition->detail, (gsize) (newline - condition->detail))
                      : g_strdup (condition->detail);

  g_assert_nonnull (button);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  flash_ui_wait_until (popover_says (row, "cause_label", condition->reason));
  g_assert_true (popover_says (row, "remedy_label", remedy));
  if (newline != NULL)
    g_assert_true (popover_says (row, "detail_label", newline + 1));
  gtk_menu_button_popdown (GTK_MENU_BUTTON (button));
}

static void
check_condition (FlashAppFixture *fixture, const Condition *condition)
{
  g_auto (GStrv) steps = NULL;

  put (&condition->board);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_true (flash_app_row_says (fixture, "1-4", condition->state));
  if (condition->warning != NULL) {
    g_assert_true (flash_app_row_says (fixture, "1-4", condition->warning));
    check_popover (fixture, condition);
  } else {
    g_assert_null (
        flash_ui_find_named (GTK_WIDGET (flash_app_find_row (fixture, "1-4")), "warning_button"));
  }
  steps = g_strsplit (condition->detail != NULL ? condition->detail : "", "\n", -1);
  flash_app_choose_port (fixture, "1-4");
  g_assert_cmpstr (flash_app_get_text (fixture, "note_label"), ==, condition->reason);
  if (condition->detail != NULL && !condition->is_blocked)
    /* The rest is a press away. */
    g_assert_cmpstr (flash_app_get_text (fixture, "note_detail_label"), ==, steps[0]);
  else if (condition->detail != NULL)
    g_assert_cmpstr (flash_app_get_text (fixture, "note_detail_label"), ==, condition->detail);
  else
    g_assert_false (flash_app_has (fixture, "note_detail_label"));
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")) !=
                 condition->is_blocked);
  flash_app_usb_take (flash_app_test.usb, "1-4");
  g_assert_null (flash_app_find_row (fixture, "1-4"));
  g_assert_cmpstr (flash_app_get_text (fixture, "note_label"), ==, "No board is chosen.");
  g_assert_false (flash_app_has (fixture, "note_detail_label"));
}

static void
test_conditions (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_app_open (fixture, fixture->layout_path);
  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    check_condition (fixture, &conditions[i]);
}

/* The warning goes as soon as its cause does, popover and all. */
static void
test_mended (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardRow *row;
  GtkWidget *button;

  put (&conditions[0].board);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  row = flash_app_find_row (fixture, "1-4");
  button = flash_ui_find_named (GTK_WIDGET (row), "warning_button");
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  flash_ui_wait_until (popover_says (row, "cause_label", conditions[0].reason));
  put (&good_board);
  flash_ui_wait_until (!gtk_widget_get_mapped (button) &&
                       !popover_says (row, "cause_label", conditions[0].reason));
  g_assert_true (flash_app_row_says (fixture, "1-4", "Ready in ROM"));
}

/* The advice can be had without a pointer. */
static void
test_keys (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashBoardRow *row;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no keyboard");
    return;
  }
  put (&conditions[0].board);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  flash_app_choose_port (fixture, "1-4");
  row = flash_app_find_row (fixture, "1-4");
  flash_ui_wait_until (gtk_widget_has_focus (GTK_WIDGET (row)));
  flash_ui_press_keys ("Tab");
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (popover_says (row, "cause_label", conditions[0].reason));
  flash_ui_press_keys ("Escape");
  flash_ui_wait_until (!popover_says (row, "cause_label", conditions[0].reason));
}

static gboolean
has_pane (FlashAppFixture *fixture)
{
  return adw_flap_get_reveal_flap (ADW_FLAP (flash_app_get (fixture, "flap")));
}

/* A narrow window hides the pane once a board is chosen, but not while the keys wander through the
 * list, and not from a board with a problem. */
static void
test_narrow (FlashAppFixture *fixture, gconstpointer unused)
{
  FlashAppUsbBoard bad = conditions[0].board;
  FlashAppUsbBoard other = good_board;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no keyboard to choose with");
    return;
  }
  bad.port = "1-5";
  other.port = "1-6";
  put (&good_board);
  put (&bad);
  put (&other);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 360, 640);
  flash_ui_wait_until (adw_flap_get_folded (ADW_FLAP (flash_app_get (fixture, "flap"))));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-boards", NULL);
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_null (gtk_list_box_get_selected_row (GTK_LIST_BOX (flash_app_get (fixture, "list"))));
  flash_ui_press_keys ("Down");
  flash_ui_wait_until (
      gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (flash_app_find_row (fixture, "1-5"))));
  flash_ui_press_keys ("Return");
  flash_ui_settle (GTK_WIDGET (fixture->window), 30);
  g_assert_true (has_pane (fixture));
  flash_ui_press_keys ("Down");
  flash_ui_wait_until (
      gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (flash_app_find_row (fixture, "1-6"))));
  g_assert_true (has_pane (fixture));
  flash_ui_press_keys ("Return");
  flash_ui_wait_until (!has_pane (fixture));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/conditions/all", test_conditions);
  ADD ("/conditions/mended", test_mended);
  ADD ("/conditions/keys", test_keys);
  ADD ("/conditions/narrow", test_narrow);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
