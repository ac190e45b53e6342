/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-switch-words"

#include "config.h"

#include "flash-switch-words.h"

#include <glib/gi18n.h>

static const char *
get_lead (FlashSwitchStorage storage)
{
  switch (storage) {
  case FLASH_SWITCH_SERIAL:
    return _ ("Boot switches for serial boot:");
  case FLASH_SWITCH_SD:
    return _ ("Boot switches for the SD card:");
  case FLASH_SWITCH_EMMC:
    return _ ("Boot switches for the eMMC:");
  case FLASH_SWITCH_NOR:
    return _ ("Boot switches for NOR flash:");
  case FLASH_SWITCH_NAND:
    return _ ("Boot switches for NAND flash:");
  }
  return "";
}

char *
flash_switch_words_dup_switches (const FlashSwitchBoard *board, FlashSwitchStorage storage)
{
  GString *text;
  guint pins;

  g_return_val_if_fail (board != NULL, NULL);

  text = g_string_new (get_lead (storage));
  if (!flash_switch_board_get_pins (board, storage, &pins)) {
    g_string_append_printf (text, " %s", _ ("as the manual of the board says"));
    return g_string_free (text, FALSE);
  }
  for (guint i = 0; i < board->n_switches; i++) {
    gboolean is_up = ((pins >> board->bits[i]) & 1) != 0;

    g_string_append (text, i > 0 ? ", " : " ");
    /* TRANSLATORS: the number of a boot switch, as in a list: “BOOT2 at 1 (up)” */
    g_string_append_printf (text, is_up ? _ ("BOOT%u at 1 (up)") : _ ("BOOT%u at 0 (down)"),
                            board->bits[i]);
  }
  return g_string_free (text, FALSE);
}

const char *
flash_switch_words_get_caption (const FlashSwitchBoard *board, FlashSwitchStorage storage)
{
  guint pins;

  g_return_val_if_fail (board != NULL, NULL);

  if (!flash_switch_board_get_pins (board, storage, &pins))
    return _ ("For this board and storage, take the position from the manual of the board.");
  if (!board->is_sure)
    return _ ("Boards differ in how many switches they have and which way is 1. Compare with the "
              "manual of the board.");
  return NULL;
}

const char *
flash_switch_words_get_drawing (const char *drawing)
{
  static const struct {
    const char *drawing;
    const char *text;
  } texts[] = {
    { "boot0-high", N_ ("BOOT0 is connected to 3.3 V (1)") },
    { "boot0-low", N_ ("BOOT0 is connected to ground (0)") },
    { "usb-device-port",
      N_ ("The cable goes into the USB socket of the chip, not into that of the ST-LINK") },
    { "power-cycle", N_ ("All plugs are pulled out; after some seconds they are put back") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_strcmp0 (drawing, texts[i].drawing) == 0)
      return _ (texts[i].text);
  return NULL;
}
