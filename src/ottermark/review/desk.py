"""What all views share: the class, who may see it, each marker's settings, and how pages are rendered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, TypeVar, cast
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import URL, FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from ottermark.assignment import Question
from ottermark.marking.state import MarkEvent
from ottermark.marking.store import MarkChange
from ottermark.marking.workspace import Workspace
from ottermark.reports.html import number_text, signed_text
from ottermark.review.access import SAFE_METHODS, Access
from ottermark.review.executed import argues_from_numbers
from ottermark.review.paging import whole_number
from ottermark.review.plain_text import plain_text
from ottermark.review.safe_html import author_html, student_html
from ottermark.submissions.candidates import display_names
from ottermark.text import one_line, showable

_T = TypeVar("_T")
MAX_LOOKED_BACK = 20_000  # events; a message on what was saved is about the latest ones


@dataclass(frozen=True)
class Settings:
    """How a marker wants the page.

    Attributes:
        names: whether students' names are shown.
        shuffled: whether answers come in a random order, another one for each marker.
        keys: whether single letters are shortcuts.
    """

    names: bool = False
    shuffled: bool = True
    keys: bool = True


@dataclass
class Desk:
    """What all views share.

    Attributes:
        settings: by marker; nobody's are kept over a restart.
    """

    workspace: Workspace
    access: Access
    settings: dict[str, Settings] = field(default_factory=dict)
    _memory: dict[str, tuple[object, object]] = field(default_factory=dict, repr=False)

    def remembered(self, name: str, compute: Callable[[], _T], question: str = "") -> _T:
        """Return what was computed under a name, computed anew if results or marks have changed.

        Args:
            question: whose marks and rubric it depends on; empty if it depends on results alone.
        """
        marks: object = None
        if question:
            last = self.workspace.store.state().last_of(question)
            marks = last, self.workspace.rubrics().get(question)
        state = (self.workspace.version, marks)
        known = self._memory.get(name)
        if known is None or known[0] != state:
            known = (state, compute())
            self._memory[name] = known
        return cast(_T, known[1])

    def settings_of(self, marker: str) -> Settings:
        """Return how a marker wants the page."""
        return self.settings.get(marker, Settings())

    def change_settings(self, marker: str, **changes: bool) -> None:
        """Change how a marker wants the page."""
        self.settings[marker] = replace(self.settings_of(marker), **changes)

    def question(self, id: str) -> Question:
        """Return a question; raises ``KeyError``."""
        return {question.id: question for question in self.workspace.assignment.questions}[id]

    def written_question(self, request: Request) -> Question:
        """Return the question that an address names; raises ``KeyError`` if tests mark it."""
        question = self.question(request.path_params["question"])
        if not question.manual:
            raise KeyError(question.id)
        return question

    def answer_address(self, submission: str, question: str) -> str:
        """Return the address at which an answer is marked; empty if it is not in the class."""
        group = self.workspace.group_of(submission, question)
        if not self.question(question).manual:
            return "" if group is None else f"/question/{question}/failures/{group.key}"
        if submission not in self.workspace.written(question):
            return ""
        # a blank or missing answer is in no group
        key = self.workspace.pseudonym(submission) if group is None else group.key
        return f"/question/{question}/card/{key}"

    def label(self, marker: str, submission: str) -> str:
        """Return how a submission is called on the page: by a pseudonym, unless names are shown."""
        if not self.settings_of(marker).names:
            return self.workspace.pseudonym(submission)
        try:
            students = display_names(self.workspace.submission(submission).students)
        except KeyError:  # it counts no more
            return submission
        return f"{students} ({submission})" if students else submission

    def write(
        self, request: Request, changes: Sequence[MarkChange], reason: str = ""
    ) -> tuple[int, ...]:
        """Write changes of the marker who asks; ``has_written`` is true from then on."""
        ids = self.workspace.store.write(marker_of(request), changes, reason)
        request.scope["state"]["written"] = True
        return ids

    def undo(self, request: Request, question: str = "") -> tuple[int, ...]:
        """Take back what the marker who asks did last, to one question if it is named."""
        ids = self.workspace.store.undo(marker_of(request), question or None)
        request.scope["state"]["written"] = bool(ids)
        return ids

    def page(
        self, request: Request, template: str, status: int = 200, **context: Any
    ) -> HTMLResponse:
        """Return the page that a template gives for the marker who asks."""
        marker = marker_of(request)
        shared = {"saved": self._saved(request, marker), "state": known_to(request)}
        return self._render(request, template, status, **shared, **context)

    def failure(self, request: Request) -> HTMLResponse:
        """Return the page that says that something failed here, and whether anything was saved."""
        asked = request.method in SAFE_METHODS
        address = request.url if asked else URL(request.headers.get("referer", "/"))
        return self._render(
            request,
            "failure.html.j2",
            500,
            saved="",
            written=self._has_written(request),
            asked=asked,
            back=own_path(address.path, "/"),
        )

    def _render(self, request: Request, template: str, status: int, **context: Any) -> HTMLResponse:
        marker = marker_of(request)
        text = (
            _environment()
            .get_template(template)
            .render(
                desk=self,
                assignment=self.workspace.assignment,
                marker=marker,
                csrf=self.access.csrf(marker),
                settings=self.settings_of(marker),
                path=request.url.path,
                label=lambda submission: self.label(marker, submission),
                pseudonym=self.workspace.pseudonym,
                argues_from_numbers=argues_from_numbers,
                **context,
            )
        )
        return HTMLResponse(showable(text), status)

    def _has_written(self, request: Request) -> bool:
        """Tell whether a request has written, or leads to the page after one that has."""
        if has_written(request):
            return True
        try:
            return bool(self._saved(request, marker_of(request)))
        except Exception:  # the store may be what fails
            return False

    def _saved(self, request: Request, marker: str) -> str:
        """Return what the store says that this marker has just written; empty without that."""
        if request.query_params.get("undone") == "nothing":
            return "Nothing to undo in this question."
        events = self._written(request, marker)
        return _describe(events, request.query_params.get("points", "")) if events else ""

    def just_written(self, request: Request) -> MarkEvent | None:
        """Return the first event that the marker who asks wrote before they were led here, if any."""
        events = self._written(request, marker_of(request))
        return events[0] if events else None

    def _written(self, request: Request, marker: str) -> list[MarkEvent]:
        batch = whole_number(request.query_params.get("saved", ""))
        last = self.workspace.store.state().last
        if not batch or not 0 < last - batch + 1 <= MAX_LOOKED_BACK:
            return []
        return [
            event
            for event in self.workspace.store.events(batch - 1)
            if event.batch == batch and event.marker == marker
        ]


def known_to(request: Request) -> int:
    """Return the id of the last event of when a request came, which all that is shown comes after.

    What is written while a page is made counts as unseen by whoever sends its form.
    """
    last: int = request.scope["state"]["last"]
    return last


def has_written(request: Request) -> bool:
    """Tell whether what a request asked for is in the store already."""
    return bool(request.scope["state"].get("written"))


def marker_of(request: Request) -> str:
    """Return who asks."""
    marker: str = request.scope["state"]["marker"]
    return marker


def own_path(text: str, otherwise: str) -> str:
    """Return an address that a form holds, if it is one of this page."""
    return text if re.fullmatch(r"(?:/[\w-]+)+", text) else otherwise


def go_to(path: str, ids: tuple[int, ...] = (), fragment: str = "") -> Response:
    """Return a redirect after a change.

    Args:
        ids: of the events that were written, which the next page says to be saved.
    """
    address = path
    if ids:
        address += f"{'&' if '?' in path else '?'}saved={ids[0]}"
    return RedirectResponse(address + (f"#{quote(fragment)}" if fragment else ""), 303)


def one(form: FormData, name: str, default: str = "") -> str:
    """Return the text of a field, with Unix line ends."""
    value = form.get(name)
    return re.sub(r"\r\n?", "\n", value) if isinstance(value, str) else default


def seen_by(form: FormData) -> int:
    """Return the id of the last event that was known when a form was made."""
    return whole_number(one(form, "state"))


def several(form: FormData, name: str) -> list[str]:
    """Return the texts of all fields of a name."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


