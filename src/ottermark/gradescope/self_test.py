"""The last step of building Gradescope's image: grade the solution, as a submission would be.

An image that cannot give the solution full marks, isolated from the grader, must not be built. Run as
``python -m ottermark.gradescope.self_test SOURCE``; it ends with one sentence and exits 1 if that
does not hold.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ottermark.results.document import ResultDocument


def find_problem(source: Path) -> str | None:
    """Return why submissions cannot be graded with the autograder in ``source``; None if they can.

    Anything may be missing in a new image, so everything is imported here and not above.
    """
    try:
        import ottermark.gradescope.entry  # noqa: F401
        from ottermark.errors import UsageError
    except ImportError as error:
        return f"the package {error.name} is missing ({error}); add it to requirements.txt."
    try:
        problem = _broken_test(source)
    except UsageError as error:
        return str(error)
    if problem is not None:
        return problem
    start = time.monotonic()
    document = _graded_solution(source)
    seconds = time.monotonic() - start
    problem = _problem_of(document)
    if problem is None:
        print(
            f"The solution earns all {document.score:g} points in {seconds:.0f} seconds, "
            f"isolated ({document.isolation})."
        )
    return problem


def _broken_test(source: Path) -> str | None:
    from ottermark.grading.autograder import open_autograder
    from ottermark.grading.otter_tests import OtterTests

    with open_autograder(source) as autograder:
        for question in autograder.assignment.automatic:
            path = autograder.test_path(question.id)
            try:
                OtterTests(path)
            except Exception as error:
                return f"{path} cannot be read ({error!r}); fix the test in the master notebook."
    return None


def _graded_solution(source: Path) -> ResultDocument:
    from ottermark.gradescope.entry import main as grade
    from ottermark.grading.autograder import SELF_TEST
    from ottermark.results.document import ResultDocument

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o711)
        (home / "source").symlink_to(source)
        (home / "results").mkdir()
        shutil.copytree(source / SELF_TEST, home / "submission")
        grade(home)
        return ResultDocument.from_json((home / "results" / "results.json").read_bytes())


def _problem_of(document: ResultDocument) -> str | None:
    """Return what is wrong with the solution's result."""
    if document.extra_data is None:
        return f"nothing can be graded: {document.output} The cause stands above."
    if document.status == "rejected":
        return f"the solution cannot be graded: {document.facts.message}"
    problems = [problem.text for problem in document.facts.problems]
    problems += [
        f"{id} earns {entry.score:g} of {entry.max_score:g}: {entry.output}"
        for id, entry in document.questions.items()
        if entry.score is not None and entry.max_score is not None and entry.score < entry.max_score
    ]
    if problems or document.score < document.max_score:
        first = (problems or [document.output or ""])[0]
        return (
            f"here, the solution earns {document.score:g} of {document.max_score:g} points; "
            f"{' '.join(first.split())}"
        )
    if document.isolation not in ("uid", "userns"):
        return "nothing would isolate students' code from the tests."
    return None


if __name__ == "__main__":
    if (problem := find_problem(Path(sys.argv[1]))) is not None:
        print(f"Error: {problem}", file=sys.stderr)
        sys.exit(1)
