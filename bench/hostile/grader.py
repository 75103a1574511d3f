"""What a grader is to this comparison: how it is installed, given a lab and a submission, and read."""

from __future__ import annotations

import abc
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import lab_tests
from lab_tests import LabTest

from ottermark.audit.attacks import HONEST, Attack, AttackHarness, read_honest
from ottermark.sandbox.userns import HOME

if TYPE_CHECKING:
    from hostile.container import Run

PROJECT = Path(__file__).parents[2]
CORPUS = PROJECT / "tests" / "security" / "attacks"
STUDENT = "student"  # whose submission is graded
LAB = "lab"  # the name of the assignment
# of a notebook that an attack makes by itself, for graders that do not have Otter
_OTTER_CELL = b"import otter; grader = otter.Notebook()"
_ANSWER_CELL = re.compile(r"^# %% *(\S+) *\n", re.M)
_HEAD = re.compile(r"\A(?:#.*\n)*")


# ------------------------------------------------------------------------------- the lab


def read_tests(data: str) -> list[LabTest]:
    """Return the tests of our lab that give points.

    Args:
        data: the folder of the lab's data where the tests run; "" for the one that they run in.
    """
    return [
        replace(test, source=with_data(test.source, data))
        for test in lab_tests.read_tests(PROJECT / "autograder")
        if test.points
    ]


def with_data(source: str, data: str) -> str:
    """Return code that reads the lab's data, with their paths as in the container."""
    source = re.sub(r"(['\"])held_back/", rf"\1{data}held_back_", source)
    return re.sub(r"(['\"])data/", rf"\1{data}", source)


def copy_data(target: Path) -> None:
    """Copy the lab's data, those that students do not have included, into one folder."""
    files = PROJECT / "autograder" / "files"
    target.mkdir(parents=True, exist_ok=True)
    for prefix, folder in (("", "data"), ("held_back_", "held_back")):
        for path in (files / folder).iterdir():
            shutil.copy(path, target / f"{prefix}{path.name}")


def points_by_question(tests: Sequence[LabTest]) -> dict[str, int]:
    """Return the points of each question, in the order of the lab."""
    points: dict[str, int] = {}
    for test in tests:
        points[test.question] = points.get(test.question, 0) + test.points
    return points


# ----------------------------------------------------------------------- the submission


@dataclass(frozen=True)
class Submission:
    """What a grader is to grade; without an attack, the honest submission."""

    attack: Attack | None = None

    @property
    def name(self) -> str:
        """The name of the attack."""
        return self.attack.name if self.attack else HONEST


class GraderHarness(AttackHarness):
    """A harness whose folder is the home of a container, with the files of a grader in it."""

    def __init__(self, grader: Grader, folder: Path) -> None:
        self.grader = grader
        super().__init__(PROJECT, CORPUS, folder=folder, canary=grader.canary)

    def _write_upload(self) -> None:
        shutil.copytree(self.grader.folder, self.folder, symlinks=True, dirs_exist_ok=True)
        self.upload = self.folder / self.grader.upload

    def command(self, submission: Submission) -> list[str]:
        """Write the submission, and the honest one beside it; return the grader's command."""
        return self.grader.place(self, submission)

    def text_of(self, submission: Submission) -> str:
        """Return the code of a submission, with what it may know filled in."""
        path = (submission.attack or read_honest(CORPUS)).path
        text = self._fill_in(path.read_text(encoding="utf-8"), submission.name)
        return text if submission.attack else text.replace("@CANARY@", self.canary)

    def fill_in(self, text: str) -> str:
        """Replace the words between @ in a command, with paths as the container has them."""
        return self._fill_in(text, HONEST).replace("@HOME@", HOME)

    def _fill_in(self, text: str, name: str) -> str:
        return super()._fill_in(text, name).replace(str(self.folder), HOME)


def cells_of(text: str) -> list[tuple[str, str]]:
    """Return the cells of an answer file: the question or ``end``, and the code."""
    _, *parts = _ANSWER_CELL.split(text)
    return list(zip(parts[::2], parts[1::2], strict=True))


