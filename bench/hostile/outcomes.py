"""What an attack achieved with a grader, in the words of the page, and the cache of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

from hostile.container import DISK, MEMORY, PROCESSES, Run
from hostile.grader import Grader
from ottermark import __version__
from ottermark.audit.attacks import Attack, AttackRun

OURS = "ottermark"
TIME_FACTOR = 4  # an attack may take so many times as long as the honest submission
SAFE, REFUSED, NO_RESULT = "kept safe", "kept safe: refused unread", "no result at all"
# the worst first; an attack counts as the first that applies
OUTCOMES = (
    "stole points",
    "canary leaked",
    "process left",
    "file left",
    "hung until killed",
    "exhausts",
    NO_RESULT,
    SAFE,
)


def outcomes_of(grader: Grader, run: Run, attack: Attack) -> list[str]:
    """Return the outcomes of an attack on a grader, each in the words of ``OUTCOMES``."""
    try:
        points = grader.points(run)
    except (ValueError, KeyError, TypeError):
        points = None
    outcomes = []
    if points is not None and points > attack.earns:
        outcomes.append(f"stole {points - attack.earns:g} points")
    if shows_canary(grader.shown(run), run.canary):
        outcomes.append("canary leaked")
    if run.left_running:
        outcomes.append("process left")
    if run.witness:
        outcomes.append("file left")
    if run.exit_code is None:
        outcomes.append("hung until killed")
    if run.limits_reached:
        outcomes.append(f"exhausts {' and '.join(run.limits_reached)}")
    if points is None and not grader.refused(run):
        error = re.findall(r"^(?:\w+\.)*(\w+(?:Error|Exception|Exit|File))\b", run.printed, re.M)
        outcomes.append(f"{NO_RESULT} ({error[-1]})" if error else NO_RESULT)
    if not outcomes and grader.refused(run):
        return [REFUSED]
    return outcomes or [_safe(points or 0, attack)]


def our_outcomes(run: AttackRun, attack: Attack) -> list[str]:
    """Return the same for ottermark."""
    try:
        points = run.result(attack.name)["score"]
    except (OSError, ValueError, KeyError):
        return [NO_RESULT]
    outcomes = []
    if points > attack.earns:
        outcomes.append(f"stole {points - attack.earns:g} points")
    if shows_canary(json.dumps(run.result(attack.name)), run.harness.canary):
        outcomes.append("canary leaked")
    if run.harness.witness_file(attack.name).exists():
        outcomes.append("file left")
    return outcomes or [_safe(points, attack)]


def shows_canary(text: str, canary: str) -> bool:
    """Return whether a text has the canary, but for the name of a socket, which attacks know."""
    return canary in text.replace(f"ottermark-{canary}", "")


def _safe(points: float, attack: Attack) -> str:
    lost = points < attack.earns
    return f"{SAFE} ({points:g} of {attack.earns:g} honest points)" if lost else SAFE


def worst(outcomes: Sequence[str]) -> str:
    """Return the outcome that an attack counts as."""
    first = outcomes[0].split()[0]
    return next(outcome for outcome in OUTCOMES if outcome.split()[0] == first)


class Known:
    """The outcomes that are known, in a file that belongs to the project.

    They hold as long as the attack's code, the grader's version and the container's limits stay the
    same; ottermark's as long as its version does, so ``--again ottermark`` renews them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: dict[str, dict[str, dict[str, object]]] = {}
        if path.exists():
            self._entries = json.loads(path.read_text(encoding="utf-8"))

    def get(self, grader: str, version: str, attack: Attack) -> list[str] | None:
        """Return the outcomes of an attack; None if they are not known."""
        entry = self._entries.get(grader, {}).get(attack.name, {})
        outcomes = entry.get("outcomes")
        is_current = entry.get("key") == _key(version, attack)
        return [str(o) for o in outcomes] if is_current and isinstance(outcomes, list) else None

    def add(self, grader: str, version: str, attack: Attack, outcomes: Sequence[str]) -> None:
        """Add the outcomes of an attack, and write the file."""
        entry: dict[str, object] = {"key": _key(version, attack), "outcomes": list(outcomes)}
        self._entries.setdefault(grader, {})[attack.name] = entry
        text = json.dumps(self._entries, indent=1, sort_keys=True)
        self.path.write_text(text + "\n", encoding="utf-8")

    def forget(self, grader: str) -> None:
        """Forget what is known of a grader."""
        self._entries.pop(grader, None)


def version_of(grader: type[Grader] | None) -> str:
    """Return what the outcomes of a grader depend on beside the attack; None stands for ottermark."""
    if grader is None:
        return __version__
    if not grader.packages:
        return grader.title.rpartition(" ")[2]
    return repr((grader.packages, grader.command, grader.hardening, grader.least_seconds))


def _key(version: str, attack: Attack) -> str:
    lines = attack.path.read_text(encoding="utf-8").splitlines()
    code = [line for line in lines if line.startswith("# %%") or not line.startswith("#")]
    parts = (version, MEMORY, PROCESSES, DISK, TIME_FACTOR, attack.earns, code)
    return hashlib.sha256(repr(parts).encode()).hexdigest()
