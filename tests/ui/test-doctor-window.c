/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the window knows before a job, and after one that failed. */
#define G_LOG_DOMAIN "test-doctor-window"

#include "config.h"

#include "flash-advice-box.h"
#include "flash-app-test.h"
#include "flash-firmware-bench.h"
#include "flash-report-bench.h"
#include "flash-report-dialog.h"
#include "flash-vm-dialog.h"

#include <string.h>

/* From then on the end of a job is told, in microseconds. */
#define LONG_JOB_US (10 * G_USEC_PER_SEC)

#define DMI "sys/class/dmi/id/product_name"
/* Where a first stage of an STM32MP15 is loaded to, and what it is (stm32mp-usb.md section 4.1). */
#define LOAD 0x2ffc2500
#define STM32_BINARY_TYPE 0x10

static GtkWidget *
find_warnings (void)
{
  GtkWidget *dialog = flash_ui_find_toplevel (ADW_TYPE_WINDOW);

  return dialog != NULL &&
                 g_str_equal (gtk_window_get_title (GTK_WINDOW (dialog)), "Before you flash")
             ? dialog
             : NULL;
}

/* The worst is said beside the button, the rest is behind it. */
static void
test_warnings (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *dialog;

  flash_test_write_text (flash_app_test.root, DMI, "VirtualBox\n");
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "speed=full");
  flash_ui_wait_until (flash_app_says (fixture, "note_label", "This computer is a virtual"));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (flash_app_get (fixture, "note_button"))), ==,
                   "And 1 more…");
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  flash_app_press (fixture, "note_button");
  flash_ui_wait_until (find_warnings () != NULL);
  dialog = find_warnings ();
  flash_ui_settle (dialog, 30);
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "virtual-machine"));
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "full-speed-link"));
  g_assert_nonnull (flash_ui_find_widget (dialog, GTK_TYPE_LABEL, "2."));
  if (flash_ui_has_input ()) {
    flash_ui_focus (dialog);
    flash_ui_press_keys ("Escape");
    flash_ui_wait_until (find_warnings () == NULL);
  } else {
    gtk_window_destroy (GTK_WINDOW (dialog));
  }
}

/* The settings of a virtual machine are offered only in one. */
static void
test_vm_action (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  flash_test_write_text (flash_app_test.root, DMI, "Nucleo Desk\n");
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=3");
  flash_ui_run_for (200);
  gtk_widget_activate_action (window, "win.show-vm", NULL);
  g_assert_null (flash_ui_find_toplevel (FLASH_TYPE_VM_DIALOG));
  g_assert_false (flash_app_has (fixture, "note_box"));
}

/* What was found about the files is known to the doctor before a job, and in it. */
static void
test_problems (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autoptr (GBytes) noise = flash_test_make_bytes (20000, 9);
  g_autoptr (GBytes) stage =
      flash_test_make_stm32_around (FLASH_TEST_STM32_V1_0, noise, LOAD, LOAD, STM32_BINARY_TYPE);

  flash_test_write_text (flash_app_test.root, DMI, "Nucleo Desk\n");
  flash_test_write_file (fixture->layout_dir, "tf-a-usb.stm32", stage);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=fsbl-crash@rom");
  flash_ui_wait_until (
      flash_app_says (fixture, "note_label", flash_advice_find ("fsbl-without-usb")->cause));
  g_assert_true (gtk_widget_is_sensitive (flash_app_get (fixture, "flash_button")));
  flash_app_start (fixture);
  flash_ui_wait_until (flash_app_says (fixture, "advice_code_label", "fsbl-no-usb-boot"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.stop", NULL);
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
  g_assert_true (flash_app_says (fixture, "code_label", "cancelled"));
}

/* 53 kB/s and 1.7 MB/s, for 53 MB. */
static void
test_cost (FlashAppFixture *fixture, gconstpointer unused)
{
  flash_test_write_text (flash_app_test.root, DMI, "Nucleo Desk\n");
  flash_test_write_sparse (fixture->layout_dir, "rootfs.ext4", 53000000);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "speed=full,latency=5");
  flash_ui_wait_until (
      flash_app_says (fixture, "note_label", flash_advice_find ("full-speed-link")->cause));
  flash_ui_wait_until (flash_app_says (fixture, "note_detail_label", "This will take about "));
  g_assert_cmpstr (flash_app_get_text (fixture, "note_detail_label"), ==,
                   "This will take about 17 minutes instead of 1 minute.");
}

/* Returns: (transfer none): the dialog, once there is something to save */
static GtkWidget *
open_report (FlashAppFixture *fixture)
{
  GtkWidget *dialog;

  flash_app_activate (fixture, "win.save-report");
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG);
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_ui_find_named (dialog, "save_button")));
  return dialog;
}

