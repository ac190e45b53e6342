#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an installation puts where: each file in its place and nothing besides, and the files that a
desktop reads in all languages, as they are when they have arrived.

usage: check_install.py SOURCE-ROOT BUILD-ROOT APPLICATION-ID"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

sys.dont_write_bytecode = True

from tap import Tap  # noqa: E402
from tree import read_text  # noqa: E402

DOMAIN = "flashwright"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# Its own name has capitals, which is allowed.
ALLOWED_TAGS = {"cid-contains-uppercase-letter"}


def run(*command, **extra):
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120,
                          env=dict(os.environ, LC_ALL="C.UTF-8", LANGUAGE=""), **extra)


def complain(answer):
    """What the program said, if it failed."""
    if answer.returncode == 0:
        return []
    return (answer.stdout + answer.stderr).strip().splitlines() or ["it failed"]


def read_options(build):
    """Where this build is to be installed, by the names that meson has for the folders."""
    path = os.path.join(build, "meson-info", "intro-buildoptions.json")
    options = {option["name"]: option["value"] for option in json.loads(read_text(path))}
    return {name: os.path.join(options["prefix"], options[name])
            for name in ("bindir", "datadir", "libexecdir", "localedir", "mandir")} | {
                "prefix": options["prefix"]}


def read_languages(root):
    lines = read_text(os.path.join(root, "po", "LINGUAS")).splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def list_wanted(places, app_id, languages):
    """Every file of an installation, and whether it is a program."""
    share = places["datadir"]
    plain = [
        f"{share}/applications/{app_id}.desktop",
        f"{share}/bash-completion/completions/flashwright-cli",
        f"{share}/dbus-1/services/{app_id}.service",
        f"{share}/fish/vendor_completions.d/flashwright-cli.fish",
        f"{share}/glib-2.0/schemas/{app_id}.gschema.xml",
        f"{share}/icons/hicolor/scalable/apps/{app_id}.svg",
        f"{share}/icons/hicolor/symbolic/apps/{app_id}-symbolic.svg",
        f"{share}/metainfo/{app_id}.metainfo.xml",
        f"{share}/mime/packages/{app_id}.xml",
        f"{share}/polkit-1/actions/{app_id}.access.policy",
        f"{share}/zsh/site-functions/_flashwright-cli",
        f"{places['mandir']}/man1/flashwright.1",
        f"{places['mandir']}/man1/flashwright-cli.1",
        f"{places['prefix']}/lib/udev/rules.d/60-flashwright.rules",
    ] + [f"{places['localedir']}/{language}/LC_MESSAGES/{DOMAIN}.mo" for language in languages]
    programs = [f"{places['bindir']}/flashwright", f"{places['bindir']}/flashwright-cli",
                f"{places['libexecdir']}/flashwright-access"]
    return {path: False for path in plain} | {path: True for path in programs}


def list_found(folder):
    """Every file, by its path in the installed system, with its mode."""
    found = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            found[path[len(folder):]] = stat.S_IMODE(os.lstat(path).st_mode)
    return found


def check_files(wanted, found):
    complaints = [f"{path} is missing" for path in sorted(set(wanted) - set(found))]
    complaints += [f"{path} is installed, and should not be" for path in
                   sorted(set(found) - set(wanted))]
    for path in sorted(set(wanted) & set(found)):
        mode = 0o755 if wanted[path] else 0o644
        if found[path] != mode:
            complaints.append(f"{path} has mode {found[path]:04o} instead of {mode:04o}")
    return complaints


def check_metainfo(path, languages):
    """In each language; nothing else is said of it."""
    answer = run("appstreamcli", "validate", "--no-net", "--pedantic", "--format=yaml", path)
    tags = set(re.findall(r"^\s*- tag: (\S+)", answer.stdout, re.MULTILINE))
    complaints = [f"{path}: {tag}" for tag in sorted(tags - ALLOWED_TAGS)]
    if answer.returncode != 0 or "Passed: yes" not in answer.stdout:
        complaints += answer.stdout.splitlines()
    for name in ("summary", "description/p", "screenshots/screenshot/caption"):
        spoken = {node.get(LANGUAGE) for node in ElementTree.parse(path).getroot().iterfind(name)}
        complaints += [f"{path}: no {name} in {language}" for language in languages
                       if language.replace("_", "-") not in spoken and language not in spoken]
    return complaints


