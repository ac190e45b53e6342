# SPDX-License-Identifier: GPL-3.0-or-later
"""Another program holds the board: it is named, and nothing is sent; later, all is well."""

import os
import subprocess
import sys

from bench import expect, expect_equal, get_node

# USBDEVFS_CLAIMINTERFACE of linux/usbdevice_fs.h, _IOR ('U', 15, unsigned int)
HOLDER = """
import fcntl, os, struct, sys
node = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(node, 0x8004550F, struct.pack("I", 0))
print("claimed", flush=True)
sys.stdin.read()
"""


def run(bench):
    path, data = bench.make_layout(100_000)
    bench.plug("virtual:stm32mp157")
    # Its name is that of its file.
    program = bench.path("dfu-holder")
    os.symlink(sys.executable, program)
    with subprocess.Popen(
        [program, "-c", HOLDER, get_node("1-1")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        expect_equal(holder.stdout.readline(), "claimed\n", "word of the holder")
        said = bench.run(bench.cli, "flash", path, "--board", "usb:1-1", status=3)
        for word in ("[busy-in-other-program]", "dfu-holder", str(holder.pid)):
            expect(word in said, f"no “{word}” in:\n{said}")
        expect_equal(bench.list_boards()["usb:1-1"]["access"], "busy", "access")
        holder.stdin.close()
    expect_equal(bench.list_boards()["usb:1-1"]["access"], "ok", "access afterwards")
    bench.flash(path, "usb:1-1")
    bench.expect_stored(data, "board1", "mmc0.img")
