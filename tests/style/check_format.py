#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is every C file as clang-format would write it? Versions differ in what they write, so only the
one of Debian 12 counts.

usage: check_format.py SOURCE-ROOT"""

import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402
from tree import list_files  # noqa: E402

VERSION = "14"
NAME = "clang-format"


def find_formatter():
    """The program, or the reason why there is none."""
    for name in (f"clang-format-{VERSION}", "clang-format"):
        program = shutil.which(name)
        if program is None:
            continue
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        version = re.search(r"version (\d+)", answer.stdout)
        if version and version.group(1) == VERSION:
            return program, None
    return None, f"clang-format {VERSION} is not installed"


def main():
    root = os.path.realpath(sys.argv[1])
    tap = Tap()
    program, reason = find_formatter()
    if program is None:
        tap.skip(NAME, reason)
        return tap.done()

    names = [name for name in list_files(root) if name.endswith((".c", ".h"))]
    answer = subprocess.run(
        [program, "--dry-run", "--Werror", "--style=file", "--ferror-limit=1", *names],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    wrong = sorted(set(re.findall(r"^(\S+?:\d+):\d+: error:", answer.stderr, re.MULTILINE)))
    complaints = [f"{place}: run clang-format -i on it" for place in wrong]
    if answer.returncode != 0 and not complaints:
        complaints = answer.stderr.splitlines() or ["clang-format failed"]
    tap.result(NAME, complaints)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
