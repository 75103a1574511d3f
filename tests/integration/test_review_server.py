"""The marking page over a real server and a real store: every page, every form, two markers at once."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import httpx
import pytest
import yaml
from marked_class import SMALL, MarkedClass, _keep, small_class, write_class
from review_server import Client, ServedPage, hidden_fields, path_of, served

from ottermark.batch.ledger import Ledger
from ottermark.files import write_atomically
from ottermark.marking.store import MarkChange
from ottermark.marking.values import Flag, Mark, Override, RegradeRequest
from ottermark.reports.similarity import (
    SIMILAR_FILE,
    SimilarityReport,
    SimilarPair,
    group_pairs,
    results_digest,
)
from ottermark.results.document import CodeFacts, ResultDocument
from ottermark.review import card_page
from ottermark.submissions.candidates import Student
from ottermark.submissions.record import SubmissionRecord

RUBRICS = """
q2:
  items:
  - {id: size, text: Says that the size stays., points: 2}
  - {id: border, text: Says what happens at the border., points: 1}
  - {id: vague, text: Too vague., points: -1}
q3:
  base: 2
  items:
  - {id: wrong, text: Names the mean., points: -1}
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> MarkedClass:
    return small_class(tmp_path_factory.mktemp("review") / "out", 24, rubrics=RUBRICS)


@pytest.fixture
def marked(template: MarkedClass, tmp_path: Path) -> MarkedClass:
    shutil.copytree(template.out, tmp_path / "out")
    answers, kinds = dict(template.answers), dict(template.kinds)
    return replace(template, out=tmp_path / "out", answers=answers, kinds=kinds)


@pytest.fixture
def site(marked: MarkedClass) -> Iterator[ServedPage]:
    with served(marked.out) as page:
        yield page


def saved(page: httpx.Response) -> str:
    """Return what the page says to have been saved."""
    assert page.status_code == 200, page.text
    found = re.search(r'id="status"[^>]*>\s*<p>(.*?)</p>', page.text)
    return found[1] if found else ""


def a_card(client: Client, question: str = "q2") -> httpx.Response:
    return client.get(f"/question/{question}/next")


def members(site: ServedPage, page: httpx.Response) -> list[str]:
    """Return the submissions of the card that a page shows."""
    _, _, question, _, key = path_of(page).split("/")
    (group,) = [g for g in site.workspace.groups(question) if g.key == key]
    return list(group.members)


def save(client: Client, page: httpx.Response, **fields: str | list[str]) -> httpx.Response:
    return client.fill(page, path_of(page), **({"action": "next"} | fields))


# ------------------------------------------------------------------------------- who may


def test_every_page_is_refused_without_a_token(site: ServedPage) -> None:
    stranger, ann = site.client(None), site.client("ann")
    pseudonym = site.workspace.pseudonym(site.workspace.submissions[0])
    other = site.workspace.pseudonym(site.workspace.submissions[1])
    card = path_of(a_card(ann))
    group = site.workspace.failure_groups("q1")[0].key
    pages = [
        *("/", "/keys", "/settings", "/question/q1", "/question/q2", card, "/rubrics.yaml"),
        *("/question/q2/rubric", f"/question/q1/failures/{group}", "/submissions"),
        *(f"/submission/{pseudonym}", "/look-alikes", f"/look-alikes/{pseudonym}/{other}"),
        *("/second", "/second/q2/next", "/agreement/q2", "/requests", "/static/review.css"),
        *("/static/review.js", "/static/icon.svg", "/question/q2?show=stale&find=a&page=9"),
        *("/submissions?find=a&page=0", f"{card}?member=3"),
    ]
    for path in pages:
        assert stranger.get(path).status_code == 403, path
        answer = ann.get(path)
        assert answer.status_code == 200, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert not re.search(r"<style|<script>|\sstyle=|\son\w+=|javascript:", answer.text), path


@pytest.mark.parametrize(
    "path",
    [
        *("/nope", "/question/none", "/question/none/next", "/question/q2/card/none"),
        *("/question/q1/rubric", "/question/q1/next", "/question/q1/failures/none"),
        *("/submission/none", "/look-alikes/none/none", "/second/q1/next", "/second/q2/none"),
        *("/agreement/q1", "/picture/none/text/0", "/static/../app.py", "/static/%2e%2e/app.py"),
        *("/submission/..%2f..%2fmarks.sqlite", "/question/%00", "/picture/x/output/0/0"),
    ],
)
def test_what_there_is_not(site: ServedPage, path: str) -> None:
    assert site.client().get(path).status_code == 404


def test_numbers_in_addresses_may_be_anything(site: ServedPage) -> None:
    ann = site.client()
    card = path_of(a_card(ann))
    group = site.workspace.failure_groups("q1")[0].key
    for number in ("9" * 5000, "-1", "0", "x", "\u0663", "1e3", ""):
        for path in (
            *(f"/question/q2?page={number}", f"/submissions?page={number}", f"/?saved={number}"),
            *(f"/question/q1/failures/{group}?page={number}", f"{card}?member={number}"),
            *(f"/requests?known={number}", f"/question/q2/rubric?rescored={number}"),
        ):
            assert ann.get(path).status_code == 200, path[:60]


@pytest.mark.parametrize(
    "output",
    [None, 3, "x", [], {}, {"data": None}, {"data": []}, {"data": "x"}, {"data": {"image/png": 3}}],
)
def test_outputs_of_any_shape_are_no_picture(
    site: ServedPage, marked: MarkedClass, output: object
) -> None:
    name = marked.names[0]
    cells = [
        {"cell_type": "code", "source": "1", "outputs": [output]},
        {"cell_type": "code", "source": ""},
    ]
    (marked.out / "executed" / f"{name}.ipynb").write_text(json.dumps({"cells": cells}))
    place = f"/picture/{site.workspace.pseudonym(name)}/output"
    for path in (f"{place}/0/0", f"{place}/1/0", f"{place}/0/7"):
        assert site.client().get(path).status_code == 404


