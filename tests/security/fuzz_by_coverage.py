"""The inputs of ``test_fuzz.py``, for hours, chosen by which branches of our code they reach.

    python tests/security/fuzz_by_coverage.py READER SECONDS

Hypothesis makes each input of the bytes that Atheris (https://github.com/google/atheris), which is to be
installed beside, finds worth trying. An input that breaks the property is printed and ends the run.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))
with atheris.instrument_imports(include=["ottermark"]):
    from test_fuzz import MAX_CALLS, MAX_SECONDS, READERS, property_of

TRACED = 20  # times as many calls: each branch and comparison of instrumented code makes some


def main() -> None:
    """Fuzz one reader."""
    if len(sys.argv) != 3 or sys.argv[1] not in READERS:
        sys.exit(f"Name one of {', '.join(map(repr, READERS))}, and how many seconds.")
    _, reader, seconds = sys.argv
    warnings.simplefilter("ignore")
    run = property_of(reader, 1, TRACED * MAX_CALLS, MAX_SECONDS)
    options = [f"-max_total_time={seconds}", "-timeout=120", "-max_len=65536"]
    atheris.Setup([sys.argv[0], *options], run.hypothesis.fuzz_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
