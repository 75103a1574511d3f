"""The documentation held to the code: every option stands in it, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from conftest import PROJECT

from ottermark.cli import main

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"ottermark {name}" in TEXT
    for option in main.commands[name].params:
        if isinstance(option, click.Option):
            assert any(f"{flag}" in TEXT for flag in option.opts), option.opts


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not link.startswith("https://"):
            assert (page.parent / link).exists(), link


def test_modules_named_in_the_plan_exist() -> None:
    plan = (PROJECT / "docs" / "developing.md").read_text(encoding="utf-8")
    source = PROJECT / "src" / "ottermark"
    for name in re.findall(r"`(\w+\.py)`", plan):
        assert list(source.rglob(name)) or (PROJECT / "tests" / name).exists(), name
    for path in source.glob("*.py"):
        if not path.name.startswith("__") and path.name != "errors.py":
            assert f"`{path.name}`" in plan, path.name
