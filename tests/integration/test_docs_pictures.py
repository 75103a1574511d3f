"""The pictures of the marking page in the documentation, taken of a class that is the same each time.

A picture that is missing in ``docs/img`` is made: to renew one, remove it and run this test.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chromium import needs_chromium, open_chromium
from conftest import PROJECT, ottermark
from marked_class import MarkedClass, synthesised_class
from PIL import Image
from playwright.sync_api import Page
from review_server import ServedPage, served

from ottermark.audit.answer_files import write_notebooks
from ottermark.marking.store import MarkChange, MarkStore
from ottermark.marking.values import Claim, Flag, Mark

pytestmark = [needs_chromium, pytest.mark.ci, pytest.mark.xdist_group("browser")]

FOLDER = PROJECT / "docs" / "img"
WIDTH, MAX_BYTES, COLOURS = 1100, 150_000, 96
CHEAP = ("blank", "seed_sheet", "thinks_in_squares", "answers_at_the_end")  # nothing is trained
SIZE = 48

KEPT = "Max pooling keeps the largest value of each window"
ANSWERS = (
    f"{KEPT}, so the map gets smaller. What is lost is where in the window the pattern was.",
    f"{KEPT}, so the map gets smaller and later layers need less. Where in the window the pattern was, is lost.",
    f"{KEPT}. We gain a smaller map, and lose the exact place.",
    "It makes the picture smaller by taking the mean of the pixels in a window.",
    "- gained: fewer numbers, less time\n- lost: all but $\\max_i x_i$ of every window",
    "Pooling learns which pixels matter, and keeps them. Nothing is lost.",
)
USUAL = (0, 0, 1, 1, 0, 2, 0, 0, 3, 1, 4, 0, 5, 0, 2)  # the numbers of answers, over and over


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MarkedClass:
    """A class in which pseudonyms, orders and times are the same each time."""
    for path in write_notebooks(
        PROJECT / "assignment/corpus/class", tmp_path / "submissions", PROJECT
    ):
        if path.stem not in CHEAP:
            path.unlink()
    graded = tmp_path / "graded"
    ran = ottermark("grade", tmp_path / "submissions", "-o", graded, "-y", cwd=PROJECT)
    assert ran.code == 0, ran.err
    marked = synthesised_class(tmp_path / "out", graded, SIZE)
    for number, name in enumerate(marked.names[: SIZE - 5]):
        marked.hand_in_again(name, {"q3_1": ANSWERS[USUAL[number % len(USUAL)]]})
    monkeypatch.setattr("ottermark.marking.store._now", lambda: "2026-03-16T19:30:00.000+00:00")
    with monkeypatch.context() as salted:
        salted.setattr("secrets.token_bytes", lambda size: bytes(range(size)))
        MarkStore(marked.out).close()
    return marked


@pytest.fixture
def site(marked: MarkedClass) -> Iterator[ServedPage]:
    with served(marked.out) as page:
        prepare(page)
        yield page


def prepare(site: ServedPage) -> None:
    """Have most of two questions marked, and some of others."""
    workspace, chance = site.workspace, random.Random(4)
    for number, question in enumerate(workspace.written_questions[:5]):
        answers = sorted(workspace.written(question.id).items())
        items = [item.id for item in workspace.rubrics()[question.id].items]
        for name, answer in answers[: (SIZE, SIZE, 31, 0, 5)[number]]:
            chosen = tuple(items[: chance.randrange(4)])
            mark = Mark() if answer.state != "answered" else Mark(chosen)
            change = MarkChange("mark", name, question.id, mark, answer.digest)
            workspace.store.write(("ann", "bob")[chance.random() < 0.4], [change])
        claim = Claim((("ann",), ("ann", "bob"), ("bob",))[number % 3])
        workspace.store.write("ann", [MarkChange("claim", "", question.id, claim)])
    name = workspace.submissions[0]
    flag = MarkChange("flag", name, "q1_4", Flag())
    workspace.store.write("ann", [flag])


def show_overview(page: Page, site: ServedPage) -> int:
    page.goto(f"{site.origin}/")
    return 860


def show_answer(page: Page, site: ServedPage) -> int:
    groups = site.workspace.groups("q3_1")
    (group,) = [group for group in groups if "s0000" in group.members]
    page.goto(f"{site.origin}/question/q3_1/card/{group.key}")
    for key in ("1", "2"):
        page.keyboard.press(key)
    page.get_by_label("Comment for the student").fill("What does the next layer gain from it?")
    page.keyboard.press("Escape")
    return 860


def show_failures(page: Page, site: ServedPage) -> int:
    groups = site.workspace.failure_groups("q2_4")
    group = next(group for group in groups if group.misconceptions)
    page.goto(f"{site.origin}/question/q2_4/failures/{group.key}")
    return 700


PICTURES: dict[str, Callable[[Page, ServedPage], int]] = {
    "marking-overview": show_overview,
    "marking-answer": show_answer,
    "marking-failures": show_failures,
}


def test_the_pictures_show_the_page_as_it_is(site: ServedPage) -> None:
    with open_chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 860}, color_scheme="light")
        page.goto(site.address("ann"))
        page.wait_for_url(f"{site.origin}/")
        for name, show in PICTURES.items():
            height = show(page, site)
            page.mouse.move(0, 0)
            page.set_viewport_size({"width": WIDTH, "height": height})
            content = small(page.screenshot(animations="disabled", caret="hide"))
            assert len(content) <= MAX_BYTES, name
            path = FOLDER / f"{name}.png"
            if not path.exists():
                path.write_bytes(content)
            kept = path.read_bytes()
            assert len(kept) <= MAX_BYTES, name
            with Image.open(io.BytesIO(kept)) as picture:
                assert picture.size == (WIDTH, height), f"{path} is of another page; remove it"


def small(content: bytes) -> bytes:
    """Return a picture with fewer colours, of which text needs few."""
    with Image.open(io.BytesIO(content)) as picture:
        reduced = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    output = io.BytesIO()
    reduced.save(output, "PNG", optimize=True)
    return output.getvalue()
