"""``designs.py`` -> ``runs.csv``, one line for each design and seed, as far as it lacks them."""

from __future__ import annotations

import ast
import csv
import hashlib
import importlib.metadata
import importlib.util
import inspect
import io
import itertools
import multiprocessing
import os
import platform
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ottermark.calibration.training import ENVIRONMENT, KINDS, METRICS, Data
from ottermark.errors import UsageError

FIELDS = ("design", "digest", "seed", *METRICS)


@dataclass(frozen=True)
class Design:
    """A function of ``designs.py``; ``digest`` changes with anything that changes its runs."""

    name: str
    questions: tuple[str, ...]
    kind: str
    runs: int
    digest: str


@dataclass(frozen=True)
class Run:
    """One line of ``runs.csv``."""

    design: str
    digest: str
    seed: int
    metrics: dict[str, float]

    def line(self) -> str:
        """Return it as it stands in the file."""
        values = (f"{self.metrics[m]:.6g}" if m in self.metrics else "" for m in METRICS)
        return ",".join([self.design, self.digest, str(self.seed), *values]) + "\n"


def read_designs(folder: Path) -> dict[str, Design]:
    """Read what ``designs.py`` says of its designs, without running it."""
    path = folder / "designs.py"
    tree = _parsed(path)
    parts = {
        name: node
        for node in tree.body
        for name in (
            [node.name]
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
            else [n.id for n in ast.walk(node) if isinstance(getattr(n, "ctx", None), ast.Store)]  # type: ignore[attr-defined]
        )
    }
    common = [ast.unparse(ast.parse(inspect.getsource(Data)))]
    common += [f"{name} {version}" for name, version in versions().items() if name != "Python"]
    for name in ("data/boston_housing.csv", "data/digits.npz", "held_back/digits.npz"):
        if (folder.parent / name).is_file():
            common.append(hashlib.sha256((folder.parent / name).read_bytes()).hexdigest())
    found: dict[str, Design] = {}
    for node in tree.body:
        for mark in getattr(node, "decorator_list", []):
            if not isinstance(node, ast.FunctionDef) or not ast.unparse(mark).startswith("design("):
                continue
            try:
                questions = tuple(ast.literal_eval(arg) for arg in mark.args)
                options = {k.arg: ast.literal_eval(k.value) for k in mark.keywords}
                if options["kind"] not in KINDS or not questions:
                    raise ValueError
            except (ValueError, KeyError):
                raise UsageError(
                    f"{path}, line {node.lineno}: write @design(QUESTION, kind=KIND), with KIND "
                    f"one of {', '.join(KINDS)}."
                ) from None
            used = [_text(parts[name]) for name in sorted(_used(node.name, parts))]
            digest = hashlib.sha256("\n".join([*common, *used]).encode()).hexdigest()[:12]
            runs = int(options.get("runs", 0))
            found[node.name] = Design(node.name, questions, options["kind"], runs, digest)
    if not found:
        raise UsageError(f"{path} holds no design; mark a function with @design(...).")
    return found


