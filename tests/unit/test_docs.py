"""The documentation held to the code: every option stands in it, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from conftest import PROJECT

from ottermark.cli.main import main

PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)

MACHINE_PATH = re.compile(r"(?<![\w/.:])(?:/(?:home|root|Users|tmp|work|mnt|var)/|[A-Z]:\\)")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    assert f"ottermark {name}" in TEXT
    for option in main.commands[name].params:
        if isinstance(option, click.Option):
            for flag in option.opts:
                assert re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", TEXT), flag


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not link.startswith("https://"):
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_no_path_of_one_machine(page: Path) -> None:
    found = MACHINE_PATH.search(page.read_text(encoding="utf-8"))
    assert found is None, found


def test_the_readme_fits_a_screen() -> None:
    assert len((PROJECT / "README.md").read_text(encoding="utf-8").splitlines()) <= 60


def test_modules_named_in_the_plan_exist() -> None:
    plan = (PROJECT / "docs" / "developing.md").read_text(encoding="utf-8")
    source = PROJECT / "src" / "ottermark"
    for name in re.findall(r"`(\w+\.py)`", plan):
        assert list(source.rglob(name)) or list((PROJECT / "tests").rglob(name)), name
