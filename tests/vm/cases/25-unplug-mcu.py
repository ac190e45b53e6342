# SPDX-License-Identifier: GPL-3.0-or-later
"""The plug of a microcontroller is pulled while it is being written, and put back: the job says in
which state the chip is, and the same job again finishes it and keeps what is beside the firmware.

FLASHWRIGHT_SEED repeats a run; the seed is printed."""

import os
import random

from bench import FLASH, expect, expect_equal

SIZE = 100_000
WHOLE = 128 << 10  # the sectors that it touches
N_ROUNDS = 2
TIMEOUT_S = 240


def pull(bench, rig, path, fraction):
    job = bench.start_flash(path, "usb:1-1", "--address", hex(FLASH))
    while True:
        event = job.next()
        expect(event["event"] != "finished", f"the job never came to {fraction}")
        if event["event"] == "progress" and event["fraction"] >= fraction:
            break
    rig.tell("unplug")
    last = job.wait_for("finished")
    expect_equal(job.finish(), last["exit_code"], "exit status")
    return last


def run(bench):
    seed = int(os.environ.get("FLASHWRIGHT_SEED", random.randrange(1 << 32)))
    print(f"FLASHWRIGHT_SEED={seed}")
    chance = random.Random(seed)
    os.environ["XDG_STATE_HOME"] = bench.path("state")
    rig = bench.plug("virtual:stm32f405")
    beside = chance.randbytes(WHOLE - SIZE)
    whole = bench.write("whole.bin", bench.make_firmware(SIZE) + beside)
    bench.flash(whole, "usb:1-1", "--address", hex(FLASH), "--no-start")
    for _ in range(N_ROUNDS):
        firmware = bench.make_firmware(SIZE)
        path = bench.write("firmware.bin", firmware)
        last = pull(bench, rig, path, chance.uniform(0.3, 0.8))
        expect_equal(last["exit_code"], 4, "exit code")
        expect(not last["all_written"] and not last["all_verified"], last)
        expect(last["board_state"] in ("half", "unknown", "untouched"), last)
        bench.wait_for_empty("1-1")
        rig.tell("plug")
        bench.wait_for_device("1-1")
        last = bench.flash(path, "usb:1-1", "--address", hex(FLASH), "--no-start")[-1]
        expect(last["all_verified"], last)
        memory = bench.read("board1", "flash.bin")
        expect_equal(memory[:SIZE] == firmware, True, "firmware")
        expect_equal(memory[SIZE:WHOLE] == beside, True, "what is beside it")
