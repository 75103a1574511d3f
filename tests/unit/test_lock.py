"""The two locks, and the part of them that an upload gets."""

from __future__ import annotations

import re
from importlib.metadata import requires

import pytest
from conftest import PROJECT

from ottermark.authoring.lab_packages import required_name
from ottermark.authoring.lock import locked_packages, locked_versions

LOCKS = PROJECT / "src" / "ottermark" / "gradescope"
CORE, FULL = ((LOCKS / f"{name}.lock").read_text() for name in ("requirements", "keras"))


def names(lock: str) -> set[str]:
    return set(re.findall(r"^([\w.-]+)==", lock, re.M))


def test_both_locks_have_the_same_versions() -> None:
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^\s\\]+|sha256:\w+", lock, re.M))

    assert pins(CORE) < pins(FULL)
    assert not {
        "keras",
        "tensorflow",
        "tensorflow-cpu",
        "matplotlib",
        "scikit-learn",
        "scipy",
    } & names(CORE)


def test_a_lab_of_numpy_gets_the_core_alone() -> None:
    assert locked_packages({"numpy", "pandas", "unknown"}) == CORE


def test_a_lab_of_keras_gets_everything() -> None:
    assert (
        locked_packages({"keras", "tensorflow", "tensorflow-cpu", "matplotlib", "scikit-learn"})
        == FULL
    )
    assert (PROJECT / "autograder" / "requirements.txt").read_text() == FULL


@pytest.mark.parametrize("package", ["matplotlib", "scikit-learn", "scipy"])
def test_a_package_comes_with_what_it_requires(package: str) -> None:
    lock = locked_packages({package})
    assert lock != CORE and not {"keras", "tensorflow", "tensorflow-cpu"} & names(lock)
    needed = [r for r in requires(package) or () if "extra ==" not in r]
    needed_names = set(map(required_name, needed))
    assert needed_names and needed_names | {package} | names(CORE) <= names(lock)
    blocks = re.split(r"^(?=\S)", lock, flags=re.M)[1:]
    assert all(block in FULL and "--hash=sha256:" in block for block in blocks)


def test_of_several_versions_the_first_counts() -> None:
    assert len(re.findall(r"^numpy==", FULL, re.M)) > 1
    version, minor = locked_versions()["numpy"]
    assert version.startswith(minor) and f"numpy=={version} ; python_full_version < '3.12'" in FULL
