#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The image of an SD card, held against the card of a virtual board that was flashed with the same
layout, and against the tools that people use.

usage: check_image.py PROGRAM MAKE-PRACTICE-LAYOUT"""

import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import uuid

from cli_bench import Bench, expect  # also finds tap.py
from tap import Tap

BLOCK = 512
MIB = 1 << 20
ROOTFS = "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\trootfs.img\n"
RAW = "P\t0x10\tdisk\tRawImage\tmmc0\t0x0\tdisk.img\n"
FIXED = {
    ("mmc0", "rootfs"): "e91c4e10-16e6-4c0e-bd0e-77becf4a3582",
    ("mmc1", "rootfs"): "491f6117-415d-4f53-88c9-6e0de54deac6",
    ("mmc0", "fip-a"): "4fd84c93-54ef-463f-a7ef-ae25ff887087",
    ("mmc0", "fip-b"): "09c54952-d5bf-45af-acee-335303766fb3",
}


def read(path):
    with open(path, "rb") as file:
        return file.read()


def find_tool(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


# --- what may differ ------------------------------------------------------------------------------


def is_header(data, at):
    return data[at:at + 8] == b"EFI PART"


def blank_header(data, at):
    """Disk GUID, and the two checksums that depend on it and on the partitions' GUIDs."""
    data[at + 16:at + 20] = bytes(4)
    data[at + 56:at + 72] = bytes(16)
    data[at + 88:at + 92] = bytes(4)


def blank_entries(data, at, storage):
    """The unique GUIDs that the board makes up. Those that are fixed stay; complaints if they are
    wrong."""
    complaints = []
    seen = set()
    for entry in range(at, at + 128 * 128, 128):
        if data[entry:entry + 16] == bytes(16):
            continue
        name = bytes(data[entry + 56:entry + 128]).decode("utf-16-le").rstrip("\0")
        key = "rootfs" if name == "rootfs-a" else name
        fixed = FIXED.get((storage, key)) if key not in seen else None
        seen.add(key)
        if fixed is None:
            data[entry + 16:entry + 32] = bytes(16)
        elif uuid.UUID(bytes_le=bytes(data[entry + 16:entry + 32])) != uuid.UUID(fixed):
            complaints.append(f"{name} has not the GUID {fixed}")
    return complaints


def blank(data, storage="mmc0"):
    """Takes out of a card, in place, what the board makes up; nothing else."""
    complaints = []
    back = len(data) - BLOCK
    if is_header(data, BLOCK):
        blank_header(data, BLOCK)
        complaints += blank_entries(data, 2 * BLOCK, storage)
    if is_header(data, back):
        blank_header(data, back)
        complaints += blank_entries(data, back - 32 * BLOCK, storage)
    return complaints


def first_difference(a, b):
    if len(a) != len(b):
        return f"{len(a)} bytes and {len(b)} bytes"
    if a == b:
        return None
    step = 4096
    for at in range(0, len(a), step):
        if a[at:at + step] != b[at:at + step]:
            at += next(i for i, (x, y) in enumerate(zip(a[at:], b[at:])) if x != y)
            return f"first difference at byte 0x{at:x}"
    return None


# --- one layout, two ways -------------------------------------------------------------------------


def make(bench, layout, *options, name="card.img", **more):
    """Returns: exit code, the answer, the image's path."""
    path = bench.path(name)
    code, out, err = bench.run("image", layout, "-o", path, "--json", *options, **more)
    return code, json.loads(out) if out else err, path


def compare(bench, layout, size, storage="mmc0", with_table=True):
    """Complaints about an image of that size and the card of a board that was flashed."""
    complaints = []
    code, answer, path = make(bench, layout, "--size", str(size), "--storage", storage)
    expect(complaints, f"image: exit {code}: {answer}", code == 0)
    shutil.rmtree(bench.storage, ignore_errors=True)
    code, events, err = bench.flash(layout, keys=f"{storage}={size}")
    expect(complaints, f"flash: exit {code}: {events[-1]} {err}", code == 0)
    if complaints:
        return complaints
    image = bytearray(read(path))
    card = bytearray(read(os.path.join(bench.storage, storage + ".img")))
    expect(complaints, "the checksum is another", answer["sha256"]
           == hashlib.sha256(image).hexdigest() == answer["file_sha256"])
    expect(complaints, f"a table: {not with_table}", is_header(image, BLOCK) == with_table)
    complaints += blank(image, storage) + blank(card, storage)
    difference = first_difference(image, card)
    expect(complaints, f"image and board: {difference}", difference is None)
    return complaints + check_tools(path, answer, with_table)


