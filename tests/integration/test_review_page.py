"""The marking page in a real browser: by keyboard alone, for a screen reader, on a phone."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import find_violations, needs_chromium
from marked_class import small_class
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from review_server import ServedPage, served

from ottermark.marking.agreement import second_sample
from ottermark.marking.store import MarkChange
from ottermark.marking.values import Claim, Flag, Mark, Override, RegradeRequest, Reply
from ottermark.reports.similarity import SIMILAR_FILE, SimilarityReport, SimilarPair, group_pairs
from ottermark.review import card_page

pytestmark = [needs_chromium, pytest.mark.xdist_group("browser")]

RUBRICS = """
q2:
  items:
  - {id: size, text: Says that the size stays., points: 2}
  - {id: border, text: Says what happens at the border., points: 1}
  - {id: vague, text: Too vague., points: -1}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    """A class in which there is something of everything."""
    out = tmp_path_factory.mktemp("review") / "out"
    marked = small_class(out, 30, rubrics=RUBRICS)
    for name in marked.names:
        (out / "executed" / f"{name}.ipynb").write_text(json.dumps(notebook()))
    pair = SimilarPair("s0001", "s0003", 0.9, 12, "x = 1")
    (out / SIMILAR_FILE).write_text(SimilarityReport(group_pairs([pair])).to_json())
    with served(out) as page:
        stale, *others = [n for n in marked.names if page.workspace.written("q3")[n].text]
        prepare(page, stale, others)
        marked.hand_in_again(stale, {"q3": "A new $x^2$ answer, with\n\n|a|b|\n|-|-:|\n|1|2|"})
        yield page


def notebook() -> dict[str, Any]:
    dot = io.BytesIO()
    Image.new("RGB", (30, 20), "green").save(dot, "PNG")
    picture = base64.b64encode(dot.getvalue()).decode()
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "train MSE 9.7, test MSE 13.8\n"},
        {"output_type": "display_data", "data": {"image/png": picture, "text/plain": "x"}},
    ]
    sources = ["# Part 1", "A picture: ![mine](data:image/png;base64," + picture + ")"]
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "source": s} for s in sources]
    cells.append({"cell_type": "code", "source": "pair = (5, 4)\nlonger = 1", "outputs": outputs})
    cells.append({"cell_type": "markdown", "source": "Why pad?"})
    cells.append({"cell_type": "markdown", "source": "What is pooling?"})
    return {"cells": cells}


def prepare(site: ServedPage, stale: str, others: list[str]) -> None:
    """Have marks, second marks, flags, overrides, groups and requests."""
    workspace, store = site.workspace, site.workspace.store
    answers = workspace.written("q3")
    digests = {name: answers[name].digest for name in (stale, *others)}
    mark = Mark(("right",), -0.5, "Look *again*.")
    store.write("bob", [MarkChange("mark", stale, "q3", mark, digests[stale])])
    sample = [n for n in second_sample([stale, *others], "q3") if n != stale]
    for name in sample[:5]:
        store.write("bob", [MarkChange("mark", name, "q3", mark, digests[name])])
    second = Mark(("partly-right",))
    for name in sample[:3]:
        store.write("ann", [MarkChange("second", name, "q3", second, digests[name])])
    store.write("ann", [MarkChange("flag", others[-1], "q3", Flag())])
    wrong = workspace.automatic("q1")["s0001"].digest
    override = Override(2, "The text was **unclear**.")
    store.write("ann", [MarkChange("override", "s0001", "q1", override, wrong)])
    store.write("ann", [MarkChange("claim", "", "q3", Claim(("ann", "bob")))])
    for number in range(2):
        request = MarkChange("request", "s0001", "q1", RegradeRequest(f"Please look. {number}"))
        store.write("ann", [request])
    (_, thread) = store.state().requests
    reply = MarkChange("reply", "s0001", "q1", Reply("It stays."), thread=thread)
    store.write("ann", [reply])


def sign_in(browser: Browser, site: ServedPage, marker: str = "ann") -> Page:
    page = browser.new_page()
    page.goto(site.address(marker))
    page.wait_for_url(f"{site.origin}/")
    return page


