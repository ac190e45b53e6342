# SPDX-License-Identifier: GPL-3.0-or-later
"""J13: a layout of one's own, from a template to the file, by keyboard alone: names and files are
typed, offsets are proposed, a problem is read and mended, and each byte that is saved is known."""

import re
from pathlib import Path

from cli_bench import make_fip, make_stm32
from screen import Screen

HEAD = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
STAGES = "-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\t{0}\n-\t0x03\tfip-boot\tFIP\tnone\t0x0\t{1}\n"
CHAIN = ("PE\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tnone\n"
         "PE\t0x05\tfsbl2\tBinary\tmmc0\t0x00044400\tnone\n"
         "PE\t0x06\tmetadata1\tFWU_MDATA\tmmc0\t0x00084400\tnone\n"
         "PE\t0x07\tmetadata2\tFWU_MDATA\tmmc0\t0x000C4400\tnone\n"
         "PE\t0x08\tfip\tFIP\tmmc0\t0x00104400\tnone\n"
         "PE\t0x09\tu-boot-env\tENV\tmmc0\t0x00504400\tnone\n"
         "PE\t0x10\tbootfs\tSystem\tmmc0\t0x00584400\tnone\n")
TEMPLATE = HEAD + STAGES.format("none", "none") + CHAIN + \
    "PE\t0x11\trootfs\tFileSystem\tmmc0\t0x04584400\tnone\n"
WANTED = HEAD + STAGES.format("tf-a.stm32", "fip.bin") + CHAIN + \
    "P\t0x11\tmine\tFileSystem\tmmc0\t0x04584600\tmine.img\n"


def edit(screen, value, changed):
    """Types a value into the cell that has the keyboard, until it is called otherwise."""
    screen.press("F2")
    screen.wait("the cell to be typed into", lambda: (
        found := screen.get_focused()) is not None and found.get_role_name() == "text")
    screen.press("Control_L+a")
    screen.type(value)
    screen.press("Return")
    screen.wait_focus(changed)


def fill_in(screen):
    """Names, files and a wrong offset, by going from cell to cell."""
    screen.go("Tab", "row fsbl-boot$")
    screen.go("Right", "^File: No file, row fsbl-boot$")
    edit(screen, "tf-a.stm32", "^File: tf-a.stm32, row fsbl-boot$")
    screen.go("Down", "^File: No file, row fip-boot$")
    edit(screen, "fip.bin", "^File: fip.bin, row fip-boot$")
    screen.go("Down", "row rootfs$")
    screen.go("Left", "^Name: rootfs, row rootfs$")
    edit(screen, "mine", "^Name: mine, row mine$")
    screen.go("Right", "^File: .*, row mine$")
    edit(screen, "mine.img", "^File: mine.img, row mine$")
    screen.go("Left", "^Offset: 0x04584400, row mine$")
    edit(screen, "0x04584401", "^Offset: 0x04584401, row mine$")


def mend(screen):
    """The problem is read with its severity, and mended by its button."""
    screen.wait_for("^Error in line 11, column 6: 0x04584401 is not a multiple", "list item")
    screen.wait_for("^Problems: Error, row mine$")
    screen.go("Tab", "^Fix: 0x04584401 is not a multiple", 80)
    screen.press("space")
    screen.wait_for("^Offset: 0x04584600, row mine$")


def write_layout(program, folder):
    """From a template to a file of which each byte is known."""
    path = Path(folder) / "own.tsv"
    (Path(folder) / "tf-a.stm32").write_bytes(make_stm32(b"DFU USB START\0" + bytes(4096)))
    (Path(folder) / "fip.bin").write_bytes(make_fip())
    (Path(folder) / "mine.img").write_bytes(bytes(1 << 20))
    screen = Screen(program)
    try:
        screen.follow("^Flashwright$")
        screen.press("Control_L+Shift_L+n")
        screen.follow("^New layout$")
        screen.go("Tab", "^Create$")
        screen.press("Return")
        screen.follow("Untitled layout$")
        screen.press("Control_L+s")
        screen.choose("^Save", path)
        screen.follow("own.tsv$")
        assert path.read_text() == TEMPLATE, path.read_text()
        map_text = screen.wait_for("^Storage mmc0", "slider").get_description()
        assert re.search("fsbl1: starts at 0x00004400, 256 KiB", map_text), map_text
        fill_in(screen)
        mend(screen)
        screen.press("Control_L+s")
        screen.wait("the changes to be saved", lambda: path.read_text() != TEMPLATE)
        assert path.read_bytes() == WANTED.encode(), path.read_text()
    finally:
        screen.close()
