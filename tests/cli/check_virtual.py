#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `virtual`: what it exports, says, obeys and refuses.

usage: check_virtual.py PROGRAM"""

import json
import os
import signal
import socket
import struct
import subprocess
import sys

from cli_bench import Bench, expect, make_stm32  # also finds tap.py
from tap import Tap

ANY_PORT = ("--listen", "127.0.0.1:0")
NO_MODULE = not os.path.exists("/sys/devices/platform/vhci_hcd.0/attach")


class Export:
    """The program at work, spoken to through its standard input."""

    def __init__(self, bench, *arguments):
        self.process = subprocess.Popen(
            [bench.program, "virtual", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"})
        self.port = None

    def event(self):
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def await_ready(self):
        """Returns: the events up to the one that says ready."""
        events = []
        while not events or events[-1]["event"] != "ready":
            events.append(self.event())
        self.port = events[0]["port"]
        return events

    def command(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def end(self):
        """Returns: exit code, the rest of the events, standard error."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()], err


def connect(export):
    host = socket.create_connection(("127.0.0.1", export.port), timeout=60)
    host.settimeout(60)
    return host


def receive(host, length):
    data = b""
    while len(data) < length:
        piece = host.recv(length - len(data))
        if not piece:
            break
        data += piece
    return data


def import_board(export, busid):
    """Returns: the socket, and the status of the answer."""
    host = connect(export)
    host.sendall(struct.pack(">HHI32s", 0x0111, 0x8003, 0, busid.encode()))
    _, _, status = struct.unpack(">HHI", receive(host, 8))
    if status == 0:
        receive(host, 312)
    return host, status


def list_boards(export):
    with connect(export) as host:
        host.sendall(struct.pack(">HHI", 0x0111, 0x8005, 0))
        answer = receive(host, 1 << 20)
    return [answer[at + 256:at + 288].rstrip(b"\0").decode() for at in range(12, len(answer), 316)]


def check_events(bench):
    complaints = []
    export = Export(bench, "stm32mp157", "virtual:stm32mp135,speed=full", "--json", *ANY_PORT)
    events = export.await_ready()
    expect(complaints, f"{events}", [event["event"] for event in events] == ["listening", "ready"]
           and events[0]["address"] == "127.0.0.1" and events[0]["port"] > 0)
    expect(complaints, f"{list_boards(export)}", list_boards(export) == ["1-1", "1-2"])
    first, status = import_board(export, "1-1")
    expect(complaints, f"status {status}", status == 0)
    expect(complaints, "attached", export.event() == {
        "event": "attached", "board": 1, "id": "virtual:stm32mp157", "port": "1-1",
        "speed": "high", "stage": "rom"})
    second, status = import_board(export, "1-2")
    event = export.event()
    expect(complaints, f"{status}: {event}", status == 0 and event["board"] == 2
           and event["speed"] == "full")
    expect(complaints, "both are taken", list_boards(export) == [])
    first.close()
    expect(complaints, "let go", export.event() == {
        "event": "detached", "board": 1, "reason": "host"})
    second.sendall(b"x" * 48)
    expect(complaints, "nonsense", export.event() == {
        "event": "detached", "board": 2, "reason": "protocol"})
    expect(complaints, "connection left open", second.recv(1) == b"")
    export.command("quit")
    code, rest, err = export.end()
    expect(complaints, f"exit {code}, {rest}, {err}", code == 0 and not rest and not err)
    return complaints


