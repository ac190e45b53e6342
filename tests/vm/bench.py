# SPDX-License-Identifier: GPL-3.0-or-later
"""In the guest: what cases are written with. A Bench makes layouts, plugs virtual boards into the
guest's kernel, and runs programs on them. Whoever waits, waits for something, and names it."""

import glob
import json
import os
import queue
import re
import shutil
import struct
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "cli"))
import cli_bench  # noqa: E402

PATIENCE_S = 30  # for anything that is bound to happen; the guest may be slow
NOBODY = 65534
FLASH = 0x08000000  # where the flash of a microcontroller begins
DEVICES = "/sys/bus/usb/devices"


class Skipped(Exception):
    """The case cannot be run here, and why."""


def wait_until(what, is_so, timeout_s=PATIENCE_S):
    """Returns what is_so () returned as soon as that is true of it."""
    end = time.monotonic() + timeout_s
    while True:
        answer = is_so()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"waited {timeout_s} s in vain: {what}")
        time.sleep(0.02)


def expect(is_so, *what):
    if not is_so:
        raise AssertionError(" ".join(str(part) for part in what))


def expect_equal(found, wanted, what):
    expect(found == wanted, f"{what}: {found!r}, expected {wanted!r}")


def read_attribute(port, name):
    """An attribute of the device on the port, e.g. 1-1; None if there is none."""
    try:
        with open(os.path.join(DEVICES, port, name), encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return None


def get_node(port):
    """The device node, e.g. /dev/bus/usb/001/002."""
    bus = int(read_attribute(port, "busnum"))
    return f"/dev/bus/usb/{bus:03}/{int(read_attribute(port, 'devnum')):03}"


class Talk:
    """A program that prints one JSON object per line, read as it goes."""

    def __init__(self, command, **options):
        self.command = command
        self.heard = []
        self.news = queue.Queue()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            **options,
        )
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.news.put((time.monotonic(), json.loads(line)))
        self.news.put((time.monotonic(), None))

    def tell(self, line):
        """Gives it a command."""
        print(f"[{time.monotonic():.2f}] told: {line}")
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def next(self, timeout_s=PATIENCE_S):
        """The next object; None once there are no more."""
        try:
            when, event = self.news.get(timeout=timeout_s)
        except queue.Empty:
            raise TimeoutError(f"nothing more from {self.command} in {timeout_s} s") from None
        print(f"[{when:.2f}] {os.path.basename(self.command[1])}: {event}")
        if event is not None:
            self.heard.append(event)
        return event

    def wait_for(self, kind, timeout_s=PATIENCE_S, **members):
        """Skips what comes before the event with these members."""
        end = time.monotonic() + timeout_s
        while True:
            event = self.next(max(end - time.monotonic(), 0.01))
            expect(event is not None, f"{self.command} ended before {kind} {members}")
            if event["event"] == kind and members.items() <= event.items():
                return event

    def finish(self, timeout_s=PATIENCE_S):
        """Its exit code, after everything that it still had to say."""
        while self.next(timeout_s) is not None:
            pass
        return self.process.wait(timeout_s)


