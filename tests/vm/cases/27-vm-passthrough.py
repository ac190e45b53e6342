# SPDX-License-Identifier: GPL-3.0-or-later
"""A board that is away for long while this computer is a virtual machine – as this one really is:
within five seconds the job names the likeliest cause, and goes on by itself once the board is
there. A report of the job tells the same to somebody who was not there."""

import json

from bench import expect, expect_equal

TIMEOUT_S = 150


def check_report(bench, path):
    said = bench.run(bench.cli, "report", path, "--json")
    moments = json.loads(said)["moments"]
    codes = [moment["code"] for moment in moments if "code" in moment]
    expect("vm-passthrough" in codes, f"the time line does not name the cause: {moments}")
    sources = {moment["source"] for moment in moments}
    expect({"job", "advice"} <= sources, f"sources of the time line: {sources}")


def run(bench):
    path, data = bench.make_layout(100_000)
    bench.plug("virtual:stm32mp157,fault=handover-delay@tfa")
    report = bench.path("report.zip")
    events = bench.flash(path, "usb:1-1", "--report", report)
    kinds = [event["event"] for event in events]
    expect("diagnosis" in kinds, f"no diagnosis among {kinds}")
    first = next(event for event in events if event["event"] == "diagnosis")
    expect_equal((first["code"], first["certainty"]), ("vm-passthrough", "likely"), "diagnosis")
    expect_equal(first["port"], "nothing", "what the port shows")
    expect(5000 <= first["waited_ms"] <= 6500, f"diagnosis after {first['waited_ms']} ms")
    lost = kinds.index("lost", 0, kinds.index("diagnosis"))
    returned = kinds.index("returned", lost)
    expect(lost < kinds.index("diagnosis") < returned, f"order of {kinds}")
    expect(events[-1]["all_written"], events[-1])
    bench.expect_stored(data, "board1", "mmc0.img")
    check_report(bench, report)
