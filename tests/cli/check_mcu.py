#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Microcontrollers on the command line: flash, read, erase, options, unprotect, leave.

usage: check_mcu.py PROGRAM"""

import json
import os
import pty
import random
import shutil
import struct
import sys

from cli_bench import Bench, expect  # also finds tap.py
from tap import Tap

FLASH = 0x08000000
SECTORS = [16] * 4 + [64] + [128] * 7  # KiB, of an STM32F405
SIZE = 1 << 20


def make_firmware(length, seed, base=FLASH):
    """A program as a chip would start it: stack in RAM, reset vector odd and inside."""
    body = random.Random(seed).randbytes(length - 8)
    return struct.pack("<II", 0x20020000, base + 0x201) + body


def make_hex(parts):
    """Intel HEX of [(address, bytes)]."""

    def record(kind, address, data):
        line = struct.pack(">BHB", len(data), address & 0xFFFF, kind) + data
        return f":{line.hex().upper()}{-sum(line) & 0xFF:02X}\n"

    text, high = "", None
    for start, data in parts:
        for at in range(0, len(data), 16):
            address = start + at
            if address >> 16 != high:
                high = address >> 16
                text += record(4, 0, struct.pack(">H", high))
            text += record(0, address, data[at : at + 16])
    return (text + ":00000001FF\n").encode()


class McuBench(Bench):
    """A virtual board whose flash is a file."""

    def mcu(self, model="stm32f405", keys=""):
        return self.board(f"timing=fast{',' if keys else ''}{keys}", model)

    def go(self, command, *arguments, model="stm32f405", keys="", **more):
        """Returns: exit code, JSON objects, standard error."""
        code, out, err = self.run(
            command, *arguments, "--board", self.mcu(model, keys), "--json", **more
        )
        return code, [json.loads(line) for line in out.splitlines()], err

    def memory(self):
        with open(os.path.join(self.storage, "flash.bin"), "rb") as file:
            return file.read()

    def fill(self, data, name="flash.bin"):
        os.makedirs(self.storage, exist_ok=True)
        with open(os.path.join(self.storage, name), "wb") as file:
            file.write(data)

    def forget(self):
        shutil.rmtree(self.storage, ignore_errors=True)


def check_usage(bench):
    complaints = []
    firmware = bench.write("usage.hex", make_hex([(FLASH, make_firmware(64, 0))]))
    there = bench.write("there.bin", b"x")
    board = bench.mcu()
    for arguments, wanted in (
        (("read",), 2),
        (("read", "--board", board), 2),
        (("read", "-o", "x.bin"), 2),
        (("read", "--board", board, "-o", "x.bin", "--address", "here"), 2),
        (("read", "--board", board, "-o", "x.bin", "--size", "0"), 2),
        (("read", "--board", board, "-o", "x.bin", "--format", "elf"), 2),
        (("read", "--board", board, "-o", there), 2),
        (("erase", "--board", board), 2),
        (("erase", "--board", board, "--all"), 2),
        (("erase", "--board", board, "--all", "--address", "0x08000000", "--yes"), 2),
        (("erase", "--board", board, "--address", "0x08000000", "--yes"), 2),
        (("erase", "--all", "--yes"), 2),
        (("unprotect", "--board", board), 2),
        (("options",), 2),
        (("leave",), 2),
        (("leave", "--board", "virtual:nothing"), 2),
        (("leave", "--board", "usb:9-9.9"), 3),
        (("flash", firmware, "--board", board, "--shared", "perhaps"), 2),
        (("flash", firmware, "--board", board, "--changed-only", "--all-sectors"), 2),
        (("flash", firmware, "--board", board, "--block-size", "100"), 2),
        (("flash", firmware, "--board", board, "--address", "top"), 2),
    ):
        code, _, err = bench.run(*arguments)
        expect(complaints, f"{arguments}: exit {code}, expected {wanted}", code == wanted)
        expect(complaints, f"{arguments}: not a word", err.strip())
    for command in ("read", "erase", "options", "unprotect", "leave"):
        code, out, _ = bench.run(command, "--help")
        expect(complaints, f"{command} --help", code == 0 and f"flashwright-cli {command}" in out)
    expect(complaints, "a usage error touched the board", not os.path.exists(bench.storage))
    return complaints


def check_flash(bench):
    """Programs, changes nothing the second time, and keeps what is beside."""
    complaints = []
    bench.forget()
    firmware = make_firmware(100_001, 1)
    path = bench.write("one.hex", make_hex([(FLASH, firmware)]))
    code, events, err = bench.go("flash", path)
    last = events[-1]
    expect(complaints, f"exit {code}: {err}{last}", code == 0 and last["result"] == "done")
    expect(complaints, f"{last}", last["all_written"] and last["all_verified"] and last["started"])
    memory = bench.memory()
    expect(complaints, "other bytes", memory[: len(firmware)] == firmware)
    expect(complaints, "the rest is not erased", set(memory[len(firmware) + 8 :]) == {0xFF})
    plan = next(event for event in events if event["event"] == "plan")
    expect(complaints, f"{plan}", plan["bytes"] == len(firmware) and len(plan["sectors"]) == 5
           and plan["verb"] == "program" and plan["left_out"] == [])
    kinds = [event["event"] for event in events]
    for kind in ("plan", "stage", "step", "written", "verified", "started", "finished"):
        expect(complaints, f"no event {kind} in {kinds}", kind in kinds)

    code, events, err = bench.go("flash", path)
    last = events[-1]
    expect(complaints, f"again: {code} {last}", code == 0 and last["up_to_date"]
           and last["erased"] == 0 and last["all_verified"])

    changed = bytearray(firmware)
    changed[20_000] ^= 0xFF
    code, events, _ = bench.go("flash", bench.write("two.hex", make_hex([(FLASH, changed)])))
    last = events[-1]
    expect(complaints, f"one sector: {last}", code == 0 and last["erased"] == 2)
    expect(complaints, "not the changed bytes", bench.memory()[: len(changed)] == bytes(changed))
    return complaints


def check_neighbours(bench):
    complaints = []
    firmware = make_firmware(20_000, 2)
    path = bench.write("small.hex", make_hex([(FLASH, firmware)]))
    old = random.Random(3).randbytes(SIZE)
    for policy, wanted in (("keep", old[20_000:32768]), ("erase", b"\xff" * 12_768)):
        bench.forget()
        bench.fill(old)
        code, events, err = bench.go("flash", path, "--shared", policy)
        memory = bench.memory()
        expect(complaints, f"{policy}: {code} {err}", code == 0)
        expect(complaints, f"{policy}: firmware", memory[:20_000] == firmware)
        expect(complaints, f"{policy}: neighbours", memory[20_000:32768] == wanted)
        expect(complaints, f"{policy}: other sectors", memory[32768:] == old[32768:])
    bench.forget()
    bench.fill(old)
    code, events, _ = bench.go("flash", path, "--shared", "ask")
    expect(complaints, f"ask: {code} {events[-1]}", code == 1
           and events[-1]["code"] == "sector-shared" and bench.memory() == old)
    return complaints


def check_refusals(bench):
    """What is wrong with a file is said before anything is sent."""
    complaints = []
    bench.forget()
    firmware = make_firmware(1000, 4)
    good = make_hex([(FLASH, firmware)])
    for name, data, code_wanted in (
        ("cut.hex", good[: len(good) - 12], "ihex-no-end"),
        ("sum.hex", good.replace(b":10001000", b":10001001", 1), "ihex-bad-checksum"),
        ("out.hex", make_hex([(0x09000000, firmware)]), "outside-flash"),
        ("raw.bin", firmware, "no-address"),
        ("empty.bin", b"", "file-empty"),
    ):
        code, events, _ = bench.go("flash", bench.write(name, data))
        last = events[-1]
        codes = [problem["code"] for problem in last.get("problems", [])]
        expect(complaints, f"{name}: exit {code}, {last}", code == 1
               and last["board_state"] == "untouched")
        expect(complaints, f"{name}: {codes}", code_wanted in codes)
    code, events, _ = bench.go("flash", bench.path("cut.hex"), "--insist")
    expect(complaints, f"insist: {code} {events[-1]}", code == 0)
    code, events, _ = bench.go("flash", bench.path("raw.bin"), "--address", "0x08000000")
    expect(complaints, f"address: {code} {events[-1]}", code == 0
           and bench.memory()[:1000] == firmware)
    code, _, err = bench.go("flash", bench.write("good.hex", good), "--address", "0x08020000")
    expect(complaints, f"address of a HEX file: {code} {err}", code == 2 and "--address" in err)
    code, _, err = bench.run("flash", bench.path("cut.hex"), "--board", bench.mcu())
    expect(complaints, f"no hint: {err}", "--insist" in err)
    layout = bench.write_layout("")
    code, events, _ = bench.go("flash", layout)
    expect(complaints, f"layout on a chip: {code}", code == 1)
    code, out, err = bench.run("flash", bench.path("sum.hex"), "--board", "virtual:stm32mp157")
    expect(complaints, f"hex on an STM32MP: {code} {err}",
           code == 1 and "[firmware-for-microcontroller]" in err)
    code, out, err = bench.run("read", "--board", "virtual:stm32mp157", "-o", bench.path("n.bin"))
    expect(complaints, f"read of an STM32MP: {code} {err}",
           code == 1 and "[not-a-microcontroller]" in err)
    return complaints


def check_diagnoses(bench):
    """Three ways to fail, three causes, and a next step for each."""
    complaints = []
    for model, keys, wanted, step in (
        ("stm32f105", "wrp=all", "write-protected", "option-bytes"),
        ("cubemx-dfu", "", "loader-without-flash", "replace-loader"),
        ("stm32u575", "rdp=1", "read-protected", "unprotect"),
    ):
        bench.forget()
        base = FLASH if model != "cubemx-dfu" else FLASH + 3 * 16384
        path = bench.write("d.hex", make_hex([(base, make_firmware(5000, 5, base))]))
        code, events, err = bench.go("flash", path, "--shared", "erase", model=model, keys=keys)
        last = events[-1]
        expect(complaints, f"{model}: exit {code} {err}", code in (4, 5))
        expect(complaints, f"{model}: {last}", last["code"] == wanted and not last["all_verified"])
        expect(complaints, f"{model}: {last.get('diagnosis')}",
               last.get("diagnosis", {}).get("next") == step)
        if model == "stm32f105":
            expect(complaints, f"{model}: exit {code}", code == 5)
    return complaints


def check_read(bench):
    complaints = []
    content = random.Random(6).randbytes(SIZE)
    bench.forget()
    bench.fill(content)
    for name, options, wanted in (
        ("whole.bin", (), content),
        ("part.bin", ("--address", "0x08000100", "--size", "4097"), content[0x100 : 0x100 + 4097]),
        ("tail.bin", ("--address", "0x080ffff0",), content[-16:]),
    ):
        code, events, err = bench.go("read", "-o", bench.path(name), *options)
        expect(complaints, f"{name}: exit {code} {err}", code == 0)
        with open(bench.path(name), "rb") as file:
            expect(complaints, f"{name}: other bytes", file.read() == wanted)
    for name in ("part.hex", "part.dfu"):
        code, _, err = bench.go("read", "-o", bench.path(name), "--address", "0x08000100",
                                "--size", "4097")
        expect(complaints, f"{name}: exit {code} {err}", code == 0)
        code, out, _ = bench.run("inspect", "--json", bench.path(name))
        told = json.loads(out)
        expect(complaints, f"{name}: {told}", code == 0
               and [(s["address"], s["size"]) for s in told["segments"]] == [(0x08000100, 4097)])
    code, events, _ = bench.go("read", "-o", bench.path("bad.bin"), "--address", "0x09000000")
    expect(complaints, f"outside: {code} {events[-1]}", code == 1
           and not os.path.exists(bench.path("bad.bin")))
    code, events, _ = bench.go("read", "-o", "/no/such/folder/x.bin")
    expect(complaints, f"no folder: {code} {events}", code == 4
           and [event["code"] for event in events] == ["output-unwritable"])
    code, events, _ = bench.go("read", "-o", bench.path("one.bin"), "--alternate", "1")
    expect(complaints, f"alternate 1: {code} {events[-1]}", code == 0)
    with open(bench.path("one.bin"), "rb") as file:
        expect(complaints, "option bytes", len(file.read()) == 16)
    code, _, err = bench.go("read", "-o", bench.path("two.bin"), "--alternate=-3")
    expect(complaints, f"alternate -3: {code}", code == 2 and err.strip())
    return complaints


def check_erase(bench):
    complaints = []
    content = random.Random(7).randbytes(SIZE)
    bench.forget()
    bench.fill(content)
    code, events, err = bench.go("erase", "--address", "0x08004000", "--size", "0x8000", "--yes")
    memory = bench.memory()
    expect(complaints, f"exit {code} {err}", code == 0 and events[-1]["all_verified"])
    expect(complaints, "two sectors", memory == content[:0x4000] + b"\xff" * 0x8000
           + content[0xC000:])
    code, _, err = bench.go("erase", "--address", "0x08000100", "--size", "256", "--yes")
    expect(complaints, f"a part of a sector: {code} {err}", code == 2
           and "--address 0x08000000 --size 0x4000" in err)
    code, events, err = bench.go("erase", "--all", "--yes")
    expect(complaints, f"all: {code} {err}", code == 0 and bench.memory() == b"\xff" * SIZE)
    expect(complaints, f"{events[-1]}", events[-1]["board_state"] == "blank")
    return complaints


def check_options(bench):
    complaints = []
    bench.forget()
    code, events, err = bench.go("options")
    expect(complaints, f"exit {code} {err}", code == 0 and events[0]["rdp"] == "0")
    fields = {field["name"]: field for field in events[0]["fields"]}
    expect(complaints, f"{list(fields)}", "BOR_LEV" in fields and fields["RDP"]["locked"])
    code, out, err = bench.run("options", "--board", bench.mcu())
    expect(complaints, f"{code} {out} {err}", code == 0 and "BOR_LEV" in out)
    value = 1 if fields["nRST_STOP"]["value"] == 0 else 0
    code, events, err = bench.go("options", "--set", f"nRST_STOP={value}", "--yes")
    expect(complaints, f"set: {code} {err}", code == 0 and events[-1]["result"] == "done")
    code, events, _ = bench.go("options")
    fields = {field["name"]: field for field in events[0]["fields"]}
    expect(complaints, "not taken", fields["nRST_STOP"]["value"] == value)
    for change, wanted in (("nRST_STOP", 1), ("nRST_STOP=many", 1), ("NOPE=1", 1),
                           ("RDP=0xCC", 1), ("RDP=0x00", 1)):
        code, events, err = bench.go("options", "--set", change, "--yes")
        expect(complaints, f"{change}: exit {code} {err}", code == wanted
               and events[-1]["code"] == "bad-option-byte" and events[-1]["message"])
    code, _, err = bench.go("options", "--set", f"nRST_STOP={1 - value}")
    expect(complaints, f"nobody to ask: {code} {err}", code == 2)
    return complaints


def check_unprotect(bench):
    complaints = []
    bench.forget()
    bench.fill(random.Random(8).randbytes(SIZE))
    code, events, err = bench.go("flash", bench.write("p.hex", make_hex(
        [(FLASH, make_firmware(2000, 9))])), keys="rdp=1")
    expect(complaints, f"protected: {code} {events[-1]}", code in (4, 5)
           and events[-1]["code"] in ("read-protected", "read-refused"))
    code, events, err = bench.go("unprotect", "--erase-everything", keys="rdp=1")
    expect(complaints, f"exit {code} {err} {events[-1]}", code == 0
           and events[-1]["board_state"] == "blank")
    expect(complaints, "not erased", bench.memory() == b"\xff" * SIZE)
    return complaints


def check_leave(bench):
    complaints = []
    bench.forget()
    bench.fill(make_firmware(SIZE, 10))
    code, events, err = bench.go("leave")
    expect(complaints, f"exit {code} {err}", code == 0 and events[-1]["started"])
    return complaints


def check_plain(bench):
    """A device that only knows DFU 1.1, and one whose program has to be left first."""
    complaints = []
    data = random.Random(11).randbytes(50_001)
    path = bench.write("plain.bin", data)
    for model in ("dfu", "dfu-runtime"):
        bench.forget()
        code, out, err = bench.run("flash", path, "--json", "--board",
                                   f"virtual:{model},storage={bench.storage}")
        last = json.loads(out.splitlines()[-1])
        expect(complaints, f"{model}: {code} {err} {last}", code == 0 and last["all_verified"])
        expect(complaints, f"{model}: bytes", bench.memory()[: len(data)] == data)
    return complaints


def answer_on_terminal(bench, answer, *arguments):
    """Runs the program on a terminal and types the answer. Returns: exit code, what it said."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(LC_ALL="C.UTF-8", LANGUAGE="en")
        os.execv(bench.program, [bench.program, *arguments])
    said = b""
    asked = False
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        said += piece
        if not asked and (b"to do it:" in said or b"stop (s)?" in said):
            asked = True
            os.write(terminal, answer.encode() + b"\n")
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode(errors="replace")