def _parsed(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{path} does not exist; write the designs there.") from None
    except (SyntaxError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not Python ({error}); mend it.") from None


def _text(node: Any) -> str:
    """Return the source without comments and decorators: these change no run."""
    if isinstance(node, ast.FunctionDef):
        body = [ast.unparse(statement) for statement in node.body]
        return "\n".join([node.name, ast.unparse(node.args), *body])
    return ast.unparse(node)


def _used(name: str, parts: dict[str, Any], seen: frozenset[str] = frozenset()) -> set[str]:
    """Return the names in the file that ``name`` leans on, and itself."""
    found = {name}
    for node in ast.walk(parts[name]):
        if isinstance(node, ast.Name) and node.id in parts and node.id not in seen | found:
            found |= _used(node.id, parts, seen | found)
    return found


def versions() -> dict[str, str]:
    """Return the versions that training depends on."""
    found = {"Python": platform.python_version()}
    for name in ("keras", "tensorflow", "tensorflow-cpu", "numpy"):
        try:
            found[name.removesuffix("-cpu")] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def read_runs(folder: Path) -> list[Run]:
    """Return the runs that stand whole in ``runs.csv``; torn lines are left out."""
    path = folder / "runs.csv"
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    found: dict[tuple[str, str, int], Run] = {}
    for row in csv.DictReader(io.StringIO(whole)):
        try:
            metrics = {m: float(row[m]) for m in METRICS if row[m]}
            run = Run(row["design"], row["digest"], int(row["seed"]), metrics)
        except (KeyError, TypeError, ValueError):
            continue
        found.setdefault((run.design, run.digest, run.seed), run)
    return list(found.values())


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


def run_all(
    folder: Path, seeds: int = 200, only: Sequence[str] = (), jobs: int = 1
) -> dict[str, float]:
    """Make the runs that ``runs.csv`` lacks; return the seconds a run of each design.

    Raises:
        UsageError: ``designs.py`` cannot be used.
    """
    designs = read_designs(folder)
    for name in only:
        if name not in designs:
            raise UsageError(f"{folder / 'designs.py'} has no design {name!r}; name one of it.")
    wanted = [designs[name] for name in only or designs]
    path = folder / "runs.csv"
    order = {name: place for place, name in enumerate(designs)}

    def tidy() -> set[tuple[str, str, int]]:
        """Drop torn lines and what stands for an older form of the designs that are run."""
        kept = [
            run
            for run in read_runs(folder)
            if run.design in order
            and (designs[run.design] not in wanted or run.digest == designs[run.design].digest)
        ]
        kept.sort(key=lambda run: (order[run.design], run.seed))
        write(path, ",".join(FIELDS) + "\n" + "".join(run.line() for run in kept))
        return {(run.design, run.digest, run.seed) for run in kept}

    have = tidy()
    todo = [
        (one, seed)
        for seed in range(seeds)  # a run that is stopped leaves all designs about as far
        for one in wanted
        if (one.name, one.digest, seed) not in have and seed < (one.runs or seeds)
    ]
    took: dict[str, list[float]] = {}
    columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(
        *columns,
        TextColumn("{task.description}"),
        console=Console(stderr=True),
        speed_estimate_period=600,
    ) as bar:
        task = bar.add_task("", total=len(todo))
        for run, seconds in _made(folder, todo, jobs):
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(run.line())
                file.flush()
                os.fsync(file.fileno())
            took.setdefault(run.design, []).append(seconds)
            bar.update(task, advance=1, description=f"{run.design}, seed {run.seed}")
    tidy()
    return {name: float(np.mean(times)) for name, times in took.items()}


def _made(
    folder: Path, todo: Sequence[tuple[Design, int]], jobs: int
) -> Iterator[tuple[Run, float]]:
    """Make the runs in worker processes; no more are handed out than are being worked on."""
    if not todo:
        return
    rest = iter(todo)
    with (
        _environment(),
        ProcessPoolExecutor(
            jobs, multiprocessing.get_context("spawn"), _start, (folder.resolve(),)
        ) as pool,
    ):
        going: set[Future[tuple[Run, float]]] = set()
        while True:
            for one, seed in itertools.islice(rest, jobs - len(going)):
                going.add(pool.submit(_run, one, seed))
            if not going:
                return
            done, going = wait(going, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    yield future.result()
                except BrokenProcessPool:
                    raise UsageError(
                        f"A process that trains ended by itself; see that {folder / 'designs.py'} "
                        "can be imported and that memory is free, and start again."
                    ) from None


@contextmanager
def _environment() -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(ENVIRONMENT)  # workers inherit it: NumPy reads it when it is imported
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


_module: Any = None
_data: dict[str, Data] = {}


def _start(folder: Path) -> None:
    """Get a worker ready: it leaves Ctrl-C to its parent, and ends when that is gone."""
    global _module
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    spec = importlib.util.spec_from_file_location("designs", folder / "designs.py")
    assert spec is not None and spec.loader is not None
    _module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(_module)
    _data["assignment"] = Data(folder.parent)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(one: Design, seed: int) -> tuple[Run, float]:
    start = time.process_time()
    data = _data["assignment"]
    random.seed(seed)
    np.random.seed(seed)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
    try:
        metrics = data.measured(getattr(_module, one.name)(data, seed), one.questions[0])
    except Exception as error:
        told = f"{type(error).__name__}: {error}".splitlines()[0]
        raise UsageError(
            f"designs.py: {one.name} failed with seed {seed} ({told}); mend it."
        ) from None
    return Run(one.name, one.digest, seed, metrics), time.process_time() - start
