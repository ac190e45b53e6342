/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Microcontrollers: boot loader, options, protection. */
#define G_LOG_DOMAIN "flash-advice-mcu"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_mcu[] = {
  { "bad-option-byte", FLASH_SEVERITY_ERROR, N_ ("That option byte cannot be changed so."),
    N_ ("Read the message: it names the field and what is wrong.\n"
        "Run the command without --set to see the fields, and which of them can be changed."),
    "protection" },
  { "cannot-read", FLASH_SEVERITY_ERROR, N_ ("The boot loader does not let its memory be read."),
    N_ ("Start the ROM by BOOT0 instead of this boot loader: it can be read.\n"
        "Or write without verifying, and see whether the program runs."),
    "verification" },
  { "firmware-for-microcontroller", FLASH_SEVERITY_ERROR,
    N_ ("This firmware is for a microcontroller; the board is an STM32MP."),
    N_ ("Give a layout, or the folder or archive of a build."), "files" },
  { "h7-power-setting", FLASH_SEVERITY_ERROR,
    N_ ("The program may have set the power supply of the chip in a way that does not fit this "
        "board, which stops it at once."),
    N_ ("Hold BOOT0 before the board gets power, so that the boot loader runs first.\n"
        "Remove all power for some seconds: USB, debug probe and battery; a reset is not "
        "enough.\n"
        "Connect the board with BOOT0 still held, and erase the flash at once; all that is in it "
        "is lost by that, settings and calibration too.\n"
        "Build the program for the supply of this board, LDO or SMPS, before you flash it "
        "again."),
    "microcontrollers" },
  { "layout-for-stm32mp", FLASH_SEVERITY_ERROR,
    N_ ("Layouts are for STM32MP boards; this board is a microcontroller."),
    N_ ("Give a firmware file: .dfu, .hex, .elf, .s19, .uf2 or .bin."), "layouts" },
  { "needs-reset", FLASH_SEVERITY_WARNING, N_ ("The board does not start its program by itself."),
    N_ ("Release BOOT0.\n"
        "Press reset, or unplug the board and plug it in again."),
    "microcontrollers" },
  { "no-dfu", FLASH_SEVERITY_ERROR, N_ ("This device is in no mode in which it takes firmware."),
    N_ ("Hold BOOT0 while the board starts, then connect it again.\n"
        "Give a layout instead of a firmware file if it is an STM32MP board."),
    "microcontrollers" },
  { "no-flash-map", FLASH_SEVERITY_ERROR,
    N_ ("The boot loader does not say what memory the board has."),
    N_ ("Start the boot loader anew, and connect without a hub.\n"
        "Without a map of its sectors nothing can be erased safely: use another boot loader if "
        "it stays so."),
    "microcontrollers" },
  { "no-option-bytes", FLASH_SEVERITY_ERROR, N_ ("The boot loader offers no option bytes."),
    N_ ("Start the chip's own ROM by BOOT0: boot loaders in flash hardly ever offer them.\n"
        "Use a debug probe if the ROM does not offer them either."),
    "protection" },
  { "not-a-microcontroller", FLASH_SEVERITY_ERROR,
    N_ ("This is an STM32MP board, which has no flash of its own to work on."),
    N_ ("Flash it with a layout; reading, erasing and option bytes are for microcontrollers."),
    "layouts" },
  { "not-protected", FLASH_SEVERITY_ERROR, N_ ("The chip is not read protected."),
    N_ ("There is no protection to remove, and nothing was changed.\n"
        "If everything on the chip is to go, erase it instead."),
    "protection" },
  { "option-bytes-unknown", FLASH_SEVERITY_ERROR,
    N_ ("What these option bytes mean is not certain, so they are not changed."),
    N_ ("Use the maker's tool with a debug probe: a wrong bit can lock the chip for good."),
    "protection" },
  { "options-changed", FLASH_SEVERITY_ERROR,
    N_ ("The option bytes are not what they were when you decided to change them."),
    N_ ("Read them again, and decide anew; nothing was written."), "protection" },
  { "options-not-taken", FLASH_SEVERITY_ERROR, N_ ("The board did not take the new option bytes."),
    N_ ("Start the boot loader anew and read them again.\n"
        "Some of them may be locked, or the chip may have put back its own."),
    "protection" },
  { "outside-memory", FLASH_SEVERITY_ERROR, N_ ("There is no such memory on this board."),
    N_ ("Choose addresses within the memory that the boot loader names.\n"
        "Choose sectors that it allows to be changed."),
    "microcontrollers" },
  { "read-protected", FLASH_SEVERITY_ERROR,
    N_ ("The chip's read protection is on, so that nothing can be read or written."),
    N_ ("Make sure of it first: behind a port that is too fast, an open chip looks the same, so "
        "try a USB 2.0 hub or another computer.\n"
        "If you have no copy of what is on the chip and is needed, stop here.\n"
        "Removing the protection erases everything on the chip, for good: program, settings, "
        "calibration and keys."),
    "protection" },
  { "read-refused", FLASH_SEVERITY_ERROR,
    N_ ("The chip refuses to be read: either read protection is on, or this USB port is too "
        "fast for its boot loader."),
    N_ ("Do not remove the protection yet: that erases everything on the chip, and it may not even "
        "be on.\n"
        "Try a USB 2.0 hub or another computer first; another port of this one may not help.\n"
        "Only if the chip refuses there as well, the protection is probably on."),
    "protection" },
  { "still-protected", FLASH_SEVERITY_ERROR, N_ ("The read protection is still on."),
    N_ ("Switch the board off and on with BOOT0 held: removing the protection may have been "
        "interrupted.\n"
        "Remove the protection once more."),
    "protection" },
  { "suffix-other-device", FLASH_SEVERITY_WARNING,
    N_ ("The file says that it is for another device than this one."),
    N_ ("Look whether it is the right file: it was made for the vendor and product in its last "
        "bytes."),
    "files" },
  { "upper-part-reserved", FLASH_SEVERITY_WARNING,
    N_ ("The upper part of this chip's flash belongs to its second core, which runs the radio."),
    N_ ("Keep your program below that part: the boot loader does not write there."),
    "microcontrollers" },
  { "write-protected", FLASH_SEVERITY_ERROR,
    N_ ("The flash is write protected, so that the board ignores what is written."),
    N_ ("Look at the option bytes: the boot loader itself reports no error for that.\n"
        "Remove the write protection from the sectors that are named, and flash again."),
    "protection" },
  { NULL },
};
