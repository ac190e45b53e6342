# SPDX-License-Identifier: GPL-3.0-or-later
"""In the guest: runs cases one after the other, each in a process and a folder of its own, and
leaves the bus empty for the next.

usage: case_runner.py SOURCE-ROOT BUILD-ROOT CASE-FILE...

A case is a file with a function run (bench), a text, and perhaps TIMEOUT_S. It fails by an
exception. For each, $OUT/results gets a line, when it begins and when it has ended."""

import glob
import os
import runpy
import shutil
import signal
import subprocess
import sys
import time
import traceback

sys.dont_write_bytecode = True

from bench import Bench, Skipped, ask_outside, find_on_xhci, wait_until  # noqa: E402

TIMEOUT_S = 60  # five times of what a case takes on a calm machine
VHCI = "/sys/devices/platform/vhci_hcd.0"
RULES = "/etc/udev/rules.d"
RECORDS = "/run/records"
USBMON = "/sys/kernel/debug/usb/usbmon/0u"
PASSED, FAILED, SKIPPED = 0, 1, 77


class Recorder:
    """What happens on the bus during a case, for whoever has to find out why it failed. It is
    written into memory and shared afterwards: a write to the shared folder for each request would
    halve the speed of the bus."""

    def __init__(self, folder):
        self.folder = folder
        self.mark = f"case {os.path.basename(folder)}"
        with open("/dev/kmsg", "w", encoding="utf-8") as log:
            log.write(f"<6>{self.mark}\n")
        self.processes = [
            self.record("events.txt", "udevadm", "monitor", "--kernel", "--udev"),
            self.record("usbmon.txt", "cat", USBMON),
        ]

    def record(self, name, *command):
        os.makedirs(RECORDS, exist_ok=True)
        with open(os.path.join(RECORDS, name), "wb") as file:
            return subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL)

    def stop(self):
        for process in self.processes:
            process.kill()
            process.wait()
        for name in os.listdir(RECORDS):
            shutil.copy(os.path.join(RECORDS, name), self.folder)
        shutil.rmtree(RECORDS)
        said = subprocess.run(["dmesg"], capture_output=True, text=True, check=False).stdout
        with open(os.path.join(self.folder, "dmesg.txt"), "w", encoding="utf-8") as file:
            file.write(said[max(said.rfind(self.mark), 0) :])


def run_in_child(module, folder, bench_arguments):
    """Never returns."""
    os.setsid()
    log = os.open(os.path.join(folder, "output.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.stdout.reconfigure(line_buffering=True)
    status = FAILED
    try:
        work = f"/tmp/{os.path.basename(folder)}"
        os.makedirs(work)
        os.chmod(work, 0o755)
        os.chdir(work)
        module["run"](Bench(*bench_arguments, work, folder))
        status = PASSED
    except Skipped as error:
        print(error)
        status = SKIPPED
    except BaseException:  # whatever it was, it is the result
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(status)


def wait_for_child(child, timeout_s):
    """Its exit status; None if it did not end in time."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def find_session(session):
    """Processes of the session, however they are related by now."""
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[3]) == session and fields[0] != "Z":
            yield int(path.split("/")[2])


def get_used_ports():
    """Ports of the virtual controller that hold a device; 4 is an empty one (usbip_common.h)."""
    with open(f"{VHCI}/status", encoding="ascii") as file:
        rows = [line.split() for line in file.read().splitlines()[1:]]
    return [int(row[1]) for row in rows if int(row[2]) != 4]


def is_bus_empty():
    return (
        not get_used_ports()
        and not glob.glob("/sys/bus/usb/devices/1-[1-9]*")
        and find_on_xhci() is None
    )


def clean_up(session):
    """Takes away what the case left: complaints about what could not be taken away."""
    for process in find_session(session):
        os.kill(process, signal.SIGKILL)
    for port in get_used_ports():
        try:
            with open(f"{VHCI}/detach", "w", encoding="ascii") as file:
                file.write(str(port))
        except OSError:
            pass  # it has just left
    if find_on_xhci() is not None:
        ask_outside("")
    rules = glob.glob(f"{RULES}/*-bench*.rules")
    for path in rules:
        os.unlink(path)
    if rules:
        subprocess.run(["udevadm", "control", "--reload"], check=False)
    try:
        wait_until("the bus is empty", is_bus_empty, 20)
    except TimeoutError as error:
        return [str(error)]
    return []


def run_case(path, bench_arguments):
    """One of: "ok", "not ok", "skip"; and for the last one, the reason."""
    name = os.path.splitext(os.path.basename(path))[0]
    folder = os.path.join(os.environ["OUT"], name)
    os.makedirs(folder, exist_ok=True)
    output = os.path.join(folder, "output.txt")
    try:
        module = runpy.run_path(path)
    except Exception:
        with open(output, "w", encoding="utf-8") as file:
            traceback.print_exc(file=file)
        return "not ok", ""
    recorder = Recorder(folder)
    child = os.fork()
    if child == 0:
        run_in_child(module, folder, bench_arguments)
    timeout_s = module.get("TIMEOUT_S", TIMEOUT_S)
    status = wait_for_child(child, timeout_s)
    complaints = [] if status is not None else [f"it did not end within {timeout_s} s"]
    complaints += clean_up(child)
    recorder.stop()
    shutil.rmtree(f"/tmp/{name}", ignore_errors=True)
    with open(output, "a", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in complaints)
    if status == SKIPPED and not complaints:
        with open(output, encoding="utf-8", errors="replace") as file:
            return "skip", file.read().strip().rpartition("\n")[2]
    return "ok" if status == PASSED and not complaints else "not ok", ""


def main():
    source_root, build_root, *paths = sys.argv[1:]
    os.umask(0o022)
    with open(os.path.join(os.environ["OUT"], "results"), "w", encoding="utf-8") as results:
        for path in paths:
            name = os.path.splitext(os.path.basename(path))[0]
            print(f"begin\t{name}", file=results, flush=True)
            started = time.monotonic()
            verdict, reason = run_case(path, (source_root, build_root))
            took = time.monotonic() - started
            print(f"end\t{name}\t{verdict}\t{took:.1f}\t{reason}", file=results, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
