/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boards on USB keep what every maker of boards promises: real libusb on a mocked bus. */
#define G_LOG_DOMAIN "test-usb-contract"

#include "config.h"

#include "flash-contract.h"
#include "flash-usb-mock.h"
#include "flash-usb-provider.h"

/* A port of its own for each board: what is left of one cannot help the next. */
static char *
add (FlashContractWorld *world, const char *id)
{
  static guint n_ports;
  char *port = g_strdup_printf ("1-%u", ++n_ports);

  flash_usb_mock_add_board (world->data, port, id);
  return port;
}

static void
set_plugged (FlashContractWorld *world, const char *port, gboolean is_plugged)
{
  if (is_plugged)
    flash_usb_mock_plug (world->data, port);
  else
    flash_usb_mock_unplug (world->data, port);
}

static void
restart (FlashContractWorld *world, const char *port)
{
  flash_sim_device_power_cycle (flash_usb_mock_get_board (world->data, port));
}

static void
remove_board (FlashContractWorld *world, const char *port)
{
  flash_usb_mock_remove (world->data, port);
}

int
main (int argc, char **argv)
{
  g_autoptr (FlashUsbMock) mock = NULL;
  g_autoptr (FlashUsbProvider) provider = NULL;
  g_autoptr (GError) error = NULL;
  FlashContractWorld world = {
    .is_following = TRUE,
    .add = add,
    .set_plugged = set_plugged,
    .restart = restart,
    .remove = remove_board,
  };

  g_test_init (&argc, &argv, NULL);
  mock = flash_usb_mock_new ();
  provider = flash_usb_provider_new (&error);
  g_assert_no_error (error);
  world.provider = FLASH_PROVIDER (provider);
  world.data = mock;
  flash_contract_add_tests (&world);
  return g_test_run ();
}
