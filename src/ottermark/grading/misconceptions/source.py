"""Read the file of a catalogue: check its content, run its code."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
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
from ottermark.grading.misconceptions.patterns import Pattern, QuestionCatalogue
from ottermark.grading.misconceptions.slips import Derivation
from ottermark.grading.misconceptions.values import RAISED, Case, all_equal, call_cases
from ottermark.grading.misconceptions.wording import Quantity
from ottermark.python_source import parse
from ottermark.results.diagnosis import Misconception
from ottermark.validation import STRICT, Number, validate

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast


def _as_source(value: Any) -> Any:
    """Return a number or the like in YAML as the Python expression for it."""
    return repr(value) if value is None or isinstance(value, (bool, int, float)) else value


def _as_list(value: Any) -> Any:
    """Return an empty list for a key that nothing follows."""
    return [] if value is None else value


def _as_sources(value: Any) -> Any:
    """Return a single formula as a list of one."""
    return value if isinstance(value, list) else [_as_source(value)]


def _as_phrases(value: Any) -> Any:
    """Return a list as a dict in which nothing stands for its items."""
    return {_as_source(item): "" for item in value} if isinstance(value, list) else value


def _as_quantity(value: Any) -> Any:
    """Return words alone as a quantity without a value."""
    return {"words": value} if isinstance(value, str) else value


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Expression = Annotated[str, BeforeValidator(_as_source)]
_Formulas = Annotated[list[_Expression], BeforeValidator(_as_sources), Field(min_length=1)]


class _MisconceptionSource(BaseModel):
    model_config = STRICT

    id: _Text
    name: _Text | None = None
    hint: _Text | None = None
    ask: str = ""
    look: bool = False
    value: dict[str, _Formulas] | None = None
    function: str | None = None
    check: str | None = None
    part: dict[str, _Expression] | None = None
    edit: dict[str, _Formulas] | None = None

    @model_validator(mode="after")
    def _has_one_sign(self) -> _MisconceptionSource:
        signs = [self.value, self.function, self.check, self.part, self.edit]
        if signs.count(None) != len(signs) - 1:
            raise ValueError("give one of `value`, `function`, `part`, `check` and `edit`")
        return self

    @model_validator(mode="after")
    def _says_what_is_wrong(self) -> _MisconceptionSource:
        for key in ("name", "hint"):
            if self.edit is None and getattr(self, key) is None:
                raise ValueError(f"`{key}` is missing; add it")
        if self.edit is not None and (self.name is None) != (self.hint is None):
            raise ValueError("give both of `name` and `hint`, or neither")
        if self.ask and self.hint is not None:
            raise ValueError("`ask` follows a derived hint; leave out `ask`, or `name` and `hint`")
        return self


class _QuantitySource(BaseModel):
    model_config = STRICT

    words: _Text
    value: _Expression | None = None
    kind: str = ""
    usual: Annotated[dict[_Expression, str], BeforeValidator(_as_phrases)] = {}


class _LikeSource(BaseModel):
    model_config = STRICT

    question: str
    replace: dict[str, str]


class _QuestionSource(BaseModel):
    model_config = STRICT

    misconceptions: Annotated[
        list[_MisconceptionSource],
        BeforeValidator(_as_list),
        Field(validation_alias=AliasChoices("misconceptions", "slips")),  # its name in version 0.1
    ] = []
    like: _LikeSource | None = None
    quantities: dict[str, Annotated[_QuantitySource, BeforeValidator(_as_quantity)]] = {}
    words: dict[str, _Text] = {}
    right: str | dict[str, _Formulas] = ""
    cases: dict[_Expression, Annotated[list[_Expression], BeforeValidator(_as_list)]] = {}
    tolerance: Number = 1e-9
    common: str = ""


def read_questions(path: Path, assignment: Assignment) -> dict[str, QuestionCatalogue]:
    """Read the catalogue of each question.

    Args:
        assignment: with all its questions.

    Raises:
        UsageError: with a sentence for each thing that is wrong and where it is.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise UsageError(f"{path} is not YAML: {reason}; fix it.") from None
    if not isinstance(content, dict):
        raise UsageError(f"{path} should begin with the id of a question and a colon.")
    sources = validate(dict[str, _QuestionSource], content, path, ", ")
    unknown = [
        f"{path}, {question}, like: the catalogue has no question {source.like.question!r}; "
        f"it has {', '.join(sources)}."
        for question, source in sources.items()
        if source.like is not None and source.like.question not in sources
    ]
    if unknown:
        raise UsageError(*unknown)
    return _compile({q: _copied(s, sources) for q, s in sources.items()}, path, assignment)


