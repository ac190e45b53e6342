/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "flash-bytes.h"
#include "flash-fuzz.h"
#include "flash-sim-device.h"

#include <string.h>

#define PACKET_LENGTH 8
#define MAX_LENGTH 4096
#define MAX_WAIT_MS 20000

static const char *const ids[] = {
  "virtual:stm32f405",
  "virtual:stm32f105,wrp=0-3",
  "virtual:stm32h755,revision=v",
  "virtual:stm32g474,fault=power-cut@9",
  "virtual:stm32g0b1,boot0=low",
  "virtual:stm32l072",
  "virtual:stm32l476,busy=polite",
  "virtual:stm32u575,rdp=1",
  "virtual:cubemx-dfu,skeleton=no",
  "virtual:dfu-runtime,detach=reset",
  "virtual:dfu,flash=16K",
};

/* What is left of the input. */
typedef struct {
  const guint8 *at;
  gsize size;
} Rest;

/* Takes so many bytes; zeros where there are no more. */
static void
take (Rest *rest, guint8 *out_bytes, gsize length)
{
  gsize n_there = MIN (length, rest->size);

  memset (out_bytes, 0, length);
  if (n_there > 0)
    memcpy (out_bytes, rest->at, n_there);
  rest->at += n_there;
  rest->size -= n_there;
}

static void
send_request (FlashSimDevice *device, FlashClock *clock, Rest *rest)
{
  guint8 bytes[PACKET_LENGTH], data[MAX_LENGTH], answer[MAX_LENGTH];
  FlashSimPacket packet;
  FlashSimState state;
  gint64 ready_us = 0;
  gsize length = 0;

  take (rest, bytes, sizeof bytes);
  packet =
      (FlashSimPacket){ bytes[0], bytes[1], flash_get_le16 (bytes + 2), flash_get_le16 (bytes + 4),
                        MIN (flash_get_le16 (bytes + 6), MAX_LENGTH) };
  if ((packet.request_type & 0x80) == 0)
    take (rest, data, packet.length);
  flash_sim_device_look (device, &state);
  if (flash_sim_device_control (device, state.generation, &packet, data, answer, &length,
                                &ready_us) == FLASH_SIM_BUSY &&
      ready_us != FLASH_SIM_NEVER)
    flash_clock_wait_us (clock, MAX (ready_us - flash_clock_get_time_us (clock), 1), NULL, NULL);
  g_assert_cmpuint (length, <=, packet.length);
  flash_sim_state_clear (&state);
}

/* The first byte says which board, then each step begins with its kind: a request with its setup
 * packet and data, a wait, or something that happens to the board. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (FlashClock) clock = flash_clock_new_virtual ();
  g_autoptr (FlashSimDevice) device = NULL;
  Rest rest = { data, size };
  guint8 kind, wait[2];

  take (&rest, &kind, 1);
  device = flash_sim_device_new (clock, ids[kind % G_N_ELEMENTS (ids)], NULL);
  while (rest.size > 0) {
    take (&rest, &kind, 1);
    if (kind % 8 == 1) {
      take (&rest, wait, sizeof wait);
      flash_clock_wait_ms (clock, flash_get_le16 (wait) % MAX_WAIT_MS, NULL, NULL);
    } else if (kind % 8 == 2) {
      flash_sim_device_power_cycle (device);
    } else if (kind % 8 == 3) {
      flash_sim_device_bus_reset (device);
    } else if (kind % 8 == 4) {
      flash_sim_device_press_reset (device);
    } else if (kind % 8 == 5) {
      flash_sim_device_set_boot0 (device, (kind & 8) != 0);
    } else if (kind % 8 == 6) {
      flash_sim_device_unplug (device);
      flash_sim_device_plug (device);
    } else {
      send_request (device, clock, &rest);
    }
  }
  return 0;
}
