"""A class of 200: marked by two at once in a real browser, graded again in between, and released.

What the browser showed as saved is written down as it was shown. The final table is computed here a second
time, by SQL over the two files and plain sums, without any of the code that made it.
"""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from chromium import needs_chromium
from conftest import PROJECT, Ran, ottermark
from marked_class import MarkedClass, synthesised_class
from playwright.sync_api import Browser, Page, expect
from review_server import started

from ottermark.audit.answer_files import with_answers, write_notebooks
from ottermark.submissions.written_answers import cell_digest

pytestmark = [needs_chromium, pytest.mark.ci, pytest.mark.xdist_group("browser")]

SIZE = 200
CHEAP = ("blank", "seed_sheet", "thinks_in_squares", "answers_at_the_end")  # nothing is trained
SLIPS = {  # each a wrong answer to one question, by a name
    "counts_from_zero": {"q2_3": "shape_6_3 = (3, 3)"},
    "swaps_sides": {"q3_2": "pooled_shape = (3, 4)", "q2_4": "shape_33_2 = (32, 32)"},
    "no_bias": {"q4_3": "conv2_24_weights = 96\nconv2_24_params = 96"},
    "wrong_padding": {"q4_4": "def same_padding(I, F, S):\n    return F // 2"},
}
DUE = datetime.fromisoformat("2026-03-09T12:20:00+00:00")  # a third of the class is in time
LATENESS = {"due": DUE.isoformat(), "grace_minutes": 10, "percent_per_day": 10, "max_days": 3}
NONE, COMMENT = "0", "Look at your *table* again."


@dataclass
class Lab:
    """The real lab and a class that hands in answers to it."""

    autograder: Path
    submissions: Path
    marked: MarkedClass

    @property
    def out(self) -> Path:
        return self.marked.out

    def grade(self, folder: Path, out: Path) -> Ran:
        return ottermark("grade", folder, "-a", self.autograder, "-o", out, "-y", cwd=PROJECT)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    autograder, submissions = tmp_path / "autograder", tmp_path / "submissions"
    shutil.copytree(PROJECT / "autograder", autograder)
    config = json.loads((autograder / "otter_config.json").read_text())
    (autograder / "otter_config.json").write_text(json.dumps(config | {"lateness": LATENESS}))
    for path in write_notebooks(PROJECT / "assignment/corpus/class", submissions, PROJECT):
        if path.stem not in CHEAP:
            path.unlink()
    blank = json.loads((submissions / "blank.ipynb").read_text())
    for name, answers in SLIPS.items():
        (submissions / f"{name}.ipynb").write_text(json.dumps(with_answers(blank, answers)))
    graded = tmp_path / "graded"
    lab = Lab(autograder, submissions, None)  # type: ignore[arg-type]
    ran = lab.grade(submissions, graded)
    assert ran.code == 0 and "8 graded" in ran.out, ran.err
    lab.marked = synthesised_class(tmp_path / "out", graded, SIZE)
    assert set(lab.marked.kinds.values()) == {
        *("identical", "near", "own", "blank", "missing", "hostile")
    }
    return lab


# ------------------------------------------------------------------------- who marks


@dataclass
class Marker:
    """Somebody at a browser of their own, who writes down what the page shows as saved."""

    name: str
    page: Page
    origin: str
    shown: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.origin + path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def begin(self, *keys: str) -> None:
        """Press keys, the last of which sends something."""
        self.press(*keys[:-1])
        self.page.evaluate("document.getElementById('status').replaceChildren()")
        self.press(*keys[-1:])

    def told(self) -> str:
        """Return what the page says then to be saved."""
        text = self.page.locator("#status p").text_content() or ""
        assert text.startswith(("Saved", "Undone: ")), text
        self.shown.append(text)
        return text

    def save(self, *keys: str) -> str:
        self.begin(*keys, "Enter")
        return self.told()

    def click(self, name: str) -> str:
        """Press a button that leads to another page, and return what that says."""
        self.begin()
        self.page.get_by_role("button", name=name).click()
        told = self.told()
        self.page.wait_for_load_state()  # keys work from then on
        return told

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.origin).partition("?")[0]


def both(markers: Sequence[Marker], *keys: Sequence[str]) -> None:
    """Have both save at once: neither waits for the other."""
    for marker, own in zip(markers, keys, strict=True):
        marker.begin(*own, "Enter")
    for marker in markers:
        marker.told()


