#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a desktop reads, as they are installed, and what README.md promises.

usage: check_data.py SOURCE-ROOT BUILD-ROOT APPLICATION-ID VERSION"""

import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402
from tree import list_files, read_text  # noqa: E402

MAX_SUMMARY = 35  # characters; software centres cut longer ones off
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


def check_words(metainfo, news, version):
    """Summary and versions."""
    complaints = []
    root = ElementTree.fromstring(metainfo)
    summary = root.findtext("summary")
    if len(summary) > MAX_SUMMARY or summary.endswith("."):
        complaints.append(f"summary '{summary}': at most {MAX_SUMMARY} characters, no full stop")
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
    check_by(tap, "metainfo", "appstreamcli", "validate", "--no-net", f"{built}.metainfo.xml")
    check_by(tap, "settings", "glib-compile-schemas", "--strict", "--dry-run", data)
    metainfo = read_text(f"{built}.metainfo.xml")
    news = read_text(os.path.join(root, "NEWS"))
    tap.result("summary and versions", check_words(metainfo, news, version))
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
