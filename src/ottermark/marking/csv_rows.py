"""CSV files that people filled in, read row by row."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ottermark.errors import OttermarkError, UsageError
from ottermark.marking.workspace import Workspace
from ottermark.reports.csv_tables import without_guard

MAX_BYTES = 50_000_000


class RowError(OttermarkError):
    """A row that cannot be used; the message goes on after the file and the line."""


@dataclass(frozen=True)
class TableRow:
    """A row of a table.

    Attributes:
        line: where it ends in the file, counted from 1.
        cells: by the names of the columns; without white space at the ends.
    """

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell; empty if there is no such column."""
        return self.cells.get(column, "")


def read_rows(path: Path, required: Sequence[str], one_of: Sequence[str] = ()) -> list[TableRow]:
    """Read a CSV file as spreadsheets write it; empty rows are left out.

    Args:
        required: columns that it must have.
        one_of: columns of which it must have one or more.

    Raises:
        UsageError: it cannot be read, or lacks a column.
    """
    text = _read_text(path)
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        _check_columns(path, header, required, one_of)
        rows = [
            TableRow(reader.line_num, dict(zip(header, map(str.strip, cells), strict=False)))
            for cells in reader
        ]
    except csv.Error as error:
        raise UsageError(f"{path} cannot be read as CSV ({error}); export it again.") from None
    return [row for row in rows if any(row.cells.values())]


class SubmissionNames:
    """Finds submissions by what people call them.

    That is the name, with or without ``.ipynb``, the pseudonym, or a student's address or number if
    only one submission is theirs.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self._students: defaultdict[str, set[str]] = defaultdict(set)
        for name in workspace.submissions:
            for text in (name, f"{name}.ipynb", workspace.pseudonym(name)):
                self._names[text.casefold()].add(name)
            for student in workspace.submission(name).students:
                for text in filter(None, (student.email, student.sid)):
                    self._students[text.casefold()].add(name)

    def find(self, text: str) -> str:
        """Return the name of a submission; raises ``RowError``."""
        if not text:
            raise RowError("no submission is named; name it")
        key = without_guard(text).casefold()
        names = self._names.get(key) or self._names.get(text.casefold()) or self._students.get(key)
        if not names:
            raise RowError(f'no submission is called "{text}"; correct it or remove the row')
        if len(names) > 1:
            raise RowError(f'"{text}" handed in {len(names)} submissions; name one of them')
        return next(iter(names))


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); name a CSV file.") from None
    if len(data) > MAX_BYTES:
        raise UsageError(
            f"{path} is larger than {MAX_BYTES // 1_000_000} MB; is it the right file?"
        )
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UsageError(f'{path} is not UTF-8; save it as "CSV UTF-8".') from None


def _check_columns(
    path: Path, header: Sequence[str], required: Sequence[str], one_of: Sequence[str]
) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        raise UsageError(f"{path} has no column {' and no column '.join(missing)}; add it.")
    if one_of and not any(name in header for name in one_of):
        raise UsageError(f"{path} has no column {' or '.join(one_of)}; add one.")
