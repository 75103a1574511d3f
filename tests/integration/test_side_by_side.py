"""Notebooks that are graded at the same time: what they share, and what honest code does with files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import PROJECT

from ottermark.limits import Limits
from ottermark.sandbox.sandbox import IsolationUnavailableError, Sandbox
from ottermark.sandbox.session import Session

pytestmark = [pytest.mark.slow, pytest.mark.ci]


@pytest.fixture(scope="module", params=["userns", "uid"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    try:
        with Sandbox(["keras", "matplotlib.pyplot"], isolation=request.param) as sandbox:
            yield sandbox
    except IsolationUnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture
def session(sandbox: Sandbox) -> Iterator[Session]:
    with sandbox.open({}, Limits(call=30)) as session:
        yield session


def shown(session: Session, source: str) -> str:
    run = session.run_cell(source)
    assert run.error is None, run.error
    texts: list[Any] = [output.get("text", "") for output in run.outputs]
    return "".join(texts)


HONEST = {
    "model.save": """
import keras, numpy as np
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
for name in ("model.keras", "model.h5", "again/model.keras"):
    os.makedirs("again", exist_ok=True)
    model.save(name)
    loaded = keras.models.load_model(name)
    assert np.array_equal(loaded.get_weights()[0], model.get_weights()[0])
model.save_weights("model.weights.h5")
model.load_weights("model.weights.h5")
""",
    "h5py": """
import h5py
with h5py.File("data.h5", "w") as file:
    file["x"] = [1, 2]
with h5py.File("data.h5") as one, h5py.File("data.h5") as two:
    assert list(one["x"]) == list(two["x"]) == [1, 2]
""",
    "filelock": """
import filelock, threading
with filelock.FileLock("file.lock"):
    try:
        filelock.FileLock("file.lock", timeout=0.2).acquire()
        raise AssertionError("locked twice")
    except filelock.Timeout:
        pass
with filelock.FileLock("file.lock", timeout=1):
    pass
""",
    "sqlite3": """
import sqlite3, threading
for mode in ("delete", "wal"):
    one, two = sqlite3.connect(f"{mode}.db"), sqlite3.connect(f"{mode}.db", timeout=0.2)
    assert one.execute(f"pragma journal_mode={mode}").fetchone() == (mode,)
    one.execute("create table numbers (n)")
    one.execute("insert into numbers values (1)")
    try:
        two.execute("insert into numbers values (2)")
        raise AssertionError("two writers at once")
    except sqlite3.OperationalError as error:
        assert "locked" in str(error)
    one.commit()
    two.execute("insert into numbers values (2)")
    two.commit()
    assert one.execute("select n from numbers").fetchall() == [(1,), (2,)]
    def write(n):
        with sqlite3.connect(f"{mode}.db", timeout=30) as own:
            own.execute("insert into numbers values (?)", (n,))
    threads = [threading.Thread(target=write, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert one.execute("select count(*) from numbers").fetchone() == (22,)
    code = f"import sqlite3; print(sqlite3.connect('{mode}.db').execute('select count(*) from numbers').fetchone())"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "(22,)\\n"
""",
    "matplotlib": """
import matplotlib
os.environ["MPLCONFIGDIR"] = os.path.abspath("empty")
code = "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.title('a'); plt.savefig('figure.png')"
subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | {"MPLBACKEND": "agg"})
assert os.path.getsize("figure.png") > 1000 and os.listdir("empty")
""",
    "open": """
with open("new.txt", "x") as file:
    file.write("a")
try:
    open("new.txt", "x")
    raise AssertionError("made twice")
except FileExistsError:
    pass
descriptor = os.open("new.txt", os.O_RDWR)
assert os.preadv(descriptor, [bytearray(1)], 0) == os.pwritev(descriptor, [b"b"], 0) == 1
""",
    "joblib": """
from joblib import Memory, Parallel, delayed
assert Parallel(n_jobs=2, prefer="threads")(delayed(abs)(-n) for n in range(4)) == [0, 1, 2, 3]
assert Memory("cache", verbose=0).cache(abs)(-1) == 1
""",
    "locks by fcntl": """
import fcntl
with open("locked", "w") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.lockf(file, fcntl.LOCK_UN)
""",
    "subprocess": """
assert subprocess.run(["cat"], input="a", capture_output=True, text=True).stdout == "a"
subprocess.run(["sh", "-c", "echo a | cat > out; test -s out"], check=True, stdout=subprocess.DEVNULL)
""",
}


@pytest.mark.parametrize("what", HONEST)
def test_honest_code_that_locks_files_works(session: Session, what: str) -> None:
    shown(session, f"import os, subprocess, sys{HONEST[what]}")


# what one notebook could change, and how another would see it
MARKS = {
    "flags of a descriptor": (
        "fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK); fcntl.fcntl(2, fcntl.F_SETFL, os.O_NONBLOCK)",
        "print([fcntl.fcntl(n, fcntl.F_GETFL) & os.O_NONBLOCK for n in range(3)])",
    ),
    "owner of a descriptor": (
        "fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid()); fcntl.fcntl(2, fcntl.F_SETOWN, os.getpid())",
        "print([fcntl.fcntl(n, fcntl.F_GETOWN) for n in range(3)])",
    ),
    "times of a device": (
        "os.utime('/dev/null')",
        "print(os.stat('/dev/null').st_mtime_ns)",
    ),
}


@pytest.mark.parametrize("what", MARKS)
def test_a_notebook_does_not_see_what_another_did(sandbox: Sandbox, what: str) -> None:
    if what == "times of a device" and sandbox.isolation == "uid":
        pytest.skip("see docs/security.md, A few bits")
    leave, look = MARKS[what]
    with sandbox.open({}, Limits()) as one, sandbox.open({}, Limits()) as two:
        before = shown(two, f"import fcntl, os\n{look}")
        one.run_cell(f"import fcntl, os\n{leave}")
        assert shown(two, look) == before


@pytest.mark.ci
def test_the_same_holds_for_users_where_python_is_open_to_them() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can become other users")
    as_root = [sys.executable, str(PROJECT / "tests" / "support" / "run_as_user.py"), "0"]
    tests = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-k", "uid", "-p", "no:cacheprovider"]
    done = subprocess.run([*as_root, *tests, __file__], capture_output=True, text=True, check=False)
    summary = done.stdout.splitlines()[-1]
    assert f"{len(HONEST) + len(MARKS) - 1} passed" in summary, done.stdout + done.stderr
