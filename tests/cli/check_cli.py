#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The contract of the command line: exit codes, JSON, manners.

usage: check_cli.py PROGRAM"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

from cli_bench import Bench, expect  # also finds tap.py
from tap import Tap

COMMANDS = ("boards", "check", "inspect", "flash", "virtual", "advice")
ROOTFS = "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\trootfs.img\n"


def check_usage(bench):
    complaints = []
    for arguments, wanted in (
        ((), 2),
        (("nonsense",), 2),
        (("flash",), 2),
        (("flash", "x.tsv"), 2),
        (("flash", "x.tsv", "y.tsv", "--board", "virtual:stm32mp157"), 2),
        (("flash", "--no-such-option"), 2),
        (("check",), 2),
        (("check", "x.tsv", "--storage-size", "mmc0"), 2),
        (("check", "x.tsv", "--storage-size", "mmc0=lots"), 2),
        (("check", "x.tsv", "--storage-size", "mmc0=8"), 2),
        (("check", "x.tsv", "--storage-size", "mcm0=8G"), 2),
        (("check", "x.tsv", "--storage-size", "mmc10=8G"), 2),
        (("check", "x.tsv", "--storage-size", "nor0boot1=8M"), 2),
        (("check", "x.tsv", "--storage-size", "=8G"), 2),
        (("inspect",), 2),
        (("boards", "surplus"), 2),
        (("advice", "no-such-code"), 2),
        (("--help",), 0),
        (("--version",), 0),
        (("boards",), 0),
        (("virtual",), 0),
        (("advice",), 0),
        (("advice", "never-came-back"), 0),
    ):
        code, out, err = bench.run(*arguments)
        expect(complaints, f"{arguments}: exit {code}, expected {wanted}", code == wanted)
        said = err if wanted else out
        expect(complaints, f"{arguments}: not a word", said.strip() or not arguments)
    for command in COMMANDS:
        code, out, _ = bench.run(command, "--help")
        expect(complaints, f"{command} --help: exit {code}", code == 0)
        expect(complaints, f"{command} --help names another program",
               f"flashwright-cli {command}" in out)
    return complaints


def check_boards(bench):
    complaints = []
    layout = bench.write_layout(ROOTFS)
    bench.write("rootfs.img", b"x" * 4096)
    code, out, _ = bench.run("boards", "--json")
    boards = json.loads(out)["boards"]
    expect(complaints, f"exit {code}", code == 0)
    expect(complaints, "three models", len(boards) >= 3)
    for board in boards:
        for member in ("id", "name", "chip", "stage", "port", "speed", "access", "warnings"):
            expect(complaints, f"{board.get('id')} lacks {member}", member in board)
    for board, wanted, told in (
        ("usb:9-9.9", 3, "board-not-found"),
        ("serial:none", 3, "board-not-found"),
        ("virtual:stm32mp157,storage=/no/such/place", 3, "storage-unavailable"),
        ("virtual:stm32mp999", 2, "bad-board-id"),
        ("virtual:stm32mp157,sped=high", 2, "bad-board-id"),
        ("virtual:stm32mp157,fault=flood@1", 2, "bad-board-id"),
        ("rubbish", 2, "bad-board-id"),
        ("", 2, "bad-board-id"),
    ):
        code, out, err = bench.run("flash", layout, "--board", board)
        expect(complaints, f"{board}: exit {code}, expected {wanted}", code == wanted)
        expect(complaints, f"{board}: {err}", f"[{told}]" in err and "Nothing was sent." in err)
    return complaints


def check_finished(bench):
    """The last event has the same members, whether the job began or not."""
    complaints = []
    bench.write("rootfs.img", b"x" * 4096)
    layout = bench.write_layout(ROOTFS)
    members = ("code", "cause", "remedy", "duration_ms", "result", "all_written", "all_verified",
               "started", "board_state", "exit_code", "written")
    _, began, _ = bench.flash(layout, keys="fault=bad-fip@tfa")
    _, refused, _ = bench.flash(bench.path("no-such.tsv"))
    for last in (began[-1], refused[-1]):
        missing = [member for member in members if member not in last]
        expect(complaints, f"{last} lacks {missing}", not missing)
        expect(complaints, f"{last}", last["result"] == "failed" and last["started"] is False)
    return complaints


