#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is every file with texts for people listed in po/POTFILES.in, and is every translation sound and
complete?

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
from texts import LIST, collect, read_list  # noqa: E402
from tree import Tree  # noqa: E402

LANGUAGES = "po/LINGUAS"
MAX_COMPLAINTS = 12
MESSAGE = re.compile(r"(?<!\w)(?:_|N_|C_|NC_|Q_|ngettext|gettext|g_dngettext) ?\([^\")]*\"")
STRING = r'"(?:\\.|[^"\\])*"'
CUT = re.compile(rf"(?<!\w)(?:_|N_|ngettext) ?\(\s*({STRING})(?:\s*{STRING})*\s*[A-Z]")
DATA = re.compile(r"data/.*\.(?:desktop\.in|metainfo\.xml\.in|policy\.in|gschema\.xml)$")


def find_used(tree):
    """The files with texts, in order."""
    sources = (file for file in tree.c_files if file.path.startswith("src/"))
    used = {file.path for file in sources if MESSAGE.search(file.without_comments)}
    for name in tree.names:
        if DATA.search(name):
            used.add(name)
        elif name.startswith("ui/") and name.endswith(".ui"):
            if re.search(r'translatable="(?:yes|true|1)"', tree.read(name)):
                used.add(name)
    return sorted(used)


def find_cut(tree):
    """Texts that are continued by a macro: gettext would only know their beginning."""
    return [f"{file.path}: {match.group(1)}… is continued by a macro"
            for file in tree.c_files for match in CUT.finditer(file.without_comments)]


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


def check_language(tree, language, template):
    """Sound, and complete: every text of today's sources."""
    name = f"po/{language}.po"
    if name not in tree.names or not tree.read(name).strip():
        return [f"{name} is missing or empty, which would break the installation"]
    complaints = run(tree, "msgfmt", "--check", "--check-accelerators=_", "-o", "/dev/null", name)
    return complaints or run(tree, "msgcmp", name, template)[-MAX_COMPLAINTS:]


def main():
    tree = Tree(os.path.realpath(sys.argv[1]))
    used = find_used(tree)
    if "--write" in sys.argv[2:]:
        write_list(tree, used)
        return 0

    tap = Tap()
    listed = read_list(os.path.join(tree.root, LIST))
    complaints = [f"{LIST}: {name} is missing" for name in used if name not in listed]
    complaints += [f"{LIST}: {name} has no texts" for name in listed if name not in used]
    if complaints:
        complaints.append("tests/style/check_translations.py . --write mends it")
    tap.result("POTFILES.in", complaints)

    if shutil.which("xgettext") is None:
        tap.skip("texts", "gettext is not installed")
        return tap.done()
    with tempfile.TemporaryDirectory() as folder:
        template = os.path.join(folder, "all.pot")
        tap.result("texts", collect(tree.root, template) + find_cut(tree))
        for language in read_list(os.path.join(tree.root, LANGUAGES)):
            tap.result(language, check_language(tree, language, template))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
