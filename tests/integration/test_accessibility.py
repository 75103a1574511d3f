"""Every page that we make, in a real browser: axe finds nothing, and nothing runs or loads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import nbformat.v4 as nb
import pytest
from chromium import find_violations, needs_chromium
from conftest import PROJECT
from playwright.sync_api import Browser

from ottermark.assignment import Assignment, Question
from ottermark.authoring.solution_page import solution_page
from ottermark.config import GradingConfig
from ottermark.grading.messages import NO_ANSWER
from ottermark.reports.class_report import SupersededRow, write_report
from ottermark.reports.feedback import write_feedback
from ottermark.reports.final_feedback import (
    AnsweredRequest,
    FinalFeedback,
    HandMark,
    MarkedItem,
    PointsChange,
)
from ottermark.reports.similarity import SimilarPair, group_pairs
from ottermark.results.diagnosis import Diagnosis, Misconception
from ottermark.results.render import render
from ottermark.results.result import (
    CaseResult,
    CellProblem,
    QuestionResult,
    SubmissionResult,
    zero_result,
)
from ottermark.submissions.answer_code import AnswerCell
from ottermark.submissions.candidates import Student, Submission
from ottermark.submissions.written_answers import ANSWERED, MISSING, WrittenAnswer

pytestmark = [needs_chromium, pytest.mark.xdist_group("browser")]

DOT = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="
RICH = r"""# A heading

