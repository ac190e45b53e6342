#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that the help tells to type: each of them works, on a virtual board.

usage: check_help.py PROGRAM HELP-FOLDER"""

import os
import shlex
import sys

from cli_bench import Bench, expect
from tap import Tap

ROOTFS = "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\trootfs.img\n"
PLACES = ("usb:1-4",)  # what stands for a board of the reader's
LAYOUTS = ("FlashLayout.tsv", "LAYOUT.tsv")


def list_commands(folder):
    """Of each line of code that calls the program: its page and the words after the program."""
    commands = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            lines = file.read().splitlines()
        is_code = False
        for line in lines:
            if line.startswith("```"):
                is_code = not is_code
            elif is_code and line.startswith("flashwright-cli"):
                commands.append((name, shlex.split(line)[1:]))
    return commands


def check(program, page, words):
    complaints = []
    bench = Bench(program)
    bench.write("rootfs.img", bytes(4096))
    for name in LAYOUTS:
        bench.write_layout(ROOTFS, name)
    meant = [bench.board() if word in PLACES else word for word in words]
    code, _, err = bench.run(*meant)
    expect(complaints, f"{page}: {words}: exit {code}: {err}", code == 0)
    for word in words:
        if word.startswith("--output="):
            made = bench.path(word.removeprefix("--output="))
            expect(complaints, f"{page}: {words} made no {made}", os.path.exists(made))
    return complaints


def main():
    program, folder = sys.argv[1:3]
    tap = Tap()
    commands = list_commands(folder)
    tap.result("commands", [] if len(commands) > 5 else [f"only {len(commands)} were found"])
    for page, words in commands:
        tap.result(f"{page}: {' '.join(words)}", check(program, page, words))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