def test_a_form_without_its_token_changes_nothing(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page, foreign = a_card(ann), a_card(bob)
    stolen = re.search(r'name="csrf" value="(\w+)"', foreign.text)
    assert stolen
    for csrf in ("", "x", stolen[1]):
        answer = save(ann, page, csrf=csrf, item="size")
        assert answer.status_code == 403
    for origin in (None, "null", "http://evil.example"):
        headers = {} if origin is None else {"origin": origin}
        answer = ann.http.post(path_of(page), data={"item": "size"}, headers=headers)
        assert answer.status_code == 403
    assert site.workspace.store.state().last == 0


def test_a_foreign_host_name_reaches_nothing(site: ServedPage) -> None:
    ann = site.client()
    for host in ("evil.example", f"evil.example:{site.server.port}", "127.0.0.1"):
        assert ann.http.get("/", headers={"host": host}).status_code == 403
    assert ann.http.post("/undo", headers={"host": "evil.example"}).status_code == 403


def test_no_other_method_is_answered(site: ServedPage) -> None:
    ann = site.client()
    for method in ("PUT", "DELETE", "PATCH"):
        answer = ann.http.request(method, "/", headers={"origin": site.origin})
        assert answer.status_code == 405
    assert ann.http.request("TRACE", "/").status_code in (403, 405)


# ------------------------------------------------------------------------------- marking


def test_a_card_is_marked_for_all_its_submissions(site: ServedPage) -> None:
    ann = site.client()
    page = a_card(ann)
    names = members(site, page)
    answer = save(ann, page, item=["size", "vague"], comment="Say why.", adjustment="0,5")
    assert saved(answer).startswith(f"Saved: {len(names)} answer")
    assert path_of(answer) != path_of(page)
    for name in names:
        status = site.workspace.mark_of(name, "q2")
        assert status.placed is not None
        assert status.placed.value == Mark(("size", "vague"), 0.5, "Say why.")
        assert (status.points, status.marker, status.stale) == (1.5, "ann", False)
    events = site.workspace.store.events()
    assert [event.submission for event in events] == names
    assert {event.batch for event in events} == {1}


def test_what_is_not_chosen_is_not_saved(site: ServedPage) -> None:
    ann = site.client()
    page = a_card(ann)
    for fields in ({}, {"comment": "x"}, {"item": "unknown"}, {"adjustment": "x", "item": "size"}):
        answer = save(ann, page, **fields)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert "Saved" not in answer.text
    assert save(ann, page, adjustment="nan", item="size").status_code == 422
    assert save(ann, page, adjustment="99", item="size").status_code == 422
    assert site.workspace.store.state().last == 0


def test_what_was_typed_is_still_there_after_a_problem(site: ServedPage) -> None:
    ann = site.client()
    answer = save(ann, a_card(ann), comment="Half <b>right</b>.", adjustment="z", item="border")
    assert "Half &lt;b&gt;right&lt;/b&gt;." in answer.text
    assert re.search(r'value="border"[^>]*checked', answer.text)


def test_saved_is_said_of_what_is_in_the_store_alone(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    save(bob, a_card(bob), none="yes")
    for number in ("1", "2", "0", "-1", "9" * 30, "x"):
        assert saved(ann.get(f"/?saved={number}&points=3")) == ""
    assert saved(bob.get("/?saved=1&points=<b>")).startswith("Saved: ")
    assert "<b>" not in bob.get("/?saved=1&points=<b>").text.partition("</header>")[2][:200]


def test_undo_takes_back_and_shows_the_card_again(site: ServedPage) -> None:
    ann = site.client()
    page = a_card(ann)
    after = save(ann, page, item="size")
    undone = ann.fill(after, "/undo")
    assert saved(undone).startswith("Undone: ")
    assert path_of(undone) == path_of(page)
    chosen = r'value="size"[^>]*checked'
    assert "not saved: what you chose before Undo" in undone.text
    assert re.search(chosen, undone.text) and not re.search(chosen, ann.get(path_of(page)).text)
    assert all(site.workspace.mark_of(name, "q2").unmarked for name in members(site, page))
    for place in (undone, ann.get("/question/q2"), ann.get("/question/q3/next")):
        again = ann.fill(place, "/undo")
        assert saved(again) == "Nothing to undo in this question."
        assert path_of(again) == path_of(place)
    assert (
        ann.post("/undo", {"csrf": site.access.csrf("ann"), "back": "//evil.example"}).url.path
        == "/"
    )


def test_flags_are_saved_with_or_without_a_mark(site: ServedPage) -> None:
    ann = site.client()
    page = a_card(ann)
    names = members(site, page)
    flagged = saved(save(ann, page, flag="yes", action="stay"))
    assert flagged.startswith(f"Flagged: {len(names)} answer")
    assert all(site.workspace.mark_of(name, "q2").flagged for name in names)
    assert all(site.workspace.mark_of(name, "q2").unmarked for name in names)
    assert f"/card/{path_of(page).rpartition('/')[2]}?" in ann.get("/question/q2?show=flagged").text
    both = saved(save(ann, ann.get(path_of(page)), item="size"))
    assert both.startswith(f"Saved and no longer flagged: {len(names)} answer")
    assert both.endswith(("2 points.", "2 points each."))
    assert not any(site.workspace.mark_of(name, "q2").flagged for name in names)


def test_saved_counts_answers_whatever_is_written_of_each(site: ServedPage) -> None:
    ann = site.client()
    alone = next(g for g in site.workspace.groups("q2") if len(g.members) == 1)
    several = next(g for g in site.workspace.groups("q2") if len(g.members) > 1)
    page = ann.get(f"/question/q2/card/{alone.key}")
    assert (
        saved(save(ann, page, item="border", flag="yes")) == "Saved and flagged: 1 answer, 1 point."
    )
    page = ann.get(f"/question/q2/card/{several.key}")
    count = len(several.members)
    answer = save(ann, page, item="border", flag="yes")
    assert saved(answer) == f"Saved and flagged: {count} answers, 1 point each."
    assert saved(ann.fill(answer, "/undo")) == f"Undone: {count} answers."


def test_a_mark_is_removed(site: ServedPage) -> None:
    ann = site.client()
    page = a_card(ann)
    save(ann, page, item="size")
    answer = save(ann, ann.get(path_of(page)), action="remove")
    assert saved(answer).startswith("Removed: ")
    assert all(site.workspace.mark_of(name, "q2").unmarked for name in members(site, page))


def test_comments_are_offered_again(site: ServedPage) -> None:
    ann = site.client()
    following = save(ann, a_card(ann), item="size", comment="Look at the border.")
    assert '<option value="Look at the border.">' in following.text
    names = members(site, following)
    saved(save(ann, following, item="size", comment="Yes.", reuse="Look at the border."))
    placed = site.workspace.mark_of(names[0], "q2").placed
    assert placed is not None
    assert placed.value.comment == "Yes.\nLook at the border."


def test_blank_and_missing_answers_are_marked_at_once(site: ServedPage) -> None:
    ann = site.client()
    for question in ("q2", "q3"):
        names = site.workspace.without_answer(question)
        assert names
        action = f"/question/{question}/without-answer"
        page = ann.get(f"/question/{question}")
        answer = ann.fill(page, action, comment="No answer.")
        assert saved(answer).startswith(f"Saved: {len(names)} answer")
        for name in names:
            status = site.workspace.mark_of(name, question)
            assert status.points == 0 and status.placed is not None
            assert status.placed.value.comment == "No answer."
        assert f'action="{action}"' not in answer.text


def test_the_first_card_says_which_answers_have_none(site: ServedPage) -> None:
    ann = site.client()
    (first, second, *_), count = listed_cards(ann), len(site.workspace.groups("q2"))
    blank = len(site.workspace.without_answer("q2"))
    page = ann.get(first)
    assert f"card 1 of {count}, in <a" in page.text
    assert f'24 answers to be marked, <a href="/question/q2#blank">{blank} of them' in page.text
    assert "These students get the comment “There is no answer" in page.text
    assert "/without-answer" in ann.get(second).text
    answer = ann.fill(page, "/question/q2/without-answer")
    assert saved(answer) == f"Saved: {blank} answers, 0 points each."
    assert path_of(answer) == first
    assert f"{24 - blank} answers to be marked</p>" in answer.text
    assert "/without-answer" not in answer.text
    assert f"{blank} of 24 answers are marked" in ann.get("/question/q2").text
    assert f"{24 - blank} have a text, on {count} cards" in ann.get("/question/q2").text


def listed_cards(client: Client) -> list[str]:
    return re.findall(r'href="(/question/q2/card/\w+)\?', client.get("/question/q2").text)


def test_a_correction_leads_back_to_its_place_in_the_list(site: ServedPage) -> None:
    ann = site.client()
    first, second, *_ = listed_cards(ann)
    place = "?show=flagged&find=&page=1"
    after = save(ann, ann.get(first), item="size", flag="yes")
    assert path_of(after) != "/question/q2"
    page = ann.get(first + place)
    assert f'href="/question/q2{place}&row={first[18:]}"'.replace("&", "&amp;") in page.text
    assert "Save, to the list" in page.text and "Save, next" in ann.get(second + place).text
    answer = ann.post(
        first + place,
        hidden_fields(page.text, first) | {"action": "next", "item": "border", "flag": "yes"},
    )
    assert saved(answer).startswith("Saved")
    assert answer.url.path == "/question/q2"
    assert answer.url.params["show"] == "flagged"
    assert answer.url.params["row"] == first[18:]
    assert f'id="card-{first[18:]}"' in answer.text and second not in answer.text
    following = ann.post(
        second + place,
        hidden_fields(ann.get(second).text, second) | {"action": "next", "item": "size"},
    )
    assert "/card/" in following.url.path and following.url.path != second


def test_a_card_of_several_answers_leads_to_each_submission(site: ServedPage) -> None:
    group = max(site.workspace.groups("q2"), key=lambda group: len(group.members))
    assert len(group.members) > 1
    text = site.client().get(f"/question/q2/card/{group.key}").text
    linked = set(re.findall(r'href="/submission/([^"]*)"', text))
    assert linked == {site.workspace.pseudonym(name) for name in group.members}


def test_all_cards_are_reached_once_in_an_order_of_each_marker(site: ServedPage) -> None:
    orders = {}
    for marker in ("ann", "bob"):
        client = site.client(marker)
        listed = re.findall(r'href="/question/q2/card/(\w+)\?', client.get("/question/q2").text)
        orders[marker] = listed
    keys = {group.key for group in site.workspace.groups("q2")}
    assert set(orders["ann"]) == set(orders["bob"]) == keys
    assert orders["ann"] != orders["bob"]
    ann, page, seen = site.client("ann"), None, []
    page = a_card(ann)
    while "/card/" in path_of(page):
        seen.append(path_of(page).rpartition("/")[2])
        page = save(ann, page, item="size")
    assert sorted(seen) == sorted(keys)
    blank = len(site.workspace.without_answer("q2"))
    unmarked = f"every text is marked; {blank} blank or missing answers are not"
    for text in (page.text, ann.get(f"/question/q2/card/{seen[0]}").text):
        assert unmarked in text and "every answer is marked" not in text
    page = ann.fill(page, "/question/q2/without-answer", comment="None.")
    assert unmarked not in page.text and "every answer is marked" in page.text


def test_nobody_is_named_unless_asked_for(site: ServedPage) -> None:
    ann = site.client()
    for path in ("/question/q2", path_of(a_card(ann)), "/submissions", "/question/q1"):
        text = ann.get(path).text
        assert not re.search(r"\bs00\d\d\b|Student \d|student\d", text), path
    ann.fill(ann.get("/settings"), "/settings", names="yes", keys="yes")
    assert "Student 0 (s0000)" in ann.get("/submissions").text
    assert "Student 0" not in site.client("bob").get("/submissions").text


# ------------------------------------------------------------------------------- failures


def fail(*_: object, **__: object) -> None:
    raise RuntimeError("a defect at /home/ann")


def fail_to_find(*_: object) -> None:
    raise KeyError("a defect")


@pytest.mark.parametrize("defect", [fail, fail_to_find])
def test_a_failure_after_the_store_has_it_says_saved(
    site: ServedPage, monkeypatch: pytest.MonkeyPatch, defect: Callable[..., None]
) -> None:
    ann = site.client()
    page = a_card(ann)
    monkeypatch.setattr(card_page, "next_card", defect)
    answer = save(ann, page, item="size")
    assert answer.status_code == 500
    assert "Saved, but the next page could not be shown; load the page again." in answer.text
    assert all(site.workspace.mark_of(name, "q2").points == 2 for name in members(site, page))


def test_a_next_page_that_fails_says_saved(
    site: ServedPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = site.client()
    page = a_card(ann)
    monkeypatch.setattr(card_page, "numbers_of", fail)
    answer = save(ann, page, item="size")
    assert answer.status_code == 500 and path_of(answer) != path_of(page)
    assert "Saved, but the next page could not be shown; load the page again." in answer.text


def test_a_failure_is_a_page_that_leads_back(
    site: ServedPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = site.client()
    page = a_card(ann)
    monkeypatch.setattr(card_page, "_read_choice", fail)
    monkeypatch.setattr(card_page, "numbers_of", fail)
    shown, posted = ann.get(path_of(page)), save(ann, page, item="size")
    assert "This page could not be shown; load it again." in shown.text
    assert "This may not have been saved; load the page again to see." in posted.text
    for answer in (shown, posted):
        assert answer.status_code == 500
        assert '<a class="button" href="/">Overview</a>' in answer.text
        assert "RuntimeError" not in answer.text and "/home" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert site.workspace.store.state().last == 0


# ------------------------------------------------------------------------------- two markers


def test_nobody_overwrites_anybody_unseen(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page = a_card(ann)
    place = path_of(page)
    saved(save(bob, bob.get(place), item="border", comment="Bob's."))
    answer = save(ann, page, item=["size", "vague"], comment="Ann's.")
    assert answer.status_code == 409
    assert "<b>bob</b>" in answer.text
    assert "gave 1 of 3 points for “Says what happens at the border.”" in answer.text
    assert "wrote “Bob&#39;s.”" in answer.text
    assert "Ann&#39;s.</textarea>" in answer.text  # her own choice is still there
    assert re.search(r'value="size"[^>]*checked', answer.text)
    for name in members(site, page):
        assert site.workspace.mark_of(name, "q2").marker == "bob"
    # having seen it, she may replace it
    again = ann.fill(answer, place, item="size", comment="Ann's.", action="next")
    assert saved(again).startswith("Saved: ")
    for name in members(site, page):
        assert site.workspace.mark_of(name, "q2").marker == "ann"


def test_a_conflict_names_who_marked_and_not_who_was_there_last(site: ServedPage) -> None:
    ann, bob, store = site.client("ann"), site.client("bob"), site.workspace.store
    page = a_card(ann)
    name = members(site, page)[0]
    save(bob, bob.get(path_of(page)), item="border")
    store.write("cy", [MarkChange("second", name, "q2", Mark(("size",)))])
    store.write("cy", [MarkChange("request", name, "q2", RegradeRequest("Why?"))])
    answer = save(ann, page, item="size")
    assert answer.status_code == 409
    assert "<b>bob</b>" in answer.text and "<b>cy</b>" not in answer.text
    seen = bob.get(path_of(page))
    store.write("cy", [MarkChange("flag", name, "q2", Flag())])
    answer = save(bob, seen, item="size")
    assert answer.status_code == 409
    assert re.search(r"<b>cy</b>, [^:]*:\d\d UTC:\s+flagged it\.", answer.text)
    # the rubric that holds is ann's, but it was bob who went back to it
    place = "/question/q2/rubric"
    editor = ann.get(place)
    for client, note in ((ann, "A"), (bob, "B")):
        client.fill(client.get(place), place, base="earn", note=note, **rubric_form(editor))
    bob.fill(bob.get(place), "/undo")
    late = ann.fill(editor, place, base="earn", note="C", **rubric_form(editor))
    assert late.status_code == 409
    assert "bob took back that they changed the rubric (q2, 20" in late.text


def test_a_mark_that_was_taken_back_is_no_less_seen(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page = a_card(ann)
    bob.fill(save(bob, bob.get(path_of(page)), item="border"), "/undo")
    answer = save(ann, page, item="size")
    assert answer.status_code == 409
    assert "took the mark back" in answer.text


def test_a_second_window_of_the_same_marker_is_told_too(site: ServedPage) -> None:
    ann = site.client("ann")
    page = a_card(ann)
    save(ann, page, item="size")
    answer = save(ann, page, item="border")
    assert answer.status_code == 409
    assert "(you, in another window)" in answer.text


def test_undo_does_not_take_back_what_somebody_changed_since(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page = a_card(ann)
    following = save(ann, page, item="size")
    save(bob, bob.get(f"{path_of(page)}?shown=yes"), item="border")
    answer = ann.fill(following, "/undo")
    assert answer.status_code == 409
    assert "bob marked the answer (q2 of " in answer.text
    assert not re.search(r"\bs00\d\d\b", answer.text)
    for name in members(site, page):
        assert site.workspace.mark_of(name, "q2").marker == "bob"


def test_undo_gives_a_mark_back_to_whoever_gave_it(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page = a_card(ann)
    save(ann, page, item="size")
    place = f"{path_of(page)}?shown=yes"
    undone = bob.fill(save(bob, bob.get(place), item="border"), "/undo")
    assert saved(undone).startswith("Undone")
    for name in members(site, page):
        status = site.workspace.mark_of(name, "q2")
        assert (status.marker, status.points) == ("ann", 2)
    assert "marked by ann: 2 points" in bob.get(place).text


def test_undo_on_a_question_covers_no_other_question(site: ServedPage) -> None:
    ann, name = site.client("ann"), site.workspace.submissions[0]
    imported = [MarkChange("mark", name, id, Mark(points=1)) for id in ("q2", "q3")]
    site.workspace.store.write("ann", imported, "imported from marks.csv")
    assert saved(ann.fill(ann.get("/question/q2"), "/undo")) == "Undone: 1 answer."
    assert set(site.workspace.store.state().marks) == {(name, "q3")}


def test_an_answer_that_is_graded_again_meanwhile_is_not_marked_unseen(
    site: ServedPage, marked: MarkedClass
) -> None:
    ann = site.client()
    page = a_card(ann)
    name = members(site, page)[0]
    marked.hand_in_again(name, {"q2": "Something else altogether, about colours."})
    answer = save(ann, page, item="size", comment="I typed this.")
    assert answer.status_code in (404, 422)  # the card is gone, or has fewer answers
    assert "I typed this.</textarea>" in answer.text
    assert site.workspace.store.state().last == 0


def test_a_mark_on_an_earlier_version_is_shown_with_the_difference(
    site: ServedPage, marked: MarkedClass
) -> None:
    ann = site.client()
    page = a_card(ann)
    name = members(site, page)[0]
    before = marked.answers[name, "q2"]
    save(ann, page, item="size")
    marked.hand_in_again(name, {"q2": f"{before} quagga"})
    status = site.workspace.mark_of(name, "q2")
    assert status.stale and status.points == 2  # it still counts
    assert "1 on an earlier version" in ann.get("/").text
    (group,) = [g for g in site.workspace.groups("q2") if name in g.members]
    shown = ann.get(f"/question/q2/card/{group.key}")
    assert "marked on an earlier version" in shown.text
    assert re.search(r"<ins>[^<]*quagga</ins>", shown.text)
    saved(save(ann, shown, item="border"))
    assert not site.workspace.mark_of(name, "q2").stale


# ------------------------------------------------------------------------------- groups and rubrics


def test_groups_are_merged_named_and_split(site: ServedPage) -> None:
    ann = site.client()
    page = ann.get("/question/q2")
    keys = re.findall(r'name="key" value="(\w+)"', page.text)[:2]
    sizes = {g.key: len(g.members) for g in site.workspace.groups("q2")}
    action = "/question/q2/groups"
    page = ann.fill(page, action, key=keys, action="merge")
    assert saved(page)
    (group,) = [g for g in site.workspace.groups("q2") if keys[0] in [c.key for c in g.cards]]
    assert len(group.members) == sizes[keys[0]] + sizes[keys[1]]
    page = ann.fill(page, action, key=group.key, action="name", name=" about <b> ")
    assert saved(page)
    assert "about &lt;b&gt;" in page.text
    card = ann.get(f"/question/q2/card/{group.key}")
    assert saved(ann.fill(card, action, card=group.cards[-1].key, action="split"))
    after = [
        g for g in site.workspace.groups("q2") if group.cards[-1].key in [c.key for c in g.cards]
    ]
    assert len(after) == 1 and len(after[0].members) < len(group.members)


def test_groups_that_somebody_changed_are_not_changed_unseen(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page = ann.get("/question/q2")
    keys = re.findall(r'name="key" value="(\w+)"', page.text)
    saved(bob.fill(bob.get("/question/q2"), "/question/q2/groups", key=keys[:2], action="merge"))
    answer = ann.fill(page, "/question/q2/groups", key=keys[2:4], action="merge")
    assert answer.status_code == 422
    # one of the two may be a group already, in the order that a marker gets
    assert re.search(r"bob put \d+ different answers into other groups \(q2, 20", answer.text)
    card = site.workspace.groups("q2")[0]
    saved(
        bob.fill(
            bob.get("/question/q2"),
            "/question/q2/groups",
            key=card.key,
            action="name",
            name="Depth",
        )
    )
    answer = ann.fill(page, "/question/q2/groups", key=keys[2:4], action="merge")
    assert "bob named a group “Depth” (q2, 20" in answer.text
    bob.fill(bob.get(f"/question/q2/card/{card.key}"), "/undo")
    answer = ann.fill(page, "/question/q2/groups", key=keys[2:4], action="merge")
    assert "bob took back that they named a group “Depth” (q2, 20" in answer.text
    assert ann.fill(page, "/question/q2/groups", action="merge").status_code == 422


def rubric_form(page: httpx.Response) -> dict[str, list[str]]:
    return {
        "id": re.findall(r'name="id" value="([^"]*)"', page.text),
        "text": re.findall(r'name="text" maxlength="500" value="([^"]*)"', page.text),
        "points": re.findall(r'name="points" value="([^"]*)"', page.text),
    }


def test_a_changed_item_scores_all_answers_again(site: ServedPage) -> None:
    ann = site.client()
    page = a_card(ann)
    names = members(site, page)
    save(ann, page, item="size")
    editor = ann.get("/question/q2/rubric")
    form = rubric_form(editor)
    form["points"][0] = "1,5"
    form["text"][3], form["points"][3] = "Draws a picture.", "1.5"
    answer = ann.fill(editor, "/question/q2/rubric", base="earn", note="Be kind.", **form)
    assert saved(answer) == "Saved: 1 rubric."
    assert f"{len(names)} answer" in answer.text
    for name in names:
        assert site.workspace.mark_of(name, "q2").points == 1.5
    text = ann.get("/rubrics.yaml")
    exported = yaml.safe_load(text.text)
    assert exported["q2"]["items"][0] == {
        "id": "size",
        "points": 1.5,
        "text": "Says that the size stays.",
    }
    assert exported["q2"]["items"][3]["id"] == "draws-a-picture"
    assert exported["q2"]["note"] == "Be kind."
    assert "attachment" in text.headers["content-disposition"]
    undone = ann.fill(answer, "/undo")
    assert saved(undone) == "Undone: 1 rubric."
    assert site.workspace.mark_of(names[0], "q2").points == 2


def test_a_rubric_that_cannot_be_is_not_saved(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    editor = ann.get("/question/q2/rubric")
    for points, base, removed in (
        ("x", "earn", ""),
        ("0.5", "earn", ""),  # the items do not reach the question's points
        ("2", "earn", "size"),
        ("2", "lose", "vague"),  # no item loses any
    ):
        form = rubric_form(editor)
        form["points"][0] = points
        fields: dict[str, str | list[str]] = {"base": base, "remove": removed, **form}
        answer = ann.fill(editor, "/question/q2/rubric", **fields)
        assert answer.status_code == 422, (points, base)
        assert 'role="alert"' in answer.text
    saved(
        bob.fill(
            bob.get("/question/q2/rubric"),
            "/question/q2/rubric",
            base="earn",
            note="B",
            **rubric_form(editor),
        )
    )
    answer = ann.fill(editor, "/question/q2/rubric", base="earn", note="A", **rubric_form(editor))
    assert answer.status_code == 409
    assert "bob" in answer.text
    assert site.workspace.rubrics()["q2"].note == "B"


def test_a_new_item_is_not_taken_for_one_that_was_removed(site: ServedPage) -> None:
    ann = site.client()
    page = a_card(ann)
    names = members(site, page)
    place = "/question/q2/rubric"
    form = rubric_form(ann.get(place))
    form["text"][3], form["points"][3] = "Draws a picture.", "2"
    ann.fill(ann.get(place), place, base="earn", **form)
    save(ann, ann.get(path_of(page)), item="draws-a-picture")
    assert site.workspace.mark_of(names[0], "q2").points == 2
    editor = ann.get(place)
    ann.fill(editor, place, base="earn", remove="draws-a-picture", **rubric_form(editor))
    assert site.workspace.mark_of(names[0], "q2").points == 0
    form = rubric_form(ann.get(place))
    form["text"][3], form["points"][3] = "Draws a picture.", "1"
    assert saved(ann.fill(ann.get(place), place, base="earn", **form))
    ids = [item.id for item in site.workspace.rubrics()["q2"].items]
    assert ids == ["size", "border", "vague", "draws-a-picture-2"]
    assert site.workspace.mark_of(names[0], "q2").points == 0


def test_a_form_of_an_earlier_rubric_is_refused_and_keeps_the_choice(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page, place = a_card(ann), "/question/q2/rubric"
    name = members(site, page)[0]
    editor = bob.get(place)
    form = rubric_form(editor)
    form["text"][3], form["points"][3] = "Draws a picture.", "1"
    saved(bob.fill(editor, place, base="earn", remove="border", **form))
    answer = save(ann, page, item=["size", "border"], comment="Both.")
    assert answer.status_code == 409
    assert "the rubric has changed since the page was opened" in answer.text
    assert "What is gone from it: border." in answer.text
    assert re.search('value="size"[^>]*checked', answer.text) and "Both.</textarea>" in answer.text
    assert site.workspace.mark_of(name, "q2").unmarked
    again = ann.fill(answer, path_of(page), item="size", comment="Both.", action="next")
    assert saved(again).startswith("Saved: ")
    page = again
    while "/card/" in path_of(page):
        page = save(ann, page, item="size")
    page = bob.get("/second/q2/next")
    editor = ann.get(place)
    saved(ann.fill(editor, place, base="lose", **rubric_form(editor)))
    answer = save(bob, page, item="size", comment="Mine.")
    assert answer.status_code == 409 and "Mine.</textarea>" in answer.text
    assert "the rubric has changed" in answer.text
    assert not site.workspace.store.state().seconds


def test_who_marks_a_question_is_noted(site: ServedPage) -> None:
    ann = site.client()
    answer = ann.fill(ann.get("/question/q2"), "/question/q2/claim", marker=["bob"], other="Cem, ,")
    assert saved(answer)
    assert site.workspace.store.state().claims["q2"].value.markers == ("bob", "Cem")
    assert "bob, Cem" in ann.get("/").text


# ------------------------------------------------------------------------------- tests' points


def failures(site: ServedPage) -> tuple[str, list[str]]:
    (group,) = [g for g in site.workspace.failure_groups("q1") if g.failed]
    return f"/question/q1/failures/{group.key}", list(group.members)


def test_a_whole_group_is_given_other_points(site: ServedPage) -> None:
    ann = site.client()
    place, names = failures(site)
    page = ann.get(place)
    assert "swapped height and width" in page.text
    assert "pair" in page.text and "Count again." in page.text
    answer = ann.fill(
        page, place, whole="yes", points="2", reason="The text was unclear.", action="save"
    )
    assert saved(answer).startswith(f"Saved: {len(names)} override")
    for name in names:
        status = site.workspace.override_of(name, "q1")
        assert status.placed is not None and status.placed.value == Override(
            2, "The text was unclear."
        )
        assert status.points == 2 and not status.stale
    assert {event.reason for event in site.workspace.store.events()} == {"The text was unclear."}
    back = ann.fill(answer, place, whole="yes", action="remove")
    assert saved(back).startswith("Removed: ")
    assert site.workspace.override_of(names[0], "q1").points == 0


def test_one_submission_is_given_other_points(site: ServedPage) -> None:
    ann = site.client()
    place, names = failures(site)
    pseudonym = site.workspace.pseudonym(names[1])
    page = ann.get(place)
    saved(ann.fill(page, place, submission=pseudonym, points="4", reason="Right.", action="save"))
    state = site.workspace.store.state()
    assert list(state.overrides) == [(names[1], "q1")]
    late = ann.fill(page, place, submission=pseudonym, points="1", reason="No.", action="save")
    assert late.status_code == 409
    assert f"ann (you, in another window) changed the points (q1 of {pseudonym}, 20" in late.text


def test_the_difference_of_several_cells_is_what_was_changed(
    template: MarkedClass, tmp_path: Path
) -> None:
    with Ledger(template.out) as ledger:
        standing = ledger.standing("s0001")
    assert standing is not None
    document = ResultDocument.from_json(standing[1])

    def with_code(*sources: str) -> ResultDocument:
        cells = [CodeFacts(cell=number, source=source) for number, source in enumerate(sources)]
        facts = document.facts.model_copy(update={"code": {"q1": cells}})
        score = float(len("".join(sources)))
        return document.model_copy(update={"extra_data": facts, "score": score})

    marked = write_class(tmp_path / "out", SMALL, [with_code("a = 1", "b = 2")], size=1)
    with served(marked.out) as site:
        ann = site.client()
        place = f"/question/q1/failures/{site.workspace.failure_groups('q1')[0].key}"
        ann.fill(ann.get(place), place, points="1", reason="So.", whole="yes", action="save")
        with Ledger(marked.out) as ledger:
            _keep(ledger, with_code("a = 1", "b = 2 + 1"), [], "s0000")
        text = ann.get(place).text
    assert "decided on earlier code" in text
    shown = re.search(r'<pre class="diff"[^>]*>(.*?)</pre>', text, re.S)
    assert shown and shown[1] == "a = 1\n\nb = 2<ins> + 1</ins>"


@pytest.mark.parametrize(
    "fields",
    [
        {"points": "2", "reason": "", "whole": "yes"},
        {"points": "", "reason": "x", "whole": "yes"},
        {"points": "5", "reason": "x", "whole": "yes"},
        {"points": "-1", "reason": "x", "whole": "yes"},
        {"points": "nan", "reason": "x", "whole": "yes"},
        {"points": "2", "reason": "x"},
        {"points": "2", "reason": "x", "whole": "yes", "version": "0"},
    ],
)
def test_points_without_sense_or_reason_are_not_saved(
    site: ServedPage, fields: dict[str, str]
) -> None:
    ann = site.client()
    place, _ = failures(site)
    answer = ann.fill(ann.get(place), place, action="save", **fields)
    assert answer.status_code == 422
    assert site.workspace.store.state().last == 0


def test_a_reason_is_still_there_after_a_problem(site: ServedPage) -> None:
    ann = site.client()
    place, names = failures(site)
    pseudonym = min(map(site.workspace.pseudonym, names))  # so that it is on the first page
    fields = {"reason": "The <b>text</b>.", "submission": pseudonym, "action": "save"}
    page = ann.get(place)
    refused = ann.fill(page, place, points="9", whole="yes", **fields)
    ann.fill(page, place, points="1", **fields)
    late = ann.fill(page, place, points="2", **fields)
    assert (refused.status_code, late.status_code) == (422, 409)
    for answer, points in ((refused, "9"), (late, "2")):
        assert "The &lt;b&gt;text&lt;/b&gt;.</textarea>" in answer.text
        assert re.search(f'name="points" value="{points}"', answer.text)
        assert f'value="{pseudonym}" checked' in answer.text
    assert 'value="yes" checked' in refused.text and 'value="yes" checked' not in late.text


# ------------------------------------------------------------------------------- second marks


def test_a_sample_is_marked_blind_by_somebody_else(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page = a_card(ann)
    while "/card/" in path_of(page):
        page = save(ann, page, item="size", comment="ANN WAS HERE")
    assert "somebody else has to" in ann.get("/second").text
    assert path_of(ann.get("/second/q2/next")) == "/agreement/q2"
    page = bob.get("/second/q2/next")
    count = 0
    while path_of(page).startswith("/second/q2/"):
        assert "ANN WAS HERE" not in page.text and "ann" not in page.text.partition("<main")[2]
        count += 1
        chosen = ["size", "border"] if count == 1 else ["size"]
        page = save(bob, page, item=chosen)
    assert count >= 8
    agreement = bob.get("/agreement/q2").text
    assert f"answers marked twice</dt><dd>{count}</dd>" in agreement
    assert "Where they differ" in agreement
    assert len(site.workspace.store.state().seconds) == count
    # the marks that count are the first ones
    assert {p.marker for p in site.workspace.store.state().marks.values()} == {"ann"}


def test_the_agreement_is_about_those_who_are_still_there(site: ServedPage) -> None:
    store, name = site.workspace.store, site.workspace.submissions[0]

    def mark(kind: Literal["mark", "second"], marker: str, submission: str, *items: str) -> None:
        store.write(marker, [MarkChange(kind, submission, "q2", Mark(items))])

    for submission in (name, "gone"):
        mark("mark", "cy", submission, "size")  # who marks no more
        mark("second", "ann", submission, "border")
    page = site.client().get("/agreement/q2")
    assert page.status_code == 200
    assert "answers marked twice</dt><dd>1</dd>" in page.text
    assert page.text.count("2 and 1 points") == 1
    mark("mark", "ann", name, "vague")  # one person twice
    text = site.client().get("/agreement/q2").text
    assert "answers marked twice</dt><dd>0</dd>" in text and "Where they differ" not in text


def test_a_second_mark_is_not_overwritten_unseen(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page = a_card(ann)
    while "/card/" in path_of(page):
        page = save(ann, page, item="size")
    page = bob.get("/second/q2/next")
    save(bob, page, item="size")
    assert save(bob, page, item="border").status_code == 409
    assert save(bob, bob.get("/second/q2/next")).status_code == 422


# ------------------------------------------------------------------------------- requests


def test_a_request_is_entered_answered_and_kept(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page = ann.get("/requests")
    page = ann.fill(
        page, "/requests", submission="student3@example.org", question="q2", text="Please **look**."
    )
    assert saved(page) == "Saved: 1 request."
    assert "<strong>look</strong>" in page.text
    assert "1 open regrade request" in ann.get("/").text
    (thread,) = site.workspace.store.state().requests
    older = bob.get("/requests")
    page = ann.fill(page, f"/requests/{thread}", text="It is right as it is.", action="close")
    assert saved(page) == "Saved: 1 reply."
    assert "No request is open." in page.text and "It is right as it is." in page.text
    assert "regrade request</a>" not in ann.get("/").text
    late = bob.fill(older, f"/requests/{thread}", text="No.", action="close")
    assert late.status_code == 409
    assert f"ann answered the request (q2 of {site.workspace.pseudonym('s0003')}, 20" in late.text
    assert "No.</textarea>" in late.text
    page = ann.fill(page, f"/requests/{thread}", action="keep_open")
    assert "No request is open." not in page.text


@pytest.mark.parametrize(
    "fields",
    [
        {"submission": "nobody", "question": "q2", "text": "x"},
        {"submission": "s0001", "question": "q2", "text": " "},
        {"submission": "", "question": "q2", "text": "x"},
    ],
)
def test_a_request_without_sense_is_not_entered(site: ServedPage, fields: dict[str, str]) -> None:
    ann = site.client()
    answer = ann.fill(ann.get("/requests"), "/requests", **fields)
    assert answer.status_code == 422
    assert f'name="submission" size="30" value="{fields["submission"]}"' in answer.text
    assert 'value="q2" selected' in answer.text
    assert f"{fields['text'].strip()}</textarea>" in answer.text
    assert site.workspace.store.state().last == 0


def test_requests_come_from_a_file(site: ServedPage) -> None:
    ann = site.client()
    data = {"csrf": site.access.csrf("ann")}

    def upload(content: str) -> httpx.Response:
        return ann.http.post(
            "/requests/csv",
            data=data,
            files={"file": ("r.csv", content.encode())},
            headers={"origin": site.origin},
            follow_redirects=True,
        )

    rows = "submission,question,text\ns0001,q2,Please look.\ns0002,q1,And here.\n"
    assert saved(upload(rows)) == "Saved: 2 requests."
    again = upload(rows)
    assert saved(again) == "" and "2 requests were here already" in again.text
    bad = upload("submission,question,text\nnobody,q2,x\n")
    assert bad.status_code == 422
    assert "The file, line 2: no submission is called" in bad.text and "/tmp" not in bad.text
    assert upload("\0\xff\xfe").status_code == 422
    assert ann.fill(ann.get("/requests"), "/requests/csv").status_code == 422
    assert len(site.workspace.store.state().requests) == 2


# ------------------------------------------------------------------------------- other pages


def test_who_has_handed_in_alone_later_is_not_named_with_the_group(
    site: ServedPage, marked: MarkedClass
) -> None:
    amy, ben = (Student(name, f"{name}@example.org", name) for name in ("amy", "ben"))
    records = {
        name: SubmissionRecord(students, name, f"2026-03-{day}T12:00:00+00:00", platform="canvas")
        for name, students, day in (("s0000", (amy, ben), "09"), ("s0001", (ben,), "10"))
    }
    with Ledger(marked.out) as ledger:
        ledger.note_records(records)
    ann = site.client()
    ann.fill(ann.get("/settings"), "/settings", names="yes", keys="yes")
    listed = ann.get("/submissions").text
    assert "amy (s0000)" in listed and "ben (s0001)" in listed
    form = {"submission": "ben@example.org", "question": "q2", "text": "Please look."}
    assert "q2, ben (s0001)" in ann.fill(ann.get("/requests"), "/requests", **form).text


def test_look_alikes_of_earlier_notebooks_are_said_to_be(
    site: ServedPage, marked: MarkedClass
) -> None:
    def compare(second: str) -> None:
        groups = group_pairs([SimilarPair("s0001", second, 0.9, 12, "x = 1")])
        results = results_digest(site.workspace.result_keys)
        text = SimilarityReport(groups, results=results).to_json()
        write_atomically(marked.out / SIMILAR_FILE, text)

    ann, older = site.client(), "Submissions have been graded since they were compared"
    names = {name: site.workspace.pseudonym(name) for name in ("s0001", "s0003", "s0004")}
    pair = f"/look-alikes/{names['s0001']}/{names['s0003']}"
    compare("s0003")
    for path in ("/look-alikes", pair):
        assert older not in ann.get(path).text and "90 %" in ann.get(path).text
    marked.hand_in_again("s0001", scores={"q1": 1})
    for path in ("/look-alikes", pair):
        assert older in ann.get(path).text and "90 %" in ann.get(path).text
    for path in ("/", f"/submission/{names['s0003']}"):
        assert "compared before the last grading" in ann.get(path).text
    compare("s0004")  # as at the end of a run, when nothing else changes
    page = ann.get("/look-alikes").text
    assert older not in page and names["s0004"] in page and names["s0003"] not in page


def test_a_submission_that_left_the_class_keeps_its_request(
    site: ServedPage, marked: MarkedClass
) -> None:
    ann = site.client()
    site.workspace.store.write("ann", [MarkChange("mark", "gone", "q2", Mark(("size",)))])
    site.workspace.store.write("ann", [MarkChange("request", "gone", "q2", RegradeRequest("x"))])
    assert "a submission that has left the class" in ann.get("/requests").text
    assert ann.get("/").status_code == 200


def test_a_large_request_is_refused(site: ServedPage) -> None:
    ann = site.client()
    answer = ann.http.post("/undo", content=b"x" * 7_000_000, headers={"origin": site.origin})
    assert answer.status_code == 413


def test_texts_that_cannot_be_stored_do_no_harm(site: ServedPage) -> None:
    ann = site.client()
    page = a_card(ann)
    answer = save(ann, page, item="size", comment="a\x00b \u202e c \r\n d")
    assert saved(answer).startswith("Saved: ")
    shown = ann.get(path_of(page)).text
    assert "\x00" not in shown and "\u202e" not in shown


def test_no_page_shows_a_first_mark_to_who_is_to_mark_again(site: ServedPage) -> None:
    ann, bob = site.client("ann"), site.client("bob")
    page = a_card(ann)
    while "/card/" in path_of(page):
        page = save(ann, page, item="size", adjustment="0.37", comment="ANN WAS HERE", flag="yes")
    pseudonym = path_of(bob.get("/second/q2/next")).rpartition("/")[2]
    name = site.workspace.submission_of(pseudonym)
    request = {"submission": name, "question": "q2", "text": "Why?"}
    ann.fill(ann.get("/requests"), "/requests", **request)
    (group,) = [g for g in site.workspace.groups("q2") if name in g.members]
    card = f"/question/q2/card/{group.key}"
    pages = (card, f"/submission/{pseudonym}", "/requests")
    for path in pages:
        assert "2.37" in ann.get(path).text, path
        assert not re.search("2.37|ANN|<form[^>]*data-mark", bob.get(path).text), path
    assert re.search('href="/second/q2/[^"]*" data-key="Enter"', bob.get(card).text)
    badges = re.search(rf'href="{card}[?"].*?</li>', bob.get("/question/q2").text, re.S)
    assert badges and "a second mark is wanted" in badges[0] and "2.37" not in badges[0]
    row = re.search(rf"/submission/{pseudonym}.*?</tr>", bob.get("/submissions").text, re.S)
    assert row and "hidden" in row[0]
    # who asks sees it, and may replace it
    shown = bob.get(f"{card}?shown=yes")
    assert "2.37" in shown.text and "ANN WAS HERE" in shown.text
    # and so does who has marked it, with all of the sample that is on the same card
    while path_of(page := bob.get("/second/q2/next")).startswith("/second/q2/"):
        save(bob, page, item="size")
    assert all("2.37" in bob.get(path).text for path in pages)


def test_blank_and_missing_answers_can_be_marked_like_any_other(site: ServedPage) -> None:
    ann = site.client()
    names = site.workspace.without_answer("q2")
    assert len(names) > 1
    page = ann.get("/question/q2/card/no-answer")
    assert "There is no answer to this question." in page.text
    answer = save(ann, page, item="border", comment="I saw it on paper.", action="stay")
    assert saved(answer) == f"Saved: {len(names)} answers, 1 point each."
    assert {site.workspace.mark_of(name, "q2").points for name in names} == {1}
    # and one alone, from where a submission is shown
    pseudonym = site.workspace.pseudonym(names[0])
    place = f"/question/q2/card/{pseudonym}"
    assert f'<a href="{place}">mark it' in ann.get(f"/submission/{pseudonym}").text
    following = save(ann, ann.get(place), item="size")
    assert saved(following) == "Saved: 1 answer, 2 points."
    assert [site.workspace.mark_of(name, "q2").points for name in names[:2]] == [2, 1]
    undone = ann.fill(following, "/undo")
    assert path_of(undone) == place and saved(undone) == "Undone: 1 answer."
    request = {"submission": names[0], "question": "q2", "text": "It is on paper."}
    assert f'href="{place}"' in ann.fill(ann.get("/requests"), "/requests", **request).text
    other = site.workspace.pseudonym(site.workspace.groups("q2")[0].members[0])
    assert ann.get(f"/question/q2/card/{other}").status_code == 404
