/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-advice"

#include "config.h"

#include "flash-advice.h"

/* Causes and remedies come from stm32mp-usb.md section 7.3, stm32-dfuse.md sections 7.1 and 7.2,
 * and users-and-journeys.md section 1. Sorted by code. */
static const FlashAdvice advices[] = {
  { "alternate-missing", FLASH_SEVERITY_ERROR,
    N_ ("The board does not offer the partition that it asked for."),
    N_ ("It may run another boot loader than this program expects. Reset the board into serial "
        "boot and try again; if it happens again, use the files of one and the same release.") },
  { "bad-board-id", FLASH_SEVERITY_ERROR, N_ ("This board id cannot be used."),
    N_ ("A board is named by its port (usb:1-2.3), by its serial number (serial:TEXT), or, when "
        "it is a virtual one, by its model (virtual:stm32mp157,storage=FOLDER).") },
  { "bad-option-byte", FLASH_SEVERITY_ERROR, N_ ("That option byte cannot be changed so."),
    N_ ("The message names the field and what is wrong. Without --set, the command shows the "
        "fields "
        "and which of them can be changed.") },
  { "block-not-written", FLASH_SEVERITY_ERROR,
    N_ ("A part of the firmware was acknowledged and is not in the flash."),
    N_ ("The link or the supply is probably not reliable. Try again in smaller blocks, on another "
        "port or without a hub.") },
  { "board-gone", FLASH_SEVERITY_ERROR,
    N_ ("The board left the USB port in the middle of the job."),
    N_ ("Check the cable and the power supply, connect without a hub if there is one, reset the "
        "board into serial boot and flash again.") },
  { "board-not-found", FLASH_SEVERITY_ERROR, N_ ("There is no such board."),
    N_ ("Set the boot switches to serial boot, connect the board's USB device port with a data "
        "cable and switch it on.") },
  { "board-not-unique", FLASH_SEVERITY_ERROR, N_ ("More than one board has that id."),
    N_ ("Name the board by its port (usb:1-2.3), or disconnect the others.") },
  { "board-reported-error", FLASH_SEVERITY_ERROR, N_ ("The board reported an error."),
    N_ ("The board's own words say what is wrong. Correct it, reset the board into serial boot and "
        "flash again.") },
  { "board-silent", FLASH_SEVERITY_ERROR, N_ ("The board is on the bus but does not answer."),
    N_ ("A first boot stage has probably crashed. Reset the board itself; resetting the computer "
        "does not help.") },
  { "busy-in-other-program", FLASH_SEVERITY_ERROR, N_ ("Another program is using the board."),
    N_ ("Close other flashing tools and virtual machines that may hold the device, then try "
        "again.") },
  { "came-back-in-rom", FLASH_SEVERITY_ERROR, N_ ("The board restarted into its ROM."),
    N_ ("The stage that was started has crashed or was reset. Check that the boot files are made "
        "for this board and look at its serial console.") },
  { "cancelled", FLASH_SEVERITY_WARNING, N_ ("The job was stopped."),
    N_ ("Unless nothing was sent yet, an STM32MP has to be reset into serial boot before it is "
        "flashed again, and a microcontroller has to be flashed again before its program runs.") },
  { "cannot-read", FLASH_SEVERITY_ERROR, N_ ("The boot loader does not let its memory be read."),
    N_ ("Nothing can be compared or verified with it. Start the ROM by BOOT0 instead of this boot "
        "loader, or write without verifying and see whether the program runs.") },
  { "did-not-start", FLASH_SEVERITY_ERROR,
    N_ ("The board has everything in its memory, but did not start it."),
    N_ ("Check that what it holds is made for this board. On a microcontroller, release BOOT0 and "
        "press reset. On an STM32MP, that is kernel and device tree: look at its serial console, "
        "reset it into serial boot and flash again.") },
  { "different-board", FLASH_SEVERITY_ERROR, N_ ("Another board appeared on the port."),
    N_ ("Connect the board with which the job began, reset it into serial boot and flash again.") },
  { "erase-failed", FLASH_SEVERITY_ERROR, N_ ("The board could not erase a part of its flash."),
    N_ ("Usually the sector is protected, or the supply is weak. Look at the option bytes, connect "
        "without a hub, start the boot loader anew and try again.") },
  { "erased-not-written", FLASH_SEVERITY_ERROR,
    N_ ("The flash was erased, but nothing was written to it."),
    N_ ("The boot loader acknowledges what it does not write. Start it anew and try again; if it "
        "happens again, start the ROM by BOOT0 instead of this boot loader.") },
  { "file-changed", FLASH_SEVERITY_ERROR, N_ ("A file changed while it was being sent."),
    N_ ("Wait until the build that writes it has finished, reset the board into serial boot and "
        "flash again.") },
  { "file-unreadable", FLASH_SEVERITY_ERROR, N_ ("A file cannot be read."),
    N_ ("Check that the file exists and that you may read it.") },
  { "fip-refused", FLASH_SEVERITY_ERROR, N_ ("The board refused the second boot stage."),
    N_ ("The file for Id 0x03 must be a FIP for this board and at most 16 MiB; older first stages "
        "want a .stm32 file instead. Take both files from the same release.") },
  { "firmware-for-microcontroller", FLASH_SEVERITY_ERROR,
    N_ ("This firmware is for a microcontroller; the board is an STM32MP."),
    N_ ("Give a layout, or the folder or archive of a build.") },
  { "firmware-refused", FLASH_SEVERITY_ERROR, N_ ("The firmware file cannot be flashed as it is."),
    N_ ("What is said about the file names the cause: it is damaged, or it does not fit this chip. "
        "Nothing is sent to the board before that is settled.") },
  { "foreign-session", FLASH_SEVERITY_ERROR,
    N_ ("The board is in the middle of a job that was begun elsewhere."),
    N_ ("Reset the board into serial boot, then flash again.") },
  { "fsbl-did-not-start", FLASH_SEVERITY_ERROR,
    N_ ("The first boot stage was sent, but nothing answers since."),
    N_ ("It must be built for this board and for USB (STM32MP_USB_PROGRAMMER). Check the memory "
        "settings and the power supply, look at the serial console, and reset the board.") },
  { "fsbl-refused", FLASH_SEVERITY_ERROR, N_ ("The board's ROM refused the first boot stage."),
    N_ ("Use a first stage with the header version of this chip, signed if the chip is closed, and "
        "small enough for its memory.") },
  { "full-speed-link", FLASH_SEVERITY_WARNING,
    N_ ("The board is connected at full speed, about ten times slower than it could be."),
    N_ ("Use another cable or port, without a hub. Some boot stages support only high speed and "
        "will not come back on this link.") },
  { "journal-of-other-content", FLASH_SEVERITY_ERROR,
    N_ ("An update of a board on this port was interrupted, and the board holds other bytes now "
        "than "
        "were saved then."),
    N_ ("If it is another board, or was written since, keep what it holds now. If it is the same "
        "one, and only half erased, write back what was saved. Erasing the rest of the sectors "
        "settles it too; nothing was changed so far.") },
  { "journal-unwritable", FLASH_SEVERITY_ERROR,
    N_ ("The folder for what has to survive a power cut cannot be written."),
    N_ ("Make the folder that the message names writable, or free space there. Without it an "
        "update "
        "can be made that is not safe against power cuts: bytes beside the firmware may be lost "
        "then.") },
  { "layout-for-stm32mp", FLASH_SEVERITY_ERROR,
    N_ ("Layouts are for STM32MP boards; this board is a microcontroller."),
    N_ ("Give a firmware file: .dfu, .hex, .elf, .s19, .uf2 or .bin.") },
  { "layout-has-errors", FLASH_SEVERITY_ERROR, N_ ("The layout or its files have errors."),
    N_ ("Correct what is said about its lines; nothing is sent to a board before.") },
  { "layout-refused", FLASH_SEVERITY_ERROR, N_ ("The board refused the layout."),
    N_ ("The board's own words name the line or the storage. Correct the layout or choose the boot "
        "files that fit it, reset the board into serial boot and flash again.") },
  { "link-error", FLASH_SEVERITY_ERROR, N_ ("The USB connection to the board failed."),
    N_ ("Use another cable or port, without a hub, reset the board into serial boot and flash "
        "again.") },
  { "loader-without-flash", FLASH_SEVERITY_ERROR,
    N_ ("The boot loader acknowledges everything and writes nothing."),
    N_ ("Probably it is ST's USB example without its flash functions, which are left for its "
        "author to write. Hold BOOT0 while the board starts, to use the chip's own ROM, or have "
        "the boot loader completed.") },
  { "lost-at-partition-end", FLASH_SEVERITY_ERROR,
    N_ ("The board restarted while it was storing the end of a partition."),
    N_ ("Usually the file is larger than its slot, or the storage failed. Compare the sizes, or "
        "use another card, and flash again.") },
  { "needs-reset", FLASH_SEVERITY_WARNING, N_ ("The board does not start its program by itself."),
    N_ ("Release BOOT0, then press reset or unplug the board and plug it in again.") },
  { "neighbours-still-saved", FLASH_SEVERITY_WARNING,
    N_ ("An interrupted update has erased more than this firmware covers, and that is not back on "
        "the board yet."),
    N_ ("Flash the firmware of that update again to bring it back. Until then it is kept on this "
        "computer.") },
  { "never-came-back", FLASH_SEVERITY_ERROR, N_ ("The board left the bus and did not come back."),
    N_ ("Reset the board, or plug it in again; a microcontroller with BOOT0 held. In a virtual "
        "machine, pass every stage of the board through, not only the first. With a layout, check "
        "that its boot files are made for this board, and look at the serial console.") },
  { "no-answer", FLASH_SEVERITY_ERROR, N_ ("The board stopped answering."),
    N_ ("Reset it into its boot loader and flash again; the serial console of an STM32MP tells "
        "more.") },
  { "no-dfu", FLASH_SEVERITY_ERROR, N_ ("This device is in no mode in which it takes firmware."),
    N_ ("Hold BOOT0 while the board starts, then connect it again. An STM32MP board takes a layout "
        "instead of a firmware file.") },
  { "no-flash-map", FLASH_SEVERITY_ERROR,
    N_ ("The boot loader does not say what memory the board has."),
    N_ ("Without a map of its sectors nothing can be erased safely. Start the boot loader anew, "
        "and connect without a hub.") },
  { "no-image-for-phase", FLASH_SEVERITY_ERROR,
    N_ ("The board asks for an image that the layout does not name."),
    N_ ("Add the missing line to the layout: Id 0x01 is the first boot stage, 0x02 the memory "
        "firmware of an STM32MP2, 0x03 the FIP.") },
  { "no-option-bytes", FLASH_SEVERITY_ERROR, N_ ("The boot loader offers no option bytes."),
    N_ ("Some ROMs do not, and boot loaders in flash hardly ever do. Start the chip's own ROM by "
        "BOOT0, or use a debug probe.") },
  { "no-permission", FLASH_SEVERITY_ERROR, N_ ("You may not open the board."),
    N_ ("Install the access rule of this program, then unplug the board and plug it in again.") },
  { "not-a-microcontroller", FLASH_SEVERITY_ERROR,
    N_ ("This is an STM32MP board, which has no flash of its own to work on."),
    N_ ("Flash it with a layout. Reading, erasing and option bytes are for microcontrollers.") },
  { "not-protected", FLASH_SEVERITY_ERROR, N_ ("The chip is not read protected."),
    N_ ("There is no protection to remove, and nothing was changed. If everything on it is to go, "
        "erase it instead.") },
  { "not-stm32mp", FLASH_SEVERITY_ERROR,
    N_ ("This device is not an STM32MP board in serial boot, so that it cannot take a layout."),
    N_ ("Check the boot switches. A microcontroller takes a firmware file instead of a layout.") },
  { "nothing-to-start", FLASH_SEVERITY_WARNING,
    N_ ("What the chip holds is no program that could be started."),
    N_ ("The board stays in its boot loader. If there should be a program, look whether the file "
        "and its address are the right ones.") },
  { "option-bytes-unknown", FLASH_SEVERITY_ERROR,
    N_ ("What these option bytes mean is not certain, so they are not changed."),
    N_ ("A wrong bit can lock the chip for good. Use the maker's tool with a debug probe.") },
  { "options-changed", FLASH_SEVERITY_ERROR,
    N_ ("The option bytes are not what they were when you decided to change them."),
    N_ ("Read them again, and decide anew. Nothing was written.") },
  { "options-not-taken", FLASH_SEVERITY_ERROR, N_ ("The board did not take the new option bytes."),
    N_ ("Some of them may be locked, or the chip may have put back its own. Start the boot loader "
        "anew and read them again.") },
  { "other-boot-loader", FLASH_SEVERITY_ERROR,
    N_ ("The board runs U-Boot or its SPL in a mode that takes no layouts."),
    N_ ("SPL cannot serve as first boot stage here: take a TF-A that is built for USB "
        "(STM32MP_USB_PROGRAMMER), reset the board into serial boot and flash again.") },
  { "other-flow", FLASH_SEVERITY_ERROR,
    N_ ("The layout is meant for another program on the board than U-Boot."),
    N_ ("Flash it with the tool that it came with, such as the one for STM32PRGFW-UTIL or "
        "OpenBootloader. For U-Boot, the boot stages have the option “-” instead of P.") },
  { "output-exists", FLASH_SEVERITY_ERROR, N_ ("There is a file of that name already."),
    N_ ("Choose another name, or replace it with --force.") },
  { "output-unwritable", FLASH_SEVERITY_ERROR, N_ ("The file cannot be written there."),
    N_ ("Choose a folder that exists and in which you may write.") },
  { "outside-memory", FLASH_SEVERITY_ERROR, N_ ("There is no such memory on this board."),
    N_ ("Choose addresses within the memory that the boot loader names, and sectors that it allows "
        "to be changed.") },
  { "phase-stuck", FLASH_SEVERITY_ERROR,
    N_ ("The board asks again for an image that it already has."),
    N_ ("It did not accept the image and does not say why. Check that the file is meant for this "
        "board, reset it into serial boot and flash again.") },
  { "ram-not-flash", FLASH_SEVERITY_ERROR,
    N_ ("Parts of the firmware that are meant for RAM could not be verified."),
    N_ ("Only a debugger loads those. Leave them out, or build the firmware so that everything is "
        "loaded from flash.") },
  { "read-protected", FLASH_SEVERITY_ERROR,
    N_ ("The chip's read protection is on, so that nothing can be read or written."),
    N_ ("Removing the protection erases everything on the chip, for good: program, settings, "
        "calibration and keys. If you have no copy of what is needed, stop here.") },
  { "read-refused", FLASH_SEVERITY_ERROR,
    N_ ("The chip refuses to be read: either read protection is on, or this USB port is too fast "
        "for its boot loader."),
    N_ ("Try another port or a USB 2.0 hub before you remove the protection, which erases the "
        "chip.") },
  { "readings-differ", FLASH_SEVERITY_ERROR,
    N_ ("Reading the same memory twice gives different bytes."),
    N_ ("The connection is not reliable. Use a shorter cable and another port or a USB 2.0 hub, "
        "and try again.") },
  { "reset-into-program", FLASH_SEVERITY_ERROR,
    N_ ("The board took it and restarted into its program, so that it could not be read back."),
    N_ ("Hold BOOT0 and plug the board in again, then look whether it is as you wanted it.") },
  { "scattered-differences", FLASH_SEVERITY_ERROR,
    N_ ("Single places in the flash are not as they were sent."),
    N_ ("The connection, the supply or the flash itself is not reliable. Try again in smaller "
        "blocks and on another port; if the same addresses fail, the flash is worn out.") },
  { "sector-shared", FLASH_SEVERITY_ERROR,
    N_ ("The firmware covers only a part of a sector, and the rest of it holds something else."),
    N_ ("Decide whether that is kept, which reads it first and writes it back, or erased.") },
  { "sectors-are-whole", FLASH_SEVERITY_ERROR,
    N_ ("The range ends in the middle of a sector that holds something else, and sectors can only "
        "be "
        "erased whole."),
    N_ ("Choose a range of whole sectors, or agree that the rest of them is erased too.") },
  { "session-finished", FLASH_SEVERITY_ERROR, N_ ("The board has already been flashed."),
    N_ ("Reset it into serial boot to flash it again, or set the boot switches to the storage and "
        "reset it to start what was written.") },
  { "still-protected", FLASH_SEVERITY_ERROR, N_ ("The read protection is still on."),
    N_ ("Removing it may have been interrupted. Switch the board off and on with BOOT0 held, and "
        "remove the protection once more.") },
  { "still-waiting", FLASH_SEVERITY_WARNING, N_ ("The board has not come back yet."),
    N_ ("Some boards take long to start or to erase. In a virtual machine, check that every stage "
        "of the board is passed through.") },
  { "storage-unavailable", FLASH_SEVERITY_ERROR,
    N_ ("The memories of the virtual board cannot be opened."),
    N_ ("Name a folder in a place that exists and where you may write, and that no other virtual "
        "board is using.") },
  { "suffix-other-device", FLASH_SEVERITY_WARNING,
    N_ ("The file says that it is for another device than this one."),
    N_ ("Look whether it is the right file. It was made for the vendor and product in its last "
        "bytes.") },
  { "tail-not-written", FLASH_SEVERITY_ERROR,
    N_ ("The flash is right up to an address, and was not written from there on."),
    N_ ("The link or the supply probably failed, or the chip has less flash than its boot loader "
        "says. Start the boot loader anew and try again.") },
  { "unexpected-phase", FLASH_SEVERITY_ERROR,
    N_ ("The board asks for something that does not fit the layout."),
    N_ ("Reset the board into serial boot and flash again.") },
  { "unsupported", FLASH_SEVERITY_ERROR, N_ ("The board's boot loader cannot do that."),
    N_ ("The message says what is missing. The chip's own ROM, started by BOOT0, can usually do "
        "more than a boot loader in flash.") },
  { "update-continued", FLASH_SEVERITY_WARNING,
    N_ ("An update of this board was interrupted, and is taken up again."),
    N_ ("What that update had saved is written back, where it is not in the firmware.") },
  { "verify-mismatch", FLASH_SEVERITY_ERROR, N_ ("What was read back differs from what was sent."),
    N_ ("The storage may be failing. Try another card or board, and a shorter cable.") },
  { "write-failed", FLASH_SEVERITY_ERROR, N_ ("The board could not write its storage."),
    N_ ("Check that the storage is present, large enough and not worn out, reset the board into "
        "serial boot and flash again.") },
  { "write-protected", FLASH_SEVERITY_ERROR,
    N_ ("The flash is write protected, so that the board ignores what is written."),
    N_ ("Look at the option bytes, and remove the write protection from the sectors that are "
        "named. The boot loader itself gives no error for that.") },
  { "written-elsewhere", FLASH_SEVERITY_ERROR,
    N_ ("The bytes were written, but to other addresses than they were meant for."),
    N_ ("The boot loader counts blocks in another size than it says. Try again in smaller blocks, "
        "or start the ROM by BOOT0 instead of this boot loader.") },
};

const FlashAdvice *
flash_advice_list (guint *out_n)
{
  *out_n = G_N_ELEMENTS (advices);
  return advices;
}

const FlashAdvice *
flash_advice_find (const char *code)
{
  g_return_val_if_fail (code != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (advices); i++)
    if (g_str_equal (advices[i].code, code))
      return &advices[i];
  return NULL;
}
