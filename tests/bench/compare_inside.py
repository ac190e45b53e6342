# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of compare-dfu-util that runs in the guest.

usage: compare_inside.py SOURCE-ROOT BUILD-ROOT RUNS SIZE-IN-MIB [--trace]"""

import contextlib
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "vm"))
from bench import Bench, get_node, is_device_known, read_attribute  # noqa: E402

PORT = "1-1"
USBMON = "/sys/kernel/debug/usb/usbmon/1u"
SLEEP_S = 1.0  # dfu-util's own, in dfuMANIFEST
BLOCK = 4096


class Contest:
    def __init__(self, bench, size):
        self.bench = bench
        self.layout, self.data = bench.make_layout(size)
        self.layout_image = bench.make_layout_for_board(self.layout)
        self.rig = bench.plug("virtual:stm32mp157")
        self.command_prefix = []

    def restart(self):
        address = read_attribute(PORT, "devnum")
        self.rig.tell("restart")
        self.wait_for_return(address)

    def wait_for_return(self, address):
        end = time.monotonic() + 30
        while read_attribute(PORT, "devnum") in (None, address) or not is_device_known(PORT):
            if time.monotonic() > end:
                raise TimeoutError("the board did not come back")
            time.sleep(0.001)

    def call(self, *command):
        """Wall and processor time of one program."""
        output = os.open(self.bench.path("output.txt"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        command = [*self.command_prefix, *command]
        started = time.monotonic()
        process = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, output, 1), (os.POSIX_SPAWN_DUP2, output, 2)],
        )
        _, status, usage = os.wait4(process, 0)
        wall = time.monotonic() - started
        os.close(output)
        if status != 0:
            raise AssertionError(f"{command}:\n{self.bench.read('output.txt').decode()}")
        return wall, usage.ru_utime + usage.ru_stime

    def check(self):
        self.bench.expect_stored(self.data, "board1", "mmc0.img")

    def run_flashwright(self):
        """{figure: seconds}"""
        command = [self.bench.cli, "flash", self.layout, "--board", f"usb:{PORT}", "--json"]
        wall, processor = self.call(*command)
        events = [json.loads(line) for line in self.bench.read("output.txt").splitlines()]
        written = [e for e in events if e["event"] == "written" and e["kind"] == "partition"]
        partition = written[0]["duration_ms"] / 1000
        return {"job": wall, "processor": processor, "partition": partition, "awake": partition}

    def run_dfu_util(self):
        """{figure: seconds}"""
        started = time.monotonic()
        processor = 0.0
        for alternate, path, leaves in (
            ("@FSBL /0x01/1*1Me", "fsbl.stm32", False),
            ("@Partition3 /0x03/1*16Me", "fip.bin", True),
            ("@FlashLayout/0x00/1*256Ke", "layout.stm32", True),
            ("@rootfs/0x10/1*7Ge", "rootfs.img", False),
        ):
            select = ["dfu-util", "-d", "0483:df11", "-p", PORT, "-a"]
            partition, used = self.call(*select, alternate, "-D", self.bench.path(path))
            processor += used
            if leaves:
                address = read_attribute(PORT, "devnum")
                processor += self.call(*select, "0", "-e")[1]
                self.wait_for_return(address)
        return {
            "job": time.monotonic() - started,
            "processor": processor,
            "partition": partition,
            "awake": partition - SLEEP_S,
        }


def measure(contest, n_runs):
    figures = {"flashwright-cli": [], "dfu-util": []}
    for number in range(n_runs):
        for name, run in (
            ("flashwright-cli", contest.run_flashwright),
            ("dfu-util", contest.run_dfu_util),
        ):
            with contextlib.redirect_stdout(io.StringIO()):
                contest.restart()
                figures[name].append(run())
                contest.check()
            found = "  ".join(f"{key} {value:6.2f}" for key, value in figures[name][-1].items())
            print(f"run {number + 1}  {name:16} {found}", flush=True)
    return figures


def print_ratios(figures):
    print()
    print(f"{'medians, seconds':36}{'flashwright-cli':>16}{'dfu-util':>10}{'ratio':>8}")
    for key, name in (
        ("job", "whole job, wall"),
        ("processor", "whole job, processor"),
        ("partition", "partition, wall"),
        ("awake", "partition, wall, without the sleep"),
    ):
        ours, theirs = (
            statistics.median(run[key] for run in figures[program])
            for program in ("flashwright-cli", "dfu-util")
        )
        print(f"{name:36}{ours:16.2f}{theirs:10.2f}{ours / theirs:8.2f}")


def read_trace(path):
    """Times in microseconds at which the partition's blocks were submitted, and how many control
    transfers there were in all; usbmon may have missed some. Its lines are: tag, time, event,
    address, status or "s" and the setup packet; DNLOAD is 21 01."""
    blocks = []
    n_transfers = 0
    with open(path, encoding="ascii", errors="replace") as file:
        for line in file:
            words = line.split()
            if len(words) < 5 or words[2] != "S" or not re.match(r"C[io]:1:(?!001)", words[3]):
                continue
            n_transfers += 1
            if words[4:7] == ["s", "21", "01"] and int(words[9], 16) == BLOCK:
                blocks.append(int(words[1]))
    return blocks, n_transfers


def read_calls(path):
    """{system call: [number of calls, seconds in the kernel]} of all tables in the file."""
    calls = {}
    with open(path, encoding="ascii", errors="replace") as file:
        for line in file:
            words = line.split()
            if len(words) < 5 or not words[3].isdigit() or words[-1] == "total":
                continue
            entry = calls.setdefault(words[-1], [0, 0.0])
            entry[0] += int(words[3])
            entry[1] += float(words[1])
    return calls


def trace(contest, artefacts):
    for name, run in (
        ("flashwright-cli", contest.run_flashwright),
        ("dfu-util", contest.run_dfu_util),
    ):
        path = contest.bench.path(f"usbmon-{name}.txt")
        with contextlib.redirect_stdout(io.StringIO()), open(path, "wb") as file:
            contest.restart()
            recorder = subprocess.Popen(["cat", USBMON], stdout=file)
            run()
            recorder.terminate()
            recorder.wait()
        shutil.copy(path, artefacts)
        blocks, n_transfers = read_trace(path)
        each = (blocks[-1] - blocks[0]) / (len(contest.data) // BLOCK - 1)
        print(
            f"{name}: {n_transfers} control transfers seen, "
            f"{each:.0f} us from block to block (with usbmon running)"
        )
        if shutil.which("strace") is None:
            continue
        with contextlib.redirect_stdout(io.StringIO()):
            contest.restart()
            calls = os.path.join(artefacts, f"strace-{name}.txt")
            if os.path.exists(calls):
                os.unlink(calls)
            contest.command_prefix = ["strace", "-f", "-c", "-A", "-o", calls]  # one table a call
            run()
            contest.command_prefix = []
        found = sorted(read_calls(calls).items(), key=lambda entry: -entry[1][0])
        said = ", ".join(f"{call} {count}" for call, (count, _) in found[:8])
        print(f"{name}: system calls: {said}")


def main():
    source_root, build_root, n_runs, size, *options = sys.argv[1:]
    artefacts = os.environ["OUT"]
    os.makedirs("/tmp/contest")
    bench = Bench(source_root, build_root, "/tmp/contest", artefacts)
    with contextlib.redirect_stdout(io.StringIO()):
        contest = Contest(bench, int(size) << 20)
    print(f"{size} MiB into one partition; {get_node(PORT)}", flush=True)
    print_ratios(measure(contest, int(n_runs)))
    if "--trace" in options:
        print()
        trace(contest, artefacts)
    with contextlib.redirect_stdout(io.StringIO()):
        contest.rig.tell("quit")
        contest.rig.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main())
