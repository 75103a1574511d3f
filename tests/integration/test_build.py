"""``ottermark build`` on the tiny lab: what it writes, and what it refuses to write."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import labs
import nbformat
import pytest
from conftest import ottermark

from ottermark.assignment import Assignment
from ottermark.authoring.leaks import find_leaks
from ottermark.authoring.master import Master, code_of, read_master
from ottermark.authoring.split import split_master


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_a_build_writes_the_three_folders(tiny: Path) -> None:
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


def test_model_answers_are_in_the_record_and_nowhere_in_the_student_folder(tiny: Path) -> None:
    questions = Assignment.read(tiny / "autograder").questions
    answer = "Because it does, and here is why."
    assert {q.id: q.model_answer for q in questions} == {"q1": "", "q2": "", "q3": answer}
    assert all(answer.encode() not in content for content in tree(tiny / "student").values())


def test_a_model_answer_in_the_student_folder_is_a_leak(tmp_path: Path) -> None:
    text = labs.TINY.replace("files: [data/numbers.csv]", "files: [data/numbers.csv, notes.json]")
    master = labs.write_tiny(tmp_path, text)
    (master.parent / "notes.json").write_text('["Why? Because it does, and here is why. So."]')
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1 and not (tmp_path / "student").exists()
    assert "notes.json contains a line of a solution: 'Because it does" in ran.err
    assert "[solution-exposed]" in ran.err


@pytest.mark.parametrize("version", [5, 4], ids=["with ids of cells", "without"])
def test_headings_and_texts_of_questions_are_recorded(version: int, tmp_path: Path) -> None:
    text = re.sub(
        "raw: # BEGIN QUESTION\nname: q2", "markdown: # Part two\n----\n\\g<0>", labs.TINY
    )
    text = text.replace("Set `pair`", "## The window\n\n### A hint\n\nSet `pair`")
    master = labs.write_tiny(tmp_path, text)
    if version == 4:
        body = json.loads(master.read_text())
        body["nbformat_minor"] = 4
        for cell in body["cells"]:
            del cell["id"]
        master.write_text(json.dumps(body))
    split = split_master(read_master(master), tmp_path / "split")
    q1, q2, _ = split.assignment.questions
    assert q1.title == "The window" and q2.title == "Part two"
    assert q1.prompt.startswith("## The window\n\n### A hint\n\nSet `pair`")
    assert q2.prompt.startswith("Write `double(x)`.")


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
def test_check_lists_stale_files_and_writes_nothing(tmp_path: Path) -> None:
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
    ("old", "new", "message", "rule"),
    [
        (
            "pair = (4, 5) # SOL",
            "pair = (5, 4) # SOL",
            "cell 10 (q1): the solution earns 0 of 2 points, since it fails test_q1_value: "
            "`assert [int(v) for v in pair] == [4, 5]` raised AssertionError; correct",
            "solution-loses-points",
        ),
        (
            "assert [int(v) for v in pair] == [4, 5]",
            "pass",
            "cell 3 (q1): the blank student notebook earns 2",
            "blank-earns-points",
        ),
        (
            "return x + x  #",
            "return x + y  #",
            "cell 13 (q2): the solution earns 0 of 4 points, since it fails test_q2_number (cell 20) "
            "and test_q2_array (cell 21): ",
            "solution-loses-points",
        ),
        (
            "pair = (4, 5) # SOLUTION",
            "pair = (4, 5) # SOLUTION\n1 / 0 # SOLUTION",
            "cell 6: in the solution notebook, line 2 raised ZeroDivisionError",
            "solution-raises",
        ),
        (
            "def test_q2_form(double):\n",
            "def test_q2_form(double):\n    import os\n    os._exit(3) if double(1) == 2 else 0\n",
            "cell 19 (q2): it calls _exit(), which ends Python",
            "test-ends-python",
        ),
        (
            "raw: # BEGIN QUESTION\nname: q2",
            4 * "code: import os; os._exit(3)\n----\n" + "raw: # BEGIN QUESTION\nname: q2",
            "cell 17 (q2): its tests could not be run on the solution",
            "solution-not-graded",
        ),
        (
            "init_cell: false",
            "requirements: 3\ninit_cell: false",
            "tiny.ipynb: Otter Assign cannot split it",
            "split-failed",
        ),
        (
            "the window again.",
            'the "window" again.',
            "cell 3 (q1): its tests are not Python once Otter",
            "generated-test-syntax-error",
        ),
        ("numbers.csv]", "nowhere.csv]", "nowhere.csv", "missing-file"),
    ],
)
def test_errors_are_reported_and_nothing_is_replaced(
    tmp_path: Path, old: str, new: str, message: str, rule: str
) -> None:
    assert old in labs.TINY
    labs.write_tiny(tmp_path, labs.TINY.replace(old, new, 1))
    (tmp_path / "student").mkdir()
    (tmp_path / "student" / "old").write_text("of an earlier build")
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1
    assert any(message in line and f"[{rule}]" in line for line in ran.err.splitlines()), ran.err
    assert tree(tmp_path / "student") == {"old": b"of an earlier build"}
    assert not (tmp_path / "autograder").exists()


@pytest.mark.slow
def test_a_solution_may_use_what_only_a_kernel_has(tmp_path: Path) -> None:
    text = labs.TINY.replace("code: import otter", "code: %autosave 60\nimport otter").replace(
        "code: pair = (4, 5) # SOLUTION", "code: (4, 5) # SOLUTION\n----\ncode: pair = _ # SOLUTION"
    )
    labs.write_tiny(tmp_path, text)
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 0, ran.err


@pytest.mark.slow
def test_warnings_are_shown_and_do_not_stop_the_build(tmp_path: Path) -> None:
    text = labs.TINY.replace("The end.", "The end.\n----\ncode: assert pair[0] == 4")
    text = text.replace("Why?", "![a picture](nowhere.png)")
    labs.write_tiny(tmp_path, text)
    (tmp_path / "otter_config.json").write_text('{"pdf": true}')
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 0, ran.err
    picture, option, raises = ran.err.splitlines()
    assert picture.startswith(
        "Warning: assignment/tiny.ipynb, cell 25: the picture nowhere.png does not exist"
    )
    assert picture.endswith("[missing-picture]")
    assert option.startswith('Warning: otter_config.json: "pdf" has no effect')
    assert option.endswith("[option-without-effect]")
    assert raises.startswith(
        "Warning: assignment/tiny.ipynb, cell 31: in the blank student notebook"
    )
    assert "TypeError" in raises and raises.endswith("[blank-raises]")


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
    master = Master(tmp_path / "lab.ipynb", "lab.ipynb", labs.notebook("raw: # empty"))

    def leaks() -> list[tuple[str, str]]:
        diagnostics = find_leaks(
            student, master, solution=solution, blank=blank, tests=tests, grader_files=files
        )
        return [(diagnostic.rule, diagnostic.message) for diagnostic in diagnostics]

    assert leaks() == []
    (student / "a.txt").write_text(f"x {ast.unparse(ast.parse(hidden).body[0])} y")
    rule, message = leaks()[-1]
    assert rule == "hidden-test-exposed" and "a.txt contains a hidden test of q" in message
    (student / "b.md").write_text((student / "a.txt").read_text())
    assert "a.txt, b.md contain a hidden test of q" in leaks()[-1][1]
    (student / "a.txt").unlink()
    (student / "b.md").unlink()
    with zipfile.ZipFile(student / "b.zip", "w") as archive:
        archive.writestr("c.ipynb", json.dumps({"s": solution.cells[0].source}))
    ((rule, message),) = leaks()
    assert rule == "solution-exposed" and "b.zip/c.ipynb contains a line of a solution" in message
    (student / "b.zip").unlink()
    np.savez_compressed(student / "mine.npz", pictures=rows[1:].astype(np.int64))
    ((rule, message),) = leaks()
    assert rule == "grader-data-exposed" and "students have 2 of its rows" in message
    (student / "mine.npz").unlink()
    (student / "renamed.bin").write_bytes((files / "held.npz").read_bytes())
    ((rule, message),) = leaks()
    assert rule == "grader-file-exposed"
    assert "held.npz is for the grader alone, but its bytes are" in message


OPTION = '{"notebook_grader": true, "colab": "https://colab.research.google.com/x"}'


@pytest.mark.slow
def test_an_option_lets_checks_say_one_sentence(tmp_path: Path) -> None:
    labs.write_tiny(tmp_path)
    (tmp_path / "otter_config.json").write_text(OPTION)
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 0, ran.err
    student = tmp_path / "student"
    package = {name for name in tree(student) if name.startswith("notebook_grader/")}
    assert {"notebook_grader/__init__.py", "notebook_grader/questions.json"} <= package
    with zipfile.ZipFile(student / "colab.zip") as archive:
        assert package <= set(archive.namelist())
    requirements = (student / "requirements.txt").read_text().split()
    assert [line.partition("~=")[0] for line in requirements] == [
        *("jupyterlab", "numpy", "otter-grader==7.0.0"),
    ]
    readme = (student / "README.md").read_text()
    assert "[Open the notebook in Colab](https://colab.research.google.com/x)" in readme
    assert "hand in `tiny.ipynb`" in readme and "| `data/` | what the notebook reads |" in readme
    setup, *_ = code_of(nbformat.read(student / "tiny.ipynb", 4))
    code = f"{setup}\npair = (4, 5, 6)\nprint(grader.check('q1'))"
    assert python(code, student) == "q1 cannot be read: pair should have two numbers.\n"
    (student / "notebook_grader").rename(student / "elsewhere")
    assert "q1 results" in python(code, student), "Otter's own text"

    submission = labs.answered(student / "tiny.ipynb", {"q1": "pair = (4, 5)"})
    (tmp_path / "mine.ipynb").write_text(json.dumps(submission))
    out = tmp_path / "out"
    assert ottermark("grade", tmp_path / "mine.ipynb", "-o", out, cwd=tmp_path).code == 0
    executed = json.loads((out / "executed" / "mine.ipynb").read_text())
    code_cells = [cell for cell in executed["cells"] if cell["cell_type"] == "code"]
    assert "from notebook_grader import Grader" in "".join(code_cells[0]["source"])
    checks = [cell for cell in code_cells if "grader.check" in "".join(cell["source"])]
    assert [cell["outputs"] for cell in (code_cells[0], *checks)] == [[], [], []]


def python(code: str, folder: Path) -> str:
    """Return what code prints in a process of its own."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
def test_the_option_has_no_effect_without_a_grader_that_is_recognised(tmp_path: Path) -> None:
    text = labs.TINY.replace(
        'grader = otter.Notebook("tiny.ipynb")', "grader, x = otter.Notebook(), 1"
    )
    labs.write_tiny(tmp_path, text)
    (tmp_path / "otter_config.json").write_text(OPTION)
    ran = ottermark("build", cwd=tmp_path)
    assert '"notebook_grader" has no effect, since no cell assigns an otter.Notebook' in ran.err


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("files: [data/numbers.csv]", "file: [data/numbers.csv]", "the key 'file' means nothing"),
        ("tests: {files: true, ok_format: false}", "tests: {files: true}", "only define functions"),
    ],
)
def test_a_mistake_in_the_config_is_one_error(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    labs.write_tiny(tmp_path, labs.TINY.replace(old, new, 1))
    ran = ottermark("build", cwd=tmp_path)
    assert ran.code == 1
    assert message in ran.err and ran.err.count("Error: ") == 1
