"""What a cell prints and displays, and how much of it is collected."""

from __future__ import annotations

from typing import Any

from ottermark.worker.otter import make_otter_stub
from ottermark.worker.shell import MAX_CELL_OUTPUT, Outputs, OutputStream, text_of


def started() -> Outputs:
    outputs = Outputs()
    outputs.start()
    return outputs


def test_text_of_one_stream_is_joined() -> None:
    outputs = started()
    out, err = OutputStream("stdout", outputs), OutputStream("stderr", outputs)
    for stream, text in ((out, "a"), (out, "b"), (err, "c"), (out, "d")):
        print(text, file=stream)
    texts = [(item["name"], item["text"]) for item in outputs.items]
    assert texts == [("stdout", "a\nb\n"), ("stderr", "c\n"), ("stdout", "d\n")]


def test_output_beyond_the_limit_is_left_out_with_a_notice() -> None:
    outputs = started()
    stream = OutputStream("stdout", outputs)
    for _ in range(100):
        stream.write("x" * (MAX_CELL_OUTPUT // 50))
    assert "too long" in outputs.items[-1]["text"]
    assert sum(len(item["text"]) for item in outputs.items) <= MAX_CELL_OUTPUT
    outputs.start()
    stream.write("next cell")
    assert outputs.items == [{"output_type": "stream", "name": "stdout", "text": "next cell"}]


def test_nothing_is_collected_between_cells() -> None:
    outputs = Outputs()
    OutputStream("stdout", outputs).write("a thread")
    assert outputs.items == []


def test_outputs_become_json() -> None:
    outputs = started()
    outputs.add({"output_type": "display_data", "data": {"image/png": b"\x00", "other": {1, 2}}})
    (item,) = outputs.as_json()
    assert item["data"] == {"image/png": "AA==", "other": "{1, 2}"}


def test_an_object_without_text_has_none() -> None:
    class Silent:
        def __str__(self) -> str:
            raise SystemExit

    assert text_of(Silent()) == "" and text_of(5) == "5"


def test_otters_checks_do_nothing_in_the_notebook() -> None:
    notebook: Any = make_otter_stub().Notebook("lab.ipynb")
    assert notebook.check("q1") is None and notebook.check_all() is None
