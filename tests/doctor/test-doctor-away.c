/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board that is away, by hand: what is known then, answers, and the console. */
#include "config.h"

#include "flash-doctor-bench.h"
#include "flash-test-images.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
  char *root;
  char *dir;
  FlashMpBench *bench;
  FlashJob *job;
  FlashDoctor *doctor;
} Away;

static void
tell (FlashDoctor *doctor, FlashEventKind kind, const char *stage, gint step)
{
  g_autoptr (FlashEvent) event = flash_event_new (kind);

  event->stage = stage;
  event->step = step;
  /* The job asks whether to begin again, or to wait on. */
  if (kind == FLASH_EVENT_PAUSED)
    event->code = g_strcmp0 (stage, "rom") == 0 ? "rom" : "patience";
  _flash_doctor_take_event (doctor, event);
}

/* A board that was sent its second stage, and has not come back for six seconds. */
static void
away_init (Away *self)
{
  g_autoptr (FlashSimDevice) device = NULL;
  FlashMpJob spec;

  self->root = flash_doctor_bench_make_root ();
  self->dir = flash_mp_bench_make_small_layout ("stm32mp157");
  self->bench = flash_mp_bench_new (self->dir, "stm32mp157", NULL);
  spec = (FlashMpJob){ .plan = self->bench->plan,
                       .provider = FLASH_PROVIDER (self->bench->provider),
                       .board = self->bench->board,
                       .clock = self->bench->clock };
  self->job = flash_job_new (&spec);
  self->doctor = flash_doctor_new (self->root, spec.provider, spec.board);
  _flash_doctor_use_clock (self->doctor, self->bench->clock);
  flash_doctor_follow (self->doctor, self->job);
  tell (self->doctor, FLASH_EVENT_STAGE, "tf-a", -1);
  tell (self->doctor, FLASH_EVENT_PARTITION, NULL, 1);
  g_assert_cmpint (flash_doctor_get_symptoms (self->doctor)->last_id, ==, 3);
  device = flash_sim_provider_dup_device (self->bench->provider,
                                          flash_board_get_port (self->bench->board));
  flash_sim_device_unplug (device);
  tell (self->doctor, FLASH_EVENT_LOST, "u-boot", -1);
  flash_clock_wait_ms (self->bench->clock, 6000, NULL, NULL);
  _flash_doctor_judge (self->doctor);
}

/* It restarts. */
static void
plug_again (Away *self)
{
  const char *port = flash_board_get_port (self->bench->board);
  g_autoptr (FlashSimDevice) device = flash_sim_provider_dup_device (self->bench->provider, port);

  flash_sim_device_plug (device);
  flash_clock_wait_ms (self->bench->clock, 6000, NULL, NULL);
}

static void
away_clear (Away *self)
{
  g_assert_finalize_object (self->doctor);
  g_assert_finalize_object (self->job);
  flash_mp_bench_free (self->bench);
  flash_test_remove_dir (self->dir);
  flash_test_remove_dir (self->root);
  g_free (self->dir);
  g_free (self->root);
}

static void
test_away (void)
{
  Away away;
  const FlashSymptoms *symptoms;
  const FlashFindings *findings;
  FlashObservation question;

  away_init (&away);
  symptoms = flash_doctor_get_symptoms (away.doctor);
  findings = flash_doctor_get_findings (away.doctor);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_AWAY);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_NOTHING);
  g_assert_cmpstr (symptoms->stage, ==, "tf-a");
  g_assert_cmpstr (symptoms->expected, ==, "u-boot");
  g_assert_cmpuint (symptoms->waited_ms, ==, 6000);
  g_assert_cmpuint (flash_doctor_get_shown_ms (away.doctor), ==, 6000);
  g_assert_cmpint (findings->certainty, ==, FLASH_CERTAINTY_OPEN);
  question = findings->question;
  g_assert_cmpint (question, ==, FLASH_OBSERVATION_CONSOLE_SPEAKS);
  flash_doctor_observe (away.doctor, question, FLASH_TRI_YES);
  g_assert_cmpint (findings->certainty, ==, FLASH_CERTAINTY_LIKELY);
  g_assert_cmpstr (findings->cause->code, ==, "second-stage-silent");

  /* What was seen was about that absence; it is not held against the board when it is back. */
  tell (away.doctor, FLASH_EVENT_RETURNED, "u-boot", -1);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_BEFORE);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_AWAITED);
  g_assert_cmpuint (symptoms->waited_ms, ==, 0);
  g_assert_cmpint (symptoms->seen[question], ==, FLASH_TRI_UNKNOWN);
  g_assert_null (findings->cause);
  away_clear (&away);
}

static void
test_paused (void)
{
  Away away;
  const FlashSymptoms *symptoms;

  away_init (&away);
  symptoms = flash_doctor_get_symptoms (away.doctor);
  tell (away.doctor, FLASH_EVENT_PAUSED, NULL, -1);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_AWAY);
  tell (away.doctor, FLASH_EVENT_RESUMED, NULL, -1);
  /* It goes on waiting. */
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_AWAY);
  tell (away.doctor, FLASH_EVENT_FINISHED, NULL, -1);
  g_assert_null (flash_doctor_get_findings (away.doctor)->cause);
  away_clear (&away);
}

