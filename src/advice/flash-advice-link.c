/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way between computer and board. */
#define G_LOG_DOMAIN "flash-advice-link"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_link[] = {
  { "blocks-out-of-order", FLASH_SEVERITY_ERROR,
    N_ ("The board lost count of the blocks that were sent, and refuses the rest."),
    N_ ("Reset the board into serial boot and flash again: an earlier transfer was broken off "
        "in the middle.\n"
        "If it happens again, use another cable, and a port without a hub."),
    "cables-and-hubs" },
  { "descriptor-failed", FLASH_SEVERITY_ERROR,
    N_ ("Something is plugged in, but this computer could not read what it is."),
    N_ ("Use another cable, shorter and meant for data.\n"
        "Connect it to a port of the computer itself, if possible to one for USB 2.\n"
        "Give the board a supply of its own, then reset it.\n"
        "If it is a board of your own, check the crystal and the supply of its USB pins."),
    "cables-and-hubs" },
  { "f0-needs-hub", FLASH_SEVERITY_ERROR,
    N_ ("The boot loader of STM32F0 chips is known to fail when it stands directly on a fast "
        "USB port."),
    N_ ("Put a USB 2.0 hub between the computer and the board.\n"
        "Start the chip again with BOOT0 held, then flash again."),
    "cables-and-hubs" },
  { "full-speed-link", FLASH_SEVERITY_WARNING,
    N_ ("The board is connected at full speed, about ten times slower than it could be."),
    N_ ("Use another cable or another port, without a hub.\n"
        "Look at the new link before you flash: some boot stages work at high speed only and "
        "do not come back on this one."),
    "cables-and-hubs" },
  { "link-error", FLASH_SEVERITY_ERROR, N_ ("The USB connection to the board failed."),
    N_ ("Use another cable and another port, without a hub.\n"
        "Reset the board into serial boot, or start a microcontroller with BOOT0 held.\n"
        "Flash again."),
    "cables-and-hubs" },
  { "low-battery", FLASH_SEVERITY_WARNING, N_ ("The battery of this computer is nearly empty."),
    N_ ("Connect the computer to its charger before you flash: a board that is left half "
        "written does not start."),
    "power" },
  { "many-hubs", FLASH_SEVERITY_WARNING,
    N_ ("There are several hubs between this computer and the board."),
    N_ ("Connect the board to a port of the computer itself if transfers fail or are slow.\n"
        "If a hub is needed, use one with a supply of its own."),
    "cables-and-hubs" },
  { "no-hs-second-stage", FLASH_SEVERITY_ERROR,
    N_ ("The board is connected at full speed, and the first boot stage answers at high speed "
        "only."),
    N_ ("Use another cable or another port, without a hub, until the board is listed at high "
        "speed.\n"
        "Reset the board into serial boot and flash again.\n"
        "If it is a board of your own, check the crystal and the wiring of its USB connection."),
    "cables-and-hubs" },
  { "over-current", FLASH_SEVERITY_ERROR,
    N_ ("The USB port was switched off because too much current was drawn from it."),
    N_ ("Unplug the board and give it a supply of its own.\n"
        "Look for a short circuit or for shields that draw much current.\n"
        "Use another port if this one stays off; some come back only after a restart of the "
        "computer."),
    "power" },
  { "port-disturbed", FLASH_SEVERITY_ERROR,
    N_ ("The connection breaks off again and again, as it does with a bad contact or with "
        "disturbances."),
    N_ ("Use a shorter cable, and a port of the computer itself.\n"
        "Keep the cable away from motors, relays and switching supplies, and connect their "
        "grounds.\n"
        "Reset the board into its boot loader and flash again."),
    "cables-and-hubs" },
  { "port-may-suspend", FLASH_SEVERITY_INFO,
    N_ ("This computer may put the USB port of the board to sleep when nothing happens on it."),
    N_ ("If the board is lost in pauses, turn off power saving for USB, for example in TLP or "
        "PowerTOP."),
    "cables-and-hubs" },
  { "readings-differ", FLASH_SEVERITY_ERROR,
    N_ ("Reading the same memory twice gives different bytes."),
    N_ ("Use a shorter cable, and another port or a USB 2.0 hub: the connection is not "
        "reliable.\n"
        "Try again, and trust nothing that was read before."),
    "cables-and-hubs" },
  { "rom-too-fast-host", FLASH_SEVERITY_ERROR,
    N_ ("The USB of this computer is too fast for the boot loader of the chip, which then refuses "
        "to be read."),
    N_ ("Put a USB 2.0 hub between the computer and the board, or use another computer.\n"
        "Do not remove the read protection for this: it is probably not on, and removing it "
        "erases the chip.\n"
        "Start the boot loader anew and try again."),
    "cables-and-hubs" },
  { NULL },
};