def check_nothing_to_give(bench):
    """Boot stages for a board that runs U-Boot already: nothing was done, so nothing is "done"."""
    complaints = []
    layout = bench.write_layout("")
    code, events, _ = bench.flash(layout, keys="stage=uboot")
    last = events[-1]
    expect(complaints, f"exit {code}, {last}", code == 4 and last["result"] == "failed"
           and not last["all_written"] and last["board_state"] == "untouched")
    code, out, err = bench.run("flash", layout, "--board", bench.board())
    expect(complaints, f"exit {code}: {out}{err}", code == 0 and "2 of 2 boot stages" in out
           and "Started:  yes" in out)
    return complaints


def check_flash(bench):
    complaints = []
    data = os.urandom(300_000)
    bench.write("rootfs.img", data)
    layout = bench.write_layout(ROOTFS)
    code, events, err = bench.flash(layout, "--verify")
    kinds = [event["event"] for event in events]
    last = events[-1]
    expect(complaints, f"exit {code}: {err}", code == 0)
    expect(complaints, f"begins with {kinds[0]}", kinds[0] == "plan")
    expect(complaints, f"ends with {kinds[-1]}", kinds[-1] == "finished")
    for kind in ("stage", "partition", "lost", "returned", "written", "verified"):
        expect(complaints, f"no event {kind}", kind in kinds)
    expect(complaints, f"result {last}",
           last.get("result") == "done" and last.get("all_written") and last.get("all_verified")
           and last.get("started") is False and last.get("exit_code") == 0)
    with open(os.path.join(bench.storage, "mmc0.img"), "rb") as card:
        card.seek(0x4400)
        expect(complaints, "contents differ", card.read(len(data)) == data)
    code, out, err = bench.run("flash", layout, "--board", bench.board())
    expect(complaints, f"as text: exit {code}: {err}", code == 0)
    expect(complaints, f"escape sequences in a pipe: {out!r}",
           "\033" not in out and "\r" not in out)
    expect(complaints, "the three facts", all(word in out for word in
                                              ("Written:", "Verified:", "Started:")))
    return complaints


