/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stick is overwritten: what is on it then, and every way in which it does not come to that. */
#define G_LOG_DOMAIN "test-drive-write"

#include "config.h"

#include "flash-drive-bench.h"
#include "flash-drive-private.h"
#include "flash-test-bus.h"

#include <string.h>

#define ERROR(name) "org.freedesktop.UDisks2.Error." name
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

static void
test_written (Bench *bench, gconstpointer data)
{
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
  g_assert_cmpint (bench->report.state, ==, FLASH_DRIVE_STATE_VERIFIED);
  g_assert_cmpuint (bench->report.bytes_written, ==, sum_up (bench->ranges));
  /* With the zeros at both ends. */
  g_assert_cmpuint (bench->report.bytes_verified, >, 2 * MIB);
  g_assert_cmpuint (bench->report.first_difference, ==, G_MAXUINT64);
  g_assert_cmpint (bench->report.read_back, !=, FLASH_DRIVE_READ_BACK_NONE);
  flash_drive_bench_assert_written (bench);
  g_assert_true (g_str_has_prefix (flash_mock_udisks_get_calls (bench->mock),
                                   "OpenDevice sdb rw excl; OpenDevice sdb r direct; "));
  g_assert_true (g_str_has_suffix (flash_mock_udisks_get_calls (bench->mock), "Rescan sdb; "));
  /* Snapshots may be left out, but the last one is told, and none comes out of order. */
  g_assert_cmpint (bench->phases->str[bench->phases->len - 1], ==,
                   '0' + FLASH_DRIVE_PHASE_VERIFYING);
  g_assert_cmpuint (bench->last_done, ==, bench->last_total);
  g_assert_cmpuint (bench->last_done, ==, bench->report.bytes_verified);
}

/* One range, and an image that fills the card to the last byte. */
static void
test_whole_card (Bench *bench, gconstpointer data)
{
  FlashRange whole = { 0, FLASH_BENCH_CONTENT_SIZE };

  g_array_set_size (bench->ranges, 0);
  g_array_append_val (bench->ranges, whole);
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
  flash_drive_bench_assert_written (bench);
}

/* Nothing but the ends. */
static void
test_no_ranges (Bench *bench, gconstpointer data)
{
  g_array_set_size (bench->ranges, 0);
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
  g_assert_cmpuint (bench->report.bytes_written, ==, 0);
  g_assert_cmpuint (bench->report.bytes_verified, ==, 2 * MIB);
  flash_drive_bench_assert_written (bench);
}

static void
test_nobody_listens (Bench *bench, gconstpointer data)
{
  g_array_set_size (bench->ranges, 1);
  flash_mock_udisks_refuse_direct (bench->mock);
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
  g_assert_cmpint (bench->report.read_back, ==, FLASH_DRIVE_READ_BACK_CACHE_DROPPED);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==,
                   "OpenDevice sdb rw excl; OpenDevice sdb r direct; OpenDevice sdb r; "
                   "Rescan sdb; ");
  flash_drive_bench_assert_written (bench);
}

/* That the kernel was not told of the new partitions does not make the card wrong. */
static void
test_rescan_fails (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_refuse (bench->mock, "Rescan", ERROR ("Failed"), "no");
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
  g_assert_cmpint (bench->report.state, ==, FLASH_DRIVE_STATE_VERIFIED);
}

/* --- unmounting --------------------------------------------------------------------------- */

static void
mount (Bench *bench)
{
  flash_mock_udisks_add_volume (bench->mock, "sdb", 2, NULL);
  flash_mock_udisks_add_volume (bench->mock, "sdb", 3, "/media/me/root");
  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, "/media/me/boot', b'/mnt/boot");
}

static void
test_unmounted (Bench *bench, gconstpointer data)
{
  mount (bench);
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
  g_assert_true (g_str_has_prefix (flash_mock_udisks_get_calls (bench->mock),
                                   "Unmount sdb1; Unmount sdb1; Unmount sdb3; OpenDevice sdb"));
  flash_drive_bench_assert_written (bench);
}

static void
test_unmounted_by_others (Bench *bench, gconstpointer data)
{
  mount (bench);
  flash_mock_udisks_refuse (bench->mock, "Unmount", ERROR ("NotMounted"), "not mounted");
  flash_drive_bench_write (bench);
  g_assert_no_error (bench->error);
}

static void
test_unmount_busy (Bench *bench, gconstpointer data)
{
  mount (bench);
  flash_mock_udisks_refuse (bench->mock, "Unmount", ERROR ("DeviceBusy"), "target is busy");
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_BUSY, FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_cmpstr (bench->error->message, ==,
                   "/dev/sdb1 is in use at /media/me/boot: cannot unmount /dev/sdb1: target is "
                   "busy");
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "Unmount sdb1; ");
  flash_drive_bench_assert_untouched (bench);
}

