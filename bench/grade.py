"""What grading costs: ottermark beside other graders, and beside executing the notebooks alone.

    python bench/grade.py [--lab before|now]... [--only PART]... [--long] [--repeat N] [--few] [-o FILE]

All get the same submissions of our lab, on the same two processors, in the same run: ``ottermark
grade``; ``otter run``, with an autograder that Otter Assign makes of the master; ``nbgrader
autograde`` and ``mograder autograde``, with the same questions and tests in their forms; and nbclient,
which executes and grades nothing. Whoever gives a solved submission less than all points, or a blank
one any, ends the run. CPU seconds are counted by a control group, so no process is forgotten that
outlives its parent.

The lab is that of this repository (``now``), or the one before its last questions (``before``), for
which the targets were set; both if none is named. Prints a Markdown table. Needs Linux and root, and
pip for the environments of nbgrader and mograder, which are kept in the user's cache.

All parts of the lab before and the shorter ones of the lab now take about an hour on two quiet cores
(an estimate, from single figures on a busy machine). With ``--long`` the class of 40 under stock Otter and
the class under nbgrader are measured for the second lab, too: about 25 minutes more. The parts three,
class, counted, overhead and cluster are only run if ``--only`` names them. ``--few`` takes the fewest
submissions, to see that everything works.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
from costs.bench import Bench
from costs.labs import LABS
from costs.parts import CORES, LONG_PARTS, ON_DEMAND, PARTS
from costs.rows import Row, table
from hostile.mograder import MoGrader
from hostile.nbgrader import NbGrader

HEAD = """\
Two cores of {processor}; Otter {otter}, nbclient {nbclient}, {nbgrader}, {mograder}. A cell may take \
{bench.cell:g} s. Medians of {bench.repeat}. One more submission is what each of {bench.blanks} blanks, or of \
{bench.solutions} solutions, costs beyond the first; of Otter and \
nbclient each of {bench.others}, of nbgrader and mograder one beyond the start of a run.

"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parts = PARTS | ON_DEMAND
    parser.add_argument("--lab", action="append", choices=LABS, help="this lab; both if none")
    parser.add_argument("--only", action="append", choices=parts, help="this part")
    parser.add_argument("--long", action="store_true", help="the longest parts for both labs")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="take medians of N")
    parser.add_argument("--few", action="store_true", help="the fewest submissions, to try it out")
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE", help="write the table there, after each part"
    )
    options = parser.parse_args()
    if sys.platform != "linux" or os.geteuid() != 0:
        sys.exit("This needs Linux and root: without them nothing counts CPU seconds.")
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"  # for all; not every processor has it by default
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    rows: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-grade-") as folder:
        for name in options.lab or LABS:
            lab = LABS[name](Path(folder) / name)
            bench = Bench(lab, Path(folder) / f"grading-{name}", options.repeat, options.few)
            shorter = [part for part in PARTS if part not in LONG_PARTS]
            chosen = options.only or (shorter if rows and not options.long else PARTS)
            rows[name] = []
            for part in chosen:
                print(f"{time.strftime('%H:%M')} lab {name}: {part}", file=sys.stderr)
                rows[name] += parts[part](bench)
                text = head(bench) + table(rows)
                if options.out:
                    options.out.write_text(text, encoding="utf-8")
    print(text, end="")


def head(bench: Bench) -> str:
    """Return what stands above the table."""
    model = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.M)
    return HEAD.format(
        bench=bench,
        processor=model[1] if model else "this machine",
        otter=importlib.metadata.version("otter-grader"),
        nbclient=importlib.metadata.version("nbclient"),
        nbgrader=NbGrader.title,
        mograder=MoGrader.title,
    )


if __name__ == "__main__":
    main()
