"""The last step of building Gradescope's image: grade the solution, as a submission would be.

An image that cannot give the solution full marks, with walls around it, must not be built. Run as
``python -m ottermark.gradescope.self_test SOURCE``; it ends with one sentence and exits 1 if that does not hold.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path


def problem(source: Path) -> str | None:
    """Return why submissions cannot be graded with the autograder in ``source``; None if they can.

    Anything may be missing in a new image, so everything is imported here and not above.
    """
    try:
        from ottermark.errors import UsageError
        from ottermark.gradescope.entry import main as grade
        from ottermark.grading.autograder import SELF_TEST, open_autograder
        from ottermark.grading.otter_tests import OtterTests
    except ImportError as error:
        return (
            f"the package {error.name} is missing ({error}); it should stand in requirements.txt."
        )
    try:
        with open_autograder(source) as grader:
            assignment = grader.assignment
            for question in assignment.automatic:
                path = grader.test_path(question.id)
                try:
                    OtterTests(path)
                except Exception as error:
                    return (
                        f"{path} cannot be read ({error!r}); mend the test in the master notebook."
                    )
    except UsageError as wrong:
        return str(wrong)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o711)
        (home / "source").symlink_to(source)
        (home / "results").mkdir()
        shutil.copytree(source / SELF_TEST, home / "submission")
        begun = time.monotonic()
        grade(home)
        took = time.monotonic() - begun
        body = json.loads((home / "results" / "results.json").read_text(encoding="utf-8"))
    told = body.get("extra_data", {})
    if "status" not in told:
        return f"nothing can be graded: {body['output']} The cause stands above."
    if told["status"] == "rejected":
        return f"the solution cannot be graded: {body['tests'][0]['output']}"
    problems = [each["text"] for each in told["problems"]]
    problems += [
        f"{test['name']} earns {test['score']:g} of {test['max_score']:g}: {test['output']}"
        for test in body["tests"]
        if "score" in test and test["score"] < test["max_score"]
    ]
    if problems or body["score"] < told["max_score"]:
        return (
            f"here, the solution earns {body['score']:g} of {told['max_score']:g} points; "
            f"{' '.join((problems or [body.get('output', '')])[0].split())}"
        )
    if told["isolation"] not in ("uid", "userns"):
        return "nothing would wall off students' code from the tests."
    print(
        f"The solution earns all {body['score']:g} points in {took:.0f} seconds, "
        f"walled off ({told['isolation']})."
    )
    return None


if __name__ == "__main__":
    if (why := problem(Path(sys.argv[1]))) is not None:
        print(f"Error: {why}", file=sys.stderr)
        sys.exit(1)
