#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of `inspect`: members of its JSON, exit codes, text.

usage: check_inspect.py PROGRAM"""

import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys

from cli_bench import BL33, FW_CONFIG, LOAD_ADDRESS, Bench, expect, make_fip, make_stm32
from tap import Tap


def inspect(bench, path):
    """Returns: exit code and answer."""
    code, out, _ = bench.run("inspect", path, "--json")
    lines = out.splitlines()
    if len(lines) != 1:
        raise ValueError(f"one line of JSON was expected: {out!r}")
    return code, json.loads(lines[0])


def dashed(digits):
    parts = (digits[0:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return "-".join(parts)


def segment(address, data):
    return {"address": address, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def codes(answer):
    return [problem["code"] for problem in answer["problems"]]


def check_raw(bench):
    complaints = []
    path = bench.write("plain.bin", b"plain bytes")
    code, answer = inspect(bench, path)
    wanted = {"file": path, "format": "raw", "size": 11, "segments": [segment(0, b"plain bytes")],
              "problems": []}
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer == wanted)
    code, answer = inspect(bench, bench.write("packed.img", b"\x28\xb5\x2f\xfd" + bytes(100)))
    problem = answer["problems"][0]
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["content"] == "zstd"
           and problem["severity"] == "warning" and problem["code"] == "packed"
           and problem["message"] and problem["fix"])
    return complaints


def check_stm32(bench):
    complaints = []
    payload = bytes(range(256)) * 5
    good = make_stm32(payload)
    code, answer = inspect(bench, bench.write("good.stm32", good))
    header = answer["header"]
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["format"] == "stm32"
           and answer["segments"] == [segment(LOAD_ADDRESS, payload)]
           and answer["entry"] == LOAD_ADDRESS)
    expect(complaints, f"{header}", header["version"] == "1.0" and header["load"] == LOAD_ADDRESS
           and header["image_length"] == len(payload) and header["entry"] == LOAD_ADDRESS
           and header["checksum_ok"] is True and header["signed"] is False)
    for name, data, wanted in (
        ("damaged", good[:-1] + b"\x00", "stm32-checksum-wrong"),
        ("cut off", good[:-1], "stm32-payload-truncated"),
        ("head only", good[:100], "stm32-header-truncated"),
        ("other version", good[:74] + b"\x07" + good[75:], "stm32-version-unknown"),
    ):
        code, answer = inspect(bench, bench.write("bad.stm32", data))
        expect(complaints, f"{name}: exit {code}, {answer}", code == 1 and wanted in codes(answer)
               and answer.get("header", {}).get("checksum_ok", False) is False)
    return complaints


def check_fip(bench):
    complaints = []
    package = make_fip()
    code, answer = inspect(bench, bench.write("good.bin", package))
    entries = answer["header"]["entries"]
    at = 16 + 40 * 3
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["format"] == "fip"
           and answer["segments"] == [segment(0, package)] and "entry" not in answer)
    expect(complaints, f"{entries}", entries == [
        {"uuid": dashed(FW_CONFIG), "offset": at, "size": 4096, "name": "fw-config"},
        {"uuid": dashed(BL33), "offset": at + 4096, "size": 4096, "name": "bl33"}])
    code, answer = inspect(bench, bench.write("cut.bin", package[:-1]))
    expect(complaints, f"exit {code}, {answer}", code == 1 and "fip-truncated" in codes(answer))
    huge = package[:32] + struct.pack("<Q", 2**64 - 1) + package[40:]
    code, answer = inspect(bench, bench.write("huge.bin", huge))
    expect(complaints, f"exit {code}, {answer}", code == 1
           and answer["header"]["entries"][0]["offset"] > 2**63)
    return complaints


def check_gpt(bench):
    complaints = []
    sector = bytearray(512)
    sector[450], sector[510], sector[511] = 0xEE, 0x55, 0xAA
    code, answer = inspect(bench, bench.write("disk.img", bytes(sector) + bytes(70 * 512)))
    expect(complaints, f"exit {code}, {answer}", code == 1 and answer["format"] == "gpt"
           and codes(answer) == ["gpt-unreadable"])
    return complaints


def check_good_gpt(bench):
    """A disk image as the usual tool makes it."""
    complaints = []
    path = bench.path("card.img")
    with open(path, "wb") as file:
        file.truncate(8 << 20)
    tool = shutil.which("sgdisk", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if tool is None:
        return ["sgdisk is not installed"]
    subprocess.run([tool, "--new=1:2048:4095", "--change-name=1:bootfs", "--attributes=1:set:2",
                    "--new=2:4096:8191", "--change-name=2:root\033[31mfs", path],
                   capture_output=True, check=True)
    code, answer = inspect(bench, path)
    header = answer["header"]
    first = header["partitions"][0]
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["format"] == "gpt"
           and header["sector_size"] == 512 and header["primary_ok"] and header["backup_ok"])
    expect(complaints, f"{first}", first["number"] == 1 and first["name"] == "bootfs"
           and first["start"] == 1 << 20 and first["size"] == 1 << 20 and first["bootable"]
           and not header["partitions"][1]["bootable"])
    code, out, err = bench.run("inspect", path)
    expect(complaints, f"exit {code}: {out!r} {err!r}", code == 0 and "bootfs" in out
           and "0x00100000" in out and "1 MiB" in out and "\033" not in out)
    return complaints


def check_formats(bench):
    """Every format is told by its name and in words."""
    complaints = []
    for data, format_name, words in (
        (b":020000040800F2\n:00000001FF\n", "ihex", "Intel HEX"),
        (b"S00600004844521B\nS9030000FC\n", "srec", "Motorola S-records"),
        (b"\x7fELF\x01\x01\x01" + bytes(60), "elf", "ELF"),
        (b"DfuSe\x01" + bytes(400), "dfuse", "DfuSe container"),
        (b"UF2\nWQ]\x9e" + bytes(504), "uf2", "UF2"),
    ):
        path = bench.write("sample", data)
        _, answer = inspect(bench, path)
        _, out, _ = bench.run("inspect", path)
        expect(complaints, f"{format_name}: {answer['format']}: {out}",
               answer["format"] == format_name and f"{format_name}, {words}" in out)
    return complaints


def check_unreadable(bench):
    complaints = []
    os.mkfifo(bench.path("pipe"))
    for path, wanted in (
        (bench.path("nothing"), "file-missing"),
        (bench.folder, "file-is-folder"),
        (bench.path("pipe"), "file-not-regular"),
        (bench.write("empty", b""), "file-empty"),
    ):
        code, answer = inspect(bench, path)
        expect(complaints, f"{wanted}: exit {code}, {answer}", code == 1
               and answer["file"] == path and codes(answer) == [wanted])
        code, out, err = bench.run("inspect", path)
        expect(complaints, f"{wanted}: exit {code}, not a word", code == 1
               and f"[{wanted}]" in out + err)
    return complaints


def check_text(bench):
    complaints = []
    code, out, err = bench.run("inspect", bench.write("a\033[31mred", make_stm32(b"payload")))
    expect(complaints, f"exit {code}: {out}{err}", code == 0 and "version 1.0" in out
           and "0x2ffc2500" in out and hashlib.sha256(b"payload").hexdigest() in out and not err)
    expect(complaints, f"escape sequences: {out!r}", "\033" not in out)
    code, out, _ = bench.run("inspect", bench.write("fip.bin", make_fip()))
    expect(complaints, f"exit {code}: {out}", code == 0 and "bl33" in out and "4 KiB" in out)
    code, out, _ = bench.run("inspect", "--help")
    expect(complaints, f"exit {code}: {out}", code == 0 and "--json" in out)
    code, _, err = bench.run("inspect", "one", "two")
    expect(complaints, f"exit {code}: {err}", code == 2 and err)
    return complaints


def main():
    tap = Tap()
    for name, check in (
        ("plain bytes", check_raw),
        ("stm32", check_stm32),
        ("fip", check_fip),
        ("gpt", check_gpt),
        ("disk image", check_good_gpt),
        ("formats", check_formats),
        ("unreadable", check_unreadable),
        ("text", check_text),
    ):
        tap.result(name, check(Bench(sys.argv[1])))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
