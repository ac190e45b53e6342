# SPDX-License-Identifier: GPL-3.0-or-later
"""The house rules that a compiler does not know. src/README.md says why they are as they are.

Every rule is a function over the tree that yields (path, line, message); every message names
what to do instead."""

import os
import re

from tree import get_room

MAX_COLUMNS = 100
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
MAX_DEPTH = 4

RULES = {}


def rule(code):
    """Registers a rule under the code by which complaints and samples name it."""

    def register(function):
        RULES[code] = function
        return function

    return register


# --- text --------------------------------------------------------------------------------------

CODE_NAMES = re.compile(r"\.(?:c|h|py|sh|ui|css)$|(?:^|/)meson\.build$")
TEXT_NAMES = re.compile(CODE_NAMES.pattern + r"|\.(?:md|xml|in|svg|supp|yml|json)$")
WIDE_NAMES = re.compile(r"\.(?:ui|css)$")


def has_shebang(tree, name):
    """Scripts have no ending: tests/try-it, .ci/run."""
    if "." in os.path.basename(name):
        return False
    with open(os.path.join(tree.root, name), "rb") as file:
        return file.read(2) == b"#!"


def texts(tree, names):
    for name in tree.names:
        if names.search(name) or has_shebang(tree, name):
            text = tree.read(name)
            yield name, text.split("\n") if text is not None else None


@rule("utf-8")
def check_utf8(tree):
    for name, lines in texts(tree, TEXT_NAMES):
        if lines is None:
            yield name, 1, "this is not UTF-8: save it as UTF-8"


@rule("spdx")
def check_spdx(tree):
    c_line = "/* SPDX-License-Identifier: GPL-3.0-or-later */"
    for name, lines in texts(tree, CODE_NAMES):
        if name.endswith((".c", ".h")) and lines and lines[0] != c_line:
            yield name, 1, f"the first line must be {c_line}"
        elif lines and not any("SPDX-License-Identifier: " in line for line in lines[:4]):
            yield name, 1, "add SPDX-License-Identifier: GPL-3.0-or-later to the first lines"


@rule("blanks")
def check_blanks(tree):
    for name, lines in texts(tree, TEXT_NAMES):
        for number, line in enumerate(lines or [], 1):
            if line != line.rstrip():
                yield name, number, "blanks at the end of the line: remove them"
            elif "\t" in line:
                yield name, number, "a tab: use spaces, or \\t in a string"
        if lines and len(lines) > 1 and (lines[-1] != "" or lines[-2] == ""):
            yield name, max(len(lines) - 1, 1), "the file must end with one newline"


@rule("columns")
def check_columns(tree):
    for name, lines in texts(tree, CODE_NAMES):
        if WIDE_NAMES.search(name):
            continue
        for number, line in enumerate(lines or [], 1):
            if len(line) > MAX_COLUMNS:
                yield name, number, f"{len(line)} columns: break the line before {MAX_COLUMNS}"


@rule("left-over")
def check_left_over(tree):
    for name, lines in texts(tree, TEXT_NAMES):
        if name.startswith("tests/style/"):
            continue
        for number, line in enumerate(lines or [], 1):
            match = re.search(r"\b(?:TODO|FIXME|XXX|HACK)\b|^\s*#\s*if\s+0\b", line)
            if match:
                word = match.group().strip()
                yield name, number, f"{word}: do it, or open an issue, and remove this"


# --- files -------------------------------------------------------------------------------------


@rule("file-name")
def check_file_names(tree):
    seen = {}
    for file in tree.c_files:
        base = os.path.basename(file.path)
        if not re.fullmatch(r"(?:flash|test|fuzz|bench)-[a-z0-9-]+\.[ch]|main\.c", base):
            yield file.path, 1, "name it flash-….c, test-….c, fuzz-….c or bench-….c"
        if base in seen and base != "main.c":
            yield file.path, 1, f"{seen[base]} has the same name: file names are unique in the tree"
        seen.setdefault(base, file.path)


@rule("file-length")
def check_file_length(tree):
    for file in tree.c_files:
        count = len(file.lines) - (file.lines[-1] == "")
        if count > MAX_FILE_LINES:
            yield (
                file.path,
                count,
                f"{count} lines, {MAX_FILE_LINES} are allowed: split the file by thought",
            )


@rule("log-domain")
def check_log_domain(tree):
    for file in tree.c_files:
        wanted = os.path.basename(file.path)[:-2]
        match = re.search(r'^#define G_LOG_DOMAIN "(.*)"', file.without_comments, re.MULTILINE)
        if match and match.group(1) != wanted and wanted != "main":
            line = file.line_at(match.start())
            yield file.path, line, f'G_LOG_DOMAIN must be the file name: "{wanted}"'
        elif not match and file.path.endswith(".c") and get_room(file.path):
            yield file.path, 1, f'add #define G_LOG_DOMAIN "{wanted}" above the includes'


