"""F-strings of Python 3.12 give in earlier versions what they give there."""

from __future__ import annotations

from typing import Any

import pytest

from ottermark.worker.newer_fstrings import in_older_python

NAMES: dict[str, Any] = {"d": {"a": 1, "it's": 2}, "xs": ["p", "q"], "w": 6}
NEWER = {
    'f"{d["a"]}"': "1",
    "f'{d['a']:>4}'": "   1",
    'f"{"\\n".join(xs)}!"': "p\nq!",
    'f"{d["it\'s"]}"': "2",
    'f"say \\"{d["a"]}\\" {{x}} \\n"': 'say "1" {x} \n',
    'f"{f"{d["a"]:>{w}}"}"': "     1",
    '"x{" f"{d["a"]}" \'y\'': "x{1y",
    'f"{d["a"]=}"': "d['a']=1",
    'f"{d["a"]!r:>{w}}|{w != 5}"': "     1|True",
    'f"{"\\\\".join(xs)}"': "p\\q",
    'f"{xs[\n  0 # c\n]}"': "p",
    'f"""{d["a"]} {\'\\t\'.join(xs)} "quoted" """': '1 p\tq "quoted" ',
    "f'\"{d['a']}\"'": '"1"',
    'f"{", ".join(f"{k}={v}" for k, v in d.items() if k == "a")}"': "a=1",
    'f"\\N{DEGREE SIGN} {d["a"]}"': "° 1",
    'rf"\\d{d["a"]}"': "\\d1",
    'f"{"é".upper()}"': "É",
    'f"{"" or "b"}"': "b",
    'f"{(lambda x: x["a"])(d)}"': "1",
    'f"{"it\'s \\"q\\""}"': 'it\'s "q"',
    'f"{d["a"]:{"0"}>{w}}"': "000001",
}


@pytest.mark.parametrize(("source", "text"), NEWER.items(), ids=range(len(NEWER)))
def test_an_f_string_gives_what_it_gives_in_newer_versions(source: str, text: str) -> None:
    cell = f"before = 0\nanswer = ({source})\nafter = 0\n"
    code = "".join(in_older_python(cell.splitlines(keepends=True)))
    names = dict(NAMES)
    exec(code, names)
    assert names["answer"] == text.replace("d['a']=", 'd["a"]=' if code == cell else "d['a']=")
    assert code.count("\n") == cell.count("\n")


@pytest.mark.parametrize(
    "source",
    [
        "f'{x}' 'y'",
        "x = (",
        "x = f'{",
        "x = 'abc",
        "f'{\"}'",
        "f'{b\"\\n\"}'",
        """f'{f"{f'{f"{1}"}'}"}'""",
        "x = 1\0",
        "f'{" * 3_000,
        "'" * 3_001,
    ],
    ids=lambda source: ascii(source[:12]),
)
def test_what_cannot_be_read_or_needs_no_change_is_left_as_it_is(source: str) -> None:
    assert in_older_python([source]) == [source]
