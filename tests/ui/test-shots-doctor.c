/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of everything that is said while a board is away, for people to look at:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-doctor
 *
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested. */
#define G_LOG_DOMAIN "test-shots-doctor"

#include "config.h"

#include "flash-app-shots.h"
#include "flash-console-bench.h"
#include "flash-sim-provider.h"
#include "flash-vm-dialog.h"

#define DMI "sys/class/dmi/id/product_name"
#define MIB (1024 * 1024)

static void
set_vm (const char *product)
{
  flash_test_write_text (flash_app_test.root, DMI, product);
}

static void
shoot (FlashAppFixture *fixture, const FlashAppLook *look, const char *name)
{
  g_autofree char *narrow = g_strconcat (name, "-narrow", NULL);
  double scale = look != NULL && look->text_scale > 0 ? look->text_scale : 1;

  flash_app_resize (fixture, look != NULL && look->text_scale > 0 ? 1240 : 1000, 800);
  flash_app_shoot_look (fixture, look, name);
  flash_app_resize (fixture, (int) (360 * scale), 720);
  flash_app_shoot_look (fixture, look, narrow);
  flash_app_resize (fixture, 1000, 800);
}

static void
stop (FlashAppFixture *fixture)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
}

static FlashBoardEntry *
start (FlashAppFixture *fixture, const char *keys)
{
  FlashBoardEntry *entry;

  flash_app_open (fixture, fixture->layout_path);
  entry = flash_app_choose_board (fixture, keys);
  flash_app_start (fixture);
  return entry;
}

/* Waiting, then the diagnosis, the dialog about the virtual machine, and the question. */
static void
test_machine (FlashAppFixture *fixture, gconstpointer data)
{
  GtkWidget *dialog;
  g_autofree char *name = NULL;
  const FlashAppLook *look = data;

  set_vm ("VirtualBox\n");
  start (fixture, "fault=no-uboot@tfa");
  flash_ui_wait_until (flash_app_has (fixture, "handover_label"));
  flash_ui_run_for (800);
  flash_app_shoot_look (fixture, look, "handover-waiting");
  flash_ui_wait_until (flash_app_has (fixture, "vm_button"));
  shoot (fixture, look, "handover-vm");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-vm", NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_VM_DIALOG);
  name = g_strconcat ("vm-dialog", look != NULL ? "-" : "", look != NULL ? look->name : "", NULL);
  flash_app_shoot (dialog, name);
  gtk_window_destroy (GTK_WINDOW (dialog));
  stop (fixture);
}

static void
test_open (FlashAppFixture *fixture, gconstpointer data)
{
  set_vm ("Nucleo Desk\n");
  start (fixture, "fault=no-uboot@tfa");
  flash_ui_wait_until (flash_app_has (fixture, "question_label"));
  shoot (fixture, data, "handover-open");
  stop (fixture);
}

static void
test_gone (FlashAppFixture *fixture, gconstpointer data)
{
  FlashProvider *provider = flash_application_get_virtual_provider (flash_app_test.application);
  g_autoptr (GBytes) rootfs = flash_test_make_ext4 (4 * MIB, 4 * MIB);
  g_autoptr (FlashConsoleBench) bench = flash_console_bench_new (flash_app_test.root);
  g_autoptr (FlashSimDevice) device = NULL;
  FlashBoardEntry *entry;

  set_vm ("Nucleo Desk\n");
  flash_test_write_file (fixture->layout_dir, "rootfs.ext4", rootfs);
  entry = start (fixture, "latency=2000");
  flash_ui_wait_until (flash_app_says (fixture, "status_label", "Sending rootfs"));
  device = flash_sim_provider_dup_device (
      FLASH_SIM_PROVIDER (provider), flash_board_get_port (flash_board_entry_get_board (entry)));
  flash_sim_device_unplug (device);
  flash_ui_wait_until (flash_app_has (fixture, "left_label"));
  flash_ui_wait_until (flash_app_says (fixture, "port_label", "The port shows nothing"));
  shoot (fixture, data, "handover-gone");

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (flash_app_get (fixture, "console_open_button")),
                                TRUE);
  flash_console_bench_print (bench, "NOTICE:  CPU: STM32MP157CAC Rev.B\r\n"
                                    "NOTICE:  Model: STMicroelectronics STM32MP157C-DK2\r\n"
                                    "PANIC at PC : 0x2ffeb7c3\r\n"
                                    "NOTICE:  BL2: Booting BL31\r\n");
  flash_ui_settle (GTK_WIDGET (fixture->window), 60);
  flash_ui_run_for (300);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (
                                GTK_SCROLLED_WINDOW (flash_app_get (fixture, "scroller"))),
                            10000);
  flash_app_shoot_look (fixture, data, "console");
  g_signal_emit_by_name (flash_app_get (fixture, "give_up_button"), "clicked");
  flash_app_wait_for_result (fixture);
  shoot (fixture, data, "result-gone");
  flash_console_bench_clear (flash_app_test.root);
}

static void
test_rom (FlashAppFixture *fixture, gconstpointer data)
{
  set_vm ("Nucleo Desk\n");
  start (fixture, "fault=return-as-rom@tfa");
  flash_ui_wait_until (flash_app_has (fixture, "begin_again_button"));
  shoot (fixture, data, "handover-rom");
  g_signal_emit_by_name (flash_app_get (fixture, "give_up_button"), "clicked");
  flash_app_wait_for_result (fixture);
}

/* What is said before. */
static void
test_notes (FlashAppFixture *fixture, gconstpointer data)
{
  set_vm ("VirtualBox\n");
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "speed=full");
  flash_ui_wait_until (flash_app_has (fixture, "note_button"));
  shoot (fixture, data, "notes");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.show-warnings", NULL);
  if (flash_ui_find_toplevel (ADW_TYPE_WINDOW) != NULL) {
    const FlashAppLook *look = data;
    g_autofree char *name =
        g_strconcat ("warnings", look != NULL ? "-" : "", look != NULL ? look->name : "", NULL);

    flash_app_shoot (flash_ui_find_toplevel (ADW_TYPE_WINDOW), name);
    gtk_window_destroy (GTK_WINDOW (flash_ui_find_toplevel (ADW_TYPE_WINDOW)));
  }
}

int
main (int argc, char **argv)
{
  static const FlashAppShotsTest tests[] = {
    { "machine", (GTestFixtureFunc) test_machine }, { "open", (GTestFixtureFunc) test_open },
    { "gone", (GTestFixtureFunc) test_gone },       { "rom", (GTestFixtureFunc) test_rom },
    { "notes", (GTestFixtureFunc) test_notes },     { NULL, NULL },
  };

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  flash_app_shots_add ("/shots-doctor", sizeof (FlashAppFixture),
                       (GTestFixtureFunc) flash_app_fixture_set_up,
                       (GTestFixtureFunc) flash_app_fixture_tear_down, tests);
  return flash_app_shots_run ();
}
