/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The doctor as the faces have it: looks in a thread, the job's own thread and
 * `changed`. */
#include "config.h"

#include "flash-doctor-bench.h"
#include "flash-doctor-cost.h"
#include "flash-still-provider.h"
#include "flash-test-images.h"

#include <unistd.h>

#define SERIAL "0031002F3531510A33323533"

static FlashBoard *
make_board (FlashSpeed speed, FlashAccess access)
{
  const FlashStillTraits traits = { .generation = 1,
                                    .speed = speed,
                                    .access = access,
                                    .has_descriptors = TRUE,
                                    .product = FLASH_STILL_ROM,
                                    .serial = SERIAL };

  return flash_still_board_new (&traits);
}

static void
on_changed (FlashDoctor *doctor, guint *n_changes)
{
  (*n_changes)++;
}

static void
look (FlashDoctor *doctor)
{
  flash_doctor_look (doctor);
  g_assert_true (flash_doctor_is_looking (doctor));
  while (flash_doctor_is_looking (doctor))
    g_main_context_iteration (NULL, TRUE);
}

static void
add_device (const char *root)
{
  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-2/idVendor", "0483\n");
  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-2/idProduct", "df11\n");
  flash_doctor_bench_write (root, "run/udev/data/c189:4", "E:ID_SERIAL_SHORT=" SERIAL "\n");
  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-2/busnum", "1\n");
  flash_doctor_bench_write (root, "sys/bus/usb/devices/1-2/devnum", "5\n");
  flash_doctor_bench_write (root, "dev/bus/usb/001/005", "");
}

/* A process that has the device open, as /proc shows it. */
static void
add_holder (const char *root, const char *name)
{
  g_autofree char *line = g_strconcat (name, "\n", NULL);
  g_autofree char *link = g_build_filename (root, "proc/4711/fd/3", NULL);

  flash_doctor_bench_write (root, "proc/4711/comm", line);
  flash_doctor_bench_write (root, "proc/4711/fd/0", "");
  g_assert_cmpint (symlink ("/dev/bus/usb/001/005", link), ==, 0);
}

/* --- Before --------------------------------------------------------------------------------- */

static void
test_before (void)
{
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autoptr (FlashStillProvider) provider = flash_still_provider_new ();
  g_autoptr (FlashBoard) board = make_board (FLASH_SPEED_FULL, FLASH_ACCESS_OK);
  FlashDoctor *doctor;
  const FlashSymptoms *symptoms;
  guint n_changes = 0;

  flash_doctor_bench_write (root, "proc/cpuinfo", "flags : fpu hypervisor\n");
  flash_doctor_bench_write (root, "sys/class/dmi/id/product_name", "VirtualBox\n");
  flash_still_provider_set_board (provider, board);
  doctor = flash_doctor_new (root, FLASH_PROVIDER (provider), board);
  g_assert_null (flash_doctor_get_findings (doctor)->cause);
  g_assert_cmpuint (flash_doctor_get_shown_ms (doctor), ==, 0);
  g_signal_connect (doctor, "changed", G_CALLBACK (on_changed), &n_changes);
  look (doctor);
  g_assert_cmpuint (n_changes, >, 0);

  symptoms = flash_doctor_get_symptoms (doctor);
  g_assert_cmpint (symptoms->moment, ==, FLASH_MOMENT_BEFORE);
  g_assert_false (symptoms->is_virtual);
  g_assert_cmpint (symptoms->port, ==, FLASH_PORT_AWAITED);
  g_assert_cmpstr (symptoms->vm, ==, "oracle");
  g_assert_cmpint (symptoms->is_full_speed, ==, FLASH_TRI_YES);
  g_assert_cmpint (symptoms->wants_high_speed, ==, FLASH_TRI_YES);
  /* It can be opened, so that nobody misses a rule. */
  g_assert_cmpint (symptoms->has_rule, ==, FLASH_TRI_UNKNOWN);
  g_assert_true (flash_findings_has (flash_doctor_get_findings (doctor), "full-speed-link"));
  g_assert_true (flash_findings_has (flash_doctor_get_findings (doctor), "virtual-machine"));
  g_assert_finalize_object (doctor);
  flash_test_remove_dir (root);
}

