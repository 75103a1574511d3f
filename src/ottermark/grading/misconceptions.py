"""Find the misconceptions behind a wrong answer.

The catalogue (``misconceptions.yaml`` beside the master notebook) is the instructor's. It lists
the misconceptions of each question by one of three signs: a ``value`` that a name then has, a
``function`` that answers as the student's does, or a ``check`` over the question's names. A
student's function is recognised by its answers to the catalogue's ``cases``, which are sorted into
classes of inputs; the first class on which it differs from ``right`` is named to the student. The
inputs are the catalogue's own, never those of hidden tests.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import yaml
from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)

from ottermark.assignment import Assignment
from ottermark.errors import UsageError
from ottermark.models.keras_model import Estimator
from ottermark.protocol.proxies import CallTimeoutError, RemoteFunction
from ottermark.python_source import parse
from ottermark.results.diagnosis import Diagnosis, Misconception
from ottermark.sandbox.session import SessionLostError
from ottermark.validation import STRICT, validate

CATALOGUE_FILE = "misconceptions.yaml"
MAX_SHOWN = 300  # characters of an unexplained answer

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast

_RAISED = object()  # the answer of a call that raised an error
_UNKNOWN = object()  # the answer of a call that was not made


@dataclass(frozen=True)
class Pattern:
    """How a misconception is recognised.

    Attributes:
        values: the values that names then have.
        function: the name of the function that ``answers`` are of, or empty.
        answers: what that function answers to the cases, in order.
        check: returns, from names of the question, whether the mistake was made.
    """

    misconception: Misconception
    values: Mapping[str, Any] = field(default_factory=dict)
    function: str = ""
    answers: tuple[Any, ...] = ()
    check: Callable[..., Any] | None = None

    @property
    def names(self) -> set[str]:
        """The names of the question whose values it explains."""
        if self.check is not None:
            return set(inspect.signature(self.check).parameters)
        return set(self.values) | ({self.function} - {""})

    def matches(self, values: Mapping[str, Any], answers: Mapping[str, tuple[Any, ...]]) -> bool:
        """Return whether an answer fits.

        Args:
            values: the question's names and their values in the notebook.
            answers: what each of the functions among them answers to the cases.
        """
        if self.check is not None:
            try:
                return bool(self.check(**{name: values[name] for name in self.names}))
            except Exception:  # it was written for answers of another form
                return False
        if self.function:
            return _all_equal(answers.get(self.function, ()), self.answers)
        return all(
            name in values and values_equal(values[name], v) for name, v in self.values.items()
        )


@dataclass(frozen=True)
class Case:
    """Arguments to try a student's function with.

    Attributes:
        input_class: what such inputs have in common, in words for the student.
        source: the arguments as the catalogue has them.
    """

    input_class: str
    source: str
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


@dataclass(frozen=True)
class QuestionCatalogue:
    """What the catalogue knows of one question.

    Attributes:
        patterns: those of particular misconceptions before those of general ones.
        cases: from easy to hard.
        right: what the right function answers to the cases, by its name.
    """

    patterns: tuple[Pattern, ...] = ()
    cases: tuple[Case, ...] = ()
    right: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    def first_failure(self, function: str, answers: tuple[Any, ...]) -> str | None:
        """Return the first class of inputs that a function gets wrong, as far as it answered."""
        right = self.right.get(function, ())
        for case, answer, expected in zip(self.cases, answers, right, strict=False):
            if answer is not _UNKNOWN and not values_equal(answer, expected):
                return case.input_class
        return None


@dataclass(frozen=True)
class MisconceptionCatalogue:
    """The catalogue of one assignment, by question."""

    questions: Mapping[str, QuestionCatalogue] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path, assignment: Assignment) -> MisconceptionCatalogue:
        """Read a catalogue, empty if there is none.

        Args:
            assignment: with all its questions, whichever of them are to be graded.

        Raises:
            UsageError: with a sentence for each thing that is wrong and where it is.
        """
        if not path.is_file():
            return cls()
        try:
            content = yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            reason = " ".join(str(error).split())
            raise UsageError(f"{path} is not YAML: {reason}; fix it.") from None
        if not isinstance(content, dict):
            raise UsageError(f"{path} should begin with the id of a question and a colon.")
        return cls(
            _compile(validate(dict[str, _QuestionSource], content, path, ", "), path, assignment)
        )

    def explain(
        self, question: str, values: Mapping[str, Any], names: tuple[str, ...]
    ) -> Diagnosis:
        """Return what is known of an answer that did not earn all points.

        Functions of the student's are called; what they raise is taken as their answer, except
        ``SessionLostError``, which is raised again.

        Args:
            question: its id.
            values: the question's names and their values in the notebook.
            names: all names of the question.
        """
        entry = self.questions.get(question, QuestionCatalogue())
        answers = {
            name: _answers(values[name], entry.cases)
            for name in names
            if isinstance(values.get(name), RemoteFunction)
        }
        matches: list[Misconception] = []
        explained: set[str] = set()
        for pattern in entry.patterns:
            if not pattern.names <= explained and pattern.matches(values, answers):
                matches.append(pattern.misconception)
                explained |= pattern.names
        failures = {name: entry.first_failure(name, answers[name]) for name in answers}
        return Diagnosis(
            tuple(matches),
            {name: failure for name, failure in failures.items() if failure is not None},
            {
                name: _shown(values[name])
                for name in names
                if name not in explained
                and values.get(name) is not None
                and values[name] is not ...
            },
        )


def values_equal(one: Any, other: Any) -> bool:
    """Return whether two answers are the same numbers; tuples, lists and arrays are alike."""
    if one is other:
        return True
    if isinstance(one, dict) or isinstance(other, dict):
        both = isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys()
        return both and all(values_equal(one[key], other[key]) for key in one)
    try:
        first, second = (np.asarray(a).astype(float) for a in (one, other))
    except Exception:  # text, None, ragged lists: compared as they are
        try:
            return bool(type(one) is type(other) and one == other)
        except Exception:
            return False
    return first.shape == second.shape and np.allclose(first, second, 1e-6, 1e-9, equal_nan=True)


def _all_equal(answers: tuple[Any, ...], expected: tuple[Any, ...]) -> bool:
    return len(answers) > 0 and all(map(values_equal, answers, expected))


def _answers(function: Callable[..., Any], cases: Iterable[Case]) -> tuple[Any, ...]:
    """Return what a function answers to the cases, in order."""
    answers: list[Any] = []
    timed_out = False  # then it would only time out again
    for case in cases:
        try:
            answers.append(_UNKNOWN if timed_out else function(*case.args, **case.kwargs))
        except SessionLostError:
            raise
        except CallTimeoutError:
            timed_out = True
            answers.append(_UNKNOWN)
        except Exception:
            answers.append(_RAISED)
    return tuple(answers)


def _shown(value: Any) -> str:
    if isinstance(value, RemoteFunction):
        return "a function"
    if isinstance(value, Estimator):
        return "a model"
    with np.printoptions(threshold=20, edgeitems=3):
        text = repr(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + " ..."


# ------------------------------------------------------------------- the content of the file


def _as_source(value: Any) -> Any:
    """Return a number or the like in YAML as the Python expression for it."""
    return repr(value) if value is None or isinstance(value, (bool, int, float)) else value


def _as_list(value: Any) -> Any:
    """Return an empty list for a key that nothing follows."""
    return [] if value is None else value


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Expression = Annotated[str, BeforeValidator(_as_source)]


class _MisconceptionSource(BaseModel):
    model_config = STRICT

    id: _Text
    name: _Text
    hint: _Text
    look: bool = False
    value: dict[str, _Expression] | None = None
    function: str | None = None
    check: str | None = None

    @model_validator(mode="after")
    def _has_one_sign(self) -> _MisconceptionSource:
        if [self.value, self.function, self.check].count(None) != 2:
            raise ValueError("give one of `value`, `function` and `check`")
        return self


class _QuestionSource(BaseModel):
    model_config = STRICT

    misconceptions: Annotated[
        list[_MisconceptionSource],
        BeforeValidator(_as_list),
        Field(validation_alias=AliasChoices("misconceptions", "slips")),  # its name in version 0.1
    ] = []
    right: str = ""
    cases: dict[_Expression, Annotated[list[_Expression], BeforeValidator(_as_list)]] = {}
    common: str = ""


def _compile(
    sources: Mapping[str, _QuestionSource], path: Path, assignment: Assignment
) -> dict[str, QuestionCatalogue]:
    """Run the code of a catalogue; raises ``UsageError`` with all that is wrong with it."""
    names = {question.id: set(question.names) for question in assignment.automatic}
    questions: dict[str, QuestionCatalogue] = {}
    problems: list[str] = []
    ids: set[str] = set()
    for question, source in sources.items():
        where = f"{path}, {question}"
        if question not in names:
            problems.append(
                f"{where}: the assignment has no such automatic question; it has {', '.join(names)}."
            )
            continue
        try:
            questions[question] = _QuestionCompiler(source, names[question], where).compile()
        except UsageError as error:
            problems += error.problems
        for misconception in source.misconceptions:
            if misconception.id in ids:
                problems.append(f"{where}, {misconception.id}: this id is used twice; change one.")
            ids.add(misconception.id)
    if problems:
        raise UsageError(*problems)
    return questions


class _QuestionCompiler:
    """Makes the catalogue of one question from its part of the file.

    Args:
        names: the names of the question.
        where: the place in the file, for errors.

    Raises:
        UsageError: code does not run, or a case is wrong.
    """

    def __init__(self, source: _QuestionSource, names: set[str], where: str) -> None:
        self.source, self.names, self.where = source, names, where
        self.shared: dict[str, Any] = {"np": np}  # by all checks, so that they share its caches
        _run(source.common, self.shared, f"{where}, common")
        self.cases = tuple(
            self._case(input_class, call)
            for input_class, calls in source.cases.items()
            for call in calls
        )
        self.right = self._right()

    def compile(self) -> QuestionCatalogue:
        """Return the catalogue; raises ``UsageError`` with all that is wrong."""
        patterns: list[Pattern] = []
        problems: list[str] = []
        for source in self.source.misconceptions:
            try:
                patterns.append(self._pattern(source))
            except UsageError as error:
                problems += error.problems
        if problems:
            raise UsageError(*problems)
        return QuestionCatalogue(tuple(patterns), self.cases, self.right)

    def _case(self, input_class: str, source: str) -> Case:
        where = f"{self.where}, cases, {input_class}"
        args, kwargs = _evaluate(f"(lambda *a, **k: (a, k))({source})", where)
        return Case(input_class, source, args, kwargs)

    def _right(self) -> dict[str, tuple[Any, ...]]:
        where = f"{self.where}, right"
        functions = _definitions(self.source.right, where, {"np": np})
        right = {n: _answers(f, self.cases) for n, f in functions.items() if n in self.names}
        for answers in right.values():
            for case, answer in zip(self.cases, answers, strict=True):
                if answer is _RAISED:
                    raise UsageError(
                        f"{where}: it raises an error for {case.source}; fix it or the case."
                    )
        return right

    def _pattern(self, source: _MisconceptionSource) -> Pattern:
        where = f"{self.where}, {source.id}"
        hint = " ".join(source.hint.split())
        misconception = Misconception(source.id, source.name, hint, source.look)
        if source.value is not None:
            values = {n: _evaluate(value, where) for n, value in source.value.items()}
            pattern = Pattern(misconception, values)
        elif source.check is not None:
            _, check = self._last_function(source.check, where, self.shared, "check")
            pattern = Pattern(misconception, check=check)
        else:
            name, function = self._last_function(source.function or "", where, {"np": np})
            answers = _answers(function, self.cases)
            pattern = Pattern(misconception, function=name, answers=answers)
        self._check(pattern, where)
        return pattern

    def _check(self, pattern: Pattern, where: str) -> None:
        if unknown := sorted(pattern.names - self.names):
            known = ", ".join(sorted(self.names))
            raise UsageError(
                f"{where}: the question has no name {unknown[0]!r}; its names are {known}."
            )
        if pattern.function and not self.cases:
            raise UsageError(f"{where}: a function is recognised by its answers; write `cases`.")
        right = self.right.get(pattern.function)
        if right is not None and _all_equal(pattern.answers, right):
            raise UsageError(
                f"{where}: on the cases, it answers like the right function; add a case on which "
                "it differs, or fix `right`."
            )

    def _last_function(
        self, source: str, where: str, known: Mapping[str, Any], name: str = ""
    ) -> tuple[str, Callable[..., Any]]:
        """Return the last function that ``source`` defines, and its name.

        Args:
            known: what the code may use.
            name: the name that it must have; empty for any but ``check``.
        """
        functions = _definitions(source, where, known)
        last = next(reversed(functions), None)
        if last is None or (name or last) != last or (not name and last == "check"):
            raise UsageError(f"{where}: define the function with `def`, a check as `check`.")
        return last, functions[last]


def _definitions(
    source: str, where: str, known: Mapping[str, Any]
) -> dict[str, Callable[..., Any]]:
    """Run code in a namespace that has the ``known`` names; return the functions it defines."""
    namespace = dict(known)
    _run(source, namespace, where)
    defined = [node.name for node in parse(source).body if isinstance(node, ast.FunctionDef)]
    return {name: namespace[name] for name in defined}


def _run(source: str, namespace: dict[str, Any], where: str) -> None:
    try:
        exec(compile(source, f"<{where}>", "exec"), namespace)
    except Exception as error:
        raise UsageError(f"{where}: its code does not run ({error!r}); fix it.") from None


def _evaluate(source: str, where: str) -> Any:
    try:
        return eval(source, {"np": np})
    except Exception as error:
        raise UsageError(f"{where}: {source} does not run ({error!r}); fix it.") from None
