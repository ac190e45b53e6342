# SPDX-License-Identifier: GPL-3.0-or-later
"""The plug is pulled at a random block, and put back: the job says that the board is gone and what
was written, and the board can be flashed afterwards.

FLASHWRIGHT_SEED repeats a run; the seed is printed."""

import os
import random

from bench import expect, expect_equal

SIZE = 8 << 20
N_ROUNDS = 2
TIMEOUT_S = 120


def flash_and_pull(bench, rig, path, number):
    """Pulls the plug once the job has said that so many bytes are on the board; returns the last
    event."""
    job = bench.start_flash(path, "usb:1-1")
    while True:
        event = job.next()
        expect(event["event"] != "finished", f"the job never came to {number} bytes")
        if event["event"] == "progress" and event["bytes"] >= number:
            break
    rig.tell("unplug")
    last = job.wait_for("finished")
    expect_equal(job.finish(), last["exit_code"], "exit status")
    return last


def run(bench):
    seed = int(os.environ.get("FLASHWRIGHT_SEED", random.randrange(1 << 32)))
    print(f"FLASHWRIGHT_SEED={seed}")
    chance = random.Random(seed)
    path, data = bench.make_layout(SIZE)
    rig = bench.plug("virtual:stm32mp157")
    for _ in range(N_ROUNDS):
        # What has been sent is heard of late: the second half leaves time to pull the plug.
        number = chance.randrange(SIZE // 2)
        print(f"unplug at byte {number}")
        last = flash_and_pull(bench, rig, path, number)
        expect_equal(last["exit_code"], 4, "exit code")
        expect_equal(last["code"], "board-gone", "code")
        expect(not last["all_written"], "all is said to be written")
        expect("written" in last and last["board_state"] != "untouched", last)
        bench.wait_for_empty("1-1")
        rig.tell("plug")
        bench.wait_for_device("1-1")
    bench.flash(path, "usb:1-1")
    bench.expect_stored(data, "board1", "mmc0.img")
