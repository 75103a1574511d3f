"""The page that compares the graders, ``docs/hostile.md``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from hostile.container import DISK, MEMORY, PROCESSES
from hostile.grader import Grader
from hostile.outcomes import OURS, OUTCOMES, REFUSED, SAFE, TIME_FACTOR, worst
from ottermark.audit.attacks import Attack
from ottermark.limits import MiB

NOT_RUN = "not run"


@dataclass(frozen=True)
class Row:
    """One attack.

    Attributes:
        outcomes: by grader; a grader that is missing was not run.
        reasons: why it makes no sense for a grader, by grader.
    """

    attack: Attack
    outcomes: dict[str, list[str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """Its class."""
        return self.attack.path.parent.name

    def cell(self, grader: str) -> str:
        """Return what the page says of it and a grader."""
        if grader in self.reasons:
            return "does not apply"
        return ", ".join(self.outcomes.get(grader, [NOT_RUN]))


def page(rows: Sequence[Row], graders: Sequence[type[Grader]], mode: str) -> str:
    """Return the Markdown page.

    Args:
        mode: that ottermark graded in.
    """
    names = {OURS: OURS} | {grader.key: grader.title for grader in graders}
    parts = [
        _HEAD.format(
            attacks=len(rows),
            mode=mode,
            memory=MEMORY // MiB,
            processes=PROCESSES,
            disk=DISK // MiB,
            factor=TIME_FACTOR,
        ),
        _not_run(rows, names),
        "## By class\n",
        _BY_CLASS,
        _by_class(rows, names),
        "## By outcome\n",
        "An attack counts as its worst outcome.\n",
        _by_outcome(rows, names),
        "## How each was run\n",
        _graders(graders),
        "## What does not apply\n",
        _reasons(rows, graders),
        _LIMITS,
        "## By attack\n",
        _by_attack(rows, names),
    ]
    return "\n".join(part for part in parts if part)


_HEAD = """\
# Attacks on other graders and on ottermark

`bench/against_others.py` wrote this page. Each attack of `tests/security/attacks/` is a submission,
{attacks} in all. Stock Otter, nbgrader, mograder and a Gradescope autograder in the usual manner grade
it as they come from PyPI, with the same tests for the same points, and ottermark grades it in mode
`{mode}`. All but ottermark run in a container: its network is a loopback, it has {memory} MB of
memory, {disk} MB of disk, {processes} processes and threads, and {factor} times what the honest
submission takes; whatever exceeds these is ended by the container, not by the grader. No attack is
run before probes have shown that the container holds, and before the grader has given the honest
submission all its points there.

*Stole*: points beyond those of its honest answers. *Canary leaked*: a secret from the hidden tests
is in what the student is shown. *No result at all*: the grader gave no points; for a broken file
that does no harm, for an attack it means a submission to be graded by hand.
"""
_BY_CLASS = """\
How many attacks achieved nothing, of those that make sense for a grader and were run.
"""
_LIMITS = """\
## What this does not show

- The attacks were written against ottermark and Otter. They look for secrets and for ways out where
  those two have them, and were not rewritten for the others: an attack that is *kept safe* from
  there may only have looked in the wrong place. One that was written for the grader would get more.
- The container is ours. What it ended, another one has to end; without one, nothing does.
- The limits of time of other graders' cells and tests were shortened; see above.
- The feedback pages of nbgrader and mograder contain the code of hidden tests. That is their choice
  and is not counted as a leak; only what cells show is.
- mograder's safety check rejects every notebook that imports `os`, `sys`, `io`, `pathlib` or
  `threading`, or calls `open`, whoever wrote it. What it rejects counts as kept safe. None of the
  attacks was rewritten to get past it, which its own documentation says can be done.
- The machine was busy with other work. Where something *hung*, a quicker one might have come to
  another end.
"""


def _not_run(rows: Sequence[Row], names: dict[str, str]) -> str:
    counts = {
        name: sum(key not in row.reasons and key not in row.outcomes for row in rows)
        for key, name in names.items()
    }
    missing = [f"{count} with {name}" for name, count in counts.items() if count]
    if not missing:
        return ""
    return (
        f"Not all attacks were run. Still to come: {', '.join(missing)}. They are run by turns, one of "
        "each class.\n"
    )


def _by_class(rows: Sequence[Row], names: dict[str, str]) -> str:
    groups = sorted({row.group for row in rows})
    lines = [_counted(group, [r for r in rows if r.group == group], names) for group in groups]
    return _table(["class", "attacks", *names.values()], [*lines, _counted("**all**", rows, names)])


def _counted(name: str, rows: Sequence[Row], names: dict[str, str]) -> list[str]:
    return [name, str(len(rows)), *(_kept_safe(rows, key) for key in names)]


def _kept_safe(rows: Sequence[Row], grader: str) -> str:
    run = [row.outcomes[grader] for row in rows if grader in row.outcomes]
    return f"{sum(worst(outcomes) == SAFE for outcomes in run)} of {len(run)}" if run else ""


def _by_outcome(rows: Sequence[Row], names: dict[str, str]) -> str:
    run = {key: [row.outcomes[key] for row in rows if key in row.outcomes] for key in names}
    counts = {key: Counter(map(worst, outcomes)) for key, outcomes in run.items()}
    lines = [[outcome, *(str(counts[key][outcome] or "") for key in names)] for outcome in OUTCOMES]
    refused = [str(sum(REFUSED in outcomes for outcomes in run[key]) or "") for key in names]
    lines.append(["of these, refused by a safety check, unread", *refused])
    without = [str(sum(key in row.reasons for row in rows) or "") for key in names]
    lines.append(["does not apply", *without])
    return _table(["worst outcome", *names.values()], lines)


def _graders(graders: Sequence[type[Grader]]) -> str:
    lines = []
    for grader in graders:
        packages = (
            ", ".join(f"`{package}`" for package in grader.packages) or "those of the project"
        )
        lines.append(
            [
                grader.title,
                f"`{grader.command}`",
                packages,
                grader.hardening,
                str(grader.least_seconds),
            ]
        )
    head = ["grader", "command", "packages", "hardening", "seconds at least"]
    return _table(head, lines)


def _reasons(rows: Sequence[Row], graders: Sequence[type[Grader]]) -> str:
    lines = []
    for grader in graders:
        reasons = Counter(row.reasons[grader.key] for row in rows if grader.key in row.reasons)
        for reason, count in sorted(reasons.items(), key=lambda item: -item[1]):
            examples = ", ".join(
                f"{row.group}/{row.attack.path.stem}"
                for row in rows
                if row.reasons.get(grader.key) == reason
            )
            lines.append([grader.title, f"the attack {reason}", str(count), examples])
    return _table(["grader", "why", "attacks", "which"], lines)


def _by_attack(rows: Sequence[Row], names: dict[str, str]) -> str:
    lines = [
        [
            row.group,
            row.attack.path.stem,
            row.attack.head["tries"],
            *(row.cell(key) for key in names),
        ]
        for row in rows
    ]
    return _table(["class", "attack", "it tries to", *names.values()], lines)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in r)} |\n" for r in lines)
