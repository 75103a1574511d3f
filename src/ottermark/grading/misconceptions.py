"""A wrong answer -> the misconceptions behind it.

The catalogue (``misconceptions.yaml`` beside the master notebook) is the instructor's. For each
question it lists slips: a ``value`` that a name then has, a ``function`` that makes the slip, or
a ``check`` over the question's names. A student's function is known by how it behaves on the
catalogue's ``cases``, which are sorted into classes; the first class on which it differs from
``right`` is named to the student. Its inputs are the catalogue's own, never those of hidden tests.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from ottermark.assignment import Assignment
from ottermark.errors import UsageError
from ottermark.models.keras_model import KerasModel
from ottermark.protocol.proxies import CallTimeoutError, RemoteFunction
from ottermark.sandbox.session import SessionLostError

CATALOGUE = "misconceptions.yaml"
MAX_SHOWN = 300  # characters of an unexplained answer

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast

_RAISED = object()  # what a call came to that raised
_UNKNOWN = object()  # what a call came to that was not made


@dataclass(frozen=True)
class Misconception:
    """A mistake that students make.

    Attributes:
        id: unique in the catalogue.
        name: a few words for lists.
        hint: for the student; explains the slip, not the answer.
        values: what names then stand for.
        name_of_function: the function that ``answers`` are of, or empty.
        answers: what that function answers to the cases, in order.
        check: tells from names of the question whether the slip was made.
        look: whether a person should look at a sheet with it, e.g. for numbers too good to be true.
    """

    id: str
    name: str
    hint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    name_of_function: str = ""
    answers: tuple[Any, ...] = ()
    check: Callable[..., Any] | None = None
    look: bool = False

    @property
    def names(self) -> set[str]:
        """The names of the question that the slip explains."""
        if self.check is not None:
            return set(inspect.signature(self.check).parameters)
        return set(self.values) | ({self.name_of_function} - {""})


@dataclass(frozen=True)
class Entry:
    """What the catalogue knows of one question.

    Attributes:
        cases: class of inputs and source of the arguments, in order.
        calls: the arguments of each case.
        right: what the right function answers, by its name.
    """

    slips: tuple[Misconception, ...] = ()
    cases: tuple[tuple[str, str], ...] = ()
    calls: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...] = ()
    right: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Diagnosis:
    """What is known of a wrong answer.

    Attributes:
        slips: the misconceptions that explain it.
        fails_on: by function, the first class of inputs that it gets wrong.
        unexplained: by name, the values that nothing explains, as text for the TAs.
    """

    slips: tuple[Misconception, ...] = ()
    fails_on: Mapping[str, str] = field(default_factory=dict)
    unexplained: Mapping[str, str] = field(default_factory=dict)


NO_DIAGNOSIS = Diagnosis()


class Catalogue:
    """The catalogue of one assignment.

    Args:
        entries: by question.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries

    @classmethod
    def read(cls, path: Path, assignment: Assignment) -> Catalogue:
        """Read a catalogue, empty if there is none.

        Raises:
            UsageError: it is not right; the message says where.
        """
        if not path.is_file():
            return cls({})
        try:
            body = yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            told = " ".join(str(error).split())
            raise UsageError(f"{path} is not YAML: {told}; mend it.") from None
        if not isinstance(body, dict):
            raise UsageError(f"{path} should begin with the id of a question and a colon.")
        names = {q.id: q.names for q in assignment.automatic}
        entries, ids = {}, set()
        for question, told in body.items():
            where = f"{path}, {question}"
            if question not in names:
                raise UsageError(f"{where}: the assignment has no such automatic question.")
            entries[question] = _entry(told, set(names[question]), where)
            for slip in entries[question].slips:
                if slip.id in ids:
                    raise UsageError(f"{where}: the id {slip.id!r} is there twice; change one.")
                ids.add(slip.id)
        return cls(entries)

    def explain(
        self, question: str, values: Mapping[str, Any], names: tuple[str, ...]
    ) -> Diagnosis:
        """Say what is known of an answer that did not earn all points.

        Functions of the student's are called; what they raise is taken as their answer, but
        ``SessionLostError`` gets through.
        """
        entry = self.entries.get(question, Entry())
        answers = {
            name: _answers_of(values[name], entry)
            for name in names
            if isinstance(values.get(name), RemoteFunction)
        }
        fails_on = {}
        for name, given in answers.items():
            for case, answer, right in zip(
                entry.cases, given, entry.right.get(name, ()), strict=False
            ):
                if answer is not _UNKNOWN and not same(answer, right):
                    fails_on[name] = case[0]
                    break
        found: list[Misconception] = []
        explained: set[str] = set()
        for slip in entry.slips:
            if not slip.names <= explained and _made(slip, values, answers):
                found.append(slip)
                explained |= slip.names
        unexplained = {
            name: _shown(values[name])
            for name in names
            if name not in explained and values.get(name) is not None and values[name] is not ...
        }
        return Diagnosis(tuple(found), fails_on, unexplained)


def same(one: Any, other: Any) -> bool:
    """Compare two answers by their numbers, in whatever dress they come."""
    if one is other:
        return True
    if isinstance(one, dict) or isinstance(other, dict):
        both = isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys()
        return both and all(same(one[key], other[key]) for key in one)
    try:
        first, second = (np.asarray(a).astype(float) for a in (one, other))
    except Exception:  # text, None, tables of halves: compared as they are
        try:
            return bool(type(one) is type(other) and one == other)
        except Exception:
            return False
    return first.shape == second.shape and np.allclose(first, second, 1e-6, 1e-9, equal_nan=True)


