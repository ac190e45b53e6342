/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Virtual boards keep what every maker of boards promises. */
#define G_LOG_DOMAIN "test-sim-contract"

#include "config.h"

#include "flash-contract.h"
#include "flash-sim-provider.h"

static char *
add (FlashContractWorld *world, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FlashBoard) board = flash_provider_find (world->provider, id, &error);

  g_assert_no_error (error);
  return g_strdup (flash_board_get_port (board));
}

static void
set_plugged (FlashContractWorld *world, const char *port, gboolean is_plugged)
{
  g_autoptr (FlashSimDevice) device =
      flash_sim_provider_dup_device (FLASH_SIM_PROVIDER (world->provider), port);

  if (is_plugged)
    flash_sim_device_plug (device);
  else
    flash_sim_device_unplug (device);
}

static void
restart (FlashContractWorld *world, const char *port)
{
  g_autoptr (FlashSimDevice) device =
      flash_sim_provider_dup_device (FLASH_SIM_PROVIDER (world->provider), port);

  flash_sim_device_power_cycle (device);
}

/* The next one is to find it as it was. */
static void
remove_board (FlashContractWorld *world, const char *port)
{
  set_plugged (world, port, TRUE);
}

int
main (int argc, char **argv)
{
  g_autoptr (FlashClock) clock = flash_clock_new_real ();
  g_autoptr (FlashSimProvider) provider = flash_sim_provider_new (clock);
  FlashContractWorld world = {
    .provider = FLASH_PROVIDER (provider),
    .add = add,
    .set_plugged = set_plugged,
    .restart = restart,
    .remove = remove_board,
  };

  g_test_init (&argc, &argv, NULL);
  flash_contract_add_tests (&world);
  return g_test_run ();
}