def check_tools(path, answer, with_table):
    complaints = []
    sgdisk = find_tool("sgdisk")
    if with_table and sgdisk:
        said = subprocess.run([sgdisk, "-v", path], capture_output=True, text=True, check=False)
        expect(complaints, f"sgdisk: {said.stdout}{said.stderr}",
               said.returncode == 0 and "No problems found" in said.stdout)
    said = subprocess.run(["sha256sum", "-c", os.path.basename(answer["checksum"])],
                          cwd=os.path.dirname(path), capture_output=True, text=True, check=False)
    expect(complaints, f"sha256sum: {said.stdout}{said.stderr}", said.returncode == 0)
    return complaints + check_map(answer["bmap"], read(path), answer["mapped_size"])


def check_map(path, image, mapped_size):
    """The block map by its own format, on a card that was used before."""
    complaints = []
    text = read(path).decode()
    fields = dict(re.findall(r"<(\w+)>\s*(\w+)\s*</\1>", text))
    blank_text = text.replace(fields["BmapFileChecksum"], "0" * 64)
    expect(complaints, "the map's own checksum",
           hashlib.sha256(blank_text.encode()).hexdigest() == fields["BmapFileChecksum"])
    used = bytearray(b"\xaa" * len(image))
    mapped = 0
    for checksum, first, last in re.findall(r'<Range chksum="(\w+)">(\d+)-?(\d*)</Range>', text):
        start, end = int(first) * 4096, min((int(last or first) + 1) * 4096, len(image))
        expect(complaints, f"range {first}: checksum",
               hashlib.sha256(image[start:end]).hexdigest() == checksum)
        used[start:end] = image[start:end]
        mapped += end - start
    expect(complaints, f"{fields}", int(fields["ImageSize"]) == len(image)
           and int(fields["BlocksCount"]) == (len(image) + 4095) // 4096)
    expect(complaints, f"{mapped} bytes mapped, told {mapped_size}", mapped == mapped_size)
    rest = bytes(image[at] for at in range(0, len(image), 512) if used[at:at + 4] == b"\xaa" * 4)
    expect(complaints, "data outside of the map", not any(rest))
    return complaints


# --- equal to the board ---------------------------------------------------------------------------


def check_practice(bench):
    """Boot chain, A/B, metadata, PED rows and two file systems."""
    folder = bench.path("practice")
    subprocess.run([sys.argv[2], folder], check=True, stdout=subprocess.DEVNULL)
    return compare(bench, os.path.join(folder, "practice.tsv"), 160 * MIB)


def check_raw(bench):
    bench.write("disk.img", os.urandom(3 * MIB))
    return compare(bench, bench.write_layout(RAW), 8 * MIB, with_table=False)


def check_raw_with_partitions(bench):
    """Who lies on top is a question of the Id."""
    complaints = []
    bench.write("disk.img", os.urandom(MIB + 100))
    bench.write("boot.img", os.urandom(300_000))
    bench.write("rootfs.img", os.urandom(2 * MIB))
    rows = (f"P\t{{}}\tdisk\tRawImage\tmmc0\t{{}}\tdisk.img\n"
            "P\t0x20\tbootfs\tSystem\tmmc0\t0x10000\tboot.img\n"
            "P\t0x21\trootfs\tFileSystem\tmmc0\t0x100000\trootfs.img\n")
    for ident, offset, with_table in (
        ("0x10", "0x0", False),
        ("0x30", "0x0", False),
        ("0x30", "0x80000", False),
    ):
        layout = bench.write_layout(rows.format(ident, offset))
        for line in compare(bench, layout, 16 * MIB, with_table=with_table):
            complaints.append(f"Id {ident} at {offset}: {line}")
        shutil.rmtree(bench.storage)
        for name in os.listdir(bench.folder):
            if name.startswith("card.img"):
                os.unlink(bench.path(name))
    return complaints


def check_erased(bench):
    """The whole card is erased first, the table comes after it."""
    complaints = []
    bench.write("rootfs.img", os.urandom(MIB))
    layout = bench.write_layout(
        "PED\t0x20\tall\tRawImage\tmmc0\t0x0\tnone\n"
        "PD\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\trootfs.img\n"
        "PED\t0x11\tdata\tFileSystem\tmmc0\t0x400000\tnone\n")
    complaints += compare(bench, layout, 16 * MIB)
    with open(bench.path("card.img.bmap"), encoding="utf-8") as file:
        expect(complaints, "not all of the card is mapped",
               "<MappedBlocksCount>4096</MappedBlocksCount>" in file.read())
    return complaints


def check_sparse(bench):
    """Holes stay holes in the image, but the board writes zeros there, and so the map tells."""
    complaints = []
    size = 64 * MIB
    with open(bench.path("rootfs.img"), "wb") as file:
        file.truncate(size)
        file.seek(10 * MIB)
        file.write(os.urandom(MIB))
        file.seek(30 * MIB + 4096)
        file.write(os.urandom(5000))
    complaints += compare(bench, bench.write_layout(ROOTFS), 96 * MIB)
    info = os.stat(bench.path("card.img"))
    expect(complaints, f"{info.st_blocks * BLOCK} bytes on the disk",
           info.st_blocks * BLOCK < 8 * MIB)
    text = read(bench.path("card.img.bmap")).decode()
    mapped = int(re.search(r"<MappedBlocksCount>(\d+)<", text).group(1)) * 4096
    expect(complaints, f"{mapped} bytes mapped", size < mapped < size + MIB)
    return complaints


def check_names_and_types(bench):
    bench.write("rootfs.img", os.urandom(MIB))
    return compare(bench, bench.write_layout(
        "PE\t0x10\tgr\u00f6\u00dfe\tESP\tmmc0\t0x4400\tnone\n"
        "PE\t0x11\t0123456789abcdef\tBinary\tmmc0\t0x8400\tnone\n"
        "PE\t0x12\trootfs-a\tSystem\tmmc0\t0x10000\tnone\n"
        "P\t0x13\trootfs\tFileSystem\tmmc0\t0x100000\trootfs.img\n"), 16 * MIB + BLOCK)


def check_emmc(bench):
    """The user area of an eMMC; its boot partitions are told about."""
    complaints = []
    bench.write("rootfs.img", os.urandom(MIB))
    layout = bench.write_layout(
        "P\t0x04\tfsbl1\tBinary\tmmc1\tboot1\tfsbl.stm32\n"
        "P\t0x10\tdata\tFileSystem\tmmc1\t0x80000\trootfs.img\n"
        "P\t0x11\trootfs\tFileSystem\tmmc1\t0x400000\trootfs.img\n")
    complaints += compare(bench, layout, 16 * MIB, storage="mmc1")
    code, answer, _ = make(bench, layout, "--storage", "mmc1", name="small.img")
    reasons = [row["reason"] for row in answer["left_out"]]
    expect(complaints, f"exit {code}: {reasons}",
           code == 0 and reasons == ["boot-stage", "boot-stage", "boot-partition"])
    expect(complaints, f"smallest: {answer['size']}",
           answer["size"] == 6 * MIB and answer["is_smallest"])
    return complaints


# --- tools ----------------------------------------------------------------------------------------


def check_bmaptool(bench):
    """bmaptool finds the map by its name, believes it, and copies the same."""
    complaints = []
    with open(bench.path("rootfs.img"), "wb") as file:
        file.write(os.urandom(MIB))
        file.truncate(20 * MIB)
    layout = bench.write_layout(ROOTFS)
    expected = None
    for name, options in (("card.img", ()), ("packed.img", ("--compress", "gzip")),
                          ("packed.img.xz", ())):
        code, answer, _ = make(bench, layout, *options, name=name)
        expect(complaints, f"{name}: exit {code}: {answer}", code == 0)
        expected = expected or read(bench.path("card.img"))
        copy = bench.path("copy.img")
        said = subprocess.run([find_tool("bmaptool"), "copy", answer["file"], copy],
                              capture_output=True, text=True, check=False)
        expect(complaints, f"{name}: bmaptool: {said.stderr}",
               said.returncode == 0 and "discovered bmap file" in said.stderr)
        expect(complaints, f"{name}: the copy differs", read(copy) == expected)
        os.unlink(answer["bmap"])
        os.unlink(copy)
    return complaints


def check_compression(bench):
    """The same bytes behind the compression, the same file each time."""
    complaints = []
    bench.write("rootfs.img", os.urandom(MIB) + bytes(5 * MIB))
    layout = bench.write_layout(ROOTFS)
    _, plain, path = make(bench, layout)
    for kind, ending, tool in (("gzip", ".gz", "gzip"), ("xz", ".xz", "xz"),
                               ("zstd", ".zst", "zstd")):
        code, answer, _ = make(bench, layout, "--compress", kind, name=f"{kind}.img")
        expect(complaints, f"{kind}: exit {code}: {answer}", code == 0
               and answer["file"] == bench.path(f"{kind}.img{ending}")
               and answer["bmap"] == bench.path(f"{kind}.img.bmap"))
        if complaints:
            return complaints
        packed = read(answer["file"])
        expect(complaints, f"{kind}: {answer}", answer["sha256"] == plain["sha256"]
               and answer["file_sha256"] == hashlib.sha256(packed).hexdigest()
               and answer["file_size"] == len(packed) < 2 * MIB)
        if find_tool(tool):
            unpacked = subprocess.run([tool, "-dc", answer["file"]], capture_output=True,
                                      check=False)
            expect(complaints, f"{tool}: {unpacked.stderr}", unpacked.stdout == read(path))
        complaints += check_map(answer["bmap"], read(path), answer["mapped_size"])
        _, again, _ = make(bench, layout, name=f"again-{kind}.img{ending}")
        expect(complaints, f"{kind}: another file the second time",
               again["file_sha256"] == answer["file_sha256"])
    return complaints


# --- what it says ---------------------------------------------------------------------------------


def check_words(bench):
    complaints = []
    bench.write("rootfs.img", b"x" * 5000)
    layout = bench.write_layout(
        ROOTFS + "P\t0x20\tnor\tBinary\tnor0\t0x0\trootfs.img\n"
        "P\t0x21\tother\tFileSystem\tmmc1\t0x80000\trootfs.img\n")
    code, out, err = bench.run("image", layout, "-o", bench.path("card.img"))
    expect(complaints, f"exit {code}: {err}", code == 0)
    for words in ("smallest that holds everything", "SHA-256", "[flash-memory]", "[other-card]",
                  "[boot-stage]", "mmc1", "nor0", "1 MiB (1048576 bytes)"):
        expect(complaints, f"does not say {words}: {out}", words in out)
    code, out, _ = bench.run("image", "--help")
    expect(complaints, f"--help: exit {code}: {out}",
           code == 0 and "flashwright-cli image" in out and "--storage" in out)
    code, out, _ = bench.run("image", layout, "-o", bench.path("large.img"), "--size", "4M")
    expect(complaints, f"exit {code}: {out}", code == 0 and "smallest" not in out
           and os.path.getsize(bench.path("large.img")) == 4 * MIB)
    return complaints


def check_same_again(bench):
    """The same layout gives the same image, another one other identifiers."""
    complaints = []
    bench.write("rootfs.img", b"x" * 5000)
    _, first, _ = make(bench, bench.write_layout(ROOTFS))
    _, second, _ = make(bench, bench.write_layout(ROOTFS), "--force")
    expect(complaints, "not the same again", first["sha256"] == second["sha256"])
    other = bench.write_layout(ROOTFS + "PE\t0x11\tdata\tFileSystem\tmmc0\t0x80000\tnone\n")
    _, third, path = make(bench, other, name="other.img")
    expect(complaints, "the same disk GUID",
           read(path)[568:584] != read(bench.path("card.img"))[568:584])
    return complaints


def check_refusals(bench):
    complaints = []
    bench.write("rootfs.img", b"x" * 3 * MIB)
    good = bench.write_layout(ROOTFS, "good.tsv")
    bench.write("there.img", b"old")
    os.mkdir(bench.path("folder.img"))
    partial = bench.write_layout(
        ROOTFS + "-\t0x11\tdata\tFileSystem\tmmc0\t0x400000\tnone\n", "partial.tsv")
    erase = bench.write_layout("PED\t0x20\tall\tRawImage\tmmc0\t0x0\tnone\n", "erase.tsv")
    bad = bench.write_layout("P\t0x10\trootfs\tFileSystem\tmmc0\t0x4401\trootfs.img\n", "bad.tsv")
    name = bench.write_layout(ROOTFS.replace("rootfs\t", "a,b\t"), "name.tsv")
    before = sorted(os.listdir(bench.folder))
    card = ("-o", bench.path("card.img"))
    for arguments, wanted, told in (
        ((good,), 2, None),
        ((good, "-o", ""), 2, None),
        ((good, *card, "--size", "lots"), 2, None),
        ((good, *card, "--size", "0"), 2, None),
        ((good, *card, "--size", "1000"), 2, None),
        ((good, *card, "--compress", "rar"), 2, None),
        ((good, *card[:1], card[1] + ".gz", "--compress", "xz"), 2, None),
        ((good, *card, "--storage", "nor0"), 2, "card-not-mmc"),
        ((good, *card, "--storage", "mmc1"), 1, "card-empty"),
        ((erase, *card), 1, "card-empty"),
        ((good, *card, "--size", "2M"), 1, None),
        ((good, *card, "--size", "4T"), 1, "card-bad-size"),
        ((partial, *card), 1, "card-partial-update"),
        ((bad, *card), 1, "layout-has-errors"),
        ((name, *card), 1, "card-bad-name"),
        ((bench.path("none.tsv"), *card), 1, "layout-has-errors"),
        ((good, "-o", bench.path("there.img")), 2, "card-exists"),
        ((good, "-o", bench.path("folder.img"), "--force"), 2, "card-not-a-file"),
        ((good, "-o", bench.path("rootfs.img"), "--force"), 2, "card-is-input"),
        ((good, "-o", good, "--force"), 2, "card-is-input"),
        ((good, "-o", "/dev/null", "--force"), 2, "card-not-a-file"),
        ((good, "-o", bench.path("no/such/card.img")), 4, "card-not-writable"),
    ):
        code, out, err = bench.run("image", *arguments)
        expect(complaints, f"{arguments}: exit {code}, expected {wanted}: {err}", code == wanted)
        expect(complaints, f"{arguments}: {err}", not out and (told is None or f"[{told}]" in err))
        code, out, err = bench.run("image", *arguments, "--json")
        expect(complaints, f"{arguments}: JSON: {out}", told is None
               or (code == wanted and json.loads(out)["code"] == told
                   and json.loads(out)["written"] is False))
    after = sorted(os.listdir(bench.folder))
    expect(complaints, f"left behind: {after}", before == after)
    expect(complaints, "the old file was touched", read(bench.path("there.img")) == b"old")
    return complaints


# --- what goes wrong ------------------------------------------------------------------------------


def limit_file_size():
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * MIB, 2 * MIB))


