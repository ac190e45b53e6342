#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The man pages and the completions of shells say what the programs say with --help: the same
commands and options, no more and no less. Each shell that is installed completes words.

usage: check_man.py SOURCE-ROOT COMMAND-LINE-PROGRAM WINDOW-PROGRAM"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402
from tree import read_text  # noqa: E402

OPTION = re.compile(r"^  (?:(-\w), )?(--[\w-]+)(?:=(\S+))?(?:\s|$)", re.MULTILINE)
BASH = """
source "$1"
COMP_LINE=$2
COMP_POINT=${#COMP_LINE}
_flashwright_cli
printf '%s\\n' "${COMPREPLY[@]}"
"""
ZSH = """
compadd() { while [[ $1 != -- ]]; do shift; done; shift; print -l -- ${(M)@:#$PART*} }
compset() { PART=${PART#*=} }
_files() { print -l -- *(N) }
line=$2
words=(${(z)line})
[[ $line != *' ' ]] || words+=('')
CURRENT=$#words
PART=${words[CURRENT]}
source $1
_flashwright-cli
"""
FISH = 'source $argv[1]; complete -C $argv[2] | string replace -r "\\t.*" ""'
# In the place of the program: a board of somebody who wants something to be run.
HOSTILE = r"""#!/bin/sh
case "$1 $2" in
"boards --json") printf '%s\n' '{"boards":[{"id":"1-1$(touch evil)"}]}' ;;
"virtual "*) printf 'Models:\n  stm32mp157$(touch\tevil)\n' ;;
"flash --help") printf '  -b, --board=BOARD  the board\n' ;;
"--help "*) printf '  flash  $(touch evil)\n' ;;
esac
"""
HOSTILE_LINES = ["", "flash --board 1-", "flash --board ", "flash a", "flash a\\ ", "flash 'a ",
                 "flash \"$(touch evil) ", "virtual "]
SHELLS = {
    "bash": ("flashwright-cli.bash", ["bash", "--norc", "--noprofile", "-c", BASH, "bash"]),
    "zsh": ("_flashwright-cli", ["zsh", "-f", "-c", ZSH, "zsh"]),
    "fish": ("flashwright-cli.fish", ["fish", "-N", "-c", FISH]),
}


def run(command, **extra):
    """What it said; a list of complaints is made of what it said to standard error."""
    environment = dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE="", **extra.pop("env", {}))
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment,
                          timeout=60, **extra)


def ask(program, *words):
    return run([program, *words, "--help"]).stdout


def list_commands(program):
    return re.findall(r"^  ([a-z]+)  ", ask(program), re.MULTILINE)


def list_options(text):
    """Of each option its letter and what it takes, by its long name."""
    return {name: (letter, value) for letter, name, value in OPTION.findall(text)}


def unescape(roff):
    roff = re.sub(r"\\f.", "", roff)
    return roff.replace(r"\-", "-")


def read_man(text):
    """Of each command of the page its options."""
    commands = {}
    for name, body in re.findall(r'^\.SS "([a-z]+) .*?"\n(.*?)(?=^\.S[SH])', text,
                                 re.DOTALL | re.MULTILINE):
        heads = re.findall(r"^\.TP\n\.B (.*)$", body, re.MULTILINE)
        commands[name] = list_options("\n".join(f"  {unescape(head)}" for head in heads))
    return commands


def compare(where, wanted, found):
    return [f"{where} lacks {name}" for name in sorted(set(wanted) - set(found))] + [
        f"{where} has {name}, which the program has not" for name in
        sorted(set(found) - set(wanted))] + [
        f"{where}: {name} is {found[name]} instead of {wanted[name]}" for name in sorted(wanted)
        if isinstance(wanted, dict) and name in found and found[name] != wanted[name]]


def check_commands(root, program):
    page = read_man(read_text(os.path.join(root, "data", "man", "flashwright-cli.1")))
    commands = list_commands(program)
    complaints = compare("flashwright-cli.1", commands, list(page))
    for name in commands:
        options = list_options(ask(program, name))
        options.pop("--help")
        complaints += compare(f"flashwright-cli.1, {name}", options, page.get(name, {}))
    return complaints if len(commands) > 10 else complaints + ["hardly a command was found"]


def check_window(root, program):
    page = unescape(read_text(os.path.join(root, "data", "man", "flashwright.1")))
    section = page[page.index(".SH OPTIONS"):page.index(".SH EXIT STATUS")]
    found = {name: "" for name in re.findall(r"--[\w-]+", section)}
    wanted = {name: "" for name in list_options(ask(program)) if not name.startswith("--help-")}
    wanted.pop("--gapplication-service", None)
    usage = re.search(r"\[FILE.*", ask(program)).group().replace("…", "...")
    written = "".join(re.findall(r"^\.RI (\[ FILE .*)$", page, re.MULTILINE)).replace(" ", "")
    return compare("flashwright.1", wanted, found) + compare("flashwright.1", [usage], [written])


