/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boot stages and storages of an STM32MP. */
#define G_LOG_DOMAIN "flash-advice-stage"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_stage[] = {
  { "alternate-missing", FLASH_SEVERITY_ERROR,
    N_ ("The board does not offer the partition that it asked for."),
    N_ ("Reset the board into serial boot and try again.\n"
        "If it happens again, use the files of one and the same release: it may run another "
        "boot loader than is expected."),
    "second-stage" },
  { "did-not-start", FLASH_SEVERITY_ERROR,
    N_ ("The board has everything in its memory, but did not start it."),
    N_ ("Check that what it holds is made for this board.\n"
        "On a microcontroller, release BOOT0 and press reset.\n"
        "On an STM32MP, that is kernel and device tree: look at its serial console.\n"
        "Reset an STM32MP into serial boot and flash again."),
    "boot-switches" },
  { "erase-not-in-firmware", FLASH_SEVERITY_ERROR,
    N_ ("The U-Boot in the FIP is built without what it needs to erase this storage."),
    N_ ("Leave out D in the option of the layout, so that nothing is erased beforehand.\n"
        "Or use a FIP whose U-Boot can erase this storage.\n"
        "Reset the board into serial boot and flash again."),
    "storage" },
  { "file-larger-than-slot", FLASH_SEVERITY_ERROR,
    N_ ("A file is larger than the partition that it is written to, so that the board restarts "
        "at its end."),
    N_ ("Compare the size of the file with the distance to the next offset in the layout.\n"
        "Move the next partition to a higher offset, or make the file smaller.\n"
        "Reset the board into serial boot and flash again."),
    "storage" },
  { "fip-refused", FLASH_SEVERITY_ERROR, N_ ("The board refused the second boot stage."),
    N_ ("Give a FIP for this board as file for Id 0x03, with at most 16 MiB.\n"
        "Give a .stm32 file instead if the first stage is an old one.\n"
        "Take both files from the same release, reset the board into serial boot and flash "
        "again."),
    "second-stage" },
  { "first-stage-crashed", FLASH_SEVERITY_ERROR,
    N_ ("The first boot stage has started, and then stopped."),
    N_ ("Read the last lines of the serial console: they name memory (DDR), power controller "
        "or device tree.\n"
        "Use the first stage that is made for this very board.\n"
        "Reset the board into serial boot and flash again."),
    "first-stage" },
  { "first-stage-mute", FLASH_SEVERITY_ERROR,
    N_ ("The board's ROM took the first boot stage, but that does not run."),
    N_ ("Use a first stage that is made for this chip and this board.\n"
        "If the chip is closed, use one that is signed with its key.\n"
        "Check that you look at the right console, at 115200 baud.\n"
        "Reset the board into serial boot and flash again."),
    "first-stage" },
  { "flow-mismatch", FLASH_SEVERITY_ERROR,
    N_ ("The first stage and the second stage do not belong together: one takes a FIP, the "
        "other is a .stm32 file."),
    N_ ("Take both files from one and the same release.\n"
        "Give a FIP for Id 0x03 with a current first stage, and a .stm32 file with one up to "
        "TF-A 2.2.\n"
        "Reset the board into serial boot and flash again."),
    "second-stage" },
  { "fsbl-did-not-start", FLASH_SEVERITY_ERROR,
    N_ ("The first boot stage was sent, but nothing answers since."),
    N_ ("Check that it is made for this board and built for USB (STM32MP_USB_PROGRAMMER).\n"
        "Look at the serial console: it tells about memory settings and power supply.\n"
        "Reset the board itself before you try again; restarting the computer does not help."),
    "first-stage" },
  { "fsbl-no-usb-boot", FLASH_SEVERITY_ERROR,
    N_ ("The first boot stage is built without USB, so that the board falls silent after it."),
    N_ ("Use the build of the first stage that has STM32MP_USB_PROGRAMMER; its name often "
        "holds “usb” or “programmer”.\n"
        "Put that one in the line with Id 0x01; the other one may be right for the storage.\n"
        "Reset the board into serial boot and flash again."),
    "first-stage" },
  { "fsbl-refused", FLASH_SEVERITY_ERROR, N_ ("The board's ROM refused the first boot stage."),
    N_ ("Use a first stage with the header version of this chip.\n"
        "If the chip is closed, use one that is signed with its key.\n"
        "Make sure that it is small enough for the memory on the chip.\n"
        "Reset the board into serial boot and flash again."),
    "first-stage" },
  { "layout-refused", FLASH_SEVERITY_ERROR, N_ ("The board refused the layout."),
    N_ ("Read the board's own words: they name the line or the storage.\n"
        "Correct the layout, or choose the boot files that fit it.\n"
        "Reset the board into serial boot and flash again."),
    "layouts" },
  { "lost-at-partition-end", FLASH_SEVERITY_ERROR,
    N_ ("The board restarted while it was storing the end of a partition."),
    N_ ("Compare the size of the file with that of its partition: usually the file is larger.\n"
        "If it is not, the storage has failed: use another card.\n"
        "Reset the board into serial boot and flash again."),
    "storage" },
  { "mmc-erase-failed", FLASH_SEVERITY_ERROR, N_ ("The board could not erase its card or eMMC."),
    N_ ("Use another card: slow or worn ones take longer to erase than U-Boot waits.\n"
        "Or leave out D in the option of the layout, so that nothing is erased beforehand.\n"
        "Reset the board into serial boot and flash again."),
    "storage" },
  { "mmc-not-found", FLASH_SEVERITY_ERROR,
    N_ ("The board does not find the card or the eMMC that the layout names."),
    N_ ("Insert a card if the layout names the SD card, usually mmc0.\n"
        "Compare the number with the board: the eMMC is usually mmc1.\n"
        "Correct the layout, reset the board into serial boot and flash again."),
    "storage" },
  { "mtd-erase-failed", FLASH_SEVERITY_ERROR, N_ ("The board could not erase its flash memory."),
    N_ ("Check that the boot files are made for a board with this memory.\n"
        "Leave out D in the option of the layout, and try again.\n"
        "If it fails again, the memory is worn out or write protected."),
    "storage" },
  { "no-image-for-phase", FLASH_SEVERITY_ERROR,
    N_ ("The board asks for an image that the layout does not name."),
    N_ ("Add the missing line to the layout: Id 0x01 is the first boot stage, 0x03 the FIP.\n"
        "On an STM32MP2, Id 0x02 is the firmware of its memory controller.\n"
        "Reset the board into serial boot and flash again."),
    "layouts" },
  { "partition-missing", FLASH_SEVERITY_ERROR,
    N_ ("The storage of the board is divided in another way than the layout says."),
    N_ ("If only a part is to be updated, use the layout with which the board was flashed.\n"
        "Else select all partitions of that storage, so that the board makes the table anew.\n"
        "On NOR and NAND, list all partitions as the U-Boot in the FIP has them."),
    "storage" },
  { "partition-table-refused", FLASH_SEVERITY_ERROR,
    N_ ("The board could not make the partition table."),
    N_ ("Look for partitions that overlap or go beyond the end of the storage.\n"
        "Use letters, digits, “.”, “_” and “-” only in the names of partitions.\n"
        "Correct the layout, reset the board into serial boot and flash again."),
    "storage" },
  { "phase-stuck", FLASH_SEVERITY_ERROR,
    N_ ("The board asks again for an image that it already has."),
    N_ ("Check that the file is meant for this board: it did not accept it and does not say "
        "why.\n"
        "Reset the board into serial boot and flash again."),
    "second-stage" },
  { "second-stage-mute", FLASH_SEVERITY_ERROR,
    N_ ("The second boot stage was sent, but does not run."),
    N_ ("Use a FIP that is made for this very board: memory size and OP-TEE must fit.\n"
        "Take first and second stage from the same release.\n"
        "Reset the board into serial boot and flash again."),
    "second-stage" },
  { "second-stage-silent", FLASH_SEVERITY_ERROR,
    N_ ("U-Boot runs on the board, but its USB device does not appear."),
    N_ ("Check that the FIP is made for this board: its device tree says which port is the USB "
        "device.\n"
        "Connect the cable to the USB device port; on boards with Type-C also try the plug the "
        "other way round.\n"
        "Read the serial console: it says whether U-Boot found its USB controller.\n"
        "Reset the board into serial boot and flash again."),
    "second-stage" },
  { "stale-layout", FLASH_SEVERITY_ERROR,
    N_ ("The board holds a damaged layout in its memory, as an earlier attempt leaves it behind."),
    N_ ("Switch the board off for some seconds: a reset alone keeps that memory.\n"
        "Switch it on in serial boot and flash again."),
    "layouts" },
  { "storage-not-in-firmware", FLASH_SEVERITY_ERROR,
    N_ ("The U-Boot in the FIP does not know the storage that the layout names."),
    N_ ("Use the FIP that is made for this board, whose U-Boot knows its memories.\n"
        "Or correct the column IP of the layout if the board has no such memory.\n"
        "Reset the board into serial boot and flash again."),
    "storage" },
  { "storage-setup-failed", FLASH_SEVERITY_ERROR,
    N_ ("The board has taken the layout, but did not come back from setting up its storages."),
    N_ ("Read its serial console: it names the card, the eMMC or the flash that failed.\n"
        "Try another card, or leave out D in the options of the layout.\n"
        "Reset the board into serial boot and flash again."),
    "storage" },
  { "storage-too-small", FLASH_SEVERITY_ERROR,
    N_ ("The layout needs more room than the storage of the board has."),
    N_ ("Use a larger card, or the layout for this size of storage.\n"
        "Or move and shrink partitions until the last one ends within the storage."),
    "storage" },
  { "storage-worn", FLASH_SEVERITY_ERROR,
    N_ ("The storage of the board fails while it is written."),
    N_ ("Use another card; an eMMC or flash chip that fails has to be replaced.\n"
        "Give the board a better supply, since writing draws more current.\n"
        "Reset the board into serial boot and flash again."),
    "storage" },
  { "unexpected-phase", FLASH_SEVERITY_ERROR,
    N_ ("The board asks for something that does not fit the layout."),
    N_ ("Use boot files and a layout of one and the same release.\n"
        "Reset the board into serial boot and flash again."),
    "second-stage" },
  { "write-failed", FLASH_SEVERITY_ERROR, N_ ("The board could not write its storage."),
    N_ ("Check that the storage is present, large enough and not worn out.\n"
        "Reset the board into serial boot and flash again."),
    "storage" },
  { "wrong-chip", FLASH_SEVERITY_ERROR,
    N_ ("The file is made for another chip than the one on this board."),
    N_ ("Look at the name of the chip on the board, and choose the file that is made for it.\n"
        "If you are sure that it is the right file, look whether the board is the right one."),
    "files" },
  { NULL },
};
