/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-doctor-bench"

#include "config.h"

#include "flash-doctor-bench.h"

#include "flash-test-images.h"

#define FIRMWARE_BYTES 40000

typedef struct {
  FlashDoctor *doctor;
  const FlashDoctorScene *scene;
  FlashDoctorOutcome *outcome;
} Watch;

static void
check_time (Watch *self)
{
  const FlashSymptoms *symptoms = flash_doctor_get_symptoms (self->doctor);

  if (symptoms->moment == FLASH_MOMENT_AWAY && symptoms->waited_ms >= FLASH_DOCTOR_TELL_MS &&
      symptoms->port != FLASH_PORT_AWAITED &&
      flash_doctor_get_findings (self->doctor)->cause == NULL)
    self->outcome->too_late = TRUE;
}

static void
on_event (FlashEvent *event, gpointer data)
{
  Watch *self = data;

  if (event->kind == FLASH_EVENT_LOST && self->scene->lost != NULL) {
    g_autofree char *port = _flash_doctor_dup_host_port (self->doctor);

    self->scene->lost (self->scene->root, port, self->doctor->facts.serial);
  }
  _flash_doctor_take_event (self->doctor, event);
  check_time (self);
}

static void
on_progress (const FlashSnapshot *snapshot, gpointer data)
{
  Watch *self = data;

  _flash_doctor_take_progress (self->doctor, snapshot);
  check_time (self);
}

static void
on_changed (FlashDoctor *doctor, Watch *self)
{
  const FlashFindings *findings = flash_doctor_get_findings (doctor);
  const FlashSymptoms *symptoms = flash_doctor_get_symptoms (doctor);

  if (symptoms->moment != FLASH_MOMENT_AWAY || findings->cause == NULL)
    return;
  if (!self->outcome->was_away)
    self->outcome->told_ms = symptoms->waited_ms;
  self->outcome->was_away = TRUE;
  self->outcome->away = *findings;
}

static void
make_doctor (FlashJob *job, FlashProvider *provider, FlashClock *clock, Watch *watch)
{
  FlashDoctor *doctor = flash_doctor_new (watch->scene->root, provider, flash_job_get_board (job));

  _flash_doctor_use_clock (doctor, clock);
  watch->doctor = doctor;
  g_signal_connect (doctor, "changed", G_CALLBACK (on_changed), watch);
  flash_doctor_look (doctor);
  flash_doctor_follow (doctor, job);
}

static void
finish (Watch *watch, FlashJob *job, const GError *error)
{
  watch->outcome->after = *flash_doctor_get_findings (watch->doctor);
  watch->outcome->error = error != NULL ? flash_job_error_get_stable_code (error) : NULL;
  g_assert_finalize_object (watch->doctor);
  g_assert_finalize_object (job);
}

static gboolean
are_stored (FlashMpBench *bench)
{
  for (guint i = 0; i < flash_plan_get_n_steps (bench->plan); i++)
    if (flash_plan_get_step (bench->plan, i)->kind == FLASH_PLAN_PARTITION &&
        !flash_mp_bench_is_stored (bench, i))
      return FALSE;
  return TRUE;
}

static char *
dup_keys (const FlashDoctorScene *scene)
{
  return scene->fault != NULL ? g_strdup_printf ("fault=%s", scene->fault) : NULL;
}

void
flash_doctor_bench_run_mp (const FlashDoctorScene *scene, FlashDoctorOutcome *out_outcome)
{
  g_autofree char *keys = dup_keys (scene);
  g_autoptr (FlashMpBench) bench = flash_mp_bench_new (scene->layout_dir, scene->model, keys);
  const FlashMpJob spec = { .plan = bench->plan,
                            .provider = FLASH_PROVIDER (bench->provider),
                            .board = bench->board,
                            .clock = bench->clock,
                            .verify = TRUE };
  FlashJob *job = flash_job_new (&spec);
  Watch watch = { .scene = scene, .outcome = out_outcome };
  const FlashSink sink = { on_event, on_progress, &watch };

  *out_outcome = (FlashDoctorOutcome){ 0 };
  make_doctor (job, FLASH_PROVIDER (bench->provider), bench->clock, &watch);
  out_outcome->ok = flash_mp_run (&spec, NULL, &sink, &bench->result, &bench->error);
  out_outcome->is_right = are_stored (bench);
  finish (&watch, job, bench->error);
}

