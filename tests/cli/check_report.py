#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Support bundles: what is in them, what is not, and what is not opened; and what is said about a
board that does not come back.

usage: check_report.py PROGRAM"""

import io
import json
import os
import pwd
import signal
import socket
import struct
import sys
import zipfile

from cli_bench import Bench, expect
from tap import Tap

HOME = "erika-musterfrau"
ROOTFS = "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\trootfs.img\n"
PROBE = "066FFF383333554E43097623"


class ReportBench(Bench):
    """A home folder with a layout in it, and a computer of its own."""

    def __init__(self, program):
        super().__init__(program)
        self.root = self.path("computer")
        self.home = os.path.join(self.folder, "home", HOME)
        os.makedirs(self.home)
        self.write("rootfs.img", bytes(4096))
        for name in ("fsbl.stm32", "fip.bin", "rootfs.img"):
            os.rename(self.path(name), os.path.join(self.home, name))
        self.layout = os.path.join(self.home, "layout.tsv")
        os.rename(self.write_layout(ROOTFS), self.layout)
        self.set("proc/cpuinfo", "flags : fpu sse2\n")
        self.set("sys/class/dmi/id/product_name", "Anvil 9000\n")
        self.set("sys/bus/usb/devices/1-9/idVendor", "0483\n")
        self.set("sys/bus/usb/devices/1-9/idProduct", "374b\n")
        self.set("sys/bus/usb/devices/1-9/devnum", "9\n")
        self.set("run/udev/data/c189:8", f"E:ID_SERIAL_SHORT={PROBE}\n")
        os.environ.update(FLASHWRIGHT_ROOT=self.root, HOME=self.home)

    def set(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def get_serial(self, keys=""):
        """What the virtual board calls itself when its boot ROM is asked."""
        out = self.path("serial.zip")
        self.run("report", "--board", self.board(keys), "--keep-names", "-o", out)
        _, told, _ = self.run("report", out, "--json")
        return json.loads(told)["board"]["serial"]


def read_all(path):
    """Every byte of a bundle, names included."""
    with zipfile.ZipFile(path) as bundle:
        return b"\0".join(entry.filename.encode() + bundle.read(entry)
                          for entry in bundle.infolist()).decode()


def get_secrets(bench):
    secrets = {"home": HOME, "serial": bench.get_serial(), "probe": PROBE}
    host = socket.gethostname()
    # A name as short as “vm” is in other words, too.
    if len(host) > 5:
        secrets["host"] = host
    user = pwd.getpwuid(os.getuid()).pw_name
    # “root” is a word of its own right: the first file system, the hub of a controller.
    if user != "root":
        secrets["user"] = user
    return secrets


def check_private(bench):
    complaints = []
    secrets = get_secrets(bench)
    out = bench.path("private.zip")
    code, told, err = bench.run("report", "--board", bench.board(), "--layout", bench.layout,
                                "-o", out)
    expect(complaints, f"exit {code}: {err}", code == 0)
    expect(complaints, f"not said what is in it: {told}",
           all(word in told for word in ("board", "layout.tsv", "taken out")))
    text = read_all(out)
    for kind, secret in secrets.items():
        expect(complaints, f"{kind} is in it: {secret}", secret not in text)
    expect(complaints, "nothing of the computer in it", "Anvil 9000" in text)
    expect(complaints, "the layout is not in it", "0x4400" in text)
    return complaints


def check_names(bench):
    """Who wants it may keep the names: the same bundle then holds them."""
    complaints = []
    secrets = get_secrets(bench)
    out = bench.path("names.zip")
    code, told, _ = bench.run("report", "--board", bench.board(), "--layout", bench.layout,
                              "--keep-names", "-o", out)
    text = read_all(out)
    expect(complaints, f"exit {code}, {told}", code == 0 and "taken out" not in told)
    for kind in ("home", "serial", "probe"):
        expect(complaints, f"{kind} is not in it", secrets[kind] in text)
    return complaints


def check_default(bench):
    """Without a board it is about this computer; without a name it gets one of its own."""
    complaints = []
    code, out, err = bench.run("report", "--json", cwd=bench.home)
    expect(complaints, f"exit {code}: {err}", code == 0)
    told = json.loads(out)
    made = os.path.join(bench.home, told["file"])
    expect(complaints, f"{told}", told["private"] and os.path.exists(made))
    code, out, _ = bench.run("report", made, "--json")
    shown = json.loads(out)
    expect(complaints, f"{sorted(shown)}",
           sorted(shown) == ["host", "moments", "usb", "versions"])
    code, out, _ = bench.run("report", made)
    expect(complaints, f"exit {code}: {out}", code == 0 and out.strip())
    code, _, err = bench.run("report", "--layout", bench.layout)
    expect(complaints, f"layout without board: exit {code}: {err}", code == 2 and "--board" in err)
    code, _, err = bench.run("report", "-o", "/no/such/folder/x.zip")
    expect(complaints, f"no folder: exit {code}: {err}",
           code == 4 and "[output-unwritable]" in err)
    code, _, err = bench.run("report", "--board", bench.board(), "--console", "/no/such/tty")
    expect(complaints, f"no console: exit {code}: {err}", code == 4 and err.strip())
    return complaints


def check_bad_layout(bench):
    """A layout that cannot be flashed is a reason to make a bundle, too."""
    complaints = []
    os.remove(os.path.join(bench.home, "rootfs.img"))
    out = bench.path("bad.zip")
    code, _, err = bench.run("report", "--board", bench.board(), "--layout", bench.layout,
                             "-o", out)
    _, told, _ = bench.run("report", out, "--json")
    codes = [problem["code"] for problem in json.loads(told)["layout"]["problems"]]
    expect(complaints, f"exit {code}, {err}, {codes}", code == 0 and "file-missing" in codes)
    for kind, secret in get_secrets(bench).items():
        expect(complaints, f"{kind} is in it: {secret}", secret not in read_all(out))
    _, told, _ = bench.run("report", out)
    expect(complaints, f"{told}", "[file-missing]" in told and "Nothing was found" not in told)
    return complaints


def check_output(bench):
    """Only a bundle is replaced by a bundle, unless it is forced; never what is no file."""
    complaints = []
    note = bench.write("note.txt", b"dear diary")
    link, pipe = bench.path("link.zip"), bench.path("pipe.zip")
    os.symlink(note, link)
    os.mkfifo(pipe)
    for path, word in ((note, "[output-exists]"), (link, "[output-unwritable]"),
                       (pipe, "[output-unwritable]"), (bench.home, "[output-unwritable]"),
                       ("-", "[output-unwritable]")):
        code, out, err = bench.run("report", "-o", path, cwd=bench.home)
        expect(complaints, f"{path}: exit {code}: {out} {err}", code == 2 and word in err)
        code, out, err = bench.run("flash", bench.layout, "--board", bench.board(),
                                   "--report", path, cwd=bench.home)
        expect(complaints, f"flash {path}: exit {code}: {out} {err}",
               code == 2 and word in err and "Nothing was sent." in err)
    for path in (link, pipe, bench.home):
        code, _, err = bench.run("report", "--force", "-o", path)
        expect(complaints, f"forced {path}: exit {code}: {err}", code == 2)
    with open(note, "rb") as file:
        expect(complaints, "the note is gone", file.read() == b"dear diary")
    expect(complaints, "the link is gone", os.path.islink(link))
    expect(complaints, "there is a file “-”", not os.path.exists(os.path.join(bench.home, "-")))
    for options in (("--force",), ()):
        code, _, err = bench.run("report", "-o", note, *options)
        expect(complaints, f"{options}: exit {code}: {err}", code == 0)
    return complaints


def check_usage(bench):
    """What cannot be done is said in JSON where that is asked for."""
    complaints = []
    for arguments, wanted, code_name, words in (
        (("--layout", bench.layout), 2, "usage", "--board"),
        (("--board", bench.board(), "--console", bench.layout), 4, "console-unreadable",
         "is no serial port"),
        (("--board", bench.board(), "--console", "/no/such/tty"), 4, "console-unreadable",
         "cannot be read"),
        (("-o", bench.write("note.txt", b"text")), 2, "output-exists", "no support bundle"),
    ):
        code, out, err = bench.run("report", *arguments, "--json")
        told = json.loads(out) if out else {}
        expect(complaints, f"{arguments}: exit {code}: {out} {err}",
               code == wanted and told.get("code") == code_name and told["exit_code"] == wanted
               and words in told["message"] and not err)
        code, out, err = bench.run("report", *arguments)
        expect(complaints, f"{arguments}: exit {code}: {out} {err}", code == wanted
               and words in err and not out)
    bundle = bench.path("shown.zip")
    bench.run("report", "-o", bundle)
    for options in (("--board", bench.board()), ("--layout", bench.layout), ("--force",),
                    ("-o", bench.path("other.zip")), ("--keep-names",),
                    ("--console", "/dev/null")):
        code, out, err = bench.run("report", bundle, *options)
        expect(complaints, f"{options}: exit {code}: {out} {err}",
               code == 2 and not out and "--json" in err)
    expect(complaints, "another bundle", not os.path.exists(bench.path("other.zip")))
    return complaints


def check_shown(bench):
    """What a bundle says of findings: cause, certainty, candidates, question, notes; and nothing
    that nobody has looked at."""
    complaints = []
    made = bench.path("made.zip")
    bench.run("report", "-o", made)
    with zipfile.ZipFile(made) as bundle:
        facts = json.loads(bundle.read("report.json"))

    def show(findings):
        path = bench.write("shown.zip", make_zip([
            ("report.json", json.dumps({**facts, "sections": {"findings": findings}}))]))
        return bench.run("report", path)[1]

    told = show({"certainty": "open", "code": "never-came-back", "cause": "x", "port": "nothing",
                 "candidates": ["second-stage-silent", "no-such-code", 7],
                 "question": "console-speaks", "notes": ["many-hubs"]})
    for word in ("[never-came-back]", "not enough to name one cause", "[second-stage-silent]",
                 "What would decide:", "[many-hubs]"):
        expect(complaints, f"not said: {word}: {told}", word in told)
    told = show({"certainty": "proved", "code": "board-gone", "port": "nothing"})
    expect(complaints, told, "This is proved." in told)
    told = show({"certainty": "likely", "code": "of-tomorrow", "cause": "Tomorrow\u001b[1m."})
    expect(complaints, told, "Tomorrow" in told and "\033" not in told
           and "does not prove" in told)
    for findings, is_good in (({"port": "awaited"}, True), ({"port": "unknown"}, False),
                              ({}, False), ({"port": "awaited", "notes": ["many-hubs"]}, False)):
        told = show(findings)
        expect(complaints, f"{findings}: {told}", ("Nothing was found" in told) == is_good)
    told = bench.run("report", made)[1]
    expect(complaints, told, "Nothing was found" not in told and "without a board" in told)
    return complaints


def check_refused(bench):
    """A job that is refused has its bundle, too; without a board there is none."""
    complaints = []
    bad = os.path.join(bench.home, "bad.tsv")
    with open(bench.layout, encoding="utf-8") as file, open(bad, "w", encoding="utf-8") as other:
        other.write(file.read().replace("0x10", "0x01"))
    image = bench.write("firmware.bin", bytes(4096))
    for arguments, wanted in (((bad, "--board", bench.board()), 1),
                              ((image, "--board", bench.board()), 1),
                              ((bench.layout, "--board", "virtual:stm32f405"), 1)):
        out = bench.path("refused.zip")
        code, told, err = bench.run("flash", *arguments, "--report", out)
        expect(complaints, f"{arguments}: exit {code}: {told} {err}",
               code == wanted and os.path.exists(out))
        _, told, _ = bench.run("report", out, "--json")
        shown = json.loads(told)
        expect(complaints, f"{arguments}: {shown['findings']}",
               shown["findings"]["port"] == "awaited")
        os.remove(out)
    code, _, err = bench.run("flash", bench.layout, "--board", "virtual:no-such", "--report", out)
    expect(complaints, f"no board: exit {code}: {err}",
           code != 0 and "No support bundle was written" in err and not os.path.exists(out))
    return complaints


def check_agreement(bench):
    """Screen, JSON and bundle of one run say the same: what the port shows after the failure."""
    complaints = []
    for fault in ("unplug@60", "unplug@30"):
        out = bench.path("agree.zip")
        _, events, _ = bench.flash(bench.layout, "--report", out, "--patience", "2",
                                   keys=f"fault={fault}")
        told = [event for event in events if event["event"] == "diagnosis"
                and event["moment"] == "after"]
        shown = json.loads(bench.run("report", out, "--json")[1])["findings"]
        _, _, err = bench.run("flash", bench.layout, "--board", bench.board(f"fault={fault}"),
                              "--patience", "2")
        expect(complaints, f"{fault}: {told}, {shown}, {err}",
               len(told) == 1 and told[0]["port"] == shown["port"] == "nothing"
               and told[0]["code"] == shown["code"] and f"[{shown['code']}]" in err
               and told[0]["candidates"] == shown["candidates"]
               and all(f"[{code}]" in err for code in shown["candidates"]))
        kinds = [event["event"] for event in events]
        expect(complaints, f"{fault}: {kinds}",
               kinds[-3:] == ["diagnosis", "failed", "finished"])
    return complaints


def check_silence(bench):
    """A board that hangs in a transfer: said within five seconds."""
    complaints = []
    bench.write("rootfs.img", bytes(400_000))
    os.rename(bench.path("rootfs.img"), os.path.join(bench.home, "rootfs.img"))
    process = bench.start("flash", bench.layout, "--board", bench.board("fault=timeout@200"),
                          "--json")
    event = {}
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "diagnosis":
            break
    process.kill()
    process.communicate(timeout=60)
    expect(complaints, f"{event}", event.get("code") == "board-silent"
           and event["moment"] == "away" and event["port"] == "silent"
           and 4000 <= event["waited_ms"] < 6000)
    return complaints


def check_checksums(bench):
    """Checksums of a large image take their time; Ctrl-C goes on without them."""
    complaints = []
    with open(os.path.join(bench.home, "rootfs.img"), "wb") as file:
        file.truncate(7 << 30)
    for arguments, wanted in ((("report", "--layout", bench.layout, "-o"), 0),
                              (("flash", bench.layout, "--report"), 4)):
        out = bench.path("stopped.zip")
        process = bench.start(*arguments, out, "--board", bench.board("fault=fsbl-refused@rom"))
        err = ""
        for line in process.stderr:
            err += line
            if "Making checksums" in line:
                process.send_signal(signal.SIGINT)
                break
        _, more = process.communicate(timeout=60)
        expect(complaints, f"{arguments}: exit {process.returncode}: {err}{more}",
               process.returncode == wanted and "Making checksums" in err)
        shown = json.loads(bench.run("report", out, "--json")[1])
        expect(complaints, f"{shown['plan']}",
               all(step["sha256"] == "not made" for step in shown["plan"]["steps"]))
        os.remove(out)
    return complaints


def check_kernel(bench):
    """What the kernel said before the command: about the port, or about all of USB."""
    complaints = []
    bench.set("dev/kmsg", "6,1,1000000,-;usb 1-4: device descriptor read/64, error -110\n")
    out = bench.path("kernel.zip")
    bench.run("report", "-o", out)
    expect(complaints, "not in it", "usb 1-4: device descriptor" in read_all(out))
    return complaints


def make_zip(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in entries:
            bundle.writestr(name, data)
    return buffer.getvalue()


def check_hostile(bench):
    """Nothing that anybody sends does more than be refused, in a sentence."""
    complaints = []
    good = bench.path("good.zip")
    bench.run("report", "-o", good)
    with open(good, "rb") as file:
        whole = file.read()
    with zipfile.ZipFile(good) as bundle:
        facts = bundle.read("report.json")
    samples = {
        "empty": b"",
        "text": b"no zip at all",
        "other zip": make_zip([("readme.txt", b"hello")]),
        "bomb": make_zip([("report.json", facts), ("log.txt", bytes(200 * 1024 * 1024))]),
        "many": make_zip([("report.json", facts)] + [(f"{i}.txt", b"x") for i in range(5000)]),
        "traversal": make_zip([("report.json", facts), ("../../evil.txt", b"x")]),
        "absolute": make_zip([("report.json", facts), ("/tmp/evil.txt", b"x")]),
        "cut": whole[: len(whole) // 2],
        "nonsense": make_zip([("report.json", b"{\"moments\": 7")]),
        "number": make_zip([("report.json", struct.pack("<d", 1.5))]),
    }
    for name, data in samples.items():
        path = bench.write("hostile.zip", data)
        code, out, err = bench.run("report", path)
        expect(complaints, f"{name}: exit {code}, {out}, {err}",
               code == 1 and err.strip().count("\n") <= 1 and not out.strip())
    code, _, err = bench.run("report", bench.path("missing.zip"))
    expect(complaints, f"missing: exit {code}, {err}", code == 1 and err.strip())
    return complaints


def check_flash(bench):
    """The bundle of a job that went well, and of one whose board never came back."""
    complaints = []
    out = bench.path("job.zip")
    code, _, err = bench.run("flash", bench.layout, "--board", bench.board(), "--report", out)
    expect(complaints, f"good: exit {code}, {err}", code == 0 and out in err)
    _, told, _ = bench.run("report", out, "--json")
    shown = json.loads(told)
    expect(complaints, f"{shown['job']}", shown["job"]["result"] == "done")
    expect(complaints, f"{shown['plan']}",
           all(len(step["sha256"]) == 64 for step in shown["plan"]["steps"]))
    expect(complaints, "no time line", any(m["source"] == "job" for m in shown["moments"]))
    code, _, err = bench.run("flash", bench.layout, "--board", bench.board(), "--report",
                             "/no/such/folder/x.zip")
    expect(complaints, f"unwritable: exit {code}, {err}",
           code == 0 and "cannot be written" in err)
    return complaints


def check_diagnosis(bench):
    """On a virtual machine, with a second stage that never shows: said within five seconds."""
    complaints = []
    bench.set("proc/cpuinfo", "flags : fpu hypervisor\n")
    bench.set("sys/class/dmi/id/product_name", "VirtualBox\n")
    out = bench.path("lost.zip")
    code, events, err = bench.flash(bench.layout, "--patience", "7", "--report", out,
                                    keys="fault=no-uboot@tfa")
    expect(complaints, f"exit {code}, {err}", code == 4)
    told = [event for event in events if event["event"] == "diagnosis"]
    expect(complaints, f"{told}", [(event["moment"], event["code"]) for event in told]
           == [("away", "vm-passthrough"), ("after", "vm-passthrough")])
    expect(complaints, f"{told[0]}", told[0]["certainty"] == "likely" and told[0]["steps"]
           and told[0]["port"] == "nothing" and 5000 <= told[0]["waited_ms"] < 6000)
    failed = [event for event in events if event["event"] == "failed"]
    expect(complaints, f"{failed}", [event["code"] for event in failed] == ["never-came-back"])
    code, text, _ = bench.run("report", out)
    # The “vm” is taken out on a computer that is called so.
    expect(complaints, f"exit {code}: {text}", code == 0 and "-passthrough]" in text)
    code, text, err = bench.run("flash", bench.layout, "--board",
                                bench.board("fault=no-uboot@tfa"), "--patience", "7")
    expect(complaints, f"text: exit {code}, {text}, {err}",
           code == 4 and "[vm-passthrough]" in text and "[vm-passthrough]" in err
           and "[never-came-back]" in err and "[still-waiting]" not in text)
    return complaints


def check_advice(bench):
    complaints = []
    code, out, _ = bench.run("advice", "--json")
    for advice in json.loads(out)["advice"]:
        expect(complaints, f"{advice}", advice["steps"] and advice["help"]
               and "\n".join(advice["steps"]) == advice["remedy"])
    code, out, _ = bench.run("advice", "vm-passthrough")
    expect(complaints, f"exit {code}: {out}", code == 0 and "  1. " in out and "  2. " in out)
    return complaints


def main():
    tap = Tap()
    for check in (check_private, check_names, check_default, check_bad_layout, check_output,
                  check_usage, check_shown, check_refused, check_agreement, check_silence,
                  check_checksums, check_kernel, check_hostile, check_flash, check_diagnosis,
                  check_advice):
        tap.result(check.__name__, check(ReportBench(sys.argv[1])))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
