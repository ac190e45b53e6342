#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does tests/summarize-results count honestly? The last line of the test command is what people
believe."""

import importlib.machinery
import importlib.util
import json
import os
import sys
import tempfile

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
PROJECT = "flashwright"


def load_script():
    path = os.path.join(HERE, "..", "summarize-results")
    loader = importlib.machinery.SourceFileLoader("summarize_results", path)
    spec = importlib.util.spec_from_loader(loader.name, loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def make_suite(name, cases):
    """A test with functions, as Meson writes it; cases are "", failure, error or skipped."""
    rows = ""
    for number, kind in enumerate(cases):
        inside = f"<{kind}/>" if kind else ""
        rows += f'<testcase name="{number}" classname="{PROJECT}.{name}">{inside}</testcase>'
    return f'<testsuite name="{PROJECT}.{name}">{rows}</testsuite>'


# name, its result in the log, the kinds of its functions (None: a test without functions)
SAMPLES = [
    ("all is well", "OK", ["", "", ""], [3, 0, 0]),
    ("one is skipped", "OK", ["", "skipped"], [1, 0, 1]),
    ("one failed", "ERROR", ["", "failure", ""], [2, 1, 0]),
    ("two failed and it crashed", "ERROR", ["failure", "error"], [0, 2, 0]),
    ("crashed behind the last function", "ERROR", ["", ""], [2, 1, 0]),
    ("crashed before the first function", "ERROR", [], [0, 1, 0]),
    ("timed out", "TIMEOUT", [""], [1, 1, 0]),
    ("interrupted", "INTERRUPT", None, [0, 1, 0]),
    ("without functions", "OK", None, [1, 0, 0]),
    ("without functions, failed", "FAIL", None, [0, 1, 0]),
    ("skipped as a whole", "SKIP", None, [0, 0, 1]),
    ("passed against all odds", "UNEXPECTEDPASS", None, [0, 1, 0]),
]


def write_logs(folder, samples):
    with open(os.path.join(folder, "testlog.json"), "w", encoding="utf-8") as file:
        for name, result, _, _ in samples:
            file.write(json.dumps({"name": f"{PROJECT}:room / {name}", "result": result}) + "\n")
    with open(os.path.join(folder, "testlog.junit.xml"), "w", encoding="utf-8") as file:
        file.write("<testsuites>")
        for name, _, cases, _ in samples:
            if cases is None:
                row = f'<testcase name="{name}" classname="{PROJECT}"/>'
                file.write(f'<testsuite name="{PROJECT}">{row}</testsuite>')
            else:
                file.write(make_suite(f"{PROJECT}:room / {name}", cases))
        # What tests say stands beside the results, with whatever bytes they say it.
        file.write("<system-out>\x1a and \x01</system-out></testsuites>")


def main():
    script = load_script()
    tap = Tap()
    for samples in [[sample] for sample in SAMPLES] + [SAMPLES]:
        name = samples[0][0] if len(samples) == 1 else "all together"
        expected = [sum(column) for column in zip(*(sample[3] for sample in samples))]
        with tempfile.TemporaryDirectory() as folder:
            write_logs(folder, samples)
            totals, bad = script.count_results(folder)
        complaints = []
        if totals != expected:
            complaints.append(f"counted {totals}, there were {expected}")
        if len(bad) != sum(sample[1] not in ("OK", "SKIP") for sample in samples):
            complaints.append(f"named {bad}")
        tap.result(name, complaints)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