def check_gpt(bench):
    """What the board has made of the card, in the eyes of the usual tools."""
    complaints = []
    bench.write("rootfs.img", b"r" * 100_000)
    layout = bench.write_layout(ROOTFS + "PED\t0x11\tuserfs\tFileSystem\tmmc0\t0x104400\tnone\n")
    code, _, err = bench.flash(layout)
    expect(complaints, f"exit {code}: {err}", code == 0)
    card = os.path.join(bench.storage, "mmc0.img")
    for tool, arguments in (("sfdisk", ["--verify", card]), ("sgdisk", ["-v", card])):
        path = shutil.which(tool, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if path is None:
            complaints.append(f"{tool} is not installed")
            continue
        answer = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
        said = answer.stdout + answer.stderr
        expect(complaints, f"{tool}: {said}", answer.returncode == 0 and "No errors" in said
               or answer.returncode == 0 and "No problems found" in said)
    return complaints


def check_input(bench):
    """Bad input: a clear error, exit code 1, and nothing touched."""
    complaints = []
    bench.write("rootfs.img", b"x" * 4096)
    bench.write("empty.tsv", b"")
    bench.write("locked.tsv", b"")
    with open(bench.path("noise.tsv"), "wb") as file:
        file.write(os.urandom(1 << 20) * 100)
    outside = bench.write_layout(
        "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\t../../../../../../etc/passwd\n", "outside.tsv")
    missing = bench.write_layout(ROOTFS.replace("rootfs.img", "missing.img"), "missing.tsv")
    folder = bench.write_layout(ROOTFS.replace("rootfs.img", "."), "folder.tsv")
    refused = bench.write_layout(ROOTFS.replace("0x4400", "0x4401"), "refused.tsv")
    for path in (bench.path("empty.tsv"), bench.path("noise.tsv"), bench.folder,
                 bench.path("no-such.tsv"), outside, missing, folder, refused):
        started = time.monotonic()
        code, answer, _ = bench.check(path)
        errors = [p for p in answer["problems"] if p["severity"] == "error"]
        expect(complaints, f"check {path}: exit {code}", code == 1)
        expect(complaints, f"check {path}: no error told", errors)
        expect(complaints, f"check {path}: too slow", time.monotonic() - started < 10)
        code, events, _ = bench.flash(path)
        expect(complaints, f"flash {path}: exit {code}", code == 1)
        expect(complaints, f"flash {path}: events {events}",
               len(events) == 1 and events[0]["event"] == "finished"
               and events[0]["board_state"] == "untouched" and not events[0]["written"])
    expect(complaints, "the card was touched",
           not os.path.exists(os.path.join(bench.storage, "mmc0.img"))
           or os.stat(os.path.join(bench.storage, "mmc0.img")).st_blocks == 0)
    codes = [p["code"] for p in bench.check(outside)[1]["problems"]]
    expect(complaints, f"outside: {codes}", "file-outside-folder" in codes)
    return complaints


def check_board_fails(bench):
    complaints = []
    bench.write("rootfs.img", b"x" * 400_000)
    layout = bench.write_layout(ROOTFS)
    for fault, wanted_code, wanted in (
        ("unplug@250", "board-gone", 4),
        ("fsbl-refused@rom", "fsbl-refused", 4),
        ("bad-fip@tfa", "fip-refused", 4),
        ("init-error@uboot", "layout-refused", 4),
        ("write-error@uboot2", "write-failed", 4),
    ):
        code, events, _ = bench.flash(layout, keys=f"fault={fault}")
        last = events[-1]
        expect(complaints, f"{fault}: exit {code}", code == wanted)
        expect(complaints, f"{fault}: {last.get('code')}", last.get("code") == wanted_code)
        expect(complaints, f"{fault}: exit code in JSON", last.get("exit_code") == wanted)
        expect(complaints, f"{fault}: no remedy", last.get("remedy"))
        expect(complaints, f"{fault}: claims", not last.get("all_written"))
    return complaints


def check_wrong_byte(bench):
    """Request 200 carries data of the partition. Only reading back finds out that one bit of it
    was stored wrong; without, nothing but "written" may be claimed."""
    complaints = []
    bench.write("rootfs.img", b"x" * 400_000)
    layout = bench.write_layout(ROOTFS)
    code, events, _ = bench.flash(layout, "--verify", keys="fault=corrupt@200")
    last = events[-1]
    expect(complaints, f"verified: exit {code}", code == 5)
    expect(complaints, f"verified: {last.get('code')}", last.get("code") == "verify-mismatch")
    expect(complaints, "verified: claimed all the same", not last["all_verified"])
    code, events, _ = bench.flash(layout, keys="fault=corrupt@200")
    expect(complaints, f"not verified: exit {code}", code == 0)
    expect(complaints, "not verified: claimed all the same", not events[-1]["all_verified"])
    return complaints


def limit_file_size():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def check_full_disk(bench):
    """Nothing more can be written under the virtual board's storage: the board fails, and we say
    so. The card is made first, because its size alone would be over the limit."""
    complaints = []
    bench.write("rootfs.img", os.urandom(3 << 20))
    layout = bench.write_layout(ROOTFS)
    code, _, err = bench.flash(layout, keys="mmc0=16M")
    expect(complaints, f"before: exit {code} {err}", code == 0)
    code, events, err = bench.flash(layout, keys="mmc0=16M", preexec_fn=limit_file_size)
    last = events[-1]
    expect(complaints, f"exit {code} {err}", code == 4)
    expect(complaints, f"{last}", last["event"] == "finished" and last["result"] == "failed")
    expect(complaints, f"{last.get('code')}",
           last.get("code") in ("layout-refused", "lost-at-partition-end", "write-failed"))
    expect(complaints, "claims to have written", not last.get("all_written"))
    return complaints


def stop_midway(bench, layout, number):
    process = bench.start("flash", layout, "--board", bench.board("latency=500"), "--json")
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "partition" and event["kind"] == "partition":
            break
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return process.returncode, [json.loads(line) for line in out.splitlines()], err


def check_stop(bench):
    complaints = []
    bench.write("rootfs.img", os.urandom(20 << 20))
    layout = bench.write_layout(ROOTFS)
    for number in (signal.SIGINT, signal.SIGTERM):
        code, events, _ = stop_midway(bench, layout, number)
        last = events[-1]
        expect(complaints, f"{number.name}: exit {code}", code == 130)
        expect(complaints, f"{number.name}: {last}", last["result"] == "stopped")
        expect(complaints, f"{number.name}: what was written is not said",
               any(step["kind"] == "boot" for step in last["written"])
               and last["partial"]["name"] == "rootfs")
        expect(complaints, f"{number.name}: state {last['board_state']}",
               last["board_state"] == "needs-reset")
    return complaints


def check_closed_pipe(bench):
    """`flash … | head -1`: the reader goes, the job does not."""
    complaints = []
    data = os.urandom(2 << 20)
    bench.write("rootfs.img", data)
    layout = bench.write_layout(ROOTFS)
    process = bench.start("flash", layout, "--board", bench.board(), "--json")
    process.stdout.readline()
    process.stdout.close()
    process.stderr.close()
    code = process.wait(timeout=60)
    with open(os.path.join(bench.storage, "mmc0.img"), "rb") as card:
        card.seek(0x4400)
        expect(complaints, "the job died with its reader", card.read(len(data)) == data)
    expect(complaints, f"exit {code}", code == 0)
    return complaints


def close_output():
    os.close(1)


def check_output(bench):
    """Half an answer is no answer; a board that was flashed was flashed all the same."""
    complaints = []
    data = os.urandom(300_000)
    bench.write("rootfs.img", data)
    layout = bench.write_layout(ROOTFS)
    flash = ("flash", layout, "--board", bench.board())
    with open("/dev/full", "w", encoding="utf-8") as full:
        for arguments, wanted in (
            (("boards", "--json"), 4),
            (("check", layout), 4),
            (("--version",), 4),
            (flash, 0),
        ):
            answer = subprocess.run([bench.program, *arguments], stdout=full, text=True,
                                    stderr=subprocess.PIPE, check=False, timeout=100)
            expect(complaints, f"{arguments}: exit {answer.returncode}, {answer.stderr}",
                   answer.returncode == wanted and "standard output" in answer.stderr)
    os.remove(os.path.join(bench.storage, "mmc0.img"))
    answer = subprocess.run([bench.program, *flash], preexec_fn=close_output, check=False,
                            stderr=subprocess.PIPE, text=True, timeout=100)
    expect(complaints, f"closed: exit {answer.returncode}, {answer.stderr}", answer.returncode == 0)
    with open(os.path.join(bench.storage, "mmc0.img"), "rb") as card:
        expect(complaints, "our words are on the card", card.read(64) == bytes(64))
        card.seek(0x4400)
        expect(complaints, "contents differ", card.read(len(data)) == data)
    return complaints


def check_layout_json(bench):
    complaints = []
    bench.write("rootfs.img", b"x" * 5000)
    layout = bench.write_layout(
        ROOTFS + "P\t0x20\tboot\tBinary\tmmc1\tboot1\trootfs.img\n"
        "PED\t0x30\tdata\tBinary\tmmc0\t0x104400\tnone\n")
    code, answer, _ = bench.check(layout, "--storage-size", "mmc0=1G")
    rows = answer["partitions"]
    expect(complaints, f"exit {code}", code == 0)
    expect(complaints, "accepted", answer["accepted"] is True)
    expect(complaints, f"{rows}", [row["id"] for row in rows] == [1, 3, 0x10, 0x20, 0x30])
    root = rows[2]
    expect(complaints, f"{root}", root["line"] == 4 and root["option"] == "P"
           and root["name"] == "rootfs" and root["type"] == "FileSystem" and root["copies"] == 1
           and root["ip"] == "mmc0" and root["offset"] == 0x4400 and root["size"] == 0x100000
           and root["binary"] == "rootfs.img" and root["image_size"] == 5000)
    expect(complaints, f"{rows[3]}", rows[3]["offset"] == "boot1")
    storages = {storage["ip"]: storage for storage in answer["storages"]}
    expect(complaints, f"{storages}", storages["mmc0"]["size"] == 1 << 30
           and [p["id"] for p in storages["mmc0"]["partitions"]] == [0x10, 0x30])
    far = bench.write_layout(ROOTFS.replace("0x4400", "0xF000000000000000"), "far.tsv")
    _, answer, _ = bench.check(far)
    expect(complaints, f"{answer['partitions'][2]}", answer["partitions"][2]["offset"] > 2**63)
    refused = bench.write_layout("X\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\tx\n", "bad.tsv")
    code, answer, _ = bench.check(refused)
    told = [p for p in answer["problems"] if p.get("line") == 4]
    expect(complaints, f"{answer}", code == 1 and answer["accepted"] is False and told
           and told[0]["column"] == 1)
    return complaints


def main():
    tap = Tap()
    for name, check in (
        ("usage", check_usage),
        ("boards", check_boards),
        ("flash", check_flash),
        ("last event", check_finished),
        ("nothing to give", check_nothing_to_give),
        ("partition table", check_gpt),
        ("bad input", check_input),
        ("failing board", check_board_fails),
        ("wrong byte", check_wrong_byte),
        ("full disk", check_full_disk),
        ("stop", check_stop),
        ("closed pipe", check_closed_pipe),
        ("full and closed output", check_output),
        ("check in JSON", check_layout_json),
    ):
        tap.result(name, check(Bench(sys.argv[1])))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