/* --- refusals ----------------------------------------------------------------------------- */

static const struct {
  const char *name;
  const char *method;
  const char *error_name;
  const char *message;
  int code; /* -1: cancelled */
} refusals[] = {
  { "unmount-not-authorized", "Unmount", ERROR ("NotAuthorized"), "no",
    FLASH_DRIVE_ERROR_NO_PERMISSION },
  { "unmount-dismissed", "Unmount", ERROR ("NotAuthorizedDismissed"), "dismissed", -1 },
  { "unmount-failed", "Unmount", ERROR ("Failed"), "odd", FLASH_DRIVE_ERROR_FAILED },
  { "open-not-authorized", "OpenDevice", ERROR ("NotAuthorized"), "no",
    FLASH_DRIVE_ERROR_NO_PERMISSION },
  { "open-dismissed", "OpenDevice", ERROR ("NotAuthorizedDismissed"), "dismissed", -1 },
  { "open-busy", "OpenDevice", ERROR ("Failed"), "Error opening /dev/sdb: Device or resource busy",
    FLASH_DRIVE_ERROR_BUSY },
  { "open-read-only", "OpenDevice", ERROR ("Failed"),
    "Error opening /dev/sdb: Read-only file system", FLASH_DRIVE_ERROR_READ_ONLY },
  { "open-no-medium", "OpenDevice", ERROR ("Failed"), "Error opening /dev/sdb: No medium found",
    FLASH_DRIVE_ERROR_GONE },
  { "objects-denied", "GetManagedObjects", "org.freedesktop.DBus.Error.AccessDenied", "no",
    FLASH_DRIVE_ERROR_NO_PERMISSION },
};

static void
test_refusal (Bench *bench, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  mount (bench);
  flash_mock_udisks_refuse (bench->mock, refusals[i].method, refusals[i].error_name,
                            refusals[i].message);
  flash_drive_bench_write (bench);
  if (refusals[i].code < 0)
    flash_drive_bench_assert_cancelled (bench, FLASH_DRIVE_STATE_UNTOUCHED);
  else
    flash_drive_bench_assert_failed (bench, (FlashDriveError) refusals[i].code,
                                     FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_nonnull (strstr (bench->error->message, refusals[i].message));
  g_assert_null (strstr (bench->error->message, "GDBus"));
  g_assert_null (strstr (flash_mock_udisks_get_calls (bench->mock), "Rescan"));
  flash_drive_bench_assert_untouched (bench);
}

static void
test_no_descriptor (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_forget_descriptor (bench->mock);
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_FAILED, FLASH_DRIVE_STATE_UNTOUCHED);
}

static void
test_read_only (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_set (bench->mock, "block_devices/sdb", "Block", "ReadOnly", "true");
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_READ_ONLY, FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "");
}

/* --- another drive than a moment ago ------------------------------------------------------ */

static void
test_gone (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_remove (bench->mock, "block_devices/sdb");
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_GONE, FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_cmpstr (bench->error->message, ==, "/dev/sdb is not there any more");
}

static void
test_other_medium (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_set (bench->mock, "drives/sdb", "Drive", "TimeMediaDetected", "uint64 2000");
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_GONE, FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "");
}

static void
test_not_allowed (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, "/home");
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_NOT_ALLOWED,
                                   FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_cmpstr (bench->error->message, ==,
                   "/dev/sdb must not be touched: the system has mounted it");
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "");
}

/* What comes out of OpenDevice is no disk at all. */
static void
test_other_device (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_refuse_direct (bench->mock);
  flash_mock_udisks_swap_file (bench->mock, 1, "/dev/null");
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_GONE, FLASH_DRIVE_STATE_UNTOUCHED);
}

/* A program has no disks that are files. */
static void
test_file_for_disk (Bench *bench, gconstpointer data)
{
  flash_drive_write_set_takes_files (FALSE);
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_GONE, FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_cmpstr (bench->error->message, ==, "/dev/sdb is another device than a moment ago");
  flash_drive_bench_assert_untouched (bench);
}

/* What happens while a dialog asks for the password. */
static const struct {
  const char *name;
  guint n_opens; /* when */
  const char *path;
  const char *interface_name;
  const char *property;
  const char *value;
  FlashDriveError code;
} changes[] = {
  { "other-card", 1, "drives/sdb", "Drive", "TimeMediaDetected", "uint64 2000",
    FLASH_DRIVE_ERROR_GONE },
  { "other-card-later", 2, "drives/sdb", "Drive", "TimeMediaDetected", "uint64 2000",
    FLASH_DRIVE_ERROR_GONE },
  { "read-only", 1, "block_devices/sdb", "Block", "ReadOnly", "true", FLASH_DRIVE_ERROR_READ_ONLY },
  { "other-size", 2, "block_devices/sdb", "Block", "Size", "uint64 8388608",
    FLASH_DRIVE_ERROR_GONE },
  { "of-the-system", 2, "block_devices/sdb", "Block", "IdType", "'zfs_member'",
    FLASH_DRIVE_ERROR_NOT_ALLOWED },
};

