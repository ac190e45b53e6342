# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's dfu-util and the plain DFU 1.1 device: what was sent comes back."""

import os

from bench import expect, expect_equal


def run(bench):
    bench.plug("virtual:dfu")
    said = bench.run("dfu-util", "-l", "-p", "1-1")
    expect_equal(said.count("Found DFU: "), 1, "alternates of a plain DFU device")
    expect('path="1-1"' in said and "cfg=1, intf=0" in said, said)

    data = os.urandom(300_001)
    sent = bench.write("sent.bin", data)
    bench.run("dfu-util", "-p", "1-1", "-a", "0", "-D", sent)
    expect_equal(bench.read("board1", "flash.bin")[: len(data)], data, "memory of the board")
    bench.run("dfu-util", "-p", "1-1", "-a", "0", "-U", bench.path("back.bin"))
    expect_equal(bench.read("back.bin")[: len(data)], data, "what was read back")