def mark_the_rest(marker: Marker, question: str, *keys: str) -> None:
    """Put all answers that are left into one group, and mark that."""
    marker.open(f"/question/{question}?show=left")
    boxes = marker.page.locator("input[name=key]")
    if boxes.count() > 1:
        boxes.evaluate_all("(boxes) => boxes.forEach((box) => { box.checked = true })")
        marker.click("Put together into one group")
    marker.press("n")
    marker.page.wait_for_url("**/card/*")
    assert int(marker.save(*keys).split()[1]) > 1
    expect(marker.page.get_by_text("every answer is marked")).to_be_visible()


def markers_at(browser: Browser, addresses: Mapping[str, str]) -> list[Marker]:
    markers = []
    for name, address in addresses.items():
        page = browser.new_context().new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        origin = address.partition("/?")[0]
        page.wait_for_url(f"{origin}/")
        markers.append(Marker(name, page, origin))
    return markers


# ------------------------------------------------------------------------- the evening


def test_a_class_of_200_is_marked_graded_again_and_released(
    lab: Lab, browser: Browser, tmp_path: Path
) -> None:
    shown: dict[str, list[str]] = defaultdict(list)
    names = ("--marker", "ann", "--marker", "bob")
    with ExitStack() as stack:
        process, addresses = stack.enter_context(started(lab.out, *names))
        ann, bob = markers_at(browser, addresses)
        mark_without_answers(lab, ann, bob)
        mark_by_cards(lab, ann, bob)
        disagree(lab, ann, bob)
        regroup(lab, ann)
        change_a_rubric(lab, bob)
        ann.open(f"/question/{questions(lab)[0]}/next")
        kept = ann.save("1")
        process.kill()
        process.wait(20)
        ann.begin("1", "Enter")
        expect(ann.page.locator("#status")).to_contain_text("The server does not answer")
        for marker in (ann, bob):
            shown[marker.name] += marker.shown
            marker.page.context.close()
    assert kept.startswith("Saved: ")
    assert lost(lab.out, shown) == {}
    assert ottermark("release", lab.out, "-y").code == 1  # most answers are unmarked

    with started(lab.out, *names) as (_, addresses):
        ann, bob = markers_at(browser, addresses)
        for number, question in enumerate(questions(lab)):
            mark_the_rest((ann, bob)[number % 2], question, *("12", NONE)[number % 2])
        mark_again_blind(lab, bob)
        override_a_group(ann)
        request_and_reply(ann, bob)
        stale = grade_again(lab, tmp_path / "again")
        look_at_changed_answers(lab, ann, bob, stale)
        ann.open("/")
        figures = ann.page.locator("dl.figures").inner_text()
        assert re.search(
            rf"\b{7 * SIZE}\b\s+of {7 * SIZE} written answers are marked", swapped(figures)
        )
        for marker in (ann, bob):
            shown[marker.name] += marker.shown
            marker.page.context.close()
    assert lost(lab.out, shown) == {}

    first = ottermark("release", lab.out)
    assert first.code == 1 and not (lab.out / "final").exists()
    ran = ottermark("release", lab.out, "-y")
    assert ran.code == 0, ran.err
    name, question = stale[-1]
    assert f"Marked on an earlier version of the answer: {name} {question}." in ran.out
    assert_final_table(lab)


def swapped(figures: str) -> str:
    """Return figures with each number before its text, whatever the order on the page."""
    lines = [line.strip() for line in figures.splitlines() if line.strip()]
    pairs = [lines[number : number + 2] for number in range(0, len(lines), 2)]
    return "\n".join(
        " ".join(sorted(pair, key=lambda line: not line.isdecimal())) for pair in pairs
    )


def questions(lab: Lab) -> list[str]:
    return [question.id for question in lab.marked.written]


def mark_without_answers(lab: Lab, *markers: Marker) -> None:
    for number, question in enumerate(questions(lab)):
        marker = markers[number % 2]
        marker.open(f"/question/{question}")
        kinds = Counter(lab.marked.kinds[name, question] for name in lab.marked.names)
        count = kinds["blank"] + kinds["missing"]
        assert marker.click("Give 0 points to") == f"Saved: {count} answers, 0 points each."


