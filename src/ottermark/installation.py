"""How this copy of ottermark was installed, and the command that adds packages to it."""

from __future__ import annotations

import importlib.metadata
import json
import shlex
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ottermark.errors import UsageError

# what the extra `class` installs for the marking page
PAGE_MODULES = ("starlette", "uvicorn", "python_multipart", "nh3", "PIL", "sklearn")

_NAME = "ottermark"
_LAST_PYTHON_OF_TENSORFLOW = (3, 13)


def require(extra: str, modules: Sequence[str], what: str) -> None:
    """Raise ``UsageError`` if a module of one of ottermark's extras is not installed.

    Args:
        extra: the name of the extra, such as ``class``.
        modules: what is going to be imported.
        what: what needs it, as the beginning of a sentence.
    """
    module = missing_module(modules)
    if module:
        raise UsageError(
            f"{what} needs packages that are not installed, such as {module}; {extra_fix(extra)}."
        )


def missing_module(modules: Sequence[str]) -> str:
    """Return the first of some modules that is not installed; empty if all are."""
    return next((module for module in modules if find_spec(module) is None), "")


def extra_fix(extra: str) -> str:
    """Return how to have one of ottermark's extras, as ``install_fix`` does."""
    return keras_fix() if extra == "keras" else install_fix(with_extra(extra))


def with_extra(extra: str) -> str:
    """Return what to ask an installer for, to have this copy with one of its extras."""
    url = _direct_url()
    return f"{_NAME}[{extra}] @ {url}" if url else f"{_NAME}[{extra}]"


def keras_fix(*others: str) -> str:
    """Return how to have the extra ``keras`` with TensorFlow, as ``install_fix`` does.

    Args:
        others: requirements to install with it.
    """
    if sys.version_info[:2] > _LAST_PYTHON_OF_TENSORFLOW:
        version = ".".join(map(str, _LAST_PYTHON_OF_TENSORFLOW))
        return f"install ottermark with Python {version}, the last for which there is TensorFlow"
    return install_fix(with_extra("keras"), *others)


def install_fix(*requirements: str) -> str:
    """Return how to install packages where this copy is, as an imperative without a full stop."""
    packages = " ".join(map(shlex.quote, requirements))
    if _is_run_by_uvx():
        own = [r for r in requirements if r.startswith(f"{_NAME}[")]
        source = own[0] if own else f"{_NAME} @ {_direct_url()}" if _direct_url() else _NAME
        others = "".join(f"--with {shlex.quote(r)} " for r in requirements if r not in own)
        return f"run `uvx {others}--from {shlex.quote(source)} ottermark ...`"
    if find_spec("pip") is not None:
        return f"run `{shlex.quote(sys.executable)} -m pip install {packages}`"
    return f"run `uv pip install --python {shlex.quote(sys.prefix)} {packages}`"


def _direct_url() -> str:
    """Return the address of the file or folder that this copy is from; empty if it is from an index."""
    try:
        text = importlib.metadata.distribution(_NAME).read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return ""
    return str(json.loads(text)["url"]) if text else ""


def _is_run_by_uvx() -> bool:
    """Whether the packages are in uv's cache, where nothing can be added to them."""
    return any(part.startswith("archive-v") for part in Path(sys.prefix).parts)
