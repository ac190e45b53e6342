/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sim-board"

#include "config.h"

#include "flash-sim-board.h"

#include "flash-sim-transport.h"

struct _FlashSimBoard {
  FlashBoard parent_instance;

  FlashSimDevice *device; /* (owned) */
  FlashClock *clock; /* (owned) */
};

G_DEFINE_FINAL_TYPE (FlashSimBoard, flash_sim_board, FLASH_TYPE_BOARD)

static FlashTransport *
flash_sim_board_open (FlashBoard *board, GError **error)
{
  FlashSimBoard *self = FLASH_SIM_BOARD (board);

  return flash_sim_transport_new (self->device, self->clock, flash_board_get_generation (board),
                                  error);
}

static gboolean
flash_sim_board_power_cycle (FlashBoard *board, GError **error)
{
  flash_sim_device_power_cycle (FLASH_SIM_BOARD (board)->device);
  return TRUE;
}

static void
flash_sim_board_finalize (GObject *object)
{
  FlashSimBoard *self = FLASH_SIM_BOARD (object);

  g_clear_object (&self->device);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (flash_sim_board_parent_class)->finalize (object);
}

static void
flash_sim_board_class_init (FlashSimBoardClass *klass)
{
  FlashBoardClass *board_class = FLASH_BOARD_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = flash_sim_board_finalize;
  board_class->open = flash_sim_board_open;
  board_class->power_cycle = flash_sim_board_power_cycle;
}

static void
flash_sim_board_init (FlashSimBoard *self)
{
}

FlashBoard *
flash_sim_board_new (FlashSimDevice *device, FlashClock *clock, const char *id, const char *port,
                     const FlashSimState *state)
{
  FlashSimBoard *self;

  g_return_val_if_fail (FLASH_IS_SIM_DEVICE (device), NULL);
  g_return_val_if_fail (FLASH_IS_CLOCK (clock), NULL);

  self = g_object_new (FLASH_TYPE_SIM_BOARD, "id", id, "port", port, "generation",
                       state->generation, "speed", (guint) flash_sim_device_get_speed (device),
                       "access", state->is_silent ? FLASH_ACCESS_SILENT : FLASH_ACCESS_OK,
                       "virtual", TRUE, "descriptors", state->descriptors, NULL);
  self->device = g_object_ref (device);
  self->clock = g_object_ref (clock);
  return FLASH_BOARD (self);
}
