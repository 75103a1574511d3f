"""Results that version 0.1 before the typed document wrote, as documents.

That version kept the outcome of each test in sentences alone. They are read back here, once, and
nowhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ottermark.results.document import InvalidResultsError, ResultDocument
from ottermark.text import FAILED_MARK, PASSED_MARK

_CASE = re.compile(
    rf"(?ms)^- ([{PASSED_MARK}{FAILED_MARK}])(?: \((\S+) points?\))? (.*?)(?=^- |\Z)"
)
_NOTE = re.compile(rf"(?m)^- (?![{PASSED_MARK}{FAILED_MARK}💡])(.+)$")
_RUN_SUMMARIES = re.compile(
    r"\n\n(All \d+ written questions have|Written questions without|The notebook ran)(?s:.*)\Z"
)


def read_document(text: str) -> ResultDocument:
    """Read a results.json of this version or of the one before; raises ``InvalidResultsError``."""
    try:
        return ResultDocument.from_json(text)
    except InvalidResultsError:
        return upgrade_document(text)


def upgrade_document(text: str) -> ResultDocument:
    """Return the document for a results.json without typed ``extra_data``.

    Raises:
        InvalidResultsError: it is not one.
    """
    try:
        body = json.loads(text)
        entries = [_upgraded(entry) for entry in body["tests"]]
        facts = body["extra_data"]
        if facts["status"] == "rejected":
            facts = {**facts, "message": entries[0]["output"]}
        return ResultDocument.from_object({**body, "tests": entries, "extra_data": facts})
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, RecursionError) as error:
        raise InvalidResultsError(f"results.json: {error!r}") from None


def _upgraded(entry: Mapping[str, Any]) -> dict[str, Any]:
    name, output = entry["name"], entry["output"]
    question, _, rest = name.partition(": ")
    if "number" in entry:
        facts = {
            "part": "question",
            "question": entry["number"],
            "notes": _NOTE.findall(output),
            "cases": [_case(*match) for match in _CASE.findall(output)],
            **entry.get("extra_data", {}),
        }
    elif rest == "the form of your answer":
        facts = {"part": "form", "question": question}
    elif rest == "a hint":
        facts = {"part": "hint", "question": question}
    elif rest.startswith("a written answer, "):
        facts = {"part": "written", "question": question}
    else:
        facts = {"part": "run", "notes": [_RUN_SUMMARIES.sub("", output)]}
    return {**entry, "extra_data": facts}


def _case(mark: str, points: str, message: str) -> dict[str, Any]:
    return {
        "name": "",
        "hidden": False,  # unknown: it was not kept
        "points": float(points or 0),
        "passed": mark == PASSED_MARK,
        "message": message.strip(),
    }
