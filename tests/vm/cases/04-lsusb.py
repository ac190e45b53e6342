# SPDX-License-Identifier: GPL-3.0-or-later
"""lsusb decodes what our boards say of themselves, in every stage, without a word of complaint."""

import os
import re

from bench import expect, expect_equal, read_attribute

# What lsusb says of any device that has no debug descriptor, which is optional (USB 2.0, 9.6).
HARMLESS = re.compile(r"can't get debug descriptor: Resource temporarily unavailable")
COMPLAINTS = re.compile(
    r"warning|junk|invalid|unrecogni[sz]ed|\(error\)|couldn't|too short|bad |missing", re.IGNORECASE
)
TIMEOUT_S = 120


def check(bench, stage, product):
    number = read_attribute("1-1", "devnum")
    _, out, err = bench.run_apart("lsusb", "-v", "-s", f"1:{number}")
    with open(os.path.join(bench.artefacts, f"{stage}.txt"), "w", encoding="utf-8") as file:
        file.write(out + err)
    said = [line for line in err.splitlines() if not HARMLESS.fullmatch(line.strip())]
    expect_equal(said, [], f"complaints of lsusb about {stage}")
    wrong = [line for line in out.splitlines() if COMPLAINTS.search(line)]
    expect_equal(wrong, [], f"lines of lsusb about {stage}")
    expect("Device Firmware Upgrade Interface Descriptor" in out, f"{stage}: no DFU descriptor")
    found = re.search(r"iProduct +\d+ (.*)", out)
    expect(found and product in found.group(1), f"{stage}: product {found and found.group(1)}")
    return out


def check_stm32mp157(bench):
    path, _ = bench.make_layout(4096)
    # lsusb shows what the kernel read when the board enumerated, and a TF-A that comes up on the
    # ROM's link does not: this one does.
    rig = bench.plug("virtual:stm32mp157,fault=fsbl-reenum@rom")
    said = check(bench, "rom", "DFU in HS Mode @Device ID /0x500")
    expect_equal(len(re.findall("bAlternateSetting", said)), 6, "alternates of the ROM")
    expect(re.search(r"wTransferSize +1024 bytes", said), "transfer size of the ROM")
    alternates = bench.list_alternates("1-1")
    bench.change_address(
        "1-1", "-a", alternates[1], "-D", bench.path("fsbl.stm32"), status=None
    )
    check(bench, "tfa", "DFU @Device ID /0x500")
    bench.dfu_util("1-1", "-a", alternates[3], "-D", bench.path("fip.bin"))
    bench.leave_stage("1-1")
    said = check(bench, "uboot", "USB download gadget@Device ID /0x500")
    expect(re.search(r"wTransferSize +4096 bytes", said), "transfer size of U-Boot")
    layout = bench.make_layout_for_board(path)
    bench.dfu_util("1-1", "-a", bench.list_alternates("1-1")[0], "-D", layout)
    bench.leave_stage("1-1")
    said = check(bench, "uboot-partitions", "USB download gadget@Device ID /0x500")
    expect("@rootfs/0x10/" in said, "no alternate for the partition")
    rig.tell("quit")
    bench.wait_for_empty("1-1")


def run(bench):
    check_stm32mp157(bench)
    for model in ("stm32mp135", "stm32mp257"):
        rig = bench.plug(f"virtual:{model}")
        check(bench, model, "DFU in HS Mode @Device ID")
        rig.tell("quit")
        bench.wait_for_empty("1-1")
    bench.plug("virtual:dfu")
    said = check(bench, "dfu", "")
    expect(re.search(r"bcdDFUVersion +1\.10", said), "version of DFU")
