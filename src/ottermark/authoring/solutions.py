"""Write the solutions folder: the executed solution, its page, and the written questions' page."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import nbformat

from ottermark.assignment import Assignment
from ottermark.authoring.lab_packages import upload_requirements
from ottermark.authoring.solution_page import author_markdown, render_template, solution_page
from ottermark.authoring.split import Split
from ottermark.limits import MiB

TEMPLATE = "-template.html"  # after the notebook's name, as Otter names its PDF


def write_solutions(
    split: Split, assignment: Assignment, executed: Any, previous: Path, target: Path
) -> None:
    """Write the solutions folder.

    Args:
        executed: the solution with its outputs.
        previous: the solutions folder of an earlier build. Its notebook is used again if it came
            from the same input: the last digits of a training differ between kinds of processor,
            so a run on another machine must not make the committed one stale.
    """
    name = split.assignment.notebook
    source_digest = _source_digest(split)
    executed.metadata["ottermark"] = {"made_from": source_digest}
    if (previous / name).is_file():
        earlier = nbformat.read(previous / name, as_version=4)
        if earlier.metadata.get("ottermark", {}).get("made_from") == source_digest:
            executed = earlier
    target.mkdir()
    nbformat.write(executed, target / name)
    html = solution_page(executed, f"{assignment.name}: solution")
    (target / name).with_suffix(".html").write_text(html, encoding="utf-8")
    if page := _written_questions(assignment):
        (target / f"{Path(name).stem}{TEMPLATE}").write_text(page, encoding="utf-8")


def _source_digest(split: Split) -> str:
    """Return a hash over everything that the outputs of the solution depend on."""
    digest = hashlib.sha256()
    for cell in split.solution.cells:
        digest.update(f"{cell.source}\0{cell.metadata.get('alt', '')}\0".encode())
    for name in split.assignment.student_files:
        with (split.grader_files / name).open("rb") as file:
            while block := file.read(MiB):
                digest.update(block)
    lock, _ = upload_requirements(split)
    digest.update(lock.encode())
    return digest.hexdigest()


def _written_questions(assignment: Assignment) -> str:
    """Return a page with prompt, points and model answer of each written question, for markers.

    Returns:
        HTML; empty if there are no written questions.
    """
    questions = [
        {
            "question": question,
            "prompt": author_markdown(question.prompt),
            "solution": author_markdown(question.model_answer),
        }
        for question in assignment.questions
        if question.manual
    ]
    if not questions:
        return ""
    return render_template("written.html.j2", assignment=assignment, questions=questions)
