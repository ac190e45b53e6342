# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian's dfu-util flashes an STM32MP157 stage by stage, as public recipes for it do, and reads
back what U-Boot has stored (stm32mp-usb.md sections 1.8 and 2.5)."""

import os

from bench import expect, expect_equal

FINISHED = 0xFE
FILE_SYSTEM_SIZE = 1 << 20  # neither dfu-util nor U-Boot looks inside
NEED_DETACH = bytes.fromhex("00ffffffff0000000001")

TIMEOUT_S = 120


def load_boot_stages(bench, folder):
    alternates = bench.list_alternates("1-1")
    expect_equal(sorted(alternates), [0, 1, 2, 3, 4, 0xF1], "alternates of the ROM")
    stage = os.path.join(folder, "tf-a-usb.stm32")
    bench.dfu_util("1-1", "-a", alternates[1], "-D", stage)
    expect_equal(bench.read_phase("1-1")[0], 3, "phase of TF-A")
    bench.dfu_util("1-1", "-a", alternates[3], "-D", os.path.join(folder, "fip.bin"))
    expect_equal(bench.read_phase("1-1"), NEED_DETACH, "phase behind the FIP")
    bench.leave_stage("1-1")


def run(bench):
    folder, rows = bench.make_practice_layout()
    for name in ("bootfs.ext4", "rootfs.ext4"):
        os.truncate(os.path.join(folder, name), FILE_SYSTEM_SIZE)
    bench.plug("virtual:stm32mp157")
    load_boot_stages(bench, folder)

    layout = bench.make_layout_for_board(os.path.join(folder, "practice.tsv"))
    alternates = bench.list_alternates("1-1")
    expect("@FlashLayout" in alternates[0], alternates)
    bench.dfu_util("1-1", "-a", alternates[0], "-D", layout)
    phase = bench.read_phase("1-1")
    expect_equal((phase[0], phase[9]), (0, 1), "phase behind the layout")
    bench.leave_stage("1-1")

    alternates = bench.list_alternates("1-1")
    for number, offset, path in rows:
        expect_equal(bench.read_phase("1-1", alternates)[0], number, "phase")
        bench.dfu_util("1-1", "-a", alternates[number], "-D", path)
        with open(path, "rb") as file:
            bench.expect_stored(file.read(), "board1", "mmc0.img", offset=offset)
    expect_equal(bench.read_phase("1-1", alternates)[0], FINISHED, "phase at the end")

    # The smallest partition, as a whole: the file, and what the card held behind it.
    number, offset, path = rows[2]
    bench.dfu_util("1-1", "-a", alternates[number], "-U", bench.path("back.bin"))
    back = bench.read("back.bin")
    with open(path, "rb") as file:
        expect(back.startswith(file.read()), f"{alternates[number]} reads back differently")
    bench.expect_stored(back, "board1", "mmc0.img", offset=offset)
    bench.dfu_util("1-1", "-a", "0", "-e")
    bench.wait_for_empty("1-1")