def mark_by_cards(lab: Lab, ann: Marker, bob: Marker) -> None:
    """Mark single cards and groups by keys alone, both at once."""
    first, second, *_ = questions(lab)
    ann.open(f"/question/{first}")
    bob.open(f"/question/{second}")
    for marker in (ann, bob):
        marker.press("n")
        marker.page.wait_for_url("**/card/*")
    both((ann, bob), ("1", "2"), ("0",))
    both((ann, bob), ("1", "2", "2"), ("2", "1"))
    for marker in (ann, bob):
        marker.press("c")
        marker.page.keyboard.type(COMMENT)
        marker.press("Escape")
    both((ann, bob), ("3",), ("1", "f"))
    for marker in (ann, bob):
        marker.press("r", "1")
        expect(marker.page.get_by_label("Comment for the student")).to_have_value(COMMENT)
        marker.press("a")
        marker.page.keyboard.type("-0.25")
        marker.press("Escape")
    both((ann, bob), ("1",), ("1",))
    for _ in range(6):
        both((ann, bob), ("1",), ("2",))
    # undo takes back the last card alone, and shows it again
    card = ann.path
    ann.save("1")
    ann.begin("u")
    assert ann.told().startswith("Undone: ")
    assert ann.path == card
    ann.save("2")


def disagree(lab: Lab, ann: Marker, bob: Marker) -> None:
    """Have both mark the same card: who comes second is shown what the first did, and replaces it."""
    question = questions(lab)[2]
    ann.open(f"/question/{question}/next")
    bob.open(ann.path)
    bob.begin("1", "s")
    bob.told()
    ann.press("2", "Enter")
    alert = ann.page.get_by_role("alert")
    expect(alert).to_contain_text("Not saved: somebody else was here meanwhile")
    expect(alert).to_contain_text("bob")
    expect(ann.page.locator("input[data-key='2']")).to_be_checked()
    ann.save()


def regroup(lab: Lab, ann: Marker) -> None:
    """Take an answer out of a group, name what stays, and mark both."""
    question = questions(lab)[3]
    ann.open(f"/question/{question}?show=groups")
    cards = ann.page.locator("ul.cards li", has_text=re.compile(r"\d\d answers"))
    cards.first.get_by_role("link").click()
    ann.page.wait_for_url("**/card/*")
    ann.page.get_by_text("Change this group").click()
    ann.page.locator("input[name=card]").last.check()
    ann.begin()
    ann.page.get_by_role("button", name="Take out").click()
    assert ann.told() == "Saved: 1 group."
    ann.open(f"/question/{question}?show=groups")
    cards.first.locator("input[name=key]").check()
    ann.page.get_by_label("Name", exact=True).fill("The usual answer")
    assert ann.click("Name the group") == "Saved: 1 group."
    ann.page.get_by_role("link", name="The usual answer").click()
    ann.page.wait_for_url("**/card/*")
    assert int(ann.save("1", "2", "3").split()[1]) >= 10


def change_a_rubric(lab: Lab, bob: Marker) -> None:
    """Change what the first item earns: everybody who has it is scored again."""
    bob.open(f"/question/{questions(lab)[0]}/rubric")
    points = bob.page.get_by_label("Points of item 1", exact=True)
    points.fill(f"{float(points.input_value()) + 0.5:g}")
    assert bob.click("Save, and score all answers again") == "Saved: 1 rubric."
    expect(
        bob.page.get_by_text(re.compile(r"[1-9]\d* answers? ha(s|ve) other points now"))
    ).to_be_visible()


def mark_again_blind(lab: Lab, bob: Marker) -> None:
    """Mark the sample of a question that ann has marked, not seeing her marks."""
    question = questions(lab)[0]
    bob.open(f"/second/{question}/next")
    count = 0
    while "/second/q" in bob.path:
        assert "ann" not in bob.page.locator("main").inner_text().split()
        place = bob.page.url
        bob.save("1" if count % 3 else "2")
        count += 1
        assert bob.page.url != place
    assert count >= 10
    bob.open(f"/agreement/{question}")
    expect(bob.page.locator("dl.figures")).to_contain_text(str(count))
    with closing(sqlite3.connect(lab.out / "marks.sqlite")) as database:
        query = "SELECT count(*) FROM events WHERE kind = 'second' AND marker = 'bob'"
        assert database.execute(query).fetchone() == (count,)


