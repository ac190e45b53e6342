/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of drives: who is in it, that it follows, and that UDisks may come and go. */
#define G_LOG_DOMAIN "test-drive-list"

#include "config.h"

#include "flash-drive-bench.h"
#include "flash-test-bus.h"

#include <string.h>

typedef struct {
  FlashMockUdisks *mock;
  FlashDriveList *list;
  guint n_items; /* as the signals tell */
  guint n_changes;
  guint n_signals;
} Fixture;

static void
on_items_changed (GListModel *list, guint position, guint n_removed, guint n_added,
                  Fixture *fixture)
{
  g_assert_cmpuint (position + n_removed, <=, fixture->n_items);
  fixture->n_items = fixture->n_items - n_removed + n_added;
  g_assert_cmpuint (fixture->n_items, ==, g_list_model_get_n_items (list));
  fixture->n_changes++;
}

static void
on_changed (FlashDriveList *list, Fixture *fixture)
{
  fixture->n_signals++;
}

static void
watch (Fixture *fixture, GDBusConnection *connection)
{
  fixture->list = flash_drive_list_new (connection);
  g_signal_connect (fixture->list, "items-changed", G_CALLBACK (on_items_changed), fixture);
  g_signal_connect (fixture->list, "changed", G_CALLBACK (on_changed), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->mock = flash_mock_udisks_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->list != NULL)
    g_assert_finalize_object (g_steal_pointer (&fixture->list));
  flash_mock_udisks_free (fixture->mock);
}

/* Returns: (transfer full): device nodes in the order of the list. */
static char *
list_devices (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (fixture->list)) == FLASH_TYPE_DRIVE);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (fixture->list), fixture->n_items));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (fixture->list)); i++) {
    g_autoptr (FlashDrive) drive = g_list_model_get_item (G_LIST_MODEL (fixture->list), i);

    g_string_append_printf (text, "%s ", flash_drive_get_device (drive));
  }
  return g_string_free (text, FALSE);
}

static void
wait_for (Fixture *fixture, const char *devices)
{
  for (;;) {
    g_autofree char *found = list_devices (fixture);

    if (g_str_equal (found, devices) &&
        flash_drive_list_get_state (fixture->list) == FLASH_DRIVE_LIST_READY)
      return;
    g_main_context_iteration (NULL, TRUE);
  }
}

static void
wait_for_state (Fixture *fixture, FlashDriveListState state)
{
  while (flash_drive_list_get_state (fixture->list) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_follows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashDrive) found = NULL;

  flash_mock_udisks_add_stick (fixture->mock, "sdc", 4096);
  flash_mock_udisks_start (fixture->mock);
  watch (fixture, flash_mock_udisks_get_client (fixture->mock));
  g_assert_cmpint (flash_drive_list_get_state (fixture->list), ==, FLASH_DRIVE_LIST_STARTING);
  g_assert_null (flash_drive_list_get_error (fixture->list));
  wait_for (fixture, "/dev/sdc ");

  flash_mock_udisks_add_stick (fixture->mock, "sdd", 4096);
  flash_mock_udisks_add_stick (fixture->mock, "sda", 4096);
  wait_for (fixture, "/dev/sda /dev/sdc /dev/sdd ");
  found = flash_drive_list_find (fixture->list, "/org/freedesktop/UDisks2/block_devices/sdd");
  g_assert_nonnull (found);
  g_assert_cmpstr (flash_drive_get_device (found), ==, "/dev/sdd");
  g_assert_null (flash_drive_list_find (fixture->list, "sdd"));

  flash_mock_udisks_remove (fixture->mock, "block_devices/sda");
  wait_for (fixture, "/dev/sdc /dev/sdd ");
  g_assert_cmpuint (flash_drive_list_get_n_refused (fixture->list), ==, 1);
  flash_mock_udisks_remove (fixture->mock, "drives/sda");
  flash_mock_udisks_remove (fixture->mock, "block_devices/sdd");
  flash_mock_udisks_remove (fixture->mock, "drives/sdd");
  wait_for (fixture, "/dev/sdc ");
  while (flash_drive_list_get_n_refused (fixture->list) != 0)
    g_main_context_iteration (NULL, TRUE);
}

