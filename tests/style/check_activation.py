#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program as the bus starts it: with nothing but the service file that is installed, a call to
its name brings up a window.

usage: headless.sh check_activation.py SERVICE-FILE PROGRAM"""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402

WAIT_S = 30
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{folder}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
LAYOUT = """#Opt\tId\tName\tType\tIP\tOffset\tBinary
P\t0x10\trootfs\tSystem\tmmc0\t0x00444400\tnone
"""


class Bus:
    """A bus that knows one service."""

    def __init__(self, folder, service, program):
        text = Path(service).read_text(encoding="utf-8")
        self.name = re.search(r"^Name=(.*)$", text, re.MULTILINE).group(1)
        # All but the place of the program, which is not installed here.
        text = re.sub(r"^Exec=\S+", lambda _: f"Exec={program}", text, flags=re.MULTILINE)
        (Path(folder) / f"{self.name}.service").write_text(text, encoding="utf-8")
        config = Path(folder) / "bus.conf"
        config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
        self.process = subprocess.Popen(
            ["dbus-daemon", "--nofork", "--nopidfile", f"--config-file={config}",
             "--print-address"], stdout=subprocess.PIPE, text=True)
        self.environment = dict(os.environ, DBUS_SESSION_BUS_ADDRESS=(
            self.process.stdout.readline().strip()))
        self.path = "/" + self.name.replace(".", "/")

    def run(self, *command):
        return subprocess.run(command, capture_output=True, text=True, check=False,
                              timeout=WAIT_S, env=self.environment)

    def call(self, method, *arguments, path=None, name=None):
        """What it answers; nothing if it does not answer."""
        answer = self.run("gdbus", "call", "--session", "--dest", name or self.name,
                          "--object-path", path or self.path, "--method", method, *arguments)
        return answer.stdout if answer.returncode == 0 else ""

    def ask(self, method, *arguments):
        """Asks the application; that it answers is what is tested."""
        if not self.call(f"org.freedesktop.Application.{method}", *arguments):
            raise AssertionError(f"nobody answers {method}")

    def has_owner(self):
        return "true" in self.call("org.freedesktop.DBus.NameHasOwner", self.name,
                                   path="/org/freedesktop/DBus", name="org.freedesktop.DBus")

    def count_windows(self):
        """Each is an object on the bus. Nobody is asked who is not there: that would start it."""
        if not self.has_owner():
            return 0
        return self.call("org.freedesktop.DBus.Introspectable.Introspect",
                         path=f"{self.path}/window").count("<node name=")

    def close(self):
        self.process.terminate()
        self.process.wait(timeout=WAIT_S)
        self.process.stdout.close()


def wait(what, function):
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        if function():
            return
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


def list_titles():
    """Of the windows that are on the display."""
    answer = subprocess.run(["xwininfo", "-root", "-tree"], capture_output=True, text=True,
                            check=False)
    return re.findall(r'^\s+0x\w+ "([^"]*)"', answer.stdout, re.MULTILINE)


def try_call(bus, title, *call):
    """From nobody on the bus to a window, and back."""
    complaints = []
    try:
        wait("the program to be away", lambda: not bus.has_owner())
        bus.ask(*call)
        wait("a window", lambda: bus.count_windows() == 1)
        wait(f"the window “{title}”", lambda: any(title in shown for shown in list_titles()))
        # Who is there already is asked, and no second one started.
        bus.ask("ActivateAction", "new-window", "[]", "{}")
        wait("a second window", lambda: bus.count_windows() == 2)
        bus.ask("ActivateAction", "quit", "[]", "{}")
        wait("the end", lambda: not bus.has_owner())
    except AssertionError as error:
        complaints.append(str(error))
    return complaints


def try_start_time(bus, program):
    """What tests/bench/compare-start reads: said once, when there is something to be seen."""
    environment = dict(bus.environment, FLASHWRIGHT_START_TIME=str(time.monotonic_ns() // 1000))
    with subprocess.Popen([program], env=environment, stdout=subprocess.PIPE, text=True) as process:
        line = process.stdout.readline()
        bus.ask("ActivateAction", "quit", "[]", "{}")
        rest = process.stdout.read()
    figures = re.fullmatch(r"usable after ([\d.]+) ms, ([\d.]+) ms of work\n", line)
    if figures is None or rest:
        return [f"it said “{line}{rest}”"]
    return [f"a time cannot be {line}" for figure in figures.groups() if float(figure) <= 0]


def main():
    service, program = (os.path.abspath(path) for path in sys.argv[1:3])
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        bus = Bus(folder, service, program)
        layout = Path(folder) / "FlashLayout_card.tsv"
        layout.write_text(LAYOUT, encoding="utf-8")
        tap.result("Activate", try_call(bus, "Flashwright", "Activate", "{}"))
        tap.result("Open", try_call(bus, layout.name, "Open", f"['{layout.as_uri()}']", "{}"))
        tap.result("ActivateAction", try_call(bus, "Flashwright", "ActivateAction", "new-window",
                                              "[]", "{}"))
        tap.result("start time", try_start_time(bus, program))
        bus.close()
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
