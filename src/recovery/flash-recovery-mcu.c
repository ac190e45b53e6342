/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps for microcontrollers: stm32-dfuse.md sections 4.4 to 4.7 (boot pins, limits, the supply
 * of the H7, protection) and 7.1 (failures). */
#define G_LOG_DOMAIN "flash-recovery-mcu"

#include "config.h"

#include "flash-recovery-private.h"

#include <glib/gi18n.h>

#define NO_FORK                                                                                    \
  {                                                                                                \
    FLASH_RECOVERY_SIGN_NONE, NULL                                                                 \
  }
#define NO_FORKS                                                                                   \
  {                                                                                                \
    NO_FORK, NO_FORK                                                                               \
  }

/* --- ends ----------------------------------------------------------------------------------- */

/* Section 4.6, numbers 2 to 4: nothing tells them apart from outside. */
static const FlashRecoveryNode h7_probe_path[] = {
  { { "h7-needs-probe", N_ ("This needs an ST-LINK"),
      N_ ("The ROM does not start although BOOT0 is high and the power was away. Then the option "
          "bytes keep it from starting: the boot address was changed, the Cortex-M7 does not boot "
          "(BCM7 is 0), or protection level 2 has closed the ROM for ever. USB reaches none of "
          "them. Connect an ST-LINK under reset, or to the Cortex-M4 if BCM7 is 0, and correct the "
          "option bytes. Protection level 2 cannot be undone."),
      NULL, FLASH_RECOVERY_ACT_END_PROBE, FALSE, NULL },
    FLASH_RECOVERY_CHECK_END,
    NO_FORKS },
};

static const FlashRecoveryNode options_probe_path[] = {
  { { "options-need-probe", N_ ("This needs an ST-LINK"),
      N_ ("The ROM does not start, so nothing over USB can reach the option bytes that keep it "
          "from "
          "starting. Connect an ST-LINK under reset and set nBOOT0, nBOOT1, nSWBOOT0 or the boot "
          "addresses back to what the factory sets. Protection level 2 cannot be undone."),
      NULL, FLASH_RECOVERY_ACT_END_PROBE, FALSE, NULL },
    FLASH_RECOVERY_CHECK_END,
    NO_FORKS },
};

static const FlashRecoveryNode options_fine_path[] = {
  { { "options-fine", N_ ("The option bytes are right"),
      N_ ("Then they are not the cause: the ROM starts, and it is the program that does not. Flash "
          "a program that is known to work, or erase the flash."),
      NULL, FLASH_RECOVERY_ACT_END_OTHER, FALSE, NULL },
    FLASH_RECOVERY_CHECK_END,
    NO_FORKS },
};

/* Section 4.7. */
static const FlashRecoveryNode stays_closed_path[] = {
  { { "stays-closed", N_ ("This needs an ST-LINK"),
      N_ ("The boot loader took the request, and the chip is protected still. Some chips refuse it "
          "over USB. Connect an ST-LINK and set the protection to level 0. Protection level 2 "
          "cannot be undone."),
      NULL, FLASH_RECOVERY_ACT_END_PROBE, FALSE, NULL },
    FLASH_RECOVERY_CHECK_END,
    NO_FORKS },
};

static const FlashRecoveryNode not_protected_path[] = {
  { { "not-protected", N_ ("The chip is not protected"),
      N_ ("Its option bytes say that it may be read, so this USB port is too fast for its boot "
          "loader. Nothing was erased. Put a USB 2.0 hub between, or take another port, and flash "
          "again."),
      NULL, FLASH_RECOVERY_ACT_END_OTHER, FALSE, NULL },
    FLASH_RECOVERY_CHECK_END,
    NO_FORKS },
};

/* Section 4.5: they want VBUS and one of three crystals, and the first ROM has no USB. */
static const FlashRecoveryNode no_rom_path[] = {
  { { "rom-needs-probe", N_ ("This needs an ST-LINK, or a serial port"),
      N_ ("The ROM does not come to USB. It may have none: the first STM32F105 and STM32F107 do "
          "not, "
          "and others need a crystal of a certain frequency and 5 V at PA9. Use an ST-LINK, or the "
          "serial boot loader of the chip."),
      NULL, FLASH_RECOVERY_ACT_END_PROBE, FALSE, NULL },
    FLASH_RECOVERY_CHECK_END,
    NO_FORKS },
};