def check_questions(bench):
    complaints = []
    content = random.Random(12).randbytes(SIZE)
    for answer, wanted in (("no", 130), ("", 130), ("erase", 0)):
        bench.forget()
        bench.fill(content)
        code, said = answer_on_terminal(bench, answer, "erase", "--all", "--board", bench.mcu())
        expect(complaints, f"“{answer}”: exit {code} {said}", code == wanted)
        expect(complaints, f"“{answer}”: content", (bench.memory() == content) == (wanted == 130))
    path = bench.write("q.hex", make_hex([(FLASH, make_firmware(1000, 13))]))
    for answer, wanted, kept in (("s", 130, True), ("k", 0, True), ("e", 0, False)):
        bench.forget()
        bench.fill(content)
        code, said = answer_on_terminal(bench, answer, "flash", path, "--board", bench.mcu())
        expect(complaints, f"“{answer}”: exit {code} {said}", code == wanted)
        expect(complaints, f"“{answer}”: kept",
               (bench.memory()[2000:16384] == content[2000:16384]) == kept)
    return complaints


def check_text(bench):
    """What people read: the facts, one by one."""
    complaints = []
    bench.forget()
    path = bench.write("t.hex", make_hex([(FLASH, make_firmware(40_000, 14))]))
    code, out, err = bench.run("flash", path, "--board", bench.mcu())
    for words in ("Written:  ", "Verified: yes", "Started:  yes", "STM32F4"):
        expect(complaints, f"“{words}” is not in {out}", words in out)
    code, out, err = bench.run("flash", path, "--board", bench.mcu(), "--no-verify", "--no-start",
                               "--all-sectors")
    expect(complaints, f"{code} {out}{err}", code == 0 and "Verified: not asked for" in out
           and "Started:  no" in out)
    return complaints


def main():
    tap = Tap()
    bench = McuBench(sys.argv[1])
    os.environ["XDG_STATE_HOME"] = bench.path("state")
    for name, check in (
        ("usage", check_usage),
        ("flash", check_flash),
        ("neighbours", check_neighbours),
        ("refusals", check_refusals),
        ("diagnoses", check_diagnoses),
        ("read", check_read),
        ("erase", check_erase),
        ("options", check_options),
        ("unprotect", check_unprotect),
        ("leave", check_leave),
        ("plain DFU", check_plain),
        ("questions", check_questions),
        ("text", check_text),
    ):
        tap.result(name, check(bench))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
