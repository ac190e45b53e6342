#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does check_source.py find what it must, and leave alone what it must?

A sample is a little tree in one file: `=== path` begins a file in it. A line that must be
complained about ends in «rule», or «rule rule»; every other line must be left alone. The marks
are taken out before the check sees the line; ␠ stands for a blank at the end, ␉ for a tab.

Limits are tried at their edge by code below, since a sample of 501 lines helps nobody."""

import os
import re
import sys
import tempfile

sys.dont_write_bytecode = True

import rules  # noqa: E402
from check_source import check  # noqa: E402
from tap import Tap  # noqa: E402

MARK = re.compile(r" *«([a-z0-9 -]+)»$")
HEAD = """/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "flash-sample"

#include "config.h"

"""
DOORS = """## Doors

| room | may include |
| --- | --- |
| `base` | nothing |
| `jobs` | `base` |
"""


def unpack(text):
    """Path to text, and the set of (path, line, rule) that must be complained about."""
    files = {}
    expected = set()
    path = None
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("=== "):
            path = line[4:]
            files[path] = []
            continue
        if path is None:
            continue
        mark = MARK.search(line)
        if mark:
            line = line[: mark.start()]
            for code in mark.group(1).split():
                expected.add((path, len(files[path]) + 1, code))
        files[path].append(line.replace("␠", " ").replace("␉", "\t"))
    return {name: "\n".join(lines + [""]) for name, lines in files.items()}, expected


def run(files):
    """The set of (path, line, rule) that the check complains about in a tree of these files."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text)
        found = check(root)
    return {
        (path, line, code) for code, complaints in found.items() for path, line, _ in complaints
    }


def compare(files, expected):
    found = run(files)
    complaints = [f"not found: {path}:{line} {code}" for path, line, code in expected - found]
    complaints += [f"wrongly found: {path}:{line} {code}" for path, line, code in found - expected]
    return sorted(complaints)


def make_file(body):
    return {"src/README.md": DOORS, "src/base/flash-sample.c": HEAD + body}


def edges():
    """(name, text of the body, expected rules)"""
    name = "src/base/flash-sample.c"
    head = HEAD.count("\n")

    def function(count):
        return "static void\ndo_it (void)\n{\n" + "  step ();\n" * count + "}\n"

    def filled(count):
        return "int a;\n" * (count - head)

    def nested(levels):
        opening = "".join("  " * (i + 1) + "if (a)\n" for i in range(levels))
        return "static void\ndo_it (void)\n{\n" + opening + "  " * (levels + 1) + "step ();\n}\n"

    wide = "int " + "a" * 95 + ";\n"
    wider = "int " + "a" * 96 + ";\n"
    yield "a function of 60 lines", function(60), set()
    yield "a function of 61 lines", function(61), {(name, head + 3, "function-length")}
    yield "a file of 500 lines", filled(500), set()
    yield "a file of 501 lines", filled(501), {(name, 501, "file-length")}
    yield "four levels", nested(4), set()
    yield "five levels", nested(5), {(name, head + 8, "nesting")}
    yield "100 columns", wide, set()
    yield "101 columns", wider, {(name, head + 1, "columns")}


def main():
    tap = Tap()
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "samples")
    tried = {"function-length", "file-length", "nesting", "columns"}
    for sample in sorted(os.listdir(folder)):
        with open(os.path.join(folder, sample), encoding="utf-8") as file:
            files, expected = unpack(file.read())
        tried.update(code for _, _, code in expected)
        tap.result(sample, compare(files, expected))
    for name, body, expected in edges():
        tap.result(name, compare(make_file(body), expected))

    not_utf8 = make_file("/* \udcff */\n")
    tap.result("every rule has a sample", sorted(set(rules.RULES) - tried - {"utf-8"}))
    tap.result("not UTF-8", check_bytes(not_utf8))
    return tap.done()


def check_bytes(files):
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, name)), exist_ok=True)
            with open(os.path.join(root, name), "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))
        found = check(root)["utf-8"]
    return [] if [path for path, _, _ in found] == ["src/base/flash-sample.c"] else ["not found"]


if __name__ == "__main__":
    sys.exit(main())
