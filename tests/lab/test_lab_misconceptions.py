"""The lab's catalogue: what it says of each slip, of the corpus, and of what students write."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PROJECT
from lab_names import names_before_questions
from local_functions import LocalFunction, as_answer
from student_slips import NAMED, SILENT

from ottermark.assignment import Assignment
from ottermark.grading.misconceptions import CATALOGUE_FILE, MisconceptionCatalogue
from ottermark.grading.misconceptions.explanation import explain
from ottermark.grading.misconceptions.slips import Derivation, Slip
from ottermark.protocol.proxies import RemoteFunction

ASSIGNMENT = Assignment.read(PROJECT / "autograder")
QUESTIONS = {question.id: question for question in ASSIGNMENT.automatic}
PATH = PROJECT / "assignment" / CATALOGUE_FILE
CATALOGUE = MisconceptionCatalogue.read(PATH, ASSIGNMENT)
NETS = ("q1_2", "q1_3", "q5_2", "q5_5", "q5_6", "q5_7")  # their answers need Keras: see the audit
DERIVATIONS = [d for entry in CATALOGUE.questions.values() for d in entry.derivations.values()]
PATTERNS = [pattern for entry in CATALOGUE.questions.values() for pattern in entry.patterns]
CORPUS = sorted(
    path
    for path in (PROJECT / "assignment" / "corpus" / "wrong").glob("*/*.py")
    if path.parent.name not in NETS and "layers." not in path.read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def lab_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Checks read the lab's data by relative paths; slips compute with any numbers."""
    monkeypatch.chdir(PROJECT / "assignment")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return names_before_questions()


def diagnosed(question: str, source: str, names: dict[str, Any]) -> set[str]:
    """Return the ids that are reported for the code of an answer."""
    namespace = dict(names)
    exec(source, namespace)
    wanted = QUESTIONS[question].names
    values = {name: as_answer(name, namespace[name]) for name in wanted}
    explained = CATALOGUE.explain(question, values, wanted).misconceptions
    assert all(any(f"`{name}" in m.hint for name in wanted) for m in explained), explained
    return {misconception.id for misconception in explained}


def test_each_edit_that_the_catalogue_names_is_derived() -> None:
    CATALOGUE.check_edits(PATH)


def test_each_hint_names_the_variable_it_speaks_of() -> None:
    for pattern in PATTERNS:
        if pattern.misconception.name:  # the others are derived: see below
            hint = pattern.misconception.hint
            assert any(f"`{name}" in hint for name in pattern.names), pattern.misconception


@pytest.mark.parametrize("derivation", DERIVATIONS, ids=lambda d: f"{d.prefix}-{d.name}")
def test_each_slip_is_recognised_or_another_fits_as_well(derivation: Derivation) -> None:
    slips = list(derivation.distinct_slips())
    assert slips
    for slip in slips:
        answers = [slip.answer(index) for index in range(derivation.asked)]
        explained = [explanation.slip for explanation in explain(derivation, answers)]
        if explained:
            assert all(_says_as_much(derivation, other, slip) for other in explained), slip.id
        else:
            assert len(_rivals(derivation, slip, answers)) > 1, slip.id


def _says_as_much(derivation: Derivation, other: Slip, slip: Slip) -> bool:
    return derivation.same(other, slip) or other.rank < slip.rank


def _rivals(derivation: Derivation, slip: Slip, answers: list[Any]) -> list[Slip]:
    """Return slips, no less likely, that differ but give the same answers."""
    fitting = [
        other
        for other in derivation.slips
        if other.rank <= slip.rank
        and all(map(derivation.equal, answers, map(other.answer, range(derivation.asked))))
    ]
    return [other for other in fitting if not derivation.same(other, fitting[0])] + fitting[:1]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_wrong_answers_of_the_corpus_have_their_ids(path: Path, names: dict[str, Any]) -> None:
    source = path.read_text(encoding="utf-8")
    (ids,) = re.findall(r"^# misconception: *(.+)", source, re.M)
    expected = set(ids.replace(",", " ").split()) - {"none"}
    assert diagnosed(path.parent.name, source, names) == expected


@pytest.mark.parametrize(("question", "source", "id"), NAMED)
def test_a_slip_of_a_student_is_named(
    question: str, source: str, id: str, names: dict[str, Any]
) -> None:
    assert diagnosed(question, source, names) == {id}


@pytest.mark.parametrize(("question", "source"), SILENT)
def test_an_unknown_slip_is_not_named_wrongly(
    question: str, source: str, names: dict[str, Any]
) -> None:
    assert diagnosed(question, source, names) == set()


def test_nine_of_ten_slips_of_students_are_named() -> None:
    assert len(NAMED) >= 60
    assert len(NAMED) >= 0.9 * (len(NAMED) + len(SILENT))


@pytest.mark.parametrize("question", [q for q in CATALOGUE.questions if q not in NETS])
def test_a_right_answer_has_no_misconception(question: str) -> None:
    entry = CATALOGUE.questions[question]
    for name, derivation in entry.derivations.items():
        for right in derivation.rights:
            assert explain(derivation, right[: derivation.asked]) == [], name


@pytest.mark.parametrize("question", CATALOGUE.questions)
def test_an_untouched_answer_has_no_misconception(question: str) -> None:
    names = QUESTIONS[question].names
    keys = ("height", "width", "filters", "train_mse", "train_mae", "test_mse", "test_mae")
    for blank in (lambda *_, **__: None, ..., None, (..., ...), dict.fromkeys(keys, ...)):
        values = {name: as_answer(name, blank) for name in names}
        assert CATALOGUE.explain(question, values, names).misconceptions == ()


def test_a_function_is_called_once_for_each_case() -> None:
    local = LocalFunction(lambda *_, **__: None)
    for question, name in (("q2_7", "response_shape"), ("q4_4", "same_padding")):
        local.calls = 0
        CATALOGUE.explain(question, {name: RemoteFunction(local, 0, name)}, (name,))
        assert local.calls == len(CATALOGUE.questions[question].cases)


def test_the_bias_that_is_left_out_and_the_one_that_is_off_by_default_differ(
    names: dict[str, Any],
) -> None:
    never = "def conv_params(k, c, filters, bias=True): return k[0] * k[1] * c * filters"
    default = never.replace("True", "False") + " + (filters if bias else 0)"
    assert diagnosed("q4_5", never, names) == {"bias-forgotten"}
    assert diagnosed("q4_5", default, names) == {"bias-off-by-default"}
