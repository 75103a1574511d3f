"""The packages that a lab uses: what its code imports, and what its master lists."""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from ottermark.authoring import rules
from ottermark.authoring.lock import locked_packages, locked_versions
from ottermark.authoring.master import code_of
from ottermark.authoring.split import Split
from ottermark.diagnostics import Diagnostic, Location
from ottermark.files import files_below
from ottermark.installation import install_fix, keras_fix
from ottermark.python_source import imported_modules, required_modules

# Keras requires no backend, and this is the one that we compute models with
BACKENDS = {"keras": "tensorflow"}
_TENSORFLOW = {"tensorflow", "tensorflow-cpu"}  # the same; a lock has each for its systems
_KERAS_EXTRA = {"keras", "tensorflow", "matplotlib", "scikit-learn", "scipy"}
_OTHER_NAMES = {  # of packages whose modules are called otherwise
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "sql": "jupysql",
    "yaml": "pyyaml",
}
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def missing_packages(split: Split) -> list[Diagnostic]:
    """Return one diagnostic if the lab imports packages that are not installed here."""
    cells = [(cell, cell.source) for cell in split.solution.cells if cell.cell_type == "code"]
    needs = [(split.master.locate_cell(cell), required_modules(code)) for cell, code in cells]
    for question in split.master.structure.questions:
        for test in question.tests:
            needs.append((test.location, required_modules(test.source, in_functions=True)))
    locations: dict[str, Location] = {}
    # a lab may put folders of its own on the path
    own = {part.removesuffix(".py") for path in _python_files(split) for part in path.parts}
    for location, modules in needs:
        modules = _with_those_of_files(split.grader_files, modules)
        for module in _with_backends(_outside(modules, own)):
            if not _is_installed(module):
                locations.setdefault(module, location)
    beside = {module: name for module in locations if (name := _file_beside(split, module))}
    diagnostics = [
        _missing_file(module, name, locations[module], split) for module, name in beside.items()
    ]
    if missing := [module for module in locations if module not in beside]:
        verb = "is" if len(missing) == 1 else "are"
        message = f"the lab imports {_listed(missing)}, which {verb} not installed here"
        fix = _how_to_install(missing, split.requirements)
        diagnostics.append(rules.MISSING_PACKAGE.at(locations[missing[0]], message, fix))
    return diagnostics


def _missing_file(module: str, name: str, location: Location, split: Split) -> Diagnostic:
    if name in split.handed_in:
        return rules.MISSING_PACKAGE.at(
            location,
            f"the lab imports {module} from {name}, which is among `student_files` and does not reach the "
            "grader",
            "let students write that code in the notebook",
        )
    return rules.MISSING_PACKAGE.at(
        location,
        f"the lab imports {module}, but {name} is not among the files of the lab",
        f"add {name} to `files`, or to `autograder_files` if only tests import it",
    )


def upload_requirements(split: Split) -> tuple[str, list[str]]:
    """Return what an upload installs: locked packages, and lines of a requirements file.

    The lines are those of the lab's own requirements that the lock does not meet, and, of what the
    lab imports and neither has, the version that is installed here.
    """
    own = [line for line in split.requirements if not _is_met_by_lock(line)]
    listed = set(map(required_name, split.requirements))
    unlocked = _with_tensorflows(set(map(required_name, own)))
    imported = imported_packages(_modules(split))
    lock = locked_packages(_with_tensorflows(imported | listed) - unlocked)
    others = imported - listed - locked_versions().keys()
    pins = [f"{name}=={version}" for name in sorted(others) if (version := _version(name))]
    return lock, [*own, *pins]


def imported_packages(modules: Iterable[str]) -> set[str]:
    """Return the packages on PyPI that have these modules, as far as they are installed here."""
    installed = _installed_packages()
    names = [package for module in modules for package in installed.get(module, ())]
    packages: set[str] = set(map(canonicalize_name, names))
    return _with_tensorflows(packages)


def _with_tensorflows(packages: set[str]) -> set[str]:
    return packages | _TENSORFLOW if packages & _TENSORFLOW else packages


