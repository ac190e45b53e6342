# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's dfu-util takes the read protection from a chip, writes through a boot loader in flash,
and brings a program with a run-time interface into its boot loader."""

import os

from bench import FLASH, expect, expect_equal

APPLICATION = FLASH + 3 * 16384  # behind the boot loader's own sectors (stm32-dfuse.md 2.5.3)
SIZE = 20 << 10
TIMEOUT_S = 120


def check_unprotect(bench):
    secret = os.urandom(1 << 20)
    bench.write(os.path.join("board1", "flash.bin"), secret)
    bench.change_address("1-1", "-a", "0", "-s", f"{FLASH:#x}:unprotect:force", "-D",
                         bench.write("dummy.bin", b"x" * 64), status=None)
    expect(set(bench.read("board1", "flash.bin")) == {0xFF}, "the chip is not erased")
    back = bench.path("blank.bin")
    bench.dfu_util("1-1", "-a", "0", "-s", f"{FLASH:#x}:4096", "-U", back)
    expect_equal(bench.read("blank.bin"), b"\xff" * 4096, "what is read without protection")


def check_middleware(bench):
    firmware = bench.make_firmware(SIZE, APPLICATION)
    path = bench.write("application.bin", firmware)
    bench.dfu_util("1-2", "-a", "0", "-s", hex(APPLICATION), "-D", path)
    memory = bench.read("board2", "flash.bin")
    at = APPLICATION - FLASH
    expect_equal(memory[at : at + SIZE], firmware, "flash behind the boot loader")
    said = bench.dfu_util("1-2", "-a", "0", "-s", hex(FLASH), "-D", path, status=None)
    expect("is not writeable" in said, said)


def check_runtime(bench):
    said = bench.run("dfu-util", "-l", "-p", "1-3")
    expect("Found Runtime" in said, said)
    bench.run("dfu-util", "-p", "1-3", "-e")
    bench.wait_for_device("1-3")
    data = os.urandom(30_000)
    bench.run("dfu-util", "-p", "1-3", "-a", "0", "-D", bench.write("plain.bin", data))
    expect_equal(bench.read("board3", "flash.bin")[: len(data)], data, "memory of the device")


def run(bench):
    os.makedirs(bench.path("board1"))
    bench.write(os.path.join("board1", "flash.bin"), bytes(1 << 20))
    bench.plug("virtual:stm32f405,timing=fast,rdp=1", "virtual:cubemx-dfu,timing=fast,skeleton=no",
               "virtual:dfu-runtime")
    check_unprotect(bench)
    check_middleware(bench)
    check_runtime(bench)
