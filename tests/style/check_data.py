#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a desktop reads, and what README.md promises.

usage: check_data.py SOURCE-ROOT BUILD-ROOT APPLICATION-ID VERSION"""

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402
from tree import list_files, read_text  # noqa: E402

MAX_SUMMARY = 35  # characters; software centres cut longer ones off
MAX_PICTURE = (1000, 700)  # pixels; they would be shown smaller
SVG = "{http://www.w3.org/2000/svg}"


def run(*command):
    """What the program said, if it failed."""
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode == 0:
        return []
    return (answer.stdout + answer.stderr).strip().splitlines() or ["it failed"]


def check_by(tap, name, program, *arguments):
    if shutil.which(program) is None:
        tap.skip(name, f"{program} is not installed")
    else:
        tap.result(name, run(program, *arguments))


def read_png_size(path):
    """Width and height: PNG specification, 11.2.2, the first chunk."""
    with open(path, "rb") as file:
        return struct.unpack(">II", file.read(24)[16:])


def check_words(source, metainfo, news, version):
    """Summary, pictures and versions."""
    complaints = []
    root = ElementTree.fromstring(metainfo)
    summary = root.findtext("summary")
    if len(summary) > MAX_SUMMARY or summary.endswith("."):
        complaints.append(f"summary '{summary}': at most {MAX_SUMMARY} characters, no full stop")
    for image in root.iterfind("screenshots/screenshot/image"):
        name = image.text.strip().split("/main/")[-1]
        path = os.path.join(source, name)
        if not os.path.isfile(path):
            complaints.append(f"the metainfo shows {name}, which is not there")
        elif any(size > most for size, most in zip(read_png_size(path), MAX_PICTURE)):
            complaints.append(f"{name} is larger than {MAX_PICTURE} pixels")
    for screenshot in root.iterfind("screenshots/screenshot"):
        if not screenshot.findtext("caption"):
            complaints.append(f"a picture without words: {screenshot.findtext('image')}")
    release = root.find("releases/release").get("version")
    if release != version:
        complaints.append(f"the metainfo's first release is {release}, the project's {version}")
    if not re.search(rf"^Version {re.escape(version)}\b", news, re.MULTILINE):
        complaints.append(f"NEWS has nothing on version {version}")
    return complaints


def check_icon(path, size):
    """An SVG of that size which needs nothing from elsewhere."""
    root = ElementTree.parse(path).getroot()
    complaints = []
    if (root.get("width"), root.get("height")) != (str(size), str(size)):
        complaints.append(f"{path}: it must be {size} by {size}")
    for element in root.iter():
        if element.tag in (SVG + "image", SVG + "text", SVG + "style", SVG + "script"):
            complaints.append(f"{path}: {element.tag} depends on what is installed: draw paths")
    colours = {e.get("fill") for e in root.iter()} - {None, "none"}
    if path.endswith("-symbolic.svg") and len(colours) > 1:
        complaints.append(f"{path}: a symbolic icon has one colour, not {sorted(colours)}")
    return complaints


def check_metainfo(path):
    """Nothing at all may be said of it, but that its id has capitals: it is the program's name."""
    answer = subprocess.run(["appstreamcli", "validate", "--no-net", "--pedantic", "--format=yaml",
                             path], capture_output=True, text=True, check=False)
    tags = re.findall(r"^\s*- tag: (\S+)", answer.stdout, re.MULTILINE)
    complaints = [f"{path}: {tag}" for tag in tags if tag != "cid-contains-uppercase-letter"]
    if answer.returncode != 0 or "Passed: yes" not in answer.stdout:
        complaints += answer.stdout.splitlines()
    return complaints