def snapshot(folder):
    return {name: os.stat(os.path.join(folder, name)).st_ino for name in os.listdir(folder)}


def check_full_disk(bench):
    """A limit on files is met where a full disk would be: before the first byte, or amidst."""
    complaints = []
    bench.write("disk.img", os.urandom(6 * MIB))
    layout = bench.write_layout(RAW)
    os.mkdir(bench.path("out"))
    for name in ("card.img", "packed.img.gz"):
        target = bench.path(f"out/{name}")
        for there in (False, True):
            if there:
                bench.write(f"out/{name}", b"old")
            before = snapshot(bench.path("out"))
            code, out, err = bench.run("image", layout, "-o", target, "--force",
                                       preexec_fn=limit_file_size)
            expect(complaints, f"{name}: exit {code}: {err}",
                   code == 4 and "[card-no-space]" in err and "Nothing was written." in err)
            expect(complaints, f"{name}: left behind", before == snapshot(bench.path("out")))
            expect(complaints, f"{name}: the old file was touched",
                   not there or read(target) == b"old")
    return complaints


def check_read_only(bench):
    """Not even root may write into /sys; others are kept out by the folder's mode."""
    complaints = []
    bench.write("rootfs.img", b"x" * 5000)
    folder = "/sys"
    if os.geteuid() != 0:
        folder = bench.path("locked")
        os.mkdir(folder, 0o555)
    code, _, err = bench.run("image", bench.write_layout(ROOTFS), "-o", f"{folder}/card.img")
    expect(complaints, f"exit {code}: {err}", code == 4 and "[card-not-writable]" in err)
    return complaints


