/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board that hangs in the midst of a request, what is said after a failure, and the kernel's
 * messages from before. */
#include "config.h"

#include "flash-doctor-play.h"
#include "flash-test-images.h"

#define BUFFER_BYTES (8 * 1024 * 1024)

static const FlashDoctorWay in_rom = { "rom", 0, NULL };
static const FlashDoctorWay in_uboot = { "u-boot", 2, NULL };

static void
move (FlashDoctorPlay *play, FlashActivity activity, guint64 bytes)
{
  const FlashSnapshot snapshot = {
    .activity = activity, .step = 2, .step_bytes_done = bytes, .patience_ms = 60000
  };

  _flash_doctor_take_progress (play->doctor, &snapshot);
}

/* What the timer does. */
static void
pass (FlashDoctorPlay *play, guint time_ms)
{
  flash_clock_wait_ms (play->bench != NULL ? play->bench->clock : play->chip->clock, time_ms, NULL,
                       NULL);
  _flash_doctor_check_silence (play->doctor);
}

static FlashMoment
get_moment (FlashDoctorPlay *play)
{
  return flash_doctor_get_symptoms (play->doctor)->moment;
}

/* Within five seconds after the last block it is told, and taken back with the next one. */
static void
test_hangs (void)
{
  FlashDoctorPlay play;
  const FlashSymptoms *symptoms;
  const FlashFindings *findings;

  flash_doctor_play_init (&play, NULL);
  flash_doctor_play_go (&play, &in_uboot);
  symptoms = flash_doctor_get_symptoms (play.doctor);
  findings = flash_doctor_get_findings (play.doctor);
  move (&play, FLASH_ACTIVITY_SENDING, 4096);
  pass (&play, 3999);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_BEFORE);
  pass (&play, 1);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_AWAY);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_SILENT);
  g_assert_cmpuint (symptoms->waited_ms, ==, 4000);
  g_assert_nonnull (findings->cause);
  g_assert_cmpstr (findings->cause->code, ==, "board-silent");

  move (&play, FLASH_ACTIVITY_SENDING, 8192);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_BEFORE);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_AWAITED);
  g_assert_null (findings->cause);
  flash_doctor_play_clear (&play);
}

/* It is not there any more: that is seen, whatever the engine waits for. */
static void
test_hangs_and_gone (void)
{
  FlashDoctorPlay play;

  flash_doctor_play_init (&play, NULL);
  flash_doctor_play_go (&play, &in_uboot);
  move (&play, FLASH_ACTIVITY_SENDING, 4096);
  flash_still_provider_set_board (play.provider, NULL);
  pass (&play, 4000);
  g_assert_cmpint (flash_doctor_get_symptoms (play.doctor)->port, ==, FLASH_PORT_NOTHING);
  g_assert_nonnull (flash_doctor_get_findings (play.doctor)->cause);
  flash_doctor_play_clear (&play);
}

/* An image that is not whole did not start. */
static void
test_hangs_in_first_stage (void)
{
  FlashDoctorPlay play;
  const FlashSymptoms *symptoms;

  flash_doctor_play_init (&play, NULL);
  flash_doctor_play_go (&play, &in_rom);
  symptoms = flash_doctor_get_symptoms (play.doctor);
  g_assert_cmpint (symptoms->last_id, ==, 1);
  move (&play, FLASH_ACTIVITY_SENDING, 1024);
  pass (&play, 4000);
  g_assert_cmpint (symptoms->last_id, ==, -1);
  g_assert_null (symptoms->expected);
  g_assert_cmpstr (flash_doctor_get_findings (play.doctor)->cause->code, ==, "board-silent");
  flash_doctor_play_clear (&play);
}

/**
 * Pause:
 * @bytes: of the image, when nothing moves any more
 * @usual_ms: for how long that is nothing to speak of
 */
typedef struct {
  const FlashDoctorWay *way;
  FlashActivity activity;
  guint64 bytes;
  guint usual_ms;
} Pause;

/* stm32mp-usb.md sections 1.11, 2.3 and 7.1 */
static const Pause pauses[] = {
  { &in_uboot, FLASH_ACTIVITY_SENDING, BUFFER_BYTES, 13999 },
  { &in_uboot, FLASH_ACTIVITY_SENDING, BUFFER_BYTES + 4096, 3999 },
  { &in_uboot, FLASH_ACTIVITY_STORING, BUFFER_BYTES, 58999 },
  { &in_rom, FLASH_ACTIVITY_STORING, 1024, 3999 },
  { &in_rom, FLASH_ACTIVITY_SENDING, BUFFER_BYTES, 3999 },
  { &in_uboot, FLASH_ACTIVITY_VERIFYING, 4096, 3999 },
  { &in_uboot, FLASH_ACTIVITY_CONNECTING, 0, 3999 },
  { &in_uboot, FLASH_ACTIVITY_ERASING, 0, 58999 },
};

