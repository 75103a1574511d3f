"""What Gradescope's ``submission_metadata.json`` says of an upload."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

METADATA = "submission_metadata.json"
MAX_METADATA = 64 * 2**20  # it holds the results of earlier submissions


@dataclass(frozen=True)
class UploadMetadata:
    """The metadata of an upload; a field that is missing or has another form keeps its default.

    Attributes:
        id: Gradescope's number of the submission.
        created_at: when it was submitted, in ISO 8601.
        late_by: seconds after the due date; 0 if in time.
        group: how many students submitted it together.
        earlier: how many submissions came before it.
    """

    id: str = ""
    created_at: str = ""
    late_by: float = 0.0
    group: int = 1
    earlier: int = 0

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file; a file that is missing or no JSON gives the defaults."""
        try:
            with path.open("rb") as file:
                metadata = _object(json.loads(file.read(MAX_METADATA)))
        except (OSError, ValueError, RecursionError):
            return cls()
        users = _list(metadata.get("users"))
        created = metadata.get("created_at")
        return cls(
            id=str(metadata.get("id") or ""),
            created_at=created if isinstance(created, str) else "",
            late_by=_seconds_after(_due_date(metadata, users), created),
            group=max(1, len(users)),
            earlier=len(_list(metadata.get("previous_submissions"))),
        )

    @property
    def remarks(self) -> list[str]:
        """Sentences for the student on how it was submitted."""
        remarks = []
        if self.late_by:
            delay = timedelta(seconds=round(self.late_by / 60) * 60)
            remarks.append(f"It was submitted after the due date, by {str(delay)[:-3]} hours.")
        if self.group > 1:
            remarks.append(f"It counts for the {self.group} members of your group.")
        return remarks


def _due_date(metadata: Mapping[str, Any], users: list[Any]) -> Any:
    """Return the due date: that of the users, if they have been given one of their own."""
    dates = [_object(_object(user).get("assignment")).get("due_date") for user in users]
    own = [date for date in dates if isinstance(date, str)]
    return max(own, key=_timestamp) if own else _object(metadata.get("assignment")).get("due_date")


def _seconds_after(due_date: Any, created: Any) -> float:
    first, second = _timestamp(due_date), _timestamp(created)
    return max(0.0, second - first) if first and second else 0.0


def _timestamp(date: Any) -> float:
    """Return an ISO 8601 date as seconds since 1970; 0 for anything else."""
    try:
        return datetime.fromisoformat(date).timestamp()
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