def start_large(bench, layout, size):
    """Returns: the program, once it writes."""
    os.makedirs(bench.path("out"), exist_ok=True)
    before = set(os.listdir(bench.path("out")))
    process = bench.start("image", layout, "-o", bench.path("out/card.img"), "--size", size,
                          "--force", "--json")
    while process.poll() is None and before == set(os.listdir(bench.path("out"))):
        pass
    return process


def check_stop(bench):
    complaints = []
    bench.write("rootfs.img", os.urandom(MIB))
    layout = bench.write_layout(ROOTFS)
    os.mkdir(bench.path("out"))
    bench.write("out/card.img", b"old")
    before = snapshot(bench.path("out"))
    for number in (signal.SIGINT, signal.SIGTERM):
        process = start_large(bench, layout, "256G")
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        expect(complaints, f"{number.name}: exit {process.returncode}: {out}{err}",
               process.returncode == 130 and json.loads(out)["code"] == "cancelled")
        expect(complaints, f"{number.name}: left behind: {os.listdir(bench.path('out'))}",
               before == snapshot(bench.path("out")))
    expect(complaints, "the old file was touched", read(bench.path("out/card.img")) == b"old")
    return complaints


def check_changed(bench):
    complaints = []
    bench.write("rootfs.img", os.urandom(MIB))
    process = start_large(bench, bench.write_layout(ROOTFS), "1G")
    with open(bench.path("rootfs.img"), "ab") as file:
        file.write(b"more")
    out, err = process.communicate(timeout=100)
    expect(complaints, f"exit {process.returncode}: {out}{err}",
           process.returncode == 1 and json.loads(out)["code"] == "card-file-changed")
    expect(complaints, "left behind", not os.listdir(bench.path("out")))
    return complaints