/* It is back, in its ROM, and the job wants to know what to do: that is said at once, and until it
 * is answered. */
static void
test_rom_asked (void)
{
  Away away;
  const FlashSymptoms *symptoms;
  const FlashFindings *findings;

  away_init (&away);
  plug_again (&away);
  symptoms = flash_doctor_get_symptoms (away.doctor);
  findings = flash_doctor_get_findings (away.doctor);
  tell (away.doctor, FLASH_EVENT_RETURNED, "rom", -1);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_AWAITED);
  tell (away.doctor, FLASH_EVENT_PAUSED, "rom", -1);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_AWAY);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_ROM);
  g_assert_cmpuint (symptoms->waited_ms, <, FLASH_DOCTOR_TELL_MS);
  g_assert_true (flash_findings_has (findings, "came-back-in-rom"));
  /* A later look, of an enumeration that is known by now, sees the same. */
  flash_doctor_look (away.doctor);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_ROM);
  tell (away.doctor, FLASH_EVENT_RESUMED, NULL, -1);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_AWAITED);
  g_assert_null (findings->cause);
  away_clear (&away);
}

/* The ROM of an STM32MP15 starts its first stage without a word: there is no LOST. */
static void
test_silent (void)
{
  const FlashSnapshot snapshot = {
    .activity = FLASH_ACTIVITY_WAITING, .step = -1, .waited_ms = 5000, .patience_ms = 60000
  };
  Away away;
  const FlashSymptoms *symptoms;

  away_init (&away);
  plug_again (&away);
  tell (away.doctor, FLASH_EVENT_STAGE, "rom", -1);
  tell (away.doctor, FLASH_EVENT_PARTITION, NULL, 0);
  _flash_doctor_take_progress (away.doctor, &snapshot);
  symptoms = flash_doctor_get_symptoms (away.doctor);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_AWAY);
  g_assert_cmpstr (symptoms->expected, ==, "tf-a");
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_SILENT);
  g_assert_cmpuint (symptoms->patience_ms, ==, 60000);
  g_assert_cmpstr (flash_doctor_get_findings (away.doctor)->cause->code, ==, "fsbl-did-not-start");
  away_clear (&away);
}

/* The board leaves for good: within the second after, the port is seen to be empty; the wait for a
 * return is real time here, so that the rule of five seconds is left to the other tests. */
static void
test_watch (void)
{
  Away away;
  gboolean is_seen = FALSE;

  away_init (&away);
  g_object_unref (away.doctor);
  away.doctor =
      flash_doctor_new (away.root, FLASH_PROVIDER (away.bench->provider), away.bench->board);
  flash_doctor_follow (away.doctor, away.job);
  tell (away.doctor, FLASH_EVENT_LOST, "u-boot", -1);
  while (!is_seen) {
    g_main_context_iteration (NULL, TRUE);
    is_seen = flash_doctor_get_symptoms (away.doctor)->waited_ms >= 1000;
  }
  g_assert_cmpint (flash_doctor_get_symptoms (away.doctor)->port, ==, FLASH_PORT_NOTHING);
  g_assert_null (flash_doctor_get_findings (away.doctor)->cause);
  /* A look that is forgotten would hold the provider still. */
  while (flash_doctor_is_looking (away.doctor))
    g_main_context_iteration (NULL, TRUE);
  away_clear (&away);
}

/* --- The console ---------------------------------------------------------------------------- */

static void
test_console (void)
{
  static const char line[] = "ERROR:   DDR power init failed\r\n";
  int terminal = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_autoptr (FlashConsole) console = NULL;
  g_autoptr (GError) error = NULL;
  const FlashSymptoms *symptoms;
  Away away;

  g_assert_cmpint (terminal, >=, 0);
  g_assert_cmpint (grantpt (terminal) + unlockpt (terminal), ==, 0);
  console = flash_console_open (ptsname (terminal), &error);
  g_assert_no_error (error);
  away_init (&away);
  flash_doctor_set_console (away.doctor, console);
  flash_doctor_set_console (away.doctor, console);
  symptoms = flash_doctor_get_symptoms (away.doctor);
  g_assert_cmpint (symptoms->console_speaks, ==, FLASH_TRI_NO);
  g_assert_cmpint (write (terminal, line, sizeof line - 1), ==, sizeof line - 1);
  while (symptoms->console_mark == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (symptoms->console_speaks, ==, FLASH_TRI_YES);
  g_assert_cmpint (flash_doctor_get_findings (away.doctor)->certainty, ==, FLASH_CERTAINTY_PROVED);
  g_assert_true (
      g_str_has_prefix (flash_doctor_get_findings (away.doctor)->cause->code, "console-"));
  flash_doctor_set_console (away.doctor, NULL);
  g_assert_cmpint (symptoms->console_speaks, ==, FLASH_TRI_UNKNOWN);
  flash_console_close (console);
  away_clear (&away);
  g_close (terminal, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor-away/away", test_away);
  g_test_add_func ("/doctor-away/paused", test_paused);
  g_test_add_func ("/doctor-away/rom-asked", test_rom_asked);
  g_test_add_func ("/doctor-away/silent", test_silent);
  g_test_add_func ("/doctor-away/watch", test_watch);
  g_test_add_func ("/doctor-away/console", test_console);
  return g_test_run ();
}
