"""What an author's data of 2 GB and 50,000 small files cost.

    python bench/author_files.py [--gigabytes N] [--files N] [--isolation userns|uid]

Builds a lab of one question with a data file of 2 GB (of zeros, and sparse on disk) and a folder of
50,000 files of 100 bytes, and the same lab without them. Prints what a build and a rebuild take, the size
of the upload, and what `ottermark grade` takes for one blank submission and for each one more.

With `--isolation uid`, run it as root on a machine whose Python every user can read, or behind
`tests/support/run_as_user.py 0`.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

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


def seconds(*arguments: object, cwd: Path) -> float:
    """Run `ottermark`; return its wall seconds."""
    start = time.monotonic()
    command = [sys.executable, "-m", "ottermark", *map(str, arguments)]
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(result.stdout + result.stderr)
    return time.monotonic() - start


def measure(folder: Path, isolation: str) -> list[str]:
    """Build and grade; return the cells of a row."""
    build, rebuild = (seconds("build", cwd=folder) for _ in range(2))
    upload = (folder / "autograder" / "autograder.zip").stat().st_size / 2**20
    (folder / "submissions").mkdir()
    blank = folder / "student" / "tiny.ipynb"
    for number in range(1 + MORE):
        shutil.copyfile(blank, folder / "submissions" / f"s{number}.ipynb")
    first = folder / "submissions" / "s0.ipynb"
    options = ("-j", 1, "--isolation", isolation)
    one = seconds("grade", first, "-o", "one", *options, cwd=folder)
    all_of_them = seconds("grade", "submissions", "-o", "all", *options, cwd=folder)
    more = (all_of_them - one) / MORE
    return [f"{build:.1f}", f"{rebuild:.1f}", f"{upload:,.0f}", f"{one:.1f}", f"{more:.2f}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--isolation", default="userns")
    options = parser.parse_args()
    print("| data | build, s | again, s | upload, MB | one blank, s | one more, s |")
    print("|---|---|---|---|---|---|")
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
            print(
                "|",
                " | ".join([name, *measure(Path(temporary), options.isolation)]),
                "|",
                flush=True,
            )


if __name__ == "__main__":
    main()
