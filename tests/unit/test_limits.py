"""Changes of limits, as the command line takes them."""

from __future__ import annotations

import pytest

from ottermark.errors import UsageError
from ottermark.limits import Limits, parse_limit


def test_a_change_is_a_name_and_a_number_with_or_without_a_unit() -> None:
    changes = dict(map(parse_limit, ["cell=60", "memory=1G", "processes=7.9"]))
    limits = Limits().with_changes(changes)
    assert (limits.cell, limits.memory, limits.processes) == (60, 2**30, 7)
    assert isinstance(limits.memory, int) and isinstance(limits.processes, int)


@pytest.mark.parametrize("change", ["", "cell", "cell=", "cell=x", "cell=0", "cells=3", "run=inf"])
def test_any_other_change_is_refused_with_the_names_there_are(change: str) -> None:
    with pytest.raises(UsageError, match=r"is not a limit; write NAME=NUMBER.* cell, call, run"):
        parse_limit(change)
