"""Go on with a cell below a statement that needs a package, or its magics, which are not installed here.

Students import what is installed where they work, often among the imports of the whole notebook. Were
the rest of the cell not run, as in a kernel, all of these and all answers would be lost with it.
"""

from __future__ import annotations

import ast
import itertools

from IPython.core.error import UsageError


class MissingPackages:
    """Finds what is left to run of cells, and notes which names missing packages would have had."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def rest(self, code: str, error: BaseException) -> str:
        """Return a cell from the statement below the one that raised an error, at the same lines.

        Args:
            code: of the cell, without magics.

        Returns:
            Nothing if the error is another one, or nothing is left to run.
        """
        if isinstance(error, NameError):
            if error.name not in self._names:
                return ""
        elif not isinstance(error, (ImportError, UsageError)):
            return ""
        line, statements = _line(error), ast.parse(code).body
        for statement, following in itertools.pairwise(statements):
            if line is not None and line <= (statement.end_lineno or 0):
                self._note_names(statement)
                return _from(code, statement, following)
        return ""

    def _note_names(self, statement: ast.stmt) -> None:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for alias in statement.names:
                self._names.add(alias.asname or alias.name.partition(".")[0])


def _line(error: BaseException) -> int | None:
    """Return the line of the cell that was running."""
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_name == "<module>" and "ipython-input" in code.co_filename:
            return trace.tb_lineno
        trace = trace.tb_next
    return None


def _from(code: str, statement: ast.stmt, following: ast.stmt) -> str:
    """Return the code below a statement, with comments in the place of the lines above."""
    lines = code.encode().split(b"\n")
    first = statement.end_lineno or 0
    if following.lineno == first:  # both are on one line
        first -= 1
        lines[first] = lines[first][following.col_offset :]
    return "#\n" * first + b"\n".join(lines[first:]).decode()