class Bench:
    def __init__(self, source_root, build_root, work, artefacts):
        self.source_root = source_root
        self.build_root = build_root
        self.cli = os.path.join(build_root, "src", "cli", "flashwright-cli")
        self.work = work
        self.artefacts = artefacts  # a folder that is kept

    def path(self, *names):
        return os.path.join(self.work, *names)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def read(self, *names):
        with open(self.path(*names), "rb") as file:
            return file.read()

    # --- programs ------------------------------------------------------------------------------

    def run(self, *command, timeout_s=PATIENCE_S, status=0, **options):
        """Runs to the end; returns what it printed, both streams in one. Any exit status will do
        if `status` is None."""
        return self.run_apart(
            *command, timeout_s=timeout_s, status=status, stderr=subprocess.STDOUT, **options
        )[1]

    def run_apart(self, *command, timeout_s=PATIENCE_S, status=0, **options):
        """Returns exit status, standard output, standard error."""
        started = time.monotonic()
        options = {"stderr": subprocess.PIPE, **options}
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
            **options,
        )
        took = time.monotonic() - started
        print(f"[{time.monotonic():.2f}] {' '.join(command)}: {answer.returncode}, {took:.2f} s")
        if status is not None and answer.returncode != status:
            print(answer.stdout, answer.stderr or "")
            raise AssertionError(f"{command}: exit status {answer.returncode}, expected {status}")
        return answer.returncode, answer.stdout, answer.stderr

    def as_nobody(self):
        """Options for run (): an ordinary user without any groups. The tree may lie where such a
        user cannot look: see copy_cli ()."""
        return {"user": NOBODY, "group": NOBODY, "extra_groups": []}

    def copy_cli(self):
        """The program, for everybody."""
        path = self.path("flashwright-cli")
        shutil.copy(self.cli, path)
        os.chmod(path, 0o755)
        return path

    # --- boards --------------------------------------------------------------------------------

    def plug(self, *boards, port=0, keep=True):
        """Plugs boards in, the first one into the virtual port of that number: port 0 is 1-1.
        Their storages are in the folders board1, board2 …, unless nothing is to be kept: then
        boards of one model have one serial number. Waits until udev knows them."""
        ids = []
        for number, board in enumerate(boards, 1):
            if keep:
                os.makedirs(self.path(f"board{number}"), exist_ok=True)
                board = f"{board},storage={self.path(f'board{number}')}"
            ids.append(board)
        rig = Talk([self.cli, "virtual", *ids, "--vhci", str(port), "--json"])
        rig.wait_for("ready")
        for number in range(len(boards)):
            self.wait_for_device(f"1-{port + number + 1}")
        return rig

    def wait_for_device(self, port, timeout_s=PATIENCE_S):
        """Until udev has done with the device on the port."""

        def is_known():
            return is_device_known(port)

        wait_until(f"a device on {port}", is_known, timeout_s)

    def wait_for_empty(self, port, timeout_s=PATIENCE_S):
        path = os.path.join(DEVICES, port)
        wait_until(f"no device on {port}", lambda: not os.path.exists(path), timeout_s)

    def list_boards(self, **options):
        """Real boards only, by id."""
        cli = options.pop("cli", self.cli)
        answer = self.run_apart(cli, "boards", "--json", **options)[1]
        boards = json.loads(answer)["boards"]
        return {board["id"]: board for board in boards if board["id"].startswith("usb:")}

    def flash(self, layout, board, *options, timeout_s=120, status=0, cli=None, **more):
        """Returns the list of events."""
        command = [cli or self.cli, "flash", layout, "--board", board, "--json", *options]
        _, out, err = self.run_apart(*command, timeout_s=timeout_s, status=None, **more)
        print(err, end="")
        events = [json.loads(line) for line in out.splitlines()]
        found = events[-1].get("exit_code") if events else None
        if found != status:
            print("\n".join(json.dumps(event) for event in events[-20:]))
        expect_equal(found, status, f"exit code of flash {board}")
        return events

    def start_flash(self, layout, board, *options):
        """A flash job that goes on by itself: read its events, and finish ()."""
        return Talk([self.cli, "flash", layout, "--board", board, "--json", *options])

    def watch_boards(self):
        """`boards --watch`, once it watches."""
        watch = Talk([self.cli, "boards", "--watch", "--json"])
        watch.wait_for("watching")
        return watch

    def dfu_util(self, port, *arguments, **options):
        return self.run("dfu-util", "-d", "0483:df11", "-p", port, *arguments, **options)

    def list_alternates(self, port):
        """Id to name, e.g. 0x01 to "@FSBL /0x01/1*1Me", as dfu-util reads them."""
        names = re.findall(r'name="(@.*?)", serial', self.dfu_util(port, "-l"))
        return {int(name.split("/")[1], 0): name for name in names}

    def read_phase(self, port, alternates=None):
        """The answer to GetPhase (stm32mp-usb.md section 1.6), read by dfu-util."""
        name = (alternates or self.list_alternates(port))[0xF1]
        path = self.path("phase.bin")
        if os.path.exists(path):
            os.unlink(path)
        self.dfu_util(port, "-a", name, "-U", path)
        return self.read("phase.bin")

    def leave_stage(self, port):
        """Sends DETACH by dfu-util, and waits until the board is back."""
        self.change_address(port, "-a", "0", "-e")

    def change_address(self, port, *arguments, **options):
        """Runs dfu-util, and waits until the board is back under another address."""
        address = read_attribute(port, "devnum")
        self.dfu_util(port, *arguments, **options)
        wait_until(
            f"a new address on {port}",
            lambda: read_attribute(port, "devnum") not in (None, address),
        )
        self.wait_for_device(port)

    def read_kernel_log(self):
        """What the kernel said since the case began."""
        said = self.run("dmesg")
        return said[said.rfind(f"case {os.path.basename(self.artefacts)}") :]

    def list_addresses(self, port):
        """The device numbers that the kernel gave to what enumerated on the port, in order."""
        pattern = rf"usb {re.escape(port)}: new \S+ USB device number (\d+)"
        return [int(number) for number in re.findall(pattern, self.read_kernel_log())]

    def make_firmware(self, size, base=FLASH):
        """A program as a chip would start it: stack in RAM, reset vector odd and inside."""
        return struct.pack("<II", 0x20002000, base + 0x201) + os.urandom(size - 8)

    # --- layouts -------------------------------------------------------------------------------

    def make_practice_layout(self):
        """The layout of the README: its folder, and its rows as [id, offset, file] of everything
        that goes into storage."""
        folder = self.path("practice")
        self.run(os.path.join(self.source_root, "tests", "make-practice-layout"), folder)
        rows = []
        with open(os.path.join(folder, "practice.tsv"), encoding="ascii") as file:
            for line in file.read().splitlines()[1:]:
                option, number, _, _, _, offset, name = line.split("\t")
                if option == "P":
                    rows.append((int(number, 0), int(offset, 0), os.path.join(folder, name)))
        return folder, rows

    def make_layout(self, size, folder=".", chip="stm32mp157"):
        """Boot stages and one partition with random bytes: path of the layout, and the bytes."""
        os.makedirs(self.path(folder), exist_ok=True)
        data = os.urandom(size)
        row = "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\trootfs.img\n"
        files = {
            "fsbl.stm32": MAKE_STAGE[chip](b"DFU USB START\0" + bytes(range(256)) * 16),
            "fip.bin": cli_bench.make_fip(),
            "rootfs.img": data,
            "layout.tsv": (cli_bench.HEADER + cli_bench.BOOT + row).encode(),
        }
        for name, content in files.items():
            self.write(os.path.join(folder, name), content)
        return os.path.normpath(self.path(folder, "layout.tsv")), data

    def make_layout_for_board(self, path):
        """The layout with a header v1.0 in front, as U-Boot takes it (stm32mp-usb.md section
        3.1); entry and load address are 0."""
        with open(path, "rb") as file:
            image = bytearray(cli_bench.make_stm32(file.read()))
        image[80:84] = image[88:92] = bytes(4)
        return self.write("layout.stm32", bytes(image))

    def expect_stored(self, data, *names, offset=0x4400):
        """Are these bytes in the board's storage file, e.g. board1/mmc0.img?"""
        with open(self.path(*names), "rb") as file:
            file.seek(offset)
            found = file.read(len(data))
        if found != data:
            where = next((i for i, pair in enumerate(zip(found, data)) if pair[0] != pair[1]), -1)
            raise AssertionError(f"{'/'.join(names)} differs from offset {offset:#x} + {where:#x}")