static void
check_access (FlashAccess access, const char *holder, const char *code)
{
  g_autofree char *root = flash_doctor_bench_make_root ();
  g_autoptr (FlashStillProvider) provider = flash_still_provider_new ();
  g_autoptr (FlashBoard) board = make_board (FLASH_SPEED_HIGH, access);
  FlashDoctor *doctor = flash_doctor_new (root, FLASH_PROVIDER (provider), board);
  const FlashFindings *findings;

  add_device (root);
  if (holder != NULL)
    add_holder (root, holder);
  flash_still_provider_set_board (provider, board);
  look (doctor);
  findings = flash_doctor_get_findings (doctor);
  g_assert_nonnull (findings->cause);
  g_assert_cmpstr (findings->cause->code, ==, code);
  g_assert_cmpint (findings->certainty, ==, FLASH_CERTAINTY_PROVED);
  if (holder != NULL)
    g_assert_cmpstr (flash_doctor_get_symptoms (doctor)->holder, ==, holder);
  if (access == FLASH_ACCESS_NO_PERMISSION)
    g_assert_cmpstr (flash_doctor_get_symptoms (doctor)->access_detail, ==, "no right");
  g_assert_finalize_object (doctor);
  flash_test_remove_dir (root);
}

static void
test_access (void)
{
  check_access (FLASH_ACCESS_NO_PERMISSION, NULL, "no-udev-rule");
  check_access (FLASH_ACCESS_BUSY, "fwupd", "busy-in-other-program");
  check_access (FLASH_ACCESS_BUSY, "VirtualBoxVM", "held-by-vm-program");
}

/* A doctor that is let go while it looks does not wait for that, however long it takes; and nothing
 * is left behind in the end. */
static void
test_gone_while_looking (void)
{
  g_autofree char *root = flash_doctor_bench_make_root ();
  FlashStillProvider *provider = flash_still_provider_new (), *watched = provider;
  g_autoptr (FlashBoard) board = make_board (FLASH_SPEED_HIGH, FLASH_ACCESS_OK);
  FlashDoctor *doctor = flash_doctor_new (root, FLASH_PROVIDER (provider), board);

  g_object_add_weak_pointer (G_OBJECT (provider), (gpointer *) &watched);
  flash_still_provider_hold (provider, TRUE);
  flash_doctor_look (doctor);
  flash_doctor_look (doctor);
  g_assert_finalize_object (doctor);
  flash_still_provider_hold (provider, FALSE);
  g_object_unref (provider);
  while (watched != NULL)
    g_main_context_iteration (NULL, TRUE);
  flash_test_remove_dir (root);
}

static void
test_problems (void)
{
  g_autoptr (FlashStillProvider) provider = flash_still_provider_new ();
  g_autoptr (FlashBoard) board = make_board (FLASH_SPEED_HIGH, FLASH_ACCESS_OK);
  g_autoptr (FlashDoctor) doctor = flash_doctor_new (NULL, FLASH_PROVIDER (provider), board);
  FlashDiagList *problems = flash_diag_list_new ();

  flash_diag_list_add (problems, FLASH_SEVERITY_WARNING, "fsbl-without-usb", 1, 7, "text", NULL);
  flash_doctor_set_problems (doctor, problems);
  g_assert_cmpint (flash_doctor_get_symptoms (doctor)->lacks_usb_boot, ==, FLASH_TRI_YES);
  g_assert_null (flash_doctor_get_symptoms (doctor)->image_chip);
  flash_diag_list_add (problems, FLASH_SEVERITY_WARNING, "fsbl-wrong-chip", 1, 7, "text", NULL);
  flash_doctor_set_problems (doctor, problems);
  g_assert_cmpstr (flash_doctor_get_findings (doctor)->cause->code, ==, "wrong-chip");
  flash_doctor_set_problems (doctor, NULL);
  g_assert_cmpint (flash_doctor_get_symptoms (doctor)->lacks_usb_boot, ==, FLASH_TRI_UNKNOWN);
  flash_diag_list_unref (problems);
}

