"""results.json: what Gradescope would not take is never written, and what stands is not touched."""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ottermark.results.document import InvalidResultsError, checked, write_results

Body = dict[str, Any]
TEXT = {"name", "output", "number", "output_format", "name_format", "visibility", "status"}
WORDS = {
    "visibility": ["hidden", "after_due_date", "after_published", "visible"],
    "format": ["text", "html", "simple_format", "md", "ansi"],
    "status": ["passed", "failed"],
    "order": ["asc", "desc"],
}
CASES = 4_000
DEEP: list[Any] = []
for _ in range(5_000):
    DEEP = [DEEP]


def valid(draw: random.Random) -> Body:
    """Return a results.json as Gradescope's specification allows it, with any of its fields."""

    def some(**fields: Any) -> Body:
        return {key: value for key, value in fields.items() if draw.random() < 0.6}

    def text(length: int = 40) -> str:
        letters = "abc `*<>é😀\u202e\n\0\ud83d"
        return "".join(draw.choice(letters) for _ in range(draw.randint(1, length)))

    def test() -> Body:
        scored = {"score": draw.choice([0, 1, 2.5]), "max_score": 4, "number": text()}
        return {
            "name": text(),
            "output": draw.choice(["", text(), "x" * 100_000]),
            "visibility": draw.choice(WORDS["visibility"]),
            **(scored if draw.random() < 0.7 else {}),
            **some(
                status=draw.choice(WORDS["status"]),
                output_format=draw.choice(WORDS["format"]),
                name_format=draw.choice(WORDS["format"]),
                tags=[text() for _ in range(draw.randint(0, 3))],
                extra_data={"any": [None, text(), {"thing": 1}]},
            ),
        }

    def column() -> Body:
        value = draw.choice([1, 2.5, "42"])
        return {"name": text(), "value": value, **some(order=draw.choice(WORDS["order"]))}

    return {
        "score": draw.choice([0, 3, 77.25]),
        "tests": [test() for _ in range(draw.randint(1, 4))],
        **some(
            execution_time=1.5,
            output=text(),
            output_format=draw.choice(WORDS["format"]),
            test_output_format=draw.choice(WORDS["format"]),
            test_name_format=draw.choice(WORDS["format"]),
            visibility=draw.choice(WORDS["visibility"]),
            stdout_visibility=draw.choice(WORDS["visibility"]),
            extra_data={"status": "graded"},
            leaderboard=[column() for _ in range(draw.randint(0, 3))],
        ),
    }


def objects(body: Body) -> list[Body]:
    """Return the objects whose keys Gradescope knows."""
    return [body, *body["tests"], *body.get("leaderboard", [])]


def lacks(body: Body, draw: random.Random) -> None:
    where = draw.choice(objects(body))
    needed = [
        key
        for key in (
            "score",
            "tests",
            "name",
            "output",
            "visibility",
            "value",
            "max_score",
            "number",
        )
        if key in where and not (where is body and key in ("output", "visibility"))
    ]
    del where[draw.choice(needed)]


def wrong_type(body: Body, draw: random.Random) -> None:
    where = draw.choice(objects(body))
    key = draw.choice(sorted(where))
    others: list[Any] = [None, True, [[]], {"a": 1}, 3, "text", [1]]
    like = type(where[key])
    number = like in (int, float)
    fitting = [
        other
        for other in others
        if type(other) is not like
        and not (number and type(other) in (int, float))
        and not (key == "value" and type(other) in (int, float, str))
    ]
    where[key] = draw.choice([o for o in fitting if not (like is list and isinstance(o, list))])


def unknown_word(body: Body, draw: random.Random) -> None:
    where = draw.choice(objects(body))
    key = draw.choice(["visibility", "output_format", "status", "order"])
    where[key] = draw.choice(["", "Visible", "shown", "markdown", "pass", "up"])


def unknown_key(body: Body, draw: random.Random) -> None:
    draw.choice(objects(body))[draw.choice(["max_scores", "Score", "", "points"])] = 1


def no_number(body: Body, draw: random.Random) -> None:
    where = draw.choice([body, *body["tests"]])
    bad = draw.choice([math.nan, math.inf, -math.inf])
    if draw.random() < 0.5:
        where |= (
            {"score": bad, "max_score": 1, "number": "q"} if where is not body else {"score": bad}
        )
    else:
        where.setdefault("extra_data", {})["deep"] = [{"number": bad}]


def too_long(body: Body, draw: random.Random) -> None:
    where = draw.choice(objects(body))
    if where is body or ("output" in where and draw.random() < 0.5):
        where["output"] = "x" * 100_001
    else:
        where["name"] = draw.choice(["x" * 301, ""])


def no_json(body: Body, draw: random.Random) -> None:
    where = draw.choice([body, *body["tests"]]).setdefault("extra_data", {})
    where["thing"] = draw.choice([{1, 2}, b"bytes", object(), {(1, 2): 3}, where, 1j, Path(), DEEP])


BREAKING: list[Callable[[Body, random.Random], None]] = [
    *(lacks, wrong_type, unknown_word, unknown_key, no_number, too_long, no_json)
]


def test_what_gradescope_takes_is_taken() -> None:
    for seed in range(500):
        body = valid(random.Random(seed))
        whole = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        assert json.loads(checked(body)) == json.loads(whole)


@pytest.mark.slow
@pytest.mark.parametrize("breaking", BREAKING, ids=lambda f: f.__name__)
def test_what_is_broken_is_never_written(
    breaking: Callable[[Body, random.Random], None], tmp_path: Path
) -> None:
    target = tmp_path / "results.json"
    write_results(target, valid(random.Random("stands")))
    stands = target.read_bytes()
    for number in range(CASES // len(BREAKING)):
        draw = random.Random(f"{breaking.__name__} {number}")
        body = copy.deepcopy(valid(draw))
        breaking(body, draw)
        with pytest.raises(InvalidResultsError):
            write_results(target, body)
        assert target.read_bytes() == stands
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


@pytest.mark.parametrize("body", [None, [], "text", 3, {}, {"score": 1}, {"tests": []}])
def test_what_is_no_results_at_all(body: Any) -> None:
    with pytest.raises(InvalidResultsError):
        checked(body)


def test_halves_of_characters_are_replaced_not_refused(tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    body = valid(random.Random(1)) | {"output": "a \ud83d half"}
    write_results(target, body)
    assert json.loads(target.read_text(encoding="utf-8"))["output"] == "a ? half"
