"""Whatever a student's bytes are, each of the grader's readers gives a value or one of our own errors.

What a reader may do is bounded in work: in functions that are called, which no busy machine changes. What
C code does in one call is not counted so; the long run bounds its processor time, generously.
"""

from __future__ import annotations

import io
import json
import socket
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ottermark.assignment import Assignment, Question
from ottermark.errors import OttermarkError
from ottermark.models.evaluator import Evaluator
from ottermark.models.keras_model import KerasModel, make_model
from ottermark.notebook_html import code, student_text
from ottermark.protocol.channel import Channel
from ottermark.protocol.codec import Decoder
from ottermark.protocol.proxies import RemoteModel, ValueRejectedError
from ottermark.reports.html import inline_html, markdown_html
from ottermark.reports.similarity import find_similar_pairs
from ottermark.results.document import ResultDocument
from ottermark.results.executed_notebook import ExecutedNotebook
from ottermark.submissions.answer_code import read_answer_code
from ottermark.submissions.collect import collect
from ottermark.submissions.grading_places import headings_above
from ottermark.submissions.notebook import SubmittedNotebook, is_untouched, read_submission
from ottermark.submissions.written_answers import cell_digest, read_written_answers
from ottermark.text import markdown_block, markdown_code, markdown_line

QUICK, LONG = 15, 1_500  # inputs for each reader
MAX_CALLS = 3_000_000  # of functions, for one input
MAX_SECONDS = 20  # of the processor, for one input of the long run
PROMPT, BLANK = "### Why?\n\nSay why.", "_Type your answer here._"
LAB = Assignment(
    name="lab",
    notebook="lab.ipynb",
    questions=(
        Question("q1", 2, False, ("pair",), check_cell="check-1"),
        Question("q2", 2, True, prompt=PROMPT, placeholder=BLANK),
    ),
    imports=(),
    student_files=(),
    starter_cells=(cell_digest(PROMPT), cell_digest("The end.")),
    starter_code="import otter",
)

# ----------------------------------------------------------------------------- what comes in

PIECES = [
    *(
        PROMPT,
        BLANK,
        "The end.",
        "# Title\n",
        "### Why?",
        "pair = (4, 5)\n",
        'grader.check("q1")\n',
    ),
    *("\ud800", "\x00", "\u202e", "\u2028", "\x1c", "\r", "\n", " \n", "\t", " ", "a", "=1+1"),
    *(
        "```",
        "~~~\n",
        "$",
        "$$",
        "\\begin{align}\n",
        "\\frac{",
        "\\sqrt{",
        "<b>",
        "<!--",
        "</",
        "&#",
    ),
    *(
        "[",
        "](",
        "![",
        "](data:",
        "**",
        "_",
        "~~",
        "> ",
        "- ",
        "1. ",
        "|",
        "|-",
        "`",
        "\\",
        "{",
        "}",
    ),
    *(
        "(",
        ")",
        '"',
        "'''",
        "f'{",
        "#",
        "%m\n",
        "!x\n",
        "lambda: ",
        "if 1:\n ",
        "def f():\n ",
        "-",
        "1+",
    ),
]
texts = st.lists(
    st.tuples(
        st.sampled_from(PIECES) | st.text(max_size=5), st.sampled_from([1, 1, 1, 3, 40, 900])
    ),
    max_size=6,
).map(lambda parts: "".join(piece * times for piece, times in parts)[:20_000])
names = st.sampled_from(
    ["lab.ipynb", "a.ipynb", "x/lab.ipynb", "../a.ipynb", "a.zip", ".a.ipynb", "n\0.ipynb", "a.pdf"]
) | st.text(min_size=1, max_size=20)
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