static void
change_at_open (FlashMockUdisks *mock, const char *method, const char *object, gpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  const char *calls = flash_mock_udisks_get_calls (mock);
  gboolean is_second = strstr (calls, "OpenDevice sdb rw excl; ") != NULL;

  if (g_str_equal (method, "OpenDevice") && is_second == (changes[i].n_opens == 2))
    flash_mock_udisks_set (mock, changes[i].path, changes[i].interface_name, changes[i].property,
                           changes[i].value);
}

static void
test_changes (Bench *bench, gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  flash_mock_udisks_set_hook (bench->mock, change_at_open, GUINT_TO_POINTER (i));
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, changes[i].code, FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_null (strstr (flash_mock_udisks_get_calls (bench->mock), "Rescan"));
  flash_drive_bench_assert_untouched (bench);
}

static void
take_out_at_open (FlashMockUdisks *mock, const char *method, const char *object, gpointer data)
{
  flash_mock_udisks_refuse (mock, "OpenDevice", "org.freedesktop.DBus.Error.UnknownMethod",
                            "no such object");
}

static void
test_gone_before_open (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_set_hook (bench->mock, take_out_at_open, NULL);
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_GONE, FLASH_DRIVE_STATE_UNTOUCHED);
}

/* --- sizes -------------------------------------------------------------------------------- */

static void
test_too_small (Bench *bench, gconstpointer data)
{
  g_clear_object (&bench->drive);
  flash_mock_udisks_remove (bench->mock, "block_devices/sdb");
  flash_mock_udisks_remove (bench->mock, "drives/sdb");
  flash_drive_bench_wait_list (bench->list, 0);
  flash_mock_udisks_add_stick (bench->mock, "sdb", FLASH_BENCH_CONTENT_SIZE - 1);
  flash_drive_bench_wait_list (bench->list, 1);
  bench->drive = g_list_model_get_item (G_LIST_MODEL (bench->list), 0);
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_TOO_SMALL, FLASH_DRIVE_STATE_UNTOUCHED);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "");
}

/* UDisks said more than the device has. */
static void
test_smaller_than_told (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_make_file (bench->mock, "other", FLASH_BENCH_CONTENT_SIZE - 1);
  flash_mock_udisks_swap_file (bench->mock, 1, flash_mock_udisks_get_file (bench->mock, "other"));
  flash_drive_bench_write (bench);
  flash_drive_bench_assert_failed (bench, FLASH_DRIVE_ERROR_TOO_SMALL, FLASH_DRIVE_STATE_UNTOUCHED);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Bench *bench, gconstpointer data);
  } tests[] = {
    { "/drive-write/written", test_written },
    { "/drive-write/whole-card", test_whole_card },
    { "/drive-write/no-ranges", test_no_ranges },
    { "/drive-write/through-cache", test_nobody_listens },
    { "/drive-write/rescan-fails", test_rescan_fails },
    { "/drive-write/unmounted", test_unmounted },
    { "/drive-write/unmounted-by-others", test_unmounted_by_others },
    { "/drive-write/unmount-busy", test_unmount_busy },
    { "/drive-write/no-descriptor", test_no_descriptor },
    { "/drive-write/read-only", test_read_only },
    { "/drive-write/gone", test_gone },
    { "/drive-write/other-medium", test_other_medium },
    { "/drive-write/not-allowed", test_not_allowed },
    { "/drive-write/other-device", test_other_device },
    { "/drive-write/file-for-disk", test_file_for_disk },
    { "/drive-write/gone-before-open", test_gone_before_open },
    { "/drive-write/too-small", test_too_small },
    { "/drive-write/smaller-than-told", test_smaller_than_told },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Bench, NULL, flash_drive_bench_set_up, tests[i].run,
                flash_drive_bench_tear_down);
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++) {
    g_autofree char *path = g_strdup_printf ("/drive-write/refused/%s", refusals[i].name);

    g_test_add (path, Bench, GUINT_TO_POINTER (i), flash_drive_bench_set_up, test_refusal,
                flash_drive_bench_tear_down);
  }
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autofree char *path = g_strdup_printf ("/drive-write/while-opening/%s", changes[i].name);

    g_test_add (path, Bench, GUINT_TO_POINTER (i), flash_drive_bench_set_up, test_changes,
                flash_drive_bench_tear_down);
  }
  return flash_test_bus_run_tests ();
}
