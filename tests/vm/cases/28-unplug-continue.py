# SPDX-License-Identifier: GPL-3.0-or-later
"""The cable is pulled in the middle of the second partition, in a terminal: the job says what
happened and asks, goes on once the board is there again – in its ROM, since it lost its power –
and sends the first partition, which the board had confirmed, no second time."""

import os
import pty
import re
import subprocess
import threading

from bench import expect, expect_equal, wait_until

FIRST = 2 << 20
SECOND = 6 << 20
SECOND_AT = 0x4400 + FIRST + 0x100000
TIMEOUT_S = 150


class Terminal:
    """Runs a program in a terminal of its own, and hears it as it speaks."""

    def __init__(self, *command):
        self.master, slave = pty.openpty()
        self.said = ""
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                piece = os.read(self.master, 65536)
            except OSError:  # the other end is closed
                return
            if not piece:
                return
            self.said += piece.decode("utf-8", "replace")

    def wait_for(self, pattern):
        try:
            wait_until(f"{pattern!r} in the terminal", lambda: re.search(pattern, self.said), 60)
        except TimeoutError:
            print(self.said)
            raise

    def press(self, keys):
        os.write(self.master, keys)


def make_layout(bench):
    """Two partitions behind the boot stages of the layout that the bench makes."""
    path, first = bench.make_layout(FIRST)
    second = os.urandom(SECOND)
    bench.write("second.img", second)
    with open(path, "a", encoding="ascii") as file:
        file.write(f"P\t0x11\tsecond\tFileSystem\tmmc0\t{SECOND_AT:#x}\tsecond.img\n")
    return path, first, second


def run(bench):
    path, first, second = make_layout(bench)
    rig = bench.plug("virtual:stm32mp157")
    terminal = Terminal(bench.cli, "flash", path, "--board", "usb:1-1")
    terminal.wait_for(r"written +0x10 ")
    rig.tell("unplug")
    terminal.wait_for(r"left in the middle of a transfer")
    terminal.wait_for(r"Go on with the job\? \[y/N\]")
    bench.wait_for_empty("1-1")
    terminal.press(b"y\n")
    rig.tell("plug")
    terminal.wait_for(r"The job goes on")
    status = terminal.process.wait(90)
    print(terminal.said)
    expect_equal(status, 0, "exit status")
    expect("Written:  2 of 2" in terminal.said, "not everything is said to be written")
    sent = re.findall(r"written +0x10 ", terminal.said)
    expect_equal(len(sent), 1, "times that the first one was sent")
    bench.expect_stored(first, "board1", "mmc0.img")
    bench.expect_stored(second, "board1", "mmc0.img", offset=SECOND_AT)
