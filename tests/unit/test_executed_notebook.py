"""What of a cell's outputs stands in the executed notebook."""

from __future__ import annotations

import base64
from typing import Any

from ottermark.results.executed_notebook import MAX_ALTERNATIVE, MAX_CELL, ExecutedNotebook
from ottermark.review.executed import shown_cells
from ottermark.submissions.notebook import SubmittedNotebook


def shown(*outputs: Any) -> list[dict[str, Any]]:
    cells = [{"cell_type": "code", "source": "", "metadata": {}}]
    executed = ExecutedNotebook()
    executed.add(0, outputs)
    notebook = executed.notebook(SubmittedNotebook("ann", {"cells": cells}, b""), [])
    outputs_shown: list[dict[str, Any]] = notebook["cells"][0]["outputs"]
    return outputs_shown


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def display(**data: str) -> dict[str, Any]:
    forms = {name.replace("_", "/"): value for name, value in data.items()}
    return {"output_type": "display_data", "data": forms, "metadata": {"trusted": True}}


def test_markdown_is_shown_as_the_text_that_it_is() -> None:
    source = "<img src=x onerror=alert(1)> ![](https://example.org/seen.png) **ok**"
    (output,) = shown(display(text_plain="<Markdown object>", text_markdown=source))
    assert output["data"] == {"text/plain": source} and output["metadata"] == {}


def test_a_text_that_is_too_long_is_cut_and_not_left_out() -> None:
    text, notice = shown(stream("x" * 2 * MAX_CELL), stream("never shown"))
    assert text["text"] == "x" * MAX_CELL and "too long" in notice["text"]


def test_a_limit_counts_what_is_shown() -> None:
    hidden = display(text_html="x" * 2 * MAX_CELL, text_plain="a table")
    table, text = shown(hidden, stream("after"))
    assert table["data"] == {"text/plain": "a table"} and text["text"] == "after"


def test_a_picture_that_does_not_fit_is_left_out() -> None:
    text, notice = shown(stream("before"), display(image_png="A" * (MAX_CELL + 4)))
    assert text["text"] == "before" and "too long" in notice["text"]


def test_a_picture_of_too_many_pixels_leaves_its_text() -> None:
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    for side, kinds in ((26_000, {"text/plain"}), (260, {"text/plain", "image/png"})):
        sizes = side.to_bytes(4, "big") * 2
        picture = base64.b64encode(head + sizes).decode()
        (output,) = shown(display(image_png=picture, text_plain="<Figure>"))
        assert output["data"].keys() == kinds


def test_outputs_of_nothing_count_too() -> None:
    executed = ExecutedNotebook()
    empty = [stream(""), {"output_type": "error", "traceback": [""] * 100}] * 50_000
    for cell in range(30):
        executed.add(cell, empty)
    cells = [{"cell_type": "code", "source": "", "metadata": {}}] * 30
    notebook = executed.notebook(SubmittedNotebook("ann", {"cells": cells}, b""), [])
    kept = [output for cell in notebook["cells"] for output in cell["outputs"]]
    assert len(kept) < 20_000 and sum(len(output.get("traceback", ())) for output in kept) < 800_000


def test_a_picture_keeps_its_description_and_nothing_else() -> None:
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes([0, 0, 1, 4] * 2)).decode()
    output = display(image_png=picture)
    long = "a cat\n on a mat " * 100
    for alt, kept in (("a cat\n on a mat", "a cat on a mat"), (long, None), (["x"], ""), ("", "")):
        metadata = {"image/png": {"alt": alt, "width": 3}, "image/jpeg": {"alt": "none"}}
        (result,) = shown({**output, "metadata": metadata})
        if kept is None:
            text = result["metadata"]["image/png"]["alt"]
            assert len(text) == MAX_ALTERNATIVE and text.startswith("a cat on a mat a cat")
        else:
            assert result["metadata"] == ({"image/png": {"alt": kept}} if kept else {})


def test_the_page_of_a_notebook_describes_its_pictures() -> None:
    outputs = [
        {"output_type": "display_data", "data": {"image/png": "AAAA"}, "metadata": metadata}
        for metadata in ({}, None, {"image/png": {"alt": '<b>"curves"'}})
    ]
    cell = {"cell_type": "code", "source": "", "metadata": {}, "outputs": outputs}
    (page,) = shown_cells([cell], "/")
    texts = [str(html) for html in page.outputs]
    assert ["Picture that the cell has drawn" in text for text in texts] == [True, True, False]
    assert 'alt="&lt;b&gt;&#34;curves&#34;"' in texts[2]
