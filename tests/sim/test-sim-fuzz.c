/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any setup packet with any data in any state: the board answers, refuses, keeps silent or leaves,
 * and nothing worse. The seeds are fixed, so that what fails once fails again. */
#include "config.h"

#include "flash-sim-bench.h"

#include "flash-sim-device.h"

#include <string.h>

#define N_REQUESTS 100000
#define MAX_LENGTH 4096u

static const char *const ids[] = {
  "virtual:stm32mp157",
  "virtual:stm32mp157,flow=old",
  "virtual:stm32mp135,closed=yes",
  "virtual:stm32mp257,latency=100",
  "virtual:stm32mp157,stage=uboot,mmc0=1M,mmc1=4M,mmc1boot=64K,nor0=256K,nand0=1M",
  "virtual:stm32mp157,stage=uboot,mtd=256K:256K,fault=replug@3000;corrupt@9;full-storage@4000",
  "virtual:dfu,flash=16K,fault=replug@3000;corrupt@9;write-error@400",
  "virtual:dfu-runtime,flash=16K",
  "virtual:dfu-runtime,detach=reset,flash=16K",
  "virtual:stm32f405,fault=power-cut@500;erase-ignored@50;replug@2000",
  "virtual:stm32f427,busy=polite",
  "virtual:stm32f105,wrp=0-20",
  "virtual:stm32h755,revision=v,rom=v90",
  "virtual:stm32g474,timing=fast,boot0=button",
  "virtual:stm32g0b1,boot0=low",
  "virtual:stm32l072",
  "virtual:stm32l476",
  "virtual:stm32u073",
  "virtual:stm32u575,rdp=1",
  "virtual:cubemx-dfu",
  "virtual:cubemx-dfu,skeleton=no",
};

static const char *const layouts[] = {
  "P\t0x10\ta\tSystem\tmmc0\t0x4400\nP\t0x11\tb\tRawImage\tmmc1\t0x80000\n",
  "P\t4\tf\tBinary\tmmc1\tboot1\nPD\t5\tn\tSystem\tnor0\t0\nP\t6\tfsbl\tBinary(2)\tnand0\t0\n",
  "P\t0x10\tk\tSystem\tram0\t0xC2000000\nPD\t0x11\td\tFileSystem\tram0\t0xFFFFF000\n",
  "nonsense",
};

typedef struct {
  FlashSimDevice *device;
  FlashClock *clock;
  GRand *rand;
  guint64 generation;
  guint16 block;
  guint8 data[MAX_LENGTH];
  guint8 answer[MAX_LENGTH];
} Fuzz;

/* Mostly requests that mean something, so that the walk gets anywhere. */
static FlashSimPacket
make_packet (Fuzz *self)
{
  static const guint8 types[] = { 0x21, 0xa1, 0x21, 0xa1, 0x01, 0x80, 0x00, 0x81 };
  static const guint16 lengths[] = { 0, 1, 5, 6, 9, 256, 512, 1024, 4096, 4096 };
  FlashSimPacket packet = {
    .request_type = types[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (types))],
    .request = (guint8) g_rand_int_range (self->rand, 0, 7),
    .length = lengths[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (lengths))],
  };

  if (g_rand_int_range (self->rand, 0, 20) == 0) {
    packet.request_type = (guint8) g_rand_int (self->rand);
    packet.request = (guint8) g_rand_int (self->rand);
    packet.value = (guint16) g_rand_int (self->rand);
    packet.index = (guint16) g_rand_int_range (self->rand, 0, 3);
    packet.length = (guint16) g_rand_int_range (self->rand, 0, MAX_LENGTH + 1);
  } else if (packet.request_type == 0x01) {
    packet.request = FLASH_USB_SET_INTERFACE;
    packet.value = (guint16) g_rand_int_range (self->rand, 0, 8);
  } else if (packet.request_type == 0x80) {
    packet.request = FLASH_USB_GET_DESCRIPTOR;
    packet.value = (guint16) g_rand_int_range (self->rand, 0x100, 0x800);
  } else if (g_rand_int_range (self->rand, 0, 3) > 0) {
    packet.value = self->block;
  }
  return packet;
}

/* Returns: whether the request was carried out. */
static gboolean
send_packet (Fuzz *self, const FlashSimPacket *packet)
{
  gsize length = 0;
  gint64 ready_us = 0;
  FlashSimOutcome outcome;
  FlashSimState state;

  outcome = flash_sim_device_control (self->device, self->generation, packet, self->data,
                                      self->answer, &length, &ready_us);
  g_assert_cmpint (length, <=, packet->length);
  if (outcome == FLASH_SIM_BUSY)
    flash_clock_wait_us (self->clock,
                         CLAMP (ready_us - flash_clock_get_time_us (self->clock), 1, 60000000),
                         NULL, NULL);
  if (outcome == FLASH_SIM_GONE || (outcome == FLASH_SIM_BUSY && ready_us == FLASH_SIM_NEVER)) {
    flash_clock_wait_ms (self->clock, 3000, NULL, NULL);
    flash_sim_device_look (self->device, &state);
    if (!state.is_attached || state.is_silent) {
      flash_sim_device_set_boot0 (self->device, TRUE);
      flash_sim_device_power_cycle (self->device);
      flash_clock_wait_ms (self->clock, 1000, NULL, NULL);
    }
    self->generation = state.generation + (state.is_attached && !state.is_silent ? 0 : 1);
    flash_sim_state_clear (&state);
  }
  return outcome == FLASH_SIM_ACK;
}

/* What a loader of a microcontroller takes for a command, with an address that may lead anywhere;
 * before it most of what leads back to idle, behind it what starts the work. */
