# SPDX-License-Identifier: GPL-3.0-or-later
"""Fast unplugging and plugging at random moments while the list is watched: it ends right, and
nothing is left open.

FLASHWRIGHT_CYCLES=200 does more; FLASHWRIGHT_SEED repeats a run; the seed is printed."""

import os
import random
import signal
import time

from bench import expect, expect_equal, wait_until

N_CYCLES = int(os.environ.get("FLASHWRIGHT_CYCLES", "40"))
# A board is on the bus 0.3 s after the plug, and the list knows it some 0.4 s later.
MOMENTS_S = (0.2, 1.0)
TIMEOUT_S = 60 + 3 * N_CYCLES


def count_open_files(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def get_present(watch):
    """Board ids that are there, by what has been told so far."""
    present = []
    for event in watch.heard:
        if event["event"] in ("present", "arrived"):
            expect(event["id"] not in present, f"{event['id']} came twice")
            present.append(event["id"])
        elif event["event"] == "left":
            expect(event["id"] in present, f"{event['id']} left twice")
            present.remove(event["id"])
    return present


def wait_until_told(watch, wanted):
    while get_present(watch) != wanted:
        watch.next()


def run(bench):
    seed = int(os.environ.get("FLASHWRIGHT_SEED", random.randrange(1 << 32)))
    print(f"FLASHWRIGHT_SEED={seed}")
    chance = random.Random(seed)
    watch = bench.watch_boards()
    rig = bench.plug("virtual:stm32mp157", "virtual:dfu")
    wait_until_told(watch, ["usb:1-1", "usb:1-2"])
    rig.tell("unplug 1")
    rig.tell("unplug 2")
    wait_until_told(watch, [])
    before = count_open_files(watch.process)

    for _ in range(N_CYCLES):
        number = chance.choice((1, 2))
        rig.tell(f"plug {number}")
        time.sleep(chance.uniform(*MOMENTS_S))  # the moment is what is tried here
        rig.tell(f"unplug {number}")
    bench.wait_for_empty("1-1")
    bench.wait_for_empty("1-2")
    wait_until_told(watch, [])
    wait_until("open files as before", lambda: count_open_files(watch.process) <= before)

    rig.tell("plug 1")
    bench.wait_for_device("1-1")
    wait_until_told(watch, ["usb:1-1"])
    expect_equal(bench.list_boards()["usb:1-1"]["access"], "ok", "access at the end")
    expect_equal(watch.process.poll(), None, "the end of the watch")
    watch.process.send_signal(signal.SIGINT)
    expect_equal(watch.finish(), 130, "exit status")
