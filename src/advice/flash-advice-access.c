/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rights, and who else has the board. */
#define G_LOG_DOMAIN "flash-advice-access"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_access[] = {
  { "busy-in-other-program", FLASH_SEVERITY_ERROR, N_ ("Another program is using the board."),
    N_ ("Close other flashing tools, debuggers and virtual machines that may hold the device.\n"
        "If a service such as fwupd or ModemManager holds it, stop that service while you "
        "flash.\n"
        "Try again; the board need not be unplugged."),
    "access" },
  { "flatpak-no-rule", FLASH_SEVERITY_ERROR,
    N_ ("You may not open the board, and a Flatpak cannot install the access rule for boards from "
        "inside of its sandbox."),
    N_ ("Open “Fix access” in this program and copy the command that it shows.\n"
        "Run the command in a terminal outside of the Flatpak; it asks for the administrator's "
        "password.\n"
        "Unplug the board and plug it in again."),
    "access" },
  { "held-by-vm-program", FLASH_SEVERITY_ERROR,
    N_ ("A virtual machine on this computer has taken the board for itself."),
    N_ ("Remove the filter for this board from the virtual machine, or shut the machine down.\n"
        "Unplug the board and plug it in again, so that it stays with this computer.\n"
        "If you want to flash from inside of the virtual machine, start this program there "
        "instead."),
    "virtual-machines" },
  { "modem-manager", FLASH_SEVERITY_INFO,
    N_ ("ModemManager is running, which looks at new serial ports but not at boards that wait to "
        "be flashed."),
    N_ ("There is nothing to do for flashing.\n"
        "If the serial console of the board is busy for some seconds, have ModemManager leave it "
        "alone, as the help says."),
    "access" },
  { "no-permission", FLASH_SEVERITY_ERROR, N_ ("You may not open the board."),
    N_ ("Open “Fix access” in this program: it shows the access rule, installs it and looks "
        "whether it works.\n"
        "Unplug the board and plug it in again if it stays closed.\n"
        "If the rule is there already, log in at this computer itself: remote sessions get no "
        "rights from it."),
    "access" },
  { "no-udev-rule", FLASH_SEVERITY_ERROR,
    N_ ("No access rule for boards is installed on this computer, so that only the "
        "administrator may open them."),
    N_ ("Open “Fix access” in this program: it shows the rule and installs it, or gives the "
        "one command that does.\n"
        "Unplug the board and plug it in again."),
    "access" },
  { "rival-program", FLASH_SEVERITY_WARNING,
    N_ ("A service is running that is known to open boards by itself."),
    N_ ("If the board is reported as busy, stop that service while you flash.\n"
        "The help says how the service is told for good to leave boards alone."),
    "access" },
  { "same-serial-twice", FLASH_SEVERITY_WARNING,
    N_ ("Two boards with the same serial number are connected."),
    N_ ("Leave them on their ports while you flash: only the port tells them apart.\n"
        "If one of them has to be followed to another port, disconnect the other one first."),
    "lost-board" },
  { "virtual-machine", FLASH_SEVERITY_WARNING,
    N_ ("This computer is a virtual machine, and a board becomes a new USB device in each of "
        "its stages."),
    N_ ("Set up USB filters outside of the virtual machine for every stage of the board, by "
        "vendor and product.\n"
        "This program shows the text for your virtual machine under “Virtual machine settings”.\n"
        "If that cannot be changed, make an image of the SD card instead and write it with a "
        "card reader."),
    "virtual-machines" },
  { NULL },
};
