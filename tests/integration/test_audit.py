"""The audit of the grader: the lab's corpus, its mutants and rewrites, and a small lab."""

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
from ottermark.audit.audit import Audit, combine, grade_answers
from ottermark.audit.error_rate import TARGET, ErrorRate
from ottermark.audit.generation import generate_answers
from ottermark.audit.oracle import agrees, import_file, read_oracle
from ottermark.grading.autograder import open_autograder

CORPUS = PROJECT / "assignment" / "corpus"
CASES = 500  # random inputs of each function; Keras takes up to 50 ms for one
FUNCTIONS = ("response_shape", "max_pool", "same_padding", "conv_params", "receptive_field")
MODELS = ("q1_2", "q1_3", "q5_5")
SOLUTION = PROJECT / "solutions" / "intro_convnets.ipynb"

# what another run does not repeat: it takes another time, and may leave the attacks out
VARYING = re.compile(r"\n## Attacks\n[^#]+\n(?=\n)|\nGrading all of this takes .*\n")
MISCONCEPTION = re.compile(r"^# misconception: *(.+)", re.M)


@pytest.mark.parametrize("cases", [CASES // 10, pytest.param(CASES, marks=pytest.mark.ci)])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_solution_agrees_with_keras(name: str, cases: int) -> None:
    oracle = read_oracle(CORPUS)
    assert oracle is not None
    notebook = json.loads(next((PROJECT / "solutions").glob("*.ipynb")).read_text(encoding="utf-8"))
    names: dict[str, Any] = {"np": np}
    for question, position in find_answer_cells(notebook).items():
        if question not in oracle.not_mutated:
            exec("".join(notebook["cells"][position]["source"]), names)
    rng = random.Random(name)
    for _ in range(cases):
        args, kwargs = oracle.generators[name](rng)
        expected = oracle.references[name](*args, **kwargs)
        assert agrees(names[name](*args, **kwargs), expected), (args, kwargs)


def sample_corpus(folder: Path) -> Path:
    """Make a corpus of three answers of each kind to each question; nets take long, so of one of each."""
    for kind, nets in (("wrong", "q1_2"), ("right", "q1_3")):
        for question in sorted((CORPUS / kind).iterdir()):
            files = sorted(question.glob("*.py"))
            count = 3 if question.name not in MODELS else int(question.name == nets)
            for file in random.Random(kind).sample(files, count):
                link = folder / kind / question.name / file.name
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(file)
    for name in ("oracle.py", "nets.py"):
        (folder / name).symlink_to(CORPUS / name)
    return folder


@pytest.mark.slow
@pytest.mark.xdist_group("audit")
def test_the_grader_passes_a_sample_of_the_audit(tmp_path: Path) -> None:
    """A wrong answer, a right one, a mutant and a rewrite for each question; all of them in CI."""
    with open_autograder(PROJECT / "autograder") as autograder:
        generated = generate_answers(
            sample_corpus(tmp_path / "corpus"),
            autograder.assignment,
            SOLUTION,
            mutants=1,
            rewrites=2,
        )
        assert not generated.refuted
        asked = {q.id: q.names for q in autograder.assignment.automatic}
        submissions = combine(generated.all, asked)
        # the three wrong answers to a question are before its mutant
        names = ("wrong_001", "right_001", "wrong_004", "rewrite_002")
        sample = {name: submissions[name] for name in names}
        others = {"q1_2", "q1_3"}
        sample["rewrite_002"] = [a for a in sample["rewrite_002"] if a.question not in others]
        graded: list[str] = []
        result = grade_answers(
            sample, autograder, PROJECT, tmp_path, 2, graded.append, generated.oracle
        )
    assert sorted(graded) == sorted(sample)
    assert len(result.verdicts) == sum(map(len, sample.values())) > 45
    assert Audit(result.verdicts, (), refuted=result.refuted).passed, result
    assert sum(len(v.hints.true) for v in result.verdicts) > 5


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.timeout(5400)
@pytest.mark.xdist_group("audit")
def test_the_grader_passes_the_audit_of_the_lab(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    ran = ottermark("audit", "--no-attacks", "-o", page, cwd=PROJECT)  # these: test_attacks.py
    assert ran.code == 0, ran.out
    text = page.read_text()
    assert "## Wrong misconception" not in text, text
    committed = (PROJECT / "docs" / "audit.md").read_text()
    assert VARYING.sub("", text) == VARYING.sub("", committed), text


def test_both_error_rates_are_known_to_be_small() -> None:
    """The rows of the page, which the audit above repeats."""
    rows = dict(re.findall(r"^\| (\S.*?) \| (\d.*) \|$", page_section("Error rates"), re.M))
    right, rejected, _, wrong, accepted, _ = (
        cell.strip() for cell in rows["all answers"].split("|")
    )
    assert ErrorRate(int(rejected or 0), int(right)).upper_bound <= TARGET
    assert ErrorRate(int(accepted or 0), int(wrong)).upper_bound <= TARGET
    nets = int(rows["trained nets"].split("|")[0])
    hand_written = sum(1 for question in MODELS for _ in CORPUS.glob(f"right/{question}/*.py"))
    assert nets - hand_written >= 60
    rewrites = int(re.findall(r"(\d+) rewrites come from", page_section("Error rates"))[0])
    assert rewrites + nets - hand_written >= 600


def page_section(title: str) -> str:
    page = (PROJECT / "docs" / "audit.md").read_text(encoding="utf-8")
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_corpus_is_large_and_covers_every_question() -> None:
    record = json.loads((PROJECT / "autograder" / "questions.json").read_text())
    automatic = {q["id"] for q in record["questions"] if not q["manual"]}
    wrong = [path.parent.name for path in CORPUS.glob("wrong/*/*.py")]
    right = [path.parent.name for path in CORPUS.glob("right/*/*.py")]
    assert set(wrong) == set(right) == automatic
    assert sum(question not in MODELS for question in wrong) >= 120
    assert sum(question in MODELS for question in wrong) >= 15
    assert len(right) >= 60


def test_the_composed_nets_are_many_and_distinct_and_use_every_part() -> None:
    nets = import_file(CORPUS / "nets.py")
    composed = nets.compose()
    assert composed == nets.compose()
    assert len({net.source for net in composed}) == len(composed) >= 60
    assert {net.question for net in composed} == set(MODELS)
    words = {word for net in composed for word in net.name[3:].split(", ")}
    housing = (nets.TUNED, nets.TUNED_GRAPHS, nets.DEEP, nets.DEEP_GRAPHS)
    digits = (nets.CONVOLUTIONS, nets.CONVOLUTION_GRAPHS)
    for parts in (*housing, *digits, nets.TRAINING, nets.SCORING):
        assert words >= parts.keys()
    assert words >= {style.__name__ for style in nets.STYLES} | {"graph", "scaled", "ensemble"}
    for net in composed:
        compile(net.source, net.name, "exec")


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
    options = ("--corpus", folder, "-a", tiny / "autograder", "-o", page, "--rewrites", 0)
    ran = ottermark("audit", *options, cwd=tiny)
    assert ran.code == 1 and "page.md" in ran.err
    for name in ("wrong/q1/accepted.py, 2 points", "wrong/q2/too_dear.py, 1 points"):
        assert re.search(rf"^wrongly accepted: .*{name}$", ran.out, re.M), ran.out
    assert re.search(r"^wrongly rejected: .*right/q2/not_right.py, \d points$", ran.out, re.M)
    assert "2 wrongly accepted, 1 with a wrong misconception" in ran.out
    assert "1 accepted, 1 wrongly rejected" in ran.out
    text = page.read_text()
    assert "| **all** | 4 | 2 | 2 | 1 | 2 |  | 1 |" in text
    assert "Right answers wrongly rejected: 1 of 2; at most 97.47%" in ran.out
    assert re.search(r"^\| all answers \| 2 \| 1 \| 97.47% \| \d+ \| 2 \| ", text, re.M)
    assert "| q2 | `misnamed` | 1 | none | other |" in text


def test_mutants_are_graded_beside_the_corpus(tiny: Path, tmp_path: Path) -> None:
    # the tests of the small lab cut decimals off, so only whole steps of a value are seen
    folder = corpus(tmp_path / "corpus", {"right/q1/a.py": "pair = (4, 5)\n", "oracle.py": ORACLE})
    page = tmp_path / "page.md"
    options = ("--corpus", folder, "-a", tiny / "autograder", "-o", page, "--rewrites", 0)
    ran = ottermark("audit", *options, cwd=tiny)
    assert ran.code == 0, ran.out + ran.err
    assert "| **all** |  |  |  |  | 1 |  |  | 6 | 6 |  |  |" in page.read_text()


NETS = """\
from dataclasses import dataclass

@dataclass
class Net:
    question: str
    layout: str
    name: str
    source: str

def compose():
    honest = Net("q2", "honest", "1 honest", "def double(x): return x + x")
    return [honest, Net("q2", "bad", "2 bad", "def double(x): return 3 * x")]
"""
REWRITABLE = """
VALUES = {"pair": ((4, 5),)}
MEASUREMENTS = {"q2": "{'of 21': double(21)}"}
NET_CHECKS = {"q2": lambda measured: measured == {"of 21": 42}}
"""


def test_rewrites_are_graded_and_a_wrong_one_fails_the_audit(tiny: Path, tmp_path: Path) -> None:
    oracle = ORACLE.replace("set()", "{'q2'}").replace('"double":', '"other":') + REWRITABLE
    files = {"right/q1/a.py": "pair = [8 // 2, 5]\n", "oracle.py": oracle, "nets.py": NETS}
    folder, page = corpus(tmp_path / "corpus", files), tmp_path / "page.md"
    options = ("--corpus", folder, "-a", tiny / "autograder", "-o", page, "--no-mutants")
    ran = ottermark("audit", *options, "--rewrites", 4, cwd=tiny)
    assert ran.code == 1 and "refuted: rewrite of q2 (2 bad)" in ran.out, ran.out
    assert not re.search("^wrongly", ran.out, re.M), ran.out
    text = page.read_text()
    assert "| q1 |  |  |  |  | 1 | 4 |" in text and "| q2 |  |  |  |  |  | 1 |" in text
    assert "4 rewrites come from 2 distinct answers, and 1 trained nets from 1 layouts" in text
    assert "| q2 | `2 bad` |" in text


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
