"""Says in one sentence what a check of an answer came to; students receive it beside the notebook.

``grader = Grader(grader)`` wraps Otter's ``Notebook``; Otter itself is not changed.
"""

from .grader import Grader

__all__ = ["Grader"]
