#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line in a terminal: bar, colours, Ctrl-C, and what people read.

usage: check_terminal.py PROGRAM"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time

from cli_bench import Bench, expect  # also finds tap.py
from tap import Tap

ROOTFS = "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\trootfs.img\n"
COLOUR = re.compile(r"\033\[[0-9;]*m")
BAR = re.compile(r"\r\033\[K([^\r\n]*)")


class Terminal:
    """Runs the program in a terminal of its own."""

    def __init__(self, bench, *arguments, columns=80, before=(), **environment):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.said = ""
        self.process = subprocess.Popen(
            [*before, bench.program, *arguments], stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en", "TERM": "xterm",
                 **environment})
        os.close(slave)

    def read(self):
        """Returns: whether there was more to read."""
        try:
            piece = os.read(self.master, 65536)
        except OSError:  # the other end is closed
            return False
        self.said += piece.decode("utf-8", "replace")
        return bool(piece)

    def read_until(self, text):
        while text not in self.said and self.read():
            pass

    def press(self, key):
        os.write(self.master, key)

    def end(self):
        """Returns: exit code, everything that was said."""
        while self.read():
            pass
        os.close(self.master)
        return self.process.wait(timeout=60), self.said


def flash(bench, layout, keys="latency=50", extra=(), **options):
    return Terminal(bench, "flash", layout, "--board", bench.board(keys), *extra, **options)


def bars(said):
    return [bar for bar in BAR.findall(said) if "%" in bar]


def check_bar(bench):
    complaints = []
    bench.write("rootfs.img", os.urandom(4 << 20))
    layout = bench.write_layout(ROOTFS)
    code, said = flash(bench, layout).end()
    drawn = bars(said)
    expect(complaints, f"exit {code}", code == 0)
    expect(complaints, f"no bar: {said!r}", drawn and any("rootfs" in bar for bar in drawn))
    expect(complaints, "no time waited", any("waiting" in bar for bar in drawn))
    expect(complaints, "no rate", any("/s" in bar for bar in drawn))
    expect(complaints, "no blocks", all(bar[0] in "█░" for bar in drawn))
    expect(complaints, "the bar is left behind", said.rfind("\033[K") < said.find("Written:  "))
    code, said = flash(bench, layout, columns=30).end()
    widest = max(bars(said), key=len)
    expect(complaints, f"wider than the terminal: {widest!r}", len(widest) < 30)
    code, said = flash(bench, layout, LC_ALL="C").end()
    expect(complaints, f"not for this terminal: {bars(said)[-1]!r}",
           all(bar[0] in "#-" for bar in bars(said)))
    code, said = flash(bench, layout, TERM="dumb").end()
    expect(complaints, f"escape sequences for a dumb terminal: {said!r}",
           code == 0 and "\033" not in said)
    return complaints


def check_colours(bench):
    complaints = []
    layout = bench.write_layout("X\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\tnone\n")
    code, said = Terminal(bench, "check", layout).end()
    expect(complaints, f"exit {code}, no colours: {said!r}", code == 1 and COLOUR.search(said))
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        code, said = Terminal(bench, "check", layout, **environment).end()
        expect(complaints, f"{environment}: {said!r}", code == 1 and "\033" not in said)
    return complaints


def check_hostile_names(bench):
    """Nothing out of a file steers the terminal, whatever happens to it."""
    complaints = []
    bench.write("rootfs.img", b"x" * 100_000)
    rows = ROOTFS.replace("rootfs\t", "ro\033[31mot\t", 1)
    layout = bench.write_layout(rows, "layout\033[31m.tsv")
    for arguments in (
        ("check", layout),
        ("flash", layout, "--board", bench.board(), "--verify"),
        ("flash", layout, "--board", bench.board("fault=write-error@uboot2")),
        ("flash", layout + "\033[31m", "--board", bench.board()),
        ("flash", layout, "--board", "virtual:\033[31m"),
    ):
        _, out, err = bench.run(*arguments)
        expect(complaints, f"{arguments[0]}: {out!r} {err!r}", "\033" not in out + err)
    return complaints


def check_failure(bench):
    """Cause first, then the remedy, then the details; and what became of the board."""
    complaints = []
    bench.write("rootfs.img", b"x" * 400_000)
    layout = bench.write_layout(ROOTFS)
    for keys, words in (
        ("fault=init-error@uboot", ("refused the layout. [layout-refused]", "The board says: ")),
        ("fault=unplug@250", ("[board-gone]", "In detail: ")),
        ("fault=fsbl-refused@rom", ("refused the first boot stage. [fsbl-refused]",)),
    ):
        code, out, err = bench.run("flash", layout, "--board", bench.board(keys))
        at = [err.find(word) for word in words]
        expect(complaints, f"{keys}: exit {code}: {err}", code == 4 and -1 not in at
               and at == sorted(at))
        expect(complaints, f"{keys}: {out}", "Written:  0 of 1 partitions" in out)
    _, out, _ = bench.run("flash", layout, "--board", bench.board("speed=full"))
    expect(complaints, f"no warning: {out}", "[full-speed-link]" in out)
    _, _, err = bench.run("advice", "no-such-code")
    expect(complaints, f"no way on: {err}", "“check”" in err)
    return complaints