@cache
def _installed_packages() -> Mapping[str, list[str]]:
    """Return the installed packages that have each module."""
    return importlib.metadata.packages_distributions()


def required_name(requirement: str) -> str:
    """Return the package that a line of a requirements file asks for, as indexes write it.

    It is empty for an option of pip.
    """
    name = _NAME.match(requirement)
    return canonicalize_name(name[0]) if name else ""


def _modules(split: Split) -> list[str]:
    """Return the modules, not the lab's own, that its solution, tests and other files import."""
    tests = [
        test.source for question in split.master.structure.questions for test in question.tests
    ]
    paths = _python_files(split)
    files = [(split.grader_files / path).read_text("utf-8", "replace") for path in paths]
    own = {part.removesuffix(".py") for path in paths for part in path.parts[:1]}
    return _with_backends(
        _outside(imported_modules([*code_of(split.solution), *tests, *files]), own)
    )


def _with_those_of_files(folder: Path, modules: Iterable[str]) -> list[str]:
    """Return modules, and those that the lab's own ones among them import whenever they run.

    Args:
        folder: the files of the lab.
    """
    known = dict.fromkeys(modules)
    unread = list(known)
    while unread:
        parts = unread.pop().split(".")
        places = [folder.joinpath(*parts[:n]) for n in range(1, len(parts) + 1)]
        paths = [p for place in places for p in (place.with_suffix(".py"), place / "__init__.py")]
        for path in filter(Path.is_file, paths):
            for module in required_modules(path.read_text("utf-8", "replace")):
                if module not in known:
                    known[module] = None
                    unread.append(module)
    return list(known)


def _python_files(split: Split) -> list[Path]:
    """Return the modules among the lab's files, as paths below the folder of these."""
    paths = [path for path in files_below(split.grader_files) if path.suffix == ".py"]
    return [path.relative_to(split.grader_files) for path in paths]


def _outside(modules: Iterable[str], own: Collection[str]) -> list[str]:
    """Return the packages of modules, without Python's and the lab's own."""
    packages = dict.fromkeys(module.partition(".")[0] for module in modules)
    return [name for name in packages if name not in own and name not in sys.stdlib_module_names]


def _with_backends(modules: Iterable[str]) -> list[str]:
    return [name for m in modules for name in (m, BACKENDS.get(m, "")) if name]


def _is_installed(module: str) -> bool:
    """Whether a module without dots can be imported; it is only looked for, and no code of it runs."""
    places = [place for place in sys.path if place and Path(place) != Path.cwd()]
    return any(
        finder.find_spec(module, places if finder is PathFinder else None) is not None
        for finder in sys.meta_path
    )


def _file_beside(split: Split, module: str) -> str:
    """Return the file or folder beside the master that a module is in; empty if there is none."""
    names = (f"{module}.py", module)
    return next((name for name in names if (split.master.path.parent / name).exists()), "")


def _how_to_install(modules: Iterable[str], requirements: Iterable[str]) -> str:
    packages = {canonicalize_name(_OTHER_NAMES.get(module, module)) for module in modules}
    is_for_keras = "tensorflow" in packages
    listed = {name: line for line in requirements if (name := required_name(line))}
    others = sorted(packages - _KERAS_EXTRA if is_for_keras else packages)
    wanted = [listed.get(package, package) for package in others]
    return keras_fix(*wanted) if is_for_keras else install_fix(*wanted)


def _is_met_by_lock(line: str) -> bool:
    """Whether a line of a requirements file asks for no more than the lock has."""
    try:
        requirement = Requirement(line)
    except InvalidRequirement:
        return False
    version, _ = locked_versions().get(canonicalize_name(requirement.name), ("", ""))
    is_plain = not (requirement.url or requirement.extras or requirement.marker)
    return bool(version) and is_plain and requirement.specifier.contains(version)


def _version(package: str) -> str:
    """Return the installed version of a package; empty if it is not from an index."""
    distribution = importlib.metadata.distribution(package)
    is_local = distribution.read_text("direct_url.json") is not None
    return "" if is_local else distribution.version.partition("+")[0]


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
