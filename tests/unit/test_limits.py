"""Limits and how they are changed."""

from __future__ import annotations

import pytest

from ottermark.errors import UsageError
from ottermark.limits import Limits, MiB


def test_changes_are_applied_with_units() -> None:
    limits = Limits().with_changes(["cell=60", "memory=1G", "disk=2.5m", "call=0.5", "files=10K"])
    assert limits == Limits(cell=60, memory=1024 * MiB, disk=5 * MiB // 2, call=0.5, files=10_240)
    assert isinstance(limits.files, int)
    assert Limits().with_changes([]) == Limits()


@pytest.mark.parametrize(
    "change", ["cell", "cell=", "cell=soon", "cell=0", "cell=-1", "time=5", "memory=1X", "=5", ""]
)
def test_a_malformed_change_is_rejected(change: str) -> None:
    with pytest.raises(UsageError, match="NAME=NUMBER") as error:
        Limits().with_changes([change])
    assert repr(change) in str(error.value)
