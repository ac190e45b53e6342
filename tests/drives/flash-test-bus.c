/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-test-bus"

#include "config.h"

#include "flash-test-bus.h"

/* GTestDBus changes the environment, which is no good idea once there are threads: so it is
 * started only once. */
static GTestDBus *bus;

const char *
flash_test_bus_get_address (void)
{
  if (bus == NULL) {
    bus = g_test_dbus_new (G_TEST_DBUS_NONE);
    g_test_dbus_up (bus);
  }
  return g_test_dbus_get_bus_address (bus);
}

GDBusConnection *
flash_test_bus_connect (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection =
      g_dbus_connection_new_for_address_sync (flash_test_bus_get_address (),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                                  G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

int
flash_test_bus_run_tests (void)
{
  int answer = g_test_run ();

  if (bus != NULL)
    g_test_dbus_down (bus);
  g_clear_object (&bus);
  return answer;
}
