"""The labs whose submissions are graded.

*Now* is the lab of this repository. *Before* is the same lab before it had the questions q2_8, q2_9,
q5_6 and q5_7: its sources and its corpus at commit 0f156f3, in ``earlier_lab.tar.xz``. Its data are
those of ``assignment/``, which have not changed since; a hash of each says so. It is built by
``ottermark build`` when it is needed, without the line that turned oneDNN off.

    python bench/costs/labs.py [COMMIT]

writes the archive again from a commit of this repository, byte for byte.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
BEFORE = "0f156f3"
ARCHIVE = Path(__file__).with_name("earlier_lab.tar.xz")
DATA = {
    "assignment/data/boston_housing.csv": "79ac716620024011b03c0c44d2bf99069b8173649181926d9109c25475a3804c",
    "assignment/data/digits.npz": "1bd6fa2271b67d9b7fa60e7da49ae025556c5c9901da82349adc7253b3b51dd2",
    "assignment/held_back/digits.npz": "1a2812e3573cd9f36333fe5316229835c1515ea92f73a5a0de3c992f2c21faef",
}
# A line of its notebook turns it off, which a notebook cannot do in ottermark, where TensorFlow is imported
# before. So that all compute alike, the line is taken out.
ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
# what only calibrating needs, and what the figures are drawn with
LEFT_OUT = (
    *("calibration/calibration.svg", "calibration/designs.py", "calibration/runs.csv"),
    *("calibration/summary.json", "figures/draw.py", "data/make_data.py", "data/README.md"),
)


@dataclass(frozen=True)
class Lab:
    """A lab that is built.

    Attributes:
        name: short, for the table.
        folder: with ``assignment/``, and with ``student/``, ``solutions/`` and ``autograder/``.
    """

    name: str
    folder: Path

    @property
    def corpus(self) -> Path:
        """The folder of right and wrong answers."""
        return self.folder / "assignment" / "corpus"

    @property
    def autograder(self) -> Path:
        """The folder that ``ottermark grade`` takes."""
        return self.folder / "autograder"

    @property
    def student(self) -> Path:
        """The folder that students receive."""
        return self.folder / "student"

    @property
    def blank(self) -> Path:
        """The student notebook."""
        (blank,) = self.student.glob("*.ipynb")
        return blank

    @property
    def solution(self) -> Path:
        """The solved notebook."""
        return self.folder / "solutions" / self.blank.name

    @property
    def points(self) -> Mapping[str, float]:
        """The points of each question that tests grade."""
        questions = loaded(self.autograder / "questions.json")["questions"]
        return {each["id"]: each["points"] for each in questions if not each["manual"]}


def loaded(path: Path) -> Any:
    """Return what a JSON file holds."""
    return json.loads(path.read_text(encoding="utf-8"))


def lab_now(folder: Path) -> Lab:
    """Return the lab of this repository, as it was built last; the folder is not used."""
    return Lab("now", PROJECT)


def lab_before(folder: Path) -> Lab:
    """Unpack and build the earlier lab in a folder, which is created; takes about a minute."""
    folder.mkdir()
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    for name, digest in DATA.items():
        content = (PROJECT / name).read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise SystemExit(
                f"{name} has changed since the earlier lab; keep its own in {ARCHIVE}."
            )
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / name, folder / name)
    master = folder / "assignment" / "intro_convnets.ipynb"
    lines = master.read_text(encoding="utf-8").splitlines(keepends=True)
    master.write_text("".join(line for line in lines if ONEDNN not in line), encoding="utf-8")
    command = [sys.executable, "-m", "ottermark", "build"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The earlier lab was not built: {done.stderr[-2000:]}")
    return Lab("before", folder)


LABS = {"before": lab_before, "now": lab_now}


def write_archive(commit: str) -> None:
    """Write the archive of the lab at a commit."""
    command = ["git", "archive", commit, "assignment", "otter_config.json"]
    content = subprocess.run(command, cwd=PROJECT, check=True, stdout=subprocess.PIPE).stdout
    with (
        tarfile.open(fileobj=io.BytesIO(content)) as whole,
        tarfile.open(ARCHIVE, "w:xz", format=tarfile.USTAR_FORMAT, preset=9) as kept,
    ):
        for member in whole:
            if member.isfile() and member.name not in DATA and not member.name.endswith(LEFT_OUT):
                kept.addfile(member, whole.extractfile(member))


if __name__ == "__main__":
    write_archive(*(sys.argv[1:] or [BEFORE]))
