"""The submissions that are graded: a class of 40, and copies of the blank and of the solved notebook."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from costs.labs import Lab, loaded
from ottermark.audit.answer_files import build_notebook, find_answer_cells, with_answers

WHOLE = (
    "class/solution",
    "whole_submissions/other_ways",
    "whole_submissions/vscode",
)  # Otter refuses what Colab makes
PART = (
    *("answers_at_the_end", "forgets_plus_one", "never_trained"),
    *("seed_sheet", "thinks_in_squares"),
)
LAST_NETWORK = "q5_5"  # from this question on, right answers train networks or look at one
ENDLESS = """
def response_shape(input_shape, kernel_shape, strides=(1, 1), padding="valid"):
    steps = 0
    while steps * strides[0] <= input_shape[0]:
        position = steps + strides[0]
    return steps, steps

response_shape((5, 8), (3, 3), (2, 2))
"""
TOO_EARLY = "import kears\nfrom kears import layers"
HALF_A_LINE = "def response_shape(input_shape, kernel_shape\n    return (26, 26)"
PAGE = "<!DOCTYPE html>\n<title>Sign in</title>\n<p>Your session has ended.</p>\n"


def class_of_40(lab: Lab) -> Iterator[tuple[str, Any]]:  # noqa: C901 - a flat list in 40 lines
    """Yield kind and notebook of each submission; some are text that is no notebook.

    8 are whole and 14 in part, most of which train what they build. They are worked on from the
    top, with a slip in every third answer. 10 are blank or nearly, 7 broken, and 1 never ends.
    """
    draw = random.Random(40)
    blank, solved = loaded(lab.blank), loaded(lab.solution)
    own = {q: "".join(solved["cells"][i]["source"]) for q, i in find_answer_cells(solved).items()}
    training, rest = list(own)[:3], list(own)[3:]
    without_networks = rest[: rest.index(LAST_NETWORK)]

    def some(kind: str, question: str) -> str:
        return draw.choice(sorted((lab.corpus / kind / question).glob("*.py"))).read_text("utf-8")

    def begun(count: int, **more: str) -> Any:
        """The first answers, a third of them wrong, but for the networks that all else needs."""
        answers = {q: own[q] for q in list(own)[:count]}
        slips = [q for q in answers if q not in training and draw.random() < 1 / 3]
        return with_answers(blank, answers | {q: some("wrong", q) for q in slips} | more)

    for name in WHOLE:
        yield "whole", build_notebook(lab.corpus / f"{name}.py", lab.blank, lab.solution)
    for _ in range(5):
        yield "whole", with_answers(solved, {q: some("right", q) for q in without_networks})
    for name in PART:
        yield "part", build_notebook(lab.corpus / "class" / f"{name}.py", lab.blank, lab.solution)
    for count in range(5, 14):
        yield "part", begun(count)
    for _ in range(4):
        yield "little", loaded(lab.blank)
    for question in training[:1] * 3:
        yield "little", with_answers(blank, {question: own[question]})
    for kind in ("right", "wrong", "wrong"):
        yield "little", with_answers(blank, {q: some(kind, q) for q in rest[:3]})
    for count in (6, 9):
        yield "broken", begun(count, q2_7=HALF_A_LINE)
    for count in (1, 5):
        yield "broken", begun(count, q1_1=TOO_EARLY)
    without = begun(7)
    del without["cells"][next(i for i, c in enumerate(without["cells"]) if _imports(c))]
    yield "broken", without
    yield "broken", json.dumps(begun(10))[:60_000]
    yield "broken", PAGE
    yield "endless", begun(7, q2_7=ENDLESS)


def _imports(cell: Any) -> bool:
    return cell["cell_type"] == "code" and "import keras\n" in "".join(cell["source"])


def write_class(lab: Lab, folder: Path, few: bool) -> list[Path]:
    """Write the class in an order that is mixed, and the same each time; of ``few`` one a kind."""
    submissions = list(class_of_40(lab))
    if few:
        submissions = list(dict(reversed(submissions)).items())
    random.Random(1).shuffle(submissions)
    folder.mkdir()
    return [
        _write(folder / f"{n:02}_{kind}.ipynb", body) for n, (kind, body) in enumerate(submissions)
    ]


def write_copies(folder: Path, which: Path, count: int) -> list[Path]:
    """Write as many submissions that run the same; the name of each ends in that of the folder."""
    folder.mkdir()
    return [_write(folder / f"{n:02}_{folder.name}.ipynb", loaded(which)) for n in range(count)]


def _write(path: Path, body: Any) -> Path:
    """Write a submission; a comment in its first code makes it unlike all others."""
    if isinstance(body, str):
        text = body
    else:
        first = next(cell for cell in body["cells"] if cell["cell_type"] == "code")
        first["source"] = f"# {path.stem}\n{''.join(first['source'])}"
        text = json.dumps(body)
    path.write_text(text, encoding="utf-8")
    return path


def readable(submission: Path) -> Any:
    """Return the notebook in a file, None if there is none."""
    try:
        body = loaded(submission)
    except ValueError:
        return None
    return body
