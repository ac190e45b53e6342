#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The installed Flatpak's window, driven from outside by AT-SPI and keys. Prints one line of JSON
for each check or figure.

usage: drive_window.py PRACTICE   (as the user who has it installed, with display and bus)"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from flatpak_bench import APP, ROOT

sys.path.insert(0, str(ROOT / "tests" / "ui"))
from screen import Atspi, Screen  # noqa: E402

import gi  # noqa: E402
gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

LAYOUT = """#Opt\tId\tName\tType\tIP\tOffset\tBinary
P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tfsbl.bin
P\t0x10\trootfs\tFileSystem\tmmc0\t0x00444400\trootfs.img
"""
LONE = "^Only the layout was shared with Flashwright"

# Flags of AddFull, see the documentation of org.freedesktop.portal.Documents.
REUSE_EXISTING, AS_NEEDED_BY_APP, EXPORT_DIRECTORY = 1, 4, 8


class Sandboxed(Screen):
    """The program behind the proxies of its sandbox, where its process id says nothing."""

    def __init__(self, *arguments):
        start = time.monotonic()
        super().__init__("flatpak", "run", "--env=GSK_RENDERER=cairo", *arguments)
        self.seconds = time.monotonic() - start

    def _find_application(self):
        return next((node for node in self.children(Atspi.get_desktop(0))
                     if self.children(node)), None)

    def close(self):
        """The program itself, not what waits for it: that would leave the sandbox behind, with
        its hands on our output."""
        subprocess.run(["flatpak", "kill", APP], check=True)
        self.process.wait(timeout=20)


def tell(name, complaints):
    print(json.dumps({"name": name, "complaints": complaints}), flush=True)


def note(figure):
    print(json.dumps({"figure": figure}), flush=True)


def share_folder(folder):
    """Hands a folder to the application, as the portal's file dialog does; returns its path in the
    sandbox."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    descriptors = Gio.UnixFDList.new()
    handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    index = descriptors.append(handle)
    os.close(handle)
    answer, _ = bus.call_with_unix_fd_list_sync(
        "org.freedesktop.portal.Documents", "/org/freedesktop/portal/documents",
        "org.freedesktop.portal.Documents", "AddFull",
        GLib.Variant("(ahusas)", ([index], REUSE_EXISTING | AS_NEEDED_BY_APP | EXPORT_DIRECTORY,
                                  APP, ["read", "write"])),
        None, Gio.DBusCallFlags.NONE, -1, descriptors)
    identifier = answer.unpack()[0][0]
    return f"{os.environ['XDG_RUNTIME_DIR']}/doc/{identifier}/{Path(folder).name}"


def check_lone_file(folder):
    """A layout alone: why its files are missing is said, and it can be changed and saved."""
    path = Path(folder) / "card.tsv"
    path.write_text(LAYOUT)
    screen = Sandboxed("--file-forwarding", APP, "@@", str(path), "@@")
    try:
        screen.wait_for("card.tsv", "frame")
        note(f"{screen.seconds:.2f} s from “flatpak run” to a window that can be read")
        screen.keyboard.take()
        screen.wait_for(LONE)
        screen.wait_for("^Open folder…$", "push button")
        screen.wait_for("^shared file$")
        screen.go("Tab", "row fsbl1$")
        screen.go("Down", "row rootfs$")
        screen.go("Right", "^Name: rootfs, row rootfs$")
        screen.press("F2")
        screen.wait_focus("^Name")
        screen.press("Control_L+a")
        screen.type("data")
        screen.press("Return")
        screen.wait_for("^Name: data, row data$")
        screen.press("Control_L+s")
        wanted = LAYOUT.replace("\trootfs\t", "\tdata\t")
        screen.wait("the saved file", lambda: path.read_text() == wanted)
    finally:
        screen.close()
    left = sorted(os.listdir(folder))
    return [] if left == ["card.tsv"] else [f"beside the layout there are now {left}"]


def flash(practice):
    """A layout with its folder is flashed onto a virtual board."""
    screen = Sandboxed(APP, share_folder(practice))
    try:
        screen.wait_for("practice.tsv", "frame")
        screen.wait("a chosen board", lambda: choose_board(screen))
        button = screen.wait("a button that flashes",
                             lambda: find_ready(screen, "^Flash STM32MP15"))
        assert screen.find(LONE) is None, "a shared folder is taken for a lone file"
        screen.click(button)
        screen.wait("the result", lambda: find_ready(screen, "^Back to layout$"))
        said = [node.get_name() for node in screen.walk()
                if node.get_role_name() == "label"]
    finally:
        screen.close()
    written = said[said.index("Written") + 1]
    return [] if re.match(r"^(\d+) of \1 partitions$", written) else [f"written: {written}"]


def choose_board(screen):
    """Virtual boards are shown once somebody has asked for them."""
    row = screen.find("^STM32MP15", "list item")
    if row is not None:
        return Atspi.Selection.select_child(row.get_parent(), row.get_index_in_parent())
    button = screen.find("^Try a virtual board$", "push button")
    if button is not None:
        screen.click(button)
    return False


def find_ready(screen, name):
    """The button of that name that can be pressed; those of other pages are there too,
    but cannot."""
    return next((node for node in screen.walk()
                 if node.get_role_name() == "push button" and re.search(name, node.get_name() or "")
                 and node.get_state_set().contains(Atspi.StateType.SENSITIVE)), None)


def check_access():
    """The rule cannot be installed from here: the assistant gives a command for outside."""
    screen = Sandboxed(APP)
    try:
        frame = screen.wait_for("^Flashwright$", "frame")
        actions = [Atspi.Action.get_action_name(frame, number)
                   for number in range(Atspi.Action.get_n_actions(frame))]
        assert Atspi.Action.do_action(frame, actions.index("win.fix-access"))
        screen.wait_for("Flatpak hides the rules of this computer")
        command = screen.wait_for("^sudo install .*/etc/udev/rules.d/60-flashwright.rules")
        for part in ('GOTO="flashwright_end"', "END_OF_RULE", "udevadm control --reload"):
            assert part in command.get_name(), f"the command lacks {part}: {command.get_name()}"
    finally:
        screen.close()


def complain(function, *arguments):
    try:
        return function(*arguments) or []
    except (AssertionError, GLib.Error) as error:
        return [str(error)]


def main():
    Atspi.init()
    practice = Path(sys.argv[1])
    alone = practice.parent / "alone"
    alone.mkdir()
    tell("a lone layout is explained, changed and saved", complain(check_lone_file, alone))
    tell("a layout with its folder is flashed onto a virtual board", complain(flash, practice))
    tell("the access assistant gives a command for outside", complain(check_access))
    return 0


if __name__ == "__main__":
    sys.exit(main())
