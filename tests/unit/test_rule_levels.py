"""The levels of rules: by the lab, by a comment in a cell, by the command line."""

from __future__ import annotations

from pathlib import Path

import labs
import pytest

from ottermark.authoring import rules
from ottermark.authoring.levels import Levels, check_comments
from ottermark.authoring.lint import lint
from ottermark.authoring.master import Master, read_master
from ottermark.diagnostics import Diagnostic, Location, Rule, Severity
from ottermark.errors import UsageError

MASTER = Master(Path("lab.ipynb"), "lab.ipynb", labs.notebook(labs.TINY))
WARNING = rules.BLANK_RAISES.at(Location("lab.ipynb", 4), "it raises", "let it run")
ERROR = rules.BLANK_EARNS_POINTS.at(Location("lab.ipynb", 3, "q1"), "it earns", "let it fail")


def levels_of(levels: Levels, master: Master = MASTER) -> dict[str, Severity]:
    return {d.rule: d.severity for d in levels.applied([WARNING, ERROR], master)}


def with_comments(folder: Path, text: str) -> Master:
    return read_master(labs.write_tiny(folder, text, "lab"))


@pytest.mark.parametrize(
    ("levels", "of_warning", "of_error"),
    [
        (Levels(), Severity.WARNING, Severity.ERROR),
        (Levels(strict=True), Severity.ERROR, Severity.ERROR),
        (Levels({"blank-raises": "off"}, strict=True), None, Severity.ERROR),
        (Levels({"blank-earns-points": "warning"}), Severity.WARNING, Severity.WARNING),
        (Levels({"blank-earns-points": "off"}), Severity.WARNING, None),
        (Levels({"blank-raises": "error"}), Severity.ERROR, Severity.ERROR),
        (
            Levels(allowed=frozenset({"blank-earns-points"})),
            Severity.WARNING,
            Severity.WARNING,
        ),
        (
            Levels(allowed=frozenset({"blank-raises"}), strict=True),
            Severity.WARNING,
            Severity.ERROR,
        ),
    ],
)
def test_levels(levels: Levels, of_warning: Severity | None, of_error: Severity | None) -> None:
    expected = {"blank-raises": of_warning, "blank-earns-points": of_error}
    assert levels_of(levels) == {rule: level for rule, level in expected.items() if level}


@pytest.mark.parametrize("rule", [rule for rule in rules.RULES.values() if rule.why_fixed])
def test_a_fixed_level_cannot_be_lowered(rule: Rule) -> None:
    with pytest.raises(UsageError, match=f"{rule.id}: this rule cannot be allowed, since"):
        Levels.of({rule.id: "warning"}, "x.json")
    with pytest.raises(UsageError, match=f"{rule.id}: this rule cannot be allowed, since"):
        Levels.of({}, "x.json", [rule.id])
    assert Levels.of({rule.id: "error"}, "x.json").configured == {rule.id: "error"}


def test_leaks_are_fixed_and_so_is_what_cannot_be_built() -> None:
    leaks = {rule.id for rule in rules.SECTIONS["Student folder"]}
    assert {rule.id for rule in rules.RULES.values() if rule.why_fixed == rules.LEAK} == leaks
    assert rules.SPLIT_FAILED.why_fixed == rules.IMPOSSIBLE


def test_unknown_rules_are_reported_with_the_nearest() -> None:
    with pytest.raises(
        UsageError, match=r"x\.json, rules: there is no rule 'blank-raise'; write bl"
    ):
        Levels.of({"blank-raise": "off"}, "x.json")
    with pytest.raises(
        UsageError, match=r"--allow: there is no rule '%'; docs/rules\.md lists them"
    ):
        Levels.of({}, "x.json", ["%"])


def test_a_comment_silences_its_cell_and_what_is_said_of_its_question(tmp_path: Path) -> None:
    text = labs.TINY.replace(
        "pair = (4, 5) #", "# ottermark: allow blank-earns-points\npair = (4, 5) #"
    )
    master = with_comments(tmp_path, text)
    check_comments(master)
    assert master.allowed == {6: ("blank-earns-points",)}
    assert levels_of(Levels(strict=True), master) == {"blank-raises": Severity.ERROR}
    elsewhere = Diagnostic(
        "blank-earns-points", Severity.ERROR, "lab.ipynb", 13, "q2", "it earns", "let it fail"
    )
    assert Levels().applied([elsewhere], master) == [elsewhere]


@pytest.mark.parametrize(
    ("source", "rest", "names"),
    [
        ("x = 1  # ottermark: allow a-b", "x = 1", ("a-b",)),
        ("# ottermark: allow a-b, c\nx = 1\n#ottermark:allow d", "x = 1", ("a-b", "c", "d")),
        ("<!-- ottermark: allow a-b -->\nText", "Text", ("a-b",)),
        ("# ottermark allows all", "# ottermark allows all", ()),
        ("# ottermark: allow", "# ottermark: allow", ()),
    ],
)
def test_comments_are_taken_out_of_the_cell(
    source: str, rest: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    master = with_comments(tmp_path, f"code: {source}")
    assert master.notebook.cells[0].source == rest
    assert master.allowed == ({1: names} if names else {})


def test_a_comment_in_a_config_cell_is_taken_out_before_it_is_read(tmp_path: Path) -> None:
    text = labs.TINY.replace(
        "raw: # BEGIN QUESTION\nname: q1",
        "raw: # ottermark: allow unknown-key\n# BEGIN QUESTION\nname: q1",
    ).replace("points: 2", "points: 2\nponts: 2", 1)
    master = with_comments(tmp_path, text)
    assert [d.rule for d in lint(master)] == ["unknown-key"]
    assert Levels().applied(lint(master), master) == []


@pytest.mark.parametrize("name", ["split-failed", "no-such-rule"])
def test_comments_name_rules_that_can_be_silenced(name: str, tmp_path: Path) -> None:
    master = with_comments(tmp_path, f"code: # ottermark: allow {name}")
    with pytest.raises(UsageError, match=r"lab.ipynb, cell 1: .*rule"):
        check_comments(master)
    check_comments(with_comments(tmp_path, "code: # ottermark: allow solution-exposed"))
