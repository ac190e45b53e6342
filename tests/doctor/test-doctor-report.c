/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a doctor puts into a report, and the time line that it keeps. */
#include "config.h"

#include "flash-doctor-bench.h"
#include "flash-doctor-json.h"
#include "flash-test-images.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

/* --- The time line -------------------------------------------------------------------------- */

static void
test_order (void)
{
  FlashDoctorTimeline *line = flash_doctor_timeline_new (1000000);
  g_autofree char *text = NULL;

  flash_doctor_timeline_add (line, 2000000, "job", "second", NULL);
  flash_doctor_timeline_add (line, 3000000, "port", "fourth", "code");
  flash_doctor_timeline_add (line, 1000000, "kernel", "first\nline", NULL);
  flash_doctor_timeline_add (line, 2000000, "console", "third", NULL);
  text = flash_doctor_timeline_dup_text (line);
  g_assert_cmpstr (text, ==,
                   "    0.000  kernel   first\uFFFDline\n"
                   "    1.000  job      second\n"
                   "    1.000  console  third\n"
                   "    2.000  port     fourth [code]\n");
  flash_doctor_timeline_free (line);
}

static void
test_bounds (void)
{
  FlashDoctorTimeline *line = flash_doctor_timeline_new (0);
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autofree char *text = NULL;
  const FlashReportMoment *first;

  for (guint i = 0; i < FLASH_DOCTOR_TIMELINE_MAX + 5; i++)
    flash_doctor_timeline_add (line, i * 1000, "console", "flood", NULL);
  text = flash_doctor_timeline_dup_text (line);
  g_assert_true (g_str_has_prefix (text, "5 earlier moments are left out\n    0.005"));
  flash_doctor_timeline_fill (line, report);
  g_assert_cmpuint (flash_report_get_moments (report)->len, ==, FLASH_DOCTOR_TIMELINE_MAX + 1);
  first = g_ptr_array_index (flash_report_get_moments (report), 0);
  g_assert_cmpstr (first->text, ==, "5 earlier moments are left out");
  flash_doctor_timeline_free (line);
}

/* --- A report ------------------------------------------------------------------------------- */

static JsonObject *
get_section (FlashReport *report, const char *name)
{
  JsonNode *node = flash_report_get_section (report, name);

  g_assert_nonnull (node);
  return json_node_get_object (node);
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean *is_prepared = data;
  g_autoptr (GError) error = NULL;

  g_assert_true (flash_doctor_prepare_finish (FLASH_DOCTOR (source), result, &error));
  g_assert_no_error (error);
  *is_prepared = TRUE;
}

