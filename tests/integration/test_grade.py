"""``ottermark grade`` on the tiny lab: what submissions earn, what students read, what never happens."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import labs
import pytest
from conftest import Graded, ottermark
from nbformat.v4 import new_code_cell

from ottermark.grading.grade_file import grade_file
from ottermark.sandbox.sandbox import Sandbox

Grade = Callable[..., Graded]

RIGHT = {"q1": "pair = (4, 5)", "q2": "def double(x):\n    return 2 * x"}


def exported(body: dict[str, Any], name: str = "tiny.ipynb") -> bytes:
    """Return an export as Otter makes it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, json.dumps(body))
        archive.writestr(".OTTER_LOG", b"\x80\x04not read")
    return data.getvalue()


def test_a_class_of_all_kinds(grade_tiny: Grade, tiny: Path) -> None:
    blank = json.loads((tiny / "student" / "tiny.ipynb").read_text())
    other = json.loads(json.dumps(blank))
    other["metadata"]["otter"]["assignment_name"] = "lab07"
    graded = grade_tiny(
        right=RIGHT,
        blank={},
        numpy_types={"q1": "pair = np.array([4, 5])", "q2": "double = lambda x: x * np.int64(2)"},
        floats={"q1": "pair = [4.0, 5.0]", "q2": "double = lambda x: np.add(x, x)"},
        swapped={"q1": "pair = (5, 4)", "q2": RIGHT["q2"]},
        partly={"q1": "pair = (4, 5)", "q2": "def double(x):\n    return int(x) * 2"},
        raising={"q1": "1 / 0", "q2": RIGHT["q2"]},
        at_the_end={"end": "pair = (4, 5)\ndouble = lambda x: x + x"},
        export=exported(labs.answered(tiny / "student" / "tiny.ipynb", RIGHT)),
        not_a_zip=b"PK nonsense",
        no_notebook_inside=exported(blank, "readme.txt"),
        empty="",
        text="I hand in my homework",
        other=json.dumps(other),
        list="[]",
        old=json.dumps({"nbformat": 3, "worksheets": []}),
        stranger=json.dumps({"nbformat": 4, "metadata": {}, "cells": []}),
    )
    assert graded.ran.code == 0, graded.ran.err
    rows = graded.rows
    scores = {name: float(row["score"]) for name, row in rows.items()}
    assert scores == {
        "right": 6,
        "blank": 0,
        "numpy_types": 6,
        "floats": 6,
        "swapped": 4,
        "partly": 3,
        "raising": 4,
        "at_the_end": 6,
        "export": 6,
        **dict.fromkeys(
            ("not_a_zip", "no_notebook_inside", "empty", "text", "other", "list", "old"), 0
        ),
        "stranger": 0,
    }
    rejected = {name for name, row in rows.items() if row["status"] == "rejected"}
    assert rejected == {
        *("not_a_zip", "no_notebook_inside", "empty", "text", "other", "list", "old", "stranger")
    }
    assert {row["status"] for name, row in rows.items() if name not in rejected} == {"graded"}
    assert list(rows["right"]) == [
        *("submission", "status", "score", "max_score", "isolation", "q1", "q2", "q3"),
        *("student", "email"),
    ]
    assert rows["partly"]["q2"] == "1" and rows["partly"]["q3"] == ""
    assert all(row["max_score"] == "6" for row in rows.values())
    walls = {row["isolation"] for name, row in rows.items() if name not in rejected}
    assert len(walls) == 1 and walls < {"userns", "uid", "none"}
    assert {rows[name]["isolation"] for name in rejected} == {""}
    for name in rejected:  # one plain line each, that names the file
        (line,) = [x for x in graded.ran.err.splitlines() if x.startswith(f"rejected: `{name}.")]
        assert line.endswith(".")
        assert graded.result(name)["score"] == 0
    assert "lab07" in graded.ran.err
    assert (graded.out / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_what_a_student_reads(grade_tiny: Grade) -> None:
    graded = grade_tiny(
        lost={"q1": "pair = (5, 4)", "q2": "def double(x):\n    raise ValueError(repr(x))"},
        form={"q1": "pair = (1, 2, 3)", "q2": "double = 5"},
        missing={"q1": "x = 1", "q2": "del double"},
    )
    lost = graded.entry("lost", "q1")
    assert lost["status"] == "failed" and lost["score"] == 0 and lost["max_score"] == 2
    assert "Count the places of the window again." in lost["output"]
    assert "`double` raised an error" in graded.entry("lost", "q2")["output"]
    assert "pair should have two numbers" in graded.entry("form", "q1")["output"]
    assert "`pair` is not defined" in graded.entry("missing", "q1")["output"]
    everything = json.dumps([graded.result(name) for name in ("lost", "form", "missing")])
    for secret in ("assert", "[4, 5]", "(21)", "== 42", "answers.csv", "test_q1"):
        assert secret not in everything, secret


def test_feedback_shows_what_the_student_wrote(grade_tiny: Grade, tiny: Path) -> None:
    answers = {"q1": "pair = = 5", "end": "def double(x):\n    return 2 * x"}
    body = labs.answered(tiny / "student" / "tiny.ipynb", answers)
    (written,) = [cell for cell in body["cells"] if "_Type your answer" in "".join(cell["source"])]
    written["source"] = "Because $x_1$."
    graded = grade_tiny(ann=json.dumps(body))
    assert graded.result("ann")["extra_data"]["code"] == {
        "q1": [{"cell": 3, "source": "pair = = 5"}],
        "q2": [{"cell": 11, "source": "def double(x):\n    return 2 * x"}],
    }
    page = (graded.out / "feedback" / "ann.html").read_text()
    assert "Your code, cell 11" in page and "<p>Because <math" in page
    assert "<p>Set <code>pair</code> to the height and width.</p>" in page


def test_an_unanswered_question_says_just_that(grade_tiny: Grade) -> None:
    graded = grade_tiny(blank={}, deleted={"q1": "# later"})
    answered = graded.entry("blank", "q1")["output"]
    assert answered == "- This question has no answer.\n- Marked at cell 4."
    deleted = graded.entry("deleted", "q1")["output"]
    assert deleted.startswith("- `pair` is not defined where this question is checked.\n")


def edited(tiny: Path, answers: dict[str, str], question: str, new: list[Any]) -> str:
    """Return a notebook with the check of a question replaced by other cells.

    Args:
        new: the sources of code cells; None stands for the check itself.
    """
    body = labs.answered(tiny / "student" / "tiny.ipynb", answers)
    sources = ["".join(cell["source"]) for cell in body["cells"]]
    index = sources.index(f'grader.check("{question}")')
    check = body["cells"][index]
    body["cells"][index : index + 1] = [
        check if source is None else new_code_cell(source, id=f"new-{number}")
        for number, source in enumerate(new)
    ]
    return json.dumps(body)


def test_a_question_is_marked_where_it_belongs(grade_tiny: Grade, tiny: Path) -> None:
    blank = json.loads((tiny / "student" / "tiny.ipynb").read_text())
    finished = labs.answered(tiny / "student" / "tiny.ipynb", RIGHT)
    twice = finished | {"cells": finished["cells"] + blank["cells"]}
    without_ids = json.loads(json.dumps(twice))
    for cell in without_ids["cells"]:
        del cell["id"]
    shorter = json.loads(edited(tiny, RIGHT, "q1", []))
    scratch = "pair = (9, 9)\ndouble = lambda x: 9"
    mentioned = f'{scratch}\n# reminder: grader.check("q1") and grader.check("q2")'
    helper = "def double(x):\n    return 3 * x"
    graded = grade_tiny(
        pasted_below=json.dumps(twice),
        pasted_without_ids=json.dumps(without_ids),
        pasted_above=json.dumps(finished | {"cells": blank["cells"] + finished["cells"]}),
        pasted_and_deleted=json.dumps(shorter | {"cells": shorter["cells"] + blank["cells"]}),
        check_deleted=edited(tiny, RIGHT, "q1", ["print(pair)", "pair = (9, 9)"]),
        function_check_deleted=edited(tiny, RIGHT, "q2", [helper]),
        both_wrong=edited(tiny, {**RIGHT, "q1": "pair = (1, 1)"}, "q1", ["pair = (9, 9)"]),
        answered_below=edited(tiny, {"q2": RIGHT["q2"]}, "q1", [RIGHT["q1"]]),
        mentioned=edited(tiny, RIGHT, "q2", [None, mentioned]),
        two_guesses=edited(tiny, {**RIGHT, "q1": "pair = (1, 1)"}, "q1", [None, "pair = (4, 5)"]),
    )
    scores = {name: row["score"] for name, row in graded.rows.items()}
    # without the check of q1 above, the blank one is its only check; q2 is not affected
    wrong = dict.fromkeys(("both_wrong", "two_guesses", "pasted_and_deleted"), "4")
    assert scores == dict.fromkeys(scores, "6") | wrong
    assert "Marked at cell 3." in graded.entry("check_deleted", "q1")["output"]
    assert "Marked at cell 4." in graded.entry("answered_below", "q1")["output"]


def test_hidden_inputs_are_shown_only_after_the_last_cell(grade_tiny: Grade, tiny: Path) -> None:
    spy = "seen = []\ndef double(x):\n    seen.append(repr(x))\n    return x"
    again = "def double(x):\n    seen.append(repr(x))\n    return 2 * x"
    carrier = {"q1": "pair = (4, 5)", "q2": spy, "end": "raise ValueError(str(seen))"}
    graded = grade_tiny(spy=edited(tiny, carrier, "q2", [again]))
    assert graded.rows["spy"]["score"] == "6"
    how = graded.result("spy")["tests"][0]["output"]
    assert "raised ValueError" in how and "21" not in how


CALLS_WITHIN = """from otter.test_files import test_case

OK_FORMAT = False
name = "q1"
points = 2


@test_case(points=2, hidden=True)
def test_q1_calls(pair):
    (function,) = pair.values() if isinstance(pair, dict) else list(pair)
    assert [function(x) for x in (417, -33)] == [834, -66]
"""


def test_functions_inside_values_are_called_only_after_the_last_cell(
    tiny: Path, tmp_path: Path
) -> None:
    autograder = Path(shutil.copytree(tiny / "autograder", tmp_path / "autograder"))
    (autograder / "tests" / "q1.py").write_text(CALLS_WITHIN)
    submissions = tmp_path / "class"
    submissions.mkdir()
    spy = "seen = []\ndef twice(x):\n    seen.append(x)\n    return 2 * x\npair = "
    values = ("{'a': twice}", "[twice]", "(twice,)", "np.array([twice])", "{twice}")
    for number, value in enumerate(values):
        answers = {"q1": spy + value, "q2": "raise ValueError(f'seen: {seen}')"}
        body = labs.answered(tiny / "student" / "tiny.ipynb", answers)
        (submissions / f"spy{number}.ipynb").write_text(json.dumps(body))
    out = tmp_path / "out"
    graded = Graded(out, ottermark("grade", submissions, "-a", autograder, "-o", out))
    for number in range(len(values)):
        assert graded.entry(f"spy{number}", "q1")["score"] == 2
        assert "`seen: []`" in graded.result(f"spy{number}")["tests"][0]["output"]


DIVIDES = """from otter.test_files import test_case

OK_FORMAT = False
name = "q1"
points = 2


@test_case(points=2, hidden=True)
def test_q1_share(pair):
    import numpy as np
    assert np.divide(*pair) < 1
"""


def test_warnings_about_a_students_numbers_are_not_shown(tiny: Path, tmp_path: Path) -> None:
    autograder = Path(shutil.copytree(tiny / "autograder", tmp_path / "autograder"))
    (autograder / "tests" / "q1.py").write_text(DIVIDES)
    body = labs.answered(tiny / "student" / "tiny.ipynb", {"q1": "pair = (4.0, 0.0)"})
    (tmp_path / "alice.ipynb").write_text(json.dumps(body))
    command = [sys.executable, "-m", "ottermark", "grade", "alice.ipynb", "-a", "autograder"]
    # in a process of its own: pytest keeps warnings to itself
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert "Warning" not in ran.stderr


def test_a_misspelt_name_is_told_even_after_the_grader_has_asked(grade_tiny: Grade) -> None:
    graded = grade_tiny(late={**RIGHT, "end": "print(widht)"})
    assert (
        "raised NameError: `name 'widht' is not defined`"
        in graded.result("late")["tests"][0]["output"]
    )


def test_a_raising_cell_is_named_with_its_line(grade_tiny: Grade) -> None:
    graded = grade_tiny(
        raising={"q1": "pair = (4, 5)\nsize = width * 2", **{"q2": RIGHT["q2"]}},
        unreadable={"q1": "\npair = = 5"},
    )
    how = graded.result("unreadable")["tests"][0]["output"]
    assert "line 2 raised SyntaxError in Python 3." in how and how.startswith("- Cell 3")
    how = graded.result("raising")["tests"][0]["output"]
    assert "line 2 raised NameError: `name 'width' is not defined`" in how
    assert float(graded.rows["raising"]["score"]) == 6, "what was set before the error counts"


@pytest.mark.parametrize(
    "carrier",
    [
        "raise ValueError(str(seen))",
        "raise type('Told' + ''.join(c for c in str(seen) if c.isalnum()), (Exception,), {})",
        "exec(compile(chr(10) * 2100 + '1 / 0', get_ipython().compile.cache(''), 'exec'))",
    ],
)
def test_the_graders_inputs_do_not_come_out_through_errors(grade_tiny: Grade, carrier: str) -> None:
    spy = "seen = []\ndef double(x):\n    seen.append(repr(x))\n    return x"
    graded = grade_tiny(spy={"q2": spy, "end": carrier})
    how = graded.result("spy")["tests"][0]["output"]
    assert "raised" in how and "21" not in how


def test_text_that_no_encoding_can_write(grade_tiny: Grade) -> None:
    graded = grade_tiny(odd={**RIGHT, "end": r"raise ValueError('\ud800 \x00')"}, fine=RIGHT)
    assert graded.rows["odd"]["score"] == graded.rows["fine"]["score"] == "6"


@pytest.mark.slow
def test_a_run_that_is_stopped_leaves_nothing_running_and_can_go_on(
    tiny: Path, tmp_path: Path
) -> None:
    submissions, out = tmp_path / "submissions", tmp_path / "out"
    submissions.mkdir()
    hangs = {"q1": "import os, subprocess, time\nos.fork()\nsubprocess.run(['sleep', '600'])"}
    for name, answers in (("a", RIGHT), ("b", hangs)):
        body = labs.answered(tiny / "student" / "tiny.ipynb", answers)
        (submissions / f"{name}.ipynb").write_text(json.dumps(body))
    command = [sys.executable, "-m", "ottermark", "grade", str(submissions), "-o", str(out)]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    run = subprocess.Popen(
        [*command, "-a", str(tiny / "autograder")],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(scratch)},
        # a shell that put the tests in the background has SIGINT ignored by all its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while _sleeping(scratch) < 2 or not (out / "results" / "a.json").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    *_, last = said.splitlines()
    assert last == (
        f"Stopped. What has been graded is kept in {out}; run the same command again to continue."
    )
    assert _sleeping(scratch) == 0
    assert not list(scratch.iterdir())
    again = labs.answered(tiny / "student" / "tiny.ipynb", RIGHT)
    (submissions / "b.ipynb").write_text(json.dumps(again))
    ran = ottermark("grade", submissions, "-a", tiny / "autograder", "-o", out)
    assert "1 kept from an earlier run" in ran.out
    assert {row["score"] for row in Graded(out, ran).rows.values()} == {"6"}


def _sleeping(scratch: Path) -> int:
    """Count the processes `sleep` whose environment names the folder ``scratch``."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            sleeps = (process / "cmdline").read_bytes().startswith(b"sleep")
            count += sleeps and str(scratch).encode() in (process / "environ").read_bytes()
    return count


def test_a_value_that_ends_the_process_when_read_costs_its_question(grade_tiny: Grade) -> None:
    trap = """
class Trap:
    shape, dtype = (2,), np.dtype(float)
    def __array__(self, *args, **kwargs):
        import os
        os._exit(0)
pair = Trap()
"""
    graded = grade_tiny(trap={"q1": trap, "q2": RIGHT["q2"]})
    assert graded.rows["trap"]["status"] == "crashed"
    assert (graded.rows["trap"]["q1"], graded.rows["trap"]["q2"]) == ("0", "4")
    assert "Reading your answer failed" in graded.entry("trap", "q1")["output"]


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        ("import os; os._exit(0)", "crashed"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "crashed"),
        ("import sys; sys.exit(1)", "graded"),
        ("raise KeyboardInterrupt", "graded"),
    ],
)
def test_however_a_notebook_ends_the_rest_counts(
    grade_tiny: Grade, ending: str, status: str
) -> None:
    graded = grade_tiny(ends={"q1": ending, "q2": RIGHT["q2"]}, fine=RIGHT)
    assert graded.rows["ends"]["status"] == status
    assert float(graded.rows["ends"]["score"]) == 4
    assert float(graded.rows["fine"]["score"]) == 6
    assert "Cell 3" in graded.result("ends")["tests"][0]["output"]


@pytest.mark.parametrize("ending", ["os._exit(3)", "sys.exit(3)", "os.kill(os.getpid(), 9)"])
def test_a_function_that_ends_the_process_costs_its_question(
    grade_tiny: Grade, ending: str
) -> None:
    deadly = f"import os, sys\ndef double(x):\n    {ending}"
    graded = grade_tiny(deadly={"q1": "pair = (4, 5)", "q2": deadly})
    assert graded.rows["deadly"]["q1"] == "2" and graded.rows["deadly"]["q2"] == "0"


IN_A_KERNEL = {
    "the last result": ("(4, 5)", "pair = _"),
    "a result by its number": ("(4, 5)", "pair = Out[max(Out)]"),
    "a task": (
        "import asyncio\nasync def work():\n    await asyncio.sleep(0.01)\n    return 4, 5\n"
        "task = asyncio.create_task(work())",
        "pair = await task",
    ),
    "an error handler": ("import faulthandler\nfaulthandler.enable()", RIGHT["q1"]),
    "a program that prints to stdout": (
        "import subprocess, sys\nsubprocess.run(['echo'], stdout=sys.stdout, check=True)",
        RIGHT["q1"],
    ),
    "magics": ("%autosave 60\n%connect_info\npair = (4, 5)", "%store pair\n%store -r pair"),
    "the kernel": ("kernel = get_ipython().kernel", "pair = (4, 5) if kernel.shell else None"),
}


def test_what_works_in_a_kernel_earns_its_points(grade_tiny: Grade, tiny: Path) -> None:
    submissions = {}
    for name, (before, answer) in IN_A_KERNEL.items():
        answers = {"q1": answer, "q2": RIGHT["q2"]}
        body = labs.answered(tiny / "student" / "tiny.ipynb", answers)
        place = [cell["source"] for cell in body["cells"]].index(answer)
        body["cells"].insert(place, labs.code_cell(before))
        submissions[name] = json.dumps(body)
    graded = grade_tiny(**submissions)
    assert {name: row["score"] for name, row in graded.rows.items()} == dict.fromkeys(
        IN_A_KERNEL, "6"
    )


def test_lies_do_not_pay(grade_tiny: Grade) -> None:
    liar = """
class Liar(tuple):
    def __eq__(self, other): return True
    def __iter__(self): return iter([4, 4])
    def __len__(self): return 2
pair = Liar()
"""
    graded = grade_tiny(
        liar={"q1": liar},
        patched={
            "q1": "import otter.test_files as t\nt.TestFile.run = None\npair = (1, 1)",
            "q2": "import builtins\nbuiltins.float = lambda x: 0.0\ndouble = lambda x: x",
        },
    )
    assert graded.rows["liar"]["score"] == "0"
    assert graded.rows["patched"]["score"] == "0"


def test_a_second_run_keeps_what_is_graded(tiny: Path, tmp_path: Path) -> None:
    submission, out = tmp_path / "ann.ipynb", tmp_path / "out"
    body = labs.answered(tiny / "student" / "tiny.ipynb", {"q1": "pair = (4, 5)"})
    submission.write_text(json.dumps(body))
    command = ("grade", submission, "-a", tiny / "autograder", "-o", out)
    assert "kept" not in ottermark(*command).out
    first = (out / "results" / "ann.json").read_bytes()
    again = ottermark(*command)
    assert "1 kept from an earlier run" in again.out
    assert (out / "results" / "ann.json").read_bytes() == first
    submission.write_text(json.dumps(labs.answered(tiny / "student" / "tiny.ipynb", RIGHT)))
    assert "kept" not in ottermark(*command, "-y").out
    assert Graded(out, again).rows["ann"]["score"] == "6"


def test_a_bug_of_the_grader_is_told_and_tried_again(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = tmp_path / "submissions", tmp_path / "out"
    folder.mkdir()
    for name in ("ann", "bob"):
        body = labs.answered(tiny / "student" / "tiny.ipynb", RIGHT)
        (folder / f"{name}.ipynb").write_text(json.dumps(body))
    command = ("grade", folder, "-a", tiny / "autograder", "-o", out)

    def fail_on_bob(path: Path, name: str, *rest: Any) -> Any:
        return grade_file(path, name, *rest) if name != "bob" else next(iter(()))

    with monkeypatch.context() as bug:
        bug.setattr("ottermark.batch.tasks.grade_file", fail_on_bob)
        ran = ottermark(*command)
    graded = Graded(out, ran)
    assert ran.code == 0 and "The grader failed on bob" in ran.out + ran.err
    assert graded.rows["ann"]["status"] == "graded" and graded.rows["bob"]["score"] == "0"
    details = (out / "failures" / "bob.txt").read_text()
    assert "Traceback" in details and "StopIteration" in details and "fail_on_bob" in details
    graded = Graded(out, ottermark(*command, "-y"))
    assert graded.rows["bob"]["score"] == graded.rows["ann"]["score"] != "0"
    assert not list((out / "failures").iterdir())


def test_a_result_that_was_cut_off_is_made_again(tiny: Path, tmp_path: Path) -> None:
    submission, out = tmp_path / "ann.ipynb", tmp_path / "out"
    submission.write_text(json.dumps(labs.answered(tiny / "student" / "tiny.ipynb", RIGHT)))
    command = ("grade", submission, "-a", tiny / "autograder" / "autograder.zip", "-o", out)
    first = ottermark(*command)
    result = out / "results" / "ann.json"
    result.write_bytes(result.read_bytes()[:100])
    ottermark(*command)
    assert Graded(out, first).rows["ann"]["score"] == "6"


def test_in_a_class_a_submission_fares_as_it_does_alone(
    grade_tiny: Grade, tiny: Path, tmp_path: Path
) -> None:
    spoils = "import builtins\nnp.asarray = float = None\nopen('data/numbers.csv', 'w').close()"
    graded = grade_tiny(
        right=RIGHT,
        draws={"q1": "pair = tuple(np.random.randint(1, 9, 2))", "q2": RIGHT["q2"]},
        spoils={"q1": "pair = (5, 4)", "q2": RIGHT["q2"], "end": spoils},
        ends={"q1": "import os; os._exit(0)", "q2": RIGHT["q2"]},
        other=b"PK nonsense",
    )
    alone: dict[str, Any] = {}
    for submission in sorted((tmp_path / "submissions").iterdir()):
        out = tmp_path / "alone" / submission.stem
        ran = ottermark("grade", submission, "-a", tiny / "autograder", "-o", out)
        alone |= Graded(out, ran).lasting()
    assert graded.lasting() == alone


TWO_NAMES = """
@test_case(points=0, hidden=True)
def test_q1_size(size):
    assert size == 20
"""
TOO_GOOD = """\
q2:
  misconceptions:
    - {id: too-good, name: Better than can be, hint: How?, look: true, check: "def check(double):
       return double(0) == 1"}
"""


def test_what_staff_should_look_at_reaches_the_report(tiny: Path, tmp_path: Path) -> None:
    autograder = Path(shutil.copytree(tiny / "autograder", tmp_path / "autograder"))
    (autograder / "misconceptions.yaml").write_text(TOO_GOOD)
    record = json.loads((autograder / "questions.json").read_text())
    record["questions"][0]["names"] = ["pair", "size"]
    (autograder / "questions.json").write_text(json.dumps(record))
    with (autograder / "tests" / "q1.py").open("a") as file:
        file.write(TWO_NAMES)
    answers = {"q1": "pair, size = (7, 9), 20", "q2": "def double(x):\n    return 1"}
    submission = tmp_path / "ann.ipynb"
    submission.write_text(json.dumps(labs.answered(tiny / "student" / "tiny.ipynb", answers)))
    out = tmp_path / "out"
    graded = Graded(out, ottermark("grade", submission, "-a", autograder, "-o", out))
    assert graded.entry("ann", "q2")["extra_data"]["look"] == ["Better than can be"]
    # what nothing explains is wrong, not just beside something wrong
    assert graded.entry("ann", "q1")["extra_data"]["unexplained"] == {"pair": "(7, 9)"}
    page = (out / "report.html").read_text()
    review = page[page.index("Needs review") :].partition("</section>")[0]
    assert "1 flagged" in review and "Better than can be: <a" in review


def test_a_keras_that_is_not_known_is_named_and_costs_nothing(
    grade_tiny: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        Sandbox, "unfit_levers", property(lambda _: ("iterator",), lambda *_: None), raising=False
    )
    graded = grade_tiny(right=RIGHT)
    assert "This version of Keras or TensorFlow is not known" in graded.ran.err
    assert graded.result("right")["extra_data"]["unfit_levers"] == ["iterator"]
    assert graded.result("right")["score"] == 6


def test_folders_of_students(tiny: Path, tmp_path: Path) -> None:
    body = json.dumps(labs.answered(tiny / "student" / "tiny.ipynb", RIGHT))
    for student in ("ann", "=bob"):
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "tiny.ipynb").write_text(body)
    (tmp_path / "class" / "cem").mkdir()
    (tmp_path / "class" / "dora.ipynb").write_text(body)
    ran = ottermark("grade", tmp_path / "class", "-a", tiny / "autograder", "-o", tmp_path / "out")
    rows = Graded(tmp_path / "out", ran).rows
    assert {name: row["status"] for name, row in rows.items()} == {
        **dict.fromkeys(("ann", "bob", "dora"), "graded"),
        "cem": "rejected",
    }


def test_a_download_from_canvas_keeps_names_ids_and_the_last_submission(
    tiny: Path, tmp_path: Path
) -> None:
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    wrong = {"q1": "pair = (5, 4)"}
    for name, answers in (
        ("leeann_101_9001_tiny.ipynb", wrong),
        ("leeann_101_9005_tiny-1.ipynb", RIGHT),
        ("noorbob_LATE_102_9003_tiny.ipynb", RIGHT),
    ):
        (folder / name).write_text(
            json.dumps(labs.answered(tiny / "student" / "tiny.ipynb", answers))
        )
    ran = ottermark("grade", folder, "-a", tiny / "autograder", "-o", out)
    assert {name: row["score"] for name, row in Graded(out, ran).rows.items()} == {
        **{"leeann_101": "6", "noorbob_102": "6"}
    }
    assert "Not graded: class/leeann_101_9001_tiny.ipynb; leeann_101 counts instead" in ran.err
    rows = (out / "gradebook-canvas.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[2:] == ["leeann,101,,,,6.0", "noorbob,102,,,,6.0"]
    report = (out / "report.html").read_text()
    assert "graded, late" in report and "leeann_101_9001_tiny.ipynb" in report
    assert "leeann" in (out / "feedback" / "leeann_101.html").read_text()


def test_whoever_leaves_a_group_is_named(tiny: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "class", tmp_path / "out"
    told = "---\n"
    for number, people in ((1, ("Ann", "Ben")), (2, ("Ben",))):
        room = folder / f"submission_{number}"
        room.mkdir(parents=True)
        body = labs.answered(tiny / "student" / "tiny.ipynb", RIGHT if number == 2 else {})
        (room / "tiny.ipynb").write_text(json.dumps(body))
        told += f"submission_{number}:\n  :submitters:\n"
        told += "".join(f"  - :name: {p}\n    :email: {p}@example.edu\n" for p in people)
        told += f"  :created_at: 2026-11-2{number} 09:00:00 Z\n"
    (folder / "submission_metadata.yml").write_text(told)
    ran = ottermark("grade", folder, "-a", tiny / "autograder", "-o", out)
    assert {name: row["score"] for name, row in Graded(out, ran).rows.items()} == {
        **{"submission_1": "0", "submission_2": "6"}
    }
    assert (
        "Does not count for Ben: submission_1; submission_2 does, since it was submitted later."
        in ran.err
    )
    assert "submission_1, for Ben" in (out / "report.html").read_text()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("nowhere.ipynb", "-a", "TINY"), "nowhere.ipynb does not exist"),
        ((".", "-a", "nowhere"), "nowhere does not exist; run `ottermark build`"),
        ((".", "-a", "."), "questions.json is missing"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_2(
    tiny: Path, tmp_path: Path, args: tuple[str, ...], says: str
) -> None:
    (tmp_path / "a.ipynb").write_text("{}")
    named = [tiny / "autograder" if arg == "TINY" else arg for arg in args]
    ran = ottermark("grade", *named, cwd=tmp_path)
    assert ran.code == 2
    assert says in ran.err
    assert len(ran.err.strip().splitlines()) == 1
