# SPDX-License-Identifier: GPL-3.0-or-later
"""J4: firmware onto a chip whose flash is write protected, by keyboard alone: the one cause, what
is offered, and then written and verified."""

import random
import re
import struct
from pathlib import Path

from screen import Listener, Screen

RANDOM = random.Random(4)
# A stack that the chip has, and a reset handler behind the vectors.
PROGRAM = struct.pack("<II", 0x20004000, 0x08000101) + RANDOM.randbytes(20000)
CAUSE = "The flash is write protected"
REMEDY = "^Remove the write protection from the sectors that are named, and flash again"
WRITTEN = ("Written and verified\nWritten: .* sectors.*\nVerified: Yes, .* read back and compared\n"
           "Started: Yes, it has left its boot loader\n")


def lift_protection(screen, board):
    """In the option bytes, a bit that is 0 protects."""
    options = screen.follow("^Option bytes of")
    for field in range(4):
        screen.go("Tab", f"^nWRP{field}$")
        assert screen.step("Tab").get_role_name() == "text"
        screen.replace_text("0xff")
    screen.go("Tab", "^To go on, type “write”$")
    screen.type("write")
    screen.press("Return")
    screen.wait_focus("^Close$")
    screen.press("Return")
    screen.wait_gone(options)
    screen.follow(board)
    screen.wait_focus("^(Look at the option bytes|Back to firmware)")


def flash_firmware(program, folder):
    """From a file without an address to a board that runs it."""
    path = Path(folder) / "app.bin"
    path.write_bytes(PROGRAM)
    screen = Screen(program, FLASHWRIGHT_VIRTUAL=f"stm32f105,wrp=all,timing=fast,storage={folder}")
    listener = Listener("object:property-change:accessible-name")
    try:
        screen.follow("^Flashwright$")
        screen.press("Control_L+o")
        screen.choose("^Open a layout or firmware", path)
        screen.follow("^app.bin$")
        screen.wait_focus("^Start address$")
        screen.go("Tab", "^Use it")
        screen.press("Return")
        screen.go("Tab", screen.find_last_board("STM32F105/107. Boot loader"))
        screen.press("Return")
        screen.go("Tab", "^Flash STM32F105/107$")
        screen.press("Return")
        told = screen.wait_focus("^Look at the option bytes").get_description()
        assert told.startswith(CAUSE), told
        assert "\nVerified: No, what was read back differs\n" in told, told
        # After the cause, how certain that is; and what helps.
        screen.wait_for(REMEDY, "label")
        screen.press("Return")
        lift_protection(screen, "^app.bin$")
        screen.go("Tab", "^Back to firmware$")
        screen.press("Return")
        screen.go("Tab", "^Flash STM32F105/107$")
        screen.press("Return")
        told = screen.wait_focus("^Back to firmware$").get_description()
        assert re.match(WRITTEN, told), told
        screen.wait("the end to be said", lambda: listener.list_said("alert")[-1:] == [
            "Written and verified"])
        said = listener.list_said("alert")
        assert sum(text.startswith(CAUSE) for text in said) == 1, said
        assert (Path(folder) / "flash.bin").read_bytes()[:len(PROGRAM)] == PROGRAM
    finally:
        listener.close()
        screen.close()
