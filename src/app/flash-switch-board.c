/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sources: U-Boot, doc/board/st/stm32mp1.rst, "Switch Setting for Boot Mode": the values of BOOT2
 * to BOOT0 on STM32MP1, the switch SW1 with three levers of the evaluation board (MB1263), and the
 * switch SW1 with BOOT0 and BOOT2 alone of DK1 and DK2, where BOOT1 is 0. Zephyr,
 * boards/st/stm32mp257f_ev1/doc: four boot switches. stm32mp-usb.md section 1.2: the same values
 * for STM32MP13, and 0000 for serial boot on STM32MP25; other values of STM32MP25 are not
 * documented there, and neither is how many levers the STM32MP135F-DK has, so both are left to the
 * manual. */
#define G_LOG_DOMAIN "flash-switch-board"

#include "config.h"

#include "flash-switch-board.h"

#include "flash-layout.h"

#include <glib/gi18n.h>

static const FlashSwitchBoard boards[] = {
  { "dk1", "STM32MP157x-DK1", "STM32MP15", 2, { 0, 2 }, TRUE },
  { "dk2", "STM32MP157x-DK2", "STM32MP15", 2, { 0, 2 }, TRUE },
  { "ev1", "STM32MP157x-EV1", "STM32MP15", 3, { 0, 1, 2 }, TRUE },
  { "mp135f-dk", "STM32MP135F-DK", "STM32MP13", 3, { 0, 1, 2 }, FALSE },
  { "mp257f-ev1", "STM32MP257F-EV1", "STM32MP25", 4, { 0, 1, 2, 3 }, TRUE },
  { "mp257f-dk", "STM32MP257F-DK", "STM32MP25", 4, { 0, 1, 2, 3 }, FALSE },
  { "other", N_ ("Another board"), NULL, 3, { 0, 1, 2 }, FALSE },
};

const FlashSwitchBoard *
flash_switch_board_list (guint *out_n)
{
  g_return_val_if_fail (out_n != NULL, NULL);

  *out_n = G_N_ELEMENTS (boards);
  return boards;
}

const FlashSwitchBoard *
flash_switch_board_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (boards); i++)
    if (g_str_equal (boards[i].id, id))
      return &boards[i];
  return NULL;
}

guint
flash_switch_board_guess (const char *chip)
{
  for (guint i = 0; chip != NULL && i < G_N_ELEMENTS (boards); i++)
    /* Of several boards the one that is common: the second of the STM32MP15. */
    if (g_strcmp0 (boards[i].chip, chip) == 0)
      return g_str_equal (boards[i].id, "dk1") ? i + 1 : i;
  return G_N_ELEMENTS (boards) - 1;
}

gboolean
flash_switch_board_get_pins (const FlashSwitchBoard *self, FlashSwitchStorage storage,
                             guint *out_pins)
{
  static const guint mp1_pins[] = {
    [FLASH_SWITCH_SERIAL] = 0, [FLASH_SWITCH_SD] = 5,   [FLASH_SWITCH_EMMC] = 2,
    [FLASH_SWITCH_NOR] = 1,    [FLASH_SWITCH_NAND] = 3,
  };
  guint pins, reachable = 0;

  g_return_val_if_fail (self != NULL && (guint) storage < G_N_ELEMENTS (mp1_pins), FALSE);
  g_return_val_if_fail (out_pins != NULL, FALSE);

  pins = mp1_pins[storage];
  for (guint i = 0; i < self->n_switches; i++)
    reachable |= 1u << self->bits[i];
  if (storage != FLASH_SWITCH_SERIAL &&
      (self->chip == NULL || g_str_equal (self->chip, "STM32MP25")))
    return FALSE;
  if ((pins & ~reachable) != 0)
    return FALSE;
  *out_pins = pins;
  return TRUE;
}

static gboolean
find_storage (FlashLayoutRow *row, FlashSwitchStorage *out_storage)
{
  switch (flash_layout_row_get_ip (row)) {
  case FLASH_LAYOUT_IP_MMC:
    /* stm32mp-usb.md section 3.13: boards of ST have the card at 0 and the eMMC at 1. */
    *out_storage = flash_layout_row_get_ip_number (row) == 0 ? FLASH_SWITCH_SD : FLASH_SWITCH_EMMC;
    return TRUE;
  case FLASH_LAYOUT_IP_NOR:
    *out_storage = FLASH_SWITCH_NOR;
    return TRUE;
  case FLASH_LAYOUT_IP_NAND:
    *out_storage = FLASH_SWITCH_NAND;
    return TRUE;
  case FLASH_LAYOUT_IP_SPI_NAND:
  case FLASH_LAYOUT_IP_NONE:
  case FLASH_LAYOUT_IP_RAM:
    break;
  }
  return FALSE;
}

/* The first row on a storage is the first boot stage. */
FlashSwitchStorage
flash_switch_storage_guess (GBytes *layout)
{
  g_autoptr (FlashDiagList) diags = flash_diag_list_new ();
  g_autoptr (FlashLayout) rows = NULL;
  FlashSwitchStorage storage = FLASH_SWITCH_SD;

  if (layout == NULL)
    return storage;
  rows = flash_layout_new_from_bytes (layout, NULL, diags);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (rows)); i++) {
    g_autoptr (FlashLayoutRow) row = g_list_model_get_item (G_LIST_MODEL (rows), i);

    if (flash_layout_row_is_selected (row) && find_storage (row, &storage))
      break;
  }
  return storage;
}
