/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The port as somebody else's hands see it: the cable pulled and put back, and what lies ahead. */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-sim-device.h"

typedef struct {
  FlashClock *clock;
  FlashSimDevice *device;
} Port;

static void
port_clear (Port *self)
{
  g_assert_finalize_object (self->device);
  g_assert_finalize_object (self->clock);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Port, port_clear)

static void
port_init (Port *self, const char *id)
{
  g_autoptr (GError) error = NULL;

  self->clock = flash_clock_new_virtual ();
  self->device = flash_sim_device_new (self->clock, id, &error);
  g_assert_no_error (error);
}

static void
wait_ms (Port *self, guint duration_ms)
{
  flash_clock_wait_ms (self->clock, duration_ms, NULL, NULL);
}

static void
assert_stage (Port *self, FlashSimStage stage, guint64 generation)
{
  guint64 found;

  g_assert_cmpint (flash_sim_device_get_stage (self->device, &found), ==, stage);
  g_assert_cmpuint (found, ==, generation);
}

static FlashSimOutcome
get_status (Port *self, guint64 generation)
{
  const FlashSimPacket packet = { 0xa1, FLASH_DFU_REQUEST_GETSTATUS, 0, 0, 6 };
  guint8 answer[6];
  gsize length;
  gint64 ready_us;

  return flash_sim_device_control (self->device, generation, &packet, NULL, answer, &length,
                                   &ready_us);
}

static void
test_pull (void)
{
  g_auto (Port) port = { 0 };

  port_init (&port, "virtual:stm32mp157");
  assert_stage (&port, FLASH_SIM_STAGE_ROM, 1);
  g_assert_cmpint (flash_sim_device_claim (port.device, 1), ==, FLASH_SIM_ACK);
  g_assert_cmpint (flash_sim_device_get_next_change_us (port.device), ==, FLASH_SIM_NEVER);

  /* nothing for a board that is there */
  flash_sim_device_plug (port.device);
  assert_stage (&port, FLASH_SIM_STAGE_ROM, 1);

  flash_sim_device_unplug (port.device);
  assert_stage (&port, FLASH_SIM_STAGE_OFF, 1);
  g_assert_cmpint (get_status (&port, 1), ==, FLASH_SIM_GONE);
  g_assert_cmpint (flash_sim_device_get_next_change_us (port.device), ==, FLASH_SIM_NEVER);
  wait_ms (&port, 3600 * 1000);
  assert_stage (&port, FLASH_SIM_STAGE_OFF, 1);
  flash_sim_device_unplug (port.device);

  flash_sim_device_plug (port.device);
  assert_stage (&port, FLASH_SIM_STAGE_ROM, 2);
  g_assert_cmpint (get_status (&port, 1), ==, FLASH_SIM_GONE);
  g_assert_cmpint (get_status (&port, 2), ==, FLASH_SIM_ACK);
  g_assert_cmpint (flash_sim_device_claim (port.device, 2), ==, FLASH_SIM_ACK);
}

/* Later stages are lost with the power. */
static void
test_pull_uboot (void)
{
  g_auto (Port) port = { 0 };

  port_init (&port, "virtual:stm32mp157,stage=uboot");
  assert_stage (&port, FLASH_SIM_STAGE_UBOOT, 1);
  flash_sim_device_unplug (port.device);
  flash_sim_device_plug (port.device);
  assert_stage (&port, FLASH_SIM_STAGE_ROM, 2);
}

/* A board that restarts says when it returns; pulled meanwhile, it does not return. */
static void
test_restart (void)
{
  g_auto (Port) port = { 0 };
  gint64 return_us;

  port_init (&port, "virtual:stm32mp157");
  flash_sim_device_power_cycle (port.device);
  assert_stage (&port, FLASH_SIM_STAGE_OFF, 1);
  return_us = flash_sim_device_get_next_change_us (port.device);
  g_assert_cmpint (return_us, ==, flash_clock_get_time_us (port.clock) + 300000);
  /* its power is on already */
  flash_sim_device_plug (port.device);
  assert_stage (&port, FLASH_SIM_STAGE_OFF, 1);
  wait_ms (&port, 299);
  assert_stage (&port, FLASH_SIM_STAGE_OFF, 1);
  wait_ms (&port, 1);
  assert_stage (&port, FLASH_SIM_STAGE_ROM, 2);
  g_assert_cmpint (flash_sim_device_get_next_change_us (port.device), ==, FLASH_SIM_NEVER);

  flash_sim_device_power_cycle (port.device);
  flash_sim_device_unplug (port.device);
  g_assert_cmpint (flash_sim_device_get_next_change_us (port.device), ==, FLASH_SIM_NEVER);
  wait_ms (&port, 10000);
  assert_stage (&port, FLASH_SIM_STAGE_OFF, 2);
}