def check_desktop_file(path, languages):
    text = read_text(path)
    complaints = complain(run("desktop-file-validate", path))
    for key in ("Comment", "Keywords"):
        complaints += [f"{path}: no {key} in {language}" for language in languages
                       if f"\n{key}[{language}]=" not in text]
    return complaints


def check_policy(path, program, languages):
    """Whom the system asks for a password: it must be the program that is installed."""
    action = ElementTree.parse(path).getroot().find("action")
    named = {node.get("key"): node.text for node in action.iterfind("annotate")}
    complaints = []
    if named.get("org.freedesktop.policykit.exec.path") != program:
        complaints.append(f"{path} names {named} instead of {program}")
    spoken = {node.get(LANGUAGE) for node in action.iterfind("message")}
    complaints += [f"{path}: no message in {language}" for language in languages
                   if language.replace("_", "-") not in spoken and language not in spoken]
    return complaints


def check_catalog(path):
    """That it is one which gettext reads, with texts in it."""
    answer = run("msgunfmt", path)
    n_texts = len(re.findall(r"^msgstr", answer.stdout, re.MULTILINE))
    return complain(answer) or ([] if n_texts > 100 else [f"{path} has {n_texts} texts"])


def check_help(program, root):
    """Every page in every language is part of the program."""
    answer = run("gresource", "list", program)
    found = set(re.findall(r"/help/(\S+\.md)$", answer.stdout, re.MULTILINE))
    folder = os.path.join(root, "data", "help")
    wanted = {f"{language}/{name}" for language in os.listdir(folder)
              if os.path.isdir(os.path.join(folder, language))
              for name in os.listdir(os.path.join(folder, language)) if name.endswith(".md")}
    return complain(answer) + [f"the program lacks {name}" for name in sorted(wanted - found)] + [
        f"the program has {name}, which is nowhere" for name in sorted(found - wanted)]


def check_versions(folder, places):
    """Both programs run where they have arrived."""
    complaints = []
    for name in ("flashwright", "flashwright-cli"):
        answer = run(folder + os.path.join(places["bindir"], name), "--version")
        if answer.returncode != 0 or not answer.stdout.startswith(name):
            complaints.append(f"{name} --version: {answer.stdout}{answer.stderr}")
    return complaints


def check_by(tap, name, program, function, *arguments):
    if shutil.which(program) is None:
        tap.skip(name, f"{program} is not installed")
    else:
        tap.result(name, function(*arguments))


def check_tree(tap, folder, root, app_id, places):
    languages = read_languages(root)
    wanted = list_wanted(places, app_id, languages)
    share = folder + places["datadir"]
    tap.result("files", check_files(wanted, list_found(folder)))
    if tap.failed > 0:
        return
    tap.result("programs", check_versions(folder, places))
    check_by(tap, "desktop file", "desktop-file-validate", check_desktop_file,
             f"{share}/applications/{app_id}.desktop", languages)
    check_by(tap, "metainfo", "appstreamcli", check_metainfo,
             f"{share}/metainfo/{app_id}.metainfo.xml", languages)
    with tempfile.TemporaryDirectory() as usual:
        # It looks only below /usr.
        shutil.copytree(share, os.path.join(usual, "usr", "share"))
        check_by(tap, "tree", "appstreamcli", lambda: complain(
            run("appstreamcli", "validate-tree", "--no-net", usual)))
    tap.result("policy", check_policy(
        f"{share}/polkit-1/actions/{app_id}.access.policy",
        os.path.join(places["libexecdir"], "flashwright-access"), languages))
    check_by(tap, "settings", "glib-compile-schemas", lambda: complain(
        run("glib-compile-schemas", "--strict", "--dry-run", f"{share}/glib-2.0/schemas")))
    for language in languages:
        check_by(tap, f"catalog of {language}", "msgunfmt", check_catalog,
                 f"{folder}{places['localedir']}/{language}/LC_MESSAGES/{DOMAIN}.mo")
    check_by(tap, "pages of the help", "gresource", check_help,
             folder + os.path.join(places["bindir"], "flashwright"), root)


def main():
    root, build, app_id = sys.argv[1:4]
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        # Not what runs after an installation: that is for a whole system.
        answer = run("meson", "install", "--no-rebuild", "--quiet", "--destdir", folder,
                     "-C", build)
        tap.result("installation", complain(answer))
        if answer.returncode == 0:
            check_tree(tap, folder, root, app_id, read_options(build))
    return tap.done()


if __name__ == "__main__":
    sys.exit(main())
