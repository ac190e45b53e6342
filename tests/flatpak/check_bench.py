#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Flatpak test promises of itself: nothing stays behind however it ends, and a source with
a wrong sum is no source. Needs neither root nor a network.

usage: check_bench.py"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

import flatpak_bench  # noqa: E402
from work_folder import WorkFolder  # noqa: E402

sys.path.insert(0, str(flatpak_bench.ROOT / "tests" / "style"))
from tap import Tap  # noqa: E402

HOLD = """
import sys, time
sys.path.insert(0, sys.argv[1])
from work_folder import WorkFolder, run_confined
with WorkFolder(sys.argv[2], "work.") as path:
    (path / "inside").mkdir()
    print(path, flush=True)
    if len(sys.argv) > 3:
        run_confined(["sh", "-c", "echo started; exec sleep 600"], {"PATH": "/usr/bin:/bin"})
    time.sleep(600)
"""


def hold(parent, *arguments):
    """A process of its own that holds a folder; and that folder."""
    process = subprocess.Popen([sys.executable, "-B", "-c", HOLD, Path(__file__).parent, parent,
                                *arguments], stdout=subprocess.PIPE, text=True)
    return process, Path(process.stdout.readline().strip())


def check_signals():
    complaints = []
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        with tempfile.TemporaryDirectory() as parent:
            process, path = hold(parent)
            if not (path / "inside").is_dir():
                complaints.append(f"there was no folder {path}")
            process.send_signal(number)
            status = process.wait(timeout=20)
            if os.listdir(parent):
                complaints.append(f"{number.name}: {os.listdir(parent)} stays behind")
            if status != 128 + number:
                complaints.append(f"{number.name}: the status is {status}")
            process.stdout.close()
    return complaints


def check_stale():
    """What a killed one has left goes, what another one has in use stays."""
    complaints = []
    with tempfile.TemporaryDirectory() as parent:
        killed, stale = hold(parent)
        killed.kill()
        killed.wait(timeout=20)
        if not stale.exists():
            complaints.append("nothing was left by a process that was killed")
        living, used = hold(parent)
        if stale.exists():
            complaints.append("what was left by a process that was killed stays")
        (Path(parent) / "work.link").symlink_to("/")
        with WorkFolder(parent, "work.") as own:
            if not (used / "inside").is_dir():
                complaints.append("what another process uses was removed")
        living.terminate()
        living.wait(timeout=20)
        if own.exists() or os.listdir(parent) != ["work.link"]:
            complaints.append(f"there are still {os.listdir(parent)}")
        for process in (killed, living):
            process.stdout.close()
    return complaints


def check_confined():
    """The program inside ends with the one outside: its end of our pipe is closed."""
    complaints = []
    for number in (signal.SIGTERM, signal.SIGKILL):
        with tempfile.TemporaryDirectory() as parent:
            process, _ = hold(parent, "confined")
            if process.stdout.readline() != "started\n":
                return ["the program inside did not start"]
            process.send_signal(number)
            if process.stdout.read() != "":
                complaints.append("it said more than it could")
            process.wait(timeout=20)
            if number == signal.SIGTERM and os.listdir(parent):
                complaints.append(f"{os.listdir(parent)} stays behind")
            process.stdout.close()
    return complaints


def check_sums():
    """A mirror with other bytes fails the test; one without the file does not."""
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        wrong = Path(folder) / "libgusb-0.4.9.tar.xz"
        wrong.write_text("other bytes")
        flatpak_bench.SOURCES = {"libgusb": f"file:{wrong}", "libfdisk": f"file:{folder}/nowhere"}
        try:
            flatpak_bench.fetch_sources(Path(folder) / "sources")
            complaints.append("a wrong sum was not noticed")
        except flatpak_bench.Failure as failure:
            if "its sum is" not in str(failure):
                complaints.append(str(failure))
        flatpak_bench.SOURCES["libgusb"] = f"file:{folder}/nowhere"
        missing = flatpak_bench.fetch_sources(Path(folder) / "sources")
        if sorted(missing) != ["libfdisk", "libgusb"]:
            complaints.append(f"missing are {missing}")
    return complaints


def main():
    tap = Tap()
    tap.result("a signal leaves nothing behind", check_signals())
    tap.result("what a killed process left is swept", check_stale())
    namespaces = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "true"]
    if subprocess.run(namespaces, check=False, capture_output=True).returncode == 0:
        tap.result("the program inside ends too", check_confined())
    else:
        tap.skip("the program inside ends too", "no namespaces can be made here")
    if shutil.which("/usr/lib/apt/apt-helper"):
        tap.result("a wrong sum is a failure", check_sums())
    else:
        tap.skip("a wrong sum is a failure", "apt-helper is not installed")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
