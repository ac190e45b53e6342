/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stick is released: by what it can, and only if it is still the same. */
#define G_LOG_DOMAIN "test-drive-eject"

#include "config.h"

#include "flash-drive-bench.h"
#include "flash-test-bus.h"

#define ERROR(name) "org.freedesktop.UDisks2.Error." name

typedef FlashDriveBench Bench;

static void
set_drive (Bench *bench, const char *property, const char *value)
{
  flash_mock_udisks_set (bench->mock, "drives/sdb", "Drive", property, value);
}

static void
test_ejected (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, "/run/media/me/root");
  flash_drive_bench_eject (bench);
  g_assert_no_error (bench->error);
  g_assert_true (bench->is_ok);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "Unmount sdb1; Eject sdb; ");
}

static void
test_powered_off (Bench *bench, gconstpointer data)
{
  set_drive (bench, "Ejectable", "false");
  flash_drive_bench_eject (bench);
  g_assert_no_error (bench->error);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "PowerOff sdb; ");
}

static void
test_nothing_to_do (Bench *bench, gconstpointer data)
{
  set_drive (bench, "Ejectable", "false");
  set_drive (bench, "CanPowerOff", "false");
  flash_drive_bench_eject (bench);
  g_assert_no_error (bench->error);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "");
}

/* A volume group that came with the image. */
static void
test_after_image (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_set (bench->mock, "block_devices/sdb", "Block", "IdUsage", "'raid'");
  flash_drive_bench_eject (bench);
  g_assert_no_error (bench->error);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "Eject sdb; ");
}

static void
test_busy (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_refuse (bench->mock, "Eject", ERROR ("DeviceBusy"), "a program reads");
  flash_drive_bench_eject (bench);
  g_assert_error (bench->error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_BUSY);
  g_assert_cmpstr (bench->error->message, ==, "cannot eject /dev/sdb: a program reads");
}

static void
test_unmount_busy (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, "/run/media/me/root");
  flash_mock_udisks_refuse (bench->mock, "Unmount", ERROR ("DeviceBusy"), "target is busy");
  flash_drive_bench_eject (bench);
  g_assert_error (bench->error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_BUSY);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "Unmount sdb1; ");
}

static void
test_other_medium (Bench *bench, gconstpointer data)
{
  set_drive (bench, "TimeMediaDetected", "uint64 77");
  flash_drive_bench_eject (bench);
  g_assert_error (bench->error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_GONE);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "");
}

static void
test_system (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_add_volume (bench->mock, "sdb", 1, "/usr");
  flash_drive_bench_eject (bench);
  g_assert_error (bench->error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_NOT_ALLOWED);
  g_assert_cmpstr (flash_mock_udisks_get_calls (bench->mock), ==, "");
}

static void
test_no_service (Bench *bench, gconstpointer data)
{
  flash_mock_udisks_stop (bench->mock);
  flash_drive_bench_eject (bench);
  g_assert_error (bench->error, FLASH_DRIVE_ERROR, FLASH_DRIVE_ERROR_NO_SERVICE);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Bench *bench, gconstpointer data);
  } tests[] = {
    { "/drive-eject/ejected", test_ejected },
    { "/drive-eject/powered-off", test_powered_off },
    { "/drive-eject/nothing-to-do", test_nothing_to_do },
    { "/drive-eject/after-image", test_after_image },
    { "/drive-eject/busy", test_busy },
    { "/drive-eject/unmount-busy", test_unmount_busy },
    { "/drive-eject/other-medium", test_other_medium },
    { "/drive-eject/system", test_system },
    { "/drive-eject/no-service", test_no_service },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Bench, NULL, flash_drive_bench_set_up, tests[i].run,
                flash_drive_bench_tear_down);
  return flash_test_bus_run_tests ();
}
