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
