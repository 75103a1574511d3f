"""The tail of a distribution, and confidence bounds of what is derived from it (SciPy)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy import stats

from ottermark.calibration.lab_data import Numbers

CONFIDENCE = 0.95  # of one-sided bounds
TAIL_SHARE = 0.15  # of the runs make up the tail
RESAMPLES = 2000

Statistic = Callable[..., Any]  # of samples, along `axis`


class ExponentialTail:
    """The upper tail of a sample: exponential beyond the worst 15 % of the values.

    For densities that fall ever faster (normal, logistic, gamma), an exponential fitted to the
    excesses overestimates the probability of far values, so it errs on the safe side. It has one
    parameter, so that 30 excesses are enough. `is_heavier` tells when it does not fit.

    Args:
        values: samples along the last axis, of at least three values; high values are bad.

    Attributes:
        start: where the tail of each sample begins.
        mean_excess: the mean of the values beyond that, less ``start``: the maximum likelihood
            estimate of the scale of the exponential.
    """

    def __init__(self, values: Numbers) -> None:
        self._values = np.sort(values, axis=-1)
        count = self._values.shape[-1]
        worst = max(2, round(TAIL_SHARE * count))
        self._share = worst / count
        self.start = self._values[..., -worst - 1]
        self._excess = self._values[..., -worst:] - self.start[..., np.newaxis]
        self.mean_excess = np.maximum(self._excess.mean(axis=-1), 1e-12)

    def exceedance(self, mark: float) -> Numbers:
        """Return the probability of a value beyond ``mark``: fitted in the tail, else counted."""
        counted = (self._values > mark).mean(axis=-1)
        fitted = self._share * stats.expon.sf(mark, self.start, self.mean_excess)
        return np.where(mark >= self.start, fitted, counted)

    def quantile(self, rate: float) -> Numbers:
        """Return the value that a share of ``rate`` of the runs does not exceed."""
        return np.asarray(stats.expon.isf((1 - rate) / self._share, self.start, self.mean_excess))

    def is_heavier(self) -> bool:
        """Return whether the excesses vary more than an exponential allows (1 % level).

        A Monte Carlo test of the coefficient of variation; for one sample only.
        """
        rng = np.random.default_rng(0)
        exponential = functools.partial(stats.expon.rvs, random_state=rng)
        test = stats.monte_carlo_test(
            self._excess,
            exponential,
            stats.variation,
            n_resamples=RESAMPLES,
            alternative="greater",
        )
        return bool(test.pvalue < 0.01)


def lower_bound(samples: Sequence[Numbers], statistic: Statistic) -> float:
    """Return the lower 95 % confidence bound of a statistic of paired samples, by bootstrap."""
    return float(_confidence_interval(samples, statistic, "greater").low)


def upper_bound(samples: Sequence[Numbers], statistic: Statistic) -> float:
    """Return the upper 95 % confidence bound of a statistic of paired samples, by bootstrap."""
    return float(_confidence_interval(samples, statistic, "less").high)


def _confidence_interval(samples: Sequence[Numbers], statistic: Statistic, alternative: str) -> Any:
    return stats.bootstrap(
        samples,
        statistic,
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        alternative=alternative,
        method="percentile",
        rng=np.random.default_rng(0),  # the same bounds on every run
    ).confidence_interval
