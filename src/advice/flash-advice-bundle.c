/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders and archives in which layouts are looked for. */
#define G_LOG_DOMAIN "flash-advice-bundle"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_bundle[] = {
  { "bundle-changed", FLASH_SEVERITY_ERROR,
    N_ ("The folder or archive changed while it was being read."),
    N_ ("Wait until the build or the download has finished, then open it again."), "files" },
  { "bundle-damaged", FLASH_SEVERITY_ERROR, N_ ("The archive is damaged or cut off."),
    N_ ("Get it again, and compare its checksum if there is one."), "files" },
  { "bundle-encrypted", FLASH_SEVERITY_ERROR, N_ ("The archive is encrypted."),
    N_ ("Unpack it with its password, and open the folder."), "files" },
  { "bundle-link-outside", FLASH_SEVERITY_WARNING,
    N_ ("A link leads out of the archive or in a circle, and is not used."),
    N_ ("If the file behind it is needed, unpack the archive yourself where the link leads to "
        "it."),
    "files" },
  { "bundle-name-twice", FLASH_SEVERITY_WARNING,
    N_ ("A name is in the archive more than once, and the last one counts."),
    N_ ("Look whether the archive was put together rightly."), "files" },
  { "bundle-nested-archive", FLASH_SEVERITY_INFO,
    N_ ("There is an archive inside of the archive, in which no layouts are looked for."),
    N_ ("Unpack the outer archive, and open the inner one if the layout is in there."), "files" },
  { "bundle-no-layout", FLASH_SEVERITY_ERROR, N_ ("There is no layout in the folder or archive."),
    N_ ("Open the folder in which the build puts its images; layouts end in “.tsv”."), "files" },
  { "bundle-no-space", FLASH_SEVERITY_ERROR, N_ ("There is not enough room to unpack the archive."),
    N_ ("Make room in your cache folder, or unpack the archive elsewhere and open the folder."),
    "files" },
  { "bundle-no-such-layout", FLASH_SEVERITY_ERROR,
    N_ ("That name fits no layout in the folder or archive, or more than one."),
    N_ ("Give one of the names that the message lists."), "command-line" },
  { "bundle-not-opened", FLASH_SEVERITY_ERROR,
    N_ ("No layout could be taken out of the folder or archive."),
    N_ ("Read what is said above it: it names what is wrong.\n"
        "Choose another folder or archive, or get it again."),
    "files" },
  { "bundle-not-unpacked", FLASH_SEVERITY_ERROR,
    N_ ("The archive could not be unpacked on this computer."),
    N_ ("Make room in your cache folder, and see that you may write to it.\n"
        "Or unpack the archive yourself and give the folder."),
    "files" },
  { "bundle-too-deep", FLASH_SEVERITY_INFO,
    N_ ("The folder is deeper than is searched for layouts."),
    N_ ("Open the folder that holds the layout."), "files" },
  { "bundle-too-large", FLASH_SEVERITY_ERROR,
    N_ ("There is more in the folder or archive than is looked through."),
    N_ ("Unpack the archive yourself, and open the folder that holds the layout."), "files" },
  { "bundle-unknown-kind", FLASH_SEVERITY_ERROR,
    N_ ("The file is neither a layout nor an archive that can be opened here."),
    N_ ("Unpack it with the program that made it, and open the folder."), "files" },
  { "bundle-unreadable", FLASH_SEVERITY_ERROR, N_ ("The folder or archive cannot be read."),
    N_ ("Check that it exists and that you may read it."), "files" },
  { "bundle-unsafe", FLASH_SEVERITY_ERROR,
    N_ ("The archive tries to write outside of the folder into which it is unpacked."),
    N_ ("Do not use it, unless you know who made it.\n"
        "If you trust it, unpack it yourself and open the folder."),
    "files" },
  { "bundle-unsafe-name", FLASH_SEVERITY_WARNING,
    N_ ("A name in the archive cannot be used safely, and is left out."),
    N_ ("If that file is needed, unpack the archive yourself and rename the file."), "files" },
  { NULL },
};