void
flash_doctor_bench_run_mcu (const FlashDoctorScene *scene, FlashDoctorOutcome *out_outcome)
{
  g_autofree char *keys = dup_keys (scene);
  g_autoptr (FlashMcuBench) bench = flash_mcu_bench_new (scene->model, keys);
  g_autoptr (GBytes) firmware = flash_mcu_bench_make_firmware (FIRMWARE_BYTES, 7);
  Watch watch = { .scene = scene, .outcome = out_outcome };
  const FlashSink sink = { on_event, on_progress, &watch };
  FlashJob *job;

  *out_outcome = (FlashDoctorOutcome){ 0 };
  flash_mcu_bench_set_image (bench, FLASH_MCU_BENCH_FLASH, g_bytes_ref (firmware));
  job = flash_job_new_for_mcu (&bench->job);
  make_doctor (job, bench->job.provider, bench->clock, &watch);
  out_outcome->ok = flash_mcu_run (&bench->job, NULL, &sink, &bench->result, &bench->error);
  out_outcome->is_right = flash_mcu_bench_holds (bench, 0, firmware);
  finish (&watch, job, bench->error);
}

void
flash_doctor_bench_write (const char *root, const char *path, const char *text)
{
  g_autofree char *full = g_build_filename (root, path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (full, text, -1, &error);
  g_assert_no_error (error);
}

char *
flash_doctor_bench_make_root (void)
{
  char *root = flash_test_make_dir ();

  flash_doctor_bench_write (root, "proc/cpuinfo", "processor : 0\nflags : fpu sse2\n");
  flash_doctor_bench_write (root, "proc/sys/kernel/osrelease", "6.1.0\n");
  flash_doctor_bench_write (root, "sys/class/dmi/id/sys_vendor", "Acme\n");
  flash_doctor_bench_write (root, "sys/class/dmi/id/product_name", "Anvil 9000\n");
  flash_doctor_bench_write (root, "etc/os-release", "PRETTY_NAME=\"Debian 12\"\n");
  return root;
}

char *
flash_doctor_bench_describe (const FlashFindings *findings)
{
  GString *text = g_string_new (flash_certainty_get_name (findings->certainty));

  if (findings->cause != NULL)
    g_string_append_printf (text, " %s", findings->cause->code);
  for (guint i = 0; i < findings->n_candidates; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "; may be " : ", ",
                            findings->candidates[i]->code);
  if (findings->question != FLASH_OBSERVATION_NONE)
    g_string_append_printf (text, "; asks %s", flash_observation_get_name (findings->question));
  return g_string_free (text, FALSE);
}

static void
write_and_free (const char *dir, const char *name, GBytes *bytes)
{
  flash_test_write_file (dir, name, bytes);
  g_bytes_unref (bytes);
}

/* A FIP of more than 64 KiB, and a row that is erased first: some faults wait for those. */
char *
flash_doctor_bench_make_layout (const char *model)
{
  char *dir = flash_test_make_dir ();

  write_and_free (dir, "fsbl.stm32",
                  flash_test_make_stm32 (g_str_equal (model, "stm32mp135") ? FLASH_TEST_STM32_V2_0
                                                                           : FLASH_TEST_STM32_V1_0,
                                         2000));
  write_and_free (dir, "fip.bin", flash_test_make_fip (FLASH_TEST_FIP_USUAL, 20000));
  write_and_free (dir, "first.bin", flash_test_make_bytes (9000, 1));
  write_and_free (dir, "second.bin", flash_test_make_bytes (4096, 2));
  flash_test_write_text (dir, "layout.tsv",
                         "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
                         "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n"
                         "-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
                         "PD\t0x10\tfirst\tBinary\tmmc0\t0x4400\tfirst.bin\n"
                         "P\t0x11\tsecond\tBinary\tmmc0\t0x8400\tsecond.bin\n");
  return dir;
}
