# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the project and the table of its doors."""

import os
import re
import subprocess

from c_file import CFile

SKIPPED_FOLDERS = re.compile(r"(?:^|/)(?:\.git|\.flatpak-builder|__pycache__|_?build[^/]*)/")


def list_files(root):
    """Every file that git tracks, or would track if told to; every file, where there is no git."""
    command = ["git", "-C", root, "-c", "safe.directory=*", "ls-files", "-z"]
    try:
        answer = subprocess.run(
            command + ["--cached", "--others", "--exclude-standard"],
            capture_output=True,
            check=True,
        )
        names = {os.fsdecode(name) for name in answer.stdout.split(b"\0") if name}
    except (OSError, subprocess.CalledProcessError):
        names = set()
        for folder, _, files in os.walk(root):
            names.update(os.path.relpath(os.path.join(folder, name), root) for name in files)
    names = (name for name in names if not SKIPPED_FOLDERS.search(name))
    return sorted(name for name in names if os.path.isfile(os.path.join(root, name)))


def read_text(path):
    """The text, or None if it is not UTF-8."""
    with open(path, "rb") as file:
        try:
            return file.read().decode("utf-8")
        except UnicodeDecodeError:
            return None


class Tree:
    def __init__(self, root):
        self.root = root
        self.names = list_files(root)
        self.c_files = []
        for name in self.names:
            if name.endswith((".c", ".h")):
                text = read_text(os.path.join(root, name))
                self.c_files.append(CFile(name, text if text is not None else ""))
        self.headers = {os.path.basename(f.path): f for f in self.c_files if f.path.endswith(".h")}
        self.doors = read_doors(root)

    def read(self, name):
        return read_text(os.path.join(self.root, name))


def get_room(path):
    """src/sim/flash-x.c stands in sim; None outside of src."""
    match = re.match(r"src/([^/]+)/", path)
    return match.group(1) if match else None


def read_doors(root):
    """Room to the set of rooms that it may include, from the table in src/README.md."""
    path = os.path.join(root, "src", "README.md")
    doors = {}
    if not os.path.isfile(path):
        return doors
    section = re.search(r"^## Doors\n(.*?)(?=^## |\Z)", read_text(path), re.DOTALL | re.MULTILINE)
    for line in section.group(1).split("\n") if section else []:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        room = re.fullmatch(r"`(\w+)`", cells[0])
        if room and len(cells) > 1:
            doors[room.group(1)] = set(re.findall(r"`(\w+)`", cells[1]))
    return doors
