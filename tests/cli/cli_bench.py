# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the command line the way scripts do, and builds small layouts for it."""

import json
import os
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "style"))

LOAD_ADDRESS = 0x2FFC2500
HEADER = "#Opt\tId\tName\tType\tIP\tOffset\tBinary\n"
BOOT = "-\t0x01\tfsbl\tBinary\tnone\t0x0\tfsbl.stm32\n-\t0x03\tfip\tFIP\tnone\t0x0\tfip.bin\n"
BL33 = "d6d0eea7fcead54b97829934f234b6e4"
FW_CONFIG = "5807e16a845947be8ed5648e8dddab0e"


def make_stm32(payload):
    """STM32 header v1.0, stm32mp-usb.md section 4.1."""
    header = bytearray(256)
    header[0:4] = b"STM2"
    struct.pack_into("<III", header, 68, sum(payload) & 0xFFFFFFFF, 0x00010000, len(payload))
    struct.pack_into("<I", header, 80, LOAD_ADDRESS)
    struct.pack_into("<I", header, 88, LOAD_ADDRESS)
    struct.pack_into("<I", header, 100, 1)
    header[255] = 0x10
    return bytes(header) + payload


def make_fip():
    """Table of contents with two images, section 4.7."""
    at = 16 + 40 * 3
    body = struct.pack("<IIQ", 0xAA640001, 0x12345678, 0)
    for index, name in enumerate((FW_CONFIG, BL33)):
        body += bytes.fromhex(name) + struct.pack("<QQQ", at + 4096 * index, 4096, 0)
    body += bytes(16) + struct.pack("<QQQ", at + 8192, 0, 0)
    return body + bytes(range(256)) * 32


class Bench:
    """A folder with boot files, a folder for the virtual board's storages, and the program."""

    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.temporary = tempfile.TemporaryDirectory(prefix="flash-cli-")
        self.folder = self.temporary.name
        self.storage = os.path.join(self.folder, "board")
        self.write("fsbl.stm32", make_stm32(b"DFU USB START\0" + bytes(range(256)) * 16))
        self.write("fip.bin", make_fip())

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def write_layout(self, rows, name="layout.tsv"):
        return self.write(name, (HEADER + BOOT + rows).encode())

    def board(self, keys="", model="stm32mp157"):
        return f"virtual:{model},storage={self.storage}" + (f",{keys}" if keys else "")

    def start(self, *arguments, **options):
        # What a command writes without being told where to lies in the folder of the test.
        options.setdefault("cwd", self.folder)
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
        return subprocess.Popen(
            [self.program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            **options,
        )

    def run(self, *arguments, **options):
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=100)
        return process.returncode, out, err

    def flash(self, layout, *options, keys="", **more):
        """Returns: exit code, list of events, standard error."""
        code, out, err = self.run(
            "flash", layout, "--board", self.board(keys), "--json", *options, **more
        )
        return code, [json.loads(line) for line in out.splitlines()], err

    def check(self, layout, *options):
        code, out, err = self.run("check", layout, "--json", *options)
        return code, json.loads(out), err


def expect(complaints, what, is_so):
    if not is_so:
        complaints.append(what)
