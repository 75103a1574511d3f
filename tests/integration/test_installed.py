"""The package as others install it, away from the checkout, without extras.

By pip and by uv, from the wheel and from the sdist, and with each supported Python that is found.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import labs
import pytest
import pythons
from conftest import PROJECT

from ottermark import __version__

pytestmark = [pytest.mark.ci, pytest.mark.slow, pytest.mark.xdist_group("installed")]

HERE = "{}.{}".format(*sys.version_info[:2])
HELPER = "import numpy as np\n\n\ndef largest(values):\n    return np.max(values)\n"
WRITTEN = "Because it does, and here is why."
# that none of these may be needed
FOR_KERAS_LABS = ("keras", "matplotlib", "scikit-learn", "scipy", "tensorflow", "tensorflow-cpu")


@dataclass(frozen=True)
class Built:
    """What is handed out."""

    wheel: Path
    sdist: Path


@dataclass(frozen=True)
class Installed:
    """An environment with ottermark in it, and a folder that is used from."""

    command: Path
    home: Path

    def run(self, folder: Path, *arguments: str, status: int = 0) -> str:
        """Run the command as a user does, in a folder; return what it prints."""
        done = subprocess.run(
            [self.command, *arguments],
            cwd=folder,
            env=clean_environment(self.home),
            capture_output=True,
            text=True,
        )
        assert done.returncode == status, done.stderr
        return done.stdout + done.stderr


def clean_environment(home: Path) -> dict[str, str]:
    """Return an environment that knows nothing of the checkout and its packages."""
    path = ":".join(p for p in os.environ["PATH"].split(":") if str(PROJECT) not in p)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL", "COV"))}
    places = {
        "XDG_CACHE_HOME": home / "cache",
        "UV_TOOL_DIR": home,
        "UV_TOOL_BIN_DIR": home / "bin",
    }
    uv_cache = subprocess.run([pythons.UV, "cache", "dir"], capture_output=True, text=True).stdout
    return (
        kept
        | {k: str(v) for k, v in places.items()}
        | {"PATH": path, "UV_CACHE_DIR": uv_cache.strip()}
    )


def run(home: Path, *command: object) -> str:
    """Run an installer."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=home,
        env=clean_environment(home),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("dist")
    run(
        folder, pythons.UV, "build", "-q", "-o", folder, PROJECT
    )  # the wheel is made from the sdist
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Built(wheel, sdist)


