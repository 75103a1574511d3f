"""The upload in a replica of Gradescope's container: images, marks, limits, attacks, misfortunes.

Needs root, debootstrap, bubblewrap and a network for packages; ``.ci/run`` installs what it can.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import replica
from conftest import PROJECT
from replica import TIERS, BuiltImage, Run
from test_lab import KEPT, LOST, earned, secrets_in

from ottermark.assignment import Assignment
from ottermark.audit.answer_files import build_notebook
from ottermark.audit.attacks import Attack, AttackHarness, AttackRun, read_attacks
from ottermark.limits import MiB

WHY_NOT = replica.lacking()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.ci,
    pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT)),
]
SMALLEST, SECOND, THIRD = TIERS[:3]
CORPUS = PROJECT / "assignment" / "corpus"
ATTACKS = PROJECT / "tests" / "security" / "attacks"
NOTEBOOK = Assignment.read(PROJECT / "autograder").notebook
SOLUTION = {NOTEBOOK: (PROJECT / "solutions" / NOTEBOOK).read_bytes()}
BLANK = {NOTEBOOK: (PROJECT / "student" / NOTEBOOK).read_bytes()}


def image_of(suite: str) -> BuiltImage:
    try:
        return replica.image(suite)
    except replica.NoBase as lack:
        pytest.skip(str(lack))


@pytest.fixture(scope="module")
def debian() -> BuiltImage:
    return image_of("bookworm")


@pytest.fixture(scope="module")
def ubuntu() -> BuiltImage:
    return image_of("jammy")


on_debian = pytest.mark.xdist_group("replica-debian")
on_ubuntu = pytest.mark.xdist_group("replica-ubuntu")


def scores(body: dict[str, Any]) -> dict[str, float]:
    return {test["number"]: test["score"] for test in body["tests"] if "number" in test}


def first_entry(body: dict[str, Any]) -> str:
    return str(body["tests"][0]["output"])


# -------------------------------------------------------------------------------- images


@on_debian
def test_an_image_on_debian(debian: BuiltImage) -> None:
    assert re.match(r"The solution earns all 78 points .* isolated \(uid\)", debian.sentence)


@on_ubuntu
@pytest.mark.sweep
def test_an_image_on_ubuntu(ubuntu: BuiltImage) -> None:
    assert re.match(r"The solution earns all 78 points .* isolated \(uid\)", ubuntu.sentence)
    command = [sys.executable, replica.__file__, "--suite", "jammy", "--tier", "0.5"]
    ran = subprocess.run(
        [*command, PROJECT / "solutions" / NOTEBOOK], capture_output=True, text=True
    )
    assert f"\n| {NOTEBOOK} | 78 |" in ran.stdout, ran.stderr


def break_lock(source: Path) -> None:
    lock = source / "requirements.txt"
    lock.write_text(re.sub(r"sha256:[0-9a-f]{64}", f"sha256:{'0' * 64}", lock.read_text()))
    remove_package(source, "click")


def lose_package(source: Path) -> None:
    lock = source / "requirements.txt"
    kept = [b for b in re.split(r"^(?=\S)", lock.read_text(), flags=re.M) if "pydantic==" not in b]
    lock.write_text("".join(kept))
    remove_package(source, "pydantic")
    scripts = source / "setup.sh"
    scripts.write_text(
        scripts.read_text().replace('--require-hashes -r "$here/req', '--no-deps -r "$here/req')
    )


def remove_package(source: Path, name: str) -> None:
    (packages,) = source.parents[1].glob("opt/ottermark/lib/python3*/site-packages")
    for path in packages.glob(f"{name}*"):
        shutil.rmtree(path)


def ask_for_nothing_that_is(source: Path) -> None:
    (source / "lab-requirements.txt").write_text("numpy==0.0.1\n")


def break_test(source: Path) -> None:
    (source / "lab-requirements.txt").write_text("tabulate\n")  # which is to be installed before
    test = source / "tests" / "q2_7.py"
    test.write_text(test.read_text().replace("def test_q2_7", "def test q2_7", 1))


@on_debian
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (break_lock, "requirements.txt is broken, or a package cannot be fetched"),
        (lose_package, "the package pydantic is missing"),
        (ask_for_nothing_that_is, "the lab's own requirements cannot be installed"),
        (break_test, r"tests/q2_7.py cannot be read .*fix the test in the master"),
    ],
)
def test_an_image_that_cannot_grade_is_not_built(
    debian: BuiltImage, tmp_path: Path, change: Callable[[Path], None], says: str
) -> None:
    built = replica.build(debian.layers, replica.UPLOAD, tmp_path / "layer", change)
    assert built.code == 1, built.said[-2000:]
    sentences = [line for line in built.said.splitlines() if line.startswith("Error: ")]
    assert re.search(says, " ".join(sentences)), sentences
    assert "Traceback" not in built.said
    assert ("+ tabulate==" in built.said) == (change is break_test)


@on_debian
def test_a_full_disk_stops_the_image(debian: BuiltImage, tmp_path: Path) -> None:
    built = replica.build(debian.layers[:1], replica.UPLOAD, tmp_path / "layer", size=220 * MiB)
    assert built.code == 1 and "the disk is full" in built.sentence, built.said[-2000:]


# --------------------------------------------------------------------------------- marks


@on_debian
def test_the_smallest_container_gives_the_solution_full_marks(debian: BuiltImage) -> None:
    run = replica.run(debian.layers, SOLUTION, SMALLEST)
    body = run.body
    assert body["score"] == 78, first_entry(body)
    assert run.killed == 0
    assert [column["name"] for column in body["leaderboard"]] == [
        *("Accuracy on new digits (%)", "Parameters")
    ]
    assert {each["state"] for each in body["extra_data"]["written"].values()} == {"answered"}


# an old sheet, answers at the end, an error and a call that never ends; the others in `make sweep`
IN_CI = ("answers_at_the_end", "raises_midway", "seed_sheet")


@on_debian
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.sweep] * (name not in IN_CI))
        for name in (*LOST, *KEPT)
        if name != "solution"
    ],
)
def test_the_sample_class(debian: BuiltImage, name: str) -> None:
    blank = PROJECT / "student" / NOTEBOOK
    submission = build_notebook(
        CORPUS / "class" / f"{name}.py", blank, PROJECT / "solutions" / NOTEBOOK
    )
    files = {f"{name}.ipynb": json.dumps(submission).encode()}
    run = replica.run(debian.layers, files, SECOND, change=limited(call=5))
    assert scores(run.body) == earned(name)
    assert not secrets_in(run.body) and run.killed == 0
    if name == "raises_midway":
        assert run.body["extra_data"]["status"] == "timeout"
        assert "raised NameError" in first_entry(run.body)
        assert "`receptive_field` did not answer within 5 seconds" in str(run.text)


def limited(**limits: float | str) -> Callable[[Path], None]:
    """Return a change of the image: other limits for notebooks."""

    def change(root: Path) -> None:
        path = root / "autograder" / "source" / "otter_config.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"limits": limits}))

    return change


def quickly(**limits: float | str) -> Callable[[Path], None]:
    """Return a change of the image: other limits, and nothing imported before it is needed."""

    def change(root: Path) -> None:
        limited(**limits)(root)
        record = root / "autograder" / "source" / "questions.json"
        record.write_text(json.dumps(json.loads(record.read_text()) | {"imports": []}))

    return change


@on_debian
@pytest.mark.parametrize(
    ("files", "metadata", "says"),
    [
        ({}, None, "holds no notebook"),
        ({"a.ipynb": b"{}", "b.ipynb": b"{}"}, b"", "holds 2 notebooks"),
        ({NOTEBOOK: b"{"}, b"{", "is not valid JSON"),
        ({"work.zip": b"PK\x03\x04 nonsense"}, b"[]", "cannot be opened as a zip file"),
        ({NOTEBOOK: b"\0" * 51 * MiB}, b'{"users": [1, 2]}', "larger than 50 MB"),
    ],
)
def test_what_cannot_be_graded(
    debian: BuiltImage, files: dict[str, bytes], metadata: bytes | None, says: str
) -> None:
    body = replica.run(debian.layers, files, SMALLEST, metadata, change=quickly()).body
    assert body["score"] == 0 and says in first_entry(body)


# ------------------------------------------------------------------------------- attacks

ATTACKED = (
    *("read-the_tests", "read-all_that_can_be_seen", "read-links_for_the_grader"),
    *("escape-setuid_program", "escape-signal_the_keeper", "escape-undoes_its_isolation"),
    *("exhaust-fork_bomb", "exhaust-memory_at_once", "exhaust-large_files"),
    *("exhaust-unlinked_files", "exhaust-hidden_from_the_watch", "exhaust-memory_of_many"),
    *("exits-group_and_all", "exits-stops_itself", "forge-word_of_the_keeper"),
    *("network-loopback", "outlive-double_fork", "patch-otters_tests"),
    *("results-written_everywhere", "frames-other_processes_memory"),
)


class ContainerHarness(AttackHarness):
    """A harness whose files are where a container has them."""

    @property
    def places(self) -> dict[Path, str]:
        """Where the container has the files of the harness."""
        return {
            self.upload: "/autograder/source",
            self.submissions: "/autograder/submission",
            self.out: "/autograder/results",
            self.shared: "/srv/commons",
            self.secret: "/autograder/submission_metadata.json",
            self.public: "/srv/public.txt",
        }

    def _fill_in(self, text: str, name: str) -> str:
        text = super()._fill_in(text, name)
        for here, there in self.places.items():
            text = text.replace(str(here), there)
        return text

    def furnish(self, root: Path) -> None:
        """Put everything an attacker would like to get at into the container."""
        for here, there in self.places.items():
            if here in (self.upload, self.shared):
                shutil.copytree(here, root / there[1:], dirs_exist_ok=True)
        (root / "srv" / "commons").chmod(0o1777)
        (root / "srv" / "commons" / "cat").chmod(0o4755)
        (root / "srv" / "public.txt").write_text(self.canary)
        limited(**self.limits)(root)

    def bring_back(self, root: Path, attack: Attack) -> None:
        """Note whether the attack has left a file behind."""
        if (root / "srv" / "commons" / self.witness_file(attack.name).name).exists():
            self.witness_file(attack.name).touch()


@pytest.fixture(scope="module")
def ground() -> Iterator[ContainerHarness]:
    made = ContainerHarness(PROJECT, ATTACKS, bare=True)
    with made:
        yield made


ATTACKS_IN_CI = tuple({name.split("-")[0]: name for name in ATTACKED}.values())  # one of each kind


@on_debian
@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[pytest.mark.sweep] * (n not in ATTACKS_IN_CI)) for n in ATTACKED],
)
def test_an_attack_gets_nothing(debian: BuiltImage, ground: ContainerHarness, name: str) -> None:
    (attack,) = [a for a in read_attacks(ATTACKS) if a.name == name]
    ground.add(attack)
    (submission,) = ground.submissions.glob(f"{name}.*")
    earlier = {"id": 1, "previous_submissions": [{"results": {"output": ground.canary}}]}
    run = replica.run(
        debian.layers,
        {submission.name: submission.read_bytes()},
        THIRD,
        json.dumps(earlier).encode(),
        change=ground.furnish,
        after=lambda root: ground.bring_back(root, attack),
    )
    body = run.body
    (ground.out / "results" / f"{name}.json").write_text(json.dumps(body))
    assert not AttackRun(ground, body["extra_data"]["isolation"], 0, run.said, {}).breaches(attack)
    assert ground.canary not in run.said
    status = body["extra_data"]["status"]
    assert status in attack.ends | {"timeout"}, body["extra_data"]["problems"]
    if status != "timeout":
        assert body["score"] == attack.earns


@on_debian
def test_other_users_find_no_secret_in_the_image(
    debian: BuiltImage, ground: ContainerHarness
) -> None:
    def change(root: Path) -> None:
        ground.furnish(root)
        (root / "srv" / "public.txt").unlink()
        solution = root / "autograder" / "source" / "solution" / NOTEBOOK
        solution.write_text(solution.read_text().replace("shape_6_3", ground.canary))

    places = " ".join(f"--exclude-dir={name}" for name in ("proc", "sys", "dev"))
    search = f"grep -rl {places} {ground.canary} / 2> /dev/null"
    script = f"""
        /autograder/run_autograder
        echo root
        {search.replace(" / ", " /autograder ")}
        echo others
        setpriv --reuid 45678 --regid 45678 --clear-groups {search}
    """
    metadata = json.dumps({"canary": ground.canary}).encode()
    command = ["bash", "-c", script]
    run = replica.run(debian.layers, BLANK, THIRD, metadata, change=change, command=command)
    roots, others = run.said.partition("root\n")[2].split("others\n")
    assert {
        f"/autograder/source/solution/{NOTEBOOK}",
        "/autograder/submission_metadata.json",
    } <= set(roots.splitlines())
    assert len(roots.splitlines()) > 15 and not others


# -------------------------------------------------------------------------- misfortunes


def submission_with(cell: str) -> dict[str, bytes]:
    """The blank notebook with a cell in front."""
    body = json.loads(BLANK[NOTEBOOK])
    first = {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "id": "first"}
    body["cells"].insert(0, first | {"execution_count": None})
    return {NOTEBOOK: json.dumps(body).encode()}


@on_debian
def test_a_notebook_that_never_ends_is_graded_in_time(debian: BuiltImage) -> None:
    run = replica.run(
        debian.layers,
        submission_with("while True: pass"),
        SMALLEST,
        change=quickly(run=15),
        seconds=60,
    )
    assert run.body["extra_data"]["status"] == "timeout"
    assert "was stopped" in first_entry(run.body)


@on_debian
def test_more_memory_than_there_is_is_told_as_such(debian: BuiltImage) -> None:
    cell = "hog = []\nwhile True: hog.append(bytearray(10**7))"
    run = replica.run(debian.layers, submission_with(cell), SMALLEST, change=limited(cell=60))
    assert "MB of memory" in first_entry(run.body), run.body
    assert run.body["extra_data"]["status"] == "crashed"


def end_of(*lines: str) -> Callable[[Path], None]:
    """Return a change of the image: what the grader's Python does instead of grading."""

    def change(root: Path) -> None:
        (root / "autograder" / "source" / "run_otter.py").write_text("\n".join(lines))
        script = root / "autograder" / "run_autograder"
        script.write_text(re.sub(r"KILL \d+", "KILL 5", script.read_text()))

    return change