/* A board that a fault has thrown off its port is there again when it is put back. */
static void
test_fault (void)
{
  g_auto (Port) port = { 0 };

  port_init (&port, "virtual:stm32mp157,fault=unplug@1");
  g_assert_cmpint (get_status (&port, 1), ==, FLASH_SIM_GONE);
  assert_stage (&port, FLASH_SIM_STAGE_OFF, 1);
  flash_sim_device_plug (port.device);
  assert_stage (&port, FLASH_SIM_STAGE_ROM, 2);
  g_assert_cmpint (get_status (&port, 2), ==, FLASH_SIM_ACK);
}

/* Strings that come late are a change that nobody asks for. */
static void
test_late_strings (void)
{
  g_auto (Port) port = { 0 };
  gint64 change_us;

  port_init (&port, "virtual:stm32mp157,fault=strings-unknown@rom");
  change_us = flash_sim_device_get_next_change_us (port.device);
  g_assert_cmpint (change_us, ==, flash_clock_get_time_us (port.clock) + 400000);
  wait_ms (&port, 400);
  g_assert_cmpint (flash_sim_device_get_next_change_us (port.device), ==, FLASH_SIM_NEVER);
}

/* A block, and GETSTATUS so many times, for which the host takes its time. */
static void
send_block (Port *self, guint16 block, const guint8 *bytes, guint16 length, guint n_status)
{
  const FlashSimPacket packet = { 0x21, FLASH_DFU_REQUEST_DNLOAD, block, 0, length };
  gsize n;
  gint64 ready_us;

  g_assert_cmpint (flash_sim_device_control (self->device, 1, &packet, bytes, NULL, &n, &ready_us),
                   ==, FLASH_SIM_ACK);
  for (guint i = 0; i < n_status; i++) {
    wait_ms (self, 10);
    g_assert_cmpint (get_status (self, 1), ==, FLASH_SIM_ACK);
  }
}

/* ROM to TF-A on the bus (stm32mp-usb.md section 1.2): the same enumeration, silent for a while. */
static void
test_silence (void)
{
  g_auto (Port) port = { 0 };
  g_autoptr (GByteArray) fsbl = bench_make_stm32 (0x00010000, 2000, 1);
  const FlashSimPacket select = { 0x01, 0x0b, 1, 0, 0 };
  gint64 change_us, ready_us;
  gsize n;
  guint16 block = 0;

  port_init (&port, "virtual:stm32mp157");
  g_assert_cmpint (flash_sim_device_control (port.device, 1, &select, NULL, NULL, &n, &ready_us),
                   ==, FLASH_SIM_ACK);
  for (guint at = 0; at < fsbl->len; at += 1024)
    send_block (&port, block++, fsbl->data + at, (guint16) MIN (1024, fsbl->len - at), 2);
  send_block (&port, block, NULL, 0, 1);
  assert_stage (&port, FLASH_SIM_STAGE_TFA, 1);
  change_us = flash_sim_device_get_next_change_us (port.device);
  g_assert_cmpint (change_us, >, flash_clock_get_time_us (port.clock));
  g_assert_cmpint (get_status (&port, 1), ==, FLASH_SIM_BUSY);
  flash_clock_wait_us (port.clock, change_us - flash_clock_get_time_us (port.clock), NULL, NULL);
  g_assert_cmpint (get_status (&port, 1), ==, FLASH_SIM_ACK);
  g_assert_cmpint (flash_sim_device_get_next_change_us (port.device), ==, FLASH_SIM_NEVER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sim/port/pull", test_pull);
  g_test_add_func ("/sim/port/pull-uboot", test_pull_uboot);
  g_test_add_func ("/sim/port/restart", test_restart);
  g_test_add_func ("/sim/port/fault", test_fault);
  g_test_add_func ("/sim/port/late-strings", test_late_strings);
  g_test_add_func ("/sim/port/silence", test_silence);
  return g_test_run ();
}
