# SPDX-License-Identifier: GPL-3.0-or-later
"""The promises of every maker of boards (tests/transport/flash-contract.h), kept by libusb with
the kernel's own USB stack."""

import os
import re
import subprocess

from bench import Skipped, expect, expect_equal

TIMEOUT_S = 150


def run(bench):
    program = os.path.join(bench.build_root, "tests", "usb", "test-contract-live")
    if not os.path.exists(program):
        raise Skipped("test-contract-live is not built")
    # Kept, so that it can be seen where it hangs.
    path = os.path.join(bench.artefacts, "contract.txt")
    with open(path, "w", encoding="utf-8") as file:
        status = subprocess.run(
            [program],
            env={**os.environ, "FLASHWRIGHT_CLI": bench.cli},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    with open(path, encoding="utf-8") as file:
        said = file.read()
    print(said)
    expect_equal(status, 0, "exit status")
    expect_equal(re.findall("^not ok .*", said, re.MULTILINE), [], "broken promises")
    plan = re.search(r"^1\.\.(\d+)", said, re.MULTILINE)
    kept = re.findall(r"^ok (?!.*# SKIP).*", said, re.MULTILINE)
    expect(plan and len(kept) == int(plan.group(1)) > 0, f"only {len(kept)} promises were tried")
