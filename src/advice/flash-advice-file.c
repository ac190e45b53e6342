/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that cannot be used as they are. */
#define G_LOG_DOMAIN "flash-advice-file"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_file[] = {
  { "android-sparse-image", FLASH_SEVERITY_ERROR,
    N_ ("The file is an Android sparse image, which the board would write as it is, without "
        "unpacking it."),
    N_ ("Unpack it with simg2img, and give the unpacked file in the layout."), "files" },
  { "compressed-image", FLASH_SEVERITY_ERROR,
    N_ ("The file is compressed, and the board would write it as it is, without unpacking it."),
    N_ ("Unpack the file, and give the unpacked one in the layout."), "files" },
  { "dfu-suffix", FLASH_SEVERITY_WARNING,
    N_ ("The file ends in a DFU suffix, 16 bytes that some programs take off and others write "
        "to the board."),
    N_ ("Use the file without suffix if there is one; “dfu-suffix --delete” takes it off."),
    "files" },
  { "file-changed", FLASH_SEVERITY_ERROR, N_ ("A file changed while it was being sent."),
    N_ ("Wait until the build that writes it has finished.\n"
        "Reset the board into serial boot and flash again."),
    "files" },
  { "file-empty", FLASH_SEVERITY_ERROR, N_ ("The file is empty."),
    N_ ("Build it again or get it again; a board refuses an empty transfer."), "files" },
  { "file-is-folder", FLASH_SEVERITY_ERROR, N_ ("A folder stands where a file is wanted."),
    N_ ("Name the file itself in the layout."), "files" },
  { "file-missing", FLASH_SEVERITY_ERROR, N_ ("A file that the layout names does not exist."),
    N_ ("Keep the layout in the folder where the build has put it: paths begin there.\n"
        "Or correct the path in the layout."),
    "layouts" },
  { "file-not-regular", FLASH_SEVERITY_ERROR,
    N_ ("The name leads to a device or a pipe, not to a file with an end."),
    N_ ("Save the contents in a file, and name that one."), "files" },
  { "file-not-sent", FLASH_SEVERITY_WARNING,
    N_ ("A line names a file, but its option makes an empty partition, so that the file is not "
        "written."),
    N_ ("Leave E out of the option if the file is meant to be written.\n"
        "Write “none” for the file if the partition is to stay empty."),
    "layouts" },
  { "file-outside-folder", FLASH_SEVERITY_ERROR,
    N_ ("The layout names a file outside of its own folder, so that a layout from elsewhere "
        "could send any of your files."),
    N_ ("If you trust the layout, allow files outside of its folder.\n"
        "Else copy the file into the folder of the layout and name it there."),
    "layouts" },
  { "file-unreadable", FLASH_SEVERITY_ERROR, N_ ("A file cannot be read."),
    N_ ("Check that the file exists and that you may read it."), "files" },
  { "image-too-large", FLASH_SEVERITY_ERROR,
    N_ ("A file is larger than the room that there is for it."),
    N_ ("Make the file smaller, or move the next partition to a higher offset.\n"
        "The board would restart without a word while it writes the end of it."),
    "storage" },
  { "layout-has-errors", FLASH_SEVERITY_ERROR, N_ ("The layout or its files have errors."),
    N_ ("Correct what is said about its lines; nothing is sent to a board before."), "layouts" },
  { "layout-missing", FLASH_SEVERITY_ERROR, N_ ("There is no layout under that name."),
    N_ ("Check the name; a layout is a file that ends in “.tsv”."), "layouts" },
  { "layout-unreadable", FLASH_SEVERITY_ERROR, N_ ("The layout cannot be read."),
    N_ ("Check that the file exists and that you may read it."), "layouts" },
  { "nothing-to-write", FLASH_SEVERITY_ERROR,
    N_ ("There is nothing in it that would be written to the board."),
    N_ ("Look whether it is the right file.\n"
        "For a layout, write P as option of the partitions that are to be written."),
    "layouts" },
  { "other-flow", FLASH_SEVERITY_ERROR,
    N_ ("The layout is meant for another program on the board than U-Boot."),
    N_ ("Flash it with the tool that it came with, such as the one for STM32PRGFW-UTIL or "
        "OpenBootloader.\n"
        "For U-Boot, the boot stages have the option “-” instead of P."),
    "layouts" },
  { "output-exists", FLASH_SEVERITY_ERROR, N_ ("There is a file of that name already."),
    N_ ("Choose another name, or replace it with --force."), "command-line" },
  { "output-unwritable", FLASH_SEVERITY_ERROR, N_ ("The file cannot be written there."),
    N_ ("Choose a folder that exists and in which you may write."), "command-line" },
  { "packed", FLASH_SEVERITY_WARNING,
    N_ ("The file is packed, and a board would write it as it is."),
    N_ ("Unpack the file, and use what comes out of it."), "files" },
  { "too-many-problems", FLASH_SEVERITY_ERROR, N_ ("There are more problems than are listed."),
    N_ ("Correct those that are listed, then have the file checked again.\n"
        "If there are very many, look whether it is the right file."),
    "files" },
  { NULL },
};
