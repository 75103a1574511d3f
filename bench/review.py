"""How long the marking page takes to answer in a class of 2,000.

    python bench/review.py [--size 2000] [--graded FOLDER]

Some submissions of the corpus are graded, and a class is made from their results, each with code and
written answers of its own. `ottermark review` serves it, and one browser without scripts opens every page
over HTTP and marks, with nothing else to do on the machine. Prints a Markdown table in milliseconds: the
first view after the start, the middle of three views more, and the slowest and the middle of 40 times
save-and-next, beside what each may take; and how long the server's processor was busy with it. Needs Linux.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT / "tests" / "support"))

from marked_class import synthesised_class, with_code_of_its_own  # noqa: E402
from review_server import Client, hidden_fields  # noqa: E402

from ottermark.audit.answer_files import write_notebooks  # noqa: E402

CHEAP = ("blank", "seed_sheet", "thinks_in_squares", "answers_at_the_end")  # nothing is trained
PAGE, SAVE = 100, 50  # milliseconds
SAVES = 40
SECOND_QUESTION = 1  # of the written ones, which is marked in bulk


@dataclass(frozen=True)
class Took:
    """What an answer took, in milliseconds.

    Attributes:
        wall: until it was there.
        cpu: of the server.
    """

    wall: float
    cpu: float


class Stopwatch:
    """Sends requests and notes what each took."""

    def __init__(self, client: Client, pid: int) -> None:
        self.client, self._pid = client, pid
        self.rows: list[tuple[str, Took, Took, int]] = []

    def timed(self, send: Callable[[], httpx.Response]) -> tuple[Took, httpx.Response]:
        """Return what an answer took, and the answer."""
        start, before = time.perf_counter(), self._cpu()
        answer = send()
        wall = (time.perf_counter() - start) * 1000
        return Took(wall, self._cpu() - before), answer

    def _cpu(self) -> float:
        """Return the milliseconds that all threads of the server have run."""
        threads = Path(f"/proc/{self._pid}/task").glob("*/schedstat")
        return sum(int(path.read_text().split()[0]) for path in threads) / 1e6

    def page(self, name: str, path: str, again: int = 3) -> str:
        """Note a first view, and how long the page takes after it; return its HTML."""
        times, text = [], ""
        for _ in range(1 + again):
            took, answer = self.timed(lambda: self.client.http.get(path))
            assert answer.status_code == 200, (path, answer.status_code)
            times.append(took)
            text = answer.text
        self.rows.append((name, times[0], middle(times[1:]), PAGE))
        return text

    def table(self) -> str:
        """Return what was noted as Markdown."""
        lines = [
            "| page | first view, ms | its CPU | after it, ms | its CPU | at most, ms |",
            "|---|---|---|---|---|---|",
        ]
        for name, first, after, most in self.rows:
            verdict = "met" if max(first.wall, after.wall) <= most else "missed"
            figures = (first.wall, first.cpu, after.wall, after.cpu)
            shown = " | ".join(f"{figure:.0f}" for figure in figures)
            lines.append(f"| {name} | {shown} | {most}: {verdict} |")
        return "\n".join(lines)


def middle(times: Sequence[Took]) -> Took:
    """Return the medians."""
    return Took(statistics.median(t.wall for t in times), statistics.median(t.cpu for t in times))


def graded_class(folder: Path) -> Path:
    """Grade what costs little of the corpus; return the output folder."""
    submissions, out = folder / "submissions", folder / "graded"
    submissions.mkdir()
    for path in write_notebooks(PROJECT / "assignment/corpus/class", submissions, PROJECT):
        if path.stem not in CHEAP:
            path.unlink()
    command = [sys.executable, "-m", "ottermark", "grade", str(submissions), "-o", str(out), "-y"]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    return out


@contextmanager
def review(out: Path) -> Iterator[tuple[Stopwatch, float]]:
    """Serve a class; yield a stopwatch of somebody who is signed in, and the seconds of the start."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "ottermark", "review", str(out), "--no-open", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip().split(": ", 1)[1]
            origin = address.partition("/?")[0]
            with httpx.Client(base_url=origin, timeout=60, trust_env=False) as http:
                http.get(address)
                yield Stopwatch(Client(http, origin), process.pid), time.perf_counter() - start
        finally:
            process.terminate()