# A file by itself is nothing that the window could do something with: a layout names it.
REFUSED = {"application/x-stm32-image"}
# name of a file, how it begins, what it is
KINDS = [
    ("FlashLayout_sdcard.tsv", b"#Opt\tId\tName\tType\tIP\tOffset\tBinary\n", "text/x-flashlayout"),
    ("FlashLayout_bare.tsv", b"-\t0x01\tfsbl-boot\tBinary\tnone\t0x0\ttf-a.stm32\n",
     "text/x-flashlayout"),
    ("bare.tsv", b"P\t0x10\trootfs\tSystem\tmmc0\t0x0\tnone\n", "text/x-flashlayout"),
    ("erasing.tsv", b"PED\t0x10\trootfs\tSystem\tmmc0\t0x0\tnone\n", "text/x-flashlayout"),
    ("bare", b"#Opt\tId\tName\tType\tIP\tOffset\tBinary\n", "text/x-flashlayout"),
    ("options", b"#Options for the thing\n", "text/plain"),
    ("options.tsv", b"#Options\tfor\tthe thing\n", "text/tab-separated-values"),
    ("series", b"S01E02 of a series\n", "text/plain"),
    ("S0", b"S0 is a state\n", "text/plain"),
    ("grades.tsv", b"P\tname\tgrade\n", "text/tab-separated-values"),
    ("mine.tsv", b"#Opt\tId\tName\tType\tIP\tOffset\tBinary\n", "text/x-flashlayout"),
    ("numbers.tsv", b"1\t2\t3\n", "text/tab-separated-values"),
    ("firmware.dfu", b"DfuSe\x01" + bytes(64), "application/x-dfu"),
    ("plain.dfu", bytes(64) + b"UFD\x10", "application/x-dfu"),
    ("without-ending", b"DfuSe\x01" + bytes(64), "application/x-dfu"),
    ("tf-a.stm32", b"STM2" + bytes(252), "application/x-stm32-image"),
    ("without-name", b"STM2" + bytes(252), "application/x-stm32-image"),
    ("firmware.hex", b":020000040800F2\n", "application/x-intel-hex"),
    ("firmware.ihx", b":00000001FF\n", "application/x-intel-hex"),
    ("firmware.s19", b"S00600004844521B\n", "application/x-srecord"),
    ("firmware.uf2", b"UF2\n" + bytes(508), "application/x-uf2"),
]


# Flatpak exports what is known of names, not of contents. A layout is a table like others there,
# for which the program offers itself too; what has no ending is not recognized.
WITHOUT_MAGIC = {
    "FlashLayout_sdcard.tsv": "text/tab-separated-values",
    "FlashLayout_bare.tsv": "text/tab-separated-values",
    "bare.tsv": "text/tab-separated-values",
    "erasing.tsv": "text/tab-separated-values",
    "mine.tsv": "text/tab-separated-values",
    "bare": "text/plain",
    "without-ending": "application/octet-stream",
    "without-name": "application/octet-stream",
}
OTHERS = {"text/tab-separated-values"}


def take_kinds(packages, has_magic):
    """What the desktop takes files for, by the file of kinds in that folder."""
    complaints = []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(packages, os.path.join(folder, "mime", "packages"))
        complaints += run("update-mime-database", os.path.join(folder, "mime"))
        environment = dict(os.environ, XDG_DATA_HOME=folder, GIO_USE_VFS="local")
        for name, content, wanted in KINDS:
            wanted = wanted if has_magic else WITHOUT_MAGIC.get(name, wanted)
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.write(content)
            answer = subprocess.run(["gio", "info", "-a", "standard::content-type", path],
                                    capture_output=True, text=True, check=False, env=environment)
            found = re.search(r"standard::content-type: (\S+)", answer.stdout)
            if found is None or found.group(1) != wanted:
                complaints.append(f"{name} is {found and found.group(1)} instead of {wanted}" +
                                  ("" if has_magic else ", by its name alone"))
    return complaints


def check_kinds(source, desktop, metainfo):
    """What the desktop takes files for, and that the program offers itself for them."""
    complaints = []
    text = read_text(source)
    for has_magic in (True, False):
        with tempfile.TemporaryDirectory() as packages:
            with open(os.path.join(packages, "kinds.xml"), "w", encoding="utf-8") as file:
                file.write(text if has_magic else re.sub("<magic .*?</magic>", "", text,
                                                         flags=re.DOTALL))
            complaints += take_kinds(packages, has_magic)
    known = {element.get("type") for element in ElementTree.parse(source).getroot()}
    return complaints + check_offer(known, desktop, metainfo)


