# SPDX-License-Identifier: GPL-3.0-or-later
"""Microcontrollers on a real bus: the whole job, only what has changed, reading, erasing, option
bytes, protection; and the causes that are named when a chip does not take its firmware."""

import json
import os

from bench import FLASH, expect, expect_equal

SIZE = 100_001
TIMEOUT_S = 240


def ask(bench, *arguments, status=0):
    """One command in JSON: its last object."""
    said = bench.run_apart(bench.cli, *arguments, "--json", status=status)[1]
    return json.loads(said.splitlines()[-1])


def check_job(bench, port, number):
    firmware = bytearray(bench.make_firmware(SIZE))
    board = f"usb:{port}"
    path = bench.write("firmware.bin", firmware)
    last = bench.flash(path, board, "--address", hex(FLASH), "--no-start")[-1]
    expect(last["all_written"] and last["all_verified"] and not last["started"], last)
    expect_equal(bench.read(f"board{number}", "flash.bin")[:SIZE], bytes(firmware), "flash")

    firmware[-1] ^= 0xFF
    path = bench.write("firmware.bin", firmware)
    last = bench.flash(path, board, "--address", hex(FLASH), "--no-start")[-1]
    expect(last["erased"] == 2 and last["all_verified"], last)

    ask(bench, "erase", "--board", board, "-a", hex(FLASH), "-s", "16384", "--yes")
    memory = bench.read(f"board{number}", "flash.bin")
    expect(set(memory[:16384]) == {0xFF}, "not erased")
    expect_equal(memory[16384:SIZE], bytes(firmware[16384:]), "what was not to be erased")

    options = ask(bench, "options", "--board", board)
    expect(options["rdp"] == "0" and options["fields"], options)
    field = next(field for field in options["fields"] if field["name"] == "nRST_STOP")
    value = 1 - field["value"]
    ask(bench, "options", "--board", board, "--set", f"nRST_STOP={value}", "--yes")
    options = ask(bench, "options", "--board", board)
    field = next(field for field in options["fields"] if field["name"] == "nRST_STOP")
    expect_equal(field["value"], value, "nRST_STOP")

    last = bench.flash(path, board, "--address", hex(FLASH))[-1]
    expect(last["started"], last)
    bench.wait_for_empty(port)


def check_causes(bench):
    path = bench.write("small.bin", bench.make_firmware(5000, FLASH))
    for port, address, wanted, status in (
        ("1-3", FLASH, "write-protected", 5),
        ("1-4", FLASH + 3 * 16384, "loader-without-flash", 4),
        ("1-5", FLASH, "read-protected", 4),
    ):
        events = bench.flash(path, f"usb:{port}", "--address", hex(address), "--shared", "erase",
                             status=status)
        expect_equal(events[-1]["code"], wanted, f"cause on {port}")
        expect(not events[-1]["all_verified"], events[-1])


def check_unprotect(bench):
    last = ask(bench, "unprotect", "--board", "usb:1-5", "--erase-everything")
    expect_equal(last["board_state"], "blank", "state after removing the protection")
    path = bench.write("small.bin", bench.make_firmware(5000, FLASH))
    last = bench.flash(path, "usb:1-5", "--address", hex(FLASH), "--no-start")[-1]
    expect(last["all_verified"], last)


def check_runtime(bench):
    data = os.urandom(30_001)
    last = bench.flash(bench.write("plain.bin", data), "usb:1-6")[-1]
    expect(last["all_verified"], last)
    expect_equal(bench.read("board6", "flash.bin")[: len(data)], data, "memory of the device")


def run(bench):
    os.environ["XDG_STATE_HOME"] = bench.path("state")
    bench.plug(
        "virtual:stm32f405,timing=fast",
        "virtual:stm32g474,timing=fast",
        "virtual:stm32f105,timing=fast,wrp=all",
        "virtual:cubemx-dfu,timing=fast",
        "virtual:stm32u575,timing=fast,rdp=1",
        "virtual:dfu-runtime",
    )
    found = bench.list_boards()
    expect_equal(found["usb:1-1"]["stage"], "bootloader", "stage of an F405")
    expect_equal(found["usb:1-6"]["stage"], "runtime", "stage of a program")
    check_job(bench, "1-1", 1)
    check_job(bench, "1-2", 2)
    check_causes(bench)
    check_unprotect(bench)
    check_runtime(bench)
