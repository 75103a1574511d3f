"""The exceptions of ottermark.

All of them derive from ``OttermarkError``. Two decide how a command ends; the others are raised
and handled inside, and are defined in the module that raises them.

- ``OttermarkError``
    - ``UsageError``: wrong use or bad input; exit status 2
        - ``sandbox.sandbox.IsolationUnavailableError``: students' code cannot be isolated here
    - ``CheckFailedError``: what was checked does not hold; exit status 1
    - ``submissions.notebook.SubmissionRejectedError``: a file that cannot be graded
    - ``results.document.InvalidResultsError``: a results.json that Gradescope would refuse
    - ``sandbox.session.SessionLostError``: the notebook's process has ended
    - ``sandbox.isolation.IsolationSetupError``: a layer of the isolation cannot be set up
    - ``protocol.proxies.ValueRejectedError``: a value that cannot cross
        - ``protocol.proxies.CallTimeoutError``: no answer in time
    - ``protocol.proxies.CallFailedError``: the student's function raised
    - ``protocol.channel.ChannelError``
        - ``ChannelClosedError``, ``ChannelTimeoutError``, ``MalformedMessageError``
    - ``models.errors.UnsupportedModelError``: a model that the grader cannot compute
    - ``grading.otter_tests.DoctestFailedError``: also an ``AssertionError``
"""

from __future__ import annotations


class OttermarkError(Exception):
    """Base class of all exceptions of this package."""


class UsageError(OttermarkError):
    """Wrong use or bad input (exit status 2).

    The message is one plain sentence that names the file and the fix.
    """


class CheckFailedError(OttermarkError):
    """What was checked does not hold (exit status 1).

    Args:
        problems: one plain sentence a problem; all of them are shown.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
