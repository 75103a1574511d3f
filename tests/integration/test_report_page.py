"""The report in a real browser, from a file: finding submissions, by mouse and by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from ottermark.assignment import Assignment, Question
from ottermark.config import GradingConfig
from ottermark.reports.class_report import write_report
from ottermark.results.document import ResultDocument
from ottermark.results.render import render
from ottermark.results.result import QuestionResult, Status, SubmissionResult
from ottermark.submissions.candidates import Student, Submission

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium")
LAB = Assignment("lab", "lab.ipynb", (Question("q1", 4, False), Question("q2", 6, False)), (), ())
# by submission the student, the status, the score on q1 (None: not answered), and that on q2
CLASS: dict[str, tuple[str, Status, float | None, float]] = {
    "a": ("Ann Lee", "graded", 4, 6),
    "b": ("Ben Noor", "graded", None, 6),
    "c": ("Cem Lee", "timeout", 0, 3),
    "d": ("Émile <b>Roy", "graded", 2, 0),
    "e": ("Eve Ito", "crashed", None, 0),
    "f": ("Finn Ito", "timeout", 4, 0),
}


def document(name: str, _: str, status: Status, q1: float | None, q2: float) -> ResultDocument:
    results = (
        QuestionResult(LAB.questions[0], q1 or 0.0, answered=q1 is not None),
        QuestionResult(LAB.questions[1], q2),
    )
    return render(SubmissionResult(name, status, "userns", results), LAB, GradingConfig())


@pytest.fixture(scope="module")
def browser_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    path = tmp_path_factory.mktemp("report") / "report.html"
    documents = [document(name, *result) for name, result in CLASS.items()]
    submissions = [
        Submission(name, Path(name), (Student(student, f"{name}@example.edu"),))
        for name, (student, *_) in CLASS.items()
    ]
    write_report(path, LAB, documents, submissions=submissions)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.goto(path.as_uri())
        yield page
        browser.close()


@pytest.fixture
def page(browser_page: Page) -> Page:
    """The page as it is opened."""
    browser_page.reload()
    return browser_page


def shown(page: Page) -> str:
    """Return the names of the rows that are shown, in their order."""
    rows = page.locator("#submission-table tbody tr:visible th")
    return "".join(rows.all_inner_texts())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("lee", "ac"),
        ("LEE an", "a"),
        ("émile", "d"),
        ("e@example", "e"),
        ("nobody", ""),
        ("b", "bd"),
    ],
)
def test_submissions_are_found_by_name_file_and_address(page: Page, text: str, names: str) -> None:
    page.get_by_label("Name, file or address").fill(text)
    expect(page.get_by_role("status")).to_have_text(f"{len(names)} of 6 shown")
    assert shown(page) == names


def test_filters_go_together(page: Page) -> None:
    page.get_by_role("combobox", name="Status").select_option(label="timed out")
    assert shown(page) == "cf"
    page.get_by_role("combobox", name="Question").select_option(label="q1")
    page.get_by_role("combobox", name="Result").select_option(label="points lost")
    assert shown(page) == "c"
    page.get_by_role("button", name="Show all").click()
    assert shown(page) == "abcdef"
    page.get_by_role("checkbox", name="needs review").check()
    assert shown(page) == "cef"
    page.get_by_role("combobox", name="Result").select_option(label="not answered")
    assert shown(page) == "e"


def test_a_share_of_a_question_leads_to_its_submissions(page: Page) -> None:
    page.get_by_label("Name, file or address").fill("nobody")
    page.locator("#question-0 td a[data-level=u]").click()
    assert shown(page) == "be"
    assert page.url.endswith("#submissions")


def test_a_link_to_a_hidden_submission_shows_it(page: Page) -> None:
    page.get_by_label("Name, file or address").fill("nobody")
    page.locator("#review ~ dl a", has_text="Eve Ito").click()
    assert shown(page) == "abcdef"


def test_everything_works_with_the_keyboard(page: Page) -> None:
    page.get_by_label("Name, file or address").focus()
    page.keyboard.type("ito")
    assert shown(page) == "ef"
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_role("checkbox", name="needs review").is_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert shown(page) == "abcdef"
    page.locator("#submission-table").get_by_role("button", name="score").focus()
    page.keyboard.press("Enter")
    head = page.locator("#submission-table th", has=page.get_by_role("button", name="score"))
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert shown(page) == "edcfba"
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert shown(page) == "abfcde"


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_does_not_scroll_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_all_submissions_are_shown(browser_page: Page) -> None:
    context = browser_page.context.browser
    assert context is not None
    page = context.new_page(java_script_enabled=False)
    page.goto(browser_page.url.partition("#")[0])
    assert page.locator("#submission-table tbody tr").count() == len(CLASS)
    expect(page.locator(".find")).to_be_hidden()
    page.close()
