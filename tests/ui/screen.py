# SPDX-License-Identifier: GPL-3.0-or-later
"""The program as assistive technology meets it: read from another process by AT-SPI, driven by real
keys; and what it says by itself, as a screen reader would hear it.

As a program of its own it is that listener:   screen.py NAME-OF-EVENT…
prints a line of JSON for each event."""

import ctypes
import json
import os
import re
import subprocess
import sys
import threading
import time

try:
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as error:
    print(f"1..0 # SKIP gir1.2-atspi-2.0 or python3-gi is not installed: {error}")
    sys.exit(0)

# What was asked once may be another now; and libatspi's own memory of a tree in which much comes
# and goes ends this process now and then. It looks for this once, at its start.
os.environ["ATSPI_NO_CACHE"] = "1"

# After that long without anything that has the keyboard, it is looked for.
LOOK_SECONDS = 1

# What a widget is called that nobody gave a name.
CLASS_NAME = re.compile(r"^(Gtk|Adw|Flash)[A-Z]\w+$")


class Keyboard:
    """Real keys, by XTEST, into the newest window of the display: there is no window manager that
    would give it the keyboard."""

    def __init__(self):
        self.x11 = ctypes.CDLL("libX11.so.6")
        self.xtst = ctypes.CDLL("libXtst.so.6")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XStringToKeysym.restype = ctypes.c_ulong
        self.x11.XkbKeycodeToKeysym.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        # A window may go away while it is looked at.
        self.on_error = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(
            lambda display, event: 0)
        self.x11.XSetErrorHandler(self.on_error)

    def _list_windows(self):
        root = self.x11.XDefaultRootWindow(self.display)
        unused, children = ctypes.c_ulong(), ctypes.POINTER(ctypes.c_ulong)()
        n_children = ctypes.c_uint()
        self.x11.XQueryTree(self.display, ctypes.c_ulong(root), ctypes.byref(unused),
                            ctypes.byref(unused), ctypes.byref(children),
                            ctypes.byref(n_children))
        return [children[i] for i in reversed(range(n_children.value))]

    def _is_to_be_had(self, window):
        """Whether it is mapped, and no menu, which takes no keys of its own."""
        attributes = (ctypes.c_int * 64)()
        map_state, is_viewable, override_redirect = 92 // 4, 2, 120 // 4
        return self.x11.XGetWindowAttributes(self.display, ctypes.c_ulong(window), attributes) \
            and attributes[map_state] == is_viewable and not attributes[override_redirect]

    def take(self):
        window = next(filter(self._is_to_be_had, self._list_windows()), None)
        revert_to_parent, current_time = 2, 0
        if window is not None:
            self.x11.XSetInputFocus(self.display, ctypes.c_ulong(window), revert_to_parent,
                                    current_time)
            self.x11.XSync(self.display, False)

    def has(self):
        """Whether there is a window, and keys go to the newest one."""
        focus, revert = ctypes.c_ulong(), ctypes.c_int()
        self.x11.XGetInputFocus(self.display, ctypes.byref(focus), ctypes.byref(revert))
        return focus.value == next(filter(self._is_to_be_had, self._list_windows()), None)

    def _get_code(self, keysym):
        return self.x11.XKeysymToKeycode(self.display, ctypes.c_ulong(keysym))

    def _fake(self, codes):
        for code in codes:
            self.xtst.XTestFakeKeyEvent(self.display, code, True, 0)
        for code in reversed(codes):
            self.xtst.XTestFakeKeyEvent(self.display, code, False, 0)
        self.x11.XSync(self.display, False)

    def press(self, keys):
        """Keys by their names, as X has them, that are held together: Control_L+Shift_L+n."""
        codes = [self._get_code(self.x11.XStringToKeysym(name.encode()))
                 for name in keys.split("+")]
        assert all(codes), f"there is no key {keys}"
        self._fake(codes)

    def type(self, text):
        """The symbols of Latin-1 characters are the characters themselves."""
        shift = self._get_code(self.x11.XStringToKeysym(b"Shift_L"))
        for letter in text:
            code = self._get_code(ord(letter))
            assert code, f"there is no key for {letter}"
            is_plain = self.x11.XkbKeycodeToKeysym(self.display, code, 0, 0) == ord(letter)
            self._fake([code] if is_plain else [shift, code])


