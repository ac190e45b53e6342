/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps for STM32MP boards: stm32mp-usb.md sections 1.2 (boot pins), 3.3 (D erases), 3.10 (boot
 * partitions) and 7.3 (failures). */
#define G_LOG_DOMAIN "flash-recovery-mp"

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

/* --- where it can lead ---------------------------------------------------------------------- */

/* Section 7.3, rows 5 and 25. */
static const FlashRecoveryNode first_stage_path[] = {
  { { "first-stage-fails", N_ ("The first boot stage does not run"),
      N_ ("The link works: the ROM of the board answered. The first boot stage was refused, or "
          "ended "
          "on its way: it is for another board or not signed for it, its DDR memory settings or "
          "its power chip do not fit, or it was built without USB. The serial console (115200 "
          "baud) says which. Take the first boot "
          "stage that was built for this very board and for USB, reset the board, and begin "
          "again."),
      NULL, FLASH_RECOVERY_ACT_END_OTHER, FALSE, NULL },
    FLASH_RECOVERY_CHECK_END,
    NO_FORKS },
};

/* Section 7.3, row 11. */
static const FlashRecoveryNode second_stage_path[] = {
  { { "second-stage-fails", N_ ("The second boot stage does not come to USB"),
      N_ ("The first boot stage runs. The next one, U-Boot, was refused or did not appear on USB: "
          "the image (FIP) is for another board, its device tree has no USB device, or a virtual "
          "machine kept the "
          "new device. The serial console (115200 baud) says which. Take the FIP that was built "
          "for this very board, reset the board, and begin again."),
      NULL, FLASH_RECOVERY_ACT_END_OTHER, FALSE, NULL },
    FLASH_RECOVERY_CHECK_END,
    NO_FORKS },
};

/* --- what they have in common --------------------------------------------------------------- */

/* clang-format off */
#define STAGE_FORKS                                                                                \
  { { FLASH_RECOVERY_SIGN_FIRST_STAGE, first_stage_path },                                         \
    { FLASH_RECOVERY_SIGN_SECOND_STAGE, second_stage_path } }

#define SWITCHES_STEP                                                                              \
  { { "switches", N_ ("Set the boot switches to serial boot"),                                     \
      N_ ("All boot switches stand at 0. They are read when the board starts, so nothing happens " \
          "yet."),                                                                                 \
      "switches-serial", FLASH_RECOVERY_ACT_SHOW, TRUE, NULL },                                    \
    FLASH_RECOVERY_CHECK_SAID_OR_ROM, NO_FORKS }

#define ROM_STEP                                                                                   \
  { { "rom", N_ ("Take the power away, and give it again"),                                        \
      N_ ("Unplug the power supply and every USB cable, wait some seconds, and connect them "      \
          "again. The board then shows up here by itself."),                                       \
      "power-cycle", FLASH_RECOVERY_ACT_SHOW, FALSE, NULL },                                       \
    FLASH_RECOVERY_CHECK_ROM, NO_FORKS }

#define LAYOUT_STEP                                                                                \
  { { "layout", N_ ("Choose the layout"),                                                          \
      N_ ("A FlashLayout that was made for this board, with its files beside it."),                \
      NULL, FLASH_RECOVERY_ACT_CHOOSE_FILE, FALSE, NULL },                                         \
    FLASH_RECOVERY_CHECK_LAYOUT, NO_FORKS }

#define MINIMAL_STEP                                                                               \
  { { "minimal", N_ ("Send only the boot stages"),                                                 \
      N_ ("Nothing is written to any storage. If the board takes all of them, then cable, board " \
          "and first boot stage fit together. Whether U-Boot runs shows in the next step."),       \
      NULL, FLASH_RECOVERY_ACT_FLASH_MINIMAL, FALSE, NULL },                                       \
    FLASH_RECOVERY_CHECK_DONE, STAGE_FORKS }

#define FLASH_STEP                                                                                 \
  { { "flash", N_ ("Flash the whole layout"),                                                      \
      N_ ("Everything is written, read back and compared. If the board does not take it up from "  \
          "where it is, reset it and try again."),                                                 \
      NULL, FLASH_RECOVERY_ACT_FLASH, FALSE, NULL },                                               \
    FLASH_RECOVERY_CHECK_VERIFIED, STAGE_FORKS }

