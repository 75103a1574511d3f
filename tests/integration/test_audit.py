"""The grader graded: the corpus, mutants of the solution, and Keras as the judge of both."""

from __future__ import annotations

import ast
import importlib.util
import json
import random
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from conftest import PROJECT, ottermark

from ottermark.audit.corpus import answer_cells
from ottermark.audit.mutation import mutants
from ottermark.grading.misconceptions import values_equal

CORPUS = PROJECT / "assignment" / "corpus"
CASES = {
    "response_shape": 6_000,
    "max_pool": 4_000,
    "same_padding": 4_000,
    "conv_params": 4_000,
    "receptive_field": 2_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_the_solution_is_right_by_keras(name: str) -> None:
    spec = importlib.util.spec_from_file_location("legal", CORPUS / "legal.py")
    assert spec is not None and spec.loader is not None
    legal = sys.modules.get("legal") or importlib.util.module_from_spec(spec)
    if "legal" not in sys.modules:
        sys.modules["legal"] = legal
        spec.loader.exec_module(legal)
    body = json.loads(next((PROJECT / "solutions").glob("*.ipynb")).read_text(encoding="utf-8"))
    names: dict[str, Any] = {"np": np}
    for question, place in answer_cells(body).items():
        if question not in legal.NOT_MUTATED:
            exec("".join(body["cells"][place]["source"]), names)
    draw = random.Random(name)
    for _ in range(CASES[name]):
        args, kwargs = legal.INPUTS[name](draw)
        assert values_equal(names[name](*args, **kwargs), legal.RIGHT[name](*args, **kwargs)), (
            args,
            kwargs,
        )


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.xdist_group("audit")
def test_the_audit_of_the_lab(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    ran = ottermark("audit", "--no-attacks", "-o", page, cwd=PROJECT)  # these: test_hostile.py
    assert ran.code == 0, ran.out
    told = page.read_text()
    assert "## Misnamed" not in told, told
    assert told == ATTACKS.sub("", (PROJECT / "docs" / "audit.md").read_text()), told


ATTACKS = re.compile(r"\n## Attacks\n[^#]+\n(?=\n)")
MODELS = ("q1_2", "q1_3", "q5_5")


def test_the_corpus_is_large_and_leaves_no_question_out() -> None:
    record = json.loads((PROJECT / "autograder" / "questions.json").read_text())
    automatic = {q["id"] for q in record["questions"] if not q["manual"]}
    wrong = [path.parent.name for path in CORPUS.glob("wrong/*/*.py")]
    right = [path.parent.name for path in CORPUS.glob("right/*/*.py")]
    assert set(wrong) == set(right) == automatic
    assert sum(question not in MODELS for question in wrong) >= 120
    assert sum(question in MODELS for question in wrong) >= 15
    assert len(right) >= 60


def test_each_slip_of_the_lab_has_a_wrong_answer() -> None:
    catalogue = yaml.safe_load((PROJECT / "assignment" / "misconceptions.yaml").read_text())
    known = {m["id"] for entry in catalogue.values() for m in entry["misconceptions"]}
    text = "".join(path.read_text() for path in CORPUS.glob("wrong/*/*.py"))
    made = {slip for line in SLIP.findall(text) for slip in line.replace(",", " ").split()}
    assert made - {"none"} == known


SLIP = re.compile(r"^# slip: *(.+)", re.M)


# ----------------------------------------------------------------------- on the tiny lab

LEGAL = """\
NOT_MUTATED = set()
INPUTS = {"double": lambda draw: ((draw.randint(1, 9),), {})}
RIGHT = {"double": lambda x: 2 * x}
"""


def corpus(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_a_grader_that_is_wrong_is_found_out(tiny: Path, tmp_path: Path) -> None:
    folder = corpus(
        tmp_path / "corpus",
        {
            "wrong/q1/caught.py": "# slip: none\n# earns: 0\npair = (5, 4)\n",
            "wrong/q1/missed.py": "# slip: none\n# earns: 0\npair = (4.2, 5.1)\n",
            "wrong/q2/misnamed.py": "# slip: other\n# earns: 1\ndef double(x): return 42\n",
            "wrong/q2/too_dear.py": "# slip: none\n# earns: 0\ndef double(x): return 42\n",
            "right/q1/accepted.py": "pair = [4, 5]\n",
            "right/q2/rejected.py": "def double(x): return 3 * x\n",
            "legal.py": LEGAL,
        },
    )
    page = tmp_path / "page.md"
    ran = ottermark("audit", "--corpus", folder, "-a", tiny / "autograder", "-o", page, cwd=tiny)
    assert ran.code == 1 and "page.md" in ran.err
    assert "missed.py" in ran.out and "rejected.py" in ran.out and "too_dear.py" in ran.out
    told = page.read_text()
    assert "| **all** | 4 | 2 | 2 | 1 | 2 | 1 |" in told
    assert "`misnamed`" in told


def test_a_mutant_that_no_test_catches_is_missed(tiny: Path, tmp_path: Path) -> None:
    # the tests of the tiny lab cut decimals off, so only whole steps of a value are seen
    folder = corpus(tmp_path / "corpus", {"right/q1/a.py": "pair = (4, 5)\n", "legal.py": LEGAL})
    page = tmp_path / "page.md"
    ran = ottermark("audit", "--corpus", folder, "-a", tiny / "autograder", "-o", page, cwd=tiny)
    assert ran.code == 0, ran.out + ran.err
    assert "| **all** |  |  |  |  | 1 |  | 6 | 6 |  | 0 |" in page.read_text()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "holds no wrong/"),
        ({"wrong/q9/a.py": ""}, "no automatic question 'q9'"),
        ({"wrong/q1/a.py": "pair = 1"}, "begin it with"),
    ],
)
def test_a_corpus_that_is_wrong_is_told(
    tiny: Path, tmp_path: Path, files: dict[str, str], says: str
) -> None:
    folder = corpus(tmp_path / "corpus", files)
    folder.mkdir(exist_ok=True)
    ran = ottermark("audit", "--corpus", folder, "-a", tiny / "autograder", cwd=tiny)
    assert ran.code == 2 and says in ran.err


def test_without_a_build_it_says_so(tmp_path: Path) -> None:
    ran = ottermark("audit", "--corpus", tmp_path, cwd=tmp_path)
    assert ran.code == 2 and "ottermark build" in ran.err


# ------------------------------------------------------------------------------ mutants


def test_each_mutant_changes_one_thing() -> None:
    source = 'def f(x, n=2):\n    """Two."""\n    return -x if n == 1 else x * n + 0.5\nf(3)\n'
    made = list(mutants(source))
    changes = {m.change.partition(" -> ")[2] for m in made}
    assert changes == {
        "x, n=3",
        "x, n=1",
        "return x * n + 0.5 if n == 1 else -x",
        "return -x if n != 1 else x * n + 0.5",
        "return +x if n == 1 else x * n + 0.5",
        "return -x if n == 2 else x * n + 0.5",
        "return -x if n == 0 else x * n + 0.5",
        "return -x if n == 1 else x * n - 0.5",
        "return -x if n == 1 else x * n * 0.5",
        "return -x if n == 1 else x + n + 0.5",
        "return -x if n == 1 else x // n + 0.5",
        "return -x if n == 1 else x * n + 1.5",
        "return -x if n == 1 else x * n + -0.5",
    }
    assert len({m.source for m in made}) == len(made)
    for mutant in made:
        ast.parse(mutant.source)
