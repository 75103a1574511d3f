"""Faults of the machine: nothing is lost, nothing is doubled, and every result is valid.

``docs/faults.md`` has the table of what was tried and measured.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cgroups import Group
from failing_calls import EndedRun, FailingRun, library, run_all
from faulty_runs import (
    PREFIXES,
    RIGHT,
    SCORES,
    DisturbedRun,
    check,
    sentence,
    sleepers,
    wait_until_gone,
    write_class,
    write_submission,
)

from ottermark.results.document import ResultDocument

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults are made as Linux has them")
ROOT = sys.platform == "linux" and os.geteuid() == 0
MiB = 2**20


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder for temporary files that other users get to, as /tmp is."""
    with tempfile.TemporaryDirectory(prefix="ottermark-faults-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


# -------------------------------------------------------------------------- processes that are killed

TARGETS = {
    "worker": ("worker",),
    "keeper": ("keeper",),
    "zygote": ("zygote",),
    "grader": ("grader",),
    "grader_and_keeper": ("grader", "keeper"),
}
QUICK = (("userns", "zygote"), ("uid", "keeper"))


@pytest.mark.parametrize(
    ("mode", "target"),
    [
        pytest.param(mode, target, marks=[pytest.mark.ci] * ((mode, target) not in QUICK))
        for mode in PREFIXES
        for target in TARGETS
    ],
)
def test_a_process_is_killed_while_a_notebook_runs(
    tiny: Path, tmp_path: Path, scratch: Path, mode: str, target: str
) -> None:
    if mode == "uid" and not ROOT:
        pytest.skip("only root can become other users")
    seconds = f"600.{os.getpid()}"  # that no other test's processes sleep
    starts = f"import subprocess, time\nsubprocess.Popen(['sleep', '{seconds}'])\ntime.sleep(1.5)\n"
    victim = RIGHT | {"q1": starts + RIGHT["q1"]}
    submissions = write_class(tmp_path / "class", tiny, {"victim": victim})
    run = DisturbedRun(submissions, tmp_path / "out", tiny, mode, scratch)
    grader = run.start()
    run.wait_for(lambda: bool(sleepers(seconds)))
    worker, keeper, zygote, *_ = sleepers(seconds)[0].parents()
    assert zygote.parent() == grader
    processes = {"worker": worker, "keeper": keeper, "zygote": zygote, "grader": grader}
    for name in TARGETS[target]:
        processes[name].kill()
    code, err = run.finish()
    wait_until_gone(seconds)
    if "grader" in TARGETS[target]:
        assert code == -signal.SIGKILL
        code, err = run.run()
        wait_until_gone(seconds)
    assert code == 0, err
    # nobody can tell whether a notebook was killed or has killed itself: its cell is lost
    check(run.out, SCORES | {"victim": 4.0 if target == "worker" else 6.0})
    assert "has no points now" not in err
    deadline = time.monotonic() + 30
    while list(scratch.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(scratch.iterdir())


def test_a_result_that_was_half_written_when_its_grader_was_killed_is_removed(
    tiny: Path, tmp_path: Path, scratch: Path
) -> None:
    run = DisturbedRun(
        write_class(tmp_path / "class", tiny), tmp_path / "out", tiny, "userns", scratch
    )
    writes = "import os, signal, sys\nfrom pathlib import Path\nfrom ottermark import files\n"
    writes += "files.os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
    writes += "files.write_atomically(Path(sys.argv[1]), '{}')"
    (run.out / "results").mkdir(parents=True)
    killed = [sys.executable, "-c", writes, str(run.out / "results" / "ann.json")]
    assert subprocess.run(killed, check=False).returncode == -signal.SIGKILL
    assert len(list((run.out / "results").iterdir())) == 1
    others = [run.out / ".film.part", run.out / "mine" / ".film.part"]
    others[1].mkdir(parents=True)
    others[0].touch()
    assert run.run()[0] == 0
    check(run.out, SCORES)
    assert all(path.exists() for path in others)


def test_a_keeper_that_is_killed_in_the_container_costs_nothing(tiny: Path, tmp_path: Path) -> None:
    seconds = f"601.{os.getpid()}"
    starts = f"import subprocess, time\nsubprocess.Popen(['sleep', '{seconds}'])\ntime.sleep(1)\n"
    (tmp_path / "submission").mkdir()
    shutil.copytree(tiny / "autograder", tmp_path / "source")
    write_submission(
        tmp_path / "submission" / "tiny.ipynb", tiny, RIGHT | {"q1": starts + RIGHT["q1"]}
    )
    code = "import sys\nfrom pathlib import Path\nfrom ottermark.gradescope.entry import main\n"
    code += "sys.exit(main(Path(sys.argv[1])))"
    command = [sys.executable, "-c", code, str(tmp_path)]
    entry = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not sleepers(seconds):
        assert time.monotonic() < deadline and entry.poll() is None
        time.sleep(0.01)
    sleepers(seconds)[0].parents()[1].kill()
    _, err = entry.communicate(timeout=120)
    assert entry.returncode == 0 and "Traceback" not in err
    assert "the process that watches it was" in err
    wait_until_gone(seconds)
    result = ResultDocument.from_json((tmp_path / "results" / "results.json").read_text())
    assert result.score == 6


# ------------------------------------------------------------------------------- memory of the machine


@pytest.fixture
def small_memory() -> Iterator[Group]:
    """A control group that does not hold a class and what else runs in it."""
    if not ROOT:
        pytest.skip("only root can limit memory")
    try:
        group = Group(f"ottermark-faults-{os.getpid()}", memory=520 * MiB)
    except OSError as error:
        pytest.skip(f"no control groups here: {error}")
    yield group
    group.kill()
    group.remove()


@contextlib.contextmanager
def hog(group: Group, size: int) -> Iterator[subprocess.Popen[bytes]]:
    """Take memory in a group, in a process that the kernel ends after all notebooks."""
    take = f"memory = b'x' * {size}\nprint('taken', flush=True)\nimport time\ntime.sleep(600)"
    process = subprocess.Popen(
        [sys.executable, "-c", take], stdout=subprocess.PIPE, preexec_fn=group.join
    )
    try:
        assert process.stdout is not None and process.stdout.readline() == b"taken\n"
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.ci
@pytest.mark.parametrize("lasting", [False, True])
def test_the_machine_is_short_of_memory(
    tiny: Path, tmp_path: Path, scratch: Path, small_memory: Group, lasting: bool
) -> None:
    takes = "import time\nmemory = b'x' * (180 * 2**20)\ntime.sleep(1)\ndel memory\n"
    submissions = write_class(
        tmp_path / "class", tiny, {"victim": RIGHT | {"q1": takes + RIGHT["q1"]}}
    )
    run = DisturbedRun(submissions, tmp_path / "out", tiny, "userns", scratch)
    run.preexec = small_memory.join
    with hog(small_memory, 300 * MiB) as other:
        run.start()
        run.wait_for(lambda: small_memory.killed > 0)
        if not lasting:
            other.kill()
        code, err = run.finish()
    assert code == 0, err
    if lasting:
        assert "victim has no points now: A notebook's process was ended: the machine is" in err
        assert "run the same command again" in err
        check(run.out, SCORES | {"victim": 0.0}, unfinished=1)
        code, err = run.run("-y")
        assert code == 0, err
    check(run.out, SCORES | {"victim": 6.0})


# ------------------------------------------------------------------------------------------ full disks


@contextlib.contextmanager
def disk(folder: Path, options: str) -> Iterator[Path]:
    """Mount a file system of its own, which may be small."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"{options},mode=711", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small disk can only be mounted by root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def enlarge(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=20m,nr_inodes=9999", str(folder)], check=True)


@pytest.mark.parametrize(
    "files",  # 2: the author's files are not copied; 5: a notebook has no folder
    [2, *(pytest.param(n, marks=pytest.mark.ci) for n in (3, 5, 7))],
)
def test_no_room_for_temporary_files(tiny: Path, tmp_path: Path, files: int) -> None:
    submissions = write_class(tmp_path / "class", tiny)
    with disk(tmp_path / "small", f"size=200k,nr_inodes={files}") as small:
        run = DisturbedRun(submissions, tmp_path / "out", tiny, "userns", small)
        said = sentence(*run.run())
        assert str(small) in said and ("TMPDIR" in said or "have room" in said)
        enlarge(small)
        assert run.run()[0] == 0
        assert not list(small.iterdir())
    check(run.out, SCORES)


@pytest.mark.ci
@pytest.mark.parametrize("kilobytes", [24, 80, 100, 120])
def test_no_room_for_results(tiny: Path, tmp_path: Path, scratch: Path, kilobytes: int) -> None:
    submissions = write_class(tmp_path / "class", tiny)
    with disk(tmp_path / "small", f"size={kilobytes}k") as small:
        run = DisturbedRun(submissions, small / "out", tiny, "userns", scratch)
        said = sentence(*run.run())
        assert str(run.out) in said and "is full; make room" in said
        enlarge(small)
        assert run.run()[0] == 0
        check(run.out, SCORES)


# ----------------------------------------------- errors of a network file system, and the clock


def whole_class(submissions: Path, tiny: Path, out: Path) -> list[object]:
    """Return the arguments that grade a class."""
    return ["grade", submissions, "-a", tiny / "autograder", "-o", out, "-j", "1", "-y"]


# what fails, on which path in the output folder, from which such call on, how often, with what
LATE = [
    ("fsync", "ledger.sqlite", 8, 1, errno.EIO),
    ("read", "ledger.sqlite", 15, 99, errno.EIO),
    ("close", "results/.ann", 1, 1, errno.ENOSPC),
    ("rename", "grades.csv", 1, 1, errno.ESTALE),
]
LATER = [
    ("write", "ledger.sqlite", 30, 1, errno.ENOSPC),
    ("write", "ledger.sqlite", 45, 99, errno.EDQUOT),
    ("write", ".grades.csv", 1, 1, errno.EDQUOT),
    ("write", ".report.html", 1, 1, errno.ENOSPC),
    ("close", "feedback/.bob", 1, 1, errno.EIO),
    ("fsync", "executed/.cem", 1, 1, errno.EIO),
    ("fsync", ".report.html", 1, 1, errno.ENOSPC),
    ("open", "results/ann.json", 1, 1, errno.ESTALE),
    ("rename", "results/bob", 1, 1, errno.ESTALE),
    ("rename", "gradebook", 1, 2, errno.EIO),
]


def fail_late(
    tiny: Path, tmp_path: Path, faults: list[tuple[str, str, int, int, int]]
) -> list[EndedRun]:
    """Run the command with each fault, and then without; return the runs with the faults."""
    submissions = write_class(tmp_path / "class", tiny)
    runs = []
    for number, (call, path, first, times, error) in enumerate(faults):
        arguments = whole_class(submissions, tiny, tmp_path / f"out{number}")
        fault = {"FAIL_CALL": call, "FAIL_PATH": f"out{number}/{path}", "FAIL_AT": first}
        runs += [FailingRun(arguments, fault | {"FAIL_TIMES": times, "FAIL_ERRNO": error})]
        runs += [FailingRun(arguments, {})]
    ended = run_all(runs)
    for number, again in enumerate(ended[1::2]):
        assert again.code == 0, again.err
        check(tmp_path / f"out{number}", SCORES)
    return ended[::2]


@pytest.mark.parametrize("faults", [LATE, pytest.param(LATER, marks=pytest.mark.ci)])
def test_errors_of_a_network_file_system(
    tiny: Path, tmp_path: Path, faults: list[tuple[str, str, int, int, int]]
) -> None:
    for number, ended in enumerate(fail_late(tiny, tmp_path, faults)):
        said = sentence(ended.code, ended.err)
        assert str(tmp_path / f"out{number}") in said, faults[number]
        full = faults[number][4] in (errno.ENOSPC, errno.EDQUOT)
        assert ("is full; make room" in said) == full, (faults[number], said)


@pytest.mark.sweep
@pytest.mark.parametrize("call", ["write", "fsync", "close", "rename", "open", "read"])
def test_every_call_on_the_output_folder_fails_once(tiny: Path, tmp_path: Path, call: str) -> None:
    log = tmp_path / "calls"
    submissions = write_class(tmp_path / "first", tiny)
    fault = {"FAIL_CALL": call, "FAIL_PATH": "calm/", "FAIL_AT": 10**6, "FAIL_LOG": log}
    run_all([FailingRun(whole_class(submissions, tiny, tmp_path / "calm"), fault)])
    error = {"write": errno.ENOSPC, "rename": errno.ESTALE, "open": errno.ESTALE}.get(
        call, errno.EIO
    )
    count = len(log.read_text().splitlines())
    assert count > 10
    for ended in fail_late(tiny, tmp_path, [(call, "", n, 1, error) for n in range(1, count + 1)]):
        if ended.code:
            sentence(ended.code, ended.err)
        else:  # SQLite goes on where a folder cannot be synced, and a file that is read need not close
            assert "Traceback" not in ended.err


def test_a_submission_that_cannot_be_read_now_is_not_rejected(tiny: Path, tmp_path: Path) -> None:
    submissions = write_class(tmp_path / "class", tiny)
    arguments = whole_class(submissions, tiny, tmp_path / "out")
    fault = {"FAIL_CALL": "read", "FAIL_PATH": "class/bob.ipynb", "FAIL_ERRNO": errno.ESTALE}
    # all that a run reads of it: in each pass, and for its digest
    lasting = FailingRun(arguments, fault | {"FAIL_TIMES": 99})
    failed, again = run_all([lasting, FailingRun(arguments, {})])
    assert failed.code == again.code == 0, failed.err + again.err
    assert "bob has no points now" in failed.err and "Stale file handle" in failed.err
    assert "rejected" not in failed.out + failed.err
    check(tmp_path / "out", SCORES)


@pytest.mark.ci
def test_the_clock_is_set_back(tiny: Path, tmp_path: Path, scratch: Path) -> None:
    waits = "import time\ntime.sleep(1.5)\n"
    submissions = write_class(
        tmp_path / "class", tiny, {"slow": RIGHT | {"q1": waits + RIGHT["q1"]}}
    )
    run = DisturbedRun(submissions, tmp_path / "out", tiny, "userns", scratch)
    back = {"CLOCK_AT": "2", "CLOCK_BACK": str(400 * 86_400), "LD_PRELOAD": library()}
    run.environment = back
    code, err = run.run()
    assert code == 0, err
    check(run.out, SCORES | {"slow": 6.0})
    before = (run.out / "grades.csv").read_bytes()
    write_submission(submissions / "late.ipynb", tiny, RIGHT)
    run.environment = back | {"CLOCK_AT": "0"}
    assert run.run()[0] == 0
    check(run.out, SCORES | {"slow": 6.0, "late": 6.0})
    lines = (run.out / "grades.csv").read_bytes().splitlines()
    assert [line for line in lines if not line.startswith(b"late")] == before.splitlines()


# ----------------------------------------------------------------------------------- a large class


@pytest.mark.sweep
@pytest.mark.timeout(3 * 3600)
def test_ten_thousand_submissions(tiny: Path, tmp_path: Path, scratch: Path) -> None:
    submissions = write_class(tmp_path / "class", tiny)
    scores = dict(SCORES)
    for number in range(10_000 - len(SCORES)):
        name = f"student{number:05}"
        write_submission(submissions / f"{name}.ipynb", tiny, {"q1": f"pair = (4, {number})"})
        scores[name] = 2.0 if number == 5 else 0.0
    run = DisturbedRun(submissions, tmp_path / "out", tiny, "userns", scratch)
    grader = run.start()
    run.wait_for(lambda: len(list((run.out / "results").glob("*.json"))) > 3_000, seconds=3600)
    grader.kill()
    assert run.finish()[0] == -signal.SIGKILL
    code, err = run.run()
    assert code == 0, err
    check(run.out, scores)