def measure(watch: Stopwatch, written: list[str]) -> None:
    """Open every page, and mark."""
    http = watch.client.http
    overview = watch.page("overview, first after the start", "/")
    question, other = written[0], written[SECOND_QUESTION]
    watch.page("a question's cards", f"/question/{question}")
    watch.page("the last page of its cards", f"/question/{question}?page=999")
    card = http.get(f"/question/{question}/next").headers["location"]
    watch.page("a card", card)
    place, size = largest_group(watch.client, question)
    watch.page(f"the largest group, {size} answers", place)
    watch.page("rubric", f"/question/{question}/rubric")
    saves = [save_and_next(watch, question) for _ in range(SAVES)]
    slowest = max(saves, key=lambda took: took.wall)
    name = f"save and next, {SAVES} times: the slowest, then the middle"
    watch.rows.append((name, slowest, middle(saves), SAVE))
    bulk(watch, other)
    watch.page("overview, after marking in bulk", "/", again=1)
    automatic = re.findall(r'<th scope="row"><a href="/question/(\w+)">', overview)
    automatic = [id for id in automatic if id not in written]
    listed = watch.page("an automatic question", f"/question/{automatic[0]}")
    sizes = {}
    for id in automatic:
        listed = http.get(f"/question/{id}").text
        for place, size in re.findall(
            rf'href="(/question/{id}/failures/\w+)".*?data-label="Submissions">(\d+)', listed, re.S
        ):
            sizes[place] = int(size)
    longest = sorted(sizes, key=lambda place: -sizes[place])
    for number, place in enumerate(longest[:3], 1):
        watch.page(f"failing answers with code, group {number} ({sizes[place]})", place)
    submissions = watch.page("submissions", "/submissions")
    first, second = re.findall(r'href="/submission/([\w-]+)"', submissions)[:2]
    watch.page("a submission with its notebook", f"/submission/{first}")
    watch.page("look-alikes", "/look-alikes")
    watch.page("two side by side", f"/look-alikes/{first}/{second}")
    watch.page("second marks", "/second")
    watch.page("agreement", f"/agreement/{question}")
    enter_request(watch.client, question)
    watch.page("requests", "/requests")
    watch.page("settings", "/settings")
    watch.page("rubrics.yaml", "/rubrics.yaml")


def save_and_next(watch: Stopwatch, question: str) -> Took:
    """Mark the next card; return what saving and the next card took together."""
    client = watch.client
    page = client.get(f"/question/{question}/next")
    path = page.url.path
    form: dict[str, Any] = {**hidden_fields(page.text, path), "action": "next", "none": "yes"}
    took, answer = watch.timed(lambda: client.post(path, form))
    assert "Saved:" in answer.text
    return took


def bulk(watch: Stopwatch, question: str) -> None:
    """Mark the blank and missing answers of a question, and its largest group."""
    client = watch.client
    page = client.get(f"/question/{question}")
    path = f"/question/{question}/without-answer"
    form = hidden_fields(page.text, path)
    took, answer = watch.timed(lambda: client.post(path, form))
    assert "Saved:" in answer.text
    watch.rows.append(("0 points for all without an answer", took, took, PAGE))
    path, _ = largest_group(client, question)
    form = {**hidden_fields(client.get(path).text, path), "action": "next", "none": "yes"}
    took, answer = watch.timed(lambda: client.post(path, form))
    (count,) = re.findall(r"Saved: (\d+)", answer.text)
    watch.rows.append((f"save a group of {count}, and next", took, took, PAGE))


def largest_group(client: Client, question: str) -> tuple[str, int]:
    """Return the address of the largest group of answers to a question, and its size."""
    text = client.get(f"/question/{question}?show=groups").text
    places = re.findall(r'href="(/question/\w+/card/\w+)[?"].*?>(\d+) answers<', text, re.S)
    sizes = {place: int(size) for place, size in places}
    largest = max(sizes, key=sizes.__getitem__)
    return largest, sizes[largest]


def enter_request(client: Client, question: str) -> None:
    """Enter a regrade request."""
    form = hidden_fields(client.get("/requests").text, "/requests")
    fields = {"submission": "student1@example.org", "question": question, "text": "Please look."}
    assert client.post("/requests", {**form, **fields}).status_code == 200


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--graded", type=Path, help="a folder that `ottermark grade` has written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        graded = options.graded or graded_class(folder)
        marked = synthesised_class(
            folder / "out", graded, options.size, change=with_code_of_its_own
        )
        with review(marked.out) as (watch, seconds):
            print(f"{options.size} submissions; the command took {seconds:.1f} s to start.\n")
            measure(watch, [question.id for question in marked.written])
            print(watch.table())


if __name__ == "__main__":
    main()