def addresses(site: ServedPage) -> dict[str, str]:
    """Return a page of each kind, by a name."""
    workspace = site.workspace
    first, second = (workspace.pseudonym(name) for name in ("s0001", "s0003"))
    failed = next(group for group in workspace.failure_groups("q1") if group.failed)
    stale = next(name for name, s in workspace.marks_of("q3").items() if s.stale)
    card = next(group for group in workspace.groups("q3") if stale in group.members)
    near = next(group for group in workspace.groups("q2") if len(group.cards) > 1)
    sample = second_sample(
        [n for n, a in workspace.written("q3").items() if a.state == "answered"], "q3"
    )
    twice = workspace.pseudonym(sample[-1])
    return {
        "overview": "/",
        "group of answers": f"/question/q2/card/{near.key}",
        "earlier version": f"/question/q3/card/{card.key}",
        "question": "/question/q3",
        "rubric": "/question/q2/rubric",
        "automatic question": "/question/q1",
        "group of failures": f"/question/q1/failures/{failed.key}",
        "submissions": "/submissions",
        "submission": f"/submission/{first}",
        "look-alikes": "/look-alikes",
        "side by side": f"/look-alikes/{first}/{second}",
        "second marks": "/second",
        "second mark": f"/second/q3/{twice}",
        "agreement": "/agreement/q3",
        "requests": "/requests",
        "settings": "/settings",
        "keys": "/keys",
        "no such page": "/question/none",
    }


def see_nothing_wrong(browser: Browser, site: ServedPage, name: str) -> None:
    page = sign_in(browser, site)
    page.add_init_script("addEventListener('load', () => unfold())" + UNFOLD)
    complaints = find_violations(page, site.origin + addresses(site)[name])
    page.close()
    if name == "no such page":
        complaints = [text for text in complaints if "404" not in text]
    assert complaints == []


UNFOLD = (
    "; function unfold() { for (const d of document.querySelectorAll('details')) d.open = true }"
)
AT_ONCE = ("group of answers",)  # in `make test`, too


@pytest.mark.parametrize("name", AT_ONCE)
def test_a_page_has_nothing_that_keeps_people_out(
    name: str, browser: Browser, site: ServedPage
) -> None:
    see_nothing_wrong(browser, site, name)


@pytest.mark.ci
def test_all_other_pages_have_nothing_that_keeps_people_out(
    browser: Browser, site: ServedPage
) -> None:
    for name in addresses(site):
        if name not in AT_ONCE:
            see_nothing_wrong(browser, site, name)


@pytest.mark.ci
def test_no_page_scrolls_sideways_on_a_small_phone(browser: Browser, site: ServedPage) -> None:
    page = sign_in(browser, site)
    page.set_viewport_size({"width": 320, "height": 640})
    for name, path in addresses(site).items():
        page.goto(site.origin + path)
        page.evaluate("document.querySelectorAll('details').forEach((d) => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    page.close()


def test_a_question_is_marked_by_keyboard_alone(browser: Browser, site: ServedPage) -> None:
    page = sign_in(browser, site)
    page.goto(f"{site.origin}/question/q2")
    status, points = page.locator("#status"), page.locator("output[data-base]")
    page.keyboard.press("n")
    page.wait_for_url("**/card/*")
    first = page.url
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(points).to_have_text("3 of 3")
    page.keyboard.press("2")
    expect(points).to_have_text("2 of 3")
    page.keyboard.press("Enter")
    expect(status).to_contain_text("Saved:")
    expect(status).to_contain_text("2 points")
    assert page.url != first
    second = page.url
    page.keyboard.press("c")
    page.keyboard.type("Say more 1 2 n u.")
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    page.keyboard.press("f")
    expect(page.locator("[data-flagged]")).to_be_visible()
    page.keyboard.press("s")
    expect(status).to_contain_text("Saved and flagged")
    expect(status).to_contain_text("0 points")
    assert page.url == second
    expect(page.locator(".badges .warn", has_text="flagged")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != second)
    third = page.url
    comment = page.get_by_label("Comment for the student")
    page.keyboard.press("r")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".comments button").first).to_be_focused()  # there is one
    expect(comment).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator(".comments")).to_be_hidden()
    expect(comment).to_have_value("")
    page.keyboard.press("r")
    page.keyboard.press("1")
    expect(comment).to_have_value("Say more 1 2 n u.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose an item")
    page.keyboard.press("1")
    page.keyboard.press("a")
    page.keyboard.type("-0.5")
    expect(points).to_have_text("1.5 of 3")
    page.keyboard.press("Control+Enter")
    expect(status).to_contain_text("1.5 points")
    page.keyboard.press("u")
    expect(status).to_contain_text("Undone")
    assert page.url == third
    page.keyboard.press("k")
    page.wait_for_url(second)
    page.keyboard.press("g")
    page.wait_for_url(f"{site.origin}/question/q2")
    page.close()


