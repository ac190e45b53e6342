# SPDX-License-Identifier: GPL-3.0-or-later
"""A board on a port is listed with what it is and what runs on it, for people and for programs;
and no longer once it is unplugged."""

from bench import expect, expect_equal


def run(bench):
    expect_equal(bench.list_boards(), {}, "boards on an empty bus")
    rig = bench.plug("virtual:stm32mp157")

    boards = bench.list_boards()
    expect_equal(list(boards), ["usb:1-1"], "ids")
    board = boards["usb:1-1"]
    for member, wanted in (
        ("port", "1-1"),
        ("stage", "rom"),
        ("speed", "high"),
        ("access", "ok"),
        ("virtual", False),
        ("warnings", ["virtual-machine"]),  # as this one really is
    ):
        expect_equal(board[member], wanted, member)
    expect("STM32MP15" in board["chip"], board["chip"])
    expect_equal(len(board["serial"]), 24, "digits of the serial number")

    rows = [row for row in bench.run(bench.cli, "boards").splitlines() if "usb:1-1" in row]
    expect_equal(len(rows), 1, "rows in the list for people")
    for word in ("STM32MP15", "rom", "high", "ok"):
        expect(word in rows[0], f"no “{word}” in: {rows[0]}")

    rig.tell("unplug")
    bench.wait_for_empty("1-1")
    expect_equal(bench.list_boards(), {}, "boards after the unplug")
