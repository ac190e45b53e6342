#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does check_help.py see what is wrong with a page of another language?"""

import sys

sys.dont_write_bytecode = True

from check_help import check_names, compare, list_bold, read_po, unmark  # noqa: E402
from tap import Tap  # noqa: E402

ENGLISH = """# Power

See [Access](help:access). Press **Save as…**, type `lsusb`, then:

1. Wait.
2. Press **Save
   as…**.

## Why

* **fwupd** holds it
* `lsusb` and [Files](help:files)

```
lsusb -t
```
"""
GERMAN = """# Strom

`lsusb` eintippen und **Speichern unter…** wählen, siehe [Zugriff](help:access), dann:

1. Warten.
2. **Speichern unter…**

## Warum

* **fwupd** hält es
* [Dateien](help:files), `lsusb`

```
lsusb -t
```
"""
PO = '''msgid ""
msgstr ""
"Language: de\\n"

#. a note
#: ui/flash-window.ui
#, c-format
msgid "Save _as…"
msgstr ""
"Speichern "
"_unter…"

#, fuzzy
msgid "Open"
msgstr "Schließen"

msgid "Old"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Weg"
'''
# what is changed in the German page, and what is said of it
SAMPLES = [
    ("nothing", "", "", []),
    ("a link goes elsewhere", "help:access", "help:power",
     ["the link help:access is missing", "the link help:power is not in English"]),
    ("a code word is translated", "`lsusb` eintippen", "`usbliste` eintippen",
     ["the code word usbliste is not in English"]),
    ("a code word is there too often", "hält es", "hält es, `lsusb`",
     ["a code word is there more or less often than in English"]),
    ("a heading is missing", "## Warum\n", "", ["0 headings instead of 1"]),
    ("a step is missing", "1. Warten.\n", "", ["1 steps instead of 2"]),
    ("a point more", "hält es", "hält es\n* und mehr", ["3 points instead of 2"]),
    ("a second title", "## Warum", "# Warum", ["2 titles instead of 1", "0 headings instead of 1"]),
    ("code is changed", "lsusb -t", "lsusb -v", ["the blocks of code differ"]),
    ("a name is not bold", "**fwupd**", "fwupd", ["2 bold names instead of 3"]),
]


def expect(found, wanted):
    return [] if found == wanted else [f"found {found} instead of {wanted}"]


def main():
    tap = Tap()
    for name, old, new, wanted in SAMPLES:
        changed = GERMAN.replace(old, new, 1) if old else GERMAN
        # “lsusb” stays elsewhere on the page, so that only the foreign word is told.
        tap.result(name, expect(compare(ENGLISH, changed), wanted))
    answers = read_po(PO)
    tap.result("translations", expect(answers, {"Save as…": {"Speichern unter…"}}))
    names = {"Save as…", "Open"}
    tap.result("names", expect(check_names(ENGLISH, GERMAN, names, answers), []))
    wrong = GERMAN.replace("Speichern unter", "Sichern")
    tap.result("another name", expect(check_names(ENGLISH, wrong, names, answers),
                                      ["no bold “Speichern unter…” for “Save as…”"]))
    tap.result("not translated", expect(check_names(ENGLISH, GERMAN, names, {}),
                                        ["no bold “Save as…” for “Save as…”"]))
    tap.result("bold", expect(list_bold(ENGLISH), ["Save as…", "Save as…", "fwupd"]))
    tap.result("marks", expect([unmark(text) for text in ("打开(_O)…", "_Open", "%1$s to %s")],
                               ["打开…", "Open", "… to …"]))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
