# SPDX-License-Identifier: GPL-3.0-or-later
"""A full-speed link is listed as one, with a warning, and does not keep us from flashing."""

from bench import expect, expect_equal, read_attribute


def run(bench):
    path, data = bench.make_layout(300_000)
    bench.plug("virtual:stm32mp157,speed=full")
    expect_equal(read_attribute("1-1", "speed"), "12", "speed in sysfs")
    board = bench.list_boards()["usb:1-1"]
    expect_equal(board["speed"], "full", "speed")
    expect_equal(
        board["warnings"], ["full-speed-link", "virtual-machine"], "warnings"
    )
    events = bench.flash(path, "usb:1-1")
    expect(events[-1]["all_written"], events[-1])
    bench.expect_stored(data, "board1", "mmc0.img")