def override_a_group(ann: Marker) -> None:
    ann.open("/question/q2_4")
    rows = ann.page.locator("tbody tr", has_not_text="no test failed")
    rows.filter(has_not_text="no answer").first.get_by_role("link").first.click()
    ann.page.wait_for_url("**/failures/*")
    ann.page.get_by_label("Points, from 0 to").fill("0.5")
    ann.page.get_by_label("Reason, which").fill("The question was *unclear*.")
    ann.page.get_by_label("for the whole group").check()
    assert int(ann.click("Save these points").split()[1]) >= 20


def request_and_reply(ann: Marker, bob: Marker) -> None:
    ann.open("/requests")
    ann.page.get_by_label("Submission, or").fill("student11@example.org")
    ann.page.get_by_label("Question", exact=True).select_option("q2_1")
    ann.page.get_by_label("What the student asks for").fill("Why did I lose a point?")
    assert ann.click("Enter the request") == "Saved: 1 request."
    bob.open("/requests")
    bob.page.get_by_label("Reply, which").fill("Say what a *number* tells.")
    assert bob.click("Reply and close") == "Saved: 1 reply."


def grade_again(lab: Lab, folder: Path) -> list[tuple[str, str]]:
    """Have two hand in again, with one answer changed; return these answers."""
    folder.mkdir()
    marked, ids = lab.marked, questions(lab)
    answered = {"identical", "near", "own"}
    names = [n for n in marked.names if {marked.kinds[n, id] for id in ids} <= answered]
    sources = sorted(path.stem for path in lab.submissions.glob("*.ipynb"))
    changed = []
    for name, question in zip(names[:2], (ids[0], ids[1]), strict=True):
        notebook = json.loads(
            (lab.submissions / f"{sources[marked.names.index(name) % 8]}.ipynb").read_text()
        )
        marked.answers[name, question] = f"I have thought again: {marked.answers[name, question]}"
        write_answers(notebook, marked, name)
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))
        changed.append((name, question))
    ran = lab.grade(folder, lab.out)
    assert ran.code == 0, ran.err
    return changed


def write_answers(notebook: dict[str, Any], marked: MarkedClass, name: str) -> None:
    """Put written answers under their prompts."""
    cells = notebook["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    digests = [cell_digest(source) for source in sources]
    for question in marked.written:
        place = digests.index(cell_digest(question.prompt)) + 1
        assert sources[place].strip() == question.placeholder.strip()
        cells[place]["source"] = marked.answers[name, question.id]


def look_at_changed_answers(
    lab: Lab, ann: Marker, bob: Marker, stale: Sequence[tuple[str, str]]
) -> None:
    """Mark one of the changed answers anew, and leave the other."""
    for marker, (_, question) in zip((ann, bob), stale, strict=True):
        marker.open("/")
        expect(marker.page.get_by_role("link", name="1 on an earlier version")).to_have_count(2)
        marker.open(f"/question/{question}?show=stale")
        cards = marker.page.locator("ul.cards a")
        expect(cards).to_have_count(1)
        cards.click()
        marker.page.wait_for_url("**/card/*")
        expect(marker.page.locator(".diff ins")).to_contain_text("thought")
    ann.begin("2", "s")
    assert ann.told().startswith("Saved: 1 answer, ")


# ------------------------------------------------------------------------- computed again


def events_of(out: Path) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(out / "marks.sqlite")) as database:
        database.row_factory = sqlite3.Row
        return [
            {**row, "after": json.loads(row["after"] or "null")}
            for row in map(dict, database.execute("SELECT * FROM events ORDER BY id"))
        ]


def original_rubrics(out: Path) -> dict[str, Any]:
    """Return by question the rubric as in the file."""
    rubrics: dict[str, Any] = yaml.safe_load((out / "assignment/rubrics.yaml").read_text())
    return rubrics


def points_of(out: Path) -> dict[str, float]:
    record = json.loads((out / "assignment/questions.json").read_text())
    return {question["id"]: question["points"] for question in record["questions"]}


def score(mark: Mapping[str, Any], rubric: Mapping[str, Any], most: float) -> float:
    worth = {item["id"]: item["points"] for item in rubric["items"]}
    total = rubric.get("base", 0) + sum(worth[id] for id in mark["items"]) + mark["adjustment"]
    return float(min(most, max(0, total)))