/* What changes is another object; what does not stays. */
static void
test_replaced (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FlashDrive) first = NULL;
  g_autoptr (FlashDrive) second = NULL;
  g_autoptr (FlashDrive) kept = NULL;
  g_autoptr (FlashDrive) replaced = NULL;

  flash_mock_udisks_add_stick (fixture->mock, "sdb", 4096);
  flash_mock_udisks_add_stick (fixture->mock, "sdc", 4096);
  flash_mock_udisks_start (fixture->mock);
  watch (fixture, flash_mock_udisks_get_client (fixture->mock));
  wait_for (fixture, "/dev/sdb /dev/sdc ");
  first = g_list_model_get_item (G_LIST_MODEL (fixture->list), 0);
  second = g_list_model_get_item (G_LIST_MODEL (fixture->list), 1);
  g_assert_false (flash_drive_is_mounted (second));
  g_assert_false (flash_drive_has_data (second));

  flash_mock_udisks_add_volume (fixture->mock, "sdc", 1, "/media/me/x");
  do {
    g_main_context_iteration (NULL, TRUE);
    g_clear_object (&replaced);
    replaced = g_list_model_get_item (G_LIST_MODEL (fixture->list), 1);
  } while (replaced == second);
  kept = g_list_model_get_item (G_LIST_MODEL (fixture->list), 0);
  g_assert_true (kept == first);
  g_assert_true (flash_drive_is_mounted (replaced));
  g_assert_true (flash_drive_has_data (replaced));
  g_assert_cmpstr (flash_drive_get_id (replaced), ==, flash_drive_get_id (second));
  g_assert_false (flash_drive_is_equal (replaced, second));
  g_assert_true (flash_drive_is_equal (replaced, replaced));
}