static void
test_pauses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++) {
    FlashDoctorPlay play;

    g_test_message ("%u", i);
    flash_doctor_play_init (&play, NULL);
    flash_doctor_play_go (&play, pauses[i].way);
    move (&play, pauses[i].activity, pauses[i].bytes);
    pass (&play, pauses[i].usual_ms);
    g_assert_cmpint (get_moment (&play), ==, FLASH_MOMENT_BEFORE);
    pass (&play, 1);
    g_assert_cmpint (get_moment (&play), ==, FLASH_MOMENT_AWAY);
    flash_doctor_play_clear (&play);
  }
}

/* A microcontroller tells nothing until it has erased. */
static void
test_erasing (void)
{
  FlashDoctorPlay play;
  g_autoptr (FlashEvent) event = flash_event_new (FLASH_EVENT_STEP);

  flash_doctor_play_init_chip (&play, "stm32f405");
  flash_doctor_follow (play.doctor, play.job);
  event->step = FLASH_MCU_STEP_ERASE;
  _flash_doctor_take_event (play.doctor, event);
  move (&play, FLASH_ACTIVITY_READING, 0);
  pass (&play, 35000);
  g_assert_cmpint (get_moment (&play), ==, FLASH_MOMENT_BEFORE);
  event->step = FLASH_MCU_STEP_WRITE;
  _flash_doctor_take_event (play.doctor, event);
  move (&play, FLASH_ACTIVITY_SENDING, 1024);
  pass (&play, 4000);
  g_assert_cmpint (get_moment (&play), ==, FLASH_MOMENT_AWAY);
  flash_doctor_play_clear (&play);
}

/* While it waits, the engine itself says for how long. */
static void
test_waiting (void)
{
  FlashDoctorPlay play;

  flash_doctor_play_init (&play, NULL);
  flash_doctor_play_go (&play, &in_uboot);
  move (&play, FLASH_ACTIVITY_WAITING, 0);
  g_assert_cmpuint (_flash_doctor_get_silence_ms (play.doctor), ==, G_MAXUINT);
  flash_doctor_play_clear (&play);
}

/* --- Coming back without an event ----------------------------------------------------------- */

/* What was there while the board was away is not told of any more: its names are gone. */
static void
test_back_by_progress (void)
{
  g_autoptr (FlashBoard) other = NULL;
  FlashDoctorPlay play;
  const FlashSymptoms *symptoms;

  flash_doctor_play_init (&play, NULL);
  flash_doctor_play_go (&play, &in_uboot);
  symptoms = flash_doctor_get_symptoms (play.doctor);
  other = flash_doctor_play_make_board (9, "Mouse", "1", FLASH_ACCESS_OK);
  flash_still_provider_set_board (play.provider, other);
  move (&play, FLASH_ACTIVITY_WAITING, 0);
  pass (&play, 6000);
  move (&play, FLASH_ACTIVITY_WAITING, 0);
  g_assert_cmpstr (symptoms->port_product, ==, "Mouse");
  g_assert_nonnull (flash_doctor_get_findings (play.doctor)->cause);
  move (&play, FLASH_ACTIVITY_SENDING, 4096);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_BEFORE);
  g_assert_null (symptoms->port_product);
  g_assert_null (symptoms->port_id);
  g_assert_null (flash_doctor_get_findings (play.doctor)->cause);
  flash_doctor_play_clear (&play);
}

/* A second job has nothing of the first one's words. */
static void
test_begins_again (void)
{
  FlashDoctorPlay play;

  flash_doctor_play_init (&play, NULL);
  flash_doctor_play_go (&play, &in_uboot);
  flash_doctor_play_fail (&play, "layout-refused", "it said so");
  g_assert_cmpstr (flash_doctor_get_symptoms (play.doctor)->device_text, ==, "it said so");
  flash_still_provider_hold (play.provider, FALSE);
  play.doctor->looks_at_once = FALSE;
  flash_doctor_follow (play.doctor, play.job);
  g_assert_null (flash_doctor_get_symptoms (play.doctor)->device_text);
  while (flash_doctor_is_looking (play.doctor))
    g_main_context_iteration (NULL, TRUE);
  flash_doctor_play_clear (&play);
}

/* --- After a failure ------------------------------------------------------------------------ */

/* A look that began before the failure does not count; until the next one nothing is said. */
static void
test_failure_is_looked_at (void)
{
  FlashDoctorPlay play;
  const FlashSymptoms *symptoms;
  const FlashFindings *findings;

  flash_doctor_play_init (&play, NULL);
  flash_doctor_play_go (&play, &in_uboot);
  symptoms = flash_doctor_get_symptoms (play.doctor);
  findings = flash_doctor_get_findings (play.doctor);
  play.doctor->looks_at_once = FALSE;
  flash_still_provider_hold (play.provider, TRUE);
  flash_doctor_look (play.doctor);
  flash_doctor_play_fail (&play, "link-error", NULL);
  g_assert_true (flash_doctor_awaits_look (play.doctor));
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_AFTER);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_UNKNOWN);
  g_assert_null (findings->cause);
  flash_still_provider_set_board (play.provider, NULL);
  flash_still_provider_hold (play.provider, FALSE);
  while (flash_doctor_awaits_look (play.doctor)) {
    g_assert_null (findings->cause);
    g_main_context_iteration (NULL, TRUE);
  }
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_NOTHING);
  g_assert_nonnull (findings->cause);
  flash_doctor_play_clear (&play);
}