/* A report names the files by their checksums. */
static void
test_report (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, "mine.zip", NULL);
  g_autofree char *name = g_build_filename (fixture->layout_dir, "fip.bin", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (FlashReport) saved = NULL;
  g_autofree char *plan = NULL;
  g_autofree char *sum = NULL;
  g_autofree char *contents = NULL;
  GtkWidget *dialog;
  gsize size;

  g_assert_true (g_file_get_contents (name, &contents, &size, NULL));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) contents, size);
  flash_test_write_sparse (fixture->layout_dir, "rootfs.ext4", 8000000);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "speed=full,latency=6");
  /* There is a plan. */
  flash_ui_wait_until (flash_app_says (fixture, "note_detail_label", "This will take about "));
  flash_app_activate (fixture, "win.save-report");
  /* Not twice. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.save-report", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG);
  flash_ui_settle (dialog, 30);
  flash_report_dialog_save_to (FLASH_REPORT_DIALOG (dialog), file);
  flash_ui_wait_until (flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL,
                                             "“mine.zip” is saved.") != NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) == NULL);
  saved = flash_report_load (path, NULL);
  g_assert_nonnull (saved);
  plan = json_to_string (flash_report_get_section (saved, "plan"), FALSE);
  g_assert_nonnull (strstr (plan, sum));
  /* It can be asked for again, and is there once. */
  dialog = open_report (fixture);
  flash_app_activate (fixture, "win.save-report");
  flash_ui_settle (dialog, 30);
  g_assert_true (gtk_widget_get_sensitive (dialog));
  gtk_window_close (GTK_WINDOW (dialog));
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) == NULL);
}

/* The dialog is closed while it is saved: the window says that nothing came of it. */
static void
test_report_fails (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, "none", "R&D.zip", NULL);
  g_autofree char *said = flash_report_bench_dup_refusal (fixture->layout_dir);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkWidget *dialog;

  flash_app_activate (fixture, "win.save-report");
  /* Not twice, also without a board. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.save-report", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) != NULL);
  dialog = flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG);
  flash_ui_wait_until (gtk_widget_is_sensitive (flash_ui_find_named (dialog, "save_button")));
  flash_report_dialog_save_to (FLASH_REPORT_DIALOG (dialog), file);
  gtk_window_close (GTK_WINDOW (dialog));
  flash_ui_wait_until (flash_ui_find_widget (GTK_WIDGET (fixture->window), GTK_TYPE_LABEL, said) !=
                       NULL);
  g_assert_null (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG));
}

/* The job is what a report is made for, and it is in it when its page is left, too. */
static void
test_report_after_job (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->layout_dir, "job.zip", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (FlashReport) saved = NULL;
  GtkWidget *dialog;

  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "latency=2000");
  flash_app_start (fixture);
  flash_app_activate (fixture, "win.stop");
  flash_app_answer ("act");
  flash_app_wait_for_result (fixture);
  flash_app_activate (fixture, "win.back");
  dialog = open_report (fixture);
  flash_report_dialog_save_to (FLASH_REPORT_DIALOG (dialog), file);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_REPORT_DIALOG) == NULL);
  saved = flash_report_load (path, NULL);
  g_assert_nonnull (saved);
  g_assert_nonnull (flash_report_get_section (saved, "job"));
}

