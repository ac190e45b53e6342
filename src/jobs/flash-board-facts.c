/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-board-facts"

#include "config.h"

#include "flash-board-facts.h"

#include "flash-dfu-quirks.h"
#include "flash-stm32mp.h"

const char *
flash_board_kind_get_name (FlashBoardKind kind)
{
  switch (kind) {
  case FLASH_BOARD_KIND_UNKNOWN:
    return "unknown";
  case FLASH_BOARD_KIND_STM32MP:
    return "stm32mp";
  case FLASH_BOARD_KIND_DFUSE:
    return "dfuse";
  case FLASH_BOARD_KIND_DFU:
    return "dfu";
  case FLASH_BOARD_KIND_RUNTIME:
    return "runtime";
  }
  g_return_val_if_reached (NULL);
}

/* What several chips that fit have in common is said, and no more. A boot loader in flash may have
 * any map, so that its own name says more. */
static void
fill_dfuse (FlashBoardFacts *self, FlashDescriptors *descriptors)
{
  const FlashChip *best;
  const char *family = NULL;

  flash_chip_guess_init (&self->guess, descriptors);
  self->has_guess = TRUE;
  self->stage = "bootloader";
  best = flash_chip_guess_get_best (&self->guess);
  if (best != NULL && self->guess.loader == FLASH_LOADER_ROM) {
    family = flash_chip_guess_get_family (&self->guess);
    self->name = flash_chip_guess_dup_name (&self->guess);
    self->device_id = self->guess.is_sure ? best->device_id : 0;
  }
  if (self->name == NULL)
    self->name = g_strdup (descriptors->product);
  if (family != NULL) {
    g_autofree char *chip = g_strconcat ("STM32", family, NULL);

    self->chip = g_intern_string (chip);
  }
}

static void
fill_other (FlashBoardFacts *self, FlashDescriptors *descriptors)
{
  switch (flash_dfu_quirks_get_dialect (descriptors)) {
  case FLASH_DFU_DIALECT_NONE:
    self->name = g_strdup (descriptors->product);
    return;
  case FLASH_DFU_DIALECT_RUNTIME:
    self->kind = FLASH_BOARD_KIND_RUNTIME;
    self->stage = "runtime";
    self->name = g_strdup (descriptors->product);
    return;
  case FLASH_DFU_DIALECT_PLAIN:
    self->kind = FLASH_BOARD_KIND_DFU;
    self->stage = "bootloader";
    self->name = g_strdup (descriptors->product);
    return;
  case FLASH_DFU_DIALECT_DFUSE:
    self->kind = FLASH_BOARD_KIND_DFUSE;
    fill_dfuse (self, descriptors);
    return;
  }
  g_return_if_reached ();
}

void
flash_board_facts_init (FlashBoardFacts *self, FlashBoard *board)
{
  FlashDescriptors *descriptors = flash_board_get_descriptors (board);
  g_auto (FlashStm32mpProduct) product = { 0 };
  FlashDfuQuirks quirks;

  *self = (FlashBoardFacts){ 0 };
  if (descriptors == NULL)
    return;
  self->serial = g_strdup (descriptors->serial);
  flash_dfu_quirks_find (descriptors, &quirks);
  self->is_serial_shared = (quirks.flags & FLASH_DFU_QUIRK_SERIAL_SHARED) != 0;
  if (!flash_stm32mp_parse_product (descriptors->product, &product)) {
    fill_other (self, descriptors);
    return;
  }
  self->kind = FLASH_BOARD_KIND_STM32MP;
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
  if (self->has_guess)
    flash_chip_guess_clear (&self->guess);
  self->has_guess = FALSE;
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
  return self->kind == FLASH_BOARD_KIND_STM32MP && flash_board_get_speed (board) == FLASH_SPEED_FULL
             ? "full-speed-link"
             : NULL;
}
