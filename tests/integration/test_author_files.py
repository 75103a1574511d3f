"""The author's files: shared by all notebooks, changed for none, and free of students' limits."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ottermark.limits import Limits, MiB
from ottermark.sandbox.sandbox import Sandbox
from ottermark.sandbox.shared_files import MAX_COPIED_FILE, MAX_ENTRIES, share_files

PROJECT = Path(__file__).parents[2]
AS_OTHERS = (sys.executable, str(PROJECT / "tests" / "support" / "run_as_user.py"), "0")
ROOT = sys.platform == "linux" and os.geteuid() == 0
LIMITS = Limits(file=1 * MiB, disk=2 * MiB, files=50)
SMALL, LARGE, MANY = "notes.csv", "large.bin", "many/7.txt"

WRITES = f"""
import os
seen = [os.path.getsize("{LARGE}"), len(os.listdir("many")), open("{SMALL}").read(), open("{MANY}").read()]
changed = []
for name in ("{SMALL}", "{LARGE}", "{MANY}"):
    try:
        with open(name, "r+") as file:
            file.write("X")
        changed.append(name)
    except OSError:
        pass
open("own.txt", "w").write("mine")
os.remove("{LARGE}")
try:
    open("too_much", "wb").write(bytes(3 * 2**20))
    limited = False
except OSError:
    limited = True
"""


def author_files(folder: Path) -> dict[str, Path]:
    """Write files that exceed every limit of ``LIMITS``; return them by their names."""
    (folder / "many").mkdir(parents=True)
    (folder / SMALL).write_text("1,2")
    with (folder / LARGE).open("wb") as file:
        file.truncate(8 * MiB)
    names = [f"many/{number}.txt" for number in range(MAX_ENTRIES + 1)]
    for name in names:
        (folder / name).write_text("text")
    return {name: folder / name for name in (SMALL, LARGE, *names)}


def check(mode: str, folder: Path) -> None:
    """Run the same notebook twice on the same files; each finds them as they were."""
    files = author_files(folder)
    expected = [8 * MiB, MAX_ENTRIES + 1, "1,2", "text"]
    with Sandbox(isolation=mode) as sandbox:
        for _ in range(2):
            with sandbox.open(files, LIMITS) as session:
                error = session.run_cell(WRITES).error
                assert error is None, error
                values, _rejected = session.read_values(["seen", "changed", "limited"])
                assert values["seen"] == expected and values["limited"]
                writable = {SMALL, MANY} if mode == "userns" else {SMALL}
                assert set(values["changed"]) == writable, values
                error = session.run_cell(
                    "import time\ntime.sleep(3)"
                ).error  # the limits are watched
                assert error is None, error
    assert [path.read_text() for path in (folder / SMALL, folder / MANY)] == ["1,2", "text"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="namespaces of Linux")
def test_notebooks_in_namespaces_have_changes_of_their_own(tmp_path: Path) -> None:
    check("userns", tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(not ROOT, reason="becomes another user")
def test_notebooks_of_other_users_cannot_change_what_is_shared(tmp_path: Path) -> None:
    done = subprocess.run(
        [*AS_OTHERS, sys.executable, __file__, "uid", str(tmp_path)],
        env=os.environ | {"PYTHONPATH": f"{PROJECT}/src"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_small_files_are_copied_and_the_others_linked(tmp_path: Path) -> None:
    files = author_files(tmp_path / "author")
    (tmp_path / "author" / "just").write_bytes(bytes(MAX_COPIED_FILE))
    files["just"] = tmp_path / "author" / "just"
    shared = share_files(files, tmp_path / "shared", writable=False)
    assert set(shared.copied) == {SMALL, "just"} and set(shared.linked) == {LARGE, "many"}
    assert shared.size == 3 + MAX_COPIED_FILE and shared.entries == 5  # with the folder itself
    (tmp_path / "notebook").mkdir()
    shared.place(tmp_path / "notebook")
    assert not (tmp_path / "notebook" / SMALL).is_symlink()
    assert (tmp_path / "notebook" / "many").is_symlink()
    assert (tmp_path / "notebook" / MANY).read_text() == "text"


def test_reading_leaves_no_time_that_others_could_see(tmp_path: Path) -> None:
    """The time of the last access to a shared file would tell one notebook what another has read."""
    shared = share_files(author_files(tmp_path / "files"), tmp_path / "shared", writable=False)
    path = Path(shared.folder, LARGE)
    before = path.stat().st_atime_ns
    assert path.read_bytes() and path.stat().st_atime_ns == before > path.stat().st_mtime_ns


def test_folders_are_made_until_there_are_many_entries(tmp_path: Path) -> None:
    names = [f"data/{kind}/{number}.txt" for kind in "ab" for number in range(300)]
    (tmp_path / "file").write_text("")
    files = dict.fromkeys(["data/notes.csv", *names], tmp_path / "file")
    shared = share_files(files, tmp_path / "shared", writable=True)
    assert "data/notes.csv" in shared.copied and shared.linked == ("data/b",)
    assert shared.entries <= MAX_ENTRIES + 2


@pytest.mark.slow
def test_what_has_changed_is_copied_again(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("old")
    with Sandbox(isolation="none") as sandbox:
        for text in ("old", "new!"):
            (tmp_path / "data").write_text(text)
            with sandbox.open({"data": tmp_path / "data"}, Limits()) as session:
                assert session.run_cell("text = open('data').read()").error is None
                assert session.read_values(["text"])[0] == {"text": text}


if __name__ == "__main__":
    check(sys.argv[1], Path(sys.argv[2]))