def find_on_xhci():
    """The port of the device that is on the xHCI; None if none is."""
    names = (os.path.basename(path) for path in glob.glob(f"{DEVICES}/*-[1-9]*"))
    ports = [name for name in names if ":" not in name and not name.startswith("1-")]
    return ports[0] if ports else None


def ask_outside(board):
    """Has run-cases put the board on the xHCI controller, in place of what is there, by a server
    that runs outside and logs into `usbredir.txt` of the shared folder; nothing, if the text is
    empty."""
    wanted = os.path.join(os.environ["OUT"], "usbredir-wanted")
    with open(wanted + ".new", "w", encoding="utf-8") as file:
        file.write(board)
    os.rename(wanted + ".new", wanted)


def make_stm32_v2(payload):
    """STM32 header v2.0 of the STM32MP13, stm32mp-usb.md sections 4.2 and 4.6."""
    header = bytearray(512)
    header[0:4] = b"STM2"
    struct.pack_into("<III", header, 68, sum(payload) & 0xFFFFFFFF, 0x00020000, len(payload))
    struct.pack_into("<I", header, 80, 0x2FFE0000)
    struct.pack_into("<I", header, 88, 0x2FFE0000)
    struct.pack_into("<III", header, 100, 1 << 31, 384, 0x10)
    struct.pack_into("<4sI", header, 128, b"ST\xff\xff", 384)
    return bytes(header) + payload


MAKE_STAGE = {"stm32mp157": cli_bench.make_stm32, "stm32mp135": make_stm32_v2}


def is_device_known(port):
    """Whether udev has finished with it: its database has an entry, and the node is there."""
    numbers = read_attribute(port, "dev")
    if numbers is None or not os.path.exists(f"/run/udev/data/c{numbers}"):
        return False
    try:
        return os.path.exists(get_node(port))
    except (TypeError, ValueError):
        return False  # it has just left