@rule("config-first")
def check_config_first(tree):
    for file in tree.c_files:
        if not file.path.endswith(".c") or get_room(file.path) is None:
            continue
        first = next(file.includes(), None)
        if first is None or first[1] != "config.h":
            line = first[0] if first else 1
            yield file.path, line, 'include "config.h" first, then the file\'s own header'


@rule("pragma-once")
def check_pragma_once(tree):
    for file in tree.c_files:
        if file.path.endswith(".h") and "\n#pragma once\n" not in file.text:
            yield file.path, 1, "add #pragma once above the includes of the header"


@rule("line-comment")
def check_line_comments(tree):
    for file in tree.c_files:
        for line in file.line_comments:
            yield file.path, line, "write /* … */; // is for trying things out"


# --- functions ---------------------------------------------------------------------------------


@rule("function-length")
def check_function_length(tree):
    for file in tree.c_files:
        for function in file.functions():
            if function.body_lines > MAX_FUNCTION_LINES:
                yield (
                    file.path,
                    function.line,
                    f"{function.name} () has {function.body_lines} lines, {MAX_FUNCTION_LINES} are "
                    "allowed: give its parts names of their own",
                )


@rule("nesting")
def check_nesting(tree):
    for file in tree.c_files:
        for function in file.functions():
            if function.depth > MAX_DEPTH:
                yield (
                    file.path,
                    function.depth_line,
                    f"{function.name} () is {function.depth} levels deep, {MAX_DEPTH} are allowed: "
                    "return early, or make the inner part a function",
                )


# Their names say everything there is to say.
PLAIN_NAMES = re.compile(r"_(?:ref|unref|free|init|clear|get_type|quark)$")


def speaks_for_itself(declaration):
    """A constructor without arguments; a getter that returns a plain value, with nothing to be
    said of ownership and errors."""
    if PLAIN_NAMES.search(declaration.name):
        return True
    before, _, arguments = declaration.text.partition(declaration.name + " ")
    arguments = arguments[: arguments.find(")") + 1]
    if re.search(r"_new(?:_|$)", declaration.name):
        return arguments == "(void)"
    is_plain_value = "*" not in before and before.split() != ["void"]
    return is_plain_value and arguments.count(",") == 0


def has_comment(file, line):
    """Right above, or above the paragraph: one comment may speak for a group."""
    for above in reversed(file.lines[: line - 1]):
        if re.match(r" ?(?:/\*|\*)", above):
            return above.endswith("*/")
        if not above.strip():
            return False
    return False


@rule("header-comment")
def check_header_comments(tree):
    for file in tree.c_files:
        if not file.path.endswith(".h") or file.path.endswith("-private.h"):
            continue
        for declaration in file.declarations():
            if not has_comment(file, declaration.line) and not speaks_for_itself(declaration):
                yield (
                    file.path,
                    declaration.line,
                    f"{declaration.name} () needs a comment above it: what it does, units, "
                    "(nullable), ownership, errors, thread",
                )


# --- doors -------------------------------------------------------------------------------------

IS_UI_TEST = re.compile(r"tests/ui/|tests/harness/(?:test-ui-|flash-ui-|flash-latency-)")


@rule("toolkit")
def check_toolkit(tree):
    toolkit = re.compile(r"(?:gtk|gdk|gsk|graphene|X11)/|(?:adwaita|graphene|graphene-gobject)\.h$")
    for file in tree.c_files:
        if file.path.startswith("src/app/") or IS_UI_TEST.match(file.path):
            continue
        for line, name, _ in file.includes():
            if toolkit.match(name):
                yield file.path, line, f"{name}: only src/app and the tests of the window may; " \
                    "hand the engine a GListModel or a callback"


@rule("usb-library")
def check_usb_library(tree):
    for file in tree.c_files:
        if file.path.startswith(("src/usb/", "tests/usb/")):
            continue
        for line, name, _ in file.includes():
            if re.search(r"(?:^|/)(?:gusb|libusb)\.h$", name):
                yield file.path, line, f"{name}: only src/usb may; use flash-transport.h"


