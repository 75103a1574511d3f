"""Data checked by pydantic, and its errors as sentences that name the file, the place and the fix."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from ottermark.errors import UsageError

STRICT = ConfigDict(extra="forbid", strict=True)  # no unknown keys; no conversions, as of "1" to 1
MAX_SHOWN = 40  # characters of a wrong value

_T = TypeVar("_T")
_KEY = "[key]"  # how pydantic marks an error in a key itself
_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")  # of models, of dataclasses
_OBJECT = ("model_type", "dataclass_type", "model_attributes_type")
_MESSAGES = {
    "bool_type": "should be true or false",
    "dict_type": "should hold keys and values",
    "float_type": "should be a number",
    "int_type": "should be a whole number",
    "list_type": "should be a list",
    "missing": "is missing",
    "string_too_short": "is empty",
    "string_type": "should be text",
    "tuple_type": "should be a list",
}
_FIXES = {"missing": "add it", "string_too_short": "write it"}


def _check_number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError("should be a number")
    return value


# unlike `float`, it leaves a whole number whole: it is shown, and written back, as it was
Number = Annotated[int | float, BeforeValidator(_check_number)]


@dataclass(frozen=True)
class ValidationProblem:
    """One thing that is wrong with a file's content; as text, a sentence.

    Attributes:
        source: the file.
        place: the keys that lead to it, and positions in lists, which count from 1; may be empty.
        message: what is wrong.
        fix: what to do about it; empty if ``message`` says that.
    """

    source: str
    place: str
    message: str
    fix: str = ""

    def __str__(self) -> str:
        place = f", {self.place}" if self.place else ""
        fix = f"; {self.fix}" if self.fix else ""
        return f"{self.source}{place}: {self.message}{fix}."


def validate(kind: type[_T], data: Any, source: Path | str, separator: str = ".") -> _T:
    """Return ``data`` as a ``kind``, which is anything that pydantic can validate.

    Args:
        source: the file that ``data`` is from.
        separator: see ``problems_of``.

    Raises:
        UsageError: with a sentence for each thing that is wrong.
    """
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        raise UsageError(*map(str, problems_of(error, kind, source, separator))) from None


def problems_of(
    error: ValidationError, kind: Any, source: Path | str, separator: str = "."
) -> list[ValidationProblem]:
    """Return what is wrong, in the order of pydantic's errors.

    Args:
        kind: the type that was validated against; its keys are proposed for unknown ones.
        source: the file that the data is from.
        separator: put between the parts of a place.
    """
    schema = TypeAdapter(kind).json_schema()
    problems = []
    for details in error.errors():
        if details["type"] == "default_factory_not_called":  # since another field is wrong
            continue
        location = details["loc"]
        if location and location[-1] == _KEY:
            names = [str(part) for part in location[:-1]]
        else:
            names = [str(part + 1) if isinstance(part, int) else part for part in location]
        message, fix = _describe(details, schema)
        problems.append(ValidationProblem(str(source), separator.join(names), message, fix))
    return problems


def suggest_name(name: str, known: Iterable[str]) -> str:
    """Return what to do about an unknown name: write the most similar one, or remove it."""
    match = difflib.get_close_matches(name, known, 1)
    return f'write "{match[0]}"' if match else "remove it"


def _describe(details: Mapping[str, Any], schema: dict[str, Any]) -> tuple[str, str]:
    """Return the message and the fix for one of pydantic's errors."""
    kind, location = details["type"], details["loc"]
    if kind in _UNKNOWN_KEY:
        known = _keys(schema, location[:-1])
        return "there is no such key", suggest_name(str(location[-1]), known)
    if kind in _OBJECT:
        message = f"should hold the keys {', '.join(_keys(schema, location))}"
    elif kind == "value_error":
        message = str(details["ctx"]["error"])
    elif kind == "literal_error":
        message = "should be one of " + details["ctx"]["expected"].replace("'", "")
    else:
        message = _MESSAGES.get(kind) or details["msg"].removeprefix("Input ")
    if message.startswith("should be"):
        message += _shown(details["input"])
    return message, _FIXES.get(kind, "")


def _shown(value: Any) -> str:
    if not isinstance(value, (str, int, float)):
        return ""
    text = json.dumps(value)
    return f", not {text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + '...'}"


def _keys(schema: dict[str, Any], location: Sequence[Any]) -> list[str]:
    """Return the keys that an object at a place may have, by the JSON schema of the whole."""
    definitions = schema.get("$defs", {})
    part = _resolve(schema, definitions)
    for step in location:
        inner = part.get("items") if isinstance(step, int) else part.get("properties", {}).get(step)
        part = _resolve(inner or part.get("additionalProperties"), definitions)
    return list(part.get("properties", ()))


def _resolve(schema: Any, definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object or list that a schema stands for; an empty schema if it is neither."""
    if isinstance(schema, dict):
        for option in schema.get("anyOf", (schema,)):
            option = definitions.get(option.get("$ref", "").rpartition("/")[2], option)
            if option.get("type") in ("object", "array"):
                return option
    return {}
