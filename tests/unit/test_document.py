"""The result document: what Gradescope would refuse is never written, and its schema is current."""

from __future__ import annotations

import copy
import json
import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ottermark.results.document import InvalidResultsError, ResultDocument, schema

SCHEMA = Path(__file__).parents[2] / "docs" / "results.schema.json"
Body = dict[str, Any]
WORDS = {
    "visibility": ["hidden", "after_due_date", "after_published", "visible"],
    "format": ["text", "html", "simple_format", "md", "ansi"],
    "status": ["passed", "failed"],
    "order": ["asc", "desc"],
    "part": ["run", "question", "form", "hint", "written"],
    "state": ["answered", "empty", "missing"],
}
# null stands for a field that is left out
OPTIONAL = {
    *("status", "name_format", "output_format", "extra_data", "execution_time", "order"),
    *("test_output_format", "test_name_format", "stdout_visibility", "leaderboard"),
}
CASES = 4_000
DEEP: list[Any] = []
for _ in range(5_000):
    DEEP = [DEEP]


def checked(body: Any) -> str:
    """Return the text of a results.json; raises ``InvalidResultsError``."""
    return ResultDocument.from_object(body).to_json()


def write(path: Path, body: Any) -> None:
    ResultDocument.from_object(body).write(path)


def valid(draw: random.Random) -> Body:
    """Return a results.json with any of Gradescope's fields and any of our own."""

    def some(**fields: Any) -> Body:
        return {key: value for key, value in fields.items() if draw.random() < 0.6}

    def text(length: int = 40) -> str:
        letters = "abc `*<>é😀\u202e\n\0\ud83d"
        return "".join(draw.choice(letters) for _ in range(draw.randint(1, length)))

    def texts() -> list[str]:
        return [text() for _ in range(draw.randint(1, 3))]

    def case() -> Body:
        return {
            "name": text(),
            "hidden": draw.random() < 0.5,
            "points": draw.choice([0, 1.5]),
            "passed": draw.random() < 0.5,
            **some(message=text()),
        }

    def entry_facts() -> Body:
        return {
            "part": draw.choice(WORDS["part"]),
            **some(
                question="q1",
                notes=texts(),
                cases=[case() for _ in range(draw.randint(1, 3))],
                misconceptions=texts(),
                look=texts(),
                fails_on={"f": text()},
                unexplained={"x": text()},
            ),
        }

    def test() -> Body:
        scored = {"score": draw.choice([0, 1, 2.5]), "max_score": 4, "number": text()}
        return {
            "name": text(),
            "output": "x" * 100_000 if draw.random() < 0.1 else draw.choice(["", text()]),
            "visibility": draw.choice(WORDS["visibility"]),
            **(scored if draw.random() < 0.7 else {}),
            **some(
                status=draw.choice(WORDS["status"]),
                output_format=draw.choice(WORDS["format"]),
                name_format=draw.choice(WORDS["format"]),
                tags=texts(),
                extra_data=entry_facts(),
            ),
        }

    def column() -> Body:
        value = draw.choice([1, 2.5, "42"])
        return {"name": text(), "value": value, **some(order=draw.choice(WORDS["order"]))}

    def run_facts() -> Body:
        return {
            "ottermark": "1.0",
            "assignment": "lab",
            "submission": text(),
            "status": draw.choice(["graded", "timeout", "crashed", "rejected"]),
            "isolation": draw.choice(["userns", "uid", "none", ""]),
            "unprotected": ["q1"],
            "seconds": draw.choice([3, 4.25]),
            "max_score": 10,
            "problems": [{"cell": 3, "text": text()} for _ in range(draw.randint(0, 2))],
            "written": {"q3": {"state": draw.choice(WORDS["state"]), "answer": text()}},
            **some(
                message=text(),
                key=text(),
                gradescope={"id": text(), "any": [None, True, 1, 2.5, {"thing": [text()]}]},
            ),
        }

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
            extra_data=run_facts(),
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
    others: list[Any] = [True, [[]], {"a": 1}, 3, "text", [1]]
    if key not in OPTIONAL | ({"output", "visibility"} if where is body else set()):
        others.append(None)
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


def gradescope_metadata(body: Body) -> Body:
    """Return the part of a body that may hold any JSON."""
    if "extra_data" not in body:
        body["extra_data"] = next(
            other["extra_data"]
            for other in map(valid, map(random.Random, range(20)))
            if "extra_data" in other
        )
    metadata: Body = body["extra_data"].setdefault("gradescope", {})
    return metadata


def no_number(body: Body, draw: random.Random) -> None:
    where = draw.choice([body, *body["tests"]])
    bad = draw.choice([math.nan, math.inf, -math.inf])
    if draw.random() < 0.5:
        where |= (
            {"score": bad, "max_score": 1, "number": "q"} if where is not body else {"score": bad}
        )
    elif draw.random() < 0.5:
        gradescope_metadata(body)["deep"] = [{"number": bad}]
    else:
        gradescope_metadata(body)
        body["extra_data"]["seconds"] = bad


def too_long(body: Body, draw: random.Random) -> None:
    where = draw.choice(objects(body))
    if where is body or ("output" in where and draw.random() < 0.5):
        where["output"] = "x" * 100_001
    else:
        where["name"] = draw.choice(["x" * 301, ""])