static void
send_command (Fuzz *self)
{
  static const guint8 commands[] = { 0x21, 0x21, 0x21, 0x41, 0x41, 0x92, 0x00, 0x55 };
  static const guint32 addresses[] = {
    0x08000000, 0x08004000, 0x080ffc00, 0x08100000, 0x081ffc00, 0x20004000, 0x1fffc000, 0x1ffff800,
    0x1fff7800, 0x08080000, 0x5200201c, 0x40022040, 0x1ff80000, 0xffffffff, 0x0807fff9, 0x08000004,
  };
  const FlashSimPacket clear = { 0x21, FLASH_DFU_REQUEST_CLRSTATUS, 0, 0, 0 };
  const FlashSimPacket abort = { 0x21, FLASH_DFU_REQUEST_ABORT, 0, 0, 0 };
  const FlashSimPacket status = { 0xa1, FLASH_DFU_REQUEST_GETSTATUS, 0, 0, 6 };
  FlashSimPacket command = { 0x21, FLASH_DFU_REQUEST_DNLOAD, 0, 0, 5 };
  guint32 address = addresses[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (addresses))];

  self->data[0] = commands[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (commands))];
  for (guint i = 0; i < 4; i++)
    self->data[1 + i] = (guint8) (address >> 8 * i);
  if (g_rand_int_range (self->rand, 0, 200) == 0)
    command.length = 1;
  for (guint i = 0; i < 2 && g_rand_int_range (self->rand, 0, 4) > 0; i++)
    if (!send_packet (self, &abort))
      send_packet (self, &clear);
  send_packet (self, &command);
  self->block = (guint16) g_rand_int_range (self->rand, 0, 5);
  for (guint i = 0; i < 2; i++)
    send_packet (self, &status);
}

/* A whole download that is likely to be taken, so that later stages are reached too. */
static void
send_image (Fuzz *self, const guint8 *bytes, gsize length, guint16 alternate)
{
  const FlashSimPacket select = { 0x01, FLASH_USB_SET_INTERFACE, alternate, 0, 0 };
  const FlashSimPacket status = { 0xa1, FLASH_DFU_REQUEST_GETSTATUS, 0, 0, 6 };
  const FlashSimPacket end = { 0x21, FLASH_DFU_REQUEST_DNLOAD, 0, 0, 0 };
  const FlashSimPacket detach = { 0x21, FLASH_DFU_REQUEST_DETACH, 0, 0, 0 };

  send_packet (self, &select);
  for (gsize at = 0; at < length; at += 1024) {
    const FlashSimPacket dnload = { 0x21, FLASH_DFU_REQUEST_DNLOAD, (guint16) (at / 1024), 0,
                                    (guint16) MIN (1024, length - at) };

    memcpy (self->data, bytes + at, dnload.length);
    send_packet (self, &dnload);
    send_packet (self, &status);
    send_packet (self, &status);
  }
  send_packet (self, &end);
  for (guint i = 0; i < 4; i++)
    send_packet (self, &status);
  if (g_rand_boolean (self->rand))
    send_packet (self, &detach);
}

static void
send_any_image (Fuzz *self)
{
  static const guint32 versions[] = { 0x00010000, 0x00020000, 0x00020200 };
  guint what = (guint) g_rand_int_range (self->rand, 0, 3);
  guint which = (guint) g_rand_int_range (self->rand, 0, G_N_ELEMENTS (layouts));
  g_autoptr (GByteArray) image = NULL;

  if (what == 0)
    image = bench_make_stm32 (versions[which % 3], 500, 1);
  else if (what == 1)
    image = bench_make_fip (600);
  else
    image = bench_make_layout (layouts[which]);
  send_image (self, image->data, image->len, (guint16) g_rand_int_range (self->rand, 0, 4));
}

static void
test_walk (gconstpointer id)
{
  Fuzz fuzz = { .clock = flash_clock_new_virtual (), .generation = 1 };
  gboolean is_mcu = strstr (id, "stm32mp") == NULL && strstr (id, "virtual:dfu") == NULL;
  const FlashSimPacket configure = { 0x00, FLASH_USB_SET_CONFIGURATION, 1, 0, 0 };
  g_autofree char *console = NULL;
  guint n_acknowledged = 0;

  fuzz.device = flash_sim_device_new (fuzz.clock, id, NULL);
  fuzz.rand = g_rand_new_with_seed (20240229);
  for (guint i = 0; i < N_REQUESTS; i++) {
    FlashSimPacket packet = make_packet (&fuzz);

    if (i % 500 == 0) {
      send_packet (&fuzz, &configure);
      send_any_image (&fuzz);
    }
    if (i % 7 == 0)
      bench_fill (fuzz.data, sizeof fuzz.data, i);
    if (is_mcu && i % 5 == 0)
      send_command (&fuzz);
    if (send_packet (&fuzz, &packet)) {
      n_acknowledged++;
      fuzz.block++;
    } else {
      fuzz.block = 0;
    }
    if (i % 10000 == 0)
      flash_sim_device_bus_reset (fuzz.device);
  }
  g_assert_cmpint (n_acknowledged, >, N_REQUESTS / 20);
  console = flash_sim_device_dup_console (fuzz.device);
  g_assert_cmpint (strlen (console), <, 200000);

  g_rand_free (fuzz.rand);
  g_assert_finalize_object (fuzz.device);
  g_assert_finalize_object (fuzz.clock);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++) {
    g_autofree char *path = g_strdup_printf ("/sim/fuzz/walk/%u", i);

    g_test_add_data_func (path, ids[i], test_walk);
  }
  return g_test_run ();
}