static void
prepare (FlashDoctor *doctor)
{
  gboolean is_prepared = FALSE;

  flash_doctor_prepare_async (doctor, NULL, on_prepared, &is_prepared);
  while (!is_prepared)
    g_main_context_iteration (NULL, TRUE);
  /* What belongs to it is given back. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static FlashReport *
make_report (FlashDoctor *doctor)
{
  FlashReport *report = flash_report_new ();

  flash_doctor_fill_report (doctor, report);
  return report;
}

static const char *
get_hash (FlashReport *report, guint step)
{
  JsonArray *steps = json_object_get_array_member (get_section (report, "plan"), "steps");

  return json_object_get_string_member (json_array_get_object_element (steps, step), "sha256");
}

static void
test_sections (void)
{
  static const char *const names[] = { "board", "findings", "host",     "job",
                                       "plan",  "usb",      "versions", NULL };
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  FlashDoctor *doctor = flash_doctor_new (root, FLASH_PROVIDER (bench->provider), bench->board);
  g_autoptr (FlashReport) before = NULL;
  g_autoptr (FlashReport) report = NULL;
  g_auto (GStrv) sections = NULL;

  flash_doctor_bench_write (root, "dev/kmsg",
                            "6,1,99999999999999,-;usb 1-7: USB disconnect, "
                            "device number 5\n");
  _flash_doctor_use_clock (doctor, bench->clock);
  flash_doctor_look (doctor);
  flash_doctor_set_plan (doctor, bench->plan);
  before = make_report (doctor);
  g_assert_cmpstr (get_hash (before, 0), ==, "not made");
  prepare (doctor);
  flash_doctor_observe (doctor, FLASH_OBSERVATION_RED_LED, FLASH_TRI_YES);
  report = make_report (doctor);

  sections = flash_report_list_sections (report);
  g_assert_true (g_strv_equal ((const char *const *) sections, names));
  g_assert_cmpstr (json_object_get_string_member (get_section (report, "board"), "chip"), ==,
                   "STM32MP15");
  g_assert_cmpstr (json_object_get_string_member (get_section (report, "host"), "product"), ==,
                   "Acme Anvil 9000");
  g_assert_cmpstr (json_object_get_string_member (get_section (report, "versions"), "flashwright"),
                   ==, PACKAGE_VERSION);
  g_assert_true (json_object_get_boolean_member (
      json_object_get_object_member (get_section (report, "findings"), "answers"), "red-led"));
  g_assert_cmpuint (strlen (get_hash (report, 0)), ==, 64);
  g_assert_true (g_str_has_prefix (flash_report_get_text (report, "layout.tsv"), "#"));
  g_assert_nonnull (strstr (flash_report_get_text (report, "layout.tsv"), "0x4400"));
  g_assert_nonnull (strstr (flash_report_get_text (report, "log.txt"), "red-led: yes"));
  g_assert_finalize_object (doctor);
  flash_test_remove_dir (dir);
  flash_test_remove_dir (root);
}

/* Which files were meant is said, and which of them are not what they were. */
static void
test_files (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autofree char *gone = g_build_filename (dir, "first.bin", NULL);
  g_autofree char *changed = g_build_filename (dir, "second.bin", NULL);
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autoptr (FlashDoctor) doctor =
      flash_doctor_new (NULL, FLASH_PROVIDER (bench->provider), bench->board);
  g_autoptr (FlashReport) report = NULL;

  flash_doctor_set_plan (doctor, bench->plan);
  g_assert_cmpint (g_unlink (gone), ==, 0);
  /* In its place: who makes a new file and renames it does not touch the one that is open. */
  g_assert_true (
      g_file_set_contents_full (changed, "another one", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  prepare (doctor);
  report = make_report (doctor);
  g_assert_cmpstr (get_hash (report, 3), ==, "the file is gone");
  g_assert_cmpstr (get_hash (report, 4), ==, "the file has changed");
  flash_test_remove_dir (dir);
}

static void
on_cancelled (GObject *source, GAsyncResult *result, gpointer data)
{
  gboolean *is_over = data;
  g_autoptr (GError) error = NULL;

  g_assert_false (flash_doctor_prepare_finish (FLASH_DOCTOR (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *is_over = TRUE;
}

static void
test_cancel (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autoptr (FlashDoctor) doctor =
      flash_doctor_new (NULL, FLASH_PROVIDER (bench->provider), bench->board);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean is_over = FALSE;

  flash_doctor_set_plan (doctor, bench->plan);
  g_cancellable_cancel (cancellable);
  flash_doctor_prepare_async (doctor, cancellable, on_cancelled, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  flash_test_remove_dir (dir);
}

/* Hashes of a plan that was meanwhile exchanged are not those of the new one. */
static void
test_exchanged (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autoptr (FlashMpBench) other = flash_mp_bench_new (dir, "stm32mp157", NULL);
  g_autoptr (FlashDoctor) doctor =
      flash_doctor_new (NULL, FLASH_PROVIDER (bench->provider), bench->board);
  g_autoptr (FlashReport) report = NULL;
  gboolean is_prepared = FALSE;

  flash_doctor_set_plan (doctor, bench->plan);
  flash_doctor_prepare_async (doctor, NULL, on_prepared, &is_prepared);
  flash_doctor_set_plan (doctor, other->plan);
  while (!is_prepared)
    g_main_context_iteration (NULL, TRUE);
  report = make_report (doctor);
  g_assert_cmpstr (get_hash (report, 0), ==, "not made");
  flash_test_remove_dir (dir);
}

/* Nothing of what is private stays, wherever it stood. */
static void
test_private (void)
{
  const FlashReportPrivacy privacy = { .user = TRUE, .host = TRUE, .serials = TRUE };
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  FlashDescriptors *descriptors = flash_board_get_descriptors (bench->board);
  FlashDoctor *doctor = flash_doctor_new (root, FLASH_PROVIDER (bench->provider), bench->board);
  g_autoptr (FlashReport) report = NULL;
  g_autoptr (FlashReport) clean = NULL;
  const char *serial;

  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-9/idVendor", "0483\n");
  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-9/idProduct", "374b\n");
  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-9/devnum", "9\n");
  flash_doctor_bench_write (root, "run/udev/data/c189:8", "E:ID_SERIAL_SHORT=066FFF383333554E43\n");
  _flash_doctor_use_clock (doctor, bench->clock);
  flash_doctor_look (doctor);
  report = make_report (doctor);
  serial = json_object_get_string_member (get_section (report, "board"), "serial");
  g_assert_cmpstr (serial, ==, descriptors->serial);
  clean = flash_report_make_private (report, &privacy);
  serial = json_object_get_string_member (get_section (clean, "board"), "serial");
  g_assert_cmpstr (serial, !=, descriptors->serial);
  for (guint i = 0; i < 2; i++) {
    g_autofree char *usb =
        json_to_string (flash_report_get_section (i == 0 ? report : clean, "usb"), FALSE);

    g_assert_true ((strstr (usb, "066FFF383333554E43") != NULL) == (i == 0));
  }
  g_assert_finalize_object (doctor);
  flash_test_remove_dir (dir);
  flash_test_remove_dir (root);
}

static void
on_finished (FlashJob *job, gboolean *is_over)
{
  *is_over = TRUE;
}

/* Of a job that ended because its board never came back. */
static void
test_job (void)
{
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", "fault=no-uboot@tfa");
  const FlashMpJob spec = { .plan = bench->plan,
                            .provider = FLASH_PROVIDER (bench->provider),
                            .board = bench->board,
                            .clock = bench->clock };
  g_autoptr (FlashJob) job = flash_job_new (&spec);
  FlashDoctor *doctor = flash_doctor_new (root, spec.provider, spec.board);
  g_autoptr (FlashReport) report = NULL;
  JsonObject *facts;
  gboolean is_over = FALSE;

  flash_doctor_follow (doctor, job);
  g_signal_connect (job, "finished", G_CALLBACK (on_finished), &is_over);
  flash_job_start (job);
  while (!is_over || flash_doctor_is_looking (doctor))
    g_main_context_iteration (NULL, TRUE);
  report = make_report (doctor);
  facts = get_section (report, "job");
  g_assert_cmpstr (json_object_get_string_member (facts, "result"), ==, "failed");
  g_assert_cmpstr (json_object_get_string_member (facts, "code"), ==, "never-came-back");
  g_assert_cmpstr (json_object_get_string_member (facts, "expected"), ==, "u-boot");
  g_assert_cmpint (json_object_get_int_member (facts, "last_id"), ==, 3);
  facts = get_section (report, "findings");
  g_assert_cmpstr (json_object_get_string_member (facts, "moment"), ==, "after");
  g_assert_cmpstr (json_object_get_string_member (facts, "certainty"), ==, "open");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (facts, "candidates")), >,
                    1);
  g_assert_finalize_object (doctor);
  flash_test_remove_dir (dir);
  flash_test_remove_dir (root);
}

static FlashConsole *
open_console (int *out_terminal)
{
  g_autoptr (GError) error = NULL;
  FlashConsole *console;

  *out_terminal = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (*out_terminal, >=, 0);
  g_assert_cmpint (grantpt (*out_terminal) + unlockpt (*out_terminal), ==, 0);
  console = flash_console_open (ptsname (*out_terminal), &error);
  g_assert_no_error (error);
  return console;
}

static void
take (FlashDoctor *doctor, FlashEventKind kind, const char *stage)
{
  g_autoptr (FlashEvent) event = flash_event_new (kind);

  event->stage = stage;
  _flash_doctor_take_event (doctor, event);
}

/* While the board is away, on a computer of which there is something to say. */
static void
test_away (void)
{
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (dir, "stm32mp157", NULL);
  const FlashMpJob spec = { .plan = bench->plan,
                            .provider = FLASH_PROVIDER (bench->provider),
                            .board = bench->board,
                            .clock = bench->clock };
  g_autoptr (FlashJob) job = flash_job_new (&spec);
  FlashDoctor *doctor = flash_doctor_new (root, spec.provider, spec.board);
  g_autoptr (FlashReport) report = NULL;
  g_autoptr (FlashConsole) console = NULL;
  JsonObject *facts;
  int terminal;

  console = open_console (&terminal);
  flash_doctor_bench_write (root, "proc/17/comm", "ModemManager\n");
  flash_doctor_bench_write (root, "etc/udev/rules.d/50-boards.rules",
                            "SUBSYSTEM==\"usb\", ATTR{idVendor}==\"0483\", "
                            "ATTR{idProduct}==\"df11\", MODE=\"0666\"\n");
  _flash_doctor_use_clock (doctor, bench->clock);
  flash_doctor_set_console (doctor, console);
  flash_doctor_follow (doctor, job);
  take (doctor, FLASH_EVENT_STAGE, "tf-a");
  take (doctor, FLASH_EVENT_LOST, "u-boot");
  g_assert_cmpint (write (terminal, "U-Boot\r\n", 8), ==, 8);
  while (flash_console_get_lines (console)->len == 0)
    g_main_context_iteration (NULL, TRUE);
  flash_clock_wait_ms (bench->clock, 6000, NULL, NULL);
  _flash_doctor_judge (doctor);

  report = make_report (doctor);
  facts = get_section (report, "findings");
  g_assert_cmpstr (json_object_get_string_member (facts, "moment"), ==, "away");
  g_assert_cmpint (json_object_get_int_member (facts, "waited_ms"), ==, 6000);
  facts = get_section (report, "host");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (facts, "rules")), ==, 1);
  g_assert_cmpstr (
      json_array_get_string_element (json_object_get_array_member (facts, "rivals"), 0), ==,
      "ModemManager");
  g_assert_cmpstr (flash_report_get_text (report, "console.txt"), ==, "U-Boot\n");
  g_assert_nonnull (strstr (flash_report_get_text (report, "log.txt"), "console  U-Boot"));
  flash_console_close (console);
  g_close (terminal, NULL);
  g_assert_finalize_object (doctor);
  flash_test_remove_dir (dir);
  flash_test_remove_dir (root);
}

/* The sandbox of a Flatpak shows its own programs only: that there are no others is not known. */
static void
test_sandbox (void)
{
  for (guint i = 0; i < 2; i++) {
    g_autofree char *root = flash_doctor_bench_make_root ();
    g_autoptr (FlashReport) report = flash_report_new ();
    JsonObject *facts;

    if (i == 1)
      flash_doctor_bench_write (root, ".flatpak-info", "[Application]\n");
    flash_doctor_fill_host_report (root, report);
    facts = get_section (report, "host");
    g_assert_true (json_object_has_member (facts, "rivals"));
    g_assert_true (json_object_get_null_member (facts, "rivals") == (i == 1));
    g_assert_true (json_object_get_boolean_member (facts, "can_see_programs") == (i == 0));
    flash_test_remove_dir (root);
  }
}

static void
test_host_only (void)
{
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autoptr (FlashReport) report = flash_report_new ();

  flash_doctor_fill_host_report (root, report);
  g_assert_null (flash_report_get_section (report, "board"));
  g_assert_cmpstr (json_object_get_string_member (get_section (report, "host"), "vm"), ==, "none");
  flash_test_remove_dir (root);
}

static void
test_json (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_begin_object (builder);
  flash_doctor_json_add_text (builder, "text", "a\xff");
  flash_doctor_json_add_text (builder, "none", NULL);
  flash_doctor_json_add_number (builder, "number", -1);
  flash_doctor_json_add_tri (builder, "yes", FLASH_TRI_YES);
  flash_doctor_json_add_tri (builder, "no", FLASH_TRI_NO);
  flash_doctor_json_add_tri (builder, "unknown", FLASH_TRI_UNKNOWN);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  g_assert_cmpstr (text, ==,
                   "{\"text\":\"a\uFFFD\",\"none\":null,\"number\":-1,\"yes\":true,"
                   "\"no\":false,\"unknown\":null}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor-report/order", test_order);
  g_test_add_func ("/doctor-report/bounds", test_bounds);
  g_test_add_func ("/doctor-report/sections", test_sections);
  g_test_add_func ("/doctor-report/files", test_files);
  g_test_add_func ("/doctor-report/cancel", test_cancel);
  g_test_add_func ("/doctor-report/exchanged", test_exchanged);
  g_test_add_func ("/doctor-report/private", test_private);
  g_test_add_func ("/doctor-report/job", test_job);
  g_test_add_func ("/doctor-report/away", test_away);
  g_test_add_func ("/doctor-report/sandbox", test_sandbox);
  g_test_add_func ("/doctor-report/host-only", test_host_only);
  g_test_add_func ("/doctor-report/json", test_json);
  return g_test_run ();
}
