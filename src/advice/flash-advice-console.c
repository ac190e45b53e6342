/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What boot stages say on the serial console. */
#define G_LOG_DOMAIN "flash-advice-console"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_console[] = {
  { "console-ddr-failed", FLASH_SEVERITY_ERROR,
    N_ ("The first boot stage could not start the board's memory (DDR)."),
    N_ ("Use boot files that are made for this very board: memory settings differ between "
        "boards.\n"
        "On a board of your own, check the DDR settings of TF-A and the supply of the memory.\n"
        "Reset the board into serial boot and flash again."),
    "console" },
  { "console-image-refused", FLASH_SEVERITY_ERROR,
    N_ ("A boot stage on the board refused the image that it got next."),
    N_ ("Take all boot files from one and the same release.\n"
        "If the chip is closed, use images that are signed with its key.\n"
        "Reset the board into serial boot and flash again."),
    "console" },
  { "console-no-usb-gadget", FLASH_SEVERITY_ERROR,
    N_ ("U-Boot runs on the board, but could not start its USB device."),
    N_ ("Check that the FIP is made for this board: its device tree says which port is the USB "
        "device.\n"
        "Connect the cable to the USB device port; on boards with Type-C also try the plug the "
        "other way round.\n"
        "Reset the board into serial boot and flash again."),
    "console" },
  { "console-panic", FLASH_SEVERITY_ERROR, N_ ("A boot stage on the board stopped with a panic."),
    N_ ("Read the lines before the panic on the serial console: they name the cause.\n"
        "Use boot files that are made for this very board and come from one release.\n"
        "Reset the board into serial boot and flash again."),
    "console" },
  { "console-pmic-failed", FLASH_SEVERITY_ERROR,
    N_ ("A boot stage could not talk to the board's power controller (PMIC)."),
    N_ ("Check that the boot files are made for a board with this power controller.\n"
        "Give the board a supply that is strong enough, and switch it off and on.\n"
        "On a board of your own, check the I2C lines of the controller."),
    "console" },
  { "console-storage-failed", FLASH_SEVERITY_ERROR, N_ ("The board could not use its storage."),
    N_ ("Look whether a card is inserted, and whether the layout names the right storage.\n"
        "Try another card; an eMMC that fails has to be replaced.\n"
        "Reset the board into serial boot and flash again."),
    "storage" },
  { "console-watchdog", FLASH_SEVERITY_ERROR, N_ ("The watchdog of the board has reset it."),
    N_ ("Look at the serial console for what the board did last: it took longer than its "
        "watchdog allows.\n"
        "Use boot files whose watchdog is long enough for erasing and writing, or is off.\n"
        "Reset the board into serial boot and flash again."),
    "console" },
  { "console-wrong-board", FLASH_SEVERITY_ERROR,
    N_ ("The boot files on the board are made for another board."),
    N_ ("Choose the layout and the boot files of exactly this board; their names hold the name "
        "of the board.\n"
        "Reset the board into serial boot and flash again."),
    "console" },
  { "console-wrong-boot-interface", FLASH_SEVERITY_ERROR,
    N_ ("The first boot stage does not know how to go on over USB."),
    N_ ("Use the first stage that is built for USB (STM32MP_USB_PROGRAMMER); its name often "
        "holds “usb” or “programmer”.\n"
        "Check the boot switches, since the stage looks at what the ROM started from.\n"
        "Reset the board into serial boot and flash again."),
    "first-stage" },
  { NULL },
};
