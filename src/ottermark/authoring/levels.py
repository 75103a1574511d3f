"""The levels of the build's rules: those that an author sets, and what is silenced in a cell."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ottermark.authoring.master import Master
from ottermark.authoring.rules import LEAK, RULES, SOLUTION_LOSES_POINTS, ZERO_POINT_TEST_FAILS
from ottermark.config import RuleLevel
from ottermark.diagnostics import Diagnostic, Location, Rule, Severity
from ottermark.errors import UsageError

# reported of a question as a whole, even where they name the cell of a test
_ABOUT_QUESTIONS = {SOLUTION_LOSES_POINTS.id, ZERO_POINT_TEST_FAILS.id}


@dataclass(frozen=True)
class Levels:
    """Which level each rule has in this build.

    A cell's comment counts first, then the lab's options, then ``strict``, then ``allowed``.

    Attributes:
        configured: by the id of a rule, its level in the lab's options.
        allowed: ids of rules whose errors are warnings.
        strict: whether warnings are errors.
    """

    configured: Mapping[str, RuleLevel] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    strict: bool = False

    @classmethod
    def of(
        cls,
        configured: Mapping[str, RuleLevel],
        source: str,
        allowed: Iterable[str] = (),
        strict: bool = False,
    ) -> Levels:
        """Return levels that are known to make sense.

        Args:
            source: the file that ``configured`` is from.

        Raises:
            UsageError: there is no such rule, or its level is fixed.
        """
        for name, level in configured.items():
            rule = _find_rule(name, f"{source}, rules")
            if level != "error":
                _check_lowered(rule, f"{source}, rules: {name}")
        for name in allowed:
            _check_lowered(_find_rule(name, "--allow"), f"--allow {name}")
        return cls(configured, frozenset(allowed), strict)

    def applied(self, diagnostics: Iterable[Diagnostic], master: Master) -> list[Diagnostic]:
        """Return diagnostics with their levels, without those that are switched off."""
        applied = []
        for diagnostic in diagnostics:
            severity = self._severity(diagnostic)
            if severity is not None and not _is_silenced(diagnostic, master):
                applied.append(replace(diagnostic, severity=severity))
        return applied

    def _severity(self, diagnostic: Diagnostic) -> Severity | None:
        level = self.configured.get(diagnostic.rule, diagnostic.severity.value)
        if level == "off":
            return None
        is_error = level == "error" or self.strict
        if is_error and diagnostic.rule not in self.allowed:
            return Severity.ERROR
        return Severity.WARNING


def check_comments(master: Master) -> None:
    """Check the rules that a master's cells name; raises ``UsageError``."""
    for number, names in master.allowed.items():
        place = str(Location(master.name, number))
        for name in names:
            rule = _find_rule(name, place)
            if rule.why_fixed != LEAK:
                _check_lowered(rule, f"{place}: ottermark: allow {name}")


def _is_silenced(diagnostic: Diagnostic, master: Master) -> bool:
    """Return whether a comment silences a diagnostic: in its cell, or in a cell of its question."""
    cells = {diagnostic.cell}
    for block in master.structure.questions if master.allowed else ():
        is_whole = diagnostic.rule in _ABOUT_QUESTIONS and block.name == diagnostic.question
        if is_whole or block.location.cell == diagnostic.cell:
            cells |= block.cells
    return any(diagnostic.rule in names for cell, names in master.allowed.items() if cell in cells)


def _find_rule(name: str, place: str) -> Rule:
    if name in RULES:
        return RULES[name]
    matches = difflib.get_close_matches(name, RULES, 1)
    fix = f"write {matches[0]}" if matches else "docs/rules.md lists them"
    raise UsageError(f"{place}: there is no rule {name!r}; {fix}.")


def _check_lowered(rule: Rule, place: str) -> None:
    if rule.why_fixed:
        raise UsageError(
            f"{place}: this rule cannot be allowed, since {rule.why_fixed}; correct what it reports."
        )
