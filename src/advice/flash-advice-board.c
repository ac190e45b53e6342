/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is found when a board is looked for, and how jobs end with it. */
#define G_LOG_DOMAIN "flash-advice-board"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_board[] = {
  { "bad-board-id", FLASH_SEVERITY_ERROR, N_ ("This board id cannot be used."),
    N_ ("Name a board by its port (usb:1-2.3) or by its serial number (serial:TEXT).\n"
        "Name a virtual board by its model (virtual:stm32mp157,storage=FOLDER)."),
    "command-line" },
  { "board-gone", FLASH_SEVERITY_ERROR,
    N_ ("The board left the USB port in the middle of the job."),
    N_ ("Check the cable and the power supply, and connect without a hub if there is one.\n"
        "Reset the board into serial boot, or start a microcontroller with BOOT0 held.\n"
        "Flash again; what was complete is said in the result."),
    "lost-board" },
  { "board-not-found", FLASH_SEVERITY_ERROR, N_ ("There is no such board."),
    N_ ("Set the boot switches to serial boot; on a microcontroller hold BOOT0.\n"
        "Connect the board's USB device port, not its debugger port, with a data cable.\n"
        "Switch the board on, and look whether it is listed."),
    "lost-board" },
  { "board-not-unique", FLASH_SEVERITY_ERROR, N_ ("More than one board has that id."),
    N_ ("Name the board by its port (usb:1-2.3), or disconnect the others."), "command-line" },
  { "board-reported-error", FLASH_SEVERITY_ERROR, N_ ("The board reported an error."),
    N_ ("Read the board's own words: they say what is wrong.\n"
        "Correct it, reset the board into serial boot and flash again."),
    "lost-board" },
  { "board-silent", FLASH_SEVERITY_ERROR, N_ ("The board is on the bus but does not answer."),
    N_ ("Reset the board itself; restarting the computer does not help.\n"
        "If it happens again, look at its serial console: a first boot stage has probably "
        "crashed."),
    "lost-board" },
  { "cancelled", FLASH_SEVERITY_WARNING, N_ ("The job was stopped."),
    N_ ("If something was sent already, reset an STM32MP into serial boot before it is flashed "
        "again.\n"
        "If something was written already, flash a microcontroller again before its program is "
        "started."),
    "lost-board" },
  { "foreign-session", FLASH_SEVERITY_ERROR,
    N_ ("The board is in the middle of a job that was begun elsewhere."),
    N_ ("Reset the board into serial boot, then flash again."), "lost-board" },
  { "no-answer", FLASH_SEVERITY_ERROR, N_ ("The board stopped answering."),
    N_ ("Look at the serial console of an STM32MP: it tells more.\n"
        "Reset the board into its boot loader and flash again."),
    "lost-board" },
  { "not-stm32mp", FLASH_SEVERITY_ERROR,
    N_ ("This device is not an STM32MP board in serial boot, so that it cannot take a layout."),
    N_ ("Check the boot switches of the board.\n"
        "Give a firmware file instead of a layout if it is a microcontroller."),
    "boot-switches" },
  { "session-finished", FLASH_SEVERITY_ERROR, N_ ("The board has already been flashed."),
    N_ ("To start what was written, set the boot switches to the storage and reset the board.\n"
        "To flash it again, reset it into serial boot."),
    "boot-switches" },
  { "storage-unavailable", FLASH_SEVERITY_ERROR,
    N_ ("The memories of the virtual board cannot be opened."),
    N_ ("Name a folder in a place that exists and where you may write.\n"
        "Make sure that no other virtual board is using that folder."),
    "command-line" },
  { "unsupported", FLASH_SEVERITY_ERROR, N_ ("The board's boot loader cannot do that."),
    N_ ("Read the message: it says what is missing.\n"
        "Start the chip's own ROM by BOOT0: it can usually do more than a boot loader in flash."),
    "microcontrollers" },
  { NULL },
};
