"""The exceptions of ottermark.

All of them derive from ``OttermarkError``. Those that several packages raise are defined here, the
others in the module that raises them:

- ``errors.OttermarkError``

    - ``errors.UsageError``: wrong use or bad input; exit status 2

        - ``errors.MachineFaultError``: the machine failed while it graded a submission
        - ``sandbox.sandbox.IsolationUnavailableError``: students' code cannot be isolated here

    - ``errors.CheckFailedError``: what was checked does not hold; exit status 1

        - ``diagnostics.BuildFailedError``: a build has errors

    - ``errors.SubmissionRejectedError``: a submitted file cannot be graded
    - ``results.document.InvalidResultsError``: a results.json that is not of the documented form
    - ``marking.store.ConflictError``: somebody else has changed a mark in the meantime
    - ``marking.csv_rows.RowError``: a row of a table of marks or requests that cannot be used
    - ``grading.notebook_replay.ReplayEndedError``: no process is left in which the notebook could run
    - ``grading.otter_tests.DoctestFailedError``: a doctest failed; also an ``AssertionError``
    - ``models.errors.UnsupportedModelError``: a model that the grader cannot compute
    - ``worker.describe_model.IndescribableError``: a model that cannot be sent as data
    - ``worker.compute_model.NotComputedError``: a layer or operation that is not computed
    - ``sandbox.session.SessionLostError``: the notebook's process has ended
    - ``sandbox.zygote_client.ZygoteLostError``: the process that starts notebooks has ended
    - ``sandbox.isolation.IsolationSetupError``: a layer of the isolation cannot be set up
    - ``protocol.proxies.ValueRejectedError``: a value that cannot be sent to the grader

        - ``protocol.proxies.CallTimeoutError``: a call was not answered in time
        - ``protocol.proxies.ResultRejectedError``: the result of a call cannot be sent
        - ``models.errors.UnverifiedModelError``: a test asks for layers of a model that are not known

    - ``protocol.proxies.CallFailedError``: the student's function raised an exception
    - ``protocol.channel.ChannelError``: a message cannot be sent or received

        - ``protocol.channel.ChannelClosedError``: the other side has closed the connection
        - ``protocol.channel.ChannelTimeoutError``: there was no message in time
        - ``protocol.channel.MalformedMessageError``: a message is not in the expected form
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


class MachineFaultError(UsageError):
    """The machine failed while it graded a submission, which is no fault of that submission's.

    Args:
        problem: one plain sentence that names the fix.
        stops_run: whether other submissions would fare the same.
        hidden_inputs_shown: whether the notebook's code had heard the grader's inputs. It must not
            be run again at once then: it could leave word of them for itself.
    """

    def __init__(
        self, problem: str, stops_run: bool = False, hidden_inputs_shown: bool = False
    ) -> None:
        super().__init__(problem)
        self.stops_run, self.hidden_inputs_shown = stops_run, hidden_inputs_shown


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
