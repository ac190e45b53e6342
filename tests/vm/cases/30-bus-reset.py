# SPDX-License-Identifier: GPL-3.0-or-later
"""On an xHCI controller the board sees bus resets. Our program asks for none: each belongs to an
enumeration. A host that resets the port right after DETACH sends an STM32MP1 back into its ROM
(stm32mp-usb.md section 1.4.4)."""

import ctypes
import fcntl
import os
import struct

from bench import (
    DEVICES,
    expect,
    expect_equal,
    get_node,
    is_device_known,
    read_attribute,
    wait_until,
)

TIMEOUT_S = 180
ATTEMPTS = 10  # a busy machine may be too slow for the board's 40 ms
SIZE = 600_000

# linux/usbdevice_fs.h, on machines with 64 bits
USBDEVFS_CONTROL = 0xC0185500
USBDEVFS_CLAIMINTERFACE = 0x8004550F
USBDEVFS_RESET = 0x5514
CONTROL_TRANSFER = "BBHHHIP"
DFU_DETACH = (0x21, 0, 1000, 0, 0, 5000, 0)


def ask_for(board):
    """Of whoever runs the guest: a server for that board, or none."""
    path = os.path.join(os.environ["OUT"], "usbredir-wanted")
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(board)
    os.rename(path + ".new", path)


class RedirectedBoard:
    """A board behind QEMU's usb-redir, whose server is outside of the guest. There is one port:
    a new board takes the place of the last one."""

    def __init__(self, board):
        self.log = os.path.join(os.environ["OUT"], "usbredir.txt")
        remove_board()
        if os.path.exists(self.log):
            os.unlink(self.log)
        ask_for(board)
        self.port = wait_until(f"{board} on the xHCI", find_port)

    def read_log(self):
        """[word, number of the enumeration, …] of everything that the board saw."""
        try:
            with open(self.log, encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            return []
        rows = [line.split() for line in text[: text.rfind("\n") + 1].splitlines()]
        return [row for row in rows if row[0] != "listening"]

    def wait_for(self, *row):
        wait_until(f"the board says {row}", lambda: list(row) in self.read_log())


def find_port():
    """Of the board on the xHCI, once udev knows it."""
    for port in os.listdir(DEVICES):
        path = os.path.realpath(os.path.join(DEVICES, port))
        if (
            "vhci_hcd" not in path
            and read_attribute(port, "idVendor") == "0483"
            and is_device_known(port)
        ):
            return port
    return None


def remove_board():
    ask_for("")
    wait_until("nothing on the xHCI", lambda: find_port() is None)


def expect_no_idle_resets(rows):
    """Resets between `connect` and `configure` are those of the enumeration."""
    configured = False
    for row in rows:
        if row[0] in ("connect", "disconnect"):
            configured = False
        elif row[0] == "configure":
            configured = True
        expect(row[0] != "reset" or not configured, f"a reset of a board in use: {rows}")
        expect("after-leaving" not in row, f"a reset behind a DETACH: {rows}")


def flash(bench):
    layout, data = bench.make_layout(SIZE)
    os.makedirs(os.path.join(bench.artefacts, "board"), exist_ok=True)
    storage = f"$OUT/{os.path.basename(bench.artefacts)}/board"
    board = RedirectedBoard(f"virtual:stm32mp157,mmc0=16M,storage={storage}")
    events = bench.flash(layout, f"usb:{board.port}")
    expect(events[-1]["result"] == "done" and events[-1]["all_written"], events[-1])
    bench.expect_stored(data, bench.artefacts, "board", "mmc0.img")

    rows = board.read_log()
    print(rows)
    stages = [row[2] for row in rows if row[0] in ("connect", "stage")]
    expect_equal(stages, ["rom", "tfa", "uboot", "uboot2"], "stages")
    expect_equal([row[1] for row in rows if row[0] == "configure"], ["1", "2", "3"], "addresses")
    expect_no_idle_resets(rows)


def detach_and_reset(port):
    """Both at once, without libusb's work in between."""
    with open(get_node(port), "r+b", buffering=0) as node:
        fcntl.ioctl(node, USBDEVFS_CLAIMINTERFACE, ctypes.c_uint(0))
        fcntl.ioctl(node, USBDEVFS_CONTROL, struct.pack(CONTROL_TRANSFER, *DFU_DETACH))
        try:
            fcntl.ioctl(node, USBDEVFS_RESET)
        except OSError as error:
            print(f"reset: {error}")  # the board is gone by then, or gone because of it


def dfu_util_reset(bench, port):
    """It complains, since the board does not answer any more."""
    bench.dfu_util(port, "-a", "0", "-e", "-R", status=None)


def expect_restart(bench, how):
    """Without the reset the board would return as U-Boot with its second enumeration."""
    for attempt in range(ATTEMPTS):
        board = RedirectedBoard("virtual:stm32mp157,stage=uboot")
        how(board.port)
        board.wait_for("disconnect", "1")
        if ["reset", "1", "after-leaving"] in board.read_log():
            board.wait_for("connect", "2", "rom")
            return
        board.wait_for("connect", "2", "uboot2")
        print(f"attempt {attempt + 1}: the reset came too late")
    raise AssertionError(f"none of {ATTEMPTS} resets reached the board in time")


def run(bench):
    flash(bench)
    expect_restart(bench, detach_and_reset)
    expect_restart(bench, lambda port: dfu_util_reset(bench, port))
    remove_board()
