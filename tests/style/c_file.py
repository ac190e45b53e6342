# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a C file as far as the house rules need it: without comments, by functions, by
declarations. It relies on the form that clang-format gives to every file: a function's braces
stand alone in the first column."""

import bisect
import re

PIECES = re.compile(
    r"""/\*.*?(?:\*/|\Z)          # a comment
      | //[^\n]*                  # a line comment
      | "(?:\\.|[^"\\\n])*"?      # a string
      | '(?:\\.|[^'\\\n])*'?      # a character
    """,
    re.DOTALL | re.VERBOSE,
)
DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", re.MULTILINE)
TOKEN = re.compile(r"[A-Za-z_]\w*|[{}();:?]|[^\s\w]|\d\w*")
STANDALONE_MACRO = re.compile(r"^G_[A-Z_]+(?: \([^()]*\))?[ \t]*$", re.MULTILINE)
MAX_BRACES = 6  # in a header: a struct, or an inline function
LOOPS = {"if", "for", "while", "switch"}


def blank(text):
    """The same number of lines and columns, and nothing in them."""
    return re.sub(r"[^\n]", " ", text)


class Function:
    def __init__(self, name, line, body_lines, depth, depth_line):
        self.name = name
        self.line = line
        self.body_lines = body_lines
        self.depth = depth
        self.depth_line = depth_line


class Declaration:
    def __init__(self, name, line, text):
        self.name = name
        self.line = line
        self.text = text


class CFile:
    """A C source or header.

    text: as it is; without_comments: strings are left; code: neither comments nor strings;
    statements: code without preprocessor lines."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        self.line_comments = []
        self.line_starts = [0]
        for match in re.finditer("\n", text):
            self.line_starts.append(match.end())

        self.without_comments = PIECES.sub(self._drop_comment, text)
        self.code = PIECES.sub(lambda m: blank(m.group()), text)
        self.statements = DIRECTIVE.sub(lambda m: blank(m.group()), self.code)

    def _drop_comment(self, match):
        piece = match.group()
        if piece.startswith("//"):
            self.line_comments.append(self.line_at(match.start()))
        return blank(piece) if piece.startswith("/") else piece

    def line_at(self, offset):
        return bisect.bisect_right(self.line_starts, offset)

    def includes(self):
        """(line, name, is_system) of each #include."""
        pattern = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<[^>\n]+>|"[^"\n]+")', re.MULTILINE)
        for match in pattern.finditer(self.without_comments):
            name = match.group(1)
            yield self.line_at(match.start()), name[1:-1], name[0] == "<"

    def functions(self):
        lines = self.statements.split("\n")
        begin = None
        for number, line in enumerate(lines, 1):
            if line.rstrip() == "{" and begin is None:
                begin = number
            elif line.startswith("}") and begin is not None:
                depth, at = measure_depth("\n".join(lines[begin : number - 1]))
                name = self._name_before(lines, begin)
                yield Function(name, begin, number - begin - 1, depth, begin + at)
                begin = None

    @staticmethod
    def _name_before(lines, begin):
        for number in range(begin - 1, max(begin - 12, 0), -1):
            match = re.match(r"(\w+) \(", lines[number - 1])
            if match:
                return match.group(1)
        return "?"

    def declarations(self):
        """The functions that a header declares, static inline ones left out."""
        text = STANDALONE_MACRO.sub(lambda m: blank(m.group()), self.statements)
        for _ in range(MAX_BRACES):
            text = re.sub(r"\{[^{}]*\}", lambda m: ";" + blank(m.group())[1:], text)
        for match in re.finditer(r"[^;{}]*;", text):
            statement = match.group()
            words = statement.split()
            if not words or words[0] in ("typedef", "struct", "enum", "static", "extern", "union"):
                continue
            name = re.search(r"\b([a-z]\w*) \(", statement)
            if name and name.group(1).startswith("flash_"):
                lead = len(statement) - len(statement.lstrip())
                line = self.line_at(match.start() + lead)
                yield Declaration(name.group(1), line, " ".join(words))


def measure_depth(body):
    """How deep control statements stand in each other, and the line (from 1) of the deepest."""
    return DepthMeter(body).measure()


class DepthMeter:
    """Walks over statements. `else if` is no deeper than its `if`; a block alone is not deeper
    than what it stands in."""

    def __init__(self, body):
        self.tokens = []
        for match in TOKEN.finditer(body):
            self.tokens.append((match.group(), body.count("\n", 0, match.start()) + 1))
        self.at = 0
        self.deepest = (0, 1)

    def measure(self):
        while self.at < len(self.tokens):
            before = self.at
            self.statement(0)
            if self.at == before:  # a stray brace
                self.at += 1
        return self.deepest

    def peek(self):
        return self.tokens[self.at][0] if self.at < len(self.tokens) else None

    def enter(self, depth):
        if depth > self.deepest[0]:
            self.deepest = (depth, self.tokens[min(self.at, len(self.tokens) - 1)][1])

    def parentheses(self):
        """Steps over ( … )."""
        level = 0
        while self.at < len(self.tokens):
            token = self.peek()
            level += (token == "(") - (token == ")")
            self.at += 1
            if level <= 0:
                return

    def statement(self, depth):
        token = self.peek()
        if token == "{":
            self.block(depth)
        elif token in LOOPS:
            self.control(depth)
        elif token == "do":
            self.enter(depth + 1)
            self.at += 1
            self.statement(depth + 1)
            self.expression(depth)
        elif token in ("case", "default"):
            while self.peek() not in (":", None):
                self.at += 1
            self.at += 1
        else:
            self.expression(depth)

    def block(self, depth):
        self.at += 1
        while self.peek() not in ("}", None):
            self.statement(depth)
        self.at += 1

    def control(self, depth):
        is_if = self.peek() == "if"
        self.enter(depth + 1)
        self.at += 1
        self.parentheses()
        self.statement(depth + 1)
        if is_if and self.peek() == "else":
            self.at += 1
            self.statement(depth if self.peek() == "if" else depth + 1)

    def expression(self, depth):
        """Up to the semicolon. A macro that begins a block, FOREACH (x) {, is a loop; other
        braces are initializers."""
        before_parenthesis = None
        previous = None
        while self.at < len(self.tokens):
            token = self.peek()
            if token == "}":
                return
            if token == "(":
                before_parenthesis = previous
                self.parentheses()
                previous = ")"
                continue
            if token == "{":
                if previous == ")" and is_macro_name(before_parenthesis):
                    self.enter(depth + 1)
                    self.block(depth + 1)
                    return
                self.initializer()
                previous = "}"
                continue
            self.at += 1
            if token == ";":
                return
            previous = token

    def initializer(self):
        level = 0
        while self.at < len(self.tokens):
            token = self.peek()
            level += (token == "{") - (token == "}")
            self.at += 1
            if level <= 0:
                return


def is_macro_name(token):
    return token is not None and re.fullmatch(r"[A-Za-z_]\w*", token) is not None and token not in (
        "return",
        "sizeof",
    )