def no_json(body: Body, draw: random.Random) -> None:
    where = gradescope_metadata(body)
    where["thing"] = draw.choice([{1, 2}, b"bytes", object(), {(1, 2): 3}, where, 1j, Path(), DEEP])


def wrong_facts(body: Body, draw: random.Random) -> None:
    """Break what staff pages read: fields of ``extra_data`` that are missing, unknown or wrong."""
    gradescope_metadata(body)
    run = body["extra_data"]
    entry = draw.choice(body["tests"]).setdefault("extra_data", {"part": "question"})
    needed = ("status", "isolation", "submission", "problems", "written", "seconds")
    match draw.randint(0, 5):
        case 0:
            del run[draw.choice(needed)]
        case 1:
            run["status"] = draw.choice(["", "Graded", "passed", None])
        case 2:
            draw.choice([run, entry])["mark"] = 1
        case 3:
            entry["part"] = draw.choice(["", "test", None, 3])
        case 4:
            entry["cases"] = [{"name": "q1 - 1", "hidden": 1, "points": 0, "passed": True}]
        case _:
            run["written"] = {"q3": {"state": "unread", "answer": ""}}


BREAKING: list[Callable[[Body, random.Random], None]] = [
    *(lacks, wrong_type, unknown_word, unknown_key, no_number, too_long, no_json, wrong_facts)
]


@pytest.mark.slow
def test_what_gradescope_accepts_is_accepted_and_written_whole() -> None:
    for seed in range(500):
        body = valid(random.Random(seed))
        whole = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        text = checked(body).encode("utf-8", "replace")
        assert json.loads(text) == json.loads(whole)
        assert ResultDocument.from_json(text).to_json().encode() == text


@pytest.mark.slow
@pytest.mark.parametrize("breaking", BREAKING, ids=lambda f: f.__name__)
def test_what_is_broken_is_never_written(
    breaking: Callable[[Body, random.Random], None], tmp_path: Path
) -> None:
    target = tmp_path / "results.json"
    write(target, valid(random.Random("stands")))
    before = target.read_bytes()
    for number in range(CASES // len(BREAKING)):
        draw = random.Random(f"{breaking.__name__} {number}")
        body = copy.deepcopy(valid(draw))
        breaking(body, draw)
        with pytest.raises(InvalidResultsError, match=r"^results\.json"):
            write(target, body)
        assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


@pytest.mark.parametrize("body", [None, [], "text", 3, {}, {"score": 1}, {"tests": []}])
def test_what_is_no_results_at_all_is_refused(body: Any) -> None:
    with pytest.raises(InvalidResultsError):
        checked(body)
    with pytest.raises(InvalidResultsError):
        ResultDocument.from_json(json.dumps(body))


@pytest.mark.parametrize("text", ["", "{", "\udcff", b"\xff", '{"score": NaN, "tests": []}'])
def test_text_that_is_not_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(InvalidResultsError):
        ResultDocument.from_json(text)


def test_null_is_written_as_a_field_that_is_left_out() -> None:
    body = valid(random.Random(1)) | dict.fromkeys(("output", "visibility", "leaderboard"))
    body["tests"] = [entry | {"status": None} for entry in body["tests"]]
    assert "null" not in checked(body | {"extra_data": None})


def test_halves_of_characters_are_replaced_not_refused(tmp_path: Path) -> None:
    target = tmp_path / "results.json"
    write(target, valid(random.Random(1)) | {"output": "a \ud83d half"})
    assert json.loads(target.read_text(encoding="utf-8"))["output"] == "a ? half"


def test_the_published_schema_is_that_of_the_classes() -> None:
    """To update it: ``python -m ottermark.results.document > docs/results.schema.json``."""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()


def test_the_schema_describes_the_fields_of_gradescopes_specification() -> None:
    published = json.loads(SCHEMA.read_text(encoding="utf-8"))
    entry, column = (published["$defs"][name] for name in ("Entry", "LeaderboardColumn"))
    assert set(published["properties"]) == {
        *("score", "execution_time", "output", "output_format", "test_output_format"),
        *("test_name_format", "visibility", "stdout_visibility", "extra_data", "tests"),
        "leaderboard",
    }
    assert set(entry["properties"]) == {
        *("score", "max_score", "status", "name", "name_format", "number", "output"),
        *("output_format", "tags", "visibility", "extra_data"),
    }
    assert set(column["properties"]) == {"name", "value", "order"}
    assert published["required"] == ["score", "tests"]
    assert entry["required"] == ["name", "output", "visibility"]
    assert column["required"] == ["name", "value"]
    assert not any(fields["additionalProperties"] for fields in (published, entry, column))
    for fields, name, words in (
        (published, "visibility", WORDS["visibility"]),
        (published, "stdout_visibility", WORDS["visibility"]),
        *((published, name, WORDS["format"]) for name in ("output_format", "test_output_format")),
        (published, "test_name_format", WORDS["format"]),
        (entry, "visibility", WORDS["visibility"]),
        *((entry, name, WORDS["format"]) for name in ("output_format", "name_format")),
        (entry, "status", WORDS["status"]),
        (column, "order", WORDS["order"]),
    ):
        field = fields["properties"][name]
        assert field.get("enum", field.get("anyOf", [{}])[0].get("enum")) == words, name