def without_python(root: Path) -> None:
    shutil.rmtree(root / "opt" / "ottermark" / "bin")


def full(root: Path) -> None:
    with (root / "filler").open("wb") as file:
        try:
            while True:
                file.write(bytes(MiB))
                file.flush()
        except OSError:
            pass


@on_debian
@pytest.mark.parametrize(
    "change",
    [
        end_of("import os, signal", "os.kill(os.getpid(), signal.SIGKILL)"),
        end_of("import time", "time.sleep(1000)"),
        end_of("raise SystemExit(3)"),
        end_of("import no_such_package"),
        end_of("hog = []", "while True: hog.append(bytearray(10**8))"),
        without_python,
    ],
    ids=["killed", "hangs", "exits", "import fails", "out of memory", "no Python"],
)
def test_the_grader_itself_may_end_in_any_way(
    debian: BuiltImage, change: Callable[[Path], None]
) -> None:
    run: Run = replica.run(debian.layers, BLANK, SMALLEST, change=change, seconds=60)
    assert run.body["score"] == 0 and "tell the course staff" in run.body["output"]
    assert "Error: the grader ended early" in run.said


@on_debian
def test_a_disk_that_a_notebook_fills(debian: BuiltImage) -> None:
    cell = "import os\nfor n in range(60):\n    open(f'hog{n}', 'wb').write(os.urandom(2**20))"
    run = replica.run(
        debian.layers, submission_with(cell), THIRD, change=quickly(), size=48 * MiB, seconds=120
    )
    assert run.body["extra_data"]["status"] in ("graded", "crashed")
    assert set(scores(run.body)) == set(earned("blank"))
