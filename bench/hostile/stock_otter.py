"""Stock Otter, with an autograder as ``otter assign`` makes it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from hostile.grader import OF_OURS, PROJECT, Grader, GraderHarness, Submission, speaks_ours
from hostile.results_json import points_of, visible_part
from ottermark.audit.attacks import Attack
from ottermark.sandbox.userns import HOME

if TYPE_CHECKING:
    from hostile.container import Run


def stock_otter(folder: Path, assignment: Path = PROJECT / "assignment") -> Path:
    """Have Otter Assign generate its autograder from the master notebook; return its folder."""
    shutil.copytree(assignment, folder / "master")
    (master,) = (folder / "master").glob("*.ipynb")
    text = master.read_text(encoding="utf-8")
    assert "generate: false" in text, "the master's config no longer says `generate: false`"
    master.write_text(text.replace("generate: false", "generate: {pdf: false}"), encoding="utf-8")
    command = ["nice", sys.executable, "-m", "otter", "assign", "--no-run-tests", "--no-pdfs"]
    command += [str(master), str(folder / "made")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)
    (upload,) = (folder / "made" / "autograder").glob("*.zip")
    with zipfile.ZipFile(upload) as archive:
        archive.extractall(folder / "autograder")
    return folder / "autograder"


class Otter(Grader):
    """Grades with ``otter run``, in the project's own environment."""

    key = "otter"
    title = f"Otter {version('otter-grader')}"
    command = "otter run -a autograder.zip submission.ipynb"
    hardening = "None is documented for `otter run`; its container is Gradescope's or Docker's, and ours here."
    upload = "upload"
    files = {"results": "out/results/results.json"}  # noqa: RUF012

    def make(self) -> None:
        """Make the autograder, with the canary in its tests and beside them."""
        made = stock_otter(self.folder)
        for test in (made / "tests").glob("*.py"):
            test.write_text(f'CANARY = "{self.canary}"\n{test.read_text()}')
        (made / "files" / "canary.txt").write_text(self.canary)
        made.rename(self.folder / self.upload)
        shutil.make_archive(str(self.folder / "autograder"), "zip", self.folder / self.upload)
        shutil.rmtree(self.folder / "master")
        shutil.rmtree(self.folder / "made")

    def place(self, harness: GraderHarness, submission: Submission) -> list[str]:
        """Write the submission as the harness does for ottermark."""
        harness.add_honest()
        if submission.attack:
            harness.add(submission.attack)
        (file,) = harness.submissions.glob(f"{submission.name}.*")
        words = [f"{self.environment}/bin/python", "-m", "otter", "run", "--no-logo"]
        words += ["-a", f"{HOME}/autograder.zip", "-o", f"{HOME}/out/results"]
        return [*words, f"{HOME}/{harness.submissions.name}/{file.name}"]

    def points(self, run: Run) -> float | None:
        """Return the points in its results.json."""
        return points_of(run.files["results"])

    def shown(self, run: Run) -> str:
        """Return what the student may see of its results.json."""
        return visible_part(run.files["results"])

    def why_not(self, attack: Attack) -> str:
        """Return why an attack makes no sense for it."""
        return OF_OURS if speaks_ours(attack) else ""
