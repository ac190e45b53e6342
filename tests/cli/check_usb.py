#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands on boards on USB, on a bus that umockdev makes up.

usage: check_usb.py PROGRAM UMOCKDEV-WRAPPER FLASH-USB-MOCK-RUN"""

import json
import os
import signal
import subprocess
import sys

from cli_bench import Bench, expect  # also finds tap.py
from tap import Tap

SERIAL = "003A00283338511234383330"  # of every virtual STM32MP157 without keys
ROW = "P\t0x10\trootfs\tFileSystem\tmmc0\t0x100000\trootfs.img\n"


class UsbBench(Bench):
    """The program in a world where the virtual boards stand on ports 1-1, 1-2 and so on."""

    def __init__(self, program, *prefix):
        super().__init__(program)
        self.prefix = prefix
        self.ids = ["virtual:stm32mp157"]

    def start(self, *arguments, **options):
        return subprocess.Popen(
            [*self.prefix, *self.ids, "--", self.program, *arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en",
                 "FLASHWRIGHT_ROOT": self.path("computer")}, **options)

    def be_virtual(self):
        """From now on, the computer on which the program runs is a virtual machine."""
        os.makedirs(self.path("computer/proc"))
        os.makedirs(self.path("computer/sys/class/dmi/id"))
        self.write("computer/proc/cpuinfo", b"flags : fpu hypervisor\n")
        self.write("computer/sys/class/dmi/id/product_name", b"VirtualBox\n")

    def run_json(self, *arguments):
        code, out, err = self.run(*arguments, "--json")
        return code, [json.loads(line) for line in out.splitlines()], err


def check_list(bench):
    complaints = []
    bench.ids = ["virtual:stm32mp157,speed=full", "virtual:dfu"]
    code, (answer,), _ = bench.run_json("boards")
    boards = [board for board in answer["boards"] if not board["virtual"]]
    expect(complaints, f"exit {code}", code == 0)
    expect(complaints, f"boards {boards}", [board["id"] for board in boards]
           == ["usb:1-1", "usb:1-2"])
    rom, plain = boards
    expect(complaints, f"ROM {rom}", (rom["stage"], rom["chip"], rom["port"], rom["speed"],
                                      rom["access"], rom["warnings"], rom["hubs"])
           == ("rom", "STM32MP15", "1-1", "full", "ok", ["full-speed-link"], []))
    expect(complaints, f"plain DFU {plain}", (plain["stage"], plain["chip"], plain["warnings"])
           == ("bootloader", None, []))
    expect(complaints, f"others {answer['others']}", answer["others"] == [])

    code, out, _ = bench.run("boards")
    lines = [line.split() for line in out.splitlines()]
    expect(complaints, f"text: {out}", code == 0
           and ["usb:1-1", "STM32MP15", "rom", "full", "ok"] in lines
           and "[full-speed-link]" in out and "Virtual boards, for practice:" in out)

    bench.be_virtual()
    _, (answer,), _ = bench.run_json("boards")
    warnings = [board["warnings"] for board in answer["boards"]]
    expect(complaints, f"virtual machine: {warnings}",
           warnings[:2] == [["full-speed-link", "virtual-machine"], ["virtual-machine"]]
           and all("virtual-machine" not in codes for codes in warnings[2:]))
    return complaints


def check_watch(bench):
    complaints = []
    bench.ids = ["virtual:stm32mp157,fault=replug@80"]
    for options in (["--json"], []):
        watch = bench.start("boards", "--watch", *options, start_new_session=True)
        told = []
        while len(told) < 4:
            line = watch.stdout.readline()
            told.append(json.loads(line)["event"] if options else line.strip())
        # The whole group: the program behind the two others ends by itself then.
        os.killpg(watch.pid, signal.SIGINT)
        watch.communicate(timeout=60)
        if options:
            expect(complaints, f"events {told}",
                   told == ["present", "watching", "left", "arrived"])
        else:
            expect(complaints, f"lines {told}", "  present  usb:1-1" in told[0]
                   and told[1].startswith("Watching USB") and "  left     usb:1-1" in told[2]
                   and "  arrived  usb:1-1" in told[3])
    return complaints


def check_closed(bench):
    """Whoever has heard enough closes the pipe: then nothing more is watched."""
    complaints = []
    bench.ids = ["virtual:stm32mp157"]
    watch = bench.start("boards", "--watch", start_new_session=True)
    line = watch.stdout.readline()
    expect(complaints, f"nothing said: {line}", "usb:1-1" in line)
    watch.stdout.readline()
    watch.stdout.close()
    try:
        watch.wait(timeout=30)
    except subprocess.TimeoutExpired:
        complaints.append("it goes on watching")
        os.killpg(watch.pid, signal.SIGKILL)
    watch.stderr.close()
    return complaints


def flash(bench, board):
    layout = bench.write_layout(ROW)
    return bench.run_json("flash", layout, "--board", board)


def check_flash(bench):
    complaints = []
    data = os.urandom(100000)
    bench.write("rootfs.img", data)
    bench.ids = [f"virtual:stm32mp157,storage={bench.storage}"]
    _, (answer,), _ = bench.run_json("boards")
    for board in ("usb:1-1", f"serial:{answer['boards'][0]['serial']}"):
        code, events, err = flash(bench, board)
        expect(complaints, f"{board}: exit {code}, {events[-1:]}, {err}", code == 0)
        with open(os.path.join(bench.storage, "mmc0.img"), "rb") as card:
            card.seek(0x100000)
            expect(complaints, f"{board}: other bytes", card.read(len(data)) == data)
        os.unlink(os.path.join(bench.storage, "mmc0.img"))
    return complaints


def check_refusals(bench):
    complaints = []
    bench.write("rootfs.img", bytes(1000))
    bench.ids = ["virtual:stm32mp157", "virtual:stm32mp157", "virtual:dfu"]
    for board, code, name, words in (
        ("usb:1-9", 3, "board-not-found", "there is no board on USB port 1-9"),
        ("usb:../1-1", 3, "board-not-found", "there is no board on USB port ../1-1"),
        ("serial:NOBODY", 3, "board-not-found", "serial number “NOBODY”"),
        (f"serial:{SERIAL}", 3, "board-not-unique", "usb:1-1, usb:1-2"),
        ("usb:1-3", 1, "layout-for-stm32mp", None),
    ):
        found, events, _ = flash(bench, board)
        last = events[-1]
        expect(complaints, f"{board}: exit {found}, {last}", found == code
               and last["exit_code"] == code and last["code"] == name
               and (words is None or words in last["message"]) and not last["written"])
    return complaints


def main():
    tap = Tap()
    for name, check in (
        ("list", check_list),
        ("watch", check_watch),
        ("closed", check_closed),
        ("flash", check_flash),
        ("refusals", check_refusals),
    ):
        tap.result(name, check(UsbBench(*sys.argv[1:])))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