/* --- what they have in common --------------------------------------------------------------- */

/* clang-format off */
#define BOOT0_STEP                                                                                 \
  { { "boot0", N_ ("Put BOOT0 high"),                                                              \
      N_ ("Press and hold the BOOT0 button, set the jumper, or connect the BOOT0 pin to 3.3 V. "   \
          "Do that first: the pin is read when the chip starts."),                                 \
      "boot0-high", FLASH_RECOVERY_ACT_SHOW, TRUE, NULL },                                         \
    FLASH_RECOVERY_CHECK_SAID_OR_ROM, NO_FORKS }

#define POWER_STEP(path)                                                                           \
  { { "rom", N_ ("Take the power away, and give it again with BOOT0 high"),                        \
      N_ ("Unplug every cable of the board, wait some seconds, and connect the USB socket of the " \
          "chip. The ROM then shows up here by itself."),                                          \
      "power-cycle", FLASH_RECOVERY_ACT_SHOW, TRUE, N_ ("It does not show up") },                  \
    FLASH_RECOVERY_CHECK_ROM, { { FLASH_RECOVERY_SIGN_CONFIRMED, path }, NO_FORK } }

#define BOOT0_LOW_STEP                                                                             \
  { { "boot0-low", N_ ("Take BOOT0 low again"),                                                    \
      N_ ("Let go of the button, or take the jumper or wire away. With BOOT0 high the chip would " \
          "start its boot loader at every power-on."),                                             \
      "boot0-low", FLASH_RECOVERY_ACT_SHOW, TRUE, NULL },                                          \
    FLASH_RECOVERY_CHECK_SAID, NO_FORKS }

#define FILE_STEP                                                                                  \
  { { "file", N_ ("Choose the firmware"),                                                          \
      N_ ("A program that is known to work on this board."),                                       \
      NULL, FLASH_RECOVERY_ACT_CHOOSE_FILE, FALSE, NULL },                                         \
    FLASH_RECOVERY_CHECK_FIRMWARE, NO_FORKS }

#define FLASHED_STEP                                                                               \
  { { "flashed", N_ ("The firmware is written and verified"),                                      \
      N_ ("Everything that was written was read back and is right. Take the power away and give "  \
          "it again: the program starts."),                                                        \
      NULL, FLASH_RECOVERY_ACT_END_GOOD, FALSE, NULL },                                            \
    FLASH_RECOVERY_CHECK_END, NO_FORKS }

#define OPTIONS_STEP(path)                                                                         \
  { { "options", N_ ("Look at the option bytes, and correct them"),                                \
      N_ ("Look at nBOOT0, nBOOT1, nSWBOOT0, nBOOT_SEL and the boot addresses."),                  \
      NULL, FLASH_RECOVERY_ACT_OPTIONS, TRUE, N_ ("They are right") },                             \
    FLASH_RECOVERY_CHECK_VERIFIED, { { FLASH_RECOVERY_SIGN_CONFIRMED, path }, NO_FORK } }

#define OPTIONS_GOOD_STEP                                                                          \
  { { "options-written", N_ ("The option bytes are corrected"),                                    \
      N_ ("They were read back and are as you set them. Take the power away and give it again."),  \
      NULL, FLASH_RECOVERY_ACT_END_GOOD, FALSE, NULL },                                            \
    FLASH_RECOVERY_CHECK_END, NO_FORKS }

#define SAVE_STEP                                                                                  \
  { { "save", N_ ("Save the option bytes"),                                                        \
      N_ ("They are read and kept in a file, so that they can be compared later. Nothing is "      \
          "changed."),                                                                             \
      NULL, FLASH_RECOVERY_ACT_SAVE_OPTIONS, TRUE, N_ ("Go on without") },                         \
    FLASH_RECOVERY_CHECK_DONE_OR_SAID, NO_FORKS }
