"""The solution in Gradescope's containers: ottermark, and stock Otter beside it.

    python bench/gradescope.py [--suite jammy] [--tier 0.5]

Both grade the solved notebook in the replica of ``tests/support/replica.py``, in turn, in each container
size. Otter's image cannot be built without conda's servers, so its autograder, as Otter Assign makes
it, runs in our image: the same Python, TensorFlow and Otter. Prints a Markdown table: wall and CPU
seconds, the most memory that was resident (own pages and mapped files), how often a page had to be
read from the disk, and processes that the kernel ended for want of memory. Needs Linux and root.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

import replica  # noqa: E402
from hostile.results_json import points_of  # noqa: E402
from hostile.stock_otter import stock_otter  # noqa: E402

OTTER = """#!/bin/bash
export PATH=/opt/ottermark/bin:$PATH
python /autograder/source/run_otter.py
"""


def otters(stock: Path) -> Callable[[Path], None]:
    """Return what turns our image into Otter's."""

    def change(root: Path) -> None:
        home = root / "autograder"
        shutil.rmtree(home / "source")
        shutil.copytree(stock, home / "source")
        (home / "run_autograder").write_text(OTTER)

    return change


def row(name: str, tier: replica.Tier, run: replica.Run, score: str) -> str:
    """Return a line of the table."""
    return (
        f"| {tier} | {name} | {score} | {run.seconds:.0f} | {run.cpu:.0f} | {run.peak / 1e6:.0f} "
        f"| {run.page_ins:,} | {run.killed} |"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--suite", choices=replica.SUITES, default="bookworm")
    parser.add_argument("--tier", type=float, action="append", help="its processors")
    options = parser.parse_args()
    if why := replica.lacking():
        sys.exit(f"Error: {why}.")
    built = replica.image(options.suite)
    (solution,) = (PROJECT / "solutions").glob("*.ipynb")
    files = replica.files_of(solution)
    print(f"{replica.SUITES[options.suite]}; setup.sh took {built.seconds:.0f} s.\n")
    print("| container | grader | points | wall, s | CPU, s | peak, MB | page-ins | killed |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        stock = stock_otter(Path(folder))
        for tier in replica.TIERS:
            if options.tier and tier.cores not in options.tier:
                continue
            ours = replica.run(built.layers, files, tier)
            print(row("ottermark", tier, ours, f"{ours.body['score']:g}"), flush=True)
            theirs = replica.run(built.layers, files, tier, change=otters(stock))
            points = points_of(theirs.text)
            print(
                row("Otter", tier, theirs, "none" if points is None else f"{points:g}"), flush=True
            )


if __name__ == "__main__":
    main()
