"""The rules of the build: each is used, registered and explained."""

from __future__ import annotations

import ast
import re

from conftest import PROJECT

from ottermark.authoring import rules
from ottermark.diagnostics import BuildFailedError, Location, Rule, Severity

CONSTANTS = {name: value for name, value in vars(rules).items() if isinstance(value, Rule)}


def test_every_rule_is_in_one_section_and_named_like_its_constant() -> None:
    listed = [rule.id for section in rules.SECTIONS.values() for rule in section]
    assert sorted(listed) == sorted(rule.id for rule in CONSTANTS.values())
    assert len(set(listed)) == len(listed) == len(rules.RULES)
    for name, rule in CONSTANTS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
        assert name == rule.id.upper().replace("-", "_")


def test_every_rule_is_used_and_every_rule_used_is_registered() -> None:
    used = set()
    for path in (PROJECT / "src" / "ottermark").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            match node:
                case ast.Attribute(value=ast.Name(id="rules"), attr=name):
                    used.add(name)
                case ast.Call(func=ast.Name(id="Diagnostic")):  # a Rule makes them
                    assert path.name == "diagnostics.py"
    assert used == CONSTANTS.keys()


def test_every_rule_explains_itself_in_sentences() -> None:
    for rule in rules.RULES.values():
        for text in (rule.summary, rule.why, rule.fix):
            assert text.endswith(".") and text[0] in text[0].upper(), rule.id


def test_a_diagnostic_is_one_sentence_with_place_fix_and_rule() -> None:
    location = Location("lab.ipynb", 3, "q1")
    diagnostic = rules.QUESTION_WITHOUT_TESTS.at(location, "it has no tests", "write some")
    assert str(diagnostic) == (
        "lab.ipynb, cell 3 (q1): it has no tests; write some. [question-without-tests]"
    )
    assert str(Location("lab.ipynb", question="q1")) == "lab.ipynb (q1)"
    assert str(Location("lab.ipynb")) == "lab.ipynb"


def test_a_failed_build_has_all_diagnostics_and_the_sentences_of_its_errors() -> None:
    location = Location("lab.ipynb")
    error = rules.SPLIT_FAILED.at(location, "it fails", "correct it")
    warning = rules.BLANK_RAISES.at(location, "it raises", "let it run")
    assert (error.severity, warning.severity) == (Severity.ERROR, Severity.WARNING)
    failure = BuildFailedError(error, warning)
    assert failure.diagnostics == (error, warning)
    assert failure.problems == (str(error),)
