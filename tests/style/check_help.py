#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The help: what it prints in bold is a name on the screen, and the program must show it so; pages
of other languages say what the English ones say; all of them are part of the program.

usage: check_help.py SOURCE-ROOT"""

import ast
import glob
import html
import os
import re
import sys

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402
from tree import read_text  # noqa: E402

# Bold for another reason: what a point of a list, or a sentence, explains.
TERMS = {
    "fwupd", "ModemManager", "A virtual machine", "Another flashing tool",
    "A file has changed while it was sent", "A file is missing", "It is damaged",
    "It does not fit this chip",
    "stage", "hand-over",
    "Opt", "IP", "Binary",
    "ignored", "Level 0", "erases the whole flash",
    "Old content", "Only FF", "The same bytes at another place", "Single bits", "In RAM",
}
STRING = r'"(?:[^"\\]|\\.)*"'
MARKED = re.compile(rf"\bN?_ \(\s*((?:{STRING}\s*)+)\)")
SHOWN = re.compile(r'translatable="(?:yes|true)"[^>]*>([^<]*)<')
BOLD = re.compile(r"\*\*([^*]+)\*\*")
LINK = re.compile(r"\]\(([^)]+)\)")
CODE_WORD = re.compile(r"`([^`]+)`")
FORMAT = re.compile(r"%(?:\d+\$)?[sdu]")


def unmark(text):
    """Without the lines below keys, and with dots where a name or a number will stand."""
    # Languages without letters put the key behind the word: “Open(_O)”.
    text = re.sub(r"\s?\(_\w\)", "", text)
    return FORMAT.sub("…", text.replace("_", ""))


def list_names(root):
    """Every text that the program can show."""
    names = set()
    for path in glob.glob(os.path.join(root, "ui", "*.ui")):
        names |= {unmark(html.unescape(text)) for text in SHOWN.findall(read_text(path))}
    for path in glob.glob(os.path.join(root, "src", "**", "*.c"), recursive=True):
        for strings in MARKED.findall(read_text(path)):
            names.add(unmark("".join(part[1:-1] for part in re.findall(STRING, strings))))
    return names


def list_bold(text):
    """In their order; a name may go over the end of a line."""
    return [" ".join(name.split()) for name in BOLD.findall(text)]


def read_po(text):
    """What each text is in the other language, with what may stand for it; not the fuzzy ones."""
    answers = {}
    for entry in re.split(r"\n\s*\n", text):
        if re.search(r"^#,.*\bfuzzy\b", entry, re.MULTILINE) or "#~" in entry:
            continue
        fields = {}
        field = None
        for line in entry.splitlines():
            match = re.match(r'(msgid|msgid_plural|msgstr|msgctxt|msgstr\[\d\]) (".*")$', line)
            if match:
                field = match.group(1)
                fields[field] = ast.literal_eval(match.group(2))
            elif line.startswith('"') and field is not None:
                fields[field] += ast.literal_eval(line)
        if fields.get("msgid") and fields.get("msgstr"):
            answers.setdefault(unmark(fields["msgid"]), set()).add(unmark(fields["msgstr"]))
    return answers


def strip_code(text):
    """The text without its blocks of code, and these."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE), re.findall(
        r"^```\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def count_lines(text, pattern):
    return len(re.findall(pattern, text, re.MULTILINE))


def compare(english, other):
    """What the page of another language lacks, or has too much, beside the English one."""
    complaints = []
    plain, code = strip_code(english)
    other_plain, other_code = strip_code(other)
    if code != other_code:
        complaints.append("the blocks of code differ")
    for name, pattern in (("titles", "^# "), ("headings", "^## "), ("points", r"^\* "),
                          ("steps", r"^\d+\. ")):
        wanted, found = count_lines(plain, pattern), count_lines(other_plain, pattern)
        if wanted != found:
            complaints.append(f"{found} {name} instead of {wanted}")
    for name, pattern in (("link", LINK), ("code word", CODE_WORD)):
        wanted = sorted(" ".join(found.split()) for found in pattern.findall(plain))
        found = sorted(" ".join(found.split()) for found in pattern.findall(other_plain))
        complaints += [f"the {name} {text} is missing" for text in sorted(set(wanted) - set(found))]
        complaints += [f"the {name} {text} is not in English" for text in
                       sorted(set(found) - set(wanted))]
        if set(wanted) == set(found) and wanted != found:
            complaints.append(f"a {name} is there more or less often than in English")
    wanted, found = len(BOLD.findall(plain)), len(BOLD.findall(other_plain))
    if wanted != found:
        complaints.append(f"{found} bold names instead of {wanted}")
    return complaints


def check_names(english, other, names, answers):
    """Each name on the screen is there as the program shows it in the other language."""
    bold = set(list_bold(other))
    complaints = []
    for name in sorted((set(list_bold(english)) & names) - TERMS):
        shown = answers.get(name, {name})
        if not {" ".join(text.split()) for text in shown} & bold:
            complaints.append(f"no bold “{' or '.join(sorted(shown))}” for “{name}”")
    return complaints


def check_language(folder, language, names, answers):
    """Complaints about each page of a language."""
    results = {}
    for path in sorted(glob.glob(os.path.join(folder, language, "*"))):
        name = os.path.basename(path)
        english = os.path.join(folder, "C", name)
        text = read_text(path)
        if not os.path.isfile(english):
            results[name] = ["there is no such page in English"]
        elif text is None:
            results[name] = ["it is not UTF-8"]
        else:
            results[name] = compare(read_text(english), text) + check_names(
                read_text(english), text, names, answers)
    return results


def list_languages(folder):
    return sorted(name for name in os.listdir(folder)
                  if name != "C" and os.path.isdir(os.path.join(folder, name)))


def check_build(root):
    """What the build takes into the program is what lies there."""
    folder = os.path.join(root, "data", "help")
    build = read_text(os.path.join(folder, "meson.build"))
    lists = {name: set(re.findall(r"'([^']+)'", text)) for name, text in
             re.findall(r"^(help_languages|help_pages) = \[(.*?)\]", build,
                        re.DOTALL | re.MULTILINE)}
    pages = {os.path.basename(path)[:-3] for path in glob.glob(os.path.join(folder, "C", "*.md"))}
    return [f"data/help/meson.build does not list the page {name}" for name in
            sorted(pages - lists["help_pages"])] + [
        f"data/help/meson.build does not list the language {name}" for name in
        list_languages(folder) if name not in lists["help_languages"]] + [
        f"data/help/meson.build lists {name}, which is not there" for name in
        sorted(lists["help_pages"] - pages)]


def check_translations(tap, root, names):
    folder = os.path.join(root, "data", "help")
    for language in list_languages(folder):
        po = os.path.join(root, "po", language + ".po")
        answers = read_po(read_text(po)) if os.path.isfile(po) else {}
        for name, complaints in check_language(folder, language, names, answers).items():
            tap.result(f"{language}/{name}",
                       [f"data/help/{language}/{name}: {text}" for text in complaints])


def main():
    root = sys.argv[1]
    tap = Tap()
    names = list_names(root)
    tap.result("texts", [] if len(names) > 500 else [f"only {len(names)} were found"])
    used = set()
    for path in sorted(glob.glob(os.path.join(root, "data", "help", "C", "*.md"))):
        bold = set(list_bold(read_text(path)))
        used |= bold
        tap.result(os.path.basename(path),
                   [f"{path}: the program shows no “{name}”" for name in bold - names - TERMS])
    tap.result("terms", [f"“{name}” is not in the help" for name in TERMS - used])
    tap.result("build", check_build(root))
    check_translations(tap, root, names)
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
