"""The attacks on other graders, as the baseline that ottermark is compared with.

    python bench/against_others.py [ATTACK...] [--only CLASS] [--grader NAME] [-j JOBS]

Stock Otter, nbgrader, mograder and a Gradescope autograder with unittest grade each attack's submission,
each as it comes from PyPI, in a container of its own; ottermark grades the same submissions. The
canary, the servers and the other submissions are where ``ottermark.audit.attacks`` has them for
ottermark. The graders' packages are installed, in the versions that ``bench/hostile/`` names, into
environments in the user's cache. Needs Linux and root.

The outcomes are cached in ``bench/against_others.json``, so that an interrupted run is continued and
only new or changed attacks are run again. ``docs/hostile.md`` is written from them at the end.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import zip_longest
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent
# isolated code can read what is on the path: not these folders, which are there for a moment only
sys.path[:1] = [str(HERE), str(PROJECT / "tests" / "support")]
from hostile.container import run_in_container  # noqa: E402
from hostile.environments import environment_of  # noqa: E402
from hostile.grader import CORPUS, Grader, Submission  # noqa: E402
from hostile.gradescope_unittest import GradescopeUnittest  # noqa: E402
from hostile.mograder import MoGrader  # noqa: E402
from hostile.nbgrader import NbGrader  # noqa: E402
from hostile.outcomes import (  # noqa: E402
    OURS,
    TIME_FACTOR,
    Known,
    our_outcomes,
    outcomes_of,
    version_of,
)
from hostile.page import Row, page  # noqa: E402
from hostile.probes import probe_container  # noqa: E402
from hostile.stock_otter import Otter  # noqa: E402

from ottermark.audit.attacks import (  # noqa: E402
    HONEST,
    Attack,
    AttackHarness,
    read_attacks,
    read_honest,
)

del sys.path[:2]

OUT = PROJECT / "docs" / "hostile.md"
KNOWN = HERE / "against_others.json"
MODE = "userns"  # needs what the container needs, so the machine offers both
GRADERS: tuple[type[Grader], ...] = (Otter, NbGrader, MoGrader, GradescopeUnittest)
BASELINE_SECONDS = 200


def report(text: str) -> None:
    """Print progress to stderr."""
    print(text, file=sys.stderr, flush=True)


def by_turns(attacks: Sequence[Attack]) -> Iterator[Attack]:
    """Return the attacks in the order in which they are run: by turns one of each class."""
    classes: dict[str, list[Attack]] = {}
    for attack in attacks:
        classes.setdefault(attack.path.parent.name, []).append(attack)
    for turn in zip_longest(*classes.values()):
        yield from (attack for attack in turn if attack)


def check_honest(grader: Grader) -> float:
    """Check that a grader grades the honest submission in its container as it should.

    Returns:
        The seconds that it took.

    Raises:
        SystemExit: it does not, or the container does not hold.
    """
    if faults := probe_container(grader):
        raise SystemExit(f"The container would not hold an attack: {'; '.join(faults)}.")
    run = run_in_container(grader, Submission(), BASELINE_SECONDS)
    points, expected = grader.points(run), read_honest(CORPUS).earns
    report(f"{grader.title} gives the honest submission {points} points in {run.seconds:.0f} s")
    is_clean = not (run.exit_code or run.limits_reached or run.left_running)
    if points != expected or not is_clean or run.canary in grader.shown(run):
        raise SystemExit(f"{grader.title} should give it {expected:g} points: {run}")
    return run.seconds


def attack_grader(kind: type[Grader], attacks: Sequence[Attack], known: Known, jobs: int) -> None:
    """Run the attacks whose outcomes with a grader are not known."""
    version = version_of(kind)
    with tempfile.TemporaryDirectory(prefix=f"hostile-{kind.key}-") as folder:
        canary = secrets.token_hex(12)
        grader = kind(Path(folder), canary, environment_of(kind.packages))
        missing = [
            attack
            for attack in by_turns(attacks)
            if known.get(kind.key, version, attack) is None and not grader.why_not(attack)
        ]
        if not missing:
            return
        grader.make()
        seconds = max(kind.least_seconds, round(TIME_FACTOR * check_honest(grader)))
        fork = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(jobs, fork) as pool:
            tasks = {
                pool.submit(_outcomes_in_container, grader, attack, seconds): attack
                for attack in missing
            }
            for number, task in enumerate(as_completed(tasks), start=1):
                attack, (outcomes, took) = tasks[task], task.result()
                known.add(kind.key, version, attack, outcomes)
                text = f"{attack.name}, {kind.key}: {', '.join(outcomes)} ({took:.0f} s)"
                report(f"[{number}/{len(missing)}] {text}")


def _outcomes_in_container(
    grader: Grader, attack: Attack, seconds: float
) -> tuple[list[str], float]:
    start = time.monotonic()
    run = run_in_container(grader, Submission(attack), seconds)
    return outcomes_of(grader, run, attack), time.monotonic() - start


def attack_ours(attacks: Sequence[Attack], known: Known) -> None:
    """Have ottermark grade the attacks whose outcomes are not known."""
    version = version_of(None)
    missing = [attack for attack in attacks if known.get(OURS, version, attack) is None]
    if not missing:
        return
    report(f"ottermark grades {len(missing)} submissions")
    with AttackHarness(PROJECT, CORPUS) as harness:
        harness.add_honest()
        for attack in missing:
            harness.add(attack)
        run = harness.grade(MODE)
        is_honest_whole = run.result(HONEST)["score"] == read_honest(CORPUS).earns
        if run.exit_code != 0 or run.left_running or not is_honest_whole:
            raise SystemExit(f"ottermark was harmed: {run.left_running}\n{run.printed}")
        for attack in missing:
            known.add(OURS, version, attack, our_outcomes(run, attack))


def rows_of(attacks: Sequence[Attack], known: Known, folder: Path) -> list[Row]:
    """Return what is known of each attack."""
    rows = [Row(attack) for attack in attacks]
    for kind in (None, *GRADERS):
        name = kind.key if kind else OURS
        grader = kind(folder, "", folder) if kind else None
        for row in rows:
            reason = grader.why_not(row.attack) if grader else ""
            outcomes = known.get(name, version_of(kind), row.attack)
            if reason:
                row.reasons[name] = reason
            elif outcomes is not None:
                row.outcomes[name] = outcomes
    return rows


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("attack", nargs="*", help="e.g. read-the_tests; all if none is named")
    parser.add_argument("--only", action="append", metavar="CLASS", help="attacks of this class")
    names = [OURS, *(kind.key for kind in GRADERS)]
    parser.add_argument("--grader", action="append", choices=names, help="all if none is named")
    parser.add_argument(
        "--again", action="append", choices=names, default=[], help="forget it first"
    )
    parser.add_argument("-j", "--jobs", type=int, default=1, help="containers at a time")
    parser.add_argument("--known", type=Path, default=KNOWN, help="outcomes that are known already")
    parser.add_argument("-o", "--out", type=Path, default=OUT, help="the page")
    arguments = parser.parse_args()
    if sys.platform != "linux" or os.geteuid() != 0:
        raise SystemExit("This needs Linux and root: the attacks must be contained.")
    corpus = read_attacks(CORPUS)
    if unknown := set(arguments.attack) - {attack.name for attack in corpus}:
        raise SystemExit(f"There is no attack {', '.join(sorted(unknown))}.")
    chosen = [
        attack
        for attack in corpus
        if (not arguments.attack or attack.name in arguments.attack)
        and (not arguments.only or attack.path.parent.name in arguments.only)
    ]
    known = Known(arguments.known)
    for name in arguments.again:
        known.forget(name)
    wanted = arguments.grader or names
    if OURS in wanted:
        attack_ours(chosen, known)
    for kind in GRADERS:
        if kind.key in wanted:
            attack_grader(kind, chosen, known, arguments.jobs)
    text = page(rows_of(corpus, known, Path()), GRADERS, MODE)
    arguments.out.write_text(text, encoding="utf-8")
    report(f"{arguments.out}")


if __name__ == "__main__":
    main()
