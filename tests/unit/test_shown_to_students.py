"""What the build reports of answers that students receive by the author's own lists and cells."""

from __future__ import annotations

from pathlib import Path

import labs
import pytest

from ottermark.authoring.pipeline import BuildOptions, prepare

LISTS = "files: [data/numbers.csv]\nautograder_files: [held_back/answers.csv]"


def reports(folder: Path, text: str) -> list[str]:
    """Return what is reported of a master before anything is run."""
    master = labs.write_tiny(folder, text)
    (folder / "work").mkdir()
    _, diagnostics = prepare(master, BuildOptions(folder), folder / "work", lambda _: None)
    return [str(diagnostic) for diagnostic in diagnostics]


@pytest.mark.parametrize(
    ("files", "autograder_files", "shown"),
    [
        ("data", "data/numbers.csv", "data/numbers.csv"),
        ("data/numbers.csv", "./data/numbers.csv", "data/numbers.csv"),
        ("data", "held_back, data", "data/numbers.csv"),
        ("data", "held_back", ""),
        ("data/numbers.csv", "held_back/answers.csv", ""),
    ],
)
def test_a_file_in_both_lists_is_reported(
    files: str, autograder_files: str, shown: str, tmp_path: Path
) -> None:
    lists = f"files: [{files}]\nautograder_files: [{autograder_files}]"
    reported = reports(tmp_path, labs.TINY.replace(LISTS, lists))
    if not shown:
        assert reported == []
        return
    (report,) = reported
    assert f"cell 1: students receive {shown}, which `autograder_files` keeps" in report
    assert report.endswith("[file-in-both-lists]")