@pytest.mark.ci
def test_the_keys_are_shown_and_can_be_turned_off(browser: Browser, site: ServedPage) -> None:
    page = sign_in(browser, site, "bob")
    page.goto(f"{site.origin}/question/q3/next")
    first = page.locator("input[data-key='1']")
    first.uncheck()  # it may be a card that is marked already
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("input[data-key='1']")).not_to_be_checked()
    page.keyboard.press("1")
    expect(page.locator("input[data-key='1']")).to_be_checked()
    page.evaluate("delete document.querySelector('form[data-mark]').dataset.changed")
    page.goto(f"{site.origin}/settings")
    page.get_by_label("Let single letters").uncheck()
    page.get_by_role("button", name="Save the settings").click()
    page.goto(f"{site.origin}/question/q3/next")
    first.uncheck()
    page.keyboard.press("1")
    expect(first).not_to_be_checked()
    page.evaluate("delete document.querySelector('form[data-mark]').dataset.changed")
    page.goto(f"{site.origin}/settings")
    page.get_by_label("Let single letters").check()
    page.get_by_role("button", name="Save the settings").click()
    page.close()


@pytest.mark.ci
def test_without_scripts_a_card_is_marked_all_the_same(browser: Browser, site: ServedPage) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address("bob"))
    page.wait_for_url(f"{site.origin}/")
    page.goto(f"{site.origin}/question/q2/next")
    card = page.url
    page.get_by_label("Says that the size stays.").check()
    page.get_by_role("button", name="Save, next").click()
    expect(page.locator("#status")).to_contain_text("Saved:")
    assert page.url.partition("?")[0] != card
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#status")).to_contain_text("Undone:")
    page.get_by_role("link", name="Keys").click()
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    context.close()


def test_saved_is_not_said_when_the_server_does_not_answer(
    browser: Browser, site: ServedPage
) -> None:
    page = sign_in(browser, site)
    page.route("**/card/*", lambda route: route.abort())
    page.goto(f"{site.origin}/question/q2/next")
    before = site.workspace.store.state().last
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("this may not have been saved")
    expect(page.locator("input[data-key='1']")).to_be_checked()
    assert site.workspace.store.state().last == before
    page.unroute("**/card/*")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Saved:")
    page.close()


@pytest.mark.ci
def test_a_conflict_is_shown_without_losing_what_was_chosen(
    browser: Browser, site: ServedPage
) -> None:
    ann, bob = sign_in(browser, site), sign_in(browser, site, "bob")
    ann.goto(f"{site.origin}/question/q2/next")
    bob.goto(ann.url)
    bob.keyboard.press("2")
    bob.keyboard.press("s")
    expect(bob.locator("#status")).to_contain_text("Saved:")
    ann.keyboard.press("1")
    ann.keyboard.press("Enter")
    expect(ann.get_by_role("alert")).to_contain_text("bob")
    expect(ann.locator("input[data-key='1']")).to_be_checked()
    ann.keyboard.press("Enter")
    expect(ann.locator("#status")).to_contain_text("Saved:")
    ann.close()
    bob.close()


@pytest.mark.ci
def test_what_was_unfolded_stays_so_at_the_next_answer(browser: Browser, site: ServedPage) -> None:
    page = sign_in(browser, site)
    page.goto(f"{site.origin}/question/q3/next")
    question = page.locator("details[data-key='p']")
    expect(question).to_have_attribute("open", "")  # at first
    page.keyboard.press("p")
    url = page.url
    page.keyboard.press("n")
    page.wait_for_url(lambda now: now != url)
    expect(question).not_to_have_attribute("open", "")
    question.locator("summary").click()
    page.reload()
    expect(question).to_have_attribute("open", "")
    page.keyboard.press("d")
    expect(page.locator("details[data-key='d'] .outputs").first).to_contain_text("test MSE 13.8")
    page.close()


@pytest.mark.ci
def test_what_is_typed_and_the_total_stay_in_sight(browser: Browser, long: ServedPage) -> None:
    page = sign_in(browser, long)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{long.origin}/question/q2/next")
    shown = ("Save, next Enter", "Skip →", "Next to be marked n", "Undo u")
    for name in (*shown, "Comment c", "Flag f", "Adjust a"):
        expect(page.locator(".actions").get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)
    points, footer = page.locator(".points"), page.locator(".actions")
    for key, text in (("c", "A comment\non two lines."), ("a", "-9")):
        page.keyboard.press(key)
        page.keyboard.type(text)
        field = page.locator(f"[data-key={key}]")
        expect(points).to_be_in_viewport(ratio=1)
        assert below(points) <= above(field) and below(field) <= above(footer)
        assert page.evaluate("scrollY") == 0
        saves = "Save, next Ctrl+Enter" if key == "c" else "Save, next Enter"
        expect(footer.locator(".primary")).to_have_text(saves)
        page.keyboard.press("Escape")
        expect(footer.locator(".primary")).to_have_text("Save, next Enter")
    expect(page.locator("output[data-base]")).to_have_text("0 of 3 (−9, not below 0)")
    expect(page.locator("[data-none]")).to_have_text("No item; the adjustment alone counts")
    page.keyboard.press("d")
    expect(page.locator("#status")).to_have_text("The student has no numbers in this section.")
    page.set_viewport_size({"width": 390, "height": 400})
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_in_viewport(ratio=1)
    page.close()


