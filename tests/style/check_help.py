#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the help prints in bold is a name on the screen, and the program must show it so.

usage: check_help.py SOURCE-ROOT"""

import glob
import html
import os
import re
import sys

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402
from tree import read_text  # noqa: E402

# Bold for another reason: what a point of a list, or a sentence, explains.
TERMS = {
    "fwupd", "ModemManager", "A virtual machine", "Another flashing tool",
    "A file has changed while it was sent", "A file is missing", "It is damaged",
    "It does not fit this chip",
    "stage", "hand-over",
    "Opt", "IP", "Binary",
    "ignored", "Level 0", "erases the whole flash",
    "Old content", "Only FF", "The same bytes at another place", "Single bits", "In RAM",
}
STRING = r'"(?:[^"\\]|\\.)*"'
MARKED = re.compile(rf"\bN?_ \(\s*((?:{STRING}\s*)+)\)")
SHOWN = re.compile(r'translatable="(?:yes|true)"[^>]*>([^<]*)<')


def unmark(text):
    """Without the lines below keys, and with dots where a name or a number will stand."""
    return text.replace("_", "").replace("%s", "…")


def list_names(root):
    """Every text that the program can show."""
    names = set()
    for path in glob.glob(os.path.join(root, "ui", "*.ui")):
        names |= {unmark(html.unescape(text)) for text in SHOWN.findall(read_text(path))}
    for path in glob.glob(os.path.join(root, "src", "**", "*.c"), recursive=True):
        for strings in MARKED.findall(read_text(path)):
            names.add(unmark("".join(part[1:-1] for part in re.findall(STRING, strings))))
    return names


def list_bold(text):
    return {" ".join(name.split()) for name in re.findall(r"\*\*([^*]+)\*\*", text)}


def main():
    root = sys.argv[1]
    tap = Tap()
    names = list_names(root)
    tap.result("texts", [] if len(names) > 500 else [f"only {len(names)} were found"])
    used = set()
    for path in sorted(glob.glob(os.path.join(root, "data", "help", "C", "*.md"))):
        bold = list_bold(read_text(path))
        used |= bold
        tap.result(os.path.basename(path),
                   [f"{path}: the program shows no “{name}”" for name in bold - names - TERMS])
    tap.result("terms", [f"“{name}” is not in the help" for name in TERMS - used])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
