#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does `inspect` find in HEX, S-record and ELF files what objcopy finds in them?

usage: check_objcopy.py PROGRAM [--seed N] [--files N]

Files of every shape are made up: records of any length in any order and notation, ELF files byte by
byte, and ELF files by the assembler and the linker for ARM. Of each, objcopy makes records, which
say which byte belongs where, and a flat binary; the segments of `inspect --json` must be the same,
to the byte (by their SHA-256). ELF files become HEX records, the others S-records."""

import argparse
import hashlib
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "style"))
from tap import Tap  # noqa: E402

PREFIX = "arm-none-eabi-"
# A flat binary of more than this is not asked for: it would be nearly all gap.
MAX_FLAT = 1 << 22
FORMATS = {"hex": "ihex", "srec": "srec", "elf": "elf32-littlearm"}


def run(*command):
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def merge(pieces):
    """Returns: touching pieces joined, as a list of (address, bytes)."""
    runs = []
    for address, data in sorted(pieces):
        if runs and runs[-1][0] + len(runs[-1][1]) == address:
            runs[-1][1].extend(data)
        else:
            runs.append((address, bytearray(data)))
    return [(address, bytes(data)) for address, data in runs]


# --- making files ---------------------------------------------------------------------------


def make_pieces(chance, low=0, high=1 << 32):
    """Returns: a few separate pieces of contents: (address, bytes)."""
    pieces = []
    taken = []
    for _ in range(chance.randint(1, 6)):
        base = chance.choice((0x08000000, 0x08000000, 0x0800FF00, 0x20000000, 0x1FFF7800,
                              0x90000000, 0xFFFF0000, 0, 0x10000, 0x123456))
        address = base + chance.choice((0, 0, 1, 0xFF, chance.randrange(0x8000)))
        size = chance.choice((1, 2, 15, 16, 17, 255, 256, 257, chance.randint(1, 5000)))
        if not low <= address <= address + size <= high:
            continue
        if any(address <= end and start <= address + size for start, end in taken):
            continue
        taken.append((address, address + size))
        pieces.append((address, chance.randbytes(size)))
    return pieces or [(low + 0x100, chance.randbytes(100))]


def cut(chance, pieces, longest, boundary):
    """Returns: records (address, bytes) that do not cross a multiple of @boundary."""
    records = []
    steady = chance.choice((16, 32, longest, 1))
    for address, data in pieces:
        at = 0
        while at < len(data):
            size = steady if chance.random() < 0.9 else chance.randint(1, longest)
            size = min(size, len(data) - at, boundary - (address + at) % boundary)
            records.append((address + at, data[at : at + size]))
            at += size
    return records


def line_end(chance):
    return chance.choice(("\n", "\r\n", "\r\n", "\n"))


def ihex_line(kind, address, data):
    body = bytes((len(data), address >> 8, address & 0xFF, kind)) + data
    return ":" + (body + bytes((-sum(body) & 0xFF,))).hex()


def make_hex(chance):
    is_segmented = chance.random() < 0.25
    pieces = make_pieces(chance, 0, 0x100000 if is_segmented else 1 << 32)
    records = cut(chance, pieces, 255, 0x10000)
    if chance.random() < 0.2:
        chance.shuffle(records)
    lines = []
    base = 0 if chance.random() < 0.5 else None
    for address, data in records:
        if address >> 16 != base:
            base = address >> 16
            if is_segmented:
                lines.append(ihex_line(2, 0, struct.pack(">H", base << 12)))
            else:
                lines.append(ihex_line(4, 0, struct.pack(">H", base)))
        lines.append(ihex_line(0, address & 0xFFFF, data))
    if chance.random() < 0.5:
        kind = chance.choice((3, 5))
        lines.append(ihex_line(kind, 0, chance.randbytes(4)))
    lines.append(ihex_line(1, 0, b""))
    text = line_end(chance).join(lines) + "\n"
    return (text if chance.random() < 0.2 else text.upper()).encode()


def srec_line(kind, address, data):
    length = {0: 2, 1: 2, 2: 3, 3: 4, 5: 2, 7: 4, 8: 3, 9: 2}[kind]
    body = address.to_bytes(length, "big") + data
    body = bytes((len(body) + 1,)) + body
    return f"S{kind}" + (body + bytes((~sum(body) & 0xFF,))).hex().upper()


def make_srec(chance):
    kind = chance.choice((1, 2, 3, 3))
    pieces = make_pieces(chance, 0, 1 << {1: 16, 2: 24, 3: 32}[kind])
    records = cut(chance, pieces, 250, 1 << 32)
    if chance.random() < 0.2:
        chance.shuffle(records)
    lines = [srec_line(0, 0, b"made up")] if chance.random() < 0.7 else []
    lines += [srec_line(kind, address, data) for address, data in records]
    if chance.random() < 0.5 and len(records) < 0x10000:
        lines.append(srec_line(5, len(records), b""))
    lines.append(srec_line(10 - kind, chance.randrange(0x1000), b""))
    return (line_end(chance).join(lines) + "\n").encode()


def make_elf(chance):
    """An ELF file byte by byte: load segments in any order, each with one to three sections and
    zeros between them; some with `.bss` behind them, some with data that are moved to RAM."""
    pieces = make_pieces(chance, 0x100, 0xFFFF0000)
    chance.shuffle(pieces)
    n = len(pieces)
    contents = bytearray(52 + 32 * n)
    segments = []
    sections = [bytes(40)]
    for address, data in pieces:
        contents += bytes(-len(contents) % chance.choice((1, 4, 0x100, 0x1000)))
        offset = len(contents)
        virtual = address if chance.random() < 0.6 else 0x20000000 + chance.randrange(0x10000)
        data = bytearray(data)
        edges = [0, len(data)]
        if len(data) > 64 and chance.random() < 0.5:
            middle = chance.randint(8, len(data) - 40)
            gap = chance.choice((0, 1, 8, 31))
            data[middle : middle + gap] = bytes(gap)
            edges = [0, middle, middle + gap, len(data)]
        contents += data
        for start, end in zip(edges[::2], edges[1::2]):
            sections.append(struct.pack("<10I", 1, 1, 6, virtual + start, offset + start,
                                        end - start, 0, 0, 1, 0))
        memory = len(data)
        if chance.random() < 0.3:
            size = chance.randint(1, 0x1000)
            sections.append(struct.pack("<10I", 1, 8, 3, virtual + memory, offset + memory, size,
                                        0, 0, 1, 0))
            memory += size
        segments.append(struct.pack("<8I", 1, offset, virtual, address, len(data), memory, 7, 1))
    names_at = len(contents)
    names = b"\0.section\0.names\0"
    sections.append(struct.pack("<10I", 10, 3, 0, 0, names_at, len(names), 0, 0, 1, 0))
    contents += names
    contents += bytes(-len(contents) % 4)
    header = b"\x7fELF\1\1\1" + bytes(9) + struct.pack(
        "<HHIIIIIHHHHHH", 2, 40, 1, pieces[0][0] | 1, 52, len(contents), 0x5000000, 52, 32, n, 40,
        len(sections), len(sections) - 1)
    contents[: 52 + 32 * n] = header + b"".join(segments)
    return bytes(contents) + b"".join(sections)


def make_linked(chance, folder):
    """What the linker makes of random sections, with all its habits."""
    origin = chance.choice((0x08000000, 0x08004000, 0x08010000, 0x08020000, 0x08000200))
    count = chance.randint(1, 5)
    source, script = [], []
    for index in range(count):
        path = os.path.join(folder, f"part{index}")
        with open(path, "wb") as file:
            file.write(chance.randbytes(chance.choice((1, 4, 64, 255, chance.randint(1, 9000)))))
        flags = chance.choice(("ax", "a", "aw"))
        source.append(f'.section .part{index},"{flags}",%progbits\n.incbin "{path}"\n')
        place = chance.choice(("FLASH", "FLASH", "FLASH", "RAM AT> FLASH", "CCM AT> FLASH", "FAR"))
        align = chance.choice((1, 4, 4, 16, 256, 1024))
        script.append(f".out{index} : ALIGN({align}) {{ *(.part{index}) . = ALIGN(4); }} > {place}")
    source.append('.section .bss,"aw",%nobits\n.space 1000\n')
    source.append('.section .kept,"aw",%nobits\n.space 77\n')
    script.append(".bss (NOLOAD) : { *(.bss) } > RAM")
    script.append(".kept : { *(.kept) } > RAM")
    with open(os.path.join(folder, "a.s"), "w", encoding="ascii") as file:
        file.write("".join(source))
    with open(os.path.join(folder, "a.ld"), "w", encoding="ascii") as file:
        file.write(f"MEMORY {{ FLASH (rx) : ORIGIN = {origin:#x}, LENGTH = 1M\n"
                   "RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 256K\n"
                   "CCM (rwx) : ORIGIN = 0x10000000, LENGTH = 64K\n"
                   "FAR (rx) : ORIGIN = 0x90000000, LENGTH = 8M }\n"
                   "SECTIONS {\n" + "\n".join(script) + "\n}\n")
    options = chance.choice(([], [], ["-n"], ["-N"], ["-z", "max-page-size=4096"],
                             ["-z", "max-page-size=4"], ["-z", "separate-code"]))
    run(PREFIX + "as", "-mcpu=cortex-m4", "-o", os.path.join(folder, "a.o"),
        os.path.join(folder, "a.s"))
    run(PREFIX + "ld", *options, "-e", f"{origin + 1:#x}", "-T", os.path.join(folder, "a.ld"), "-o",
        os.path.join(folder, "a.elf"), os.path.join(folder, "a.o"))
    with open(os.path.join(folder, "a.elf"), "rb") as file:
        return file.read()


# --- comparing ------------------------------------------------------------------------------


def read_srec(path):
    """Returns: what S3 records hold, as merged runs."""
    pieces = []
    with open(path, encoding="ascii") as file:
        for line in file:
            if line.startswith("S3"):
                record = bytes.fromhex(line[2:].strip())
                pieces.append((int.from_bytes(record[1:5], "big"), record[5:-1]))
    return merge((address, data) for address, data in pieces if data)


def read_ihex(path):
    """Returns: what HEX records hold, as merged runs."""
    pieces = []
    base = 0
    with open(path, encoding="ascii") as file:
        for line in file:
            record = bytes.fromhex(line.strip()[1:])
            kind, data = record[3], record[4:-1]
            if kind == 0:
                pieces.append((base + int.from_bytes(record[1:3], "big"), data))
            elif kind == 2:
                base = int.from_bytes(data, "big") << 4
            elif kind == 4:
                base = int.from_bytes(data, "big") << 16
    return merge((address, data) for address, data in pieces if data)


def ask_objcopy(folder, path, kind):
    """Returns: where objcopy puts what is in the file, as merged runs."""
    records = os.path.join(folder, "out.records")
    if kind == "elf":
        run(PREFIX + "objcopy", "-I", FORMATS[kind], "-O", "ihex", path, records)
        return read_ihex(records)
    run(PREFIX + "objcopy", "-I", FORMATS[kind], "-O", "srec", "--srec-forceS3", path, records)
    return read_srec(records)


def compare(program, folder, path, kind):
    """Returns: complaints."""
    complaints = []
    result = subprocess.run([program, "inspect", "--json", path], capture_output=True, text=True,
                            check=False)
    answer = json.loads(result.stdout)
    found = answer["segments"]
    flat = os.path.join(folder, "out.bin")
    runs = ask_objcopy(folder, path, kind)
    errors = [problem for problem in answer["problems"] if problem["severity"] == "error"]
    if errors or result.returncode != 0:
        complaints.append(f"exit {result.returncode}: {errors}")
    wanted = [{"address": address, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
              for address, data in runs]
    if found != wanted:
        complaints.append(f"found {found}, objcopy {wanted}")
    if runs and runs[-1][0] + len(runs[-1][1]) - runs[0][0] <= MAX_FLAT:
        run(PREFIX + "objcopy", "-I", FORMATS[kind], "-O", "binary", path, flat)
        complaints += compare_flat(flat, runs[0][0], found)
    return complaints


def compare_flat(path, base, found):
    """The same against the flat binary, in which gaps are zeros."""
    complaints = []
    with open(path, "rb") as file:
        flat = bytearray(file.read())
    for segment in found:
        start = segment["address"] - base
        data = bytes(flat[start : start + segment["size"]])
        if hashlib.sha256(data).hexdigest() != segment["sha256"]:
            complaints.append(f"segment at {segment['address']:#x} is not that of the flat binary")
        flat[start : start + segment["size"]] = bytes(len(data))
    if any(flat):
        complaints.append("the flat binary has bytes that are in no segment")
    return complaints


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--files", type=int, default=60, help="of each of the four kinds")
    options = parser.parse_args()
    if any(shutil.which(PREFIX + tool) is None for tool in ("objcopy", "as", "ld")):
        print(f"1..0 # SKIP {PREFIX}objcopy is not installed")
        return 0

    tap = Tap()
    makers = (("hex", "hex", lambda chance, _: make_hex(chance)),
              ("srec", "srec", lambda chance, _: make_srec(chance)),
              ("elf", "elf, byte by byte", lambda chance, _: make_elf(chance)),
              ("elf", "elf, linked", make_linked))
    for kind, name, make in makers:
        complaints = []
        print(f"# {name}: {options.files} files, seeds from {options.seed}")
        for seed in range(options.seed, options.seed + options.files):
            with tempfile.TemporaryDirectory(prefix="flash-objcopy-") as folder:
                path = os.path.join(folder, "file." + kind)
                with open(path, "wb") as file:
                    file.write(make(random.Random(f"{name} {seed}"), folder))
                complaints += [f"{name}, seed {seed}: {text}"
                               for text in compare(options.program, folder, path, kind)]
        tap.result(name, complaints)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