#define STORAGE_STEP                                                                               \
  { { "switches-back", N_ ("Set the boot switches back"),                                          \
      N_ ("Set them to the storage that was written. As long as they stand at serial boot, the "   \
          "board waits for USB at every start."),                                                  \
      "switches-storage", FLASH_RECOVERY_ACT_SHOW, TRUE, NULL },                                   \
    FLASH_RECOVERY_CHECK_SAID, NO_FORKS }

#define GOOD_STEP                                                                                  \
  { { "revived", N_ ("The board is flashed and verified"),                                         \
      N_ ("Everything that was written was read back and is right. Reset the board: it starts "    \
          "from its storage now."),                                                                \
      NULL, FLASH_RECOVERY_ACT_END_GOOD, FALSE, NULL },                                            \
    FLASH_RECOVERY_CHECK_END, NO_FORKS }
/* clang-format on */

/* --- the ways ------------------------------------------------------------------------------- */

/* Section 7.3, row 1. */
static const FlashRecoveryNode not_seen_path[] = {
  { { "power", N_ ("Give the board power"),
      N_ ("Connect its own power supply and look whether its power light is on. The USB port of a "
          "computer is often too weak."),
      NULL, FLASH_RECOVERY_ACT_SHOW, TRUE, NULL },
    FLASH_RECOVERY_CHECK_SAID_OR_ROM,
    NO_FORKS },
  { { "socket", N_ ("Connect the USB socket of the chip"),
      N_ ("It is named USB OTG, USB DRP or USB device. The socket of the ST-LINK leads to the "
          "debug "
          "probe only. The cable must carry data: some only charge."),
      "usb-device-port", FLASH_RECOVERY_ACT_SHOW, TRUE, NULL },
    FLASH_RECOVERY_CHECK_SAID_OR_ROM,
    NO_FORKS },
  SWITCHES_STEP,
  ROM_STEP,
  { { "found", N_ ("The board is there"),
      N_ ("Its ROM answers on USB, so chip, power and cable are good. Nothing was written yet: "
          "open "
          "a layout and flash it."),
      NULL, FLASH_RECOVERY_ACT_END_GOOD, FALSE, NULL },
    FLASH_RECOVERY_CHECK_END,
    NO_FORKS },
};

static const FlashRecoveryNode blank_path[] = {
  SWITCHES_STEP, ROM_STEP, LAYOUT_STEP, MINIMAL_STEP, FLASH_STEP, STORAGE_STEP, GOOD_STEP,
};

static const FlashRecoveryNode minimal_path[] = {
  SWITCHES_STEP, ROM_STEP, LAYOUT_STEP, MINIMAL_STEP, FLASH_STEP, STORAGE_STEP, GOOD_STEP,
};

static const FlashRecoveryNode leftovers_path[] = {
  SWITCHES_STEP,
  ROM_STEP,
  LAYOUT_STEP,
  { { "boot-partitions", N_ ("Look at the boot partitions of the eMMC"),
      N_ ("If the old system was on the eMMC, the chip goes on reading its boot partition until "
          "the "
          "layout writes one. For an eMMC the layout should have rows with the offsets boot1 and "
          "boot2. For an SD card this does not matter."),
      NULL, FLASH_RECOVERY_ACT_SHOW, TRUE, NULL },
    FLASH_RECOVERY_CHECK_SAID,
    NO_FORKS },
  { { "wipe", N_ ("Erase the partitions and flash"),
      N_ ("Every partition that the layout creates gets the option D, so that it is erased before. "
          "What lies in front of the first one stays, except for the partition table, which is "
          "made anew. A boot partition of an eMMC is erased only if the layout has a row for it. "
          "The file of the layout stays as it is. What is written is read back and compared."),
      NULL, FLASH_RECOVERY_ACT_FLASH_WIPING, FALSE, NULL },
    FLASH_RECOVERY_CHECK_VERIFIED,
    STAGE_FORKS },
  STORAGE_STEP,
  GOOD_STEP,
};

static const FlashRecoveryWay ways[] = {
  { "stm32mp-not-seen", FLASH_RECOVERY_ROM_STM32MP, not_seen_path },
  { "stm32mp-blank", FLASH_RECOVERY_ROM_STM32MP, blank_path },
  { "stm32mp-minimal", FLASH_RECOVERY_ROM_STM32MP, minimal_path },
  { "stm32mp-leftovers", FLASH_RECOVERY_ROM_STM32MP, leftovers_path },
};

const FlashRecoveryWay *
flash_recovery_list_mp_ways (guint *out_n)
{
  *out_n = G_N_ELEMENTS (ways);
  return ways;
}