/* System disks are never listed, however they come to be one. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  flash_mock_udisks_add_stick (fixture->mock, "sdb", 4096);
  flash_mock_udisks_add (fixture->mock, "drives/nvme",
                         "{'Drive': {'Vendor': <'Maker'>, 'Model': <'SSD'>, 'ConnectionBus': <''>,"
                         " 'MediaAvailable': <true>}}");
  flash_mock_udisks_add (fixture->mock, "block_devices/nvme0n1",
                         "{'Block': {'Device': <b'/dev/nvme0n1'>, 'Size': <uint64 512110190592>,"
                         " 'HintSystem': <true>,"
                         " 'Drive': <objectpath '/org/freedesktop/UDisks2/drives/nvme'>}}");
  flash_mock_udisks_start (fixture->mock);
  watch (fixture, flash_mock_udisks_get_client (fixture->mock));
  wait_for (fixture, "/dev/sdb ");
  g_assert_cmpuint (flash_drive_list_get_n_refused (fixture->list), ==, 1);

  flash_mock_udisks_add_volume (fixture->mock, "sdb", 1, "/");
  wait_for (fixture, "");
  g_assert_cmpuint (flash_drive_list_get_n_refused (fixture->list), ==, 2);
  flash_mock_udisks_set (fixture->mock, "block_devices/sdb1", "Filesystem", "MountPoints",
                         "[b'/media/me/x']");
  wait_for (fixture, "/dev/sdb ");
}

static void
test_service (Fixture *fixture, gconstpointer data)
{
  flash_mock_udisks_add_stick (fixture->mock, "sdb", 4096);
  watch (fixture, flash_mock_udisks_get_client (fixture->mock));
  wait_for_state (fixture, FLASH_DRIVE_LIST_NO_SERVICE);
  g_assert_error (flash_drive_list_get_error (fixture->list), FLASH_DRIVE_ERROR,
                  FLASH_DRIVE_ERROR_NO_SERVICE);

  flash_mock_udisks_start (fixture->mock);
  wait_for (fixture, "/dev/sdb ");
  g_assert_null (flash_drive_list_get_error (fixture->list));
  g_assert_cmpuint (fixture->n_signals, ==, 2);

  flash_mock_udisks_stop (fixture->mock);
  wait_for_state (fixture, FLASH_DRIVE_LIST_NO_SERVICE);
  g_assert_cmpuint (fixture->n_items, ==, 0);
  flash_mock_udisks_start (fixture->mock);
  wait_for (fixture, "/dev/sdb ");
}

static void
test_refusal (Fixture *fixture, gconstpointer data)
{
  flash_mock_udisks_add_stick (fixture->mock, "sdb", 4096);
  flash_mock_udisks_refuse (fixture->mock, "GetManagedObjects",
                            "org.freedesktop.DBus.Error.AccessDenied", "not in this sandbox");
  flash_mock_udisks_start (fixture->mock);
  watch (fixture, flash_mock_udisks_get_client (fixture->mock));
  wait_for_state (fixture, FLASH_DRIVE_LIST_NO_SERVICE);
  g_assert_error (flash_drive_list_get_error (fixture->list), FLASH_DRIVE_ERROR,
                  FLASH_DRIVE_ERROR_NO_PERMISSION);
  g_assert_nonnull (
      strstr (flash_drive_list_get_error (fixture->list)->message, "not in this sandbox"));

  flash_mock_udisks_refuse (fixture->mock, "GetManagedObjects", NULL, NULL);
  flash_mock_udisks_add_stick (fixture->mock, "sdc", 4096);
  wait_for (fixture, "/dev/sdb /dev/sdc ");
}

/* While an answer is under way, and before the name is known. */
static void
test_dropped_early (Fixture *fixture, gconstpointer data)
{
  flash_mock_udisks_refuse (fixture->mock, "GetManagedObjects", "", "");
  flash_mock_udisks_start (fixture->mock);
  watch (fixture, flash_mock_udisks_get_client (fixture->mock));
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  watch (fixture, flash_mock_udisks_get_client (fixture->mock));
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_no_bus (Fixture *fixture, gconstpointer data)
{
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  watch (fixture, NULL);
  wait_for_state (fixture, FLASH_DRIVE_LIST_NO_SERVICE);
  g_assert_error (flash_drive_list_get_error (fixture->list), FLASH_DRIVE_ERROR,
                  FLASH_DRIVE_ERROR_NO_SERVICE);
}

/* Nobody set up the connection of a list that did not wait for it; the end of the bus would end the
 * program. */
static void
spare_program (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) connection = g_bus_get_sync (G_BUS_TYPE_SYSTEM, NULL, &error);

  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  g_assert_true (g_dbus_connection_close_sync (connection, NULL, NULL));
}

static void
test_system_bus (Fixture *fixture, gconstpointer data)
{
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", flash_test_bus_get_address (), TRUE);
  flash_mock_udisks_add_stick (fixture->mock, "sdb", 4096);
  flash_mock_udisks_start (fixture->mock);
  watch (fixture, NULL);
  wait_for (fixture, "/dev/sdb ");
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  /* Before the bus is there. */
  watch (fixture, NULL);
  g_assert_finalize_object (g_steal_pointer (&fixture->list));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  spare_program ();
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/drive-list/follows", test_follows }, { "/drive-list/replaced", test_replaced },
    { "/drive-list/refused", test_refused }, { "/drive-list/service", test_service },
    { "/drive-list/refusal", test_refusal }, { "/drive-list/dropped-early", test_dropped_early },
    { "/drive-list/no-bus", test_no_bus },   { "/drive-list/system-bus", test_system_bus },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return flash_test_bus_run_tests ();
}