/* clang-format on */

/* --- protection ----------------------------------------------------------------------------- */

/* clang-format off */
/* Section 7.2: before a chip is erased for nothing, another port is tried. */
#define PROTECTED_STEPS                                                                            \
  { { "other-port", N_ ("Try another USB port first"),                                             \
      N_ ("A refused read alone proves no protection: fast ports make the same error. Plug the "   \
          "board into another port or behind a USB 2.0 hub, and try to read it there. If it can "  \
          "be read, it is not protected, and you are done here."),                                 \
      NULL, FLASH_RECOVERY_ACT_SHOW, TRUE, N_ ("It is the same there") },                          \
    FLASH_RECOVERY_CHECK_PROTECTED, NO_FORKS },                                                    \
  { { "unprotect", N_ ("Remove the protection"),                                                   \
      N_ ("The chip erases everything on it, starts again, and is read back. Keep it connected."), \
      NULL, FLASH_RECOVERY_ACT_UNPROTECT, FALSE, NULL },                                           \
    FLASH_RECOVERY_CHECK_BLANK,                                                                    \
    { { FLASH_RECOVERY_SIGN_STAYS_CLOSED, stays_closed_path },                                     \
      { FLASH_RECOVERY_SIGN_NOT_PROTECTED, not_protected_path } } },                               \
  BOOT0_LOW_STEP,                                                                                  \
  { { "open", N_ ("The protection is removed, and the chip is blank"),                             \
      N_ ("The flash was read back and is erased. Flash a program now: a blank chip does "         \
          "nothing. On an STM32F7 look at the boot addresses first, since they may have "          \
          "changed."),                                                                             \
      NULL, FLASH_RECOVERY_ACT_END_GOOD, FALSE, NULL },                                            \
    FLASH_RECOVERY_CHECK_END, NO_FORKS }
/* clang-format on */

static const FlashRecoveryNode unprotect_path[] = { PROTECTED_STEPS };

/* clang-format off */
#define ERASE_STEP                                                                                 \
  { { "erase", N_ ("Erase the user flash"),                                                        \
      N_ ("The program on the chip is lost. The whole flash is erased, and read back."),           \
      NULL, FLASH_RECOVERY_ACT_ERASE, FALSE, NULL },                                               \
    FLASH_RECOVERY_CHECK_BLANK, { { FLASH_RECOVERY_SIGN_PROTECTED, unprotect_path }, NO_FORK } }

#define BLANK_STEP                                                                                 \
  { { "blank", N_ ("The flash is erased and verified blank"),                                      \
      N_ ("The chip answers again. Before you flash a new program, compare its supply setting "    \
          "(LDO, SMPS, or SMPS that feeds the LDO) with how this board is wired: both have to be " \
          "the same. The Nucleo and Discovery boards with an STM32H745, H747 or H755 are wired "   \
          "for direct SMPS. This program cannot see that setting in a firmware file."),            \
      NULL, FLASH_RECOVERY_ACT_END_GOOD, FALSE, NULL },                                            \
    FLASH_RECOVERY_CHECK_END, NO_FORKS }

#define FLASH_STEP                                                                                 \
  { { "flash", N_ ("Flash the firmware"),                                                          \
      N_ ("It is written, read back and compared."),                                               \
      NULL, FLASH_RECOVERY_ACT_FLASH, FALSE, NULL },                                               \
    FLASH_RECOVERY_CHECK_VERIFIED, { { FLASH_RECOVERY_SIGN_PROTECTED, unprotect_path }, NO_FORK } }
/* clang-format on */

static const FlashRecoveryNode protected_path[] = {
  BOOT0_STEP,
  POWER_STEP (no_rom_path),
  PROTECTED_STEPS,
};

/* --- the ways ------------------------------------------------------------------------------- */