def _copied(source: _QuestionSource, sources: Mapping[str, _QuestionSource]) -> _QuestionSource:
    """Return a question with the misconceptions and the code of the one that it is like."""
    if source.like is None:
        return source
    original = sources[source.like.question]
    copies = [_replaced(m, source.like.replace) for m in original.misconceptions]
    known = {m.id for m in source.misconceptions}
    return source.model_copy(
        update={
            "misconceptions": source.misconceptions + [m for m in copies if m.id not in known],
            "common": original.common + "\n" + source.common,
        }
    )


def _replaced(source: _MisconceptionSource, words: Mapping[str, str]) -> _MisconceptionSource:
    changes: dict[str, str] = {}
    for key in ("id", "name", "hint", "ask", "function", "check"):
        text = getattr(source, key)
        for old, new in words.items():
            text = text.replace(old, new) if text else text
        changes[key] = text
    return source.model_copy(update=changes)


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
            compiler = _QuestionCompiler(question, source, names[question], where)
            questions[question] = compiler.compile()
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
        question: its id.
        names: the names of the question.
        where: the place in the file, for errors.

    Raises:
        UsageError: code does not run, or a case is wrong.
    """

    def __init__(self, question: str, source: _QuestionSource, names: set[str], where: str) -> None:
        self.question, self.source, self.names, self.where = question, source, names, where
        self.shared: dict[str, Any] = {"np": np}  # by all checks, so that they share its caches
        _run(source.common, self.shared, f"{where}, common")
        self.cases = tuple(
            self._case(input_class, call)
            for input_class, calls in source.cases.items()
            for call in calls
        )
        self.derivations = self._derivations()
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
        return QuestionCatalogue(tuple(patterns), self.cases, self.right, self.derivations)

    def _case(self, input_class: str, source: str) -> Case:
        where = f"{self.where}, cases, {input_class}"
        args, kwargs = _evaluate(f"(lambda *a, **k: (a, k))({source})", where)
        return Case(input_class, source, args, kwargs)

    # -------------------------------------------------------------------------- formulas

    def _derivations(self) -> dict[str, Derivation]:
        right, where = self.source.right, f"{self.where}, right"
        if isinstance(right, str):
            return {}
        if unknown := sorted(right.keys() - self.names):
            raise UsageError(self._unknown_name(where, unknown[0]))
        values = self._quantity_values()
        return {n: self._derivation(n, sources, values) for n, sources in right.items()}

    def _derivation(self, name: str, sources: list[str], values: Mapping[str, Any]) -> Derivation:
        for source in sources:
            _check_syntax(source, f"{self.where}, right, {name}")
        quantities = {
            n: Quantity(n, q.words, q.kind, q.usual, values.get(n))
            for n, q in self.source.quantities.items()
        }
        return Derivation(
            name,
            "-".join([self.question] + [name] * (len(self.names) > 1)).replace("_", "-"),
            tuple(sources),
            quantities,
            values,
            self.cases,
            self.source.tolerance,
            self.shared,
            self.source.words,
        )

    def _quantity_values(self) -> dict[str, Any]:
        where = f"{self.where}, quantities"
        return {
            name: _evaluate(quantity.value, f"{where}, {name}", self.shared)
            for name, quantity in self.source.quantities.items()
            if quantity.value is not None
        }

    def _right(self) -> dict[str, tuple[Any, ...]]:
        where = f"{self.where}, right"
        if isinstance(self.source.right, str):
            functions = _definitions(self.source.right, where, {"np": np})
            right = {n: call_cases(f, self.cases) for n, f in functions.items() if n in self.names}
        else:
            right = {n: d.right for n, d in self.derivations.items() if not d.is_constant}
        for answers in right.values():
            for case, answer in zip(self.cases, answers, strict=True):
                if answer is RAISED:
                    raise UsageError(
                        f"{where}: it raises an error for {case.source}; fix it or the case."
                    )
        return right

    # -------------------------------------------------------------------------- patterns

    def _pattern(self, source: _MisconceptionSource) -> Pattern:
        where = f"{self.where}, {source.id}"
        hint = " ".join((source.hint or source.ask).split())
        misconception = Misconception(source.id, source.name or "", hint, source.look)
        if source.value is not None:
            values = {
                n: tuple(_evaluate(value, where) for value in alternatives)
                for n, alternatives in source.value.items()
            }
            pattern = Pattern(misconception, values)
        elif source.check is not None:
            check = self._condition(source.check, where)
            pattern = Pattern(misconception, check=check)
        elif source.edit is not None:
            pattern = self._edit_pattern(source.edit, misconception, where)
        else:
            name, function = self._function(source, where)
            answers = call_cases(function, self.cases)
            if name in self.derivations:
                self.derivations[name].add_entry(source.id, source.name or "", function)
            pattern = Pattern(misconception, function=name, answers=answers, mistaken=function)
        self._check(pattern, where)
        return pattern

    def _function(self, source: _MisconceptionSource, where: str) -> tuple[str, Callable[..., Any]]:
        if source.part is None:
            return self._last_function(source.function or "", where)
        derivations = [d for d in self.derivations.values() if not d.is_constant]
        if len(derivations) != 1:
            raise UsageError(f"{where}: `part` needs one function in `right`.")
        for expression in source.part.values():
            _check_syntax(expression, where)
        return derivations[0].name, derivations[0].with_parts(source.part, where)

    def _edit_pattern(
        self,
        edit: Mapping[str, list[str]],
        misconception: Misconception,
        where: str,
    ) -> Pattern:
        if len(edit) != 1:
            raise UsageError(f"{where}: `edit` names one name of the question and its edits.")
        ((name, keys),) = edit.items()
        if name not in self.derivations:
            raise UsageError(f"{where}: `right` has no formula of {name}; write it.")
        derivation = self.derivations[name]
        return Pattern(misconception, derivation=derivation, edits=tuple(keys))

    def _check(self, pattern: Pattern, where: str) -> None:
        if unknown := sorted(pattern.names - self.names):
            raise UsageError(self._unknown_name(where, unknown[0]))
        if pattern.function and not self.cases:
            raise UsageError(f"{where}: a function is recognised by its answers; write `cases`.")
        right = self.right.get(pattern.function)
        if right is not None and all_equal(pattern.answers, right):
            raise UsageError(
                f"{where}: on the cases, it answers like the right function; add a case on which "
                "it differs, or fix `right`."
            )

    def _unknown_name(self, where: str, name: str) -> str:
        known = ", ".join(sorted(self.names)) or "none"
        return f"{where}: the question has no name {name!r}; its names are {known}."

    def _condition(self, source: str, where: str) -> Callable[..., Any]:
        """Return a condition on names of the question: an expression, or a function of them."""
        if not source.lstrip().startswith("def "):
            _check_syntax(source, where)
            used = {node.id for node in ast.walk(parse(source)) if isinstance(node, ast.Name)}
            parameters = ", ".join(sorted(used & self.names))
            source = f"def condition({parameters}): return ({source})"
        return self._last_function(source, where)[1]

    def _last_function(self, source: str, where: str) -> tuple[str, Callable[..., Any]]:
        """Return the last function that ``source`` defines, and its name."""
        functions = _definitions(source, where, self.shared)
        last = next(reversed(functions), None)
        if last is None:
            raise UsageError(f"{where}: define a function with `def`.")
        return last, functions[last]


def _check_syntax(source: str, where: str) -> None:
    try:
        parse(source)
    except SyntaxError as error:
        raise UsageError(f"{where}: its code does not run ({error!r}); fix it.") from None


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


def _evaluate(source: str, where: str, known: Mapping[str, Any] | None = None) -> Any:
    try:
        return eval(source, {"np": np, **(known or {})})
    except Exception as error:
        raise UsageError(f"{where}: {source} does not run ({error!r}); fix it.") from None