/* The cause, the steps and the way to the help, and still what can be done about a chip. */
static void
test_mcu (FlashAppFixture *fixture, gconstpointer unused)
{
  g_autofree char *path = flash_firmware_bench_write_program (fixture, "app.hex", 32 * 1024, 1);

  flash_firmware_bench_open (fixture, path);
  flash_firmware_bench_choose (fixture, "stm32f405", "timing=fast,wrp=all");
  flash_firmware_bench_flash (fixture);
  g_assert_true (flash_app_says (fixture, "code_label", "write-protected"));
  flash_ui_wait_until (flash_app_says (fixture, "description_label", "This is the cause"));
  g_assert_true (flash_app_has (fixture, "help_button"));
  g_assert_nonnull (
      flash_ui_find_widget (flash_app_get (fixture, "advice_box"), GTK_TYPE_LABEL, "1."));
  g_assert_cmpstr (
      gtk_actionable_get_action_name (GTK_ACTIONABLE (flash_app_get (fixture, "again_button"))), ==,
      "win.option-bytes");
}

static gboolean
take_title (char **out_call)
{
  g_free (*out_call);
  *out_call = flash_mock_bus_take (flash_app_test.notifications, "Notify");
  return *out_call != NULL;
}

/* Whoever was away reads the cause; and a better one, when it is found later. */
static void
test_notification (FlashAppFixture *fixture, gconstpointer unused)
{
  GSettings *settings = flash_application_get_settings (flash_app_test.application);
  g_autofree char *call = NULL;
  g_autofree char *title = NULL;
  gint64 long_us;

  if (!flash_ui_has_input ()) {
    g_test_skip ("there is no X server to take the keyboard away");
    return;
  }
  flash_test_write_text (flash_app_test.root, DMI, "Nucleo Desk\n");
  g_settings_set_uint (settings, "patience", 1);
  flash_app_open (fixture, fixture->layout_path);
  flash_app_choose_board (fixture, "fault=no-uboot@tfa");
  flash_app_start (fixture);
  long_us = g_get_monotonic_time () + LONG_JOB_US;
  flash_ui_wait_until (flash_app_has (fixture, "give_up_button"));
  while (take_title (&call))
    continue;
  /* Of a shorter job nobody is told. */
  while (g_get_monotonic_time () < long_us)
    flash_ui_run_for (100);
  flash_ui_unfocus (GTK_WIDGET (fixture->window));
  g_signal_emit_by_name (flash_app_get (fixture, "give_up_button"), "clicked");
  flash_app_wait_for_result (fixture);
  flash_ui_wait_until (take_title (&call));
  title = g_strdup (flash_app_get_text (fixture, "heading_label"));
  g_assert_nonnull (strstr (call, title));
  flash_ui_wait_until (flash_app_has (fixture, "yes_button"));
  g_signal_emit_by_name (flash_app_get (fixture, "yes_button"), "clicked");
  flash_ui_wait_until (take_title (&call));
  g_assert_cmpstr (flash_app_get_text (fixture, "heading_label"), !=, title);
  g_assert_nonnull (strstr (call, flash_app_get_text (fixture, "heading_label")));
  g_settings_reset (settings, "patience");
}

static void
test_vm_dialog (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = GTK_WIDGET (fixture->window);

  flash_app_open (fixture, fixture->layout_path);
  flash_test_write_text (flash_app_test.root, DMI, "VMware Virtual Platform\n");
  flash_app_choose_board (fixture, "latency=4");
  flash_ui_wait_until (flash_app_has (fixture, "note_box"));
  gtk_widget_activate_action (window, "win.show-vm", NULL);
  flash_ui_wait_until (flash_ui_find_toplevel (FLASH_TYPE_VM_DIALOG) != NULL);
  g_assert_nonnull (flash_ui_find_widget (flash_ui_find_toplevel (FLASH_TYPE_VM_DIALOG),
                                          GTK_TYPE_LABEL, "This computer runs in VMware."));
  gtk_window_destroy (GTK_WINDOW (flash_ui_find_toplevel (FLASH_TYPE_VM_DIALOG)));
}

static guint answered;
static guint answer_given;

static void
on_answered (FlashAdviceBox *box, guint observation, guint answer, gpointer unused)
{
  answered = observation;
  answer_given = answer;
}