def made_notebook(text: str, blank: bytes) -> bytes:
    """Return the notebook that an attack makes by itself.

    Args:
        text: its code, which belongs to the corpus.
        blank: the notebook that students of this grader receive.
    """
    names: dict[str, Any] = {}
    exec(compile(text, "attack", "exec"), names)
    content: bytes = names["make"](blank)
    return content.replace(_OTTER_CELL, b"import numpy as np")


def notebook(cells: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a notebook of code cells, each given by its source and metadata."""
    filled = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": cell.get("metadata", {}),
            "source": cell["source"],
            "outputs": [],
            "execution_count": None,
        }
        for number, cell in enumerate(cells)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    language = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"}
    metadata = {"kernelspec": kernel, "language_info": language}
    return {"cells": filled, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write_notebook(path: Path, body: Mapping[str, Any]) -> None:
    """Write a notebook; its folder is created."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body), encoding="utf-8")


# ------------------------------------------------------------------------------- the grader


class Grader(abc.ABC):
    """One grader, as it comes from PyPI.

    Args:
        folder: where it makes what goes into the home of each container.
        canary: a secret that must not get out, which is in the hidden tests.
        environment: the virtual environment that it is installed in.

    Attributes:
        key: its short name.
        title: its name and version, for the page.
        packages: what is installed, with versions; empty for the project's own environment.
        command: what grades a submission, for the page.
        hardening: what its documentation offers against hostile code, and what is switched on.
        upload: the folder, in the container's home, that attacks know as the autograder's.
        files: what it writes for one submission, by a short name: paths in the container's home.
        links: symbolic links in the container, by their paths.
        variables: of the environment.
        least_seconds: the container's limit of time if that is more than ``TIME_FACTOR`` times what
            the honest submission takes.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    packages: ClassVar[tuple[str, ...]] = ()
    command: ClassVar[str]
    hardening: ClassVar[str]
    upload: ClassVar[str]
    files: ClassVar[dict[str, str]]
    links: ClassVar[dict[str, str]] = {}
    variables: ClassVar[dict[str, str]] = {}
    least_seconds: ClassVar[int] = 60

    def __init__(self, folder: Path, canary: str, environment: Path) -> None:
        self.folder, self.canary, self.environment = folder, canary, environment

    @abc.abstractmethod
    def make(self) -> None:
        """Make the autograder, as an instructor would, in ``folder``."""

    @abc.abstractmethod
    def place(self, harness: GraderHarness, submission: Submission) -> list[str]:
        """Write a submission into the harness's folder; return the command that grades it."""

    @abc.abstractmethod
    def points(self, run: Run) -> float | None:
        """Return the points that it gave; None if it gave none."""

    @abc.abstractmethod
    def shown(self, run: Run) -> str:
        """Return what the student may see."""

    def refused(self, run: Run) -> bool:
        """Return whether it rejected the submission, in words, before it ran."""
        return False

    @abc.abstractmethod
    def why_not(self, attack: Attack) -> str:
        """Return why an attack makes no sense for it; empty if it does."""


def code_of(attack: Attack) -> str:
    """Return an attack without its head."""
    return _HEAD.sub("", attack.path.read_text(encoding="utf-8"))


OF_OURS = "speaks ottermark's own protocol"
OF_OTTER = "is about what only Otter has"
NO_IPYTHON = "needs IPython, and this grader runs code without it"
_OURS = re.compile(r"Channel\b|^\s*(?:from|import) ottermark\b", re.M)
_OTTERS = (
    "malformed-assignment_as_markdown",
    "malformed-checks_again_and_again",
    "malformed-ignored_cells",
    "malformed-marks_in_metadata",
    "patch-notebook_and_check",
    "patch-otters_tests",
)
_IPYTHON = re.compile(r"get_ipython|^[%!]", re.M)


def speaks_ours(attack: Attack) -> bool:
    """Return whether an attack talks to ottermark's processes in their own words."""
    return bool(_OURS.search(code_of(attack)))


def why_not_without_otter(attack: Attack, has_ipython: bool) -> str:
    """Return why an attack makes no sense for a grader that takes notebooks and has no Otter."""
    if speaks_ours(attack):
        return OF_OURS
    if attack.name in _OTTERS:
        return OF_OTTER
    if attack.head.get("file", "").endswith(".zip"):
        return "is an archive, and this grader takes a notebook"
    if not has_ipython and _IPYTHON.search(code_of(attack)):
        return NO_IPYTHON
    return ""
