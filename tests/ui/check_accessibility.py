#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The editor as assistive technology meets it: read and driven from another process, by AT-SPI and
keys alone.

usage: headless.sh check_accessibility.py PROGRAM   (with HEADLESS_SERVICES=org.a11y.Bus)"""

import ctypes
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "style"))
from tap import Tap  # noqa: E402

try:
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as error:
    print(f"1..0 # SKIP gir1.2-atspi-2.0 or python3-gi is not installed: {error}")
    sys.exit(0)

LAYOUT = """#Opt\tId\tName\tType\tIP\tOffset\tBinary
# the card as we ship it
P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tfsbl.bin
P\t0x05\tfip\tFIP\tmmc0\t0x00044400\tfip.bin
P\t0x10\trootfs\tFileSystem\tmmc0\t0x00444400\trootfs.img
"""

# What a widget is called that nobody gave a name.
CLASS_NAME = re.compile(r"^(Gtk|Adw|Flash)[A-Z]\w+$")


class Keyboard:
    """Real keys, by XTEST, into the one window of the display: there is no window manager that
    would give it the keyboard."""

    def __init__(self):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.xtst = ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XStringToKeysym.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))

    def take(self):
        root = self.x11.XDefaultRootWindow(self.display)
        unused, children = ctypes.c_ulong(), ctypes.POINTER(ctypes.c_ulong)()
        n_children = ctypes.c_uint()
        self.x11.XQueryTree(self.display, ctypes.c_ulong(root), ctypes.byref(unused),
                            ctypes.byref(unused), ctypes.byref(children),
                            ctypes.byref(n_children))
        revert_to_parent, current_time = 2, 0
        self.x11.XSetInputFocus(self.display, ctypes.c_ulong(children[n_children.value - 1]),
                                revert_to_parent, current_time)
        self.x11.XSync(self.display, False)

    def press(self, name, control=False):
        names = {" ": "space", ".": "period", "/": "slash", "-": "minus", "_": "underscore"}
        keysym = self.x11.XStringToKeysym(names.get(name, name).encode())
        keycode = self.x11.XKeysymToKeycode(self.display, ctypes.c_ulong(keysym))
        assert keycode, f"there is no key {name}"
        codes = [keycode]
        if control:
            keysym = self.x11.XStringToKeysym(b"Control_L")
            codes.insert(0, self.x11.XKeysymToKeycode(self.display, ctypes.c_ulong(keysym)))
        for code in codes:
            self.xtst.XTestFakeKeyEvent(self.display, code, True, 0)
        for code in reversed(codes):
            self.xtst.XTestFakeKeyEvent(self.display, code, False, 0)
        self.x11.XSync(self.display, False)


class Screen:
    """The program, as its tree of accessible objects."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, *arguments])
        self.application = self.wait("the program on the bus", self._find_application)
        self.keyboard = Keyboard()

    def _find_application(self):
        for node in self.children(Atspi.get_desktop(0)):
            if node.get_process_id() == self.process.pid:
                return node
        return None

    def wait(self, what, function):
        """Asks again until there is an answer: events get lost while a program starts."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            assert not hasattr(self, "process") or self.process.poll() is None, \
                f"the program ended while waiting for {what}"
            try:
                found = function()
            except GLib.Error:  # it went away while it was looked at
                found = None
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"waited in vain for {what}")

    @staticmethod
    def children(node):
        nodes = (node.get_child_at_index(i) for i in range(node.get_child_count()))
        return [child for child in nodes if child]

    def walk(self):
        Atspi.Accessible.clear_cache(self.application)
        todo = [self.application]
        while todo:
            node = todo.pop(0)
            yield node
            todo[:0] = self.children(node)

    def find(self, name, role=None):
        """The first object whose name matches, wherever it is."""
        pattern = re.compile(name)
        return next((node for node in self.walk() if pattern.search(node.get_name() or "")
                     and (role is None or node.get_role_name() == role)), None)

    def wait_for(self, name, role=None):
        return self.wait(f"“{name}”", lambda: self.find(name, role))

    @staticmethod
    def click(button):
        """A button has one action, to be pressed."""
        assert Atspi.Action.do_action(button, 0)

    def press(self, name, control=False):
        """A key by its name, as X has it."""
        self.keyboard.press(name, control)

    def type(self, text):
        for letter in text:
            self.press(letter)

    def get_focused(self):
        return next((node for node in self.walk()
                     if node.get_state_set().contains(Atspi.StateType.FOCUSED)), None)

    def wait_focus(self, name):
        """Waits until what has the keyboard is called so."""
        pattern = re.compile(name)

        def is_there():
            node = self.get_focused()
            return node if node is not None and pattern.search(node.get_name() or "") else None
        return self.wait(f"the keyboard on “{name}”", is_there)

    def go(self, key, name, most=40):
        """Presses the key until what has the keyboard is called so."""
        pattern = re.compile(name)
        seen = []
        for _ in range(most):
            node = self.get_focused()
            seen.append(node.get_name() if node is not None else "nothing")
            if pattern.search(seen[-1] or ""):
                return
            self.press(key)
            self.wait("the keyboard elsewhere", lambda: (
                self.get_focused() or self.application).get_name() != seen[-1])
        raise AssertionError(f"{key} does not lead to “{name}”, but to {seen}")

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=20)


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
    screen.press("a", control=True)
    screen.type("data")
    screen.press("Return")
    screen.wait_for("^Name: data, row data$")
    screen.wait("the map with the new name", lambda: "data: starts at 0x00444400" in
                screen.wait_for("^Storage mmc0", "slider").get_description())
    screen.press("z", control=True)
    screen.wait_for("^Name: rootfs, row rootfs$")
    assert path.read_text() == LAYOUT, "the file was written before it was saved"
    screen.press("y", control=True)
    screen.wait_for("^Name: data, row data$")
    screen.press("s", control=True)
    wanted = LAYOUT.replace("\trootfs\t", "\tdata\t")
    screen.wait("the saved file", lambda: path.read_text() == wanted)


def mend(screen, path):
    """A fault is made, announced, and mended by its button."""
    screen.go("Right", "^Offset: 0x00444400, row data$")
    screen.press("F2")
    screen.press("a", control=True)
    screen.type("0x00444401")
    screen.press("Return")
    screen.wait_for("^Problems: Error, row data$")
    screen.click(screen.wait_for("^Fix: 0x00444401 is not a multiple", "push button"))
    screen.wait_for("^Offset: 0x00444600, row data$")
    screen.press("s", control=True)
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
