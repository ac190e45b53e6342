# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole job on the practice layout: ROM, TF-A on the ROM's link, U-Boot under a new address
on the same port, and once more with the partitions; every partition byte for byte on the card."""

from bench import expect, expect_equal

TIMEOUT_S = 120


def expect_departures(bench, events):
    """The board left twice by itself, and the job says so."""
    kinds = [event["event"] for event in events]
    expect_equal((kinds.count("lost"), kinds.count("returned")), (2, 2), "departures and returns")
    stages = [event["stage"] for event in events if event["event"] == "stage"]
    expect_equal(stages, ["rom", "tf-a", "u-boot", "u-boot"], "stages")
    addresses = bench.list_addresses("1-1")
    expect_equal(len(addresses), 3, f"enumerations ({addresses})")
    expect_equal(len(set(addresses)), 3, f"different addresses ({addresses})")


def run(bench):
    folder, rows = bench.make_practice_layout()
    bench.plug("virtual:stm32mp157")
    events = bench.flash(f"{folder}/practice.tsv", "usb:1-1")
    last = events[-1]
    expect_equal(last["event"], "finished", "last event")
    expect(last["result"] == "done" and last["all_written"], last)
    for _, offset, path in rows:
        with open(path, "rb") as file:
            bench.expect_stored(file.read(), "board1", "mmc0.img", offset=offset)
    expect_departures(bench, events)