/* --- The kernel's messages ------------------------------------------------------------------ */

static char *
make_kmsg (gint64 before_us, const char *text)
{
  return g_strdup_printf ("6,1,%" G_GINT64_FORMAT ",-;usb 1-2: %s\n",
                          flash_host_log_get_time_us () - before_us, text);
}

static void
write_kmsg (const char *root, gint64 before_us, const char *text)
{
  g_autofree char *line = make_kmsg (before_us, text);

  flash_doctor_bench_write (root, "dev/kmsg", line);
}

static void
fail_lately (const char *root)
{
  write_kmsg (root, 10 * G_USEC_PER_SEC, "device descriptor read/64, error -110");
}

static void
fail_before (const char *root)
{
  write_kmsg (root, 90 * G_USEC_PER_SEC, "device descriptor read/64, error -110");
}

static void
leave_before (const char *root)
{
  write_kmsg (root, 10 * G_USEC_PER_SEC, "USB disconnect, device number 7");
}

/* Before a job, an error of the last minute is about the board; one of a job is its own. */
static void
test_recent_errors (void)
{
  FlashDoctorPlay play;

  flash_doctor_play_init (&play, fail_lately);
  g_assert_cmpint (flash_doctor_get_symptoms (play.doctor)->descriptor_errno, ==, -110);
  flash_doctor_play_go (&play, &in_uboot);
  g_assert_cmpint (flash_doctor_get_symptoms (play.doctor)->descriptor_errno, ==, 0);
  flash_doctor_play_clear (&play);
  flash_doctor_play_init (&play, fail_before);
  g_assert_cmpint (flash_doctor_get_symptoms (play.doctor)->descriptor_errno, ==, 0);
  flash_doctor_play_clear (&play);
}

static const char *
get_kernel_text (FlashReport *report)
{
  const char *text = flash_report_get_text (report, "kernel.txt");

  g_assert_nonnull (text);
  return text;
}

/* A report holds what was before the command, though a job is not judged by it. */
static void
test_old_messages (void)
{
  g_autoptr (FlashReport) report = flash_report_new ();
  g_autoptr (FlashReport) computer = flash_report_new ();
  FlashDoctorPlay play;

  flash_doctor_play_init (&play, leave_before);
  flash_doctor_play_go (&play, &in_uboot);
  g_assert_cmpint (flash_doctor_get_symptoms (play.doctor)->n_disconnects, ==, 0);
  flash_doctor_fill_report (play.doctor, report);
  g_assert_nonnull (strstr (get_kernel_text (report), "USB disconnect"));
  flash_doctor_fill_host_report (play.root, computer);
  g_assert_nonnull (strstr (get_kernel_text (computer), "USB disconnect"));
  flash_doctor_play_clear (&play);
}

static guint
count_devices (FlashReport *report)
{
  JsonNode *usb = flash_report_get_section (report, "usb");

  return json_array_get_length (
      json_object_get_array_member (json_node_get_object (usb), "devices"));
}

/* The picture of USB is that of the latest look: nothing is read when a report is made. */
static void
test_devices (void)
{
  g_autoptr (FlashReport) before = flash_report_new ();
  g_autoptr (FlashReport) after = flash_report_new ();
  FlashDoctorPlay play;

  flash_doctor_play_init (&play, NULL);
  flash_doctor_bench_write (play.root, "sys/bus/usb/devices/1-9/idVendor", "0483\n");
  flash_doctor_bench_write (play.root, "sys/bus/usb/devices/1-9/idProduct", "df11\n");
  flash_doctor_fill_report (play.doctor, before);
  g_assert_cmpuint (count_devices (before), ==, 0);
  flash_doctor_look (play.doctor);
  flash_doctor_fill_report (play.doctor, after);
  g_assert_cmpuint (count_devices (after), ==, 1);
  flash_doctor_play_clear (&play);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor-silence/hangs", test_hangs);
  g_test_add_func ("/doctor-silence/hangs-and-gone", test_hangs_and_gone);
  g_test_add_func ("/doctor-silence/hangs-in-first-stage", test_hangs_in_first_stage);
  g_test_add_func ("/doctor-silence/pauses", test_pauses);
  g_test_add_func ("/doctor-silence/erasing", test_erasing);
  g_test_add_func ("/doctor-silence/waiting", test_waiting);
  g_test_add_func ("/doctor-silence/back-by-progress", test_back_by_progress);
  g_test_add_func ("/doctor-silence/begins-again", test_begins_again);
  g_test_add_func ("/doctor-silence/failure", test_failure_is_looked_at);
  g_test_add_func ("/doctor-silence/recent-errors", test_recent_errors);
  g_test_add_func ("/doctor-silence/old-messages", test_old_messages);
  g_test_add_func ("/doctor-silence/devices", test_devices);
  return g_test_run ();
}