def check_commands(bench):
    complaints = []
    export = Export(bench, "stm32mp157", "stm32mp135", "--json", *ANY_PORT)
    export.await_ready()
    host, _ = import_board(export, "1-2")
    export.event()
    export.command("  unplug\t2 ")
    expect(complaints, "unplugged", export.event() == {
        "event": "detached", "board": 2, "reason": "board"})
    expect(complaints, "connection left open", host.recv(1) == b"")
    expect(complaints, "one is off", list_boards(export) == ["1-1"])
    export.command("unplug\nplug 2")
    while list_boards(export) != ["1-2"]:
        pass
    host, status = import_board(export, "1-2")
    expect(complaints, f"status {status}, {export.event()}", status == 0)
    export.command("restart 2")
    expect(complaints, "restarted", export.event()["reason"] == "board")
    while list_boards(export) != ["1-2"]:
        pass
    bad = ("plug 3", "plug 0", "unplug 1 2", "restart -1", "explode", "quit 1 2", "plug x",
           "y" * 1000)
    export.command("\n" + "\n".join(bad))
    export.command("\033[31m")
    export.command("quit")
    code, rest, err = export.end()
    expect(complaints, f"exit {code}, {rest}", code == 0 and not rest)
    expect(complaints, f"{err}", len(err.splitlines()) == len(bad) + 1 and "\033" not in err
           and all("The commands are" in line for line in err.splitlines()))
    return complaints


def check_end(bench):
    """The end of the input ends nothing; signals do; --once does."""
    complaints = []
    for number in (signal.SIGINT, signal.SIGTERM):
        export = Export(bench, "stm32mp157", "--json", *ANY_PORT)
        export.await_ready()
        export.process.stdin.close()
        host, status = import_board(export, "1-1")
        expect(complaints, f"closed input: status {status}", status == 0)
        export.event()
        export.process.send_signal(number)
        expect(complaints, f"{number.name}: exit {export.process.wait(60)}",
               export.process.wait(60) == 130)
        expect(complaints, f"{number.name}: connection left open", host.recv(1) == b"")
    export = Export(bench, "stm32mp157", "--json", "--once", *ANY_PORT)
    export.await_ready()
    host, _ = import_board(export, "1-1")
    export.command("restart")
    expect(complaints, "a restart is no end", export.event()["event"] == "attached"
           and export.event()["reason"] == "board")
    while list_boards(export) != ["1-1"]:
        pass
    host, _ = import_board(export, "1-1")
    host.close()
    code, rest, err = export.end()
    expect(complaints, f"once: exit {code}, {rest}, {err}", code == 0
           and [event["event"] for event in rest] == ["attached", "detached"])
    return complaints


def check_text(bench):
    complaints = []
    export = Export(bench, "stm32mp157", "stm32mp135", *ANY_PORT)
    said = ""
    while "Ready" not in said:
        said += export.process.stdout.readline()
    port = said.split("port ")[1].split(".")[0]
    export.port = int(port)
    expect(complaints, f"{said}", "Listening on 127.0.0.1" in said
           and "sudo modprobe vhci-hcd" in said and "attached again" in said
           and f"usbip --tcp-port {port} attach -r 127.0.0.1 -b 1-2" in said)
    host, _ = import_board(export, "1-1")
    line = export.process.stdout.readline()
    expect(complaints, f"{line}", "Board 1 is attached: virtual:stm32mp157" in line)
    host.close()
    line = export.process.stdout.readline()
    expect(complaints, f"{line}", "Board 1 is detached: the host let go" in line)
    export.command("quit")
    out, err = export.process.communicate(timeout=60)
    expect(complaints, f"exit {export.process.returncode}: {out}{err}",
           export.process.returncode == 0 and not out and not err)
    return complaints


