"""``ottermark build`` on the tiny lab: what it makes, and what it refuses to make."""

from __future__ import annotations

import ast
import json
import zipfile
from pathlib import Path

import labs
import pytest
from conftest import ottermark

from ottermark.authoring.leaks import leaks


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_what_stands_after_a_build(tiny: Path) -> None:
    assert set(tree(tiny / "student")) == {
        *("tiny.ipynb", "data/numbers.csv", "tests/q1.py", "tests/q2.py", "colab.zip")
    }
    solutions = tree(tiny / "solutions")
    assert {"tiny.ipynb", "tiny.html", "tiny-template.html"} == set(solutions)
    outline = solutions["tiny-template.html"].decode()
    assert "q3" in outline and "(3 points)" in outline and "Why?" in outline
    assert "Because it does" in outline and "q1" not in outline
    autograder = tree(tiny / "autograder")
    upload = autograder.pop("autograder.zip")
    assert {"run_autograder", "setup.sh", "questions.json", "otter_config.json"} <= set(autograder)
    assert "files/held_back/answers.csv" in autograder
    with zipfile.ZipFile(tiny / "autograder" / "autograder.zip") as archive:
        assert {n: archive.read(n) for n in archive.namelist()} == autograder
        run = archive.getinfo("run_autograder")
        assert run.external_attr >> 16 == 0o100755
    assert upload.startswith(b"PK")


def test_nothing_hidden_reaches_students(tiny: Path) -> None:
    everything = b"".join(tree(tiny / "student").values())
    with zipfile.ZipFile(tiny / "student" / "colab.zip") as archive:
        everything += b"".join(archive.read(n) for n in archive.namelist())
    for secret in (b"q1_value", b"42", b"answers.csv", b"Because it does", b"x + x", b"(4, 5)"):
        assert secret not in everything


def test_the_executed_solution_has_no_hidden_tests_but_the_answers(tiny: Path) -> None:
    solved = json.loads((tiny / "solutions" / "tiny.ipynb").read_text())
    code = "".join("".join(c["source"]) for c in solved["cells"])
    assert "x + x" in code and "test_q2" not in code


@pytest.mark.slow
def test_a_second_build_changes_no_byte(tiny: Path) -> None:
    before = {name: tree(tiny / name) for name in ("student", "autograder", "solutions")}
    ran = ottermark("build", cwd=tiny)
    assert "No file changed." in ran.out
    assert before == {name: tree(tiny / name) for name in before}


@pytest.mark.slow
def test_another_folder_gives_the_same_bytes(tiny: Path, tmp_path: Path) -> None:
    labs.write_tiny(tmp_path / "elsewhere")
    ran = ottermark("build", cwd=tmp_path / "elsewhere")
    assert ran.code == 0
    for name in ("student", "autograder", "solutions"):
        assert tree(tiny / name) == tree(tmp_path / "elsewhere" / name)


@pytest.mark.slow
def test_check_tells_what_is_stale_and_writes_nothing(tmp_path: Path) -> None:
    master = labs.write_tiny(tmp_path)
    assert ottermark("build", cwd=tmp_path).code == 0
    assert ottermark("build", "--check", cwd=tmp_path).code == 0
    master.write_text(master.read_text().replace("The end.", "The very end."))
    before = tree(tmp_path)
    ran = ottermark("build", "--check", cwd=tmp_path)
    assert ran.code == 1
    assert "student/tiny.ipynb is stale; run `ottermark build`." in ran.err
    assert "solutions/tiny.html" in ran.err
    assert tree(tmp_path) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "pair = (4, 5) # SOL",
            "pair = (5, 4) # SOL",
            "tiny.ipynb, cell 3 (q1): the solution earns 0 of 2 points",
        ),
        ("assert [int(v) for v in pair] == [4, 5]", "pass", "blank student notebook earns 2"),
        (
            "return x + x  #",
            "return x + y  #",
            "tiny.ipynb, cell 13 (q2): the solution earns 0 of 4 points",
        ),
        ("import numpy as np\n", "import numpy as np\n1 / 0\n", "raised ZeroDivisionError"),
        ("hidden: true\n", "hidden: true\nponts: 3\n- x\n", "Otter Assign cannot split it"),
        ("the window again.", 'the "window" again.', "q1: its tests are not Python once Otter"),
        ("numbers.csv]", "nowhere.csv]", "nowhere.csv"),
        ("Why?", "![a picture](nowhere.png)", "nowhere.png does not exist"),
    ],
)
def test_what_does_not_hold_is_told_and_nothing_replaced(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in labs.TINY
    labs.write_tiny(tmp_path, labs.TINY.replace(old, new, 1))
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "kept").write_text("what stood before")
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1
    assert says in ran.err
    assert tree(tmp_path / "student") == {"kept": b"what stood before"}
    assert not (tmp_path / "autograder").exists()


def test_wrong_use(tmp_path: Path) -> None:
    assert ottermark("build", cwd=tmp_path).code == 2
    ran = ottermark("build", "nowhere.ipynb", cwd=tmp_path)
    assert ran.code == 2 and "nowhere.ipynb does not exist" in ran.err
    (tmp_path / "broken.ipynb").write_text("{")
    assert ottermark("build", "broken.ipynb", cwd=tmp_path).code == 2
    labs.write_tiny(tmp_path)
    (tmp_path / "otter_config.json").write_text("{,")
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 2 and "otter_config.json is not JSON" in ran.err


def test_leaks_are_found_wherever_they_are(tmp_path: Path) -> None:
    import numpy as np

    student, tests, files = (tmp_path / n for n in ("student", "tests", "files"))
    for folder in (student, tests, files):
        folder.mkdir()
    hidden = (
        "@test_case(points=1, hidden=True)\n"
        "def test_x(f):\n    assert f(1234567, 7654321) == 'a rare answer'\n"
    )
    (tests / "q.py").write_text(hidden)
    rows = np.arange(300.0).reshape(3, 100)
    np.savez(files / "held.npz", images=rows, labels=np.arange(3))
    solution = labs.notebook("code: answer = 'the one and only long solution'")
    blank = labs.notebook("code: answer = ...")

    def found() -> str:
        return "\n".join(leaks(student, solution, blank, tests, files))

    assert found() == ""
    (student / "a.txt").write_text(f"x {ast.unparse(ast.parse(hidden).body[0])} y")
    assert "a.txt holds a hidden test of q" in found()
    (student / "a.txt").unlink()
    with zipfile.ZipFile(student / "b.zip", "w") as archive:
        archive.writestr("c.ipynb", json.dumps({"s": solution.cells[0].source}))
    assert "b.zip/c.ipynb holds a line of a solution" in found()
    (student / "b.zip").unlink()
    np.savez_compressed(student / "mine.npz", pictures=rows[1:].astype(np.int64))
    assert "students have 2 of its rows" in found()
    (student / "mine.npz").unlink()
    (student / "renamed.bin").write_bytes((files / "held.npz").read_bytes())
    assert "held.npz is for the grader alone, but its bytes are" in found()
