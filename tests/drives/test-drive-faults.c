/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stick is overwritten, and something fails, is cancelled or leaves on the way: what is said of
 * the card then. */
#define G_LOG_DOMAIN "test-drive-faults"

#include "config.h"

#include "flash-drive-bench.h"
#include "flash-test-bus.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define MIB (1024 * 1024)

typedef FlashDriveBench Bench;

static guint64
sum_up (const GArray *ranges)
{
  guint64 sum = 0;

  for (guint i = 0; i < ranges->len; i++)
    sum += g_array_index (ranges, FlashRange, i).size;
  return sum;
}

/* --- reading back ------------------------------------------------------------------------- */

/* The card took everything and kept nothing. */
static void
test_verify_fails (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_make_file (bench->mock, "other", FLASH_BENCH_CARD_SIZE);
  flash_mock_udisks_swap_file (bench->mock, 2, flash_mock_udisks_get_file (bench->mock, "other"));
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_VERIFY, FLASH_DRIVE_STATE_DIFFERENT);
  g_assert_cmpuint (bench->report.first_difference, <, 10);
  g_assert_cmpuint (bench->report.bytes_verified, ==, 0);
  g_assert_nonnull (strstr (flash_mock_udisks_get_calls (bench->mock), "Rescan sdb"));
}

/* Makes a copy of the card with one byte that differs. */
static void
spoil_byte (Bench *bench, const char *copy)
{
  const char *path = flash_mock_udisks_get_file (bench->mock, "sdb");
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &bytes, &size, &error);
  g_assert_no_error (error);
  bytes[4 * MIB + 5] = (char) ~bytes[4 * MIB + 5];
  g_file_set_contents (copy, bytes, (gssize) size, &error);
  g_assert_no_error (error);
}

static void
test_one_byte_differs (Bench *bench, gconstpointer data)
{
  const char *other;

  /* Once to learn what is right. */
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
  flash_mock_udisks_make_file (bench->mock, "other", FLASH_BENCH_CARD_SIZE);
  other = flash_mock_udisks_get_file (bench->mock, "other");
  spoil_byte (bench, other);
  flash_mock_udisks_swap_file (bench->mock, 2, other);
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_VERIFY, FLASH_DRIVE_STATE_DIFFERENT);
  g_assert_cmpuint (bench->report.first_difference, ==, 4 * MIB + 5);
  g_assert_nonnull (strstr (bench->error->message, "byte 4194309 of the card is 0x"));
}

static void
test_read_back_short (Bench *bench, gconstpointer data)
{
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
  flash_mock_udisks_make_file (bench->mock, "other", 0);
  flash_mock_udisks_swap_file (bench->mock, 2, flash_mock_udisks_get_file (bench->mock, "other"));
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_READ, FLASH_DRIVE_STATE_WRITTEN);
}

/* --- cancel ------------------------------------------------------------------------------- */

static void
cancel_behind_2_mib (Bench *bench, guint64 offset, GError **error)
{
  if (offset >= 2 * MIB)
    g_cancellable_cancel (bench->cancellable);
}

static void
test_cancel_writing (Bench *bench, gconstpointer data)
{
  g_autofree char *found = NULL;

  bench->on_read = cancel_behind_2_mib;
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_cancelled (bench, FLASH_DRIVE_STATE_PARTIAL);
  g_assert_cmpuint (bench->report.bytes_written, >, 0);
  g_assert_cmpuint (bench->report.bytes_written, <, sum_up (bench->ranges));
  g_assert_nonnull (strstr (flash_mock_udisks_get_calls (bench->mock), "Rescan sdb"));

  /* No board takes half an image for a whole one. */
  g_assert_true (
      g_file_get_contents (flash_mock_udisks_get_file (bench->mock, "sdb"), &found, NULL, NULL));
  for (guint i = 0; i < MIB; i++)
    if (found[i] != 0)
      g_assert_cmphex (found[i], ==, 0);
}

/* The first byte is read when it is written, and again when it is compared. */
static void
cancel_second_reading (Bench *bench, guint64 offset, GError **error)
{
  if (offset == 0 && ++bench->n_first_reads == 2)
    g_cancellable_cancel (bench->cancellable);
}

static void
test_cancel_verifying (Bench *bench, gconstpointer data)
{
  g_array_set_size (bench->ranges, 1);
  bench->on_read = cancel_second_reading;
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_cancelled (bench, FLASH_DRIVE_STATE_WRITTEN);
  g_assert_cmpuint (bench->report.bytes_written, ==, sum_up (bench->ranges));
}

static void
test_cancel_before (Bench *bench, gconstpointer data)
{
  g_cancellable_cancel (bench->cancellable);
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_cancelled (bench, FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "");
}

static void
cancel_at_call (FlashMockUdisks *mock, const char *method, const char *object, gpointer data)
{
  Bench *bench = data;

  g_cancellable_cancel (bench->cancellable);
}