def check_offer(known, desktop, metainfo):
    """The desktop is told of every kind that is opened, and of no other; so are the shops."""
    offered = set(re.search(r"^MimeType=(.*)$", desktop, re.MULTILINE).group(1).split(";")) - {""}
    complaints = [f"the desktop file offers {kind}, of which nobody knows" for kind in
                  sorted(offered - known - OTHERS)]
    complaints += [f"the desktop file does not offer {kind}" for kind in
                   sorted(known - offered - REFUSED)]
    complaints += [f"the desktop file offers {kind}, which the window refuses" for kind in
                   sorted(offered & REFUSED)]
    shown = {node.text for node in ElementTree.fromstring(metainfo).iterfind("provides/mediatype")}
    if shown != offered:
        complaints.append(f"desktop file and metainfo differ: {sorted(shown ^ offered)}")
    return complaints


def check_bus(service, desktop, app_id):
    """Who is activated on the bus must be the one whom the desktop asks for."""
    complaints = []
    for line in (f"Name={app_id}", "--gapplication-service"):
        if line not in service:
            complaints.append(f"the service file lacks {line}")
    if "DBusActivatable=true" not in desktop.splitlines():
        complaints.append("the desktop file says nothing of the bus")
    return complaints


def check_scripts(root, names):
    scripts = []
    for name in names:
        path = os.path.join(root, name)
        with open(path, "rb") as file:
            first = file.readline(64)
        if first.startswith(b"#!/bin/sh") and os.access(path, os.X_OK):
            scripts.append(path)
        elif first.startswith(b"#!/bin/sh"):
            return [f"{name} is a script and cannot be run: chmod +x"]
    return run("shellcheck", *scripts)


def check_promises(root):
    """README.md, .ci/run: the two commands, and that both name the same tests."""
    readme = read_text(os.path.join(root, "README.md"))
    ci = read_text(os.path.join(root, ".ci", "run"))
    complaints = []
    for command in ("tests/try-it", "tests/run-all"):
        if not re.search(rf"^    {command}$", readme, re.MULTILINE):
            complaints.append(f"README.md does not give the command {command} on a line of its own")
        if not os.access(os.path.join(root, command), os.X_OK):
            complaints.append(f"{command} cannot be run")
    if not re.search(r"^exec tests/run-all$", ci, re.MULTILINE):
        complaints.append(".ci/run must run the test command of README.md: exec tests/run-all")
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", readme):
        if not picture.startswith("http") and not os.path.isfile(os.path.join(root, picture)):
            complaints.append(f"README.md shows {picture}, which is not there")
    return complaints


def main():
    root, build, app_id, version = sys.argv[1:5]
    data = os.path.join(root, "data")
    built = os.path.join(build, "data", app_id)
    tap = Tap()
    check_by(tap, "desktop file", "desktop-file-validate", f"{built}.desktop")
    if shutil.which("appstreamcli") is None:
        tap.skip("metainfo", "appstreamcli is not installed")
    else:
        tap.result("metainfo", check_metainfo(f"{built}.metainfo.xml"))
    check_by(tap, "settings", "glib-compile-schemas", "--strict", "--dry-run", data)
    desktop = read_text(f"{built}.desktop")
    metainfo = read_text(f"{built}.metainfo.xml")
    if shutil.which("update-mime-database") is None or shutil.which("gio") is None:
        tap.skip("kinds of files", "update-mime-database or gio is not installed")
    else:
        tap.result("kinds of files",
                   check_kinds(os.path.join(data, "mime", f"{app_id}.xml"), desktop, metainfo))
    tap.result("service", check_bus(read_text(f"{built}.service"), desktop, app_id))
    news = read_text(os.path.join(root, "NEWS"))
    tap.result("summary and versions", check_words(root, metainfo, news, version))
    icon = os.path.join(data, "icons", app_id)
    tap.result("icon", check_icon(f"{icon}.svg", 128))
    tap.result("symbolic icon", check_icon(f"{icon}-symbolic.svg", 16))
    tap.result("README", check_promises(root))
    if shutil.which("shellcheck") is None:
        tap.skip("scripts", "shellcheck is not installed")
    else:
        tap.result("scripts", check_scripts(root, list_files(root)))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
