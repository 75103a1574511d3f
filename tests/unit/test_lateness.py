"""Lateness: how many days by the rule in otter_config.json, and what they take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ottermark.config import GradingConfig, LatenessRule
from ottermark.errors import UsageError
from ottermark.release.lateness import Lateness, lateness_of
from ottermark.submissions.candidates import Submission

DUE = "2026-10-01T23:59:00+02:00"


def rule(**options: Any) -> LatenessRule:
    lateness = {"due": DUE, "percent_per_day": 10, **options}
    config = GradingConfig.from_options({"lateness": lateness}, "otter_config.json")
    assert config.lateness is not None
    return config.lateness


def submission(submitted_at: str, late: bool = False) -> Submission:
    return Submission("ann", Path("ann.ipynb"), submitted_at=submitted_at, late=late)


@pytest.mark.parametrize(
    ("submitted_at", "days"),
    [
        ("2026-10-01T23:59:00+02:00", 0),
        ("2026-10-01T21:59:00Z", 0),
        ("2026-10-01T21:59:00.000001Z", 1),
        ("2026-09-30", 0),
        ("2026-10-02T23:59:00+02:00", 1),
        ("2026-10-02T23:59:01+02:00", 2),
        ("2026-10-02T16:59:00-05:00", 1),
        ("2026-10-02T00:10:00", 1),  # without an offset: that of the deadline
        ("2026-10-01T22:30:00", 0),
        ("2026-10-11T23:58:00+02:00", 10),
        ("", None),
        ("yesterday", None),
    ],
)
def test_a_day_that_has_begun_counts(submitted_at: str, days: int | None) -> None:
    assert rule().days_late(submitted_at) == days


def test_within_the_grace_nothing_is_late_and_beyond_it_all_is() -> None:
    graceful = rule(grace_minutes=15)
    assert graceful.days_late("2026-10-02T00:14:00+02:00") == 0
    assert graceful.days_late("2026-10-02T00:14:01+02:00") == 1
    assert graceful.days_late("2026-10-03T00:05:00+02:00") == 2  # days count from the deadline on


def test_days_take_points_of_the_whole_up_to_a_limit() -> None:
    assert [rule().deduction(days, 80) for days in (0, 1, 3, 10, 11, 300)] == [0, 8, 24, 80, 80, 80]
    assert [rule(max_days=2).deduction(days, 100) for days in (1, 2, 3)] == [10, 20, 20]
    assert rule(percent_per_day=0).deduction(5, 100) == 0


@given(st.integers(-20 * 86400, 20 * 86400), st.integers(-12, 14))
def test_days_do_not_depend_on_the_zone_that_a_time_is_written_in(late: int, hours: int) -> None:
    due = datetime.fromisoformat(DUE)
    time = due.astimezone(UTC) + timedelta(seconds=late)
    written = time.astimezone(timezone(timedelta(hours=hours))).isoformat()
    assert rule().days_late(written) == max(0, -(-late // 86400))


def test_a_flag_without_a_time_takes_nothing_and_is_not_forgotten() -> None:
    assert lateness_of(submission("", late=True), rule(), 100) == Lateness(
        unknown=True, flagged=True
    )
    assert lateness_of(submission("", late=True), None, 100) == Lateness(flagged=True)
    assert lateness_of(submission(""), rule(), 100) == Lateness(unknown=True)
    assert lateness_of(submission("2026-10-03T12:00:00Z"), None, 100) == Lateness()
    assert lateness_of(submission("2026-10-03T12:00:00Z"), rule(), 60) == Lateness(2, 12)


@pytest.mark.parametrize(
    ("lateness", "message"),
    [
        ({"percent_per_day": 10}, "lateness.due: is missing; add it."),
        ({"due": DUE}, "lateness.percent_per_day: is missing; add it."),
        (
            {"due": "2026-10-01T23:59", "percent_per_day": 1},
            "lateness.due: should be a time with its offset from UTC, such as "
            '2026-10-01T23:59:00+02:00, not "2026-10-01T23:59".',
        ),
        ({"due": 3, "percent_per_day": 1}, "lateness.due: should be a time with its offset"),
        ({"due": DUE, "percent_per_day": 101}, "lateness.percent_per_day: should be less than"),
        ({"due": DUE, "percent_per_day": 1, "max_days": -1}, "lateness.max_days: should be"),
        ({"due": DUE, "percent_per_day": 1, "grace": 5}, "lateness.grace: there is no such key"),
        ({"due": DUE, "percent_per_day": True}, "lateness.percent_per_day: should be a number"),
    ],
)
def test_a_wrong_rule_is_named_with_its_place(lateness: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as error:
        GradingConfig.from_options({"lateness": lateness}, "otter_config.json")
    assert str(error.value).startswith(f"otter_config.json, {message}")