/* Everything that a box can show. */
static void
test_box (FlashAppFixture *fixture, gconstpointer unused)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = flash_advice_box_new ();
  FlashFindings findings = { .certainty = FLASH_CERTAINTY_OPEN,
                             .cause = flash_advice_find ("never-came-back"),
                             .candidates = { flash_advice_find ("no-power") },
                             .n_candidates = 1,
                             .question = FLASH_OBSERVATION_POWER_LED,
                             .notes = { flash_advice_find ("low-battery") },
                             .n_notes = 1 };

  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
  g_assert_false (gtk_widget_get_visible (box));
  flash_advice_box_set_findings (FLASH_ADVICE_BOX (box), &findings);
  flash_ui_wait_until (flash_ui_find_named (box, "question_label") != NULL);
  flash_ui_settle (window, 30);
  g_assert_nonnull (flash_ui_find_widget (box, GTK_TYPE_LABEL, "It may be one of these"));
  g_assert_nonnull (flash_ui_find_widget (box, GTK_TYPE_LABEL, "The board has no power."));
  g_assert_nonnull (
      flash_ui_find_widget (box, GTK_TYPE_LABEL, "The battery of this computer is nearly empty."));
  g_signal_connect (box, "answered", G_CALLBACK (on_answered), NULL);
  g_signal_emit_by_name (flash_ui_find_named (box, "yes_button"), "clicked");
  g_assert_cmpuint (answered, ==, FLASH_OBSERVATION_POWER_LED);
  g_assert_cmpuint (answer_given, ==, FLASH_TRI_YES);
  g_signal_emit_by_name (flash_ui_find_named (box, "no_button"), "clicked");
  g_assert_cmpuint (answer_given, ==, FLASH_TRI_NO);

  findings = (FlashFindings){ .certainty = FLASH_CERTAINTY_PROVED,
                              .cause = flash_advice_find ("low-battery") };
  flash_advice_box_set_findings (FLASH_ADVICE_BOX (box), &findings);
  flash_ui_wait_until (flash_ui_find_named (box, "question_label") == NULL);
  g_assert_nonnull (flash_ui_find_widget (box, GTK_TYPE_LABEL, "This is the cause"));
  /* One step has no number. */
  g_assert_null (flash_ui_find_widget (box, GTK_TYPE_LABEL, "1."));
  /* The answer stays, and can be taken back. */
  g_assert_true (g_str_has_suffix (
      gtk_label_get_label (GTK_LABEL (flash_ui_find_named (box, "given_label"))), "? No"));
  g_signal_emit_by_name (flash_ui_find_named (box, "change_button"), "clicked");
  g_assert_cmpuint (answered, ==, FLASH_OBSERVATION_POWER_LED);
  g_assert_cmpuint (answer_given, ==, FLASH_TRI_UNKNOWN);
  g_assert_null (flash_ui_find_named (box, "given_label"));
  flash_advice_box_set_plain (FLASH_ADVICE_BOX (box), TRUE);
  g_assert_null (flash_ui_find_named (box, "cause_label"));
  flash_advice_box_set_advice (FLASH_ADVICE_BOX (box), NULL);
  g_assert_false (gtk_widget_get_visible (box));
  gtk_window_destroy (GTK_WINDOW (window));
}

#define ADD(name, function)                                                                        \
  g_test_add (name, FlashAppFixture, NULL, flash_app_fixture_set_up, function,                     \
              flash_app_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  flash_app_test_init (&argc, &argv);
  ADD ("/doctor-window/warnings", test_warnings);
  ADD ("/doctor-window/problems", test_problems);
  ADD ("/doctor-window/cost", test_cost);
  ADD ("/doctor-window/report", test_report);
  ADD ("/doctor-window/report-fails", test_report_fails);
  ADD ("/doctor-window/report-after-job", test_report_after_job);
  ADD ("/doctor-window/mcu", test_mcu);
  ADD ("/doctor-window/notification", test_notification);
  ADD ("/doctor-window/vm-action", test_vm_action);
  ADD ("/doctor-window/vm-dialog", test_vm_dialog);
  ADD ("/doctor-window/box", test_box);
  status = g_test_run ();
  flash_app_test_shut_down ();
  return status;
}
