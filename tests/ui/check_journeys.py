#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Journeys by keyboard alone, read by AT-SPI and heard as by a screen reader.

usage: headless.sh check_journeys.py PROGRAM   (with HEADLESS_SERVICES=org.a11y.Bus)"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "style"), str(ROOT / "cli")]
from cli_bench import BOOT, HEADER, make_fip, make_stm32  # noqa: E402
from screen import Atspi, Listener, Screen  # noqa: E402
from tap import Tap  # noqa: E402
from check_journey_firmware import flash_firmware  # noqa: E402
from check_journey_layout import write_layout  # noqa: E402

CARD = HEADER + BOOT + ("P\t0x04\tfsbl1\tBinary\tmmc0\t0x00004400\tfsbl.stm32\n"
                        "P\t0x10\tdata\tBinary\tmmc0\t0x00084400\tdata.img\n")
EMMC = HEADER + BOOT + "P\t0x10\tdata\tBinary\tmmc1\t0x00080000\tdata.img\n"
DATA = b"what is on the card" * 1000


def make_build(folder):
    build = Path(folder) / "build"
    build.mkdir()
    (build / "fsbl.stm32").write_bytes(make_stm32(b"DFU USB START\0" + bytes(range(256)) * 16))
    (build / "fip.bin").write_bytes(make_fip())
    (build / "data.img").write_bytes(DATA)
    (build / "FlashLayout_sdcard_stm32mp157c-dk2.tsv").write_text(CARD)
    (build / "FlashLayout_emmc_stm32mp157c-dk2.tsv").write_text(EMMC)
    return build


def flash_card(program, folder):
    """J1: from an empty window to a board that is written and verified."""
    build = make_build(folder)
    screen = Screen(program, FLASHWRIGHT_VIRTUAL=f"stm32mp157,storage={folder}")
    listener = Listener("object:property-change:accessible-name")
    try:
        screen.wait_for("drop a file|Drop a file", "label")
        screen.follow("^Flashwright$")
        screen.go_round(10)
        screen.press("F10")
        screen.wait_focus("^New window")
        screen.go("Down", "^Open a build folder")
        screen.press("Return")
        screen.choose("^Open the folder", build)
        screen.follow("^FlashLayout_sdcard")
        screen.go_round(20)
        screen.go("Tab", screen.find_last_board("STM32MP15. Ready in ROM"), 80)
        screen.press("Return")
        screen.go("Tab", "^Verify afterwards", 80)
        screen.press("space")
        screen.go("Tab", "^Flash STM32MP15$", 80)
        screen.press("Return")
        told = screen.wait_focus("^Back to layout$").get_description()
        assert told.startswith("Written and verified\nWritten: 2 of 2 partitions\n"
                               "Verified: Yes, read back and compared\nStarted: "), told
        screen.wait("the end to be said", lambda: listener.list_said("alert")[-1:] == [
            "Written and verified"])
        said = listener.list_said("alert")
        assert [text for text in said if "running" in text] == [
            "ROM, running", "TF-A, running", "U-Boot, running"], said
        # The card is a file of many gigabytes, nearly all of it holes.
        with open(Path(folder) / "mmc0.img", "rb") as card:
            card.seek(0x84400)
            assert card.read(len(DATA)) == DATA
    finally:
        listener.close()
        screen.close()


def main():
    tap = Tap()
    Atspi.init()
    for name, journey in (("J1, a first flash", flash_card),
                          ("J4, a chip that is write protected", flash_firmware),
                          ("J13, a layout of one's own", write_layout)):
        with tempfile.TemporaryDirectory() as folder:
            try:
                journey(sys.argv[1], folder)
                tap.result(name, [])
            except AssertionError as error:
                tap.result(name, [str(error)])
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