class Listener:
    """What a screen reader hears, from a process of its own."""

    def __init__(self, *events):
        self.heard = []
        self.process = subprocess.Popen([sys.executable, __file__, *events], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == "listening\n"
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.heard.append(json.loads(line))

    def list_said(self, role):
        """The new names of objects of that role, in their order."""
        return [event["text"] for event in self.heard
                if event["role"] == role and event["type"].endswith("accessible-name")]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.thread.join()
        self.process.stdout.close()


class Screen:
    """The program, as its tree of accessible objects. Where the keyboard is, it tells by itself: to
    look for that in the tree would cost thousands of calls for each key."""

    def __init__(self, program, *arguments, **environment):
        self.focused = None  # what was the last to say that it has the keyboard
        self.known = 0  # when that was asked for last
        self.window = None  # the one that was followed
        self.listener = Atspi.EventListener.new(self._on_focused)
        self.listener.register("object:state-changed:focused")
        self.process = subprocess.Popen([program, *arguments],
                                        env={**os.environ, **environment})
        self.application = self.wait("the program on the bus", self._find_application)
        self.keyboard = Keyboard()

    def _on_focused(self, event):
        if event.detail1:
            self.focused = event.source
        elif self.focused is not None and self.focused.path == event.source.path:
            self.focused = None

    def _find_application(self):
        for node in self.children(Atspi.get_desktop(0)):
            if node.get_process_id() == self.process.pid:
                return node
        return None

    @staticmethod
    def hear():
        """Takes in what was told until now."""
        context = GLib.MainContext.default()
        while context.pending():
            context.iteration(False)

    def wait(self, what, function, seconds=20):
        """Asks again until there is an answer, at first soon and then less often: to ask may be
        dear, and events get lost while a program starts."""
        end = time.monotonic() + seconds
        pause = 0.01
        while time.monotonic() < end:
            assert not hasattr(self, "process") or self.process.poll() is None, \
                f"the program ended while waiting for {what}"
            self.hear()
            try:
                found = function()
            except GLib.Error:  # it went away while it was looked at
                found = None
            if found:
                return found
            time.sleep(pause)
            pause = min(pause * 1.3, 0.3)
        raise AssertionError(f"waited in vain for {what}")

    @staticmethod
    def children(node):
        nodes = (node.get_child_at_index(i) for i in range(node.get_child_count()))
        return [child for child in nodes if child]

    def walk(self, root=None):
        todo = [root or self.application]
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

    def press(self, keys):
        self.keyboard.press(keys)

    def type(self, text):
        self.keyboard.type(text)

    def get_focused(self):
        """What has the keyboard, as far as that was told."""
        self.hear()
        if self.focused is not None:
            # Whatever the same key did has been told once this is answered.
            self.application.get_child_count()
            self.hear()
        # What went away together with its window says nothing more.
        if self.focused is not None and not self.has_focus(self.focused):
            self.focused = None
        if self.focused is not None:
            self.known = time.monotonic()
        elif self.window is not None and time.monotonic() > self.known + LOOK_SECONDS:
            # A widget that takes the keyboard before it is known itself does not tell.
            self.look()
            self.known = time.monotonic()
        return self.focused

    def look(self):
        """Finds what has the keyboard, in the tree."""
        self.focused = next((node for node in self.walk(self.window) if self.has_focus(node)), None)

    @staticmethod
    def has_focus(node):
        try:
            return node.get_state_set().contains(Atspi.StateType.FOCUSED)
        except GLib.Error:
            return False

    def wait_focus(self, name):
        """Waits until what has the keyboard is called so."""
        pattern = re.compile(name)

        def is_there():
            node = self.get_focused()
            return node if node is not None and pattern.search(node.get_name() or "") else None
        try:
            return self.wait(f"the keyboard on “{name}”", is_there)
        except AssertionError as error:
            node = self.get_focused()
            where = f"on “{node.get_name()}”" if node is not None else "nowhere"
            raise AssertionError(f"{error}: it is {where}") from error

    def get_window(self, node):
        """The window that something is in, itself if it is one."""
        while (parent := node.get_parent()) is not None and parent.path != self.application.path:
            node = parent
        return node

    def find_window(self, name):
        pattern = re.compile(name)
        return next((window for window in self.children(self.application)
                     if pattern.search(window.get_name() or "")), None)

    def follow(self, name):
        """Gives the keyboard to the newest window, which is called so, and waits until something in
        there has it. A window without the keyboard may remember where it had it."""
        # Not before it is there: a menu would take offence.
        self.window = window = self.wait(f"the window “{name}”", lambda: self.find_window(name))

        def is_there():
            self.keyboard.take()
            # It is in the tree before it is on the display, and until then keys are lost.
            if not self.keyboard.has():
                return None
            focused = self.get_focused()
            if focused is None or self.get_window(focused).path != window.path:
                self.look()
            return self.focused
        self.wait(f"the keyboard in the window “{name}”", is_there)
        return window

    def wait_gone(self, window, seconds=20):
        """Waits until a window is closed."""
        self.wait("a window to close", lambda: window.path not in [
            other.path for other in self.children(self.application)], seconds)

    def step(self, key):
        """Presses a key that leads elsewhere; returns where."""
        before = self.wait("the keyboard somewhere", self.get_focused)
        self.press(key)
        return self.wait(f"{key} to lead on from “{before.get_name()}”", lambda: (
            found := self.get_focused()) is not None and found.path != before.path and found)

    def go(self, key, name, most=40):
        """Presses the key until what has the keyboard is called so."""
        pattern = re.compile(name)
        node = self.wait("the keyboard somewhere", self.get_focused)
        seen = [node.get_name() or ""]
        while not pattern.search(seen[-1]):
            assert len(seen) < most, f"{key} does not lead to “{name}”, but to {seen}"
            node = self.step(key)
            seen.append(node.get_name() or "")
        return node

    def find_last_board(self, name):
        """A pattern for the name of the last board in the list that is called so: which port a
        board gets depends on how many others are practised on."""
        ports = [int(found[1]) for node in self.walk() if node.get_role_name() == "list item"
                 and (found := re.match(f"{name}. Port virtual-([0-9]+),", node.get_name() or ""))]
        assert ports, f"no board is called “{name}”"
        return f"{name}. Port virtual-{max(ports)},"

    def go_round(self, least):
        """Tab leads from one thing with a name and a role to the next, and round."""
        seen = []
        for _ in range(80):
            node = self.step("Tab")
            name = node.get_name()
            assert name and not CLASS_NAME.match(name), \
                f"a {node.get_role_name()} without a name behind {seen}"
            if node.path in seen:
                break
            seen.append(node.path)
        assert least <= len(seen) < 80, f"only {len(seen)} places, or no way back"

    def read_text(self):
        """What is typed where the keyboard is; None where GTK 4.8 does not tell."""
        node = self.get_focused()
        text = node.get_text_iface() if node is not None else None
        return text and Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))

    def replace_text(self, text):
        """Types it in place of what is there."""
        self.press("Control_L+a")
        self.type(text)
        self.wait(f"“{text}” to be typed", lambda: self.read_text() == text)

    def choose(self, name, path):
        """Types a path into the toolkit's dialog, in place of a name that is proposed there."""
        dialog = self.follow(name)
        if self.get_focused().get_role_name() == "text":
            self.press("Control_L+a")
        self.type(str(path))
        self.wait("the path to be typed", lambda: self.read_text() == str(path))
        for _ in range(10):
            # While the toolkit looks the path up it does not listen; and it does not tell.
            self.press("Return")
            try:
                self.wait_gone(dialog, 1)
                return
            except AssertionError:
                pass
        raise AssertionError(f"“{name}” does not take {path}")

    def close(self):
        self.listener.deregister("object:state-changed:focused")
        self.process.terminate()
        self.process.wait(timeout=20)


def listen(events):
    def on_event(event):
        try:
            source = event.source
            print(json.dumps({"type": event.type, "role": source.get_role_name(),
                              "text": str(event.any_data), "name": source.get_name()}),
                  flush=True)
        except GLib.Error:  # it has gone already
            pass
    Atspi.init()
    listener = Atspi.EventListener.new(on_event)
    for event in events:
        listener.register(event)
    # Whoever started it closes its input, or ends.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print("listening", flush=True)
    Atspi.event_main()


if __name__ == "__main__":
    listen(sys.argv[1:])
