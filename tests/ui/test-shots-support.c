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

static gboolean
tells (GtkWidget *dialog, const char *words)
{
  g_autofree char *text = flash_ui_dup_english (flash_memory_bench_get_text (dialog, "text_label"));

  return strstr (text, words) != NULL;
}

static void
shoot_access (FlashAppFixture *fixture, gconstpointer look)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog;

  put_board (FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);
  flash_ui_settle (GTK_WIDGET (fixture->window), 60);
  flash_app_shoot_as (GTK_WIDGET (fixture->window), look, "access-row");
  dialog = flash_access_bench_open (fixture, PORT);
  flash_ui_wait_until (flash_access_bench_says (dialog, "This account may not open boards"));
  flash_app_shoot_as (dialog, look, "access-no-rule");
  adw_expander_row_set_expanded (flash_memory_bench_get (dialog, "rule_row"), TRUE);
  make_narrow (dialog, look);
  flash_app_shoot_as (dialog, look, "access-narrow");
  flash_access_bench_set_answer (bench, 126, "");
  g_signal_emit_by_name (flash_memory_bench_get (dialog, "install_button"), "clicked");
  flash_ui_wait_until (tells (dialog, "The question for the password was closed"));
  flash_app_shoot_as (dialog, look, "access-dismissed");
  put_board (FLASH_ACCESS_OK, NULL);
  flash_ui_wait_until (flash_access_bench_says (dialog, "Ready"));
  flash_memory_bench_close (dialog);
  flash_access_bench_put (bench, "proc/17/comm", "fwupd\n");
  flash_access_bench_put (bench, "proc/18/comm", "ModemManager\n");
  flash_access_bench_put (bench, FLASH_ACCESS_BENCH_RULE, flash_access_get_rule ());
  put_board (FLASH_ACCESS_BUSY, "the device is in use by fwupd (process 17)");
  dialog = flash_access_bench_open (fixture, PORT);
  flash_ui_wait_until (flash_memory_bench_has (dialog, "rival_group"));
  flash_app_shoot_as (dialog, look, "access-busy");
  put_board (FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);
  flash_ui_wait_until (
      flash_access_bench_says (dialog, "There is a rule, but it does not work for this board yet"));
  flash_app_shoot_as (dialog, look, "access-not-applied");
  put_board (FLASH_ACCESS_OK, NULL);
  flash_ui_wait_until (flash_access_bench_says (dialog, "Ready"));
  flash_app_shoot_as (dialog, look, "access-ready");
  flash_memory_bench_close (dialog);
}

static void
search (GtkWidget *window, const char *words)
{
  flash_memory_bench_type (window, "search_entry", words);
  g_signal_emit_by_name (flash_memory_bench_get (window, "search_entry"), "search-changed");
  flash_ui_settle (window, 60);
}

static void
shoot_search (GtkWidget *window, const FlashAppLook *look)
{
  /* With large text the page covers the list. */
  if (!flash_memory_bench_has (window, "search_entry"))
    return;
  search (window, "never-came-back");
  flash_app_shoot_as (window, look, "help-search");
  search (window, "xylophone");
  flash_app_shoot_as (window, look, "help-search-nothing");
  search (window, "");
}

static void
shoot_help (FlashAppFixture *fixture, gconstpointer look)
{
  GtkWidget *window =
      GTK_WIDGET (flash_help_window_show (GTK_WINDOW (fixture->window), FLASH_HELP_INDEX));

  flash_ui_settle (window, 60);
  flash_app_shoot_as (window, look, "help-index");
  flash_help_window_show (GTK_WINDOW (fixture->window), "access");
  flash_app_shoot_as (window, look, "help-access");
  flash_help_window_show (GTK_WINDOW (fixture->window), "advice:never-came-back");
  flash_app_shoot_as (window, look, "help-advice");
  shoot_search (window, look);
  make_narrow (window, look);
  flash_app_shoot_as (window, look, "help-advice-narrow");
  flash_help_window_show (GTK_WINDOW (fixture->window), "access");
  flash_app_shoot_as (window, look, "help-narrow");
  g_signal_emit_by_name (flash_memory_bench_get (window, "list_button"), "clicked");
  flash_ui_settle (window, 60);
  flash_app_shoot_as (window, look, "help-narrow-list");
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
shoot_reports (FlashAppFixture *fixture, gconstpointer look)
{
  g_autoptr (FlashReport) report = flash_report_bench_new ();
  GtkWidget *window = GTK_WIDGET (
      flash_report_dialog_present (GTK_WINDOW (fixture->window), flash_report_ref (report)));

  flash_ui_settle (window, 60);
  choose_row (window, 1);
  flash_app_shoot_as (window, look, "report-dialog");
  make_narrow (window, look);
  flash_app_shoot_as (window, look, "report-dialog-narrow");
  flash_memory_bench_close (window);
  window = GTK_WIDGET (
      flash_report_window_present (GTK_WINDOW (fixture->window), report, "flashwright-report.zip"));
  flash_ui_settle (window, 60);
  flash_app_shoot_as (window, look, "report-time-line");
  choose_row (window, 2);
  flash_app_shoot_as (window, look, "report-findings");
  choose_row (window, 0);
  make_narrow (window, look);
  flash_app_shoot_as (window, look, "report-narrow");
  flash_memory_bench_close (window);
}

int
main (int argc, char **argv)
{
  static const FlashAppShotsTest tests[] = {
    { "access", (GTestFixtureFunc) shoot_access },
    { "help", (GTestFixtureFunc) shoot_help },
    { "reports", (GTestFixtureFunc) shoot_reports },
    { NULL, NULL },
  };

  flash_app_test_init (&argc, &argv);
  flash_app_shots_init ();
  flash_app_shots_add ("/shots-support", sizeof (FlashAppFixture),
                       (GTestFixtureFunc) flash_app_fixture_set_up,
                       (GTestFixtureFunc) flash_app_fixture_tear_down, tests);
  return flash_app_shots_run ();
}