static void
test_cost (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench = NULL;
  g_autoptr (FlashDoctor) doctor = NULL;
  const FlashSymptoms *symptoms;

  flash_test_write_sparse (dir, "first.bin", 53000000);
  bench = flash_mp_bench_new (dir, "stm32mp157", "speed=full");
  doctor = flash_doctor_new (NULL, FLASH_PROVIDER (bench->provider), bench->board);
  flash_doctor_set_plan (doctor, bench->plan);
  symptoms = flash_doctor_get_symptoms (doctor);
  /* A thousand seconds for the large one, at 53 kB/s; 31 at 1.7 MB/s. */
  g_assert_cmpuint (symptoms->seconds_at_speed, >=, 1000);
  g_assert_cmpuint (symptoms->seconds_at_speed, <, 1003);
  g_assert_cmpuint (symptoms->seconds_at_high_speed, ==, 31);
  g_assert_true (symptoms->is_virtual);
  flash_test_remove_dir (dir);
}

/* --- The rule of five seconds --------------------------------------------------------------- */

static void
test_may_tell (void)
{
  const FlashFindings open = { .certainty = FLASH_CERTAINTY_OPEN };
  const FlashFindings likely = { .certainty = FLASH_CERTAINTY_LIKELY };
  const FlashFindings proved = { .certainty = FLASH_CERTAINTY_PROVED };

  g_assert_false (_flash_doctor_may_tell (FLASH_MOMENT_AWAY, 4999, &open));
  g_assert_false (_flash_doctor_may_tell (FLASH_MOMENT_AWAY, 4999, &likely));
  g_assert_true (_flash_doctor_may_tell (FLASH_MOMENT_AWAY, 0, &proved));
  g_assert_true (_flash_doctor_may_tell (FLASH_MOMENT_AWAY, 5000, &open));
  g_assert_true (_flash_doctor_may_tell (FLASH_MOMENT_BEFORE, 0, &open));
  g_assert_true (_flash_doctor_may_tell (FLASH_MOMENT_AFTER, 0, &open));
}

/* --- With the job's own thread -------------------------------------------------------------- */

static void
on_finished (FlashJob *job, gboolean *is_over)
{
  *is_over = TRUE;
}

static void
test_job (void)
{
  g_autofree char *dir = flash_mp_bench_make_small_layout ("stm32mp157");
  g_autoptr (FlashMpBench) bench =
      flash_mp_bench_new (dir, "stm32mp157", "fault=stale-layout@uboot");
  const FlashMpJob spec = { .plan = bench->plan,
                            .provider = FLASH_PROVIDER (bench->provider),
                            .board = bench->board,
                            .clock = bench->clock };
  g_autoptr (FlashJob) job = flash_job_new (&spec);
  FlashDoctor *doctor = flash_doctor_new (NULL, spec.provider, spec.board);
  gboolean is_over = FALSE;

  flash_doctor_follow (doctor, job);
  g_signal_connect (job, "finished", G_CALLBACK (on_finished), &is_over);
  flash_job_start (job);
  while (!is_over || flash_doctor_is_looking (doctor))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (flash_doctor_get_symptoms (doctor)->moment, ==, FLASH_MOMENT_AFTER);
  g_assert_cmpstr (flash_doctor_get_findings (doctor)->cause->code, ==, "stale-layout");
  g_assert_nonnull (strstr (flash_doctor_get_symptoms (doctor)->device_text, "checksum"));
  g_assert_finalize_object (doctor);
  flash_test_remove_dir (dir);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor/before", test_before);
  g_test_add_func ("/doctor/access", test_access);
  g_test_add_func ("/doctor/gone-while-looking", test_gone_while_looking);
  g_test_add_func ("/doctor/problems", test_problems);
  g_test_add_func ("/doctor/cost", test_cost);
  g_test_add_func ("/doctor/may-tell", test_may_tell);
  g_test_add_func ("/doctor/job", test_job);
  return g_test_run ();
}
