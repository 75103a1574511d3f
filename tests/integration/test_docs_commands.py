"""Every command line of the documentation, run as it stands in a copy of the checkout.

What takes minutes, needs a network, or would run these tests again is listed in ``COVERED`` with what
runs it instead. A command that is in neither list fails.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ottermark
from docs_pages import DOCS, PAGES, PROJECT, blocks, shell_blocks
from jupyter_client import BlockingKernelClient
from pythons import UV

from ottermark import __version__

# run one by one, in one copy
SINGLE = [
    "source .venv/bin/activate",
    "python docs/generate.py",
    "ottermark build assignment/intro_convnets.ipynb --out build/my_lab",
    "ottermark build --question q2_7",
    "ottermark calibrate --check",
    "ottermark grade submissions/ -o grades",
    "ottermark grade late.ipynb -o grades",
    "ottermark marks export grades -o marks.csv",
    "ottermark marks import grades marks.csv --marker ann",
    "ottermark release grades --partial -y",
    "pre-commit install",
]
BUILT_WHEEL = f"dist/ottermark-{__version__}-py3-none-any.whl"
# a make target, or the tests that do the same
COVERED = {
    "make": "tests/lab/test_lab.py",
    **{f"make {target}": f"Makefile: {target}" for target in ("test", "fast", "lint", "ci")},
    **{f"make {target}": f"Makefile: {target}" for target in ("docs", "coverage", "lock", "sweep")},
    "ottermark build": "Makefile: test",
    "ottermark build --check": "Makefile: test",
    "ottermark build --strict": "tests/integration/test_build_levels.py",
    "ottermark build lab.ipynb --allow solution-loses-points": "tests/integration/test_build_levels.py",
    "ottermark build --watch": "tests/integration/test_new_lab.py",
    "ottermark build --out build/lab": "tests/integration/test_any_lab.py",
    "ottermark doctor": "tests/integration/test_doctor.py",
    "ottermark audit": "tests/integration/test_audit.py",
    "ottermark calibrate": "tests/integration/test_calibration.py",
    "ottermark calibrate --seeds 20": "tests/integration/test_calibration.py",
    "ottermark calibrate --only tuned": "tests/integration/test_calibration.py",
    "ottermark calibrate -j 4": "tests/integration/test_calibration.py",
    "dask scheduler": "tests/support/clusters.py",
    "dask worker tcp://SCHEDULER:8786 --nthreads 1": "tests/support/clusters.py",
    "ottermark grade submissions/ --dask tcp://SCHEDULER:8786": "tests/integration/test_dask_executor.py",
    "python assignment/figures/draw.py": "tests/lab/test_figures.py",
    "python tests/support/replica.py --suite jammy --tier 0.5 build/class/solution.ipynb": "tests/integration/test_replica.py",
    "ottermark review grades": "tests/integration/test_review_command.py",
    "ottermark review grades --marker ann --marker bob": "tests/integration/test_review_command.py",
    "ottermark release grades": "tests/integration/test_release.py",
    "ottermark marks requests grades requests.csv --marker ann": "tests/unit/test_marks_csv.py",
    "uv build": "tests/integration/test_installed.py",
    f"uvx --from {BUILT_WHEEL} ottermark build": "tests/integration/test_installed.py",
    f"uv tool install {BUILT_WHEEL}": "tests/integration/test_installed.py",
    f"uv tool install '{BUILT_WHEEL}[class,keras]'": "tests/integration/test_installed.py",
    f"python -m pip install {BUILT_WHEEL}": "tests/integration/test_installed.py",
}
RESOLVED = (
    "python -m pip install -r requirements.txt"  # tests/lab/test_student_requirements.py, by uv
)
# the one command that does not end by itself
EDITOR = (
    "uvx --from jupyterlab --with numpy,otter-grader==7.0.0 jupyter-lab assignment/first_lab.ipynb"
)
README_SESSION = [".venv/bin/ottermark new my-lab && cd my-lab"]  # the first line of the block
TUTORIAL = DOCS / "tutorial.md"
COPIED_WHEEL = f"~/ottermark-{__version__}-py3-none-any.whl"
# the tests of installed wheels do that
INSTALLED = {
    f"uvx --from {COPIED_WHEEL} ottermark": "ottermark",
    f"uv tool install {COPIED_WHEEL}": "true",
}
BROKEN_LAB = "sed -i 's/37, 98.6)/37, 98)/' assignment/first_lab.ipynb"  # the build after it fails


def checkout(folder: Path) -> Path:
    """Copy what a fresh checkout holds, with the environment that `make` sets up."""
    left_out = shutil.ignore_patterns(".*", "build", "__pycache__", "autograder.zip", "ottermark")
    shutil.copytree(PROJECT, folder, ignore=left_out)
    shutil.copytree(
        PROJECT / "src",
        folder / "src",
        ignore=shutil.ignore_patterns("__pycache__"),
        dirs_exist_ok=True,
    )
    shutil.copy(PROJECT / ".pre-commit-config.yaml", folder)
    (folder / ".venv").symlink_to(PROJECT / ".venv")
    return folder


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = checkout(tmp_path_factory.mktemp("docs") / "checkout")
    subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / "submissions").mkdir()
    (notebook,) = (folder / "student").glob("*.ipynb")
    shutil.copy(notebook, folder / "submissions")
    shutil.copy(notebook, folder / "late.ipynb")
    return folder


def run(lines: list[str], folder: Path) -> list[tuple[int, str]]:
    """Run command lines in one shell; return the exit status and the output of each."""
    mark = "=== exit status"
    script = "\n".join(f"{line}\necho '{mark}' $?" for line in lines)
    environment = os.environ | {"PATH": f"{PROJECT}/.venv/bin:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    parts = re.split(rf"{mark} (\d+)\n", done.stdout)
    return list(zip(map(int, parts[1::2]), parts[::2], strict=False))


def commands() -> Iterator[tuple[Path, list[str]]]:
    """Yield the commands of each block, with the page."""
    for page in PAGES:
        for block in shell_blocks(page):
            yield page, block.commands


def test_every_command_is_run_or_covered() -> None:
    known = {*SINGLE, *COVERED, RESOLVED}
    single = [
        line
        for page, lines in commands()
        if page != TUTORIAL and lines[:1] != README_SESSION
        for line in lines
    ]
    assert set(single) == known


def words_in(place: str) -> set[str]:
    """Return the texts of a file of tests, or the words of the commands of a make target."""
    name, _, target = place.partition(": ")
    text = (PROJECT / name).read_text(encoding="utf-8")
    if target:
        (recipe,) = re.findall(rf"^{target}:.*\n((?:\t.*\n)*)", text, re.M)
        return {"make", target, *recipe.split()}
    constants = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    return {node.value for node in constants if isinstance(node.value, str)}


@pytest.mark.parametrize("command", COVERED)
def test_what_covers_a_command_uses_its_options(command: str) -> None:
    program, *arguments = shlex.split(command)
    needed = {argument for argument in arguments if argument.startswith("-")}
    if program != "python":
        needed |= set(arguments[:1])
    assert needed <= words_in(COVERED[command])


@pytest.mark.slow
@pytest.mark.ci
@pytest.mark.xdist_group("docs")
@pytest.mark.parametrize("command", SINGLE)
def test_a_command_runs_as_it_stands(command: str, copy: Path) -> None:
    ((status, output),) = run([command], copy)
    assert status == 0, output


@pytest.mark.slow
def test_the_three_lines_of_the_readme(tmp_path: Path) -> None:
    (lines,) = [lines for _, lines in commands() if lines[:1] == README_SESSION]
    assert len(lines) == 3
    ended = run(lines, checkout(tmp_path / "checkout"))
    assert [status for status, _ in ended] == [0, 0, 0], ended


@pytest.mark.ci
def test_the_tutorial_word_for_word(tmp_path: Path) -> None:
    lines = [line for page, block in commands() if page == TUTORIAL for line in block]
    assert all(any(line.startswith(start) for line in lines) for start in INSTALLED)
    lines.remove(EDITOR)
    for start, instead in INSTALLED.items():
        lines = [line.replace(start, instead) for line in lines]
    folder = checkout(tmp_path / "checkout")
    ended = run(lines, folder)
    expected = [int(before == BROKEN_LAB) for before in ["", *lines[:-1]]]
    assert [status for status, _ in ended] == expected, ended
    assert expected.count(1) == 1
    shown = [block.text for block in blocks(TUTORIAL) if block.language == "text"]
    output = re.sub(r" +\n", "\n", "".join(text for _, text in ended))
    for text in shown:
        assert text in output
    feedback = (folder / "my-lab" / "graded" / "feedback" / "forgetful.html").read_text(
        encoding="utf-8"
    )
    assert "At which temperature does water freeze" in feedback


@pytest.mark.ci
def test_jupyter_opens_the_master_of_the_tutorial(tmp_path: Path) -> None:
    """With a kernel that has the packages of the lab."""
    lab = tmp_path / "my-lab"
    for arguments in (["new", lab], ["build", lab / "assignment/first_lab.ipynb", "--out", lab]):
        assert ottermark(*arguments).code == 0
    config, runtime, log = tmp_path / "config", tmp_path / "runtime", tmp_path / "log"
    config.mkdir()
    settings = {"ServerApp": {"allow_root": True, "open_browser": False, "port": 0}}
    (config / "jupyter_server_config.json").write_text(json.dumps(settings))
    places = {"JUPYTER_CONFIG_DIR": str(config), "JUPYTER_RUNTIME_DIR": str(runtime)}
    path = f"{Path(UV).parent}:{os.environ['PATH']}"
    with log.open("w") as output:
        server = subprocess.Popen(
            shlex.split(EDITOR), cwd=lab, env=os.environ | places | {"PATH": path}, stderr=output
        )
        try:
            end = time.monotonic() + 180
            while not (records := list(runtime.glob("jpserver-*.json"))):
                assert server.poll() is None and time.monotonic() < end, log.read_text()
                time.sleep(0.2)
            record = json.loads(records[0].read_text())

            def answer(resource: str, data: bytes | None = None) -> Any:
                address = f"{record['url']}api/{resource}?token={record['token']}"
                with urllib.request.urlopen(address, data, timeout=60) as response:
                    return json.load(response)

            cells = answer("contents/first_lab.ipynb")["content"]["cells"]
            assert "ASSIGNMENT CONFIG" in cells[0]["source"]
            kernel = answer("kernels", b'{"name": "python3"}')
            client = BlockingKernelClient()
            client.load_connection_file(str(runtime / f"kernel-{kernel['id']}.json"))
            client.start_channels()
            reply = client.execute_interactive("import numpy, otter", timeout=60)
            client.stop_channels()
            assert reply["content"]["status"] == "ok", reply
        finally:
            server.send_signal(signal.SIGINT)
            server.send_signal(signal.SIGINT)  # asks nothing
            server.wait(60)
