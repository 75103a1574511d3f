"""Marks beside a class that is really graded, and graded again while somebody marks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import marked_class
from conftest import Graded, ottermark

from ottermark.marking.store import MarkChange
from ottermark.marking.values import Mark
from ottermark.marking.workspace import Workspace
from ottermark.reports.similarity import SIMILAR_FILE, read_similar, results_digest

RIGHT = {"q1": "pair = (4, 5)", "q2": "def double(x):\n    return 2 * x"}
WRONG = {"q1": "pair = (5, 4)", "q2": RIGHT["q2"]}


def test_grading_again_while_somebody_marks(
    grade_tiny: Callable[..., Graded], tiny: Path, tmp_path: Path
) -> None:
    graded = grade_tiny(ann=RIGHT, bob=WRONG, cy="no notebook")
    with Workspace(graded.out) as workspace:
        assert workspace.submissions == ("ann", "bob", "cy")
        assert [question.id for question in workspace.written_questions] == ["q3"]
        assert {name: a.state for name, a in workspace.written("q3").items()} == {
            **{"ann": "empty", "bob": "empty", "cy": "missing"},
        }
        points = {name: o.points for name, o in workspace.automatic("q1").items()}
        assert points == {"ann": 2, "bob": 0, "cy": 0}
        members = [group.members for group in workspace.failure_groups("q1")]
        assert sorted(members) == [("ann",), ("bob",), ("cy",)]
        assert workspace.automatic("q1")["bob"].failed == ("q1 - 2",)
        assert workspace.executed_path("ann").is_file()
        assert workspace.assignment.questions[2].model_answer == "Because it does, and here is why."
        similar = graded.out / SIMILAR_FILE
        before = read_similar(similar).results
        assert before == results_digest(workspace.result_keys)
        changes = [
            MarkChange("mark", s.submission, "q3", Mark(("right",)), s.answer.digest, s.seen)
            for s in workspace.marks_of("q3").values()
        ]
        workspace.store.write("eve", changes)
        events = workspace.store.events()

        notebook = tmp_path / "submissions" / "bob.ipynb"
        text = notebook.read_text()
        assert "_Type your answer here" in text
        changed = text.replace("_Type your answer here, replacing this text._", "Now I know.")
        notebook.write_text(changed.replace("pair = (5, 4)", "pair = (4, 5)"))
        ran = ottermark("grade", notebook, "-a", tiny / "autograder", "-o", graded.out, "-y")
        assert ran.code == 0, ran.err

        assert workspace.automatic("q1")["bob"].points == 2
        status = workspace.mark_of("bob", "q3")
        assert (status.points, status.stale, status.answer.text) == (3, True, "Now I know.")
        assert status.placed is not None
        assert workspace.earlier_answer("bob", "q3", status.placed.answer) == ""
        assert not workspace.mark_of("ann", "q3").stale
        assert workspace.store.events() == events
        assert before != read_similar(similar).results == results_digest(workspace.result_keys)


def test_a_class_of_two_hundred_from_three_that_were_graded(
    grade_tiny: Callable[..., Graded], tmp_path: Path
) -> None:
    graded = grade_tiny(ann=RIGHT, bob=WRONG, cy="no notebook")
    marked = marked_class.synthesised_class(tmp_path / "class", graded.out, 200)
    with Workspace(marked.out) as workspace:
        assert workspace.submissions == marked.names
        assert len(workspace.automatic("q1")) == 200
        assert [len(group.members) for group in workspace.failure_groups("q1")] == [100, 100]
        assert set(marked.kinds.values()) == set(marked_class.KINDS)
        assert workspace.executed_path("s0199").is_file()
        for (name, question), text in marked.answers.items():
            assert workspace.written(question)[name].text == text