/* Section 4.6, number 1: several tries are usual. */
static const FlashRecoveryNode h7_again_path[] = {
  { { "again", N_ ("Try once more, longer without power"),
      N_ ("Keep BOOT0 high. Take away every supply: USB, ST-LINK, batteries, and other boards that "
          "feed pins. Wait half a minute, and connect the USB socket of the chip. Several tries "
          "are "
          "usual."),
      "power-cycle", FLASH_RECOVERY_ACT_SHOW, TRUE, N_ ("It does not show up") },
    FLASH_RECOVERY_CHECK_ROM,
    { { FLASH_RECOVERY_SIGN_CONFIRMED, h7_probe_path }, NO_FORK } },
  SAVE_STEP,
  ERASE_STEP,
  BOOT0_LOW_STEP,
  BLANK_STEP,
};

static const FlashRecoveryNode h7_path[] = {
  BOOT0_STEP,
  { { "power-off", N_ ("Take all power away"),
      N_ ("Pull USB, ST-LINK, batteries, and whatever else feeds the board, and wait ten seconds. "
          "The reset button is not enough: the choice of the supply lasts until the power is "
          "gone."),
      "power-cycle", FLASH_RECOVERY_ACT_SHOW, TRUE, NULL },
    FLASH_RECOVERY_CHECK_SAID_OR_ROM,
    NO_FORKS },
  { { "rom", N_ ("Give power again, with BOOT0 still high"),
      N_ ("Connect the USB socket of the chip. The ROM runs before the program can touch the "
          "supply, "
          "and shows up here by itself."),
      "boot0-high", FLASH_RECOVERY_ACT_SHOW, TRUE, N_ ("It does not show up") },
    FLASH_RECOVERY_CHECK_ROM,
    { { FLASH_RECOVERY_SIGN_CONFIRMED, h7_again_path }, NO_FORK } },
  SAVE_STEP,
  ERASE_STEP,
  BOOT0_LOW_STEP,
  BLANK_STEP,
};

static const FlashRecoveryNode options_path[] = {
  BOOT0_STEP,        POWER_STEP (options_probe_path), SAVE_STEP, OPTIONS_STEP (options_fine_path),
  OPTIONS_GOOD_STEP,
};

static const FlashRecoveryNode loader_path[] = {
  BOOT0_STEP, POWER_STEP (no_rom_path), FILE_STEP, FLASH_STEP, BOOT0_LOW_STEP, FLASHED_STEP,
};

/* Journey J12, section 7.1, rows 8 and 32. */
static const FlashRecoveryNode hub_path[] = {
  BOOT0_STEP,
  { { "hub", N_ ("Put a USB 2.0 hub between"),
      N_ ("Plug the hub into the computer and the board into the hub, with BOOT0 high. The board "
          "then shows up here by itself."),
      NULL, FLASH_RECOVERY_ACT_SHOW, TRUE, N_ ("It makes no difference") },
    FLASH_RECOVERY_CHECK_HUB,
    { { FLASH_RECOVERY_SIGN_CONFIRMED, loader_path + 1 }, NO_FORK } },
  FILE_STEP,
  FLASH_STEP,
  BOOT0_LOW_STEP,
  FLASHED_STEP,
};

/* Section 4.4, empty check; section 7.1, row 27. */
static const FlashRecoveryNode empty_path[] = {
  POWER_STEP (options_probe_path),
  SAVE_STEP,
  OPTIONS_STEP (options_fine_path),
  OPTIONS_GOOD_STEP,
};

static const FlashRecoveryWay ways[] = {
  { "h7-power", FLASH_RECOVERY_ROM_H7, h7_path },
  { "boot-options", FLASH_RECOVERY_ROM_STM32, options_path },
  { "protected", FLASH_RECOVERY_ROM_STM32, protected_path },
  { "loader-without-flash", FLASH_RECOVERY_ROM_STM32, loader_path },
  { "f0-hub", FLASH_RECOVERY_ROM_STM32, hub_path },
  { "empty-check", FLASH_RECOVERY_ROM_STM32, empty_path },
};

const FlashRecoveryWay *
flash_recovery_list_mcu_ways (guint *out_n)
{
  *out_n = G_N_ELEMENTS (ways);
  return ways;
}
