#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of `inspect`: members of its JSON, exit codes, text.

usage: check_inspect.py PROGRAM"""

import gzip
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import zlib

from cli_bench import BL33, FW_CONFIG, LOAD_ADDRESS, Bench, expect, make_fip, make_stm32
from tap import Tap


# Stack at 0x20020000, reset vector at its own byte 8, linked to 0x08000000.
PROGRAM = struct.pack("<II", 0x20020000, 0x08000009) + b"\xfe\xe7\x00\xbf" * 2


def make_hex():
    lines = []
    for address, kind, data in ((0, 4, b"\x08\0"), (0, 0, PROGRAM),
                                (0, 5, struct.pack(">I", 0x08000009)), (0, 1, b"")):
        body = struct.pack(">BHB", len(data), address, kind) + data
        lines.append(":" + (body + bytes((-sum(body) & 0xFF,))).hex().upper() + "\r\n")
    return "".join(lines).encode()


def make_elf(program):
    """One load segment from offset 0 on, one section at offset 0x100."""
    header = b"\x7fELF\1\1\1" + bytes(9) + struct.pack(
        "<HHIIIIIHHHHHH", 2, 40, 1, 0x08000009, 52, 0x200, 0, 52, 32, 1, 40, 2, 0)
    size = 0x100 + len(program)
    table = struct.pack("<8I", 1, 0, 0x07FFFF00, 0x07FFFF00, size, size, 5, 0x100)
    section = struct.pack("<10I", 0, 1, 2, 0x08000000, 0x100, len(program), 0, 0, 1, 0)
    contents = ((header + table).ljust(0x100, b"\0") + program).ljust(0x200, b"\0")
    return contents + bytes(40) + section


def add_suffix(contents, version):
    contents += struct.pack("<HHHH", 0x2200, 0xDF11, 0x0483, version) + b"UFD\x10"
    return contents + struct.pack("<I", zlib.crc32(contents) ^ 0xFFFFFFFF)


def make_dfuse(targets):
    """@targets: alternate, name or None, elements as address and bytes"""
    body = b""
    for alternate, name, elements in targets:
        data = b"".join(struct.pack("<II", address, len(contents)) + contents
                        for address, contents in elements)
        body += b"Target" + struct.pack("<BI", alternate, name is not None)
        body += (name or b"").ljust(255, b"\0")
        body += struct.pack("<II", len(data), len(elements)) + data
    return add_suffix(b"DfuSe\1" + struct.pack("<IB", 11 + len(body), len(targets)) + body, 0x011A)


def make_uf2(address, contents, family):
    head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, address, len(contents), 0, 1, family)
    return (head + contents).ljust(508, b"\0") + struct.pack("<I", 0x0AB16F30)


def inspect(bench, path, *options):
    """Returns: exit code and answer."""
    code, out, _ = bench.run("inspect", path, "--json", *options)
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
    packed = gzip.compress(b"plain bytes", mtime=0)
    code, answer = inspect(bench, bench.write("packed.img", packed))
    problem = answer["problems"][0]
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["content"] == "gzip"
           and problem["severity"] == "warning" and problem["code"] == "packed"
           and problem["message"] and problem["fix"] and answer["segments"] == [segment(0, packed)])
    code, answer = inspect(bench, bench.write("packed.img", packed[:-1]))
    expect(complaints, f"exit {code}, {answer}", code == 1
           and codes(answer) == ["packed-damaged", "packed"])
    return complaints


def check_address(bench):
    """Plain bytes with an address; no other format looks at it."""
    complaints = []
    path = bench.write("program.bin", PROGRAM)
    code, answer = inspect(bench, path)
    expect(complaints, f"exit {code}, {answer}", code == 0
           and codes(answer) == ["looks-like-program"] and "0x08000000" in str(answer["problems"]))
    for text, address in (("0x08000000", 0x08000000), ("134217728", 0x08000000)):
        code, answer = inspect(bench, path, "--address", text)
        expect(complaints, f"{text}: exit {code}, {answer}", code == 0 and not answer["problems"]
               and answer["segments"] == [segment(address, PROGRAM)])
    code, answer = inspect(bench, path, "--address", "0x08004000")
    expect(complaints, f"exit {code}, {answer}", code == 0
           and codes(answer) == ["vectors-missing"])
    packed = bench.write("program.bin.gz", gzip.compress(PROGRAM, mtime=0))
    code, answer = inspect(bench, packed, "--address=0x08000000")
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["packing"] == "gzip"
           and answer["segments"] == [segment(0x08000000, PROGRAM)])
    code, answer = inspect(bench, bench.write("a.hex", make_hex()), "--address", "0x08004000")
    expect(complaints, f"exit {code}, {answer}", code == 0
           and answer["segments"] == [segment(0x08000000, PROGRAM)])
    for text in ("nowhere", "0x100000000", "-1", ""):
        code, out, err = bench.run("inspect", path, "--address", text)
        expect(complaints, f"{text}: exit {code}: {out}{err}", code == 2 and not out and err)
    return complaints


def check_ihex(bench):
    complaints = []
    code, answer = inspect(bench, bench.write("good.hex", make_hex()))
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["format"] == "ihex"
           and answer["segments"] == [segment(0x08000000, PROGRAM)]
           and answer["entry"] == 0x08000009 and not answer["problems"]
           and "targets" not in answer and "suffix" not in answer and "packing" not in answer)
    code, answer = inspect(bench, bench.write("packed.hex.gz", gzip.compress(make_hex(), mtime=0)))
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["format"] == "ihex"
           and answer["packing"] == "gzip" and answer["segments"] == [segment(0x08000000, PROGRAM)])
    cut = bench.write("cut.hex", make_hex().rsplit(b":", 1)[0])
    code, answer = inspect(bench, cut)
    expect(complaints, f"exit {code}, {answer}", code == 1 and codes(answer) == ["ihex-no-end"]
           and answer["problems"][0]["severity"] == "error" and answer["can_insist"] is True)
    _, out, _ = bench.run("inspect", cut)
    expect(complaints, out, "use --insist" in out)
    code, answer = inspect(bench, cut, "--insist")
    expect(complaints, f"exit {code}, {answer}", code == 0
           and answer["problems"][0]["severity"] == "warning" and "can_insist" not in answer
           and answer["segments"] == [segment(0x08000000, PROGRAM)])
    broken = make_hex().replace(b":10", b":11")
    code, answer = inspect(bench, bench.write("broken.hex", broken))
    expect(complaints, f"exit {code}, {answer}", code == 1 and answer["problems"][0]["line"] == 2)
    return complaints


def check_elf(bench):
    """The first load segment begins below the program, with the headers of the file in it."""
    complaints = []
    code, answer = inspect(bench, bench.write("a.elf", make_elf(PROGRAM)))
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["format"] == "elf"
           and answer["segments"] == [segment(0x08000000, PROGRAM)]
           and answer["entry"] == 0x08000009 and codes(answer) == ["elf-headers-cut"])
    code, answer = inspect(bench, bench.write("a.elf", make_elf(PROGRAM)[:-1]))
    expect(complaints, f"exit {code}, {answer}", code == 1
           and codes(answer)[0] == "elf-sections-truncated")
    elsewhere = make_elf(PROGRAM).replace(struct.pack("<I", 0x07FFFF00),
                                          struct.pack("<I", 0x0800FF00))
    code, answer = inspect(bench, bench.write("a.elf", elsewhere))
    expect(complaints, f"exit {code}, {answer}", code == 0
           and codes(answer) == ["elf-headers-cut", "vectors-missing"]
           and answer["segments"] == [segment(0x08010000, PROGRAM)])
    return complaints


def check_dfuse(bench):
    complaints = []
    good = make_dfuse([(0, b"Internal Flash\033", [(0x08000000, PROGRAM), (0x08004000, b"data")]),
                       (1, None, [(0x1FFFC000, b"options")])])
    path = bench.write("good.dfu", good)
    code, answer = inspect(bench, path)
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["format"] == "dfuse"
           and not answer["problems"] and answer["segments"] == [
               segment(0x08000000, PROGRAM), segment(0x08004000, b"data"),
               segment(0x1FFFC000, b"options")])
    expect(complaints, f"{answer['targets']}", answer["targets"] == [
        {"alt": 0, "name": "Internal Flash\ufffd",
         "elements": [{"address": 0x08000000, "size": len(PROGRAM)},
                      {"address": 0x08004000, "size": 4}]},
        {"alt": 1, "name": None, "elements": [{"address": 0x1FFFC000, "size": 7}]}])
    expect(complaints, f"{answer['suffix']}", answer["suffix"] == {
        "vendor": 0x0483, "product": 0xDF11, "device": 0x2200, "version": 0x011A, "crc_ok": True})
    code, out, err = bench.run("inspect", path)
    expect(complaints, f"exit {code}: {out!r} {err!r}", code == 0 and "for 0483:df11" in out
           and "“Internal Flash\ufffd”, 2 pieces" in out and "1, 1 piece" in out
           and "\033" not in out)
    wrong = bench.write("wrong.dfu", good[:300] + bytes((good[300] ^ 1,)) + good[301:])
    code, answer = inspect(bench, wrong)
    expect(complaints, f"exit {code}, {answer}", code == 1 and codes(answer)[0] == "dfu-crc-wrong"
           and answer["suffix"]["crc_ok"] is False)
    code, answer = inspect(bench, wrong, "--insist")
    expect(complaints, f"exit {code}, {answer}", code == 0
           and answer["problems"][0]["severity"] == "warning")
    return complaints


def check_dfu(bench):
    complaints = []
    good = add_suffix(PROGRAM, 0x0100)
    code, answer = inspect(bench, bench.write("plain.dfu", good))
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["format"] == "dfu"
           and answer["segments"] == [segment(0, PROGRAM)] and answer["suffix"]["crc_ok"] is True
           and codes(answer) == ["looks-like-program"] and "targets" not in answer)
    code, answer = inspect(bench, bench.write("plain.dfu", good), "--address", "0x08000000")
    expect(complaints, f"exit {code}, {answer}", code == 0 and not answer["problems"]
           and answer["segments"] == [segment(0x08000000, PROGRAM)])
    return complaints


def check_dfu_util(bench):
    """Suffixes and prefixes as the usual tools make them."""
    complaints = []
    if shutil.which("dfu-suffix") is None or shutil.which("dfu-prefix") is None:
        return ["dfu-suffix is not installed"]
    for prefix, wanted in (([], []), (["-s", "0x4000"], ["dfu-foreign-prefix"]),
                           (["-L"], ["dfu-foreign-prefix"])):
        path = bench.write("made.dfu", bytes(range(200)))
        if prefix:
            subprocess.run(["dfu-prefix", *prefix, "-a", path], capture_output=True, check=True)
        with open(path, "rb") as file:
            contents = file.read()
        subprocess.run(["dfu-suffix", "-v", "0483", "-p", "df11", "-d", "2200", "-a", path],
                       capture_output=True, check=True)
        code, answer = inspect(bench, path)
        expect(complaints, f"{prefix}: exit {code}, {answer}", code == 0
               and answer["segments"] == [segment(0, contents)] and codes(answer) == wanted
               and answer["suffix"] == {"vendor": 0x0483, "product": 0xDF11, "device": 0x2200,
                                        "version": 0x0100, "crc_ok": True})
    path = bench.write("ours.dfu", make_dfuse([(0, b"Flash", [(0x08000000, PROGRAM)])]))
    check = subprocess.run(["dfu-suffix", "-c", path], capture_output=True, text=True, check=False)
    expect(complaints, f"{check.stdout}{check.stderr}", check.returncode == 0
           and "0xDF11" in check.stdout.upper().replace("0X", "0x"))
    return complaints


def check_uf2(bench):
    complaints = []
    path = bench.write("a.uf2", make_uf2(0x08010000, PROGRAM, 0x57755A57))
    code, answer = inspect(bench, path)
    expect(complaints, f"exit {code}, {answer}", code == 0 and answer["format"] == "uf2"
           and answer["segments"] == [segment(0x08010000, PROGRAM)]
           and answer["families"] == [{"id": 0x57755A57, "name": "STM32F4"}]
           and codes(answer) == ["uf2-above-boot-loader"])
    _, out, _ = bench.run("inspect", path)
    expect(complaints, out, "0x57755a57, STM32F4" in out)
    code, answer = inspect(bench, bench.write("b.uf2", make_uf2(0x08000000, PROGRAM, 0x12345678)))
    expect(complaints, f"exit {code}, {answer}", code == 0
           and answer["families"] == [{"id": 0x12345678}]
           and codes(answer) == ["uf2-family-unknown"])
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
    expect(complaints, f"exit {code}: {out}", code == 0 and "--json" in out
           and "--address" in out and "--insist" in out)
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
        ("address", check_address),
        ("ihex", check_ihex),
        ("elf", check_elf),
        ("dfuse", check_dfuse),
        ("dfu", check_dfu),
        ("dfu-util", check_dfu_util),
        ("uf2", check_uf2),
        ("unreadable", check_unreadable),
        ("text", check_text),
    ):
        tap.result(name, check(Bench(sys.argv[1])))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