def check_stop(bench):
    """Once is a request, twice is an order."""
    complaints = []
    bench.write("rootfs.img", os.urandom(20 << 20))
    layout = bench.write_layout(ROOTFS)
    terminal = flash(bench, layout, "latency=500")
    terminal.read_until("rootfs")
    terminal.press(b"\003")
    code, said = terminal.end()
    expect(complaints, f"exit {code}: {said}", code == 130 and "[cancelled]" in said
           and "Partly:   rootfs" in said and "needs a reset" in said)
    expect(complaints, f"raw words: {said}", "Operation was cancelled" not in said)
    terminal = flash(bench, layout, "latency=500,fault=timeout@400")
    terminal.read_until("rootfs")
    time.sleep(1)  # for the board to fall silent
    started = time.monotonic()
    terminal.press(b"\003")
    terminal.read_until("Ctrl-C again")
    terminal.press(b"\003")
    code, said = terminal.end()
    expect(complaints, f"exit {code}: {said}", code == 130)
    expect(complaints, "too slow", time.monotonic() - started < 5)
    return complaints


def check_questions(bench):
    """A job that stands still asks, and hears an answer, a stop, and the board itself."""
    complaints = []
    bench.write("rootfs.img", b"x" * 400_000)
    layout = bench.write_layout(ROOTFS)
    for keys, options, keyed, wanted, words in (
        ("fault=no-uboot@tfa", (), b"\n", 4, ("Go on waiting? [y/N]", "[never-came-back]")),
        ("fault=no-uboot@tfa", (), b"\004", 4, ("Go on waiting? [y/N]", "[never-came-back]")),
        ("fault=no-uboot@tfa", (), b"\003", 130, ("Go on waiting? [y/N]", "[cancelled]")),
        ("fault=return-as-rom@tfa", (), b"y\n", 0,
         ("restarted into its ROM", "[y/N]", "The job goes on.", "Written:  1 of 1")),
        ("fault=return-as-rom@tfa", (), b"n\n", 4, ("[y/N]", "[came-back-in-rom]")),
        ("fault=unplug@250", (), b"n\n", 4, ("in the middle of a transfer", "[board-gone]")),
        ("fault=return-elsewhere@tfa", (), b"y\n", 0,
         ("same serial number is on another port", "Go on with port", "Written:  1 of 1")),
        ("fault=handover-delay@uboot", (), b"", 0,
         ("Go on waiting? [y/N]", "The job goes on.", "Written:  1 of 1")),
    ):
        terminal = flash(bench, layout, keys, extra=("--patience", "2", *options))
        terminal.read_until("[y/N]")
        if "return-elsewhere" in keys:
            terminal.read_until("Go on with port")
            terminal.read_until("[y/N]")
        terminal.press(keyed)
        code, said = terminal.end()
        at = [said.find(word) for word in words]
        expect(complaints, f"{keys} {keyed}: exit {code}: {said!r}",
               code == wanted and -1 not in at and at == sorted(at))
    # Who cannot answer is not asked.
    code, out, err = bench.run("flash", layout, "--board", bench.board("fault=no-uboot@tfa"),
                               "--patience", "1")
    expect(complaints, f"exit {code}: {out} {err}",
           code == 4 and "[y/N]" not in out and "[never-came-back]" in err)
    code, out, err = bench.run("flash", layout, "--board", bench.board("fault=return-as-rom@tfa"),
                               "--restart")
    expect(complaints, f"exit {code}: {out} {err}", code == 0 and "Written:  1 of 1" in out)
    # Nor is who runs in the background of a shell: the kernel would stop the job for it.
    terminal = flash(bench, layout, "fault=no-uboot@tfa", extra=("--patience", "1"),
                     before=("bash", "-c", 'set -m; "$0" "$@" & wait $!'))
    code, said = terminal.end()
    expect(complaints, f"background: exit {code}: {said!r}",
           code == 4 and "[y/N]" not in said and "[never-came-back]" in said)
    for patience in ("0", "-1", "3601", "x"):
        code, _, err = bench.run("flash", layout, "--board", bench.board(),
                                 f"--patience={patience}")
        expect(complaints, f"patience {patience}: exit {code}: {err}", code == 2)
    return complaints


def main():
    tap = Tap()
    for name, check in (
        ("bar", check_bar),
        ("colours", check_colours),
        ("hostile names", check_hostile_names),
        ("failure", check_failure),
        ("stop", check_stop),
        ("questions", check_questions),
    ):
        tap.result(name, check(Bench(sys.argv[1])))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
