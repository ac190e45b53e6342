#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The editor as assistive technology meets it: read and driven from another process, by AT-SPI and
keys alone.

usage: headless.sh check_accessibility.py PROGRAM   (with HEADLESS_SERVICES=org.a11y.Bus)"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "style"))
from screen import CLASS_NAME, Atspi, Screen  # noqa: E402
from tap import Tap  # noqa: E402

LAYOUT = """#Opt\tId\tName\tType\tIP\tOffset\tBinary
# the card as we ship it
P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tfsbl.bin
P\t0x05\tfip\tFIP\tmmc0\t0x00044400\tfip.bin
P\t0x10\trootfs\tFileSystem\tmmc0\t0x00444400\trootfs.img
"""


def make_layout(folder):
    path = Path(folder) / "card.tsv"
    path.write_text(LAYOUT)
    for name, size in (("fsbl.bin", 4096), ("fip.bin", 65536), ("rootfs.img", 1 << 20)):
        (Path(folder) / name).write_bytes(bytes(size))
    return path


def complain_about_names(screen):
    """Whatever can be used has a name, and not that of its class."""
    complaints = []
    for node in screen.walk():
        role = node.get_role_name()
        name = node.get_name() or ""
        is_used = role in ("push button", "toggle button", "entry", "combo box", "check box") \
            or "EditableText" in node.get_interfaces()
        if is_used and (not name or CLASS_NAME.match(name) or name.startswith("_")):
            complaints.append(f"a {role} is called “{name}”")
    return complaints


def read(screen):
    """What is on the screen can be read: the map, each cell, each problem."""
    slider = screen.wait_for("^Storage mmc0", "slider")
    description = slider.get_description()
    for fact in ("fsbl1: starts at 0x00004400, 256 KiB", "fip: starts at 0x00044400, 4 MiB",
                 "rootfs: starts at 0x00444400"):
        assert fact in description, f"the map does not say “{fact}”: {description}"
    for cell in ("^Id: 0x04, row fsbl1$", "^Offset: 0x00044400, row fip$", "^Type: FIP, row fip$"):
        screen.wait_for(cell)
    screen.wait_for("No partition has the type System")


def edit(screen, path):
    """A name is changed, taken back, changed again and saved, by keys alone."""
    screen.go("Tab", "row fsbl1$")
    screen.go("Down", "row rootfs$")
    screen.go("Right", "^Name: rootfs, row rootfs$")
    screen.press("F2")
    screen.wait_focus("^Name")
    screen.press("Control_L+a")
    screen.type("data")
    screen.press("Return")
    screen.wait_for("^Name: data, row data$")
    screen.wait("the map with the new name", lambda: "data: starts at 0x00444400" in
                screen.wait_for("^Storage mmc0", "slider").get_description())
    screen.press("Control_L+z")
    screen.wait_for("^Name: rootfs, row rootfs$")
    assert path.read_text() == LAYOUT, "the file was written before it was saved"
    screen.press("Control_L+y")
    screen.wait_for("^Name: data, row data$")
    screen.press("Control_L+s")
    wanted = LAYOUT.replace("\trootfs\t", "\tdata\t")
    screen.wait("the saved file", lambda: path.read_text() == wanted)


def mend(screen, path):
    """A fault is made, announced, and mended by its button."""
    screen.go("Right", "^Offset: 0x00444400, row data$")
    screen.press("F2")
    screen.press("Control_L+a")
    screen.type("0x00444401")
    screen.press("Return")
    screen.wait_for("^Problems: Error, row data$")
    screen.click(screen.wait_for("^Fix: 0x00444401 is not a multiple", "push button"))
    screen.wait_for("^Offset: 0x00444600, row data$")
    screen.press("Control_L+s")
    screen.wait("the mended file", lambda: "0x00444600" in path.read_text())


def complain(function, *arguments):
    try:
        return function(*arguments) or []
    except AssertionError as error:
        return [str(error)]


def main():
    tap = Tap()
    Atspi.init()
    with tempfile.TemporaryDirectory() as folder:
        path = make_layout(folder)
        screen = Screen(sys.argv[1], str(path))
        try:
            screen.wait_for("card.tsv", "frame")
            screen.keyboard.take()
            tap.result("everything that can be used has a name",
                       complain(complain_about_names, screen))
            tap.result("map, table and problems can be read", complain(read, screen))
            tap.result("a cell is edited by keys alone", complain(edit, screen, path))
            tap.result("a problem is mended by its button", complain(mend, screen, path))
        finally:
            screen.close()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