_KINDS = {
    "mark": ("answer", "answers"),
    "second": ("second mark", "second marks"),
    "override": ("override", "overrides"),
    "rubric": ("rubric", "rubrics"),
    "group": ("group", "groups"),
    "claim": ("question's markers", "questions' markers"),
    "request": ("request", "requests"),
    "reply": ("reply", "replies"),
}


def _describe(events: list[MarkEvent], points: str) -> str:
    """Return what a batch of events did, as a sentence; flags beside marks are said with them."""
    first = events[0]
    counted = [event for event in events if event.kind == first.kind]
    noun = ("answer", "answers") if first.kind == "flag" else _KINDS[first.kind]
    count = f"{len(counted)} {noun[len(counted) > 1]}"
    if first.undoes is not None:
        return f"Undone: {count}."
    flags = [event.after is not None for event in events if event.kind == "flag"]
    flagged = "" if not flags else "flagged" if flags[0] else "no longer flagged"
    if first.kind == "flag":
        return f"{flagged.capitalize()}: {count}."
    done = "Removed" if first.after is None else "Saved"
    if flagged:
        done += f" and {flagged}"
    if first.after is not None and re.fullmatch(r"[\d.]{1,8}", points):
        each = " each" if len(counted) > 1 else ""
        return f"{done}: {count}, {points} {'point' if points == '1' else 'points'}{each}."
    return f"{done}: {count}."


def prepare_templates() -> None:
    """Compile all templates, so that nobody waits for it."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ottermark.review"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # a package that is updated meanwhile does not mix with the one that runs
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number_text,
        "signed": signed_text,
        "one_line": one_line,
        "plain_text": plain_text,
        "student_html": student_html,
        "author_html": author_html,
        "path_part": lambda value: quote(str(value), safe=""),
        "time": time_text,
    }
    return environment


def time_text(at: str) -> str:
    """Return when something was written as people read it."""
    return f"{at[:10]} {at[11:16]} UTC"
