# SPDX-License-Identifier: GPL-3.0-or-later
"""Two boards at once, each flashed by a program of its own: neither gets what is for the other."""

import os

from bench import expect, expect_equal

TIMEOUT_S = 120


def run(bench):
    path, data = bench.make_layout(1 << 20)
    os.makedirs(bench.path("other"))
    other_path, other_data = bench.make_layout(1 << 20, folder="other")
    bench.plug("virtual:stm32mp157", "virtual:stm32mp157")
    boards = bench.list_boards()
    expect_equal(sorted(boards), ["usb:1-1", "usb:1-2"], "ids")
    serials = {board["serial"] for board in boards.values()}
    expect_equal(len(serials), 2, f"different serial numbers ({serials})")

    jobs = [bench.start_flash(path, "usb:1-1"), bench.start_flash(other_path, "usb:1-2")]
    for job in jobs:
        expect_equal(job.finish(100), 0, "exit status")
        expect(job.heard[-1]["all_written"], job.heard[-1])
    bench.expect_stored(data, "board1", "mmc0.img")
    bench.expect_stored(other_data, "board2", "mmc0.img")
