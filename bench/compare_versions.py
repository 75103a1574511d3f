"""Compare two versions of ottermark: what they give the same submissions, and what they build.

    python bench/compare_versions.py results OLD_OUT NEW_OUT
    python bench/compare_versions.py tree OLD_CHECKOUT NEW_CHECKOUT

``results`` compares two folders that ``ottermark grade`` wrote from the same submissions: status
and score of each, and score, status, tags and visibility of each question. ``tree`` compares what
two checkouts built: bodies of tests and bytes of data must be the same; every other file that differs
is listed. Exits 1 if anything that must be the same is not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

GENERATED = ("student", "autograder", "solutions")
SAME = ("tests", "files", "data", "held_back")  # folders whose files must be equal, byte by byte


def main() -> int:
    """Compare, print the differences, and return the exit status."""
    what, old, new = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    differences = list((_results if what == "results" else _tree)(old, new))
    for line in differences:
        print(line)
    bad = sum(line.startswith("DIFFERENT") for line in differences)
    print(f"{bad} differences that should not be, {len(differences) - bad} others.")
    return 1 if bad else 0


def _results(old: Path, new: Path) -> Iterator[str]:
    before, after = (
        {path.stem: json.loads(path.read_text()) for path in (out / "results").glob("*.json")}
        for out in (old, new)
    )
    questions = 0
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            yield f"DIFFERENT {name}: only in {'new' if name in after else 'old'}"
            continue
        one, two = _points(before[name]), _points(after[name])
        questions += len(one) - 1
        for key in sorted(one.keys() | two.keys()):
            if one.get(key) != two.get(key):
                yield f"DIFFERENT {name}, {key}: {one.get(key)} -> {two.get(key)}"
    print(f"{len(before)} submissions, {questions} questions compared.")


def _points(body: dict[str, Any]) -> dict[str, Any]:
    """Return what must not change of a results.json, by question."""
    facts = body["extra_data"]
    whole = (facts["status"], body["score"], facts["max_score"], len(body["tests"]))
    run = (body["tests"][0].get("status"), body["tests"][0]["visibility"])
    return {"": (whole, run)} | {
        test["number"]: (
            test["score"],
            test["max_score"],
            test["status"],
            sorted(test.get("tags", [])),
            test["visibility"],
        )
        for test in body["tests"]
        if "number" in test
    }


def _tree(old: Path, new: Path) -> Iterator[str]:
    files = 0
    for folder in GENERATED:
        names = {
            path.relative_to(root).as_posix()
            for root in (old, new)
            for path in (root / folder).rglob("*")
            if path.is_file() and "autograder/ottermark/" not in path.as_posix()
        }
        for name in sorted(names):
            files += 1
            one, two = (
                (root / name).read_bytes() if (root / name).is_file() else None
                for root in (old, new)
            )
            if one != two:
                must = any(part in SAME for part in Path(name).parts)
                how = "only in old" if two is None else "only in new" if one is None else "changed"
                yield f"{'DIFFERENT' if must else 'other'} {name}: {how}"
    print(f"{files} generated files compared.")


if __name__ == "__main__":
    sys.exit(main())