def check_other_image(bench):
    """Compressed beside the same one uncompressed: one map for two images that differ."""
    complaints = []
    bench.write("rootfs.img", b"x" * 5000)
    layout = bench.write_layout(ROOTFS)
    make(bench, layout)
    before = {name: read(bench.path(name)) for name in ("card.img", "card.img.bmap")}
    for options in ((), ("--force",)):
        code, answer, path = make(bench, layout, "--size", "2M", *options, name="card.img.gz")
        expect(complaints, f"{options}: exit {code}: {answer}", code == 2)
        expect(complaints, f"{options}: written", not os.path.exists(path))
    expect(complaints, f"{answer}", answer["code"] == "card-other-image"
           and "remove" in answer["remedy"])
    expect(complaints, "the old files were touched",
           before == {name: read(bench.path(name)) for name in before})
    return complaints


def check_replaced(bench):
    """With --force all three are new, and nothing else is there."""
    complaints = []
    bench.write("rootfs.img", b"x" * 5000)
    layout = bench.write_layout(ROOTFS)
    os.mkdir(bench.path("out"))
    for name in ("card.img", "card.img.bmap", "card.img.sha256"):
        bench.write(f"out/{name}", b"old")
    code, answer, path = make(bench, layout, "--force", name="out/card.img")
    expect(complaints, f"exit {code}: {answer}", code == 0)
    expect(complaints, f"{os.listdir(bench.path('out'))}",
           sorted(os.listdir(bench.path("out"))) == ["card.img", "card.img.bmap",
                                                     "card.img.sha256"])
    expect(complaints, "not replaced", all(read(bench.path(f"out/{name}")) != b"old"
                                           for name in os.listdir(bench.path("out"))))
    return complaints + check_tools(path, answer, True)


def main():
    tap = Tap()
    for name, check in (
        ("practice layout", check_practice),
        ("raw image", check_raw),
        ("raw image and partitions", check_raw_with_partitions),
        ("erased", check_erased),
        ("sparse file", check_sparse),
        ("names and types", check_names_and_types),
        ("eMMC", check_emmc),
        ("compression", check_compression),
        ("words", check_words),
        ("same again", check_same_again),
        ("refusals", check_refusals),
        ("full disk", check_full_disk),
        ("read-only folder", check_read_only),
        ("stop", check_stop),
        ("changed file", check_changed),
        ("replaced", check_replaced),
        ("other image", check_other_image),
    ):
        tap.result(name, check(Bench(sys.argv[1])))
    if find_tool("bmaptool"):
        tap.result("bmaptool", check_bmaptool(Bench(sys.argv[1])))
    else:
        tap.skip("bmaptool", "bmap-tools is not installed")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
