# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts for people, as gettext finds them in the sources."""

import os
import subprocess

LIST = "po/POTFILES.in"
KEYWORDS = ["_", "N_", "C_:1c,2", "NC_:1c,2", "ngettext:1,2", "g_dngettext:2,3"]


def read_list(path):
    """The lines of a list, without those that are empty or a comment; none if there is no file."""
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        lines = (line.strip() for line in file)
        return [line for line in lines if line and not line.startswith("#")]


def collect(root, output):
    """Writes all messages into the template @output. Returns what xgettext complained of."""
    names = [name for name in read_list(os.path.join(root, LIST))
             if os.path.exists(os.path.join(root, name))]
    keywords = [f"--keyword={word}" for word in KEYWORDS]
    # data/its says what to translate in a file of polkit.
    environment = {**os.environ, "GETTEXTDATADIRS": os.path.join(root, "data")}
    answer = subprocess.run(["xgettext", "--from-code=UTF-8", "-o", output, *keywords, *names],
                            cwd=root, env=environment, capture_output=True, text=True,
                            check=False)
    lines = (answer.stdout + answer.stderr).strip().splitlines()
    return lines or (["it failed"] if answer.returncode else [])
