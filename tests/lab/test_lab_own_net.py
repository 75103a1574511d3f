"""Questions 5.6 and 5.7, about a net's mistakes and its maps: points, and what is said of slips."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from conftest import PROJECT
from digit_net import DigitNet, lab_digits
from otter.nbmeta_config import NBMetadataConfig
from otter.test_files import create_test_file

from ottermark.assignment import Assignment
from ottermark.grading.misconceptions import CATALOGUE_FILE, MisconceptionCatalogue

AUTOGRADER = PROJECT / "autograder"
ASSIGNMENT = Assignment.read(AUTOGRADER)
CATALOGUE = MisconceptionCatalogue.read(PROJECT / "assignment" / CATALOGUE_FILE, ASSIGNMENT)
NET = DigitNet(0)  # its most frequent mistake is a 5 read as 3; three more are made six times


@pytest.fixture(autouse=True)
def _beside_the_data() -> Iterator[None]:
    with contextlib.chdir(AUTOGRADER / "files"):
        yield


def points(question: str, **values: Any) -> float:
    test = create_test_file(str(AUTOGRADER / "tests" / f"{question}.py"), NBMetadataConfig())
    test.run(values)
    return float(test.score)


class PreparedNet:
    """Gives the answers that it was made with, whatever it is asked."""

    def __init__(self, answers: Any) -> None:
        self.answers = np.asarray(answers)

    def predict(self, x: Any, verbose: int = 0) -> Any:
        return np.eye(10)[self.answers]


def net_with(*mistakes: tuple[int, int]) -> PreparedNet:
    """Return a net that makes these mistakes (true digit, read digit) with the validation digits."""
    answers = lab_digits()["val_labels"].copy()
    for true, read in mistakes:
        answers[np.flatnonzero((lab_digits()["val_labels"] == true) & (answers == true))[0]] = read
    return PreparedNet(answers)


# --------------------------------------------------------------------------- points

TIED = net_with((4, 9), (4, 9), (7, 2), (7, 2), (3, 5))


@pytest.mark.parametrize("share", [0.99, np.float32(0.99), np.array([0.99]), Fraction(99, 100)])
@pytest.mark.parametrize("pair", [(4, 9), [7, 2], np.array([4.0, 9.0]), (np.int8(7), Decimal(2))])
def test_a_right_share_and_any_of_the_most_frequent_mistakes_earn_all(
    share: Any, pair: Any
) -> None:
    assert points("q5_6", validation_accuracy=share, confused_pair=pair, convnet=TIED) == 3


@pytest.mark.parametrize(("share", "full"), [(0.988, 1), (0.992, 1), (0.994, 0), (0.986, 0)])
def test_the_share_may_be_off_by_one_digit_and_not_by_two(share: float, full: float) -> None:
    assert points("q5_6", validation_accuracy=share, confused_pair=(9, 4), convnet=TIED) == full


@pytest.mark.parametrize(
    "pair", [(9, 4), (3, 5), (5, 3), (4, 4), (-6, -1), (4, 9, 2), ((4, 9), 2), 49, "49", (4.5, 9)]
)
def test_another_pair_earns_nothing(pair: Any) -> None:
    assert points("q5_6", validation_accuracy=0.99, confused_pair=pair, convnet=TIED) == 1


@pytest.mark.parametrize(("pair", "full"), [((0, 1), 3), ((9, 8), 3), ((2, 2), 1)])
def test_a_net_without_mistakes_confuses_any_two_digits(pair: Any, full: float) -> None:
    values = {"validation_accuracy": 1, "confused_pair": pair, "convnet": net_with()}
    assert points("q5_6", **values) == full


NETS = {
    "ReLU inside": DigitNet(2),
    "ReLU of its own": DigitNet(2, "linear", ("ReLU",)),
    "normalized before it": DigitNet(2, "linear", ("BatchNormalization", "Activation")),
    "no activation": DigitNet(2, "linear"),
}


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
def test_the_map_is_looked_for_after_the_activation(net: DigitNet) -> None:
    picture = lab_digits()["val_digits"][:1]
    brightest = int(np.maximum(net.maps(picture), 0).mean(axis=(0, 1, 2)).argmax())
    for dressed in (brightest, float(brightest), np.int64(brightest), [brightest]):
        assert points("q5_7", brightest_map=dressed, convnet=net) == 2
    raw = int(net.response(picture).mean(axis=(0, 1, 2)).argmax())
    assert raw != brightest
    for wrong in {*range(-8, 9)} - {brightest, raw}:
        assert points("q5_7", brightest_map=wrong, convnet=net) == 0
    # where the layer returns it, the response before the activation is let pass
    assert points("q5_7", brightest_map=raw, convnet=net) == (0 if net.activation == "relu" else 2)


# --------------------------------------------------------------------------- slips

READ = "read = convnet.predict(val_digits, verbose=0).argmax(axis=1)\n"
SHARE = READ + "validation_accuracy = np.mean(read == val_labels)\n"
TABLE = """\
often = np.zeros((10, 10))
np.add.at(often, (val_labels, read), 1)
"""
OFF = TABLE + "np.fill_diagonal(often, 0)\n"
LARGEST = "confused_pair = np.unravel_index({0}.argmax(), {0}.shape)\n"
RIGHT = SHARE + OFF + LARGEST.format("often")

NAMED: list[tuple[str, str, set[str]]] = [
    ("q5_6", RIGHT + "validation_accuracy *= 100", {"accuracy-in-percent"}),
    ("q5_6", RIGHT + "validation_accuracy = (read == val_labels).sum()", {"accuracy-counts-digits"}),
    ("q5_6", RIGHT + "validation_accuracy = 1 - validation_accuracy", {"accuracy-is-the-error-rate"}),
    ("q5_6", RIGHT + "validation_accuracy = round(validation_accuracy, 1)", {"accuracy-rounded"}),
    ("q5_6", RIGHT + "validation_accuracy = int(validation_accuracy)", {"accuracy-rounded"}),
    ("q5_6", RIGHT + "validation_accuracy = np.mean(read == labels[:500])", {"accuracy-with-other-labels"}),
    ("q5_6", RIGHT + "validation_accuracy = convnet.predict(val_digits).max(axis=1).mean()", {"accuracy-is-the-mean-score"}),
    ("q5_6", RIGHT + "validation_accuracy = 0.9123", {"accuracy-of-no-500-digits"}),
    ("q5_6", RIGHT + "validation_accuracy = 0.872", {"accuracy-of-another-run"}),
    ("q5_6", RIGHT + "true, read = confused_pair\nconfused_pair = read, true", {"pair-reversed"}),
    ("q5_6", SHARE + TABLE + LARGEST.format("often"), {"pair-on-the-diagonal"}),
    ("q5_6", RIGHT + "confused_pair = often.argmax()", {"pair-as-one-number"}),
    ("q5_6", RIGHT + "confused_pair = (*confused_pair, often.max())", {"pair-with-its-count"}),
    ("q5_6", RIGHT + "confused_pair = [d + 1 for d in confused_pair]", {"pair-counted-from-one"}),
    ("q5_6", RIGHT + "confused_pair = often.sum(axis=1).argmax(), often.sum(axis=0).argmax()", {"pair-of-sums"}),
    ("q5_6", RIGHT + "confused_pair = tuple(often.sum(axis=1).argsort()[-2:])", {"pair-of-two-hard-digits"}),
    ("q5_6", RIGHT + "confused_pair = (8, 3)", {"pair-less-frequent"}),
    ("q5_6", RIGHT + "place = np.flatnonzero(read != val_labels)[0]; confused_pair = val_labels[place], read[place]", {"pair-of-one-picture"}),
    ("q5_6", RIGHT + "confused_pair = (1, 7)", {"pair-never-made"}),
    ("q5_7", "brightest_map = means.argmax() + 1", {"brightest-counted-from-one"}),
    ("q5_7", "brightest_map = means.argmin()", {"brightest-smallest-mean"}),
    ("q5_7", "brightest_map = means.max()", {"brightest-is-the-mean"}),
    ("q5_7", "brightest_map = maps.argmax()", {"brightest-place-in-the-array"}),
    ("q5_7", "brightest_map = maps.mean(axis=(1, 2)).argmax()", {"brightest-row-or-column"}),
    ("q5_7", "brightest_map = -1", {"brightest-no-map"}),
    ("q5_7", "convnet = nets(3); maps = convnet.maps(val_digits[:1])[0]; brightest_map = maps.max(axis=(0, 1)).argmax()", {"brightest-largest-number"}),
    ("q5_7", "convnet = nets(41); brightest_map = convnet.pooled(val_digits[:1]).mean(axis=(0, 1, 2)).argmax()", {"brightest-after-pooling"}),
    ("q5_7", "convnet = nets(7); brightest_map = convnet.maps(digits[:1]).mean(axis=(0, 1, 2)).argmax()", {"brightest-of-another-picture"}),
    ("q5_7", "convnet = nets(18); brightest_map = convnet.maps(val_digits).mean(axis=(0, 1, 2)).argmax()", {"brightest-over-all-pictures"}),
    ("q5_7", "convnet = nets(38); brightest_map = convnet.response(val_digits[:1]).mean(axis=(0, 1, 2)).argmax()", {"brightest-before-activation"}),
    ("q5_7", "convnet = nets(42); brightest_map = (convnet.maps(val_digits[:1]) > 0).sum(axis=(0, 1, 2)).argmax()", {"brightest-most-cells"}),
    ("q5_7", "convnet = nets(22); brightest_map = convnet.maps(val_digits[:1])[0].std(axis=(0, 1)).argmax()", {"brightest-most-varied"}),
    ("q5_7", "convnet = nets(5); brightest_map = convnet.last_maps(val_digits[:1]).mean(axis=(0, 1, 2)).argmax()", {"brightest-in-last-convolution"}),
]  # fmt: skip

# a right answer, and what the catalogue does not know
SILENT: list[tuple[str, str]] = [
    ("q5_6", RIGHT),
    ("q5_6", RIGHT + "confused_pair = 'a 5 as a 3'"),
    ("q5_7", "brightest_map = means.argmax()"),
    ("q5_7", "brightest_map = means"),
    ("q5_7", "brightest_map = 'the first'"),
]


def diagnosed(question: str, source: str) -> set[str]:
    """Return the ids that are reported for the code of an answer; each hint names what it is about."""
    names = {"np": np, "nets": DigitNet, "convnet": NET, **lab_digits()}
    names["maps"] = NET.maps(names["val_digits"][:1])[0]
    names["means"] = names["maps"].mean(axis=(0, 1))
    exec(source, names)
    (wanted,) = [q.names for q in ASSIGNMENT.automatic if q.id == question]
    values = {name: names[name] for name in wanted}
    explained = CATALOGUE.explain(question, values, wanted).misconceptions
    assert all(any(f"`{name}" in m.hint for name in wanted) for m in explained), explained
    return {misconception.id for misconception in explained}


@pytest.mark.parametrize(("question", "source", "ids"), NAMED)
def test_a_slip_with_ones_own_net_is_named(question: str, source: str, ids: set[str]) -> None:
    assert diagnosed(question, source) == ids


@pytest.mark.parametrize(("question", "source"), SILENT)
def test_nothing_is_said_of_other_answers(question: str, source: str) -> None:
    assert diagnosed(question, source) == set()


def test_the_answer_that_slips_are_made_from_earns_all_points() -> None:
    values: dict[str, Any] = {"np": np, "convnet": NET, **lab_digits()}
    exec(RIGHT, values)
    names = ("validation_accuracy", "confused_pair", "convnet")
    assert points("q5_6", **{name: values[name] for name in names}) == 3
