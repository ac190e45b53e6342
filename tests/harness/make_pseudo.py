#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a translation into a language that does not exist: “Check” becomes “[Çhéçk~~]”. On a
picture, a text without brackets was not marked for translation, and one without its last bracket
is cut off.

usage: make_pseudo.py SOURCE-ROOT OUTPUT.mo [FOLDER DOMAIN]

It is also put where gettext looks for the messages of DOMAIN below FOLDER."""

import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "style"))

from texts import collect  # noqa: E402

# flash-pseudo.c knows the way back.
ACCENTS = str.maketrans("aceinosuyzACEINOSUYZ", "áçéîñöšüýžÁÇÉÎÑÖŠÜÝŽ")
# Formats of printf, markup and entities.
KEPT = re.compile(r"(%(?:\d+\$)?[-+ #0-9.*']*(?:hh|h|ll|l|z|j)?[a-zA-Z%]|<[^>]*>|&\w+;)")
LANGUAGE = "en_XA"
# German texts are a third longer.
EXTRA = 3
LONGEST = 8
MAGIC = 0x950412DE


def pad(count):
    """May be broken into lines like words, at places without a width."""
    return "\u200b".join(["~" * LONGEST] * (count // LONGEST) + ["~" * (count % LONGEST)])


def alter(text):
    """Each line for itself: steps of a remedy are shown one by one."""
    return "\n".join(alter_line(line) for line in text.split("\n"))


def alter_line(text):
    if not re.search("[A-Za-z]", text):
        return text
    start = text[:len(text) - len(text.lstrip())]
    end = text[len(text.rstrip()):]
    core = text.strip()
    pieces = KEPT.split(core)
    pieces[::2] = [piece.translate(ACCENTS) for piece in pieces[::2]]
    return f"{start}[{''.join(pieces)}{pad(len(core) // EXTRA)}]{end}"


def read_catalog(path):
    """The messages of a .mo file: what is looked up and what is found, plural forms by NUL."""
    with open(path, "rb") as file:
        data = file.read()
    magic, _, count, ids, texts = struct.unpack_from("<5I", data)
    assert magic == MAGIC

    def get(table, i):
        length, offset = struct.unpack_from("<2I", data, table + 8 * i)
        return data[offset:offset + length].decode()
    return {get(ids, i): get(texts, i) for i in range(count)}


def write_catalog(path, catalog):
    """The same way back; what is looked up must be in order."""
    rows = sorted((key.encode(), value.encode()) for key, value in catalog.items())
    position = 28 + 16 * len(rows)
    tables, body = [b"", b""], b""
    for column in (0, 1):
        for row in rows:
            tables[column] += struct.pack("<2I", len(row[column]), position + len(body))
            body += row[column] + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(rows), 28, 28 + 8 * len(rows), 0, 0)
    with open(path, "wb") as file:
        file.write(head + tables[0] + tables[1] + body)


def main():
    root, output = os.path.realpath(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        template, english = os.path.join(folder, "all.pot"), os.path.join(folder, "en.mo")
        complaints = collect(root, template)
        if complaints:
            sys.exit("\n".join(complaints))
        filled = subprocess.run(["msgen", template], capture_output=True, check=True).stdout
        # The template leaves to the languages how they count.
        filled = filled.replace(b"charset=CHARSET", b"charset=UTF-8")
        filled = filled.replace(b"nplurals=INTEGER; plural=EXPRESSION",
                                b"nplurals=2; plural=n != 1")
        subprocess.run(["msgfmt", "-o", english, "-"], input=filled, check=True)
        catalog = read_catalog(english)
    head = catalog.pop("")
    altered = {key: "\0".join(alter(form) for form in text.split("\0"))
               for key, text in catalog.items()}
    write_catalog(output, {"": head, **altered})
    if len(sys.argv) > 4:
        place = os.path.join(sys.argv[3], LANGUAGE, "LC_MESSAGES")
        os.makedirs(place, exist_ok=True)
        shutil.copyfile(output, os.path.join(place, sys.argv[4] + ".mo"))


if __name__ == "__main__":
    main()
