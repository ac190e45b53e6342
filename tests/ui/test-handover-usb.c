/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board that is away from a computer that has something to do with it: the real provider, real
 * libusb, and a made-up bus, in a made-up virtual machine. */
#define G_LOG_DOMAIN "test-handover-usb"

#include "config.h"

#include "flash-app-test.h"
#include "flash-console-bench.h"
#include "flash-usb-mock.h"
#include "flash-vm-dialog.h"

#define PORT "1-1"
/* A board and its ST-LINK stand at a hub of their own. */
#define HUB "1-2"
#define BEHIND HUB ".1"
/* Where rootfs lies on the SD card, by the layout of the fixture. */
#define ROOTFS_OFFSET 0x04984400
/* The bound that the journey names, and half a second for drawing. */
#define DIAGNOSIS_US (5500 * 1000)

static FlashUsbMock *mock; /* (owned) */

/* What VirtualBox writes into its firmware. */
static void
set_vm (const char *product)
{
  const char *root = flash_usb_mock_get_root (mock);

  flash_test_write_text (root, "sys/class/dmi/id/product_name", product);
  flash_application_set_root (flash_app_test.application, root);
}

static FlashBoardEntry *
start (FlashAppFixture *fixture, const char *keys)
{
  g_autofree char *id =
      g_strconcat ("virtual:stm32mp157,storage=", fixture->storage_dir, keys, NULL);

  flash_app_open (fixture, fixture->layout_path);
  flash_usb_mock_add_board (mock, PORT, id);
  flash_ui_wait_until (flash_app_row_says (fixture, PORT, "Ready in ROM"));
  FlashBoardEntry *entry = flash_app_choose_port (fixture, PORT);
  flash_app_start (fixture);
  return entry;
}

static void
finish (FlashAppFixture *fixture)
{
  flash_app_wait_for_result (fixture);
  flash_usb_mock_remove (mock, PORT);
  flash_ui_wait_until (flash_app_find_row (fixture, PORT) == NULL);
}

static void
click (FlashAppFixture *fixture, const char *id)
{
  GtkWidget *button = flash_app_get (fixture, id);

  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

/* The virtual machine is said before anything is sent, with the way to its settings. */
static void
test_before (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog;

  set_vm ("VirtualBox\n");
  flash_app_open (fixture, fixture->layout_path);
  flash_usb_mock_add_board (mock, PORT, "virtual:stm32mp157");
  flash_ui_wait_until (flash_app_row_says (fixture, PORT, "Ready in ROM"));
  flash_app_choose_port (fixture, PORT);
  flash_ui_wait_until (flash_app_has (fixture, "note_button"));
  g_test_message ("note: %s", flash_app_get_text (fixture, "note_label"));
  g_assert_nonnull (strstr (flash_app_get_text (fixture, "note_label"), "virtual machine"));
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-vm", NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_VM_DIALOG);
  g_assert_nonnull (dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
  flash_usb_mock_remove (mock, PORT);
  flash_ui_wait_until (flash_app_find_row (fixture, PORT) == NULL);
}

/* Returns: (transfer full): the text to be pasted. */
static char *
dup_filter (GtkWidget *dialog)
{
  GtkWidget *view = flash_ui_find_widget (dialog, GTK_TYPE_TEXT_VIEW, NULL);
  char *text;

  g_object_get (gtk_text_view_get_buffer (GTK_TEXT_VIEW (view)), "text", &text, NULL);
  return text;
}

/* J2: the host of a virtual machine keeps the board in its next stage. */
static void
test_virtual_machine (FlashAppFixture *fixture, gconstpointer unused)
{
  GSettings *settings = flash_application_get_settings (flash_app_test.application);
  GtkWidget *dialog;
  g_autofree char *filter = NULL;
  gint64 lost_us, said_us;

  set_vm ("VirtualBox\n");
  g_settings_set_uint (settings, "patience", 6);
  start (fixture, ",fault=handover-delay@tfa");
  flash_ui_wait_until (flash_app_row_says (fixture, PORT, "Away, expected back"));
  lost_us = g_get_monotonic_time ();
  flash_ui_wait_until (flash_app_says (fixture, "advice_code_label", "vm-passthrough"));
  said_us = g_get_monotonic_time ();
  g_test_message ("said %.2f s after the loss", (double) (said_us - lost_us) / G_USEC_PER_SEC);
  if (!flash_ui_is_slow ())
    g_assert_cmpint (said_us - lost_us, <=, DIAGNOSIS_US);
  g_assert_true (flash_app_says (fixture, "handover_label", "Waiting for U-Boot"));
  g_assert_true (
      gtk_widget_has_css_class (flash_app_get (fixture, "vm_button"), "suggested-action"));

  click (fixture, "vm_button");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_VM_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_VM_DIALOG);
  flash_ui_settle (dialog, 30);
  g_assert_nonnull (
      flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "This computer runs in VirtualBox."));
  filter = dup_filter (dialog);
  g_assert_nonnull (strstr (filter, "VBoxManage usbfilter add"));
  g_signal_emit_by_name (flash_ui_find_named (dialog, "vm_copy_button"), "clicked");
  flash_ui_wait_until (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "Filter settings copied") !=
                       NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (flash_ui_find_named (dialog, "kind_choice")), 1);
  g_clear_pointer (&filter, g_free);
  filter = dup_filter (dialog);
  g_assert_null (strstr (filter, "VBoxManage"));
  gtk_window_destroy (GTK_WINDOW (dialog));

  /* The filter is set; the board is passed on now. */
  flash_ui_wait_until (flash_app_says (fixture, "handover_label", "The board has not come back"));
  click (fixture, "go_on_button");
  flash_ui_wait_until (flash_app_has (fixture, "status_label"));
  finish (fixture);
  g_settings_reset (settings, "patience");
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), ==, "Written");
  flash_app_assert_stored (fixture, "mmc0.img", ROOTFS_OFFSET, "rootfs.ext4");
}