def check_exit_codes(root):
    """Man page and page of the help name the same ones."""
    page = read_text(os.path.join(root, "data", "man", "flashwright-cli.1"))
    section = page[page.index(".SH EXIT STATUS"):page.index(".SH ENVIRONMENT")]
    text = read_text(os.path.join(root, "data", "help", "C", "command-line.md"))
    text = text[text.index("## Exit codes"):text.index("## Codes")]
    return compare("flashwright-cli.1", re.findall(r"^\* (\d+):", text, re.MULTILINE),
                   re.findall(r"^\.B (\d+)$", section, re.MULTILINE))


def complete(shell, root, program, line, folder=None):
    name, command = SHELLS[shell]
    path = os.path.join(root, "data", "completions", name)
    folder = folder or os.path.join(root, "tests", "style")
    answer = run([*command, path, line], cwd=folder, env={
        "PATH": os.path.dirname(program) + os.pathsep + os.environ["PATH"],
        "HOME": "/nonexistent"})
    if answer.stderr:
        return [f"“{line}”: {answer.stderr.strip()}"], []
    return [], [word.strip() for word in answer.stdout.splitlines() if word.strip()]


def check_shell(shell, root, program):
    """Typed words in, candidates out."""
    commands = list_commands(program)
    # bash itself takes what stands before a colon or an equals sign for another word.
    def whole(text):
        return re.split("[:=]", text)[-1] if shell == "bash" else text
    cases = [
        ("", set(commands) | {"--help", "--version"}),
        ("bo", {"boards"}),
        ("read --format ", {"bin", "hex", "dfu"}),
        ("image --compress ", {"gzip", "xz", "zstd"}),
        ("flash --shared k", {"keep"}),
        ("advice never-came", {"never-came-back"}),
        ("virtual stm32mp15", {"stm32mp157"}),
        ("flash --board virtual:stm32mp25", {whole("virtual:stm32mp257")}),
        ("virtual stm32mp157,fault=never-r", {whole("stm32mp157,fault=never-return")}),
        ("flash --shared=k", {"keep" if shell != "fish" else "--shared=keep"}),
        ("flash tap", {"tap.py"}),
    ]
    for name in commands:
        options = list_options(ask(program, name))
        cases.append((f"{name} --", {option + ("=" if value else "") for option, (_, value) in
                                     options.items()}))
    complaints = []
    for words, wanted in cases:
        errors, found = complete(shell, root, program, f"flashwright-cli {words}")
        # zsh leaves the choice among files to its own function.
        found = {word for word in found if not words.endswith("tap") or word.startswith("tap")}
        complaints += errors
        if found != wanted:
            complaints.append(f"“{words}”: {sorted(found)} instead of {sorted(wanted)}")
    return complaints


def check_hostile(shell, root):
    """What boards call themselves is not run, and names of files may be any."""
    names = ["a blank", "a:colon", "a$(touch evil)", "a'quote"]
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "bin", "flashwright-cli")
        os.mkdir(os.path.dirname(program))
        with open(program, "w", encoding="utf-8") as file:
            file.write(HOSTILE)
        os.chmod(program, 0o755)
        home = os.path.join(folder, "home")
        os.mkdir(home)
        for name in names:
            with open(os.path.join(home, name), "w", encoding="utf-8"):
                pass
        complaints, found = [], {}
        for words in HOSTILE_LINES:
            errors, found[words] = complete(shell, root, program, f"flashwright-cli {words}", home)
            complaints += errors
        if sorted(os.listdir(home)) != sorted(names):
            complaints.append(f"something was run: {sorted(os.listdir(home))}")
    said = "\n".join(found["flash --board 1-"])
    if not said.startswith("1-1"):
        complaints.append(f"the board is not offered: {said}")
    if shell == "bash" and found["flash --board 1-"] != [r"1-1\$\(touch\ evil\)"]:
        complaints.append(f"the shell would run it later: {said}")
    if shell == "bash" and found["flash a\\ "] != ["a blank"]:
        complaints.append(f"a name with a blank is not found: {found}")
    if shell == "bash" and sorted(found["flash a"]) != sorted(names):
        complaints.append(f"the files are {found['flash a']} instead of {names}")
    if shell == "fish" and len(found["flash a"]) != len(names):
        complaints.append(f"the files are {found['flash a']} instead of {names}")
    return complaints


def check_lint(tap, root):
    for name in ("flashwright.1", "flashwright-cli.1"):
        path = os.path.join(root, "data", "man", name)
        for program, command in (("man", ["man", "--warnings", "-l", path]),
                                 ("mandoc", ["mandoc", "-Tlint", "-Wwarning", path])):
            title = f"{name}: {program}"
            if shutil.which(program) is None:
                tap.skip(title, f"{program} is not installed")
                continue
            answer = run(command, env={"MANWIDTH": "80"})
            said = answer.stderr + (answer.stdout if program == "mandoc" else "")
            tap.result(title, said.splitlines())


def main():
    root, program, window = (os.path.abspath(path) for path in sys.argv[1:4])
    tap = Tap()
    check_lint(tap, root)
    tap.result("commands and options", check_commands(root, program))
    tap.result("options of the window", check_window(root, window))
    tap.result("exit codes", check_exit_codes(root))
    for shell in SHELLS:
        if shutil.which(shell) is None:
            tap.skip(shell, f"{shell} is not installed")
        else:
            tap.result(shell, check_shell(shell, root, program))
            tap.result(f"{shell}: hostile names", check_hostile(shell, root))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
