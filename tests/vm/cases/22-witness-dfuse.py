# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's dfu-util writes, reads, erases and leaves each of the virtual DfuSe boards, without a
warning that the real chip would not cause; Flashwright reads the same bytes, and the other way
round."""

import os
import re

from bench import FLASH, expect, expect_equal

SIZE = 20 << 10

# What dfu-util says of every file without a suffix, of the one map without a unit, and of strings
# that are announced longer than they are sent (stm32-dfuse.md sections 0.3 and 2.5).
NO_SUFFIX = {
    "Warning: Invalid DFU suffix signature",
    "A valid DFU suffix will be required in a future dfu-util release",
}
WARNINGS = {"stm32l072": {"Non-valid multiplier ' ', assuming bytes"}}
PATCHED = re.compile(r"Patching string descriptor \d+ length \(was \d+, received \d+\)")
NO_MASS_ERASE = ("stm32l072",)  # section 0.3, fact 18
MODELS = (
    "stm32f405",
    "stm32f105",
    "stm32g474",
    "stm32l072",
    "stm32h755",
    "stm32u575",
    "stm32f427",
)
TIMEOUT_S = 300


def dfuse(bench, model, port, address, *arguments, has_file=True, status=0):
    """One call; what it warns of is what the real chip would cause."""
    said = bench.dfu_util(port, "-a", "0", "-s", address, *arguments, status=status)
    warnings = set(re.findall(r"^dfu-util: (.*)$", said, re.MULTILINE))
    if model == "stm32f427":
        expect(any(PATCHED.fullmatch(line) for line in warnings), said)
        warnings = {line for line in warnings if not PATCHED.fullmatch(line)}
    wanted = WARNINGS.get(model, set()) | (NO_SUFFIX if has_file else set())
    if status == 0:
        expect_equal(warnings, wanted, f"warnings about {model}")
    return said


def check_theirs(bench, model, port, number):
    """Written and read by dfu-util, read by us."""
    firmware = bench.make_firmware(SIZE)
    path = bench.write(f"{model}.bin", firmware)
    dfuse(bench, model, port, f"{FLASH:#x}", "-D", path)
    expect_equal(bench.read(f"board{number}", "flash.bin")[:SIZE], firmware, f"flash of {model}")
    back = bench.path(f"{model}.back")
    dfuse(bench, model, port, f"{FLASH:#x}:{SIZE}", "-U", back, has_file=False)
    expect_equal(bench.read(f"{model}.back"), firmware, f"what dfu-util read of {model}")
    ours = bench.path(f"{model}.ours")
    bench.run(bench.cli, "read", "--board", f"usb:{port}", "-a", hex(FLASH), "-s", str(SIZE), "-o",
              ours, "--format", "bin")
    expect_equal(bench.read(f"{model}.ours"), firmware, f"what we read of {model}")


def check_erase(bench, model, port, number):
    path = bench.path(f"{model}.bin")
    status = 74 if model in NO_MASS_ERASE else 0
    said = dfuse(bench, model, port, f"{FLASH:#x}:mass-erase:force", "-D", path, status=status)
    if status != 0:
        expect("MASS_ERASE not correctly executed" in said, said)
        return
    memory = bench.read(f"board{number}", "flash.bin")
    expect_equal(memory[:SIZE], bench.read(f"{model}.bin"), f"{model} after mass erase")
    expect(set(memory[SIZE:]) == {0xFF}, f"{model} is not erased behind the firmware")


def check_ours(bench, model, port):
    """Written by us, in the format with a suffix; read by dfu-util."""
    firmware = bench.make_firmware(SIZE)
    path = bench.write("ours.bin", firmware)
    bench.flash(path, f"usb:{port}", "--address", hex(FLASH), "--no-start", "--shared", "erase")
    back = bench.path(f"{model}.second")
    dfuse(bench, model, port, f"{FLASH:#x}:{SIZE}", "-U", back, has_file=False)
    expect_equal(bench.read(f"{model}.second"), firmware, f"{model}, written by us")


def check_leave(bench, model, port):
    said = dfuse(bench, model, port, f"{FLASH:#x}:leave", "-D", bench.path("ours.bin"))
    expect("Transitioning to dfuMANIFEST state" in said, said)
    bench.wait_for_empty(port)


def run(bench):
    bench.plug(*(f"virtual:{model},timing=fast" for model in MODELS))
    for number, model in enumerate(MODELS, 1):
        port = f"1-{number}"
        os.environ["XDG_STATE_HOME"] = bench.path("state")
        check_theirs(bench, model, port, number)
        check_erase(bench, model, port, number)
        check_ours(bench, model, port)
        check_leave(bench, model, port)