static FlashBoardEntry *
start_behind_hub (FlashAppFixture *fixture)
{
  g_autofree char *id =
      g_strconcat ("virtual:stm32mp157,fault=no-uboot@tfa,storage=", fixture->storage_dir, NULL);
  FlashBoardEntry *entry;

  flash_app_open (fixture, fixture->layout_path);
  flash_usb_mock_add_hub (mock, HUB);
  flash_usb_mock_add_board (mock, BEHIND, id);
  flash_ui_wait_until (flash_app_row_says (fixture, BEHIND, "Ready in ROM"));
  entry = flash_app_choose_port (fixture, BEHIND);
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_has (fixture, "give_up_button"));
  flash_ui_wait_until (flash_app_has (fixture, "port_choice"));
  return entry;
}

static void
finish_behind_hub (FlashAppFixture *fixture)
{
  click (fixture, "give_up_button");
  flash_app_wait_for_result (fixture);
  flash_usb_mock_remove (mock, BEHIND);
  flash_ui_wait_until (flash_app_find_row (fixture, BEHIND) == NULL);
  flash_usb_mock_remove (mock, HUB);
}

static gboolean
is_console_open (FlashAppFixture *fixture)
{
  return gtk_toggle_button_get_active (
      GTK_TOGGLE_BUTTON (flash_app_get (fixture, "console_open_button")));
}

/* The only ST-LINK at the board's own hub is its console, which opens by itself; unless that is not
 * wanted. */
static void
test_console (FlashAppFixture *fixture, gconstpointer data)
{
  gboolean is_wanted = GPOINTER_TO_INT (data);
  GSettings *settings = flash_application_get_settings (flash_app_test.application);
  g_autoptr (FlashConsoleBench) bench = flash_console_bench_new_on (flash_app_test.root, HUB ".4");

  flash_application_set_root (flash_app_test.application, flash_app_test.root);
  g_settings_set_uint (settings, "patience", 1);
  g_settings_set_boolean (settings, "console-automatic", is_wanted);
  start_behind_hub (fixture);
  g_assert_nonnull (flash_ui_find_widget (flash_app_get (fixture, "console_pane"), GTK_TYPE_LABEL,
                                          "/dev/ttyACM0, STM32 STLink, belongs to this board"));
  if (is_wanted) {
    flash_ui_wait_until (is_console_open (fixture));
    flash_console_bench_print (bench, "PANIC at PC : 0x2ffeb7c3\r\n");
    /* What it prints decides. */
    flash_ui_wait_until (flash_app_says (fixture, "advice_code_label", "console-panic"));
    g_assert_true (flash_app_says (fixture, "lead_label", "This is the cause"));
  } else {
    g_assert_false (is_console_open (fixture));
    g_assert_true (flash_app_says (fixture, "console_empty_label", "Open a port"));
  }
  finish_behind_hub (fixture);
  g_settings_reset (settings, "patience");
  g_settings_reset (settings, "console-automatic");
  flash_console_bench_clear (flash_app_test.root);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  if (!flash_usb_mock_is_possible ()) {
    g_print ("1..0 # SKIP this must be started through umockdev-wrapper\n");
    return 0;
  }
  flash_usb_mock_drop_rights ();
  mock = flash_usb_mock_new ();
  flash_app_test.add_real_boards = flash_board_list_add_usb;
  flash_app_test_init (&argc, &argv);
  ADD ("/handover-usb/before", test_before);
  ADD ("/handover-usb/virtual-machine", test_virtual_machine);
  g_test_add ("/handover-usb/console", FlashAppFixture, GINT_TO_POINTER (TRUE),
              flash_app_fixture_set_up, test_console, flash_app_fixture_tear_down);
  g_test_add ("/handover-usb/console-off", FlashAppFixture, GINT_TO_POINTER (FALSE),
              flash_app_fixture_set_up, test_console, flash_app_fixture_tear_down);
  status = g_test_run ();
  flash_app_test_shut_down ();
  flash_usb_mock_free (mock);
  return status;
}