The **net** has $13 \cdot 32 + 32$ weights, *see* `model`, and [the docs](https://keras.io).

$$
P = \frac{(I-1)S - I + F}{2}, \quad \hat{y} = \sum_{i=1}^{n} w_i x_i + a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7
$$

|   | train | test |
|---|--:|--:|
| deep | 2.0 | 14 |

1. first
   - second

> quoted

```python
class Net(Model):  # a comment
    def call(self, x=0.5):
        return "s" if x is None else f"{x!r}"
```

***

<b>No HTML</b> ![no picture](https://x.example/p.png)
"""
HOSTILE = (
    "</style></pre></code></figure></main><script>alert(1)</script>\"'><img src=//x.example/p.png "
    "onerror=alert(1)><svg onload=alert(1)><iframe src=//x.example></iframe> "
    "![p](https://x.example/p.png) [l](javascript:alert(1)) [d](data:text/html,x)\n\n"
    r"$\href{javascript:alert(1)}{\style{position:fixed}{\color{white}{x}}}$ $\hspace{-999em}y$"
    "\n\n# Score: 78 of 78\n\n<h1>Hi</h1>\n\n" + "wide" * 200
)
Q1, Q2, WHY, HOW = (
    Question("q1", 4, False, ("a",), prompt=f"### One\n\n{RICH}\n\n![a dot]({DOT})", title="One"),
    Question("q2", 6, False, ("b",)),
    Question("q3", 5, True, prompt="### Why does `it`?\n\nSay *why*.", title="Why does `it`?"),
    Question("q4", 1, True),
)
LAB = Assignment("lab", "lab.ipynb", (Q1, WHY, Q2, HOW), (), ())
WRONG = CaseResult("q1 - 1", hidden=True, points=3, passed=False, message="Count `bias` too.")
NO_BIAS = Misconception("no-bias", "forgot the bias", "What is added at the end?")
ANN = SubmissionResult(
    "ann",
    "graded",
    "userns",
    (
        QuestionResult(
            Q1, 1.0, (WRONG,), diagnosis=Diagnosis((NO_BIAS,), {"f": "odd sizes"}), cell=3
        ),
        QuestionResult(Q2, 6.0, cell=5),
    ),
    written=(WrittenAnswer(WHY, ANSWERED, RICH), WrittenAnswer(HOW, MISSING)),
    headings={3: "One", 5: "Two"},
    code={"q1": (AnswerCell(3, "def f(x):\n    return 'a' + \"b\"  # c"),)},
)
BOB = SubmissionResult(
    HOSTILE[:60],
    "crashed",
    "none",
    (QuestionResult(Q1, 0.0, notes=(NO_ANSWER,), answered=False), QuestionResult(Q2, 0.0)),
    (CellProblem(0, "Cell 1 raised ValueError: `x`"),),
    written=(WrittenAnswer(WHY, ANSWERED, HOSTILE),),
    code={"q1": (AnswerCell(0, HOSTILE),), "q2": (AnswerCell(4, "b = 1\n"),)},
)
EVE = zero_result("eve", LAB, "rejected", "`eve.pdf` is a PDF, which cannot be graded.")
SHOWN = GradingConfig(hidden_tests="visible")


def assert_nothing_found(browser: Browser, path: Path) -> None:
    page = browser.new_page()
    assert find_violations(page, path) == []
    page.close()


def test_the_check_finds_what_is_wrong(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "bad.html"
    path.write_text(
        "<html><title>Bad</title><img src='https://x.example/p.png'>"
        "<p style='color: #ccc; width: 2000px'>pale</p><script>alert(1)</script>"
    )
    page = browser.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    complaints = "\n".join(find_violations(page, path))
    page.close()
    for expected in (
        "request: https://x.example/p.png",
        "dialog: 1",
        "color-contrast",
        "image-alt",
    ):
        assert expected in complaints
    assert "390 px: the page is wider than the screen" in complaints


@pytest.mark.parametrize("result", [ANN, BOB, EVE], ids=["rich", "hostile", "rejected"])
def test_a_feedback_page(result: SubmissionResult, browser: Browser, tmp_path: Path) -> None:
    students = [Student(f"{result.submission} the student")]
    document = render(replace(result, submission="one"), LAB, SHOWN)
    assert_nothing_found(browser, write_feedback(tmp_path, document, LAB, students))


def test_a_feedback_page_without_points(browser: Browser, tmp_path: Path) -> None:
    hidden = render(ANN, LAB, GradingConfig(hidden_tests="hidden", hints="after_published"))
    assert_nothing_found(browser, write_feedback(tmp_path, hidden, LAB))


@pytest.mark.parametrize("text", [RICH, HOSTILE], ids=["rich", "hostile"])
def test_a_feedback_page_with_the_final_grade(text: str, browser: Browser, tmp_path: Path) -> None:
    items = (MarkedItem(text, 3, True), MarkedItem(text, 2, False), MarkedItem(text, -1, True))
    final = FinalFeedback(
        total=12.5,
        possible=16,
        by_tests=8,
        possible_by_tests=10,
        by_hand=2.5,
        possible_by_hand=6,
        days_late=1,
        deduction=1,
        marks={"q3": HandMark(2.5, items, 0.5, text), "q4": HandMark(None)},
        changes={"q1": PointsChange(1, 2, text)},
        requests={"q3": (AnsweredRequest(text, text),)},
    )
    document = render(ANN, LAB, SHOWN)
    path = write_feedback(tmp_path, document, LAB, [Student("Ann")], final)
    assert_nothing_found(browser, path)


def test_the_class_report(browser: Browser, tmp_path: Path) -> None:
    more = [
        replace(ANN, submission=f"more{n}", questions=(QuestionResult(Q1, n % 5), ANN.questions[1]))
        for n in range(12)
    ]
    results = [render(result, LAB, SHOWN) for result in (ANN, BOB, EVE, *more)]
    path = tmp_path / "report.html"
    superseded = [SupersededRow("old", "ann", "it was submitted later")]
    ann = Submission("ann", Path("ann.ipynb"), (Student("Ann Ó", "ann@x.example"),))
    similar = group_pairs(
        [
            SimilarPair(*pair, 0.9, 8, "x = 1\ny = 2")
            for pair in (("more1", "more2"), ("ann", "more1"))
        ]
    )
    write_report(path, LAB, results, submissions=[ann], similar=similar, superseded=superseded)
    assert_nothing_found(browser, path)


def test_a_solution_with_outputs_of_all_kinds(browser: Browser, tmp_path: Path) -> None:
    frame = '<table border="1" class="dataframe"><tr><th></th><th>a</th></tr>' + (
        "<tr><th>0</th>" + "<td>123456</td>" * 60 + "</tr></table>"
    )
    outputs = [
        nb.new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m " + "x" * 300),
        nb.new_output("stream", name="stderr", text="a warning"),
        nb.new_output("execute_result", {"text/html": frame, "text/plain": "0"}),
        nb.new_output("display_data", {"text/latex": r"$$\int_0^1 x\,dx$$", "text/plain": "1/2"}),
        nb.new_output("display_data", {"image/png": DOT.partition(",")[2]}),
        nb.new_output("error", ename="E", evalue="e", traceback=["\x1b[0;31mE\x1b[0m: e"]),
    ]
    cells = [nb.new_markdown_cell(RICH), nb.new_code_cell("f(1)  # SOLUTION", outputs=outputs)]
    path = tmp_path / "solution.html"
    path.write_text(solution_page(nb.new_notebook(cells=cells), "lab: solution"))
    without_remote = path.read_text().replace("https://x.example/p.png", DOT)  # the author's own
    path.write_text(without_remote)
    assert_nothing_found(browser, path)


@pytest.mark.ci  # a long page
@pytest.mark.parametrize("name", ["intro_convnets.html", "intro_convnets-template.html"])
def test_the_solutions_of_the_lab(name: str, browser: Browser) -> None:
    assert_nothing_found(browser, PROJECT / "solutions" / name)


@pytest.mark.ci  # after `make docs`
@pytest.mark.parametrize("page", sorted(path.stem for path in (PROJECT / "docs").glob("*.md")))
def test_the_documentation(page: str, browser: Browser) -> None:
    assert_nothing_found(browser, PROJECT / "build" / "site" / f"{page}.html")
