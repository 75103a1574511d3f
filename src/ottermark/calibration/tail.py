"""Values of honest runs -> how often such a run misses a mark, beyond what was ever seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ottermark.calibration.marks import Condition
from ottermark.calibration.runs import Run
from ottermark.calibration.training import Numbers

TAIL, RESAMPLES, SURE = 0.15, 2000, 0.95


class Tail:
    """The bad tail of honest runs: exponential beyond the worst 15 % of them.

    Where densities fall ever faster (normal, logistic, gamma), an exponential that is fitted to
    the excesses says that far values are *more* likely than they are: it errs on the safe side.
    It has one parameter, so that 30 excesses are enough. ``heavy`` says when it does not hold.

    Args:
        values: one sample a row; high is bad.

    Attributes:
        start: where the tail begins, of each sample.
        mean: the mean excess beyond that.
    """

    def __init__(self, values: Numbers) -> None:
        self._sorted = np.sort(values, axis=-1)
        count = self._sorted.shape[-1]
        worst = max(2, round(TAIL * count))
        self._share = worst / count
        self.start = self._sorted[:, -worst - 1]
        self._excess = self._sorted[:, -worst:] - self.start[:, None]
        self.mean = np.maximum(self._excess.mean(axis=-1), 1e-12)

    def beyond(self, mark: float) -> Numbers:
        """Return the probability of a value beyond ``mark``."""
        fitted = self._share * np.exp(-np.maximum(mark - self.start, 0) / self.mean)
        counted = (self._sorted > mark).mean(axis=-1)
        return np.where(mark >= self.start, fitted, counted)

    def quantile(self, rate: float) -> Numbers:
        """Return the value that ``rate`` of the runs do not go beyond."""
        return self.start + self.mean * np.log(self._share / (1 - rate))

    def heavy(self) -> bool:
        """Whether the excesses spread more than 99 % of exponential samples do."""
        worst = self._excess.shape[-1]
        drawn = np.random.default_rng(0).exponential(size=(RESAMPLES, worst))
        usual = np.quantile(drawn.std(axis=-1) / drawn.mean(axis=-1), 0.99)
        return bool(self._excess[0].std() / self.mean[0] > usual)


def pass_rate(runs: Sequence[Run], conditions: Sequence[Condition]) -> tuple[float, float]:
    """Return how often runs meet all conditions by their tails, and its lower 95 % bound.

    The chances to miss one condition are added up, as if no run missed two.
    """
    again = resampled(len(runs))
    missing = np.zeros(len(again))
    for condition in conditions:
        bad = 1 if condition.high_is_bad else -1
        values = bad * np.array([condition.value(run) for run in runs])
        if not np.isfinite(values).all() or len(set(values)) == 1:  # no tail to fit: count
            missing += np.mean([not condition.holds(run) for run in runs])
        else:
            missing += Tail(values[again]).beyond(bad * condition.mark)
    rates = np.maximum(0, 1 - missing)
    return float(rates[0]), float(np.quantile(rates[1:], 1 - SURE))


def resampled(count: int) -> NDArray[np.int64]:
    """Return the runs as they are, then drawn again and again."""
    drawn = np.random.default_rng(0).integers(count, size=(RESAMPLES, count))
    return np.vstack([np.arange(count), drawn])
