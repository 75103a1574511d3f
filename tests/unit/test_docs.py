"""The documentation held to the code and to the files that it describes."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import Field, fields
from pathlib import Path

import fica
import generate
import pytest
from docs_pages import DOCS, PAGES, PROJECT, blocks, shell_blocks
from otter.assign.assignment import Assignment
from source_classes import exceptions

from ottermark import __version__, errors
from ottermark.authoring import rules
from ottermark.authoring.new_lab import TEMPLATE
from ottermark.config import GradingConfig
from ottermark.limits import Limits
from ottermark.results.document import EntryFacts, RunFacts

LANGUAGES = {"json", "python", "sh", "text", "yaml", "{eval-rst}", "{toctree}"}
MACHINE_PATH = re.compile(r"(?<![\w/.:])(?:/(?:home|root|Users|tmp|work|mnt|var)/|[A-Z]:\\)")
SOURCES = [
    path
    for folder in ("src", "tests", "bench", "assignment", "docs", "autograder")
    for path in (PROJECT / folder).rglob("*.py")
]

OTTER_KEYS = [
    name for name, _ in inspect.getmembers(Assignment, lambda value: isinstance(value, fica.Key))
]

page_by_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        (generate.COMMANDS, generate.commands_page),
        (generate.RULES, rules.page),
        (generate.MISCONCEPTIONS, generate.misconceptions_page),
        (generate.DEVELOPING, generate.developing_page),
        (generate.TEACHERS, generate.teachers_page),
    ],
    ids=["commands", "rules", "misconceptions", "packages", "teachers"],
)
@pytest.mark.slow
def test_generated_parts_are_up_to_date(path: Path, page: Callable[[], str]) -> None:
    assert path.read_text(encoding="utf-8") == page(), "run `python docs/generate.py`"


@page_by_page
def test_links_and_pictures_lead_to_files(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not link.startswith("https://"):
            assert (page.parent / link).exists(), link


@page_by_page
def test_no_page_has_a_path_of_one_machine(page: Path) -> None:
    match = MACHINE_PATH.search(page.read_text(encoding="utf-8"))
    assert match is None, match


@page_by_page
def test_every_fenced_block_says_its_language(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(blocks(page)) * 2 == len(re.findall(r"^ *```", text, re.M))
    for block in blocks(page):
        assert block.language in LANGUAGES, block


@page_by_page
def test_every_module_that_a_page_names_exists(page: Path) -> None:
    for name in re.findall(r"`((?:\w+/)*\w+\.py)`", page.read_text(encoding="utf-8")):
        assert any(f"/{path.as_posix()}".endswith(f"/{name}") for path in SOURCES), name


def test_every_page_is_in_the_index() -> None:
    (index,) = [page for page in PAGES if page.name == "index.md"]
    listed = {
        name
        for b in blocks(index)
        if b.language == "{toctree}"
        for name in b.text.split("\n\n")[1].split()
    }
    assert listed == {page.stem for page in PAGES if page.parent == DOCS} - {"index"}


def test_the_readme_fits_on_two_screens() -> None:
    assert len(text_of("README.md").splitlines()) <= 80


@pytest.mark.parametrize("field", fields(Limits), ids=lambda field: field.name)
def test_every_limit_is_documented(field: Field[object]) -> None:
    assert re.search(rf"^\| .*`{field.name}`.* \|", text_of("docs/configuration.md"), re.M)


@pytest.mark.parametrize("name", GradingConfig.model_fields)
def test_every_option_is_documented(name: str) -> None:
    assert re.search(rf"^\| .*`.*\b{name}\b.*` \|", text_of("docs/configuration.md"), re.M)


@pytest.mark.parametrize("name", OTTER_KEYS)
def test_every_key_of_an_assignment_config_is_documented(name: str) -> None:
    assert re.search(rf"^\| [^|]*`{name}`", text_of("docs/configuration.md"), re.M)


@pytest.mark.parametrize("name", [*RunFacts.model_fields, *EntryFacts.model_fields])
def test_every_field_of_a_result_is_documented(name: str) -> None:
    assert re.search(rf"^\| [^|]*`{name}`", text_of("docs/output.md"), re.M)


def test_the_numbers_of_the_readme_are_those_of_the_pages() -> None:
    def total(page: str) -> list[str]:
        (row,) = re.findall(r"^\| \*\*all\*\* \|(.*)\|$", text_of(page), re.M)
        return [cell.strip() or "0" for cell in row.split("|")]

    readme = text_of("README.md")
    audited = total("docs/audit.md")
    wrong, caught, _, _, right, rewrites, rejected, mutants, caught_mutants, *_ = audited
    attacks, ours, otter, *_ = total("docs/hostile.md")
    assert (
        f"of {wrong} and {mutants} mutants of right ones | {caught} and {caught_mutants} |"
        in readme
    )
    assert f"rejected, of {right} and {rewrites} rewrites | {rejected} |" in readme
    assert f"achieved nothing, of {attacks} | {ours} | {otter} |" in readme
    assert ours == f"{attacks} of {attacks}"
    for numbers in re.findall(r"\| ([\d.]+) \| ([\d.]+)[^|]*\|.*\(docs/(\w+\.md)\)", readme):
        for number in numbers[:2]:
            assert re.search(
                rf"(?<![\d.]){re.escape(number)}(?![\d.])", text_of(f"docs/{numbers[2]}")
            )


def test_the_tutorial_shows_the_cells_of_its_notebook() -> None:
    folder = TEMPLATE / "assignment"
    notebook = json.loads((folder / "first_lab.ipynb").read_text(encoding="utf-8"))
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    catalogue = (folder / "misconceptions.yaml").read_text(encoding="utf-8")
    shown = [b for b in blocks(DOCS / "tutorial.md") if b.language in ("python", "yaml")]
    assert len(shown) == 8
    for block in shown:
        assert block.text.rstrip("\n") in sources or block.text in catalogue, block.text


def test_students_are_told_to_install_what_the_lab_is_tested_with() -> None:
    ((command,),) = [b.commands for b in shell_blocks(DOCS / "students.md")]
    assert command == "python -m pip install -r requirements.txt"
    locked = text_of("requirements-dev.lock")
    for line in text_of("student/requirements.txt").split():
        package, minor = re.split("[~=]=", line)
        assert re.search(rf"^{re.escape(package)}=={re.escape(minor[0])}[.]", locked, re.M), line


def test_the_version_stands_in_one_place() -> None:
    assert 'dynamic = ["version"]' in text_of("pyproject.toml")
    assert f'__version__ = "{__version__}"' in text_of("src/ottermark/__init__.py")


def test_the_tree_of_exceptions_is_complete() -> None:
    defined = {error.place: error.bases[0] for error in exceptions()}
    parents, documented = [""], {}
    for spaces, place in re.findall(r"^( *)- ``([\w.]+)``", errors.__doc__ or "", re.M):
        level = len(spaces) // 4
        documented[place] = parents[level]
        parents[level + 1 :] = [place.rpartition(".")[2]]
    assert documented == defined | {"errors.OttermarkError": ""}
