"""What a lab imports: what is missing here, and what its upload installs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import version
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

import labs
import pytest

from ottermark.authoring.lab_packages import missing_packages, upload_requirements
from ottermark.authoring.pipeline import BuildOptions, prepare
from ottermark.authoring.split import Split
from ottermark.python_source import required_modules

SOLUTION = "code: import otter\n"
TEST = "    import csv\n"


def split_lab(
    folder: Path, solution: str = "", test: str = "", requirements: str = "[]", files: str = ""
) -> Split:
    """Split the tiny lab, with more code in its first cell and in a hidden test, and another file."""
    text = labs.TINY.replace(SOLUTION, SOLUTION + solution).replace(TEST, TEST + test)
    text = text.replace("name: tiny\n", f"name: tiny\nrequirements: {requirements}\n", 1)
    if files:
        text = text.replace("numbers.csv]", f"numbers.csv, {files}]")
    master = labs.write_tiny(folder, text)
    (folder / "work").mkdir()
    split, _ = prepare(master, BuildOptions(folder), folder / "work", lambda step: None)
    return split


@pytest.mark.parametrize(
    ("source", "modules"),
    [
        ("import a, b.c as d\nfrom e.f import g", ["a", "b.c", "e.f"]),
        ("with x:\n    import a\nfor i in y:\n    import b", ["a", "b"]),
        ("if x:\n    import a\nimport b", ["b"]),
        ("try:\n    import a\nexcept ImportError:\n    a = None\nimport b", ["b"]),
        ("try:\n    import a\nexcept:\n    pass", []),
        ("try:\n    import a\nexcept (ValueError, ModuleNotFoundError):\n    pass", []),
        ("try:\n    import a\nexcept ValueError:\n    pass", ["a"]),
        ("try:\n    import a\nfinally:\n    pass", ["a"]),
        ("%matplotlib inline\nimport a", ["a"]),
        ("%load_ext a\n%reload_ext b.c\nif x:\n    %load_ext d\nimport e", ["a", "b.c", "e"]),
        ("%load_ext autoreload\n%load_ext google.colab.data_table", []),
        ("import otter, google.colab", []),
        ("from . import a\nfrom .b import c", []),
        ("def f():\n    import a", []),
        ("this is no code", []),
    ],
)
def test_modules_that_code_imports_whenever_it_runs(source: str, modules: list[str]) -> None:
    assert required_modules(source) == modules


def test_functions_are_looked_into_where_they_are_called() -> None:
    assert required_modules("def f():\n    import a\n    if x:\n        import b", True) == ["a"]


def test_nothing_is_missing_in_a_lab_of_what_is_installed(tmp_path: Path) -> None:
    assert missing_packages(split_lab(tmp_path, "import os, pandas as pd\n")) == []


class EditableFinder(MetaPathFinder):
    """Finds a module outside of ``sys.path``, as an editable installation of setuptools does."""

    def __init__(self, places: Mapping[str, Path]) -> None:
        self.places = places

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        place = self.places.get(fullname)
        return spec_from_file_location(fullname, place) if place else None


def test_what_other_finders_find_is_installed_and_does_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = split_lab(tmp_path / "lab", "import edited_here, nowhere\n")
    module = tmp_path / "edited_here.py"
    module.write_text("raise SystemExit\n")
    assert "imports edited_here and nowhere," in missing_packages(split)[0].message
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, EditableFinder({module.stem: module})])
    assert "imports nowhere," in missing_packages(split)[0].message


def test_a_file_in_the_current_folder_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = split_lab(tmp_path / "lab", "import lies_here\n")
    (tmp_path / "lies_here.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert "imports lies_here," in missing_packages(split)[0].message


def test_missing_packages_are_one_sentence(tmp_path: Path) -> None:
    solution = "import nowhere.sub\nfrom cv2x import y\nimport nowhere\n"
    (missing,) = missing_packages(split_lab(tmp_path, solution, requirements="['Nowhere>=2']"))
    assert (missing.cell, missing.rule) == (2, "missing-package")
    assert missing.message == "the lab imports nowhere and cv2x, which are not installed here"
    assert missing.fix.endswith(" cv2x 'Nowhere>=2'`")


def test_what_tests_import_counts(tmp_path: Path) -> None:
    (missing,) = missing_packages(split_lab(tmp_path, test="    import nowhere\n"))
    assert missing.question == "q2" and "imports nowhere, which is not" in missing.message


def test_what_imported_files_of_the_lab_import_counts(tmp_path: Path) -> None:
    for name, code in {
        "helpers/__init__.py": "",
        "helpers/sql.py": "import helpers.deep, helpers.sql\ntry:\n    import a\nexcept ImportError: ...",
        "helpers/deep.py": "import nowhere",
        "helpers/unused.py": "import neither",
    }.items():
        (tmp_path / "assignment" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "assignment" / name).write_text(code)
    (missing,) = missing_packages(split_lab(tmp_path, "import helpers.sql\n", files="helpers"))
    assert (missing.cell, missing.message) == (
        2,
        "the lab imports nowhere, which is not installed here",
    )


def test_packages_have_other_names_than_their_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = split_lab(tmp_path, "import sklearn, keras, seabornx\n")
    assert missing_packages(split)[0].message.startswith("the lab imports seabornx,")
    monkeypatch.setattr(sys, "path", [])
    (missing,) = missing_packages(split)
    assert (
        "imports sklearn, keras, tensorflow, seabornx and numpy, which are not" in missing.message
    )
    assert "ottermark[keras]" in missing.fix and missing.fix.endswith(" numpy seabornx`")


def test_there_is_no_tensorflow_for_the_newest_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    split = split_lab(tmp_path, "import keras\n")
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))
    (missing,) = missing_packages(split)
    assert (
        missing.fix == "install ottermark with Python 3.13, the last for which there is TensorFlow"
    )


def test_a_file_beside_the_master_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "assignment").mkdir()
    (tmp_path / "assignment" / "helper_of_lab.py").write_text("x = 1\n")
    split = split_lab(tmp_path / "lab", "import helper_of_lab\n")
    (tmp_path / "lab" / "assignment" / "helper_of_lab.py").write_text("x = 1\n")
    (missing,) = missing_packages(split)
    assert "helper_of_lab.py is not among the files of the lab" in missing.message
    assert missing.fix.startswith("add helper_of_lab.py to `files`")


def test_a_file_that_students_would_hand_in_is_no_file_of_the_lab(tmp_path: Path) -> None:
    (tmp_path / "assignment").mkdir()
    (tmp_path / "assignment" / "written_by_students.py").write_text("x = 1\n")
    split = split_lab(
        tmp_path,
        "import written_by_students\n",
        requirements="[]\nstudent_files: [./written_by_students.py]",
    )
    (missing,) = missing_packages(split)
    assert "from written_by_students.py, which is among `student_files`" in missing.message
    assert "`files`" not in missing.fix


def test_modules_in_folders_of_the_lab_are_its_own(tmp_path: Path) -> None:
    """Also one in a folder that the lab may put on the path; a package of its name is installed anyway."""
    folder = tmp_path / "assignment" / "helpers_of_lab"
    folder.mkdir(parents=True)
    for name in ("__init__", "inner_of_lab", "hypothesis"):
        (folder / f"{name}.py").write_text("import httpx\n")
    solution = "import helpers_of_lab, inner_of_lab, hypothesis\n"
    split = split_lab(tmp_path, solution, files="helpers_of_lab")
    assert missing_packages(split) == []
    assert [line.partition("==")[0] for line in upload_requirements(split)[1]] == [
        "httpx",
        "hypothesis",
    ]


def test_the_upload_locks_what_the_lab_uses(tmp_path: Path) -> None:
    lock, own = upload_requirements(split_lab(tmp_path, test="    import matplotlib.pyplot\n"))
    assert "\nmatplotlib==" in lock and "\nkeras==" not in lock and own == []


def test_listed_packages_are_locked_where_the_lock_has_what_they_ask_for(tmp_path: Path) -> None:
    own = ["scikit-learn==1.5.2", "pandas[excel]", "humanize", "git+https://example.org/x"]
    listed = ["scipy", "matplotlib>=3.5", "numpy>=1.20,<3", *own]
    lock, lines = upload_requirements(
        split_lab(tmp_path, "import sklearn\n", requirements=str(listed))
    )
    assert "\nscipy==" in lock and "\nmatplotlib==" in lock and "\nscikit-learn==" not in lock
    assert lines == own


@pytest.mark.parametrize(
    ("requirement", "locked"),
    [("tensorflow", 2), ("tensorflow>=2.15", 2), ("tensorflow==2.15.0", 0)],
)
def test_a_lab_gets_one_tensorflow(requirement: str, locked: int, tmp_path: Path) -> None:
    split = split_lab(tmp_path, "import keras\n", requirements=str([requirement]))
    lock, own = upload_requirements(split)
    assert lock.count("\ntensorflow==") + lock.count("\ntensorflow-cpu==") == locked
    assert own == ([] if locked else [requirement])


def test_imported_packages_outside_the_lock_get_the_installed_version(tmp_path: Path) -> None:
    split = split_lab(tmp_path, "import httpx, hypothesis\n", requirements="['hypothesis>=6']")
    _, own = upload_requirements(split)
    assert own == ["hypothesis>=6", f"httpx=={version('httpx')}"]
