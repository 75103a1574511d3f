"""Build a master notebook into the student version, the autograder and the solutions."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path

from ottermark.assignment import OTTER_TESTS
from ottermark.authoring.build_result import BuildResult
from ottermark.errors import UsageError
from ottermark.python_source import code_cells, imported_modules
from ottermark.sandbox.sandbox import Sandbox, start_in_background


def build(
    master: str | PathLike[str],
    out: str | PathLike[str] = ".",
    *,
    check: bool = False,
    question: str | None = None,
    strict: bool = False,
    allow: Iterable[str] = (),
    sandbox: Sandbox | None = None,
    progress: Callable[[str], None] | None = None,
) -> BuildResult:
    """Build a master notebook; see ``ottermark.api.build``.

    Args:
        sandbox: the process to fork notebooks from; by default, one is started and stopped.
    """
    if check and question is not None:
        raise UsageError("A check is about all questions; leave out the question.")
    with _running(sandbox, Path(master), question) as get_sandbox:
        # its imports take seconds, in which the sandbox starts
        from ottermark.authoring.pipeline import BuildOptions, run

        options = BuildOptions(Path(out), question, check, strict, tuple(allow))
        return run(Path(master), options, get_sandbox, progress or (lambda _: None))


@contextlib.contextmanager
def _running(
    sandbox: Sandbox | None, master: Path, question: str | None
) -> Iterator[Callable[[], Sandbox]]:
    """Yield a function that returns ``sandbox``, or waits for a new one, which is closed then."""
    if sandbox is not None:
        yield lambda: sandbox
        return
    modules = [OTTER_TESTS]
    if question is None:  # else only the modules that its cells need, once they are known
        modules += imported_modules(code_cells(master))
    with start_in_background(modules, trusted=True) as get_sandbox:
        yield get_sandbox
