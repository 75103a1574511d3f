"""The exceptions of ottermark.

All of them derive from ``OttermarkError``. Those that several packages raise or handle are
defined here, the others in the module that raises them.

- ``OttermarkError``
    - ``UsageError``: wrong use or bad input; exit status 2
        - ``sandbox.sandbox.IsolationUnavailableError``: students' code cannot be isolated here
    - ``CheckFailedError``: what was checked does not hold; exit status 1
        - ``diagnostics.BuildFailedError``: a build has errors
    - ``SubmissionRejectedError``: a submitted file cannot be graded
    - ``results.document.InvalidResultsError``: a results.json that Gradescope would refuse
    - ``sandbox.session.SessionLostError``: the notebook's process has ended
    - ``sandbox.isolation.IsolationSetupError``: a layer of the isolation cannot be set up
    - ``protocol.proxies.ValueRejectedError``: a value that cannot cross
        - ``protocol.proxies.CallTimeoutError``: no answer in time
    - ``protocol.proxies.CallFailedError``: the student's function raised
    - ``protocol.channel.ChannelError``
        - ``ChannelClosedError``, ``ChannelTimeoutError``, ``MalformedMessageError``
    - ``models.errors.UnsupportedModelError``: a model that the grader cannot compute
    - ``models.budget.ArrayTooLargeError``: an array of such a computation is too large
    - ``grading.otter_tests.DoctestFailedError``: also an ``AssertionError``
"""

from __future__ import annotations


class OttermarkError(Exception):
    """Base class of all exceptions of this package."""


class UsageError(OttermarkError):
    """Wrong use or bad input (exit status 2).

    Args:
        problems: one plain sentence a problem, which names the file and the fix; all are shown.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class CheckFailedError(OttermarkError):
    """What was checked does not hold (exit status 1).

    Args:
        problems: one plain sentence a problem; all of them are shown.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class SubmissionRejectedError(OttermarkError):
    """A submitted file cannot be graded.

    The message is one sentence of Markdown for the student, which names the file and the fix.
    Whatever the file's author chose stands in it as code (``text.markdown_code``).
    """
