#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does every code that the rooms give have its advice, as bad as they say?

usage: check_codes.py SOURCE-ROOT"""

import collections
import os
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "style"))

from tap import Tap  # noqa: E402

ROOMS = ("base", "formats", "layout", "bundle", "card", "firmware", "drives")
CODE = r'"([a-z0-9]+(?:-[a-z0-9]+)*)"'
# The code of a diagnostic, with a severity in front of it.
GIVEN = re.compile(r"FLASH_SEVERITY_(\w+),\s*" + CODE)
# A code with at least one hyphen, in a statement that also holds a text for people: it goes through
# a helper of that room.
HELPED = re.compile(r'(?<![\w(>])"([a-z0-9]+(?:-[a-z0-9]+)+)"\s*,')
NAMED = re.compile(r"\[FLASH_\w+_ERROR_\w+\]\s*=\s*\{?\s*" + CODE)
ADVICE = re.compile(r"\{\s*" + CODE + r",\s*FLASH_SEVERITY_(\w+),\s*N_")
# Both formats of hexadecimal text share a reader, which gets its codes in tables.
TABLED = re.compile(r'"((?:ihex|srec)-[a-z0-9-]+)"')
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FEWEST_CODES = 280
# Beside a text, and no code: why a row of a layout is not on a card.
NO_CODES = {"boot-stage", "boot-partition", "flash-memory", "other-card"}
# Elsewhere they are how a job or a command ends, and then an error.
ENDS_TOO = {"bundle-unreadable", "wrong-chip"}


def read_room(root, room):
    folder = os.path.join(root, "src", room)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".c"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                yield f"src/{room}/{name}", COMMENT.sub("", file.read())


def find_advices(root):
    """Returns: code -> severity"""
    return {code: severity for _, text in read_room(root, "advice")
            for code, severity in ADVICE.findall(text)}


def find_codes(root):
    """Returns: code -> where it is given; code -> severities that are written beside it"""
    places = collections.defaultdict(set)
    severities = collections.defaultdict(set)
    for room in ROOMS:
        for name, text in read_room(root, room):
            for severity, code in GIVEN.findall(text):
                places[code].add(name)
                severities[code].add(severity)
            for code in NAMED.findall(text) + TABLED.findall(text):
                places[code].add(name)
            for statement in text.split(";"):
                # The room layout has a list of its codes, which test-advice.c compares.
                if "N_ (" in statement and room != "layout":
                    for code in set(HELPED.findall(statement)) - NO_CODES:
                        places[code].add(name)
    return places, severities


def main():
    root = os.path.realpath(sys.argv[1])
    advices = find_advices(root)
    places, severities = find_codes(root)
    tap = Tap()
    tap.result("enough is found", [] if len(places) >= FEWEST_CODES else
               [f"only {len(places)} codes were found: does this test still read the sources?"])
    tap.result("advices", [f"{code} ({', '.join(sorted(where))}) has no advice"
                           for code, where in sorted(places.items()) if code not in advices])
    tap.result("severities", [
        f"{code}: the advice says {advices[code]}, {', '.join(sorted(places[code]))} {severity}"
        for code, (severity, *others) in sorted(severities.items())
        if not others and code in advices and code not in ENDS_TOO
        and advices[code] != severity])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
