"""The public API: build a lab, grade one submission or a class.

Everything here is offered by ``import ottermark``. The other errors are in ``ottermark.errors``.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path

from ottermark.authoring.build import build as build_master
from ottermark.authoring.build_result import BuildResult
from ottermark.batch.local_executor import default_jobs
from ottermark.batch.run import Batch, BatchOptions
from ottermark.diagnostics import BuildFailedError, Diagnostic
from ottermark.grading.autograder import Autograder, open_autograder
from ottermark.grading.grade_file import grade_file
from ottermark.limits import Limits, parse_limit
from ottermark.results.document import ResultDocument as Result
from ottermark.sandbox.sandbox import Sandbox
from ottermark.submissions.collect import collect

__all__ = [
    "BuildFailedError",
    "BuildResult",
    "Diagnostic",
    "Result",
    "build",
    "grade",
    "grade_all",
    "open",
]

AnyPath = str | PathLike[str]


@contextlib.contextmanager
def open(autograder: AnyPath) -> Iterator[Autograder]:
    """Open an autograder: the folder or zip that ``build`` made.

    >>> import ottermark
    >>> with ottermark.open("autograder") as autograder:
    ...     [question.id for question in autograder.assignment.questions]
    ['q1', 'q2', 'q3']

    Raises:
        UsageError: it is not an autograder.
    """
    with open_autograder(Path(autograder)) as opened:
        yield opened


def build(
    master: AnyPath,
    out: AnyPath = ".",
    *,
    check: bool = False,
    question: str | None = None,
    strict: bool = False,
    allow: Iterable[str] = (),
    progress: Callable[[str], None] | None = None,
) -> BuildResult:
    """Build a master notebook into ``student/``, ``autograder/`` and ``solutions/`` under ``out``.

    >>> import ottermark
    >>> result = ottermark.build("assignment/tiny.ipynb")
    >>> result.assignment.max_score
    6

    Args:
        check: write nothing; ``changed`` of the result lists what a build would change.
        question: verify only the question with this id, with the cells that it depends on; write
            nothing.
        strict: make errors of warnings.
        allow: ids of rules whose errors are warnings.
        progress: called with a few words on each step.

    Raises:
        UsageError: the master or a file beside it cannot be read, or there is no such question or
            rule.
        BuildFailedError: there are errors; its ``diagnostics`` hold them. Nothing has been written.
    """
    return build_master(
        master,
        out,
        check=check,
        question=question,
        strict=strict,
        allow=allow,
        progress=progress,
    )


def grade(
    submission: AnyPath,
    autograder: AnyPath | Autograder,
    *,
    isolation: str | None = None,
    limits: Iterable[str] = (),
) -> Result:
    """Grade one submission: a notebook, or a zip that holds one.

    To grade many, use ``grade_all``: it starts Python for the notebooks once.

    >>> import ottermark
    >>> result = ottermark.grade("submissions/bob.ipynb", "autograder")
    >>> result.questions["q1"].status, result.questions["q1"].score
    ('failed', 0.0)

    Args:
        isolation: ``userns``, ``uid`` or ``none``; None takes the best that this machine gives.
        limits: changes to the limits, such as ``cell=60`` (seconds) or ``memory=1G``.

    Raises:
        UsageError: the autograder cannot be read, or there is no isolation here.
    """
    path = Path(submission).resolve()
    with _opened(autograder) as opened, opened.working_directory():
        private = [*opened.private_paths, path]
        with Sandbox(opened.assignment.preloads, isolation, private) as sandbox:
            return grade_file(path, path.stem, opened, sandbox, _limits(opened, limits)).document


def grade_all(
    submissions: Iterable[AnyPath],
    autograder: AnyPath | Autograder,
    *,
    jobs: int | None = None,
    out: AnyPath | None = None,
    isolation: str | None = None,
    limits: Iterable[str] = (),
) -> list[Result]:
    """Grade notebooks, zips, folders and platforms' downloads; return results in order of names.

    >>> import ottermark
    >>> results = ottermark.grade_all(["submissions"], "autograder", jobs=2)
    >>> [(result.submission, result.score) for result in results]
    [('ann', 6.0), ('bob', 4.0)]

    Args:
        jobs: how many are graded at the same time; None for one on each core.
        out: a folder that keeps the results, as ``ottermark grade -o`` does: what has been graded
            there is not graded again. None keeps nothing.
        isolation: as of ``grade``.
        limits: as of ``grade``.

    Raises:
        UsageError: a path cannot be read, or there is no isolation here.
    """
    paths = [Path(submission).resolve() for submission in submissions]
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(_opened(autograder))
        assignment = opened.assignment
        collected = stack.enter_context(collect(paths, assignment))
        folder = out or stack.enter_context(tempfile.TemporaryDirectory(prefix="ottermark-grades-"))
        options = BatchOptions(
            jobs=jobs or default_jobs(), limits=_limits(opened, limits), isolation=isolation
        )
        batch = stack.enter_context(Batch(collected, opened, Path(folder).resolve(), options))
        for _ in batch.events():
            pass
        batch.accept()
        return batch.documents


@contextlib.contextmanager
def _opened(autograder: AnyPath | Autograder) -> Iterator[Autograder]:
    if isinstance(autograder, Autograder):
        yield autograder
    else:
        with open_autograder(Path(autograder)) as opened:
            yield opened


def _limits(autograder: Autograder, changes: Iterable[str]) -> Limits:
    return Limits().with_changes({**autograder.config.limits, **dict(map(parse_limit, changes))})
