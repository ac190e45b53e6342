# SPDX-License-Identifier: GPL-3.0-or-later
"""The Test Anything Protocol, as much of it as the style tests need."""

import sys


class Tap:
    """Prints one line for each check; done() ends the list. What is wrong goes to standard error:
    of a TAP test, meson shows nothing else."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def result(self, name, complaints):
        """One check; it holds if there are no complaints (a list of lines)."""
        self.count += 1
        for line in complaints:
            print(line, file=sys.stderr)
        if complaints:
            self.failed += 1
            print(f"not ok {self.count} {name}")
        else:
            print(f"ok {self.count} {name}", flush=True)

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} {name} # SKIP {reason}", flush=True)

    def done(self):
        """Prints the plan; returns the exit status."""
        print(f"1..{self.count}", flush=True)
        return 1 if self.failed else 0
