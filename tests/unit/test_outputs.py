"""What a cell prints and displays, and how much of it is collected."""

from __future__ import annotations

import json
import time
from importlib.metadata import version
from typing import Any

import pytest

from ottermark.worker.kernel import text_of
from ottermark.worker.otter import make_otter_stub
from ottermark.worker.outputs import MAX_CELL_OUTPUT, Outputs, StreamText
from ottermark.worker.streams import OutputStream


def started() -> Outputs:
    outputs = Outputs()
    outputs.start()
    return outputs


def display(outputs: Outputs, text: str, display_id: str | None = None) -> None:
    content: dict[str, Any] = {"data": {"text/plain": text}, "metadata": {}}
    if display_id is not None:
        content["transient"] = {"display_id": display_id}
    outputs.publish("display_data", content)


def shown(outputs: Outputs) -> list[str]:
    return [
        item["text"] if item["output_type"] == "stream" else item["data"]["text/plain"]
        for item in outputs.stop()
    ]


def test_text_of_one_stream_is_joined() -> None:
    outputs = started()
    out, err = OutputStream("stdout", 1, outputs), OutputStream("stderr", 2, outputs)
    for stream, text in ((out, "a"), (out, "b"), (err, "c"), (out, "d")):
        print(text, file=stream)
    texts = [(item["name"], item["text"]) for item in outputs.stop()]
    assert texts == [("stdout", "a\nb\n"), ("stderr", "c\n"), ("stdout", "d\n")]


def test_a_stream_writes_text_only_and_only_while_it_is_open() -> None:
    stream = OutputStream("stdout", 1, started())
    data: Any = b"bytes"
    with pytest.raises(TypeError, match="must be str"):
        stream.write(data)
    stream.close()
    with pytest.raises(ValueError, match="closed"):
        stream.write("text")


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("1/2\r2/2", "2/2"),
        ("a long line\rshort", "shortg line"),  # as on a screen
        ("12%\b\b\b34%\n", "34%\n"),
        ("\b\bx", "x"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("one\ntwo\rTWO\nthree", "one\nTWO\nthree"),
    ],
)
def test_a_progress_bar_overwrites_its_line(written: str, text: str) -> None:
    whole, by_character = StreamText("stdout"), StreamText("stdout")
    whole.write(written)
    for character in written:
        by_character.write(character)
    assert str(whole) == str(by_character) == text
    assert whole.size == by_character.size == len(json.dumps(text)) - len('""')


def test_output_beyond_the_limit_is_left_out_with_a_notice() -> None:
    outputs = started()
    for _ in range(100):
        outputs.write("stdout", "x" * (MAX_CELL_OUTPUT // 50))
    *_, notice = texts = shown(outputs)
    assert "too long" in notice and sum(map(len, texts)) <= MAX_CELL_OUTPUT + len(notice)
    outputs.start()
    outputs.write("stdout", "next cell")
    assert shown(outputs) == ["next cell"]


@pytest.mark.slow
@pytest.mark.parametrize("character", ["x", "\n", "\N{SNOWMAN}", "\N{GRINNING FACE}", "\x1b"])
def test_a_limit_counts_the_bytes_of_a_message(character: str) -> None:
    outputs = started()
    outputs.write("stdout", character * MAX_CELL_OUTPUT)
    items = outputs.stop()
    assert MAX_CELL_OUTPUT / 3 < len(json.dumps(items)) < MAX_CELL_OUTPUT + 300


def test_the_limit_counts_what_is_shown() -> None:
    outputs = started()
    large = "x" * (MAX_CELL_OUTPUT // 3)
    for index in range(10):  # a plot that is drawn again and again
        outputs.publish("clear_output", {"wait": True})
        display(outputs, f"{large}{index}")
        outputs.write("stderr", f"\r{index} of 10")
    outputs.write("stdout", "done")
    assert shown(outputs) == [f"{large}9", "9 of 10", "done"]


def test_a_cell_that_was_cleared_after_it_was_too_long_shows_what_follows() -> None:
    outputs = started()
    outputs.write("stdout", "x" * 2 * MAX_CELL_OUTPUT)
    outputs.publish("clear_output", {"wait": False})
    outputs.write("stdout", "done")
    assert shown(outputs) == ["done"]


def test_a_progress_bar_of_any_length_fits() -> None:
    outputs = started()
    for step in range(MAX_CELL_OUTPUT // 50):
        outputs.write("stdout", f"\r{step:100}")
    outputs.write("stdout", "\ndone")
    assert shown(outputs)[0].endswith("\ndone")


def test_many_small_texts_take_time_in_proportion() -> None:
    """Joining the text again for every `print` would take minutes."""
    outputs, start = started(), time.process_time()
    for _ in range(MAX_CELL_OUTPUT // 20):
        outputs.write("stdout", "." * 10)
    assert time.process_time() - start < 20
    assert len(shown(outputs)[0]) == MAX_CELL_OUTPUT // 20 * 10


def test_clearing_waits_for_the_next_output_if_it_is_asked_to() -> None:
    outputs = started()
    display(outputs, "first")
    outputs.publish("clear_output", {"wait": True})
    assert shown(outputs) == ["first"]
    outputs.start()
    display(outputs, "first")
    outputs.publish("clear_output", {"wait": True})
    display(outputs, "second")
    assert shown(outputs) == ["second"]
    outputs.start()
    display(outputs, "first")
    outputs.publish("clear_output", {"wait": False})
    assert shown(outputs) == []


def test_a_display_is_updated_in_its_place() -> None:
    outputs = started()
    display(outputs, "before", "a")
    display(outputs, "other", "b")
    for text in ("after", "x" * MAX_CELL_OUTPUT):  # the second does not fit
        content = {"data": {"text/plain": text}, "metadata": {}, "transient": {"display_id": "a"}}
        outputs.publish("update_display_data", content)
    assert shown(outputs) == ["after", "other"]


def test_nothing_is_collected_between_cells() -> None:
    outputs = Outputs()
    OutputStream("stdout", 1, outputs).write("a thread")
    display(outputs, "a thread")
    assert outputs.stop() == []


def test_outputs_become_json() -> None:
    outputs = started()
    data = {"image/png": b"\x00", "other": {1, 2}}
    outputs.publish("display_data", {"data": data, "metadata": {}})
    (item,) = outputs.stop()
    assert item["data"] == {"image/png": "AA==", "other": "{1, 2}"}


def test_an_object_without_text_has_none() -> None:
    class Silent:
        def __str__(self) -> str:
            raise SystemExit

    assert text_of(Silent()) == "" and text_of(5) == "5"


def test_otters_checks_do_nothing_in_the_notebook() -> None:
    otter: Any = make_otter_stub()
    notebook = otter.Notebook("lab.ipynb")
    assert notebook.check("q1") is None and notebook.check_all() is None
    assert otter.__version__ == version("otter-grader") and not hasattr(otter, "assign")
