"""How much memory and work the grader spends on computing a student's model."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ottermark.errors import OttermarkError
from ottermark.models.errors import UnsupportedModelError

MAX_NUMBERS = 4 * 2**20  # in one intermediate array: 32 MiB
MAX_WORK = 30_000_000_000  # multiplications for one input; about ten seconds


class ArrayTooLargeError(OttermarkError):
    """An intermediate array would have more than ``MAX_NUMBERS`` numbers."""


class Budget:
    """Counts the multiplications that an input costs."""

    def __init__(self) -> None:
        self._work = 0

    def spend(self, shape: Sequence[int], each: int = 1) -> None:
        """Count the work for an array before it is computed.

        Args:
            shape: the array's shape.
            each: multiplications for each of its numbers.

        Raises:
            ArrayTooLargeError: the array is too large; fewer rows at a time may fit.
            UnsupportedModelError: all arrays together are too much work.
        """
        numbers = math.prod(shape)
        if numbers > MAX_NUMBERS:
            raise ArrayTooLargeError
        self._work += numbers * each
        if self._work > MAX_WORK:
            raise UnsupportedModelError("more computing than is done here")