@rule("doors")
def check_doors(tree):
    if not tree.doors:
        yield "src/README.md", 1, "there is no table of doors under the heading `## Doors`"
        return
    for file in tree.c_files:
        room = get_room(file.path)
        if room is None:
            continue
        if room not in tree.doors:
            yield file.path, 1, f"{room} is missing from the table of doors in src/README.md"
            continue
        for line, name, is_system in file.includes():
            target = tree.headers.get(os.path.basename(name))
            if target is None or is_system:
                continue
            other = get_room(target.path)
            if other is None or "/" in name:
                yield file.path, line, f'"{name}": include headers of the rooms, by their bare name'
            elif other != room and other not in tree.doors[room]:
                allowed = ", ".join(sorted(tree.doors[room])) or "no other room"
                yield file.path, line, f"{name} is in {other}; {room} may include {allowed}"


@rule("door-order")
def check_door_order(tree):
    text = tree.read("src/meson.build") if "src/meson.build" in tree.names else ""
    order = re.findall(r"^subdir\('(\w+)'\)", text, re.MULTILINE)
    for at, room in enumerate(order):
        if room not in tree.doors:
            message = f"{room} is missing from the table of doors in src/README.md"
            yield "src/meson.build", 1, message
            continue
        for other in sorted(tree.doors[room] & set(order[at:])):
            yield (
                "src/meson.build",
                1,
                f"{room} may include {other}, which must stand above it: the order is the diagram",
            )


# --- words -------------------------------------------------------------------------------------


def is_main(path):
    return re.fullmatch(r"src/(?:app|cli)/(?:[a-z-]+-)?main\.c", path) is not None


def is_face(path):
    return path.startswith(("src/app/", "src/cli/"))


def in_source(path):
    return path.startswith("src/")


def anywhere(_path):
    return True


# code, pattern over C without comments and strings, where it is forbidden, what to do instead
WORDS = [
    (
        "thread",
        r"\bg_thread_(?:try_)?new ?\(|\bg_thread_pool_new|\bpthread_create\b",
        lambda path: in_source(path) and path != "src/jobs/flash-worker.c",
        "give the work to a FlashWorker (src/jobs/flash-worker.h)",
    ),
    (
        "sleep",
        r"\b(?:g_usleep|usleep|sleep|nanosleep|clock_nanosleep) ?\(",
        anywhere,
        "wait with flash_clock_wait_ms (), in tests with flash_ui_wait_until ()",
    ),
    ("goto", r"\bgoto\b", anywhere, "use g_autoptr and return early"),
    (
        "process-end",
        r"\b(?:g_error|exit|_exit|abort|g_abort|quick_exit) ?\(",
        lambda path: in_source(path) and not is_main(path),
        "set a GError and return; only main () ends the program",
    ),
    (
        "translation",
        r"(?<!\w)(?:_|C_|Q_|gettext|ngettext|dgettext|g_dgettext|g_dngettext|g_dpgettext2?) ?\(",
        lambda path: not is_face(path) and not path.startswith("tests/ui/"),
        "mark the text with N_() and let the faces translate it",
    ),
    (
        "assertion",
        r"\b(?:g_assert|assert) ?\(",
        anywhere,
        "in tests use g_assert_true (), which cannot be compiled out; elsewhere "
        "g_return_val_if_fail () or an error",
    ),
    (
        "quark-macro",
        r"\bG_DEFINE_QUARK\b",
        anywhere,
        "write the quark function by hand: clang-format breaks the macro's name apart",
    ),
    (
        "blocking-usb",
        r"\bg_usb_device_(?:control|bulk|interrupt)_transfer ?\(|\bg_usb_context_wait_for_replug\b",
        anywhere,
        "it hangs in a worker: transfers go by libusb, as in flash-usb-transport.c",
    ),
    (
        "cancel-return",
        r"\bg_task_set_return_on_cancel\b",
        anywhere,
        "it says cancelled while the worker still writes: look at the cancellable between steps",
    ),
    (
        "unbounded",
        r"\b(?:strcpy|strcat|sprintf|vsprintf|gets|alloca|g_alloca|g_newa) ?\(",
        anywhere,
        "use g_strlcpy (), g_strdup_printf () or g_malloc ()",
    ),
    (
        "locker",
        r"\bg_autoptr \(G\w*Locker\) \w+ =",
        anywhere,
        "write G_GNUC_UNUSED before the =, or clang calls it unused",
    ),
    (
        "unchecked-number",
        r"\b(?:atoi|atol|atoll|atof) ?\(",
        in_source,
        "use g_ascii_string_to_unsigned (), which says what was no number",
    ),
]


def make_word_rule(code, pattern, is_forbidden, remedy):
    compiled = re.compile(pattern)

    def check(tree):
        for file in tree.c_files:
            if not is_forbidden(file.path):
                continue
            for match in compiled.finditer(file.code):
                word = match.group().strip(" (")
                yield file.path, file.line_at(match.start()), f"{word}: {remedy}"

    rule(code)(check)


for entry in WORDS:
    make_word_rule(*entry)
