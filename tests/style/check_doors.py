#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Are the doors between the rooms locked? Takes the compiler command of each room out of the build
folder and compiles a file that includes what the room must not include: the compiler must not
find it. What the room does include must compile, or a broken command would pass for a lock.

usage: check_doors.py SOURCE-ROOT BUILD-ROOT"""

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402
from tree import Tree, get_room  # noqa: E402

NOT_FOUND = re.compile(r"(?:: No such file or directory|' file not found)$", re.MULTILINE)


def read_commands(source_root, build_root):
    """Room to (working folder, compiler with the options that decide about includes)."""
    commands = {}
    with open(os.path.join(build_root, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    for entry in entries:
        path = os.path.join(entry["directory"], entry["file"])
        room = get_room(os.path.relpath(path, source_root))
        if room is not None and room not in commands:
            commands[room] = (entry["directory"], keep_include_options(entry["command"]))
    return commands


def keep_include_options(command):
    words = shlex.split(command)
    while words and not re.search(r"(?:cc|gcc|clang)(?:-[\d.]+)?$", words[0]):
        words.pop(0)  # ccache
    kept = words[:1]
    takes_next = False
    for word in words[1:]:
        if takes_next or word.startswith(("-I", "-D", "-std=", "-isystem", "-pthread", "-m")):
            kept.append(word)
        takes_next = word == "-isystem"
    return kept


def try_include(command, *headers):
    """None if it compiles; otherwise what the compiler said."""
    folder, words = command
    # A folder of its own: the compiler looks first beside the file.
    with tempfile.TemporaryDirectory() as place:
        path = os.path.join(place, "doors.c")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f'#include "{header}"\n' for header in headers)
        answer = subprocess.run(
            words + ["-fsyntax-only", path],
            cwd=folder,
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
        )
    return None if answer.returncode == 0 else answer.stderr


def check_room(tree, room, command, headers):
    """Complaints about the doors of one room."""
    complaints = []
    allowed = sorted(headers.get(room, set()) | used_headers(tree, room))
    together = try_include(command, *allowed)
    # All at once, which is quick; one by one only to say which it is.
    for header in allowed if together is not None else []:
        said = try_include(command, header)
        if said is not None:
            complaints.append(f"{room} cannot include {header}, which it may: {said.strip()}")
    if together is not None and not complaints:
        complaints.append(f"{room} cannot include its headers together: {together.strip()}")
    for other in sorted(set(headers) - tree.doors[room] - {room}):
        header = min(headers[other])
        said = try_include(command, header)
        if said is None:
            complaints.append(f"{room} can include {header} of {other}: a meson.build exports it")
        elif header not in said or not NOT_FOUND.search(said):
            complaints.append(f"{room} cannot include {header}, but not for want of it: {said}")
    return complaints


def used_headers(tree, room):
    """One header of each other room that the room includes."""
    used = {}
    for file in tree.c_files:
        if get_room(file.path) != room:
            continue
        for _, name, is_system in file.includes():
            target = tree.headers.get(name)
            if target is not None and not is_system and get_room(target.path) != room:
                used[get_room(target.path)] = name
    return set(used.values())


def main():
    source_root, build_root = (os.path.realpath(path) for path in sys.argv[1:3])
    tree = Tree(source_root)
    commands = read_commands(source_root, build_root)
    headers = {}
    for name, file in tree.headers.items():
        room = get_room(file.path)
        if room is not None:
            headers.setdefault(room, set()).add(name)

    tap = Tap()
    for room in tree.doors:
        name = f"the doors of {room}"
        if room not in commands:
            tap.skip(name, "nothing of it is built yet")
        else:
            tap.result(name, check_room(tree, room, commands[room], headers))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
