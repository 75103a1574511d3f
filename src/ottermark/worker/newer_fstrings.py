"""F-strings of Python 3.12 and later in the words of earlier versions.

Since 3.12 the parts in braces may hold any code: the quotes around them, backslashes, comments and
further lines. Students who write so may be graded by Python 3.11. There, such an f-string gets quotes
of three, and the texts in its braces other quotes.
"""

from __future__ import annotations

import ast
import re
import sys

_STRING = re.compile(r"(?<!\w)([rbuf]{0,2})('''|\"\"\"|'|\")", re.I)
_ESCAPE = re.compile(r"\\(?:N\{[^}]*\}|.)", re.S)
_UNWRITABLE = "it has no place in an f-string of Python 3.11"
_OUTER = '"""'
_INNER = ("'", '"')  # of texts in its braces, and of texts in the braces of these


def in_older_python(lines: list[str]) -> list[str]:
    """Return the code of a cell as this version of Python reads it; unchanged if it does or cannot.

    Lines keep their numbers.
    """
    if sys.version_info >= (3, 12):
        return lines
    source = "".join(lines)
    try:
        ast.parse(source)
    except SyntaxError:
        try:
            rewritten = _Rewriting(source).code()
            ast.parse(rewritten)
        except (SyntaxError, ValueError, RecursionError):
            return lines
        return rewritten.splitlines(keepends=True)
    except (ValueError, RecursionError, MemoryError):  # the compiler says the same
        return lines
    return lines


class _Rewriting:
    """Goes through code once.

    Args:
        text: the code.
    """

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def code(self, quotes: tuple[str, ...] | None = None) -> str:
        """Return what follows: all of it, or the code in the braces of an f-string.

        Args:
            quotes: that texts in braces may have; None outside of braces.
        """
        parts: list[str] = []
        depth = 0
        while self._at < len(self._text):
            string = _STRING.match(self._text, self._at)
            character = self._text[self._at]
            if string:
                parts.append(self._string(string, quotes))
            elif character == "#":
                end = self._text.find("\n", self._at)
                comment = self._take(self._text[self._at : end if end >= 0 else None])
                parts.append(comment if quotes is None else "")
            elif quotes is not None and not depth and self._ends_code(character):
                break
            else:
                depth += (character in "([{") - (character in ")]}")
                parts.append(self._take(character))
        return "".join(parts)

    def _take(self, text: str) -> str:
        self._at += len(text)
        return text

    def _ends_code(self, character: str) -> bool:
        is_conversion = character == "!" and not self._text.startswith("!=", self._at)
        return character in "}:" or is_conversion

    def _string(self, match: re.Match[str], quotes: tuple[str, ...] | None) -> str:
        prefix, quote = match.groups()
        if "f" in prefix.lower():
            self._at = match.end()
            return self._formatted(prefix, quote, quotes)
        end = match.end()
        while not self._text.startswith(quote, end):
            end += 2 if self._text[end : end + 1] == "\\" else 1
            if end >= len(self._text):
                raise ValueError(_UNWRITABLE)
        literal = self._take(self._text[self._at : end + len(quote)])
        return literal if quotes is None else _in_braces(ast.literal_eval(literal), quotes)

    def _formatted(self, prefix: str, quote: str, quotes: tuple[str, ...] | None) -> str:
        if quotes == ():
            raise ValueError(_UNWRITABLE)
        own, *inner = (_OUTER, *_INNER) if quotes is None else quotes
        is_plain = quotes is None and "r" not in prefix.lower()
        body = self._parts(quote, own, tuple(inner), is_plain)
        self._take(quote)
        return f"{prefix}{own}{body}{own}"

    def _parts(self, end: str, own: str, inner: tuple[str, ...], is_plain: bool) -> str:
        """Return the texts and braces of an f-string, or of a format in its braces, up to its end.

        Args:
            own: the quotes that it gets.
            inner: those of the texts in its braces.
            is_plain: whether it may have backslashes that escape something.
        """
        parts = []
        while not self._text.startswith(end, self._at):
            if self._at >= len(self._text):
                raise ValueError(_UNWRITABLE)
            character = self._text[self._at]
            if self._text[self._at : self._at + 2] in ("{{", "}}"):
                parts.append(self._take(character * 2))
            elif character == "{":
                parts.append(self._braces(own, inner, is_plain))
            elif is_plain and (escape := _ESCAPE.match(self._text, self._at)):
                parts.append(self._take(escape[0]))
            elif is_plain and character == own[0]:
                parts.append("\\" + self._take(character))
            elif character == own[0] or (own != _OUTER and character in "\\\n"):
                raise ValueError(_UNWRITABLE)
            else:
                parts.append(self._take(character))
        return "".join(parts)

    def _braces(self, own: str, inner: tuple[str, ...], is_plain: bool) -> str:
        parts = [self._take("{"), self.code(inner)]
        if self._text.startswith("!", self._at):
            parts.append(self._take(self._text[self._at : self._at + 2]))
        if self._text.startswith(":", self._at):
            parts += [self._take(":"), self._parts("}", own, inner, is_plain)]
        if not self._text.startswith("}", self._at):
            raise ValueError(_UNWRITABLE)
        return "".join([*parts, self._take("}")])


def _in_braces(value: str | bytes, quotes: tuple[str, ...]) -> str:
    """Return the code of a text, without backslashes."""
    if isinstance(value, bytes) or not quotes:
        raise ValueError(_UNWRITABLE)
    quote = next((q for q in quotes if q not in value), quotes[0])
    odd = re.compile(rf"([\\{quote}]|[^\x20-\x7e\xa1-\U0010ffff])")
    if not odd.search(value):
        return f"{quote}{value}{quote}"
    pieces = [
        f"chr({ord(piece)})" if odd.fullmatch(piece) else f"{quote}{piece}{quote}"
        for piece in odd.split(value)
        if piece
    ]
    return f"({' + '.join(pieces)})"