def lost(out: Path, shown: Mapping[str, Sequence[str]]) -> dict[str, Counter[str]]:
    """Return by marker what was shown as saved and is not in the store, from its rows alone."""
    rubrics, most = original_rubrics(out), points_of(out)
    batches: dict[int, list[dict[str, Any]]] = defaultdict(list)
    kept: dict[str, Counter[str]] = defaultdict(Counter)
    for event in events_of(out):
        batches[event["batch"]].append(event)
    for events in batches.values():
        first = events[0]
        alike = [event for event in events if event["kind"] == first["kind"]]
        if first["kind"] == "rubric":
            rubrics[first["question"]] = first["after"]
        flagged = len(alike) < len(events)
        kept[first["marker"]][sentence(alike, flagged, rubrics, most)] += 1
    missing = {name: Counter(told) - kept[name] for name, told in shown.items()}
    return {name: counts for name, counts in missing.items() if counts}


WORDS = {
    **{"mark": "answer", "second": "second mark", "override": "override", "rubric": "rubric"},
    **{"group": "group", "request": "request", "flag": "flag"},
}


def sentence(
    events: Sequence[Mapping[str, Any]],
    flagged: bool,
    rubrics: Mapping[str, Any],
    most: Mapping[str, float],
) -> str:
    """Return what the page must have shown for rows of a kind that were written together."""
    first, several = events[0], len(events) > 1
    word = "replies" if first["kind"] == "reply" and several else WORDS.get(first["kind"], "reply")
    what = f"{len(events)} {word}{'s' * (several and word != 'replies')}"
    if first["undoes"] is not None:
        return f"Undone: {what}."
    if first["kind"] in ("mark", "second"):
        id = first["question"]
        points = f"{round(score(first['after'], rubrics[id], most[id]), 2):.10g}"
        points += " point" if points == "1" else " points"
        return f"Saved{' and flagged' * flagged}: {what}, {points}{' each' * several}."
    return f"Saved: {what}."


def assert_final_table(lab: Lab) -> None:
    out, most = lab.out, points_of(lab.out)
    written = questions(lab)
    rubrics = original_rubrics(out)
    values: dict[tuple[str, str, str], Any] = {}
    for event in events_of(out):
        if event["kind"] == "rubric":
            rubrics[event["question"]] = event["after"]
        values[event["kind"], event["submission"], event["question"]] = event["after"]
    with closing(sqlite3.connect(out / "ledger.sqlite")) as database:
        documents = {
            name: json.loads(text)
            for name, text in database.execute(
                "SELECT s.submission, r.document FROM standing s JOIN results r ON "
                "(s.submission, s.content, s.grading) = (r.submission, r.content, r.grading)"
            )
        }
        records = {n: json.loads(t) for n, t in database.execute("SELECT * FROM records")}
    with (out / "final/grades.csv").open(newline="") as file:
        rows = {row["submission"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(documents) == set(lab.marked.names)
    finals = []
    for name, document in documents.items():
        tests = {t["number"]: t["score"] for t in document["tests"] if t.get("number") in most}
        tests = {id: points for id, points in tests.items() if id not in written}
        for id in tests:
            if override := values.get(("override", name, id)):
                tests[id] = override["points"]
        marks = {id: score(values["mark", name, id], rubrics[id], most[id]) for id in written}
        days = days_late(records[name]["submitted_at"])
        deduction = min(days or 0, 3) * sum(most.values()) / 10
        final = max(0, sum(tests.values()) + sum(marks.values()) - deduction)
        row = rows[name]
        assert {id: float(row[id]) for id in most} == pytest.approx(tests | marks), name
        assert float(row["score"]) == pytest.approx(sum(tests.values())), name
        assert float(row["by_hand"]) == pytest.approx(sum(marks.values())), name
        assert row["late_days"] == ("" if days is None else str(days)), name
        assert float(row["deduction"]) == pytest.approx(deduction), name
        assert float(row["final"]) == pytest.approx(final), name
        assert float(row["final_max"]) == sum(most.values()) == 100
        finals.append(final)
    assert len(set(finals)) > 20 and max(finals) > 30  # it is not a class of zeros
    late = [row for row in rows.values() if row["late_days"] == "1"]
    assert 80 < len(late) < 120
    with (out / "final/gradebook-canvas.csv").open(newline="") as file:
        assert len(list(csv.reader(file))) > SIZE - 2
    assert len(list((out / "final/feedback").glob("*.html"))) == SIZE


def days_late(submitted_at: str) -> int | None:
    if not submitted_at:
        return None
    late = datetime.fromisoformat(submitted_at) - DUE
    return 0 if late <= timedelta(minutes=10) else math.ceil(late / timedelta(days=1))
