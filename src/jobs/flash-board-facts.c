/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-board-facts"

#include "config.h"

#include "flash-board-facts.h"

#include "flash-stm32mp.h"

void
flash_board_facts_init (FlashBoardFacts *self, FlashBoard *board)
{
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);
  g_auto (FlashStm32mpProduct) product = { 0 };

  *self = (FlashBoardFacts){ 0 };
  if (descriptors == NULL)
    return;
  self->serial = g_strdup (descriptors->serial);
  if (!flash_stm32mp_parse_product (descriptors->product, &product)) {
    self->name = g_strdup (descriptors->product);
    return;
  }
  self->chip = flash_stm32mp_family_get_name (product.family);
  self->device_id = product.device_id;
  self->stage = flash_stm32mp_stage_get_name (product.stage);
  self->name = g_strdup (product.name != NULL ? product.name : self->chip);
}

void
flash_board_facts_clear (FlashBoardFacts *self)
{
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->serial, g_free);
}

const char *
flash_board_facts_get_access_code (FlashAccess access)
{
  switch (access) {
  case FLASH_ACCESS_OK:
    return NULL;
  case FLASH_ACCESS_NO_PERMISSION:
    return "no-permission";
  case FLASH_ACCESS_BUSY:
    return "busy-in-other-program";
  case FLASH_ACCESS_SILENT:
    return "board-silent";
  }
  g_return_val_if_reached (NULL);
}

const char *
flash_board_facts_get_link_code (const FlashBoardFacts *self, FlashBoard *board)
{
  return self->chip != NULL && flash_board_get_speed (board) == FLASH_SPEED_FULL ? "full-speed-link"
                                                                                 : NULL;
}
