"""The classes that src/ottermark defines, read from its syntax."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ottermark

SOURCE = Path(ottermark.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))


@dataclass(frozen=True)
class SourceClass:
    """A class.

    Attributes:
        place: its module within ottermark, a dot and its name.
        bases: the names of its bases, without their modules.
    """

    place: str
    bases: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.place.rpartition(".")[2]


def classes() -> Iterator[SourceClass]:
    """Yield all classes."""
    for path in MODULES:
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = (ast.unparse(base).rpartition(".")[2] for base in node.bases)
                yield SourceClass(f"{module}.{node.name}", tuple(bases))


def exceptions() -> list[SourceClass]:
    """Return the classes that derive, however indirectly, from a built-in exception."""
    by_name = {source_class.name: source_class for source_class in classes()}

    def is_exception(name: str) -> bool:
        if name in by_name:
            return any(map(is_exception, by_name[name].bases))
        builtin = getattr(builtins, name, None)
        return isinstance(builtin, type) and issubclass(builtin, BaseException)

    return [by_name[name] for name in by_name if is_exception(name)]
