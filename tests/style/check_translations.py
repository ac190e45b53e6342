#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is every file with texts for people listed in po/POTFILES.in, and is every translation sound?

usage: check_translations.py SOURCE-ROOT [--write]

--write brings po/POTFILES.in up to date."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402
from tree import Tree  # noqa: E402

LIST = "po/POTFILES.in"
MESSAGE = re.compile(r"(?<!\w)(?:_|N_|C_|NC_|Q_|ngettext|gettext|g_dngettext) ?\(")
DATA = re.compile(r"data/.*\.(?:desktop\.in|metainfo\.xml\.in|policy\.in|gschema\.xml)$")
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "ngettext:1,2", "g_dngettext:2,3"]


def find_used(tree):
    """The files with texts, in order."""
    sources = (file for file in tree.c_files if file.path.startswith("src/"))
    used = {file.path for file in sources if MESSAGE.search(file.statements)}
    for name in tree.names:
        if DATA.search(name):
            used.add(name)
        elif name.startswith("ui/") and name.endswith(".ui"):
            if re.search(r'translatable="(?:yes|true|1)"', tree.read(name)):
                used.add(name)
    return sorted(used)


def read_list(tree, name):
    if name not in tree.names:
        return []
    lines = (line.strip() for line in tree.read(name).split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


def write_list(tree, used):
    path = os.path.join(tree.root, LIST)
    with open(path, encoding="utf-8") as file:
        comments = [line for line in file if line.startswith("#")]
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(comments + [name + "\n" for name in used])


def run(tree, *command):
    """What it printed, as complaints if it failed or warned."""
    answer = subprocess.run(command, cwd=tree.root, capture_output=True, text=True, check=False)
    lines = (answer.stdout + answer.stderr).strip().splitlines()
    return lines or (["it failed"] if answer.returncode else [])


def check_language(tree, language):
    name = f"po/{language}.po"
    if name not in tree.names or not tree.read(name).strip():
        return [f"{name} is missing or empty, which would break the installation"]
    return run(tree, "msgfmt", "--check", "--check-accelerators=_", "-o", "/dev/null", name)


def main():
    tree = Tree(os.path.realpath(sys.argv[1]))
    used = find_used(tree)
    if "--write" in sys.argv[2:]:
        write_list(tree, used)
        return 0

    tap = Tap()
    listed = read_list(tree, LIST)
    complaints = [f"{LIST}: {name} is missing" for name in used if name not in listed]
    complaints += [f"{LIST}: {name} has no texts" for name in listed if name not in used]
    if complaints:
        complaints.append("tests/style/check_translations.py . --write mends it")
    tap.result("POTFILES.in", complaints)

    if shutil.which("xgettext") is None:
        tap.skip("texts", "gettext is not installed")
        return tap.done()
    with tempfile.TemporaryDirectory() as folder:
        keywords = [f"--keyword={word}" for word in KEYWORDS]
        output = os.path.join(folder, "all.pot")
        present = [name for name in listed if name in tree.names]
        said = run(tree, "xgettext", "--from-code=UTF-8", "-o", output, *keywords, *present)
    tap.result("texts", said)
    for language in read_list(tree, "po/LINGUAS"):
        tap.result(language, check_language(tree, language))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
