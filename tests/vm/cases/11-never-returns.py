# SPDX-License-Identifier: GPL-3.0-or-later
"""A board that leaves the bus and never comes back: the job says that it waits, gives up with the
right advice, and the list is empty. It is an STM32MP13, whose ROM leaves the bus to start the
first stage, and somebody who is not patient."""

from bench import expect, expect_equal

TIMEOUT_S = 90


def run(bench):
    path, _ = bench.make_layout(4096, chip="stm32mp135")
    bench.plug("virtual:stm32mp135,fault=never-return@rom")
    events = bench.flash(path, "usb:1-1", "--patience", "10", status=4)
    last = events[-1]
    expect_equal(last["code"], "never-came-back", "code")
    expect_equal((last["all_written"], last["board_state"]), (False, "away"), "facts")
    expect(last["remedy"], "no remedy")
    failed = [event for event in events if event["event"] == "failed"]
    expect("1-1" in failed[0]["message"], f"the port is not named: {failed}")
    kinds = [event["event"] for event in events]
    expect_equal((kinds.count("lost"), kinds.count("returned")), (1, 0), "departures and returns")
    waited = [event["waited_ms"] for event in events if event.get("activity") == "waiting"]
    expect(len(waited) > 10 and waited == sorted(waited), f"progress of the wait: {waited}")
    expect_equal(bench.list_boards(), {}, "boards")
