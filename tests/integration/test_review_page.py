"""The marking page in a real browser: by keyboard alone, for a screen reader, on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chromium import needs_chromium, open_chromium
from marked_class import small_class
from playwright.sync_api import Browser, Page, expect
from review_server import ServedPage, served

pytestmark = [needs_chromium, pytest.mark.xdist_group("browser")]

RUBRICS = """
q2:
  items:
  - {id: size, text: Says that the size stays., points: 2}
  - {id: border, text: Says what happens at the border., points: 1}
  - {id: vague, text: Too vague., points: -1}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    out = tmp_path_factory.mktemp("review") / "out"
    small_class(out, 30, rubrics=RUBRICS)
    with served(out) as page:
        yield page


def sign_in(browser: Browser, site: ServedPage, marker: str = "ann") -> Page:
    page = browser.new_page()
    page.goto(site.address(marker))
    page.wait_for_url(f"{site.origin}/")
    return page


def test_a_question_is_marked_by_keyboard_alone(browser: Browser, site: ServedPage) -> None:
    page = sign_in(browser, site)
    page.goto(f"{site.origin}/question/q2")
    status = page.locator("#status")
    page.keyboard.press("n")
    page.wait_for_url("**/card/*")
    first = page.url
    page.keyboard.press("1")
    page.keyboard.press("2")
    expect(page.locator("output[data-base]")).to_have_text("3 of 3")
    page.keyboard.press("2")
    expect(page.locator("output[data-base]")).to_have_text("2 of 3")
    page.keyboard.press("Enter")
    expect(status).to_contain_text("Saved:")
    expect(status).to_contain_text("2 points")
    assert page.url != first
    page.keyboard.press("c")
    page.keyboard.type("Say more 1 2 n u.")
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    expect(status).to_contain_text("0 points")
    page.keyboard.press("u")
    expect(status).to_contain_text("Undone")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.close()
