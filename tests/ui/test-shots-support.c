/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of the access assistant, the help and reports, for people to look at:
 *
 *   FLASH_SHOTS_DIR=FOLDER tests/harness/headless.sh build/tests/ui/test-shots-support
 *
 * Without FLASH_SHOTS_DIR they go into a temporary folder, and only the drawing is tested. */
#define G_LOG_DOMAIN "test-shots-support"

#include "config.h"

#include "flash-access-bench.h"
#include "flash-access-run.h"
#include "flash-app-shots.h"
#include "flash-help-window.h"
#include "flash-report-bench.h"
#include "flash-report-dialog.h"
#include "flash-report-window.h"

#define PORT "1-4"
#define NO_RIGHT "no right to read and write /dev/bus/usb/001/004 (root:root, mode 0664) as user jo"

static void
shoot (GtkWidget *window, const FlashAppLook *look, const char *name)
{
  g_autofree char *full_name =
      look != NULL ? g_strconcat (name, "-", look->name, NULL) : g_strdup (name);

  flash_app_shoot (window, full_name);
}

static void
make_narrow (GtkWidget *window, const FlashAppLook *look)
{
  double scale = look != NULL && look->text_scale > 0 ? look->text_scale : 1;

  gtk_window_set_default_size (GTK_WINDOW (window), (int) (360 * scale), 640);
  flash_ui_settle (window, 60);
}

static void
put_board (FlashAccess access, const char *detail)
{
  const FlashAppUsbBoard traits = { .port = PORT,
                                    .product = FLASH_APP_USB_MP157,
                                    .serial = "0042",
                                    .speed = FLASH_SPEED_HIGH,
                                    .access = access,
                                    .access_detail = detail };

  flash_app_usb_put (flash_app_test.usb, &traits);
}

static void
shoot_access (FlashAppFixture *fixture, const FlashAppLook *look)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog;

  put_board (FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);
  flash_ui_settle (GTK_WIDGET (fixture->window), 60);
  shoot (GTK_WIDGET (fixture->window), look, "access-row");
  dialog = flash_access_bench_open (fixture, PORT);
  flash_ui_wait_until (flash_access_bench_says (dialog, "This account may not open boards"));
  shoot (dialog, look, "access-no-rule");
  adw_expander_row_set_expanded (flash_memory_bench_get (dialog, "rule_row"), TRUE);
  make_narrow (dialog, look);
  shoot (dialog, look, "access-narrow");
  flash_access_bench_set_answer (bench, 126, "");
  g_signal_emit_by_name (flash_memory_bench_get (dialog, "install_button"), "clicked");
  flash_ui_wait_until (strstr (flash_memory_bench_get_text (dialog, "text_label"),
                               "The question for the password was closed") != NULL);
  shoot (dialog, look, "access-dismissed");
  put_board (FLASH_ACCESS_OK, NULL);
  flash_ui_wait_until (flash_access_bench_says (dialog, "Ready"));
  flash_memory_bench_close (dialog);
  flash_access_bench_put (bench, "proc/17/comm", "fwupd\n");
  flash_access_bench_put (bench, "proc/18/comm", "ModemManager\n");
  flash_access_bench_put (bench, FLASH_ACCESS_BENCH_RULE, flash_access_get_rule ());
  put_board (FLASH_ACCESS_BUSY, "the device is in use by fwupd (process 17)");
  dialog = flash_access_bench_open (fixture, PORT);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "rival_group"));
  shoot (dialog, look, "access-busy");
  put_board (FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);
  flash_ui_wait_until (
      flash_access_bench_says (dialog, "There is a rule, but it does not work for this board yet"));
  shoot (dialog, look, "access-not-applied");
  put_board (FLASH_ACCESS_OK, NULL);
  flash_ui_wait_until (flash_access_bench_says (dialog, "Ready"));
  shoot (dialog, look, "access-ready");
  flash_memory_bench_close (dialog);
}

static void
shoot_help (FlashAppFixture *fixture, const FlashAppLook *look)
{
  GtkWidget *window =
      GTK_WIDGET (flash_help_window_show (GTK_WINDOW (fixture->window), FLASH_HELP_INDEX));

  flash_ui_settle (window, 60);
  shoot (window, look, "help-index");
  flash_help_window_show (GTK_WINDOW (fixture->window), "access");
  shoot (window, look, "help-access");
  make_narrow (window, look);
  shoot (window, look, "help-narrow");
  g_signal_emit_by_name (flash_memory_bench_get (window, "list_button"), "clicked");
  flash_ui_settle (window, 60);
  shoot (window, look, "help-narrow-list");
  flash_memory_bench_close (window);
}

static void
choose_row (GtkWidget *window, int position)
{
  GtkListBox *list = flash_memory_bench_get (window, "list");

  gtk_list_box_select_row (list, gtk_list_box_get_row_at_index (list, position));
  flash_ui_settle (window, 60);
}

static void
shoot_reports (FlashAppFixture *fixture, const FlashAppLook *look)
{
  g_autoptr (FlashReport) report = flash_report_bench_new ();
  GtkWidget *window = GTK_WIDGET (
      flash_report_dialog_present (GTK_WINDOW (fixture->window), flash_report_ref (report)));

  flash_ui_settle (window, 60);
  choose_row (window, 1);
  shoot (window, look, "report-dialog");
  make_narrow (window, look);
  shoot (window, look, "report-dialog-narrow");
  flash_memory_bench_close (window);
  window = GTK_WIDGET (
      flash_report_window_present (GTK_WINDOW (fixture->window), report, "flashwright-report.zip"));
  flash_ui_settle (window, 60);
  shoot (window, look, "report-time-line");
  choose_row (window, 2);
  shoot (window, look, "report-findings");
  choose_row (window, 0);
  make_narrow (window, look);
  shoot (window, look, "report-narrow");
  flash_memory_bench_close (window);
}

static void
shoot_all (FlashAppFixture *fixture, const FlashAppLook *look)
{
  shoot_access (fixture, look);
  shoot_help (fixture, look);
  shoot_reports (fixture, look);
}

static void
test_shots (FlashAppFixture *fixture, gconstpointer unused)
{
  if (flash_app_has_usual_look ())
    shoot_all (fixture, NULL);
}

static void
test_looks (void)
{
  for (const FlashAppLook *look = flash_app_list_looks (); look->name != NULL; look++) {
    FlashAppFixture fixture;

    flash_app_set_look (look);
    flash_app_fixture_set_up (&fixture, NULL);
    shoot_all (&fixture, look);
    flash_app_fixture_tear_down (&fixture, NULL);
    flash_app_reset_look ();
  }
}

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  g_test_add ("/shots-support/usual", FlashAppFixture, NULL, flash_app_fixture_set_up, test_shots,
              flash_app_fixture_tear_down);
  g_test_add_func ("/shots-support/looks", test_looks);
  status = g_test_run ();
  flash_app_shots_shut_down ();
  flash_app_test_shut_down ();
  return status;
}
