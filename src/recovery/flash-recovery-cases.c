/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways in: what people see of a board, and what has probably happened. */
#define G_LOG_DOMAIN "flash-recovery-cases"

#include "config.h"

#include "flash-recovery-private.h"

#include <glib/gi18n.h>

#define MP "stm32mp"
#define MCU "stm32"

/* In the order in which they are offered: what is tried first stands first. */
static const FlashRecoveryCase cases[] = {
  { "stm32mp-not-seen", MP, N_ ("The board does not show up"),
    N_ ("It is not in serial boot, it has no power, or the cable is in another socket."), NULL },
  { "stm32mp-blank", MP, N_ ("The board does not start: its storage is blank or damaged"),
    N_ ("The storage holds nothing that the chip could start, or only a part of it."),
    N_ ("What the layout writes is lost on the board.") },
  { "stm32mp-minimal", MP, N_ ("Flashing stops, and it is not clear where"),
    N_ ("Either the link is bad, or a boot stage does not run on this board. Sending the boot "
        "stages alone narrows it down."),
    N_ ("What the layout writes is lost on the board.") },
  { "stm32mp-leftovers", MP, N_ ("The board was flashed, but starts another system or none"),
    N_ ("Something of another system is left on its storage: a partition table, an environment or "
        "a boot partition of the eMMC."),
    N_ ("Every partition that the layout creates is erased, whatever is on it.") },
  { "h7-power", MCU, N_ ("STM32H7: neither USB nor a debug probe finds it since it was flashed"),
    N_ ("The program chose the wrong power supply of the core (LDO or SMPS), so the core stops at "
        "once. A reset does not undo that choice, only taking the power away does."),
    N_ ("The program on the chip is erased.") },
  { "boot-options", MCU, N_ ("BOOT0 does nothing, or leads into the program"),
    N_ ("Option bytes were changed: boot addresses, nBOOT0, nBOOT1 or nSWBOOT0 lead elsewhere."),
    N_ ("Wrong option bytes can shut the chip for ever.") },
  { "protected", MCU, N_ ("The chip refuses to be read, compared or erased"),
    N_ ("Its read protection is switched on, or this USB port is too fast for its boot loader."),
    N_ ("Removing the protection erases everything on the chip. On STM32L0 and STM32L1 that "
        "includes the EEPROM. Calibration and keys in it are lost.") },
  { "loader-without-flash", MCU, N_ ("Flashing is said to work, but nothing is written"),
    N_ ("The DFU example of CubeMX answers. It takes data without writing them as long as nobody "
        "has filled in its functions for the flash. STM32F105 and STM32F107 boards often have "
        "it."),
    N_ ("The boot loader in the flash is overwritten by the new program.") },
  { "f0-hub", MCU, N_ ("The boot loader appears, but every transfer fails"),
    N_ ("The boot loaders of some chips, STM32F0 among them, do not keep up with fast USB ports. A "
        "USB 2.0 hub slows the port down."),
    N_ ("The program on the chip is replaced.") },
  { "empty-check", MCU, N_ ("STM32G0, C0 or U0: the boot loader came once, and never again"),
    N_ ("These chips leave the factory so that the BOOT0 pin is ignored and only an empty flash "
        "starts the boot loader."),
    N_ ("Wrong option bytes can shut the chip for ever.") },
};

const FlashRecoveryCase *
flash_recovery_case_list (guint *out_n)
{
  g_return_val_if_fail (out_n != NULL, NULL);

  *out_n = G_N_ELEMENTS (cases);
  return cases;
}

const FlashRecoveryCase *
flash_recovery_case_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (g_str_equal (cases[i].id, id))
      return &cases[i];
  return NULL;
}

static const FlashRecoveryWay *
find_in (const FlashRecoveryWay *ways, guint n_ways, const char *id)
{
  for (guint i = 0; i < n_ways; i++)
    if (g_str_equal (ways[i].id, id))
      return &ways[i];
  return NULL;
}

const FlashRecoveryWay *
flash_recovery_way_find (const char *id)
{
  guint n_ways;
  const FlashRecoveryWay *ways = flash_recovery_list_mp_ways (&n_ways);
  const FlashRecoveryWay *way = find_in (ways, n_ways, id);

  if (way != NULL)
    return way;
  ways = flash_recovery_list_mcu_ways (&n_ways);
  return find_in (ways, n_ways, id);
}
