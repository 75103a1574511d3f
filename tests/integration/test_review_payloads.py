"""Hostile answers, notebooks, pictures and names on the marking page, in a real browser.

None runs, none loads anything from elsewhere, and none becomes a part of the page: the page's policy has
nothing to refuse, since nothing that it would refuse gets there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hostile_answers as hostile
import pytest
from chromium import needs_chromium
from marked_class import SMALL, _keep, small_class
from playwright.sync_api import Browser, Page, Response
from review_server import ServedPage, served

from ottermark.batch.ledger import Ledger
from ottermark.marking.groups import edited_groups, merge_groups
from ottermark.marking.store import MarkChange
from ottermark.marking.values import GroupEdits, Mark, RegradeRequest
from ottermark.results.document import CodeFacts, ProblemFacts, ResultDocument
from ottermark.submissions.candidates import Student
from ottermark.submissions.record import SubmissionRecord
from ottermark.submissions.written_answers import ANSWERED, WrittenAnswer

pytestmark = [needs_chromium, pytest.mark.xdist_group("browser")]

BATCH = 30  # groups of answers on one page
HITS = "window.hits = []; window.pwned = (x) => window.hits.push(x)"
# what may stand in a student's text: elements with their attributes
ALLOWED_TAGS = frozenset(
    (
        *("P", "BR", "HR", "DIV", "SPAN", "BLOCKQUOTE", "PRE", "CODE", "KBD", "SAMP", "VAR", "IMG"),
        *("UL", "OL", "LI", "DL", "DT", "DD", "B", "STRONG", "I", "EM", "U", "S", "DEL", "INS"),
        *("MARK", "SMALL", "SUB", "SUP", "Q", "TABLE", "THEAD", "TBODY", "TFOOT", "TR", "TH", "TD"),
        *("CAPTION", "CENTER"),
    )
)
ALLOWED_ATTRIBUTES = frozenset(
    ("class", "dir", "colspan", "rowspan", "start", "src", "alt", "loading", "tabindex")
)
SCAN = """() => {
  const found = [];
  for (const element of document.querySelectorAll(".student *, .outputs *, .cell pre *, td *, li *, h1 *, h2 *")) {
    const names = element.getAttributeNames();
    found.push([element.namespaceURI.includes("MathML") ? "MATH" : element.tagName, names,
                element.className.toString(), element.getAttribute("src") || ""]);
  }
  return found;
}"""
CLASSES = {"", "heading", "left-out", "highlight", "left", "right", "center"}


def fill(out: Path) -> None:
    """Write a class of hostile submissions."""
    small_class(out, 2)
    why, what = [question for question in SMALL.questions if question.manual]
    names = [*hostile.NAMES, *(f"h{n:03}" for n in range(len(hostile.NAMES), len(hostile.TEXTS)))]
    with Ledger(out) as ledger:
        standing = ledger.standing("s0001")
        assert standing is not None
        document = ResultDocument.from_json(standing[1])
        ledger.note_records(
            {
                name: SubmissionRecord((Student(f"{hostile.STUDENTS[n % 3]} {n}", f"{n}@b.c"),))
                for n, name in enumerate(names)
            }
        )
        for name, text in zip(names, hostile.TEXTS, strict=True):
            answers = [WrittenAnswer(why, ANSWERED, text), WrittenAnswer(what, ANSWERED, text)]
            path = out / "executed" / f"{name}.ipynb"
            path.write_text(json.dumps(notebook(), ensure_ascii=True), encoding="utf-8")
            _keep(ledger, with_hostile_facts(document, text), answers, name)


def with_hostile_facts(document: ResultDocument, text: str) -> ResultDocument:
    """Return a result whose code, messages and values are hostile as well."""
    text = text.replace("\ud800", "")
    facts = document.facts.model_copy(
        update={
            "code": {"q1": [CodeFacts(cell=1, source=text)]},
            "problems": [ProblemFacts(cell=1, text=text)],
            "status": "crashed",
        }
    )
    tests = []
    for entry in document.tests:
        if entry.number == "q1":
            case = entry.facts.cases[0].model_copy(update={"message": text})
            notes = {"cases": [case], "notes": [text], "unexplained": {"pair": text}}
            entry = entry.model_copy(update={"extra_data": entry.facts.model_copy(update=notes)})
        tests.append(entry)
    return document.model_copy(update={"extra_data": facts, "tests": tests})


def notebook() -> dict[str, Any]:
    """Return a notebook as it ran, with all payloads in texts, code and outputs."""
    pictures = "\n\n".join(f"![{name}]({address})" for name, address in hostile.PICTURES.items())
    texts = [text.replace("\ud800", "") for text in hostile.TEXTS]
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {}, "source": text} for text in (*texts, pictures)
    ]
    outputs: list[Any] = [
        {"output_type": "stream", "name": "stdout", "text": "\x1b[31m" + text}
        for text in texts[:30]
    ]
    outputs += [
        {"output_type": "display_data", "data": {"text/html": t, "text/plain": t}}
        for t in texts[30:]
    ]
    outputs += [
        {"output_type": "display_data", "data": {"text/latex": t}} for t in hostile.FORMULAS
    ]
    outputs += [
        {"output_type": "display_data", "data": {"image/png": address.partition(",")[2]}}
        for address in hostile.PICTURES.values()
    ]
    outputs += [
        {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload=pwned(1)>"}},
        {"output_type": "error", "traceback": [texts[0], 3], "ename": texts[1]},
        {"output_type": "display_data", "data": "no mapping"},
        {"output_type": "stream", "text": ["a", "list"]},
        *("no output", 3, None),
    ]
    code = {"cell_type": "code", "source": texts[0], "outputs": outputs, "metadata": {}}
    odd: list[Any] = [{"cell_type": "markdown", "source": 3}, {"cell_type": "x"}, "no cell"]
    cells += [code, *odd]
    prompt = {"cell_type": "markdown", "source": SMALL.questions[1].prompt, "metadata": {}}
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [*cells, prompt]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    out = tmp_path_factory.mktemp("hostile") / "out"
    fill(out)
    with served(out) as page:
        workspace, store = page.workspace, page.workspace.store
        groups, edits = list(workspace.groups("q2")), GroupEdits()
        keys = [group.key for group in groups]
        for start in range(0, len(keys), BATCH):
            edits = merge_groups(groups, edits, keys[start : start + BATCH])
            groups = edited_groups(groups, edits)
        name = workspace.submissions[-1]
        changes = [MarkChange("group", "", "q2", edits)]
        changes += [
            MarkChange("request", name, "q2", RegradeRequest(text)) for text in hostile.TEXTS
        ]
        comment = Mark(("right",), comment="</textarea></option><script>pwned(1)</script>")
        changes.append(MarkChange("mark", name, "q3", comment))
        store.write("ann", changes)
        yield page


class Watched:
    """A page, and what it did that it may not."""

    def __init__(self, browser: Browser, site: ServedPage) -> None:
        self.page = browser.new_page()
        self.origin = site.origin
        self.complaints: list[str] = []
        self.page.add_init_script(HITS)
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog {dialog.message}"))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("response", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route("**/*", self._load)
        self.page.goto(site.address())
        self.page.wait_for_url(f"{site.origin}/")

    def _note(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def _load(self, route: Any) -> None:
        url = route.request.url
        if url.startswith(self.origin):
            route.continue_()
            return
        self.complaints.append(f"loads {url}")
        route.abort()

    def look(self, path: str) -> int:
        """Open a page, with everything on it unfolded; return how many elements students have."""
        title_before = "small"
        self.page.goto(f"{self.origin}{path}")
        self.page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
        self.page.mouse.move(300, 300)
        self.page.evaluate(
            "Promise.all([...document.images].map((i) => { i.loading = 'eager';"
            " return i.decode().catch(() => 0) }))"
        )
        assert self.page.evaluate("window.hits") == [], path
        assert self.page.title().endswith(title_before)
        assert self.complaints == [], path
        return self._scan(self.page)

    def _scan(self, page: Page) -> int:
        elements = page.evaluate(SCAN)
        for tag, names, classes, source in elements:
            assert not [
                n for n in names if n.startswith("on") or n in ("style", "srcset", "srcdoc")
            ]
            if source:
                assert source.startswith("/picture/"), source
        inside = page.evaluate(SCAN.replace(".outputs *, .cell pre *, td *, li *, h1 *, h2 *", "x"))
        for tag, names, classes, _ in inside:
            assert tag == "MATH" or tag in ALLOWED_TAGS, tag
            assert tag == "MATH" or set(names) <= ALLOWED_ATTRIBUTES, names
            short = [c for c in classes.split() if len(c) > 2]  # of highlighted code
            assert set(short) <= CLASSES, classes
        return len(inside)


@pytest.fixture(scope="module")
def watched(browser: Browser, site: ServedPage) -> Watched:
    return Watched(browser, site)


@pytest.mark.ci
def test_the_payloads_are_hostile(browser: Browser) -> None:
    """Shown as they are, a good part of them runs or loads something: the tests below can fail."""
    assert len(hostile.TEXTS) + len(hostile.PICTURES) + len(hostile.NAMES) >= 90
    page = browser.new_page()
    loaded: set[str] = set()
    body = ""

    def answer(route: Any) -> None:
        url = route.request.url
        if url == "http://control.example/":
            route.fulfill(content_type="text/html; charset=utf-8", body=body)
        else:
            loaded.add(url)
            route.abort()

    page.add_init_script(HITS)
    page.route("**/*", answer)
    ran = 0
    for text in hostile.HTML:
        if "http-equiv" in text:  # it leaves the page
            continue
        body = "<!doctype html>" + text.replace("\x00", "")
        page.goto("http://control.example/")
        ran += bool(page.evaluate("window.hits"))
    page.close()
    assert ran >= 15
    assert len([url for url in loaded if hostile.HOST in url]) >= 12


def test_answers_on_their_cards(watched: Watched, site: ServedPage) -> None:
    groups = site.workspace.groups("q2")
    large = [group for group in groups if len(group.cards) > 10]
    assert sum(len(group.cards) for group in large) >= len(hostile.TEXTS) - 5
    for group in large:
        assert watched.look(f"/question/q2/card/{group.key}") > 30
        assert watched.page.locator("article.student").count() == len(group.cards)


def test_a_whole_notebook_beside_its_results(watched: Watched, site: ServedPage) -> None:
    pseudonym = site.workspace.pseudonym(hostile.NAMES[0])
    assert watched.look(f"/submission/{pseudonym}") > 100
    other = site.workspace.pseudonym(hostile.NAMES[1])
    watched.look(f"/look-alikes/{pseudonym}/{other}")


@pytest.mark.ci
def test_lists_code_messages_values_and_requests(watched: Watched, site: ServedPage) -> None:
    paths = ["/", "/question/q2", "/question/q3", "/question/q1", "/submissions", "/requests"]
    paths += [f"/question/q1/failures/{g.key}" for g in site.workspace.failure_groups("q1")]
    paths += ["/question/q3/next", "/second", "/look-alikes", "/question/none/card/<script>"]
    for path in paths[:-1]:
        watched.look(path)


@pytest.mark.ci
def test_names_of_files_and_students(watched: Watched, site: ServedPage) -> None:
    watched.page.goto(f"{site.origin}/settings")
    watched.page.get_by_label("Show students' names").check()
    watched.page.get_by_role("button", name="Save the settings").click()
    for path in ("/", "/submissions", "/requests", "/question/q3/next", "/submissions?find=<img"):
        watched.look(path)
    assert "onerror" in watched.page.inner_text("main")
    for name in hostile.NAMES:
        watched.look(f"/submission/{site.workspace.pseudonym(name)}")


def test_pictures_are_drawn_anew(site: ServedPage) -> None:
    ann = site.client()
    pseudonym = site.workspace.pseudonym(hostile.NAMES[0])
    shown = {}
    for number, name in enumerate(hostile.PICTURES):
        # the pictures stand after those that payloads mention and the notebook does not hold
        answer = ann.get(f"/picture/{pseudonym}/text/{number}")
        assert answer.headers["content-type"] in ("image/png", "image/svg+xml")
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert b"script" not in answer.content and b"pwned" not in answer.content
        shown[name] = answer.headers["content-type"] == "image/png"
    assert shown["honest"] and shown["jpeg with a script"] and shown["gif that is a script"]
    for name in ("svg for a png", "svg", "html for a png", "gigapixels", "many pixels", "cut"):
        assert not shown[name]
