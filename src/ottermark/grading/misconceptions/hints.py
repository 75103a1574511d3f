"""What a student and the TAs read about a derived slip: only what the comparison has shown."""

from __future__ import annotations

from dataclasses import replace

from ottermark.grading.misconceptions.changes import Rank
from ottermark.grading.misconceptions.explanation import Explanation
from ottermark.grading.misconceptions.slips import Derivation
from ottermark.grading.misconceptions.values import Part
from ottermark.results.diagnosis import Misconception

ASK = "Go through that step again."
PARTLY = "-partly"  # ends the id of a slip that was seen in a part of an answer only
_ORDINALS = ("first", "second", "third", "fourth")


def describe(
    derivation: Derivation, explanation: Explanation, known_id: str = "", ask: str = ""
) -> Misconception:
    """Return the misconception that an explanation stands for.

    Args:
        known_id: the id that the catalogue gives this slip, or empty.
        ask: what the catalogue asks about it, or empty.
    """
    slip = explanation.slip
    name = f"{slip.phrase[:1].upper()}{slip.phrase[1:]}"
    if explanation.is_partial:
        name += f" ({_scope(explanation)} only)"
    return Misconception(
        (known_id or slip.id) + (PARTLY if explanation.is_partial else ""),
        name,
        f"{_statement(derivation, explanation)} {ask or ASK}",
    )


def of_side(name: str, side: int, misconception: Misconception) -> Misconception:
    """Return a misconception about both sides of a pair, for an answer with one wrong side."""
    position = f"{_ORDINALS[side]} number"
    return replace(
        misconception,
        id=misconception.id + PARTLY,
        name=f"{misconception.name} ({position} only)",
        hint=f"Only the {position} of `{name}` is wrong. If both were like it: {misconception.hint}",
    )


def _scope(explanation: Explanation) -> str:
    if explanation.classes:
        return "; ".join(explanation.classes)
    return " and ".join(_position(part) for part in explanation.parts)


def _position(part: Part) -> str:
    return f"{_ORDINALS[part]} number" if isinstance(part, int) else str(part)


def _statement(derivation: Derivation, explanation: Explanation) -> str:
    """Return a sentence about the answer, which the comparison with the slip has shown."""
    slip, name = explanation.slip, derivation.name
    said = f"what comes out when {slip.phrase}"
    if slip.is_entry:
        said = f"what comes out by this mistake: {slip.phrase}"
    elif slip.rank is Rank.FACT:
        said = slip.phrase
    subject = f"`{name}`" if derivation.is_constant else f"what `{name}` returned"
    if explanation.parts:
        subject = " and ".join(_subject(name, part) for part in explanation.parts)
    sentence = f"{subject} {'are' if len(explanation.parts) > 1 else 'is'} {said}"
    if explanation.classes:
        classes = " and ".join(f'"{name}"' for name in explanation.classes)
        sentence = f"in the cases {classes}, {sentence}"
        if not explanation.beside_another:
            sentence += "; on the other inputs tried it was right"
    elif not derivation.is_constant:
        sentence = f"on every input tried, {sentence}"
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _subject(name: str, part: Part) -> str:
    if isinstance(part, int):
        return f"the {_ORDINALS[part]} number of `{name}`"
    return f"`{name}[{part!r}]`"
