/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Microcontrollers: erasing, writing, verifying, starting. */
#define G_LOG_DOMAIN "flash-advice-mcu-write"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_mcu_write[] = {
  { "block-not-written", FLASH_SEVERITY_ERROR,
    N_ ("A part of the firmware was acknowledged and is not in the flash."),
    N_ ("Try again in smaller blocks, on another port or without a hub.\n"
        "Give the board a better supply if it happens again."),
    "cables-and-hubs" },
  { "erase-failed", FLASH_SEVERITY_ERROR, N_ ("The board could not erase a part of its flash."),
    N_ ("Look at the option bytes: usually the sector is protected.\n"
        "Connect without a hub, since a weak supply does the same.\n"
        "Start the boot loader anew and try again."),
    "protection" },
  { "erased-not-written", FLASH_SEVERITY_ERROR,
    N_ ("The flash was erased, but nothing was written to it."),
    N_ ("Start the boot loader anew and try again.\n"
        "If it happens again, start the ROM by BOOT0 instead: this boot loader acknowledges "
        "what it does not write."),
    "microcontrollers" },
  { "families-mixed", FLASH_SEVERITY_ERROR,
    N_ ("The file holds programs for several families of chips, which would be written one "
        "into another."),
    N_ ("Get the file for this chip alone."), "files" },
  { "firmware-refused", FLASH_SEVERITY_ERROR, N_ ("The firmware file cannot be flashed as it is."),
    N_ ("Read what is said about the file: it is damaged, or it does not fit this chip.\n"
        "Correct that first; nothing is sent to the board before."),
    "files" },
  { "hole-possible", FLASH_SEVERITY_WARNING,
    N_ ("Some chips with this boot loader have less flash than it says, with a hole in it."),
    N_ ("Let the program verify what it wrote: bytes in a hole are lost without a word."),
    "microcontrollers" },
  { "journal-of-other-content", FLASH_SEVERITY_ERROR,
    N_ ("An update of a board on this port was interrupted, and the board holds other bytes "
        "now than were saved then."),
    N_ ("If it is another board, or was written since, keep what it holds now.\n"
        "If it is the same board and only half erased, write back what was saved.\n"
        "Erasing the rest of the sectors settles it too; nothing was changed so far."),
    "microcontrollers" },
  { "journal-unwritable", FLASH_SEVERITY_ERROR,
    N_ ("The folder for what has to survive a power cut cannot be written."),
    N_ ("Make the folder that the message names writable, or free space there.\n"
        "Without it, an update is not safe against power cuts: bytes beside the firmware may "
        "be lost then."),
    "microcontrollers" },
  { "loader-without-flash", FLASH_SEVERITY_ERROR,
    N_ ("The boot loader acknowledges everything and writes nothing."),
    N_ ("Hold BOOT0 while the board starts, to use the chip's own ROM.\n"
        "Or have the boot loader completed: it is probably ST's USB example, whose flash "
        "functions are left to its author."),
    "microcontrollers" },
  { "map-doubtful", FLASH_SEVERITY_ERROR,
    N_ ("The boot loader describes its flash in a way that the chip can hardly be."),
    N_ ("Start the boot loader anew, and connect without a hub.\n"
        "Start the ROM by BOOT0 if it still says the same."),
    "microcontrollers" },
  { "neighbours-still-saved", FLASH_SEVERITY_WARNING,
    N_ ("An interrupted update has erased more than this firmware covers, and that is not back "
        "on the board yet."),
    N_ ("Flash the firmware of that update again to bring it back.\n"
        "Until then it is kept on this computer."),
    "microcontrollers" },
  { "no-empty-check", FLASH_SEVERITY_INFO,
    N_ ("This chip does not go back to its boot loader by itself if flashing is interrupted."),
    N_ ("If that happens, hold BOOT0 while the board starts, and flash again."),
    "microcontrollers" },
  { "nothing-to-start", FLASH_SEVERITY_WARNING,
    N_ ("What the chip holds is no program that could be started."),
    N_ ("Look whether the file and its address are the right ones.\n"
        "The board stays in its boot loader until it holds a program."),
    "files" },
  { "page-size-doubtful", FLASH_SEVERITY_WARNING,
    N_ ("The sectors of this chip may be larger than its boot loader says, so that erasing one "
        "may erase its neighbour too."),
    N_ ("Keep a copy of what lies beside the firmware before you write."), "microcontrollers" },
  { "ram-not-flash", FLASH_SEVERITY_ERROR,
    N_ ("Parts of the firmware that are meant for RAM could not be verified."),
    N_ ("Leave them out, since only a debugger loads those.\n"
        "Or build the firmware so that everything is loaded from flash."),
    "files" },
  { "reset-into-program", FLASH_SEVERITY_ERROR,
    N_ ("The board took it and restarted into its program, so that it could not be read back."),
    N_ ("Hold BOOT0 and plug the board in again.\n"
        "Look whether it is as you wanted it."),
    "microcontrollers" },
  { "scattered-differences", FLASH_SEVERITY_ERROR,
    N_ ("Single places in the flash are not as they were sent."),
    N_ ("Try again in smaller blocks and on another port.\n"
        "If the same addresses fail again, the flash is worn out: use another board."),
    "verification" },
  { "sector-shared", FLASH_SEVERITY_ERROR,
    N_ ("The firmware covers only a part of a sector, and the rest of it holds something else."),
    N_ ("To keep the rest, have it read first and written back.\n"
        "To give it up, have it erased."),
    "microcontrollers" },
  { "sectors-are-whole", FLASH_SEVERITY_ERROR,
    N_ ("The range ends in the middle of a sector that holds something else, and sectors can "
        "only be erased whole."),
    N_ ("Choose a range of whole sectors, or agree that the rest of them is erased too."),
    "microcontrollers" },
  { "tail-not-written", FLASH_SEVERITY_ERROR,
    N_ ("The flash is right up to an address, and was not written from there on."),
    N_ ("Start the boot loader anew and try again, on another port or with a better supply.\n"
        "If it stops at the same address, the chip has less flash than its boot loader says."),
    "verification" },
  { "update-continued", FLASH_SEVERITY_WARNING,
    N_ ("An update of this board was interrupted, and is taken up again."),
    N_ ("There is nothing to do: what that update had saved is written back, where it is not "
        "in the firmware."),
    "microcontrollers" },
  { "verify-mismatch", FLASH_SEVERITY_ERROR, N_ ("What was read back differs from what was sent."),
    N_ ("Try again with a shorter cable, on a port of the computer itself.\n"
        "If it happens again, use another card or board: the storage may be failing."),
    "verification" },
  { "written-elsewhere", FLASH_SEVERITY_ERROR,
    N_ ("The bytes were written, but to other addresses than they were meant for."),
    N_ ("Try again in smaller blocks: the boot loader counts blocks in another size than it "
        "says.\n"
        "Or start the ROM by BOOT0 instead of this boot loader."),
    "verification" },
  { NULL },
};
