"""The audit of the grader: the lab's corpus, mutants of its solution, and a small lab."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from conftest import PROJECT, ottermark

from ottermark.audit.answer_files import find_answer_cells
from ottermark.audit.answers import read_answers
from ottermark.audit.audit import Audit, combine, grade_answers
from ottermark.audit.mutation import mutate_solution
from ottermark.audit.oracle import read_oracle
from ottermark.grading.autograder import open_autograder
from ottermark.grading.misconceptions import values_equal

CORPUS = PROJECT / "assignment" / "corpus"
CASES = {
    "response_shape": 6_000,
    "max_pool": 4_000,
    "same_padding": 4_000,
    "conv_params": 4_000,
    "receptive_field": 2_000,
}
MODELS = ("q1_2", "q1_3", "q5_5")

ATTACKS = re.compile(r"\n## Attacks\n[^#]+\n(?=\n)")
MISCONCEPTION = re.compile(r"^# misconception: *(.+)", re.M)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_solution_agrees_with_keras(name: str) -> None:
    oracle = read_oracle(CORPUS)
    assert oracle is not None
    notebook = json.loads(next((PROJECT / "solutions").glob("*.ipynb")).read_text(encoding="utf-8"))
    names: dict[str, Any] = {"np": np}
    for question, position in find_answer_cells(notebook).items():
        if question not in oracle.not_mutated:
            exec("".join(notebook["cells"][position]["source"]), names)
    rng = random.Random(name)
    for _ in range(CASES[name]):
        args, kwargs = oracle.generators[name](rng)
        expected = oracle.references[name](*args, **kwargs)
        assert values_equal(names[name](*args, **kwargs), expected), (args, kwargs)


@pytest.mark.slow
@pytest.mark.xdist_group("audit")
def test_the_grader_passes_a_sample_of_the_audit(tmp_path: Path) -> None:
    """One wrong answer, one right answer and one mutant for each question; all of them in CI."""
    with open_autograder(PROJECT / "autograder") as autograder:
        answers = read_answers(CORPUS, autograder.assignment)
        oracle = read_oracle(CORPUS)
        assert oracle is not None
        mutants = mutate_solution(next((PROJECT / "solutions").glob("*.ipynb")), oracle)
        submissions = combine([*answers, *mutants.wrong])
        names = [f"{kind}_{random.Random(kind).randint(1, 3):03}" for kind in ("wrong", "right")]
        sample = {name: submissions[name] for name in (*names, "mutant_001")}
        graded: list[str] = []
        verdicts = grade_answers(sample, autograder, PROJECT, tmp_path, 2, graded.append)
    assert sorted(graded) == sorted(sample)
    assert len(verdicts) == sum(map(len, sample.values())) > 30
    assert Audit(tuple(verdicts), (), None).passed, verdicts
    assert not [v for v in verdicts if v.has_wrong_misconception]


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.timeout(1800)
@pytest.mark.xdist_group("audit")
def test_the_grader_passes_the_audit_of_the_lab(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    ran = ottermark("audit", "--no-attacks", "-o", page, cwd=PROJECT)  # these: test_attacks.py
    assert ran.code == 0, ran.out
    text = page.read_text()
    assert "## Wrong misconception" not in text, text
    assert text == ATTACKS.sub("", (PROJECT / "docs" / "audit.md").read_text()), text


def test_the_corpus_is_large_and_covers_every_question() -> None:
    record = json.loads((PROJECT / "autograder" / "questions.json").read_text())
    automatic = {q["id"] for q in record["questions"] if not q["manual"]}
    wrong = [path.parent.name for path in CORPUS.glob("wrong/*/*.py")]
    right = [path.parent.name for path in CORPUS.glob("right/*/*.py")]
    assert set(wrong) == set(right) == automatic
    assert sum(question not in MODELS for question in wrong) >= 120
    assert sum(question in MODELS for question in wrong) >= 15
    assert len(right) >= 60


def test_each_entry_of_the_catalogue_has_a_wrong_answer() -> None:
    catalogue = yaml.safe_load((PROJECT / "assignment" / "misconceptions.yaml").read_text())
    expected = {m["id"] for entry in catalogue.values() for m in entry["misconceptions"]}
    text = "".join(path.read_text() for path in CORPUS.glob("wrong/*/*.py"))
    ids = {id for line in MISCONCEPTION.findall(text) for id in line.replace(",", " ").split()}
    page = (PROJECT / "docs" / "misconceptions.md").read_text()
    listed = set(re.findall(r"^\| `([^`]+)`", page, re.M))
    assert expected <= ids
    assert {id.removesuffix("-partly") for id in ids} - {"none"} <= listed


# ----------------------------------------------------------------------- on the small lab

ORACLE = """\
NOT_MUTATED = set()
GENERATORS = {"double": lambda rng: ((rng.randint(1, 9),), {})}
REFERENCES = {"double": lambda x: 2 * x}
"""


def corpus(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_errors_of_the_grader_are_reported(tiny: Path, tmp_path: Path) -> None:
    folder = corpus(
        tmp_path / "corpus",
        {
            "wrong/q1/rejected.py": "# misconception: none\n# earns: 0\npair = (5, 4)\n",
            "wrong/q1/accepted.py": "# misconception: none\n# earns: 0\npair = (4.2, 5.1)\n",
            "wrong/q2/misnamed.py": "# misconception: other\n# earns: 1\ndef double(x): return 42\n",
            "wrong/q2/too_dear.py": "# misconception: none\n# earns: 0\ndef double(x): return 42\n",
            "right/q1/right.py": "pair = [4, 5]\n",
            "right/q2/not_right.py": "def double(x): return 3 * x\n",
            "oracle.py": ORACLE,
        },
    )
    page = tmp_path / "page.md"
    ran = ottermark("audit", "--corpus", folder, "-a", tiny / "autograder", "-o", page, cwd=tiny)
    assert ran.code == 1 and "page.md" in ran.err
    for name in ("wrong/q1/accepted.py, 2 points", "wrong/q2/too_dear.py, 1 points"):
        assert re.search(rf"^wrongly accepted: .*{name}$", ran.out, re.M), ran.out
    assert re.search(r"^wrongly rejected: .*right/q2/not_right.py, \d points$", ran.out, re.M)
    assert "2 wrongly accepted, 1 with a wrong misconception" in ran.out
    assert "1 accepted, 1 wrongly rejected" in ran.out
    text = page.read_text()
    assert "| **all** | 4 | 2 | 2 | 1 | 2 | 1 |" in text
    assert "| q2 | `misnamed` | 1 | none | other |" in text


def test_mutants_are_graded_beside_the_corpus(tiny: Path, tmp_path: Path) -> None:
    # the tests of the small lab cut decimals off, so only whole steps of a value are seen
    folder = corpus(tmp_path / "corpus", {"right/q1/a.py": "pair = (4, 5)\n", "oracle.py": ORACLE})
    page = tmp_path / "page.md"
    ran = ottermark("audit", "--corpus", folder, "-a", tiny / "autograder", "-o", page, cwd=tiny)
    assert ran.code == 0, ran.out + ran.err
    assert "| **all** |  |  |  |  | 1 |  | 6 | 6 |  |  |" in page.read_text()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "holds no wrong/"),
        ({"wrong/q9/a.py": ""}, "no automatic question 'q9'"),
        ({"wrong/q1/a.py": "pair = 1"}, "begin it with"),
        ({"wrong/q1/a.py": "# misconception: none\n# earns: all\npair = 1"}, "begin it with"),
        ({"right/q1/a.py": "pair = 1", "oracle.py": "GENERATORS = {}"}, "define GENERATORS"),
    ],
)
def test_a_bad_corpus_is_refused(
    tiny: Path, tmp_path: Path, files: dict[str, str], message: str
) -> None:
    folder = corpus(tmp_path / "corpus", files)
    folder.mkdir(exist_ok=True)
    ran = ottermark("audit", "--corpus", folder, "-a", tiny / "autograder", cwd=tiny)
    assert ran.code == 2 and message in ran.err


def test_an_audit_needs_a_built_lab(tmp_path: Path) -> None:
    ran = ottermark("audit", "--corpus", tmp_path, cwd=tmp_path)
    assert ran.code == 2 and "ottermark build" in ran.err