def of_kind(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return what mostly is of a kind, and sometimes of none."""
    return st.one_of(usual, usual, usual, odd)


cells = st.fixed_dictionaries(
    {"cell_type": of_kind(st.sampled_from(["code", "markdown", "raw"]))},
    optional={
        "source": of_kind(texts | st.lists(texts, max_size=4)),
        "metadata": of_kind(st.fixed_dictionaries({"otter": of_kind(st.just({"tests": ["q1"]}))})),
        "id": of_kind(st.sampled_from(["check-1", "", "x"])),
        "attachments": of_kind(st.dictionaries(texts, st.just({"image/png": "iVBORw0KGgo"}))),
        "outputs": odd,
    },
)
notebooks = st.fixed_dictionaries(
    {"nbformat": of_kind(st.just(4)), "cells": of_kind(st.lists(of_kind(cells), max_size=12))},
    optional={"metadata": of_kind(st.just({"otter": {"assignment_name": "lab"}}))},
)


def as_json(body: Any) -> bytes:
    return json.dumps(body).encode()


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Draw bytes that are mostly as they should be, or cut, doubled, or changed at some places."""
    data = bytearray(draw(whole))
    for _ in range(draw(st.sampled_from([0, 0, 1, 3])) if data else 0):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.sampled_from([len(data)] * 4 + [len(data) // 2]))])


def zip_of(members: list[tuple[str, bytes]]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members:
            info = zipfile.ZipInfo("a")
            info.filename = name.encode(
                "utf-8", "replace"
            ).decode()  # as it stands, slashes and all
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return data.getvalue()


files = damaged(notebooks.map(as_json))
zips = damaged(st.lists(st.tuples(names, files), max_size=5).map(zip_of))
nested_zips = damaged(st.lists(st.tuples(names, files | zips), max_size=3).map(zip_of))

TAGS = [
    *(
        "int",
        "float",
        "ellipsis",
        "list",
        "tuple",
        "set",
        "frozenset",
        "dict",
        "fraction",
        "decimal",
    ),
    *("complex", "scalar", "array", "objects", "frame", "series", "function", "model", "output"),
    *("weight", "type", "opaque", "tagged", "", "_", "checked_shape"),
]
numerals = st.sampled_from(["1", "-3", "9" * 401, "1e500", "nan", "sNaN", "0", "x", "\u0661"])
types = st.sampled_from(["<f8", "|b1", "<i4", "<f2", "<c16", "O", "<M8[ns]", "|V8", "f8,f8"])
shapes = st.lists(st.integers(-1, 4) | st.sampled_from([2**40, True, None]), max_size=4)
steps = st.tuples(
    st.sampled_from(["Dense", "tf.AddV2", "InputLayer", "a b", ""]),
    *(texts, st.just(["dict", []]), st.just(["list", []])),
    *(st.just(["list", [["output", -1, 0]]]), st.just(["dict", []])),
)
models = st.tuples(
    *(st.just("model"), st.integers(0, 3), st.just("m")),
    st.tuples(
        st.lists(steps, max_size=3),
        st.sampled_from(
            [["output", -1, 0], ["output", 0, 0], ["output", 9, 9], ["weight", 0], None]
        ),
        st.sampled_from([[None, 3], [None], [], [2**40, 2**40], [None, None]]),
        *(st.sampled_from(["float32", "int32", "object", "no such"]), texts, texts),
    ),
)
nodes: st.SearchStrategy[Any] = st.recursive(
    odd | numerals | models,
    lambda inner: st.one_of(
        st.tuples(
            st.sampled_from(["list", "tuple", "set", "frozenset"]), st.lists(inner, max_size=5)
        ),
        st.tuples(st.just("dict"), st.lists(st.tuples(inner, inner), max_size=4)),
        st.tuples(st.sampled_from(["int", "decimal", "float"]), numerals),
        st.tuples(st.just("array"), types, shapes, st.integers(-1, 3)),
        st.tuples(st.just("objects"), shapes, st.lists(inner, max_size=4)),
        st.tuples(st.just("scalar"), types, inner),
        st.tuples(st.just("frame"), st.lists(st.tuples(inner, inner), max_size=3), inner),
        st.tuples(st.just("series"), inner, inner, inner),
        st.tuples(st.just("type"), st.sampled_from(["builtins", "numpy"]), texts),
        st.lists(inner, max_size=5).flatmap(
            lambda parts: st.sampled_from(TAGS).map(lambda tag: [tag, *parts])
        ),
    ),
    max_leaves=12,
)
outputs = st.lists(
    of_kind(
        st.fixed_dictionaries(
            {"output_type": of_kind(st.sampled_from(["stream", "error", "display_data"]))},
            optional={
                "text": of_kind(texts),
                "evalue": of_kind(texts),
                "traceback": of_kind(st.lists(texts, max_size=3)),
                "data": of_kind(
                    st.dictionaries(st.sampled_from(["text/plain", "image/png", "text/html"]), odd)
                ),
            },
        )
    ),
    max_size=6,
)

# ----------------------------------------------------------------------------- what reads it


class Peer:
    """A worker that answers nothing."""

    changed_arguments = False

    def __init__(self) -> None:
        self.rejections: list[ValueRejectedError] = []

    def call(self, *_: Any) -> Any:
        raise ValueRejectedError("no")


def read_notebook(raw: bytes, suffix: str = ".ipynb") -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        path.write_bytes(raw)
        is_untouched(LAB, path)
        notebook = read_submission(path, "a", LAB)
    places = notebook.grading_places(LAB)
    assert all(0 <= n < len(notebook.cells) for place in places.values() for n in place.cells)
    assert len(headings_above(notebook.cells)) == len(notebook.cells)
    read_written_answers(notebook.cells, LAB)
    read_answer_code(notebook.cells, LAB, places, {"q1": len(notebook.cells) - 1})


def collect_files(members: list[tuple[str, bytes]]) -> None:
    with TemporaryDirectory() as folder:
        for name, content in members:
            parts = [part for part in name.replace("\0", "").split("/") if part.strip(".")]
            path = Path(
                folder, "class", *(part.encode("utf-8", "replace").decode()[:60] for part in parts)
            )
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            except OSError:  # one file is the folder of another
                continue
        with collect([Path(folder, "class")], LAB) as collected:
            assert len({s.name.casefold() for s in collected.submissions}) == len(
                collected.submissions
            )


def receive(data: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**20)
        ours.sendall(data[:100_000])
        ours.close()
        Channel(theirs).receive(time.monotonic() + 5)


def decode(node: Any) -> None:
    evaluator = Evaluator(lambda: pytest.fail("nothing describes a model that is whole"))
    received: list[KerasModel] = []

    def make(remote: RemoteModel) -> Any:
        model = make_model(remote, evaluator)
        received.extend([model] if isinstance(model, KerasModel) else [])
        return model

    blobs = [b"8 bytes!", b"\1", b""]
    try:
        value = Decoder(blobs, Peer(), make_model=make).decode(json.loads(json.dumps(node)))
        repr(value)
    finally:
        assert not any(model.is_verified for model in received)


def show_outputs(items: Any) -> None:
    executed = ExecutedNotebook()
    executed.add(0, items)
    cell = {"cell_type": "code", "source": "", "metadata": {}}
    json.dumps(executed.notebook(SubmittedNotebook("a", {"cells": [cell]}, b""), []))


def render(text: str) -> None:
    for show in (student_text, code, markdown_html, markdown_code, markdown_line, markdown_block):
        show(text)
    inline_html(text, 100)


def render_for_markers(text: str) -> None:
    pytest.importorskip("nh3")
    from ottermark.review.plain_text import plain_text
    from ottermark.review.safe_html import student_html

    student_html.__wrapped__(text)
    plain_text.__wrapped__(text)


def messages(body: Any) -> bytes:
    text = as_json(body)
    return struct.pack("!II", len(text), 0) + text


READERS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], object]]] = {
    "values": (nodes, decode),
    "messages": (damaged(odd.map(messages)), receive),
    "notebooks": (files, read_notebook),
    "archives": (nested_zips, lambda raw: read_notebook(raw, ".zip")),
    "folders": (st.lists(st.tuples(names, files | zips), min_size=1, max_size=6), collect_files),
    "outputs": (outputs, show_outputs),
    "results": (damaged(odd.map(as_json)), ResultDocument.from_json),
    "similar code": (texts, lambda text: find_similar_pairs({"a": text, "b": "x = 1"}, "y = 2")),
    "pages": (texts, render),
    "marking page": (texts, render_for_markers),
}


@contextmanager
def bounded(calls: int, seconds: float | None) -> Iterator[None]:
    """Fail if what runs inside calls more functions, or takes more processor time, than it may."""
    count = 0

    def notice(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    start = time.process_time()
    sys.setprofile(notice)
    try:
        yield
    finally:
        sys.setprofile(None)
    assert count < calls, f"{count:,} calls of functions"
    assert seconds is None or time.process_time() - start < seconds


def property_of(reader: str, examples: int, calls: int, seconds: float | None = None) -> Any:
    """Return the property that a reader fulfils, as Hypothesis tests it with so many inputs."""
    inputs, read = READERS[reader]

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=seconds is None,
        suppress_health_check=list(HealthCheck),
    )
    @given(inputs)
    def run(value: Any) -> None:
        with bounded(calls, seconds):
            try:
                read(value)
            except OttermarkError as error:
                assert len(str(error)) < 5_000

    return run


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_gives_a_value_or_an_error_of_ours(reader: str) -> None:
    property_of(reader, QUICK, MAX_CALLS)()


@pytest.mark.sweep
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_gives_a_value_or_an_error_of_ours_for_long(reader: str) -> None:
    property_of(reader, LONG, MAX_CALLS, MAX_SECONDS)()