def _made(
    slip: Misconception, values: Mapping[str, Any], answers: Mapping[str, tuple[Any, ...]]
) -> bool:
    if slip.check is not None:
        try:
            return bool(slip.check(**{name: values[name] for name in slip.names}))
        except Exception:  # it was written for answers of another form
            return False
    if slip.name_of_function:
        given = answers.get(slip.name_of_function, ())
        return len(given) > 0 and all(map(same, given, slip.answers))
    return all(name in values and same(values[name], v) for name, v in slip.values.items())


def _answers_of(function: Callable[..., Any], entry: Entry) -> tuple[Any, ...]:
    answers: list[Any] = []
    for args, kwargs in entry.calls:
        try:
            answers.append(function(*args, **kwargs))
        except SessionLostError:
            raise
        except CallTimeoutError:
            break  # it would be asked in vain
        except Exception:
            answers.append(_RAISED)
    return tuple(answers) + (_UNKNOWN,) * (len(entry.calls) - len(answers))


def _shown(value: Any) -> str:
    if isinstance(value, RemoteFunction):
        return "a function"
    if isinstance(value, KerasModel):
        return "a model"
    with np.printoptions(threshold=20, edgeitems=3):
        text = repr(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + " ..."


# --------------------------------------------------------------------------- reading


def _entry(told: Any, names: set[str], where: str) -> Entry:
    _check_keys(told, {"slips", "right", "cases", "common"}, where)
    common = told.get("common", "")
    if not isinstance(common, str):
        raise UsageError(f"{where}: `common` should be code.")
    shared: dict[str, Any] = {"np": np}  # by all slips, so that what it caches is read once
    _run(common, shared, f"{where}, common")
    cases = tuple(
        (str(kind), str(call))
        for kind, calls in (told.get("cases") or {}).items()
        for call in calls or ()
    )
    calls = tuple(_value(f"(lambda *a, **k: (a, k))({call})", where) for _, call in cases)
    right = {}
    for name, function in _functions(told.get("right", ""), where, {"np": np}).items():
        if name in names:
            right[name] = _answers(function, calls)
            for (_, call), answer in zip(cases, right[name], strict=True):
                if answer is _RAISED:
                    raise UsageError(f"{where}: `right` raises an error for {call}.")
    slips = []
    for slip in told.get("slips") or ():
        slips.append(_slip(slip, names, calls, where, shared))
        of = slips[-1]
        due = right.get(of.name_of_function)
        if due is not None and all(map(same, of.answers, due)):
            raise UsageError(
                f"{where}: on the cases, the slip {of.id!r} is like the right function; "
                "add a case that shows it, or `right`."
            )
    return Entry(tuple(slips), cases, calls, right)


def _slip(
    told: Any, names: set[str], calls: Any, where: str, shared: dict[str, Any]
) -> Misconception:
    _check_keys(told, {"id", "name", "hint", "look", "value", "function", "check"}, where)
    for key in ("id", "name", "hint"):
        if not isinstance(told.get(key), str) or not told[key].strip():
            raise UsageError(f"{where}: a slip has no `{key}`; write one.")
    where = f"{where}, {told['id']}"
    kinds = {"value", "function", "check"} & told.keys()
    if len(kinds) != 1:
        raise UsageError(f"{where}: give one of `value`, `function` and `check`.")
    if not isinstance(told.get("look", False), bool):
        raise UsageError(f"{where}: `look` should be true or false.")
    slip: dict[str, Any] = {"look": told.get("look", False)}
    if "value" in told:
        if not isinstance(told["value"], dict):
            raise UsageError(f"{where}: `value` should be like {{name: '(3, 3)'}}.")
        slip["values"] = {n: _value(str(v), where) for n, v in told["value"].items()}
    else:
        source = told["function"] if "function" in told else told["check"]
        functions = _functions(source, where, shared if "check" in told else {"np": np})
        name, function = functions.popitem() if functions else ("", None)
        if function is None or ("check" in told) != (name == "check"):
            raise UsageError(f"{where}: define the function with `def`, `check` under its name.")
        if name == "check":
            slip["check"] = function
        else:
            slip |= {"name_of_function": name, "answers": _answers(function, calls)}
    made = Misconception(told["id"], told["name"].strip(), " ".join(told["hint"].split()), **slip)
    if unknown := made.names - names:
        raise UsageError(f"{where}: the question has no name {sorted(unknown)[0]!r}.")
    if made.name_of_function and not calls:
        raise UsageError(f"{where}: a function is known by its answers; write `cases`.")
    return made


def _check_keys(told: Any, known: set[str], where: str) -> None:
    if not isinstance(told, dict):
        raise UsageError(f"{where}: should hold {', '.join(sorted(known))}.")
    if unknown := told.keys() - known:
        raise UsageError(f"{where}: {sorted(map(str, unknown))[0]!r} means nothing here.")


def _functions(source: Any, where: str, known: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    """Run an instructor's definitions beside the names that are known; return them in order."""
    names = dict(known)
    _run(str(source), names, where)
    tree = ast.parse(str(source))
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {name: names[name] for name in defined}


def _run(source: str, names: dict[str, Any], where: str) -> None:
    try:
        exec(compile(source, f"<{where}>", "exec"), names)
    except Exception as error:
        raise UsageError(f"{where}: its code does not run ({error!r}).") from None


def _value(source: str, where: str) -> Any:
    try:
        return eval(source, {"np": np})
    except Exception as error:
        raise UsageError(f"{where}: {source} does not run ({error!r}).") from None


def _answers(function: Callable[..., Any], calls: Any) -> tuple[Any, ...]:
    answers = []
    for args, kwargs in calls:
        try:
            answers.append(function(*args, **kwargs))
        except Exception:
            answers.append(_RAISED)
    return tuple(answers)
