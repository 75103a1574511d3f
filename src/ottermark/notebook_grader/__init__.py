"""Says in one sentence how an answer stands; students receive it beside the notebook.

``grader = Grader(grader)`` wraps Otter's ``Notebook``; Otter itself is not changed.
"""

from .grader import Grader

__all__ = ["Grader"]