@pytest.mark.ci
def test_fields_are_reached_and_comments_listed_in_sight(
    browser: Browser, long: ServedPage
) -> None:
    answers = long.workspace.written("q2")
    comments = [f"Comment {number}" for number in range(5)]
    for (name, answer), comment in zip(answers.items(), comments, strict=False):
        mark = MarkChange("mark", name, "q2", Mark(("i0",), comment=comment), answer.digest)
        long.workspace.store.write("ann", [mark])
    page = sign_in(browser, long)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{long.origin}/question/q2/next")
    page.keyboard.press("r")
    listed, footer = page.locator(".comments button"), page.locator(".actions")
    expect(listed).to_have_count(len(comments))
    expect(listed.first).to_be_focused()
    assert below(page.locator(".points")) <= above(listed.first)
    assert below(listed.last) <= above(footer)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Flag f").click()
    expect(page.locator("[data-flagged]")).to_be_visible()
    page.get_by_role("button", name="Adjust a").click()
    expect(page.locator("#adjustment")).to_be_focused()
    page.get_by_role("button", name="Comment c").click()
    expect(page.locator("#comment")).to_be_focused()
    page.evaluate("delete document.querySelector('form[data-mark]').dataset.changed")
    page.close()


@pytest.mark.ci
def test_a_correction_leads_back_to_its_row(browser: Browser, long: ServedPage) -> None:
    page = sign_in(browser, long)
    page.goto(f"{long.origin}/question/q2?show=all")
    rows = page.locator(".cards .choose a")
    rows.last.click()
    page.wait_for_url("**/card/*")
    page.keyboard.press("1")
    page.keyboard.press("s")
    expect(page.locator("#status")).to_contain_text("Saved: ")
    page.keyboard.press("2")
    page.get_by_role("button", name="Save, to the list").press("Control+Enter")
    page.wait_for_url("**/question/q2?show=all*")
    expect(rows.last).to_be_focused()
    expect(rows.last).to_be_in_viewport(ratio=1)
    expect(page.locator(".cards > li").last).to_contain_text("2 points")
    page.keyboard.press("u")
    expect(page.locator("#status")).to_contain_text("Undone: ")
    expect(page.locator("output[data-base]")).to_have_text("1 of 3")
    page.close()


@pytest.fixture
def long(tmp_path: Path) -> Iterator[ServedPage]:
    """A class with a long rubric, and without notebooks."""
    item = "{id: i%d, text: Says this and that of what was asked for in the question., points: 1}"
    items = "\n".join(f"  - {item % number}" for number in range(8))
    with served(small_class(tmp_path / "out", 10, rubrics=f"q2:\n  items:\n{items}\n").out) as page:
        yield page


def above(locator: Locator) -> float:
    return locator.evaluate("(element) => element.getBoundingClientRect().top")


def below(locator: Locator) -> float:
    return locator.evaluate("(element) => element.getBoundingClientRect().bottom")


@pytest.mark.ci
def test_a_failure_of_the_server_says_what_became_of_the_mark(
    browser: Browser, long: ServedPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = sign_in(browser, long)
    page.goto(f"{long.origin}/question/q2/next")
    status, before = page.locator("#status"), page.url
    page.keyboard.press("1")
    with monkeypatch.context() as patch:
        patch.setattr(card_page, "_read_choice", fail)
        page.keyboard.press("Enter")
        expect(status).to_contain_text("This may not have been saved; load the page again to see.")
        expect(page.locator("input[data-key='1']")).to_be_checked()
    with monkeypatch.context() as patch:
        patch.setattr(card_page, "numbers_of", fail)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Saved, but the next page could not be")
    page.reload()
    assert page.url != before
    expect(page.locator(".rubric")).to_be_visible()
    page.close()


def fail(*_: object, **__: object) -> None:
    raise RuntimeError("a defect")