/* While a dialog asks for the password. */
static void
test_cancel_opening (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_refuse (bench->mock, "OpenDevice", "", "");
  flash_mock_udisks_set_hook (bench->mock, cancel_at_call, bench);
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_cancelled (bench, FLASH_DRIVE_STATE_UNTOUCHED);
}

/* --- the source and the card fail --------------------------------------------------------- */

static void
fail_behind_4_mib (Bench *bench, guint64 offset, GError **error)
{
  if (offset >= 4 * MIB)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "the file is shorter now");
}

static void
test_source_fails (Bench *bench, gconstpointer data)
{
  bench->on_read = fail_behind_4_mib;
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_SOURCE, FLASH_DRIVE_STATE_PARTIAL);
  g_assert_cmpstr (bench->error->message, ==,
                   "cannot read the image at byte 4194304: the file is shorter now");
}

/* Files can be made to refuse writes behind a place. */
static void
set_limit (rlim_t limit)
{
  struct rlimit limits;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limits), ==, 0);
  limits.rlim_cur = limit == RLIM_INFINITY ? limits.rlim_max : limit;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limits), ==, 0);
}

static void
limit_at_start (FlashMockUdisks *mock, const char *method, const char *object, gpointer data)
{
  set_limit (g_str_equal (method, "Rescan") ? RLIM_INFINITY : 4 * MIB);
}

static void
test_card_fails (Bench *bench, gconstpointer data)
{
  /* Without the last MiB, which is cleared first. */
  flash_mock_udisks_set_hook (bench->mock, limit_at_start, NULL);
  flash_drive_bench_write (bench);
  set_limit (RLIM_INFINITY);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_WRITE, FLASH_DRIVE_STATE_PARTIAL);
  g_assert_cmpstr (bench->error->message, ==,
                   "cannot write the card at byte 5249024: File too large");
}

static void
limit_and_take_out (FlashMockUdisks *mock, const char *method, const char *object, gpointer data)
{
  limit_at_start (mock, method, object, data);
  if (g_str_equal (method, "Rescan"))
    flash_mock_udisks_remove (mock, "block_devices/sdb");
}

static void
test_taken_out (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_set_hook (bench->mock, limit_and_take_out, NULL);
  flash_drive_bench_write (bench);
  set_limit (RLIM_INFINITY);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_GONE, FLASH_DRIVE_STATE_PARTIAL);
  g_assert_true (g_str_has_prefix (bench->error->message, "/dev/sdb was taken out: cannot write"));
}

/* --- the service -------------------------------------------------------------------------- */

static void
test_no_service (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_stop (bench->mock);
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_NO_SERVICE,
                                   FLASH_DRIVE_STATE_UNTOUCHED);
}

static gboolean
on_leave (gpointer data)
{
  flash_mock_udisks_stop (data);
  return G_SOURCE_REMOVE;
}

static void
leave_at_call (FlashMockUdisks *mock, const char *method, const char *object, gpointer data)
{
  g_idle_add (on_leave, mock);
}

static void
test_service_leaves_opening (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_refuse (bench->mock, "OpenDevice", "", "");
  flash_mock_udisks_set_hook (bench->mock, leave_at_call, NULL);
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_NO_SERVICE,
                                   FLASH_DRIVE_STATE_UNTOUCHED);
}

static void
leave_when_writing (Bench *bench, const FlashDriveProgress *progress)
{
  if (progress->phase != FLASH_DRIVE_PHASE_PREPARING)
    flash_mock_udisks_stop (bench->mock);
}

/* Once the card is open, UDisks is not needed any more. */
static void
test_service_leaves_writing (Bench *bench, gconstpointer data)
{
  bench->on_progress = leave_when_writing;
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
  g_assert_cmpint (bench->report.state, ==, FLASH_DRIVE_STATE_VERIFIED);
  flash_drive_bench_assert_written (bench);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Bench *bench, gconstpointer data);
  } tests[] = {
    { "/drive-faults/verify-fails", test_verify_fails },
    { "/drive-faults/one-byte-differs", test_one_byte_differs },
    { "/drive-faults/read-back-short", test_read_back_short },
    { "/drive-faults/cancel/writing", test_cancel_writing },
    { "/drive-faults/cancel/verifying", test_cancel_verifying },
    { "/drive-faults/cancel/before", test_cancel_before },
    { "/drive-faults/cancel/opening", test_cancel_opening },
    { "/drive-faults/source-fails", test_source_fails },
    { "/drive-faults/card-fails", test_card_fails },
    { "/drive-faults/taken-out", test_taken_out },
    { "/drive-faults/service/none", test_no_service },
    { "/drive-faults/service/leaves-opening", test_service_leaves_opening },
    { "/drive-faults/service/leaves-writing", test_service_leaves_writing },
  };

  g_test_init (&argc, &argv, NULL);
  /* The limit on files is to be an error and not the end. */
  signal (SIGXFSZ, SIG_IGN);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Bench, NULL, flash_drive_bench_set_up, tests[i].run,
                flash_drive_bench_tear_down);
  return flash_test_bus_run_tests ();
}
