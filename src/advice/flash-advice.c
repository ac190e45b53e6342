/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-advice"

#include "config.h"

#include "flash-advice.h"

/* Causes and remedies come from stm32mp-usb.md section 7.3 and users-and-journeys.md section 1.
 * Sorted by code. */
static const FlashAdvice advices[] = {
  { "alternate-missing", FLASH_SEVERITY_ERROR,
    N_ ("The board does not offer the partition that it asked for."),
    N_ ("It may run another boot loader than this program expects. Reset the board into serial "
        "boot and try again; if it happens again, use the files of one and the same release.") },
  { "bad-board-id", FLASH_SEVERITY_ERROR, N_ ("This board id cannot be used."),
    N_ ("A board is named by its port (usb:1-2.3), by its serial number (serial:TEXT), or, when "
        "it is a virtual one, by its model (virtual:stm32mp157,storage=FOLDER).") },
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
    N_ ("Unless nothing was sent yet, reset the board into serial boot before it is flashed "
        "again.") },
  { "did-not-start", FLASH_SEVERITY_ERROR,
    N_ ("The board has everything in its memory, but did not start it."),
    N_ ("Check that the kernel and the device tree are made for this board, look at its serial "
        "console, reset it into serial boot and flash again.") },
  { "different-board", FLASH_SEVERITY_ERROR, N_ ("Another board appeared on the port."),
    N_ ("Connect the board with which the job began, reset it into serial boot and flash again.") },
  { "file-changed", FLASH_SEVERITY_ERROR, N_ ("A file changed while it was being sent."),
    N_ ("Wait until the build that writes it has finished, reset the board into serial boot and "
        "flash again.") },
  { "file-unreadable", FLASH_SEVERITY_ERROR, N_ ("A file cannot be read."),
    N_ ("Check that the file exists and that you may read it.") },
  { "fip-refused", FLASH_SEVERITY_ERROR, N_ ("The board refused the second boot stage."),
    N_ ("The file for Id 0x03 must be a FIP for this board and at most 16 MiB; older first stages "
        "want a .stm32 file instead. Take both files from the same release.") },
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
  { "layout-has-errors", FLASH_SEVERITY_ERROR, N_ ("The layout or its files have errors."),
    N_ ("Correct what is said about its lines; nothing is sent to a board before.") },
  { "layout-refused", FLASH_SEVERITY_ERROR, N_ ("The board refused the layout."),
    N_ ("The board's own words name the line or the storage. Correct the layout or choose the boot "
        "files that fit it, reset the board into serial boot and flash again.") },
  { "link-error", FLASH_SEVERITY_ERROR, N_ ("The USB connection to the board failed."),
    N_ ("Use another cable or port, without a hub, reset the board into serial boot and flash "
        "again.") },
  { "lost-at-partition-end", FLASH_SEVERITY_ERROR,
    N_ ("The board restarted while it was storing the end of a partition."),
    N_ ("Usually the file is larger than its slot, or the storage failed. Compare the sizes, or "
        "use another card, and flash again.") },
  { "never-came-back", FLASH_SEVERITY_ERROR, N_ ("The board left the bus and did not come back."),
    N_ ("Check that the boot files are made for this board. In a virtual machine, pass every stage "
        "of the board through, not only the first. Look at the serial console, then reset the "
        "board.") },
  { "no-answer", FLASH_SEVERITY_ERROR, N_ ("The board stopped answering."),
    N_ ("Look at its serial console, reset it into serial boot and flash again.") },
  { "no-image-for-phase", FLASH_SEVERITY_ERROR,
    N_ ("The board asks for an image that the layout does not name."),
    N_ ("Add the missing line to the layout: Id 0x01 is the first boot stage, 0x02 the memory "
        "firmware of an STM32MP2, 0x03 the FIP.") },
  { "no-permission", FLASH_SEVERITY_ERROR, N_ ("You may not open the board."),
    N_ ("Install the access rule of this program, then unplug the board and plug it in again.") },
  { "not-stm32mp", FLASH_SEVERITY_ERROR,
    N_ ("This device is not an STM32MP board in serial boot, so that it cannot take a layout."),
    N_ ("Check the boot switches. A microcontroller takes a firmware file instead of a layout.") },
  { "other-boot-loader", FLASH_SEVERITY_ERROR,
    N_ ("The board runs U-Boot or its SPL in a mode that takes no layouts."),
    N_ ("SPL cannot serve as first boot stage here: take a TF-A that is built for USB "
        "(STM32MP_USB_PROGRAMMER), reset the board into serial boot and flash again.") },
  { "other-flow", FLASH_SEVERITY_ERROR,
    N_ ("The layout is meant for another program on the board than U-Boot."),
    N_ ("Flash it with the tool that it came with, such as the one for STM32PRGFW-UTIL or "
        "OpenBootloader. For U-Boot, the boot stages have the option “-” instead of P.") },
  { "phase-stuck", FLASH_SEVERITY_ERROR,
    N_ ("The board asks again for an image that it already has."),
    N_ ("It did not accept the image and does not say why. Check that the file is meant for this "
        "board, reset it into serial boot and flash again.") },
  { "session-finished", FLASH_SEVERITY_ERROR, N_ ("The board has already been flashed."),
    N_ ("Reset it into serial boot to flash it again, or set the boot switches to the storage and "
        "reset it to start what was written.") },
  { "still-waiting", FLASH_SEVERITY_WARNING, N_ ("The board has not come back yet."),
    N_ ("Some boards take long to start or to erase. In a virtual machine, check that every stage "
        "of the board is passed through.") },
  { "storage-unavailable", FLASH_SEVERITY_ERROR,
    N_ ("The memories of the virtual board cannot be opened."),
    N_ ("Name a folder in a place that exists and where you may write, and that no other virtual "
        "board is using.") },
  { "unexpected-phase", FLASH_SEVERITY_ERROR,
    N_ ("The board asks for something that does not fit the layout."),
    N_ ("Reset the board into serial boot and flash again.") },
  { "verify-mismatch", FLASH_SEVERITY_ERROR, N_ ("What was read back differs from what was sent."),
    N_ ("The storage may be failing. Try another card or board, and a shorter cable.") },
  { "write-failed", FLASH_SEVERITY_ERROR, N_ ("The board could not write its storage."),
    N_ ("Check that the storage is present, large enough and not worn out, reset the board into "
        "serial boot and flash again.") },
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
