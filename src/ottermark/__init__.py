"""Build, verify and grade Otter Assign labs without letting student code meet the hidden tests.

The public API is here; it is imported when it is first used, so ``import ottermark`` is cheap and has
no side effects. See ``ottermark.api`` for the functions.

>>> import ottermark
>>> result = ottermark.grade("submissions/ann.ipynb", "autograder")
>>> result.score, result.max_score, result.status
(6.0, 6.0, 'graded')
>>> result.questions["q1"].score
2.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ottermark.api import BuildResult as BuildResult
    from ottermark.api import Result as Result
    from ottermark.api import build as build
    from ottermark.api import grade as grade
    from ottermark.api import grade_all as grade_all
    from ottermark.api import open as open
    from ottermark.errors import CheckFailedError as CheckFailedError
    from ottermark.errors import OttermarkError as OttermarkError
    from ottermark.errors import UsageError as UsageError

__version__ = "0.1.0"
__all__ = (
    *("BuildResult", "CheckFailedError", "OttermarkError", "Result", "UsageError"),
    *("build", "grade", "grade_all", "open"),
)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'ottermark' has no attribute {name!r}")
    from ottermark import api, errors

    return getattr(errors if name.endswith("Error") else api, name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