@pytest.fixture(scope="module")
def by_pip(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("by-pip")
    run(home, sys.executable, "-m", "venv", home / "env")
    return Installed(home / "env" / "bin" / "ottermark", home)


@pytest.fixture(scope="module")
def by_uv(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    home = tmp_path_factory.mktemp("by-uv")
    return Installed(home / "bin" / "ottermark", home)


def test_the_wheel_has_every_file(built: Built) -> None:
    source = PROJECT / "src"
    files = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in (source / "ottermark").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(built.wheel) as wheel:
        contents = {name: wheel.read(name) for name in wheel.namelist()}
    assert files == {n: c for n, c in contents.items() if n.startswith("ottermark/")}


def test_pip_installs_the_wheel(built: Built, by_pip: Installed, tmp_path: Path) -> None:
    python = by_pip.command.with_name("python")
    run(by_pip.home, python, "-m", "pip", "install", "-q", "--no-compile", built.wheel)
    packages = run(by_pip.home, python, "-m", "pip", "list", "--format", "json")
    assert not {p["name"] for p in json.loads(packages)} & set(FOR_KERAS_LABS)
    use_it(by_pip, tmp_path)
    names_what_is_missing(by_pip, tmp_path, f"{python} -m pip install", built.wheel)


def test_pip_installs_the_sdist(built: Built, by_pip: Installed, tmp_path: Path) -> None:
    command = [by_pip.command.with_name("python"), "-m", "pip", "install", "-q", "--no-deps"]
    run(by_pip.home, *command, "--force-reinstall", built.sdist)
    (folder,) = (by_pip.home / "env" / "lib").glob("python3*/site-packages/ottermark")
    assert (folder / "gradescope" / "container" / "__pycache__").is_dir(), "pip compiles all files"
    build_and_grade(by_pip, tmp_path)


def test_uv_installs_the_wheel(built: Built, by_uv: Installed, tmp_path: Path) -> None:
    run(by_uv.home, pythons.UV, "tool", "install", "-q", "-p", sys.executable, built.wheel)
    use_it(by_uv, tmp_path)
    prefix = by_uv.home / "ottermark"
    names_what_is_missing(by_uv, tmp_path, f"uv pip install --python {prefix}", built.wheel)


def test_uv_installs_the_sdist(built: Built, by_uv: Installed, tmp_path: Path) -> None:
    command = ["tool", "install", "-q", "-p", sys.executable, "--reinstall-package", "ottermark"]
    run(by_uv.home, pythons.UV, *command, built.sdist)
    build_and_grade(by_uv, tmp_path)


def test_uvx_runs_the_wheel(built: Built, tmp_path: Path) -> None:
    """As the README says; uvx is `uv tool run`."""
    labs.write_tiny(tmp_path, labs.TINY.replace("import otter\n", "import otter\nimport nowhere\n"))
    command = [
        str(pythons.UV),
        "tool",
        "run",
        "-q",
        "-p",
        sys.executable,
        "--from",
        str(built.wheel),
    ]
    version = run(tmp_path, *command, "ottermark", "--version")
    assert version == f"ottermark, version {__version__}\n"
    done = subprocess.run(
        [*command, "ottermark", "build"],
        cwd=tmp_path,
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
    )
    again = f"uvx --with nowhere --from 'ottermark @ {built.wheel.as_uri()}' ottermark"
    assert done.returncode == 1 and again in done.stderr, done.stderr


def test_uvx_takes_a_lab_from_nothing_to_grades(built: Built, tmp_path: Path) -> None:
    """The tutorial's way, without anything installed."""
    uvx = [pythons.UV, "tool", "run", "-q", "-p", sys.executable, "--from", built.wheel]
    run(tmp_path, *uvx, "ottermark", "new", "my-lab")
    lab = tmp_path / "my-lab"
    assert "solution earns all 10" in run(lab, *uvx, "ottermark", "build")
    notebooks = ("student/first_lab.ipynb", "solutions/first_lab.ipynb")
    shown = run(lab, *uvx, "ottermark", "grade", *notebooks, "-o", "grades")
    with (lab / "grades" / "grades.csv").open(encoding="utf-8", newline="") as file:
        assert sorted(float(row["score"]) for row in csv.DictReader(file)) == [0, 10]
    with_page = f"uvx --from 'ottermark[class] @ {built.wheel.as_uri()}' ottermark"
    assert (
        with_page in shown and f"and then mark them with `ottermark review {lab}/grades`" in shown
    )


@pytest.mark.parametrize("version", [v for v in pythons.supported() if v != HERE])
def test_other_versions_of_python(version: str, built: Built, tmp_path: Path) -> None:
    python = pythons.find(version)
    if python is None:
        pytest.skip(f"not tested with Python {version}, which is not on this machine")
    run(tmp_path, pythons.UV, "venv", "-q", "-p", python, tmp_path / "env")
    environment = tmp_path / "env" / "bin"
    run(tmp_path, pythons.UV, "pip", "install", "-q", "-p", environment / "python", built.wheel)
    build_and_grade(Installed(environment / "ottermark", tmp_path), tmp_path)


def build_and_grade(installed: Installed, folder: Path) -> Path:
    """Build and grade a lab of NumPy; return its folder."""
    lab = folder / "lab"
    text = labs.TINY.replace("held_back/answers.csv]", "held_back/answers.csv]\nfiles: [helper.py]")
    master = labs.write_tiny(lab, text.replace("files: [data/numbers.csv]\n", ""))
    (master.parent / "helper.py").write_text(HELPER)
    assert installed.run(folder, "--version") == f"ottermark, version {__version__}\n"
    installed.run(lab, "build")
    write_class(lab)
    installed.run(lab, "grade", "class", "-o", "grades", "-j", "2", "-y")
    with (lab / "grades" / "grades.csv").open(newline="") as file:
        scores = {row["submission"]: (row["status"], row["score"]) for row in csv.DictReader(file)}
    assert scores == {"right": ("graded", "6"), "half": ("graded", "2"), "loops": ("graded", "2")}
    return lab


def write_class(lab: Path) -> None:
    """Write three submissions, of which one looks for packages and for the grader's files."""
    (lab / "class").mkdir()
    right = "def double(x):\n    import pandas, helper\n    assert helper.largest([1, 2]) == 2\n    return x + x"
    answers = {
        "right": {"q1": "pair = (4, 5)", "q2": right},
        "half": {"q1": "pair = (4, 5)", "q2": "double = ..."},
        "loops": {
            "q1": "pair = (4, 5)",
            "q2": "def double(x):\n    import keras\n    return 2 * x",
        },
    }
    for name, answer in answers.items():
        body = labs.answered(lab / "student" / "tiny.ipynb", answer)
        for cell in body["cells"]:  # written answers that nearly agree would be grouped
            if "_Type your answer here" in "".join(cell["source"]):
                cell["source"] = f"{WRITTEN} {name}"
        (lab / "class" / f"{name}.ipynb").write_text(json.dumps(body))


def use_it(installed: Installed, folder: Path) -> None:
    """Do all that needs no extra with a lab of NumPy."""
    lab = build_and_grade(installed, folder)
    locked = re.findall(
        r"^([\w.-]+)==", (lab / "autograder" / "requirements.txt").read_text(), re.M
    )
    assert "numpy" in locked and not set(locked) & set(FOR_KERAS_LABS)
    with zipfile.ZipFile(lab / "autograder" / "autograder.zip") as upload:
        names = set(upload.namelist())
    assert {"setup.sh", "run_autograder", "run_otter.py", "ottermark/api.py"} <= names
    assert not any("__pycache__" in name for name in names)
    report = (lab / "grades" / "report.html").read_text(encoding="utf-8")
    assert "half" in report and "this needs copydetect; run" in report
    installed.run(lab, "marks", "export", "grades", "-o", "marks.csv")
    rows = list(csv.DictReader((lab / "marks.csv").open(newline="")))
    with (lab / "marks.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(row | {"points": "3"} for row in rows)
    installed.run(lab, "marks", "import", "grades", "marks.csv", "--marker", "ann", "-y")
    installed.run(lab, "release", "grades", "-y")
    with (lab / "grades" / "final" / "grades.csv").open(newline="") as file:
        finals = {row["submission"]: row["final"] for row in csv.DictReader(file)}
    assert finals == {"right": "9", "half": "5", "loops": "5"}
    assert "Mark by hand" in installed.run(lab, "review", "--help")


def names_what_is_missing(installed: Installed, folder: Path, installer: str, wheel: Path) -> None:
    """Check that what needs an extra, or a package, says how to install it here."""
    lab = folder / "lab"
    for extra, arguments in (("class", ("review", "grades")), ("keras", ("calibrate",))):
        said = installed.run(lab, *arguments, status=2)
        assert (
            said.count("\n") == 1 and f"{installer} 'ottermark[{extra}] @ {wheel.as_uri()}'" in said
        )
    (master,) = (lab / "assignment").glob("*.ipynb")
    text = master.read_text().replace(
        "import otter", "import keras\\nimport seaborn\\nimport otter"
    )
    master.write_text(text)
    said = installed.run(lab, "build", status=1)
    assert said.count("\n") == 1 and "the lab imports keras, tensorflow and seaborn" in said
    assert f"{installer} 'ottermark[keras] @ {wheel.as_uri()}' seaborn" in said


@pytest.mark.parametrize("version", pythons.supported())
@pytest.mark.parametrize("lock", ["requirements", "keras"])
def test_the_locks_are_complete_for_each_python(lock: str, version: str, tmp_path: Path) -> None:
    path = PROJECT / "src" / "ottermark" / "gradescope" / f"{lock}.lock"
    command = ["pip", "compile", "-q", "--no-header", "--only-binary", ":all:"]
    constraint = ["-c", path, "-o", tmp_path / "resolved.txt", "--python-version", version]
    extra = ["--extra", "keras"] if lock == "keras" else []
    run(PROJECT, pythons.UV, *command, *constraint, *extra, PROJECT / "pyproject.toml")
    resolved = set(re.findall(r"^[\w.-]+==\S+", (tmp_path / "resolved.txt").read_text(), re.M))
    assert resolved <= set(re.findall(r"^[\w.-]+==[^\s\\]+", path.read_text(), re.M))
    has_tensorflow = any(pin.startswith("tensorflow") for pin in resolved)
    assert has_tensorflow == (lock == "keras" and version != "3.14")
