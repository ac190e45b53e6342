/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A board that is away. */
#define G_LOG_DOMAIN "flash-advice-away"

#include "config.h"

#include "flash-advice-private.h"

const FlashAdvice flash_advice_away[] = {
  { "bad-cable", FLASH_SEVERITY_ERROR, N_ ("The cable or the port does not carry the connection."),
    N_ ("Use the cable and the port with which it was better, or a short data cable on a port "
        "of the computer itself.\n"
        "Throw the other cable away, or mark it.\n"
        "Reset the board into serial boot, or a microcontroller with BOOT0 held, and flash "
        "again."),
    "cables-and-hubs" },
  { "board-reset", FLASH_SEVERITY_ERROR,
    N_ ("The board was reset or lost its power for a moment, so that it left what it was doing."),
    N_ ("Give the board a supply of its own, and connect it without a hub.\n"
        "Reset it into serial boot, or start a microcontroller with BOOT0 held.\n"
        "Flash again."),
    "power" },
  { "boot-loader-stuck", FLASH_SEVERITY_ERROR,
    N_ ("The program that answers on the board has come into a state from which it does not go "
        "on."),
    N_ ("Reset the board into serial boot, or start a microcontroller with BOOT0 held, and "
        "flash again.\n"
        "If it stops at the same place again, take boot files or a boot loader of another "
        "release."),
    "lost-board" },
  { "boot-switches-wrong", FLASH_SEVERITY_ERROR,
    N_ ("The boot switches of the board do not stand at serial boot, so that it starts from "
        "its storage."),
    N_ ("Set the boot switches to serial boot; the help has pictures for ST's boards.\n"
        "Switch the board off and on: a reset is not enough on every board.\n"
        "Flash again, and set the switches back to the storage at the end."),
    "boot-switches" },
  { "boot0-not-sampled", FLASH_SEVERITY_ERROR,
    N_ ("BOOT0 was not high when the chip got its power, so that it started its program "
        "instead of its boot loader."),
    N_ ("Hold BOOT0, or set its jumper, before the board gets power.\n"
        "Remove all power for some seconds: USB, debug probe and battery.\n"
        "Connect the board again and release BOOT0 only when it is listed.\n"
        "On some chips option bytes decide about the pin; the help lists them by family."),
    "microcontrollers" },
  { "bootloader-left", FLASH_SEVERITY_WARNING,
    N_ ("The board has left its boot loader and seems to run its program."),
    N_ ("If that is what you wanted, there is nothing to do: look whether the program works.\n"
        "If not, hold BOOT0 and plug the board in again."),
    "microcontrollers" },
  { "bus-reset", FLASH_SEVERITY_ERROR,
    N_ ("This computer or its virtual machine has reset the USB port while the board took over "
        "the layout, which ends the session of an STM32MP1."),
    N_ ("Flash from a computer that is no virtual machine, or hand the whole USB controller to the "
        "virtual machine.\n"
        "Close other programs that reset USB devices, and use a port of the computer itself.\n"
        "Start again from the first stage."),
    "virtual-machines" },
  { "came-back-elsewhere", FLASH_SEVERITY_ERROR,
    N_ ("A board with the same serial number has appeared on another port."),
    N_ ("If it is the same board, continue with it on that port.\n"
        "If it is another one, disconnect it and plug the first board in again where it was."),
    "lost-board" },
  { "came-back-in-rom", FLASH_SEVERITY_ERROR, N_ ("The board restarted into its ROM."),
    N_ ("Start again from the first stage: the board waits for it.\n"
        "If it restarts again at the same place, look at its serial console, which tells what "
        "stopped there.\n"
        "If it restarts at different places, give it a supply of its own and another cable."),
    "first-stage" },
  { "came-back-late", FLASH_SEVERITY_WARNING,
    N_ ("The board came back only after this program had stopped waiting for it."),
    N_ ("Set a longer waiting time; erasing a large storage may take minutes.\n"
        "Reset the board into serial boot and flash again."),
    "lost-board" },
  { "different-board", FLASH_SEVERITY_ERROR, N_ ("Another board appeared on the port."),
    N_ ("Connect the board with which the job began.\n"
        "Reset it into serial boot and flash again."),
    "lost-board" },
  { "never-came-back", FLASH_SEVERITY_ERROR, N_ ("The board left the bus and did not come back."),
    N_ ("Reset the board into serial boot, or start a microcontroller with BOOT0 held; it goes "
        "on when the board shows up.\n"
        "If it happens again at the same place, open its serial console: it shows which stage "
        "has stopped.\n"
        "With a layout, check that its boot files are made for this board."),
    "lost-board" },
  { "no-power", FLASH_SEVERITY_ERROR, N_ ("The board has no power."),
    N_ ("Check its supply, the power switch and the jumper that chooses the supply.\n"
        "Do not feed a board with a display or a modem from one USB port alone.\n"
        "Switch it on, reset it into serial boot and flash again."),
    "power" },
  { "not-back-yet", FLASH_SEVERITY_WARNING,
    N_ ("The board has left the bus, and is still waited for."),
    N_ ("Wait until the time is over: some boards take long to start.\n"
        "Look meanwhile whether the cable is plugged in at both ends, and whether the board has "
        "power.\n"
        "If it has a serial console, look at what it prints."),
    "lost-board" },
  { "not-proved-same", FLASH_SEVERITY_ERROR,
    N_ ("It cannot be proved that this is the same board: on another port only a serial number "
        "tells that, and one of the two was not known."),
    N_ ("Put the board back on the port on which the job began.\n"
        "If the job has ended, reset the board into serial boot and flash again."),
    "lost-board" },
  { "other-boot-loader", FLASH_SEVERITY_ERROR,
    N_ ("The board runs U-Boot or its SPL in a mode that takes no layouts."),
    N_ ("Use a TF-A that is built for USB (STM32MP_USB_PROGRAMMER) as first stage: SPL cannot "
        "serve as one here.\n"
        "Reset the board into serial boot and flash again."),
    "second-stage" },
  { "other-device-on-port", FLASH_SEVERITY_ERROR,
    N_ ("Another USB device answers on the port of the board, and it is not waiting to be "
        "flashed."),
    N_ ("Look at the boot switches, or at BOOT0 of a microcontroller: with a wrong setting the "
        "board starts what it holds.\n"
        "If something else was plugged in there, put the board back on its port.\n"
        "Reset the board into serial boot, or start a microcontroller with BOOT0 held, and flash "
        "again."),
    "lost-board" },
  { "restarted-from-rom", FLASH_SEVERITY_WARNING,
    N_ ("The board restarted into its ROM, and the job begins again from the first stage by "
        "itself."),
    N_ ("There is nothing to do now: what is on the storage already is not sent again.\n"
        "If the board restarts once more, the job stops and says what is known."),
    "lost-board" },
  { "rom-not-seen", FLASH_SEVERITY_ERROR,
    N_ ("The board seems to wait in its ROM, but nothing of it reaches this computer."),
    N_ ("Connect the cable to the board's USB device port, not to the one of its debugger.\n"
        "Use another data cable, and a port of the computer itself.\n"
        "Reset the board and look whether it is listed."),
    "cables-and-hubs" },
  { "session-lost", FLASH_SEVERITY_ERROR,
    N_ ("The board is back, but what it was doing cannot be taken up again."),
    N_ ("Reset the board into serial boot and flash again.\n"
        "If the connection breaks again, use another cable and a port of the computer itself."),
    "lost-board" },
  { "stage-not-left", FLASH_SEVERITY_ERROR,
    N_ ("The board is still in the stage that it was told to leave."),
    N_ ("Wait a little: some boards take seconds to start the next stage.\n"
        "Look at its serial console, which tells why it stays.\n"
        "Reset it into serial boot and flash again."),
    "lost-board" },
  { "still-erasing", FLASH_SEVERITY_INFO,
    N_ ("The layout has the board erase its storage, during which it is off the bus."),
    N_ ("Wait: large memories take minutes, and nothing is wrong so far.\n"
        "Do not switch the board off meanwhile."),
    "storage" },
  { "still-waiting", FLASH_SEVERITY_WARNING, N_ ("The board has not come back yet."),
    N_ ("Wait a little longer: some boards take long to start or to erase.\n"
        "Look whether it is still connected and switched on."),
    "lost-board" },
  { "vm-passthrough", FLASH_SEVERITY_ERROR,
    N_ ("This computer is a virtual machine, and the computer outside has kept the board, "
        "which came back as a new USB device."),
    N_ ("Outside of the virtual machine, set USB filters for every stage of the board: this "
        "program shows the text to paste.\n"
        "Or pass the device on by hand, in the USB menu of the virtual machine; the board need "
        "not be unplugged.\n"
        "Continue when the board is listed here; if it has waited too long, reset it into "
        "serial boot first.\n"
        "If the settings cannot be changed, make an image of the SD card instead."),
    "virtual-machines" },
  { NULL },
};
