/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The access assistant: what failed stays said, and which board it is about. */
#define G_LOG_DOMAIN "test-access-again"

#include "config.h"

#include "flash-access-bench.h"
#include "flash-access-dialog.h"
#include "flash-access-run.h"

#define PORT "1-4"
#define NO_RIGHT "no right to read and write /dev/bus/usb/001/004 (root:root, mode 0664)"
#define REFUSED "This account may not open boards"

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

static GtkWidget *
open_dialog (FlashAppFixture *fixture, FlashAccess access, const char *detail)
{
  put_board (access, detail);
  return flash_access_bench_open (fixture, PORT);
}

static void
press (GtkWidget *dialog, const char *id)
{
  g_signal_emit_by_name (flash_memory_bench_get (dialog, id), "clicked");
}

static gboolean
explains (GtkWidget *dialog, const char *part)
{
  return strstr (flash_memory_bench_get_text (dialog, "text_label"), part) != NULL;
}

/* That nothing was done is said also where everything is well, until something else is begun. */
static void
test_failure_stays (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog;

  flash_app_activate (fixture, "win.fix-access");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG);
  flash_ui_wait_until (flash_access_bench_says (dialog, REFUSED));
  /* What the program leaves when it could not tell udev. */
  flash_access_bench_set_answer (bench, 3, "the rule is installed, but udev was not told: x\n");
  flash_access_bench_put (bench, FLASH_ACCESS_BENCH_RULE, flash_access_get_rule ());
  press (dialog, "install_button");
  flash_ui_wait_until (flash_access_bench_says (dialog, "The rule is installed"));
  g_assert_true (explains (dialog, "The rule has changed, but the system was not told."));
  flash_memory_bench_press (dialog, "retry_button");
  flash_ui_wait_until (explains (dialog, "Plug one in to see whether it works."));
  g_assert_false (explains (dialog, "This account may"));
  g_assert_true (flash_memory_bench_has (dialog, "retry_button"));

  flash_access_bench_set_answer (bench, 127, "Not authorized");
  press (dialog, "remove_button");
  flash_ui_wait_until (explains (dialog, "The system did not give the right"));
  flash_ui_settle (dialog, 30);
  g_assert_true (explains (dialog, "The system did not give the right"));
  flash_memory_bench_close (dialog);
}

/* A board that is ready does not hide that the rule could not be removed; one that has become
 * ready shows that it was installed. */
static void
test_failure_with_board (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog = open_dialog (fixture, FLASH_ACCESS_NO_PERMISSION, NO_RIGHT);

  flash_ui_wait_until (flash_access_bench_says (dialog, REFUSED));
  flash_access_bench_set_answer (bench, 3, "udev was not told\n");
  flash_access_bench_put (bench, FLASH_ACCESS_BENCH_RULE, flash_access_get_rule ());
  press (dialog, "install_button");
  flash_ui_wait_until (explains (dialog, "The rule has changed, but the system was not told."));
  put_board (FLASH_ACCESS_OK, NULL);
  flash_ui_wait_until (flash_access_bench_says (dialog, "Ready"));
  g_assert_true (explains (dialog, "Nothing has to be done."));
  flash_ui_wait_until (flash_memory_bench_has (dialog, "remove_button"));
  flash_access_bench_set_answer (bench, 126, "");
  press (dialog, "remove_button");
  flash_ui_wait_until (explains (dialog, "The question for the password was closed"));
  flash_ui_settle (dialog, 30);
  g_assert_true (explains (dialog, "The question for the password was closed"));
  g_assert_true (flash_memory_bench_has (dialog, "retry_button"));
  flash_memory_bench_close (dialog);
}

/* One dialog for each window; another board has it made anew. */
static void
test_twice (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog;
  gpointer alive;

  flash_app_activate (fixture, "win.fix-access");
  dialog = flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG);
  g_assert_nonnull (dialog);
  alive = dialog;
  g_object_add_weak_pointer (G_OBJECT (dialog), &alive);
  flash_app_activate (fixture, "win.fix-access");
  g_assert_true (flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG) == dialog);
  put_board (FLASH_ACCESS_OK, NULL);
  flash_app_choose_port (fixture, PORT);
  flash_app_activate (fixture, "win.fix-access");
  flash_ui_wait_until (alive == NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "STM32MP15, port " PORT);
  flash_memory_bench_close (dialog);
  g_assert_null (flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG));
}

/* While a job is shown it is about the job's board, whichever is chosen for the next. */
static void
test_job_board (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (FlashAccessBench) bench = flash_access_bench_new ();
  GtkWidget *dialog;

  put_board (FLASH_ACCESS_OK, NULL);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=2000");
  flash_app_start (fixture);
  flash_app_choose_port (fixture, PORT);
  flash_app_activate (fixture, "win.fix-access");
  dialog = flash_ui_find_toplevel (FLASH_TYPE_ACCESS_DIALOG);
  g_assert_nonnull (dialog);
  /* The job's is virtual. */
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "Access to boards");
  flash_memory_bench_close (dialog);
  flash_app_activate (fixture, "win.stop");
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/access-again/failure-stays", test_failure_stays);
  ADD ("/access-again/failure-with-board", test_failure_with_board);
  ADD ("/access-again/twice", test_twice);
  ADD ("/access-again/job-board", test_job_board);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