def check_stage(bench):
    """What a board becomes without leaving the bus is told."""
    complaints = []
    export = Export(bench, "stm32mp157", "--json", *ANY_PORT)
    export.await_ready()
    host, _ = import_board(export, "1-1")
    export.event()

    def request(seqnum, kind, number, value, data=b"", length=0):
        setup = struct.pack("<BBHHH", kind, number, value, 0, len(data) or length)
        host.sendall(struct.pack(">IIIIIIIIII", 1, seqnum, devid, int(length > 0), 0, 0,
                                 len(data) or length, 0, 0, 0) + setup + data)
        answer = receive(host, 48)
        status, actual = struct.unpack(">iI", answer[20:28])
        return status, receive(host, actual) if length else b""

    # the number of the device comes with the import; here it is the first of the process
    devid = 1 << 16 | 2
    stage = make_stm32(bytes(range(256)) * 8)
    status, device = request(1, 0x80, 6, 0x0100, length=18)
    expect(complaints, f"status {status}, {device}", status == 0 and len(device) == 18)
    request(2, 0x01, 0x0b, 1)
    for block, at in enumerate(range(0, len(stage), 1024)):
        request(3, 0x21, 1, block, stage[at:at + 1024])
        while request(4, 0xa1, 3, 0, length=6)[1][4] != 5:
            pass
    request(5, 0x21, 1, len(stage) // 1024 + 1)
    while request(6, 0xa1, 3, 0, length=6)[1][4] != 2:
        pass
    expect(complaints, "stage", export.event() == {"event": "stage", "board": 1, "stage": "tfa"})
    host.close()
    export.event()
    export.command("quit")
    code, _, err = export.end()
    expect(complaints, f"exit {code}: {err}", code == 0)
    return complaints


def check_refusals(bench):
    complaints = []
    folder = os.path.join(bench.folder, "no", "such", "folder")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        for arguments, wanted, words in (
            (("stm32mp157", "--listen", "0.0.0.0:0"), 2, "--allow-remote"),
            (("stm32mp157", "--listen", "[::]:0"), 2, "--allow-remote"),
            (("stm32mp157", "--listen", "192.0.2.1:0"), 2, "--allow-remote"),
            (("stm32mp157", "--listen", "example.org:0"), 2, "in numbers"),
            (("stm32mp157", "--listen", "127.0.0.1:99999"), 2, "ADDRESS:PORT"),
            (("stm32mp157", "--listen", f"127.0.0.1:{number}"), 4, "listens on that port already"),
            (("stm32mp157", "--listen", "192.0.2.1:0", "--allow-remote"), 4, "address"),
            (("stm32mp157", "--vhci", "0", "--listen", "127.0.0.1:0"), 2, "exclude"),
            (("stm32mp157", "--vhci", "x"), 2, "number of a port"),
            (("stm32mp157", "--vhci", "-1"), 2, "number of a port"),
            (("stm32mp157", "--vhci"), 2, "--vhci"),
            (("stm32mp999", *ANY_PORT), 2, "stm32mp157"),
            (("stm32mp157,sped=high", *ANY_PORT), 2, "speed"),
            (("stm32mp157", "usb:1-2", *ANY_PORT), 2, "no virtual board"),
            ((f"stm32mp157,storage={folder}", *ANY_PORT), 3, "memories"),
            (("--json",), 2, "Say which board"),
            (("--once",), 2, "Say which board"),
        ):
            code, out, err = bench.run("virtual", *arguments)
            expect(complaints, f"{arguments}: exit {code}, expected {wanted}: {err}",
                   code == wanted and words in err and not out)
    if NO_MODULE:
        code, out, err = bench.run("virtual", "stm32mp157", "--vhci", "0")
        expect(complaints, f"no module: exit {code}: {err}",
               code == 4 and "sudo modprobe vhci-hcd" in err and not out)
    return complaints


def check_remote(bench):
    """Told so, it listens for everybody."""
    complaints = []
    export = Export(bench, "stm32mp157", "--json", "--listen", "0.0.0.0:0", "--allow-remote")
    events = export.await_ready()
    expect(complaints, f"{events}", events[0]["address"] == "0.0.0.0")
    expect(complaints, "the list", list_boards(export) == ["1-1"])
    export.command("quit")
    expect(complaints, "exit", export.end()[0] == 0)
    return complaints


def check_default(bench):
    """Without an argument it explains."""
    complaints = []
    code, out, _ = bench.run("virtual")
    expect(complaints, f"exit {code}: {out}", code == 0
           and all(word in out for word in ("stm32mp157", "storage", "unplug")))
    return complaints


def main():
    tap = Tap()
    for name, check in (
        ("events", check_events),
        ("commands", check_commands),
        ("end", check_end),
        ("text", check_text),
        ("stage", check_stage),
        ("refusals", check_refusals),
        ("remote", check_remote),
        ("no argument", check_default),
    ):
        tap.result(name, check(Bench(sys.argv[1])))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
