#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the house rules that include folders and compilers cannot see; one TAP line for each.

usage: check_source.py [SOURCE-ROOT]"""

import os
import sys

sys.dont_write_bytecode = True

from rules import RULES  # noqa: E402
from tap import Tap  # noqa: E402
from tree import Tree  # noqa: E402


def check(root):
    """Rule to its sorted complaints (path, line, message)."""
    tree = Tree(root)
    return {code: sorted(function(tree)) for code, function in RULES.items()}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", "..")
    tap = Tap()
    for code, complaints in check(root).items():
        tap.result(code, [f"{path}:{line}: {message}" for path, line, message in complaints])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
