#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line in each language of po/LINGUAS: the same exit codes, the same JSON, columns that
stand below each other, and nothing left in English that is translated.

usage: check_languages.py PROGRAM PO-FOLDER"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata

from cli_bench import Bench, expect  # also finds tap.py
from tap import Tap
from texts import read_list

ROOTFS = "P\t0x10\trootfs\tFileSystem\tmmc0\t0x4400\trootfs.img\n"
COMMANDS = ("boards", "check", "inspect", "image", "flash", "read", "erase", "options", "unprotect",
            "leave", "virtual", "report", "advice")
CODES = ("never-came-back", "no-usb-permission", "layout-refused", "cancelled")
# How long things take differs from run to run, and so do how often progress is told and where a
# step of a microcontroller's job was when it was told.
CHANGING = re.compile(r'(?:"address":\d+,)?"\w+_ms":\d+|\{"event":"progress".*\n')
ENTRY = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")$|^(".*")$')


def get_width(text):
    """How many columns a terminal needs for it."""
    return sum(0 if unicodedata.combining(letter) else
               2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def read_catalog(path):
    """Pairs of a text and its translation, without plurals."""
    with open(path, encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    for block in blocks:
        words, key = {}, None
        for line in block.splitlines():
            match = ENTRY.match(line)
            if match and match.group(1):
                key = match.group(1)
                words[key] = ast.literal_eval(match.group(2))
            elif match and key:
                words[key] += ast.literal_eval(match.group(3))
        if words.get("msgid") and words.get("msgstr") and "#, fuzzy" not in block:
            yield words["msgid"], words["msgstr"]


def find_english(out, catalog):
    """Lines that are a whole text of the catalog, and are not its translation."""
    translations = set(catalog.values())
    found = []
    for line in out.splitlines():
        text = re.sub(r"^\s*(?:\d+\. )?(?:--?[\w-]+(?:, --[\w-]+)?(?:=\S+)?  +)?", "", line).strip()
        text = re.sub(r" \[[\w-]+\]$", "", text)
        if " " in text and text in catalog and text not in translations:
            found.append(text)
    return found


class Speaker:
    """Runs the program in one language."""

    def __init__(self, bench, locale_dir, language):
        self.bench = bench
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": language,
                            "FLASH_TEST_LOCALE_DIR": locale_dir}

    def run(self, *arguments):
        answer = subprocess.run([self.bench.program, *arguments], env=self.environment,
                                cwd=self.bench.folder, stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, timeout=100, check=False)
        return answer.returncode, answer.stdout, answer.stderr


def list_runs(bench):
    layout = bench.write_layout(ROOTFS)
    missing = bench.write_layout(ROOTFS.replace("rootfs.img", "none.img"), "missing.tsv")
    bench.write("rootfs.img", b"x" * 400_000)
    bench.write("program.bin", bytes([0, 0, 2, 0x20, 1, 1, 0, 8]) + bytes(2048))
    mcu = ("--board", "virtual:stm32f405,timing=fast")
    yield ("--help",)
    for command in COMMANDS:
        yield (command, "--help")
    for code in CODES:
        yield ("advice", code)
    yield ("boards",)
    yield ("boards", "--json")
    for path in (layout, missing, bench.path("none.tsv")):
        yield ("check", path)
        yield ("check", path, "--json")
    yield ("inspect", "fsbl.stm32")
    yield ("inspect", "fip.bin")
    for arguments in (("flash", layout, "--board", "virtual:stm32mp157", "--verify"),
                      ("flash", layout, "--board", "virtual:stm32mp157,fault=unplug@250"),
                      ("flash", layout, "--board", "virtual:none"),
                      ("flash", "program.bin", *mcu, "--address", "0x08000000"),
                      ("options", *mcu)):
        yield arguments
        yield (*arguments, "--json")


def check_columns(complaints, arguments, out):
    """The values of facts begin in one column, and the steps of a job do."""
    if arguments[0] == "flash":
        steps = [re.match(r"  (\S.*?)  +(?:0x[0-9a-f]{2}|[0-9])", line)
                 for line in out.splitlines()]
        ends = {get_width(step.group(0)) for step in steps if step and "0x" in step.group(0)}
        expect(complaints, f"{arguments}: steps are not below each other: {ends}\n{out}",
               len(ends) <= 1)
        facts = out.split("\n\n")[-1].splitlines()[:3]
        starts = {get_width(match.group(0)) for match in
                  (re.match(r"[^:：]+[:：] *", line) for line in facts) if match}
        expect(complaints, f"{arguments}: facts are not below each other: {starts}\n{out}",
               len(starts) <= 1)
    if arguments == ("boards",):
        rows = out.split("\n\n")[-1].splitlines()[1:]
        places = {get_width(row[:re.search(r"\S+\s*$", row).start()]) for row in rows
                  if row.endswith(" ok")}
        head = re.search(r"\S+\s*$", rows[0])
        expect(complaints, f"boards: columns differ\n{out}",
               places == {get_width(rows[0][:head.start()])})


def compare(english, speaker, catalog, arguments):
    complaints = []
    wanted, out, _ = english.run(*arguments)
    code, said, complained = speaker.run(*arguments)
    expect(complaints, f"{arguments}: exit {code}, in English {wanted}", code == wanted)
    if "--json" in arguments:
        expect(complaints, f"{arguments}: JSON differs:\n{out}\n{said}",
               CHANGING.sub("", out) == CHANGING.sub("", said))
        for line in said.splitlines():
            json.loads(line)
        return complaints
    for text in find_english(said + complained, catalog):
        complaints.append(f"{arguments}: in English: {text}")
    check_columns(complaints, arguments, said)
    return complaints


def check_language(bench, locale_dir, language, po_dir):
    catalog_path = os.path.join(po_dir, f"{language}.po")
    folder = os.path.join(locale_dir, language, "LC_MESSAGES")
    os.makedirs(folder)
    subprocess.run(["msgfmt", "-o", os.path.join(folder, "flashwright.mo"), catalog_path],
                   check=True)
    catalog = dict(read_catalog(catalog_path))
    english = Speaker(bench, locale_dir, "en")
    speaker = Speaker(bench, locale_dir, language)
    complaints = []
    expect(complaints, "it speaks English",
           english.run("--help")[1] != speaker.run("--help")[1])
    for arguments in list_runs(bench):
        complaints += compare(english, speaker, catalog, arguments)
    return complaints


def main():
    tap = Tap()
    program, po_dir = sys.argv[1:3]
    if shutil.which("msgfmt") is None:
        tap.skip("languages", "gettext is not installed")
        return tap.done()
    bench = Bench(program)
    languages = sys.argv[3:] or read_list(os.path.join(po_dir, "LINGUAS"))
    for language in languages:
        tap.result(language, check_language(bench, bench.path("locale"), language, po_dir))
    if not languages:
        tap.skip("languages", "there is none yet")
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
