"""What a build costs beside `otter assign` on the same lab.

    python bench/build.py [MASTER]

Otter runs the solution, also where the master says `run_tests: false` or `generate: false`. Each step
is a command of its own, one after the other, on the same machine: `otter assign`, which runs the
solution and no blank notebook; `ottermark build` with an empty cache, which runs both; the same again
with nothing changed; the verification of one question; and solution and blank notebook just executed by
nbclient, which verifies nothing. Prints wall seconds and their ratios to `otter assign`. Ours run each
notebook with one thread, two at a time.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[1]
QUESTION = "q2_7"
EXECUTE = """
import sys, nbclient, nbformat
for path in sys.argv[1:]:
    where = {"metadata": {"path": "student"}}
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, allow_errors=True, resources=where).execute()
"""


def spent(command: list[str], folder: Path) -> float:
    """Run a command; return its wall seconds. Raises if it fails."""
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache")}
    start = time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return time.monotonic() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "master", nargs="?", type=Path, default=PROJECT / "assignment" / "intro_convnets.ipynb"
    )
    master = parser.parse_args().master.resolve()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(master.parent, folder / "assignment")
        copied = folder / "assignment" / master.name
        text = master.read_text()
        for key in ("run_tests", "generate"):
            text = text.replace(f'"{key}: false', f'"{key}: true')
        copied.write_text(text)
        copy = str(copied)
        otter = [sys.executable, "-m", "otter", "assign", copy, str(folder / "otter"), "--no-pdfs"]
        ours = [sys.executable, "-m", "ottermark", "build", copy]
        steps = {
            "otter assign (solution only)": otter,
            "ottermark build": ours,
            "ottermark build, nothing changed": ours,
            f"ottermark build --question {QUESTION}": [*ours, "--question", QUESTION],
            "solution and blank, executed only": [
                *(sys.executable, "-c", EXECUTE),
                *(f"{which}/{master.name}" for which in ("solutions", "student")),
            ],
        }
        took = {name: spent(command, folder) for name, command in steps.items()}
    first = next(iter(took.values()))
    print("| command | wall, s | of Otter's |\n|---|---|---|")
    for name, seconds in took.items():
        print(f"| {name} | {seconds:.1f} | {seconds / first:.2f} |")


if __name__ == "__main__":
    main()
