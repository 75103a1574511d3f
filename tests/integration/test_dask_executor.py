"""``ottermark grade --dask`` on a real cluster: a scheduler and workers in processes of their own."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import labs
import pytest
from clusters import Cluster
from conftest import PROJECT, Graded, ottermark

pytestmark = pytest.mark.slow

RIGHT = {"q1": "pair = (4, 5)", "q2": "def double(x):\n    return 2 * x"}
SLOW = "import time; time.sleep(0.4)"
# runs a command as a user who can have no walls: no root, and no user namespaces within this one
WITHOUT_WALLS = (
    *("unshare", "--user", "--map-root-user", "sh", "-c"),
    "echo 1 > /proc/sys/user/max_user_namespaces; "
    'exec unshare --user --map-user=1000 --map-group=1000 "$@"',
    "sh",
)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    with contextlib.closing(Cluster(folder)) as made:
        yield made


@pytest.fixture
def submissions(tiny: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "submissions"
    folder.mkdir()
    for number in range(12):
        answers = RIGHT | {"end": SLOW} if number % 3 else {"q1": f"pair = (4, {number})"}
        body = labs.answered(tiny / "student" / "tiny.ipynb", answers)
        (folder / f"submission{number:02}.ipynb").write_text(json.dumps(body))
    (folder / "ends.ipynb").write_text(
        json.dumps(labs.answered(tiny / "student" / "tiny.ipynb", {"q1": "import os; os._exit(1)"}))
    )
    (folder / "none.ipynb").write_text("no notebook")
    (folder / "link.ipynb").symlink_to(folder / "ends.ipynb")
    (folder / "empty").mkdir()
    return folder


def grade(submissions: Path, tiny: Path, out: Path, *more: str) -> Graded:
    return Graded(out, ottermark("grade", submissions, "-a", tiny / "autograder", "-o", out, *more))


def test_a_cluster_gives_what_this_machine_gives(
    cluster: Cluster, submissions: Path, tiny: Path, tmp_path: Path
) -> None:
    cluster.add_worker()
    cluster.add_worker()
    there = grade(submissions, tiny, tmp_path / "there", "--dask", cluster.address)
    assert there.ran.code == 0, there.ran.err
    assert "Grading on 2 workers, 2 submissions at a time." in there.ran.err
    here = grade(submissions, tiny, tmp_path / "here")
    assert (there.out / "grades.csv").read_bytes() == (here.out / "grades.csv").read_bytes()
    assert there.lasting() == here.lasting()
    names = {path.name for path in (here.out / "executed").iterdir()}
    assert {path.name for path in (there.out / "executed").iterdir()} == names
    assert "16 kept" in grade(submissions, tiny, tmp_path / "there").ran.out, "known here as well"


@pytest.mark.ci
def test_a_worker_that_is_killed_costs_a_retry(
    cluster: Cluster, submissions: Path, tiny: Path, tmp_path: Path
) -> None:
    cluster.add_worker()
    cluster.add_worker()
    out = tmp_path / "out"
    command = [sys.executable, "-m", "ottermark", "grade", str(submissions), "-o", str(out)]
    command += ["-a", str(tiny / "autograder"), "--dask", cluster.address]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while len(list(out.glob("results/submission*.json"))) < 3:
        assert time.monotonic() < deadline and run.poll() is None
        time.sleep(0.02)
    cluster.workers[0].send_signal(signal.SIGKILL)
    said, complaints = run.communicate(timeout=180)
    assert run.returncode == 0, complaints
    assert "Traceback" not in complaints
    here = grade(submissions, tiny, tmp_path / "here")
    assert (out / "grades.csv").read_bytes() == (here.out / "grades.csv").read_bytes()
    assert "15 graded" not in said and "1 crashed" in said


def test_a_class_may_wait_for_its_first_worker_and_be_stopped(
    cluster: Cluster, submissions: Path, tiny: Path, tmp_path: Path
) -> None:
    command = [
        sys.executable,
        "-m",
        "ottermark",
        "grade",
        str(submissions),
        "-o",
        str(tmp_path / "out"),
    ]
    command += ["-a", str(tiny / "autograder"), "--dask", cluster.address]
    run = subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert run.stderr is not None
    assert any("waiting for one" in line for line in iter(run.stderr.readline, ""))
    cluster.add_worker()
    assert any("Grading on 1 worker," in line for line in iter(run.stderr.readline, ""))
    run.send_signal(signal.SIGINT)
    assert run.wait(60) == 130
    assert "Traceback" not in run.stderr.read()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("tcp://127.0.0.1:9", "No Dask scheduler answers at tcp://127.0.0.1:9"),
        ("nonsense", "No Dask scheduler answers at nonsense"),
    ],
)
def test_no_cluster_is_one_sentence(
    submissions: Path, tiny: Path, tmp_path: Path, address: str, says: str
) -> None:
    ran = grade(submissions, tiny, tmp_path / "out", "--dask", address).ran
    assert ran.code == 2
    errors = [line for line in ran.err.splitlines() if line.startswith("Error")]
    assert len(errors) == 1 and says in errors[0]


@pytest.mark.ci
def test_a_worker_with_another_ottermark_is_told_apart(
    cluster: Cluster, submissions: Path, tiny: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(PROJECT / "src" / "ottermark", tmp_path / "src" / "ottermark"))
    with (other / "grading" / "grade.py").open("a") as module:
        module.write("ANOTHER = True\n")
    cluster.add_worker(PYTHONPATH=str(other.parent))
    ran = grade(submissions, tiny, tmp_path / "out", "--dask", cluster.address).ran
    assert ran.code == 2 and "has another ottermark; install this one" in ran.err


@pytest.mark.ci
def test_a_worker_without_walls_is_named(
    cluster: Cluster, submissions: Path, tiny: Path, tmp_path: Path
) -> None:
    if subprocess.run([*WITHOUT_WALLS, "true"], check=False).returncode:
        pytest.skip("no user namespaces here, so no worker can be kept from having walls")
    cluster.add_worker(*WITHOUT_WALLS)
    graded = grade(submissions, tiny, tmp_path / "out", "--dask", cluster.address)
    warnings = [line for line in graded.ran.err.splitlines() if "not protected" in line]
    assert len(warnings) == 1 and "points from the worker tcp://127.0.0.1:" in warnings[0]
    assert {row["isolation"] for row in graded.rows.values()} == {"none", ""}
    asked = grade(
        submissions, tiny, tmp_path / "asked", "--dask", cluster.address, "--isolation", "none"
    )
    assert asked.ran.code == 0 and "not protected" not in asked.ran.err
