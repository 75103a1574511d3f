"""What an author's data of 2 GB and 50,000 small files cost.

    python bench/author_files.py [--gigabytes N] [--files N] [--isolation MODE]

Builds a lab of one question with a data file of 2 GB (of zeros, and sparse on disk) and a folder of
50,000 files of 100 bytes, and the same lab without them. Prints what a build and a rebuild take, the size
of the upload, and what one blank submission takes: the first of a run, for which the files are copied, and
each one more (the median of 20).

`--isolation` may be given twice. With `uid`, run it as root on a machine whose Python every user can read, or behind
`tests/support/run_as_user.py 0`.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from ottermark.grading.autograder import open_autograder
from ottermark.grading.grade_file import grade_file
from ottermark.limits import Limits
from ottermark.sandbox.sandbox import Sandbox

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from labs import TINY, notebook

MORE = 20  # submissions


def write_lab(folder: Path, size: int, files: int) -> None:
    """Write a lab; its notebook reads the length of its data."""
    data = folder / "assignment" / "data"
    data.mkdir(parents=True)
    (data / "numbers.csv").write_text("1,2,3\n")
    (folder / "assignment" / "held_back").mkdir()
    (folder / "assignment" / "held_back" / "answers.csv").write_text("0.0,2.0,4.0\n")
    if size:
        with (data / "large.bin").open("wb") as file:
            file.truncate(size)
    if files:
        (data / "many").mkdir()
        for number in range(files):
            (data / "many" / f"{number}.txt").write_text(f"{number} " * 15)
    master = TINY.replace("files: [data/numbers.csv]", "files: [data]")
    nbformat.write(notebook(master), folder / "assignment" / "tiny.ipynb")


def build(folder: Path) -> str:
    """Build the lab; return wall and CPU seconds."""
    start, before = time.monotonic(), cpu_seconds()
    command = [sys.executable, "-m", "ottermark", "build"]
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache")}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return f"{time.monotonic() - start:.1f} ({cpu_seconds() - before:.1f})"


def cpu_seconds() -> float:
    """Return the CPU time of the processes that were started and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def grade(folder: Path, isolation: str) -> list[str]:
    """Grade blank submissions, one after the other; return seconds for the first and one more."""
    blank = folder / "student" / "tiny.ipynb"
    seconds = []
    with (
        open_autograder(folder / "autograder") as grader,
        grader.working_directory(),
        Sandbox(grader.assignment.preloads, isolation) as sandbox,
    ):
        for _ in range(1 + MORE):
            start = time.monotonic()
            document = grade_file(blank, "blank", grader, sandbox, Limits()).document
            seconds.append(time.monotonic() - start)
            assert document.status == "graded", document.to_json()
    first, *more = seconds
    return [f"{first:.2f}", f"{statistics.median(more):.3f}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--isolation", action="append", choices=("userns", "uid"))
    options = parser.parse_args()
    modes = options.isolation or ["userns"]
    columns = [f"{what}, {mode}" for mode in modes for what in ("first", "one more")]
    print("| data | build, s (CPU) | again, s (CPU) | upload, MB |", " | ".join(columns), "|")
    print("|---|---|---|---|" + "---|" * len(columns))
    size = int(options.gigabytes * 2**30)
    rows = {
        "none": (0, 0),
        f"{options.gigabytes:g} GB in one file": (size, 0),
        f"{options.files:,} files": (0, options.files),
        "both": (size, options.files),
    }
    for name, amounts in rows.items():
        with tempfile.TemporaryDirectory() as temporary:
            write_lab(Path(temporary), *amounts)
            folder = Path(temporary)
            cells = [name, build(folder), build(folder)]
            upload = (folder / "autograder" / "autograder.zip").stat().st_size
            cells.append(f"{upload / 2**20:,.0f}")
            for mode in modes:
                cells += grade(folder, mode)
            print("|", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
