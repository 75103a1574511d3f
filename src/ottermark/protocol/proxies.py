"""What stands in the grader for objects that stay in the worker, and how calling them fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ottermark.errors import OttermarkError
from ottermark.protocol.model_description import ModelDescription


class ValueRejectedError(OttermarkError):
    """A value that cannot cross, or that contradicts itself.

    The message is meant for the student and never holds text that the other side chose.
    """


class CallTimeoutError(ValueRejectedError):
    """A function or model that did not answer in time."""


class ResultRejectedError(ValueRejectedError):
    """What a function or model of the student's returned cannot cross.

    Args:
        name: what the student calls it.
        reason: why; hidden inputs must not show there, and the student may read it.

    Attributes:
        summary: the message without the reason, which may depend on hidden inputs.
    """

    def __init__(self, name: str, reason: str = "") -> None:
        self.summary = f"what `{name}` returned cannot be sent to the grader"
        super().__init__(f"{self.summary}: {reason}" if reason else self.summary)


class CallFailedError(OttermarkError):
    """A function or model of the student's that raised when the grader called it.

    Made by ``of``, it is also an exception of the kind that was raised, if that is a common one of
    Python's own, so that tests can catch that.

    Args:
        name: the function's name in the student's notebook.
        kind: the exception's type.
        text: the first line of its message; left out when the call carried hidden inputs.
    """

    def __init__(self, name: str, kind: str, text: str = "") -> None:
        details = f": {text}" if text else ""
        super().__init__(f"`{name}` raised {kind} when the grader called it{details}")
        self.name, self.kind = name, kind

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would quote it

    @classmethod
    def of(cls, raised: object, name: str, kind: str, text: str = "") -> CallFailedError:
        """Return one for an exception whose type has the name ``raised``.

        Args:
            kind: what is said of it; hidden inputs must not show there.
        """
        known = _CLASSES.get(raised) if isinstance(raised, str) else None
        return (known or cls)(name, kind, text)


def common_exception(kind: type[BaseException]) -> str:
    """Return the name of the nearest of Python's common exceptions that a type is; or empty."""
    return next((base.__name__ for base in kind.__mro__ if base in _COMMON), "")


_COMMON = (
    *(AttributeError, IndexError, KeyError, NotImplementedError, OverflowError),
    *(RuntimeError, TypeError, ValueError, ZeroDivisionError),
)
_CLASSES: dict[object, type[CallFailedError]] = {
    kind.__name__: type(f"CallFailed{kind.__name__}", (CallFailedError, kind), {})
    for kind in _COMMON
}


class Peer(Protocol):
    """The other side of a connection, as far as remote objects need it.

    Attributes:
        changed_arguments: whether, as the other side says, a call has written into its arguments.
        rejections: what could not be sent to functions or by them, or is no data and was used as such.
    """

    changed_arguments: bool
    rejections: list[ValueRejectedError]

    def call(
        self, handle: int, operation: str, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Use the object that is retained under a handle.

        Args:
            handle: the number under which the other side retains the object.
            operation: ``call``, ``predict``, ``get_weights`` or ``fitted_rows``.
            args: positional arguments; they must be data.
            kwargs: keyword arguments; they must be data.

        Returns:
            The decoded result.

        Raises:
            CallFailedError: the object raised.
            CallTimeoutError: there was no answer in time.
            ValueRejectedError: the result cannot cross.
        """


class RemoteFunction:
    """A function that stays in the worker. Called with data, it returns data.

    Attributes:
        handle: the number under which the worker retains it.
        answered: whether a call has returned anything but a placeholder.
        is_empty: whether, as the worker says, its body is a placeholder.
    """

    def __init__(self, peer: Peer, handle: int, name: str, is_empty: bool = False) -> None:
        self._peer, self.handle = peer, handle
        self.__name__ = name
        self.is_empty = is_empty
        self.answered = False

    @property
    def changed_arguments(self) -> bool:
        """Whether a call has written into its arguments, of which the worker has a copy."""
        return self._peer.changed_arguments

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function in the worker; raises what ``Peer.call`` does."""
        try:
            value = self._peer.call(self.handle, "call", args, kwargs)
        except ValueRejectedError as rejection:
            self._peer.rejections.append(rejection)
            raise
        self.answered |= not is_placeholder(value)
        return value


def is_placeholder(value: Any) -> bool:
    """Return whether a value is what stands where an answer is to be written."""
    if isinstance(value, RemoteFunction):
        return value.is_empty and not value.answered
    if isinstance(value, (dict, list, tuple)) and value:
        parts = value.values() if isinstance(value, dict) else value
        return all(map(is_placeholder, parts))
    return value is None or value is ...


class RemoteModel:
    """A Keras model or scikit-learn estimator that stays in the worker.

    Nothing that it answers is verified here; see ``ottermark.models.keras_model``.

    Attributes:
        handle: the number under which the worker retains it.
        name: the model's name.
        description: what the worker says of its layers.
    """

    def __init__(self, peer: Peer, handle: int, name: str, description: ModelDescription) -> None:
        self._peer, self.handle, self.name = peer, handle, name
        self.description = description

    def ask_to_call(self, *args: Any, **kwargs: Any) -> Any:
        """Have the worker call the model as a function; raises what ``Peer.call`` does."""
        return self._peer.call(self.handle, "call", args, kwargs)

    def ask_for_prediction(self, x: Any) -> Any:
        """Have the worker compute the model's ``predict``; raises what ``Peer.call`` does."""
        return self._peer.call(self.handle, "predict", (x,), {})

    def ask_for_weights(self) -> Any:
        """Return what the worker sends as the model's weights; raises what ``Peer.call`` does."""
        return self._peer.call(self.handle, "get_weights", (), {})

    def ask_for_fitted_rows(self) -> Any:
        """Return what the worker says that ``fit`` was given; raises what ``Peer.call`` does."""
        return self._peer.call(self.handle, "fitted_rows", (), {})


class Opaque:
    """A value that cannot cross. Only the name of its type is known.

    Whatever asks for more raises ``ValueRejectedError``: a test that compares it with something must
    not pass for the reason that a stand-in differs from it.
    """

    def __init__(self, type_name: str, peer: Peer | None = None) -> None:
        self.type_name, self._peer = type_name, peer

    def __repr__(self) -> str:
        return f"<a {self.type_name}, which cannot be sent to the grader>"

    def _reject(self, *_: Any, **__: Any) -> Any:
        rejection = ValueRejectedError(f"a {self.type_name} cannot be sent to the grader")
        if self._peer is not None:
            self._peer.rejections.append(rejection)
        raise rejection

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __hash__ = _reject
    __bool__ = __str__ = __format__ = __len__ = __iter__ = __contains__ = _reject
    __getattr__ = __getitem__ = __call__ = __int__ = __float__ = __index__ = _reject
