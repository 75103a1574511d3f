"""The outline of the written questions, for whoever marks them: prompts, points, model answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.filters import markdown2html

from ottermark.assignment import Assignment
from ottermark.submissions.written_answers import read_written_answers

TEMPLATE = "-template.html"  # after the notebook's name, as Otter calls its PDF


def write_outline(assignment: Assignment, solution: Any, target: Path) -> None:
    """Write a page of the written questions to ``target``; without any, write nothing.

    Args:
        solution: the solved notebook, with the model answers in it.
    """
    cells = json.loads(json.dumps(solution.cells))
    questions = [
        {
            "question": answer.question,
            "prompt": Markup(markdown2html(answer.question.prompt)),
            "solution": Markup(markdown2html(answer.text)),
        }
        for answer in read_written_answers(cells, assignment)
    ]
    if not questions:
        return
    environment = Environment(
        loader=PackageLoader("ottermark.reports"), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("written.html.j2")
    text = page.render(assignment=assignment, questions=questions)
    target.write_text(text + "\n", encoding="utf-8")
