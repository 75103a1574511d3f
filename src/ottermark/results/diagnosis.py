"""What is known of a wrong answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Misconception:
    """A mistake that students make.

    Attributes:
        id: unique in the assignment.
        name: a few words for lists.
        hint: for the student; points to the mistake, not to the answer.
        look: whether a person should look at a submission with it, e.g. for numbers too good to
            be true.
    """

    id: str
    name: str
    hint: str
    look: bool = False


@dataclass(frozen=True)
class Diagnosis:
    """What is known of a wrong answer.

    Attributes:
        misconceptions: those that explain it.
        fails_on: by function, the first class of inputs that it gets wrong.
        unexplained: by name, the values that nothing explains, as text for the TAs.
    """

    misconceptions: tuple[Misconception, ...] = ()
    fails_on: Mapping[str, str] = field(default_factory=dict)
    unexplained: Mapping[str, str] = field(default_factory=dict)


NO_DIAGNOSIS = Diagnosis()
