"""The public API: cheap to import, typed, and with the same results as the commands."""

from __future__ import annotations

import doctest
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import labs
import pytest
from conftest import Graded, ottermark

import ottermark as package
from ottermark import api
from ottermark.results.document import ResultDocument

RIGHT = {"q1": "pair = (4, 5)", "q2": "def double(x):\n    return 2 * x"}


@pytest.fixture(scope="module")
def lab(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny lab with two submissions: ann is all right, bob has a wrong pair."""
    folder = Path(shutil.copytree(tiny, tmp_path_factory.mktemp("api") / "lab"))
    (folder / "submissions").mkdir()
    for name, answers in (("ann", RIGHT), ("bob", RIGHT | {"q1": "pair = (5, 4)"})):
        body = labs.answered(folder / "student" / "tiny.ipynb", answers)
        (folder / "submissions" / f"{name}.ipynb").write_text(json.dumps(body))
    return folder


@pytest.fixture
def inside(lab: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(lab)
    yield


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("module", [package, api], ids=lambda m: m.__name__)
def test_the_examples_run(module: object) -> None:
    failed, attempted = doctest.testmod(module)  # type: ignore[arg-type]
    assert attempted >= 4 and failed == 0


def test_a_result_equals_the_commands(lab: Path, tmp_path: Path) -> None:
    graded = Graded(
        tmp_path,
        ottermark("grade", lab / "submissions", "-a", lab / "autograder", "-o", tmp_path),
    )
    assert graded.ran.code == 0, graded.ran.err
    for result in package.grade_all([lab / "submissions"], lab / "autograder"):
        expected = ResultDocument.from_json(
            (tmp_path / f"results/{result.submission}.json").read_text()
        )
        assert lasting(result) == lasting(expected)
    with package.open(lab / "autograder") as autograder:
        result = package.grade(lab / "submissions" / "bob.ipynb", autograder)
    expected = ResultDocument.from_json((tmp_path / "results" / "bob.json").read_text())
    assert lasting(result) == lasting(expected)
    assert (result.score, result.max_score, result.status) == (4, 6, "graded")
    assert result.questions["q1"].score == 0


def lasting(result: ResultDocument) -> ResultDocument:
    """A result without what differs from run to run: times, and the key of a ledger."""
    facts = result.facts.model_copy(update={"seconds": 0, "key": None})
    run, *others = result.tests
    run = run.model_copy(update={"output": "", "extra_data": None})
    update = {"execution_time": 0, "tests": [run, *others], "extra_data": facts}
    return result.model_copy(update=update)


def test_importing_it_has_no_side_effects_and_costs_nothing() -> None:
    code = (
        "import os, sys; before = set(sys.modules), dict(os.environ), list(sys.path)\n"
        "import ottermark\n"
        "new = sorted(set(sys.modules) - before[0])\n"
        "assert (dict(os.environ), list(sys.path)) == before[1:]\n"
        "print(*[n for n in new if n.split('.')[0] not in sys.stdlib_module_names])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ottermark"]


def test_it_offers_what_it_names() -> None:
    for name in package.__all__:
        assert getattr(package, name) is not None
        assert name in dir(package)
    with pytest.raises(AttributeError, match="no attribute 'grades'"):
        package.grades
    assert (Path(package.__file__).parent / "py.typed").is_file()


def test_wrong_use_raises_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(package.UsageError, match="does not exist"):
        package.grade(tmp_path / "a.ipynb", tmp_path / "no")
    with pytest.raises(package.OttermarkError):
        package.build(tmp_path / "no.ipynb")
