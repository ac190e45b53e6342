# SPDX-License-Identifier: GPL-3.0-or-later
"""`boards --watch` tells every arrival, departure and change of stage, as they happen: also the
one from ROM to TF-A, where the board does not leave the bus."""

import signal

from bench import expect, expect_equal

TIMEOUT_S = 90


def run(bench):
    path, _ = bench.make_layout(4096)
    watch = bench.watch_boards()
    rig = bench.plug("virtual:stm32mp157")
    arrived = watch.wait_for("arrived", id="usb:1-1")
    expect_equal((arrived["port"], arrived["speed"]), ("1-1", "high"), "port and speed")
    expect_equal(arrived["stage"], "rom", "stage on arrival")

    alternates = bench.list_alternates("1-1")
    bench.dfu_util("1-1", "-a", alternates[1], "-D", bench.path("fsbl.stm32"))
    watch.wait_for("changed", id="usb:1-1", stage="tf-a")
    bench.dfu_util("1-1", "-a", alternates[3], "-D", bench.path("fip.bin"))
    bench.leave_stage("1-1")
    watch.wait_for("left", id="usb:1-1")
    expect_equal(watch.wait_for("arrived", id="usb:1-1")["stage"], "u-boot", "stage after DETACH")

    rig.tell("unplug")
    watch.wait_for("left", id="usb:1-1")
    rig.tell("plug")
    expect_equal(watch.wait_for("arrived", id="usb:1-1")["stage"], "rom", "stage after the unplug")
    bench.flash(path, "usb:1-1")
    stages = []
    while stages.count("u-boot") < 2:
        stages.append(watch.wait_for("arrived", id="usb:1-1")["stage"])
    rig.tell("unplug")
    watch.wait_for("left", id="usb:1-1")
    watch.process.send_signal(signal.SIGINT)
    expect_equal(watch.finish(), 130, "exit status")
    expect(watch.heard[-1]["event"] == "left", watch.heard[-1])
