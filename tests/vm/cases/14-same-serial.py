# SPDX-License-Identifier: GPL-3.0-or-later
"""Two boards with one serial number: by it they cannot be told apart, and by their ports they can,
also while one of them leaves and returns."""

from bench import expect, expect_equal

TIMEOUT_S = 120


def run(bench):
    path, _ = bench.make_layout(300_000)
    rig = bench.plug("virtual:stm32mp157", "virtual:stm32mp157", keep=False)
    boards = bench.list_boards()
    serials = {board["serial"] for board in boards.values()}
    expect_equal((len(boards), len(serials)), (2, 1), "boards and serial numbers")
    last = bench.flash(path, f"serial:{serials.pop()}", status=3)[-1]
    expect_equal(last["code"], "board-not-unique", "code")
    for port in ("usb:1-1", "usb:1-2"):
        expect(port in last["message"], f"{port} is not named: {last['message']}")

    last = bench.flash(path, "usb:1-2")[-1]
    expect(last["all_written"], last)
    addresses = [bench.list_addresses(port) for port in ("1-1", "1-2")]
    expect_equal([len(numbers) for numbers in addresses], [1, 3], "enumerations")
    rig.tell("quit")
