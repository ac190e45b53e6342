#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Folders and archives as input of `check` and `flash`.

usage: check_bundle.py PROGRAM"""

import fcntl
import gzip
import io
import json
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import termios
import time
import zipfile

from cli_bench import HEADER, Bench, expect
from tap import Tap

FOLDER = "deploy/flashlayout_image/optee/"
CARD = FOLDER + "FlashLayout_sdcard_stm32mp157f-dk2-optee.tsv"
EMMC = FOLDER + "FlashLayout_emmc_stm32mp157f-dk2-optee.tsv"
STAGES = (
    "-\t0x01\tfsbl\tBinary\tnone\t0x0\tarm/tf-a-stm32mp157f-dk2-usb.stm32\n"
    "-\t0x03\tfip\tFIP\tnone\t0x0\tfip/fip-stm32mp157f-dk2-optee.bin\n"
)


class BundleBench(Bench):
    """A deploy folder, and a cache folder that must be empty at the end of every run."""

    def __init__(self, program):
        super().__init__(program)
        self.cache = self.path("cache")
        os.environ["XDG_CACHE_HOME"] = self.cache
        self.data = b"data" * 5000
        for name, source in (
            ("arm/tf-a-stm32mp157f-dk2-usb.stm32", "fsbl.stm32"),
            ("fip/fip-stm32mp157f-dk2-optee.bin", "fip.bin"),
        ):
            with open(self.path(source), "rb") as file:
                self.put("deploy/" + name, file.read())
        self.put("deploy/data.img", self.data)
        row = "P\t0x10\tdata\tBinary\t{}\t{}\tdata.img\n"
        self.put(CARD, (HEADER + STAGES + row.format("mmc0", "0x4400")).encode())
        self.put(EMMC, (HEADER + STAGES + row.format("mmc1", "0x80000")).encode())

    def put(self, name, data):
        path = self.path("build/" + name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)

    def build(self):
        return self.path("build")

    def pack(self, name, mode="w:gz"):
        path = self.path(name)
        with tarfile.open(path, mode) as archive:
            archive.add(self.path("build/deploy"), "deploy")
        return path

    def pack_zip(self):
        path = self.path("build.zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for folder, _, names in os.walk(self.build()):
                for name in names:
                    full = os.path.join(folder, name)
                    archive.write(full, os.path.relpath(full, self.build()))
        return path

    def leftovers(self):
        folder = os.path.join(self.cache, "flashwright", "unpacked")
        return os.listdir(folder) if os.path.isdir(folder) else []


def read(path):
    with open(path, "rb") as file:
        return file.read()


def codes(answer):
    return [problem["code"] for problem in answer["problems"]]


def check_kinds(bench):
    complaints = []
    for path in (
        bench.build(),
        bench.pack("build.tar", "w"),
        bench.pack("build.tar.gz"),
        bench.pack("build.tar.xz", "w:xz"),
        bench.pack("build.tar.bz2", "w:bz2"),
        bench.pack_zip(),
    ):
        code, answer, err = bench.check(path)
        expect(complaints, f"{path}: exit {code}, {answer}, {err}", code == 0
               and answer["file"] == path and answer["accepted"] is True
               and answer["layout"] == CARD and answer["layout_reason"] == "storage"
               and answer["other_layouts"] == [EMMC])
        expect(complaints, f"{path}: {answer['partitions']}",
               [row.get("image_size") for row in answer["partitions"]][2] == len(bench.data))
        expect(complaints, f"{path}: {bench.leftovers()}", not bench.leftovers())
    return complaints


def check_text(bench):
    complaints = []
    code, out, _ = bench.run("check", bench.pack("build.tar.gz"))
    lines = out.splitlines()
    expect(complaints, f"exit {code}, {out}", code == 0 and lines[0].startswith(f"Layout: {CARD} (")
           and lines[1] == f"Other layouts: {EMMC}" and "--layout" in lines[2])
    return complaints


def check_layout_option(bench):
    complaints = []
    path = bench.pack("build.tar.gz")
    for name in (EMMC, os.path.basename(EMMC), "optee/" + os.path.basename(EMMC)):
        code, answer, _ = bench.check(path, "--layout", name)
        expect(complaints, f"{name}: exit {code}, {answer}", code == 0
               and answer["layout"] == EMMC and answer["layout_reason"] == "asked"
               and answer["other_layouts"] == [CARD])
    code, answer, _ = bench.check(path, "--layout", "other.tsv")
    expect(complaints, f"exit {code}, {answer}", code == 1 and "layout" not in answer
           and codes(answer) == ["bundle-no-such-layout"]
           and CARD in answer["problems"][0]["message"])
    return complaints


def check_bad(bench):
    """Exit code 1, a stable code, and nothing left behind."""
    complaints = []
    with open(bench.pack("build.tar.gz"), "rb") as file:
        good = file.read()
    flipped = bytearray(good)
    flipped[-6] ^= 1
    os.makedirs(bench.path("empty"))
    evil = io.BytesIO()
    with tarfile.open(fileobj=evil, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../flash.tsv"))
    encrypted = bytearray(open(bench.pack_zip(), "rb").read())
    at = -1
    while (at := encrypted.find(b"PK\x01\x02", at + 1)) >= 0:
        encrypted[at + 8] |= 1
    at = -1
    while (at := encrypted.find(b"PK\x03\x04", at + 1)) >= 0:
        encrypted[at + 6] |= 1
    for path, wanted in (
        (bench.write("cut.tar.gz", good[:-100]), "bundle-damaged"),
        (bench.write("flipped.tar.gz", bytes(flipped)), "bundle-damaged"),
        (bench.write("cut.zip", open(bench.pack_zip(), "rb").read()[:-30]), "bundle-damaged"),
        (bench.write("encrypted.zip", bytes(encrypted)), "bundle-encrypted"),
        (bench.write("evil.tar", evil.getvalue()), "bundle-unsafe"),
        (bench.write("rootfs.ext4.gz", gzip.compress(b"x" * 5000)),
         "bundle-unknown-kind"),
        (bench.path("empty"), "bundle-no-layout"),
    ):
        code, answer, _ = bench.check(path)
        expect(complaints, f"{path}: exit {code}, {answer}", code == 1 and codes(answer) == [wanted]
               and answer["accepted"] is False and answer["partitions"] == [])
        code, events, _ = bench.flash(path)
        expect(complaints, f"{path}: exit {code}, {events}", code == 1
               and events[-1]["event"] == "finished" and codes(events[-1]) == [wanted])
    expect(complaints, f"{bench.leftovers()}", not bench.leftovers())
    return complaints


def check_backslash(bench):
    """A zip file as old programs of another system make it: no way out of the folder."""
    complaints = []
    path = bench.path("backslash.zip")
    for name in ("..\\..\\flash.tsv", "c:\\flash.tsv", "\\flash.tsv"):
        with zipfile.ZipFile(path, "w") as archive:
            info = zipfile.ZipInfo("x")
            info.filename = name
            info.create_system = 0
            archive.writestr(info, HEADER)
        code, answer, _ = bench.check(path)
        expect(complaints, f"{name}: exit {code}, {answer}", code == 1
               and codes(answer) == ["bundle-unsafe"])
    return complaints


def check_flash(bench):
    """The whole job from an archive; the card holds the data, the cache nothing."""
    complaints = []
    path = bench.pack("build.tar.xz", "w:xz")
    code, events, err = bench.flash(path)
    expect(complaints, f"exit {code}, {events[-1:]}, {err}", code == 0
           and events[-1]["result"] == "done")
    with open(os.path.join(bench.storage, "mmc0.img"), "rb") as file:
        file.seek(0x4400)
        expect(complaints, "the card holds something else",
               file.read(len(bench.data)) == bench.data)
    code, out, err = bench.run("flash", bench.build(), "--board", bench.board(), "--layout",
                               os.path.basename(EMMC))
    expect(complaints, f"exit {code}, {out}, {err}", code == 0 and f"Layout: {EMMC} (" in out)
    expect(complaints, f"{bench.leftovers()}", not bench.leftovers())
    return complaints


def check_plain(bench):
    """A layout that is a file has nothing to choose."""
    complaints = []
    code, answer, _ = bench.check(bench.path("build/" + CARD))
    expect(complaints, f"exit {code}, {answer}", code == 0 and "layout" not in answer
           and "other_layouts" not in answer)
    return complaints


def check_interrupt(bench):
    """Ctrl-C while a large archive is read: exit code 130, and nothing is left."""
    complaints = []
    path = bench.path("large.tar")
    with tarfile.open(path, "w") as archive:
        for name in (CARD, "deploy/arm", "deploy/fip"):
            archive.add(bench.path("build/" + name), name)
        info = tarfile.TarInfo("deploy/data.img")
        info.size = 3 << 30
        archive.fileobj.write(info.tobuf())
        archive.fileobj.truncate(archive.fileobj.tell() + info.size + 1024)
    folder = os.path.join(bench.cache, "flashwright", "unpacked")
    for name in ("SIGINT", "SIGTERM"):
        process = bench.start("check", path)
        while process.poll() is None and not bench.leftovers():
            time.sleep(0.01)
        process.send_signal(getattr(signal, name))
        process.communicate(timeout=100)
        expect(complaints, f"{name}: exit {process.returncode}", process.returncode == 130)
        expect(complaints, f"{name}: {os.listdir(folder)}", not os.listdir(folder))
    return complaints


def limit_file_size():
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


def check_no_room(bench):
    """A full disk and a cache that cannot be written to are no fault of the archive: exit 4."""
    complaints = []
    path = bench.pack("build.tar.gz")
    blocked = bench.write("blocked", b"a file where a folder should be")
    for cache, limit, wanted in ((bench.cache, limit_file_size, "bundle-no-space"),
                                 (blocked, None, "bundle-not-unpacked")):
        os.environ["XDG_CACHE_HOME"] = cache
        code, answer, err = bench.check(path)
        expect(complaints, f"{wanted}: without a limit: exit {code}, {answer}, {err}",
               limit is None or code == 0)
        code, out, err = bench.run("check", path, "--json", preexec_fn=limit)
        expect(complaints, f"{wanted}: check: exit {code}, {out}, {err}",
               code == 4 and codes(json.loads(out)) == [wanted])
        code, events, err = bench.flash(path, preexec_fn=limit)
        expect(complaints, f"{wanted}: flash: exit {code}, {events}, {err}", code == 4
               and codes(events[-1]) == [wanted] and events[-1]["code"] == "bundle-not-unpacked"
               and "room" in events[-1]["remedy"] and events[-1]["exit_code"] == 4)
        code, out, err = bench.run("image", path, "-o", bench.path("card.img"),
                                   preexec_fn=limit)
        expect(complaints, f"{wanted}: image: exit {code}, {err}", code == 4
               and "[bundle-not-unpacked]" in err and "room" in err)
        expect(complaints, f"{wanted}: {bench.leftovers()}", not bench.leftovers())
    os.environ["XDG_CACHE_HOME"] = bench.cache
    return complaints


def check_advice(bench):
    """There are no lines to be corrected in an archive that cannot be opened."""
    complaints = []
    path = bench.write("cut.tar.gz", read(bench.pack("build.tar.gz"))[:-100])
    code, out, err = bench.run("flash", path, "--board", bench.board())
    expect(complaints, f"exit {code}, {out}, {err}", code == 1 and "[bundle-not-opened]" in err
           and "[bundle-damaged]" in err and "lines" not in err)
    code, _, err = bench.run("image", path, "-o", bench.path("card.img"))
    expect(complaints, f"image: exit {code}, {err}", code == 1 and "[bundle-not-opened]" in err
           and "[bundle-damaged]" in err)
    return complaints


def count_waiting(descriptor):
    buffer = bytearray(4)
    fcntl.ioctl(descriptor, termios.FIONREAD, buffer)
    return int.from_bytes(buffer, sys.byteorder)


def check_interrupt_between(bench):
    """Ctrl-C after the archive was opened and before the job has begun: it must not be missed. The
    program is held there by a pipe that is full after the line that says which layout it takes."""
    complaints = []
    path = bench.pack("build.tar.gz")
    _, out, _ = bench.run("check", path)
    line = out.splitlines()[0].encode()
    for name in ("SIGINT", "SIGTERM"):
        shutil.rmtree(bench.storage, ignore_errors=True)
        reader, writer = os.pipe()
        size = fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
        os.write(writer, b"." * (size - len(line)))
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
        with subprocess.Popen([bench.program, "flash", path, "--board", bench.board()],
                              stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE,
                              env=environment) as process:
            os.close(writer)
            while process.poll() is None and count_waiting(reader) < size:
                time.sleep(0.01)
            process.send_signal(getattr(signal, name))
            with open(reader, "rb") as pipe:
                said = pipe.read()
            err = process.stderr.read()
        expect(complaints, f"{name}: exit {process.returncode}, {said[size:]}, {err}",
               process.returncode == 130)
        expect(complaints, f"{name}: {bench.leftovers()}", not bench.leftovers())
    return complaints


def check_private(bench):
    """What is unpacked is nobody else's business, and what a killed run left goes away."""
    complaints = []
    folder = os.path.join(bench.cache, "flashwright", "unpacked")
    bench.check(bench.pack("build.tar.gz"))
    mode = stat.S_IMODE(os.stat(folder).st_mode)
    expect(complaints, f"{mode:o}", mode == 0o700)
    for name, age in (("unpacked-aaaaaa", 3), ("partial-bbbbbb", 3), ("unpacked-cccccc", 0)):
        os.makedirs(os.path.join(folder, name))
        when = time.time() - age * 86400
        os.utime(os.path.join(folder, name), (when, when))
    bench.check(bench.pack("build.tar.gz"))
    expect(complaints, f"{bench.leftovers()}", bench.leftovers() == ["unpacked-cccccc"])
    return complaints


def main():
    tap = Tap()
    for check in (check_kinds, check_text, check_layout_option, check_bad, check_backslash,
                  check_flash, check_plain, check_interrupt, check_interrupt_between, check_no_room,
                  check_advice, check_private):
        tap.result(check.__name__, check(BundleBench(sys.argv[1])))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
