"""Write the parts of the documentation that are made from the code.

    python docs/generate.py

``docs/commands.md`` (the help of each command), ``docs/rules.md`` (the rules of the build) and
``docs/misconceptions.md`` (the misconceptions of the lab) are written whole. In ``docs/developing.md`` the
list of packages is replaced, between its two markers, and in ``docs/teachers.md`` all that is made from the
lab. ``tests/unit/test_docs.py`` fails when one of them differs from the code.
"""

from __future__ import annotations

import ast
import contextlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner
from teaching import Lab

from ottermark.assignment import Assignment
from ottermark.authoring import rules
from ottermark.cli.main import main
from ottermark.grading.misconceptions import CATALOGUE_FILE, MisconceptionCatalogue

PROJECT = Path(__file__).parents[1]
SOURCE = PROJECT / "src" / "ottermark"
COMMANDS = PROJECT / "docs" / "commands.md"
RULES = PROJECT / "docs" / "rules.md"
MISCONCEPTIONS = PROJECT / "docs" / "misconceptions.md"
DEVELOPING = PROJECT / "docs" / "developing.md"
TEACHERS = PROJECT / "docs" / "teachers.md"
WIDTH = 90
HEAD = """\
# Commands

<!-- Written by docs/generate.py. -->

Exit status of every command: 0 done, 1 what was checked does not hold, 2 wrong use or bad input, 130
stopped with Ctrl-C. Messages go to stderr, results to stdout.
"""


def commands_page() -> str:
    """Return the page with the help of every command."""
    parts = [HEAD, _section("ottermark", [])]
    parts += [_section(f"ottermark {name}", [name]) for name in sorted(main.commands)]
    return "\n".join(parts)


def _section(title: str, arguments: list[str]) -> str:
    result = CliRunner().invoke(
        main, [*arguments, "--help"], prog_name="ottermark", terminal_width=WIDTH
    )
    text = "\n".join(line.rstrip() for line in result.output.strip().splitlines())
    return f"## {title}\n\n```text\n{text}\n```\n"


MISCONCEPTIONS_HEAD = """\
# Misconceptions of the lab

<!-- Written by docs/generate.py. -->

What the grader can recognise in a wrong answer to `intro_convnets`: the entries of
`assignment/misconceptions.yaml`, and the slips that are derived from its right formulas.
[For instructors](instructors.md#describe-misconceptions) says how they are recognised. A tag is
`misconception:` and the id. Where a slip is seen in a part of an answer only (one number of a pair, one
key, one class of inputs), `-partly` is added to its id. Edits that come to the same answers as one that is
listed are left out.
"""


def misconceptions_page() -> str:
    """Return the page with the ids of all misconceptions of the lab."""
    parts = [MISCONCEPTIONS_HEAD]
    with _lab() as (_, catalogue):
        for question, entry in catalogue.questions.items():
            listed = [pattern.listed for pattern in entry.patterns]
            rows = [f"| `{m.id}` | {m.name} | |" for m in listed]
            rows += [f"| `{m.id}` | {m.name} | derived |" for m in entry.derived()]
            parts.append("\n".join([f"## {question}\n\n| id | name | |\n|---|---|---|", *rows, ""]))
    return "\n".join(parts)


@contextlib.contextmanager
def _lab() -> Iterator[tuple[Assignment, MisconceptionCatalogue]]:
    folder = PROJECT / "assignment"
    with contextlib.chdir(folder):  # values of quantities are read from its data
        assignment = Assignment.read(PROJECT / "autograder")
        yield assignment, MisconceptionCatalogue.read(folder / CATALOGUE_FILE, assignment)


def teachers_page() -> str:
    """Return the page for teachers with its parts as the lab has them."""
    with _lab() as (assignment, catalogue):
        lab = Lab(PROJECT / "assignment", assignment, catalogue)
    text = TEACHERS.read_text(encoding="utf-8")
    text = _replace_part(text, "sections", lab.sections_table())
    text = _replace_part(text, "plans", lab.plans_list())
    text = _replace_part(text, "questions", lab.questions_list())
    return _replace_part(text, "pictures", lab.pictures_list())


def _replace_part(text: str, name: str, part: str) -> str:
    """Return a page with what stands between the two markers of a name replaced."""
    start, end = f"<!-- {name}: start -->\n", f"<!-- {name}: end -->\n"
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n{part}\n{end}{after}"


def layers() -> list[str]:
    """Return the packages and root modules, highest first, as the import contract orders them."""
    config = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = [
        contract
        for contract in config["tool"]["importlinter"]["contracts"]
        if contract["id"] == "layers"
    ]
    names = [re.split(r"[\s|:()]+", layer) for layer in contract["layers"]]
    return [name for layer in names for name in layer if name]


def packages_table() -> str:
    """Return a table of the packages: a row each, with its docstring and its files."""
    rows = ["| package or module | holds | files |", "|---|---|---|"]
    for name in layers():
        if (SOURCE / name).is_dir():
            files = ", ".join(f"`{file}`" for file in _files(SOURCE / name))
            rows.append(f"| `{name}/` | {_summary(SOURCE / name / '__init__.py')} | {files} |")
        elif (SOURCE / f"{name}.py").exists():
            rows.append(f"| `{name}.py` | {_summary(SOURCE / f'{name}.py')} | |")
    return "\n".join(rows) + "\n"


def _files(package: Path) -> list[str]:
    modules = [path.stem for path in package.glob("*.py") if path.stem != "__init__"]
    folders = [path.name + "/" for path in package.iterdir() if path.is_dir()]
    return sorted(modules) + sorted(name for name in folders if not name.startswith("__"))


def _summary(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n\n")[0].replace("\n", " ").replace("``", "`")


def developing_page() -> str:
    """Return the developers' page with the table of packages as the code has it."""
    return _replace_part(DEVELOPING.read_text(encoding="utf-8"), "packages", packages_table())


if __name__ == "__main__":
    COMMANDS.write_text(commands_page(), encoding="utf-8")
    RULES.write_text(rules.page(), encoding="utf-8")
    MISCONCEPTIONS.write_text(misconceptions_page(), encoding="utf-8")
    DEVELOPING.write_text(developing_page(), encoding="utf-8")
    TEACHERS.write_text(teachers_page(), encoding="utf-8")
